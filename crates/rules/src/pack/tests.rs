//! Packs: faults with their lines, standing, and who owes what.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod difference;
mod fault_table;
pub(crate) mod incidents;

use std::{collections::BTreeSet, path::Path};

use proptest::prelude::*;

use super::*;
use crate::form::{Answers, Mode};

const PACK: &str = include_str!("tests/pack.yaml");
const FORM: &str = include_str!("tests/proposal.yaml");
const INCIDENT: &str = include_str!("tests/incident.yaml");

pub(crate) fn source() -> PackSource {
    let files = [("pack.yaml", PACK), ("forms/proposal.yaml", FORM), ("forms/incident.yaml", INCIDENT)];
    PackSource { files: files.map(|(name, text)| (name.to_owned(), text.to_owned())).into() }
}

fn changed(file: &str, from: &str, to: &str) -> PackSource {
    let mut source = source();
    let text = source.files.get_mut(file).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    source
}

fn load() -> Pack {
    Pack::load(&source()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn off_1_a_pack_is_read_and_counted() {
    let summary = check_json(&source()).unwrap();
    assert_eq!(summary["obligations"], 4);
    assert_eq!(summary["forms"]["proposal"], serde_json::json!({"sections": 2, "questions": 6}));
    assert_eq!(load().forms["proposal"].question("site_staff").unwrap().label, "Staff");
}

#[test]
fn strange_and_missing_files_are_faults() {
    let mut odd = source();
    odd.files.insert("forms/deep/x.yaml".to_owned(), String::new());
    assert_eq!(Pack::load(&odd).unwrap_err()[0].file, "forms/deep/x.yaml");
    let mut without = source();
    without.files.remove("pack.yaml");
    assert_eq!(Pack::load(&without).unwrap_err()[0].problem, "The file is missing");
    assert!(Pack::load(&PackSource::default()).is_err());
}

#[test]
fn out_0_off_0_standing_says_what_is_known() {
    // OUT-0, OFF-0
    let ids = |status: &str, on: Option<&str>, next: Option<&str>| {
        let mut text = PACK.replace("status: withdrawn", &format!("status: {status}"));
        text = text.replace("  withdrawn_on: unknown\n", &on.map_or(String::new(), |on| format!("  withdrawn_on: {on}\n")));
        let old = "  superseded_by: {title: unknown, date: unknown, text_seen: false}\n";
        text = text.replace(old, &next.map_or(String::new(), |next| format!("  superseded_by: {next}\n")));
        let mut source = source();
        source.files.insert("pack.yaml".to_owned(), text);
        let pack = Pack::load(&source).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let standing = pack.standing();
        assert_eq!(standing.edition.args["manager"], "Head of supplier security");
        let says = [Some(standing.status_says), standing.successor, standing.unseen];
        (says.into_iter().flatten().map(|says| says.id).collect::<Vec<_>>().join(" "), pack.needs_reason_for_new_contract())
    };
    let table = [
        ("draft", None, None, "packs-standing-draft", true),
        ("in_force", None, None, "packs-standing-in-force", false),
        ("withdrawn", Some("unknown"), None, "packs-standing-withdrawn", true),
        (
            "withdrawn",
            Some("2024-07-09"),
            Some("{title: unknown, date: unknown, text_seen: false}"),
            "packs-standing-withdrawn-on packs-successor-unknown packs-successor-unseen",
            true,
        ),
        (
            "superseded",
            None,
            Some("{title: New, date: 2024-07-09, text_seen: true}"),
            "packs-standing-superseded packs-successor-dated",
            false,
        ),
        (
            "superseded",
            Some("2024-07-09"),
            Some("{title: New, date: unknown, text_seen: true}"),
            "packs-standing-superseded-on packs-successor",
            true,
        ),
        (
            "superseded",
            None,
            Some("{title: unknown, date: 2024-07-09, text_seen: true}"),
            "packs-standing-superseded packs-successor-untitled",
            false,
        ),
    ];
    for (status, on, next, expected, reason) in table {
        assert_eq!(ids(status, on, next), (expected.to_owned(), reason), "{status} {on:?} {next:?}");
    }
}

#[test]
fn sec_2_sec_4_sec_6a_duties_flow_down() {
    // SEC-2, SEC-4, SEC-6a
    let pack = load();
    let ids = |tier, role| obligations_for(&pack, tier, role).into_iter().map(|duty| duty.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids(1, Role::Supplier), ["inform_before", "keep_register", "submit_for_chain"]);
    assert_eq!(ids(2, Role::Supplier), ["inform_before"]);
    assert_eq!(ids(7, Role::Supplier), ["inform_before"]);
    assert_eq!(ids(1, Role::Assessor), ["review"]);
    assert!(ids(0, Role::Supplier).is_empty() && ids(1, Role::Bidder).is_empty());
}

#[test]
fn intervals_are_written_as_they_are_read() {
    for text in ["P1Y", "P6M", "P30D", "P5B", "P1Y6M", "P1M15D"] {
        assert_eq!(text.parse::<Interval>().unwrap().to_string(), text);
    }
    assert_eq!("P2W".parse::<Interval>().unwrap().to_string(), "P14D");
    for wrong in ["", "P", "PT1H", "P1DT1H", "-P1D", "P-1D", "P0B", "P+5B", "PB", "P99999999B", "P999999999Y", "1Y", "P1.5Y"] {
        assert!(wrong.parse::<Interval>().is_err(), "{wrong}");
    }
}

#[test]
fn a_pack_survives_json() {
    let pack = load();
    let mut json = serde_json::to_value(&pack).unwrap();
    let forms = json.as_object_mut().unwrap().remove("forms").unwrap();
    let mut again: Pack = serde_json::from_value(json).unwrap();
    again.forms = serde_json::from_value(forms).unwrap();
    assert_eq!(again, pack);
}

#[test]
fn the_built_in_packs_have_no_faults() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let Ok(packs) = std::fs::read_dir(&folder) else {
        return eprintln!("skipped: no packs folder");
    };
    for pack in packs.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()) {
        let mut source = PackSource::default();
        for (folder, prefix) in [(pack.clone(), ""), (pack.join("forms"), "forms/")] {
            for file in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).filter(|file| file.path().is_file()) {
                let name = format!("{prefix}{}", file.file_name().to_string_lossy());
                source.files.insert(name, std::fs::read_to_string(file.path()).unwrap());
            }
        }
        let faults = Pack::load(&source).err().unwrap_or_default();
        assert!(faults.is_empty(), "{}: {faults:#?}", pack.display());
        for form in Pack::load(&source).unwrap().forms.values() {
            // Each is a schema that compiles, and an empty post of each section is read.
            jsonschema::validator_for(&form.json_schema()).unwrap_or_else(|error| panic!("{}: {error}", form.form));
            let errors = form.check(&Answers::new(), Mode::Submit, &crate::form::tests::TestLookups);
            assert!(!errors.is_empty() && errors.iter().all(|error| error.missing), "{errors:?}");
        }
        let loaded = Pack::load(&source).unwrap();
        for method in &loaded.risk_methods {
            // OFF-10: when nothing is known, everything is judged.
            let nothing = Answers::new();
            let risk = crate::risk::Risk::new(&loaded, &method.id, &nothing).unwrap();
            let choice = risk.choose_path().unwrap();
            assert_eq!(risk.factors(choice.path).len(), method.factors.len(), "{}", method.id);
        }
        let name = pack.file_name().unwrap().to_string_lossy();
        assert_eq!(check_json(&source).unwrap()["pack"], *name, "a pack's folder has its id");
    }
}

