//! From answers to facts to the decision, as a table.

use rules::decision::Outcome as _;
use rules::form::Answers;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{answers, exempt};
use crate::offshoring::classify::{self, classify};
use crate::offshoring::scope::Scope;

/// The answers of the test world with these said otherwise.
fn with(changes: Value) -> Answers {
    let mut all = answers(Uuid::nil());
    for (id, value) in changes.as_object().unwrap() {
        all[id] = value.clone();
    }
    Answers::from_json(all).unwrap()
}

/// A site with what is done there, and which of it reaches nothing, where the answers leave that to each site.
fn site(name: &str, country: &str, done: &[&str], apart: &[&str]) -> Value {
    let mut site = answers(Uuid::nil())["sites"][0].clone();
    site["site_name"] = name.into();
    site["site_country"] = country.into();
    site["site_activities"] = json!(done);
    if !apart.is_empty() {
        site["site_apart"] = json!(apart);
    }
    site
}

/// The whole outcome, and for each activity its kind, country, outcome and sites.
fn outcome(answers: &Answers) -> (String, Vec<String>) {
    let (done, decision) = classify(answers, &["GB".to_owned()]).unwrap().unwrap();
    let each = done.iter().zip(&decision.activities).map(|(d, answer)| {
        let country = d.activity.country.map_or("?", |c| c.code());
        format!("{} {country} {} {}", d.activity.kind.code(), answer.outcome.code(), d.sites.join("+")).trim_end().to_owned()
    });
    (decision.outcome.code().to_owned(), each.collect())
}

fn check(row: &str, answers: &Answers, whole: &str, each: &[&str]) {
    let (found, activities) = outcome(answers);
    assert_eq!((found.as_str(), activities.iter().map(String::as_str).collect::<Vec<_>>()), (whole, each.to_vec()), "{row}");
}

/// OFF-4: every combination of people, place and data that the policy names comes from answers as it should.
#[test]
fn off_4_combinations() {
    let table: &[(&str, Value, &str, &[&str])] = &[
        (
            "staff abroad using information hosted abroad",
            json!({"kinds": ["hosting", "access"], "sites": [site("Dublin region", "IE", &["hosting"], &[]), site("Pune", "IN", &["access"], &[])]}),
            "offshoring",
            &["hosting IE offshoring Dublin region", "access IN offshoring Pune"],
        ),
        (
            "staff at home using information hosted abroad",
            json!({"kinds": ["hosting", "access"], "sites": [site("Dublin region", "IE", &["hosting"], &[]), site("Leeds", "GB", &["access"], &[])]}),
            "offshoring",
            &["hosting IE offshoring Dublin region", "access GB not_offshoring Leeds"],
        ),
        (
            "staff abroad using information hosted at home",
            json!({"sites": [site("Pune", "IN", &["access"], &[])]}),
            "offshoring",
            &["access IN offshoring Pune"],
        ),
        (
            "home staff on a journey count where they are",
            json!({"sites": [site("Journeys to Spain", "ES", &["access"], &[])]}),
            "offshoring",
            &["access ES offshoring Journeys to Spain"],
        ),
        (
            "developers abroad, whatever they reach",
            json!({"kinds": ["development"], "reach": "reaches_nothing", "sites": [site("Lviv", "UA", &["development"], &[])]}),
            "offshoring",
            &["development UA offshoring Lviv"],
        ),
        (
            "administrators abroad, reach not known",
            json!({"kinds": ["support"], "reach": "not_known", "sites": [site("Pune", "IN", &["support"], &[])]}),
            "offshoring",
            &["support IN offshoring Pune"],
        ),
        (
            "landed people with access",
            json!({"kinds": ["landed_staff"], "sites": null, "landed_foreign": true, "landed_resident": false, "landed_access": true}),
            "offshoring",
            &["landed_staff ? offshoring"],
        ),
    ];
    for (row, changes, whole, each) in table {
        check(row, &with(changes.clone()), whole, each);
    }
}

