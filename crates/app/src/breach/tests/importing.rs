//! Lists of findings taken in: through the act, the page and the route for programs.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::Error;
use rules::findings::read;
use testkit::both_engines;

use super::{about, act, case, everything, told, work};
use crate::arrangement::act as arrangements;
use crate::breach::act::{Figures, Outcome, Told};
use crate::breach::model::Found;
use crate::contract::{act as contracts, store as contract};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

/// The world, its contract called FER-7.
async fn world(db: testkit::TestDb) -> World {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let row = contract::get(cx.db(), world.contract).await.unwrap().row;
    let mut details = row.details();
    details.reference = Some("FER-7".to_owned());
    contracts::change(&cx, world.contract, row.version, &details).await.unwrap();
    world
}

const LIST: &str = "id,contract,party,work,country,since,informed,noticed,finding,facts,containment\n\
    F-1,FER-7,Halyard Systems,Night calls,India,2026-02-01,,2026-02-20,not informed,Two people looked bookings up.,Access taken away.\n\
    F-2,FER-7,bowline support,Tests in Porto,PT,2026-02-01,2026-01-10,,,,\n\
    F-3,FER-8,Halyard Systems,Payroll,IN,2026-02-01,,,,,\n\
    F-4,FER-7,Capstan Group,Payroll,IN,2026-02-01,,,,,\n\
    F-5,FER-7,Halyard Systems,Payroll,IN,2027-02-01,,,,,\n\
    F-6,FER-7,Halyard Systems,Payroll,IN,01/02/2026,,,,,\n";

async fn import(cx: &platform::Cx, text: &str) -> Vec<Told> {
    act::import(cx, Some("Harbour audit"), &read(text.as_bytes()).unwrap()).await.unwrap()
}

both_engines!(migrations, /// OFF-9b: each finding of a list opens a breach as one opened by hand; what is wrong is named by its line, and the same list again opens nothing.
async fn off_9b_a_list_opens_breaches_once(db) {
    let world = world(db).await;
    let operator = world.app.operator();
    let became = import(&operator, LIST).await;
    assert_eq!(Figures::of(&became), Figures { rows: 6, opened: 2, known: 0, differing: 0, quarantined: 4 });
    let all = everything(&world).await;
    assert_eq!(all.len(), 2);
    let first = &all[0].case;
    assert_eq!((first.reference.as_deref(), first.stage.as_str(), first.title.as_str()), (Some("BRE-2026-000001"), "establishing", "Night calls"));
    assert_eq!((first.party, first.place, first.contract), (world.lead.0, Some(world.lead.1), Some(world.contract)));
    assert!(first.due.is_some(), "it waits for somebody, as one opened by hand");
    let known = about(&world, first.id).await;
    assert_eq!((known.facts.finding.as_str(), known.facts.began, known.facts.informed), ("not_informed", date(2026, 2, 1), None));
    assert_eq!(known.facts.facts.as_deref(), Some("Two people looked bookings up."));
    assert_eq!(known.facts.containment.as_deref(), Some("Access taken away."));
    let found = Found {
        source: Some("Harbour audit".to_owned()),
        number: Some("F-1".to_owned()),
        country: Some("IN".to_owned()),
        noticed: Some(date(2026, 2, 20)),
    };
    assert_eq!(known.found, Some(found));
    // The second left the failing open: it was informed before, so it is the other one.
    assert_eq!(about(&world, all[1].case.id).await.facts.finding, "started_unapproved");
    assert_eq!((became[1].judged, became[1].finding.as_deref()), (true, Some("started_unapproved")));
    assert_eq!(all[1].case.party, world.sub.0);
    let ledger = told(&world, first.id).await;
    assert_eq!((ledger.len(), ledger[0].0.as_str(), ledger[0].1["finding"].as_str()), (1, "breach.open", "not_informed"));
    assert!(ledger[0].1.contains_key("list"));
    let wrong: Vec<(usize, &str, &str)> = became
        .iter()
        .filter(|row| row.outcome == Outcome::Quarantined)
        .map(|row| (row.line, row.reasons[0].column.as_str(), row.reasons[0].code.as_str()))
        .collect();
    assert_eq!(wrong, [
        (4, "contract", "findings-fault-contract-unknown"),
        (5, "party", "findings-fault-party-unknown"),
        (6, "began", "breach-began-later"),
        (7, "began", "date"),
    ]);
    assert!(became.iter().flat_map(|row| &row.reasons).all(|reason| !reason.text.starts_with("findings-")), "in words");
    // Again, by somebody else, with one row mended and one that says something else now.
    let manager = world.official("contract_manager").await;
    let mended = LIST.replace("01/02/2026", "2026-01-02").replace("Two people", "Three people");
    let became = import(&manager.cx, &mended).await;
    assert_eq!(Figures::of(&became), Figures { rows: 6, opened: 1, known: 2, differing: 1, quarantined: 3 });
    assert_eq!((became[0].reference.as_deref(), became[0].differs), (Some("BRE-2026-000001"), true));
    assert_eq!(about(&world, first.id).await.facts.facts.as_deref(), Some("Two people looked bookings up."), "what stands is not written over");
    assert_eq!(everything(&world).await.len(), 3);
    // Whoever brought it in opened it, and does not decide on it.
    let third = everything(&world).await.remove(2);
    assert_eq!(third.handled_by, [manager.account]);
    assert_eq!(case(&world, third.case.id).await.stage, "establishing");
});

