//! The screens of sites by browser, without JavaScript.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use platform::register::{Ask, find};
use testkit::both_engines;

use super::office;
use crate::migrations::migrations;
use crate::site::model::{Details, SITES};
use crate::site::{act, store};
use crate::testing::actor;
use crate::testing::tiers::Tiers;

const TYPED: [(&str, &str); 6] = [
    ("name", "Pune office"),
    ("kind", "office"),
    ("country", "India"),
    ("address", "4 Station Road, Pune"),
    ("people", "10"),
    ("state", "in_use"),
];

both_engines!(migrations, /// OFF-Q3, OWN-3: a supplier's lead adds a site and mends it; those above see it, those below and beside it do not.
async fn a_supplier_keeps_its_own_sites(db) {
    let w = Tiers::new(db).await;
    let mut lead = w.browser("supplier_lead", w.lead).await;
    assert!(lead.get("/sites").await.text().contains("No sites yet"));
    let form = lead.get("/sites/add").await;
    let bare = lead.submit(&form, "/sites/add", &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut fields = TYPED.to_vec();
    fields.extend([("home_workers", "12"), ("address", "Flat 3, 12 Elm Road"), ("party", "00000000-0000-0000-0000-000000000001")]);
    fields.retain(|(name, value)| *name != "address" || value.starts_with("Flat"));
    let home = lead.submit(&form, "/sites/add", &fields).await;
    assert_eq!(home.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["Do not give anyone’s home address", "Enter 10 or fewer", "Say how you manage home working"] {
        assert!(home.text().contains(says), "{says}: {}", home.text());
    }
    let page = lead.submit(&home, "/sites/add", &[("address", "4 Station Road, Pune"), ("home_workers", "2"), ("home_managed", "Managed laptops")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("Halyard Systems") && page.text().contains("Site added"), "its own, whatever party was posted: {}", page.text());
    let path = page.path.clone();

    let mut member = w.browser("supplier_member", w.lead).await;
    assert!(member.get("/sites").await.text().contains("Pune office"));
    assert!(!member.get(&path).await.text().contains("Change"));
    assert_eq!(member.get(&format!("{path}/change")).await.status, StatusCode::FORBIDDEN);
    let form = member.get("/sites/add").await;
    assert_eq!(member.submit(&form, "/sites/add", &TYPED).await.status, StatusCode::OK);

    for (party, name) in [(w.sub, "Bowline Support"), (w.other, "Capstan Group")] {
        let mut stranger = w.browser("supplier_lead", party).await;
        assert!(!stranger.get("/sites").await.text().contains("Pune"), "{name}");
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{name}");
        assert_eq!(stranger.get(&format!("{path}/change")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
    let below = act::add(&w.app.operator(), w.sub, &office("Night desk")).await.unwrap();
    let page = lead.get(&format!("/sites/{below}")).await;
    assert!(page.text().contains("Night desk") && page.text().contains("Bowline Support"));
    assert!(!page.text().contains("Site added"), "who of a sub-contractor did what is its own affair");
    assert_eq!(lead.get(&format!("/sites/{below}/change")).await.status, StatusCode::FORBIDDEN);
});

both_engines!(migrations, /// A change typed over an older version shows both and can be saved over what stands now.
async fn a_stale_change_shows_both_versions(db) {
    let w = Tiers::new(db).await;
    let id = act::add(&w.app.operator(), w.lead, &office("Pune office")).await.unwrap();
    let path = format!("/sites/{id}/change");
    let mut lead = w.browser("supplier_lead", w.lead).await;
    let mut security = w.browser("security", w.authority).await;
    let (mine, theirs) = (lead.get(&path).await, security.get(&path).await);
    assert!(!theirs.body.contains("name=\"party\""), "whose it is, is settled");
    assert_eq!(security.submit(&theirs, &path, &[("name", "Pune, floor 3")]).await.status, StatusCode::OK);
    let clash = lead.submit(&mine, &path, &[("name", "Pune, floor 4"), ("people", "11")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text().contains("Pune, floor 3") && clash.text().contains("Pune, floor 4"), "{}", clash.text());
    let page = lead.submit(&clash, &path, &[]).await;
    assert!(page.text().contains("Pune, floor 4") && page.text().contains("Site changed"), "{}", page.text());
    assert_eq!(store::get(w.app.core.db.reader(), id).await.unwrap().row.people, 11);
});

both_engines!(migrations, /// The authority adds a site for a supplier that it picks, and finds it by supplier, country, kind and state.
async fn the_authority_adds_and_filters(db) {
    let w = Tiers::new(db).await;
    let cx = w.app.operator();
    act::add(&cx, w.sub, &Details { state: "closed".to_owned(), ..Details::of("Old archive", "archive", "PT", "2 Rua do Cais") }).await.unwrap();
    act::add(&cx, w.other, &Details::of("Whitby depot", "office", "GB", "1 Quay Street")).await.unwrap();
    let mut browser = w.browser("contract_manager", w.authority).await;
    let form = browser.get(&format!("/sites/add?party={}", w.lead)).await;
    let page = browser.submit(&form, "/sites/add", &TYPED).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("Halyard Systems"), "{}", page.text());
    let form = browser.get("/sites/add").await;
    let nobody = browser.submit(&form, "/sites/add", &TYPED).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stranger = browser.submit(&form, "/sites/add", &[&TYPED[..], &[("party", &w.authority.to_string())]].concat()).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY, "the authority itself is not offered");

    let all = browser.get("/sites").await;
    for (filter, finds) in [
        ("Capstan Group", "Whitby depot"),
        ("Portugal", "Old archive"),
        ("Archive or store", "Old archive"),
        ("Closed", "Old archive"),
        ("India", "Pune office"),
    ] {
        // The address of the filter's own link, as a reader would press it.
        let href = all.links().into_iter().find(|l| l.starts_with("/sites?") && all.link(filter) == *l).unwrap();
        let page = browser.get(&href).await;
        assert!(page.text().contains("Found: 1") && page.text().contains(finds), "{filter} {href}: {}", page.text());
    }
    assert!(browser.get("/sites?q=depot").await.text().contains("Whitby depot"));
    let party = browser.get(&format!("/parties/{}", w.other)).await;
    let page = browser.get(&party.link("Sites of this party")).await;
    assert!(page.text().contains("Whitby depot") && !page.text().contains("Pune office"), "{}", page.text());
});

both_engines!(migrations, async fn paging_by_number_shows_every_row_once(db) {
    let w = Tiers::new(db).await;
    let cx = w.app.operator();
    for n in 0..110 {
        let details = Details { people: n % 12, ..Details::of(&format!("Site {n}"), "office", "GB", "1 Quay Street") };
        act::add(&cx, w.lead, &details).await.unwrap();
    }
    for start in ["/sites?sort=people", "/sites?sort=-people", "/sites?sort=country"] {
        let (mut path, mut seen, mut people) = (start.to_owned(), BTreeSet::new(), Vec::new());
        loop {
            let ask = Ask::read(&SITES, &path);
            let found = find::<store::Entity>(cx.db(), &SITES, &ask, store::visible(&actor("supplier_member", w.lead))).await.unwrap();
            assert_eq!(found.picks("party"), [w.lead]);
            for row in &found.rows {
                assert!(seen.insert(row.id), "{path} shows a row twice");
                people.push(row.people);
            }
            match found.next {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), 110, "{start}");
        let mut sorted = people.clone();
        sorted.sort_unstable();
        if start.contains("=-") {
            sorted.reverse();
        }
        assert!(people == sorted || start.ends_with("country"), "{start}: {people:?}");
    }
});
