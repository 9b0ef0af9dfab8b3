//! Sweeps for programs: what a page does.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::clock::timestamp;
use platform::web::Answer as Reply;
use platform::{Cx, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{ANSWER, Among, Answer, Given, New, SWEEP};
use super::store::{self, Filter, Opened, answer};
use super::{act, pages};
use crate::party;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |part: &str| format!("/api/v1/sweeps/{{id}}{part}");
    let filters = [Param::new("sweep", Takes::Id), Param::code("answer", Answer::ALL.map(Answer::code)), Param::new("late", Takes::Flag)];
    Api::new()
        .add(Op::get("sweeps.list", "/api/v1/sweeps", area).authority().lists_of::<SweepRecord>(), list)
        .add(Op::post("sweeps.open", "/api/v1/sweeps", area).authority().takes::<SweepToOpen>().makes().answers::<SweepRecord>(), open)
        .add(Op::get("sweeps.read", at(""), area).authority().answers::<SweepRecord>(), one)
        .add(Op::get("sweeps.history", at("/history"), area).authority().all_of::<SweepMoment>(), history)
        .add(Op::post("sweeps.remind", at("/reminders"), area).authority().versioned().answers::<SweepReminded>(), remind)
        .add(Op::post("sweeps.end", at("/end"), area).authority().versioned().takes::<SweepToEnd>().answers::<SweepRecord>(), end)
        .add(Op::get("sweeps.answers", "/api/v1/sweep-answers", area).queries(filters).lists_of::<SweepAnswer>(), answers)
        .add(Op::get("sweeps.answer", "/api/v1/sweep-answers/{answer}", area).answers::<SweepAnswer>(), read)
        .add(Op::get("sweeps.answer_history", "/api/v1/sweep-answers/{answer}/history", area).all_of::<SweepMoment>(), answer_history)
        .add(
            Op::put("sweeps.give", "/api/v1/sweep-answers/{answer}", area).versioned().takes::<SweepToAnswer>().answers::<SweepAnswer>(),
            give,
        )
}

/// A sweep: one question to many suppliers.
#[derive(Serialize, ToSchema)]
struct SweepRecord {
    /// Its id.
    id: Uuid,
    /// What it is called.
    title: String,
    /// The question.
    question: String,
    /// The day by which to answer.
    #[schema(format = Date)]
    due: String,
    /// The incident that led to it.
    incident: Option<Uuid>,
    /// Asked are those in the chain of this contract.
    contract: Option<Uuid>,
    /// Asked are those who are based, have a site or do work in this country.
    country: Option<String>,
    /// Asked are those at this tier.
    tier: Option<i32>,
    /// How many are asked.
    asked: i32,
    /// How many have not answered.
    awaited: i64,
    /// How many are affected.
    affected: i64,
    /// How many are not.
    not_affected: i64,
    /// How many do not know yet.
    not_known: i64,
    /// How many are late.
    late: i64,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened_at: String,
    /// When it was ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Why.
    reason: Option<String>,
    /// For the next change.
    version: i32,
}

/// A sweep to be opened: of every supplier that works in a chain now, those whom each of contract, country and tier leaves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SweepToOpen {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// The question.
    #[schema(min_length = 1, max_length = 8000)]
    question: String,
    /// The day by which to answer.
    due: Date,
    /// The incident that led to it. Nobody who is asked learns of it.
    incident: Option<Uuid>,
    /// Only those in the chain of this contract.
    contract: Option<Uuid>,
    /// Only those who are based, have a site or do work in this country, ISO 3166-1 alpha-2.
    #[schema(min_length = 2, max_length = 2)]
    country: Option<String>,
    /// Only those at this tier.
    #[schema(minimum = 1, maximum = 20)]
    tier: Option<i32>,
    /// Not these.
    #[serde(default)]
    #[schema(max_items = 5000)]
    without: Vec<Uuid>,
}

/// Why a sweep is ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SweepToEnd {
    /// The reason.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

/// Who was reminded.
#[derive(Serialize, ToSchema)]
struct SweepReminded {
    /// How many parties.
    reminded: u64,
}

