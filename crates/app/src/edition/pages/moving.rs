//! Moving contracts to an edition: which, and what duties that brings and takes.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t};
use rules::pack::Pack;
use uuid::Uuid;

use crate::casework::typed::{Typed, form as frame};
use crate::contract::act::MOST_MOVED;
use crate::contract::{act, store as contracts};
use crate::obligation::keeping::{self, Moved};
use crate::pack::{Packs, Use, packs, resource};

/// A contract that may be moved, and what that would bring.
pub(in crate::edition) struct Movable {
    pub(in crate::edition) row: contracts::Model,
    /// The edition that it is on.
    pub(in crate::edition) edition: String,
    pub(in crate::edition) comes: Moved,
    pub(in crate::edition) goes: Moved,
}

/// The contracts that the actor may move to an edition: the first of them by title, and whether there are more.
pub(in crate::edition) async fn movable(visit: &platform::Cx, to: &Pack) -> Result<(Vec<Movable>, bool)> {
    let mut rows = contracts::on_other_edition(visit.db(), &to.pack, &to.edition, MOST_MOVED as u64 + 1).await?;
    let more = rows.len() > MOST_MOVED;
    rows.truncate(MOST_MOVED);
    let mut found = Vec::new();
    for (row, edition) in rows {
        let of = contracts::get(visit.db(), row.id).await?;
        if !visit.may("contract.put_pack", &of) {
            continue;
        }
        let (comes, goes) = keeping::if_moved(visit, &row, to).await?;
        found.push(Movable { row, edition, comes, goes });
    }
    Ok((found, more))
}

pub(in crate::edition) async fn form(visit: Visit, Path(of): Path<(String, String)>) -> Answer {
    draw(&visit, &of, &Fields::default(), &FieldErrors::default()).await
}

/// The edition, for whoever may put packs on contracts.
fn viewed(visit: &Visit, (id, edition): &(String, String)) -> Result<Arc<Pack>> {
    let pack = packs(visit.core()).get(id, edition).cloned().ok_or(Error::NotFound)?;
    visit.cx.permit("pack.move_contracts", &resource(&pack))?;
    Ok(pack)
}

async fn draw(visit: &Visit, of: &(String, String), fields: &Fields, errors: &FieldErrors) -> Answer {
    let pack = viewed(visit, of)?;
    let (found, more) = movable(&visit.cx, &pack).await?;
    let title = t!("edition-move-title", title = &pack.title, edition = &pack.edition);
    let at = format!("/packs/{}/{}", of.0, of.1);
    let usable = matches!(packs(visit.core()).use_of(&pack), Use::Current | Use::Earlier);
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("edition-move-lead")))
        @if !usable {
            (ui::empty_state(&t!("edition-move-waits"), &t!("edition-move-waits-text"), Some(Link::new(&t!("edition-back"), &at))))
        } @else if found.is_empty() {
            (ui::empty_state(&t!("edition-move-empty"), &t!("edition-move-empty-text"), Some(Link::new(&t!("edition-back"), &at))))
        } @else {
            @if more { (ui::inset(html! { (t!("edition-move-more", most = MOST_MOVED)) })) }
            (frame(visit, &format!("{at}/contracts"), None, choosing(&packs(visit.core()), &pack, &found, Typed { fields, errors }))?)
        }
    };
    let page = visit.page(&title).active("/packs").crumb(&t!("pack-list-title"), "/packs").crumb(&pack.title, &at).errors(errors);
    let page = if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&body))
}

fn choosing(known: &Packs, pack: &Pack, found: &[Movable], typed: Typed<'_>) -> Markup {
    let named = |moved: &Moved, of: Option<&Pack>| {
        let title = |id: &String| {
            of.and_then(|of| of.obligations.iter().find(|duty| duty.id == *id))
                .map_or_else(|| id.replace('_', " "), |duty| duty.title.clone())
        };
        moved.iter().map(|(id, count)| t!("edition-move-duty", duty = title(id), count = count)).collect::<Vec<_>>().join("; ")
    };
    let chosen = typed.fields.all("contracts");
    let error = typed.error("contracts");
    html! {
        div .govuk-form-group .govuk-form-group--error[error.is_some()] {
        fieldset .govuk-fieldset {
            legend .govuk-fieldset__legend .govuk-fieldset__legend--m { (t!("edition-move-which")) }
            @if let Some(error) = &error { (ui::error_message(&|id| platform::texts::t(id), "contracts", error)) }
            div .govuk-checkboxes {
                @for (n, one) in found.iter().enumerate() {
                    @let id = if n == 0 { "contracts".to_owned() } else { format!("contracts-{}", n + 1) };
                    div .govuk-checkboxes__item {
                        input #(id) .govuk-checkboxes__input type="checkbox" name="contracts" value=(one.row.id)
                            checked[chosen.contains(&one.row.id.to_string().as_str())] aria-describedby={ (id) "-brings" };
                        label .govuk-label .govuk-checkboxes__label for=(id) { (one.row.title) }
                        div .govuk-hint .govuk-checkboxes__hint id={ (id) "-brings" } {
                            (t!("edition-move-on", edition = &one.edition)) " "
                            @if one.comes.is_empty() && one.goes.is_empty() { (t!("edition-move-same")) }
                            @if !one.comes.is_empty() { (t!("edition-move-comes", count = one.comes.len(), duties = named(&one.comes, Some(pack)))) " " }
                            @if !one.goes.is_empty() { (t!("edition-move-goes", count = one.goes.len(), duties = named(&one.goes, known.get(&pack.pack, &one.edition).map(AsRef::as_ref)))) }
                        }
                    }
                }
            }
        }
        }
        (typed.optional_area("reason", "edition-move-reason", 3))
        (ui::button(&t!("edition-move-do"), ButtonKind::Primary))
    }
}

pub(in crate::edition) async fn go(Path(of): Path<(String, String)>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let pack = viewed(visit, &of)?;
    let chosen: Vec<Uuid> = posted.fields.all("contracts").into_iter().filter_map(|id| id.parse().ok()).collect();
    let done = act::move_packs(&visit.cx, &chosen, &pack.pack, &pack.edition, posted.fields.some("reason")).await;
    match done {
        Ok(()) => Ok(see_other(&format!("/packs/{}/{}", of.0, of.1))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &posted.fields, &errors).await,
        Err(other) => Err(other),
    }
}
