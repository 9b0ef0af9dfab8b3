//! What pages change: never without an entry by whoever changed it, and never by an account that only reads.

use std::collections::{BTreeMap, BTreeSet};

use platform::book::entry;
use platform::identity::account;
use sea_orm::{ActiveValue, EntityTrait as _, QueryOrder as _};
use testkit::{Browser, Page, both_engines};

use super::crawl::{self, Town, gets, posts};
use crate::migrations::migrations;
use crate::offshoring::tests::world::Person;
use crate::party::model::AUTHORITY_ROLES;
use crate::testing::TestApp;

/// What the ledger and refusals are kept in, and housekeeping: the closed list of tables that may change without an entry. A key is made
/// when something is first sealed for its subject, a message on its way among it, and says nothing by itself.
const WITHOUT_ENTRY: [&str; 15] = [
    "account_link",
    "case_draft",
    "device",
    "job",
    "ledger_checkpoint",
    "ledger_detail",
    "ledger_entry",
    "ledger_head",
    "ledger_node",
    "once",
    "refusal_tally",
    "refusal_window",
    "session",
    "subject_key",
    "throttle",
];

/// Answers to what forms ask, by the end of the field's name.
const ANSWERS: [(&str, &str); 30] = [
    ("name", "Gimbal Marine"),
    ("title", "Send the plan"),
    ("body", "Please send the plan of the quay."),
    ("detail", "The plan of the quay"),
    ("reason", "The plan was agreed."),
    ("why", "Few people, and all are vetted."),
    ("summary", "The rest is small."),
    ("note", "Sent today."),
    ("notes", "Met them."),
    ("email", "gimbal@marine.example"),
    ("side", "supplier"),
    ("role", "supplier_member"),
    ("country", "GB"),
    ("status", "met"),
    ("state", "met"),
    ("evidence", "Plan of 2 March"),
    ("choice", "approve"),
    ("declaration", "yes"),
    ("confirm", "yes"),
    ("conditions", "Vetted people only."),
    ("day", "1"),
    ("month", "9"),
    ("year", "2026"),
    ("currency", "GBP"),
    ("reply", "Done."),
    ("password", "another lantern pocket ninety"),
    ("present", "lantern pocket river ninety"),
    ("likelihood", "2"),
    ("impact", "2"),
    ("text", "Name the guards."),
];

/// Forms that end what the test stands on.
const LEFT_OUT: [&str; 3] = ["/sign-out", "/account/sessions/end-all", "/discard"];

/// Sends a form as it stands on its page, with what it asks for filled in where it is empty.
async fn send(browser: &mut Browser, page: &Page, action: &str) -> Page {
    let (path, mut fields) = page.fill(action, &[]);
    for (name, value) in &mut fields {
        let last = name.rsplit('.').next().unwrap_or_default();
        if let Some((_, answer)) = ANSWERS.iter().find(|(ends, _)| last == *ends).filter(|_| value.is_empty()) {
            (*answer).clone_into(value);
        }
    }
    // Boxes and lists that nothing is chosen in are not among what a form sends.
    for (name, answer) in ANSWERS.iter().filter(|(name, _)| page.body.contains(&format!("name=\"{name}\""))) {
        if !fields.iter().any(|(n, _)| n == name) {
            fields.push(((*name).to_owned(), (*answer).to_owned()));
        }
    }
    browser.post_raw(&path, &fields).await
}

async fn entries(app: &TestApp) -> Vec<entry::Model> {
    entry::Entity::find().order_by_asc(entry::Column::Idx).all(app.core.db.reader()).await.unwrap()
}

/// The tables that differ, without those that need no entry.
fn changed<'a>(before: &'a BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> BTreeSet<&'a str> {
    let differ = before.iter().filter(|(table, rows)| after.get(*table) != Some(rows));
    differ.map(|(table, _)| table.as_str()).filter(|table| !WITHOUT_ENTRY.contains(table)).collect()
}

