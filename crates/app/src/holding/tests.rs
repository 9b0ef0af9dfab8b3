//! The registers of systems and transfer routes, through acts and the router, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod pages;
mod twin;

use platform::authz::Side;
use platform::{Cx, Error};
use testkit::both_engines;
use uuid::Uuid;

use super::model::{Holding, System, Systems, TransferRoute, TransferRoutes, check};
use super::{act, store};
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::tiers::{Tiers, keeps};

/// A system of which enough is known.
pub(crate) fn system(name: &str) -> System {
    System {
        name: name.to_owned(),
        kind: "cloud_service".to_owned(),
        country: "IE".to_owned(),
        holds: "Bookings of passengers, two years of them.".to_owned(),
        protection: "Encrypted at rest, keys in a module of the supplier's own.".to_owned(),
        state: "in_use".to_owned(),
        ..System::default()
    }
}

/// A route of which enough is known.
pub(crate) fn route(name: &str) -> TransferRoute {
    TransferRoute {
        name: name.to_owned(),
        kind: "file_transfer".to_owned(),
        direction: "to_authority".to_owned(),
        from_end: "Halyard, booking platform".to_owned(),
        to_end: "The authority, ledger of fares".to_owned(),
        country: "GB".to_owned(),
        carries: "Fares of each day.".to_owned(),
        encryption: "TLS 1.3; the authority holds the keys.".to_owned(),
        state: "in_use".to_owned(),
        ..TransferRoute::default()
    }
}

/// A system and a route of a party, of this name.
pub(crate) async fn both(cx: &Cx, party: Uuid, name: &str) -> (Uuid, Uuid) {
    let system = act::add::<Systems>(cx, party, &system(name)).await.unwrap();
    (system, act::add::<TransferRoutes>(cx, party, &route(name)).await.unwrap())
}

fn faults<T: std::fmt::Debug>(done: Result<T, Error>) -> Vec<String> {
    match done {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(errors)) => errors.iter().map(|(path, _)| path.to_owned()).collect(),
        Err(other) => panic!("no field error: {other:?}"),
    }
}

#[test]
fn every_fault_of_a_system_is_named() {
    let of = |change: fn(&mut System)| {
        let mut details = system("Booking platform");
        change(&mut details);
        faults(check::<Systems>(&details))
    };
    assert_eq!(of(|_| {}), [""; 0]);
    assert_eq!(of(|d| d.name = "  ".to_owned()), ["name"]);
    assert_eq!(of(|d| d.name = "n".repeat(121)), ["name"]);
    assert_eq!(of(|d| d.kind = "castle".to_owned()), ["kind"]);
    assert_eq!(of(|d| d.country = "XX".to_owned()), ["country"]);
    assert_eq!(of(|d| d.state = "gone".to_owned()), ["state"]);
    assert_eq!(of(|d| (d.holds, d.protection) = (String::new(), " ".to_owned())), ["holds", "protection"]);
    assert_eq!(of(|d| d.users = Some("u".repeat(2001))), ["users"]);
    assert_eq!(of(|d| d.where_kept = Some("c/o home address of the adviser".to_owned())), ["where_kept"]);
}

#[test]
fn every_fault_of_a_route_is_named() {
    let of = |change: fn(&mut TransferRoute)| {
        let mut details = route("Fares to the authority");
        change(&mut details);
        faults(check::<TransferRoutes>(&details))
    };
    assert_eq!(of(|_| {}), [""; 0]);
    assert_eq!(of(|d| d.kind = "pigeon".to_owned()), ["kind"]);
    assert_eq!(of(|d| d.direction = String::new()), ["direction"]);
    assert_eq!(of(|d| (d.carries, d.encryption) = (String::new(), String::new())), ["carries", "encryption"]);
    assert_eq!(of(|d| d.to_end = "Flat 3, 12 Elm Road".to_owned()), ["to_end"]);
}

