//! Notices, requests, and what makes a change take effect.

use platform::Error;
use platform::authz::Side;
use platform::cases::tasks;
use platform::forms::drafts;
use platform::forms::review;
use rules::plan_change::Added;
use serde_json::json;
use testkit::both_engines;

use super::{answers, case, considered, submitted, version};
use crate::arrangement::tests::everything;
use crate::holding::model::{ENDED, System, Systems};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{self, World, refused_by};
use crate::plan::store::prompts;
use crate::plan::tests as planning;
use crate::plan::{Plans, act as plans, store as versions};
use crate::plan_change::model::{CHANGE, Changes};
use crate::plan_change::{act, store};
use crate::testing::forms::answer_case;

fn blocked(done: platform::Result<impl std::fmt::Debug>, word: &str) {
    let Err(Error::Blocked(bars)) = done else { panic!("not blocked by {word}: {done:?}") };
    assert!(bars.iter().any(|bar| bar.text.say().contains(word)), "{word}: {bars:?}");
}

both_engines!(migrations, /// SEC-9: a change that is merely considered is told of by anybody of the chain, with a reference at once; the authority ends the notice
/// with a reason, or it ends in a request.
async fn sec_9_a_notice_ends_with_a_reason_or_in_a_request(db) {
    let world = World::new(db).await;
    let (lead, sub) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.sub.0).await);
    let (security, auditor) = (world.official("security").await, world.official("internal_audit").await);
    let other = world.person("supplier_lead", world.other.0).await;
    let new = considered(&[Added::Site], Some(false));
    refused_by(act::notify(&other.cx, world.sub.1, &new, &[]).await, "nothing-permits");
    for wrong in [crate::plan_change::model::Notice { title: " ".to_owned(), ..new.clone() }, considered(&[], None)] {
        assert!(matches!(act::notify(&sub.cx, world.sub.1, &wrong, &[]).await, Err(Error::Invalid(_))), "{wrong:?}");
    }
    let told = act::notify(&sub.cx, world.sub.1, &new, &[]).await.unwrap();
    assert_eq!((told.reference.as_deref(), told.stage.as_str()), (Some("CHG-2026-000001"), "considered"));
    assert!(told.due.is_some());
    let kept = store::notice(&security.cx, security.cx.db(), &told).await.unwrap();
    assert_eq!(kept, Some(new));
    refused_by(act::no_change(&auditor.cx, told.id, told.version, "Nothing changes.").await, "nothing-permits");
    refused_by(act::no_change(&lead.cx, told.id, told.version, "Nothing changes.").await, "nothing-permits");
    assert!(matches!(act::no_change(&security.cx, told.id, told.version, " ").await, Err(Error::Invalid(_))));
    act::no_change(&security.cx, told.id, told.version, "Nothing that the plan says changes.").await.unwrap();
    let over = case(&world, told.id).await;
    assert_eq!(over.stage, "no_change");
    assert!(matches!(act::request(&sub.cx, told.id, over.version).await, Err(Error::Conflict(_))));
    // Another one: the authority calls for a request, and the supplier goes on in the same change.
    let told = act::notify(&lead.cx, world.lead.1, &considered(&[Added::System], Some(true)), &[]).await.unwrap();
    act::call_for(&security.cx, told.id, told.version, "It holds our data.").await.unwrap();
    let asked = case(&world, told.id).await;
    assert_eq!((asked.stage.as_str(), asked.reference.as_deref()), ("draft", Some("CHG-2026-000002")));
    // Of what the authority knows nothing is simply gone.
    assert!(matches!(act::discard(&lead.cx, told.id, asked.version).await, Err(Error::Conflict(_))));
    act::withdraw(&lead.cx, told.id, asked.version, "We leave it.").await.unwrap();
    // A third: the supplier asks by itself.
    let told = act::notify(&lead.cx, world.lead.1, &considered(&[Added::Other], None), &[]).await.unwrap();
    act::request(&lead.cx, told.id, told.version).await.unwrap();
    assert_eq!(case(&world, told.id).await.owner, Some(lead.account));
});

