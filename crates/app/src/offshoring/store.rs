//! The tables of proposals beside their cases, and who sees which.

use std::collections::BTreeMap;

use platform::authz::{Actor, Side};
use platform::cases::queue::{self, Visible};
use platform::cases::store::{self as cases, Case, CaseColumn};
use platform::cases::{Words, rounds, words};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::forms::drafts;
use platform::texts::Text;
use platform::{Error, Result};
use rules::form::FrozenDocument;
use rules::offshoring::Kind;
use rules::risk::Judgement;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::model::{Hands, PROPOSAL, Proposal, Sight, TITLE, TITLE_SECTION};
use super::scope::Scope;
use crate::{casework, contract};

mod approvals;
mod basis;
mod behalf;
mod levels;
mod urgent;

pub use approvals::{
    Approval, Review, approval, approved_under, beginning, insert_approval, over, references, set_last_day, set_reviewed, set_standing,
    standing_of, standings,
};
pub use basis::{CARRIED, add_basis, basis_of, present, running, set_stale, stale_since, undated};
pub use behalf::{Entered, Said, Way, entered, entered_by, entered_by_one, has_paper, insert_entered, say};
pub use levels::{add_vote, deciding, deciding_of, set_levels, terms, waiting};
pub use urgent::{
    UrgentWords, insert_urgent, one_urgent, set_decided, set_ended, set_noted, set_ratified, unratified, urgent_of, urgent_says,
    urgent_scope, urgents, urgents_of, urgents_of_work, urgents_over, work_of,
};

/// The level at which an urgent approval is given and ratified, of decisions.
pub const URGENT: &str = "urgent";

/// The assessment of one round, as stored.
mod assessment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assessment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        pub path: String,
        /// Sealed.
        pub path_reason: Vec<u8>,
        /// The judgements without their words, as JSON: factor id to [`super::Levels`].
        pub factors: String,
        /// The words of the judgements, sealed JSON: factor id to [`super::Spoken`].
        pub words: Vec<u8>,
        pub inherent: Option<String>,
        pub residual: Option<String>,
        pub by: Option<Uuid>,
        pub made_at: i64,
        pub done_at: Option<i64>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An assessment, under way or done, with its words opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The round.
    pub round: i32,
    /// The path, by code.
    pub path: String,
    /// Why this path, in words.
    pub path_reason: String,
    /// The judgements, by factor.
    pub judged: BTreeMap<String, Judged>,
    /// The highest rating before controls, by code, once done.
    pub inherent: Option<String>,
    /// The highest rating with controls, by code, once done.
    pub residual: Option<String>,
    /// Who recorded it.
    pub by: Option<Uuid>,
    /// When it was recorded; none while it is under way.
    pub done_at: Option<Millis>,
    /// Guards against lost updates.
    pub version: i32,
}

/// A judgement with its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What was judged.
    pub judgement: Judgement,
    /// Why, in the assessor's words.
    pub why: String,
    /// By which account.
    pub by: Uuid,
}

/// What of a judgement is stored in the open: levels and ids.
#[derive(Serialize, Deserialize)]
struct Levels {
    /// Without the controls that are named in words.
    judgement: Judgement,
    by: Uuid,
}

/// What of a judgement is sealed.
#[derive(Serialize, Deserialize)]
struct Spoken {
    why: String,
    other_controls: Vec<String>,
}

/// The cases that an actor may view: the SQL twin of the view policies in `authz/proposal.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Operator | Actor::Job(_) => Visible::most(Condition::all()),
        // What was handed in, and what one enters on behalf of a supplier.
        Actor::Account(a) if a.side == Side::Authority => {
            let entered = CaseColumn::Id.in_subquery(entered_by_one(a.account));
            Visible::most(Condition::any().add(CaseColumn::SubmittedAt.is_not_null()).add(entered))
        }
        Actor::Account(a) => casework::at_places_seen(a.party),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// A case with what policies read of it.
///
/// # Errors
/// When the database fails.
pub async fn load<C: ConnectionTrait>(db: &C, case: Case) -> Result<Proposal> {
    load_all(db, vec![case]).await?.pop().ok_or_else(|| Error::internal("a case was not read"))
}

