//! Answering forms: draws the sections of a `rules::form::Form`, keeps drafts, shows answers for checking, reading and comparing, and
//! freezes them for submission. Nothing here knows any particular form.
//!
//! ```text
//! GET  section   let drafts = drafts::load(cx, case, round).await?;
//!                Sheet::new(&form, &drafts.answers, &choices).form(&visit, section, action, drafts.version(section), buttons)
//! POST section   let permit = cx.permit("….draft", &case)?;
//!                match drafts::save(cx, &permit, case, round, &Posting { form, section, fields, choices }).await? {
//!                    Outcome::Saved(saved) => JSON, the next page, or the same page with saved.errors,
//!                    Outcome::Clash(clash) => JSON, or clash::page
//!                }
//! check answers  review::check(…), review::tasks(…)
//! POST submit    match submit::freeze(&form, …) { Ok(frozen) => store frozen.text, frozen.digest; Err(faults) => faults.summary(…) }
//! ```
//!
//! [`workbook`] takes the whole form out as a workbook and brings it back, by the same save.
//!
//! Field names are those of `rules::form` (`q.description`), but entries of a group count from 1 on pages, as people count them;
//! error paths count from 0, and [`names::errors`] turns one into the other.

pub mod api;
mod choices;
pub mod clash;
pub mod closed;
pub mod documents;
pub mod drafts;
pub mod names;
pub mod passing;
mod render;
pub mod reveal;
pub mod review;
pub mod submit;
pub mod uploads;
mod when;
mod words;
pub mod workbook;

pub use choices::{Choices, Pick, Upload};
pub use render::Sheet;
pub use when::words as condition_in_words;
