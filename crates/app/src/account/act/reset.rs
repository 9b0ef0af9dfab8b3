//! A new password by e-mail. Asking only writes a job, whatever the address, so that neither words nor time tell which accounts exist.

use platform::clock::MINUTE;
use platform::identity::{holder, link, link::Purpose, subject, throttle};
use platform::jobs::{Job, Working};
use platform::{Cx, Error, Result, mail, t};
use serde_json::{Value, json};
use uuid::Uuid;

/// The kind of job that writes to whoever asked, if the account exists.
pub const RESET_JOB: &str = "account.reset";

/// Asks for a link to set a new password.
///
/// # Errors
/// When the database fails. A request too soon after others is left out without a word.
pub async fn ask_for_reset(cx: &Cx, email: &str) -> Result<()> {
    let mark = hex::encode(holder::mark(cx, email).await?);
    let counts = [throttle::Count::new(&["reset", &mark], throttle::MESSAGES)];
    match throttle::enter(cx, &counts).await {
        Err(Error::TooMany(_)) => return Ok(()),
        other => other?,
    }
    let mut house = cx.housekeep().await?;
    house.job(Job::new(RESET_JOB, json!({ "email": email })).sealed(&["email"]).key(format!("reset:{mark}")));
    house.done().await
}

/// Writes to the account's holder, if there is one. Done twice, the second link replaces the first.
pub fn send_reset<'a>(cx: &'a Cx, _: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let email = payload["email"].as_str().unwrap_or_default();
        let Some(account) = holder::find(cx.core(), cx.db(), email).await? else { return Ok(()) };
        if account.is_over(&cx.core().clock) || account.state == "closed" {
            return Ok(());
        }
        let holder = holder::of(cx.core(), cx.db(), &account).await?;
        let Some(to) = &holder.email else { return Ok(()) };
        let invited = account.state == "invited";
        let purpose = if invited { Purpose::Invitation } else { Purpose::Reset };
        let mut house = cx.housekeep().await?;
        let token = link::issue(&house, account.id, purpose).await?;
        let address = address_of(cx, &token);
        let service = t!("service-name");
        let letter = if invited {
            mail::message(to, &t!("account-mail-invitation-subject", service = &service), &invitation_text(cx, &holder.name, &address))
        } else {
            let minutes = Purpose::Reset.lasts() / MINUTE;
            let text = t!("account-mail-reset", name = &holder.name, service = &service, link = address, minutes = minutes);
            mail::message(to, &t!("account-mail-reset-subject", service = &service), &text)
        };
        house.job(letter.sealed_for(subject(account.id)));
        house.done().await
    })
}

/// The words of an invitation.
pub(super) fn invitation_text(cx: &Cx, name: &str, address: &str) -> String {
    let days = Purpose::Invitation.lasts() / platform::clock::DAY;
    t!(
        "account-mail-invitation",
        name = name,
        service = t!("service-name"),
        authority = &cx.core().settings.authority.name,
        link = address,
        days = days
    )
}

/// The link with this token, as people get it.
pub(super) fn address_of(cx: &Cx, token: &str) -> String {
    format!("{}{}", cx.core().settings.public_url.trim_end_matches('/'), path_of(token))
}

/// The page behind a link.
pub(super) fn path_of(token: &str) -> String {
    format!("/sign-in/link/{token}")
}
