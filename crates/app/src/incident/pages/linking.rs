//! Reporting links: making and calling them back, and the page of whoever holds one.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::forms::Sheet;
use platform::ui::{self, ButtonKind, Column, Row, Table};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::Answers;
use uuid::Uuid;

use super::reporting::{page, read};
use super::screening::{self, Ways};
use super::{form, kit, told_not_to_notify};
use crate::casework::typed::{Typed, id_of};
use crate::incident::act::{self, Report};
use crate::incident::model::{Channel, FIRST, INCIDENT, Incident};
use crate::incident::store::links::{self, Model};
use crate::incident::{form_of, store};
use crate::{contract, site};

/// For which place: contract by contract.
pub(super) async fn choose(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    if !visit.cx.may("incident.make_link", &act::entering(&visit.cx)?) && visit.cx.actor.is_authority() {
        return Err(Error::NotFound);
    }
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|id| id.parse().ok());
    let title = t!("incident-links");
    let chosen = contract::pages::choose(&visit.cx, only, "/incidents/links").await?;
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-links-about")) }
        (chosen)
    }))
}

pub(super) async fn list(visit: Visit, Path(place): Path<Uuid>) -> Answer {
    draw(&visit, place, None).await
}

/// The links of a place, with the address of one that was made just now: nobody can read it again.
async fn draw(visit: &Visit, place: Uuid, made: Option<&str>) -> Answer {
    let cx = &visit.cx;
    let row = contract::chain::place(cx.db(), place).await?.row;
    let of = act::bare(cx, cx.db(), cx.now(), &row, false).await?;
    cx.core().authz.check(&cx.actor, "incident.view", &of)?;
    cx.core().authz.check(&cx.actor, "incident.make_link", &of)?;
    let clock = &cx.core().clock;
    let all = links::of_place(cx.db(), place).await?;
    let here = format!("/incidents/links/{place}");
    let mut rows = Vec::new();
    for link in &all {
        let end = form(
            visit,
            &format!("{here}/end"),
            None,
            html! {
                (ui::hidden("link", &link.id.to_string()))
                (ui::named_button(&t!("incident-link-end"), ButtonKind::Quiet, "end", "yes", Some(&clock.moment_text(link.made_at))))
            },
        )?;
        let last = link.last_at.map_or_else(|| t!("incident-link-unused"), |at| clock.moment_text(at));
        rows.push(Row::new(vec![html! { (clock.moment_text(link.made_at)) }, html! { (link.reports) }, html! { (last) }, end]));
    }
    let heads = ["incident-link-made", "incident-link-reports", "incident-link-last", "incident-link-do"].map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let title = t!("incident-links");
    let kind = if all.is_empty() { ButtonKind::Primary } else { ButtonKind::Secondary };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { strong { (contract::pages::place_name(cx, &row).await?) } }
        p .govuk-body { (t!("incident-links-about")) }
        @if let Some(address) = made {
            (ui::inset(html! {
                p .govuk-body { strong { (t!("incident-link-is")) } }
                p .govuk-body .vs-break { code { (address) } }
                p .govuk-body { (t!("incident-link-once")) }
            }))
        }
        @if rows.is_empty() { (ui::empty_state(&t!("incident-links-none"), &t!("incident-links-none-text"), None)) }
        @else { (ui::table(&Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows)) }
        (form(visit, &here, None, ui::button(&t!("incident-link-make"), kind))?)
    };
    Ok(page(visit, &title).body(&body))
}

pub(super) async fn make(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (_, token) = act::make_link(&post.visit.cx, place).await?;
    let address = format!("{}/reporting/{token}", post.visit.core().settings.public_url.trim_end_matches('/'));
    draw(&post.visit, place, Some(&address)).await
}

pub(super) async fn end(Path(place): Path<Uuid>, post: Posted) -> Answer {
    act::end_link(&post.visit.cx, place, id_of(post.fields.get("link"))?).await?;
    Ok(see_other(&format!("/incidents/links/{place}")))
}

/// A visit by whoever holds a link.
struct Holding {
    visit: Visit,
    link: Model,
    here: String,
}

impl Holding {
    async fn open(mut visit: Visit, token: &str) -> Result<Self> {
        let (cx, link) = act::held(&visit, token).await?;
        visit.cx.actor = cx.actor;
        Ok(Self { visit, link, here: format!("/reporting/{token}") })
    }

    /// What came by this very link, while its holder decides about what was found in it.
    async fn deciding(&self, id: Uuid) -> Result<Option<Incident>> {
        let cx = &self.visit.cx;
        let of = store::get(cx.db(), id).await?;
        let open =
            store::open_to(cx.db(), &of.case, self.link.id, cx.now()).await? && cx.may("incident.declare", &of.through(self.link.id));
        Ok(open.then_some(of))
    }

