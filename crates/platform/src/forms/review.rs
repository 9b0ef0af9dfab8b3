//! Reading answers: how far the sections are, checking before submission, the frozen document, two of them compared.

use maud::{Markup, html};
use rules::form::{Answers, Form, FrozenAnswer, FrozenDocument, FrozenSection, Mode, QuestionType, SectionStatus};

use super::drafts::Drafts;
use super::reveal::{self, Sealing};
use super::{Choices, names, words};
use crate::error::FieldErrors;
use crate::ui::{self, Fact, Link, RowAction, Task, TaskGroup, Tone};
use crate::{t, texts};

/// The sections as a list of tasks. `href` gives a section's page.
pub fn tasks(form: &Form, drafts: &Drafts, choices: &Choices, href: &dyn Fn(&str) -> String) -> Markup {
    let answers = &drafts.answers;
    let seen = form.visible(answers);
    struct Line {
        href: Option<String>,
        status: String,
        tone: Option<Tone>,
        hint: Option<String>,
    }
    let progress = form.progress(answers, choices);
    let lines: Vec<Line> = progress
        .iter()
        .map(|of| {
            let open = Some(href(&of.section));
            let line = |href, id: &str, tone| Line { href, status: t!(id), tone, hint: None };
            match of.status {
                SectionStatus::NotNeeded => line(None, "answering-status-not-needed", None),
                _ if seen.section(&of.section).is_unknown() && of.answered == 0 => {
                    Line { hint: waits_for(form, &of.section), ..line(None, "answering-status-cannot-start", None) }
                }
                _ if drafts.carried.contains(&of.section) => line(open, "answering-status-carried", Some(Tone::Yellow)),
                SectionStatus::NotStarted => line(open, "answering-status-not-started", Some(Tone::Grey)),
                SectionStatus::InProgress if of.wrong > 0 => Line {
                    status: t!("answering-status-wrong", count = of.wrong),
                    ..line(open, "answering-status-wrong", Some(Tone::Orange))
                },
                SectionStatus::InProgress => line(open, "answering-status-in-progress", Some(Tone::Blue)),
                SectionStatus::Done => line(open, "answering-status-done", None),
            }
        })
        .collect();
    let tasks: Vec<Task> = form
        .sections
        .iter()
        .zip(&lines)
        .map(|(section, line)| Task {
            title: &section.title,
            hint: line.hint.as_deref(),
            href: line.href.as_deref(),
            status: &line.status,
            tone: line.tone,
        })
        .collect();
    ui::task_list("sections", &[TaskGroup { title: "", tasks: &tasks }])
}

/// How many sections are done, and how many are asked.
pub fn done(form: &Form, drafts: &Drafts, choices: &Choices) -> (usize, usize) {
    let progress = form.progress(&drafts.answers, choices);
    let asked = progress.iter().filter(|of| of.status != SectionStatus::NotNeeded);
    let done = progress.iter().filter(|of| of.status == SectionStatus::Done && !drafts.carried.contains(&of.section));
    (done.count(), asked.count())
}

/// The titles of the sections that are asked and whose answers, carried forward, nobody has confirmed.
pub fn unconfirmed(form: &Form, drafts: &Drafts) -> Vec<String> {
    let seen = form.visible(&drafts.answers);
    let asked = form.sections.iter().filter(|section| drafts.carried.contains(&section.id) && !seen.section(&section.id).is_false());
    asked.map(|section| section.title.clone()).collect()
}

/// Which section decides whether this one is asked.
fn waits_for(form: &Form, section: &str) -> Option<String> {
    let when = form.section(section)?.when.as_ref()?;
    let first = when.questions().into_iter().next()?.to_owned();
    let decides = form
        .sections
        .iter()
        .find(|section| section.questions.iter().any(|q| q.id == first || q.questions.iter().any(|inner| inner.id == first)))?;
    Some(t!("answering-waits-for", section = &decides.title))
}

/// All answers for checking before submission: a card for each section with a link to change it, what is missing or wrong marked.
pub fn check(form: &Form, answers: &Answers, choices: &Choices, href: &dyn Fn(&str) -> String) -> Markup {
    let document = form.freeze(answers, "", "", choices);
    let errors = names::errors(&form.check(answers, Mode::Submit, choices));
    let seen = form.visible(answers);
    html! {
        @for section in document.sections.iter().filter(|section| !seen.section(&section.id).is_unknown()) {
            @let to = href(&section.id);
            @let change = t!("answering-change");
            @let facts = facts(section, Some(&Marks { errors: &errors, seen: &|path| seen.question(path).is_unknown() }));
            @let rows: Vec<Fact> = facts.iter().map(|(label, value)| Fact::new(label, value.clone())).collect();
            (ui::summary_card(&section.title, Some(RowAction { link: Link::new(&change, &to), context: &section.title }), &rows))
        }
    }
}

