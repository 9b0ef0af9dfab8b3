//! A program: sends requests with a token, and holds every answer against the document.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use platform::Cx;
use platform::api::{Document, Op, SCOPES, Scopes, alone};
use serde_json::Value;
use testkit::Browser;

use crate::account::act::{self as accounts, Asking};
use crate::testing::TestApp;

/// A program with a token.
#[derive(Clone)]
pub(super) struct Program {
    pub(super) browser: Browser,
    pub(super) token: String,
    pub(super) described: Arc<Described>,
}

/// The routes, and the document that describes them. Making it takes longer than most tests.
pub(super) struct Described {
    ops: Vec<Op>,
    document: Value,
    /// Schemas of answers, compiled.
    compiled: Mutex<BTreeMap<String, Arc<jsonschema::Validator>>>,
}

/// Of each name that an authority had in this process.
static DESCRIBED: Mutex<BTreeMap<String, Arc<Described>>> = Mutex::new(BTreeMap::new());

impl Described {
    fn of(app: &TestApp) -> Arc<Self> {
        let mut all = DESCRIBED.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || {
            let ops = crate::service::routes().ops();
            let document = Document::of(&app.core, ops.iter().cloned().map(Arc::new).collect()).value();
            Arc::new(Self { ops, document, compiled: Mutex::default() })
        };
        all.entry(app.core.settings.authority.name.clone()).or_insert_with(made).clone()
    }

    fn validator(&self, schema: &str) -> Arc<jsonschema::Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || {
            let schema = alone(schema, self.document["components"]["schemas"].as_object().unwrap());
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&schema).unwrap())
        };
        compiled.entry(schema.to_owned()).or_insert_with(made).clone()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
    pub(super) bytes: Vec<u8>,
    pub(super) json: Value,
}

impl Reply {
    /// The answer, which must have this status.
    #[track_caller]
    pub(super) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    pub(super) fn id(&self) -> String {
        self.json["id"].as_str().unwrap().to_owned()
    }

    pub(super) fn version(&self) -> i64 {
        self.json["version"].as_i64().unwrap()
    }

    pub(super) fn items(&self) -> &Vec<Value> {
        self.json["items"].as_array().unwrap()
    }
}

impl Program {
    /// Without a token.
    pub(super) fn nobody(app: &TestApp) -> Self {
        Self { browser: app.browser(), token: String::new(), described: Described::of(app) }
    }

    /// With a token of whoever acts in `cx`, for all scopes.
    pub(super) async fn of(app: &TestApp, cx: &Cx) -> Self {
        Self::scoped(app, cx, &SCOPES).await
    }

    /// With a token for these scopes.
    pub(super) async fn scoped(app: &TestApp, cx: &Cx, scopes: &[&'static str]) -> Self {
        let asking = Asking { name: "A program".to_owned(), scopes: scopes.iter().copied().collect::<Scopes>(), days: 30 };
        let (_, token) = accounts::make_token(cx, &asking).await.unwrap();
        Self { token, ..Self::nobody(app) }
    }

    pub(super) fn at(mut self, address: &str) -> Self {
        self.browser = self.browser.at(address);
        self
    }

    pub(super) async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, &[], None).await
    }

    pub(super) async fn post(&mut self, path: &str, body: Value) -> Reply {
        self.send("POST", path, &[], Some(body)).await
    }

    /// A step, or another change against a version.
    pub(super) async fn step(&mut self, path: &str, version: i64, body: Value) -> Reply {
        self.send("POST", path, &[("if-match", &format!("\"{version}\""))], Some(body)).await
    }

    pub(super) async fn change(&mut self, method: &str, path: &str, version: i64, body: Value) -> Reply {
        self.send(method, path, &[("if-match", &format!("\"{version}\""))], Some(body)).await
    }

    pub(super) async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Reply {
        let text = body.map(|b| b.to_string());
        let mut all = headers.to_vec();
        if text.is_some() && !headers.iter().any(|(name, _)| *name == "content-type") {
            all.push(("content-type", "application/json"));
        }
        self.raw(method, path, &all, text.unwrap_or_default().into_bytes()).await
    }

    pub(super) async fn raw(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Reply {
        self.sent(method, path, headers, Body::from(body)).await
    }

    /// Sends bytes as they come.
    pub(super) async fn streamed(&mut self, path: &str, body: Body) -> Reply {
        self.sent("POST", path, &[("content-type", "application/octet-stream")], body).await
    }

    async fn sent(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = self.browser.send(request.body(body).unwrap(), path).await;
        let json = serde_json::from_str(&page.body).unwrap_or(Value::Null);
        let reply = Reply { status: page.status, headers: page.headers, body: page.body, bytes: page.bytes, json };
        self.hold(method, path, &reply);
        reply
    }

    /// The op of the document at this address.
    pub(super) fn op(&self, method: &str, path: &str) -> Option<&Op> {
        let parts: Vec<&str> = path.split('?').next().unwrap().split('/').collect();
        let fits = |op: &&Op| {
            let known: Vec<&str> = op.path.split('/').collect();
            op.method.as_str() == method
                && known.len() == parts.len()
                && known.iter().zip(&parts).all(|(k, p)| k == p || k.starts_with('{'))
        };
        // A path without parameters goes before one with them.
        self.ops().iter().filter(fits).min_by_key(|op| op.path.matches('{').count())
    }

    /// Holds an answer against the document: its status is named there, its content is as described, errors are problem documents.
    fn hold(&self, method: &str, path: &str, reply: &Reply) {
        assert!(reply.headers.get("set-cookie").is_none(), "{method} {path} sets a cookie");
        let status = reply.status.as_u16();
        if status >= 400 {
            assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}: {}", reply.body);
            self.fits("Problem", &reply.json, &format!("{method} {path}"));
            assert_eq!(reply.json["status"], status);
        }
        let Some(op) = self.op(method, path) else { return };
        let of = &self.document()["paths"][&op.path][method.to_lowercase()]["responses"][status.to_string()];
        assert!(!of.is_null(), "{method} {path}: the document does not name {status}: {}", reply.body);
        if let Some(name) = of["content"]["application/json"]["schema"]["$ref"].as_str() {
            self.fits(name.rsplit('/').next().unwrap(), &reply.json, &format!("{method} {path}"));
        }
    }

    #[track_caller]
    fn fits(&self, schema: &str, value: &Value, what: &str) {
        let validator = self.described.validator(schema);
        let faults: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{what} does not fit the document: {faults:#?}\n{value:#}");
    }

    pub(super) fn document(&self) -> &Value {
        &self.described.document
    }

    pub(super) fn ops(&self) -> &[Op] {
        &self.described.ops
    }
}

/// Whoever has this account, having signed in just now.
pub(super) async fn fresh(app: &TestApp, account: uuid::Uuid) -> platform::Cx {
    let actor = platform::identity::actors(&app.core, app.core.db.reader(), account).await.unwrap().remove(0);
    let mut cx = platform::Cx::new(&app.core, actor).unwrap();
    if let platform::authz::Actor::Account(a) = &mut cx.actor {
        a.fresh = true;
    }
    cx
}
