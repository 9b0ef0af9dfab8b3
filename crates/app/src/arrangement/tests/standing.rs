//! An approval that is suspended, in force again, or taken back, and the work under it.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use testkit::both_engines;

use super::{act, approved, blocked, gaps, one};
use crate::migrations::migrations;
use crate::offshoring::act as proposals;
use crate::offshoring::model::Turn;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-6: an approval is suspended, put in force again and taken back, with reasons, by whom may; the work under it is told apart at once.
async fn off_6_an_approval_is_suspended_and_taken_back(db) {
    let world = World::new(db).await;
    let (lead, proposal, id) = approved(&world).await;
    world.until(date(2026, 6, 1));
    let (security, boss) = (world.official("security").await, world.official("management").await);
    let turn = async |cx: &platform::Cx, turn: Turn, why: &str| {
        world.app.advance(1_000);
        proposals::turn(cx, proposal, world.version(proposal).await, turn, why, "").await
    };
    // Who may not, and what may not be.
    for cx in [&lead.cx, &world.official("contract_manager").await.cx, &world.official("assessor").await.cx] {
        assert!(matches!(turn(cx, Turn::Suspend, "Why").await, Err(Error::Refused(_))));
    }
    assert!(matches!(turn(&security.cx, Turn::Revoke, "Why").await, Err(Error::Refused(_))), "security stops work, and does not end it");
    assert!(matches!(turn(&boss.cx, Turn::Resume, "Why").await, Err(Error::Conflict(_))), "it is in force");
    for wrong in [" ".to_owned(), "x".repeat(8_001)] {
        assert!(matches!(turn(&security.cx, Turn::Suspend, &wrong).await, Err(Error::Invalid(_))));
    }
    turn(&security.cx, Turn::Suspend, "The tunnel was found open.").await.unwrap();
    assert_eq!(gaps(&world, id).await, ["suspended"]);
    assert_eq!(one(&world, id).await.row.cover, "uncovered");
    assert_eq!(blocked(act::start(&lead.cx, id, one(&world, id).await.row.version).await), 1);
    assert!(matches!(turn(&security.cx, Turn::Suspend, "Again").await, Err(Error::Conflict(_))));
    assert!(matches!(turn(&security.cx, Turn::Resume, "Closed").await, Err(Error::Refused(_))), "management says whether it goes on");
    assert!(matches!(turn(&boss.tired(), Turn::Resume, "Closed").await, Err(Error::SignInAgain)));
    turn(&boss.cx, Turn::Resume, "The tunnel is closed.").await.unwrap();
    assert_eq!(one(&world, id).await.row.cover, "covered");
    act::start(&lead.cx, id, one(&world, id).await.row.version).await.unwrap();
    turn(&boss.cx, Turn::Revoke, "It was open again.").await.unwrap();
    assert_eq!((gaps(&world, id).await, one(&world, id).await.row.cover.as_str()), (vec!["revoked"], "uncovered"));
    for last in Turn::ALL {
        assert!(matches!(turn(&boss.cx, last, "Once more").await, Err(Error::Conflict(_))), "what was taken back stays so");
    }
    let subjects = world.mail().await.remove(&lead.email).unwrap();
    for word in ["approval is suspended", "in force again", "was taken back", "no longer covered", "covered by an approval"] {
        assert!(subjects.iter().any(|s| s.contains(word)), "{word}: {subjects:?}");
    }
    // The decision itself stays as it was taken, and its letter says so.
    assert_eq!(world.case(proposal).await.stage, "approved");
});

both_engines!(migrations, /// OFF-6, OWN-3: both sides read on the proposal that its approval does not stand, since when and why; only those who may are offered to turn it.
async fn off_6_a_page_says_that_an_approval_does_not_stand(db) {
    let world = World::new(db).await;
    let (lead, proposal, _) = approved(&world).await;
    let mut security = world.official("security").await.browser(&world);
    let path = format!("/proposals/{proposal}");
    let overview = security.get(&path).await;
    assert!(overview.text().contains("Suspend the approval") && !overview.text().contains("Take the approval back"), "{}", overview.text());
    let form = security.get(&overview.link("Suspend the approval")).await;
    let action = format!("{path}/approval/suspend");
    let empty = security.submit(&form, &action, &[("reason", "")]).await;
    assert!(empty.text().contains("There is a problem") || empty.body.contains("govuk-error-message"), "{}", empty.text());
    let done = security.submit(&empty, &action, &[("reason", "The tunnel was found open.")]).await;
    for word in ["Suspended", "Since 2 March 2026.", "The tunnel was found open."] {
        assert!(done.text().contains(word), "{word}: {}", done.text());
    }
    let mut reader = lead.browser(&world);
    let told = reader.get(&path).await.text();
    assert!(told.contains("Work under this approval stops until it is in force again.") && !told.contains("Put the approval in force again"), "{told}");
    assert_eq!(reader.get(&action).await.status, StatusCode::FORBIDDEN);
    assert_eq!(security.get(&action).await.status, StatusCode::CONFLICT);
    assert_eq!(security.get(&format!("{path}/approval/burn")).await.status, StatusCode::NOT_FOUND);
    let history = reader.get(&format!("{path}/history")).await.text();
    assert!(history.contains("Approval suspended") && history.contains("The tunnel was found open.") && !history.contains("Pat security"), "{history}");
    let mut boss = world.official("management").await.browser(&world);
    let overview = boss.get(&path).await;
    assert!(overview.text().contains("Put the approval in force again") && overview.text().contains("Take the approval back"), "{}", overview.text());
});
