//! A record's timeline, from the ledger: who did what, when, and what changed.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::field::Register;
use super::form::value_says;
use crate::authz::Side;
use crate::book::{self, Line};
use crate::cases::people;
use crate::cx::Cx;
use crate::error::Result;
use crate::files;
use crate::identity;
use crate::texts::{self, Text};
use crate::{clock, t, ui};

/// Entries shown.
const MOST: u64 = 100;

/// The timeline of a record, newest first. A line's text is the message `timeline-<action>`, which gets the entry's open codes and the
/// texts of its body as arguments; changed fields are listed under it.
///
/// # Errors
/// When the database fails or a detail does not open.
pub async fn history(cx: &Cx, of: &Register, id: Uuid) -> Result<Markup> {
    let lines = lines(cx, of, id).await?;
    let names = names(cx, &lines).await?;
    let drawn: Vec<(String, String, String, String, Option<Markup>)> = lines
        .iter()
        .rev()
        .map(|line| {
            let by = match line.actor_kind.as_str() {
                "account" => names.get(&line.index).cloned().unwrap_or_else(|| t!("timeline-somebody")),
                kind => texts::t(&format!("timeline-by-{kind}")),
            };
            let when = cx.core().clock.moment_text(line.at);
            (title(line), by, when, clock::timestamp(line.at).to_string(), changes(of, line))
        })
        .collect();
    let moments: Vec<ui::Moment> =
        drawn.iter().map(|(title, by, when, iso, body)| ui::Moment { title, by, when, iso, body: body.clone() }).collect();
    Ok(ui::timeline(&moments))
}

/// One line of a history, for programs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Moment {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// What was done, by code.
    pub action: String,
    /// Who did it, by name; none for somebody of the other side.
    pub by: Option<String>,
    /// In words.
    pub title: String,
    /// What is told of it: codes, ids, reasons, changed fields.
    #[schema(value_type = Object)]
    pub about: Value,
}

/// The same timeline for programs.
///
/// # Errors
/// As [`history`].
pub async fn moments(cx: &Cx, of: &Register, id: Uuid) -> Result<Vec<Moment>> {
    let lines = lines(cx, of, id).await?;
    let names = names(cx, &lines).await?;
    let inside = cx.actor.account().is_none_or(|actor| actor.side == Side::Authority);
    let told = |line: &Line| {
        let mut about: serde_json::Map<String, Value> = line
            .about
            .iter()
            .filter(|(name, _)| inside || *name != book::ACTS_FOR)
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        if let Some(Value::Object(body)) = &line.body {
            about.extend(body.clone());
        }
        Moment {
            at: clock::timestamp(line.at).to_string(),
            action: line.action.clone(),
            by: names.get(&line.index).cloned(),
            title: title(line),
            about: Value::Object(about),
        }
    };
    Ok(lines.iter().rev().map(told).collect())
}

/// What was done to a record and to its files, as far as the actor may know of these; oldest first.
async fn lines(cx: &Cx, of: &Register, id: Uuid) -> Result<Vec<Line>> {
    let mut lines = book::timeline(cx, of.kind, &id.to_string(), MOST).await?;
    if cx.core().files.has(of.kind) {
        lines.extend(files::entries(cx, of.kind, &id.to_string(), MOST).await?);
        lines.sort_by_key(|line| line.index);
    }
    Ok(lines)
}

/// Who did what, by the line's index, as far as the actor may know: a supplier does not read which of the authority's people did.
async fn names(cx: &Cx, lines: &[Line]) -> Result<BTreeMap<i64, String>> {
    let account = |line: &Line| (line.actor_kind == "account").then(|| line.actor_id.parse::<Uuid>().ok()).flatten();
    let all: BTreeSet<Uuid> = lines.iter().flat_map(|line| [account(line), line.acts_for()]).flatten().collect();
    let names = people::names(cx, identity::shown(cx, all).await?).await?;
    let by = |line: &Line| Some((line.index, people::who(&names, account(line)?, line.acts_for())?));
    Ok(lines.iter().filter_map(by).collect())
}

fn title(line: &Line) -> String {
    let mut text = Text::new(format!("timeline-{}", line.action.replace(['.', '_'], "-")));
    for (name, value) in &line.about {
        text = text.with(name, value);
    }
    if let Some(Value::Object(body)) = &line.body {
        for (name, value) in body {
            if let Value::String(value) = value {
                text = text.with(name, value);
            }
        }
    }
    text.say()
}

fn changes(of: &Register, line: &Line) -> Option<Markup> {
    let changes = line.body.as_ref()?.get("changes")?.as_object()?;
    let rows: Vec<(String, String, String)> = changes
        .iter()
        .filter(|(_, pair)| pair.as_array().is_some_and(|p| p.len() == 2))
        .map(|(name, pair)| {
            let field = of.field(name);
            let label = field.map_or_else(|| name.clone(), super::Field::says);
            (label, value_says(field, &pair[0]), value_says(field, &pair[1]))
        })
        .collect();
    Some(html! {
        ul .govuk-list {
            @for (label, before, after) in &rows { li { (t!("timeline-changed", label = label, before = before, after = after)) } }
        }
    })
}
