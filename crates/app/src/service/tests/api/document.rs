//! The document says all that there is, and in words.

use std::collections::{BTreeMap, BTreeSet};

use platform::api::alone;
use serde_json::Value;
use testkit::TestDb;

use super::program::Program;
use crate::migrations::migrations;
use crate::offshoring::model::PROPOSAL;
use crate::testing::TestApp;

async fn program() -> (TestApp, Program) {
    let app = TestApp::new(TestDb::sqlite(migrations).await);
    let program = Program::nobody(&app);
    (app, program)
}

fn walk<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            out.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|v| walk(v, out));
        }
        Value::Array(all) => all.iter().for_each(|v| walk(v, out)),
        _ => {}
    }
}

/// Every route for programs is in the document, and nothing else is; the document that is served is this one, and every reference leads
/// somewhere.
#[tokio::test]
async fn document_and_router_say_the_same() {
    let (_app, mut program) = program().await;
    let served = program.get("/api/openapi.json").await.is(200);
    assert_eq!(&served.json, program.document());
    assert_eq!(served.json["openapi"], "3.1.0");
    let mut routed: BTreeSet<(String, String)> = BTreeSet::new();
    for op in program.ops() {
        assert!(routed.insert((op.path.clone(), op.method.as_str().to_lowercase())), "{} {} twice", op.method, op.path);
    }
    let mut told = BTreeSet::new();
    for (path, item) in served.json["paths"].as_object().unwrap() {
        told.extend(item.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())));
    }
    assert_eq!(routed, told);
    let mut refs = Vec::new();
    walk(&served.json, &mut refs);
    for reference in refs {
        let found = served.json.pointer(reference.trim_start_matches('#'));
        assert!(found.is_some(), "{reference} leads nowhere");
    }
    // And the router has each: without a token it asks for one, instead of knowing nothing of it.
    for op in program.ops().to_vec() {
        let path = op.path.replace("{id}", "00000000-0000-4000-8000-000000000001");
        let reply = program.send(op.method.as_str(), &path, &[], None).await;
        assert!(![404, 405].contains(&reply.status.as_u16()), "{} {path}: {}", op.method, reply.status);
    }
}

/// Every route, parameter and status has its words, and no two shapes share a name.
#[tokio::test]
async fn everything_has_words_and_a_name_of_its_own() {
    let (_app, program) = program().await;
    let mut ids = BTreeSet::new();
    let mut lacking = Vec::new();
    for op in program.ops() {
        assert!(ids.insert(op.id.clone()), "two routes are called {}", op.id);
        let summary = op.summary();
        if summary.say() == summary.id {
            lacking.push(summary.id.into_owned());
        }
    }
    let mut said = Vec::new();
    words(program.document(), &mut said);
    lacking.extend(said.into_iter().filter(|text| text.starts_with("api-")));
    assert!(lacking.is_empty(), "locales/en/api.ftl lacks {lacking:#?}");
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    for (name, shape) in program.ops().iter().flat_map(platform::api::Op::shapes) {
        let shape = serde_json::to_string(&shape).unwrap();
        let known = shapes.entry(name.clone()).or_insert_with(|| shape.clone());
        assert_eq!(known, &shape, "two shapes are called {name}");
    }
}

/// Every text of the document that people read.
fn words(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for name in ["summary", "description", "title"] {
                out.extend(map.get(name).and_then(Value::as_str).map(str::to_owned));
            }
            map.values().for_each(|v| words(v, out));
        }
        Value::Array(all) => all.iter().for_each(|v| words(v, out)),
        _ => {}
    }
}

/// Every step of the table of proposals is a route, and says whether it asks for a confirmation.
#[tokio::test]
async fn every_step_is_a_route() {
    let (_app, program) = program().await;
    for step in PROPOSAL.steps {
        let path = format!("/api/v1/proposals/{{id}}/steps/{}", step.id);
        let told = &program.document()["paths"][&path]["post"];
        assert!(told.is_object(), "{path}");
        assert_eq!(told["description"].as_str().unwrap().contains("/account/confirm"), step.fresh, "{path}");
    }
}

