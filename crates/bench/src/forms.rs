//! A form of hundreds of questions: what a section, a save, the list of sections and the comparison of two long versions cost.
//!
//! An operator's own edition of the built-in offshoring pack has 315 invented questions at the end of its form. A supplier fills them in through
//! the page, hands in, gets it back, changes every answer and hands in again; then both versions are compared.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::pages::got;
use crate::program::{Served, fresh};
use crate::stats::{Figures, ms};
use crate::table::table;
use crate::visitor::{Visitor, hidden, linked};

const PACK: &str = include_str!("../../../packs/offshoring/pack.yaml");
const FORM: &str = include_str!("../../../packs/offshoring/forms/proposal.yaml");

/// The operator's edition.
const EDITION: &str = "2027.1";
/// Sections added, and questions in each.
const SECTIONS: usize = 9;
const QUESTIONS: usize = 35;

/// What a question added is like, by its place in its section: its type with what it needs, and an answer as a form sends it.
fn kind(at: usize) -> (&'static str, fn(usize) -> String) {
    match at % 5 {
        0 => {
            ("choice\n        options: [{id: yes, label: It is}, {id: part, label: It is in part}, {id: no, label: It is not}]", |round| {
                ["yes", "part"][round % 2].to_owned()
            })
        }
        1 => ("text\n        max_length: 200", |round| format!("As the manual says on page {}", 40 + round)),
        2 => ("longtext\n        max_length: 4000", |round| {
            format!(
                "It is done every week, and written down. {}",
                "Whoever does it signs for it, and somebody else looks at it. ".repeat(5 + round % 2)
            )
        }),
        3 => ("number\n        min: 0", |round| (17 + round).to_string()),
        _ => ("yes_no", |round| ["yes", "no"][round % 2].to_owned()),
    }
}

fn section_id(section: usize) -> String {
    format!("further_{section}")
}

fn question_id(section: usize, at: usize) -> String {
    format!("further_{section}_{at}")
}

/// The operator's edition of the pack, in a folder of packs.
fn packs(folder: &Path) -> Result<PathBuf> {
    let mut form = FORM.trim_end().to_owned();
    for section in 1..=SECTIONS {
        form.push_str(&format!(
            "\n\n  - id: {}\n    title: Further questions {section}\n    source: [OWN]\n    questions:\n",
            section_id(section)
        ));
        for at in 0..QUESTIONS {
            let (id, kind) = (question_id(section, at), kind(at).0);
            form.push_str(&format!("      - id: {id}\n        type: {kind}\n        label: Further question {at} of section {section}\n"));
            // Every fifth is asked only after a certain answer to the first, as long forms do.
            if at > 0 && at % 5 == 0 {
                let first = question_id(section, 0);
                form.push_str(&format!("        when: {{any: [{{equals: {{question: {first}, value: yes}}}}, {{equals: {{question: {first}, value: part}}}}]}}\n"));
            }
            form.push_str("        source: [OWN]\n");
        }
    }
    let pack = PACK.replacen("edition: \"2026.1\"", &format!("edition: \"{EDITION}\""), 1);
    if pack == PACK {
        bail!("the built-in pack has another edition than 2026.1");
    }
    let at = folder.join("packs").join("offshoring");
    std::fs::create_dir_all(at.join("forms"))?;
    std::fs::write(at.join("pack.yaml"), pack)?;
    std::fs::write(at.join("forms").join("proposal.yaml"), form)?;
    Ok(folder.join("packs"))
}

