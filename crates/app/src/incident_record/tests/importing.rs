//! Bringing in what others recorded.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use platform::Error;
use platform::authz::Side;
use platform::book;
use serde_json::{Value, json};
use testkit::both_engines;

use super::{everything, incident, take};
use crate::incident::tests::reported;
use crate::incident_record::act::{self, Figures, Outcome, Told};
use crate::incident_record::model::Details;
use crate::incident_record::store;
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};

fn outcomes(told: &[Told]) -> Vec<Outcome> {
    told.iter().map(|one| one.outcome).collect()
}

async fn size(world: &World) -> u64 {
    book::size(world.app.core.db.reader()).await.unwrap()
}

both_engines!(migrations, /// SEC-21, SEC-24, SEC-X1e: records come in with names and dates as they were, our categories and the regulator's type, and references of the
/// numbers that our own incidents have; the same again changes nothing.
async fn sec_24_records_come_in_once(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    assert_eq!(reported(&lead.cx, world.lead.1).await.reference.as_deref(), Some("INC-2026-000001"));
    let row = json!({ "id": "r-1", "year": 2019, "victim": "Fell Trust", "country": ["US"], "actors": ["external"],
        "action": { "hacking": { "variety": ["Brute force"], "vector": ["Web application"] } },
        "attribute": { "confidentiality": { "data_disclosure": "Yes", "data_total": 12 } }, "summary": "Accounts were opened.",
        "notified": { "year": 2019, "month": 6 } });
    let file = [incident("1", "Tarn Borough Council"), row, json!({ "schema_version": "1.4.1", "timeline": { "incident": { "year": 2020 } } })];
    let before = size(&world).await;
    let told = take(&security.cx, &file).await;
    assert_eq!(outcomes(&told), [Outcome::Imported, Outcome::Imported, Outcome::Quarantined]);
    assert_eq!(size(&world).await, before + 1, "an entry for the batch");
    assert_eq!((told[0].id.as_deref(), told[0].reference.as_deref()), (Some("1"), Some("INC-2026-000002")));
    assert_eq!(told[0].categories, ["theft"]);
    assert_eq!(told[1].categories, ["unauthorised_access"]);
    assert!(told[2].reference.is_none() && told[2].reasons[0].starts_with("missing: $.incident_id"), "{:?}", told[2]);
    let all = everything(&world).await;
    let [one, two] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((one.victim.as_deref(), one.happened.as_deref(), one.year.as_deref()), (Some("Tarn Borough Council"), Some("2024-05-08"), Some("2024")));
    assert_eq!((one.partners.as_deref(), one.signs.as_str(), one.categories.as_str()), (Some("Gannet Couriers"), ".actor.", ".theft."));
    assert_eq!((one.regulator_type.as_str(), one.regulator_category.as_str()), ("Loss/theft of device containing personal data", "Non Cyber"));
    assert_eq!((two.notified.as_deref(), two.country.as_deref(), two.regulator_type.as_str()), (Some("2019-06"), Some("US"), "Brute Force"));
    assert_eq!(two.source, None);
    // What is stored is all that was said.
    assert_eq!(one.says().unwrap().third_parties().collect::<Vec<_>>(), ["Gannet Couriers"]);
    let again = take(&security.cx, &file).await;
    assert_eq!(outcomes(&again), [Outcome::Unchanged, Outcome::Unchanged, Outcome::Quarantined]);
    assert_eq!((&again[0].reference, &again[1].reference), (&told[0].reference, &told[1].reference));
    assert_eq!((everything(&world).await.len(), size(&world).await), (2, before + 1), "nothing is written where nothing is new");
    // The next incident of ours goes on from there.
    assert_eq!(reported(&lead.cx, world.lead.1).await.reference.as_deref(), Some("INC-2026-000004"));
    let mut figures = Figures::default();
    figures.count(&again);
    assert_eq!(figures, Figures { read: 3, imported: 0, unchanged: 2, quarantined: 1 });
});

