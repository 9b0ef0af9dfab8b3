//! The settings: one TOML file, each key overridden by an environment variable (`VOUCHSAFE_MAIL_SMTP` for `[mail] smtp`). A wrong key or
//! value stops the start with file and line.

mod files;
mod mail;
mod notices;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::{MINUTE, Millis};
use crate::error::{Error, Result};

pub use files::Files;
pub use mail::{Mail, Receive};
pub use notices::Notices;

/// All settings, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: String,
    /// The address under which people reach the service, for links in mail. `https://…` turns on secure cookies.
    pub public_url: String,
    /// Whether a proxy of ours stands in front and its `X-Forwarded-For` tells the visitor's address. Without one, anybody could write it.
    pub trust_proxy: bool,
    /// The folder with database, keys and mail when nothing else is said.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; empty means `vouchsafe.db` in `data`.
    pub database: String,
    /// The file with the master key; empty means `master.key` in `data`.
    pub master_key: PathBuf,
    /// The file with the ledger key; empty means `ledger.key` in `data`.
    pub ledger_key: PathBuf,
    /// The folder with further policy packs, beside the built-in ones; empty for none.
    pub packs: PathBuf,
    /// `text` or `json`.
    pub log: LogFormat,
    /// How much is logged: `error`, `warn` or `info`.
    pub log_level: LogLevel,
    /// Whether every client may read `/metrics`; otherwise only this machine, not through a proxy.
    pub metrics_open: bool,
    /// The authority.
    pub authority: Authority,
    /// Outgoing mail.
    pub mail: Mail,
    /// Reports that come by e-mail.
    pub receive: Receive,
    /// Signing in.
    pub sessions: Sessions,
    /// The ledger's checkpoints.
    pub checkpoints: Checkpoints,
    /// Limits on what is sent in.
    pub limits: Limits,
    /// Telling other systems.
    pub webhooks: Webhooks,
    /// Where uploaded files lie, and who scans them.
    pub files: Files,
    /// Programs that use the service.
    pub api: Programs,
    /// Reminding people of what is due.
    pub notices: Notices,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line each.
    Text,
    /// One JSON object each.
    Json,
}

/// How much is logged. There is nothing below `info`: libraries tell personal data there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Faults only.
    Error,
    /// And what may become one.
    Warn,
    /// And each answer and change.
    Info,
}

/// `[authority]`: whose service this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Authority {
    /// Its name, on every page.
    pub name: String,
    /// Whom users can ask, on every page's foot.
    pub contact: String,
    /// Its time zone, an IANA name: "today", years and due dates are taken there.
    pub zone: String,
    /// The home country or territories, ISO 3166-1 alpha-2. Everywhere else is abroad.
    pub home: Vec<String>,
    /// The default currency for money, ISO 4217.
    pub currency: String,
    /// Its postal address and how to reach it, a line each: the letterhead of its papers.
    pub address: Vec<String>,
    /// The protective marking that its papers bear; empty for none.
    pub marking: String,
}

/// `[sessions]`: signing in. Durations in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Signed out after so many minutes without a request.
    pub idle_minutes: i64,
    /// Signed out after so many minutes in any case.
    pub longest_minutes: i64,
    /// A sign-in counts as recent for so many minutes.
    pub fresh_minutes: i64,
    /// Whether every account of the authority must have a second factor.
    pub second_factor: bool,
}

/// `[checkpoints]`: how the ledger's head leaves the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Checkpoints {
    /// A checkpoint every so many minutes, when anything was written.
    pub every_minutes: i64,
    /// A folder, best on another machine, to write each to; empty for none.
    pub folder: PathBuf,
    /// Addresses to mail each to.
    pub mail: Vec<String>,
}

/// `[limits]`: sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest form body, in KiB.
    pub form_kib: u64,
    /// Largest upload of an import, in MiB.
    pub upload_mib: u64,
    /// Largest file that someone attaches, in MiB.
    pub file_mib: u64,
}

/// `[webhooks]`: telling other systems of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Webhooks {
    /// Whether they may be sent to private addresses, and without TLS.
    pub allow_private: bool,
    /// How long what was delivered stays listed, in days.
    pub keep_days: i64,
}

