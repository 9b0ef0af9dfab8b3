//! The document that describes the API (`OpenAPI` 3.1), made from the routes themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApiBuilder, PathsBuilder, Ref, RefOr, ResponseBuilder};

use super::op::{Area, Content, Op, Sent};
use super::schema::{LINES, Shapes, named, required};
use crate::Core;
use crate::texts;
use crate::web::answer::CODES;

/// The document of some routes. It is made when somebody asks for it: most services never do, and it is large.
pub struct Document {
    title: String,
    ops: Vec<Arc<Op>>,
    things: Vec<Thing>,
    /// The names of the schemas of what is sent.
    taken: OnceLock<BTreeSet<String>>,
    whole: OnceLock<Bytes>,
    /// Of each of the things: whoever asks again, which anybody may, makes nothing.
    parts: Vec<OnceLock<Bytes>>,
}

/// What operations are about: a heading of the document, and a page of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    /// As addresses and headings name it.
    pub name: String,
    /// The area to which it belongs.
    pub area: Area,
    /// How many operations are about it.
    pub operations: usize,
}

/// Why something was not done (RFC 9457).
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "the shape of what `web::answer` writes")]
struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    r#type: String,
    /// What it is, in a few words.
    title: String,
    /// The answer's status.
    status: u16,
    /// What programs tell problems apart by.
    code: String,
    /// What happened, and what to do.
    detail: String,
    /// The number of the request, to be quoted when asking us.
    request: String,
    /// What needs mending, part by part.
    errors: Option<Vec<Mending>>,
    /// What stands in the way of a step.
    blockers: Option<Vec<Blocking>>,
    /// When someone was quicker: what stands now.
    now: Option<Value>,
    /// When someone was quicker: what you sent.
    sent: Option<Value>,
}

/// One part that needs mending.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "as Problem")]
struct Mending {
    /// Where: `address.town`, `sites.0.name`, `?limit`, `If-Match`; `$` for the whole.
    path: String,
    /// What to do.
    message: String,
}

/// One thing that stands in the way of a step.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "as Problem")]
struct Blocking {
    /// A stable code.
    code: String,
    /// What to do.
    message: String,
}

impl Document {
    /// The document of these routes.
    pub fn of(core: &Core, ops: Vec<Arc<Op>>) -> Self {
        let title = crate::t!("api-title", authority = &core.settings.authority.name);
        let things = things(ops.iter().map(AsRef::as_ref));
        let parts = things.iter().map(|_| OnceLock::new()).collect();
        Self { title, ops, things, taken: OnceLock::new(), whole: OnceLock::new(), parts }
    }

    pub(super) fn things(&self) -> &[Thing] {
        &self.things
    }

    /// The part about one thing: its operations, and the schemas that they name. A browser takes seconds to draw the whole.
    pub(super) fn part(&self, thing: &str) -> Option<Bytes> {
        let at = self.things.iter().position(|known| known.name == thing)?;
        Some(self.parts.get(at)?.get_or_init(|| self.made(|op| about(op) == thing).to_string().into()).clone())
    }

    /// Whether operations are about a thing of this name.
    pub(super) fn has(&self, thing: &str) -> bool {
        self.things.iter().any(|known| known.name == thing)
    }

    /// As JSON.
    pub fn value(&self) -> Value {
        self.made(|_| true)
    }

    /// As it is served.
    pub(super) fn text(&self) -> Bytes {
        self.whole.get_or_init(|| self.value().to_string().into()).clone()
    }

    /// The document of the routes that `stays` takes.
    fn made(&self, stays: impl Fn(&Op) -> bool) -> Value {
        let ops: Vec<&Op> = self.ops.iter().map(AsRef::as_ref).filter(|op| stays(op)).collect();
        let mut value = serde_json::to_value(build(&self.title, &ops)).unwrap_or_default();
        let schemas = &mut value["components"]["schemas"];
        // What one route answers with, another may take.
        for name in self.taken.get_or_init(|| taken(&self.ops)) {
            if let Some(schema) = schemas.get_mut(name) {
                bound(schema);
            }
        }
        schemas["Problem"]["properties"]["code"]["enum"] = json!(CODES);
        value
    }
}

/// The schema `name` of what `op` takes, as the document shows it, with all that it leads to.
pub(super) fn sent(op: &Op, name: &str) -> Value {
    let mut schemas = json(op.shapes());
    schemas.values_mut().for_each(bound);
    alone(name, &schemas)
}

/// A schema that needs nothing besides: `name`, among those of `schemas` that it leads to.
pub fn alone(name: &str, schemas: &Map<String, Value>) -> Value {
    let stays = closed(vec![name.to_owned()], schemas);
    let schemas: Map<String, Value> =
        schemas.iter().filter(|(name, _)| stays.contains(*name)).map(|(name, schema)| (name.clone(), schema.clone())).collect();
    json!({ "$ref": format!("#/components/schemas/{name}"), "components": { "schemas": schemas } })
}

