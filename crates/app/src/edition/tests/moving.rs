//! Contracts moved to another edition, and the duties that this brings and takes.

use axum::http::StatusCode;
use platform::Error;
use sea_orm::EntityTrait as _;
use testkit::both_engines;

use super::{act, edition};
use crate::contract::act as contracts;
use crate::contract::store as on;
use crate::migrations::migrations;
use crate::obligation::{keeping, store as duties};
use crate::offshoring::tests::world::{World, refused_by};
use crate::pack::packs;

/// Another edition: one duty has another name and so another id, one is owed by somebody else's day.
fn changed() -> rules::pack::PackSource {
    let changes = [
        ("pack.yaml", "- id: know_the_triggers", "- id: know_what_counts"),
        ("pack.yaml", "title: Cover every part that is, or may be, abroad", "title: Cover every part abroad"),
    ];
    edition("offshoring", "2027.1", &changes)
}

/// That the table holds what computing it from nothing gives.
async fn never_drifts(world: &World) {
    let cx = world.app.operator();
    let rank = |row: &duties::Model| (row.at, row.pack.clone(), row.obligation.clone());
    let mut before = duties::Entity::find().all(cx.db()).await.unwrap();
    let tx = cx.begin().await.unwrap();
    keeping::refresh(&cx, &tx, world.contract).await.unwrap();
    let mut after = duties::Entity::find().all(tx.db()).await.unwrap();
    before.sort_by_key(rank);
    after.sort_by_key(rank);
    assert_eq!(before, after);
}

both_engines!(migrations, /// OFF-2, SEC-2, OUT-0: the duties of a contract follow its edition: they stay when another is put in use, and come and go as foretold when the contract is moved.
async fn off_2_contracts_are_moved_and_their_duties_follow(db) {
    let world = World::new(db).await;
    let (cx, admin) = (world.app.operator(), world.official("administrator").await);
    contracts::put_pack(&cx, world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
    contracts::put_pack(&cx, world.contract, "provider_security", "2026.1", None).await.ok();
    act::install(&admin.cx, changed(), false).await.unwrap();
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    let owed = async |duty: &str| duties::get(&cx, world.lead.1, "offshoring", duty).await.map(|duty| (duty.row.owed, duty.row.edition)).ok();
    assert_eq!(owed("know_the_triggers").await, Some((true, "2026.1".to_owned())));
    assert_eq!(owed("know_what_counts").await, None);
    never_drifts(&world).await;
    // What it would bring is said before.
    let to = packs(&world.app.core).get("offshoring", "2027.1").unwrap().clone();
    let row = on::get(cx.db(), world.contract).await.unwrap().row;
    let (comes, goes) = keeping::if_moved(&cx, &row, &to).await.unwrap();
    assert_eq!(comes.keys().collect::<Vec<_>>(), ["know_what_counts"]);
    assert_eq!(goes.keys().collect::<Vec<_>>(), ["know_the_triggers"]);
    assert_eq!((comes["know_what_counts"], goes["know_the_triggers"]), (2, 2), "at the lead's place and below");
    // On the page, by whoever keeps contracts; the policy is withdrawn, so a reason is asked for.
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    let page = browser.get("/packs/offshoring/2027.1/contracts").await;
    assert!(page.text().contains("1 duty comes: ") && page.text().contains("1 duty goes: Recognise when work counts"), "{}", page.text());
    let none = browser.submit(&page, "/contracts", &[]).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("Choose at least one contract"), "{}", none.text());
    let chosen = world.contract.to_string();
    let bare = browser.submit(&page, "/contracts", &[("contracts", chosen.as_str())]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("Say why this contract needs it"), "{}", bare.text());
    let moved = browser.submit(&bare, "/contracts", &[("contracts", chosen.as_str()), ("reason", "The board agreed")]).await;
    assert_eq!(moved.path, "/packs/offshoring/2027.1", "{}", moved.text());
    assert!(!owed("know_the_triggers").await.unwrap().0);
    assert_eq!(owed("know_what_counts").await, Some((true, "2027.1".to_owned())));
    assert_eq!(owed("cover_every_part").await, Some((true, "2027.1".to_owned())));
    never_drifts(&world).await;
    let empty = browser.get("/packs/offshoring/2027.1/contracts").await;
    assert!(empty.text().contains("No contract is left to move"), "{}", empty.text());
    let told = platform::book::timeline(&cx, "contract", &world.contract.to_string(), 20).await.unwrap();
    let last = told.last().unwrap();
    assert!(last.action == "contract.put_pack" && last.about.iter().any(|(name, value)| name == "before" && value == "2026.1"), "{last:?}");
});

both_engines!(migrations, /// OFF-2, OWN-3: contracts move all or none, by whoever may put packs on them, and none to an edition that nobody put in use.
async fn own_3_contracts_move_all_or_none(db) {
    let world = World::new(db).await;
    let (cx, admin) = (world.app.operator(), world.official("administrator").await);
    contracts::put_pack(&cx, world.contract, "offshoring", "2026.1", Some("agreed")).await.unwrap();
    let bare = world.app.contract(world.authority, "Night buses").await;
    act::install(&admin.cx, changed(), false).await.unwrap();
    let early = contracts::move_packs(&cx, &[world.contract], "offshoring", "2027.1", Some("why")).await.unwrap_err();
    assert!(early.to_string().contains("not in use yet"), "{early}");
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed").await.unwrap();
    let mixed = contracts::move_packs(&cx, &[world.contract, bare], "offshoring", "2027.1", Some("why")).await.unwrap_err();
    assert!(matches!(&mixed, Error::Invalid(errors) if errors.get("contracts").is_some()), "{mixed}");
    let edition = async || on::packs_on(cx.db(), world.contract).await.unwrap()[0].edition.clone();
    assert_eq!(edition().await, "2026.1");
    let many: Vec<_> = (0..=contracts::MOST_MOVED as u128).map(uuid::Uuid::from_u128).collect();
    assert!(contracts::move_packs(&cx, &many, "offshoring", "2027.1", None).await.unwrap_err().to_string().contains("at most 50"));
    let security = world.official("security").await;
    refused_by(contracts::move_packs(&security.cx, &[world.contract], "offshoring", "2027.1", Some("why")).await, "nothing-permits");
    assert_eq!(edition().await, "2026.1");
    contracts::move_packs(&cx, &[world.contract], "offshoring", "2027.1", Some("why")).await.unwrap();
    assert_eq!(edition().await, "2027.1");
    // Back to an earlier edition takes a reason.
    let back = contracts::move_packs(&cx, &[world.contract], "offshoring", "2026.1", None).await.unwrap_err();
    assert!(back.to_string().contains("Say why"), "{back}");
});
