//! The pages that every kind of case has: the frame with head, line of stages and tabs, who has it, thread, tasks, files, history.

mod around;
mod desk;
mod reasons;
mod steps;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::{Case, store as cases};
use platform::ui::{self, ButtonKind, CaseHead, Link, Moment, Stage};
use platform::web::{Access, Answer, PageBuilder, Routes, Visit};
use platform::{Error, Result, t, texts};

use super::history::SHOWN;
use super::typed::id_of;
use super::{Process, at, history, rating_name, says};
use crate::account::pages::notices::missed;
use crate::{contract, paper, party};

pub use around::stands;
pub use desk::{choices, holders};
pub use reasons::{reasons, source};
pub use steps::{Asked, step};

/// The routes of these pages.
pub fn routes<P: Process>() -> Routes {
    let under = |page: &str| format!("{}/{{id}}/{page}", P::PAGES);
    let routes = Routes::new()
        .get(under("history"), Access::SignedIn, history_page::<P>)
        .get(under("who"), Access::SignedIn, desk::ask::<P>)
        .post(under("who"), Access::SignedIn, desk::change::<P>)
        .get(under("files"), Access::SignedIn, around::files::<P>)
        .get(under("papers/{paper}"), Access::SignedIn, download::<P>)
        .get(under("thread"), Access::SignedIn, around::thread::<P>)
        .post(under("thread"), Access::SignedIn, around::write::<P>)
        .get(under("tasks"), Access::SignedIn, around::tasks::<P>)
        .post(under("tasks"), Access::SignedIn, around::add_task::<P>)
        .post(under("tasks/{task}"), Access::SignedIn, around::finish_task::<P>)
        .post(under("tasks/{task}/check"), Access::SignedIn, around::check_task::<P>);
    if P::SCREENED { routes.post(under("thread/{message}/reveal"), Access::SignedIn, around::reveal::<P>) } else { routes }
}

/// The case, if the visitor may view it, called as the visitor knows it.
///
/// # Errors
/// [`Error::NotFound`] or a refusal.
pub async fn viewed<P: Process>(visit: &Visit, id: &str) -> Result<P::Thing> {
    let mut found = seen::<P>(visit, id).await?;
    if let Some(title) = P::titles(&visit.cx, std::slice::from_ref(P::case(&found))).await?.remove(&P::case(&found).id) {
        P::case_mut(&mut found).title = title;
    }
    Ok(found)
}

/// The case, if the visitor may see it, for what shows nothing of it.
///
/// # Errors
/// [`Error::NotFound`] or a refusal.
pub async fn seen<P: Process>(visit: &Visit, id: &str) -> Result<P::Thing> {
    let cx = &visit.cx;
    let case = cases::get(cx.db(), P::KIND, id_of(id)?).await?;
    let found = P::load(cx.db(), vec![case]).await?.pop().ok_or(Error::NotFound)?;
    cx.core().authz.check(&cx.actor, P::VIEW, &found)?;
    Ok(found)
}

/// The case, if the visitor may do `action` to it now.
///
/// # Errors
/// [`Error::NotFound`] or a refusal.
pub async fn allowed<P: Process>(visit: &Visit, id: &str, action: &'static str) -> Result<P::Thing> {
    let found = viewed::<P>(visit, id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, action, &found)?;
    Ok(found)
}

/// What happens next at a case's stage.
pub fn next<P: Process>(case: &Case) -> Markup {
    ui::inset(html! { strong { (t!("case-next")) } " " (P::KIND.stage_next(&case.stage)) })
}

/// The protective marking that a case's form bears, where what was answered is shown or asked for (SEC-X2, SEC-X3).
pub fn marked<P: Process>(visit: &Visit, case: &Case) -> Markup {
    mark(P::marking(&visit.cx, case).as_deref())
}

/// A protective marking, as pages bear it.
pub fn mark(marking: Option<&str>) -> Markup {
    html! {
        @if let Some(marking) = marking {
            p .govuk-body { span .govuk-visually-hidden { (t!("papers-word-marking")) ": " } (ui::tag(marking, ui::Tone::Grey)) }
        }
    }
}

/// What the visitor can do to move a case on; nothing where that is nothing.
pub fn ways(steps: &[(String, String)]) -> Markup {
    html! {
        @if !steps.is_empty() {
            h2 .govuk-heading-m { (t!("case-you-can")) }
            ul .govuk-list { @for (text, href) in steps { li { a .govuk-link href=(href) { (text) } } } }
        }
    }
}

/// What people wrote, paragraph by paragraph.
pub fn paragraphs(text: &str) -> Markup {
    html! { @for part in text.split("\n\n") { p .govuk-body { (part) } } }
}

/// A page about a case.
pub fn page<'a, P: Process>(visit: &'a Visit, of: &P::Thing, title: &str) -> PageBuilder<'a> {
    let case = P::case(of);
    let name = case.reference.clone().unwrap_or_else(|| case.title.clone());
    visit.page(&format!("{title}: {name}")).active(P::PAGES).crumb(&texts::t(P::NAME), P::PAGES).crumb(&name, &at::<P>(case, "")).wide()
}

