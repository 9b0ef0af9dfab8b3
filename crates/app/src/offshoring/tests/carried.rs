//! Answers carried forward from an earlier proposal, until somebody confirms them.

use axum::http::StatusCode;
use platform::Error;
use platform::forms::drafts;
use testkit::both_engines;

use super::world::{Person, World, answers, refused_by};
use crate::migrations::migrations;
use crate::offshoring::act;

/// The sections of a draft that wait to be confirmed.
async fn waiting(world: &World, by: &Person, id: uuid::Uuid) -> Vec<String> {
    let kept = drafts::load(&by.cx, id, world.case(id).await.round).await.unwrap();
    kept.carried.into_iter().collect()
}

both_engines!(migrations, /// OFF-11: an earlier proposal's answers are carried forward with a mark, and nothing is handed in before each section is confirmed.
async fn off_11_answers_are_carried_forward(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let earlier = world.submitted(&lead).await;
    let id = act::begin_from(&lead.cx, world.lead.1, earlier).await.unwrap();
    assert_eq!(act::carried_from(&lead.cx, id).await.unwrap().unwrap().id, earlier);
    let before = waiting(&world, &lead, id).await;
    assert!(before.len() > 3, "{before:?}");
    // All is answered, and none of it is confirmed.
    let done = act::submit(&lead.cx, id, world.version(id).await, true, None).await;
    assert!(matches!(&done, Err(Error::Blocked(all)) if all.len() == before.len()), "{done:?}");
    let mut browser = lead.browser(&world);
    let list = browser.get(&format!("/proposals/{id}/answers")).await;
    assert!(list.text().contains("To confirm") && list.text().contains("come from OFF-2026-000001"), "{}", list.text());
    let check = browser.get(&format!("/proposals/{id}/check")).await;
    assert!(check.text().contains("Confirm these sections first") && !check.has_form("/submit"), "{}", check.text());
    // A section is confirmed by saving it as it stands; the next one to confirm follows.
    let path = format!("/proposals/{id}/answers/{}", before[0]);
    let section = browser.get(&path).await;
    assert!(section.text().contains("come from an earlier proposal"), "{}", section.text());
    let next = browser.upload_only(&section, &path, &[], &[]).await;
    assert_eq!(next.status, StatusCode::SEE_OTHER, "{}", next.text());
    assert!(next.location().contains("/answers/"), "{}", next.location());
    let after = waiting(&world, &lead, id).await;
    assert_eq!((after.len(), after.contains(&before[0])), (before.len() - 1, false));
    assert!(!browser.get(&path).await.text().contains("come from an earlier proposal"));
    // The rest as the pages would, and it is handed in with the same answers.
    world.answer(&lead.cx, id, answers(world.lead.0)).await;
    assert!(waiting(&world, &lead, id).await.is_empty());
    act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap();
    let told = async |id| act::handed_in(&lead.cx, lead.cx.db(), &world.case(id).await).await.unwrap().0;
    assert_eq!(told(id).await, told(earlier).await);
});

both_engines!(migrations, /// OWN-3: nobody carries forward what they do not read, nor what was never handed in.
async fn own_3_only_ones_own_is_carried_forward(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (draft, earlier) = (act::begin(&lead.cx, world.lead.1).await.unwrap(), world.submitted(&lead).await);
    let other = world.person("supplier_lead", world.other.0).await;
    for (by, place, from) in [(&other, world.other.1, earlier), (&lead, world.lead.1, draft), (&lead, world.lead.1, uuid::Uuid::from_u128(7))] {
        let done = act::begin_from(&by.cx, place, from).await;
        assert!(matches!(&done, Err(Error::Invalid(errors)) if errors.get("from").is_some()), "{done:?}");
    }
    refused_by(act::begin_from(&lead.cx, world.other.1, earlier).await, "nothing-permits");
    // Nothing was begun by that.
    let mut browser = other.browser(&world);
    assert!(browser.get("/proposals").await.text().contains("No proposals"));
    // The page offers what may be carried forward, and says what is wrong beside it.
    let start = browser.get("/proposals/new").await;
    assert!(!start.body.contains("name=\"from\""), "it has none yet");
    let mut browser = lead.browser(&world);
    let start = browser.get("/proposals/new").await;
    assert!(start.text().contains("OFF-2026-000001"), "{}", start.text());
    let (from, place) = (earlier.to_string(), world.lead.1.to_string());
    let begun = browser.submit_only(&start, "/proposals/new", &[("place", &place), ("from", &from)]).await;
    assert!(begun.location().ends_with("/answers"), "{}", begun.text());
});
