//! Putting an edition in use, and taking one out of use: what follows, and why.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t};
use rules::pack::{Difference, Pack};

use super::difference;
use crate::casework::typed::{Typed, form};
use crate::edition::{act, store};
use crate::pack::{packs, pages as words, resource};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Use,
    Withdraw,
}

impl Turn {
    fn action(self) -> &'static str {
        if self == Self::Use { "pack.put_in_use" } else { "pack.withdraw" }
    }
}

pub(in crate::edition) async fn use_form(visit: Visit, Path(of): Path<(String, String)>) -> Answer {
    draw(&visit, Turn::Use, &of, &Fields::default(), &FieldErrors::default()).await
}

pub(in crate::edition) async fn withdraw_form(visit: Visit, Path(of): Path<(String, String)>) -> Answer {
    draw(&visit, Turn::Withdraw, &of, &Fields::default(), &FieldErrors::default()).await
}

async fn draw(visit: &Visit, turn: Turn, (id, edition): &(String, String), fields: &Fields, errors: &FieldErrors) -> Answer {
    let cx = &visit.cx;
    let known = packs(cx.core());
    let pack = known.get(id, edition).cloned().ok_or(Error::NotFound)?;
    cx.permit(turn.action(), &resource(&pack))?;
    let typed = Typed { fields, errors };
    let title = match turn {
        Turn::Use => t!("edition-use-title", title = &pack.title, edition = edition),
        Turn::Withdraw => t!("edition-withdraw-title", title = &pack.title, edition = edition),
    };
    let inner = html! {
        (typed.area("reason", "edition-reason", 4))
        (ui::button(&(if turn == Turn::Use { t!("edition-use-do") } else { t!("edition-withdraw-do") }), ButtonKind::Primary))
    };
    let at = format!("/packs/{id}/{edition}");
    let action = format!("{at}/{}", if turn == Turn::Use { "use" } else { "withdraw" });
    let body = html! {
        h1 .govuk-heading-l { (title) }
        @if turn == Turn::Use { (using(visit, &pack, known.in_use(id)).await?) } @else { p .govuk-body { (t!("edition-withdraw-text")) } }
        (form(visit, &action, None, inner)?)
    };
    let page = visit.page(&title).active("/packs").crumb(&t!("pack-list-title"), "/packs").crumb(&pack.title, &at).errors(errors);
    let page = if errors.is_empty() { page } else { page.status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&body))
}

/// What follows from putting it in use.
async fn using(visit: &Visit, pack: &Pack, current: Option<&Arc<Pack>>) -> Result<Markup> {
    let touched = store::touched(&visit.cx, &pack.pack, &Difference::default()).await?;
    Ok(html! {
        p .govuk-body { (t!("edition-use-text")) }
        ul .govuk-list .govuk-list--bullet {
            @if let Some(current) = current { li { (t!("edition-use-instead", edition = &current.edition)) } }
            li { (t!("edition-use-cases", count = touched.cases())) }
            li { (t!("edition-use-contracts", count = touched.contracts())) }
        }
        (ui::inset(words::standing(pack)))
        @if let Some(current) = current.filter(|current| current.edition != pack.edition) {
            p .govuk-body {
                (difference::counted(&Difference::between(current, pack))) " "
                a .govuk-link href={ "/packs/" (pack.pack) "/" (pack.edition) "/difference?from=" (current.edition) } {
                    (t!("edition-difference-see-from", edition = &current.edition))
                }
            }
        }
    })
}

async fn turned(posted: Posted, turn: Turn, of: (String, String)) -> Answer {
    let (cx, reason) = (&posted.visit.cx, posted.fields.get("reason"));
    let done = match turn {
        Turn::Use => act::put_in_use(cx, &of.0, &of.1, reason).await,
        Turn::Withdraw => act::withdraw(cx, &of.0, &of.1, reason).await,
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/packs/{}/{}", of.0, of.1))),
        Err(Error::Invalid(errors)) => draw(&posted.visit, turn, &of, &posted.fields, &errors).await,
        Err(other) => Err(other),
    }
}

pub(in crate::edition) async fn put_in_use(Path(of): Path<(String, String)>, posted: Posted) -> Answer {
    turned(posted, Turn::Use, of).await
}

pub(in crate::edition) async fn withdraw(Path(of): Path<(String, String)>, posted: Posted) -> Answer {
    turned(posted, Turn::Withdraw, of).await
}
