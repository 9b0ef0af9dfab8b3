//! OWN-3: a program of another party meets nothing of others', on no route.

use axum::http::Method;
use platform::api::{Area, Op};
use platform::book::entry;
use platform::clock::SECOND;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::Value;
use testkit::both_engines;
use uuid::Uuid;

use super::super::crawl::{Town, flows_down};
use super::program::Program;
use super::sample::sample;
use crate::migrations::migrations;

/// What belongs to Halyard or the authority and must not be told.
const SECRETS: [&str; 7] = ["Halyard", "Night support", "Pune", "OFF-2026", "Hush", "halyard", "the guards"];

/// The addresses of a route, with all that its parameters may stand for.
fn paths(town: &Town, op: &Op) -> Vec<String> {
    let page = op.path.trim_start_matches("/api/v1").replace("/imports/", "/contracts/import/");
    let mut found = vec![String::new()];
    for part in page.split('/').skip(1) {
        let parts = match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) => town.values(&page, name),
            None => vec![part.to_owned()],
        };
        found = found.iter().flat_map(|start| parts.iter().map(move |p| format!("{start}/{p}"))).collect();
    }
    found.into_iter().map(|p| format!("/api/v1{}", p.replace("/contracts/import/", "/imports/"))).collect()
}

/// The body that a route takes, with ids that exist in place of those made up.
fn body(program: &Program, op: &Op, town: &Town) -> Option<Value> {
    let at = &program.document()["paths"][&op.path][op.method.as_str().to_lowercase()]["requestBody"]["content"];
    let of = at.get("application/json")?;
    let text = sample(program.document(), &of["schema"]).to_string();
    let known = text.replace("00000000-0000-4000-8000-000000000001", &town.world.lead.1.to_string());
    serde_json::from_str(&known).ok()
}

/// Whether a route takes a file as it is.
fn takes_bytes(program: &Program, op: &Op) -> bool {
    let at = &program.document()["paths"][&op.path][op.method.as_str().to_lowercase()]["requestBody"]["content"];
    at.get("application/octet-stream").is_some()
}

both_engines!(migrations, /// OWN-3: every route for programs, with ids that exist, by another supplier's tokens: hidden or refused, nothing told, nothing changed.
async fn no_program_meets_another_partys_things(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let db = world.app.core.db.reader();
    let halyard = town.lead.cx.actor.account().unwrap().clone();
    let ids: Vec<Uuid> = vec![town.proposal, town.draft, town.run, town.task, town.site, halyard.party, halyard.account, halyard.membership];
    let begin = entry::Entity::find().order_by_desc(entry::Column::Idx).one(db).await.unwrap().unwrap().idx;
    let mut strangers = [
        Program::of(&world.app, &world.person("supplier_lead", world.other.0).await.cx).await,
        Program::of(&world.app, &world.person("supplier_member", world.other.0).await.cx).await,
        Program::of(&world.app, &world.person("supplier_lead", world.sub.0).await.cx).await,
    ];
    let ops: Vec<Op> = strangers[0].ops().to_vec();
    let mut bad = Vec::new();
    let mut walked = 0;
    for op in ops.iter().filter(|op| op.area != Area::Public) {
        for path in paths(&town, op) {
            // What a token may ask in a minute is another test's.
            world.app.advance(SECOND);
            for (n, stranger) in strangers.iter_mut().enumerate() {
                let below = n == 2;
                // A contract is there for whoever stands in its chain, cut to its own part; packs are for everybody who has a token.
                let reads = op.method == Method::GET || op.path.ends_with("/export");
                let flows = below && reads && flows_down(&op.path);
                let open = op.path.starts_with("/api/v1/packs") || (below && op.path.starts_with("/api/v1/contracts/{id}")) || flows;
                let with_ids = op.path.contains('{') && !open;
                let version = [("if-match", "\"1\"")];
                let reply = if takes_bytes(stranger, op) {
                    let headers = [version[0], ("content-type", "application/octet-stream")];
                    stranger.raw("POST", &format!("{path}?name=plan.txt"), &headers, b"A plan of theirs".to_vec()).await
                } else {
                    stranger.send(op.method.as_str(), &path, &version, body(stranger, op, &town)).await
                };
                walked += 1;
                let status = reply.status.as_u16();
                if reply.status.is_server_error() || (with_ids && ![404, 403].contains(&status)) {
                    bad.push(format!("{n}: {} {path}: {status} {}", op.method, reply.body));
                }
                // What a pack says by way of example is no secret, nor is what it sent itself.
                let told = SECRETS.iter().find(|secret| reply.body.contains(**secret) && !op.path.starts_with("/api/v1/packs") && !flows);
                if let Some(secret) = told.filter(|_| !(op.method != Method::GET && status == 422)) {
                    bad.push(format!("{n}: {} {path} tells of “{secret}”: {}", op.method, reply.body));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(walked > 300, "{walked}");
    world.app.work().await;
    let since: Vec<_> = entry::Entity::find().all(db).await.unwrap().into_iter().filter(|e| e.idx > begin).collect();
    assert!(since.iter().any(|e| e.action == "refused"));
    for entry in since.iter().filter(|e| !e.action.starts_with("refused")) {
        let open = String::from_utf8_lossy(&entry.bytes);
        assert!(!ids.iter().any(|id| open.contains(&id.to_string())), "{} {}: {open}", entry.action, entry.subject_id);
    }
});

both_engines!(migrations, /// OWN-2, OWN-3: without a token nothing but what is public answers, whether or not the thing exists.
async fn without_a_token_nothing_is_there(db) {
    let town = Town::new(db).await;
    let mut nobody = Program::nobody(&town.world.app);
    for op in nobody.ops().to_vec().iter().filter(|op| op.area != Area::Public) {
        for path in paths(&town, op) {
            let reply = nobody.send(op.method.as_str(), &path, &[], None).await;
            assert_eq!(reply.status.as_u16(), 401, "{} {path}: {}", op.method, reply.body);
        }
    }
});
