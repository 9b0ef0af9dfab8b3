//! Workbooks as people change them: every cell of one, and another one like it with some cells otherwise.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::Workbook;

/// The cells of a workbook as texts, sheet by sheet.
#[derive(Debug, Clone)]
pub struct Book(pub Vec<(String, Vec<Cell>)>);

/// Row and column, both from 0, and what stands there.
pub type Cell = ((u32, u32), String);

/// The name of a cell: `G12`.
pub fn cell_name(row: u32, column: u32) -> String {
    assert!(column < 26, "a column of two letters");
    format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1)
}

impl Book {
    /// Reads one.
    pub fn read(bytes: &[u8]) -> Self {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
        let mut sheets = Vec::new();
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name).unwrap();
            let start = range.start().unwrap_or((0, 0));
            let mut cells = Vec::new();
            for (row, column, data) in range.used_cells() {
                let text = match data {
                    Data::DateTime(moment) => {
                        let (year, month, day, ..) = moment.to_ymd_hms_milli();
                        format!("{year:04}-{month:02}-{day:02}")
                    }
                    other => other.to_string(),
                };
                let (row, column) = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
                cells.push(((start.0 + row, start.1 + column), text));
            }
            sheets.push((name, cells));
        }
        Self(sheets)
    }

    /// The same without a sheet.
    #[must_use]
    pub fn without(&self, sheet: &str) -> Self {
        Self(self.0.iter().filter(|(name, _)| name != sheet).cloned().collect())
    }

    /// Whether any cell says `text`.
    pub fn says(&self, text: &str) -> bool {
        self.0.iter().flat_map(|(_, cells)| cells).any(|(_, said)| said.contains(text))
    }

    /// The cell for the answer to a question on the sheet of answers.
    pub fn answer(&self, id: &str) -> String {
        let (_, cells) = self.0.iter().find(|(name, _)| name == "Answers").unwrap();
        let found = cells.iter().find(|((_, column), text)| *column == 1 && text == id);
        cell_name(found.unwrap_or_else(|| panic!("no question {id}")).0.0, 6)
    }

    /// What a cell says; blank when it is empty.
    pub fn said(&self, sheet: &str, cell: &str) -> String {
        let (_, cells) = self.0.iter().find(|(name, _)| name == sheet).unwrap_or_else(|| panic!("no sheet {sheet}"));
        cells
            .iter()
            .find(|((row, column), _)| *column < 26 && cell_name(*row, *column) == cell)
            .map_or_else(String::new, |(_, text)| text.clone())
    }

    /// A workbook like this one, with cells by sheet and name put in their place; `None` empties one; what begins with `=` is a formula.
    pub fn with(&self, changes: &[(&str, &str, Option<&str>)]) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, cells) in &self.0 {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            let changed = |at: (u32, u32)| at.1 < 26 && changes.iter().any(|(s, c, _)| s == name && *c == cell_name(at.0, at.1));
            for (at, text) in cells.iter().filter(|(at, _)| !changed(*at)) {
                sheet.write_string(at.0, u16::try_from(at.1).unwrap(), text).unwrap();
            }
            for (_, cell, text) in changes.iter().filter(|(s, _, text)| s == name && text.is_some()) {
                let column = u16::from(cell.as_bytes()[0] - b'A');
                let row = cell[1..].parse::<u32>().unwrap() - 1;
                let text = text.unwrap();
                match text.parse::<f64>() {
                    Ok(number) => drop(sheet.write_number(row, column, number).unwrap()),
                    Err(_) if text.starts_with('=') => drop(sheet.write_formula(row, column, text).unwrap()),
                    Err(_) => drop(sheet.write_string(row, column, text).unwrap()),
                }
            }
        }
        book.save_to_buffer().unwrap()
    }
}
