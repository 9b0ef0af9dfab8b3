//! Drafts: a row per section, round and case, each with its own version, so that people can answer side by side.
//!
//! A new round begins with the answers of the round before: a section without a row of its own is read from the latest earlier round. What was
//! carried forward from another case is round 0: it stands like any earlier round's, and is to be confirmed by being saved.
//! Answers are sealed with a key of their own for each case ([`subject`]); destroying that key forgets them.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::{IntoResponse as _, Response};
use rules::form::{Answers, Form, Mode, Patch, Question};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, ConnectionTrait, QueryOrder as _};
use serde_json::{Value, json};

use super::{Choices, names};
use crate::authz::Actor;
use crate::clock::Millis;
use crate::cx::{Cx, House, Permit, Tx, housekept};
use crate::db::dialect;
use crate::error::{Error, FieldErrors, Result};
use crate::seal::{self, Key, Place};
use crate::texts::Text;
use crate::web::Fields;

mod keep;
mod whole;
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        pub answers: Vec<u8>,
        pub version: i32,
        pub updated_at: i64,
        pub updated_by: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

housekept!(row::Entity);

pub use whole::{carry, keep_whole, rewrite};

/// The round of what was carried forward from another case.
const CARRIED: i32 = 0;

/// The subject whose key seals a case's drafts, for `Cx::destroy_key`.
pub fn subject(case: Uuid) -> String {
    format!("draft:{case}")
}

/// When and by whom a section was last saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Version to send back with the next save.
    pub version: i32,
    /// When.
    pub at: Millis,
    /// The account, or the link by which somebody answered; none when something else saved it.
    pub by: Option<Uuid>,
}

/// All answers of a case.
#[derive(Debug, Clone, Default)]
pub struct Drafts {
    /// The answers of all sections.
    pub answers: Answers,
    /// The sections whose answers were carried forward from another case and that nobody has confirmed.
    pub carried: BTreeSet<String>,
    stamps: BTreeMap<String, Stamp>,
    /// Of whatever round: how often it was saved in all, and when last.
    latest: BTreeMap<String, Stamp>,
}

impl Drafts {
    /// The version of a section for its form: how often it was saved, in all rounds, so that a page from before a new round began does not undo what
    /// was saved since. 0 when it never was.
    pub fn version(&self, section: &str) -> i32 {
        self.latest.get(section).map_or(0, |stamp| stamp.version)
    }

    /// When and by whom a section was last saved, in this round.
    pub fn stamp(&self, section: &str) -> Option<Stamp> {
        self.stamps.get(section).copied()
    }
}

/// The answers of a case in a round.
///
/// # Errors
/// When the database fails, or the answers were forgotten or changed behind our back.
pub async fn load(cx: &Cx, case: Uuid, round: i32) -> Result<Drafts> {
    Ok(Ahead::read(cx, cx.db(), case, round).await?.drafts)
}

/// The answers of a case in a round as they stood a moment before a transaction, so that what is made of them need not hold up others.
#[derive(Debug)]
pub struct Ahead {
    /// The answers.
    pub drafts: Drafts,
    rows: Vec<row::Model>,
    case: Uuid,
    round: i32,
}

impl Ahead {
    /// Reads them.
    ///
    /// # Errors
    /// As [`load`].
    pub async fn read<C: ConnectionTrait>(cx: &Cx, db: &C, case: Uuid, round: i32) -> Result<Self> {
        let rows = rows_of(db, case, round, false).await?;
        let key = if rows.is_empty() { None } else { seal::find_subject_key(db, &cx.core().master, &subject(case)).await? };
        let drafts = match key {
            Some(key) => opened(&key, &rows, round)?,
            None if rows.is_empty() => Drafts::default(),
            None => return Err(Error::conflict("error-subject-destroyed")),
        };
        Ok(Self { drafts, rows, case, round })
    }

    /// Whether they still are the answers of that case and round, which are held still until the transaction ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stand(&self, tx: &Tx, case: Uuid, round: i32) -> Result<bool> {
        Ok((case, round) == (self.case, self.round) && rows_of(tx.db(), case, round, true).await? == self.rows)
    }
}

/// The answers of a case in a round, held still until the transaction ends: what a submission freezes.
///
/// # Errors
/// As [`load`].
pub async fn load_in(cx: &Cx, tx: &Tx, case: Uuid, round: i32) -> Result<Drafts> {
    let rows = rows_of(tx.db(), case, round, true).await?;
    if rows.is_empty() {
        return Ok(Drafts::default());
    }
    opened(&tx.key(cx, &subject(case)).await?, &rows, round)
}

