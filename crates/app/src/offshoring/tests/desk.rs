//! Who has a proposal, on every page that says so; and what becomes of it when that person goes.

use axum::http::StatusCode;
use platform::Error;
use platform::authz::Side;
use platform::cases::tasks::{self, NewTask};
use platform::identity::account;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::{Page, both_engines};
use uuid::Uuid;

use super::world::{Person, World, answers};
use crate::casework::act as around;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act;

/// The people who have a case or an open task, and the cases that they have.
async fn owners(world: &World) -> Vec<Uuid> {
    let cases = platform::cases::store::CaseEntity::find().all(world.app.core.db.reader()).await.unwrap();
    let tasks = platform::cases::rows::case_task::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    cases.into_iter().filter_map(|c| c.owner).chain(tasks.into_iter().filter(|t| t.done_at.is_none()).filter_map(|t| t.owner)).collect()
}

/// Closed accounts that still have something.
async fn closed_owners(world: &World) -> usize {
    let rows =
        account::Entity::find().filter(account::Column::Id.is_in(owners(world).await)).all(world.app.core.db.reader()).await.unwrap();
    rows.into_iter().filter(|a| a.state == "closed").count()
}

async fn actions(world: &World, id: Uuid) -> Vec<String> {
    let cx = world.app.operator();
    platform::book::timeline(&cx, "proposal", &id.to_string(), 100).await.unwrap().into_iter().map(|l| l.action).collect()
}

/// The references that a list shows.
fn listed(page: &Page) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.select("table a").iter().map(|t| t.split(' ').next().unwrap().to_owned()).collect()
}

