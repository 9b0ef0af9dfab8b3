//! Sealed answers: closed on every page, opened one at a time by a form that leaves an entry. OWN-4.

use axum::http::{StatusCode, header};
use platform::book;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{World, answers};
use crate::migrations::migrations;
use crate::offshoring::{Proposals, act};

/// What the sealed answers of the world say, and what must not stand on a page unasked.
const SECRETS: [&str; 4] =
    ["The office network and a private line.", "A tunnel to the gateway at home.", "Guarded, badges, cameras.", "020 7946 0000"];

fn told(page: &Page) -> Vec<&'static str> {
    SECRETS.into_iter().filter(|secret| page.body.contains(secret)).collect()
}

async fn ask(browser: &mut Browser, id: Uuid, path: &str) -> Page {
    let page = browser.get(&format!("/proposals/{id}")).await;
    browser.submit_only(&page, "/reveal#sealed", &[("answer", path)]).await
}

async fn size(world: &World) -> u64 {
    book::size(world.app.core.db.reader()).await.unwrap()
}

both_engines!(migrations, /// OWN-4: sealed answers are closed on every page; a form opens one, once, with an entry that names the question and not the answer.
async fn own_4_a_sealed_answer_is_opened_by_a_form_with_an_entry(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, assessor, _) = world.at_decision(&lead).await;
    let mut browser = assessor.browser(&world);
    let before = size(&world).await;
    let mut pages = vec![String::new()];
    pages.extend(["classification", "risk", "history", "thread", "tasks"].map(|page| format!("/{page}")));
    pages.extend(world.factors(&assessor, id).await.iter().map(|factor| format!("/risk/{factor}")));
    for page in pages {
        let page = browser.get(&format!("/proposals/{id}{page}")).await;
        assert_eq!((page.status, told(&page)), (StatusCode::OK, vec![]), "{}", page.path);
    }
    let overview = browser.get(&format!("/proposals/{id}")).await;
    assert_eq!(overview.text().matches("Sealed Show").count(), 4, "{}", overview.text());
    assert!(overview.text().contains("Pune office"), "what is not sensitive is in the open");
    assert_eq!(size(&world).await, before, "looking leaves no entry");

    let shown = ask(&mut browser, id, "networks").await;
    assert_eq!((shown.status, told(&shown)), (StatusCode::OK, vec![SECRETS[0]]), "{}", shown.text());
    assert_eq!(shown.headers[header::CACHE_CONTROL], "no-store");
    assert!(shown.text().contains("You asked for this answer."));
    let shown = ask(&mut browser, id, "sites.0.site_protection").await;
    assert_eq!(told(&shown), [SECRETS[2]]);
    assert_eq!(told(&ask(&mut browser, id, "governing_contact").await), [SECRETS[3]]);
    assert!(told(&browser.get(&format!("/proposals/{id}")).await).is_empty(), "the page itself stays closed");
    assert_eq!(browser.get(&format!("/proposals/{id}/reveal")).await.path, format!("/proposals/{id}"));

    assert_eq!(size(&world).await, before + 3);
    let lines = book::timeline(&assessor.cx, "proposal", &id.to_string(), 500).await.unwrap();
    let asked: Vec<_> = lines.iter().filter(|line| line.action == "proposal.reveal").collect();
    assert_eq!(asked.iter().map(|line| line.about["question"].as_str()).collect::<Vec<_>>(), ["networks", "sites.0.site_protection", "governing_contact"]);
    for line in &asked {
        assert_eq!((line.actor_id.as_str(), line.about["round"].as_str()), (assessor.account.to_string().as_str(), "1"));
        let said = line.body.clone().unwrap().to_string();
        assert!(said.contains("title") && SECRETS.iter().all(|secret| !said.contains(secret)), "{said}");
    }
    let history = browser.get(&format!("/proposals/{id}/history")).await;
    assert!(history.text().contains("Sealed answer shown") && history.text().contains("Which networks are used?"), "{}", history.text());
    // Which of its answers somebody of the authority read is the authority's own affair.
    let theirs = lead.browser(&world).get(&format!("/proposals/{id}/history")).await;
    assert!(!theirs.text().contains("Sealed answer shown"));
});

both_engines!(migrations, /// OWN-4: only those who have to do with a proposal open its sealed answers; what is no sealed answer cannot be asked for.
async fn own_4_who_opens_sealed_answers(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let manager = world.official("contract_manager").await;
    let owner = world.official("owner").await;
    let mut looking = owner.browser(&world);
    let page = looking.get(&format!("/proposals/{id}")).await;
    assert!(page.status == StatusCode::OK && !page.has_form("/reveal#sealed") && told(&page).is_empty());
    assert!(page.text().contains("Sealed") && !page.text().contains("Sealed Show"));
    let stranger = world.person("supplier_lead", world.other.0).await;
    for (person, hidden) in [(&owner, false), (&stranger, true)] {
        let refused = crate::casework::act::reveal::<Proposals>(&person.cx, id, "networks").await.err().unwrap();
        assert!(matches!(&refused, platform::Error::Refused(r) if r.hidden == hidden), "{refused}");
    }
    for role in ["administrator", "procurement_lead"] {
        let official = world.official(role).await;
        assert!(crate::casework::act::reveal::<Proposals>(&official.cx, id, "networks").await.is_err(), "{role}");
    }
    let mut own = lead.browser(&world);
    assert!(told(&own.get(&format!("/proposals/{id}")).await).is_empty());
    assert_eq!(told(&ask(&mut own, id, "connectivity").await), [SECRETS[1]]);

    let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let before = size(&world).await;
    let long = "networks".repeat(600);
    for path in ["", "work_title", "networks.0.x", "sites", "sites.1.site_protection", "sites.x.site_protection", "sites.0.site_name", "network_diagram", &long] {
        let refused = crate::casework::act::reveal::<Proposals>(&manager.cx, id, path).await;
        assert!(matches!(refused, Err(platform::Error::NotFound)), "{path}: {refused:?}");
    }
    // A draft is its supplier's own affair, and nobody's to open.
    assert!(crate::casework::act::reveal::<Proposals>(&manager.cx, draft, "networks").await.is_err());
    assert!(crate::casework::act::reveal::<Proposals>(&lead.cx, draft, "networks").await.is_err());
    assert_eq!(size(&world).await, before, "nothing was opened");
});

both_engines!(migrations, /// OWN-4: two rounds side by side tell that a sealed answer changed, and neither answer.
async fn own_4_changes_of_sealed_answers_are_told_closed(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let manager = world.official("contract_manager").await;
    let version = world.version(id).await;
    let point = platform::cases::rounds::NewPoint { section: None, question: None, text: "Say more of the networks".into() };
    act::send_back(&manager.cx, id, version, "More is needed", &[point]).await.unwrap();
    let mut again = answers(world.lead.0);
    again["networks"] = serde_json::json!("Two lines, one of them leased.");
    world.answer(&lead.cx, id, again).await;
    let version = world.version(id).await;
    act::submit(&lead.cx, id, version, true, Some("We say more now.")).await.unwrap();
    let page = manager.browser(&world).get(&format!("/proposals/{id}/changes")).await;
    assert!(page.text().contains("Which networks are used? Changed Sealed Sealed"), "{}", page.text());
    assert!(told(&page).is_empty() && !page.body.contains("one of them leased"));
});
