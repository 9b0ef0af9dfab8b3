//! Incidents in VERIS: ours and those that others recorded, valid by its schema, and coming back as what they are.

use platform::cx::Cx;
use platform::error::Error;
use rules::incident::{Action, Facts, Whereabouts};
use rules::regulator::incident_type;
use rules::veris::{categories, facts, read};
use serde_json::{Value, json};
use testkit::both_engines;
use uuid::Uuid;

use super::{everything, incident, take};
use crate::incident::act as ours;
use crate::incident::model::Verdict;
use crate::incident::tests::{first, report};
use crate::incident_record::act::{self, Outcome};
use crate::incident_record::whole;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{Person, World, refused_by};

/// The schema of VERIS 1.4.1, where the shared data is at hand.
fn schema() -> Option<jsonschema::Validator> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/veris/verisc-merged.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(file).ok()?).unwrap();
    Some(jsonschema::options().with_draft(jsonschema::Draft::Draft4).build(&schema).unwrap())
}

fn valid(document: &Value) {
    if let Some(schema) = schema() {
        let faults: Vec<String> = schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
    }
}

async fn given(cx: &Cx, id: Uuid) -> Value {
    serde_json::from_slice(&ours::take_out(cx, id).await.unwrap().bytes).unwrap()
}

async fn version(world: &World, id: Uuid) -> i32 {
    crate::incident::store::get(world.app.core.db.reader(), id).await.unwrap().case.version
}

/// A report of a lost laptop, in answers of several sections.
fn full() -> Value {
    let mut answers = first();
    for (name, value) in json!({
        "asset_involved": true, "actions": ["lost"], "whereabouts": "outside", "cyber": false, "circumstances": ["device"],
        "found_by": "staff", "subjects": ["customers", "children"], "numbers_known": "counted", "people": 38, "records": 40, "encrypted": false, "notified": true,
        "data": [
            { "data_type": "basic_personal_identifiers", "data_medium": "device", "data_records": 40, "data_detail": "names" },
            { "data_type": "health", "data_medium": "paper" },
        ],
        "notifications": [{ "notified_who": "regulator", "notified_name": "The regulator", "notified_at": { "date": "2026-03-02", "time": "12:05" } }],
    })
    .as_object()
    .unwrap()
    {
        answers[name] = value.clone();
    }
    answers
}

/// An incident of ours on which security decided.
async fn decided(world: &World, lead: &Person, security: &Person, verdict: Verdict) -> Uuid {
    let id = ours::report(&lead.cx, &report(world.lead.1, full())).await.unwrap().id;
    world.app.advance(60_000);
    ours::take_up(&security.cx, id, version(world, id).await).await.unwrap();
    let facts = Facts {
        asset_involved: Some(true),
        actions: Some([Action::Lost].into()),
        whereabouts: Some(Whereabouts::Outside),
        ..Facts::default()
    };
    ours::triage(&security.cx, id, version(world, id).await, &facts, None).await.unwrap();
    world.app.advance(60_000);
    ours::decide(&security.cx, id, version(world, id).await, verdict, "As the tests advise.").await.unwrap();
    id
}

both_engines!(migrations, /// SEC-24, SEC-27, SEC-X1e: an incident of ours is given out valid by the schema of VERIS, from its report on; what was decided is what others read of it,
/// and that it was given is in the ledger first.
async fn sec_24_an_incident_of_ours_in_veris(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let early = ours::report(&lead.cx, &report(world.lead.1, first())).await.unwrap();
    let document = given(&security.cx, early.id).await;
    valid(&document);
    assert_eq!((&document["incident_id"], &document["security_incident"]), (&json!("INC-2026-000001"), &json!("Suspected")));
    assert_eq!(document["timeline"]["incident"], json!({ "year": 2026, "month": 3, "day": 1, "time": "10:40:00 PM" }));
    assert_eq!(document["timeline"]["discovery"], json!({ "unit": "Hours", "value": 8 }));
    assert!(document["plus"]["vouchsafe"].get("categories").is_none(), "nobody decided yet");
    let id = decided(&world, &lead, &security, Verdict::Incident).await;
    let document = given(&security.cx, id).await;
    valid(&document);
    let text = document.to_string();
    for word in ["Confirmed", "Loss", "U - Unknown", "M - Documents", "Medical", "Stored unencrypted", "Customer", "Other", "External", "12:05:00 PM"] {
        assert!(text.contains(word), "{word}: {document:#}");
    }
    for secret in ["night desk", "7946", "Halyard", "The regulator"] {
        assert!(!text.contains(secret), "{secret}: {document:#}");
    }
    let back = read(&text).unwrap();
    assert_eq!(categories(&back), [rules::incident::Category::Loss]);
    assert_eq!(incident_type(&facts(&back)).label(), "Loss/theft of device containing personal data");
    let none = decided(&world, &lead, &security, Verdict::NotIncident).await;
    let document = given(&security.cx, none).await;
    valid(&document);
    assert_eq!(document["security_incident"], "False positive");
    let ledger = crate::incident::tests::entries(&world, id).await;
    assert_eq!(ledger.last().map(|(action, about)| (action.as_str(), about["format"].as_str())), Some(("incident.take_out", "veris")));
    refused_by(ours::take_out(&lead.cx, id).await, "nothing-permits");
    let other = world.person("supplier_lead", world.other.0).await;
    refused_by(ours::take_out(&other.cx, id).await, "nothing-permits");
});

