//! What holds for the tree as a whole: headers, sizes, words, texts, the features' order, and the table of requirements.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// All files under `folder` whose name ends so, as paths from the root, sorted.
fn files(folder: &str, ends: &[&str]) -> Vec<PathBuf> {
    fn walk(at: &Path, ends: &[&str], out: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(at) else { return };
        for entry in entries.map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", "out", ".git"].contains(&name.as_str()) {
                    walk(&path, ends, out);
                }
            } else if ends.iter().any(|e| name.ends_with(e)) {
                out.push(path);
            }
        }
    }
    let mut out = Vec::new();
    walk(&root().join(folder), ends, &mut out);
    out.sort();
    out
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn every_source_file_says_what_it_is() {
    let bad: Vec<_> =
        files("crates", &[".rs"]).into_iter().filter(|p| !fs::read_to_string(p).unwrap().starts_with("//!")).map(|p| shown(&p)).collect();
    assert!(bad.is_empty(), "begin with a //! line: {bad:?}");
}

#[test]
fn no_source_file_is_too_long_to_read() {
    // A file over 500 lines asks for a reason: it stands in the file as "Long because …".
    let bad: Vec<_> = files("crates", &[".rs"])
        .into_iter()
        .filter_map(|p| {
            let text = fs::read_to_string(&p).unwrap();
            let lines = text.lines().count();
            (lines > 500 && !text.contains("Long because")).then(|| format!("{} has {lines} lines", shown(&p)))
        })
        .collect();
    assert!(bad.is_empty(), "split these, or say in them why not: {bad:#?}");
}

