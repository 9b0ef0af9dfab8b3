//! What the offshoring policy says of examples, row by row: the command, the endpoint and the page must all say it.

use serde_json::{Value, json};

/// An activity and what must be said of it, with the United Kingdom as home.
#[derive(Debug, Clone)]
pub struct Example {
    /// The rows that it shows.
    pub rows: &'static str,
    /// The activity, as JSON.
    pub activity: &'static str,
    /// `offshoring`, `not_offshoring` or `undetermined`.
    pub outcome: &'static str,
    /// The rules that speak, in order.
    pub rules: &'static [&'static str],
    /// The facts that are missing, in order.
    pub missing: &'static [&'static str],
}

impl Example {
    /// The facts of this one activity.
    pub fn facts(&self) -> String {
        json!({ "home": "GB", "activities": [serde_json::from_str::<Value>(self.activity).unwrap()] }).to_string()
    }

    /// The question to the page, or none where the page does not ask for these facts: of personal data it does not, and of people only where they are
    /// brought in.
    pub fn query(&self) -> Option<String> {
        let activity: Value = serde_json::from_str(self.activity).unwrap();
        let mut query = "/check?q.activities.1.kind_asked=1".to_owned();
        let mut put = |name: &str, value: &Value| {
            let text = match value {
                Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
                Value::String(text) => text.replace(' ', "%20"),
                _ => String::new(),
            };
            query.push_str(&format!("&q.activities.1.{name}={text}"));
        };
        put("kind", &activity["kind"]);
        put("country", &activity["country"]);
        put("information", &activity["authority_information"]);
        let staff = &activity["staff"];
        if activity["kind"] == "landed_staff" {
            for (name, fact) in [
                ("foreign", "foreign_nationals"),
                ("brought", "brought_to_home"),
                ("resident", "resident_at_home_already"),
                ("access", "access_to_information"),
            ] {
                put(name, &staff[fact]);
            }
        }
        let asked = activity["personal_data"].is_null() && (staff.is_null() || activity["kind"] == "landed_staff");
        asked.then_some(query)
    }

    /// Whether `answer`, a decision as JSON, says what must be said; otherwise what it says.
    ///
    /// # Errors
    /// What differs, for the test's message.
    pub fn judge(&self, answer: &Value) -> Result<(), String> {
        let one = &answer["activities"][0];
        let because = one["because"].as_array().ok_or_else(|| format!("no reasons: {answer}"))?;
        let rules: Vec<&str> = because.iter().filter_map(|b| b["rule"].as_str()).collect();
        let missing: Vec<&str> = one["missing"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let said = (answer["outcome"].as_str(), one["outcome"].as_str(), rules.as_slice(), missing.as_slice());
        if said != (Some(self.outcome), Some(self.outcome), self.rules, self.missing) {
            return Err(format!("{}: {}: {answer}", self.rows, self.activity));
        }
        let spoken = because.iter().all(|b| b["text"].as_str().is_some_and(|t| t.ends_with('.')) && b["source"][0].is_string());
        let silent = because.is_empty() && self.outcome != "undetermined";
        if spoken && !silent { Ok(()) } else { Err(format!("{}: a reason without words or source: {answer}", self.rows)) }
    }
}

/// The examples that show `row`.
pub fn examples(row: &str) -> Vec<Example> {
    let found: Vec<_> = EXAMPLES.iter().filter(|e| e.rows.split(' ').any(|r| r == row)).cloned().collect();
    assert!(!found.is_empty(), "no example shows {row}");
    found
}

/// The same with fewer words.
const fn example(
    rows: &'static str,
    activity: &'static str,
    outcome: &'static str,
    rules: &'static [&'static str],
    missing: &'static [&'static str],
) -> Example {
    Example { rows, activity, outcome, rules, missing }
}

const YES: &str = "offshoring";
const NO: &str = "not_offshoring";
const OPEN: &str = "undetermined";

