//! Field names of pages and paths of answers: `q.sites.1.site_name` on a page is `sites.0.site_name` in the answers.

use rules::form::FieldErrors as Faults;
use rules::message::Message;

use crate::error::FieldErrors;
use crate::texts::Text;

/// The field name of an answer's path. Entries count from 1 in names and from 0 in paths.
pub fn name(path: &str) -> String {
    let mut parts = path.splitn(3, '.');
    let (first, second, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let number = second.and_then(|second| second.parse::<usize>().ok());
    match (number, second, rest) {
        (Some(n), _, Some(rest)) => format!("q.{first}.{}.{rest}", n + 1),
        (Some(n), _, None) => format!("q.{first}.{}", n + 1),
        _ => format!("q.{path}"),
    }
}

/// The path in the answers of a field's name: the other way round.
pub fn path(name: &str) -> String {
    let path = name.strip_prefix("q.").unwrap_or(name);
    let parts = path.split('.').enumerate().map(|(at, part)| match part.parse::<usize>() {
        Ok(n) if at == 1 && n > 0 => (n - 1).to_string(),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(".")
}

/// The message in the catalogue.
pub fn text(message: &Message) -> Text {
    message.args.iter().fold(Text::new(message.id), |text, (name, value)| text.with(name, value))
}

/// What is wrong, by field name, ready for `PageBuilder::errors` and [`super::Sheet::errors`].
pub fn errors(faults: &Faults) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for fault in faults.iter() {
        errors.add(name(&fault.path), text(&fault.message));
    }
    errors
}
