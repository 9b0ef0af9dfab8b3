//! What differs between two editions, old and new side by side.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use maud::{Markup, html};
use platform::ui::{self, Choice, Column, Field, Row, Table, Tone};
use platform::web::{Answer, Fields, Visit};
use platform::{Error, t, texts};
use rules::pack::{Became, Difference, EntryChange, Pack};

use super::values;
use crate::pack::{Packs, packs, resource};

/// The most entries of one area that a page of everything shows.
const MOST_SHOWN: usize = 40;

/// The page of a difference; `?from=` names the older edition, `?area=` one part of it.
pub(in crate::edition) async fn show(visit: Visit, Path((id, edition)): Path<(String, String)>, RawQuery(query): RawQuery) -> Answer {
    let known = packs(visit.core());
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let new = known.get(&id, &edition).cloned().ok_or(Error::NotFound)?;
    visit.cx.permit("pack.view", &resource(&new))?;
    let others: Vec<&Arc<Pack>> = known.of(&id).filter(|pack| pack.edition != edition).collect();
    let old = match query.some("from") {
        Some(from) => Some(known.get(&id, from).cloned().ok_or(Error::NotFound)?),
        None => before(&known, &new),
    };
    let title = t!("edition-difference-title", title = &new.title, edition = &new.edition);
    let here = format!("/packs/{id}/{edition}/difference");
    let names: Vec<(String, String)> =
        others.iter().map(|pack| (pack.edition.clone(), t!("edition-of", edition = &pack.edition))).collect();
    let choices: Vec<Choice> = names.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let label = t!("edition-difference-from");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        @if let Some(old) = &old {
            @let difference = Difference::between(old, &new);
            @if choices.len() > 1 {
                form .vs-inline method="get" action=(here) {
                    (ui::select(&|id| texts::t(id), &Field::new("from", &label), &choices, Some(&old.edition), false))
                    (ui::button(&t!("edition-difference-show"), ui::ButtonKind::Secondary))
                }
            }
            p .govuk-body {
                (t!("edition-difference-between", old = &old.edition, new = &new.edition)) " "
                a .govuk-link href={ "/packs/" (id) "/" (edition) } { (t!("edition-difference-see", edition = &new.edition)) }
            }
            (drawn(&difference, old, &new, query.some("area"), &format!("{here}?from={}", old.edition)))
        } @else {
            (ui::inset(html! { (t!("edition-difference-only")) }))
        }
    };
    Ok(visit.page(&title).active("/packs").crumb(&t!("pack-list-title"), "/packs").wide().body(&body))
}

/// The edition that another is held against where nobody says which: the one in use, else the one before it.
fn before(known: &Packs, new: &Pack) -> Option<Arc<Pack>> {
    let current = known.in_use(&new.pack).filter(|current| current.edition != new.edition);
    let earlier = || known.of(&new.pack).find(|pack| pack.edition < new.edition);
    let any = || known.of(&new.pack).find(|pack| pack.edition != new.edition);
    current.or_else(earlier).or_else(any).cloned()
}

/// How much differs, in a line.
pub(super) fn counted(difference: &Difference) -> String {
    let of =
        |became: Became| difference.changes.iter().filter(|change| change.became == became && change.area != rules::pack::ABOUT).count();
    t!("edition-difference-counts", added = of(Became::Added), changed = of(Became::Changed), removed = of(Became::Removed))
}

