//! The screens of proposals.

mod archive;
mod around;
mod case;
mod decide;
mod desk;
mod draft;
mod letter;
pub(crate) mod lists;
mod reveal;
mod risk;
mod standing;
mod start;
mod steps;

use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::store as cases;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, CaseHead, Field, Link, Stage};
use platform::web::{Access, Fields, PageBuilder, Routes, Visit};
use platform::{Cx, Error, Result, t, texts};
use rules::form::FrozenDocument;
use uuid::Uuid;

pub(super) use case::answers;
pub(crate) use lists::{desk_name, desks, may_start, rows, waiting};
pub(super) use start::places;

use super::model::{PROPOSAL, Proposal};
use super::store;
use crate::{contract, party};

/// The routes of proposals.
pub(super) fn routes() -> Routes {
    let routes = Routes::new()
        .get("/proposals", Access::SignedIn, lists::list)
        .get("/proposals/new", Access::SignedIn, start::new)
        .post("/proposals/new", Access::SignedIn, start::begin)
        .get("/proposals/{id}", Access::SignedIn, case::overview)
        .get("/proposals/{id}/answers", Access::SignedIn, draft::tasks)
        .get("/proposals/{id}/answers/{section}", Access::SignedIn, draft::section)
        .post("/proposals/{id}/answers/{section}", Access::SignedIn, draft::save)
        .get("/proposals/{id}/check", Access::SignedIn, draft::check)
        .post("/proposals/{id}/submit", Access::SignedIn, draft::submit)
        .get("/proposals/{id}/sent", Access::SignedIn, draft::sent)
        .get("/proposals/{id}/classification", Access::SignedIn, case::classification)
        .get("/proposals/{id}/changes", Access::SignedIn, case::changes)
        .get("/proposals/{id}/history", Access::SignedIn, case::history)
        .get("/proposals/{id}/who", Access::SignedIn, desk::ask)
        .post("/proposals/{id}/who", Access::SignedIn, desk::change)
        .get("/proposals/{id}/letter", Access::SignedIn, letter::letter)
        .post("/proposals/{id}/papers", Access::SignedIn, letter::make_paper)
        .get("/proposals/{id}/papers/{paper}", Access::SignedIn, letter::download)
        .get("/proposals/{id}/files", Access::SignedIn, around::files)
        .get("/proposals/{id}/thread", Access::SignedIn, around::thread)
        .post("/proposals/{id}/thread", Access::SignedIn, around::write)
        .get("/proposals/{id}/tasks", Access::SignedIn, around::tasks)
        .post("/proposals/{id}/tasks", Access::SignedIn, around::add_task)
        .post("/proposals/{id}/tasks/{task}", Access::SignedIn, around::finish_task);
    routes
        .post("/proposals/{id}/archive", Access::SignedIn, archive::take)
        .get("/proposals/{id}/reveal", Access::SignedIn, reveal::back)
        .post("/proposals/{id}/reveal", Access::SignedIn, reveal::reveal)
        .get("/proposals/{id}/risk", Access::SignedIn, risk::overview)
        .post("/proposals/{id}/risk", Access::SignedIn, risk::record)
        .get("/proposals/{id}/risk/{factor}", Access::SignedIn, risk::factor)
        .post("/proposals/{id}/risk/{factor}", Access::SignedIn, risk::judge)
        .get("/proposals/{id}/return", Access::SignedIn, steps::returning)
        .post("/proposals/{id}/return", Access::SignedIn, steps::send_back)
        .get("/proposals/{id}/decide", Access::SignedIn, decide::question)
        .get("/proposals/{id}/approve", Access::SignedIn, decide::approving)
        .post("/proposals/{id}/approve", Access::SignedIn, decide::approve)
        .get("/proposals/{id}/decline", Access::SignedIn, decide::declining)
        .post("/proposals/{id}/decline", Access::SignedIn, decide::decline)
        .get("/proposals/{id}/step/{step}", Access::SignedIn, steps::ask)
        .post("/proposals/{id}/step/{step}", Access::SignedIn, steps::take)
        .get("/proposals/{id}/approval/{turn}", Access::SignedIn, standing::ask)
        .post("/proposals/{id}/approval/{turn}", Access::SignedIn, standing::take)
}

/// An id from an address; what is none names nothing.
fn id_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The proposal, if the visitor may view it. A draft goes by the name that its own answers give it.
async fn viewed(visit: &Visit, id: &str) -> Result<Proposal> {
    let (cx, mut found) = (&visit.cx, seen(visit, id).await?);
    if let Some(title) = store::draft_titles(cx, std::slice::from_ref(&found.case)).await?.remove(&found.case.id) {
        found.case.title = title;
    }
    Ok(found)
}

