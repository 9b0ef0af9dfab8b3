//! The triggers of offshoring and what rules each out, as tables. The words are in `locales/en/rules.ftl`.

use super::{Activity, Kind, Reason, facts_used};
use crate::country::Home;
use crate::decision::Truth;

/// A rule's id and the paragraphs it rests on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) source: &'static [&'static str],
}

/// A fact that triggers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// The place lies outside home.
    Abroad,
    AuthorityInformation,
    ForeignNationals,
    BroughtToHome,
    ResidentAlready,
    AccessToInformation,
}

impl Fact {
    pub(super) const ALL: [Self; 6] = [
        Self::Abroad,
        Self::AuthorityInformation,
        Self::ForeignNationals,
        Self::BroughtToHome,
        Self::ResidentAlready,
        Self::AccessToInformation,
    ];

    /// Its path from the activity.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Abroad => "country",
            Self::AuthorityInformation => "authority_information",
            Self::ForeignNationals => "staff.foreign_nationals",
            Self::BroughtToHome => "staff.brought_to_home",
            Self::ResidentAlready => "staff.resident_at_home_already",
            Self::AccessToInformation => "staff.access_to_information",
        }
    }
}

/// What a trigger needs of a fact, and the rule that speaks when the fact says otherwise.
pub(super) struct Need {
    fact: Fact,
    wanted: bool,
    otherwise: Rule,
}

/// A way in which an activity is offshoring. No fact appears in two triggers of one kind, so [`Case::fires`] is exact.
pub(super) struct Trigger {
    pub(super) rule: Rule,
    needs: &'static [Need],
    /// Speaks while only this stands between the facts and the trigger: the burden of showing it is on the proposer.
    burden: Option<Rule>,
}

const fn rule(id: &'static str, source: &'static [&'static str]) -> Rule {
    Rule { id, source }
}

const fn need(fact: Fact, wanted: bool, id: &'static str, source: &'static [&'static str]) -> Need {
    Need { fact, wanted, otherwise: rule(id, source) }
}

const ABROAD: Need = need(Fact::Abroad, true, "at_home", &["OFF-3"]);
/// People count by where they are, wherever they live (OWN-1).
const PEOPLE_ABROAD: Need = need(Fact::Abroad, true, "people_at_home", &["OFF-3b", "OWN-1"]);
const REACHED_BY_WORK: Need = need(Fact::AuthorityInformation, true, "work_without_information", &["OFF-5b"]);

const HOSTING: Trigger = Trigger {
    rule: rule("hosting_abroad", &["OFF-3a"]),
    needs: &[ABROAD, need(Fact::AuthorityInformation, true, "hosting_without_information", &["OFF-5a"])],
    burden: None,
};

const ACCESS: Trigger =
    Trigger { rule: rule("access_from_abroad", &["OFF-3b", "OWN-1"]), needs: &[PEOPLE_ABROAD, REACHED_BY_WORK], burden: None };

const SERVICE: Trigger =
    Trigger { rule: rule("service_from_abroad", &["OFF-3", "OFF-3b", "OWN-1"]), needs: &[PEOPLE_ABROAD, REACHED_BY_WORK], burden: None };

/// Counts always: seeing no data does not exempt it (OFF-4).
const DEVELOPMENT: Trigger = Trigger { rule: rule("development_abroad", &["OFF-3d", "OFF-4"]), needs: &[ABROAD], burden: None };

/// Counts always, administration included (OFF-4).
const SUPPORT: Trigger = Trigger { rule: rule("support_abroad", &["OFF-4"]), needs: &[ABROAD], burden: None };

const DIAGNOSTICS: Trigger = Trigger {
    rule: rule("diagnostics_abroad", &["OFF-3e"]),
    needs: &[ABROAD, need(Fact::AuthorityInformation, true, "diagnostics_shown_free", &["OFF-3e"])],
    burden: Some(rule("diagnostics_not_shown_free", &["OFF-3e"])),
};

const LANDED: Trigger = Trigger {
    rule: rule("landed_staff", &["OFF-3c"]),
    needs: &[
        need(Fact::ForeignNationals, true, "no_foreign_nationals", &["OFF-3c"]),
        need(Fact::BroughtToHome, true, "nobody_brought_in", &["OFF-3c"]),
        need(Fact::ResidentAlready, false, "resident_already", &["OFF-5c"]),
        need(Fact::AccessToInformation, true, "landed_without_access", &["OFF-5d"]),
    ],
    burden: None,
};

const PLACE_SET_ASIDE: Rule = rule("landed_place_set_aside", &["OFF-3c", "OWN-1"]);

/// The triggers that an activity of this kind is held against.
pub(super) fn triggers(activity: &Activity) -> Vec<&'static Trigger> {
    let own = match activity.kind {
        Kind::Hosting => &HOSTING,
        Kind::Access => &ACCESS,
        Kind::Development => &DEVELOPMENT,
        Kind::Support => &SUPPORT,
        Kind::Diagnostics => &DIAGNOSTICS,
        Kind::Service => &SERVICE,
        Kind::LandedStaff => return vec![&LANDED],
    };
    // Work of any other kind may bring people in as well, but only where something is said of its staff.
    let staff = activity.staff.unwrap_or_default();
    let said = [staff.foreign_nationals, staff.brought_to_home, staff.resident_at_home_already, staff.access_to_information];
    if said.iter().any(Option::is_some) { vec![own, &LANDED] } else { vec![own] }
}

/// Every rule that may give a reason, without repeats.
pub(super) fn every() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for trigger in [&HOSTING, &ACCESS, &SERVICE, &DEVELOPMENT, &SUPPORT, &DIAGNOSTICS, &LANDED] {
        rules.push(trigger.rule);
        rules.extend(trigger.needs.iter().map(|need| need.otherwise));
        rules.extend(trigger.burden);
    }
    rules.push(PLACE_SET_ASIDE);
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    rules
}

