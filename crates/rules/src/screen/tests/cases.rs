//! Tables of cases, invented: of each kind what is found and what only looks like it.

use super::*;

/// SEC-25: what is found of each kind, as it stands in the text.
#[test]
fn each_kind_is_found_as_people_write_it() {
    let cases: &[(Kind, &str, &[&str])] = &[
        (Kind::UkNino, "NINO AB123456C, was ab 12 34 56 d.", &["AB123456C", "ab 12 34 56 d"]),
        (Kind::UkNino, "AB-12-34-56-C AB\u{a0}12\u{a0}34\u{a0}56\u{a0}C", &["AB-12-34-56-C", "AB\u{a0}12\u{a0}34\u{a0}56\u{a0}C"]),
        (Kind::UkNino, "National Insurance no. AB123456 since 2001", &["AB123456"]),
        (Kind::UkNino, "(CE 987654 A)", &["CE 987654 A"]),
        (Kind::UkNhs, "NHS 943 476 5919 and 9434765919", &["943 476 5919", "9434765919"]),
        (Kind::UkNhs, "943-476-5919", &["943-476-5919"]),
        (Kind::DateOfBirth, "DOB: 01/02/1990", &["01/02/1990"]),
        (Kind::DateOfBirth, "Date of birth\t3rd of May 1984", &["3rd of May 1984"]),
        (Kind::DateOfBirth, "was born on May 3, 1984 in Leeds", &["May 3, 1984"]),
        (Kind::DateOfBirth, "born 3-MAY-84; d.o.b. 1984-05-03", &["3-MAY-84", "1984-05-03"]),
        (Kind::DateOfBirth, "12.11.79 (date of birth)", &["12.11.79"]),
        (Kind::DateOfBirth, "12.11.79 (DOB)", &["12.11.79"]),
        (Kind::DateOfBirth, "birthdate 19840503 / born 29/02/2000", &["19840503", "29/02/2000"]),
        (Kind::UkBankAccount, "Sort code: 12-34-56\nAccount number: 12345678", &["12-34-56\nAccount number: 12345678"]),
        (Kind::UkBankAccount, "a/c 12345678, sort code 123456", &["12345678, sort code 123456"]),
        (Kind::UkBankAccount, "pay 12-34-56 12345678 today", &["12-34-56 12345678"]),
        (Kind::UkBankAccount, "his account number is 1234 5678.", &[]),
        (Kind::UkBankAccount, "his account number is 12345678.", &["12345678"]),
        (Kind::UkBankAccount, "Sort code 12 34 56, account 1234 5678", &["12 34 56, account 1234 5678"]),
        (
            Kind::Iban,
            "to GB82 WEST 1234 5698 7654 32, or de89370400440532013000",
            &["GB82 WEST 1234 5698 7654 32", "de89370400440532013000"],
        ),
        (
            Kind::Iban,
            "GB82\u{a0}WEST\u{a0}1234\u{a0}5698\u{a0}7654\u{a0}32 AND MORE",
            &["GB82\u{a0}WEST\u{a0}1234\u{a0}5698\u{a0}7654\u{a0}32"],
        ),
        (Kind::PaymentCard, "4111 1111 1111 1111, 5500-0000-0000-0004", &["4111 1111 1111 1111", "5500-0000-0000-0004"]),
        (Kind::PaymentCard, "3782 822463 10005; 30569309025904", &["3782 822463 10005", "30569309025904"]),
        (
            Kind::PaymentCard,
            "card 6304000000000000 and 4111111111111111 4012888888881881",
            &["6304000000000000", "4111111111111111", "4012888888881881"],
        ),
        (Kind::UkPassport, "passport no 123456789, passport AB1234567", &["123456789", "AB1234567"]),
        (Kind::UkPassport, "1234567897GBR8001014F2501017<<<<", &["1234567897GBR8001014F2501017"]),
        (Kind::UkDrivingLicence, "MORGA657054SM9IJ and MORGA 657054 SM9IJ 35", &["MORGA657054SM9IJ", "MORGA 657054 SM9IJ"]),
        (Kind::Email, "<jo.o'neil+x@mail.example>, é.b@müller.example.", &["jo.o'neil+x@mail.example", "é.b@müller.example"]),
        (Kind::Email, "mailto:a@b.example?subject=x user=c@d.co.example&x", &["a@b.example", "c@d.co.example"]),
        (
            Kind::Phone,
            "07700 900123, +44 (0)20 7946 0000, 0161 496 0000 ext. 12",
            &["07700 900123", "+44 (0)20 7946 0000", "0161 496 0000 ext. 12"],
        ),
        (Kind::Phone, "(0121) 496 0000 / 001-212-555-0123x4", &["(0121) 496 0000", "001-212-555-0123x4"]),
        (Kind::Phone, "Tel: 496 0000. Rang 4960123!", &["496 0000", "4960123"]),
        (Kind::Phone, "020‑7946‑0000 07700\u{a0}900\u{a0}123", &["020‑7946‑0000", "07700\u{a0}900\u{a0}123"]),
        (Kind::Phone, "0161 496 0000 0161 496 0001", &["0161 496 0000", "0161 496 0001"]),
        (Kind::UkPostcode, "SW1A 2AA, m1 1ae; EC1A1BB GIR 0AA", &["SW1A 2AA", "m1 1ae", "EC1A1BB", "GIR 0AA"]),
        (Kind::Ip, "203.0.113.7, 2001:db8::1 and 203.0.113.0/24.", &["203.0.113.7", "2001:db8::1", "203.0.113.0/24"]),
        (Kind::Ip, "[2001:db8::7]:443 from 203.0.113.7:8080", &["2001:db8::7", "203.0.113.7"]),
    ];
    for (kind, text, wanted) in cases {
        assert_eq!(values(text, *kind), *wanted, "{kind:?} in {text:?}: {:?}", screen(text));
    }
}

