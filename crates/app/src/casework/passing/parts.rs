//! What pages of whoever asked and of whoever holds a link both show: how a link stands, and the boxes in which sections are passed on.

use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, Choice, Field, Input, InputKind, Tone};
use platform::web::Fields;
use platform::{Cx, Result, t, texts};

use super::Stands;
use super::act::{self, NewLink};
use crate::casework::typed::{Typed, optional_date};

/// How a link stands, as a tag.
pub(super) fn tag(stands: Stands) -> Markup {
    let tone = match stands {
        Stands::Open => Tone::Blue,
        Stands::HandedBack => Tone::Orange,
        Stands::Taken => Tone::Green,
        Stands::Revoked | Stands::HandedIn => Tone::Grey,
        Stands::Expired => Tone::Red,
    };
    ui::tag(&texts::t(&format!("passing-stands-{}", stands.code().replace('_', "-"))), tone)
}

/// The boxes in which sections are passed on.
pub(super) fn boxes(cx: &Cx, sections: &[(&str, &str)], latest: jiff::civil::Date, typed: Typed<'_>) -> Markup {
    let words = |id: &str| texts::t(id);
    let (label, hint, error) = (t!("passing-sections-ask"), t!("passing-sections-ask-hint"), typed.error("sections"));
    let choices: Vec<Choice> = sections.iter().map(|(id, title)| Choice::new(id, title)).collect();
    let chosen: Vec<&str> = typed.fields.pairs().iter().filter(|(name, _)| name == "sections").map(|(_, id)| id.as_str()).collect();
    let only: Vec<&str> = if sections.len() == 1 { sections.iter().map(|(id, _)| *id).collect() } else { chosen };
    let (email, email_hint, wrong) = (t!("passing-email"), t!("passing-email-hint"), typed.error("email"));
    let input = Input { kind: InputKind::Email, value: typed.fields.get("email"), autocomplete: Some("off"), ..Input::default() };
    html! {
        (typed.line("name", "passing-name"))
        (ui::input(&words, &Field::new("email", &email).hint(Some(&email_hint)).error(wrong.as_deref()), &input))
        (ui::checkboxes(&words, &Field::new("sections", &label).hint(Some(&hint)).error(error.as_deref()), &choices, &only))
        (typed.date("until", "passing-until-ask", Some(act::usual(cx).min(latest)), false))
        (typed.optional_area("remark", "passing-remark", 3))
    }
}

/// What was typed to pass sections on.
pub(super) fn read(fields: &Fields) -> Result<NewLink> {
    let mut errors = FieldErrors::default();
    let until = optional_date(fields, "until", &mut errors);
    errors.or(NewLink {
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        sections: fields.pairs().iter().filter(|(name, _)| name == "sections").map(|(_, id)| id.clone()).collect(),
        until,
        remark: fields.some("remark").map(str::to_owned),
    })
}
