//! Taking in incidents that others recorded, batch by batch as they are read. The same file again changes nothing, nothing that is here is written
//! over, and what a file says of an incident of ours is compared with it and never taken.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use platform::cases::store as cases;
use platform::cx::{Cx, Entry, Tx};
use platform::texts::Text;
use platform::{Error, Result, random};
use rules::message::Message;
use rules::veris::{Line, Reading, Reason, Record, categories, write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::incident;
use crate::incident::model::{INCIDENT, Incident};
use crate::incident_record::model::{Kept, Masked, Run, key, mask, names};
use crate::incident_record::store::{self, Here, Model};
use crate::incident_record::unpack::Unpacked;
use crate::party;

/// Most lines that are written in one transaction.
const BATCH: usize = 500;
/// Bytes read at a time.
const PORTION: usize = 64 * 1024;

/// What became of one incident of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportedIncidentOutcome)]
pub enum Outcome {
    /// It is in the register now.
    Imported,
    /// It was here, and says the same.
    Unchanged,
    /// It could not be taken.
    Quarantined,
}

/// What became of one incident of a file: a line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportedIncident)]
pub struct Told {
    /// The id by which whoever recorded it knows it.
    pub id: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Our reference.
    pub reference: Option<String>,
    /// Our categories, by code.
    pub categories: Vec<String>,
    /// Why it was not taken, and what is to be known of one that was: a code, a colon, a sentence.
    pub reasons: Vec<String>,
}

/// How many came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Read.
    pub read: usize,
    /// That are in the register now.
    pub imported: usize,
    /// That were here.
    pub unchanged: usize,
    /// That could not be taken.
    pub quarantined: usize,
}

impl Figures {
    /// With what became of these as well.
    pub fn count(&mut self, told: &[Told]) {
        self.read += told.len();
        for one in told {
            match one.outcome {
                Outcome::Imported => self.imported += 1,
                Outcome::Unchanged => self.unchanged += 1,
                Outcome::Quarantined => self.quarantined += 1,
            }
        }
    }
}

/// Files being taken in.
pub struct Importing {
    cx: Cx,
    run: Run,
    reading: Reading,
    files: Vec<String>,
    waiting: Vec<Line>,
    /// What in this input was put aside by what it is known by: the same once more is put aside too.
    aside: BTreeSet<String>,
}

impl Importing {
    /// Begins an import.
    ///
    /// # Errors
    /// A refusal.
    pub fn begin(cx: &Cx) -> Result<Self> {
        let run = Run { id: cx.id()? };
        cx.permit("incident_import.take", &run)?;
        Ok(Self { cx: cx.clone(), run, reading: Reading::new(), files: Vec::new(), waiting: Vec::new(), aside: BTreeSet::new() })
    }

    /// Begins a file.
    pub fn file(&mut self, name: &str) {
        self.files.push(name.to_owned());
    }