#[test]
fn what_only_looks_like_a_kind_is_not_found() {
    let cases: &[(Kind, &[&str])] = &[
        (
            Kind::UkNino,
            &[
                "BG123456A",
                "DA123456A",
                "AO123456A",
                "AB123456E",
                "AB1234567",
                "XAB123456C",
                "AB123456C7",
                "meet at 10 20 30 a day",
                "AB12345 6C",
            ],
        ),
        (Kind::UkNhs, &["9434765918", "943 476 59190", "1111111111", "94347659190", "AB9434765919"]),
        (
            Kind::DateOfBirth,
            &["on 01/02/1990 it began", "DOB unknown", "born in 1990", "DOB 45/13/1990", "born 31/02/1990", "born 12/1990"],
        ),
        (Kind::UkBankAccount, &["12-34-56", "12345678", "sort code 00-12-34 12345678", "2024-05-06 12345678", "account of 12 May"]),
        (Kind::Iban, &["GB82 WEST 1234 5698 7654 33", "GB82WEST1234569876543", "ZZ82WEST12345698765432", "GB82/WEST/1234/5698/7654/32"]),
        (
            Kind::PaymentCard,
            &[
                "4111 1111 1111 1112",
                "0000 0000 0000 0000",
                "9999999999999995",
                "12.4111111111111111",
                "4111 1111-1111 1111",
                "41111111111111111111",
            ],
        ),
        (Kind::UkPassport, &["123456789", "ABC123456", "1234567890GBR8001014F2501017<<<<"]),
        (Kind::UkDrivingLicence, &["MORGA667054SM9IJ", "MORGA657324SM9IJ", "MORGA657054SM9I", "12345657054SM9IJ", "MORGA657054SM9IJX"]),
        (Kind::Email, &["a@b", "@name", "a@.example", "a@b..example", "a @b.example", "one@two@", "x@1.2.3.4"]),
        (
            Kind::Phone,
            &["on 2024-05-06", "06/05/2024", "version 1.2.3.4", "123 4567", "SSN 460-89-9847", "£1 234 567", "17:30:00", "12345678"],
        ),
        (Kind::UkPostcode, &["QA1 1AA", "M1 1CA", "XM1 1AA", "M1 1AAB", "e1 1st", "ZZ1 1AA"]),
        (
            Kind::Ip,
            &["1.2.3", "256.1.1.1", "1.2.3.4.5", "12:34:56", "std::vec", "a::b", "::", "aa:bb:cc:dd:ee:ff", "x203.0.113.7", "01.2.3.4"],
        ),
    ];
    for (kind, texts) in cases {
        for text in *texts {
            assert!(values(text, *kind).is_empty(), "{kind:?} in {text:?}: {:?}", screen(text));
        }
    }
}

#[test]
fn how_sure_it_is_depends_on_checks_and_words() {
    let cases = [
        ("9434765919", Kind::UkNhs, Confidence::Low),
        ("4001234505", Kind::UkNhs, Confidence::Medium),
        ("NHS number 9434765919", Kind::UkNhs, Confidence::High),
        ("AB1234567", Kind::UkPassport, Confidence::Low),
        ("passport AB1234567", Kind::UkPassport, Confidence::High),
        ("123456 12345678", Kind::UkBankAccount, Confidence::Low),
        ("12-34-56 12345678", Kind::UkBankAccount, Confidence::Medium),
        ("sort code 123456 12345678", Kind::UkBankAccount, Confidence::High),
        ("4111111111111111", Kind::PaymentCard, Confidence::High),
        ("122000000000003", Kind::PaymentCard, Confidence::Low),
        ("192.168.0.1", Kind::Ip, Confidence::Low),
        ("version 203.0.113.7", Kind::Ip, Confidence::Low),
        ("203.0.113.7", Kind::Ip, Confidence::Medium),
        ("IP 203.0.113.7", Kind::Ip, Confidence::High),
        ("M1 1AE", Kind::UkPostcode, Confidence::Medium),
        ("m11ae", Kind::UkPostcode, Confidence::Low),
        ("postcode m11ae", Kind::UkPostcode, Confidence::High),
    ];
    for (text, kind, confidence) in cases {
        let found: Vec<_> = screen(text).into_iter().filter(|finding| finding.kind == kind).map(|finding| finding.confidence).collect();
        assert_eq!(found, [confidence], "{kind:?} in {text:?}");
    }
}