/// What one party is asked, and what it answers.
#[derive(Serialize, ToSchema)]
struct SweepAnswer {
    /// Its id.
    id: Uuid,
    /// The sweep; for the authority.
    sweep: Option<Uuid>,
    /// What it is called.
    title: String,
    /// The question.
    question: String,
    /// The party that is asked.
    party: Uuid,
    /// Its name.
    party_name: String,
    /// Whether the party has people here who answer themselves.
    people: bool,
    /// The day by which to answer.
    #[schema(format = Date)]
    due: String,
    /// Whether answers are still taken.
    running: bool,
    /// `awaited`, `affected`, `not_affected` or `not_known`.
    answer: String,
    /// Whether it is late.
    late: bool,
    /// How the party knows, or what it can say already.
    said: Option<String>,
    /// By when it will know.
    #[schema(format = Date)]
    until: Option<String>,
    /// The incident that it reported.
    incident: Option<Uuid>,
    /// Whether somebody at the authority answered on its behalf.
    on_behalf: bool,
    /// When it last answered.
    #[schema(format = DateTime)]
    given_at: Option<String>,
    /// For the next change.
    version: i32,
}

/// Which answer is given.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SweepChoice {
    /// It is affected.
    Affected,
    /// It is not.
    NotAffected,
    /// It does not know yet.
    NotKnown,
}

/// An answer, in the place of the one before. The authority answers for a party that has nobody here.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SweepToAnswer {
    /// Which.
    answer: SweepChoice,
    /// How the party knows; demanded of `not_affected`.
    #[schema(max_length = 8000)]
    said: Option<String>,
    /// By when it will know; demanded of `not_known`.
    until: Option<Date>,
    /// The incident that it reported, of `affected`. One that is reported with `asked` is tied by itself.
    incident: Option<Uuid>,
    /// Whether data about people in what is said may be masked; it is refused otherwise.
    #[serde(default)]
    mask: bool,
}

/// Something that was done.
#[derive(Serialize, ToSchema)]
struct SweepMoment {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// What, by code.
    action: String,
    /// What, in words.
    title: String,
    /// By whom, as far as the reader may know.
    by: String,
    /// What was said.
    said: Option<String>,
}

async fn record(cx: &Cx, of: Opened) -> Result<SweepRecord> {
    let (counts, late) = store::counted(cx, of.row.id, cx.core().clock.today()).await?;
    let number = |answer| counts.get(&answer).copied().unwrap_or(0);
    let Opened { row, title, question, reason } = of;
    Ok(SweepRecord {
        id: row.id,
        title,
        question,
        due: row.due,
        incident: row.incident,
        contract: row.contract,
        country: row.country,
        tier: row.tier,
        asked: row.asked,
        awaited: number(Answer::Awaited),
        affected: number(Answer::Affected),
        not_affected: number(Answer::NotAffected),
        not_known: number(Answer::NotKnown),
        late,
        opened_at: timestamp(row.made_at).to_string(),
        ended_at: row.ended_at.map(|at| timestamp(at).to_string()),
        reason,
        version: row.version,
    })
}

async fn list(call: Call) -> Reply {
    let cx = &call.cx;
    let most = call.limit();
    let before = call.after(|text| text.parse().ok())?;
    let mut found = store::list(cx, None, before, most).await?;
    let more = found.len() as u64 > most;
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let after = found.last().filter(|_| more).map(|last| last.id.to_string());
    let mut items = Vec::new();
    for of in store::open_all(cx, cx.db(), found).await? {
        items.push(record(cx, of).await?);
    }
    call.listed(&Listed { items, after })
}

async fn stands(call: &Call, id: Uuid) -> Result<SweepRecord> {
    record(&call.cx, pages::seen(&call.cx, id).await?).await
}

async fn open(call: Call) -> Reply {
    let with: SweepToOpen = call.body()?;
    let without: BTreeSet<Uuid> = with.without.into_iter().collect();
    let new = New {
        title: with.title,
        question: with.question,
        due: with.due,
        incident: with.incident,
        among: Among { contract: with.contract, country: with.country, tier: with.tier, without },
    };
    let id = act::open(&call.cx, &new).await?;
    let made = stands(&call, id).await?;
    call.made(&format!("/api/v1/sweeps/{id}"), &made, Some(made.version))
}

async fn one(call: Call) -> Reply {
    let found = stands(&call, call.id("id")?).await?;
    call.found(&found, Some(found.version))
}

async fn moments(call: &Call, kind: &str, id: Uuid) -> Reply {
    let done = pages::history::read(&call.cx, kind, id).await?;
    let items = done
        .into_iter()
        .map(|one| SweepMoment { at: timestamp(one.at).to_string(), action: one.action, title: one.title, by: one.by, said: one.said })
        .collect();
    call.listed(&Listed { items, after: None })
}

async fn history(call: Call) -> Reply {
    let id = pages::seen(&call.cx, call.id("id")?).await?.row.id;
    moments(&call, SWEEP, id).await
}

