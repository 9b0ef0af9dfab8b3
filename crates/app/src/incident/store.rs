//! The tables of incidents beside their cases, and who sees which.

use std::collections::BTreeMap;

use platform::authz::{Actor, Side};
use platform::cases::queue::Visible;
use platform::cases::store::{self as cases, CaseColumn, CaseEntity};
use platform::cases::{Case, Words, rounds};
use platform::clock::{HOUR, Millis};
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use rules::incident::{Category, Decision, Facts, Item, Limb};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue, Condition, ConnectionTrait};

use super::model::{Channel, INCIDENT, Incident, Told, Verdict, When};
use crate::casework;
use crate::contract;

pub mod duplicates;
pub mod figures;
pub mod files;
pub mod links;
pub mod regulator;

/// What is kept of an incident.
mod incident {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        pub reporter: Option<Uuid>,
        /// The tier of the party above its place that it is about, if it is.
        pub about_tier: Option<i32>,
        pub channel: String,
        /// The reporting link by which it came.
        pub via: Option<Uuid>,
        /// Sealed JSON ([`super::Told`]).
        pub told: Option<Vec<u8>>,
        /// As [`super::When::stored`].
        pub happened: Option<String>,
        pub discovered: Option<String>,
        /// How many answers the last report lacks of those that are needed.
        pub lacking: i32,
        pub taken_up_at: Option<i64>,
        pub verdict: Option<String>,
        /// Codes, joined by dots.
        pub limbs: String,
        pub categories: String,
        /// Whether an item was lost or misplaced.
        pub item: Option<String>,
        pub must_report: bool,
        /// Sealed JSON ([`super::Facts`]): what whoever triaged it took to be known.
        pub facts: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The places that a report touches beside its case's own.
mod place {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_place")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: Uuid,
        pub contract: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Texts with data about people that the reporter declared essential.
mod essential {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "incident_essential")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub path: String,
        /// Sealed: that of the text that was declared so, which could be tried out otherwise.
        pub digest: Vec<u8>,
        /// Sealed.
        pub reason: Vec<u8>,
        pub by: Uuid,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "incident";
const ESSENTIAL: &str = "incident_essential";

/// What is known of an incident beside its answers, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The party that reported it; none of one that was told to the authority.
    pub reporter: Option<Uuid>,
    /// The tier of the party above its place that it is about, if it is.
    pub about_tier: Option<i32>,
    /// How the report came.
    pub channel: Channel,
    /// The reporting link by which it came.
    pub via: Option<Uuid>,
    /// Who told of it, where somebody at the authority entered it.
    pub told: Option<Told>,
    /// When it happened, if that is known.
    pub happened: Option<When>,
    /// When it was discovered.
    pub discovered: Option<When>,
    /// How many answers the last report lacks of those that are needed.
    pub lacking: i32,
    /// When somebody at the authority took it up.
    pub taken_up_at: Option<Millis>,
    /// What was found.
    pub found: Option<Found>,
    /// The places that it touches beside its case's own, with their contracts.
    pub also: Vec<(Uuid, Uuid)>,
}

/// What whoever triaged it took to be known, what the tests made of it, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was taken to be known; none once it cannot be opened any more.
    pub facts: Option<Facts>,
    /// Limbs that are met.
    pub limbs: Vec<Limb>,
    /// Categories.
    pub categories: Vec<Category>,
    /// Whether an item was lost or misplaced.
    pub item: Option<Item>,
    /// Whether it has to be reported on (SEC-X1d).
    pub must_report: bool,
    /// What the authority decided; none before it has.
    pub verdict: Option<Verdict>,
}

/// The incidents that an actor may view: the SQL twin of the view policies in `authz/incident.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => {
            let at_places = CaseColumn::Place.in_subquery(contract::store::places_seen(a.party));
            Visible::at_places(Condition::any().add(at_places).add(CaseColumn::Id.in_subquery(reported_by(a.party))))
        }
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// The incidents that a party reported, as a sub-query of ids.
pub(in crate::incident) fn reported_by(party: Uuid) -> SelectStatement {
    Query::select().column(incident::Column::Case).from(incident::Entity).and_where(incident::Column::Reporter.eq(party)).take()
}

