//! SIGKILL under concurrent writes: nothing that was acknowledged is lost, nothing is done twice, the ledger is whole. `make soak` does it
//! a thousand times on each engine; `SOAK_KILLS` says how often, without it a few times.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use platform::Cx;
use platform::authz::Actor;
use sea_orm::EntityTrait as _;
use testkit::{TestDb, both_engines};
use uuid::Uuid;

use crate::place::{Client, Place};

/// Clients that write at the same time.
const CLIENTS: usize = 4;

/// What was written, by name: the id that was told, or none where no answer came.
type Written = Arc<Mutex<BTreeMap<String, Option<Uuid>>>>;

/// Adds parties one after the other until told to stop or cut off. What had no answer is sent again first, as a browser would: the same form.
fn write(client: &Client, round: u32, who: usize, written: &Written, stop: &AtomicBool) {
    let prefix = format!("Soak {who}-");
    let open: Vec<String> = written
        .lock()
        .unwrap()
        .iter()
        .filter(|(name, id)| id.is_none() && name.starts_with(&prefix))
        .map(|(name, _)| name.clone())
        .collect();
    let fresh = (0..).map(|n| format!("{prefix}{round}-{n}"));
    for name in open.into_iter().chain(fresh) {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        written.lock().unwrap().entry(name.clone()).or_insert(None);
        match client.add_party(&name, &format!("once-{name}")) {
            Ok(Ok(id)) => drop(written.lock().unwrap().insert(name, Some(id))),
            // The database had its hands full: nothing was saved, and it says so.
            Ok(Err((503, _))) => {}
            // Done before the kill, without an answer that came: the form leads nowhere twice.
            Ok(Err((409, _))) => drop(written.lock().unwrap().remove(&name)),
            Ok(Err((status, answer))) => panic!("{name}: {status}: {answer}"),
            Err(_) => return,
        }
    }
}

fn acknowledged(written: &Written) -> usize {
    written.lock().unwrap().values().flatten().count()
}

#[allow(clippy::print_stdout, reason = "the figures for the record")]
async fn soaked(db: TestDb) {
    let kills: u32 = std::env::var("SOAK_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(4);
    let place = Place::on(&db);
    let token = place.administrator().await;
    let written = Written::default();
    for round in 0..=kills {
        let mut serving = place.serve(|_| {});
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|who| {
                let (client, written, stop) = (Client { at: serving.at.clone(), token: token.clone() }, written.clone(), stop.clone());
                std::thread::spawn(move || write(&client, round, who, &written, &stop))
            })
            .collect();
        // Most are killed among their writes, on however busy a machine; some while they still begin.
        if round % 4 != 3 {
            let (so_far, until) = (acknowledged(&written), Instant::now() + Duration::from_secs(30));
            while acknowledged(&written) == so_far && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        // Never twice after the same time: commits are hit at their beginning, middle and end.
        std::thread::sleep(Duration::from_millis(u64::from(round * 37 % 211)));
        if round == kills {
            // The last one is let go on until what had no answer has one.
            std::thread::sleep(Duration::from_secs(2));
            stop.store(true, Ordering::Relaxed);
        } else {
            serving.kill();
        }
        for client in clients {
            client.join().unwrap();
        }
    }
    let told: BTreeMap<String, Uuid> = written.lock().unwrap().iter().filter_map(|(name, id)| Some((name.clone(), (*id)?))).collect();
    assert!(told.len() > usize::try_from(kills).unwrap(), "{} acknowledged", told.len());
    check(&place, &told).await;
    println!("{kills} kills, {} acknowledged writes, none lost", told.len());
}

/// Everything that was acknowledged is there, once, with its entry and detail; and the auditors' program finds the ledger whole.
async fn check(place: &Place, told: &BTreeMap<String, Uuid>) {
    let core = place.server().await;
    let cx = Cx::new(&core, Actor::Operator).unwrap();
    let mut found: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for row in app::party::store::Entity::find().all(core.db.reader()).await.unwrap() {
        found.entry(row.name).or_default().push(row.id);
    }
    for (name, ids) in found.iter().filter(|(name, _)| name.starts_with("Soak")) {
        assert_eq!(ids.len(), 1, "{name} is there twice");
    }
    for (name, id) in told {
        assert_eq!(found.get(name), Some(&vec![*id]), "{name} was acknowledged and is lost");
        let lines = platform::book::timeline(&cx, "party", &id.to_string(), 10).await.unwrap();
        assert!(lines.len() == 1 && lines[0].body.is_some(), "{name}");
    }
    let kept = tempfile::tempdir().unwrap();
    let note = kept.path().join("checkpoint");
    let (code, out, err) = place.run(&["ledger", "checkpoint"]);
    assert_eq!(code, 0, "{err}");
    fs::write(&note, out).unwrap();
    let (code, out) = place.verified(&note);
    assert_eq!(code, 0, "{out}");
}

both_engines!(app::migrations::migrations, /// OWN-4: killed again and again under concurrent writes, the program loses no acknowledged write and does none twice.
async fn own_4_killed_while_writing(db) {
    soaked(db).await;
});
