//! What the program stands on fails, and comes back: it says so in words, loses nothing, and goes on by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use testkit::{Cluster, both_engines};
use uuid::Uuid;

use crate::place::{Client, Place, Serving, add, parties};

/// Adds parties until told to stop, noting those acknowledged and what was said of the others.
fn keep_adding(
    serving: &Serving,
    token: &str,
    who: usize,
    added: &Arc<Mutex<Vec<Uuid>>>,
    stop: &Arc<AtomicBool>,
) -> std::thread::JoinHandle<u32> {
    let client = Client { at: serving.at.clone(), token: token.to_owned() };
    let (added, stop) = (added.clone(), stop.clone());
    std::thread::spawn(move || {
        let mut turned_away = 0;
        for n in 0.. {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            match client.add_party(&format!("Outage {who}-{n}"), &format!("once-{who}-{n}")).unwrap() {
                Ok(id) => added.lock().unwrap().push(id),
                Err((503, page)) => {
                    assert!(page.contains("What you sent was not saved"), "{page}");
                    turned_away += 1;
                    std::thread::sleep(Duration::from_millis(50));
                }
                // The answer of the first sending was lost on the way.
                Err((409, _)) => {}
                Err((status, page)) => panic!("{status}: {page}"),
            }
        }
        turned_away
    })
}

/// OWN-4: PostgreSQL is stopped under load, as a crash would, and started again: writers are told that nothing was saved, the program comes back by
/// itself, and every acknowledged write is there.
#[tokio::test]
async fn own_4_postgresql_restarted_under_load() {
    let Some(cluster) = Cluster::start() else { return testkit::skipped("PostgreSQL's initdb is not installed") };
    let data = tempfile::tempdir().unwrap();
    let place = Place::at(&cluster.create("outage").await, data.path());
    let (code, _, err) = place.run(&["init", "--email", "ada@authority.example", "--name", "Ada Penhallow"]);
    assert_eq!(code, 0, "{err}");
    let token = place.administrator().await;
    let serving = place.serve(|_| {});
    let (added, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..4).map(|who| keep_adding(&serving, &token, who, &added, &stop)).collect();
    for _ in 0..3 {
        let before = added.lock().unwrap().len();
        while added.lock().unwrap().len() < before + 10 {
            std::thread::sleep(Duration::from_millis(20));
        }
        cluster.stop();
        assert_eq!(serving.ready(), 503);
        std::thread::sleep(Duration::from_millis(300));
        cluster.go();
        serving.comes_back();
    }
    let before = added.lock().unwrap().len();
    std::thread::sleep(Duration::from_secs(1));
    stop.store(true, Ordering::Relaxed);
    let turned_away: u32 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    let added = added.lock().unwrap().clone();
    assert!(added.len() > before && turned_away > 0, "{} then {}, {turned_away} turned away", before, added.len());
    let found = parties(&*place.server().await).await;
    assert!(added.iter().all(|id| found.contains(id)), "an acknowledged write is lost");
    let note = data.path().join("note");
    place.checkpoint(&note);
    assert_eq!(place.verified(&note).0, 0);
}

/// The file store goes away under the serving program and comes back, twice: who uploads or downloads is told so and nothing is half kept, all
/// else goes on, figures tell of it, and afterwards all is well without anything being started again.
async fn the_file_store_goes_and_comes(place: &Place, away: impl Fn(), back: impl Fn()) {
    let token = place.administrator().await;
    let party = add(&place.server().await, "With a certificate").await.unwrap();
    let serving = place.serve(|_| {});
    let client = Client { at: serving.at.clone(), token };
    let files = format!("/files/of/party/{party}");
    let held = || {
        client
            .get(&files)
            .unwrap()
            .1
            .split("href=\"/files/")
            .filter(|rest| rest.find('"') == Some(36))
            .map(|rest| rest[..36].to_owned())
            .collect::<Vec<_>>()
    };
    let up = || client.get("/metrics").unwrap().1.lines().find_map(|line| line.strip_prefix("vouchsafe_file_store_up ").map(str::to_owned));
    assert_eq!(client.upload(&files, "first.txt", "The first certificate").unwrap().0, 303);
    let own = format!("/files/{}/bytes", held()[0]);
    for turn in 0..2 {
        assert_eq!(up().as_deref(), Some("1"));
        away();
        let (status, page) = client.upload(&files, "late.txt", "Too late").unwrap();
        assert!(status == 422 && page.contains("The file store does not answer, so nothing was kept"), "{status}: {page}");
        let (status, page) = client.get(&own).unwrap();
        assert!(
            status == 503 && page.contains("The service is not available") && !page.contains("The first certificate"),
            "{status}: {page}"
        );
        assert_eq!((serving.ready(), client.get("/healthz").unwrap().0, up().as_deref()), (200, 200, Some("0")));
        assert_eq!(client.get(&format!("/parties/{party}")).unwrap().0, 200);
        client.add_party(&format!("Meanwhile {turn}"), &format!("meanwhile-{turn}")).unwrap().unwrap();
        assert_eq!(held().len(), 1 + turn, "nothing is half kept");
        back();
        let (status, page) = client.get(&own).unwrap();
        assert!(status == 200 && page.ends_with("The first certificate"), "{status}: {page}");
        assert_eq!(client.upload(&files, "again.txt", &format!("Certificate {turn}")).unwrap().0, 303);
        assert_eq!(held().len(), 2 + turn);
    }
}

