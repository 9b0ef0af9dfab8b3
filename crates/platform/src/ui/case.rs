//! What a case shows: its head, where it stands, what was said and done, what changed.

use std::cmp::Ordering;

use maud::{Markup, html};

use super::{Tone, Words, tag};

/// The key facts at the head of a case.
#[derive(Debug, Clone)]
pub struct CaseHead<'a> {
    /// What it is, such as "Offshoring proposal".
    pub kind: &'a str,
    /// Its reference.
    pub reference: &'a str,
    /// Its title: the heading of the page.
    pub title: &'a str,
    /// Name and colour of its stage.
    pub stage: (&'a str, Tone),
    /// Facts in a line: label and value, such as who has it and when it is due. Few and short.
    pub facts: &'a [(&'a str, Markup)],
    /// The one thing the reader may do now, as a button; none when it is with somebody else.
    pub action: Option<Markup>,
}

/// The head of a case.
pub fn case_head(head: &CaseHead) -> Markup {
    html! {
        header .vs-case {
            div .vs-case__main {
                p .vs-case__kind { (head.kind) " " span .vs-case__reference { (head.reference) } }
                h1 .govuk-heading-l .vs-case__title { (head.title) " " (tag(head.stage.0, head.stage.1)) }
                dl .vs-case__facts {
                    @for (label, value) in head.facts {
                        div { dt { (label) } dd { (value) } }
                    }
                }
            }
            @if let Some(action) = &head.action { div .vs-case__action { (action) } }
        }
    }
}

/// A stage on the line of a case.
#[derive(Debug, Clone, Copy)]
pub struct Stage<'a> {
    /// Its name.
    pub name: &'a str,
    /// A short note under it, such as a date or who has it.
    pub note: Option<&'a str>,
}

/// The stages of a case in order with "you are here" on the one numbered `here`, from 0; a number
/// past the end means that all are behind it.
pub fn stage_line(t: Words, stages: &[Stage], here: usize) -> Markup {
    html! {
        ol .vs-stages aria-label=(t("ui-stages")) {
            @for (n, stage) in stages.iter().enumerate() {
                @let class = match n.cmp(&here) {
                    Ordering::Less => "vs-stage vs-stage--done",
                    Ordering::Equal => "vs-stage vs-stage--here",
                    Ordering::Greater => "vs-stage",
                };
                li class=(class) aria-current=[(n == here).then_some("step")] {
                    span .vs-stage__name { (stage.name) }
                    @if n == here { span .vs-stage__note { (t("ui-stage-here")) } }
                    @else if n < here { span .govuk-visually-hidden { " " (t("ui-stage-done")) } }
                    @if let Some(note) = stage.note { span .vs-stage__note { (note) } }
                }
            }
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Moment<'a> {
    /// What, as a short sentence.
    pub title: &'a str,
    /// By whom.
    pub by: &'a str,
    /// When, as drawn.
    pub when: &'a str,
    /// When, as ISO 8601 for machines.
    pub iso: &'a str,
    /// Details.
    pub body: Option<Markup>,
}

/// What happened, newest first.
pub fn timeline(moments: &[Moment]) -> Markup {
    html! {
        ol .moj-timeline .vs-timeline {
            @for m in moments {
                li .moj-timeline__item {
                    div .moj-timeline__header {
                        h3 .moj-timeline__title { (m.title) } " "
                        p .moj-timeline__byline { (m.by) }
                    }
                    p .moj-timeline__date { time datetime=(m.iso) { (m.when) } }
                    @if let Some(body) = &m.body { div .moj-timeline__description { (body) } }
                }
            }
        }
    }
}

/// One message of a thread.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// Who wrote it.
    pub by: &'a str,
    /// Of which party.
    pub party: &'a str,
    /// When, as drawn.
    pub when: &'a str,
    /// When, as ISO 8601.
    pub iso: &'a str,
    /// What it says.
    pub body: Markup,
    /// The reader's own side wrote it.
    pub own: bool,
    /// A note that the other side cannot see; drawn apart and said in words.
    pub internal: bool,
}

/// A thread, oldest first.
pub fn messages(t: Words, messages: &[Message]) -> Markup {
    html! {
        ol .vs-thread {
            @for m in messages {
                li .vs-message .vs-message--own[m.own] .vs-message--internal[m.internal] {
                    p .vs-message__head {
                        strong { (m.by) } ", " (m.party) " " time datetime=(m.iso) { (m.when) }
                        @if m.internal { " " (tag(&t("ui-internal"), Tone::Yellow)) }
                    }
                    div .vs-message__body { (m.body) }
                }
            }
        }
    }
}

/// An answer before and after.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The question.
    pub label: &'a str,
    /// Its answer in the left column.
    pub before: Markup,
    /// Its answer in the right column.
    pub after: Markup,
    /// The two differ.
    pub changed: bool,
}

/// Two versions side by side, changed answers marked in words as well as colour.
pub fn compare(t: Words, caption: &str, before: &str, after: &str, changes: &[Change]) -> Markup {
    html! {
        table .govuk-table .vs-table .vs-compare .stack role="table" {
            caption .govuk-table__caption .govuk-table__caption--s { (caption) }
            thead .govuk-table__head role="rowgroup" {
                tr .govuk-table__row role="row" {
                    th .govuk-table__header scope="col" role="columnheader" { (t("ui-question")) }
                    th .govuk-table__header scope="col" role="columnheader" { (before) }
                    th .govuk-table__header scope="col" role="columnheader" { (after) }
                }
            }
            tbody .govuk-table__body role="rowgroup" {
                @for c in changes {
                    tr .govuk-table__row .vs-changed[c.changed] role="row" {
                        th .govuk-table__header scope="row" role="rowheader" {
                            (c.label)
                            @if c.changed { " " (tag(&t("ui-changed"), Tone::Yellow)) }
                        }
                        td .govuk-table__cell role="cell" data-label=(before) { div .vs-cell { (c.before) } }
                        td .govuk-table__cell role="cell" data-label=(after) { div .vs-cell { (c.after) } }
                    }
                }
            }
        }
    }
}
