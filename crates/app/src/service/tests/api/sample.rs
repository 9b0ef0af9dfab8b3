//! The least that a schema of the document takes.

use serde_json::{Map, Value, json};

/// A value that fits the schema `of` the document: what is required and no more.
pub(super) fn sample(document: &Value, of: &Value) -> Value {
    if let Some(name) = of["$ref"].as_str() {
        return sample(document, &document["components"]["schemas"][name.rsplit('/').next().unwrap()]);
    }
    if let Some(first) = of["enum"].get(0) {
        return first.clone();
    }
    if let Some(first) = of["oneOf"].get(0).or_else(|| of["anyOf"].get(0)) {
        return sample(document, first);
    }
    let kind = of["type"].as_str().or_else(|| of["type"][0].as_str()).unwrap_or("object");
    match kind {
        "string" => match of["format"].as_str() {
            Some("uuid") => json!("00000000-0000-4000-8000-000000000001"),
            Some("date") => json!("2026-03-01"),
            _ if of["pattern"] == "^[A-Z]{2}$" => json!("GB"),
            _ => json!("a".repeat(usize::try_from(of["minLength"].as_u64().unwrap_or(1).max(1)).unwrap())),
        },
        "integer" | "number" => json!(of["minimum"].as_u64().unwrap_or(1).max(1)),
        "boolean" => json!(true),
        "array" => json!([sample(document, &of["items"])]),
        _ => {
            let mut out = Map::new();
            for name in of["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                out.insert(name.to_owned(), sample(document, &of["properties"][name]));
            }
            Value::Object(out)
        }
    }
}
