//! Papers: their codes, who may have them, that they cannot be swapped or changed, and the page that checks them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::http::StatusCode;
use papers::Block;
use platform::Error;
use platform::authz::Side;
use platform::book;
use platform::cases::{store as cases, tasks};
use proptest::prelude::*;
use sea_orm::{ActiveModelTrait as _, ActiveValue, EntityTrait as _};
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::act::{make, make_with};
use super::model::{Code, Draft, Kind};
use super::store;
use crate::casework::act as around;
use crate::casework::papers::make as make_paper;
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act::{self, Approving};
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::tests::world::{Person, World};

proptest! {
    #[test]
    fn a_code_is_read_as_people_type_it(bytes: [u8; 13], spaced: bool, lower: bool) {
        let code = Code::new(bytes);
        let printed = code.to_string();
        prop_assert_eq!(printed.len(), 24);
        let mut typed = if spaced { printed.replace('-', " ") } else { printed.clone() };
        if lower {
            typed = typed.to_lowercase().replace('0', "o").replace('1', "l");
        }
        prop_assert_eq!(Code::read(&format!(" {typed}\n")), Some(code));
    }

    #[test]
    fn what_is_no_code_is_none(text: String) {
        if let Some(code) = Code::read(&text) {
            prop_assert_eq!(Code::read(&code.to_string()), Some(code));
        }
    }
}

#[test]
fn odd_codes() {
    for typed in
        ["", "K7QF", "K7QF-2M9X-4TBD-0RWE-H3JCX", "K7QF-2M9X-4TBD-0RWE-H3JU", "K7QF-2M9X-4TBD-0RWE-H3Jé", "K7QF/2M9X/4TBD/0RWE/H3JC"]
    {
        assert_eq!(Code::read(typed), None, "{typed}");
    }
}

async fn approved(world: &World) -> (Person, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, ..) = world.at_decision(&lead).await;
    let approving = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: "Tell us of every change.".to_owned(),
        more_controls: Vec::new(),
        from: jiff::civil::date(2026, 6, 1),
        to: jiff::civil::date(2027, 5, 31),
    };
    act::approve(&world.official("management").await.cx, id, world.version(id).await, &approving).await.unwrap();
    (lead, id)
}

async fn get_paper(browser: &mut Browser, page: &str, kind: &str) -> Page {
    let page = browser.get(page).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let (path, fields) = page.fill("/papers", &[("kind", kind)]);
    let made = browser.post_raw(&path, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    browser.get(&made.location()).await
}

both_engines!(migrations, /// OFF-8, OFF-11: both sides have the letter and the answers as PDF; asked for again, the very same paper comes.
async fn both_sides_have_letter_and_answers_as_papers(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let mut supplier = lead.browser(&world);
    let letter = get_paper(&mut supplier, &format!("/proposals/{id}/letter"), "letter").await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.text());
    assert_eq!(letter.headers["content-type"], "application/pdf");
    assert_eq!(letter.headers["content-disposition"], "attachment; filename=\"OFF-2026-000001-letter.pdf\"");
    assert!(letter.body.starts_with("%PDF-1.7"));
    let mut boss = world.official("management").await.browser(&world);
    let again = get_paper(&mut boss, &format!("/proposals/{id}/letter"), "letter").await;
    assert_eq!((again.path, again.body), (letter.path.clone(), letter.body), "the paper of a decision is made once");

    let answers = get_paper(&mut supplier, &format!("/proposals/{id}"), "proposal").await;
    assert_eq!(answers.status, StatusCode::OK);
    assert_ne!(answers.path, letter.path);
    let overview = supplier.get(&format!("/proposals/{id}")).await;
    for part in ["Decision letter, made on 2 March 2026", "Proposal as handed in, made on 2 March 2026"] {
        assert!(overview.text().contains(part), "{part}: {}", overview.text());
    }
    // The entry holds the digest of the very bytes: an auditor can tell whether a paper in hand is the one that was made.
    let entries = book::timeline(&lead.cx, "proposal", &id.to_string(), 100).await.unwrap();
    let made: Vec<_> = entries.iter().filter(|line| line.action == "proposal.paper").collect();
    assert_eq!(made.len(), 2);
    let case = crate::offshoring::store::load(lead.cx.db(), cases::get(lead.cx.db(), &PROPOSAL, id).await.unwrap()).await.unwrap();
    let (row, pdf) = store::open(&lead.cx, &case, made[0].about["paper"].parse().unwrap()).await.unwrap();
    assert_eq!(made[0].about["sha256"], hex::encode(platform::random::digest(&pdf)));
    let decided = entries.iter().find(|line| line.action == "proposal.approve").unwrap().index;
    assert_eq!(row.entry, decided, "the letter names the entry of the decision");
});

