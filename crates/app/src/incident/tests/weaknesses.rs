//! Weaknesses: noted, shared by incidents, resolved; and who reads which.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::civil::date;
use platform::authz::{Actor, Side};
use platform::cases::tasks::NewTask;
use platform::{Cx, Error};
use sea_orm::{EntityTrait as _, QueryFilter as _};
use testkit::both_engines;
use uuid::Uuid;

use super::pages::post;
use super::regulator::wrong;
use super::{case, entries, first, noted, report, reported, told};
use crate::incident::act;
use crate::incident::model::Verdict;
use crate::incident::weakness::act as weak;
use crate::incident::weakness::model::Details;
use crate::incident::weakness::store;
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{World, refused_by};
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

async fn one(cx: &Cx, id: Uuid) -> store::Weakness {
    store::get(cx, cx.db(), id).await.unwrap()
}

both_engines!(migrations, /// SEC-21, SEC-22: a weakness is noted with an incident, another incident of another supplier shows it too, and each supplier reads it with its
/// own incident alone, without the other's name.
async fn sec_22_incidents_share_a_weakness(db) {
    let world = World::new(db).await;
    let (lead, other) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_lead", world.other.0).await);
    let (sub, security) = (world.person("supplier_lead", world.sub.0).await, world.official("security").await);
    let ours = reported(&lead.cx, world.lead.1).await.id;
    let theirs = reported(&other.cx, world.other.1).await.id;
    // From the page of the incident: whose it is, is filled in.
    let mut browser = security.browser(&world);
    let page = browser.get(&format!("/incidents/{ours}/weaknesses")).await;
    assert!(page.text().contains("No weakness is tied to this incident") && page.text().contains("Note a new weakness"), "{}", page.text());
    let path = format!("/weaknesses/add?incident={ours}");
    let form = browser.get(&path).await;
    let again = post(&mut browser, &form, &path, &[("name", "Laptops without a lock")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text());
    let whole = [("name", "Laptops without a lock"), ("found_in", "Night desks"), ("about", "Quarrystone: nobody chains them.")];
    let done = post(&mut browser, &again, &path, &whole).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let id: Uuid = done.location().rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(one(&security.cx, id).await.row.party, Some(world.lead.0));
    assert_eq!(found(&world, "Quarrystone").await, Vec::<String>::new(), "what it says lies sealed");
    // The other incident is tied by its own page, and by its reference.
    let page = browser.get(&format!("/incidents/{theirs}/weaknesses")).await;
    let tied = post(&mut browser, &page, &format!("/incidents/{theirs}/weaknesses"), &[("weakness", id.to_string().as_str())]).await;
    assert_eq!(tied.status, StatusCode::SEE_OTHER, "{}", tied.text());
    let here = format!("/weaknesses/{id}");
    let page = browser.get(&here).await;
    assert!(page.text().contains("INC-2026-000001") && page.text().contains("INC-2026-000002") && page.text().contains("Halyard Systems"), "{}", page.text());
    let wrong = post(&mut browser, &page, &format!("{here}/incidents"), &[("reference", "INC-2026-000099")]).await;
    assert!(wrong.text().contains("There is no incident with this reference"), "{}", wrong.text());
    for (who, own, not_own) in [(&lead, "INC-2026-000001", "INC-2026-000002"), (&other, "INC-2026-000002", "INC-2026-000001")] {
        let mut browser = who.browser(&world);
        let text = browser.get(&here).await.text();
        assert!(text.contains("nobody chains them") && text.contains(own) && !text.contains(not_own), "{text}");
        assert!(!text.contains("Halyard Systems: ") && !text.contains("Untie") && !text.contains("History"), "{text}");
        let list = browser.get("/weaknesses").await;
        assert!(list.text().contains("Laptops without a lock"), "{}", list.text());
        assert_eq!(list.text().contains("Halyard Systems"), who.account == lead.account, "{}", list.text());
        for page in ["add".to_owned(), format!("{id}/change"), format!("{id}/resolve")] {
            assert_eq!(browser.get(&format!("/weaknesses/{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
    let mut browser = sub.browser(&world);
    assert_eq!(browser.get(&here).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/weaknesses").await.text().contains("Laptops"));
    let details = Details { name: "Mine".to_owned(), about: "So.".to_owned(), ..Details::default() };
    refused_by(weak::add(&lead.cx, &details, Some(ours)).await, "nothing-permits");
    refused_by(weak::change(&lead.cx, id, 1, &details).await, "nothing-permits");
    refused_by(weak::untie(&lead.cx, id, ours).await, "nothing-permits");
    refused_by(weak::resolve(&lead.cx, id, 1, "We did.", Some(date(2026, 3, 2))).await, "nothing-permits");
    assert!(matches!(weak::tie(&other.cx, id, ours).await, Err(Error::Refused(refusal)) if refusal.hidden), "another supplier's incident is not there");
    // Untied, the supplier reads it no more; both histories tell.
    weak::untie(&security.cx, id, theirs).await.unwrap();
    assert!(matches!(weak::untie(&security.cx, id, theirs).await, Err(Error::NotFound)));
    assert_eq!(other.browser(&world).get(&here).await.status, StatusCode::NOT_FOUND);
    let told: Vec<String> = entries(&world, theirs).await.into_iter().map(|(action, _)| action).filter(|action| action.contains("weakness")).collect();
    assert_eq!(told, ["incident.weakness_tied", "incident.weakness_untied"]);
    let history = security.browser(&world).get(&here).await.text();
    assert!(history.contains("INC-2026-000002 showed it") && history.contains("INC-2026-000002 untied from it"), "{history}");
});

both_engines!(migrations, /// SEC-22: a weakness is resolved by tasks of an incident, with words of how and when; it opens again with a reason; what was is kept.
async fn sec_22_a_weakness_is_resolved(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (security, manager) = (world.official("security").await, world.official("contract_manager").await);
    let ours = reported(&lead.cx, world.lead.1).await.id;
    let loose = reported(&lead.cx, world.lead.1).await.id;
    let id = noted(&security.cx, "Laptops without a lock", Some(ours)).await;
    let here = format!("/weaknesses/{id}");
    let mut browser = manager.browser(&world);
    let form = browser.get(&here).await;
    let bare = post(&mut browser, &form, &format!("{here}/tasks"), &[("title", "")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = [("title", "Chain them"), ("side", "supplier"), ("checks", "yes"), ("due.day", "20"), ("due.month", "3"), ("due.year", "2026")];
    let done = post(&mut browser, &bare, &format!("{here}/tasks"), &set).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let new = NewTask::new("Elsewhere".to_owned(), Side::Supplier);
    assert!(matches!(weak::order(&manager.cx, id, loose, new.clone()).await, Err(Error::NotFound)), "that incident did not show it");
    refused_by(weak::order(&lead.cx, id, ours, new).await, "nothing-permits");
    for who in [&manager, &lead] {
        let text = who.browser(&world).get(&here).await.text();
        assert!(text.contains("Chain them") && text.contains("by 20 March 2026"), "{text}");
    }
    assert!(lead.browser(&world).get(&format!("/incidents/{ours}/tasks")).await.text().contains("Chain them"));
    let resolve = async |how: &str, on| weak::resolve(&manager.cx, id, one(&manager.cx, id).await.row.version, how, on).await;
    let day = Some(date(2026, 3, 2));
    assert_eq!(wrong(resolve(" ", None).await), ["how", "on"]);
    assert_eq!(wrong(resolve("Chained.", Some(date(2026, 4, 2))).await), ["on"], "a day to come");
    assert_eq!(wrong(resolve(&"x".repeat(4_001), day).await), ["how"]);
    assert!(browser.get(&format!("{here}/resolve")).await.text().contains("These tasks are still open"));
    resolve("Gatestone: every desk has a chain.", day).await.unwrap();
    assert!(matches!(resolve("Twice.", day).await, Err(Error::Conflict(_))));
    assert!(matches!(weak::reopen(&manager.cx, id, 1, "Old page.").await, Err(Error::Stale(_))));
    let now = one(&lead.cx, id).await;
    assert_eq!((now.row.state.as_str(), now.row.resolved_on.as_deref()), ("resolved", Some("2026-03-02")));
    let text = lead.browser(&world).get(&here).await.text();
    assert!(text.contains("every desk has a chain") && text.contains("Resolved on"), "{text}");
    assert_eq!(found(&world, "Gatestone").await, Vec::<String>::new());
    world.app.advance(1_000);
    assert_eq!(wrong(weak::reopen(&manager.cx, id, now.row.version, "").await), ["why"]);
    weak::reopen(&manager.cx, id, now.row.version, "One chain was cut.").await.unwrap();
    assert!(one(&manager.cx, id).await.is_open());
    let history = manager.browser(&world).get(&here).await.text();
    assert!(history.contains("every desk has a chain") && history.contains("One chain was cut."), "{history}");
    // Whose it is, fits the chain.
    let details = one(&manager.cx, id).await.details();
    let version = one(&manager.cx, id).await.row.version;
    let foreign = Details { party: Some(world.other.0), contract: Some(world.contract), ..details.clone() };
    assert_eq!(wrong(weak::change(&manager.cx, id, version, &foreign).await), ["contract"]);
    assert_eq!(wrong(weak::change(&manager.cx, id, version, &Details { party: Some(world.authority), ..details.clone() }).await), ["party"]);
    let fits = Details { party: Some(world.sub.0), contract: Some(world.contract), found_in: Some("Gates".to_owned()), ..details };
    weak::change(&manager.cx, id, version, &fits).await.unwrap();
    assert!(matches!(weak::change(&manager.cx, id, version, &fits).await, Err(Error::Stale(_))));
    for role in ["assessor", "owner", "management", "internal_audit", "data_controller", "administrator"] {
        let other = world.official(role).await;
        assert_eq!(other.browser(&world).get(&here).await.status, StatusCode::OK, "{role}");
        refused_by(weak::reopen(&other.cx, id, version + 1, "So.").await, "nothing-permits");
    }
});

both_engines!(migrations, /// SEC-22, SEC-24: an incident may close while a weakness that it showed is open; whoever closes it reads so, and so does everybody after.
async fn sec_22_closed_with_an_open_weakness(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let at = async || case(&world, id).await.version;
    let weakness = noted(&security.cx, "Laptops without a lock", Some(id)).await;
    let known = noted(&security.cx, "Doors that stand open", Some(id)).await;
    weak::resolve(&security.cx, known, 1, "A spring.", Some(date(2026, 3, 2))).await.unwrap();
    act::take_up(&security.cx, id, at().await).await.unwrap();
    world.app.advance(1_000);
    act::triage(&security.cx, id, at().await, &rules::incident::Facts { asset_involved: Some(true), ..Default::default() }, None).await.unwrap();
    act::decide(&security.cx, id, at().await, Verdict::Incident, "It is lost.").await.unwrap();
    let mut browser = security.browser(&world);
    let form = browser.get(&format!("/incidents/{id}/step/close")).await;
    assert!(form.text().contains("It showed one weakness that is still open") && form.text().contains("Laptops without a lock"), "{}", form.text());
    world.app.advance(1_000);
    act::close(&security.cx, id, at().await, "Chains are bought.").await.unwrap();
    let all = entries(&world, id).await;
    assert_eq!(all.iter().find(|(action, _)| action == "incident.close").unwrap().1["open_weaknesses"], "1");
    for who in [&security, &lead] {
        let text = who.browser(&world).get(&format!("/incidents/{id}")).await.text();
        assert!(text.contains("It is over, and one weakness that it showed is still open") && !text.contains("Doors that stand open"), "{text}");
    }
    weak::resolve(&security.cx, weakness, 1, "Chains.", Some(date(2026, 3, 2))).await.unwrap();
    assert!(!browser.get(&format!("/incidents/{id}")).await.text().contains("still open"));
});

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let (cx, db) = (app.operator(), app.core.db.reader());
    let all = store::opened(&cx, db, store::Entity::find().all(db).await.unwrap()).await.unwrap();
    let allowed: BTreeSet<Uuid> =
        all.iter().filter(|of| app.core.authz.check(actor, "weakness.view", *of).is_ok()).map(|of| of.row.id).collect();
    let found: BTreeSet<Uuid> =
        store::Entity::find().filter(store::visible(actor)).all(db).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(allowed, found, "{actor:?}");
    found.len()
}

both_engines!(migrations, /// SEC-22, OWN-3: a list of weaknesses shows what the policy lets each actor view, in chains of random shape: tied to what was told and what was
/// reported, to both, and to none.
async fn twin_equals_policy_of_weaknesses(db) {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let security = app.acting("security", authority);
    noted(&security, "Of nobody", None).await;
    let enter = async |_, place: Option<Uuid>| {
        let Some(place) = place else { return };
        let one = act::report(&security, &told(place)).await.unwrap().id;
        let row = crate::contract::chain::place(security.db(), place).await.unwrap().row;
        let two = act::report(&app.acting("supplier_member", row.party), &report(place, first())).await.unwrap().id;
        let shared = noted(&security, "Shared", Some(one)).await;
        weak::tie(&security, shared, two).await.unwrap();
        noted(&security, "Reported", Some(two)).await;
    };
    in_random_chains(&app, 3, enter, async |actor: &Actor| agree(&app, actor).await).await;
});
