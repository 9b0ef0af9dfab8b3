//! The screens of questions about rules: asked by either side, ruled on by the authority, read by both.

mod asking;

use axum::extract::Path;
use jiff::civil::Date;
use maud::{Markup, html};
use platform::cases::rounds::{self, Decided};
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Choice, Fact, Field, Link, Tone};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::pack::Obligation;
use uuid::Uuid;

use super::Rulings;
use super::act;
use super::asks;
use super::model::{Given, Giving, RULING, Ruling, Says, Stands};
use super::store::{self, About};
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, optional_date, read_date};
use crate::casework::{self, Process as _, at};

/// The routes of rulings.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/rulings", Access::SignedIn, casework::lists::page::<Rulings>)
        .get("/rulings/new", Access::SignedIn, asking::choose)
        .get("/rulings/new/{place}", Access::SignedIn, asking::form)
        .post("/rulings/new/{place}", Access::SignedIn, asking::ask)
        .get("/rulings/{id}", Access::SignedIn, overview)
        .get("/rulings/{id}/step/{step}", Access::SignedIn, ask)
        .post("/rulings/{id}/step/{step}", Access::SignedIn, take)
        .get("/rulings/{id}/revoke", Access::Authority, revoking)
        .post("/rulings/{id}/revoke", Access::Authority, revoke)
        .and(kit::routes::<Rulings>())
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Rulings>(&visit, &id).await?;
    let (cx, case) = (&visit.cx, &of.case);
    let about = store::about(cx, cx.db(), case).await?;
    let duty = act::duty_asked(cx, cx.db(), about.contract, &about.rule).await.ok();
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let today = cx.core().clock.today();
    let mut steps = Rulings::actions(&visit, &of);
    if about.given.as_ref().is_some_and(|given| given.standing(today)) && cx.may("ruling.revoke", &of) {
        steps.push((t!("ruling-revoke"), at::<Rulings>(case, "revoke")));
    }
    let content = html! {
        (kit::next::<Rulings>(case))
        (kit::ways(&steps))
        @if let Some(given) = &about.given {
            h2 .govuk-heading-m { (t!("ruling-says")) }
            (shown(cx, given, false).await?)
        }
        h2 .govuk-heading-m { (t!("ruling-rule")) }
        (rule(&about, duty.as_ref()))
        @if let Some(href) = owed_at(&visit, &of, &about, duty.as_ref()) { p .govuk-body { a .govuk-link href=(href) { (t!("ruling-see-duty")) } } }
        h2 .govuk-heading-m { (t!("ruling-question")) }
        (kit::paragraphs(&about.question))
        @for (title, text) in answered(&decided) { h2 .govuk-heading-m { (title) } (kit::paragraphs(text)) }
        (kit::choices::<Rulings>(&visit, &of)?)
    };
    Ok(kit::page::<Rulings>(&visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Rulings>(&visit, &of, "", content).await?))
}

/// Why it was declined or taken back unanswered.
fn answered(decided: &[Decided]) -> Vec<(String, &str)> {
    let title = |level: &str| match level {
        "decline" => Some(t!("ruling-declined-why")),
        "withdraw" => Some(t!("ruling-withdrawn-why")),
        _ => None,
    };
    decided.iter().filter_map(|d| Some((title(&d.level)?, d.reason.as_deref()?))).collect()
}

/// The rule that was asked about, as the pack has it.
fn rule(about: &About, duty: Option<&Obligation>) -> Markup {
    html! {
        @match duty {
            Some(duty) => {
                p .govuk-body { strong { (duty.title) } " " (kit::source(&duty.source)) }
                p .govuk-body { (duty.text) }
                @if duty.blocked_until_ruling { p .govuk-body { (t!("ruling-blocked")) } }
            }
            None => p .govuk-body { (about.rule.code()) },
        }
    }
}

/// Where the duty stands that the rule is: at the place that asked, where it is owed there; of the authority's own, under the contract.
fn owed_at(visit: &Visit, of: &Ruling, about: &About, duty: Option<&Obligation>) -> Option<String> {
    let duty = duty?;
    let at = if duty.owed_by.by_place() {
        let owes = duty.flows_down || of.standing.lead == Some(of.case.party);
        of.case.place.filter(|_| owes)?
    } else {
        Some(about.contract).filter(|_| visit.cx.actor.is_authority())?
    };
    Some(format!("/obligations/{at}/{}/{}", about.rule.pack, about.rule.obligation))
}

