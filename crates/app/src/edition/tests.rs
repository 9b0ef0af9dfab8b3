//! Editions installed, compared, put in use, and contracts moved, on both engines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod moving;
mod nodes;
mod pages;
mod running;

use std::io::Write as _;
use std::path::Path;

use axum::http::StatusCode;
use platform::Error;
use rules::pack::PackSource;
use testkit::both_engines;

use super::act;
use super::model::{Candidate, Known};
use crate::migrations::migrations;
use crate::offshoring::tests::world::{World, refused_by};
use crate::pack::{Origin, Use, intake, packs};

/// The built-in pack as another edition, with these replacements in its files.
pub(crate) fn edition(pack: &str, name: &str, changes: &[(&str, &str, &str)]) -> PackSource {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(pack);
    let mut source = PackSource::default();
    let mut take = |file: &str| {
        if let Ok(text) = std::fs::read_to_string(own.join(file)) {
            source.files.insert(file.to_owned(), text);
        }
    };
    take("pack.yaml");
    take("forms/proposal.yaml");
    let main = source.files.get_mut("pack.yaml").unwrap();
    let line = main.lines().find(|line| line.starts_with("edition:")).unwrap().to_owned();
    *main = main.replacen(&line, &format!("edition: \"{name}\""), 1);
    for (file, from, to) in changes {
        let text = source.files.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} holds no {from}");
        *text = text.replacen(from, to, 1);
    }
    source
}

/// The same, without one question of its form.
pub(super) fn without_question(mut source: PackSource, id: &str) -> PackSource {
    let text = source.files.get_mut("forms/proposal.yaml").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.trim_start() == format!("- id: {id}")).unwrap_or_else(|| panic!("no question {id}"));
    let deep = lines[first].find('-').unwrap();
    let ends = |line: &&str| !line.trim().is_empty() && line.find(|c: char| c != ' ').unwrap() <= deep;
    let last = first + 1 + lines[first + 1..].iter().position(ends).unwrap_or(lines.len() - first - 1);
    *text = lines[..first].iter().chain(&lines[last..]).fold(String::new(), |all, line| all + line + "\n");
    source
}

