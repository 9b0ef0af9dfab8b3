//! What is attached, looked through, withheld and decided about (SEC-25).

use axum::http::StatusCode;
use platform::files::{self, About, AtHand, Held, To, held};
use platform::{Cx, Error};
use rust_xlsxwriter::Workbook;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::pages::post;
use super::{case as one, reported};
use crate::incident::act::{self, Choice};
use crate::incident::looked::{Looked, SHOWN, excerpts};
use crate::incident::model::INCIDENT;
use crate::incident::store::files as store;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World, refused_by};
use crate::reading::{self, Why};

/// A number of the form of a National Insurance number; nobody has it.
const NINO: &str = "AB 12 34 56 C";

/// A workbook with that number in the third row of its second sheet.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Bookings of the night ferry").unwrap();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["Name", "NINO"]).unwrap();
    sheet.write_row(2, 0, ["Somebody", NINO]).unwrap();
    book.save_to_buffer().unwrap()
}

/// A workbook without anything about anybody.
fn clean() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Bookings by deck").unwrap();
    book.save_to_buffer().unwrap()
}

/// Attaches a file as a page does.
pub(in crate::incident) async fn attached(cx: &Cx, case: Uuid, name: &str, bytes: &[u8]) -> Uuid {
    let thing = case.to_string();
    let received = files::receive(cx, (INCIDENT.id, &thing), &mut AtHand::new(bytes.to_vec())).await.unwrap();
    let about = About { name: name.to_owned(), ..About::default() };
    files::add(cx, To::Thing(INCIDENT.id, &thing, None), &about, &received).await.unwrap()
}

async fn row(world: &World, id: Uuid) -> files::Model {
    files::Entity::find_by_id(id).one(world.app.core.db.reader()).await.unwrap().unwrap()
}

async fn state(world: &World, id: Uuid) -> Option<Held> {
    row(world, id).await.held()
}

/// What is seen of a file: on its own page, in the list of the incident's files, and how it is downloaded.
async fn sees(who: &Person, world: &World, case: Uuid, file: Uuid) -> (StatusCode, bool, StatusCode) {
    let mut browser = who.browser(world);
    let own = browser.get(&format!("/files/{file}")).await.status;
    let listed = browser.get(&format!("/incidents/{case}/files")).await.body.contains(&file.to_string());
    (own, listed, browser.get(&format!("/files/{file}/bytes")).await.status)
}

const OPEN: (StatusCode, bool, StatusCode) = (StatusCode::OK, true, StatusCode::OK);
/// Seen, and asked for by a form that leaves an entry.
const CLOSED: (StatusCode, bool, StatusCode) = (StatusCode::OK, true, StatusCode::NOT_FOUND);
const HIDDEN: (StatusCode, bool, StatusCode) = (StatusCode::NOT_FOUND, false, StatusCode::NOT_FOUND);

async fn looks(world: &World, file: Uuid) -> usize {
    let lines = platform::book::timeline(&world.app.operator(), "file", &file.to_string(), 50).await.unwrap();
    lines.iter().filter(|line| line.action == "file.reveal").count()
}

