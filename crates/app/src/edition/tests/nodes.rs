//! Several processes over one database, and what lies in it.

use std::sync::Arc;

use platform::Core;
use platform::authz::Actor;
use platform::clock::Clock;
use platform::{Cx, Error};
use sea_orm::ConnectionTrait as _;
use testkit::{Browser, both_engines};

use super::{act, edition};
use crate::migrations::migrations;
use crate::offshoring::act as proposals;
use crate::offshoring::tests::world::World;
use crate::pack::{self, Use, packs};

/// Another process over the same database, with the same keys.
async fn node(world: &World) -> Arc<Core> {
    let core = &world.app.core;
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let clock = Clock::by_hand(crate::testing::BEGINNING.parse().unwrap(), zone);
    let db = platform::db::Db::open(&world.app.db.url).await.unwrap();
    crate::service::service(db, clock, core.settings.clone(), core.master.clone(), core.ledger_key.clone()).unwrap()
}

both_engines!(migrations, /// OFF-2, OWN-4: what is installed and put in use at one node is there at the next request of another, without a restart.
async fn off_2_every_node_sees_what_is_installed(db) {
    let world = World::new(db).await;
    let (admin, lead) = (world.official("administrator").await, world.person("supplier_lead", world.lead.0).await);
    let other = node(&world).await;
    let router = platform::web::router(&other, crate::service::routes());
    let mut browser: Browser = lead.browser_at(router);
    assert!(!browser.get("/packs").await.text().contains("2027.1"));
    act::install(&admin.cx, edition("offshoring", "2027.1", &[]), false).await.unwrap();
    assert!(packs(&other).get("offshoring", "2027.1").is_none(), "nothing has asked yet");
    let page = browser.get("/packs/offshoring/2027.1").await;
    assert!(page.text().contains("Not in use yet"), "{}", page.text());
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    assert!(browser.get("/packs/offshoring/2027.1").await.text().contains("In use"));
    // A case begun there has the new form.
    let there = Cx::new(&other, lead.cx.actor.clone()).unwrap();
    let id = proposals::begin(&there, world.lead.1).await.unwrap();
    assert_eq!(world.case(id).await.edition, "2027.1");
    // Both at once: one of them installs it.
    let second = Cx::new(&other, Actor::Operator).unwrap();
    let source = edition("offshoring", "2027.2", &[]);
    let done = tokio::join!(act::install(&admin.cx, source.clone(), false), act::install(&second, source, false));
    assert!(matches!(done, (Ok(_), Err(Error::Conflict(_))) | (Err(Error::Conflict(_)), Ok(_))), "{done:?}");
    other.db.clone().close().await.unwrap();
});

both_engines!(migrations, /// OWN-4: files of an installed edition that were changed behind our back stop the start; a service that runs goes on with what it knows.
async fn own_4_a_tampered_edition_stops_the_start(db) {
    let world = World::new(db).await;
    let admin = world.official("administrator").await;
    act::install(&admin.cx, edition("offshoring", "2027.1", &[]), false).await.unwrap();
    let fresh = node(&world).await;
    pack::refresh(&fresh).await.unwrap();
    assert!(packs(&fresh).get("offshoring", "2027.1").is_some());
    fresh.db.clone().close().await.unwrap();
    let raw = world.app.db.raw().await;
    raw.execute_unprepared("UPDATE pack_edition SET files = replace(files, 'Head of supplier security', 'Nobody')").await.unwrap();
    let fresh = node(&world).await;
    let stopped = pack::refresh(&fresh).await.unwrap_err();
    assert!(stopped.to_string().contains("offshoring 2027.1 are not those that were installed"), "{stopped}");
    let looked = pack::model::at_rest(std::path::Path::new(""), fresh.db.reader()).await.unwrap_err();
    assert!(looked.to_string().contains("Restore the table"), "{looked}");
    fresh.db.clone().close().await.unwrap();
    // This process knows it as it was installed.
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    assert_eq!(packs(&world.app.core).in_use("offshoring").unwrap().manager, "Head of supplier security");
    // What is no list of files at all is told in the same way.
    raw.execute_unprepared("UPDATE pack_edition SET files = 'x'").await.unwrap();
    let fresh = node(&world).await;
    assert!(pack::refresh(&fresh).await.is_err());
    fresh.db.clone().close().await.unwrap();
    raw.close().await.unwrap();
});

both_engines!(migrations, /// OFF-2: an edition that lies in a folder or came with a later program does not take the place of an installed one of that name.
async fn off_2_what_was_installed_counts(db) {
    let world = World::new(db).await;
    let admin = world.official("administrator").await;
    act::install(&admin.cx, edition("offshoring", "2027.1", &[]), false).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("offshoring");
    std::fs::create_dir_all(at.join("forms")).unwrap();
    for (name, text) in edition("offshoring", "2027.1", &[("pack.yaml", "Head of supplier security", "Somebody else")]).files {
        std::fs::write(at.join(name), text).unwrap();
    }
    let known = pack::model::at_rest(folder.path(), world.app.core.db.reader()).await.unwrap();
    assert_eq!(known.get("offshoring", "2027.1").unwrap().manager, "Head of supplier security");
    assert!(known.aside().iter().any(|line| line.contains("the installed one counts")), "{:?}", known.aside());
    // What a folder or a later program brings beyond that waits until it is put in use, once somebody has chosen.
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    std::fs::write(at.join("pack.yaml"), &edition("offshoring", "2028.1", &[]).files["pack.yaml"]).unwrap();
    let known = pack::model::at_rest(folder.path(), world.app.core.db.reader()).await.unwrap();
    let later = known.get("offshoring", "2028.1").unwrap();
    assert_eq!((known.use_of(later), known.in_use("offshoring").unwrap().edition.as_str()), (Use::Waiting, "2027.1"));
});
