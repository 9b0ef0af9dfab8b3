//! What waits, decided about by people, through the router.

use axum::http::StatusCode;
use platform::Error;
use testkit::both_engines;

use super::{all, letter, received, waiting};
use crate::incident::store as incidents;
use crate::incident::tests::reported;
use crate::intake::act;
use crate::intake::model::State;
use crate::intake::store;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

async fn version(world: &World, id: uuid::Uuid) -> i32 {
    store::get(world.app.core.db.reader(), id).await.unwrap().version
}

both_engines!(migrations, /// SEC-24: security finds what waits on its home, reads why, and makes it a report at a place: as of when it came in, and told by somebody
/// whose name the supplier does not read. Nobody whom nobody knows is answered.
async fn sec_24_a_person_makes_it_a_report(db) {
    let world = World::new(db).await;
    let id = waiting(&world.app, "Robin Sayers <robin@elsewhere.example>", "A laptop is gone").await;
    let came = world.app.core.clock.now();
    world.app.advance(3 * 60 * 60_000);
    let security = world.official("security").await;
    let mut browser = security.browser(&world);
    assert!(browser.get("/").await.text().contains("1 e-mail about an incident waits"));
    let list = browser.get("/incidents/mail").await;
    for word in ["robin@elsewhere.example", "A laptop is gone", "Sender not known"] {
        assert!(list.text().contains(word), "{word}: {}", list.text());
    }
    let page = browser.get(&format!("/incidents/mail/{id}")).await;
    for word in ["Nobody with an account", "left on the night ferry", "Make it a report"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let path = format!("/incidents/mail/{id}/report/{}", world.lead.1);
    let choose = browser.get(&format!("/incidents/mail/{id}/report")).await;
    assert!(choose.body.contains(&path), "{}", choose.text());
    let confirm = browser.get(&path).await;
    assert!(confirm.text().contains("You complete it") && confirm.text().contains("Ferry bookings"), "{}", confirm.text());
    let (to, fields) = confirm.fill(&path, &[]);
    let done = browser.post_raw(&to, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(browser.get(&done.location()).await.text().contains("INC-2026-000001"));
    let row = store::get(world.app.core.db.reader(), id).await.unwrap();
    let of = incidents::get(world.app.core.db.reader(), row.case.unwrap()).await.unwrap();
    assert_eq!((row.stands(), of.told, of.reporter, of.case.submitted_at), (Some(State::Reported), true, None, Some(came)));
    assert!(security.cx.may("incident.draft", &of), "who made it a report completes it");
    let lead = world.person("supplier_lead", world.lead.0).await;
    let seen = lead.browser(&world).get(&format!("/incidents/{}", of.case.id)).await;
    assert!(seen.text().contains("left on the night ferry") && !seen.body.contains("robin"), "{}", seen.text());
    assert!(world.mail().await.keys().all(|to| !to.contains("robin")));
    // Decided is decided.
    assert!(matches!(act::report(&security.cx, id, row.version, world.lead.1).await, Err(Error::Conflict(_))));
    let again = browser.get(&format!("/incidents/mail/{id}")).await;
    assert!(again.text().contains("Made a report") && !again.text().contains("Set it aside"), "{}", again.text());
    assert!(browser.get("/incidents/mail").await.text().contains("No e-mail waits"));
});

both_engines!(migrations, /// SEC-24: of a sender whose party stands at several places a person chooses one; the report is the sender's own, and the answer has its reference.
async fn sec_24_of_several_places_a_person_chooses(db) {
    let world = World::new(db).await;
    let elsewhere = world.app.contract(world.authority, "Lanterns").await;
    let place = world.app.place(elsewhere, world.lead.0, None).await;
    let member = world.person("supplier_member", world.lead.0).await;
    received(&world.app.operator(), &letter(&member.email, "1@halyard.example", "A laptop is gone", "It was left.")).await;
    let id = all(&world.app).await[0].id;
    let manager = world.official("contract_manager").await;
    let choose = manager.browser(&world).get(&format!("/incidents/mail/{id}/report")).await;
    assert!(choose.text().contains("Where the sender’s organisation stands") && choose.body.contains(&format!("report/{place}")), "{}", choose.text());
    let (case, reference) = act::report(&manager.cx, id, version(&world, id).await, place).await.unwrap();
    let of = incidents::get(manager.cx.db(), case).await.unwrap();
    assert_eq!((of.told, of.reporter, of.case.submitted_by), (false, Some(world.lead.0), Some(member.account)));
    world.app.advance(1_000);
    let mails = world.app.mailed(&member.email).await.join(" | ");
    assert!(mails.contains("A person reads it first") && mails.contains(&reference), "{mails}");
});

both_engines!(migrations, /// SEC-24: what needs nothing is set aside with a reason and kept; what belongs to an incident is added to it.
async fn sec_24_set_aside_or_added(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let mut browser = security.browser(&world);
    let id = waiting(&world.app, "news@elsewhere.example", "Cheap lanterns").await;
    let path = format!("/incidents/mail/{id}/aside");
    let page = browser.get(&format!("/incidents/mail/{id}")).await;
    let (to, fields) = page.fill(&path, &[("reason", " ")]);
    let again = browser.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("Say why nothing needs to be done"), "{}", again.text());
    let (to, fields) = again.fill(&path, &[("reason", "It sells lanterns.")]);
    assert_eq!(browser.post_raw(&to, &fields).await.status, StatusCode::SEE_OTHER);
    let kept = browser.get(&format!("/incidents/mail/{id}")).await;
    assert!(kept.text().contains("It sells lanterns.") && kept.text().contains("Set aside"), "{}", kept.text());
    assert!(browser.get("/incidents/mail?state=set_aside").await.text().contains("Cheap lanterns"));
    // Another belongs to what was reported before.
    let lead = world.person("supplier_lead", world.lead.0).await;
    let case = reported(&lead.cx, world.lead.1).await;
    let id = waiting(&world.app, "robin@elsewhere.example", "More about inc-2026-000001").await;
    let page = browser.get(&format!("/incidents/mail/{id}")).await;
    assert!(page.body.contains("value=\"INC-2026-000001\""), "the one that it names is filled in: {}", page.body);
    let path = format!("/incidents/mail/{id}/add");
    let (to, fields) = page.fill(&path, &[("reference", "INC-2026-999999")]);
    assert_eq!(browser.post_raw(&to, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (to, fields) = browser.get(&format!("/incidents/mail/{id}")).await.fill(&path, &[]);
    let done = browser.post_raw(&to, &fields).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("/incidents/{}", case.id)));
    assert!(browser.get(&format!("/incidents/mail?incident={}", case.id)).await.text().contains("Added to an incident"));
    assert!(browser.get(&format!("/incidents/{}/history", case.id)).await.text().contains("E-mail added"));
});

both_engines!(migrations, /// SEC-25, OWN-3: few read mail, fewer open it as it came, and each look leaves an entry; suppliers learn nothing of it.
async fn sec_25_who_reads_mail(db) {
    let world = World::new(db).await;
    let id = waiting(&world.app, "robin@elsewhere.example", "A laptop is gone").await;
    let row = store::get(world.app.core.db.reader(), id).await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    let legal = world.official("legal").await;
    let manager = world.official("contract_manager").await;
    let audit = world.official("internal_audit").await;
    for (who, status) in [(&lead, StatusCode::NOT_FOUND), (&legal, StatusCode::NOT_FOUND)] {
        let mut browser = who.browser(&world);
        for path in [format!("/incidents/mail/{id}"), format!("/incidents/mail/{id}/report"), format!("/files/{}", row.original)] {
            assert_eq!(browser.get(&path).await.status, status, "{path}");
        }
    }
    refused_by(act::set_aside(&audit.cx, id, 1, "So.").await, "nothing-permits");
    let page = manager.browser(&world).get(&format!("/incidents/mail/{id}")).await;
    assert!(page.text().contains("The security team can open it") && !page.body.contains("/reveal"), "{}", page.text());
    let security = world.official("security").await;
    let mut browser = security.browser(&world);
    let page = browser.get(&format!("/incidents/mail/{id}")).await;
    let (to, fields) = page.fill(&format!("/files/{}/reveal", row.original), &[]);
    let opened = browser.post_raw(&to, &fields).await;
    assert!(opened.body.starts_with("Return-Path: <robin@elsewhere.example>"), "{}", opened.body);
    let looked = platform::book::timeline(&world.app.operator(), "file", &row.original.to_string(), 10).await.unwrap();
    assert_eq!(looked.iter().filter(|line| line.action == "file.reveal").count(), 1);
    assert!(matches!(act::set_aside(&security.cx, id, 7, "So.").await, Err(Error::Stale(_))));
});
