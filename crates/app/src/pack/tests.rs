//! Packs as both sides read them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use platform::authz::Side;
use rules::form::Answers;
use rules::pack::Role;
use serde_json::json;
use testkit::both_engines;

use crate::migrations::migrations;
use crate::testing::TestApp;

both_engines!(
    migrations,
    /// OFF-0, OFF-1, OFF-2, OUT-0: list and record show edition, date, author, manager, standing, parents, duties with source and controls.
    async fn a_pack_shows_its_standing_and_its_duties(db) {
        let app = TestApp::new(db);
        let halyard = app.party(Side::Supplier, "Halyard Systems").await;
        let mut browser = app.browser();
        app.sign_in_as(&mut browser, "supplier_lead", halyard).await;
        let page = browser.get("/packs").await;
        assert!(page.text().contains("Withdrawn"), "{}", page.text());
        let page = browser.get(&page.link("Offshoring")).await;
        let text = page.text();
        for part in ["edition 2026.1", "Head of supplier security", "withdrawn", "9 July 2024", "What it answers to", "OFF-9b", "Before:", "ISO/IEC 27001:2022"] {
            assert!(text.contains(part) || text.contains("2024-07-09") && part == "9 July 2024", "{part} is not in: {text}");
        }
    }
);

use Role::{
    Assessor as Ass, Bidder as Bid, ContractManager as Man, DataController as Con, InternalAudit as Aud, LeadSupplier as Lead,
    Legal as Leg, Management as Mgt, Owner as Own, ProcurementLead as Pro, Security as Sec, Supplier as Sup,
};

/// The rows that put a duty on somebody, each with everybody on whom it puts one.
const DUTIES: &[(&[&str], &[Role])] = &[
    // Policies as data: who applies them, who rules on them
    (&["OFF-0"], &[Man]),
    (&["OFF-2b"], &[Sup]),
    (&["SEC-1"], &[Sup, Man]),
    (&["SEC-2", "SEC-4"], &[Sup, Lead]),
    (&["SEC-6a"], &[Lead]),
    (&["SEC-9b"], &[Sup, Sec]),
    (&["SEC-6b", "SEC-7"], &[Sup, Man]),
    (&["SEC-36", "SEC-39"], &[Sup, Man]),
    // Offshoring
    (&["OFF-3", "OFF-3a", "OFF-3b", "OFF-3c", "OFF-3d", "OFF-3e", "OFF-4", "OFF-5"], &[Sup]),
    (&["OFF-6", "OFF-9a"], &[Sup]),
    (&["OFF-9b"], &[Sup, Man, Mgt]),
    (&["OFF-6b"], &[Lead, Man]),
    (&["OFF-7"], &[Bid, Pro]),
    (&["OFF-8"], &[Lead, Man]),
    (&["OFF-10"], &[Ass, Sup]),
    (&["OFF-11"], &[Mgt, Lead, Sup]),
    (&["OFF-12"], &[Lead, Sup]),
    (&["OFF-Q1", "OFF-Q2", "OFF-Q3", "OFF-Q4"], &[Sup]),
    (&["OFF-Q5"], &[Sup, Sec]),
    // Incidents
    (&["SEC-10", "SEC-X1a", "SEC-X1b", "SEC-X1c", "SEC-X1f", "SEC-X1d", "SEC-X1e", "SEC-X1j"], &[Sup]),
    (&["SEC-X1h"], &[Sec]),
    (&["SEC-X1g", "SEC-X1i"], &[Sup, Sec]),
    (&["SEC-24"], &[Sup, Sec]),
    (&["SEC-X2", "SEC-21", "SEC-22", "SEC-23"], &[Sup]),
    (&["SEC-25"], &[Sup, Sec]),
    (&["SEC-27"], &[Sup, Con]),
    // Plan and changes
    (&["SEC-8a"], &[Sup]),
    (&["SEC-8b", "SEC-8e"], &[Sup, Sec]),
    (&["SEC-9"], &[Sup, Man]),
    (&["SEC-28", "SEC-29"], &[Sup, Sec]),
    (&["SEC-X3"], &[Sup]),
    // People
    (&["SEC-11", "SEC-12", "SEC-13", "SEC-17", "SEC-19"], &[Sup]),
    (&["SEC-14"], &[Sup, Man]),
    (&["OUT-H1", "OUT-H2"], &[Sup, Sec, Own]),
    (&["SEC-15", "SEC-16"], &[Sup, Man]),
    (&["SEC-18", "OUT-H3"], &[Sup, Sec]),
    (&["SEC-20"], &[Sup, Sec]),
    (&["OUT-A1", "OUT-A2", "OUT-A3"], &[Own, Sup]),
    // Information
    (&["SEC-30", "SEC-31", "SEC-32", "SEC-33", "SEC-34", "SEC-35a", "SEC-35b", "SEC-35c", "SEC-37"], &[Sup]),
    (&["SEC-38", "SEC-40"], &[Sup, Man]),
    (&["SEC-41", "SEC-42", "SEC-43", "SEC-44", "SEC-45"], &[Sup]),
    // Outsourcing
    (&["OUT-I", "OUT-S"], &[Own]),
    (&["OUT-C1", "OUT-C2"], &[Pro, Bid]),
    (&["OUT-R1"], &[Mgt, Own]),
    (&["OUT-R2"], &[Ass]),
    (&["OUT-R3"], &[Mgt, Own]),
    (&["OUT-K1"], &[Man, Sup, Own]),
    (&["OUT-K2", "OUT-K3", "OUT-K4"], &[Sup, Own]),
    (&["OUT-K5", "OUT-K6"], &[Leg]),
    (&["OUT-K7"], &[Man, Leg, Sup]),
    (&["OUT-K8"], &[Sup, Sec]),
    (&["OUT-A4", "OUT-A5"], &[Sup]),
    (&["OUT-A6"], &[Own, Sup, Man]),
    (&["OUT-AU1", "OUT-AU2", "OUT-AU3"], &[Mgt, Sec, Man, Sup, Own]),
    (&["OUT-RE"], &[Mgt, Own, Sec, Aud, Sup]),
];

