//! The page, its list, and who reads what.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::cases::store::{self as cases, CaseEntity, NewCase};
use platform::sheets::{self, Format};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::Value;
use testkit::both_engines;
use uuid::Uuid;

use super::{aside, furnished};
use crate::incident::model::INCIDENT;
use crate::incident::store::figures;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::trend::pages::LIST;

both_engines!(migrations, /// SEC-21, SEC-24, SEC-X1i: the page draws and tables incidents by category, supplier, tier and time to report, and says which
/// causes come again; what turned out to be none is told and not counted.
async fn sec_x1i_causes_that_come_again_are_shown(db) {
    let world = World::new(db).await;
    let security = furnished(&world).await;
    let mut browser = security.browser(&world);
    let page = browser.get("/incident-trends").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(text.contains("4 incidents were reported from 1 April 2025 to 31 March 2026."), "{text}");
    assert!(text.contains("One more report turned out to be no incident."), "{text}");
    assert!(text.contains("The cause lay in the system 2 times, and in awareness 1 times."), "{text}");
    let rows = page.select("tbody tr");
    for row in ["March 2026 4", "Loss 2 0 2 0", "Theft 1 0 1 0", "None yet 1 0 0 0", "Halyard Systems 2 0 2 0", "Bowline Support 2 0 0 1",
        "Tier 1 2 0 2 0", "Tier 2 2 0 0 1", "Halyard Systems Loss In the system 2", "Within 4 hours 4 0 0 0", "Within a day 0 0 4 0"]
    {
        assert!(rows.iter().any(|found| found.split_whitespace().collect::<Vec<_>>().join(" ") == row), "{row}: {rows:#?}");
    }
    assert_eq!(page.select("svg rect.vs-bar__part").len(), 4, "a share for each supplier and tier");
    assert_eq!(page.body.matches("<svg width=\"720\"").count(), 3, "three charts");
    assert!(!page.body.contains("style=\""));
    // Narrowed, all of it is.
    let narrow = browser.get("/incident-trends?category=theft").await;
    assert!(narrow.text().contains("1 incident was reported"), "{}", narrow.text());
    let narrow = browser.get(&format!("/incident-trends?party={}&tier=2", world.sub.0)).await;
    assert!(narrow.text().contains("2 incidents were reported") && !narrow.select("tbody tr").iter().any(|row| row.contains("Halyard")));
    // In the period after, they are those of the period before.
    let later = browser.get("/incident-trends?first=2026-04-01&last=2026-04-30").await;
    assert!(later.text().contains("0 incidents were reported") && later.text().contains("from 1 March 2026 to 31 March 2026, it was 4"));
    let boxes = "first.day=1&first.month=3&first.year=2026&last.day=2&last.month=3&last.year=2026";
    assert!(browser.get(&format!("/incident-trends?{boxes}")).await.text().contains("4 incidents were reported from 1 March 2026 to 2 March 2026"));
    for (wrong, says) in [
        ("first=2026-03-02&last=2026-03-01", "The last day is before the first one"),
        ("first=1970-03-02&last=2026-03-01", "Choose a period of less than 50 years"),
        ("first=yesterday", "Enter a"),
        ("first.day=31&first.month=2&first.year=2026", "Enter a"),
    ] {
        let page = browser.get(&format!("/incident-trends?{wrong}")).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains(says), "{wrong}: {} {}", page.status, page.text());
    }
});

