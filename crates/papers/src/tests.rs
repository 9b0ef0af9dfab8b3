//! Papers as they come out: conforming, marked and numbered on every page, and saying what they were given, whatever that is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod hostile;
mod sample;

use std::io::Write as _;
use std::process::Command;

use typst::layout::{Frame, FrameItem};
use typst::model::Destination;
use typst_layout::PagedDocument;

use super::*;
use sample::{decision, paper, report};

/// The text set on each page, in the order of layout, without what only marks a place to break.
fn pages(document: &PagedDocument) -> Vec<String> {
    fn walk(frame: &Frame, out: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Text(text) => out.push_str(&text.text),
                FrameItem::Group(group) => walk(&group.frame, out),
                _ => {}
            }
        }
    }
    document
        .pages()
        .iter()
        .map(|page| {
            let mut out = String::new();
            walk(&page.frame, &mut out);
            out
        })
        .collect()
}

fn set(paper: &Paper) -> Vec<String> {
    pages(&lay_out(paper, Repertoire::Full).unwrap())
}

/// Where the paper's links lead.
fn links(paper: &Paper) -> Vec<String> {
    fn walk(frame: &Frame, out: &mut Vec<String>) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Link(Destination::Url(url), _) => out.push(url.as_str().to_owned()),
                FrameItem::Group(group) => walk(&group.frame, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    lay_out(paper, Repertoire::Full).unwrap().pages().iter().for_each(|page| walk(&page.frame, &mut out));
    out.dedup();
    out
}

/// Only what can be seen.
fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

/// Writes papers of every kind of block where `PAPERS_OUT` says, for checkers that are no part of this program; does nothing without it.
#[test]
fn papers_for_other_checkers() {
    let Some(folder) = std::env::var_os("PAPERS_OUT").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, made) in [("decision", decision()), ("report", report(120))] {
        std::fs::write(folder.join(format!("{name}.pdf")), render(&made).unwrap()).unwrap();
    }
}

#[test]
fn an_address_on_the_web_is_a_link_where_it_stands() {
    let see = |text: &str, address: &str| paper([Block::Pointer { text: text.to_owned(), address: address.to_owned() }]);
    let made = see("Look at https://host.example/a?b=c#d for more.", "https://host.example/a?b=c#d");
    assert!(solid(&set(&made).concat()).contains("Lookathttps://host.example/a?b=c#dformore."));
    assert_eq!(links(&made), ["https://host.example/a?b=c#d"]);
    assert!(render(&made).is_ok());
    for (text, address) in [
        ("Nothing here.", "https://host.example/"),
        ("javascript:alert(1) is no address", "javascript:alert(1)"),
        ("https://host.example/a b has a blank", "https://host.example/a b"),
        ("file:///etc/passwd stays text", "file:///etc/passwd"),
    ] {
        let made = see(text, address);
        assert!(solid(&set(&made).concat()).contains(&solid(text)), "{text}");
        assert_eq!(links(&made), [""; 0], "{text}");
    }
}

#[test]
fn it_conforms_and_says_so() {
    // `render` asks Typst's validator for both standards: what breaks either is an error, not a file.
    let bytes = render(&decision()).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for mark in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/Lang(en-GB)",
        "/MarkInfo",
        "/Marked true",
        "/StructTreeRoot",
        "/DisplayDocTitle true",
        "/Outlines",
        "Consent to process personal data in Portugal",
        "2026-11-20T09:30:00",
    ] {
        assert!(holds(&bytes, mark), "the file lacks {mark}");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    assert_eq!(render(&decision()).unwrap(), render(&decision()).unwrap());
}

#[test]
fn every_page_bears_the_marking_the_reference_and_its_number() {
    let pages = set(&report(120));
    assert!(pages.len() > 3, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        let page = solid(page);
        assert!(page.contains(&format!("OFF-2026-0117·Page{}of{}", at + 1, pages.len())), "{page}");
        let markings = page.matches("OFFICIAL–SENSITIVE").count();
        // Head and foot, and on the first page among the particulars, where a reading voice finds it.
        assert_eq!(markings, if at == 0 { 3 } else { 2 }, "page {}", at + 1);
    }
}

#[test]
fn a_table_repeats_its_head_and_loses_no_row() {
    let pages = set(&report(120));
    let with_rows: Vec<_> = pages.iter().filter(|page| page.contains("Register row")).collect();
    assert!(with_rows.len() > 2 && with_rows.iter().all(|page| page.contains("Supplier")));
    let all = pages.concat();
    assert!((0..120).all(|n| all.contains(&format!("Register row {n:03}"))));
}

#[test]
fn a_wide_table_is_set_across_the_page() {
    let head: Vec<String> = (0..9).map(|n| format!("Column {n}")).collect();
    let table = Block::Table { caption: String::new(), head, rows: vec![vec!["Some words in a cell".to_owned(); 9]; 3] };
    let document =
        lay_out(&paper([Block::Paragraph("Before.".to_owned()), table, Block::Paragraph("After.".to_owned())]), Repertoire::Full).unwrap();
    let across: Vec<bool> = document.pages().iter().map(|page| page.frame.width() > page.frame.height()).collect();
    assert_eq!(across, [false, true, false]);
}