/// OFF-5: an exemption is exact and takes away its own trigger only; what is left makes the whole offshoring.
#[test]
fn off_5_exemptions_stay_by_themselves() {
    let table: &[(&str, Value, &str, &[&str])] = &[
        (
            "none of it is hosted at one site, beside people with access at another",
            json!({"kinds": ["hosting", "access"], "reach": "differs", "sites": [
                site("Print shop", "TR", &["hosting"], &["hosting"]),
                site("Pune", "IN", &["access"], &["none"]),
            ]}),
            "offshoring",
            &["hosting TR not_offshoring Print shop", "access IN offshoring Pune"],
        ),
        (
            "two kinds at one site, one exempt",
            json!({"kinds": ["hosting", "service"], "reach": "differs", "sites": [
                site("Izmir", "TR", &["hosting", "service"], &["service"]),
            ]}),
            "offshoring",
            &["hosting TR offshoring Izmir", "service TR not_offshoring Izmir"],
        ),
        (
            "the same kind in the same country, one site exempt",
            json!({"kinds": ["service"], "reach": "differs", "sites": [
                site("Izmir", "TR", &["service"], &["service"]),
                site("Ankara", "TR", &["service"], &["none"]),
                site("Bursa", "TR", &["service"], &["service"]),
            ]}),
            "offshoring",
            &["service TR not_offshoring Izmir+Bursa", "service TR offshoring Ankara"],
        ),
        (
            "landed people without access, beside developers abroad",
            json!({"kinds": ["development", "landed_staff"], "reach": "reaches_nothing", "sites": [site("Lviv", "UA", &["development"], &[])],
                "landed_foreign": true, "landed_resident": false, "landed_access": false}),
            "offshoring",
            &["development UA offshoring Lviv", "landed_staff ? not_offshoring"],
        ),
        (
            "landed people without access alone, whatever else is said of reach",
            json!({"kinds": ["landed_staff"], "reach": "reaches", "sites": null, "landed_foreign": true, "landed_resident": false, "landed_access": false}),
            "not_offshoring",
            &["landed_staff ? not_offshoring"],
        ),
        (
            "foreign nationals who live here already",
            json!({"kinds": ["landed_staff"], "sites": null, "landed_foreign": true, "landed_resident": true, "landed_access": true}),
            "not_offshoring",
            &["landed_staff ? not_offshoring"],
        ),
        (
            "an answer that is open at one site stays open, and is no 'no'",
            json!({"kinds": ["hosting", "service"], "reach": "differs", "sites": [
                site("Izmir", "TR", &["service"], &["service"]),
                site("Dublin region", "IE", &["hosting"], &["not_known"]),
            ]}),
            "undetermined",
            &["hosting IE undetermined Dublin region", "service TR not_offshoring Izmir"],
        ),
        (
            "where it differs and a site does not say, nothing is taken for granted",
            json!({"kinds": ["access"], "reach": "differs", "sites": [site("Pune", "IN", &["access"], &[])]}),
            "undetermined",
            &["access IN undetermined Pune"],
        ),
        (
            "one kind shown to reach nothing, the rest not known",
            json!({"kinds": ["hosting", "service"], "reach": "differs", "sites": [site("Izmir", "TR", &["hosting", "service"], &["service", "not_known"])]}),
            "undetermined",
            &["hosting TR undetermined Izmir", "service TR not_offshoring Izmir"],
        ),
        (
            "a contradiction decides nothing",
            json!({"kinds": ["service"], "reach": "differs", "sites": [site("Izmir", "TR", &["service"], &["service", "none"])]}),
            "undetermined",
            &["service TR undetermined Izmir"],
        ),
    ];
    for (row, changes, whole, each) in table {
        check(row, &with(changes.clone()), whole, each);
    }
}

