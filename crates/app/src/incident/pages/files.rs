//! What is attached and withheld (SEC-25): what was found where, in place for those entitled, and what is to become of it.

use axum::extract::Path;
use extract::Spot;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::files::held::HeldFile;
use platform::files::{Held, held};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Link, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::screen::{Confidence, Kind};
use uuid::Uuid;

use super::{form, kit};
use crate::casework::at;
use crate::casework::typed::{Typed, id_of};
use crate::incident::act::{self, Choice};
use crate::incident::looked::{Excerpt, Found, Looked};
use crate::incident::model::{INCIDENT, Incident, Incidents};
use crate::incident::store::files::{self as store, Known};
use crate::reading::{self, Why};

/// The page of what is withheld.
const PAGE: &str = "screening/files";

/// That files are withheld, with the way to what can be done about it; nothing where none is.
pub(super) async fn notice(visit: &Visit, of: &Incident) -> Result<Markup> {
    let cx = &visit.cx;
    let id = of.case.id.to_string();
    let open = held::open(cx, INCIDENT.id, &id).await?;
    let seen = held::of_thing(cx, INCIDENT.id, &id).await?;
    let decides = seen.iter().any(|one| decides(visit, one) && one.row().held().is_some_and(Held::is_open));
    Ok(html! {
        @if open > 0 {
            (ui::inset(html! {
                p .govuk-body { strong { (t!("incident-files-withheld", count = open)) } }
                p .govuk-body { (if decides { t!("incident-files-yours") } else { t!("incident-files-theirs") }) }
                @if decides { (ui::link_button(Link::new(&t!("incident-files"), &at::<Incidents>(&of.case, PAGE)), ButtonKind::Secondary)) }
                @else if !seen.is_empty() { p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, PAGE)) { (t!("incident-files")) } } }
            }))
        } @else if !seen.is_empty() {
            p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, PAGE)) { (t!("incident-files")) } }
        }
    })
}

fn decides(visit: &Visit, one: &HeldFile) -> bool {
    one.row().held() != Some(Held::Waiting) && visit.cx.may("file.settle", &one.file)
}

/// What was typed about a file, or what of one is shown.
enum Shown<'a> {
    Nothing,
    Typed(Uuid, Typed<'a>),
    InPlace(Uuid, std::result::Result<Vec<Excerpt>, Why>),
}

pub(super) async fn list(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Incidents>(&visit, &id).await?;
    draw(&visit, &of, &Shown::Nothing).await
}

async fn draw(visit: &Visit, of: &Incident, shown: &Shown<'_>) -> Answer {
    let (cx, case) = (&visit.cx, &of.case);
    let files = held::of_thing(cx, INCIDENT.id, &case.id.to_string()).await?;
    let known = store::known(cx, cx.db(), case).await?;
    let none = FieldErrors::default();
    let errors = if let Shown::Typed(_, typed) = shown { typed.errors } else { &none };
    let mut sections = Vec::new();
    for (n, one) in files.iter().enumerate() {
        sections.push(section(visit, of, n, (one, known.get(&one.row().id)), shown)?);
    }
    let title = t!("incident-files");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (kit::marked::<Incidents>(visit, case))
        p .govuk-body { (t!("incident-files-about")) }
        @if files.is_empty() { (ui::inset(html! { (t!("incident-files-none")) })) }
        @for section in &sections { (section) }
        p .govuk-body { a .govuk-link href=(at::<Incidents>(case, "")) { (t!("incident-follow")) } }
    };
    Ok(kit::page::<Incidents>(visit, of, &title).errors(errors).body(&body))
}

