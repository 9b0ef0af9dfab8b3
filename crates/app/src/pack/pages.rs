//! The packs as both sides read them: standing, duties with their sources and controls, forms, thresholds, intervals (OFF-1, OFF-2, OUT-0).

use axum::extract::Path;
use maud::{Markup, html};
use platform::authz::Resource;
use platform::ui::{self, Column, Fact, Row, Table, Tone};
use platform::web::{Answer, Visit};
use platform::{Error, Result, t, texts};
use rules::message::Message;
use rules::pack::{Guidance, Interval, Obligation, Pack, SourceStatus, When};

use super::{Origin, Packs, Use, packs, resource, store};

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
    when_text(pack, &obligation.when)
}

/// The same, of when alone.
pub fn when_text(pack: &Pack, when: &When) -> String {
    let event = |id: &str| event(pack, id);
    match when {
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

/// How an edition stands with this authority, in a word.
pub fn use_tag(known: &Packs, pack: &Pack) -> Markup {
    let (id, tone) = match known.use_of(pack) {
        Use::Waiting => ("pack-use-waiting", Tone::Yellow),
        Use::Current => ("pack-use-current", Tone::Green),
        Use::Earlier => ("pack-use-earlier", Tone::Grey),
        Use::Withdrawn => ("pack-use-withdrawn", Tone::Orange),
    };
    ui::tag(&t!(id), tone)
}

/// Whether the visitor may bring editions in.
pub fn may_install(visit: &Visit) -> bool {
    visit.cx.may("pack.install", &Resource::new("pack", "new"))
}

pub(super) async fn list(visit: Visit) -> Answer {
    let known = packs(visit.core());
    let rows: Vec<Row> = known
        .editions()
        .filter(|pack| visit.cx.may("pack.view", &resource(pack)))
        .map(|pack| {
            Row::new(vec![
                html! { a .govuk-link href={ "/packs/" (pack.pack) "/" (pack.edition) } { (pack.title) } },
                html! { (pack.edition) },
                use_tag(&known, pack),
                html! { (tag(pack)) },
                html! { (platform::clock::day_text(pack.date)) },
                html! { (pack.obligations.len()) },
            ])
        })
        .collect();
    let heads = [t!("pack-title"), t!("pack-edition"), t!("pack-use"), t!("pack-status"), t!("pack-date"), t!("pack-duties")];
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let caption = t!("pack-list-title");
    let installs = may_install(&visit);
    let offers = if installs { store::offers(visit.cx.db()).await? } else { Vec::new() };
    Ok(visit.page(&caption).active("/packs").wide().body(&html! {
        h1 .govuk-heading-l { (caption) }
        (ui::lead(&t!("pack-list-lead")))
        @if installs { (ui::link_button(ui::Link::new(&t!("pack-install"), "/packs/install"), ui::ButtonKind::Primary)) }
        @if !offers.is_empty() {
            h2 .govuk-heading-m { (t!("pack-offers")) }
            ul .govuk-list .govuk-list--bullet {
                @for offer in &offers {
                    li {
                        a .govuk-link href={ "/packs/install/" (offer.id) } { (t!("pack-offer", pack = &offer.pack, edition = &offer.edition)) }
                        " " (t!("pack-offer-since", date = visit.core().clock.day_text(offer.offered_at)))
                    }
                }
            }
        }
        (ui::table(&Table { caption: &caption, caption_shown: false, columns: &columns, stack: true }, &rows))
    }))
}

pub(super) async fn record(visit: Visit, Path((id, edition)): Path<(String, String)>) -> Answer {
    let known = packs(visit.core());
    let pack = known.get(&id, &edition).cloned().ok_or(Error::NotFound)?;
    visit.cx.permit("pack.view", &resource(&pack))?;
    let page = visit.page(&pack.title).active("/packs").crumb(&t!("pack-list-title"), "/packs").wide();
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (pack.title) " " (tag(&pack)) }
        p .govuk-body-l { (pack.summary) }
        (ui::inset(standing(&pack)))
        (here(&visit, &known, &pack).await?)
        (parents(&pack))
        h2 .govuk-heading-m { (t!("pack-duties")) }
        (duties(&pack, &pack.obligations.iter().collect::<Vec<_>>()))
        (guidance(pack.guidance.iter()))
        (numbers(&pack))
        (forms(&pack))
    }))
}