both_engines!(migrations, /// OWN-5: every form of every page, filled in and sent by those who find it: what changes leaves an entry by whoever sent it, at that moment.
async fn what_a_page_changes_leaves_an_entry(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let people: Vec<(&str, Person)> = vec![
        ("supplier_lead", world.person("supplier_lead", world.lead.0).await),
        ("contract_manager", world.official("contract_manager").await),
        ("administrator", world.official("administrator").await),
        ("assessor", world.official("assessor").await),
        ("management", world.official("management").await),
    ];
    let (mut bad, mut told) = (Vec::new(), BTreeSet::new());
    for (who, person) in &people {
        let mut browser = person.browser(world);
        let mut sent = BTreeSet::new();
        for path in gets().iter().flat_map(|info| town.paths(info)) {
            let page = crawl::open(&mut browser, &path).await;
            for action in page.actions() {
                if LEFT_OUT.iter().any(|end| action.ends_with(end)) || action.contains("import") || !sent.insert(action.clone()) {
                    continue;
                }
                app.advance(1000);
                app.work().await;
                let (before, known) = (app.db.everything().await, entries(app).await.len());
                let answer = send(&mut browser, &page, &action).await;
                app.core.refusals.settle().await;
                let (after, new) = (app.db.everything().await, entries(app).await.split_off(known));
                let tables = changed(&before, &after);
                let own = new.iter().filter(|e| e.actor_id == person.account.to_string() && !e.action.starts_with("refused")).count();
                if answer.status.is_server_error() || (!tables.is_empty() && own == 0) {
                    bad.push(format!("{who}: {action}: {} changed {tables:?} with {new:?}", answer.status));
                }
                told.extend(new.into_iter().filter(|e| !e.action.starts_with("refused")).map(|e| e.action));
                if browser.get("/account").await.path != "/account" {
                    browser = person.browser(world);
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    // Enough of them do something for this to mean anything.
    assert!(told.len() > 12, "{told:?}");
});

/// Taking out what one reads is reading, and so is looking at what is withheld, though it leaves its entry (`exporting`, `archiving` and the tests of
/// files see who gets what).
fn takes_out(path: &str) -> bool {
    ["/export", "/archive", "/veris", "/show", "/reveal"].iter().any(|end| path.ends_with(end))
}

both_engines!(migrations, /// OWN-2, OWN-5: an account that only reads, whatever its role, changes nothing of anybody's by any form or route; each try is refused and recorded.
async fn an_auditor_who_only_reads_writes_nothing(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let raw = app.db.raw().await;
    for role in AUTHORITY_ROLES {
        let person = world.official(role).await;
        let id = person.cx.actor.account().unwrap().account;
        let reads = account::ActiveModel { id: ActiveValue::Unchanged(id), read_only: ActiveValue::Set(true), ..Default::default() };
        account::Entity::update(reads).exec(&raw).await.unwrap();
        let mut browser = person.browser(world);
        let page = browser.get("/account").await;
        assert!(page.status.is_success(), "{role}: {}", page.text());
        let csrf = crawl::csrf(&mut browser).await;
        app.core.refusals.settle().await;
        let (before, known) = (app.db.everything().await, entries(app).await.len());
        // What is one's own stays open: signing in and out, one's password, one's sessions.
        let stays = |path: &str| path.starts_with("/account/") || path.starts_with("/sign-") || takes_out(path);
        for path in posts().iter().filter(|info| !stays(&info.path)).flat_map(|i| town.paths(i)) {
            let mut fields: Vec<(&str, &str)> = vec![("csrf", &csrf), ("version", "1")];
            fields.extend(ANSWERS);
            let answer = crawl::send(&mut browser, &path, &fields).await;
            let stateless = path.starts_with("/api/");
            assert!(stateless || answer.status.is_client_error(), "{role} at {path}: {} {}", answer.status, answer.text());
        }
        for path in gets().iter().flat_map(|info| town.paths(info)) {
            let page = crawl::open(&mut browser, &path).await;
            // Checking a paper changes nothing; showing a sealed answer is reading, though it leaves its entry.
            let own = ["/sign-out", "/account", "/sign-in", "/papers/check"];
            let reads = |action: &String| own.iter().any(|o| action.starts_with(o)) || action.contains("/reveal") || takes_out(action);
            let forms: Vec<_> = page.actions().into_iter().filter(|action| !reads(action)).collect();
            assert!(forms.is_empty(), "{role}: {path} offers {forms:?}");
        }
        app.core.refusals.settle().await;
        let after = app.db.everything().await;
        assert_eq!(changed(&before, &after), BTreeSet::new(), "{role}");
        assert_eq!(before["case_draft"], after["case_draft"], "{role}");
        let new = entries(app).await.split_off(known);
        assert!(!new.is_empty() && new.iter().all(|e| e.action.starts_with("refused")), "{role}: {new:?}");
    }
});
