//! What differs between two editions: nothing where they are equal, and every single change.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{FORM, PACK, changed, load, source};
use crate::form::Form;
use crate::pack::{Became, Difference, Pack, PackSource};

fn between(new: &PackSource) -> Difference {
    let new = Pack::load(new).unwrap_or_else(|faults| panic!("{faults:#?}"));
    Difference::between(&load(), &new)
}

/// A line for each part that differs: `area id part: old -> new`.
fn lines(difference: &Difference) -> Vec<String> {
    let plain = |value: Option<&Value>| match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut out = Vec::new();
    for change in &difference.changes {
        let sign = match change.became {
            Became::Added => "+",
            Became::Removed => "-",
            Became::Changed => "~",
        };
        match change.became {
            Became::Changed => out.extend(change.parts.iter().map(|part| {
                format!("{sign} {} {} {}: {} -> {}", change.area, change.id, part.part, plain(part.old.as_ref()), plain(part.new.as_ref()))
            })),
            _ => out.push(format!("{sign} {} {}", change.area, change.id)),
        }
    }
    out
}

/// OFF-2: an edition differs from itself in nothing.
#[test]
fn off_2_nothing_differs_from_itself() {
    assert!(Difference::between(&load(), &load()).is_empty());
    assert!(!between(&changed("pack.yaml", "edition: \"2026.1\"", "edition: \"2026.2\"")).matters());
}

/// OFF-2: each kind of change, as it is told.
#[test]
fn off_2_each_change_is_told() {
    let (pack, form) = ("pack.yaml", "forms/proposal.yaml");
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (pack, "text: Keep it.", "text: Keep it well.", &["~ obligations keep_register text: Keep it. -> Keep it well."]),
        (
            pack,
            "owed_by: supplier, when: always",
            "owed_by: lead_supplier, when: always",
            &["~ obligations keep_register owed_by: supplier -> lead_supplier"],
        ),
        (
            pack,
            "{every: P1Y, from: offshore_start}",
            "{every: P6M, from: offshore_start}",
            &[
                "~ obligations review when: {\"every\":\"P1Y\",\"from\":\"offshore_start\"} -> {\"every\":\"P6M\",\"from\":\"offshore_start\"}",
            ],
        ),
        (pack, "  - {id: keep_register,", "  - {id: hold_register,", &["+ obligations hold_register", "- obligations keep_register"]),
        (pack, "value: 50", "value: 60", &["~ thresholds most_people value: 50.0 -> 60.0"]),
        (pack, "roles: [owner], quorum: 2", "roles: [owner], quorum: 3", &["~ decision_levels board quorum: 2 -> 3"]),
        (pack, "days: 28", "days: 14", &["~ urgent_approval  days: 28 -> 14"]),
        (pack, "{roles: [owner], days: 5}", "{roles: [owner], days: 3}", &["~ urgent_approval  ratify.days: 5 -> 3"]),
        (
            pack,
            "urgent_approval: {roles: [management], days: 28, ratify: {roles: [owner], days: 5}, refusals: 2, source: [OWN]}\n",
            "",
            &["- urgent_approval "],
        ),
        (pack, "{rating: high, review: P6M", "{rating: high, review: P3M", &["~ risk_methods risk outcomes.high.review: P6M -> P3M"]),
        (
            pack,
            "- [low, medium]",
            "- [low, high]",
            &["~ risk_methods risk matrix: [[\"low\",\"medium\"],[\"medium\",\"high\"]] -> [[\"low\",\"high\"],[\"medium\",\"high\"]]"],
        ),
        (pack, "text: Check everyone.", "text: Check all.", &["~ control_sets basic controls.checks.text: Check everyone. -> Check all."]),
        (pack, "adequacy: none", "adequacy: full", &["~ countries IN adequacy: none -> full"]),
        (pack, "holidays: [2026-12-25]", "holidays: []", &["~ calendar  holidays: [\"2026-12-25\"] -> []"]),
        (
            form,
            "label: How many people?, integer: true",
            "label: How many people?, integer: true, max: 9",
            &["~ questions staff max: - -> 9"],
        ),
        (form, "label: Name}", "label: Name, sensitive: true}", &["~ questions site_name sensitive: false -> true"]),
        (form, "required: true, allow_unknown: true", "required: true", &["~ questions personal allow_unknown: true -> false"]),
        (
            form,
            "{id: access, label: Access}",
            "{id: reach, label: Reach}",
            &[
                "~ questions kinds options.access.id: access -> -",
                "~ questions kinds options.access.label: Access -> -",
                "~ questions kinds options.reach.id: - -> reach",
                "~ questions kinds options.reach.label: - -> Reach",
            ],
        ),
        (
            form,
            "value: hosting}",
            "value: access}",
            &[
                "~ sections where when: {\"includes\":{\"question\":\"kinds\",\"value\":\"hosting\"}} -> {\"includes\":{\"question\":\"kinds\",\"value\":\"access\"}}",
            ],
        ),
        (pack, "acknowledge: PT1H", "acknowledge: PT30M", &["~ incidents  service_levels.critical.acknowledge: PT1H -> PT30M"]),
        (pack, "close: P60D", "close: P90D", &["~ incidents  service_levels.low.close: P60D -> P90D"]),
        (pack, "{moderate: 10, high: 100,", "{moderate: 10, high: 200,", &["~ incidents  severity.people.high: 100 -> 200"]),
        (pack, "loss: {integrity: high}", "loss: {}", &["~ incidents  severity.loss.integrity: high -> -"]),
        (pack, "    loss: {", "    encrypted_at_most: high\n    loss: {", &["~ incidents  severity.encrypted_at_most: low -> high"]),
        (
            pack,
            "    loss: {",
            "    categories: {fraud: high}\n    loss: {",
            &[
                "~ incidents  severity.categories.damage: moderate -> -",
                "~ incidents  severity.categories.disclosure: moderate -> -",
                "~ incidents  severity.categories.fraud: moderate -> high",
                "~ incidents  severity.categories.loss: moderate -> -",
                "~ incidents  severity.categories.theft: moderate -> -",
                "~ incidents  severity.categories.unauthorised_access: moderate -> -",
            ],
        ),
        ("forms/incident.yaml", "marking: In confidence\n", "", &["~ form  marking: In confidence -> -"]),
        (form, "minutes: 10", "minutes: 20", &["~ form  minutes: 10 -> 20"]),
        (form, ", when: {answered: site_name}", "", &["~ questions site_staff when: {\"answered\":\"site_name\"} -> -"]),
    ];
    for (file, from, to, wanted) in cases {
        assert_eq!(&lines(&between(&changed(file, from, to))), wanted, "{from} -> {to}");
    }
}

