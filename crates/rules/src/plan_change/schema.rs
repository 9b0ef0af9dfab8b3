//! The facts as JSON Schemas, for the API's description and for other programs.

use serde_json::{Value, json};

use super::Added;
use super::complete::{Change, Proposal};

/// The JSON Schema (2020-12) of a document of facts. It is as strict as [`super::Facts::from_json`], but for repeated keys.
pub fn facts_schema() -> Value {
    let added: Vec<&str> = Added::ALL.iter().map(|one| one.code()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts for the decision whether a change of the security plan is called for",
        "description": "A fact that is absent or null is not known. An empty list is known to be empty.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "added": { "type": ["array", "null"], "items": { "enum": added }, "description": "What was added, or is considered" },
            "handles_authority_data": fact("Whether any of it handles authority data"),
            "people_affected": fact("Whether people's work changes by it; never changes the outcome"),
            "software_change": fact("Whether software changes; never changes the outcome"),
            "data_held_during": fact("Whether authority data is held while the change is made; never changes the outcome"),
            "service_lost": fact("Whether a service is lost while the change is made; never changes the outcome")
        }
    })
}

/// The JSON Schema (2020-12) of a document of states. It is as strict as [`super::complete::States::from_json`], but for repeated keys.
pub fn states_schema() -> Value {
    let one = |codes: Vec<&str>, description: &str| {
        let codes: Vec<Value> = codes.into_iter().map(Value::from).chain([Value::Null]).collect();
        json!({ "enum": codes, "description": description })
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "States for the decision whether a change and its proposal may take effect",
        "description": "What is absent or null is not known.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "offshore": fact("Whether the change has an offshore element"),
            "linked": fact("Whether the change and a proposal are linked"),
            "change": one(Change::ALL.iter().map(|one| one.code()).collect(), "Where the change stands"),
            "proposal": one(Proposal::ALL.iter().map(|one| one.code()).collect(), "Where the proposal stands")
        }
    })
}

fn fact(description: &str) -> Value {
    json!({ "type": ["boolean", "null"], "description": description })
}
