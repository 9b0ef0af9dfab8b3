//! The component kit: pure functions from texts to markup. No I/O, no server, no catalogue.
//!
//! The markup follows the published guidance of GOV.UK Frontend and of the Ministry of Justice's
//! components, so that their style sheets and scripts fit; what they lack is prefixed `vs-`.
//!
//! Every text comes in from the caller, who took it from the catalogue. A component that has words
//! of its own ("There is a problem") takes a [`Words`] lookup as its first argument; the ids that
//! it asks for begin with `ui-` and stand in `locales/en/ui.ftl`.
//!
//! Ids are made from field names by [`id_of`], so an error summary can link to a field that it has
//! never seen.

mod assets;
mod case;
mod content;
mod field;
mod form;
mod icon;
mod layout;
mod list;
mod risk;

#[cfg(test)]
mod tests;

pub use assets::{Assets, AssetsError};
pub use case::{CaseHead, Change, Message, Moment, Stage, case_head, compare, messages, stage_line, timeline};
pub use content::{
    Fact, Notice, RowAction, Tab, details, details_shown, empty_state, inset, lead, notice, panel, reference, sub_navigation, summary_card,
    summary_list, tabs, tag, warning_text,
};
pub use field::{
    AddressParts, Check, Choice, Field, Input, InputKind, address, checkboxes, datalist, date_input, day_boxes, error_message, file_input,
    hint, input, parts, password, radios, select, single_checkbox, textarea,
};
pub use form::{
    ButtonKind, FieldError, Form, Repeat, button, button_group, error_summary, fieldset, form, hidden, link_button, named_button, question,
    repeat, start_button,
};
pub use layout::{Account, NavGroup, NavItem, Page, Phase, Width, page};
pub use list::{Column, FilterGroup, FilterLink, Pager, Row, Search, Sort, Table, Tile, filters, pager, search, searched, table, tiles};
pub use list::{Task, TaskGroup, task_list};
pub use risk::{Matrix, Plotted, risk_matrix};

/// Looks a fixed word up in the message catalogue by id, in the reader's language.
pub type Words<'a> = &'a dyn Fn(&str) -> String;

/// A link: its text and where it leads.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// What the reader sees.
    pub text: &'a str,
    /// Path or address.
    pub href: &'a str,
}

impl<'a> Link<'a> {
    /// A link from its text and its address.
    pub const fn new(text: &'a str, href: &'a str) -> Self {
        Self { text, href }
    }
}

/// The colour of a tag, a tile or a notice. Colour is never the only sign: the text says it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing asked of anybody: draft, not started, withdrawn.
    #[default]
    Grey,
    /// Under way with somebody.
    Blue,
    /// Under way at a late step.
    Teal,
    /// Done, met, approved.
    Green,
    /// Waits for the reader; due soon.
    Yellow,
    /// Needs attention; returned.
    Orange,
    /// Overdue, declined, refused.
    Red,
    /// Special: paused, under audit.
    Purple,
}

impl Tone {
    /// The last part of the class name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Blue => "blue",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
            Self::Purple => "purple",
        }
    }
}

/// The element id of the field named `name`: every character that an id selector would have to
/// escape becomes `-`. `q.sites.1.country` gives `q-sites-1-country`.
///
/// Radios and checkboxes follow GOV.UK: the first option bears this id, the others `-2`, `-3`, …
/// Date inputs: this id on the group, `-day`, `-month`, `-year` on the boxes.
pub fn id_of(name: &str) -> String {
    let mut id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    if !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        id.insert(0, 'f');
    }
    id
}
