//! A route for programs, with all that its document says of it.

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, on};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::query::Param;
use super::schema::Shapes;
use crate::Core;
use crate::texts::Text;

/// What a route is about: what scopes are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Nothing that needs a token.
    Public,
    /// Whoever acts, by whatever token.
    Own,
    /// Parties, contracts with their chains and packs, sites, imports.
    Registers,
    /// Proposals and what belongs to them.
    Cases,
    /// Duties and their evidence.
    Duties,
    /// Accounts, ledger, jobs.
    Administration,
}

impl Area {
    /// The scope that allows reading in it, or changing; empty where none is asked for.
    pub fn scope(self, change: bool) -> &'static str {
        match (self, change) {
            (Self::Public | Self::Own, _) => "",
            (Self::Registers, false) => "registers:read",
            (Self::Registers, true) => "registers:write",
            (Self::Cases, false) => "cases:read",
            (Self::Cases, true) => "cases:write",
            (Self::Duties, false) => "duties:read",
            (Self::Duties, true) => "duties:write",
            (Self::Administration, false) => "administration:read",
            (Self::Administration, true) => "administration:write",
        }
    }

    /// Its code: the tag under which the document lists its routes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Own => "own",
            Self::Registers => "registers",
            Self::Cases => "cases",
            Self::Duties => "duties",
            Self::Administration => "administration",
        }
    }
}

/// What an answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// JSON by this schema.
    Json(String),
    /// Bytes of one of these media types.
    Bytes(&'static [&'static str]),
    /// Nothing.
    Nothing,
}

/// What is sent along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sent {
    /// JSON by this schema.
    Json(String),
    /// JSON by this schema, which the handler itself reads.
    Raw(String),
    /// A file as it is, of this media type, which is read before the handler runs.
    File(&'static str),
    /// The same, which the handler takes in as it comes.
    Stream(&'static str),
}

/// A route, its words and its shapes.
#[derive(Clone)]
pub struct Op {
    /// Its id in the document.
    pub id: String,
    /// The method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: String,
    /// What it is about.
    pub area: Area,
    pub(super) says: Option<Text>,
    pub(super) queries: Vec<Param>,
    pub(super) codes: &'static [&'static str],
    pub(super) sent: Option<Sent>,
    pub(super) content: Content,
    pub(super) status: StatusCode,
    pub(super) versioned: bool,
    pub(super) confirmed: bool,
    pub(super) ours: bool,
    pub(super) reading: bool,
    /// Told when somebody asks, not at each start: there are thousands of shapes.
    shapes: Vec<Tell>,
}

/// Adds the shapes of one thing.
type Tell = Arc<dyn Fn(&mut Shapes) + Send + Sync>;

impl Op {
    fn new(method: Method, id: impl Into<String>, path: impl Into<String>, area: Area) -> Self {
        Self {
            id: id.into(),
            method,
            path: path.into(),
            area,
            says: None,
            queries: Vec::new(),
            codes: &[],
            sent: None,
            content: Content::Nothing,
            status: StatusCode::OK,
            versioned: false,
            confirmed: false,
            ours: false,
            reading: false,
            shapes: Vec::new(),
        }
    }

    /// Reads.
    pub fn get(id: impl Into<String>, path: impl Into<String>, area: Area) -> Self {
        Self::new(Method::GET, id, path, area)
    }

    /// Makes something, or takes a step.
    pub fn post(id: impl Into<String>, path: impl Into<String>, area: Area) -> Self {
        Self::new(Method::POST, id, path, area)
    }

    /// Changes some fields of something.
    pub fn patch(id: impl Into<String>, path: impl Into<String>, area: Area) -> Self {
        Self::new(Method::PATCH, id, path, area).versioned()
    }

    /// Puts something in the place of what stands.
    pub fn put(id: impl Into<String>, path: impl Into<String>, area: Area) -> Self {
        Self::new(Method::PUT, id, path, area).versioned()
    }

    /// With these words, where many routes share them.
    #[must_use]
    pub fn says(mut self, text: Text) -> Self {
        self.says = Some(text);
        self
    }

    /// What it does, in words: those given, else the message `api-<id>`.
    pub fn summary(&self) -> Text {
        self.says.clone().unwrap_or_else(|| Text::new(format!("api-{}", self.id.replace(['.', '_'], "-"))))
    }

    /// Whether it may change anything.
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// Leaves an entry and changes nothing else: a token that may read is enough for it.
    #[must_use]
    pub fn reads(mut self) -> Self {
        self.reading = true;
        self
    }

    /// Whether a token must be one that may write.
    pub fn writes(&self) -> bool {
        self.changes() && !self.reading
    }

