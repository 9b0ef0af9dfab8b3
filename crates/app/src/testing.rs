//! The product under test: service, fake clock, browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use platform::authz::{AccountActor, Actor, Side};
use platform::clock::Clock;
use platform::config::Settings;
use platform::seal::Key;
use platform::{Core, Cx};
use sea_orm::{EntityTrait as _, QueryOrder as _};
use testkit::{Browser, TestDb};
use uuid::Uuid;

use crate::{contract, party};

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

    /// The operator at work: makes what a test needs to stand on.
    pub(crate) fn operator(&self) -> Cx {
        Cx::new(&self.core, Actor::Operator).unwrap()
    }

    /// An account that is in no table, acting with this role for this party. Good for acts and queries; pages need a session.
    pub(crate) fn acting(&self, role: &str, party: Uuid) -> Cx {
        Cx::new(&self.core, actor(role, party)).unwrap()
    }

    /// Signs a browser in as somebody new with this role in this party: invited by mail, choosing a password on the page.
    pub(crate) async fn sign_in_as(&self, browser: &mut Browser, role: &str, party: Uuid) {
        let cx = self.operator();
        let email = format!("{}@people.example", cx.id().unwrap().simple());
        let invite = crate::account::act::Invite {
            email,
            name: format!("Pat {}", role.replace('_', " ")),
            party,
            role: role.to_owned(),
            ..Default::default()
        };
        let account = crate::account::act::invite(&cx, &invite).await.unwrap();
        let letters = platform::jobs::row::Entity::find().order_by_desc(platform::jobs::row::Column::Id).all(cx.db()).await.unwrap();
        let letter = letters.iter().find(|j| j.payload.contains(&invite.email)).unwrap_or_else(|| panic!("no letter to {account}"));
        let at = letter.payload.find("/sign-in/link/").unwrap();
        let path: String = letter.payload[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c)).collect();
        let page = browser.get(&path).await;
        let page = browser.submit(&page, &path, &[("password", "halyards slap against wet masts 7")]).await;
        assert!(page.status.is_success(), "{}: {}", page.status, page.text());
    }

    /// A party.
    pub(crate) async fn party(&self, side: Side, name: &str) -> Uuid {
        party::act::add(&self.operator(), side, &party::model::Details::named(name)).await.unwrap()
    }

    /// A planned contract let by `authority`.
    pub(crate) async fn contract(&self, authority: Uuid, title: &str) -> Uuid {
        contract::act::add(&self.operator(), &contract::model::Details::titled(authority, title)).await.unwrap()
    }

    /// A place in a chain.
    pub(crate) async fn place(&self, contract: Uuid, party: Uuid, above: Option<Uuid>) -> Uuid {
        let joining = contract::act::Joining { party, above, ..Default::default() };
        contract::act::add_place(&self.operator(), contract, &joining).await.unwrap()
    }
}

/// An account acting with this role for this party; the side follows from the role. Its ids are fresh, its sign-in recent.
pub(crate) fn actor(role: &str, party: Uuid) -> Actor {
    let side = if party::model::AUTHORITY_ROLES.contains(&role) { Side::Authority } else { Side::Supplier };
    Actor::Account(Box::new(AccountActor {
        account: Uuid::now_v7(),
        name: format!("A {role}"),
        membership: Uuid::now_v7(),
        party,
        party_name: "Some party".to_owned(),
        side,
        role: role.to_owned(),
        session: Uuid::now_v7(),
        fresh: true,
        read_only: false,
    }))
}
