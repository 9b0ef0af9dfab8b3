//! Accounts: signing in and out, one's own login, and the people of the service: invitations, roles, leavers.
//!
//! What knows no supplier (passwords, second factors, links, throttles, sessions) is the platform's `identity`.

pub mod act;
mod api;
pub mod model;
pub(crate) mod pages;
pub mod store;

use platform::authz::Actor;
use platform::jobs::Registry;
use platform::web::{Access, NavEntry, Routes};

/// The routes.
pub fn routes() -> Routes {
    use Access::{Public, SignedIn};
    use pages::{notices, own, people, signing, tokens};
    Routes::new()
        .get("/sign-in", Public, signing::page)
        .post("/sign-in", Public, signing::sign_in)
        .get("/sign-in/code", Public, signing::code_page)
        .post("/sign-in/code", Public, signing::code)
        .get("/sign-in/again", SignedIn, signing::again_page)
        .post("/sign-in/again", SignedIn, signing::again)
        .get("/sign-in/forgotten", Public, signing::forgotten_page)
        .post("/sign-in/forgotten", Public, signing::forgotten)
        .get("/sign-in/link/{token}", Public, signing::link_page)
        .post("/sign-in/link/{token}", Public, signing::link)
        .get("/sign-in/demo/{token}", Public, signing::demo)
        .post("/sign-out", Public, signing::sign_out)
        .get("/account", SignedIn, own::page)
        .get("/account/password", SignedIn, own::password_page)
        .post("/account/password", SignedIn, own::password)
        .get("/account/second-factor", SignedIn, own::second_page)
        .post("/account/second-factor", SignedIn, own::second)
        .post("/account/second-factor/off", SignedIn, own::second_off)
        .post("/account/recovery-codes", SignedIn, own::codes)
        .post("/account/sessions/{id}/end", SignedIn, own::end_session)
        .post("/account/sessions/end-all", SignedIn, own::end_sessions)
        .get("/account/memberships", SignedIn, own::memberships_page)
        .post("/account/memberships", SignedIn, own::switch)
        .get("/account/notices", SignedIn, notices::list)
        .get("/account/notices/choose", SignedIn, notices::choose)
        .post("/account/notices/choose", SignedIn, notices::keep)
        .get("/account/tokens", SignedIn, tokens::list)
        .get("/account/tokens/new", SignedIn, tokens::new)
        .post("/account/tokens/new", SignedIn, tokens::make)
        .post("/account/tokens/{id}/end", SignedIn, tokens::end)
        .get("/accounts", SignedIn, people::list)
        .get("/accounts/invite", SignedIn, people::invite_page)
        .post("/accounts/invite", SignedIn, people::invite)
        .get("/accounts/{id}", SignedIn, people::page)
        .post("/accounts/{id}/invite-again", SignedIn, people::invite_again)
        .post("/accounts/{id}/close", SignedIn, people::close)
        .post("/accounts/{id}/second-factor/off", SignedIn, people::second_off)
        .post("/accounts/{id}/memberships/{membership}/end", SignedIn, people::end_membership)
        .get("/accounts/{id}/hand-over", SignedIn, people::hand_over_page)
        .post("/accounts/{id}/hand-over", SignedIn, people::hand_over)
        .api(api::routes())
}

/// The kinds of job.
pub fn jobs() -> Registry {
    Registry::default().kind(act::RESET_JOB, act::send_reset)
}

/// The navigation for whoever keeps accounts.
pub fn nav(actor: &Actor) -> Option<NavEntry> {
    let keeps = ["administrator", "security", "internal_audit", "supplier_lead"];
    actor.role().filter(|role| keeps.contains(role)).map(|_| NavEntry { text: "nav-accounts", href: "/accounts" })
}

#[cfg(test)]
mod tests;