    /// Where they do.
    fn screening(&self, id: Uuid) -> String {
        format!("{}/{id}/screening", self.here)
    }
}

pub(super) async fn ask(visit: Visit, Path(token): Path<String>) -> Answer {
    let held = Holding::open(visit, &token).await?;
    asking(&held, &Answers::new(), Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn asking(held: &Holding, answers: &Answers, typed: Typed<'_>) -> Answer {
    let cx = &held.visit.cx;
    let row = contract::chain::place(cx.db(), held.link.place).await?.row;
    let (of, pack) = act::blank(cx, &row, false).await?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await?;
    let questions = form_of(&pack)?;
    let sheet = Sheet::new(questions, answers, &choices).errors(typed.errors);
    let title = t!("incident-report");
    let inner = html! { (sheet.section(FIRST)) (ui::button(&t!("incident-send"), ButtonKind::Primary)) };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (kit::mark(questions.marking.as_deref()))
        p .govuk-body { strong { (contract::pages::place_name(cx, &row).await?) } }
        p .govuk-body { (t!("incident-report-lead-link")) }
        p .govuk-body { (t!("incident-readers-above")) }
        (told_not_to_notify())
        (form(&held.visit, &held.here, None, inner)?)
        (sheet.lists())
    };
    Ok(held.visit.page(&title).errors(typed.errors).body(&body))
}

pub(super) async fn report(Path(token): Path<String>, post: Posted) -> Answer {
    let held = Holding::open(post.visit, &token).await?;
    let (cx, fields) = (&held.visit.cx, &post.fields);
    let row = contract::chain::place(cx.db(), held.link.place).await?.row;
    let (of, pack) = act::blank(cx, &row, false).await?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await?;
    let (answers, errors) = read(form_of(&pack)?, fields, &choices);
    let new =
        Report { place: row.id, above: None, also: Vec::new(), answers: answers.clone(), channel: Channel::Link, told: None, asked: None };
    let done = if errors.is_empty() { act::report_by(cx, &held.link, &new).await } else { Err(Error::Invalid(errors)) };
    match done {
        Ok(case) => Ok(see_other(&format!("{}/{}", held.here, case.id))),
        Err(Error::Invalid(errors)) => {
            let mut response = asking(&held, &answers, Typed { fields, errors: &errors }).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response.into_response())
        }
        Err(other) => Err(other),
    }
}

/// The reference of what came by this very link; and for a while what was found in it.
pub(super) async fn sent(visit: Visit, Path((token, case)): Path<(String, String)>) -> Answer {
    let held = Holding::open(visit, &token).await?;
    let (visit, id) = (&held.visit, id_of(&case)?);
    let reference = store::came_by(visit.cx.db(), id, held.link.id).await?;
    let found = match held.deciding(id).await? {
        Some(of) => screening::told(&visit.cx, &of, Some(&held.screening(id))).await?,
        None => html! {},
    };
    let body: Markup = html! {
        (ui::panel(&t!("incident-sent"), &t!("incident-sent-reference"), &reference))
        p .govuk-body { (t!("incident-sent-link")) }
        (found)
        h2 .govuk-heading-m { (t!("incident-sent-next")) }
        p .govuk-body { (INCIDENT.stage_next("reported")) }
        (told_not_to_notify())
    };
    Ok(visit.page(&t!("incident-sent")).body(&body))
}

/// What was found in what came by this very link, for whoever sent it just now.
pub(super) async fn found(visit: Visit, Path((token, case)): Path<(String, String)>) -> Answer {
    let held = Holding::open(visit, &token).await?;
    draw_found(&held, id_of(&case)?, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw_found(held: &Holding, id: Uuid, typed: Typed<'_>) -> Answer {
    let of = held.deciding(id).await?.ok_or(Error::NotFound)?;
    let body = html! {
        (screening::choices(&held.visit, &of, &Ways::Here(held.screening(id)), typed).await?)
        p .govuk-body { a .govuk-link href={ (held.here) "/" (id) } { (t!("incident-found-done")) } }
    };
    Ok(held.visit.page(&t!("incident-screening")).errors(typed.errors).body(&body))
}

pub(super) async fn settle(Path((token, case)): Path<(String, String)>, post: Posted) -> Answer {
    let held = Holding::open(post.visit, &token).await?;
    let id = id_of(&case)?;
    match screening::chosen(&held.visit.cx, id, post.fields.get("choice"), &post.fields).await {
        Ok(()) => Ok(see_other(&held.screening(id))),
        Err(Error::Invalid(errors)) => draw_found(&held, id, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
