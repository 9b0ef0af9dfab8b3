//! Reads a workbook within bounds. Nothing of it is trusted: neither the sizes that it announces, nor the values that its formulas cached.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read as _};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};
use jiff::civil::{Date, DateTime, Time};
use tokio::sync::Semaphore;

use super::slots::Given;
use super::{CONTROL, FORMAT};
use crate::error::{Error, Result};
use crate::texts::Text;

/// The largest workbook, in bytes.
const MOST_BYTES: usize = 16 << 20;
/// The largest that it may become when it is unpacked.
const MOST_UNPACKED: u64 = 64 << 20;
/// Most files within one.
const MOST_PARTS: usize = 1_000;
/// Most rows of a sheet that we read.
const MOST_ROWS: u32 = 20_000;
/// Most columns of one.
const MOST_COLUMNS: u32 = 1_000;
/// Most cells of all sheets that are read.
const MOST_CELLS: usize = 300_000;
/// Most sheets.
const MOST_SHEETS: usize = 200;
/// Workbooks being read at a time.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// A workbook as read.
#[derive(Debug, Default)]
pub struct Book {
    pub(super) sheets: BTreeMap<String, Sheet>,
}

/// A sheet of it, by row and column from 0.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) cells: BTreeMap<(u32, u32), Cell>,
    /// Cells that are joined: first and last.
    pub(super) merged: Vec<((u32, u32), (u32, u32))>,
}

/// A cell that holds something.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) given: Option<Given>,
    pub(super) formula: bool,
}

impl Sheet {
    /// What a cell says as text, for headings and ids.
    pub(super) fn text(&self, row: u32, column: u32) -> Option<String> {
        match self.cells.get(&(row, column))?.given.as_ref()? {
            Given::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Given::Number(number) if number.fract() == 0.0 => Some(format!("{number:.0}")),
            _ => None,
        }
    }

    /// The last row that holds anything.
    pub(super) fn last_row(&self) -> u32 {
        self.cells.last_key_value().map_or(0, |((row, _), _)| *row)
    }
}

fn refused(id: &'static str) -> Error {
    Error::field("file", Text::new(id))
}

/// Reads a workbook.
///
/// # Errors
/// [`Error::Invalid`] at `file`, saying what to do: it is none, it is too large, it has too many rows.
pub async fn open(bytes: Vec<u8>) -> Result<Book> {
    let _turn = AT_WORK.acquire().await.map_err(Error::internal)?;
    // Whatever goes wrong in there with a file that somebody made up, it is the file's fault.
    tokio::task::spawn_blocking(move || read(bytes)).await.unwrap_or_else(|_| Err(refused("workbook-not-one")))
}

/// The same, in place.
pub(super) fn read(bytes: Vec<u8>) -> Result<Book> {
    if bytes.len() > MOST_BYTES {
        return Err(Error::field("file", Text::new("workbook-too-large").with("mib", MOST_BYTES >> 20)));
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        // The older form, or one that is locked with a password.
        return Err(refused("workbook-old"));
    }
    if !bytes.starts_with(b"PK") {
        return Err(refused("workbook-not-one"));
    }
    unpacks(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| refused("workbook-not-one"))?;
    let names = book.sheet_names();
    if !names.iter().any(|name| name == CONTROL) {
        return Err(refused("workbook-not-ours"));
    }
    if names.len() > MOST_SHEETS {
        return Err(Error::field("file", Text::new("workbook-many-sheets").with("most", MOST_SHEETS)));
    }
    let mut found = Book::default();
    let mut left = MOST_CELLS;
    for name in names {
        let sheet = sheet(&mut book, &name, &mut left)?;
        found.sheets.insert(name, sheet);
    }
    if found.sheets.get(CONTROL).and_then(|control| control.text(0, 0)).as_deref() != Some(FORMAT) {
        return Err(refused("workbook-not-ours"));
    }
    Ok(found)
}

/// Unpacks every part into nothing, counting: what a part announces may be a lie.
fn unpacks(bytes: &[u8]) -> Result<()> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refused("workbook-not-one"))?;
    let too_much = || Error::field("file", Text::new("workbook-unpacked").with("mib", MOST_UNPACKED >> 20));
    if zip.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = MOST_UNPACKED;
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(|_| refused("workbook-not-one"))?;
        let taken = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| refused("workbook-not-one"))?;
        left = left.checked_sub(taken).ok_or_else(too_much)?;
    }
    Ok(())
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, left: &mut usize) -> Result<Sheet> {
    let mut found = Sheet::default();
    let shown = || name.chars().take(60).collect::<String>();
    let broken = || Error::field("file", Text::new("workbook-sheet-broken").with("sheet", shown()));
    match book.worksheet_cells_reader(name) {
        Ok(mut cells) => {
            while let Some(record) = cells.next_cell_with_formula_metadata().map_err(|_| broken())? {
                let (row, column) = record.pos;
                let formula = record.formula.is_some();
                let given = given(&record.value);
                if given.is_none() && !formula {
                    continue;
                }
                if row >= MOST_ROWS {
                    let text = Text::new("workbook-many-rows").with("sheet", shown()).with("most", MOST_ROWS);
                    return Err(Error::field("file", text));
                }
                if column >= MOST_COLUMNS || *left == 0 {
                    let text = Text::new("workbook-many-cells").with("sheet", shown());
                    return Err(Error::field("file", text));
                }
                *left -= 1;
                found.cells.insert((row, column), Cell { given, formula });
            }
        }
        // A sheet that is a chart has no cells.
        Err(_) => return Ok(found),
    }
    let merged = book.merge_cells_by_sheet_name(name).map_err(|_| broken())?;
    found.merged = merged.iter().map(|joined| (joined.start, joined.end)).collect();
    Ok(found)
}

fn given(value: &DataRef<'_>) -> Option<Given> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Given::Text(text.to_owned()));
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(n) => Given::Number(*n as f64),
        DataRef::Float(n) => Given::Number(*n),
        DataRef::String(s) => return text(s),
        DataRef::SharedString(s) => return text(s),
        DataRef::Bool(b) => Given::Truth(*b),
        DataRef::Error(e) => Given::Error(e.to_string()),
        DataRef::DateTimeIso(s) => match (s.trim_end_matches('Z').parse::<DateTime>(), s.get(..10).and_then(|day| day.parse().ok())) {
            (Ok(at), _) => self::moment(at.date(), at.time()),
            (Err(_), Some(day)) => Given::Day(day),
            (Err(_), None) => Given::Text(s.clone()),
        },
        DataRef::DurationIso(s) => Given::Text(s.clone()),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let number = moment.as_f64();
            match shown(moment) {
                // Less than a day since days began: a time by itself.
                Some((_, time)) if (0.0..1.0).contains(&number) => Given::Time(time),
                Some((day, time)) => self::moment(day, time),
                None => Given::Number(number),
            }
        }
        DataRef::DateTime(moment) => Given::Number(moment.as_f64()),
    })
}

/// A day; with its time, unless that is the day's beginning, as every day has that says no time.
fn moment(day: Date, time: Time) -> Given {
    if time == Time::midnight() { Given::Day(day) } else { Given::Moment(day, time) }
}

/// The day and the minute that a spreadsheet shows for a moment; nothing for the days that only spreadsheets have.
fn shown(moment: &ExcelDateTime) -> Option<(Date, Time)> {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let small = |part: u8| i8::try_from(part).ok();
    let day = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    Some((day, Time::new(small(hour)?, small(minute)?, 0, 0).ok()?))
}
