//! What people write is nowhere in the database in the open, and once its key is destroyed every page says so.

use axum::http::StatusCode;
use platform::authz::{Actor, Side};
use platform::cases::rounds::NewPoint;
use platform::cases::tasks::NewTask;
use platform::cx::Entry;
use platform::db::Engine;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use testkit::both_engines;
use uuid::Uuid;

use super::world::{Person, World, answers, judgement};
use crate::casework::act as around;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving, Recommending};
use crate::offshoring::store;

/// In every text that somebody writes in these tests.
const MARK: &str = "Quicksilver";

/// The columns in which a text occurs, as `table.column`.
pub(crate) async fn found(world: &World, text: &str) -> Vec<String> {
    let db = world.app.db.raw().await;
    let (backend, columns) = match world.app.core.db.engine() {
        Engine::Sqlite => (
            DbBackend::Sqlite,
            "SELECT t.name AS tab, c.name AS col FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
        ),
        Engine::Postgres => (
            DbBackend::Postgres,
            "SELECT table_name::text AS tab, column_name::text AS col FROM information_schema.columns WHERE table_schema = 'public'",
        ),
    };
    let mut all = Vec::new();
    let columns = db.query_all_raw(Statement::from_string(backend, columns)).await.unwrap();
    assert!(columns.len() > 150, "{} columns", columns.len());
    for row in columns {
        let (table, column): (String, String) = (row.try_get("", "tab").unwrap(), row.try_get("", "col").unwrap());
        // As bytes, so that a sealed column is searched like a plain one.
        let holds = match backend {
            // Bytes are hexadecimal digits as text.
            DbBackend::Postgres => {
                format!("position('{}' IN \"{column}\"::text) > 0 OR position('{text}' IN \"{column}\"::text) > 0", hex(text))
            }
            _ => format!("instr(CAST(\"{column}\" AS BLOB), CAST('{text}' AS BLOB)) > 0"),
        };
        let count = Statement::from_string(backend, format!("SELECT count(*) AS n FROM \"{table}\" WHERE {holds}"));
        if db.query_one_raw(count).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap() > 0 {
            all.push(format!("{table}.{column}"));
        }
    }
    all
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

fn said(what: &str) -> String {
    format!("{MARK} {what}")
}

/// A proposal through every act in which somebody writes something, to its approval.
async fn written_over(world: &World, lead: &Person) -> Uuid {
    let [manager, assessor, security, boss] = [
        world.official("contract_manager").await,
        world.official("assessor").await,
        world.official("security").await,
        world.official("management").await,
    ];
    let version = async |id| {
        world.app.advance(1_000);
        world.version(id).await
    };
    let id = world.submitted(lead).await;
    around::write::<Proposals>(&manager.cx, id, &Writing::note(&said("note"))).await.unwrap();
    around::write::<Proposals>(&lead.cx, id, &Writing::message(&said("message"))).await.unwrap();
    let task = NewTask { detail: Some(said("detail")), ..NewTask::new(said("task"), Side::Supplier) };
    let task = around::add_task::<Proposals>(&manager.cx, id, task).await.unwrap();
    around::finish_task::<Proposals>(&lead.cx, id, task, 1, Some(said("done"))).await.unwrap();
    let point = NewPoint { section: None, question: Some("networks".to_owned()), text: said("point") };
    act::send_back(&manager.cx, id, version(id).await, &said("return"), &[point]).await.unwrap();
    act::submit(&lead.cx, id, version(id).await, true, Some(&said("reply"))).await.unwrap();
    act::pass_on(&manager.cx, id, version(id).await, Some(&said("remark"))).await.unwrap();
    act::widen(&assessor.cx, id, 1, &said("widening")).await.unwrap();
    for factor in world.factors(&assessor, id).await {
        let row = store::assessment(&assessor.cx, assessor.cx.db(), &world.case(id).await).await.unwrap().unwrap();
        let mut judged = judgement(&factor);
        judged.other_controls = vec![said("control")];
        act::judge(&assessor.cx, id, row.version, judged, &said("why")).await.unwrap();
    }
    act::assess(&assessor.cx, id, version(id).await, &said("summary")).await.unwrap();
    act::reassess(&security.cx, id, version(id).await, &said("again")).await.unwrap();
    act::assess(&assessor.cx, id, version(id).await, &said("summary")).await.unwrap();
    act::recommend(&security.cx, id, version(id).await, Recommending::Approve, &said("advice")).await.unwrap();
    let with = Approving {
        reason: said("reason"),
        conditions: said("condition"),
        more_controls: Vec::new(),
        from: jiff::civil::date(2026, 6, 1),
        to: jiff::civil::date(2027, 5, 31),
    };
    act::approve(&boss.cx, id, version(id).await, &with).await.unwrap();
    id
}

both_engines!(migrations, /// OWN-4: what people write in a case is stored sealed: no column of the database holds it in the open, and those who may still read it.
async fn own_4_what_people_write_is_nowhere_in_the_open(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = written_over(&world, &lead).await;
    let other = world.submitted(&lead).await;
    act::withdraw(&lead.cx, other, world.version(other).await, &said("withdrawal")).await.unwrap();
    world.app.work().await;
    assert_eq!(found(&world, MARK).await, Vec::<String>::new());
    assert_eq!(found(&world, "Pune office").await, Vec::<String>::new(), "what an approval covers repeats answers");
    // The search would have found it: a title is stored in the open, as lists and searches need it.
    assert!(found(&world, "Night support").await.contains(&"case_file.title".to_owned()));
    let official = world.official("owner").await;
    let mut browser = official.browser(&world);
    let mut text = String::new();
    for page in ["/thread", "/tasks", "/risk", "/history", "/letter"] {
        text.push_str(&browser.get(&format!("/proposals/{id}{page}")).await.text());
    }
    for what in ["note", "message", "task", "detail", "done", "return", "reply", "remark", "widening", "control", "why", "summary", "again", "advice", "reason", "condition"] {
        assert!(text.contains(&said(what)), "{what} is not to be read");
    }
    // Search finds by reference, title, party and contract, and never by what was written.
    let mut supplier = lead.browser(&world);
    for (words, finds) in [("OFF-2026-000001", true), ("night support", true), ("halyard", true), ("ferry bookings", true), (MARK, false)] {
        for browser in [&mut supplier, &mut browser] {
            let page = browser.get(&format!("/proposals?q={}", words.replace(' ', "+"))).await;
            assert_eq!(page.text().contains("OFF-2026-000001"), finds, "{words}: {}", page.text());
        }
    }
});

both_engines!(migrations, /// A destroyed key is told on every page, and none of them breaks; nothing can be added to what was destroyed.
async fn a_destroyed_key_is_told_on_every_page(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let approved = written_over(&world, &lead).await;
    let (deciding, _, _) = world.at_decision(&lead).await;
    let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let operator = platform::Cx::new(&world.app.core, Actor::Operator).unwrap();
    for subject in [format!("proposal:{approved}"), format!("proposal:{deciding}"), platform::forms::drafts::subject(draft)] {
        let id = if subject.starts_with("draft") { draft } else { subject.split_once(':').unwrap().1.parse().unwrap() };
        let of = store::load(operator.db(), world.case(id).await).await.unwrap();
        let tx = operator.begin().await.unwrap();
        assert!(operator.destroy_key(&tx, &subject).await.unwrap());
        let permit = operator.permit("proposal.withdraw", &of).unwrap();
        operator.commit(tx, permit, [Entry::on("proposal.withdraw", &of)]).await.unwrap();
    }
    let boss = world.official("management").await;
    let mut deciding_browser = boss.browser(&world);
    let gone = "Destroyed. It can no longer be read.";
    for page in ["", "/classification", "/risk", "/tasks", "/thread", "/history", "/letter"] {
        let shown = deciding_browser.get(&format!("/proposals/{approved}{page}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text());
        assert!(shown.text().contains(gone), "{page}: {}", shown.text());
    }
    for (mut browser, id) in [(deciding_browser, deciding), (lead.browser(&world), draft), (lead.browser(&world), deciding)] {
        for page in ["", "/classification", "/risk", "/changes", "/decide", "/approve", "/decline", "/answers", "/answers/sites", "/check", "/who", "/history"] {
            let shown = browser.get(&format!("/proposals/{id}{page}")).await;
            assert!(!shown.status.is_server_error(), "{page}: {}", shown.text());
        }
        for list in ["/", "/proposals", "/proposals?q=night"] {
            assert_eq!(browser.get(list).await.status, StatusCode::OK, "{list}");
        }
    }
    assert!(matches!(around::write::<Proposals>(&boss.cx, deciding, &Writing::message("More")).await, Err(platform::Error::Conflict(_))));
});
