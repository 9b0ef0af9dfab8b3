//! Duties for programs: list, one, and what is recorded about one.

mod governing;

use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::cases::api::whole;
use platform::register::{Entered, Picks, sent_schema};
use platform::web::Answer;
use platform::{Cx, Error, Result};
use serde::Serialize;
use serde_json::{json, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Evidence};
use super::model::{ASIDE, EVIDENCE, Status};
use super::pages::paper::allowed;
use super::store::{self, After, Ask, Duty, Whose};
use crate::paper;
use crate::paper::api::{Paper, papers_of};

/// The parameters of an address that are codes.
const CODES: &[&str] = &["pack", "duty"];

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Duties;
    let at = |what: &str| format!("/api/v1/obligations/{{at}}/{{pack}}/{{duty}}{what}");
    let queries = [
        Param::code("status", Status::LISTED.map(Status::code)),
        Param::code("whose", Whose::ALL.map(Whose::code)),
        Param::new("contract", Takes::Id),
        Param::new("party", Takes::Id),
    ];
    Api::new()
        .add(Op::get("obligations.list", "/api/v1/obligations", area).queries(queries).lists_of::<OwedDuty>(), list)
        .add(Op::get("obligations.one", at(""), area).codes(CODES).answers::<OwedDuty>(), one)
        .add(
            Op::post("obligations.meet", at("/met"), area)
                .codes(CODES)
                .versioned()
                .takes_schema("Evidence", || sent_schema(&EVIDENCE))
                .answers::<OwedDuty>(),
            meet,
        )
        .add(
            Op::post("obligations.set_aside", at("/aside"), area)
                .codes(CODES)
                .versioned()
                .takes_schema("SettingAside", || sent_schema(&ASIDE))
                .answers::<OwedDuty>(),
            set_aside,
        )
        .add(Op::post("obligations.take_up", at("/again"), area).codes(CODES).versioned().answers::<OwedDuty>(), take_up)
        .and(statements(area))
        .and(governing::routes(area))
}

/// The statement of all that is owed at one place, as papers.
fn statements(area: Area) -> Api {
    let at = |what: &str| format!("/api/v1/obligations/{{at}}/statement{what}");
    Api::new()
        .add(Op::get("obligations.statements", at(""), area).all_of::<Paper>(), made)
        .add(Op::post("obligations.make_statement", at(""), area).all_of::<Paper>().makes(), make)
        .add(Op::get("obligations.statement", at("/{paper}"), area).answers_bytes(&["application/pdf"]), statement)
}

async fn made(call: Call) -> Answer {
    let of = allowed(&call.cx, call.code("at"), "statement.view").await?;
    call.listed(&Listed { items: papers_of(&call.cx, &of).await?, after: None })
}

async fn make(call: Call) -> Answer {
    let of = allowed(&call.cx, call.code("at"), "statement.make").await?;
    let paper = act::make_statement(&call.cx, &of).await?;
    let all = whole(papers_of(&call.cx, &of).await?);
    call.made(&format!("/api/v1/obligations/{}/statement/{paper}", of.at), &all, None)
}

async fn statement(call: Call) -> Answer {
    let of = allowed(&call.cx, call.code("at"), "statement.view").await?;
    paper::download(&call.cx, &of, call.code("paper")).await
}

/// A duty as it is owed at one place.
#[derive(Serialize, ToSchema)]
struct OwedDuty {
    /// The place where it is owed, or the contract for the authority's own.
    at: Uuid,
    /// The pack that sets it.
    pack: String,
    /// Its id in the pack.
    obligation: String,
    /// The pack's edition.
    edition: String,
    /// For the next change.
    version: i32,
    /// The contract.
    contract: Uuid,
    /// The contract's title.
    contract_title: String,
    /// The party that owes it.
    party: Uuid,
    /// The role that owes it at the authority; `supplier` elsewhere.
    role: String,
    /// Its title.
    title: String,
    /// What is to be done.
    text: String,
    /// `overdue`, `soon`, `open`, `met`, `not-applicable` or `past`.
    status: String,
    /// Whether it is known to apply; otherwise a fact is missing that decides it.
    certain: bool,
    /// When it is due.
    #[schema(format = Date)]
    due_on: Option<String>,
    /// What shows that it is met, as the pack asks.
    asks: String,
    /// The paragraphs that it comes from.
    source: Vec<String>,
    /// When it was met.
    #[schema(format = Date)]
    met_on: Option<String>,
    /// What shows it.
    evidence: Option<String>,
    /// Where that is found.
    found_at: Option<String>,
    /// The first day that it covers.
    #[schema(format = Date)]
    covers_from: Option<String>,
    /// The last day that it covers.
    #[schema(format = Date)]
    covers_to: Option<String>,
    /// Why it was set aside.
    reason: Option<String>,
}