/// `[api]`: programs that use the service by tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Programs {
    /// Tokens that an account may have at once.
    pub tokens: u64,
    /// The longest that a token may work, in days.
    pub longest_days: i64,
    /// Requests a minute by one token.
    pub token_minute: u64,
    /// Requests a minute from one address.
    pub address_minute: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            public_url: "http://127.0.0.1:8080".into(),
            trust_proxy: false,
            data: PathBuf::from("data"),
            database: String::new(),
            master_key: PathBuf::new(),
            ledger_key: PathBuf::new(),
            packs: PathBuf::new(),
            log: LogFormat::Text,
            log_level: LogLevel::Info,
            metrics_open: false,
            authority: Authority::default(),
            mail: Mail::default(),
            receive: Receive::default(),
            sessions: Sessions::default(),
            checkpoints: Checkpoints::default(),
            limits: Limits::default(),
            webhooks: Webhooks::default(),
            notices: Notices::default(),
            files: Files::default(),
            api: Programs::default(),
        }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            name: "The authority".into(),
            contact: "supplier.security@authority.example".into(),
            zone: "Europe/London".into(),
            home: vec!["GB".into()],
            currency: "GBP".into(),
            address: Vec::new(),
            marking: String::new(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 60, longest_minutes: 12 * 60, fresh_minutes: 10, second_factor: false }
    }
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self { every_minutes: 60, folder: PathBuf::new(), mail: Vec::new() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { form_kib: 8192, upload_mib: 64, file_mib: 50 }
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { allow_private: false, keep_days: 90 }
    }
}

impl Default for Programs {
    fn default() -> Self {
        Self { tokens: 10, longest_days: 365, token_minute: 600, address_minute: 1200 }
    }
}

impl Settings {
    /// Reads `file` (none: defaults) and the environment `env`, checks every value.
    ///
    /// # Errors
    /// [`Error::Internal`] naming the file and line, or the variable, and what would be right.
    pub fn read(file: Option<&Path>, env: &BTreeMap<String, String>) -> Result<Self> {
        let text = match file {
            None => String::new(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|e| Error::internal(format!("cannot read the configuration {}: {e}", path.display())))?,
        };
        let name = file.map_or_else(|| "configuration".to_owned(), |p| p.display().to_string());
        let mut settings = Self::parse(&text, &name)?;
        let mut origins = Origins { file: name, text, variables: BTreeMap::new() };
        settings.overlay(env, &mut origins)?;
        settings.check(&origins)?;
        Ok(settings)
    }

    fn parse(text: &str, name: &str) -> Result<Self> {
        toml::from_str(text).map_err(|e: toml::de::Error| {
            let line = e.span().map_or(1, |span| line_at(text, span.start));
            Error::internal(format!("{name}:{line}: {}", e.message()))
        })
    }

    /// Every key with its value, in order: `authority.zone`. Keys of tables come after the plain ones.
    ///
    /// # Errors
    /// Never, for settings that were read.
    pub fn flat(&self) -> Result<Vec<(String, toml::Value)>> {
        let table = toml::Table::try_from(self).map_err(Error::internal)?;
        let mut flat = Vec::new();
        for (key, value) in table {
            match value {
                toml::Value::Table(inner) => flat.extend(inner.into_iter().map(|(name, value)| (format!("{key}.{name}"), value))),
                value => flat.push((key, value)),
            }
        }
        flat.sort_by_key(|(key, _)| (key.contains('.'), key.clone()));
        Ok(flat)
    }

