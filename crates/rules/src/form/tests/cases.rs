//! Tables of cases.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{TestLookups, answers, form};
use crate::{
    form::{Answers, FrozenDocument, Mode, SectionStatus, value::reads_as_home},
    truth::Truth,
};

/// Answers that may be handed in.
fn complete() -> Value {
    json!({
        "description": "Nightly support", "personal": false, "kinds": ["access"], "level": "low", "staff": 4, "country": "IN",
        "cost_note": "None",
        "sites": [{"site_name": "Plot 7", "address": {"lines": "Plot 7\nRing Road", "town": "Pune", "country": "IN"}}],
    })
}

fn with(path: &str, value: Value) -> Answers {
    let mut all = complete();
    *all.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    answers(all)
}

fn added(key: &str, value: Value) -> Answers {
    let mut all = complete();
    all[key] = value;
    answers(all)
}

fn errors(answers: &Answers, mode: Mode) -> Vec<String> {
    form().check(answers, mode, &TestLookups).iter().map(|error| format!("{} {}", error.path, error.message.id)).collect()
}

#[test]
fn complete_answers_have_no_errors() {
    assert_eq!(errors(&answers(complete()), Mode::Submit), Vec::<String>::new());
}

#[test]
fn each_wrong_answer_names_its_path_and_what_to_do() {
    let long = "x".repeat(1_000_000);
    let table = [
        (with("/description", json!(long)), "description forms-too-long"),
        (with("/description", json!(["a"])), "description forms-not-text"),
        (added("title", json!("a\nb")), "title forms-one-line"),
        (added("title", json!("a\u{0}b")), "title forms-control-characters"),
        (with("/staff", json!("many")), "staff forms-not-whole-number"),
        (with("/staff", json!(0)), "staff forms-too-small"),
        (with("/staff", json!(501)), "staff forms-too-large"),
        (added("share", json!(1e300)), "share forms-not-number"),
        (with("/personal", json!("maybe")), "personal forms-not-yes-no"),
        (with("/kinds", json!(["access", "access"])), "kinds forms-repeated"),
        (with("/kinds", json!("access")), "kinds forms-not-list"),
        (with("/country", json!("ZZ")), "country forms-not-country"),
        (with("/country", json!("india")), "country forms-not-country"),
        (added("stranger", json!(1)), "stranger forms-unknown-question"),
        (added("site_name", json!("x")), "site_name forms-unknown-question"),
        (with("/sites/0/address", json!({"town": "x", "street": "y"})), "sites.0.address.street forms-unknown-question"),
        (with("/sites/0/address/town", json!(null)), "sites.0.address.town forms-enter-town"),
        (with("/sites/0", json!("x")), "sites.0 forms-wrong-shape"),
        (with("/sites", json!([])), "sites forms-too-few-entries"),
        (with("/sites", json!([{}, {}, {}, {}])), "sites forms-too-many-entries"),
    ];
    for (answers, expected) in table {
        assert!(errors(&answers, Mode::Submit).contains(&expected.to_owned()), "{expected}: {:?}", errors(&answers, Mode::Submit));
    }
}

