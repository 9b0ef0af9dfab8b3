//! Importing published contracts, and incidents that others recorded.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use crate::program::{fresh, run};
use crate::table::table;

/// Imports so many invented releases, each an award to one supplier, into a fresh database; and again.
pub fn measure(program: &Path, data: &Path, releases: usize) -> Result<String> {
    let folder = fresh(data, "import")?;
    let file = data.join("releases.jsonl");
    std::fs::write(&file, lines(releases)?)?;
    let (folder, file) = (folder.display().to_string(), file.display().to_string());
    run(program, &["init", "--data", &folder, "--email", "admin@bench.example", "--name", "Bench Admin"])?;
    let mut rows = Vec::new();
    for what in ["first import", "the same again"] {
        let began = Instant::now();
        run(program, &["import", "ocds", &file, "--data", &folder, "--report", &format!("{file}.report")])?;
        let seconds = began.elapsed().as_secs_f64();
        // A party, a contract and a place for each.
        let made = if what == "first import" { releases * 3 } else { 0 };
        rows.push(vec![
            what.to_owned(),
            releases.to_string(),
            format!("{:.0}", releases as f64 / seconds),
            format!("{:.0}", made as f64 / seconds),
        ]);
    }
    Ok(table(
        "Import",
        "Invented releases, each an award to one supplier of its own.",
        &["run", "releases", "releases a second", "rows a second"],
        &rows,
    ))
}

/// Imports so many invented incidents, as the rows of a public register tell them, into a fresh database; and again.
pub fn incidents(program: &Path, data: &Path, count: usize) -> Result<String> {
    let folder = fresh(data, "incidents")?;
    let file = data.join("incidents.jsonl");
    std::fs::write(&file, recorded(count)?)?;
    let (folder, file) = (folder.display().to_string(), file.display().to_string());
    run(program, &["init", "--data", &folder, "--email", "admin@bench.example", "--name", "Bench Admin"])?;
    let mut rows = Vec::new();
    for what in ["first import", "the same again"] {
        let report = format!("{file}.report");
        let began = Instant::now();
        run(program, &["import", "veris", &file, "--data", &folder, "--report", &report])?;
        let seconds = began.elapsed().as_secs_f64();
        let wanted = if what == "first import" { "imported" } else { "unchanged" };
        let lines = std::fs::read_to_string(&report)?;
        if lines.lines().filter(|line| line.contains(&format!("\"outcome\":\"{wanted}\""))).count() != count {
            bail!("not all are {wanted}: {}", lines.lines().next().unwrap_or_default());
        }
        rows.push(vec![what.to_owned(), count.to_string(), format!("{:.0}", count as f64 / seconds)]);
    }
    Ok(table(
        "Import of incidents",
        "Invented incidents in the rows of a public register, each on disk when its line is written.",
        &["run", "incidents", "rows a second"],
        &rows,
    ))
}

fn recorded(count: usize) -> Result<String> {
    let mut out = String::new();
    for at in 0..count {
        let row = json!({
            "id": format!("00000000-0000-4000-8000-{at:012}"), "year": 2013 + at % 10, "month": at % 12 + 1, "day": at % 28 + 1,
            "victim": format!("Bench Company {at}"), "country": ["GB"], "naics": "531120", "size": ["1001 to 10000"], "confidence": ["Confirmed"],
            "actors": ["external"], "actor_variety": ["Unknown"], "motive": ["Financial"],
            "action": { "malware": { "variety": ["Spyware/Keylogger"] } }, "asset": ["U - Unknown"],
            "attribute": { "confidentiality": { "data_disclosure": "Potentially", "data": ["Payment", "Personal"], "data_subject": ["Customer"] },
                "integrity": ["Software installation"] },
            "summary": "A program that reads what is typed was found on the desk of customer service. Cards may have been read.",
            "summary_truncated": false,
        });
        writeln!(out, "{row}")?;
    }
    Ok(out)
}

fn lines(releases: usize) -> Result<String> {
    let mut out = String::new();
    for at in 0..releases {
        let release = json!({
            "ocid": format!("ocds-bench1-{at}"), "id": format!("{at}-1"), "date": "2026-03-01T12:00:00Z", "tag": ["award"],
            "initiationType": "tender",
            "buyer": { "id": "GB-1", "name": "Bench Council" },
            "parties": [
                { "id": "GB-1", "name": "Bench Council", "roles": ["buyer"] },
                { "id": format!("GB-COH-{:08}", 30_000_000 + at), "name": format!("Bench Supplier {at}"), "roles": ["supplier"],
                  "identifier": { "scheme": "GB-COH", "id": format!("{:08}", 30_000_000 + at) },
                  "address": { "streetAddress": "1 Quay Street", "locality": "Whitby", "countryName": "United Kingdom" } },
            ],
            "tender": { "id": format!("t{at}"), "title": format!("Works {at}"), "description": "Upkeep of lights." },
            "awards": [{
                "id": format!("a{at}"), "status": "active", "date": "2026-03-01T12:00:00Z",
                "value": { "amount": 1000 + at, "currency": "GBP" },
                "suppliers": [{ "id": format!("GB-COH-{:08}", 30_000_000 + at), "name": format!("Bench Supplier {at}") }],
                "contractPeriod": { "startDate": "2026-04-01T00:00:00Z", "endDate": "2027-03-31T23:59:59Z" },
            }],
        });
        writeln!(out, "{release}")?;
    }
    Ok(out)
}
