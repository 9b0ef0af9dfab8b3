//! The one error type. What the user reads (a [`Text`]) and what the log holds (the cause) are separate; `web::answer` is the one place
//! that turns an error into a page or a problem document.

use std::collections::BTreeMap;

use crate::texts::Text;

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, as far as this actor may know.
    NotFound,
    /// Nobody is signed in.
    SignedOut,
    /// The actor must sign in again before so weighty an act.
    SignInAgain,
    /// The actor may not. Recorded in the ledger at the boundary.
    Refused(Box<Refusal>),
    /// It cannot be done as things stand.
    Conflict(Text),
    /// Someone else changed it meanwhile: this change was made against an old version.
    Stale(Text),
    /// A step is prevented, by each of these.
    Blocked(Vec<Blocker>),
    /// Answers need mending, field by field.
    Invalid(FieldErrors),
    /// The request itself is malformed.
    BadRequest(Text),
    /// The body is larger than allowed.
    TooLarge,
    /// Too many tries; again after so many seconds.
    TooMany(u64),
    /// The request itself is malformed, part by part: each with its path.
    Malformed(FieldErrors),
    /// As [`Error::Stale`], for programs: what stands now and what was sent.
    Clash(Box<Clash>),
    /// A change was sent without the version that it was made against.
    NoVersion,
    /// The token lacks this scope.
    Scope(&'static str),
    /// The address is there, but not for this method.
    Method,
    /// The body is of another kind than the address takes.
    MediaType,
    /// The same request was answered before (an idempotency key came twice): where it led, if known.
    Repeated(Option<String>),
    /// A part we need is out of reach: database, mail.
    Unavailable,
    /// A fault of ours.
    Internal(anyhow::Error),
}

impl Error {
    /// A fault of ours, described for the log.
    pub fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{what}"))
    }

    /// A conflict with a message of the catalogue.
    pub fn conflict(id: &'static str) -> Self {
        Self::Conflict(Text::new(id))
    }

    /// A malformed request with a message of the catalogue.
    pub fn bad_request(id: &'static str) -> Self {
        Self::BadRequest(Text::new(id))
    }

    /// One field that needs mending.
    pub fn field(path: impl Into<String>, text: Text) -> Self {
        let mut errors = FieldErrors::default();
        errors.add(path, text);
        Self::Invalid(errors)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::SignedOut => f.write_str("signed out"),
            Self::SignInAgain => f.write_str("sign in again"),
            Self::Refused(refusal) => write!(f, "refused: {} on {} {} by {}", refusal.action, refusal.kind, refusal.id, refusal.policy),
            Self::Conflict(text) | Self::Stale(text) | Self::BadRequest(text) => f.write_str(&text.say()),
            Self::Blocked(blockers) => {
                let all: Vec<_> = blockers.iter().map(|b| b.text.say()).collect();
                f.write_str(&all.join(" "))
            }
            Self::Invalid(errors) => {
                let all: Vec<_> = errors.iter().map(|(path, text)| format!("{path}: {}", text.say())).collect();
                f.write_str(&all.join("; "))
            }
            Self::Malformed(errors) => {
                let all: Vec<_> = errors.iter().map(|(path, text)| format!("{path}: {}", text.say())).collect();
                f.write_str(&all.join("; "))
            }
            Self::Clash(clash) => f.write_str(&clash.text.say()),
            Self::NoVersion => f.write_str("no version"),
            Self::Scope(scope) => write!(f, "a token without the scope {scope}"),
            Self::Method => f.write_str("not for this method"),
            Self::MediaType => f.write_str("another kind of body"),
            Self::TooLarge => f.write_str("too large"),
            Self::TooMany(_) => f.write_str("too many tries"),
            Self::Repeated(_) => f.write_str("already done"),
            Self::Unavailable => f.write_str("unavailable"),
            Self::Internal(cause) => write!(f, "{cause:#}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        if crate::db::passing::is_passing(&error) {
            tracing::warn!(%error, "the database is out of reach or busy");
            return Self::Unavailable;
        }
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Two versions of one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Clash {
    /// What happened.
    pub text: Text,
    /// What stands now, its version with it.
    pub now: serde_json::Value,
    /// What was sent.
    pub sent: serde_json::Value,
}

/// Authorization said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The action asked for, e.g. `proposal.submit`.
    pub action: &'static str,
    /// The kind of the thing.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// The policy that forbade it, or `nothing-permits`.
    pub policy: String,
    /// Whether the actor may not even know that the thing exists: the answer is then 404.
    pub hidden: bool,
}

impl Refusal {
    /// In words for the user: the policy's own message when it has one.
    pub fn text(&self) -> Text {
        let id = format!("refusal-{}", self.policy);
        if crate::texts::has(&id) { Text::new(id) } else { Text::new("refusal-nothing-permits") }
    }
}

/// One thing that prevents a step, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// A stable code, e.g. `no-assessment`.
    pub code: &'static str,
    /// What to do about it.
    pub text: Text,
}

impl Blocker {
    /// The blocker `code`, said by the message `blocker-<code>`.
    pub fn new(code: &'static str) -> Self {
        Self { code, text: Text::new(format!("blocker-{code}")) }
    }

    /// With an argument for its message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.text = self.text.with(name, value);
        self
    }
}

/// What needs mending, by field path (`sites.2.address.town`), in order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors {
    list: Vec<(String, Text)>,
    seen: BTreeMap<String, usize>,
}

impl FieldErrors {
    /// Adds an error; the first one for a field stands.
    pub fn add(&mut self, path: impl Into<String>, text: Text) {
        let path = path.into();
        if !self.seen.contains_key(&path) {
            self.seen.insert(path.clone(), self.list.len());
            self.list.push((path, text));
        }
    }

    /// The error of one field.
    pub fn get(&self, path: &str) -> Option<&Text> {
        self.seen.get(path).and_then(|at| self.list.get(*at)).map(|(_, text)| text)
    }

    /// All, in the order added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.list.iter().map(|(path, text)| (path.as_str(), text))
    }

    /// The same, with what is wrong at `field` noted at `name`: a page that has the field several times names each.
    #[must_use]
    pub fn renamed(self, field: &str, name: &str) -> Self {
        let mut renamed = Self::default();
        for (path, text) in self.list {
            renamed.add(if path == field { name.to_owned() } else { path }, text);
        }
        renamed
    }

    /// Whether nothing needs mending.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `Ok(value)` when nothing needs mending.
    ///
    /// # Errors
    /// [`Error::Invalid`] otherwise.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() { Ok(value) } else { Err(Error::Invalid(self)) }
    }
}