#[test]
fn answers_hold_no_blanks() {
    let text = r#"{"b": " ", "a": {"y": 2.0, "x": [null, "", {}, {"z": null}]}, "c": [], "d": {"e": null}, "f": false}"#;
    let read: Answers = serde_json::from_str(text).unwrap();
    assert_eq!(read.canonical(), r#"{"a":{"x":[{},{}],"y":2},"f":false}"#);
    assert_eq!(serde_json::from_str::<Answers>(&read.canonical()).unwrap().canonical(), read.canonical());
    assert!(Answers::from_json(json!([1])).is_none());
}

#[test]
fn far_too_many_entries_cost_little() {
    let many = answers(json!({"sites": vec![json!({"home_workers": true}); 50_000]}));
    assert_eq!(form().visible(&many).paths().filter(|(path, _)| path.starts_with("sites.")).count(), 3 * 6);
    assert!(errors(&many, Mode::Draft).contains(&"sites forms-too-many-entries".to_owned()));
}

#[test]
fn a_draft_demands_nothing() {
    assert!(errors(&Answers::new(), Mode::Draft).is_empty());
    assert!(errors(&answers(json!({"sites": [{}]})), Mode::Draft).is_empty());
    assert!(!errors(&Answers::new(), Mode::Submit).is_empty());
}

#[test]
fn off_q3_home_addresses_are_refused() {
    // OFF-Q3
    let table = [
        ("Flat 3, 12 Elm Road", true),
        ("FLAT B\n12 Elm Road", true),
        ("Home of A. Rao", true),
        ("my house, Elm Road", true),
        ("c/o employee home address", true),
        ("Home Office Building, 2 Marsham Street", false),
        ("Homefield Business Park", false),
        ("Nursing Home, Elm Road", false),
        ("Flatiron Building", false),
        ("Unit 3, Flat Lane", false),
    ];
    for (lines, refused) in table {
        assert_eq!(reads_as_home(lines), refused, "{lines}");
        let found = errors(&with("/sites/0/address/lines", json!(lines)), Mode::Draft);
        assert_eq!(found == ["sites.0.address.lines forms-home-address"], refused, "{lines}: {found:?}");
    }
    let marked = with("/sites/0/site_name", json!("x"));
    let mut sites = marked.get("sites").cloned().unwrap();
    sites[0]["is_home"] = json!(true);
    assert_eq!(errors(&added("sites", sites), Mode::Draft), ["sites.0.is_home forms-home-yes"]);
}

#[test]
fn off_q3_a_registered_site_lies_in_the_country_named_beside_it() {
    // OFF-Q3
    let text = "{form: f, title: F, minutes: 1, sections: [{id: s, title: S, questions: [
        {id: land, type: country, label: Country}, {id: spot, type: site, label: Site, country: land},
        {id: all, type: group, label: All, questions: [{id: at, type: country, label: Country}, {id: of, type: site, label: Which site?, country: at}]}]}]}";
    let form: crate::form::Form = serde_saphyr::from_str(text).unwrap();
    let table = [
        (json!({"spot": "s1", "land": "IN"}), ""),
        (json!({"spot": "s1"}), ""),
        (json!({"spot": "s1", "land": "GB"}), "spot forms-site-elsewhere"),
        (json!({"land": "GB"}), ""),
        (json!({"spot": "s9", "land": "GB"}), "spot forms-not-site"),
        (json!({"land": "GB", "all": [{"of": "s1", "at": "IN"}, {"of": "s1", "at": "NO"}]}), "all.1.of forms-site-elsewhere"),
    ];
    for (given, expected) in table {
        for mode in [Mode::Draft, Mode::Submit] {
            let found = form.check(&answers(given.clone()), mode, &TestLookups);
            let found: Vec<_> = found.iter().map(|e| format!("{} {}", e.path, e.message.id)).collect();
            assert_eq!(found.join("; "), expected, "{given}");
        }
    }
    let found = form.check(&answers(json!({"spot": "s1", "land": "GB"})), Mode::Draft, &TestLookups);
    let said = &found.iter().next().unwrap().message;
    assert!(said.args.iter().any(|(name, value)| *name == "country" && value == "India"), "{said:?}");
}

#[test]
fn unknown_shows_but_does_not_demand() {
    let form = form();
    let open = form.visible(&Answers::new());
    assert_eq!(open.question("personal_why"), Truth::Unknown);
    assert_eq!(open.section("dates"), Truth::Unknown);
    let missing = errors(&Answers::new(), Mode::Submit);
    assert!(!missing.iter().any(|error| error.starts_with("personal_why") || error.starts_with("start")), "{missing:?}");
    let known = answers(json!({"personal": true, "level": "high"}));
    assert_eq!(form.visible(&known).question("personal_why"), Truth::True);
    let missing = errors(&known, Mode::Submit);
    assert!(missing.contains(&"personal_why forms-enter".to_owned()) && missing.contains(&"start forms-enter".to_owned()));
    let hidden = answers(json!({"personal": false, "level": "low", "start": "gibberish"}));
    assert!(form.visible(&hidden).section("dates").is_false());
    assert!(errors(&hidden, Mode::Draft).is_empty(), "hidden answers are not looked at");
    let not_known = form.visible(&answers(json!({"personal": "unknown"})));
    assert_eq!(not_known.question("personal_why"), Truth::Unknown);
}

#[test]
fn a_hidden_answer_decides_nothing() {
    // The cost is hidden, so what depends on it is not asked for either way.
    let seen = form().visible(&answers(json!({"kinds": ["access"], "staff": 2, "cost": {"amount": 1, "currency": "GBP"}})));
    assert!(seen.question("cost").is_false());
    assert!(seen.question("cost_note").is_true(), "not … of something not asked holds");
}

