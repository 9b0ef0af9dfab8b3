//! Lists taken out as files: what stands in them, who gets them, and that it is recorded.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use platform::authz::Side;
use platform::book::entry;
use platform::sheets::{self, Format};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::Value;
use testkit::{Browser, Page, both_engines};

use super::crawl::{self, Town};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::site::model::Details as Site;

async fn taken(browser: &mut Browser, address: &str, format: &str) -> Page {
    let page = browser.get(address).await;
    let path = address.split('?').next().unwrap();
    browser.submit_only(&page, &format!("{path}/export"), &[("format", format)]).await
}

async fn rows(browser: &mut Browser, address: &str) -> (Value, Vec<Value>) {
    let page = taken(browser, address, "json").await;
    assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
    let all: Value = serde_json::from_str(&page.body).unwrap();
    let rows = all["rows"].as_array().unwrap().clone();
    (all, rows)
}

/// What the ledger tells of lists taken out: which, and how many rows.
async fn told(world: &World) -> Vec<(String, String, String)> {
    let of = entry::Entity::find().filter(entry::Column::Action.eq("list.export"));
    let found = of.order_by_asc(entry::Column::Idx).all(world.app.core.db.reader()).await.unwrap();
    let open = found.iter().map(|row| ledger::Entry::from_bytes(&row.bytes).unwrap());
    let about = |entry: &ledger::Entry, name: &str| entry.about.iter().find(|(k, _)| k.as_str() == name).unwrap().1.as_str().to_owned();
    open.map(|entry| (entry.subject.id.as_str().to_owned(), about(&entry, "format"), about(&entry, "rows"))).collect()
}

both_engines!(migrations, /// OWN-4: every list has its button and becomes each kind of file, with all its rows; each file is in the ledger before it is given.
async fn own_4_every_list_is_taken_out(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let mut browser = world.official("administrator").await.browser(world);
    let operator = world.app.operator();
    let mut expected = Vec::new();
    for list in crate::service::lists() {
        let page = taken(&mut browser, list.path, "csv").await;
        assert_eq!(page.status, StatusCode::OK, "{}: {}", list.code, page.text());
        let name = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.starts_with("attachment") && name.contains(list.code) && name.contains(".csv"), "{name}");
        assert_eq!(page.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        let heads = page.body.lines().next().unwrap();
        for column in (list.columns)() {
            assert!(heads.contains(&column.label), "{heads} lacks {}", column.label);
        }
        let (all, rows) = rows(&mut browser, list.path).await;
        assert!(!rows.is_empty() && all["list"] == list.code, "{}", list.code);
        for row in &rows {
            let names: Vec<&String> = row.as_object().unwrap().keys().collect();
            assert_eq!(names, (list.columns)().iter().map(|c| &c.name).collect::<Vec<_>>());
        }
        let book = sheets::take(&operator, list, "", Format::Xlsx).await.unwrap();
        assert!(book.bytes.starts_with(b"PK") && book.rows > 0, "{}", list.code);
        // The ledger's own list grows by what is told of it.
        let counted = |format: &str| (list.code.to_owned(), format.to_owned(), if list.code == "ledger" { "*" } else { "n" }.to_owned());
        expected.extend([counted("csv"), counted("json"), counted("xlsx")]);
        if list.code != "ledger" {
            let last = told(world).await.into_iter().filter(|(code, _, _)| code == list.code).map(|(_, _, n)| n).collect::<Vec<_>>();
            // The operator sees drafts as well, so of proposals there may be more.
            assert_eq!(last[0], last[1]);
            assert_eq!(last[1], rows.len().to_string());
        }
    }
    let told: Vec<(String, String)> = told(world).await.into_iter().map(|(code, format, _)| (code, format)).collect();
    assert_eq!(told, expected.into_iter().map(|(code, format, _)| (code, format)).collect::<Vec<_>>());
});