both_engines!(migrations, /// SEC-25: what a reporter attaches is kept at once and withheld until it was looked through; what was found is told by kind and place, never the
/// value; in place it is shown to those entitled, and each look leaves an entry.
async fn sec_25_what_is_attached_is_looked_through(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    let (below, other) = (world.person("supplier_lead", world.sub.0).await, world.person("supplier_lead", world.other.0).await);
    let case = reported(&lead.cx, world.lead.1).await.id;
    let file = attached(&lead.cx, case, "Bookings.xlsx", &workbook()).await;
    assert_eq!(state(&world, file).await, Some(Held::Waiting));
    for (who, what) in [(&lead, CLOSED), (&security, CLOSED), (&manager, HIDDEN), (&below, HIDDEN), (&other, HIDDEN)] {
        assert_eq!(sees(who, &world, case, file).await, what, "before it was looked through");
    }
    let list = manager.browser(&world).get(&format!("/incidents/{case}/files")).await.text();
    assert!(list.contains("One more file is here. It is withheld"), "{list}");
    world.app.work().await;
    assert_eq!(state(&world, file).await, Some(Held::Found));
    for (who, what) in [(&lead, CLOSED), (&security, CLOSED), (&manager, HIDDEN), (&below, HIDDEN), (&other, HIDDEN)] {
        assert_eq!(sees(who, &world, case, file).await, what, "once something was found");
    }
    // Whoever brought it is told, and finds the way.
    let mail = world.app.mailed(&lead.email).await;
    assert!(mail.iter().any(|text| text.contains("INC-2026-000001 is withheld")), "{mail:?}");
    assert!(mail.iter().all(|text| !text.contains("12 34") && !text.contains("Bookings")), "{mail:?}");
    let mut browser = lead.browser(&world);
    let overview = browser.get(&format!("/incidents/{case}")).await;
    let path = format!("/incidents/{case}/screening/files");
    assert!(overview.text().contains("One file is withheld") && overview.body.contains(&path), "{}", overview.text());
    let page = browser.get(&path).await;
    for word in ["Bookings.xlsx", "National Insurance number (as good as certain): sheet 2, cell B3", "What is to become of this file?"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    assert!(!page.body.contains(NINO), "the value is in no list");
    assert_eq!(looks(&world, file).await, 0);
    let shown = post(&mut browser, &page, &format!("{path}/{file}/show"), &[]).await;
    assert!(shown.body.contains(NINO), "{}", shown.text());
    assert_eq!(looks(&world, file).await, 1);
    // The others learn no more than that there is something.
    let overview = manager.browser(&world).get(&format!("/incidents/{case}")).await;
    assert!(overview.text().contains("Whoever brought them is asked to decide") && !overview.body.contains(&path), "{}", overview.text());
    for (who, status) in [(&manager, StatusCode::OK), (&other, StatusCode::NOT_FOUND)] {
        let mut browser = who.browser(&world);
        let page = browser.get(&path).await;
        assert!(page.status == status && !page.body.contains("Bookings.xlsx"), "{}", page.text());
        assert!(matches!(act::show_file(&who.cx, case, file).await, Err(Error::NotFound | Error::Refused(_))));
    }
    assert_eq!(looks(&world, file).await, 1);
    // Nothing of it stands in the open, in the ledger or in the row of what was found.
    let cx = world.app.operator();
    for line in platform::book::timeline(&cx, "file", &file.to_string(), 50).await.unwrap() {
        assert!(!format!("{:?} {:?}", line.about, line.body).contains("12 34"));
    }
});

both_engines!(migrations, /// SEC-25: declared essential it stays closed to all but those entitled; released, all read it; withdrawn, nobody opens it. Each says why, and
/// nobody decides about what somebody else has decided meanwhile.
async fn sec_25_decided_file_by_file(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager, audit) = (world.official("security").await, world.official("contract_manager").await, world.official("internal_audit").await);
    let case = reported(&lead.cx, world.lead.1).await.id;
    let mut all = Vec::new();
    for name in ["One.xlsx", "Two.xlsx", "Three.xlsx"] {
        all.push(attached(&lead.cx, case, name, &workbook()).await);
    }
    let [needed, harmless, wrong] = all[..] else { panic!() };
    let settle = async |who: &Person, file, was, choice, reason: &str| act::settle_file(&who.cx, case, file, was, choice, reason).await;
    assert!(matches!(settle(&lead, needed, Held::Waiting, Choice::Release, "So.").await, Err(Error::Conflict(_))));
    world.app.work().await;
    // The form says what lacks, and nothing is decided.
    let (choice, reason) = (&*format!("choice-{needed}"), &*format!("reason-{needed}"));
    let path = format!("/incidents/{case}/screening/files");
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    let again = post(&mut browser, &page, &format!("{path}/{needed}"), &[(choice, "essential"), (reason, " ")]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text().contains("Say why"), "{}", again.text());
    let again = post(&mut browser, &page, &format!("{path}/{needed}"), &[(reason, "It names who is looked for.")]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.body.contains("It names who is looked for."), "{}", again.text());
    let done = post(&mut browser, &again, &format!("{path}/{needed}"), &[(choice, "essential"), (reason, "It names who is looked for.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(state(&world, needed).await, Some(Held::Essential));
    refused_by(settle(&audit, harmless, Held::Found, Choice::Release, "So.").await, "internal-audit-only-reads-files");
    assert!(matches!(settle(&manager, harmless, Held::Found, Choice::Release, "So.").await, Err(Error::Refused(_))), "not its own, and not entitled");
    settle(&security, harmless, Held::Found, Choice::Release, "Numbers of lockers.").await.unwrap();
    settle(&lead, wrong, Held::Found, Choice::Withdraw, "Sent by mistake.").await.unwrap();
    for (file, seen) in [(needed, HIDDEN), (harmless, OPEN), (wrong, HIDDEN)] {
        assert_eq!(sees(&manager, &world, case, file).await, seen);
    }
    for who in [&lead, &security, &audit] {
        for (file, seen) in [(needed, CLOSED), (harmless, OPEN), (wrong, CLOSED)] {
            assert_eq!(sees(who, &world, case, file).await, seen);
        }
        let mut browser = who.browser(&world);
        let own = browser.get(&format!("/files/{wrong}")).await;
        assert!(own.text().contains("This file was withdrawn") && !own.has_form(&format!("/files/{wrong}/reveal")), "{}", own.text());
        refused_by(files::reveal(&who.cx, wrong).await, "what-was-withdrawn-stays-closed");
    }
    let mut browser = security.browser(&world);
    let own = browser.get(&format!("/files/{needed}")).await;
    let (to, fields) = own.fill(&format!("/files/{needed}/reveal"), &[]);
    assert_eq!(browser.post_raw(&to, &fields).await.status, StatusCode::OK);
    assert_eq!(looks(&world, needed).await, 1);
    // Decided is decided: what somebody believes to stand otherwise is told so, and what was withdrawn or released is settled for good.
    assert!(matches!(settle(&lead, needed, Held::Found, Choice::Release, "So.").await, Err(Error::Stale(_))));
    assert!(matches!(settle(&lead, harmless, Held::Found, Choice::Withdraw, "So.").await, Err(Error::Stale(_))));
    refused_by(settle(&lead, wrong, Held::Withdrawn, Choice::Release, "So.").await, "what-was-withdrawn-stays-closed");
    // Essential may turn out not to be.
    settle(&lead, needed, Held::Essential, Choice::Release, "The person agreed.").await.unwrap();
    assert_eq!(sees(&manager, &world, case, needed).await, OPEN);
    let known = store::known(&lead.cx, lead.cx.db(), &one(&world, case).await).await.unwrap();
    assert_eq!(known[&wrong].decided.as_ref().map(|d| (d.choice, d.reason.as_str())), Some((Choice::Withdraw, "Sent by mistake.")));
    let history = lead.browser(&world).get(&format!("/incidents/{case}/history")).await.text();
    for word in ["looked through for data about people", "Decided about a file that was withheld", "Sent by mistake."] {
        assert!(history.contains(word), "{word}: {history}");
    }
});

both_engines!(migrations, /// SEC-25: where nothing is found nobody is asked, and all read the file; a version in the place of one with data is looked through anew, and the one
/// before stays withheld.
async fn sec_25_what_is_clean_is_read_and_a_new_version_looked_at(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let case = reported(&lead.cx, world.lead.1).await.id;
    let file = attached(&lead.cx, case, "Decks.xlsx", &clean()).await;
    let with = attached(&lead.cx, case, "Bookings.xlsx", &workbook()).await;
    world.app.work().await;
    assert_eq!(sees(&manager, &world, case, file).await, OPEN);
    let replace = async |old: Uuid, bytes: Vec<u8>| {
        let thing = case.to_string();
        let received = files::receive(&lead.cx, (INCIDENT.id, &thing), &mut AtHand::new(bytes)).await.unwrap();
        let about = About { name: "Bookings.xlsx".to_owned(), ..About::default() };
        files::add(&lead.cx, To::Version(old), &about, &received).await.unwrap()
    };
    let newer = replace(with, clean()).await;
    assert_eq!(sees(&manager, &world, case, newer).await, HIDDEN, "nobody has looked at it yet");
    world.app.work().await;
    assert_eq!(sees(&manager, &world, case, newer).await, OPEN);
    assert_eq!(sees(&manager, &world, case, with).await, HIDDEN, "what it replaced stays withheld");
    assert_eq!(held::open(&manager.cx, INCIDENT.id, &case.to_string()).await.unwrap(), 0, "and nobody has to decide about it");
    let old = act::settle_file(&lead.cx, case, with, Held::Found, Choice::Release, "So.").await;
    assert!(matches!(old, Err(Error::Conflict(_))), "{old:?}");
    // The other way round: what was clean stays read, and the new version is withheld.
    let newest = replace(newer, workbook()).await;
    world.app.work().await;
    assert_eq!(state(&world, newest).await, Some(Held::Found));
    let list = manager.browser(&world).get(&format!("/incidents/{case}/files")).await;
    assert!(list.body.contains(&newer.to_string()) && !list.body.contains(&newest.to_string()));
});

both_engines!(migrations, /// SEC-25: what cannot be read is withheld with its reason in plain words, whatever it is; nothing of the report is lost.
async fn sec_25_what_cannot_be_read_is_withheld_with_its_reason(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let case = reported(&lead.cx, world.lead.1).await.id;
    let bomb = {
        use std::io::Write as _;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let plain = zip::write::SimpleFileOptions::default();
        for (name, bytes) in [("word/document.xml", vec![b' '; 40 << 20]), ("[Content_Types].xml", b"<Types/>".to_vec())] {
            zip.start_file(name, plain).unwrap();
            zip.write_all(&bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("Photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "The file is a picture"),
        ("Bomb.docx", bomb, "unpacks to far more than it is"),
        ("Broken.pdf", b"%PDF-1.7\nnothing".to_vec(), "is not the PDF that it begins as"),
        ("Large.txt", vec![b'a'; 33 << 20], "larger than 32 MiB"),
    ];
    for (name, bytes, why) in &cases {
        let file = attached(&lead.cx, case, name, bytes).await;
        world.app.work().await;
        assert_eq!(state(&world, file).await, Some(Held::Unread), "{name}");
        assert_eq!(sees(&manager, &world, case, file).await, HIDDEN, "{name}");
        let page = lead.browser(&world).get(&format!("/incidents/{case}/screening/files")).await.text();
        assert!(page.contains(name) && page.contains(why), "{name}: {page}");
        act::settle_file(&lead.cx, case, file, Held::Unread, Choice::Release, "We looked at it.").await.unwrap();
        assert_eq!(sees(&manager, &world, case, file).await, OPEN, "{name}");
    }
});

both_engines!(migrations, /// SEC-25: who has nothing to do with a file decides nothing about it: another supplier of the chain, the same account for another party, an id
/// of another incident in the address, an account that has no role any more.
async fn sec_25_only_whoever_brought_it_decides(db) {
    let world = World::new(db).await;
    let (lead, sub) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_member", world.sub.0).await);
    let colleague = world.person("supplier_member", world.sub.0).await;
    let case = reported(&sub.cx, world.sub.1).await.id;
    let elsewhere = reported(&lead.cx, world.lead.1).await.id;
    let file = attached(&sub.cx, case, "Bookings.xlsx", &workbook()).await;
    world.app.work().await;
    let settle = async |cx: &Cx, case| act::settle_file(cx, case, file, Held::Found, Choice::Release, "So.").await;
    // The lead reads the incident, and not the file of the one below.
    assert_eq!(sees(&lead, &world, case, file).await, HIDDEN);
    assert!(matches!(settle(&lead.cx, case).await, Err(Error::Refused(_))));
    assert!(matches!(settle(&sub.cx, elsewhere).await, Err(Error::NotFound)));
    let mut moved = sub.cx.clone();
    if let platform::authz::Actor::Account(actor) = &mut moved.actor {
        actor.party = world.other.0;
    }
    assert!(settle(&moved, case).await.is_err());
    assert!(act::show_file(&moved, case, file).await.is_err());
    assert_eq!(sees(&colleague, &world, case, file).await, CLOSED, "a colleague of whoever brought it");
    let role = sub.cx.actor.membership().unwrap();
    crate::account::act::end_membership(&world.app.operator(), sub.account, role, 1).await.unwrap();
    let page = sub.browser(&world).get(&format!("/files/{file}")).await;
    assert!(!page.body.contains("Bookings.xlsx"), "{}", page.text());
    assert_ne!(sub.browser(&world).get(&format!("/files/{file}/bytes")).await.body.as_bytes(), workbook());
    settle(&colleague.cx, case).await.unwrap();
    assert_eq!(sees(&lead, &world, case, file).await, OPEN);
});

both_engines!(migrations, /// SEC-25: a file whose job was given up, or that is older than such jobs, is looked through all the same; one that was taken away with the case's key
/// holds up nothing.
async fn sec_25_no_file_is_forgotten(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let case = reported(&lead.cx, world.lead.1).await.id;
    let file = attached(&lead.cx, case, "Decks.xlsx", &clean()).await;
    platform::jobs::row::Entity::delete_many().filter(platform::jobs::row::Column::Kind.eq(files::held::SCREEN)).exec(&world.app.db.raw().await).await.unwrap();
    world.app.work().await;
    assert_eq!(state(&world, file).await, Some(Held::Waiting), "its job is gone");
    // It may be on its way still; after that the rest is looked through.
    let rest = async || crate::incident::looked::rest(&world.app.operator(), Uuid::nil(), &serde_json::Value::Null).await.unwrap();
    rest().await;
    assert_eq!(state(&world, file).await, Some(Held::Waiting));
    world.app.advance(2 * platform::clock::HOUR);
    rest().await;
    assert_eq!(state(&world, file).await, None);
    // Twice is once.
    act::screen_file(&world.app.operator(), file).await.unwrap();
    assert_eq!(state(&world, file).await, None);
    act::screen_file(&world.app.operator(), Uuid::now_v7()).await.unwrap();
});

#[test]
fn sec_25_what_was_found_holds_no_value() {
    let read = |bytes: &[u8]| extract::extract(bytes, &extract::Limits::default()).map_err(Why::Refused);
    let book = read(&workbook());
    let looked = Looked::at("Bookings.xlsx", &book);
    assert_eq!((looked.held(), looked.count()), (Some(Held::Found), 1));
    let kept = serde_json::to_string(&looked).unwrap();
    assert!(!kept.contains("12 34") && serde_json::from_str::<Looked>(&kept).unwrap() == looked, "{kept}");
    let shown = excerpts(&book.unwrap());
    assert_eq!(shown[0].text[1], NINO);
    assert_eq!((shown[0].at.sheet, shown[0].at.row, shown[0].at.column.as_deref()), (Some(2), Some(3), Some("B")));
    // A name can say as much as a text, also that of a file within.
    let named = Looked::at("sam.bell@customers.example.txt", &read(b"Nothing."));
    assert_eq!((named.held(), named.places[0].at.as_ref()), (Some(Held::Found), None));
    let letter = "From: a@b.example\nTo: c@d.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Disposition: attachment; filename=\"sam.bell@customers.example.zip\"\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\nH4sIAAAA\n--x--\n";
    let inner = Looked::at("Letter.eml", &read(letter.as_bytes()));
    assert!(inner.unread[0].name.as_deref().is_some_and(|name| !name.contains("sam.bell")), "{inner:?}");
    // Thousands are counted, and the first are kept.
    let many: String = (0..1_000).map(|n| format!("guest{n}@customers.example\n")).collect();
    let many = Looked::at("Many.txt", &read(many.as_bytes()));
    assert_eq!((many.count(), many.places.len()), (1_000, SHOWN));
    assert_eq!(many.places[6].at.as_ref().and_then(|at| at.line), Some(7));
    // Nothing found and nothing unread is nothing to decide about.
    assert_eq!(Looked::at("Plain.txt", &read(b"Nothing.")).held(), None);
    assert_eq!(Looked::at("Plain.txt", &Err(Why::Failed)).held(), Some(Held::Unread));
    let _ = reading::most();
}
