//! What is where, as each side sees it.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use platform::Cx;
use platform::authz::Actor;
use sea_orm::EntityTrait as _;
use testkit::both_engines;
use uuid::Uuid;

use super::{furnished, work_in};
use crate::arrangement::model::Held;
use crate::arrangement::store as arrangements;
use crate::contract::chain::{closure_row, place_row};
use crate::geography::store::{self, Ask};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::site::model::Details as Site;
use crate::site::store as sites;
use crate::testing::TestApp;
use crate::testing::chains::in_random_chains;

both_engines!(migrations, /// OFF-6b: the map shows sites, data, people and work by country, tier and supplier, and says the same in tables.
async fn off_6b_the_map_says_what_is_where(db) {
    let world = World::new(db).await;
    let mut manager = world.official("contract_manager").await.browser(&world);
    assert!(manager.get("/map").await.text().contains("Nothing is on the map yet"));
    furnished(&world).await;
    let page = manager.get("/map").await;
    assert_eq!(page.status, StatusCode::OK);
    let rows = page.select("tbody tr");
    let row = |start: &str| rows.iter().find(|row| row.starts_with(start)).unwrap_or_else(|| panic!("{start}: {rows:#?}")).clone();
    for word in ["1 (40 people)", "1 (5 people)", "1 not covered", "Not all said: 1", "Needs a safeguard", "1 thing lacking"] {
        assert!(row("India").contains(word), "{word}: {}", row("India"));
    }
    for word in ["1 (12 people)", "At rest for good: 1", "In transit: 1", "Adequate"] {
        assert!(row("Portugal").contains(word), "{word}: {}", row("Portugal"));
    }
    assert!(row("United States").contains("Adequate on a condition"));
    for (tier, places) in [("Tier 1", "2 (47 people)"), ("Tier 2", "1 (12 people)")] {
        assert!(row(tier).contains(places), "{}", row(tier));
    }
    for supplier in ["Halyard Systems", "Bowline Support", "Capstan Group"] {
        assert!(row(supplier).contains("1 ("), "{supplier}");
    }
    // One mark a country that is far from others, each with its name and number; the outlines are a file of their own.
    let marks = page.select("svg.vs-map__world g title");
    assert_eq!(marks.len(), 4, "{marks:?}");
    assert!(marks.iter().any(|mark| mark == "India: 2") && marks.iter().any(|mark| mark == "Brazil: 1"), "{marks:?}");
    assert!(page.body.contains("<image href=\"/assets/world"), "the outlines");
    assert!(!page.body.contains("<path id=\"IN\""));
    assert!(page.body.contains("role=\"img\" aria-labelledby=\"map-title map-about\""));
});

both_engines!(migrations, /// OFF-6b, OWN-3: filters narrow all of it; a supplier sees its own and what is below it, whatever it asks for.
async fn off_6b_each_side_sees_its_own(db) {
    let world = World::new(db).await;
    furnished(&world).await;
    let countries = async |browser: &mut testkit::Browser, address: &str| {
        let page = browser.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        let all = ["India", "Portugal", "Brazil", "United States"];
        let rows = page.select("tbody tr");
        all.into_iter().filter(|name| rows.iter().any(|row| row.starts_with(name))).collect::<Vec<_>>().join(" ")
    };
    let mut manager = world.official("contract_manager").await.browser(&world);
    let (party, contract) = (format!("/map?party={}", world.sub.0), format!("/map?contract={}", world.contract));
    for (address, expected) in [
        ("/map", "India Portugal Brazil United States"),
        ("/map?tier=1", "India Brazil United States"),
        ("/map?tier=2", "Portugal"),
        (party.as_str(), "Portugal"),
        (contract.as_str(), "India Portugal United States"),
        ("/map?country=India", "India"),
        ("/map?country=pt&tier=1", ""),
    ] {
        assert_eq!(countries(&mut manager, address).await, expected, "{address}");
    }
    let mut lead = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let mut sub = world.person("supplier_member", world.sub.0).await.browser(&world);
    let mut other = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert_eq!(countries(&mut lead, "/map").await, "India Portugal United States");
    assert_eq!(countries(&mut sub, "/map").await, "Portugal");
    assert_eq!(countries(&mut other, "/map").await, "Brazil");
    for address in [&party, &contract] {
        assert_eq!(countries(&mut other, address).await, "", "{address}");
    }
    // A country in which one has nothing is no page of one's own; in one's own, others' are not told.
    assert_eq!(other.get("/map/IN").await.status, StatusCode::NOT_FOUND);
    assert_eq!(sub.get("/map/IN").await.status, StatusCode::NOT_FOUND);
    let page = lead.get("/map/IN").await.text();
    assert!(page.contains("Halyard Systems") && !page.contains("What we hold") && !page.contains("lacking"), "{page}");
    assert_eq!(lead.get("/map/concentration").await.status, StatusCode::NOT_FOUND);
    assert_eq!(manager.get("/map/IN").await.status, StatusCode::OK);
});

