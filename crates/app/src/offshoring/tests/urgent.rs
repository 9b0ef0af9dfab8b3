//! An approval ahead of the decision: given, ratified, refused, lapsed, counted, and who reads what of it. What ends it otherwise: `urgent_ends`.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::civil::{Date, date};
use platform::notices::reading::told;
use platform::{Cx, Error};
use sea_orm::EntityTrait as _;
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers, refused_by};
use crate::arrangement::{act as work, store as arrangements};
use crate::casework::papers::make as make_paper;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, UrgentApproving};
use crate::offshoring::model::{Standing, Turn, Urgent};
use crate::offshoring::store;

/// The first day of what the world's answers ask for.
pub(super) const FIRST: Date = date(2026, 6, 1);

pub(super) fn with(from: Date, until: Date) -> UrgentApproving {
    let (reason, conditions) = ("The old desk closes tonight.".to_owned(), "Tell us of each call.\nKeep the keys at home.".to_owned());
    UrgentApproving { reason, conditions, from, until }
}

/// Gives an urgent approval for June.
pub(super) async fn give(world: &World, cx: &Cx, id: Uuid) -> platform::Result<()> {
    world.app.advance(1_000);
    act::approve_urgently(cx, id, world.version(id).await, &with(FIRST, date(2026, 6, 28))).await
}

pub(super) async fn urgent(world: &World, id: Uuid) -> Urgent {
    store::urgent_of(world.app.core.db.reader(), [id]).await.unwrap().remove(&id).unwrap()
}

/// The work that a proposal brought along.
pub(super) async fn work_of(world: &World, id: Uuid) -> Vec<arrangements::Model> {
    let all = arrangements::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    all.into_iter().filter(|row| row.origin == Some(id)).collect()
}

pub(super) async fn approval(world: &World, id: Uuid) -> store::Approval {
    let cx = world.app.operator();
    store::approval(&cx, cx.db(), &world.case(id).await).await.unwrap().unwrap()
}

/// The lead's proposal, handed in on the first day that it asks for.
pub(super) async fn handed_in(world: &World) -> (Person, Uuid) {
    world.until(FIRST);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    (lead, id)
}

fn faults(result: platform::Result<()>) -> Vec<String> {
    match result {
        Err(Error::Invalid(errors)) => errors.iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>().into_iter().collect(),
        other => panic!("nothing is wrong with it: {other:?}"),
    }
}

fn says(result: platform::Result<()>) -> String {
    match result {
        Err(Error::Conflict(text)) => text.say(),
        other => panic!("no conflict: {other:?}"),
    }
}

both_engines!(migrations, /// OFF-6, OFF-9a: an urgent approval covers work at once, while its proposal goes its way; nobody ratifies it, and it lapses by itself the day after.
async fn off_6_an_urgent_approval_covers_at_once_and_lapses(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    let case = world.case(id).await;
    assert_eq!(case.stage, "checking", "the proposal goes its way");
    let given = urgent(&world, id).await;
    assert_eq!((given.from, given.until, given.ratify_by), (FIRST, date(2026, 6, 28), date(2026, 6, 6)));
    let kept = approval(&world, id).await;
    assert_eq!((kept.from.as_str(), kept.to.as_str(), kept.urgent), ("2026-06-01", "2026-06-06", Some(given.id)));
    assert_eq!((kept.standing, kept.by, kept.scope.unwrap().tier), (Standing::InForce, boss.account, Some(1)));
    assert!(store::basis_of(boss.cx.db(), id).await.unwrap().is_some(), "what it rests on is kept");
    // The work is planned for all of its days, and starts at once.
    let rows = work_of(&world, id).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].cover.as_str(), rows[0].to.as_str(), rows[0].covered_to.as_deref()), ("urgent", "2026-06-28", Some("2026-06-06")));
    work::start(&lead.cx, rows[0].id, rows[0].version).await.unwrap();
    assert!(says(give(&world, &boss.cx, id).await).contains("one at a time"));
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    // On its last day it covers; on the next it does not, whether or not a job ran.
    world.until(date(2026, 6, 6));
    let boss = world.official("management").await;
    let told = boss.browser(&world).get(&format!("/arrangements/{}", rows[0].id)).await.text();
    assert!(told.contains("Urgent, to be ratified by 6 June 2026") && told.contains("lapses after 6 June 2026"), "{told}");
    world.until(date(2026, 6, 7));
    let boss = world.official("management").await;
    let told = boss.browser(&world).get(&format!("/arrangements/{}", rows[0].id)).await.text();
    assert!(told.contains("nobody had ratified it by 6 June 2026") && told.contains("Lapsed: not ratified by 6 June 2026"), "{told}");
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Lapsed: not ratified by 6 June 2026") && !told.contains("Ratify the urgent approval") && told.contains("Approve urgently"), "{told}");
    world.app.work().await;
    assert_eq!(work_of(&world, id).await[0].cover, "uncovered");
    let late = act::ratify(&boss.cx, id, world.version(id).await, "It is fine.").await;
    assert!(says(late).contains("Lapsed"), "too late");
    let turned = act::turn(&boss.cx, id, world.version(id).await, Turn::Suspend, "Why", "").await;
    assert!(says(turned).contains("Lapsed"));
});

