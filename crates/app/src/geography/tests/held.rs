//! What the authority holds of countries, who owns suppliers, what proposals name, how approvals say that data is held; concentration's page.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use platform::book::entry;
use rules::country::Country;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use testkit::both_engines;

use super::{furnished, work_in};
use crate::arrangement::model::Held;
use crate::arrangement::store as arrangements;
use crate::geography::act;
use crate::geography::model::Details;
use crate::geography::store;
use crate::migrations::migrations;
use crate::offshoring::act::{self as proposals, Approving};
use crate::offshoring::tests::world::{World, answers};

fn india() -> Country {
    Country::from_code("IN").unwrap()
}

fn clauses() -> Details {
    Details {
        mechanism: Some("clauses".to_owned()),
        assessment: Some("Access by the state is possible; data is encrypted, the keys are at home.".to_owned()),
        assessed_on: Some(date(2026, 2, 1)),
        review_on: Some(date(2027, 2, 1)),
        onward: Some("Only within the group.".to_owned()),
        law: Some("Courts are slow.".to_owned()),
        ..Details::default()
    }
}

both_engines!(migrations, /// OFF-Q4, OWN-1: what the authority holds of a country is recorded by those who may, with its history; what is lacking is said.
async fn off_q4_what_is_held_of_a_country_is_recorded(db) {
    let world = World::new(db).await;
    furnished(&world).await;
    let data = world.official("data_controller").await;
    let mut browser = data.browser(&world);
    let page = browser.get("/map/IN").await;
    for word in ["Needs a safeguard", "did not list India as adequate up to 30 June 2025", "Nothing carries transfers", "Say whether personal data goes there"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let path = "/map/IN/change";
    let form = browser.get(path).await;
    let slower = browser.get(path).await;
    let wrong = browser.submit(&form, path, &[("review_on.day", "1"), ("review_on.month", "2"), ("review_on.year", "2027")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Enter when the risk was assessed"), "{}", wrong.text());
    let given = [
        ("mechanism", "clauses"), ("assessment", "Low: the keys are at home."), ("onward", "Only within the group."), ("law", "Courts are slow."),
        ("assessed_on.day", "1"), ("assessed_on.month", "2"), ("assessed_on.year", "2026"),
    ];
    let page = browser.submit(&form, path, &given).await;
    assert_eq!(page.path, "/map/IN");
    for word in ["Standard clauses with addendum", "1 February 2026", "Only within the group.", "Courts are slow.", "What is held of the country was recorded"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    assert!(!page.text().contains("What is lacking"), "{}", page.text());
    // Whoever was slower sees both versions and loses nothing.
    let late = browser.submit(&slower, path, &[("mechanism", "exception")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("Someone changed what is recorded of this country"), "{}", late.text());
    // One entry, about the country; its words are sealed.
    let entries = entry::Entity::find().filter(entry::Column::Action.eq("country.state")).all(world.app.core.db.reader()).await.unwrap();
    assert_eq!(entries.len(), 1);
    let open = String::from_utf8_lossy(&entries[0].bytes).into_owned();
    assert!(open.contains("IN") && !open.contains("Courts"), "{open}");
    // Who may, and who may not.
    for (role, may) in [("legal", true), ("security", true), ("administrator", true), ("contract_manager", false), ("internal_audit", false), ("management", false)] {
        let cx = world.official(role).await.cx;
        let version = store::of(cx.db(), "IN").await.unwrap().unwrap().version;
        let with = Details { law: Some(format!("As {role} read it.")), ..clauses() };
        let done = act::state(&cx, india(), version, &with).await;
        assert_eq!(done.is_ok(), may, "{role}: {done:?}");
    }
    let supplier = world.person("supplier_lead", world.lead.0).await;
    assert!(matches!(act::state(&supplier.cx, india(), 1, &clauses()).await, Err(Error::Refused(_))));
    // Home is no country to transfer to; nothing is written when nothing differs.
    assert!(matches!(act::state(&data.cx, Country::from_code("GB").unwrap(), 0, &clauses()).await, Err(Error::Conflict(_))));
    let now = store::of(data.cx.db(), "IN").await.unwrap().unwrap();
    act::state(&data.cx, india(), now.version, &now.details()).await.unwrap();
    assert_eq!(store::of(data.cx.db(), "IN").await.unwrap().unwrap().version, now.version);
    // An assessment that was to be looked at again is lacking.
    world.until(date(2027, 3, 1));
    let page = world.official("legal").await.browser(&world).get("/map/IN").await;
    assert!(page.text().contains("was to be looked at again by 1 February 2027"), "{}", page.text());
});

both_engines!(migrations, /// OFF-Q4: two who record the first thing of a country at once: one is told that somebody was quicker.
async fn off_q4_the_first_record_is_made_once(db) {
    let world = World::new(db).await;
    let (legal, data) = (world.official("legal").await, world.official("data_controller").await);
    act::state(&legal.cx, india(), 0, &clauses()).await.unwrap();
    let second = act::state(&data.cx, india(), 0, &Details { adequacy: Some("full".to_owned()), ..Details::default() }).await;
    assert!(matches!(second, Err(Error::Stale(_))), "{second:?}");
    let wrong = Details { adequacy: Some("perhaps".to_owned()), law: Some("x".repeat(8_001)), ..Details::default() };
    match act::state(&data.cx, india(), 1, &wrong).await {
        Err(Error::Invalid(errors)) => assert!(errors.get("adequacy").is_some() && errors.get("law").is_some()),
        other => panic!("{other:?}"),
    }
    let page = data.browser(&world).get("/map/GB").await.text();
    assert!(page.contains("is home, so nothing is transferred") && !page.contains("Record what we hold"), "{page}");
});

both_engines!(migrations, /// OFF-6b: a supplier whose owner is abroad is told on the owner's country.
async fn off_6b_foreign_owners_are_told(db) {
    let world = World::new(db).await;
    let mut manager = world.official("contract_manager").await.browser(&world);
    let path = format!("/parties/{}/change", world.lead.0);
    let form = manager.get(&path).await;
    let page = manager.submit(&form, &path, &[("owner", "Sextant Holdings"), ("owner_country", "US"), ("country", "GB")]).await;
    assert!(page.text().contains("Sextant Holdings") && page.text().contains("United States"), "{}", page.text());
    let page = manager.get("/map/US").await.text();
    assert!(page.contains("Halyard Systems owned by Sextant Holdings, United States"), "{page}");
    assert!(manager.get("/map/FR").await.text().contains("You see none."));
    assert!(manager.get("/map/GB").await.text().contains("Suppliers based there Halyard Systems"));
    // The lead sees that of itself; another supplier does not.
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get("/map/US").await.status, StatusCode::NOT_FOUND);
    let mut lead = world.person("supplier_lead", world.lead.0).await.browser(&world);
    assert_eq!(lead.get("/map/US").await.status, StatusCode::OK);
});

both_engines!(migrations, /// OFF-6b, OFF-12: proposals stand on the countries that they name, open until decided, approved after; nobody else sees them there.
async fn off_6b_a_country_tells_its_proposals(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut told = answers(world.lead.0);
    told["information"][0]["info_storage"] = json!(["temporary", "transient"]);
    told["information"][0]["info_personal"] = json!("not_personal");
    told["information"][0]["info_storage_temporary"] = json!("Lists of the day, on laptops; wiped at night.");
    told["information"][0]["info_storage_transient"] = json!("In the memory of laptops.");
    let (id, _, _) = world.at_decision_of(&lead, told).await;
    let mut manager = world.official("contract_manager").await.browser(&world);
    let text = manager.get("/map/IN").await.text();
    let (open, approved) = text.split_once("Approved proposals").unwrap();
    assert!(open.contains("OFF-2026-000001 Night support for ferry bookings With management") || open.contains("Night support for ferry bookings"), "{text}");
    assert!(approved.contains("No approved proposal names this country."), "{text}");
    assert!(!manager.get("/map/PT").await.text().contains("Night support"));
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get("/map/IN").await.status, StatusCode::NOT_FOUND);
    assert!(lead.browser(&world).get("/map/IN").await.text().contains("Night support"));
    let with = Approving { reason: "The risk left is low.".to_owned(), conditions: String::new(), more_controls: Vec::new(), from: date(2026, 6, 1), to: date(2027, 5, 31) };
    let boss = world.official("management").await;
    proposals::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
    let text = manager.get("/map/IN").await.text();
    let (open, approved) = text.split_once("Approved proposals").unwrap();
    assert!(open.contains("No open proposal names this country.") && approved.contains("Night support") && approved.contains("In force"), "{text}");
    // The work that it brought along says how data is held, as the answers do.
    let db = world.app.core.db.reader();
    let rows = arrangements::Entity::find().all(db).await.unwrap();
    let held: Vec<_> = rows.iter().map(|row| (row.personal.as_deref(), row.held_permanent.as_deref(), row.held_temporary.as_deref(), row.held_transient.as_deref())).collect();
    assert_eq!(held, [(Some("no"), Some("no"), Some("yes"), Some("yes"))]);
    let page = manager.get("/map/IN").await.text();
    assert!(page.contains("At rest for a time: 1") && page.contains("In transit: 1"), "{page}");
    // All that is there is said to hold nothing personal.
    assert!(page.contains("No personal data goes there."), "{page}");
});

/// OFF-Q2: what an approval says of storage is said of a place only where no other comes into question.
#[test]
fn off_q2_what_is_stored_somewhere_is_not_said_of_every_place() {
    let stored = ["temporary".to_owned()];
    let words = |held: Held| {
        [held.personal, held.held_permanent, held.held_temporary, held.held_transient]
            .map(|word| word.unwrap_or_else(|| "?".to_owned()))
            .join(" ")
    };
    assert_eq!(words(Held::of(Some(true), Some(&stored), true)), "yes no yes no");
    assert_eq!(words(Held::of(Some(true), Some(&stored), false)), "yes no ? no");
    assert_eq!(words(Held::of(None, Some(&[]), false)), "? no no no");
    assert_eq!(words(Held::of(Some(false), None, true)), "no ? ? ?");
}

both_engines!(migrations, /// OFF-6b: concentration counts over the chain: a sub-contractor through every contract whose chain it stands in, a lead with whoever is below it.
async fn off_6b_concentration_counts_over_chains(db) {
    let world = World::new(db).await;
    let mut manager = world.official("management").await.browser(&world);
    furnished(&world).await;
    // The sub-contractor stands in the other contract's chain too, and works in India there.
    let elsewhere = crate::contract::chain::place(world.app.core.db.reader(), world.other.1).await.unwrap().row.contract;
    let second = world.app.place(elsewhere, world.sub.0, Some(world.other.1)).await;
    crate::arrangement::act::report(&world.app.operator(), second, &work_in("IN", Held::default())).await.unwrap();
    let page = manager.get("/map/concentration").await;
    assert_eq!(page.status, StatusCode::OK);
    let rows = page.select("tbody tr");
    let told: Vec<String> = rows.iter().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        told,
        [
            "India Large 2 of 2, 100 % 2 of 3, 66.7 % 10 of 15, 66.7 %",
            "Portugal Large 1 of 2, 50 % 1 of 3, 33.3 % 5 of 15, 33.3 %",
            "Halyard Systems Large 1 of 2, 50 % 2 of 3, 66.7 % 10 of 15, 66.7 %",
            "Capstan Group Large 1 of 2, 50 % 1 of 3, 33.3 % 5 of 15, 33.3 %",
            "Bowline Support Large 2 of 2, 100 % 2 of 3, 66.7 % 10 of 15, 66.7 %",
        ]
    );
    assert!(page.text().contains("A share of 40 per cent or more is large."), "{}", page.text());
    assert_eq!(page.select("svg.vs-bar").len(), 15);
    // What ended does not count.
    let mut details = crate::contract::store::get(world.app.core.db.reader(), elsewhere).await.unwrap().row;
    let version = details.version;
    details.state = "ended".to_owned();
    crate::contract::act::change(&world.app.operator(), elsewhere, version, &details.details()).await.unwrap();
    let text = manager.get("/map/concentration").await.text();
    assert!(text.contains("In all: 1 contracts with a chain, 2 pieces of work abroad"), "{text}");
    assert!(text.contains("Bowline Support Large 1 of 1, 100 %"), "{text}");
});
