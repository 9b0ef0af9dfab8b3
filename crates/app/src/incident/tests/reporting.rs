//! Reporting, and completing a report.

use platform::Error;
use platform::forms::api::posted;
use platform::forms::drafts::{self, Posting};
use rules::form::Answers;
use serde_json::{Value, json};
use testkit::both_engines;
use uuid::Uuid;

use super::{about, case, entries, first, report, reported, told};
use crate::casework::answering::documents;
use crate::incident::act::Report;
use crate::incident::model::{Channel, INCIDENT, Incidents};
use crate::incident::{act, form_of, store};
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{Person, World, refused_by};
use crate::{pack, site};

/// Answers one section as the page would.
pub(crate) async fn answer(by: &Person, id: Uuid, section: &str, answers: Value) {
    let saved = posted_at(by, id, section, answers, None).await;
    let drafts::Outcome::Saved(saved) = saved else { panic!("{section} clashed") };
    assert!(saved.errors.is_empty(), "{section}: {:?}", saved.errors);
}

/// The same from a page that was opened at a version; else at the one that stands.
pub(super) async fn posted_at(by: &Person, id: Uuid, section: &str, answers: Value, version: Option<i32>) -> drafts::Outcome {
    let cx = &by.cx;
    let of = store::get(cx.db(), id).await.unwrap();
    let pack = pack::of_case(cx, &of.case).unwrap();
    let form = form_of(&pack).unwrap();
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await.unwrap();
    let answers = Answers::from_json(answers).unwrap();
    let standing = drafts::load(cx, id, of.case.round).await.unwrap();
    let fields = posted(form, section, &answers, version.unwrap_or_else(|| standing.version(section)));
    let permit = cx.permit("incident.draft", &of).unwrap();
    let posting = Posting { form, section, fields: &fields, choices: &choices };
    drafts::save(cx, &permit, id, of.case.round, &posting).await.unwrap()
}

both_engines!(migrations, /// SEC-24: a report in six answers is on disk, has its reference and its times, and waits for security, at once.
async fn sec_24_a_report_has_its_reference_at_once(db) {
    let world = World::new(db).await;
    let member = world.person("supplier_member", world.sub.0).await;
    let of = reported(&member.cx, world.sub.1).await;
    assert_eq!((of.reference.as_deref(), of.stage.as_str(), of.round), (Some("INC-2026-000001"), "reported", 2));
    assert_eq!((of.party, of.place, of.contract), (world.sub.0, Some(world.sub.1), Some(world.contract)));
    let known = about(&world, of.id).await;
    assert_eq!(known.happened.unwrap().stored(), "2026-03-01T22:40");
    assert_eq!(known.discovered.unwrap().stored(), "2026-03-02T07:15");
    assert_eq!((known.reporter, known.channel, known.taken_up_at), (Some(world.sub.0), Channel::Page, None));
    assert!(known.lacking > 0, "the later sections are to come");
    // Eight hours, for a report that is moderate as far as anybody knows.
    assert_eq!(of.due, Some(of.submitted_at.unwrap() + 8 * 60 * 60 * 1000));
    let rounds = documents::<Incidents>(&member.cx, &case(&world, of.id).await).await.unwrap();
    assert_eq!(rounds.len(), 1);
    assert_eq!(rounds[0].1.answers().get("reach_me"), Some(&json!("The night desk, 020 7946 0000")));
    let ledger = entries(&world, of.id).await;
    let (action, told) = &ledger[0];
    assert_eq!((action.as_str(), told.get("digest")), ("incident.report", Some(&rounds[0].0.digest)));
    // A second one has the next number.
    assert_eq!(reported(&member.cx, world.sub.1).await.reference.as_deref(), Some("INC-2026-000002"));
});

