//! The route, and every refusal on it, by acts.

use platform::Error;
use platform::authz::Side;
use platform::cases::rounds::{self, NewPoint};
use platform::cases::tasks::{self, NewTask};
use platform::cases::thread::{self, Reads};
use sea_orm::EntityTrait as _;
use testkit::both_engines;

use super::world::{Person, World, answers, exempt, judgement, refused_by};
use crate::casework::Process as _;
use crate::casework::act as around;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving, Recommending};
use crate::offshoring::store;

fn approving() -> Approving {
    Approving {
        reason: "The risk left is low and the controls suffice.".to_owned(),
        conditions: "Report every change of staff.".to_owned(),
        more_controls: vec!["encrypt_at_rest".to_owned()],
        from: jiff::civil::date(2026, 6, 1),
        to: jiff::civil::date(2027, 5, 31),
    }
}

fn point(question: &str, text: &str) -> NewPoint {
    NewPoint { section: Some("sites".to_owned()), question: Some(question.to_owned()), text: text.to_owned() }
}

both_engines!(migrations, /// OFF-8, OFF-10, OFF-11: from draft to approval, with the short path chosen and the demanded controls.
async fn route_to_approval(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let boss = world.official("management").await;
    let (id, _, _) = world.at_decision(&lead).await;
    let case = world.case(id).await;
    assert_eq!(case.reference.as_deref(), Some("OFF-2026-000001"));
    assert_eq!((case.stage.as_str(), case.rating.as_deref(), case.title.as_str()), ("deciding", Some("low"), "Night support for ferry bookings"));
    let row = store::assessment(&boss.cx, boss.cx.db(), &case).await.unwrap().unwrap();
    assert_eq!(row.path, "short");
    assert!(row.path_reason.contains("Few people"), "{}", row.path_reason);
    world.app.advance(1_000);
    act::approve(&boss.cx, id, case.version, &approving()).await.unwrap();
    let case = world.case(id).await;
    assert_eq!(case.stage, "approved");
    assert!(case.closed_at.is_some());
    let approval = store::approval(&boss.cx, boss.cx.db(), &case).await.unwrap().unwrap();
    let controls = approval.controls;
    assert!(controls.contains(&"keep_within_scope".to_owned()) && controls.contains(&"encrypt_at_rest".to_owned()), "{controls:?}");
    let scope = approval.scope.unwrap().frozen().unwrap().0;
    assert!(scope.contains("Pune office") && scope.contains("Timetables"), "{scope}");
    let levels: Vec<String> = rounds::decisions(&boss.cx, boss.cx.db(), &case).await.unwrap().into_iter().map(|d| d.level).collect();
    assert_eq!(levels, ["submit", "pass_on", "assess", "recommend", "decide"]);
    let lines = platform::book::timeline(&boss.cx, "proposal", &id.to_string(), 100).await.unwrap();
    assert_eq!(lines.iter().filter(|l| l.action == "proposal.judge").count(), 8);
    assert_eq!(lines.last().unwrap().action, "proposal.approve");
});

both_engines!(migrations, /// OFF-11: returned with points, revised, handed in again under the same reference; both documents stay.
async fn route_to_return_and_again(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    let none = act::send_back(&manager.cx, id, world.version(id).await, "Too thin", &[]).await;
    assert!(matches!(none, Err(Error::Invalid(_))));
    let unknown = act::send_back(&manager.cx, id, world.version(id).await, "Too thin", &[point("no_such", "x")]).await;
    assert!(matches!(unknown, Err(Error::Invalid(_))));
    act::send_back(&manager.cx, id, world.version(id).await, "Too thin", &[point("site_protection", "Say who guards it")]).await.unwrap();
    let case = world.case(id).await;
    assert_eq!((case.stage.as_str(), case.round), ("returned", 2));
    assert_eq!(rounds::points(&lead.cx, lead.cx.db(), &case).await.unwrap()[0].text, "Say who guards it");
    let silent = act::submit(&lead.cx, id, case.version, true, None).await;
    assert!(matches!(silent, Err(Error::Invalid(e)) if e.get("reply").is_some()));
    let mut better = answers(world.lead.0);
    better["sites"][0]["site_protection"] = "Guarded by our own staff day and night.".into();
    world.answer(&lead.cx, id, better).await;
    let again = act::submit(&lead.cx, id, case.version, true, Some("We named the guards.")).await.unwrap();
    assert_eq!((again.reference.as_deref(), again.stage.as_str()), (Some("OFF-2026-000001"), "checking"));
    let all = rounds::submissions(&manager.cx, manager.cx.db(), &again).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_ne!(all[0].digest, all[1].digest);
    let documents: Vec<_> = all.iter().map(|s| rules::form::FrozenDocument::from_bytes(s.document.as_ref().unwrap()).unwrap()).collect();
    let changed = rules::form::FrozenDocument::diff(&documents[0], &documents[1]);
    assert_eq!(changed.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["sites.0.site_protection"]);
});

