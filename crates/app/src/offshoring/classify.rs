//! What the answers say about offshoring (OFF-3 to OFF-5, OWN-1): the facts that the decision reads, derived activity by activity. What an
//! answer leaves open stays open; nothing unknown becomes a "no".

use rules::country::{Country, Home};
use rules::form::Answers;
use rules::offshoring::{Activity, Decision, Facts, Kind, Staff, decide};
use serde_json::Value;

use platform::{Error, Result};

/// One activity as the decision reads it, and the sites where it is done, by the names that the answers give them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its facts.
    pub activity: Activity,
    /// Where; none for what is tied to no site yet.
    pub sites: Vec<String>,
}

/// What a proposal says is done: one activity for each kind and site, those with the same facts taken together; none when no kind was
/// chosen yet. What is said to be done at a site counts even where the kinds of the whole do not name it.
pub fn activities(answers: &Answers) -> Vec<Done> {
    let said = codes(answers.get("kinds"));
    let at_sites: Vec<&str> = entries(answers, "sites").flat_map(|site| codes(site.get("site_activities"))).collect();
    let mut all: Vec<Done> = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| said.contains(&kind.code()) || at_sites.contains(&kind.code())) {
        let activity = Activity { personal_data: personal(answers), ..Activity::new(kind) };
        if kind == Kind::LandedStaff {
            all.push(Done { activity: Activity { staff: Some(landed(answers)), ..activity }, sites: Vec::new() });
            continue;
        }
        let here: Vec<_> = entries(answers, "sites").filter(|site| codes(site.get("site_activities")).contains(&kind.code())).collect();
        if here.is_empty() {
            all.push(Done {
                activity: Activity { authority_information: reach(answers, None, kind), ..activity.clone() },
                sites: Vec::new(),
            });
        }
        for site in here {
            let text = |id: &str| site.get(id).and_then(Value::as_str);
            let country = text("site_country").and_then(|code| Country::from_code(code).ok());
            let activity = Activity { country, authority_information: reach(answers, Some(site), kind), ..activity.clone() };
            let name: Vec<String> = text("site_name").map(str::to_owned).into_iter().collect();
            match all.iter_mut().find(|done| done.activity == activity) {
                Some(same) => same.sites.extend(name),
                None => all.push(Done { activity, sites: name }),
            }
        }
    }
    all
}

/// The decision over the answers; none while no activity is named.
///
/// # Errors
/// When the configured home is none; the start refuses that before.
pub fn classify(answers: &Answers, home: &[String]) -> Result<Option<(Vec<Done>, Decision)>> {
    let done = activities(answers);
    if done.is_empty() {
        return Ok(None);
    }
    let home = Home::from_codes(home).map_err(|e| Error::internal(format!("{e:?}")))?;
    let decision = decide(&Facts { home, activities: done.iter().map(|d| d.activity.clone()).collect() });
    Ok(Some((done, decision)))
}

/// Whether work of a kind at a site holds or reaches the authority's information, systems or services (OFF-5: each activity by itself). One
/// answer may stand for all; where it differs, each site says which kinds of its work reach nothing. Not known until it is said.
pub(super) fn reach(answers: &Answers, site: Option<&serde_json::Map<String, Value>>, kind: Kind) -> Option<bool> {
    if kind == Kind::Diagnostics {
        // Whether diagnostic data is clean is asked apart; only showing both makes it so.
        return said(answers.get("diagnostics_clean"), "not_clean", "shown_clean");
    }
    if answers.get("reach").and_then(Value::as_str) != Some("differs") {
        return said(answers.get("reach"), "reaches", "reaches_nothing");
    }
    let apart = codes(site?.get("site_apart"));
    // Work that counts whatever it reaches has no choice of its own there: nothing is said of it.
    let contradicts = apart.contains(&"none") && apart.len() > 1;
    if apart.is_empty() || contradicts || !APART.contains(&kind) {
        return None;
    }
    match (apart.contains(&kind.code()), apart.contains(&"not_known")) {
        (true, _) => Some(false),
        (false, true) => None,
        (false, false) => Some(true),
    }
}

/// The kinds of work of which a site can say that they reach nothing. The others count whatever they reach, or are asked apart.
pub const APART: [Kind; 3] = [Kind::Hosting, Kind::Access, Kind::Service];

fn said(answer: Option<&Value>, yes: &str, no: &str) -> Option<bool> {
    let answer = answer?.as_str()?;
    (answer == yes).then_some(true).or((answer == no).then_some(false))
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

/// Whether personal data is in what the answers name; none where nobody said.
pub fn personal(answers: &Answers) -> Option<bool> {
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
