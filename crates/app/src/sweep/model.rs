//! What a sweep asks, of whom, and what is answered; pure.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::error::FieldErrors;
use platform::texts::{self, Text};
use platform::{Result, t};
use rules::country::Country;
use rules::screen;
use uuid::Uuid;

use crate::casework::offices::Offices;
use crate::casework::writing::kinds;

/// The kind of thing that a sweep is, for policies and the ledger.
pub const SWEEP: &str = "sweep";
/// The kind of thing that what one party answers is.
pub const ANSWER: &str = "sweep_answer";
/// Where sweeps are.
pub const LIST: &str = "/sweeps";
/// Where answers are.
pub const ANSWERS: &str = "/sweeps/answers";
/// The most parties of one sweep.
pub const MOST: usize = 5_000;
/// The longest question, answer or reason, in characters.
pub const LONGEST: usize = 8_000;
/// The longest title, in characters.
const TITLE: usize = 200;

/// What a party answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Nothing yet.
    Awaited,
    /// It is affected, and reports an incident.
    Affected,
    /// It is not affected, and says how it knows.
    NotAffected,
    /// It does not know yet, and says by when it will.
    NotKnown,
}

impl Answer {
    /// Every one, in the order of counts.
    pub const ALL: [Self; 4] = [Self::Awaited, Self::Affected, Self::NotKnown, Self::NotAffected];
    /// Those that are given.
    pub const GIVEN: [Self; 3] = [Self::Affected, Self::NotAffected, Self::NotKnown];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Affected => "affected",
            Self::NotAffected => "not_affected",
            Self::NotKnown => "not_known",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }

    /// In words, as the authority reads it.
    pub fn says(self) -> String {
        texts::t(&format!("sweep-answer-{}", self.code().replace('_', "-")))
    }

    /// Whether it is late on a day: one that is awaited once its day is over, one that is not known yet once its own is.
    pub fn is_late(self, due: Date, until: Option<Date>, today: Date) -> bool {
        match self {
            Self::Awaited => due < today,
            Self::NotKnown => until.unwrap_or(due) < today,
            Self::Affected | Self::NotAffected => false,
        }
    }
}

/// What is said of data about people in what a sweep asks, or why it was ended.
pub(super) const OUT: &str = "sweep-people-out";

/// Of whom a sweep asks: of every supplier that works in a chain now, narrowed by each that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Among {
    /// In the chain of this contract.
    pub contract: Option<Uuid>,
    /// Based in this country, with a site in use there, or with work there that has not ended; ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// At this tier of a chain.
    pub tier: Option<i32>,
    /// Not these.
    pub without: BTreeSet<Uuid>,
}

/// A sweep to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// What it is called.
    pub title: String,
    /// The question, in the authority's words.
    pub question: String,
    /// The day by which to answer.
    pub due: Date,
    /// The incident that led to it.
    pub incident: Option<Uuid>,
    /// Who is asked.
    pub among: Among,
}

impl New {
    /// What is wrong with it.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] by field; data about people in what is asked is wrong, but for how the authority is reached (SEC-25).
    pub(crate) fn check(&self, today: Date, offices: &Offices) -> Result<()> {
        let mut errors = FieldErrors::default();
        let mut text = |name: &str, text: &str, lacks: &'static str, most: usize| {
            if text.trim().is_empty() {
                errors.add(name, Text::new(lacks));
            } else if text.chars().count() > most {
                errors.add(name, Text::new("error-too-long").with("max", most));
            }
        };
        text("title", &self.title, "sweep-title-missing", TITLE);
        text("question", &self.question, "sweep-question-missing", LONGEST);
        for (name, text) in [("title", &self.title), ("question", &self.question)] {
            offices.refuse(&mut errors, (name, text), OUT);
        }
        if self.due < today {
            errors.add("due", Text::new("sweep-due-past"));
        }
        if self.among.country.as_deref().is_some_and(|code| Country::from_code(code).is_err()) {
            errors.add("country", Text::new("country-none"));
        }
        errors.or(())
    }
}

/// An answer as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Which; never [`Answer::Awaited`].
    pub answer: Answer,
    /// How the party knows, or what it can say already.
    pub said: String,
    /// By when it will know.
    pub until: Option<Date>,
    /// The incident of its own that it reported.
    pub incident: Option<Uuid>,
    /// Whether data about people in what is said may be masked.
    pub mask: bool,
}

