//! Changes for programs: what the case engine gives to every kind, and beside it notices, requests, and the proposals that belong to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::authz::Actor;
use platform::cases::api::{self as kit, Asks, CaseFile, Cases, Plain, Reasoned, stands, viewed};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::forms::Choices;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::form::Form;
use rules::pack::Pack;
use rules::plan_change::{Added, decide as judge};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{CHANGE, Change, Changes, Notice};
use super::{act, form_of, store};
use crate::casework;
use crate::casework::handing::api::{self as handing, Returning, Submitting};
use crate::offshoring::store as proposals;
use crate::plan::act::abroad;
use crate::{pack, site};

impl Cases for Changes {
    const KIND: &'static Lifecycle = &CHANGE;
    const PATH: &'static str = "/api/v1/plan-changes";
    const ID: &'static str = "plan_changes";
    const VIEW: &'static str = "plan_change.view";
    const NOTES: &'static str = "plan_change.read_notes";
    const RATING: &'static str = "plan_change.read_notes";
    const LEVELS: &'static [&'static str] = &["notify", "call_for", "no_change", "submit", "return", "agree", "decline", "withdraw"];
    type Thing = Change;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Change>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Change) -> &Case {
        &of.case
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        match step.id {
            "submit" => op.takes::<Submitting>(),
            "return" => op.takes::<Returning>(),
            "agree" => op.takes::<AgreeingChange>(),
            _ if step.needs_reason => op.takes::<Reasoned>(),
            _ => op.takes::<Plain>(),
        }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        let reason = || Ok::<_, Error>(call.body::<Reasoned>()?.reason);
        match step.id {
            "request" => act::request(cx, id, version).await,
            "submit" => handing::submit::<Self>(call, version).await,
            "return" => handing::send_back::<Self>(call, step, version).await,
            "call_for" => act::call_for(cx, id, version, &reason()?).await,
            "no_change" => act::no_change(cx, id, version, &reason()?).await,
            "agree" => {
                let with: AgreeingChange = call.body()?;
                act::agree(cx, id, version, &with.reason, &with.conditions).await
            }
            "decline" => act::decline(cx, id, version, &reason()?).await,
            "take_effect" => act::take_effect(cx, id, version).await,
            "withdraw" => act::withdraw(cx, id, version, &reason()?).await,
            "discard" => act::discard(cx, id, version).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

impl Asks for Changes {
    const DRAFT: &'static str = "plan_change.draft";

    fn pack(cx: &Cx, case: &Case) -> Result<Arc<Pack>> {
        pack::of_case(cx, case)
    }

    fn form(pack: &Pack) -> Result<&Form> {
        form_of(pack)
    }

    async fn choices(cx: &Cx, case: &Case) -> Result<Choices> {
        site::offered::choices(cx, cx.db(), CHANGE.id, case).await
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |what: &str| format!("/api/v1/plan-changes/{{id}}/{what}");
    kit::api::<Changes>()
        .and(casework::answering::api::routes::<Changes>())
        .and(casework::api::routes::<Changes>())
        .and(casework::papers::api::<Changes>())
        .add(
            Op::post("plan_changes.notify", "/api/v1/places/{place}/plan-changes/notices", area)
                .takes::<ConsideredChange>()
                .answers::<CaseFile>()
                .makes(),
            notify,
        )
        .add(
            Op::post("plan_changes.begin", "/api/v1/places/{place}/plan-changes", area)
                .takes::<RequestedChange>()
                .answers::<CaseFile>()
                .makes(),
            begin,
        )
        .add(Op::get("plan_changes.notice", at("notice"), area).answers::<ChangeNotice>(), notice)
        .add(Op::get("plan_changes.proposals", at("proposals"), area).all_of::<ChangeProposal>(), tied)
        .add(
            Op::post("plan_changes.open_proposal", at("proposals"), area).versioned().takes::<Plain>().all_of::<ChangeProposal>().makes(),
            open_proposal,
        )
        .add(
            Op::post("plan_changes.link_proposal", at("proposals/link"), area).versioned().takes::<Linking>().all_of::<ChangeProposal>(),
            link_proposal,
        )
}

/// Agreeing a request, with conditions if need be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AgreeingChange {
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// What the supplier has to do for it; each becomes a task.
    #[serde(default)]
    #[schema(max_items = 40)]
    conditions: Vec<String>,
}

/// What is added, or becomes different.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChangeAdds {
    /// A place where work is done or data is kept.
    Site,
    /// A system.
    System,
    /// A party below the lead.
    SubContractor,
    /// A way by which data goes from one to another.
    TransferRoute,
    /// A part of the work that is abroad, or may be.
    OffshoreElement,
    /// A group of people who do the work.
    PersonGroup,
    /// Any other refinement of the plan.
    Other,
}

impl ChangeAdds {
    fn added(self) -> Added {
        match self {
            Self::Site => Added::Site,
            Self::System => Added::System,
            Self::SubContractor => Added::SubContractor,
            Self::TransferRoute => Added::TransferRoute,
            Self::OffshoreElement => Added::OffshoreElement,
            Self::PersonGroup => Added::PersonGroup,
            Self::Other => Added::Other,
        }
    }
}

/// Notice of a change that is merely considered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsideredChange {
    /// What it is called.
    #[schema(min_length = 1, max_length = 120)]
    title: String,
    /// What would be added, or become different.
    #[schema(min_items = 1, max_items = 7)]
    added: Vec<ChangeAdds>,
    /// Whether it would handle authority data; absent where that is not known.
    handles_authority_data: Option<bool>,
    /// What is considered.
    #[schema(min_length = 1, max_length = 8000)]
    about: String,
    /// From when, if that is known.
    expected: Option<Date>,
    /// What was added elsewhere, if that is what it is about: ids of prompts of the plan.
    #[serde(default)]
    #[schema(max_items = 100)]
    prompts: Vec<Uuid>,
}