fn json(shapes: Shapes) -> Map<String, Value> {
    shapes.into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())).collect()
}

/// The names of the schemas of what is sent, those inside them included.
fn taken(ops: &[Arc<Op>]) -> BTreeSet<String> {
    let sent = ops.iter().filter_map(|op| if let Some(Sent::Json(name)) = &op.sent { Some((op, name.clone())) } else { None });
    sent.flat_map(|(op, name)| closed(vec![name], &json(op.shapes()))).collect()
}

/// These names of schemas, and those that they lead to.
fn closed(mut open: Vec<String>, schemas: &Map<String, Value>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && names.insert(name)
        {
            refs(schema, &mut open);
        }
    }
    names
}

fn refs(schema: &Value, out: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/")) {
                out.push(name.to_owned());
            }
            map.values().for_each(|inner| refs(inner, out));
        }
        Value::Array(all) => all.iter().for_each(|inner| refs(inner, out)),
        _ => {}
    }
}

/// Texts that are sent hold no control characters, wherever nothing stricter is said.
fn bound(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            let text = map.get("type").is_some_and(|t| t == "string" || t.as_array().is_some_and(|all| all.iter().any(|t| t == "string")));
            if text && !["enum", "format", "pattern", "const"].iter().any(|key| map.contains_key(*key)) {
                map.insert("pattern".to_owned(), LINES.into());
            }
            map.iter_mut().filter(|(key, _)| *key != "enum").for_each(|(_, inner)| bound(inner));
        }
        Value::Array(all) => all.iter_mut().for_each(bound),
        _ => {}
    }
}

fn build(title: &str, ops: &[&Op]) -> utoipa::openapi::OpenApi {
    let mut paths: BTreeMap<&str, Vec<&Op>> = BTreeMap::new();
    for op in ops {
        paths.entry(op.path.as_str()).or_default().push(op);
    }
    let mut all = PathsBuilder::new();
    for (path, ops) in paths {
        let mut item = PathItem::default();
        for op in ops {
            item.merge_operations(PathItem::new(method(op), operation(op).build()));
        }
        all = all.path(path, item);
    }
    let mut components = ComponentsBuilder::new();
    let mut schemas: Shapes = vec![("Problem".to_owned(), <Problem as utoipa::PartialSchema>::schema())];
    Problem::schemas(&mut schemas);
    schemas.extend(ops.iter().flat_map(|op| op.shapes()));
    for (name, schema) in schemas {
        components = components.schema(name, schema);
    }
    let problem = ContentBuilder::new().schema(Some(named("Problem"))).build();
    for (status, _) in STATUSES {
        let response =
            ResponseBuilder::new().description(says(&format!("api-status-{status}"))).content("application/problem+json", problem.clone());
        let response = match status {
            "429" => response.header("Retry-After", whole(&says("api-retry-after"))),
            _ => response,
        };
        components = components.response(format!("Problem{status}"), response.build());
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(says("api-token-how"))).build();
    components = components.security_scheme("token", SecurityScheme::Http(bearer));
    let tags: Vec<Tag> = things(ops.iter().copied())
        .iter()
        .map(|thing| TagBuilder::new().name(&thing.name).description(Some(described(thing.area))).build())
        .collect();
    let info = InfoBuilder::new().title(title).version(env!("CARGO_PKG_VERSION")).description(Some(says("api-about"))).build();
    OpenApiBuilder::new().info(info).paths(all).components(Some(components.build())).tags(Some(tags)).build()
}

/// The areas, in the order of the document.
pub(super) const AREAS: [Area; 6] = [Area::Own, Area::Registers, Area::Cases, Area::Duties, Area::Administration, Area::Public];

/// What an area holds, in words.
pub(super) fn described(area: Area) -> String {
    says(&format!("api-area-{}", area.code()))
}

/// What the operations are about, area by area; each at the first area that has one about it.
fn things<'a>(ops: impl Iterator<Item = &'a Op> + Clone) -> Vec<Thing> {
    let mut all: Vec<Thing> = Vec::new();
    for area in AREAS {
        for op in ops.clone().filter(|op| op.area == area) {
            match all.iter_mut().find(|thing| thing.name == about(op)) {
                Some(thing) => thing.operations += 1,
                None => all.push(Thing { name: about(op).to_owned(), area, operations: 1 }),
            }
        }
    }
    all
}