/// Incidents with what policies read of them, in the same order, in a few queries however many there are.
///
/// # Errors
/// When the database fails.
pub async fn load_all<C: ConnectionTrait>(db: &C, cases: Vec<Case>) -> Result<Vec<Incident>> {
    let sights = casework::sights(db, &cases).await?;
    let ids = cases.iter().map(|case| case.id);
    let rows = incident::Entity::find().filter(incident::Column::Case.is_in(ids)).all(db).await?;
    let mut rows: BTreeMap<Uuid, incident::Model> = rows.into_iter().map(|row| (row.case, row)).collect();
    let of = |(case, standing): (Case, casework::Sight)| {
        let row = rows.remove(&case.id);
        let told = row.as_ref().is_some_and(was_told);
        let about_above = row.as_ref().is_some_and(|row| row.about_tier.is_some());
        Incident { reporter: row.and_then(|row| row.reporter), about_above, told, standing, case }
    };
    Ok(cases.into_iter().zip(sights).map(of).collect())
}

/// The incident with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Incident> {
    load_all(db, vec![cases::get(db, &INCIDENT, id).await?]).await?.pop().ok_or(Error::NotFound)
}

/// The incidents with these references, by reference.
///
/// # Errors
/// When the database fails.
pub async fn by_references<C: ConnectionTrait>(db: &C, references: Vec<&str>) -> Result<BTreeMap<String, Incident>> {
    if references.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = CaseEntity::find().filter(CaseColumn::Kind.eq(INCIDENT.id)).filter(CaseColumn::Reference.is_in(references));
    let all = load_all(db, found.all(db).await?).await?;
    Ok(all.into_iter().filter_map(|of| Some((of.case.reference.clone()?, of))).collect())
}

fn split<T>(codes: &str, of: impl Fn(&str) -> Option<T>) -> Vec<T> {
    codes.split('.').filter_map(of).collect()
}

/// What is known of an incident beside its answers.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn about<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<About> {
    let row = incident::Entity::find_by_id(case.id).one(db).await?.ok_or_else(|| Error::internal("an incident is about nothing"))?;
    let words = Words::reading(cx, db, case).await?;
    let id = case.id.to_string();
    let opened = |field, sealed: Option<&[u8]>| match sealed {
        Some(sealed) => words.open(TABLE, &id, field, sealed),
        None => Ok(None),
    };
    let told = opened("told", row.told.as_deref())?.map(|text| serde_json::from_str(&text)).transpose()?;
    let facts = opened("facts", row.facts.as_deref())?.map(|text| serde_json::from_str(&text)).transpose()?;
    let when = |text: Option<String>| text.as_deref().and_then(When::from_stored);
    let found = row.facts.is_some().then(|| Found {
        facts,
        limbs: split(&row.limbs, Limb::from_code),
        categories: split(&row.categories, Category::from_code),
        item: row.item.as_deref().and_then(Item::from_code),
        must_report: row.must_report,
        verdict: row.verdict.as_deref().and_then(Verdict::from_code),
    });
    let places = place::Entity::find().filter(place::Column::Case.eq(case.id)).all(db).await?;
    let mut also: Vec<(Uuid, Uuid)> = places.into_iter().map(|row| (row.place, row.contract)).collect();
    also.sort_unstable();
    Ok(About {
        reporter: row.reporter,
        about_tier: row.about_tier,
        channel: Channel::from_code(&row.channel).unwrap_or(Channel::Page),
        via: row.via,
        told,
        happened: when(row.happened),
        discovered: when(row.discovered),
        lacking: row.lacking,
        taken_up_at: row.taken_up_at,
        found,
        also,
    })
}

