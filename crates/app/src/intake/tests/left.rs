//! Files of messages that could not be scanned when the message came.

use platform::authz::Side;
use platform::clock::MINUTE;
use platform::files::{Column, Entity, Model};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use testkit::{Scanner, both_engines};
use uuid::Uuid;

use super::{all, known, letter, received};
use crate::intake::act::{self, Outcome};
use crate::intake::store;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

/// A world whose scanner is away; where it will be.
async fn world(db: testkit::TestDb) -> (World, String) {
    let at = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let own = at.clone();
    let world = World::with(db, |settings| {
        settings.files.clamd = own;
        settings.files.scan_seconds = 1;
    })
    .await;
    platform::jobs::plan(&world.app.core).await.unwrap();
    (world, at)
}

/// A message with a log, and with something harmful.
fn with_files(from: &str) -> Vec<u8> {
    let part = |name: &str, body: &str| {
        format!(
            "--x\nContent-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{body}\n"
        )
    };
    let files = format!("{}{}", part("log.txt", "A line of the log"), part("tide.txt", "Barnacles all over"));
    let body = format!("--x\nContent-Type: text/plain\n\nSee what is attached.\n{files}--x--\n");
    let text = String::from_utf8(letter(from, "1@halyard.example", "Files", &body)).unwrap();
    text.replace("Content-Type: text/plain; charset=utf-8\n\n--x", "Content-Type: multipart/mixed; boundary=x\n\n--x").into_bytes()
}

/// The files of an incident.
async fn files(world: &World, case: Uuid) -> Vec<Model> {
    let of = Entity::find().filter(Column::Kind.eq("incident")).filter(Column::Thing.eq(case.to_string()));
    of.all(world.app.core.db.reader()).await.unwrap()
}

/// What the ledger says of a message, in order.
async fn told(world: &World, mail: Uuid) -> Vec<String> {
    let lines = platform::book::timeline(&world.app.operator(), "mail", &mail.to_string(), 20).await.unwrap();
    lines.into_iter().map(|line| line.action).collect()
}

async fn later(world: &World) {
    world.app.advance(11 * MINUTE);
    world.app.work().await;
}

both_engines!(migrations, /// SEC-24, SEC-25: what could not be scanned when a message came is scanned once the scanner answers again; what is clean goes to the incident
/// as any other file, what is not stays in the message, and each is done once.
async fn sec_25_what_was_not_scanned_is_scanned_later(db) {
    let (world, at) = world(db).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let security = world.official("security").await;
    let cx = world.app.operator();
    assert!(matches!(received(&cx, &with_files(&member.email)).await, Outcome::Reported(_)));
    let mail = all(&world.app).await.remove(0);
    let case = mail.case.unwrap();
    assert_eq!((files(&world, case).await.len(), mail.files_left), (0, 2));
    let mut browser = security.browser(&world);
    let path = format!("/incidents/mail/{}", mail.id);
    let page = browser.get(&path).await.text();
    assert!(page.matches("It is tried again for some days").count() == 2 && !page.contains("nothing was kept"), "{page}");
    later(&world).await;
    assert_eq!((files(&world, case).await.len(), told(&world, mail.id).await), (0, vec!["mail.receive".to_owned()]), "it is still away");
    let scanner = Scanner::open_at(&at);
    scanner.learns("Barnacles");
    later(&world).await;
    let came = files(&world, case).await;
    assert_eq!((came.len(), came[0].scanned, came[0].account, came[0].party), (1, true, member.account, world.lead.0));
    assert_eq!(came[0].held, None, "it was looked through as any other, and nothing was found");
    assert!(member.browser(&world).get(&format!("/incidents/{case}/files")).await.text().contains("log.txt"));
    let page = browser.get(&path).await.text();
    assert!(page.contains("The virus scanner found something in it") && !page.contains("It is tried again"), "{page}");
    let mails = world.mail().await.remove(&security.email).unwrap_or_default().join(" | ");
    assert!(mails.contains("INC-2026-000001: more files came"), "{mails}");
    // Once.
    later(&world).await;
    world.app.advance(platform::clock::DAY);
    world.app.work().await;
    assert_eq!((files(&world, case).await.len(), told(&world, mail.id).await.len()), (1, 2));
    assert_eq!(store::get(cx.db(), mail.id).await.unwrap().files_left, 0);
});

