//! The facts as a JSON Schema, for the API's description and for other programs.

use serde_json::{Value, json};

use super::Medium;

/// The JSON Schema (2020-12) of a document of facts. It is as strict as [`super::Facts::from_json`], but for repeated keys.
pub fn facts_schema() -> Value {
    let fact = |description: &str| json!({ "type": ["boolean", "null"], "description": description });
    let media: Vec<Value> = Medium::ALL.iter().map(|one| Value::from(one.code())).chain([Value::Null]).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts for the decision whether information is authority data",
        "description": "A fact that is absent or null is not known.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "received_from_authority": fact("Whether you received it from the authority"),
            "received_for_authority": fact("Whether you received it from others on the authority's behalf"),
            "made_because_of_contract": fact("Whether you made it because of the contract"),
            "processed_because_of_contract": fact("Whether you process it because of the contract"),
            "held_because_of_contract": fact("Whether you hold it because of the contract"),
            "passed_on_because_of_contract": fact("Whether you pass it on because of the contract"),
            "personal_data": fact("Whether it is data about people"),
            "authority_controls": fact("Whether the authority is the controller of it"),
            "medium": { "enum": media, "description": "In which form it is; never changes the outcome" }
        }
    })
}