both_engines!(migrations, /// OFF-11: declined only for an assessed risk.
async fn route_to_decline(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let boss = world.official("management").await;
    let (id, _, _) = world.at_decision(&lead).await;
    let version = world.version(id).await;
    let decline = |factors: &'static [&'static str], reason: &'static str| {
        let (cx, factors) = (boss.cx.clone(), factors.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>());
        async move { act::decline(&cx, id, version, &factors, reason).await }
    };
    assert!(matches!(decline(&[], "No").await, Err(Error::Invalid(e)) if e.get("factors").is_some()));
    // The short path does not judge the exit: no reason to decline for it.
    assert!(matches!(decline(&["exit"], "No").await, Err(Error::Invalid(e)) if e.get("factors").is_some()));
    assert!(matches!(decline(&["site_security"], " ").await, Err(Error::Invalid(e)) if e.get("reason").is_some()));
    decline(&["site_security"], "Strangers share the floor.").await.unwrap();
    assert_eq!(world.case(id).await.stage, "declined");
    assert!(matches!(decline(&["site_security"], "Again").await, Err(Error::Stale(_))));
});

both_engines!(migrations, /// OFF-10, OFF-11, OUT-R3: whoever assessed, recommended or submitted never decides, in whatever role; a decision asks for a fresh sign-in.
async fn duties_are_separate(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, assessor, security) = world.at_decision(&lead).await;
    let version = world.version(id).await;
    refused_by(act::approve(&assessor.acting_as("management"), id, version, &approving()).await, "assessor-never-decides");
    refused_by(act::approve(&security.acting_as("management"), id, version, &approving()).await, "recommender-never-decides");
    let mut crossed = lead.cx.clone();
    if let platform::authz::Actor::Account(actor) = &mut crossed.actor {
        actor.side = Side::Authority;
        actor.role = "management".to_owned();
        actor.party = world.authority;
    }
    refused_by(act::approve(&crossed, id, version, &approving()).await, "submitter-never-decides");
    refused_by(act::approve(&world.official("contract_manager").await.cx, id, version, &approving()).await, "nothing-permits");
    refused_by(act::approve(&world.official("internal_audit").await.cx, id, version, &approving()).await, "nothing-permits");
    let boss = world.official("management").await;
    assert!(matches!(act::approve(&boss.tired(), id, version, &approving()).await, Err(Error::SignInAgain)));
    act::approve(&boss.cx, id, version, &approving()).await.unwrap();
});

both_engines!(migrations, /// OFF-12: a sub-contractor drafts and never submits; its lead contractor sees the draft and submits it. A member asks a lead person.
async fn a_sub_contractor_drafts_and_never_submits(db) {
    let world = World::new(db).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let id = world.draft(&sub, world.sub.1, answers(world.sub.0)).await;
    refused_by(act::submit(&sub.cx, id, 1, true, None).await, "sub-contractor-never-submits");
    let member = world.person("supplier_member", world.lead.0).await;
    refused_by(act::submit(&member.cx, id, 1, true, None).await, "member-never-submits");
    let other = world.person("supplier_lead", world.other.0).await;
    match act::submit(&other.cx, id, 1, true, None).await {
        Err(Error::Refused(refusal)) => assert!(refusal.hidden, "another supplier must not know of it"),
        found => panic!("{found:?}"),
    }
    let manager = world.official("contract_manager").await;
    match act::pass_on(&manager.cx, id, 1, None).await {
        Err(Error::Refused(refusal)) => assert!(refusal.hidden, "a draft is its supplier's own affair"),
        found => panic!("{found:?}"),
    }
    let lead = world.person("supplier_lead", world.lead.0).await;
    let case = act::submit(&lead.cx, id, 1, true, None).await.unwrap();
    assert_eq!(case.stage, "checking");
    // And a place above one's own cannot be drafted for.
    assert!(matches!(act::begin(&sub.cx, world.lead.1).await, Err(Error::Refused(_))));
});