both_engines!(migrations, /// SEC-24: nothing that is here is written over, whether what differs comes in the same file or later; the same id of another source is another
/// incident.
async fn sec_24_other_content_is_put_aside(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let first = incident("1", "Tarn Borough Council");
    let mut other = first.clone();
    other["victim"]["victim_id"] = json!("Moor Trust");
    let mut elsewhere = other.clone();
    elsewhere["source_id"] = json!("Another watch");
    let told = take(&security.cx, &[first.clone(), other.clone(), first.clone(), elsewhere]).await;
    assert_eq!(outcomes(&told), [Outcome::Imported, Outcome::Quarantined, Outcome::Unchanged, Outcome::Imported]);
    assert!(told[1].reasons[0].starts_with("duplicate: "), "{:?}", told[1]);
    assert_eq!(told[2].reference, told[0].reference);
    assert_eq!(told[2].categories, ["theft"]);
    let later = take(&security.cx, &[other.clone(), other]).await;
    assert_eq!(outcomes(&later), [Outcome::Quarantined, Outcome::Quarantined]);
    assert_eq!(later[0].reference, told[0].reference);
    assert!(later[0].reasons[0].starts_with("other-content: INC-2026-000001 came from the same source"), "{:?}", later[0]);
    let all = everything(&world).await;
    assert_eq!(all.iter().map(|row| row.victim.as_deref().unwrap()).collect::<Vec<_>>(), ["Tarn Borough Council", "Moor Trust"]);
    // Removed, it comes in as another.
    act::remove(&security.cx, all[0].id, all[0].version, "It was somebody else.").await.unwrap();
    let anew = take(&security.cx, &[first]).await;
    assert_eq!((anew[0].outcome, anew[0].reference.as_deref()), (Outcome::Imported, Some("INC-2026-000003")));
});

both_engines!(migrations, /// SEC-25: data about people in what was written is masked before it is kept, in the document too, and told by kind; so masked, it is the same again.
async fn sec_25_data_about_people_is_masked(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let mut one = incident("1", "Tarn Borough Council");
    one["summary"] = json!("The form of sam.bell@customers.example went astray.");
    one["notes"] = json!("Ring 020 7946 0000.");
    let told = take(&security.cx, &[one.clone()]).await;
    assert_eq!(told[0].outcome, Outcome::Imported);
    assert_eq!(told[0].reasons.len(), 2);
    assert!(told[0].reasons[0].starts_with("masked: $.summary held data about people"), "{:?}", told[0]);
    let row = everything(&world).await.remove(0);
    for secret in ["sam.bell", "7946"] {
        assert!(!row.document.contains(secret) && !row.summary.as_deref().unwrap().contains(secret), "{secret}");
        assert!(!told[0].reasons.iter().any(|reason| reason.contains(secret)), "{secret}");
    }
    assert!(row.summary.unwrap().contains("went astray"));
    assert_eq!(outcomes(&take(&security.cx, &[one]).await), [Outcome::Unchanged]);
});

both_engines!(migrations, /// SEC-21: a record is tied to the one supplier that it names, as victim or as who did it; nobody is added, and of two of one name none is taken.
async fn sec_21_the_supplier_that_is_named(db) {
    let world = World::new(db).await;
    let security = world.official("security").await;
    let gannet = world.app.party(Side::Supplier, "Gannet Couriers").await;
    let twins = [world.app.party(Side::Supplier, "Twin Works").await, world.app.party(Side::Supplier, "TWIN works").await];
    let mut nobody = incident("3", "Twin works");
    nobody["actor"] = json!({ "unknown": {} });
    let told = take(&security.cx, &[incident("1", "Tarn Borough Council"), incident("2", "Halyard Systems"), nobody]).await;
    assert_eq!(told.len(), 3);
    let parties: Vec<_> = everything(&world).await.into_iter().map(|row| row.party).collect();
    assert_eq!(parties, [Some(gannet), None, None], "one named; two; one of two of a name");
    assert!(crate::party::store::called(security.cx.db(), "Tarn Borough Council").await.unwrap().is_empty());
    // Somebody says which.
    let of = everything(&world).await.remove(2);
    act::change(&security.cx, of.id, 1, &Details { party: Some(twins[0]) }).await.unwrap();
    assert!(matches!(act::change(&security.cx, of.id, 1, &Details { party: None }).await, Err(Error::Stale(_))));
    let wrong = act::change(&security.cx, of.id, 2, &Details { party: Some(world.authority) }).await;
    assert!(matches!(wrong, Err(Error::Invalid(errors)) if errors.get("party").is_some()));
    assert_eq!(store::get(security.cx.db(), of.id).await.unwrap().party, Some(twins[0]));
    // Tied otherwise, it still says the same.
    let mut nobody = incident("3", "Twin works");
    nobody["actor"] = json!({ "unknown": {} });
    assert_eq!(outcomes(&take(&security.cx, &[nobody]).await), [Outcome::Unchanged]);
});

