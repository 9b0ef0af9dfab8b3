//! Is it authority data? The facts of one piece of information as a form, and the answer with its reasons. As [`super::pages`], it is a GET and keeps
//! nothing.

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::t;
use platform::texts;
use platform::ui::{self, Choice, Field, Tone};
use platform::web::{Answer, Fields, Visit};
use rules::authority_data::{Decision, Facts, Medium, Outcome, decide};
use rules::decision::Outcome as _;

/// The facts that are yes or no: the field, and its label.
const FACTS: [(&str, &str); 8] = [
    ("received_from_authority", "authority-data-field-received-from"),
    ("received_for_authority", "authority-data-field-received-for"),
    ("made_because_of_contract", "authority-data-field-made"),
    ("processed_because_of_contract", "authority-data-field-processed"),
    ("held_because_of_contract", "authority-data-field-held"),
    ("passed_on_because_of_contract", "authority-data-field-passed-on"),
    ("personal_data", "authority-data-field-personal"),
    ("authority_controls", "authority-data-field-controls"),
];

/// The page, with the answer when something was asked.
pub(super) async fn check(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let decision = fields.has("asked").then(|| decide(&facts(&fields)));
    let title = t!("check-authority-data-title");
    let errors = FieldErrors::default();
    Ok(visit.page(&title).active("/check/authority-data").errors(&errors).body(&html! {
        h1 .govuk-heading-l { (title) }
        @if let Some(decision) = &decision { (answer(decision)) } @else { (ui::lead(&t!("check-authority-data-lead"))) }
        form action="/check/authority-data" method="get" novalidate {
            (ui::hidden("asked", "1"))
            @for (name, label) in FACTS { (asked(&fields, name, label)) }
            (medium(&fields))
            (ui::button(&t!("check-authority-data-ask"), ui::ButtonKind::Primary))
        }
    }))
}

/// What was said. A box that was passed over is not known.
fn facts(fields: &Fields) -> Facts {
    let known = |name: &str| match fields.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Facts {
        received_from_authority: known("received_from_authority"),
        received_for_authority: known("received_for_authority"),
        made_because_of_contract: known("made_because_of_contract"),
        processed_because_of_contract: known("processed_because_of_contract"),
        held_because_of_contract: known("held_because_of_contract"),
        passed_on_because_of_contract: known("passed_on_because_of_contract"),
        personal_data: known("personal_data"),
        authority_controls: known("authority_controls"),
        medium: Medium::from_code(fields.get("medium")),
    }
}

fn asked(fields: &Fields, name: &str, label: &'static str) -> Markup {
    let texts = ["yes", "no", "not_known"].map(|code| (code, texts::t(&format!("{label}-{}", code.replace('_', "-")))));
    let choices: Vec<Choice> = texts.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let text = texts::t(label);
    let hint = Some(format!("{label}-hint")).filter(|id| texts::has(id)).map(|id| texts::t(&id));
    let field = Field::new(name, &text).hint(hint.as_deref());
    ui::radios(&|id| texts::t(id), &field, &choices, fields.some(name).or(Some("not_known")), true)
}

fn medium(fields: &Fields) -> Markup {
    let codes = Medium::ALL.iter().map(|one| one.code()).chain(["not_known"]);
    let texts: Vec<(&str, String)> =
        codes.map(|code| (code, texts::t(&format!("authority-data-field-medium-{}", code.replace('_', "-"))))).collect();
    let choices: Vec<Choice> = texts.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (text, hint) = (t!("authority-data-field-medium"), t!("authority-data-field-medium-hint"));
    let field = Field::new("medium", &text).hint(Some(&hint));
    ui::radios(&|id| texts::t(id), &field, &choices, fields.some("medium").or(Some("not_known")), false)
}

/// An outcome, as a tag.
pub(crate) fn tag(outcome: Outcome) -> Markup {
    let tone = match outcome {
        Outcome::AuthorityData => Tone::Orange,
        Outcome::NotAuthorityData => Tone::Grey,
        Outcome::Undetermined => Tone::Yellow,
    };
    ui::tag(&t!(&format!("authority-data-field-outcome-{}", outcome.code().replace('_', "-"))), tone)
}

fn answer(decision: &Decision) -> Markup {
    let outcome = decision.explained.outcome;
    html! {
        section .vs-answer aria-labelledby="answer" {
            h2 #answer .govuk-heading-m {
                (t!("check-answer")) " " (tag(outcome))
            }
            p .govuk-body { (texts::t(&outcome.message_id())) }
            ul .govuk-list .govuk-list--bullet {
                @for reason in &decision.explained.because {
                    li { (super::words(&reason.message_id(Outcome::DECISION), &reason.args)) " " span .govuk-hint { (t!("check-source", ids = reason.source.join(", "))) } }
                }
                @for missing in &decision.explained.missing { li { (texts::t(&missing.message_id(Outcome::DECISION))) } }
            }
        }
    }
}
