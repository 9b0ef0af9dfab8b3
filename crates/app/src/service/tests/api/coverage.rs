//! Whatever a page changes, a program can change, or there is a reason why not.

use std::collections::BTreeSet;

use axum::http::Method;
use platform::cases::api::Cases as _;

use crate::casework::Process as _;
use crate::kinds::of_every_kind;

/// A form of a page, and the route for programs that does the same.
const DONE: &[(&str, &str)] = &[
    ("/account/notices/choose", "POST /api/v1/account/notices/choices"),
    ("/account/sessions/{id}/end", "POST /api/v1/account/sessions/{id}/end"),
    ("/account/sessions/end-all", "POST /api/v1/account/sessions/end-all"),
    ("/account/tokens/{id}/end", "POST /api/v1/account/tokens/{id}/end"),
    ("/account/delegations/new", "POST /api/v1/delegations"),
    ("/account/delegations/{id}/end", "POST /api/v1/delegations/{id}/end"),
    ("/sign-in/again", "POST /api/v1/account/confirm"),
    ("/accounts/invite", "POST /api/v1/accounts"),
    ("/accounts/{id}/invite-again", "POST /api/v1/accounts/{id}/invite-again"),
    ("/accounts/{id}/close", "POST /api/v1/accounts/{id}/close"),
    ("/accounts/{id}/second-factor/off", "POST /api/v1/accounts/{id}/second-factor/off"),
    ("/accounts/{id}/memberships/{membership}/end", "POST /api/v1/accounts/{id}/memberships/{membership}/end"),
    ("/accounts/{id}/hand-over", "POST /api/v1/accounts/{id}/hand-over"),
    ("/parties/add", "POST /api/v1/parties"),
    ("/parties/{id}/change", "PATCH /api/v1/parties/{id}"),
    ("/contracts/add", "POST /api/v1/contracts"),
    ("/contracts/{id}/change", "PATCH /api/v1/contracts/{id}"),
    ("/contracts/{id}/facts/{pack}", "PUT /api/v1/contracts/{id}/facts/{pack}"),
    ("/packs/{id}/{edition}/use", "POST /api/v1/packs/{pack}/{edition}/use"),
    ("/packs/{id}/{edition}/withdraw", "POST /api/v1/packs/{pack}/{edition}/withdraw"),
    ("/packs/{id}/{edition}/contracts", "POST /api/v1/packs/{pack}/{edition}/contracts"),
    ("/packs/install", "POST /api/v1/packs/check"),
    ("/packs/install/{offer}/confirm", "POST /api/v1/packs"),
    ("/contracts/{id}/packs", "POST /api/v1/contracts/{id}/packs"),
    ("/contracts/{id}/places", "POST /api/v1/contracts/{id}/places"),
    ("/contracts/{id}/places/{place}/move", "POST /api/v1/contracts/{id}/places/{place}/move"),
    ("/contracts/{id}/places/{place}/end", "POST /api/v1/contracts/{id}/places/{place}/end"),
    ("/contracts/import", "POST /api/v1/imports"),
    ("/contracts/import/{run}/apply", "POST /api/v1/imports/{run}/apply"),
    ("/contracts/import/{run}/undo", "POST /api/v1/imports/{run}/undo"),
    ("/sites/add", "POST /api/v1/sites"),
    ("/sites/{id}/change", "PATCH /api/v1/sites/{id}"),
    ("/arrangements/report/{place}", "POST /api/v1/places/{place}/arrangements"),
    ("/arrangements/{id}/change", "PATCH /api/v1/arrangements/{id}"),
    ("/arrangements/{id}/start", "POST /api/v1/arrangements/{id}/start"),
    ("/arrangements/{id}/end", "POST /api/v1/arrangements/{id}/end"),
    ("/arrangements/export", "POST /api/v1/arrangements/export"),
    ("/bids/new/{contract}", "POST /api/v1/contracts/{contract}/bids"),
    ("/bids/{id}/plans", "PUT /api/v1/bids/{id}/plans"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/submit"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/answer"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/accept"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/choose"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/ask"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/refuse"),
    ("/bids/{id}/step/{step}", "POST /api/v1/bids/{id}/steps/withdraw"),
    ("/plans/new", "POST /api/v1/plans"),
    ("/plans/{id}/answers/{section}", "PUT /api/v1/plans/{id}/answers/{section}"),
    ("/plans/{id}/reveal", "POST /api/v1/plans/{id}/reveal"),
    ("/plans/{id}/readers", "POST /api/v1/plans/{id}/readers"),
    ("/plans/{id}/readers/end", "POST /api/v1/plans/{id}/readers/end"),
    ("/plans/{id}/readers/remind", "POST /api/v1/plans/{id}/readers/remind"),
    ("/plans/{id}/submit", "POST /api/v1/plans/{id}/steps/submit"),
    ("/plans/{id}/return", "POST /api/v1/plans/{id}/steps/return"),
    ("/plans/{id}/step/{step}", "POST /api/v1/plans/{id}/steps/agree"),
    ("/plans/{id}/step/{step}", "POST /api/v1/plans/{id}/steps/withdraw"),
    ("/plans/{id}/step/{step}", "POST /api/v1/plans/{id}/steps/discard"),
    ("/plan-changes/notify/{place}", "POST /api/v1/places/{place}/plan-changes/notices"),
    ("/plan-changes/request/{place}", "POST /api/v1/places/{place}/plan-changes"),
    ("/plan-changes/{id}/proposal", "POST /api/v1/plan-changes/{id}/proposals"),
    ("/plan-changes/{id}/link", "POST /api/v1/plan-changes/{id}/proposals/link"),
    ("/plan-changes/{id}/answers/{section}", "PUT /api/v1/plan-changes/{id}/answers/{section}"),
    ("/plan-changes/{id}/reveal", "POST /api/v1/plan-changes/{id}/reveal"),
    ("/plan-changes/{id}/submit", "POST /api/v1/plan-changes/{id}/steps/submit"),
    ("/plan-changes/{id}/return", "POST /api/v1/plan-changes/{id}/steps/return"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/request"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/call_for"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/no_change"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/agree"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/decline"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/take_effect"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/withdraw"),
    ("/plan-changes/{id}/step/{step}", "POST /api/v1/plan-changes/{id}/steps/discard"),
    ("/incidents/new/{place}", "POST /api/v1/places/{place}/incidents"),
    ("/incidents/{id}/answers/{section}", "PUT /api/v1/incidents/{id}/answers/{section}"),
    ("/incidents/{id}/add", "POST /api/v1/incidents/{id}/additions"),
    ("/incidents/{id}/reveal", "POST /api/v1/incidents/{id}/reveal"),
    ("/incidents/{id}/papers", "POST /api/v1/incidents/{id}/papers"),
    ("/incidents/{id}/regulator/aware", "POST /api/v1/incidents/{id}/regulator/aware"),
    ("/incidents/{id}/regulator/decide", "POST /api/v1/incidents/{id}/regulator/decisions"),
    ("/incidents/{id}/regulator/send", "POST /api/v1/incidents/{id}/regulator/notifications"),
    ("/incident-trends/export", "POST /api/v1/incident-trends/export"),
    ("/sweeps/answers/export", "POST /api/v1/sweeps/answers/export"),
    ("/sweeps/new", "POST /api/v1/sweeps"),
    ("/sweeps/{id}/remind", "POST /api/v1/sweeps/{id}/reminders"),
    ("/sweeps/{id}/end", "POST /api/v1/sweeps/{id}/end"),
    ("/sweeps/answers/{answer}", "PUT /api/v1/sweep-answers/{answer}"),
    ("/incidents/links/{place}", "POST /api/v1/places/{place}/incident-links"),
    ("/incidents/links/{place}/end", "POST /api/v1/places/{place}/incident-links/{link}/end"),
    ("/incidents/{id}/screening/mask", "POST /api/v1/incidents/{id}/screening/mask"),
    ("/incidents/{id}/screening/declare", "POST /api/v1/incidents/{id}/screening/declare"),
    ("/incidents/{id}/veris", "POST /api/v1/incidents/{id}/veris"),
    ("/incident-records/import", "POST /api/v1/incident-records/import"),
    ("/incident-records/export", "POST /api/v1/incident-records/export"),
    ("/incident-records/{id}/veris", "POST /api/v1/incident-records/{id}/veris"),
    ("/incident-records/{id}/change", "PATCH /api/v1/incident-records/{id}"),
    ("/incident-records/{id}/remove", "POST /api/v1/incident-records/{id}/remove"),
    ("/incidents/mail/{mail}/report/{place}", "POST /api/v1/incident-mail/{mail}/report"),
    ("/incidents/mail/{mail}/add", "POST /api/v1/incident-mail/{mail}/add"),
    ("/incidents/mail/{mail}/aside", "POST /api/v1/incident-mail/{mail}/aside"),
    ("/incidents/{id}/triage", "PUT /api/v1/incidents/{id}/triage"),
    ("/incidents/{id}/decide", "POST /api/v1/incidents/{id}/steps/decide"),
    ("/incidents/{id}/step/{step}", "POST /api/v1/incidents/{id}/steps/take_up"),
    ("/incidents/{id}/step/{step}", "POST /api/v1/incidents/{id}/steps/ask"),
    ("/incidents/{id}/step/{step}", "POST /api/v1/incidents/{id}/steps/reply"),
    ("/incidents/{id}/step/{step}", "POST /api/v1/incidents/{id}/steps/go_on"),
    ("/incidents/{id}/step/{step}", "POST /api/v1/incidents/{id}/steps/close"),
    ("/breaches/import", "POST /api/v1/breaches/import"),
    ("/breaches/new/{place}", "POST /api/v1/places/{place}/breaches"),
    ("/breaches/{id}/facts", "PUT /api/v1/breaches/{id}/facts"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/ask"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/answer"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/go_on"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/propose"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/decide"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/send_back"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/dismiss"),
    ("/breaches/{id}/step/{step}", "POST /api/v1/breaches/{id}/steps/close"),
    ("/breaches/{id}/papers", "POST /api/v1/breaches/{id}/papers"),
    ("/subprocessors/add", "POST /api/v1/subprocessors"),
    ("/subprocessors/{id}/change", "PATCH /api/v1/subprocessors/{id}"),
    ("/map/{country}/change", "PUT /api/v1/map/{country}"),
    ("/map/export", "POST /api/v1/map/export"),
    ("/subprocessors/export", "POST /api/v1/subprocessors/export"),
    ("/obligations/{at}/{pack}/{duty}/met", "POST /api/v1/obligations/{at}/{pack}/{duty}/met"),
    ("/obligations/{at}/{pack}/{duty}/aside", "POST /api/v1/obligations/{at}/{pack}/{duty}/aside"),
    ("/obligations/{at}/{pack}/{duty}/again", "POST /api/v1/obligations/{at}/{pack}/{duty}/again"),
    ("/obligations/{at}/statement", "POST /api/v1/obligations/{at}/statement"),
    ("/files/of/{kind}/{thing}", "POST /api/v1/files/of/{kind}/{thing}"),
    ("/files/{file}/reveal", "POST /api/v1/files/{file}/reveal"),
    ("/files/{file}/replace", "POST /api/v1/files/{file}/versions"),
    ("/files/{file}/remove", "POST /api/v1/files/{file}/remove"),
    ("/parties/export", "POST /api/v1/parties/export"),
    ("/contracts/export", "POST /api/v1/contracts/export"),
    ("/sites/export", "POST /api/v1/sites/export"),
    ("/obligations/export", "POST /api/v1/obligations/export"),
    ("/accounts/export", "POST /api/v1/accounts/export"),
    ("/ledger/export", "POST /api/v1/ledger/export"),
    ("/proposals/{id}/approval/{turn}", "POST /api/v1/proposals/{id}/approval/suspend"),
    ("/proposals/{id}/approval/{turn}", "POST /api/v1/proposals/{id}/approval/resume"),
    ("/proposals/{id}/approval/{turn}", "POST /api/v1/proposals/{id}/approval/revoke"),
    ("/proposals/{id}/approval/{turn}", "POST /api/v1/proposals/{id}/approval/confirm"),
    ("/proposals/{id}/approval/{turn}", "POST /api/v1/proposals/{id}/approval/renew"),
    ("/proposals/{id}/urgent", "POST /api/v1/proposals/{id}/urgent"),
    ("/proposals/{id}/ratify", "POST /api/v1/proposals/{id}/urgent/ratify"),
    ("/proposals/{id}/refuse-urgent", "POST /api/v1/proposals/{id}/urgent/refuse"),
    ("/proposals/{id}/archive", "POST /api/v1/proposals/{id}/archive"),
    ("/webhooks/add", "POST /api/v1/webhooks"),
    ("/webhooks/{id}/change", "PUT /api/v1/webhooks/{id}"),
    ("/webhooks/{id}/test", "POST /api/v1/webhooks/{id}/test"),
    ("/webhooks/{id}/secret", "POST /api/v1/webhooks/{id}/secret"),
    ("/webhooks/{id}/replay", "POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay"),
    ("/papers/check", "POST /api/v1/papers/check"),
    ("/admin/jobs/retry", "POST /api/v1/jobs/{id}/retry"),
    ("/proposals/new", "POST /api/v1/proposals"),
    ("/proposals/{id}/answers/{section}", "PUT /api/v1/proposals/{id}/answers/{section}"),
    ("/proposals/{id}/workbook/export", "POST /api/v1/proposals/{id}/workbook/export"),
    ("/proposals/{id}/workbook/in", "POST /api/v1/proposals/{id}/workbook"),
    ("/proposals/{id}/workbook/save", "POST /api/v1/proposals/{id}/workbook"),
    ("/proposals/behalf/{place}", "POST /api/v1/proposals/on-behalf"),
    ("/proposals/{id}/behalf", "POST /api/v1/proposals/{id}/on-behalf/confirm"),
    ("/proposals/{id}/behalf", "POST /api/v1/proposals/{id}/on-behalf/contest"),
    ("/proposals/{id}/passed", "POST /api/v1/proposals/{id}/passed"),
    ("/proposals/{id}/passed/{link}", "POST /api/v1/proposals/{id}/passed/{link}/resend"),
    ("/proposals/{id}/passed/{link}", "POST /api/v1/proposals/{id}/passed/{link}/extend"),
    ("/proposals/{id}/passed/{link}", "POST /api/v1/proposals/{id}/passed/{link}/revoke"),
    ("/proposals/{id}/passed/{link}", "POST /api/v1/proposals/{id}/passed/{link}/take"),
    ("/proposals/{id}/passed/{link}", "POST /api/v1/proposals/{id}/passed/{link}/ask-again"),
    ("/proposals/{id}/submit", "POST /api/v1/proposals/{id}/steps/submit"),
    ("/proposals/{id}/papers", "POST /api/v1/proposals/{id}/papers"),
    ("/proposals/{id}/reveal", "POST /api/v1/proposals/{id}/reveal"),
    ("/proposals/{id}/risk", "POST /api/v1/proposals/{id}/steps/assess"),
    ("/proposals/{id}/risk", "POST /api/v1/proposals/{id}/widen"),
    ("/proposals/{id}/risk/{factor}", "PUT /api/v1/proposals/{id}/risk/{factor}"),
    ("/proposals/{id}/return", "POST /api/v1/proposals/{id}/steps/return"),
    ("/proposals/{id}/return", "POST /api/v1/proposals/{id}/steps/send_back"),
    ("/proposals/{id}/approve", "POST /api/v1/proposals/{id}/steps/approve"),
    ("/proposals/{id}/decline", "POST /api/v1/proposals/{id}/steps/decline"),
    ("/proposals/{id}/step/{step}", "POST /api/v1/proposals/{id}/steps/pass_on"),
    ("/proposals/{id}/step/{step}", "POST /api/v1/proposals/{id}/steps/withdraw"),
    ("/proposals/{id}/step/{step}", "POST /api/v1/proposals/{id}/steps/discard"),
];

/// The forms that every kind of case has, under the address of its pages, and the routes for programs that do the same.
const OF_EVERY_CASE: [(&str, &str); 8] = [
    ("export", "export"),
    ("{id}/who", "{id}/take-on"),
    ("{id}/who", "{id}/put-back"),
    ("{id}/who", "{id}/pass-to"),
    ("{id}/thread", "{id}/thread"),
    ("{id}/tasks", "{id}/tasks"),
    ("{id}/tasks/{task}", "{id}/tasks/{task}/finish"),
    ("{id}/tasks/{task}/check", "{id}/tasks/{task}/check"),
];

/// Forms of pages with their routes: those of [`DONE`], and those that every kind of case has.
fn done() -> Vec<(String, String)> {
    let own = DONE.iter().map(|(page, op)| ((*page).to_owned(), (*op).to_owned()));
    let mut kinds = Vec::new();
    of_every_kind!(P => kinds.push((P::PAGES, P::PATH)));
    let shared = kinds
        .into_iter()
        .flat_map(|(pages, path)| OF_EVERY_CASE.iter().map(move |(page, op)| (format!("{pages}/{page}"), format!("POST {path}/{op}"))));
    own.chain(shared).collect()
}

/// A form that is for people in browsers alone, and why.
const PEOPLE_ONLY: [(&str, &str); 17] = [
    ("/plan-readers/{token}", "a link is for a person who is to know the plan; nobody reads it for them"),
    ("/reporting/{token}", "a link is for a person without an account; whoever reports by program has a token"),
    ("/packs/install/{offer}/discard", "a program sends a pack when it is to be installed, and leaves none behind"),
    ("/sign-in", "a program has a token instead of a session"),
    ("/sign-in/code", "a program has a token instead of a session"),
    ("/sign-in/forgotten", "sets a password, which nobody hands to a program"),
    ("/sign-in/link/{token}", "sets a password, which nobody hands to a program"),
    (
        "/asked/proposals/{token}/{section}",
        "a link is for a person who was asked and has no account; whoever answers by program has a token",
    ),
    ("/asked/proposals/{token}/done", "a link is for a person who was asked and has no account"),
    ("/asked/proposals/{token}/pass-on", "a link is for a person who was asked and has no account"),
    ("/sign-out", "ends a session; a token is revoked"),
    ("/account/password", "whoever has a token must not be able to take the account over"),
    ("/account/second-factor", "whoever has a token must not be able to take the account over"),
    ("/account/second-factor/off", "whoever has a token must not be able to take the account over"),
    ("/account/recovery-codes", "whoever has a token must not be able to take the account over"),
    ("/account/memberships", "a token acts with one membership for good"),
    ("/account/tokens/new", "a token that made tokens would outlive its own end"),
];

/// Every form of every page has a route for programs, or a reason.
#[test]
fn whatever_a_page_changes_a_program_can_change() {
    let routes = crate::service::routes();
    let ops: BTreeSet<String> = routes.ops().iter().map(|op| format!("{} {}", op.method, op.path)).collect();
    let done = done();
    let known: BTreeSet<&str> = done.iter().map(|(page, _)| page.as_str()).chain(PEOPLE_ONLY.iter().map(|(page, _)| *page)).collect();
    let infos = routes.infos();
    let posts: Vec<&str> = infos.iter().filter(|i| i.method == Method::POST).map(|i| &*i.path).collect();
    let lacking: Vec<_> = posts.iter().filter(|path| !known.contains(**path)).collect();
    assert!(lacking.is_empty(), "give these a route for programs, or a reason in coverage.rs: {lacking:#?}");
    for (page, op) in &done {
        assert!(posts.contains(&page.as_str()), "{page} is no form any more");
        assert!(ops.contains(op), "{op} is no route any more");
    }
    for (page, _) in PEOPLE_ONLY {
        assert!(posts.contains(&page), "{page} is no form any more");
    }
}
