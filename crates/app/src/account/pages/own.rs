//! One's own account: who one is here, password, second factor, sessions, roles.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::identity::second::{self, Enrolment};
use platform::identity::{holder, membership, password as rules, role_at, session};
use platform::texts::Text;
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Error, Result, t, ui};

use super::{form, plain_form, said, words};
use crate::account::act::{self, Caller};
use crate::account::{model, store};

/// GET /account.
pub(in crate::account) async fn page(visit: Visit) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    let account = store::get(visit.cx.db(), actor.account).await?;
    let holder = holder::of(visit.core(), visit.cx.db(), &account).await?;
    let factor = if account.totp.is_some() {
        t!("account-second-factor-on", left = second::codes_left(visit.cx.db(), account.id).await?)
    } else {
        t!("account-second-factor-off")
    };
    let texts = [t!("account-name"), t!("account-email"), t!("account-acting"), t!("account-password"), t!("account-second-factor")];
    let (change, switch) = (t!("account-change"), t!("nav-switch"));
    let acting = role_at(&actor.role, &actor.party_name, actor.acts_for.as_ref().map(|other| other.name.as_str()));
    let facts = [
        ui::Fact::text(&texts[0], &holder.name),
        ui::Fact::text(&texts[1], holder.address()),
        ui::Fact::text(&texts[2], &acting).action(ui::Link::new(&switch, "/account/memberships"), ""),
        ui::Fact::text(&texts[3], "••••••••").action(ui::Link::new(&change, "/account/password"), &texts[3]),
        ui::Fact::text(&texts[4], &factor).action(ui::Link::new(&change, "/account/second-factor"), &texts[4]),
    ];
    let sessions = sessions(&visit, actor.session).await?;
    Ok(visit.page(&t!("nav-account")).body(&html! {
        h1 .govuk-heading-l { (t!("nav-account")) }
        @if account.read_only { (ui::inset(html! { (t!("account-read-only-note")) })) }
        (ui::summary_list(&facts, false))
        p .govuk-body { a .govuk-link href="/account/notices" { (t!("account-notices")) } }
        p .govuk-body { a .govuk-link href="/account/tokens" { (t!("account-tokens")) } }
        @if visit.cx.actor.is_authority() { p .govuk-body { a .govuk-link href="/account/delegations" { (t!("delegation-title")) } } }
        (sessions)
    }))
}

async fn sessions(visit: &Visit, this: uuid::Uuid) -> Result<Markup> {
    let clock = &visit.core().clock;
    let account = visit.cx.actor.signed_in()?.account;
    let mut rows = Vec::new();
    for one in session::standing(&visit.cx, account).await? {
        let here = one.id == this;
        let end = form(
            visit,
            &format!("/account/sessions/{}/end", one.id),
            None,
            ui::named_button(&t!("account-session-end"), ui::ButtonKind::Quiet, "end", "yes", Some(&clock.moment_text(one.made_at))),
        )?;
        rows.push(ui::Row::new(vec![
            html! { (browser(&one.agent)) @if here { " " (ui::tag(&t!("account-session-this"), ui::Tone::Green)) } },
            html! { (clock.moment_text(one.made_at)) },
            html! { (clock.moment_text(one.seen_at)) },
            html! { @if !here { (end) } },
        ]));
    }
    let heads = [t!("account-session-browser"), t!("account-session-since"), t!("account-session-seen"), t!("account-session-do")];
    let columns: Vec<ui::Column<'_>> = heads.iter().map(|h| ui::Column::new(h)).collect();
    let caption = t!("account-sessions");
    let all = form(visit, "/account/sessions/end-all", None, ui::button(&t!("account-sessions-end-all"), ui::ButtonKind::Secondary))?;
    Ok(html! {
        (ui::table(&ui::Table { caption: &caption, caption_shown: true, columns: &columns, stack: true }, &rows))
        (all)
    })
}

