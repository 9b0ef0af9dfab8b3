//! A whole case as one archive: what each side gets, and that the auditors' program accepts it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::http::{StatusCode, header};
use futures_util::TryStreamExt as _;
use ledger::verify::{Options, Outcome};
use platform::book::entry;
use platform::cases::rounds;
use platform::{Cx, Error, files};
use rules::form::FrozenDocument;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::Value;
use testkit::both_engines;

use super::crawl::{self, Town};
use crate::migrations::migrations;
use crate::offshoring::act;
use crate::offshoring::tests::world::World;
use crate::testing::attach_at;

/// The bytes of an archive.
async fn taken(cx: &Cx, town: &Town) -> Vec<u8> {
    let made = act::archive(cx, town.proposal).await.unwrap();
    assert_eq!(made.name, "OFF-2026-000001.zip");
    made.bytes.try_collect::<Vec<_>>().await.unwrap().concat()
}

/// The files of a verified archive.
async fn archive(cx: &Cx, town: &Town) -> BTreeMap<String, Vec<u8>> {
    unpacked(cx, taken(cx, town).await)
}

fn unpacked(cx: &Cx, archive: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let key = Some(cx.core().ledger_key.public().clone());
    let report = ledger::archive::verify(archive.as_slice(), &Options { key: key.clone(), after: None });
    assert_eq!(report.outcome, Outcome::Verified, "{report}");
    for at in [0, 40, archive.len() / 3, archive.len() / 2, archive.len() - 3] {
        let mut changed = archive.clone();
        changed[at] ^= 4;
        let report = ledger::archive::verify(changed.as_slice(), &Options { key: key.clone(), after: None });
        assert_ne!(report.outcome.exit_code(), 0, "byte {at}");
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
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
    let made = taken(&town.manager.cx, &town).await;
    let report = ledger::archive::verify(made.as_slice(), &Options::default());
    assert!(report.outcome == Outcome::Verified && report.destroyed > 0, "{report}");
    assert!(!String::from_utf8_lossy(&made).contains("Hush"));
    let files = unpacked(&town.manager.cx, made);
    assert!(files.keys().all(|name| !name.starts_with("files/")), "{:?}", files.keys());
    let told: Value = serde_json::from_slice(&files["case.json"]).unwrap();
    assert_eq!((&told["files"][0]["left_out"], &told["files"][0]["path"]), (&"destroyed".into(), &Value::Null));
    assert!(said(&files, "the key of this file was destroyed"));
});

