//! Forms of registers: drawn from the fields, read strictly, and shown beside what stands now when someone was quicker.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::field::{Field, Kind, Register, money};
use crate::error::{Error, FieldErrors, Result};
use crate::texts::{self, Text};
use crate::ui::{self, ButtonKind, Choice, Input, InputKind};
use crate::web::{Fields, Visit};
use crate::{clock, t};

/// What may be picked for fields of the kind [`Kind::Pick`], by field: value and text.
pub type Picks = BTreeMap<&'static str, Vec<(String, String)>>;

/// What stands in a form, as typed: by box name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entered(BTreeMap<String, String>);

impl Entered {
    /// As posted.
    pub fn posted(fields: &Fields) -> Self {
        Self(fields.pairs().iter().map(|(name, value)| (name.clone(), value.trim().to_owned())).collect())
    }

    /// As a record has it.
    pub fn record(of: &Register, record: &Value) -> Self {
        let mut out = BTreeMap::new();
        for field in of.fields.iter().filter(|f| f.in_form) {
            match (&record[field.name], field.kind) {
                (Value::String(text), Kind::Date) => {
                    for (part, value) in ["year", "month", "day"].iter().zip(text.split('-')) {
                        out.insert(format!("{}.{part}", field.name), value.trim_start_matches('0').to_owned());
                    }
                }
                (Value::String(text), _) => drop(out.insert(field.name.to_owned(), text.clone())),
                (Value::Number(n), Kind::Money(_)) => {
                    let n = n.as_i64().unwrap_or(0);
                    out.insert(field.name.to_owned(), format!("{}.{:02}", n / 100, n % 100));
                }
                (Value::Number(n), _) => drop(out.insert(field.name.to_owned(), n.to_string())),
                _ => {}
            }
        }
        Self(out)
    }

    /// As a program sent it.
    pub fn sent(of: &Register, record: &Value) -> Self {
        let Self(all) = Self::record(of, record);
        Self(all.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Register {
    /// The fields that a form asks which brings these `picks`.
    fn asked<'a>(&'a self, picks: &'a Picks) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(|f| f.in_form && (f.kind != Kind::Pick || picks.contains_key(f.name)))
    }

    /// Reads what was entered over `base`, which holds the values of what the form does not ask. Every fault at once.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that needs mending.
    pub fn read<T: DeserializeOwned>(&self, entered: &Entered, base: &Value, picks: &Picks, currency: &str) -> Result<T> {
        self.read_some(entered, base, picks, currency, &|_| true)
    }

    /// As [`Register::read`], of `only` some fields; the others stay as `base` has them.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that needs mending.
    pub fn read_some<T: DeserializeOwned>(
        &self,
        entered: &Entered,
        base: &Value,
        picks: &Picks,
        currency: &str,
        only: &dyn Fn(&Field) -> bool,
    ) -> Result<T> {
        let mut errors = FieldErrors::default();
        let mut out = base.as_object().cloned().unwrap_or_default();
        for field in self.asked(picks).filter(|f| only(f)) {
            read_field(field, entered, picks, currency, &mut out, &mut errors);
        }
        let value = errors.or(Value::Object(out))?;
        serde_json::from_value(value).map_err(|e| Error::internal(format!("a form of {} does not fit its record: {e}", self.kind)))
    }

    /// The boxes of the form.
    pub fn boxes(&self, entered: &Entered, errors: &FieldErrors, picks: &Picks, currency: &str) -> Markup {
        html! { @for field in self.asked(picks) { (draw_field(field, entered, errors, picks, currency)) } }
    }

    /// A whole form with its button.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn form(&self, visit: &Visit, action: &str, version: Option<i32>, boxes: Markup, button: &str) -> Result<Markup> {
        let (once, version) = (visit.once()?, version.map(|v| v.to_string()));
        let form = ui::Form { action, csrf: &visit.csrf, once: Some(&once), version: version.as_deref(), ..ui::Form::default() };
        let back = t!("register-cancel");
        let cancel = action.trim_end_matches("/change").trim_end_matches("/add");
        Ok(ui::form(
            &|id| texts::t(id),
            &form,
            html! {
                (boxes)
                (ui::button_group(html! {
                    (ui::button(button, ButtonKind::Primary))
                    a .govuk-link href=(cancel) { (back) }
                }))
            },
        ))
    }

    /// What stands now beside what was typed, when someone was quicker. `now` and `typed` are records.
    pub fn clash(&self, now: &Value, typed: &Value, picks: &Picks) -> Markup {
        let fields: Vec<(&Field, String)> = self.asked(picks).map(|f| (f, f.says())).collect();
        let draw = |f: &Field, record: &Value| match (f.kind, picked(picks, f, &record[f.name])) {
            (Kind::Pick, Some(text)) => html! { (text) },
            _ => f.draw(record),
        };
        let changes: Vec<ui::Change> = fields
            .iter()
            .map(|(f, label)| ui::Change { label, before: draw(f, now), after: draw(f, typed), changed: now[f.name] != typed[f.name] })
            .collect();
        ui::compare(&|id| texts::t(id), &t!("register-clash-caption"), &t!("register-clash-now"), &t!("register-clash-typed"), &changes)
    }
}

/// The text of what was picked, if the page brings it.
fn picked<'a>(picks: &'a Picks, field: &Field, value: &Value) -> Option<&'a str> {
    picks.get(field.name)?.iter().find(|(id, _)| value == id).map(|(_, text)| text.as_str())
}

