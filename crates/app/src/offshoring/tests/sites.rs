//! Sites of the register in the answers of a proposal.

use axum::http::StatusCode;
use platform::forms::drafts::{self, Posting};
use platform::web::Fields;
use platform::{Error, cases::rounds};
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers};
use crate::migrations::migrations;
use crate::offshoring::{act, store};
use crate::site::act as sites;
use crate::site::model::Details;

async fn site(world: &World, party: Uuid, name: &str, country: &str, state: &str) -> Uuid {
    let details = Details { people: 5, state: state.to_owned(), ..Details::of(name, "office", country, "4 Station Road") };
    sites::add(&world.app.operator(), party, &details).await.unwrap()
}

/// Saves the section with this site chosen; what is wrong with the choice.
async fn chosen(world: &World, by: &Person, case: Uuid, site: Uuid) -> Option<String> {
    let case = world.case(case).await;
    let pack = act::pack_of(&by.cx, &case).unwrap();
    let form = act::form_of(&pack).unwrap();
    let choices = act::choices(&by.cx, by.cx.db(), &case).await.unwrap();
    let version = drafts::load(&by.cx, case.id, case.round).await.unwrap().version("sites").to_string();
    let mut given = answers(world.lead.0)["sites"].clone();
    given[0]["site_registered"] = json!(site.to_string());
    let question = form.question("sites").unwrap();
    let mut fields = vec![("version".to_owned(), version), ("asked".to_owned(), "sites".to_owned())];
    fields.extend(question.fields("q.sites", &given));
    let permit = by.cx.permit("proposal.draft", &store::load(by.cx.db(), case.clone()).await.unwrap()).unwrap();
    let fields = Fields::new(fields);
    let posting = Posting { form, section: "sites", fields: &fields, choices: &choices };
    let saved = drafts::save(&by.cx, &permit, case.id, case.round, &posting).await.unwrap();
    let drafts::Outcome::Saved(saved) = saved else { panic!("clashed") };
    let found: Vec<_> = saved.errors.iter().map(|(name, text)| format!("{name}: {}", text.say())).collect();
    assert!(found.len() < 2, "{found:?}");
    found.into_iter().next()
}

both_engines!(migrations, /// OFF-Q3: a site may be chosen from the register: one in use, of a party that the actor sees in the chain, in the country typed beside it.
async fn a_registered_site_is_chosen(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let pune = site(&world, world.lead.0, "Pune annex", "IN", "in_use").await;
    let below = site(&world, world.sub.0, "Night hall", "IN", "in_use").await;
    let wrong = [
        (site(&world, world.lead.0, "Lisbon office", "PT", "in_use").await, "lies in Portugal. Choose another site, or correct the country."),
        (site(&world, world.lead.0, "Old office", "IN", "closed").await, "Choose a site from the register"),
        (site(&world, world.other.0, "Harbour yard", "IN", "in_use").await, "Choose a site from the register"),
    ];
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    for (site, says) in wrong {
        let found = chosen(&world, &lead, id, site).await.unwrap();
        assert!(found.starts_with("q.sites.1.site_registered: ") && found.contains(says), "{found}");
        let refused = act::submit(&lead.cx, id, world.version(id).await, true, None).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{says}: {refused:?}");
    }
    assert_eq!(chosen(&world, &lead, id, below).await, None);
    assert_eq!(chosen(&world, &lead, id, pune).await, None);
    let case = act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let document = rounds::submissions(&lead.cx, lead.cx.db(), &case).await.unwrap().remove(0).document.unwrap();
    assert!(String::from_utf8_lossy(&document).contains("Pune annex, Halyard Systems"), "the site's name is frozen with the answers");

    let own = world.draft(&sub, world.sub.1, answers(world.sub.0)).await;
    assert!(chosen(&world, &sub, own, pune).await.is_some(), "a sub-contractor does not know of the sites above it");
    assert_eq!(chosen(&world, &sub, own, below).await, None);
});

both_engines!(migrations, /// OFF-Q3: the page offers the register's sites where there are any, and asks nothing more where there are none.
async fn the_page_offers_registered_sites(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let mut browser = lead.browser(&world);
    let path = format!("/proposals/{id}/answers/sites");
    let label = "Is it a site in your register?";
    assert!(!browser.get(&path).await.text().contains(label), "nothing to choose from");
    let lisbon = site(&world, world.lead.0, "Lisbon office", "PT", "in_use").await;
    let page = browser.get(&path).await;
    assert!(page.text().contains(label) && page.text().contains("Lisbon office, Halyard Systems"), "{}", page.text());
    let page = browser.submit(&page, "/answers/sites", &[("q.sites.1.site_registered", &lisbon.to_string())]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("lies in Portugal"), "{}", page.text());
    let page = browser.submit(&page, "/answers/sites", &[("q.sites.1.site_country", "Portugal")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
});
