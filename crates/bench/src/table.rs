//! Tables in Markdown, and the file that keeps them.

use std::path::Path;

use anyhow::{Context as _, Result};

const FROM: &str = "<!-- measured: from here -->";
const TO: &str = "<!-- measured: to here -->";

/// A table with its heading.
pub fn table(title: &str, about: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("## {title}\n\n{about}\n\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    out.push('\n');
    out
}

/// Puts `text` between the marks of `file`.
pub fn replace(file: &Path, text: &str) -> Result<()> {
    let old = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let (before, rest) = old.split_once(FROM).context("the file has no mark where tables begin")?;
    let (_, after) = rest.split_once(TO).context("the file has no mark where tables end")?;
    std::fs::write(file, format!("{before}{FROM}\n\n{text}{TO}{after}"))?;
    Ok(())
}
