//! The screens of contracts and chains by browser, without JavaScript.

use axum::http::StatusCode;
use platform::authz::Side;
use testkit::{Browser, both_engines};
use uuid::Uuid;

use crate::contract::model::Details;
use crate::contract::{act, chain, store};
use crate::migrations::migrations;
use crate::testing::TestApp;

/// One contract: a lead with two sub-contractors, under one of which stands another.
struct World {
    app: TestApp,
    authority: Uuid,
    lead: Uuid,
    sub: Uuid,
    beside: Uuid,
    deep: Uuid,
    contract: Uuid,
    /// The places of the four.
    places: [Uuid; 4],
}

async fn world(db: testkit::TestDb) -> World {
    let app = TestApp::new(db);
    let authority = app.party(Side::Authority, "Department of Crossings").await;
    let lead = app.party(Side::Supplier, "Halyard Systems").await;
    let sub = app.party(Side::Supplier, "Bowline Support").await;
    let beside = app.party(Side::Supplier, "Sextant Hosting").await;
    let deep = app.party(Side::Supplier, "Cleat Cleaning").await;
    let details = Details {
        description: Some("Bookings, tickets and the help desk".to_owned()),
        value_minor: Some(480_000_000),
        currency: Some("GBP".to_owned()),
        ..Details::titled(authority, "Ferry bookings")
    };
    let contract = act::add(&app.operator(), &details).await.unwrap();
    let top = app.place(contract, lead, None).await;
    let mid = app.place(contract, sub, Some(top)).await;
    let other = app.place(contract, beside, Some(top)).await;
    let low = app.place(contract, deep, Some(mid)).await;
    World { app, authority, lead, sub, beside, deep, contract, places: [top, mid, other, low] }
}

impl World {
    async fn browser(&self, role: &str, party: Uuid) -> Browser {
        let mut browser = self.app.browser();
        self.app.sign_in_as(&mut browser, role, party).await;
        browser
    }

    fn at(&self, rest: &str) -> String {
        format!("/contracts/{}{rest}", self.contract)
    }

    async fn place(&self, n: usize) -> chain::place_row::Model {
        store::place(self.app.core.db.reader(), self.places[n]).await.unwrap().row
    }
}

