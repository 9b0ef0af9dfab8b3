//! The screens and the routes for programs.

use axum::http::StatusCode;
use jiff::civil::date;
use testkit::both_engines;

use super::{act, approved, one, work};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-6b: every instance stands in one list, by contract, tier, country and approval; each side sees its own.
async fn off_6b_every_instance_is_listed(db) {
    let world = World::new(db).await;
    let (lead, proposal, _) = approved(&world).await;
    act::report(&lead.cx, world.sub.1, &work("Calls from Goa")).await.unwrap();
    let mut browser = world.official("security").await.browser(&world);
    let all = browser.get("/arrangements").await.text();
    for word in ["Night support for ferry bookings", "Calls from Goa", "Ferry bookings", "Bowline Support", "Not covered", "Under way", "India"] {
        assert!(all.contains(word), "{word}: {all}");
    }
    for (query, there, not) in [
        ("tier=2", "Calls from Goa", "Night support for"),
        (&format!("approval={proposal}"), "Night support for", "Calls from Goa"),
        ("country=IN&state=started", "Calls from Goa", "Night support for"),
        (&format!("party={}", world.lead.0), "Night support for", "Calls from Goa"),
        ("q=goa", "Calls from Goa", "Night support for"),
    ] {
        let text = browser.get(&format!("/arrangements?{query}")).await.select("tbody").join(" ");
        assert!(text.contains(there) && !text.contains(not), "{query}: {text}");
    }
    assert!(browser.get("/arrangements?country=PT").await.select("tbody").is_empty());
    let mut below = world.person("supplier_member", world.sub.0).await.browser(&world);
    let own = below.get("/arrangements").await.text();
    assert!(own.contains("Calls from Goa") && !own.contains("Night support for"), "{own}");
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert!(other.get("/arrangements").await.text().contains("No work abroad yet"));
    // An id in the address bar gives no name away.
    for query in [format!("contract={}", world.contract), format!("approval={proposal}"), format!("party={}", world.lead.0)] {
        let page = other.get(&format!("/arrangements?{query}")).await;
        for secret in ["Ferry bookings", "OFF-2026", "Halyard"] {
            assert!(!page.body.contains(secret), "{query} tells of {secret}");
        }
    }
});

both_engines!(migrations, /// OFF-9a, OFF-6: the page says what no approval covers, offers the start only while one does, and a start by force is refused with reasons.
async fn off_9a_a_start_is_refused_with_what_is_not_covered(db) {
    let world = World::new(db).await;
    let (lead, _, id) = approved(&world).await;
    let mut browser = lead.browser(&world);
    let path = format!("/arrangements/{id}");
    let page = browser.get(&path).await;
    assert!(page.text().contains("The approval begins on 1 June 2026. (OFF-6)"), "{}", page.text());
    assert!(page.text().contains("An approval covers this work from 1 June 2026 on.") && !page.has_form("/start"), "{}", page.text());
    // Somebody who keeps the address of the form.
    let csrf = browser.get("/account").await.fill("/sign-out", &[]).1.into_iter().find(|(name, _)| name == "csrf").unwrap().1;
    let fields = [("csrf".to_owned(), csrf), ("version".to_owned(), one(&world, id).await.row.version.to_string())];
    let refused = browser.post_raw(&format!("{path}/start"), &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("The approval begins on 1 June 2026."), "{}", refused.text());
    world.until(date(2026, 6, 1));
    let mut browser = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let page = browser.get(&path).await;
    assert!(page.text().contains("An approval covers this work until 31 May 2027."), "{}", page.text());
    let started = browser.submit(&page, &format!("{path}/start"), &[]).await;
    assert!(started.text().contains("This work is under way. An approval covers it until 31 May 2027."), "{}", started.text());
    // It ends by its form; what is wrong with the day stands beside it.
    let ended = browser.submit(&started, &format!("{path}/end"), &[("on.day", "1"), ("on.month", "7"), ("on.year", "2026")]).await;
    assert_eq!(ended.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ended.text().contains("You cannot end work on a day to come."), "{}", ended.text());
    let ended = browser.submit(&ended, &format!("{path}/end"), &[("on.day", "1"), ("on.month", "6"), ("on.year", "2026")]).await;
    assert!(ended.text().contains("Work ended") || ended.text().contains("Ended"), "{}", ended.text());
});

both_engines!(migrations, /// OFF-9b, OFF-6b: work under way is reported by a page that says why, and changed by one that shows both versions to whoever is late.
async fn off_9b_a_page_reports_and_changes(db) {
    let world = World::new(db).await;
    let member = world.person("supplier_member", world.sub.0).await;
    let mut browser = member.browser(&world);
    let whose = browser.get("/arrangements/report").await;
    assert!(whose.text().contains("hiding it makes the breach worse"), "{}", whose.text());
    let form = browser.get(&whose.link("Bowline Support, tier 2")).await;
    let path = format!("/arrangements/report/{}", world.sub.1);
    let filled = [
        ("name", "Calls from Goa"), ("kind", "access"), ("country", "India"), ("people", "3"), ("from.day", "1"), ("from.month", "2"),
        ("from.year", "2026"), ("to.day", "1"), ("to.month", "9"), ("to.year", "2026"),
    ];
    let mut wrong = filled.to_vec();
    wrong[2] = ("country", "United Kingdom");
    let again = browser.submit(&form, &path, &wrong).await;
    assert!(again.text().contains("United Kingdom is home, so this is no work abroad."), "{}", again.text());
    let page = browser.submit(&again, &path, &filled).await;
    for word in ["Calls from Goa", "This work is under way and no approval covers it.", "No approval is known for this work. (OFF-6, OFF-9a)"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    // Nobody else's place.
    assert_eq!(browser.get(&format!("/arrangements/report/{}", world.other.1)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("/arrangements/report/{}", world.lead.1)).await.status, StatusCode::NOT_FOUND);
    let id = page.path.trim_start_matches("/arrangements/").to_owned();
    let mut lead = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let change = format!("/arrangements/{id}/change");
    let (one, two) = (lead.get(&change).await, lead.get(&change).await);
    lead.submit(&one, &change, &[("people", "4")]).await;
    let clash = lead.submit(&two, &change, &[("people", "9")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    assert!(clash.text().contains("Someone changed this while you were writing."), "{}", clash.text());
    let mut audit = world.official("internal_audit").await.browser(&world);
    assert!(audit.get(&format!("/arrangements/{id}")).await.text().contains("Reported as under way"));
    assert_eq!(audit.get(&change).await.status, StatusCode::FORBIDDEN);
    assert_eq!(audit.get("/arrangements/report").await.status, StatusCode::NOT_FOUND);
});
