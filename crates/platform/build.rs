//! Says what to do when the pages' assets have not been built, before the embedding of them fails
//! with a message about a folder.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let manifest = "../../web/dist/manifest.json";
    println!("cargo::rerun-if-changed={manifest}");
    if Path::new(manifest).exists() {
        return ExitCode::SUCCESS;
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        eprintln!("web/dist is missing. Build the pages' assets first: run `make assets` (it needs Node and npm).");
        return ExitCode::FAILURE;
    }
    // Rules, storage and most tests need no pages: a debug build goes on.
    println!("cargo::warning=web/dist is missing: pages will have no styles. Run `make assets`.");
    ExitCode::SUCCESS
}
