//! Entry on behalf of a supplier: for whom, how the questionnaire came, what is left to do, and what the supplier's lead says of it.

use axum::extract::{Path, RawQuery};
use maud::{Markup, html};
use platform::cases::people;
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field, Link};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::{Typed, at, form, read_date, viewed};
use crate::contract;
use crate::offshoring::act::{self, Entering};
use crate::offshoring::model::Proposal;
use crate::offshoring::store::{self, Said, Way};

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active("/proposals").crumb(&t!("nav-proposals"), "/proposals")
}

/// For whom: contract by contract.
pub(super) async fn choose(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    if !act::may_enter(&visit.cx)? {
        return Err(Error::NotFound);
    }
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|id| id.parse().ok());
    let title = t!("proposal-behalf");
    let chosen = contract::pages::choose(&visit.cx, only, "/proposals/behalf").await?;
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("proposal-behalf-about")) }
        (chosen)
    }))
}

async fn draw(visit: &Visit, place: Uuid, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let place = act::place_for(cx, place).await?;
    let name = contract::pages::place_name(cx, &place).await?;
    let title = t!("proposal-behalf");
    let (label, error) = (t!("proposal-behalf-way"), typed.error("way"));
    let ways = Way::ALL.map(|way| (way.code(), texts::t(&format!("proposal-behalf-way-{}", way.code()))));
    let choices: Vec<Choice> = ways.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let inner = html! {
        (ui::radios(&|id| texts::t(id), &Field::new("way", &label).error(error.as_deref()), &choices, typed.fields.some("way"), false))
        (typed.date("came_on", "proposal-behalf-came-on", None, false))
        (typed.area("reason", "proposal-behalf-reason", 4))
        (ui::button(&t!("proposal-behalf-begin"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (name) }
        p .govuk-body { (t!("proposal-behalf-duties")) }
        (form(visit, &format!("/proposals/behalf/{}", place.id), None, inner)?)
    };
    Ok(page(visit, &title).errors(typed.errors).body(&body))
}

pub(super) async fn ask(visit: Visit, Path(place): Path<Uuid>) -> Answer {
    draw(&visit, place, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

pub(super) async fn begin(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut errors = FieldErrors::default();
    let came_on = read_date(fields, "came_on", &mut errors);
    let way = Way::from_code(fields.get("way"));
    if way.is_none() {
        errors.add("way", Text::new("proposal-behalf-way-missing"));
    }
    let done = match (way, came_on) {
        (Some(way), Some(came_on)) => {
            act::begin_on_behalf(&visit.cx, place, &Entering { way, came_on, reason: fields.get("reason").to_owned() }).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    match done {
        Ok(id) => Ok(see_other(&format!("/proposals/{id}"))),
        Err(Error::Invalid(errors)) => draw(visit, place, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

/// What is to be known of an entry on behalf, on the case's page; what whoever enters it does next; and the supplier's lead's word on it.
pub(super) async fn notice(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let cx = &visit.cx;
    let Some(entered) = store::entered(cx, cx.db(), &of.case).await? else { return Ok(html! {}) };
    let mark = store::marks(cx, std::slice::from_ref(&of.case)).await?.remove(&of.case.id).unwrap_or_default();
    let day = entered.came_on.parse().map_or_else(|_| entered.came_on.clone(), platform::clock::day_text);
    let names = people::names(cx, [entered.by]).await?;
    let heads = ["proposal-behalf-came", "proposal-behalf-why", "proposal-behalf-by"].map(texts::t);
    let came = t!("proposal-behalf-came-how", way = texts::t(&format!("proposal-behalf-way-{}", entered.way)), date = day);
    let mut facts = vec![Fact::text(&heads[0], &came), Fact::text(&heads[1], &entered.reason)];
    // A supplier reads that the authority entered it, not which of its people.
    if cx.actor.is_authority() {
        facts.push(Fact::text(&heads[2], names.get(&entered.by).map_or("", String::as_str)));
    }
    let writing = cx.may("proposal.draft", of) && of.entered_by == cx.actor.account().map(|a| a.account);
    let paper = store::has_paper(cx.db(), &of.case).await?;
    Ok(html! {
        (ui::inset(html! { p .govuk-body { strong { (mark) } } (ui::summary_list(&facts, true)) }))
        @if writing {
            h2 .govuk-heading-m { (t!("proposal-behalf-to-do")) }
            ol .govuk-list .govuk-list--number {
                li { a .govuk-link href=(at(&of.case, "files")) { (t!("proposal-behalf-attach")) } @if paper { " " (t!("proposal-behalf-attached")) } }
                li { a .govuk-link href=(at(&of.case, "answers")) { (t!("proposal-behalf-enter")) } }
                li { a .govuk-link href=(at(&of.case, "check")) { (t!("proposal-behalf-hand-in")) } }
            }
        }
        @if entered.said.is_none() && cx.may("proposal.confirm_entry", of) {
            h2 .govuk-heading-m { (t!("proposal-behalf-yours")) }
            p .govuk-body { (t!("proposal-behalf-yours-about")) }
            (ui::link_button(Link::new(&t!("proposal-behalf-say"), &at(&of.case, "behalf")), ButtonKind::Secondary))
        }
    })
}

pub(super) async fn saying(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = super::allowed(&visit, &id, "proposal.confirm_entry").await?;
    say_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

fn say_page(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let title = t!("proposal-behalf-say");
    let (label, error) = (t!("proposal-behalf-is-it"), typed.error("said"));
    let words = [(Said::Confirmed, "proposal-behalf-confirm"), (Said::Contested, "proposal-behalf-contest")]
        .map(|(said, id)| (said.code(), texts::t(id)));
    let choices: Vec<Choice> = words.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let inner = html! {
        (ui::radios(&|id| texts::t(id), &Field::new("said", &label).error(error.as_deref()), &choices, typed.fields.some("said"), false))
        (typed.optional_area("text", "proposal-behalf-text", 4))
        (ui::button(&t!("case-send"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("proposal-behalf-say-about")) }
        (form(visit, &at(&of.case, "behalf"), None, inner)?)
    };
    Ok(super::page(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn say(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = viewed(visit, &id).await?;
    let said = [Said::Confirmed, Said::Contested].into_iter().find(|said| said.code() == fields.get("said"));
    let done = match said {
        Some(said) => act::say(&visit.cx, of.case.id, said, fields.get("text")).await,
        None => Err(Error::field("said", Text::new("proposal-behalf-said-missing"))),
    };
    match done {
        Ok(()) => Ok(see_other(&at(&of.case, "thread"))),
        Err(Error::Invalid(errors)) => {
            let of = super::allowed(visit, &id, "proposal.confirm_entry").await?;
            say_page(visit, &of, Typed { fields, errors: &errors })
        }
        Err(other) => Err(other),
    }
}

/// The declaration on the page that checks answers: whoever enters them says that they are as they came.
pub(super) fn declaration(visit: &Visit, of: &Proposal) -> (String, String) {
    let own = of.entered_by.is_some() && of.entered_by == visit.cx.actor.account().map(|a| a.account);
    if own {
        (t!("proposal-behalf-declaration"), t!("proposal-behalf-declaration-about"))
    } else {
        (t!("proposal-declaration"), t!("proposal-declaration-about"))
    }
}
