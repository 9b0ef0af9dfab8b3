//! Signing in and out.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::identity::{account, holder, password, session};
use platform::texts::Text;
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Error, t, ui};

use super::{plain_form, query, said, words};
use crate::account::act::{self, Caller, Signed, Tokens};
use crate::account::{model, store};

/// The answer to a finished sign-in: cookies, and on to where somebody wanted to go.
fn signed_in(visit: &Visit, tokens: &Tokens, next: &str) -> Response {
    let mut response = see_other(model::next(next));
    visit.set_session(&mut response, Some(&tokens.session));
    visit.set_device(&mut response, &tokens.device);
    if visit.step.is_some() {
        visit.set_step(&mut response, None);
    }
    response
}

fn signed(visit: &Visit, outcome: &Signed, next: &str) -> Response {
    match outcome {
        Signed::In(tokens) => signed_in(visit, tokens, next),
        Signed::Step(token) => {
            let next: String = url::form_urlencoded::byte_serialize(model::next(next).as_bytes()).collect();
            let mut response = see_other(&format!("/sign-in/code?next={next}"));
            visit.set_step(&mut response, Some(token));
            response
        }
    }
}

/// Too many tries as the form's own error; the seconds to wait go into the answer's head.
fn too_many(error: Error, field: &str, message: &'static str) -> Result<(FieldErrors, Option<u64>), Error> {
    match error {
        Error::Invalid(errors) => Ok((errors, None)),
        Error::TooMany(seconds) => {
            let mut errors = FieldErrors::default();
            errors.add(field, Text::new(message).with("wait", wait(seconds)));
            Ok((errors, Some(seconds)))
        }
        other => Err(other),
    }
}

fn wait(seconds: u64) -> String {
    if seconds < 90 { t!("account-wait-seconds", seconds = seconds) } else { t!("account-wait-minutes", minutes = seconds.div_ceil(60)) }
}

