//! Answering forms in tests, as the pages would.

use platform::Cx;
use platform::cases::api::Asks;
use serde_json::Value;
use uuid::Uuid;

/// Saves these answers to a case, section by section; those of the other sections stay as they are.
pub(crate) async fn answer_case<P: Asks>(cx: &Cx, id: Uuid, answers: Value) {
    crate::demo::fill::<P>(cx, id, answers).await.unwrap();
}
