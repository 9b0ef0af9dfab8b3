//! The screens of both sides.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{of, stands};
use crate::incident::tests::reported;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::sweep::model::Answer;
use crate::sweep::store;

both_engines!(migrations, /// SEC-21, SEC-24: from an incident the authority asks, sees first who that is, leaves some out, and follows the answers on one page; who is asked
/// finds it at home and is led to its report.
async fn sec_21_asked_and_answered_on_pages(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let manager = world.official("contract_manager").await;
    let incident = reported(&lead.cx, world.lead.1).await;
    let mut browser = manager.browser(&world);
    let page = browser.get(&format!("/incidents/{}", incident.id)).await;
    let page = browser.get(&page.link("Ask other suppliers whether they are affected too")).await;
    assert!(page.text().contains("No sweeps yet"), "{}", page.text());
    let page = browser.get(&page.link("Ask suppliers")).await;
    assert!(page.text().contains(incident.reference.as_deref().unwrap()), "{}", page.text());
    let page = browser.submit(&page, "/sweeps/new", &[("title", ""), ("question", ""), ("tier", "99"), ("go", "preview")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Enter a tier from 1 to 20"), "{}", page.text());
    let asked = [("title", "Label readers"), ("question", "Do your readers run release 4?"), ("tier", ""), ("go", "preview")];
    let page = browser.submit(&page, "/sweeps/new", &asked).await;
    assert!(page.text().contains("You are about to ask 3 suppliers, to be answered by 9 March 2026."), "{}", page.text());
    assert!(page.text().contains("1 of them has nobody here"), "{}", page.text());
    // Who reported it is ticked to be left out.
    assert!(page.body.contains(&format!("value=\"{}\" checked", world.lead.0)), "{}", page.body);
    let page = browser.submit(&page, "/sweeps/new", &[("go", "send")]).await;
    let id: uuid::Uuid = page.path.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("{}: {}", page.path, page.text()));
    assert_eq!((stands(&world, id).await.asked, stands(&world, id).await.incident), (2, Some(incident.id)));
    assert!(page.text().contains("Label readers") && page.text().contains("2 suppliers"), "{}", page.text());
    // At home, then the question.
    let mut supplier = other.browser(&world);
    let home = supplier.get("/").await;
    assert!(home.text().contains("Label readers: answer by 9 March 2026"), "{}", home.text());
    let at = format!("/sweeps/answers/{}", of(&world, id, world.other.0).await.id);
    let page = supplier.get(&at).await;
    let page = supplier.submit(&page, &at, &[("answer", "not_affected")]).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains("Say how you know"), "{}", page.text());
    let page = supplier.submit(&page, &at, &[("answer", "not_affected"), ("said", "Ask robin@capstan.example")]).await;
    assert!(page.text().contains("This holds data about people") && page.text().contains("Mask what was found"), "{}", page.text());
    let page = supplier.submit(&page, &at, &[("answer", "affected"), ("said", "")]).await;
    assert!(page.path == at && page.text().contains("Report it now"), "{} {}", page.path, page.text());
    assert!(supplier.get("/").await.text().contains("Label readers: report the incident"));
    let page = supplier.get(&page.link("Report the incident")).await;
    assert!(page.path.starts_with(&format!("/incidents/new/{}?asked=", world.other.1)) && page.body.contains("name=\"asked\""), "{}", page.path);
    let answers = [
        ("q.what_happened", "A reader was found to run release 4."),
        ("q.happened.date.day", "1"),
        ("q.happened.date.month", "3"),
        ("q.happened.date.year", "2026"),
        ("q.discovered.date.day", "2"),
        ("q.discovered.date.month", "3"),
        ("q.discovered.date.year", "2026"),
        ("q.involved", "device"),
        ("q.still_going_on", "yes"),
        ("q.reach_me", "The desk"),
    ];
    let action = format!("/incidents/new/{}", world.other.1);
    let sent = supplier.submit(&page, &action, &answers).await;
    assert!(sent.path.ends_with("/sent"), "{} {}", sent.path, sent.text());
    let row = of(&world, id, world.other.0).await;
    assert!(row.stands() == Answer::Affected && row.incident.is_some());
    assert!(!supplier.get("/").await.text().contains("Label readers"));
    // The authority follows.
    let page = browser.get(&format!("/sweeps/{id}")).await;
    let text = page.text();
    assert!(text.contains("1 Affected") || text.contains("Affected"), "{text}");
    let page = browser.get(&format!("/sweeps/answers?sweep={id}&answer=affected")).await;
    let rows = page.select("tbody tr");
    assert!(rows.len() == 1 && rows[0].contains("Capstan Group") && rows[0].contains("Reported"), "{rows:#?}");
    let page = browser.get(&format!("/sweeps/answers?sweep={id}&answer=awaited")).await;
    assert!(page.select("tbody tr")[0].contains("Bowline Support nobody here"), "{:#?}", page.select("tbody tr"));
    let at = format!("/sweeps/answers/{}", of(&world, id, world.sub.0).await.id);
    let page = browser.get(&at).await;
    assert!(page.text().contains("Bowline Support has nobody here"), "{}", page.text());
    browser.submit(&page, &at, &[("answer", "not_known"), ("until.day", "12"), ("until.month", "3"), ("until.year", "2026")]).await;
    assert!(of(&world, id, world.sub.0).await.on_behalf);
    let page = browser.get(&format!("/sweeps/{id}")).await;
    let page = browser.submit(&page, &format!("/sweeps/{id}/remind"), &[]).await;
    assert!(page.text().contains("Reminded 1 supplier"), "{}", page.text());
    let page = browser.submit(&page, &format!("/sweeps/{id}/end"), &[("reason", "")]).await;
    assert!(page.text().contains("Say why you end it"), "{}", page.text());
    let page = browser.submit(&page, &format!("/sweeps/{id}/end"), &[("reason", "The maker withdrew them.")]).await;
    assert!(page.text().contains("The maker withdrew them.") && !page.has_form(&format!("/sweeps/{id}/end")), "{}", page.text());
    assert!(supplier.get(&format!("/sweeps/answers/{}", row.id)).await.text().contains("No answer is awaited any more"));
    let filter = store::Filter { sweep: Some(id), ..store::Filter::default() };
    assert_eq!(store::answers(&manager.cx, &filter, None, 10).await.unwrap().0.len(), 2);
});
