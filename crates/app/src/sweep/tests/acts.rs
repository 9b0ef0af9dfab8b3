//! Asking, answering, reminding, ending; and who is told.

use std::collections::BTreeSet;

use jiff::civil::date;
use platform::Error;
use testkit::both_engines;

use super::{asked, give, given, new, of, stands};
use crate::incident;
use crate::incident::act as incidents;
use crate::incident::tests::{first, report, reported, told};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World, refused_by};
use crate::sweep::act;
use crate::sweep::model::{Among, Answer, Given, New};
use crate::sweep::store;

/// The subjects mailed to somebody that say this.
async fn mailed(world: &World, to: &Person, part: &str) -> usize {
    world.app.work().await;
    world.mail().await.get(&to.email).into_iter().flatten().filter(|subject| subject.contains(part)).count()
}

/// The day comes, and jobs are done.
async fn on(world: &World, day: jiff::civil::Date) {
    world.until(day);
    world.app.work().await;
}

fn fields(result: platform::Result<impl std::fmt::Debug>) -> Vec<String> {
    match result {
        Err(Error::Invalid(errors)) => errors.iter().map(|(name, text)| format!("{name} {}", text.id)).collect(),
        other => panic!("{other:?}"),
    }
}

both_engines!(migrations, /// SEC-21, SEC-24: everybody who works is asked, or those whom contract, country and tier leave; each answers for itself, and the
/// counts say how it stands.
async fn sec_21_a_sweep_asks_and_tracks(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let among = async |among: Among| {
        let found = act::asked(&manager.cx, &New { among, ..new("Readers") }).await.unwrap();
        found.into_iter().map(|party| party.name).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(among(Among::default()).await, "Bowline Support, Capstan Group, Halyard Systems");
    assert_eq!(among(Among { contract: Some(world.contract), ..Among::default() }).await, "Bowline Support, Halyard Systems");
    assert_eq!(among(Among { tier: Some(2), ..Among::default() }).await, "Bowline Support");
    assert_eq!(among(Among { country: Some("PT".to_owned()), ..Among::default() }).await, "");
    let sub = world.person("supplier_lead", world.sub.0).await;
    let porto = crate::site::model::Details { people: 2, ..crate::site::model::Details::of("Porto desk", "office", "PT", "1 Quay") };
    crate::site::act::add(&sub.cx, world.sub.0, &porto).await.unwrap();
    assert_eq!(among(Among { country: Some("PT".to_owned()), ..Among::default() }).await, "Bowline Support");
    assert_eq!(among(Among { without: [world.lead.0].into(), ..Among::default() }).await, "Bowline Support, Capstan Group");
    // Whom nobody would be asked by, is none.
    let nowhere = New { among: Among { country: Some("PT".to_owned()), tier: Some(1), ..Among::default() }, ..new("Readers") };
    assert_eq!(fields(act::open(&manager.cx, &nowhere).await), ["contract sweep-nobody"]);
    let wrong = New { title: " ".to_owned(), question: String::new(), due: date(2026, 3, 1), ..new("Readers") };
    assert_eq!(fields(act::open(&manager.cx, &wrong).await), ["title sweep-title-missing", "question sweep-question-missing", "due sweep-due-past"]);

    let (id, answer) = asked(&world, "Readers").await;
    assert_eq!(stands(&world, id).await.asked, 3);
    let lead = world.person("supplier_member", world.lead.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let counts = async || {
        let (all, late) = store::counted(&manager.cx, id, world.app.core.clock.today()).await.unwrap();
        (Answer::ALL.map(|answer| all.get(&answer).copied().unwrap_or(0)), late)
    };
    assert_eq!(counts().await, ([3, 0, 0, 0], 0));
    give(&lead.cx, &world, id, world.lead.0, &given(Answer::NotAffected, "We looked at all forty.")).await.unwrap();
    give(&other.cx, &world, id, world.other.0, &given(Answer::NotKnown, "")).await.unwrap();
    assert_eq!(counts().await, ([1, 0, 1, 1], 0));
    let row = of(&world, id, world.lead.0).await;
    assert_eq!((row.version, row.on_behalf, row.given_by), (2, false, Some(lead.account)));
    assert_eq!(store::said(&manager.cx, manager.cx.db(), &[row]).await.unwrap()[&answer], "We looked at all forty.");
    // The same once more writes nothing; another answer takes its place.
    give(&lead.cx, &world, id, world.lead.0, &given(Answer::NotAffected, "We looked at all forty. ")).await.unwrap();
    assert_eq!(of(&world, id, world.lead.0).await.version, 2);
    give(&lead.cx, &world, id, world.lead.0, &given(Answer::Affected, "")).await.unwrap();
    let row = of(&world, id, world.lead.0).await;
    assert_eq!((row.version, row.stands(), row.said.is_none()), (3, Answer::Affected, true));
    let stale = act::give(&lead.cx, answer, 2, &given(Answer::NotKnown, "")).await;
    assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
    // Data about people is left out, or masked.
    let named = given(Answer::NotAffected, "Ask robin@halyard.example");
    assert_eq!(fields(give(&lead.cx, &world, id, world.lead.0, &named).await), ["said sweep-said-people"]);
    give(&lead.cx, &world, id, world.lead.0, &Given { mask: true, ..named }).await.unwrap();
    let row = of(&world, id, world.lead.0).await;
    let said = store::said(&manager.cx, manager.cx.db(), &[row]).await.unwrap().remove(&answer).unwrap();
    assert!(!said.contains("robin"), "{said}");
    // What is asked and answered is sealed, and each step has its entry.
    let line = platform::book::timeline(&world.app.operator(), "sweep_answer", &answer.to_string(), 50).await.unwrap();
    assert_eq!(line.iter().map(|line| line.about["answer"].as_str()).collect::<Vec<_>>(), ["not_affected", "affected", "not_affected"]);
    on(&world, date(2026, 3, 13)).await;
    assert_eq!(counts().await, ([1, 0, 1, 1], 2));
    let late = store::Filter { late: Some(world.app.core.clock.today()), sweep: Some(id), ..store::Filter::default() };
    let (rows, _) = store::answers(&manager.cx, &late, None, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.party).collect::<BTreeSet<_>>(), [world.sub.0, world.other.0].into());
});

both_engines!(migrations, /// SEC-21, SEC-24: whoever is affected reports its own incident, which is tied to its answer; so is one that was reported before.
async fn sec_21_affected_leads_to_a_report(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, answer) = asked(&world, "Readers").await;
    let report_asked = |place, asked| incidents::Report { asked: Some(asked), ..report(place, first()) };
    // Somebody else's id, or one that is made up, ties nothing, and the report is made all the same.
    let other = world.person("supplier_lead", world.other.0).await;
    incidents::report(&other.cx, &report_asked(world.other.1, answer)).await.unwrap();
    incidents::report(&other.cx, &report_asked(world.other.1, uuid::Uuid::from_u128(9))).await.unwrap();
    assert_eq!(of(&world, id, world.lead.0).await.stands(), Answer::Awaited);
    assert_eq!(of(&world, id, world.other.0).await.stands(), Answer::Awaited);
    let case = incidents::report(&lead.cx, &report_asked(world.lead.1, answer)).await.unwrap();
    let row = of(&world, id, world.lead.0).await;
    assert_eq!((row.stands(), row.incident, row.given_by), (Answer::Affected, Some(case.id), Some(lead.account)));
    let line = platform::book::timeline(&world.app.operator(), "sweep_answer", &answer.to_string(), 50).await.unwrap();
    assert_eq!((line[0].action.as_str(), line[0].about["incident"].as_str()), ("sweep_answer.report", case.id.to_string().as_str()));
    // A second one is not tied.
    incidents::report(&lead.cx, &report_asked(world.lead.1, answer)).await.unwrap();
    assert_eq!(of(&world, id, world.lead.0).await.incident, Some(case.id));
    // One that was reported before, by its own; not one of somebody else's.
    let sub = world.person("supplier_member", world.sub.0).await;
    let own = reported(&sub.cx, world.sub.1).await.id;
    let with = |incident| Given { incident: Some(incident), ..given(Answer::Affected, "") };
    assert_eq!(fields(give(&sub.cx, &world, id, world.sub.0, &with(case.id)).await), ["incident sweep-incident-wrong"]);
    give(&sub.cx, &world, id, world.sub.0, &with(own)).await.unwrap();
    assert_eq!(of(&world, id, world.sub.0).await.incident, Some(own));
    // Once it says otherwise, it is tied no more.
    give(&sub.cx, &world, id, world.sub.0, &given(Answer::NotAffected, "Another cause.")).await.unwrap();
    assert_eq!(of(&world, id, world.sub.0).await.incident, None);
});

