//! Tokens for programs, under the account.

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::{SCOPES, Scopes};
use platform::error::FieldErrors;
use platform::identity::{role_at, token};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, t, texts, ui};

use super::{form, said, words};
use crate::account::act::{self, Asking};

/// How many days are offered.
const DAYS: [i64; 4] = [7, 30, 90, 365];

/// The message id of a scope's name.
fn scope_text(scope: &str) -> String {
    texts::t(&format!("account-scope-{}", scope.replace(':', "-")))
}

/// GET /account/tokens.
pub(in crate::account) async fn list(visit: Visit) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    let clock = &visit.core().clock;
    let tokens = token::of(visit.cx.db(), actor.account).await?;
    let mut names = token::names(visit.core(), visit.cx.db(), actor.account, &tokens).await?;
    let mut rows = Vec::new();
    for one in tokens {
        let name = names.remove(&one.id).unwrap_or_default();
        let seen = one.seen_at.map_or_else(|| t!("account-token-unused"), |at| clock.moment_text(at));
        let over = !one.works(visit.cx.now());
        let button = ui::named_button(&t!("account-token-end"), ui::ButtonKind::Quiet, "end", "yes", Some(&name));
        let end = form(&visit, &format!("/account/tokens/{}/end", one.id), None, button)?;
        let scopes: Vec<String> = Scopes::read(&one.scopes).codes().map(scope_text).collect();
        rows.push(ui::Row::new(vec![
            html! { (name) @if over { " " (ui::tag(&t!("account-token-over"), ui::Tone::Grey)) } },
            html! { @for scope in &scopes { (scope) br; } },
            html! { (clock.day_text(one.until)) },
            html! { (seen) },
            end,
        ]));
    }
    let heads = [
        t!("account-token-name"),
        t!("account-token-scopes"),
        t!("account-token-until"),
        t!("account-token-seen"),
        t!("account-session-do"),
    ];
    let columns: Vec<ui::Column<'_>> = heads.iter().map(|h| ui::Column::new(h)).collect();
    let title = t!("account-tokens");
    let make = t!("account-token-make");
    Ok(visit.page(&title).wide().crumb(&t!("nav-account"), "/account").body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("account-tokens-lead")))
        (ui::link_button(ui::Link::new(&make, "/account/tokens/new"), ui::ButtonKind::Primary))
        @if rows.is_empty() { (ui::empty_state(&t!("account-tokens-none"), &t!("account-tokens-none-text"), None)) } @else {
            (ui::table(&ui::Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows))
        }
        p .govuk-body { a .govuk-link href="/api/docs" { (t!("account-tokens-docs")) } }
    }))
}

/// GET /account/tokens/new: demands a recent sign-in first, so that no answer is lost to it later.
pub(in crate::account) async fn new(visit: Visit) -> Answer {
    if !visit.cx.actor.fresh() {
        return Err(Error::SignInAgain);
    }
    draw(&visit, &Fields::default(), &FieldErrors::default())
}

fn draw(visit: &Visit, fields: &Fields, errors: &FieldErrors) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    let acting = role_at(&actor.role, &actor.party_name, None);
    let named: Vec<(&str, String)> = SCOPES.into_iter().map(|scope| (scope, scope_text(scope))).collect();
    let scopes: Vec<ui::Choice<'_>> = named.iter().map(|(scope, text)| ui::Choice::new(scope, text)).collect();
    let most = visit.core().settings.api.longest_days;
    let days: Vec<(String, String)> =
        DAYS.into_iter().filter(|d| *d <= most).map(|d| (d.to_string(), t!("account-token-days-choice", days = d))).collect();
    let days: Vec<ui::Choice<'_>> = days.iter().map(|(value, text)| ui::Choice::new(value, text)).collect();
    let labels = [
        t!("account-token-name"),
        t!("account-token-name-hint"),
        t!("account-token-scopes"),
        t!("account-token-scopes-hint"),
        t!("account-token-days"),
    ];
    let wrong = ["name", "scopes", "days"].map(|name| said(errors, name));
    let input = ui::Input { value: fields.get("name"), ..ui::Input::default() };
    let inner = html! {
        (ui::inset(html! { (t!("account-token-acts", acting = acting)) }))
        (ui::input(&words, &ui::Field::new("name", &labels[0]).hint(Some(&labels[1])).error(wrong[0].as_deref()), &input))
        (ui::checkboxes(&words, &ui::Field::new("scopes", &labels[2]).hint(Some(&labels[3])).error(wrong[1].as_deref()), &scopes, &fields.all("scopes")))
        (ui::radios(&words, &ui::Field::new("days", &labels[4]).error(wrong[2].as_deref()), &days, fields.some("days").or(Some("30")), false))
        (ui::button(&t!("account-token-make"), ui::ButtonKind::Primary))
    };
    let title = t!("account-token-make");
    let page = visit.page(&title).errors(errors).crumb(&t!("nav-account"), "/account").crumb(&t!("account-tokens"), "/account/tokens");
    Ok(page.body(&html! { h1 .govuk-heading-l { (title) } (form(visit, "/account/tokens/new", None, inner)?) }))
}

/// POST /account/tokens/new: shows the token, this once.
pub(in crate::account) async fn make(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let asking = Asking {
        name: fields.get("name").to_owned(),
        scopes: Scopes::read(&fields.all("scopes").join(" ")),
        days: fields.get("days").parse().unwrap_or(0),
    };
    match act::make_token(&visit.cx, &asking).await {
        Ok((_, token)) => Ok(shown(&visit, &token)),
        Err(Error::Invalid(errors)) => draw(&visit, &fields, &errors),
        Err(other) => Err(other),
    }
}

fn shown(visit: &Visit, token: &str) -> axum::response::Response {
    let (title, back) = (t!("account-token-made"), t!("account-token-kept"));
    let how: Markup = html! { code { "curl -H \"Authorization: Bearer …\" " (visit.core().settings.public_url.trim_end_matches('/')) "/api/v1/account" } };
    visit.page(&title).crumb(&t!("nav-account"), "/account").crumb(&t!("account-tokens"), "/account/tokens").body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::warning_text(&words, &t!("account-token-once")))
        p .govuk-body { code .vs-break data-token { (token) } }
        p .govuk-body { (t!("account-token-how")) }
        (ui::inset(how))
        (ui::link_button(ui::Link::new(&back, "/account/tokens"), ui::ButtonKind::Secondary))
    })
}

/// POST /account/tokens/{id}/end.
pub(in crate::account) async fn end(Path(id): Path<String>, posted: Posted) -> Answer {
    act::end_token(&posted.visit.cx, super::id(&id)?).await?;
    Ok(see_other("/account/tokens"))
}