both_engines!(migrations, /// OFF-11: another person ratifies an urgent approval, with a reason, signed in anew; it then holds until its agreed last day and not a day longer.
async fn off_11_an_urgent_approval_is_ratified_by_another(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    give(&world, &boss.cx, id).await.unwrap();
    let version = world.version(id).await;
    refused_by(act::ratify(&boss.cx, id, version, "I stand by it.").await, "who-gave-it-never-ratifies");
    refused_by(act::ratify(&boss.acting_as("data_controller"), id, version, "I stand by it.").await, "who-gave-it-never-ratifies");
    refused_by(act::refuse_urgent(&boss.cx, id, version, "I do not.").await, "who-gave-it-never-ratifies");
    refused_by(act::ratify(&world.official("legal").await.cx, id, version, "Fine.").await, "nothing-permits");
    let member = world.person("supplier_member", world.lead.0).await;
    refused_by(act::ratify(&member.cx, id, version, "Fine.").await, "nothing-permits");
    refused_by(act::ratify(&lead.cx, id, version, "Fine.").await, "submitter-never-decides");
    assert!(matches!(act::ratify(&data.tired(), id, version, "Fine.").await, Err(Error::SignInAgain)));
    for reason in [" ".to_owned(), "x".repeat(8_001)] {
        assert_eq!(faults(act::ratify(&data.cx, id, version, &reason).await), ["reason"]);
    }
    assert!(matches!(act::ratify(&data.cx, id, version - 1, "Fine.").await, Err(Error::Stale(_))));
    world.app.advance(1_000);
    act::ratify(&data.cx, id, version, "The desk cannot be empty.").await.unwrap();
    let kept = approval(&world, id).await;
    assert_eq!((kept.to.as_str(), kept.standing), ("2026-06-28", Standing::InForce));
    assert_eq!(urgent(&world, id).await.ratified.map(|(by, _)| by), Some(data.account));
    let rows = work_of(&world, id).await;
    assert_eq!((rows[0].cover.as_str(), rows[0].covered_to.as_deref()), ("urgent", Some("2026-06-28")));
    world.app.advance(1_000);
    assert!(says(act::ratify(&world.official("management").await.cx, id, world.version(id).await, "Again").await).contains("ratified"));
    world.until(date(2026, 6, 28));
    let lead = world.person("supplier_lead", world.lead.0).await;
    work::start(&lead.cx, rows[0].id, work_of(&world, id).await[0].version).await.unwrap();
    world.until(date(2026, 6, 29));
    let boss = world.official("management").await;
    let told = boss.browser(&world).get(&format!("/arrangements/{}", rows[0].id)).await.text();
    assert!(told.contains("The approval ended on 28 June 2026") && !told.contains("had ratified"), "{told}");
});

