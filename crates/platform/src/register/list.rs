//! Lists: what is asked for in the address, the rows found, and the page drawn from them. Work is proportional to what is shown: one page
//! of rows, and counts that stop at a thousand.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::{Markup, html};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{Condition, DatabaseConnection, Order, QueryOrder as _, QuerySelect as _, QueryTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::field::{Field, Kind, Register};
use crate::db::{count_up_to, dialect};
use crate::error::{Error, Result};
use crate::ui::{self, Column, FilterGroup, FilterLink, Link, Pager, Row, Sort, Table};
use crate::{search, t, texts};

/// Rows on a page.
const PAGE: u64 = 50;
/// Where counting stops.
const MOST: u64 = 1000;
/// Values offered for a filter by country or by what is picked.
const OFFERED: u64 = 12;

/// What is asked of a list, read from its address, so that it can be bookmarked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What is searched for, as typed.
    pub q: String,
    /// The filters that are on.
    pub filters: Vec<(&'static str, String)>,
    /// The field sorted by; none for the usual order.
    pub sort: Option<&'static str>,
    /// Largest first.
    pub down: bool,
    /// The row that the page comes after.
    after: Option<(String, Uuid)>,
}

impl Ask {
    /// The same, from the row after this one on.
    pub(super) fn after(&self, after: (String, Uuid)) -> Self {
        Self { after: Some(after), ..self.clone() }
    }

    /// What the address asks for. What it cannot mean is left aside.
    pub fn read(of: &Register, path_and_query: &str) -> Self {
        let query = path_and_query.split_once('?').map_or("", |(_, query)| query);
        let mut ask = Self { q: String::new(), filters: Vec::new(), sort: None, down: false, after: None };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "q" => ask.q = ui::searched(value),
                "sort" => {
                    let (down, name) = value.strip_prefix('-').map_or((false, value), |name| (true, name));
                    if let Some(field) = of.field(name).filter(|f| f.sorts.is_some()) {
                        (ask.sort, ask.down) = (Some(field.name), down);
                    }
                }
                "after" => ask.after = cursor(value),
                name => {
                    if let Some(field) = of.field(name).filter(|f| f.in_filter && !value.is_empty()) {
                        ask.filters.push((field.name, value.to_owned()));
                    }
                }
            }
        }
        ask
    }

    /// From this row on.
    pub(super) fn begin(&mut self, after: Option<(String, Uuid)>) {
        self.after = after;
    }

    /// The value of a filter that is on.
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// The address of the list so asked, from its first page.
    pub fn href(&self, of: &Register) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        for (name, value) in &self.filters {
            query.append_pair(name, value);
        }
        if let Some(sort) = self.sort {
            query.append_pair("sort", &format!("{}{sort}", if self.down { "-" } else { "" }));
        }
        if let Some(after) = &self.after {
            query.append_pair("after", &cursor_text(after));
        }
        let query = query.finish();
        if query.is_empty() { of.path.to_owned() } else { format!("{}?{query}", of.path) }
    }

    fn first_page(&self) -> Self {
        Self { after: None, ..self.clone() }
    }

    fn with(&self, name: &'static str, value: Option<&str>) -> Self {
        let mut ask = self.first_page();
        ask.filters.retain(|(n, _)| *n != name);
        ask.filters.extend(value.map(|v| (name, v.to_owned())));
        ask
    }
}

/// Where a page begins, as an address says it.
pub(super) fn cursor(text: &str) -> Option<(String, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let found: (String, Uuid) = serde_json::from_slice(&bytes).ok()?;
    // No database stores a zero, and so none compares with it.
    (!found.0.contains('\0')).then_some(found)
}

fn cursor_text((value, id): &(String, Uuid)) -> String {
    URL_SAFE_NO_PAD.encode(json!([value, id]).to_string())
}

/// How many, as far as counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u64);

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 > MOST { f.write_str("1,000+") } else { write!(f, "{}", self.0) }
    }
}

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
    pub options: Vec<(&'static Field, Vec<(String, Count)>)>,
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
    let (visible, few) = narrowed(db, of, ask, visible).await?;
    let (rows, next) = rows_among::<E>(db, of, ask, visible.clone(), PAGE).await?;
    let next = next.map(|after| ask.after(after).href(of));
    let all = count::<E>(db, wanted(of, ask, None), visible.clone()).await?;
    let mut options = Vec::new();
    for field in of.fields.iter().filter(|f| f.in_filter) {
        let Kind::Choice(codes) = field.kind else {
            options.push((field, values::<E>(db, field, wanted(of, ask, Some(field.name)), visible.clone(), (MOST + 1, OFFERED)).await?));
            continue;
        };
        if few {
            // One look at all that the words can fit is less than one for each code.
            let limits = (search::FEW, codes.len() as u64);
            let found = values::<E>(db, field, wanted(of, ask, Some(field.name)), visible.clone(), limits).await?;
            let count = |code: &str| found.iter().find(|(value, _)| value == code).map_or(Count(0), |(_, count)| *count);
            options.push((field, codes.iter().map(|code| ((*code).to_owned(), count(code))).collect()));
            continue;
        }
        let mut counts = Vec::new();
        for code in codes {
            let only = wanted(of, ask, Some(field.name)).add(Expr::col(Alias::new(field.name)).eq(*code));
            counts.push(((*code).to_owned(), count::<E>(db, only, visible.clone()).await?));
        }
        options.push((field, counts));
    }
    Ok(Found { rows, next, count: all, options })
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
    rows_among::<E>(db, of, ask, narrowed(db, of, ask, visible).await?.0, most).await
}