/// The difference in tables, one for each area; of one area alone where that is asked for. `more` is the address of the page that shows one.
pub(super) fn drawn(difference: &Difference, old: &Pack, new: &Pack, only: Option<&str>, more: &str) -> Markup {
    let mut areas: Vec<&str> = Vec::new();
    for change in &difference.changes {
        if !areas.contains(&change.area.as_str()) && only.is_none_or(|only| only == change.area) {
            areas.push(&change.area);
        }
    }
    // What people ask first: what is owed, what is asked, which numbers; what the edition says of itself comes last.
    let rank = |area: &str| {
        let first = [
            "obligations",
            "questions",
            "sections",
            "form",
            "thresholds",
            "review_intervals",
            "decision_levels",
            "urgent_approval",
            "incidents",
        ];
        first.iter().position(|known| *known == area).unwrap_or(if area == rules::pack::ABOUT { 99 } else { 50 })
    };
    areas.sort_by_key(|area| rank(area));
    html! {
        @if !difference.matters() { (ui::inset(html! { (t!("edition-difference-none")) })) }
        @else if only.is_none() { p .govuk-body { strong { (counted(difference)) } } }
        @for area in areas {
            @let all: Vec<&EntryChange> = difference.of(area).collect();
            @let shown = if only.is_some() { all.len() } else { MOST_SHOWN };
            (table(&values::area(area), &all[..shown.min(all.len())], old, new))
            @if all.len() > shown {
                p .govuk-body { a .govuk-link href={ (more) "&area=" (area) } { (t!("edition-difference-more", count = all.len())) } }
            }
        }
    }
}

fn table(caption: &str, changes: &[&EntryChange], old: &Pack, new: &Pack) -> Markup {
    let heads = ["edition-which", "edition-part", "edition-before", "edition-now"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let mut rows = Vec::new();
    for change in changes {
        match change.became {
            Became::Changed => {
                for (n, part) in change.parts.iter().enumerate() {
                    let said = |pack: &Pack, value: Option<&serde_json::Value>| match value {
                        Some(value) => html! { span .vs-break { (values::value(pack, change, &part.part, value)) } },
                        None => html! { span .vs-unanswered { (t!("edition-not-there")) } },
                    };
                    rows.push(Row::new(vec![
                        if n == 0 {
                            name(change)
                        } else {
                            html! { span .govuk-hint { (title(change)) } }
                        },
                        html! { (values::part(&part.part)) },
                        said(old, part.old.as_ref()),
                        said(new, part.new.as_ref()),
                    ]));
                }
            }
            Became::Added => rows.push(Row::new(vec![
                name(change),
                ui::tag(&t!("edition-added"), Tone::Green),
                html! { span .vs-unanswered { (t!("edition-not-there")) } },
                whole(change, new),
            ])),
            Became::Removed => rows.push(Row::new(vec![
                name(change),
                ui::tag(&t!("edition-removed"), Tone::Orange),
                whole(change, old),
                html! { span .vs-unanswered { (t!("edition-not-there")) } },
            ])),
        }
    }
    ui::table(&Table { caption, caption_shown: true, columns: &columns, stack: true }, &rows)
}

fn title(change: &EntryChange) -> String {
    if change.title.is_empty() { t!("edition-order") } else { change.title.clone() }
}

fn name(change: &EntryChange) -> Markup {
    html! { strong { (title(change)) } @if !change.id.is_empty() { br; code .vs-break { (change.id) } } }
}

/// All that an entry says that came or went, but what its name says already.
fn whole(change: &EntryChange, pack: &Pack) -> Markup {
    let told = change.parts.iter().filter(|part| !["id", "title", "label", "form"].contains(&part.part.as_str()));
    html! {
        ul .govuk-list {
            @for part in told {
                @if let Some(value) = part.new.as_ref().or(part.old.as_ref()) {
                    li { (values::part(&part.part)) ": " span .vs-break { (values::value(pack, change, &part.part, value)) } }
                }
            }
        }
    }
}

/// The difference of two editions, as [`drawn`], or that there is none to draw.
pub(super) fn against(old: Option<&Arc<Pack>>, new: &Pack, difference: &Difference, only: Option<&str>, more: &str) -> Markup {
    match old {
        Some(old) => html! {
            h2 .govuk-heading-m { (t!("edition-difference-heading", edition = &old.edition)) }
            (drawn(difference, old, new, only, more))
        },
        None => ui::inset(html! { (t!("edition-difference-first")) }),
    }
}
