//! The register of sub-processors, through acts, pages and files of suppliers.

mod twin;

use axum::http::StatusCode;
use platform::Error;
use rules::subprocessors::{Said, read};
use sea_orm::EntityTrait as _;
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::act::{self, Figures, import};
use super::model::Details;
use super::store::{self, Model};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

fn used(name: &str, party: Uuid, location: &str) -> Details {
    Details { party: Some(party), product: "Tickets".to_owned(), location: Some(location.to_owned()), ..Details::named(name) }
}

async fn everything(world: &World) -> Vec<Model> {
    let mut all = store::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    all.sort_by(|a, b| (&a.product, &a.name).cmp(&(&b.product, &b.name)));
    all
}

async fn listed(world: &World) -> Vec<(String, String)> {
    everything(world).await.into_iter().filter(|row| row.state == "listed").map(|row| (row.product, row.name)).collect()
}

both_engines!(migrations, /// OFF-3, OFF-12: using one abroad calls for a proposal; a place that names no country asks for it; a supplier keeps its own and no other's.
async fn off_12_using_one_abroad_calls_for_a_proposal(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    for (location, country, outcome, needs) in [
        ("United States", Some("US"), "offshoring", "propose"),
        ("EU", None, "offshoring", "ask_country"),
        ("somewhere", None, "undetermined", "ask_country"),
        ("UK", Some("GB"), "not_offshoring", "nothing"),
    ] {
        let id = act::add(&lead.cx, &used(&format!("Fathom Mail {location}"), world.lead.0, location)).await.unwrap();
        let row = store::get(lead.cx.db(), id).await.unwrap().row;
        assert_eq!((row.country.as_deref(), row.outcome.as_str(), row.needs.as_str()), (country, outcome, needs), "{location}");
    }
    // Asked, answered, proposed, removed.
    let id = act::add(&lead.cx, &used("Ebb Logs", world.lead.0, "EU")).await.unwrap();
    let step = async |details: &Details| {
        let version = store::get(lead.cx.db(), id).await.unwrap().row.version;
        act::change(&lead.cx, id, version, details).await.map(|()| version)
    };
    let needs = async || store::get(lead.cx.db(), id).await.unwrap().row.needs;
    let mut details = Details { country: Some("IE".to_owned()), ..used("Ebb Logs", world.lead.0, "EU") };
    step(&details).await.unwrap();
    assert_eq!(needs().await, "propose");
    details.proposal = Some("OFF-2026-999999".to_owned());
    assert!(matches!(step(&details).await, Err(Error::Invalid(errors)) if errors.get("proposal").is_some()));
    let proposal = world.submitted(&lead).await;
    details.proposal = world.case(proposal).await.reference;
    let old = step(&details).await.unwrap();
    assert_eq!(needs().await, "proposed");
    assert!(matches!(act::change(&lead.cx, id, old, &Details { purpose: Some("Late".to_owned()), ..details.clone() }).await, Err(Error::Stale(_))));
    step(&Details { state: "removed".to_owned(), ..details.clone() }).await.unwrap();
    assert_eq!(needs().await, "nothing");
    // What is nobody's business.
    let sub = world.person("supplier_lead", world.sub.0).await;
    let member = world.person("supplier_member", world.lead.0).await;
    for cx in [&sub.cx, &member.cx, &world.official("internal_audit").await.cx] {
        assert!(matches!(act::add(cx, &used("Theirs", world.lead.0, "US")).await, Err(Error::Refused(_))));
    }
    let manager = world.official("contract_manager").await;
    let nobody = Details { party: Some(world.authority), ..used("Ours", world.lead.0, "US") };
    for (field, wrong) in [
        ("party", nobody),
        ("name", used(" ", world.lead.0, "US")),
        ("location", used("Far", world.lead.0, &"x".repeat(301))),
        ("country", Details { country: Some("AN".to_owned()), ..used("Far", world.lead.0, "US") }),
        ("state", Details { state: "burnt".to_owned(), ..used("Far", world.lead.0, "US") }),
    ] {
        match act::add(&manager.cx, &wrong).await {
            Err(Error::Invalid(errors)) => assert!(errors.get(field).is_some(), "{field}: {errors:?}"),
            other => panic!("{field}: {other:?}"),
        }
    }
});