both_engines!(migrations, /// OFF-11: whoever had a hand in the proposal or manages its contract neither gives nor ratifies; roles are the pack's; days are within those asked for.
async fn off_11_who_gives_an_urgent_approval_and_for_which_days(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, version) = (world.official("management").await, world.version(id).await);
    let try_by = async |cx: &Cx| act::approve_urgently(cx, id, version, &with(FIRST, FIRST)).await;
    for role in ["security", "data_controller", "contract_manager", "internal_audit", "owner"] {
        assert!(matches!(try_by(&world.official(role).await.cx).await, Err(Error::Refused(_))), "{role}");
    }
    assert!(matches!(try_by(&lead.cx).await, Err(Error::Refused(_))), "a supplier gives none");
    assert!(matches!(try_by(&boss.tired()).await, Err(Error::SignInAgain)));
    assert!(matches!(act::approve_urgently(&boss.cx, id, version - 1, &with(FIRST, FIRST)).await, Err(Error::Stale(_))));
    let cases = [
        (date(2026, 5, 30), FIRST, vec!["from"]),
        (date(2026, 6, 3), date(2026, 6, 2), vec!["until"]),
        (FIRST, date(2026, 6, 29), vec!["until"]),
        (date(2026, 6, 7), date(2026, 6, 20), vec!["from"]),
        (date(2027, 5, 20), date(2027, 6, 2), vec!["from", "until"]),
        (date(2027, 7, 1), date(2027, 6, 30), vec!["from", "until"]),
    ];
    for (from, until, wanted) in cases {
        assert_eq!(faults(act::approve_urgently(&boss.cx, id, version, &with(from, until)).await), wanted, "{from} {until}");
    }
    let blank = UrgentApproving { reason: " ".to_owned(), ..with(FIRST, FIRST) };
    assert_eq!(faults(act::approve_urgently(&boss.cx, id, version, &blank).await), ["reason"]);
    let many = UrgentApproving { conditions: "One more.\n".repeat(51), ..with(FIRST, FIRST) };
    assert_eq!(faults(act::approve_urgently(&boss.cx, id, version, &many).await), ["conditions"]);
    // Separation of duties, whatever role they act in.
    let (assessor, security) = world.to_decision(id).await;
    let version = world.version(id).await;
    let try_by = async |cx: &Cx| act::approve_urgently(cx, id, version, &with(FIRST, date(2026, 6, 20))).await;
    refused_by(try_by(&assessor.acting_as("management")).await, "assessor-never-decides");
    refused_by(try_by(&security.acting_as("management")).await, "recommender-never-decides");
    let of = store::load(boss.cx.db(), world.case(id).await).await.unwrap();
    let managed = crate::offshoring::model::Proposal { manager: Some(boss.account), urgent_roles: vec!["management".to_owned()], ..of };
    refused_by(boss.cx.permit("proposal.approve_urgently", &managed).map(|_| ()), "who-manages-the-contract-never-decides");
    try_by(&boss.cx).await.unwrap();
    let version = world.version(id).await;
    refused_by(act::ratify(&assessor.acting_as("management"), id, version, "Fine.").await, "assessor-never-decides");
    refused_by(act::ratify(&security.acting_as("data_controller"), id, version, "Fine.").await, "recommender-never-decides");
    // Whoever gave it may still decide: the levels are a decision of their own, and nobody counts at two of them. Nobody assesses what they let begin.
    let of = store::load(boss.cx.db(), world.case(id).await).await.unwrap();
    assert!(boss.cx.may("proposal.approve", &of));
    refused_by(boss.cx.permit("proposal.judge", &of).map(|_| ()), "who-approved-urgently-never-assesses");
});

both_engines!(migrations, /// OFF-6: work that begins after the day by which one must be ratified can wait: none is offered, and the way to it says from when.
async fn off_6_what_begins_later_can_wait(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let boss = world.official("management").await;
    assert!(!boss.browser(&world).get(&format!("/proposals/{id}")).await.text().contains("Approve urgently"));
    assert!(says(give(&world, &boss.cx, id).await).contains("From 27 May 2026 on"));
    world.until(date(2026, 5, 27));
    let boss = world.official("management").await;
    assert!(boss.browser(&world).get(&format!("/proposals/{id}")).await.text().contains("Approve urgently"));
    give(&world, &boss.cx, id).await.unwrap();
});