/// How the edition stands with this authority, the other editions, and what the visitor may do about it.
async fn here(visit: &Visit, known: &Packs, pack: &Pack) -> Result<Markup> {
    let at = format!("/packs/{}/{}", pack.pack, pack.edition);
    let (stands, of) = (known.use_of(pack), resource(pack));
    let others: Vec<_> = known.of(&pack.pack).filter(|other| other.edition != pack.edition).collect();
    let put = store::state_of(visit.cx.db(), &pack.pack, &pack.edition).await?;
    let installed = store::list(visit.cx.db()).await?.into_iter().find(|row| row.pack == pack.pack && row.edition == pack.edition);
    let origin = known.origin(&pack.pack, &pack.edition).unwrap_or(Origin::BuiltIn);
    let mut facts = vec![
        (t!("pack-use"), use_tag(known, pack)),
        (
            t!("pack-origin"),
            html! {
                (t!(&format!("pack-origin-{}", origin.code())))
                @if let Some(row) = &installed { " " (t!("pack-installed-at", date = visit.core().clock.day_text(row.installed_at))) }
            },
        ),
    ];
    if let Some(put) = put.filter(|_| visit.cx.actor.is_authority()) {
        facts.insert(
            1,
            (t!("pack-put"), html! { (t!("pack-put-at", date = visit.core().clock.day_text(put.put_at), reason = &put.reason)) }),
        );
    }
    if let Some(digest) = known.digest(&pack.pack, &pack.edition).filter(|_| visit.cx.actor.is_authority()) {
        facts.push((t!("pack-digest"), html! { code .vs-break { (digest) } }));
    }
    let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(html! {
        h2 .govuk-heading-m { (t!("pack-here")) }
        (ui::summary_list(&facts, true))
        @if !others.is_empty() {
            p .govuk-body {
                (t!("pack-others")) " "
                @for (n, other) in others.iter().enumerate() {
                    @if n > 0 { ", " }
                    a .govuk-link href={ "/packs/" (other.pack) "/" (other.edition) } { (other.edition) }
                }
                ". " a .govuk-link href={ (at) "/difference" } { (t!("pack-difference")) }
            }
        }
        (ui::button_group(html! {
            @if stands != Use::Current && visit.cx.may("pack.put_in_use", &of) {
                (ui::link_button(ui::Link::new(&t!("pack-put-in-use"), &format!("{at}/use")), ui::ButtonKind::Primary))
            }
            @if matches!(stands, Use::Current | Use::Earlier) && !others.is_empty() && visit.cx.may("pack.move_contracts", &of) {
                (ui::link_button(ui::Link::new(&t!("pack-move"), &format!("{at}/contracts")), ui::ButtonKind::Secondary))
            }
            @if stands != Use::Withdrawn && !(stands == Use::Current && known.is_needed(&pack.pack)) && visit.cx.may("pack.withdraw", &of) {
                (ui::link_button(ui::Link::new(&t!("pack-withdraw"), &format!("{at}/withdraw")), ui::ButtonKind::Secondary))
            }
        }))
    })
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

/// What to do in special cases, each with the way to where more of it stands; nothing without any.
pub fn guidance<'p>(of: impl Iterator<Item = &'p Guidance>) -> Markup {
    let all: Vec<&Guidance> = of.collect();
    html! {
        @if !all.is_empty() {
            h2 .govuk-heading-m { (t!("pack-guidance")) }
            ul .govuk-list .govuk-list--bullet .govuk-list--spaced {
                @for one in all {
                    li {
                        strong { (one.title) } ". " (one.text)
                        @if let Some(link) = &one.link {
                            " " a .govuk-link href=(link) rel="noreferrer external" { (t!("pack-guidance-more", title = &one.title, site = site(link))) }
                        }
                    }
                }
            }
        }
    }
}

/// The host of an address, as people know it.
fn site(link: &str) -> String {
    let url = url::Url::parse(link).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or(link);
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// A table of duties: what, who, when, what shows it, where it comes from.
pub fn duties(pack: &Pack, which: &[&Obligation]) -> Markup {
    let rows: Vec<Row> = which
        .iter()
        .map(|o| {
            let controls: Vec<_> = o.controls.iter().map(|c| format!("{} {}", c.standard, c.id)).collect();
            Row::new(vec![
                html! { strong { (o.title) } br; (o.text) @if o.blocked_until_ruling { br; span .govuk-hint { (t!("pack-blocked-until-ruling")) } } },
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
