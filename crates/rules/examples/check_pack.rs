//! Checks packs while they are written: `cargo run -p rules --example check_pack packs/offshoring`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{path::Path, process::ExitCode};

use rules::pack::{PackSource, check_json};

fn main() -> ExitCode {
    let mut good = true;
    for folder in std::env::args().skip(1) {
        let source = match read(Path::new(&folder)) {
            Ok(source) => source,
            Err(error) => {
                eprintln!("{folder}: {error}");
                return ExitCode::from(2);
            }
        };
        match check_json(&source) {
            Ok(summary) => println!("{summary:#}"),
            Err(faults) => {
                good = false;
                for fault in faults {
                    eprintln!("{folder}/{fault}");
                }
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn read(folder: &Path) -> std::io::Result<PackSource> {
    let mut source = PackSource::default();
    for (sub, prefix) in [(folder.to_path_buf(), ""), (folder.join("forms"), "forms/")] {
        if !sub.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(sub)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                source.files.insert(name, std::fs::read_to_string(entry.path())?);
            }
        }
    }
    Ok(source)
}