/// How a ruling stands, as a tag.
fn tag(stands: Stands) -> Markup {
    let tone = match stands {
        Stands::Holds => Tone::Green,
        Stands::Coming => Tone::Blue,
        Stands::Ended | Stands::Revoked | Stands::Superseded => Tone::Grey,
    };
    ui::tag(&t!(&format!("ruling-stands-{}", stands.code())), tone)
}

/// The days on which a ruling holds, in words.
pub(super) fn days(from: Date, until: Option<Date>) -> String {
    let day = platform::clock::day_text;
    match until {
        Some(until) => t!("ruling-days", from = day(from), until = day(until)),
        None => t!("ruling-days-open", from = day(from)),
    }
}

/// What a ruling says, how it stands, since when and why, for everybody whom it binds. Its reference leads to its question where `linked`, which is for
/// those who may view that.
///
/// # Errors
/// When the database fails.
pub async fn shown(cx: &Cx, given: &Given, linked: bool) -> Result<Markup> {
    let day = platform::clock::day_text;
    let stands = given.stands(cx.core().clock.today());
    let mut facts: Vec<(String, Markup)> = Vec::new();
    let reference = html! {
        @if linked { a .govuk-link href={ "/rulings/" (given.case) } { (given.reference) } } @else { (given.reference) }
        " " (tag(stands))
    };
    facts.push((t!("ruling-reference"), reference));
    if let Some(says) = &given.says {
        if let Some(allows) = says.allows {
            facts.push((t!("ruling-allows"), html! { (t!(if allows { "ruling-allows-yes" } else { "ruling-allows-no" })) }));
        }
        let asks = says.asks.as_ref().map_or_else(|| t!("ruling-asks-as-before"), asks::says);
        facts.push((t!("ruling-asks"), html! { span .vs-lines { (asks) } }));
        facts.push((t!("ruling-reason"), html! { span .vs-lines { (says.reason) } }));
    }
    facts.push((t!("ruling-holds"), html! { (days(given.from, given.until)) }));
    if let Some(over) = &given.over {
        let what = match over.by {
            Some(by) => {
                let later = platform::cases::store::get(cx.db(), &RULING, by).await?.reference.unwrap_or_default();
                t!("ruling-over-superseded", date = day(over.on), reference = later)
            }
            None => t!("ruling-over-revoked", date = day(over.on)),
        };
        facts.push((t!("ruling-over"), html! { (what) @if !over.reason.is_empty() { br; span .vs-lines { (over.reason) } } }));
    }
    let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(ui::summary_list(&facts, true))
}

async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let def = RULING.step(&step).map_err(|_| Error::NotFound)?;
    let of = kit::allowed::<Rulings>(&visit, &id, def.action).await?;
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Ruling, step: &str, typed: Typed<'_>) -> Answer {
    let (label, before) = match step {
        "rule" => ("ruling-reason-ask", ruling(visit, of, typed).await?),
        "decline" => ("ruling-decline-why", html! {}),
        _ => ("ruling-withdraw-why", html! {}),
    };
    let reason = typed.area("reason", label, 6);
    kit::step::<Rulings>(visit, of, step, typed, kit::Asked { before, reason, warning: step != "rule" })
}

