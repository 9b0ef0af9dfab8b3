//! What the filters beside a list offer, and how many rows each would leave.

use std::str::FromStr;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{
    Alias, Asterisk, CommonTableExpression, Expr, ExprTrait as _, Func, Query, SelectStatement, UnionType, WithClause,
};
use sea_orm::{Condition, DatabaseConnection, Order, QuerySelect as _, QueryTrait as _};

use super::ask::{Ask, among, wanted};
use super::field::{Field, Kind, Register};
use crate::db::{count_up_to, dialect};
use crate::error::{Error, Result};
use crate::search;

/// Where counting stops.
const MOST: u64 = 1000;

/// Where counting stops in a list that is searched: whoever finds more than that will type another letter.
const MOST_FOUND: u64 = 200;

/// How many, as far as counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// More than so many.
    Over(u64),
}

impl Count {
    /// Of `n` that were counted up to one more than `most`.
    pub fn told(n: u64, most: u64) -> Self {
        if n > most { Self::Over(most) } else { Self::Exactly(n) }
    }

    /// None at all.
    pub fn is_none(self) -> bool {
        self == Self::Exactly(0)
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::Over(n) if *n >= 1_000 => write!(f, "{},{:03}+", n / 1_000, n % 1_000),
            Self::Over(n) => write!(f, "{n}+"),
        }
    }
}

/// A filter, its values, and how many rows each leaves, where that was counted.
pub type Offered = (&'static Field, Vec<(String, Option<Count>)>);

/// Values offered for a filter by country or by what is picked.
const OFFERED: u64 = 12;

/// The filters of a list of any length: each code is counted by itself, as far as counts are told.
pub(super) async fn many<E>(db: &DatabaseConnection, of: &Register, ask: &Ask, visible: &Condition) -> Result<(Count, Vec<Offered>)>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    let all = count::<E>(db, wanted(of, ask, None), visible.clone()).await?;
    let mut options = Vec::new();
    for field in of.fields.iter().filter(|f| f.in_filter) {
        let wanted = wanted(of, ask, Some(field.name));
        let (Kind::Choice(codes) | Kind::Choices(codes)) = field.kind else {
            options.push((field, commonest::<E>(db, field, wanted, visible.clone()).await?));
            continue;
        };
        let mut counts = Vec::new();
        for code in codes {
            let has = match field.kind {
                Kind::Choices(_) => among(field.name, code),
                _ => Expr::col(Alias::new(field.name)).eq(*code),
            };
            let only = wanted.clone().add(has);
            counts.push(((*code).to_owned(), Some(count::<E>(db, only, visible.clone()).await?)));
        }
        options.push((field, counts));
    }
    Ok((all, options))
}

/// The filters of a list that is searched, from the first rows that fit: `all` found with every filter that is on. What is on does not narrow
/// what it offers itself, so that the rows are sought anew for it. Where more fit than are counted, values are offered without numbers.
pub(super) async fn found<E>(
    db: &DatabaseConnection,
    of: &Register,
    ask: &Ask,
    visible: &Condition,
    all: &[(String, Uuid)],
) -> Result<(Count, Vec<Offered>)>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    let fields = || of.fields.iter().filter(|f| f.in_filter);
    let off: Vec<&'static Field> = fields().filter(|field| ask.filter(field.name).is_none()).collect();
    let (all, mut options) = looked_over::<E>(db, &off, all).await?;
    for field in fields().filter(|field| ask.filter(field.name).is_some()) {
        let without = found_first::<E>(db, of, ask, Some(field.name), visible, None, FOUND_FIRST).await?;
        options.extend(looked_over::<E>(db, &[field], &without).await?.1);
    }
    let place = |field: &Field| of.fields.iter().position(|f| f.name == field.name);
    options.sort_by_key(|(field, _)| place(field));
    Ok((all, options))
}

/// How many rows are sought at first in a list that is searched: those that are counted, and one more.
pub(super) const FOUND_FIRST: u64 = MOST_FOUND + 1;

/// The first `most` rows found by the words searched for, each with the rest of the name that it was found by, with every filter that is on `but`
/// one.
pub(super) async fn found_first<E: EntityTrait>(
    db: &DatabaseConnection,
    of: &Register,
    ask: &Ask,
    but: Option<&str>,
    visible: &Condition,
    after: Option<&(String, Uuid)>,
    most: u64,
) -> Result<Vec<(String, Uuid)>>
where
    E::Column: FromStr,
{
    let wanted = E::find().filter(wanted(of, ask, but)).filter(visible.clone()).select_only().column(column_of::<E>("id")?).into_query();
    search::first(db, of.kind, &dialect::fold(&ask.q), &wanted, after, most).await
}