both_engines!(migrations, /// OWN-4: a file holds what its page is searched and filtered to, from the first row to the last, whichever page one stands on.
async fn own_4_a_file_honours_search_and_filters(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let leeds = Site { people: 9, ..Site::of("Leeds desk", "office", "GB", "1 Quay, Leeds") };
    crate::site::act::add(&town.lead.cx, world.lead.0, &leeds).await.unwrap();
    let mut browser = town.manager.browser(world);
    let (_, all) = rows(&mut browser, "/sites").await;
    assert!(all.len() > 1);
    let (file, found) = rows(&mut browser, "/sites?country=GB&q=lee").await;
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["name"], &found[0]["country"], &found[0]["people"]), (&"Leeds desk".into(), &"GB".into(), &9.into()));
    assert_eq!(found[0]["party"], "Halyard Systems");
    assert_eq!(file["filter"], "country=GB&q=lee");
    let csv = taken(&mut browser, "/sites?country=GB&q=lee", "csv").await.body;
    assert!(csv.contains("Leeds desk") && !csv.contains("Pune"), "{csv}");

    let (_, deciding) = rows(&mut browser, "/proposals?stage=deciding").await;
    assert_eq!(deciding.len(), 1);
    assert!(deciding[0]["stage"] == "deciding" && deciding[0]["reference"].as_str().unwrap().starts_with("OFF-2026-"));
    assert_eq!(rows(&mut browser, "/proposals?stage=deciding&q=nigh").await.1.len(), 1);
    assert_eq!(taken_none(&mut browser, "/proposals?stage=deciding&q=ight").await, 0, "words are found by their beginnings");
    assert_eq!(taken_none(&mut browser, "/proposals?stage=declined").await, 0);
    let (_, duties) = rows(&mut browser, "/obligations?whose=suppliers").await;
    assert!(!duties.is_empty() && duties.iter().all(|duty| duty["contract"].is_string() && duty["status"].is_string()));

    // More than a page, each row once.
    for n in 0..120 {
        let details = crate::party::model::Details::named(&format!("Crowd {n:03}"));
        crate::party::act::add(&world.app.operator(), Side::Supplier, &details).await.unwrap();
    }
    let (_, crowd) = rows(&mut browser, "/parties?q=crowd").await;
    let names: BTreeSet<&str> = crowd.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!((crowd.len(), names.len()), (120, 120));
    let next = browser.get("/parties?q=crowd").await.link("Next");
    assert_eq!(rows(&mut browser, &next).await.1.len(), 120, "from the first row, whichever page one stands on");
});

/// How many rows the form of an empty list would give: it has none, so it is asked beside the page.
async fn taken_none(browser: &mut Browser, address: &str) -> usize {
    let (path, query) = address.split_once('?').unwrap();
    assert!(!browser.get(address).await.has_form("/export"), "nothing to take out");
    let csrf = crawl::csrf(browser).await;
    let fields = [("csrf", csrf.as_str()), ("query", query), ("format", "json")];
    let page = crawl::send(browser, &format!("{path}/export"), &fields).await;
    let all: Value = serde_json::from_str(&page.body).unwrap();
    all["rows"].as_array().unwrap().len()
}

both_engines!(migrations, /// OWN-3, OWN-4: nobody takes out what they may not see: not another party's rows, not terms between others, not without the right to.
async fn own_4_a_file_holds_what_its_taker_may_see(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let stranger = world.person("supplier_lead", world.other.0).await;
    let mut browser = stranger.browser(world);
    let csrf = crawl::csrf(&mut browser).await;
    for list in crate::service::lists() {
        let fields = [("csrf", csrf.as_str()), ("query", ""), ("format", "json")];
        let page = crawl::send(&mut browser, list.export, &fields).await;
        for secret in ["Halyard", "Pune", "OFF-2026", "Night support"] {
            assert!(!page.body.contains(secret), "{} tells of {secret}", list.code);
        }
        let hidden = ["parties", "ledger", "incident-records"].contains(&list.code);
        assert_eq!(page.status == StatusCode::NOT_FOUND, hidden, "{}: {}", list.code, page.status);
    }
    // A filter of one's own widens nothing.
    let widened = [("csrf", csrf.as_str()), ("query", &format!("party={}&q=pune", world.lead.0)), ("format", "json")];
    let page = crawl::send(&mut browser, "/sites/export", &widened).await;
    assert!(page.status == StatusCode::OK && !page.body.contains("Pune"));

    let member = world.person("supplier_member", world.lead.0).await;
    let mut browser = member.browser(world);
    assert!(!browser.get("/sites").await.has_form("/export"), "a member has no button");
    let csrf = crawl::csrf(&mut browser).await;
    let page = crawl::send(&mut browser, "/sites/export", &[("csrf", &csrf), ("query", ""), ("format", "csv")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let odd = crawl::send(&mut town.manager.browser(world), "/sites/export", &[("csrf", "forged"), ("query", ""), ("format", "csv")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{}", odd.text());
    let mut manager = town.manager.browser(world);
    let csrf = crawl::csrf(&mut manager).await;
    let odd = crawl::send(&mut manager, "/sites/export", &[("csrf", &csrf), ("query", "%ff&&=&q=%00"), ("format", "pdf")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    for query in ["%ff&&=&q=%00", &"q=x&".repeat(500), "sort=nothing&after=rubbish", "state=%27%3B--"] {
        let page = crawl::send(&mut manager, "/sites/export", &[("csrf", &csrf), ("query", query), ("format", "csv")]).await;
        assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text());
    }

    // Value and description are between the authority and the lead contractor; remarks on a party are the authority's.
    let sub = world.person("supplier_lead", world.sub.0).await;
    let (_, contracts) = rows(&mut sub.browser(world), "/contracts").await;
    assert!(!contracts.is_empty() && contracts.iter().all(|row| row["value_minor"].is_null() && row["description"].is_null()));

    // Internal audit takes out refusals, and only those it filtered to.
    let mut audit = world.official("internal_audit").await.browser(world);
    let (_, refused) = rows(&mut audit, "/ledger?action=refused").await;
    assert!(!refused.is_empty() && refused.iter().all(|row| row["action"] == "refused"));
    assert!(told(world).await.iter().any(|(code, format, n)| code == "ledger" && format == "json" && *n == refused.len().to_string()));
});
