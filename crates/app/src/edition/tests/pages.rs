//! The pages and the routes for programs.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{archive, edition, without_question};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::pack::{Use, packs};

both_engines!(migrations, /// OFF-0, OFF-2, OUT-0: an administrator uploads an edition, sees what it is, what differs and what rests on it, and installs it; faults are named by file and line.
async fn off_2_an_edition_is_installed_on_its_page(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    world.submitted(&lead).await;
    let admin = world.official("administrator").await;
    let mut browser = admin.browser(&world);
    let list = browser.get("/packs").await;
    let form = browser.get(&list.link("Install an edition")).await;
    let empty = browser.upload(&form, "/packs/install", &[]).await;
    assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text().contains("Choose the file of the pack"), "{}", empty.text());
    let faulty = edition("offshoring", "2027.1", &[("pack.yaml", "owed_by: supplier", "owed_by: nobody_at_all")]);
    let said = browser.upload(&form, "/packs/install", &[("file", "a.zip", &archive(&faulty))]).await;
    assert!(said.status == StatusCode::UNPROCESSABLE_ENTITY && said.text().contains("pack.yaml:54"), "{}", said.text());
    let changes = [
        ("pack.yaml", "change_note: First edition.", "change_note: Fewer questions."),
        ("pack.yaml", "title: Most people offshore for a short assessment, value: 10", "title: Most people offshore for a short assessment, value: 12"),
        ("pack.yaml", "- id: know_the_triggers", "- id: know_what_counts"),
    ];
    let source = without_question(edition("offshoring", "2027.1", &changes), "business_description");
    let preview = browser.upload(&form, "/packs/install", &[("file", "pack.zip", &archive(&source))]).await;
    let text = preview.text();
    for part in [
        "Fewer questions.",
        "Withdrawn",
        "Nothing is installed yet",
        "Cases under way: 1.",
        "1 question is no longer asked",
        "Describe the business that this work is part of",
        "Most people offshore for a short assessment",
        "know_what_counts",
        "know_the_triggers",
        "Added",
        "Removed",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // It waits on the list until somebody decides.
    let list = browser.get("/packs").await;
    assert!(list.text().contains("Waiting for you to confirm"), "{}", list.text());
    let bare = browser.submit(&preview, "/confirm", &[]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("Say that you know"), "{}", bare.text());
    let done = browser.submit(&preview, "/confirm", &[("dropping", "yes")]).await;
    assert_eq!(done.path, "/packs/offshoring/2027.1", "{}", done.text());
    assert!(done.text().contains("Not in use yet") && done.text().contains("It was installed here."), "{}", done.text());
    assert!(!browser.get("/packs").await.text().contains("Waiting for you to confirm"));
    let using = browser.get(&done.link("Put in use")).await;
    assert!(using.text().contains("It takes the place of edition 2026.1") && using.text().contains("1 case is under way"), "{}", using.text());
    let bare = browser.submit(&using, "/use", &[]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("Say why"), "{}", bare.text());
    let done = browser.submit(&bare, "/use", &[("reason", "The board agreed")]).await;
    assert!(done.text().contains("In use") && done.text().contains("Reason: The board agreed"), "{}", done.text());
    // Both sides read what differs, later too, and the other way round.
    let mut hers = lead.browser(&world);
    let differs = hers.get("/packs/offshoring/2027.1/difference?from=2026.1").await;
    assert!(differs.text().contains("Most people offshore") && differs.text().contains("12"), "{}", differs.text());
    let back = hers.get("/packs/offshoring/2026.1/difference").await;
    assert!(back.text().contains("From edition 2027.1 to edition 2026.1"), "{}", back.text());
    assert_eq!(hers.get("/packs/offshoring/2027.1/difference?from=1999").await.status, StatusCode::NOT_FOUND);
    assert!(!hers.get("/packs/offshoring/2027.1").await.text().contains("The board agreed"), "why is the authority's own");
    let only = hers.get("/packs/outsourcing/2026.1/difference").await;
    assert!(only.text().contains("no other edition"), "{}", only.text());
    // An upload that nobody wants is discarded.
    let form = browser.get("/packs/install").await;
    let preview = browser.upload(&form, "/packs/install", &[("file", "pack.zip", &archive(&edition("offshoring", "2027.3", &[])))]).await;
    assert!(preview.text().contains("2027.3"), "{}", preview.text());
    let list = browser.submit(&preview, "/discard", &[]).await;
    assert!(list.path == "/packs" && !list.text().contains("2027.3"), "{}", list.text());
    let known = packs(&world.app.core);
    assert_eq!(known.use_of(known.get("offshoring", "2026.1").unwrap()), Use::Earlier);
});
