//! The pages of whoever holds a link: what is asked by whom and until when, each section, handing back. Nobody signs in; nothing of the case is
//! shown but the sections themselves.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::drafts::{Drafts, Outcome};
use platform::forms::{Choices, Sheet, names, passing};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::{Mode, SectionStatus};

use super::act::holding::{self, Held};
use super::parts::tag;
use super::{Passes, Stands, path_of};
use crate::casework::typed::form;

/// A visit by whoever holds a link.
pub(super) struct Holding<P: Passes> {
    pub(super) visit: Visit,
    pub(super) token: String,
    pub(super) held: Held<P>,
}

impl<P: Passes> Holding<P> {
    /// What stands behind the link, for a visit that goes on as its holder.
    pub(super) async fn open(mut visit: Visit, token: String) -> Result<Self> {
        let held = holding::open::<P>(&visit, &token).await?;
        visit.cx.actor = held.cx.actor.clone();
        Ok(Self { visit, token, held })
    }

    pub(super) fn at(&self, page: &str) -> String {
        path_of::<P>(&self.token, page)
    }

    /// The page of a link that works no more: what happened, and whom to ask. It names nobody: whoever found the link learns nothing.
    pub(super) fn ended(&self) -> Option<Response> {
        let stands = self.held.stands;
        if stands == Stands::Open {
            return None;
        }
        let mut code = stands.code().replace('_', "-");
        // Whoever passed it on handed back or was taken from, not the holder.
        if self.held.link.is(passing::State::Open) && matches!(stands, Stands::HandedBack | Stands::Taken) {
            code = format!("above-{code}");
        }
        let title = texts::t(&format!("asked-{code}-title"));
        let body = html! {
            h1 .govuk-heading-l { (title) }
            p .govuk-body { (texts::t(&format!("asked-{code}"))) }
            p .govuk-body { (t!("asked-whom")) }
        };
        Some(self.visit.page(&title).status(StatusCode::GONE).body(&body))
    }

    /// The links that its holder passed on, and how each stands.
    pub(super) fn passed_on(&self) -> Markup {
        let clock = &self.visit.core().clock;
        html! {
            @if !self.held.below.is_empty() {
                h2 .govuk-heading-m { (t!("asked-passed-on")) }
                ul .govuk-list {
                    @for (row, name, stands) in &self.held.below {
                        li { (name) " " (tag(*stands)) " " (t!("passing-until-short", date = clock.day_text(row.until))) }
                    }
                }
            }
        }
    }

    /// Who asks for whom, and until when.
    fn who(&self) -> Markup {
        let held = &self.held;
        let settings = &self.visit.core().settings;
        html! {
            p .govuk-body {
                (t!("asked-by", asker = held.asked_by(), party = held.party(), authority = &settings.authority.name))
                " " (t!("asked-until", date = self.visit.core().clock.day_text(held.link.until)))
            }
        }
    }
}

