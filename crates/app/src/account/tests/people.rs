//! Roles and organisations. OWN-3.

use axum::http::StatusCode;
use platform::authz::Side;
use platform::book;
use platform::clock::DAY;
use platform::identity::membership;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use crate::account::act::Invite;
use crate::account::store;
use crate::migrations::migrations;
use crate::testing::TestApp;

async fn invite(browser: &mut Browser, email: &str, party: Uuid, role: &str) -> Page {
    let page = browser.get("/accounts/invite").await;
    let party = party.to_string();
    browser.submit(&page, "/accounts/invite", &[("email", email), ("name", "Wren Vale"), ("party", &party), ("role", role)]).await
}

async fn accounts(app: &TestApp) -> u64 {
    use sea_orm::PaginatorTrait as _;
    platform::identity::account::Entity::find().count(app.core.db.reader()).await.unwrap()
}

both_engines!(
    migrations,
    /// OWN-3: a lead lets people into its own party only; another party is not there for it, which is recorded.
    async fn own_3_a_lead_invites_into_its_own_party_only(db) {
        let app = TestApp::new(db);
        let (own, other) = (app.party(Side::Supplier, "Halyard Systems").await, app.party(Side::Supplier, "Bowline Works").await);
        let authority = app.party(Side::Authority, "Port Authority").await;
        let (lead, rival) = (app.account("supplier_lead", own).await, app.account("supplier_member", other).await);
        let mut browser = app.browser();
        app.sign_in(&mut browser, &lead.email).await;
        let before = accounts(&app).await;
        for party in [other, authority] {
            let page = invite(&mut browser, "sly@people.example", party, "supplier_member").await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(accounts(&app).await, before);
        app.core.refusals.settle().await;
        let refused = book::entry::Entity::find().filter(book::entry::Column::ActorId.eq(lead.account.to_string())).all(app.core.db.reader()).await.unwrap();
        assert!(refused.iter().any(|e| String::from_utf8_lossy(&e.bytes).contains("membership.add")), "the refusal was not recorded");
        // A role of the other side is no role here.
        let page = invite(&mut browser, "sly@people.example", own, "administrator").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = invite(&mut browser, "wren@people.example", own, "supplier_member").await;
        assert!(page.path.starts_with("/accounts/"), "{} {}", page.path, page.text());
        assert!(!app.mailed("wren@people.example").await.is_empty());
        // People of others are not there.
        assert_eq!(browser.get(&format!("/accounts/{}", rival.account)).await.status, StatusCode::NOT_FOUND);
        let list = browser.get("/accounts").await.text();
        assert!(list.contains("wren@people.example") && !list.contains(&rival.email), "{list}");
        // A member keeps nobody.
        let mut member = app.browser();
        app.sign_in(&mut member, &rival.email).await;
        assert_eq!(member.get("/accounts").await.status, StatusCode::FORBIDDEN);
        assert_ne!(member.get("/accounts/invite").await.status, StatusCode::OK);
    }
);

both_engines!(
    migrations,
    /// OWN-3: who loses a role loses access at once; the last administrator stays; nobody gives themselves a role or closes themselves.
    async fn own_3_ended_roles_and_closed_accounts(db) {
        let app = TestApp::new(db);
        let (authority, supplier) = (app.party(Side::Authority, "Port Authority").await, app.party(Side::Supplier, "Halyard Systems").await);
        let (boss, lead) = (app.account("administrator", authority).await, app.account("supplier_lead", supplier).await);
        let (mut keeper, mut browser) = (app.browser(), app.browser());
        app.sign_in(&mut keeper, &boss.email).await;
        app.sign_in(&mut browser, &lead.email).await;
        let page = keeper.get(&format!("/accounts/{}", lead.account)).await;
        let row = membership::Entity::find().filter(membership::Column::Account.eq(lead.account)).one(app.core.db.reader()).await.unwrap().unwrap();
        let stale = keeper.submit(&page, &format!("{}/end", row.id), &[("version", "7")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let page = keeper.get(&format!("/accounts/{}", lead.account)).await;
        keeper.submit(&page, &format!("{}/end", row.id), &[]).await;
        assert!(browser.get("/account").await.path.starts_with("/sign-in"), "an ended role still opens pages");
        // Given another role, the same person comes in again, and switches between roles.
        let page = invite(&mut keeper, &lead.email, supplier, "supplier_member").await;
        assert!(page.path.starts_with("/accounts/"), "{}", page.text());
        let page = app.sign_in(&mut browser, &lead.email).await;
        assert!(page.text().contains("Supplier member at Halyard Systems"), "{}", page.text());
        invite(&mut keeper, &lead.email, supplier, "supplier_lead").await;
        let page = browser.get("/account/memberships").await;
        let rows = membership::Entity::find().filter(membership::Column::Account.eq(lead.account)).all(app.core.db.reader()).await.unwrap();
        let other = rows.iter().find(|m| m.role == "supplier_lead" && m.until.is_none()).unwrap().id.to_string();
        browser.submit(&page, "/account/memberships", &[("membership", &other)]).await;
        assert!(browser.get("/account").await.text().contains("Supplier lead at Halyard Systems"));
        // An ended or foreign membership cannot be taken up.
        let csrf = browser.get("/account").await.fill("/sign-out", &[]).1;
        for id in [row.id, membership_of(&app, boss.account).await] {
            let mut fields = csrf.clone();
            fields.push(("membership".to_owned(), id.to_string()));
            assert_eq!(browser.post_raw("/account/memberships", &fields).await.status, StatusCode::NOT_FOUND);
        }
        let page = keeper.get(&format!("/accounts/{}", lead.account)).await;
        keeper.submit(&page, "/close", &[]).await;
        assert!(browser.get("/account").await.path.starts_with("/sign-in"), "a closed account still opens pages");
        // Oneself.
        let page = invite(&mut keeper, &boss.email, authority, "security").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        let page = keeper.get(&format!("/accounts/{}", boss.account)).await;
        assert!(!page.has_form("/close"));
        let page = keeper.submit(&page, &format!("{}/end", membership_of(&app, boss.account).await), &[]).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "the last administrator went");
    }
);

async fn membership_of(app: &TestApp, account: Uuid) -> Uuid {
    let found = membership::Entity::find().filter(membership::Column::Account.eq(account)).one(app.core.db.reader()).await.unwrap();
    found.unwrap().id
}

both_engines!(
    migrations,
    /// OWN-3: a visiting auditor reads, writes nothing, and is out after the last day.
    async fn own_3_a_visiting_auditor_reads_only_until_the_last_day(db) {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Port Authority").await;
        let visit = Invite { party: authority, role: "administrator".into(), read_only: true, ends_on: Some("2026-03-04".into()), ..Invite::default() };
        let auditor = app.invited(&visit).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser, &auditor.email).await;
        assert_eq!(browser.get("/accounts").await.status, StatusCode::OK);
        let page = browser.get("/accounts/invite").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text());
        let mut fields = browser.get("/account").await.fill("/sign-out", &[]).1;
        for (name, value) in [("email", "sly@people.example"), ("name", "Sly"), ("party", &authority.to_string()), ("role", "legal")] {
            fields.push((name.to_owned(), value.to_owned()));
        }
        let before = accounts(&app).await;
        assert_eq!(browser.post_raw("/accounts/invite", &fields).await.status, StatusCode::FORBIDDEN);
        assert_eq!(accounts(&app).await, before);
        app.advance(2 * DAY);
        app.sign_in(&mut browser, &auditor.email).await;
        app.advance(DAY);
        assert!(browser.get("/account").await.path.starts_with("/sign-in"));
        let page = browser.get("/sign-in").await;
        let late = browser.submit(&page, "/sign-in", &[("email", &auditor.email), ("password", crate::testing::PASSWORD)]).await;
        assert!(late.text().contains("Your access has ended"), "{}", late.text());
    }
);

