//! The texts of reasons.

use std::collections::BTreeSet;

/// Every reason that is given has its text in the catalogue, and every text is given.
#[test]
fn every_reason_has_its_words() {
    let catalogue = include_str!("../../../../../locales/en/veris.ftl");
    let texts: BTreeSet<&str> =
        catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).filter(|id| id.starts_with("veris-")).collect();
    let code = [include_str!("../read.rs"), include_str!("../take.rs"), include_str!("../standard.rs"), include_str!("../rows.rs")];
    let asked: BTreeSet<&str> = code
        .iter()
        .chain([&include_str!("../exact.rs")])
        .flat_map(|text| text.split("Message::new(\"").skip(1))
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(!asked.is_empty());
    assert_eq!(asked, texts);
}
