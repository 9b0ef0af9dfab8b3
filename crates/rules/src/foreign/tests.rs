//! Foreign questionnaires: each kind as it lies in the shared data, counted independently; and whatever else is put in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::form::{Question, QuestionType};
use crate::pack::{Pack, PackSource};

/// A file of the shared data; nothing where it is not at hand.
fn shared(path: &str) -> Option<Source> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("VOUCHSAFE_SHARED").map_or_else(beside, Into::into);
    let text = std::fs::read_to_string(root.join(path)).ok();
    if text.is_none() {
        eprintln!("left out: {path} is not at hand");
    }
    Some(Source { file: path.rsplit('/').next().unwrap().to_owned(), text: text? })
}

/// The JSON of a file, without what this crate does to read it.
fn raw(source: &Source) -> Value {
    let lines: Vec<&str> = source.text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    serde_json::from_str(&lines.join("\n")).unwrap()
}

/// What the loader of packs says of a form.
fn loads(form: &Form) {
    let pack = include_str!("../pack/tests/pack.yaml");
    let end = pack.find("\nobligations:").unwrap();
    let source = PackSource {
        files: [
            ("pack.yaml".to_owned(), pack[..end].to_owned()),
            (format!("forms/{}.yaml", form.form), serde_saphyr::to_string(form).unwrap()),
        ]
        .into(),
    };
    let read = Pack::load(&source).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(read.forms[&form.form], *form, "what is written is what is read");
}

fn every(form: &Form) -> Vec<&Question> {
    form.sections.iter().flat_map(|s| &s.questions).flat_map(|q| std::iter::once(q).chain(&q.questions)).collect()
}

fn top(form: &Form) -> Vec<&Question> {
    form.sections.iter().flat_map(|s| &s.questions).collect()
}

fn count(questions: &[&Question], of: QuestionType) -> usize {
    questions.iter().filter(|q| q.kind == of).count()
}

/// Every item below, that itself included.
fn below<'v>(value: &'v Value, key: &str, out: &mut Vec<&'v Value>) {
    out.push(value);
    for inner in value[key].as_array().into_iter().flatten() {
        below(inner, key, out);
    }
}

