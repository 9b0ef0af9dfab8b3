//! What makes an approval stale, difference by difference.

use std::collections::BTreeMap;

use super::{Basis, Held, Link, Owner, RULES, reasons};

fn basis() -> Basis {
    let link = |party: &str, tier, above: Option<&str>| Link { party: party.to_owned(), tier, above: above.map(str::to_owned) };
    Basis {
        place: "b".to_owned(),
        answers: "digest".to_owned(),
        countries: BTreeMap::from([("IN".to_owned(), Held { transfer: "safeguards".to_owned(), ..Held::default() })]),
        chain: BTreeMap::from([("a".to_owned(), link("lead", 1, None)), ("b".to_owned(), link("sub", 2, Some("a")))]),
        owners: BTreeMap::from([("lead".to_owned(), Owner::default()), ("sub".to_owned(), Owner::default())]),
    }
}

fn rules(change: impl FnOnce(&mut Basis)) -> Vec<&'static str> {
    let mut now = basis();
    change(&mut now);
    reasons(&basis(), &now).into_iter().map(|reason| reason.rule).collect()
}

#[test]
fn off_11_each_difference_is_a_reason() {
    let text = || Some("other".to_owned());
    assert!(rules(|_| {}).is_empty());
    let held = |change: fn(&mut Held)| rules(|now| change(now.countries.get_mut("IN").unwrap()));
    assert_eq!(held(|held| held.transfer = "adequate".to_owned()), ["transfer"]);
    assert_eq!(held(|held| held.mechanism = Some("agreement".to_owned())), ["mechanism"]);
    assert_eq!(held(|held| held.condition = Some("x".to_owned())), ["condition"]);
    assert_eq!(held(|held| held.onward = Some("x".to_owned())), ["onward"]);
    assert_eq!(held(|held| held.transfer = super::CEASED.to_owned()), ["ceased"], "a country that is none any more");
    assert_eq!(held(|held| held.law = Some("x".to_owned())), ["law"]);
    assert_eq!(rules(|now| now.owners.get_mut("sub").unwrap().name = text()), ["owner"]);
    assert_eq!(rules(|now| now.owners.get_mut("lead").unwrap().country = text()), ["owner"]);
    assert_eq!(rules(|now| now.answers = "another".to_owned()), ["answers"]);
}

#[test]
fn off_12_whoever_joins_moves_or_leaves_is_a_reason() {
    let joins = rules(|now| {
        now.chain.insert("c".to_owned(), Link { party: "third".to_owned(), tier: 3, above: Some("b".to_owned()) });
        now.owners.insert("third".to_owned(), Owner { name: Some("x".to_owned()), country: None });
    });
    assert_eq!(joins, ["joined"]);
    assert_eq!(rules(|now| now.chain.get_mut("b").unwrap().tier = 3), ["moved"]);
    let leaves = rules(|now| {
        now.chain.remove("b");
        now.owners.remove("sub");
    });
    assert_eq!(leaves, ["left"]);
}

#[test]
fn every_reason_has_its_source() {
    assert!(RULES.iter().all(|(_, source)| !source.is_empty()));
    let mut now = basis();
    now.countries.clear();
    let found = reasons(&basis(), &now);
    assert_eq!(found[0].rule, "transfer", "what is not known any more differs from what was");
    assert_eq!(found[0].source, ["OFF-Q4", "OFF-11"]);
}