/// Cases with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Proposal>> {
    let sights = casework::sights(db, &cases).await?;
    let mut hands = hands(db, &cases).await?;
    let mut entered = entered_by(db, &cases.iter().map(|case| case.id).collect::<Vec<_>>()).await?;
    let mut deciding = levels::deciding(db, &cases).await?;
    let mut urgent = urgent::urgent_of(db, cases.iter().filter(|case| case.submitted_at.is_some()).map(|case| case.id)).await?;
    // Whoever manages the contract answers for its work, and decides nothing about it.
    let decided = cases.iter().filter(|case| ["deciding", "approved"].contains(&case.stage.as_str()) || urgent.contains_key(&case.id));
    let contracts = contract::store::some(db, decided.filter_map(|case| case.contract)).await?;
    let of = |(case, standing): (Case, Sight)| Proposal {
        hands: hands.remove(&case.id).unwrap_or_default(),
        entered_by: entered.remove(&case.id),
        deciding: deciding.remove(&case.id).unwrap_or_default(),
        manager: case.contract.and_then(|id| contracts.get(&id)).and_then(|row| row.manager),
        urgent: urgent.remove(&case.id),
        urgent_roles: Vec::new(),
        standing,
        case,
    };
    Ok(cases.into_iter().zip(sights).map(of).collect())
}

/// The case with this reference.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn by_reference<C: ConnectionTrait>(db: &C, reference: &str) -> Result<Case> {
    cases::referenced(db, &PROPOSAL, reference).await?.ok_or(Error::NotFound)
}

/// The proposals for a place and for those below it, past ones too.
///
/// # Errors
/// When the database fails.
pub async fn at_or_below<C: ConnectionTrait>(db: &C, place: Uuid) -> Result<Vec<Case>> {
    let found = cases::CaseEntity::find()
        .filter(CaseColumn::Kind.eq(PROPOSAL.id))
        .filter(CaseColumn::Place.in_subquery(contract::chain::at_or_below(place)));
    Ok(found.order_by_asc(CaseColumn::Id).all(db).await?)
}

/// When proposals under this contract were handed in that ask for work of this kind, by this party, in this country: instants, in no order.
/// People who are brought in work at home, whatever the country. What does not open any more says nothing.
///
/// # Errors
/// When the database fails or an answer was changed behind our back.
pub async fn asked_for<C: ConnectionTrait>(
    cx: &Cx,
    db: &C,
    contract: Uuid,
    (party, kind, country): (Uuid, &str, &str),
) -> Result<Vec<Millis>> {
    let found = cases::CaseEntity::find().filter(CaseColumn::Kind.eq(PROPOSAL.id)).filter(CaseColumn::Contract.eq(contract));
    let mut all = Vec::new();
    for case in found.filter(CaseColumn::SubmittedAt.is_not_null()).all(db).await? {
        for submission in rounds::submissions(cx, db, &case).await? {
            let Some(bytes) = &submission.document else { continue };
            let scope = Scope::of(&FrozenDocument::from_bytes(bytes)?.answers(), "", None);
            let here = kind == Kind::LandedStaff.code() || scope.countries.iter().any(|code| code == country);
            if scope.party == Some(party) && here && scope.activities.iter().any(|code| code == kind) {
                all.push(submission.at);
            }
        }
    }
    Ok(all)
}

/// Where a place stands.
///
/// # Errors
/// When the database fails.
pub async fn standing<C: ConnectionTrait>(db: &C, place: Option<Uuid>) -> Result<Sight> {
    let Some(place) = place else { return Ok(Sight::default()) };
    Ok(Sight { above: contract::store::at_or_above(db, place).await?, lead: Some(contract::store::lead_of(db, place).await?.party) })
}

/// Where the party that does the work of a proposal stands: at the proposal's place, or at its own under the same contract, since a lead may name
/// another party than that for which it began (OFF-12). Only under the same lead: another lead's, or another bidder's, chain is none of it.
///
/// # Errors
/// When the database fails.
pub async fn place_of_work<C: ConnectionTrait>(
    db: &C,
    case: &Case,
    party: Option<Uuid>,
) -> Result<Option<contract::chain::place_row::Model>> {
    let Some(place) = case.place else { return Ok(None) };
    if let (Some(party), Some(on)) = (party.filter(|party| *party != case.party), case.contract) {
        let all = contract::store::standing(db, on).await?;
        let tops = contract::chain::tops(&all);
        if let Some(own) = all.iter().find(|own| own.party == party && tops.get(&own.id) == tops.get(&place)) {
            return Ok(Some(own.clone()));
        }
    }
    Ok(Some(contract::chain::place(db, place).await?.row))
}