#[test]
fn own_the_315_questions_of_a_marketplace_keep_types_options_conditions_and_limits() {
    let (Some(questions), Some(manifests)) =
        (shared("gcloud_questions/gcloud13_questions.json"), shared("gcloud_questions/gcloud13_manifests.json"))
    else {
        return;
    };
    let theirs = raw(&questions);
    let theirs: Vec<(&str, &Value)> = theirs.as_object().unwrap().iter().map(|(k, v)| (k.rsplit('/').next().unwrap(), v)).collect();
    let made = convert("marketplace", Some("Marketplace"), &[questions, manifests]).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let form = &made.form;
    loads(form);
    let all = top(form);
    let of = |kind: &str| theirs.iter().filter(|(_, q)| q["type"] == kind).count();
    assert_eq!(theirs.len(), 315);
    // Types: each question is there, a price as its four fields, what holds several as a section.
    assert_eq!(count(&all, QuestionType::YesNo), of("boolean"));
    assert_eq!(count(&all, QuestionType::Choice), of("radios"));
    assert_eq!(count(&all, QuestionType::Choices), of("checkboxes") + of("checkbox_tree"));
    assert_eq!(count(&all, QuestionType::LongText), of("textbox_large"));
    assert_eq!(count(&all, QuestionType::Group), of("list"));
    assert_eq!(count(&all, QuestionType::File), of("upload"));
    assert_eq!((count(&all, QuestionType::Money), of("pricing")), (2, 1));
    assert_eq!(count(&all, QuestionType::Text), of("text") + of("service_id") + 2);
    assert_eq!(all.len(), 315 - of("multiquestion") - 1 + 4);
    let multi: Vec<&str> = theirs.iter().filter(|(_, q)| q["type"] == "multiquestion").map(|(_, q)| q["name"].as_str().unwrap()).collect();
    for name in &multi {
        assert!(form.sections.iter().any(|s| s.title.ends_with(&text::plain(name))), "{name}");
    }
    // Options: of trees their leaves.
    fn leaves(options: &Value) -> usize {
        options.as_array().into_iter().flatten().map(|o| if o.get("options").is_some() { leaves(&o["options"]) } else { 1 }).sum()
    }
    let options: usize = theirs.iter().map(|(_, q)| leaves(&q["options"])).sum();
    assert_eq!(all.iter().map(|q| q.options.len()).sum::<usize>(), options);
    // Conditions: whatever depends on the lot, or follows an answer, has one, and nothing else.
    let follows: Vec<&String> = theirs.iter().flat_map(|(_, q)| q["followup"].as_object().into_iter().flat_map(|f| f.keys())).collect();
    let conditional = |short: &str, q: &Value| {
        let own = q.get("depends").is_some();
        own || follows.iter().any(|name| *name == short || q["id"] == name.as_str())
    };
    let plain: Vec<_> = theirs.iter().filter(|(_, q)| q["type"] != "multiquestion").collect();
    let expected = plain.iter().filter(|(short, q)| conditional(short, q)).count();
    assert_eq!(all.iter().filter(|q| q.when.is_some()).count(), expected + 3, "a price has four fields");
    let at = |id: &str| *all.iter().find(|q| q.id == id).unwrap_or_else(|| panic!("no {id}"));
    assert_eq!(
        serde_json::to_value(at("api_automation_tools_other").when.as_ref().unwrap()).unwrap(),
        serde_json::json!({"all": [
            {"equals": {"question": "lot", "value": "cloud_hosting"}},
            {"includes": {"question": "api_automation_tools", "value": "other"}},
        ]})
    );
    // Limits: words, characters, entries, files, what must be answered.
    let rule = |q: &Value, name: &str| q["validations"].as_array().into_iter().flatten().any(|r| r["name"] == name);
    // What is chosen from a list keeps rules about its text by itself.
    let counts = |q: &Value, name: &str| rule(q, name) && (q["type"] != "radios" || name.starts_with("dependent"));
    let ruled = |name: &str| theirs.iter().filter(|(_, q)| counts(q, name)).count();
    let inner = every(form);
    let words = theirs
        .iter()
        .filter(|(_, q)| ["under_10_words", "under_50_words", "under_100_words", "under_200_words"].iter().any(|n| counts(q, n)))
        .count();
    assert_eq!(inner.iter().filter(|q| q.max_words.is_some()).count(), words);
    for n in [10, 50, 100, 200] {
        assert_eq!(inner.iter().filter(|q| q.max_words == Some(n)).count(), ruled(&format!("under_{n}_words")), "{n}");
    }
    assert_eq!(inner.iter().filter(|q| q.max_length.is_some()).count(), ruled("under_character_limit"));
    assert_eq!(inner.iter().filter(|q| q.max_items.is_some()).count(), ruled("max_items_limit"));
    assert_eq!(inner.iter().filter(|q| q.max_mib == Some(5)).count(), ruled("file_is_less_than_5mb"));
    assert_eq!(inner.iter().filter(|q| !q.formats.is_empty()).count(), ruled("file_is_open_document_format"));
    assert_eq!(inner.iter().filter(|q| q.at_least.is_some()).count(), ruled("max_less_than_min"));
    assert_eq!(inner.iter().filter(|q| q.must.is_some()).count(), ruled("dependent_question_error"));
    for (short, q) in &plain {
        let id = text::id(short);
        if q["type"] == "pricing" {
            continue;
        }
        let asked = at(&id);
        if q["optional"] == true {
            assert!(!asked.required, "{short}");
        } else if rule(q, "answer_required") && id != "service_categories_support" {
            assert!(asked.required, "{short}");
        }
    }
    // What stays behind is told, and so is what can never come: the set leads to one question by an answer that nobody can give.
    assert!(made.notes.iter().any(|n| n.problem.starts_with("`securityTestingCCP` waits for the answer `risk_analysis`")));
    assert_eq!(made.notes.iter().filter(|n| n.problem.ends_with("it never comes.")).count(), 1);
    assert_eq!(
        made.notes.iter().filter(|n| n.problem.contains("passes")).count(),
        theirs.iter().filter(|(_, q)| q.get("assessment").is_some()).count()
    );
}