both_engines!(migrations, /// SEC-24: what a file says of an incident of ours is held against it: the same is unchanged, anything else is put aside, and nothing is taken.
async fn sec_24_our_own_export_returns_unchanged(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let id = decided(&world, &lead, &security, Verdict::Incident).await;
    let document = given(&security.cx, id).await;
    let mut changed = document.clone();
    changed["summary"] = json!("Nothing happened.");
    let mut unknown = document.clone();
    unknown["incident_id"] = json!("INC-2026-000099");
    unknown["plus"]["vouchsafe"]["reference"] = json!("INC-2026-000099");
    let mut before = incident("H-1", "Tarn Borough Council");
    before["source_id"] = document["source_id"].clone();
    let told = take(&security.cx, &[document.clone(), changed, unknown, before]).await;
    let outcomes: Vec<Outcome> = told.iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Quarantined, Outcome::Quarantined, Outcome::Imported], "{told:#?}");
    assert_eq!(told[0].reference.as_deref(), Some("INC-2026-000001"));
    assert_eq!(told[0].categories, ["loss"]);
    assert!(told[2].reasons.last().unwrap().starts_with("none-of-ours: "), "{:?}", told[2]);
    assert_eq!(everything(&world).await.len(), 1, "of the authority's own, what it recorded elsewhere alone");
    // Alone, what was changed is held against ours, not against what came before in the file.
    let mut changed = document.clone();
    changed["summary"] = json!("Nothing happened.");
    let told = take(&security.cx, &[changed]).await;
    assert!(told[0].reasons.last().unwrap().starts_with("not-what-ours-says: "), "{:?}", told[0]);
    // What was true of it once is no more.
    world.app.advance(60_000);
    ours::close(&security.cx, id, version(&world, id).await, "Nobody leaves a laptop again.").await.unwrap();
    assert_eq!(take(&security.cx, std::slice::from_ref(&document)).await[0].outcome, Outcome::Unchanged, "closing changes nothing that VERIS tells");
});

both_engines!(migrations, /// SEC-25: data about people goes out masked, and a text that was declared essential not at all.
async fn sec_25_what_is_withheld_stays_here(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let security = world.official("security").await;
    let mut answers = first();
    answers["what_happened"] = json!("We sent the booking of sam.bell@customers.example to another customer.");
    let id = ours::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap().id;
    let document = given(&security.cx, id).await;
    valid(&document);
    let said = document["summary"].as_str().unwrap();
    assert!(said.starts_with("We sent the booking of ") && !said.contains("sam.bell"), "{said}");
    ours::declare(&lead.cx, id, version(&world, id).await, "what_happened", "The police ask for it.").await.unwrap();
    let document = given(&security.cx, id).await;
    valid(&document);
    assert_eq!(document["summary"], "");
});

both_engines!(migrations, /// SEC-24: records go out as they came in, valid by the schema, one by one and all together; brought in again they are unchanged, here and elsewhere.
async fn sec_24_records_go_out_as_they_came(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let row = json!({ "id": "r-1", "year": 2019, "victim": "Fell Trust ", "country": ["US"], "actors": ["external", "internal"], "motive": ["Spite"],
        "action": { "hacking": { "variety": ["Use of teapots"], "vector": ["Web application"] } }, "asset": ["S - Web application"],
        "attribute": { "confidentiality": { "data_disclosure": "Yes", "data_total": 12 } }, "summary": "Ring 020 7946 0000.",
        "notified": { "year": 2019, "month": 6 } });
    take(&security.cx, &[incident("1", "Tarn Borough Council"), row]).await;
    let mut documents = Vec::new();
    for row in everything(&world).await {
        let given = act::take_out(&security.cx, row.id).await.unwrap();
        assert_eq!(given.name, format!("{}.veris.json", row.reference));
        let document: Value = serde_json::from_slice(&given.bytes).unwrap();
        valid(&document);
        assert_eq!(document["plus"]["vouchsafe"]["reference"], row.reference);
        documents.push(document);
    }
    let again = take(&security.cx, &documents).await;
    assert!(again.iter().all(|one| one.outcome == Outcome::Unchanged), "{again:#?}");
    // All together, narrowed as the list is.
    let list = whole::list("incident-records").unwrap();
    let (bytes, rows) = whole::take(&security.cx, list, "", Vec::new()).await.unwrap();
    assert_eq!((rows, String::from_utf8(bytes).unwrap().lines().count()), (2, 2));
    let (bytes, rows) = whole::take(&security.cx, list, "categories=theft", Vec::new()).await.unwrap();
    assert_eq!((rows, serde_json::from_slice::<Value>(&bytes).unwrap()["incident_id"].clone()), (1, json!("1")));
    let lead = world.person("supplier_lead", world.lead.0).await;
    assert!(matches!(whole::take(&lead.cx, list, "", Vec::new()).await, Err(Error::Refused(_))));
    let id = ours::report(&lead.cx, &report(world.lead.1, first())).await.unwrap().id;
    let (bytes, rows) = whole::take(&security.cx, whole::list("incidents").unwrap(), "", Vec::new()).await.unwrap();
    assert_eq!((rows, serde_json::from_slice::<Value>(&bytes).unwrap()), (1, given(&security.cx, id).await));
    assert!(matches!(whole::take(&lead.cx, whole::list("incidents").unwrap(), "", Vec::new()).await, Err(Error::Refused(_))));
    assert!(whole::list("sites").is_none());
});