/// OFF-1, OFF-2, OUT-0, SEC-2: each duty of a source is an obligation that says who owes it, when, from which paragraph, and to which control
/// of a standard it answers.
#[test]
fn every_duty_is_an_obligation() {
    let packs = super::Packs::load(std::path::Path::new("")).unwrap();
    let all: Vec<_> = packs.all_newest().flat_map(|p| p.obligations.iter().map(move |o| (p, o))).collect();
    let mut missing = Vec::new();
    for (row, role) in DUTIES.iter().flat_map(|(rows, roles)| rows.iter().flat_map(move |row| roles.iter().map(move |role| (*row, *role))))
    {
        if !all.iter().any(|(_, o)| o.owed_by == role && o.source.iter().any(|s| s == row)) {
            missing.push(format!("{row} puts a duty on {}, and no obligation says so", role.code()));
        }
    }
    let known: BTreeSet<&str> = DUTIES.iter().flat_map(|(rows, _)| rows.iter().copied()).collect();
    for (pack, o) in all {
        let at = format!("{}.{}", pack.pack, o.id);
        if !o.source.iter().any(|s| known.contains(s.as_str())) {
            missing.push(format!("{at} has no row that puts a duty on somebody"));
        }
        if o.controls.is_empty() {
            missing.push(format!("{at} answers to no control"));
        }
        if o.flows_down && o.owed_by != Sup {
            missing.push(format!("{at} flows down from {}", o.owed_by.code()));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// OFF-Q1, OFF-Q2, OFF-Q3, OFF-Q4, OFF-Q5: every prompt of the questionnaire is a question, and is asked when it must be.
#[test]
fn every_prompt_is_a_question() {
    let packs = super::Packs::load(std::path::Path::new("")).unwrap();
    let form = packs.newest("offshoring").unwrap().form("proposal").unwrap();
    let ask = |given: serde_json::Value| {
        let seen = form.visible(&Answers::from_json(given).unwrap());
        move |id: &str| seen.question(id)
    };
    let asked = ask(json!({}));
    for id in [
        "business_description",
        "staff_total",
        "staff_roles",
        "information",
        "networks",
        "connectivity",
        "network_diagram",
        "storage_diagram",
        "transfer_diagram",
        "procedures_interact",
        "systems_interact",
        "countries",
        "governing_contact",
    ] {
        assert!(asked(id).is_true(), "{id} is always asked");
    }
    // 1.1: only for work that ends.
    for (given, when) in
        [(json!(["lasting"]), false), (json!(["testing"]), true), (json!(["time_limited"]), true), (json!(["development"]), true)]
    {
        let asked = ask(json!({"limited_work": given, "has_releases": true}));
        assert!([asked("time_frame"), asked("has_releases")].iter().all(|t| t.is_true() == when), "{given}");
    }
    // 2: each thing with quantity, assurance, the three kinds of storage.
    let inner = |group: &str| form.question(group).unwrap().questions.iter().map(|q| q.id.as_str()).collect::<BTreeSet<_>>();
    let things = inner("information");
    for id in [
        "info_quantity",
        "assurance_status",
        "info_handling",
        "info_viewing",
        "info_protection",
        "info_storage_permanent",
        "info_storage_temporary",
        "info_storage_transient",
    ] {
        assert!(things.contains(id), "{id}");
    }
    // 3: sites, but not for people brought in alone.
    assert!(ask(json!({"kinds": ["landed_staff"]}))("sites").is_false());
    assert!(ask(json!({"kinds": ["landed_staff", "access"]}))("sites").is_true());
    let site = |given: serde_json::Value| {
        let seen = form.visible(&Answers::from_json(json!({"kinds": ["access"], "sites": [given]})).unwrap());
        move |id: &str| seen.entry("sites", 0, id)
    };
    assert!(
        site(json!({}))("site_address").is_true()
            && site(json!({}))("site_clearance").is_true()
            && site(json!({}))("site_employment_checks").is_true()
    );
    assert!(
        site(json!({"site_home_working": true}))("site_home_workers").is_true()
            && site(json!({"site_home_working": true}))("site_home_managed").is_true()
    );
    let (known, unknown) = (site(json!({"site_other_known": "known"})), site(json!({"site_other_known": "not_known"})));
    assert!(known("site_other_authority").is_true() && known("site_other_clients").is_true() && known("site_other_assurance").is_false());
    assert!(unknown("site_other_authority").is_false() && unknown("site_other_assurance").is_true());
    // 4: comparable protection wherever personal data is stored or merely viewed, and where nobody knows.
    let country = |given: serde_json::Value| {
        let seen = form.visible(&Answers::from_json(json!({"countries": [{"country_personal": given}]})).unwrap());
        move |id: &str| seen.entry("countries", 0, id)
    };
    for id in ["country_conditions", "country_enforcement", "country_misuse_law", "country_encryption", "country_confidentiality"] {
        assert!(country(json!(["neither"]))(id).is_true(), "{id}");
    }
    for (given, when) in [("stored", true), ("accessed", true), ("not_known", true), ("neither", false)] {
        assert_eq!(country(json!([given]))("country_protection").is_true(), when, "{given}");
    }
    // 5: all that the contact is.
    let parts: BTreeSet<&str> = form.question("governing_contact").unwrap().parts().iter().map(|p| p.name).collect();
    assert_eq!(parts, ["address", "email", "name", "organisation", "responsibility", "role", "telephone"].into());
}
