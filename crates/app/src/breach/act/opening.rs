//! How breaches are opened: by hand, and by what is written about work abroad elsewhere.

use jiff::civil::Date;
use platform::cases::Case;
use platform::cases::rounds::{self, NewDecision};
use platform::cases::store::{self as cases, NewCase};
use platform::clock::{DAY, Millis};
use platform::cx::{Cx, Entry, Permit, Reacting, Reaction, Tx};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::breach::{Facts as Known, Finding, is_failing, judge};
use rules::decision::Outcome as _;
use sea_orm::ConnectionTrait;
use serde_json::to_value;
use uuid::Uuid;

use crate::arrangement::store as arrangements;
use crate::breach::Breaches;
use crate::breach::model::{BREACH, Breach, Facts, Found, TITLE};
use crate::breach::store::{self, About};
use crate::casework::{self, notices};
use crate::contract::chain::place_row;
use crate::obligation::act::happened;
use crate::obligation::model::Happened;
use crate::{contract, offshoring, party};

/// A breach to be opened by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBreach {
    /// What it is about, in a few words.
    pub title: String,
    /// The work, where it is in the register.
    pub arrangement: Option<Uuid>,
    /// What is known of it.
    pub facts: Facts,
}

/// Opens a breach against the contract of a place; its id.
///
/// # Errors
/// [`Error::Invalid`] when a field needs mending; [`Error::NotFound`] when there is no such place; [`Error::Conflict`] while one about the
/// same work is open; or a refusal.
pub async fn open(cx: &Cx, place: Uuid, new: &NewBreach) -> Result<Uuid> {
    let mut tx = cx.begin().await?;
    let (case, permit, entry) = opened(cx, &mut tx, place, (new, None)).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(case.id)
}

/// Opens a breach within a transaction, for whoever may: the case, the leave, and the entry. What a list said of it is kept beside it.
pub(super) async fn opened(cx: &Cx, tx: &mut Tx, place: Uuid, (new, found): (&NewBreach, Option<Found>)) -> Result<(Case, Permit, Entry)> {
    let place = contract::chain::place(tx.db(), place).await?.row;
    // First the contract, as everybody does who changes what belongs to it.
    contract::store::lock_row(tx.db(), place.contract).await?;
    cx.refuse_twin(tx).await?;
    // A list may be brought in by the operator, who has no account.
    let by = if found.is_some() { cx.actor.account().map(|by| by.account) } else { Some(casework::account(cx)?.account) };
    let of = begun((cx, tx.db(), tx.now()), &place, &new.title, by).await?;
    let permit = cx.permit("breach.open", &of)?;
    new.check(cx.core().clock.date_of(tx.now()))?;
    if let Some(work) = new.arrangement {
        if arrangements::get(tx.db(), work).await?.row.place != place.id {
            return Err(Error::NotFound);
        }
        // One case for each finding.
        let same = |(case, finding): &(Case, String)| case.closed_at.is_none() && *finding == new.facts.finding;
        if let Some((open, _)) = store::about_work(tx.db(), work).await?.into_iter().find(same) {
            return Err(Error::Conflict(Text::new("breach-open-already").with("reference", open.reference.unwrap_or_default())));
        }
    }
    let about = About { arrangement: new.arrangement, facts: new.facts.clone(), gaps: Vec::new(), actions: Vec::new(), found };
    let (case, entry) = enter(cx, tx, of, &about).await?;
    if let Some(by) = by {
        let opened = NewDecision { level: "open", choice: about.facts.finding, ..NewDecision::default() };
        rounds::decide(cx, tx, &case, by, opened).await?;
    }
    Ok((case, permit, entry))
}

impl NewBreach {
    fn check(&self, today: Date) -> Result<()> {
        let mut errors = self.facts.faults(today);
        if self.title.trim().is_empty() {
            errors.add("title", Text::new("breach-title-missing"));
        } else if self.title.chars().count() > TITLE {
            errors.add("title", Text::new("error-too-long").with("max", TITLE));
        }
        errors.or(())
    }
}

/// A breach at its first stage, neither numbered nor stored. By nobody, it follows from an act that was permitted.
async fn begun<C: ConnectionTrait>(
    (cx, db, now): (&Cx, &C, Millis),
    place: &place_row::Model,
    title: &str,
    by: Option<Uuid>,
) -> Result<Breach> {
    let on = contract::store::get(db, place.contract).await?.row;
    let name = party::store::names(db, [place.party]).await?.remove(&place.party).unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: title.trim().to_owned(),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: None,
        made_by: by.unwrap_or_default(),
    };
    let days = BREACH.first()?.days.unwrap_or_default();
    let case = cases::begin(&BREACH, new, now)?;
    let case = Case { due: Some(now + days * DAY), submitted_at: Some(now), submitted_by: by, ..case };
    let standing = casework::sights(db, std::slice::from_ref(&case)).await?.pop().unwrap_or_default();
    Ok(Breach { case, standing, handled_by: Vec::new() })
}

