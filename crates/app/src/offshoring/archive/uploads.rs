//! What was uploaded to a case, as its archive holds and tells of it.

use std::collections::BTreeMap;

use maud::{Markup, html};
use platform::clock::timestamp;
use platform::files::{Goes, Leaving};
use platform::{Cx, t};
use serde_json::{Value, json};
use uuid::Uuid;

/// The longest part of a file's own name in the archive, in characters.
const LONGEST: usize = 60;

/// A file of the case.
#[derive(Debug, Clone)]
pub(in crate::offshoring) struct Upload {
    /// Where it lies in the archive; none where it is left out.
    pub(in crate::offshoring) path: Option<String>,
    /// The file.
    pub(in crate::offshoring) file: Leaving,
}

/// Gives each file its place in the archive: `files/<number of the file>-v<version>-<name>`.
pub(in crate::offshoring) fn placed(files: Vec<Leaving>) -> Vec<Upload> {
    let mut numbers: BTreeMap<Uuid, usize> = BTreeMap::new();
    let place = |file: Leaving| {
        let next = numbers.len() + 1;
        let number = *numbers.entry(file.row().chain).or_insert(next);
        let version = file.row().number;
        let path = matches!(file.goes, Goes::Whole { .. }).then(|| {
            let name = file.name.as_deref().map(plain).unwrap_or_default();
            format!("files/{number}-v{version}-{name}")
        });
        Upload { path, file }
    };
    files.into_iter().map(place).collect()
}

/// A name as names in an archive are: lower case, what is no letter or digit as a hyphen; its ending, which fits the content, is kept.
fn plain(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let words = |text: &str| {
        let plain: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
        plain.split_whitespace().collect::<Vec<_>>().join("-")
    };
    let stem: String = words(stem).chars().take(LONGEST).collect();
    format!("{}.{}", if stem.is_empty() { "file" } else { &stem }, words(ending))
}

impl Upload {
    /// Why it is not in the archive.
    fn left_out(&self) -> Option<(&'static str, String)> {
        match self.file.goes {
            Goes::Whole { .. } => None,
            Goes::Harmful => Some(("harmful", t!("archive-file-harmful"))),
            Goes::Destroyed => Some(("destroyed", t!("archive-file-destroyed"))),
        }
    }

    fn name(&self) -> String {
        self.file.name.clone().unwrap_or_else(|| t!("file-name-destroyed"))
    }
}

/// The files in the overview, each with a link to where it lies beside that, or the reason why it does not.
pub(super) fn markup(cx: &Cx, all: &[Upload]) -> Markup {
    html! {
        @if all.is_empty() { p { (t!("file-none")) } }
        ul { @for one in all {
            @let row = one.file.row();
            li {
                @match &one.path { Some(path) => a href=(path) { (one.name()) }, None => (one.name()) }
                ", " (t!("archive-file-version", number = row.number)) ", " (t!("file-added", when = cx.core().clock.moment_text(row.at), by = &one.file.by))
                @if let Some(belongs) = &one.file.belongs { br; (belongs) }
                br; "SHA-256 " (row.sha256)
                @if let Some((_, why)) = one.left_out() { p { (why) } }
            }
        } }
    }
}

/// The same for programs.
pub(super) fn json(all: &[Upload]) -> Value {
    let told = all.iter().map(|one| {
        let row = one.file.row();
        let scanned = matches!(one.file.goes, Goes::Whole { scanned: true, .. });
        json!({
            "path": one.path, "left_out": one.left_out().map(|(code, _)| code), "id": row.id, "name": one.file.name,
            "belongs_to": one.file.belongs, "field": row.field, "version": row.number, "first_version": row.chain,
            "superseded_by": row.superseded_by, "sha256": row.sha256, "size": row.size, "at": timestamp(row.at).to_string(), "by": one.file.by,
            "covers_from": row.covers_from, "covers_to": row.covers_to, "expires_on": row.expires_on, "internal": row.internal,
            "sensitive": row.sensitive, "handed_in": row.fixed_at.is_some(), "scanned": scanned,
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_are_as_archives_have_them() {
        for (name, expected) in [
            ("Network plan (final).PDF", "network-plan-final.pdf"),
            ("Übersicht.txt", "bersicht.txt"),
            ("計画.pdf", "file.pdf"),
            ("a/../../b.txt", "a-b.txt"),
            ("no ending", "no-ending.bin"),
        ] {
            assert_eq!(plain(name), expected, "{name}");
        }
        assert_eq!(plain(&format!("{}.pdf", "x".repeat(500))).len(), 64);
    }
}
