//! What is written is what is read back by others, and no cell is ever a formula.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

use super::write::{About, Sheet, guarded};
use super::{Cell, Column, Format, Kind};
use crate::clock::Clock;

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "Name", Kind::Text),
        Column::new("people", "People", Kind::Number),
        Column::new("from", "From", Kind::Date),
        Column::new("made", "Made", Kind::Moment),
        Column::new("value", "Value", Kind::Money),
        Column { sealed: true, ..Column::new("secret", "Secret", Kind::Text) },
        Column::new("state", "State", Kind::Text),
    ]
}

fn row(name: &str) -> Vec<Cell> {
    vec![
        Cell::Text(name.to_owned()),
        Cell::Number(-7),
        Cell::Date(date(2026, 3, 1)),
        Cell::Moment(1_782_900_000_000),
        Cell::Money(-125_050, "GBP".into()),
        Cell::Text("hush".into()),
        Cell::Code("in_use".into(), "In use".into()),
    ]
}

fn made(format: Format, rows: &[Vec<Cell>]) -> Vec<u8> {
    let clock = Clock::by_hand("2026-11-27T03:00:00Z".parse().unwrap(), jiff::tz::TimeZone::get("Europe/London").unwrap());
    let about = About { code: "boats", title: "Boats & more".into(), filter: "q=x".into(), made_at: clock.now(), by: "Ada".into() };
    let mut sheet = Sheet::begin(format, columns(), about, &clock, Vec::new()).unwrap();
    for row in rows {
        sheet.row(row).unwrap();
    }
    let (bytes, count) = sheet.finish().unwrap();
    assert_eq!(count, rows.len() as u64);
    assert!(!String::from_utf8_lossy(&bytes).contains("hush"), "what is sealed is left out");
    bytes
}

fn blank() -> Vec<Cell> {
    columns().iter().map(|_| Cell::Blank).collect()
}

fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn csv_holds_days_numbers_and_money_as_such() {
    let bytes = made(Format::Csv, &[row("Tern, \"old\"\nboat"), blank()]);
    assert!(bytes.windows(2).any(|pair| pair == b"\r\n"));
    let read = records(&bytes);
    assert_eq!(read[0], ["Name", "People", "From", "Made", "Value", "Value: currency", "Secret (sealed, left out)", "State"]);
    assert_eq!(read[1], ["Tern, \"old\"\nboat", "-7", "2026-03-01", "2026-07-01T11:00:00+01:00", "-1250.50", "GBP", "", "In use"]);
    assert_eq!(read[2], [""; 8]);
}

#[test]
fn no_cell_of_a_csv_is_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "＝1"] {
        assert_eq!(guarded(text), format!("'{text}"));
    }
    assert_eq!(guarded("Tern = boat"), "Tern = boat");
    assert_eq!(guarded(""), "");
}

#[test]
fn json_holds_codes_and_says_what_is_left_out() {
    let read: Value = serde_json::from_slice(&made(Format::Json, &[row("Tern"), blank()])).unwrap();
    assert_eq!((&read["list"], &read["filter"], &read["left_out"]), (&"boats".into(), &"q=x".into(), &serde_json::json!(["secret"])));
    let first = &read["rows"][0];
    assert_eq!(first["state"], "in_use");
    assert_eq!(first["value"], serde_json::json!({ "minor": -125_050, "currency": "GBP" }));
    assert_eq!((&first["people"], &first["from"], &first["secret"]), (&(-7).into(), &"2026-03-01".into(), &Value::Null));
    assert!(read["rows"][1]["name"].is_null());
    let none: Value = serde_json::from_slice(&made(Format::Json, &[])).unwrap();
    assert_eq!(none["rows"], serde_json::json!([]));
}

#[test]
fn a_workbook_is_read_back_with_its_types() {
    let bytes = made(Format::Xlsx, &[row("=1+1"), blank()]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Boats  more", "About"]);
    let sheet = book.worksheet_range("Boats  more").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(cell(0, 5), Data::String("Value: currency".into()));
    assert_eq!(cell(1, 0), Data::String("=1+1".into()), "text, not a formula");
    assert_eq!(cell(1, 1), Data::Float(-7.0));
    assert!(matches!(cell(1, 2), Data::DateTime(_)) && matches!(cell(1, 3), Data::DateTime(_)), "{:?}", cell(1, 2));
    assert_eq!((cell(1, 4), cell(1, 5)), (Data::Float(-1250.5), Data::String("GBP".into())));
    assert_eq!((cell(1, 6), cell(1, 7)), (Data::Empty, Data::String("In use".into())));
    let formulas = book.worksheet_formula("Boats  more").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
    let about = book.worksheet_range("About").unwrap();
    let said: Vec<String> = about.cells().map(|(_, _, data)| data.to_string()).collect();
    assert!(said.contains(&"Secret".to_owned()) && said.contains(&"q=x".to_owned()) && said.contains(&"2".to_owned()), "{said:?}");
}

#[test]
fn a_row_of_another_width_is_a_fault() {
    let clock = Clock::by_hand("2026-11-27T03:00:00Z".parse().unwrap(), jiff::tz::TimeZone::UTC);
    let about = About { code: "boats", title: String::new(), filter: String::new(), made_at: 0, by: String::new() };
    let mut sheet = Sheet::begin(Format::Csv, columns(), about, &clock, Vec::new()).unwrap();
    assert!(sheet.row(&[Cell::Blank]).is_err());
}

proptest! {
    /// Whatever people type comes back from CSV as they typed it, with at most an apostrophe before it, and never as a formula.
    #[test]
    fn csv_comes_back_as_it_was(texts in prop::collection::vec("(?s).{0,40}", 0..6), n in any::<i64>()) {
        let rows: Vec<Vec<Cell>> = texts
            .iter()
            .map(|text| {
                let mut row = blank();
                row[0] = Cell::Text(text.clone());
                row[1] = Cell::Number(n);
                row
            })
            .collect();
        let read = records(&made(Format::Csv, &rows));
        prop_assert_eq!(read.len(), texts.len() + 1);
        for (record, text) in read.iter().skip(1).zip(&texts) {
            let back = record[0].strip_prefix('\'').unwrap_or(&record[0]);
            prop_assert_eq!(back, text);
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert_eq!(record[1].parse::<i64>().unwrap(), n);
        }
    }
}