/// GET: what is asked, section by section.
pub(super) async fn start<P: Passes>(visit: Visit, Path(token): Path<String>) -> Answer {
    let here = Holding::<P>::open(visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    let held = &here.held;
    passing::opened(&held.cx, &held.link).await?;
    let kept = held.drafts().await?;
    let choices = held.choices(&kept).await?;
    let progress = held.form()?.progress(&kept.answers, &choices);
    let status = |id: &str| progress.iter().find(|p| p.section == id).map_or(SectionStatus::NotStarted, |p| p.status);
    let lines: Vec<(String, String, String)> = held
        .sections()?
        .into_iter()
        .map(|section| (section.title.clone(), here.at(&section.id), texts::t(said(status(&section.id)))))
        .collect();
    let title = t!("asked-title", count = lines.len());
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body-l { (t!("asked-hello", name = &held.holder.name)) }
        (here.who())
        @if let Some(remark) = &held.remark { (ui::inset(html! { p .govuk-body { strong { (t!("asked-remark", asker = held.asked_by())) } } @for part in remark.split("\n\n") { p .govuk-body { (part) } } })) }
        h2 .govuk-heading-m { (t!("asked-sections")) }
        ul .govuk-task-list {
            @for (n, (title, href, status)) in lines.iter().enumerate() {
                li .govuk-task-list__item .govuk-task-list__item--with-link {
                    div .govuk-task-list__name-and-hint { a .govuk-link .govuk-task-list__link href=(href) aria-describedby={ "status-" (n) } { (title) } }
                    div .govuk-task-list__status id={ "status-" (n) } { (status) }
                }
            }
        }
        p .govuk-body { (t!("asked-saved")) }
        (ui::button_group(html! {
            (ui::link_button(Link::new(&t!("asked-done"), &here.at("done")), ButtonKind::Primary))
            (ui::link_button(Link::new(&t!("asked-pass-on"), &here.at("pass-on")), ButtonKind::Secondary))
        }))
        (here.passed_on())
        p .govuk-hint { (t!("asked-keep-to-yourself")) }
    };
    Ok(here.visit.page(&title).body(&body))
}

/// How far a section is, in words.
fn said(status: SectionStatus) -> &'static str {
    match status {
        SectionStatus::NotNeeded => "answering-status-not-needed",
        SectionStatus::Done => "asked-status-done",
        SectionStatus::NotStarted => "answering-status-not-started",
        SectionStatus::InProgress => "asked-status-partly",
    }
}

/// A section as it is drawn.
struct Shown<'a> {
    answers: &'a rules::form::Answers,
    version: i32,
    entries: Option<&'a str>,
    /// What was typed just now.
    typed: Option<&'a Fields>,
}

