//! Folders for mail.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;
use crate::maildir::{Error, Maildir, Taken};

fn folder() -> (tempfile::TempDir, Maildir) {
    let place = tempfile::tempdir().unwrap();
    let mail = place.path().join("mail");
    for within in ["", "new", "cur", "tmp"] {
        fs::create_dir(mail.join(within)).unwrap();
    }
    let maildir = Maildir::open(&mail).unwrap();
    (place, maildir)
}

fn put(place: &Path, name: &str, text: &str) {
    fs::write(place.join("mail").join(name), text).unwrap();
}

/// All files below, as paths from there.
fn all(place: &Path) -> Vec<String> {
    fn walk(at: &Path, from: &Path, out: &mut Vec<String>) {
        for entry in fs::read_dir(at).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), from, out);
            } else {
                out.push(entry.path().strip_prefix(from).unwrap().display().to_string());
            }
        }
    }
    let mut out = Vec::new();
    walk(place, place, &mut out);
    out.sort();
    out
}

fn names(names: &[&str]) -> Vec<OsString> {
    names.iter().map(OsString::from).collect()
}

#[test]
fn messages_are_listed_by_name_and_moved_once_they_are_taken() {
    let (place, maildir) = folder();
    for name in ["new/3.c", "new/1.a", "new/2.b", "new/.hidden", "cur/0.y:2,S"] {
        put(place.path(), name, "From: a@b.example\n\nwords");
    }
    fs::create_dir(place.path().join("mail/new/folder")).unwrap();
    assert_eq!(maildir.new_messages(10).unwrap(), names(&["1.a", "2.b", "3.c"]));
    assert_eq!(maildir.new_messages(2).unwrap(), names(&["1.a", "2.b"]));
    assert_eq!(maildir.new_messages(0).unwrap(), names(&[]));
    let taken = maildir.take(OsStr::new("1.a"), 100, |bytes| read(bytes, &settings())).unwrap();
    assert!(matches!(taken, Taken::Yes { given: Message { ref text, .. }, left: None } if text == "words"));
    // Whoever does not take it leaves it where it is.
    let refused = maildir.take(OsStr::new("2.b"), 100, |_| Err::<(), _>("no room")).unwrap();
    assert!(matches!(refused, Taken::No("no room")));
    assert_eq!(all(place.path()), ["mail/cur/0.y:2,S", "mail/cur/1.a:2,S", "mail/new/.hidden", "mail/new/2.b", "mail/new/3.c"]);
    assert_eq!(maildir.new_messages(10).unwrap(), names(&["2.b", "3.c"]));
}

#[test]
fn nothing_in_cur_is_written_over() {
    let (place, maildir) = folder();
    put(place.path(), "cur/1.a:2,S", "the first");
    put(place.path(), "new/1.a", "the second");
    put(place.path(), "new/2.b:2,", "with a mark");
    for name in ["1.a", "2.b:2,"] {
        assert!(matches!(maildir.take(OsStr::new(name), 100, |_| Ok::<_, ()>(())), Ok(Taken::Yes { left: None, .. })));
    }
    assert_eq!(all(place.path()), ["mail/cur/1.a.1:2,S", "mail/cur/1.a:2,S", "mail/cur/2.b:2,S"]);
    assert_eq!(fs::read_to_string(place.path().join("mail/cur/1.a:2,S")).unwrap(), "the first");
}

#[test]
fn what_comes_and_goes_is_no_fault() {
    let (place, maildir) = folder();
    let never = |_: &[u8]| -> Result<(), ()> { panic!("there is nothing to take") };
    assert!(matches!(maildir.take(OsStr::new("gone"), 100, never), Ok(Taken::Gone)));
    put(place.path(), "new/large", "0123456789x");
    assert!(matches!(maildir.take(OsStr::new("large"), 10, never), Ok(Taken::TooLarge { bytes: 11 })));
    assert!(matches!(maildir.take(OsStr::new("large"), 11, |_| Ok::<_, ()>(())), Ok(Taken::Yes { .. })));
    // Another program takes it while it is being taken.
    put(place.path(), "new/1.a", "x");
    let path = place.path().join("mail/new/1.a");
    assert!(matches!(maildir.take(OsStr::new("1.a"), 100, |_| fs::remove_file(&path)), Ok(Taken::Yes { left: None, .. })));
    // The folder goes away while a message is taken, and stays away.
    put(place.path(), "new/1.a", "x");
    let mail = place.path().join("mail");
    let taken = maildir.take(OsStr::new("1.a"), 100, |_| fs::remove_dir_all(&mail)).unwrap();
    assert!(matches!(taken, Taken::Yes { left: Some(Error::NoMaildir { .. }), .. }));
    assert!(matches!(maildir.new_messages(10), Err(Error::NoMaildir { .. })));
    let error = maildir.take(OsStr::new("1.a"), 100, never).unwrap_err();
    assert!(error.to_string().contains("new, cur and tmp") && error.code() == "no-maildir", "{error}");
}

#[test]
fn only_folders_for_mail_are_opened() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "x").unwrap();
    fs::create_dir(place.path().join("empty")).unwrap();
    for name in ["missing", "file", "empty"] {
        assert!(matches!(Maildir::open(&place.path().join(name)), Err(Error::NoMaildir { .. })), "{name}");
    }
}

#[test]
fn links_are_not_followed_and_nothing_outside_is_touched() {
    let (place, maildir) = folder();
    fs::write(place.path().join("secret"), "From: a@b.example\n\nsecret").unwrap();
    fs::create_dir(place.path().join("elsewhere")).unwrap();
    fs::write(place.path().join("elsewhere/1.a"), "x").unwrap();
    symlink(place.path().join("secret"), place.path().join("mail/new/link")).unwrap();
    symlink(place.path().join("nowhere"), place.path().join("mail/new/dangling")).unwrap();
    assert_eq!(maildir.new_messages(10).unwrap(), names(&[]));
    let before = all(place.path());
    let never = |_: &[u8]| -> Result<(), ()> { panic!("there is nothing to take") };
    for name in ["link", "dangling"] {
        assert!(matches!(maildir.take(OsStr::new(name), 100, never), Ok(Taken::NoFile)), "{name}");
    }
    for name in ["", ".", "..", "../../secret", "a/b", "/etc/passwd", ".hidden"] {
        let error = maildir.take(OsStr::new(name), 100, never).unwrap_err();
        assert!(matches!(error, Error::Name { .. }), "{name}: {error}");
    }
    assert_eq!(all(place.path()), before);
    // A name in `cur` that is a link is a name that is taken.
    put(place.path(), "new/1.a", "x");
    symlink(place.path().join("secret"), place.path().join("mail/cur/1.a:2,S")).unwrap();
    assert!(matches!(maildir.take(OsStr::new("1.a"), 100, |_| Ok::<_, ()>(())), Ok(Taken::Yes { left: None, .. })));
    assert!(place.path().join("mail/cur/1.a.1:2,S").is_file());
    assert_eq!(fs::read_to_string(place.path().join("secret")).unwrap(), "From: a@b.example\n\nsecret");
    // The folder within is one that leads elsewhere.
    fs::remove_dir_all(place.path().join("mail/new")).unwrap();
    symlink(place.path().join("elsewhere"), place.path().join("mail/new")).unwrap();
    assert!(matches!(maildir.new_messages(10), Err(Error::NoMaildir { .. })));
    assert!(matches!(maildir.take(OsStr::new("1.a"), 100, never), Err(Error::NoMaildir { .. })));
}