#[test]
fn one_word_for_one_thing() {
    // GLOSSARY.md: these words are not used for parties and for the ledger.
    let banned = ["vendor", "audit log", "audit trail", "subcontractor"];
    let mut bad = Vec::new();
    for path in files("locales", &[".ftl"]).into_iter().chain(files("packs", &[".yaml"])).chain(files("docs", &[".md"])) {
        if shown(&path).contains("docs/generated") || shown(&path).contains("docs/decisions") {
            continue;
        }
        for (at, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            for word in banned {
                if line.to_lowercase().contains(word) {
                    bad.push(format!("{}:{}: {word}", shown(&path), at + 1));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn every_text_that_code_asks_for_is_in_the_catalogue() {
    let mut known = BTreeSet::new();
    for path in files("locales/en", &[".ftl"]) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some((id, _)) = line.split_once(" =")
                && id.chars().next().is_some_and(|c| c.is_ascii_lowercase())
            {
                assert!(known.insert(id.to_owned()), "{} defines {id} twice", shown(&path));
            }
        }
    }
    let mut bad = Vec::new();
    // Tests of the case engine have a lifecycle of their own, with blockers that no user meets.
    for path in files("crates", &[".rs"]).into_iter().filter(|p| !shown(p).ends_with("tests.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        for call in ["t!(\"", "texts::t(\"", "Text::new(\"", "Error::conflict(\"", "Error::bad_request(\""] {
            for part in text.split(call).skip(1) {
                let id = part.split('"').next().unwrap();
                let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                if plain && id.contains('-') && !known.contains(id) {
                    bad.push(format!("{}: {id}", shown(&path)));
                }
            }
        }
        // Tests make up blockers of their own.
        for part in text.split("Blocker::new(\"").skip(1).filter(|_| !shown(&path).contains("test")) {
            let id = format!("blocker-{}", part.split('"').next().unwrap());
            if !known.contains(&id) {
                bad.push(format!("{}: {id}", shown(&path)));
            }
        }
    }
    bad.sort();
    bad.dedup();
    assert!(bad.is_empty(), "add these to locales/en: {bad:#?}");
}

#[test]
fn features_call_only_earlier_ones() {
    // The order of dependence, as ARCHITECTURE.md gives it.
    let order = [
        "pack",
        "paper",
        "country",
        "party",
        "account",
        "contract",
        "casework",
        "delegation",
        "site",
        "holding",
        "ruling",
        "obligation",
        "authority_data",
        "measure",
        "data_protection",
        "offshoring",
        "edition",
        "plan",
        "plan_change",
        "arrangement",
        "breach",
        "incident",
        "sweep",
        "incident_record",
        "intake",
        "bid",
        "subprocessor",
        "geography",
        "trend",
        "reminder",
        "assurance",
        "webhook",
        "home",
    ];
    let mut bad = Vec::new();
    for (at, feature) in order.iter().enumerate() {
        for path in files(&format!("crates/app/src/{feature}"), &[".rs"]) {
            if shown(&path).contains("tests") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for later in &order[at + 1..] {
                if text.contains(&format!("crate::{later}::")) {
                    bad.push(format!("{} uses {later}", shown(&path)));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn only_act_opens_a_writing_transaction() {
    let mut bad = Vec::new();
    for path in files("crates/app/src", &[".rs"]) {
        let name = shown(&path);
        let allowed = name.ends_with("/act.rs") || name.contains("/act/") || name.contains("test") || name.contains("import");
        if !allowed && fs::read_to_string(&path).unwrap().contains(".begin().await") {
            bad.push(name);
        }
    }
    assert!(bad.is_empty(), "writes belong into act.rs: {bad:?}");
}

#[test]
fn nobody_writes_sql_by_hand() {
    // Raw SQL could commit, or change what only the write path may: it stands in the platform's `db` and `migrations` alone.
    let banned = ["execute_unprepared", "Statement::from", "execute_raw(", "query_one_raw(", "query_all_raw(", "begin_with_config"];
    let mut bad = Vec::new();
    for path in ["crates/app/src", "crates/platform/src", "crates/vouchsafe/src"].into_iter().flat_map(|f| files(f, &[".rs"])) {
        let name = shown(&path);
        if name.contains("test") || name.starts_with("crates/platform/src/db/") || name.contains("/migrations/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        bad.extend(banned.iter().filter(|b| text.contains(**b)).map(|b| format!("{name}: {b}")));
        // Sessions and jobs are the platform's to change, through functions that say what they do.
        if name.starts_with("crates/app/") {
            let own = [
                "session::ActiveModel",
                "session::Entity::update",
                "session::Entity::delete",
                "jobs::row::ActiveModel",
                "row::Entity::update_many",
            ];
            let jobs = text.contains("jobs::row");
            bad.extend(own.iter().filter(|b| text.contains(**b) && (jobs || b.starts_with("session"))).map(|b| format!("{name}: {b}")));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// Requirement ids in `text`: `OFF-8`, `SEC-X1a`, `OUT-AU1`; ranges such as `OFF-3a..e` are spelled out.
fn ids_in(text: &str, known: &BTreeSet<String>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, _) in text.match_indices(['O', 'S']) {
        let rest = &text[at..];
        if !["OFF-", "SEC-", "OUT-", "OWN-"].iter().any(|p| rest.starts_with(p)) {
            continue;
        }
        let len = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let id = &rest[..len];
        let after = &rest[len..];
        if known.contains(id) {
            out.insert(id.to_owned());
        }
        if let Some(last) = after.strip_prefix("..").and_then(|a| a.chars().next()) {
            let (stem, first) = id.split_at(id.len() - 1);
            for letter in first.chars().next().unwrap()..=last {
                let spelled = format!("{stem}{letter}");
                if known.contains(&spelled) {
                    out.insert(spelled);
                }
            }
        }
    }
    out
}

/// The tests of a Rust file that name requirement ids in the comment above them or in their own name.
fn rust_tests(text: &str, known: &BTreeSet<String>) -> Vec<(String, BTreeSet<String>)> {
    let mut out = Vec::new();
    let mut comment = String::new();
    let mut pending = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("//") {
            comment.push_str(trimmed);
            comment.push('\n');
            continue;
        }
        if trimmed.starts_with("#[") || trimmed.starts_with("both_engines!") || trimmed.is_empty() && pending {
            pending |= trimmed.contains("test]") || trimmed.starts_with("both_engines!");
            // Its comment may stand on the same line.
            if let Some(at) = trimmed.find("///").filter(|_| trimmed.starts_with("both_engines!")) {
                comment.push_str(&trimmed[at..]);
            }
        }
        if let Some(name) = trimmed.split("fn ").nth(1).filter(|_| pending) {
            let name: String = name.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let ids = ids_in(&comment, known);
            if !ids.is_empty() {
                out.push((name, ids));
            }
            pending = false;
            comment.clear();
        } else if !pending && !trimmed.starts_with("#[") {
            comment.clear();
        }
    }
    out
}

/// The journeys of a browser file whose title names requirement ids.
fn journeys(text: &str, known: &BTreeSet<String>) -> Vec<(String, BTreeSet<String>)> {
    let mut out = Vec::new();
    for part in text.split("test(").skip(1) {
        let Some(quote) = part.chars().find(|c| !c.is_whitespace()).filter(|c| ['"', '\'', '`'].contains(c)) else { continue };
        let title = part.split(quote).nth(1).unwrap_or_default();
        let ids = ids_in(title, known);
        if !ids.is_empty() {
            out.push((title.to_owned(), ids));
        }
    }
    out
}

#[test]
fn the_table_of_requirements_is_up_to_date() {
    let rows: Vec<(String, String)> = fs::read_to_string(root().join("docs/requirements.txt"))
        .unwrap()
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        .map(|l| l.split_once(' ').map(|(id, text)| (id.to_owned(), text.to_owned())).unwrap())
        .collect();
    let known: BTreeSet<String> = rows.iter().map(|(id, _)| id.clone()).collect();
    let mut covered: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files("crates", &[".rs"]) {
        let place = shown(&path);
        for (name, ids) in rust_tests(&fs::read_to_string(&path).unwrap(), &known) {
            for id in ids {
                covered.entry(id).or_default().insert(format!("`{name}` ({place})"));
            }
        }
    }
    for path in files("tests/browser", &[".mjs"]) {
        for (title, ids) in journeys(&fs::read_to_string(&path).unwrap(), &known) {
            for id in ids {
                covered.entry(id).or_default().insert(format!("journey “{title}” ({})", shown(&path)));
            }
        }
    }
    let met = rows.iter().filter(|(id, _)| covered.contains_key(id)).count();
    let mut table = String::from(
        "# Requirements and the tests that show them\n\nWritten by the test `the_table_of_requirements_is_up_to_date`; run it with `UPDATE_DOCS=1` to write it anew.\n\
         A row is listed with every test whose comment or title names its id.\n\n",
    );
    let _ = writeln!(table, "{met} of {} rows have a test; the others are open.\n\n| id | row | shown by |\n|---|---|---|", rows.len());
    for (id, text) in &rows {
        let tests = covered.get(id).map_or_else(|| "**open**".to_owned(), |t| t.iter().cloned().collect::<Vec<_>>().join("<br>"));
        let _ = writeln!(table, "| {id} | {text} | {tests} |");
    }
    let file = root().join("docs/generated/requirements.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &table).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == table,
        "docs/generated/requirements.md is out of date: run the tests with UPDATE_DOCS=1 and commit it"
    );
}

/// OWN-4: archives that people send are kept as they are. Whoever begins to unpack something bounds what comes out of it, and says so here.
#[test]
fn nothing_unpacks_what_people_send() {
    // A workbook that is brought back is read, never kept: at most 16 MiB, which may become 64, counted as it unpacks.
    // A pack: at most 4 MiB, which may become 8 in a hundred files.
    // What is screened for data about people: every part is unpacked once into nothing, counting, within `extract::Limits`, before it is read.
    // Incidents that others recorded: unpacked as a stream, never held, up to two hundred times what was sent.
    let bounded = [
        "crates/app/src/incident_record/unpack.rs",
        "crates/platform/src/forms/workbook/open.rs",
        "crates/app/src/pack/intake.rs",
        "crates/extract/src/office.rs",
        "crates/extract/src/pdf/guard.rs",
    ];
    let unpacks = ["ZipArchive", "zip::read", "GzDecoder", "ZlibDecoder", "DeflateDecoder", "inflate::", "zstd::", "tar::Archive"];
    let code =
        files("crates", &[".rs"]).into_iter().filter(|path| !shown(path).contains("test") && !bounded.contains(&shown(path).as_str()));
    let bad: Vec<String> = code
        .flat_map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            unpacks.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", shown(&path))).collect::<Vec<_>>()
        })
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}
