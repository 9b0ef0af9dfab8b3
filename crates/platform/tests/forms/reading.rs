//! Progress, checking, submission, reading, comparing.

use axum::http::{HeaderMap, StatusCode};
use maud::Markup;
use platform::forms::drafts::Drafts;
use platform::forms::reveal::{self, Sealing};
use platform::forms::{review, submit};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use rules::form::Answers;
use serde_json::{Value, json};
use testkit::Page;

use crate::app::{choices, every, proposal};
use crate::generate;

fn page(markup: Markup) -> Page {
    let body = format!("<main>{}</main>", markup.into_string());
    Page { status: StatusCode::OK, headers: HeaderMap::new(), path: "/".to_owned(), body, bytes: Vec::new() }
}

fn answers(value: Value) -> Answers {
    Answers::from_json(value).unwrap()
}

/// A draft with these answers.
fn drafted(of: &Answers) -> Drafts {
    let mut drafts = Drafts::default();
    drafts.answers.clone_from(of);
    drafts
}

fn href(section: &str) -> String {
    format!("/x/{section}")
}

fn statuses(of: &Answers) -> Vec<String> {
    page(review::tasks(&every(), &drafted(of), &choices(), &href)).select(".govuk-task-list__status")
}

#[test]
fn progress_says_what_can_be_done() {
    assert_eq!(statuses(&Answers::new()), ["Not started", "Not started", "Cannot start yet"]);
    assert_eq!(statuses(&answers(json!({"p_choices": ["y"]})))[2], "Not needed");
    assert_eq!(statuses(&answers(json!({"p_choices": ["x"]}))), ["In progress", "Not started", "Not started"]);
    assert_eq!(statuses(&answers(json!({"p_number": "many"})))[0], "1 answer to correct");
    let plain = json!({"p_text": "a", "p_long": "b", "p_date": "2026-01-02", "p_yes": false, "p_choices": ["y"]});
    assert_eq!(statuses(&answers(plain.clone()))[0], "Completed");
    let list = page(review::tasks(&every(), &Drafts::default(), &choices(), &href));
    assert_eq!(list.links(), ["/x/plain", "/x/places"]);
    assert!(list.text().contains("Depends on your answers in “Plain questions”."));
    assert_eq!(review::done(&every(), &drafted(&answers(plain.clone())), &choices()), (1, 2));
    // What was carried forward is done once somebody has confirmed it.
    let mut carried = drafted(&answers(plain));
    carried.carried.insert("plain".to_owned());
    let list = page(review::tasks(&every(), &carried, &choices(), &href)).select(".govuk-task-list__status");
    assert_eq!((list[0].as_str(), review::done(&every(), &carried, &choices())), ("To confirm", (0, 2)));
    assert_eq!(review::unconfirmed(&every(), &carried), ["Plain questions"]);
}

fn complete() -> Value {
    json!({
        "p_text": "a line", "p_long": "two\nlines", "p_date": "2026-01-02", "p_yes": true, "p_why": "so", "p_choices": ["x"],
        "p_money": {"amount": 125_050, "currency": "GBP"}, "p_period": {"from": "2026-01-02", "to": "2026-11-22"}, "p_whole": 1_250_000,
        "p_moment": {"date": "2026-03-02", "time": "14:30"}, "p_later": {"date": "2026-03-02"},
        "l_country": "IN", "l_countries": ["CI", "GB"], "l_party": "p1",
        "l_contact": {"name": "Ada Dunn", "role": "Head", "organisation": "Halyard", "email": "ada@halyard.example", "telephone": "+44 20 7946 0000",
            "address": "1 Quay", "responsibility": "All of it"},
        "l_file": {"note": "A plan", "reference": "HAL/7", "date": "2026-01-02"},
        "s_rows": [{"r_name": "first", "r_yes": false}], "s_note": "n",
    })
}

#[test]
fn checking_marks_what_is_missing_where_it_is() {
    let one = answers(json!({"p_text": "a", "p_number": "many", "p_choices": ["x"], "s_rows": [{"r_yes": true}]}));
    let text = page(review::check(&every(), &one, &choices(), &href)).text();
    for part in [
        "Enter a number for “A number”",
        "many",
        "Enter an answer to “Several lines”",
        "Row 1: Name",
        "Row 1: With whom? Error:",
        "Several countries Not answered",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("Why is it so?"), "what is not asked yet is not listed");
    let cards = page(review::check(&every(), &one, &choices(), &href));
    assert_eq!(cards.links(), ["/x/plain", "/x/places", "/x/several"]);
}

