//! What was handed in of a form, as it may be shown.

use rules::form::FrozenDocument;

use crate::cases::Case;
use crate::cases::api::Asks;
use crate::cases::rounds::{self, Submission};
use crate::cx::Cx;
use crate::error::Result;

/// All rounds of a case, first to last, each with its document as it may be shown; none once that was destroyed.
///
/// # Errors
/// When the database fails or a document was changed behind our back.
pub async fn shown<C: Asks>(cx: &Cx, case: &Case) -> Result<Vec<(Submission, Option<FrozenDocument>)>> {
    let all = rounds::submissions(cx, cx.db(), case).await?;
    let opened = all.iter().filter_map(|one| one.document.as_deref()).map(FrozenDocument::from_bytes).collect::<Result<_, _>>()?;
    let mut shown = C::shown(cx, cx.db(), case, opened).await?.into_iter();
    let with = |one: Submission| {
        let document = one.document.as_ref().and_then(|_| shown.next());
        (one, document)
    };
    Ok(all.into_iter().map(with).collect())
}