/// An activity seen from its home.
pub(super) struct Case<'a> {
    pub(super) home: &'a Home,
    pub(super) activity: &'a Activity,
}

impl Case<'_> {
    fn fact(&self, fact: Fact) -> Truth {
        let staff = self.activity.staff.unwrap_or_default();
        Truth::from(match fact {
            Fact::Abroad => self.activity.country.map(|country| !self.home.contains(country)),
            Fact::AuthorityInformation => self.activity.authority_information,
            Fact::ForeignNationals => staff.foreign_nationals,
            Fact::BroughtToHome => staff.brought_to_home,
            Fact::ResidentAlready => staff.resident_at_home_already,
            Fact::AccessToInformation => staff.access_to_information,
        })
    }

    fn holds(&self, need: &Need) -> Truth {
        let truth = self.fact(need.fact);
        if need.wanted { truth } else { !truth }
    }

    pub(super) fn fires(&self, trigger: &Trigger) -> Truth {
        Truth::all(trigger.needs.iter().map(|need| self.holds(need)))
    }

    /// The facts that keep an open trigger open.
    pub(super) fn unknown(&self, trigger: &Trigger) -> impl Iterator<Item = Fact> {
        trigger.needs.iter().filter(|need| self.holds(need) == Truth::Unknown).map(|need| need.fact)
    }

    /// Why a trigger is ruled out. Being at home settles it alone: the exemptions are for what is abroad.
    pub(super) fn ruled_out(&self, trigger: &Trigger) -> Vec<Reason> {
        let failed = || trigger.needs.iter().filter(|need| self.holds(need) == Truth::False);
        match failed().find(|need| need.fact == Fact::Abroad) {
            Some(at_home) => vec![self.reason(at_home.otherwise)],
            None => failed().map(|need| self.reason(need.otherwise)).collect(),
        }
    }

    /// Whose part it is to supply the fact that keeps the trigger open, where a rule says so.
    pub(super) fn burden(&self, trigger: &Trigger) -> Option<Reason> {
        let rule = trigger.burden?;
        let abroad = self.fact(Fact::Abroad) == Truth::True;
        abroad.then(|| self.reason(rule))
    }

    /// Says that a country abroad does not count for landed staff, who work at home.
    pub(super) fn place_set_aside(&self) -> Option<Reason> {
        let aside = self.activity.kind == Kind::LandedStaff && self.fact(Fact::Abroad) == Truth::True;
        aside.then(|| self.reason(PLACE_SET_ASIDE))
    }

    pub(super) fn reason(&self, rule: Rule) -> Reason {
        Reason { rule: rule.id, source: rule.source, args: facts_used(self.home, self.activity) }
    }
}
