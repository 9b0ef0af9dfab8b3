//! The screens of incidents. Both sides read them; whoever reported completes them, security triages and sees them through.

mod callers;
mod files;
mod linking;
pub(super) mod merging;
mod regulator;
mod reporting;
mod resting;
mod screening;
mod telling;
mod triage;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::rounds::{self, Decided};
use platform::error::FieldErrors;
use platform::ui::{self, Fact};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::form::Form;

use super::act;
use super::callers as of_callers;
use super::figures::Delay;
use super::model::{INCIDENT, Incident, Incidents, When};
use super::screened;
use super::store::{self, About};
use super::weakness;
use crate::casework::answering::{self, Answered};
use crate::casework::pages as kit;
use crate::casework::papers::{self, Papers as _};
use crate::casework::typed::{Typed, form};
use crate::casework::{self, Process as _, at};
use crate::{contract, party};

pub(crate) use regulator::waiting as regulator_waiting;

/// The routes of incidents.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/incidents", Access::SignedIn, casework::lists::page::<Incidents>)
        .get("/incidents/new", Access::SignedIn, reporting::choose)
        .get("/incidents/new/{place}", Access::SignedIn, reporting::ask)
        .post("/incidents/new/{place}", Access::SignedIn, reporting::report)
        .get("/incidents/links", Access::SignedIn, linking::choose)
        .get("/incidents/links/{place}", Access::SignedIn, linking::list)
        .post("/incidents/links/{place}", Access::SignedIn, linking::make)
        .post("/incidents/links/{place}/end", Access::SignedIn, linking::end)
        .get("/reporting/{token}", Access::Holder, linking::ask)
        .post("/reporting/{token}", Access::Holder, linking::report)
        .get("/reporting/{token}/{case}", Access::Holder, linking::sent)
        .get("/reporting/{token}/{case}/screening", Access::Holder, linking::found)
        .post("/reporting/{token}/{case}/screening", Access::Holder, linking::settle)
        .get("/incidents/{id}", Access::SignedIn, overview)
        .get("/incidents/{id}/sent", Access::SignedIn, reporting::sent)
        .get("/incidents/{id}/check", Access::SignedIn, reporting::check)
        .post("/incidents/{id}/add", Access::SignedIn, reporting::add)
        .get("/incidents/{id}/screening", Access::SignedIn, screening::ask)
        .post("/incidents/{id}/screening/mask", Access::SignedIn, screening::mask)
        .post("/incidents/{id}/screening/declare", Access::SignedIn, screening::declare)
        .get("/incidents/{id}/screening/files", Access::SignedIn, files::list)
        .post("/incidents/{id}/screening/files/{file}", Access::SignedIn, files::settle)
        .post("/incidents/{id}/screening/files/{file}/show", Access::SignedIn, files::show)
        .post("/incidents/{id}/veris", Access::SignedIn, telling::take)
        .get("/incidents/{id}/triage", Access::SignedIn, triage::ask)
        .post("/incidents/{id}/triage", Access::SignedIn, triage::save)
        .get("/incidents/{id}/decide", Access::SignedIn, triage::deciding)
        .post("/incidents/{id}/decide", Access::SignedIn, triage::decide)
        .get("/incidents/{id}/regulator", Access::Authority, regulator::show)
        .get("/incidents/{id}/regulator/aware", Access::Authority, regulator::ask_aware)
        .post("/incidents/{id}/regulator/aware", Access::Authority, regulator::aware)
        .get("/incidents/{id}/regulator/decide", Access::Authority, regulator::ask_decide)
        .post("/incidents/{id}/regulator/decide", Access::Authority, regulator::decide)
        .get("/incidents/{id}/regulator/send", Access::Authority, regulator::ask_send)
        .post("/incidents/{id}/regulator/send", Access::Authority, regulator::send)
        .get("/incidents/{id}/regulator/people", Access::Authority, regulator::ask_people)
        .post("/incidents/{id}/regulator/people", Access::Authority, regulator::tell_people)
        .get("/incidents/{id}/merge", Access::SignedIn, merging::ask)
        .post("/incidents/{id}/merge", Access::SignedIn, merging::merge)
        .get("/incidents/{id}/step/{step}", Access::SignedIn, step)
        .post("/incidents/{id}/step/{step}", Access::SignedIn, take)
        .and(kit::routes::<Incidents>())
        .and(answering::routes::<Incidents>())
        .and(papers::routes::<Incidents>())
}

impl Answered for Incidents {
    async fn overview(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
        drawn(visit, id, shown).await
    }