/// All labels and answers of a document as rows, without its sections' headings.
pub fn rows(document: &FrozenDocument) -> Vec<(String, Markup)> {
    document.sections.iter().flat_map(|section| facts_of(section, None, &CLOSED)).collect()
}

/// A frozen document as the authority reads it, its sealed answers closed ([`revealing`] opens them).
pub fn read(document: &FrozenDocument) -> Markup {
    sections(document, &CLOSED)
}

/// A document with its sealed answers closed, but for the one that is shown, each with a button to ask for it.
pub fn revealing(document: &FrozenDocument, sealing: &Sealing<'_>) -> Markup {
    let sections = sections(document, sealing);
    match sealing.action {
        None => sections,
        Some(action) => {
            // The browser goes back to where the answer stands.
            let action = format!("{action}#sealed");
            ui::form(&|id| texts::t(id), &ui::Form { action: &action, csrf: sealing.csrf, ..ui::Form::default() }, sections)
        }
    }
}

/// Nobody may ask.
const CLOSED: Sealing<'static> = Sealing { action: None, csrf: "", shown: None };

/// The sections of a frozen document, one under the other.
fn sections(document: &FrozenDocument, sealing: &Sealing<'_>) -> Markup {
    html! {
        @for section in &document.sections {
            @let facts = facts_of(section, None, sealing);
            @let rows: Vec<Fact> = facts.iter().map(|(label, value)| Fact::new(label, value.clone())).collect();
            section aria-labelledby={ "read-" (section.id) } {
                h2 .govuk-heading-m id={ "read-" (section.id) } { (section.title) }
                (ui::summary_list(&rows, true))
            }
        }
    }
}

/// A frozen document as texts: each section's title with its questions and what was answered. For papers, which are passed on: what is
/// sealed stays so.
pub fn texts(document: &FrozenDocument) -> Vec<(String, Vec<(String, String)>)> {
    let answered = |answer: &FrozenAnswer| match words::said(answer) {
        Some(_) if reveal::closed(answer) => t!("answering-sealed"),
        Some(said) => said.text(),
        None => t!("answering-unanswered"),
    };
    let section = |section: &FrozenSection| flat(section).into_iter().map(|(_, label, answer)| (label, answered(&answer))).collect();
    document.sections.iter().map(|s| (s.title.clone(), section(s))).collect()
}

/// Two frozen documents side by side, section by section; what changed is marked in words. With `changed_only`, answers that did not
/// change are left out.
pub fn compare(old: &FrozenDocument, new: &FrozenDocument, titles: (&str, &str), changed_only: bool) -> Markup {
    let gone = old.sections.iter().filter(|section| new.sections.iter().all(|other| other.id != section.id));
    let mut any = false;
    let tables: Vec<Markup> = new
        .sections
        .iter()
        .chain(gone)
        .filter_map(|section| {
            let of = |document: &FrozenDocument| document.sections.iter().find(|other| other.id == section.id).cloned();
            let rows = pairs(of(old).as_ref(), of(new).as_ref());
            let shown: Vec<&Pair> = rows.iter().filter(|row| row.changed || !changed_only).collect();
            any |= !shown.is_empty();
            let changes: Vec<ui::Change> = shown
                .iter()
                .map(|row| ui::Change { label: &row.label, before: row.before.clone(), after: row.after.clone(), changed: row.changed })
                .collect();
            (!changes.is_empty()).then(|| ui::compare(&|id| texts::t(id), &section.title, titles.0, titles.1, &changes))
        })
        .collect();
    html! {
        @if any { @for table in &tables { (table) } } @else { p .govuk-body { (t!("answering-no-changes")) } }
    }
}

/// What checking marks.
struct Marks<'a> {
    errors: &'a FieldErrors,
    /// Whether a question is shown only because what decides it is not answered.
    seen: &'a dyn Fn(&str) -> bool,
}

/// Labels and answers of a section, entries opened. Whoever checks their own answers sees the sealed ones; else they are closed.
fn facts(section: &FrozenSection, marks: Option<&Marks>) -> Vec<(String, Markup)> {
    facts_of(section, marks, &CLOSED)
}

fn facts_of(section: &FrozenSection, marks: Option<&Marks>, sealing: &Sealing<'_>) -> Vec<(String, Markup)> {
    let mut facts = Vec::new();
    for answer in &section.answers {
        if answer.kind != QuestionType::Group {
            fact(answer, &answer.id, &answer.label, (marks, sealing), &mut facts);
            continue;
        }
        if answer.entries.is_empty() {
            fact(answer, &answer.id, &answer.label, (marks, sealing), &mut facts);
        } else if let Some(says) = marks.and_then(|marks| marks.errors.get(&names::name(&answer.id))) {
            facts.push((answer.label.clone(), mark(&says.say())));
        }
        for (index, entry) in answer.entries.iter().enumerate() {
            for inner in entry {
                let path = format!("{}.{index}.{}", answer.id, inner.id);
                fact(&within(answer, inner), &path, &entry_label(answer, index, inner), (marks, sealing), &mut facts);
            }
        }
    }
    facts
}

