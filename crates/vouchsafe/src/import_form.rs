//! `vouchsafe import form`: somebody else's questionnaire as a form of a policy pack. Needs no settings and no database.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use platform::clock::Clock;
use rules::foreign::{self, About, Refused, Source};
use rules::pack::PackSource;

use crate::rules_cmd::{pack_source, text_of};
use crate::{Stop, say};

/// How the form shall be.
pub(crate) struct Asked<'a> {
    /// Its id.
    pub(crate) name: Option<&'a str>,
    /// Its heading.
    pub(crate) title: Option<&'a str>,
    /// Its sections go to the end of a form that stands.
    pub(crate) append: bool,
    /// The pack's edition from now on.
    pub(crate) edition: Option<&'a str>,
}

/// Converts `files`, and prints the form or puts it into the pack in the folder `into`.
pub(crate) fn run(files: &[PathBuf], asked: &Asked<'_>, into: Option<&Path>) -> Result<u8, Stop> {
    let mut sources = Vec::new();
    for file in files {
        let text =
            if file == Path::new("-") { std::io::read_to_string(std::io::stdin())? } else { text_of(file).map_err(Stop::BadInput)? };
        sources.push(Source { file: file.display().to_string(), text });
    }
    let stem = files.first().and_then(|file| file.file_stem()).and_then(|stem| stem.to_str()).unwrap_or("form");
    let name = asked.name.map_or_else(|| foreign::id(stem), str::to_owned);
    let made = foreign::convert(&name, asked.title, &sources).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Stop::BadInput(lines.join("\n"))
    })?;
    let mut err = std::io::stderr().lock();
    for note in &made.notes {
        writeln!(err, "note: {note}")?;
    }
    let Some(folder) = into else {
        return say(foreign::yaml(&made.form).map_err(Stop::Failed)?).map(|()| 0);
    };
    let standing = if folder.join("pack.yaml").is_file() { Some(pack_source(folder).map_err(Stop::BadInput)?) } else { None };
    let folder_name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("pack");
    let about = About {
        pack: foreign::id(folder_name),
        edition: asked.edition.unwrap_or("1").to_owned(),
        date: Clock::system(TimeZone::system()).today(),
    };
    let file = folder.join(format!("forms/{name}.yaml"));
    let bundle = foreign::bundle(standing.clone(), &made.form, asked.append, &about, asked.edition).map_err(|refused| {
        Stop::BadInput(match refused {
            Refused::Exists => {
                format!("{}:1: the pack has this form already. Give --append to add its sections, or another --name", file.display())
            }
            Refused::NotAppendable => {
                format!("{}:1: sections cannot be added: `sections:` must be the last key, an entry a line", file.display())
            }
            Refused::Faults(faults) => {
                let lines: Vec<String> = faults.iter().map(|fault| folder.join(fault.to_string()).display().to_string()).collect();
                lines.join("\n")
            }
        })
    })?;
    write(folder, standing.as_ref(), &bundle)?;
    let questions: usize = made.form.sections.iter().map(|section| section.questions.len()).sum();
    say(format!("{}: {} sections, {questions} questions", file.display(), made.form.sections.len()))?;
    Ok(0)
}

/// Writes the files that differ, each whole or not at all.
fn write(folder: &Path, standing: Option<&PackSource>, bundle: &PackSource) -> Result<(), Stop> {
    let at = |path: &Path, error: &std::io::Error| Stop::Failed(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder.join("forms")).map_err(|error| at(folder, &error))?;
    for (name, text) in &bundle.files {
        if standing.is_some_and(|old| old.files.get(name) == Some(text)) {
            continue;
        }
        let path = folder.join(name);
        let beside = path.with_extension("yaml.new");
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, &path)).map_err(|error| at(&path, &error))?;
    }
    Ok(())
}