/// What a browser calls itself, short: its family and system.
fn browser(agent: &str) -> String {
    let family = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let system =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux")];
    let find = |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (find(&family), find(&system)) {
        (Some(family), Some(system)) => format!("{family}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t!("account-session-unknown"),
    }
}

/// POST /account/sessions/{id}/end.
pub(in crate::account) async fn end_session(Path(id): Path<String>, posted: Posted) -> Answer {
    session::own::end(&posted.visit.cx, super::id(&id)?).await?;
    Ok(see_other("/account"))
}

/// POST /account/sessions/end-all.
pub(in crate::account) async fn end_sessions(posted: Posted) -> Answer {
    session::own::end_all(&posted.visit.cx).await?;
    let mut response = see_other("/sign-in");
    posted.visit.set_session(&mut response, None);
    Ok(response)
}

fn draw_password(visit: &Visit, errors: &FieldErrors) -> Response {
    let (present, new) = (t!("account-present-password"), t!("account-new-password"));
    let hint = t!("account-new-password-hint", min = rules::SHORTEST);
    let (wrong_present, wrong_new) = (said(errors, "present"), said(errors, "password"));
    let inner = html! {
        (ui::password(&words, &ui::Field::new("present", &present).error(wrong_present.as_deref()), "current-password"))
        (ui::password(&words, &ui::Field::new("password", &new).hint(Some(&hint)).error(wrong_new.as_deref()), "new-password"))
        (ui::button(&t!("account-password-save"), ui::ButtonKind::Primary))
    };
    let page = visit.page(&t!("account-password-change")).errors(errors).crumb(&t!("nav-account"), "/account");
    page.body(&html! {
        h1 .govuk-heading-l { (t!("account-password-change")) }
        p .govuk-body { (t!("account-password-change-note")) }
        (plain_form(visit, "/account/password", inner))
    })
}

/// GET /account/password.
pub(in crate::account) async fn password_page(visit: Visit) -> Answer {
    Ok(draw_password(&visit, &FieldErrors::default()))
}

/// POST /account/password.
pub(in crate::account) async fn password(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    match act::change_password(&visit.cx, &Caller::of(&visit), fields.raw("present"), fields.raw("password")).await {
        Ok(()) => Ok(see_other("/account")),
        Err(Error::Invalid(errors)) => Ok(draw_password(&visit, &errors)),
        Err(error) => Err(error),
    }
}

fn draw_enrolment(visit: &Visit, offer: &Enrolment, errors: &FieldErrors) -> Response {
    let (label, wrong) = (t!("account-code"), said(errors, "code"));
    let input = ui::Input { kind: ui::InputKind::Code, width: Some(10), autocomplete: Some("one-time-code"), ..ui::Input::default() };
    let spaced: Vec<String> = offer.secret.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let inner = html! {
        (ui::hidden("offer", &offer.sealed))
        ol .govuk-list .govuk-list--number {
            li { (t!("account-second-factor-step-1")) }
            li { (t!("account-second-factor-step-2")) }
            li { (t!("account-second-factor-step-3")) }
        }
        p { img src=(offer.picture) alt=(t!("account-second-factor-picture")) width="240" height="240"; }
        p .govuk-body { (t!("account-second-factor-secret")) " " strong { (spaced.join(" ")) } }
        (ui::input(&words, &ui::Field::new("code", &label).error(wrong.as_deref()), &input))
        (ui::button(&t!("account-second-factor-turn-on"), ui::ButtonKind::Primary))
    };
    visit.page(&t!("account-second-factor")).errors(errors).crumb(&t!("nav-account"), "/account").body(&html! {
        h1 .govuk-heading-l { (t!("account-second-factor")) }
        p .govuk-body { (t!("account-second-factor-why")) }
        (plain_form(visit, "/account/second-factor", inner))
    })
}

/// GET /account/second-factor: demands a recent sign-in first, so that no answer is lost to it later.
pub(in crate::account) async fn second_page(visit: Visit) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    if !visit.cx.actor.fresh() {
        return Err(Error::SignInAgain);
    }
    let account = store::get(visit.cx.db(), actor.account).await?;
    if account.totp.is_none() {
        let offer = second::offer(visit.core(), &account, &t!("service-name")).await?;
        return Ok(draw_enrolment(&visit, &offer, &FieldErrors::default()));
    }
    let left = second::codes_left(visit.cx.db(), account.id).await?;
    let fresh = form(&visit, "/account/recovery-codes", None, ui::button(&t!("account-recovery-new"), ui::ButtonKind::Secondary))?;
    let off = form(&visit, "/account/second-factor/off", None, ui::button(&t!("account-second-factor-turn-off"), ui::ButtonKind::Warning))?;
    Ok(visit.page(&t!("account-second-factor")).crumb(&t!("nav-account"), "/account").body(&html! {
        h1 .govuk-heading-l { (t!("account-second-factor")) }
        p .govuk-body { (t!("account-second-factor-on", left = left)) }
        (fresh)
        (off)
    }))
}