fn delayed(mut response: Response, seconds: Option<u64>) -> Response {
    if let Some(seconds) = seconds {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn next_field(next: &str) -> Markup {
    ui::hidden("next", model::next(next))
}

fn draw(visit: &Visit, email: &str, next: &str, errors: &FieldErrors) -> Response {
    let (email_label, password_label) = (t!("account-email"), t!("account-password"));
    let (wrong_email, wrong_password) = (said(errors, "email"), said(errors, "password"));
    let input = ui::Input { kind: ui::InputKind::Email, value: email, autocomplete: Some("username"), ..ui::Input::default() };
    let inner = html! {
        (next_field(next))
        (ui::input(&words, &ui::Field::new("email", &email_label).error(wrong_email.as_deref()), &input))
        (ui::password(&words, &ui::Field::new("password", &password_label).error(wrong_password.as_deref()), "current-password"))
        (ui::button(&t!("account-sign-in"), ui::ButtonKind::Primary))
    };
    visit.page(&t!("account-sign-in")).errors(errors).body(&html! {
        h1 .govuk-heading-l { (t!("account-sign-in")) }
        (plain_form(visit, "/sign-in", inner))
        p .govuk-body { a .govuk-link href="/sign-in/forgotten" { (t!("account-forgotten-link")) } }
        p .govuk-body { (t!("account-no-account")) }
    })
}

/// GET /sign-in.
pub(in crate::account) async fn page(visit: Visit) -> Answer {
    let next = query(&visit, "next");
    Ok(draw(&visit, "", &next, &FieldErrors::default()))
}

/// POST /sign-in.
pub(in crate::account) async fn sign_in(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let (email, next) = (fields.get("email"), fields.get("next"));
    let mut errors = FieldErrors::default();
    fields.required(&mut errors, "email", "account-email-missing", model::LONGEST);
    if fields.raw("password").is_empty() {
        errors.add("password", Text::new("account-password-missing"));
    }
    if !errors.is_empty() {
        return Ok(draw(&visit, email, next, &errors));
    }
    match act::sign_in(&visit.cx, &Caller::of(&visit), email, fields.raw("password")).await {
        Ok(outcome) => Ok(signed(&visit, &outcome, next)),
        Err(error) => {
            let (errors, seconds) = too_many(error, "email", "account-too-many")?;
            Ok(delayed(draw(&visit, email, next, &errors), seconds))
        }
    }
}

fn draw_code(visit: &Visit, next: &str, errors: &FieldErrors) -> Response {
    let (label, hint, wrong) = (t!("account-code"), t!("account-code-hint"), said(errors, "code"));
    let input = ui::Input { kind: ui::InputKind::Code, width: Some(20), autocomplete: Some("one-time-code"), ..ui::Input::default() };
    let inner = html! {
        (next_field(next))
        (ui::input(&words, &ui::Field::new("code", &label).hint(Some(&hint)).error(wrong.as_deref()).heading(), &input))
        (ui::button(&t!("account-continue"), ui::ButtonKind::Primary))
    };
    let page = visit.page(&t!("account-code")).errors(errors).back(&t!("account-sign-in-start"), "/sign-in");
    page.body(&plain_form(visit, "/sign-in/code", inner))
}

/// GET /sign-in/code.
pub(in crate::account) async fn code_page(visit: Visit) -> Answer {
    if visit.step.is_none() {
        return Ok(see_other("/sign-in"));
    }
    let next = query(&visit, "next");
    Ok(draw_code(&visit, &next, &FieldErrors::default()))
}

/// POST /sign-in/code.
pub(in crate::account) async fn code(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let (token, next) = (visit.step.clone().unwrap_or_default(), fields.get("next"));
    match act::second_step(&visit.cx, &Caller::of(&visit), &token, fields.get("code")).await {
        Ok(tokens) => Ok(signed_in(&visit, &tokens, next)),
        Err(Error::SignedOut) => {
            let mut response = see_other("/sign-in");
            visit.set_step(&mut response, None);
            Ok(response)
        }
        Err(error) => {
            let (errors, seconds) = too_many(error, "code", "account-too-many-codes")?;
            Ok(delayed(draw_code(&visit, next, &errors), seconds))
        }
    }
}

async fn draw_again(visit: &Visit, next: &str, errors: &FieldErrors) -> Answer {
    let account = store::get(visit.cx.db(), visit.cx.actor.signed_in()?.account).await?;
    let (password_label, code_label) = (t!("account-password"), t!("account-code"));
    let (wrong_password, wrong_code) = (said(errors, "password"), said(errors, "code"));
    let demo = visit.core().demo && account.password.is_none();
    let code = ui::Input { kind: ui::InputKind::Code, width: Some(20), autocomplete: Some("one-time-code"), ..ui::Input::default() };
    let inner = html! {
        (next_field(next))
        @if demo { (ui::inset(html! { (t!("account-again-demo")) })) } @else {
            (ui::password(&words, &ui::Field::new("password", &password_label).error(wrong_password.as_deref()), "current-password"))
            @if account.totp.is_some() {
                (ui::input(&words, &ui::Field::new("code", &code_label).error(wrong_code.as_deref()), &code))
            }
        }
        (ui::button(&t!("account-continue"), ui::ButtonKind::Primary))
    };
    Ok(visit.page(&t!("account-again")).errors(errors).body(&html! {
        h1 .govuk-heading-l { (t!("account-again")) }
        p .govuk-body { (t!("account-again-why")) }
        (plain_form(visit, "/sign-in/again", inner))
    }))
}

/// GET /sign-in/again.
pub(in crate::account) async fn again_page(visit: Visit) -> Answer {
    let next = query(&visit, "next");
    draw_again(&visit, &next, &FieldErrors::default()).await
}

/// POST /sign-in/again.
pub(in crate::account) async fn again(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let next = fields.get("next");
    match act::prove(&visit.cx, &Caller::of(&visit), fields.raw("password"), fields.get("code")).await {
        Ok(()) => Ok(see_other(model::next(next))),
        Err(error) => {
            let (errors, seconds) = too_many(error, "password", "account-too-many")?;
            Ok(delayed(draw_again(&visit, next, &errors).await?, seconds))
        }
    }
}

/// POST /sign-out.
pub(in crate::account) async fn sign_out(posted: Posted) -> Answer {
    let visit = posted.visit;
    if let Some(actor) = visit.cx.actor.account() {
        match session::own::end(&visit.cx, actor.session).await {
            // Ended meanwhile: signed out all the same.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let mut response = see_other("/sign-in");
    visit.set_session(&mut response, None);
    Ok(response)
}

/// GET /sign-in/forgotten.
pub(in crate::account) async fn forgotten_page(visit: Visit) -> Answer {
    Ok(draw_forgotten(&visit, "", &FieldErrors::default()))
}

fn draw_forgotten(visit: &Visit, email: &str, errors: &FieldErrors) -> Response {
    let (label, wrong) = (t!("account-email"), said(errors, "email"));
    let input = ui::Input { kind: ui::InputKind::Email, value: email, autocomplete: Some("username"), ..ui::Input::default() };
    let inner = html! {
        (ui::input(&words, &ui::Field::new("email", &label).error(wrong.as_deref()), &input))
        (ui::button(&t!("account-forgotten-send"), ui::ButtonKind::Primary))
    };
    visit.page(&t!("account-forgotten")).errors(errors).back(&t!("account-sign-in"), "/sign-in").body(&html! {
        h1 .govuk-heading-l { (t!("account-forgotten")) }
        p .govuk-body { (t!("account-forgotten-how")) }
        (plain_form(visit, "/sign-in/forgotten", inner))
    })
}

/// POST /sign-in/forgotten: the same answer whether the account exists.
pub(in crate::account) async fn forgotten(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let email = holder::address(fields.get("email"));
    if !model::is_email(&email) {
        let mut errors = FieldErrors::default();
        errors.add("email", Text::new("account-email-wrong"));
        return Ok(draw_forgotten(&visit, fields.get("email"), &errors));
    }
    act::ask_for_reset(&visit.cx, &email).await?;
    Ok(visit.page(&t!("account-forgotten-done")).body(&html! {
        h1 .govuk-heading-l { (t!("account-forgotten-done")) }
        p .govuk-body { (t!("account-forgotten-done-text", email = email)) }
        p .govuk-body { (t!("account-forgotten-done-else")) }
    }))
}

async fn draw_link(visit: &Visit, token: &str, account: &account::Model, errors: &FieldErrors) -> Answer {
    let holder = holder::of(visit.core(), visit.cx.db(), account).await?;
    let (label, hint) = (t!("account-new-password"), t!("account-new-password-hint", min = password::SHORTEST));
    let wrong = said(errors, "password");
    let inner = html! {
        input .govuk-visually-hidden type="email" name="username" value=(holder.address()) autocomplete="username" readonly tabindex="-1" aria-hidden="true";
        (ui::password(&words, &ui::Field::new("password", &label).hint(Some(&hint)).error(wrong.as_deref()), "new-password"))
        (ui::button(&t!("account-password-save"), ui::ButtonKind::Primary))
    };
    Ok(visit.page(&t!("account-password-choose")).errors(errors).body(&html! {
        h1 .govuk-heading-l { (t!("account-password-choose")) }
        p .govuk-body { (t!("account-password-for", name = &holder.name, email = holder.address())) }
        (plain_form(visit, &format!("/sign-in/link/{token}"), inner))
    }))
}

/// What a link that ended says, with the way to a new one.
fn ended(visit: &Visit) -> Response {
    visit.page(&t!("account-link-ended-title")).status(StatusCode::GONE).body(&html! {
        h1 .govuk-heading-l { (t!("account-link-ended-title")) }
        p .govuk-body { (t!("account-link-ended")) }
        p .govuk-body { a .govuk-link href="/sign-in/forgotten" { (t!("account-link-ended-again")) } }
    })
}

/// GET /sign-in/link/{token}: looking at it does not use it up, as mail filters look at links.
pub(in crate::account) async fn link_page(visit: Visit, Path(token): Path<String>) -> Answer {
    match act::link_holder(&visit.cx, &token).await {
        Ok((_, account)) => draw_link(&visit, &token, &account, &FieldErrors::default()).await,
        Err(Error::Conflict(_)) => Ok(ended(&visit)),
        Err(error) => Err(error),
    }
}

/// POST /sign-in/link/{token}.
pub(in crate::account) async fn link(Path(token): Path<String>, posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    match act::accept(&visit.cx, &Caller::of(&visit), &token, fields.raw("password")).await {
        Ok(outcome) => Ok(signed(&visit, &outcome, "/")),
        Err(Error::Invalid(errors)) if errors.get("password").is_some() => {
            let (_, account) = act::link_holder(&visit.cx, &token).await?;
            draw_link(&visit, &token, &account, &errors).await
        }
        // The password was set; signing in goes on from the sign-in page, which says why it fails.
        Err(Error::Invalid(errors)) => Ok(draw(&visit, "", "", &errors)),
        Err(Error::Conflict(_)) => Ok(ended(&visit)),
        Err(error) => Err(error),
    }
}

/// GET /sign-in/demo/{token}: signs in to the demonstration at once; elsewhere there is no such page.
pub(in crate::account) async fn demo(visit: Visit, Path(token): Path<String>) -> Answer {
    let tokens = act::demo_sign_in(&visit.cx, &Caller::of(&visit), &token).await?;
    Ok(signed_in(&visit, &tokens, "/"))
}