    async fn over_section(visit: &Visit, of: &Incident, form: &Form, section: &str, _: bool) -> Result<Markup> {
        if of_callers::asks(form, section) { callers::beside(visit, of).await } else { Ok(html! {}) }
    }
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    drawn(&visit, &id, None).await
}

/// The overview, with the sealed answer at `shown` open.
async fn drawn(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
    let of = kit::viewed::<Incidents>(visit, id).await?;
    let (cx, case) = (&visit.cx, &of.case);
    let about = store::about(cx, cx.db(), case).await?;
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let rounds = answering::documents::<Incidents>(cx, case).await?;
    let rounds: Vec<_> = rounds.into_iter().map(|(submission, document)| (submission, screened::answered(document))).collect();
    let steps = Incidents::actions(visit, &of);
    let lacking = about.lacking > 0 && case.closed_at.is_none();
    let content = html! {
        (kit::next::<Incidents>(case))
        (merging::beside(visit, &of).await?)
        (weakness::pages::brief(visit, &of).await?)
        @if lacking {
            (ui::inset(html! { (t!("incident-lacking", count = about.lacking)) @if cx.may("incident.draft", &of) { " " (t!("incident-lacking-add")) } }))
        }
        (screening::notice(visit, &of).await?)
        (files::notice(visit, &of).await?)
        (regulator::alarm_of(visit, &of, rounds.last().map(|(_, document)| document.answers()).as_ref()).await?)
        (do_not_notify(visit))
        (kit::ways(&steps))
        h2 .govuk-heading-m { (t!("incident-known")) }
        (known(visit, &of, &about).await?)
        @if cx.may("incident.add_mail", &of) {
            p .govuk-body { a .govuk-link href={ "/incidents/mail?incident=" (case.id) } { (t!("incident-mails")) } }
            p .govuk-body { a .govuk-link href={ "/sweeps?incident=" (case.id) } { (t!("incident-sweeps")) } }
        }
        @for (title, text) in exchange(&decided) { h2 .govuk-heading-m { (title) } (kit::paragraphs(text)) }
        (kit::choices::<Incidents>(visit, &of)?)
        @if rounds.last().is_some_and(|(_, document)| of_callers::told(document)) { (callers::beside(visit, &of).await?) }
        (answering::last::<Incidents>(visit, &of, &rounds, shown)?)
        @if rounds.is_empty() { p .govuk-body { (platform::cases::words::destroyed()) } }
        @else { (papers::list::<Incidents>(visit, &of, Incidents::PAPERS).await?) }
        (telling::button(visit, &of))
    };
    Ok(kit::page::<Incidents>(visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Incidents>(visit, &of, "", content).await?))
}

/// That a supplier does not notify the regulator on the authority's behalf, and why (SEC-27), in short; for everybody but the authority.
fn do_not_notify(visit: &Visit) -> Markup {
    html! { @if !visit.cx.actor.is_authority() { (ui::details(&t!("incident-regulator"), why_not())) } }
}

/// The same at length, where somebody reports.
fn told_not_to_notify() -> Markup {
    ui::inset(html! { p .govuk-body { strong { (t!("incident-regulator")) } } (why_not()) })
}

fn why_not() -> Markup {
    html! {
        p .govuk-body { (t!("incident-regulator-why")) }
        p .govuk-body { (t!("incident-regulator-own")) }
    }
}

/// What both sides read in the order in which it was said.
fn exchange(decided: &[Decided]) -> Vec<(String, &str)> {
    let title = |level: &str| match level {
        "ask" => Some(t!("incident-asked")),
        "reply" => Some(t!("incident-answered")),
        "decide" => Some(t!("incident-decided-why")),
        "close" => Some(t!("incident-lessons")),
        "merge" => Some(t!("incident-merged-why")),
        "separate" => Some(t!("incident-separated-why")),
        _ => None,
    };
    decided.iter().filter_map(|d| Some((title(&d.level)?, d.reason.as_deref()?))).collect()
}

