//! The three forms of a file: CSV, XLSX, JSON, written row by row.

use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook, XlsxError};
use serde_json::{Map, Value, json};

use super::{Cell, Column, Kind};
use crate::clock::{Clock, Millis, timestamp};
use crate::error::{Error, Result};
use crate::t;

/// Most characters of a cell in a workbook.
const MOST_IN_CELL: usize = 32_000;
/// Most rows of a workbook: it is made in memory.
pub(super) const MOST_IN_WORKBOOK: u64 = 100_000;
/// The largest whole number that a workbook holds exactly.
const EXACT: i64 = 1 << 53;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), UTF-8.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// One JSON document.
    Json,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// Its code, and the end of the file's name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The form with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == code)
    }

    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

/// What a file says of itself.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) code: &'static str,
    pub(super) title: String,
    pub(super) filter: String,
    pub(super) made_at: Millis,
    pub(super) by: String,
}

/// A file being written.
pub(super) struct Sheet<W: Write + Send> {
    columns: Vec<Column>,
    about: About,
    clock: Clock,
    rows: u64,
    into: Into<W>,
}

enum Into<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Json(W),
    Xlsx(Box<Workbook>, W),
}

fn fault(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::FileTooLarge { Error::conflict("list-too-large") } else { Error::internal(error) }
}

fn csv_fault(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => fault(&error),
        other => Error::internal(format!("{other:?}")),
    }
}

fn book_fault(error: XlsxError) -> Error {
    Error::internal(error)
}

