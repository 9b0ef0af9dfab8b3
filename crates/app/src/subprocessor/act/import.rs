//! Taking in a list that a supplier published, or the events by which it changed (OFF-12). The same file again changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::db::dialect;
use platform::{Error, Result};
use rules::country::Home;
use rules::subprocessors::{Classified, Line, Named, Place, Said, place};
use serde::Serialize;
use serde_json::to_value;
use uuid::Uuid;

use super::{PARTY_MISSING, about};
use crate::party;
use crate::subprocessor::model::Details;
use crate::subprocessor::store::{self, Model, Subprocessor};

/// What the report calls removing those whom a whole list names no more.
const DROPPED: &str = "dropped";

/// What became of one line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its number.
    pub line: usize,
    /// The product.
    pub product: String,
    /// What it says happened: `listed`, `initial`, `added`, `removed`; none of a line that cannot be taken. `dropped`, on the last line of a product,
    /// is whom a list names no more.
    pub event: Option<&'static str>,
    /// The names.
    pub names: Vec<String>,
    /// `applied`, `unchanged` or `quarantined`.
    pub outcome: &'static str,
    /// What using what was added comes to; none of a line that adds nobody.
    pub classification: Option<ToldClass>,
    /// Why it was put aside, by code.
    pub reasons: Vec<&'static str>,
}

/// What using a sub-processor that was added comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToldClass {
    /// The outcome, by code.
    pub outcome: &'static str,
    /// The country, by code, where one was named.
    pub country: Option<String>,
    /// The country is still to be asked for.
    pub asks_country: bool,
    /// A proposal must be made.
    pub calls_for_proposal: bool,
    /// The rules that spoke, by id.
    pub because: Vec<&'static str>,
}

/// How many lines came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Read.
    pub lines: usize,
    /// That changed something.
    pub applied: usize,
    /// Names that stood there and do no more, by a list that is whole.
    pub dropped: usize,
    /// That changed nothing.
    pub unchanged: usize,
    /// That could not be taken.
    pub quarantined: usize,
    /// Classifications that call for a proposal.
    pub proposals: usize,
    /// Of these, how many still ask for a country.
    pub countries: usize,
}

impl Figures {
    /// Of these lines.
    pub fn of(told: &[Told]) -> Self {
        let count = |outcome: &str| told.iter().filter(|line| line.outcome == outcome).count();
        let calls = || told.iter().filter_map(|line| line.classification.as_ref()).filter(|class| class.calls_for_proposal);
        Self {
            lines: told.iter().filter(|line| line.event != Some(DROPPED)).count(),
            applied: told.iter().filter(|line| line.outcome == "applied" && line.event != Some(DROPPED)).count(),
            dropped: told.iter().filter(|line| line.event == Some(DROPPED)).map(|line| line.names.len()).sum(),
            unchanged: count("unchanged"),
            quarantined: count("quarantined"),
            proposals: calls().count(),
            countries: calls().filter(|class| class.asks_country).count(),
        }
    }
}

/// Takes in the lines of one file as those of `party`, or of nobody yet, all or nothing; what became of each, in order. Events count in the
/// order of their instants; one that is no later than what is known changes nothing. A list is whole for each product that it names: who stood
/// there and does no more was removed.
///
/// # Errors
/// [`Error::Invalid`] when the party is no supplier; or a refusal.
pub async fn import(cx: &Cx, party: Option<Uuid>, lines: &[Line]) -> Result<Vec<Told>> {
    let tx = cx.begin().await?;
    if let Some(party) = party {
        party::store::as_supplier(party::store::lock(tx.db(), party).await, PARTY_MISSING)?;
    }
    let products = lines.iter().filter_map(|line| Some(dialect::fold(product(line.said.as_ref().ok()?))));
    let known = store::of_products(tx.db(), party, products.collect()).await?;
    let mut taking = Taking {
        cx,
        tx: &tx,
        party,
        home: cx.core().home()?,
        known: BTreeMap::new(),
        entries: Vec::new(),
        first: None,
        written: BTreeSet::new(),
    };
    for row in known {
        taking.known.insert((row.product_key.clone(), row.name_key.clone()), row);
    }
    let mut told: Vec<Told> = Vec::with_capacity(lines.len());
    let mut order: Vec<(i64, usize)> = Vec::with_capacity(lines.len());
    let mut seen: BTreeMap<(String, String), &Named> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let fault = match &line.said {
            Err(fault) => Some(*fault),
            // Two that differ under one name: nobody can say which of them holds.
            Ok(Said::Listed(named)) if *seen.entry(key(&named.product, &named.name)).or_insert(named) != named => Some("named-twice"),
            Ok(said) => match instant(said, tx.now(), cx) {
                None => Some("no-date"),
                Some(instant) if instant > tx.now() && matches!(said, Said::Removed(..)) => Some("not-yet"),
                Some(instant) => {
                    order.push((instant, at));
                    None
                }
            },
        };
        told.push(Told {
            line: line.number,
            product: line.said.as_ref().map(|said| product(said).to_owned()).unwrap_or_default(),
            event: line.said.as_ref().ok().map(event),
            names: line.said.as_ref().map(names).unwrap_or_default(),
            outcome: if fault.is_some() { "quarantined" } else { "unchanged" },
            classification: None,
            reasons: fault.into_iter().collect(),
        });
    }
    order.sort_by_key(|(instant, at)| (*instant, *at));
    for (instant, at) in order {
        let Ok(said) = &lines[at].said else { continue };
        let (changed, class) = taking.take(said, instant).await?;
        if changed {
            told[at].outcome = "applied";
        }
        told[at].classification = class;
    }
    told.extend(taking.close_lists(lines).await?);
    let (entries, first) = (taking.entries, taking.first);
    if let Some(permit) = first {
        cx.commit(tx, permit, entries).await?;
    }
    Ok(told)
}