/// What `visible` lets through, narrowed to what can be found by the words searched for; and whether that is little.
async fn narrowed(db: &DatabaseConnection, of: &Register, ask: &Ask, visible: Condition) -> Result<(Condition, bool)> {
    let narrow = search::narrow(db, of.kind, [dialect::fold(&ask.q).as_str()]).await?;
    let few = narrow.is_some();
    Ok((visible.add_option(narrow), few))
}

async fn rows_among<E>(
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

/// The `offered` commonest values of a column among the first `most` rows, each with how many rows have it.
async fn values<E: EntityTrait>(
    db: &DatabaseConnection,
    field: &Field,
    wanted: Condition,
    visible: Condition,
    (most, offered): (u64, u64),
) -> Result<Vec<(String, Count)>>
where
    E::Column: FromStr,
{
    let column = column_of::<E>(field.name)?;
    let some = E::find().filter(wanted).filter(visible).filter(column.is_not_null()).select_only().column_as(column, "value");
    let some = some.limit(most).into_query();
    let (value, n) = (Alias::new("value"), Alias::new("n"));
    let query = Query::select()
        .column(value.clone())
        .expr_as(Func::count(Expr::col(Asterisk)), n.clone())
        .from_subquery(some, Alias::new("some"))
        .group_by_col(value.clone())
        .order_by(n, Order::Desc)
        .order_by(value, Order::Asc)
        .limit(offered)
        .take();
    let mut out = Vec::new();
    for row in db.query_all(&query).await? {
        let n: i64 = row.try_get("", "n")?;
        let value = if field.kind == Kind::Pick { row.try_get::<Uuid>("", "value")?.to_string() } else { row.try_get("", "value")? };
        out.push((value, Count(u64::try_from(n).unwrap_or(0))));
    }
    Ok(out)
}

/// Counts the rows that are wanted and visible, up to one more than is ever told.
///
/// # Errors
/// When the database fails.
pub async fn count<E: EntityTrait>(db: &DatabaseConnection, wanted: Condition, visible: Condition) -> Result<Count> {
    Ok(Count(count_up_to(db, E::find().filter(wanted).filter(visible).into_query(), MOST + 1).await?))
}

/// Absent values sort first: as the empty text, as a number below every amount.
fn sort_key(column: &str, number: bool) -> SimpleExpr {
    let absent: SimpleExpr = if number { Expr::val(-1_i64) } else { Expr::val("") };
    // Names are never absent, and their index serves only a bare column.
    if column.ends_with("_key") { Expr::col(Alias::new(column)) } else { Func::coalesce([Expr::col(Alias::new(column)), absent]).into() }
}

/// Search and filters, but for one.
fn wanted(of: &Register, ask: &Ask, but: Option<&str>) -> Condition {
    let mut all = Condition::all();
    let q = dialect::fold(&ask.q);
    if !q.is_empty() {
        all = all.add(search::begins(Alias::new(of.search), &q));
    }
    for (name, value) in ask.filters.iter().filter(|(name, _)| Some(*name) != but) {
        let id = of.field(name).filter(|f| f.kind == Kind::Pick).map(|_| value.parse::<Uuid>().unwrap_or_default());
        let column = Expr::col(Alias::new(*name));
        all = all.add(match id {
            Some(id) => column.eq(id),
            None => column.eq(value.as_str()),
        });
    }
    all
}

fn column_of<E>(name: &str) -> Result<E::Column>
where
    E: EntityTrait,
    E::Column: FromStr,
{
    E::Column::from_str(name).map_err(|_| Error::internal(format!("a register names the column {name}, which its table lacks")))
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
                let usual = ask.sort.is_none() && f.sorts == Some(of.search);
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
        let usual = ask.sort.is_none() && field.sorts == Some(self.register.search);
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
                Kind::Choice(_) => field.code_says(value),
                Kind::Country => super::field::country(value),
                _ => (self.named)(field.name, value).unwrap_or_else(|| value.to_owned()),
            };
            let show = |value: &str, count: Option<Count>| Shown {
                text: says(value),
                href: self.ask.with(field.name, (on != Some(value)).then_some(value)).href(self.register),
                count: count.map(|c| c.to_string()),
                on: on == Some(value),
            };
            let offered = options.iter().filter(|(value, count)| count.0 > 0 || on == Some(value));
            let mut shown: Vec<Shown> = offered.map(|(value, count)| show(value, Some(*count))).collect();
            // What is filtered by can always be taken off again. One value that all rows have is no filter.
            if let Some(on) = on.filter(|on| options.iter().all(|(value, _)| value != on)) {
                shown.push(show(on, None));
            } else if on.is_none() && shown.len() == 1 && !matches!(field.kind, Kind::Choice(_)) {
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
