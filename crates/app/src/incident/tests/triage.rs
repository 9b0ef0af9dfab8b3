//! Triage and decision, and what follows until an incident is closed.

use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::NewTask;
use rules::incident::{Action, Facts, Item, Whereabouts};
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::pages::post;
use super::reporting::answer;
use super::{about, case, entries, reported};
use crate::authority_data::{self, model::Details, tests as kept};
use crate::casework::act as around;
use crate::incident::act;
use crate::incident::model::{Incidents, Verdict};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World, refused_by};

async fn version(world: &World, id: Uuid) -> i32 {
    case(world, id).await.version
}

/// A report that security has taken up.
async fn taken_up(world: &World) -> (Person, Person, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    world.app.advance(60_000);
    act::take_up(&security.cx, id, version(world, id).await).await.unwrap();
    world.app.advance(60_000);
    (lead, security, id)
}

fn lost(whereabouts: Whereabouts) -> Facts {
    Facts {
        asset_involved: Some(true),
        attempt: Some(rules::incident::Attempt::None),
        loss: Some(std::collections::BTreeSet::new()),
        process_breakdown: Some(false),
        exposed: Some(false),
        actions: Some([Action::Lost].into()),
        whereabouts: Some(whereabouts),
        ..Facts::default()
    }
}

both_engines!(migrations, /// SEC-24, SEC-X1h: security takes a report up, puts the tests to what is known, and decides; the tests advise, and the reason is
/// demanded and kept, also where the decision departs from the advice.
async fn sec_x1h_the_authority_decides(db) {
    let world = World::new(db).await;
    let (lead, security, id) = taken_up(&world).await;
    let of = case(&world, id).await;
    assert_eq!((of.stage.as_str(), of.owner), ("triage", Some(security.account)));
    assert!(about(&world, id).await.taken_up_at.is_some());
    refused_by(act::triage(&lead.cx, id, of.version, &Facts::default(), None).await, "nothing-permits");
    refused_by(act::decide(&lead.cx, id, of.version, Verdict::NotIncident, "It was nothing.").await, "nothing-permits");
    // Nothing is decided before the tests were put to anything.
    let early = act::decide(&security.cx, id, of.version, Verdict::Incident, "Lost.").await;
    assert!(matches!(early, Err(Error::Blocked(_))), "{early:?}");
    act::triage(&security.cx, id, of.version, &lost(Whereabouts::Unknown), None).await.unwrap();
    let found = about(&world, id).await.found.unwrap();
    assert_eq!((found.item, found.verdict, found.must_report), (Some(Item::Lost), None, true));
    assert_eq!(case(&world, id).await.rating.as_deref(), Some("moderate"));
    let unsaid = act::decide(&security.cx, id, version(&world, id).await, Verdict::NotIncident, "  ").await;
    assert!(matches!(unsaid, Err(Error::Invalid(_))), "{unsaid:?}");
    world.app.advance(60_000);
    act::decide(&security.cx, id, version(&world, id).await, Verdict::NotIncident, "It was a test.").await.unwrap();
    let of = case(&world, id).await;
    assert_eq!((of.stage.as_str(), of.closed_at.is_some()), ("no_incident", true));
    let ledger = entries(&world, id).await;
    let (_, told) = ledger.iter().find(|(action, _)| action == "incident.decide").unwrap();
    assert_eq!((told["verdict"].as_str(), told["advised"].as_str()), ("not_incident", "incident"));
    // What is over is added to no more.
    refused_by(act::add(&lead.cx, id, of.version).await, "what-is-over-is-not-added-to");
});

both_engines!(migrations, /// SEC-X1f: an item known to be inside a secure facility is misplaced, which is no incident by that alone.
async fn sec_x1f_a_misplacement(db) {
    let world = World::new(db).await;
    let (_, security, id) = taken_up(&world).await;
    act::triage(&security.cx, id, version(&world, id).await, &lost(Whereabouts::InSecureFacility), None).await.unwrap();
    let found = about(&world, id).await.found.unwrap();
    assert_eq!((found.item, found.limbs.is_empty(), found.must_report), (Some(Item::Misplaced), true, false));
    let ledger = entries(&world, id).await;
    assert_eq!(ledger.iter().find(|(action, _)| action == "incident.triage").unwrap().1["outcome"], "not_incident");
    // The same once more writes nothing.
    let before = version(&world, id).await;
    act::triage(&security.cx, id, before, &lost(Whereabouts::InSecureFacility), None).await.unwrap();
    assert_eq!(version(&world, id).await, before);
});

