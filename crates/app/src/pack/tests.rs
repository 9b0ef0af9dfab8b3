//! Packs as both sides read them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use platform::authz::Side;
use testkit::both_engines;

use crate::migrations::migrations;
use crate::testing::TestApp;

both_engines!(
    migrations,
    /// OFF-0, OFF-1, OFF-2, OUT-0: list and record show edition, date, author, manager, standing, parents, duties with source and controls.
    async fn a_pack_shows_its_standing_and_its_duties(db) {
        let app = TestApp::new(db);
        let halyard = app.party(Side::Supplier, "Halyard Systems").await;
        let mut browser = app.browser();
        app.sign_in_as(&mut browser, "supplier_lead", halyard).await;
        let page = browser.get("/packs").await;
        assert!(page.text().contains("Withdrawn"), "{}", page.text());
        let page = browser.get(&page.link("Offshoring")).await;
        let text = page.text();
        for part in ["edition 2026.1", "Head of supplier security", "withdrawn", "9 July 2024", "What it answers to", "OFF-9b", "Before:", "ISO/IEC 27001:2022"] {
            assert!(text.contains(part) || text.contains("2024-07-09") && part == "9 July 2024", "{part} is not in: {text}");
        }
    }
);
