//! The screens.

use axum::http::StatusCode;
use testkit::both_engines;

use super::{Tender, version};
use crate::bid::act;
use crate::bid::model::Plans;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

both_engines!(migrations, /// OFF-7: a party is asked to bid, says what it plans, hands in and is asked for more, page by page; errors stand beside what was typed.
async fn off_7_page_by_page(db) {
    let world = World::new(db).await;
    let contract = world.app.contract(world.authority, "Night ferries").await;
    let reader = world.official("procurement_lead").await;
    let mut procurement = reader.browser(&world);
    assert!(procurement.get("/bids").await.text().contains("No bids"));
    let path = format!("/bids/new/{contract}");
    assert!(procurement.get("/bids/new").await.body.contains(&path));
    let form = procurement.get(&path).await;
    let (to, fields) = form.fill(&path, &[("due.day", "2"), ("due.month", "3"), ("due.year", "2026")]);
    let again = procurement.post_raw(&to, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let party = world.other.0.to_string();
    let past = again.fill(&path, &[("party", &party)]);
    let again = procurement.post_raw(&past.0, &past.1).await;
    assert!(again.text().contains("Choose a day that is still to come"), "{}", again.text());
    let made = again.fill(&path, &[("party", &party), ("due.day", "31")]);
    let made = procurement.post_raw(&made.0, &made.1).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let at = made.location();
    let page = procurement.get(&at).await;
    assert!(page.text().contains("is not handed in yet") && page.text().contains("31 March 2026"), "{}", page.text());

    let mut bidder = world.person("supplier_lead", world.other.0).await.browser(&world);
    assert!(bidder.get("/").await.body.contains(&at), "home shows it");
    let page = bidder.get(&at).await;
    assert!(page.text().contains("It does not say whether it plans work abroad"), "{}", page.text());
    let early = bidder.get(&format!("{at}/step/submit")).await;
    assert!(early.text().contains("The bid is incomplete") && !early.has_form("/step/submit"), "{}", early.text());
    let plans = bidder.get(&format!("{at}/plans")).await;
    let again = bidder.submit(&plans, "/plans", &[("abroad", "no")]).await;
    assert!(again.text().contains("Say how you know that nothing will be abroad"), "{}", again.text());
    let page = bidder.submit(&again, "/plans", &[("statement", "All of it is done in Leeds.")]).await;
    assert!(page.text().contains("Nothing is missing. You can hand the bid in."), "{}", page.text());
    let hand_in = bidder.get(&format!("{at}/step/submit")).await;
    let page = bidder.submit(&hand_in, "/step/submit", &[]).await;
    assert!(page.text().contains("Being read"), "{}", page.text());

    let page = procurement.get(&at).await;
    assert!(page.text().contains("All of it is done in Leeds.") && page.text().contains("Nothing is missing."), "{}", page.text());
    let ask = procurement.get(&format!("{at}/step/ask")).await;
    let again = procurement.submit(&ask, "/step/ask", &[("reason", "Where are the backups?")]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.body.contains("Where are the backups?"), "{}", again.text());
    let day = [("due.day", "9"), ("due.month", "3"), ("due.year", "2026")];
    let page = procurement.submit(&again, "/step/ask", &day).await;
    assert!(page.text().contains("More asked for") && page.text().contains("9 March 2026"), "{}", page.text());
    let answer = bidder.get(&format!("{at}/step/answer")).await;
    assert!(bidder.get(&at).await.text().contains("Where are the backups?"));
    bidder.submit(&answer, "/step/answer", &[("reason", "In York.")]).await;
    let accept = procurement.get(&format!("{at}/step/accept")).await;
    procurement.submit(&accept, "/step/accept", &[]).await;
    let choose = procurement.get(&format!("{at}/step/choose")).await;
    let page = procurement.submit(&choose, "/step/choose", &[("reason", "Best value."), ("others", "yes")]).await;
    assert!(page.text().contains("Chosen") && page.text().contains("Best value."), "{}", page.text());
    let chain = procurement.get(&format!("/contracts/{contract}")).await;
    assert!(chain.text().contains("Capstan Group"), "{}", chain.text());
});

both_engines!(migrations, /// OFF-7, OWN-3: the id of another's bid in the address bar finds nothing, whatever is done with it.
async fn off_7_another_bid_is_not_there(db) {
    let world = World::new(db).await;
    let tender = Tender::new(&world).await;
    let mut rival = world.person("supplier_lead", world.lead.0).await.browser(&world);
    for page in ["", "/plans", "/step/submit", "/step/withdraw", "/thread", "/tasks", "/files", "/history"] {
        assert_eq!(rival.get(&format!("/bids/{}{page}", tender.bid)).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    // What the authority may not read before it is handed in is on none of its pages.
    let stated = Plans { abroad: Some(false), statement: Some("Hush: all of it is done in Leeds.".to_owned()) };
    act::state(&tender.bidder.cx, tender.bid, version(&world, tender.bid).await, &stated).await.unwrap();
    let mut reader = tender.procurement.browser(&world);
    for page in ["", "/history", "/files"] {
        let page = reader.get(&format!("/bids/{}{page}", tender.bid)).await;
        assert!(page.status == StatusCode::OK && !page.text().contains("Hush"), "{}", page.text());
    }
});
