//! The facts as a JSON Schema, for the API's description and for other programs.

use serde_json::{Value, json};

use super::{Action, AssetKind, Attempt, Loss, Whereabouts};

/// The JSON Schema (2020-12) of a document of facts. It is as strict as [`super::Facts::from_json`], but for repeated keys.
pub fn facts_schema() -> Value {
    let fact = |description: &str| json!({ "type": ["boolean", "null"], "description": description });
    let one = |codes: Vec<&'static str>, description: &str| {
        let codes: Vec<Value> = codes.into_iter().map(Value::from).chain([Value::Null]).collect();
        json!({ "enum": codes, "description": description })
    };
    let list = |codes: Vec<&'static str>, description: &str| json!({ "type": ["array", "null"], "items": { "enum": codes }, "description": description });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts for the decision whether something is a security incident",
        "description": "A fact that is absent or null is not known. An empty list is known to be empty.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "asset_involved": fact("Whether something of the authority's was involved: property, information in any form, other valuables"),
            "asset_kind": one(AssetKind::ALL.iter().map(|one| one.code()).collect(), "What that was; never changes the outcome"),
            "attempt": one(Attempt::ALL.iter().map(|one| one.code()).collect(), "Whether somebody tried on purpose, and how it ended"),
            "loss": list(Loss::ALL.iter().map(|one| one.code()).collect(), "What was lost"),
            "process_breakdown": fact("Whether systems or processes broke down"),
            "exposed": fact("Whether data became, or could have become, exposed outside"),
            "whereabouts": one(
                Whereabouts::ALL.iter().map(|one| one.code()).collect(),
                "Where the item is that was called lost; unknown says that nobody can tell"
            ),
            "backup_usable": fact("Whether what is gone can be restored from a usable back-up"),
            "actions": list(Action::ALL.iter().map(|one| one.code()).collect(), "What happened"),
            "systemic": fact("Whether the cause lies in the system, and if not, in awareness; never changes the outcome")
        }
    })
}
