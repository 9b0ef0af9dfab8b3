//! Two nodes on one PostgreSQL.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use platform::authz::Actor;
use platform::{Cx, mail};
use sea_orm::ConnectionTrait as _;
use testkit::TestDb;

use crate::place::{Client, Place, beside};

/// Messages to be sent.
const MESSAGES: usize = 1_500;

/// Which of the messages lie in this folder.
fn sent(folder: &Path) -> BTreeSet<String> {
    testkit::letters(folder).into_iter().map(|letter| letter.to).filter(|to| to.ends_with("@nodes.example")).collect()
}

/// OWN-4: two nodes on one database share the jobs and serve each other's writes; one is killed in the middle, and nothing is lost.
#[tokio::test]
async fn own_4_two_nodes_share_the_work_and_one_may_die() {
    let Some(db) = TestDb::postgres(app::migrations::migrations).await else {
        return testkit::skipped("PostgreSQL: TEST_DATABASE_URL is not set");
    };
    let place = Place::on(&db);
    let token = place.administrator().await;
    let (left, right) = (place.settings.data.join("mail-left"), place.settings.data.join("mail-right"));
    let node = |mail: &Path| {
        place.serve(|command| {
            command.env("VOUCHSAFE_MAIL_FOLDER", mail);
        })
    };
    let (mut one, two) = (node(&left), node(&right));
    let (by_one, by_two) = (Client { at: one.at.clone(), token: token.clone() }, Client { at: two.at.clone(), token: token.clone() });

    let core = place.server().await;
    let cx = Cx::new(&core, Actor::Operator).unwrap();
    let mut house = cx.housekeep().await.unwrap();
    for n in 0..MESSAGES {
        house.job(mail::message(&format!("n{n}@nodes.example"), "Both nodes", "Whoever comes first."));
    }
    house.done().await.unwrap();
    let mut added = Vec::new();
    let until = Instant::now() + Duration::from_mins(1);
    while sent(&left).len() < 5 || sent(&right).len() < 5 {
        assert!(Instant::now() < until, "{} and {} sent", sent(&left).len(), sent(&right).len());
        added.push(by_one.add_party(&format!("By one {}", added.len()), &format!("once-{}", added.len())).unwrap().unwrap());
    }
    one.kill();
    // As if the five minutes had passed for which the dead node holds its jobs.
    let admin = beside(&db.url).await;
    let until = Instant::now() + Duration::from_mins(1);
    while sent(&left).union(&sent(&right)).count() < MESSAGES {
        assert!(Instant::now() < until, "{} of {MESSAGES} sent", sent(&left).union(&sent(&right)).count());
        // Rows that the living node has in hand are passed over: waiting for several of them, it and we could wait for each other.
        let held = "SELECT id FROM job WHERE state = 'waiting' AND leased_until > 1 FOR UPDATE SKIP LOCKED";
        admin.execute_unprepared(&format!("UPDATE job SET leased_until = 1 WHERE id IN ({held})")).await.unwrap();
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(sent(&left).len() >= 5 && sent(&right).len() >= 5, "both had their share");
    for id in &added {
        let (status, page) = by_two.get(&format!("/parties/{id}")).unwrap();
        assert!(status == 200 && page.contains("By one"), "{page}");
    }
    by_two.add_party("By two, afterwards", "once-two").unwrap().unwrap();
    admin.close().await.unwrap();
}