/// A file being taken in.
struct Taking<'a> {
    cx: &'a Cx,
    tx: &'a Tx,
    party: Option<Uuid>,
    home: Home,
    /// By product and folded name.
    known: BTreeMap<(String, String), Model>,
    entries: Vec<Entry>,
    /// Leave for the first entry.
    first: Option<Permit>,
    /// What this file changed: among its own events, the order in the file decides between those of one instant.
    written: BTreeSet<(String, String)>,
}

impl Taking<'_> {
    /// Takes one line; whether it changed anything, and what using what it added comes to.
    async fn take(&mut self, said: &Said, at: i64) -> Result<(bool, Option<ToldClass>)> {
        match said {
            Said::Listed(named) => self.add(named, at, true).await,
            Said::Added(named, _) => self.add(named, at, false).await,
            Said::Removed(named, _) => Ok((self.remove(&named.product, &named.name, at).await?, None)),
            Said::Initial { product, names, .. } => {
                let mut changed = false;
                for name in names {
                    let named = Named { product: product.clone(), name: name.clone(), ..Named::default() };
                    changed |= self.add(&named, at, false).await?.0;
                }
                let kept: BTreeSet<String> = names.iter().map(|name| dialect::fold(name)).collect();
                Ok((!self.drop_others(product, &kept, at).await?.is_empty() || changed, None))
            }
        }
    }

    /// What it comes to is told whether or not it was known before.
    async fn add(&mut self, named: &Named, at: i64, list: bool) -> Result<(bool, Option<ToldClass>)> {
        let key = key(&named.product, &named.name);
        let before = self.known.get(&key).cloned();
        let stays = |row: &&Model| {
            let union = place(named.location.as_deref()) == Place::Union;
            named.location.is_none() || row.location == named.location || (row.location.is_none() && union)
        };
        let details = Details {
            product: named.product.clone(),
            party: self.party,
            purpose: named.purpose.clone().or_else(|| before.as_ref().and_then(|row| row.purpose.clone())),
            location: named.location.clone().or_else(|| before.as_ref().and_then(|row| row.location.clone())),
            // What somebody chose stands as long as the same place is written.
            country: before.as_ref().filter(stays).and_then(|row| row.country.clone()),
            proposal: before.as_ref().and_then(|row| row.proposal.clone()),
            ..Details::named(&named.name)
        };
        let classified = details.classified(&self.home);
        let told = Some(class(&details, &classified));
        let mut row = match before {
            None => Subprocessor::new(self.cx.id()?, &details, &self.home, self.tx.now()).row,
            Some(mut row) => {
                if !(if list { details != row.details() } else { self.is_later(&row, at, &key) }) {
                    return Ok((false, told));
                }
                row.set(&details, &self.home);
                row
            }
        };
        if row.added_on.is_none() || row.removed_on.is_some() {
            row.added_on = Some(self.day(at));
            row.removed_on = None;
        }
        // What is announced for a day to come stands there at once, and what is heard until then counts.
        row.changed_at = at.min(self.tx.now());
        self.write(row, &details).await?;
        Ok((true, told))
    }

    async fn remove(&mut self, product: &str, name: &str, at: i64) -> Result<bool> {
        let key = key(product, name);
        let Some(mut row) = self.known.get(&key).cloned().filter(|row| row.state == "listed" && self.is_later(row, at, &key)) else {
            return Ok(false);
        };
        let details = Details { state: "removed".to_owned(), ..row.details() };
        row.set(&details, &self.home);
        row.removed_on = Some(self.day(at));
        row.changed_at = at;
        self.write(row, &details).await?;
        Ok(true)
    }

    /// Whether what happened `at` this instant is later than what is known of a row.
    fn is_later(&self, row: &Model, at: i64, key: &(String, String)) -> bool {
        row.changed_at < at || (row.changed_at == at && self.written.contains(key))
    }

    /// Removes whoever is listed for a product and not among these, as far as nothing later is known of them.
    async fn drop_others(&mut self, product: &str, kept: &BTreeSet<String>, at: i64) -> Result<Vec<String>> {
        let product_key = dialect::fold(product);
        let others = self.known.values().filter(|row| row.product_key == product_key && !kept.contains(&row.name_key));
        let others: Vec<String> = others.map(|row| row.name.clone()).collect();
        let mut dropped = Vec::new();
        for name in others {
            if self.remove(product, &name, at).await? {
                dropped.push(name);
            }
        }
        Ok(dropped)
    }

    /// A list is whole for each product that it names; unless a line of it cannot be read, which may be about anybody. Who was removed by that, a
    /// line for each product.
    async fn close_lists(&mut self, lines: &[Line]) -> Result<Vec<Told>> {
        let mut listed: BTreeMap<&str, (usize, BTreeSet<String>)> = BTreeMap::new();
        for line in lines {
            match &line.said {
                Err(_) => return Ok(Vec::new()),
                Ok(Said::Listed(named)) => {
                    let of = listed.entry(&named.product).or_default();
                    of.0 = line.number;
                    of.1.insert(dialect::fold(&named.name));
                }
                Ok(_) => {}
            }
        }
        let mut told = Vec::new();
        for (product, (line, kept)) in listed {
            let names = self.drop_others(product, &kept, self.tx.now()).await?;
            if !names.is_empty() {
                let (product, event) = (product.to_owned(), Some(DROPPED));
                told.push(Told { line, product, event, names, outcome: "applied", classification: None, reasons: Vec::new() });
            }
        }
        Ok(told)
    }

    async fn write(&mut self, row: Model, details: &Details) -> Result<()> {
        let key = (row.product_key.clone(), row.name_key.clone());
        let is_new = !self.known.contains_key(&key);
        let action = if is_new { "subprocessor.add" } else { "subprocessor.change" };
        let mut of = Subprocessor { seen_by: row.party.into_iter().collect(), row };
        let permit = self.cx.permit(action, &of)?;
        if is_new {
            store::insert(self.tx.db(), &of.row).await?;
        } else {
            store::update(self.tx.db(), &of.row, of.row.version).await?;
            of.row.version += 1;
        }
        self.entries.push(about(action, &of).about("imported", true).body(to_value(details)?));
        self.first.get_or_insert(permit);
        self.written.insert(key.clone());
        self.known.insert(key, of.row);
        Ok(())
    }

    fn day(&self, at: i64) -> String {
        self.cx.core().clock.date_of(at).to_string()
    }
}

