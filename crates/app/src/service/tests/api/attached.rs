//! Files and webhooks by programs.

use platform::book::entry;
use platform::clock::DAY;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;
use testkit::both_engines;

use super::super::crawl::Town;
use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

const BYTES: (&str, &str) = ("content-type", "application/octet-stream");

both_engines!(migrations, /// OWN-4: a program adds evidence, reads it back, and puts a new version in its place; nothing is taken away.
async fn evidence_by_a_program(db) {
    let town = Town::new(db).await;
    let (mut lead, mut manager) = (Program::of(&town.world.app, &town.lead.cx).await, Program::of(&town.world.app, &town.manager.cx).await);
    let of = format!("/api/v1/files/of/proposal/{}", town.proposal);
    let before = lead.get(&of).await.is(200).items().len();
    let asked = format!("{of}?name=plan.txt&covers_from=2026-01-01&expires_on=2026-12-31");
    let made = lead.raw("POST", &asked, &[BYTES], b"The plan of the office".to_vec()).await.is(201);
    assert_eq!((made.json["name"].as_str(), made.json["covers_from"].as_str(), made.json["number"].as_i64()), (Some("plan.txt"), Some("2026-01-01"), Some(1)));
    let at = format!("/api/v1/files/{}", made.id());
    assert_eq!(manager.get(&format!("{at}/bytes")).await.is(200).body, "The plan of the office");
    let next = lead.raw("POST", &format!("{at}/versions?name=plan.txt"), &[BYTES], b"The second plan".to_vec()).await.is(201);
    assert_eq!(next.json["number"], 2);
    assert_eq!(manager.get(&at).await.is(200).json["superseded_by"], next.json["id"]);
    assert_eq!(manager.get(&of).await.is(200).items().len(), before + 2);
    let evidence = format!("{of}?field=task.{}&name=guards.txt", town.task);
    let done = lead.raw("POST", &evidence, &[BYTES], b"Two by day, one by night".to_vec()).await.is(201);
    assert_eq!(done.json["belongs_to"], "For the task: Send the plan of the Pune office");
    let listed = manager.get(&of).await.is(200);
    let said: Vec<_> = listed.items().iter().map(|file| (file["id"].clone(), file["belongs_to"].clone())).collect();
    assert!(said.contains(&(done.json["id"].clone(), done.json["belongs_to"].clone())) && said.iter().any(|(_, belongs)| belongs.is_null()), "{said:?}");
    // What was handed in stays.
    lead.raw("POST", &format!("/api/v1/files/{}/remove", next.id()), &[], Vec::new()).await.is(403);
    // What is wrong is told by its parameter.
    let wrong = lead.raw("POST", &format!("{of}?name=plan.txt&covers_to=soon"), &[BYTES], b"x".to_vec()).await.is(422);
    assert!(wrong.body.contains("?covers_to") && wrong.body.contains("2026-03-27"), "{}", wrong.body);
    lead.raw("POST", &of, &[BYTES], b"x".to_vec()).await.is(422);
});