both_engines!(migrations, /// SEC-24, SEC-X1h: what is missing or wrong in the first answers is said, and nothing is kept; every report that answers them is taken.
async fn sec_24_only_the_first_answers_are_demanded(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    for lacking in ["what_happened", "discovered", "involved", "still_going_on", "reach_me"] {
        let mut answers = first();
        answers.as_object_mut().unwrap().remove(lacking);
        let done = act::report(&lead.cx, &report(world.lead.1, answers)).await;
        let Err(Error::Invalid(errors)) = done else { panic!("{lacking}: {done:?}") };
        assert!(errors.iter().any(|(name, _)| name.starts_with(&format!("q.{lacking}"))), "{lacking}: {errors:?}");
    }
    let mut wrong = first();
    wrong["involved"] = json!(["a_whale"]);
    assert!(matches!(act::report(&lead.cx, &report(world.lead.1, wrong)).await, Err(Error::Invalid(_))));
    let mut unknown = first();
    unknown["colour"] = json!("red");
    assert!(matches!(act::report(&lead.cx, &report(world.lead.1, unknown)).await, Err(Error::Invalid(_))));
    // Discovered before it happened: a clock that was wrong, or a slip.
    let mut before = first();
    before["discovered"] = json!({ "date": "2026-03-01", "time": "21:00" });
    assert!(matches!(act::report(&lead.cx, &report(world.lead.1, before)).await, Err(Error::Invalid(_))));
    // Nothing of these is there, and when it happened need not be known, nor that anything of the authority's was involved.
    let mut least = first();
    least.as_object_mut().unwrap().remove("happened");
    least["involved"] = json!(["none_known"]);
    let of = act::report(&lead.cx, &report(world.lead.1, least)).await.unwrap();
    assert_eq!(of.reference.as_deref(), Some("INC-2026-000001"));
    assert_eq!(about(&world, of.id).await.happened, None);
});

both_engines!(migrations, /// SEC-21: reports come from any tier and are about any tier of one's own chain; nobody reports about other chains, and who stands
/// beside reads nothing. Of a report from below, those above do not write in it.
async fn sec_21_from_and_about_any_tier(db) {
    let world = World::new(db).await;
    let (lead, sub) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.sub.0).await);
    let other = world.person("supplier_lead", world.other.0).await;
    let own = reported(&sub.cx, world.sub.1).await;
    let below = reported(&lead.cx, world.sub.1).await;
    let upwards = |tier| Report { above: Some(tier), ..report(world.sub.1, first()) };
    let above = act::report(&sub.cx, &upwards(1)).await.unwrap();
    assert_eq!(about(&world, above.id).await.about_tier, Some(1));
    for tier in [0, 2, 9] {
        assert!(matches!(act::report(&sub.cx, &upwards(tier)).await, Err(Error::NotFound)), "{tier}");
    }
    refused_by(act::report(&sub.cx, &report(world.lead.1, first())).await, "nothing-permits");
    refused_by(act::report(&other.cx, &report(world.sub.1, first())).await, "nothing-permits");
    let may = async |who: &Person, action: &'static str, id: Uuid| who.cx.may(action, &store::get(who.cx.db(), id).await.unwrap());
    for (id, lead_writes, sub_writes) in [(own.id, false, true), (below.id, true, false), (above.id, false, true)] {
        assert!(may(&lead, "incident.view", id).await && may(&sub, "incident.view", id).await);
        assert_eq!(may(&lead, "incident.draft", id).await, lead_writes);
        assert_eq!(may(&sub, "incident.draft", id).await, sub_writes);
        assert!(!may(&other, "incident.view", id).await);
    }
    // Whom it is about is named to those who see that place, and by its tier to whoever reported it.
    let page = format!("/incidents/{}", above.id);
    assert!(lead.browser(&world).get(&page).await.text().contains("Halyard Systems, at tier 1"));
    let theirs = sub.browser(&world).get(&page).await;
    assert!(theirs.text().contains("A party above, at tier 1") && !theirs.body.contains("Halyard"), "{}", theirs.text());
    // Who reported still reads it when it has left the chain; the chain's new shape decides for all others.
    let admin = world.official("administrator").await;
    let row = crate::contract::chain::place(admin.cx.db(), world.sub.1).await.unwrap().row;
    crate::contract::act::end_place(&admin.cx, world.sub.1, row.version, None).await.unwrap();
    assert!(may(&sub, "incident.view", own.id).await && may(&sub, "incident.view", above.id).await);
    assert!(matches!(act::report(&sub.cx, &report(world.sub.1, first())).await, Err(Error::NotFound)));
});

