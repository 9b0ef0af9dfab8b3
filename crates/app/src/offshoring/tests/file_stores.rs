//! Stores and scanners as they are in the world: a folder that cannot be written, a bucket that goes away, a scanner that finds something.

use std::net::{TcpListener, TcpStream};

use axum::http::StatusCode;
use platform::book::entry;
use platform::config::Settings;
use platform::files::{self, Entity};
use sea_orm::EntityTrait as _;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::migrations::migrations;

const PDF: &[u8] = b"%PDF-1.7\nThe certificate.\n";

/// The file that every virus scanner finds, in pieces, so that none finds it here.
fn eicar() -> Vec<u8> {
    let parts = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR", "-STANDARD-", "ANTIVIRUS-TEST-", "FILE!$H+H*"];
    parts.concat().into_bytes()
}

async fn send(browser: &mut Browser, id: Uuid, name: &str, bytes: &[u8]) -> Page {
    let path = format!("/files/of/proposal/{id}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    browser.upload_only(&page, &path, &[], &[("file", name, bytes)]).await
}

async fn rows(world: &World) -> Vec<files::Model> {
    Entity::find().all(world.app.core.db.reader()).await.unwrap()
}

fn bucket(settings: &mut Settings, endpoint: String) {
    settings.files.bucket = "vouchsafe".to_owned();
    settings.files.endpoint = endpoint;
    settings.files.access_key = "test".to_owned();
    settings.files.secret_key = "test".to_owned();
    settings.files.store_seconds = 2;
}

both_engines!(migrations, /// OWN-4: files lie in an S3-compatible store, sealed; while it is away uploads and downloads say so and keep nothing, and afterwards all is well by itself.
async fn a_bucket_goes_away_and_comes_back(db) {
    let Ok(server) = std::env::var("TEST_S3") else { return testkit::skipped("S3: TEST_S3 is not set") };
    let gate = testkit::Gate::before(server.strip_prefix("http://").unwrap());
    let endpoint = format!("http://{}", gate.at);
    let world = World::with(db, |settings| bucket(settings, endpoint)).await;
    let store = world.app.core.files.store();
    store.ping().await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let id = world.submitted(&lead).await;
    // More than two parts of five MiB, so that it goes up in several.
    let large: Vec<u8> = PDF.iter().copied().chain((0..11 * 1024 * 1024_u32).map(|n| n.to_le_bytes()[0])).collect();
    assert_eq!(send(&mut browser, id, "large.pdf", &large).await.status, StatusCode::SEE_OTHER);
    let file = rows(&world).await.pop().unwrap();
    let own = format!("/files/{}/bytes", file.id);
    assert!(browser.get(&own).await.bytes == large);
    let sealed = lying(&server, file.id).await;
    assert!(sealed.windows(15).all(|part| part != b"The certificate") && sealed.len() > large.len());

    gate.shut();
    assert!(store.ping().await.is_err());
    let began = std::time::Instant::now();
    let refused = send(&mut browser, id, "late.pdf", PDF).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("The file store does not answer, so nothing was kept"), "{}", refused.text());
    assert_eq!(browser.get(&own).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
    // Everything else goes on.
    assert_eq!(browser.get(&format!("/proposals/{id}")).await.status, StatusCode::OK);
    assert_eq!(rows(&world).await.len(), 1);

    gate.open();
    assert_eq!(send(&mut browser, id, "late.pdf", PDF).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&own).await.bytes == large);
    // What a draft took back is deleted there too.
    let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let mine = crate::testing::attach(&lead.cx, "proposal", draft, "Mine.pdf", false).await;
    assert!(!lying(&server, mine).await.is_empty());
    files::remove(&lead.cx, mine).await.unwrap();
    world.app.work().await;
    assert!(lying(&server, mine).await.is_empty());
});

/// The bytes under a file's id in the bucket as they lie there, asked for past our own program; empty when there are none.
async fn lying(server: &str, id: Uuid) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let (at, name) = (server.strip_prefix("http://").unwrap().to_owned(), id.to_string());
    tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(&at).unwrap();
        write!(stream, "GET /vouchsafe/{}/{name} HTTP/1.0\r\nHost: {at}\r\n\r\n", &name[34..]).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap();
        if answer.split(|b| *b == b' ').nth(1) == Some(b"200".as_slice()) { answer.split_off(end + 4) } else { Vec::new() }
    })
    .await
    .unwrap()
}