async fn rows_of<C: ConnectionTrait>(db: &C, case: Uuid, round: i32, lock: bool) -> Result<Vec<row::Model>> {
    let mut query = row::Entity::find()
        .filter(row::Column::Case.eq(case))
        .filter(row::Column::Round.lte(round))
        .order_by_asc(row::Column::Round)
        .order_by_asc(row::Column::Section);
    if lock {
        dialect::lock_rows(db.get_database_backend(), sea_orm::QueryTrait::query(&mut query));
    }
    Ok(query.all(db).await?)
}

fn opened(key: &Key, rows: &[row::Model], round: i32) -> Result<Drafts> {
    // Round by round, so that a section's last row is its latest; with it, how often the section was saved in all.
    let mut latest: BTreeMap<&str, (&row::Model, i32)> = BTreeMap::new();
    for row in rows {
        let before = latest.get(row.section.as_str()).map_or(0, |(_, saved)| *saved);
        latest.insert(&row.section, (row, before + row.version));
    }
    let mut drafts = Drafts::default();
    for (section, (row, saved)) in latest {
        for (question, answer) in open(key, row)?.iter() {
            drafts.answers.set(question, answer.clone());
        }
        if row.round == CARRIED {
            drafts.carried.insert(section.to_owned());
        }
        let stamp = Stamp { version: saved, at: row.updated_at, by: row.updated_by };
        drafts.latest.insert(section.to_owned(), stamp);
        if row.round == round {
            drafts.stamps.insert(section.to_owned(), stamp);
        }
    }
    Ok(drafts)
}

/// The answers to one question of a form's section in many drafts, by case: for lists that name drafts by what they say. Cases are given
/// with their rounds; a draft that was forgotten, or does not answer it yet, is left out.
///
/// # Errors
/// When the database fails, or an answer was changed behind our back.
pub async fn one_answer(cx: &Cx, cases: &[(Uuid, i32)], section: &str, question: &str) -> Result<BTreeMap<Uuid, Value>> {
    let mut found = BTreeMap::new();
    for part in cases.chunks(200) {
        let rounds: BTreeMap<Uuid, i32> = part.iter().copied().collect();
        let rows = row::Entity::find()
            .filter(row::Column::Case.is_in(rounds.keys().copied()))
            .filter(row::Column::Section.eq(section))
            .order_by_asc(row::Column::Round)
            .all(cx.db())
            .await?;
        let latest: BTreeMap<Uuid, row::Model> = rows
            .into_iter()
            .filter(|row| rounds.get(&row.case).is_some_and(|round| row.round <= *round))
            .map(|row| (row.case, row))
            .collect();
        let keys = seal::find_subject_keys(cx.db(), &cx.core().master, latest.keys().map(|case| subject(*case))).await?;
        for (case, row) in &latest {
            let Some(key) = keys.get(&subject(*case)) else { continue };
            if let Some(answer) = open(key, row)?.get(question) {
                found.insert(*case, answer.clone());
            }
        }
    }
    Ok(found)
}

fn open(key: &Key, row: &row::Model) -> Result<Answers> {
    let id = place_id(row.case, row.round);
    let plain = key.open(&Place { table: "case_draft", id: &id, field: &row.section }, &row.answers)?;
    Answers::from_json(serde_json::from_slice(&plain)?).ok_or_else(|| Error::internal("a draft holds no object"))
}

fn place_id(case: Uuid, round: i32) -> String {
    format!("{case}/{round}")
}

/// What was posted for one section.
#[derive(Clone, Copy)]
pub struct Posting<'a> {
    /// The form.
    pub form: &'a Form,
    /// The section's id.
    pub section: &'a str,
    /// The fields, `version` among them.
    pub fields: &'a Fields,
    /// What the form offers.
    pub choices: &'a Choices,
}

/// What came of a save.
#[derive(Debug)]
pub enum Outcome {
    /// It is kept.
    Saved(Box<Saved>),
    /// Somebody else saved the section meanwhile, with other answers. Nothing is kept.
    Clash(Box<Clash>),
}

