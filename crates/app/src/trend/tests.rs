//! Trends: what is counted, for whom, and that it never drifts from what is so.

mod pages;
mod twin;

use platform::Cx;
use rules::incident::{Action, Attempt, Facts, Whereabouts};
use sea_orm::{ColumnTrait as _, ConnectOptions, Database, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use testkit::both_engines;
use uuid::Uuid;

use crate::incident::act;
use crate::incident::model::{INCIDENT, Verdict};
use crate::incident::store::figures;
use crate::incident::tests::reported;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World};

/// Facts by which these actions make an incident, and where its cause lies.
pub(super) fn facts(actions: &[Action], systemic: Option<bool>) -> Facts {
    Facts {
        asset_involved: Some(true),
        attempt: Some(Attempt::None),
        loss: Some([rules::incident::Loss::Availability].into()),
        process_breakdown: Some(false),
        exposed: Some(false),
        actions: Some(actions.iter().copied().collect()),
        whereabouts: Some(Whereabouts::Unknown),
        backup_usable: Some(false),
        systemic,
        ..Facts::default()
    }
}

async fn version(cx: &Cx, id: Uuid) -> i32 {
    platform::cases::store::get(cx.db(), &INCIDENT, id).await.unwrap().version
}

/// Reported by somebody at a place, taken up, and triaged to this.
pub(super) async fn triaged(security: &Person, by: &Person, place: Uuid, facts: &Facts) -> Uuid {
    let (cx, id) = (&security.cx, reported(&by.cx, place).await.id);
    act::take_up(cx, id, version(cx, id).await).await.unwrap();
    act::triage(cx, id, version(cx, id).await, facts, None).await.unwrap();
    id
}

/// Decided to be an incident, or none.
pub(super) async fn decided(security: &Person, id: Uuid, verdict: Verdict) {
    act::decide(&security.cx, id, version(&security.cx, id).await, verdict, "As the tests say.").await.unwrap();
}

/// What the tests of trends count: at the lead two by a cause in the system that were lost, of which one was stolen too; at the sub-contractor one that
/// was a matter of awareness, one that was none, and one that nobody has looked at; all reported on 2 March 2026.
pub(super) async fn furnished(world: &World) -> Person {
    let security = world.official("security").await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_member", world.sub.0).await;
    let first = triaged(&security, &lead, world.lead.1, &facts(&[Action::Lost], Some(true))).await;
    decided(&security, first, Verdict::Incident).await;
    triaged(&security, &lead, world.lead.1, &facts(&[Action::Lost, Action::Stolen], Some(true))).await;
    triaged(&security, &sub, world.sub.1, &facts(&[Action::Disclosed], Some(false))).await;
    let none = triaged(&security, &sub, world.sub.1, &facts(&[Action::Lost], Some(false))).await;
    decided(&security, none, Verdict::NotIncident).await;
    reported(&sub.cx, world.sub.1).await;
    security
}

/// A way into the database, beside the service.
pub(super) async fn aside(world: &World) -> DatabaseConnection {
    let mut options = ConnectOptions::new(world.app.db.url.replace("sqlite:", "sqlite://"));
    options.max_connections(1);
    Database::connect(options).await.unwrap()
}

async fn rows(db: &DatabaseConnection) -> Vec<figures::Model> {
    figures::Entity::find().order_by_asc(figures::Column::Case).all(db).await.unwrap()
}

both_engines!(migrations, /// SEC-24, SEC-X1i: what is counted of an incident follows its report, what is added, triage and decision; what was there before
/// anything was counted is counted too, but for the cause, which is sealed.
async fn sec_x1i_what_is_counted_never_drifts(db) {
    let world = World::new(db).await;
    furnished(&world).await;
    let side = aside(&world).await;
    let before = rows(&side).await;
    let mut told: Vec<(&str, &str, &str, i32)> =
        before.iter().map(|row| (row.categories.as_str(), row.cause.as_str(), row.standing.as_str(), row.tier)).collect();
    told.sort_unstable();
    assert_eq!(told, [
        ("", "", "open", 2),
        (".disclosure.", "awareness", "open", 2),
        (".loss.", "awareness", "not_incident", 2),
        (".loss.", "systemic", "incident", 1),
        (".theft.loss.", "systemic", "open", 1),
    ]);
    assert!(before.iter().all(|row| (row.since_event, row.since_found, row.day.as_str()) == (Some(620), Some(105), "2026-03-02")));
    figures::Entity::delete_many().filter(figures::Column::Day.gt("")).exec(&side).await.unwrap();
    assert_eq!(figures::fill(&side, &world.app.core.clock).await.unwrap(), 5);
    let without = |row: &figures::Model| figures::Model { cause: String::new(), ..row.clone() };
    assert_eq!(rows(&side).await, before.iter().map(without).collect::<Vec<_>>());
    // What is added says that it was discovered later than was thought.
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = before.iter().find(|row| row.categories == ".theft.loss.").unwrap().case;
    let mut answers = crate::incident::tests::first();
    answers["discovered"]["time"] = "08:30".into();
    crate::incident::tests::reporting::answer(&lead, id, "report", answers).await;
    act::add(&lead.cx, id, version(&lead.cx, id).await).await.unwrap();
    let row = figures::Entity::find_by_id(id).one(&side).await.unwrap().unwrap();
    assert_eq!((row.since_event, row.since_found, row.day.as_str()), (Some(620), Some(30), "2026-03-02"));
});
