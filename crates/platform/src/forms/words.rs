//! Answers in words.

use maud::{Markup, html};
use rules::condition::NOT_KNOWN;
use rules::form::{FrozenAnswer, QuestionType, UPLOADED};
use serde_json::Value;

/// A single value in words; what has another shape than its type is shown as it was typed.
pub(super) fn plain(kind: QuestionType, value: &Value) -> String {
    match (kind, value) {
        (QuestionType::YesNo, Value::Bool(true)) => crate::t!("answering-yes"),
        (QuestionType::YesNo, Value::Bool(false)) => crate::t!("answering-no"),
        (QuestionType::YesNo, Value::String(word)) if word == NOT_KNOWN => crate::t!("answering-unknown"),
        (QuestionType::Date, Value::String(day)) => date(day),
        (QuestionType::Money, Value::Number(_)) => money(value, ""),
        (QuestionType::Country | QuestionType::Countries, Value::String(code)) => {
            rules::country::Country::from_code(code).map_or_else(|_| code.clone(), |country| country.name().to_owned())
        }
        (_, Value::Number(number)) => grouped(&number.to_string()),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

fn date(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), crate::clock::day_text)
}

/// Digits before the point in threes.
fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

fn money(amount: &Value, currency: &str) -> String {
    let Some(minor) = amount.as_i64() else { return format!("{} {currency}", plain(QuestionType::Text, amount)).trim().to_owned() };
    let units = rules::form::amount_text(minor, currency);
    format!("{} {currency}", grouped(&units)).trim().to_owned()
}

/// What an answer says: texts one under the other, or points of a list.
pub(super) enum Said {
    /// Texts one under the other, their own lines kept.
    Lines(Vec<String>),
    /// Several choices.
    List(Vec<String>),
}

impl Said {
    /// As text, a line or point each.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Lines(all) => all.join("\n"),
            Self::List(all) => all.join("; "),
        }
    }

    fn draw(&self) -> Markup {
        match self {
            Self::List(all) => html! { ul .govuk-list .govuk-list--bullet { @for one in all { li { (one) } } } },
            Self::Lines(all) => html! {
                @for (n, line) in all.iter().flat_map(|text| text.split('\n')).enumerate() { @if n > 0 { br; } (line) }
            },
        }
    }
}

/// An answer of a frozen document, its group's entries aside; nothing when there is none.
pub(super) fn answer(answer: &FrozenAnswer) -> Option<Markup> {
    let file = (answer.kind == QuestionType::File).then(|| answer.value.get(UPLOADED)?.as_str()).flatten();
    let (Some(id), Some(name)) = (file, answer.value.get("name").and_then(Value::as_str)) else {
        return said(answer).map(|said| said.draw());
    };
    let said = said(answer).map(|said| said.text()).unwrap_or_default();
    Some(html! {
        a .govuk-link .vs-break href={ "/files/" (id) } { (name) }
        @for line in said.lines().skip(1) { br; span .vs-break { (line) } }
    })
}

/// The same, not drawn yet.
pub(super) fn said(answer: &FrozenAnswer) -> Option<Said> {
    use QuestionType as T;
    if answer.value.is_null() {
        return None;
    }
    let label = |code: &str| answer.shown.iter().find(|text| text.id == code).map_or_else(|| code.to_owned(), |text| text.label.clone());
    let part = |name: &str| answer.value.get(name);
    let text = |name: &str| part(name).map(|value| plain(T::Text, value));
    let item = |item: &Value| item.as_str().map_or_else(|| item.to_string(), label);
    Some(match (answer.kind, &answer.value) {
        (_, Value::Array(items)) if items.len() == 1 => lines([Some(item(&items[0]))]),
        (_, Value::Array(items)) => Said::List(items.iter().map(item).collect()),
        (T::Choice | T::Country | T::Party | T::Site, Value::String(code)) => lines([Some(label(code))]),
        (T::Money, Value::Object(_)) => {
            let currency = text("currency").unwrap_or_default();
            lines([part("amount").map(|amount| money(amount, &currency))])
        }
        (T::Period, Value::Object(_)) => {
            let day = |name| part(name).map_or_else(|| crate::t!("answering-unanswered"), |day| plain(T::Date, day));
            lines([Some(crate::t!("answering-period", from = day("from"), to = day("to")))])
        }
        (T::Moment, Value::Object(_)) => {
            let date = part("date").map_or_else(|| crate::t!("answering-unanswered"), |day| plain(T::Date, day));
            lines([Some(match text("time") {
                Some(time) => crate::t!("answering-moment", date = date, time = time),
                None => crate::t!("answering-moment-no-time", date = date),
            })])
        }
        (T::Address, Value::Object(_)) => {
            let country = text("country").map(|code| label(&code));
            lines([text("lines"), text("town"), text("postcode"), country])
        }
        (T::Contact, Value::Object(_)) => {
            let parts = ["name", "role", "organisation", "email", "telephone", "address", "responsibility"].map(text);
            lines(parts)
        }
        (T::File, Value::Object(_)) => lines([
            text("name"),
            text("sha256").map(|digest| crate::t!("answering-file-digest", digest = digest)),
            text("note"),
            text("reference").map(|reference| crate::t!("answering-file-at", reference = reference)),
            part("date").map(|day| crate::t!("answering-file-of", date = plain(T::Date, day))),
        ]),
        (kind, value) => lines([Some(plain(kind, value))]),
    })
}

fn lines<const N: usize>(texts: [Option<String>; N]) -> Said {
    Said::Lines(texts.into_iter().flatten().collect())
}
