//! The screens of the register.

use axum::http::{StatusCode, header};
use serde_json::json;
use testkit::{Browser, Page, both_engines};

use super::{entered, everything, incident, take};
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

async fn upload(browser: &mut Browser, name: &str, bytes: &[u8]) -> Page {
    let page = browser.get("/incident-records/import").await;
    let (to, fields) = page.fill("/incident-records/import", &[]);
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    if !name.is_empty() {
        body.extend(format!("--mark\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--mark--\r\n");
    browser.upload_raw(&to, body).await
}

both_engines!(migrations, /// SEC-21, SEC-24: security brings a file in on a page, reads what became of each incident, finds one by a name, ties it to a supplier, takes it out and
/// removes it.
async fn sec_24_records_on_pages(db) {
    let world = World::new(db).await;
    let mut browser = world.official("security").await.browser(&world);
    let empty = browser.get("/incident-records").await;
    assert!(empty.text().contains("No incident records yet") && empty.body.contains("/incident-records/import"), "{}", empty.text());
    assert_eq!(upload(&mut browser, "", b"").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let none = upload(&mut browser, "none.json", b"\n").await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("no incident in what you chose"), "{}", none.text());
    let broken = upload(&mut browser, "broken.gz", b"\x1f\x8b\x08\x00").await;
    assert!(broken.status == StatusCode::UNPROCESSABLE_ENTITY && broken.text().contains("does not unpack"), "{}", broken.text());
    let mut noted = incident("2", "Moor Trust");
    noted["summary"] = json!("Ring 020 7946 0000.");
    noted["action"] = json!({ "error": { "variety": ["Loss", "Misdelivery"], "vector": ["Carelessness"] } });
    let file = [incident("1", "Tarn Borough Council").to_string(), noted.to_string(), "{\"year\": 2020}".to_owned()].join("\n");
    let done = upload(&mut browser, "watch.jsonl", file.as_bytes()).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    for word in ["What became of the incidents", "is no incident", "INC-2026-000002", "masked before it was kept"] {
        assert!(done.text().contains(word), "{word}: {}", done.text());
    }
    let list = browser.get("/incident-records").await;
    for word in ["Tarn Borough Council", "Moor Trust", "Disclosure, Loss", "2024-05-08", "Theft"] {
        assert!(list.text().contains(word), "{word}: {}", list.text());
    }
    // By any of its categories, by the beginning of any name, by the reference.
    for (query, finds) in [
        ("?categories=disclosure", &["Moor Trust"][..]),
        ("?categories=loss", &["Moor Trust"]),
        ("?categories=theft", &["Tarn Borough Council"]),
        ("?categories=damage", &[]),
        ("?q=gannet&categories=theft", &["Tarn Borough Council"]),
        ("?q=borough", &["Tarn Borough Council"]),
        ("?q=INC-2026-000002", &["Moor Trust"]),
        ("?year=2024&signs=actor", &["Tarn Borough Council", "Moor Trust"]),
        ("?year=2023", &[]),
        ("?categories=%25", &[]),
    ] {
        let text = browser.get(&format!("/incident-records{query}")).await.text();
        for victim in ["Tarn Borough Council", "Moor Trust"] {
            assert_eq!(text.contains(victim), finds.contains(&victim), "{query}: {text}");
        }
    }
    let row = everything(&world).await.remove(0);
    let at = format!("/incident-records/{}", row.id);
    let page = browser.get(&at).await;
    for word in ["A disk with payslips", "Harbour watch", "Loss/theft of device", "Gannet Couriers", "They did it", "2 March 2026"] {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    let change = browser.get(&format!("{at}/change")).await;
    let lead = world.lead.0.to_string();
    let done = browser.submit_only(&change, &format!("{at}/change"), &[("party", &lead)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = browser.get(&at).await;
    assert!(page.text().contains("Halyard Systems") && page.text().contains("Changed"), "{}", page.text());
    let out = browser.submit_only(&page, &format!("{at}/veris"), &[]).await;
    assert_eq!(out.headers[header::CONTENT_TYPE], "application/json");
    assert!(out.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("INC-2026-000001.veris.json"));
    assert!(out.body.contains("\"incident_id\": \"1\""), "{}", out.body);
    let asked = browser.get(&format!("{at}/remove")).await;
    let unsaid = browser.submit(&asked, &format!("{at}/remove"), &[("reason", " ")]).await;
    assert!(unsaid.status == StatusCode::UNPROCESSABLE_ENTITY && unsaid.text().contains("Say why"), "{}", unsaid.text());
    let done = browser.submit_only(&unsaid, &format!("{at}/remove"), &[("reason", "It was ours.")]).await;
    assert_eq!((done.status, done.location().as_str()), (StatusCode::SEE_OTHER, "/incident-records"));
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/incident-records?q=tarn").await.text().contains("Tarn Borough Council"));
});

both_engines!(migrations, /// OWN-3: others of the authority read and are offered nothing else; a supplier finds no such page. An incident of ours has its button where it may be taken out.
async fn own_3_what_is_offered_to_whom(db) {
    let world = World::new(db).await;
    let id = entered(&world.app.operator(), "Tarn Borough Council").await;
    take(&world.app.operator(), &[incident("2", "Moor Trust")]).await;
    let at = format!("/incident-records/{id}");
    let mut audit = world.official("internal_audit").await.browser(&world);
    let (list, page) = (audit.get("/incident-records").await, audit.get(&at).await);
    assert!(list.has_form("/incident-records/export") && !list.body.contains("/incident-records/import"), "{}", list.text());
    assert!(page.has_form("/veris") && !page.body.contains("/remove") && !page.body.contains("/change"), "{}", page.text());
    assert_eq!(audit.get("/incident-records/import").await.status, StatusCode::NOT_FOUND);
    assert_eq!(audit.get(&format!("{at}/remove")).await.status, StatusCode::FORBIDDEN);
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    for path in ["/incident-records", "/incident-records/import", &at] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!browser.get("/").await.body.contains("/incident-records"));
    let case = crate::incident::tests::reported(&lead.cx, world.lead.1).await;
    let own = browser.get(&format!("/incidents/{}", case.id)).await;
    assert!(!own.has_form("/veris"), "{}", own.text());
    let page = audit.get(&format!("/incidents/{}", case.id)).await;
    let out = audit.submit_only(&page, &format!("/incidents/{}/veris", case.id), &[]).await;
    assert!(out.status == StatusCode::OK && out.body.contains("INC-2026-000003"), "{}", out.text());
});
