//! A converted form as files of a pack: of a new one, or of one that stands.

use crate::form::{Form, Section};
use crate::pack::{Pack, PackFault, PackSource};

/// What a new pack says of itself.
#[derive(Clone, Debug)]
pub struct About {
    /// Its id, its folder's name.
    pub pack: String,
    /// Its edition.
    pub edition: String,
    /// The day of the edition.
    pub date: jiff::civil::Date,
}

/// What cannot be done.
#[derive(Debug)]
pub enum Refused {
    /// The pack has such a form already.
    Exists,
    /// The sections of the form that stands are not its last key, or are written in one line.
    NotAppendable,
    /// The pack would be faulty.
    Faults(Vec<PackFault>),
}

/// A form as its file holds it.
///
/// # Errors
/// Never, for forms.
pub fn yaml(form: &Form) -> Result<String, String> {
    serde_saphyr::to_string(form).map_err(|error| error.to_string())
}

/// The files of a pack with this form in it: a new pack, or `standing` with one form more; with `append`, the sections go to the end of its
/// form of this name. With a new `edition`, that stands in `pack.yaml`.
///
/// # Errors
/// Why not; nothing is to be written then.
pub fn bundle(
    standing: Option<PackSource>,
    form: &Form,
    append: bool,
    about: &About,
    edition: Option<&str>,
) -> Result<PackSource, Refused> {
    let fault = |problem: String| {
        let advice = "Correct it as docs/packs.md describes.".to_owned();
        Refused::Faults(vec![PackFault { file: "pack.yaml".to_owned(), line: 1, path: String::new(), problem, advice }])
    };
    let new = standing.is_none();
    let mut source = standing.unwrap_or_default();
    if new {
        source.files.insert("pack.yaml".to_owned(), fresh(form, about));
    }
    let file = format!("forms/{}.yaml", form.form);
    match source.files.get(&file) {
        Some(_) if !append => return Err(Refused::Exists),
        Some(text) => {
            let before = Pack::load(&source).map_err(Refused::Faults)?;
            let longer = appended(text, &form.sections).ok_or(Refused::NotAppendable)?;
            source.files.insert(file, longer);
            let read = Pack::load(&source).map_err(Refused::Faults)?;
            let expected = before.form(&form.form).map(|old| [old.sections.clone(), form.sections.clone()].concat());
            if read.form(&form.form).map(|new| &new.sections) != expected.as_ref() {
                return Err(Refused::NotAppendable);
            }
        }
        None => drop(source.files.insert(file, yaml(form).map_err(fault)?)),
    }
    if let Some((edition, text)) = edition.filter(|_| !new).zip(source.files.get_mut("pack.yaml")) {
        let lines =
            text.lines().map(|line| if line.starts_with("edition:") { format!("edition: {}", quoted(edition)) } else { line.to_owned() });
        *text = lines.collect::<Vec<_>>().join("\n") + "\n";
    }
    Pack::load(&source).map_err(Refused::Faults)?;
    Ok(source)
}

/// A text as YAML holds it, whatever is in it: JSON's texts are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn fresh(form: &Form, about: &About) -> String {
    let title = quoted(&form.title);
    let summary = quoted(&format!("The questionnaire “{}”, brought in from its publisher's file.", form.title));
    format!(
        "pack: {}\ntitle: {title}\nsummary: {summary}\nedition: {}\ndate: {}\nauthor: Brought in\nmanager: Head of supplier security\n\
         change_note: First edition, as its publisher's file says.\nsource:\n  prefix: OWN\n  title: {title}\n  publisher: Its publisher\n  \
         date: {}\n  status: in_force\n",
        about.pack,
        quoted(&about.edition),
        about.date,
        about.date,
    )
}

/// A form's file with more sections at its end, as it is indented; nothing when its sections are not last.
fn appended(text: &str, sections: &[Section]) -> Option<String> {
    let (_, list) = text.split_once("\nsections:")?;
    let first = list.lines().skip(1).find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let indent = first.len() - first.trim_start().len();
    if !first.trim_start().starts_with("- ") {
        return None;
    }
    let more = serde_saphyr::to_string(&sections).ok()?;
    let own = more.lines().next().map_or(0, |line| line.len() - line.trim_start().len());
    let mut out = text.trim_end().to_owned();
    for line in more.lines() {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line.get(own..).unwrap_or(line));
        }
    }
    out.push('\n');
    Some(out)
}