/// Beginning a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestedChange {
    /// What was added elsewhere, if that is what it is about: ids of prompts of the plan.
    #[serde(default)]
    #[schema(max_items = 100)]
    prompts: Vec<Uuid>,
}

async fn notify(call: Call) -> Answer {
    let with: ConsideredChange = call.body()?;
    let added: BTreeSet<Added> = with.added.into_iter().map(ChangeAdds::added).collect();
    let new = Notice { title: with.title, added, handles: with.handles_authority_data, about: with.about, expected: with.expected };
    let case = act::notify(&call.cx, call.id("place")?, &new, &with.prompts).await?;
    stands::<Changes>(&call, case.id).await
}

async fn begin(call: Call) -> Answer {
    let with: RequestedChange = call.body()?;
    let id = act::begin(&call.cx, call.id("place")?, &with.prompts).await?;
    stands::<Changes>(&call, id).await
}

/// The notice with which a change began, and what it calls for.
#[derive(Serialize, ToSchema)]
struct ChangeNotice {
    /// What would be added, or become different, by code.
    added: Vec<String>,
    /// Whether it would handle authority data; none where that is not known.
    handles_authority_data: Option<bool>,
    /// What is considered.
    about: String,
    /// From when.
    #[schema(format = Date)]
    expected: Option<String>,
    /// What the rules make of it: `change_request`, `notice`, `none` or `undetermined`.
    outcome: String,
}

async fn notice(call: Call) -> Answer {
    let of = viewed::<Changes>(&call).await?;
    let notice = store::notice(&call.cx, call.cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let found = ChangeNotice {
        added: notice.added.iter().map(|kind| kind.code().to_owned()).collect(),
        handles_authority_data: notice.handles,
        about: notice.about.clone(),
        expected: notice.expected.map(|day| day.to_string()),
        outcome: judge(&notice.facts()).explained.outcome.code().to_owned(),
    };
    call.found(&found, None)
}

/// A proposal for the work abroad of a change.
#[derive(Serialize, ToSchema)]
struct ChangeProposal {
    /// Its id.
    id: Uuid,
    /// Its reference; none before it is handed in.
    reference: Option<String>,
    /// Where it stands, by code.
    stage: String,
}

async fn linked(call: &Call, id: Uuid) -> Result<Vec<ChangeProposal>> {
    // One that is not handed in is its supplier's own affair.
    let all = proposals::load_all(call.cx.db(), abroad(call.cx.db(), id).await?).await?;
    let seen = all.into_iter().filter(|of| call.cx.may("proposal.view", of)).map(|of| of.case);
    Ok(seen.map(|case| ChangeProposal { id: case.id, reference: case.reference, stage: case.stage }).collect())
}

async fn tied(call: Call) -> Answer {
    let of = viewed::<Changes>(&call).await?;
    call.listed(&Listed { items: linked(&call, of.case.id).await?, after: None })
}

async fn open_proposal(call: Call) -> Answer {
    let id = viewed::<Changes>(&call).await?.case.id;
    call.body::<Plain>()?;
    act::open_proposal(&call.cx, id, call.version()?).await?;
    let items = linked(&call, id).await?;
    call.made(&format!("/api/v1/plan-changes/{id}/proposals"), &kit::whole(items), None)
}

/// Tying a proposal to a change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Linking {
    /// The proposal, of the same place.
    proposal: Uuid,
}

async fn link_proposal(call: Call) -> Answer {
    let id = viewed::<Changes>(&call).await?.case.id;
    act::link_proposal(&call.cx, id, call.version()?, call.body::<Linking>()?.proposal).await?;
    call.listed(&Listed { items: linked(&call, id).await?, after: None })
}
