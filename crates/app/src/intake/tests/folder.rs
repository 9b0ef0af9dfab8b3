//! The folder into which a mail server lays messages.

use std::path::Path;

use testkit::both_engines;

use super::{all, letter};
use crate::intake::watch::Watch;
use crate::migrations::migrations;
use crate::offshoring::tests::world::World;

fn lay(folder: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(folder.join("new").join(name), bytes).unwrap();
}

fn names(folder: &Path, within: &str) -> Vec<String> {
    let mut all: Vec<String> =
        std::fs::read_dir(folder.join(within)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

fn make(folder: &Path) {
    for within in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(folder.join(within)).unwrap();
    }
}

both_engines!(migrations, /// SEC-24: what a mail server lays into a folder is taken in and moved on only then; what is no e-mail is left and named once; a folder that
/// vanishes is looked at again.
async fn sec_24_a_folder_is_watched(db) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incidents");
    make(&path);
    let world = World::with(db, |settings| settings.receive.maildir.clone_from(&path)).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let mut watch = Watch::of(&world.app.core).unwrap();
    assert_eq!(watch.turn(&world.app.core).await.unwrap(), 0);
    let bytes = letter(&member.email, "1@halyard.example", "A laptop is gone", "It was left on the night ferry.");
    lay(&path, "1.a", &bytes);
    lay(&path, "2.b", b"no e-mail at all");
    lay(&path, "3.c", &bytes);
    lay(&path, "4.d", &letter("stranger@elsewhere.example", "2@halyard.example", "Another", "A door was open."));
    assert_eq!(watch.turn(&world.app.core).await.unwrap(), 2, "one of them came twice");
    assert_eq!((names(&path, "new"), names(&path, "cur")), (vec!["2.b".to_owned()], ["1.a:2,S", "3.c:2,S", "4.d:2,S"].map(str::to_owned).to_vec()));
    assert_eq!(watch.turn(&world.app.core).await.unwrap(), 0);
    // It goes away, and comes back with something in it.
    std::fs::rename(&path, folder.path().join("away")).unwrap();
    for _ in 0..3 {
        assert_eq!(watch.turn(&world.app.core).await.unwrap(), 0);
    }
    std::fs::rename(folder.path().join("away"), &path).unwrap();
    lay(&path, "5.e", &letter(&member.email, "3@halyard.example", "A key is gone", "It hung at the desk."));
    assert_eq!(watch.turn(&world.app.core).await.unwrap(), 1);
    assert_eq!(all(&world.app).await.len(), 3);
    assert!(Watch::of(&crate::testing::TestApp::new(testkit::TestDb::sqlite(migrations).await).core).is_none(), "none is watched where none is set");
});
