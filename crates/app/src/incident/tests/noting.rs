//! Notes of either side, which the other never reads.

use axum::http::StatusCode;
use testkit::both_engines;

use super::pages::post;
use super::{case, entries, reported};
use crate::casework::act as around;
use crate::casework::history;
use crate::casework::writing::Writing;
use crate::incident::model::Incidents;
use crate::incident::store;
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{World, refused_by};

both_engines!(migrations, /// SEC-24: notes of the authority and of each supplier are read by that party alone: on the page, by programs, in history, mail and ledger.
async fn sec_24_notes_stay_on_their_side(db) {
    let world = World::new(db).await;
    let (sub, member) = (world.person("supplier_lead", world.sub.0).await, world.person("supplier_member", world.sub.0).await);
    let (lead, other) = (world.person("supplier_lead", world.lead.0).await, world.person("supplier_lead", world.other.0).await);
    let (security, audit) = (world.official("security").await, world.official("internal_audit").await);
    let id = reported(&sub.cx, world.sub.1).await.id;
    world.mail().await;
    around::write::<Incidents>(&security.cx, id, &Writing::note("Wrenfield: they were late before.")).await.unwrap();
    around::write::<Incidents>(&lead.cx, id, &Writing::note("Larkfield: ask our insurers.")).await.unwrap();
    // From the page, with the box that says who reads it.
    let mut browser = sub.browser(&world);
    let path = format!("/incidents/{id}/thread");
    let form = browser.get(&path).await;
    assert!(form.text().contains("not even the authority"), "{}", form.text());
    let done = post(&mut browser, &form, &path, &[("body", "Finchfield: the guard slept."), ("internal", "yes")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    around::write::<Incidents>(&sub.cx, id, &Writing::message("Ploverfield: we look for it.")).await.unwrap();
    refused_by(around::write::<Incidents>(&audit.cx, id, &Writing::note("Reads only.")).await, "nothing-permits");
    refused_by(around::write::<Incidents>(&other.cx, id, &Writing::note("Sneaky.")).await, "nothing-permits");
    let words = ["Wrenfield", "Larkfield", "Finchfield", "Ploverfield"];
    for (who, reads) in [
        (&security, [true, false, false, true]),
        (&audit, [true, false, false, true]),
        (&lead, [false, true, false, true]),
        (&sub, [false, false, true, true]),
        (&member, [false, false, true, true]),
    ] {
        let mut browser = who.browser(&world);
        let page = browser.get(&path).await.text();
        let of = store::get(who.cx.db(), id).await.unwrap();
        let told = platform::cases::api::messages_of::<Incidents>(&who.cx, &of).await.unwrap();
        let told = serde_json::to_string(&told).unwrap();
        for (word, reads) in words.iter().zip(reads) {
            assert_eq!((page.contains(word), told.contains(word)), (reads, reads), "{word}");
        }
        let all = history::read::<Incidents>(&who.cx, &of, 500).await.unwrap();
        let own = all.iter().filter(|done| done.action == "incident.own_note").count();
        assert_eq!(own, usize::from(reads[1] || reads[2]), "each supplier reads that it wrote its own");
        assert!(!format!("{all:?}").contains("field:"), "{all:?}");
    }
    assert_eq!(other.browser(&world).get(&path).await.status, StatusCode::NOT_FOUND);
    // The ledger tells that a supplier wrote one, and holds nothing of what it says, not even sealed.
    let lines = platform::book::timeline(&world.app.operator(), "incident", &id.to_string(), 50).await.unwrap();
    let noted: Vec<_> = lines.iter().filter(|line| line.action == "incident.own_note").collect();
    assert_eq!((noted.len(), noted.iter().all(|line| line.body.is_none())), (2, true));
    assert!(entries(&world, id).await.iter().any(|(action, _)| action == "incident.note"));
    // What both sides read is told of, once, and no note is.
    let mail = world.mail().await;
    let heard = |to: &str| mail.get(to).into_iter().flatten().filter(|subject| subject.contains("a new message")).count();
    assert_eq!([&security, &audit, &lead, &sub, &member, &other].map(|who| heard(&who.email)), [1, 0, 0, 0, 0, 0], "{mail:?}");
    for word in words {
        assert_eq!(found(&world, word).await, Vec::<String>::new(), "{word} lies sealed");
    }
    assert_eq!(case(&world, id).await.stage, "reported");
});
