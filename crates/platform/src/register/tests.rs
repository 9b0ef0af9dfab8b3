//! The parts of the register engine that need no database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::field::money;
use super::{Ask, Count, Entered, Field, Kind, Picks, Register, differences};
use crate::Error;
use crate::web::Fields;

const BOATS: Register = Register {
    kind: "boat",
    path: "/boats",
    search: "name_key",
    fields: &[
        Field::new("name", "boat-name", Kind::Text).list().sort("name_key").form().required().most(5),
        Field::new("state", "boat-state", Kind::Choice(&["afloat", "ashore"])).filter().form(),
        Field::new("country", "boat-country", Kind::Country).filter().form(),
        Field::new("built_on", "boat-built", Kind::Date).form(),
        Field::new("price_minor", "boat-price", Kind::Money("currency")).sort("price_minor").form(),
        Field::new("berths", "boat-berths", Kind::Number).form().most(40),
        Field::new("harbour", "boat-harbour", Kind::Pick).form(),
        Field::new("rigs", "boat-rigs", Kind::Choices(&["sloop", "ketch"])).filter(),
    ],
};

fn entered(pairs: &[(&str, &str)]) -> Entered {
    Entered::posted(&Fields::new(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()))
}

fn read(pairs: &[(&str, &str)]) -> Result<Value, String> {
    read_with(pairs, &Picks::new())
}

fn read_with(pairs: &[(&str, &str)], picks: &Picks) -> Result<Value, String> {
    BOATS.read(&entered(pairs), &json!({"currency": null, "owner": "kept"}), picks, "GBP").map_err(|e| match e {
        Error::Invalid(errors) => errors.iter().map(|(path, _)| path).collect::<Vec<_>>().join(" "),
        other => panic!("{other:?}"),
    })
}

#[test]
fn forms_are_read_strictly() {
    let full = [
        ("name", " Tern "),
        ("state", "afloat"),
        ("country", "nl"),
        ("built_on.day", "29"),
        ("built_on.month", "2"),
        ("built_on.year", "2024"),
        ("price_minor", "1,250.5"),
        ("berths", "40"),
    ];
    assert_eq!(
        read(&full).unwrap(),
        json!({"currency": "GBP", "owner": "kept", "name": "Tern", "state": "afloat", "country": "NL", "built_on": "2024-02-29",
               "price_minor": 125_050, "berths": 40})
    );
    for (name, value, fault) in [
        ("name", "", "name"),
        ("name", "Kittiwake", "name"),
        ("state", "sunk", "state"),
        ("country", "Atlantis", "country"),
        ("built_on.year", "2023", "built_on"),
        ("built_on.year", "", "built_on"),
        ("built_on.year", "20240", "built_on"),
        ("price_minor", "1.234", "price_minor"),
        ("price_minor", "-1", "price_minor"),
        ("price_minor", "99999999999999999999", "price_minor"),
        ("price_minor", "1.2.3", "price_minor"),
        ("berths", "41", "berths"),
        ("berths", "-1", "berths"),
        ("berths", "2.5", "berths"),
        ("berths", "a few", "berths"),
    ] {
        let mut pairs = full.to_vec();
        for pair in &mut pairs {
            if pair.0 == name {
                pair.1 = value;
            }
        }
        assert_eq!(read(&pairs), Err(fault.to_owned()), "{name}={value}");
    }
    assert_eq!(read(&[("state", "sunk"), ("price_minor", "x")]), Err("name state price_minor".to_owned()), "every fault at once");
    let bare = read(&[("name", "Tern")]).unwrap();
    assert!(bare["price_minor"].is_null() && bare["currency"].is_null() && bare["built_on"].is_null());
}

#[test]
fn only_what_is_offered_can_be_picked() {
    let picks = Picks::from([("harbour", vec![("h1".to_owned(), "Whitby".to_owned())])]);
    let harbour = |typed: &str, picks: &Picks| read_with(&[("name", "Tern"), ("harbour", typed)], picks).map(|v| v["harbour"].clone());
    assert_eq!(harbour("h1", &picks), Ok(json!("h1")));
    assert_eq!(harbour("h2", &picks), Err("harbour".to_owned()));
    assert_eq!(harbour("", &picks), Ok(Value::Null));
    assert_eq!(harbour("h1", &Picks::new()), Ok(Value::Null), "a form that offers nothing does not ask, and takes no answer");
    let clash = BOATS.clash(&json!({"harbour": null}), &json!({"harbour": "h1"}), &picks).into_string();
    assert!(clash.contains("Whitby"), "{clash}");
}

#[test]
fn what_a_record_fills_in_is_read_back_as_it_was() {
    let record = json!({"currency": "EUR", "name": "Tern", "state": "ashore", "country": "GB", "built_on": "2001-09-03", "price_minor": 7, "berths": 0});
    let again: Value = BOATS.read(&Entered::record(&BOATS, &record), &record, &Picks::new(), "GBP").unwrap();
    assert_eq!(again, record);
}

#[test]
fn an_address_says_what_a_list_shows() {
    for (asked, means) in [
        ("/boats", "/boats"),
        ("/boats?q=tern+one&state=afloat&sort=-name", "/boats?q=tern+one&state=afloat&sort=-name"),
        ("/boats?sort=state&name=x&unknown=1&state=", "/boats"),
        ("/boats?after=rubbish", "/boats"),
        ("/boats?country=NL", "/boats?country=NL"),
        ("/boats?rigs=sloop", "/boats?rigs=sloop"),
    ] {
        assert_eq!(Ask::read(&BOATS, asked).href(&BOATS), means, "{asked}");
    }
}

#[test]
fn several_codes_are_kept_in_one_column() {
    for (codes, stored) in [(&["sloop", "ketch"][..], ".sloop.ketch."), (&["ketch"], ".ketch."), (&[], "")] {
        assert_eq!(Kind::stored(codes.iter().copied()), stored);
        assert_eq!(Kind::codes(stored).collect::<Vec<_>>(), codes);
    }
    let rigs = BOATS.field("rigs").unwrap();
    assert!(rigs.draw(&json!({ "rigs": [] })).into_string().contains("vs-absent"));
    assert_eq!(
        BOATS.boxes(&Entered::default(), &crate::error::FieldErrors::default(), &Picks::new(), "GBP").into_string().matches("rigs").count(),
        0
    );
}

#[test]
fn counts_stop_and_money_is_grouped() {
    for (n, most, says) in [(1000, 1000, "1000"), (1001, 1000, "1,000+"), (200, 200, "200"), (201, 200, "200+"), (0, 200, "0")] {
        assert_eq!(Count::told(n, most).to_string(), says);
    }
    assert_eq!(money(125_000_050, "GBP"), "GBP 1,250,000.50");
    assert_eq!(money(0, ""), "0.00");
    assert_eq!(differences(&json!({"a": 1, "b": 2}), &json!({"a": 1, "b": 3, "c": null})), json!({"b": [2, 3]}));
}
