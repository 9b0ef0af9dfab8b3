//! What leaves the machine: mail, checkpoints, alarms; and what is cleared away.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use platform::authz::{Actor, Side};
use platform::clock::{DAY, MINUTE};
use platform::cx::Cx;
use platform::error::Refusal;
use platform::{book, checkpoint, jobs as platform_jobs, mail};
use sea_orm::EntityTrait as _;
use testkit::{PostOffice, both_engines};

use super::{jobs, someone, write};
use crate::account::act::{Invite, invite as invite_person};
use crate::migrations::migrations;
use crate::testing::TestApp;

async fn post(app: &TestApp, to: &str) {
    let mut house = Cx::new(&app.core, Actor::Operator).unwrap().housekeep().await.unwrap();
    house.job(mail::message(to, "Your proposal", "It was approved."));
    house.done().await.unwrap();
}

both_engines!(migrations, async fn mail_goes_out_by_smtp_under_the_jobs_id(db) {
    let office = PostOffice::open();
    let app = TestApp::with(db, |s| s.mail.smtp = office.address());
    post(&app, "ada@halyard.example").await;
    app.work().await;
    let sent = office.messages();
    assert_eq!(sent.len(), 1);
    let (id, state) = jobs(&app, mail::JOB).await.remove(0);
    assert_eq!(state, "done");
    assert!(sent[0].contains(&format!("Message-ID: <{id}@127.0.0.1>")), "{}", sent[0]);
    assert!(sent[0].contains("Subject: Your proposal") && sent[0].contains("It was approved."));
});

both_engines!(migrations, async fn a_rollback_sends_nothing(db) {
    let office = PostOffice::open();
    let app = TestApp::with(db, |s| s.mail.smtp = office.address());
    let cx = Cx::new(&app.core, Actor::Operator).unwrap();
    let mut tx = cx.begin().await.unwrap();
    tx.job(mail::message("ada@halyard.example", "Never", "Never."));
    drop(tx);
    assert_eq!(app.work().await, 0);
    assert!(office.messages().is_empty());
});