fn entry_label(group: &FrozenAnswer, index: usize, inner: &FrozenAnswer) -> String {
    let item = group.item.as_deref().unwrap_or(&group.label);
    t!("answering-entry", item = item, number = index + 1, question = &inner.label)
}

/// An answer of a group's entry, sealed when the group is.
fn within(group: &FrozenAnswer, inner: &FrozenAnswer) -> FrozenAnswer {
    FrozenAnswer { sensitive: inner.sensitive || group.sensitive, ..inner.clone() }
}

type How<'a> = (Option<&'a Marks<'a>>, &'a Sealing<'a>);

fn fact(answer: &FrozenAnswer, path: &str, label: &str, (marks, sealing): How<'_>, facts: &mut Vec<(String, Markup)>) {
    let closed = marks.is_none() && reveal::closed(answer);
    let value = if closed { Some(reveal::drawn(answer, path, label, sealing)) } else { words::answer(answer) };
    if value.is_none() && marks.is_some_and(|marks| (marks.seen)(path)) {
        return;
    }
    let name = names::name(path);
    let inside = format!("{name}.");
    let faults: Vec<String> = marks.map_or_else(Vec::new, |marks| {
        marks.errors.iter().filter(|(at, _)| *at == name || at.starts_with(&inside)).map(|(_, text)| text.say()).collect()
    });
    let drawn = html! {
        @match &value { Some(value) => (value), None if faults.is_empty() => span .vs-unanswered { (t!("answering-unanswered")) }, None => {} }
        @for fault in &faults { (mark(fault)) }
    };
    facts.push((label.to_owned(), drawn));
}

fn mark(says: &str) -> Markup {
    html! { p .govuk-error-message .vs-mark { span .govuk-visually-hidden { (t!("ui-error-prefix")) " " } (says) } }
}

/// The entries of a group's answer, each as a list of its own.
pub(super) fn entries(group: &FrozenAnswer) -> Markup {
    let item = group.item.as_deref().unwrap_or(&group.label);
    html! {
        @for (index, entry) in group.entries.iter().enumerate() {
            p .govuk-body { strong { (item) " " (index + 1) } }
            dl .vs-entry-facts {
                @for inner in entry {
                    @if let Some(value) = words::answer(inner) { dt { (inner.label) } dd { (value) } }
                }
            }
        }
    }
}

/// One question of two documents.
struct Pair {
    label: String,
    before: Markup,
    after: Markup,
    changed: bool,
}

fn pairs(old: Option<&FrozenSection>, new: Option<&FrozenSection>) -> Vec<Pair> {
    let (before, after) = (old.map(flat).unwrap_or_default(), new.map(flat).unwrap_or_default());
    let find = |list: &[(String, String, FrozenAnswer)], path: &str| list.iter().position(|(at, _, _)| at == path);
    let gone = before.iter().filter(|(path, _, _)| find(&after, path).is_none());
    // Of an entry that one side has not, nothing was asked there: there is none.
    let missing = |list: &[(String, String, FrozenAnswer)], path: &str| match path.rfind('.').map(|at| &path[..=at]) {
        Some(entry) if !list.iter().any(|(at, _, _)| at.starts_with(entry)) => t!("answering-no-entry"),
        _ => t!("answering-not-asked"),
    };
    after
        .iter()
        .chain(gone)
        .map(|(path, label, _)| {
            let was = find(&before, path).map(|at| &before[at].2);
            let is = find(&after, path).map(|at| &after[at].2);
            let value = |of: Option<&FrozenAnswer>| of.map(|answer| answer.value.clone()).unwrap_or_default();
            let (then, now) = (shown(was, || missing(&before, path)), shown(is, || missing(&after, path)));
            Pair { label: label.clone(), before: then, after: now, changed: value(was) != value(is) }
        })
        .collect()
}

fn shown(answer: Option<&FrozenAnswer>, missing: impl FnOnce() -> String) -> Markup {
    match answer {
        None => html! { span .vs-unanswered { (missing()) } },
        Some(answer) if reveal::closed(answer) => reveal::mask(),
        Some(answer) => words::answer(answer).unwrap_or_else(|| html! { span .vs-unanswered { (t!("answering-unanswered")) } }),
    }
}

/// Path, label and answer of each question, entries opened.
fn flat(section: &FrozenSection) -> Vec<(String, String, FrozenAnswer)> {
    let mut flat = Vec::new();
    for answer in &section.answers {
        if answer.kind != QuestionType::Group || answer.entries.is_empty() {
            flat.push((answer.id.clone(), answer.label.clone(), answer.clone()));
        }
        for (index, entry) in answer.entries.iter().enumerate() {
            for inner in entry {
                let path = format!("{}.{index}.{}", answer.id, inner.id);
                flat.push((path, entry_label(answer, index, inner), within(answer, inner)));
            }
        }
    }
    flat
}
