//! The letter about what was decided, and the papers about a proposal.

use axum::response::IntoResponse as _;
use platform::api::{Api, Area, Call, Op};
use platform::cases::api::viewed;
use platform::clock::timestamp;
use platform::web::Answer;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Proposals, at};
use crate::casework;
use crate::offshoring::act;
use crate::offshoring::letter::Letter;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(Op::get("proposals.letter", at("letter"), area).answers::<LetterText>(), letter)
        .and(casework::papers::api::<Proposals>())
        .add(Op::post("proposals.archive", at("archive"), area).reads().answers_bytes(&["application/zip"]), archive)
}

/// The whole case. It is a POST, as the page's form is: the entry that tells of it comes before the first byte.
async fn archive(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    Ok(act::archive(&call.cx, of.case.id).await?.into_response())
}

/// The letter about what was decided.
#[derive(Serialize, ToSchema)]
struct LetterText {
    /// To whom it goes.
    to: String,
    /// When it was decided.
    #[schema(format = DateTime)]
    at: String,
    /// The reference.
    reference: String,
    /// Its heading.
    subject: String,
    /// What it is about.
    about: String,
    /// What was decided.
    decision: String,
    /// What that means.
    meaning: String,
    /// Why.
    reasons: Option<String>,
    /// The assessed risks that it rests on.
    risks: Vec<Titled>,
    /// What was approved: label and value.
    scope: Vec<Titled>,
    /// Its conditions.
    conditions: Vec<String>,
    /// The controls that it demands.
    controls: Vec<Titled>,
    /// The digest of what was approved.
    digest: Option<String>,
}

/// A title and a text.
#[derive(Serialize, ToSchema)]
struct Titled {
    /// The title.
    title: String,
    /// The text.
    text: String,
}

fn titled(all: Vec<(String, String)>) -> Vec<Titled> {
    all.into_iter().map(|(title, text)| Titled { title, text }).collect()
}

async fn letter(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let letter = Letter::read(&call.cx, &of).await?;
    let digest = letter.approved.as_ref().map(|a| a.digest.clone());
    let (scope, conditions, controls) = letter.approved.map(|a| (a.scope, a.conditions, a.controls)).unwrap_or_default();
    let found = LetterText {
        to: letter.to,
        at: timestamp(letter.at).to_string(),
        reference: letter.reference,
        subject: letter.subject,
        about: letter.about,
        decision: letter.decision.0,
        meaning: letter.decision.1,
        reasons: letter.reasons,
        risks: titled(letter.risks),
        scope: titled(scope),
        conditions,
        controls: titled(controls),
        digest,
    };
    call.found(&found, None)
}
