//! The screens.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{SCANS, SECURITY, allowing, asked, ruled_by, today};
use crate::casework;
use crate::casework::writing::Writing;
use crate::migrations::migrations;
use crate::obligation::store as duties;
use crate::offshoring::tests::world::World;
use crate::ruling::{Rulings, act};

both_engines!(migrations, /// SEC-36, SEC-39: from the duty to the question with its rule filled in, to the ruling, and back to the duty where everybody in the chain reads it.
async fn sec_36_asked_from_the_duty_and_read_there(db) {
    let world = World::new(db).await;
    ruled_by(&world).await;
    let mut lead = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let duty = format!("/obligations/{}/{SECURITY}/{SCANS}", world.lead.1);
    let page = lead.get(&duty).await;
    for word in ["Which document governs", "Blocked", "blocked until a ruling", "Ask for a ruling"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let path = format!("/rulings/new/{}", world.lead.1);
    assert!(page.body.contains(&format!("{path}?rule={SECURITY}.{SCANS}")), "{}", page.body);
    let form = lead.get(&format!("{path}?rule={SECURITY}.{SCANS}")).await;
    let (to, fields) = form.fill(&path, &[]);
    let again = lead.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("Write your question"), "{}", again.text());
    let (to, fields) = again.fill(&path, &[("question", "May we keep scans alone?")]);
    let made = lead.post_raw(&to, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let at = made.location();
    let page = lead.get(&at).await;
    for word in ["RUL-2026-000001", "May we keep scans alone?", "Keep paper until a ruling lets you go electronic", "To be ruled on"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    assert!(!page.body.contains("/step/rule"));
    // The authority rules.
    let mut legal = world.official("legal").await.browser(&world);
    assert!(legal.get("/").await.text().contains("Questions about rules that wait for you"));
    let form = legal.get(&format!("{at}/step/rule")).await;
    let (to, fields) = form.fill("/step/rule", &[]);
    let again = legal.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("Say why"), "{}", again.text());
    let given = [("allows", "yes"), ("q.asks", "limit"), ("direction", "at_most"), ("value", "30"), ("unit", "days"), ("reason", "Paper is kept for thirty days.")];
    let (to, fields) = again.fill("/step/rule", &given);
    assert_eq!(legal.post_raw(&to, &fields).await.status, StatusCode::SEE_OTHER);
    for browser in [&mut lead, &mut legal] {
        let page = browser.get(&duty).await;
        for word in ["Ruled", "RUL-2026-000001", "Allowed by this ruling", "At most 30 days", "Paper is kept for thirty days."] {
            assert!(page.text().contains(word), "{word}: {}", page.text());
        }
    }
    // Below, the ruling is read with the duty; the question is nobody's there.
    let mut below = world.person("supplier_lead", world.sub.0).await.browser(&world);
    let page = below.get(&format!("/obligations/{}/{SECURITY}/{SCANS}", world.sub.1)).await;
    assert!(page.text().contains("Paper is kept for thirty days.") && !page.body.contains(&at), "{}", page.text());
    assert!(lead.get("/rulings").await.text().contains("until further notice"));
    // It is taken back.
    let form = legal.get(&format!("{at}/revoke")).await;
    let (to, fields) = form.fill("/revoke", &[("reason", "The scanner failed.")]);
    assert_eq!(legal.post_raw(&to, &fields).await.status, StatusCode::SEE_OTHER);
    let page = below.get(&format!("/obligations/{}/{SECURITY}/{SCANS}", world.sub.1)).await;
    assert!(page.text().contains("Blocked") && page.text().contains("The scanner failed."), "{}", page.text());
    assert_eq!(lead.get(&format!("{at}/revoke")).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// SEC-36, OWN-3: others of the same contract, other suppliers and accounts that ended find no question by its address.
async fn sec_36_others_find_no_question(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = asked(&world, &lead.cx, "May our vault in Leith keep scans alone?").await;
    casework::act::write::<Rulings>(&world.official("security").await.cx, id, &Writing::note("Hush: ask the lawyers first.")).await.unwrap();
    for party in [world.other.0, world.sub.0] {
        let mut browser = world.person("supplier_lead", party).await.browser(&world);
        for page in ["", "/thread", "/tasks", "/files", "/history", "/who", "/step/withdraw", "/step/rule", "/revoke"] {
            assert_eq!(browser.get(&format!("/rulings/{id}{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        assert!(!browser.get("/rulings").await.text().contains("RUL-2026-000001"));
    }
    let mut own = lead.browser(&world);
    for page in ["", "/thread", "/history"] {
        assert!(!own.get(&format!("/rulings/{id}{page}")).await.text().contains("Hush"), "{page}");
    }
    // A place that ended asks and reads no more.
    let operator = world.app.operator();
    let place = crate::contract::store::place(operator.db(), world.lead.1).await.unwrap().row;
    crate::contract::act::end_place(&operator, place.id, place.version, None).await.unwrap();
    assert_eq!(own.get(&format!("/rulings/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(own.get(&format!("/rulings/new/{}", world.lead.1)).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// SEC-36: people are told by mail, never what was asked.
async fn sec_36_people_are_told(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let legal = world.official("legal").await;
    let id = asked(&world, &lead.cx, "May our vault in Leith keep scans alone?").await;
    world.app.work().await;
    act::rule(&legal.cx, id, 1, &allowing(today(&world))).await.unwrap();
    world.app.work().await;
    let mail = world.mail().await;
    let to = |email: &str| mail.get(email).cloned().unwrap_or_default().join("\n");
    assert!(to(&legal.email).contains("RUL-2026-000001 waits for you"), "{mail:?}");
    assert!(to(&lead.email).contains("RUL-2026-000001: a ruling"), "{mail:?}");
    assert!(!mail.values().flatten().any(|letter| letter.contains("Leith")));
    let duty = duties::get(&lead.cx, world.lead.1, SECURITY, SCANS).await.unwrap();
    assert!(duty.row.owed);
});
