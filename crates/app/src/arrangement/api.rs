//! Arrangements for programs: the register, and what is done with one.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op};
use platform::authz::Actor;
use platform::register::{Entered, Picks, Records, Register, sent_schema, shape, shown};
use platform::web::Answer;
use platform::{Cx, Result};
use sea_orm::Condition;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cover::{self, says};
use super::model::{ARRANGEMENTS, Details};
use super::store::{self, Arrangement};
use super::{act, pages};

/// The register of arrangements.
pub struct Arrangements;

impl Records for Arrangements {
    const REGISTER: &'static Register = &ARRANGEMENTS;
    const NAME: &'static str = "Arrangement";
    const ACTIONS: [&'static str; 2] = ["arrangement.view", "arrangement.change"];
    type Entity = store::Entity;
    type Thing = Arrangement;
    type Details = Details;

    fn visible(actor: &Actor) -> Condition {
        store::visible(actor)
    }

    async fn things(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<Arrangement>> {
        store::with_sight(cx.db(), rows).await
    }

    async fn get(cx: &Cx, id: Uuid) -> Result<Arrangement> {
        store::get(cx.db(), id).await
    }

    fn stamp(of: &Arrangement) -> (Uuid, i32) {
        (of.row.id, of.row.version)
    }

    fn record(of: &Arrangement) -> Result<Value> {
        pages::record_of(&of.row)
    }

    fn kept(_: &Cx, _: &Arrangement) -> &'static [&'static str] {
        &[]
    }

    fn tells_history(cx: &Cx, of: &Arrangement) -> bool {
        pages::tells_history(cx, of)
    }

    async fn picks(cx: &Cx, of: &Arrangement) -> Result<Picks> {
        pages::picks(cx, of.row.party, of.row.site).await
    }

    async fn change(cx: &Cx, id: Uuid, version: i32, details: Details) -> Result<()> {
        act::change(cx, id, version, &details).await
    }
}

/// What is done with one.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    let at = |what: &str| format!("/api/v1/arrangements/{{id}}/{what}");
    let one = || shape(&ARRANGEMENTS);
    Api::new()
        .add(
            Op::post("arrangements.report", "/api/v1/places/{place}/arrangements", area)
                .takes_schema("ReportedArrangement", || sent_schema(&ARRANGEMENTS))
                .answers_schema("Arrangement", one)
                .makes(),
            report,
        )
        .add(Op::get("arrangements.cover", at("cover"), area).answers::<WorkCover>(), covered)
        .add(Op::post("arrangements.start", at("start"), area).versioned().answers_schema("Arrangement", one), start)
        .add(Op::post("arrangements.end", at("end"), area).versioned().takes::<EndingWork>().answers_schema("Arrangement", one), end)
}

/// How work stands to the approvals of its place today.
#[derive(Serialize, ToSchema)]
struct WorkCover {
    /// Whether an approval covers all of it.
    covered: bool,
    /// The proposal whose approval covers most of it.
    approval: Option<Uuid>,
    /// What it does not cover.
    gaps: Vec<WorkGap>,
    /// Why that approval is stale: it covers what is under way, and no new start.
    stale: Vec<WorkGap>,
    /// The urgent approval that it is; none of one that the levels gave.
    urgent: Option<crate::offshoring::UrgentState>,
}

/// Something that no approval covers.
#[derive(Serialize, ToSchema)]
struct WorkGap {
    /// The rule, by code.
    rule: String,
    /// In words.
    text: String,
    /// The paragraphs that it rests on.
    source: Vec<String>,
}

async fn covered(call: Call) -> Answer {
    let of = store::get(call.cx.db(), call.id("id")?).await?;
    call.cx.permit("arrangement.view", &of)?;
    let cover = cover::of(&call.cx, call.cx.db(), &of.row, call.cx.core().clock.today()).await?;
    let gap = |gap: &rules::decision::Reason| WorkGap {
        rule: gap.rule.to_owned(),
        text: says(gap),
        source: gap.source.iter().map(|s| (*s).to_owned()).collect(),
    };
    let stale = crate::offshoring::stale::told(&call.cx, call.cx.db(), &cover.stale).await?;
    let stale = stale.into_iter().map(|told| WorkGap {
        rule: told.rule.to_owned(),
        text: told.text,
        source: told.source.iter().map(|s| (*s).to_owned()).collect(),
    });
    let suspended = cover.gaps.iter().any(|gap| gap.rule == "suspended");
    let told = WorkCover {
        covered: cover.gaps.is_empty(),
        approval: cover.approval,
        gaps: cover.gaps.iter().map(gap).collect(),
        stale: stale.collect(),
        urgent: cover.urgent.as_ref().map(|urgent| crate::offshoring::UrgentState::of(urgent, call.cx.core().clock.today(), suspended)),
    };
    call.found(&told, None)
}

/// The day on which work ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndingWork {
    /// The day.
    on: Date,
}

async fn report(call: Call) -> Answer {
    let cx = &call.cx;
    let place = call.id("place")?;
    let picks = pages::reporting::reportable(cx, place).await?;
    let currency = &cx.core().settings.authority.currency;
    let details: Details = ARRANGEMENTS.read(&Entered::sent(&ARRANGEMENTS, call.sent()), &json!({}), &picks, currency)?;
    let id = act::report(cx, place, &details).await?;
    let of = store::get(cx.db(), id).await?;
    call.made(&format!("/api/v1/arrangements/{id}"), &shown::<Arrangements>(cx, &of)?, Some(of.row.version))
}

async fn start(call: Call) -> Answer {
    act::start(&call.cx, call.id("id")?, call.version()?).await?;
    again(&call).await
}

async fn end(call: Call) -> Answer {
    act::end(&call.cx, call.id("id")?, call.version()?, call.body::<EndingWork>()?.on).await?;
    again(&call).await
}

async fn again(call: &Call) -> Answer {
    let of = store::get(call.cx.db(), call.id("id")?).await?;
    call.found(&shown::<Arrangements>(&call.cx, &of)?, Some(of.row.version))
}