/// OFF-2: a question that is dropped is named as such, one that only moves is not; an order that changes is told.
#[test]
fn off_2_dropped_and_moved() {
    let line = "          - {id: site_staff, type: number, label: Staff, when: {answered: site_name}}\n";
    let difference = between(&changed("forms/proposal.yaml", line, ""));
    assert_eq!(difference.dropped().map(|gone| gone.title.as_str()).collect::<Vec<_>>(), ["Staff"]);
    let moved =
        "      - {id: kinds, type: choices, label: Which kinds?, options: [{id: hosting, label: Hosting}, {id: access, label: Access}]}\n";
    let first = "      - {id: personal,";
    let mut swapped = changed("forms/proposal.yaml", moved, "");
    let text = swapped.files.get_mut("forms/proposal.yaml").unwrap();
    *text = text.replacen(first, &format!("{moved}{first}"), 1);
    let difference = between(&swapped);
    assert_eq!(difference.dropped().count(), 0);
    assert_eq!(difference.changes.len(), 1, "{difference:#?}");
    assert_eq!((difference.changes[0].area.as_str(), difference.changes[0].parts[0].part.as_str()), ("questions", "order"));
}

/// Every place of a document that holds something: paths as JSON pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(of) => of.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), out)),
        Value::Array(items) => {
            if !items.is_empty() {
                out.push(at.to_owned());
            }
            items.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), out));
        }
        _ => out.push(at.to_owned()),
    }
}

/// The value otherwise: another text, the other truth value, one more; a list without one of its items, or with two of them swapped.
fn otherwise(value: &mut Value, how: usize) {
    match value {
        Value::Bool(said) => *said = !*said,
        Value::Number(number) => *value = number.as_i64().map_or_else(|| json!(number.as_f64().unwrap_or(0.0) + 1.0), |n| json!(n + 1)),
        Value::String(text) => *value = json!(format!("{text}{}", how % 7)),
        Value::Array(items) if items.len() > 1 && how % 2 == 1 => {
            let at = how / 2 % (items.len() - 1);
            items.swap(at, at + 1);
        }
        Value::Array(items) => drop(items.remove(how / 2 % items.len())),
        Value::Null => *value = json!("something"),
        Value::Object(of) => drop(of.insert("more".to_owned(), json!(how))),
    }
}

/// Reading a pack takes longer than all else here.
static OLD: std::sync::LazyLock<Pack> = std::sync::LazyLock::new(load);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// OFF-2: whatever single thing of a pack changes, the difference shows it; where nothing does, it shows nothing.
    #[test]
    fn off_2_every_single_change_of_a_pack_is_seen(pick in any::<prop::sample::Index>(), how in 0_usize..1000) {
        let old = &*OLD;
        let mut document: Value = serde_json::to_value(old).unwrap();
        document.as_object_mut().unwrap().remove("forms");
        let mut all = Vec::new();
        places(&document, "", &mut all);
        otherwise(document.pointer_mut(&all[pick.index(all.len())]).unwrap(), how);
        // What is no pack any more is none.
        if let Ok(mut new) = serde_json::from_value::<Pack>(document) {
            new.forms.clone_from(&old.forms);
            prop_assert_eq!(Difference::between(old, &new).is_empty(), *old == new, "{}", all[pick.index(all.len())]);
            prop_assert_eq!(Difference::between(&new, old).is_empty(), *old == new, "{}", all[pick.index(all.len())]);
        }
    }

    /// The same, of a form.
    #[test]
    fn off_2_every_single_change_of_a_form_is_seen(pick in any::<prop::sample::Index>(), how in 0_usize..1000) {
        let old = &*OLD;
        let mut document: Value = serde_json::to_value(&old.forms["proposal"]).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        otherwise(document.pointer_mut(&all[pick.index(all.len())]).unwrap(), how);
        if let Ok(form) = serde_json::from_value::<Form>(document) {
            let mut new = old.clone();
            new.forms.insert("proposal".to_owned(), form);
            prop_assert_eq!(Difference::between(old, &new).is_empty(), *old == new, "{}", all[pick.index(all.len())]);
        }
    }
}

/// OFF-2: a form that comes or goes is told with its questions.
#[test]
fn off_2_a_form_comes_and_goes() {
    let mut more = source();
    let other = FORM.replacen("form: proposal", "form: second", 1);
    more.files.insert("forms/second.yaml".to_owned(), other);
    let new = Pack::load(&more).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let difference = Difference::between(&load(), &new);
    assert!(difference.changes.iter().all(|change| change.became == Became::Added && change.form.as_deref() == Some("second")));
    assert_eq!(difference.of("questions").count(), 6);
    assert_eq!(Difference::between(&new, &load()).dropped().count(), 6);
    assert!(PACK.contains("calendar"));
}
