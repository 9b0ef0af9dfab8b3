//! The page after a clash: both versions, question by question, and the choice which to keep.

use maud::{Markup, html};
use rules::form::{Answers, Form, FrozenAnswer};

use super::drafts::Clash;
use super::{Choices, review, words};
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
        let t: Words = &|id| texts::t(id);
        let (mine, theirs) = (self.shown(form, section, &self.mine, choices), self.shown(form, section, &self.theirs, choices));
        let nobody = t("answering-somebody");
        let when = visit.core().clock.moment_text(self.stamp.at);
        let questions = form.section(section).map_or(&[][..], |section| &section.questions);
        let differing = questions.iter().filter(|question| self.questions.contains(&question.id));
        let (version, once) = (self.version.to_string(), visit.once()?);
        let inner = html! {
            @for question in differing {
                @let (mine, theirs) = (of(&mine, &question.id), of(&theirs, &question.id));
                section .vs-clash aria-labelledby={ "clash-" (question.id) } {
                    h2 .govuk-heading-m id={ "clash-" (question.id) } { (question.label) }
                    div .vs-clash__sides {
                        div { h3 .govuk-heading-s { (t("answering-mine")) } div .govuk-body { (mine) } }
                        div { h3 .govuk-heading-s { (t("answering-theirs")) } div .govuk-body { (theirs) } }
                    }
                    (ui::hidden("asked", &question.id))
                    @for (name, value) in self.mine.get(&question.id).map(|answer| posted(question, answer)).unwrap_or_default() {
                        (ui::hidden(&name, &value))
                    }
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