#[test]
fn entries_see_their_own_answers_first() {
    let answers = answers(json!({"level": "high", "sites": [{"home_workers": true}, {"home_workers": false}, {}]}));
    let seen = form().visible(&answers);
    let truths: Vec<Truth> = (0..3).map(|index| seen.entry("sites", index, "home_managed")).collect();
    assert_eq!(truths, [Truth::True, Truth::False, Truth::Unknown]);
    assert_eq!(seen.entry("sites", 1, "site_level"), Truth::True);
    assert_eq!(seen.question("home_policy"), Truth::True);
    assert_eq!(seen.entry("sites", 3, "site_level"), Truth::False, "no such entry");
}

#[test]
fn progress_by_section() {
    let form = form();
    let status = |value: Value| -> Vec<SectionStatus> {
        form.progress(&answers(value), &TestLookups).into_iter().map(|section| section.status).collect()
    };
    assert_eq!(status(json!({})), [SectionStatus::NotStarted, SectionStatus::NotStarted, SectionStatus::NotStarted]);
    assert_eq!(status(json!({"level": "low"})), [SectionStatus::InProgress, SectionStatus::NotNeeded, SectionStatus::NotStarted]);
    assert_eq!(status(complete()), [SectionStatus::Done, SectionStatus::NotNeeded, SectionStatus::Done]);
    let missing = form.progress(&answers(json!({"country": "IN", "sites": [{}]})), &TestLookups);
    assert_eq!((missing[2].missing, missing[2].wrong, missing[2].answered), (2, 0, 2));
}

#[test]
fn frozen_with_the_wording_shown_and_nothing_hidden() {
    let form = form();
    let mut before = complete();
    before["start"] = json!("2027-01-01");
    let old = form.freeze(&answers(before.clone()), "offshoring", "2026.1", &TestLookups);
    let text = String::from_utf8(old.to_bytes()).unwrap();
    assert!(text.contains("Low level") && text.contains("India") && text.contains("How many people?"), "{text}");
    assert!(!text.contains("2027-01-01"), "the section is hidden");
    before["staff"] = json!(5);
    before["sites"][0]["address"]["town"] = json!("Delhi");
    before["title"] = json!("New");
    before["kinds"] = json!(null);
    let new = form.freeze(&answers(before), "offshoring", "2026.1", &TestLookups);
    let changes: Vec<(String, bool, bool)> =
        FrozenDocument::diff(&old, &new).into_iter().map(|change| (change.path, change.old.is_some(), change.new.is_some())).collect();
    let expected = [("title", false, true), ("staff", true, true), ("kinds", true, false), ("sites.0.address", true, true)];
    assert_eq!(changes, expected.map(|(path, old, new)| (path.to_owned(), old, new)));
}

/// OWN-4: a file that was given as an answer is frozen with its name and digest, in the version that stands; a paper that cannot be
/// uploaded by a note.
#[test]
fn a_file_is_frozen_with_its_digest() {
    let given = |diagram: Value| {
        let mut all = complete();
        (all["level"], all["start"], all["diagram"]) = (json!("high"), json!("2026-06-01"), diagram);
        all["sites"][0]["site_level"] = json!("Everyone");
        answers(all)
    };
    for diagram in [json!({"file": "f1"}), json!({"file": "f1", "note": "See page 3"}), json!({"note": "The plan", "date": "2026-01-02"})] {
        assert_eq!(errors(&given(diagram), Mode::Submit), Vec::<String>::new());
    }
    for (diagram, wrong) in
        [(json!({"file": "f9"}), "diagram.file forms-not-file"), (json!({"note": "The plan"}), "diagram.date forms-enter-date")]
    {
        assert_eq!(errors(&given(diagram), Mode::Submit), [wrong]);
    }
    let frozen = form().freeze(&given(json!({"file": "f1", "note": "See page 3"})), "p", "1", &TestLookups);
    let answer = frozen.sections.iter().flat_map(|section| &section.answers).find(|answer| answer.id == "diagram").unwrap();
    assert_eq!(answer.value, json!({"file": "f2", "name": "Plan.pdf", "note": "See page 3", "sha256": "ab12"}));
}

#[test]
fn every_message_is_in_the_catalogue() {
    let catalogue = include_str!("../../../../../locales/en/forms.ftl");
    let code = [include_str!("../check.rs"), include_str!("../value.rs"), include_str!("../errors.rs")].concat();
    let used: BTreeSet<&str> = code.split('"').filter(|text| text.starts_with("forms-")).collect();
    let known: BTreeSet<&str> = catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect();
    assert_eq!(used, known);
}
