//! The form of a proposal as a workbook: out, filled in, back, by page and by program.

use axum::http::StatusCode;
use platform::book::entry;
use platform::forms::drafts;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;
use testkit::workbook::Book;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::world::{Person, World, answers};
use crate::migrations::migrations;

struct Desk {
    world: World,
    lead: Person,
    browser: Browser,
    draft: Uuid,
}

impl Desk {
    async fn new(db: testkit::TestDb) -> Self {
        let world = World::new(db).await;
        let lead = world.person("supplier_lead", world.lead.0).await;
        let draft = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
        let browser = lead.browser(&world);
        Self { world, lead, browser, draft }
    }

    fn at(&self, page: &str) -> String {
        format!("/proposals/{}/{page}", self.draft)
    }

    async fn taken(&mut self) -> Book {
        let page = self.browser.get(&self.at("workbook")).await;
        let taken = self.browser.submit_only(&page, "/workbook/export", &[]).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
        assert!(taken.headers["content-disposition"].to_str().unwrap().contains("proposal-2026-03-02.xlsx"));
        Book::read(&taken.bytes)
    }

    async fn brought(&mut self, bytes: &[u8]) -> Page {
        let page = self.browser.get(&self.at("workbook")).await;
        self.browser.upload(&page, "/workbook/in", &[("file", "filled.xlsx", bytes)]).await
    }

    async fn kept(&self) -> serde_json::Value {
        drafts::load(&self.lead.cx, self.draft, 1).await.unwrap().answers.to_json()
    }

    async fn told(&self) -> u64 {
        let taken = entry::Entity::find().filter(entry::Column::Action.eq("proposal.take_form"));
        taken.count(self.world.app.core.db.reader()).await.unwrap()
    }
}

both_engines!(migrations, /// OFF-Q1, OFF-6, OWN-4: the questionnaire goes out as a workbook, is filled in, shows what it would change, and is saved as the pages save.
async fn off_q1_the_form_goes_out_as_a_workbook_and_comes_back(db) {
    let mut desk = Desk::new(db).await;
    let start = desk.browser.get(&desk.at("answers")).await;
    assert!(start.link("Fill the form in with a spreadsheet").ends_with("/workbook"));
    let book = desk.taken().await;
    assert_eq!(desk.told().await, 1, "that it left is in the ledger");
    assert!(desk.browser.get(&desk.at("history")).await.text().contains("Form taken out as a workbook"));
    let before = desk.kept().await;
    // Every question of the form is there, with what was answered but for what is sealed.
    assert_eq!(book.said("Answers", &book.answer("work_title")), "Night support for ferry bookings");
    assert_eq!(book.said("sites", "B1"), "site_name");
    assert_eq!(before["governing_contact"]["email"], "ash@halyard.example");
    assert!(!book.says("ash@halyard.example") && book.says("Answered and sealed, so not taken out."));
    // Untouched, it changes nothing.
    let same = desk.brought(&book.with(&[])).await;
    assert!(same.status.is_success() && same.text().contains("The workbook changes no answer"), "{}", same.text());
    // Filled in, it shows both, and saves nothing until asked.
    let (title, people) = (book.answer("work_title"), book.answer("staff_total"));
    let changes = [("Answers", title.as_str(), Some("Day support")), ("Answers", people.as_str(), Some("7"))];
    let preview = desk.brought(&book.with(&changes)).await;
    let text = preview.text();
    for part in ["2 answers change", "Night support for ferry bookings", "Day support", &title] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(desk.kept().await, before);
    let saved = desk.browser.submit_only(&preview, "/workbook/save", &[]).await;
    assert!(saved.location().ends_with("/answers"), "{}", saved.text());
    let mut expected = before;
    expected["work_title"] = json!("Day support");
    expected["staff_total"] = json!(7);
    assert_eq!(desk.kept().await, expected);
});

