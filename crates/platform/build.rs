//! Says what to do when the pages' assets have not been built, where the embedding of them would only name a folder.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a build script speaks to cargo through its output")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let dist = Path::new("../../web/dist");
    println!("cargo::rerun-if-changed=../../web/dist/manifest.json");
    // The catalogue is read by a macro, whose reading the compiler does not know of.
    println!("cargo::rerun-if-changed=../../locales");
    if dist.join("manifest.json").exists() {
        return ExitCode::SUCCESS;
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        eprintln!("web/dist is missing. Build the pages' assets first: run `make assets` (it needs Node and npm).");
        return ExitCode::FAILURE;
    }
    // Most tests need no styles: a debug build goes on. It reads assets from the folder at run time, so that has to exist.
    println!("cargo::warning=the pages' assets are not built, pages will look bare: run `make assets`");
    if let Err(error) = std::fs::create_dir_all(dist) {
        eprintln!("cannot create web/dist: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
