//! The regulator's lists: whole, and each incident with one place in each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// The published facts, where they are at hand.
fn published() -> Option<Value> {
    let text = std::fs::read_to_string(crate::testing::shared("ico/ico_incident_trends_facts.json")?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn facts(categories: &[Category], cyber: Truth, circumstances: &[Circumstance]) -> Facts {
    Facts { categories: categories.to_vec(), cyber, circumstances: circumstances.to_vec() }
}

#[test]
fn the_lists_are_whole_and_find_their_entries() {
    fn whole<E: Copy + Eq + std::fmt::Debug>(all: &[E], label: fn(E) -> &'static str, from: fn(&str) -> Option<E>, count: usize) {
        assert_eq!(all.len(), count);
        assert_eq!(all.iter().map(|entry| label(*entry)).collect::<BTreeSet<_>>().len(), count);
        for entry in all {
            assert_eq!(from(label(*entry)), Some(*entry));
        }
        assert_eq!(from("Elsewhere"), None);
    }
    whole(IncidentType::ALL, IncidentType::label, IncidentType::from_label, 22);
    whole(IncidentCategory::ALL, IncidentCategory::label, IncidentCategory::from_label, 2);
    whole(DataType::ALL, DataType::label, DataType::from_label, 16);
    whole(SubjectType::ALL, SubjectType::label, SubjectType::from_label, 9);
    whole(Sector::ALL, Sector::label, Sector::from_label, 23);
    whole(SizeBand::ALL, SizeBand::label, SizeBand::from_label, 7);
    whole(TimeBand::ALL, TimeBand::label, TimeBand::from_label, 4);
    whole(DataType::ALL, DataType::code, DataType::from_code, 16);
    whole(SubjectType::ALL, SubjectType::code, SubjectType::from_code, 9);
    whole(&Circumstance::ALL, Circumstance::code, Circumstance::from_code, 17);
}

/// SEC-27: the lists are the published ones, word for word; a circumstance bears out the categories that the published types go with.
#[test]
fn the_lists_are_the_published_ones() {
    let Some(published) = published() else { return };
    let words = |key: &str| -> BTreeSet<String> {
        published["vocabularies"][key].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let ours = |labels: Vec<&str>| labels.into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let types = published["incident_types_to_annex1"].as_object().unwrap();
    assert_eq!(ours(IncidentType::ALL.iter().map(|e| e.label()).collect()), types.keys().cloned().collect());
    assert_eq!(ours(IncidentCategory::ALL.iter().map(|e| e.label()).collect()), words("incident_category"));
    assert_eq!(ours(DataType::ALL.iter().map(|e| e.label()).collect()), words("data_type"));
    assert_eq!(ours(SubjectType::ALL.iter().map(|e| e.label()).collect()), words("data_subject_type"));
    assert_eq!(ours(Sector::ALL.iter().map(|e| e.label()).collect()), words("sector"));
    assert_eq!(ours(SizeBand::ALL.iter().map(|e| e.label()).collect()), words("affected_band"));
    assert_eq!(ours(TimeBand::ALL.iter().map(|e| e.label()).collect()), words("time_to_report"));
    for circumstance in Circumstance::ALL {
        let listed = types[circumstance.makes().label()].as_str().unwrap();
        let listed: BTreeSet<&str> = listed.split('|').map(|one| if one.starts_with("fraud") { "fraud" } else { one }).collect();
        let borne: BTreeSet<&str> = circumstance.of().iter().map(|category| category.code()).collect();
        assert_eq!(borne, listed, "{circumstance:?}");
    }
}

/// SEC-27: what decides an incident's type.
#[test]
fn one_type_for_every_incident() {
    use Category::{Damage, Disclosure, Fraud, Loss, ProcessFailure, Theft, UnauthorisedAccess};
    use Circumstance as C;
    use IncidentType as T;
    use Truth::{False, True, Unknown};
    let cases: [(&[Category], Truth, &[C], T); 26] = [
        (&[Disclosure], False, &[C::Emailed], T::EmailedToIncorrectRecipient),
        (&[Disclosure], False, &[C::Posted], T::PostedOrFaxedToIncorrectRecipient),
        (&[Disclosure], False, &[C::Spoken], T::VerbalDisclosure),
        (&[Disclosure], False, &[C::Portal], T::WrongDataSubjectInPortal),
        (&[Disclosure], False, &[C::Emailed, C::Bcc], T::FailureToUseBcc),
        (&[Disclosure, ProcessFailure], False, &[C::Posted, C::Redaction], T::FailureToRedact),
        (&[Disclosure], False, &[], T::OtherNonCyber),
        (&[Disclosure], False, &[C::Paperwork], T::OtherNonCyber),
        (&[Disclosure], True, &[C::Phishing], T::Phishing),
        (&[UnauthorisedAccess], True, &[C::BruteForce], T::BruteForce),
        (&[UnauthorisedAccess], Unknown, &[], T::UnauthorisedAccess),
        (&[UnauthorisedAccess], True, &[C::Malware, C::Ransomware], T::Ransomware),
        (&[Fraud], Unknown, &[], T::AlterationOfPersonalData),
        (&[Fraud], True, &[C::Malware], T::Malware),
        // Fraud counts before damage, but only damage is borne out.
        (&[Fraud, Damage], True, &[C::DenialOfService], T::DenialOfService),
        (&[Theft], False, &[C::Device], T::LossOrTheftOfDevice),
        (&[Loss], False, &[C::Paperwork, C::Device], T::LossOrTheftOfDevice),
        (&[Loss], Unknown, &[], T::OtherNonCyber),
        (&[Theft], Unknown, &[], T::NotProvided),
        (&[Theft], True, &[], T::OtherCyber),
        (&[ProcessFailure], False, &[C::PaperDisposed], T::IncorrectDisposalOfPaperwork),
        (&[ProcessFailure], False, &[C::Paperwork], T::LossOrTheftOfPaperwork),
        (&[Damage], False, &[C::Device], T::OtherNonCyber),
        (&[], True, &[C::Phishing], T::Phishing),
        (&[], False, &[], T::OtherNonCyber),
        (&[], Unknown, &[], T::NotProvided),
    ];
    for (categories, cyber, circumstances, expected) in cases {
        assert_eq!(incident_type(&facts(categories, cyber, circumstances)), expected, "{categories:?} {cyber:?} {circumstances:?}");
    }
    let either = |cyber| incident_category(&facts(&[UnauthorisedAccess], cyber, &[]));
    assert_eq!([True, False, Unknown].map(either), [IncidentCategory::Cyber, IncidentCategory::NonCyber, IncidentCategory::NonCyber]);
    assert_eq!(incident_category(&facts(&[], Unknown, &[C::Phishing])), IncidentCategory::Cyber);
    assert_eq!(incident_category(&facts(&[], Unknown, &[])), IncidentCategory::NonCyber);
    // Every type can be come to: none of the list stands there for nothing.
    let singles = Circumstance::ALL.iter().map(|c| facts(c.of(), Unknown, &[*c]));
    let others = cases.iter().map(|(categories, cyber, circumstances, _)| facts(categories, *cyber, circumstances));
    let met: BTreeSet<T> = singles.chain(others).map(|facts| incident_type(&facts)).collect();
    assert_eq!(met.len(), 22);
}

/// SEC-27: each boundary from both sides.
#[test]
fn bands_of_time_have_their_boundaries() {
    let aware: Timestamp = "2026-03-28T22:00:00Z".parse().unwrap();
    let hour = SignedDuration::from_hours(1);
    let least = SignedDuration::from_nanos(1);
    let cases = [
        (SignedDuration::ZERO, Some(TimeBand::LessThan24Hours)),
        (hour * 24 - least, Some(TimeBand::LessThan24Hours)),
        (hour * 24, Some(TimeBand::To72Hours)),
        (hour * 24 + least, Some(TimeBand::To72Hours)),
        (hour * 72 - least, Some(TimeBand::To72Hours)),
        (hour * 72, Some(TimeBand::To72Hours)),
        (hour * 72 + least, Some(TimeBand::ToAWeek)),
        (hour * 168 - least, Some(TimeBand::ToAWeek)),
        (hour * 168, Some(TimeBand::ToAWeek)),
        (hour * 168 + least, Some(TimeBand::MoreThanAWeek)),
        (-least, None),
    ];
    for (took, band) in cases {
        assert_eq!(TimeBand::between(aware, aware + took), band, "{took}");
    }
    assert_eq!(TimeBand::between(Timestamp::MIN, Timestamp::MAX), Some(TimeBand::MoreThanAWeek));
    assert_eq!(TimeBand::between(Timestamp::MAX, Timestamp::MIN), None);
}

#[test]
fn bands_of_size_have_their_boundaries() {
    let cases = [
        (None, SizeBand::Unknown),
        (Some(0), SizeBand::Unknown),
        (Some(1), SizeBand::To9),
        (Some(9), SizeBand::To9),
        (Some(10), SizeBand::To99),
        (Some(99), SizeBand::To99),
        (Some(100), SizeBand::To1k),
        (Some(999), SizeBand::To1k),
        (Some(1_000), SizeBand::To10k),
        (Some(9_999), SizeBand::To10k),
        (Some(10_000), SizeBand::To100k),
        (Some(99_999), SizeBand::To100k),
        (Some(100_000), SizeBand::Above100k),
        (Some(u64::MAX), SizeBand::Above100k),
    ];
    for (people, band) in cases {
        assert_eq!(SizeBand::of(people), band, "{people:?}");
    }
}

proptest! {
    /// Whatever the facts and their order: one type, the same one.
    #[test]
    fn the_order_of_facts_does_not_matter(
        categories in prop::sample::subsequence(Category::ALL.to_vec(), 0..=7),
        circumstances in prop::sample::subsequence(Circumstance::ALL.to_vec(), 0..=17),
        cyber in prop::sample::select(vec![Truth::True, Truth::False, Truth::Unknown]),
    ) {
        let forwards = facts(&categories, cyber, &circumstances);
        let mut backwards = forwards.clone();
        backwards.categories.reverse();
        backwards.circumstances.reverse();
        prop_assert_eq!(incident_type(&forwards), incident_type(&backwards));
        let unsaid = incident_type(&forwards) == IncidentType::NotProvided;
        prop_assert!(!unsaid || cyber == Truth::Unknown);
    }
}
