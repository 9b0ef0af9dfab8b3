//! The screens of breaches. Both sides read them; the authority establishes and decides, the lead contractor answers.

mod importing;
mod opening;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::rounds::{self, Decided};
use platform::error::{Blocker, FieldErrors};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field, Link};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::breach::{Facts as Known, Finding, judge};
use rules::country::Country;
use rules::decision::{Explained, Outcome as _};

use super::Breaches;
use super::act;
use super::letter::Letter;
use super::model::{Action, BREACH, Breach, Facts, Found, finding_says};
use super::store::{self, About};
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, optional_date, read_date};
use crate::casework::{self, Process as _, at};
use crate::paper;

/// The routes of breaches.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/breaches", Access::SignedIn, casework::lists::page::<Breaches>)
        .get("/breaches/import", Access::Authority, importing::form)
        .post("/breaches/import", Access::Authority, importing::import)
        .get("/breaches/new", Access::SignedIn, opening::choose)
        .get("/breaches/new/{place}", Access::SignedIn, opening::ask)
        .post("/breaches/new/{place}", Access::SignedIn, opening::open)
        .get("/breaches/{id}", Access::SignedIn, overview)
        .get("/breaches/{id}/facts", Access::SignedIn, establishing)
        .post("/breaches/{id}/facts", Access::SignedIn, establish)
        .get("/breaches/{id}/step/{step}", Access::SignedIn, ask)
        .post("/breaches/{id}/step/{step}", Access::SignedIn, take)
        .get("/breaches/{id}/letter", Access::SignedIn, letter)
        .post("/breaches/{id}/papers", Access::SignedIn, make_letter)
        .and(kit::routes::<Breaches>())
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Breaches>(&visit, &id).await?;
    let (cx, case) = (&visit.cx, &of.case);
    let about = store::about(cx, cx.db(), case).await?;
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let proposed = decided.iter().rev().find(|d| d.level == "propose").and_then(|d| d.reason.clone());
    let steps = Breaches::actions(&visit, &of);
    let content = html! {
        (kit::next::<Breaches>(case))
        (kit::ways(&steps))
        h2 .govuk-heading-m { (t!("breach-found")) }
        (found(&about))
        @for (title, text) in exchange(&decided) { h2 .govuk-heading-m { (title) } (kit::paragraphs(text)) }
        @if cx.may("breach.read_notes", &of) && let Some(text) = proposed {
            h2 .govuk-heading-m { (t!("breach-proposed")) } (kit::paragraphs(&text))
        }
        @if !about.actions.is_empty() {
            h2 .govuk-heading-m { (t!("breach-decided")) }
            ul .govuk-list .govuk-list--bullet { @for action in &about.actions { li { (action.says()) } } }
        }
        @if decided.iter().any(|d| ["decide", "dismiss"].contains(&d.level.as_str())) {
            p .govuk-body { a .govuk-link href=(at::<Breaches>(case, "letter")) { (t!("breach-see-letter")) } }
            (paper::list(cx, &of, &at::<Breaches>(case, "papers")).await?)
        }
        (kit::choices::<Breaches>(&visit, &of)?)
    };
    Ok(kit::page::<Breaches>(&visit, &of, &t!("case-tab-overview")).body(&kit::frame::<Breaches>(&visit, &of, "", content).await?))
}

/// What the supplier was asked and what it answered, in this order.
fn exchange(decided: &[Decided]) -> Vec<(String, &str)> {
    let title = |level: &str| match level {
        "ask" => Some(t!("breach-asked")),
        "answer" => Some(t!("breach-answered")),
        _ => None,
    };
    decided.iter().filter_map(|d| Some((title(&d.level)?, d.reason.as_deref()?))).collect()
}