both_engines!(migrations, /// SEC-21: a report touches several contracts; a place that the reporter does not see is refused, and so is one of the same contract.
async fn sec_21_several_contracts(db) {
    let world = World::new(db).await;
    let second = world.app.contract(world.authority, "Harbour tolls").await;
    let there = world.app.place(second, world.lead.0, None).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    for wrong in [world.other.1, world.sub.1, Uuid::from_u128(9)] {
        let mut new = report(world.lead.1, first());
        new.also = vec![wrong];
        assert!(matches!(act::report(&lead.cx, &new).await, Err(Error::Invalid(_))));
    }
    let mut new = report(world.lead.1, first());
    new.also = vec![there, there];
    let of = act::report(&lead.cx, &new).await.unwrap();
    assert_eq!(about(&world, of.id).await.also, [(there, second)]);
});

both_engines!(migrations, /// SEC-24: what somebody told by telephone is entered on their behalf and completed there; no supplier enters so, and who told is
/// sealed.
async fn sec_24_entered_for_somebody_who_telephoned(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let of = act::report(&security.cx, &told(world.sub.1)).await.unwrap();
    let known = about(&world, of.id).await;
    assert_eq!((known.reporter, known.channel), (None, Channel::Told));
    assert_eq!(known.told.unwrap().name, "Robin Sayers");
    let lead = world.person("supplier_lead", world.lead.0).await;
    refused_by(act::report(&lead.cx, &told(world.sub.1)).await, "nothing-permits");
    refused_by(act::report(&world.official("legal").await.cx, &told(world.sub.1)).await, "nothing-permits");
    refused_by(act::report(&security.cx, &report(world.sub.1, first())).await, "nothing-permits");
    let mut unsaid = told(world.sub.1);
    unsaid.told.as_mut().unwrap().name = " ".to_owned();
    assert!(matches!(act::report(&security.cx, &unsaid).await, Err(Error::Invalid(_))));
    // It is completed there, as who told it can be read off it; the supplier reads neither.
    let thing = store::get(lead.cx.db(), of.id).await.unwrap();
    assert!(security.cx.may("incident.draft", &thing) && !lead.cx.may("incident.draft", &thing) && lead.cx.may("incident.view", &thing));
    let page = lead.browser(&world).get(&format!("/incidents/{}", of.id)).await;
    assert!(!page.body.contains("Robin") && !page.body.contains("night desk, 020"), "{}", page.text());
    assert!(entries(&world, of.id).await[0].1.values().all(|value| !value.contains("Robin")));
});

both_engines!(migrations, /// SEC-24, SEC-X2: a report is completed later in rounds; what was sent before stays, and nothing is sent twice.
async fn sec_24_completed_later(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let nothing = act::add(&lead.cx, of.id, case(&world, of.id).await.version).await;
    assert!(matches!(nothing, Err(Error::Conflict(_))), "{nothing:?}");
    let mut more = first();
    more["what_happened"] = json!("A laptop with bookings was left on the night ferry, in cabin 12.");
    answer(&lead, of.id, "report", more).await;
    world.app.advance(60_000);
    let after = act::add(&lead.cx, of.id, case(&world, of.id).await.version).await.unwrap();
    assert_eq!(after.round, 3);
    let rounds = documents::<Incidents>(&lead.cx, &after).await.unwrap();
    let said = |n: usize| rounds[n].1.answers().get("what_happened").unwrap().as_str().unwrap().to_owned();
    assert!(!said(0).contains("cabin") && said(1).contains("cabin"));
    let ledger = entries(&world, of.id).await;
    assert!(ledger.iter().any(|(action, told)| action == "incident.add" && told.get("digest") == Some(&rounds[1].0.digest)), "{ledger:?}");
    // A stale page sends nothing.
    assert!(matches!(act::add(&lead.cx, of.id, of.version).await, Err(Error::Stale(_))));
});