/// The recovery codes, this once.
fn show_codes(visit: &Visit, codes: &[String]) -> Response {
    let (title, go_on) = (t!("account-recovery"), t!("account-recovery-kept"));
    visit.page(&title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("account-recovery-what")) }
        ul .govuk-list .govuk-list--bullet data-recovery { @for code in codes { li { code { (code) } } } }
        (ui::warning_text(&words, &t!("account-recovery-once")))
        (ui::link_button(ui::Link::new(&go_on, "/account"), ui::ButtonKind::Primary))
    })
}

/// POST /account/second-factor.
pub(in crate::account) async fn second(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    match act::set_second_factor(&visit.cx, &Caller::of(&visit), fields.raw("offer"), fields.get("code")).await {
        Ok(codes) => Ok(show_codes(&visit, &codes)),
        Err(Error::Invalid(errors)) => {
            let account = store::get(visit.cx.db(), visit.cx.actor.signed_in()?.account).await?;
            let offer = second::offer_again(visit.core(), &account, &t!("service-name"), fields.raw("offer")).await?;
            Ok(draw_enrolment(&visit, &offer, &errors))
        }
        Err(error) => back_to_second(error),
    }
}

/// Where a form of this page leads when signing in again became due meanwhile.
fn back_to_second(error: Error) -> Answer {
    match error {
        Error::SignInAgain => Ok(see_other("/sign-in/again?next=/account/second-factor")),
        other => Err(other),
    }
}

/// POST /account/second-factor/off.
pub(in crate::account) async fn second_off(posted: Posted) -> Answer {
    match act::drop_second_factor(&posted.visit.cx, &Caller::of(&posted.visit)).await {
        Ok(()) => Ok(see_other("/account")),
        Err(error) => back_to_second(error),
    }
}

/// POST /account/recovery-codes.
pub(in crate::account) async fn codes(posted: Posted) -> Answer {
    match act::new_recovery_codes(&posted.visit.cx, &Caller::of(&posted.visit)).await {
        Ok(codes) => Ok(show_codes(&posted.visit, &codes)),
        Err(error) => back_to_second(error),
    }
}

/// GET /account/memberships.
pub(in crate::account) async fn memberships_page(visit: Visit) -> Answer {
    draw_memberships(&visit, &FieldErrors::default()).await
}

async fn draw_memberships(visit: &Visit, errors: &FieldErrors) -> Answer {
    let actor = visit.cx.actor.signed_in()?;
    let mut texts = Vec::new();
    for one in &store::memberships(visit.cx.db(), actor.account).await? {
        if membership::works(visit.cx.db(), &visit.core().clock, one).await? == membership::Works::No {
            continue;
        }
        texts.push((one.id.to_string(), store::called(&visit.cx, one).await?));
    }
    let choices: Vec<ui::Choice<'_>> = texts.iter().map(|(id, text)| ui::Choice::new(id, text)).collect();
    let (label, now, wrong) = (t!("account-switch"), actor.membership.to_string(), said(errors, "membership"));
    let field = ui::Field::new("membership", &label).error(wrong.as_deref()).heading();
    let inner = html! {
        (ui::radios(&words, &field, &choices, Some(&now), false))
        (ui::button(&t!("account-continue"), ui::ButtonKind::Primary))
    };
    let page = visit.page(&label).errors(errors).crumb(&t!("nav-account"), "/account");
    Ok(page.body(&plain_form(visit, "/account/memberships", inner)))
}

/// POST /account/memberships.
pub(in crate::account) async fn switch(posted: Posted) -> Answer {
    let Posted { visit, fields } = posted;
    let Ok(to) = super::id(fields.get("membership")) else {
        let mut errors = FieldErrors::default();
        errors.add("membership", Text::new("account-switch-missing"));
        return draw_memberships(&visit, &errors).await;
    };
    session::own::switch(&visit.cx, to).await?;
    Ok(see_other(model::next("/")))
}