both_engines!(migrations, /// OFF-12: the real changes of six products are taken in, end at the published lists, and the same file again changes nothing.
async fn off_12_real_changes_are_taken_in(db) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/subprocessors");
    let Ok(events) = std::fs::read(format!("{folder}/37signals_change_events.jsonl")) else { return };
    let world = World::new(db).await;
    let cx = world.app.operator();
    let lines = read(&events).unwrap();
    let told = import(&cx, Some(world.lead.0), &lines).await.unwrap();
    let figures = Figures::of(&told);
    assert_eq!((figures.lines, figures.applied, figures.quarantined), (73, 73, 0), "{told:#?}");
    assert_eq!((figures.proposals, figures.countries), (35, 2));
    let published = read(&std::fs::read(format!("{folder}/37signals_current.json")).unwrap()).unwrap();
    let mut expected: Vec<(String, String)> =
        published.iter().map(|line| match &line.said {
            Ok(Said::Listed(named)) => (named.product.clone(), named.name.clone()),
            other => panic!("{other:?}"),
        }).collect();
    expected.sort();
    assert_eq!(listed(&world).await, expected);
    // Of what was added abroad and is still used, a proposal or the country is asked for.
    assert!(everything(&world).await.iter().filter(|row| row.location.is_some() && row.state == "listed").all(|row| ["propose", "ask_country"].contains(&row.needs.as_str())));
    let again = Figures::of(&import(&cx, Some(world.lead.0), &lines).await.unwrap());
    assert_eq!((again.applied, again.unchanged), (0, 73));
    // The published list then says what its initial names did not: purpose and place.
    let list = Figures::of(&import(&cx, Some(world.lead.0), &published).await.unwrap());
    assert!(list.applied > 0 && list.quarantined == 0);
    assert_eq!(listed(&world).await, expected);
    assert!(everything(&world).await.iter().filter(|row| row.state == "listed").all(|row| row.location.is_some()));
    let list = Figures::of(&import(&cx, Some(world.lead.0), &published).await.unwrap());
    assert_eq!((list.applied, list.unchanged), (0, 63));
});

both_engines!(migrations, /// OFF-12: events count in the order of their dates, whatever their order in the file; a list is whole for each product that it names.
async fn off_12_events_count_by_date_and_lists_are_whole(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let event = |event: &str, name: &str, date: &str| json!({ "event": event, "name": name, "product": "Tickets", "date": date, "location": "US" });
    let file = [
        event("removed", "Ebb Logs", "2025-03-01"),
        event("added", "Ebb Logs", "2025-01-01"),
        event("added", "Fathom Mail", "2025-02-01T10:00:00+02:00"),
        event("added", "Gale Maps", "yesterday, I think"),
    ];
    let lines = read(json!(file).to_string().as_bytes()).unwrap();
    let told = import(&cx, None, &lines).await.unwrap();
    assert_eq!(told.iter().map(|line| line.outcome).collect::<Vec<_>>(), ["applied", "applied", "applied", "quarantined"]);
    assert_eq!(told[3].reasons, ["no-date"]);
    let ebb = everything(&world).await.remove(0);
    assert_eq!((ebb.added_on.as_deref(), ebb.removed_on.as_deref(), ebb.needs.as_str()), (Some("2025-01-01"), Some("2025-03-01"), "nothing"));
    // What is older than what is known changes nothing.
    let late = read(json!([event("removed", "Fathom Mail", "2025-01-15")]).to_string().as_bytes()).unwrap();
    assert_eq!(import(&cx, None, &late).await.unwrap()[0].outcome, "unchanged");
    let list = read(b"name,product,location\nGale Maps,Tickets,UK\nHarrow Post,Letters,US\n").unwrap();
    import(&cx, None, &list).await.unwrap();
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(p, n)| ((*p).to_owned(), (*n).to_owned())).collect::<Vec<_>>();
    assert_eq!(listed(&world).await, pairs(&[("Letters", "Harrow Post"), ("Tickets", "Gale Maps")]), "Fathom Mail stands there no more");
    // Another supplier's list is another list.
    import(&cx, Some(world.lead.0), &read(b"name,product\nKeel Chat,Tickets\n").unwrap()).await.unwrap();
    assert_eq!(listed(&world).await.len(), 3);
    assert!(matches!(import(&cx, Some(world.authority), &list).await, Err(Error::Invalid(_))));
});

