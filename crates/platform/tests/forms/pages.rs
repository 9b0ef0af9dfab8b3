//! What is drawn: every type comes back from a browser as it went out; structure; size.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, StatusCode};
use platform::forms::{Sheet, names};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rules::form::{Answers, Form, Mode};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use testkit::Page;

use crate::app::{choices, every, proposal};
use crate::generate;

fn page(sheet: &Sheet, section: &str) -> Page {
    let body = format!("<main><form action=\"/s\">{}</form></main>{}", sheet.section(section).into_string(), sheet.lists().into_string());
    Page { status: StatusCode::OK, headers: HeaderMap::new(), path: "/s".to_owned(), body, bytes: Vec::new() }
}

/// What a browser without a script posts of a section.
fn posted(sheet: &Sheet, section: &str) -> Vec<(String, String)> {
    page(sheet, section).fill("/s", &[]).1
}

fn goes_round(form: &Form, answers: &Answers) -> Result<(), TestCaseError> {
    let choices = choices();
    for section in &form.sections {
        let fields = posted(&Sheet::new(form, answers, &choices), &section.id);
        let standing: Answers = answers.iter().map(|(id, answer)| (id.to_owned(), answer.clone())).collect();
        let (patch, errors) = form.from_fields(&section.id, &fields, &standing, &choices);
        let mut after = standing.clone();
        after.apply(&patch);
        prop_assert_eq!(after.canonical(), answers.canonical(), "{}", section.id);
        let before = form.check_section(&section.id, answers, Mode::Draft, &choices);
        prop_assert_eq!(errors, before);
        // From nothing, the page alone gives the section's answers.
        let (patch, _) = form.from_fields(&section.id, &fields, &Answers::new(), &choices);
        for question in &section.questions {
            if let Some(value) = patch.0.get(&question.id) {
                let answered = (!value.is_null()).then_some(value);
                prop_assert_eq!(answered, answers.get(&question.id), "{}", question.id);
            }
        }
    }
    Ok(())
}

