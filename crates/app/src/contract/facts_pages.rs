//! The page on which whoever keeps a contract records what its packs ask about it, one form a pack.

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::{Choices, Sheet, names, review};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Fact};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::Answers;
use rules::pack::Pack;
use std::sync::Arc;
use uuid::Uuid;

use super::facts::{self, Known};
use super::store::{self, Contract};
use super::{act, model::CONTRACTS};
use crate::pack;

/// The packs on a contract that ask something about it, with what is known.
async fn asking(cx: &Cx, contract: Uuid) -> Result<Vec<(Arc<Pack>, Known)>> {
    let mut known = facts::known(cx.db(), contract).await?;
    let on = store::packs_on(cx.db(), contract).await?;
    let found = on.iter().filter_map(|row| pack::packs(cx.core()).get(&row.pack, &row.edition).cloned());
    Ok(found
        .filter(|p| !p.contract_facts.is_empty())
        .map(|p| {
            let of = known.remove(&p.pack).unwrap_or_default();
            (p, of)
        })
        .collect())
}

/// What a pack asks about a contract, and what is known, for all who see the contract.
pub(super) fn read(pack: &Pack, known: &Known) -> Markup {
    let document = facts::form(pack).freeze(&known.sheet(pack), &pack.pack, &pack.edition, &Choices::default());
    let rows = review::rows(&document);
    let facts: Vec<Fact> = rows.iter().map(|(label, value)| Fact::new(label, value.clone())).collect();
    html! { @if !facts.is_empty() { (ui::summary_list(&facts, true)) } }
}

/// What was typed into one pack's form, where it was refused.
struct Typed<'a> {
    pack: &'a str,
    answers: Answers,
    errors: FieldErrors,
}

async fn allowed(visit: &Visit, id: Uuid) -> Result<Contract> {
    let contract = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("contract.state_facts", &contract)?;
    Ok(contract)
}

pub(super) async fn show(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let contract = allowed(&visit, id).await?;
    draw(&visit, &contract, None).await
}

async fn draw(visit: &Visit, contract: &Contract, typed: Option<Typed<'_>>) -> Answer {
    let none = FieldErrors::default();
    let mut forms = Vec::new();
    for (pack, known) in asking(&visit.cx, contract.row.id).await? {
        let refused = typed.as_ref().filter(|t| t.pack == pack.pack);
        let answers = refused.map_or_else(|| known.sheet(&pack), |t| t.answers.clone());
        forms.push(html! {
            h2 .govuk-heading-m { (pack.title) }
            (form(visit, contract.row.id, &pack, known.version, &answers, refused.map_or(&none, |t| &t.errors))?)
        });
    }
    let title = t!("contract-facts-title", title = &contract.row.title);
    let page = page(visit, contract, &title).errors(typed.as_ref().map_or(&none, |t| &t.errors));
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("contract-facts-lead")))
        @if forms.is_empty() { (ui::empty_state(&t!("contract-facts-none"), &t!("contract-facts-none-text"), None)) }
        @for form in &forms { (form) }
    }))
}

fn page<'a>(visit: &'a Visit, contract: &Contract, title: &str) -> platform::web::PageBuilder<'a> {
    let list = CONTRACTS.says("list-title");
    visit.page(title).active("/contracts").crumb(&list, "/contracts").crumb(&contract.row.title, &format!("/contracts/{}", contract.row.id))
}

fn form(visit: &Visit, id: Uuid, pack: &Pack, version: i32, answers: &Answers, errors: &FieldErrors) -> Result<Markup> {
    let (once, version, action) = (visit.once()?, version.to_string(), format!("/contracts/{id}/facts/{}", pack.pack));
    let of = facts::form(pack);
    let choices = Choices::default();
    let sheet = Sheet::new(&of, answers, &choices).errors(errors);
    let frame = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
    Ok(ui::form(
        &|id| texts::t(id),
        &frame,
        html! {
            (sheet.section(&pack.pack))
            (ui::named_button(&t!("contract-facts-save"), ButtonKind::Primary, "save", "1", Some(&pack.title)))
        },
    ))
}

pub(super) async fn save(Path((id, pack)): Path<(Uuid, String)>, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let contract = allowed(&visit, id).await?;
    let (asks, known) = asking(&visit.cx, id).await?.into_iter().find(|(p, _)| p.pack == pack).ok_or(Error::NotFound)?;
    let of = facts::form(&asks);
    let only: Vec<_> = fields.pairs().iter().filter(|(name, _)| name == "asked" || name.starts_with("q.")).cloned().collect();
    let mut answers = known.sheet(&asks);
    let (patch, faults) = of.from_fields(&asks.pack, &only, &answers, &Choices::default());
    answers.apply(&patch);
    let version = fields.version()?;
    let errors = names::errors(&faults);
    let done = if errors.is_empty() {
        act::state_facts(&visit.cx, id, &asks.pack, version, &facts::of_sheet(&asks, &answers)).await
    } else {
        Err(Error::Invalid(errors))
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}#packs"))),
        Err(Error::Invalid(errors)) => draw(&visit, &contract, Some(Typed { pack: &asks.pack, answers, errors })).await,
        Err(Error::Stale(text)) => clash(&visit, &contract, &asks, &answers, &text).await,
        Err(other) => Err(other),
    }
}

/// Both versions, and the form again with what was typed, over what stands now.
async fn clash(visit: &Visit, contract: &Contract, pack: &Pack, typed: &Answers, text: &Text) -> Answer {
    let now = facts::known(visit.cx.db(), contract.row.id).await?.remove(&pack.pack).unwrap_or_default();
    let freeze = |answers: &Answers| facts::form(pack).freeze(answers, &pack.pack, &pack.edition, &Choices::default());
    let titles = (t!("register-clash-now"), t!("register-clash-typed"));
    let both = review::compare(&freeze(&now.sheet(pack)), &freeze(typed), (&titles.0, &titles.1), false);
    let form = form(visit, contract.row.id, pack, now.version, typed, &FieldErrors::default())?;
    let title = t!("register-clash-title");
    Ok(page(visit, contract, &title).wide().status(StatusCode::CONFLICT).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (text.say()) }
        (both)
        p .govuk-body { (t!("register-clash-again")) }
        (form)
    }))
}
