//! Lists of findings in the three forms, and what is wrong with rows.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::date;

use super::{Fault, Reported, Row, key, read};
use crate::breach::Finding;

fn rows(text: &str) -> Vec<Row> {
    read(text.as_bytes()).unwrap()
}

fn good(row: &Row) -> &Reported {
    row.said.as_ref().unwrap()
}

fn faults(text: &str) -> Vec<(&'static str, &'static str)> {
    let row = rows(text).remove(0);
    row.said.unwrap_err().iter().map(|Fault { code, column }| (*code, *column)).collect()
}

/// OFF-9b: the same row is read alike from CSV, a document and lines; what is left open is judged by its days.
#[test]
fn off_9b_findings_are_read_from_csv_json_and_lines() {
    let csv = "ID,Contract,Party,Work,Country,Since,Informed,Noticed on,Finding,Facts\n\
        F-1,FER-7,Halyard Systems,Night calls,India,2026-02-01,,2026-02-20,not informed,Two people looked bookings up.\n\
        \n\
        F-2,FER-7,Bowline Support,Tests,Portugal,2026-02-01,2026-01-10,,,\"Two lines\nof facts\"\n";
    let read = rows(csv);
    assert_eq!(read.iter().map(|row| (row.line, row.id.as_deref())).collect::<Vec<_>>(), [(2, Some("F-1")), (4, Some("F-2"))]);
    let (first, second) = (good(&read[0]), good(&read[1]));
    assert_eq!((first.finding, first.judged, first.noticed), (Finding::NotInformed, false, Some(date(2026, 2, 20))));
    assert_eq!(first.country.map(crate::country::Country::code), Some("IN"));
    assert_eq!((second.finding, second.judged, second.informed), (Finding::StartedUnapproved, true, Some(date(2026, 1, 10))));
    assert_eq!(second.facts.as_deref(), Some("Two lines\nof facts"));
    let one = r#"{"id":"F-1","contract":"FER-7","party":"Halyard  Systems","work":"Night calls","country":"IN","began":"2026-02-01T08:00:00Z","noticed":"2026-02-20","finding":"not_informed","facts":"Two people looked bookings up."}"#;
    for text in [format!("[{one}]"), one.to_owned(), format!("{{\"findings\":[{one}]}}"), format!("{one}\n{one}")] {
        let read = rows(&text);
        assert_eq!(good(&read[0]).digest(), first.digest(), "{text}");
        // The same row again is the same.
        assert!(read.iter().all(|row| row.said.is_ok()));
    }
}

/// OFF-9b: everything that is wrong with a row is named at once, by its column.
#[test]
fn off_9b_what_is_wrong_with_a_row_is_named() {
    assert_eq!(
        faults("contract,party,work,began\n,,,\n"),
        [("missing", "contract"), ("missing", "party"), ("missing", "work"), ("missing", "began")]
    );
    let line = |more: &str| format!(r#"[{{"contract":"C","party":"P","work":"W","began":"2026-02-01"{more}}}]"#);
    assert_eq!(faults(&line(r#","country":"Atlantis","tier":0"#)), [("tier", "tier"), ("country", "country")]);
    assert_eq!(faults(&line(r#","informed":"03/01/2026""#)), [("date", "informed")]);
    assert_eq!(faults(&line(r#","informed":"2026-01-010""#)), [("date", "informed")]);
    assert_eq!(faults(&line(r#","finding":"theft""#)), [("finding", "finding")]);
    // Approved before it began: the days say that nothing failed.
    assert_eq!(faults(&line(r#","approved":"2026-01-01""#)), [("approved", "approved")]);
    assert_eq!(faults("[17]"), [("no-entry", "row")]);
    let long = format!(r#","work":"{}""#, "w".repeat(201));
    assert_eq!(faults(&line(&long)), [("too-long", "work")]);
    let broken = rows("{\"contract\":\"C\"}\n{\"contract\":");
    assert_eq!(broken[1].said, Err(vec![Fault { code: "broken", column: "row" }]));
    // Two that differ under one id: the first holds, the second is named.
    let twice = rows("id,contract,party,work,began\n7,C,P,W,2026-02-01\n7,C,P,X,2026-02-01\n");
    assert!(twice[0].said.is_ok());
    assert_eq!(twice[1].said, Err(vec![Fault { code: "id-twice", column: "id" }]));
    for (text, fault) in [("", "empty"), ("  \n", "empty"), ("party,work\nA,B\n", "no-heading"), ("[{", "broken"), ("[]", "empty")] {
        assert_eq!(read(text.as_bytes()).unwrap_err().fault, fault, "{text}");
    }
    assert_eq!(read(&[0xff, 0xfe, 0x00]).unwrap_err().fault, "no-text");
}

/// OFF-9b: a finding is known again by its own id within its list, else by all that it says.
#[test]
fn off_9b_a_finding_is_known_again() {
    let of = |text: &str| good(&rows(text)[0]).clone();
    let one = of("contract,party,work,began\nC,P,W,2026-02-01\n");
    let other = of("contract,party,work,began\nC,P,W,2026-02-02\n");
    assert_eq!(key("Audit", Some("F-1"), &one), key("audit ", Some("f-1"), &other));
    assert_ne!(key("Audit", Some("F-1"), &one), key("Other", Some("F-1"), &one));
    assert_ne!(key("Audit", Some("F-1"), &one), key("Audit", None, &one));
    assert_eq!(key("Audit", None, &one), key("Other", None, &one));
    assert_ne!(key("Audit", None, &one), key("Audit", None, &other));
}
