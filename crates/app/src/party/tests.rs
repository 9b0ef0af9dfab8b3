//! The register of parties, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use platform::authz::Side;
use testkit::both_engines;

use super::model::{Details, PARTIES};
use super::{act, store};
use crate::migrations::migrations;
use crate::testing::{TestApp, actor};
use platform::register::{Ask, find};

both_engines!(migrations, async fn paging_shows_every_row_once(db) {
    let app = TestApp::new(db);
    let cx = app.operator();
    for n in 0..120 {
        let country = [None, Some("GB"), Some("NL")][n % 3].map(str::to_owned);
        let details = Details { country, ..Details::named(&format!("Party {}", n % 7)) };
        act::add(&cx, Side::Supplier, &details).await.unwrap();
    }
    for start in ["/parties", "/parties?sort=-name", "/parties?sort=country", "/parties?sort=-country&q=party"] {
        let (mut path, mut seen, mut keys) = (start.to_owned(), BTreeSet::new(), Vec::new());
        loop {
            let ask = Ask::read(&PARTIES, &path);
            let found = find::<store::Entity>(cx.db(), &PARTIES, &ask, store::visible(&cx.actor)).await.unwrap();
            assert_eq!(found.count, platform::register::Count::Exactly(120));
            for row in &found.rows {
                assert!(seen.insert(row.id), "{path} shows a row twice");
                keys.push(if start.contains("country") { row.country.clone().unwrap_or_default() } else { row.name_key.clone() });
            }
            match found.next {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), 120, "{start}");
        let mut sorted = keys.clone();
        sorted.sort();
        if start.contains('-') {
            sorted.reverse();
        }
        assert_eq!(keys, sorted, "{start}");
    }
    let ask = Ask::read(&PARTIES, "/parties?country=NL&q=party+3");
    let found = find::<store::Entity>(cx.db(), &PARTIES, &ask, store::visible(&actor("security", uuid::Uuid::nil()))).await.unwrap();
    assert!(found.rows.iter().all(|r| r.country.as_deref() == Some("NL") && r.name == "Party 3") && !found.rows.is_empty());
});
