//! Lists that are searched.

use testkit::both_engines;

use super::crawl::Town;
use crate::migrations::migrations;
use crate::site::model::Details as Site;

both_engines!(migrations, /// OWN-3: beside a searched list stand the filters that fit what was found, each with how many it would leave, on and off.
async fn own_3_a_searched_list_offers_what_fits_what_was_found(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    for (name, kind, country) in [("Pier desk", "office", "GB"), ("Pier store", "office", "GB"), ("Pier room", "data_centre", "IN")] {
        crate::site::act::add(&town.lead.cx, world.lead.0, &Site { people: 3, ..Site::of(name, kind, country, "1 Quay") }).await.unwrap();
    }
    crate::site::act::add(&town.manager.cx, world.sub.0, &Site { people: 3, ..Site::of("Pier yard", "office", "GB", "2 Quay") }).await.unwrap();
    let mut browser = town.manager.browser(world);
    let mut offered = async |address: &str| -> Vec<String> {
        let page = browser.get(address).await;
        page.select(".vs-filter").iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let all = offered("/sites?q=pier").await;
    for filter in ["United Kingdom 3", "India 1", "Halyard Systems 3"] {
        assert!(all.iter().any(|text| text == filter), "{filter}: {all:?}");
    }
    // What is on narrows every filter but its own.
    let one = offered("/sites?q=pier&country=GB").await;
    for filter in ["United Kingdom 3", "India 1", "Halyard Systems 2"] {
        assert!(one.iter().any(|text| text == filter), "{filter}: {one:?}");
    }
    assert_eq!(offered("/sites?q=pier&kind=data_centre").await.iter().filter(|text| text.starts_with("United Kingdom")).count(), 0);
    assert_eq!(offered("/sites?q=quarry").await, [""; 0]);
});
