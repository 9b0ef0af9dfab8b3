//! What a register says of its fields.

use maud::{Markup, html};
use serde_json::Value;

use crate::ui::{self, Fact};
use crate::{clock, t, texts};

/// What a field holds, and so how it is asked, checked, filtered and drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A reference or number: no spelling, no capitals.
    Code,
    /// One of these codes; each one's text is the message `<label>-<code>`.
    Choice(&'static [&'static str]),
    /// Any number of these codes, a list in the record and [`Kind::stored`] in the table; each one's text is as of a choice. It is shown and
    /// filtered by, and asked by no form.
    Choices(&'static [&'static str]),
    /// A country, by its two-letter code.
    Country,
    /// A day.
    Date,
    /// An amount in minor units; its currency stands in this other field.
    Money(&'static str),
    /// A whole number of zero or more.
    Number,
    /// An id. What may be picked, the page brings along; where it brings nothing, the field is not asked.
    Pick,
}

impl Kind {
    /// Codes of [`Kind::Choices`] as a table holds them: `.loss.theft.`, and nothing for none.
    pub fn stored<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
        let mut out = String::new();
        for code in codes {
            if out.is_empty() {
                out.push('.');
            }
            out.push_str(code);
            out.push('.');
        }
        out
    }

    /// The codes of what a table holds.
    pub fn codes(stored: &str) -> impl Iterator<Item = &str> {
        stored.split('.').filter(|code| !code.is_empty())
    }
}

/// One field of a register.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The column, and the field's name in forms.
    pub name: &'static str,
    /// The message id of its label. `<label>-hint` is drawn under it where the catalogue has it.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// It is a column of the list.
    pub in_list: bool,
    /// The list is filtered by it.
    pub in_filter: bool,
    /// The list can be sorted by it, through this column.
    pub sorts: Option<&'static str>,
    /// It is asked in the form.
    pub in_form: bool,
    /// It must be filled in.
    pub is_required: bool,
    /// It is a column of imports.
    pub in_import: bool,
    /// It is sealed when stored, and so neither sorted nor filtered by.
    pub is_sealed: bool,
    /// Most characters of a text; the largest number.
    pub most: usize,
}

impl Field {
    /// A field that is only a fact of the record.
    pub const fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self {
            name,
            label,
            kind,
            in_list: false,
            in_filter: false,
            sorts: None,
            in_form: false,
            is_required: false,
            in_import: false,
            is_sealed: false,
            most: 200,
        }
    }

    /// A column of the list.
    #[must_use]
    pub const fn list(mut self) -> Self {
        self.in_list = true;
        self
    }

    /// The list is filtered by it.
    #[must_use]
    pub const fn filter(mut self) -> Self {
        self.in_filter = true;
        self
    }

    /// The list can be sorted by it, through `column`.
    #[must_use]
    pub const fn sort(mut self, column: &'static str) -> Self {
        self.sorts = Some(column);
        self
    }

    /// Asked in the form, and a column of imports.
    #[must_use]
    pub const fn form(mut self) -> Self {
        self.in_form = true;
        self.in_import = true;
        self
    }

    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Sealed when stored.
    #[must_use]
    pub const fn sealed(mut self) -> Self {
        self.is_sealed = true;
        self
    }

    /// At most so many characters; a number at most so large.
    #[must_use]
    pub const fn most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Whether its column holds numbers.
    pub(super) fn counts(&self) -> bool {
        matches!(self.kind, Kind::Money(_) | Kind::Number)
    }

    /// The label in words.
    pub fn says(&self) -> String {
        texts::t(self.label)
    }

    /// The text of one of its codes.
    pub fn code_says(&self, code: &str) -> String {
        texts::t(&format!("{}-{}", self.label, code.replace('_', "-")))
    }

    /// The texts of several of its codes.
    pub(super) fn codes_say(&self, codes: &[Value]) -> String {
        codes.iter().filter_map(Value::as_str).map(|code| self.code_says(code)).collect::<Vec<_>>().join(", ")
    }

    /// A value in words, as `record` holds it; words for an absent one.
    pub fn draw(&self, record: &Value) -> Markup {
        let value = &record[self.name];
        let text = match (value, self.kind) {
            (Value::String(text), Kind::Choice(_)) => self.code_says(text),
            (Value::String(text), Kind::Country) => country(text),
            (Value::String(text), Kind::Date) => text.parse().map_or_else(|_| text.clone(), clock::day_text),
            (Value::String(text), Kind::LongText) => return html! { span .vs-lines { (text) } },
            (Value::String(text), _) => text.clone(),
            (Value::Number(n), Kind::Money(currency)) => money(n.as_i64().unwrap_or(0), record[currency].as_str().unwrap_or("")),
            (Value::Number(n), _) => n.to_string(),
            (Value::Array(codes), Kind::Choices(_)) if !codes.is_empty() => self.codes_say(codes),
            _ => return html! { span .vs-absent { (t!("register-absent")) } },
        };
        html! { (text) }
    }
}

/// A country's name by its code; the code itself where we know no name.
pub(super) fn country(code: &str) -> String {
    rules::country::Country::from_code(code).map_or_else(|_| code.to_owned(), |c| c.name().to_owned())
}

/// "GBP 1,250,000.00".
pub(super) fn money(minor: i64, currency: &str) -> String {
    let whole = (minor / 100).to_string();
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{currency} {grouped}.{:02}", minor % 100).trim().to_owned()
}

/// A register: what its records are called, where its pages stand, what its fields are.
#[derive(Debug, Clone, Copy)]
pub struct Register {
    /// The kind of its records, as in permits. Message ids begin with it.
    pub kind: &'static str,
    /// The address of its list; a record's page is `<path>/<id>`.
    pub path: &'static str,
    /// The folded column that searching and the usual order go by.
    pub search: &'static str,
    /// Its fields, in the order drawn.
    pub fields: &'static [Field],
}

impl Register {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The text of a code of the field `name`.
    pub fn code_says(&self, name: &str, code: &str) -> String {
        self.field(name).map_or_else(|| code.to_owned(), |field| field.code_says(code))
    }

    /// The message `<kind>-<what>`.
    pub fn says(&self, what: &str) -> String {
        texts::t(&self.message_id(what))
    }

    /// The id of that message: no id has an underscore.
    pub fn message_id(&self, what: &str) -> String {
        format!("{}-{what}", self.kind.replace('_', "-"))
    }

    /// The facts of a record as a list, but for `leave_out`.
    pub fn facts(&self, record: &Value, leave_out: &[&str]) -> Markup {
        let facts: Vec<(String, Markup)> =
            self.fields.iter().filter(|f| !leave_out.contains(&f.name)).map(|f| (f.says(), f.draw(record))).collect();
        let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
        ui::summary_list(&facts, true)
    }
}
