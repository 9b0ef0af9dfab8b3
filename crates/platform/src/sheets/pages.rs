//! The form on a list's page that takes it out, and where it is sent.

use axum::http::header;
use axum::response::IntoResponse as _;
use maud::{Markup, html};

use super::{Format, List, act};
use crate::cx::Cx;
use crate::error::Error;
use crate::ui::{self, ButtonKind, Choice, Field, Form};
use crate::web::{Answer, Posted, Routes, Visit};
use crate::{t, texts};

/// The form that takes the list out as it is searched and filtered on this page; nothing for who may not.
pub fn button(visit: &Visit, list: &List) -> Markup {
    if !visit.cx.may("list.export", list) {
        return html! {};
    }
    let words: ui::Words = &|id| texts::t(id);
    let query = visit.path.split_once('?').map_or("", |(_, query)| query);
    let form = Form { action: list.export, csrf: &visit.csrf, ..Form::default() };
    let says = Format::ALL.map(|format| texts::t(&format!("list-format-{}", format.code())));
    let choices: Vec<Choice> = Format::ALL.iter().zip(&says).map(|(format, says)| Choice::new(format.code(), says)).collect();
    ui::details(
        &t!("list-export"),
        html! {
            p .govuk-body { (t!("list-export-text")) }
            (ui::form(words, &form, html! {
                (ui::hidden("query", query))
                (ui::select(words, &Field::new("format", &t!("list-format")), &choices, Some(Format::Csv.code()), false))
                (ui::button(&t!("list-export-go"), ButtonKind::Secondary))
            }))
        },
    )
}

/// Where the forms of these lists are sent.
pub(super) fn routes(lists: &[&'static List]) -> Routes {
    lists.iter().fold(Routes::new(), |routes, list| {
        let list: &'static List = list;
        routes.post(list.export, list.access, move |posted: Posted| export(posted, list))
    })
}

async fn export(posted: Posted, list: &'static List) -> Answer {
    let Some(format) = Format::from_code(posted.fields.get("format")) else { return Err(Error::bad_request("list-format-unknown")) };
    given(&posted.visit.cx, list, posted.fields.get("query"), format).await
}

/// Takes the list out and gives it, to be saved.
pub(super) async fn given(cx: &Cx, list: &'static List, query: &str, format: Format) -> Answer {
    let made = act::take(cx, list, query, format).await?;
    let headers = [
        (header::CONTENT_TYPE, format.media().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", made.name)),
    ];
    Ok((headers, made.bytes).into_response())
}
