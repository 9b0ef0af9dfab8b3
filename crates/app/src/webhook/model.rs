//! What people say of a webhook. No I/O.

use platform::Result;
use platform::authz::{Guarded, Resource};
use platform::error::FieldErrors;
use platform::hooks::{reach, rows};
use platform::texts::Text;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Characters of a name.
const NAME: usize = 100;
/// Beginnings of actions that one hook may name.
const ACTIONS: usize = 50;

/// The states of a hook, by code.
pub const STATES: [&str; 2] = ["active", "paused"];

/// A hook as policies see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook(pub rows::Model);

impl Guarded for Hook {
    fn resource(&self) -> Resource {
        resource(self.0.id)
    }
}

/// A hook that somebody might make, for policies.
pub fn blank() -> Hook {
    let row = rows::Model {
        id: Uuid::nil(),
        name: String::new(),
        url: String::new(),
        actions: String::new(),
        secret: Vec::new(),
        state: "active".to_owned(),
        next_entry: 0,
        made_at: 0,
        version: 1,
    };
    Hook(row)
}

/// The hook with this id, as policies see it.
pub fn resource(id: Uuid) -> Resource {
    Resource::new("webhook", id)
}

/// What people enter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What they call it.
    pub name: String,
    /// Where messages are sent.
    pub url: String,
    /// What it is told of: beginnings of actions; none for everything.
    pub actions: Vec<String>,
    /// `active` or `paused`.
    pub state: String,
}

impl Details {
    /// What a hook says.
    pub fn of(row: &rows::Model) -> Self {
        let actions = row.actions.split(' ').filter(|a| !a.is_empty()).map(str::to_owned).collect();
        Self { name: row.name.clone(), url: row.url.clone(), actions, state: row.state.clone() }
    }

    /// Actions as people type them: parted by blanks, commas or lines.
    pub fn read_actions(typed: &str) -> Vec<String> {
        let mut all: Vec<String> =
            typed.split(|c: char| c.is_whitespace() || c == ',').filter(|a| !a.is_empty()).map(str::to_owned).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self, private: bool) -> Result<()> {
        let mut errors = FieldErrors::default();
        if self.name.trim().is_empty() {
            errors.add("name", Text::new("webhook-name-missing"));
        } else if self.name.chars().count() > NAME {
            errors.add("name", Text::new("error-too-long").with("max", NAME));
        }
        match reach::address(&self.url, private, "url") {
            Ok(_) => {}
            Err(platform::Error::Invalid(faults)) => faults.iter().for_each(|(name, text)| errors.add(name, text.clone())),
            Err(other) => return Err(other),
        }
        let odd = |a: &String| a.len() > 60 || !a.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_');
        if self.actions.len() > ACTIONS {
            errors.add("actions", Text::new("webhook-actions-many").with("max", ACTIONS));
        } else if let Some(odd) = self.actions.iter().find(|a| odd(a)) {
            errors.add("actions", Text::new("webhook-actions-odd").with("action", odd));
        }
        if !STATES.contains(&self.state.as_str()) {
            errors.add("state", Text::new("register-choose-one"));
        }
        errors.or(())
    }
}
