//! Changes by their pages.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{answers, case, submitted};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::plan_change::{Changes, act};
use crate::testing::forms::answer_case;

both_engines!(migrations, /// SEC-9, OWN-1: by the pages a notice is given, which says what it calls for and why, and ends as no plan change; who has nothing to do
/// with it finds nothing.
async fn sec_9_a_notice_by_the_pages(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let other = world.person("supplier_lead", world.other.0).await;
    let mut browser = lead.browser(&world);
    let choose = browser.get("/plan-changes/new").await;
    let path = format!("/plan-changes/notify/{}", world.lead.1);
    assert!(choose.body.contains(&path) && choose.text().contains("You have not decided yet"), "{}", choose.text());
    assert_eq!(other.browser(&world).get(&path).await.status, StatusCode::NOT_FOUND);
    let form = browser.get(&path).await;
    let wrong = browser.submit(&form, &path, &[("title", "A second desk")]).await;
    assert!(wrong.body.contains("govuk-error-summary") && wrong.body.contains("A second desk"), "{}", wrong.text());
    let typed = [("title", "A second desk"), ("added", "system"), ("handles", "yes"), ("about", "Perhaps another system.")];
    let sent = browser.submit_only(&wrong, &path, &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = browser.get(&sent.location()).await;
    assert!(page.text().contains("CHG-2026-000001") && page.text().contains("Change nothing yet"), "{}", page.text());
    let id = sent.location().split('/').nth(2).unwrap().to_owned();
    let mut theirs = security.browser(&world);
    let seen = theirs.get(&format!("/plan-changes/{id}")).await;
    for word in ["This calls for a change request", "Perhaps another system.", "Leave the plan as it is", "SEC-28"] {
        assert!(seen.text().contains(word), "{word}: {}", seen.text());
    }
    let step = format!("/plan-changes/{id}/step/no_change");
    let ask = theirs.get(&step).await;
    let done = theirs.submit_only(&ask, &step, &[("reason", "It is the same system.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let over = browser.get(&format!("/plan-changes/{id}")).await;
    assert!(over.text().contains("No plan change") && over.text().contains("It is the same system."), "{}", over.text());
    assert_eq!(other.browser(&world).get(&format!("/plan-changes/{id}")).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// SEC-9: a request with work abroad leads to its proposal, which is opened from its page.
async fn sec_9_a_proposal_is_opened_from_the_change(db) {
    let world = World::new(db).await;
    let (lead, security) = (world.person("supplier_lead", world.lead.0).await, world.official("security").await);
    let id = act::begin(&lead.cx, world.lead.1, &[]).await.unwrap();
    answer_case::<Changes>(&lead.cx, id, answers(true)).await;
    let mut browser = lead.browser(&world);
    let check = browser.get(&format!("/plan-changes/{id}/check")).await;
    assert!(check.text().contains("no proposal belongs to it yet"), "{}", check.text());
    let page = browser.get(&format!("/plan-changes/{id}")).await;
    let opened = browser.submit_only(&page, &format!("/plan-changes/{id}/proposal"), &[]).await;
    assert!(opened.location().starts_with("/proposals/"), "{}", opened.text());
    let again = browser.get(&format!("/plan-changes/{id}")).await;
    assert!(again.text().contains("take effect together"), "{}", again.text());
    // Security sees nothing of a draft, and of the proposal's draft no more than that there is one.
    act::submit(&lead.cx, id, case(&world, id).await.version, true, None).await.unwrap();
    let seen = security.browser(&world).get(&format!("/plan-changes/{id}")).await;
    assert!(seen.text().contains("A proposal that is not submitted yet") && !seen.text().contains("Open a proposal"), "{}", seen.text());
    let other = submitted(&lead.cx, world.lead.1, false).await;
    let none = security.browser(&world).get(&format!("/plan-changes/{other}")).await;
    assert!(!none.text().contains("Work abroad"), "{}", none.text());
});
