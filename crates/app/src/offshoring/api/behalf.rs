//! Entry on behalf of a supplier, for programs.

use jiff::civil::Date;
use platform::Error;
use platform::api::{Api, Area, Call, Op};
use platform::cases::api::{stands, viewed};
use platform::clock::timestamp;
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Proposals, at};
use crate::offshoring::act::{self, Entering};
use crate::offshoring::store::{self, Said, Way};
use platform::cases::api::CaseFile;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(
            Op::post("proposals.begin_on_behalf", "/api/v1/proposals/on-behalf", area)
                .authority()
                .takes::<EnteringOnBehalf>()
                .answers::<CaseFile>()
                .makes(),
            begin,
        )
        .add(Op::get("proposals.on_behalf", at("on-behalf"), area).answers::<EnteredOnBehalf>(), read)
        .add(
            Op::post("proposals.confirm_entry", at("on-behalf/confirm"), area).takes::<ConfirmingEntry>().answers::<EnteredOnBehalf>(),
            confirm,
        )
        .add(
            Op::post("proposals.contest_entry", at("on-behalf/contest"), area).takes::<ContestingEntry>().answers::<EnteredOnBehalf>(),
            contest,
        )
}

/// How a questionnaire came.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Came {
    /// On paper.
    Paper,
    /// By e-mail.
    Email,
}

/// A questionnaire to be entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EnteringOnBehalf {
    /// The place of the party on whose behalf it is entered.
    place: Uuid,
    /// How it came.
    way: Came,
    /// On which day.
    came_on: Date,
    /// Why it is entered here.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

async fn begin(call: Call) -> Answer {
    let with: EnteringOnBehalf = call.body()?;
    let way = if matches!(with.way, Came::Paper) { Way::Paper } else { Way::Email };
    let id = act::begin_on_behalf(&call.cx, with.place, &Entering { way, came_on: with.came_on, reason: with.reason }).await?;
    stands::<Proposals>(&call, id).await
}

/// A questionnaire that was entered on behalf of a supplier.
#[derive(Serialize, ToSchema)]
struct EnteredOnBehalf {
    /// The account that entered it; a supplier does not read which of the authority's people did.
    by: Option<Uuid>,
    /// How it came: `paper` or `email`.
    way: String,
    /// On which day.
    #[schema(format = Date)]
    came_on: String,
    /// Why it was entered.
    reason: String,
    /// When it was begun.
    #[schema(format = DateTime)]
    at: String,
    /// What the supplier's lead says of it: `confirmed` or `contested`.
    said: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    said_at: Option<String>,
}

async fn read(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let entered = store::entered(&call.cx, call.cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let told = EnteredOnBehalf {
        by: Some(entered.by).filter(|_| call.cx.actor.is_authority()),
        way: entered.way,
        came_on: entered.came_on,
        reason: entered.reason,
        at: timestamp(entered.made_at).to_string(),
        said: entered.said,
        said_at: entered.said_at.map(|at| timestamp(at).to_string()),
    };
    call.found(&told, None)
}

/// That an entry is what the supplier answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmingEntry {
    /// What else is to be said.
    #[schema(max_length = 2000)]
    text: Option<String>,
}

async fn confirm(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let text = call.body::<ConfirmingEntry>()?.text.unwrap_or_default();
    act::say(&call.cx, of.case.id, Said::Confirmed, &text).await?;
    read(call).await
}

/// That it is not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContestingEntry {
    /// What is wrong.
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
}

async fn contest(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    act::say(&call.cx, of.case.id, Said::Contested, &call.body::<ContestingEntry>()?.text).await?;
    read(call).await
}