async fn remind(call: Call) -> Reply {
    let (id, version) = (pages::seen(&call.cx, call.id("id")?).await?.row.id, call.version()?);
    let done = act::remind(&call.cx, id, version).await;
    let reminded = SweepReminded { reminded: *done.as_ref().unwrap_or(&0) };
    call.fresh(done.map(|_| ()), || async { Ok::<Value, Error>(to_value(stands(&call, id).await?)?) }).await?;
    call.found(&reminded, None)
}

async fn end(call: Call) -> Reply {
    let (id, version) = (pages::seen(&call.cx, call.id("id")?).await?.row.id, call.version()?);
    let with: SweepToEnd = call.body()?;
    let done = act::end(&call.cx, id, version, &with.reason).await;
    call.fresh(done, || async { Ok::<Value, Error>(to_value(stands(&call, id).await?)?) }).await?;
    one(call).await
}

/// Answers as they are told.
async fn told(cx: &Cx, rows: &[answer::Model]) -> Result<Vec<SweepAnswer>> {
    let ids: BTreeSet<Uuid> = rows.iter().map(|row| row.sweep).collect();
    let mut found = Vec::new();
    for id in ids {
        found.push(store::get(cx.db(), id).await?);
    }
    let sweeps: std::collections::BTreeMap<Uuid, Opened> =
        store::open_all(cx, cx.db(), found).await?.into_iter().map(|of| (of.row.id, of)).collect();
    let names = party::store::names(cx.db(), rows.iter().map(|row| row.party)).await?;
    let people = store::with_people(cx.db(), cx.now(), names.keys().copied()).await?;
    let mut said = store::said(cx, cx.db(), rows).await?;
    let (today, authority) = (cx.core().clock.today(), cx.actor.is_authority());
    let one = |row: &answer::Model| SweepAnswer {
        id: row.id,
        sweep: authority.then_some(row.sweep),
        title: sweeps.get(&row.sweep).map(|of| of.title.clone()).unwrap_or_default(),
        question: sweeps.get(&row.sweep).map(|of| of.question.clone()).unwrap_or_default(),
        party: row.party,
        party_name: names.get(&row.party).cloned().unwrap_or_default(),
        people: people.contains(&row.party),
        due: row.due.clone(),
        running: row.running,
        answer: row.answer.clone(),
        late: row.is_late(today),
        said: said.remove(&row.id),
        until: row.until.clone(),
        incident: row.incident,
        on_behalf: row.on_behalf,
        given_at: row.given_at.map(|at| timestamp(at).to_string()),
        version: row.version,
    };
    Ok(rows.iter().map(one).collect())
}

async fn answers(call: Call) -> Reply {
    let cx = &call.cx;
    let filter = Filter {
        sweep: call.query_id("sweep"),
        answer: call.query("answer").and_then(Answer::from_code),
        late: (call.query("late") == Some("true")).then(|| cx.core().clock.today()),
    };
    let after = call.after(|text| {
        let (id, name) = text.split_once('.')?;
        Some((name.to_owned(), id.parse().ok()?))
    })?;
    let (rows, next) = store::answers(cx, &filter, after, call.limit()).await?;
    let items = told(cx, &rows).await?;
    call.listed(&Listed { items, after: next.map(|(name, id)| format!("{id}.{name}")) })
}

async fn answered(call: &Call) -> Result<SweepAnswer> {
    let (row, _) = pages::answers::seen(&call.cx, call.id("answer")?).await?;
    told(&call.cx, &[row]).await?.pop().ok_or(Error::NotFound)
}

async fn read(call: Call) -> Reply {
    let found = answered(&call).await?;
    call.found(&found, Some(found.version))
}

async fn answer_history(call: Call) -> Reply {
    let (row, _) = pages::answers::seen(&call.cx, call.id("answer")?).await?;
    moments(&call, ANSWER, row.id).await
}

async fn give(call: Call) -> Reply {
    let (row, _) = pages::answers::seen(&call.cx, call.id("answer")?).await?;
    let with: SweepToAnswer = call.body()?;
    let given = Given {
        answer: match with.answer {
            SweepChoice::Affected => Answer::Affected,
            SweepChoice::NotAffected => Answer::NotAffected,
            SweepChoice::NotKnown => Answer::NotKnown,
        },
        said: with.said.unwrap_or_default(),
        until: with.until,
        incident: with.incident,
        mask: with.mask,
    };
    let done = act::give(&call.cx, row.id, call.version()?, &given).await;
    call.fresh(done, || async { Ok::<Value, Error>(to_value(answered(&call).await?)?) }).await?;
    read(call).await
}
