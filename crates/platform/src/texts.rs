//! The message catalogue: every text a person reads, by id, from `locales/`. English is the language everything falls back to.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use unic_langid::langid;

static_loader! {
    static CATALOGUE = {
        locales: "../../locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ENGLISH: LanguageIdentifier = langid!("en");

/// A text not yet put into words: a message id and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The message's id in the catalogue.
    pub id: Cow<'static, str>,
    /// Its arguments, by name.
    pub args: BTreeMap<String, String>,
}

impl Text {
    /// The message `id`, without arguments.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self { id: id.into(), args: BTreeMap::new() }
    }

    /// With the argument `name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// In words.
    pub fn say(&self) -> String {
        say(&self.id, &self.args)
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say())
    }
}

/// The message `id` in English with `args`. An id that is not in the catalogue gives the id itself, so that a page never fails for a
/// missing text; a test refuses ids in code that the catalogue lacks.
pub fn say(id: &str, args: &BTreeMap<String, String>) -> String {
    let values: HashMap<Cow<'static, str>, FluentValue<'_>> = args
        .iter()
        .map(|(name, value)| {
            // Counts must reach the catalogue as numbers, or its plurals do not work.
            let value = match value.parse::<i64>() {
                Ok(number) if number.to_string() == *value && value.len() < 10 => FluentValue::from(number),
                _ => FluentValue::from(value.as_str()),
            };
            (Cow::Owned(name.clone()), value)
        })
        .collect();
    CATALOGUE.try_lookup_complete(&ENGLISH, id, Some(&values)).unwrap_or_else(|| id.to_owned())
}

/// The message `id` without arguments.
pub fn t(id: &str) -> String {
    CATALOGUE.try_lookup(&ENGLISH, id).unwrap_or_else(|| id.to_owned())
}

/// Whether the catalogue has the message.
pub fn has(id: &str) -> bool {
    CATALOGUE.try_lookup(&ENGLISH, id).is_some()
}

/// A text from the catalogue: `t!("id")` or `t!("id", name = value, …)`, as a `String`.
#[macro_export]
macro_rules! t {
    ($id:expr) => { $crate::texts::t($id) };
    ($id:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::texts::Text::new($id)$(.with(stringify!($name), $value))+.say()
    };
}
