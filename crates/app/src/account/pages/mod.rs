//! The screens.

pub(crate) mod notices;
pub(super) mod own;
pub(crate) mod people;
pub(super) mod signing;
pub(super) mod tokens;

use platform::error::FieldErrors;
use platform::texts;
use platform::web::Visit;
use platform::{Error, Result, ui};
use uuid::Uuid;

/// The catalogue, for components that have words of their own.
pub(super) fn words(id: &str) -> String {
    texts::t(id)
}

/// The value of `name` in the visit's query, or nothing.
pub(super) fn query(visit: &Visit, name: &str) -> String {
    asked(&visit.path, name)
}

/// The value of `name` in the query of an address, or nothing.
pub(super) fn asked(address: &str, name: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| ui::searched(&v))
}

/// An id in a path: what is no id names nothing.
pub(super) fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The text of a field's error.
pub(super) fn said(errors: &FieldErrors, name: &str) -> Option<String> {
    errors.get(name).map(texts::Text::say)
}

/// A role's name.
pub(super) fn role(code: &str) -> String {
    texts::t(&super::model::role_text(code))
}

/// A form that posts to `action` and cannot be done twice.
pub(super) fn form(visit: &Visit, action: &str, version: Option<i32>, inner: maud::Markup) -> Result<maud::Markup> {
    let (once, version) = (visit.once()?, version.map(|v| v.to_string()));
    let form = ui::Form { action, csrf: &visit.csrf, once: Some(&once), version: version.as_deref(), ..ui::Form::default() };
    Ok(ui::form(&words, &form, inner))
}

/// A form that may be sent again: one that signs somebody in, where a key would tell nobody anything.
pub(super) fn plain_form(visit: &Visit, action: &str, inner: maud::Markup) -> maud::Markup {
    ui::form(&words, &ui::Form { action, csrf: &visit.csrf, ..ui::Form::default() }, inner)
}
