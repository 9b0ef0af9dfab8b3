//! Files of proposals by browser: drafted, handed in, replaced, read by both sides and by nobody else.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use platform::book::entry;
use platform::files::{self, Entity};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::json;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::casework::act as around;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::testing::{attach, attach_at};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nThe certificate.\n";

async fn ok(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
    page
}

fn of(id: Uuid) -> String {
    format!("/files/of/proposal/{id}")
}

/// Fields, name and bytes of an upload, and what is said of it.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a [u8], &'a str);

/// Every file, oldest first.
async fn rows(world: &World) -> Vec<files::Model> {
    Entity::find().order_by_asc(files::Column::Id).all(world.app.core.db.reader()).await.unwrap()
}

/// What lies in the store, half-written things included.
fn stored(world: &World) -> Vec<std::path::PathBuf> {
    let shards = std::fs::read_dir(world.app.core.settings.files_folder()).unwrap().map(|e| e.unwrap().path());
    let mut all: Vec<_> = shards.flat_map(|s| std::fs::read_dir(s).unwrap().map(|e| e.unwrap().path())).collect();
    all.sort();
    all
}

async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Page {
    let page = ok(browser, path).await;
    let action = page.body.split("enctype=\"multipart/form-data\"").next().unwrap().rsplit("action=\"").next().unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    browser.upload_only(&page, &action, fields, &[("file", name, bytes)]).await
}