both_engines!(migrations, /// SEC-28, SEC-29, SEC-X3: a request is asked for by the lead with every prompt of the form, agreed by security with conditions, and makes
/// the plan's next version: the sections that it names are to be gone through, the others stand, and it is compared with the one before.
async fn sec_29_an_agreed_change_makes_the_next_version(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let first = planning::agreed(&world, &lead, &security).await;
    let draft = act::begin(&lead.cx, world.lead.1, &[]).await.unwrap();
    assert!(!security.cx.may("plan_change.view", &store::get(security.cx.db(), draft).await.unwrap()));
    let lacking = act::submit(&lead.cx, draft, version(&world, draft).await, true, None).await;
    let Err(Error::Invalid(errors)) = lacking else { panic!("{lacking:?}") };
    for prompt in ["q.change_title", "q.supplier_director", "q.aspects", "q.programmes", "q.software", "q.people_affected", "q.sites_affected", "q.data_effect", "q.testing", "q.penetration_testing", "q.service_lost"] {
        assert!(errors.iter().any(|(name, _)| name.starts_with(prompt)), "{prompt}: {errors:?}");
    }
    act::discard(&lead.cx, draft, version(&world, draft).await).await.unwrap();
    let id = submitted(&lead.cx, world.lead.1, false).await;
    assert_eq!(case(&world, id).await.reference.as_deref(), Some("CHG-2026-000001"));
    let conditions = ["Show the first restore.".to_owned(), "  ".to_owned()];
    act::agree(&security.cx, id, version(&world, id).await, "It is protected as well.", &conditions).await.unwrap();
    assert_eq!(case(&world, id).await.stage, "agreed");
    let set = tasks::list(&security.cx, security.cx.db(), &case(&world, id).await, Side::Authority).await.unwrap();
    assert_eq!(set.iter().map(|task| (task.title.as_str(), task.checks)).collect::<Vec<_>>(), [("Show the first restore.", true)]);
    let next = versions::of_change(lead.cx.db(), id).await.unwrap().unwrap();
    assert_eq!((next.case.stage.as_str(), next.case.title.as_str(), next.change), ("draft", "Ferry bookings desk", Some(id)));
    // It is not given up, as the change waits for it.
    assert!(matches!(plans::discard(&lead.cx, next.case.id, next.case.version).await, Err(Error::Conflict(_))));
    blocked(act::take_effect(&security.cx, id, version(&world, id).await).await, "Ferry bookings desk");
    let kept = drafts::load(&lead.cx, next.case.id, 1).await.unwrap();
    let pack = crate::pack::of_case(&lead.cx, &next.case).unwrap();
    let form = crate::plan::form_of(&pack).unwrap();
    assert_eq!(review::unconfirmed(form, &kept), ["Systems", "Holding, moving and destroying data"]);
    // What is sealed went along, and the plan is whole but for these.
    assert_eq!(kept.answers.get("first_contact").unwrap()["name"], "Ash Marlow");
    blocked(plans::submit(&lead.cx, next.case.id, next.case.version, true, None).await, "Systems");
    let old = planning::whole(uuid::Uuid::nil());
    let mut desks = old["systems"].clone();
    desks.as_array_mut().unwrap().push(json!({ "system_name": "Second desk", "system_run_by": "Halyard Systems", "system_countries": ["GB"], "system_protection": "As the first." }));
    let more = json!({ "systems": desks, "fault_detection": old["fault_detection"], "holding": old["holding"], "transfer_routes": old["transfer_routes"], "retention": old["retention"] });
    answer_case::<Plans>(&lead.cx, next.case.id, more).await;
    plans::submit(&lead.cx, next.case.id, next.case.version, true, None).await.unwrap();
    let compare = security.browser(&world).get(&format!("/plans/{}/compare", next.case.id)).await;
    assert!(compare.text().contains("Second desk") && compare.text().contains("Version 1"), "{}", compare.text());
    plans::agree(&security.cx, next.case.id, planning::version(&world, next.case.id).await, "As agreed.").await.unwrap();
    let (before, after) = (versions::get(lead.cx.db(), first).await.unwrap(), versions::get(lead.cx.db(), next.case.id).await.unwrap());
    assert_eq!((before.in_force(), before.superseded_by, after.number, after.in_force()), (false, Some(next.case.id), Some(2), true));
    // With it the change is in effect, by itself.
    assert_eq!(case(&world, id).await.stage, "in_effect");
    let page = lead.browser(&world).get(&format!("/plans/{first}")).await;
    assert!(page.text().contains("Version 2 took the place of this one"), "{}", page.text());
    // What the earlier version still asked for is asked for by the later one alone.
    let open = |all: Vec<tasks::Task>| all.into_iter().filter(|task| !task.stands().over()).count();
    assert_eq!(open(tasks::list(&lead.cx, lead.cx.db(), &before.case, Side::Supplier).await.unwrap()), 0);
    assert_eq!(open(tasks::list(&lead.cx, lead.cx.db(), &after.case, Side::Supplier).await.unwrap()), 2);
});