/// A kept section.
#[derive(Debug)]
pub struct Saved {
    /// Its version now.
    pub version: i32,
    /// When.
    pub at: Millis,
    /// Whether this save changed what was kept.
    pub changed: bool,
    /// All answers of the case, with this section as it was posted: draw the section again from these when there are errors.
    pub answers: Answers,
    /// What is wrong with the section, by field name. What is wrong is kept as it was typed all the same.
    pub errors: FieldErrors,
    /// All that was posted is kept; otherwise parts were far too long or not asked for, and `errors` says so.
    pub whole: bool,
    /// The group to draw with at least so many entries, because "add" or "remove" was pressed.
    pub entries: Option<(String, usize)>,
    /// The sections whose answers were carried forward from another case and that nobody has confirmed: not this one any more.
    pub carried: BTreeSet<String>,
}

/// Two versions of a section.
#[derive(Debug)]
pub struct Clash {
    /// The version that stands, to send back with what was chosen.
    pub version: i32,
    /// When and by whom it was saved.
    pub stamp: Stamp,
    /// The answers as posted.
    pub mine: Answers,
    /// The answers as they stand.
    pub theirs: Answers,
    /// The questions that differ, in the form's order.
    pub questions: Vec<String>,
}

/// Saves one section. `permit` is for the case: the caller asked `cx.permit("….draft", &case)`.
///
/// The version guard is per section; answers equal to those that stand are never a clash, so a save may be sent again.
///
/// # Errors
/// [`Error::NotFound`] when the form has no such section; [`Error::BadRequest`] when `version` is missing; when the database fails.
pub async fn save(cx: &Cx, permit: &Permit, case: Uuid, round: i32, posting: &Posting<'_>) -> Result<Outcome> {
    let outcomes = save_all(cx, permit, case, round, std::slice::from_ref(posting)).await?;
    outcomes.into_iter().next().ok_or_else(|| Error::internal("a save came to nothing"))
}

/// Saves several sections, all of them or none: none when somebody else saved one of them meanwhile with other answers. `permit` as for
/// [`save`]; each posting has its own `version`.
///
/// # Errors
/// As [`save`].
pub async fn save_all(cx: &Cx, permit: &Permit, case: Uuid, round: i32, postings: &[Posting<'_>]) -> Result<Vec<Outcome>> {
    if !permit.covers(case) {
        return Err(Error::internal("a permit for another case"));
    }
    let mut asked = Vec::with_capacity(postings.len());
    for posting in postings {
        let section = posting.form.section(posting.section).ok_or(Error::NotFound)?;
        asked.push(Asked { posting, questions: &section.questions, version: posting.fields.version()? });
    }
    // Two first saves at once meet at the key of the table: the later one looks again.
    for _ in 0..3 {
        match try_save(cx, (case, round), &asked).await {
            Err(Attempt::Again) => {}
            Err(Attempt::Failed(error)) => return Err(error),
            Ok(outcomes) => return Ok(outcomes),
        }
    }
    Err(Error::Stale(Text::new("answering-stale")))
}

/// A section to be saved against a version of it.
struct Asked<'a> {
    posting: &'a Posting<'a>,
    questions: &'a [Question],
    version: i32,
}

