//! What becomes of people's text before it is set in type: characters that cannot be shown are named, and long words get places to break.
//!
//! PDF/A-2a (ISO 19005-2, 6.2.11) refuses a missing glyph and a character without meaning, so one odd character would cost the whole
//! paper. Here it costs itself only.

use std::fmt::Write as _;
use std::sync::LazyLock;

use typst::text::{FontStretch, FontStyle, FontVariant, FontWeight};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::world::FONTS;

/// The families of the template, in its order.
pub(crate) const FAMILIES: [&str; 3] = ["Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"];

/// The weights the template uses.
const WEIGHTS: [u16; 2] = [400, 600];

/// Which characters may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repertoire {
    /// All that our fonts cover.
    Full,
    /// The letters of European languages only: nothing that fonts put together.
    Latin,
}

/// For each weight, the fonts (indices in the book) that may be called on.
static FACES: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| {
    WEIGHTS
        .iter()
        .map(|weight| {
            let variant = FontVariant::new(FontStyle::Normal, FontWeight::from_number(*weight), FontStretch::NORMAL);
            FAMILIES.iter().filter_map(|family| FONTS.book().select(&family.to_lowercase(), variant)).collect()
        })
        .collect()
});

/// Characters that show nothing and do no harm: soft hyphen, zero-width space and joiners, direction marks (not overrides).
fn silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{61c}')
}

/// Characters that show nothing and may hide something, or that stand for nothing.
fn suspect(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{202a}'..='\u{202e}' | '\u{2061}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{34f}' | '\u{115f}'
            | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether, in every weight, one font covers the whole of `cluster`.
fn covered(cluster: &str) -> bool {
    FACES.iter().all(|faces| {
        faces.iter().filter_map(|index| FONTS.book().info(*index)).any(|info| {
            // What is silent never reaches a font.
            cluster.chars().filter(|c| !silent(*c)).all(|c| info.coverage.contains(u32::from(c)))
        })
    })
}

fn may_show(cluster: &str, repertoire: Repertoire) -> bool {
    let plain =
        repertoire == Repertoire::Full || cluster.chars().all(|c| c < '\u{250}' || matches!(c, '\u{2010}'..='\u{2027}' | '⟨' | '⟩'));
    plain && !cluster.chars().any(suspect) && covered(cluster)
}

/// `text` made fit to be shown: in it is no control character but `\n`.
pub(crate) fn clean(text: &str, repertoire: Repertoire) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut cluster = String::new();
    // They choose a picture for the character before; we have the one. Gone before composing, since they keep marks from joining.
    let plain = text.chars().filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'));
    for c in plain.nfc() {
        let c = match c {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c => c,
        };
        if !is_combining_mark(c) {
            flush(&mut out, &mut cluster, repertoire);
        }
        cluster.push(c);
    }
    flush(&mut out, &mut cluster, repertoire);
    out
}

/// Moves a character with its marks to `out`, whole if it can be shown, else piece by piece.
fn flush(out: &mut String, cluster: &mut String, repertoire: Repertoire) {
    if cluster == "\n" || may_show(cluster, repertoire) {
        out.push_str(cluster);
    } else {
        let mut buffer = [0; 4];
        for c in cluster.chars() {
            if c == '\n' || silent(c) {
                out.push(c);
            } else if c.is_whitespace() && !c.is_control() {
                out.push(' ');
            } else if !is_combining_mark(c) && may_show(c.encode_utf8(&mut buffer), repertoire) {
                out.push(c);
            } else {
                // Writing to a string does not fail.
                let _ = write!(out, "⟨U+{:04X}⟩", u32::from(c));
            }
        }
    }
    cluster.clear();
}

/// Whether `text` shows nothing at all.
pub(crate) fn blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || silent(c))
}

/// A line of clean text in pieces, between which it may be broken: words of more than `longest` characters are cut so that they fit.
pub(crate) fn pieces(line: &str, longest: usize) -> Vec<String> {
    let step = (longest / 4).max(1);
    let mut out = Vec::new();
    let mut piece = String::new();
    for word in line.split_inclusive(char::is_whitespace) {
        if word.chars().count() <= longest {
            piece.push_str(word);
            continue;
        }
        let mut run = 0;
        for c in word.chars() {
            // Marks, joiners and the space that ends the word stay with what they belong to.
            if run >= step && !is_combining_mark(c) && !silent(c) && !c.is_whitespace() {
                out.push(std::mem::take(&mut piece));
                run = 0;
            }
            piece.push(c);
            run += 1;
        }
    }
    if !piece.is_empty() {
        out.push(piece);
    }
    out
}
