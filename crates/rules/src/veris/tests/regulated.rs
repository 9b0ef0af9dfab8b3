//! What VERIS tells that counts for the regulator.

use super::*;
use crate::regulator::{DataType, IncidentType, SubjectType, incident_type};
use crate::truth::Truth;

/// SEC-27: what VERIS tells comes to facts, and those to a type.
#[test]
fn a_record_tells_its_facts() {
    use IncidentType as T;
    let of = |kind: Kind, variety: &str, vector: &str, asset: &str| {
        let action = Action { varieties: vec![variety.to_owned()], vectors: vec![vector.to_owned()], ..Action::new(kind) };
        let assets = vec![Counted { variety: asset.to_owned(), amount: None }];
        facts(&Record { actions: vec![action], assets, ..Record::default() })
    };
    let cases = [
        (Kind::Error, "Misdelivery", "Carelessness", "M - Documents", T::PostedOrFaxedToIncorrectRecipient, Truth::False),
        (Kind::Error, "Misdelivery", "Carelessness", "S - Mail", T::EmailedToIncorrectRecipient, Truth::False),
        (Kind::Error, "Misdelivery", "Carelessness", "Unknown", T::OtherNonCyber, Truth::False),
        (Kind::Error, "Gaffe", "Unknown", "P - End-user", T::VerbalDisclosure, Truth::False),
        (Kind::Error, "Loss", "Unknown", "U - Laptop", T::LossOrTheftOfDevice, Truth::False),
        (Kind::Error, "Loss", "Unknown", "M - Documents", T::LossOrTheftOfPaperwork, Truth::False),
        (Kind::Error, "Disposal error", "Unknown", "M - Disk drive", T::IncorrectDisposalOfHardware, Truth::False),
        (Kind::Error, "Disposal error", "Unknown", "M - Documents", T::IncorrectDisposalOfPaperwork, Truth::False),
        (Kind::Error, "Misconfiguration", "Unknown", "S - Database", T::Misconfiguration, Truth::False),
        (Kind::Physical, "Theft", "Personal vehicle", "U - Laptop", T::LossOrTheftOfDevice, Truth::False),
        (Kind::Physical, "Theft", "Unknown", "S - Database", T::OtherNonCyber, Truth::False),
        (Kind::Misuse, "Privilege abuse", "LAN access", "S - Database", T::UnauthorisedAccess, Truth::False),
        (Kind::Malware, "Ransomware", "Email", "S - File", T::Ransomware, Truth::True),
        (Kind::Malware, "Adware", "Email", "S - File", T::Malware, Truth::True),
        (Kind::Hacking, "DoS", "Web application", "S - Web application", T::DenialOfService, Truth::True),
        (Kind::Hacking, "Brute force", "Web application", "S - Web application", T::BruteForce, Truth::True),
        (Kind::Hacking, "Cryptanalysis", "Unknown", "S - Web application", T::CryptographicFlaw, Truth::True),
        (Kind::Hacking, "SQLi", "Web application", "S - Web application", T::OtherCyber, Truth::True),
        (Kind::Social, "Phishing", "Unknown", "P - End-user", T::Phishing, Truth::True),
        (Kind::Social, "Pretexting", "Email", "P - End-user", T::OtherCyber, Truth::True),
        (Kind::Social, "Pretexting", "Phone", "P - End-user", T::OtherNonCyber, Truth::False),
        (Kind::Unknown, "", "", "Unknown", T::NotProvided, Truth::Unknown),
    ];
    for (kind, variety, vector, asset, expected, cyber) in cases {
        let told = of(kind, variety, vector, asset);
        assert_eq!((incident_type(&told), told.cyber), (expected, cyber), "{kind:?} {variety} {asset}");
    }
    assert_eq!(data_type("Medical"), Some(DataType::Health));
    assert_eq!((data_type("Unknown"), data_type("Source code")), (Some(DataType::Unknown), None));
    assert_eq!((subject_type("Student"), subject_type("Other")), (Some(SubjectType::Students), Some(SubjectType::Unknown)));
    assert_eq!(subject_type("Victim organization"), None);
}