#[test]
fn every_message_is_in_the_catalogue() {
    let tables = [
        ("packs-", include_str!("../../../../locales/en/packs.ftl"), include_str!("standing.rs")),
        ("risk-", include_str!("../../../../locales/en/risk.ftl"), include_str!("../risk.rs")),
    ];
    for (prefix, catalogue, code) in tables {
        let used: BTreeSet<&str> = code.split('"').filter(|text| text.starts_with(prefix)).collect();
        let known: BTreeSet<&str> = catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect();
        assert_eq!(used, known);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_packs_never_panic(form: bool, at in 0.0..1.0_f64, cut in 0_usize..40, insert in "([a-z:{}\\[\\],&*!|>#\"'\n -]|[0-9é]){0,12}") {
        let (file, text) = if form { ("forms/proposal.yaml", FORM) } else { ("pack.yaml", PACK) };
        let chars: Vec<char> = text.chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = (chars.len() as f64 * at) as usize;
        let end = (at + cut).min(chars.len());
        let text: String = chars[..at].iter().copied().chain(insert.chars()).chain(chars[end..].iter().copied()).collect();
        let mut source = source();
        source.files.insert(file.to_owned(), text.clone());
        if let Err(faults) = Pack::load(&source) {
            prop_assert!(!faults.is_empty());
            let lines = u32::try_from(text.lines().count()).unwrap() + 1;
            for fault in faults.iter().filter(|fault| fault.file == file) {
                prop_assert!(fault.line >= 1 && fault.line <= lines, "{fault}");
            }
        }
    }
}