both_engines!(migrations, /// SEC-24, SEC-25: what a person made a report, or added to one, while the scanner was away, gets its files by itself too, as theirs who
/// decided where nobody knows the sender.
async fn sec_25_what_was_decided_meanwhile_gets_its_files(db) {
    let (world, at) = world(db).await;
    let cx = world.app.operator();
    let manager = world.official("contract_manager").await;
    assert!(matches!(received(&cx, &with_files("stranger@elsewhere.example")).await, Outcome::Waiting(_)));
    let mail = all(&world.app).await.remove(0);
    assert_eq!(mail.files_left, 0, "nothing is tried before somebody decides");
    let (case, _) = act::report(&manager.cx, mail.id, mail.version, world.lead.1).await.unwrap();
    assert_eq!(store::get(cx.db(), mail.id).await.unwrap().files_left, 2);
    let _scanner = Scanner::open_at(&at);
    later(&world).await;
    let came = files(&world, case).await;
    assert_eq!(came.len(), 2);
    assert!(came.iter().all(|file| (file.account, file.party, file.side.as_str()) == (manager.account, world.authority, Side::Authority.code())));
    assert!(manager.browser(&world).get(&format!("/incidents/{case}/files")).await.text().contains("log.txt"));
});

both_engines!(migrations, /// SEC-24: of a message whose files were left before they were tried again, nobody is promised that they are.
async fn sec_24_what_is_not_tried_again_is_not_promised(db) {
    let (world, _) = world(db).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let security = world.official("security").await;
    received(&world.app.operator(), &with_files(&member.email)).await;
    let mail = all(&world.app).await.remove(0);
    world.app.db.raw().await.execute_unprepared("UPDATE incident_mail SET files_left = 0").await.unwrap();
    let page = security.browser(&world).get(&format!("/incidents/mail/{}", mail.id)).await.text();
    assert!(!page.contains("It is tried again") && page.matches("not with the incident").count() == 2, "{page}");
});

both_engines!(migrations, /// SEC-24: an incident that takes no more files keeps nobody from adding a message, which has what the incident could not take.
async fn sec_24_a_full_incident_leaves_files_in_the_message(db) {
    let world = World::new(db).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let security = world.official("security").await;
    assert!(matches!(received(&world.app.operator(), &with_files(&member.email)).await, Outcome::Reported(_)));
    let case = all(&world.app).await.remove(0).case.unwrap();
    let one = files(&world, case).await.remove(0);
    let more = (files(&world, case).await.len()..500).map(|_| {
        let id = Uuid::now_v7();
        Model { id, chain: id, ..one.clone() }.into_active_model()
    });
    let raw = world.app.db.raw().await;
    for some in more.collect::<Vec<_>>().chunks(50) {
        Entity::insert_many(some.to_vec()).exec_without_returning(&raw).await.unwrap();
    }
    let further = String::from_utf8(with_files("stranger@elsewhere.example")).unwrap().replace("1@halyard.example", "2@elsewhere.example");
    assert!(matches!(received(&world.app.operator(), further.as_bytes()).await, Outcome::Waiting(_)));
    let mail = known(&world.app, "2@elsewhere.example").await;
    act::add(&security.cx, mail.id, mail.version, "INC-2026-000001").await.unwrap();
    assert_eq!((files(&world, case).await.len(), store::get(security.cx.db(), mail.id).await.unwrap().files_left), (500, 0));
    let page = security.browser(&world).get(&format!("/incidents/mail/{}", mail.id)).await.text();
    assert!(page.matches("not with the incident").count() == 2, "{page}");
});
