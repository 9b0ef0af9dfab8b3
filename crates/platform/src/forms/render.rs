//! Draws sections of a form with answers and errors.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use rules::condition::Condition;
use rules::form::{Answers, Form, Question, QuestionType, Section};
use serde_json::{Map, Value, json};

use super::closed::{self, Closed};
use super::{Choices, uploads, when};
use crate::error::{FieldErrors, Result};
use crate::texts;
use crate::ui::{self, ButtonKind, Words};
use crate::web::Visit;

pub(super) mod boxes;

/// Id of the list of countries that boxes for countries offer.
const COUNTRIES: &str = "countries-list";

/// A form with its answers, about to be drawn.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The form.
    pub form: &'a Form,
    /// All answers of the case.
    pub answers: &'a Answers,
    /// What the form offers.
    pub choices: &'a Choices,
    errors: Option<&'a FieldErrors>,
    entries: Option<(&'a str, usize)>,
    closed: Option<&'a Closed>,
}

impl<'a> Sheet<'a> {
    /// The form with these answers and without errors.
    pub fn new(form: &'a Form, answers: &'a Answers, choices: &'a Choices) -> Self {
        Self { form, answers, choices, errors: None, entries: None, closed: None }
    }

    /// With what is wrong, by field name; give the same to `PageBuilder::errors`.
    #[must_use]
    pub fn errors(mut self, errors: &'a FieldErrors) -> Self {
        self.errors = Some(errors);
        self
    }

    /// For somebody who reads nothing of other sections, and no sealed answers.
    #[must_use]
    pub fn closed(mut self, closed: &'a Closed) -> Self {
        self.closed = Some(closed);
        self
    }

    /// With at least so many entries of a group, from the address's `entries=sites.3` (see `Saved::at_entry`).
    #[must_use]
    pub fn entries(mut self, asked: Option<&'a str>) -> Self {
        self.entries = asked.and_then(|asked| asked.split_once('.')).and_then(|(group, n)| Some((group, n.parse().ok()?)));
        self
    }

    /// One section as a form of its own that saves itself while one types: help, questions, `buttons`. The page has the section's title
    /// as its heading. Several may stand on one page. Draw [`Sheet::lists`] once on it.
    pub fn form(&self, visit: &Visit, section: &str, action: &str, version: i32, buttons: Option<Markup>) -> Result<Markup> {
        let (version, once, elsewhere) = (version.to_string(), visit.once()?, self.elsewhere(section));
        let save = || ui::button(&crate::t!("answering-save"), ButtonKind::Primary);
        let form = ui::Form {
            action,
            csrf: &visit.csrf,
            version: Some(&version),
            once: Some(&once),
            autosave: true,
            files: self.closed.is_none() && self.form.section(section).is_some_and(uploads::takes_files),
            answers: Some(&elsewhere),
        };
        let inner = html! { (self.section(section)) (buttons.unwrap_or_else(save)) };
        Ok(ui::form(&|id| texts::t(id), &form, inner))
    }

