//! What counts for the regulator, as VERIS tells it (SEC-27).

use super::categories::categories;
use super::record::{Kind, Record};
use crate::regulator::{Circumstance, DataType, Facts, SubjectType};
use crate::truth::Truth;

/// What a record tells that counts for the regulator's type of incident.
pub fn facts(record: &Record) -> Facts {
    let circumstances = Circumstance::ALL.into_iter().filter(|circumstance| shows(record, *circumstance)).collect();
    Facts { categories: categories(record), cyber: cyber(record), circumstances }
}

/// Ways in which people are deceived from afar.
const REMOTE: &[&str] = &["Email", "IM", "SMS", "Social media", "Software", "Virtual meeting", "Web application", "Website"];

/// Whether it came about by technical means: not known where nobody knows what was done.
fn cyber(record: &Record) -> Truth {
    let deceived = || did(record, Kind::Social, &["Phishing"]) || via(record, Kind::Social, REMOTE);
    if does(record, Kind::Malware) || does(record, Kind::Hacking) || deceived() {
        Truth::True
    } else if record.actions.iter().any(|action| action.kind != Kind::Unknown) {
        Truth::False
    } else {
        Truth::Unknown
    }
}

fn shows(record: &Record, circumstance: Circumstance) -> bool {
    match circumstance {
        // VERIS has no word for these.
        Circumstance::Redaction | Circumstance::Bcc | Circumstance::Portal => false,
        Circumstance::Emailed => {
            did(record, Kind::Misuse, &["Email misuse"])
                || (did(record, Kind::Error, &["Misdelivery"]) && has(record, |asset| asset == "S - Mail"))
        }
        Circumstance::Posted => did(record, Kind::Error, &["Misdelivery"]) && has(record, is_paper),
        Circumstance::Spoken => did(record, Kind::Error, &["Gaffe"]),
        Circumstance::Ransomware => did(record, Kind::Malware, &["Ransomware"]),
        Circumstance::Phishing => did(record, Kind::Social, &["Phishing"]),
        Circumstance::BruteForce => did(record, Kind::Hacking, &["Brute force"]) || did(record, Kind::Malware, &["Brute force"]),
        Circumstance::DenialOfService => did(record, Kind::Hacking, &["DoS"]) || did(record, Kind::Malware, &["DoS"]),
        Circumstance::Malware => does(record, Kind::Malware),
        Circumstance::Cryptography => did(record, Kind::Hacking, &["Cryptanalysis"]),
        Circumstance::Misconfigured => did(record, Kind::Error, &["Misconfiguration"]),
        Circumstance::HardwareDisposed => did(record, Kind::Error, &["Disposal error"]) && has(record, is_device),
        Circumstance::PaperDisposed => did(record, Kind::Error, &["Disposal error"]) && has(record, is_paper),
        Circumstance::Device => has(record, is_device),
        Circumstance::Paperwork => has(record, is_paper),
    }
}

fn does(record: &Record, kind: Kind) -> bool {
    record.actions.iter().any(|action| action.kind == kind)
}

fn did(record: &Record, kind: Kind, varieties: &[&str]) -> bool {
    record.actions.iter().any(|action| action.kind == kind && any(&action.varieties, varieties))
}

fn via(record: &Record, kind: Kind, vectors: &[&str]) -> bool {
    record.actions.iter().any(|action| action.kind == kind && any(&action.vectors, vectors))
}

fn any(said: &[String], words: &[&str]) -> bool {
    said.iter().any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word)))
}

fn has(record: &Record, is: impl Fn(&str) -> bool) -> bool {
    record.assets.iter().any(|asset| is(&asset.variety))
}

fn is_paper(asset: &str) -> bool {
    ["M - Documents", "M - Fax"].contains(&asset)
}

/// Something that people carry about and that holds data.
fn is_device(asset: &str) -> bool {
    const MEDIA: [&str; 6] = ["M - Disk drive", "M - Disk media", "M - Flash drive", "M - SIM card", "M - Smart card", "M - Tapes"];
    asset.starts_with("U - ") || MEDIA.contains(&asset)
}

/// The regulator's type of a type of data in VERIS; none where that is not of people.
pub fn data_type(variety: &str) -> Option<DataType> {
    Some(match variety {
        "Personal" => DataType::BasicPersonalIdentifiers,
        "Medical" => DataType::Health,
        "Bank" | "Payment" | "Virtual currency" => DataType::EconomicAndFinancial,
        "Credentials" | "Multi-factor credential" => DataType::Identification,
        // Which sensitive data it was, VERIS does not say.
        "Sensitive Personal" | "Unknown" => DataType::Unknown,
        _ => return None,
    })
}

/// The regulator's type of those whom VERIS says data is about; none where they are not people.
pub fn subject_type(subject: &str) -> Option<SubjectType> {
    Some(match subject {
        "Customer" => SubjectType::Customers,
        "Employee" => SubjectType::Employees,
        "Patient" => SubjectType::Patients,
        "Student" => SubjectType::Students,
        "Victim organization" => return None,
        _ => SubjectType::Unknown,
    })
}
