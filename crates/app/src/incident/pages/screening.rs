//! Data about people in what was written, shown in place to whoever completes the report: removed, masked, or declared essential (SEC-25).

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::Case;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Link};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use uuid::Uuid;

use super::{form, kit};
use crate::casework::at;
use crate::casework::typed::Typed;
use crate::casework::writing::kinds;
use crate::incident::model::{Incident, Incidents};
use crate::incident::screened::Passage;
use crate::incident::{act, store};

/// That something is withheld, with the way to what can be done about it; nothing where nothing is.
pub(super) async fn notice(visit: &Visit, of: &Incident) -> Result<Markup> {
    let there = visit.cx.may("incident.declare", of).then(|| at::<Incidents>(&of.case, "screening"));
    told(&visit.cx, of, there.as_deref()).await
}

/// As [`notice`]; `there` is where something can be done about it, for whoever may.
pub(super) async fn told(cx: &Cx, of: &Incident, there: Option<&str>) -> Result<Markup> {
    let found = match act::found(cx, cx.db(), &of.case).await {
        // Nothing of it can be read any more.
        Err(Error::Conflict(_)) => Vec::new(),
        other => other?,
    };
    let essential = store::essential(cx, cx.db(), &of.case).await?;
    let open = found.iter().filter(|passage| essential.get(&passage.path) != Some(&passage.digest())).count();
    if found.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        @if open > 0 {
            (ui::inset(html! {
                p .govuk-body { strong { (t!("incident-withheld", count = open)) } }
                p .govuk-body { (if there.is_some() { t!("incident-withheld-yours") } else { t!("incident-withheld-theirs") }) }
                @if let Some(there) = there { (ui::link_button(Link::new(&t!("incident-screening"), there), ButtonKind::Secondary)) }
            }))
        } @else if let Some(there) = there {
            p .govuk-body { a .govuk-link href=(there) { (t!("incident-screening")) } }
        }
    })
}

/// A text with what was found in it marked, each with what it is.
fn marked(passage: &Passage) -> Markup {
    html! {
        p .govuk-body .vs-found {
            @for (text, kind) in passage.parts() {
                @match kind {
                    Some(kind) => mark { (text) span .govuk-visually-hidden { " (" (texts::t(&kind.message_id())) ")" } },
                    None => (text),
                }
            }
        }
    }
}

/// Where the choices lead, and how a passage is removed by hand.
pub(super) enum Ways {
    /// In the section in which it stands, for whoever completes the report.
    Answers,
    /// Here, for whoever reported by a link: the address of their page.
    Here(String),
}

impl Ways {
    /// A form of one of the choices. Of whoever holds a link it is sent to the page on which it stands: where its repetition leads is told from that.
    fn form(&self, visit: &Visit, case: &Case, choice: &str, inner: Markup) -> Result<Markup> {
        let (to, inner) = match self {
            Self::Answers => (at::<Incidents>(case, &format!("screening/{choice}")), inner),
            Self::Here(page) => (page.clone(), html! { (ui::hidden("choice", choice)) (inner) }),
        };
        form(visit, &to, Some(case.version), inner)
    }

    fn remove(&self, visit: &Visit, case: &Case, passage: &Passage, typed: Typed<'_>) -> Result<Markup> {
        if matches!(self, Self::Answers) {
            let section = at::<Incidents>(case, &format!("answers/{}", passage.section));
            return Ok(html! { p .govuk-body { a .govuk-link href=(section) { (t!("incident-remove")) } } });
        }
        let name = field("text", &passage.path);
        let masked = Fields::new(vec![(name.clone(), passage.masked())]);
        let typed = if typed.fields.has(&name) { typed } else { Typed { fields: &masked, ..typed } };
        let inner = html! {
            (ui::hidden("path", &passage.path))
            (typed.area(&name, "incident-rewrite", 4))
            (ui::button(&t!("incident-rewrite-save"), ButtonKind::Secondary))
        };
        Ok(ui::details_shown(&t!("incident-remove"), typed.error(&name).is_some(), self.form(visit, case, "rewrite", inner)?))
    }
}

/// The name of a field of one passage among those of the others.
fn field(name: &str, path: &str) -> String {
    format!("{name}-{}", path.replace('.', "-"))
}

pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.declare").await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Incident, typed: Typed<'_>) -> Answer {
    let body = html! {
        (choices(visit, of, &Ways::Answers, typed).await?)
        p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, "")) { (t!("incident-follow")) } }
    };
    Ok(kit::page::<Incidents>(visit, of, &t!("incident-screening")).errors(typed.errors).body(&body))
}

/// What was found, each passage with the choices that there are.
pub(super) async fn choices(visit: &Visit, of: &Incident, ways: &Ways, typed: Typed<'_>) -> Result<Markup> {
    let (cx, case) = (&visit.cx, &of.case);
    let found = act::found(cx, cx.db(), case).await?;
    let (essential, reasons) = (store::essential(cx, cx.db(), case).await?, store::reasons(cx, cx.db(), case).await?);
    let is_essential = |passage: &Passage| essential.get(&passage.path) == Some(&passage.digest());
    let open: Vec<&Passage> = found.iter().filter(|passage| !is_essential(passage)).collect();
    Ok(html! {
        h1 .govuk-heading-l { (t!("incident-screening")) }
        (kit::marked::<Incidents>(visit, case))
        p .govuk-body { (t!("incident-screening-about")) }
        @if found.is_empty() { (ui::inset(html! { (t!("incident-screening-none")) })) }
        @if open.len() > 1 {
            (ways.form(visit, case, "mask", html! {
                @for passage in &open { (ui::hidden("path", &passage.path)) }
                (ui::button(&t!("incident-mask-all"), ButtonKind::Primary))
            })?)
        }
        @for (n, passage) in found.iter().enumerate() {
            section .vs-task aria-labelledby={ "found-" (n) } {
                h2 .govuk-heading-m id={ "found-" (n) } { (passage.label) }
                p .govuk-hint { (kinds(&passage.found)) }
                (marked(passage))
                @if is_essential(passage) {
                    p .govuk-body { strong { (t!("incident-essential")) } " " (reasons.get(&passage.path).map_or("", String::as_str)) }
                } @else {
                    (ways.form(visit, case, "mask", html! {
                        (ui::hidden("path", &passage.path))
                        (ui::named_button(&t!("incident-mask"), if open.len() > 1 { ButtonKind::Secondary } else { ButtonKind::Primary }, "one", "yes", Some(&passage.label)))
                    })?)
                    (ways.remove(visit, case, passage, typed)?)
                    @let reason = field("reason", &passage.path);
                    (ui::details_shown(&t!("incident-declare-ask"), typed.error(&reason).is_some(), ways.form(visit, case, "declare", html! {
                        (ui::hidden("path", &passage.path))
                        (typed.area(&reason, "incident-essential-reason", 3))
                        (ui::button(&t!("incident-declare"), ButtonKind::Secondary))
                    })?))
                }
            }
        }
    })
}

/// What was chosen, done; what is wrong with it, at its field on the page.
pub(super) async fn chosen(cx: &Cx, id: Uuid, choice: &str, fields: &Fields) -> Result<()> {
    let (version, path) = (fields.version()?, fields.get("path"));
    let typed = |name: &str| fields.get(&field(name, path)).to_owned();
    let done = match choice {
        "mask" => {
            let paths: Vec<String> = fields.all("path").into_iter().map(str::to_owned).collect();
            act::mask(cx, id, version, &paths).await.map(drop)
        }
        "declare" => act::declare(cx, id, version, path, &typed("reason")).await,
        "rewrite" => act::rewrite(cx, id, version, path, &typed("text")).await.map(drop),
        _ => Err(Error::NotFound),
    };
    done.map_err(|error| match error {
        Error::Invalid(errors) => {
            let named = ["reason", "text"].into_iter().fold(errors, |errors, name| errors.renamed(name, &field(name, path)));
            Error::Invalid(named)
        }
        other => other,
    })
}

pub(super) async fn mask(path: Path<String>, post: Posted) -> Answer {
    choose(path, post, "mask").await
}

pub(super) async fn declare(path: Path<String>, post: Posted) -> Answer {
    choose(path, post, "declare").await
}

async fn choose(Path(id): Path<String>, post: Posted, choice: &str) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    match chosen(&visit.cx, of.case.id, choice, fields).await {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, "screening"))),
        Err(Error::Invalid(errors)) => draw(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
