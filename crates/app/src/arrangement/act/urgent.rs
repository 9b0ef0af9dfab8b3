//! Work that an urgent approval brought along, once another approval takes that one's place.

use platform::Result;
use platform::cases::Case;
use platform::cx::{Cx, Entry, Tx};
use platform::register::differences;
use serde_json::{json, to_value};
use uuid::Uuid;

use super::about;
use crate::arrangement::cover::mark_of;
use crate::arrangement::store;
use crate::contract;
use crate::offshoring::scope::Scope;
use crate::offshoring::store as proposals;

/// Leads the work of a case from its urgent approval to the one that takes its place: it is at the same site of the new scope, wherever that stands
/// among the others now, and lasts as long as the new one does, unless somebody said otherwise meanwhile. What changed has an entry.
pub(super) async fn carry(cx: &Cx, tx: &Tx, case: &Case, urgent: Uuid, (scope, to): (&Scope, &str)) -> Result<Vec<Entry>> {
    let (Some(contract), Some(then)) = (case.contract, proposals::urgent_scope(cx, tx.db(), case, urgent).await?) else {
        return Ok(Vec::new());
    };
    let until = proposals::one_urgent(tx.db(), urgent).await?.until.to_string();
    contract::store::lock_row(tx.db(), contract).await?;
    let mut entries = Vec::new();
    for row in store::open_under(tx.db(), contract).await?.into_iter().filter(|row| row.origin == Some(case.id)) {
        let mut after = row.clone();
        if let Some(at) = row.at.and_then(|at| usize::try_from(at).ok()) {
            let mark = then.sites.get(at).map(mark_of);
            let now = scope.sites.iter().position(|site| Some(mark_of(site)) == mark);
            after.at = now.and_then(|at| i32::try_from(at).ok());
        }
        if row.to == until {
            to.clone_into(&mut after.to);
        }
        if after == row {
            continue;
        }
        let changes = differences(&to_value(row.details()?)?, &to_value(after.details()?)?);
        store::update(tx.db(), &after, row.version).await?;
        let of = store::get(tx.db(), row.id).await?;
        entries.push(about("arrangement.carry", &of).about("approval", case.id).body(json!({ "changes": changes })));
    }
    Ok(entries)
}
