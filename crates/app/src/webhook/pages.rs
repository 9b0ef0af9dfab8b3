//! The screens of webhooks.

use axum::extract::{Path, RawQuery};
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::hooks::rows::{self, delivery};
use platform::texts::Text;
use platform::ui::{
    self, ButtonKind, Choice, Column, Fact, Field, FilterGroup, FilterLink, Input, InputKind, Link, Pager, Row, Table, Tone,
};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::act;
use super::model::{Details, Hook, STATES, blank};
use super::store::{self, DELIVERIES, PAGE};

const WORDS: ui::Words = &|id| texts::t(id);
pub(super) async fn list(visit: Visit) -> Answer {
    visit.cx.permit("webhook.view", &blank())?;
    let all = store::all(visit.cx.db()).await?;
    let heads = ["webhook-name", "webhook-url", "webhook-actions", "webhook-state"].map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let row = |hook: &rows::Model| {
        Row::new(vec![
            html! { a .govuk-link href={ "/webhooks/" (hook.id) } { (hook.name) } },
            html! { span .vs-break { (hook.url) } },
            html! { (told_of(hook)) },
            state(hook),
        ])
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let (title, add) = (t!("webhook-list-title"), t!("webhook-add"));
    let add = visit.cx.may("webhook.add", &blank()).then(|| Link::new(&add, "/webhooks/add"));
    Ok(visit.page(&title).active("/webhooks").wide().body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (title) }
            @if let Some(add) = add { (ui::link_button(add, ButtonKind::Primary)) }
        }
        (ui::lead(&t!("webhook-list-lead")))
        @if rows.is_empty() { (ui::empty_state(&t!("webhook-none"), &t!("webhook-none-text"), add)) }
        @else { (ui::table(&Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows)) }
    }))
}

fn told_of(hook: &rows::Model) -> String {
    if hook.actions.is_empty() { t!("webhook-everything") } else { hook.actions.clone() }
}

fn state(hook: &rows::Model) -> Markup {
    let tone = if hook.state == "active" { Tone::Green } else { Tone::Grey };
    ui::tag(&t!(&format!("webhook-state-{}", hook.state)), tone)
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    visit.cx.permit("webhook.add", &blank())?;
    let details = Details { state: "active".to_owned(), ..Details::default() };
    editing(&visit, &t!("webhook-add"), "/webhooks/add", &details, None, &FieldErrors::default())
}

pub(super) async fn add(posted: Posted) -> Answer {
    let (visit, details) = (&posted.visit, read(&posted.fields));
    visit.cx.permit("webhook.add", &blank())?;
    match act::add(&visit.cx, &details).await {
        Ok(id) => Ok(see_other(&format!("/webhooks/{id}"))),
        Err(Error::Invalid(errors)) => editing(visit, &t!("webhook-add"), "/webhooks/add", &details, None, &errors),
        Err(other) => Err(other),
    }
}

fn read(fields: &Fields) -> Details {
    Details {
        name: fields.get("name").trim().to_owned(),
        url: fields.get("url").trim().to_owned(),
        actions: Details::read_actions(fields.get("actions")),
        state: fields.get("state").to_owned(),
    }
}

fn editing(visit: &Visit, title: &str, action: &str, given: &Details, version: Option<i32>, errors: &FieldErrors) -> Answer {
    let (once, version) = (visit.once()?, version.map(|v| v.to_string()));
    let form = ui::Form { action, csrf: &visit.csrf, once: Some(&once), version: version.as_deref(), ..ui::Form::default() };
    let error = |name: &str| errors.get(name).map(Text::say);
    let [name, url, actions, state] = ["name", "url", "actions", "state"].map(error);
    let labels = ["webhook-name", "webhook-url", "webhook-actions", "webhook-state"].map(texts::t);
    let hints = ["webhook-name-hint", "webhook-url-hint", "webhook-actions-hint"].map(texts::t);
    let text = |value| Input { value, ..Input::default() };
    let said = given.actions.join("\n");
    let states = STATES.map(|code| t!(&format!("webhook-state-{code}")));
    let choices: Vec<Choice> = STATES.iter().zip(&states).map(|(code, text)| Choice::new(code, text)).collect();
    let cancel = action.trim_end_matches("/change").trim_end_matches("/add");
    let mut page = visit.page(title).active("/webhooks").crumb(&t!("webhook-list-title"), "/webhooks").errors(errors);
    if !errors.is_empty() {
        page = page.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::form(WORDS, &form, html! {
            (ui::input(WORDS, &Field::new("name", &labels[0]).hint(Some(&hints[0])).error(name.as_deref()), &text(&given.name)))
            (ui::input(WORDS, &Field::new("url", &labels[1]).hint(Some(&hints[1])).error(url.as_deref()), &Input { kind: InputKind::Url, ..text(&given.url) }))
            (ui::textarea(WORDS, &Field::new("actions", &labels[2]).hint(Some(&hints[2])).optional(true).error(actions.as_deref()), &said, 4, None))
            (ui::radios(WORDS, &Field::new("state", &labels[3]).error(state.as_deref()), &choices, Some(&given.state), true))
            (ui::button_group(html! {
                (ui::button(&t!("webhook-save"), ButtonKind::Primary))
                a .govuk-link href=(cancel) { (t!("register-cancel")) }
            }))
        }))
    }))
}