/// OFF-Q1 to OFF-Q5: nothing that was answered is lost by opening a section and saving it.
#[test]
fn every_answer_comes_back_from_the_page_as_it_went_out() {
    for (form, cases) in [(every(), 48), (proposal(), 12)] {
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        TestRunner::new(config)
            .run(&generate::answers(&form), |value| goes_round(&form, &Answers::from_json(value).unwrap()))
            .unwrap_or_else(|fault| panic!("{}: {fault}", form.form));
    }
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn in_template(element: &ElementRef) -> bool {
    element.ancestors().any(|a| a.value().as_element().is_some_and(|e| e.name() == "template"))
}

/// Every box has a label or name, every id is there once, every description exists.
#[test]
fn boxes_are_labelled_and_described() {
    for form in [every(), proposal()] {
        let (answers, choices) = (full(&form), choices());
        for section in &form.sections {
            let faults = form.check_section(&section.id, &answers, Mode::Submit, &choices);
            let errors = names::errors(&faults);
            let html = Html::parse_document(&page(&Sheet::new(&form, &answers, &choices).errors(&errors), &section.id).body);
            let ids: Vec<&str> = all(&html, "[id]").iter().filter(|e| !in_template(e)).filter_map(|e| e.value().attr("id")).collect();
            let once: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(once.len(), ids.len(), "{}: an id twice", section.id);
            let labelled: BTreeSet<&str> = all(&html, "label[for]").iter().filter_map(|e| e.value().attr("for")).collect();
            for element in all(&html, "input:not([type=hidden]), textarea, select") {
                let e = element.value();
                let id = e.attr("id").unwrap();
                assert!(labelled.contains(id) || e.attr("aria-label").is_some(), "{id} has no label");
            }
            for element in all(&html, "[aria-describedby]").iter().filter(|e| !in_template(e)) {
                for id in element.value().attr("aria-describedby").unwrap().split(' ') {
                    assert!(once.contains(id), "{}: nothing has the id {id}", section.id);
                }
            }
            for (name, _) in errors.iter() {
                assert!(once.contains(platform::ui::id_of(name).as_str()), "the error of {name} leads nowhere");
            }
            for question in &section.questions {
                let (marked, optional) = (question.required || question.min_items.is_some(), format!("q.{}", question.id));
                let label = all(&html, "label, legend").into_iter().find(|l| l.text().collect::<String>().contains(&question.label));
                let text: String = label.map(|l| l.text().collect()).unwrap_or_default();
                assert!(marked || text.contains("(optional)") || question.item.is_some(), "{optional} does not say that it is optional");
            }
        }
    }
}

/// A moment stands in four boxes under one legend; what is wrong with its day or its time stands at that box, and what is wrong with the whole
/// at the legend.
#[test]
fn a_moment_is_one_fieldset_with_its_faults_at_their_boxes() {
    let (form, choices) = (every(), choices());
    let drawn = |moment: serde_json::Value, later: serde_json::Value| {
        let answers = Answers::from_json(json!({"p_moment": moment, "p_later": later})).unwrap();
        let errors = names::errors(&form.check_section("plain", &answers, Mode::Draft, &choices));
        Html::parse_document(&page(&Sheet::new(&form, &answers, &choices).errors(&errors), "plain").body)
    };
    let attr = |html: &Html, id: &str, name: &str| {
        let found = all(html, &format!("[id={id}]"));
        found.first().unwrap_or_else(|| panic!("no {id}")).value().attr(name).map(str::to_owned)
    };
    let texts = |html: &Html, selector: &str| -> Vec<String> {
        let words = |e: &ElementRef<'_>| e.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        all(html, selector).iter().map(words).collect()
    };
    let whole = json!({"date": "2026-03-02", "time": "14:30"});
    let html = drawn(whole.clone(), json!(null));
    let boxes = all(&html, "[data-question=p_moment] fieldset input");
    let stands: Vec<_> = boxes.iter().map(|e| ["name", "value"].map(|of| e.value().attr(of).unwrap()).join("=")).collect();
    assert_eq!(stands, ["q.p_moment.date.day=2", "q.p_moment.date.month=3", "q.p_moment.date.year=2026", "q.p_moment.time=14:30"]);
    assert_eq!(texts(&html, "[data-question=p_moment] fieldset legend"), ["A moment (optional)"]);
    assert_eq!(texts(&html, "[data-question=p_moment] label"), ["Day", "Month", "Year", "Time (optional)"]);
    assert_eq!(texts(&html, "[id=q-p_moment-time-hint]"), ["24-hour clock, such as 14:30; leave empty if it is not known."]);
    assert!(all(&html, "[data-question=p_moment] .govuk-error-message").is_empty());

    let html = drawn(json!({"date": "2026-02-31", "time": "25:00"}), json!(null));
    let says = "Error: Enter the time for “A moment” as a 24-hour clock shows it, such as 14:30. Leave it empty if it is not known.";
    assert_eq!(texts(&html, "[id=q-p_moment-time-error]"), [says]);
    assert_eq!(texts(&html, "[id=q-p_moment-date-error]"), ["Error: Enter a real date for “A moment”, for example 27 3 2027."]);
    assert_eq!(attr(&html, "q-p_moment-date-day", "aria-describedby").as_deref(), Some("q-p_moment-date-error"));
    assert_eq!(attr(&html, "q-p_moment-time", "aria-describedby").as_deref(), Some("q-p_moment-time-hint q-p_moment-time-error"));
    assert!(all(&html, "[id=q-p_moment-error]").is_empty());

    let later = "Error: Enter 2026-03-02 14:30 or later for “Another moment”, which must not be before the answer beside it.";
    let html = drawn(whole.clone(), json!({"date": "2026-03-02", "time": "09:05"}));
    assert_eq!(texts(&html, "[data-question=p_later] .govuk-error-message"), [later]);
    assert_eq!(texts(&html, "[id=q-p_later-time-error]"), [later]);
    let html = drawn(whole, json!({"date": "2026-03-01", "time": "15:00"}));
    assert_eq!(texts(&html, "[id=q-p_later-date-error]"), [later]);
    let html = drawn(json!("yesterday"), json!(null));
    assert_eq!(texts(&html, "[data-question=p_moment] fieldset > .govuk-error-message"), ["Error: Answer each part of “A moment”."]);
}

/// One answer to everything that decides, so that every section has something to show.
fn full(form: &Form) -> Answers {
    use proptest::strategy::ValueTree as _;
    let mut runner = TestRunner::deterministic();
    Answers::from_json(generate::answers(form).new_tree(&mut runner).unwrap().current()).unwrap()
}

#[test]
fn conditions_stand_on_their_questions_and_in_words() {
    let (form, choices) = (every(), choices());
    let answers = Answers::new();
    let html = Html::parse_document(&page(&Sheet::new(&form, &answers, &choices), "plain").body);
    let why = all(&html, "[data-question=p_why]")[0];
    assert_eq!(why.value().attr("data-when"), Some(r#"{"equals":{"question":"p_yes","value":true}}"#));
    assert!(why.text().collect::<String>().contains("Answer this if “Is it so?” is “Yes”."));
    let html = Html::parse_document(&page(&Sheet::new(&form, &answers, &choices), "several").body);
    assert_eq!(all(&html, "[data-question=r_why]")[0].value().attr("data-entry"), Some("s_rows.1"));
    assert!(all(&html, "[data-question=s_note]").is_empty(), "another section rules it out");
    let paid: Answers = [("p_money".to_owned(), json!({"amount": 1, "currency": "GBP"}))].into_iter().collect();
    let html = Html::parse_document(&page(&Sheet::new(&form, &paid, &choices), "several").body);
    assert_eq!(all(&html, "[data-question=s_note]").len(), 1);
}

/// A page is below 60 kB.
#[test]
fn the_largest_section_stays_small() {
    for form in [every(), proposal()] {
        let (answers, choices) = (Answers::new(), choices());
        for section in &form.sections {
            let size = page(&Sheet::new(&form, &answers, &choices), &section.id).body.len();
            // The shell around it takes 5 kB at most.
            assert!(size < 55_000, "{} takes {size} bytes", section.id);
            eprintln!("{}/{}: {size} bytes", form.form, section.id);
        }
    }
}
