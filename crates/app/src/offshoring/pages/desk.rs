//! Who has a proposal: taking it on, putting it back, passing it to a colleague.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::{Case, SUPPLIER, people};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::{Typed, allowed, at, form, id_of, page, viewed};
use crate::offshoring::act;
use crate::offshoring::model::{PROPOSAL, Proposal};

/// Who has each of these cases, in words for the visitor: a person of its own side by name, of the other side too if the visitor is the
/// authority. A supplier reads for which of the authority's roles a proposal waits, not who has it there.
pub(super) async fn holders(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
    let names = people::names(cx, cases.iter().filter_map(|c| c.owner)).await?;
    let actor = cx.actor.account();
    let mut all = BTreeMap::new();
    for case in cases {
        let stage = PROPOSAL.stage(&case.stage)?;
        let suppliers = stage.waits_for.contains(&SUPPLIER);
        let roles = PROPOSAL.waits_for_names(&case.stage).join(&t!("proposal-or"));
        let named = actor.is_none_or(|a| a.side == Side::Authority) || suppliers;
        let words = match case.owner.filter(|_| named).and_then(|owner| Some((owner, names.get(&owner)?))) {
            Some((owner, _)) if actor.is_some_and(|a| a.account == owner) => t!("proposal-you"),
            Some((_, name)) => t!("proposal-holder", name = name, role = roles),
            None if roles.is_empty() => t!("proposal-nobody"),
            None => roles,
        };
        all.insert(case.id, words);
    }
    Ok(all)
}

/// What the visitor may do about who has it: buttons, and the way to a colleague.
pub(super) fn choices(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let cx = &visit.cx;
    let mine = cx.actor.account().is_some_and(|a| of.case.owner == Some(a.account));
    let button = |what: &str, text: String| {
        let inner = html! { (ui::hidden("do", what)) (ui::button(&text, ButtonKind::Secondary)) };
        form(visit, &at(&of.case, "who"), Some(of.case.version), inner)
    };
    let take = !mine && cx.may("proposal.take_on", of);
    let pass = cx.may("proposal.pass_to", of);
    Ok(html! {
        @if take || pass {
            section .vs-desk {
                h2 .govuk-heading-m { (t!("proposal-who-has-it")) }
                p .govuk-body {
                    @if mine { (t!("proposal-who-mine")) }
                    @else if of.case.owner.is_some() { (t!("proposal-who-theirs")) }
                    @else { (t!("proposal-who-nobodys")) }
                }
                (ui::button_group(html! {
                    @if take { (button("take_on", if of.case.owner.is_some() { t!("proposal-take-over") } else { t!("proposal-take-on") })?) }
                    @if mine && cx.may("proposal.put_back", of) { (button("put_back", t!("proposal-put-back"))?) }
                    @if pass { a .govuk-link href=(at(&of.case, "who")) { (t!("proposal-pass-to")) } }
                }))
            }
        }
    })
}

pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed(&visit, &id, "proposal.pass_to").await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Proposal, typed: Typed<'_>) -> Answer {
    let found = act::colleagues(&visit.cx, of).await?;
    let has = holders(&visit.cx, std::slice::from_ref(&of.case)).await?.remove(&of.case.id).unwrap_or_default();
    let people: Vec<(String, &str)> = found.iter().map(|p| (p.account.to_string(), p.name.as_str())).collect();
    let choices: Vec<Choice> = people.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (title, label, error) = (t!("proposal-pass-to"), t!("proposal-pass-to-whom"), typed.error("to"));
    let field = Field::new("to", &label).error(error.as_deref());
    let inner = html! {
        (ui::hidden("do", "pass_to"))
        @if choices.len() > 8 { (ui::select(&|id| texts::t(id), &field, &choices, typed.fields.some("to"), true)) }
        @else { (ui::radios(&|id| texts::t(id), &field, &choices, typed.fields.some("to"), false)) }
        (ui::button(&t!("proposal-pass-to-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("proposal-has-now", name = has)) }
        @if choices.is_empty() { (ui::empty_state(&t!("proposal-pass-to-none"), &t!("proposal-pass-to-none-text"), None)) }
        @else { (form(visit, &at(&of.case, "who"), Some(of.case.version), inner)?) }
    };
    Ok(page(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn change(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed(visit, &id).await?;
    let (cx, fields) = (&visit.cx, &post.fields);
    let version = fields.version()?;
    let result = match fields.get("do") {
        "take_on" => act::take_on(cx, of.case.id, version).await,
        "put_back" => act::put_back(cx, of.case.id, version).await,
        _ => match fields.some("to").map(id_of).transpose()? {
            Some(to) => act::pass_to(cx, of.case.id, version, to).await,
            None => match cx.core().authz.check(&cx.actor, "proposal.pass_to", &of) {
                Ok(()) => Err(Error::field("to", Text::new("proposal-pass-to-missing"))),
                Err(refused) => Err(refused),
            },
        },
    };
    match result {
        Ok(()) => Ok(see_other(&at(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