both_engines!(migrations, /// OFF-11, OWN-3: none is given before a proposal is handed in, nor where its edition knows none; a draft is hidden as ever.
async fn off_11_an_urgent_approval_needs_a_proposal_and_a_pack(db) {
    let world = World::new(db).await;
    world.until(FIRST);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let boss = world.official("management").await;
    let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let refused = act::approve_urgently(&boss.cx, draft, world.version(draft).await, &with(FIRST, FIRST)).await;
    assert!(matches!(refused, Err(Error::Refused(_) | Error::NotFound)), "{refused:?}");
    assert_eq!(boss.browser(&world).get(&format!("/proposals/{draft}/urgent")).await.status, StatusCode::NOT_FOUND);
    // Returned, it is the supplier's.
    act::submit(&lead.cx, draft, world.version(draft).await, true, None).await.unwrap();
    let manager = world.official("contract_manager").await;
    world.app.advance(1_000);
    let point = crate::offshoring::act::point(
        act::form_of(&act::pack_of(&manager.cx, &world.case(draft).await).unwrap()).unwrap(),
        None,
        "Say more.",
    );
    act::send_back(&manager.cx, draft, world.version(draft).await, "Too short.", &[point]).await.unwrap();
    assert!(says(give(&world, &boss.cx, draft).await).contains("The supplier has this proposal"));
    // An edition that knows no urgent approval lets nobody give one.
    let admin = world.official("administrator").await;
    let source = crate::edition::tests::edition("offshoring", "2027.1", &[]);
    let mut source = source;
    let text = source.files.get_mut("pack.yaml").unwrap();
    let (start, end) = (text.find("urgent_approval:").unwrap(), text.find("# Facts by country").unwrap());
    text.replace_range(start..end, "");
    crate::edition::act::install(&admin.cx, source, false).await.unwrap();
    crate::edition::act::put_in_use(&admin.cx, "offshoring", "2027.1", "Nothing is that urgent.").await.unwrap();
    let later = world.submitted(&lead).await;
    refused_by(give(&world, &boss.cx, later).await, "nothing-permits");
    assert!(!boss.browser(&world).get(&format!("/proposals/{later}")).await.text().contains("Approve urgently"));
    assert!(boss.browser(&world).get("/packs/compare/offshoring/2027.1").await.status != StatusCode::INTERNAL_SERVER_ERROR);
});

both_engines!(migrations, /// OFF-11: refused, it ends at once; after two in a row that were refused or lapsed none is given for the same work, until that is decided on.
async fn off_11_two_refusals_in_a_row_end_urgent_approvals(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    give(&world, &boss.cx, id).await.unwrap();
    let work_id = work_of(&world, id).await[0].id;
    world.app.advance(1_000);
    act::refuse_urgent(&data.cx, id, world.version(id).await, "It can wait.").await.unwrap();
    assert_eq!(approval(&world, id).await.standing, Standing::Revoked);
    assert_eq!(work_of(&world, id).await[0].cover, "uncovered");
    let row = work_of(&world, id).await.remove(0);
    assert!(matches!(work::start(&lead.cx, row.id, row.version).await, Err(Error::Blocked(_))));
    // A second one: no work is planned twice.
    give(&world, &boss.cx, id).await.unwrap();
    let rows = work_of(&world, id).await;
    assert_eq!((rows.len(), rows[0].id, rows[0].cover.as_str()), (1, work_id, "urgent"));
    world.app.advance(1_000);
    act::refuse_urgent(&data.cx, id, world.version(id).await, "It still can.").await.unwrap();
    let told = says(give(&world, &boss.cx, id).await);
    assert!(told.contains("2 urgent approvals of this work in a row"), "{told}");
    let page = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(page.contains("Urgent approval refused") && page.contains("Earlier urgent approvals") && !page.contains("Approve urgently"), "{page}");
    // The same work under another proposal neither; other work may.
    let again = world.submitted(&lead).await;
    assert!(says(give(&world, &boss.cx, again).await).contains("in a row"));
    let mut other = answers(world.lead.0);
    other["kinds"] = serde_json::json!(["access", "support"]);
    other["sites"][0]["site_activities"] = serde_json::json!(["access", "support"]);
    other["privileged_rights"] = "They start and stop the desk.".into();
    other["privileged_control"] = "Each session is recorded.".into();
    let other = world.draft(&lead, world.lead.1, other).await;
    act::submit(&lead.cx, other, world.version(other).await, true, None).await.unwrap();
    give(&world, &boss.cx, other).await.unwrap();
    // Once it is decided on, the row of those that failed is over.
    world.to_decision(id).await;
    world.app.advance(1_000);
    act::decline(&boss.cx, id, world.version(id).await, &["site_security".to_owned()], "Strangers share the floor.").await.unwrap();
    give(&world, &boss.cx, again).await.unwrap();
});

