//! Reminding people of what is due: before the day, on the first day on which it is late, and then each week; after a while, those who are
//! responsible too. A person gets one mail a day of it at most.

#[cfg(test)]
mod tests;

use platform::Cx;
use platform::clock::HOUR;
use platform::jobs::{Registry, Working};
use platform::notices::Telling;
use serde_json::Value;
use uuid::Uuid;

use crate::casework::notices::remind;
use crate::kinds::of_every_kind;
use crate::offshoring::urgent_due;
use crate::{data_protection, measure};

/// The jobs of this feature.
pub fn jobs() -> Registry {
    Registry::default().every("reminder.watch", 6 * HOUR, watch)
}

/// Looks several times a day at what is due, and tells those whom it concerns once.
fn watch<'a>(cx: &'a Cx, _id: Uuid, _payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let mut telling = Telling::new(cx);
        of_every_kind!(P => remind::<P>(cx, &mut telling).await?);
        telling.add(urgent_due(cx).await?).await?;
        telling.add(measure::due::reviews(cx).await?).await?;
        telling.add(data_protection::due::reviews(cx).await?).await?;
        telling.done().await
    })
}
