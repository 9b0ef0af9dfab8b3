//! The papers about an incident, and the marking on screen, mail and paper (SEC-X2).

use axum::http::StatusCode;
use papers::Block;
use serde_json::json;
use testkit::both_engines;

use super::pages::post;
use super::{case, first, report, reported};
use crate::casework::papers::{draft, make};
use crate::incident::store;
use crate::incident::{Incidents, act};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::paper::model::{Draft, Kind};

const MARKING: &str = "In confidence when completed";
const MAIL: &str = "sam.bell@customers.example";

/// All words of a draft.
fn words(draft: &Draft) -> String {
    let mut all = vec![draft.title.clone()];
    for block in &draft.blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Pointer { text, .. } => all.push(text.clone()),
            Block::Facts(facts) => all.extend(facts.iter().map(|(label, value)| format!("{label}: {value}"))),
            Block::List(lines) | Block::Address(lines) => all.extend(lines.clone()),
            Block::Signature { closing, name, .. } => all.extend([closing.clone(), name.clone()]),
            Block::Table { .. } => {}
        }
    }
    all.join("\n")
}

both_engines!(migrations, /// SEC-24, SEC-X2: both sides have what was reported and the acknowledgement as PDF, made once; nobody else has.
async fn sec_x2_report_and_acknowledgement_are_papers(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let of = reported(&lead.cx, world.lead.1).await;
    let at = format!("/incidents/{}", of.id);
    let mut browser = lead.browser(&world);
    let mut made = Vec::new();
    for kind in ["report", "acknowledgement"] {
        let page = browser.get(&at).await;
        let posted = post(&mut browser, &page, &format!("{at}/papers"), &[("kind", kind)]).await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER, "{}", posted.text());
        let paper = browser.get(&posted.location()).await;
        assert_eq!(paper.headers["content-type"], "application/pdf");
        assert_eq!(paper.headers["content-disposition"], format!("attachment; filename=\"INC-2026-000001-{kind}.pdf\""));
        assert!(paper.body.starts_with("%PDF-1.7"));
        made.push(posted.location());
    }
    let mut theirs = manager.browser(&world);
    let page = theirs.get(&at).await;
    let again = post(&mut theirs, &page, &format!("{at}/papers"), &[("kind", "report")]).await;
    assert_eq!(again.location(), made[0], "the same report is one paper");
    for words in ["Report of an incident, made on 2 March 2026", "Acknowledgement of a report, made on 2 March 2026"] {
        assert!(browser.get(&at).await.text().contains(words), "{words}");
    }
    let mut stranger = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(stranger.get(&made[0]).await.status, StatusCode::NOT_FOUND);
    let audit = world.official("internal_audit").await;
    let thing = store::get(audit.cx.db(), of.id).await.unwrap();
    refused_by(make::<Incidents>(&audit.cx, &thing, Kind::Report).await, "nothing-permits");
    assert_eq!(audit.browser(&world).get(&made[1]).await.status, StatusCode::OK, "who may read it reads its papers");
    assert!(matches!(make::<Incidents>(&lead.cx, &thing, Kind::Letter).await, Err(platform::Error::NotFound)));
});

both_engines!(migrations, /// SEC-25: in the report as paper what is withheld is masked and what is essential stays sealed, for both sides; a paper from before such a
/// change is not given for the present one.
async fn sec_25_papers_withhold_what_pages_withhold(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut answers = first();
    answers["what_happened"] = json!(format!("We sent the booking of {MAIL} to another customer."));
    let of = act::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap();
    let thing = async || store::get(lead.cx.db(), of.id).await.unwrap();
    let security = world.official("security").await;
    for who in [&lead, &security] {
        let draft = draft::<Incidents>(&who.cx, &thing().await, Kind::Report).await.unwrap();
        let text = words(&draft);
        assert!(!text.contains("sam.bell") && text.contains("█") && text.contains("masked here"), "{text}");
        assert!(text.contains("Ferry bookings") && text.contains("Halyard Systems") && text.contains("2 March 2026, 07:15"), "{text}");
        assert_eq!(draft.marking.as_deref(), Some(MARKING));
    }
    let before = make::<Incidents>(&lead.cx, &thing().await, Kind::Report).await.unwrap();
    world.app.advance(60_000);
    act::declare(&lead.cx, of.id, case(&world, of.id).await.version, "what_happened", "You must reach them.").await.unwrap();
    for who in [&lead, &security] {
        let text = words(&draft::<Incidents>(&who.cx, &thing().await, Kind::Report).await.unwrap());
        assert!(!text.contains("sam.bell") && !text.contains("We sent the booking"), "{text}");
    }
    assert_ne!(make::<Incidents>(&lead.cx, &thing().await, Kind::Report).await.unwrap(), before);
});