both_engines!(
    migrations,
    /// OWN-3: the list of accounts holds exactly those that the policy shows, for every role.
    async fn own_3_the_list_is_what_the_policy_shows(db) {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Port Authority").await;
        let suppliers = [app.party(Side::Supplier, "Halyard Systems").await, app.party(Side::Supplier, "Bowline Works").await];
        let cx = app.operator();
        let mut people = Vec::new();
        for (n, (role, party)) in [("administrator", authority), ("legal", authority), ("supplier_lead", suppliers[0]), ("supplier_member", suppliers[0]), ("supplier_lead", suppliers[1])].into_iter().enumerate() {
            let invite = Invite { email: format!("p{n}@people.example"), name: format!("P {n}"), party, role: role.into(), ..Invite::default() };
            people.push(crate::account::act::invite(&cx, &invite).await.unwrap());
        }
        // One of them works for both suppliers.
        let both = Invite { email: "p3@people.example".into(), name: "P 3".into(), party: suppliers[1], role: "supplier_member".into(), ..Invite::default() };
        crate::account::act::invite(&cx, &both).await.unwrap();
        let roles = crate::party::model::AUTHORITY_ROLES.iter().map(|r| (*r, authority)).chain(suppliers.iter().flat_map(|s| [("supplier_lead", *s), ("supplier_member", *s)]));
        for (role, party) in roles {
            let who = app.acting(role, party);
            let (rows, _) = store::list(&who, &store::Filter::default()).await.unwrap();
            for account in &people {
                let thing = store::thing(who.db(), *account, who.now()).await.unwrap();
                assert_eq!(rows.iter().any(|(r, _)| r.id == *account), who.may("account.view", &thing), "{role} sees {account}");
            }
        }
    }
);
