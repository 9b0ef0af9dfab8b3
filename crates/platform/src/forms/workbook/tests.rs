//! What goes out comes back the same; what people do to it meanwhile is found, cell by cell; what is no workbook is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use rules::form::{Answers, Form};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;
use uuid::Uuid;
use zip::write::SimpleFileOptions;

use super::open::read;
use super::{Book, Brought, Origin, compare, write};
use crate::error::Error;
use crate::forms::{Choices, Pick};
use testkit::workbook::Book as Sheets;

fn form() -> Form {
    let option = |id: &str, label: &str| json!({"id": id, "label": label});
    let first = json!([
        {"id": "name", "type": "text", "label": "Its name", "max_length": 20, "required": true},
        {"id": "story", "type": "longtext", "label": "Its story"},
        {"id": "masts", "type": "number", "label": "Masts", "min": 0, "max": 5, "integer": true},
        {"id": "price", "type": "money", "label": "Its price"},
        {"id": "built", "type": "date", "label": "Built on"},
        {"id": "season", "type": "period", "label": "Its season"},
        {"id": "sunk", "type": "moment", "label": "When it sank", "required": true, "min": "2020-01-01"},
        {"id": "afloat", "type": "yes_no", "label": "Is it afloat?", "allow_unknown": true},
        // Two read alike, and one reads like the other's id.
        {"id": "rig", "type": "choice", "label": "Its rig", "options": [option("sloop", "Sloop"), option("ketch", "Ketch"), option("other", "sloop")]},
        {"id": "colours", "type": "choices", "label": "Its colours", "options": [option("red", "Red; bright"), option("blue", "Blue")]},
        {"id": "home", "type": "country", "label": "Its home"},
        {"id": "seen_in", "type": "countries", "label": "Seen in"},
        {"id": "owner", "type": "contact", "label": "Its owner"},
        {"id": "secret", "type": "text", "label": "Its secret", "sensitive": true},
        {"id": "hidden", "type": "choice", "label": "Only if afloat", "when": {"equals": {"question": "afloat", "value": true}}, "options": [option("a", "A")]},
    ]);
    let crew = json!([{
        "id": "crew", "type": "group", "label": "Its crew", "item": "Sailor", "max_items": 3,
        "questions": [
            {"id": "sailor", "type": "text", "label": "Name", "max_length": 10},
            {"id": "born", "type": "date", "label": "Born on"},
            {"id": "address", "type": "address", "label": "Address"},
            {"id": "party", "type": "party", "label": "Employer"},
        ],
    }]);
    let form = json!({
        "form": "boats", "title": "Boats", "minutes": 5,
        "sections": [{"id": "first", "title": "First", "questions": first}, {"id": "second", "title": "Second", "questions": crew}],
    });
    serde_json::from_value(form).unwrap()
}

fn origin() -> Origin {
    Origin { pack: "boats".into(), edition: "1".into(), case: Uuid::from_u128(7), called: "The Tern".into() }
}

fn choices() -> Choices {
    Choices { parties: vec![Pick::new("p1", "Tern Boats"), Pick::new("p2", "Gull & Sons")], ..Choices::default() }
}

fn answers() -> Answers {
    let all = json!({
        "name": "=1+1", "story": "Once\nupon a time", "masts": 2, "price": {"amount": 125_050, "currency": "GBP"},
        "built": "2020-02-29", "season": {"from": "2026-04-01", "to": "2026-09-30"},
        "sunk": {"date": "2026-10-02", "time": "14:30"}, "afloat": "unknown", "rig": "other",
        "colours": ["red", "blue"], "home": "IN", "seen_in": ["GB", "FR"],
        "owner": {"name": "Ada", "email": "ada@boats.example", "telephone": "+44 20 7946 0000"}, "secret": "hush",
        "crew": [
            {"sailor": "Ann", "born": "1990-12-01", "address": {"lines": "1 Quay", "town": "Pier", "country": "GB"}, "party": "p2"},
            {"sailor": "Bob"},
        ],
    });
    Answers::from_json(all).unwrap()
}

fn taken() -> Sheets {
    Sheets::read(&write(&origin(), &form(), &answers(), &choices()).unwrap())
}

fn held(book: Vec<u8>, standing: &Answers) -> Brought {
    let book: Book = read(book).unwrap();
    compare(&origin(), &form(), &book, standing, &choices()).unwrap()
}