both_engines!(migrations, async fn a_contract_is_added_and_changed(db) {
    let w = world(db).await;
    let mut browser = w.browser("procurement_lead", w.authority).await;
    let form = browser.get("/contracts/add").await;
    let bare = browser.submit(&form, "/contracts/add", &[("value_minor", "lots"), ("starts_on.day", "31"), ("starts_on.month", "2"), ("starts_on.year", "2026")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["Enter an answer for “Title”", "Enter an amount of zero or more", "Enter a real date", "Enter an answer for “State”"] {
        assert!(bare.text().contains(says), "{says}: {}", bare.text());
    }
    assert!(bare.body.contains("value=\"lots\""), "what was typed is kept");
    let fields = [("title", "Harbour lights"), ("state", "active"), ("value_minor", "1,250,000.50"), ("starts_on.day", "1"), ("reference", "CR-21")];
    let page = browser.submit(&bare, "/contracts/add", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    for says in ["Harbour lights", "GBP 1,250,000.50", "1 February 2026", "Contract added"] {
        assert!(page.text().contains(says), "{says}: {}", page.text());
    }
    let path = format!("{}/change", page.path);
    let form = browser.get(&path).await;
    let taken = browser.submit(&browser.clone().get(&w.at("/change")).await, "/change", &[("reference", "CR-21")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "a reference is unique: {}", taken.text());
    let page = browser.submit(&form, &path, &[("title", "Lights and buoys"), ("manager", &Uuid::now_v7().to_string())]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody but a contract manager manages");
    let page = browser.submit(&page, &path, &[("manager", "")]).await;
    assert!(page.text().contains("Title: Harbour lights → Lights and buoys"), "{}", page.text());
});

both_engines!(migrations, async fn a_stale_change_shows_both_versions(db) {
    let w = world(db).await;
    let (mut mine, mut theirs) = (w.browser("procurement_lead", w.authority).await, w.browser("administrator", w.authority).await);
    let path = w.at("/change");
    let (form, other) = (mine.get(&path).await, theirs.get(&path).await);
    theirs.submit(&other, &path, &[("title", "Ferry bookings and refunds")]).await;
    let clash = mine.submit(&form, &path, &[("title", "Ferry tickets"), ("state", "active")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    let text = clash.text();
    assert!(text.contains("Ferry bookings and refunds") && text.contains("Ferry tickets") && text.contains("GBP 4,800,000.00"), "{text}");
    let page = mine.submit(&clash, &path, &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let row = store::get(w.app.core.db.reader(), w.contract).await.unwrap().row;
    assert_eq!((row.title.as_str(), row.state.as_str(), row.version), ("Ferry tickets", "active", 3));
});

both_engines!(migrations, /// OWN-3: of a contract, a sub-contractor sees itself and those below; value and description are for the lead and the authority.
async fn each_sees_its_own_part(db) {
    let w = world(db).await;
    let terms = ["GBP 4,800,000.00", "Bookings, tickets and the help desk"];
    let parties = ["Halyard Systems", "Bowline Support", "Sextant Hosting", "Cleat Cleaning"];
    let cases = [
        ("procurement_lead", w.authority, vec![true; 4], true),
        ("supplier_member", w.lead, vec![true; 4], true),
        ("supplier_lead", w.sub, vec![false, true, false, true], false),
        ("supplier_lead", w.beside, vec![false, false, true, false], false),
        ("supplier_lead", w.deep, vec![false, false, false, true], false),
    ];
    for (role, party, sees, reads) in cases {
        let mut browser = w.browser(role, party).await;
        let page = browser.get(&w.at("")).await;
        assert_eq!(page.status, StatusCode::OK);
        for (name, sees) in parties.iter().zip(sees) {
            assert_eq!(page.text().contains(name), sees, "{role} {name}: {}", page.text());
        }
        assert!(terms.iter().all(|t| page.text().contains(t) == reads), "{role}: {}", page.text());
        // Whoever is not of the authority changes nothing, and is offered nothing to change.
        if role.starts_with("supplier") {
            assert!(!page.has_form("/places") && !page.has_form("/packs") && page.links().iter().all(|l| !l.ends_with("/move") && !l.ends_with("/end")));
            let path = w.at(&format!("/places/{}/move", w.places[3]));
            assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
        }
    }
});

both_engines!(migrations, async fn a_place_is_added_and_ended(db) {
    let w = world(db).await;
    let mut browser = w.browser("administrator", w.authority).await;
    let newcomer = w.app.party(Side::Supplier, "Gimbal Repairs").await;
    let page = browser.get(&w.at("")).await;
    let bare = browser.submit(&page, "/places", &[]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("Choose the party that joins"), "{}", bare.text());
    let [top, mid, ..] = w.places.map(|p| p.to_string());
    let twice = browser.submit(&page, "/places", &[("party", &w.deep.to_string()), ("above", &mid)]).await;
    assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.text().contains("Cleat Cleaning stands on this path"), "{}", twice.text());
    let joined = browser.submit(&page, "/places", &[("party", &newcomer.to_string()), ("above", &top), ("role_text", "Mends what breaks")]).await;
    for says in ["Gimbal Repairs", "Mends what breaks", "Party added to the chain"] {
        assert!(joined.text().contains(says), "{says}: {}", joined.text());
    }

    let path = w.at(&format!("/places/{mid}/end"));
    let form = browser.get(&path).await;
    assert!(form.text().contains("Cleat Cleaning") && !form.text().contains("Sextant"), "it says what ends with it: {}", form.text());
    let day = |day: &'static str, year: &'static str| [("until.day", day), ("until.month", "3"), ("until.year", year)];
    for (fields, says) in [
        (day("32", "2026"), "Enter a real date"),
        (day("1", "2026"), "must not lie before the first day"),
        (day("3", "2026"), "Enter today or an earlier day"),
    ] {
        let page = browser.submit(&form, "/end", &fields).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains(says), "{says}: {}", page.text());
    }
    let page = browser.submit(&form, "/end", &[]).await;
    assert!(page.text().contains("Place in the chain ended"), "{}", page.text());
    assert_eq!((w.place(1).await.until.as_deref(), w.place(3).await.until.as_deref()), (Some("2026-03-02"), Some("2026-03-02")));
    assert_eq!(w.place(2).await.until, None);
    let mut gone = w.browser("supplier_lead", w.sub).await;
    assert_eq!(gone.get(&w.at("")).await.status, StatusCode::NOT_FOUND, "an ended place sees the contract no more");
    for path in [path, w.at(&format!("/places/{mid}/move"))] {
        let page = browser.get(&path).await;
        assert!(page.status == StatusCode::CONFLICT && page.text().contains("has ended already"), "{path}: {}", page.text());
        let again = browser.submit(&form, "/end", &[("once", "another")]).await;
        assert!(again.status == StatusCode::CONFLICT, "{}", again.text());
    }
});

both_engines!(migrations, /// OWN-3: a place moves with all below it; sight follows at once.
async fn a_place_is_moved(db) {
    let w = world(db).await;
    let mut browser = w.browser("administrator", w.authority).await;
    let mut beside = w.browser("supplier_lead", w.beside).await;
    assert!(!beside.get(&w.at("")).await.text().contains("Bowline"));
    let [top, mid, other, low] = w.places.map(|p| p.to_string());
    let path = w.at(&format!("/places/{mid}/move"));
    let form = browser.get(&path).await;
    assert!(form.text().contains("move with it: Cleat Cleaning"), "{}", form.text());
    let offered: Vec<String> = form.select("select[name=above] option");
    assert_eq!(offered[1..], ["Halyard Systems, tier 1", "Sextant Hosting, tier 2"], "neither itself nor what is below it");
    for (above, says) in [(low.as_str(), "cannot work for one that works for it"), (mid.as_str(), "cannot work for one"), ("x", "Choose a place")] {
        let page = browser.submit(&form, "/move", &[("above", above)]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains(says), "{says}: {}", page.text());
    }
    let page = browser.submit(&form, "/move", &[("above", &other), ("role_text", "Answers at night")]).await;
    assert!(page.text().contains("Place in the chain changed") && page.text().contains("Answers at night"), "{}", page.text());
    assert_eq!((w.place(1).await.tier, w.place(3).await.tier), (3, 4));
    let seen = beside.get(&w.at("")).await.text();
    assert!(seen.contains("Bowline Support") && seen.contains("Cleat Cleaning"), "{seen}");
    let stale = browser.submit(&form, "/move", &[("above", &top), ("once", "another")]).await;
    assert!(stale.status == StatusCode::CONFLICT && stale.text().contains("Someone changed this place"), "{}", stale.text());
    let lines = platform::book::timeline(&w.app.operator(), "contract", &w.contract.to_string(), 20).await.unwrap();
    let last = lines.last().unwrap();
    assert_eq!(last.action, "chain.change");
    assert!(last.about.iter().any(|(name, value)| name == "above" && *value == other), "{:?}", last.about);
    let elsewhere = w.app.contract(w.authority, "Harbour lights").await;
    assert_eq!(browser.get(&format!("/contracts/{elsewhere}/places/{mid}/move")).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// OUT-0, OFF-0: a withdrawn pack needs a reason, which stands with it on the contract.
async fn a_withdrawn_pack_asks_why(db) {
    let w = world(db).await;
    let mut browser = w.browser("contract_manager", w.authority).await;
    let edition = crate::pack::packs(&w.app.core).newest("offshoring").unwrap().edition.clone();
    let pack = format!("offshoring {edition}");
    let page = browser.get(&w.at("")).await;
    let bare = browser.submit(&page, "/packs", &[("pack", &pack)]).await;
    assert!(bare.status == StatusCode::UNPROCESSABLE_ENTITY && bare.text().contains("Say why this contract needs it"), "{}", bare.text());
    let page = browser.submit(&bare, "/packs", &[("pack", &pack), ("reason", "The tender named it")]).await;
    assert!(page.text().contains("Reason: The tender named it"), "{}", page.text());
    let mut lead = w.browser("supplier_lead", w.lead).await;
    assert!(lead.get(&w.at("")).await.text().contains("Reason: The tender named it"), "both sides read why");
});