/// The pages of the document come from the binary alone: their scripts and styles are files of ours, nothing inline, nothing elsewhere.
#[tokio::test]
async fn the_documents_pages_are_our_own() {
    let (app, _) = program().await;
    let mut browser = app.browser();
    let all = browser.get("/api/docs").await;
    assert_eq!(all.status.as_u16(), 200);
    assert!(
        all.body.contains("href=\"/api/docs/proposals/index.html\"") && all.body.contains("href=\"/api/openapi.json\""),
        "{}",
        all.text()
    );
    let page = browser.get("/api/docs/proposals").await;
    assert_eq!((page.status.as_u16(), page.path.as_str()), (200, "/api/docs/proposals/index.html"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && policy.contains("style-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.body.contains("https://") && !page.body.contains("<style") && !page.body.contains("style="), "{}", page.body);
    let mut scripts = 0;
    for part in page.body.split("<script").skip(1) {
        let (head, rest) = part.split_once('>').unwrap();
        assert!(head.contains("src=\"./") && rest.trim_start().starts_with("</script"), "an inline script: {part}");
        let name = head.split("src=\"./").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(browser.get(&format!("/api/docs/proposals/{name}")).await.status.as_u16(), 200, "{name}");
        scripts += 1;
    }
    assert!(scripts >= 2, "{}", page.body);
    let start = browser.get("/api/docs/proposals/swagger-initializer.js").await;
    assert!(start.body.contains("/api/openapi/proposals.json") && !start.body.contains("petstore"), "{}", start.body);
    for stray in [
        "/api/docs/proposals/no-such-file.js",
        "/api/docs/dragons",
        "/api/docs/dragons/index.html",
        "/api/openapi/dragons.json",
        "/api/openapi/proposals",
    ] {
        assert_eq!(browser.get(stray).await.status.as_u16(), 404, "{stray}");
    }
}

/// Every operation stands in the part about its thing and in no other, as it stands in the whole, and each part holds all that it names.
#[tokio::test]
async fn the_parts_are_the_whole() {
    let (_app, mut program) = program().await;
    let whole = program.document().clone();
    let things: Vec<String> = whole["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect();
    let operations =
        |document: &Value| -> usize { document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum() };
    let mut counted = 0;
    for thing in &things {
        let part = program.get(&format!("/api/openapi/{thing}.json")).await.is(200).json;
        counted += operations(&part);
        for (path, item) in part["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert_eq!(operation, &whole["paths"][path][method], "{thing}: {method} {path}");
            }
        }
        for (name, schema) in part["components"]["schemas"].as_object().unwrap() {
            assert_eq!(schema, &whole["components"]["schemas"][name], "{thing}: {name}");
        }
        for name in part.to_string().split("\"#/components/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let (kind, name) = name.split_once('/').unwrap();
            assert!(part["components"][kind][name].is_object(), "{thing} names {kind} {name}");
        }
        assert!(part.to_string().len() * 3 < whole.to_string().len(), "{thing} is no part");
    }
    assert_eq!(counted, operations(&whole));
}

/// What each route takes can be checked by the shapes that the route itself tells, and by nothing besides.
#[tokio::test]
async fn whatever_is_sent_can_be_checked() {
    let (_app, program) = program().await;
    let mut checked = 0;
    for op in program.ops() {
        let at = &program.document()["paths"][&op.path][op.method.as_str().to_lowercase()]["requestBody"]["content"]["application/json"];
        let Some(name) = at["schema"]["$ref"].as_str().and_then(|at| at.rsplit('/').next()) else { continue };
        let shapes = op.shapes().into_iter().map(|(name, shape)| (name, serde_json::to_value(shape).unwrap())).collect();
        let built = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&alone(name, &shapes));
        assert!(built.is_ok(), "{} takes {name}: {}", op.id, built.unwrap_err());
        checked += 1;
    }
    assert!(checked > 100, "{checked}");
}
