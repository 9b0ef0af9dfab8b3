//! What the answers say about offshoring (OFF-3 to OFF-5, OWN-1): the facts that the decision reads, derived activity by activity. What an
//! answer leaves open stays open; nothing unknown becomes a "no".

use rules::country::{Country, Home};
use rules::form::Answers;
use rules::offshoring::{Activity, Decision, Facts, Kind, Staff, decide};
use serde_json::Value;

use platform::{Error, Result};

/// The facts of a proposal: one activity for each kind and country; none when no kind was chosen yet.
pub fn activities(answers: &Answers) -> Vec<Activity> {
    let kinds = codes(answers.get("kinds"));
    let mut all = Vec::new();
    for kind in kinds.iter().filter_map(|code| Kind::from_code(code)) {
        if kind == Kind::LandedStaff {
            all.push(Activity { staff: Some(landed(answers)), ..about(kind, answers) });
            continue;
        }
        let mut countries = countries(answers, kind);
        if countries.is_empty() {
            countries.push(None);
        }
        all.extend(countries.into_iter().map(|country| Activity { country, ..about(kind, answers) }));
    }
    all
}

/// The decision over the answers; none while no activity is named.
///
/// # Errors
/// When the configured home is none; the start refuses that before.
pub fn classify(answers: &Answers, home: &[String]) -> Result<Option<(Vec<Activity>, Decision)>> {
    let activities = activities(answers);
    if activities.is_empty() {
        return Ok(None);
    }
    let home = Home::from_codes(home).map_err(|e| Error::internal(format!("{e:?}")))?;
    let decision = decide(&Facts { home, activities: activities.clone() });
    Ok(Some((activities, decision)))
}

fn about(kind: Kind, answers: &Answers) -> Activity {
    let said = match (kind, answers.get("diagnostics_clean").and_then(Value::as_str)) {
        // Whether diagnostic data is clean is asked apart; only showing both makes it so.
        (Kind::Diagnostics, Some("shown_clean")) => Some(false),
        (Kind::Diagnostics, Some("not_clean")) => Some(true),
        (Kind::Diagnostics, _) => None,
        _ => match answers.get("reach").and_then(Value::as_str) {
            Some("reaches") => Some(true),
            Some("reaches_nothing") => Some(false),
            _ => None,
        },
    };
    Activity { authority_information: said, personal_data: personal(answers), ..Activity::new(kind) }
}

/// The countries of the sites where this kind of work is done.
fn countries(answers: &Answers, kind: Kind) -> Vec<Option<Country>> {
    let mut found = Vec::new();
    for site in entries(answers, "sites").filter(|site| codes(site.get("site_activities")).contains(&kind.code())) {
        let country = site.get("site_country").and_then(Value::as_str).and_then(|code| Country::from_code(code).ok());
        if !found.contains(&country) {
            found.push(country);
        }
    }
    found
}

fn landed(answers: &Answers) -> Staff {
    let known = |id: &str| answers.get(id).and_then(Value::as_bool);
    let resident = known("landed_resident");
    Staff {
        foreign_nationals: known("landed_foreign"),
        // The kind says that they are brought in, unless they already live here.
        brought_to_home: (resident != Some(true)).then_some(true),
        resident_at_home_already: resident,
        access_to_information: known("landed_access"),
    }
}

fn personal(answers: &Answers) -> Option<bool> {
    let all: Vec<&str> = entries(answers, "information").filter_map(|e| e.get("info_personal")?.as_str()).collect();
    match (all.contains(&"personal"), all.is_empty() || all.contains(&"not_known")) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// The entries of a group.
pub fn entries<'a>(answers: &'a Answers, group: &str) -> impl Iterator<Item = &'a serde_json::Map<String, Value>> {
    answers.get(group).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// The codes of a choice of several.
pub fn codes(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