both_engines!(migrations, /// OWN-4, OFF-8: evidence is drafted, handed in with the proposal, sealed at rest, replaced by a new version and never deleted.
async fn evidence_from_draft_to_new_version(db) {
    let world = World::new(db).await;
    let (lead, manager) = (world.person("supplier_lead", world.lead.0).await, world.official("contract_manager").await);
    let (mut supplier, mut official) = (lead.browser(&world), manager.browser(&world));
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let page = format!("/proposals/{id}/files");
    let dates = [("file_from.day", "1"), ("file_from.month", "4"), ("file_from.year", "2025"), ("file_expires.day", "20"),
        ("file_expires.month", "3"), ("file_expires.year", "2026")];
    let sent = send(&mut supplier, &page, &dates, "C:\\my\\Certificate \u{202e}2026.pdf", PDF).await;
    assert_eq!(sent.location(), page);
    world.app.advance(1_000);
    send(&mut supplier, &page, &[], "mistake.txt", b"The wrong one").await;
    let list = ok(&mut supplier, &page).await.text();
    for part in ["Certificate 2026.pdf", "Not submitted yet", "From 1 April 2025", "20 March 2026", "Expires soon", "PDF document, 32 bytes", "Pat supplier lead"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let [certificate, mistake] = rows(&world).await.try_into().unwrap();

    // A draft's files are its supplier's affair.
    assert_eq!(official.get(&format!("/files/{}", certificate.id)).await.status, StatusCode::NOT_FOUND);
    let wrong = ok(&mut supplier, &format!("/files/{}", mistake.id)).await;
    assert!(wrong.text().contains("The wrong one"));
    assert_eq!(supplier.submit_only(&wrong, "/remove", &[]).await.location(), page);
    world.app.work().await;
    assert_eq!((rows(&world).await.len(), stored(&world).len()), (1, 1), "its bytes are gone too");

    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let (first, own) = (certificate.id, format!("/files/{}", certificate.id));
    let read = ok(&mut official, &own).await;
    assert!(read.text().contains("Yes. It stays as it is") && read.text().contains(&certificate.sha256), "{}", read.text());
    assert!(!read.has_form("/remove") && !read.has_form("/replace"), "the authority changes no supplier's file");
    let bytes = ok(&mut official, &format!("{own}/bytes")).await;
    assert_eq!(bytes.bytes, PDF);
    let head = |name: &str| bytes.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(head("content-type"), "application/pdf");
    assert!(head("content-disposition").starts_with("attachment; filename=\"Certificate 2026.pdf\""));
    assert_eq!((head("x-content-type-options"), head("content-length")), ("nosniff".to_owned(), PDF.len().to_string()));
    assert!(head("content-security-policy").contains("sandbox"));

    // At rest nobody reads it, nor its name.
    let sealed = std::fs::read(&stored(&world)[0]).unwrap();
    assert!(!sealed.windows(11).any(|part| part == b"certificate") && sealed.len() == PDF.len() + 16);
    assert!(!String::from_utf8_lossy(&rows(&world).await[0].name).contains("Certificate"));

    // Handed in, it is replaced, not deleted.
    let standing = ok(&mut supplier, &own).await;
    assert!(!standing.has_form("/remove"));
    assert!(matches!(files::remove(&lead.cx, first).await, Err(platform::Error::Refused(r)) if r.policy == "what-was-handed-in-stays"));
    let newer = [PDF, b"Renewed.\n"].concat();
    world.app.advance(1_000);
    assert_eq!(send(&mut supplier, &own, &[], "Certificate 2027.pdf", &newer).await.location(), page);
    let stale = supplier.upload_only(&standing, "/replace", &[("once", "another")], &[("file", "late.pdf", PDF)]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text());
    let list = ok(&mut official, &page).await.text();
    assert!(list.contains("Certificate 2027.pdf") && !list.contains("Certificate 2026.pdf"), "{list}");
    let second = rows(&world).await.pop().unwrap();
    let versions = ok(&mut official, &format!("/files/{}", second.id)).await.text();
    assert!(versions.contains("Certificate 2026.pdf"), "{versions}");
    assert!(ok(&mut official, &own).await.text().contains("A newer version has taken its place"));
    assert_eq!(ok(&mut official, &format!("{own}/bytes")).await.bytes, PDF);
    assert_eq!(ok(&mut official, &format!("/files/{}/bytes", second.id)).await.bytes, newer);

    // The ledger proves which bytes were there.
    let entries = entry::Entity::find().order_by_asc(entry::Column::Idx).all(world.app.core.db.reader()).await.unwrap();
    let told: Vec<String> = entries.iter().filter(|e| e.action == "file.add").map(|e| String::from_utf8_lossy(&e.bytes).into_owned()).collect();
    assert!(told.len() == 3 && told[2].contains(&second.sha256) && told[2].contains(&first.to_string()) && !told[2].contains("Certificate"));
    assert_eq!(second.sha256, platform::random::digest(&newer).iter().map(|b| format!("{b:02x}")).collect::<String>());
    let history = ok(&mut supplier, &format!("/proposals/{id}/history")).await.text();
    assert_eq!(history.matches("A file was added").count(), 2, "{history}");
});

both_engines!(migrations, /// OWN-3: files follow their thing: strangers find none, internal ones stay within the authority, a task's with whoever has the task.
async fn files_follow_what_they_are_attached_to(db) {
    let world = World::new(db).await;
    let (lead, manager) = (world.person("supplier_lead", world.lead.0).await, world.official("contract_manager").await);
    let id = world.submitted(&lead).await;
    let task = |side| platform::cases::tasks::NewTask::new("Look into it".to_owned(), side);
    let theirs = around::add_task::<Proposals>(&manager.cx, id, task(platform::authz::Side::Supplier)).await.unwrap();
    let ours = around::add_task::<Proposals>(&manager.cx, id, task(platform::authz::Side::Authority)).await.unwrap();
    let shared = attach(&lead.cx, "proposal", id, "Plan.pdf", false).await;
    let hush = attach(&manager.cx, "proposal", id, "Hush.pdf", true).await;
    let field = |task: Uuid| format!("task.{task}");
    let done = attach_at(&lead.cx, "proposal", id, Some(&field(theirs)), "Done.pdf", false).await.unwrap();
    let quiet = attach_at(&manager.cx, "proposal", id, Some(&field(ours)), "Quiet.pdf", false).await.unwrap();

    let mut supplier = lead.browser(&world);
    for (file, seen) in [(shared, true), (hush, false), (done, true), (quiet, false)] {
        for page in ["", "/bytes"] {
            let status = supplier.get(&format!("/files/{file}{page}")).await.status;
            assert_eq!(status, if seen { StatusCode::OK } else { StatusCode::NOT_FOUND }, "{file}{page}");
        }
    }
    for page in ["/files", "/tasks", "/history", "/thread", ""] {
        let body = ok(&mut supplier, &format!("/proposals/{id}{page}")).await.body;
        assert!(!body.contains("Hush") && !body.contains("Quiet"), "{page}");
    }
    assert!(ok(&mut supplier, &format!("/proposals/{id}/tasks")).await.text().contains("Done.pdf"));
    assert_eq!(supplier.get(&format!("{}?field={}", of(id), field(ours))).await.status, StatusCode::NOT_FOUND);
    assert_eq!(supplier.get(&format!("{}?field=q.no_such_question", of(id))).await.status, StatusCode::NOT_FOUND);
    assert!(attach_at(&lead.cx, "proposal", id, None, "Mine.pdf", true).await.is_err(), "a supplier keeps nothing internal here");
    let mut official = manager.browser(&world);
    let all = ok(&mut official, &format!("/proposals/{id}/files")).await.text();
    assert!(["Plan.pdf", "Hush.pdf", "Done.pdf", "Quiet.pdf", "Internal"].iter().all(|part| all.contains(part)), "{all}");
    assert_eq!(all.matches("For the task: Look into it").count(), 2, "each says what it is for: {all}");
    assert!(ok(&mut official, &format!("/files/{done}")).await.text().contains("For the task: Look into it"));
    assert!(ok(&mut supplier, &format!("/files/{done}")).await.text().contains("For the task: Look into it"));

    let (other, sub, audit) = (
        world.person("supplier_lead", world.other.0).await,
        world.person("supplier_lead", world.sub.0).await,
        world.official("internal_audit").await,
    );
    for stranger in [&other, &sub] {
        let mut browser = stranger.browser(&world);
        for file in [shared, hush, done, quiet] {
            for page in ["", "/bytes", "/picture"] {
                assert_eq!(browser.get(&format!("/files/{file}{page}")).await.status, StatusCode::NOT_FOUND);
            }
            assert!(files::remove(&stranger.cx, file).await.is_err());
        }
        assert_eq!(browser.get(&of(id)).await.status, StatusCode::NOT_FOUND);
        assert!(attach_at(&stranger.cx, "proposal", id, None, "Foreign.pdf", false).await.is_err());
    }
    let mut auditor = audit.browser(&world);
    assert!(ok(&mut auditor, &format!("/files/{hush}")).await.text().contains("Hush.pdf"));
    assert!(!ok(&mut auditor, &of(id)).await.has_form(&of(id)), "internal audit adds nothing");
    assert_eq!(rows(&world).await.len(), 4);
});

both_engines!(migrations, /// OWN-4: what is not taken says why, and nothing of it stays.
async fn bad_uploads_leave_nothing(db) {
    let world = World::with(db, |settings| settings.limits.file_mib = 1).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let mut browser = lead.browser(&world);
    let large = [PDF, &vec![b'x'; 1024 * 1024]].concat();
    let late: [(&str, &str); 6] = [("file_from.day", "2"), ("file_from.month", "2"), ("file_from.year", "2026"),
        ("file_to.day", "1"), ("file_to.month", "2"), ("file_to.year", "2026")];
    let cases: [Case; 8] = [
        (&[], "page.pdf", b"<html><script>alert(1)</script>", "web page"),
        (&[], "picture.png", b"<svg onload=alert(1)>", "web page"),
        (&[], "setup.pdf", b"MZ\x90\0 program", "a program or a script"),
        (&[], "empty.pdf", b"", "is empty"),
        (&[], "odd.bin", b"\0\x01\x02", "Files of this kind are not taken"),
        (&[], "large.pdf", &large, "larger than 1 MB"),
        (&late, "order.pdf", PDF, "must not lie before the first"),
        (&[("file_expires.day", "31"), ("file_expires.month", "2"), ("file_expires.year", "2026")], "date.pdf", PDF, "Enter a real date"),
    ];
    for (fields, name, bytes, says) in cases {
        let answer = send(&mut browser, &of(id), fields, name, bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text().contains(says), "{name}: {}", answer.text());
    }
    let page = ok(&mut browser, &of(id)).await;
    let none = browser.upload_only(&page, &of(id), &[], &[("file", "", b"")]).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("Choose a file"));
    let huge = [PDF, &vec![b'x'; 20 * 1024 * 1024]].concat();
    assert_eq!(browser.upload_only(&page, &of(id), &[], &[("file", "huge.pdf", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let two = browser.upload_only(&page, &of(id), &[], &[("file", "a.pdf", PDF), ("file", "b.pdf", PDF)]).await;
    assert_eq!(two.status, StatusCode::BAD_REQUEST);

    // Cut off anywhere: in the fields, in the file, just before the end.
    let (path, filled) = page.fill(&of(id), &[]);
    let mut body: Vec<u8> = Vec::new();
    for (name, value) in &filled {
        body.extend(format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(b"--mark\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n");
    body.extend(PDF.iter().chain(b"\r\n--mark--\r\n"));
    for keep in [30, body.len() / 2, body.len() - 40, body.len() - 14, body.len() - 4] {
        assert_eq!(browser.upload_raw(&path, body[..keep].to_vec()).await.status, StatusCode::BAD_REQUEST, "{keep}");
    }
    assert!(rows(&world).await.is_empty());
    // What was stored before its dates were found wrong, or before the end was missing, is swept a day later; nothing else ever lay there.
    world.app.advance(25 * platform::clock::HOUR);
    platform::jobs::plan(&world.app.core).await.unwrap();
    world.app.work().await;
    assert_eq!(stored(&world), Vec::<std::path::PathBuf>::new());
    assert_eq!(browser.upload_raw(&path, body).await.status, StatusCode::SEE_OTHER, "the whole of it is taken");
});

both_engines!(migrations, /// A double click adds one file and leads both times to the same page; another click adds another.
async fn a_double_click_adds_one_file(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let mut browser = lead.browser(&world);
    let page = ok(&mut browser, &format!("/proposals/{id}/files")).await;
    let mut twin = browser.clone();
    let (action, file) = (of(id), [("file", "a.pdf", PDF)]);
    let (a, b) = tokio::join!(browser.upload_only(&page, &action, &[], &file), twin.upload_only(&page, &action, &[], &file));
    assert_eq!((a.location(), b.location()), (page.path.clone(), page.path));
    let third = browser.upload_only(&ok(&mut browser.clone(), &of(id)).await, &of(id), &[], &[("file", "a.pdf", PDF)]).await;
    assert_eq!(third.status, StatusCode::SEE_OTHER);
    assert_eq!(rows(&world).await.len(), 2);
});

both_engines!(migrations, /// Pictures and texts are looked at in a sandbox of our own; nothing is ever sent as a page.
async fn previews_are_safe(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let mut browser = lead.browser(&world);
    let text = "name,<script>alert(1)</script>\r\nflip\u{202e}ped,2\r\n".to_owned() + &"long ".repeat(20_000) + "the finish";
    let picture = b"GIF89a\x01\0\x01\0<script>alert(1)</script>";
    assert_eq!(send(&mut browser, &of(id), &[], "run.bat", text.as_bytes()).await.status, StatusCode::SEE_OTHER);
    world.app.advance(1_000);
    assert_eq!(send(&mut browser, &of(id), &[], "x.html", picture).await.status, StatusCode::SEE_OTHER);
    let [words, drawing] = rows(&world).await.try_into().unwrap();
    let page = ok(&mut browser, &format!("/files/{}", words.id)).await;
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.body.contains("<script>alert"));
    assert!(!page.body.contains('\u{202e}') && page.text().contains("This is the beginning") && !page.body.contains("the finish"));
    let saved = ok(&mut browser, &format!("/files/{}/bytes", words.id)).await;
    assert_eq!(saved.bytes, text.as_bytes());
    assert!(saved.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("run.bat.txt"));
    assert_eq!(saved.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(browser.get(&format!("/files/{}/picture", words.id)).await.status, StatusCode::NOT_FOUND);
    let page = ok(&mut browser, &format!("/files/{}", drawing.id)).await;
    assert!(page.body.contains(&format!("src=\"/files/{}/picture\"", drawing.id)));
    let shown = browser.get(&format!("/files/{}/picture", drawing.id)).await;
    assert_eq!((&shown.headers[header::CONTENT_TYPE], shown.bytes.as_slice()), (&"image/gif".parse().unwrap(), &picture[..]));
    assert_eq!(shown.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox; frame-ancestors 'none'");
    assert_eq!(shown.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
});

both_engines!(migrations, /// SEC-4, OWN-4: a duty's evidence: its party adds files, those above it in the chain read them, others do not know of them.
async fn duties_have_files(db) {
    let world = World::new(db).await;
    crate::contract::act::put_pack(&world.app.operator(), world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
    let (sub, lead, other) = (
        world.person("supplier_lead", world.sub.0).await,
        world.person("supplier_lead", world.lead.0).await,
        world.person("supplier_lead", world.other.0).await,
    );
    let security = world.official("security").await;
    let duty = format!("/obligations/{}/offshoring/inform_before", world.sub.1);
    let mut owner = sub.browser(&world);
    let sent = send(&mut owner, &duty, &[], "Notice of 1 March.pdf", PDF).await;
    assert_eq!(sent.location(), duty);
    let file = rows(&world).await.pop().unwrap();
    assert!(file.fixed_at.is_some(), "a duty has no draft: what is added is handed in");
    for (person, reads, adds) in [(&sub, true, true), (&lead, true, false), (&security, true, true), (&other, false, false)] {
        let mut browser = person.browser(&world);
        let page = browser.get(&duty).await;
        assert_eq!(page.status == StatusCode::OK && page.text().contains("Notice of 1 March.pdf"), reads);
        assert_eq!(page.body.contains("multipart/form-data"), adds, "{}", page.text());
        assert_eq!(browser.get(&format!("/files/{}/bytes", file.id)).await.status == StatusCode::OK, reads);
    }
});

both_engines!(migrations, /// OWN-4: bytes that were changed, cut short or taken from another file in the store are not given out.
async fn changed_bytes_are_not_given_out(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let first = attach(&lead.cx, "proposal", id, "First.pdf", false).await;
    let second = attach(&lead.cx, "proposal", id, "Other.pdf", false).await;
    let place = |id: Uuid| stored(&world).into_iter().find(|p| p.ends_with(id.to_string())).unwrap();
    let (a, b) = (std::fs::read(place(first)).unwrap(), std::fs::read(place(second)).unwrap());
    assert_eq!(a.len(), b.len());
    let mut flipped = a.clone();
    flipped[3] ^= 1;
    for bytes in [flipped, b, a[..a.len() - 1].to_vec(), Vec::new()] {
        std::fs::write(place(first), bytes).unwrap();
        let request = Request::get(format!("/files/{first}/bytes")).body(Body::empty()).unwrap();
        let mut browser = lead.browser(&world);
        let broken = tokio::spawn(async move { browser.send(request, "/").await.status });
        assert!(broken.await.map_or(true, |status| status.is_server_error()), "a whole answer of changed bytes");
    }
    std::fs::write(place(first), a).unwrap();
    assert_eq!(ok(&mut lead.browser(&world), &format!("/files/{first}/bytes")).await.bytes, b"%PDF-1.7\nFirst.pdf\n");
});

both_engines!(migrations, /// A discarded draft's files go with it.
async fn a_discarded_draft_takes_its_files_along(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, json!({ "work_title": "Night desk" })).await;
    attach(&lead.cx, "proposal", id, "Plan.pdf", false).await;
    act::discard(&lead.cx, id, world.version(id).await).await.unwrap();
    world.app.work().await;
    assert!(rows(&world).await.is_empty() && stored(&world).is_empty());
});

/// A small archive that unpacks to a hundred gigabytes: 1,600 entries that are all the same 64 MiB of zeros.
fn bomb() -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..64 {
        zip.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let whole = zip.finish().unwrap().into_inner();
    let end = whole.windows(4).rposition(|part| part == b"PK\x05\x06").unwrap();
    let number = |at: usize| usize::try_from(u32::from_le_bytes(whole[at..at + 4].try_into().unwrap())).unwrap();
    let (size, begins) = (number(end + 12), number(end + 16));
    let entry = &whole[begins..begins + size];
    let mut bomb = [&whole[..begins], &entry.repeat(1600), &whole[end..]].concat();
    let end = bomb.len() - (whole.len() - end);
    for (at, bytes) in
        [(8, &1600u16.to_le_bytes()[..]), (10, &1600u16.to_le_bytes()), (12, &u32::try_from(size * 1600).unwrap().to_le_bytes())]
    {
        bomb[end + at..end + at + bytes.len()].copy_from_slice(bytes);
    }
    bomb
}

both_engines!(migrations, /// OWN-4: an archive is kept as it is: nothing here unpacks it, however much it would become.
async fn an_archive_is_never_unpacked(db) {
    let bomb = bomb();
    let declared: u128 = zip::ZipArchive::new(std::io::Cursor::new(&bomb)).unwrap().decompressed_size().unwrap_or_default();
    assert!(declared >= 64 * 1024 * 1024 && bomb.len() < 1024 * 1024, "{declared} bytes out of {}", bomb.len());
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let mut browser = lead.browser(&world);
    let began = std::time::Instant::now();
    // The name is as hostile: folders, and far too long.
    let name = format!("../../{}/{}.zip", "deep/".repeat(50), "x".repeat(4000));
    assert_eq!(send(&mut browser, &of(id), &[], &name, &bomb).await.status, StatusCode::SEE_OTHER);
    let file = rows(&world).await.pop().unwrap();
    let page = ok(&mut browser, &format!("/files/{}", file.id)).await;
    assert!(page.text().contains("ZIP archive") && !page.body.contains("vs-preview") && !page.body.contains("deep/"), "{}", page.text());
    assert_eq!(page.select("h1"), [format!("{}.zip", "x".repeat(196))]);
    assert!(ok(&mut browser, &format!("/files/{}/bytes", file.id)).await.bytes == bomb);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert_eq!(stored(&world).len(), 1);
});

both_engines!(migrations, /// OWN-4: once the key of a thing is destroyed nobody reads its files, not even their names, and every page says so.
async fn a_destroyed_key_takes_the_files_along(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let file = attach(&lead.cx, "proposal", id, "Certificate.pdf", false).await;
    let operator = world.app.operator();
    let case = crate::offshoring::store::load(operator.db(), world.case(id).await).await.unwrap();
    let tx = operator.begin().await.unwrap();
    assert!(operator.destroy_key(&tx, &format!("proposal:{id}")).await.unwrap());
    let permit = operator.permit("proposal.withdraw", &case).unwrap();
    operator.commit(tx, permit, [platform::cx::Entry::on("proposal.withdraw", &case)]).await.unwrap();
    let mut browser = lead.browser(&world);
    for page in [format!("/proposals/{id}/files"), format!("/files/{file}"), of(id)] {
        let shown = ok(&mut browser, &page).await;
        assert!(shown.text().contains("A file whose key was destroyed") && !shown.body.contains("Certificate"), "{page}: {}", shown.text());
    }
    assert_eq!(browser.get(&format!("/files/{file}/bytes")).await.status, StatusCode::CONFLICT);
    let refused = send(&mut browser, &of(id), &[], "More.pdf", PDF).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
    assert_eq!(rows(&world).await.len(), 1);
});