/// Who had a hand in each of these cases, by case. A draft that was never handed in is nobody's judgement yet.
async fn hands<C: ConnectionTrait>(db: &C, cases: &[Case]) -> Result<BTreeMap<Uuid, Hands>> {
    let ids: Vec<Uuid> = cases.iter().filter(|case| case.submitted_at.is_some()).map(|case| case.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let submitted = rounds::submitters(db, &ids).await?;
    let mut all: BTreeMap<Uuid, Hands> =
        submitted.into_iter().map(|(case, submitted)| (case, Hands { submitted, ..Hands::default() })).collect();
    for (case, decided) in rounds::hands(db, &ids).await? {
        let hands = all.entry(case).or_default();
        for hand in decided {
            match hand.level.as_str() {
                "assess" => hands.assessed.push(hand.actor),
                "recommend" => hands.recommended.push(hand.actor),
                // Who refused one had no part in it.
                URGENT => hands.urgent.extend([Some(hand.actor), hand.acts_for].into_iter().flatten()),
                _ => {}
            }
        }
    }
    let rows: Vec<(Uuid, Option<Uuid>, String)> = assessment::Entity::find()
        .select_only()
        .columns([assessment::Column::Case, assessment::Column::By, assessment::Column::Factors])
        .filter(assessment::Column::Case.is_in(ids))
        .order_by_asc(assessment::Column::Round)
        .into_tuple()
        .all(db)
        .await?;
    for (case, by, factors) in rows {
        let hands = all.entry(case).or_default();
        hands.assessed.extend(by);
        let judged: BTreeMap<String, Levels> = serde_json::from_str(&factors)?;
        hands.assessed.extend(judged.values().map(|j| j.by));
    }
    Ok(all)
}

/// The id of an assessment, in the place of what is sealed.
fn place(case: &Case, round: i32) -> String {
    format!("{}/{round}", case.id)
}

fn opened(words: &Words, case: &Case, row: assessment::Model) -> Result<Assessment> {
    let id = place(case, row.round);
    let levels: BTreeMap<String, Levels> = serde_json::from_str(&row.factors)?;
    let spoken: Option<BTreeMap<String, Spoken>> =
        words.open("assessment", &id, "words", &row.words)?.map(|text| serde_json::from_str(&text)).transpose()?;
    let judged = levels.into_iter().map(|(factor, Levels { mut judgement, by })| {
        let why = match spoken.as_ref().and_then(|all| all.get(&factor)) {
            Some(said) => {
                judgement.other_controls.clone_from(&said.other_controls);
                said.why.clone()
            }
            None => words::destroyed(),
        };
        (factor, Judged { judgement, why, by })
    });
    Ok(Assessment {
        judged: judged.collect(),
        path_reason: words.read("assessment", &id, "path_reason", &row.path_reason)?,
        round: row.round,
        path: row.path,
        inherent: row.inherent,
        residual: row.residual,
        by: row.by,
        done_at: row.done_at,
        version: row.version,
    })
}

/// The assessments of all rounds, first to last.
///
/// # Errors
/// When the database fails or words do not open.
pub async fn assessments<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Vec<Assessment>> {
    let mut rows = assessment::Entity::find().filter(assessment::Column::Case.eq(case.id)).all(db).await?;
    rows.sort_by_key(|row| row.round);
    let words = Words::reading(cx, db, case).await?;
    rows.into_iter().map(|row| opened(&words, case, row)).collect()
}

/// The assessment of the case's present round.
///
/// # Errors
/// When the database fails or words do not open.
pub async fn assessment<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Option<Assessment>> {
    let Some(row) = assessment::Entity::find_by_id((case.id, case.round)).one(db).await? else { return Ok(None) };
    Ok(Some(opened(&Words::reading(cx, db, case).await?, case, row)?))
}

/// Begins the assessment of the case's present round.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn begin_assessment(cx: &Cx, tx: &Tx, case: &Case, path: &str, reason: &str) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let id = place(case, case.round);
    let row = assessment::ActiveModel {
        case: ActiveValue::Set(case.id),
        round: ActiveValue::Set(case.round),
        path: ActiveValue::Set(path.to_owned()),
        path_reason: ActiveValue::Set(words.seal("assessment", &id, "path_reason", reason)?),
        factors: ActiveValue::Set("{}".to_owned()),
        words: ActiveValue::Set(words.seal("assessment", &id, "words", "{}")?),
        inherent: ActiveValue::Set(None),
        residual: ActiveValue::Set(None),
        by: ActiveValue::Set(None),
        made_at: ActiveValue::Set(tx.now()),
        done_at: ActiveValue::Set(None),
        version: ActiveValue::Set(1),
    };
    assessment::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Saves a changed assessment of this case over the version that it was read at.
///
/// # Errors
/// [`Error::Stale`] when someone else changed it meanwhile; [`Error::Conflict`] once the case's key was destroyed.
pub async fn update_assessment(cx: &Cx, tx: &Tx, case: &Case, of: &Assessment) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let id = place(case, of.round);
    let levels = |j: &Judged| Levels { judgement: Judgement { other_controls: Vec::new(), ..j.judgement.clone() }, by: j.by };
    let levels: BTreeMap<&String, Levels> = of.judged.iter().map(|(factor, j)| (factor, levels(j))).collect();
    let spoken = |j: &Judged| Spoken { why: j.why.clone(), other_controls: j.judgement.other_controls.clone() };
    let spoken: BTreeMap<&String, Spoken> = of.judged.iter().map(|(factor, j)| (factor, spoken(j))).collect();
    let changed = assessment::Entity::update_many()
        .col_expr(assessment::Column::Path, Expr::value(of.path.clone()))
        .col_expr(assessment::Column::PathReason, Expr::value(words.seal("assessment", &id, "path_reason", &of.path_reason)?))
        .col_expr(assessment::Column::Factors, Expr::value(serde_json::to_string(&levels)?))
        .col_expr(assessment::Column::Words, Expr::value(words.seal("assessment", &id, "words", &serde_json::to_string(&spoken)?)?))
        .col_expr(assessment::Column::Inherent, Expr::value(of.inherent.clone()))
        .col_expr(assessment::Column::Residual, Expr::value(of.residual.clone()))
        .col_expr(assessment::Column::By, Expr::value(of.by))
        .col_expr(assessment::Column::DoneAt, Expr::value(of.done_at))
        .col_expr(assessment::Column::Version, Expr::value(of.version + 1))
        .filter(assessment::Column::Case.eq(case.id))
        .filter(assessment::Column::Round.eq(of.round))
        .filter(assessment::Column::Version.eq(of.version))
        .exec(tx.db())
        .await?
        .rows_affected;
    if changed == 1 { Ok(()) } else { Err(Error::Stale(Text::new("proposal-assessment-stale"))) }
}

