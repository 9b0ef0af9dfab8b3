//! The product under test: service, fake clock, browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use platform::Core;
use platform::clock::Clock;
use platform::config::Settings;
use platform::seal::Key;
use testkit::{Browser, TestDb};

/// The instant at which every test begins: Monday 2 March 2026, 09:00 in London.
pub(crate) const BEGINNING: &str = "2026-03-02T09:00:00Z";

/// A running service without a port.
pub(crate) struct TestApp {
    pub(crate) core: Arc<Core>,
    router: axum::Router,
    /// Kept to the end: the database goes away with it.
    pub(crate) db: TestDb,
}

impl TestApp {
    /// The service over this fresh database, its clock standing at [`BEGINNING`].
    pub(crate) fn new(db: TestDb) -> Self {
        Self::with(db, |_| {})
    }

    /// The same, with other settings.
    pub(crate) fn with(db: TestDb, change: impl FnOnce(&mut Settings)) -> Self {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        let clock = Clock::by_hand(BEGINNING.parse().unwrap(), zone);
        let mut settings = Settings { data: db.folder().to_owned(), ..Settings::default() };
        change(&mut settings);
        let ledger_key = ledger::SigningKey::generate("test.example/ledger", &[7; 32]).unwrap();
        let core = crate::service::service(db.db.clone(), clock, settings, Key::fresh().unwrap(), ledger_key).unwrap();
        let router = platform::web::router(&core, crate::service::routes());
        Self { core, router, db }
    }

    /// A fresh browser.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Does every job that is due.
    pub(crate) async fn work(&self) -> usize {
        platform::jobs::run_due(&self.core).await.unwrap()
    }

    /// Turns the clock forward.
    pub(crate) fn advance(&self, by: platform::clock::Millis) {
        self.core.clock.advance(by);
    }
}
