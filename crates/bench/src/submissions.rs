//! Proposals handed in by 8 clients at once, against SQLite writing the same rows and nothing else.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::program::{Served, fresh};
use crate::raw::{Before, CLIENTS};
use crate::table::table;
use crate::visitor::{Visitor, hidden, linked, next};

/// Drafts ready in the database.
const DRAFTS: usize = 1_000;

/// Measures so many submissions by each client.
pub async fn measure(program: &Path, data: &Path, each: usize) -> Result<String> {
    let count = CLIENTS * each;
    if count > DRAFTS {
        bail!("there are {DRAFTS} drafts, not {count}");
    }
    let folder = fresh(data, "submissions")?;
    Served::start(program, &folder, &["--records", "2000", "--drafts", &DRAFTS.to_string()])?.stop()?;
    let before = Before::of(&folder.join("vouchsafe.db"), data).await?;
    let served = Served::start(program, &folder, &[])?;
    let lead = Visitor::sign_in(&served.at, served.links.get("Ash Marlow").context("no lead")?).await?;
    let seconds = hand_in(&lead, count).await?;
    served.stop()?;
    let (lines, rows) = before.compared(("through the page", "submissions"), count, seconds).await?;
    let about = format!(
        "Durable: each is on disk before it is answered (`synchronous=FULL`). A submission writes {rows:.1} rows. Raw runs are the median of three; the ratio is to the faster of the two."
    );
    Ok(table("Submissions", &about, &["what", "submissions", "a second", "ratio"], &lines))
}

/// Hands in so many drafts; the seconds that took. Forms are fetched before.
async fn hand_in(lead: &Visitor, count: usize) -> Result<f64> {
    let mut reader = lead.clone();
    let mut ids = Vec::new();
    let mut path = Some("/proposals?stage=draft".to_owned());
    while let Some(at) = path.take().filter(|_| ids.len() < count) {
        let page = reader.get(&at).await?.text;
        ids.extend(linked(&page, "/proposals"));
        path = next(&page)?;
    }
    let mut forms = Vec::new();
    for id in ids.iter().take(count + 5) {
        let page = reader.get(&format!("/proposals/{id}/check")).await?.text;
        let mut fields = hidden(&page);
        if fields.iter().any(|(name, _)| name == "version") && page.contains(&format!("/proposals/{id}/submit")) {
            fields.push(("declaration".to_owned(), "yes".to_owned()));
            forms.push((format!("/proposals/{id}/submit"), fields));
        }
    }
    forms.truncate(count);
    if forms.len() < count {
        bail!("only {} drafts are ready to be handed in", forms.len());
    }
    let mut tasks = tokio::task::JoinSet::new();
    let began = Instant::now();
    for share in forms.chunks(count / CLIENTS) {
        let (share, mut visitor) = (share.to_vec(), lead.beside()?);
        tasks.spawn(async move {
            for (path, fields) in share {
                let answer = visitor.post(&path, &fields).await?;
                if answer.status != 303 || !answer.location.is_some_and(|to| to.contains("/sent")) {
                    bail!("{path} answers {}", answer.status);
                }
            }
            Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(began.elapsed().as_secs_f64())
}
