//! How actions and attributes of VERIS come to our categories (SEC-X1e).

use super::record::{Kind, Record};
use crate::category::Category;

/// An incident's categories, in order: as the authority decided, else by what VERIS says of it. None is an answer.
pub fn categories(record: &Record) -> Vec<Category> {
    let found = record.categories.clone().unwrap_or_else(|| derived(record));
    Category::ALL.iter().copied().filter(|category| found.contains(category)).collect()
}

/// The categories that follow from actions and attributes alone.
fn derived(record: &Record) -> Vec<Category> {
    use Kind::{Environmental, Error, Hacking, Malware, Misuse, Physical, Social};
    let does = |kind: Kind| record.actions.iter().any(|action| action.kind == kind);
    let did = |kind: Kind, words: &[&str]| {
        let mut of_kind = record.actions.iter().filter(|action| action.kind == kind);
        of_kind.any(|action| any(&action.varieties, words))
    };
    let disclosed =
        |answers: &[&str]| record.disclosure().is_some_and(|said| answers.iter().any(|answer| said.eq_ignore_ascii_case(answer)));
    let changed = |words: &[&str]| any(&record.integrity, words);
    let so = |category: Category| match category {
        Category::Disclosure => did(Error, DISCLOSING) || (does(Social) && disclosed(&["Yes"])),
        Category::UnauthorisedAccess => {
            did(Misuse, PRYING) || did(Physical, WATCHING) || (does(Hacking) && disclosed(&["Yes", "Potentially"]))
        }
        Category::Fraud => changed(FALSIFYING) || (changed(TAKING_OVER) && (does(Malware) || does(Hacking))),
        Category::Theft => did(Physical, &["Theft"]) || did(Misuse, &["Possession abuse"]),
        Category::Loss => did(Error, &["Loss"]),
        Category::ProcessFailure => did(Error, FAILING) || did(Misuse, CUTTING_CORNERS),
        Category::Damage => any(&record.availability, HARMING) || does(Environmental) || did(Physical, &["Destruction"]),
    };
    Category::ALL.iter().copied().filter(|category| so(*category)).collect()
}

fn any(said: &[String], words: &[&str]) -> bool {
    said.iter().any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word)))
}

/// Errors that tell somebody what is not for them.
const DISCLOSING: &[&str] = &["Misdelivery", "Publishing error", "Gaffe"];
/// Misuse that looks where it has no reason to.
const PRYING: &[&str] = &["Privilege abuse", "Knowledge abuse", "Net misuse"];
/// Looking and listening on the spot.
const WATCHING: &[&str] = &["Snooping", "Surveillance", "Wiretapping", "Skimmer"];
/// Changes that make something untrue.
const FALSIFYING: &[&str] = &[
    "Fraudulent transaction",
    "Modify data",
    "Modify configuration",
    "Modify privileges",
    "Defacement",
    "Misrepresentation",
    "Created account",
    "Log tampering",
    "Hardware tampering",
];
/// Changes that make a system work for somebody else, where that was done from outside.
const TAKING_OVER: &[&str] = &["Software installation", "Repurpose"];
/// Errors that a process should have kept from happening.
const FAILING: &[&str] = &[
    "Misconfiguration",
    "Programming error",
    "Omission",
    "Disposal error",
    "Classification error",
    "Malfunction",
    "Data entry error",
    "Maintenance error",
    "Capacity shortage",
];
/// Misuse that goes round a process.
const CUTTING_CORNERS: &[&str] =
    &["Data mishandling", "Unapproved workaround", "Unapproved hardware", "Unapproved software", "Email misuse"];
/// Ways in which a service or a thing is no longer what it was for.
const HARMING: &[&str] = &["Destruction", "Degradation", "Interruption", "Obscuration"];