/// Stores what is known of a new incident.
pub(super) async fn insert(cx: &Cx, tx: &Tx, case: &Case, about: &About) -> Result<()> {
    let told = match &about.told {
        Some(told) => {
            let words = Words::writing(cx, tx, case).await?;
            Some(words.seal(TABLE, &case.id.to_string(), "told", &serde_json::to_string(told)?)?)
        }
        None => None,
    };
    let row = incident::ActiveModel {
        case: ActiveValue::Set(case.id),
        reporter: ActiveValue::Set(about.reporter),
        about_tier: ActiveValue::Set(about.about_tier),
        channel: ActiveValue::Set(about.channel.code().to_owned()),
        via: ActiveValue::Set(about.via),
        told: ActiveValue::Set(told),
        happened: ActiveValue::Set(about.happened.map(When::stored)),
        discovered: ActiveValue::Set(about.discovered.map(When::stored)),
        lacking: ActiveValue::Set(about.lacking),
        taken_up_at: ActiveValue::Set(None),
        verdict: ActiveValue::Set(None),
        limbs: ActiveValue::Set(String::new()),
        categories: ActiveValue::Set(String::new()),
        item: ActiveValue::Set(None),
        must_report: ActiveValue::Set(false),
        facts: ActiveValue::Set(None),
    };
    incident::Entity::insert(row).exec_without_returning(tx.db()).await?;
    for (place, contract) in &about.also {
        let row =
            place::ActiveModel { case: ActiveValue::Set(case.id), place: ActiveValue::Set(*place), contract: ActiveValue::Set(*contract) };
        place::Entity::insert(row).exec_without_returning(tx.db()).await?;
    }
    Ok(())
}