both_engines!(migrations, /// OWN-1, OFF-5: closed as not offshoring only when the answers decide so.
async fn closed_as_not_offshoring_only_when_decided(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    let blocked = act::not_offshoring(&manager.cx, id, world.version(id).await, "No trigger").await;
    assert!(matches!(blocked, Err(Error::Blocked(b)) if b[0].code == "is-offshoring"));
    let id = world.draft(&lead, world.lead.1, exempt(world.lead.0)).await;
    act::submit(&lead.cx, id, 1, true, None).await.unwrap();
    let silent = act::not_offshoring(&manager.cx, id, world.version(id).await, " ").await;
    assert!(matches!(silent, Err(Error::Invalid(_))));
    act::not_offshoring(&manager.cx, id, world.version(id).await, "It reaches nothing of ours.").await.unwrap();
    assert_eq!(world.case(id).await.stage, "not_offshoring");
});

both_engines!(migrations, /// OFF-10: the path may be widened with a reason, never narrowed; then every factor is judged.
async fn the_path_is_widened_upward_only(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (manager, assessor) = (world.official("contract_manager").await, world.official("assessor").await);
    let id = world.submitted(&lead).await;
    act::pass_on(&manager.cx, id, world.version(id).await, Some("Complete")).await.unwrap();
    assert_eq!(world.factors(&assessor, id).await.len(), 8);
    assert!(matches!(act::widen(&assessor.cx, id, 1, "").await, Err(Error::Invalid(_))));
    act::widen(&assessor.cx, id, 1, "The operator is new to us.").await.unwrap();
    assert_eq!(world.factors(&assessor, id).await.len(), 14);
    assert!(matches!(act::widen(&assessor.cx, id, 2, "More").await, Err(Error::Conflict(_))));
    let early = act::assess(&assessor.cx, id, world.version(id).await, "").await;
    let Err(Error::Invalid(errors)) = early else { panic!("{early:?}") };
    assert_eq!(errors.iter().count(), 14, "each factor not judged is named");
    // A risk said to fall must say by what.
    let mut bare = judgement("exit");
    bare.controls.clear();
    assert!(matches!(act::judge(&assessor.cx, id, 2, bare, "So").await, Err(Error::Invalid(e)) if e.get("controls").is_some()));
    world.judge_all(&assessor, id).await;
    act::assess(&assessor.cx, id, world.version(id).await, "Judged in full.").await.unwrap();
    assert_eq!(world.case(id).await.stage, "recommending");
    let security = world.official("security").await;
    act::reassess(&security.cx, id, world.version(id).await, "Look at exit again").await.unwrap();
    assert_eq!(world.case(id).await.stage, "assessing");
    act::assess(&assessor.cx, id, world.version(id).await, "Looked again.").await.unwrap();
    act::recommend(&security.cx, id, world.version(id).await, Recommending::Decline, "Not yet").await.unwrap();
});

both_engines!(migrations, /// OFF-8: 20 submissions at once get 20 references without a gap, and a lost attempt leaves none.
async fn references_have_no_gaps(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(world.draft(&lead, world.lead.1, answers(world.lead.0)).await);
    }
    let lame = act::begin(&lead.cx, world.lead.1).await.unwrap();
    let mut running = Vec::new();
    for id in ids.iter().copied().chain([lame]) {
        let cx = platform::Cx::new(&world.app.core, lead.cx.actor.clone()).unwrap();
        running.push(tokio::spawn(async move { act::submit(&cx, id, 1, true, None).await }));
    }
    let mut numbers = Vec::new();
    for task in running {
        if let Ok(case) = task.await.unwrap() {
            numbers.push(case.number.unwrap());
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<i64>>());
    // The year turns in the authority's zone; the count begins anew.
    world.app.core.clock.set("2026-12-31T23:59:59Z".parse().unwrap());
    world.app.advance(2_000);
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let case = act::submit(&lead.cx, id, 1, true, None).await.unwrap();
    assert_eq!(case.reference.as_deref(), Some("OFF-2027-000001"));
});

both_engines!(migrations, /// OFF-8: a double click gives one submission, told apart from a stale page.
async fn a_double_click_submits_once(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let twin = || {
        let cx = platform::Cx::new(&world.app.core, lead.cx.actor.clone()).unwrap().once(Some("one-key".to_owned()));
        tokio::spawn(async move { act::submit(&cx, id, 1, true, None).await })
    };
    let (a, b) = (twin(), twin());
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert_eq!([&a, &b].iter().filter(|r| r.is_ok()).count(), 1);
    assert!([a, b].into_iter().any(|r| matches!(r, Err(Error::Repeated(_)))));
    assert!(matches!(act::submit(&lead.cx, id, 1, true, None).await, Err(Error::Stale(_) | Error::Conflict(_))));
    assert_eq!(rounds::submissions(&lead.cx, lead.cx.db(), &world.case(id).await).await.unwrap().len(), 1);
});

