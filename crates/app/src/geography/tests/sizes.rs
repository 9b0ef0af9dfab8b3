//! The page stays small, however much there is.

use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use testkit::both_engines;

use super::{aside, id};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;
use crate::party::store as parties;
use crate::site::model::Details as Site;
use crate::site::store::{self as sites, Site as Row};
use rules::country::Country;

/// Enters so many sites, spread over so many countries and a hundred suppliers, row by row behind the back of the service.
async fn places(world: &World, number: usize, countries: usize) {
    let side = aside(world).await;
    let codes: Vec<&str> = Country::all().map(Country::code).collect();
    let mut suppliers = Vec::new();
    for n in 0..100 {
        let details = crate::party::model::Details::named(&format!("Crowd {n:03}"));
        let row = parties::Party::new(id(), platform::authz::Side::Supplier, &details, 0).row;
        suppliers.push(row.id);
        parties::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&side).await.unwrap();
    }
    let all: Vec<sites::Model> = (0..number)
        .map(|n| {
            let site = Site { people: 10, ..Site::of(&format!("Place {n}"), "office", codes[n % countries * 250 / countries], "1 Quay") };
            Row::new(id(), suppliers[n % suppliers.len()], &site, 0).row
        })
        .collect();
    for part in all.chunks(500) {
        sites::Entity::insert_many(part.iter().map(|row| row.clone().into_active_model().reset_all()))
            .exec_without_returning(&side)
            .await
            .unwrap();
    }
}

both_engines!(migrations, /// OFF-6b: the page is as small with ten thousand places as with a hundred; so are the country's and that of concentration.
async fn off_6b_ten_thousand_places_make_no_larger_page(db) {
    let world = World::new(db).await;
    let manager = world.official("contract_manager").await;
    let mut browser = manager.browser(&world);
    places(&world, 100, 50).await;
    let mut sizes = Vec::new();
    for round in 0..2 {
        if round == 1 {
            places(&world, 10_000, 50).await;
        }
        let mut all = Vec::new();
        for path in ["/map", "/map/AD", "/map/concentration", "/map?page=2"] {
            all.push(browser.get(path).await.body.len());
        }
        sizes.push(all);
    }
    let page = browser.get("/map").await;
    assert!(page.text().contains("10,100") || page.select("tbody tr").iter().any(|row| row.contains("202")), "{}", page.text());
    for (few, many) in sizes[0].iter().zip(&sizes[1]) {
        // More suppliers work in the country: of these, twenty are told of at most.
        assert!(*many < few + 2_000, "{sizes:?}");
        assert!(*many < 60_000, "{sizes:?}");
    }
    assert_eq!(page.select("svg.vs-map__world image").len(), 1);
});

both_engines!(migrations, /// OFF-6b: with something in every country of the world there is at most one mark a country, and the page is still small.
async fn off_6b_every_country_of_the_world_fits(db) {
    let world = World::new(db).await;
    places(&world, 1_000, 250).await;
    let page = world.official("security").await.browser(&world).get("/map").await;
    let marks = page.select("svg.vs-map__world g title");
    assert!(marks.len() > 20 && marks.len() <= 250, "{}", marks.len());
    let told: u64 = marks.iter().map(|mark| mark.rsplit(' ').next().unwrap().replace(',', "").parse::<u64>().unwrap()).sum();
    assert_eq!(told, 1_000, "every place is in a mark");
    assert!(page.body.len() < 60_000, "{} bytes", page.body.len());
    // The table goes on page by page to the last country.
    let mut browser = world.official("security").await.browser(&world);
    let (mut page, mut seen) = (page, 0);
    loop {
        seen += page.select("h2#countries + * tbody tr, h2#countries ~ .vs-table tbody tr").len().min(25);
        let Some(next) = page.links().into_iter().find(|link| link.starts_with("/map?page=") && page.body.contains(&format!("href=\"{link}\" rel=\"next\""))) else { break };
        page = browser.get(&next).await;
    }
    assert!(seen >= 250, "{seen}");
});
