//! Lists of incidents taken out in VERIS, one document a line: those of ours, and those that others recorded.

use std::io::Write;

use platform::sheets::{Cell, List, Page};
use platform::{Cx, Error, Result};
use uuid::Uuid;

use super::{pages, store};
use crate::casework::Process as _;
use crate::incident::{self, Incidents};

/// The code of the format, as its entry has it.
pub const FORMAT: &str = "veris";

/// The list with this code, if it can be taken out in VERIS.
pub fn list(code: &str) -> Option<&'static List> {
    [Incidents::LIST, &pages::LIST].into_iter().find(|list| list.code == code)
}

/// Writes the incidents of `list`, searched and filtered as `query` says, into `out`, as far as the actor may see them; that, and how many they are.
/// The caller notes it with [`platform::sheets::note`] before it hands anything on.
///
/// # Errors
/// When the actor may not, or reading or writing fails.
pub async fn take<W: Write + Send>(cx: &Cx, list: &List, query: &str, mut out: W) -> Result<(W, u64)> {
    cx.permit("list.export", list)?;
    let id_at = (list.columns)().iter().position(|column| column.name == "id");
    let mut rows = 0;
    let mut address = if query.is_empty() { list.path.to_owned() } else { format!("{}?{query}", list.path) };
    loop {
        let Page { rows: page, next } = (list.read)(cx, &address).await?;
        for row in &page {
            let Some(Cell::Text(id)) = id_at.and_then(|at| row.get(at)) else { return Err(Error::internal("a row without an id")) };
            let document = document(cx, list, id.parse().map_err(Error::internal)?).await?;
            writeln!(out, "{document}").map_err(Error::internal)?;
            rows += 1;
        }
        match next {
            Some(next) if next != address => address = next,
            _ => return Ok((out, rows)),
        }
    }
}

async fn document(cx: &Cx, list: &List, id: Uuid) -> Result<String> {
    if list.code == Incidents::LIST.code {
        let of = incident::store::get(cx.db(), id).await?;
        cx.permit("incident.take_out", &of)?;
        return Ok(incident::veris::document(cx, &of).await?.to_string());
    }
    let row = store::get(cx.db(), id).await?;
    cx.permit("incident_record.take_out", &row)?;
    Ok(row.document)
}
