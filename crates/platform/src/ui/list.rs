//! Lists of things: tables that become cards, filters, pages, tiles, task lists.

use maud::{Markup, html};

use super::{ButtonKind, Link, Tone, Words, button, hidden, icon, tag};

/// A column's heading and its sorting.
#[derive(Debug, Clone, Copy, Default)]
pub struct Column<'a> {
    /// Heading.
    pub text: &'a str,
    /// Numbers stand at the right with figures of one width.
    pub numeric: bool,
    /// The heading is read out but not drawn, for columns of buttons.
    pub quiet: bool,
    /// The list can be sorted by it.
    pub sort: Option<Sort<'a>>,
}

impl<'a> Column<'a> {
    /// A column of text.
    pub fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }

    /// A column of numbers.
    pub fn number(text: &'a str) -> Self {
        Self { text, numeric: true, ..Self::default() }
    }

    /// That can be sorted by.
    #[must_use]
    pub fn sort(mut self, sort: Sort<'a>) -> Self {
        self.sort = Some(sort);
        self
    }
}

/// How a list is sorted by a column.
#[derive(Debug, Clone, Copy)]
pub struct Sort<'a> {
    /// Address of the list sorted by this column, or the other way round where it is already.
    pub href: &'a str,
    /// `Some(true)`: sorted by it, smallest first; `Some(false)`: largest first; `None`: not.
    pub ascending: Option<bool>,
}

/// A row: one cell a column; the first names the row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The cells, first to last.
    pub cells: Vec<Markup>,
    /// Sets the row apart at its edge, such as red for overdue. Its text must say so too.
    pub tone: Option<Tone>,
}

impl Row {
    /// A row without a mark.
    pub fn new(cells: Vec<Markup>) -> Self {
        Self { cells, tone: None }
    }
}

/// A table's frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct Table<'a> {
    /// What the table shows; read out first.
    pub caption: &'a str,
    /// The caption is drawn too.
    pub caption_shown: bool,
    /// Columns, first to last.
    pub columns: &'a [Column<'a>],
    /// Rows become cards on a telephone.
    pub stack: bool,
}

/// Draws a table; rows are one line on a desk and, with `stack`, cards on a telephone. The roles
/// are written out because changing how a table is laid out takes its meaning away in browsers.
pub fn table(of: &Table, rows: &[Row]) -> Markup {
    html! {
        div .vs-table-scroll[!of.stack] tabindex=[(!of.stack).then_some("0")] role=[(!of.stack).then_some("region")] aria-label=[(!of.stack).then_some(of.caption)] {
            table .govuk-table .vs-table .stack[of.stack] role="table" {
                caption .govuk-table__caption .govuk-table__caption--s[of.caption_shown] .govuk-visually-hidden[!of.caption_shown] { (of.caption) }
                thead .govuk-table__head role="rowgroup" {
                    tr .govuk-table__row role="row" {
                        @for column in of.columns { (heading(column)) }
                    }
                }
                tbody .govuk-table__body role="rowgroup" {
                    @for row in rows { (line(of.columns, row)) }
                }
            }
        }
    }
}

fn heading(column: &Column) -> Markup {
    let sorted = column.sort.and_then(|s| s.ascending);
    let aria = sorted.map(|up| if up { "ascending" } else { "descending" });
    html! {
        th .govuk-table__header .govuk-table__header--numeric[column.numeric] scope="col" role="columnheader" aria-sort=[aria] {
            @if let Some(sort) = column.sort {
                a .vs-sort href=(sort.href) { (column.text) }
            } @else if column.quiet {
                span .govuk-visually-hidden { (column.text) }
            } @else { (column.text) }
        }
    }
}

fn line(columns: &[Column], row: &Row) -> Markup {
    html! {
        tr class={ "govuk-table__row" @if let Some(tone) = row.tone { " vs-row--" (tone.name()) } } role="row" {
            @for (n, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
                @if n == 0 {
                    th .govuk-table__header scope="row" role="rowheader" { (cell) }
                } @else {
                    td .govuk-table__cell .govuk-table__cell--numeric[column.numeric] role="cell" data-label=[(!column.quiet).then_some(column.text)] { div .vs-cell { (cell) } }
                }
            }
        }
    }
}

/// Where a list goes on. Pages follow keys, not numbers, so there is no "page 3 of 9".
#[derive(Debug, Clone, Copy, Default)]
pub struct Pager<'a> {
    /// Address of the first page, where this is not it.
    pub first: Option<&'a str>,
    /// Address of the page before.
    pub previous: Option<&'a str>,
    /// Address of the page after.
    pub next: Option<&'a str>,
}

/// Links to the pages before and after; nothing where there are none.
pub fn pager(t: Words, of: &Pager) -> Markup {
    html! {
        @if of.first.is_some() || of.previous.is_some() || of.next.is_some() {
            nav .govuk-pagination aria-label=(t("ui-pages")) {
                @if let Some(href) = of.first {
                    div .govuk-pagination__prev { a .govuk-link .govuk-pagination__link href=(href) { span .govuk-pagination__link-title { (t("ui-page-first")) } } }
                }
                @if let Some(href) = of.previous {
                    div .govuk-pagination__prev { a .govuk-link .govuk-pagination__link href=(href) rel="prev" { (icon::page_arrow(true)) span .govuk-pagination__link-title { (t("ui-page-previous")) } } }
                }
                @if let Some(href) = of.next {
                    div .govuk-pagination__next { a .govuk-link .govuk-pagination__link href=(href) rel="next" { span .govuk-pagination__link-title { (t("ui-page-next")) } (icon::page_arrow(false)) } }
                }
            }
        }
    }
}

