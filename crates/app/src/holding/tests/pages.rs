//! The screens of both registers by browser, without JavaScript.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{route, system};
use crate::holding::act;
use crate::holding::model::{System, Systems, TransferRoute, TransferRoutes};
use crate::migrations::migrations;
use crate::testing::tiers::Tiers;

const SYSTEM: [(&str, &str); 6] = [
    ("name", "Booking platform"),
    ("kind", "cloud_service"),
    ("country", "Ireland"),
    ("holds", "Bookings of passengers."),
    ("protection", "Encrypted at rest."),
    ("state", "in_use"),
];

const ROUTE: [(&str, &str); 9] = [
    ("name", "Fares to the authority"),
    ("kind", "file_transfer"),
    ("direction", "to_authority"),
    ("from_end", "Booking platform"),
    ("to_end", "Ledger of fares"),
    ("country", "United Kingdom"),
    ("carries", "Fares of each day."),
    ("encryption", "TLS 1.3."),
    ("state", "in_use"),
];

async fn keeps(w: &Tiers, path: &str, typed: &[(&str, &str)], empty: &str, entry: &str, missing: &str) {
    let name = typed[0].1;
    let add = format!("{path}/add");
    let mut lead = w.browser("supplier_lead", w.lead).await;
    assert!(lead.get(path).await.text().contains(empty));
    let form = lead.get(&add).await;
    let bare = lead.submit(&form, &add, &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text().contains(missing), "{}", bare.text());
    let page = lead.submit(&form, &add, &[typed, &[("party", "00000000-0000-0000-0000-000000000001")]].concat()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("Halyard Systems") && page.text().contains(entry), "its own, whatever party was posted: {}", page.text());
    let at = page.path.clone();

    let mut member = w.browser("supplier_member", w.lead).await;
    assert!(member.get(path).await.text().contains(name));
    assert_eq!(member.get(&format!("{at}/change")).await.status, StatusCode::FORBIDDEN);
    for (party, who) in [(w.sub, "Bowline Support"), (w.other, "Capstan Group")] {
        let mut stranger = w.browser("supplier_lead", party).await;
        assert!(!stranger.get(path).await.text().contains(name), "{who}");
        assert_eq!(stranger.get(&at).await.status, StatusCode::NOT_FOUND, "{who}");
        assert_eq!(stranger.get(&format!("{at}/change")).await.status, StatusCode::NOT_FOUND, "{who}");
    }
    // Somebody was quicker: both versions are shown, and the later one can be kept.
    let mut security = w.browser("security", w.authority).await;
    let change = format!("{at}/change");
    let (mine, theirs) = (lead.get(&change).await, security.get(&change).await);
    assert!(!theirs.body.contains("name=\"party\""), "whose it is, is settled");
    assert_eq!(security.submit(&theirs, &change, &[("name", "Renamed by security")]).await.status, StatusCode::OK);
    let clash = lead.submit(&mine, &change, &[("name", "Renamed by the lead")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text().contains("Renamed by security") && clash.text().contains("Renamed by the lead"), "{}", clash.text());
    let page = lead.submit(&clash, &change, &[]).await;
    assert!(page.text().contains("Renamed by the lead"), "{}", page.text());
    let party = security.get(&format!("/parties/{}", w.lead)).await;
    let page = security.get(&format!("{path}?party={}", w.lead)).await;
    assert!(party.links().contains(&format!("{path}?party={}", w.lead)) && page.text().contains("Renamed by the lead"), "{}", party.text());
    assert!(security.get(&format!("{path}?q=renamed")).await.text().contains("Renamed by the lead"));
}

both_engines!(migrations, /// SEC-9, OWN-3: a supplier's lead adds a system and mends it; those above see it, those below and beside it do not.
async fn a_supplier_keeps_its_systems(db) {
    let w = Tiers::new(db).await;
    keeps(&w, "/systems", &SYSTEM, "No systems yet", "System added", "How it is protected").await;
    let below = act::add::<Systems>(&w.app.operator(), w.sub, &system("Night desk tickets")).await.unwrap();
    let mut lead = w.browser("supplier_lead", w.lead).await;
    let page = lead.get(&format!("/systems/{below}")).await;
    assert!(page.text().contains("Night desk tickets") && !page.text().contains("System added"), "who of a sub-contractor did what is its own affair");
    assert_eq!(lead.get(&format!("/systems/{below}/change")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(lead.get(&format!("/transfer-routes/{below}")).await.status, StatusCode::NOT_FOUND, "a system is no route");
});

both_engines!(migrations, /// SEC-9, OWN-3: the same of transfer routes.
async fn a_supplier_keeps_its_routes(db) {
    let w = Tiers::new(db).await;
    keeps(&w, "/transfer-routes", &ROUTE, "No transfer routes yet", "Transfer route added", "How it is encrypted").await;
});

both_engines!(migrations, /// Each list is filtered by its own columns, and holds nothing of the other.
async fn lists_are_filtered_apart(db) {
    let w = Tiers::new(db).await;
    let cx = w.app.operator();
    act::add::<Systems>(&cx, w.lead, &System { kind: "backup".to_owned(), state: "planned".to_owned(), ..system("Tapes in Cork") }).await.unwrap();
    act::add::<Systems>(&cx, w.other, &System { country: "GB".to_owned(), ..system("Light monitors") }).await.unwrap();
    act::add::<TransferRoutes>(&cx, w.lead, &route("Fares")).await.unwrap();
    act::add::<TransferRoutes>(&cx, w.other, &TransferRoute { direction: "onward".to_owned(), kind: "courier".to_owned(), ..route("Charts to the printer") })
        .await
        .unwrap();
    let mut browser = w.browser("contract_manager", w.authority).await;
    for (path, filter, finds) in [
        ("/systems", "Backup", "Tapes in Cork"),
        ("/systems", "Planned", "Tapes in Cork"),
        ("/systems", "United Kingdom", "Light monitors"),
        ("/systems", "Capstan Group", "Light monitors"),
        ("/transfer-routes", "Courier", "Charts to the printer"),
        ("/transfer-routes", "To the authority", "Fares"),
        ("/transfer-routes", "From the supplier to another party", "Charts to the printer"),
    ] {
        let all = browser.get(path).await;
        assert!(all.text().contains("Found: 2"), "{path}: {}", all.text());
        let page = browser.get(&all.link(filter)).await;
        assert!(page.text().contains("Found: 1") && page.text().contains(finds), "{path} {filter}: {}", page.text());
    }
});