both_engines!(migrations, /// OWN-4: a program's file is taken in as it comes: measured by the limit of files, kept once however often it is sent, and not at all when it breaks off.
async fn a_programs_file_is_taken_in_as_it_comes(db) {
    let town = Box::pin(Town::grow(World::with(db, |settings| settings.limits.file_mib = 1).await)).await;
    let app = &town.world.app;
    let mut lead = Program::of(app, &town.lead.cx).await;
    let stored = async || platform::files::Entity::find().count(app.core.db.reader()).await.unwrap();
    let before = stored().await;
    let of = format!("/api/v1/files/of/proposal/{}?name=plan.txt", town.proposal);
    let keyed = [BYTES, ("idempotency-key", "plan-1")];
    let made = lead.raw("POST", &of, &keyed, b"The plan".to_vec()).await.is(201);
    // The same again leads to the same; other bytes, or another name, are another request.
    assert_eq!(lead.raw("POST", &of, &keyed, b"The plan".to_vec()).await.is(303).header("location"), format!("/api/v1/files/{}", made.id()));
    for (at, bytes) in [(of.clone(), "Another plan"), (of.replace("plan.txt", "other.txt"), "The plan")] {
        let reused = lead.raw("POST", &at, &keyed, bytes.into()).await.is(422);
        assert!(reused.body.contains("Idempotency-Key"), "{}", reused.body);
    }
    assert_eq!(stored().await, before + 1);
    // A little too large is told at the file, far too large at once; a form is no file.
    let large = lead.raw("POST", &of, &[BYTES], vec![b'a'; 1024 * 1024 + 1]).await.is(422);
    assert!(large.json["errors"][0]["path"] == "file" && large.body.contains("larger than 1 MB"), "{}", large.body);
    lead.raw("POST", &of, &[BYTES], vec![b'a'; 2 * 1024 * 1024 + 1]).await.is(413);
    lead.raw("POST", &of, &[BYTES, ("content-length", "9000000000")], Vec::new()).await.is(413);
    lead.raw("POST", &of, &[("content-type", "text/plain")], b"The plan".to_vec()).await.is(415);
    lead.raw("POST", &of, &[BYTES, ("idempotency-key", "two words")], b"The plan".to_vec()).await.is(400);
    // Cut off in the middle.
    let parts = [Ok(axum::body::Bytes::from_static(b"The pl")), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    lead.streamed(&of, axum::body::Body::from_stream(futures_util::stream::iter(parts))).await.is(400);
    assert_eq!(stored().await, before + 1);
});

both_engines!(migrations, /// OWN-4: a program reads of a record's files in its history what the page says, and no more than its account may know of.
async fn a_records_history_tells_of_its_files(db) {
    let town = Town::new(db).await;
    let app = &town.world.app;
    let (mut manager, mut lead) = (Program::of(app, &town.manager.cx).await, Program::of(app, &town.lead.cx).await);
    let site = town.site;
    let of = format!("/api/v1/files/of/site/{site}?name=certificate.txt");
    manager.raw("POST", &of, &[BYTES], b"For all to see".to_vec()).await.is(201);
    manager.raw("POST", &format!("{of}&internal=true"), &[BYTES], b"Among ourselves".to_vec()).await.is(201);
    let history = format!("/api/v1/sites/{site}/history");
    let told = manager.get(&history).await.is(200);
    let added: Vec<_> = told.items().iter().filter(|line| line["action"] == "file.add").collect();
    assert_eq!(added.len(), 2, "{}", told.body);
    assert!(added.iter().all(|line| line["about"]["sha256"].is_string() && line["title"] == "File added, version 1" && line["by"].is_string()));
    assert_eq!(told.items()[0]["action"], "file.add", "the newest first");
    let told = lead.get(&history).await.is(200);
    assert_eq!(told.items().iter().filter(|line| line["action"] == "file.add").count(), 1, "{}", told.body);
});

both_engines!(migrations, /// A program of an administrator looks after webhooks as the pages do.
async fn webhooks_by_a_program(db) {
    let town = Town::new(db).await;
    let app = &town.world.app;
    let mut keeper = Program::of(app, &town.world.official("administrator").await.cx).await;
    let made = keeper.post("/api/v1/webhooks", serde_json::json!({ "name": "Board", "url": "https://board.example/hook", "actions": ["party."] })).await.is(201);
    let at = format!("/api/v1/webhooks/{}", made.id());
    let paused = serde_json::json!({ "name": "Board", "url": "https://board.example/hook", "actions": ["party."], "state": "paused" });
    let changed = keeper.change("PUT", &at, made.version(), paused.clone()).await.is(200);
    assert_eq!(changed.json["state"], "paused");
    let stale = keeper.change("PUT", &at, made.version(), paused).await.is(409);
    assert_eq!(stale.json["now"]["state"], "paused");
    keeper.post(&format!("{at}/test"), serde_json::Value::Null).await.is(409);
    for url in ["http://board.example/", "https://10.0.0.1/", "https://a:b@board.example/"] {
        keeper.post("/api/v1/webhooks", serde_json::json!({ "name": "Board", "url": url })).await.is(422);
    }
    assert_eq!(keeper.get(&format!("{at}/deliveries")).await.is(200).items().len(), 0);
    // Its secret asks for a confirmation, and nobody else learns of it.
    app.advance(DAY);
    keeper.post(&format!("{at}/secret"), serde_json::Value::Null).await.is(403);
    Program::of(app, &town.manager.cx).await.get(&at).await.is(404);
});

both_engines!(migrations, /// OWN-4: a program takes out every list as its page gives it, and a whole case, with the same entries; a token that may only read is enough.
async fn lists_and_cases_are_taken_out_by_a_program(db) {
    let town = Town::new(db).await;
    let app = &town.world.app;
    let keeper = town.world.official("administrator").await;
    let mut program = Program::scoped(app, &keeper.cx, &["registers:read", "cases:read", "duties:read", "administration:read"]).await;
    let told = async |action: &str| entry::Entity::find().filter(entry::Column::Action.eq(action)).count(app.core.db.reader()).await.unwrap();
    for (n, list) in crate::service::lists().into_iter().enumerate() {
        let taken = program.post(&format!("/api/v1{}", list.export), json!({ "format": "json" })).await.is(200);
        assert!(taken.json["list"] == list.code && !taken.json["rows"].as_array().unwrap().is_empty(), "{}: {}", list.code, taken.body);
        assert!(taken.header("content-disposition").contains(&format!("{}-2026-03-02.json", list.code)));
        assert_eq!(told("list.export").await, n as u64 + 1);
    }
    let found = program.post("/api/v1/sites/export", json!({ "format": "csv", "filter": "q=annex&country=IN" })).await.is(200);
    assert!(found.header("content-type").starts_with("text/csv") && found.body.lines().count() == 2 && found.body.contains("Pune annex"), "{}", found.body);
    let book = program.post("/api/v1/sites/export", json!({ "format": "xlsx" })).await.is(200);
    assert!(book.bytes.starts_with(b"PK"));
    program.post("/api/v1/sites/export", json!({ "format": "pdf" })).await.is(422);
    program.post("/api/v1/sites/export", json!({ "format": "csv", "filter": "?q=annex" })).await.is(422);
    let before = told("list.export").await;
    Program::scoped(app, &keeper.cx, &["cases:read"]).await.post("/api/v1/sites/export", json!({ "format": "csv" })).await.is(403);
    let mut supplier = Program::of(app, &town.world.person("supplier_lead", town.world.other.0).await.cx).await;
    supplier.post("/api/v1/ledger/export", json!({ "format": "csv" })).await.is(404);
    assert_eq!(told("list.export").await, before);

    let at = format!("/api/v1/proposals/{}/archive", town.proposal);
    let mut manager = Program::scoped(app, &town.manager.cx, &["cases:read"]).await;
    let taken = manager.send("POST", &at, &[("idempotency-key", "case-1")], None).await.is(200);
    assert_eq!((taken.header("content-type"), told("proposal.archive").await), ("application/zip", 1));
    let report = ledger::archive::verify(taken.bytes.as_slice(), &ledger::verify::Options::default());
    assert_eq!(report.outcome, ledger::verify::Outcome::Verified, "{report}");
    manager.send("POST", &at, &[("idempotency-key", "case-1")], None).await.is(409);
    supplier.send("POST", &at, &[], None).await.is(404);
    assert_eq!(told("proposal.archive").await, 1);

    // The form of a draft as a workbook: out with an entry, and back.
    let (at, back) = (format!("/api/v1/proposals/{}/workbook/export", town.draft), format!("/api/v1/proposals/{}/workbook", town.draft));
    let mut lead = Program::of(app, &town.lead.cx).await;
    let taken = lead.send("POST", &at, &[], None).await.is(200);
    assert_eq!(told("proposal.take_form").await, 1);
    let book = testkit::workbook::Book::read(&taken.bytes);
    let (title, people) = (book.answer("work_title"), book.answer("staff_total"));
    let filled = book.with(&[("Answers", &title, Some("Day support")), ("Answers", &people, Some("many"))]);
    let kind = [("content-type", "application/octet-stream")];
    let whole = lead.raw("POST", &back, &kind, filled.clone()).await.is(422);
    assert!(whole.body.contains(&format!("Answers!{people}")), "{}", whole.body);
    let read = lead.raw("POST", &format!("{back}?save=nothing&name=filled.xlsx"), &kind, filled.clone()).await.is(200);
    assert_eq!((&read.json["saved"], &read.json["name"]), (&json!(0), &json!("filled.xlsx")));
    assert_eq!(read.json["changes"][0]["path"], "work_title");
    assert_eq!(read.json["problems"][0]["cell"], people.as_str());
    let saved = lead.raw("POST", &format!("{back}?save=good"), &kind, filled).await.is(200);
    assert_eq!(saved.json["saved"], 1);
    let again = lead.send("POST", &at, &[], None).await.is(200);
    assert_eq!(testkit::workbook::Book::read(&again.bytes).said("Answers", &title), "Day support");
    lead.raw("POST", &back, &kind, b"PK no workbook".to_vec()).await.is(422);
    supplier.send("POST", &at, &[], None).await.is(404);
});