both_engines!(migrations, /// SEC-24, SEC-27: the acknowledgement says the reference, when it arrived, what happens next and by when, and not to notify; and nothing
/// of what was reported or decided.
async fn sec_24_the_acknowledgement_says_what_is_next(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let clock = &world.app.core.clock;
    let thing = store::get(lead.cx.db(), of.id).await.unwrap();
    let draft = draft::<Incidents>(&lead.cx, &thing, Kind::Acknowledgement).await.unwrap();
    let text = words(&draft);
    let at = of.submitted_at.unwrap();
    let hour = platform::clock::HOUR;
    for part in [
        "INC-2026-000001".to_owned(),
        clock.moment_text(at),
        // Moderate before anybody has looked at it: read within 8 hours, the first word within two days.
        clock.moment_text(at + 8 * hour),
        clock.moment_text(at + 48 * hour),
        "Do not notify the regulator for the authority".to_owned(),
        "A duty that a law puts on you yourself stands".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    assert!(!text.contains("laptop") && !text.contains("72 hours"), "{text}");
});

both_engines!(migrations, /// SEC-X2: the form's marking stands on screen and in mail, at once and gathered.
async fn sec_x2_the_marking_on_screen_and_mail(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let mut browser = lead.browser(&world);
    let new = format!("/incidents/new/{}", world.lead.1);
    let at = |page: &str| format!("/incidents/{}{page}", of.id);
    for path in [new, at(""), at("/sent"), at("/answers"), at("/answers/report"), at("/check"), at("/screening")] {
        assert!(browser.get(&path).await.text().contains(MARKING), "{path}");
    }
    let subjects = world.mail().await.remove(&lead.email).unwrap();
    assert!(subjects.iter().all(|subject| subject.starts_with("[In confidence when completed] INC-2026-000001")), "{subjects:?}");
    let text = world.app.mailed(&lead.email).await.pop().unwrap();
    assert!(text.contains(MARKING), "{text}");
    // Proposals have a form without one.
    world.submitted(&lead).await;
    let subjects = world.mail().await;
    assert!(subjects.values().flatten().filter(|subject| subject.contains("OFF-2026")).all(|subject| !subject.contains(MARKING)));
});

/// Writes both papers of a long report where `PAPERS_OUT` says, for checkers that are no part of this program; does nothing without it.
#[tokio::test]
async fn papers_for_other_checkers_of_incidents() {
    let Some(folder) = std::env::var_os("PAPERS_OUT").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    let world = World::new(testkit::TestDb::sqlite(migrations).await).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut answers = first();
    let long = "A laptop with bookings was left on the night ferry. ".repeat(30);
    answers["what_happened"] = json!(format!("{long}\n\nWe wrote to {MAIL}."));
    answers["timeline"] = json!([{ "timeline_at": { "date": "2026-03-01" }, "timeline_what": "It was in cabin 12." }]);
    let of = act::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap();
    let thing = store::get(lead.cx.db(), of.id).await.unwrap();
    for kind in [Kind::Report, Kind::Acknowledgement] {
        let id = make::<Incidents>(&lead.cx, &thing, kind).await.unwrap();
        let (_, pdf) = crate::paper::store::open(&lead.cx, &thing, id).await.unwrap();
        std::fs::write(folder.join(format!("incident-{}.pdf", kind.code())), pdf).unwrap();
    }
}
