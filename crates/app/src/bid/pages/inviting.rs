//! Asking a party to bid: for which contract, which party, until when.

use axum::extract::Path;
use maud::html;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Error, t, texts};
use uuid::Uuid;

use crate::bid::{Bids, act};
use crate::casework::Process as _;
use crate::casework::typed::{Typed, form, read_date};
use crate::{contract, party};

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(Bids::PAGES).crumb(&texts::t(Bids::NAME), Bids::PAGES)
}

/// For which contract that is not let yet.
pub(super) async fn choose(visit: Visit) -> Answer {
    visit.cx.permit("bid.invite", &act::blank(&visit.cx)?)?;
    let planned = contract::store::planned(visit.cx.db(), &visit.cx.actor).await?;
    let title = t!("bid-invite");
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("bid-invite-about")) }
        @if planned.is_empty() { (ui::empty_state(&t!("bid-no-contract"), &t!("bid-no-contract-text"), None)) }
        @else {
            h2 .govuk-heading-m { (t!("bid-which-contract")) }
            ul .govuk-list { @for on in &planned { li { a .govuk-link href={ "/bids/new/" (on.id) } { (on.title) } @if let Some(reference) = &on.reference { " " (reference) } } } }
        }
    }))
}

async fn draw(visit: &Visit, contract: Uuid, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let on = contract::store::get(cx.db(), contract).await?;
    cx.permit("contract.view", &on)?;
    cx.permit("bid.invite", &act::blank(cx)?)?;
    let parties: Vec<(String, String)> =
        party::store::suppliers(cx.db()).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let choices: Vec<Choice> = parties.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (title, label, hint, error) = (t!("bid-invite"), t!("bid-party"), t!("bid-party-hint"), typed.error("party"));
    let field = Field::new("party", &label).hint(Some(&hint)).error(error.as_deref());
    let inner = html! {
        (ui::select(&|id| texts::t(id), &field, &choices, typed.fields.some("party"), true))
        (typed.date("due", "bid-due", None, false))
        (ui::button(&t!("bid-invite-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("bid-for", contract = &on.row.title)) }
        p .govuk-body { (t!("bid-invite-what")) }
        (form(visit, &format!("/bids/new/{contract}"), None, inner)?)
    };
    Ok(page(visit, &title).errors(typed.errors).body(&body))
}

pub(super) async fn ask(visit: Visit, Path(contract): Path<Uuid>) -> Answer {
    draw(&visit, contract, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

pub(super) async fn invite(Path(contract): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut errors = FieldErrors::default();
    let due = read_date(fields, "due", &mut errors);
    let party: Option<Uuid> = fields.some("party").and_then(|id| id.parse().ok());
    if party.is_none() {
        errors.add("party", texts::Text::new("contract-chain-party-missing"));
    }
    let done = match (party, due) {
        (Some(party), Some(due)) => act::invite(&visit.cx, contract, party, due).await,
        _ => Err(Error::Invalid(errors)),
    };
    match done {
        Ok(id) => Ok(see_other(&format!("/bids/{id}"))),
        Err(Error::Invalid(errors)) => draw(visit, contract, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
