//! Plans by their pages.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{site, version, whole};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::plan::{Plans, act, store};
use crate::testing::forms::answer_case;

both_engines!(migrations, /// SEC-8a, SEC-8b: by the pages a plan is begun, and agreed with a reason; sealed answers stay sealed, and who has nothing to do with it
/// finds nothing.
async fn sec_8b_by_the_pages(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let other = world.person("supplier_lead", world.other.0).await;
    let mut browser = lead.browser(&world);
    let empty = browser.get("/plans").await;
    assert!(empty.text().contains("No security plans here") && empty.body.contains("/plans/new"), "{}", empty.text());
    let page = browser.get("/plans/new").await;
    assert!(page.text().contains("What to have at hand") && page.text().contains("Ferry bookings"), "{}", page.text());
    let missing = browser.submit(&page, "/plans/new", &[]).await;
    assert!(missing.text().contains("Choose the contract and the party"), "{}", missing.text());
    let begun = browser.submit_only(&page, "/plans/new", &[("place", &world.lead.1.to_string())]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let list = browser.get(&begun.location()).await;
    assert!(list.text().contains("Premises") && list.text().contains("Audits and tests"), "{}", list.text());
    let id = store::of_place(lead.cx.db(), world.lead.1).await.unwrap().remove(0).case.id;
    answer_case::<Plans>(&lead.cx, id, whole(site(&lead.cx, world.lead.0).await)).await;
    let check = browser.get(&format!("/plans/{id}/check")).await;
    let sent = browser.submit_only(&check, &format!("/plans/{id}/submit"), &[("declaration", "yes")]).await;
    let sent = browser.get(&sent.location()).await;
    assert!(sent.text().contains("PLN-2026-000001") && sent.text().contains("Work by the version"), "{}", sent.text());
    let mut theirs = security.browser(&world);
    let home = theirs.get("/").await;
    assert!(home.text().contains("Security plans that wait for you") && home.text().contains("PLN-2026-000001"), "{}", home.text());
    let seen = theirs.get(&format!("/plans/{id}")).await;
    assert!(seen.text().contains("Agree the plan") && !seen.body.contains("Guards and badges"), "{}", seen.text());
    let step = format!("/plans/{id}/step/agree");
    let ask = theirs.get(&step).await;
    let silent = theirs.submit(&ask, &step, &[("reason", "")]).await;
    assert!(silent.body.contains("govuk-error-summary"), "{}", silent.text());
    let done = theirs.submit_only(&ask, &step, &[("reason", "It covers what we ask for.")]).await;
    let agreed = theirs.get(&done.location()).await;
    assert!(agreed.text().contains("Version 1") && agreed.text().contains("It covers what we ask for."), "{}", agreed.text());
    let tasks = theirs.get(&format!("/plans/{id}/tasks")).await;
    assert!(tasks.text().contains("A penetration test: The booking desk"), "{}", tasks.text());
    let list = browser.get("/plans").await;
    assert!(list.text().contains("Version 1, to work by"), "{}", list.text());
    assert_eq!(other.browser(&world).get(&format!("/plans/{id}")).await.status, StatusCode::NOT_FOUND);
    assert!(!other.browser(&world).get("/plans").await.text().contains("Ferry bookings desk"));
});

both_engines!(migrations, /// SEC-8b: whoever is no lead is told on the page whom to ask, and security is not shown what only the supplier writes.
async fn sec_8b_who_may_not_is_told(db) {
    let world = World::new(db).await;
    let (member, security) = (world.person("supplier_member", world.lead.0).await, world.official("security").await);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = act::begin(&member.cx, world.lead.1).await.unwrap();
    answer_case::<Plans>(&member.cx, id, whole(site(&lead.cx, world.lead.0).await)).await;
    let check = member.browser(&world).get(&format!("/plans/{id}/check")).await;
    assert!(check.text().contains("Your organisation’s lead submits plans"), "{}", check.text());
    assert_eq!(security.browser(&world).get(&format!("/plans/{id}")).await.status, StatusCode::NOT_FOUND);
    act::submit(&lead.cx, id, version(&world, id).await, true, None).await.unwrap();
    let seen = security.browser(&world).get(&format!("/plans/{id}")).await;
    assert!(!seen.text().contains("Answer the questions") && !seen.text().contains("Withdraw the plan"), "{}", seen.text());
});
