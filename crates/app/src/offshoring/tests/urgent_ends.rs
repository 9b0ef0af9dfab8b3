//! What ends an urgent approval: the decision of the levels takes its place, anything else that closes the proposal ends it, a return leaves it.

use jiff::civil::date;
use platform::authz::Side;
use platform::cases::rounds::NewPoint;
use platform::cases::tasks::{self, For};
use testkit::both_engines;
use uuid::Uuid;

use super::urgent::{FIRST, approval, give, handed_in, urgent, work_of};
use super::world::{World, answers, exempt};
use crate::arrangement::act as work;
use crate::migrations::migrations;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::{Standing, Turn};
use crate::offshoring::{stale, store};
use rules::urgent::End;

async fn ended(world: &World, id: Uuid) -> Option<End> {
    urgent(world, id).await.ended.map(|(end, _)| end)
}

both_engines!(migrations, /// OFF-6, OFF-11: the approval of the levels takes the place of an urgent one: the work goes on under it, and neither work nor conditions are doubled.
async fn off_6_a_decision_takes_the_place_of_an_urgent_approval(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    let row = work_of(&world, id).await.remove(0);
    work::start(&lead.cx, row.id, row.version).await.unwrap();
    let conditions = async |world: &World| {
        let (cx, case) = (world.app.operator(), world.case(id).await);
        let all = tasks::list(&cx, cx.db(), &case, Side::Supplier).await.unwrap();
        let asked = all.into_iter().filter(|task| task.kind == For::Condition && task.stands() != tasks::Stands::Dropped);
        asked.map(|task| task.title).collect::<Vec<_>>()
    };
    assert_eq!(conditions(&world).await.len(), 2);
    world.to_decision(id).await;
    world.app.advance(1_000);
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: "Keep the keys at home.\nTell us before a sixth person joins.".to_owned(),
        more_controls: Vec::new(),
        from: FIRST,
        to: date(2027, 5, 31),
    };
    // The same person may decide at a level.
    assert!(act::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap());
    assert_eq!(ended(&world, id).await, Some(End::Replaced));
    let kept = approval(&world, id).await;
    assert_eq!((kept.urgent, kept.to.as_str(), kept.standing), (None, "2027-05-31", Standing::InForce));
    let rows = work_of(&world, id).await;
    assert_eq!(rows.len(), 1, "no work is planned twice: {rows:?}");
    assert_eq!((rows[0].id, rows[0].state.as_str(), rows[0].cover.as_str()), (row.id, "started", "covered"));
    assert_eq!((rows[0].to.as_str(), rows[0].covered_to.as_deref()), ("2027-05-31", Some("2027-05-31")), "it lasts as the new approval does");
    let mut all = conditions(&world).await;
    all.sort();
    assert_eq!(all, ["Keep the keys at home.", "Tell us before a sixth person joins."], "each condition once, and none that was not set again");
    // Nobody is told of an end, and the lists say no more of it.
    assert!(!boss.browser(&world).get("/proposals").await.text().contains("Urgent"));
    let told = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(!told.contains("Urgent approval"), "{told}");
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Urgent approval") && told.contains("The old desk closes tonight."), "{told}");
    assert!(boss.browser(&world).get(&format!("/arrangements/{}", row.id)).await.text().contains("Led on to the approval"));
});

