//! Reminding those who keep the terms of reviews that are due.

use platform::notices::Notice;
use platform::{Cx, Result};

use super::model::DATA_PROTECTION;
use super::store;
use crate::measure::{Review, horizon, reviewing};

/// Whom to remind of the reviews of terms today.
///
/// # Errors
/// When the database fails.
pub(crate) async fn reviews(cx: &Cx) -> Result<Vec<Notice>> {
    let rows = store::due_by(cx.db(), horizon(cx)).await?;
    let reviews = rows.into_iter().filter_map(|row| {
        let day = row.review_on.parse().ok()?;
        let path = format!("/data-protection/{}", row.id);
        Some(Review { about: (DATA_PROTECTION.kind, row.id), contract: row.contract, path, day })
    });
    reviewing(cx, reviews.collect()).await
}
