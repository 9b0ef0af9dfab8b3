//! What an incident is in the closed lists of the United Kingdom's regulator, the Information Commissioner (SEC-27).
//!
//! Only the controller notifies; this is for what it then sends, and for counting. Every incident has exactly one type and one band of each kind: where
//! the facts say too little, that is an entry of the lists too. Which of our categories and circumstances is which type is our reading, for the
//! regulator publishes none.

mod duty;
mod lists;

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use crate::category::{Category, primary};
use crate::truth::Truth;

pub use duty::{Duty, HOURS, Risk, deadline, duty};
pub use lists::{DataType, IncidentCategory, IncidentType, Sector, SizeBand, SubjectType, TimeBand};

/// Where the regulator has its e-mail addresses.
pub const DOMAIN: &str = "ico.org.uk";

/// Something about an incident that the regulator tells apart and our categories do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Circumstance {
    /// Something that should have been blacked out was not.
    Redaction,
    /// Recipients of an e-mail saw each other.
    Bcc,
    /// It went by e-mail to somebody else.
    Emailed,
    /// It went by post or fax to somebody else.
    Posted,
    /// It was said.
    Spoken,
    /// A portal showed it to another of its users.
    Portal,
    /// Data was made unreadable for a ransom.
    Ransomware,
    /// Somebody was lured by a message.
    Phishing,
    /// A password was found by trying.
    BruteForce,
    /// A service was flooded.
    DenialOfService,
    /// Other software that does harm.
    Malware,
    /// Encryption failed, or was missing.
    Cryptography,
    /// Something was set up wrongly.
    Misconfigured,
    /// Equipment was disposed of wrongly.
    HardwareDisposed,
    /// Paper was disposed of wrongly.
    PaperDisposed,
    /// It was a device.
    Device,
    /// It was paper, or something left where it was not safe.
    Paperwork,
}

impl Circumstance {
    /// Every one; of several that apply, an earlier one counts first.
    pub const ALL: [Self; 17] = [
        Self::Redaction,
        Self::Bcc,
        Self::Emailed,
        Self::Posted,
        Self::Spoken,
        Self::Portal,
        Self::Ransomware,
        Self::Phishing,
        Self::BruteForce,
        Self::DenialOfService,
        Self::Malware,
        Self::Cryptography,
        Self::Misconfigured,
        Self::HardwareDisposed,
        Self::PaperDisposed,
        Self::Device,
        Self::Paperwork,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Redaction => "redaction",
            Self::Bcc => "bcc",
            Self::Emailed => "emailed",
            Self::Posted => "posted",
            Self::Spoken => "spoken",
            Self::Portal => "portal",
            Self::Ransomware => "ransomware",
            Self::Phishing => "phishing",
            Self::BruteForce => "brute_force",
            Self::DenialOfService => "denial_of_service",
            Self::Malware => "malware",
            Self::Cryptography => "cryptography",
            Self::Misconfigured => "misconfigured",
            Self::HardwareDisposed => "hardware_disposed",
            Self::PaperDisposed => "paper_disposed",
            Self::Device => "device",
            Self::Paperwork => "paperwork",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|circumstance| circumstance.code() == code)
    }

    /// The type that an incident with it is.
    fn makes(self) -> IncidentType {
        match self {
            Self::Redaction => IncidentType::FailureToRedact,
            Self::Bcc => IncidentType::FailureToUseBcc,
            Self::Emailed => IncidentType::EmailedToIncorrectRecipient,
            Self::Posted => IncidentType::PostedOrFaxedToIncorrectRecipient,
            Self::Spoken => IncidentType::VerbalDisclosure,
            Self::Portal => IncidentType::WrongDataSubjectInPortal,
            Self::Ransomware => IncidentType::Ransomware,
            Self::Phishing => IncidentType::Phishing,
            Self::BruteForce => IncidentType::BruteForce,
            Self::DenialOfService => IncidentType::DenialOfService,
            Self::Malware => IncidentType::Malware,
            Self::Cryptography => IncidentType::CryptographicFlaw,
            Self::Misconfigured => IncidentType::Misconfiguration,
            Self::HardwareDisposed => IncidentType::IncorrectDisposalOfHardware,
            Self::PaperDisposed => IncidentType::IncorrectDisposalOfPaperwork,
            Self::Device => IncidentType::LossOrTheftOfDevice,
            Self::Paperwork => IncidentType::LossOrTheftOfPaperwork,
        }
    }

    /// The categories that it bears out: with one of them it is what happened, beside another it is only how.
    fn of(self) -> &'static [Category] {
        use Category::{Damage, Disclosure, Fraud, Loss, ProcessFailure, Theft, UnauthorisedAccess};
        match self {
            Self::Redaction | Self::Bcc => &[Disclosure, ProcessFailure],
            Self::Emailed | Self::Posted | Self::Spoken | Self::Portal => &[Disclosure],
            Self::Ransomware => &[Damage, UnauthorisedAccess],
            Self::Phishing => &[UnauthorisedAccess, Disclosure],
            Self::BruteForce => &[UnauthorisedAccess],
            Self::DenialOfService => &[Damage],
            Self::Malware => &[Fraud, UnauthorisedAccess],
            Self::Cryptography | Self::Misconfigured | Self::HardwareDisposed | Self::PaperDisposed => &[ProcessFailure],
            Self::Device => &[Loss, Theft],
            Self::Paperwork => &[Loss, Theft, ProcessFailure],
        }
    }

    /// Whether it says alone what happened. What a thing was does not: it may have been seen, or burnt.
    fn tells_alone(self) -> bool {
        !matches!(self, Self::Device | Self::Paperwork)
    }
}

