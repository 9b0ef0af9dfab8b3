//! A paper as the values that the template reads. Every text of a person becomes strings inside arrays; none becomes source.

use typst::foundations::{Array, Dict, IntoValue, Value, dict};

use crate::text::{FAMILIES, Repertoire, blank, clean, pieces};
use crate::{Block, MOST_CHARACTERS, MOST_COLUMNS, Paper, PaperError};

/// Words longer than this, in characters, may be broken in running text; in labels of facts; in heads and feet of pages.
const PROSE: usize = 40;
const LABEL: usize = 16;
const RUNNING: usize = 24;

/// Titles and headings are also bookmarks; longer ones, in characters, are cut there and stand in full as text.
const LONGEST_TITLE: usize = 300;

/// The most characters of an address that is a link.
const LONGEST_ADDRESS: usize = 2_000;

/// The most characters of a column's head: it cannot be broken between pages and comes again on each.
const LONGEST_HEAD: usize = 120;

/// Tables of more columns than this are set across the page.
const UPRIGHT_COLUMNS: usize = 7;

/// Refuses what no layout could hold.
pub(crate) fn check(paper: &Paper) -> Result<(), PaperError> {
    let mut total = 0;
    let mut count = |text: &str| total += text.chars().count();
    for text in [&paper.title, &paper.marking, &paper.reference, &paper.date, &paper.edition, &paper.code, &paper.authority.name] {
        count(text);
    }
    paper.authority.lines.iter().for_each(|line| count(line));
    for block in &paper.blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Pointer { text, .. } => count(text),
            Block::Facts(facts) => facts.iter().flat_map(|(label, value)| [label, value]).for_each(|text| count(text)),
            Block::List(lines) | Block::Address(lines) => lines.iter().for_each(|line| count(line)),
            Block::Signature { closing, name, lines } => [closing, name].into_iter().chain(lines).for_each(|line| count(line)),
            Block::Table { caption, head, rows } => {
                let columns = width(head, rows);
                if columns > MOST_COLUMNS {
                    return Err(PaperError::TooWide(columns));
                }
                count(caption);
                head.iter().chain(rows.iter().flatten()).for_each(|cell| count(cell));
            }
        }
    }
    if total > MOST_CHARACTERS { Err(PaperError::TooLong(total)) } else { Ok(()) }
}

/// What the template finds as `sys.inputs`.
pub(crate) fn inputs(paper: &Paper, repertoire: Repertoire) -> Result<Dict, PaperError> {
    let say = Say { repertoire };
    let (lang, region) = language(&paper.lang)?;
    let title = [&paper.title, &paper.reference].map(|text| one_line(&say.clean(text))).into_iter().find(|text| !blank(text));
    let title = title.ok_or(PaperError::Untitled)?;
    let cut = shorten(&title);

    let mut blocks = Array::new();
    if cut != title {
        blocks.push(say.strong(&title));
    }
    let mut to = Array::new();
    let mut level = 1;
    for (at, block) in paper.blocks.iter().enumerate() {
        match block {
            Block::Address(lines) if at == 0 => to = say.lines_of(lines, RUNNING),
            block => say.block(block, &mut level, &mut blocks),
        }
    }

    let authority = one_line(&say.clean(&paper.authority.name));
    Ok(dict! {
        "families" => FAMILIES.map(string).into_iter().collect::<Array>(),
        "lang" => lang,
        "region" => region.map_or(Value::None, IntoValue::into_value),
        "document" => dict! { "title" => shorten(&title), "author" => shorten(&authority) },
        "title" => say.cut(&cut, PROSE),
        "marking" => say.running(&paper.marking, LONGEST_MARKING),
        "running-authority" => say.running(&paper.authority.name, LONGEST_RUNNING),
        "authority" => say.cut(&authority, RUNNING),
        "from" => say.lines_of(&paper.authority.lines, PROSE),
        "reference" => say.running(&paper.reference, LONGEST_RUNNING),
        "particulars" => say.particulars(paper),
        "page" => page_words(&cut_at(&one_line(&say.clean(&paper.words.page)), LONGEST_RUNNING)),
        "to" => to,
        "blocks" => blocks,
    })
}

fn string(text: &str) -> Value {
    Value::Str(text.into())
}

/// `en-GB` as language and region, in the letters that Typst takes.
fn language(tag: &str) -> Result<(String, Option<String>), PaperError> {
    let letters =
        |text: &str, range: std::ops::RangeInclusive<usize>| range.contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphabetic());
    let (lang, region) = tag.split_once('-').map_or((tag, None), |(lang, region)| (lang, Some(region)));
    if !letters(lang, 2..=3) || region.is_some_and(|region| !letters(region, 2..=2)) {
        return Err(PaperError::Language);
    }
    Ok((lang.to_ascii_lowercase(), region.map(str::to_ascii_uppercase)))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As one line, with the blanks at its ends: it goes on in another piece.