    /// With the version that it is made against, in `If-Match`.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.versioned = true;
        self
    }

    /// Asks for a recent confirmation.
    #[must_use]
    pub fn confirmed(mut self) -> Self {
        self.confirmed = true;
        self
    }

    /// For accounts of the authority; to others it does not exist.
    #[must_use]
    pub fn authority(mut self) -> Self {
        self.ours = true;
        self
    }

    /// These parameters of its path are codes, not ids.
    #[must_use]
    pub fn codes(mut self, names: &'static [&'static str]) -> Self {
        self.codes = names;
        self
    }

    /// Takes these parameters in its query.
    #[must_use]
    pub fn queries(mut self, more: impl IntoIterator<Item = Param>) -> Self {
        self.queries.extend(more);
        self
    }

    /// Takes a `T`.
    #[must_use]
    pub fn takes<T: ToSchema>(mut self) -> Self {
        let name = self.learn::<T>();
        self.sent = Some(Sent::Json(name));
        self
    }

    /// Takes JSON by the schema `name`, which is made when somebody asks for it.
    #[must_use]
    pub fn takes_schema(mut self, name: &str, schema: impl Fn() -> RefOr<Schema> + Send + Sync + 'static) -> Self {
        self.named(name, schema);
        self.sent = Some(Sent::Json(name.to_owned()));
        self
    }

    /// Takes JSON by the schema `name`, which the handler reads and checks itself.
    #[must_use]
    pub fn reads_itself(mut self, name: &str, schema: impl Fn() -> RefOr<Schema> + Send + Sync + 'static) -> Self {
        self.named(name, schema);
        self.sent = Some(Sent::Raw(name.to_owned()));
        self
    }

    /// Takes a file of this media type.
    #[must_use]
    pub fn takes_file(mut self, kind: &'static str) -> Self {
        self.sent = Some(Sent::File(kind));
        self
    }

    /// Takes a file of this media type as it comes in, never whole in memory: [`super::Call::receive`].
    #[must_use]
    pub fn takes_stream(mut self, kind: &'static str) -> Self {
        self.sent = Some(Sent::Stream(kind));
        self
    }

    /// Answers with a `T`.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self) -> Self {
        let name = self.learn::<T>();
        self.content = Content::Json(name);
        self
    }

    /// Answers with JSON by the schema `name`.
    #[must_use]
    pub fn answers_schema(mut self, name: &str, schema: impl Fn() -> RefOr<Schema> + Send + Sync + 'static) -> Self {
        self.named(name, schema);
        self.content = Content::Json(name.to_owned());
        self
    }

    /// Answers with bytes of one of these media types.
    #[must_use]
    pub fn answers_bytes(mut self, kinds: &'static [&'static str]) -> Self {
        self.content = Content::Bytes(kinds);
        self
    }

    /// Answers with a list of what the schema `name` describes, page by page.
    #[must_use]
    pub fn lists(mut self, name: &str, schema: impl Fn() -> RefOr<Schema> + Send + Sync + 'static) -> Self {
        self.named(name, schema);
        self.paged(name)
    }

    /// Answers with a list of `T`s, page by page.
    #[must_use]
    pub fn lists_of<T: ToSchema>(mut self) -> Self {
        let name = self.learn::<T>();
        self.paged(&name)
    }

    /// Answers with a list of all `T`s that there are, on one page.
    #[must_use]
    pub fn all_of<T: ToSchema>(mut self) -> Self {
        let name = self.learn::<T>();
        self.list(&name)
    }

    fn paged(self, name: &str) -> Self {
        self.list(name).queries([Param::after(), Param::limit()])
    }

    fn list(mut self, name: &str) -> Self {
        let (list, name) = (format!("{name}Page"), name.to_owned());
        self.named(&list, move || super::schema::page(&name));
        self.content = Content::Json(list);
        self
    }

    /// Makes something: answers 201.
    #[must_use]
    pub fn makes(mut self) -> Self {
        self.status = StatusCode::CREATED;
        self
    }

    fn learn<T: ToSchema>(&mut self) -> String {
        self.shapes.push(Arc::new(|all| {
            all.push((T::name().into_owned(), T::schema()));
            T::schemas(all);
        }));
        T::name().into_owned()
    }

    fn named(&mut self, name: &str, schema: impl Fn() -> RefOr<Schema> + Send + Sync + 'static) {
        let name = name.to_owned();
        self.shapes.push(Arc::new(move |all| all.push((name.clone(), schema()))));
    }

    /// The shapes that it names, by name.
    pub fn shapes(&self) -> Shapes {
        let mut all = Vec::new();
        self.shapes.iter().for_each(|tell| tell(&mut all));
        all
    }

    /// The names of its path's parameters.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether a parameter of its path is an id.
    pub fn is_id(&self, name: &str) -> bool {
        !self.codes.contains(&name)
    }
}

/// The routes of a feature for programs.
#[derive(Default)]
pub struct Api {
    pub(crate) list: Vec<(Op, MethodRouter<Arc<Core>>)>,
}

impl Api {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more.
    #[must_use]
    pub fn add<H, T>(mut self, op: Op, handler: H) -> Self
    where
        H: Handler<T, Arc<Core>>,
        T: 'static,
    {
        let filter = match op.method {
            Method::POST => MethodFilter::POST,
            Method::PATCH => MethodFilter::PATCH,
            Method::PUT => MethodFilter::PUT,
            _ => MethodFilter::GET,
        };
        self.list.push((op, on(filter, handler)));
        self
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self
    }

    /// What is registered.
    pub fn ops(&self) -> Vec<Op> {
        self.list.iter().map(|(op, _)| op.clone()).collect()
    }
}
