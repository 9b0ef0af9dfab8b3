//! Entry on behalf: a questionnaire that came on paper is entered by a contract manager, marked wherever it is named, checked by others, and
//! confirmed or contested by the supplier's lead.

use axum::http::StatusCode;
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers, refused_by};
use crate::casework::act as around;
use crate::casework::papers::make as make_paper;
use crate::migrations::migrations;
use crate::offshoring::act::{self, Entering};
use crate::offshoring::archive::Parts;
use crate::offshoring::store::{self, Said, Way};
use crate::offshoring::{Proposals, act::entered_words};

fn came() -> Entering {
    Entering { way: Way::Paper, came_on: jiff::civil::date(2026, 2, 27), reason: "Halyard sent it by post.".to_owned() }
}

/// A proposal entered on behalf of Halyard, handed in.
async fn entered(world: &World, by: &Person) -> Uuid {
    let id = act::begin_on_behalf(&by.cx, world.lead.1, &came()).await.unwrap();
    crate::testing::attach(&by.cx, "proposal", id, "Scan of the paper.pdf", false).await;
    world.answer(&by.cx, id, answers(world.lead.0)).await;
    act::submit(&by.cx, id, world.version(id).await, true, None).await.unwrap();
    id
}

both_engines!(migrations, /// OFF-8: a contract manager enters what came on paper for a supplier without people here: with how, when and why it came, the paper attached, and the mark wherever it is named.
async fn off_8_a_paper_is_entered_on_behalf(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut desk = manager.browser(&world);
    let list = desk.get("/proposals").await;
    let choose = desk.get(&list.link("Enter one on behalf of a supplier")).await;
    assert!(choose.text().contains("Ferry bookings"), "{}", choose.text());
    let at = format!("/proposals/behalf/{}", world.lead.1);
    assert!(choose.links().contains(&at));
    let page = desk.get(&at).await;
    let wrong = desk.submit(&page, &at, &[("came_on.day", "3"), ("came_on.month", "4"), ("came_on.year", "2026"), ("reason", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Choose how it came"), "{}", wrong.text());
    let wrong = desk.submit(&page, &at, &[("way", "paper"), ("came_on.day", "3"), ("came_on.month", "4"), ("came_on.year", "2026"), ("reason", "")]).await;
    for says in ["Choose today or an earlier day", "Say why you enter it"] {
        assert!(wrong.text().contains(says), "{says}: {}", wrong.text());
    }
    let fields = [("way", "paper"), ("came_on.day", "27"), ("came_on.month", "2"), ("came_on.year", "2026"), ("reason", "Halyard sent it by post.")];
    let case = desk.submit(&page, &at, &fields).await;
    let id: Uuid = case.path.rsplit('/').next().unwrap().parse().unwrap();
    for says in ["Entered on behalf of Halyard Systems by Pat contract manager", "On paper, on 27 February 2026", "Halyard sent it by post.", "Attach the scanned paper"] {
        assert!(case.text().contains(says), "{says}: {}", case.text());
    }
    world.answer(&manager.cx, id, answers(world.lead.0)).await;
    let early = act::submit(&manager.cx, id, world.version(id).await, true, None).await;
    assert!(matches!(early, Err(platform::Error::Blocked(_))), "without the paper: {early:?}");
    let files = desk.get(&case.link("Attach the scanned paper")).await;
    let add = files.links().into_iter().find(|href| href.contains("/files/of/proposal/")).unwrap_or_else(|| files.path.clone());
    let files = desk.get(&add).await;
    let added = desk.upload(&files, &format!("/files/of/proposal/{id}"), &[("file", "scan.pdf", b"%PDF-1.7\nscan\n")]).await;
    assert!(added.status.is_success(), "{}", added.text());
    let check = desk.get(&format!("/proposals/{id}/check")).await;
    assert!(check.text().contains("The answers are those of the paper or e-mail that is attached."), "{}", check.text());
    let sent = desk.submit(&check, "/submit", &[("declaration", "yes")]).await;
    assert!(sent.text().contains("OFF-2026-000001"), "{}", sent.text());
    // The mark: in lists, on the case, in the paper, the archive, the history.
    let colleague = world.official("contract_manager").await;
    let mark = "Entered on behalf of Halyard Systems by Pat contract manager";
    let mut other = colleague.browser(&world);
    assert!(other.get("/proposals").await.text().contains(mark));
    for page in ["", "/thread", "/files"] {
        assert!(other.get(&format!("/proposals/{id}{page}")).await.text().contains(mark), "{page}");
    }
    let of = store::load(colleague.cx.db(), world.case(id).await).await.unwrap();
    let words = entered_words(&colleague.cx, &of).await.unwrap().unwrap();
    assert!(words.starts_with("Entered on behalf of Halyard Systems by ") && words.contains("On paper, on 27 February 2026"), "{words}");
    assert!(!words.contains("Pat"), "a paper that both sides read names none of the authority's people: {words}");
    make_paper::<Proposals>(&colleague.cx, &of, crate::paper::model::Kind::Proposal).await.unwrap();
    let parts = Parts::read(&colleague.cx, &of, &[]).await.unwrap();
    for name in ["case.html", "case.json"] {
        let part = parts.files.iter().find(|part| part.name == name).unwrap();
        assert!(String::from_utf8_lossy(&part.bytes).contains(mark), "{name}");
    }
    assert!(other.get(&format!("/proposals/{id}/history")).await.text().contains("Begun on behalf of the supplier"));
});

both_engines!(migrations, /// OFF-8, OWN-3: whoever entered it neither checks nor assesses nor decides it, in whatever role; others do. Nobody else of the authority sees the draft.
async fn off_8_who_entered_it_never_checks(db) {
    let world = World::new(db).await;
    let (manager, colleague) = (world.official("contract_manager").await, world.official("contract_manager").await);
    let draft = act::begin_on_behalf(&manager.cx, world.lead.1, &came()).await.unwrap();
    let mut other = colleague.browser(&world);
    assert_eq!(other.get(&format!("/proposals/{draft}")).await.status, StatusCode::NOT_FOUND);
    assert!(!other.get("/proposals").await.text().contains("Halyard Systems by"));
    let assessor = world.official("assessor").await;
    refused_by(act::begin_on_behalf(&assessor.cx, world.lead.1, &came()).await.map(drop), "nothing-permits");
    let id = entered(&world, &manager).await;
    let never = "who-entered-it-never-checks";
    let version = world.version(id).await;
    refused_by(act::pass_on(&manager.cx, id, version, None).await, never);
    refused_by(act::not_offshoring(&manager.cx, id, version, "It is not.").await, never);
    let point = platform::cases::rounds::NewPoint { section: None, question: None, text: "More.".to_owned() };
    refused_by(act::send_back(&manager.cx, id, version, "More.", std::slice::from_ref(&point)).await, never);
    refused_by(around::take_on::<Proposals>(&manager.cx, id, version).await, never);
    world.app.advance(1_000);
    act::pass_on(&colleague.cx, id, version, None).await.unwrap();
    let as_assessor = platform::Cx::new(&world.app.core, manager.acting_as("assessor").actor).unwrap();
    let as_management = platform::Cx::new(&world.app.core, manager.acting_as("management").actor).unwrap();
    let of = store::load(manager.cx.db(), world.case(id).await).await.unwrap();
    for (by, actions) in [
        (&as_assessor, &["proposal.judge", "proposal.assess", "proposal.recommend", "proposal.widen"][..]),
        (&as_management, &["proposal.approve", "proposal.decline", "proposal.send_back"][..]),
    ] {
        for action in actions.iter().copied() {
            // Whoever submitted it is kept from some of these already.
            match by.permit(action, &of) {
                Err(platform::Error::Refused(refusal)) => {
                    assert!([never, "submitter-never-assesses", "submitter-never-decides"].contains(&refusal.policy.as_str()), "{refusal:?}");
                }
                other => panic!("{action}: {other:?}"),
            }
        }
    }
});

both_engines!(migrations, /// OFF-8: a supplier with people here enters its answers itself; once it has a lead, that person sees the mark and confirms or contests the entry in the thread, once.
async fn off_8_the_lead_confirms_or_contests(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let (confirmed, contested) = (entered(&world, &manager).await, entered(&world, &manager).await);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let refused = act::begin_on_behalf(&manager.cx, world.lead.1, &came()).await;
    assert!(matches!(refused, Err(platform::Error::Conflict(_))), "{refused:?}");
    let mut browser = lead.browser(&world);
    let page = browser.get(&format!("/proposals/{confirmed}")).await;
    assert!(page.text().contains("Entered on behalf of Halyard Systems by") && !page.body.contains("Pat contract manager"), "{}", page.text());
    assert!(page.text().contains("Halyard sent it by post."), "{}", page.text());
    let say = browser.get(&page.link("Confirm or contest the entry")).await;
    let thread = browser.submit(&say, "/behalf", &[("said", "confirmed")]).await;
    assert!(thread.text().contains("The supplier confirmed it"), "{}", thread.text());
    assert!(matches!(act::say(&lead.cx, confirmed, Said::Contested, "No.").await, Err(platform::Error::Conflict(_))));
    let say = browser.get(&format!("/proposals/{contested}/behalf")).await;
    let wrong = browser.submit(&say, "/behalf", &[("said", "contested"), ("text", "")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Say what is wrong"), "{}", wrong.text());
    browser.submit(&say, "/behalf", &[("said", "contested"), ("text", "Six people, not five.")]).await;
    let read = manager.browser(&world).get(&format!("/proposals/{contested}/thread")).await.text();
    assert!(read.contains("The supplier contested it") && read.contains("Six people, not five."), "{read}");
    let member = world.person("supplier_member", world.lead.0).await;
    refused_by(act::say(&member.cx, contested, Said::Confirmed, "").await, "nothing-permits");
    let other = world.person("supplier_lead", world.other.0).await;
    assert_eq!(other.browser(&world).get(&format!("/proposals/{contested}/behalf")).await.status, StatusCode::NOT_FOUND);
});
