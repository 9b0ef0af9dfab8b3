//! Approvals ahead of the decision: how they stand, and what gives, ratifies or refuses one.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::{Reasoned, viewed};
use platform::clock::timestamp;
use platform::web::Answer;
use platform::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Proposals, at};
use crate::offshoring::act::{self, UrgentApproving};
use crate::offshoring::model::{Proposal, Standing, Urgent};
use crate::offshoring::store::{self, UrgentWords};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let op = |id: &'static str, to: &str| Op::post(id, at(to), area).versioned().authority().answers::<UrgentRecord>();
    Api::new()
        .add(Op::get("proposals.urgent", at("urgent"), area).all_of::<UrgentRecord>(), list)
        .add(op("proposals.approve_urgently", "urgent").takes::<UrgentApproving>(), give)
        .add(op("proposals.ratify", "urgent/ratify").takes::<Reasoned>(), ratify)
        .add(op("proposals.refuse_urgent", "urgent/refuse").takes::<Reasoned>(), refuse)
}

/// How an urgent approval stands.
#[derive(Serialize, ToSchema)]
pub struct UrgentState {
    /// `to_ratify`, `ratified`, `lapsed`, `ran_out`, or what ended it: `refused`, `taken_back`, `replaced`, `declined`, `not_offshoring` or `withdrawn`.
    stands: String,
    /// Whether it covers work: neither over nor suspended.
    runs: bool,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day, once it is ratified.
    #[schema(format = Date)]
    until: String,
    /// The last day on which it may be ratified: it lapses after that.
    #[schema(format = Date)]
    ratify_by: String,
    /// When it was given.
    #[schema(format = DateTime)]
    given_at: String,
    /// When it was ratified.
    #[schema(format = DateTime)]
    ratified_at: Option<String>,
    /// When something ended it.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

impl UrgentState {
    /// As it stands on a day, `suspended` or not.
    pub fn of(urgent: &Urgent, today: Date, suspended: bool) -> Self {
        let stands = urgent.stands(today);
        let moment = |at| timestamp(at).to_string();
        Self {
            stands: stands.code().to_owned(),
            runs: stands.runs() && !suspended,
            from: urgent.from.to_string(),
            until: urgent.until.to_string(),
            ratify_by: urgent.ratify_by.to_string(),
            given_at: moment(urgent.at),
            ratified_at: urgent.ratified.map(|(_, at)| moment(at)),
            ended_at: urgent.ended.map(|(_, at)| moment(at)),
        }
    }
}

/// An urgent approval. Who and why are told to the authority alone.
#[derive(Serialize, ToSchema)]
struct UrgentRecord {
    /// Its id.
    id: Uuid,
    /// The round for which it was given.
    round: i32,
    /// How it stands.
    state: UrgentState,
    /// Its conditions.
    conditions: Vec<String>,
    /// Who gave it.
    by: Option<Uuid>,
    /// In whose place, if not as themselves.
    given_for: Option<Uuid>,
    /// Why it could not wait.
    reason: Option<String>,
    /// Who ratified it.
    ratified_by: Option<Uuid>,
    /// In whose place, if not as themselves.
    ratified_for: Option<Uuid>,
    /// Why.
    ratified_because: Option<String>,
    /// Who refused it or took it back, or whose decision ended it.
    ended_by: Option<Uuid>,
    /// Why, of one that was refused or taken back.
    ended_because: Option<String>,
}

async fn all(call: &Call, of: &Proposal) -> Result<Vec<UrgentRecord>> {
    let (cx, today) = (&call.cx, call.cx.core().clock.today());
    let inside = cx.may("proposal.read_notes", of);
    // There is one approval at a time: it is the last of these that is suspended, where one is.
    let suspended = store::standing_of(cx.db(), of.case.id).await? == Some(Standing::Suspended);
    let record = |(urgent, words): (Urgent, UrgentWords)| UrgentRecord {
        id: urgent.id,
        round: words.round,
        state: UrgentState::of(&urgent, today, suspended),
        conditions: words.conditions.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        by: Some(urgent.by).filter(|_| inside),
        given_for: urgent.given_for.filter(|_| inside),
        reason: Some(words.reason).filter(|_| inside),
        ratified_by: urgent.ratified.map(|(by, _)| by).filter(|_| inside),
        ratified_for: urgent.ratified_for.filter(|_| inside),
        ratified_because: words.ratified.filter(|_| inside),
        ended_by: words.ended_by.filter(|_| inside),
        ended_because: words.ended.filter(|_| inside),
    };
    Ok(store::urgents(cx, cx.db(), &of.case).await?.into_iter().map(record).collect())
}

async fn list(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let items = all(&call, &of).await?;
    call.listed(&Listed { items, after: None })
}

async fn last(call: &Call) -> Answer {
    let of = viewed::<Proposals>(call).await?;
    let record = all(call, &of).await?.into_iter().next().ok_or(Error::NotFound)?;
    call.found(&record, Some(of.case.version))
}

async fn give(call: Call) -> Answer {
    let with: UrgentApproving = call.body()?;
    act::approve_urgently(&call.cx, call.id("id")?, call.version()?, &with).await?;
    last(&call).await
}

async fn ratify(call: Call) -> Answer {
    let reason = call.body::<Reasoned>()?.reason;
    act::ratify(&call.cx, call.id("id")?, call.version()?, &reason).await?;
    last(&call).await
}

async fn refuse(call: Call) -> Answer {
    let reason = call.body::<Reasoned>()?.reason;
    act::refuse_urgent(&call.cx, call.id("id")?, call.version()?, &reason).await?;
    last(&call).await
}
