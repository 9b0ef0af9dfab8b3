//! Answers to the proposal questionnaire, for the story: complete ones, and variations of them.

use serde_json::{Value, json};
use uuid::Uuid;

/// Complete answers: a few people in one office abroad look at records that are not personal.
pub(super) fn night_desk(party: Uuid, title: &str) -> Value {
    json!({
        "work_title": title, "certainty": "planned", "kinds": ["access"], "reach": "reaches",
        "work_party": party.to_string(), "further_tiers": false, "dates": {"from": "2027-01-11", "to": "2027-12-31"},
        "business_description": "Travellers ask about bookings at night, when our home office is closed. Advisers abroad read the timetable and the booking desk and answer them.",
        "limited_work": ["lasting"], "staff_total": 5,
        "staff_roles": [{"role_name": "Adviser", "role_count": 5, "role_countries": ["IN"], "role_tasks": "Answers questions by telephone and chat."}],
        "information": [{
            "info_name": "Timetables and fares", "info_kind": "information", "info_quantity": 400, "info_quantity_of": "documents",
            "info_classification": "official", "info_personal": "not_personal", "assurance_status": "not_assured",
            "info_handling": "Read on managed laptops that keep nothing.", "info_viewing": "On screens inside the office, facing away from windows.",
            "info_protection": "Encrypted in transit; the keys stay at home.", "info_storage": ["not_stored"],
        }],
        "networks": "The office network, separated from its other users, and a private line.", "connectivity": "A tunnel to the gateway at home, with certificates on both ends.",
        "procedures_interact": "The day team hands over at eight and reads the night log in the morning.", "systems_interact": "They sign in to the booking desk with named accounts.",
        "sites": [{
            "site_name": "Pune office", "site_country": "IN",
            "site_address": {"lines": "4 Station Road", "town": "Pune", "country": "IN"},
            "site_is_home": false, "site_operator": "Halyard Systems", "site_activities": ["access"], "site_people": 5,
            "site_protection": "Guarded at all hours; badges and cameras on each door.", "site_home_working": false, "site_other_known": "known",
            "site_other_authority": "None.", "site_other_clients": "A travel agency on another floor, with its own network.", "site_clearance": "None is asked for.",
            "site_employment_checks": "Identity, five years of history, criminal record.", "site_checks_cover_all": true,
        }],
        "countries": [{
            "country": "IN", "country_conditions": "Power cuts in the monsoon; the site has generators.", "country_enforcement": "Courts are slow; the contract names home courts.",
            "country_misuse_law": "Misuse of computers is an offence by statute.", "country_encryption": "No limit that touches this traffic is known.",
            "country_confidentiality": "no_limits", "country_personal": ["neither"],
        }],
        "exit_plan": "The day team can take the work back within a week.",
        "governing_contact": {
            "name": "Ash Marlow", "role": "Service director", "organisation": "Halyard Systems", "email": "ash.marlow@halyard.example",
            "telephone": "020 7946 0000", "address": "1 Quay Street, Whitby", "responsibility": "Answers for the night desk.",
        },
        "contact_informed": true,
    })
}

/// The same, with the first site chosen from the register.
pub(super) fn at_site(mut answers: Value, site: Uuid) -> Value {
    answers["sites"][0]["site_registered"] = json!(site.to_string());
    answers
}

/// A print shop abroad that reaches nothing of the authority's.
pub(super) fn leaflets(party: Uuid, title: &str) -> Value {
    let mut all = night_desk(party, title);
    all["kinds"] = json!(["service"]);
    all["reach"] = json!("reaches_nothing");
    all["exemption_facts"] = json!("Only public leaflets are printed, from files that are on our public site already.");
    all["business_description"] = json!("Leaflets are printed and shipped.");
    all["sites"][0]["site_activities"] = json!(["service"]);
    all
}

/// A draft that has only just been begun.
pub(super) fn begun(party: Uuid, title: &str) -> Value {
    json!({
        "work_title": title, "certainty": "possible", "kinds": ["support"], "reach": "not_known",
        "work_party": party.to_string(), "business_description": "Repairs of the booking desk outside office hours.",
    })
}
