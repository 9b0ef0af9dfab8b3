//! Tells an incident of ours in the words of VERIS.

use super::record::{Action, Confidentiality, Counted, Kind, Record};
use crate::category::Category;
use crate::regulator::{Circumstance, Facts};
use crate::truth::Truth;

/// Puts actions, attributes and assets into a record by what is known of an incident of ours, and its categories as they were decided.
///
/// VERIS is more exact than our categories are. So the words that say no more than we know are taken, often `Unknown`: from them, other programs come to
/// no category that was not decided. Whoever knows more of it says so in the record.
pub fn tell(record: &mut Record, facts: &Facts) {
    record.categories = Some(facts.categories.clone());
    let is = |category: Category| facts.categories.contains(&category);
    let with = |circumstance: Circumstance| facts.circumstances.contains(&circumstance);
    let mut telling = Telling { record };
    for category in Category::ALL.iter().copied().filter(|category| is(*category)) {
        match category {
            Category::Disclosure => {
                telling.disclosed("Yes");
                if with(Circumstance::Phishing) {
                    telling.act(Kind::Social, "Phishing");
                }
                let ways = [
                    (Circumstance::Spoken, "Gaffe"),
                    (Circumstance::Portal, "Publishing error"),
                    (Circumstance::Emailed, "Misdelivery"),
                    (Circumstance::Posted, "Misdelivery"),
                    (Circumstance::Bcc, "Misdelivery"),
                ];
                telling.erred(ways.into_iter().filter(|(way, _)| with(*way)).map(|(_, variety)| variety));
            }
            Category::UnauthorisedAccess if facts.cyber == Truth::True => {
                telling.disclosed("Potentially");
                telling.act(Kind::Hacking, if with(Circumstance::BruteForce) { "Brute force" } else { "Unknown" });
            }
            Category::UnauthorisedAccess => telling.act(Kind::Unknown, ""),
            Category::Fraud => telling.record.integrity.push("Modify data".to_owned()),
            Category::Theft => telling.act(Kind::Physical, "Theft"),
            Category::Loss => telling.act(Kind::Error, "Loss"),
            Category::ProcessFailure => {
                let ways = [
                    (Circumstance::Misconfigured, "Misconfiguration"),
                    (Circumstance::HardwareDisposed, "Disposal error"),
                    (Circumstance::PaperDisposed, "Disposal error"),
                ];
                telling.erred(ways.into_iter().filter(|(way, _)| with(*way)).map(|(_, variety)| variety));
            }
            Category::Damage => {
                // Hacking and something known to others would tell of an access that nobody decided on.
                if with(Circumstance::DenialOfService) && (!is(Category::Disclosure) || is(Category::UnauthorisedAccess)) {
                    telling.act(Kind::Hacking, "DoS");
                }
                let how = if with(Circumstance::Ransomware) {
                    "Obscuration"
                } else if with(Circumstance::DenialOfService) {
                    "Interruption"
                } else {
                    "Unknown"
                };
                telling.record.availability.push(how.to_owned());
            }
        }
    }
    for (circumstance, variety) in [(Circumstance::Ransomware, "Ransomware"), (Circumstance::Malware, "Unknown")] {
        if with(circumstance) {
            telling.act(Kind::Malware, variety);
        }
    }
    let things = [
        ("M - Documents", [Circumstance::Paperwork, Circumstance::Posted, Circumstance::PaperDisposed].as_slice()),
        ("S - Mail", &[Circumstance::Emailed, Circumstance::Bcc]),
        ("U - Unknown", &[Circumstance::Device, Circumstance::HardwareDisposed]),
    ];
    for (asset, of) in things {
        if of.iter().any(|circumstance| with(*circumstance)) && !telling.record.assets.iter().any(|known| known.variety == asset) {
            telling.record.assets.push(Counted { variety: asset.to_owned(), amount: None });
        }
    }
}

struct Telling<'a> {
    record: &'a mut Record,
}

impl Telling<'_> {
    /// An action with one more variety; with none where there is no word for one.
    fn act(&mut self, kind: Kind, variety: &str) {
        let at = self.record.actions.iter().position(|action| action.kind == kind).unwrap_or_else(|| {
            self.record.actions.push(Action::new(kind));
            self.record.actions.len() - 1
        });
        if let Some(action) = self.record.actions.get_mut(at)
            && !variety.is_empty()
            && !action.varieties.iter().any(|known| known == variety)
        {
            action.varieties.push(variety.to_owned());
        }
    }

    /// Errors of these varieties; of an unknown one where there are none.
    fn erred(&mut self, varieties: impl Iterator<Item = &'static str>) {
        let mut some = false;
        for variety in varieties {
            self.act(Kind::Error, variety);
            some = true;
        }
        if !some {
            self.act(Kind::Error, "Unknown");
        }
    }

    /// Whether something became known to others, where that is not said yet.
    fn disclosed(&mut self, how: &str) {
        let of = self.record.confidentiality.get_or_insert_with(Confidentiality::default);
        of.disclosure.get_or_insert_with(|| how.to_owned());
    }
}
