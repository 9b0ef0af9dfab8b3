//! Contracts and chains on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chains;
mod pages;

use platform::authz::{Actor, Side};
use platform::{Error, book};
use sea_orm::EntityTrait as _;
use testkit::both_engines;

use super::act::{self, Joining};
use super::model::Details;
use super::store;
use crate::migrations::migrations;
use crate::testing::{TestApp, actor};

fn field_of(error: Error) -> String {
    match error {
        Error::Invalid(errors) => errors.iter().map(|(path, text)| format!("{path}: {}", text.say())).collect::<Vec<_>>().join("; "),
        other => panic!("no field error: {other:?}"),
    }
}

both_engines!(migrations, async fn a_reference_is_unique_with_its_authority(db) {
    let app = TestApp::new(db);
    let (one, two) = (app.party(Side::Authority, "Marram Agency").await, app.party(Side::Authority, "Teasel Board").await);
    let with = |authority, reference: Option<&str>| Details { reference: reference.map(str::to_owned), ..Details::titled(authority, "Payroll") };
    act::add(&app.operator(), &with(one, Some("C-1"))).await.unwrap();
    let error = act::add(&app.operator(), &with(one, Some("C-1"))).await.unwrap_err();
    assert!(field_of(error).starts_with("reference: "));
    act::add(&app.operator(), &with(two, Some("C-1"))).await.unwrap();
    act::add(&app.operator(), &with(one, None)).await.unwrap();
    act::add(&app.operator(), &with(one, None)).await.unwrap();
});

both_engines!(migrations, async fn a_stale_change_is_refused_and_an_equal_one_writes_nothing(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let id = app.contract(authority, "Payroll").await;
    let size = book::size(cx.db()).await.unwrap();
    act::change(&cx, id, 1, &Details::titled(authority, "Payroll")).await.unwrap();
    assert_eq!(book::size(cx.db()).await.unwrap(), size);
    act::change(&cx, id, 1, &Details::titled(authority, "Payroll and pensions")).await.unwrap();
    let error = act::change(&cx, id, 1, &Details::titled(authority, "Payroll only")).await.unwrap_err();
    assert!(matches!(error, Error::Stale(_)));
    assert_eq!(store::get(cx.db(), id).await.unwrap().row.title, "Payroll and pensions");
    let lines = book::timeline(&cx, "contract", &id.to_string(), 10).await.unwrap();
    assert_eq!(lines[1].body.as_ref().unwrap()["changes"]["title"], serde_json::json!(["Payroll", "Payroll and pensions"]));
});

// OUT-0, OFF-0
both_engines!(migrations, async fn a_withdrawn_pack_needs_a_reason_on_a_contract(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let id = app.contract(authority, "Payroll").await;
    let pack = crate::pack::packs(&app.core).newest("offshoring").unwrap().clone();
    assert!(pack.needs_reason_for_new_contract());
    let error = act::put_pack(&cx, id, &pack.pack, &pack.edition, Some("  ")).await.unwrap_err();
    assert!(field_of(error).starts_with("reason: "));
    let error = act::put_pack(&cx, id, &pack.pack, "1999", None).await.unwrap_err();
    assert!(field_of(error).starts_with("pack: "));
    act::put_pack(&cx, id, &pack.pack, &pack.edition, Some("The tender named it before it was withdrawn")).await.unwrap();
    let error = act::put_pack(&cx, id, &pack.pack, &pack.edition, Some("Again")).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)));
    let on = store::packs_on(cx.db(), id).await.unwrap();
    assert_eq!(on.len(), 1);
    assert_eq!(on[0].reason.as_deref(), Some("The tender named it before it was withdrawn"));
    assert_eq!(on[0].put_by, "operator");
});

both_engines!(migrations, async fn only_the_assigned_manager_and_administrators_change_a_chain(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let supplier = app.party(Side::Supplier, "Halyard Systems").await;
    let manager = actor("contract_manager", authority);
    let details = Details { manager: manager.account().map(|a| a.account), ..Details::titled(authority, "Payroll") };
    let id = act::add(&app.operator(), &details).await.unwrap();
    let joining = Joining { party: supplier, ..Joining::default() };
    for role in ["contract_manager", "procurement_lead", "internal_audit", "security"] {
        let error = act::add_place(&app.acting(role, authority), id, &joining).await.unwrap_err();
        assert!(matches!(error, Error::Refused(r) if !r.hidden), "{role}");
    }
    let error = act::add_place(&app.acting("supplier_lead", supplier), id, &joining).await.unwrap_err();
    assert!(matches!(error, Error::Refused(r) if r.hidden));
    act::add_place(&platform::Cx::new(&app.core, manager).unwrap(), id, &joining).await.unwrap();
    let error = act::add_place(&app.acting("supplier_lead", supplier), id, &joining).await.unwrap_err();
    assert!(matches!(error, Error::Refused(r) if !r.hidden), "it now stands in the chain, sees the contract, and may not change it");
});

both_engines!(migrations, async fn impossible_chains_are_refused_with_words(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let [a, b, c] = [app.party(Side::Supplier, "A").await, app.party(Side::Supplier, "B").await, app.party(Side::Supplier, "C").await];
    let id = app.contract(authority, "Payroll").await;
    let other = app.contract(authority, "Catering").await;
    let top = app.place(id, a, None).await;
    let mid = app.place(id, b, Some(top)).await;
    let low = app.place(id, c, Some(mid)).await;
    let join = |party, above| Joining { party, above, ..Joining::default() };
    let cases = [
        (id, join(a, Some(low)), "party"),
        (id, join(b, Some(top)), "party"),
        (id, join(a, None), "party"),
        (id, join(authority, Some(top)), "party"),
        (id, join(uuid::Uuid::now_v7(), Some(top)), "party"),
        (other, join(b, Some(top)), "above"),
        (id, join(b, Some(uuid::Uuid::now_v7())), "above"),
    ];
    for (contract, joining, field) in cases {
        let said = field_of(act::add_place(&cx, contract, &joining).await.unwrap_err());
        assert!(said.starts_with(&format!("{field}: ")) && !said.contains("contract-chain"), "{joining:?}: {said}");
    }
    let version = store::place(cx.db(), top).await.unwrap().row.version;
    for under in [top, mid, low] {
        assert!(field_of(act::move_place(&cx, top, version, Some(under), None).await.unwrap_err()).starts_with("above: "));
    }
    assert!(matches!(act::move_place(&cx, top, version + 1, None, None).await, Err(Error::Stale(_))));
});

both_engines!(migrations, async fn lists_never_show_what_a_page_would_hide(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Marram Agency").await;
    let [a, b] = [app.party(Side::Supplier, "A").await, app.party(Side::Supplier, "B").await];
    let id = app.contract(authority, "Payroll").await;
    app.place(id, a, None).await;
    let seen = async |actor: &Actor| {
        use sea_orm::QueryFilter as _;
        store::Entity::find().filter(store::visible(actor)).all(app.core.db.reader()).await.unwrap().len()
    };
    assert_eq!(seen(&actor("supplier_lead", a)).await, 1);
    assert_eq!(seen(&actor("supplier_lead", b)).await, 0);
    assert_eq!(seen(&actor("management", authority)).await, 1);
    assert_eq!(seen(&Actor::Anonymous).await, 0);
    let contract = store::get(app.core.db.reader(), id).await.unwrap();
    assert!(app.core.authz.check(&actor("supplier_member", b), "contract.view", &contract).is_err());
});
