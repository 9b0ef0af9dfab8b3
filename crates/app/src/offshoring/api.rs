//! Proposals for programs: what the case engine gives to every kind, and beside it the assessment, the letter, papers and who has one.

mod begin;
mod behalf;
mod levels;
mod papers;
mod reading;
mod risk;
mod standing;
mod urgent;

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::api::{Api, Call, Op};
use platform::authz::{AccountActor, Actor};
use platform::cases::api::{self as kit, Asks, Cases, Plain, Reasoned};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::forms::Choices;
use platform::{Cx, Error, Result};
use rules::form::Form;
use rules::pack::Pack;
use sea_orm::{Condition, ConnectionTrait};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use urgent::UrgentState;

use super::act::{self, Approving, Recommending};
use super::model::{PROPOSAL, Proposal, Proposals};
use super::store;
use crate::casework;
use crate::casework::handing::api::{self as handing, Returning, Submitting};
use crate::casework::passing::{PassActs, Passes};
use crate::casework::workbook::Sheeted;

impl Cases for Proposals {
    const KIND: &'static Lifecycle = &PROPOSAL;
    const PATH: &'static str = "/api/v1/proposals";
    const ID: &'static str = "proposals";
    const VIEW: &'static str = "proposal.view";
    const NOTES: &'static str = "proposal.read_notes";
    const RATING: &'static str = "proposal.read_risk";
    const LEVELS: &'static [&'static str] = &["submit", "return", "decide", "withdraw"];
    type Thing = Proposal;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    fn waiting(who: &str, account: Option<&AccountActor>) -> Option<Condition> {
        store::waiting(who, account)
    }

    fn awaited(of: &Proposal) -> Vec<String> {
        of.awaited()
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Proposal>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Proposal) -> &Case {
        &of.case
    }

    async fn titles(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        store::draft_titles(cx, cases).await
    }

    async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        store::marks(cx, cases).await
    }

    async fn called(cx: &Cx, words: &str) -> Result<Vec<Uuid>> {
        store::drafts_called(cx, words).await
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "submit" => op.takes::<Submitting>(),
            "pass_on" => op.takes::<Remarking>(),
            "assess" => op.takes::<Concluding>(),
            "recommend" => op.takes::<RecommendingWith>(),
            "approve" => op.takes::<Approving>(),
            "decline" => op.takes::<Declining>(),
            "return" | "send_back" => op.takes::<Returning>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        let reason = || Ok::<_, Error>(call.body::<Reasoned>()?.reason);
        match step.id {
            "submit" => handing::submit::<Self>(call, version).await,
            "pass_on" => act::pass_on(cx, id, version, call.body::<Remarking>()?.reason.as_deref()).await,
            "hand_over" => act::hand_over(cx, id, version).await,
            "not_offshoring" => act::not_offshoring(cx, id, version, &reason()?).await,
            "reassess" => act::reassess(cx, id, version, &reason()?).await,
            "withdraw" => act::withdraw(cx, id, version, &reason()?).await,
            "discard" => act::discard(cx, id, version).await,
            "assess" => act::assess(cx, id, version, &call.body::<Concluding>()?.summary).await,
            "recommend" => {
                let with: RecommendingWith = call.body()?;
                act::recommend(cx, id, version, with.choice.code(), &with.reason).await
            }
            "approve" => act::approve(cx, id, version, &call.body::<Approving>()?).await.map(|_| ()),
            "decline" => {
                let with: Declining = call.body()?;
                act::decline(cx, id, version, &with.factors, &with.reason).await
            }
            "return" | "send_back" => handing::send_back::<Self>(call, step, version).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

impl Asks for Proposals {
    const DRAFT: &'static str = "proposal.draft";

    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
        act::pack_of(cx, case)
    }

    fn form(pack: &Pack) -> Result<&Form> {
        act::form_of(pack)
    }

    async fn choices(cx: &Cx, case: &Case) -> Result<Choices> {
        act::choices(cx, cx.db(), case).await
    }
}

impl Sheeted for Proposals {
    const TAKE_FORM: &'static str = "proposal.take_form";
}

impl Passes for Proposals {
    const PASS: PassActs = crate::pass_acts!("proposal");
}

/// The routes.
pub(super) fn routes() -> Api {
    kit::api::<Proposals>()
        .and(casework::answering::api::routes::<Proposals>())
        .and(casework::api::routes::<Proposals>())
        .and(casework::workbook::api::routes::<Proposals>())
        .and(casework::passing::api::routes::<Proposals>())
        .and(begin::routes())
        .and(behalf::routes())
        .and(reading::routes())
        .and(risk::routes())
        .and(papers::routes())
        .and(levels::routes())
        .and(standing::routes())
        .and(urgent::routes())
}

/// An address under a proposal's.
fn at(what: &str) -> String {
    format!("/api/v1/proposals/{{id}}/{what}")
}

/// Passing on, with a remark if there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Remarking {
    /// A remark for the assessor.
    #[schema(max_length = 8000)]
    reason: Option<String>,
}

/// Recording the assessment as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Concluding {
    /// What it comes to.
    #[schema(max_length = 8000)]
    summary: String,
}

/// A recommendation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecommendingWith {
    /// What is recommended.
    choice: Recommended,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// What may be recommended.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Recommended {
    /// To approve.
    Approve,
    /// To return.
    Return,
    /// To decline.
    Decline,
}

impl Recommended {
    fn code(&self) -> Recommending {
        match self {
            Self::Approve => Recommending::Approve,
            Self::Return => Recommending::Return,
            Self::Decline => Recommending::Decline,
        }
    }
}

/// Declining, for assessed risks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Declining {
    /// The factors whose risks are too high.
    factors: Vec<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}
