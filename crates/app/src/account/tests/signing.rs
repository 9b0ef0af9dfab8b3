//! Signing in and out. OWN-2.

use axum::http::StatusCode;
use platform::authz::Side;
use platform::clock::{DAY, HOUR, MINUTE, SECOND};
use platform::identity::second::recovery;
use platform::identity::{account, link, session};
use sea_orm::EntityTrait as _;
use testkit::{Browser, Page, both_engines};
use totp_rs::{Builder, Secret, Totp};

use crate::account::act;
use crate::migrations::migrations;
use crate::testing::{PASSWORD, TestApp};

async fn attempt(browser: &mut Browser, email: &str, password: &str) -> Page {
    let page = browser.get("/sign-in?next=/account").await;
    browser.submit(&page, "/sign-in", &[("email", email), ("password", password)]).await
}

fn session_of(browser: &Browser) -> String {
    browser.cookies().get("vouchsafe").cloned().unwrap_or_default()
}

both_engines!(
    migrations,
    /// OWN-2: every user is known before any page but the public ones; wrong passwords and unknown accounts read alike.
    async fn own_2_signing_in(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        let page = browser.get("/account").await;
        assert!(page.path.starts_with("/sign-in?next="), "{}", page.path);
        let wrong = attempt(&mut browser, &login.email, "not the password at all").await;
        let unknown = attempt(&mut browser, "nobody@people.example", PASSWORD).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((wrong.status, wrong.text()), (unknown.status, unknown.text()));
        let page = app.sign_in(&mut browser, &login.email.to_uppercase()).await;
        assert!(page.text().contains("Supplier lead at Halyard Systems"), "{}", page.text());
    }
);

both_engines!(
    migrations,
    /// OWN-2: a cookie planted before signing in opens nothing after it, and one stolen before signing out opens nothing after that.
    async fn own_2_planted_and_stolen_cookies(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        browser.set_cookie("vouchsafe", "planted-by-somebody-else");
        app.sign_in(&mut browser, &login.email).await;
        let first = session_of(&browser);
        assert_ne!(first, "planted-by-somebody-else");
        // Signing in again in the same browser ends the session before.
        app.sign_in(&mut browser, &login.email).await;
        let mut thief = app.browser();
        thief.set_cookie("vouchsafe", &first);
        assert!(thief.get("/account").await.path.starts_with("/sign-in"));
        let second = session_of(&browser);
        assert_ne!(first, second);
        let page = browser.get("/account").await;
        let out = browser.submit(&page, "/sign-out", &[]).await;
        assert_eq!(out.path, "/sign-in");
        thief.set_cookie("vouchsafe", &second);
        assert!(thief.get("/account").await.path.starts_with("/sign-in"));
        assert!(browser.get("/account").await.path.starts_with("/sign-in"));
        // Only digests are stored.
        for row in session::Entity::find().all(app.core.db.reader()).await.unwrap() {
            assert_ne!(row.token, second.as_bytes());
        }
    }
);

both_engines!(
    migrations,
    /// OWN-2: a session revoked from another browser is out at once; signing out everywhere ends them all.
    async fn own_2_revoked_sessions(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let (login, stranger) = (app.account("supplier_lead", party).await, app.account("supplier_member", party).await);
        let (mut here, mut there, mut other) = (app.browser(), app.browser(), app.browser());
        app.sign_in(&mut there, &login.email).await;
        app.sign_in(&mut here, &login.email).await;
        app.sign_in(&mut other, &stranger.email).await;
        let rows = session::Entity::find().all(app.core.db.reader()).await.unwrap();
        let token = platform::random::digest(session_of(&there).as_bytes());
        let id = rows.iter().find(|r| r.token == token).unwrap().id;
        // Somebody else's session is none that one can end.
        let page = other.get("/account").await;
        let csrf = page.fill("/sign-out", &[]).1;
        assert_eq!(other.post_raw(&format!("/account/sessions/{id}/end"), &csrf).await.status, StatusCode::NOT_FOUND);
        assert_eq!(there.get("/account").await.path, "/account");
        let page = here.get("/account").await;
        here.submit(&page, &format!("/sessions/{id}/end"), &[]).await;
        assert!(there.get("/account").await.path.starts_with("/sign-in"));
        app.sign_in(&mut there, &login.email).await;
        let page = there.get("/account").await;
        there.submit(&page, "/end-all", &[]).await;
        assert!(here.get("/account").await.path.starts_with("/sign-in"));
        assert_eq!(other.get("/account").await.path, "/account");
        // Idle sessions end by themselves.
        app.advance(61 * MINUTE);
        assert!(other.get("/account").await.path.starts_with("/sign-in"));
    }
);