both_engines!(migrations, /// SEC-24: neither the event nor its discovery is still to come; a day of discovery that is put right is what duties count from.
async fn sec_24_days_are_put_right(db) {
    let world = World::new(db).await;
    let admin = world.official("administrator").await;
    crate::contract::act::put_pack(&admin.cx, world.contract, "provider_security", "2026.1", Some("For the test.")).await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut later = first();
    later["discovered"] = json!({ "date": "2026-03-03" });
    assert!(matches!(act::report(&lead.cx, &report(world.lead.1, later)).await, Err(Error::Invalid(_))));
    let of = reported(&lead.cx, world.lead.1).await;
    let due = async || {
        use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
        use crate::obligation::store::{Column, Entity};
        let found = Entity::find().filter(Column::Place.eq(world.lead.1)).filter(Column::Obligation.eq("report_at_once")).all(lead.cx.db()).await;
        found.unwrap().into_iter().map(|row| row.due_key).collect::<Vec<_>>()
    };
    assert_eq!(due().await, ["2026-03-03"]);
    let mut right = first();
    right["discovered"] = json!({ "date": "2026-03-01", "time": "23:00" });
    answer(&lead, of.id, "report", right).await;
    act::add(&lead.cx, of.id, case(&world, of.id).await.version).await.unwrap();
    assert_eq!(due().await, ["2026-03-02"]);
});

both_engines!(migrations, /// SEC-24, SEC-X1i: a report is acknowledged to whoever's it is, and security and the contract's manager are told of it.
async fn sec_24_who_is_told(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    let of = reported(&lead.cx, world.lead.1).await;
    let mail = world.mail().await;
    let heard = |who: &Person| mail.get(&who.email).cloned().unwrap_or_default().join(" | ");
    assert!(heard(&lead).contains("INC-2026-000001: the report has arrived"), "{}", heard(&lead));
    assert!(heard(&security).contains("INC-2026-000001 waits for you"), "{}", heard(&security));
    assert!(heard(&manager).contains("an incident was reported"), "{}", heard(&manager));
    // Mail travels in the open: it says nothing of what was reported.
    assert!([&lead, &security, &manager].iter().all(|who| !heard(who).contains("laptop")));
    assert!(of.closed_at.is_none());
});

both_engines!(migrations, /// SEC-24: a party in the middle of the chain that reports below it hears of it too.
async fn sec_24_who_reports_hears_of_it(db) {
    let world = World::new(db).await;
    let below = world.app.party(platform::authz::Side::Supplier, "Fender Works").await;
    let there = world.app.place(world.contract, below, Some(world.sub.1)).await;
    let middle = world.person("supplier_member", world.sub.0).await;
    let of = reported(&middle.cx, there).await;
    let mail = world.mail().await.remove(&middle.email).unwrap_or_default().join(" | ");
    assert!(mail.contains("INC-2026-000001: the report has arrived"), "{mail}");
    assert_eq!((of.party, of.reference.is_some()), (below, true));
});

both_engines!(migrations, /// OWN-4: what was reported is nowhere in the open: neither in the case's row and title, nor in the ledger.
async fn own_4_a_report_is_nowhere_in_the_open(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut answers = first();
    answers["what_happened"] = json!("Zanzibar ledger left in the dinghy");
    answers["reach_me"] = json!("Zanzibar desk");
    let of = act::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap();
    assert!(!of.title.contains("Zanzibar") && !of.search_key.contains("zanzibar"), "{}", of.title);
    assert_eq!(found(&world, "Zanzibar").await, Vec::<String>::new());
});