    /// Lays the variables over what the file says, each in the type that its key has.
    fn overlay(&mut self, env: &BTreeMap<String, String>, origins: &mut Origins) -> Result<()> {
        let known: BTreeMap<String, (String, toml::Value)> =
            self.flat()?.into_iter().map(|(key, value)| (variable(&key), (key, value))).collect();
        for (name, text) in env.iter().filter(|(k, _)| k.starts_with("VOUCHSAFE_") && !OUTSIDE.contains(&k.as_str())) {
            let (key, standing) =
                known.get(name).ok_or_else(|| Error::internal(format!("{name}: there is no such setting; see docs/configuration.md")))?;
            let value = typed(name, text, standing)?;
            let mut table = toml::Table::try_from(&*self).map_err(Error::internal)?;
            let (place, last) = match key.split_once('.') {
                None => (&mut table, key.as_str()),
                Some((section, last)) => {
                    let inner = table.get_mut(section).and_then(toml::Value::as_table_mut);
                    (inner.ok_or_else(|| Error::internal(format!("{section} must be a table")))?, last)
                }
            };
            place.insert(last.to_owned(), value);
            *self = table.try_into().map_err(|e: toml::de::Error| Error::internal(format!("{name}: {}", e.message())))?;
            origins.variables.insert(key.clone(), name.clone());
        }
        Ok(())
    }

    fn check(&self, origins: &Origins) -> Result<()> {
        let wrong = |key: &str, why: String| Err(Error::internal(format!("{}: {why}", origins.of(key))));
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return wrong("listen", format!("{:?} must be an address and port such as 127.0.0.1:8080", self.listen));
        }
        let public = url::Url::parse(&self.public_url).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
        if public.is_none() {
            return wrong("public_url", format!("{:?} must be an address such as https://suppliers.authority.example", self.public_url));
        }
        if jiff::tz::TimeZone::get(&self.authority.zone).is_err() {
            return wrong("authority.zone", format!("{:?} is no time zone; try Europe/London", self.authority.zone));
        }
        if self.authority.home.is_empty() {
            return wrong("authority.home", "name at least one country, such as GB".into());
        }
        if let Some(home) = self.authority.home.iter().find(|h| rules::country::Country::from_code(h).is_err()) {
            return wrong("authority.home", format!("{home:?} is no country; write its ISO 3166-1 code, such as GB"));
        }
        if self.authority.currency.len() != 3 || !self.authority.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return wrong("authority.currency", format!("{:?} must be three capital letters, such as GBP", self.authority.currency));
        }
        if !self.database.is_empty() && !["sqlite:", "postgres://", "postgresql://"].iter().any(|p| self.database.starts_with(p)) {
            // The value may hold a password: it is not shown.
            return wrong("database", "must begin with sqlite: or postgres://".into());
        }
        self.check_mail(&wrong)?;
        self.receive.check(&wrong)?;
        for (key, minutes) in [
            ("sessions.idle_minutes", self.sessions.idle_minutes),
            ("sessions.longest_minutes", self.sessions.longest_minutes),
            ("sessions.fresh_minutes", self.sessions.fresh_minutes),
        ] {
            if !(1..=525_600).contains(&minutes) {
                return wrong(key, format!("{minutes} must be between 1 and 525600 minutes"));
            }
        }
        if !(1..=1440).contains(&self.checkpoints.every_minutes) {
            return wrong("checkpoints.every_minutes", format!("{} must be between 1 and 1440 minutes", self.checkpoints.every_minutes));
        }
        let limits = &self.limits;
        for (key, size) in
            [("limits.form_kib", limits.form_kib), ("limits.upload_mib", limits.upload_mib), ("limits.file_mib", limits.file_mib)]
        {
            if size == 0 || size > 65_536 {
                return wrong(key, format!("{size} must be between 1 and 65536"));
            }
        }
        for (key, number) in
            [("api.tokens", self.api.tokens), ("api.token_minute", self.api.token_minute), ("api.address_minute", self.api.address_minute)]
        {
            if !(1..=1_000_000_000).contains(&number) {
                return wrong(key, format!("{number} must be between 1 and 1000000000"));
            }
        }
        for (key, days) in [("api.longest_days", self.api.longest_days), ("webhooks.keep_days", self.webhooks.keep_days)] {
            if !(1..=3650).contains(&days) {
                return wrong(key, format!("{days} must be between 1 and 3650 days"));
            }
        }
        self.notices.check(&wrong)?;
        self.files.check(&wrong)
    }

    fn check_mail(&self, wrong: &dyn Fn(&str, String) -> Result<()>) -> Result<()> {
        if !self.mail.smtp.is_empty() && crate::mail::builder(&self.mail.smtp).is_err() {
            // The value may hold a password: it is not shown.
            return wrong("mail.smtp", "must be an address such as smtps://user:password@mail.authority.example:465".into());
        }
        if self.mail.from.parse::<lettre::message::Mailbox>().is_err() {
            return wrong("mail.from", format!("{:?} must be an address such as Vouchsafe <vouchsafe@authority.example>", self.mail.from));
        }
        match self.checkpoints.mail.iter().find(|to| to.parse::<lettre::Address>().is_err()) {
            Some(to) => wrong("checkpoints.mail", format!("{to:?} is no e-mail address")),
            None => Ok(()),
        }
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() { format!("sqlite:{}", self.data.join("vouchsafe.db").display()) } else { self.database.clone() }
    }

    /// The master key's file.
    pub fn master_key_file(&self) -> PathBuf {
        if self.master_key.as_os_str().is_empty() { self.data.join("master.key") } else { self.master_key.clone() }
    }

    /// The ledger key's file.
    pub fn ledger_key_file(&self) -> PathBuf {
        if self.ledger_key.as_os_str().is_empty() { self.data.join("ledger.key") } else { self.ledger_key.clone() }
    }

    /// The folder for messages while no mail server is set.
    pub fn mail_folder(&self) -> PathBuf {
        if self.mail.folder.as_os_str().is_empty() { self.data.join("mail") } else { self.mail.folder.clone() }
    }

    /// Whether people reach the service over TLS.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// How long a sign-in counts as recent.
    pub fn fresh(&self) -> Millis {
        self.sessions.fresh_minutes * MINUTE
    }

    /// The time between checkpoints.
    pub fn checkpoint_every(&self) -> Millis {
        self.checkpoints.every_minutes * MINUTE
    }
}