both_engines!(migrations, /// SEC-9b, SEC-X1b: beside the question whether something of the authority's was involved stands what was decided about information under
/// the contracts of the incident; triage may rest on an answer that bears out what it says, keeps which one, and is told once that was decided anew.
async fn sec_9b_triage_rests_on_a_kept_answer(db) {
    let world = World::new(db).await;
    let (lead, security, id) = taken_up(&world).await;
    let legal = world.official("legal").await;
    let path = format!("/incidents/{id}/triage");
    let mut browser = security.browser(&world);
    let page = browser.get(&path).await;
    assert!(page.text().contains("Nothing was decided about information under this contract") && !page.body.contains("relies_on"), "{}", page.text());
    let piers = kept::decided(&legal.cx, world.contract, "Photographs of the piers").await;
    let open = authority_data::act::add(&legal.cx, world.contract, &Details::of("Tide tables")).await.unwrap();
    let elsewhere = kept::decided(&legal.cx, world.app.contract(world.authority, "Lanterns").await, "Lamp oil").await;
    let page = browser.get(&path).await;
    assert!(page.text().contains("Photographs of the piers: Authority data") && !page.text().contains("Lamp oil"), "{}", page.text());
    assert!(!page.text().contains("Tide tables: "), "an open answer bears out nothing: {}", page.text());
    // Nothing is answered by it, and what says otherwise bears out nothing.
    let lost = lost(Whereabouts::Outside);
    let triage = async |facts: &Facts, rests| act::triage(&security.cx, id, version(&world, id).await, facts, rests).await;
    let unsaid = Facts { asset_involved: None, ..lost.clone() };
    let none = Facts { asset_involved: Some(false), ..lost.clone() };
    for (facts, rests) in [(&unsaid, piers), (&none, piers), (&lost, open), (&lost, elsewhere), (&lost, Uuid::from_u128(9))] {
        let wrong = triage(facts, Some(rests)).await;
        assert!(matches!(&wrong, Err(Error::Invalid(errors)) if errors.get("relies_on").is_some()), "{wrong:?}");
    }
    let piers_text = piers.to_string();
    let typed = [("asset_involved", "yes"), ("actions", "lost"), ("loss", "not_known"), ("relies_on", piers_text.as_str())];
    let wrong = post(&mut browser, &page, &path, &[("asset_involved", "no"), typed[1], typed[2], typed[3]]).await;
    assert!(wrong.status == 422 && wrong.text().contains("does not bear out what you said"), "{}", wrong.text());
    assert_eq!(post(&mut browser, &wrong, &path, &typed).await.status, 303);
    let ledger = entries(&world, id).await;
    let rested = ledger.iter().find(|(action, _)| action == "incident.triage").unwrap().1.get("authority_data").cloned();
    assert_eq!(rested, Some(piers_text.clone()));
    let rests = "What you said of the authority’s part rests on";
    for page in [path.clone(), format!("/incidents/{id}/decide")] {
        let shown = browser.get(&page).await;
        assert!(shown.text().contains(rests) && shown.body.contains(&format!("/authority-data/{piers}")), "{page}: {}", shown.text());
        assert!(!shown.text().contains("decided anew since"), "{page}: {}", shown.text());
    }
    // The same once more writes nothing; it rests on none once none is named.
    let before = version(&world, id).await;
    let (to, fields) = browser.get(&path).await.fill(&path, &[]);
    browser.post_raw(&to, &fields).await;
    assert_eq!(version(&world, id).await, before, "what is filled in is what was kept");
    authority_data::act::change(&legal.cx, piers, 1, &Details::of("Photographs of the piers")).await.unwrap();
    assert!(browser.get(&path).await.text().contains("This was decided anew since"));
    world.app.advance(60_000);
    triage(&lost, None).await.unwrap();
    assert!(!browser.get(&path).await.text().contains(rests));
    assert!(!lead.browser(&world).get(&format!("/incidents/{id}/history")).await.text().contains("Photographs"));
});

