//! The product under test: service, fake clock, browsers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(crate) mod chains;
pub(crate) mod forms;
pub(crate) mod tiers;

use std::sync::Arc;

use platform::authz::{AccountActor, Actor, Side};
use platform::clock::Clock;
use platform::config::Settings;
use platform::seal::Key;
use platform::{Core, Cx};
use testkit::{Browser, TestDb};
use uuid::Uuid;

use crate::account::act as accounts;
use crate::{contract, party};

/// The password of every account that [`TestApp::account`] makes.
pub(crate) const PASSWORD: &str = "lantern pocket river ninety";

/// Someone with an account and one role.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) account: Uuid,
    pub(crate) email: String,
}

/// The instant at which every test begins: Monday 2 March 2026, 09:00 in London.
pub(crate) const BEGINNING: &str = "2026-03-02T09:00:00Z";

/// The service, reading files on a thread: the program that runs a test knows no commands. What the process apart does and that it is ended is tested with the
/// program itself, in `crates/vouchsafe/tests`.
fn here(core: Arc<Core>) -> Arc<Core> {
    let core = Arc::into_inner(core).unwrap();
    Arc::new(Core { apart: platform::apart::Apart::within(crate::reading::answer), ..core })
}

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
        let core = here(crate::service::service(db.db.clone(), clock, settings, Key::fresh().unwrap(), ledger_key).unwrap());
        let router = platform::web::router(&core, crate::service::routes());
        Self { core, router, db }
    }

    /// The demonstration over this fresh database, its story told.
    pub(crate) async fn demonstration(db: TestDb) -> Self {
        Self::demonstration_with(db, |_| {}).await
    }

    /// The same, with other settings.
    pub(crate) async fn demonstration_with(db: TestDb, change: impl FnOnce(&mut Settings)) -> Self {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        let clock = Clock::by_hand(BEGINNING.parse().unwrap(), zone);
        let mut settings = Settings { data: db.folder().to_owned(), ..Settings::default() };
        change(&mut settings);
        let ledger_key = ledger::SigningKey::generate("test.example/ledger", &[7; 32]).unwrap();
        let core = here(crate::service::demonstration(db.db.clone(), clock, settings, Key::fresh().unwrap().into(), ledger_key).unwrap());
        crate::demo::tell(&core).await.unwrap();
        let router = platform::web::router(&core, crate::service::routes());
        Self { core, router, db }
    }

    /// A fresh browser.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Does every job that is due, once refusals are recorded.
    pub(crate) async fn work(&self) -> usize {
        self.core.refusals.settle().await;
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

    /// An account with this role in this party, made by invitation and link; its password is [`PASSWORD`].
    pub(crate) async fn account(&self, role: &str, party: Uuid) -> Login {
        self.invited(&accounts::Invite { party, role: role.to_owned(), ..accounts::Invite::default() }).await
    }

    /// The same, with more said; what of e-mail address and name is missing is made up.
    pub(crate) async fn invited(&self, invite: &accounts::Invite) -> Login {
        let number = Uuid::now_v7().simple().to_string();
        let email = if invite.email.is_empty() { format!("{}.{number}@people.example", invite.role) } else { invite.email.clone() };
        let name = if invite.name.is_empty() { format!("A {}", invite.role) } else { invite.name.clone() };
        let cx = self.operator();
        let account = accounts::invite(&cx, &accounts::Invite { email: email.clone(), name, ..invite.clone() }).await.unwrap();
        let link = self.mailed_link(&email).await;
        let token = link.rsplit('/').next().unwrap();
        let nobody = Cx::new(&self.core, Actor::Anonymous).unwrap();
        accounts::accept(&nobody, &accounts::Caller::default(), token, PASSWORD).await.unwrap();
        Login { account, email }
    }

    /// The path of the link last mailed to this address.
    pub(crate) async fn mailed_link(&self, email: &str) -> String {
        let text = self.mailed(email).await.pop().unwrap_or_else(|| panic!("nothing was mailed to {email}"));
        let at = text.find("/sign-in/link/").unwrap_or_else(|| panic!("no link in {text}"));
        text[at..].split_whitespace().next().unwrap().to_owned()
    }

    /// The texts mailed to this address, the latest last; the clock must be turned between two that are to be told apart. What waits to be
    /// sent is sent first.
    pub(crate) async fn mailed(&self, email: &str) -> Vec<String> {
        self.work().await;
        testkit::letters(&self.core.settings.mail_folder()).into_iter().filter(|l| l.to == email).map(|l| l.text).collect()
    }

    /// Signs in through the pages; the page it leads to.
    pub(crate) async fn sign_in(&self, browser: &mut Browser, email: &str) -> testkit::Page {
        let page = browser.get("/sign-in?next=/account").await;
        let page = browser.submit(&page, "/sign-in", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(page.path, "/account", "{}", page.text());
        page
    }

    /// Signs a browser in as somebody new with this role in this party.
    pub(crate) async fn sign_in_as(&self, browser: &mut Browser, role: &str, party: Uuid) {
        let login = self.account(role, party).await;
        self.sign_in(browser, &login.email).await;
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

/// A file attached to a thing by whoever acts: a PDF with its name in it.
pub(crate) async fn attach(cx: &Cx, kind: &str, thing: impl ToString, name: &str, internal: bool) -> Uuid {
    attach_at(cx, kind, thing, None, name, internal).await.unwrap()
}

/// The same, at a field of the thing.
pub(crate) async fn attach_at(
    cx: &Cx,
    kind: &str,
    thing: impl ToString,
    field: Option<&str>,
    name: &str,
    internal: bool,
) -> platform::Result<Uuid> {
    use platform::files::{About, To};
    let mut bytes = platform::files::AtHand::new(format!("%PDF-1.7\n{name}\n"));
    let received = platform::files::receive(cx, ("proposal", &thing.to_string()), &mut bytes).await.unwrap();
    let about = About { name: name.to_owned(), internal, ..About::default() };
    platform::files::add(cx, To::Thing(kind, &thing.to_string(), field), &about, &received).await
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
        acts_for: None,
    }))
}
