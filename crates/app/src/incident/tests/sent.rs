//! What was sent to the regulator, as files (SEC-27).

use axum::http::StatusCode;
use platform::Error;
use platform::authz::{Actor, ActsFor};
use testkit::both_engines;

use super::regulator::{sending, to_notify, version};
use super::reported;
use crate::incident::act;
use crate::incident::regulator::Record;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::testing::attach_at;

both_engines!(migrations, /// SEC-27: the data controller attaches what went out to the record of having sent it, on its page; who reads that record opens it, nobody
/// else at the authority does, and it stands nowhere among the files of the incident.
async fn sec_27_what_was_sent_is_attached(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    let attach = async |field: Option<&str>| attach_at(&controller.cx, "regulator", of.id, field, "Notification.pdf", false).await;
    act::decide_regulator(&controller.cx, of.id, 0, to_notify()).await.unwrap();
    assert!(matches!(attach(Some("sent.1")).await, Err(Error::NotFound)), "that was the decision");
    let sent = sending(of.submitted_at.unwrap());
    act::record_sent(&controller.cx, of.id, version(&world, of.id).await, sent.clone()).await.unwrap();
    assert!(matches!(attach(None).await, Err(Error::Conflict(_))), "each belongs to something that was sent");
    let here = format!("/incidents/{}/regulator", of.id);
    let there = format!("/files/of/regulator/{}?field=sent.2", of.id);
    let mut browser = controller.browser(&world);
    let page = browser.get(&here).await;
    assert!(page.body.contains(&there) && page.text().contains("Add a file"), "{}", page.text());
    let form = browser.get(&there).await;
    assert!(form.text().contains("Sent to the regulator about INC-2026-000001"), "{}", form.text());
    let done = browser.upload_only(&form, &there, &[], &[("file", "Notification.pdf", b"%PDF-1.7 What went out")]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, here.clone()), "{}", done.text());
    let page = browser.get(&here).await;
    assert!(page.text().contains("Notification.pdf"), "{}", page.text());
    let file = page.body.split("/files/").filter_map(|rest| rest.get(..36)).find(|id| id.parse::<uuid::Uuid>().is_ok()).unwrap().to_owned();
    // A further part has files of its own.
    act::record_sent(&controller.cx, of.id, version(&world, of.id).await, sent).await.unwrap();
    attach(Some("sent.3")).await.unwrap();
    let all = browser.get(&format!("/files/of/regulator/{}", of.id)).await.text();
    assert!(all.contains("First notification") && all.contains("Further part, number 3 of the record"), "{all}");
    for (role, status) in [("legal", StatusCode::OK), ("security", StatusCode::OK), ("internal_audit", StatusCode::OK), ("contract_manager", StatusCode::NOT_FOUND), ("management", StatusCode::NOT_FOUND)] {
        let who = world.official(role).await;
        let mut browser = who.browser(&world);
        for path in [format!("/files/{file}"), format!("/files/{file}/bytes"), there.clone()] {
            assert_eq!(browser.get(&path).await.status, status, "{role} {path}");
        }
        let added = attach_at(&who.cx, "regulator", of.id, Some("sent.2"), "More.pdf", false).await;
        refused_by(added.map(drop), "nothing-permits");
        assert!(!browser.get(&format!("/incidents/{}/files", of.id)).await.text().contains("Notification.pdf"), "{role}");
        assert!(!browser.get(&format!("/incidents/{}/history", of.id)).await.text().contains("Notification.pdf"), "{role}");
    }
    // Who stands for the data controller records what was sent, and is led to no form that would refuse the file.
    let mut deputy = controller.cx.actor.account().cloned().unwrap();
    deputy.acts_for = Some(ActsFor { account: uuid::Uuid::now_v7(), name: "Dev Ashby".to_owned() });
    let (deputy, record) = (Actor::Account(Box::new(deputy)), Record::of(&of));
    world.app.core.authz.check(&deputy, "regulator.send", &record).unwrap();
    refused_by(world.app.core.authz.check(&deputy, "regulator.attach", &record), "deputy-decides-and-no-more");
    // It stays, and a newer one takes its place.
    refused_by(platform::files::remove(&controller.cx, file.parse().unwrap()).await, "what-was-handed-in-stays");
});
