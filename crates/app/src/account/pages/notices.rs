//! Notices: what one was told and whether it arrived, and how one wants to be told.

use axum::response::Response;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::notices::choice::{self, Chosen};
use platform::notices::reading::{self, Delivery, Told};
use platform::notices::{How, Sort};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Link, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::{form, query, said, words};
use crate::account::act;

/// Notices of one page.
const PAGE: u64 = 50;

/// GET /account/notices.
pub(in crate::account) async fn list(visit: Visit) -> Answer {
    let account = visit.cx.actor.signed_in()?.account;
    let before = query(&visit, "after").parse().ok();
    let mut all = reading::told(&visit.cx, account, before, PAGE + 1).await?;
    let more = all.len() as u64 > PAGE;
    all.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = all.last().filter(|_| more).map(|last| format!("/account/notices?after={}", last.id));
    let first = before.map(|_| "/account/notices");
    let (title, change) = (t!("notices-title"), t!("notices-choose"));
    let failed = all.iter().any(|one| matches!(one.delivery, Delivery::Failed(_)));
    Ok(visit.page(&title).crumb(&t!("nav-account"), "/account").body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("notices-lead")))
        (ui::link_button(Link::new(&change, "/account/notices/choose"), ButtonKind::Secondary))
        @if failed { (ui::warning_text(&words, &t!("notices-failed-yours"))) }
        @if all.is_empty() { (ui::empty_state(&t!("notices-none"), &t!("notices-none-text"), None)) }
        @else { ul .govuk-list .vs-notices { @for one in &all { (line(&visit, one)) } } }
        (ui::pager(&words, &ui::Pager { first, previous: None, next: next.as_deref() }))
    }))
}

fn line(visit: &Visit, one: &Told) -> Markup {
    let tone = match one.delivery {
        Delivery::Failed(_) => Some(Tone::Red),
        Delivery::Waits(_) | Delivery::Sending => Some(Tone::Blue),
        _ => None,
    };
    let went = went(visit, one.delivery);
    html! {
        li .vs-notice {
            strong { a .govuk-link href=(one.path) { (one.subject) } }
            @for part in one.text.lines().filter(|part| !part.is_empty()) { br; (part) }
            br;
            span .govuk-hint .vs-inline { (visit.core().clock.moment_text(one.at)) ". " @if tone.is_none() { (went) } }
            @if let Some(tone) = tone { (ui::tag(&went, tone)) }
        }
    }
}

/// How a notice went, in words.
fn went(visit: &Visit, delivery: Delivery) -> String {
    let when = delivery.at().map(|at| visit.core().clock.moment_text(at)).unwrap_or_default();
    Text::new(format!("notices-went-{}", delivery.code())).with("when", when).say()
}

/// The newest notices of the last days, for home: nothing where there are none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn newest(visit: &Visit) -> Result<Markup> {
    let account = visit.cx.actor.signed_in()?.account;
    let since = visit.cx.now() - LATELY;
    let all: Vec<Told> = reading::told(&visit.cx, account, None, SHOWN).await?.into_iter().filter(|one| one.at >= since).collect();
    if all.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        h2 .govuk-heading-m { (t!("home-notices")) }
        ul .govuk-list {
            @for one in &all {
                li {
                    a .govuk-link href=(one.path) { (one.subject) } " "
                    span .govuk-hint .vs-inline { (visit.core().clock.day_text(one.at)) }
                    @if matches!(one.delivery, Delivery::Failed(_)) { " " (ui::tag(&t!("notices-not-delivered"), Tone::Red)) }
                }
            }
        }
        p .govuk-body { a .govuk-link href="/account/notices" { (t!("home-notices-all")) } }
    })
}

