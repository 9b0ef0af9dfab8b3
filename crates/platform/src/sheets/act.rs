//! Taking a list out, and the entry that says so.

use std::io::{self, Write};

use serde_json::json;
use tokio::sync::Semaphore;

use super::write::{About, Format, Sheet};
use super::{List, Page};
use crate::cx::{Cx, Entry};
use crate::error::{Error, Result};
use crate::texts;

/// Lists being written at a time: each may fill its bound.
static AT_WORK: Semaphore = Semaphore::const_new(2);
/// The largest file that a page gives, in bytes: it is held in memory until its entry is written.
const MOST: usize = 48 << 20;

/// A list taken out.
#[derive(Debug)]
pub struct Made {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its rows.
    pub rows: u64,
}

/// Takes `list` out with the search and filters of `query`, as far as the actor may see it, and notes it in the ledger before anything is
/// handed on.
///
/// # Errors
/// When the actor may not, or reading fails; [`Error::Conflict`] when the file would be too large.
pub async fn take(cx: &Cx, list: &List, query: &str, format: Format) -> Result<Made> {
    cx.permit("list.export", list)?;
    let _turn = AT_WORK.acquire().await.map_err(Error::internal)?;
    let (out, rows) = write(cx, list, query, format, Bounded(Vec::new())).await?;
    note(cx, list, query, format.code(), rows).await?;
    let day = cx.core().clock.today();
    Ok(Made { name: format!("{}-{day}.{}", list.code, format.code()), bytes: out.0, rows })
}

/// Writes `list` page by page into `out`; that, and how many rows it was. The caller notes it with [`note`].
///
/// # Errors
/// When the actor may not, or reading or writing fails.
pub async fn write<W: Write + Send>(cx: &Cx, list: &List, query: &str, format: Format, out: W) -> Result<(W, u64)> {
    cx.permit("list.export", list)?;
    let by = cx.actor.account().map_or_else(|| cx.actor.reference().0.to_owned(), |account| account.name.clone());
    let filter = without_place(query);
    let title = texts::t(list.title);
    let about = About { code: list.code, title, filter: filter.clone(), made_at: cx.now(), by };
    let mut sheet = Sheet::begin(format, (list.columns)(), about, &cx.core().clock, out)?;
    let mut address = if filter.is_empty() { list.path.to_owned() } else { format!("{}?{filter}", list.path) };
    loop {
        let Page { rows, next } = (list.read)(cx, &address).await?;
        for row in &rows {
            sheet.row(row)?;
        }
        match next {
            Some(next) if next != address => address = next,
            _ => break,
        }
    }
    sheet.finish()
}

/// Notes in the ledger that so many rows of `list` were taken out, in the format of this code.
///
/// # Errors
/// When the actor may not, or the database fails.
pub async fn note(cx: &Cx, list: &List, query: &str, format: &str, rows: u64) -> Result<()> {
    let tx = cx.begin().await?;
    let permit = cx.permit("list.export", list)?;
    let entry = Entry::on("list.export", list).about("format", format).about("rows", rows);
    let entry = entry.body(json!({ "filter": without_place(query) }));
    cx.commit(tx, permit, [entry]).await
}

/// A query without the place in the list: the file begins with the first row.
fn without_place(query: &str) -> String {
    let kept =
        url::form_urlencoded::parse(query.as_bytes()).filter(|(name, value)| name != "after" && name != "before" && !value.is_empty());
    let short = kept.map(|(name, value)| (name.chars().take(50).collect::<String>(), value.chars().take(200).collect::<String>())).take(20);
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(short).finish()
}

/// Bytes in memory up to [`MOST`].
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
