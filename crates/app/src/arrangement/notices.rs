//! Messages to the contract's manager and the supplier: work started, an approval nears its end, or no longer covers the work. Whom it concerns
//! is found when the message is written.

use platform::cases::people::{self, Recipient};
use platform::cx::{Cx, Tx};
use platform::jobs::{Job, Working};
use platform::notices::{self, Sort};
use platform::texts::Text;
use platform::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::store::{self, Arrangement};
use crate::contract;
use crate::party::model::SUPPLIER_ROLES;

/// The kind of the job.
pub const JOB: &str = "arrangement.notice";

#[derive(Debug, Serialize, Deserialize)]
struct Notice {
    arrangement: Uuid,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Reported,
    Started,
    Covered,
    Urgent,
    Ending,
    Uncovered,
    Stale,
}

/// Somebody reported it.
pub(super) fn reported(tx: &mut Tx, of: &Arrangement) -> Result<()> {
    ask(tx, of, What::Reported)
}

/// It has started.
pub(super) fn started(tx: &mut Tx, of: &Arrangement) -> Result<()> {
    ask(tx, of, What::Started)
}

/// How it stands to its approval is another than before.
pub(super) fn turned(tx: &mut Tx, of: &Arrangement) -> Result<()> {
    match of.row.cover.as_str() {
        "covered" => ask(tx, of, What::Covered),
        "urgent" => ask(tx, of, What::Urgent),
        "ending" => ask(tx, of, What::Ending),
        "uncovered" => ask(tx, of, What::Uncovered),
        "stale" => ask(tx, of, What::Stale),
        _ => Ok(()),
    }
}

/// Its approval nears its end.
pub(super) fn ending(tx: &mut Tx, of: &Arrangement) -> Result<()> {
    ask(tx, of, What::Ending)
}

fn ask(tx: &mut Tx, of: &Arrangement, what: What) -> Result<()> {
    tx.job(Job::new(JOB, serde_json::to_value(Notice { arrangement: of.row.id, what })?));
    Ok(())
}

/// Does a [`JOB`]: writes a message to each person whom it concerns, at most one each however often it is done.
pub(super) fn tell<'a>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let notice: Notice = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let of = store::get(cx.db(), notice.arrangement).await?;
        let mut told = supplier(cx, &of).await?;
        told.extend(contract::store::managers(cx, of.row.contract).await?);
        if told.is_empty() {
            return Ok(());
        }
        let titles = contract::store::titles(cx.db(), [of.row.contract]).await?;
        let title = titles.get(&of.row.contract).map_or("", String::as_str);
        let all = told.into_iter().map(|to| tells((id, &of, title), notice.what, to)).collect();
        notices::send_now(cx, all).await
    })
}

async fn supplier(cx: &Cx, of: &Arrangement) -> Result<Vec<Recipient>> {
    let mut parties = vec![of.row.party];
    parties.extend(of.lead);
    people::holders(cx, cx.db(), &SUPPLIER_ROLES, Some(&parties)).await
}

/// Mail travels in the open: it says under which contract something happened and where to read of it, never what the work is.
fn tells((id, of, contract): (Uuid, &Arrangement, &str), what: What, to: Recipient) -> notices::Notice {
    let (code, sort) = match what {
        What::Reported => ("reported", Sort::Other),
        What::Started => ("started", Sort::Other),
        What::Covered => ("covered", Sort::Other),
        What::Urgent => ("urgent", Sort::Other),
        What::Ending => ("ending", Sort::BeforeDue),
        What::Uncovered => ("uncovered", Sort::Late),
        What::Stale => ("stale", Sort::Other),
    };
    let day = of.row.covered_to.as_deref().and_then(|day| day.parse().ok()).map_or_else(String::new, platform::clock::day_text);
    let words = |id: String| Text::new(id).with("contract", contract).with("day", &day).say();
    notices::Notice {
        to,
        sort,
        key: id.to_string(),
        about: ("arrangement", of.row.id),
        subject: words(format!("arrangement-mail-{code}-subject")),
        text: words(format!("arrangement-mail-{code}")),
        path: format!("/arrangements/{}", of.row.id),
        gathered: false,
    }
}
