//! A whole case as one archive: what each side gets, and that the auditors' program accepts it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::http::{StatusCode, header};
use ledger::verify::{Options, Outcome};
use platform::cases::rounds;
use platform::{Cx, Error};
use rules::form::FrozenDocument;
use serde_json::Value;
use testkit::both_engines;

use super::crawl::{self, Town};
use crate::migrations::migrations;
use crate::offshoring::act;

/// The files of a verified archive.
async fn archive(cx: &Cx, town: &Town) -> BTreeMap<String, Vec<u8>> {
    let made = act::archive(cx, town.proposal).await.unwrap();
    assert_eq!(made.name, "OFF-2026-000001.zip");
    let key = Some(cx.core().ledger_key.public().clone());
    let report = ledger::archive::verify(made.bytes.as_slice(), &Options { key: key.clone(), after: None });
    assert_eq!(report.outcome, Outcome::Verified, "{report}");
    for at in [0, 40, made.bytes.len() / 3, made.bytes.len() / 2, made.bytes.len() - 3] {
        let mut changed = made.bytes.clone();
        changed[at] ^= 4;
        let report = ledger::archive::verify(changed.as_slice(), &Options { key: key.clone(), after: None });
        assert_ne!(report.outcome.exit_code(), 0, "byte {at}");
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(made.bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

fn said(files: &BTreeMap<String, Vec<u8>>, text: &str) -> bool {
    files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(text))
}

fn actions(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let lines = String::from_utf8(files["entries.jsonl"].clone()).unwrap();
    lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["action"].as_str().unwrap().to_owned()).collect()
}

/// The sealed answers of a document, as texts.
fn sealed(document: &FrozenDocument) -> Vec<String> {
    let all = document
        .sections
        .iter()
        .flat_map(|section| &section.answers)
        .flat_map(|answer| std::iter::once(answer).chain(answer.entries.iter().flatten()));
    all.filter(|answer| answer.sensitive).filter_map(|answer| answer.value.as_str()).map(str::to_owned).collect()
}

both_engines!(migrations, /// OWN-4: the authority's archive of a case holds all of it, with a proof of every entry about it, its own among them.
async fn own_4_a_whole_case_is_taken_out(db) {
    let town = Town::new(db).await;
    let cx = &town.manager.cx;
    let files = archive(cx, &town).await;
    let of = crate::offshoring::store::load(cx.db(), town.world.case(town.proposal).await).await.unwrap();
    let round = rounds::submissions(cx, cx.db(), &of.case).await.unwrap().remove(0);
    assert_eq!(Some(&files["round-1/answers.json"]), round.document.as_ref(), "the very bytes whose digest the ledger has");
    let hidden = sealed(&FrozenDocument::from_bytes(&files["round-1/answers.json"]).unwrap());
    assert!(!hidden.is_empty());
    let html = String::from_utf8(files["round-1/answers.html"].clone()).unwrap();
    assert!(html.contains(&round.digest) && html.starts_with("<!DOCTYPE html>") && !html.contains("<script"));
    for text in ["Please name the guards of the Pune office", "Hush: Halyard was late before", "Send the plan of the Pune office"] {
        assert!(String::from_utf8_lossy(&files["case.html"]).contains(text), "{text}");
        assert!(String::from_utf8_lossy(&files["case.json"]).contains(text), "{text}");
    }
    assert!(files["papers/1-proposal.pdf"].starts_with(b"%PDF"));
    let told = actions(&files);
    assert!(told.contains(&"proposal.submit".to_owned()) && told.contains(&"proposal.note".to_owned()), "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("proposal.archive"));
    assert!(files.contains_key("details.jsonl"));
    let history: Value = serde_json::from_slice(&files["case.json"]).unwrap();
    assert_eq!(history["history"].as_array().unwrap().len(), told.len());

    // Who may not have sealed answers shown gets none.
    let owner = town.world.official("owner").await;
    let files = archive(&owner.cx, &town).await;
    for text in &hidden {
        assert!(!said(&files, text), "{text}");
    }
    assert!(said(&files, "Left out of this archive"));

    // By the button.
    let mut browser = town.manager.browser(&town.world);
    let page = browser.get(&format!("/proposals/{}", town.proposal)).await;
    let answer = browser.submit_only(&page, "/archive", &[]).await;
    assert_eq!((answer.status, answer.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/zip"));
    assert!(answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("OFF-2026-000001.zip"));
});

both_engines!(migrations, /// OWN-3, OWN-4: the supplier's archive is its own side of the case; nobody gets another's.
async fn own_4_a_supplier_takes_its_own_side_out(db) {
    let town = Town::new(db).await;
    let files = archive(&town.lead.cx, &town).await;
    assert!(said(&files, "Please name the guards of the Pune office"));
    for text in ["Hush", "late before"] {
        assert!(!said(&files, text), "{text}");
    }
    assert!(!files.contains_key("details.jsonl"), "details repeat what the authority writes to itself");
    let told = actions(&files);
    assert!(told.contains(&"proposal.submit".to_owned()) && !told.iter().any(|action| action == "proposal.note" || action == "proposal.judge"), "{told:?}");
    let json: Value = serde_json::from_slice(&files["case.json"]).unwrap();
    assert!(json["facts"].get("rating").is_none());
    assert!(json["history"].as_array().unwrap().iter().all(|line| line["by"] != "" && line["action"] != "proposal.judge"));

    let member = town.world.person("supplier_member", town.world.lead.0).await;
    assert!(matches!(act::archive(&member.cx, town.proposal).await, Err(Error::Refused(refusal)) if !refusal.hidden));
    let other = town.world.person("supplier_lead", town.world.other.0).await;
    assert!(matches!(act::archive(&other.cx, town.proposal).await, Err(Error::Refused(refusal)) if refusal.hidden));
    assert!(matches!(act::archive(&town.lead.cx, town.draft).await, Err(Error::Refused(_))), "a draft is no case yet");
    let mut browser = other.browser(&town.world);
    let csrf = crawl::csrf(&mut browser).await;
    let page = crawl::send(&mut browser, &format!("/proposals/{}/archive", town.proposal), &[("csrf", &csrf)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// OWN-4: where the case's key was destroyed, its archive says so, brings the entry that did it, and is still verified.
async fn own_4_what_was_destroyed_stays_so_in_the_archive(db) {
    let town = Town::new(db).await;
    let cx = town.world.app.operator();
    let of = crate::offshoring::store::load(cx.db(), town.world.case(town.proposal).await).await.unwrap();
    let tx = cx.begin().await.unwrap();
    let permit = cx.permit("proposal.archive", &of).unwrap();
    assert!(cx.destroy_key(&tx, &format!("proposal:{}", town.proposal)).await.unwrap());
    cx.commit(tx, permit, [platform::cx::Entry::on("proposal.archive", &of)]).await.unwrap();
    let made = act::archive(&town.manager.cx, town.proposal).await.unwrap();
    let report = ledger::archive::verify(made.bytes.as_slice(), &Options::default());
    assert!(report.outcome == Outcome::Verified && report.destroyed > 0, "{report}");
    assert!(!String::from_utf8_lossy(&made.bytes).contains("Hush"));
});