/// The hook, for whoever may see it.
async fn seen(visit: &Visit, id: Uuid) -> Result<Hook> {
    let hook = Hook(store::get(visit.cx.db(), id).await?);
    visit.cx.permit("webhook.view", &hook)?;
    Ok(hook)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    draw(&visit, id, &Fields::read(query.unwrap_or_default().as_bytes())?, None).await
}

async fn draw(visit: &Visit, id: Uuid, asked: &Fields, secret: Option<&str>) -> Answer {
    let hook = seen(visit, id).await?;
    let only = asked.some("state").and_then(|code| DELIVERIES.into_iter().find(|state| *state == code));
    let before = asked.some("before").and_then(|id| id.parse::<Uuid>().ok());
    let mut found = store::deliveries(visit.cx.db(), id, before, only, PAGE).await?;
    let more = u64::try_from(found.len()).unwrap_or(0) > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let base = format!("/webhooks/{id}");
    let filtered = only.map(|state| format!("state={state}")).unwrap_or_default();
    let next = found.last().filter(|_| more).map(|last| format!("{base}?{filtered}&before={}", last.id));
    let first = before.map(|_| format!("{base}?{filtered}"));
    let ([url, actions, standing], told) = (["webhook-url", "webhook-actions", "webhook-state"].map(texts::t), told_of(&hook.0));
    let facts =
        [Fact::new(&url, html! { span .vs-break { (hook.0.url) } }), Fact::text(&actions, &told), Fact::new(&standing, state(&hook.0))];
    let change = t!("webhook-change");
    Ok(visit.page(&hook.0.name).active("/webhooks").crumb(&t!("webhook-list-title"), "/webhooks").wide().body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (hook.0.name) }
            @if visit.cx.may("webhook.change", &hook) { (ui::link_button(Link::new(&change, &format!("{base}/change")), ButtonKind::Secondary)) }
        }
        (ui::summary_list(&facts, true))
        (secret_part(visit, &hook, secret)?)
        h2 .govuk-heading-m { (t!("webhook-deliveries")) }
        @if hook.0.state == "active" && visit.cx.may("webhook.test", &hook) {
            (post(visit, &format!("{base}/test"), ui::button(&t!("webhook-test"), ButtonKind::Secondary))?)
        }
        (filters(&base, only))
        @if found.is_empty() { p .govuk-body { (t!("webhook-no-deliveries")) } } @else { (deliveries(visit, &hook, &found)?) }
        (ui::pager(WORDS, &Pager { first: first.as_deref(), previous: None, next: next.as_deref() }))
    }))
}

fn post(visit: &Visit, action: &str, inner: Markup) -> Result<Markup> {
    let once = visit.once()?;
    Ok(ui::form(WORDS, &ui::Form { action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() }, inner))
}

/// The secret, shown once it was asked for; otherwise the button that asks.
fn secret_part(visit: &Visit, hook: &Hook, secret: Option<&str>) -> Result<Markup> {
    Ok(match secret {
        Some(secret) => html! {
            (ui::inset(html! { p .govuk-body { (t!("webhook-secret")) ": " strong .vs-break { (secret) } } p .govuk-hint { (t!("webhook-secret-about")) } }))
        },
        None if visit.cx.may("webhook.change", hook) => {
            post(visit, &format!("/webhooks/{}/secret", hook.0.id), ui::button(&t!("webhook-secret-show"), ButtonKind::Secondary))?
        }
        None => html! {},
    })
}