both_engines!(migrations, /// SEC-21, OWN-3: a supplier counts its own and what is below it, whatever it asks for; another reads nothing of it.
async fn sec_21_each_side_counts_what_it_sees(db) {
    let world = World::new(db).await;
    furnished(&world).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let count = async |person: &crate::offshoring::tests::world::Person, query: &str| {
        let page = person.browser(&world).get(&format!("/incident-trends?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        let at = text.find(" incidents were reported from").or_else(|| text.find(" incident was reported from")).unwrap();
        let number: i64 = text[..at].split_whitespace().last().unwrap().parse().unwrap();
        (number, page)
    };
    assert_eq!(count(&lead, "").await.0, 4);
    let (number, page) = count(&sub, "").await;
    assert!(number == 2 && !page.text().contains("Halyard") && page.text().contains("Bowline Support"), "{}", page.text());
    let of_lead = format!("party={}", world.lead.0);
    let (number, page) = count(&sub, &of_lead).await;
    assert!(number == 0 && !page.text().contains("Halyard"), "{}", page.text());
    for query in ["", of_lead.as_str()] {
        let (number, page) = count(&other, query).await;
        assert!(number == 0 && !page.text().contains("Halyard") && !page.text().contains("Bowline"), "{}", page.text());
        assert!(!page.text().contains("turned out"));
    }
    assert!(count(&other, "").await.1.text().contains("No incidents in this period"));
});

both_engines!(migrations, /// SEC-24, OWN-4: the numbers are taken out as a file, with all suppliers, as far as its taker sees them.
async fn sec_24_trends_are_taken_out(db) {
    let world = World::new(db).await;
    let security = furnished(&world).await;
    let made = sheets::take(&security.cx, &LIST, "first=2026-01-01&last=2026-12-31", Format::Json).await.unwrap();
    let all: Value = serde_json::from_slice(&made.bytes).unwrap();
    let rows = all["rows"].as_array().unwrap();
    let row = |by: &str, code: &str| {
        let found = rows.iter().find(|row| row["by"] == by && row["code"] == code).unwrap_or_else(|| panic!("{by} {code}: {rows:#?}"));
        (found["number"].clone(), found["systemic"].clone())
    };
    assert_eq!(row("all", "all"), (4.into(), 2.into()));
    assert_eq!(row("month", "2026-03"), (4.into(), Value::Null));
    assert_eq!(row("category", "loss"), (2.into(), 2.into()));
    assert_eq!(row("supplier", &world.sub.0.to_string()), (2.into(), 0.into()));
    assert_eq!(row("tier", "2"), (2.into(), 0.into()));
    assert_eq!(row("discovery", "four_hours"), (4.into(), 2.into()));
    assert_eq!(row("recurring", "loss").0, 2);
    let csv = sheets::take(&security.cx, &LIST, "", Format::Csv).await.unwrap();
    assert!(String::from_utf8_lossy(&csv.bytes).contains("Bowline Support"));
    let other = world.person("supplier_lead", world.other.0).await;
    let made = sheets::take(&other.cx, &LIST, "", Format::Json).await.unwrap();
    assert!(!String::from_utf8_lossy(&made.bytes).contains("Halyard"));
});

both_engines!(migrations, /// SEC-21: a page of two thousand incidents at forty suppliers is hardly larger than one of forty.
async fn trends_of_many_make_no_larger_page(db) {
    let world = World::new(db).await;
    let side = aside(&world).await;
    let mut suppliers = Vec::new();
    for n in 0..40 {
        suppliers.push(world.app.party(platform::authz::Side::Supplier, &format!("Crowd {n:02}")).await);
    }
    let mut browser = world.official("security").await.browser(&world);
    let mut sizes = Vec::new();
    for number in [40, 2_000] {
        let (mut all, mut counted) = (Vec::new(), Vec::new());
        for n in 0..number {
            let party = suppliers[n % suppliers.len()];
            let new = NewCase {
                id: Uuid::now_v7(),
                title: "A laptop".to_owned(),
                party: (party, "Crowd".to_owned()),
                contract: None,
                place: None,
                form: None,
                made_by: Uuid::nil(),
            };
            let case = cases::begin(&INCIDENT, new, world.app.core.clock.now()).unwrap();
            let day = date(2026, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(n % 59).unwrap()));
            counted.push(figures::Model {
                case: case.id,
                party,
                place: None,
                reporter: None,
                tier: i32::try_from(n % 3 + 1).unwrap(),
                day: day.to_string(),
                since_event: None,
                since_found: Some(i32::try_from(n * 7).unwrap()),
                categories: [".loss.", ".theft.loss.", ""][n % 3].to_owned(),
                cause: ["systemic", "awareness", ""][n % 3].to_owned(),
                standing: "open".to_owned(),
            });
            all.push(case);
        }
        for part in all.chunks(500) {
            let rows = part.iter().map(|row| row.clone().into_active_model().reset_all());
            CaseEntity::insert_many(rows).exec_without_returning(&side).await.unwrap();
        }
        for part in counted.chunks(500) {
            let rows = part.iter().map(|row| row.clone().into_active_model().reset_all());
            figures::Entity::insert_many(rows).exec_without_returning(&side).await.unwrap();
        }
        let page = browser.get("/incident-trends").await;
        sizes.push(page.body.len());
        assert_eq!(page.status, StatusCode::OK);
    }
    assert!(browser.get("/incident-trends").await.text().contains("2040 incidents were reported"));
    assert!(sizes[1] < sizes[0] + 8_000 && sizes[1] < 60_000, "{sizes:?}");
});
