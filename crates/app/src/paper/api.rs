//! Papers for programs: what lists of later features hold, and the check that anybody makes.

use platform::api::{Api, Area, Call, Op};
use platform::authz::Guarded;
use platform::clock::timestamp;
use platform::texts::Text;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Code;
use super::{pages, store};

/// The routes.
pub(super) fn routes() -> Api {
    Api::new().add(Op::post("papers.check", "/api/v1/papers/check", Area::Public).takes::<Checking>().answers::<Genuine>(), check)
}

/// A paper.
#[derive(Serialize, ToSchema)]
pub(crate) struct Paper {
    /// Its id.
    id: Uuid,
    /// Its kind.
    kind: String,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// Its length in bytes.
    size: i64,
}

/// The papers about a thing, newest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn papers_of(cx: &Cx, on: &impl Guarded) -> Result<Vec<Paper>> {
    let rows = store::about(cx, on).await?;
    Ok(rows.into_iter().map(|r| Paper { id: r.id, kind: r.kind, made_at: timestamp(r.made_at).to_string(), size: r.size }).collect())
}

/// The code on a paper.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Checking {
    /// As it stands there; blanks and dashes do not matter.
    #[schema(max_length = 100)]
    code: String,
}

/// What whoever holds a genuine paper may compare with it.
#[derive(Serialize, ToSchema)]
struct Genuine {
    /// Its kind.
    kind: String,
    /// The reference.
    reference: String,
    /// The day on which it was made.
    #[schema(format = Date)]
    made_on: String,
    /// The edition of its policy.
    edition: String,
    /// The ledger entry that it bears witness to.
    entry: i64,
    /// SHA-256 of the PDF.
    sha256: String,
}

async fn check(call: Call) -> Answer {
    let code = Code::read(&call.body::<Checking>()?.code).ok_or_else(|| Error::field("code", Text::new("papers-code-malformed")))?;
    let row = pages::found(&call.visit, &code).await?.ok_or_else(|| Error::field("code", Text::new("papers-code-unknown")))?;
    let genuine = Genuine {
        kind: row.kind,
        reference: row.reference,
        made_on: call.cx.core().clock.date_of(row.made_at).to_string(),
        edition: row.edition,
        entry: row.entry,
        sha256: row.sha256,
    };
    call.found(&genuine, None)
}
