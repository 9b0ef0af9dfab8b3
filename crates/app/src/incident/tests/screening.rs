//! Data about people in what was reported (SEC-25).

use axum::http::StatusCode;
use platform::Error;
use platform::cases::Case;
use serde_json::{Value, json};
use testkit::both_engines;

use super::pages::post;
use super::reporting::{answer, posted_at};
use super::{case, entries, first, report};
use crate::casework::act as around;
use crate::casework::answering::documents;
use crate::incident::act;
use crate::incident::model::Incidents;
use crate::incident::screened::{passages, withheld};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World, refused_by};
use rules::form::{FrozenDocument, FrozenSection};

/// The National Insurance number that guidance gives as an example; nobody has it.
const NINO: &str = "QQ 12 34 56 C";
const MAIL: &str = "sam.bell@customers.example";

fn told() -> Value {
    let mut answers = first();
    answers["what_happened"] = json!(format!("We sent the booking of {MAIL} to another customer."));
    answers
}

async fn sent(lead: &Person, world: &World) -> Case {
    act::report(&lead.cx, &report(world.lead.1, told())).await.unwrap()
}

/// What the last round says of what happened, as it may be shown.
async fn said(who: &Person, world: &World, of: &Case) -> Value {
    let last = documents::<Incidents>(&who.cx, &case(world, of.id).await).await.unwrap().pop().unwrap().1;
    last.sections[0].answers[0].value.clone()
}

#[test]
fn sec_25_only_free_text_is_looked_at() {
    let answer = |id: &str, kind: &str, text: &str, sensitive: bool| {
        serde_json::from_value(json!({ "id": id, "type": kind, "label": "?", "value": text, "sensitive": sensitive })).unwrap()
    };
    let document = FrozenDocument {
        pack: "p".to_owned(),
        edition: "1".to_owned(),
        form: "f".to_owned(),
        title: "t".to_owned(),
        sections: vec![FrozenSection {
            id: "s".to_owned(),
            title: "S".to_owned(),
            answers: vec![
                answer("told", "longtext", MAIL, false),
                answer("line", "text", MAIL, false),
                answer("reach_me", "text", MAIL, false),
                answer("suspicion", "longtext", MAIL, true),
                answer("plain", "longtext", "A type of data, such as a National Insurance number, is none.", false),
            ],
        }],
    };
    let paths: Vec<String> = passages(&document).into_iter().map(|passage| passage.path).collect();
    assert_eq!(paths, ["told", "line"]);
    let shown = withheld(document.clone(), &std::collections::BTreeMap::new());
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(text.matches(MAIL).count(), 2, "what is asked for and what is sealed stays: {text}");
    // What was declared holds for that very text.
    let digest = passages(&document)[0].digest();
    let shown = withheld(document, &[("told".to_owned(), digest), ("line".to_owned(), "another".to_owned())].into());
    assert!(shown.sections[0].answers[0].sensitive && !shown.sections[0].answers[1].sensitive);
    assert_eq!(shown.sections[0].answers[0].value, MAIL);
}

both_engines!(migrations, /// SEC-25: a report with data about people arrives, and nobody reads the data: not on pages, not by programs, not in what changed.
async fn sec_25_the_report_is_kept_and_the_passage_withheld(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = sent(&lead, &world).await;
    assert_eq!(of.reference.as_deref(), Some("INC-2026-000001"));
    let security = world.official("security").await;
    for who in [&security, &lead] {
        let shown = said(who, &world, &of).await;
        assert!(!shown.to_string().contains("sam.bell") && shown.to_string().contains("█"), "{shown}");
        let mut browser = who.browser(&world);
        for page in ["", "/history", "/thread"] {
            let text = browser.get(&format!("/incidents/{}{page}", of.id)).await.body;
            assert!(!text.contains("sam.bell"), "{page}");
        }
    }
    let mut browser = security.browser(&world);
    assert!(browser.get(&format!("/incidents/{}", of.id)).await.text().contains("The supplier is asked to remove it"));
    // Only whoever completes the report reads the page with what was found.
    let path = format!("/incidents/{}/screening", of.id);
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN);
    assert!(lead.browser(&world).get(&path).await.text().contains("sam.bell"));
});

