//! What is counted of each incident, one narrow row each, so that the database counts a hundred thousand at once; who counts which.

use std::collections::BTreeSet;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::cases::Case;
use platform::clock::{Clock, Millis};
use platform::cx::{Cx, Tx};
use platform::register::{Kind, nothing};
use platform::{Error, Result};
use rules::incident::Category;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _, QuerySelect as _, Select};

use super::About;
use crate::contract;
use crate::contract::chain::place_row;
use crate::incident::figures::{BANDS, Delay, UNKNOWN, cause};
use crate::incident::model::{INCIDENT, Verdict, When};

/// What is counted of an incident.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident_figure")]
pub struct Model {
    /// The incident.
    #[sea_orm(primary_key, auto_increment = false)]
    pub case: Uuid,
    /// The party at whose place it happened.
    pub party: Uuid,
    /// That place.
    pub place: Option<Uuid>,
    /// The party that reported it.
    pub reporter: Option<Uuid>,
    /// The tier that it is about.
    pub tier: i32,
    /// The day of the report in the authority's time zone, ISO.
    pub day: String,
    /// Minutes from the event to the report ([`Delay::minutes`]).
    pub since_event: Option<i32>,
    /// Minutes from its discovery to the report.
    pub since_found: Option<i32>,
    /// [`Kind::stored`]; blank before triage.
    pub categories: String,
    /// [`cause`].
    pub cause: String,
    /// `open` until it is decided, then the verdict.
    pub standing: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is counted of a new incident at a place of this tier.
pub(in crate::incident) async fn begin(cx: &Cx, tx: &Tx, case: &Case, about: &About, tier: i32) -> Result<()> {
    let reported = case.submitted_at.ok_or_else(|| Error::internal("an incident nobody reported"))?;
    let clock = &cx.core().clock;
    let row = ActiveModel {
        case: ActiveValue::Set(case.id),
        party: ActiveValue::Set(case.party),
        place: ActiveValue::Set(case.place),
        reporter: ActiveValue::Set(about.reporter),
        tier: ActiveValue::Set(about.about_tier.unwrap_or(tier)),
        day: ActiveValue::Set(clock.date_of(reported).to_string()),
        since_event: ActiveValue::Set(since(clock, about.happened, reported)),
        since_found: ActiveValue::Set(since(clock, about.discovered, reported)),
        categories: ActiveValue::Set(String::new()),
        cause: ActiveValue::Set(cause(None).to_owned()),
        standing: ActiveValue::Set(OPEN.to_owned()),
    };
    Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

const OPEN: &str = "open";

fn since(clock: &Clock, when: Option<When>, reported: Millis) -> Option<i32> {
    when.and_then(|when| Delay::of(clock, when, reported)).map(Delay::minutes)
}

/// When it happened and was discovered is known otherwise. The case's version guards it.
pub(in crate::incident) async fn timed(cx: &Cx, tx: &Tx, case: &Case, happened: Option<When>, discovered: Option<When>) -> Result<()> {
    let reported = case.submitted_at.ok_or_else(|| Error::internal("an incident nobody reported"))?;
    let clock = &cx.core().clock;
    let set = Entity::update_many()
        .col_expr(Column::SinceEvent, Expr::value(since(clock, happened, reported)))
        .col_expr(Column::SinceFound, Expr::value(since(clock, discovered, reported)));
    set.filter(Column::Case.eq(case.id)).exec(tx.db()).await?;
    Ok(())
}

/// Its categories and where its cause lies, as whoever triages takes them to be. The case's version guards it.
pub(super) async fn judged(tx: &Tx, case: &Case, categories: &[&str], systemic: Option<bool>) -> Result<()> {
    let set = Entity::update_many()
        .col_expr(Column::Categories, Expr::value(Kind::stored(categories.iter().copied())))
        .col_expr(Column::Cause, Expr::value(cause(systemic)));
    set.filter(Column::Case.eq(case.id)).exec(tx.db()).await?;
    Ok(())
}

/// What was decided of it. The case's version guards it.
pub(super) async fn decided(tx: &Tx, case: &Case, verdict: Verdict) -> Result<()> {
    let set = Entity::update_many().col_expr(Column::Standing, Expr::value(verdict.code()));
    set.filter(Column::Case.eq(case.id)).exec(tx.db()).await?;
    Ok(())
}

/// Counts the incidents that were there before anything was counted. Where their cause lies is sealed, so they count without one. Times are taken in
/// `clock`'s zone. How many.
///
/// # Errors
/// When the database fails.
pub async fn fill<C: ConnectionTrait>(db: &C, clock: &Clock) -> Result<usize, DbErr> {
    use platform::cases::store::{CaseColumn, CaseEntity};

    use super::incident;
    type Known = (Uuid, Option<Uuid>, Option<i32>, Option<String>, Option<String>, Option<String>, String);
    let columns = [incident::Column::Case, incident::Column::Reporter, incident::Column::AboutTier, incident::Column::Happened];
    let known = incident::Entity::find().select_only().columns(columns);
    let known = known.columns([incident::Column::Discovered, incident::Column::Verdict, incident::Column::Categories]);
    let known: Vec<Known> = known.into_tuple().all(db).await?;
    let cases = CaseEntity::find().select_only().columns([CaseColumn::Id, CaseColumn::Party, CaseColumn::Place, CaseColumn::SubmittedAt]);
    let cases = cases.filter(CaseColumn::Kind.eq(INCIDENT.id));
    let cases: Vec<(Uuid, Uuid, Option<Uuid>, Option<i64>)> = cases.into_tuple().all(db).await?;
    let cases: std::collections::HashMap<_, _> = cases.into_iter().map(|(id, party, place, at)| (id, (party, place, at))).collect();
    let tiers = place_row::Entity::find().select_only().columns([place_row::Column::Id, place_row::Column::Tier]);
    let tiers: std::collections::HashMap<Uuid, i32> = tiers.into_tuple::<(Uuid, i32)>().all(db).await?.into_iter().collect();
    let row = |(case, reporter, about, happened, discovered, verdict, categories): Known| {
        let (party, place, reported) = *cases.get(&case)?;
        let (reported, when) = (reported?, |text: Option<String>| text.as_deref().and_then(When::from_stored));
        Some(ActiveModel {
            case: ActiveValue::Set(case),
            party: ActiveValue::Set(party),
            place: ActiveValue::Set(place),
            reporter: ActiveValue::Set(reporter),
            tier: ActiveValue::Set(about.or_else(|| tiers.get(&place?).copied()).unwrap_or(1)),
            day: ActiveValue::Set(clock.date_of(reported).to_string()),
            since_event: ActiveValue::Set(since(clock, when(happened), reported)),
            since_found: ActiveValue::Set(since(clock, when(discovered), reported)),
            categories: ActiveValue::Set(Kind::stored(categories.split('.').filter(|code| !code.is_empty()))),
            cause: ActiveValue::Set(cause(None).to_owned()),
            standing: ActiveValue::Set(verdict.unwrap_or_else(|| OPEN.to_owned())),
        })
    };
    let rows: Vec<ActiveModel> = known.into_iter().filter_map(row).collect();
    // 11 values a row; SQLite binds at most 32,766.
    for part in rows.chunks(1_000) {
        Entity::insert_many(part.to_vec()).exec_without_returning(db).await?;
    }
    Ok(rows.len())
}

/// Which incidents are counted: those of a period, and of the one before it that it is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The first day of the period.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The first day of the period before.
    pub before: Date,
    /// Only at places of this party.
    pub party: Option<Uuid>,
    /// Only about this tier.
    pub tier: Option<i32>,
    /// Only of this category, whatever others they have.
    pub category: Option<Category>,
}

/// The band of a time, as SQL that both engines read. Without bound values: PostgreSQL takes two that are alike for two.
fn banded(column: &str) -> String {
    let (longest, others) = BANDS.split_last().map_or((UNKNOWN, &[][..]), |((code, _), others)| (*code, others));
    let cases: String = others.iter().map(|(code, most)| format!(" WHEN {column} <= {most} THEN '{code}'")).collect();
    format!("CASE WHEN {column} IS NULL THEN '{UNKNOWN}'{cases} ELSE '{longest}' END")
}

/// So many incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<K> {
    /// What they share.
    pub of: K,
    /// Whether they are of the period, or of the one before.
    pub now: bool,
    /// Where their cause lies ([`cause`]).
    pub cause: String,
    /// How many.
    pub number: i64,
}

