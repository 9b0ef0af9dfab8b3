//! A form of hundreds of questions, brought in from its publisher's files, filled in by page and by workbook.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use platform::forms::drafts;
use rules::foreign::{About, Source, bundle, convert};
use rules::form::{Form, Question, QuestionType};
use rules::pack::PackSource;
use serde_json::{Value, json};
use testkit::both_engines;

use super::world::World;
use crate::migrations::migrations;
use crate::offshoring::act;

/// The shared data, where it is at hand.
fn shared() -> Option<PathBuf> {
    Some(testkit::shared_data()?.join("gcloud_questions"))
}

/// The built-in pack with the 315 questions at the end of its form, as another edition, in a folder of packs.
fn packs(folder: &Path, data: &Path) -> Form {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/offshoring");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let mut standing = PackSource::default();
    for file in ["pack.yaml", "forms/proposal.yaml"] {
        standing.files.insert(file.to_owned(), read(&own.join(file)));
    }
    let source = |name: &str| Source { file: name.to_owned(), text: read(&data.join(name)) };
    let made = convert("proposal", None, &[source("gcloud13_questions.json"), source("gcloud13_manifests.json")]).unwrap();
    let about = About { pack: "offshoring".to_owned(), edition: "2027.1".to_owned(), date: jiff::civil::date(2027, 1, 4) };
    let whole = bundle(Some(standing), &made.form, true, &about, Some("2027.1")).unwrap();
    let at = folder.join("offshoring");
    std::fs::create_dir_all(at.join("forms")).unwrap();
    for (name, text) in whole.files {
        std::fs::write(at.join(name), text).unwrap();
    }
    made.form
}

/// An answer that fits a question.
fn fitting(question: &Question) -> Value {
    use QuestionType as T;
    match question.kind {
        T::YesNo => json!(true),
        T::Choice => json!(question.options[0].id),
        T::Choices => json!([question.options.last().unwrap().id]),
        T::Number => json!(1),
        T::Money => json!({"amount": 9_995, "currency": "GBP"}),
        T::File => json!({"note": "The document, on paper", "date": "2026-02-01"}),
        T::Group => json!([question.questions.iter().map(|q| (q.id.clone(), fitting(q))).collect::<serde_json::Map<_, _>>()]),
        T::LongText => json!("Done well.\nAnd written down."),
        _ => json!("Done well"),
    }
}

both_engines!(migrations, /// OFF-6: a form of 315 questions, brought in with its conditions and limits, is filled in section by section, and goes out and comes back as a workbook.
async fn off_6_a_form_of_315_questions_is_filled_in(db) {
    let Some(data) = shared() else { return };
    let folder = tempfile::tempdir().unwrap();
    let asked = packs(folder.path(), &data);
    let world = World::with(db, |settings| settings.packs = folder.path().to_owned()).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = act::begin(&lead.cx, world.lead.1).await.unwrap();
    assert_eq!(world.case(id).await.edition, "2027.1");
    let mut browser = lead.browser(&world);
    let (mut slowest, mut all, mut saves) = (Duration::ZERO, Duration::ZERO, 0_u32);
    for section in &asked.sections {
        let at = format!("/proposals/{id}/answers/{}", section.id);
        let page = browser.get(&at).await;
        assert_eq!(page.status, StatusCode::OK, "{}", section.id);
        // A person fills in one question after the other; each is saved as it is left.
        let (_, standing) = page.fill(&format!("/answers/{}", section.id), &[]);
        for (version, question) in section.questions.iter().enumerate() {
            let mut fields: Vec<(String, String)> =
                standing.iter().filter(|(name, _)| name == "csrf").cloned().collect();
            fields.push(("version".to_owned(), version.to_string()));
            fields.push(("asked".to_owned(), question.id.clone()));
            fields.extend(question.fields(&format!("q.{}", question.id), &fitting(question)));
            let begin = Instant::now();
            let answer = browser.post_raw(&at, &fields).await;
            let took = begin.elapsed();
            (slowest, all, saves) = (slowest.max(took), all + took, saves + 1);
            assert!(answer.status.is_redirection(), "{}: {} {}", question.id, answer.status, answer.text());
        }
    }
    assert_eq!(saves as usize, asked.sections.iter().map(|s| s.questions.len()).sum::<usize>());
    assert!(saves > 260, "{saves}");
    eprintln!("{saves} saves, {:?} each, {slowest:?} at most (a build for tests)", all / saves);
    let kept = drafts::load(&lead.cx, id, 1).await.unwrap();
    for question in asked.sections.iter().flat_map(|section| &section.questions) {
        let said = kept.answers.get(&question.id).unwrap_or_else(|| panic!("{} is lost", question.id));
        assert_eq!(*said, fitting(question), "{}", question.id);
    }
    // Limits hold on the page, and say so.
    let long = asked.sections.iter().find(|s| s.questions.iter().any(|q| q.id == "api_usage")).unwrap();
    let at = format!("/proposals/{id}/answers/{}", long.id);
    let page = browser.get(&at).await;
    assert!(page.text().contains("At most 200 words."), "{}", page.text());
    let words = "word ".repeat(201);
    let said = browser.submit(&page, &format!("/answers/{}", long.id), &[("q.api_usage", words.as_str())]).await;
    assert!(said.text().contains("to 200 words or fewer. It has 201."), "{}", said.text());
    browser.submit(&page, &format!("/answers/{}", long.id), &[("q.api_usage", "Enough."), ("version", &(kept.version(&long.id) + 1).to_string())]).await;
    // The whole of it as a workbook, and back.
    let page = browser.get(&format!("/proposals/{id}/workbook")).await;
    let taken = browser.submit_only(&page, "/workbook/export", &[]).await;
    assert_eq!(taken.status, StatusCode::OK);
    let back = browser.upload(&page, "/workbook/in", &[("file", "form.xlsx", &taken.bytes)]).await;
    assert!(back.text().contains("The workbook changes no answer"), "{}", back.text().chars().take(2000).collect::<String>());
    let book = testkit::workbook::Book::read(&taken.bytes);
    let at = book.answer("api_usage");
    let back = browser.upload(&page, "/workbook/in", &[("file", "form.xlsx", &book.with(&[("Answers", &at, Some(words.trim()))]))]).await;
    assert!(back.text().contains(&format!("Answers, {at}")) && back.text().contains("to 200 words or fewer"), "{}", back.text().chars().take(2000).collect::<String>());
});
