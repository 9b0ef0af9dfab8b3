//! The packs as both sides read them: standing, duties with their sources and controls, forms, thresholds, intervals (OFF-1, OFF-2, OUT-0).

use axum::extract::Path;
use maud::{Markup, html};
use platform::ui::{self, Column, Fact, Row, Table, Tone};
use platform::web::{Answer, Visit};
use platform::{Error, t, texts};
use rules::message::Message;
use rules::pack::{Interval, Obligation, Pack, SourceStatus, When};

use super::{packs, resource};

fn said(message: &Message) -> String {
    texts::say(message.id, &message.args)
}

/// The pack's status in a word.
pub fn tag(pack: &Pack) -> Markup {
    let (id, tone) = match pack.standing().status {
        SourceStatus::Draft => ("pack-status-draft", Tone::Yellow),
        SourceStatus::InForce => ("pack-status-in-force", Tone::Green),
        SourceStatus::Withdrawn => ("pack-status-withdrawn", Tone::Orange),
        SourceStatus::Superseded => ("pack-status-superseded", Tone::Orange),
    };
    ui::tag(&t!(id), tone)
}

/// What a reader must know of a pack wherever its rules are applied: edition, day, note, author, manager, and how the policy stands.
pub fn standing(pack: &Pack) -> Markup {
    let standing = pack.standing();
    html! {
        p .govuk-body { (said(&standing.edition)) }
        p .govuk-body {
            (said(&standing.status_says))
            @for more in [&standing.successor, &standing.unseen].into_iter().flatten() { " " (said(more)) }
        }
        @if let Some(note) = &standing.note { p .govuk-body { (note) } }
    }
}

/// An event as people read it.
fn event(pack: &Pack, id: &str) -> String {
    pack.events.iter().find(|e| e.id == id).map_or_else(|| id.to_owned(), |e| e.title.clone())
}

/// What a duty waits for whose event has no day yet, in words.
pub fn waits(pack: &Pack, obligation: &Obligation) -> String {
    match &obligation.when {
        When::Always => t!("pack-when-always"),
        When::Before(what) => t!("pack-waits-before", what = event(pack, what)),
        When::On(what) => t!("pack-waits-on", what = event(pack, what)),
        When::Within { interval, of } => t!("pack-waits-within", interval = interval_text(*interval), what = event(pack, of)),
        When::Every { interval, from } => t!("pack-waits-every", interval = interval_text(*interval), what = event(pack, from)),
    }
}

/// When a duty is owed, in words.
pub fn when(pack: &Pack, obligation: &Obligation) -> String {
    let event = |id: &str| event(pack, id);
    match &obligation.when {
        When::Always => t!("pack-when-always"),
        When::Before(what) => t!("pack-when-before", what = event(what)),
        When::On(what) => t!("pack-when-on", what = event(what)),
        When::Within { interval, of } => t!("pack-when-within", interval = interval_text(*interval), what = event(of)),
        When::Every { interval, from } => t!("pack-when-every", interval = interval_text(*interval), what = event(from)),
    }
}

/// "2 years", "30 days", "5 working days".
pub(crate) fn interval_text(interval: Interval) -> String {
    match interval {
        Interval::WorkingDays(days) => t!("pack-working-days", count = days),
        Interval::Calendar { months, days } => [("pack-years", months / 12), ("pack-months", months % 12), ("pack-days", days)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(id, count)| platform::texts::Text::new(id).with("count", count).say())
            .collect::<Vec<_>>()
            .join(" "),
    }
}

/// The role that owes a duty, in words.
pub fn owed_by(obligation: &Obligation) -> String {
    role(obligation.owed_by.code())
}

/// A role that owes duties, by its code, in words.
pub fn role(code: &str) -> String {
    t!(&format!("pack-owed-{}", code.replace('_', "-")))
}

