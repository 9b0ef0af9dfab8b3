//! What the kit promises of every route: problems, versions, idempotency, pages, strict reading.

use serde_json::{Value, json};
use testkit::both_engines;

use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, async fn what_is_malformed_is_told_with_its_path(db) {
    let world = World::new(db).await;
    let mut program = Program::of(&world.app, &world.official("administrator").await.cx).await;
    let json_type = [("content-type", "application/json")];
    for (body, status, path) in [
        (br#"{"name": "Halyard""#.to_vec(), 400, "$"),
        (br#"{"name": [1, }"#.to_vec(), 400, "$.name"),
        (br#"{"name": "A"} x"#.to_vec(), 400, "$"),
        (b"".to_vec(), 400, "$"),
        (br"[]".to_vec(), 422, "$"),
        (br"{}".to_vec(), 422, "name"),
        (br#"{"name": 7}"#.to_vec(), 422, "name"),
        (br#"{"name": "A", "colour": 1}"#.to_vec(), 422, "colour"),
        (br#"{"name": "A", "country": "Atlantis"}"#.to_vec(), 422, "country"),
        (br#"{"name": "A\u0007"}"#.to_vec(), 422, "name"),
        (br#"{"name": "A\u0000"}"#.to_vec(), 422, "$"),
        (format!(r#"{{"name": "{}"}}"#, "x".repeat(1_000_000)).into_bytes(), 422, "name"),
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let reply = program.raw("POST", "/api/v1/parties", &json_type, body).await.is(status);
        assert!(reply.json["errors"][0]["path"].as_str().unwrap().starts_with(path), "{shown}: {}", reply.body);
    }
    program.raw("POST", "/api/v1/parties", &json_type, b"\xff\xfe".to_vec()).await.is(400);
    program.raw("POST", "/api/v1/parties", &[("content-type", "text/plain")], b"{}".to_vec()).await.is(415);
    program.raw("POST", "/api/v1/parties", &[], b"{}".to_vec()).await.is(415);
    program.raw("POST", "/api/v1/parties", &json_type, vec![b' '; 9 * 1024 * 1024]).await.is(413);
    for (path, name) in [("?colour=red", "?colour"), ("?limit=0", "?limit"), ("?limit=x", "?limit"), ("?limit=1&limit=2", "?limit"),         ("?country=Atlantis", "?country"), ("?sort=colour", "?sort")] {
        let reply = program.get(&format!("/api/v1/parties{path}")).await.is(400);
        assert_eq!(reply.json["errors"][0]["path"], name, "{path}");
    }
    assert_eq!(program.get("/api/v1/parties?after=nowhere").await.is(422).json["errors"][0]["path"], "?after");
    assert_eq!(program.get("/api/v1/parties").await.items().len(), 4, "nothing was entered");
});

both_engines!(migrations, async fn every_wrong_address_is_a_problem_document(db) {
    let world = World::new(db).await;
    let mut program = Program::of(&world.app, &world.official("administrator").await.cx).await;
    for path in ["/api/nothing", "/api/v2/parties", "/api/v1/parties/no-id", "/api/v1/parties/00000000-0000-4000-8000-000000000001", "/api/v1/%07"] {
        assert_eq!(program.get(path).await.is(404).json["code"], "not-found", "{path}");
    }
    for (method, path, allow) in [("DELETE", "/api/v1/parties", "POST"), ("PUT", "/api/v1/account", "GET"), ("POST", "/api/openapi.json", "GET")] {
        let reply = program.send(method, path, &[], None).await.is(405);
        assert!(reply.header("allow").contains(allow), "{method} {path}: {}", reply.header("allow"));
    }
    let mut nobody = Program::nobody(&world.app);
    nobody.get("/api/nothing").await.is(404);
});

both_engines!(migrations, async fn a_stale_change_is_told_with_both_versions(db) {
    let world = World::new(db).await;
    let mut program = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    let at = format!("/api/v1/parties/{}", world.lead.0);
    let first = program.get(&at).await.is(200);
    assert_eq!(first.header("etag"), format!("\"{}\"", first.version()));
    let reply = program.send("PATCH", &at, &[], Some(json!({ "notes": "Late." }))).await.is(428);
    assert_eq!(reply.json["code"], "no-version");
    program.send("PATCH", &at, &[("if-match", "one")], Some(json!({ "notes": "Late." }))).await.is(400);
    let changed = program.change("PATCH", &at, first.version(), json!({ "notes": "Late twice." })).await.is(200);
    assert_eq!(changed.json["notes"], "Late twice.");
    assert_eq!(changed.json["name"], first.json["name"], "what was not sent stays");
    let stale = program.change("PATCH", &at, first.version(), json!({ "notes": "Never late." })).await.is(409);
    assert_eq!(stale.json["code"], "stale");
    assert_eq!((&stale.json["now"]["notes"], &stale.json["now"]["version"]), (&json!("Late twice."), &json!(changed.version())));
    assert_eq!(stale.json["sent"], json!({ "notes": "Never late." }));
    assert_eq!(program.get(&at).await.json["notes"], "Late twice.");
    let cleared = program.change("PATCH", &at, changed.version(), json!({ "notes": null })).await.is(200);
    assert_eq!(cleared.json["notes"], Value::Null);
});

both_engines!(migrations, /// OWN-3: what is sent twice with one key is done once, and the second is led to what the first one made.
async fn an_idempotency_key_does_a_thing_once(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut program = Program::of(&world.app, &manager.cx).await;
    let key = [("idempotency-key", "order-66")];
    let made = program.send("POST", "/api/v1/parties", &key, Some(json!({ "name": "Halyard Two" }))).await.is(201);
    let at = made.header("location").to_owned();
    assert_eq!(at, format!("/api/v1/parties/{}", made.id()));
    let again = program.send("POST", "/api/v1/parties", &key, Some(json!({ "name": "Halyard Two" }))).await.is(303);
    assert_eq!(again.header("location"), at);
    let other = program.send("POST", "/api/v1/parties", &key, Some(json!({ "name": "Another" }))).await.is(422);
    assert_eq!(other.json["errors"][0]["path"], "Idempotency-Key");
    program.send("POST", "/api/v1/parties", &[("idempotency-key", "")], Some(json!({ "name": "Another" }))).await.is(400);
    assert_eq!(program.get("/api/v1/parties?q=halyard%20two").await.items().len(), 1);
    // A request that was refused used nothing up.
    let bad = program.send("POST", "/api/v1/parties", &[("idempotency-key", "k2")], Some(json!({ "name": "" }))).await.is(422);
    assert_eq!(bad.json["errors"][0]["path"], "name");
    program.send("POST", "/api/v1/parties", &[("idempotency-key", "k2")], Some(json!({ "name": "Capstan Two" }))).await.is(201);
    // Another person's key of the same name is another key.
    let mut colleague = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    colleague.send("POST", "/api/v1/parties", &key, Some(json!({ "name": "Halyard Four" }))).await.is(201);
    let mut twins = Vec::new();
    for _ in 0..4 {
        let mut program = program.clone();
        twins.push(tokio::spawn(async move {
            program.send("POST", "/api/v1/parties", &[("idempotency-key", "at-once")], Some(json!({ "name": "Once Only" }))).await.status.as_u16()
        }));
    }
    let mut seen = Vec::new();
    for twin in twins {
        seen.push(twin.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, [201, 303, 303, 303]);
});

both_engines!(migrations, async fn lists_come_page_by_page(db) {
    let world = World::new(db).await;
    let mut program = Program::of(&world.app, &world.official("contract_manager").await.cx).await;
    for name in ["Bollard", "Anchor", "Davit", "Cleat"] {
        program.post("/api/v1/parties", json!({ "name": name })).await.is(201);
    }
    for (query, wanted) in [("", true), ("&sort=-name", false)] {
        let (mut names, mut next) = (Vec::new(), Some(format!("/api/v1/parties?limit=3{query}")));
        while let Some(path) = next {
            let page = program.get(&path).await.is(200);
            names.extend(page.items().iter().map(|p| p["name"].as_str().unwrap().to_owned()));
            next = page.json["next"].as_str().map(str::to_owned);
            assert_eq!(page.header("link").is_empty(), next.is_none());
            assert!(page.items().len() <= 3);
        }
        let mut sorted = names.clone();
        sorted.sort();
        if !wanted {
            sorted.reverse();
        }
        assert_eq!(names, sorted);
        assert_eq!(names.len(), 8);
    }
    let found = program.get("/api/v1/parties?q=anch&side=supplier").await.is(200);
    assert_eq!(found.items().len(), 1);
});