both_engines!(migrations, /// OWN-3: no paper before there is something to tell, none for another supplier, and none by the address of another case.
async fn papers_are_kept_from_others(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let mut supplier = lead.browser(&world);
    let letter = get_paper(&mut supplier, &format!("/proposals/{id}/letter"), "letter").await.path;
    let other = world.person("supplier_lead", world.other.0).await;
    let mut stranger = other.browser(&world);
    assert_eq!(stranger.get(&letter).await.status, StatusCode::NOT_FOUND);
    let page = supplier.get(&format!("/proposals/{id}/letter")).await;
    let (path, mut fields) = page.fill("/papers", &[("kind", "letter")]);
    let home = stranger.get("/account").await;
    let (_, theirs) = home.fill("/sign-out", &[]);
    for field in &mut fields {
        if field.0 == "csrf" {
            field.1 = theirs.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
        }
    }
    assert_eq!(stranger.post_raw(&path, &fields).await.status, StatusCode::NOT_FOUND);
    // A second case of the same supplier: the paper is not found under its address, and a letter is not made before the decision.
    let second = world.submitted(&lead).await;
    let stray = letter.replace(&id.to_string(), &second.to_string());
    assert_eq!(supplier.get(&stray).await.status, StatusCode::NOT_FOUND);
    let of = crate::offshoring::store::load(lead.cx.db(), cases::get(lead.cx.db(), &PROPOSAL, second).await.unwrap()).await.unwrap();
    assert!(matches!(make_paper::<Proposals>(&lead.cx, &of, Kind::Letter).await, Err(Error::NotFound)));
    assert_eq!(supplier.get(&format!("/proposals/{id}/papers/none")).await.status, StatusCode::NOT_FOUND);
});

fn draft(kind: Kind, text: &str) -> Draft {
    Draft {
        kind,
        title: "A paper".to_owned(),
        reference: "OFF-2026-000007".to_owned(),
        edition: "offshoring 2026.1".to_owned(),
        marking: None,
        ledger_index: 3,
        blocks: vec![Block::Paragraph(text.to_owned())],
    }
}

