//! What a transfer takes, country by country, held against the lists that regulators publish.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use jiff::civil::date;

use super::*;
use crate::decision::Outcome as _;

fn country(code: &str) -> Country {
    Country::from_code(code).unwrap()
}

fn home(code: &str) -> Home {
    Home::from(country(code))
}

/// OFF-Q4: each country, with personal data and without, gives one answer; none is lost between lists.
#[test]
fn off_q4_every_country_has_one_answer() {
    let gb = home("GB");
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for country in Country::all() {
        for (word, personal) in [("personal", Some(true)), ("not", Some(false)), ("unknown", None)] {
            *counts.entry((word, decide(&gb, country, personal, None).outcome.code())).or_default() += 1;
        }
    }
    let counted: Vec<_> = counts.into_iter().map(|((word, code), n)| format!("{word} {code} {n}")).collect();
    assert_eq!(
        counted,
        [
            "not home 1",
            "not not_personal 249",
            "personal adequate 42",
            "personal conditional 3",
            "personal home 1",
            "personal safeguards 204",
            "unknown adequate 42",
            "unknown conditional 3",
            "unknown home 1",
            "unknown safeguards 204",
        ]
    );
}

/// OFF-Q4: the list that is kept here is the one that was gathered, where that lies beside the sources.
#[test]
fn off_q4_the_list_is_the_published_one() {
    let Ok(text) = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/geo/uk_adequacy.json")) else {
        return;
    };
    let published: serde_json::Value = serde_json::from_str(&text).unwrap();
    let gb = home("GB");
    let codes = |name: &str| published[name].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let full: Vec<String> = codes("eea").into_iter().chain(codes("full")).collect();
    for one in Country::all().filter(|one| *one != country("GB")) {
        let expected = if full.iter().any(|code| code == one.code()) {
            Outcome::Adequate
        } else if published["partial"].get(one.code()).is_some() {
            Outcome::Conditional
        } else {
            Outcome::Safeguards
        };
        assert_eq!(decide(&gb, one, Some(true), None).outcome, expected, "{one:?}");
    }
}

/// OFF-Q4: what the authority established stands before any list; where no list is kept, nothing is taken to be adequate.
#[test]
fn off_q4_what_the_authority_established_counts_first() {
    let table = [
        ("GB", "IN", Some(true), None, "safeguards", "not_listed", &[][..]),
        ("GB", "IN", None, None, "safeguards", "not_listed", &["personal_data"][..]),
        ("GB", "IN", Some(false), None, "not_personal", "not_personal", &[]),
        ("GB", "IN", Some(true), Some(Adequacy::Full), "adequate", "stated_full", &[]),
        ("GB", "IE", Some(true), None, "adequate", "listed_full", &[]),
        ("GB", "IE", Some(true), Some(Adequacy::None), "safeguards", "stated_none", &[]),
        ("GB", "US", Some(true), None, "conditional", "listed_partial", &[]),
        ("GB", "US", None, Some(Adequacy::Partial), "conditional", "stated_partial", &["personal_data"]),
        // Crown dependencies are abroad, and adequate.
        ("GB", "JE", Some(true), None, "adequate", "listed_full", &[]),
        ("GB", "GB", Some(true), Some(Adequacy::None), "home", "at_home", &[]),
        ("DE", "DE", None, None, "home", "at_home", &[]),
        ("DE", "IN", Some(true), Some(Adequacy::None), "safeguards", "stated_none", &[]),
        ("DE", "IN", Some(false), None, "not_personal", "not_personal", &[]),
    ];
    for (at, to, personal, stated, outcome, rule, missing) in table {
        let decided = decide(&home(at), country(to), personal, stated);
        assert_eq!((decided.outcome.code(), decided.because[0].rule), (outcome, rule), "{at} {to} {personal:?} {stated:?}");
        assert_eq!(decided.missing.iter().map(|m| m.0).collect::<Vec<_>>(), missing, "{at} {to} {personal:?} {stated:?}");
        assert!(decided.because.iter().all(|reason| !reason.source.is_empty()));
    }
    let open = decide(&home("DE"), country("IN"), Some(true), None);
    assert_eq!((open.outcome, open.because.len(), open.missing[0].0), (Outcome::Undetermined, 0, "adequacy"));
    assert_eq!((followed_until(&home("DE")), followed_until(&home("GB"))), (None, Some(date(2025, 6, 30))));
    // A home of several territories goes by the list that one of them has.
    let both = Home::from_codes(&["GB", "GG"]).unwrap();
    assert_eq!(decide(&both, country("FR"), Some(true), None).outcome, Outcome::Adequate);
    assert_eq!(decide(&both, country("GG"), Some(true), None).outcome, Outcome::Home);
}

