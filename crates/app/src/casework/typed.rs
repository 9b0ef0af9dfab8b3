//! What was typed into a form of a case's pages and what is wrong with it, for drawing the page again.

use jiff::civil::Date;
use maud::Markup;
use platform::error::{Error, FieldErrors, Result};
use platform::texts;
use platform::ui::{self, Field};
use platform::web::{Fields, Visit};
use uuid::Uuid;

/// An id from an address; what is none names nothing.
///
/// # Errors
/// [`Error::NotFound`].
pub fn id_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A form of this visit's.
///
/// # Errors
/// When no number for it can be drawn.
pub fn form(visit: &Visit, action: &str, version: Option<i32>, inner: Markup) -> Result<Markup> {
    let (version, once) = (version.map(|v| v.to_string()), visit.once()?);
    let frame = ui::Form { action, csrf: &visit.csrf, version: version.as_deref(), once: Some(&once), ..ui::Form::default() };
    Ok(ui::form(&|id| texts::t(id), &frame, inner))
}

/// What was typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    /// What was typed.
    pub fields: &'a Fields,
    /// What is wrong with it.
    pub errors: &'a FieldErrors,
}

impl Typed<'_> {
    /// What is wrong with a field, in words.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).map(platform::texts::Text::say)
    }

    /// A box of several lines; its label is the message `label`, its hint `<label>-hint` where there is one.
    pub fn area(&self, name: &str, label: &'static str, rows: u8) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
        ui::textarea(&|id| texts::t(id), &field, self.fields.get(name), rows, None)
    }

    /// As [`Typed::area`], of a question that may be left empty.
    pub fn optional_area(&self, name: &str, label: &'static str, rows: u8) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref()).optional(true);
        ui::textarea(&|id| texts::t(id), &field, self.fields.get(name), rows, None)
    }

    /// A one-line box.
    pub fn line(&self, name: &str, label: &'static str) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
        ui::input(&|id| texts::t(id), &field, &ui::Input { value: self.fields.get(name), ..ui::Input::default() })
    }

    /// As [`Typed::line`], of a question that may be left empty.
    pub fn optional_line(&self, name: &str, label: &'static str) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref()).optional(true);
        ui::input(&|id| texts::t(id), &field, &ui::Input { value: self.fields.get(name), ..ui::Input::default() })
    }

    /// One of several choices, each a code and its text; without anything typed, `standing`.
    pub fn radios(&self, name: &str, label: &'static str, choices: &[(String, String)], standing: Option<&str>) -> Markup {
        let drawn: Vec<ui::Choice> = choices.iter().map(|(code, text)| ui::Choice::new(code, text)).collect();
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
        ui::radios(&|id| texts::t(id), &field, &drawn, self.fields.some(name).or(standing), false)
    }

    /// A date; without anything typed, `standing`.
    pub fn date(&self, name: &str, label: &'static str, standing: Option<Date>, optional: bool) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref()).optional(optional);
        let parts = ["day", "month", "year"].map(|part| self.fields.get(&format!("{name}.{part}")).to_owned());
        let parts = match standing {
            Some(day) if parts.iter().all(String::is_empty) => [day.day().to_string(), day.month().to_string(), day.year().to_string()],
            _ => parts,
        };
        ui::date_input(&|id| texts::t(id), &field, [&parts[0], &parts[1], &parts[2]])
    }
}

/// The hint of a label, where it has one.
pub(crate) fn hint(label: &str) -> Option<String> {
    let id = format!("{label}-hint");
    texts::has(&id).then(|| texts::t(&id))
}

/// The date in three boxes; an error is noted when they hold none.
pub fn read_date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<Date> {
    let date = fields.date(name).ok().flatten();
    if date.is_none() {
        errors.add(name, texts::Text::new("case-not-a-date"));
    }
    date
}

/// The date in three boxes that may be left empty; an error is noted when something is in them that is none.
pub fn optional_date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<Date> {
    if fields.date(name) == Ok(None) { None } else { read_date(fields, name, errors) }
}
