//! Lists: the rows found, and the page drawn from them. Work is proportional to what is shown: one page
//! of rows, and counts that stop at a thousand.

use std::collections::HashMap;
use std::str::FromStr;

use maud::{Markup, html};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, SimpleExpr};
use sea_orm::{Condition, DatabaseConnection, Order, QueryOrder as _, QuerySelect as _};
use serde_json::Value;
use uuid::Uuid;

use super::ask::{Ask, cursor_text, wanted};
use super::field::{Field, Kind, Register};
use super::tally::{self, Count, column_of};
use crate::db::dialect;
use crate::error::{Error, Result};
use crate::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Sort, Table};
use crate::{search, t, texts};

/// Rows on a page.
const PAGE: u64 = 50;

/// What a list found.
#[derive(Debug)]
pub struct Found<M> {
    /// The rows of this page.
    pub rows: Vec<M>,
    /// The address of the next page.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub count: Count,
    /// For each filter, what it offers and how many that would leave.
    pub options: Vec<tally::Offered>,
}

impl<M> Found<M> {
    /// The ids that a filter by something picked offers, for the page to name.
    pub fn picks(&self, name: &str) -> Vec<Uuid> {
        let of = self.options.iter().filter(|(field, _)| field.name == name);
        of.flat_map(|(_, options)| options).filter_map(|(value, _)| value.parse().ok()).collect()
    }
}

/// Finds the rows asked for among those that `visible` lets through.
///
/// # Errors
/// When the database fails, or the register names a column that the entity lacks.
pub async fn find<E>(db: &DatabaseConnection, of: &Register, ask: &Ask, visible: Condition) -> Result<Found<E::Model>>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: Sync,
{
    let ((rows, next), (count, options)) = if ask.by_words() {
        let all = tally::found_first::<E>(db, of, ask, None, &visible, None, tally::FOUND_FIRST).await?;
        let page = match &ask.after {
            None => read_in_order::<E>(db, &all, PAGE).await?,
            Some(after) => {
                read_in_order::<E>(db, &tally::found_first::<E>(db, of, ask, None, &visible, Some(after), PAGE + 1).await?, PAGE).await?
            }
        };
        (page, tally::found::<E>(db, of, ask, &visible, &all).await?)
    } else {
        let visible = narrowed(db, of, ask, visible).await?;
        (sorted::<E>(db, of, ask, visible.clone(), PAGE).await?, tally::many::<E>(db, of, ask, &visible).await?)
    };
    let next = next.map(|after| ask.after(after).href(of));
    Ok(Found { rows, next, count, options })
}

/// The first `most` of the rows with these ids, in their order, and where the next page begins when there are more.
async fn read_in_order<E>(db: &DatabaseConnection, ids: &[(String, Uuid)], most: u64) -> Result<(Vec<E::Model>, Option<(String, Uuid)>)>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: Sync,
{
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let shown = &ids[..ids.len().min(most)];
    let next = (ids.len() > most).then(|| shown.last().cloned()).flatten();
    if shown.is_empty() {
        return Ok((Vec::new(), None));
    }
    let id = column_of::<E>("id")?;
    let mut rows = E::find().filter(id.is_in(shown.iter().map(|(_, id)| *id))).all(db).await?;
    let places: HashMap<String, usize> = shown.iter().enumerate().map(|(at, (_, id))| (id.to_string(), at)).collect();
    rows.sort_by_cached_key(|row| text_of(&row.get(id)).and_then(|id| places.get(&id).copied()));
    Ok((rows, next))
}

/// The rows of one page without any counts, and where the next page begins.
///
/// # Errors
/// As [`find`].
pub(super) async fn page<E>(
    db: &DatabaseConnection,
    of: &Register,
    ask: &Ask,
    visible: Condition,
    most: u64,
) -> Result<(Vec<E::Model>, Option<String>)>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: Sync,
{
    let (rows, next) = rows_after::<E>(db, of, ask, visible, most).await?;
    Ok((rows, next.as_ref().map(cursor_text)))
}

/// The rows of one page, and the sort key and id of the last one when there are more.
pub(super) async fn rows_after<E>(
    db: &DatabaseConnection,
    of: &Register,
    ask: &Ask,
    visible: Condition,
    most: u64,
) -> Result<(Vec<E::Model>, Option<(String, Uuid)>)>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: Sync,
{
    if ask.by_words() {
        let found = tally::found_first::<E>(db, of, ask, None, &visible, ask.after.as_ref(), most + 1).await?;
        return read_in_order::<E>(db, &found, most).await;
    }
    sorted::<E>(db, of, ask, narrowed(db, of, ask, visible).await?, most).await
}