/// OFF-Q4: a safeguard without its risk assessment, or with an old one, is lacking something; an exception asks for none.
#[test]
fn off_q4_a_safeguard_asks_for_its_risk_assessment() {
    let today = date(2026, 3, 2);
    let held = |mechanism, assessed_on, review_on| Held { mechanism, assessed_on, review_on };
    let (before, later) = (Some(date(2025, 9, 1)), Some(date(2026, 9, 1)));
    let table: [(Outcome, Held, &[&str]); 11] = [
        (Outcome::Safeguards, Held::default(), &["no_mechanism"]),
        (Outcome::Safeguards, held(Some(Mechanism::Agreement), None, None), &["no_assessment"]),
        (Outcome::Safeguards, held(Some(Mechanism::Agreement), before, None), &[]),
        (Outcome::Safeguards, held(Some(Mechanism::Clauses), before, later), &[]),
        (Outcome::Safeguards, held(Some(Mechanism::Clauses), before, Some(date(2026, 3, 1))), &["review_late"]),
        (Outcome::Safeguards, held(Some(Mechanism::Clauses), before, Some(today)), &[]),
        (Outcome::Safeguards, held(Some(Mechanism::BindingRules), later, None), &["assessment_to_come"]),
        (Outcome::Safeguards, held(Some(Mechanism::Exception), None, None), &[]),
        (Outcome::Conditional, Held::default(), &["condition_open"]),
        (Outcome::Conditional, held(Some(Mechanism::Other), None, before), &["no_assessment", "review_late"]),
        (Outcome::Adequate, held(None, None, before), &[]),
    ];
    for (outcome, held, expected) in table {
        let found = lacking(outcome, held, today);
        assert_eq!(found.iter().map(|reason| reason.rule).collect::<Vec<_>>(), expected, "{outcome:?} {held:?}");
    }
}

/// OWN-1: every reason and every condition has its words.
#[test]
fn own_1_every_reason_of_a_transfer_has_words() {
    let words = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../locales/en/rules.ftl")).unwrap();
    let known = |id: &str| words.lines().any(|line| line.starts_with(&format!("{id} =")));
    let rules = [
        "at_home",
        "not_personal",
        "stated_full",
        "stated_partial",
        "stated_none",
        "listed_full",
        "listed_partial",
        "not_listed",
        "no_mechanism",
        "condition_open",
        "no_assessment",
        "assessment_to_come",
        "review_late",
    ];
    for rule in rules {
        assert!(known(&format!("rule-transfer-{}", rule.replace('_', "-"))), "{rule}");
    }
    let outcomes =
        [Outcome::Home, Outcome::NotPersonal, Outcome::Adequate, Outcome::Conditional, Outcome::Safeguards, Outcome::Undetermined];
    assert!(outcomes.iter().all(|outcome| known(&outcome.message_id())));
    assert!(["personal_data", "adequacy"].iter().all(|path| known(&Missing(path).message_id("transfer"))));
    for (home, list) in LISTS.iter() {
        for (code, _) in list.countries.iter().filter(|(_, adequacy)| **adequacy == Adequacy::Partial) {
            assert!(known(&condition_id(country(home), country(code))), "{home} {code}");
        }
    }
    for code in Mechanism::ALL.iter().map(|one| one.code()) {
        assert_eq!(Mechanism::from_code(code).map(Mechanism::code), Some(code));
    }
}