/// What is established, with the reasons that the days give.
fn found(about: &About) -> Markup {
    let known = &about.facts;
    let day = platform::clock::day_text;
    let finding = finding_says(&known.finding);
    let mut facts = vec![(t!("breach-finding"), finding), (t!("breach-began"), day(known.began))];
    facts.push((t!("breach-informed"), known.informed.map_or_else(|| t!("breach-informed-never"), day)));
    facts.extend(known.approved.map(|approved| (t!("breach-approved"), day(approved))));
    facts.extend(about.found.iter().flat_map(listed));
    let rows: Vec<Fact> = facts.iter().map(|(key, value)| Fact::text(key, value)).collect();
    let judged = judge(&Known { began: known.began, informed: known.informed, approved: known.approved });
    html! {
        (ui::summary_list(&rows, true))
        @if let Some(work) = about.arrangement { p .govuk-body { a .govuk-link href={ "/arrangements/" (work) } { (t!("breach-see-work")) } } }
        (ui::details(&t!("breach-why"), because(&judged, &known.finding)))
        @if !about.gaps.is_empty() {
            h3 .govuk-heading-s { (t!("breach-gaps")) }
            ul .govuk-list .govuk-list--bullet { @for gap in &about.gaps { li { (texts::t(&format!("breach-gap-{}", gap.replace('_', "-")))) } } }
        }
        @for (title, text) in [("breach-facts", &known.facts), ("breach-containment", &known.containment)] {
            h3 .govuk-heading-s { (texts::t(title)) }
            @match text { Some(text) => (kit::paragraphs(text)), None => p .govuk-body { (t!("breach-not-said")) } }
        }
    }
}

/// What the list of findings says that brought it in.
fn listed(found: &Found) -> Vec<(String, String)> {
    let country = found.country.as_ref().and_then(|code| Country::from_code(code).ok()).map(|country| country.name().to_owned());
    let said = [
        ("breach-found-by", found.source.clone()),
        ("breach-found-number", found.number.clone()),
        ("breach-found-country", country),
        ("breach-found-noticed", found.noticed.map(platform::clock::day_text)),
    ];
    said.into_iter().filter_map(|(title, value)| Some((texts::t(title), value?))).collect()
}

/// Why the days make it this finding; that somebody found otherwise is said as well.
fn because(judged: &Explained<Finding>, found: &str) -> Markup {
    let words = |reason: &rules::decision::Reason| {
        let args =
            reason.args.iter().map(|(name, value)| (name.clone(), value.parse().map_or_else(|_| value.clone(), platform::clock::day_text)));
        texts::say(&reason.message_id(Finding::DECISION), &args.collect())
    };
    html! {
        ul .govuk-list .govuk-list--bullet {
            @for reason in &judged.because { li { (words(reason)) " " (kit::source(reason.source)) } }
        }
        @if judged.outcome.code() != found { p .govuk-body { (t!("breach-found-otherwise")) } }
    }
}

async fn establishing(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Breaches>(&visit, &id, "breach.establish").await?;
    let known = store::about(&visit.cx, visit.cx.db(), &of.case).await?.facts;
    establish_page(&visit, &of, Typed { fields: &filled(&known), errors: &FieldErrors::default() })
}

fn establish_page(visit: &Visit, of: &Breach, typed: Typed<'_>) -> Answer {
    let title = t!("breach-establish");
    let inner = html! { (fields(typed)) (ui::button(&t!("breach-save"), ButtonKind::Primary)) };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("breach-establish-about")) }
        (form(visit, &at::<Breaches>(&of.case, "facts"), Some(of.case.version), inner)?)
    };
    Ok(kit::page::<Breaches>(visit, of, &title).errors(typed.errors).body(&body))
}

/// What is known, as it would have been typed.
fn filled(known: &Facts) -> Fields {
    let mut pairs = vec![("finding".to_owned(), known.finding.clone())];
    for (name, day) in [("began", Some(known.began)), ("informed", known.informed), ("approved", known.approved)] {
        let Some(day) = day else { continue };
        let parts = [("day", day.day().to_string()), ("month", day.month().to_string()), ("year", day.year().to_string())];
        pairs.extend(parts.map(|(part, value)| (format!("{name}.{part}"), value)));
    }
    for (name, text) in [("facts", &known.facts), ("containment", &known.containment)] {
        pairs.extend(text.clone().map(|text| (name.to_owned(), text)));
    }
    Fields::new(pairs)
}