impl Given {
    /// What is stored of it: what is said, masked where that was allowed, and the day where one belongs to the answer.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] by field; at `said`, when data about people stands in it and may not be masked (SEC-25).
    pub fn checked(&self, today: Date) -> Result<(Option<String>, Option<Date>)> {
        let mut errors = FieldErrors::default();
        let said = self.said.trim();
        match self.answer {
            Answer::Awaited => errors.add("answer", Text::new("sweep-answer-missing")),
            Answer::NotAffected if said.is_empty() => errors.add("said", Text::new("sweep-said-missing")),
            Answer::NotKnown if self.until.is_none_or(|until| until < today) => errors.add("until", Text::new("sweep-until-missing")),
            Answer::Affected | Answer::NotAffected | Answer::NotKnown => {}
        }
        if said.chars().count() > LONGEST {
            errors.add("said", Text::new("error-too-long").with("max", LONGEST));
        }
        let found = screen::screen(said);
        if !found.is_empty() && !self.mask {
            errors.add("said", Text::new("sweep-said-people").with("kinds", kinds(&found)));
        }
        let said = screen::mask(said, found.iter().map(screen::Finding::span));
        let until = self.until.filter(|_| self.answer == Answer::NotKnown);
        errors.or((Some(said).filter(|said| !said.is_empty()), until))
    }
}

/// A sweep, for policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// Its id.
    pub id: Uuid,
    /// Whether answers are still taken.
    pub running: bool,
}

impl Guarded for Sweep {
    fn resource(&self) -> Resource {
        Resource::new(SWEEP, self.id).with("running", self.running)
    }
}

/// Any sweep, for asking whether somebody may at all.
pub fn any() -> Sweep {
    Sweep { id: Uuid::nil(), running: true }
}

/// What one party answers, for policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its id.
    pub id: Uuid,
    /// The party.
    pub party: Uuid,
    /// Whether answers are still taken.
    pub running: bool,
    /// Whether the party has people here.
    pub people: bool,
}

impl Guarded for Asked {
    fn resource(&self) -> Resource {
        Resource::new(ANSWER, self.id).with("party", self.party).with("running", self.running).with("people", self.people)
    }
}

/// Where a sweep is.
pub fn at(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

/// Where an answer is.
pub fn answer_at(id: Uuid) -> String {
    format!("{ANSWERS}/{id}")
}

/// Of whom is asked, in words; `contract` by its title.
pub fn among_says(contract: Option<&str>, country: Option<&str>, tier: Option<i32>) -> String {
    let country = country.map(|code| Country::from_code(code).map_or_else(|_| code.to_owned(), |country| country.name().to_owned()));
    let parts: Vec<String> = [
        contract.map(|title| t!("sweep-among-contract", contract = title)),
        country.map(|name| t!("sweep-among-country", country = name)),
        tier.map(|tier| t!("sweep-among-tier", tier = tier)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { t!("sweep-among-all") } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use jiff::civil::date;
    use platform::Error;

    use super::*;

    /// SEC-24: what is late on 10 March, by answer, day and day of its own.
    #[test]
    fn sec_24_who_is_late_by_cases() {
        let today = date(2026, 3, 10);
        let cases = [
            (Answer::Awaited, 11, None, false),
            (Answer::Awaited, 10, None, false),
            (Answer::Awaited, 9, None, true),
            (Answer::NotKnown, 9, Some(10), false),
            (Answer::NotKnown, 9, Some(9), true),
            (Answer::NotKnown, 20, Some(9), true),
            (Answer::NotKnown, 9, None, true),
            (Answer::Affected, 1, None, false),
            (Answer::NotAffected, 1, Some(1), false),
        ];
        for (answer, due, until, late) in cases {
            let day = |day| date(2026, 3, day);
            assert_eq!(answer.is_late(day(due), until.map(day), today), late, "{answer:?} {due} {until:?}");
        }
    }

    /// SEC-25: an answer says how it knows or by when it will; data about people is left out or masked.
    #[test]
    fn sec_25_answers_hold_no_data_about_people() {
        let today = date(2026, 3, 10);
        let given = |answer, said: &str, until: Option<i8>, mask| Given {
            answer,
            said: said.to_owned(),
            until: until.map(|day| date(2026, 3, day)),
            incident: None,
            mask,
        };
        let wrong = |given: Given| match given.checked(today) {
            Err(Error::Invalid(errors)) => errors.iter().map(|(name, text)| format!("{name} {}", text.id)).collect::<Vec<_>>().join(", "),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(given(Answer::Awaited, "We are fine.", None, false)), "answer sweep-answer-missing");
        assert_eq!(wrong(given(Answer::NotAffected, " ", None, false)), "said sweep-said-missing");
        assert_eq!(wrong(given(Answer::NotKnown, "", None, false)), "until sweep-until-missing");
        assert_eq!(wrong(given(Answer::NotKnown, "", Some(9), false)), "until sweep-until-missing");
        assert_eq!(wrong(given(Answer::NotAffected, "Ask robin@halyard.example", None, false)), "said sweep-said-people");
        assert_eq!(wrong(given(Answer::NotAffected, &"x".repeat(LONGEST + 1), None, false)), "said error-too-long");
        let masked = given(Answer::NotAffected, "Ask robin@halyard.example", None, true).checked(today).unwrap();
        assert_eq!(masked, (Some(format!("Ask {}", screen::MASK)), None));
        assert_eq!(given(Answer::Affected, "", Some(12), false).checked(today).unwrap(), (None, None));
        assert_eq!(given(Answer::NotKnown, "", Some(10), false).checked(today).unwrap(), (None, Some(date(2026, 3, 10))));
    }
}
