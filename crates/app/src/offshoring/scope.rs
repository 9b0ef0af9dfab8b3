//! What an approval covers (OFF-6, OFF-9a): party, activities, places, data and dates, taken from the answers and frozen with a digest.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rules::country::{Country, Home};
use rules::form::Answers;
use rules::offshoring::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::classify::{APART, codes, entries, personal, reach};

/// What an approval covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The party that does the work, by id.
    pub party: Option<Uuid>,
    /// The kinds of activity, by code.
    pub activities: Vec<String>,
    /// The countries, by code, sorted.
    pub countries: Vec<String>,
    /// Which activities that are tied to no site were said to reach nothing of the authority's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reaching_nothing: Vec<String>,
    /// The sites, with what is done at each.
    pub sites: Vec<Site>,
    /// The information, systems and services, by name.
    pub data: Vec<String>,
    /// How many people take part in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
    /// The tier at which the party stood when it was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<u32>,
    /// Whether personal data is in it; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<bool>,
    /// How any of the information is stored, by code, each once; none where that was not said of all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<Vec<String>>,
    /// The digest of the submission that it was read from.
    pub submission: String,
}

/// A site within a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its country, by code.
    pub country: String,
    /// What is done there, by code.
    pub activities: Vec<String>,
    /// Which of that was said to reach nothing of the authority's: an approval covers it as such, and no further.
    pub reaching_nothing: Vec<String>,
    /// The site of the register that it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Uuid>,
    /// How many people work there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
}

impl Scope {
    /// The scope that answers ask for, of a party at this tier.
    pub fn of(answers: &Answers, submission: &str, tier: Option<u32>) -> Self {
        let text = |entry: &serde_json::Map<String, Value>, id: &str| entry.get(id).and_then(Value::as_str).unwrap_or_default().to_owned();
        let nothing = |entry: &serde_json::Map<String, Value>, code: &str| {
            let apart = |kind: &Kind| APART.contains(kind) || *kind == Kind::Diagnostics;
            Kind::from_code(code).filter(apart).is_some_and(|kind| reach(answers, Some(entry), kind) == Some(false))
        };
        let site = |entry: &serde_json::Map<String, Value>| {
            let done = codes(entry.get("site_activities"));
            Site {
                name: text(entry, "site_name"),
                country: text(entry, "site_country"),
                reaching_nothing: done.iter().filter(|code| nothing(entry, code)).map(|code| (*code).to_owned()).collect(),
                activities: done.into_iter().map(str::to_owned).collect(),
                registered: entry.get("site_registered").and_then(Value::as_str).and_then(|id| id.parse().ok()),
                people: entry.get("site_people").and_then(number),
            }
        };
        let sites: Vec<Site> = entries(answers, "sites").map(site).collect();
        let countries: BTreeSet<String> = sites
            .iter()
            .map(|site| site.country.clone())
            .chain(entries(answers, "countries").map(|e| text(e, "country")))
            .filter(|c| !c.is_empty())
            .collect();
        Self {
            party: answers.get("work_party").and_then(Value::as_str).and_then(|id| id.parse().ok()),
            activities: codes(answers.get("kinds")).into_iter().map(str::to_owned).collect(),
            countries: countries.into_iter().collect(),
            reaching_nothing: if answers.get("landed_access").and_then(Value::as_bool) == Some(false) {
                vec![Kind::LandedStaff.code().to_owned()]
            } else {
                Vec::new()
            },
            sites,
            data: entries(answers, "information").map(|e| text(e, "info_name")).collect(),
            people: answers.get("staff_total").and_then(number),
            tier,
            personal: personal(answers),
            stored: stored(answers),
            submission: submission.to_owned(),
        }
    }

    /// As JSON, and its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// Never for a scope of ours; the serialiser's error otherwise.
    pub fn frozen(&self) -> platform::Result<(String, String)> {
        let text = serde_json::to_string(self)?;
        let digest = hex::encode(platform::random::digest(text.as_bytes()));
        Ok((text, digest))
    }
}

/// How any of the information is stored; none where that was not said of all of it.
fn stored(answers: &Answers) -> Option<Vec<String>> {
    let mut all = BTreeSet::new();
    for entry in entries(answers, "information") {
        let said = codes(entry.get("info_storage"));
        if said.is_empty() {
            return None;
        }
        all.extend(said.into_iter().filter(|code| *code != "not_stored").map(str::to_owned));
    }
    entries(answers, "information").next()?;
    Some(all.into_iter().collect())
}

/// The countries that answers name, by code; home for people who are brought in, who work there.
pub fn countries(answers: &Answers, home: &Home) -> BTreeSet<&'static str> {
    let scope = Scope::of(answers, "", None);
    let landed = scope.activities.iter().any(|code| code == Kind::LandedStaff.code());
    let abroad = scope.countries.iter().filter_map(|code| Country::from_code(code).ok());
    abroad.chain(home.places().take(usize::from(landed))).map(Country::code).collect()
}

/// A whole number among answers, however it was written.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The days that the answers ask for.
pub fn asked_days(answers: &Answers) -> Option<(Date, Date)> {
    let dates = answers.get("dates")?;
    let day = |name: &str| dates.get(name)?.as_str()?.parse().ok();
    Some((day("from")?, day("to")?))
}