both_engines!(migrations, /// SEC-28: a request is returned with points and handed in again, declined with a reason, and decided by security alone.
async fn sec_28_returned_and_declined(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let member = world.person("supplier_member", world.lead.0).await;
    let draft = act::begin(&member.cx, world.lead.1, &[]).await.unwrap();
    answer_case::<Changes>(&member.cx, draft, answers(false)).await;
    refused_by(act::submit(&member.cx, draft, version(&world, draft).await, true, None).await, "member-never-submits-plan-changes");
    act::submit(&lead.cx, draft, version(&world, draft).await, true, None).await.unwrap();
    refused_by(act::agree(&lead.cx, draft, version(&world, draft).await, "Fine.", &[]).await, "nothing-permits");
    let point = platform::cases::rounds::NewPoint { section: None, question: None, text: "Say who does it.".to_owned() };
    act::send_back(&security.cx, draft, version(&world, draft).await, "Not yet.", &[point]).await.unwrap();
    act::submit(&lead.cx, draft, version(&world, draft).await, true, Some("We do.")).await.unwrap();
    assert!(matches!(act::decline(&security.cx, draft, version(&world, draft).await, "").await, Err(Error::Invalid(_))));
    act::decline(&security.cx, draft, version(&world, draft).await, "One desk is enough.").await.unwrap();
    assert_eq!(case(&world, draft).await.stage, "declined");
    // Without a plan, and with nothing abroad, what is agreed is in effect at once.
    let id = submitted(&lead.cx, world.lead.1, false).await;
    act::agree(&security.cx, id, version(&world, id).await, "It is small.", &[]).await.unwrap();
    assert_eq!(case(&world, id).await.stage, "in_effect");
});

both_engines!(migrations, /// SEC-9, OFF-6: a change with work abroad needs a proposal, and neither takes effect without the other: work under the proposal's approval
/// does not start before the change is in effect, and the plan's version is not agreed before the proposal is.
async fn sec_9_change_and_proposal_take_effect_together(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    planning::agreed(&world, &lead, &security).await;
    let id = submitted(&lead.cx, world.lead.1, true).await;
    blocked(act::agree(&security.cx, id, version(&world, id).await, "Fine.", &[]).await, "no proposal belongs to it");
    // One of another place does not do.
    let below = crate::offshoring::act::begin(&lead.cx, world.sub.1).await.unwrap();
    let wrong = act::link_proposal(&lead.cx, id, version(&world, id).await, below).await;
    assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
    let proposal = act::open_proposal(&lead.cx, id, version(&world, id).await).await.unwrap();
    act::agree(&security.cx, id, version(&world, id).await, "It is protected as well.", &[]).await.unwrap();
    let next = versions::of_change(lead.cx.db(), id).await.unwrap().unwrap().case.id;
    let old = planning::whole(uuid::Uuid::nil());
    let keys = ["systems", "fault_detection", "holding", "transfer_routes", "retention"];
    answer_case::<Plans>(&lead.cx, next, keys.iter().map(|key| ((*key).to_owned(), old[*key].clone())).collect::<serde_json::Map<_, _>>().into()).await;
    plans::submit(&lead.cx, next, planning::version(&world, next).await, true, None).await.unwrap();
    blocked(plans::agree(&security.cx, next, planning::version(&world, next).await, "As agreed.").await, "is not decided yet");
    world.answer(&lead.cx, proposal, world::answers(world.lead.0)).await;
    crate::offshoring::act::submit(&lead.cx, proposal, world.version(proposal).await, true, None).await.unwrap();
    world.approve(proposal).await;
    // Approved, and still nothing starts: the plan is not changed yet.
    let planned = everything(&world).await.remove(0).row;
    assert_eq!(planned.approval, Some(proposal));
    world.until(jiff::civil::date(2026, 6, 2));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    blocked(crate::arrangement::act::start(&lead.cx, planned.id, planned.version).await, "CHG-2026-000001");
    plans::agree(&security.cx, next, planning::version(&world, next).await, "As agreed.").await.unwrap();
    assert_eq!(case(&world, id).await.stage, "in_effect");
    let planned = everything(&world).await.remove(0).row;
    crate::arrangement::act::start(&lead.cx, planned.id, planned.version).await.unwrap();
});

