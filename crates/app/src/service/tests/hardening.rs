//! The write path under attack, under load and beside itself: what must not be possible, and what must not get lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use platform::authz::{Actor, Authz, PolicyFile, Resource};
use platform::clock::MINUTE;
use platform::cx::{Cx, Entry};
use platform::db::Engine;
use platform::error::Refusal;
use platform::jobs::{self, Job, Registry, Working};
use platform::{Core, Error, book, seal};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use testkit::both_engines;
use uuid::Uuid;

use crate::migrations::migrations;
use crate::testing::TestApp;

fn party(id: &str) -> Resource {
    Resource { kind: "party", id: id.to_owned(), attrs: vec![("id", id.into()), ("side", "supplier".into())] }.set("seen_by", [id])
}

fn operator(app: &TestApp) -> Cx {
    Cx::new(&app.core, Actor::Operator).unwrap()
}

/// Adds the party with one entry.
async fn add(cx: &Cx, id: &str, entry: Entry) -> platform::Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("party.add", &party(id))?;
    cx.commit(tx, permit, [entry]).await
}

fn added(id: &str) -> Entry {
    Entry::new("party.add", "party", id)
}

async fn entries(app: &TestApp) -> Vec<book::entry::Model> {
    book::entry::Entity::find().order_by_asc(book::entry::Column::Idx).all(app.core.db.reader()).await.unwrap()
}

async fn job_rows(app: &TestApp) -> Vec<jobs::row::Model> {
    jobs::row::Entity::find().all(app.core.db.reader()).await.unwrap()
}

both_engines!(migrations, async fn a_reader_cannot_write(db) {
    let app = TestApp::new(db);
    let cx = Cx::new(&app.core, Actor::Anonymous).unwrap();
    assert!(cx.db().execute_unprepared("DELETE FROM ledger_head").await.is_err());
    assert_eq!(book::size(cx.db()).await.unwrap(), 0);
});

both_engines!(migrations, async fn reads_beside_open_transactions_are_served(db) {
    let app = TestApp::new(db);
    let cx = operator(&app);
    let together = if app.core.db.engine() == Engine::Postgres { 16 } else { 1 };
    let mut open = Vec::new();
    for _ in 0..together {
        open.push(cx.begin().await.unwrap());
    }
    for _ in &open {
        book::size(cx.db()).await.unwrap();
    }
});

both_engines!(migrations, async fn a_key_in_use_is_not_destroyed_meanwhile(db) {
    let app = TestApp::new(db);
    let cx = operator(&app);
    add(&cx, "1", added("1").body(json!(1))).await.unwrap();
    if app.core.db.engine() == Engine::Sqlite {
        return; // One writer at a time.
    }
    let sealing = cx.begin().await.unwrap();
    seal::subject_key_for(sealing.db(), &app.core.master, "party:1", sealing.now()).await.unwrap();
    let other = cx.clone();
    let destroying = tokio::spawn(async move {
        let tx = other.begin().await.unwrap();
        other.destroy_key(&tx, "party:1").await.unwrap();
        let permit = other.permit("party.change", &party("1")).unwrap();
        other.commit(tx, permit, [Entry::new("party.change", "party", "1")]).await.unwrap();
    });
    let waiting = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        assert!(!destroying.is_finished(), "the key was destroyed while another transaction sealed with it");
        let row = cx.db().query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, waiting)).await.unwrap().unwrap();
        if row.try_get::<i64>("", "n").unwrap() > 0 {
            break;
        }
    }
    drop(sealing);
    destroying.await.unwrap();
});