/// A status, and whether a route answers with it.
type Occurring = (&'static str, fn(&Op) -> bool);

/// The statuses of problems, and for which routes they occur.
const STATUSES: [Occurring; 14] = [
    ("400", |_| true),
    ("401", |op| op.area != Area::Public),
    ("403", |op| op.area != Area::Public),
    ("404", |op| op.area != Area::Public || op.parameters().next().is_some()),
    ("405", |_| false),
    ("409", |op| op.area != Area::Public),
    ("413", |op| op.sent.is_some()),
    ("415", |op| op.sent.is_some()),
    ("422", |op| op.sent.is_some() || op.method == Method::POST || !op.queries.is_empty()),
    ("428", |op| op.versioned),
    ("429", |_| true),
    ("500", |_| true),
    ("503", |_| true),
    ("303", |_| false),
];

fn says(id: &str) -> String {
    texts::t(id)
}

fn method(op: &Op) -> HttpMethod {
    match op.method {
        Method::POST => HttpMethod::Post,
        Method::PATCH => HttpMethod::Patch,
        Method::PUT => HttpMethod::Put,
        _ => HttpMethod::Get,
    }
}

/// What an operation is about, as its id says: its heading in the document.
fn about(op: &Op) -> &str {
    op.id.split('.').next().unwrap_or(&op.id)
}

fn operation(op: &Op) -> OperationBuilder {
    let mut out = OperationBuilder::new().operation_id(Some(&op.id)).tag(about(op)).summary(Some(op.summary().say()));
    let mut about = Vec::new();
    let scope = op.area.scope(op.writes());
    if !scope.is_empty() {
        about.push(crate::t!("api-scope-needed", scope = scope));
    }
    if op.confirmed {
        about.push(says("api-confirmation-needed"));
    }
    if !about.is_empty() {
        out = out.description(Some(about.join(" ")));
    }
    for name in op.parameters() {
        let schema = ObjectBuilder::new().schema_type(Type::String);
        let schema = if op.is_id(name) {
            schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        } else {
            schema.pattern(Some(r"^[A-Za-z0-9._-]{1,80}$"))
        };
        out = out.parameter(parameter(name, ParameterIn::Path, true, schema.build().into()));
    }
    for query in &op.queries {
        let described = parameter(query.name, ParameterIn::Query, false, query.schema());
        out = out.parameter(described.description(Some(says(&format!("api-query-{}", query.name.replace('_', "-"))))));
    }
    let header = |pattern: &str| ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build().into();
    if op.versioned {
        let described = parameter("If-Match", ParameterIn::Header, true, header("^\"[0-9]{1,9}\"$"));
        out = out.parameter(described.description(Some(says("api-if-match"))));
    }
    if op.method == Method::POST && op.area != Area::Public {
        let described = parameter("Idempotency-Key", ParameterIn::Header, false, header("^[!-~]{1,200}$"));
        out = out.parameter(described.description(Some(says("api-idempotency-key"))));
    }
    let content = |schema: &str| ContentBuilder::new().schema(Some(named(schema))).build();
    let body = match &op.sent {
        None => None,
        Some(Sent::Json(name) | Sent::Raw(name)) => Some(("application/json", content(name))),
        Some(Sent::File(kind) | Sent::Stream(kind)) => Some((*kind, ContentBuilder::new().build())),
    };
    if let Some((kind, content)) = body {
        out = out.request_body(Some(RequestBodyBuilder::new().content(kind, content).required(Some(required(true))).build()));
    }
    out = if op.area == Area::Public {
        out.securities(Some(std::iter::empty::<SecurityRequirement>()))
    } else {
        out.security(SecurityRequirement::new("token", std::iter::empty::<String>()))
    };
    responses(op, out)
}

fn parameter(name: &str, place: ParameterIn, must: bool, schema: RefOr<Schema>) -> ParameterBuilder {
    ParameterBuilder::new().name(name).parameter_in(place).required(required(must)).schema(Some(schema))
}

fn whole(about: &str) -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(Type::Integer).build();
    HeaderBuilder::new().schema(Some(schema)).description(Some(about)).build()
}

fn responses(op: &Op, mut out: OperationBuilder) -> OperationBuilder {
    let text = |about: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String).build();
        HeaderBuilder::new().schema(Some(schema)).description(Some(says(about))).build()
    };
    let mut good = ResponseBuilder::new().description(says(if op.changes() { "api-status-done" } else { "api-status-200" }));
    good = match &op.content {
        Content::Json(name) => good.content("application/json", ContentBuilder::new().schema(Some(named(name))).build()),
        Content::Bytes(kinds) => kinds.iter().fold(good, |good, kind| good.content(*kind, ContentBuilder::new().build())),
        Content::Nothing => good,
    };
    good = good.header("RateLimit", text("api-ratelimit"));
    out = out.response(op.status.as_str(), good.build());
    if op.method == Method::POST && op.area != Area::Public {
        let again = ResponseBuilder::new().description(says("api-status-303")).header("Location", text("api-location"));
        out = out.response("303", again.build());
    }
    for (status, _) in STATUSES.iter().filter(|(_, occurs)| occurs(op)) {
        out = out.response(*status, RefOr::Ref(Ref::from_response_name(format!("Problem{status}"))));
    }
    out
}
