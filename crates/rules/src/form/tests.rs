//! Forms: tables and properties over one test form.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cases;
mod generate;
mod moments;
mod posts;
mod properties;

use super::*;

/// Knows a few countries, the party `p1` and the site `s1`.
pub(crate) struct TestLookups;

impl Lookups for TestLookups {
    fn country(&self, text: &str) -> Option<String> {
        let code = match text.to_lowercase().as_str() {
            "in" | "india" => "IN",
            "gb" | "england" => "GB",
            "no" | "norway" => "NO",
            _ => return None,
        };
        Some(code.to_owned())
    }

    fn party(&self, id: &str) -> bool {
        id == "p1"
    }

    fn site(&self, id: &str) -> bool {
        id == "s1"
    }

    fn site_country(&self, id: &str) -> Option<String> {
        (id == "s1").then(|| "IN".to_owned())
    }

    fn file(&self, id: &str) -> Option<FileFacts> {
        let facts = FileFacts { id: "f2".to_owned(), name: "Plan.pdf".to_owned(), sha256: "ab12".to_owned(), bytes: 2 << 20 };
        ["f1", "f2"].contains(&id).then_some(facts)
    }

    fn title(&self, kind: QuestionType, id: &str) -> Option<String> {
        (kind == QuestionType::Country && id == "IN").then(|| "India".to_owned())
    }
}

fn form() -> Form {
    serde_saphyr::from_str(include_str!("tests/form.yaml")).unwrap()
}

fn answers(value: Value) -> Answers {
    Answers::from_json(value).unwrap()
}
