//! The key files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

fn settings(folder: &Path) -> Settings {
    Settings { data: folder.join("data"), public_url: "https://suppliers.authority.example:8443/".into(), ..Settings::default() }
}

#[test]
fn first_use_makes_both_for_the_owner_alone_and_the_next_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    let (master, ledger) = open(&settings, true).unwrap();
    assert_eq!(ledger.origin(), "suppliers.authority.example/ledger");
    for path in [settings.master_key_file(), settings.ledger_key_file()] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(too_open(&path), None);
    }
    assert_eq!(fs::metadata(&settings.data).unwrap().permissions().mode() & 0o777, 0o700);
    let (again, ledger_again) = open(&settings, false).unwrap();
    assert_eq!(again.bytes(), master.bytes());
    assert_eq!(ledger_again.public(), ledger.public());
}

#[test]
fn a_missing_or_broken_key_stops_and_is_named_without_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    open(&settings, true).unwrap();
    fs::write(settings.master_key_file(), "sesame").unwrap();
    let said = open(&settings, false).err().unwrap().to_string();
    assert!(said.contains("master.key") && !said.contains("sesame"), "{said}");
    fs::remove_file(settings.master_key_file()).unwrap();
    let said = open(&settings, false).err().unwrap().to_string();
    assert!(said.contains("master.key") && said.contains("put back your copy"), "{said}");
    assert!(!settings.master_key_file().exists());
    fs::write(settings.ledger_key_file(), "PRIVATE+KEY+nonsense").unwrap();
    let said = read_ledger_key(&settings.ledger_key_file()).err().unwrap().to_string();
    assert!(said.contains("ledger.key") && !said.contains("nonsense"), "{said}");
}

#[test]
fn an_open_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(too_open(&path), Some(0o640));
}