/// The incidents that count for an actor: the twin of [`super::visible`].
fn visible(actor: &Actor) -> Condition {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => {
            Condition::any().add(Column::Place.in_subquery(contract::store::places_seen(a.party))).add(Column::Reporter.eq(a.party))
        }
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Condition::all(),
        Actor::Anonymous | Actor::Link { .. } => nothing(),
    }
}

impl Asked {
    fn wanted(&self, actor: &Actor, now: bool) -> Condition {
        let begin = if now { self.first } else { self.before };
        Condition::all()
            .add(Column::Day.gte(begin.to_string()))
            .add(Column::Day.lte(self.last.to_string()))
            .add_option(self.party.map(|party| Column::Party.eq(party)))
            .add_option(self.tier.map(|tier| Column::Tier.eq(tier)))
            .add_option(self.category.map(|category| Column::Categories.contains(format!(".{}.", category.code()))))
            .add(visible(actor))
    }

    /// Those that are incidents or still may be, by what they share.
    fn counting(&self, actor: &Actor, now: bool) -> Select<Entity> {
        let which = Entity::find().select_only().filter(self.wanted(actor, now));
        which.filter(Column::Standing.ne(Verdict::NotIncident.code()))
    }

    /// Whether a row is of the period, as SQL.
    fn is_now(&self) -> String {
        // A day has digits and dashes only.
        format!("CASE WHEN day >= '{}' THEN 1 ELSE 0 END", self.first)
    }

