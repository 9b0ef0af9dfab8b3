//! The page after a clash: both versions, question by question, and the choice which to keep.

use std::collections::BTreeMap;

use maud::{Markup, html};
use rules::form::{Answers, Form, FrozenAnswer};

use super::closed::Closed;
use super::drafts::Clash;
use super::{Choices, reveal, review, words};
use crate::error::Result;
use crate::ui::{self, ButtonKind, Choice, Field, Words};
use crate::web::Visit;
use crate::{t, texts};

impl Clash {
    /// Both versions, as a form that posts to `action` again what is to be kept. `who` names the other person, if known; draw it with
    /// status 409.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn page(&self, visit: &Visit, form: &Form, section: &str, choices: &Choices, action: &str, who: Option<&str>) -> Result<Markup> {
        self.drawn(visit, form, (section, choices), (action, who), None)
    }

    /// The same, for somebody who reads no sealed answers.
    ///
    /// # Errors
    /// As [`Clash::page`].
    pub fn page_closed(
        &self,
        visit: &Visit,
        form: &Form,
        (section, choices): (&str, &Choices),
        action: &str,
        closed: &Closed,
    ) -> Result<Markup> {
        self.drawn(visit, form, (section, choices), (action, None), Some(closed))
    }

    fn drawn(
        &self,
        visit: &Visit,
        form: &Form,
        (section, choices): (&str, &Choices),
        (action, who): (&str, Option<&str>),
        closed: Option<&Closed>,
    ) -> Result<Markup> {
        let t: Words = &|id| texts::t(id);
        let open = |answers: &Answers| match (closed, form.section(section)) {
            (Some(closed), Some(section)) => closed.without_sealed(section, answers),
            _ => answers.clone(),
        };
        let (mine, theirs) = (open(&self.mine), open(&self.theirs));
        let (mine, theirs) = (self.shown(form, section, &mine, choices), self.shown(form, section, &theirs, choices));
        let mut again = BTreeMap::new();
        for question in form.section(section).map_or(&[][..], |section| &section.questions) {
            if let Some(answer) = self.mine.get(&question.id) {
                let fields = match closed {
                    Some(closed) => closed.posted(question, answer)?,
                    None => posted(question, answer),
                };
                again.insert(question.id.clone(), fields);
            }
        }
        let masked = |question: &rules::form::Question, answers: &Answers| {
            let answer = answers.get(&question.id).filter(|_| question.sensitive);
            closed.zip(answer).is_some_and(|(closed, answer)| !closed.shows(&question.id, answer))
        };
        let nobody = t("answering-somebody");
        let when = visit.core().clock.moment_text(self.stamp.at);
        let questions = form.section(section).map_or(&[][..], |section| &section.questions);
        let differing = questions.iter().filter(|question| self.questions.contains(&question.id));
        let (version, once) = (self.version.to_string(), visit.once()?);
        let inner = html! {
            @for question in differing {
                @let mine = if masked(question, &self.mine) { reveal::mask() } else { of(&mine, &question.id) };
                @let theirs = if masked(question, &self.theirs) { reveal::mask() } else { of(&theirs, &question.id) };
                section .vs-clash aria-labelledby={ "clash-" (question.id) } {
                    h2 .govuk-heading-m id={ "clash-" (question.id) } { (question.label) }
                    div .vs-clash__sides {
                        div { h3 .govuk-heading-s { (t("answering-mine")) } div .govuk-body { (mine) } }
                        div { h3 .govuk-heading-s { (t("answering-theirs")) } div .govuk-body { (theirs) } }
                    }
                    (ui::hidden("asked", &question.id))
                    @for (name, value) in again.get(&question.id).map_or(&[][..], Vec::as_slice) { (ui::hidden(name, value)) }
                    @let name = format!("keep.{}", question.id);
                    @let keep = t("answering-keep");
                    @let (yours, other) = (t("answering-keep-mine"), t("answering-keep-theirs"));
                    (ui::radios(t, &Field::new(&name, &keep), &[Choice::new("mine", &yours), Choice::new("theirs", &other)], Some("mine"), true))
                }
            }
            (ui::button(&t("answering-keep-button"), ButtonKind::Primary))
        };
        let frame = ui::Form { action, csrf: &visit.csrf, version: Some(&version), once: Some(&once), ..ui::Form::default() };
        Ok(html! {
            h1 .govuk-heading-l { (t("answering-clash-title")) }
            p .govuk-body { (t!("answering-clash", who = who.unwrap_or(&nobody), when = when)) }
            (ui::form(t, &frame, inner))
        })
    }

    fn shown(&self, form: &Form, section: &str, answers: &Answers, choices: &Choices) -> Vec<FrozenAnswer> {
        let document = form.freeze(answers, "", "", choices);
        document.sections.into_iter().filter(|of| of.id == section).flat_map(|of| of.answers).collect()
    }
}

/// One answer in words; a group's entry by entry.
fn of(answers: &[FrozenAnswer], id: &str) -> Markup {
    let nothing = || html! { span .vs-unanswered { (t!("answering-unanswered")) } };
    let Some(answer) = answers.iter().find(|answer| answer.id == id) else { return nothing() };
    if answer.entries.is_empty() {
        return words::answer(answer).unwrap_or_else(nothing);
    }
    review::entries(answer)
}

/// The fields that post an answer again; entries of a group count from 0, which keeps their order.
fn posted(question: &rules::form::Question, answer: &serde_json::Value) -> Vec<(String, String)> {
    question.fields(&format!("q.{}", question.id), answer)
}