both_engines!(
    migrations,
    /// OWN-2: guesses are slowed down by address; the right password of a browser that was here before, and of another address, gets in.
    async fn own_2_throttle_locks_nobody_out(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut known = app.browser().at("192.0.2.1");
        app.sign_in(&mut known, &login.email).await;
        let mut guesser = app.browser().at("198.51.100.1");
        for _ in 0..5 {
            assert_eq!(attempt(&mut guesser, &login.email, "a wrong guess, again").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let slow = attempt(&mut guesser, &login.email, PASSWORD).await;
        assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS, "{}", slow.text());
        assert_eq!(slow.headers["retry-after"], "30");
        assert!(slow.text().contains("30 seconds"), "{}", slow.text());
        app.sign_in(&mut app.browser().at("203.0.113.5"), &login.email).await;
        // Many addresses: all strangers wait a little, the known browser does not.
        for n in 10..40 {
            attempt(&mut app.browser().at(&format!("198.51.100.{n}")), &login.email, "a wrong guess, again").await;
        }
        let stranger = attempt(&mut app.browser().at("203.0.113.77"), &login.email, PASSWORD).await;
        assert_eq!(stranger.status, StatusCode::TOO_MANY_REQUESTS);
        app.sign_in(&mut known, &login.email).await;
        // A minute later at most, a stranger's right password gets in as well.
        app.advance(61 * SECOND);
        app.sign_in(&mut app.browser().at("203.0.113.77"), &login.email).await;
        app.sign_in(&mut guesser, &login.email).await;
        // Accounts that do not exist are slowed down alike.
        for _ in 0..5 {
            attempt(&mut guesser, "nobody@people.example", PASSWORD).await;
        }
        assert_eq!(attempt(&mut guesser, "nobody@people.example", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
);

async fn enrol(browser: &mut Browser, now: i64) -> (Totp, Vec<String>) {
    let page = browser.get("/account/second-factor").await;
    let text = page.text();
    let at = text.find("Secret:").unwrap();
    let secret: String = text[at + 7..].chars().filter(|c| !c.is_whitespace()).take(32).collect();
    let totp = Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build().unwrap();
    let wrong = browser.submit(&page, "/account/second-factor", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = code_at(&totp, now);
    let page = browser.submit(&wrong, "/account/second-factor", &[("code", &code)]).await;
    let codes: Vec<String> =
        page.text().split_whitespace().filter(|w| w.len() == 19 && w.matches('-').count() == 3).map(str::to_owned).collect();
    assert_eq!(codes.len(), 10, "{}", page.text());
    (totp, codes)
}

fn code_at(totp: &Totp, now: i64) -> String {
    totp.generate(u64::try_from(now / SECOND).unwrap()).to_string()
}

both_engines!(
    migrations,
    /// OWN-2: with a second factor the password alone opens nothing; no code and no recovery code works twice.
    async fn own_2_second_factor(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser, &login.email).await;
        let (totp, codes) = enrol(&mut browser, app.core.clock.now()).await;
        let row = account::Entity::find_by_id(login.account).one(app.core.db.reader()).await.unwrap().unwrap();
        assert!(row.totp.unwrap().len() > 40, "the secret is sealed");
        let mut one = app.browser();
        let page = attempt(&mut one, &login.email, PASSWORD).await;
        assert!(page.path.starts_with("/sign-in/code"), "{}", page.path);
        assert!(one.get("/account").await.path.starts_with("/sign-in?"), "the password alone opened a page");
        // The code that turned it on was used.
        let page = one.get("/sign-in/code?next=/account").await;
        let used = one.submit(&page, "/sign-in/code", &[("code", &code_at(&totp, app.core.clock.now()))]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        app.advance(MINUTE);
        let code = code_at(&totp, app.core.clock.now());
        let page = one.submit(&used, "/sign-in/code", &[("code", &code)]).await;
        assert_eq!(page.path, "/account", "{}", page.text());
        let mut two = app.browser();
        let page = attempt(&mut two, &login.email, PASSWORD).await;
        let replay = two.submit(&page, "/sign-in/code", &[("code", &code)]).await;
        assert_eq!(replay.status, StatusCode::UNPROCESSABLE_ENTITY, "a code worked twice");
        let page = two.submit(&replay, "/sign-in/code", &[("code", &codes[0].to_lowercase())]).await;
        assert_eq!(page.path, "/account", "{}", page.text());
        let mut three = app.browser();
        let page = attempt(&mut three, &login.email, PASSWORD).await;
        let again = three.submit(&page, "/sign-in/code", &[("code", &codes[0])]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code worked twice");
        let rows = recovery::Entity::find().all(app.core.db.reader()).await.unwrap();
        assert_eq!(rows.iter().filter(|r| r.used_at.is_some()).count(), 1);
        // The first step does not wait for ever.
        app.advance(11 * MINUTE);
        let late = three.submit(&again, "/sign-in/code", &[("code", &codes[1])]).await;
        assert_eq!(late.path, "/sign-in");
    }
);

both_engines!(
    migrations,
    /// OWN-2: where the settings demand a second factor, people of the authority reach nothing before they have one.
    async fn own_2_a_demanded_second_factor(db) {
        let app = TestApp::with(db, |settings| settings.sessions.second_factor = true);
        let (authority, supplier) = (app.party(Side::Authority, "Port Authority").await, app.party(Side::Supplier, "Halyard Systems").await);
        let (boss, lead) = (app.account("administrator", authority).await, app.account("supplier_lead", supplier).await);
        app.sign_in(&mut app.browser(), &lead.email).await;
        let mut browser = app.browser();
        let page = attempt(&mut browser, &boss.email, PASSWORD).await;
        assert_eq!(page.path, "/account/second-factor");
        for path in ["/", "/accounts", "/account/memberships"] {
            assert_eq!(browser.get(path).await.path, "/account/second-factor", "{path}");
        }
        enrol(&mut browser, app.core.clock.now()).await;
        assert_eq!(browser.get("/accounts").await.path, "/accounts");
        let page = browser.get("/account/second-factor").await;
        assert_eq!(browser.submit(&page, "/off", &[]).await.status, StatusCode::CONFLICT);
    }
);

both_engines!(
    migrations,
    /// OWN-2: weighty acts ask to sign in again once a sign-in is not recent; the page comes back afterwards.
    async fn own_2_signing_in_again(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser, &login.email).await;
        app.advance(11 * MINUTE);
        let page = browser.get("/account/second-factor").await;
        assert_eq!(page.path, "/sign-in/again?next=%2Faccount%2Fsecond-factor");
        let wrong = browser.submit(&page, "/sign-in/again", &[("password", "not the password")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = browser.submit(&wrong, "/sign-in/again", &[("password", PASSWORD)]).await;
        assert_eq!(page.path, "/account/second-factor");
    }
);

both_engines!(
    migrations,
    /// OWN-2: links work once, for a time, until a newer one; weak passwords are refused with what to do.
    async fn own_2_links(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        app.advance(SECOND);
        let page = browser.get("/sign-in/forgotten").await;
        let known = browser.submit(&page, "/forgotten", &[("email", &login.email)]).await;
        let unknown = browser.submit(&page, "/forgotten", &[("email", "nobody@people.example")]).await;
        assert_eq!(known.status, unknown.status);
        assert_eq!(known.text().replace(&login.email, "X"), unknown.text().replace("nobody@people.example", "X"));
        app.work().await;
        assert!(app.mailed("nobody@people.example").await.is_empty());
        let first = app.mailed_link(&login.email).await;
        app.advance(SECOND);
        let page = browser.get("/sign-in/forgotten").await;
        browser.submit(&page, "/forgotten", &[("email", &login.email)]).await;
        app.work().await;
        let second = app.mailed_link(&login.email).await;
        assert_ne!(first, second);
        assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "a newer link ends an earlier one");
        let page = browser.get(&second).await;
        let weak = browser.submit(&page, &second, &[("password", "password1234")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.text().contains("easy to guess"), "{}", weak.text());
        let short = browser.submit(&weak, &second, &[("password", "short")]).await;
        assert!(short.text().contains("12 characters or more"), "{}", short.text());
        // Setting a new password ends what was signed in.
        let mut old = app.browser();
        app.sign_in(&mut old, &login.email).await;
        let done = browser.submit_only(&short, &second, &[("password", "violet thimble orbit canoe")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(old.get("/account").await.path.starts_with("/sign-in"));
        assert_eq!(browser.get("/account").await.path, "/account");
        assert_eq!(app.browser().get(&second).await.status, StatusCode::GONE, "a link works once");
        assert_eq!(attempt(&mut old, &login.email, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // An hour is the end of a reset.
        app.advance(SECOND);
        let page = browser.get("/sign-in/forgotten").await;
        browser.submit(&page, "/forgotten", &[("email", &login.email)]).await;
        app.work().await;
        let third = app.mailed_link(&login.email).await;
        app.advance(HOUR + MINUTE);
        assert_eq!(app.browser().get(&third).await.status, StatusCode::GONE);
        for row in link::Entity::find().all(app.core.db.reader()).await.unwrap() {
            assert_eq!(row.token.len(), 32, "only digests are stored");
        }
    }
);

both_engines!(
    migrations,
    /// OWN-2: the first administrator comes in by a link that works once; a second run gives a fresh one, and none once somebody came in.
    async fn own_2_first_administrator(db) {
        let app = TestApp::new(db);
        let cx = app.operator();
        let first = act::first_administrator(&cx, "Root@Authority.example", "Nia Harrow").await.unwrap();
        let second = act::first_administrator(&cx, "root@authority.example", "Nia Harrow").await.unwrap();
        let path = |link: &str| link[link.find("/sign-in").unwrap()..].to_owned();
        let mut browser = app.browser();
        assert_eq!(browser.get(&path(&first)).await.status, StatusCode::GONE);
        let page = browser.get(&path(&second)).await;
        let done = browser.submit_only(&page, &path(&second), &[("password", PASSWORD)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(browser.get("/accounts").await.text().contains("Nia Harrow"));
        assert!(act::first_administrator(&cx, "other@authority.example", "Else").await.is_err());
        assert!(matches!(act::demo_link(&cx, cx.id().unwrap()).await, Err(platform::Error::NotFound)));
    }
);

both_engines!(
    migrations,
    /// OWN-2: an invitation ends after a week; a form without its token changes nothing.
    async fn own_2_old_invitations_and_forged_forms(db) {
        let app = TestApp::new(db);
        let party = app.party(Side::Supplier, "Halyard Systems").await;
        let invite = act::Invite { email: "new@people.example".into(), name: "New".into(), party, role: "supplier_member".into(), ..Default::default() };
        act::invite(&app.operator(), &invite).await.unwrap();
        let link = app.mailed_link("new@people.example").await;
        app.advance(7 * DAY + MINUTE);
        assert_eq!(app.browser().get(&link).await.status, StatusCode::GONE);
        let login = app.account("supplier_lead", party).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser, &login.email).await;
        for path in ["/sign-out", "/account/sessions/end-all", "/account/memberships", "/accounts/invite", "/sign-in"] {
            let forged = browser.post_raw(path, &[("csrf".to_owned(), "guessed".to_owned())]).await;
            assert_eq!(forged.status, StatusCode::BAD_REQUEST, "{path}");
            assert_eq!(browser.post_raw(path, &[]).await.status, StatusCode::BAD_REQUEST, "{path}");
        }
        assert_eq!(browser.get("/account").await.path, "/account");
    }
);
