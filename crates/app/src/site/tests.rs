//! The register of sites, through acts and the router, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod pages;
mod twin;

use platform::authz::Side;
use platform::{Cx, Error};
use testkit::both_engines;
use uuid::Uuid;

use super::model::Details;
use super::{act, store};
use crate::migrations::migrations;
use crate::testing::TestApp;
use crate::testing::tiers::{Tiers, keeps};

/// An office with ten people, two of them at home.
fn office(name: &str) -> Details {
    Details {
        people: 10,
        home_workers: Some(2),
        home_managed: Some("Managed laptops; a supervisor calls in each day.".to_owned()),
        ..Details::of(name, "office", "IN", "4 Station Road, Pune")
    }
}

fn fields(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|(path, _)| path.to_owned()).collect(),
        other => panic!("no field error: {other:?}"),
    }
}

#[test]
fn every_fault_is_named() {
    let of = |change: fn(&mut Details)| {
        let mut details = office("Pune office");
        change(&mut details);
        details.check().map_or_else(fields, |()| Vec::new())
    };
    assert_eq!(of(|_| {}), [""; 0]);
    assert_eq!(of(|d| d.name = "  ".to_owned()), ["name"]);
    assert_eq!(of(|d| d.name = "n".repeat(121)), ["name"]);
    assert_eq!(of(|d| d.country = "XX".to_owned()), ["country"]);
    assert_eq!(of(|d| d.kind = "castle".to_owned()), ["kind"]);
    assert_eq!(of(|d| d.state = "gone".to_owned()), ["state"]);
    assert_eq!(of(|d| d.people = 1), ["home_workers"]);
    assert_eq!(of(|d| d.home_managed = None), ["home_managed"]);
    assert_eq!(of(|d| (d.home_workers, d.home_managed) = (None, None)), [""; 0]);
    assert_eq!(of(|d| d.certification = Some("c".repeat(1001))), ["certification"]);
}

/// OFF-Q3: home workers are counted, a home address is refused wherever one could be written.
#[test]
fn home_addresses_are_refused() {
    for home in ["Flat 3, 12 Elm Road", "Home of A. Rao", "c/o home address of the adviser"] {
        let mut details = office(home);
        details.address = home.to_owned();
        details.home_managed = Some(home.to_owned());
        let mut found = fields(details.check().unwrap_err());
        found.sort_unstable();
        assert_eq!(found, ["address", "home_managed", "name"], "{home}");
    }
    assert!(Details { address: "Home Office Building, 2 Marsham Street".to_owned(), ..office("London") }.check().is_ok());
}

both_engines!(migrations, async fn a_site_belongs_to_a_supplier(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    for party in [authority, Uuid::now_v7()] {
        assert_eq!(fields(act::add(&cx, party, &office("Pune")).await.unwrap_err()), ["party"]);
    }
    let supplier = app.party(Side::Supplier, "Halyard Systems").await;
    let id = act::add(&cx, supplier, &office("Pune")).await.unwrap();
    assert_eq!(store::get(cx.db(), id).await.unwrap().row.details(), office("Pune"));
    assert!(store::has_any(cx.db(), supplier).await.unwrap() && !store::has_any(cx.db(), authority).await.unwrap());
});

both_engines!(migrations, async fn a_stale_change_is_refused_and_an_equal_one_writes_nothing(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let supplier = app.party(Side::Supplier, "Halyard Systems").await;
    let id = act::add(&cx, supplier, &office("Pune")).await.unwrap();
    let size = platform::book::size(cx.db()).await.unwrap();
    act::change(&cx, id, 1, &office("Pune")).await.unwrap();
    assert_eq!(platform::book::size(cx.db()).await.unwrap(), size);
    act::change(&cx, id, 1, &Details { state: "closed".to_owned(), ..office("Pune") }).await.unwrap();
    assert!(matches!(act::change(&cx, id, 1, &office("Mumbai")).await, Err(Error::Stale(_))));
    let lines = platform::book::timeline(&cx, "site", &id.to_string(), 10).await.unwrap();
    assert_eq!(lines[1].body.as_ref().unwrap()["changes"], serde_json::json!({ "state": ["in_use", "closed"] }));
});

both_engines!(migrations, /// OWN-3: a lead changes its party's sites, a member only adds; nobody touches another party's; at the authority, three roles do.
async fn who_may_add_and_change(db) {
    let tiers = Tiers::new(db).await;
    let (app, sub) = (&tiers.app, tiers.sub);
    let id = act::add(&app.operator(), sub, &office("Night desk")).await.unwrap();
    let add = async |cx: &Cx, name: &str| act::add(cx, sub, &office(name)).await.is_ok();
    let change = async |cx: &Cx, name: &str| {
        let version = store::get(cx.db(), id).await.unwrap().row.version;
        act::change(cx, id, version, &office(name)).await.is_ok()
    };
    keeps(&tiers, add, change).await;
    let above = act::add(&app.operator(), tiers.lead, &office("Pune")).await.unwrap();
    let refused = act::change(&app.acting("supplier_lead", sub), above, 1, &office("Mine now")).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(r) if r.hidden), "a sub-contractor does not know of the sites above it");
});