/// OFF-5: what is exempt at a site is the kind of work that was named, and nothing that was not said.
#[test]
fn off_5_an_exemption_covers_what_it_names() {
    let table: &[(&str, Value, &str, &[&str])] = &[
        (
            "an exemption of access does not cover support at the same site",
            json!({"kinds": ["access", "support"], "reach": "differs", "sites": [
                site("Pune", "IN", &["access", "support"], &["access"]),
            ]}),
            "offshoring",
            &["access IN not_offshoring Pune", "support IN offshoring Pune"],
        ),
        (
            "diagnostic data shown clean, beside access",
            json!({"kinds": ["access", "diagnostics"], "diagnostics_clean": "shown_clean", "sites": [site("Austin", "US", &["access", "diagnostics"], &[])]}),
            "offshoring",
            &["access US offshoring Austin", "diagnostics US not_offshoring Austin"],
        ),
        (
            "what a site says is done counts though the kinds of the whole leave it out",
            json!({"kinds": ["hosting"], "sites": [site("Pune", "IN", &["hosting", "support"], &[])]}),
            "offshoring",
            &["hosting IN offshoring Pune", "support IN offshoring Pune"],
        ),
        (
            "a kind without a site has no place yet",
            json!({"kinds": ["hosting", "access"], "sites": [site("Leeds", "GB", &["access"], &[])]}),
            "undetermined",
            &["hosting ? undetermined", "access GB not_offshoring Leeds"],
        ),
    ];
    for (row, changes, whole, each) in table {
        check(row, &with(changes.clone()), whole, each);
    }
    check(
        "one answer for all",
        &Answers::from_json(exempt(Uuid::nil())).unwrap(),
        "not_offshoring",
        &["service IN not_offshoring Pune office"],
    );
}

/// OFF-5: the scope of an approval says what is done at which site, and which of it is covered only as reaching nothing.
#[test]
fn off_5_a_scope_names_what_is_exempt_by_site() {
    let answers = with(json!({"kinds": ["hosting", "access"], "reach": "differs", "sites": [
        site("Print shop", "TR", &["hosting"], &["hosting"]),
        site("Pune", "IN", &["access"], &["none"]),
    ]}));
    let scope = Scope::of(&answers, "d1", Some(2));
    let told: Vec<_> =
        scope.sites.iter().map(|s| (s.name.as_str(), s.country.as_str(), s.activities.join(","), s.reaching_nothing.join(","))).collect();
    let text = |t: &str| t.to_owned();
    assert_eq!(told, [("Print shop", "TR", text("hosting"), text("hosting")), ("Pune", "IN", text("access"), String::new()),]);
    assert_eq!(scope.countries, ["IN", "TR"]);
}

/// OFF-5: the form asks site by site only where one answer does not do, and for facts wherever an exemption is claimed.
#[test]
fn off_5_the_form_asks_apart_only_where_it_differs() {
    let packs = crate::pack::Packs::load(&platform::config::Settings::default().packs).unwrap();
    let pack = packs.newest("offshoring").unwrap().clone();
    let form = crate::offshoring::act::form_of(&pack).unwrap();
    let asked = |reach: &str| {
        let seen = form.visible(&with(json!({"reach": reach})));
        ["sites.0.site_apart", "exemption_facts"].map(|path| seen.question(path) == rules::truth::Truth::True)
    };
    assert_eq!(asked("reaches"), [false, false]);
    assert_eq!(asked("not_known"), [false, false]);
    assert_eq!(asked("reaches_nothing"), [false, true]);
    assert_eq!(asked("differs"), [true, true]);
    // Every kind that may be exempt can be chosen there by its own code.
    let options: Vec<&str> = form.question("site_apart").unwrap().options.iter().map(|o| o.id.as_str()).collect();
    assert!(classify::APART.iter().all(|kind| options.contains(&kind.code())) && options.contains(&"not_known"), "{options:?}");
}