both_engines!(migrations, /// SEC-24: who has nobody here is answered for by the authority, which enters what it is told; who has people answers itself.
async fn sec_24_who_has_nobody_here_is_answered_for(db) {
    let world = World::new(db).await;
    let (id, answer) = asked(&world, "Readers").await;
    let manager = world.official("contract_manager").await;
    let audit = world.official("internal_audit").await;
    refused_by(give(&audit.cx, &world, id, world.lead.0, &given(Answer::Affected, "")).await, "nothing-permits");
    give(&manager.cx, &world, id, world.lead.0, &given(Answer::NotKnown, "By telephone.")).await.unwrap();
    let row = of(&world, id, world.lead.0).await;
    assert_eq!((row.on_behalf, row.given_by), (true, Some(manager.account)));
    // What they told of is entered as told, and tied.
    let case = incidents::report(&manager.cx, &incidents::Report { asked: Some(answer), ..told(world.lead.1) }).await.unwrap();
    let row = of(&world, id, world.lead.0).await;
    assert_eq!((row.stands(), row.incident, row.on_behalf), (Answer::Affected, Some(case.id), true));
    world.person("supplier_member", world.lead.0).await;
    refused_by(give(&manager.cx, &world, id, world.lead.0, &given(Answer::NotAffected, "They say so.")).await, "nothing-permits");
    // An account that may only read, or whose membership ended, is nobody.
    world.app.account("supplier_lead", world.other.0).await;
    refused_by(give(&manager.cx, &world, id, world.other.0, &given(Answer::NotKnown, "")).await, "nothing-permits");
});