/// What an archive tells of its files, by their names.
fn listed(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Value> {
    let told: Value = serde_json::from_slice(&files["case.json"]).unwrap();
    told["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (format!("{} {}", one["name"].as_str().unwrap(), one["version"]), one.clone()))
        .collect()
}

async fn reveals(cx: &Cx) -> u64 {
    entry::Entity::find().filter(entry::Column::Action.eq("file.reveal")).count(cx.db()).await.unwrap()
}

both_engines!(migrations, /// OWN-4: an archive holds every version of every file that its reader may have, with its digest; what a scanner finds something in stays here, and
/// that sensitive ones were opened is recorded.
async fn own_4_an_archive_holds_the_files(db) {
    let scanner = testkit::Scanner::new();
    let at = scanner.at.clone();
    let town = Box::pin(Town::grow(World::with(db, |settings| settings.files.clamd = at).await)).await;
    let (manager, lead, id) = (&town.manager.cx, &town.lead.cx, town.proposal);
    let task = format!("task.{}", town.task);
    attach_at(lead, "proposal", id, Some(&task), "Guards (by day).pdf", false).await.unwrap();
    let sensitive = attach_at(manager, "proposal", id, Some("q.network_diagram"), "Networks.pdf", false).await.unwrap();
    attach_at(lead, "proposal", id, None, "Nasty.pdf", false).await.unwrap();
    let newer = [b"%PDF-1.7\nThe second plan\n".to_vec(), vec![b'x'; 3 << 20]].concat();
    let received = files::receive(lead, ("proposal", &id.to_string()), &mut files::AtHand::new(newer.clone())).await.unwrap();
    let about = files::About { name: "Halyard plan.pdf".to_owned(), ..files::About::default() };
    files::add(lead, files::To::Version(town.files[0]), &about, &received).await.unwrap();
    // What was clean when it came is not any more.
    scanner.learns("Nasty.pdf");

    let bytes = taken(manager, &town).await;
    assert_eq!(reveals(manager).await, 1, "opening a sensitive file is recorded");
    let all = unpacked(manager, bytes.clone());
    let told = listed(&all);
    assert_eq!(
        told.keys().collect::<Vec<_>>(),
        ["Guards (by day).pdf 1", "Halyard plan.pdf 1", "Halyard plan.pdf 2", "Hush.pdf 1", "Nasty.pdf 1", "Networks.pdf 1"]
    );
    for (name, one) in told.iter().filter(|(name, _)| *name != "Nasty.pdf 1") {
        let bytes = &all[one["path"].as_str().unwrap()];
        assert_eq!(one["sha256"], hex::encode(ledger::archive::Sum::of(bytes).sha256()), "{name}");
        assert_eq!((one["size"].as_u64(), &one["scanned"], &one["left_out"]), (Some(bytes.len() as u64), &true.into(), &Value::Null), "{name}");
    }
    let place = |name: &str| told[name]["path"].as_str().unwrap().to_owned();
    let second = place("Halyard plan.pdf 2");
    assert!(second.ends_with("-v2-halyard-plan.pdf") && second.replace("-v2-", "-v1-") == place("Halyard plan.pdf 1"), "{second}");
    assert!(place("Guards (by day).pdf 1").ends_with("-v1-guards-by-day.pdf"));
    assert_eq!(all[&second], newer);
    assert_eq!(all[&place("Halyard plan.pdf 1")], b"%PDF-1.7\nHalyard plan.pdf\n");
    assert_eq!(told["Guards (by day).pdf 1"]["belongs_to"], "For the task: Send the plan of the Pune office");
    assert_eq!(told["Networks.pdf 1"]["belongs_to"], "For the question: A diagram of the networks");
    assert_eq!((&told["Nasty.pdf 1"]["path"], &told["Nasty.pdf 1"]["left_out"]), (&Value::Null, &"harmful".into()));
    let page = String::from_utf8(all["case.html"].clone()).unwrap();
    assert!(page.contains("Left out: the virus scanner finds something in this file now.") && page.contains(&second), "{page}");
    assert!(!all.values().any(|bytes| bytes.starts_with(b"%PDF-1.7\nNasty")));
    let added = actions(&all).iter().filter(|action| *action == "file.add").count();
    assert_eq!((added, actions(&all).iter().filter(|action| *action == "file.reveal").count()), (6, 1));

    // Any byte of a file, or a file cut out.
    let at = bytes.windows(15).position(|part| part == b"The second plan").unwrap();
    let mut changed = bytes.clone();
    changed[at] ^= 1;
    assert_eq!(ledger::archive::verify(changed.as_slice(), &Options::default()).outcome.exit_code(), 1);
    // Its header, its name, its bytes.
    let begins = at - 9 - second.len() - 30;
    assert_eq!(&bytes[begins..begins + 4], b"PK\x03\x04");
    let without = [&bytes[..begins], &bytes[at - 9 + newer.len()..]].concat();
    assert_eq!(ledger::archive::verify(without.as_slice(), &Options::default()).outcome.exit_code(), 1);

    // Who may not open sealed answers gets no sensitive file, and nothing is recorded of one.
    let owner = town.world.official("owner").await;
    let theirs = listed(&archive(&owner.cx, &town).await);
    assert!(!theirs.contains_key("Networks.pdf 1") && theirs.contains_key("Hush.pdf 1"), "{:?}", theirs.keys());
    assert_eq!(reveals(manager).await, 1);
    // The supplier's side gets none that stays within the authority.
    let theirs = listed(&archive(lead, &town).await);
    assert!(!theirs.contains_key("Hush.pdf 1") && theirs["Networks.pdf 1"]["by"] == "the authority", "{theirs:?}");
    assert_eq!(reveals(manager).await, 2, "{sensitive}");
});

both_engines!(migrations, /// OWN-4: an archive is sent as it is made: of a large file no more than a portion is held.
async fn own_4_an_archive_is_a_stream(db) {
    let town = Town::new(db).await;
    let lead = &town.lead.cx;
    let large = [b"%PDF-1.7\n".to_vec(), vec![b'x'; 24 << 20]].concat();
    let received = files::receive(lead, ("proposal", &town.proposal.to_string()), &mut files::AtHand::new(large)).await.unwrap();
    let about = files::About { name: "Large.pdf".to_owned(), ..files::About::default() };
    files::add(lead, files::To::Thing("proposal", &town.proposal.to_string(), None), &about, &received).await.unwrap();
    let mut made = act::archive(lead, town.proposal).await.unwrap().bytes;
    let (mut most, mut all) = (0, 0);
    while let Some(part) = made.try_next().await.unwrap() {
        (most, all) = (most.max(part.len()), all + part.len());
    }
    assert!(all > 24 << 20 && most < 2 << 20, "{most} bytes at once of {all}");

    // A store that is away is told before anything is given, and nothing is said to have been taken.
    let taken = async || entry::Entity::find().filter(entry::Column::Action.eq("proposal.archive")).count(lead.db()).await.unwrap();
    let before = taken().await;
    let (folder, away) = (lead.core().settings.files_folder(), lead.core().settings.data.join("away"));
    std::fs::rename(&folder, &away).unwrap();
    std::fs::write(&folder, b"").unwrap();
    assert!(act::archive(lead, town.proposal).await.is_err());
    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&away, &folder).unwrap();
    assert_eq!(taken().await, before);
    assert!(act::archive(lead, town.proposal).await.is_ok());
});
