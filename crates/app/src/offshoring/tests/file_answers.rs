//! Files as answers of the form: chosen in the page of a section, kept when something else is wrong, handed in with name and digest.

use axum::http::StatusCode;
use platform::book::entry;
use platform::files::{self, Entity};
use platform::forms::drafts;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::migrations::migrations;
use crate::offshoring::act;

const PDF: &[u8] = b"%PDF-1.7\nThe diagram.\n";

/// Saves the section as it stands, with these fields and files, and follows nothing.
async fn save(browser: &mut Browser, page: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
    let section = browser.get(page).await;
    assert_eq!(section.status, StatusCode::OK, "{}", section.text());
    browser.upload_only(&section, page, fields, files).await
}

async fn draft(world: &World, id: Uuid) -> Value {
    let case = world.case(id).await;
    drafts::load(&world.app.operator(), id, case.round).await.unwrap().answers.to_json()
}

async fn rows(world: &World) -> Vec<files::Model> {
    Entity::find().order_by_asc(files::Column::Id).all(world.app.core.db.reader()).await.unwrap()
}

/// The frozen answer to `question` of the last round.
async fn handed_in(world: &World, id: Uuid, question: &str) -> Value {
    let case = world.case(id).await;
    let cx = world.app.operator();
    act::handed_in(&cx, cx.db(), &case).await.unwrap().0.get(question).unwrap().clone()
}