both_engines!(migrations, /// OFF-11, OWN-3: the supplier reads that an approval is urgent, its days, conditions and by when it must be ratified; why and by whom stays with the authority, and all of it with these two.
async fn off_11_what_a_supplier_reads_of_an_urgent_approval(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let page = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    for word in ["Urgent, to be ratified by 6 June 2026", "1 June 2026", "28 June 2026", "Tell us of each call.", "may start at once"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    for path in ["", "/history", "/letter", "/tasks"] {
        let page = lead.browser(&world).get(&format!("/proposals/{id}{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for word in ["The old desk closes tonight", "Pat management", "Approve urgently", "Ratify the urgent"] {
            assert!(!page.text().contains(word), "{path} {word}: {}", page.text());
        }
    }
    let history = lead.browser(&world).get(&format!("/proposals/{id}/history")).await.text();
    assert!(history.contains("Urgent approval given"), "{history}");
    let letter = lead.browser(&world).get(&format!("/proposals/{id}/letter")).await.text();
    assert!(letter.contains("Approved urgently, to be ratified") && letter.contains("lapses after 6 June 2026"), "{letter}");
    assert!(lead.browser(&world).get("/proposals").await.text().contains("Urgent, to be ratified by 6 June 2026"));
    // The authority reads all of it.
    let page = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(page.contains("The old desk closes tonight.") && page.contains("Pat management"), "{page}");
    assert!(boss.browser(&world).get("/map/IN").await.text().contains("Urgent, to be ratified by 6 June 2026"));
    let listed = boss.browser(&world).get("/arrangements?cover=urgent").await.text();
    assert!(listed.contains("Night support for ferry bookings") && listed.contains("Urgent approval"), "{listed}");
    // Its paper is found genuine, as any.
    let of = store::load(boss.cx.db(), world.case(id).await).await.unwrap();
    make_paper::<Proposals>(&boss.cx, &of, crate::paper::model::Kind::Letter).await.unwrap();
    // Another supplier meets none of it, whatever it writes into the address bar.
    let stranger = world.person("supplier_lead", world.other.0).await;
    let mut browser = stranger.browser(&world);
    for path in ["", "/urgent", "/ratify", "/refuse-urgent", "/letter"] {
        assert_eq!(browser.get(&format!("/proposals/{id}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/urgent", "/ratify", "/refuse-urgent"] {
        let page = lead.browser(&world).get(&format!("/proposals/{id}{path}")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(boss.browser(&world).get("/proposals/00000000-0000-7000-8000-000000000001/urgent").await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.browser(&world).get("/proposals/nonsense/ratify").await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// OFF-6, OFF-11: by the pages: the form says what is wrong and keeps what was typed; the one who ratifies finds it at home.
async fn off_6_an_urgent_approval_by_the_pages(db) {
    let world = World::new(db).await;
    let (_, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    let (at, mut browser) = (format!("/proposals/{id}"), boss.browser(&world));
    let overview = browser.get(&at).await;
    let form = browser.get(&overview.link("Approve urgently")).await;
    assert!(form.text().contains("for at most 28 days") && form.text().contains("within 5 days"), "{}", form.text());
    assert!(form.text().contains("Who may ratify yours: Pat data controller."), "{}", form.text());
    let action = format!("{at}/urgent");
    let long = [("until.day", "29"), ("until.month", "6"), ("until.year", "2026"), ("reason", "The old desk closes.")];
    let wrong = browser.submit(&form, &action, &long).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("28 days at most") && wrong.text().contains("The old desk closes."), "{}", wrong.text());
    let wrong = browser.submit(&wrong, &action, &[("until.day", "31"), ("until.month", "6")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    let done = browser.submit(&wrong, &action, &[("until.day", "20"), ("until.month", "6"), ("until.year", "2026")]).await;
    assert!(done.text().contains("Urgent, to be ratified by 6 June 2026"), "{}", done.text());
    assert!(!done.text().contains("Ratify the urgent approval") && done.text().contains("Suspend the approval"), "{}", done.text());
    assert_eq!(browser.get(&format!("{at}/urgent")).await.status, StatusCode::CONFLICT, "there is one at a time");
    assert_eq!(browser.get(&format!("{at}/ratify")).await.status, StatusCode::FORBIDDEN, "nobody ratifies their own");
    assert!(!browser.get("/").await.text().contains("Urgent approvals to ratify"));
    let mut other = data.browser(&world);
    let home = other.get("/").await;
    assert!(home.text().contains("Urgent approvals to ratify") && home.text().contains("ratify or refuse by 6 June 2026"), "{}", home.text());
    let overview = other.get(&at).await;
    assert!(overview.text().contains("Refuse the urgent approval"), "{}", overview.text());
    let form = other.get(&overview.link("Ratify the urgent approval")).await;
    assert!(form.text().contains("The old desk closes.") && form.text().contains("Pune office"), "{}", form.text());
    let action = format!("{at}/ratify");
    let wrong = other.submit(&form, &action, &[("reason", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = other.submit(&wrong, &action, &[("reason", "The desk cannot be empty.")]).await;
    assert!(done.text().contains("Urgent, ratified, until 20 June 2026"), "{}", done.text());
    assert!(!other.get("/").await.text().contains("Urgent approvals to ratify"));
    assert_eq!(other.get(&action).await.status, StatusCode::CONFLICT);
    let letter = other.get(&format!("{at}/letter")).await.text();
    assert!(letter.contains("Approved urgently, and ratified"), "{letter}");
});

both_engines!(migrations, /// OFF-11: those who may ratify hear of it at once and again before its day, management once that is nearly past, and both sides when it lapses; nobody twice.
async fn off_11_whom_an_urgent_approval_is_told_to(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (manager, boss) = (world.official("contract_manager").await, world.official("management").await);
    let (second, data) = (world.official("management").await, world.official("data_controller").await);
    give(&world, &boss.cx, id).await.unwrap();
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    let heard = async |person: &Person, part: &str| {
        told(&person.cx, person.account, None, 100).await.unwrap().iter().filter(|one| one.subject.contains(part)).count()
    };
    for (person, part, count) in [
        (&second, "ratify an urgent approval by 6 June 2026", 1),
        (&data, "ratify an urgent approval by 6 June 2026", 1),
        (&boss, "ratify an urgent approval", 0),
        (&lead, "an urgent approval was given", 1),
        (&manager, "an urgent approval was given", 1),
        (&lead, "ratify", 0),
    ] {
        assert_eq!(heard(person, part).await, count, "{part}");
    }
    let on = async |day: Date| {
        world.until(day);
        world.app.work().await;
        world.app.advance(7 * platform::clock::HOUR);
        world.app.work().await;
    };
    on(date(2026, 6, 3)).await;
    assert_eq!(heard(&data, "ratify its urgent approval by").await, 0);
    on(date(2026, 6, 4)).await;
    assert_eq!((heard(&data, "ratify its urgent approval by 6 June").await, heard(&boss, "nobody ratified").await), (1, 0));
    on(date(2026, 6, 5)).await;
    assert_eq!(heard(&data, "ratify its urgent approval by 6 June").await, 2);
    // Ignored so far: whoever gave it and whoever manages the contract hear of it too, and of the ratifiers nobody twice.
    assert_eq!((heard(&boss, "nobody ratified").await, heard(&manager, "nobody ratified").await, heard(&data, "nobody ratified").await), (1, 1, 0));
    on(date(2026, 6, 7)).await;
    on(date(2026, 6, 8)).await;
    for person in [&lead, &manager, &boss, &second, &data] {
        assert_eq!(heard(person, "the urgent approval lapsed").await, 1);
    }
    let mail = world.mail().await;
    assert!(mail[&lead.email].iter().all(|subject| !subject.contains("closes tonight")));
});