both_engines!(migrations, /// Internal notes are kept from the supplier by query and by policy; tasks of the authority's side too.
async fn notes_and_tasks_stay_on_their_side(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    around::write::<Proposals>(&manager.cx, id, &Writing::note("Between us: weak.")).await.unwrap();
    around::write::<Proposals>(&manager.cx, id, &Writing::message("Please name the guards.")).await.unwrap();
    around::write::<Proposals>(&lead.cx, id, &Writing::message("We will.")).await.unwrap();
    refused_by(around::write::<Proposals>(&lead.cx, id, &Writing::note("Sneaky")).await, "nothing-permits");
    refused_by(around::write::<Proposals>(&world.official("internal_audit").await.cx, id, &Writing::message("Reads only")).await, "nothing-permits");
    let case = world.case(id).await;
    assert_eq!(thread::read(&lead.cx, lead.cx.db(), &case, Reads::Shared, false).await.unwrap().len(), 2);
    assert_eq!(thread::read(&lead.cx, lead.cx.db(), &case, Reads::Within(world.authority), false).await.unwrap().len(), 3);
    let task = |side| NewTask::new("Do it".to_owned(), side);
    let ours = around::add_task::<Proposals>(&manager.cx, id, task(Side::Authority)).await.unwrap();
    let theirs = around::add_task::<Proposals>(&manager.cx, id, task(Side::Supplier)).await.unwrap();
    refused_by(around::add_task::<Proposals>(&lead.cx, id, task(Side::Authority)).await, "nothing-permits");
    assert_eq!(tasks::list(&lead.cx, lead.cx.db(), &case, Side::Supplier).await.unwrap().len(), 1);
    assert!(matches!(around::finish_task::<Proposals>(&lead.cx, id, ours, 1, None).await, Err(Error::NotFound)));
    around::finish_task::<Proposals>(&lead.cx, id, theirs, 1, Some("Done".to_owned())).await.unwrap();
    assert!(matches!(around::finish_task::<Proposals>(&lead.cx, id, theirs, 1, None).await, Err(Error::Stale(_))));
});

both_engines!(migrations, /// OFF-8: notices go to the people whose turn it is, and to nobody else.
async fn notices_go_to_whoever_has_it(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let manager = world.official("contract_manager").await;
    let assessor = world.official("assessor").await;
    let got = |mail: &std::collections::BTreeMap<String, Vec<String>>, who: &Person| mail.get(&who.email).map_or(0, Vec::len);
    let id = world.submitted(&lead).await;
    let mail = world.mail().await;
    assert_eq!((got(&mail, &lead), got(&mail, &manager), got(&mail, &assessor)), (1, 1, 0), "{mail:?}");
    act::pass_on(&manager.cx, id, world.version(id).await, None).await.unwrap();
    let mail = world.mail().await;
    assert_eq!((got(&mail, &lead), got(&mail, &manager), got(&mail, &assessor)), (1, 1, 1), "{mail:?}");
    let points = [NewPoint { section: None, question: None, text: "All of it".to_owned() }];
    act::send_back(&assessor.cx, id, world.version(id).await, "Too thin", &points).await.unwrap();
    let mail = world.mail().await;
    assert_eq!((got(&mail, &lead), got(&mail, &manager), got(&mail, &assessor)), (2, 1, 1), "{mail:?}");
    assert_eq!((got(&mail, &sub), got(&mail, &other)), (0, 0), "{mail:?}");
    assert!(mail[&lead.email].iter().any(|s| s == "OFF-2026-000001 was returned to you"), "{mail:?}");
    // A node that dies after writing to people, before it notes that it did: another does it again, and nobody is written to twice.
    let mut jobs = platform::jobs::row::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    jobs.retain(|job| job.kind == Proposals::NOTICE);
    assert_eq!(jobs.len(), 3);
    for job in &jobs {
        crate::casework::notices::tell::<Proposals>(&lead.cx, job.id, &serde_json::from_str(&job.payload).unwrap()).await.unwrap();
    }
    assert_eq!(world.mail().await, mail);
    // What an earlier edition left to be told is told.
    let mut old: serde_json::Value = serde_json::from_str(&jobs[0].payload).unwrap();
    old["what"] = serde_json::json!("revoked");
    crate::casework::notices::tell::<Proposals>(&lead.cx, uuid::Uuid::from_u128(9), &old).await.unwrap();
    let mail = world.mail().await;
    assert!(mail[&lead.email].iter().any(|s| s == "OFF-2026-000001: the approval was taken back"), "{mail:?}");
});