fn one_line_kept(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect()
}

fn shorten(text: &str) -> String {
    cut_at(text, LONGEST_TITLE)
}

/// The most characters of a marking in the head and foot of pages, where it has a line to itself; and of what shares a line there.
const LONGEST_MARKING: usize = 60;
const LONGEST_RUNNING: usize = 36;

/// The first `most` characters of `text`, with a sign that there were more.
fn cut_at(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}

/// The words of the page number, with 0 for the page and 1 for how many.
fn page_words(text: &str) -> Array {
    let mut out = Array::new();
    let mut rest = text;
    while let Some(at) = rest.find("{n}").into_iter().chain(rest.find("{m}")).min() {
        let (before, from) = rest.split_at(at);
        out.push(string(before));
        out.push(Value::Int(i64::from(from.starts_with("{m}"))));
        rest = &from[3..];
    }
    out.push(string(rest));
    out
}

fn width(head: &[String], rows: &[Vec<String>]) -> usize {
    rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len())
}

/// Turns texts into values.
struct Say {
    repertoire: Repertoire,
}

impl Say {
    fn clean(&self, text: &str) -> String {
        clean(text, self.repertoire)
    }

    /// Clean text as an array of lines, each an array of pieces.
    #[allow(clippy::unused_self)]
    fn cut(&self, clean: &str, longest: usize) -> Array {
        let line = |line: &str| pieces(line, longest).into_iter().map(IntoValue::into_value).collect::<Array>().into_value();
        clean.trim_matches('\n').split('\n').map(line).collect()
    }

    fn text(&self, text: &str, longest: usize) -> Array {
        self.cut(&self.clean(text), longest)
    }

    /// Text for the head or foot of pages, which must stay small or no page is left.
    fn running(&self, text: &str, most: usize) -> Value {
        let text = one_line(&self.clean(text));
        if blank(&text) {
            return Value::None;
        }
        self.cut(&cut_at(&text, most), RUNNING).into_value()
    }

    fn lines_of(&self, lines: &[String], longest: usize) -> Array {
        lines.iter().filter(|line| !blank(line)).map(|line| self.text(line, longest).into_value()).collect()
    }

    fn strong(&self, clean: &str) -> Value {
        dict! { "kind" => "strong", "text" => self.cut(clean, PROSE) }.into_value()
    }

    fn particulars(&self, paper: &Paper) -> Array {
        let words = &paper.words;
        let index = paper.ledger_index.map(|index| index.to_string()).unwrap_or_default();
        [
            (&words.reference, &paper.reference),
            (&words.date, &paper.date),
            (&words.marking, &paper.marking),
            (&words.edition, &paper.edition),
            (&words.ledger_entry, &index),
            (&words.code, &paper.code),
        ]
        .into_iter()
        .filter(|(_, value)| !blank(value))
        .map(|(label, value)| vec![self.text(label, LABEL), self.text(value, LABEL)].into_value())
        .collect()
    }

    fn paragraphs(&self, text: &str, out: &mut Array) {
        for part in self.clean(text).split("\n\n").filter(|part| !blank(part)) {
            out.push(dict! { "kind" => "paragraph", "text" => self.cut(part, PROSE) }.into_value());
        }
    }