/// The head of a case, its line of stages and its tabs, over `content`; `tab` is the page being read.
///
/// # Errors
/// When the database fails.
pub async fn frame<P: Process>(visit: &Visit, of: &P::Thing, tab: &str, content: Markup) -> Result<Markup> {
    let (cx, case) = (&visit.cx, P::case(of));
    let stage = P::KIND.stage(&case.stage)?;
    let (kind, none, stage_name) = (says(P::KIND, "kind"), t!("case-no-reference"), P::KIND.stage_name(&case.stage));
    let names = party::store::names(cx.db(), [case.party]).await?;
    let titles = contract::store::titles(cx.db(), case.contract).await?;
    let words = ["case-supplier", "case-contract", "case-who-has-it", "case-due"].map(texts::t);
    let rating = case.rating.as_ref().filter(|_| cx.may(P::RATING, of));
    let rated = rating.map(|_| says(P::KIND, "rating-name")).unwrap_or_default();
    let who = holders::<P>(cx, std::slice::from_ref(of)).await?.remove(&case.id).unwrap_or_default();
    let mut facts = vec![(words[0].as_str(), html! { (names.get(&case.party).map_or("", String::as_str)) })];
    if let Some(title) = case.contract.and_then(|id| titles.get(&id)) {
        facts.push((words[1].as_str(), html! { (title) }));
    }
    facts.push((words[2].as_str(), html! { (who) }));
    let mark = P::marks(cx, std::slice::from_ref(case)).await?.remove(&case.id);
    let mark_name = t!("case-mark");
    if let Some(mark) = &mark {
        facts.push((mark_name.as_str(), html! { (mark) }));
    }
    if let Some(due) = case.due {
        facts.push((
            words[3].as_str(),
            html! { (if P::BY_THE_HOUR { cx.core().clock.moment_text(due) } else { cx.core().clock.day_text(due) }) @if due < cx.now() { " " (ui::tag(&t!("case-overdue"), ui::Tone::Red)) } },
        ));
    }
    if let Some(rating) = rating {
        facts.push((rated.as_str(), html! { (rating_name(P::KIND, rating)) }));
    }
    let head = CaseHead {
        kind: &kind,
        reference: case.reference.as_deref().unwrap_or(&none),
        title: &case.title,
        stage: (&stage_name, stage.tone),
        facts: &facts,
        action: P::primary(visit, of).map(|(text, href)| ui::link_button(Link::new(&text, &href), ButtonKind::Primary)),
    };
    let (line, here) = P::KIND.line(&case.stage);
    let line_names: Vec<String> = line.iter().map(|s| P::KIND.stage_name(s.id)).collect();
    let stages: Vec<Stage> = line_names.iter().map(|name| Stage { name, note: None }).collect();
    let here = if stage.closed { stages.len() } else { here };
    Ok(html! {
        (ui::case_head(&head))
        (ui::stage_line(&|id| texts::t(id), &stages, here))
        (tabs::<P>(visit, of, tab))
        (marked::<P>(visit, case))
        (missed(visit, P::KIND.id, case.id).await?)
        (content)
    })
}

fn tabs<P: Process>(visit: &Visit, of: &P::Thing, tab: &str) -> Markup {
    let mut pages = vec![("", "case-tab-overview")];
    pages.extend(P::tabs(visit, of));
    pages.extend([("files", "case-tab-files"), ("history", "case-tab-history")]);
    let words: Vec<(String, String)> = pages.iter().map(|(page, text)| (at::<P>(P::case(of), page), texts::t(text))).collect();
    let links: Vec<(Link, Option<&str>)> = words.iter().map(|(href, text)| (Link::new(text, href), None)).collect();
    ui::sub_navigation(&says(P::KIND, "tabs"), &links, &at::<P>(P::case(of), tab))
}

/// A paper about a case.
async fn download<P: Process>(visit: Visit, Path((id, made)): Path<(String, String)>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    paper::download(&visit.cx, &of, &made).await
}

async fn history_page<P: Process>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    let done = history::read::<P>(&visit.cx, &of, SHOWN).await?;
    let clock = &visit.core().clock;
    let drawn: Vec<(String, String, String, Option<Markup>)> = done
        .iter()
        .rev()
        .map(|one| {
            let said = (!one.said.is_empty()).then(|| html! { @for text in &one.said { p .govuk-body { (text) } } });
            (one.who(), clock.moment_text(one.at), platform::clock::timestamp(one.at).to_string(), said)
        })
        .collect();
    let moments: Vec<Moment> = done
        .iter()
        .rev()
        .zip(&drawn)
        .map(|(one, (by, when, iso, body))| Moment { title: &one.title, by, when, iso, body: body.clone() })
        .collect();
    let content = html! { h2 .govuk-heading-m { (t!("case-tab-history")) } (ui::timeline(&moments)) };
    Ok(page::<P>(&visit, &of, &t!("case-tab-history")).body(&frame::<P>(&visit, &of, "history", content).await?))
}