fn filters(base: &str, on: Option<&str>) -> Markup {
    let all: Vec<(String, String, bool)> = DELIVERIES
        .iter()
        .map(|state| (t!(&format!("webhook-delivery-{state}")), format!("{base}?state={state}"), on == Some(*state)))
        .chain([(t!("webhook-delivery-all"), base.to_owned(), on.is_none())])
        .collect();
    let links: Vec<FilterLink> =
        all.iter().map(|(text, href, on)| FilterLink { link: Link::new(text, href), count: None, on: *on }).collect();
    ui::filters(WORDS, &[FilterGroup { title: &t!("webhook-state"), links: &links }])
}

fn deliveries(visit: &Visit, hook: &Hook, found: &[delivery::Model]) -> Result<Markup> {
    let may = hook.0.state == "active" && visit.cx.may("webhook.replay", hook);
    let heads =
        ["webhook-delivery-action", "webhook-delivery-made", "webhook-state", "webhook-delivery-last", "webhook-replay"].map(texts::t);
    let mut columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    if let Some(last) = columns.last_mut() {
        last.quiet = true;
    }
    let clock = &visit.core().clock;
    let mut lines = Vec::with_capacity(found.len());
    for of in found {
        let tone = match of.state.as_str() {
            "delivered" => Tone::Green,
            "failed" => Tone::Red,
            _ => Tone::Blue,
        };
        let last = of.tried_at.map(|at| {
            let how = match (of.status, of.fault.as_deref()) {
                (Some(status), _) => t!("webhook-answered", status = status),
                (None, Some(fault)) => t!(&format!("webhook-fault-{fault}")),
                (None, None) => String::new(),
            };
            t!("webhook-tried", when = clock.moment_text(at), count = of.tries, how = how)
        });
        let again = if may && act::sends_again(of) {
            let button = ui::named_button(&t!("webhook-replay"), ButtonKind::Quiet, "delivery", &of.id.to_string(), Some(&of.action));
            post(visit, &format!("/webhooks/{}/replay", hook.0.id), button)?
        } else {
            html! {}
        };
        lines.push(Row::new(vec![
            html! { (of.action) },
            html! { (clock.moment_text(of.made_at)) },
            ui::tag(&t!(&format!("webhook-delivery-{}", of.state)), tone),
            html! { (last.unwrap_or_default()) },
            again,
        ]));
    }
    Ok(ui::table(&Table { caption: &t!("webhook-deliveries"), caption_shown: false, columns: &columns, stack: true }, &lines))
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let hook = seen(&visit, id).await?;
    visit.cx.permit("webhook.change", &hook)?;
    let action = format!("/webhooks/{id}/change");
    editing(&visit, &t!("webhook-change"), &action, &Details::of(&hook.0), Some(hook.0.version), &FieldErrors::default())
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let (visit, details, version) = (&posted.visit, read(&posted.fields), posted.fields.version()?);
    let hook = seen(visit, id).await?;
    visit.cx.permit("webhook.change", &hook)?;
    match act::change(&visit.cx, id, version, &details).await {
        Ok(()) => Ok(see_other(&format!("/webhooks/{id}"))),
        Err(Error::Invalid(errors)) => {
            editing(visit, &t!("webhook-change"), &format!("/webhooks/{id}/change"), &details, Some(version), &errors)
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn test(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    seen(&posted.visit, id).await?;
    act::test(&posted.visit.cx, id).await?;
    Ok(see_other(&format!("/webhooks/{id}")))
}

pub(super) async fn secret(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    seen(&posted.visit, id).await?;
    let secret = act::reveal(&posted.visit.cx, id).await?;
    draw(&posted.visit, id, &Fields::new(Vec::new()), Some(secret.text())).await
}

pub(super) async fn replay(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    seen(&posted.visit, id).await?;
    let delivery = posted.fields.get("delivery").parse().map_err(|_| Error::NotFound)?;
    act::replay(&posted.visit.cx, id, delivery).await?;
    Ok(see_other(&format!("/webhooks/{id}")))
}
