//! Taking in a list of findings, such as an auditor's (OFF-9b): each row opens a breach as one opened by hand, and the same row again opens none.

use std::collections::BTreeMap;

use platform::cx::Cx;
use platform::db::dialect;
use platform::texts::Text;
use platform::{Error, Result};
use rules::decision::Outcome as _;
use rules::entries::BadFile;
use rules::findings::{Reported, Row, key};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::opening::{NewBreach, opened};
use crate::arrangement::store as arrangements;
use crate::breach::model::{Facts, Found};
use crate::breach::store;
use crate::{contract, party};

/// The longest name of a list.
pub const SOURCE: usize = 200;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingOutcome)]
pub enum Outcome {
    /// It opened a breach.
    Opened,
    /// It opened one when it came before.
    Known,
    /// It could not be taken.
    Quarantined,
}

/// What became of one row of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FindingTaken)]
pub struct Told {
    /// The number of its line, or of its entry in a document.
    pub line: usize,
    /// Its own id.
    pub id: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The reference of the breach that it opened, now or before.
    pub reference: Option<String>,
    /// Which failing it is, by code; none of a row that could not be taken.
    pub finding: Option<String>,
    /// Whether the days decided which failing it is.
    pub judged: bool,
    /// It says something else than when it opened its breach, which stays as it is.
    pub differs: bool,
    /// Why it could not be taken, and what to do.
    pub reasons: Vec<Reason>,
}

/// Why a row could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FindingFault)]
pub struct Reason {
    /// The column that it is about; `row` for all of it.
    pub column: String,
    /// What is wrong, by code.
    pub code: String,
    /// What is wrong and what to do, in words.
    pub text: String,
}

impl Reason {
    fn new(code: &str, column: &str) -> Self {
        let text = Text::new(format!("findings-fault-{code}")).with("column", column).say();
        Self { column: column.to_owned(), code: code.to_owned(), text }
    }
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Read.
    pub rows: usize,
    /// That opened a breach.
    pub opened: usize,
    /// That had opened one before.
    pub known: usize,
    /// Of these, that say something else now.
    pub differing: usize,
    /// That could not be taken.
    pub quarantined: usize,
}

impl Figures {
    /// Of these rows.
    pub fn of(told: &[Told]) -> Self {
        let count = |outcome| told.iter().filter(|row| row.outcome == outcome).count();
        Self {
            rows: told.len(),
            opened: count(Outcome::Opened),
            known: count(Outcome::Known),
            differing: told.iter().filter(|row| row.differs).count(),
            quarantined: count(Outcome::Quarantined),
        }
    }
}

/// Takes in the rows of the list `source`, each in a transaction of its own; what became of each, in order. A row with a fault keeps no other out.
///
/// # Errors
/// [`Error::Invalid`] when the list's name is too long; a refusal of whoever may open no breaches. What went in before the database failed stays in:
/// the same list again goes on from there.
pub async fn import(cx: &Cx, source: Option<&str>, rows: &[Row]) -> Result<Vec<Told>> {
    let source = source.map(str::trim).filter(|source| !source.is_empty());
    if source.is_some_and(|source| source.chars().count() > SOURCE) {
        return Err(Error::field("source", Text::new("error-too-long").with("max", SOURCE)));
    }
    // Whoever may open none is refused before anything is read of the rows.
    cx.permit("breach.open", &super::opening::anywhere(cx)?)?;
    let mut cx = cx.clone();
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let mut one = Told {
            line: row.line,
            id: row.id.clone(),
            outcome: Outcome::Quarantined,
            reference: None,
            finding: None,
            judged: false,
            differs: false,
            reasons: Vec::new(),
        };
        match &row.said {
            Err(faults) => one.reasons.extend(faults.iter().map(|fault| Reason::new(fault.code, fault.column))),
            Ok(reported) => match take(&cx, source, row, reported).await {
                Ok(taken) => {
                    (one.outcome, one.reference, one.differs) = (taken.outcome, taken.reference, taken.differs);
                    (one.finding, one.judged) = (Some(reported.finding.code().to_owned()), reported.judged);
                    if taken.outcome == Outcome::Opened {
                        // The form's key is answered by the first commit; the rows after it are commits of their own.
                        cx = cx.once(None);
                    }
                }
                Err(Error::Invalid(errors)) => one.reasons.extend(errors.iter().map(|(field, text)| Reason {
                    column: if field == "title" { "work" } else { field }.to_owned(),
                    code: text.id.to_string(),
                    text: text.say(),
                })),
                Err(Error::Conflict(text)) => {
                    one.reasons.push(Reason { column: "work".to_owned(), code: text.id.to_string(), text: text.say() });
                }
                Err(other) => return Err(other),
            },
        }
        told.push(one);
    }
    Ok(told)
}

