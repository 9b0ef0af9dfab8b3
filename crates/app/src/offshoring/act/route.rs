//! The route of a proposal: begun, handed in, checked, returned, withdrawn.

use std::collections::BTreeSet;
use std::sync::Arc;

use platform::cases::rounds::{self, NewDecision, NewPoint};
use platform::cases::store::{self as cases, NewCase};
use platform::cases::{Case, Taking};
use platform::cx::{Cx, Entry, Permit, Tx};
use platform::error::Blocker;
use platform::forms::drafts::{self, Drafts};
use platform::forms::submit::{self as freezing, Faults, Frozen};
use platform::forms::{Choices, review};
use platform::texts::Text;
use platform::{Error, Result, t};
use rules::decision::Outcome as _;
use rules::offshoring::Outcome;
use rules::pack::Pack;
use rules::risk::Risk;
use rules::urgent::End;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{account, choices, form_of, handed_in, moved, open, pack_of, tell, urgent};
use crate::casework::able::may_have;
use crate::casework::handing::act as handing;
use crate::offshoring::Proposals;
use crate::offshoring::classify::classify;
use crate::offshoring::model::{Deciding, FORM, Hands, METHOD, PROPOSAL, Proposal, TITLE};
use crate::offshoring::scope::{Scope, countries};
use crate::offshoring::store::{self, CARRIED};
use crate::{casework, contract, party};

/// Begins a draft for the party at `place`; its id.
///
/// # Errors
/// A refusal, when the actor's party does not stand at or above the place; [`Error::NotFound`] when the place stands no more.
pub async fn begin(cx: &Cx, place: Uuid) -> Result<Uuid> {
    let tx = cx.begin().await?;
    let (case, permit, entry) = begin_in(cx, &tx, place).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(case.id)
}

/// As [`begin`], with the answers of an earlier proposal carried forward: each section is to be confirmed before the draft is handed in. Files
/// and what is kept sealed stay behind.
///
/// # Errors
/// As [`begin`]; [`Error::Invalid`] when the earlier proposal is none that the actor reads, or was never handed in.
pub async fn begin_from(cx: &Cx, place: Uuid, earlier: Uuid) -> Result<Uuid> {
    let unknown = || Error::field("from", Text::new("proposal-carry-unknown"));
    let tx = cx.begin().await?;
    let (case, permit, entry) = begin_in(cx, &tx, place).await?;
    let from = cases::get(tx.db(), &PROPOSAL, earlier).await.map_err(|_| unknown())?;
    let from = store::load(tx.db(), from).await?;
    if !from.submitted() || !cx.may("proposal.view", &from) {
        return Err(unknown());
    }
    let (answers, digest) = handed_in(cx, tx.db(), &from.case).await?;
    let pack = pack_of(cx, &case)?;
    let form = form_of(&pack)?;
    drafts::carry(cx, &tx, case.id, form, &form.carry(&answers)).await?;
    cases::link(&tx, case.id, earlier, CARRIED).await?;
    cx.commit(tx, permit, [entry.about("from", earlier).about("digest", digest)]).await?;
    Ok(case.id)
}

/// The proposal whose answers were carried forward into this one, if any were and the actor may view it.
///
/// # Errors
/// When the database fails.
pub async fn carried_from(cx: &Cx, case: Uuid) -> Result<Option<Case>> {
    let links = cases::links(cx.db(), case).await?;
    let Some(link) = links.into_iter().find(|link| link.a == case && link.kind == CARRIED) else { return Ok(None) };
    let of = store::load(cx.db(), cases::get(cx.db(), &PROPOSAL, link.b).await?).await?;
    Ok(cx.may("proposal.view", &of).then_some(of.case))
}

/// What was asked in an earlier proposal and answered there, and is not carried forward into a form of another edition, in its words.
///
/// # Errors
/// When the database fails.
pub async fn left_behind(cx: &Cx, earlier: &Case, form: &rules::form::Form) -> Result<Vec<String>> {
    let (answers, _) = match handed_in(cx, cx.db(), earlier).await {
        // Nothing of it can be read any more.
        Err(Error::Conflict(_) | Error::NotFound) => return Ok(Vec::new()),
        other => other?,
    };
    let pack = pack_of(cx, earlier)?;
    let asked = form_of(&pack)?;
    let label = |id: String| asked.question(&id).map_or(id, |question| question.label.clone());
    Ok(form.left_behind(&answers).into_iter().map(label).collect())
}