/// The answers after what was found good is posted.
fn after(found: &Brought, standing: &Answers) -> Answers {
    let mut all = standing.clone();
    for (section, fields) in &found.fields {
        let (patch, errors) = form().from_fields(section, fields, &all, &choices());
        assert!(errors.is_empty(), "{errors:?}");
        all.apply(&patch);
    }
    all
}

/// Problems as `sheet!cell id`.
fn told(found: &Brought) -> Vec<String> {
    found.problems.iter().map(|p| format!("{}!{} {}", p.sheet, p.cell, p.text.id)).collect()
}

#[test]
fn what_goes_out_comes_back_the_same() {
    let bytes = write(&origin(), &form(), &answers(), &choices()).unwrap();
    let found = held(bytes.clone(), &answers());
    assert!(found.problems.is_empty() && found.changes.is_empty() && found.emptied.is_empty(), "{found:?}");
    // What nobody touched since it was taken out says nothing, whatever stands by now.
    let found = held(bytes, &Answers::new());
    assert!(found.problems.is_empty() && found.changes.is_empty() && found.emptied.is_empty(), "{found:?}");
}

#[test]
fn what_is_sealed_stays_here() {
    let bytes = write(&origin(), &form(), &answers(), &choices()).unwrap();
    let all = Sheets::read(&bytes);
    assert!(all.says("Petrel") || all.says("Ada"));
    assert!(!all.says("hush"));
    let at = all.answer("secret");
    let found = held(all.with(&[("Answers", &at, Some("whisper"))]), &answers());
    assert!(found.changes[0].sensitive && !found.changes[0].meanwhile);
    assert_eq!(after(&found, &answers()).get("secret"), Some(&json!("whisper")));
}

#[test]
fn every_kind_of_answer_is_read() {
    let of = taken();
    let at = |id: &str| of.answer(id);
    let changes = [
        (at("name"), "Gull"),
        (at("masts"), "3"),
        (at("price.amount"), "1,000.5"),
        (at("built"), "2021-03-04"),
        (at("season.to"), "2026-10-01"),
        (at("sunk.date"), "2026-10-03"),
        (at("sunk.time"), "9.05 pm"),
        (at("afloat"), "yes"),
        (at("rig"), "ketch"),
        (at("colours"), "blue; red; bright"),
        (at("home"), "United Kingdom"),
        (at("seen_in"), "India\nFR"),
        (at("owner.name"), "Grace"),
    ];
    let changes: Vec<(&str, &str, Option<&str>)> = changes.iter().map(|(at, text)| ("Answers", at.as_str(), Some(*text))).collect();
    let found = held(of.with(&changes), &answers());
    // "Red; bright" is one colour: a line with several says them one by one, and these are three.
    assert_eq!(told(&found), [format!("Answers!{} forms-not-option", at("colours"))]);
    let all = after(&found, &answers());
    for (id, says) in [
        ("name", json!("Gull")),
        ("masts", json!(3)),
        ("price", json!({"amount": 100_050, "currency": "GBP"})),
        ("built", json!("2021-03-04")),
        ("season", json!({"from": "2026-04-01", "to": "2026-10-01"})),
        ("sunk", json!({"date": "2026-10-03", "time": "21:05"})),
        ("afloat", json!(true)),
        ("rig", json!("ketch")),
        ("colours", json!(["red", "blue"])),
        ("home", json!("GB")),
        ("seen_in", json!(["IN", "FR"])),
        ("owner", json!({"name": "Grace", "email": "ada@boats.example", "telephone": "+44 20 7946 0000"})),
    ] {
        assert_eq!(all.get(id), Some(&says), "{id}");
    }
    assert_eq!(found.changes.len(), changes.len() - 1);
}

