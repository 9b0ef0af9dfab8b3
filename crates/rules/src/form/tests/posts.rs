//! Web posts, as people and browsers send them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{TestLookups, form};
use crate::form::Answers;

fn post(section: &str, fields: &[(&str, &str)]) -> (Value, BTreeSet<String>) {
    let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (patch, errors) = form().from_fields(section, &fields, &Answers::new(), &TestLookups);
    let errors = errors.iter().map(|error| format!("{} {}", error.path, error.message.id)).collect();
    (serde_json::to_value(patch).unwrap(), errors)
}

#[test]
fn posts_are_read_by_type() {
    let (patch, errors) = post(
        "basics",
        &[
            ("csrf", "abc"),
            ("q.description", "  line\r\nline  "),
            ("q.staff", "1 2"),
            ("q.personal", "unknown"),
            ("q.kinds", "hosting"),
            ("q.kinds", "access"),
            ("q.cost.amount", "£1,250.5"),
            ("q.cost.currency", "gbp"),
            ("asked", "title"),
            ("asked", "kinds"),
        ],
    );
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(
        patch,
        json!({"description": "line\nline", "staff": 12, "personal": "unknown", "kinds": ["hosting", "access"],
            "cost": {"amount": 125_050, "currency": "GBP"}, "title": null})
    );
}

#[test]
fn a_currency_without_an_amount_is_no_answer() {
    let (patch, errors) = post("basics", &[("q.cost.currency", "GBP"), ("q.staff", "3")]);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((&patch["cost"], &patch["staff"]), (&Value::Null, &json!(3)));
}

#[test]
fn dates_and_countries_are_read_as_people_write_them() {
    let (patch, errors) =
        post("dates", &[("q.start.day", "7"), ("q.start.month", "March"), ("q.start.year", "2027"), ("q.window.from", "2027-01-01")]);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(patch, json!({"start": "2027-03-07", "window": {"from": "2027-01-01"}}));
    let (patch, errors) = post("dates", &[("q.start.day", "31"), ("q.start.month", "2"), ("q.start.year", "2027")]);
    assert_eq!(patch, json!({"start": "2027-02-31"}), "kept as typed");
    assert_eq!(errors.into_iter().collect::<Vec<_>>(), ["start forms-not-date"]);
    let (patch, _) = post("places", &[("q.country", "England"), ("q.others", "India"), ("q.others", "Atlantis")]);
    assert_eq!(patch, json!({"country": "GB", "others": ["IN", "Atlantis"]}));
}

#[test]
fn entries_are_added_removed_and_renumbered() {
    let site = |index: &str, part: &str| format!("q.sites.{index}.{part}");
    let (a, b, gone) = (site("0", "site_name"), site("10", "site_name"), site("2", "remove"));
    let (c, blank) = (site("2", "site_name"), site("3", "site_name"));
    let (patch, errors) = post("places", &[(&b, "ten"), (&a, "zero"), (&c, "two"), (&gone, "yes"), (&blank, " "), ("q.sites.add", "yes")]);
    assert_eq!(patch, json!({"sites": [{"site_name": "zero"}, {"site_name": "ten"}, {}]}));
    assert!(errors.is_empty(), "{errors:?}");
    let (patch, _) = post("places", &[("asked", "sites")]);
    assert_eq!(patch, json!({"sites": null}));
}

#[test]
fn bad_posts_are_errors_and_keep_what_was_typed() {
    let huge = "9".repeat(1_000_000);
    let table = [
        ("basics", "q.staff", "about ten", "staff forms-not-whole-number"),
        ("basics", "q.staff", huge.as_str(), "staff forms-not-whole-number"),
        ("basics", "q.share", "NaN", "share forms-not-number"),
        ("basics", "q.share", "inf", "share forms-not-number"),
        ("basics", "q.cost.amount", "12.345", "cost.amount forms-not-amount"),
        ("basics", "q.cost.amount", "-5", "cost.amount forms-not-amount"),
        ("basics", "q.description", huge.as_str(), "description forms-too-long"),
        ("basics", "q.start", "2027-01-01", "start forms-unknown-question"),
        ("places", "q.sites.x.site_name", "a", "sites.x.site_name forms-unknown-question"),
        ("nowhere", "q.description", "a", "description forms-unknown-question"),
    ];
    for (section, name, value, expected) in table {
        let (patch, errors) = post(section, &[(name, value)]);
        assert!(errors.contains(expected), "{expected}: {errors:?}");
        assert!(expected.ends_with("unknown-question") || !patch.as_object().unwrap().is_empty(), "{name}");
    }
}