both_engines!(migrations, /// OFF-6b: a country that ceased to exist, or is none, gives a clear message and the way on; other ways to write one lead to it.
async fn off_6b_a_country_that_is_no_more_is_explained(db) {
    let world = World::new(db).await;
    let mut manager = world.official("contract_manager").await.browser(&world);
    let page = manager.get("/map/AN").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("“AN” (Netherlands Antilles) is no longer a country code"), "{}", page.text());
    assert!(page.links().iter().any(|link| link == "/map/CW"), "{:?}", page.links());
    for (text, says) in [("Atlantis", "We do not know the country"), ("Korea", "fits more than one place"), ("Yugoslavia", "no longer a country code")] {
        let page = manager.get(&format!("/map/{text}")).await;
        assert_eq!((page.status, page.text().contains(says)), (StatusCode::NOT_FOUND, true), "{text}: {}", page.text());
        let page = manager.get(&format!("/map?country={text}")).await;
        assert_eq!((page.status, page.text().contains(says)), (StatusCode::UNPROCESSABLE_ENTITY, true), "{text}: {}", page.text());
    }
    let page = manager.get("/map/portugal").await;
    assert_eq!((page.status, page.path.as_str()), (StatusCode::OK, "/map/PT"));
});

both_engines!(migrations, /// OFF-6b, OWN-3: what is counted of each country is what the policies let each actor view, in chains of random shape.
async fn counts_are_what_policies_allow(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    let enter = async |party: Uuid, place: Option<Uuid>| {
        let country = ["IN", "PT", "BR"][usize::from(party.as_bytes()[15] % 3)];
        crate::site::act::add(&cx, party, &Site { people: 3, ..Site::of("Somewhere", "office", country, "1 Quay") }).await.unwrap();
        if let Some(place) = place {
            crate::arrangement::act::report(&cx, place, &work_in(country, Held::default())).await.unwrap();
        }
    };
    in_random_chains(&app, 4, enter, async |actor: &Actor| agree(&app, actor).await).await;
    rests_as_computed(&app).await;
});

async fn agree(app: &TestApp, actor: &Actor) -> usize {
    let db = app.core.db.reader();
    let mut expected: BTreeMap<Option<String>, (i64, i64, i64)> = BTreeMap::new();
    let all = sites::with_sight(db, sites::Entity::find().all(db).await.unwrap()).await.unwrap();
    for site in all.iter().filter(|site| app.core.authz.check(actor, "site.view", *site).is_ok()) {
        let one = expected.entry(Some(site.row.country.clone())).or_default();
        (one.0, one.1) = (one.0 + 1, one.1 + i64::from(site.row.people));
    }
    let all = arrangements::with_sight(db, arrangements::Entity::find().all(db).await.unwrap()).await.unwrap();
    for of in all.iter().filter(|of| app.core.authz.check(actor, "arrangement.view", *of).is_ok()) {
        expected.entry(Some(of.row.country.clone())).or_default().2 += 1;
    }
    let cx = Cx::new(&app.core, actor.clone()).unwrap();
    let found = store::by_country(&cx, &Ask::default()).await.unwrap();
    let found: BTreeMap<_, _> = found.into_iter().map(|(code, here)| (code, (here.sites, here.site_people, here.work.works))).collect();
    assert_eq!(found, expected, "{actor:?}");
    let lines: i64 = store::lines(&cx, &Ask::default()).await.unwrap().iter().map(|(_, here)| here.things()).sum();
    let parties: i64 = store::by_party(&cx, &Ask::default(), 10_000).await.unwrap().iter().map(|(_, here)| here.things()).sum();
    let all: i64 = expected.values().map(|(sites, _, works)| sites + works).sum();
    assert_eq!((lines, parties), (all, all), "{actor:?}");
    usize::try_from(all).unwrap()
}

/// OFF-6b: what rests on each party is what one finds by walking every chain from the bottom up.
async fn rests_as_computed(app: &TestApp) {
    let db = app.core.db.reader();
    let places: BTreeMap<Uuid, place_row::Model> =
        place_row::Entity::find().all(db).await.unwrap().into_iter().map(|p| (p.id, p)).collect();
    let works = arrangements::Entity::find().all(db).await.unwrap();
    assert!(closure_row::Entity::find().all(db).await.unwrap().len() > 20 && works.len() > 5);
    // By role: contracts, then work with its people, each once.
    let mut contracts: BTreeSet<(bool, Uuid, Uuid)> = BTreeSet::new();
    let mut resting: BTreeSet<(bool, Uuid, Uuid)> = BTreeSet::new();
    for place in places.values().filter(|place| place.until.is_none()) {
        contracts.insert((place.tier == 1, place.party, place.contract));
    }
    for work in &works {
        let mut at = places.get(&work.place);
        while let Some(place) = at {
            if place.until.is_none() {
                resting.insert((place.tier == 1, place.party, work.id));
            }
            at = place.above.and_then(|above| places.get(&above));
        }
    }
    let rests = store::rests(db).await.unwrap();
    for (leads, found) in [(true, &rests.leads), (false, &rests.subs)] {
        let of = |all: &BTreeSet<(bool, Uuid, Uuid)>, party: Uuid| {
            all.iter().filter(|(lead, p, _)| *lead == leads && *p == party).count() as u64
        };
        let parties: BTreeSet<Uuid> =
            contracts.iter().chain(&resting).filter(|(lead, ..)| *lead == leads).map(|(_, party, _)| *party).collect();
        assert_eq!(found.iter().map(|one| one.on).collect::<BTreeSet<_>>(), parties);
        for one in found {
            assert_eq!(
                (one.contracts, one.works, one.people),
                (of(&contracts, one.on), of(&resting, one.on), of(&resting, one.on) * 5),
                "{leads}"
            );
        }
    }
    assert_eq!(rests.countries.iter().map(|one| one.works).sum::<u64>(), works.len() as u64);
    assert_eq!(rests.whole.contracts, contracts.iter().map(|(_, _, contract)| contract).collect::<BTreeSet<_>>().len() as u64);
}