/// The proposal, if the visitor may see it, for what shows nothing of it: a draft is not called by the title that it has among its answers.
async fn seen(visit: &Visit, id: &str) -> Result<Proposal> {
    let cx = &visit.cx;
    let found = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, id_of(id)?).await?).await?;
    cx.core().authz.check(&cx.actor, "proposal.view", &found)?;
    Ok(found)
}

/// The proposal, if the visitor may do `action` to it now.
async fn allowed(visit: &Visit, id: &str, action: &'static str) -> Result<Proposal> {
    let found = viewed(visit, id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, action, &found)?;
    Ok(found)
}

fn at(case: &Case, page: &str) -> String {
    if page.is_empty() { format!("/proposals/{}", case.id) } else { format!("/proposals/{}/{page}", case.id) }
}

/// A form of this visit's.
fn form(visit: &Visit, action: &str, version: Option<i32>, inner: Markup) -> Result<Markup> {
    let (version, once) = (version.map(|v| v.to_string()), visit.once()?);
    let frame = ui::Form { action, csrf: &visit.csrf, version: version.as_deref(), once: Some(&once), ..ui::Form::default() };
    Ok(ui::form(&|id| texts::t(id), &frame, inner))
}

/// What was typed and what is wrong with it, for drawing a page again.
#[derive(Clone, Copy)]
struct Typed<'a> {
    fields: &'a Fields,
    errors: &'a FieldErrors,
}

impl Typed<'_> {
    fn error(&self, name: &str) -> Option<String> {
        self.errors.get(name).map(platform::texts::Text::say)
    }

    /// A box of several lines; its label is the message `label`, its hint `<label>-hint` where there is one.
    fn area(&self, name: &str, label: &'static str, rows: u8) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
        ui::textarea(&|id| texts::t(id), &field, self.fields.get(name), rows, None)
    }

    /// As [`Typed::area`], of a question that may be left empty.
    fn optional_area(&self, name: &str, label: &'static str, rows: u8) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref()).optional(true);
        ui::textarea(&|id| texts::t(id), &field, self.fields.get(name), rows, None)
    }

    /// A one-line box.
    fn line(&self, name: &str, label: &'static str) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
        ui::input(&|id| texts::t(id), &field, &ui::Input { value: self.fields.get(name), ..ui::Input::default() })
    }

    /// A date; without anything typed, `standing`.
    fn date(&self, name: &str, label: &'static str, standing: Option<jiff::civil::Date>, optional: bool) -> Markup {
        let (text, hint, error) = (texts::t(label), hint(label), self.error(name));
        let field = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref()).optional(optional);
        let parts = ["day", "month", "year"].map(|part| self.fields.get(&format!("{name}.{part}")).to_owned());
        let parts = match standing {
            Some(day) if parts.iter().all(String::is_empty) => [day.day().to_string(), day.month().to_string(), day.year().to_string()],
            _ => parts,
        };
        ui::date_input(&|id| texts::t(id), &field, [&parts[0], &parts[1], &parts[2]])
    }
}

fn hint(label: &str) -> Option<String> {
    let id = format!("{label}-hint");
    texts::has(&id).then(|| texts::t(&id))
}