both_engines!(migrations, /// OFF-8: whoever has the role takes a proposal on, passes it on and puts it back; head, list and queue show it, and each is an entry.
async fn off_8_taken_on_passed_on_and_put_back(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (mina, theo) = (world.official("contract_manager").await, world.official("contract_manager").await);
    let assessor = world.official("assessor").await;
    let first = world.submitted(&lead).await;
    world.app.advance(1_000);
    world.submitted(&lead).await;
    let (mut hers, mut his) = (mina.browser(&world), theo.browser(&world));
    let at = |id: Uuid| format!("/proposals/{id}");
    // Nobody's yet: it waits for both, and both may act.
    for browser in [&mut hers, &mut his] {
        assert_eq!(listed(&browser.get("/proposals?whose=nobodys").await), ["OFF-2026-000001", "OFF-2026-000002"], "oldest first");
        assert!(browser.get("/").await.text().contains("Waits for you (2)"));
        assert!(browser.get(&at(first)).await.text().contains("Who has it Contract manager"));
    }
    let page = hers.get(&at(first)).await;
    let taken = hers.submit(&page, "/who", &[("do", "take_on")]).await;
    assert!(taken.text().contains("Who has it You"), "{}", taken.text());
    // An old page is told apart.
    assert_eq!(hers.submit(&page, "/who", &[("do", "take_on")]).await.status, StatusCode::OK, "the same click again leads to the same place");
    assert_eq!(listed(&hers.get("/proposals?whose=mine").await), ["OFF-2026-000001"]);
    assert_eq!(listed(&his.get("/proposals?whose=nobodys").await), ["OFF-2026-000002"]);
    assert_eq!(listed(&his.get("/proposals?whose=all").await), ["OFF-2026-000001", "OFF-2026-000002"]);
    let home = his.get("/").await.text();
    assert!(home.contains("Waits for you (1)") && home.contains("Yours (0)") && home.contains("Nobody’s yet (1)") && home.contains("All (2)"), "{home}");
    assert!(his.get("/proposals").await.text().contains("Pat contract manager (Contract manager)"));
    // Passed to a colleague of the role, and to nobody else.
    let page = hers.get(&format!("{}/who", at(first))).await;
    let (wrong, right) = (assessor.account.to_string(), theo.account.to_string());
    assert!(!page.body.contains(&wrong) && page.body.contains(&right));
    assert_eq!(hers.submit(&page, "/who", &[("to", &wrong)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hers.submit(&page, "/who", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    hers.submit(&page, "/who", &[("to", &right)]).await;
    assert_eq!(world.case(first).await.owner, Some(theo.account));
    assert!(world.mail().await[&theo.email].iter().any(|s| s == "OFF-2026-000001 was passed to you"));
    // Not hers any more: she cannot put it back, but could take it over or act on it.
    let version = world.version(first).await;
    assert!(matches!(around::put_back::<Proposals>(&mina.cx, first, version).await, Err(Error::Refused(r)) if r.policy == "only-ones-own-is-put-back"));
    let page = his.get(&at(first)).await;
    let put = his.submit(&page, "/who", &[("do", "put_back")]).await;
    assert!(put.text().contains("Who has it Contract manager"), "{}", put.text());
    // Another role does not take on what does not wait for it; a supplier never what waits for the authority.
    let version = world.version(first).await;
    for stranger in [&assessor, &lead] {
        assert!(matches!(around::take_on::<Proposals>(&stranger.cx, first, version).await, Err(Error::Refused(_))));
        assert!(!stranger.browser(&world).get(&at(first)).await.has_form("/who"));
    }
    assert_eq!(actions(&world, first).await, ["proposal.begin", "proposal.submit", "proposal.take_on", "proposal.pass_to", "proposal.put_back"]);
    // No need to take it on first.
    act::pass_on(&mina.cx, first, version, None).await.unwrap();
    assert_eq!(world.case(first).await.owner, None, "the next stage waits for other people");
    assert_eq!(owners(&world).await, Vec::<Uuid>::new());
});

both_engines!(migrations, /// OFF-8, OFF-10: acting on a proposal that nobody has takes it on; the next stage is nobody's again. Whoever may not decide does not take a decision on.
async fn off_8_acting_takes_on(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (manager, other) = (world.official("contract_manager").await, world.official("contract_manager").await);
    let id = world.submitted(&lead).await;
    around::write::<Proposals>(&lead.cx, id, &Writing::message("Is it there?")).await.unwrap();
    assert_eq!(world.case(id).await.owner, None, "it does not wait for the supplier");
    around::write::<Proposals>(&manager.cx, id, &Writing::message("It is.")).await.unwrap();
    assert_eq!(world.case(id).await.owner, Some(manager.account));
    around::write::<Proposals>(&other.cx, id, &Writing::note("I saw it too.")).await.unwrap();
    assert_eq!(world.case(id).await.owner, Some(manager.account), "it is taken on once");
    act::pass_on(&other.cx, id, world.version(id).await, None).await.unwrap();
    let assessor = world.official("assessor").await;
    world.judge_all(&assessor, id).await;
    assert_eq!(world.case(id).await.owner, Some(assessor.account));
    act::assess(&assessor.cx, id, world.version(id).await, "Low").await.unwrap();
    let security = world.official("security").await;
    act::recommend(&security.cx, id, world.version(id).await, act::Recommending::Approve, "Low").await.unwrap();
    let taken = around::take_on::<Proposals>(&assessor.acting_as("management"), id, world.version(id).await).await;
    assert!(matches!(taken, Err(Error::Refused(r)) if r.policy == "who-never-decides-never-takes-on"));
    let all = actions(&world, id).await;
    assert_eq!(all.iter().filter(|a| *a == "proposal.take_on").count(), 2, "{all:?}");
});

both_engines!(migrations, /// OFF-8: a proposal goes to the manager of its contract, who is told; on a contract without one to whoever takes it on.
async fn off_8_a_proposal_goes_to_the_contracts_manager(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (mina, theo) = (world.official("contract_manager").await, world.official("contract_manager").await);
    let row = crate::contract::store::get(world.app.core.db.reader(), world.contract).await.unwrap();
    let details = crate::contract::model::Details { manager: Some(mina.account), ..row.row.details() };
    crate::contract::act::change(&world.app.operator(), world.contract, row.row.version, &details).await.unwrap();
    let id = world.submitted(&lead).await;
    assert_eq!(world.case(id).await.owner, Some(mina.account));
    let mail = world.mail().await;
    assert!(mail.contains_key(&mina.email) && !mail.contains_key(&theo.email), "{mail:?}");
    assert!(mina.browser(&world).get("/").await.text().contains("Waits for you (1)"));
    let others = theo.browser(&world).get("/").await.text();
    assert!(others.contains("Waits for you (0)") && others.contains("All (1)"), "{others}");
    // The supplier reads for whom it waits, not who has it there.
    let page = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(page.contains("Who has it Contract manager") && !page.contains("Pat contract manager"), "{page}");
    // The manager lost the role: the next one is nobody's.
    let other = world.submitted(&lead).await;
    let browser = &mut world.official("administrator").await.browser(&world);
    let page = browser.get(&format!("/accounts/{}", mina.account)).await;
    browser.submit(&page, &format!("{}/end", mina.cx.actor.membership().unwrap()), &[]).await;
    assert_eq!((world.case(id).await.owner, world.case(other).await.owner), (None, None), "what she had went back");
    let third = world.submitted(&lead).await;
    assert_eq!(world.case(third).await.owner, None);
});

/// A task for this person.
async fn task_for(by: &Person, id: Uuid, whom: &Person, side: Side) -> platform::Result<Uuid> {
    let task = NewTask { owner: Some(whom.account), ..NewTask::new("Visit the site".to_owned(), side) };
    around::add_task::<Proposals>(&by.cx, id, task).await
}

both_engines!(migrations, /// OWN-3: a leaver's cases and tasks are listed and handed over to somebody who may have them; then nothing is left with the closed account.
async fn own_3_a_leavers_work_is_handed_over(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let [leaver, heir, assessor, keeper] = [
        world.official("contract_manager").await,
        world.official("contract_manager").await,
        world.official("assessor").await,
        world.official("administrator").await,
    ];
    let id = world.submitted(&lead).await;
    around::take_on::<Proposals>(&leaver.cx, id, world.version(id).await).await.unwrap();
    let task = task_for(&heir, id, &leaver, Side::Authority).await.unwrap();
    assert!(matches!(task_for(&heir, id, &leaver, Side::Supplier).await, Err(Error::Invalid(e)) if e.get("owner").is_some()));
    let mut browser = keeper.browser(&world);
    let at = format!("/accounts/{}", leaver.account);
    let page = browser.get(&format!("{at}/hand-over")).await;
    assert!(page.text().contains("OFF-2026-000001: Night support") && page.text().contains("Task on OFF-2026-000001: Visit the site"), "{}", page.text());
    // Not to somebody who may not have it, not to the leaver, and not by halves.
    let wrong = browser.submit(&page, "/hand-over", &[("to", &assessor.account.to_string())]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("This person may not have OFF-2026-000001"), "{}", wrong.text());
    let same = browser.submit(&page, "/hand-over", &[("to", &leaver.account.to_string())]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(owners(&world).await, [leaver.account, leaver.account]);
    let done = browser.submit(&page, "/hand-over", &[("to", &heir.account.to_string())]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    assert_eq!(owners(&world).await, [heir.account, heir.account]);
    let page = browser.get(&at).await;
    browser.submit(&page, "/close", &[]).await;
    assert_eq!(closed_owners(&world).await, 0);
    assert!(browser.get(&format!("{at}/hand-over")).await.text().contains("Nothing to hand over"));
    let actions = actions(&world, id).await;
    assert_eq!(actions[actions.len() - 2..], ["proposal.pass_to", "proposal.pass_task"]);
    // The heir finds both.
    let mut theirs = heir.browser(&world);
    assert_eq!(listed(&theirs.get("/proposals?whose=mine").await), ["OFF-2026-000001"]);
    let row = tasks::get(&heir.cx, heir.cx.db(), &world.case(id).await, task).await.unwrap();
    around::finish_task::<Proposals>(&heir.cx, id, task, row.version, None).await.unwrap();
});

both_engines!(migrations, /// OWN-3: an account that is closed with work left leaves it to whoever has the role: nothing waits for somebody who cannot come.
async fn own_3_closing_puts_work_back(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let [leaver, other, keeper] =
        [world.official("contract_manager").await, world.official("contract_manager").await, world.official("administrator").await];
    let id = world.submitted(&lead).await;
    around::take_on::<Proposals>(&leaver.cx, id, world.version(id).await).await.unwrap();
    task_for(&other, id, &leaver, Side::Authority).await.unwrap();
    let mut browser = keeper.browser(&world);
    let page = browser.get(&format!("/accounts/{}", leaver.account)).await;
    browser.submit(&page, "/close", &[]).await;
    assert_eq!(owners(&world).await, Vec::<Uuid>::new());
    assert_eq!(listed(&other.browser(&world).get("/proposals?whose=nobodys").await), ["OFF-2026-000001"]);
    let all = actions(&world, id).await;
    assert_eq!(all[all.len() - 2..], ["proposal.put_back", "proposal.pass_task"]);
});

both_engines!(migrations, /// OWN-3: nobody hands over all their own work, as nobody closes their own account; a lead hands over in its own party only, and an administrator hands a supplier's drafts over unread.
async fn own_3_who_hands_over(db) {
    let world = World::new(db).await;
    let (lead, member) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.lead.0).await);
    let other = world.person("supplier_lead", world.other.0).await;
    let keeper = world.official("administrator").await;
    let id = world.draft(&member, world.lead.1, answers(world.lead.0)).await;
    assert_eq!(world.case(id).await.owner, Some(member.account), "whoever begins a draft has it");
    let at = |who: &Person| format!("/accounts/{}", who.account);
    for own in [&keeper, &lead] {
        let mut browser = own.browser(&world);
        assert!(!browser.get(&at(own)).await.links().iter().any(|l| l.ends_with("/hand-over")));
        let page = browser.get(&format!("{}/hand-over", at(own))).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(matches!(crate::account::act::hand_over(&own.cx, own.account, keeper.account).await, Err(Error::Refused(r)) if r.policy == "not-ones-own-account"));
    }
    // The administrator sees that there is a draft, and nothing of it.
    let page = keeper.browser(&world).get(&format!("{}/hand-over", at(&member))).await;
    assert!(page.text().contains("A proposal that you may not open") && !page.text().contains("Night support"), "{}", page.text());
    assert_eq!(other.browser(&world).get(&format!("{}/hand-over", at(&member))).await.status, StatusCode::NOT_FOUND);
    let mut browser = lead.browser(&world);
    let page = browser.get(&format!("{}/hand-over", at(&member))).await;
    assert!(page.text().contains("Night support for ferry bookings"), "{}", page.text());
    browser.submit(&page, "/hand-over", &[("to", &lead.account.to_string())]).await;
    assert_eq!(world.case(id).await.owner, Some(lead.account));
});

both_engines!(migrations, /// OWN-3: a party without a place in a contract is told what it can do, and is offered nothing that it cannot.
async fn own_3_a_bidder_is_told_what_it_can_do(db) {
    let world = World::new(db).await;
    let party = world.app.party(Side::Supplier, "Fairlead Digital").await;
    let bidder = world.person("supplier_lead", party).await;
    let mut browser = bidder.browser(&world);
    let home = browser.get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text().contains("no place in a contract yet") && home.text().contains("You answer with a bid"), "{}", home.text());
    for link in ["/check", "/packs", "/account"] {
        assert!(home.links().iter().any(|l| l == link), "{link}");
        assert_eq!(browser.get(link).await.status, StatusCode::OK, "{link}");
    }
    for page in ["/", "/proposals"] {
        assert!(!browser.get(page).await.links().iter().any(|l| l == "/proposals/new"), "{page}");
    }
    assert!(browser.get("/proposals/new").await.text().contains("You have no place in a contract yet"));
});

both_engines!(migrations, /// OFF-8: lists and home name a draft by its own answer, once it has one, to those who may see it; the search finds it by that.
async fn off_8_a_draft_goes_by_its_own_name(db) {
    let world = World::new(db).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = act::begin(&sub.cx, world.sub.1).await.unwrap();
    let mut browser = sub.browser(&world);
    let unnamed = "Work abroad under Ferry bookings by Bowline Support";
    for page in [format!("/proposals/{id}"), "/".to_owned(), "/proposals".to_owned()] {
        assert!(browser.get(&page).await.text().contains(unnamed), "{page}");
    }
    let work = browser.get(&format!("/proposals/{id}/answers/work")).await;
    browser.submit(&work, "/answers/work", &[("q.work_title", "Second night shift")]).await;
    for person in [&sub, &lead] {
        let mut browser = person.browser(&world);
        for page in [format!("/proposals/{id}"), format!("/proposals/{id}/history"), "/proposals".to_owned(), "/proposals?q=second+shift".to_owned(), "/proposals?q=NIGHT+ferry".to_owned()] {
            let text = browser.get(&page).await.text();
            assert!(text.contains("Second night shift") && !text.contains(unnamed), "{page}: {text}");
        }
        assert!(!browser.get("/proposals?q=second+shifty").await.text().contains("Second night shift"));
    }
    assert!(browser.get("/").await.text().contains("Second night shift"));
    for stranger in [world.person("supplier_lead", world.other.0).await, world.official("contract_manager").await] {
        let mut browser = stranger.browser(&world);
        for page in ["/", "/proposals", "/proposals?q=second", "/proposals?stage=draft"] {
            assert!(!browser.get(page).await.text().contains("Second night"), "{page}");
        }
    }
});

both_engines!(migrations, /// OFF-8: each role's queue holds what waits for that role and nothing else; the counts by role say the same; a supplier reads what waits for it, for whom else and for how long.
async fn off_8_queues_and_counts_by_role(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let (deciding, _, _) = world.at_decision(&lead).await;
    let checking = world.submitted(&lead).await;
    let assessing = world.submitted(&lead).await;
    act::pass_on(&manager.cx, assessing, world.version(assessing).await, None).await.unwrap();
    let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    assert_eq!(world.case(draft).await.owner, Some(lead.account));
    around::put_back::<Proposals>(&lead.cx, draft, world.version(draft).await).await.unwrap();
    // Sessions end meanwhile: whoever looks afterwards is somebody else.
    world.app.advance(3 * platform::clock::DAY);
    let reference = async |id: Uuid| world.case(id).await.reference.unwrap();
    for (role, id) in [("contract_manager", checking), ("assessor", assessing), ("management", deciding)] {
        let mut browser = world.official(role).await.browser(&world);
        assert_eq!(listed(&browser.get("/proposals?whose=all").await), [reference(id).await], "{role}");
        let home = browser.get("/").await;
        assert!(home.text().contains("Waits for you (1)"), "{role}: {}", home.text());
        assert!(home.select(".vs-tiles")[0].contains("1 Contract manager"), "{:?}", home.select(".vs-tiles"));
        assert_eq!(listed(&browser.get(&format!("/proposals?for={role}")).await), [reference(id).await], "{role}");
    }
    for role in ["legal", "internal_audit"] {
        let mut browser = world.official(role).await.browser(&world);
        assert!(browser.get("/").await.text().contains("Nothing waits for you"), "{role}");
        assert!(listed(&browser.get("/proposals?whose=all").await).is_empty(), "{role}");
        assert_eq!(listed(&browser.get("/proposals").await).len(), 3, "{role}");
    }
    let (other, colleague) = (world.official("contract_manager").await, world.person("supplier_lead", world.lead.0).await);
    assert!(listed(&other.browser(&world).get("/proposals?for=nobody").await).is_empty());
    let home = colleague.browser(&world).get("/").await;
    let tables = home.select("table");
    assert_eq!(tables.len(), 2, "{}", home.text());
    assert!(tables[0].contains("Night support") && tables[0].contains("Supplier") && tables[0].contains("Draft"), "{}", tables[0]);
    for part in ["Security assessor", "Management", "Contract manager", "(3 days)"] {
        assert!(tables[1].contains(part), "{part}: {}", tables[1]);
    }
});