both_engines!(migrations, /// SEC-24: who is asked is told at once, before the day, once it is over and each week after; whoever asked is told of who is affected, and
/// once that answers are late.
async fn sec_24_who_is_late_is_told(db) {
    let world = World::new(db).await;
    platform::jobs::plan(&world.app.core).await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let manager = world.official("contract_manager").await;
    let id = act::open(&manager.cx, &new("Readers of Halyard")).await.unwrap();
    assert_eq!((mailed(&world, &lead, "asks you something").await, mailed(&world, &sub, "asks you something").await), (1, 1));
    assert!(world.mail().await.values().flatten().all(|subject| !subject.contains("Halyard")), "mail says nothing of what is asked");
    give(&sub.cx, &world, id, world.sub.0, &given(Answer::Affected, "")).await.unwrap();
    assert_eq!(mailed(&world, &manager, "is affected too").await, 1);
    for (day, soon, late, overdue) in [(7, 0, 0, 0), (8, 1, 0, 0), (10, 1, 0, 0), (11, 1, 1, 1), (12, 1, 1, 1), (18, 1, 2, 1)] {
        on(&world, date(2026, 3, day)).await;
        world.app.advance(7 * platform::clock::HOUR);
        let found = (
            mailed(&world, &lead, "is due by 10 March 2026").await,
            mailed(&world, &lead, "Your answer is late").await,
            mailed(&world, &manager, "are late").await,
        );
        assert_eq!(found, (soon, late, overdue), "{day}");
    }
    assert_eq!(mailed(&world, &sub, "late").await, 0);
    // Who does not know yet is late by its own day.
    let lead = world.person("supplier_lead", world.lead.0).await;
    let until = Some(date(2026, 3, 25));
    give(&lead.cx, &world, id, world.lead.0, &Given { until, ..given(Answer::NotKnown, "") }).await.unwrap();
    on(&world, date(2026, 3, 25)).await;
    assert_eq!(mailed(&world, &lead, "is late").await, 0);
    on(&world, date(2026, 3, 26)).await;
    assert_eq!(mailed(&world, &lead, "is late").await, 1);
});

