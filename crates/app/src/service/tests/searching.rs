//! Lists that are searched.

use testkit::both_engines;

use super::crawl::Town;
use crate::migrations::migrations;
use crate::site::model::Details as Site;

/// The first cell of each row.
const FIRST: &str = "tbody tr > :first-child a";

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

both_engines!(migrations, /// OWN-3: a searched list comes in the order of the names from the word found on, each record once, page after page.
async fn own_3_a_searched_list_comes_by_the_word_that_was_found(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let add = async |name: &str| {
        crate::site::act::add(&town.lead.cx, world.lead.0, &Site { people: 3, ..Site::of(name, "office", "GB", "1 Quay") }).await.unwrap();
    };
    for n in 0..110 {
        add(&if n % 2 == 0 { format!("Pier {n:03}") } else { format!("Old pier {n:03}") }).await;
    }
    add("Pier on the pier").await;
    let mut expected: Vec<String> = (0..110).map(|n| if n % 2 == 0 { format!("Pier {n:03}") } else { format!("Old pier {n:03}") }).collect();
    // Named twice by what is searched for: it comes by the first of the two in order, "pier".
    expected.insert(0, "Pier on the pier".to_owned());
    let mut browser = town.manager.browser(world);
    let (mut told, mut at) = (Vec::new(), Some("/sites?q=pier".to_owned()));
    while let Some(address) = at {
        let page = browser.get(&address).await;
        assert!(page.text().contains("111 "), "{}", page.text());
        told.extend(page.select(FIRST));
        at = page.links().into_iter().find(|link| link.contains("after="));
    }
    assert_eq!(told, expected);
    let down = browser.get("/sites?q=pier&sort=-name").await;
    assert_eq!(down.select(FIRST)[0], "Pier on the pier");
});

both_engines!(migrations, /// OWN-3: whoever may see few of very many records that fit finds these, and a list that finds too many to count says so.
async fn own_3_a_search_finds_the_few_among_very_many(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let sub = world.person("supplier_lead", world.sub.0).await;
    for name in ["Pier yard", "Far pier"] {
        crate::site::act::add(&sub.cx, world.sub.0, &Site { people: 3, ..Site::of(name, "office", "GB", "2 Quay") }).await.unwrap();
    }
    // What others might have of that name, nearer than any of these, as far as the search knows.
    let (cx, site) = (&town.lead.cx, crate::site::store::get(town.lead.cx.db(), town.site).await.unwrap());
    let tx = cx.begin().await.unwrap();
    for _ in 0..3 {
        let parts = (0..512).map(|n| format!("pier a{n:04}")).collect();
        platform::search::add(tx.db(), "site", uuid::Uuid::now_v7(), parts).await.unwrap();
    }
    let permit = cx.permit("site.change", &site).unwrap();
    cx.commit(tx, permit, [platform::cx::Entry::on("site.change", &site)]).await.unwrap();
    let mut browser = sub.browser(world);
    let page = browser.get("/sites?q=pier").await;
    let names = page.select(FIRST);
    assert_eq!(names, ["Far pier", "Pier yard"]);
    assert!(page.text().contains("2 "), "{}", page.text());
});