/// One file: what it is withheld for, what was found where, and what can be done.
fn section(visit: &Visit, of: &Incident, n: usize, (one, known): (&HeldFile, Option<&Known>), shown: &Shown<'_>) -> Result<Markup> {
    let row = one.row();
    let Some(state) = row.held() else { return Ok(html! {}) };
    let name = one.name.clone().unwrap_or_else(|| t!("file-name-destroyed"));
    let looked = known.and_then(|known| known.looked.as_ref());
    let page = at::<Incidents>(&of.case, &format!("{PAGE}/{}", row.id));
    let opens = state != Held::Withdrawn && visit.cx.may("file.reveal", &one.file);
    let own = format!("file-{n}");
    let in_place = match shown {
        Shown::InPlace(id, found) if *id == row.id => Some(found),
        _ => None,
    };
    Ok(html! {
        section .vs-task id={ "f-" (row.id) } aria-labelledby=(own) {
            h2 .govuk-heading-m .vs-break id=(own) { (name) }
            p .govuk-body { (ui::tag(&state.says(), if state.is_open() { Tone::Orange } else { Tone::Grey })) }
            p .govuk-body { (texts::t(&format!("file-held-{}-text", state.code()))) }
            @if let Some(looked) = looked { (told(looked)) }
            @if let Some(decided) = known.and_then(|known| known.decided.as_ref()) {
                p .govuk-body { strong { (decided.choice.says()) ":" } " " (decided.reason) }
            }
            @if let Some(found) = in_place { (placed(found)) }
            @else if opens && state != Held::Waiting && looked.is_some_and(|looked| looked.count() > 0) {
                (form(visit, &format!("{page}/show"), None, html! {
                    (ui::named_button(&t!("incident-file-show"), ButtonKind::Secondary, "show", "yes", Some(&name)))
                    p .govuk-hint { (t!("incident-file-show-hint")) }
                })?)
            }
            @if opens { p .govuk-body { a .govuk-link href={ "/files/" (row.id) } { (t!("incident-file-open")) span .govuk-visually-hidden { " " (name) } } } }
            @if decides(visit, one) { (deciding(visit, &page, state, (row.id, &one.file), shown)?) }
        }
    })
}

/// The name of a question about one file: a page asks it of several.
fn of_file(name: &str, file: Uuid) -> String {
    format!("{name}-{file}")
}

/// The form that decides about a file.
fn deciding(visit: &Visit, page: &str, state: Held, (id, file): (Uuid, &platform::files::File), shown: &Shown<'_>) -> Result<Markup> {
    let empty = (Fields::default(), FieldErrors::default());
    let typed = match shown {
        Shown::Typed(at, typed) if *at == id => *typed,
        _ => Typed { fields: &empty.0, errors: &empty.1 },
    };
    let (choice, reason) = (of_file("choice", id), of_file("reason", id));
    let open = state.is_open() || !typed.errors.is_empty();
    let offered = Choice::ALL.into_iter().filter(|choice| state != Held::Essential || *choice != Choice::Essential);
    let choices: Vec<(String, String)> =
        offered.map(|choice| (choice.code().to_owned(), texts::t(&format!("incident-file-do-{}", choice.code())))).collect();
    let inner = form(
        visit,
        page,
        None,
        html! {
            (ui::hidden("was", state.code()))
            (typed.radios(&choice, "incident-file-choose", &choices, None))
            (typed.area(&reason, "incident-file-reason", 3))
            (ui::button(&t!("incident-file-settle"), ButtonKind::Primary))
        },
    )?;
    Ok(html! {
        @if visit.cx.may("file.replace", file) {
            p .govuk-body { (t!("incident-file-replace")) " " a .govuk-link href={ "/files/" (id) } { (t!("incident-file-replace-link")) } }
        }
        @if open { (inner) } @else { (ui::details(&t!("incident-file-again"), inner)) }
    })
}

