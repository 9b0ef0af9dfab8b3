//! A file's name: only shown, never trusted. It says nothing about what the file is.

use unicode_normalization::UnicodeNormalization as _;

/// The longest name, in characters.
const LONGEST: usize = 200;

/// A file's name for people: its last part without folders, without characters that cannot be shown or that turn the reading direction,
/// blanks single, at most 200 characters with its ending kept.
pub fn plain(chosen: &str) -> String {
    let last = chosen.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control() && !unseen(*c)).collect();
    let name = shown.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let count = name.chars().count();
    if name.trim_matches('.').is_empty() {
        return "-".to_owned();
    }
    if count <= LONGEST {
        return name;
    }
    let ending = ending(&name).map(|e| format!(".{e}")).unwrap_or_default();
    let stem: String = name.chars().take(LONGEST - ending.chars().count()).collect();
    format!("{stem}{ending}")
}

/// What is not seen, or changes how what follows is read: bidirectional controls, zero-width characters, tags, byte-order marks.
fn unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ending of a name in lower case, without its dot: at most 12 letters or digits.
pub(super) fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let plain = !stem.is_empty() && !ending.is_empty() && ending.len() <= 12 && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    plain.then(|| ending.to_ascii_lowercase())
}

/// The name under which a file is saved by whoever downloads it: with an ending that fits its content, so that a text called `run.bat` does
/// not become a program.
pub(super) fn to_save(name: &str, kind: &super::kind::FileKind) -> String {
    match ending(name) {
        Some(ending) if kind.endings.contains(&ending.as_str()) => name.to_owned(),
        _ => format!("{name}.{}", kind.endings.first().copied().unwrap_or("bin")),
    }
}

/// The header that has a browser save the file (RFC 6266): a plain name for old ones, the whole for others.
pub(super) fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' }).collect();
    let whole = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}