/// As [`begin`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`begin`].
pub(crate) async fn begin_in(cx: &Cx, tx: &Tx, place: Uuid) -> Result<(Case, Permit, Entry)> {
    let (proposal, place, pack) = fresh(cx, tx, place).await?;
    let permit = cx.permit("proposal.begin", &proposal)?;
    cases::insert(tx, &proposal.case).await?;
    let entry = Entry::on("proposal.begin", &proposal)
        .about("place", place.id)
        .about("contract", place.contract)
        .about("pack", &pack.pack)
        .about("edition", &pack.edition);
    Ok((proposal.case, permit, entry))
}

/// A proposal for the party at `place`, not stored yet, with the place and the pack that it answers to.
pub(super) async fn fresh(cx: &Cx, tx: &Tx, place: Uuid) -> Result<(Proposal, contract::chain::place_row::Model, Arc<Pack>)> {
    let by = account(cx)?.account;
    let place = contract::store::place(tx.db(), place).await?.row;
    if place.until.is_some() {
        return Err(Error::NotFound);
    }
    let on = contract::store::get(tx.db(), place.contract).await?.row;
    let pack = contract::store::pack_for(cx, tx.db(), place.contract, "offshoring").await?;
    let pack = pack.ok_or_else(|| Error::internal("there is no offshoring pack"))?;
    let names = party::store::names(tx.db(), [place.party]).await?;
    let name = names.get(&place.party).cloned().unwrap_or_default();
    let new = NewCase {
        id: cx.id()?,
        title: t!("proposal-untitled", contract = &on.title, party = &name),
        party: (place.party, name),
        contract: Some((on.id, on.title)),
        place: Some(place.id),
        form: Some((pack.pack.clone(), pack.edition.clone(), FORM.to_owned())),
        made_by: by,
    };
    let case = Case { owner: Some(by), ..cases::begin(&PROPOSAL, new, tx.now())? };
    let standing = store::standing(tx.db(), case.place).await?;
    let proposal = Proposal {
        case,
        standing,
        hands: Hands::default(),
        deciding: Deciding::default(),
        manager: None,
        entered_by: None,
        urgent: None,
        urgent_roles: Vec::new(),
    };
    Ok((proposal, place, pack))
}

/// Hands the draft in: all answers are checked and frozen, the reference is given at the first time. After a return, `reply` says what was
/// mended.
///
/// # Errors
/// [`Error::Invalid`] when answers are missing or wrong, the declaration is not made or the reply is lacking; [`Error::Stale`]; a refusal.
pub async fn submit(cx: &Cx, id: Uuid, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
    submit_ahead(cx, (id, version), declared, reply, &Ahead::of(cx, cx.db(), id).await?).await
}

/// As [`submit`], of a proposal as it was read a moment ago.
///
/// # Errors
/// As [`submit`].
pub async fn submit_read(cx: &Cx, of: Proposal, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
    submit_ahead(cx, (of.case.id, version), declared, reply, &Ahead::read(cx, cx.db(), of).await?).await
}

async fn submit_ahead(cx: &Cx, form: (Uuid, i32), declared: bool, reply: Option<&str>, ahead: &Ahead) -> Result<Case> {
    let mut tx = cx.begin_sharing().await?;
    let (case, permit, entry) = submit_in(cx, &mut tx, form, declared, reply, ahead).await?;
    cx.commit(tx, permit, [entry]).await?;
    Ok(case)
}

/// What a submission needs and may have read a moment before it holds up whoever else writes. No leave rests on it, and the answers only
/// while they still are the same.
pub(crate) struct Ahead {
    choices: Choices,
    /// Its contract, which never changes.
    contract: Option<Uuid>,
    /// The contract's manager, if that person may have the proposal once it is handed in.
    owner: Option<Uuid>,
    drafts: drafts::Ahead,
    handed: Handed,
}

impl Ahead {
    /// Reads it, of the proposal with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such proposal; when the database fails.
    pub(crate) async fn of<C: ConnectionTrait>(cx: &Cx, db: &C, id: Uuid) -> Result<Self> {
        Self::read(cx, db, store::load(db, cases::get(db, &PROPOSAL, id).await?).await?).await
    }

