//! Incidents reported by 8 clients at once, each with the six answers that are asked at first, against SQLite writing the same rows and nothing else.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::pages::place;
use crate::program::{Served, fresh};
use crate::raw::{Before, CLIENTS};
use crate::table::table;
use crate::visitor::Visitor;

/// Measures so many reports by each client.
pub async fn measure(program: &Path, data: &Path, each: usize) -> Result<String> {
    let folder = fresh(data, "reports")?;
    Served::start(program, &folder, &["--records", "2000"])?.stop()?;
    let before = Before::of(&folder.join("vouchsafe.db"), data).await?;
    let served = Served::start(program, &folder, &[])?;
    let mut lead = Visitor::sign_in(&served.at, served.links.get("Ash Marlow").context("no lead")?).await?;
    let place = place(&lead.get("/proposals/new").await?.text).context("no place to report from")?;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(lead.program().await?);
    }
    let seconds = report(clients, &format!("/api/v1/places/{place}/incidents"), each).await?;
    served.stop()?;
    let (lines, rows) = before.compared(("by programs", "reports"), CLIENTS * each, seconds).await?;
    let about = format!(
        "Reports of incidents, each on disk and screened for data about people before its reference is given (`synchronous=FULL`). A report writes {rows:.1} rows, those of its notices and clocks among them. Raw runs as above."
    );
    Ok(table("Reports of incidents", &about, &["what", "reports", "a second", "ratio"], &lines))
}

/// Reports from all clients at once; the seconds until each has its reference.
async fn report(clients: Vec<Visitor>, path: &str, each: usize) -> Result<f64> {
    let mut tasks = tokio::task::JoinSet::new();
    let began = Instant::now();
    for (at, mut client) in clients.into_iter().enumerate() {
        let path = path.to_owned();
        tasks.spawn(async move {
            for nth in 0..each {
                let answers = json!({
                    "what_happened": format!("A laptop with bookings was left on ferry {nth} of line {at}. Nobody has seen it since the evening."),
                    "discovered": { "date": "2026-03-02", "time": "07:15" },
                    "involved": ["device", "personal_data"],
                    "still_going_on": "yes",
                    "reach_me": "The night desk",
                });
                let answer = client.post_json(&path, &json!({ "answers": answers })).await?;
                if answer.status != 201 || !answer.text.contains("INC-") {
                    bail!("{path} answers {}: {}", answer.status, answer.text.chars().take(300).collect::<String>());
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