/// What the drafts among these cases are called by their own answers, by case. Those that do not say yet keep the name they were begun with.
///
/// # Errors
/// When the database fails or an answer does not open.
pub async fn draft_titles(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
    let drafts: Vec<(Uuid, i32)> = cases.iter().filter(|c| c.submitted_at.is_none()).map(|c| (c.id, c.round)).collect();
    if drafts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let said = drafts::one_answer(cx, &drafts, TITLE_SECTION, TITLE).await?;
    let title = |value: &serde_json::Value| value.as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    Ok(said.iter().filter_map(|(case, value)| Some((*case, title(value)?))).collect())
}

/// The drafts that the actor sees whose own title holds all words of a search: titles of drafts are sealed, so no query finds them. A
/// supplier has few drafts; of very many the latest are looked through.
///
/// # Errors
/// When the database fails or an answer does not open.
pub async fn drafts_called(cx: &Cx, words: &str) -> Result<Vec<Uuid>> {
    let words = queue::search_words(words);
    if words.is_empty() || cx.actor.is_authority() {
        return Ok(Vec::new());
    }
    let drafts = queue::Filter { stages: vec!["draft".to_owned()], ..queue::Filter::default() };
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..4 {
        let (cases, next) = queue::list(cx.db(), &PROPOSAL, visible(&cx.actor), &drafts, after).await?;
        let titles = draft_titles(cx, &cases).await?;
        for case in &cases {
            let said = titles.get(&case.id).map_or("", String::as_str);
            let key = cases::search_key(&[said, &case.search_key]);
            if words.iter().all(|word| key.contains(word.as_str())) {
                found.push(case.id);
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What lists say of cases beside their stage, in one line each, by case: that they were entered on behalf of their supplier, and how an urgent
/// approval stands.
///
/// # Errors
/// When the database fails.
pub async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
    let mut all = behalf::marks(cx, cases).await?;
    for (case, says) in urgent::urgent_marks(cx, cases).await? {
        all.entry(case).and_modify(|mark| *mark = format!("{mark}. {says}")).or_insert(says);
    }
    Ok(all)
}