both_engines!(app::migrations::migrations, /// OWN-4: the folder of files is gone for a while.
async fn own_4_the_folder_of_files_is_away(db) {
    let place = Place::on(&db);
    let (folder, elsewhere) = (place.settings.data.join("files"), place.settings.data.join("elsewhere"));
    // Where it was, a file stands: nobody can read or write below that, the superuser neither.
    let away = || {
        fs::rename(&folder, &elsewhere).unwrap();
        fs::write(&folder, b"").unwrap();
    };
    let back = || {
        fs::remove_file(&folder).unwrap();
        fs::rename(&elsewhere, &folder).unwrap();
    };
    the_file_store_goes_and_comes(&place, away, back).await;
});

both_engines!(app::migrations::migrations, /// OWN-4: the S3-compatible store is out of reach for a while.
async fn own_4_the_bucket_is_away(db) {
    let Ok(server) = std::env::var("TEST_S3") else { return testkit::skipped("S3: TEST_S3 is not set") };
    let gate = testkit::Gate::before(server.strip_prefix("http://").unwrap());
    let mut place = Place::on(&db);
    let files = &mut place.settings.files;
    (files.bucket, files.endpoint, files.store_seconds) = ("vouchsafe".to_owned(), format!("http://{}", gate.at), 2);
    (files.access_key, files.secret_key) = ("test".to_owned(), "test".to_owned());
    the_file_store_goes_and_comes(&place, || gate.shut(), || gate.open()).await;
});

/// A disk of a few megabytes, gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user may not make one.
    fn new(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(at).output().ok()?;
        done.status.success().then(|| Self(at.to_owned()))
    }

    /// Leaves no room, until the returned file is deleted.
    fn fill(&self) -> PathBuf {
        let file = self.0.join("filler");
        // As much as fits; that the rest does not is what is wanted.
        let _ = fs::write(&file, vec![0; 32 << 20]);
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// OWN-4: the disk is full: writers are told that nothing was saved, what was acknowledged stays, and with room again it goes on by itself.
#[tokio::test]
async fn own_4_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::new(&folder.path().join("disk")) else {
        return testkit::skipped("a small disk: mounting one needs root");
    };
    let data = disk.0.join("data");
    let place = Place::at(&format!("sqlite:{}", data.join("vouchsafe.db").display()), &data);
    let (code, _, err) = place.run(&["init", "--email", "ada@authority.example", "--name", "Ada Penhallow"]);
    assert_eq!(code, 0, "{err}");
    let token = place.administrator().await;
    let mut serving = place.serve(|_| {});
    let client = Client { at: serving.at.clone(), token };
    let mut added = Vec::new();
    for turn in 0..2 {
        for n in 0..5 {
            added.push(client.add_party(&format!("With room {turn}-{n}"), &format!("room-{turn}-{n}")).unwrap().unwrap());
        }
        let filler = disk.fill();
        // Room that the database has already is used up first.
        let mut n = 0;
        let page = loop {
            match client.add_party(&format!("Without {turn}-{n}"), &format!("none-{turn}-{n}")).unwrap() {
                Ok(id) => added.push(id),
                Err((503, page)) => break page,
                Err((status, page)) => panic!("{status}: {page}"),
            }
            n += 1;
            assert!(n < 5_000, "the disk never filled");
        };
        assert!(page.contains("What you sent was not saved"), "{page}");
        assert_eq!(client.get("/healthz").unwrap().0, 200, "the program itself is well");
        fs::remove_file(filler).unwrap();
        added.push(client.add_party(&format!("Room again {turn}"), &format!("again-{turn}")).unwrap().unwrap());
    }
    let found = parties(&*place.server().await).await;
    assert!(added.iter().all(|id| found.contains(id)), "an acknowledged write is lost");
    let note = folder.path().join("note");
    place.checkpoint(&note);
    assert_eq!(place.verified(&note).0, 0);
    serving.kill();
}
