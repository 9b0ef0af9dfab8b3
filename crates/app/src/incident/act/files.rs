//! What is attached (SEC-25): looked through once it is stored, withheld where something is found, decided about by whoever brought it.

use platform::cases::store as cases;
use platform::cx::Cx;
use platform::error::FieldErrors;
use platform::files::{self, Held, held};
use platform::texts::{self, Text};
use platform::{Error, Result};
use serde_json::json;
use uuid::Uuid;

use crate::casework::{account, notices};
use crate::incident::looked::{Excerpt, Looked, excerpts};
use crate::incident::model::{INCIDENT, Incidents};
use crate::incident::store::files::{self as store, Decided};
use crate::reading;

/// The longest reason, in characters.
const LONGEST: usize = 2_000;

/// What is decided about a file that is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The authority needs it as it is: it stays closed to all but those entitled.
    Essential,
    /// Nothing in it is about people after all, or what is may be read by all who read the incident.
    Release,
    /// Nobody opens it any more.
    Withdraw,
}

impl Choice {
    /// Every one, in the order in which it is asked for.
    pub const ALL: [Self; 3] = [Self::Essential, Self::Release, Self::Withdraw];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Essential => "essential",
            Self::Release => "release",
            Self::Withdraw => "withdraw",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.code() == code)
    }

    /// As what the file is withheld from then on, if it is.
    fn held(self) -> Option<Held> {
        match self {
            Self::Essential => Some(Held::Essential),
            Self::Release => None,
            Self::Withdraw => Some(Held::Withdrawn),
        }
    }

    /// In words.
    pub fn says(self) -> String {
        texts::t(&format!("incident-file-choice-{}", self.code()))
    }
}

/// Looks through a file that waits for it: where nothing is found it is withheld no longer; else whoever brought it is told. A file that does not wait any
/// more, or whose key was destroyed, is left alone.
///
/// # Errors
/// When the store does not answer, or nothing can be started to read the file: it is tried again.
pub async fn screen_file(cx: &Cx, id: Uuid) -> Result<()> {
    let Some((row, name)) = held::waiting(cx, id).await? else { return Ok(()) };
    if row.kind != INCIDENT.id {
        return Err(Error::internal(format!("files of a {} are not looked through", row.kind)));
    }
    let read = if usize::try_from(row.size).is_ok_and(|size| size <= reading::most()) {
        let bytes = match files::whole(cx, id).await {
            // Destroyed meanwhile: there is nothing to look through.
            Err(Error::Conflict(_)) => return Ok(()),
            other => other?,
        };
        reading::read(cx.core(), bytes).await?
    } else {
        Err(reading::too_large())
    };
    let looked = Looked::at(&name, &read);
    drop(read);
    let mut tx = cx.begin().await?;
    let deciding = match held::deciding(cx, &tx, id, "file.screen", Held::Waiting).await {
        // Taken back, or looked through by another.
        Err(Error::Stale(_) | Error::NotFound) => return Ok(()),
        other => other?,
    };
    let case = cases::get(tx.db(), &INCIDENT, row.thing.parse().map_err(Error::internal)?).await?;
    let outcome = looked.held();
    store::keep(cx, &tx, &case, id, &looked).await?;
    let entry =
        held::put(&tx, &deciding.file, "file.screen", outcome).await?.about("found", looked.count()).about("unread", looked.unread.len());
    if outcome.is_some() {
        notices::one::<Incidents>(cx, &mut tx, &case, row.account, "withheld")?;
    }
    cx.commit(tx, deciding.permit, [entry]).await
}

/// Decides about a file of an incident that is withheld, with a reason. `was` is why it is withheld, as far as whoever decides knows.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] before it was looked through; [`Error::Stale`] when it is withheld for another reason by now;
/// [`Error::NotFound`]; or a refusal.
pub async fn settle_file(cx: &Cx, case: Uuid, file: Uuid, was: Held, choice: Choice, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    // Before anything is locked: that it is a file of this incident.
    held::one(cx, INCIDENT.id, &case.to_string(), file).await?;
    if was == Held::Waiting {
        return Err(Error::conflict("file-held-not-yet"));
    }
    let tx = cx.begin().await?;
    let deciding = held::deciding(cx, &tx, file, "file.settle", was).await?;
    if deciding.file.row.superseded_by.is_some() {
        return Err(Error::conflict("file-held-replaced"));
    }
    let reason = reason.trim();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", Text::new("incident-file-reason-missing"));
    } else if reason.chars().count() > LONGEST {
        errors.add("reason", Text::new("error-too-long").with("max", LONGEST));
    }
    errors.or(())?;
    let case = cases::get(tx.db(), &INCIDENT, case).await?;
    let decided = Decided { choice, reason: reason.to_owned(), by, at: tx.now() };
    store::decided(cx, &tx, &case, file, &decided).await?;
    let entry = held::put(&tx, &deciding.file, "file.settle", choice.held())
        .await?
        .about("choice", choice.code())
        .body(json!({ "reason": reason }));
    cx.commit(tx, deciding.permit, [entry]).await
}

/// What was found in a file, in place: the entry says that it was looked at, before a word of it is given.
///
/// # Errors
/// Within, why it cannot be read. [`Error::NotFound`]; [`Error::Unavailable`] when the store does not answer; or a refusal.
pub async fn show_file(cx: &Cx, case: Uuid, file: Uuid) -> Result<std::result::Result<Vec<Excerpt>, reading::Why>> {
    let found = held::one(cx, INCIDENT.id, &case.to_string(), file).await?;
    if found.row().held().is_none() {
        return Err(Error::NotFound);
    }
    files::reveal(cx, file).await?;
    if !usize::try_from(found.row().size).is_ok_and(|size| size <= reading::most()) {
        return Ok(Err(reading::too_large()));
    }
    let read = reading::read(cx.core(), files::whole(cx, file).await?).await?;
    Ok(read.map(|read| excerpts(&read)))
}
