//! Codes and names, and what is refused (the "Offshoring" paragraph, OFF-3).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;

/// A file of the shared data; `None`, saying so, where the data is not on this machine.
fn shared(path: &str) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(crate::testing::shared(path)?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn code(text: &str) -> &'static str {
    Country::resolve(text).unwrap_or_else(|error| panic!("{text}: {error}")).code()
}

#[test]
fn the_table_is_whole_sorted_and_without_two_owners_of_a_name() {
    assert_eq!(Country::all().len(), 250);
    let mut owner: HashMap<String, &str> = HashMap::new();
    let mut last = "";
    let mut alpha3 = BTreeSet::new();
    for line in lines(include_str!("table.txt")) {
        assert!(line.is_ascii() || line.is_char_boundary(7), "{line}");
        let code = &line[..2];
        assert!(last < code, "{code} is out of order");
        last = code;
        assert_eq!((&line[2..3], &line[6..7]), (" ", " "), "{line}");
        assert!(alpha3.insert(&line[3..6]), "{line}");
        for name in line[7..].split("; ") {
            assert_eq!(name, name.trim());
            let before = owner.insert(fold(name), code);
            assert!(before.is_none(), "{name} is listed twice, for {before:?} and {code}");
            assert!(!LISTS.refused.contains_key(&fold(name)), "{name} is both taken and refused");
        }
    }
}

#[test]
fn every_line_of_the_refused_is_read_and_offers_places() {
    for line in lines(include_str!("refused.txt")) {
        let (what, places) = line.split_once(" > ").unwrap();
        assert_eq!(places.split(' ').filter(|code| Country::from_code(code).is_ok()).count(), places.split(' ').count(), "{line}");
        let names = if let Some(names) = what.strip_prefix("? ") { names } else { what.splitn(4, ' ').nth(3).unwrap() };
        for name in names.split("; ") {
            let error = Country::resolve(name).unwrap_err();
            assert!(matches!(error, UnknownCountry::Ambiguous { .. } | UnknownCountry::Withdrawn { .. }), "{name}: {error}");
        }
    }
}

#[test]
fn all_shared_name_cases_resolve() {
    let Some(cases) = shared("geo/country_name_cases.json") else {
        return;
    };
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 431);
    for case in cases {
        assert_eq!(code(case["text"].as_str().unwrap()), case["iso2"], "{case}");
    }
}

#[test]
fn all_shared_codes_and_names_of_iso_3166_1_resolve() {
    let Some(list) = shared("geo/iso_3166-1.json") else {
        return;
    };
    let list = list["3166-1"].as_array().unwrap();
    assert_eq!(list.len() + 1, Country::all().len(), "every country of the list, and Kosovo");
    for row in list {
        let expected = row["alpha_2"].as_str().unwrap();
        let country = Country::from_code(expected).unwrap();
        assert_eq!(country.alpha3(), row["alpha_3"]);
        for field in ["alpha_2", "alpha_3", "name", "official_name", "common_name"] {
            if let Some(text) = row[field].as_str() {
                assert_eq!(code(text), expected, "{text}");
            }
        }
    }
}

#[test]
fn all_shared_withdrawn_codes_are_refused_unless_in_use_again() {
    let Some(list) = shared("geo/iso_3166-3.json") else {
        return;
    };
    for row in list["3166-3"].as_array().unwrap() {
        for field in ["alpha_2", "alpha_3"] {
            let text = row[field].as_str().unwrap();
            if Country::all().any(|country| country.code() == text || country.alpha3() == text) {
                continue;
            }
            let error = Country::resolve(text).unwrap_err();
            assert!(matches!(error, UnknownCountry::Withdrawn { .. }), "{text}: {error}");
            assert!(error.to_string().contains("withdrawn"), "{error}");
        }
    }
}