/// The questions about a breach.
fn fields(typed: Typed<'_>) -> Markup {
    let findings = [Finding::NotInformed, Finding::StartedUnapproved].map(|finding| (finding.code(), finding_says(finding.code())));
    let choices: Vec<Choice> = findings.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (label, hint, error) = (t!("breach-finding-ask"), t!("breach-finding-hint"), typed.error("finding"));
    let field = Field::new("finding", &label).hint(Some(&hint)).error(error.as_deref());
    html! {
        (ui::radios(&|id| texts::t(id), &field, &choices, typed.fields.some("finding"), false))
        (typed.date("began", "breach-began-ask", None, false))
        (typed.date("informed", "breach-informed-ask", None, true))
        (typed.date("approved", "breach-approved-ask", None, true))
        (typed.optional_area("facts", "breach-facts-ask", 6))
        (typed.optional_area("containment", "breach-containment-ask", 4))
    }
}

/// What was typed, as facts.
fn read(fields: &Fields) -> Result<Facts> {
    let mut errors = FieldErrors::default();
    let began = read_date(fields, "began", &mut errors);
    let (informed, approved) = (optional_date(fields, "informed", &mut errors), optional_date(fields, "approved", &mut errors));
    if fields.some("finding").is_none() {
        errors.add("finding", Text::new("breach-finding-missing"));
    }
    errors.or(())?;
    Ok(Facts {
        finding: fields.get("finding").to_owned(),
        began: began.ok_or(Error::NotFound)?,
        informed,
        approved,
        facts: fields.some("facts").map(str::to_owned),
        containment: fields.some("containment").map(str::to_owned),
    })
}

async fn establish(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Breaches>(visit, &id).await?;
    let version = fields.version()?;
    let done = match read(fields) {
        Ok(facts) => act::establish(&visit.cx, of.case.id, version, &facts).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Breaches>(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = kit::allowed::<Breaches>(visit, &id, "breach.establish").await?;
            establish_page(visit, &of, Typed { fields, errors: &errors })
        }
        Err(other) => Err(other),
    }
}

async fn ask(visit: Visit, Path((id, step)): Path<(String, String)>) -> Answer {
    let def = BREACH.step(&step).map_err(|_| Error::NotFound)?;
    let of = kit::allowed::<Breaches>(&visit, &id, def.action).await?;
    if step == "propose" {
        let lacking = act::unsaid(&store::about(&visit.cx, visit.cx.db(), &of.case).await?.facts);
        if !lacking.is_empty() {
            return too_early(&visit, &of, &lacking);
        }
    }
    draw(&visit, &of, &step, Typed { fields: &Fields::default(), errors: &FieldErrors::default() })
}

/// What management must know first, said before anything is typed.
fn too_early(visit: &Visit, of: &Breach, lacking: &[Blocker]) -> Answer {
    let name = BREACH.step_name("propose");
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (t!("breach-too-early")) }
        ul .govuk-list .govuk-list--bullet { @for blocker in lacking { li { (blocker.text.say()) } } }
        (ui::link_button(Link::new(&t!("breach-establish"), &at::<Breaches>(&of.case, "facts")), ButtonKind::Primary))
    };
    Ok(kit::page::<Breaches>(visit, of, &name).body(&body))
}