async fn belongs<H: Holding>(app: &TestApp, details: &H::Details, changed: &H::Details)
where
    H::Details: PartialEq + std::fmt::Debug,
{
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    for party in [authority, Uuid::now_v7()] {
        assert_eq!(faults(act::add::<H>(&cx, party, details).await), ["party"]);
    }
    let supplier = app.party(Side::Supplier, "Halyard Systems").await;
    let id = act::add::<H>(&cx, supplier, details).await.unwrap();
    assert_eq!(&store::get::<H>(cx.db(), id).await.unwrap().row.details::<H>().unwrap(), details);
    assert!(store::has_any(cx.db(), supplier).await.unwrap() && !store::has_any(cx.db(), authority).await.unwrap());
    let size = platform::book::size(cx.db()).await.unwrap();
    act::change::<H>(&cx, id, 1, details).await.unwrap();
    assert_eq!(platform::book::size(cx.db()).await.unwrap(), size, "what is equal is not written");
    act::change::<H>(&cx, id, 1, changed).await.unwrap();
    assert!(matches!(act::change::<H>(&cx, id, 1, details).await, Err(Error::Stale(_))));
    assert!(
        matches!(act::change::<H>(&cx, id, 1, changed).await, Err(Error::Stale(_))),
        "an old version is never taken for the present one"
    );
    let lines = platform::book::timeline(&cx, H::REGISTER.kind, &id.to_string(), 10).await.unwrap();
    assert_eq!(lines[1].body.as_ref().unwrap()["changes"], serde_json::json!({ "state": ["in_use", "ended"] }));
}

both_engines!(migrations, /// SEC-9: systems and routes belong to a supplier, and a change is guarded by the version that it was written over.
async fn a_system_and_a_route_belong_to_a_supplier(db) {
    let app = TestApp::new(db);
    belongs::<Systems>(&app, &system("Booking platform"), &System { state: "ended".to_owned(), ..system("Booking platform") }).await;
    belongs::<TransferRoutes>(&app, &route("Fares"), &TransferRoute { state: "ended".to_owned(), ..route("Fares") }).await;
});

both_engines!(migrations, /// OWN-3: the address of one register leads to none of the other.
async fn a_system_is_no_route(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let supplier = app.party(Side::Supplier, "Halyard Systems").await;
    let id = act::add::<Systems>(&cx, supplier, &system("Booking platform")).await.unwrap();
    assert!(matches!(store::get::<TransferRoutes>(cx.db(), id).await, Err(Error::NotFound)));
    assert!(matches!(act::change::<TransferRoutes>(&cx, id, 1, &route("Fares")).await, Err(Error::NotFound)));
});

async fn who<H: Holding>(tiers: &Tiers, called: impl Fn(&str) -> H::Details) {
    let (app, sub) = (&tiers.app, tiers.sub);
    let id = act::add::<H>(&app.operator(), sub, &called("Night desk")).await.unwrap();
    let add = async |cx: &Cx, name: &str| act::add::<H>(cx, sub, &called(name)).await.is_ok();
    let change = async |cx: &Cx, name: &str| {
        let version = store::get::<H>(cx.db(), id).await.unwrap().row.version;
        act::change::<H>(cx, id, version, &called(name)).await.is_ok()
    };
    keeps(tiers, add, change).await;
    let above = act::add::<H>(&app.operator(), tiers.lead, &called("Above")).await.unwrap();
    let refused = act::change::<H>(&app.acting("supplier_lead", sub), above, 1, &called("Mine now")).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(r) if r.hidden), "a sub-contractor does not know of what those above it have");
}

both_engines!(migrations, /// OWN-3: a lead changes what its party has, a member only adds; nobody touches another party's; at the authority, three roles do.
async fn who_may_add_and_change(db) {
    let tiers = Tiers::new(db).await;
    who::<Systems>(&tiers, system).await;
    who::<TransferRoutes>(&tiers, route).await;
});