fn read_field(field: &Field, entered: &Entered, picks: &Picks, currency: &str, out: &mut Map<String, Value>, errors: &mut FieldErrors) {
    let typed = entered.get(field.name);
    let missing = || Text::new("register-missing").with("label", field.says());
    let value = match field.kind {
        Kind::Date => match read_date(field, entered) {
            Ok(date) => date.map_or(Value::Null, |d| Value::String(d.to_string())),
            Err(text) => return errors.add(field.name, text),
        },
        Kind::Money(into) => {
            if typed.is_empty() {
                out.insert(into.to_owned(), Value::Null);
                Value::Null
            } else {
                let Some(minor) = minor_units(typed) else { return errors.add(field.name, Text::new("register-money-wrong")) };
                if out.get(into).is_none_or(Value::is_null) {
                    out.insert(into.to_owned(), currency.into());
                }
                minor.into()
            }
        }
        Kind::Choices(_) => return,
        _ if typed.is_empty() => Value::Null,
        Kind::Choice(codes) if !codes.contains(&typed) => return errors.add(field.name, Text::new("register-choose-one")),
        Kind::Country => match rules::country::Country::resolve(typed) {
            Ok(country) => country.code().into(),
            Err(_) => return errors.add(field.name, Text::new("register-country-unknown")),
        },
        Kind::Number => match typed.parse::<usize>() {
            Ok(number) if number <= field.most => number.into(),
            _ => return errors.add(field.name, Text::new("register-number-wrong").with("max", field.most)),
        },
        Kind::Pick if picked(picks, field, &typed.into()).is_none() => return errors.add(field.name, Text::new("register-choose-one")),
        Kind::Text | Kind::LongText | Kind::Code if typed.chars().count() > field.most => {
            return errors.add(field.name, Text::new("error-too-long").with("max", field.most));
        }
        _ => typed.into(),
    };
    if value.is_null() && field.is_required {
        return errors.add(field.name, missing());
    }
    out.insert(field.name.to_owned(), value);
}

fn read_date(field: &Field, entered: &Entered) -> Result<Option<jiff::civil::Date>, Text> {
    let part = |name: &str| entered.get(&format!("{}.{name}", field.name));
    crate::web::date([part("day"), part("month"), part("year")])
}

/// "1,250.5" as 125050; `None` for what is no amount of zero or more with at most two decimals.
fn minor_units(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if whole.is_empty() || part.len() > 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

fn draw_field(field: &Field, entered: &Entered, errors: &FieldErrors, picks: &Picks, currency: &str) -> Markup {
    let words: ui::Words = &|id| texts::t(id);
    let (label, error) = (field.says(), errors.get(field.name).map(Text::say));
    let hint_id = format!("{}-hint", field.label);
    let hint = texts::has(&hint_id).then(|| texts::t(&hint_id));
    let shown = ui::Field::new(field.name, &label).hint(hint.as_deref()).error(error.as_deref()).optional(!field.is_required);
    let value = entered.get(field.name);
    match field.kind {
        Kind::Text => ui::input(words, &shown, &Input { value, ..Input::default() }),
        Kind::Code => ui::input(words, &shown, &Input { kind: InputKind::Code, value, width: Some(20), ..Input::default() }),
        Kind::LongText => ui::textarea(words, &shown, value, 4, u32::try_from(field.most).ok()),
        Kind::Choice(codes) => {
            let texts: Vec<String> = codes.iter().map(|c| field.code_says(c)).collect();
            let choices: Vec<Choice> = codes.iter().zip(&texts).map(|(code, text)| Choice::new(code, text)).collect();
            if codes.len() <= 6 {
                ui::radios(words, &shown, &choices, (!value.is_empty()).then_some(value), false)
            } else {
                ui::select(words, &shown, &choices, (!value.is_empty()).then_some(value), false)
            }
        }
        Kind::Choices(_) => html! {},
        Kind::Country => {
            let mut all: Vec<_> = rules::country::Country::all().collect();
            all.sort_by_key(|c| c.name());
            let choices: Vec<Choice> = all.iter().map(|c| Choice::new(c.code(), c.name())).collect();
            // Read as it would be when posted: a name stays chosen, too.
            let chosen = rules::country::Country::resolve(value).ok().map(rules::country::Country::code);
            ui::select(words, &shown, &choices, chosen, true)
        }
        Kind::Date => {
            let part = |name: &str| entered.get(&format!("{}.{name}", field.name));
            ui::date_input(words, &shown, [part("day"), part("month"), part("year")])
        }
        Kind::Money(_) => {
            let input = Input { kind: InputKind::Decimal, value, width: Some(20), prefix: Some(currency), ..Input::default() };
            ui::input(words, &shown, &input)
        }
        Kind::Number => ui::input(words, &shown, &Input { kind: InputKind::Number, value, width: Some(10), ..Input::default() }),
        Kind::Pick => {
            let none = Vec::new();
            let options = picks.get(field.name).unwrap_or(&none);
            let choices: Vec<Choice> = options.iter().map(|(value, text)| Choice::new(value, text)).collect();
            ui::select(words, &shown, &choices, (!value.is_empty()).then_some(value), true)
        }
    }
}

/// A day in words, for callers outside registers.
pub(super) fn value_says(field: Option<&Field>, value: &Value) -> String {
    match (value, field.map(|f| f.kind)) {
        (Value::Null, _) => t!("register-absent"),
        (Value::String(text), Some(Kind::Choice(_))) => field.map_or_else(|| text.clone(), |f| f.code_says(text)),
        (Value::String(text), Some(Kind::Country)) => super::field::country(text),
        (Value::String(text), Some(Kind::Date)) => text.parse().map_or_else(|_| text.clone(), clock::day_text),
        (Value::String(text), _) => text.clone(),
        (Value::Number(n), Some(Kind::Money(_))) => money(n.as_i64().unwrap_or(0), ""),
        (other, _) => other.to_string(),
    }
}
