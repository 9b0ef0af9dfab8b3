//! The ledger, mail and alarms as their users and an auditor meet them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ledger_copy;
mod pages;
mod sending;

use platform::authz::Side;
use platform::identity::{account, holder, membership, session};
use platform::random;
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use testkit::Browser;
use uuid::Uuid;

use crate::testing::TestApp;

/// Writes `count` entries with details.
async fn write(app: &TestApp, count: usize) {
    for n in 0..count {
        app.party(Side::Supplier, &format!("Halyard {n}")).await;
    }
}

/// Somebody with this role, signed in.
async fn someone(app: &TestApp, side: &str, role: &str) -> Browser {
    let db = app.db.raw().await;
    let now = app.core.clock.now();
    let side = Side::from_code(side).unwrap();
    let party = app.party(side, role).await;
    let [account, member, session] = [1, 2, 3].map(|_| random::id(now).unwrap());
    let row = account::ActiveModel {
        id: Set(account),
        password: Set(None),
        totp: Set(None),
        totp_step: Set(0),
        read_only: Set(false),
        ends_on: Set(None),
        state: Set("active".into()),
        made_at: Set(now),
        version: Set(1),
        ..holder::columns(&app.core, &db, account, &format!("Holder of {role}"), &format!("{role}@authority.example"), now).await.unwrap()
    };
    account::Entity::insert(row).exec_without_returning(&db).await.unwrap();
    let row = membership::ActiveModel {
        id: Set(member),
        account: Set(account),
        party: Set(party),
        role: Set(role.into()),
        since: Set(now),
        until: Set(None),
        stands_for: Set(None),
        version: Set(1),
    };
    membership::Entity::insert(row).exec_without_returning(&db).await.unwrap();
    let token = random::token().unwrap();
    let row = session::ActiveModel {
        id: Set(session),
        token: Set(random::digest(token.as_bytes())),
        account: Set(account),
        membership: Set(member),
        made_at: Set(now),
        seen_at: Set(now),
        proved_at: Set(now),
        ended_at: Set(None),
        agent: Set("test".into()),
    };
    session::Entity::insert(row).exec_without_returning(&db).await.unwrap();
    let mut browser = app.browser();
    browser.set_cookie("vouchsafe", &token);
    browser
}

/// The ids of jobs of `kind`, with their state.
async fn jobs(app: &TestApp, kind: &str) -> Vec<(Uuid, String)> {
    let all = platform::jobs::row::Entity::find().all(app.core.db.reader()).await.unwrap();
    all.into_iter().filter(|j| j.kind == kind).map(|j| (j.id, j.state)).collect()
}