/// The questions about a ruling: what it says, from when, and whose place it takes.
async fn ruling(visit: &Visit, of: &Ruling, typed: Typed<'_>) -> Result<Markup> {
    let cx = &visit.cx;
    let about = store::about(cx, cx.db(), &of.case).await?;
    let duty = act::duty_asked(cx, cx.db(), about.contract, &about.rule).await.ok();
    let blocked = duty.as_ref().is_some_and(|duty| duty.blocked_until_ruling);
    let today = cx.core().clock.today();
    let earlier = store::on_rule(cx, cx.db(), about.contract, &about.rule).await?;
    let earlier: Vec<&Given> = earlier.iter().filter(|one| one.standing(today)).collect();
    let says =
        |given: &Given| given.says.as_ref().and_then(|says| says.asks.as_ref()).map_or_else(|| t!("ruling-asks-as-before"), asks::says);
    let named: Vec<(String, String)> = earlier
        .iter()
        .map(|one| {
            (
                one.case.to_string(),
                t!("ruling-replaces-one", reference = &one.reference, says = says(one), days = days(one.from, one.until)),
            )
        })
        .collect();
    let choices: Vec<Choice> = named.iter().map(|(id, text)| Choice::new(id, text)).collect();
    let (label, hint, error) = (t!("ruling-replaces"), t!("ruling-replaces-hint"), typed.error("replaces"));
    // Unless somebody took the marks away, a later ruling takes the place of the earlier ones.
    let posted = !typed.fields.pairs().is_empty();
    let all: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let marked = if posted { typed.fields.all("replaces") } else { all };
    let ways = [("limit", "ruling-way-limit"), ("words", "ruling-way-words"), ("none", "ruling-way-none")];
    let ways: Vec<(String, String)> =
        ways.into_iter().filter(|(way, _)| blocked || *way != "none").map(|(way, text)| (way.to_owned(), texts::t(text))).collect();
    let allows = ["yes", "no", ""].map(|code| {
        (
            code.to_owned(),
            texts::t(match code {
                "yes" => "ruling-allow-yes",
                "no" => "ruling-allow-no",
                _ => "ruling-allow-silent",
            }),
        )
    });
    Ok(html! {
        h2 .govuk-heading-m { (t!("ruling-rule")) }
        (rule(&about, duty.as_ref()))
        h2 .govuk-heading-m { (t!("ruling-question")) }
        (kit::paragraphs(&about.question))
        h2 .govuk-heading-m { (t!("ruling-your-ruling")) }
        p .govuk-body { (t!("ruling-read-by")) }
        @if blocked { (typed.radios("allows", "ruling-allows-ask", &allows, None)) }
        (asks::boxes(typed, "ruling-asks-ask", &ways))
        (typed.date("from", "ruling-from", if posted { None } else { Some(today) }, false))
        (typed.date("until", "ruling-until", None, true))
        @if !choices.is_empty() {
            (ui::checkboxes(&|id| texts::t(id), &Field::new("replaces", &label).hint(Some(&hint)).error(error.as_deref()), &choices, &marked))
        }
    })
}

/// What was typed, as a ruling.
fn read(fields: &Fields) -> Result<Giving> {
    let mut errors = FieldErrors::default();
    let (from, until) = (read_date(fields, "from", &mut errors), optional_date(fields, "until", &mut errors));
    let asks = asks::read(fields, &mut errors);
    let allows = match fields.get("allows") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let replaces: Vec<Uuid> = fields.all("replaces").into_iter().filter_map(|id| id.parse().ok()).collect();
    let reason = fields.get("reason").to_owned();
    super::model::reason(&reason, "reason", &mut errors);
    errors.or(())?;
    Ok(Giving { from: from.ok_or(Error::NotFound)?, until, says: Says { asks, allows, reason }, replaces })
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let def = RULING.step(&step).map_err(|_| Error::NotFound)?;
    let of = kit::allowed::<Rulings>(visit, &id, def.action).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "rule" => match read(fields) {
            Ok(with) => act::rule(cx, case, version, &with).await,
            Err(error) => Err(error),
        },
        "decline" => act::decline(cx, case, version, reason).await,
        "withdraw" => act::withdraw(cx, case, version, reason).await,
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Rulings>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

async fn revoking(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Rulings>(&visit, &id, "ruling.revoke").await?;
    revoke_page(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn revoke_page(visit: &Visit, of: &Ruling, typed: Typed<'_>) -> Answer {
    let (cx, title) = (&visit.cx, t!("ruling-revoke"));
    let today = cx.core().clock.today();
    let given = store::about(cx, cx.db(), &of.case).await?.given.filter(|given| given.standing(today));
    let given = given.ok_or_else(|| Error::conflict("ruling-not-standing"))?;
    let standing = typed.fields.pairs().is_empty().then_some(today);
    let inner = html! {
        (typed.date("on", "ruling-revoke-on", standing, false))
        (typed.area("reason", "ruling-revoke-why", 6))
        (ui::button(&title, ButtonKind::Warning))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("ruling-revoke-about")) }
        (shown(cx, &given, false).await?)
        (form(visit, &at::<Rulings>(&of.case, "revoke"), Some(of.case.version), inner)?)
        p .govuk-body { (ui::link_button(Link::new(&t!("ruling-back"), &at::<Rulings>(&of.case, "")), ButtonKind::Secondary)) }
    };
    Ok(kit::page::<Rulings>(visit, of, &title).errors(typed.errors).body(&body))
}

async fn revoke(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::allowed::<Rulings>(visit, &id, "ruling.revoke").await?;
    let mut errors = FieldErrors::default();
    let on = read_date(fields, "on", &mut errors);
    super::model::reason(fields.get("reason"), "reason", &mut errors);
    let done = match (errors.or(()), on) {
        (Ok(()), Some(on)) => act::revoke(&visit.cx, of.case.id, fields.version()?, on, fields.get("reason")).await,
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Rulings>(&of.case, ""))),
        Err(Error::Invalid(errors)) => revoke_page(visit, &of, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
