//! The form of a case as a workbook, for programs.

use platform::api::{Api, Area, Call, Op, Param, Takes};
use platform::cases::api::viewed;
use platform::error::FieldErrors;
use platform::forms::workbook::{Brought, MEDIA};
use platform::web::Answer;
use platform::{Error, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{self, Section};
use super::{MOST_SHOWN, Sheeted, given};

/// The routes.
pub fn routes<P: Sheeted>() -> Api {
    let area = Area::Cases;
    let id = |what: &str| format!("{}.{what}", P::ID);
    let at = |what: &str| format!("{}/{{id}}/{what}", P::PATH);
    let queries = [Param::new("name", Takes::Text(200)), Param::code("save", ["nothing", "whole", "good"])];
    Api::new().add(Op::post(id("take_form"), at("workbook/export"), area).reads().answers_bytes(&[MEDIA]), take::<P>).add(
        Op::post(id("bring_form"), at("workbook"), area).queries(queries).takes_file("application/octet-stream").answers::<WorkbookRead>(),
        bring::<P>,
    )
}

async fn take<P: Sheeted>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    Ok(given(act::take::<P>(&call.cx, P::case(&of).id).await?))
}

/// What a workbook says, and what became of it.
#[derive(Serialize, ToSchema)]
struct WorkbookRead {
    /// The file's name, as it was sent.
    name: Option<String>,
    /// How many sections were saved.
    saved: usize,
    /// What would change, or did.
    changes: Vec<WorkbookChange>,
    /// Cells that cannot be saved.
    problems: Vec<WorkbookProblem>,
    /// Cells that were emptied; their answers stay.
    emptied: Vec<WorkbookCell>,
}

/// An answer that differs.
#[derive(Serialize, ToSchema)]
struct WorkbookChange {
    /// The sheet.
    sheet: String,
    /// The cell.
    cell: String,
    /// The answer's place: `sites.2.site_name`; entries count from 0.
    path: String,
    /// The question.
    question: String,
    /// What stands, or stood; none for a sealed answer.
    before: Option<Vec<String>>,
    /// What the workbook says; none for a sealed answer.
    after: Option<Vec<String>>,
    /// Somebody answered it since the workbook was taken out.
    meanwhile: bool,
    /// It is not asked as the other answers are.
    not_asked: bool,
}

/// A cell that cannot be saved.
#[derive(Serialize, ToSchema)]
struct WorkbookProblem {
    /// The sheet.
    sheet: String,
    /// The cell; empty for the sheet as a whole.
    cell: String,
    /// The question, as far as it is known.
    question: Option<String>,
    /// What to do.
    text: String,
}

/// A cell.
#[derive(Serialize, ToSchema)]
struct WorkbookCell {
    /// The sheet.
    sheet: String,
    /// The cell.
    cell: String,
    /// The question.
    question: String,
}

fn shown(name: Option<&str>, saved: usize, found: &Brought) -> WorkbookRead {
    let open = |texts: &[String], sensitive: bool| (!sensitive).then(|| texts.to_vec());
    WorkbookRead {
        name: name.map(str::to_owned),
        saved,
        changes: found
            .changes
            .iter()
            .map(|c| WorkbookChange {
                sheet: c.sheet.clone(),
                cell: c.cell.clone(),
                path: c.path.clone(),
                question: c.label.clone(),
                before: open(&c.before, c.sensitive),
                after: open(&c.after, c.sensitive),
                meanwhile: c.meanwhile,
                not_asked: c.not_asked,
            })
            .collect(),
        problems: found
            .problems
            .iter()
            .map(|p| WorkbookProblem { sheet: p.sheet.clone(), cell: p.cell.clone(), question: p.question.clone(), text: p.text.say() })
            .collect(),
        emptied: found
            .emptied
            .iter()
            .map(|e| WorkbookCell { sheet: e.sheet.clone(), cell: e.cell.clone(), question: e.label.clone() })
            .collect(),
    }
}

/// Reads it and saves what it says: all of it or, when a cell is wrong, nothing; `save=good` leaves wrong cells out, `save=nothing` only reads.
async fn bring<P: Sheeted>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let save = call.query("save").unwrap_or("whole");
    let (found, kept) = act::read::<P>(&call.cx, &of, call.file().to_vec()).await?;
    if save == "whole" {
        wrong(&found)?;
    }
    let sections = found.fields.iter().map(|(id, fields)| Section { id: id.clone(), version: kept.version(id), fields: fields.clone() });
    let saved = if save == "nothing" { 0 } else { act::save::<P>(&call.cx, &of, sections.collect()).await? };
    call.found(&shown(call.query("name"), saved, &found), None)
}

/// The problems by `sheet!cell`.
fn wrong(found: &Brought) -> Result<()> {
    let mut errors = FieldErrors::default();
    for problem in found.problems.iter().take(MOST_SHOWN) {
        errors.add(format!("{}!{}", problem.sheet, problem.cell), problem.text.clone());
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