#[test]
fn what_is_wrong_is_named_by_cell_and_the_rest_is_kept() {
    let of = taken();
    let at = |id: &str| of.answer(id);
    let cases = [
        (at("name"), "a name that is far too long for a boat", "forms-too-long"),
        (at("story"), "=SUM(1,2)", "workbook-formula"),
        (at("masts"), "many", "forms-not-whole-number"),
        (at("price.amount"), "a lot", "forms-not-amount"),
        (at("built"), "44000", "workbook-number-not-day"),
        (at("season.to"), "2026-01-01", "forms-period-order"),
        (at("sunk.date"), "2019-12-31", "forms-date-too-early"),
        (at("sunk.time"), "25:00", "forms-not-time"),
        (at("sunk.time"), "9", "forms-not-time"),
        (at("sunk.time"), "0.5", "workbook-number-not-time"),
        (at("afloat"), "perhaps", "forms-not-yes-no"),
        (at("rig"), "sloop", "forms-not-option"),
        (at("home"), "Atlantis", "forms-not-country"),
        (at("owner.email"), "nobody", "forms-not-email"),
        // Not asked at present, and checked all the same.
        (at("hidden"), "B", "forms-not-option"),
    ];
    for (cell, text, id) in &cases {
        let good = at("owner.name");
        let changes = [("Answers", cell.as_str(), Some(*text)), ("Answers", good.as_str(), Some("Grace"))];
        let found = held(of.with(&changes), &answers());
        // Both readings of "sloop" are told apart by their ids; the bare word is the id of one of them.
        if *text == "sloop" {
            assert_eq!(after(&found, &answers()).get("rig"), Some(&json!("sloop")));
            continue;
        }
        assert_eq!(told(&found), [format!("Answers!{cell} {id}")]);
        assert_eq!(found.changes.len(), 1);
        let all = after(&found, &answers());
        assert_eq!(all.get("owner").unwrap()["name"], "Grace");
        let mut expected = answers();
        expected.set("owner", all.get("owner").cloned().unwrap());
        assert_eq!(all, expected, "{text}");
    }
}

/// A spreadsheet keeps a time as a part of a day, alone or after the day, where its cell is not a text.
#[test]
fn times_of_the_spreadsheets_own_are_read() {
    let of = taken();
    let with = |id: &str, number: f64, format: &str| {
        let at = of.answer(id);
        let mut book = Workbook::new();
        for (name, cells) in &of.0 {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            for ((row, column), text) in cells {
                let column = u16::try_from(*column).unwrap();
                if name == "Answers" && testkit::workbook::cell_name(*row, u32::from(column)) == at {
                    sheet.write_number_with_format(*row, column, number, &Format::new().set_num_format(format)).unwrap();
                } else {
                    sheet.write_string(*row, column, text).unwrap();
                }
            }
        }
        held(book.save_to_buffer().unwrap(), &answers())
    };
    let minutes = |hour: u32, minute: u32| f64::from(hour * 60 + minute) / 1440.0;
    for (hour, minute) in [(0, 0), (0, 1), (9, 5), (12, 0), (14, 31), (16, 40), (23, 59)] {
        let found = with("sunk.time", minutes(hour, minute), "hh:mm");
        assert!(found.problems.is_empty(), "{found:?}");
        let expected = json!({"date": "2026-10-02", "time": format!("{hour:02}:{minute:02}")});
        assert_eq!(after(&found, &answers()).get("sunk"), Some(&expected));
    }
    // As it was: no change.
    assert!(with("sunk.time", minutes(14, 30), "h:mm AM/PM").changes.is_empty());
    let found = with("sunk.time", 905.0, "0");
    assert_eq!(after(&found, &answers()).get("sunk").unwrap()["time"], "09:05");
    let found = with("sunk.date", 46_299.0, "yyyy-mm-dd");
    assert_eq!(after(&found, &answers()).get("sunk").unwrap()["date"], "2026-10-04");
    let table = [
        ("sunk.time", 46_299.0, "yyyy-mm-dd", "workbook-day-not-time"),
        ("sunk.time", 46_299.0 + minutes(9, 5), "yyyy-mm-dd hh:mm", "workbook-day-not-time"),
        ("sunk.date", 46_299.0 + minutes(9, 5), "yyyy-mm-dd hh:mm", "workbook-time-apart"),
        ("sunk.date", minutes(9, 5), "hh:mm", "workbook-time"),
        ("built", minutes(9, 5), "hh:mm", "workbook-time"),
        ("masts", minutes(9, 5), "hh:mm", "workbook-time"),
        ("masts", 46_299.0 + minutes(9, 5), "yyyy-mm-dd hh:mm", "workbook-day-not-number"),
    ];
    for (id, number, format, problem) in table {
        let found = with(id, number, format);
        assert_eq!(told(&found), [format!("Answers!{} {problem}", of.answer(id))], "{id} {number}");
        assert!(found.changes.is_empty());
    }
    // A day that has a time is the day, where a day alone is asked for; a text is what the cell shows.
    let found = with("built", 46_299.0 + minutes(9, 5), "yyyy-mm-dd hh:mm");
    assert_eq!(after(&found, &answers()).get("built"), Some(&json!("2026-10-04")));
    let found = with("name", minutes(9, 5), "hh:mm");
    assert_eq!(after(&found, &answers()).get("name"), Some(&json!("09:05")));
}

