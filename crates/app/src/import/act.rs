//! Writing imports: reading files into a run. Applying and undoing stand beside.

use platform::cx::{Cx, Entry};
use platform::{Error, Result};
use rules::ocds::{Line, Reading};
use serde_json::json;
use uuid::Uuid;

pub use super::apply::apply;
use super::model::{Figures, Report, State};
use super::store::{self, line};
pub use super::undo::undo;

/// Most lines and records written in one transaction.
pub(super) const BATCH: usize = 500;

/// Files being read into a run. Nothing is brought in by it.
pub struct Staging {
    cx: Cx,
    run: store::Model,
    reading: Reading,
    figures: Figures,
    waiting: Vec<Line>,
    names: Vec<String>,
    begun: bool,
}

impl Staging {
    /// Begins a run.
    ///
    /// # Errors
    /// A refusal.
    pub fn begin(cx: &Cx) -> Result<Self> {
        let by = cx.actor.account().map_or_else(|| cx.actor.reference().0.to_owned(), |account| account.account.to_string());
        let run = store::fresh_run(cx.id()?, &[], cx.now(), by)?;
        cx.permit("import_run.stage", &run)?;
        Ok(Self {
            cx: cx.clone(),
            run,
            reading: Reading::new(),
            figures: Figures::default(),
            waiting: Vec::new(),
            names: Vec::new(),
            begun: false,
        })
    }

    /// Begins a file.
    pub fn file(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let lines = self.reading.push(bytes);
        self.take(lines).await
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_of_file(&mut self) -> Result<()> {
        let lines = self.reading.end_of_file();
        self.take(lines).await
    }

    /// Where the publisher's next page is, when the last page read names one. It is not fetched.
    pub fn next_page(&self) -> Option<&str> {
        self.reading.next_page()
    }

    async fn take(&mut self, lines: Vec<Line>) -> Result<()> {
        self.waiting.extend(lines);
        while self.waiting.len() >= BATCH {
            let batch: Vec<Line> = self.waiting.drain(..BATCH).collect();
            self.write(batch).await?;
        }
        Ok(())
    }

    /// Ends the run; what it would do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(mut self) -> Result<store::Model> {
        let rest = std::mem::take(&mut self.waiting);
        self.write(rest).await?;
        Ok(self.run)
    }

    async fn write(&mut self, lines: Vec<Line>) -> Result<()> {
        let tx = self.cx.begin().await?;
        let permit = self.cx.permit("import_run.stage", &self.run)?;
        self.run.files = serde_json::to_string(&self.names)?;
        if !self.begun {
            store::insert(tx.db(), &self.run).await?;
        }
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let known = match (&line.ocid, &line.id) {
                (Some(ocid), Some(id)) if line.release.is_some() => store::find(tx.db(), "release", &release_name(ocid, id)).await?,
                _ => None,
            };
            rows.push(self.row(&line, known)?);
        }
        let count = rows.len();
        store::insert_lines(tx.db(), rows).await?;
        store::update(tx.db(), &mut self.run, State::Staged, &self.figures).await?;
        let entry =
            Entry::on("import_run.stage", &self.run).about("lines", count).body(json!({ "files": self.names, "figures": self.figures }));
        self.cx.commit(tx, permit, [entry]).await?;
        // The form's idempotency key is answered by the first batch.
        self.cx = self.cx.clone().once(None);
        self.begun = true;
        Ok(())
    }

    fn row(&mut self, line: &Line, known: Option<store::key::Model>) -> Result<line::Model> {
        let digest: String = line.digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let same = known.as_ref().is_some_and(|key| key.digest == digest);
        let report = Report::of(line, same);
        let figures = &mut self.figures;
        figures.lines += 1;
        let change = match report.outcome.as_str() {
            "quarantined" => {
                figures.quarantined += 1;
                "none"
            }
            "unchanged" => {
                figures.unchanged += 1;
                "none"
            }
            _ if known.is_some() => {
                figures.changed += 1;
                "changed"
            }
            _ => {
                figures.new += 1;
                "new"
            }
        };
        figures.warned += u64::from(report.outcome == "imported" && !report.reasons.is_empty());
        let payload = line.release.as_ref().filter(|_| report.outcome == "imported").map(serde_json::to_string).transpose()?;
        Ok(line::Model {
            run: self.run.id,
            n: i32::try_from(figures.lines).map_err(|_| Error::TooLarge)?,
            outcome: report.outcome.clone(),
            change: change.to_owned(),
            report: serde_json::to_string(&report)?,
            payload,
            digest: Some(digest),
        })
    }
}

/// What stands for a release among the keys.
pub(super) fn release_name(ocid: &str, id: &str) -> String {
    format!("{ocid}\n{id}")
}

/// The run `id`, when the actor may see it.
///
/// # Errors
/// [`Error::NotFound`] or a refusal.
pub async fn view(cx: &Cx, id: Uuid) -> Result<store::Model> {
    let run = store::get(cx.db(), id).await?;
    cx.permit("import_run.view", &run)?;
    Ok(run)
}