    /// Takes the next bytes of the file; what became of the incidents that were written by that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<Vec<Told>> {
        let lines = self.reading.push(bytes);
        self.take(lines).await
    }

    /// Ends the file; what became of the incidents that were written by that.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_of_file(&mut self) -> Result<Vec<Told>> {
        let lines = self.reading.end_of_file();
        self.take(lines).await
    }

    /// Ends the import; what became of the incidents that were left.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(mut self) -> Result<Vec<Told>> {
        let rest = std::mem::take(&mut self.waiting);
        self.batch(rest).await
    }

    async fn take(&mut self, lines: Vec<Line>) -> Result<Vec<Told>> {
        self.waiting.extend(lines);
        let mut told = Vec::new();
        while self.waiting.len() >= BATCH {
            let batch: Vec<Line> = self.waiting.drain(..BATCH).collect();
            told.extend(self.batch(batch).await?);
        }
        Ok(told)
    }

    /// Takes some lines in one transaction, all or nothing.
    async fn batch(&mut self, lines: Vec<Line>) -> Result<Vec<Told>> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let mut read: Vec<Read> = lines.into_iter().map(Read::of).collect();
        let tx = self.cx.begin().await?;
        let permit = self.cx.permit("incident_import.take", &self.run)?;
        // Whoever else brings the same in waits here, and finds it then.
        cases::hold_references(&tx, &self.cx.core().clock, &INCIDENT).await?;
        let keys: BTreeSet<String> = read.iter().filter_map(|one| one.key.clone()).collect();
        let mut here = store::here(tx.db(), keys).await?;
        let authority = &self.cx.core().settings.authority.name;
        let ours = incident::store::by_references(
            self.cx.db(),
            read.iter().filter_map(|one| one.ours(authority)).map(|record| record.id.as_str()).collect(),
        )
        .await?;
        let mut new = Vec::new();
        for (at, one) in read.iter_mut().enumerate() {
            if let Some(own) = own(&self.cx, one, &ours).await? {
                one.settle(own);
            } else if one.record.is_some() {
                match one.key.as_ref().and_then(|key| here.get(key)) {
                    None => new.push(at),
                    Some(known) => {
                        let same = known.digest == one.digest;
                        one.settle(if same { Settled::Same(known.clone()) } else { Settled::Differs(known.reference.clone()) });
                    }
                }
            }
        }
        let rows = self.rows(&tx, &mut read, &new, &mut here).await?;
        for one in &mut read {
            one.repeated(&here, &self.aside);
            if one.told.outcome == Outcome::Quarantined {
                self.aside.extend(one.key.clone());
            }
        }
        let told: Vec<Told> = read.into_iter().map(|one| one.told).collect();
        if rows.is_empty() {
            return Ok(told);
        }
        let entry = self.entry(&rows, &told);
        store::insert(tx.db(), rows).await?;
        self.cx.commit(tx, permit, [entry]).await?;
        // The form's idempotency key is answered by the first batch.
        self.cx = self.cx.clone().once(None);
        Ok(told)
    }

    /// The rows of those of the lines that are new, each with its reference.
    async fn rows(&self, tx: &Tx, read: &mut [Read], new: &[usize], here: &mut BTreeMap<String, Here>) -> Result<Vec<Model>> {
        let clock = &self.cx.core().clock;
        let references = cases::references(tx, clock, &INCIDENT, new.len()).await?;
        let wanted: BTreeSet<String> = new.iter().filter_map(|at| read[*at].record.as_ref()).flat_map(names).collect();
        let parties = party::store::by_names(tx.db(), wanted).await?;
        let mut rows = Vec::with_capacity(new.len());
        for (at, reference) in new.iter().zip(references) {
            let one = &mut read[*at];
            let (Some(record), Some(key)) = (&mut one.record, &one.key) else { continue };
            record.reference = Some(reference.text.clone());
            let kept = Kept::of(record, &reference.text);
            one.told.reference = Some(reference.text.clone());
            let known = Here { reference: reference.text.clone(), digest: one.digest.clone(), categories: one.told.categories.clone() };
            here.insert(key.clone(), known);
            rows.push(Model {
                id: random::id(tx.now())?,
                reference: reference.text,
                source: record.source.clone(),
                source_id: record.id.clone(),
                source_key: key.clone(),
                digest: one.digest.clone(),
                victim: record.victim.clone(),
                partners: kept.partners,
                name_key: kept.name_key,
                party: only(record, &parties),
                happened: kept.happened,
                year: kept.year,
                notified: kept.notified,
                certainty: record.certainty.clone(),
                categories: platform::register::Kind::stored(kept.categories),
                signs: platform::register::Kind::stored(kept.signs),
                country: kept.country,
                regulator_type: kept.regulator_type.to_owned(),
                regulator_category: kept.regulator_category.to_owned(),
                records_band: kept.records_band.to_owned(),
                summary: record.summary.clone(),
                published: record.published.clone(),
                document: write(record, clock.date_of(tx.now()).year()).to_string(),
                imported_on: clock.date_of(tx.now()).to_string(),
                run: self.run.id,
                made_at: tx.now(),
                version: 1,
            });
        }
        Ok(rows)
    }

    /// The entry about a batch: how many came to what, a digest of what came in, and which that is.
    fn entry(&self, rows: &[Model], told: &[Told]) -> Entry {
        let mut figures = Figures::default();
        figures.count(told);
        let digests: String = rows.iter().map(|row| row.digest.as_str()).collect();
        let records: Vec<_> = rows
            .iter()
            .map(|row| json!({ "record": row.id, "reference": row.reference, "id": row.source_id, "digest": row.digest }))
            .collect();
        Entry::on("incident_import.take", &self.run)
            .about("imported", figures.imported)
            .about("unchanged", figures.unchanged)
            .about("quarantined", figures.quarantined)
            .about("digest", hex::encode(random::digest(digests.as_bytes())))
            .body(json!({ "files": self.files, "records": records }))
    }
}

