//! Any posted fields become answers or errors, the answers are drawn, checked and frozen, and what was frozen is read back.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rules::form::{Answers, Form, FrozenDocument, Lookups, Mode};

/// Knows one of each.
struct Few;

impl Lookups for Few {
    fn country(&self, text: &str) -> Option<String> {
        rules::country::Country::resolve(text).ok().map(|country| country.code().to_owned())
    }

    fn party(&self, id: &str) -> bool {
        id == "p1"
    }

    fn site(&self, id: &str) -> bool {
        id == "s1"
    }
}

fn form() -> &'static Form {
    static FORM: OnceLock<Form> = OnceLock::new();
    FORM.get_or_init(|| serde_saphyr::from_str(include_str!("../../crates/rules/src/form/tests/form.yaml")).unwrap())
}

// Fields are lines, `name=value`; a value's own line breaks are written as tabs.
fuzz_target!(|input: (&str, &str)| {
    let form = form();
    let mut answers = Answers::new();
    for posted in [input.0, input.1] {
        let fields: Vec<(String, String)> =
            posted.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.replace('\t', "\n"))).collect();
        for section in &form.sections {
            let (patch, _) = form.from_fields(&section.id, &fields, &answers, &Few);
            answers.apply(&patch);
            let _ = form.to_fields(&section.id, &answers);
        }
        for mode in [Mode::Draft, Mode::Submit] {
            for error in form.check(&answers, mode, &Few).iter() {
                assert!(!error.message.id.is_empty());
            }
        }
        let _ = form.progress(&answers, &Few);
        let frozen = form.freeze(&answers, "sample", "1", &Few);
        assert_eq!(FrozenDocument::from_bytes(&frozen.to_bytes()).unwrap(), frozen);
        assert!(FrozenDocument::diff(&frozen, &frozen).is_empty());
        assert_eq!(Answers::from_json(answers.to_json()).unwrap().canonical(), answers.canonical());
    }
});