/// What became of a row that has no fault of its own.
struct Taken {
    outcome: Outcome,
    reference: Option<String>,
    differs: bool,
}

async fn take(cx: &Cx, source: Option<&str>, row: &Row, reported: &Reported) -> Result<Taken> {
    let (key, digest) = (key(source.unwrap_or_default(), row.id.as_deref(), reported), reported.digest());
    let before =
        |(case, was): (platform::cases::Case, String)| Taken { outcome: Outcome::Known, reference: case.reference, differs: was != digest };
    if let Some(known) = store::brought_in(cx.db(), &key).await? {
        return Ok(before(known));
    }
    let place = place(cx, reported).await?;
    let named = arrangements::called(cx.db(), place, &reported.work).await?;
    let new = NewBreach {
        title: reported.work.clone(),
        // A name that two bear names neither.
        arrangement: if let [one] = named.as_slice() { Some(one.id) } else { None },
        facts: Facts {
            finding: reported.finding.code().to_owned(),
            began: reported.began,
            informed: reported.informed,
            approved: reported.approved,
            facts: reported.facts.clone(),
            containment: reported.containment.clone(),
        },
    };
    if reported.noticed.is_some_and(|day| day > cx.core().clock.today()) {
        return Err(Error::field("noticed", Text::new("findings-fault-later").with("column", "noticed")));
    }
    let found = Found {
        source: source.map(str::to_owned),
        number: row.id.clone(),
        country: reported.country.map(|country| country.code().to_owned()),
        noticed: reported.noticed,
    };
    let mut tx = cx.begin().await?;
    let (case, permit, entry) = opened(cx, &mut tx, place, (&new, Some(found))).await?;
    // Another node may have taken the same list in meanwhile: its breach stands, and nothing of this one is kept.
    if !store::bring_in(&tx, &key, case.id, &digest).await? {
        drop(tx);
        return store::brought_in(cx.db(), &key).await?.map(before).ok_or_else(|| Error::internal("a finding came and went"));
    }
    let reference = case.reference.clone();
    cx.commit(tx, permit, [entry.about("list", &key)]).await?;
    Ok(Taken { outcome: Outcome::Opened, reference, differs: false })
}

/// The place in the contract's chain at which the party did it: one that stands, else one that did.
async fn place(cx: &Cx, reported: &Reported) -> Result<Uuid> {
    let fault = |code: &str, column: &str| Error::field(column, Text::new(format!("findings-fault-{code}")).with("column", column));
    let contract = match contract::store::referenced(cx.db(), &reported.contract).await?.as_slice() {
        [] => return Err(fault("contract-unknown", "contract")),
        [one] => one.id,
        _ => return Err(fault("contract-twice", "contract")),
    };
    let rows = contract::chain::seen_rows(cx.db(), &cx.actor, contract, true).await?;
    let names: BTreeMap<Uuid, String> = party::store::names(cx.db(), rows.iter().map(|row| row.party)).await?;
    let wanted = dialect::fold(&reported.party);
    let is_it = |id: &Uuid| id.to_string() == reported.party || names.get(id).is_some_and(|name| dialect::fold(name) == wanted);
    let at_tier = |tier: i32| reported.tier.is_none_or(|wanted| i64::from(wanted) == i64::from(tier));
    let fits: Vec<_> = rows.iter().filter(|row| is_it(&row.party) && at_tier(row.tier)).collect();
    let standing: Vec<_> = fits.iter().filter(|row| row.until.is_none()).copied().collect();
    match if standing.is_empty() { fits } else { standing }.as_slice() {
        [] => Err(fault("party-unknown", "party")),
        [one] => Ok(one.id),
        _ => Err(fault("party-twice", "party")),
    }
}

/// The fault of a whole file, in words.
pub fn refuse(bad: &BadFile) -> Text {
    Text::new(format!("findings-file-{}", bad.fault)).with("line", bad.line.unwrap_or(1))
}