/// Takes whole files in, each unpacked where it is packed; what became of each incident.
///
/// # Errors
/// [`Error::Invalid`] for a file that does not unpack to its end: what came before that is in the register then. A refusal; or when the database fails.
pub async fn import(cx: &Cx, files: &[(&str, &[u8])]) -> Result<Vec<Told>> {
    let mut importing = Importing::begin(cx)?;
    let mut told = Vec::new();
    for (name, bytes) in files {
        importing.file(name);
        match one(&mut importing, bytes).await {
            Ok(more) => told.extend(more),
            Err(broken @ Error::Invalid(_)) => return importing.finish().await.and(Err(broken)),
            Err(other) => return Err(other),
        }
    }
    told.extend(importing.finish().await?);
    Ok(told)
}

async fn one(importing: &mut Importing, bytes: &[u8]) -> Result<Vec<Told>> {
    let broken = |_| Error::field("files", Text::new("incident-record-file-broken"));
    let mut file = Unpacked::new(bytes).map_err(broken)?;
    let (mut portion, mut told) = (vec![0; PORTION], Vec::new());
    loop {
        let read = file.read(&mut portion).map_err(broken)?;
        if read == 0 {
            break;
        }
        told.extend(importing.push(&portion[..read]).await?);
    }
    told.extend(importing.end_of_file().await?);
    Ok(told)
}

/// The one supplier that a record names, where exactly one is called so.
fn only(record: &Record, parties: &BTreeMap<String, Vec<Uuid>>) -> Option<Uuid> {
    let called = names(record).into_iter().filter_map(|name| match parties.get(&name).map(Vec::as_slice) {
        Some([only]) => Some(*only),
        _ => None,
    });
    let all: BTreeSet<Uuid> = called.collect();
    if all.len() == 1 { all.into_iter().next() } else { None }
}

/// How it turned out that a record is not to be entered.
enum Settled {
    /// It is here and says the same.
    Same(Here),
    /// What is here under its id says something else.
    Differs(String),
    /// It is an incident of ours, and says the same.
    Ours(String),
    /// It says that it is an incident of ours, and says something else.
    OursDiffers(String),
    /// It was written as an incident of ours, and there is none of that reference.
    NoneOfOurs,
}

/// A line as it was read, and what is known of what becomes of it.
struct Read {
    /// The record, masked; none of a line that cannot be taken or that came before.
    record: Option<Record>,
    key: Option<String>,
    digest: String,
    came_before: bool,
    told: Told,
}

impl Read {
    /// The record, if it says that the authority itself recorded it.
    fn ours(&self, authority: &String) -> Option<&Record> {
        self.record.as_ref().filter(|record| record.source.as_ref() == Some(authority))
    }

