//! The page on which whoever holds a link passes sections on to somebody else.

use axum::extract::Path;
use maud::html;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, t};

use super::act::holding;
use super::asked::Holding;
use super::{Passes, parts};
use crate::casework::typed::{Typed, form};

/// GET.
pub(super) async fn ask<P: Passes>(visit: Visit, Path(token): Path<String>) -> Answer {
    let here = Holding::<P>::open(visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    draw(&here, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

fn draw<P: Passes>(here: &Holding<P>, typed: Typed<'_>) -> Answer {
    let held = &here.held;
    let sections = held.sections()?;
    let sections: Vec<(&str, &str)> = sections.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
    let title = t!("asked-pass-on-title");
    let inner = html! {
        (parts::boxes(&held.cx, &sections, holding::latest(held), typed))
        (ui::button(&t!("passing-send"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("asked-pass-on-about", asker = held.asked_by())) }
        (here.passed_on())
        (form(&here.visit, &here.at("pass-on"), None, inner)?)
    };
    let page = here.visit.page(&title).back(&t!("asked-back"), &here.at("")).errors(typed.errors);
    Ok(page.body(&body))
}

/// POST.
pub(super) async fn pass_on<P: Passes>(Path(token): Path<String>, post: Posted) -> Answer {
    let here = Holding::<P>::open(post.visit, token).await?;
    if let Some(ended) = here.ended() {
        return Ok(ended);
    }
    let done = match parts::read(&post.fields) {
        Ok(new) => holding::delegate(&here.held, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) | Err(Error::Refused(_)) => Ok(see_other(&here.at(""))),
        Err(Error::Invalid(errors)) => draw(&here, Typed { fields: &post.fields, errors: &errors }),
        Err(other) => Err(other),
    }
}