async fn try_save(cx: &Cx, (case, round): (Uuid, i32), asked: &[Asked<'_>]) -> Result<Vec<Outcome>, Attempt> {
    let house = cx.housekeep().await?;
    let key = seal::subject_key_for(house.db(), &cx.core().master, &subject(case), house.now()).await?;
    let mut outcomes = Vec::with_capacity(asked.len());
    for one in asked {
        outcomes.push(put(cx, &house, &key, (case, round), one).await?);
    }
    if outcomes.iter().all(|outcome| matches!(outcome, Outcome::Saved(_))) {
        house.done().await?;
    }
    Ok(outcomes)
}

/// The answers to these questions.
fn own(questions: &[Question], answers: &Answers) -> Answers {
    questions.iter().filter_map(|q| Some((q.id.clone(), answers.get(&q.id)?.clone()))).collect()
}

fn sealed(key: &Key, id: &str, section: &str, answers: &Answers) -> Result<Vec<u8>> {
    key.seal(&Place { table: "case_draft", id, field: section }, answers.canonical().as_bytes())
}

enum Attempt {
    Again,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Attempt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Saves one section within a transaction, which the caller ends.
async fn put(cx: &Cx, house: &House, key: &Key, (case, round): (Uuid, i32), asked: &Asked<'_>) -> Result<Outcome, Attempt> {
    let Asked { posting, questions, version } = *asked;
    let rows = rows_of(house.db(), case, round, true).await?;
    let standing = opened(key, &rows, round)?;
    let read = keep::read(posting, &standing.answers);
    let stamp = standing.stamp(posting.section);
    if let Some(stamp) = standing.latest.get(posting.section).copied().filter(|stamp| stamp.version != version) {
        let differing = differing(questions, &standing.answers, &read.typed);
        if !differing.is_empty() {
            let clash = Clash { version: stamp.version, stamp, mine: read.typed, theirs: standing.answers, questions: differing };
            return Ok(Outcome::Clash(Box::new(clash)));
        }
    }
    let unchanged = stamp.is_some() && differing(questions, &standing.answers, &read.kept).is_empty();
    let now = house.now();
    let saved = |version, at, changed| {
        let entries = keep::entries(posting);
        Outcome::Saved(Box::new(Saved {
            version,
            at,
            changed,
            answers: read.typed.clone(),
            errors: read.errors.clone(),
            whole: read.whole,
            entries,
            carried: standing.carried.iter().filter(|section| *section != posting.section).cloned().collect(),
        }))
    };
    if let Some(stamp) = stamp.filter(|_| unchanged) {
        return Ok(saved(stamp.version, stamp.at, false));
    }
    let id = place_id(case, round);
    let sealed = sealed(key, &id, posting.section, &own(questions, &read.kept))?;
    let own_row = rows.iter().find(|row| row.round == round && row.section == posting.section);
    let next = own_row.map_or(0, |row| row.version) + 1;
    let by = match &cx.actor {
        Actor::Link { id, .. } => Some(*id),
        other => other.account().map(|account| account.account),
    };
    if stamp.is_some() {
        let query = row::Entity::update_many()
            .col_expr(row::Column::Answers, Expr::value(sealed))
            .col_expr(row::Column::Version, Expr::value(next))
            .col_expr(row::Column::UpdatedAt, Expr::value(now))
            .col_expr(row::Column::UpdatedBy, Expr::value(by))
            .filter(row::Column::Case.eq(case))
            .filter(row::Column::Round.eq(round))
            .filter(row::Column::Section.eq(posting.section))
            .filter(row::Column::Version.eq(next - 1));
        if house.update(query).await? != 1 {
            return Err(Attempt::Again);
        }
    } else {
        let row = row::ActiveModel {
            case: ActiveValue::Set(case),
            round: ActiveValue::Set(round),
            section: ActiveValue::Set(posting.section.to_owned()),
            answers: ActiveValue::Set(sealed),
            version: ActiveValue::Set(next),
            updated_at: ActiveValue::Set(now),
            updated_by: ActiveValue::Set(by),
        };
        match house.insert(row).await {
            Err(error) if dialect::is_duplicate(&error) => return Err(Attempt::Again),
            other => other?,
        }
    }
    Ok(saved(standing.version(posting.section) + 1, now, true))
}

/// The questions of a section that two sets of answers answer differently.
fn differing(questions: &[Question], a: &Answers, b: &Answers) -> Vec<String> {
    questions.iter().filter(|q| a.get(&q.id) != b.get(&q.id)).map(|q| q.id.clone()).collect()
}

impl Saved {
    /// The answer for the script that saves while one types: `{saved_at, version}`; a problem document that lists the errors when not
    /// all could be kept.
    pub fn json(&self) -> Response {
        let errors: Vec<Value> = self.errors.iter().map(|(path, text)| json!({ "path": path, "message": text.say() })).collect();
        let mut body = json!({
            "saved_at": crate::clock::timestamp(self.at).to_string(), "version": self.version, "errors": errors,
        });
        if self.whole {
            return axum::Json(body).into_response();
        }
        body["type"] = json!("about:blank");
        body["title"] = json!(crate::t!("error-invalid-title"));
        body["status"] = json!(422);
        let kind = [(axum::http::header::CONTENT_TYPE, "application/problem+json")];
        (axum::http::StatusCode::UNPROCESSABLE_ENTITY, kind, body.to_string()).into_response()
    }

    /// Where to send the browser to after "add" or "remove": the section's page at `path`, at the entry.
    pub fn at_entry(&self, path: &str) -> Option<String> {
        let (group, count) = self.entries.as_ref()?;
        let at = crate::ui::id_of(&format!("q.{group}.{count}"));
        Some(format!("{path}?entries={group}.{count}#{at}"))
    }
}

impl Clash {
    /// The answer for the script: 409 as a problem document.
    pub fn error(&self) -> Error {
        Error::Stale(Text::new("answering-stale"))
    }
}