/// How many rows these are, and how many of them have each value of each field, in one query that reads them once.
async fn looked_over<E>(db: &DatabaseConnection, fields: &[&'static Field], rows: &[(String, Uuid)]) -> Result<(Count, Vec<Offered>)>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    let all = Count::told(rows.len() as u64, MOST_FOUND);
    if rows.is_empty() || fields.is_empty() {
        return Ok((all, fields.iter().map(|field| (*field, Vec::new())).collect()));
    }
    let (some, value, n) = (Alias::new("some"), Alias::new("value"), Alias::new("n"));
    let told = |at: usize| i32::try_from(at).map_err(Error::internal);
    let id = column_of::<E>("id")?;
    let mut read = E::find().filter(id.is_in(rows.iter().map(|(_, id)| *id))).select_only();
    for field in fields {
        // As text, whatever it is, so that all come back in one column.
        let column = column_of::<E>(field.name)?.into_expr();
        let text = if field.kind == Kind::Pick { dialect::id_text(db.get_database_backend(), column) } else { column };
        read = read.column_as(text, field.name);
    }
    let read = CommonTableExpression::new().table_name(some.clone()).query(read.into_query()).to_owned();
    let counted = |at: i32, of: Expr| -> SelectStatement {
        let mut part = Query::select();
        part.expr_as(Expr::val(at), "at")
            .expr_as(of.clone(), value.clone())
            .expr_as(Func::count(Expr::col(Asterisk)), n.clone())
            .from(some.clone())
            .and_where(of.clone().is_not_null())
            .add_group_by([of]);
        part
    };
    let column = |field: &Field| Expr::col(Alias::new(field.name));
    let mut query = counted(0, column(fields[0]));
    for (at, field) in fields.iter().enumerate().skip(1) {
        query.union(UnionType::All, counted(told(at)?, column(field)));
    }
    let mut found: Vec<Vec<(String, u64)>> = vec![Vec::new(); fields.len()];
    for row in db.query_all(&query.with(WithClause::new().cte(read).to_owned())).await? {
        let count = u64::try_from(row.try_get::<i64>("", "n")?).unwrap_or(0);
        if let Some(of) = usize::try_from(row.try_get::<i32>("", "at")?).ok().and_then(|at| found.get_mut(at)) {
            of.push((row.try_get::<String>("", "value")?, count));
        }
    }
    let some = matches!(all, Count::Over(_));
    let offered = fields.iter().zip(found).map(|(field, found)| (*field, offered(field, found, some))).collect();
    Ok((all, offered))
}

/// Every code of a field that has some, else its commonest values first. When only `some` rows were looked at, without numbers, and rows beyond
/// them may have any code.
fn offered(field: &Field, mut found: Vec<(String, u64)>, some: bool) -> Vec<(String, Option<Count>)> {
    let count = |n: u64| (!some).then_some(Count::Exactly(n));
    if let Kind::Choice(codes) = field.kind {
        let of = |code: &str| found.iter().find(|(value, _)| value == code).map_or(0, |(_, n)| *n);
        return codes.iter().map(|code| ((*code).to_owned(), count(of(code)))).collect();
    }
    if let Kind::Choices(codes) = field.kind {
        let of = |code: &str| found.iter().filter(|(value, _)| Kind::codes(value).any(|one| one == code)).map(|(_, n)| *n).sum();
        return codes.iter().map(|code| ((*code).to_owned(), count(of(code)))).collect();
    }
    if field.kind == Kind::Pick {
        // Each engine writes an id as text in its own way.
        found.retain_mut(|(value, _)| value.parse::<Uuid>().map(|id| *value = id.to_string()).is_ok());
    }
    found.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    found.into_iter().take(usize::try_from(OFFERED).unwrap_or(usize::MAX)).map(|(value, n)| (value, count(n))).collect()
}

/// The commonest values of a column among the first rows, as far as counts are told, each with how many rows have it.
async fn commonest<E: EntityTrait>(
    db: &DatabaseConnection,
    field: &Field,
    wanted: Condition,
    visible: Condition,
) -> Result<Vec<(String, Option<Count>)>>
where
    E::Column: FromStr,
{
    let column = column_of::<E>(field.name)?;
    let some = E::find().filter(wanted).filter(visible).filter(column.is_not_null()).select_only().column_as(column, "value");
    let some = some.limit(MOST + 1).into_query();
    let (value, n) = (Alias::new("value"), Alias::new("n"));
    let query = Query::select()
        .column(value.clone())
        .expr_as(Func::count(Expr::col(Asterisk)), n.clone())
        .from_subquery(some, Alias::new("some"))
        .group_by_col(value.clone())
        .order_by(n, Order::Desc)
        .order_by(value, Order::Asc)
        .limit(OFFERED)
        .take();
    let mut out = Vec::new();
    for row in db.query_all(&query).await? {
        let n: i64 = row.try_get("", "n")?;
        let value = if field.kind == Kind::Pick { row.try_get::<Uuid>("", "value")?.to_string() } else { row.try_get("", "value")? };
        out.push((value, Some(Count::told(u64::try_from(n).unwrap_or(0), MOST))));
    }
    Ok(out)
}

/// Counts the rows that are wanted and visible, up to one more than is ever told.
///
/// # Errors
/// When the database fails.
pub async fn count<E: EntityTrait>(db: &DatabaseConnection, wanted: Condition, visible: Condition) -> Result<Count> {
    Ok(Count::told(count_up_to(db, E::find().filter(wanted).filter(visible).into_query(), MOST + 1).await?, MOST))
}

pub(super) fn column_of<E>(name: &str) -> Result<E::Column>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    E::Column::from_str(name).map_err(|_| Error::internal(format!("a register names the column {name}, which its table lacks")))
}