both_engines!(migrations, /// OFF-12: a place that is written anew is looked at anew; nobody stands twice; a proposal that came to nothing covers nothing.
async fn off_12_a_change_is_classified_anew(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let at_home = used("Harrow Post", world.lead.0, "UK");
    let id = act::add(&lead.cx, &at_home).await.unwrap();
    let now = async || store::get(lead.cx.db(), id).await.unwrap().row;
    // As the form sends it: the country that it was filled in with, and another place.
    let moved = Details { location: Some("United States".to_owned()), ..now().await.details() };
    assert_eq!(moved.country.as_deref(), Some("GB"));
    act::change(&lead.cx, id, 1, &moved).await.unwrap();
    assert_eq!((now().await.country.as_deref(), now().await.needs.as_str()), (Some("US"), "propose"));
    let twice = Details { product: "TICKETS".to_owned(), ..used("harrow post", world.lead.0, "US") };
    assert!(matches!(act::add(&lead.cx, &twice).await, Err(Error::Invalid(errors)) if errors.get("name").is_some()));
    let proposal = world.submitted(&lead).await;
    let reference = world.case(proposal).await.reference;
    crate::offshoring::act::withdraw(&lead.cx, proposal, world.version(proposal).await, "Not needed.").await.unwrap();
    let named = Details { proposal: reference, ..now().await.details() };
    assert!(matches!(act::change(&lead.cx, id, now().await.version, &named).await, Err(Error::Invalid(errors)) if errors.get("proposal").is_some()));
});