/// A ZIP of these files.
pub(super) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A ZIP of a pack.
pub(super) fn archive(source: &PackSource) -> Vec<u8> {
    zipped(&source.files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
}

fn said(error: &Error) -> String {
    error.to_string()
}

/// OFF-2: a ZIP of the folder, of what is in it, and pack.yaml alone are one pack.
#[test]
fn off_2_a_pack_comes_as_a_zip_or_alone() {
    let source = edition("offshoring", "2027.1", &[]);
    assert_eq!(intake::read("a.zip", &archive(&source)).unwrap(), source);
    let within: Vec<(String, &[u8])> =
        source.files.iter().map(|(name, text)| (format!("offshoring-2027/{name}"), text.as_bytes())).collect();
    let mut within: Vec<(&str, &[u8])> = within.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    within.push(("__MACOSX/._pack.yaml", b"x"));
    within.push(("offshoring-2027/.DS_Store", &[0, 159, 146]));
    assert_eq!(intake::read("a.zip", &zipped(&within)).unwrap(), source);
    let alone = intake::read("pack.yaml", source.files["pack.yaml"].as_bytes()).unwrap();
    assert_eq!(alone.files.len(), 1);
}

/// OFF-2: what is no pack is refused with what to do; nothing of it is believed.
#[test]
fn off_2_bad_archives_are_refused() {
    let refused = |name: &str, bytes: &[u8]| said(&intake::read(name, bytes).unwrap_err());
    for name in ["../pack.yaml", "/etc/pack.yaml", "forms\\a.yaml", "a//b.yaml", "./pack.yaml", "c:pack.yaml"] {
        let text = refused("a.zip", &zipped(&[(name, b"pack: a")]));
        assert!(text.contains("is no name of a file"), "{name}: {text}");
    }
    let bomb = vec![b' '; intake::MOST_UNPACKED + 1];
    let packed = zipped(&[("pack.yaml", &bomb)]);
    assert!(packed.len() < 100_000);
    assert!(refused("a.zip", &packed).contains("8 MiB together"));
    let half = vec![b' '; intake::MOST_UNPACKED / 2 + 1];
    assert!(refused("a.zip", &zipped(&[("pack.yaml", &half), ("forms/a.yaml", &half)])).contains("8 MiB together"));
    let many: Vec<(String, &[u8])> = (0..=intake::MOST_FILES).map(|n| (format!("forms/f{n}.yaml"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert!(refused("a.zip", &zipped(&many)).contains("at most 100 files"));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.add_symlink("pack.yaml", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    assert!(refused("a.zip", &zip.finish().unwrap().into_inner()).contains("is a link"));
    assert!(refused("a.zip", &zipped(&[("pack.yaml", &[0xff, 0xfe])])).contains("no text in UTF-8"));
    assert!(refused("a.zip", b"PK\x03\x04 and no more").contains("cannot be read"));
    assert!(refused("a.txt", b"pack: a").contains("Choose a ZIP"));
    assert!(refused("a.zip", &vec![0; intake::MOST_BYTES + 1]).contains("at most 4 MiB"));
    let cut = archive(&edition("offshoring", "2027.1", &[]));
    for at in (0..cut.len()).step_by(997) {
        drop(intake::read("a.zip", &cut[..at]));
    }
}

both_engines!(migrations, /// OFF-2, OUT-0: an edition is installed with its digest in the ledger, and waits until somebody puts it in use.
async fn off_2_an_edition_is_installed_and_put_in_use(db) {
    let world = World::new(db).await;
    let admin = world.official("administrator").await;
    let source = edition("offshoring", "2027.1", &[]);
    let of = act::install(&admin.cx, source.clone(), false).await.unwrap();
    assert_eq!((of.pack.as_str(), of.edition.as_str()), ("offshoring", "2027.1"));
    let known = packs(&world.app.core);
    assert_eq!((known.use_of(&of), known.origin("offshoring", "2027.1")), (Use::Waiting, Some(Origin::Installed)));
    assert_eq!(known.in_use("offshoring").unwrap().edition, "2026.1");
    let told = platform::book::timeline(&world.app.operator(), "pack", "offshoring.2027.1", 10).await.unwrap();
    let about = |n: usize, name: &str| told[n].about.iter().find(|(of, _)| of.as_str() == name).map(|(_, value)| value.clone());
    assert_eq!((told[0].action.as_str(), about(0, "digest")), ("pack.install", known.digest("offshoring", "2027.1").map(str::to_owned)));
    // Nobody puts it on a contract before it is in use.
    let cx = world.app.operator();
    let early = crate::contract::act::put_pack(&cx, world.contract, "offshoring", "2027.1", Some("why")).await.unwrap_err();
    assert!(said(&early).contains("not in use yet"), "{early}");
    let bare = act::put_in_use(&admin.cx, "offshoring", "2027.1", " ").await.unwrap_err();
    assert!(matches!(bare, Error::Invalid(_)));
    act::put_in_use(&admin.cx, "offshoring", "2027.1", "Agreed by the board").await.unwrap();
    let known = packs(&world.app.core);
    assert_eq!(known.in_use("offshoring").unwrap().edition, "2027.1");
    assert_eq!(known.use_of(known.get("offshoring", "2026.1").unwrap()), Use::Earlier);
    assert!(matches!(act::put_in_use(&admin.cx, "offshoring", "2027.1", "Again").await, Err(Error::Conflict(_))));
    // The pack is needed, so one of its editions is in use.
    let needed = act::withdraw(&admin.cx, "offshoring", "2027.1", "No").await.unwrap_err();
    assert!(said(&needed).contains("must have an edition in use"), "{needed}");
    act::put_in_use(&admin.cx, "offshoring", "2026.1", "Back").await.unwrap();
    act::withdraw(&admin.cx, "offshoring", "2027.1", "It was wrong").await.unwrap();
    let known = packs(&world.app.core);
    assert_eq!((known.use_of(&of), known.in_use("offshoring").unwrap().edition.as_str()), (Use::Withdrawn, "2026.1"));
    let out = crate::contract::act::put_pack(&cx, world.contract, "offshoring", "2027.1", Some("why")).await.unwrap_err();
    assert!(said(&out).contains("taken out of use"), "{out}");
    assert!(matches!(act::put_in_use(&admin.cx, "offshoring", "2031.7", "why").await, Err(Error::NotFound)));
});

both_engines!(migrations, /// OFF-2: an edition never means two things: other content under its name is refused, built-in ones above all, and the same twice.
async fn off_2_an_edition_never_changes(db) {
    let world = World::new(db).await;
    let admin = world.official("administrator").await;
    let source = edition("offshoring", "2027.1", &[]);
    act::install(&admin.cx, source.clone(), false).await.unwrap();
    let other = edition("offshoring", "2027.1", &[("pack.yaml", "manager:", "# changed\nmanager:")]);
    for (given, text) in [
        (other.clone(), "An edition never changes"),
        (source.clone(), "installed already, with the same files"),
        (edition("offshoring", "2026.1", &[("pack.yaml", "manager:", "# changed\nmanager:")]), "came with the program"),
    ] {
        for done in [act::install(&admin.cx, given.clone(), true).await.map(drop), act::offer(&admin.cx, given).await.map(drop)] {
            let error = done.unwrap_err();
            assert!(matches!(error, Error::Conflict(_)) && said(&error).contains(text), "{error}");
        }
    }
    assert_eq!(Candidate::read(&packs(&world.app.core), other).unwrap().known, Known::Other(Origin::Installed));
    // A faulty one is refused with file and line, and nothing of it is kept.
    let faulty = edition("offshoring", "2027.2", &[("pack.yaml", "owed_by: supplier", "owed_by: nobody_at_all")]);
    let error = act::install(&admin.cx, faulty, false).await.unwrap_err();
    assert!(said(&error).contains("pack.yaml:") && matches!(error, Error::Invalid(_)), "{error}");
    assert!(packs(&world.app.core).get("offshoring", "2027.2").is_none());
    let named = edition("offshoring", "2027 spring", &[]);
    assert!(said(&act::install(&admin.cx, named, false).await.unwrap_err()).contains("is not the name of an edition"));
});

both_engines!(migrations, /// OWN-3: administrators keep packs, and nobody else.
async fn own_3_only_administrators_install(db) {
    let world = World::new(db).await;
    let source = edition("offshoring", "2027.1", &[]);
    for role in ["contract_manager", "security", "management", "internal_audit"] {
        let by = world.official(role).await;
        refused_by(act::install(&by.cx, source.clone(), true).await, "nothing-permits");
        refused_by(act::offer(&by.cx, source.clone()).await, "nothing-permits");
        refused_by(act::put_in_use(&by.cx, "offshoring", "2026.1", "why").await, "nothing-permits");
        refused_by(act::withdraw(&by.cx, "offshoring", "2026.1", "why").await, "nothing-permits");
        let mut browser = by.browser(&world);
        assert!(!browser.get("/packs").await.text().contains("Install an edition"), "{role}");
        assert_eq!(browser.get("/packs/install").await.status, StatusCode::NOT_FOUND, "{role}");
    }
    let lead = world.person("supplier_lead", world.lead.0).await;
    refused_by(act::install(&lead.cx, source, true).await, "nothing-permits");
    assert!(packs(&world.app.core).get("offshoring", "2027.1").is_none());
});
