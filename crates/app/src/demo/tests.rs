//! The demonstration with many records, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Mutex;

use platform::book::entry;
use platform::cases::store as cases;
use platform::jobs::row as job;
use sea_orm::entity::prelude::*;
use testkit::both_engines;

use super::{Mix, enter, links};
use crate::migrations::migrations;
use crate::testing::TestApp;

both_engines!(migrations, async fn many_records_are_entered_as_people_enter_them(db) {
    let app = TestApp::demonstration(db).await;
    let (db, jobs) = (app.core.db.reader(), job::Entity::find().count(app.core.db.reader()).await.unwrap());
    let before: Vec<Uuid> = cases::CaseEntity::find().all(db).await.unwrap().into_iter().map(|case| case.id).collect();
    let told = Mutex::new(Vec::new());
    let mix = Mix::of(40, 3);
    assert_eq!((mix.suppliers, mix.contracts, mix.sites, mix.proposals, mix.total()), (12, 12, 12, 4, 43));
    enter(&app.core, mix, &|done| told.lock().unwrap().push(done)).await.unwrap();
    assert_eq!(told.into_inner().unwrap(), [12, 24, 36, 40, 43]);
    assert_eq!(cases::CaseEntity::find().count(db).await.unwrap(), before.len() as u64 + 7);
    // Each was permitted and recorded by itself, and nobody was written to.
    for (action, at_least) in [("party.add", 12), ("contract.add", 12), ("site.add", 12), ("proposal.submit", 4), ("proposal.begin", 7)] {
        let entries = entry::Entity::find().filter(entry::Column::Action.eq(action)).count(db).await.unwrap();
        assert!(entries >= at_least, "{action}: {entries}");
    }
    assert_eq!(job::Entity::find().count(db).await.unwrap(), jobs);
    // What was entered is read and used like everything else.
    let link = |name: &str| {
        let (core, name) = (app.core.clone(), name.to_owned());
        async move { links(&core).await.unwrap().into_iter().find(|link| link.person.name == name).unwrap().path }
    };
    let mut manager = app.browser();
    manager.get(&link("Mina Okafor").await).await;
    let list = manager.get("/parties?q=amber").await.text();
    assert!(list.contains("Amber Works of Amble 1"), "{list}");
    // The demonstration has a draft of its own, which is not complete; a database without an order may hand out either first.
    let entered = cases::CaseEntity::find().filter(cases::CaseColumn::Stage.eq("draft")).filter(cases::CaseColumn::Id.is_not_in(before));
    let mut lead = app.browser();
    lead.get(&link("Ash Marlow").await).await;
    let draft = entered.filter(cases::CaseColumn::Title.contains("Ferry")).one(db).await.unwrap().unwrap();
    let page = lead.get(&format!("/proposals/{}/check", draft.id)).await;
    let sent = lead.submit(&page, "/submit", &[("declaration", "yes")]).await;
    assert!(sent.text().contains("OFF-2026-"), "{}", sent.text());
});
