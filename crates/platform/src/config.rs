//! The settings: one TOML file, each key overridden by an environment variable (`VOUCHSAFE_MAIL_SMTP` for `[mail] smtp`). A wrong key or
//! value stops the start with file and line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::clock::{HOUR, MINUTE, Millis};
use crate::error::{Error, Result};

/// All settings, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    /// The authority.
    pub authority: Authority,
    /// Outgoing mail.
    pub mail: Mail,
    /// Signing in.
    pub sessions: Sessions,
    /// The ledger's checkpoints.
    pub checkpoints: Checkpoints,
    /// Limits on what is sent in.
    pub limits: Limits,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line each.
    Text,
    /// One JSON object each.
    Json,
}

/// `[authority]`: whose service this is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
}

/// `[mail]`: outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The server: `smtp://user:password@host:port` or `smtps://…`. Empty: messages are written to `folder`.
    pub smtp: String,
    /// The sender.
    pub from: String,
    /// Where messages go as .eml files while no server is set; empty means `mail` in the data folder.
    pub folder: PathBuf,
}

/// `[sessions]`: signing in. Durations in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest form body, in KiB.
    pub form_kib: u64,
    /// Largest upload, in MiB.
    pub upload_mib: u64,
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
            authority: Authority::default(),
            mail: Mail::default(),
            sessions: Sessions::default(),
            checkpoints: Checkpoints::default(),
            limits: Limits::default(),
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
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp: String::new(), from: "Vouchsafe <vouchsafe@authority.example>".into(), folder: PathBuf::new() }
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
        Self { form_kib: 2048, upload_mib: 64 }
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
        let settings = Self::parse(&text, &name, env)?;
        settings.check(&name)?;
        Ok(settings)
    }

    fn parse(text: &str, name: &str, env: &BTreeMap<String, String>) -> Result<Self> {
        let fault = |e: &toml::de::Error| {
            let line = e.span().map_or(1, |span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
            Error::internal(format!("{name}:{line}: {}", e.message()))
        };
        // First strictly from the file alone, for its line numbers; then once more with the environment laid over it.
        let plain: Self = toml::from_str(text).map_err(|e| fault(&e))?;
        let mut table: toml::Table = toml::from_str(text).map_err(|e| fault(&e))?;
        let mut touched = false;
        for (key, value) in env.iter().filter(|(k, _)| k.starts_with("VOUCHSAFE_") && !OUTSIDE.contains(&k.as_str())) {
            overlay(&mut table, key, value)?;
            touched = true;
        }
        if !touched {
            return Ok(plain);
        }
        let merged = toml::to_string(&table).map_err(Error::internal)?;
        toml::from_str(&merged).map_err(|e| Error::internal(format!("environment over {name}: {}", e.message())))
    }

    fn check(&self, name: &str) -> Result<()> {
        let wrong = |key: &str, why: String| Err(Error::internal(format!("{name}: {key}: {why}")));
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return wrong("listen", format!("{:?} must be an address and port such as 127.0.0.1:8080", self.listen));
        }
        if !self.public_url.starts_with("http://") && !self.public_url.starts_with("https://") {
            return wrong("public_url", format!("{:?} must begin with http:// or https://", self.public_url));
        }
        if jiff::tz::TimeZone::get(&self.authority.zone).is_err() {
            return wrong("authority.zone", format!("{:?} is no time zone; try Europe/London", self.authority.zone));
        }
        if self.authority.home.is_empty() {
            return wrong("authority.home", "name at least one country, such as GB".into());
        }
        if !self.database.is_empty() && !["sqlite:", "postgres://", "postgresql://"].iter().any(|p| self.database.starts_with(p)) {
            return wrong("database", format!("{:?} must begin with sqlite: or postgres://", self.database));
        }
        for (key, minutes) in [
            ("sessions.idle_minutes", self.sessions.idle_minutes),
            ("sessions.longest_minutes", self.sessions.longest_minutes),
            ("sessions.fresh_minutes", self.sessions.fresh_minutes),
            ("checkpoints.every_minutes", self.checkpoints.every_minutes),
        ] {
            if !(1..=525_600).contains(&minutes) {
                return wrong(key, format!("{minutes} must be between 1 and 525600 minutes"));
            }
        }
        if self.limits.form_kib == 0 || self.limits.form_kib > 65_536 {
            return wrong("limits.form_kib", "must be between 1 and 65536".into());
        }
        Ok(())
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
        (self.checkpoints.every_minutes * MINUTE).min(24 * HOUR)
    }
}

/// Variables with our prefix that are not settings.
const OUTSIDE: [&str; 3] = ["VOUCHSAFE_CONFIG", "VOUCHSAFE_SHARED", "VOUCHSAFE_BIN"];
const SECTIONS: [&str; 5] = ["authority", "mail", "sessions", "checkpoints", "limits"];

/// Lays one variable over the table, in the type that its key has.
fn overlay(table: &mut toml::Table, variable: &str, value: &str) -> Result<()> {
    let key = variable.trim_start_matches("VOUCHSAFE_").to_lowercase();
    let section = SECTIONS.iter().find(|s| key.starts_with(&format!("{s}_")));
    let (place, name) = match section {
        None => (table, key.as_str()),
        Some(section) => {
            let inner = table.entry(*section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let inner = inner.as_table_mut().ok_or_else(|| Error::internal(format!("{section} must be a table")))?;
            (inner, &key[section.len() + 1..])
        }
    };
    let value = if name.ends_with("_minutes") || name.ends_with("_kib") || name.ends_with("_mib") {
        toml::Value::Integer(value.parse().map_err(|_| Error::internal(format!("{variable}: {value:?} must be a whole number")))?)
    } else if name == "second_factor" || name == "trust_proxy" {
        toml::Value::Boolean(value.parse().map_err(|_| Error::internal(format!("{variable}: {value:?} must be true or false")))?)
    } else if name == "home" || (name == "mail" && section == Some(&"checkpoints")) {
        toml::Value::Array(value.split(',').map(|v| toml::Value::String(v.trim().to_owned())).collect())
    } else {
        toml::Value::String(value.to_owned())
    };
    place.insert(name.to_owned(), value);
    Ok(())
}
