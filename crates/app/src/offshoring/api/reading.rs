//! What a proposal's answers come to: the classification.

use platform::Error;
use platform::api::{Api, Area, Call, Op};
use platform::cases::api::viewed;
use platform::web::Answer;
use serde_json::json;

use super::{Proposals, at};
use crate::check;
use crate::offshoring::classify::classify;
use crate::offshoring::pages;

/// The routes.
pub(super) fn routes() -> Api {
    let op = Op::get("proposals.classification", at("classification"), Area::Cases);
    Api::new().add(op.answers::<check::api::Outcome>(), classification)
}

async fn classification(call: Call) -> Answer {
    let cx = &call.cx;
    let of = viewed::<Proposals>(&call).await?;
    let answers = pages::answers(cx, &of).await?.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    match classify(&answers, &cx.core().settings.authority.home)? {
        Some((_, decision)) => call.found(&decision.to_json(&check::words), None),
        None => call.found(&json!({ "outcome": "undetermined", "activities": [] }), None),
    }
}
