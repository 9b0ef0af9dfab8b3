//! Clearing bytes away that no row speaks of: uploads whose write did not come about, files taken back.

use futures_util::StreamExt as _;
use serde_json::Value;
use uuid::Uuid;

use super::rows;
use crate::clock::DAY;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::jobs::Working;

/// The kind of job that deletes the bytes of one file.
pub const ERASE: &str = "files.erase";
/// The kind of job that sweeps.
pub const SWEEP: &str = "files.sweep";
/// An upload may take so long before its bytes count as left behind. Ids tell when it began.
const GRACE: i64 = DAY;

/// Deletes the bytes of a file that was taken back, unless a row has them after all.
pub fn erase<'a>(cx: &'a Cx, _id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let id: Uuid = payload["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::bad_request("error-not-json"))?;
        if rows::unknown(cx.db(), &[id]).await?.is_empty() {
            return Ok(());
        }
        cx.core().files.store().delete(id).await
    })
}

/// Deletes what lies in the store for more than a day without a row.
pub fn sweep<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let store = cx.core().files.store();
        let stale = |id: Uuid| begun(id).is_some_and(|at| at < cx.now() - GRACE);
        let mut gone = store.sweep_parts(stale)?;
        let mut portions = store.ids().chunks(500);
        while let Some(portion) = portions.next().await {
            let ids: Vec<Uuid> = portion.into_iter().collect::<Result<Vec<_>>>()?.into_iter().filter(|id| stale(*id)).collect();
            for id in rows::unknown(cx.db(), &ids).await? {
                store.delete(id).await?;
                gone += 1;
            }
        }
        if gone > 0 {
            tracing::info!(gone, "bytes without a file were swept");
        }
        Ok(())
    })
}

/// When an id was made, in milliseconds; none for one that is not ours.
fn begun(id: Uuid) -> Option<i64> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1000)?.checked_add(i64::from(nanos / 1_000_000))
}