/// Every example.
pub const EXAMPLES: &[Example] = &[
    // Hosting.
    example("OFF-3a OFF-4", r#"{"kind":"hosting","country":"IN","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"Jersey","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"Guernsey","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"Isle of Man","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"GI","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"XK","authority_information":true}"#, YES, &["hosting_abroad"], &[]),
    example("OFF-3a", r#"{"kind":"hosting","country":"Northern Ireland","authority_information":true}"#, NO, &["at_home"], &[]),
    example(
        "OFF-3a OFF-5",
        r#"{"kind":"hosting","country":"IN","authority_information":false}"#,
        NO,
        &["hosting_without_information"],
        &[],
    ),
    example("OFF-3a", r#"{"kind":"hosting","country":"IN"}"#, OPEN, &[], &["authority_information"]),
    example("OFF-3a", r#"{"kind":"hosting","authority_information":true}"#, OPEN, &[], &["country"]),
    example(
        "OFF-3a OFF-5",
        r#"{"kind":"hosting","country":null,"authority_information":false}"#,
        NO,
        &["hosting_without_information"],
        &[],
    ),
    example(
        "OFF-4",
        r#"{"kind":"hosting","country":"IE","authority_information":true,"personal_data":false,"staff":{"foreign_nationals":false}}"#,
        YES,
        &["hosting_abroad"],
        &[],
    ),
    // People abroad.
    example("OFF-3b OFF-4", r#"{"kind":"access","country":"U.S.A.","authority_information":true}"#, YES, &["access_from_abroad"], &[]),
    example("OFF-3b", r#"{"kind":"service","country":"PH","authority_information":true}"#, YES, &["service_from_abroad"], &[]),
    example("OFF-3b", r#"{"kind":"access","country":"England","authority_information":true}"#, NO, &["people_at_home"], &[]),
    example("OFF-3b OFF-5", r#"{"kind":"access","country":"IN","authority_information":false}"#, NO, &["work_without_information"], &[]),
    example("OFF-3b OFF-5", r#"{"kind":"service","country":"IN","authority_information":false}"#, NO, &["work_without_information"], &[]),
    example("OFF-3b", r#"{"kind":"access","country":"IN"}"#, OPEN, &[], &["authority_information"]),
    // People who are brought in.
    example(
        "OFF-3c OFF-4",
        r#"{"kind":"landed_staff","country":"GB","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false,"access_to_information":true}}"#,
        YES,
        &["landed_staff"],
        &[],
    ),
    example(
        "OFF-3c OFF-5",
        r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":true,"access_to_information":true}}"#,
        NO,
        &["resident_already"],
        &[],
    ),
    example(
        "OFF-3c OFF-5",
        r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false,"access_to_information":false}}"#,
        NO,
        &["landed_without_access"],
        &[],
    ),
    example(
        "OFF-3c",
        r#"{"kind":"landed_staff","staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false,"access_to_information":null}}"#,
        OPEN,
        &[],
        &["staff.access_to_information"],
    ),
    example("OFF-3c", r#"{"kind":"landed_staff","staff":{"foreign_nationals":false}}"#, NO, &["no_foreign_nationals"], &[]),
    example(
        "OFF-3c OFF-5",
        r#"{"kind":"hosting","country":"IN","authority_information":false,"staff":{"foreign_nationals":true,"brought_to_home":true,"resident_at_home_already":false,"access_to_information":true}}"#,
        YES,
        &["landed_staff"],
        &[],
    ),
    // Development and support count whatever they see.
    example("OFF-3d OFF-4", r#"{"kind":"development","country":"IN","authority_information":true}"#, YES, &["development_abroad"], &[]),
    example(
        "OFF-3d OFF-4 OFF-5",
        r#"{"kind":"development","country":"IN","authority_information":false,"personal_data":false}"#,
        YES,
        &["development_abroad"],
        &[],
    ),
    example("OFF-3d OFF-4", r#"{"kind":"development","country":"IN"}"#, YES, &["development_abroad"], &[]),
    example("OFF-3d", r#"{"kind":"development","country":"Scotland"}"#, NO, &["at_home"], &[]),
    example("OFF-3d", r#"{"kind":"development","authority_information":false}"#, OPEN, &[], &["country"]),
    example("OFF-4 OFF-5", r#"{"kind":"support","country":"PL","authority_information":false}"#, YES, &["support_abroad"], &[]),
    example("OFF-4", r#"{"kind":"support","country":"GB"}"#, NO, &["at_home"], &[]),
    // Diagnostic data.
    example("OFF-3e", r#"{"kind":"diagnostics","country":"US","authority_information":true}"#, YES, &["diagnostics_abroad"], &[]),
    example("OFF-3e", r#"{"kind":"diagnostics","country":"US","authority_information":false}"#, NO, &["diagnostics_shown_free"], &[]),
    example("OFF-3e", r#"{"kind":"diagnostics","country":"GB"}"#, NO, &["at_home"], &[]),
    example("OFF-3e", r#"{"kind":"diagnostics","country":"US"}"#, OPEN, &["diagnostics_not_shown_free"], &["authority_information"]),
];
