//! Files of others, where they are at hand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;

fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("VOUCHSAFE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join(folder);
    if !root.is_dir() {
        eprintln!("skipped: {folder} is not in the shared data");
        return None;
    }
    Some(root)
}

/// SEC-25: the same words give the same findings, whichever kind of file they come in.
#[test]
fn one_document_in_three_forms_gives_the_same_findings() {
    let Some(folder) = shared("cv/files") else { return };
    let mut seen: std::collections::BTreeMap<String, Vec<BTreeSet<(rules::screen::Kind, String)>>> = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = text(&std::fs::read(&path).unwrap());
        assert!(text.split_whitespace().count() > 50, "{}", path.display());
        let found = rules::screen::screen(&text).into_iter().map(|finding| (finding.kind, text[finding.span()].to_owned())).collect();
        seen.entry(path.file_stem().unwrap().to_string_lossy().into_owned()).or_default().push(found);
    }
    for (name, found) in seen {
        assert!(found.windows(2).all(|two| two[0] == two[1]), "{name}: {found:#?}");
    }
}

/// SEC-25: one of these has letters that nothing names, and says so.
#[test]
fn long_real_documents_are_read_or_named() {
    let Some(folder) = shared("subprocessors") else { return };
    let (mut whole, mut named) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "pdf") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match read(&std::fs::read(&path).unwrap()) {
            Ok(extracted) if extracted.unread.is_empty() => {
                let words = extracted.text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2).count();
                println!("{name}: {words} words");
                assert!(words > 1_500 && extracted.text.contains("rocessor"), "{name}: {words} words");
                whole += 1;
            }
            Ok(Extracted { unread, .. }) => {
                println!("{name}: {unread:?}");
                assert!(unread.iter().all(|unread| matches!(unread.why, Error::NoText { .. })), "{name}: {unread:?}");
                named += 1;
            }
            Err(error) => {
                println!("{name}: {error}");
                assert!(matches!(error, Error::NoText { .. }), "{name}: {error}");
                named += 1;
            }
        }
    }
    assert!(whole > named, "{whole} read, {named} named");
}
