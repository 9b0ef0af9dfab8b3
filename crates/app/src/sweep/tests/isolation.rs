//! What a supplier finds of others, of the incident behind a sweep, and by ids that are not its own.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{asked, give, given, new, of, stands};
use crate::incident::tests::reported;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::sweep::act;
use crate::sweep::model::{Answer, New};

both_engines!(migrations, /// SEC-21, OWN-3: a supplier reads the authority's words and its own answer: nothing of the incident behind them, of who else is asked, of
/// what others answer; not by another's id either, and not once its account ended.
async fn sec_21_a_supplier_finds_nothing_of_others(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let manager = world.official("contract_manager").await;
    let incident = reported(&lead.cx, world.lead.1).await;
    let id = act::open(&manager.cx, &New { incident: Some(incident.id), ..new("Label readers") }).await.unwrap();
    give(&lead.cx, &world, id, world.lead.0, &given(Answer::NotAffected, "Hush, of Halyard.")).await.unwrap();
    give(&sub.cx, &world, id, world.sub.0, &given(Answer::NotAffected, "Secret of Bowline.")).await.unwrap();
    let (mine, theirs) = (of(&world, id, world.other.0).await, of(&world, id, world.lead.0).await);
    let mut browser = other.browser(&world);
    let reference = incident.reference.clone().unwrap();
    for path in ["/sweeps/answers", "/", "/account/notices", &format!("/sweeps/answers/{}", mine.id), &format!("/sweeps/answers?sweep={id}")] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for secret in ["Halyard", "Bowline", "Hush", "Secret", reference.as_str(), &incident.id.to_string()] {
            assert!(!page.body.contains(secret), "{path} tells of {secret}");
        }
    }
    let page = browser.get(&format!("/sweeps/answers/{}", mine.id)).await;
    assert!(page.text().contains("Do your readers run release 4?") && page.text().contains("Label readers"), "{}", page.text());
    // Who stands above another in the chain reads nothing of it either.
    let below = of(&world, id, world.sub.0).await;
    for (who, row) in [(&other, &theirs), (&lead, &below), (&sub, &theirs)] {
        let mut browser = who.browser(&world);
        let path = format!("/sweeps/answers/{}", row.id);
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        refused_by(act::give(&who.cx, row.id, row.version, &given(Answer::Affected, "")).await, "nothing-permits");
    }
    for path in ["/sweeps", "/sweeps/new", &format!("/sweeps/{id}"), &format!("/sweeps?incident={}", incident.id)] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let version = stands(&world, id).await.version;
    refused_by(act::end(&lead.cx, id, version, "I do.").await, "nothing-permits");
    refused_by(act::remind(&lead.cx, id, version).await, "nothing-permits");
    refused_by(act::open(&lead.cx, &new("Mine")).await, "nothing-permits");
    // The incident's own history, as its chain reads it, tells nothing of a sweep.
    let history = lead.browser(&world).get(&format!("/incidents/{}/history", incident.id)).await;
    assert!(!history.body.contains(&id.to_string()) && !history.text().contains("weep"), "{}", history.text());
    // An account that ended signs in no more.
    crate::account::act::close(&world.official("administrator").await.cx, other.account, 1).await.unwrap();
    assert_ne!(browser.get(&format!("/sweeps/answers/{}", mine.id)).await.path, format!("/sweeps/answers/{}", mine.id));
});

both_engines!(migrations, /// OWN-4: what is asked and answered stands nowhere in the open.
async fn own_4_sweeps_are_sealed(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _) = asked(&world, "Zanzibar readers").await;
    give(&lead.cx, &world, id, world.lead.0, &given(Answer::NotAffected, "Zanzibar was never used.")).await.unwrap();
    let (row, answer) = (stands(&world, id).await, of(&world, id, world.lead.0).await);
    for sealed in [&row.title, &row.question, answer.said.as_ref().unwrap()] {
        let text = String::from_utf8_lossy(sealed);
        assert!(!text.contains("Zanzibar") && !text.contains("release 4"), "{text}");
    }
});