#[test]
fn other_common_names_resolve_to_the_same_place() {
    let Some(list) = shared("geo/world_countries_names.json") else {
        return;
    };
    for row in list.as_array().unwrap() {
        let expected = row["cca2"].as_str().unwrap();
        for field in ["common", "official"] {
            match Country::resolve(row[field].as_str().unwrap()) {
                Ok(country) => assert_eq!(country.code(), expected, "{row}"),
                Err(error) => assert!(field == "official" || matches!(error, UnknownCountry::Ambiguous { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn names_as_people_write_them() {
    for (text, expected) in [
        ("England", "GB"),
        ("SCOTLAND", "GB"),
        (" wales ", "GB"),
        ("Northern Ireland", "GB"),
        ("Ireland, Northern", "GB"),
        ("U.K.", "GB"),
        ("UK", "GB"),
        ("ENG", "GB"),
        ("gb", "GB"),
        ("gbr", "GB"),
        ("GB-SCT", "GB"),
        ("The United Kingdom", "GB"),
        ("Great Britain & Northern Ireland", "GB"),
        ("United Kingdom of Great Britain and Northern Ireland (the)", "GB"),
        ("U.S.A.", "US"),
        ("U. S. A.", "US"),
        ("u.s.", "US"),
        ("The United States of America", "US"),
        ("Isle of Man", "IM"),
        ("Jersey", "JE"),
        ("Guernsey", "GG"),
        ("Sark", "GG"),
        ("Gibraltar", "GI"),
        ("Kosovo", "XK"),
        ("XK", "XK"),
        ("XKX", "XK"),
        ("India\u{a0}", "IN"),
        ("ind", "IN"),
        ("Ｉｎｄｉａ", "IN"),
        ("Cote d’Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("TÜRKİYE", "TR"),
        ("Turkey", "TR"),
        ("Aland islands", "AX"),
        ("St. Lucia", "LC"),
        ("St.Kitts & Nevis", "KN"),
        ("Bosnia-Herzegovina", "BA"),
        ("Guinea Bissau", "GW"),
        ("Korea (the Republic of)", "KR"),
        ("Korea, Dem. People's Rep.", "KP"),
        ("Congo, Dem. Rep.", "CD"),
        ("Bahamas (The)", "BS"),
        ("Falkland Islands (the) [Malvinas]", "FK"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Czech republic", "CZ"),
        ("Republic of Ireland", "IE"),
        ("Hong Kong SAR, China", "HK"),
        ("VIETNAM", "VN"),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn ambiguous_names_name_the_places_they_fit() {
    let error = Country::resolve("the Channel Islands").unwrap_err();
    assert_eq!(error.to_string(), "\"the Channel Islands\" fits more than one place: write Guernsey or Jersey");
    assert!(matches!(Country::resolve("Korea"), Err(UnknownCountry::Ambiguous { .. })));
    assert!(matches!(Country::resolve("Virgin Islands"), Err(UnknownCountry::Ambiguous { .. })));
}

#[test]
fn what_is_unknown_is_never_guessed() {
    for text in [
        "Other",
        "N.I.",
        "I.N.",
        "London",
        "London, UK",
        "Europe",
        "EU",
        "EL",
        "Atlantis",
        "United",
        "New Jersey",
        "Georgia, USA",
        "of the",
        "?",
        "826",
        "GBRR",
        "G B R X",
        "Republic of",
        "印度",
        "G",
        "UN",
    ] {
        assert!(matches!(Country::resolve(text), Err(UnknownCountry::Unknown { .. })), "{text}: {:?}", Country::resolve(text));
    }
    for text in ["", "  ", "\u{200b}"] {
        assert_eq!(Country::resolve(text), Err(UnknownCountry::Empty));
    }
    for text in ["AA", "QM", "qz", "XA", "XX", "XZ", "ZZ", "XXX", "AAA", "ZZZ"] {
        assert!(matches!(Country::resolve(text), Err(UnknownCountry::UserAssigned { .. })), "{text}");
    }
    assert!(Country::from_code("gb").is_err());
    assert!(Country::from_code("UK").is_err());
    assert!(Country::resolve(&"x".repeat(1 << 20)).unwrap_err().to_string().len() < 200);
}

#[test]
fn names_read_well_in_lists_and_sentences() {
    let gb = Country::from_code("GB").unwrap();
    assert_eq!((gb.name(), gb.name_in_sentence(), gb.alpha3()), ("United Kingdom", "the United Kingdom", "GBR"));
    assert_eq!(serde_json::to_string(&gb).unwrap(), "\"GB\"");
    assert_eq!(serde_json::from_str::<Country>("\"Wales\"").unwrap(), gb);
}

#[test]
fn off_3_home_is_a_setting_of_one_country_or_several_territories() {
    let home = Home::from_codes(&["GB", "Gibraltar"]).unwrap();
    assert!(home.contains(Country::resolve("GI").unwrap()) && !home.contains(Country::resolve("JE").unwrap()));
    assert_eq!(home.name_in_sentence(), "the United Kingdom and Gibraltar");
    for outside in ["Jersey", "Guernsey", "Isle of Man", "Gibraltar", "Ireland"] {
        assert!(!Home::from_codes(&["UK"]).unwrap().contains(Country::resolve(outside).unwrap()), "{outside}");
    }
    assert!(Home::from_codes(&["IE"]).unwrap().contains(Country::resolve("Ireland").unwrap()));
    assert_eq!(Home::from_codes(&[""; 0]), Err(BadHome::Empty));
    assert!(matches!(Home::from_codes(&["GB", "Narnia"]), Err(BadHome::Entry { index: 1, .. })));
}

proptest! {
    #[test]
    fn any_text_resolves_or_is_refused_without_a_panic(text in "\\PC{0,80}|[A-Za-z ,.()]{0,12}") {
        if let Ok(country) = Country::resolve(&text) {
            prop_assert_eq!(Country::from_code(country.code()), Ok(country));
        }
    }

    #[test]
    fn case_and_punctuation_do_not_matter(index in 0usize..250, upper in any::<bool>()) {
        let country = Country::all().nth(index).unwrap();
        let name = country.name_in_sentence().replace([' ', '-', '\''], ".");
        let name = if upper { name.to_uppercase() } else { name.to_lowercase() };
        prop_assert_eq!(Country::resolve(&name), Ok(country));
    }
}

/// OFF-6b: every country has its own place on the map.
#[test]
fn every_country_is_somewhere_on_the_map() {
    for country in Country::all() {
        let Position { north, east } = country.position();
        assert!((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east), "{country:?}");
        assert!((north, east) != (0.0, 0.0), "{country:?} has no position");
    }
    let (india, chile) = (Country::from_code("IN").unwrap().position(), Country::from_code("CL").unwrap().position());
    assert!(india.north > 0.0 && india.east > 60.0 && chile.north < 0.0 && chile.east < 0.0);
}