both_engines!(migrations, /// OWN-4, OFF-8: a file is chosen in the page of a section, without a script, and is handed in with its name and digest.
async fn a_file_answers_a_question(db) {
    let world = World::new(db).await;
    let (lead, manager, owner) =
        (world.person("supplier_lead", world.lead.0).await, world.official("contract_manager").await, world.official("owner").await);
    let (mut supplier, mut official, mut stranger) = (lead.browser(&world), manager.browser(&world), owner.browser(&world));
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let page = format!("/proposals/{id}/answers/connections");
    let sent = save(&mut supplier, &page, &[], &[("q.network_diagram.upload", "C:\\plans\\Networks.pdf", PDF)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let file = rows(&world).await.pop().unwrap();
    assert_eq!((file.field.as_deref(), file.sensitive, file.fixed_at), (Some("q.network_diagram"), true, None));
    assert_eq!(draft(&world, id).await["network_diagram"], json!({"file": file.id.to_string()}));

    // Its name stands ticked; saved again, and saved by the script, it stays.
    let again = supplier.get(&page).await;
    assert!(again.text().contains("Networks.pdf") && again.text().contains("Choose another file in its place"), "{}", again.text());
    let (path, fields) = again.fill(&page, &[]);
    assert!(supplier.post_raw(&path, &fields).await.status.is_redirection());
    assert_eq!(draft(&world, id).await["network_diagram"]["file"], file.id.to_string());
    // Another one takes its place as a new version; unticked, there is no answer.
    world.app.advance(1_000);
    save(&mut supplier, &page, &[], &[("q.network_diagram.upload", "Networks 2.pdf", PDF)]).await;
    let newer = rows(&world).await.pop().unwrap();
    assert_eq!((newer.chain, newer.number), (file.chain, 2));
    assert_eq!(draft(&world, id).await["network_diagram"]["file"], newer.id.to_string());
    let (path, mut fields) = supplier.get(&page).await.fill(&page, &[]);
    fields.retain(|(name, _)| name != "q.network_diagram.file");
    supplier.post_raw(&path, &fields).await;
    assert!(draft(&world, id).await.get("network_diagram").is_none());
    save(&mut supplier, &page, &[("q.network_diagram.file", &file.id.to_string())], &[]).await;

    let check = supplier.get(&format!("/proposals/{id}/check")).await;
    assert_eq!(check.link("Networks 2.pdf"), format!("/files/{}", newer.id), "an answer that names what was replaced means what stands");
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let whole = json!({"file": newer.id.to_string(), "name": "Networks 2.pdf", "sha256": newer.sha256});
    assert_eq!(handed_in(&world, id, "network_diagram").await, whole);
    assert!(rows(&world).await.iter().all(|row| row.fixed_at.is_some()), "it is handed in, and so is what it replaced");

    // The question is sealed, and so is its file: asked for by a form, with an entry; not at all by who may not open answers.
    let read = official.get(&format!("/proposals/{id}")).await;
    assert!(!read.body.contains("Networks 2.pdf"));
    let own = format!("/files/{}", newer.id);
    let shown = official.get(&own).await;
    assert!(shown.text().contains("Networks 2.pdf") && shown.text().contains("Downloading it is recorded"), "{}", shown.text());
    assert_eq!(official.get(&format!("{own}/bytes")).await.status, StatusCode::NOT_FOUND);
    let reveals = async || entry::Entity::find().all(world.app.core.db.reader()).await.unwrap().iter().filter(|e| e.action == "file.reveal").count();
    assert_eq!(reveals().await, 0);
    let bytes = official.submit_only(&shown, "/reveal", &[]).await;
    assert_eq!((bytes.status, bytes.bytes.as_slice()), (StatusCode::OK, PDF));
    assert_eq!(reveals().await, 1);
    let files = format!("/proposals/{id}/files");
    assert!(official.get(&files).await.text().contains("For the question: A diagram of the networks"));
    assert!(official.get(&files).await.body.contains("Networks 2.pdf") && !stranger.get(&files).await.body.contains("Networks 2.pdf"));
    let csrf = stranger.get(&files).await;
    assert_eq!(csrf.status, StatusCode::OK);
    for refused in [stranger.get(&own).await, stranger.get(&format!("{own}/bytes")).await] {
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(reveals().await, 1);
});

both_engines!(migrations, /// OWN-4: what is wrong with a file is said at its box, and what else was typed is kept.
async fn a_wrong_file_loses_nothing_else(db) {
    let world = World::with(db, |settings| settings.limits.file_mib = 1).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut supplier = lead.browser(&world);
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let page = format!("/proposals/{id}/answers/connections");
    let large = [PDF, &vec![b'x'; 1024 * 1024]].concat();
    let files: [(&str, &str, &[u8]); 3] = [
        ("q.network_diagram.upload", "setup.exe", b"MZ\x90\0 program"),
        ("q.storage_diagram.upload", "Stores.pdf", PDF),
        ("q.transfer_diagram.upload", "large.pdf", &large),
    ];
    let answer = save(&mut supplier, &page, &[("q.networks", "Two lines now.")], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["a program or a script", "larger than 1 MB", "Stores.pdf", "Two lines now."] {
        assert!(answer.body.contains(says), "{says}: {}", answer.text());
    }
    let kept = draft(&world, id).await;
    assert_eq!((&kept["networks"], rows(&world).await.len()), (&json!("Two lines now."), 1));
    assert!(kept["storage_diagram"]["file"].is_string() && kept.get("network_diagram").is_none() && kept.get("transfer_diagram").is_none());

    // A box of another section, and a file of another case, are none of this one's.
    let other = save(&mut supplier, &page, &[], &[("q.contact.upload", "a.pdf", PDF)]).await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
    let second = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let foreign = kept["storage_diagram"]["file"].as_str().unwrap();
    let there = format!("/proposals/{second}/answers/connections");
    let answer = save(&mut supplier, &there, &[("q.network_diagram.file", foreign)], &[]).await;
    assert!(answer.text().contains("is no longer here. Choose one again"), "{}", answer.text());
    // A paper that cannot be uploaded is described instead.
    let note = [("q.network_diagram.note", "A wall chart"), ("q.network_diagram.date.day", "2"), ("q.network_diagram.date.month", "1"),
        ("q.network_diagram.date.year", "2026"), ("q.network_diagram.file", "")];
    assert!(save(&mut supplier, &there, &note, &[]).await.status.is_redirection());
    assert_eq!(draft(&world, second).await["network_diagram"], json!({"note": "A wall chart", "date": "2026-01-02"}));

    // Taken back, the file is missed before anything is handed in.
    files::remove(&lead.cx, foreign.parse().unwrap()).await.unwrap();
    let check = supplier.get(&format!("/proposals/{id}/check")).await.text();
    assert!(check.contains("is no longer here. Choose one again"), "{check}");
    assert!(act::submit(&lead.cx, id, world.version(id).await, true, None).await.is_err());
});

both_engines!(migrations, /// OFF-11, OWN-4: a file that is taken back in the moment in which its proposal is handed in is not named in what was handed in.
async fn a_file_taken_back_meanwhile_stops_the_submission(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut supplier = lead.browser(&world);
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let page = format!("/proposals/{id}/answers/connections");
    save(&mut supplier, &page, &[], &[("q.storage_diagram.upload", "Stores.pdf", PDF)]).await;
    // What a submission reads a moment before it begins.
    let ahead = act::Ahead::of(&lead.cx, lead.cx.db(), id).await.unwrap();
    files::remove(&lead.cx, rows(&world).await[0].id).await.unwrap();
    let mut tx = lead.cx.begin().await.unwrap();
    let done = act::submit_in(&lead.cx, &mut tx, (id, world.version(id).await), true, None, &ahead).await;
    assert!(matches!(done, Err(platform::Error::Stale(_))));
    drop(tx);
    assert_eq!(world.case(id).await.stage, "draft");
});

both_engines!(migrations, /// OFF-11, OWN-4: in the next round a supplier gives a new version; both rounds keep which one they were handed in with, and meanwhile the authority reads the old one.
async fn each_round_names_its_version(db) {
    let world = World::new(db).await;
    let (lead, manager) = (world.person("supplier_lead", world.lead.0).await, world.official("contract_manager").await);
    let (mut supplier, mut official) = (lead.browser(&world), manager.browser(&world));
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (page, files) = (format!("/proposals/{id}/answers/connections"), format!("/proposals/{id}/files"));
    save(&mut supplier, &page, &[], &[("q.storage_diagram.upload", "Stores.pdf", PDF)]).await;
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let first = handed_in(&world, id, "storage_diagram").await;
    let point = platform::cases::rounds::NewPoint { section: Some("connections".to_owned()), question: Some("storage_diagram".to_owned()), text: "Too coarse.".to_owned() };
    act::send_back(&manager.cx, id, world.version(id).await, "One drawing is too coarse.", &[point]).await.unwrap();
    world.app.advance(1_000);
    let newer = [PDF, b"In detail.\n"].concat();
    save(&mut supplier, &page, &[], &[("q.storage_diagram.upload", "Stores in detail.pdf", &newer)]).await;
    assert_eq!(rows(&world).await.len(), 2);
    let list = official.get(&files).await.text();
    assert!(list.contains("Stores.pdf") && !list.contains("Stores in detail.pdf"), "what stands is not hidden by a draft: {list}");
    assert!(supplier.get(&files).await.text().contains("Stores in detail.pdf"));
    act::submit(&lead.cx, id, world.version(id).await, true, Some("Drawn anew.")).await.unwrap();
    let second = handed_in(&world, id, "storage_diagram").await;
    assert_ne!(first["sha256"], second["sha256"]);
    assert!(official.get(&files).await.text().contains("Stores in detail.pdf"));
    let old = official.get(&format!("/files/{}", first["file"].as_str().unwrap())).await;
    assert!(old.text().contains("A newer version has taken its place"), "{}", old.text());
});

both_engines!(migrations, /// OWN-4, OFF-Q4: a file of one entry among several goes with its entry when one before it is taken out.
async fn a_file_stays_with_its_entry(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut supplier = lead.browser(&world);
    let mut all = answers(world.lead.0);
    let mut second = all["countries"][0].clone();
    second["country_personal"] = json!(["stored"]);
    second["country_mechanism"] = json!("transfer_agreement");
    second["country"] = json!("PH");
    all["countries"].as_array_mut().unwrap().push(second);
    let id = world.draft(&lead, world.lead.1, all).await;
    let page = format!("/proposals/{id}/answers/countries");
    let boxed = "q.countries.2.country_transfer_assessment.upload";
    let sent = save(&mut supplier, &page, &[], &[(boxed, "Assessment.pdf", PDF)]).await;
    assert!(sent.status.is_redirection() || sent.text().contains("Assessment.pdf"), "{}", sent.text());
    let file = rows(&world).await.pop().unwrap();
    assert_eq!((file.field.as_deref(), file.sensitive), (Some("q.country_transfer_assessment"), true));
    let at = async |n: usize| draft(&world, id).await["countries"][n]["country_transfer_assessment"]["file"].clone();
    assert_eq!(at(1).await, file.id.to_string());
    let (path, mut fields) = supplier.get(&page).await.fill(&page, &[]);
    fields.push(("remove".to_owned(), "countries.1".to_owned()));
    supplier.post_raw(&path, &fields).await;
    assert_eq!(draft(&world, id).await["countries"].as_array().unwrap().len(), 1);
    assert_eq!(at(0).await, file.id.to_string());
    assert!(supplier.get(&page).await.text().contains("Assessment.pdf"));
});

both_engines!(migrations, /// OWN-4: a file that the scanner finds something in is refused at its question, and recorded; the other answers and files of the section are kept.
async fn a_harmful_file_refuses_itself_alone(db) {
    let scanner = testkit::Scanner::new();
    scanner.learns("HARMFUL");
    let at = scanner.at.clone();
    let world = World::with(db, |settings| settings.files.clamd = at).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut supplier = lead.browser(&world);
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let page = format!("/proposals/{id}/answers/connections");
    let files: [(&str, &str, &[u8]); 2] =
        [("q.network_diagram.upload", "Networks.pdf", b"%PDF-1.7\nHARMFUL\n"), ("q.storage_diagram.upload", "Stores.pdf", PDF)];
    let answer = save(&mut supplier, &page, &[("q.networks", "Two lines now.")], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let said = "The virus scanner found something in the file. Nothing of it was kept.";
    let errors = answer.select(".govuk-error-message");
    assert!(errors.len() == 1 && errors[0].contains(said), "{errors:?}");
    assert!(answer.select(".govuk-error-summary a").iter().any(|link| link.contains(said)), "{}", answer.text());
    assert!(answer.body.contains("Stores.pdf") && answer.body.contains("Two lines now."), "{}", answer.text());
    let kept = draft(&world, id).await;
    assert_eq!((&kept["networks"], rows(&world).await.len()), (&json!("Two lines now."), 1));
    assert!(kept["storage_diagram"]["file"].is_string() && kept.get("network_diagram").is_none());
    world.app.core.refusals.settle().await;
    let entries = entry::Entity::find().all(world.app.core.db.reader()).await.unwrap();
    let told = entries.iter().filter(|e| e.action == "refused" && String::from_utf8_lossy(&e.bytes).contains("infected-file")).count();
    assert_eq!(told, 1, "who sends such files is recorded");
});