/// GET: one section.
pub(super) async fn section<P: Passes>(visit: Visit, Path((token, section)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let here = Holding::<P>::open(visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    here.held.section(&section)?;
    passing::opened(&here.held.cx, &here.held.link).await?;
    let kept = here.held.drafts().await?;
    let choices = here.held.choices(&kept).await?;
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let shown = Shown { answers: &kept.answers, version: kept.version(&section), entries: query.some("entries"), typed: None };
    draw(&here, &section, &choices, shown, &FieldErrors::default()).await
}

async fn draw<P: Passes>(here: &Holding<P>, section: &str, choices: &Choices, shown: Shown<'_>, errors: &FieldErrors) -> Answer {
    let (held, visit) = (&here.held, &here.visit);
    let questions = held.form()?;
    let title = &held.section(section)?.title;
    let closed = held.closed().await?;
    let closed = match shown.typed {
        Some(fields) => closed.having_typed(questions, section, fields, choices),
        None => closed,
    };
    let sheet = Sheet::new(questions, shown.answers, choices).errors(errors).entries(shown.entries).closed(&closed);
    let buttons = ui::button_group(html! {
        (ui::button(&t!("asked-save"), ButtonKind::Primary))
        (ui::named_button(&t!("asked-save-done"), ButtonKind::Secondary, "then", "done", None))
    });
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (here.who())
        (sheet.form(visit, section, &here.at(section), shown.version, Some(buttons))?)
        (sheet.lists())
    };
    Ok(visit.page(title).back(&t!("asked-back"), &here.at("")).errors(errors).body(&body))
}

/// POST: saves a section. What is wrong is kept as typed and said; what is missing waits for handing back.
pub(super) async fn save<P: Passes>(Path((token, section)): Path<(String, String)>, post: Posted) -> Answer {
    let here = Holding::<P>::open(post.visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    let (held, visit) = (&here.held, &here.visit);
    let asked = held.section(&section)?;
    let closed = held.closed().await?;
    let fields = closed.put_back(asked, &post.fields)?;
    let kept = held.drafts().await?;
    let choices = held.choices(&kept).await?;
    match holding::save(held, &section, &fields, &choices).await? {
        Outcome::Clash(clash) if visit.json => Err(clash.error()),
        Outcome::Clash(clash) => {
            let closed = closed.having_typed(held.form()?, &section, &post.fields, &choices);
            let body = clash.page_closed(visit, held.form()?, (&section, &choices), &here.at(&section), &closed)?;
            Ok(visit.page(&t!("answering-clash-title")).status(StatusCode::CONFLICT).body(&body))
        }
        Outcome::Saved(saved) if visit.json => Ok(saved.json()),
        Outcome::Saved(saved) => {
            if let Some(entry) = saved.at_entry(&here.at(&section)) {
                return Ok(see_other(&entry));
            }
            if !saved.errors.is_empty() {
                let entries = saved.entries.as_ref().map(|(group, count)| format!("{group}.{count}"));
                let shown =
                    Shown { answers: &saved.answers, version: saved.version, entries: entries.as_deref(), typed: Some(&post.fields) };
                return draw(&here, &section, &choices, shown, &saved.errors).await;
            }
            let to = if post.fields.get("then") == "done" { here.at("done") } else { here.at("") };
            Ok(see_other(&to))
        }
    }
}

/// By section, each question's box and what to do.
type Lacking = Vec<(String, Vec<(String, String)>)>;

/// What the sections of a link lack: by section, each with the question's box and what to do.
fn lacking<P: Passes>(here: &Holding<P>, kept: &Drafts, choices: &Choices) -> Result<Lacking> {
    let (questions, mut all) = (here.held.form()?, Vec::new());
    let seen = questions.visible(&kept.answers);
    for section in here.held.sections()?.into_iter().filter(|section| !seen.section(&section.id).is_false()) {
        let errors = names::errors(&questions.check_section(&section.id, &kept.answers, Mode::Submit, choices));
        let href = here.at(&section.id);
        let lines: Vec<(String, String)> = errors.iter().map(|(name, text)| (format!("{href}#{}", ui::id_of(name)), text.say())).collect();
        if !lines.is_empty() {
            all.push((section.title.clone(), lines));
        }
    }
    Ok(all)
}

/// GET: what is lacking, and the button that hands back.
pub(super) async fn done<P: Passes>(visit: Visit, Path(token): Path<String>) -> Answer {
    let here = Holding::<P>::open(visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    let kept = here.held.drafts().await?;
    let choices = here.held.choices(&kept).await?;
    let lacking = lacking(&here, &kept, &choices)?;
    let title = t!("asked-done-title");
    // Whoever was asked themselves asks nobody again: whoever asked at the top does.
    let about = if here.held.link.above.is_some() { "asked-done-about-below" } else { "asked-done-about" };
    let about = Text::new(about).with("asker", here.held.asked_by()).say();
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (about) }
        @if lacking.is_empty() { p .govuk-body { strong { (t!("asked-lacks-nothing")) } } }
        @else {
            p .govuk-body { (t!("asked-lacks")) }
            @for (section, lines) in &lacking {
                h2 .govuk-heading-s { (section) }
                ul .govuk-list .govuk-list--bullet { @for (href, says) in lines { li { a .govuk-link href=(href) { (says) } } } }
            }
        }
        (form(&here.visit, &here.at("done"), None, ui::button(&t!("asked-hand-back"), ButtonKind::Primary))?)
    };
    Ok(here.visit.page(&title).back(&t!("asked-back"), &here.at("")).body(&body))
}

/// POST: hands the sections back.
pub(super) async fn hand_back<P: Passes>(Path(token): Path<String>, post: Posted) -> Answer {
    let here = Holding::<P>::open(post.visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    match holding::hand_back(&here.held).await {
        Ok(()) => {}
        // It ended between reading and doing: the page says how.
        Err(Error::Refused(_)) => return Ok(see_other(&here.at(""))),
        Err(other) => return Err(other),
    }
    let title = t!("asked-thanks-title");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("asked-thanks", asker = here.held.asked_by())) }
        p .govuk-body { (t!("asked-thanks-next")) }
    };
    Ok(here.visit.page(&title).body(&body))
}