both_engines!(migrations, /// SEC-24: the supplier is asked and answers; without an answer security goes on.
async fn sec_24_asked_and_answered(db) {
    let world = World::new(db).await;
    let (lead, security, id) = taken_up(&world).await;
    act::ask(&security.cx, id, version(&world, id).await, "Was the disk encrypted?").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "asking");
    let mail = world.mail().await.remove(&lead.email).unwrap_or_default().join(" | ");
    assert!(mail.contains("the authority asks"), "{mail}");
    world.app.advance(60_000);
    refused_by(act::answer(&security.cx, id, version(&world, id).await, "Yes.").await, "nothing-permits");
    act::answer(&lead.cx, id, version(&world, id).await, "Yes, by the maker's means.").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "triage");
    world.app.advance(60_000);
    act::ask(&security.cx, id, version(&world, id).await, "Since when?").await.unwrap();
    world.app.advance(60_000);
    act::go_on(&security.cx, id, version(&world, id).await, "Nobody answers.").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "triage");
});

both_engines!(migrations, /// SEC-24: clocks come from the pack, by severity, each counted from the report; more people make it graver, and the clock shorter.
async fn sec_24_service_levels_are_clocks(db) {
    const HOUR: i64 = 60 * 60 * 1000;
    let world = World::new(db).await;
    let (lead, security, id) = taken_up(&world).await;
    let reported_at = case(&world, id).await.submitted_at.unwrap();
    assert_eq!(case(&world, id).await.due, Some(reported_at + 48 * HOUR), "first update of a moderate one");
    answer(&lead, id, "data", json!({ "numbers_known": "counted", "people": 200_000, "records": 200_000 })).await;
    act::add(&lead.cx, id, version(&world, id).await).await.unwrap();
    world.app.advance(60_000);
    act::triage(&security.cx, id, version(&world, id).await, &lost(Whereabouts::Outside), None).await.unwrap();
    let of = case(&world, id).await;
    assert_eq!((of.rating.as_deref(), of.due), (Some("critical"), Some(reported_at + 4 * HOUR)));
    world.app.advance(60_000);
    act::decide(&security.cx, id, of.version, Verdict::Incident, "It is lost, with data of many.").await.unwrap();
    assert_eq!(case(&world, id).await.due, Some(reported_at + 30 * 24 * HOUR));
});

both_engines!(migrations, /// SEC-24: remedial actions are tasks: refused, then done and checked; an incident is closed once all are, with what was learnt.
async fn sec_24_remedial_actions_before_closing(db) {
    let world = World::new(db).await;
    let (lead, security, id) = taken_up(&world).await;
    act::triage(&security.cx, id, version(&world, id).await, &lost(Whereabouts::Outside), None).await.unwrap();
    world.app.advance(60_000);
    act::decide(&security.cx, id, version(&world, id).await, Verdict::Incident, "It is lost.").await.unwrap();
    assert_eq!(case(&world, id).await.owner, Some(security.account), "whoever decided goes on with it");
    let new = NewTask { checks: true, ..NewTask::new("Encrypt every laptop".to_owned(), Side::Supplier) };
    let task = around::add_task::<Incidents>(&security.cx, id, new).await.unwrap();
    let close = async || act::close(&security.cx, id, version(&world, id).await, "Laptops stay on land.").await;
    let open = close().await;
    assert!(matches!(open, Err(Error::Blocked(_))), "{open:?}");
    let of = async || platform::cases::tasks::get(&security.cx, security.cx.db(), &case(&world, id).await, task).await.unwrap();
    around::finish_task::<Incidents>(&lead.cx, id, task, of().await.version, Some("Done.".to_owned())).await.unwrap();
    assert!(matches!(close().await, Err(Error::Blocked(_))), "said to be done is not done");
    around::check_task::<Incidents>(&security.cx, id, task, of().await.version, Some("Two are not.")).await.unwrap();
    assert!(of().await.done_at.is_none(), "open again");
    around::finish_task::<Incidents>(&lead.cx, id, task, of().await.version, None).await.unwrap();
    around::check_task::<Incidents>(&security.cx, id, task, of().await.version, None).await.unwrap();
    assert!(matches!(act::close(&security.cx, id, version(&world, id).await, "").await, Err(Error::Invalid(_))));
    close().await.unwrap();
    assert_eq!(case(&world, id).await.stage, "closed");
});
