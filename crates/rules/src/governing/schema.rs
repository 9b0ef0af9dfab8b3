//! The facts as a JSON Schema, for the API's description and for other programs.

use serde_json::{Value, json};

use super::Direction;
use super::input::{REFERENCE, TEXT, UNIT};

/// The JSON Schema (2020-12) of a document of facts. It is as strict as [`super::Facts::from_json`], but for repeated keys, days that no calendar has and
/// whole numbers written with a point.
pub fn facts_schema() -> Value {
    let fact = |description: &str| json!({ "type": ["boolean", "null"], "description": description });
    let or_null = |one: &str| json!({ "anyOf": [{ "$ref": format!("#/$defs/{one}") }, { "type": "null" }] });
    let directions: Vec<&str> = Direction::ALL.iter().map(|one| one.code()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts for the decision which document governs an obligation",
        "description": "A fact that is absent or null is not known. An empty list is known to be empty.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "contract": or_null("ask"),
            "plan": or_null("ask"),
            "pack": or_null("ask"),
            "rulings": { "type": ["array", "null"], "items": { "$ref": "#/$defs/ruling" }, "description": "The rulings on this obligation" },
            "blocked_until_ruling": fact("Whether it is blocked until a ruling allows it")
        },
        "$defs": {
            "ask": {
                "type": "object",
                "additionalProperties": false,
                "properties": { "applies": fact("Whether the document asks anything here"), "asks": or_null("demand") }
            },
            "demand": {
                "description": "A number with its unit and direction, or a text, which cannot be compared",
                "oneOf": [
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["value", "unit", "direction"],
                        "properties": {
                            "value": { "type": "integer", "minimum": 0, "maximum": u64::MAX },
                            "unit": { "type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": UNIT },
                            "direction": { "enum": directions },
                            "text": { "type": "null" }
                        }
                    },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["text"],
                        "properties": {
                            "text": { "type": "string", "pattern": "\\S", "maxLength": TEXT },
                            "value": { "type": "null" },
                            "unit": { "type": "null" },
                            "direction": { "type": "null" }
                        }
                    }
                ]
            },
            "ruling": {
                "type": "object",
                "additionalProperties": false,
                "required": ["reference", "day", "this_contract"],
                "properties": {
                    "reference": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9./_-]*$", "maxLength": REFERENCE },
                    "day": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "The day on which it was given" },
                    "this_contract": { "type": "boolean", "description": "Whether it was given on this contract" },
                    "asks": or_null("demand"),
                    "allows": fact("Whether it allows what is blocked; absent where it does not speak of that")
                },
                "anyOf": [
                    { "required": ["asks"], "properties": { "asks": { "not": { "type": "null" } } } },
                    { "required": ["allows"], "properties": { "allows": { "not": { "type": "null" } } } }
                ]
            }
        }
    })
}