    async fn read<C: ConnectionTrait>(cx: &Cx, db: &C, of: Proposal) -> Result<Self> {
        let choices = choices(cx, db, &of.case).await?;
        let drafts = drafts::Ahead::read(cx, db, of.case.id, of.case.round).await?;
        let handed = Handed::new(cx, &of.case, &drafts.drafts, &choices)?;
        Ok(Self { choices, drafts, handed, contract: of.case.contract, owner: manager(cx, db, of).await? })
    }
}

/// What is handed in, made of a draft's answers.
struct Handed {
    frozen: std::result::Result<Frozen, Faults>,
    title: Option<String>,
    /// The classification, by code.
    outcome: &'static str,
    /// The titles of the sections that nobody has confirmed.
    unconfirmed: Vec<String>,
    /// The countries that it names, by code; home for people who are brought in.
    countries: BTreeSet<&'static str>,
}

impl Handed {
    fn new(cx: &Cx, case: &Case, drafts: &Drafts, choices: &Choices) -> Result<Self> {
        let (pack, answers) = (pack_of(cx, case)?, &drafts.answers);
        let frozen = freezing::freeze(form_of(&pack)?, answers, &pack.pack, &pack.edition, choices);
        let title = answers.get(TITLE).and_then(Value::as_str).map(str::to_owned);
        let outcome = classify(answers, &cx.core().settings.authority.home)?.map_or("undetermined", |(_, d)| d.outcome.code());
        let unconfirmed = review::unconfirmed(form_of(&pack)?, drafts);
        let countries = countries(answers, &cx.core().home()?);
        Ok(Self { frozen, title, outcome, unconfirmed, countries })
    }
}

/// As [`submit`], in a transaction that holds more: what is to be committed with it.
///
/// # Errors
/// As [`submit`].
pub(crate) async fn submit_in(
    cx: &Cx,
    tx: &mut Tx,
    (id, version): (Uuid, i32),
    declared: bool,
    reply: Option<&str>,
    ahead: &Ahead,
) -> Result<(Case, Permit, Entry)> {
    let by = account(cx)?.account;
    // As `open` does, of a contract that is known already.
    if let Some(contract) = ahead.contract {
        contract::store::lock_row(tx.db(), contract).await?;
    }
    let (before, permit) = casework::act::open::<Proposals>(cx, tx, id, version, "proposal.submit").await?;
    // With a bid it goes to whoever reads the bid (OFF-7), else to the contract manager (OFF-8).
    let to = if bids(tx.db(), &before.case).await? { Some("bidding") } else { None };
    let mut after = PROPOSAL.take(&before.case, "submit", &Taking { to, ..Taking::default() }, tx.now())?;
    // Whoever enters a questionnaire for somebody else shows what it came as.
    if declared && before.entered_by == Some(by) && !store::has_paper(tx.db(), &before.case).await? {
        return Err(Error::Blocked(vec![Blocker::new("behalf-paper")]));
    }
    let reply = reply.map(str::trim).filter(|r| !r.is_empty());
    handing::declared::<Proposals>(&before, declared, reply)?;
    let anew;
    let handed = if ahead.drafts.stand(tx, id, before.case.round).await? {
        &ahead.handed
    } else {
        let drafts = drafts::load_in(cx, tx, id, before.case.round).await?;
        anew = Handed::new(cx, &before.case, &drafts, &ahead.choices)?;
        &anew
    };
    handing::confirmed(&handed.unconfirmed)?;
    let frozen = handed.frozen.as_ref().map_err(|faults| Error::Invalid(faults.all()))?;
    if let Some(title) = &handed.title {
        after.search_key = format!("{} {}", cases::search_key(&[title]), after.search_key);
        after.title.clone_from(title);
    }
    let after = cases::number(tx, &cx.core().clock, &PROPOSAL, after).await?;
    let after = Case { owner: ahead.owner.filter(|_| to.is_none()), ..cases::submitted(after, tx.now(), by) };
    let after = cases::update(tx, after).await?;
    cases::refind(tx, &before.case, &after).await?;
    rounds::submit(cx, tx, &after, frozen.text.as_bytes(), by).await?;
    let files = platform::files::hand_in(tx, PROPOSAL.id, id).await?;
    // No draft's row says that a file which answers was added or taken away meanwhile.
    if !(ahead.choices.files.is_empty() && files.is_empty()) {
        let uploads = platform::files::answers(cx, tx.db(), PROPOSAL.id, id).await?;
        if uploads.iter().map(|file| &file.id).ne(ahead.choices.files.iter().map(|file| &file.id)) {
            return Err(cases::stale(&before.case));
        }
    }
    let decided = NewDecision { level: "submit", choice: "submitted".to_owned(), reason: reply.map(str::to_owned), about: None };
    rounds::decide(cx, tx, &after, by, decided).await?;
    tell(tx, &before, &after)?;
    let entry = moved("proposal.submit", &before, &after)
        .about("digest", &frozen.digest)
        .about("classification", handed.outcome)
        .about("files", files.len());
    let entry = after.owner.map_or(entry.clone(), |owner| entry.about("owner", owner));
    // The approval from which the answers were carried forward may rest on others. The document itself is written with the commit.
    let links = cases::links(tx.db(), id).await?;
    let carried = links.into_iter().find(|link| link.a == id && link.kind == CARRIED).map(|link| link.b);
    let entry = carried.map_or(entry.clone(), |from| entry.about("carried_from", from));
    // So may an urgent approval of this very proposal, once it comes back with other answers.
    let rests = carried.is_some() || before.urgent_now().is_some();
    let entry = if rests { entry.about("answers", store::undated(frozen.text.as_bytes())?) } else { entry };
    let entry = entry.body(json!({ "title": after.title, "reply": reply, "files": files, "countries": handed.countries }));
    Ok((after, permit, entry))
}

