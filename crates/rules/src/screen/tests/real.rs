//! Cases of others, where they are at hand: how much of what is there is found, and how much of what is found is there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

/// The lines of the files of a folder of the shared data; `None`, saying so, where the data is not on this machine.
fn lines(folder: &str) -> Option<Vec<Value>> {
    let root = crate::testing::shared(folder)?;
    let mut files: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    assert!(!files.is_empty());
    let texts = files.iter().map(|path| std::fs::read_to_string(path).unwrap());
    Some(texts.flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()).collect())
}

/// The span of bytes for one of characters.
fn bytes(text: &str, start: u64, end: u64) -> Range<usize> {
    let place = |at: u64| text.char_indices().map(|(byte, _)| byte).nth(usize::try_from(at).unwrap()).unwrap_or(text.len());
    place(start)..place(end)
}

/// The span without the blanks at its ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let given = &text[span.clone()];
    span.start + given.len() - given.trim_start().len()..span.start + given.trim_end().len()
}

#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn f1(self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / (self.right + self.missed) as f64
    }

    fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }
}

/// Counts one case. Spans have to be exact; where only their number is given, it has to be that.
fn count(case: &Value, kind: Kind, tally: &mut Tally) {
    let text = case["text"].as_str().unwrap();
    let found: Vec<_> = screen(text).into_iter().filter(|finding| finding.kind == kind).map(|finding| finding.span()).collect();
    let before = *tally;
    if case["kind"] == "recognise" {
        // One of the cases counts the blank before a number as its first character.
        let spans: Vec<_> = case["spans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|span| trimmed(text, bytes(text, span[0].as_u64().unwrap(), span[1].as_u64().unwrap())))
            .collect();
        let wanted = usize::try_from(case["n"].as_u64().unwrap()).unwrap();
        let right = if spans.is_empty() { found.len().min(wanted) } else { spans.iter().filter(|span| found.contains(span)).count() };
        tally.right += right;
        tally.missed += wanted - right;
        tally.wrong += found.len() - right;
    } else {
        let value = trimmed(text, 0..text.len());
        let whole = found.len() == 1 && found[0] == value;
        match (case["valid"].as_bool().unwrap(), whole) {
            (true, true) => tally.right += 1,
            (true, false) => tally.missed += 1,
            (false, true) => tally.wrong += 1,
            (false, false) => {}
        }
    }
    if (before.wrong, before.missed) != (tally.wrong, tally.missed) && std::env::var_os("SCREEN_SHOWS").is_some() {
        println!("{kind:?}: {text:?} {found:?} {case}");
    }
}

/// SEC-25: identifiers, each valid one and each that looks like one.
#[test]
fn identifiers_are_found_exactly() {
    let Some(cases) = lines("pii") else { return };
    let kinds = BTreeMap::from([
        ("UK_NINO", Kind::UkNino),
        ("UK_NHS", Kind::UkNhs),
        ("UK_POSTCODE", Kind::UkPostcode),
        ("IBAN", Kind::Iban),
        ("IBAN_CODE", Kind::Iban),
        ("CREDIT_CARD", Kind::PaymentCard),
        ("UK_PASSPORT", Kind::UkPassport),
        ("UK_DRIVING_LICENCE", Kind::UkDrivingLicence),
        ("EMAIL_ADDRESS", Kind::Email),
        ("IP_ADDRESS", Kind::Ip),
        ("PHONE_NUMBER", Kind::Phone),
        ("UK_BANK", Kind::UkBankAccount),
    ]);
    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    for case in cases.iter().filter(|case| case["strict_only"] != true) {
        if let Some(kind) = kinds.get(case["entity"].as_str().unwrap()) {
            count(case, *kind, tallies.entry(*kind).or_default());
        }
    }
    for (kind, tally) in &tallies {
        println!("{}: F1 {:.3}, {tally:?}", kind.code(), tally.f1());
    }
    for kind in [Kind::UkNino, Kind::UkNhs, Kind::UkPostcode, Kind::Iban, Kind::PaymentCard] {
        assert!(tallies[&kind].f1() >= 0.98, "{kind:?}: {:?}", tallies[&kind]);
    }
    // Of these the cases want more than is data about somebody (`::`), or less (any two letters with seven digits is a passport).
    for kind in [Kind::UkPassport, Kind::UkDrivingLicence, Kind::Email, Kind::Ip, Kind::Phone] {
        assert!(tallies[&kind].f1() >= 0.9, "{kind:?}: {:?}", tallies[&kind]);
    }
}

/// SEC-25: sentences as people write them. A value counts as found where findings of its kind cover all of it.
#[test]
fn values_within_sentences_are_found_whole() {
    let Some(cases) = lines("pii_text") else { return };
    let kinds = BTreeMap::from([
        ("CREDIT_CARD", Kind::PaymentCard),
        ("IBAN_CODE", Kind::Iban),
        ("EMAIL_ADDRESS", Kind::Email),
        ("IP_ADDRESS", Kind::Ip),
        ("PHONE_NUMBER", Kind::Phone),
    ]);
    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    for case in &cases {
        let text = case["text"].as_str().unwrap();
        let found = screen(text);
        for (name, kind) in &kinds {
            let tally = tallies.entry(*kind).or_default();
            let before = *tally;
            let wanted: Vec<_> = case["spans"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|span| span[0] == *name)
                .map(|span| bytes(text, span[1].as_u64().unwrap(), span[2].as_u64().unwrap()))
                .collect();
            let found: Vec<_> = found.iter().filter(|finding| finding.kind == *kind).map(Finding::span).collect();
            for span in &wanted {
                let whole = found.iter().any(|found| found.start <= span.start && found.end >= span.end);
                *(if whole { &mut tally.right } else { &mut tally.missed }) += 1;
            }
            tally.wrong += found.iter().filter(|found| !wanted.iter().any(|span| found.start < span.end && span.start < found.end)).count();
            if (before.wrong, before.missed) != (tally.wrong, tally.missed) && std::env::var_os("SCREEN_SHOWS").is_some() {
                println!("{kind:?} {:?}: {wanted:?} {text:?}", found.iter().map(|span| &text[span.clone()]).collect::<Vec<_>>());
            }
        }
    }
    for (kind, tally) in &tallies {
        println!("{}: recall {:.3}, precision {:.3}, {tally:?}", kind.code(), tally.recall(), tally.precision());
        assert!(tally.recall() >= 0.95, "{kind:?}: {tally:?}");
    }
}
