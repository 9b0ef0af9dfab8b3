//! `[mail]` and `[receive]`: mail that goes out, and reports that come in by it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::Result;

/// `[mail]`: outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The server: `smtps://user:password@host:port`, or `smtp://…`, which begins in the clear and turns to TLS: always, except to this very
    /// machine. `?tls=none` forgoes TLS. Empty: messages are written to `folder`.
    pub smtp: String,
    /// The sender.
    pub from: String,
    /// Where messages go as .eml files while no server is set; empty means `mail` in the data folder.
    pub folder: PathBuf,
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp: String::new(), from: "Vouchsafe <vouchsafe@authority.example>".into(), folder: PathBuf::new() }
    }
}

/// `[receive]`: reports of incidents that come by e-mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Receive {
    /// The folder into which a mail server lays messages (Maildir), looked at while the service runs; empty for none.
    pub maildir: PathBuf,
    /// The names by which our own mail servers sign what they found out about a sender (`authserv-id`): no other is believed.
    pub trusted: Vec<String>,
    /// The addresses at which reports arrive: what comes from them is ours, and never answered.
    pub addresses: Vec<String>,
}

impl Receive {
    pub(super) fn check(&self, wrong: &dyn Fn(&str, String) -> Result<()>) -> Result<()> {
        if let Some(name) = self.trusted.iter().find(|name| name.trim().is_empty() || name.contains(char::is_whitespace)) {
            return wrong("receive.trusted", format!("{name:?} must be the name of a mail server, such as mx.authority.example"));
        }
        match self.addresses.iter().find(|text| text.parse::<lettre::Address>().is_err()) {
            Some(text) => wrong("receive.addresses", format!("{text:?} must be an address such as incidents@authority.example")),
            None => Ok(()),
        }
    }
}