/// What `visible` lets through, narrowed to what can be found by the words searched for, where these are few.
async fn narrowed(db: &DatabaseConnection, of: &Register, ask: &Ask, visible: Condition) -> Result<Condition> {
    Ok(visible.add_option(search::narrow(db, of.kind, [dialect::fold(&ask.q).as_str()]).await?))
}

/// The rows of one page in the order of a column.
async fn sorted<E>(
    db: &DatabaseConnection,
    of: &Register,
    ask: &Ask,
    visible: Condition,
    most: u64,
) -> Result<(Vec<E::Model>, Option<(String, Uuid)>)>
where
    E: EntityTrait,
    E::Column: FromStr,
    E::Model: Sync,
{
    let field = ask.sort.and_then(|name| of.field(name));
    let column = field.and_then(|f| f.sorts).unwrap_or(of.search);
    let number = field.is_some_and(Field::counts);
    let key = sort_key(column, number);
    let mut query = E::find().filter(wanted(of, ask, None)).filter(visible);
    if let Some((value, id)) = &ask.after {
        let value: SimpleExpr = if number { value.parse::<i64>().unwrap_or(0).into() } else { value.clone().into() };
        let (here, there) = (Expr::tuple([key.clone(), Expr::col(Alias::new("id"))]), Expr::tuple([value, (*id).into()]));
        query = query.filter(if ask.down { here.lt(there) } else { here.gt(there) });
    }
    let order = if ask.down { Order::Desc } else { Order::Asc };
    let id = column_of::<E>("id")?;
    let mut rows = query.order_by(key, order.clone()).order_by(id, order).limit(most + 1).all(db).await?;
    let next = if rows.len() as u64 > most {
        rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let last = rows.last().ok_or_else(|| Error::internal("a full page without a row"))?;
        let value = text_of(&last.get(column_of::<E>(column)?)).unwrap_or_else(|| if number { "-1".to_owned() } else { String::new() });
        let id = text_of(&last.get(id)).and_then(|t| t.parse().ok()).ok_or_else(|| Error::internal("a row without an id"))?;
        Some((value, id))
    } else {
        None
    };
    Ok((rows, next))
}

/// Absent values sort first: as the empty text, as a number below every amount.
fn sort_key(column: &str, number: bool) -> SimpleExpr {
    let absent: SimpleExpr = if number { Expr::val(-1_i64) } else { Expr::val("") };
    // Names are never absent, and their index serves only a bare column.
    if column.ends_with("_key") { Expr::col(Alias::new(column)) } else { Func::coalesce([Expr::col(Alias::new(column)), absent]).into() }
}

fn text_of(value: &sea_orm::Value) -> Option<String> {
    match value {
        sea_orm::Value::String(text) => text.as_ref().map(ToString::to_string),
        sea_orm::Value::BigInt(n) => n.map(|n| n.to_string()),
        sea_orm::Value::Int(n) => n.map(|n| n.to_string()),
        sea_orm::Value::Uuid(id) => id.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// A list as its page draws it.
pub struct Drawn<'a> {
    /// The register.
    pub register: &'a Register,
    /// What was asked.
    pub ask: &'a Ask,
    /// A button over the list, such as "Add a party", where the reader may.
    pub add: Option<Link<'a>>,
    /// Headings of columns after those of the register.
    pub more: &'a [&'a str],
    /// For filters by something picked, its name.
    pub named: &'a dyn Fn(&str, &str) -> Option<String>,
    /// What stands under the list: the form that takes it out.
    pub foot: Markup,
}

impl Register {
    /// A row of the list: a cell for each column, the first a link to the record with `mark` after it.
    pub fn row(&self, id: Uuid, record: &Value, mark: Option<Markup>) -> Row {
        let cells = self.fields.iter().filter(|f| f.in_list).enumerate().map(|(n, f)| match n {
            0 => html! { a .govuk-link href={ (self.path) "/" (id) } { (f.draw(record)) } @if let Some(mark) = &mark { " " (mark) } },
            _ => f.draw(record),
        });
        Row::new(cells.collect())
    }
}