/// The search of a list.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The list's address.
    pub action: &'a str,
    /// What can be searched for, as the box's label.
    pub label: &'a str,
    /// How it is searched, where that is not plain.
    pub hint: Option<&'a str>,
    /// What is in the box.
    pub typed: &'a str,
    /// Filters and order that stay while searching: names and values.
    pub kept: &'a [(&'a str, &'a str)],
}

/// Characters of what is searched for that are read.
const SEARCHED: usize = 100;

/// What is in the box, as a database takes it: no control characters, and no more than anybody types.
pub fn searched(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(SEARCHED).collect()
}

/// A box to search a list with, its button beside it. It asks by GET for `q`.
pub fn search(t: Words, of: &Search) -> Markup {
    html! {
        form .vs-search role="search" action=(of.action) method="get" {
            label .govuk-label for="q" { (of.label) }
            @if let Some(hint) = of.hint { div #q-hint .govuk-hint { (hint) } }
            div .vs-search__row {
                input #q .govuk-input name="q" type="search" value=(of.typed) maxlength=(SEARCHED) autocomplete="off" aria-describedby=[of.hint.map(|_| "q-hint")];
                @for (name, value) in of.kept { (hidden(name, value)) }
                (button(&t("ui-search"), ButtonKind::Secondary))
            }
        }
    }
}

/// One filter and how many things it would leave.
#[derive(Debug, Clone, Copy)]
pub struct FilterLink<'a> {
    /// Text and the address of the list so filtered, or unfiltered where it is on.
    pub link: Link<'a>,
    /// How many, as drawn ("12", "1,000+").
    pub count: Option<&'a str>,
    /// It is on.
    pub on: bool,
}

/// Filters that exclude each other, under a title such as "Stage".
#[derive(Debug, Clone, Copy)]
pub struct FilterGroup<'a> {
    /// What they filter by.
    pub title: &'a str,
    /// The filters.
    pub links: &'a [FilterLink<'a>],
}

/// Filters as links, so that a filtered list can be bookmarked and needs no script.
pub fn filters(t: Words, groups: &[FilterGroup]) -> Markup {
    html! {
        nav .vs-filters aria-label=(t("ui-filters")) {
            @for group in groups {
                div .vs-filters__group {
                    p .vs-filters__title { (group.title) }
                    ul .vs-filters__list {
                        @for f in group.links {
                            li {
                                a .vs-filter href=(f.link.href) aria-current=[f.on.then_some("true")] {
                                    (f.link.text) @if let Some(count) = f.count { " " span .vs-count { (count) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A figure worth knowing, and the list behind it.
#[derive(Debug, Clone, Copy)]
pub struct Tile<'a> {
    /// The figure, as drawn.
    pub figure: &'a str,
    /// What it counts.
    pub text: &'a str,
    /// What makes it worth knowing, such as "2 overdue".
    pub note: Option<&'a str>,
    /// The list that it counts.
    pub href: Option<&'a str>,
    /// Its colour at the edge.
    pub tone: Tone,
}

/// Figures side by side.
pub fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        ul .vs-tiles {
            @for tile in tiles {
                li class={ "vs-tile vs-tile--" (tile.tone.name()) } {
                    span .vs-tile__figure { (tile.figure) }
                    @if let Some(href) = tile.href {
                        " " a .vs-tile__text .govuk-link href=(href) { (tile.text) }
                    } @else { " " span .vs-tile__text { (tile.text) } }
                    @if let Some(note) = tile.note { " " span .vs-tile__note { (note) } }
                }
            }
        }
    }
}

/// One section of a form, or one thing to do.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Its title.
    pub title: &'a str,
    /// Help under it.
    pub hint: Option<&'a str>,
    /// Where it is done; none when it cannot be started yet.
    pub href: Option<&'a str>,
    /// Its status in a word or two.
    pub status: &'a str,
    /// Colour of the status; none draws plain text, as for what is done.
    pub tone: Option<Tone>,
}

/// Tasks under a heading.
#[derive(Debug, Clone, Copy)]
pub struct TaskGroup<'a> {
    /// Heading; empty draws none.
    pub title: &'a str,
    /// The tasks in order.
    pub tasks: &'a [Task<'a>],
}

/// A list of tasks with their status. `prefix` makes ids unique where a page has several lists.
pub fn task_list(prefix: &str, groups: &[TaskGroup]) -> Markup {
    html! {
        @for (g, group) in groups.iter().enumerate() {
            @if !group.title.is_empty() { h2 .govuk-heading-m { (group.title) } }
            ul .govuk-task-list {
                @for (n, task) in group.tasks.iter().enumerate() {
                    @let id = format!("{prefix}-{}-{}", g + 1, n + 1);
                    @let describes = if task.hint.is_some() { format!("{id}-hint {id}-status") } else { format!("{id}-status") };
                    li .govuk-task-list__item .govuk-task-list__item--with-link[task.href.is_some()] {
                        div .govuk-task-list__name-and-hint {
                            @if let Some(href) = task.href {
                                a .govuk-link .govuk-task-list__link href=(href) aria-describedby=(describes) { (task.title) }
                            } @else { div { (task.title) } }
                            @if let Some(hint) = task.hint { div .govuk-task-list__hint id={ (id) "-hint" } { (hint) } }
                        }
                        div .govuk-task-list__status .govuk-task-list__status--cannot-start-yet[task.href.is_none() && task.tone.is_none()] id={ (id) "-status" } {
                            @if let Some(tone) = task.tone { (tag(task.status, tone)) } @else { (task.status) }
                        }
                    }
                }
            }
        }
    }
}
