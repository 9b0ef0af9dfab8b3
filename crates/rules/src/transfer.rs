//! Whether personal data may go to a country, and by what: adequacy, then safeguards with their risk assessment (OFF-Q4).
//!
//! What the authority established of a country counts first; then the list of the home's law, as far as one is kept here. Unknown is not no:
//! while nobody says that nothing personal is in it, it counts as personal, and where no list is kept nothing is taken to be adequate.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::country::{Country, Home};
use crate::decision::{self, Args, Explained, Missing, Reason};

#[cfg(test)]
mod tests;

/// How well a country protects personal data, seen from a home's law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adequacy {
    /// Adequate.
    Full,
    /// Adequate for some recipients or on a condition.
    Partial,
    /// Not adequate.
    None,
}

impl Adequacy {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Full, Self::Partial, Self::None];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What carries a transfer where a country is not adequate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mechanism {
    /// An international data transfer agreement.
    Agreement,
    /// Standard clauses, with the addendum that the home asks for.
    Clauses,
    /// Binding corporate rules.
    BindingRules,
    /// Another safeguard that the law names, such as a code of conduct.
    Other,
    /// An exception for the case at hand; it asks for no risk assessment.
    Exception,
}

impl Mechanism {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Agreement, Self::Clauses, Self::BindingRules, Self::Other, Self::Exception];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Clauses => "clauses",
            Self::BindingRules => "binding_rules",
            Self::Other => "other",
            Self::Exception => "exception",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What a transfer to a country takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is home: nothing is transferred.
    Home,
    /// Nothing personal goes there.
    NotPersonal,
    /// Nothing more: the country is adequate.
    Adequate,
    /// That the condition is met, or a safeguard.
    Conditional,
    /// A safeguard with its risk assessment, or an exception.
    Safeguards,
    /// Nobody has said how the country stands.
    Undetermined,
}

impl decision::Outcome for Outcome {
    const DECISION: &'static str = "transfer";

    fn code(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::NotPersonal => "not_personal",
            Self::Adequate => "adequate",
            Self::Conditional => "conditional",
            Self::Safeguards => "safeguards",
            Self::Undetermined => "undetermined",
        }
    }
}

/// The decision on a transfer.
pub type Decision = Explained<Outcome>;

const SOURCE: &[&str] = &["OFF-Q4"];

/// The countries that a home's law lists.
#[derive(Debug, Default)]
struct Listed {
    until: Option<Date>,
    countries: BTreeMap<&'static str, Adequacy>,
}

static LISTS: LazyLock<BTreeMap<&'static str, Listed>> = LazyLock::new(|| {
    let mut lists: BTreeMap<&'static str, Listed> = BTreeMap::new();
    for line in include_str!("transfer/adequacy.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split(' ');
        let (Some(home), Some(what)) = (parts.next(), parts.next()) else { continue };
        let list = lists.entry(home).or_default();
        match Adequacy::from_code(what) {
            Some(adequacy) => list.countries.extend(parts.map(|code| (code, adequacy))),
            None => list.until = parts.next().and_then(|day| day.parse().ok()),
        }
    }
    lists
});

/// The list of the first part of `home` that has one, with that part.
fn list_of(home: &Home) -> Option<(Country, &'static Listed)> {
    home.places().find_map(|place| Some((place, LISTS.get(place.code())?)))
}

/// The day up to which the list of `home` was followed; none where no list is kept.
pub fn followed_until(home: &Home) -> Option<Date> {
    list_of(home)?.1.until
}

/// What a transfer to `country` takes. `personal` says whether personal data is in it; `stated` is what the authority established of the
/// country.
pub fn decide(home: &Home, country: Country, personal: Option<bool>, stated: Option<Adequacy>) -> Decision {
    let mut args = Args::from([
        ("country".to_owned(), country.name_in_sentence().to_owned()),
        ("code".to_owned(), country.code().to_owned()),
        ("home".to_owned(), home.name_in_sentence()),
    ]);
    let done = |outcome, rule, args, missing: &[&'static str]| Explained {
        outcome,
        because: vec![Reason { rule, source: SOURCE, args }],
        missing: missing.iter().map(|path| Missing(path)).collect(),
    };
    if home.contains(country) {
        return done(Outcome::Home, "at_home", args, &[]);
    }
    if personal == Some(false) {
        return done(Outcome::NotPersonal, "not_personal", args, &[]);
    }
    let asks: &[&str] = if personal.is_none() { &["personal_data"] } else { &[] };
    if let Some(stated) = stated {
        return match stated {
            Adequacy::Full => done(Outcome::Adequate, "stated_full", args, &[]),
            Adequacy::Partial => done(Outcome::Conditional, "stated_partial", args, asks),
            Adequacy::None => done(Outcome::Safeguards, "stated_none", args, asks),
        };
    }
    let Some((place, list)) = list_of(home) else {
        return Explained { outcome: Outcome::Undetermined, because: Vec::new(), missing: vec![Missing("adequacy")] };
    };
    args.insert("until".to_owned(), list.until.map(|day| day.to_string()).unwrap_or_default());
    match list.countries.get(country.code()) {
        Some(Adequacy::Full) => done(Outcome::Adequate, "listed_full", args, &[]),
        Some(Adequacy::Partial) => {
            args.insert("condition".to_owned(), condition_id(place, country));
            done(Outcome::Conditional, "listed_partial", args, asks)
        }
        Some(Adequacy::None) | None => done(Outcome::Safeguards, "not_listed", args, asks),
    }
}

/// The message that says on which condition the law of `home` finds `country` adequate.
fn condition_id(home: Country, country: Country) -> String {
    format!("rule-transfer-condition-{}-{}", home.code().to_lowercase(), country.code().to_lowercase())
}

/// What the authority holds of transfers to a country.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// What carries them.
    pub mechanism: Option<Mechanism>,
    /// When the risk of that was last assessed.
    pub assessed_on: Option<Date>,
    /// When it is to be looked at again.
    pub review_on: Option<Date>,
}

/// What is still lacking for transfers of this outcome, on `today`.
pub fn lacking(outcome: Outcome, held: Held, today: Date) -> Vec<Reason> {
    let reason = |rule, args: Args| Reason { rule, source: SOURCE, args };
    let day = |name: &str, day: Date| Args::from([(name.to_owned(), day.to_string())]);
    let mut all = Vec::new();
    match (outcome, held.mechanism) {
        (Outcome::Safeguards, None) => all.push(reason("no_mechanism", Args::new())),
        (Outcome::Conditional, None) => all.push(reason("condition_open", Args::new())),
        (Outcome::Safeguards | Outcome::Conditional, Some(mechanism)) if mechanism != Mechanism::Exception => match held.assessed_on {
            None => all.push(reason("no_assessment", Args::new())),
            Some(on) if on > today => all.push(reason("assessment_to_come", day("on", on))),
            Some(_) => {}
        },
        _ => {}
    }
    let carried = matches!(outcome, Outcome::Safeguards | Outcome::Conditional) && held.mechanism.is_some();
    if let Some(on) = held.review_on.filter(|on| carried && *on < today) {
        all.push(reason("review_late", day("on", on)));
    }
    all
}