impl Drawn<'_> {
    /// The whole list: heading, search, filters, rows, the way on. `rows` draws a cell for each column, the first a link to the record.
    pub fn draw<M>(&self, found: &Found<M>, rows: Vec<Row>) -> Markup {
        let (of, ask) = (self.register, self.ask);
        let title = of.says("list-title");
        let heads: Vec<(&Field, String, String)> =
            of.fields.iter().filter(|f| f.in_list).map(|f| (f, f.says(), self.sorted_by(f))).collect();
        let mut columns: Vec<Column> = heads
            .iter()
            .map(|(f, text, href)| {
                let column = if f.counts() { Column::number(text) } else { Column::new(text) };
                let usual = ask.usual() && f.sorts == Some(of.search);
                let ascending = if usual { Some(true) } else { (ask.sort == Some(f.name)).then_some(!ask.down) };
                if f.sorts.is_some() { column.sort(Sort { href, ascending }) } else { column }
            })
            .collect();
        columns.extend(self.more.iter().map(|text| Column::new(text)));
        let first = ask.first_page().href(of);
        let pager = Pager { first: ask.after.is_some().then_some(first.as_str()), previous: None, next: found.next.as_deref() };
        let words: ui::Words = &|id| texts::t(id);
        html! {
            div .vs-list-head {
                h1 .govuk-heading-l { (title) }
                @if let Some(add) = self.add { (ui::link_button(add, ui::ButtonKind::Primary)) }
            }
            (self.search())
            (self.filters(found))
            p .govuk-body role="status" { (t!("register-count", count = found.count)) }
            @if rows.is_empty() {
                @let asked = !ask.q.is_empty() || !ask.filters.is_empty();
                @let all = t!("register-show-all");
                @if asked { (ui::empty_state(&t!("register-nothing-found"), &t!("register-nothing-found-text"), Some(Link::new(&all, of.path)))) }
                @else { (ui::empty_state(&of.says("list-empty"), &of.says("list-empty-text"), self.add)) }
            } @else {
                (ui::table(&Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows))
            }
            (ui::pager(words, &pager))
            @if !rows.is_empty() { (self.foot) }
        }
    }

    fn sorted_by(&self, field: &Field) -> String {
        let ask = self.ask;
        let usual = ask.usual() && field.sorts == Some(self.register.search);
        let down = (ask.sort == Some(field.name) || usual) && !ask.down;
        Ask { sort: Some(field.name), down, after: None, ..ask.clone() }.href(self.register)
    }

    fn search(&self) -> Markup {
        let (ask, of) = (self.ask, self.register);
        let sort = ask.sort.map(|sort| format!("{}{sort}", if ask.down { "-" } else { "" }));
        let mut kept: Vec<(&str, &str)> = ask.filters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        kept.extend(sort.as_deref().map(|sort| ("sort", sort)));
        ui::search(
            &|id| texts::t(id),
            &ui::Search { action: of.path, label: &of.says("list-search"), hint: None, typed: &ask.q, kept: &kept },
        )
    }

    fn filters<M>(&self, found: &Found<M>) -> Markup {
        struct Shown {
            text: String,
            href: String,
            count: Option<String>,
            on: bool,
        }
        let mut groups: Vec<(String, Vec<Shown>)> = Vec::new();
        for (field, options) in &found.options {
            let on = self.ask.filter(field.name);
            let says = |value: &str| match field.kind {
                Kind::Choice(_) | Kind::Choices(_) => field.code_says(value),
                Kind::Country => super::field::country(value),
                _ => (self.named)(field.name, value).unwrap_or_else(|| value.to_owned()),
            };
            let show = |value: &str, count: Option<Count>| Shown {
                text: says(value),
                href: self.ask.with(field.name, (on != Some(value)).then_some(value)).href(self.register),
                count: count.map(|c| c.to_string()),
                on: on == Some(value),
            };
            let offered = options.iter().filter(|(value, count)| !count.is_some_and(Count::is_none) || on == Some(value));
            let mut shown: Vec<Shown> = offered.map(|(value, count)| show(value, *count)).collect();
            // What is filtered by can always be taken off again. One value that all rows have is no filter.
            if let Some(on) = on.filter(|on| options.iter().all(|(value, _)| value != on)) {
                shown.push(show(on, None));
            } else if on.is_none() && shown.len() == 1 && !matches!(field.kind, Kind::Choice(_) | Kind::Choices(_)) {
                shown.clear();
            }
            groups.push((field.says(), shown));
        }
        groups.retain(|(_, shown)| !shown.is_empty());
        if groups.is_empty() {
            return html! {};
        }
        let links: Vec<Vec<FilterLink>> = groups
            .iter()
            .map(|(_, shown)| {
                shown.iter().map(|s| FilterLink { link: Link::new(&s.text, &s.href), count: s.count.as_deref(), on: s.on }).collect()
            })
            .collect();
        let groups: Vec<FilterGroup> = groups.iter().zip(&links).map(|((title, _), links)| FilterGroup { title, links }).collect();
        ui::filters(&|id| texts::t(id), &groups)
    }
}