both_engines!(migrations, /// OFF-6: an approval of the levels takes the place of one that lapsed; where sites stand otherwise among the answers by then, work is still at its own.
async fn off_6_work_keeps_its_site_when_a_decision_follows(db) {
    let world = World::new(db).await;
    world.until(FIRST);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut two = answers(world.lead.0);
    let mut goa = two["sites"][0].clone();
    goa["site_name"] = "Goa office".into();
    two["sites"].as_array_mut().unwrap().push(goa);
    let id = world.draft(&lead, world.lead.1, two.clone()).await;
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let boss = world.official("management").await;
    give(&world, &boss.cx, id).await.unwrap();
    let before = work_of(&world, id).await;
    assert_eq!(before.len(), 2);
    let first = before.iter().find(|row| row.at == Some(0)).unwrap().id;
    // Returned, and handed in with the sites the other way round: the urgent approval stays as it was given, and is stale.
    let manager = world.official("contract_manager").await;
    let pack = act::pack_of(&manager.cx, &world.case(id).await).unwrap();
    let point = act::point(act::form_of(&pack).unwrap(), None, "Name the main office first.");
    world.app.advance(1_000);
    act::send_back(&manager.cx, id, world.version(id).await, "The order matters.", &[point]).await.unwrap();
    assert_eq!((ended(&world, id).await, approval(&world, id).await.standing), (None, Standing::InForce), "a return leaves it");
    assert_eq!(work_of(&world, id).await[0].cover, "urgent");
    two["sites"].as_array_mut().unwrap().swap(0, 1);
    world.answer(&lead.cx, id, two).await;
    world.app.advance(1_000);
    act::submit(&lead.cx, id, world.version(id).await, true, Some("Done.")).await.unwrap();
    let cx = world.app.operator();
    let reasons: Vec<_> = stale::of(&cx, cx.db(), &world.case(id).await).await.unwrap().into_iter().map(|reason| reason.rule).collect();
    assert_eq!(reasons, ["answers"], "it rests on the answers of its own round");
    assert!(store::stale_since(cx.db(), [id]).await.unwrap().contains_key(&id), "and lists say so");
    let row = work_of(&world, id).await.remove(0);
    assert!(matches!(work::start(&lead.cx, row.id, row.version).await, Err(platform::Error::Blocked(_))), "it covers no new start");
    world.until(date(2026, 6, 10));
    world.approve(id).await;
    let after = work_of(&world, id).await;
    assert_eq!(after.len(), 2, "{after:?}");
    let moved = after.iter().find(|row| row.id == first).unwrap();
    assert_eq!((moved.at, moved.cover.as_str()), (Some(1), "covered"), "it is where its site stands now");
});

both_engines!(migrations, /// OFF-6, OFF-11: declined, withdrawn or found to be no offshoring, the proposal's urgent approval ends at once, and the work under it is covered no more.
async fn off_11_whatever_closes_the_proposal_ends_an_urgent_approval(db) {
    let world = World::new(db).await;
    world.until(FIRST);
    let (lead, boss) = (world.person("supplier_lead", world.lead.0).await, world.official("management").await);
    let first = world.submitted(&lead).await;
    // The same work goes on under each of them, with one entry in the register.
    let covered = async |id: Uuid| {
        give(&world, &boss.cx, id).await.unwrap();
        let row = work_of(&world, first).await.remove(0);
        assert_eq!((row.cover.as_str(), row.approval), ("urgent", Some(id)));
        world.app.advance(1_000);
        row
    };
    let over = async |id: Uuid, how: End| {
        assert_eq!((ended(&world, id).await, approval(&world, id).await.standing), (Some(how), Standing::Revoked));
        assert_eq!(work_of(&world, first).await[0].cover, "uncovered");
    };
    let id = first;
    let row = covered(id).await;
    work::start(&lead.cx, row.id, row.version).await.unwrap();
    act::withdraw(&lead.cx, id, world.version(id).await, "We do it at home.").await.unwrap();
    over(id, End::Withdrawn).await;
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Urgent approval ended: withdrawn") && !told.contains("Approve urgently"), "{told}");

    let id = world.submitted(&lead).await;
    covered(id).await;
    world.to_decision(id).await;
    world.app.advance(1_000);
    act::decline(&boss.cx, id, world.version(id).await, &["site_security".to_owned()], "Strangers share the floor.").await.unwrap();
    over(id, End::Declined).await;
    assert!(world.mail().await[&lead.email].iter().any(|subject| subject.contains("the urgent approval has ended")));
    let letter = lead.browser(&world).get(&format!("/proposals/{id}/letter")).await.text();
    assert!(letter.contains("Declined") && !letter.contains("urgently"), "{letter}");

    let id = world.draft(&lead, world.lead.1, exempt(world.lead.0)).await;
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    give(&world, &boss.cx, id).await.unwrap();
    world.app.advance(1_000);
    let manager = world.official("contract_manager").await;
    act::not_offshoring(&manager.cx, id, world.version(id).await, "Nothing of it reaches us.").await.unwrap();
    assert_eq!((ended(&world, id).await, approval(&world, id).await.standing), (Some(End::NotOffshoring), Standing::Revoked));
});