both_engines!(migrations, /// SEC-25: with one button what was found is masked, as another round; the round before goes on being withheld.
async fn sec_25_masked_with_one_button(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = sent(&lead, &world).await;
    let path = format!("/incidents/{}/screening", of.id);
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    let done = post(&mut browser, &page, &format!("{path}/mask"), &[("path", "what_happened")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(browser.get(&path).await.text().contains("Nothing in what you sent looks like data about people"));
    let now = case(&world, of.id).await;
    assert_eq!(now.round, 3);
    assert!(act::found(&lead.cx, lead.cx.db(), &now).await.unwrap().is_empty());
    let ledger = entries(&world, of.id).await;
    assert!(ledger.iter().any(|(action, told)| action == "incident.mask" && told.get("masked").is_some_and(|count| count == "1")), "{ledger:?}");
    let changes = browser.get(&format!("/incidents/{}/changes", of.id)).await.body;
    assert!(!changes.contains("sam.bell"), "{changes}");
    // Nothing is found there any more, and a stale page masks nothing.
    assert!(matches!(act::mask(&lead.cx, of.id, now.version, &["what_happened".to_owned()]).await, Err(Error::NotFound)));
});

both_engines!(migrations, /// SEC-25: several passages are masked at once, also within a group, with nothing else sent; what a colleague is writing meanwhile stays,
/// and a page from before does not bring back what was masked.
async fn sec_25_several_are_masked_and_nothing_comes_back(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut answers = told();
    answers["timeline"] = json!([{ "timeline_at": { "date": "2026-03-01" }, "timeline_what": format!("{MAIL} telephoned.") }]);
    let of = act::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap();
    let found = act::found(&lead.cx, lead.cx.db(), &of).await.unwrap();
    let paths: Vec<String> = found.iter().map(|passage| passage.path.clone()).collect();
    assert_eq!(paths, ["what_happened", "timeline.0.timeline_what"]);
    // A colleague is writing, and has sent nothing of it.
    let mut writing = told();
    writing["reach_me"] = json!("Somebody else by now");
    answer(&lead, of.id, "report", writing.clone()).await;
    let open = platform::forms::drafts::load(&lead.cx, of.id, 2).await.unwrap().version("report");
    act::mask(&lead.cx, of.id, case(&world, of.id).await.version, &paths).await.unwrap();
    let last = documents::<Incidents>(&lead.cx, &case(&world, of.id).await).await.unwrap().pop().unwrap().1;
    assert_eq!(last.answers().get("reach_me"), first().get("reach_me"), "only what was masked is sent");
    assert!(!serde_json::to_string(&last).unwrap().contains("sam.bell"));
    let kept = platform::forms::drafts::load(&lead.cx, of.id, 3).await.unwrap();
    assert_eq!(kept.answers.get("reach_me"), Some(&json!("Somebody else by now")), "what is being written stays");
    assert!(!kept.answers.canonical().contains("sam.bell"));
    // The colleague's page is from before.
    assert!(kept.version("report") > open);
    let clash = posted_at(&lead, of.id, "report", writing, Some(open)).await;
    assert!(matches!(clash, platform::forms::drafts::Outcome::Clash(_)), "{clash:?}");
});

both_engines!(migrations, /// SEC-25: declared essential with a reason it is sealed, shown only to those entitled, and each look leaves an entry; changed, it is
/// withheld again.
async fn sec_25_declared_essential(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = sent(&lead, &world).await;
    let security = world.official("security").await;
    refused_by(act::declare(&security.cx, of.id, of.version, "what_happened", "Please.").await, "nothing-permits");
    let unsaid = act::declare(&lead.cx, of.id, of.version, "what_happened", " ").await;
    assert!(matches!(unsaid, Err(Error::Invalid(_))), "{unsaid:?}");
    assert!(matches!(act::declare(&lead.cx, of.id, of.version, "reach_me", "So.").await, Err(Error::NotFound)));
    act::declare(&lead.cx, of.id, of.version, "what_happened", "You must reach the customer.").await.unwrap();
    let path = format!("/incidents/{}", of.id);
    let mut browser = security.browser(&world);
    let page = browser.get(&path).await;
    assert!(!page.body.contains("sam.bell") && page.text().contains("Show"), "{}", page.text());
    let shown = post(&mut browser, &page, &format!("{path}/reveal#sealed"), &[("answer", "what_happened")]).await;
    assert!(shown.body.contains("sam.bell"), "{}", shown.text());
    let looked = entries(&world, of.id).await;
    assert_eq!(looked.iter().filter(|(action, _)| action == "incident.reveal").count(), 1);
    // Who is not entitled is offered no button, and gets nothing.
    let manager = world.official("contract_manager").await;
    assert!(!manager.browser(&world).get(&path).await.body.contains("name=\"answer\""));
    refused_by(around::reveal::<Incidents>(&manager.cx, of.id, "what_happened").await, "nothing-permits");
    // Another text at the same place is another matter.
    world.app.advance(60_000);
    let mut more = told();
    more["what_happened"] = json!(format!("We sent the booking of {MAIL}, whose number is {NINO}, to another customer."));
    answer(&lead, of.id, "report", more).await;
    act::add(&lead.cx, of.id, case(&world, of.id).await.version).await.unwrap();
    let again = said(&lead, &world, &of).await.to_string();
    assert!(!again.contains("sam.bell") && !again.contains("QQ 12"), "{again}");
});