    fn split(&self, select: Select<Entity>) -> Select<Entity> {
        let select = select.column_as(Expr::cust(self.is_now()), "is_now").column(Column::Cause).column_as(Column::Case.count(), "number");
        select.group_by(Expr::cust(self.is_now())).group_by(Column::Cause)
    }
}

fn line<K>((of, now, cause, number): (K, i32, String, i64)) -> Line<K> {
    Line { of, now: now == 1, cause, number }
}

/// So many reports of one day about one tier that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Daily {
    /// The day.
    pub day: String,
    /// The tier.
    pub tier: i32,
    /// Whether they turned out to be no incidents.
    pub none: bool,
    /// How many.
    pub number: i64,
    /// How many of them by a cause in the system.
    pub systemic: i64,
    /// How many of them by a matter of awareness.
    pub awareness: i64,
}

/// How many reports an actor sees, by day, tier and whether they turned out to be none: in the order of the index, so that nothing is sorted.
///
/// # Errors
/// When the database fails.
pub async fn daily<C: ConnectionTrait>(db: &C, actor: &Actor, asked: &Asked) -> Result<Vec<Daily>> {
    let caused = |cause: &str| Expr::cust(format!("SUM(CASE WHEN cause = '{cause}' THEN 1 ELSE 0 END)"));
    let by = [Column::Day, Column::Standing, Column::Tier];
    let select = Entity::find().select_only().filter(asked.wanted(actor, false));
    let select = by.into_iter().fold(select, |select, column| select.column(column).group_by(column));
    let select = select.column_as(Column::Case.count(), "number").column_as(caused("systemic"), "systemic");
    let rows = select.column_as(caused("awareness"), "awareness").into_tuple::<(String, String, i32, i64, i64, i64)>().all(db).await?;
    let of = |(day, standing, tier, number, systemic, awareness): (String, String, i32, i64, i64, i64)| Daily {
        none: standing == Verdict::NotIncident.code(),
        day,
        tier,
        number,
        systemic,
        awareness,
    };
    Ok(rows.into_iter().map(of).collect())
}

/// What incidents share: all their categories, as stored, and the bands of the times from event and discovery to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Their categories.
    pub categories: String,
    /// The band from the event.
    pub event: String,
    /// The band from the discovery.
    pub discovery: String,
}

/// How many incidents an actor sees, by what they share.
///
/// # Errors
/// When the database fails.
pub async fn shared<C: ConnectionTrait>(db: &C, actor: &Actor, asked: &Asked) -> Result<Vec<Line<Shared>>> {
    let select = asked.counting(actor, false).column(Column::Categories).group_by(Column::Categories);
    let bands = [("since_event", "event_band"), ("since_found", "discovery_band")];
    let select = bands
        .into_iter()
        .fold(select, |select, (column, name)| select.column_as(Expr::cust(banded(column)), name).group_by(Expr::cust(banded(column))));
    let rows = asked.split(select).into_tuple::<(String, String, String, i32, String, i64)>().all(db).await?;
    let of = |(categories, event, discovery, now, cause, number): (String, String, String, i32, String, i64)| {
        line((Shared { categories, event, discovery }, now, cause, number))
    };
    Ok(rows.into_iter().map(of).collect())
}

/// The same by party: of the `most` parties with most in the period.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_party<C: ConnectionTrait>(db: &C, actor: &Actor, asked: &Asked, most: u64) -> Result<Vec<Line<Uuid>>> {
    let top = asked.counting(actor, true).column(Column::Party).group_by(Column::Party);
    let top = top.order_by_desc(Column::Case.count()).order_by_asc(Column::Party).limit(most);
    let top: Vec<Uuid> = top.into_tuple().all(db).await?;
    let select = asked.counting(actor, false).filter(Column::Party.is_in(top)).column(Column::Party).group_by(Column::Party);
    Ok(asked.split(select).into_tuple().all(db).await?.into_iter().map(line).collect())
}

/// Of these parties, how many incidents of the period share all their categories and where their cause lies.
///
/// # Errors
/// When the database fails.
pub async fn counted_by_cause<C: ConnectionTrait>(
    db: &C,
    actor: &Actor,
    asked: &Asked,
    parties: BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, String, String, i64)>> {
    let by = [Column::Party, Column::Categories, Column::Cause];
    let select = by.into_iter().fold(asked.counting(actor, true), |select, column| select.column(column).group_by(column));
    let select = select.column_as(Column::Case.count(), "number").filter(Column::Party.is_in(parties));
    Ok(select.into_tuple().all(db).await?)
}