/// Measures them; `requests` of each kind.
pub async fn measure(program: &Path, data: &Path, requests: usize) -> Result<String> {
    let folder = fresh(data, "form")?;
    let packs = packs(&folder)?;
    let settings = [("VOUCHSAFE_PACKS", packs.as_os_str())];
    let story = folder.join("data");
    let served = Served::start_with(program, &story, &["--records", "2000", "--drafts", "1"], &settings)?;
    let link = |name: &str| served.links.get(name).cloned().with_context(|| format!("{name} is nobody in the story"));
    let mut manager = Visitor::sign_in(&served.at, &link("Mina Okafor")?).await?;
    let mut lead = Visitor::sign_in(&served.at, &link("Ash Marlow")?).await?;
    let (mut by_manager, mut by_lead) = (manager.program().await?, lead.program().await?);

    // The draft of the story is complete: its answers serve for what the built-in form asks.
    let ready = linked(&lead.get("/proposals?stage=draft").await?.text, "/proposals");
    let ready = format!("/api/v1/proposals/{}", ready.first().context("no draft")?);
    let draft = json_of(&by_lead.get(&ready).await?.text)?;
    let contract = draft["contract"].as_str().context("a draft without a contract")?;
    let putting = json!({ "pack": "offshoring", "edition": EDITION, "reason": "Further questions are asked." });
    done(&by_manager.post_json(&format!("/api/v1/contracts/{contract}/packs"), &putting).await?, 201)?;
    let begun = by_lead.post_json("/api/v1/proposals", &json!({ "place": draft["place"] })).await?;
    done(&begun, 201)?;
    let case = json_of(&begun.text)?["id"].as_str().context("a case without an id")?.to_owned();
    let api = format!("/api/v1/proposals/{case}");
    let known = json_of(&by_lead.get(&format!("{ready}/answers")).await?.text)?;
    for section in known["items"].as_array().context("no answers")? {
        let id = section["section"].as_str().context("a section without an id")?;
        let at = format!("{api}/answers/{id}");
        let version = json_of(&by_lead.get(&at).await?.text)?["version"].clone();
        done(&by_lead.put_json(&at, &version, &json!({ "answers": section["answers"] })).await?, 200)?;
    }

    let mut rows = vec![("empty route", got(&served, &mut lead, "/healthz", requests).await?)];
    let page = format!("/proposals/{case}");
    rows.push(("the list of its sections", got(&served, &mut lead, &format!("{page}/answers"), requests).await?));
    let section = format!("{page}/answers/{}", section_id(1));
    rows.push(("a section of 35 questions", got(&served, &mut lead, &section, requests).await?));
    let mut times = Vec::with_capacity(requests);
    let mut cpu = Duration::ZERO;
    for n in 0..requests.max(SECTIONS) {
        // Every section several times, so that all is answered in the end.
        let path = format!("{page}/answers/{}", section_id(1 + n % SECTIONS));
        let fields = filled(&mut lead, &path, 1 + n % SECTIONS, 2 * (n / SECTIONS)).await?;
        let before = served.cpu()?;
        let answer = lead.post(&path, &fields).await?;
        done(&answer, 303)?;
        cpu += served.cpu()?.saturating_sub(before);
        times.push(answer.took);
    }
    rows.push(("a save of 35 answers", Figures::of(times, cpu)));
    rows.push(("all answers, to be checked", got(&served, &mut lead, &format!("{page}/check"), requests).await?));

    hand_in(&mut by_lead, &api, json!({ "declaration": true })).await?;
    let version = version(&mut by_manager, &api).await?;
    let back = json!({ "reason": "Please say more.", "points": [{ "question": "work_title", "text": "Which desk?" }] });
    done(&by_manager.step(&format!("{api}/steps/return"), &version, &back).await?, 200)?;
    for n in 1..=SECTIONS {
        let path = format!("{page}/answers/{}", section_id(n));
        let fields = filled(&mut lead, &path, n, 1).await?;
        done(&lead.post(&path, &fields).await?, 303)?;
    }
    hand_in(&mut by_lead, &api, json!({ "declaration": true, "reply": "More is said." })).await?;
    let changes = format!("{page}/changes");
    let shown = manager.get(&changes).await?.text;
    if !shown.contains("Further question 34 of section 9") || !shown.contains("page 41") {
        bail!("the comparison does not show what changed");
    }
    rows.push(("comparison of two versions", got(&served, &mut manager, &changes, requests).await?));
    rows.push(("API: comparison", got(&served, &mut by_manager, &format!("{api}/changes"), requests).await?));
    served.stop()?;
    Ok(tables(&rows, shown.len()))
}

/// The fields of a section, answered as in a round; what its page hides goes along.
async fn filled(lead: &mut Visitor, path: &str, section: usize, round: usize) -> Result<Vec<(String, String)>> {
    let mut fields = hidden(&lead.get(path).await?.text);
    fields.extend((0..QUESTIONS).map(|at| (format!("q.{}", question_id(section, at)), kind(at).1(round))));
    Ok(fields)
}

async fn version(program: &mut Visitor, api: &str) -> Result<Value> {
    Ok(json_of(&program.get(api).await?.text)?["version"].clone())
}

async fn hand_in(lead: &mut Visitor, api: &str, with: Value) -> Result<()> {
    let version = version(lead, api).await?;
    done(&lead.step(&format!("{api}/steps/submit"), &version, &with).await?, 200)
}

fn json_of(text: &str) -> Result<Value> {
    serde_json::from_str(text).with_context(|| text.chars().take(300).collect::<String>())
}

fn done(answer: &crate::visitor::Answer, status: u16) -> Result<()> {
    if answer.status != status {
        bail!("answered {} instead of {status}: {}", answer.status, answer.text.chars().take(600).collect::<String>());
    }
    Ok(())
}

fn tables(rows: &[(&'static str, Figures)], size: usize) -> String {
    let empty = rows[0].1.p50.as_secs_f64().max(1e-9);
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, of)| vec![(*name).to_owned(), ms(of.p50), ms(of.p99), ms(of.cpu), format!("{:.1}", of.p50.as_secs_f64() / empty)])
        .collect();
    let about = format!(
        "Milliseconds, one visitor at a time, of a form with {} further questions in {SECTIONS} sections. All of their answers differ between the two versions compared; that page has {} KiB. A save is to take less than 50 ms.",
        SECTIONS * QUESTIONS,
        size.div_ceil(1024)
    );
    table("A form of 315 questions", &about, &["what", "p50", "p99", "processor", "to empty"], &lines)
}
