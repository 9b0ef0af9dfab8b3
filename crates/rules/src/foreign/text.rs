//! Words of foreign files as ours: markup taken off, ids made.

use std::collections::BTreeSet;

use crate::form::{Choice, Question, QuestionType};

/// The longest label, in characters; what is longer goes on in the hint.
const LABEL: usize = 300;
/// The longest id.
const ID: usize = 60;

/// Ids that were given, so that each is given once.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// An id from a foreign one, or from words; numbered when it was given before.
    pub(super) fn give(&mut self, from: &str) -> String {
        let plain = id(from);
        let mut name = plain.clone();
        let mut number = 2;
        while !self.0.insert(name.clone()) {
            let end = format!("_{number}");
            name = format!("{}{end}", cut_id(&plain, ID - end.len()));
            number += 1;
        }
        name
    }
}

fn cut_id(id: &str, most: usize) -> &str {
    id.get(..id.len().min(most)).unwrap_or(id).trim_end_matches('_')
}

/// An id of ours from a foreign one: lower-case words joined by `_`: `dataStorageUK` is `data_storage_uk`, `A1.a.1` is `a1_a_1`, `10WorkingDays` is `q10_working_days`.
pub fn id(from: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = from.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        // A word begins at a capital after a small letter, or at the last of several capitals before one.
        let begins = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || (b.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if begins && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    let out = out.trim_matches('_');
    let out = if out.starts_with(|c: char| c.is_ascii_lowercase()) { out.to_owned() } else { format!("q{out}") };
    cut_id(&out, ID).to_owned()
}

/// Text without markup: what is a paragraph or a point of a list stays one; the address of a link follows its words.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut links: Vec<Option<String>> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tagged) = rest.split_at(at);
        out.push_str(before);
        // What is no tag is a sign like any other.
        let tag = tagged
            .get(1..)
            .filter(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
            .and_then(|inner| inner.split_once('>'));
        let Some((tag, after)) = tag else {
            out.push('<');
            rest = tagged.get(1..).unwrap_or_default();
            continue;
        };
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match (name.to_lowercase().as_str(), tag.starts_with('/')) {
            ("p" | "ul" | "ol" | "div" | "h1" | "h2" | "h3" | "br", _) => out.push('\n'),
            ("li", false) => out.push_str("\n- "),
            ("a", false) => links.push(address(tag)),
            ("a", true) => {
                if let Some(Some(address)) = links.pop() {
                    out.push_str(&format!(" ({address})"));
                }
            }
            _ => {}
        }
        rest = after;
    }
    out.push_str(rest);
    tidy(&entities(&out))
}

fn address(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once("href=")?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = rest.get(1..)?.split(quote).next()?;
    address.starts_with("http").then(|| address.to_owned())
}

fn entities(text: &str) -> String {
    const NAMED: [(&str, &str); 17] = [
        ("nbsp", " "),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("mdash", "—"),
        ("ndash", "–"),
        ("rsquo", "’"),
        ("lsquo", "‘"),
        ("rdquo", "”"),
        ("ldquo", "“"),
        ("hellip", "…"),
        ("pound", "£"),
        ("euro", "€"),
        ("copy", "©"),
        ("middot", "·"),
        ("amp", "&"),
    ];
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let name = found.get(1..).and_then(|inner| inner.split_once(';')).map(|(name, _)| name).filter(|name| name.len() <= 10);
        let numbered = name.and_then(|n| n.strip_prefix('#')).and_then(|n| match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => n.parse().ok(),
        });
        let sign = numbered.and_then(char::from_u32).map(String::from);
        let sign = sign.or_else(|| NAMED.iter().find(|(known, _)| Some(*known) == name).map(|(_, sign)| (*sign).to_owned()));
        match (sign, name) {
            (Some(sign), Some(name)) => {
                out.push_str(&sign);
                rest = found.get(name.len() + 2..).unwrap_or_default();
            }
            _ => {
                out.push('&');
                rest = found.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// Blanks single, at most one empty line between paragraphs, no control characters.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.replace("\r\n", "\n").split('\n') {
        let line: Vec<&str> = line.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
        let line = line.join(" ");
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// A label of one line, and what of the text goes on below it.
pub(super) fn label(text: &str) -> (String, Option<String>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if first.chars().count() <= LABEL {
        return (first.trim().to_owned(), Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty()));
    }
    // Cut after a sentence, else after a word.
    let fits: String = first.chars().take(LABEL).collect();
    let at = fits.rfind(". ").map(|at| at + 1).or_else(|| fits.rfind(' ')).unwrap_or(fits.len());
    let (head, tail) = text.split_at(at);
    (head.trim().to_owned(), Some(tail.trim().to_owned()).filter(|tail| !tail.is_empty()))
}

/// Paragraphs one after the other; nothing when there are none.
pub(super) fn joined(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// A question without anything but its words; `text` is its label, and what goes on of it stands before `hint`.
pub(super) fn question(id: String, kind: QuestionType, text: &str, hint: Option<String>) -> Question {
    let (label, more) = label(text);
    Question {
        id,
        kind,
        label,
        hint: joined([more, hint]),
        required: false,
        sensitive: false,
        when: None,
        max_length: None,
        max_words: None,
        formats: Vec::new(),
        max_mib: None,
        at_least: None,
        must: None,
        min: None,
        max: None,
        integer: false,
        allow_unknown: false,
        options: Vec::new(),
        refuse: None,
        country: None,
        source: Vec::new(),
        item: None,
        min_items: None,
        max_items: None,
        questions: Vec::new(),
    }
}

/// An option; what goes on of its text is its hint.
pub(super) fn option(id: String, text: &str, hint: Option<String>) -> Choice {
    let (label, more) = label(text);
    Choice { id, label, hint: joined([more, hint]) }
}
