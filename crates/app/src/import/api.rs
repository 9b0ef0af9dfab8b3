//! Imports for programs: a file read, what would come of it, brought in, taken back.

use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::clock::timestamp;
use platform::web::Answer;
use platform::{Error, Result};
use serde::Serialize;
use serde_json::{Value, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::{self, Staging};
use super::store;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    Api::new()
        .add(Op::get("imports.list", "/api/v1/imports", area).authority().all_of::<ImportRun>(), list)
        .add(
            Op::post("imports.stage", "/api/v1/imports", area)
                .authority()
                .queries([Param::new("name", Takes::Text(200))])
                .takes_file("application/json")
                .answers::<ImportRun>()
                .makes(),
            stage,
        )
        .add(Op::get("imports.one", "/api/v1/imports/{run}", area).authority().answers::<ImportRun>(), one)
        .add(Op::get("imports.lines", "/api/v1/imports/{run}/lines", area).authority().lists_of::<ImportLine>(), lines)
        .add(Op::post("imports.apply", "/api/v1/imports/{run}/apply", area).authority().answers::<ImportRun>(), apply)
        .add(Op::post("imports.undo", "/api/v1/imports/{run}/undo", area).authority().answers::<ImportRun>(), undo)
}

/// An import of contracting data.
#[derive(Serialize, ToSchema)]
struct ImportRun {
    /// Its id.
    id: Uuid,
    /// `staged`, `applying`, `applied` or `undone`.
    state: String,
    /// The files that it read.
    files: Vec<String>,
    /// When it was read.
    #[schema(format = DateTime)]
    at: String,
    /// What became, or would become, of its lines.
    #[schema(value_type = Object)]
    figures: Value,
}

/// What became, or would become, of a line.
#[derive(Serialize, ToSchema)]
struct ImportLine {
    /// Its number.
    line: i32,
    /// The contracting process.
    ocid: Option<String>,
    /// The release.
    id: Option<String>,
    /// `imported`, `unchanged` or `quarantined`.
    outcome: String,
    /// Entries of its parties.
    parties: usize,
    /// Its suppliers.
    suppliers: usize,
    /// Its awards.
    awards: usize,
    /// Why it is kept out, and warnings.
    reasons: Vec<String>,
}

fn shown(run: &store::Model) -> Result<ImportRun> {
    Ok(ImportRun {
        id: run.id,
        state: run.stands()?.code().to_owned(),
        files: run.file_names(),
        at: timestamp(run.at).to_string(),
        figures: to_value(run.figures()?)?,
    })
}

async fn list(call: Call) -> Answer {
    let cx = &call.cx;
    cx.permit("import_run.view", &store::fresh_run(cx.id()?, &[], cx.now(), String::new())?)?;
    let items = store::newest(cx.db(), &cx.actor, 100).await?.iter().map(shown).collect::<Result<Vec<_>>>()?;
    call.listed(&Listed { items, after: None })
}

async fn stage(call: Call) -> Answer {
    let cx = &call.cx;
    cx.permit("import_run.stage", &store::fresh_run(cx.id()?, &[], cx.now(), String::new())?)?;
    let mut staging = Staging::begin(cx)?;
    staging.file(call.query("name").unwrap_or("import.json"));
    for portion in call.file().chunks(64 * 1024) {
        staging.push(portion).await?;
    }
    staging.end_of_file().await?;
    stands(&call, &staging.finish().await?)
}

fn stands(call: &Call, run: &store::Model) -> Answer {
    call.made(&format!("/api/v1/imports/{}", run.id), &shown(run)?, None)
}

async fn one(call: Call) -> Answer {
    let run = act::view(&call.cx, call.id("run")?).await?;
    call.found(&shown(&run)?, None)
}

async fn lines(call: Call) -> Answer {
    let run = act::view(&call.cx, call.id("run")?).await?;
    let after: i32 = call.after(|text| text.parse().ok())?.unwrap_or(0);
    let most = call.limit();
    let mut rows = store::lines(call.cx.db(), run.id, after, most + 1).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).map_err(Error::internal)?);
    let next = rows.last().filter(|_| more).map(|row| row.n.to_string());
    let items = rows.iter().map(|row| {
        let report = store::report(row)?;
        Ok(ImportLine {
            line: row.n,
            ocid: report.ocid,
            id: report.id,
            outcome: report.outcome,
            parties: report.parties,
            suppliers: report.suppliers,
            awards: report.awards,
            reasons: report.reasons,
        })
    });
    call.listed(&Listed { items: items.collect::<Result<Vec<_>>>()?, after: next })
}

async fn apply(call: Call) -> Answer {
    let run = act::apply(&call.cx, call.id("run")?).await?;
    stands(&call, &run)
}

async fn undo(call: Call) -> Answer {
    let run = act::undo(&call.cx, call.id("run")?).await?;
    stands(&call, &run)
}
