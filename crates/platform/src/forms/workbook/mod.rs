//! A form as a workbook: taken out, filled in where people like to work, and brought back.
//!
//! ```text
//! let bytes = workbook::write(&origin, form, &answers, &choices)?;          // one sheet of questions, one a repeating group
//! let book  = workbook::open(bytes).await?;                                 // bounded; says clearly what is no workbook of ours
//! let found = workbook::compare(&origin, form, &book, &answers, &choices)?; // problems by sheet and cell, and what would change
//! drafts::save_all(cx, &permit, case, round, &postings)                     // what a page's post does, all sections or none
//! ```
//!
//! Answers are matched by the ids of their questions. What the workbook said when it was taken out stands in a sheet of its own, so that a
//! cell nobody touched never undoes what somebody answered on the page meanwhile. An empty cell takes nothing away. Sealed answers are
//! not taken out. A formula is nobody's answer: its cached value may be anything.

mod compare;
mod open;
mod slots;
#[cfg(test)]
mod tests;
mod write;

use rules::form::{Form, Question, QuestionType};
use uuid::Uuid;

pub use compare::{Brought, Change, Emptied, Problem, compare};
pub use open::{Book, open};
pub use write::write;

/// The media type of a workbook.
pub const MEDIA: &str = crate::sheets::Format::Xlsx.media();

/// Which case's form a workbook is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The pack.
    pub pack: String,
    /// Its edition.
    pub edition: String,
    /// The case.
    pub case: Uuid,
    /// What people call it.
    pub called: String,
}

/// The sheet of questions.
fn answers_sheet() -> String {
    crate::t!("workbook-sheet-answers")
}

/// The sheet that says which form this is and what it said when it was taken out.
const CONTROL: &str = "Vouchsafe";
/// The sheet of the values that may be chosen.
const LISTS: &str = "Lists";
/// What the control sheet begins with.
const FORMAT: &str = "vouchsafe-form-1";
/// The row of the first entry on a group's sheet, from 0: ids, questions and help stand above.
const FIRST_ENTRY: u32 = 3;
/// The longest text that a cell holds, in UTF-16 units.
const CELL: usize = 32_767;

/// The groups of a form with the names of their sheets: the group's id, as much of it as a name holds.
fn group_sheets(form: &Form) -> Vec<(&Question, String)> {
    let mut taken = vec![CONTROL.to_lowercase(), LISTS.to_lowercase(), answers_sheet().to_lowercase()];
    let groups = form.sections.iter().flat_map(|section| &section.questions).filter(|question| question.kind == QuestionType::Group);
    let mut named = Vec::new();
    for group in groups {
        let plain: String = group.id.chars().take(31).collect();
        let mut name = plain.clone();
        let mut number = 2;
        while taken.contains(&name.to_lowercase()) {
            name = format!("{}_{number}", plain.chars().take(27).collect::<String>());
            number += 1;
        }
        taken.push(name.to_lowercase());
        named.push((group, name));
    }
    named
}

/// A cell's name: `G12`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}
