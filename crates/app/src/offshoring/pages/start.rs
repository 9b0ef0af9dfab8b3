//! Starting: what this is, what to have at hand, how long it takes, who reads it, what happens after; then the choice of contract.

use maud::html;
use platform::cases::queue::{self, Filter};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};

use super::{Typed, form, id_of};
use crate::casework::handing;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{act, store};
use crate::pack;

pub(super) async fn new(visit: Visit) -> Answer {
    draw(&visit, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, typed: Typed<'_>) -> Answer {
    let pack = pack::packs(visit.core()).in_use("offshoring").cloned().ok_or_else(|| Error::internal("there is no offshoring pack"))?;
    let about = act::form_of(&pack)?;
    let places = handing::offered(&visit.cx).await?;
    let ids: Vec<(String, &String)> = places.iter().map(|(id, text)| (id.to_string(), text)).collect();
    let choices: Vec<Choice> = ids.iter().map(|(id, text)| Choice::new(id, text)).collect();
    let (label, hint, error) = (t!("proposal-choose-place"), t!("proposal-choose-place-hint"), typed.error("place"));
    let field = Field::new("place", &label).hint(Some(&hint)).error(error.as_deref());
    let earlier = earlier(&visit.cx).await?;
    let from: Vec<Choice> = earlier.iter().map(|(id, text)| Choice::new(id, text)).collect();
    let (from_label, from_hint, from_error) = (t!("proposal-carry"), t!("proposal-carry-hint"), typed.error("from"));
    let from_field = Field::new("from", &from_label).hint(Some(&from_hint)).error(from_error.as_deref()).optional(true);
    let chosen = if choices.len() == 1 { choices.first().map(|c| c.value) } else { typed.fields.some("place") };
    let inner = html! {
        @if choices.len() > 8 { (ui::select(&|id| texts::t(id), &field, &choices, chosen, true)) }
        @else { (ui::radios(&|id| texts::t(id), &field, &choices, chosen, false)) }
        @if !from.is_empty() { (ui::select(&|id| texts::t(id), &from_field, &from, typed.fields.some("from"), true)) }
        (ui::button(&t!("proposal-start"), ButtonKind::Primary))
    };
    let body = html! {
        (handing::about(about))
        @if let Some(note) = &pack.source.note { (ui::details(&t!("proposal-policy-standing"), html! { (note) })) }
        @if choices.is_empty() {
            (ui::inset(html! { (if visit.cx.actor.is_authority() { t!("proposal-start-authority") } else { t!("proposal-start-no-contract") }) }))
        } @else { (form(visit, "/proposals/new", None, inner)?) }
    };
    Ok(visit.page(&about.title).active("/proposals").crumb(&t!("nav-proposals"), "/proposals").errors(typed.errors).body(&body))
}

pub(super) async fn begin(post: Posted) -> Answer {
    let Some(place) = post.fields.some("place").map(id_of).transpose()? else {
        let mut errors = FieldErrors::default();
        errors.add("place", Text::new("proposal-choose-place-missing"));
        return draw(&post.visit, Typed { fields: &post.fields, errors: &errors }).await;
    };
    let begun = match post.fields.some("from").map(id_of).transpose()? {
        Some(from) => act::begin_from(&post.visit.cx, place, from).await,
        None => act::begin(&post.visit.cx, place).await,
    };
    match begun {
        Ok(id) => Ok(see_other(&format!("/proposals/{id}/answers"))),
        Err(Error::Invalid(errors)) => draw(&post.visit, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

/// The most earlier proposals that are offered.
const EARLIER: u64 = 50;

/// The proposals that were handed in whose answers the actor may carry forward, the latest first: id, and reference with title.
async fn earlier(cx: &Cx) -> Result<Vec<(String, String)>> {
    if cx.actor.is_authority() {
        return Ok(Vec::new());
    }
    let filter = Filter { most: EARLIER, ..Filter::default() };
    let (found, _) = queue::list(cx.db(), &PROPOSAL, store::visible(&cx.actor), &filter, None).await?;
    let known = found
        .into_iter()
        .filter_map(|case| Some((case.id.to_string(), t!("proposal-carry-choice", reference = case.reference?, title = &case.title))));
    Ok(known.collect())
}
