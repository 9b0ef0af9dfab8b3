//! The writes of proposals: the only place that opens transactions for them.

mod archive;
mod assess;
mod behalf;
mod bids;
mod decide;
mod given;
mod levels;
mod outcome;
mod papers;
mod review;
mod route;
mod stale;
mod standing;
mod urgent;

pub use crate::casework::handing::point;
pub use crate::pack::of_case as pack_of;
pub use archive::{Archive, archive};
pub use assess::{Recommending, assess, judge, reassess, recommend, widen};
pub use behalf::{Entering, begin_on_behalf, may_enter, place_for, say};
pub use bids::hand_over;
pub(crate) use bids::{bid_chosen_in, bid_over_in};
pub(super) use decide::controls_of;
pub use decide::{Approving, approve, decline};
pub(super) use levels::days as agreed_days;
pub(super) use outcome::{concluded, method, path};
#[cfg(test)]
pub(super) use papers::entered_words;
pub(super) use review::reviewed;
pub(crate) use route::{Ahead, begin_in, submit_in};
pub use route::{begin, begin_from, carried_from, discard, left_behind, not_offshoring, pass_on, send_back, submit, submit_read, withdraw};
pub use stale::reactions;
pub(super) use standing::may_turn;
pub use standing::turn;
pub use urgent::{UrgentApproving, approve_urgently, ratify, refuse_urgent};
pub(super) use urgent::{
    asked as asked_urgently, bar as urgent_bar, bar_says as urgent_bar_says, note_over as note_urgent_over, terms as urgent_terms,
    waiting as urgent_waits,
};

use platform::cases::Case;
use platform::cases::rounds;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::forms::Choices;
use platform::{Error, Result};
use rules::form::{Answers, Form, QuestionType};
use rules::pack::Pack;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::model::{FORM, METHOD, PROPOSAL, Proposal, Proposals, TITLE};
use crate::casework::account;
use crate::casework::act::contract_first;
use crate::{casework, site};

/// A proposal, locked, at the version that the form was filled in against, with leave for `action`. Its contract is held before it, since duties are
/// counted from its steps.
async fn open(cx: &Cx, tx: &Tx, id: Uuid, version: i32, action: &'static str) -> Result<(Proposal, Permit)> {
    contract_first::<Proposals>(tx, id).await?;
    casework::act::open::<Proposals>(cx, tx, id, version, action).await
}

/// The entry of a step.
fn moved(action: &'static str, before: &Proposal, after: &Case) -> Entry {
    casework::act::moved::<Proposals>(action, before, after)
}

/// Tells those concerned of a step.
fn tell(tx: &mut Tx, before: &Proposal, after: &Case) -> Result<()> {
    casework::notices::turn::<Proposals>(tx, before, after)
}

/// The questions whose answers decide what is offshoring and what an approval covers, each with the type that is counted on.
const COUNTED_ON: [(&str, QuestionType); 12] = [
    (TITLE, QuestionType::Text),
    ("certainty", QuestionType::Choice),
    ("kinds", QuestionType::Choices),
    ("reach", QuestionType::Choice),
    ("work_party", QuestionType::Party),
    ("landed_access", QuestionType::YesNo),
    ("diagnostics_clean", QuestionType::Choice),
    ("staff_total", QuestionType::Number),
    ("dates", QuestionType::Period),
    ("sites", QuestionType::Group),
    ("countries", QuestionType::Group),
    ("information", QuestionType::Group),
];

/// What an edition of the offshoring pack lacks without which no proposal can be worked with: its form, questions of it by id, its risk method.
pub(crate) fn lacking(pack: &Pack) -> Vec<String> {
    let Some(form) = pack.form(FORM) else { return vec![FORM.to_owned()] };
    let top = |id: &str| form.sections.iter().flat_map(|section| &section.questions).find(|question| question.id == id);
    let questions = COUNTED_ON.iter().filter(|(id, kind)| top(id).is_none_or(|question| question.kind != *kind)).map(|(id, _)| *id);
    let method = pack.risk_methods.iter().any(|one| one.id == METHOD && !one.paths.is_empty());
    questions.chain((!method).then_some(METHOD)).map(str::to_owned).collect()
}

/// The form of a case.
///
/// # Errors
/// When its pack has none.
pub fn form_of(pack: &Pack) -> Result<&Form> {
    pack.form(FORM).ok_or_else(|| Error::internal("the offshoring pack has no proposal form"))
}

/// What the form of a case offers from the registers.
///
/// # Errors
/// When the database fails.
pub async fn choices<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Choices> {
    site::offered::choices(cx, db, PROPOSAL.id, case).await
}

/// The answers of the last round handed in, with the digest of its document.
///
/// # Errors
/// As [`rounds::last`].
pub async fn handed_in<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<(Answers, String)> {
    let (last, document) = rounds::last(cx, db, case).await?;
    Ok((document.answers(), last.digest))
}