fn vsaq(file: &str) {
    let Some(source) = shared(&format!("questionnaires/{file}")) else { return };
    assert!(source.text.trim_start().starts_with("//"), "comments stand at its top");
    let value = raw(&source);
    let mut items = Vec::new();
    for one in value["questionnaire"].as_array().unwrap() {
        below(one, "items", &mut items);
    }
    let made = convert("vsaq", None, &[source]).unwrap_or_else(|faults| panic!("{faults:#?}"));
    loads(&made.form);
    let all = top(&made.form);
    let of = |kind: &str| items.iter().filter(|i| i["type"] == kind).count();
    let warns = items.iter().filter(|i| i["type"] == "tip" && i["warn"] == "yes").count();
    assert_eq!(count(&all, QuestionType::Choice), of("radiogroup"));
    assert_eq!(count(&all, QuestionType::Choices), of("checkgroup"));
    assert_eq!(count(&all, QuestionType::Text), of("line"));
    assert_eq!(count(&all, QuestionType::LongText), of("box") + warns);
    let options: usize = items.iter().map(|i| i["choices"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(all.iter().map(|q| q.options.len()).sum::<usize>(), options);
    // Each condition of something asked is there; those of blocks are their sections'.
    let asks =
        |i: &&&Value| !["block", "info", "spacer"].contains(&i["type"].as_str().unwrap()) && (i["type"] != "tip" || i["warn"] == "yes");
    assert_eq!(all.iter().filter(|q| q.when.is_some()).count(), items.iter().filter(asks).filter(|i| i.get("cond").is_some()).count());
    let hidden = items.iter().filter(|i| i["type"] == "block" && i.get("cond").is_some()).count();
    assert!(hidden == 0 || made.form.sections.iter().filter(|s| s.when.is_some()).count() >= hidden, "blocks");
    // What is only said is said somewhere.
    let said = serde_json::to_string(&made.form).unwrap();
    for item in items.iter().filter(|i| i["type"] == "info" || i["type"] == "tip") {
        let text = text::plain(item["text"].as_str().unwrap());
        let begin = serde_json::to_string(&text.lines().next().unwrap().chars().take(60).collect::<String>()).unwrap();
        assert!(said.contains(begin.trim_matches('"')), "{begin}");
    }
}

#[test]
fn own_vsaq_questionnaires_with_comments_at_their_top() {
    vsaq("vsaq_infrastructure.json");
    vsaq("vsaq_physical_and_datacenter.json");
}

#[test]
fn own_malformed_files_are_refused_with_file_and_line() {
    for (file, line) in [("vsaq_security_privacy_programs.json", 64), ("vsaq_webapp.json", 727)] {
        let Some(source) = shared(&format!("questionnaires/{file}")) else { return };
        // Both were counted after their comments were taken away.
        let comments = source
            .text
            .lines()
            .take_while(|l| l.trim().is_empty() || l.trim_start().starts_with("//"))
            .filter(|l| l.trim_start().starts_with("//"))
            .count();
        let faults = convert("vsaq", None, &[source]).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].file.as_str(), faults[0].line), (file, line + comments), "{faults:?}");
        assert!(faults[0].to_string().starts_with(&format!("{file}:")), "{}", faults[0]);
    }
}

#[test]
fn own_requirement_nodes_with_and_without_questions() {
    if let Some(source) = shared("questionnaires/cisa-vendor-scrm.json") {
        let value = raw(&source);
        let made = convert("scrm", None, &[source]).unwrap_or_else(|faults| panic!("{faults:#?}"));
        loads(&made.form);
        let theirs: Vec<&Value> =
            value["nodes"].as_array().unwrap().iter().flat_map(|n| n["questions"].as_array().into_iter().flatten()).collect();
        let all = top(&made.form);
        assert_eq!(all.len(), theirs.len());
        assert_eq!(count(&all, QuestionType::LongText), theirs.iter().filter(|q| q["type"] == "text").count());
        assert_eq!(count(&all, QuestionType::Choice), theirs.iter().filter(|q| q["type"] == "unique_choice").count());
        let options: usize = theirs.iter().map(|q| q["choices"].as_array().unwrap().len()).sum();
        assert_eq!(all.iter().map(|q| q.options.len()).sum::<usize>(), options);
    }
    for file in ["ncsc-caf-4.0.json", "cyber_essentials.json"] {
        let Some(source) = shared(&format!("questionnaires/{file}")) else { continue };
        let value = raw(&source);
        let made = convert("nodes", None, &[source]).unwrap_or_else(|faults| panic!("{faults:#?}"));
        loads(&made.form);
        let nodes = value["nodes"].as_array().unwrap();
        let asked = nodes.iter().filter(|n| n["assessable"] == true).count();
        assert_eq!(count(&top(&made.form), QuestionType::Choice), asked);
        // Nothing that is said is lost.
        let said = serde_json::to_string(&made.form).unwrap();
        for text in nodes.iter().flat_map(|n| [&n["name"], &n["description"]]).filter_map(Value::as_str) {
            let begin = text::plain(text).lines().next().unwrap().chars().take(40).collect::<String>();
            let begin = serde_json::to_string(&begin).unwrap();
            assert!(said.contains(begin.trim_matches('"')), "{begin}");
        }
    }
}