both_engines!(migrations, /// SEC-24: reminders go to those who have not answered for good, once a day at most; an ended sweep takes no answers and reminds nobody.
async fn sec_24_reminded_and_ended(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let (id, answer) = asked(&world, "Readers").await;
    let (security, assessor) = (world.official("security").await, world.official("assessor").await);
    give(&sub.cx, &world, id, world.sub.0, &given(Answer::NotAffected, "None here.")).await.unwrap();
    let version = stands(&world, id).await.version;
    refused_by(act::remind(&assessor.cx, id, version).await, "nothing-permits");
    refused_by(act::end(&assessor.cx, id, version, "Done.").await, "nothing-permits");
    assert_eq!(act::remind(&security.cx, id, version).await.unwrap(), 2);
    assert!(matches!(act::remind(&security.cx, id, version).await, Err(Error::Conflict(_))));
    assert_eq!((mailed(&world, &lead, "waits for your answer").await, mailed(&world, &sub, "waits for your answer").await), (1, 0));
    world.app.advance(platform::clock::DAY);
    // Sessions may have ended meanwhile; acts do not ask.
    assert_eq!(act::remind(&security.cx, id, version).await.unwrap(), 2);
    assert_eq!(mailed(&world, &lead, "waits for your answer").await, 2);
    assert_eq!(of(&world, id, world.lead.0).await.reminded, 2);
    assert_eq!(fields(act::end(&security.cx, id, version, " ").await), ["reason sweep-reason-missing"]);
    assert!(matches!(act::end(&security.cx, id, version + 1, "Done.").await, Err(Error::Stale(_))));
    act::end(&security.cx, id, version, "The maker withdrew them all.").await.unwrap();
    assert_eq!((mailed(&world, &lead, "no longer awaited").await, mailed(&world, &sub, "no longer awaited").await), (1, 0));
    refused_by(give(&lead.cx, &world, id, world.lead.0, &given(Answer::Affected, "")).await, "an-ended-sweep-takes-no-answers");
    refused_by(act::end(&security.cx, id, version + 1, "Again.").await, "an-ended-sweep-rests");
    refused_by(act::remind(&security.cx, id, version + 1).await, "an-ended-sweep-rests");
    // Who reports because of it all the same, reports; nothing is tied.
    let new = incidents::Report { asked: Some(answer), ..report(world.lead.1, first()) };
    let case = incidents::report(&lead.cx, &new).await.unwrap();
    assert!(incident::store::get(lead.cx.db(), case.id).await.is_ok());
    assert_eq!(of(&world, id, world.lead.0).await.incident, None);
    let of = store::open_all(&security.cx, security.cx.db(), vec![stands(&world, id).await]).await.unwrap().pop().unwrap();
    assert_eq!((of.reason.as_deref(), of.title.as_str()), (Some("The maker withdrew them all."), "Readers"));
});

both_engines!(migrations, /// SEC-25: what a sweep asks, and why it was ended, tell no data about people; how the authority is reached may stand there.
async fn sec_25_a_sweep_names_nobody(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let named = New { title: "Mail of sam.bell@customers.example".to_owned(), question: "Did kim.hart@customers.example write?".to_owned(), ..new("") };
    assert_eq!(fields(act::open(&manager.cx, &named).await), ["title sweep-people-out", "question sweep-people-out"]);
    let mut browser = manager.browser(&world);
    let page = browser.get("/sweeps/new").await;
    let typed = [("title", "Mail"), ("question", named.question.as_str()), ("due.day", "10"), ("due.month", "3"), ("due.year", "2026"), ("go", "preview")];
    let told = browser.submit(&page, "/sweeps/new", &typed).await;
    assert!(told.status == 422 && told.text().contains("the part after the @ may do"), "{}", told.text());
    let question = "Did anybody at evil.example write from 10.0.0.1? Tell security@authority.example.".to_owned();
    let id = act::open(&manager.cx, &New { question, ..new("Mail") }).await.unwrap();
    assert_eq!(fields(act::end(&manager.cx, id, 1, "sam.bell@customers.example knows.").await), ["reason sweep-people-out"]);
    act::end(&manager.cx, id, 1, "We know.").await.unwrap();
});