both_engines!(migrations, /// SEC-9: a site, a system, a transfer route, a party of the chain and work abroad that are added anywhere prompt for a notice or a request where a plan is in force;
/// the prompt is tied to the change that tells of it, and comes no second time.
async fn sec_9_what_is_added_prompts_for_a_change(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let plan = planning::agreed(&world, &lead, &security).await;
    let waiting = async || prompts::waiting(lead.cx.db(), world.lead.1).await.unwrap();
    assert!(waiting().await.is_empty(), "what stood before the plan was agreed prompts for nothing");
    let site = planning::site(&lead.cx, world.lead.0).await;
    let (system, route) = crate::holding::tests::both(&lead.cx, world.lead.0, "Booking platform").await;
    // What is entered for the record alone asks for nothing.
    let over = System { state: ENDED.to_owned(), ..crate::holding::tests::system("Paper ledgers") };
    crate::holding::act::add::<Systems>(&lead.cx, world.lead.0, &over).await.unwrap();
    let other = world.person("supplier_lead", world.other.0).await;
    planning::site(&other.cx, world.other.0).await;
    crate::holding::tests::both(&other.cx, world.other.0, "Light monitors").await;
    let below = world.app.party(Side::Supplier, "Davit Cleaning").await;
    let place = world.app.place(world.contract, below, Some(world.sub.1)).await;
    let mut told: Vec<_> = waiting().await.into_iter().map(|one| (one.added, one.kind, one.thing)).collect();
    told.sort_unstable();
    let all = [
        ("site", "site", site),
        ("sub_contractor", "place", place),
        ("system", "information_system", system),
        ("transfer_route", "transfer_route", route),
    ];
    let all = all.map(|(added, kind, thing)| (added.to_owned(), kind.to_owned(), thing));
    assert_eq!(told, all, "of the chain that works by the plan, and of no other");
    let page = lead.browser(&world).get(&format!("/plans/{plan}")).await;
    for says in ["A site was added", "A party joined the chain", "A system was added", "A transfer route was added"] {
        assert!(page.text().contains(says), "{says}: {}", page.text());
    }
    assert!(page.links().contains(&format!("/systems/{system}")) && page.text().contains("Davit Cleaning"), "each by its name: {}", page.text());
    let seen = security.browser(&world).get(&format!("/plans/{plan}")).await;
    assert!(seen.text().contains("A site was added") && !seen.body.contains("/plan-changes/notify/"), "{}", seen.text());
    let first = waiting().await.into_iter().find(|one| one.kind == "site").unwrap();
    let form = lead.browser(&world).get(&format!("/plan-changes/notify/{}?prompt={}&added=site", world.lead.1, first.id)).await;
    assert!(form.body.contains(&first.id.to_string()), "{}", form.text());
    let told = act::notify(&lead.cx, world.lead.1, &considered(&[Added::Site], None), &[first.id]).await.unwrap();
    assert!(matches!(act::notify(&lead.cx, world.lead.1, &considered(&[Added::Site], None), &[first.id]).await, Err(Error::NotFound)));
    let lines = platform::book::timeline(&world.app.operator(), CHANGE.id, &told.id.to_string(), 5).await.unwrap();
    assert_eq!(lines[0].about.get("prompts").map(String::as_str), Some("1"));
    assert_eq!(lines[0].body.as_ref().unwrap()["prompts"], json!([format!("site:{site}")]));
    let tells = security.browser(&world).get(&format!("/plan-changes/{}", told.id)).await;
    assert!(tells.body.contains(&format!("/sites/{site}")), "{}", tells.text());
    // A request that nobody was told of tells nobody: what it is about waits until it is handed in, and once it is discarded.
    let rest: Vec<_> = waiting().await.iter().map(|one| one.id).collect();
    let draft = act::begin(&lead.cx, world.lead.1, &rest).await.unwrap();
    assert_eq!(waiting().await.len(), 3);
    act::discard(&lead.cx, draft, version(&world, draft).await).await.unwrap();
    assert_eq!(waiting().await.len(), 3);
    let draft = act::begin(&lead.cx, world.lead.1, &rest).await.unwrap();
    let tells = lead.browser(&world).get(&format!("/plan-changes/{draft}")).await;
    assert!(tells.links().contains(&format!("/systems/{system}")) && tells.links().contains(&format!("/transfer-routes/{route}")), "{}", tells.text());
    answer_case::<Changes>(&lead.cx, draft, answers(false)).await;
    act::submit(&lead.cx, draft, version(&world, draft).await, true, None).await.unwrap();
    assert!(waiting().await.is_empty());
    let subject = format!("{}: something was added", case_of(&world, plan).await);
    let mail = world.mail().await;
    assert!(mail[&lead.email].iter().any(|line| line.contains(&subject)), "{mail:?}");
});