#[test]
fn own_catalogs_of_controls() {
    for file in ["mvsp_v3.0_oscal_catalog.json", "mvsp_v3.0_mapping_oscal_catalog.json"] {
        let Some(source) = shared(&format!("questionnaires/{file}")) else { return };
        let value = raw(&source);
        let made = convert("mvsp", None, &[source]).unwrap_or_else(|faults| panic!("{faults:#?}"));
        loads(&made.form);
        let mut controls = Vec::new();
        for group in value["catalog"]["groups"].as_array().unwrap() {
            for control in group["controls"].as_array().unwrap() {
                below(control, "controls", &mut controls);
            }
        }
        assert_eq!(count(&top(&made.form), QuestionType::Choice), controls.len());
        for group in value["catalog"]["groups"].as_array().unwrap() {
            let title = group["title"].as_str().unwrap();
            assert!(made.form.sections.iter().any(|s| s.title.contains(title)), "{title}");
        }
    }
}

#[test]
fn what_cannot_be_kept_is_told_line_by_line() {
    let one = |text: &str| vec![Source { file: "q.json".into(), text: text.into() }];
    let told = |text: &str| convert("q", None, &one(text)).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told("{}").contains("q.json:1: This is no questionnaire"));
    assert!(told("// a\n\n// b\n{\"questionnaire\": [\n oops]}").starts_with("q.json:5: The file is not well-formed JSON"));
    assert!(told("{\"questionnaire\": [] // here\n}").starts_with("q.json:1: "), "comments stand at the top alone");
    let text = "{\"questionnaire\": [\n{\"type\": \"line\", \"id\": \"a\", \"text\": \"A\", \"cond\": \"b_yes &&\"},\n{\"type\": \"song\", \"id\": \"s\", \"text\": \"S\"},\n{\"type\": \"box\", \"id\": \"c\", \"text\": \"C\", \"colour\": \"red\", \"cond\": \"nobody\"}]}";
    let said = told(text);
    for part in [
        "q.json:2: The condition of `a`",
        "q.json:3: The type `song`",
        "q.json:4: `c` has `colour`",
        "q.json:4: The condition of `c` cannot be read: nothing is called `nobody`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn ids_and_words() {
    for (from, to) in [
        ("10WorkingDays", "q10_working_days"),
        ("dataStorageUK", "data_storage_uk"),
        ("A1.a.1", "a1_a_1"),
        ("ctl_1.1-mvsp", "ctl_1_1_mvsp"),
        ("APIUsage", "api_usage"),
        ("", "q"),
        ("Ö", "q"),
    ] {
        assert_eq!(text::id(from), to);
    }
    assert_eq!(
        text::plain("<p>A &amp; B&nbsp;<a href=\"https://x.example\">here</a></p><ul><li>one</li><li>two < 3</li></ul>"),
        "A & B here (https://x.example)\n\n- one\n- two < 3"
    );
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,200}") {
        let _ = convert("q", None, &[Source { file: "q".into(), text: text.clone() }]);
        let _ = expression::read(&text);
        let plain = text::plain(&text);
        prop_assert!(!plain.contains(char::is_control) || plain.contains('\n'));
        let id = text::id(&text);
        prop_assert!(id.len() <= 60 && id.starts_with(|c: char| c.is_ascii_lowercase()));
    }

    #[test]
    fn conditions_are_read_as_they_are_written(names in proptest::collection::vec("[a-z]{1,6}", 1..6), not in any::<bool>()) {
        let text = names.iter().map(|n| if not { format!("!({n})") } else { n.clone() }).collect::<Vec<_>>().join(" && ");
        let read = expression::read(&text).unwrap();
        let leaf = |n: &String| { let name = expression::Expression::Name(n.clone()); if not { expression::Expression::Not(Box::new(name)) } else { name } };
        let parts: Vec<_> = names.iter().map(leaf).collect();
        let expected = if parts.len() == 1 { parts[0].clone() } else { expression::Expression::All(parts) };
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn shapes_of_questionnaires_never_break_it(kinds in proptest::collection::vec("block|tip|box|line|radiogroup|checkgroup|yesno|check|upload|info|x", 0..12), cond in "[a-z_!&|()^ ]{0,12}") {
        let items: Vec<Value> = kinds.iter().enumerate().map(|(n, kind)| serde_json::json!({
            "type": kind, "id": format!("i{n}"), "text": "T", "cond": cond, "warn": "yes", "choices": [{format!("c{n}"): "C"}], "items": [{"type": "line", "id": format!("l{n}"), "text": "L"}],
        })).collect();
        let text = serde_json::json!({"questionnaire": items}).to_string();
        let mut seen = BTreeSet::new();
        if let Ok(made) = convert("q", None, &[Source { file: "q".into(), text }]) {
            for question in every(&made.form) {
                prop_assert!(seen.insert(question.id.clone()));
            }
        }
    }
}