/// Writes what the last report says of times, and how much it lacks. The case's version guards it.
pub(super) async fn reported(tx: &Tx, case: &Case, happened: Option<When>, discovered: Option<When>, lacking: i32) -> Result<()> {
    incident::Entity::update_many()
        .col_expr(incident::Column::Happened, Expr::value(happened.map(When::stored)))
        .col_expr(incident::Column::Discovered, Expr::value(discovered.map(When::stored)))
        .col_expr(incident::Column::Lacking, Expr::value(lacking))
        .filter(incident::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Writes that somebody took it up. The case's version guards it.
pub(super) async fn taken_up(tx: &Tx, case: &Case) -> Result<()> {
    incident::Entity::update_many()
        .col_expr(incident::Column::TakenUpAt, Expr::value(tx.now()))
        .filter(incident::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Writes what is taken to be known and what the tests make of it. The case's version guards it.
pub(super) async fn found(cx: &Cx, tx: &Tx, case: &Case, facts: &Facts, decision: &Decision) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let sealed = words.seal(TABLE, &case.id.to_string(), "facts", &serde_json::to_string(facts)?)?;
    let limbs: Vec<&str> = decision.limbs.iter().map(|limb| limb.code()).collect();
    let categories: Vec<&str> = decision.categories.iter().map(|category| category.code()).collect();
    incident::Entity::update_many()
        .col_expr(incident::Column::Facts, Expr::value(Some(sealed)))
        .col_expr(incident::Column::Limbs, Expr::value(limbs.join(".")))
        .col_expr(incident::Column::Categories, Expr::value(categories.join(".")))
        .col_expr(incident::Column::Item, Expr::value(decision.item.map(rules::incident::Item::code)))
        .col_expr(incident::Column::MustReport, Expr::value(decision.must_report))
        .filter(incident::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    figures::judged(tx, case, &categories, facts.systemic).await
}

/// Writes what was decided. The case's version guards it.
pub(super) async fn decided(tx: &Tx, case: &Case, verdict: Verdict) -> Result<()> {
    incident::Entity::update_many()
        .col_expr(incident::Column::Verdict, Expr::value(verdict.code()))
        .filter(incident::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    figures::decided(tx, case, verdict).await
}

/// The digests of the texts that were declared essential, by path; none that cannot be opened any more.
///
/// # Errors
/// When the database fails.
pub async fn essential<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<BTreeMap<String, String>> {
    let rows = essential::Entity::find().filter(essential::Column::Case.eq(case.id)).all(db).await?;
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let words = Words::reading(cx, db, case).await?;
    let mut all = BTreeMap::new();
    for row in rows {
        if let Some(digest) = words.open(ESSENTIAL, &format!("{}/{}", case.id, row.path), "digest", &row.digest)? {
            all.insert(row.path, digest);
        }
    }
    Ok(all)
}

/// Why texts were declared essential, by path.
///
/// # Errors
/// When the database fails or a reason does not open.
pub async fn reasons<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<BTreeMap<String, String>> {
    let rows = essential::Entity::find().filter(essential::Column::Case.eq(case.id)).all(db).await?;
    let words = Words::reading(cx, db, case).await?;
    let of =
        |row: essential::Model| Ok((row.path.clone(), words.read(ESSENTIAL, &format!("{}/{}", case.id, row.path), "reason", &row.reason)?));
    rows.into_iter().map(of).collect()
}

/// Writes that a text is essential, in the place of what was said of an earlier one at the same path. The case's version guards it.
pub(super) async fn declare(cx: &Cx, tx: &Tx, case: &Case, (path, digest): (&str, String), reason: &str, by: Uuid) -> Result<()> {
    let words = Words::writing(cx, tx, case).await?;
    let row = essential::ActiveModel {
        case: ActiveValue::Set(case.id),
        path: ActiveValue::Set(path.to_owned()),
        digest: ActiveValue::Set(words.seal(ESSENTIAL, &format!("{}/{path}", case.id), "digest", &digest)?),
        reason: ActiveValue::Set(words.seal(ESSENTIAL, &format!("{}/{path}", case.id), "reason", reason)?),
        by: ActiveValue::Set(by),
        at: ActiveValue::Set(tx.now()),
    };
    let again = OnConflict::columns([essential::Column::Case, essential::Column::Path])
        .update_columns([essential::Column::Digest, essential::Column::Reason, essential::Column::By, essential::Column::At])
        .to_owned();
    essential::Entity::insert(row).on_conflict(again).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// The reference of an incident that came by this link.
///
/// # Errors
/// [`Error::NotFound`] when none did.
pub async fn came_by<C: ConnectionTrait>(db: &C, case: Uuid, link: Uuid) -> Result<String> {
    let row = incident::Entity::find_by_id(case).one(db).await?.ok_or(Error::NotFound)?;
    if row.via != Some(link) {
        return Err(Error::NotFound);
    }
    cases::get(db, &INCIDENT, case).await?.reference.ok_or(Error::NotFound)
}

/// Whether whoever reported by this link still decides about what was found in it (SEC-25): the link works, it is not long ago, and nobody has added
/// anything, or declared it essential, since. The address of the page may lie in the history of a browser that others use.
///
/// # Errors
/// When the database fails.
pub async fn open_to<C: ConnectionTrait>(db: &C, case: &Case, link: Uuid, now: Millis) -> Result<bool> {
    let row = incident::Entity::find_by_id(case.id).one(db).await?;
    let recent = case.submitted_at.is_some_and(|at| now - at < HOUR);
    if !recent || row.is_none_or(|row| row.via != Some(link)) || links::get(db, link).await?.revoked_at.is_some() {
        return Ok(false);
    }
    let senders = rounds::submitters(db, &[case.id]).await?.remove(&case.id).unwrap_or_default();
    let declared = essential::Entity::find().filter(essential::Column::Case.eq(case.id)).filter(essential::Column::By.ne(link));
    Ok(senders.iter().all(|by| *by == link) && declared.count(db).await? == 0)
}

/// How many reports came by this link since an instant.
///
/// # Errors
/// When the database fails.
pub(super) async fn came_since<C: ConnectionTrait>(db: &C, link: Uuid, since: Millis) -> Result<u64> {
    let by_it = Query::select().column(incident::Column::Case).from(incident::Entity).and_where(incident::Column::Via.eq(link)).take();
    let query = CaseEntity::find().filter(CaseColumn::Id.in_subquery(by_it)).filter(CaseColumn::SubmittedAt.gt(since));
    Ok(query.count(db).await?)
}

/// Whether an incident was told to somebody at the authority.
///
/// # Errors
/// When the database fails.
pub async fn is_told<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<bool> {
    let row = incident::Entity::find_by_id(case).one(db).await?;
    Ok(row.as_ref().is_some_and(was_told))
}

/// Whether an incident was told to the authority by somebody of no party: entered there, or written by e-mail.
fn was_told(row: &incident::Model) -> bool {
    row.channel == Channel::Told.code() || row.channel == Channel::Mail.code() && row.reporter.is_none()
}