both_engines!(migrations, /// OWN-5: a paper changed in the database is not handed out, and what passes for a code is answered plainly and slower and slower.
async fn a_paper_is_checked_by_its_code(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.submitted(&lead).await;
    let of = crate::offshoring::store::load(lead.cx.db(), cases::get(lead.cx.db(), &PROPOSAL, id).await.unwrap()).await.unwrap();
    let code = Code::new([7; 13]);
    let made = make_with(&lead.cx, "proposal.paper", &of, draft(Kind::Obligations, "Once"), &code).await.unwrap();
    let next = make(&lead.cx, "proposal.paper", &of, draft(Kind::Obligations, "Once")).await.unwrap();
    assert_ne!(made, next, "a statement tells of its day and is made anew");

    let mut anybody = world.app.browser();
    let page = anybody.get("/papers/check").await;
    let found = anybody.submit(&page, "/papers/check", &[("code", &code.to_string().to_lowercase())]).await;
    for part in ["This code is genuine", "OFF-2026-000007", "Statement of duties", "2 March 2026", "offshoring 2026.1"] {
        assert!(found.text().contains(part), "{part}: {}", found.text());
    }
    let (row, _) = store::open(&lead.cx, &of, made).await.unwrap();
    assert!(found.text().contains(&row.sha256));
    assert!(!row.code.contains(&code.to_string().replace('-', "")), "the code itself is not stored");
    let unknown = Code::new([8; 13]).to_string();
    let mut status = StatusCode::OK;
    for _ in 0..8 {
        let told = anybody.submit(&page, "/papers/check", &[("code", &unknown)]).await;
        status = told.status;
        assert!(!told.text().contains("genuine."), "{}", told.text());
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "guessing is slowed down");
    let mut elsewhere = world.app.browser();
    let page = elsewhere.get("/papers/check").await;
    let told = elsewhere.submit(&page, "/papers/check", &[("code", "hello")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text().contains("Enter all 20 letters"), "{}", told.text());

    // Somebody with the database puts another paper's bytes in place of this one's: they do not open there.
    let other = store::Entity::find_by_id(next).one(lead.cx.db()).await.unwrap().unwrap();
    let swapped = store::ActiveModel { id: ActiveValue::Set(made), pdf: ActiveValue::Set(other.pdf), ..Default::default() };
    let tx = lead.cx.begin().await.unwrap();
    swapped.update(tx.db()).await.unwrap();
    assert!(matches!(opened_within(&tx, &lead, &of, made).await, Err(Error::Internal(_))));
});

/// Opens a paper as the transaction sees it.
async fn opened_within(tx: &platform::cx::Tx, by: &Person, of: &crate::offshoring::model::Proposal, id: Uuid) -> platform::Result<()> {
    store::open_in(&by.cx, tx.db(), of, id).await.map(|_| ())
}

both_engines!(migrations, /// OFF-10: the assessment is a paper of the authority's alone: no supplier has it made, lists it, opens it by its address or takes it out with the case.
async fn off_10_the_assessment_is_a_paper_of_the_authority_alone(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, assessor, _) = world.at_decision(&lead).await;
    let load = async || crate::offshoring::store::load(lead.cx.db(), world.case(id).await).await.unwrap();
    let mut security = assessor.browser(&world);
    let paper = get_paper(&mut security, &format!("/proposals/{id}/risk"), "assessment").await;
    assert_eq!(paper.headers["content-disposition"], "attachment; filename=\"OFF-2026-000001-assessment.pdf\"");
    assert!(paper.body.starts_with("%PDF-1.7"));
    let again = get_paper(&mut security, &format!("/proposals/{id}/risk"), "assessment").await;
    assert_eq!(again.path, paper.path, "the paper of a recommendation is made once");
    assert!(security.get(&format!("/proposals/{id}")).await.text().contains("Assessment of risk, made on 2 March 2026"));

    let mut supplier = lead.browser(&world);
    let overview = supplier.get(&format!("/proposals/{id}")).await;
    assert!(!overview.text().contains("Assessment"), "{}", overview.text());
    assert_eq!(supplier.get(&paper.path).await.status, StatusCode::NOT_FOUND);
    let (path, mut fields) = overview.fill("/papers", &[("kind", "proposal")]);
    fields.iter_mut().filter(|(name, _)| name == "kind").for_each(|(_, value)| "assessment".clone_into(value));
    assert_eq!(supplier.post_raw(&path, &fields).await.status, StatusCode::FORBIDDEN);
    assert!(store::about(&lead.cx, &load().await).await.unwrap().is_empty());
    let listed = store::about(&assessor.cx, &load().await).await.unwrap();
    assert_eq!(listed.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["assessment"]);

    // Before it is recorded there is nothing to make a paper of.
    let second = world.submitted(&lead).await;
    let manager = world.official("contract_manager").await;
    act::pass_on(&manager.cx, second, world.version(second).await, None).await.unwrap();
    let of = crate::offshoring::store::load(lead.cx.db(), world.case(second).await).await.unwrap();
    assert!(matches!(make_paper::<Proposals>(&assessor.cx, &of, Kind::Assessment).await, Err(Error::Conflict(_))));
});

both_engines!(migrations, /// OFF-10, OFF-11: both sides have the conditions, the demanded controls and the reviews as a paper that tells how each stands on its day; none before an approval.
async fn off_11_the_conditions_are_a_paper_that_tells_how_they_stand(db) {
    let world = World::new(db).await;
    let (lead, id) = approved(&world).await;
    let mut supplier = lead.browser(&world);
    let first = get_paper(&mut supplier, &format!("/proposals/{id}/letter"), "schedule").await;
    assert_eq!(first.headers["content-disposition"], "attachment; filename=\"OFF-2026-000001-schedule.pdf\"");
    let case = world.case(id).await;
    let all = tasks::list(&lead.cx, lead.cx.db(), &case, Side::Supplier).await.unwrap();
    let condition = all.iter().find(|task| task.kind == tasks::For::Condition).unwrap();
    around::finish_task::<Proposals>(&lead.cx, id, condition.id, condition.version, Some("We tell by e-mail.".to_owned())).await.unwrap();
    let mut boss = world.official("management").await.browser(&world);
    let second = get_paper(&mut boss, &format!("/proposals/{id}/letter"), "schedule").await;
    assert_ne!(second.path, first.path, "it tells of its day and is made anew");
    let of = crate::offshoring::store::load(lead.cx.db(), case).await.unwrap();
    let told = format!("{:?}", crate::offshoring::schedule::blocks(&lead.cx, &of).await.unwrap());
    for part in ["Tell us of every change.", "1 June 2026", "Said to be done on 2 March 2026, to be checked", "We tell by e-mail.", "Reviews", "Fingerprint"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let waiting = world.submitted(&lead).await;
    let of = crate::offshoring::store::load(lead.cx.db(), world.case(waiting).await).await.unwrap();
    assert!(matches!(make_paper::<Proposals>(&lead.cx, &of, Kind::Schedule).await, Err(Error::NotFound)));
});
