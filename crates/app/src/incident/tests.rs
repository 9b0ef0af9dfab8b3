//! Incidents, through acts, pages and programs.

mod callers;
mod files;
mod levels;
mod links;
mod merging;
mod noting;
mod pages;
mod papers;
mod people;
mod reading;
mod regulator;
pub(crate) mod reporting;
mod screening;
mod sent;
mod triage;
mod twin;
mod weaknesses;
mod writing;

use platform::cases::Case;
use platform::cases::thread::{self, Reads};
use platform::cx::Cx;
use rules::form::Answers;
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::{self, Report};
use super::model::{Channel, INCIDENT, Incidents, Told};
use super::store;
use super::weakness::{self, model::Details};
use crate::casework::act as around;
use crate::casework::writing::{People, Writing};
use crate::offshoring::tests::world::World;

#[test]
fn the_table_is_sound() {
    assert_eq!(INCIDENT.faults(), Vec::<String>::new());
}

/// The six answers of somebody whose laptop is gone.
pub(crate) fn first() -> Value {
    json!({
        "what_happened": "A laptop with bookings was left on the night ferry.",
        "happened": { "date": "2026-03-01", "time": "22:40" },
        "discovered": { "date": "2026-03-02", "time": "07:15" },
        "involved": ["device", "personal_data"],
        "still_going_on": "yes",
        "reach_me": "The night desk, 020 7946 0000",
    })
}

/// A message with data about people that is declared essential; its id.
pub(crate) async fn essential_message(by: &Cx, id: Uuid, body: &str) -> Uuid {
    let people = People::Essential("They must be told.".to_owned());
    around::write::<Incidents>(by, id, &Writing { people, ..Writing::message(body) }).await.unwrap();
    let of = store::get(by.db(), id).await.unwrap();
    let all = thread::read(by, by.db(), &of.case, Reads::Shared, false).await.unwrap();
    all.into_iter().find(|message| message.body == body).unwrap().id
}

/// A report with these answers.
pub(crate) fn report(place: Uuid, answers: Value) -> Report {
    Report {
        place,
        above: None,
        also: Vec::new(),
        answers: Answers::from_json(answers).unwrap(),
        channel: Channel::Page,
        told: None,
        asked: None,
    }
}

/// What was reported in six answers about a place.
pub(crate) async fn reported(cx: &Cx, place: Uuid) -> Case {
    act::report(cx, &report(place, first())).await.unwrap()
}

/// The same, told to somebody at the authority.
pub(crate) fn told(place: Uuid) -> Report {
    let told = Told { name: "Robin Sayers".to_owned(), way: "by telephone".to_owned() };
    Report { channel: Channel::Told, told: Some(told), ..report(place, first()) }
}

/// A weakness with this name, which an incident showed, if one did.
pub(crate) async fn noted(cx: &Cx, name: &str, incident: Option<Uuid>) -> Uuid {
    let details = Details { name: name.to_owned(), about: format!("{name}: nobody looks."), ..Details::default() };
    weakness::act::add(cx, &details, incident).await.unwrap()
}

pub(super) async fn case(world: &World, id: Uuid) -> Case {
    store::get(world.app.core.db.reader(), id).await.unwrap().case
}

pub(super) async fn about(world: &World, id: Uuid) -> store::About {
    let cx = world.app.operator();
    store::about(&cx, cx.db(), &case(world, id).await).await.unwrap()
}

/// What the ledger says of an incident, in order: action, and what is in the open.
pub(crate) async fn entries(world: &World, id: Uuid) -> Vec<(String, std::collections::BTreeMap<String, String>)> {
    let lines = platform::book::timeline(&world.app.operator(), INCIDENT.id, &id.to_string(), 50).await.unwrap();
    lines.into_iter().map(|line| (line.action, line.about)).collect()
}