/// Whether a proposal comes with a bid that its reader still has.
async fn bids<C: ConnectionTrait>(db: &C, case: &Case) -> Result<bool> {
    let Some(place) = case.place else { return Ok(false) };
    if !contract::chain::bids(db, place).await? {
        return Ok(false);
    }
    // Once it was handed over, whoever asked for changes gets it back.
    let hands = rounds::hands(db, &[case.id]).await?;
    Ok(!hands.into_values().flatten().any(|hand| hand.level == "hand_over"))
}

/// A proposal that was handed in is its contract's manager's to check, if the contract has one who may; else whoever takes it on.
async fn manager<C: ConnectionTrait>(cx: &Cx, db: &C, mut of: Proposal) -> Result<Option<Uuid>> {
    let Some(on) = of.case.contract else { return Ok(None) };
    let Some(manager) = contract::store::manager(db, on).await? else { return Ok(None) };
    let (to, by) = (PROPOSAL.step("submit")?.to.to_owned(), account(cx)?.account);
    of.case = cases::submitted(Case { stage: to, owner: None, ..of.case }, cx.now(), by);
    of.hands.submitted.push(by);
    Ok(may_have::<Proposals>(cx, db, &of, manager).await?.then_some(manager))
}

/// Passes a checked proposal on to the assessor; the path of the assessment is chosen from the answers and its reason recorded (OFF-10).
///
/// # Errors
/// [`Error::Stale`], [`Error::Conflict`] at another stage, or a refusal.
pub async fn pass_on(cx: &Cx, id: Uuid, version: i32, remark: Option<&str>) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.pass_on").await?;
    let after = PROPOSAL.take(&before.case, "pass_on", &Taking::default(), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let pack = pack_of(cx, &before.case)?;
    let (answers, _) = handed_in(cx, tx.db(), &before.case).await?;
    let risk = Risk::new(&pack, METHOD, &answers).ok_or_else(|| Error::internal("the pack has no risk method"))?;
    let choice = risk.choose_path().ok_or_else(|| Error::internal("the risk method has no path"))?;
    let reason = crate::offshoring::words(&choice.reason.message);
    store::begin_assessment(cx, &tx, &after, &choice.path.id, &reason).await?;
    let decided = NewDecision { level: "pass_on", choice: "passed_on".to_owned(), reason: remark.map(str::to_owned), about: None };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    tell(&mut tx, &before, &after)?;
    let entry = moved("proposal.pass_on", &before, &after)
        .about("path", &choice.path.id)
        .about("certain", choice.certain)
        .body(json!({ "remark": remark, "path_reason": reason }));
    cx.commit(tx, permit, [entry]).await
}