    /// Several sections on one page, each a form under its own heading with its own version: for a desk. `action` gives the address
    /// that a section posts to, `version` its version.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn forms(
        &self,
        visit: &Visit,
        sections: &[&str],
        action: &dyn Fn(&str) -> String,
        version: &dyn Fn(&str) -> i32,
    ) -> Result<Markup> {
        let mut all = Vec::new();
        for section in sections.iter().filter_map(|id| self.form.section(id)) {
            let form = self.form(visit, &section.id, &action(&section.id), version(&section.id), None)?;
            all.push(html! {
                section aria-labelledby={ "section-" (section.id) } {
                    h2 .govuk-heading-l id={ "section-" (section.id) } { (section.title) }
                    (form)
                }
            });
        }
        Ok(html! { @for form in &all { (form) } (self.lists()) })
    }

    /// What boxes on the page offer as one types.
    pub fn lists(&self) -> Markup {
        ui::datalist(COUNTRIES, rules::country::Country::all().map(rules::country::Country::name))
    }

    /// A section's help and questions, without form and heading.
    pub fn section(&self, id: &str) -> Markup {
        let Some(section) = self.form.section(id) else { return html! {} };
        let here = ids(section);
        let t: Words = &|id| texts::t(id);
        html! {
            @if let Some(help) = &section.help { p .govuk-body { (help) } }
            @for question in section.questions.iter().filter(|question| !self.left_out(question, &here)) {
                (ui::hidden("asked", &question.id))
                @if question.kind == QuestionType::Group { (self.wrapped(question, None, self.group(t, question))) }
                @else { (self.question(t, question, (format!("q.{}", question.id).as_str(), None), question.sensitive, self.answers.get(&question.id))) }
            }
        }
    }

    /// A question that other sections rule out. One that this page decides is drawn, and hidden by the script.
    fn left_out(&self, question: &Question, here: &BTreeSet<&str>) -> bool {
        question.when.as_ref().is_some_and(|when| when.questions().is_disjoint(here) && self.form.truth(when, self.answers).is_false())
    }

    fn wrapped(&self, question: &Question, entry: Option<&str>, inner: Markup) -> Markup {
        let here = self.around(question);
        let own = |when: &Condition| when.questions().is_subset(&here);
        let condition = question.when.as_ref().map(|when| match self.closed {
            Some(_) => closed::settled(self.form, self.answers, &here, when),
            None => when.clone(),
        });
        let condition = condition.and_then(|when| serde_json::to_string(&when).ok());
        let shown = question.when.as_ref().filter(|when| self.closed.is_none() || own(when));
        let says = shown.map(|condition| when::words(self.form, condition));
        ui::question(
            &question.id,
            condition.as_deref(),
            entry,
            html! {
                @if let Some(says) = says { p .govuk-hint .vs-when { (crate::t!("answering-when", condition = says)) } }
                (inner)
            },
        )
    }

    /// The questions of the section that asks this one.
    fn around(&self, question: &Question) -> BTreeSet<&'a str> {
        let form: &'a Form = self.form;
        form.sections.iter().map(ids).find(|here| here.contains(question.id.as_str())).unwrap_or_default()
    }

    /// Whether there is nothing to choose from where nothing must be chosen. What was chosen once is drawn, so that it can be mended.
    fn nothing_to_choose(&self, question: &Question, answer: Option<&Value>) -> bool {
        question.kind == QuestionType::Site && !question.required && self.choices.sites.is_empty() && answer.is_none()
    }

    fn question(&self, t: Words, question: &Question, (name, entry): (&str, Option<&str>), sealed: bool, answer: Option<&Value>) -> Markup {
        if self.nothing_to_choose(question, answer) {
            return html! {};
        }
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let kept = self.closed.zip(answer).filter(|(closed, answer)| sealed && !closed.shows(&question.id, answer));
        // What cannot be carried along is not drawn at all: nothing is lost by it.
        let Ok(carried) = kept.map(|(closed, answer)| closed.mark(&question.id, answer)).transpose() else { return html! {} };
        for (name, value) in answer.filter(|_| carried.is_none()).map(|answer| question.fields(name, answer)).unwrap_or_default() {
            values.entry(name).or_default().push(value);
        }
        let drawn = boxes::Boxes { t, sheet: self, question, values: &values, kept: carried.is_some() }.draw(name);
        // After the boxes: what is typed there comes first.
        let drawn = html! { (drawn) @if let Some(carried) = &carried { (ui::hidden(name, carried)) } };
        self.wrapped(question, entry, drawn)
    }

    fn group(&self, t: Words, group: &Question) -> Markup {
        let given = self.answers.get(&group.id).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (min, max) = (group.min_items.unwrap_or(0) as usize, group.item_limit() as usize);
        let least = if boxes::demanded(group) { min.max(1) } else { min };
        let asked = self.entries.filter(|(id, _)| *id == group.id).map_or(0, |(_, n)| n.min(max));
        let count = given.len().max(least).max(asked);
        let draw = |n: &str, entry: Option<&Value>| {
            let at = format!("{}.{n}", group.id);
            html! {
                @for inner in &group.questions {
                    @let name = format!("q.{at}.{}", inner.id);
                    (self.question(t, inner, (name.as_str(), Some(at.as_str())), inner.sensitive || group.sensitive, entry.and_then(|entry| entry.get(&inner.id))))
                }
            }
        };
        let entries: Vec<Markup> = (0..count).map(|n| draw(&(n + 1).to_string(), given.get(n))).collect();
        let item = group.item.as_deref().unwrap_or(&group.label);
        let add = crate::t!("answering-add", item = lower_first(item));
        let hint = boxes::hint(group);
        let error = self.error(&format!("q.{}", group.id));
        let repeat = ui::Repeat {
            group: &group.id,
            label: &group.label,
            hint: hint.as_deref(),
            error: error.as_deref(),
            item,
            add: &add,
            min: least,
            max,
        };
        ui::repeat(t, &repeat, &entries, &|n| draw(n, None))
    }

    /// Whether files cannot be given here.
    fn without_files(&self) -> bool {
        self.closed.is_some()
    }

    fn error(&self, name: &str) -> Option<String> {
        self.errors?.get(name).map(texts::Text::say)
    }

    /// The answers of other sections that conditions of this one look at, as the page's script reads them.
    fn elsewhere(&self, section: &str) -> String {
        if self.closed.is_some() {
            return "{}".to_owned();
        }
        let Some(section) = self.form.section(section) else { return "{}".to_owned() };
        let here = ids(section);
        let all = section.questions.iter().flat_map(|question| std::iter::once(question).chain(&question.questions));
        let wanted: BTreeSet<&str> = all.filter_map(|question| question.when.as_ref()).flat_map(|when| when.questions()).collect();
        let mut known = Map::new();
        let seen = self.form.visible(self.answers);
        for id in wanted.difference(&here) {
            if seen.question(id).is_false() && seen.paths().any(|(path, _)| path == *id) {
                known.insert((*id).to_owned(), json!({ "asked": false }));
            } else if let Some(answer) = self.answer(id) {
                known.insert((*id).to_owned(), answer);
            }
        }
        Value::Object(known).to_string()
    }

    /// The answer to a question, or its answers in all entries of its group.
    fn answer(&self, id: &str) -> Option<Value> {
        if let Some(answer) = self.answers.get(id) {
            return Some(answer.get("amount").unwrap_or(answer).clone());
        }
        let mut groups = self.form.sections.iter().flat_map(|section| &section.questions);
        let group = groups.find(|question| question.questions.iter().any(|inner| inner.id == id))?;
        let entries = self.answers.get(&group.id)?.as_array()?;
        let all: Vec<Value> = entries.iter().filter_map(|entry| entry.get(id).cloned()).collect();
        (!all.is_empty()).then_some(Value::Array(all))
    }
}

/// The questions that a section asks, those in its groups too.
fn ids(section: &Section) -> BTreeSet<&str> {
    section.questions.iter().flat_map(|question| std::iter::once(question).chain(&question.questions)).map(|q| q.id.as_str()).collect()
}

/// "Site" as it stands within a sentence; a word of capitals stays.
fn lower_first(word: &str) -> String {
    let mut chars = word.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => word.to_owned(),
    }
}
