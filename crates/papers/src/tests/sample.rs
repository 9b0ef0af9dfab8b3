//! Papers of an invented authority, to look at and to test with.

use crate::{Block, Letterhead, Paper, Words};

fn lines<const N: usize>(lines: [&str; N]) -> Vec<String> {
    lines.map(str::to_owned).to_vec()
}

/// A paper of Northmere's with these blocks.
pub(super) fn paper<const N: usize>(blocks: [Block; N]) -> Paper {
    Paper {
        lang: "en-GB".to_owned(),
        title: "Consent to process personal data in Portugal".to_owned(),
        marking: "OFFICIAL – SENSITIVE".to_owned(),
        authority: Letterhead {
            name: "Northmere Revenue Board".to_owned(),
            lines: lines(["Supplier Assurance, 4 Quay Street, Northmere NM1 2AB", "assurance@northmere.example"]),
        },
        reference: "OFF-2026-0117".to_owned(),
        date: "20 November 2026".to_owned(),
        made_at: "2026-11-20T09:30:00Z".parse().unwrap(),
        edition: "Offshoring, edition 3".to_owned(),
        ledger_index: Some(48_213),
        code: "K7QF-2M9X-4TBD-0RWE".to_owned(),
        words: Words {
            marking: "Marking".to_owned(),
            reference: "Reference".to_owned(),
            date: "Date".to_owned(),
            edition: "Policy".to_owned(),
            ledger_entry: "Ledger entry".to_owned(),
            code: "Code".to_owned(),
            page: "Page {n} of {m}".to_owned(),
        },
        blocks: blocks.into(),
    }
}

/// A letter of one page with every kind of block but a long table.
pub(super) fn decision() -> Paper {
    paper([
        Block::Address(lines(["Inês Carvalho", "Head of Compliance", "Halden Payments Ltd", "12 Foundry Lane", "Eastwick EW4 7QT"])),
        Block::Paragraph(
            "You asked on 3 November to move the support desk of contract C-2025-088 to Lisbon.\n\nWe consent, on the conditions below. \
             The consent holds until the contract ends. It lapses if the facts you gave us change."
                .to_owned(),
        ),
        Block::Facts(
            [
                ("Contract", "C-2025-088, Debt letters and payments"),
                ("Activity", "Support desk, remote access to case records"),
                ("Place", "Lisbon, Portugal"),
                ("Your note", "#read(\"/etc/passwd\") $ x $ *not bold* ["),
            ]
            .map(|(label, value)| (label.to_owned(), value.to_owned()))
            .to_vec(),
        ),
        Block::Heading { level: 1, text: "Conditions".to_owned() },
        Block::List(lines([
            "Staff in Lisbon reach records only through the managed desktop.",
            "No record is stored, printed or copied outside the United Kingdom.",
            "You tell us within 24 hours of any loss, or of any change of sub-contractor, site or access route.",
        ])),
        Block::Heading { level: 1, text: "What we weighed".to_owned() },
        Block::Table {
            caption: "Rules that fired, and what they say".to_owned(),
            head: lines(["Rule", "What it found", "Outcome", "Score"]),
            rows: vec![
                lines(["Access from abroad", "Twelve people in one site read case records.", "Board consent", "12"]),
                lines(["Data leaves the country", "None is stored abroad.", "No objection", "0"]),
                lines(["Adequate protection", "Portugal is covered by the adequacy regulations.", "No objection", "1.5"]),
            ],
        },
        Block::Pointer {
            text: "Whether this paper is genuine is told at https://assurance.northmere.example/papers/check to anybody who has its code."
                .to_owned(),
            address: "https://assurance.northmere.example/papers/check".to_owned(),
        },
        Block::Signature {
            closing: "Yours sincerely".to_owned(),
            name: "Rowan Achterberg".to_owned(),
            lines: lines(["Director of Supplier Assurance", "For the Northmere Revenue Board"]),
        },
    ])
}

/// A report with a table of `rows` rows, and a wide one.
pub(super) fn report(rows: usize) -> Paper {
    let row = |n: usize| {
        vec![
            format!("Register row {n:03}"),
            "Halden Payments Ltd".to_owned(),
            "Personal data of taxpayers, held for the length of the contract and a year".to_owned(),
            format!("£{},{:03}.00", n + 1, n * 7 % 1000),
        ]
    };
    let mut paper = paper([
        Block::Paragraph("This report lists what stands in the register.".to_owned()),
        Block::Heading { level: 1, text: "The register".to_owned() },
        Block::Heading { level: 2, text: "All rows".to_owned() },
        Block::Table {
            caption: "Sites and systems".to_owned(),
            head: lines(["Item", "Supplier", "What it holds", "Value"]),
            rows: (0..rows).map(row).collect(),
        },
        Block::Table {
            caption: "Each chain by tier".to_owned(),
            head: (1..=9).map(|n| format!("Tier {n}")).collect(),
            rows: vec![vec!["Halden Payments Ltd".to_owned(); 9]; 4],
        },
        Block::Paragraph("End of report.".to_owned()),
    ]);
    paper.title = "Register of processing outside the United Kingdom".to_owned();
    paper
}
