//! Who reaches which route at all: every route, signed out, and every form without its token.

use axum::http::StatusCode;
use platform::book;
use platform::web::Access;
use testkit::both_engines;

use super::crawl::{self, Town, gets, posts};
use crate::migrations::migrations;

/// What decides on what it is sent, keeps nothing, and is meant for programs.
const STATELESS: [&str; 1] = ["/api/v1/rules/offshoring"];

both_engines!(migrations, /// OWN-2, OWN-3: signed out, every page but the public ones leads to signing in, whether or not the thing exists.
async fn signed_out_every_route_leads_to_signing_in(db) {
    let town = Town::new(db).await;
    let mut bad = Vec::new();
    for info in gets() {
        for path in town.paths(&info) {
            let page = crawl::open(&mut town.world.app.browser(), &path).await;
            let to_sign_in = page.status == StatusCode::SEE_OTHER && page.location().starts_with("/sign-in");
            let fine = match info.access {
                // A link that is not, or no longer, good is gone.
                Access::Public | Access::Holder => to_sign_in || [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::GONE].contains(&page.status),
                // A page of the authority's does not exist for strangers; for the signed-out, signing in may show it.
                Access::SignedIn | Access::Authority => to_sign_in || page.status == StatusCode::NOT_FOUND,
            };
            let quiet = page.headers.get("referrer-policy").is_some_and(|policy| policy == "no-referrer");
            let fine = fine && quiet == (info.access == Access::Holder);
            let told = ["Halyard", "Bowline", "Ferry bookings", "Pune", "OFF-2026"].iter().find(|name| page.body.contains(**name));
            if !fine || told.is_some() {
                bad.push(format!("{path} ({:?}): {} {told:?}", info.access, page.status));
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
});

/// OWN-3: an address with a token in it is kept to itself, but where signing in by it uses it up.
#[test]
fn addresses_that_hold_a_token_are_their_holders() {
    let with_token: Vec<_> = gets().into_iter().chain(posts()).filter(|info| info.path.contains("{token}")).collect();
    assert!(with_token.len() > 10, "{with_token:#?}");
    for info in with_token.iter().filter(|info| !info.path.starts_with("/sign-in/")) {
        assert_eq!(info.access, Access::Holder, "{}", info.path);
    }
}

both_engines!(migrations, /// OWN-3: no form is taken without the token of the visitor's own pages, from whoever it is.
async fn no_form_is_taken_without_its_token(db) {
    let town = Town::new(db).await;
    let admin = town.world.official("administrator").await;
    let before = book::size(town.world.app.core.db.reader()).await.unwrap();
    let mut bad = Vec::new();
    for info in posts().into_iter().filter(|info| !STATELESS.contains(&&*info.path)) {
        for path in town.paths(&info) {
            for mut browser in [town.world.app.browser(), admin.browser(&town.world), town.manager.browser(&town.world), town.lead.browser(&town.world)] {
                for csrf in [None, Some("0".repeat(64))] {
                    let fields: Vec<_> = csrf.iter().map(|token| ("csrf", token.as_str())).collect();
                    let page = crawl::send(&mut browser, &path, &fields).await;
                    let to_sign_in = page.status == StatusCode::SEE_OTHER && page.location().starts_with("/sign-in");
                    if !to_sign_in && ![400, 401, 403, 404].contains(&page.status.as_u16()) {
                        bad.push(format!("{path}: {}", page.status));
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert_eq!(book::size(town.world.app.core.db.reader()).await.unwrap(), before, "nothing was written");
});