#[test]
fn parts_of_a_longer_value_are_no_findings_of_their_own() {
    for (text, kind) in [
        ("IBAN GB82 WEST 1234 5698 7654 32", Kind::Iban),
        ("call about card 4111 1111 1111 1111", Kind::PaymentCard),
        ("07700900123@mail.example", Kind::Email),
        ("DOB 01/02/1990", Kind::DateOfBirth),
        ("NINO AB 12 34 56 C", Kind::UkNino),
        ("::ffff:203.0.113.7", Kind::Ip),
        ("sort code 20-00-00 account 55779911", Kind::UkBankAccount),
    ] {
        let found: Vec<_> = screen(text).into_iter().map(|finding| finding.kind).collect();
        assert_eq!(found, [kind], "{text}");
    }
}

/// SEC-25: a sheet names a number once, at the head of its column.
#[test]
fn the_heading_of_a_column_holds_for_all_of_its_values() {
    let row = |part: &str, n: usize| ["someone", "12/05/1987", "12345678", "20-00-00", "123456789", "no more"].join(part) + &"\n".repeat(n);
    for part in ["\t", ",", ";", "|"] {
        let heading = ["Name", "DOB", "Account No", "Sort code", "Passport", "Note"].join(part);
        let text = format!("List of staff\n{heading}\n{}", row(part, 1).repeat(200));
        for kind in [Kind::DateOfBirth, Kind::UkBankAccount, Kind::UkPassport] {
            assert_eq!(values(&text, kind).len(), 200, "{kind:?} {part:?}");
        }
    }
    // Another table, without such a heading, inherits nothing; nor does a sentence.
    let text = "Name\tDOB\nsomeone\t12/05/1987\n\nName\tJoined and found to be as good as anybody of all whom we had met there\nsomeone\t12/05/1987\nsomeone\t12/05/1987\n";
    assert_eq!(values(text, Kind::DateOfBirth).len(), 1);
    // A quote may hold what parts cells elsewhere.
    let text = "Name,DOB,Town\n\"Smith, J\",12/05/1987,Leeds\n\"Jones, P\",13/05/1987,Hull\n\"Brown, P\",14/05/1987,Hull\n\"Green, P\",15/05/1987,Hull\n";
    assert_eq!(values(text, Kind::DateOfBirth).len(), 4);
}

/// SEC-25: a finding tells nothing of the value, however it is written out.
#[test]
fn a_finding_never_holds_the_value() {
    let text = "NINO AB123456C, card 4111111111111111, jo@mail.example";
    let found = screen(text);
    assert_eq!(found.len(), 3);
    let said = format!("{found:?} {found:#?} {}", serde_json::to_string(&found).unwrap());
    for finding in &found {
        assert!(!said.contains(&text[finding.span()]));
    }
    let json = serde_json::to_value(found[0]).unwrap();
    assert_eq!(json, serde_json::json!({"kind": "uk_nino", "start": 5, "end": 14, "confidence": "high"}));
}

#[test]
fn masks_are_of_one_length_and_cover_whatever_is_touched() {
    assert_eq!(mask("a 1234 b 12 c", [2..6, 9..11]), format!("a {MASK} b {MASK} c"));
    assert_eq!(mask("abcdef", [1..3, 2..4]), format!("a{MASK}ef"));
    assert_eq!(mask("abcdef", [3..4, 1..3]), format!("a{MASK}ef"));
    // Half an é is an é.
    assert_eq!(mask("xéy", std::iter::once(2..3)), format!("x{MASK}y"));
    assert_eq!(mask("abc", [1..99, 50..60, 2..2]), format!("a{MASK}"));
    assert_eq!(mask("abc", std::iter::once(0..2)), format!("{MASK}c"));
    assert_eq!(mask("abc", []), "abc");
}

#[test]
fn every_kind_has_a_code_and_a_name_in_the_catalogue() {
    let catalogue = include_str!("../../../../../locales/en/screen.ftl");
    let there: Vec<&str> = catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect();
    let wanted: Vec<String> =
        Kind::ALL.into_iter().map(Kind::message_id).chain(Confidence::ALL.into_iter().map(Confidence::message_id)).collect();
    assert_eq!(there, wanted);
    for kind in Kind::ALL {
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
    for confidence in Confidence::ALL {
        assert_eq!(serde_json::to_value(confidence).unwrap(), confidence.code());
    }
    assert_eq!(Kind::from_code("name"), None);
}