both_engines!(migrations, /// OFF-6: an urgent approval is suspended, put in force again and taken back as any; one that is taken back before it was ratified failed.
async fn off_6_an_urgent_approval_is_suspended_and_taken_back(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, security) = (world.official("management").await, world.official("security").await);
    let turn = async |cx: &platform::Cx, turn: Turn| {
        world.app.advance(1_000);
        act::turn(cx, id, world.version(id).await, turn, "The tunnel was found open.", "").await
    };
    assert!(turn(&security.cx, Turn::Suspend).await.is_err(), "there is none yet");
    give(&world, &boss.cx, id).await.unwrap();
    turn(&security.cx, Turn::Suspend).await.unwrap();
    assert_eq!(work_of(&world, id).await[0].cover, "uncovered");
    let told = boss.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Suspended") && told.contains("Put the approval in force again"), "{told}");
    let told = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(told.contains("Work under it stops until it is put in force again") && !told.contains("may start at once"), "{told}");
    turn(&boss.cx, Turn::Resume).await.unwrap();
    assert_eq!(work_of(&world, id).await[0].cover, "urgent");
    // No new proposal is asked for: this one is under way.
    assert!(turn(&boss.cx, Turn::Renew).await.is_err());
    turn(&boss.cx, Turn::Revoke).await.unwrap();
    assert_eq!((ended(&world, id).await, approval(&world, id).await.standing), (Some(End::TakenBack), Standing::Revoked));
    give(&world, &boss.cx, id).await.unwrap();
    turn(&boss.cx, Turn::Revoke).await.unwrap();
    assert!(give(&world, &boss.cx, id).await.is_err(), "two in a row failed");
});

both_engines!(migrations, /// OFF-11: who ratifies reads what was given, not what was handed in since; once the levels approve, what was refused before them tells nobody to stop.
async fn off_11_what_was_given_is_what_is_ratified(db) {
    let world = World::new(db).await;
    let (lead, id) = handed_in(&world).await;
    let (boss, data) = (world.official("management").await, world.official("data_controller").await);
    give(&world, &boss.cx, id).await.unwrap();
    world.app.advance(1_000);
    let manager = world.official("contract_manager").await;
    let point = NewPoint { section: None, question: None, text: "Say which floor.".to_owned() };
    act::send_back(&manager.cx, id, world.version(id).await, "Too thin", &[point]).await.unwrap();
    let mut other = answers(world.lead.0);
    other["sites"][0]["site_name"] = "Goa annex".into();
    world.answer(&lead.cx, id, other).await;
    world.app.advance(1_000);
    act::submit(&lead.cx, id, world.version(id).await, true, Some("Another floor.")).await.unwrap();
    let page = data.browser(&world).get(&format!("/proposals/{id}/ratify")).await.text();
    assert!(page.contains("Pune office") && !page.contains("Goa annex"), "{page}");
    act::refuse_urgent(&data.cx, id, world.version(id).await, "It can wait.").await.unwrap();
    world.approve(id).await;
    let page = lead.browser(&world).get(&format!("/proposals/{id}")).await.text();
    assert!(!page.contains("must stop") && !page.contains("Urgent approval refused"), "{page}");
    let list = lead.browser(&world).get("/proposals").await.text();
    assert!(!list.contains("Urgent approval refused"), "{list}");
});
