//! The map, what is held of countries, and concentration: through acts and pages, on both engines.

mod figures;
mod held;
mod sizes;

use jiff::civil::date;
use uuid::Uuid;

use crate::arrangement::act as work;
use crate::arrangement::model::{Details as Work, Held};
use crate::offshoring::tests::world::World;
use crate::site::model::Details as Site;
use crate::subprocessor::model::Details as Used;

/// Work of five people in a country since February.
pub(super) fn work_in(country: &str, held: Held) -> Work {
    Work {
        name: format!("Calls in {country}"),
        kind: "access".to_owned(),
        country: country.to_owned(),
        site: None,
        people: 5,
        data: None,
        held,
        from: date(2026, 2, 1),
        to: date(2027, 5, 31),
    }
}

/// The lead has a site and work in India, and uses somebody in the United States; the sub-contractor has a site in Portugal and work there that
/// holds data; the other supplier has a site in Brazil.
pub(super) async fn furnished(world: &World) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    let other = world.person("supplier_lead", world.other.0).await;
    let site = |name: &str, country: &str, people| Site { people, ..Site::of(name, "office", country, "1 Station Road") };
    crate::site::act::add(&lead.cx, world.lead.0, &site("Pune office", "IN", 40)).await.unwrap();
    crate::site::act::add(&sub.cx, world.sub.0, &site("Porto desk", "PT", 12)).await.unwrap();
    crate::site::act::add(&other.cx, world.other.0, &site("Recife hall", "BR", 7)).await.unwrap();
    work::report(&lead.cx, world.lead.1, &work_in("IN", Held::default())).await.unwrap();
    let stored = ["permanent".to_owned(), "transient".to_owned()];
    work::report(&sub.cx, world.sub.1, &work_in("PT", Held::of(Some(true), Some(&stored), true))).await.unwrap();
    let used = Used { party: Some(world.lead.0), location: Some("United States".to_owned()), ..Used::named("Fathom Mail") };
    crate::subprocessor::act::add(&lead.cx, &used).await.unwrap();
}

/// A way into the database of a world, for many rows at once.
pub(super) async fn aside(world: &World) -> sea_orm::DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(world.app.db.url.replace("sqlite:", "sqlite://"));
    options.max_connections(1);
    sea_orm::Database::connect(options).await.unwrap()
}

/// A fresh id.
pub(super) fn id() -> Uuid {
    Uuid::now_v7()
}
