//! The docs show the lifecycle of every kind of case as it is.

use std::path::Path;

use platform::cases::api::Cases as _;

use crate::kinds::of_every_kind;

/// Writes `docs/generated/lifecycles.md` where it may, and fails when it was not up to date.
#[test]
fn the_docs_show_the_lifecycle() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/lifecycles.md");
    let mut text = String::from("# Lifecycles\n\nWritten by a test from the tables in the code. Do not edit.\n\n");
    of_every_kind!(P => text.push_str(&P::KIND.diagram()));
    if std::fs::read_to_string(&file).unwrap_or_default() != text {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
        panic!("docs/generated/lifecycles.md was out of date; it is written anew, commit it");
    }
}