impl<W: Write + Send> Sheet<W> {
    pub(super) fn begin(format: Format, columns: Vec<Column>, about: About, clock: &Clock, mut out: W) -> Result<Self> {
        let clock = clock.clone();
        let into = match format {
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                writer.write_record(heads(&columns).iter().map(|(head, _)| guarded(head))).map_err(csv_fault)?;
                Into::Csv(Box::new(writer))
            }
            Format::Json => {
                let left_out: Vec<&str> = columns.iter().filter(|c| c.sealed).map(|c| c.name.as_str()).collect();
                let head = json!({
                    "list": about.code, "made_at": timestamp(about.made_at).to_string(), "filter": about.filter, "left_out": left_out,
                });
                let text = head.to_string();
                // The rows follow within the same object.
                out.write_all(text.trim_end_matches('}').as_bytes()).and_then(|()| out.write_all(b",\"rows\":[")).map_err(|e| fault(&e))?;
                Into::Json(out)
            }
            Format::Xlsx => Into::Xlsx(Box::new(workbook(&columns, &about.title)?), out),
        };
        Ok(Self { columns, about, clock, rows: 0, into })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if cells.len() != self.columns.len() {
            return Err(Error::internal(format!("a row of the list {} has the wrong number of cells", self.about.code)));
        }
        match &mut self.into {
            Into::Csv(writer) => {
                for (cell, column) in cells.iter().zip(&self.columns) {
                    for field in csv_fields(cell, column, &self.clock) {
                        writer.write_field(field).map_err(csv_fault)?;
                    }
                }
                writer.write_record(None::<&[u8]>).map_err(csv_fault)?;
            }
            Into::Json(out) => {
                let object: Map<String, Value> =
                    self.columns.iter().zip(cells).map(|(c, cell)| (c.name.clone(), json_value(c, cell))).collect();
                let before: &[u8] = if self.rows == 0 { b"\n" } else { b",\n" };
                out.write_all(before).and_then(|()| out.write_all(Value::Object(object).to_string().as_bytes())).map_err(|e| fault(&e))?;
            }
            Into::Xlsx(book, _) => {
                if self.rows >= MOST_IN_WORKBOOK {
                    return Err(Error::conflict("list-too-large"));
                }
                let row = u32::try_from(self.rows + 1).map_err(Error::internal)?;
                book_row(book, row, cells, &self.columns, &self.clock)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends the file; what it was written into, and how many rows it has.
    pub(super) fn finish(self) -> Result<(W, u64)> {
        let rows = self.rows;
        let out = match self.into {
            Into::Csv(writer) => writer.into_inner().map_err(|e| fault(e.error()))?,
            Into::Json(mut out) => {
                out.write_all(b"\n]}\n").map_err(|e| fault(&e))?;
                out
            }
            Into::Xlsx(mut book, mut out) => {
                about_sheet(&mut book, &self.about, &self.columns, rows, &self.clock)?;
                let bytes = book.save_to_buffer().map_err(book_fault)?;
                out.write_all(&bytes).map_err(|e| fault(&e))?;
                out
            }
        };
        Ok((out, rows))
    }
}

/// The headings of the columns as written: an amount has one for its currency beside it.
fn heads(columns: &[Column]) -> Vec<(String, Kind)> {
    let mut heads = Vec::new();
    for column in columns {
        let label = if column.sealed { t!("list-sealed", label = &column.label) } else { column.label.clone() };
        heads.push((label.clone(), column.kind));
        if column.kind == Kind::Money {
            heads.push((t!("list-currency", label = label), Kind::Text));
        }
    }
    heads
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it: whoever opens the file must not run what a stranger
/// typed into a form.
pub(super) fn guarded(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\'' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

fn csv_fields(cell: &Cell, column: &Column, clock: &Clock) -> Vec<String> {
    let one = match cell {
        _ if column.sealed => String::new(),
        Cell::Blank => String::new(),
        Cell::Text(text) | Cell::Code(_, text) => guarded(text),
        Cell::Number(n) => n.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Moment(at) => timestamp(*at).to_zoned(clock.zone().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Cell::Money(minor, currency) => return vec![decimal(*minor), guarded(currency)],
    };
    if column.kind == Kind::Money { vec![one, String::new()] } else { vec![one] }
}

/// An amount with its two decimals.
fn decimal(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.unsigned_abs() / 100, minor.unsigned_abs() % 100)
}

fn json_value(column: &Column, cell: &Cell) -> Value {
    match cell {
        _ if column.sealed => Value::Null,
        Cell::Blank => Value::Null,
        Cell::Text(text) | Cell::Code(text, _) => text.as_str().into(),
        Cell::Number(n) => (*n).into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Moment(at) => timestamp(*at).to_string().into(),
        Cell::Money(minor, currency) => json!({ "minor": minor, "currency": currency }),
    }
}

fn workbook(columns: &[Column], title: &str) -> Result<Workbook> {
    let mut book = Workbook::new();
    // Names of sheets are short and have no punctuation.
    let name: String = title.chars().filter(|c| c.is_alphanumeric() || *c == ' ').take(31).collect();
    let sheet = book.add_worksheet();
    sheet.set_name(if name.trim().is_empty() { "List" } else { name.trim() }).map_err(book_fault)?;
    sheet.set_freeze_panes(1, 0).map_err(book_fault)?;
    let bold = Style::new().set_bold().set_text_wrap();
    for (at, (head, kind)) in heads(columns).iter().enumerate() {
        let at = u16::try_from(at).map_err(Error::internal)?;
        sheet.write_string_with_format(0, at, head, &bold).map_err(book_fault)?;
        sheet.set_column_width(at, if *kind == Kind::Text { 24 } else { 14 }).map_err(book_fault)?;
    }
    Ok(book)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_IN_CELL) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn book_row(book: &mut Workbook, row: u32, cells: &[Cell], columns: &[Column], clock: &Clock) -> Result<()> {
    let sheet = book.worksheet_from_index(0).map_err(book_fault)?;
    let mut at = 0_u16;
    for (cell, column) in cells.iter().zip(columns) {
        match cell {
            _ if column.sealed => {}
            Cell::Blank => {}
            Cell::Text(text) | Cell::Code(_, text) => drop(sheet.write_string(row, at, cut(text)).map_err(book_fault)?),
            Cell::Number(n) if n.abs() <= EXACT => drop(sheet.write_number(row, at, *n as f64).map_err(book_fault)?),
            Cell::Number(n) => drop(sheet.write_string(row, at, n.to_string()).map_err(book_fault)?),
            Cell::Date(date) => {
                let day = u16::try_from(date.year()).ok().and_then(|year| {
                    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
                    ExcelDateTime::from_ymd(year, month, day).ok()
                });
                let style = Style::new().set_num_format("yyyy-mm-dd");
                match day {
                    Some(day) => drop(sheet.write_datetime_with_format(row, at, &day, &style).map_err(book_fault)?),
                    // Workbooks know no day before 1900.
                    None => drop(sheet.write_string(row, at, date.to_string()).map_err(book_fault)?),
                }
            }
            Cell::Moment(moment) => {
                let style = Style::new().set_num_format("yyyy-mm-dd hh:mm:ss");
                let text = timestamp(*moment).to_zoned(clock.zone().clone()).strftime("%Y-%m-%dT%H:%M:%S").to_string();
                match ExcelDateTime::parse_from_str(&text) {
                    Ok(moment) => drop(sheet.write_datetime_with_format(row, at, &moment, &style).map_err(book_fault)?),
                    Err(_) => drop(sheet.write_string(row, at, text).map_err(book_fault)?),
                }
            }
            Cell::Money(minor, currency) => {
                let style = Style::new().set_num_format("#,##0.00");
                if minor.abs() <= EXACT {
                    sheet.write_number_with_format(row, at, *minor as f64 / 100.0, &style).map_err(book_fault)?;
                } else {
                    sheet.write_string(row, at, decimal(*minor)).map_err(book_fault)?;
                }
                sheet.write_string(row, at + 1, currency).map_err(book_fault)?;
            }
        }
        at += if column.kind == Kind::Money { 2 } else { 1 };
    }
    Ok(())
}

/// The second sheet: what the first one is.
fn about_sheet(book: &mut Workbook, about: &About, columns: &[Column], rows: u64, clock: &Clock) -> Result<()> {
    let left_out: Vec<&str> = columns.iter().filter(|c| c.sealed).map(|c| c.label.as_str()).collect();
    let sheet = book.add_worksheet();
    sheet.set_name(t!("list-about")).map_err(book_fault)?;
    sheet.set_column_width(0, 24).and_then(|sheet| sheet.set_column_width(1, 60)).map_err(book_fault)?;
    let lines = [
        (t!("list-about-list"), about.title.clone()),
        (t!("list-about-made"), clock.moment_text(about.made_at)),
        (t!("list-about-by"), about.by.clone()),
        (t!("list-about-filter"), about.filter.clone()),
        (t!("list-about-rows"), rows.to_string()),
        (t!("list-about-left-out"), left_out.join(", ")),
    ];
    for (row, (key, value)) in lines.iter().enumerate() {
        let row = u32::try_from(row).map_err(Error::internal)?;
        sheet.write_string(row, 0, key).and_then(|sheet| sheet.write_string(row, 1, cut(value))).map_err(book_fault)?;
    }
    Ok(())
}