/// Returns a proposal to its supplier with points, each tied to a question or about the whole; another round begins. From checking and
/// assessing by whoever has it, from deciding by management.
///
/// # Errors
/// [`Error::Invalid`] without a point or for an unknown question; [`Error::Stale`]; or a refusal.
pub async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
    let deciding = cases::get(cx.db(), &PROPOSAL, id).await?.stage == "deciding";
    let step = if deciding { ("send_back", "decide") } else { ("return", "return") };
    handing::send_back::<Proposals>(cx, (id, version), step, reason, points).await
}

/// Closes a proposal that is decidedly not offshoring.
///
/// # Errors
/// [`Error::Blocked`] while the classification says otherwise or is open; [`Error::Invalid`] without a reason; [`Error::Stale`]; a refusal.
pub async fn not_offshoring(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let by = account(cx)?.account;
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.not_offshoring").await?;
    let (answers, digest) = handed_in(cx, tx.db(), &before.case).await?;
    let outcome = classify(&answers, &cx.core().settings.authority.home)?.map(|(_, d)| d.outcome);
    let blockers = match outcome {
        Some(Outcome::NotOffshoring) => Vec::new(),
        Some(Outcome::Offshoring) => vec![Blocker::new("is-offshoring")],
        Some(Outcome::Undetermined) | None => vec![Blocker::new("classification-open")],
    };
    let after = PROPOSAL.take(&before.case, "not_offshoring", &Taking::because(reason).unless(blockers), tx.now())?;
    let after = cases::update(&tx, after).await?;
    let decided = NewDecision {
        level: "not_offshoring",
        choice: "not_offshoring".to_owned(),
        reason: Some(reason.to_owned()),
        about: Some(json!({ "submission": digest })),
    };
    rounds::decide(cx, &tx, &after, by, decided).await?;
    tell(&mut tx, &before, &after)?;
    urgent::decided(cx, &tx, &before, &Scope::of(&answers, &digest, None), false).await?;
    let ended = urgent::end(cx, &mut tx, &before, End::NotOffshoring).await?;
    let entry = moved("proposal.not_offshoring", &before, &after).about("digest", digest).body(json!({ "reason": reason }));
    cx.commit(tx, permit, [entry].into_iter().chain(ended)).await
}

/// Discards a draft that was never handed in.
///
/// # Errors
/// [`Error::Conflict`] once it was handed in; [`Error::Stale`]; or a refusal.
pub async fn discard(cx: &Cx, id: Uuid, version: i32) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.discard").await?;
    let entry = discarded(&mut tx, &before).await?;
    cx.commit(tx, permit, [entry]).await
}

/// Discards a locked draft: the entry.
pub(super) async fn discarded(tx: &mut Tx, before: &Proposal) -> Result<Entry> {
    let after = PROPOSAL.take(&before.case, "discard", &Taking::default(), tx.now())?;
    let after = cases::update(tx, after).await?;
    let files = platform::files::drop_drafts(tx, PROPOSAL.id, before.case.id).await?;
    Ok(moved("proposal.discard", before, &after).about("files", files))
}

/// Withdraws a proposal that was handed in, with a reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Conflict`] once it is closed; [`Error::Stale`]; or a refusal.
pub async fn withdraw(cx: &Cx, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let mut tx = cx.begin().await?;
    let (before, permit) = open(cx, &tx, id, version, "proposal.withdraw").await?;
    let entries = withdrawn(cx, &mut tx, &before, reason).await?;
    cx.commit(tx, permit, entries).await
}

/// Withdraws a locked proposal that was handed in: the entry, and that of an urgent approval which ends with it.
pub(super) async fn withdrawn(cx: &Cx, tx: &mut Tx, before: &Proposal, reason: &str) -> Result<Vec<Entry>> {
    let by = account(cx)?.account;
    let after = PROPOSAL.take(&before.case, "withdraw", &Taking::because(reason), tx.now())?;
    let after = cases::update(tx, after).await?;
    let decided = NewDecision { level: "withdraw", choice: "withdrawn".to_owned(), reason: Some(reason.to_owned()), about: None };
    rounds::decide(cx, tx, &after, by, decided).await?;
    tell(tx, before, &after)?;
    let ended = urgent::end(cx, tx, before, End::Withdrawn).await?;
    Ok([moved("proposal.withdraw", before, &after).body(json!({ "reason": reason }))].into_iter().chain(ended).collect())
}
