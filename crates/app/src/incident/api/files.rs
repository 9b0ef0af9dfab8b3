//! What is attached and withheld, for programs (SEC-25): what was found where, never what it says, and what is to become of it.

use extract::Spot;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::viewed;
use platform::clock::timestamp;
use platform::error::Error;
use platform::files::{Held, held};
use platform::web::Answer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::incident::act::{self, Choice};
use crate::incident::looked::NotRead;
use crate::incident::model::{INCIDENT, Incidents};
use crate::incident::store::files as store;
use crate::reading;

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let all = "/api/v1/incidents/{id}/screening/files";
    Api::new()
        .add(Op::get("incidents.withheld_files", all, area).all_of::<WithheldFile>(), list)
        .add(Op::post("incidents.settle_file", format!("{all}/{{file}}"), area).takes::<SettlingFile>().all_of::<WithheldFile>(), settle)
}

/// A file that is withheld.
#[derive(Serialize, ToSchema)]
struct WithheldFile {
    /// The file.
    file: Uuid,
    /// Its name; none once its key is destroyed.
    name: Option<String>,
    /// Why it is withheld: `waiting`, `found`, `unread`, `essential` or `withdrawn`.
    held: String,
    /// Whether the caller decides about it.
    decides: bool,
    /// When it was looked through.
    #[schema(format = DateTime)]
    looked_at: Option<String>,
    /// How many things were found in it.
    found: usize,
    /// Where, the first 200.
    places: Vec<FilePlace>,
    /// What of it could not be read.
    unread: Vec<UnreadInFile>,
    /// What was decided about it: `essential` or `withdraw`.
    choice: Option<String>,
    /// Why.
    reason: Option<String>,
}

/// Something found in a file: what stands where.
#[derive(Serialize, ToSchema)]
struct FilePlace {
    /// What it is: `uk_nino`, `email`, …
    kind: String,
    /// How sure that is.
    confidence: String,
    /// Whether it stands in the name of the file.
    in_name: bool,
    /// The file within the file.
    within: Option<String>,
    /// The page, from 1.
    page: Option<u32>,
    /// The line of the page, or of the file where it has no pages, from 1.
    line: Option<u32>,
    /// The sheet, from 1.
    sheet: Option<u32>,
    /// The row of the sheet, from 1.
    row: Option<u32>,
    /// The column of the sheet, as Excel writes it.
    column: Option<String>,
}

/// A part of a file that could not be read.
#[derive(Serialize, ToSchema)]
struct UnreadInFile {
    /// The file within the file; none where it is the file itself, or pages of it.
    name: Option<String>,
    /// Why, in words.
    why: String,
}

/// Deciding about a file that is withheld.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettlingFile {
    /// Why it is withheld, as far as the caller knows: `found`, `unread` or `essential`.
    was: WithheldAs,
    /// What is to become of it.
    choice: FileChoice,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Why a file is withheld that somebody decides about.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WithheldAs {
    /// Something looks like data about people.
    Found,
    /// It cannot be read, or not whole.
    Unread,
    /// It was declared essential.
    Essential,
}

/// What is to become of a file.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FileChoice {
    /// It stays closed to all but those entitled.
    Essential,
    /// All who read the incident may read it.
    Release,
    /// Nobody opens it any more.
    Withdraw,
}

async fn all(call: &Call, case: &platform::cases::Case) -> platform::Result<Vec<WithheldFile>> {
    let cx = &call.cx;
    let mut known = store::known(cx, cx.db(), case).await?;
    let files = held::of_thing(cx, INCIDENT.id, &case.id.to_string()).await?;
    let told = files.into_iter().map(|one| {
        let known = known.remove(&one.row().id);
        let looked_at = known.as_ref().map(|known| timestamp(known.at).to_string());
        let (looked, decided) = known.map_or((None, None), |known| (known.looked, known.decided));
        let looked = looked.unwrap_or_default();
        WithheldFile {
            file: one.row().id,
            decides: one.row().held() != Some(Held::Waiting) && cx.may("file.settle", &one.file),
            held: one.row().held.clone().unwrap_or_default(),
            name: one.name,
            looked_at,
            found: looked.count(),
            places: looked.places.into_iter().map(|found| place(found.kind, found.confidence, found.at)).collect(),
            unread: looked.unread.into_iter().map(unread).collect(),
            choice: decided.as_ref().map(|decided| decided.choice.code().to_owned()),
            reason: decided.map(|decided| decided.reason),
        }
    });
    Ok(told.collect())
}

fn place(kind: String, confidence: String, at: Option<Spot>) -> FilePlace {
    let in_name = at.is_none();
    let Spot { within, page, sheet, row, column, line } = at.unwrap_or_default();
    FilePlace { kind, confidence, in_name, within, page, line, sheet, row, column }
}

fn unread(part: NotRead) -> UnreadInFile {
    UnreadInFile { name: part.name, why: reading::says(part.why).say() }
}

async fn list(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    call.listed(&Listed { items: all(&call, &of.case).await?, after: None })
}

async fn settle(call: Call) -> Answer {
    let of = viewed::<Incidents>(&call).await?;
    let with: SettlingFile = call.body()?;
    let was = match with.was {
        WithheldAs::Found => Held::Found,
        WithheldAs::Unread => Held::Unread,
        WithheldAs::Essential => Held::Essential,
    };
    let choice = match with.choice {
        FileChoice::Essential => Choice::Essential,
        FileChoice::Release => Choice::Release,
        FileChoice::Withdraw => Choice::Withdraw,
    };
    let file = call.id("file")?;
    act::settle_file(&call.cx, of.case.id, file, was, choice, &with.reason).await.map_err(|error| match error {
        Error::Stale(text) => Error::Conflict(text),
        other => other,
    })?;
    call.listed(&Listed { items: all(&call, &of.case).await?, after: None })
}