/// What was found, by kind and place, and what was not read.
fn told(looked: &Looked) -> Markup {
    let rest = looked.count().saturating_sub(looked.places.len());
    html! {
        @if looked.count() > 0 {
            p .govuk-body { (t!("incident-file-found", count = looked.count())) }
            ul .govuk-list .govuk-list--bullet { @for found in &looked.places { li .vs-break { (says(found)) } } }
            @if rest > 0 { p .govuk-body { (t!("incident-file-more", count = rest)) } }
        }
        @if !looked.unread.is_empty() {
            p .govuk-body { (t!("incident-file-unread")) }
            ul .govuk-list .govuk-list--bullet {
                @for part in &looked.unread {
                    li .vs-break { @if let Some(name) = &part.name { (name) ": " } (reading::says(part.why).say()) }
                }
            }
        }
    }
}

/// "National Insurance number, as good as certain: page 2, line 7".
fn says(found: &Found) -> String {
    let kind = Kind::from_code(&found.kind).map_or_else(|| found.kind.clone(), |kind| texts::t(&kind.message_id()));
    let sure = Confidence::ALL.into_iter().find(|sure| sure.code() == found.confidence);
    let sure = sure.map_or_else(|| found.confidence.clone(), |sure| texts::t(&sure.message_id()));
    let place = found.at.as_ref().map_or_else(|| t!("incident-file-in-name"), spot);
    t!("incident-file-finding", kind = kind, sure = sure, place = place)
}

/// Where something stands, in words.
fn spot(at: &Spot) -> String {
    let mut parts = Vec::new();
    parts.extend(at.within.as_ref().map(|name| t!("incident-file-at-within", name = name)));
    parts.extend(at.page.map(|page| t!("incident-file-at-page", number = page)));
    parts.extend(at.sheet.map(|sheet| t!("incident-file-at-sheet", number = sheet)));
    match (at.row, &at.column) {
        (Some(row), Some(column)) => parts.push(t!("incident-file-at-cell", cell = format!("{column}{row}"))),
        _ if at.sheet.is_some() => parts.push(t!("incident-file-at-sheet-name")),
        _ => {}
    }
    parts.extend(at.line.map(|line| t!("incident-file-at-line", number = line)));
    if parts.is_empty() { t!("incident-file-at-beside") } else { parts.join(", ") }
}

/// What was found in place, or why it cannot be shown.
fn placed(found: &std::result::Result<Vec<Excerpt>, Why>) -> Markup {
    html! {
        h3 .govuk-heading-s { (t!("incident-file-in-place")) }
        @match found {
            Err(why) => p .govuk-body { (reading::says(*why).say()) },
            Ok(all) => {
                ul .govuk-list {
                    @for one in all {
                        li .vs-found .vs-break {
                            span .govuk-hint .vs-inline { (spot(&one.at)) } br;
                            "… " (one.text[0]) mark { (one.text[1]) span .govuk-visually-hidden { " (" (texts::t(&one.kind.message_id())) ")" } } (one.text[2]) " …"
                        }
                    }
                }
            }
        }
    }
}

pub(super) async fn show(Path((id, file)): Path<(String, String)>, post: Posted) -> Answer {
    let of = kit::viewed::<Incidents>(&post.visit, &id).await?;
    let file = id_of(&file)?;
    let found = act::show_file(&post.visit.cx, of.case.id, file).await?;
    draw(&post.visit, &of, &Shown::InPlace(file, found)).await
}

pub(super) async fn settle(Path((id, file)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let file = id_of(&file)?;
    let was = Held::from_code(fields.get("was")).ok_or_else(|| Error::bad_request("error-not-a-form"))?;
    let done = match Choice::from_code(fields.get(&of_file("choice", file))) {
        Some(choice) => act::settle_file(&visit.cx, of.case.id, file, was, choice, fields.get(&of_file("reason", file))).await,
        None => Err(Error::field("choice", Text::new("incident-file-choice-missing"))),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, PAGE))),
        Err(Error::Invalid(wrong)) => {
            let mut errors = FieldErrors::default();
            wrong.iter().for_each(|(name, text)| errors.add(of_file(name, file), text.clone()));
            draw(visit, &of, &Shown::Typed(file, Typed { fields, errors: &errors })).await
        }
        Err(other) => Err(other),
    }
}