both_engines!(migrations, /// OFF-6: what is wrong in a workbook is named by sheet and cell; nothing is saved unless the good answers are asked for, and what stands stays.
async fn off_6_problems_of_a_workbook_are_named_by_cell(db) {
    let mut desk = Desk::new(db).await;
    let book = desk.taken().await;
    let before = desk.kept().await;
    let cells = ["work_title", "certainty", "staff_total", "business_description"].map(|id| book.answer(id));
    let changes = [
        ("Answers", cells[0].as_str(), Some("Day support")),
        ("Answers", cells[1].as_str(), Some("perhaps")),
        ("Answers", cells[2].as_str(), Some("=6+1")),
        ("Answers", cells[3].as_str(), None),
        ("sites", "A9", Some("77")),
        ("sites", "B9", Some("Nowhere")),
    ];
    let preview = desk.brought(&book.with(&changes)).await;
    let text = preview.text();
    for part in ["Correct these cells", "3 cells cannot be saved", "Answers, ", "sites, A9", "holds a formula", "1 cell was emptied", "1 answer changes"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for cell in &cells[1..3] {
        assert!(text.contains(&format!("Answers, {cell}")), "{cell}: {text}");
    }
    assert_eq!(desk.kept().await, before);
    let saved = desk.browser.submit_only(&preview, "/workbook/save", &[]).await;
    assert!(saved.status.is_redirection(), "{}", saved.text());
    let mut expected = before;
    expected["work_title"] = json!("Day support");
    assert_eq!(desk.kept().await, expected);
    // Files that are none, or another's.
    let broken = desk.brought(b"name,answer").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text().contains("ends in .xlsx"), "{}", broken.text());
    let none = { let page = desk.browser.get(&desk.at("workbook")).await; desk.browser.upload(&page, "/workbook/in", &[]).await };
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("Choose the workbook."), "{}", none.text());
    let second = desk.world.draft(&desk.lead, desk.world.lead.1, json!({"work_title": "Another"})).await;
    let page = desk.browser.get(&format!("/proposals/{second}/workbook")).await;
    let other = desk.browser.upload(&page, "/workbook/in", &[("file", "filled.xlsx", &book.with(&[]))]).await;
    assert!(other.text().contains("Choose the workbook of this case"), "{}", other.text());
});

both_engines!(migrations, /// OFF-6, OWN-5: whoever saves a page while a workbook is looked at is not undone, and only who may answer brings one in.
async fn off_6_nobody_is_undone_by_a_workbook(db) {
    let mut desk = Desk::new(db).await;
    let book = desk.taken().await;
    let title = book.answer("work_title");
    let filled = book.with(&[("Answers", title.as_str(), Some("Day support"))]);
    let preview = desk.brought(&filled).await;
    // A colleague saves the section meanwhile.
    let colleague = desk.world.person("supplier_member", desk.world.lead.0).await;
    let mut theirs = answers(desk.world.lead.0);
    theirs["work_title"] = json!("Evening support");
    desk.world.answer(&colleague.cx, desk.draft, theirs).await;
    let stale = desk.browser.submit_only(&preview, "/workbook/save", &[]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text().contains("Nothing was saved"), "{}", stale.text());
    assert_eq!(desk.kept().await["work_title"], "Evening support");
    // Brought back again, it says so.
    let preview = desk.brought(&filled).await;
    assert!(preview.text().contains("Answered on the page since you took the form out"), "{}", preview.text());
    // Nobody else gets or brings one: to other suppliers there is no such case, and the authority does not answer for a supplier.
    let mut stranger = desk.world.person("supplier_lead", desk.world.other.0).await.browser(&desk.world);
    assert_eq!(stranger.get(&desk.at("workbook")).await.status, StatusCode::NOT_FOUND);
    let lead = desk.world.person("supplier_lead", desk.world.lead.0).await;
    let handed_in = desk.world.submitted(&lead).await;
    let mut manager = desk.world.official("contract_manager").await.browser(&desk.world);
    let page = manager.get(&format!("/proposals/{handed_in}/workbook")).await;
    assert!(page.status == StatusCode::FORBIDDEN || page.status == StatusCode::NOT_FOUND, "{}", page.status);
    assert_eq!(desk.told().await, 1);
});