fn shown(cx: &Cx, duty: &Duty) -> Option<OwedDuty> {
    let (row, of) = (&duty.row, duty.obligation()?);
    Some(OwedDuty {
        at: row.at,
        pack: row.pack.clone(),
        obligation: row.obligation.clone(),
        edition: row.edition.clone(),
        version: row.version,
        contract: row.contract,
        contract_title: duty.title.clone(),
        party: row.party,
        role: row.role.clone(),
        title: of.title.clone(),
        text: of.text.clone(),
        status: duty.status(cx.core().clock.today()).code().to_owned(),
        certain: row.certain,
        due_on: duty.due_on().map(|day| day.to_string()),
        asks: of.evidence.clone(),
        source: of.source.clone(),
        met_on: row.met_on.clone(),
        evidence: row.evidence.clone(),
        found_at: row.found_at.clone(),
        covers_from: row.covers_from.clone(),
        covers_to: row.covers_to.clone(),
        reason: row.reason.clone(),
    })
}

async fn list(call: Call) -> Answer {
    let cx = &call.cx;
    let ask = Ask {
        status: call.query("status").and_then(|code| Status::LISTED.into_iter().find(|s| s.code() == code)),
        whose: call.query("whose").and_then(|code| Whose::ALL.into_iter().find(|w| w.code() == code)),
        contract: call.query_id("contract"),
        party: call.query_id("party"),
        after: call.after(After::read)?,
        most: Some(call.limit()),
    };
    let (found, next) = store::page(cx, &ask).await?;
    let seen = found.iter().filter(|duty| cx.may("obligation.view", *duty));
    call.listed(&Listed { items: seen.filter_map(|duty| shown(cx, duty)).collect(), after: next.map(|after| after.text()) })
}

async fn get(call: &Call) -> Result<Duty> {
    store::get(&call.cx, call.id("at")?, call.code("pack"), call.code("duty")).await
}

async fn one(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.view", &duty)?;
    let found = shown(&call.cx, &duty).ok_or(Error::NotFound)?;
    call.found(&found, Some(duty.row.version))
}

/// The duty after a change to it.
async fn stands(call: &Call, done: Result<()>) -> Answer {
    let now = || async {
        let duty = get(call).await?;
        Ok(to_value(shown(&call.cx, &duty).ok_or(Error::NotFound)?)?)
    };
    call.fresh(done, now).await?;
    let duty = get(call).await?;
    let found = shown(&call.cx, &duty).ok_or(Error::NotFound)?;
    let at = format!("/api/v1/obligations/{}/{}/{}", found.at, found.pack, found.obligation);
    call.made(&at, &found, Some(duty.row.version))
}

async fn meet(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.meet", &duty)?;
    let shown: Evidence = EVIDENCE.read(&Entered::sent(&EVIDENCE, call.sent()), &json!({}), &Picks::new(), "")?;
    let done = act::meet(&call.cx, &duty, call.version()?, &shown).await;
    stands(&call, done).await
}

async fn set_aside(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.set_aside", &duty)?;
    let done = act::set_aside(&call.cx, &duty, call.version()?, call.sent()["reason"].as_str().unwrap_or_default()).await;
    stands(&call, done).await
}

async fn take_up(call: Call) -> Answer {
    let duty = get(&call).await?;
    call.cx.permit("obligation.take_up", &duty)?;
    let done = act::take_up(&call.cx, &duty, call.version()?).await;
    stands(&call, done).await
}
