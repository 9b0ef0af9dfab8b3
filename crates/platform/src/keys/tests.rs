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
    assert_eq!(again.get(again.main()).unwrap().bytes(), master.get(master.main()).unwrap().bytes());
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

/// OWN-4: whatever is wrong with the master key's file stops the start, is named, and is told how to be put right.
#[test]
fn own_4_what_is_wrong_with_the_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    open(&settings, true).unwrap();
    let file = settings.master_key_file();
    let right = fs::read_to_string(&file).unwrap();
    let said = || open(&settings, false).err().unwrap().to_string();

    fs::remove_file(&file).unwrap();
    for words in ["master.key", "is missing", "put back your copy", "keys restore"] {
        assert!(said().contains(words), "{words}: {}", said());
    }
    for wrong in [right.trim()[1..].to_owned(), format!("{right}{right}"), "\0".repeat(32), String::new()] {
        fs::write(&file, &wrong).unwrap();
        assert!(said().contains("64 hexadecimal digits") && !said().contains(&right[..32]), "{}", said());
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(said().contains("cannot read the key file") && said().contains("master.key"), "{}", said());
    fs::remove_dir(&file).unwrap();
    fs::write(&file, &right).unwrap();
    open(&settings, false).unwrap();
}

/// OWN-4: a key file that the service may not read is not taken for a missing one. The one who may read everything is not kept out.
#[test]
fn own_4_a_file_that_may_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    open(&settings, true).unwrap();
    let file = settings.master_key_file();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return testkit::skipped("root reads every file");
    }
    let said = open(&settings, false).err().unwrap().to_string();
    assert!(said.contains("readable by the account that runs the service"), "{said}");
}

/// OWN-4: a key file is never written over, not even by another start at the same moment.
#[test]
fn own_4_a_key_file_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("master.key");
    let (one, two) = (Key::fresh().unwrap(), Key::fresh().unwrap());
    write_key(&file, &one).unwrap();
    let said = write_key(&file, &two).err().unwrap().to_string();
    assert!(said.contains("already") && said.contains("master.key"), "{said}");
    assert_eq!(Key::read(&file).unwrap().bytes(), one.bytes());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is left");
}
