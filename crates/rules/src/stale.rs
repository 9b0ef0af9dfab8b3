//! Does an approval still rest on what it was given on? (OFF-6, OFF-11, OFF-12)
//!
//! An approval keeps what it rested on: the answers, what was held of each of its countries, the parties of its chain at, above and below the
//! place of the work, and who owns them. Held against the present, each difference is a reason for which it is *stale*. A stale approval covers no
//! new start; work under way goes on until somebody confirms the approval anew or asks for a new proposal. Dates that alone differ are no reason:
//! a later proposal may be for going on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decision::{Args, Reason};

#[cfg(test)]
mod tests;

/// What an approval rests on. Ids are opaque, texts are kept as digests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The place of the chain where the work is done.
    pub place: String,
    /// Digest of the answers but for their dates.
    pub answers: String,
    /// What was held of each country, by code.
    pub countries: BTreeMap<String, Held>,
    /// The places at, above and below the work's, by id.
    pub chain: BTreeMap<String, Link>,
    /// Who owns the parties of the chain, by the party's id.
    pub owners: BTreeMap<String, Owner>,
}

/// What was held of a country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What a transfer of personal data there takes, by code.
    pub transfer: String,
    /// What carries transfers, by code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mechanism: Option<String>,
    /// Digest of the condition of its adequacy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Digest of what is said of passing data on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onward: Option<String>,
    /// Digest of the notes on its law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
}

/// A place of a chain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The party.
    pub party: String,
    /// Its tier.
    pub tier: u32,
    /// The place above it; none at tier 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}

/// In [`Held::transfer`]: the country is none any more.
pub const CEASED: &str = "ceased";

/// Who owns a party.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Digest of the owner's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the owner is, by code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// Every reason that there is, with the paragraphs that it rests on.
pub const RULES: [(&str, &[&str]); 11] = [
    ("ceased", &["OFF-6", "OFF-11"]),
    ("transfer", &["OFF-Q4", "OFF-11"]),
    ("mechanism", &["OFF-Q4", "OFF-11"]),
    ("condition", &["OFF-Q4", "OFF-11"]),
    ("onward", &["OFF-Q4", "OFF-11"]),
    ("law", &["OFF-Q4", "OFF-11"]),
    ("owner", &["OFF-12", "OFF-11"]),
    ("joined", &["OFF-12", "OFF-6"]),
    ("moved", &["OFF-12", "OFF-6"]),
    ("left", &["OFF-12", "OFF-6"]),
    ("answers", &["OFF-11", "OFF-9a"]),
];

/// Why an approval that rested on `then` is stale `now`; empty while it is not.
pub fn reasons(then: &Basis, now: &Basis) -> Vec<Reason> {
    let mut found = Vec::new();
    let none = Held::default();
    for (code, was) in &then.countries {
        let is = now.countries.get(code).unwrap_or(&none);
        let country = ("country", code.clone());
        if is.transfer == CEASED && was.transfer != CEASED {
            found.push(reason("ceased", &[country]));
            continue;
        }
        if was.transfer != is.transfer {
            found.push(reason("transfer", &[country.clone(), ("was", was.transfer.clone()), ("now", is.transfer.clone())]));
        }
        for (rule, was, is) in [
            ("mechanism", &was.mechanism, &is.mechanism),
            ("condition", &was.condition, &is.condition),
            ("onward", &was.onward, &is.onward),
            ("law", &was.law, &is.law),
        ] {
            if was != is {
                found.push(reason(rule, std::slice::from_ref(&country)));
            }
        }
    }
    for (place, was) in &then.chain {
        let party = ("party", was.party.clone());
        match now.chain.get(place) {
            None => found.push(reason("left", &[party])),
            Some(is) if is.tier != was.tier || is.above != was.above => {
                found.push(reason("moved", &[party, ("was", was.tier.to_string()), ("now", is.tier.to_string())]));
            }
            Some(_) => {}
        }
    }
    for link in now.chain.iter().filter(|(place, _)| !then.chain.contains_key(*place)).map(|(_, link)| link) {
        found.push(reason("joined", &[("party", link.party.clone()), ("tier", link.tier.to_string())]));
    }
    // Who joined is a reason already; who left answers for nothing more.
    for (party, was) in &then.owners {
        if now.owners.get(party).is_some_and(|is| is != was) {
            found.push(reason("owner", &[("party", party.clone())]));
        }
    }
    if then.answers != now.answers {
        found.push(reason("answers", &[]));
    }
    found
}

fn reason(rule: &'static str, args: &[(&str, String)]) -> Reason {
    let source = RULES.iter().find(|(id, _)| *id == rule).map_or(&["OFF-6"][..], |(_, source)| source);
    Reason { rule, source, args: args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Args>() }
}