/// By what one is known: its product and its name, however they are written.
fn key(product: &str, name: &str) -> (String, String) {
    (dialect::fold(product), dialect::fold(name))
}

fn class(details: &Details, classified: &Classified) -> ToldClass {
    ToldClass {
        outcome: classified.code(),
        country: match details.place() {
            rules::subprocessors::Place::In(country) => Some(country.code().to_owned()),
            _ => None,
        },
        asks_country: classified.asks_country,
        calls_for_proposal: classified.calls_for_proposal(),
        because: classified.decision.because.iter().map(|reason| reason.rule).collect(),
    }
}

fn product(said: &Said) -> &str {
    match said {
        Said::Listed(named) | Said::Added(named, _) | Said::Removed(named, _) => &named.product,
        Said::Initial { product, .. } => product,
    }
}

fn event(said: &Said) -> &'static str {
    match said {
        Said::Listed(_) => "listed",
        Said::Initial { .. } => "initial",
        Said::Added(..) => "added",
        Said::Removed(..) => "removed",
    }
}

fn names(said: &Said) -> Vec<String> {
    match said {
        Said::Listed(named) | Said::Added(named, _) | Said::Removed(named, _) => vec![named.name.clone()],
        Said::Initial { names, .. } => names.clone(),
    }
}

/// When it happened, in milliseconds; a list stands as of now. None for what is no instant and no day.
fn instant(said: &Said, now: i64, cx: &Cx) -> Option<i64> {
    let at = match said {
        Said::Listed(_) => return Some(now),
        Said::Initial { at, .. } | Said::Added(_, at) | Said::Removed(_, at) => at,
    };
    if let Ok(instant) = at.parse::<Timestamp>() {
        return Some(instant.as_millisecond());
    }
    let day: Date = at.parse().ok()?;
    Some(day.to_zoned(cx.core().clock.zone().clone()).ok()?.timestamp().as_millisecond())
}

/// The fault of a whole file, as an error in words.
pub fn refuse(bad: &rules::subprocessors::BadFile) -> Error {
    let text = platform::texts::Text::new(format!("subprocessors-file-{}", bad.fault));
    Error::BadRequest(text.with("line", bad.line.unwrap_or(1)))
}