/// Whom notices about a thing did not reach, for those at the authority who can do something about it: nothing where they reached everybody.
///
/// # Errors
/// When the database fails.
pub(crate) async fn missed(visit: &Visit, kind: &str, thing: Uuid) -> Result<Markup> {
    let (cx, role) = (&visit.cx, visit.cx.actor.role());
    if !cx.actor.is_authority() || role == Some("internal_audit") {
        return Ok(html! {});
    }
    let all = reading::missed(cx, kind, thing).await?;
    if all.is_empty() {
        return Ok(html! {});
    }
    let keeps = matches!(role, Some("administrator" | "security"));
    let says = |one: &reading::Missed| t!("notices-missed-whom", name = &one.name, date = cx.core().clock.day_text(one.at));
    Ok(ui::inset(html! {
        p .govuk-body { strong { (t!("notices-missed", count = all.len())) } }
        ul .govuk-list .govuk-list--bullet {
            @for one in &all {
                li { @if keeps { a .govuk-link href={ "/accounts/" (one.account) } { (says(one)) } } @else { (says(one)) } }
            }
        }
        p .govuk-body {
            (t!("notices-missed-what"))
            @if role == Some("administrator") { " " a .govuk-link href="/admin/jobs" { (t!("notices-missed-jobs")) } }
        }
    }))
}

/// How long home tells of a notice, and of how many.
const LATELY: i64 = 7 * platform::clock::DAY;
const SHOWN: u64 = 5;

/// GET /account/notices/choose.
pub(in crate::account) async fn choose(visit: Visit) -> Answer {
    let chosen = choice::one(visit.cx.db(), visit.cx.actor.signed_in()?.account).await?;
    let mut pairs: Vec<(String, String)> = Sort::ALL.map(|sort| (sort.code().to_owned(), chosen.how(sort).code().to_owned())).into();
    pairs.push(("hour".to_owned(), chosen.hour.to_string()));
    draw(&visit, &Fields::new(pairs), &FieldErrors::default())
}

fn draw(visit: &Visit, typed: &Fields, errors: &FieldErrors) -> Answer {
    let title = t!("notices-choose");
    let hours: Vec<(String, String)> = (0..24).map(|hour| (hour.to_string(), format!("{hour:02}:00"))).collect();
    let hours: Vec<Choice> = hours.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (label, hint, wrong) =
        (t!("notices-hour"), t!("notices-hour-hint", zone = &visit.core().settings.authority.zone), said(errors, "hour"));
    let hour = Field::new("hour", &label).hint(Some(&hint)).error(wrong.as_deref());
    let inner = html! {
        @for sort in Sort::ALL { (asked(sort, typed, errors)) }
        (ui::select(&words, &hour, &hours, typed.some("hour"), false))
        (ui::button(&t!("notices-save"), ButtonKind::Primary))
    };
    let page = visit.page(&title).errors(errors).crumb(&t!("nav-account"), "/account").crumb(&t!("notices-title"), "/account/notices");
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("notices-choose-about")) }
        (ui::inset(html! { (t!("notices-always")) }))
        (form(visit, "/account/notices/choose", None, inner)?)
    }))
}

fn asked(sort: Sort, typed: &Fields, errors: &FieldErrors) -> Markup {
    let id = sort.code().replace('_', "-");
    let (label, hint) = (texts::t(&format!("notices-sort-{id}")), texts::t(&format!("notices-sort-{id}-hint")));
    let wrong = said(errors, sort.code());
    let names = How::ALL.map(|how| (how.code(), texts::t(&format!("notices-how-{}", how.code().replace('_', "-")))));
    let choices: Vec<Choice> = names.iter().map(|(code, text)| Choice::new(code, text)).collect();
    ui::radios(&words, &Field::new(sort.code(), &label).hint(Some(&hint)).error(wrong.as_deref()), &choices, typed.some(sort.code()), false)
}

/// POST /account/notices/choose.
pub(in crate::account) async fn keep(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    match read(&fields) {
        Ok(chosen) => {
            act::choose_notices(&visit.cx, &chosen).await?;
            Ok::<Response, _>(see_other("/account/notices"))
        }
        Err(Error::Invalid(errors)) => draw(&visit, &fields, &errors),
        Err(other) => Err(other),
    }
}

fn read(fields: &Fields) -> Result<Chosen> {
    let (mut errors, mut chosen) = (FieldErrors::default(), Chosen::default());
    for sort in Sort::ALL {
        match How::from_code(fields.get(sort.code())) {
            Some(how) => drop(chosen.how.insert(sort, how)),
            None => errors.add(sort.code(), Text::new("notices-how-missing")),
        }
    }
    match fields.get("hour").parse().ok().filter(|hour| *hour < 24) {
        Some(hour) => chosen.hour = hour,
        None => errors.add("hour", Text::new("notices-hour-wrong")),
    }
    errors.or(chosen)
}