/// A breach of nobody's yet, for asking whether somebody may open any.
///
/// # Errors
/// When the system gives no randomness.
pub(in crate::breach) fn anywhere(cx: &Cx) -> Result<Breach> {
    let (title, nobody) = (String::new(), (Uuid::nil(), String::new()));
    let new = NewCase { id: cx.id()?, title, party: nobody, contract: None, place: None, form: None, made_by: Uuid::nil() };
    Ok(Breach { case: cases::begin(&BREACH, new, cx.now())?, standing: casework::Sight::default(), handled_by: Vec::new() })
}

/// A breach about to be opened at a place, for asking whether that may be.
///
/// # Errors
/// When the database fails.
pub async fn blank(cx: &Cx, place: &place_row::Model) -> Result<Breach> {
    begun((cx, cx.db(), cx.now()), place, "", None).await
}

/// Numbers and stores a breach, tells people of it and has its duties counted; the case and its entry.
async fn enter(cx: &Cx, tx: &mut Tx, of: Breach, about: &About) -> Result<(Case, Entry)> {
    let case = cases::number(tx, &cx.core().clock, &BREACH, of.case.clone()).await?;
    cases::insert(tx, &case).await?;
    store::insert(cx, tx, &case, about).await?;
    notices::both::<Breaches>(tx, &of, &case, "opened")?;
    if let Some(contract) = case.contract {
        let day = cx.core().clock.date_of(tx.now());
        let found = Happened { event: "breach_found".to_owned(), place: case.place, day, reference: case.reference.clone() };
        happened(cx, tx, contract, &[found]).await?;
    }
    let mut entry = Entry::on("breach.open", &of).about("finding", &about.facts.finding).body(to_value(&about.facts)?);
    for (name, id) in [("contract", case.contract), ("place", case.place), ("arrangement", about.arrangement)] {
        entry = id.map_or(entry.clone(), |id| entry.about(name, id));
    }
    let entry = case.reference.iter().fold(entry, |entry, reference| entry.about("reference", reference));
    Ok((case, entry))
}

/// What is written about work abroad may show a breach, which is opened in the same transaction. That work is no longer covered because the
/// authority did something to an approval or to the chain shows none: whether it went on, somebody has to find out, and opens one by hand.
pub fn reactions() -> Vec<Reaction> {
    ["arrangement.report", "arrangement.change"]
        .map(|on| Reaction { on, run: |cx, tx, entry| -> Reacting<'_> { Box::pin(shown(cx, tx, entry)) } })
        .into()
}

/// Opens a breach when work that has started goes beyond what was approved by a failing of whoever does it, unless one about it is open.
async fn shown(cx: &Cx, tx: &mut Tx, entry: &Entry) -> Result<Vec<Entry>> {
    let of = arrangements::get(tx.db(), entry.id.parse().map_err(Error::internal)?).await?.row;
    let told = |name: &str| entry.about.get(name).map(String::as_str).unwrap_or_default();
    // Work that is reported failed when it began; work that was known, when it went beyond what it had been.
    let reported = entry.action == "arrangement.report";
    let gaps = told(if reported { "gaps" } else { "beyond" }).split('.').filter(|gap| *gap != "none" && is_failing(gap));
    let gaps: Vec<String> = gaps.map(str::to_owned).collect();
    let early = told("early") == "true";
    if of.state != "started" || (gaps.is_empty() && !early) {
        return Ok(Vec::new());
    }
    if store::about_work(tx.db(), of.id).await?.iter().any(|(case, _)| case.closed_at.is_none()) {
        return Ok(Vec::new());
    }
    let first = of.started_on.as_deref().filter(|_| reported).and_then(|day| day.parse().ok());
    let began = first.unwrap_or_else(|| cx.core().clock.date_of(tx.now()));
    let approved = told("since").parse().ok().filter(|_| early);
    let known = Known { began, informed: informed(cx, tx, &of, began).await?, approved };
    let finding = Some(judge(&known).outcome).filter(|finding| *finding != Finding::Nothing).unwrap_or(Finding::StartedUnapproved);
    let Known { began, informed, approved } = known;
    let facts = Facts { finding: finding.code().to_owned(), began, informed, approved, facts: None, containment: None };
    let place = contract::chain::place(tx.db(), of.place).await?.row;
    let title: String = t!("breach-titled", work = &of.name).chars().take(TITLE).collect();
    let breach = begun((cx, tx.db(), tx.now()), &place, &title, None).await?;
    let about = About { arrangement: Some(of.id), facts, gaps, actions: Vec::new(), found: None };
    Ok(vec![enter(cx, tx, breach, &about).await?.1])
}

/// When the authority was told of work that began on `began`: the last day before, else the first after, on which a proposal was handed in that
/// asks for work of this kind in this country by this party.
async fn informed(cx: &Cx, tx: &Tx, of: &arrangements::Model, began: Date) -> Result<Option<Date>> {
    let clock = &cx.core().clock;
    let asked = offshoring::store::asked_for(cx, tx.db(), of.contract, (of.party, &of.kind, &of.country)).await?;
    let mut days: Vec<Date> = asked.into_iter().map(|at| clock.date_of(at)).collect();
    days.sort_unstable();
    let before = days.iter().rev().find(|day| **day < began);
    Ok(before.or(days.first()).copied())
}
