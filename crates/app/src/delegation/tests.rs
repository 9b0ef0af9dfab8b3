//! Delegations: what may be asked for, and by whom. What is decided so is tested with the proposals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::http::StatusCode;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use platform::Error;
use platform::authz::Side;
use platform::identity::membership;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::{Browser, both_engines};
use uuid::Uuid;

use super::model::{Asking, DAYS, State, faults};
use crate::account::act::Invite;
use crate::migrations::migrations;
use crate::testing::{Login, TestApp};

/// OFF-11: which days may be asked for.
#[test]
fn off_11_days_of_a_delegation() {
    let today = date(2026, 3, 2);
    let asked = |from: Date, until: Date| Asking { membership: Uuid::nil(), to: Uuid::nil(), from, until, reason: "On leave.".to_owned() };
    let taken = [(date(2026, 4, 1), date(2026, 4, 10))];
    for (from, until, wrong, why) in [
        (today, today, None, "one day, today"),
        (date(2026, 3, 10), date(2026, 3, 20), None, "days to come"),
        (date(2026, 3, 20), date(2026, 3, 10), Some(("until", "delegation-days-order")), "reversed"),
        (date(2026, 3, 1), date(2026, 3, 10), Some(("from", "delegation-from-past")), "begun already"),
        (
            today,
            today.checked_add((DAYS - 1).days()).unwrap(),
            Some(("from", "delegation-taken")),
            "as long as may be, over days that are taken",
        ),
        (date(2026, 5, 1), date(2026, 5, 1).checked_add((DAYS - 1).days()).unwrap(), None, "as long as may be"),
        (date(2026, 5, 1), date(2026, 5, 1).checked_add(DAYS.days()).unwrap(), Some(("until", "delegation-too-long")), "a day longer"),
        (date(2026, 3, 20), date(2026, 4, 1), Some(("from", "delegation-taken")), "the first taken day"),
        (date(2026, 4, 10), date(2026, 4, 12), Some(("from", "delegation-taken")), "the last taken day"),
        (date(2026, 4, 11), date(2026, 4, 12), None, "the day after"),
        (date(9999, 12, 1), date(9999, 12, 31), None, "at the end of the calendar"),
    ] {
        let errors = faults(&asked(from, until), &taken, today);
        match wrong {
            None => assert!(errors.or(()).is_ok(), "{why}"),
            Some((field, id)) => assert_eq!(errors.get(field).map(|text| text.id.as_ref()), Some(id), "{why}"),
        }
    }
    for (reason, wrong) in [("", true), ("  \n", true), ("On leave.", false), (&"x".repeat(2_001), true)] {
        let errors = faults(&Asking { reason: reason.to_owned(), ..asked(today, today) }, &[], today);
        assert_eq!(errors.get("reason").is_some(), wrong, "{} characters", reason.len());
    }
}

#[test]
fn how_a_delegation_stands() {
    let days = (date(2026, 3, 10), date(2026, 3, 20));
    for (ended, today, state) in [
        (false, date(2026, 3, 9), State::Planned),
        (false, date(2026, 3, 10), State::Runs),
        (false, date(2026, 3, 20), State::Runs),
        (false, date(2026, 3, 21), State::Over),
        (true, date(2026, 3, 9), State::Ended),
        (true, date(2026, 3, 15), State::Ended),
    ] {
        assert_eq!(State::of(days, ended, today), state, "{today} {ended}");
    }
}

/// An authority with somebody who decides, a colleague, and both signed in.
struct Office {
    app: TestApp,
    authority: Uuid,
    boss: Login,
    deputy: Login,
}

impl Office {
    async fn new(db: testkit::TestDb) -> Self {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Department of Crossings").await;
        let named = |name: &str, role: &str| Invite { party: authority, role: role.to_owned(), name: name.to_owned(), ..Invite::default() };
        let boss = app.invited(&named("Ines Marlow", "management")).await;
        let deputy = app.invited(&named("Oren Tamsin", "owner")).await;
        Self { app, authority, boss, deputy }
    }