fn draw(visit: &Visit, of: &Breach, step: &str, typed: Typed<'_>) -> Answer {
    let label = match step {
        "ask" => "breach-question",
        "answer" => "breach-answer",
        "propose" => "breach-recommendation",
        "close" => "breach-what-was-done",
        "send_back" => "breach-missed",
        "go_on" => "breach-why-go-on",
        _ => "breach-reason",
    };
    let before = if step == "decide" {
        actions(typed)
    } else {
        html! {}
    };
    let reason = typed.area("reason", label, 6);
    kit::step::<Breaches>(visit, of, step, typed, kit::Asked { before, reason, warning: step == "dismiss" })
}

/// The boxes of what may follow.
fn actions(typed: Typed<'_>) -> Markup {
    let names: Vec<(&str, String)> = Action::ALL.iter().map(|action| (action.code(), action.says())).collect();
    let choices: Vec<Choice> = names.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (label, hint, error) = (t!("breach-actions-ask"), t!("breach-actions-hint"), typed.error("actions"));
    let field = Field::new("actions", &label).hint(Some(&hint)).error(error.as_deref());
    ui::checkboxes(&|id| texts::t(id), &field, &choices, &typed.fields.all("actions"))
}

async fn take(Path((id, step)): Path<(String, String)>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Breaches>(visit, &id).await?;
    let (cx, case) = (&visit.cx, of.case.id);
    let (version, reason) = (fields.version()?, fields.get("reason"));
    let done = match step.as_str() {
        "ask" => act::ask(cx, case, version, reason).await,
        "answer" => act::answer(cx, case, version, reason).await,
        "go_on" => act::go_on(cx, case, version, reason).await,
        "propose" => act::propose(cx, case, version, reason).await,
        "send_back" => act::send_back(cx, case, version, reason).await,
        "dismiss" => act::dismiss(cx, case, version, reason).await,
        "close" => act::close(cx, case, version, reason).await,
        "decide" => {
            let actions: Vec<Action> = fields.all("actions").into_iter().filter_map(Action::from_code).collect();
            act::decide(cx, case, version, &actions, reason).await
        }
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Breaches>(&of.case, ""))),
        Err(Error::Invalid(errors)) => draw(visit, &of, &step, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}

async fn letter(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Breaches>(&visit, &id).await?;
    let letter = Letter::read(&visit.cx, &of).await?;
    let make = if visit.cx.may("breach.paper", &of) {
        form(&visit, &at::<Breaches>(&of.case, "papers"), None, ui::button(&t!("papers-make-letter"), ButtonKind::Primary))?
    } else {
        html! {}
    };
    let body = html! {
        article .vs-letter {
            p .govuk-body { strong { (visit.core().settings.authority.name) } br; (visit.core().clock.day_text(letter.at)) }
            p .govuk-body { (t!("proposal-letter-to", party = &letter.to)) br; (t!("proposal-letter-reference", reference = &letter.reference)) }
            h1 .govuk-heading-l { (letter.subject) }
            p .govuk-body { (letter.about) }
            h2 .govuk-heading-m { (t!("breach-found")) }
            p .govuk-body { (letter.finding) }
            h2 .govuk-heading-m { (t!("breach-decided")) }
            p .govuk-body { (letter.decision) }
            @if !letter.actions.is_empty() { ul .govuk-list .govuk-list--bullet { @for action in &letter.actions { li { (action) } } } }
            @if let Some(reasons) = &letter.reasons { h2 .govuk-heading-m { (t!("proposal-letter-reasons")) } (kit::paragraphs(reasons)) }
            p .govuk-body { (letter.sign) }
        }
        div .vs-no-print {
            (make)
            p .govuk-body { a .govuk-link href=(at::<Breaches>(&of.case, "")) { (t!("breach-back")) } }
        }
    };
    Ok(visit.page(&t!("proposal-letter", reference = &letter.reference)).active("/breaches").body(&body))
}

async fn make_letter(Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let of = kit::allowed::<Breaches>(&visit, &id, "breach.paper").await?;
    let made = act::make_letter(&visit.cx, &of).await?;
    Ok(see_other(&at::<Breaches>(&of.case, &format!("papers/{made}"))))
}
