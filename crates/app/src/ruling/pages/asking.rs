//! Asking what a rule means: for which place of which chain, then about which rule.

use axum::extract::{Path, RawQuery};
use maud::html;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use crate::casework::Process as _;
use crate::casework::typed::{Typed, form as frame};
use crate::ruling::model::Rule;
use crate::ruling::{Rulings, act};
use crate::{contract, pack};

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(Rulings::PAGES).crumb(&texts::t(Rulings::NAME), Rulings::PAGES)
}

/// For whom it is asked: contract by contract. A rule that the address names is kept.
pub(super) async fn choose(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    if Rulings::begins(&visit).await?.is_none() {
        return Err(Error::NotFound);
    }
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|id| id.parse().ok());
    let rule = fields.some("rule").and_then(Rule::from_code).map(|rule| format!("?rule={}", rule.code())).unwrap_or_default();
    let title = t!("ruling-ask");
    let chosen = contract::pages::choose_for(&visit.cx, only, ("/rulings/new", &rule)).await?;
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("ruling-ask-about")) }
        (chosen)
    }))
}

/// The rules of the packs on a contract: code and title.
async fn rules(visit: &Visit, contract: Uuid) -> Result<Vec<(String, String)>> {
    let cx = &visit.cx;
    let packs = pack::packs(cx.core());
    let mut found = Vec::new();
    for on in contract::store::packs_on(cx.db(), contract).await? {
        let Some(pack) = packs.get(&on.pack, &on.edition) else { continue };
        let named = |duty: &rules::pack::Obligation| {
            let rule = Rule { pack: pack.pack.clone(), obligation: duty.id.clone() };
            (rule.code(), t!("ruling-rule-choice", title = &duty.title, pack = &pack.title))
        };
        found.extend(pack.obligations.iter().map(named));
    }
    found.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(found)
}

/// The form, for whoever may ask there.
async fn draw(visit: &Visit, place: Uuid, typed: Typed<'_>) -> Answer {
    let at = contract::chain::place(visit.cx.db(), place).await?.row;
    let of = act::blank(&visit.cx, &at).await?;
    visit.cx.permit("ruling.view", &of)?;
    visit.cx.permit("ruling.ask", &of)?;
    let title = t!("ruling-ask");
    let name = contract::pages::place_name(&visit.cx, &at).await?;
    let all = rules(visit, at.contract).await?;
    let choices: Vec<Choice> = all.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (label, hint, error) = (t!("ruling-rule-ask"), t!("ruling-rule-ask-hint"), typed.error("rule"));
    let field = Field::new("rule", &label).hint(Some(&hint)).error(error.as_deref());
    let inner = html! {
        (ui::select(&|id| texts::t(id), &field, &choices, typed.fields.some("rule"), true))
        (typed.area("question", "ruling-question-ask", 6))
        (ui::button(&t!("ruling-ask-do"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (name) }
        @if all.is_empty() { (ui::empty_state(&t!("ruling-no-rules"), &t!("ruling-no-rules-text"), None)) }
        @else { (frame(visit, &format!("/rulings/new/{place}"), None, inner)?) }
    };
    Ok(page(visit, &title).errors(typed.errors).body(&body))
}

pub(super) async fn form(visit: Visit, Path(place): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let asked = Fields::read(query.unwrap_or_default().as_bytes())?;
    draw(&visit, place, Typed { fields: &asked, errors: &FieldErrors::default() }).await
}

pub(super) async fn ask(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let rule = fields.some("rule").and_then(Rule::from_code);
    match act::ask(&visit.cx, place, rule.as_ref(), fields.get("question")).await {
        Ok(id) => Ok(see_other(&format!("/rulings/{id}"))),
        Err(Error::Invalid(errors)) => draw(visit, place, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