both_engines!(migrations, /// OFF-12: a list that cannot be read whole removes nobody; who is named twice differently is put aside; what is to come is not yet.
async fn off_12_nothing_is_lost_by_a_list_that_is_wrong(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let take = async |text: &str| {
        world.app.advance(1_000);
        import(&cx, Some(world.lead.0), &read(text.as_bytes()).unwrap()).await.unwrap()
    };
    take("name,product,location\nFathom Mail,Tickets,US\nEbb Logs,Tickets,EU\n").await;
    let told = take(&format!("name,product,purpose\nFathom Mail,Tickets,Letters\nEbb Logs,Tickets,{}\n", "x".repeat(301))).await;
    assert_eq!(told.iter().map(|line| line.outcome).collect::<Vec<_>>(), ["applied", "quarantined"]);
    assert_eq!(listed(&world).await.len(), 2, "Ebb Logs is named, if badly");
    let twice = take("name,product,location\nGale Maps,Tickets,US\nGale Maps,Tickets,UK\nFathom Mail,Tickets,US\n").await;
    assert_eq!((twice[1].outcome, twice[1].reasons.as_slice()), ("quarantined", &["named-twice"][..]));
    assert_eq!(everything(&world).await.iter().find(|row| row.name == "Gale Maps").unwrap().needs, "propose");
    // Whole, with the product written otherwise: who is named no more is told, on the last line of the product.
    let whole = take("name,product,location\nFathom Mail,tickets,US\n").await;
    let dropped = whole.iter().find(|line| line.event == Some("dropped")).unwrap();
    assert_eq!((dropped.line, dropped.names.join(" ")), (2, "Gale Maps".to_owned()));
    assert_eq!((Figures::of(&whole).lines, Figures::of(&whole).dropped), (1, 1));
    // Moved: removed and added again at one instant, in this order.
    let event = |event: &str, name: &str, date: &str, place: &str| json!({ "event": event, "name": name, "product": "Tickets", "date": date, "location": place });
    let day = "2026-03-02";
    let moved = json!([event("removed", "Keel Chat", day, "UK"), event("added", "Keel Chat", day, "UK"), event("removed", "Keel Chat", day, "UK"),
        event("added", "Keel Chat", day, "US")]).to_string();
    take(&moved).await;
    let keel = async || everything(&world).await.into_iter().find(|row| row.name == "Keel Chat").unwrap();
    assert_eq!((keel().await.state.as_str(), keel().await.country.as_deref()), ("listed", Some("US")));
    assert_eq!(Figures::of(&take(&moved).await).applied, 0);
    // Announced: whoever is to come stands there, whoever is to go stays until then.
    let announced = json!([event("removed", "Keel Chat", "2026-12-01", "US"), event("added", "Lantern Pay", "2026-12-01", "US")]).to_string();
    let told = take(&announced).await;
    assert_eq!((told[0].reasons.as_slice(), told[1].outcome), (&["not-yet"][..], "applied"));
    assert_eq!(keel().await.state, "listed");
    // A country that somebody chose stands while the published place says no more than it.
    let lantern = everything(&world).await.into_iter().find(|row| row.name == "Lantern Pay").unwrap();
    act::change(&cx, lantern.id, lantern.version, &Details { country: Some("CA".to_owned()), ..lantern.details() }).await.unwrap();
    let without = json!({ "event": "added", "name": "Lantern Pay", "product": "Tickets", "date": "2026-03-03" });
    world.app.advance(3 * 24 * 3_600_000);
    take(&json!([without]).to_string()).await;
    assert_eq!(everything(&world).await.into_iter().find(|row| row.name == "Lantern Pay").unwrap().country.as_deref(), Some("CA"));
});

both_engines!(migrations, /// OFF-12, OWN-1: the page says what using one comes to, why, and the one thing to do next; each side sees its own.
async fn off_12_a_page_says_what_to_do_next(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let abroad = act::add(&lead.cx, &used("Fathom Mail", world.lead.0, "US")).await.unwrap();
    let union = act::add(&lead.cx, &used("Ebb Logs", world.lead.0, "EU")).await.unwrap();
    let mut browser = lead.browser(&world);
    let page = browser.get(&format!("/subprocessors/{abroad}")).await;
    for word in ["Offshoring", "It needs an approved proposal before it starts.", "OFF-3", "Propose its use"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let page = browser.get(&format!("/subprocessors/{union}")).await;
    assert!(page.text().contains("That is abroad, whichever of its countries it is."), "{}", page.text());
    let path = format!("/subprocessors/{union}/change");
    let form = browser.get(&path).await;
    let page = browser.submit(&form, &path, &[("country", "IE")]).await;
    assert!(page.text().contains("Using it is work abroad."), "{}", page.text());
    let list = browser.get("/subprocessors?needs=propose").await.select("tbody").join(" ");
    assert!(list.contains("Fathom Mail") && list.contains("Ebb Logs"), "{list}");
    let form = browser.get("/subprocessors/add").await;
    let added = browser.submit(&form, "/subprocessors/add", &[("name", "Gale Maps"), ("location", "Wales, I think")]).await;
    assert!(added.text().contains("Nobody has said where it works"), "{}", added.text());
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(other.get(&format!("/subprocessors/{abroad}")).await.status, StatusCode::NOT_FOUND);
    assert!(other.get("/subprocessors").await.text().contains("No sub-processors yet"));
    let mut security = world.official("security").await.browser(&world);
    let seen = security.get(&format!("/subprocessors?party={}", world.lead.0)).await.text();
    assert!(seen.contains("Halyard Systems") && seen.contains("Gale Maps"), "{seen}");
});