#[test]
fn submission_is_refused_by_section_or_frozen_with_its_digest() {
    let (form, choices) = (every(), choices());
    let faults = submit::freeze(&form, &answers(json!({"p_choices": ["x"]})), "test", "1", &choices).unwrap_err();
    let titles: Vec<&str> = faults.sections.iter().map(|(_, title, _)| title.as_str()).collect();
    assert_eq!(titles, ["Plain questions", "Places and people", "Repeating questions"]);
    assert!(page(faults.summary(&href)).links().contains(&"/x/plain#q-p_date".to_owned()));
    assert!(faults.all().get("q.s_rows").is_some());

    let frozen = submit::freeze(&form, &answers(complete()), "test", "1", &choices).unwrap();
    assert_eq!(frozen.digest.len(), 64);
    assert_eq!(submit::thaw(&frozen.text, &frozen.digest).unwrap(), frozen.document);
    assert!(submit::thaw(&frozen.text.replace("a line", "another"), &frozen.digest).is_err());
    let again = submit::freeze(&form, &answers(complete()), "test", "1", &choices).unwrap();
    assert_eq!(again.digest, frozen.digest);
}

#[test]
fn a_frozen_document_reads_in_words() {
    let frozen = submit::freeze(&every(), &answers(complete()), "test", "1", &choices()).unwrap();
    let text = page(review::read(&frozen.document)).text();
    for part in [
        "1,250.50 GBP",
        "2 January 2026 to 22 November 2026",
        "A moment 2 March 2026, 14:30",
        "Another moment 2 March 2026, time not known",
        "1,250,000",
        "Is it so? Yes",
        "India",
        "Côte d'Ivoire",
        "Halyard Systems",
        "Row 1: Name first",
        "Any of them Left",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// OWN-4: a sealed answer is closed to whoever only reads, open to whoever asked for it, and to those who check their own answers.
#[test]
fn own_4_sealed_answers_are_closed_until_asked_for() {
    let document = submit::freeze(&every(), &answers(complete()), "test", "1", &choices()).unwrap().document;
    let sealed = ["ada@halyard.example", "Where to find it: HAL/7", "Dated 2 January 2026"];
    let closed = page(review::read(&document)).text();
    assert!(sealed.iter().all(|part| !closed.contains(part)) && closed.contains("A person Sealed"), "{closed}");
    let ask = |shown| Sealing { action: Some("/reveal"), csrf: "token", shown };
    let asked = page(review::revealing(&document, &ask(None)));
    assert_eq!(asked.select("button[name=answer]"), ["Show A person", "Show A document"]);
    let one = page(review::revealing(&document, &ask(Some("l_contact")))).text();
    assert!(one.contains(sealed[0]) && !one.contains(sealed[1]) && one.contains("A document Sealed Show"), "{one}");
    let two = page(review::revealing(&document, &ask(Some("l_file")))).text();
    assert!(!two.contains(sealed[0]) && two.contains(sealed[1]) && two.contains(sealed[2]), "{two}");
    let own = page(review::check(&every(), &answers(complete()), &choices(), &href)).text();
    assert!(sealed.iter().all(|part| own.contains(part)), "{own}");
    assert!(reveal::find(&document, "l_contact").is_some_and(|answer| answer.label == "A person"));
    for path in ["", "p_yes", "l_contact.0.name", "s_rows", "s_rows.0.r_name", "s_rows.9.r_name", "no_such"] {
        assert!(reveal::find(&document, path).is_none(), "{path}");
    }
}

#[test]
fn two_documents_are_compared_in_words() {
    let (form, choices) = (every(), choices());
    let old = submit::freeze(&form, &answers(complete()), "test", "1", &choices).unwrap().document;
    let mut value = complete();
    value["p_yes"] = json!(false);
    value["p_later"] = json!({"date": "2026-03-02", "time": "15:00"});
    value["s_rows"] = json!([{"r_name": "first", "r_yes": false}, {"r_name": "second"}]);
    let new = submit::freeze(&form, &answers(value), "test", "1", &choices).unwrap().document;
    let rows = page(review::compare(&old, &new, ("Round 1", "Round 2"), true)).select("tbody tr");
    assert_eq!(rows.len(), 4, "{rows:#?}");
    assert!(rows.contains(&"Is it so? Changed Yes No".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"Another moment Changed 2 March 2026, time not known 2 March 2026, 15:00".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"Why is it so? Changed so Not asked".to_owned()), "{rows:#?}");
    assert!(rows.contains(&"Row 2: Name Changed No such entry second".to_owned()), "{rows:#?}");
    let all = page(review::compare(&old, &new, ("Round 1", "Round 2"), false));
    assert!(all.select("tbody tr").len() > 20);
    let same = page(review::compare(&old, &old, ("Round 1", "Round 2"), true));
    assert_eq!(same.text(), "No answer has changed.");
}

/// Whatever is answered, every view draws it.
#[test]
fn every_view_takes_whatever_is_answered() {
    let mut runner = TestRunner::deterministic();
    for form in [every(), proposal()] {
        let strategy = generate::answers(&form);
        for _ in 0..10 {
            let of = answers(strategy.new_tree(&mut runner).unwrap().current());
            let choices = choices();
            let _ = review::tasks(&form, &drafted(&of), &choices, &href);
            let _ = review::check(&form, &of, &choices, &href);
            let document = form.freeze(&of, "test", "1", &choices);
            let _ = review::read(&document);
            let _ = review::compare(&document, &document, ("a", "b"), false);
            let _ = submit::freeze(&form, &of, "test", "1", &choices);
        }
    }
}
