//! Finding by name without reading every row: for each record the beginnings that a search may hit, in one sorted table. A search for the
//! beginning of a word is a range of it, on either engine, however many records there are.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, ExprTrait as _, Func, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ActiveValue, Condition, ConnectionTrait, Order, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::cx::Tx;
use crate::db::count_up_to;
use crate::error::Result;

/// Characters of a beginning that are kept. What is searched for beyond them is compared with the record itself.
const LONGEST: usize = 60;
/// Beginnings kept of one record: more than its longest texts have words.
const MOST: usize = 512;
/// What more records than this begin with tells them apart too little: reading them in their order meets a page full of them soon.
pub(crate) const FEW: u64 = 4_000;
/// Beginnings looked at in their order, until enough of them are found to be wanted.
const NEAR: u64 = 1_000;

/// A beginning, as stored.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "search_part")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub part: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub thing: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A folded name from each of its words on: what is typed may begin at any word and go on into the next.
pub fn from_each_word(folded: &str) -> BTreeSet<String> {
    let starts = std::iter::once(0).chain(folded.match_indices(' ').map(|(at, _)| at + 1));
    starts.map(|at| head(&folded[at..])).filter(|part| !part.is_empty()).take(MOST).collect()
}

/// The words of a folded text, each by itself.
pub fn each_word(folded: &str) -> BTreeSet<String> {
    folded.split_whitespace().map(head).take(MOST).collect()
}

fn head(text: &str) -> String {
    text.chars().take(LONGEST).collect::<String>().trim_end().to_owned()
}

/// The rows of a record's beginnings.
fn rows(kind: &str, thing: Uuid, parts: BTreeSet<String>) -> Vec<row::ActiveModel> {
    let row =
        |part| row::ActiveModel { kind: ActiveValue::Set(kind.to_owned()), part: ActiveValue::Set(part), thing: ActiveValue::Set(thing) };
    parts.into_iter().map(row).collect()
}