both_engines!(migrations, /// OWN-4: a folder that cannot be written is told in words, nothing is half-kept, and once it can be, uploads go on.
async fn a_folder_that_cannot_be_written(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let id = world.submitted(&lead).await;
    assert_eq!(send(&mut browser, id, "first.pdf", PDF).await.status, StatusCode::SEE_OTHER);
    let own = format!("/files/{}/bytes", rows(&world).await.pop().unwrap().id);
    // Where the folder was, a file stands: nobody can write below it, the superuser neither.
    let (folder, away) = (world.app.core.settings.files_folder(), world.app.core.settings.data.join("away"));
    std::fs::rename(&folder, &away).unwrap();
    std::fs::write(&folder, b"").unwrap();
    let refused = send(&mut browser, id, "late.pdf", PDF).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("The file store does not answer, so nothing was kept"), "{}", refused.text());
    assert!(browser.get(&own).await.status.is_server_error());
    assert_eq!(rows(&world).await.len(), 1);
    assert!(world.app.core.files.store().ping().await.is_err());
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(browser.get(&own).await.bytes, PDF);
    assert_eq!(send(&mut browser, id, "late.pdf", PDF).await.status, StatusCode::SEE_OTHER);
});

both_engines!(migrations, /// OWN-4: a real scanner looks at what is uploaded; what it finds something in is refused, recorded and not kept, wherever in the file it hides.
async fn a_real_scanner_finds_what_it_knows(db) {
    let Ok(clamd) = std::env::var("TEST_CLAMD") else { return testkit::skipped("clamd: TEST_CLAMD is not set") };
    let world = World::with(db, |settings| settings.files.clamd = clamd).await;
    assert_eq!(files::scanner_answers(&world.app.core.settings.files).await.unwrap(), Some(()));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let id = world.submitted(&lead).await;
    assert_eq!(send(&mut browser, id, "clean.pdf", PDF).await.status, StatusCode::SEE_OTHER);
    let clean = rows(&world).await.pop().unwrap();
    assert!(clean.scanned);
    assert!(browser.get(&format!("/files/{}", clean.id)).await.text().contains("Yes, and nothing was found"));
    // Over the edges of the portions in which it is handed on.
    let deep = [&vec![b'a'; 3 * 1024 * 1024 - 20][..], &eicar(), &vec![b'b'; 100_000][..]].concat();
    for bytes in [eicar(), deep] {
        let refused = send(&mut browser, id, "notes.txt", &bytes).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.text().contains("The virus scanner found something"), "{}", refused.text());
    }
    assert_eq!(rows(&world).await.len(), 1);
    world.app.core.refusals.settle().await;
    let entries = entry::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    let told = entries.iter().filter(|e| e.action == "refused" && String::from_utf8_lossy(&e.bytes).contains("infected-file")).count();
    assert!(told >= 1, "who sends such files is recorded");
    // More than the scanner takes: it has to be smaller, and nothing of it passes unscanned.
    let large = [PDF, &vec![b'x'; 21 * 1024 * 1024]].concat();
    let answer = send(&mut browser, id, "large.pdf", &large).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("larger than the virus scanner takes"), "{}", answer.text());
    assert_eq!(rows(&world).await.len(), 1);
});

both_engines!(migrations, /// OWN-4: a scanner that is not there, or hangs, lets nothing by.
async fn no_scanner_no_upload(db) {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap().to_string();
    let world = World::with(db, |settings| {
        settings.files.clamd = at;
        settings.files.scan_seconds = 1;
    })
    .await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    let id = world.submitted(&lead).await;
    for _ in 0..2 {
        let answer = send(&mut browser, id, "clean.pdf", PDF).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("The virus scanner does not answer"), "{}", answer.text());
    }
    assert!(files::scanner_answers(&world.app.core.settings.files).await.is_err());
    drop(silent);
    let answer = send(&mut browser, id, "clean.pdf", PDF).await;
    assert!(answer.text().contains("The virus scanner does not answer"), "{}", answer.text());
    assert!(rows(&world).await.is_empty());
});