#[test]
fn an_empty_cell_takes_nothing_away() {
    let of = taken();
    let at = of.answer("name");
    let found = held(of.with(&[("Answers", &at, None)]), &answers());
    assert!(found.changes.is_empty() && found.problems.is_empty());
    assert_eq!(found.emptied.len(), 1);
    assert_eq!(found.emptied[0].cell, at);
}

#[test]
fn who_answers_on_the_page_meanwhile_is_not_undone() {
    let of = taken();
    let mut now = answers();
    now.set("name", json!("Petrel"));
    now.set("masts", json!(4));
    // Nobody touched these cells: the page's answers stay.
    let found = held(of.with(&[]), &now);
    assert!(found.changes.is_empty() && found.problems.is_empty(), "{found:?}");
    // Both changed it: told, and both are shown.
    let at = of.answer("name");
    let found = held(of.with(&[("Answers", &at, Some("Gull"))]), &now);
    let change = &found.changes[0];
    assert!(change.meanwhile);
    assert_eq!((&change.before, &change.after), (&vec!["Petrel".to_owned()], &vec!["Gull".to_owned()]));
}

#[test]
fn entries_change_are_added_and_are_never_mistaken() {
    let of = taken();
    let changes =
        [("crew", "B4", Some("Anna")), ("crew", "B6", Some("Cleo")), ("crew", "G6", Some("Narnia")), ("crew", "H6", Some("Tern Boats"))];
    let found = held(of.with(&changes), &answers());
    assert_eq!(told(&found), ["crew!G6 forms-not-country"]);
    let all = after(&found, &answers());
    let crew = all.get("crew").unwrap();
    assert_eq!(crew[0]["sailor"], "Anna");
    assert_eq!(crew[0]["address"]["town"], "Pier");
    assert_eq!(crew[1], json!({"sailor": "Bob"}));
    assert_eq!(crew[2], json!({"sailor": "Cleo", "party": "p1"}));
    // Too many of them: what was added is told of, what stands is not.
    let more = [("crew", "B6", Some("Cleo")), ("crew", "B7", Some("Dan"))];
    let found = held(of.with(&more), &answers());
    assert_eq!(told(&found), ["crew!B6 forms-too-many-entries", "crew!B7 forms-too-many-entries"]);
    assert!(found.changes.is_empty());
    // An entry was taken out on the page: nobody can say which one a row means.
    let mut now = answers();
    now.set("crew", json!([{"sailor": "Bob"}]));
    let found = held(of.with(&[("crew", "B4", Some("Anna"))]), &now);
    assert_eq!(told(&found), ["crew!B4 workbook-entries-moved"]);
    // A number that we did not give.
    let found = held(of.with(&[("crew", "A5", Some("9"))]), &answers());
    assert_eq!(told(&found), ["crew!A5 workbook-entry-number"]);
}

#[test]
fn what_people_do_to_sheets_is_told() {
    let of = taken();
    let found = held(of.with(&[("Answers", "B2", Some("nmae"))]), &answers());
    assert_eq!(told(&found), ["Answers!B2 workbook-unknown-id"]);
    let found = held(of.with(&[("Answers", "B2", None)]), &answers());
    assert_eq!(told(&found), ["Answers!B2 workbook-no-id"]);
    let found = held(of.with(&[("Answers", "B3", Some("name"))]), &answers());
    assert_eq!(told(&found), ["Answers!B3 workbook-id-twice"]);
    let found = held(of.with(&[("Answers", "G1", Some("Reply"))]), &answers());
    assert_eq!(told(&found), ["Answers!A1 workbook-heads-missing"]);
    assert_eq!(told(&held(of.without("crew").with(&[]), &answers())), ["crew! workbook-sheet-missing"]);
    // Joined cells: told, and neither of their answers is taken.
    let mut book = Workbook::new();
    for (name, cells) in &of.0 {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (at, text) in cells.iter().filter(|(at, _)| name != "Answers" || ![(1, 6), (2, 6)].contains(at)) {
            sheet.write_string(at.0, u16::try_from(at.1).unwrap(), text).unwrap();
        }
        if name == "Answers" {
            sheet.merge_range(1, 6, 2, 6, "Both", &Format::new()).unwrap();
        }
    }
    let found = held(book.save_to_buffer().unwrap(), &answers());
    assert_eq!(told(&found), ["Answers!G2 workbook-merged"]);
    assert!(found.changes.is_empty() && found.emptied.is_empty());
}