#[test]
fn what_has_no_words_is_left_out() {
    let pages = set(&paper([
        Block::Heading { level: 1, text: " \u{200b}".to_owned() },
        Block::Paragraph("\n\n \n".to_owned()),
        Block::Facts(vec![]),
        Block::List(vec![String::new()]),
        Block::Address(vec![]),
        Block::Table { caption: "Nothing".to_owned(), head: vec![], rows: vec![vec![]] },
    ]));
    assert_eq!(pages.len(), 1);
    assert!(!pages[0].contains("Nothing"));
}

#[test]
fn blocks_without_words_still_conform() {
    let empty = || vec![String::new(); 2];
    let bytes = render(&paper([
        Block::Table { caption: String::new(), head: empty(), rows: vec![empty(), vec![], vec![String::new(); 3]] },
        Block::Facts(vec![(String::new(), String::new())]),
        Block::Signature { closing: String::new(), name: String::new(), lines: vec![] },
    ]));
    assert!(bytes.is_ok(), "{bytes:?}");
}

#[test]
fn headings_skip_no_level() {
    let heading = |level, text: &str| Block::Heading { level, text: text.to_owned() };
    let paper = paper([heading(4, "First"), heading(9, "Second"), heading(1, "Third"), heading(0, "Fourth"), heading(255, "Fifth")]);
    let inputs = values::inputs(&paper, Repertoire::Full).unwrap();
    let blocks = inputs.get("blocks").unwrap().clone().cast::<typst::foundations::Array>().unwrap();
    let levels: Vec<i64> = blocks
        .iter()
        .map(|block| block.clone().cast::<typst::foundations::Dict>().unwrap().get("level").unwrap().clone().cast::<i64>().unwrap())
        .collect();
    assert_eq!(levels, [2, 3, 2, 2, 3]);
}

#[test]
fn what_cannot_be_a_paper_is_refused_with_the_reason() {
    let with = |change: fn(&mut Paper)| {
        let mut paper = decision();
        change(&mut paper);
        render(&paper).unwrap_err()
    };
    for lang in ["", "e", "english", "en_GB", "en-gbr", "e1", "en-", "\"), read(\"/etc/passwd\")"] {
        let mut paper = decision();
        lang.clone_into(&mut paper.lang);
        assert_eq!(render(&paper), Err(PaperError::Language), "{lang}");
    }
    assert_eq!(
        with(|paper| {
            paper.title = " ".to_owned();
            paper.reference = "\u{200b}".to_owned();
        }),
        PaperError::Untitled
    );
    assert_eq!(
        with(|paper| paper.blocks = vec![Block::Table { caption: String::new(), head: vec![], rows: vec![vec![String::new(); 17]] }]),
        PaperError::TooWide(17)
    );
    assert!(matches!(with(|paper| paper.blocks = vec![Block::Paragraph("a".repeat(MOST_CHARACTERS))]), PaperError::TooLong(_)));
    assert_eq!(with(|paper| paper.made_at = "-000500-01-01T00:00:00Z".parse().unwrap()), PaperError::Time);
}

#[test]
fn a_paper_without_title_bears_its_reference() {
    let mut paper = decision();
    paper.title = String::new();
    assert!(holds(&render(&paper).unwrap(), "<rdf:li xml:lang=\"x-default\">OFF-2026-0117</rdf:li>"));
}

#[test]
fn the_desk_holds_the_template_and_nothing_else() {
    use typst::World as _;
    use typst::syntax::{RootedPath, VirtualPath, VirtualRoot};
    let desk = Desk::new(values::inputs(&decision(), Repertoire::Full).unwrap());
    for path in ["/etc/passwd", "/paper.typ", "/", "/templates/paper.typ", "/Cargo.toml"] {
        let id = RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).unwrap()).intern();
        assert!(desk.file(id).is_err(), "{path}");
        assert_eq!(desk.source(id).is_ok(), id == desk.main(), "{path}");
    }
    let package = VirtualRoot::Package("@preview/example:0.1.0".parse().unwrap());
    let id = RootedPath::new(package, VirtualPath::new("/typst.toml").unwrap()).intern();
    assert!(desk.file(id).is_err() && desk.source(id).is_err());
    assert!(desk.today(None).is_none());
}

#[test]
fn papers_are_made_at_once_on_many_threads() {
    let alone = render(&decision()).unwrap();
    std::thread::scope(|scope| {
        let made: Vec<_> = (0..4).map(|_| scope.spawn(|| render(&decision()).unwrap())).collect();
        assert!(made.into_iter().all(|thread| thread.join().unwrap() == alone));
    });
}

/// What a reader's program finds in the file, where `pdftotext` is installed.
#[test]
fn the_text_can_be_taken_out_again() {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        eprintln!("skipped: pdftotext is not installed");
        return;
    }
    let text = extracted(&render(&decision()).unwrap());
    for words in ["#read(\"/etc/passwd\") $ x $ *not bold* [", "Page 1 of 1", "Consent to process personal data in Portugal"] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
}

fn extracted(bytes: &[u8]) -> String {
    use std::process::Stdio;
    let mut reader =
        Command::new("pdftotext").args(["-enc", "UTF-8", "-raw", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(bytes).unwrap();
    let out = reader.wait_with_output().unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap()
}

/// With `PAPERS_OUT` set to a folder, leaves the samples there to be looked at.
#[test]
fn samples_can_be_looked_at() {
    let samples = [("decision", decision()), ("report", report(60))];
    for (name, paper) in samples {
        let bytes = render(&paper).unwrap();
        if let Some(folder) = std::env::var_os("PAPERS_OUT") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), bytes).unwrap();
        }
    }
}