/// Times, ways and what was decided: what the record of an incident holds beside its answers (SEC-24).
async fn known(visit: &Visit, of: &Incident, about: &About) -> Result<Markup> {
    let (cx, case) = (&visit.cx, &of.case);
    let clock = &cx.core().clock;
    let unknown = || t!("incident-not-known");
    let when = |when: Option<When>| when.map_or_else(unknown, When::says);
    let mut facts = vec![(t!("incident-happened"), when(about.happened)), (t!("incident-discovered"), when(about.discovered))];
    facts.extend(case.submitted_at.map(|at| (t!("incident-reported"), clock.moment_text(at))));
    let delay = case.submitted_at.zip(about.discovered).and_then(|(at, found)| delay(clock, found, at));
    facts.extend(delay.map(|delay| (t!("incident-delay"), delay)));
    facts.extend(about.taken_up_at.map(|at| (t!("incident-taken-up"), clock.moment_text(at))));
    facts.push((t!("incident-channel"), about.channel.says()));
    if let Some(tier) = about.about_tier {
        facts.push((t!("incident-about"), above(visit, of, tier).await?));
    }
    if let Some(told) = about.told.as_ref().filter(|_| cx.actor.is_authority()) {
        facts.push((t!("incident-told-by"), t!("incident-told-by-how", name = &told.name, way = &told.way)));
    }
    let titles = contract::store::titles(cx.db(), about.also.iter().map(|(_, contract)| *contract)).await?;
    // Whose other contracts it touches is between the authority and whoever reported it.
    let own = cx.actor.account().map(|by| by.party);
    if !titles.is_empty() && (cx.actor.is_authority() || about.reporter.is_some_and(|by| Some(by) == own)) {
        facts.push((t!("incident-also"), titles.into_values().collect::<Vec<_>>().join("; ")));
    }
    if let Some(found) = &about.found {
        facts.extend(
            found
                .verdict
                .map(|verdict| (t!("incident-verdict"), texts::t(&format!("incident-verdict-{}", verdict.code().replace('_', "-"))))),
        );
        let categories: Vec<String> = found.categories.iter().map(|category| texts::t(&category.message_id())).collect();
        if found.verdict.is_some() && !categories.is_empty() {
            facts.push((t!("incident-categories"), categories.join(", ")));
        }
        if let Some(item) = found.item.filter(|_| found.verdict.is_some()) {
            facts.push((t!("incident-item"), texts::t(&item.message_id())));
        }
    }
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    Ok(ui::summary_list(&rows, true))
}

/// Whom above its place it is about: by name for whoever sees that place, else by its tier.
async fn above(visit: &Visit, of: &Incident, tier: i32) -> Result<String> {
    let cx = &visit.cx;
    let seen = match (of.case.contract, of.case.place) {
        (Some(contract), Some(_)) => contract::chain::seen_rows(cx.db(), &cx.actor, contract, true).await?,
        _ => Vec::new(),
    };
    let there = seen.iter().find(|row| row.tier == tier && of.standing.above.contains(&row.party));
    let names = party::store::names(cx.db(), there.map(|row| row.party)).await?;
    Ok(match names.into_values().next() {
        Some(name) => t!("incident-about-party", party = name, tier = tier),
        None => t!("incident-about-tier", tier = tier),
    })
}

/// How long after its discovery an incident was reported; none where the clock of whoever said so was ahead.
fn delay(clock: &platform::clock::Clock, found: When, reported: platform::clock::Millis) -> Option<String> {
    Some(match Delay::of(clock, found, reported)? {
        Delay::Minutes(minutes @ ..=119) => t!("incident-delay-minutes", count = minutes),
        Delay::Minutes(minutes @ ..=2879) => t!("incident-delay-hours", count = minutes / 60),
        Delay::Minutes(minutes) => t!("incident-delay-days", count = minutes / 1440),
        Delay::Days(0) => t!("incident-delay-same-day"),
        Delay::Days(days) => t!("incident-delay-days", count = days),
    })
}

async fn step(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let def = INCIDENT.step(&step).map_err(|_| Error::NotFound)?;
    let of = kit::allowed::<Incidents>(&visit, &id, def.action).await?;
    if step == "decide" {
        return Ok(see_other(&at::<Incidents>(&of.case, "triage")));
    }
    if step == "merge" {
        return Ok(see_other(&at::<Incidents>(&of.case, "merge")));
    }
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Incident, step: &str, typed: Typed<'_>) -> Answer {
    let label = match step {
        "ask" => "incident-question",
        "reply" => "incident-answer",
        "go_on" => "incident-why-go-on",
        "separate" => "incident-separate-why",
        _ => "incident-lessons-ask",
    };
    let reason = if step == "take_up" {
        html! {}
    } else {
        typed.area("reason", label, 6)
    };
    // It may close while a weakness is open, and whoever closes it knows.
    let before = if step == "close" {
        weakness::pages::brief(visit, of).await?
    } else {
        html! {}
    };
    kit::step::<Incidents>(visit, of, step, typed, kit::Asked { before, reason, warning: false })
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "take_up" => act::take_up(cx, case, version).await,
        "ask" => act::ask(cx, case, version, reason).await,
        "reply" => act::answer(cx, case, version, reason).await,
        "go_on" => act::go_on(cx, case, version, reason).await,
        "close" => act::close(cx, case, version, reason).await,
        "separate" => act::separate(cx, case, version, reason).await,
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