both_engines!(migrations, /// OWN-3: security and the operator bring in and remove; others of the authority read; a supplier knows of nothing.
async fn own_3_who_keeps_records(db) {
    let world = World::new(db).await;
    take(&world.app.operator(), &[incident("1", "Tarn Borough Council")]).await;
    let row = everything(&world).await.remove(0);
    for role in ["contract_manager", "administrator", "internal_audit"] {
        let person = world.official(role).await;
        refused_by(act::import(&person.cx, &[("a", &b"{}"[..])]).await, "nothing-permits");
        refused_by(act::remove(&person.cx, row.id, 1, "Why not.").await, "nothing-permits");
        refused_by(act::change(&person.cx, row.id, 1, &Details::default()).await, "nothing-permits");
        act::take_out(&person.cx, row.id).await.unwrap();
    }
    let lead = world.person("supplier_lead", world.lead.0).await;
    refused_by(act::take_out(&lead.cx, row.id).await, "nothing-permits");
    let security = world.official("security").await;
    assert!(matches!(act::remove(&security.cx, row.id, 1, " ").await, Err(Error::Invalid(_))));
    assert!(matches!(act::remove(&security.cx, row.id, 9, "Wrong.").await, Err(Error::Stale(_))));
    act::remove(&security.cx, row.id, 1, "Wrong.").await.unwrap();
    assert!(matches!(act::take_out(&security.cx, row.id).await, Err(Error::NotFound)));
    let told = book::timeline(&world.app.operator(), "incident_record", &row.id.to_string(), 10).await.unwrap();
    assert_eq!(told.last().map(|line| line.action.as_str()), Some("incident_record.remove"));
});

both_engines!(migrations, /// SEC-24: packed files come in as others do; of one that breaks off what came before is kept, and a bomb is not unpacked.
async fn sec_24_packed_files(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let lines: Vec<String> = (0..1_200).map(|n| incident(&format!("{n:04} {}", n * 7_919 % 1_009), &format!("Victim {n}")).to_string()).collect();
    let packed = |bytes: &[u8]| {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let whole = packed(lines.join("\n").as_bytes());
    let cut = act::import(&cx, &[("cut.jsonl.gz", &whole[..whole.len() / 2])]).await;
    assert!(matches!(cut, Err(Error::Invalid(_))), "{cut:?}");
    let some = everything(&world).await.len();
    assert!((1..1_200).contains(&some), "{some}");
    let told = act::import(&cx, &[("whole.jsonl.gz", whole.as_slice())]).await.unwrap();
    let mut figures = Figures::default();
    figures.count(&told);
    assert_eq!(figures, Figures { read: 1_200, imported: 1_200 - some, unchanged: some, quarantined: 0 });
    let references: Vec<String> = everything(&world).await.into_iter().map(|row| row.reference).collect();
    assert_eq!(references, (1..=1_200).map(|n| format!("INC-2026-{n:06}")).collect::<Vec<_>>(), "no gap");
    // What is no file of incidents is told, and a bomb does not fill the memory.
    let told = act::import(&cx, &[("odd", &b"\xff\xfe nothing"[..])]).await.unwrap();
    assert_eq!(outcomes(&told), [Outcome::Quarantined]);
    assert!(act::import(&cx, &[("none", &b"  \n"[..])]).await.unwrap().is_empty());
    let long = Value::String("x".repeat(9 << 20)).to_string();
    let told = act::import(&cx, &[("long", format!("{{\"incident_id\":{long}}}\n{}", lines[0]).as_bytes())]).await.unwrap();
    assert_eq!(outcomes(&told), [Outcome::Quarantined, Outcome::Unchanged]);
    assert!(told[0].reasons[0].starts_with("too-large: "), "{:?}", told[0]);
    let bomb = packed(&vec![b' '; 96 << 20]);
    assert!(matches!(act::import(&cx, &[("bomb.gz", bomb.as_slice())]).await, Err(Error::Invalid(_))));
});
