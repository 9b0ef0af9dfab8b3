//! Duplicates: merged, read of from both sides, and separated again.

use axum::http::StatusCode;
use platform::authz::Side;
use platform::cases::tasks::{self, NewTask, Stands};
use platform::clock::HOUR;
use platform::{Cx, Error};
use rules::truth::Truth;
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::pages::post;
use super::regulator::{kept, to_notify, wrong};
use super::reporting::answer;
use super::{about, case, entries, first, report, reported, told};
use crate::casework::act as around;
use crate::incident::act::{self, Report};
use crate::incident::model::Incidents;
use crate::incident::regulator::Waits;
use crate::incident::store::{self, duplicates};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

async fn version(world: &World, id: Uuid) -> i32 {
    case(world, id).await.version
}

async fn reference(world: &World, id: Uuid) -> String {
    case(world, id).await.reference.unwrap()
}

async fn merge(world: &World, by: &Cx, id: Uuid, into: Uuid) -> platform::Result<()> {
    act::merge(by, id, version(world, id).await, &reference(world, into).await, "The same laptop, reported twice.").await
}

both_engines!(migrations, /// SEC-24: security merges a report into another of the same incident: it is over, what was reported stays, each page names the other, open
/// tasks end, nothing more is added, and the supplier reads why.
async fn sec_24_a_duplicate_is_merged(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    let into = reported(&lead.cx, world.lead.1).await.id;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let task = around::add_task::<Incidents>(&manager.cx, id, NewTask::new("Find it".to_owned(), Side::Supplier)).await.unwrap();
    for other in [&lead.cx, &manager.cx] {
        refused_by(act::merge(other, id, version(&world, id).await, "INC-2026-000099", "So.").await, "nothing-permits");
    }
    world.mail().await;
    let mut browser = security.browser(&world);
    let path = format!("/incidents/{id}/merge");
    let form = browser.get(&path).await;
    for words in ["INC-2026-000001: ", "Find it", "The supplier reads this"] {
        assert!(form.text().contains(words), "{words}: {}", form.text());
    }
    let again = post(&mut browser, &form, &path, &[("into", "INC-2026-000001"), ("reason", " ")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = post(&mut browser, &form, &path, &[("into", "other"), ("reference", "INC-2026-000077"), ("reason", "Twice.")]).await;
    assert!(again.text().contains("There is no incident with this reference") && again.body.contains("INC-2026-000077"), "{}", again.text());
    let done = post(&mut browser, &again, &path, &[("into", "INC-2026-000001"), ("reason", "The same laptop.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let of = case(&world, id).await;
    assert_eq!((of.stage.as_str(), of.closed_at.is_some(), of.due), ("merged", true, None));
    assert!(about(&world, id).await.taken_up_at.is_some(), "somebody has read it");
    let standing = tasks::get(&security.cx, security.cx.db(), &of, task).await.unwrap();
    assert_eq!(standing.stands(), Stands::Dropped);
    for who in [&security, &lead] {
        let mut browser = who.browser(&world);
        let page = browser.get(&format!("/incidents/{id}")).await;
        for words in ["Reported already", "It goes on as INC-2026-000001", "The same laptop.", "left on the night ferry"] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        let page = browser.get(&format!("/incidents/{into}")).await;
        assert!(page.text().contains("Reported again as") && page.text().contains("INC-2026-000002"), "{}", page.text());
        let told = browser.get(&format!("/incidents/{id}/history")).await;
        assert!(told.text().contains("Merged into another") && told.text().contains("The same laptop."), "{}", told.text());
    }
    let mail = world.mail().await.remove(&lead.email).unwrap_or_default().join(" | ");
    assert!(mail.contains("INC-2026-000002: reported already"), "{mail}");
    let all = entries(&world, id).await;
    let (_, open) = all.iter().find(|(action, _)| action == "incident.merge").unwrap();
    assert_eq!((open["into"].clone(), open["tasks"].as_str()), (into.to_string(), "1"));
    assert!(entries(&world, into).await.iter().any(|(action, about)| action == "incident.merged_in" && about["duplicate"] == id.to_string()));
    refused_by(act::add(&lead.cx, id, version(&world, id).await).await, "what-is-over-is-not-added-to");
    assert!(matches!(merge(&world, &security.cx, id, into).await, Err(Error::Conflict(_))), "once");
});

both_engines!(migrations, /// SEC-24, OWN-3: by a merge no supplier learns of an incident that it does not read: refused, the other way round taken; and of what it
/// does not read neither page nor program names anything.
async fn sec_24_nobody_learns_by_a_merge(db) {
    let world = World::new(db).await;
    let (lead, sub) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_lead", world.sub.0).await);
    let (other, security) = (world.person("supplier_lead", world.other.0).await, world.official("security").await);
    let leads = reported(&lead.cx, world.lead.1).await.id;
    let subs = reported(&sub.cx, world.sub.1).await.id;
    let others = reported(&other.cx, world.other.1).await.id;
    for (id, into, named) in [(subs, leads, "Bowline Support"), (leads, others, "Halyard Systems"), (others, leads, "Capstan Group")] {
        match merge(&world, &security.cx, id, into).await {
            Err(Error::Invalid(errors)) => assert!(errors.get("into").unwrap().say().contains(named)),
            other => panic!("{other:?}"),
        }
        assert_eq!(case(&world, id).await.stage, "reported");
    }
    let offered = async |id: Uuid| {
        let of = store::get(security.cx.db(), id).await.unwrap();
        duplicates::offered(security.cx.db(), &of, 10).await.unwrap().into_iter().map(|of| of.case.id).collect::<Vec<_>>()
    };
    assert_eq!((offered(leads).await, offered(subs).await, offered(others).await), (vec![subs], vec![], vec![]));
    merge(&world, &security.cx, leads, subs).await.unwrap();
    // The sub-contractor reads its own, and nothing of the lead's that was merged into it.
    let mut browser = sub.browser(&world);
    for page in ["", "/history", "/thread", "/tasks", "/weaknesses"] {
        let text = browser.get(&format!("/incidents/{subs}{page}")).await.text();
        assert!(!text.contains("Reported again") && !text.contains("INC-2026-000001") && !text.contains("merged"), "{page}: {text}");
    }
    assert_eq!(browser.get(&format!("/incidents/{leads}")).await.status, StatusCode::NOT_FOUND);
    let text = lead.browser(&world).get(&format!("/incidents/{leads}")).await.text();
    assert!(text.contains("It goes on as INC-2026-000002"), "{text}");
    // The lead leaves that place's sight: its own report names the other one no more.
    refused_by(act::merge(&other.cx, others, version(&world, others).await, "INC-2026-000001", "So.").await, "nothing-permits");
});

both_engines!(migrations, /// SEC-24: a chain of duplicates is read of at its end, what was merged takes nothing in, and no circle comes about.
async fn sec_24_chains_end_and_nothing_goes_round(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(reported(&lead.cx, world.lead.1).await.id);
    }
    let [a, b, c] = all[..] else { panic!("{all:?}") };
    assert_eq!(wrong(merge(&world, &security.cx, a, a).await), ["into"]);
    merge(&world, &security.cx, a, b).await.unwrap();
    assert_eq!(wrong(merge(&world, &security.cx, b, a).await), ["into"], "it would come back");
    match merge(&world, &security.cx, c, a).await {
        Err(Error::Invalid(errors)) => assert!(errors.get("into").unwrap().say().contains("INC-2026-000002")),
        other => panic!("{other:?}"),
    }
    merge(&world, &security.cx, b, c).await.unwrap();
    assert_eq!(wrong(merge(&world, &security.cx, c, a).await), ["into"]);
    assert_eq!(duplicates::of(security.cx.db(), c).await.unwrap(), [a, b].into());
    let text = lead.browser(&world).get(&format!("/incidents/{c}")).await.text();
    assert!(text.contains("INC-2026-000001") && text.contains("INC-2026-000002"), "{text}");
    // Separated in the middle, each stands for itself again.
    act::separate(&security.cx, b, version(&world, b).await, "Another laptop.").await.unwrap();
    assert_eq!((duplicates::of(security.cx.db(), c).await.unwrap().len(), duplicates::of(security.cx.db(), b).await.unwrap()), (0, [a].into()));
});

both_engines!(migrations, /// SEC-24: two who merge two reports into each other at once make no circle: the first one counts.
async fn sec_24_two_at_once(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (one, two) = (world.official("security").await, world.official("security").await);
    let (a, b) = (reported(&lead.cx, world.lead.1).await.id, reported(&lead.cx, world.lead.1).await.id);
    let (first, second) = tokio::join!(merge(&world, &one.cx, a, b), merge(&world, &two.cx, b, a));
    assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|done| **done).count(), 1, "{first:?} {second:?}");
    let stages = [case(&world, a).await.stage, case(&world, b).await.stage];
    assert_eq!(stages.iter().filter(|stage| *stage == "merged").count(), 1, "{stages:?}");
});

both_engines!(migrations, /// SEC-24: what was no duplicate after all is looked at again, with a reason that the supplier reads.
async fn sec_24_separated_again(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let into = reported(&lead.cx, world.lead.1).await.id;
    let id = reported(&lead.cx, world.lead.1).await.id;
    merge(&world, &security.cx, id, into).await.unwrap();
    refused_by(act::separate(&lead.cx, id, version(&world, id).await, "It was not.").await, "nothing-permits");
    let mut browser = security.browser(&world);
    let page = browser.get(&format!("/incidents/{id}")).await;
    assert!(page.text().contains("It was no duplicate"), "{}", page.text());
    let path = format!("/incidents/{id}/step/separate");
    let form = browser.get(&path).await;
    let again = post(&mut browser, &form, &path, &[("reason", "")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post(&mut browser, &again, &path, &[("reason", "There were two laptops.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let of = case(&world, id).await;
    assert_eq!((of.stage.as_str(), of.closed_at, of.owner, of.due.is_some()), ("triage", None, Some(security.account), true));
    assert_eq!(duplicates::into(security.cx.db(), id).await.unwrap(), None);
    let text = lead.browser(&world).get(&format!("/incidents/{id}")).await.text();
    assert!(text.contains("There were two laptops.") && !text.contains("It goes on as"), "{text}");
    assert!(!lead.browser(&world).get(&format!("/incidents/{into}")).await.text().contains("Reported again as"));
    assert!(world.mail().await.remove(&lead.email).unwrap_or_default().join(" | ").contains("INC-2026-000002: looked at again"));
    // It can be merged again.
    world.app.advance(1_000);
    merge(&world, &security.cx, id, into).await.unwrap();
});

both_engines!(migrations, /// SEC-27: a duplicate's clock before the regulator goes on with what it was merged into, from the earlier of the two reports; what was
/// decided of it goes on there; an addition unsays nothing of it.
async fn sec_27_the_clock_of_a_duplicate_goes_on(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, controller) = (world.official("security").await, world.official("data_controller").await);
    let early = reported(&lead.cx, world.lead.1).await;
    let at = early.submitted_at.unwrap();
    world.app.advance(5 * HOUR);
    // The later report says that no data about people is concerned.
    let mut nobody = first();
    (nobody["involved"], nobody["data_held"], nobody["loss"]) = (json!(["device"]), json!("no"), json!(["availability"]));
    let late = act::report(&lead.cx, &report(world.lead.1, nobody)).await.unwrap().id;
    assert_eq!(kept(&world, late).await.waits("reported"), None);
    merge(&world, &security.cx, early.id, late).await.unwrap();
    assert_eq!(kept(&world, early.id).await.waits("merged"), None);
    let goes_on = kept(&world, late).await;
    assert_eq!((goes_on.aware, goes_on.concerns, goes_on.waits("reported")), (at, Truth::True, Some((Waits::Decision, at + 72 * HOUR))));
    let heard = world.mail().await.remove(&controller.email).unwrap_or_default();
    assert_eq!(heard.iter().filter(|subject| subject.ends_with("INC-2026-000002: the clock for the regulator runs")).count(), 1, "{heard:?}");
    let text = world.official("legal").await.browser(&world).get(&format!("/incidents/{}/regulator", early.id)).await.text();
    assert!(text.contains("The clock goes on there"), "{text}");
    let lines = platform::book::timeline(&controller.cx, "regulator", &late.to_string(), 50).await.unwrap();
    assert!(lines.iter().any(|line| line.action == "regulator.merged" && line.about["duplicate"] == early.id.to_string()));
    let mut more = first();
    (more["involved"], more["what_happened"]) = (json!(["device"]), json!("It was the spare laptop."));
    answer(&lead, late, "report", more).await;
    act::add(&lead.cx, late, version(&world, late).await).await.unwrap();
    assert_eq!(kept(&world, late).await.concerns, Truth::True, "what the duplicate said is not unsaid");
    // What was decided before a merge goes on with the report of which it was.
    let third = reported(&lead.cx, world.lead.1).await.id;
    let controller = world.official("data_controller").await;
    act::decide_regulator(&controller.cx, third, 0, to_notify()).await.unwrap();
    merge(&world, &security.cx, third, late).await.unwrap();
    assert_eq!(kept(&world, third).await.waits("merged").unwrap().0, Waits::Sending);
    // Separated, what had stopped waits again.
    act::separate(&security.cx, early.id, version(&world, early.id).await, "Two laptops.").await.unwrap();
    assert_eq!(kept(&world, early.id).await.waits("triage"), Some((Waits::Decision, at + 72 * HOUR)));
    assert_eq!(kept(&world, late).await.aware, at, "the data controller puts it right");
});

both_engines!(migrations, /// SEC-21: what was told to the authority and what a supplier reported of the same are one, at any tier; what is over takes a duplicate in.
async fn sec_21_told_and_reported_are_one(db) {
    let world = World::new(db).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let security = world.official("security").await;
    let told = act::report(&security.cx, &told(world.sub.1)).await.unwrap().id;
    let own = act::report(&sub.cx, &Report { above: Some(1), ..report(world.sub.1, first()) }).await.unwrap().id;
    merge(&world, &security.cx, told, own).await.unwrap();
    let text = sub.browser(&world).get(&format!("/incidents/{told}")).await.text();
    assert!(text.contains("It goes on as INC-2026-000002"), "{text}");
    act::take_up(&security.cx, own, version(&world, own).await).await.unwrap();
    act::triage(&security.cx, own, version(&world, own).await, &rules::incident::Facts { asset_involved: Some(false), ..Default::default() }, None).await.unwrap();
    act::decide(&security.cx, own, version(&world, own).await, crate::incident::model::Verdict::NotIncident, "A drill.").await.unwrap();
    world.app.advance(1_000);
    let again = act::report(&sub.cx, &report(world.sub.1, first())).await.unwrap().id;
    merge(&world, &security.cx, again, own).await.unwrap();
    assert_eq!(duplicates::of(security.cx.db(), own).await.unwrap().len(), 2);
});
