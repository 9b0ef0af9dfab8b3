//! `vouchsafe import veris`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use app::incident_record::act::{Figures, Importing, Told};
use app::incident_record::unpack::Unpacked;
use platform::Cx;
use platform::authz::Actor;

use super::{PORTION, at, input, name_of, portion, readable, report_file, write_lines};
use crate::{Common, Stop, open, say};

/// How often progress is told, in milliseconds.
const TELL: i64 = 2_000;

/// Takes in incidents that somebody else recorded.
pub(super) fn run(common: &Common, files: &[PathBuf], report: Option<&Path>) -> Result<u8, Stop> {
    readable(files)?;
    let out = report_file(report)?;
    let settings = open::settings(common)?;
    open::runtime()?.block_on(async {
        let (core, _) = open::service(settings).await?;
        let cx = Cx::new(&core, Actor::Operator)?;
        let mut taking = Taking { cx: &cx, report, out, figures: Figures::default(), begun: cx.now(), told: cx.now() };
        taking.all(files).await?;
        taking.summary()?;
        core.db.clone().close().await?;
        Ok(0)
    })
}

/// An import under way.
struct Taking<'a> {
    cx: &'a Cx,
    report: Option<&'a Path>,
    out: Option<BufWriter<File>>,
    figures: Figures,
    begun: i64,
    told: i64,
}

impl Taking<'_> {
    async fn all(&mut self, files: &[PathBuf]) -> Result<(), Stop> {
        let mut importing = Importing::begin(self.cx)?;
        for path in files {
            importing.file(&name_of(path));
            if let Err(error) = self.file(&mut importing, path).await {
                // What was read until then counts: the same file, mended, goes on from there.
                self.became(&importing.finish().await?)?;
                let Figures { imported, .. } = self.figures;
                return Err(Stop::Failed(format!("{error}. Until then {imported} were imported; import it again once it is mended")));
            }
        }
        self.became(&importing.finish().await?)?;
        if self.figures.read == 0 {
            let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            return Err(Stop::Failed(format!("{}: there is no incident in it", names.join(", "))));
        }
        Ok(())
    }

    async fn file(&mut self, importing: &mut Importing, path: &Path) -> Result<(), Stop> {
        let mut input = Unpacked::new(input(path)?).map_err(|e| at(path, &e))?;
        let mut room = vec![0; PORTION];
        loop {
            let read = portion(&mut input, &mut room, path)?;
            if read.is_empty() {
                break;
            }
            self.became(&importing.push(read).await?)?;
        }
        self.became(&importing.end_of_file().await?)
    }

    /// Writes what became of some incidents, and tells how far it is.
    fn became(&mut self, told: &[Told]) -> Result<(), Stop> {
        self.figures.count(told);
        if self.report.is_some() {
            write_lines(told, self.out.as_mut())?;
        }
        let now = self.cx.now();
        if now - self.told >= TELL {
            self.told = now;
            writeln!(std::io::stderr(), "{} incidents so far, {} a second", self.figures.read, self.pace(now))?;
        }
        Ok(())
    }

    /// How many were taken in a second.
    fn pace(&self, now: i64) -> usize {
        let took = usize::try_from(now - self.begun).unwrap_or(1).max(1);
        self.figures.read * 1_000 / took
    }

    fn summary(&self) -> Result<(), Stop> {
        let Figures { read, imported, unchanged, quarantined } = self.figures;
        let now = self.cx.now();
        let lines = format!(
            "{read} incidents read: {imported} imported, {unchanged} unchanged, {quarantined} quarantined\n{} a second, in {} ms",
            self.pace(now),
            now - self.begun
        );
        // Where the report takes standard output, the summary is no part of it.
        if self.report == Some(Path::new("-")) { Ok(writeln!(std::io::stderr(), "{lines}")?) } else { say(lines) }
    }
}
