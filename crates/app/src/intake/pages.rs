//! The screens of mail that came in: what waits, one message with what can be done about it, and where it becomes a report. All of it is masked.

use axum::extract::{Path, RawQuery};
use maud::{Markup, html};
use platform::cases::people;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Column, Fact, FilterGroup, FilterLink, Link, Pager, Row, Table, Tone};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::act;
use super::model::{LIST, State, Why, any, at};
use super::said::{Said, masked};
use super::store::{self, Model, Opened};
use crate::casework::typed::{Typed, form};
use crate::contract::chain::place_row;
use crate::{contract, incident, party};

/// Messages on a page.
const PAGE: u64 = 50;
const WORDS: ui::Words = &|id| texts::t(id);

fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(LIST)
}

fn tone(state: State) -> Tone {
    match state {
        State::Waiting => Tone::Orange,
        State::Reported | State::Added => Tone::Green,
        State::SetAside => Tone::Grey,
    }
}

fn state_tag(row: &Model) -> Markup {
    html! { @if let Some(state) = row.stands() { (ui::tag(&state.says(), tone(state))) } }
}

fn why_of(row: &Model) -> Option<Why> {
    row.why.as_deref().and_then(Why::from_code)
}

fn sender_of(said: Option<&Said>) -> String {
    match said {
        None => platform::cases::words::destroyed(),
        Some(said) if said.sender.is_empty() => t!("mail-no-sender"),
        Some(said) => said.sender.clone(),
    }
}

fn subject_of(said: Option<&Said>) -> String {
    said.map_or_else(platform::cases::words::destroyed, Said::shown_subject)
}

pub(super) async fn list(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let cx = &visit.cx;
    cx.permit("mail.view", &any())?;
    let asked = Fields::read(query.unwrap_or_default().as_bytes())?;
    let case: Option<Uuid> = asked.some("incident").and_then(|id| id.parse().ok());
    let state = match asked.some("state") {
        Some("all") => None,
        Some(code) => State::from_code(code),
        None => case.is_none().then_some(State::Waiting),
    };
    let before = asked.some("before").and_then(|id| id.parse::<Uuid>().ok());
    let mut found = store::list(cx, (state, case), before, PAGE).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let kept = [("state", Some(state.map_or("all", State::code).to_owned())), ("incident", case.map(|id| id.to_string()))];
    let kept = kept.into_iter().filter_map(|(name, value)| value.map(|value| format!("{name}={value}"))).collect::<Vec<_>>().join("&");
    let next = found.last().filter(|_| more).map(|last| format!("{LIST}?{kept}&before={}", last.id));
    let first = before.map(|_| format!("{LIST}?{kept}"));
    let clock = &visit.core().clock;
    let heads = ["mail-subject", "mail-sender", "mail-received", "mail-why", "mail-state"].map(texts::t);
    let columns: Vec<Column> = heads.iter().map(|head| Column::new(head)).collect();
    let rows: Vec<Row> = store::opened(cx, cx.db(), found)
        .await?
        .iter()
        .map(|Opened { row, said, .. }| {
            Row::new(vec![
                html! { a .govuk-link .vs-break href=(at(row.id)) { (subject_of(said.as_ref())) } },
                html! { span .vs-break { (sender_of(said.as_ref())) } },
                html! { (clock.moment_text(row.received_at)) },
                html! { (why_of(row).map(short).unwrap_or_default()) },
                state_tag(row),
            ])
        })
        .collect();
    let title = t!("mail-list");
    Ok(page(&visit, &title).wide().body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("mail-list-lead")))
        @if case.is_none() { (filters(state)) }
        @if rows.is_empty() {
            @if state == Some(State::Waiting) { (ui::empty_state(&t!("mail-none"), &t!("mail-none-text"), None)) }
            @else { (ui::empty_state(&t!("mail-none-so"), &t!("mail-none-so-text"), None)) }
        } @else { (ui::table(&Table { caption: &title, caption_shown: false, columns: &columns, stack: true }, &rows)) }
        (ui::pager(WORDS, &Pager { first: first.as_deref(), previous: None, next: next.as_deref() }))
    }))
}

fn short(why: Why) -> String {
    texts::t(&format!("mail-short-{}", why.code().replace('_', "-")))
}