/// Keeps the beginnings of a new record, in the transaction that writes it.
///
/// # Errors
/// When the database fails.
pub async fn add<C: ConnectionTrait>(db: &C, kind: &str, thing: Uuid, parts: BTreeSet<String>) -> Result<()> {
    let rows = rows(kind, thing, parts);
    if !rows.is_empty() {
        row::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// As [`add`], for many new records at once.
///
/// # Errors
/// When the database fails.
pub async fn add_all<C: ConnectionTrait>(db: &C, kind: &str, all: Vec<(Uuid, BTreeSet<String>)>) -> Result<()> {
    let rows: Vec<row::ActiveModel> = all.into_iter().flat_map(|(thing, parts)| rows(kind, thing, parts)).collect();
    // Three values a row; SQLite binds at most 32,766.
    for some in rows.chunks(5_000) {
        row::Entity::insert_many(some.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Keeps the beginnings `new` of a record that is known to have had `old`, with the commit of `tx`: nothing searches before.
///
/// # Errors
/// When the database fails.
pub(crate) async fn change(tx: &Tx, kind: &str, thing: Uuid, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Result<()> {
    forget(tx.db(), kind, thing, old.difference(new).collect()).await?;
    tx.later(rows(kind, thing, new.difference(old).cloned().collect()))
}

async fn forget<C: ConnectionTrait>(db: &C, kind: &str, thing: Uuid, gone: Vec<&String>) -> Result<()> {
    if !gone.is_empty() {
        let of = Condition::all().add(row::Column::Kind.eq(kind)).add(row::Column::Thing.eq(thing));
        row::Entity::delete_many().filter(of).filter(row::Column::Part.is_in(gone)).exec(db).await?;
    }
    Ok(())
}

/// Keeps the beginnings of a changed record in the place of those that it had, in the transaction that writes it.
///
/// # Errors
/// When the database fails.
pub async fn keep<C: ConnectionTrait>(db: &C, kind: &str, thing: Uuid, parts: BTreeSet<String>) -> Result<()> {
    let of = Condition::all().add(row::Column::Kind.eq(kind)).add(row::Column::Thing.eq(thing));
    let old: Vec<String> = row::Entity::find().select_only().column(row::Column::Part).filter(of).into_tuple().all(db).await?;
    let old: BTreeSet<String> = old.into_iter().collect();
    forget(db, kind, thing, old.difference(&parts).collect()).await?;
    add(db, kind, thing, parts.difference(&old).cloned().collect()).await
}

/// That `column`, a folded text of words parted by single blanks, has a word from which on it reads `folded`. Folded texts hold letters,
/// digits and blanks only, so nothing in them can act as a wildcard.
pub fn begins(column: impl IntoColumnRef, folded: &str) -> Condition {
    let column = Expr::col(column);
    Condition::any().add(column.clone().like(format!("{folded}%"))).add(column.like(format!("% {folded}%")))
}

/// A condition on the column `id` that only records with a beginning like each of `words`, folded, can meet: by that word which the fewest
/// have. None where even these are so many that the condition would cost more than it spares. It only narrows: the caller still asks for
/// [`begins`].
///
/// # Errors
/// When the database fails.
pub async fn narrow<C: ConnectionTrait>(db: &C, kind: &str, words: impl IntoIterator<Item = &str>) -> Result<Option<Condition>> {
    let mut fewest = None;
    for begins in words.into_iter().map(head).filter(|begins| !begins.is_empty()) {
        let fit = fitting(kind, &begins).select_only().column(row::Column::Thing);
        let most = fewest.as_ref().map_or(FEW, |(found, _)| *found);
        let found = count_up_to(db, fit.clone().into_query(), most + 1).await?;
        if found <= most {
            fewest = Some((found, fit));
        }
    }
    Ok(fewest.map(|(_, fit)| Condition::all().add(Expr::col(Alias::new("id")).in_subquery(fit.into_query()))))
}

/// The beginnings of one kind of record that begin like `begins`, each with its record.
fn fitting(kind: &str, begins: &str) -> sea_orm::Select<row::Entity> {
    // No folded text holds the last character there is.
    row::Entity::find()
        .filter(row::Column::Kind.eq(kind))
        .filter(row::Column::Part.gte(begins))
        .filter(row::Column::Part.lt(format!("{begins}\u{10FFFF}")))
}

/// The first `most` records that a word of which begins like `folded`, among those whose `id` the query `wanted` selects: in the order of their
/// names from that word on, after `after` (such a rest of a name, and the record's id). Each comes once, by the first of its words that fits.
///
/// However many fit, only the nearest are read, unless most of these are not wanted.
///
/// # Errors
/// When the database fails.
pub(crate) async fn first<C: ConnectionTrait>(
    db: &C,
    kind: &str,
    folded: &str,
    wanted: &SelectStatement,
    after: Option<&(String, Uuid)>,
    most: u64,
) -> Result<Vec<(String, Uuid)>> {
    let begins = head(folded);
    let (hit, part, thing) = (Alias::new("hit"), Alias::new("part"), Alias::new("thing"));
    let there =
        |part: Expr, thing: Expr| after.map(|(from, id)| Expr::tuple([part, thing]).gt(Expr::tuple([from.as_str().into(), (*id).into()])));
    let key = || there(Expr::col(row::Column::Part), Expr::col(row::Column::Thing));
    let near = fitting(kind, &begins).filter(Condition::all().add_option(key()));
    let nearest = near.clone().select_only().column(row::Column::Part).column(row::Column::Thing);
    let mut nearest = nearest.into_query();
    nearest.order_by(row::Column::Part, Order::Asc).order_by(row::Column::Thing, Order::Asc).limit(NEAR);
    let of_hit = |column: &Alias| Expr::col((hit.clone(), column.clone()));
    let earlier = fitting(kind, &begins)
        .filter(row::Column::Thing.into_expr().eq(of_hit(&thing)))
        .filter(row::Column::Part.into_expr().lt(of_hit(&part)));
    let mut this = wanted.clone();
    this.and_where(Expr::col(Alias::new("id")).eq(of_hit(&thing)));
    let query = Query::select()
        .column((hit.clone(), part.clone()))
        .column((hit.clone(), thing.clone()))
        .from_subquery(nearest, hit.clone())
        .and_where(Expr::not_exists(earlier.into_query()))
        .and_where(Expr::exists(this))
        .order_by((hit.clone(), part.clone()), Order::Asc)
        .order_by((hit.clone(), thing.clone()), Order::Asc)
        .limit(most)
        .take();
    let found = read(db, &query).await?;
    if found.len() as u64 == most || count_up_to(db, near.into_query(), NEAR).await? < NEAR {
        return Ok(found);
    }
    // Few of very many: from those that are wanted, then.
    let least = || Expr::from(Func::min(Expr::col(row::Column::Part)));
    let mut rest = fitting(kind, &begins).filter(row::Column::Thing.in_subquery(wanted.clone())).select_only().into_query();
    rest.expr_as(least(), part.clone()).column(row::Column::Thing).group_by_col(row::Column::Thing);
    if let Some(there) = there(least(), Expr::col(row::Column::Thing)) {
        rest.and_having(there);
    }
    rest.order_by_expr(least(), Order::Asc).order_by(row::Column::Thing, Order::Asc).limit(most);
    read(db, &rest).await
}

async fn read<C: ConnectionTrait>(db: &C, query: &SelectStatement) -> Result<Vec<(String, Uuid)>> {
    let rows = db.query_all(query).await?;
    Ok(rows
        .iter()
        .map(|row| Ok((row.try_get("", "part")?, row.try_get("", "thing")?)))
        .collect::<std::result::Result<_, sea_orm::DbErr>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_start_at_words() {
        let of = |text: &str| from_each_word(text).into_iter().collect::<Vec<_>>();
        assert_eq!(of("osprey hosting"), ["hosting", "osprey hosting"]);
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("a a"), ["a", "a a"]);
        assert_eq!(of(&"x".repeat(200)), ["x".repeat(LONGEST)]);
        let many: Vec<String> = (1_000..1_000 + MOST + 9).map(|n| n.to_string()).collect();
        assert_eq!(from_each_word(&many.join(" ")).len(), MOST);
        // The longest name a register takes, of the shortest words.
        assert_eq!(each_word(&(0..100).map(|n| n.to_string()).collect::<Vec<_>>().join(" ")).len(), 100);
        assert_eq!(each_word("off 2026 000001 off").into_iter().collect::<Vec<_>>(), ["000001", "2026", "off"]);
    }
}
