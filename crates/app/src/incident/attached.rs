//! What was sent to the regulator, as files (SEC-27): attached to the record of what becomes of an incident before it, to the round that tells of the
//! sending. They are read by those who read that record, added by whoever records what was sent, and are nowhere among the files of the incident.

use std::collections::BTreeMap;

use platform::cases::Case;
use platform::cases::store as cases;
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Naming, Subject};
use platform::{Error, Result, t};
use uuid::Uuid;

use super::model::{INCIDENT, Incidents};
use super::regulator::{KIND, Record};
use super::store::regulator as store;
use crate::casework::at;

/// What was sent has files.
pub const FILES: Kind = Kind { kind: KIND, view: "regulator.view", find, fields: Some(fields) };

/// Where the files of a round are.
pub(super) fn field(round: i32) -> String {
    format!("sent.{round}")
}

/// The incident with this id, if the actor may read of the regulator; to all others nothing is there.
async fn seen(cx: &Cx, tx: Option<&Tx>, id: &str) -> Result<Case> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let case = match tx {
        Some(tx) => cases::lock(tx, &INCIDENT, id).await?,
        None => cases::get(cx.db(), &INCIDENT, id).await?,
    };
    cx.core().authz.check(&cx.actor, "regulator.view", &Record::of(&case))?;
    Ok(case)
}

fn find<'a>(cx: &'a Cx, tx: Option<&'a Tx>, id: &'a str, at_field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        let case = seen(cx, tx, id).await?;
        if let Some(at_field) = at_field {
            let sent = match tx {
                Some(tx) => store::sent(tx.db(), case.id).await?,
                None => store::sent(cx.db(), case.id).await?,
            };
            if !sent.into_iter().any(|round| field(round) == at_field) {
                return Err(Error::NotFound);
            }
        }
        let title = t!("regulator-files", reference = case.reference.as_deref().unwrap_or(&case.title));
        let subject = Subject::settled(&Record::of(&case), "regulator.attach", None, title, at::<Incidents>(&case, "regulator"));
        // Each belongs to something that was sent.
        let add = subject.add.filter(|_| at_field.is_some());
        Ok(Subject { internal: true, add, ..subject })
    })
}

fn fields<'a>(cx: &'a Cx, id: &'a str) -> Naming<'a> {
    Box::pin(async move {
        let case = seen(cx, None, id).await?;
        let named = |(nth, round): (usize, i32)| {
            let says = if nth == 0 { t!("regulator-files-first") } else { t!("regulator-files-further", no = round) };
            (field(round), says)
        };
        let sent = store::sent(cx.db(), case.id).await?;
        Ok(sent.into_iter().enumerate().map(named).collect::<BTreeMap<_, _>>())
    })
}