both_engines!(migrations, async fn a_refusal_for_good_is_dead_and_one_for_now_waits(db) {
    let office = PostOffice::open();
    let app = TestApp::with(db, |s| s.mail.smtp = office.address());
    post(&app, "nobody@halyard.example").await;
    app.work().await;
    assert_eq!(jobs(&app, mail::JOB).await.remove(0).1, "dead");

    let mut admin = someone(&app, "authority", "administrator").await;
    let page = admin.get("/admin/jobs").await;
    assert!(page.text().contains("nobody@halyard.example") && page.text().contains("550"), "{}", page.text());
    let button = page.body.split("name=\"job\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let after = admin.submit(&page, "/admin/jobs/retry", &[("job", &button)]).await;
    assert!(after.text().contains("No job failed"), "{}", after.text());
    assert_eq!(jobs(&app, mail::JOB).await.remove(0).1, "waiting");

    let mut auditor = someone(&app, "authority", "internal_audit").await;
    app.work().await;
    assert!(!auditor.get("/admin/jobs").await.has_form("/admin/jobs/retry"));
    post(&app, "later@halyard.example").await;
    app.work().await;
    let states: Vec<_> = jobs(&app, mail::JOB).await.into_iter().map(|(_, state)| state).collect();
    assert!(states.contains(&"waiting".to_owned()) && states.contains(&"dead".to_owned()), "{states:?}");
});

both_engines!(migrations, /// OWN-2: a link that lets somebody in lies in no row of the database, neither before its message is sent nor after.
async fn a_link_in_a_message_lies_in_no_row(db) {
    let office = PostOffice::open();
    let app = TestApp::with(db, |s| s.mail.smtp = office.address());
    let party = app.party(Side::Supplier, "Halyard Systems").await;
    for to in ["wren@halyard.example", "nobody@halyard.example"] {
        let invite = Invite { email: to.into(), name: "Wren Tallis".into(), party, role: "supplier_lead".into(), ..Invite::default() };
        invite_person(&app.operator(), &invite).await.unwrap();
    }
    let all = async || app.db.everything().await.into_iter().flat_map(|(t, rows)| rows.into_iter().map(move |row| format!("{t}: {row}"))).collect::<Vec<_>>();
    let before = all().await;
    assert!(before.iter().any(|row| row.contains("mail.send") && row.starts_with("job: ")), "the rows are read");
    app.work().await;
    let sent = office.messages();
    assert_eq!(sent.len(), 1, "the other one has no mailbox");
    let plain = sent[0].replace("=\r\n", "");
    let at = plain.find("/sign-in/link/").unwrap() + "/sign-in/link/".len();
    let token = &plain[at..at + 43];
    let after = all().await;
    // Bytes are read as hexadecimal digits.
    let bytes: String = token.bytes().map(|b| format!("{b:02x}")).collect();
    for row in before.iter().chain(&after) {
        assert!(!row.contains(token) && !row.to_lowercase().contains(&bytes) && !row.contains("/sign-in/link/"), "{row}");
    }
    let rows = platform_jobs::row::Entity::find().all(app.core.db.reader()).await.unwrap();
    let letter = |state: &str| rows.iter().find(|row| row.kind == mail::JOB && row.state == state).unwrap();
    let (sent, dead) = (letter("done"), letter("dead"));
    // What could not be sent can be tried again, so its text is kept, sealed.
    assert!(!sent.payload.contains("sealed") && dead.payload.contains("sealed"), "{} {}", sent.payload, dead.payload);
});

both_engines!(migrations, async fn without_a_server_messages_lie_in_a_folder(db) {
    let app = TestApp::new(db);
    post(&app, "ada@halyard.example").await;
    app.work().await;
    let (id, _) = jobs(&app, mail::JOB).await.remove(0);
    let file = app.core.settings.mail_folder().join(format!("{id}.eml"));
    assert!(std::fs::read_to_string(file).unwrap().contains("Subject: Your proposal"));
});

both_engines!(migrations, async fn checkpoints_leave_the_machine_by_file_and_mail(db) {
    let office = PostOffice::open();
    let outside = tempfile::tempdir().unwrap();
    let app = TestApp::with(db, |s| {
        s.mail.smtp = office.address();
        s.checkpoints.every_minutes = 30;
        s.checkpoints.folder = outside.path().join("checkpoints");
        s.checkpoints.mail = vec!["auditor@assurance.example".into()];
    });
    platform_jobs::plan(&app.core).await.unwrap();
    app.work().await;
    assert!(checkpoint::latest(app.core.db.reader()).await.unwrap().is_none(), "an empty ledger needs no checkpoint");
    write(&app, 3).await;
    app.advance(29 * MINUTE);
    app.work().await;
    assert!(office.messages().is_empty(), "not before its time");
    app.advance(2 * MINUTE);
    app.work().await;
    let kept = std::fs::read_to_string(outside.path().join("checkpoints/checkpoint-0000000000003")).unwrap();
    let key = app.core.ledger_key.public().clone();
    assert_eq!(ledger::Checkpoint::verify(&kept, std::slice::from_ref(&key)).unwrap().size, 3);
    assert_eq!(office.messages().len(), 1);
    assert!(office.messages()[0].contains("To: auditor@assurance.example"));
    assert!(checkpoint::latest(app.core.db.reader()).await.unwrap().unwrap().sent_at.is_some());
    // Nothing written since: nothing signed, nothing sent.
    app.advance(31 * MINUTE);
    app.work().await;
    assert_eq!(office.messages().len(), 1);
    write(&app, 1).await;
    app.advance(31 * MINUTE);
    app.work().await;
    assert_eq!(office.messages().len(), 2);
    assert!(outside.path().join("checkpoints/checkpoint-0000000000004").exists());
});

both_engines!(migrations, async fn repeated_refusals_alarm_the_security_role_once(db) {
    let office = PostOffice::open();
    let app = TestApp::with(db, |s| s.mail.smtp = office.address());
    someone(&app, "authority", "security").await;
    someone(&app, "authority", "administrator").await;
    let actor = Actor::Link { id: uuid::Uuid::from_u128(9), scope: "test", on: uuid::Uuid::nil() };
    let cx = Cx::new(&app.core, actor).unwrap();
    for n in 0..8 {
        let refusal =
            Refusal { action: "party.change", kind: "party", id: format!("p-{n}"), policy: "nothing-permits".into(), hidden: false };
        book::record_refusal(&cx, &refusal).await.unwrap();
        app.work().await;
    }
    let sent = office.messages();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("To: security@authority.example") && sent[0].contains("Repeated refusals"), "{}", sent[0]);
});

both_engines!(migrations, async fn housekeeping_clears_what_is_past_its_time(db) {
    let app = TestApp::new(db);
    someone(&app, "authority", "security").await;
    post(&app, "ada@halyard.example").await;
    platform_jobs::plan(&app.core).await.unwrap();
    app.work().await;
    assert_eq!(jobs(&app, mail::JOB).await.len(), 1);
    app.advance(29 * DAY);
    app.work().await;
    assert_eq!(jobs(&app, mail::JOB).await.len(), 1);
    app.advance(2 * DAY);
    app.work().await;
    assert!(jobs(&app, mail::JOB).await.is_empty());
    assert!(platform::identity::session::Entity::find().all(app.core.db.reader()).await.unwrap().is_empty());
});

both_engines!(migrations, /// A query finds its rows by the index that tells most apart: SQLite knows which that is only once somebody counted.
async fn statistics_are_kept(db) {
    let app = TestApp::new(db);
    someone(&app, "authority", "security").await;
    platform_jobs::plan(&app.core).await.unwrap();
    app.work().await;
    let done = jobs(&app, "database.statistics").await;
    assert_eq!(done.iter().filter(|(_, state)| state == "done").count(), 1, "{done:?}");
    let reader = app.core.db.reader();
    if reader.get_database_backend() == sea_orm::DbBackend::Sqlite {
        let counted = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT count(*) AS n FROM sqlite_stat1 WHERE tbl = 'membership'");
        let row = sea_orm::ConnectionTrait::query_one_raw(reader, counted).await.unwrap().unwrap();
        assert!(row.try_get::<i64>("", "n").unwrap() > 0);
    }
});