both_engines!(migrations, /// OFF-9b: work that is in the register is tied to its breach by its name; one that is open for the same finding stays the only one.
async fn off_9b_a_finding_about_known_work(db) {
    let world = world(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    // Reported, it opens a breach by itself.
    let id = arrangements::report(&lead.cx, world.lead.1, &work()).await.unwrap();
    let row = "contract,party,work,since,finding\nFER-7,Halyard Systems,NIGHT CALLS,2026-02-01,not informed\n";
    let became = import(&world.app.operator(), row).await;
    assert_eq!((became[0].outcome, became[0].reasons[0].code.as_str()), (Outcome::Quarantined, "breach-open-already"));
    assert!(became[0].reasons[0].text.contains("BRE-2026-000001"), "{}", became[0].reasons[0].text);
    let other = row.replace("not informed", "started unapproved");
    assert_eq!(Figures::of(&import(&world.app.operator(), &other).await).opened, 1);
    let all = everything(&world).await;
    assert_eq!(about(&world, all[1].case.id).await.arrangement, Some(id));
});

both_engines!(migrations, /// OFF-9b: whoever may open no breach brings in no list, whatever stands in it.
async fn off_9b_a_list_is_for_those_who_open_breaches(db) {
    let world = world(db).await;
    for (role, party) in [("supplier_lead", world.lead.0), ("internal_audit", world.authority), ("assessor", world.authority)] {
        let person = world.person(role, party).await;
        refused_by(act::import(&person.cx, None, &read(LIST.as_bytes()).unwrap()).await, "nothing-permits");
        let mut browser = person.browser(&world);
        assert_eq!(browser.get("/breaches/import").await.status, StatusCode::NOT_FOUND, "{role}");
    }
    assert!(everything(&world).await.is_empty());
    let long = act::import(&world.app.operator(), Some(&"s".repeat(201)), &[]).await;
    assert!(matches!(long, Err(Error::Invalid(errors)) if errors.get("source").is_some()));
});

both_engines!(migrations, /// OFF-9b: by browser: what is wrong with a file is said beside it; then each row is told of, those to be mended first.
async fn off_9b_a_list_is_brought_in_by_browser(db) {
    let world = world(db).await;
    let mut browser = world.official("security").await.browser(&world);
    assert!(browser.get("/breaches/new").await.body.contains("/breaches/import"));
    let form = browser.get("/breaches/import").await;
    assert!(form.text().contains("Which columns the list may have"), "{}", form.text());
    let nothing = browser.upload_only(&form, "/breaches/import", &[("source", "Harbour audit")], &[]).await;
    assert!(nothing.text().contains("Choose the file with the list") && nothing.body.contains("Harbour audit"), "{}", nothing.text());
    let wrong = browser.upload_only(&form, "/breaches/import", &[], &[("file", "list.csv", b"a,b\n1,2\n")]).await;
    assert!(wrong.text().contains("The first line must be a heading"), "{}", wrong.text());
    let done = browser.upload_only(&form, "/breaches/import", &[("source", "Harbour audit")], &[("file", "list.csv", LIST.as_bytes())]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    for part in ["From list.csv", "Breaches opened 2", "Rows that could not be taken 4", "No contract has this reference", "BRE-2026-000002", "by the days"] {
        assert!(done.text().contains(part), "{part}: {}", done.text());
    }
    let of = everything(&world).await.remove(0).case;
    let page = browser.get(&format!("/breaches/{}", of.id)).await.text();
    for part in ["Found by Harbour audit", "Number of the finding F-1", "Where India", "Noticed 20 February 2026"] {
        assert!(page.contains(part), "{part}: {page}");
    }
});