both_engines!(migrations, async fn a_destroyed_key_is_always_told(db) {
    let app = TestApp::new(db);
    let cx = operator(&app);
    add(&cx, "1", added("1").body(json!(1))).await.unwrap();
    let tx = cx.begin().await.unwrap();
    assert!(cx.destroy_key(&tx, "party:1").await.unwrap());
    assert!(!cx.destroy_key(&tx, "party:nobody").await.unwrap());
    assert!(matches!(cx.destroy_key(&tx, "nothing").await, Err(Error::Internal(_))));
    let permit = cx.permit("party.change", &party("1")).unwrap();
    let why = Entry::new("party.change", "party", "1").body(json!("why")).sealed_for("party:2");
    cx.commit(tx, permit, [why]).await.unwrap();
    let all = entries(&app).await;
    let last = all.last().unwrap();
    assert_eq!((all.len(), last.action.as_str(), last.kind.as_str(), last.subject_id.as_str()), (3, "key.destroyed", "party", "1"));
    // Another subject's key sealed the reason, and the entry says so in the open; pages do not show it.
    assert!(String::from_utf8_lossy(&all[1].bytes).contains(r#""sealed_for":"party:2""#));
    let lines = book::timeline(&cx, "party", "1", 10).await.unwrap();
    assert_eq!((lines[0].body.clone(), lines[1].body.clone()), (None, Some(json!("why"))));
    assert!(lines[1].about.is_empty());
});

both_engines!(migrations, async fn subjects_in_any_order_do_not_wait_in_a_circle(db) {
    let app = TestApp::new(db);
    let mut tasks = Vec::new();
    for n in 0..24_u32 {
        let cx = operator(&app);
        tasks.push(tokio::spawn(async move {
            let id = n.to_string();
            let (one, two) = if n % 2 == 0 { ("party:a", "party:b") } else { ("party:b", "party:a") };
            let more = |subject: &str| Entry::new("party.told", "party", &id).body(json!(n)).sealed_for(subject);
            let mut tx = cx.begin().await?;
            for key in if n % 2 == 0 { ["a", "b"] } else { ["b", "a"] } {
                tx.job(Job::new("none", Value::Null).key(key));
            }
            let permit = cx.permit("party.add", &party(&id))?;
            cx.commit(tx, permit, [added(&id), more(one), more(two)]).await
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(entries(&app).await.len(), 72);
});

both_engines!(migrations, async fn a_permit_serves_its_own_actor_alone(db) {
    let app = TestApp::new(db);
    let anyone = Cx::new(&app.core, Actor::Anonymous).unwrap();
    let permit = operator(&app).permit("party.add", &party("1")).unwrap();
    let tx = anyone.begin().await.unwrap();
    assert!(matches!(anyone.commit(tx, permit, [added("1")]).await, Err(Error::Internal(_))));
    assert_eq!(book::size(anyone.db()).await.unwrap(), 0);
});

both_engines!(migrations, async fn a_body_that_no_export_holds_is_refused(db) {
    let app = TestApp::new(db);
    let big = "x".repeat(5 << 20);
    assert!(matches!(add(&operator(&app), "1", added("1").body(json!(big))).await, Err(Error::TooLarge)));
    assert!(entries(&app).await.is_empty());
});

both_engines!(migrations, async fn of_two_twins_the_second_learns_where_the_first_was_led(db) {
    let app = TestApp::new(db);
    let cx = operator(&app).once(Some("key".into()));
    add(&cx, "1", added("1")).await.unwrap();
    cx.remember_answer("/made").await.unwrap();
    assert!(matches!(cx.begin().await, Err(Error::Repeated(Some(to))) if to == "/made"));
    let anyone = Cx::new(&app.core, Actor::Anonymous).unwrap().once(Some("key".into()));
    let tx = anyone.begin().await.unwrap();
    anyone.refuse_twin(&tx).await.unwrap();
});

fn refusal(id: &str) -> Refusal {
    Refusal { action: "party.change", kind: "party", id: id.to_owned(), policy: "nothing-permits".into(), hidden: false }
}

both_engines!(migrations, async fn refusals_at_once_are_all_counted(db) {
    let app = TestApp::new(db);
    let mut tasks = Vec::new();
    for _ in 0..12 {
        let cx = Cx::new(&app.core, Actor::Anonymous).unwrap();
        tasks.push(tokio::spawn(async move { book::record_refusal(&cx, &refusal("")).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(entries(&app).await.len(), 1);
    app.advance(MINUTE);
    book::flush_refusals(&operator(&app)).await.unwrap();
    let again = entries(&app).await.pop().unwrap();
    assert_eq!(again.action, "refused.again");
    assert!(String::from_utf8_lossy(&again.bytes).contains(r#""count":"11""#));
    assert_eq!(job_rows(&app).await.iter().filter(|j| j.kind == book::ALARM_JOB).count(), 1);
});

both_engines!(migrations, async fn slow_refusals_raise_an_alarm_too(db) {
    let app = TestApp::new(db);
    let cx = Cx::new(&app.core, Actor::Anonymous).unwrap();
    let alarms = async || job_rows(&app).await.iter().filter(|j| j.kind == book::ALARM_JOB).count();
    for n in 1..=9 {
        book::record_refusal(&cx, &refusal(&"a".repeat(500))).await.unwrap();
        assert_eq!(alarms().await, usize::from(n >= 5), "after {n}");
        app.advance(61_000);
    }
    // Four in ten minutes are none.
    app.advance(20 * MINUTE);
    for _ in 0..6 {
        book::record_refusal(&cx, &refusal("1")).await.unwrap();
        app.advance(3 * MINUTE);
    }
    assert_eq!(alarms().await, 1);
});

/// A service with these workers.
fn with_jobs(app: &TestApp, registry: Registry) -> Arc<Core> {
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let clock = platform::clock::Clock::by_hand(crate::testing::BEGINNING.parse().unwrap(), zone);
    let ledger_key = ledger::SigningKey::generate("test.example/ledger", &[7; 32]).unwrap();
    let settings = platform::config::Settings { data: app.db.folder().to_owned(), ..Default::default() };
    let core = crate::service::service(app.core.db.clone(), clock, settings, seal::Key::fresh().unwrap(), ledger_key).unwrap();
    let mut core = Arc::into_inner(core).unwrap();
    core.jobs = registry;
    Arc::new(core)
}

async fn ask(core: &Arc<Core>, job: Job) {
    let mut house = Cx::new(core, Actor::Operator).unwrap().housekeep().await.unwrap();
    house.job(job);
    house.done().await.unwrap();
}

fn panics<'a>(_: &'a Cx, _: Uuid, _: &'a Value) -> Working<'a> {
    Box::pin(async { panic!("as the test wants") })
}

fn hangs<'a>(_: &'a Cx, _: Uuid, _: &'a Value) -> Working<'a> {
    Box::pin(std::future::pending())
}

fn refused<'a>(_: &'a Cx, _: Uuid, _: &'a Value) -> Working<'a> {
    Box::pin(async { Err(Error::Refused(Box::new(refusal("1")))) })
}

both_engines!(migrations, async fn no_worker_stops_the_runner(db) {
    let app = TestApp::new(db);
    let registry = Registry::default().kind("panics", panics).kind("hangs", hangs).kind("refused", refused);
    let core = with_jobs(&app, registry.patience(Duration::from_millis(20)));
    for kind in ["panics", "hangs", "refused"] {
        ask(&core, Job::new(kind, Value::Null)).await;
    }
    assert_eq!(jobs::run_due(&core).await.unwrap(), 3);
    assert!(job_rows(&app).await.iter().all(|j| j.state == "waiting" && j.tries == 1 && j.error.is_some()));
    assert_eq!(entries(&app).await.len(), 1, "a job's refusal is recorded");
});

both_engines!(migrations, async fn a_job_that_never_ends_is_dead_at_last(db) {
    let app = TestApp::new(db);
    let core = with_jobs(&app, Registry::default().kind("hangs", hangs).patience(Duration::from_millis(5)));
    ask(&core, Job::new("hangs", Value::Null)).await;
    for _ in 0..20 {
        core.clock.advance(100 * 60 * MINUTE);
        jobs::run_due(&core).await.unwrap();
    }
    assert_eq!(job_rows(&app).await[0].state, "dead");
});

static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The first, and every other one: loses its lease to a second runner, which fails; then ends well itself.
fn slow<'a>(cx: &'a Cx, _: Uuid, _: &'a Value) -> Working<'a> {
    Box::pin(async move {
        if TAKEN.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
            return Err(Error::Unavailable);
        }
        cx.core().clock.advance(6 * MINUTE);
        assert_eq!(jobs::run_due(cx.core()).await?, 1);
        Ok(())
    })
}

both_engines!(migrations, async fn who_lost_the_lease_has_no_say(db) {
    let app = TestApp::new(db);
    let core = with_jobs(&app, Registry::default().kind("slow", slow));
    ask(&core, Job::new("slow", Value::Null)).await;
    jobs::run_due(&core).await.unwrap();
    let job = job_rows(&app).await.pop().unwrap();
    assert_eq!((job.state.as_str(), job.tries, job.leased_until), ("waiting", 2, None));
});

/// Asks for itself again, once, while it runs.
fn asks<'a>(cx: &'a Cx, _: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        if payload.is_null() {
            ask(cx.core(), Job::new("asks", json!("again")).key("k")).await;
        }
        Ok(())
    })
}

both_engines!(migrations, async fn what_is_asked_for_while_it_runs_is_done_again(db) {
    let app = TestApp::new(db);
    let core = with_jobs(&app, Registry::default().kind("asks", asks));
    for _ in 0..2 {
        ask(&core, Job::new("asks", Value::Null).key("k")).await;
    }
    assert_eq!(jobs::run_due(&core).await.unwrap(), 2);
});

fn fails_to_look(_: &Cx) -> Working<'_> {
    Box::pin(async { Err(Error::Unavailable) })
}

fn panics_looking(_: &Cx) -> Working<'_> {
    Box::pin(async { panic!("as the test wants") })
}

fn looks_for_ever(_: &Cx) -> Working<'_> {
    Box::pin(std::future::pending())
}

both_engines!(migrations, async fn whatever_becomes_of_the_look_jobs_are_taken(db) {
    let app = TestApp::new(db);
    for look in [fails_to_look, panics_looking, looks_for_ever] as [platform::jobs::Look; 3] {
        let core = with_jobs(&app, Registry::default().kind("asks", asks).before(look).patience(Duration::from_millis(50)));
        ask(&core, Job::new("asks", json!("no more"))).await;
        assert_eq!(jobs::run_due(&core).await.unwrap(), 1);
    }
    assert!(job_rows(&app).await.iter().all(|job| job.state == "done"));
});

both_engines!(migrations, async fn a_dead_job_is_revived_by_permit_and_told(db) {
    let app = TestApp::new(db);
    let core = with_jobs(&app, Registry::default());
    ask(&core, Job::new("unknown", Value::Null)).await;
    let cx = Cx::new(&core, Actor::Operator).unwrap();
    for _ in 0..20 {
        core.clock.advance(100 * 60 * MINUTE);
        jobs::run_due(&core).await.unwrap();
    }
    let job = job_rows(&app).await.pop().unwrap();
    assert_eq!(job.state, "dead");
    jobs::revive(&cx, cx.permit("party.change", &party("1")).unwrap(), job.id).await.unwrap();
    assert_eq!((job_rows(&app).await[0].state.as_str(), entries(&app).await.len()), ("waiting", 1));
    let again = jobs::revive(&cx, cx.permit("party.change", &party("1")).unwrap(), job.id).await;
    assert!(matches!(again, Err(Error::NotFound)));
});

/// The policies that are part of the program keep to its schema, and a slip in one is found: nothing looks at them when it starts.
#[test]
fn own_3_the_policies_keep_to_the_schema() {
    crate::service::authz().unwrap().validate().unwrap();
    let schema = r#"
        entity Account = { party: String };
        entity Boat = { owner: String };
        action "boat.view" appliesTo { principal: [Account], resource: [Boat] };"#;
    let of = |policies: &'static str| Authz::load(&[PolicyFile { name: "test", schema, policies }]).unwrap().validate();
    of(r#"@id("own") permit (principal, action == Action::"boat.view", resource) when { resource.owner == principal.party };"#).unwrap();
    for slip in [
        r#"@id("own") permit (principal, action == Action::"boat.view", resource) when { resource.ownr == principal.party };"#,
        r#"@id("own") permit (principal, action == Action::"boat.sink", resource);"#,
        r#"@id("own") permit (principal, action, resource) when { resource.owner == 1 };"#,
    ] {
        assert!(matches!(of(slip), Err(Error::Internal(_))), "{slip}");
    }
}

/// Kinds named like principals, and actions that some principals never do, are decided, not faults.
#[test]
fn principals_as_things_and_actions_not_for_all() {
    let schema = r#"
        entity Anonymous; entity Operator; entity Job; entity Link = { link: String, scope: String, on: String };
        entity Account = { account: String, party: String, role: String, side: String, read_only: Bool };
        entity AccountRecord;
        action "account.view" appliesTo { principal: [Anonymous, Operator, Account], resource: [AccountRecord], context: { fresh: Bool } };
        action "account.close" appliesTo { principal: [Account], resource: [AccountRecord], context: { fresh: Bool } };"#;
    let policies = r#"@id("all") permit (principal, action, resource);"#;
    let authz = Authz::load(&[PolicyFile { name: "test", schema, policies }]).unwrap();
    let id = Uuid::nil();
    let actor = Actor::Account(Box::new(platform::authz::AccountActor {
        account: id,
        name: String::new(),
        membership: id,
        party: id,
        party_name: String::new(),
        side: platform::authz::Side::Authority,
        role: "administrator".into(),
        session: id,
        fresh: true,
        read_only: false,
        acts_for: None,
    }));
    let itself = Resource::new("account", id);
    authz.check(&actor, "account.close", &itself).unwrap();
    let refused = |actor: &Actor| match authz.check(actor, "account.close", &itself) {
        Err(Error::Refused(refusal)) => (refusal.policy, refusal.hidden),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&Actor::Anonymous), ("nothing-permits".to_owned(), false));
    assert_eq!(refused(&Actor::Link { id, scope: "x", on: id }), ("nothing-permits".to_owned(), true));
}

both_engines!(migrations, async fn two_nodes_may_migrate_at_once(db) {
    let app = TestApp::new(db);
    let (one, two) = (&app.core.db, &app.core.db);
    let both = tokio::join!(platform::migrations::migrate(one, migrations), platform::migrations::migrate(two, migrations));
    both.0.unwrap();
    both.1.unwrap();
});

/// OWN-4: SQLite gives a transaction up by itself when the disk is full. What is committed afterwards is on disk all the same, whatever became of
/// the transactions in between.
#[tokio::test]
async fn own_4_a_transaction_given_up_by_the_database_spoils_none_after_it() {
    let app = TestApp::new(testkit::TestDb::sqlite(migrations).await);
    let cx = app.operator();
    for _ in 0..3 {
        let given_up = cx.begin().await.unwrap();
        given_up.db().execute_unprepared("ROLLBACK").await.unwrap();
        drop(given_up);
        drop(cx.begin().await.unwrap());
    }
    let id = app.party(platform::authz::Side::Supplier, "Halyard Systems").await;
    let beside = app.db.raw().await;
    assert!(crate::party::store::get(&beside, id).await.is_ok(), "acknowledged, and on disk for everybody");
}