/// The date in three boxes; an error is noted when they hold none.
fn read_date(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<jiff::civil::Date> {
    let part = |part: &str| fields.get(&format!("{name}.{part}")).parse::<i16>().ok();
    let day = part("year").zip(part("month")).zip(part("day"));
    let date = day.and_then(|((y, m), d)| jiff::civil::Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok());
    let date = date.filter(|d| (1900..=2200).contains(&d.year()));
    if date.is_none() {
        errors.add(name, texts::Text::new("proposal-not-a-date"));
    }
    date
}

/// The head of a case, its line of stages and its tabs, over `content`; `tab` is the page being read.
async fn frame(visit: &Visit, of: &Proposal, tab: &str, content: Markup) -> Result<Markup> {
    let case = &of.case;
    let cx = &visit.cx;
    let stage = PROPOSAL.stage(&case.stage)?;
    let (kind, none, stage_name) = (t!("proposal-kind"), t!("proposal-no-reference"), PROPOSAL.stage_name(&case.stage));
    let names = party::store::names(cx.db(), [case.party]).await?;
    let titles = contract::store::titles(cx.db(), case.contract).await?;
    let words = ["proposal-supplier", "proposal-contract", "proposal-who-has-it", "proposal-due", "proposal-rating"].map(texts::t);
    let who = desk::holders(&visit.cx, std::slice::from_ref(case)).await?.remove(&case.id).unwrap_or_default();
    let mut facts = vec![(words[0].as_str(), html! { (names.get(&case.party).map_or("", String::as_str)) })];
    if let Some(title) = case.contract.and_then(|id| titles.get(&id)) {
        facts.push((words[1].as_str(), html! { (title) }));
    }
    facts.push((words[2].as_str(), html! { (who) }));
    if let Some(due) = case.due {
        facts.push((
            words[3].as_str(),
            html! { (cx.core().clock.day_text(due)) @if due < cx.now() { " " (ui::tag(&t!("proposal-overdue"), ui::Tone::Red)) } },
        ));
    }
    if let Some(rating) = case.rating.as_ref().filter(|_| cx.may("proposal.read_risk", of)) {
        facts.push((words[4].as_str(), html! { (rating_name(rating)) }));
    }
    let action = primary(visit, of).map(|(text, href)| ui::link_button(Link::new(&text, &href), ButtonKind::Primary));
    let head = CaseHead {
        kind: &kind,
        reference: case.reference.as_deref().unwrap_or(&none),
        title: &case.title,
        stage: (&stage_name, stage.tone),
        facts: &facts,
        action,
    };
    let (line, here) = PROPOSAL.line(&case.stage);
    let line_names: Vec<String> = line.iter().map(|s| PROPOSAL.stage_name(s.id)).collect();
    let stages: Vec<Stage> = line_names.iter().map(|name| Stage { name, note: None }).collect();
    let here = if stage.closed { stages.len() } else { here };
    Ok(html! {
        (ui::case_head(&head))
        (ui::stage_line(&|id| texts::t(id), &stages, here))
        (tabs(visit, of, tab))
        (content)
    })
}

fn tabs(visit: &Visit, of: &Proposal, tab: &str) -> Markup {
    let mut pages = vec![("", "proposal-tab-overview"), ("classification", "proposal-tab-classification")];
    if visit.cx.may("proposal.read_risk", of) {
        pages.push(("risk", "proposal-tab-risk"));
    }
    if of.submitted() {
        pages.extend([("tasks", "proposal-tab-tasks"), ("thread", "proposal-tab-thread")]);
    }
    pages.push(("files", "proposal-tab-files"));
    pages.push(("history", "proposal-tab-history"));
    let words: Vec<(String, String)> = pages.iter().map(|(page, text)| (at(&of.case, page), texts::t(text))).collect();
    let links: Vec<(Link, Option<&str>)> = words.iter().map(|(href, text)| (Link::new(text, href), None)).collect();
    ui::sub_navigation(&t!("proposal-tabs"), &links, &at(&of.case, tab))
}

/// The pages of the steps that the visitor may take now, the main one first: text and address.
fn actions(visit: &Visit, of: &Proposal) -> Vec<(String, String)> {
    let cx = &visit.cx;
    let case = &of.case;
    let mut found = Vec::new();
    let mut deciding = false;
    if ["draft", "returned"].contains(&case.stage.as_str()) && cx.may("proposal.draft", of) {
        found.push((t!("proposal-continue"), at(case, "answers")));
    }
    let may = cx.which(PROPOSAL.steps(&case.stage).map(|step| step.action), of);
    for step in PROPOSAL.steps(&case.stage).filter(|step| may.contains(&step.action)) {
        let page = match step.id {
            "submit" => "check".to_owned(),
            "return" => "return".to_owned(),
            "assess" => "risk".to_owned(),
            "approve" | "decline" | "send_back" if deciding => continue,
            "approve" | "decline" | "send_back" => {
                deciding = true;
                found.push((t!("proposal-decide"), at(case, "decide")));
                continue;
            }
            other => format!("step/{other}"),
        };
        let text = if step.id == "assess" { t!("proposal-assess-link") } else { PROPOSAL.step_name(step.id) };
        found.push((text, at(case, &page)));
    }
    found
}

fn primary(visit: &Visit, of: &Proposal) -> Option<(String, String)> {
    actions(visit, of).into_iter().next().filter(|(_, href)| !href.ends_with("/step/withdraw") && !href.ends_with("/step/discard"))
}

fn rating_name(code: &str) -> String {
    texts::t(&format!("proposal-rating-{}", code.replace('_', "-")))
}

/// A page about a case.
fn page<'a>(visit: &'a Visit, of: &Proposal, title: &str) -> PageBuilder<'a> {
    let name = of.case.reference.clone().unwrap_or_else(|| of.case.title.clone());
    visit
        .page(&format!("{title}: {name}"))
        .active("/proposals")
        .crumb(&t!("nav-proposals"), "/proposals")
        .crumb(&name, &at(&of.case, ""))
        .wide()
}

/// The documents of all rounds, first to last.
pub(super) async fn documents(cx: &Cx, case: &Case) -> Result<Vec<(platform::cases::rounds::Submission, FrozenDocument)>> {
    let all = platform::cases::rounds::submissions(cx, cx.db(), case).await?;
    let mut out = Vec::new();
    for submission in all {
        let Some(bytes) = &submission.document else { continue };
        let document = FrozenDocument::from_bytes(bytes)?;
        out.push((submission, document));
    }
    Ok(out)
}