    fn of(line: Line) -> Self {
        let mut reasons: Vec<String> = line.reasons.iter().map(said).collect();
        let quarantined = line.quarantined();
        let known = line.record.is_some() || line.repeated;
        let key = line.id.as_deref().filter(|_| known).map(|id| key(line.source.as_deref(), id));
        let record = line.record.map(|mut record| {
            reasons.extend(mask(&mut record).iter().map(masked));
            record
        });
        let told = Told {
            id: line.id,
            outcome: if quarantined { Outcome::Quarantined } else { Outcome::Imported },
            reference: None,
            categories: record.iter().flat_map(categories).map(|category| category.code().to_owned()).collect(),
            reasons,
        };
        let digest = record.as_ref().map(|record| hex::encode(record.digest())).unwrap_or_default();
        Self { record, key, digest, came_before: line.repeated, told }
    }

    fn settle(&mut self, how: Settled) {
        let aside = |id: &'static str, reference: Option<String>| {
            let text = Text::new(id).with("reference", reference.as_deref().unwrap_or_default());
            (Outcome::Quarantined, reference, Some(format!("{}: {}", code(id), text.say())))
        };
        let (outcome, reference, reason) = match how {
            Settled::Same(here) => (Outcome::Unchanged, Some(here.reference), None),
            Settled::Ours(reference) => (Outcome::Unchanged, Some(reference), None),
            Settled::Differs(reference) => aside("incident-record-why-other-content", Some(reference)),
            Settled::OursDiffers(reference) => aside("incident-record-why-not-what-ours-says", Some(reference)),
            Settled::NoneOfOurs => aside("incident-record-why-none-of-ours", None),
        };
        (self.told.outcome, self.told.reference) = (outcome, reference);
        self.told.reasons.extend(reason);
        self.record = None;
    }

    /// What became of a line that came before in this input is what became of it then.
    fn repeated(&mut self, here: &BTreeMap<String, Here>, aside: &BTreeSet<String>) {
        let Some(key) = self.key.as_ref().filter(|_| self.came_before) else { return };
        match here.get(key).filter(|_| !aside.contains(key)) {
            Some(known) => {
                self.told.outcome = Outcome::Unchanged;
                self.told.reference = Some(known.reference.clone());
                self.told.categories.clone_from(&known.categories);
            }
            None if aside.contains(key) => self.told.outcome = Outcome::Quarantined,
            // An incident of ours: its id is its reference.
            None => (self.told.outcome, self.told.reference) = (Outcome::Unchanged, self.told.id.clone()),
        }
    }
}

/// What becomes of a record that says that it is an incident of ours: it is held against that, and never taken.
async fn own(cx: &Cx, one: &Read, ours: &BTreeMap<String, Incident>) -> Result<Option<Settled>> {
    let Some(record) = one.ours(&cx.core().settings.authority.name) else { return Ok(None) };
    match ours.get(&record.id) {
        Some(of) => {
            let same = hex::encode(incident::veris::record(cx, of).await?.digest()) == one.digest;
            Ok(Some(if same { Settled::Ours(record.id.clone()) } else { Settled::OursDiffers(record.id.clone()) }))
        }
        // The authority's own name stands in what it recorded elsewhere before, too.
        None => Ok(record.reference.as_ref().filter(|reference| **reference == record.id).map(|_| Settled::NoneOfOurs)),
    }
}

/// The code of a reason of ours, from the id of its message.
fn code(id: &str) -> &str {
    id.strip_prefix("incident-record-why-").unwrap_or(id)
}

fn masked(one: &Masked) -> String {
    let kinds: Vec<String> = one.kinds.iter().map(|kind| platform::texts::t(&kind.message_id())).collect();
    let text = Text::new("incident-record-why-masked").with("path", one.path).with("kinds", kinds.join(", "));
    format!("{}: {}", code("incident-record-why-masked"), text.say())
}

fn said(reason: &Reason) -> String {
    let Message { id, args, .. } = &reason.message;
    let args = args.iter().map(|(name, value)| ((*name).clone(), value.clone())).collect();
    format!("{}: {}", reason.code(), platform::texts::say(id, &args))
}