    async fn browser(&self, login: &Login) -> Browser {
        let mut browser = self.app.browser();
        self.app.sign_in(&mut browser, &login.email).await;
        browser
    }

    /// Asks for a delegation by the page: what it leads to.
    async fn name(&self, browser: &mut Browser, to: Uuid, from: &str, until: &str) -> testkit::Page {
        let page = browser.get("/account/delegations/new").await;
        let mut fields = vec![("to".to_owned(), to.to_string()), ("reason".to_owned(), "On leave.".to_owned())];
        for (name, day) in [("from", from), ("until", until)] {
            let parts: Vec<&str> = day.split('-').collect();
            for (part, value) in ["year", "month", "day"].iter().zip(&parts) {
                fields.push((format!("{name}.{part}"), (*value).to_owned()));
            }
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.submit(&page, "/account/delegations/new", &fields).await
    }

    async fn roles(&self, account: Uuid) -> Vec<membership::Model> {
        membership::Entity::find().filter(membership::Column::Account.eq(account)).all(self.app.core.db.reader()).await.unwrap()
    }

    async fn standing_in(&self) -> Option<membership::Model> {
        self.roles(self.deputy.account).await.into_iter().find(|row| row.stands_for.is_some())
    }

    /// Switches to the role in which somebody stands for another, by the page.
    async fn switch(&self, browser: &mut Browser) -> testkit::Page {
        let row = self.standing_in().await.unwrap();
        let page = browser.get("/account/memberships").await;
        browser.submit(&page, "/account/memberships", &[("membership", &row.id.to_string())]).await
    }
}

both_engines!(migrations, /// OFF-11: whoever decides names a deputy with dates and a reason; the deputy is told, switches, and is themselves again when the last day is over.
async fn off_11_somebody_decides_for_somebody_else_for_some_days(db) {
    let office = Office::new(db).await;
    let mut boss = office.browser(&office.boss).await;
    let page = boss.get("/account/delegations").await;
    assert!(page.text().contains("Nobody decides in your place"), "{}", page.text());
    // What cannot be is said at its field, and nothing typed is lost.
    for (to, from, until, says) in [
        (office.deputy.account, "2026-03-20", "2026-03-10", "The last day is before the first"),
        (office.deputy.account, "2026-02-20", "2026-03-10", "The first day is past"),
        (office.deputy.account, "2026-03-03", "2028-03-10", "At most 366 days"),
        (Uuid::nil(), "2026-03-03", "2026-03-10", "Choose somebody else: they need"),
        (office.boss.account, "2026-03-03", "2026-03-10", "Choose somebody else: you decide"),
    ] {
        let page = office.name(&mut boss, to, from, until).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(page.text().contains(says) && page.text().contains("On leave."), "{says}: {}", page.text());
    }
    let page = office.name(&mut boss, office.deputy.account, "2026-03-03", "2026-03-10").await;
    assert_eq!(page.path, "/account/delegations", "{}", page.text());
    assert!(page.text().contains("Oren Tamsin") && page.text().contains("To come") && page.text().contains("3 March 2026 to 10 March 2026"), "{}", page.text());
    let page = office.name(&mut boss, office.deputy.account, "2026-03-10", "2026-03-12").await;
    assert!(page.text().contains("Somebody decides for you from 3 March 2026 to 10 March 2026 already"), "{}", page.text());
    let letters = office.app.mailed(&office.deputy.email).await;
    let asks = |letter: &String| letter.contains("Ines Marlow asks you to decide in their place") && letter.contains("10 March 2026");
    assert!(letters.iter().any(asks), "{letters:?}");
    // Not before its first day.
    let mut deputy = office.browser(&office.deputy).await;
    assert!(!deputy.get("/account/memberships").await.text().contains("for Ines Marlow"));
    assert_eq!(office.switch(&mut deputy).await.status, StatusCode::NOT_FOUND, "a role to come cannot be taken up");
    let (early, late) = (date(2026, 3, 3), date(2026, 3, 11));
    let to = |day: Date| {
        let noon = day.at(9, 0, 0, 0).to_zoned(office.app.core.clock.zone().clone()).unwrap().timestamp().as_millisecond();
        office.app.advance(noon - office.app.core.clock.now());
    };
    to(early);
    let mut deputy = office.browser(&office.deputy).await;
    assert!(deputy.get("/").await.text().contains("You may decide for Ines Marlow until 10 March 2026"));
    let page = office.switch(&mut deputy).await;
    assert!(page.body.contains("Management at Department of Crossings, for Ines Marlow"), "{}", page.body);
    assert!(page.text().contains("You are acting for them now"), "{}", page.text());
    // No chain: what one stands in for is not passed on, and no program gets it.
    assert_eq!(deputy.get("/account/delegations/new").await.status, StatusCode::CONFLICT);
    assert!(deputy.get("/account/delegations").await.text().contains("what is theirs to give you cannot pass on"));
    let page = deputy.get("/account/tokens/new").await;
    let page = deputy.submit(&page, "/account/tokens/new", &[("name", "A program"), ("scopes", "cases:read"), ("days", "7")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "a token in another's place");
    // They are themselves again the day after, and not signed out.
    let mut keep = office.app.browser();
    to(date(2026, 3, 10));
    office.app.sign_in(&mut keep, &office.deputy.email).await;
    office.switch(&mut keep).await;
    let night = late.at(0, 1, 0, 0).to_zoned(office.app.core.clock.zone().clone()).unwrap().timestamp().as_millisecond();
    let before = late.at(0, 0, 0, 0).to_zoned(office.app.core.clock.zone().clone()).unwrap().timestamp().as_millisecond() - 60_000;
    office.app.advance(before - office.app.core.clock.now());
    let mut keep = office.browser(&office.deputy).await;
    office.switch(&mut keep).await;
    assert!(keep.get("/account").await.text().contains("for Ines Marlow"));
    office.app.advance(night - before);
    let page = keep.get("/account").await;
    assert_eq!(page.path, "/account", "signed out instead of being themselves again");
    assert!(page.text().contains("at Department of Crossings") && !page.text().contains("for Ines Marlow"), "{}", page.text());
    assert_eq!(office.switch(&mut keep).await.status, StatusCode::NOT_FOUND, "a role that is over");
});

both_engines!(migrations, /// OFF-11: a delegation ends when either of the two or an administrator ends it, and with the role on either side.
async fn off_11_a_delegation_ends_with_either_role(db) {
    let office = Office::new(db).await;
    let keeper = office.app.account("administrator", office.authority).await;
    let (mut boss, mut admin) = (office.browser(&office.boss).await, office.browser(&keeper).await);
    for by in ["boss", "deputy", "administrator", "role of the boss", "account of the deputy"] {
        office.app.advance(1_000);
        office.name(&mut boss, office.deputy.account, "2026-03-02", "2026-03-10").await;
        let open = |rows: Vec<membership::Model>, now: i64| rows.into_iter().filter(|row| row.stands_for.is_some() && row.is_open(now)).count();
        assert_eq!(open(office.roles(office.deputy.account).await, office.app.core.clock.now()), 1, "{by}");
        let mut deputy = office.browser(&office.deputy).await;
        let latest = office.roles(office.deputy.account).await.into_iter().filter(|row| row.stands_for.is_some()).max_by_key(|row| row.id).unwrap();
        let page = deputy.get("/account/memberships").await;
        deputy.submit(&page, "/account/memberships", &[("membership", &latest.id.to_string())]).await;
        assert!(deputy.get("/account").await.text().contains("for Ines Marlow"), "{by}");
        office.app.advance(1_000);
        let at = format!("/account/delegations/{}/end", latest.id);
        match by {
            "boss" => drop(end(&mut boss, "/account/delegations", &at).await),
            // In the role of whom they stand for, too.
            "deputy" => drop(end(&mut deputy, "/account/delegations", &at).await),
            "administrator" => {
                let of = format!("/accounts/{}", office.deputy.account);
                let page = admin.get(&of).await;
                assert!(page.text().contains("Management, for Ines Marlow"), "{}", page.text());
                end(&mut admin, &of, &format!("{}/end", latest.id)).await;
            }
            "role of the boss" => {
                let of = format!("/accounts/{}", office.boss.account);
                let role = office.roles(office.boss.account).await[0].id;
                end(&mut admin, &of, &format!("{role}/end")).await;
                let cx = office.app.operator();
                let again = Invite { email: office.boss.email.clone(), party: office.authority, role: "management".to_owned(), ..Invite::default() };
                crate::account::act::invite(&cx, &again).await.unwrap();
            }
            _ => drop(end(&mut admin, &format!("/accounts/{}", office.deputy.account), "/close").await),
        }
        assert_eq!(open(office.roles(office.deputy.account).await, office.app.core.clock.now()), 0, "{by}");
        let page = deputy.get("/account").await;
        if by == "account of the deputy" {
            assert!(page.path.starts_with("/sign-in"), "a closed account acts on");
        } else {
            assert!(page.path == "/account" && !page.text().contains("for Ines Marlow"), "{by}: {}", page.text());
        }
        if by == "role of the boss" {
            boss = office.browser(&office.boss).await;
        }
        // Each of the two hears of it that did not end it, and it is an entry.
        let heard = |letters: Vec<String>, words: &str| letters.iter().filter(|letter| letter.contains(words)).count();
        let back = heard(office.app.mailed(&office.boss.email).await, "no longer decides for you");
        let over = heard(office.app.mailed(&office.deputy.email).await, "You no longer decide for Ines Marlow");
        let expected = match by {
            "boss" => (0, 1),
            "deputy" => (1, 1),
            "administrator" => (2, 2),
            // Whoever has the role no more is told all the same.
            "role of the boss" => (3, 3),
            _ => (4, 3),
        };
        assert_eq!((back, over), expected, "{by}");
        let lines = platform::book::timeline(&office.app.operator(), "delegation", &latest.id.to_string(), 10).await.unwrap();
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["delegation.make", "delegation.end"], "{by}");
    }
});

async fn end(browser: &mut Browser, page: &str, form: &str) -> testkit::Page {
    let page = browser.get(page).await;
    assert!(page.has_form(form), "no way to {form}: {}", page.text());
    browser.submit(&page, form, &[]).await
}

both_engines!(migrations, /// OFF-11, OWN-3: only who decides delegates; a supplier, an auditor, somebody who reads only, and an id in the address bar lead nowhere.
async fn off_11_nobody_else_delegates(db) {
    let office = Office::new(db).await;
    let mut boss = office.browser(&office.boss).await;
    let auditor = office.app.account("internal_audit", office.authority).await;
    let reader = office.app.invited(&Invite { party: office.authority, role: "owner".to_owned(), read_only: true, ..Invite::default() }).await;
    let supplier = office.app.party(Side::Supplier, "Halyard Systems").await;
    let lead = office.app.account("supplier_lead", supplier).await;
    for (login, why) in [(&auditor, "an auditor"), (&reader, "somebody who reads only"), (&lead, "a supplier")] {
        let page = office.name(&mut boss, login.account, "2026-03-02", "2026-03-10").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let offered = boss.get("/account/delegations/new").await;
        assert!(!offered.body.contains(&login.account.to_string()), "{why} is offered");
    }
    office.name(&mut boss, office.deputy.account, "2026-03-02", "2026-03-10").await;
    let made = office.standing_in().await.unwrap();
    for (login, sees) in [(&lead, false), (&reader, false), (&auditor, true)] {
        let mut browser = office.browser(login).await;
        assert_eq!(browser.get("/account/delegations/new").await.status, StatusCode::CONFLICT, "a role that decides nothing");
        let page = browser.get("/account/delegations").await;
        let at = format!("/account/delegations/{}/end", made.id);
        assert!(!page.has_form(&at) && page.text().contains("Oren") == sees, "{}", page.text());
        let csrf = browser.get("/account").await.fill("/sign-out", &[]).1;
        let mut fields = csrf.clone();
        fields.push(("version".to_owned(), "1".to_owned()));
        let status = browser.post_raw(&at, &fields).await.status;
        assert_eq!(status, if sees { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND });
    }
    // Somebody else's membership is no role of one's own.
    let asked = Asking { membership: made.id, to: auditor.account, from: date(2026, 4, 1), until: date(2026, 4, 2), reason: "x".to_owned() };
    let cx = platform::Cx::new(&office.app.core, crate::testing::actor("management", office.authority)).unwrap();
    // The actor of a test has no role that is kept.
    assert!(matches!(crate::delegation::act::make(&cx, &asked).await, Err(Error::Invalid(_))));
});

both_engines!(migrations, /// OFF-11: whoever comes to audit decides for nobody any more; nobody is named beyond the day on which they leave.
async fn off_11_whoever_audits_or_leaves_decides_for_nobody(db) {
    let office = Office::new(db).await;
    let mut boss = office.browser(&office.boss).await;
    let leaving = Invite { party: office.authority, role: "legal".to_owned(), ends_on: Some("2026-03-05".to_owned()), ..Invite::default() };
    let leaving = office.app.invited(&leaving).await;
    let page = office.name(&mut boss, leaving.account, "2026-03-02", "2026-03-06").await;
    assert!(page.text().contains("an active account here until the last day"), "{}", page.text());
    office.name(&mut boss, office.deputy.account, "2026-03-02", "2026-03-10").await;
    assert!(office.standing_in().await.unwrap().is_open(office.app.core.clock.now()));
    office.app.advance(1_000);
    let audit = Invite { email: office.deputy.email.clone(), party: office.authority, role: "internal_audit".to_owned(), ..Invite::default() };
    crate::account::act::invite(&office.app.operator(), &audit).await.unwrap();
    assert!(!office.standing_in().await.unwrap().is_open(office.app.core.clock.now()));
});

both_engines!(migrations, /// OWN-3: the list of delegations shows what the policies allow, whoever asks.
async fn own_3_lists_of_delegations_show_what_policies_allow(db) {
    let office = Office::new(db).await;
    let mut boss = office.browser(&office.boss).await;
    let (other, third) = (office.app.account("data_controller", office.authority).await, office.app.account("legal", office.authority).await);
    office.name(&mut boss, office.deputy.account, "2026-03-02", "2026-03-10").await;
    office.name(&mut boss, third.account, "2026-03-12", "2026-03-14").await;
    let mut away = office.browser(&other).await;
    office.name(&mut away, office.deputy.account, "2026-03-02", "2026-03-10").await;
    let all = every(&office.app.operator()).await;
    assert_eq!(all.len(), 3);
    let keeper = office.app.account("administrator", office.authority).await;
    let auditor = office.app.account("internal_audit", office.authority).await;
    for (login, sees) in [(&office.boss, 2), (&office.deputy, 2), (&third, 1), (&other, 1), (&keeper, 3), (&auditor, 3)] {
        let actor = platform::identity::actors(&office.app.core, office.app.core.db.reader(), login.account).await.unwrap().remove(0);
        let cx = platform::Cx::new(&office.app.core, actor).unwrap();
        let listed: Vec<Uuid> = every(&cx).await.into_iter().map(|held| held.thing.id).collect();
        let allowed: Vec<Uuid> = all.iter().filter(|held| cx.may("delegation.view", &held.thing)).map(|held| held.thing.id).collect();
        assert_eq!((listed.len(), &listed), (sees, &allowed), "{}", login.email);
    }
    let page = office.browser(&auditor).await.get("/account/delegations").await;
    assert!(page.text().contains("Everybody’s") && page.text().contains("Oren Tamsin, for Ines Marlow"), "{}", page.text());
});

async fn every(cx: &platform::Cx) -> Vec<super::store::Held> {
    super::store::list(cx, None, None, 100).await.unwrap()
}