fn filters(on: Option<State>) -> Markup {
    let all: Vec<(String, String, bool)> = State::ALL
        .into_iter()
        .map(|state| (state.says(), format!("{LIST}?state={}", state.code()), on == Some(state)))
        .chain([(t!("mail-state-all"), format!("{LIST}?state=all"), on.is_none())])
        .collect();
    let links: Vec<FilterLink> =
        all.iter().map(|(text, href, on)| FilterLink { link: Link::new(text, href), count: None, on: *on }).collect();
    ui::filters(WORDS, &[FilterGroup { title: &t!("mail-state"), links: &links }])
}

/// The message, for whoever may view it.
async fn seen(visit: &Visit, id: Uuid) -> Result<Opened> {
    let row = store::get(visit.cx.db(), id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, "mail.view", &row.thing())?;
    let opened = store::opened(&visit.cx, visit.cx.db(), vec![row]).await?.pop();
    opened.ok_or(Error::NotFound)
}

pub(super) async fn one(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    draw(&visit, id, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Answer {
    let of = seen(visit, id).await?;
    let (cx, row) = (&visit.cx, &of.row);
    let waits = row.stands() == Some(State::Waiting);
    let title = subject_of(of.said.as_ref());
    let decides = waits && cx.may("mail.report", &row.thing());
    let body = html! {
        h1 .govuk-heading-l .vs-break { (title) }
        @if waits {
            @if let Some(why) = why_of(row) { (ui::inset(html! { p .govuk-body { strong { (t!("mail-waits")) } } p .govuk-body { (why.says()) } })) }
        }
        (became(visit, &of).await?)
        @if decides { (ui::link_button(Link::new(&t!("mail-report"), &format!("{}/report", at(id))), ButtonKind::Primary)) }
        (facts(visit, &of))
        @if let Some(said) = &of.said {
            h2 .govuk-heading-m { (t!("mail-text")) }
            p .govuk-hint { (t!("mail-masked")) }
            (text_of(&said.text))
            @if said.cut { p .govuk-body { (t!("mail-cut")) } }
            @if let Some(other) = &said.other { (ui::details(&t!("mail-other"), text_of(other))) }
            (enclosed(visit, row, said))
            (unread(said))
        }
        (original(visit, row))
        @if decides {
            h2 .govuk-heading-m { (t!("mail-else")) }
            (folded(&t!("mail-add"), typed.error("reference").is_some(), adding(visit, &of, typed).await?))
            (folded(&t!("mail-set-aside"), typed.error("reason").is_some(), setting_aside(visit, &of, typed)?))
        }
    };
    Ok(page(visit, &title).crumb(&t!("mail-list"), LIST).errors(typed.errors).body(&body))
}

/// A form that is folded away, but for whoever has to mend something in it.
fn folded(title: &str, open: bool, inner: Markup) -> Markup {
    html! { @if open { h3 .govuk-heading-s { (title) } (inner) } @else { (ui::details(title, inner)) } }
}

fn setting_aside(visit: &Visit, of: &Opened, typed: Typed<'_>) -> Result<Markup> {
    let inner = html! { (typed.area("reason", "mail-reason", 3)) (ui::button(&t!("mail-set-aside"), ButtonKind::Secondary)) };
    form(visit, &format!("{}/aside", at(of.row.id)), Some(of.row.version), inner)
}

fn text_of(text: &str) -> Markup {
    html! { @if text.trim().is_empty() { p .govuk-body { (t!("mail-no-words")) } } @else { pre .vs-preview tabindex="0" role="region" aria-label=(t!("mail-text")) { (masked(text)) } } }
}

/// What became of it, with the way there.
async fn became(visit: &Visit, of: &Opened) -> Result<Markup> {
    let (cx, row) = (&visit.cx, &of.row);
    let named = |id: Uuid| async move { Ok::<_, Error>(incident::store::get(cx.db(), id).await?.case.reference.unwrap_or_default()) };
    let who = match row.decided_by {
        Some(by) => people::names(cx, [by]).await?.remove(&by),
        None => None,
    };
    let when = row.decided_at.map(|at| cx.core().clock.moment_text(at)).unwrap_or_default();
    Ok(html! {
        @if let Some(case) = row.case {
            p .govuk-body {
                (state_tag(row)) " " a .govuk-link href={ "/incidents/" (case) } { (named(case).await?) }
                @if let Some(who) = &who { " " (t!("mail-decided-by", name = who, when = &when)) }
            }
        } @else if row.stands() == Some(State::SetAside) {
            p .govuk-body { (state_tag(row)) @if let Some(who) = &who { " " (t!("mail-decided-by", name = who, when = &when)) } }
            p .govuk-body { strong { (t!("mail-reason-was")) } " " (of.reason.clone().unwrap_or_else(platform::cases::words::destroyed)) }
        }
    })
}

fn facts(visit: &Visit, of: &Opened) -> Markup {
    let (clock, row) = (&visit.core().clock, &of.row);
    let mut all = vec![(t!("mail-sender"), sender_of(of.said.as_ref()))];
    if let Some(said) = &of.said {
        let [dkim, spf, dmarc, author] = &said.checks;
        let verdict = texts::t(&format!("mail-author-{author}"));
        all.push((t!("mail-author"), t!("mail-checks", verdict = verdict, dkim = dkim, spf = spf, dmarc = dmarc)));
    }
    all.push((t!("mail-received"), clock.moment_text(row.received_at)));
    // Clocks of others are wrong, and writers may lie: it is said, and nothing depends on it.
    let date = of.said.as_ref().and_then(|said| said.date.as_deref()).and_then(|at| at.parse::<jiff::Timestamp>().ok());
    all.extend(date.map(|at| (t!("mail-date"), clock.moment_text(at.as_millisecond()))));
    all.push((t!("mail-kind"), texts::t(&format!("mail-kind-{}", row.kind))));
    let rows: Vec<Fact> = all.iter().map(|(key, value)| Fact::text(key, value)).collect();
    ui::summary_list(&rows, true)
}

fn size(bytes: usize) -> String {
    platform::files::size_text(i64::try_from(bytes).unwrap_or(i64::MAX))
}

/// The files that came with it: in which of them nobody looks here.
fn enclosed(visit: &Visit, of: &Model, said: &Said) -> Markup {
    let most = [("mib".to_owned(), visit.core().settings.limits.file_mib.to_string())].into();
    html! {
        @if !said.files.is_empty() {
            h2 .govuk-heading-m { (t!("mail-files")) }
            ul .govuk-list .govuk-list--bullet {
                @for file in &said.files {
                    li {
                        span .vs-break { (masked(&file.name)) } " (" (size(file.size)) ")"
                        @if file.damaged { " " (t!("mail-file-damaged")) }
                        @if of.files_left > 0 && file.is_left() { br; (t!("mail-file-left")) }
                        @else if let Some(text) = &file.refused { br; (t!("mail-file-refused", why = texts::say(text, &most))) }
                    }
                }
            }
        }
    }
}

/// What could not be read, or not whole, with what to do.
fn unread(said: &Said) -> Markup {
    html! {
        @if !said.unread.is_empty() {
            h2 .govuk-heading-m { (t!("mail-unread")) }
            ul .govuk-list .govuk-list--bullet {
                @for lost in &said.unread {
                    li { @if let Some(name) = &lost.name { span .vs-break { (masked(name)) } " (" (size(lost.size)) "): " } (lost.says()) }
                }
            }
        }
    }
}

/// The message as it came, for those who may open it.
fn original(visit: &Visit, row: &Model) -> Markup {
    let cx = &visit.cx;
    let action = format!("/files/{}/reveal", row.original);
    html! {
        h2 .govuk-heading-m { (t!("mail-original")) }
        @if cx.may("mail.reveal", &row.thing()) {
            p .govuk-body { (t!("mail-original-text", size = size(usize::try_from(row.size).unwrap_or_default()))) }
            (ui::form(WORDS, &ui::Form { action: &action, csrf: &visit.csrf, ..ui::Form::default() }, ui::button(&t!("mail-original-save"), ButtonKind::Secondary)))
        } @else { p .govuk-body { (t!("mail-original-closed")) } }
    }
}

/// The form that adds it to an incident; the one that it seems to be about is filled in.
async fn adding(visit: &Visit, of: &Opened, typed: Typed<'_>) -> Result<Markup> {
    let about = match of.row.about.filter(|_| typed.fields.pairs().is_empty()) {
        Some(case) => incident::store::get(visit.cx.db(), case).await?.case.reference,
        None => None,
    };
    let filled = Fields::new(about.map(|reference| ("reference".to_owned(), reference)).into_iter().collect());
    let typed = if filled.pairs().is_empty() { typed } else { Typed { fields: &filled, errors: typed.errors } };
    form(
        visit,
        &format!("{}/add", at(of.row.id)),
        Some(of.row.version),
        html! { (typed.line("reference", "mail-reference")) (ui::button(&t!("mail-add"), ButtonKind::Secondary)) },
    )
}

pub(super) async fn set_aside(Path(id): Path<Uuid>, post: Posted) -> Answer {
    seen(&post.visit, id).await?;
    match act::set_aside(&post.visit.cx, id, post.fields.version()?, post.fields.get("reason")).await {
        Ok(()) => Ok(see_other(LIST)),
        Err(Error::Invalid(errors)) => draw(&post.visit, id, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn add(Path(id): Path<Uuid>, post: Posted) -> Answer {
    seen(&post.visit, id).await?;
    match act::add(&post.visit.cx, id, post.fields.version()?, post.fields.get("reference")).await {
        Ok(case) => Ok(see_other(&format!("/incidents/{case}"))),
        Err(Error::Invalid(errors)) => draw(&post.visit, id, Typed { fields: &post.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

/// A message that the visitor may make a report.
async fn reportable(visit: &Visit, id: Uuid) -> Result<Opened> {
    let of = seen(visit, id).await?;
    visit.cx.permit("mail.report", &of.row.thing())?;
    Ok(of)
}

/// Where it happened: first where the sender's party stands.
pub(super) async fn choose(visit: Visit, Path(id): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let of = reportable(&visit, id).await?;
    let cx = &visit.cx;
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let only = fields.some("contract").and_then(|id| id.parse().ok());
    let path = format!("{}/report", at(id));
    let mut own = Vec::new();
    if let Some(party) = of.row.party {
        let places = contract::store::places_of(cx.db(), party).await?;
        let names = contract::pages::place_names(cx, &places).await?;
        own.extend(names.into_iter().zip(&places).map(|(name, place)| (name, format!("{path}/{}", place.id))));
    }
    own.sort();
    let chosen = contract::pages::choose(cx, only, &path).await?;
    let title = t!("mail-report");
    Ok(page(&visit, &title).crumb(&t!("mail-list"), LIST).crumb(&subject_of(of.said.as_ref()), &at(id)).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("mail-report-about")) }
        @if !own.is_empty() {
            h2 .govuk-heading-m { (t!("mail-report-own")) }
            ul .govuk-list .govuk-list--spaced { @for (name, href) in &own { li { a .govuk-link href=(href) { (name) } } } }
            (ui::details(&t!("mail-report-elsewhere"), chosen))
        } @else { (chosen) }
    }))
}

/// Whether a report of this message at this place is the sender's own, or told by somebody.
async fn of_party(visit: &Visit, row: &Model, place: &place_row::Model) -> Result<Option<String>> {
    let Some(party) = row.party else { return Ok(None) };
    let above = incident::act::bare(&visit.cx, visit.cx.db(), visit.cx.now(), place, true).await?.standing.above;
    if !above.contains(&party) {
        return Ok(None);
    }
    Ok(party::store::names(visit.cx.db(), [party]).await?.remove(&party))
}

pub(super) async fn confirm(visit: Visit, Path((id, place)): Path<(Uuid, Uuid)>) -> Answer {
    let of = reportable(&visit, id).await?;
    let row = contract::chain::place(visit.cx.db(), place).await?.row;
    let title = t!("mail-report");
    let party = of_party(&visit, &of.row, &row).await?;
    let name = contract::pages::place_name(&visit.cx, &row).await?;
    let [sender, subject, where_] = ["mail-sender", "mail-subject", "mail-report-where"].map(texts::t);
    let rows = [
        Fact::text(&sender, &sender_of(of.said.as_ref())),
        Fact::text(&subject, &subject_of(of.said.as_ref())),
        Fact::text(&where_, &name),
    ];
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (ui::summary_list(&rows, true))
        p .govuk-body {
            @match &party {
                Some(party) => (t!("mail-report-by", party = party)),
                None => (t!("mail-report-told")),
            }
        }
        p .govuk-body { (t!("mail-report-then")) }
        (form(&visit, &format!("{}/report/{place}", at(id)), Some(of.row.version), ui::button(&title, ButtonKind::Primary))?)
    };
    Ok(page(&visit, &title).crumb(&t!("mail-list"), LIST).crumb(&subject_of(of.said.as_ref()), &at(id)).body(&body))
}

pub(super) async fn report(Path((id, place)): Path<(Uuid, Uuid)>, post: Posted) -> Answer {
    seen(&post.visit, id).await?;
    let (case, _) = act::report(&post.visit.cx, id, post.fields.version()?, place).await?;
    Ok(see_other(&format!("/incidents/{case}/sent")))
}