    /// Words with a link among them; none where the address is none, or does not stand among them as one word.
    fn pointer(&self, text: &str, address: &str) -> Option<Value> {
        let web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        let plain = address.len() <= LONGEST_ADDRESS && address.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c));
        let text = self.clean(text);
        let (before, after) = text.split_once(address).filter(|_| web && plain)?;
        Some(
            dict! {
                "kind" => "pointer",
                "address" => string(address),
                "before" => self.cut(&one_line_kept(before), PROSE),
                "shown" => self.cut(address, PROSE),
                "after" => self.cut(&one_line_kept(after), PROSE),
            }
            .into_value(),
        )
    }

    /// Adds what `block` becomes to `out`. `level` is that of the heading before it, the title's being 1.
    fn block(&self, block: &Block, level: &mut u8, out: &mut Array) {
        match block {
            Block::Heading { level: asked, text } => {
                let text = one_line(&self.clean(text));
                if blank(&text) {
                    return;
                }
                *level = asked.saturating_add(1).clamp(2, 6).min(*level + 1);
                let cut = shorten(&text);
                out.push(dict! { "kind" => "heading", "level" => i64::from(*level), "text" => self.cut(&cut, PROSE) }.into_value());
                if cut != text {
                    out.push(self.strong(&text));
                }
            }
            Block::Paragraph(text) => self.paragraphs(text, out),
            Block::Pointer { text, address } => match self.pointer(text, address) {
                Some(pointer) => out.push(pointer),
                None => self.paragraphs(text, out),
            },
            Block::Facts(facts) if !facts.is_empty() => {
                let rows: Array =
                    facts.iter().map(|(label, value)| vec![self.text(label, LABEL), self.text(value, PROSE)].into_value()).collect();
                out.push(dict! { "kind" => "facts", "rows" => rows }.into_value());
            }
            Block::Table { caption, head, rows } if width(head, rows) > 0 => out.push(self.table(caption, head, rows)),
            Block::List(items) => {
                let items = self.lines_of(items, PROSE);
                if !items.is_empty() {
                    out.push(dict! { "kind" => "list", "items" => items }.into_value());
                }
            }
            Block::Address(lines) => out.push(dict! { "kind" => "address", "lines" => self.lines_of(lines, PROSE) }.into_value()),
            Block::Signature { closing, name, lines } => out.push(
                dict! {
                    "kind" => "signature",
                    // Kept on one page, unless it might not fit on one.
                    "whole" => [closing, name].into_iter().chain(lines).map(String::len).sum::<usize>() < 600 && lines.len() < 12,
                    "closing" => if blank(closing) { Value::None } else { self.text(closing, PROSE).into_value() },
                    "name" => self.text(name, PROSE),
                    "lines" => self.lines_of(lines, PROSE),
                }
                .into_value(),
            ),
            Block::Facts(_) | Block::Table { .. } => {}
        }
    }

    fn table(&self, caption: &str, head: &[String], rows: &[Vec<String>]) -> Value {
        let columns = width(head, rows);
        let across = columns > UPRIGHT_COLUMNS;
        let cell = |row: &[String], column: usize| self.clean(row.get(column).map_or("", String::as_str));
        let head: Vec<String> = (0..columns).map(|column| cut_at(&cell(head, column), LONGEST_HEAD)).collect();
        let body: Vec<Vec<String>> = rows.iter().map(|row| (0..columns).map(|column| cell(row, column)).collect()).collect();

        let wants: Vec<(usize, usize)> =
            (0..columns).map(|column| share(&head[column], body.iter().map(|row| row[column].as_str()))).collect();
        // About how many characters of the table's type stand in a line of the page, less the space between columns.
        let room = (if across { 150 } else { 96 }) - columns * 2;
        let shares = fitted(&wants, room);
        let sum: usize = shares.iter().sum();
        let longest = |column: usize| (room * shares[column] / sum * 3 / 4).max(2);
        let values = |row: &[String]| -> Array {
            row.iter().enumerate().map(|(column, text)| self.cut(text, longest(column)).into_value()).collect()
        };
        let figures = |column: usize| {
            let mut filled = body.iter().map(|row| row[column].trim()).filter(|text| !text.is_empty()).peekable();
            filled.peek().is_some() && filled.all(is_figure)
        };
        dict! {
            "kind" => "table",
            "caption" => if blank(caption) { Value::None } else { self.text(caption, PROSE).into_value() },
            "across" => across,
            "shares" => shares.iter().map(|share| i64::try_from(*share).unwrap_or(1).into_value()).collect::<Array>(),
            "figures" => (0..columns).map(|column| figures(column).into_value()).collect::<Array>(),
            "head" => values(&head),
            "rows" => body.iter().map(|row| values(row).into_value()).collect::<Array>(),
        }
        .into_value()
    }
}

/// The shares of columns that need and want so many characters each. Where not all can have what they want, those that want more than they need
/// give way, and words of narrow columns are not broken.
fn fitted(wants: &[(usize, usize)], room: usize) -> Vec<usize> {
    let (need, want): (usize, usize) = wants.iter().fold((0, 0), |(need, want), one| (need + one.0, want + one.1));
    if want <= room || need >= room {
        return wants.iter().map(|one| one.1).collect();
    }
    wants.iter().map(|(need_of, want_of)| need_of + (want_of - need_of) * (room - need) / (want - need)).collect()
}

/// How many characters of a table's width a column needs, for its longest usual word, and wants: the length of its texts, within bounds.
fn share<'a>(head: &'a str, cells: impl Iterator<Item = &'a str>) -> (usize, usize) {
    let mut lengths = Vec::new();
    let mut word = 4;
    for text in std::iter::once(head).chain(cells) {
        let longest = text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        word = word.max(longest.min(18));
        lengths.push(text.chars().count().min(60));
    }
    lengths.sort_unstable();
    // Nine cells of ten fit their share; a single long one does not squeeze the other columns.
    (word + 2, lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0).clamp(word + 2, 40))
}

/// Whether `text` is an amount, such as `£1,204.50` or `12 %`: columns of them are set flush right.
fn is_figure(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || " .,%£€$-−+".contains(c))
        && text.matches('-').count() < 2
}
