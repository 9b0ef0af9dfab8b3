//! Excel workbooks: every sheet, hidden ones too, a line a row with tabs between its cells; comments and text boxes; files within.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};

use crate::{Error, FileKind, Out, Place, office};

/// Reads a workbook. Cells are given by their values: what a formula came to, a date as `2026-05-12`. A sheet keeps its columns, so that
/// what stands at the head of one still does.
pub(crate) fn read(out: &mut Out<'_>, bytes: &[u8], depth: usize) -> Result<(), Error> {
    let kind = FileKind::Xlsx;
    let broken = Error::Broken { kind };
    let mut zip = office::open(out, bytes, kind)?;
    if zip.index_for_name("xl/workbook.xml").is_none() {
        // The binary form of Excel.
        return Err(Error::Unknown);
    }
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| if matches!(error, XlsxError::Password) { Error::Locked } else { broken })?;
    for (sheet, name) in (1..).zip(book.sheet_names()) {
        out.mark(Place::Sheet { sheet, row: 0 });
        out.push(&name)?;
        out.push("\n")?;
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(_) => return Err(broken),
        };
        let (mut row, mut column) = (0, 0);
        out.mark(Place::Sheet { sheet, row: 1 });
        while let Some(cell) = cells.next_cell().map_err(|_| broken)? {
            let (at_row, at_column) = cell.get_position();
            if at_row != row {
                // Rows that are left out are one empty line: what stood at the head of the columns ends there.
                out.push(if at_row == row.saturating_add(1) { "\n" } else { "\n\n" })?;
                out.mark(Place::Sheet { sheet, row: at_row.saturating_add(1) });
                (row, column) = (at_row, 0);
            }
            while column < at_column {
                out.push("\t")?;
                column += 1;
            }
            value(out, cell.get_value())?;
        }
        out.push("\n\n")?;
    }
    // Notes, drawings and what else the workbook holds stands in no row.
    out.mark(Place::Beside);
    let names = office::names(&zip);
    office::parts(out, &mut zip, &names, kind, |name| {
        let said = name.starts_with("xl/comments") || name.starts_with("xl/threadedComments/") || name.starts_with("xl/drawings/");
        said && name.ends_with(".xml")
    })?;
    office::beside(out, &mut zip, &names, kind, depth)
}

fn value(out: &mut Out<'_>, value: &DataRef<'_>) -> Result<(), Error> {
    match value {
        DataRef::Int(number) => out.push(&number.to_string()),
        // Whole numbers in full: 16 digits of a card are a float here.
        DataRef::Float(number) => out.push(&number.to_string()),
        DataRef::String(text) => out.push(text),
        DataRef::SharedString(text) => out.push(text),
        DataRef::Bool(flag) => out.push(if *flag { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            out.push(&format!("{year:04}-{month:02}-{day:02}"))?;
            if (hour, minute, second) == (0, 0, 0) { Ok(()) } else { out.push(&format!(" {hour:02}:{minute:02}:{second:02}")) }
        }
        DataRef::DateTime(moment) => out.push(&moment.as_f64().to_string()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.push(text),
        DataRef::Error(_) | DataRef::Empty => Ok(()),
    }
}