/// What counts for the regulator's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Our categories.
    pub categories: Vec<Category>,
    /// Whether it came about by technical means.
    pub cyber: Truth,
    /// What else is known of it.
    pub circumstances: Vec<Circumstance>,
}

/// The one type that an incident is.
///
/// The category that counts first and has a circumstance to bear it out decides; then a circumstance alone; then the category alone. Where none of them
/// says enough it is another incident, by technical means or not; where not even that is known, the type was not provided.
pub fn incident_type(facts: &Facts) -> IncidentType {
    let mut left = facts.categories.clone();
    while let Some(category) = primary(&left) {
        left.retain(|other| *other != category);
        if let Some(circumstance) = first(facts, |circumstance| circumstance.of().contains(&category)) {
            return circumstance.makes();
        }
    }
    if let Some(circumstance) = first(facts, Circumstance::tells_alone) {
        return circumstance.makes();
    }
    match (primary(&facts.categories), facts.cyber) {
        (Some(Category::UnauthorisedAccess), _) => IncidentType::UnauthorisedAccess,
        (Some(Category::Fraud), _) => IncidentType::AlterationOfPersonalData,
        (_, Truth::True) => IncidentType::OtherCyber,
        (_, Truth::False) | (Some(Category::Loss), _) => IncidentType::OtherNonCyber,
        (_, Truth::Unknown) => IncidentType::NotProvided,
    }
}

fn first(facts: &Facts, fits: impl Fn(Circumstance) -> bool) -> Option<Circumstance> {
    Circumstance::ALL.into_iter().find(|circumstance| facts.circumstances.contains(circumstance) && fits(*circumstance))
}

/// Whether the regulator counts an incident as a cyber incident. Most types are one or the other; of the few that may be either the facts decide, and
/// what is not known to be one counts among the others.
pub fn incident_category(facts: &Facts) -> IncidentCategory {
    use IncidentType as T;
    match incident_type(facts) {
        T::BruteForce | T::CryptographicFlaw | T::DenialOfService | T::Malware | T::OtherCyber | T::Phishing | T::Ransomware => {
            IncidentCategory::Cyber
        }
        T::UnauthorisedAccess | T::Misconfiguration | T::AlterationOfPersonalData if facts.cyber == Truth::True => IncidentCategory::Cyber,
        _ => IncidentCategory::NonCyber,
    }
}

impl SizeBand {
    /// The band of so many people; unknown where nobody said, and of none, for which the regulator has no band.
    pub fn of(people: Option<u64>) -> Self {
        match people {
            None | Some(0) => Self::Unknown,
            Some(1..=9) => Self::To9,
            Some(10..=99) => Self::To99,
            Some(100..=999) => Self::To1k,
            Some(1_000..=9_999) => Self::To10k,
            Some(10_000..=99_999) => Self::To100k,
            Some(100_000..) => Self::Above100k,
        }
    }
}

impl TimeBand {
    /// The band of the time from when the controller was aware until it notified. Exactly 24 hours are no longer less than 24; exactly 72 hours are still
    /// in the time that the law gives, and exactly a week is not more than one. None where it notified before it was aware: then a time is wrong.
    pub fn between(aware: Timestamp, notified: Timestamp) -> Option<Self> {
        let took = notified.duration_since(aware);
        if took.is_negative() {
            return None;
        }
        Some(if took < SignedDuration::from_hours(24) {
            Self::LessThan24Hours
        } else if took <= SignedDuration::from_hours(72) {
            Self::To72Hours
        } else if took <= SignedDuration::from_hours(7 * 24) {
            Self::ToAWeek
        } else {
            Self::MoreThanAWeek
        })
    }
}
