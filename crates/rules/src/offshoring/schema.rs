//! The facts as a JSON Schema, for the API's description and for other programs.

use serde_json::{Value, json};

use super::Kind;

/// The JSON Schema (2020-12) of a document of facts. It is as strict as [`super::Facts::from_json`], but for the names of countries, which no
/// schema can list, and for repeated keys.
pub fn facts_schema() -> Value {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    let place = json!({ "type": "string", "minLength": 1, "description": "ISO 3166-1 code, XK, or a country's name as people write it" });
    let fact = |description: &str| json!({ "type": ["boolean", "null"], "description": description });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts for the offshoring decision",
        "description": "A fact that is absent or null is not known.",
        "type": "object",
        "required": ["home", "activities"],
        "additionalProperties": false,
        "properties": {
            "home": {
                "description": "The home country, or the territories that count as home",
                "anyOf": [place.clone(), { "type": "array", "minItems": 1, "items": place }]
            },
            "activities": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["kind"],
                    "additionalProperties": false,
                    "properties": {
                        "kind": { "enum": kinds, "description": "What is done" },
                        "country": {
                            "type": ["string", "null"],
                            "minLength": 1,
                            "description": "Where the work is done or the data lies: ISO 3166-1 code, XK, or a country's name"
                        },
                        "authority_information": fact("Whether it involves the authority's information, systems or services"),
                        "personal_data": fact("Whether it involves personal data; never changes the outcome"),
                        "staff": {
                            "type": ["object", "null"],
                            "additionalProperties": false,
                            "properties": {
                                "foreign_nationals": fact("Whether foreign nationals are among the staff"),
                                "brought_to_home": fact("Whether those are brought to the home country for this work"),
                                "resident_at_home_already": fact("Whether those lived at home already"),
                                "access_to_information": fact("Whether those can reach the authority's information")
                            }
                        }
                    }
                }
            }
        }
    })
}
