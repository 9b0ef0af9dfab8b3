//! Why something was decided: a message and the paragraphs it rests on.

use serde::Serialize;

use crate::message::Message;

/// One reason of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What to say.
    pub message: Message,
    /// The paragraphs it rests on.
    pub source: Vec<String>,
    /// Questions whose answer is missing and would settle it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}