/// Variables with our prefix that are not settings.
const OUTSIDE: [&str; 3] = ["VOUCHSAFE_CONFIG", "VOUCHSAFE_SHARED", "VOUCHSAFE_BIN"];

/// The variable that overrides `key`: `mail.smtp` gives `VOUCHSAFE_MAIL_SMTP`.
pub fn variable(key: &str) -> String {
    format!("VOUCHSAFE_{}", key.replace('.', "_").to_uppercase())
}

/// Where each value came from, for messages.
struct Origins {
    file: String,
    text: String,
    variables: BTreeMap<String, String>,
}

impl Origins {
    /// `VOUCHSAFE_LISTEN`, or `vouchsafe.toml:3: listen`.
    fn of(&self, key: &str) -> String {
        if let Some(variable) = self.variables.get(key) {
            return variable.clone();
        }
        match self.line(key) {
            Some(line) => format!("{}:{line}: {key}", self.file),
            None => format!("{}: {key}", self.file),
        }
    }

    fn line(&self, key: &str) -> Option<usize> {
        let mut table = toml::de::DeTable::parse(&self.text).ok()?.into_inner();
        let mut parts = key.split('.').peekable();
        while let Some(part) = parts.next() {
            let found = table.into_iter().find(|(name, _)| name.get_ref() == part)?;
            if parts.peek().is_none() {
                return Some(line_at(&self.text, found.0.span().start));
            }
            match found.1.into_inner() {
                toml::de::DeValue::Table(inner) => table = inner,
                _ => return None,
            }
        }
        None
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

fn typed(variable: &str, text: &str, like: &toml::Value) -> Result<toml::Value> {
    let wrong = |what: &str| Error::internal(format!("{variable}: {text:?} must be {what}"));
    Ok(match like {
        toml::Value::Integer(_) => toml::Value::Integer(text.parse().map_err(|_| wrong("a whole number"))?),
        toml::Value::Boolean(_) => toml::Value::Boolean(text.parse().map_err(|_| wrong("true or false"))?),
        toml::Value::Array(_) => text.split(',').map(str::trim).filter(|v| !v.is_empty()).map(toml::Value::from).collect::<Vec<_>>().into(),
        _ => toml::Value::String(text.to_owned()),
    })
}

#[cfg(test)]
mod tests;