fn why(error: Error) -> String {
    let Error::Invalid(errors) = error else { panic!("{error:?}") };
    errors.get("file").unwrap().id.to_string()
}

#[test]
fn of_another_form_edition_or_case() {
    let bytes = write(&origin(), &form(), &answers(), &choices()).unwrap();
    let book = read(bytes).unwrap();
    for (other, id) in [
        (Origin { pack: "ships".into(), ..origin() }, "workbook-other-form"),
        (Origin { edition: "2".into(), ..origin() }, "workbook-other-edition"),
        (Origin { case: Uuid::from_u128(8), ..origin() }, "workbook-other-case"),
    ] {
        assert_eq!(why(compare(&other, &form(), &book, &answers(), &choices()).unwrap_err()), id);
    }
}

#[test]
fn what_is_no_workbook_of_ours_is_refused() {
    let zipped = |parts: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let mut plain = Workbook::new();
    plain.add_worksheet().write_string(0, 0, "x").unwrap();
    let whole = write(&origin(), &form(), &answers(), &choices()).unwrap();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "workbook-not-one"),
        (b"name,answer\r\n".to_vec(), "workbook-not-one"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on".to_vec(), "workbook-old"),
        (whole[..whole.len() / 2].to_vec(), "workbook-not-one"),
        (zipped(&[("a.txt", b"x")]), "workbook-not-one"),
        (vec![b'x'; (16 << 20) + 1], "workbook-too-large"),
        // A bomb: little that becomes much.
        (zipped(&[("xl/worksheets/sheet1.xml", &vec![b' '; 65 << 20])]), "workbook-unpacked"),
        (plain.save_to_buffer().unwrap(), "workbook-not-ours"),
    ];
    for (bytes, id) in cases {
        assert_eq!(why(read(bytes).unwrap_err()), id);
    }
}

#[test]
fn rows_without_end_are_refused_before_they_are_held() {
    let of = taken();
    let mut book = Workbook::new();
    for (name, cells) in &of.0 {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (at, text) in cells {
            sheet.write_string(at.0, u16::try_from(at.1).unwrap(), text).unwrap();
        }
        if name == "Answers" {
            // The last row that a sheet has: a reader that lays the sheet out whole would ask for gigabytes.
            sheet.write_string(1_048_575, 16_383, "x").unwrap();
        }
    }
    assert_eq!(why(read(book.save_to_buffer().unwrap()).unwrap_err()), "workbook-many-rows");
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Vouchsafe").unwrap().write_string(0, 0, "vouchsafe-form-1").unwrap();
    let sheet = book.add_worksheet();
    for row in 0..200_000 {
        sheet.write_number(row, 0, 1).unwrap();
    }
    assert_eq!(why(read(book.save_to_buffer().unwrap()).unwrap_err()), "workbook-many-rows");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_was_answered_comes_back(
        name in "\\PC{1,20}", story in "[ -~\\n]{0,300}", masts in 0..=5_i64, amount in 0..10_000_000_i64,
        (day, time) in (1..32_u8, proptest::option::of((0..24_u8, 0..60_u8))),
    ) {
        let mut standing = answers();
        standing.set("name", json!(name.trim()));
        standing.set("story", json!(story.trim()));
        standing.set("masts", json!(masts));
        standing.set("price", json!({"amount": amount, "currency": "JPY"}));
        let time = time.map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
        standing.set("sunk", json!({"date": format!("2026-10-{day:02}"), "time": time}));
        let bytes = write(&origin(), &form(), &standing, &choices()).unwrap();
        let book = read(bytes).unwrap();
        let found = compare(&origin(), &form(), &book, &standing, &choices()).unwrap();
        prop_assert!(found.changes.is_empty() && found.emptied.is_empty(), "{:?}", found);
        prop_assert!(found.problems.iter().all(|p| p.text.id == "workbook-control-characters"), "{:?}", found);
    }

    #[test]
    fn no_bytes_break_the_reader(mut bytes in proptest::collection::vec(any::<u8>(), 0..600), at in 0..5000_usize) {
        let whole = write(&origin(), &form(), &answers(), &choices()).unwrap();
        let _ = read(bytes.clone());
        // A workbook with a hole in it.
        let at = at % whole.len();
        let mut broken = whole.clone();
        let end = (at + bytes.len()).min(whole.len());
        bytes.truncate(end - at);
        broken[at..end].copy_from_slice(&bytes);
        if let Ok(book) = read(broken) {
            let _ = compare(&origin(), &form(), &book, &answers(), &choices());
        }
    }
}
