//! Sweeps, through acts, pages and programs.

mod acts;
mod isolation;
mod pages;
mod twin;

use jiff::civil::date;
use platform::Cx;
use uuid::Uuid;

use super::act;
use super::model::{Among, Answer, Given, New};
use super::store::{self, answer, sweep};
use crate::offshoring::tests::world::World;

/// A question to everybody, by 10 March 2026.
pub(crate) fn new(title: &str) -> New {
    New {
        title: title.to_owned(),
        question: "Do your readers run release 4? Look at the label on the back.".to_owned(),
        due: date(2026, 3, 10),
        incident: None,
        among: Among::default(),
    }
}

/// A sweep of everybody that a contract manager opened, and what is asked of the lead.
pub(crate) async fn asked(world: &World, title: &str) -> (Uuid, Uuid) {
    let manager = world.official("contract_manager").await;
    let id = act::open(&manager.cx, &new(title)).await.unwrap();
    (id, of(world, id, world.lead.0).await.id)
}

/// The same, of the lead alone.
pub(crate) async fn asked_alone(world: &World, title: &str) -> (Uuid, Uuid) {
    let manager = world.official("contract_manager").await;
    let among = Among { without: [world.sub.0, world.other.0].into(), ..Among::default() };
    let id = act::open(&manager.cx, &New { among, ..new(title) }).await.unwrap();
    (id, of(world, id, world.lead.0).await.id)
}

/// What is asked of a party.
pub(super) async fn of(world: &World, sweep: Uuid, party: Uuid) -> answer::Model {
    let cx = world.app.operator();
    let filter = store::Filter { sweep: Some(sweep), ..store::Filter::default() };
    let (rows, _) = store::answers(&cx, &filter, None, 10_000).await.unwrap();
    rows.into_iter().find(|row| row.party == party).unwrap()
}

pub(super) async fn stands(world: &World, id: Uuid) -> sweep::Model {
    store::get(world.app.core.db.reader(), id).await.unwrap()
}

pub(super) fn given(answer: Answer, said: &str) -> Given {
    let until = (answer == Answer::NotKnown).then(|| date(2026, 3, 12));
    Given { answer, said: said.to_owned(), until, incident: None, mask: false }
}

/// Answers as whoever acts, over what stands.
pub(super) async fn give(cx: &Cx, world: &World, sweep: Uuid, party: Uuid, given: &Given) -> platform::Result<()> {
    let row = of(world, sweep, party).await;
    act::give(cx, row.id, row.version, given).await
}
