//! Who has a case: taking it on, putting it back, passing it to a colleague.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::{SUPPLIER, people, waits_for_says};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::{allowed, page, viewed};
use crate::casework::typed::{Typed, form, id_of};
use crate::casework::{Process, act, at, desk};

/// Who has each of these cases, in words for the visitor: a person of its own side by name, of the other side too if the visitor is the
/// authority. A supplier reads for which of the authority's roles a proposal waits, not who has it there.
pub async fn holders<P: Process>(cx: &Cx, things: &[P::Thing]) -> Result<BTreeMap<Uuid, String>> {
    let names = people::names(cx, things.iter().filter_map(|of| P::case(of).owner)).await?;
    let actor = cx.actor.account();
    let mut all = BTreeMap::new();
    for of in things {
        let case = P::case(of);
        let stage = P::KIND.stage(&case.stage)?;
        let suppliers = stage.waits_for.contains(&SUPPLIER);
        let roles: Vec<String> = P::awaited(of).iter().map(|who| waits_for_says(who)).collect();
        let roles = roles.join(&t!("case-or"));
        let named = actor.is_none_or(|a| a.side == Side::Authority) || suppliers;
        let words = match case.owner.filter(|_| named).and_then(|owner| Some((owner, names.get(&owner)?))) {
            Some((owner, _)) if actor.is_some_and(|a| a.account == owner) => t!("case-you"),
            Some((_, name)) => t!("case-holder", name = name, role = roles),
            None if roles.is_empty() => t!("case-nobody"),
            None => roles,
        };
        all.insert(case.id, words);
    }
    Ok(all)
}

/// What the visitor may do about who has it: buttons, and the way to a colleague.
pub fn choices<P: Process>(visit: &Visit, of: &P::Thing) -> Result<Markup> {
    let cx = &visit.cx;
    let mine = cx.actor.account().is_some_and(|a| P::case(of).owner == Some(a.account));
    let button = |what: &str, text: String| {
        let inner = html! { (ui::hidden("do", what)) (ui::button(&text, ButtonKind::Secondary)) };
        form(visit, &at::<P>(P::case(of), "who"), Some(P::case(of).version), inner)
    };
    let take = !mine && cx.may(P::ACTS.take_on, of);
    let pass = cx.may(P::ACTS.pass_to, of);
    Ok(html! {
        @if take || pass {
            section .vs-desk {
                h2 .govuk-heading-m { (t!("case-who-has-it")) }
                p .govuk-body {
                    @if mine { (t!("case-who-mine")) }
                    @else if P::case(of).owner.is_some() { (t!("case-who-theirs")) }
                    @else { (t!("case-who-nobodys")) }
                }
                (ui::button_group(html! {
                    @if take { (button("take_on", if P::case(of).owner.is_some() { t!("case-take-over") } else { t!("case-take-on") })?) }
                    @if mine && cx.may(P::ACTS.put_back, of) { (button("put_back", t!("case-put-back"))?) }
                    @if pass { a .govuk-link href=(at::<P>(P::case(of), "who")) { (t!("case-pass-to")) } }
                }))
            }
        }
    })
}

pub(super) async fn ask<P: Process>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::ACTS.pass_to).await?;
    draw::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw<P: Process>(visit: &Visit, of: &P::Thing, typed: Typed<'_>) -> Answer {
    let found = desk::colleagues::<P>(&visit.cx, of).await?;
    let has = holders::<P>(&visit.cx, std::slice::from_ref(of)).await?.remove(&P::case(of).id).unwrap_or_default();
    let people: Vec<(String, &str)> = found.iter().map(|p| (p.account.to_string(), p.name.as_str())).collect();
    let choices: Vec<Choice> = people.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (title, label, error) = (t!("case-pass-to"), t!("case-pass-to-whom"), typed.error("to"));
    let field = Field::new("to", &label).error(error.as_deref());
    let inner = html! {
        (ui::hidden("do", "pass_to"))
        @if choices.len() > 8 { (ui::select(&|id| texts::t(id), &field, &choices, typed.fields.some("to"), true)) }
        @else { (ui::radios(&|id| texts::t(id), &field, &choices, typed.fields.some("to"), false)) }
        (ui::button(&t!("case-pass-to-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("case-has-now", name = has)) }
        @if choices.is_empty() { (ui::empty_state(&t!("case-pass-to-none"), &t!("case-pass-to-none-text"), None)) }
        @else { (form(visit, &at::<P>(P::case(of), "who"), Some(P::case(of).version), inner)?) }
    };
    Ok(page::<P>(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn change<P: Process>(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed::<P>(visit, &id).await?;
    let (cx, fields) = (&visit.cx, &post.fields);
    let version = fields.version()?;
    let result = match fields.get("do") {
        "take_on" => act::take_on::<P>(cx, P::case(&of).id, version).await,
        "put_back" => act::put_back::<P>(cx, P::case(&of).id, version).await,
        _ => match fields.some("to").map(id_of).transpose()? {
            Some(to) => act::pass_to::<P>(cx, P::case(&of).id, version, to).await,
            None => match cx.core().authz.check(&cx.actor, P::ACTS.pass_to, &of) {
                Ok(()) => Err(Error::field("to", Text::new("case-pass-to-missing"))),
                Err(refused) => Err(refused),
            },
        },
    };
    match result {
        Ok(()) => Ok(see_other(&at::<P>(P::case(&of), ""))),
        Err(Error::Invalid(errors)) => draw::<P>(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
