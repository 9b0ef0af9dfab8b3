//! Words of strangers made safe to show and to keep: lines, names of files, text that was flowed, and HTML.

use std::borrow::Cow;

use crate::guarded;

/// The longest subject, in bytes.
pub(crate) const SUBJECT: usize = 500;
/// The longest name of a file, in bytes.
const FILE: usize = 120;
/// How much of that its ending may be.
const ENDING: usize = 16;

/// Whether a character is not seen, or turns around what is seen after it.
pub(crate) fn hides(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// At most so many bytes, and no character in two.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most { text } else { &text[..text.floor_char_boundary(most)] }
}

/// One line of at most `most` bytes: controls and blanks are one blank, what hides is left out.
pub(crate) fn line(text: &str, most: usize) -> String {
    let plain: String = text.chars().filter(|c| !hides(*c) || matches!(c, '\u{2028}' | '\u{2029}')).collect();
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let line = plain.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    cut(&line, most).trim_end().to_owned()
}

/// A name of a file that is safe on any system; none where nothing is left of it.
pub(crate) fn file_name(said: &str) -> Option<String> {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let swapped: String = last.chars().map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }).collect();
    let name = line(&swapped, usize::MAX);
    let name = name.trim_matches(['.', ' ']);
    // What Windows takes for a device, whatever its ending.
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem.ends_with(|c: char| c.is_ascii_digit()));
    let name = if device { format!("_{name}") } else { name.to_owned() };
    if name.len() <= FILE {
        return (!name.is_empty()).then_some(name);
    }
    let short = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= ENDING => format!("{}.{ending}", cut(stem, FILE - 1 - ending.len()).trim_end()),
        _ => cut(&name, FILE).to_owned(),
    };
    Some(short)
}

/// Text in lines that end in `\n`, without the controls that no text needs.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\r' => {
                letters.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\t' => out.push(c),
            '\u{FEFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Text whose lines its writer's program broke, with those lines joined again (RFC 3676). `delsp`: the blank before the break is none.
pub(crate) fn unflowed(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // How deep the line before is quoted, if it goes on.
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        let depth = line.len() - line.trim_start_matches('>').len();
        let words = &line[depth..];
        let words = words.strip_prefix(' ').unwrap_or(words);
        let signature = words == "-- ";
        if open != Some(depth) || signature {
            if open.is_some() {
                out.push('\n');
            }
            for _ in 0..depth {
                out.push('>');
            }
            if depth > 0 && !words.is_empty() {
                out.push(' ');
            }
        }
        let goes_on = words.ends_with(' ') && !signature;
        out.push_str(if goes_on && delsp { &words[..words.len() - 1] } else { words });
        open = goes_on.then_some(depth);
        if !goes_on {
            out.push_str(end);
        }
    }
    out
}

/// The words that HTML shows.
pub(crate) fn of_html(html: &str) -> String {
    let html = broken_into_lines(html);
    let text = guarded(|| mail_parser::decoders::html::html_to_text(&html)).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in plain(&text).lines() {
        // Blanks that do not break are what mail programs fill empty lines with.
        let line = line.trim_matches([' ', '\t', '\u{A0}']);
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// HTML in which whatever is drawn on a line of its own, or in a cell of its own, has a break: the library knows of `br` and `p` only and
/// would join the words of two lines.
fn broken_into_lines(html: &str) -> Cow<'_, str> {
    const LINES: [&str; 24] = [
        "div",
        "tr",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "hr",
        "pre",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "address",
        "center",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ];
    const BLANKS: [&str; 2] = ["td", "th"];
    let mut out = String::new();
    let mut kept = 0;
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let name = html[at + 1..].strip_prefix('/').unwrap_or(&html[at + 1..]);
        let length = name.bytes().take(11).take_while(u8::is_ascii_alphanumeric).count();
        let is = |one: &str| one.eq_ignore_ascii_case(&name[..length]);
        let put = if LINES.iter().any(|one| is(one)) {
            "<br>"
        } else if BLANKS.iter().any(|one| is(one)) {
            " "
        } else {
            continue;
        };
        out.push_str(&html[kept..at]);
        out.push_str(put);
        kept = at;
    }
    if kept == 0 && out.is_empty() {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// Whether both use the same letters and digits in the same order.
pub(crate) fn say_the_same(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(one) == letters(other)
}
