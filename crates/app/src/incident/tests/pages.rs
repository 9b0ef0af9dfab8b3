//! The screens of incidents.

use axum::http::StatusCode;
use testkit::{Browser, Page, both_engines};

use super::{case, reported};
use crate::incident::act;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

/// The six answers, as a form sends them.
pub(super) const TYPED: [(&str, &str); 10] = [
    ("q.what_happened", "A laptop with bookings was left on the night ferry."),
    ("q.discovered.date.day", "2"),
    ("q.discovered.date.month", "3"),
    ("q.discovered.date.year", "2026"),
    ("q.discovered.time", "7:15"),
    ("q.involved", "device"),
    ("q.involved", "personal_data"),
    ("q.still_going_on", "yes"),
    ("q.reach_me", "The night desk, 020 7946 0000"),
    ("q.happened.date.day", "1"),
];

/// Posts the form at `path` with these values beside its own hidden ones; of a name that stands twice, both are sent.
pub(super) async fn post(browser: &mut Browser, page: &Page, path: &str, given: &[(&str, &str)]) -> Page {
    let (to, mut fields) = page.fill(path, &[]);
    fields.retain(|(name, _)| given.iter().all(|(given, _)| given != name));
    fields.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.post_raw(&to, &fields).await
}

both_engines!(migrations, /// SEC-24: somebody at the supplier reports on one page, and reads the reference on the next; what is wrong is said, and what was typed
/// stays.
async fn sec_24_reported_on_one_page(db) {
    let world = World::new(db).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let mut browser = member.browser(&world);
    let list = browser.get("/incidents").await;
    assert!(list.text().contains("No incidents") && list.body.contains("/incidents/new"), "{}", list.text());
    let choose = browser.get("/incidents/new").await;
    let path = format!("/incidents/new/{}", world.lead.1);
    assert!(choose.body.contains(&path), "{}", choose.text());
    let form = browser.get(&path).await;
    assert!(form.text().contains("Ferry bookings") && form.text().contains("so does your organisation"), "{}", form.text());
    let again = post(&mut browser, &form, &path, &TYPED[..1]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("left on the night ferry") && again.body.contains("govuk-error-summary"), "{}", again.text());
    let sent = post(&mut browser, &again, &path, &TYPED[..9]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = browser.get(&sent.location()).await;
    for word in ["Report received", "INC-2026-000001", "Complete the report"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let id = sent.location().split('/').nth(2).unwrap().to_owned();
    let overview = browser.get(&format!("/incidents/{id}")).await;
    for word in ["2 March 2026, 07:15", "From discovery to report", "left on the night ferry", "Do not notify the regulator", "lacks"] {
        assert!(overview.text().contains(word), "{word}: {}", overview.text());
    }
    let sections = browser.get(&format!("/incidents/{id}/answers")).await;
    assert!(sections.text().contains("sections are done"), "{}", sections.text());
    assert!(browser.get(&format!("/incidents/{id}/check")).await.text().contains("Nothing has changed since you sent it last"));
});

both_engines!(migrations, /// SEC-10, SEC-X1: security triages on a page: what the report says is filled in, the tests say why with sources, and the decision is
/// taken there; the supplier reads the decision and its reason, and nothing of the triage.
async fn sec_10_triaged_on_a_page(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    act::take_up(&security.cx, id, case(&world, id).await.version).await.unwrap();
    let path = format!("/incidents/{id}/triage");
    let mut browser = security.browser(&world);
    let page = browser.get(&path).await;
    for word in ["This is what the report says", "These are not known, and could change that"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let facts = [("attempt", "none"), ("actions", "lost"), ("loss", "none_of_these"), ("whereabouts", "outside"), ("process_breakdown", "no"), ("exposed", "no")];
    let both = [("actions", "lost"), ("actions", "not_known")];
    assert_eq!(post(&mut browser, &page, &path, &both).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&mut browser, &page, &path, &facts).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(&path).await;
    for word in ["SEC-X1f)", "Severity:", "Decide what it is"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let decide = format!("/incidents/{id}/decide");
    let form = browser.get(&decide).await;
    let again = post(&mut browser, &form, &decide, &[("verdict", "incident"), ("reason", "")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post(&mut browser, &again, &decide, &[("verdict", "incident"), ("reason", "It is lost for good.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let mut supplier = lead.browser(&world);
    let overview = supplier.get(&format!("/incidents/{id}")).await;
    assert!(overview.text().contains("It is lost for good.") && overview.text().contains("It is an incident"), "{}", overview.text());
    assert_eq!(supplier.get(&path).await.status, StatusCode::FORBIDDEN);
    let history = supplier.get(&format!("/incidents/{id}/history")).await.text();
    assert!(!history.contains("Tests put to"), "{history}");
    // Whoever has nothing to do with it finds none of its pages.
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    for page in ["", "/triage", "/decide", "/answers", "/answers/report", "/check", "/sent", "/thread", "/tasks", "/files", "/history", "/step/reply"] {
        assert_eq!(other.get(&format!("/incidents/{id}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
    }
});

both_engines!(migrations, /// SEC-X1j: beside the questions about a caller, with the duty and with the pack stands what to do in special cases, and
/// the way to more.
async fn sec_x1j_guidance_stands_where_it_is_needed(db) {
    let world = World::new(db).await;
    crate::ruling::tests::ruled_by(&world).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = reported(&lead.cx, world.lead.1).await.id;
    let mut browser = lead.browser(&world);
    let pack = crate::pack::packs(&world.app.core).newest("provider_security").unwrap().clone();
    let at = format!("/packs/provider_security/{}", pack.edition);
    let link = "href=\"https://www.jobsaware.co.uk\" rel=\"noreferrer external\"";
    for path in [format!("/incidents/{id}/answers/callers"), format!("/obligations/{}/provider_security/check_callers", world.lead.1), at] {
        let page = browser.get(&path).await;
        assert!(page.status == StatusCode::OK && page.body.contains(link), "{path}: {}", page.text());
        assert!(page.text().contains("A job that does not exist: more at jobsaware.co.uk"), "{path}: {}", page.text());
    }
    assert!(!browser.get(&format!("/incidents/{id}/answers/cause")).await.body.contains("jobsaware"));
});
