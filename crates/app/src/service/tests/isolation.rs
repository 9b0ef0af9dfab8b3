//! OWN-3: a supplier meets nothing of another party's, on no route, list, search or count.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use platform::book::entry;
use platform::web::{Access, RouteInfo};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use testkit::both_engines;
use uuid::Uuid;

use super::crawl::{self, Town, gets, posts};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World};
use crate::testing::TestApp;

/// What belongs to Halyard or the authority and must not be told.
const SECRETS: [&str; 7] = ["Halyard", "Night support", "Pune", "OFF-2026", "Hush", "halyard", "the guards"];

/// Searches by parts of words, so that what is found can be told from what was typed.
const SEARCHES: [&str; 7] =
    ["", "?q=alyar", "?q=ight%20suppor", "?q=FF-20", "?stage=deciding", "?stage=deciding&q=ight", "?country=IN&q=une"];

/// The strangers: another supplier's people, and the sub-contractor below Halyard, with what is kept from each.
async fn strangers(world: &World) -> Vec<(Person, Vec<&'static str>)> {
    let mut other = SECRETS.to_vec();
    other.extend(["Bowline", "Ferry bookings"]);
    vec![
        (world.person("supplier_lead", world.other.0).await, other.clone()),
        (world.person("supplier_member", world.other.0).await, other),
        (world.person("supplier_lead", world.sub.0).await, SECRETS.to_vec()),
    ]
}

fn told<'a>(body: &str, secrets: &[&'a str]) -> Option<&'a str> {
    secrets.iter().find(|secret| body.contains(**secret)).copied()
}

/// Whether nobody need be signed in there.
fn anybody(info: &RouteInfo) -> bool {
    matches!(info.access, Access::Public | Access::Holder)
}

both_engines!(migrations, /// OWN-3: every page, with ids that exist, as another supplier.
async fn no_page_tells_of_another_party(db) {
    let town = Town::new(db).await;
    let mut bad = Vec::new();
    for (stranger, secrets) in strangers(&town.world).await {
        let mut browser = stranger.browser(&town.world);
        let who = stranger.cx.actor.account().unwrap();
        let who = if who.party == town.world.sub.0 { "sub-contractor" } else { &who.role };
        for info in gets() {
            // Packs are for everybody who is signed in; a contract is there for whoever stands in its chain, cut to its own part.
            let flows_down = who == "sub-contractor" && crawl::flows_down(&info.path);
            let open = info.path.starts_with("/packs/") || (who == "sub-contractor" && info.path == "/contracts/{id}") || flows_down;
            let with_ids = info.path.contains('{') && !anybody(&info) && !open;
            for path in town.paths(&info) {
                let searches = if with_ids { &SEARCHES[..1] } else { &SEARCHES[..] };
                for search in searches {
                    let page = crawl::open(&mut browser, &format!("{path}{search}")).await;
                    let hidden = page.status == StatusCode::NOT_FOUND || page.status == StatusCode::FORBIDDEN;
                    if (with_ids && !hidden) || page.status.is_server_error() {
                        bad.push(format!("{who}: {} at {path}{search}: {}", info.path, page.status));
                    }
                    if let Some(secret) = told(&page.body, &secrets).filter(|_| !flows_down) {
                        bad.push(format!("{who}: {path}{search} tells of “{secret}”"));
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
});

/// What a supplier reads on all pages without parameters, searches included.
async fn reads(app: &TestApp, world: &World, person: &Person) -> BTreeMap<String, String> {
    let mut browser = person.browser(world);
    let mut all = BTreeMap::new();
    // A second factor is offered with another secret each time.
    for info in gets().into_iter().filter(|i| !i.path.contains('{') && i.path != "/account/second-factor") {
        for search in SEARCHES {
            let path = format!("{}{search}", info.path);
            let page = crawl::open(&mut browser, &path).await;
            all.insert(path, format!("{} {}", page.status, page.text()));
        }
    }
    app.work().await;
    all
}

both_engines!(migrations, /// OWN-3: whatever happens between Halyard and the authority, another supplier's lists, searches and counts stay word for word the same.
async fn what_others_do_changes_no_list_search_or_count(db) {
    let world = World::new(db).await;
    let stranger = world.person("supplier_lead", world.other.0).await;
    let member = world.person("supplier_member", world.other.0).await;
    let before = [reads(&world.app, &world, &stranger).await, reads(&world.app, &world, &member).await];
    let town = Box::pin(Town::grow(world)).await;
    let world = &town.world;
    let after = [reads(&world.app, world, &stranger).await, reads(&world.app, world, &member).await];
    for (before, after) in before.iter().zip(&after) {
        assert!(before.len() > 40, "{} pages", before.len());
        for (path, text) in before {
            assert_eq!(Some(text), after.get(path), "{path}");
        }
    }
});

both_engines!(migrations, /// OWN-3: every form, sent with a good token and ids that exist, as another supplier: refused, and nothing changed.
async fn no_form_changes_anything_of_another_party(db) {
    let town = Town::new(db).await;
    let db = town.world.app.core.db.reader();
    let halyard = town.lead.cx.actor.account().unwrap().clone();
    let ids: Vec<Uuid> = vec![town.proposal, town.draft, town.run, town.task, town.site, halyard.party, halyard.account, halyard.membership];
    let begin = entry::Entity::find().order_by_desc(entry::Column::Idx).one(db).await.unwrap().unwrap().idx;
    let (place, member, party) = (town.world.lead.1.to_string(), halyard.membership.to_string(), halyard.party.to_string());
    let mut bad = Vec::new();
    for info in posts().into_iter().filter(|i| !anybody(i)) {
        for path in town.paths(&info) {
            for (role, party_of) in [("supplier_lead", town.world.other.0), ("supplier_member", town.world.other.0), ("supplier_lead", town.world.sub.0)] {
                // Somebody new each time: some of these forms end the session.
                let stranger = town.world.person(role, party_of).await;
                let mut browser = stranger.browser(&town.world);
                let csrf = crawl::csrf(&mut browser).await;
                let fields = [
                    ("csrf", csrf.as_str()), ("version", "1"), ("reason", "Because"), ("body", "Hello"), ("title", "A task"),
                    ("place", &place), ("membership", &member), ("party", &party), ("role", "supplier_member"), ("to", &member),
                    ("email", "mallory@capstan.example"), ("name", "Mallory Keane"), ("choice", "approve"), ("declaration", "yes"),
                    ("summary", "Fine"), ("why", "Fine"), ("side", "supplier"),
                ];
                let page = crawl::send(&mut browser, &path, &fields).await;
                let hidden = page.status == StatusCode::NOT_FOUND || page.status == StatusCode::FORBIDDEN;
                if page.status.is_server_error() || (info.path.contains('{') && !hidden) {
                    bad.push(format!("{role}: {} at {path}: {}", info.path, page.status));
                }
                if let Some(secret) = told(&page.body, &SECRETS) {
                    bad.push(format!("{role}: {path} tells of “{secret}”"));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    let since: Vec<_> = entry::Entity::find().all(db).await.unwrap().into_iter().filter(|e| e.idx > begin).collect();
    assert!(since.iter().any(|e| e.action == "refused"));
    for entry in since.iter().filter(|e| !e.action.starts_with("refused")) {
        let open = String::from_utf8_lossy(&entry.bytes);
        assert!(!ids.iter().any(|id| open.contains(&id.to_string())), "{} {}: {open}", entry.action, entry.subject_id);
    }
});