both_engines!(migrations, /// SEC-9: who enters a register for the first time enters much: each system waits at the plan, and people are told once.
async fn sec_9_people_are_told_once_of_many_systems(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    planning::agreed(&world, &lead, &security).await;
    for name in ["Booking platform", "Fares", "Night desk tickets"] {
        crate::holding::act::add::<Systems>(&lead.cx, world.lead.0, &crate::holding::tests::system(name)).await.unwrap();
    }
    assert_eq!(prompts::waiting(lead.cx.db(), world.lead.1).await.unwrap().len(), 3);
    let mail = world.mail().await;
    for who in [&lead.email, &security.email] {
        assert_eq!(mail[who].iter().filter(|line| line.contains("something was added")).count(), 1, "{who}: {mail:?}");
    }
});

async fn case_of(world: &World, plan: uuid::Uuid) -> String {
    planning::case(world, plan).await.reference.unwrap()
}

both_engines!(migrations, /// SEC-9: an agreed change whose proposal comes to nothing has two ways out: another proposal, or it is withdrawn with the version that it
/// was to make.
async fn sec_9_a_proposal_that_comes_to_nothing_holds_nobody_up_for_good(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let first = planning::agreed(&world, &lead, &security).await;
    let id = submitted(&lead.cx, world.lead.1, true).await;
    let proposal = act::open_proposal(&lead.cx, id, version(&world, id).await).await.unwrap();
    act::agree(&security.cx, id, version(&world, id).await, "It is protected as well.", &[]).await.unwrap();
    crate::offshoring::act::discard(&lead.cx, proposal, world.version(proposal).await).await.unwrap();
    let waits = act::waits(lead.cx.db(), &case(&world, id).await).await.unwrap();
    assert!(waits.iter().any(|bar| bar.text.say().contains("was withdrawn")), "{waits:?}");
    // Another one takes its place.
    let second = act::open_proposal(&lead.cx, id, version(&world, id).await).await.unwrap();
    let waits = act::waits(lead.cx.db(), &case(&world, id).await).await.unwrap();
    assert!(waits.iter().all(|bar| !bar.text.say().contains("was withdrawn")), "{waits:?}");
    assert!(act::holds_up(lead.cx.db(), Some(second)).await.unwrap().is_empty(), "of a draft nothing is about to start");
    // Or the whole is given up; the version in force stays so, and another change may come.
    let next = versions::of_change(lead.cx.db(), id).await.unwrap().unwrap().case.id;
    act::withdraw(&lead.cx, id, version(&world, id).await, "We stay at home.").await.unwrap();
    assert_eq!((case(&world, id).await.stage.as_str(), planning::case(&world, next).await.stage.as_str()), ("withdrawn", "discarded"));
    assert!(versions::get(lead.cx.db(), first).await.unwrap().in_force());
    let again = submitted(&lead.cx, world.lead.1, false).await;
    act::agree(&security.cx, again, version(&world, again).await, "It is small.", &[]).await.unwrap();
    assert!(versions::of_change(lead.cx.db(), again).await.unwrap().is_some());
});