pub(super) async fn list(visit: Visit) -> Answer {
    let rows: Vec<Row> = packs(visit.core())
        .editions()
        .filter(|pack| visit.cx.may("pack.view", &resource(pack)))
        .map(|pack| {
            Row::new(vec![
                html! { a .govuk-link href={ "/packs/" (pack.pack) "/" (pack.edition) } { (pack.title) } },
                html! { (tag(pack)) },
                html! { (pack.edition) },
                html! { (platform::clock::day_text(pack.date)) },
                html! { (pack.obligations.len()) },
            ])
        })
        .collect();
    let heads = [t!("pack-title"), t!("pack-status"), t!("pack-edition"), t!("pack-date"), t!("pack-duties")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let caption = t!("pack-list-title");
    Ok(visit.page(&caption).active("/packs").wide().body(&html! {
        h1 .govuk-heading-l { (caption) }
        (ui::lead(&t!("pack-list-lead")))
        (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows))
    }))
}

pub(super) async fn record(visit: Visit, Path((id, edition)): Path<(String, String)>) -> Answer {
    let pack = packs(visit.core()).get(&id, &edition).cloned().ok_or(Error::NotFound)?;
    visit.cx.permit("pack.view", &resource(&pack))?;
    let page = visit.page(&pack.title).active("/packs").crumb(&t!("pack-list-title"), "/packs").wide();
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (pack.title) " " (tag(&pack)) }
        p .govuk-body-l { (pack.summary) }
        (ui::inset(standing(&pack)))
        (parents(&pack))
        h2 .govuk-heading-m { (t!("pack-duties")) }
        (duties(&pack, &pack.obligations.iter().collect::<Vec<_>>()))
        (numbers(&pack))
        (forms(&pack))
    }))
}

fn parents(pack: &Pack) -> Markup {
    html! {
        @if !pack.parents.is_empty() {
            h2 .govuk-heading-m { (t!("pack-parents")) }
            ul .govuk-list .govuk-list--bullet {
                @for parent in &pack.parents { li { strong { (parent.framework) } ": " (parent.requirement) } }
            }
        }
    }
}

/// A table of duties: what, who, when, what shows it, where it comes from.
pub fn duties(pack: &Pack, which: &[&Obligation]) -> Markup {
    let rows: Vec<Row> = which
        .iter()
        .map(|o| {
            let controls: Vec<_> = o.controls.iter().map(|c| format!("{} {}", c.standard, c.id)).collect();
            Row::new(vec![
                html! { strong { (o.title) } br; (o.text) },
                html! { (owed_by(o)) @if o.flows_down { br; span .govuk-hint { (t!("pack-flows-down")) } } },
                html! { (when(pack, o)) },
                html! { (o.evidence) },
                html! { (o.source.join(", ")) @if !controls.is_empty() { br; span .govuk-hint { (controls.join(", ")) } } },
            ])
        })
        .collect();
    let heads = [t!("pack-duty"), t!("pack-owed-by"), t!("pack-when"), t!("pack-evidence"), t!("pack-source")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let caption = t!("pack-duties");
    ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows)
}

fn numbers(pack: &Pack) -> Markup {
    let thresholds: Vec<(String, Markup)> = pack
        .thresholds
        .iter()
        .map(|x| (x.title.clone(), html! { (x.value) " " (t!(&format!("pack-unit-{}", x.unit.replace('_', "-")))) }))
        .collect();
    let intervals: Vec<(String, Markup)> =
        pack.review_intervals.iter().map(|x| (x.title.clone(), html! { (t!("pack-every", interval = interval_text(x.every))) })).collect();
    let facts = |list: &[(String, Markup)]| {
        let facts: Vec<Fact> = list.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
        ui::summary_list(&facts, true)
    };
    html! {
        @if !thresholds.is_empty() { h2 .govuk-heading-m { (t!("pack-thresholds")) } (facts(&thresholds)) }
        @if !intervals.is_empty() { h2 .govuk-heading-m { (t!("pack-intervals")) } (facts(&intervals)) }
    }
}

fn forms(pack: &Pack) -> Markup {
    html! {
        @if !pack.forms.is_empty() {
            h2 .govuk-heading-m { (t!("pack-forms")) }
            @for form in pack.forms.values() {
                (ui::details(&form.title, html! {
                    @for section in &form.sections {
                        h3 .govuk-heading-s { (section.title) }
                        ol .govuk-list .govuk-list--number { @for question in &section.questions { li { (question.label) } } }
                    }
                }))
            }
        }
    }
}
