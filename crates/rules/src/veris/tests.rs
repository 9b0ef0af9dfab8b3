//! Reading, writing and mapping incidents: what is taken, what is kept out and why, and that none is lost or changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use serde_json::{Value, json};

use super::*;
use crate::category::Category;
use crate::testing::shared;

mod cases;
mod real;
mod regulated;
mod whatever;
mod words;

/// All lines of a text, pushed in one go.
fn read(bytes: &[u8]) -> Vec<Line> {
    let mut reading = Reading::new();
    let mut lines = reading.push(bytes);
    lines.extend(reading.end_of_file());
    lines
}

/// The one line of a value.
fn one(value: &Value) -> Line {
    let mut lines = read(value.to_string().as_bytes());
    assert_eq!(lines.len(), 1, "{value}");
    lines.pop().unwrap()
}

/// The record of a value that must be taken.
fn taken(value: &Value) -> Record {
    let line = one(value);
    line.record.unwrap_or_else(|| panic!("kept out: {:?}", line.reasons))
}

/// The codes of a line's reasons, with what they are about.
fn codes(line: &Line) -> Vec<(&'static str, &str)> {
    line.reasons.iter().map(|reason| (reason.code(), reason.message.args.get("path").map_or("", String::as_str))).collect()
}

/// The schema of VERIS 1.4, where it is at hand.
fn schema() -> Option<jsonschema::Validator> {
    let text = std::fs::read_to_string(shared("veris")?.join("verisc-merged.json")).unwrap();
    Some(jsonschema::draft4::new(&serde_json::from_str(&text).unwrap()).unwrap())
}

/// An incident of VERIS 1.4 with all that a record keeps.
fn full() -> Value {
    json!({
        "schema_version": "1.4.0", "incident_id": "tarn-7", "source_id": "tarn", "security_incident": "Confirmed", "summary": " Letters\nwent astray. ",
        "notes": "Second batch.", "reference": "https://news.example/a;b; https://news.example/c", "campaign_id": "none of ours",
        "victim": {"victim_id": "Tarn Borough Council ", "country": ["GB"], "industry": "921190", "employee_count": "1001 to 10000",
            "government": ["Local"], "secondary": {"victim_id": ["Fell Homes, Ltd", "Moor Trust"], "amount": 2}},
        "timeline": {"incident": {"year": 2026, "month": 2, "day": 3, "time": "09:30:00 PM"}, "discovery": {"unit": "Days", "value": 1.5}},
        "discovery_method": {"external": {"variety": ["Customer"]}, "unknown": true, "other": false},
        "actor": {"internal": {"variety": ["End-user"], "motive": ["NA"]},
            "partner": {"country": ["IE"], "motive": ["Unknown"], "name": ["Halyard Print"], "industry": "32"}, "unknown": {}},
        "action": {"error": {"variety": ["Misdelivery"], "vector": ["Carelessness"], "notes": "left out"},
            "social": {"variety": ["Pretexting"], "vector": ["Phone"], "target": ["Helpdesk"]}},
        "asset": {"assets": [{"variety": "M - Documents", "amount": 40}, {"variety": "S - File"}], "cloud": ["On-Premise Asset(s)"],
            "hosting": ["Internal"], "management": ["External"], "ownership": ["Partner"]},
        "attribute": {"confidentiality": {"data_disclosure": "Yes", "data": [{"variety": "Personal", "amount": 40}, {"variety": "Bank"}],
            "data_total": 44, "data_victim": ["Customer"], "state": ["Printed"]}, "integrity": {"variety": ["Repurpose"]},
            "availability": {"variety": ["Loss"], "duration": {"unit": "Days"}}},
        "plus": {"timeline": {"notification": {"year": 2026, "month": 2}}, "analyst": "left out"}
    })
}
