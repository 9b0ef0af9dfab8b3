//! Reporting: where it happened, the questions that come first, the reference; later whatever else is known.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::cases::rounds;
use platform::error::FieldErrors;
use platform::forms::submit as freezing;
use platform::forms::{Choices, Sheet, drafts, names, review};
use platform::ui::{self, ButtonKind, Choice, Field, Link};
use platform::web::{Answer, Fields, PageBuilder, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::{Answers, Form, Mode};
use uuid::Uuid;

use super::{form, kit, screening, told_not_to_notify};
use crate::casework::typed::Typed;
use crate::casework::{Process as _, at, papers};
use crate::contract::chain::place_row;
use crate::incident::act::{self, Report};
use crate::incident::form_of;
use crate::incident::model::{Channel, FIRST, INCIDENT, Incident, Incidents, Told};
use crate::paper::model::Kind;
use crate::{contract, pack, party, site};

pub(super) fn page<'a>(visit: &'a Visit, title: &str) -> PageBuilder<'a> {
    visit.page(title).active(Incidents::PAGES).crumb(&texts::t(Incidents::NAME), Incidents::PAGES)
}

/// A place, as the form names it; or, from that place, a tier above it.
struct Offered {
    place: place_row::Model,
    above: Option<i32>,
    says: String,
}

impl Offered {
    fn href(&self, asked: Option<Uuid>) -> String {
        let parts = [self.above.map(|tier| format!("above={tier}")), asked.map(|asked| format!("asked={asked}"))];
        let query = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
        let path = format!("/incidents/new/{}", self.place.id);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

/// The places that the visitor sees in all chains in which its party stands, and from its own the tiers above them: who stands there it need not
/// know. Nothing for the authority, which chooses from its contracts.
async fn places(cx: &Cx) -> Result<Vec<Offered>> {
    let actor = cx.actor.signed_in()?;
    let mut rows: Vec<place_row::Model> = Vec::new();
    if !cx.actor.is_authority() {
        for own in contract::store::places_of(cx.db(), actor.party).await? {
            for row in contract::chain::seen_rows(cx.db(), &cx.actor, own.contract, false).await? {
                if rows.iter().all(|known| known.id != row.id) {
                    rows.push(row);
                }
            }
        }
    }
    let titles = contract::store::titles(cx.db(), rows.iter().map(|row| row.contract)).await?;
    let parties = party::store::names(cx.db(), rows.iter().map(|row| row.party)).await?;
    let word = |names: &std::collections::BTreeMap<Uuid, String>, id: &Uuid| names.get(id).cloned().unwrap_or_default();
    let mut all = Vec::new();
    for row in rows {
        let contract = word(&titles, &row.contract);
        // Above what one sees of a chain there are others where one's own place is not its top.
        let tiers = if row.party == actor.party { 1..row.tier } else { 0..0 };
        let above = tiers.rev().map(|tier| Offered {
            place: row.clone(),
            above: Some(tier),
            says: t!("incident-above", contract = &contract, tier = tier),
        });
        let own =
            Offered { says: t!("case-place", contract = &contract, party = word(&parties, &row.party)), above: None, place: row.clone() };
        all.extend(std::iter::once(own).chain(above));
    }
    // One's own first: that is what most reports are about.
    all.sort_by(|a, b| {
        (a.above.is_some(), a.place.party != actor.party, &a.says).cmp(&(b.above.is_some(), b.place.party != actor.party, &b.says))
    });
    Ok(all)
}

/// Where it happened. With one place to choose from there is nothing to ask.
pub(super) async fn choose(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    if !act::may_report(&visit.cx).await? {
        return Err(Error::NotFound);
    }
    let title = t!("incident-report");
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let asked = asked(&fields);
    if visit.cx.actor.is_authority() {
        let only = fields.some("contract").and_then(|id| id.parse().ok());
        let chosen = contract::pages::choose(&visit.cx, only, "/incidents/new").await?;
        return Ok(page(&visit, &title).body(&html! {
            h1 .govuk-heading-l { (title) }
            p .govuk-body { (t!("incident-report-told-about")) }
            (chosen)
        }));
    }
    let places = places(&visit.cx).await?;
    if let [only] = places.as_slice() {
        return Ok(see_other(&only.href(asked)));
    }
    Ok(page(&visit, &title).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-report-about")) }
        h2 .govuk-heading-m { (t!("incident-where")) }
        ul .govuk-list .govuk-list--spaced {
            @for offered in &places { li { a .govuk-link href=(offered.href(asked)) { (offered.says) } } }
        }
    }))
}

/// What was typed in place of the questions, and of what comes with them.
struct Drawn<'a> {
    above: Option<i32>,
    asked: Option<Uuid>,
    answers: &'a Answers,
    typed: Typed<'a>,
}

async fn draw(visit: &Visit, place: Uuid, drawn: Drawn<'_>) -> Answer {
    let cx = &visit.cx;
    let row = contract::chain::place(cx.db(), place).await?.row;
    let told = cx.actor.is_authority();
    let (of, pack) = act::blank(cx, &row, told).await?;
    cx.permit(if told { "incident.report_told" } else { "incident.report" }, &of)?;
    let questions = form_of(&pack)?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await?;
    let sheet = Sheet::new(questions, drawn.answers, &choices).errors(drawn.typed.errors);
    let titles = contract::store::titles(cx.db(), [row.contract]).await?;
    let contract = titles.into_values().next().unwrap_or_default();
    let name = match drawn.above {
        Some(tier) if (1..row.tier).contains(&tier) => t!("incident-above", contract = contract, tier = tier),
        Some(_) => return Err(Error::NotFound),
        None => t!("case-place", contract = contract, party = &of.case.title),
    };
    let title = t!("incident-report");
    let inner = html! {
        @if told { (who_told(drawn.typed)) }
        @if let Some(tier) = drawn.above { (ui::hidden("above", &tier.to_string())) }
        @if let Some(asked) = drawn.asked { (ui::hidden("asked", &asked.to_string())) }
        (sheet.section(FIRST))
        (others(visit, &row, drawn.typed).await?)
        (ui::button(&t!("incident-send"), ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (kit::mark(questions.marking.as_deref()))
        p .govuk-body { strong { (name) } @if !told { " " a .govuk-link href="/incidents/new" { (t!("incident-elsewhere")) } } }
        p .govuk-body { (t!("incident-report-lead")) }
        p .govuk-body { (readers(&of, cx, drawn.above).await?) }
        @if !told { (told_not_to_notify()) }
        (form(visit, &format!("/incidents/new/{place}"), None, inner)?)
        @if drawn.above.is_none() && cx.may("incident.make_link", &of) {
            p .govuk-body { a .govuk-link href={ "/incidents/links/" (place) } { (t!("incident-links-see")) } }
        }
        (sheet.lists())
    };
    Ok(page(visit, &title).errors(drawn.typed.errors).body(&body))
}

/// Who reads the report: the authority, and of the chain those above, of whom it names whom the visitor knows anyway.
async fn readers(of: &Incident, cx: &Cx, above: Option<i32>) -> Result<String> {
    if cx.actor.is_authority() {
        let names = party::store::names(cx.db(), of.standing.above.iter().copied()).await?;
        return Ok(t!("incident-readers-told", parties = names.into_values().collect::<Vec<_>>().join(", ")));
    }
    let own = cx.actor.account().map(|by| by.party);
    Ok(match above {
        Some(_) => t!("incident-readers-about"),
        None if of.standing.lead == own => t!("incident-readers"),
        None => t!("incident-readers-above"),
    })
}

/// Who told of it, for whoever enters it at the authority.
fn who_told(typed: Typed<'_>) -> Markup {
    html! {
        (typed.line("told_by", "incident-told-by-ask"))
        (typed.line("told_how", "incident-told-how-ask"))
    }
}

/// The visitor's places in other chains, which it may touch too.
async fn others(visit: &Visit, own: &place_row::Model, typed: Typed<'_>) -> Result<Markup> {
    let all = places(&visit.cx).await?;
    let party = visit.cx.actor.signed_in()?.party;
    let also: Vec<(String, &str)> = all
        .iter()
        .filter(|o| o.above.is_none() && o.place.contract != own.contract && o.place.party == party)
        .map(|o| (o.place.id.to_string(), o.says.as_str()))
        .collect();
    if also.is_empty() {
        return Ok(html! {});
    }
    let choices: Vec<Choice> = also.iter().map(|(id, says)| Choice::new(id, says)).collect();
    let (label, hint, error) = (t!("incident-also-ask"), t!("incident-also-ask-hint"), typed.error("also"));
    let field = Field::new("also", &label).hint(Some(&hint)).error(error.as_deref()).optional(true);
    Ok(ui::checkboxes(&|id| texts::t(id), &field, &choices, &typed.fields.all("also")))
}

pub(super) async fn ask(visit: Visit, Path(place): Path<Uuid>, RawQuery(query): RawQuery) -> Answer {
    let (answers, errors) = (Answers::new(), FieldErrors::default());
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let typed = Typed { fields: &Fields::default(), errors: &errors };
    let drawn = Drawn { above: above(&fields)?, asked: asked(&fields), answers: &answers, typed };
    draw(&visit, place, drawn).await
}

/// What asked for the report, if something did.
fn asked(fields: &Fields) -> Option<Uuid> {
    fields.some("asked").and_then(|id| id.parse().ok())
}

/// The tier above that it is about, where it is about one.
fn above(fields: &Fields) -> Result<Option<i32>> {
    fields.some("above").map(|tier| tier.parse().map_err(|_| Error::NotFound)).transpose()
}

/// What was posted of the first section, and what is wrong with it or missing.
pub(super) fn read(form: &Form, fields: &Fields, choices: &Choices) -> (Answers, FieldErrors) {
    let ours = |name: &str| name == "asked" || name.starts_with("q.");
    let pairs: Vec<(String, String)> = fields.pairs().iter().filter(|(name, _)| ours(name)).cloned().collect();
    let mut answers = Answers::new();
    let (patch, wrong) = form.from_fields(FIRST, &pairs, &answers, choices);
    answers.apply(&patch);
    let missing = form.check_section(FIRST, &answers, Mode::Submit, choices);
    let mut errors = names::errors(&wrong);
    for (name, text) in names::errors(&missing).iter().filter(|(name, _)| errors.get(name).is_none()).collect::<Vec<_>>() {
        errors.add(name, text.clone());
    }
    (answers, errors)
}

pub(super) async fn report(Path(place): Path<Uuid>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let cx = &visit.cx;
    let row = contract::chain::place(cx.db(), place).await?.row;
    let told = cx.actor.is_authority();
    let (of, pack) = act::blank(cx, &row, told).await?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, &of.case).await?;
    let above = above(fields)?;
    let (answers, errors) = read(form_of(&pack)?, fields, &choices);
    let done = if errors.is_empty() {
        let also = fields.all("also").into_iter().filter_map(|id| id.parse().ok()).collect();
        let told = told.then(|| Told { name: fields.get("told_by").to_owned(), way: fields.get("told_how").to_owned() });
        let channel = if told.is_some() { Channel::Told } else { Channel::Page };
        act::report(cx, &Report { place, above, also, answers: answers.clone(), channel, told, asked: asked(fields) }).await
    } else {
        Err(Error::Invalid(errors))
    };
    match done {
        Ok(case) => Ok(see_other(&at::<Incidents>(&case, "sent"))),
        Err(Error::Invalid(errors)) => {
            let drawn = Drawn { above, asked: asked(fields), answers: &answers, typed: Typed { fields, errors: &errors } };
            let mut response = draw(visit, place, drawn).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response.into_response())
        }
        Err(other) => Err(other),
    }
}

/// The reference, large enough to read out, and the one thing to do next.
pub(super) async fn sent(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::viewed::<Incidents>(&visit, &id).await?;
    let reference = of.case.reference.clone().ok_or(Error::NotFound)?;
    let complete = at::<Incidents>(&of.case, "answers");
    let body = html! {
        (ui::panel(&t!("incident-sent"), &t!("incident-sent-reference"), &reference))
        p .govuk-body { (if visit.cx.actor.is_authority() { t!("incident-sent-told") } else { t!("incident-sent-mail") }) }
        (kit::marked::<Incidents>(&visit, &of.case))
        (screening::notice(&visit, &of).await?)
        (papers::button::<Incidents>(&visit, &of, Kind::Acknowledgement, ButtonKind::Secondary)?)
        h2 .govuk-heading-m { (t!("incident-sent-next")) }
        p .govuk-body { (INCIDENT.stage_next(&of.case.stage)) }
        @if !visit.cx.actor.is_authority() { (told_not_to_notify()) }
        @if visit.cx.may("incident.draft", &of) {
            p .govuk-body { (t!("incident-sent-complete")) }
            (ui::link_button(Link::new(&t!("incident-complete"), &complete), ButtonKind::Primary))
        }
        p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, "")) { (t!("incident-follow")) } }
    };
    Ok(visit.page(&t!("incident-sent")).active(Incidents::PAGES).body(&body))
}

/// What there is now, to be sent. Nothing holds it back but what is wrong.
pub(super) async fn check(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.draft").await?;
    let (cx, case) = (&visit.cx, &of.case);
    let pack = pack::of_case(cx, case)?;
    let questions = form_of(&pack)?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = site::offered::choices(cx, cx.db(), INCIDENT.id, case).await?;
    let href = |section: &str| at::<Incidents>(case, &format!("answers/{section}"));
    let frozen = freezing::freeze_so_far(questions, &kept.answers, (&pack.pack, &pack.edition), &choices, FIRST);
    let sent = rounds::submissions(cx, cx.db(), case).await?;
    let (faults, lacking, new) = match &frozen {
        Ok((frozen, lacking)) => (None, *lacking, sent.last().is_none_or(|last| last.digest != frozen.digest)),
        Err(faults) => (Some(faults), 0, false),
    };
    let body = html! {
        @if let Some(faults) = faults { (faults.summary(&href)) }
        h1 .govuk-heading-l { (t!("answering-check")) }
        (kit::marked::<Incidents>(&visit, case))
        @if lacking > 0 { (ui::inset(html! { (t!("incident-lacking-still", count = lacking)) })) }
        (review::check(questions, &kept.answers, &choices, &href))
        @if faults.is_some() { p .govuk-body { (t!("incident-check-first")) } }
        @else if !new { p .govuk-body { (t!("incident-nothing-new")) } }
        @else { (form(&visit, &at::<Incidents>(case, "add"), Some(case.version), ui::button(&t!("incident-add"), ButtonKind::Primary))?) }
    };
    Ok(kit::page::<Incidents>(&visit, &of, &t!("answering-check")).body(&body))
}

pub(super) async fn add(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Incidents>(&post.visit, &id).await?;
    match act::add(&post.visit.cx, of.case.id, post.fields.version()?).await {
        Ok(case) => Ok(see_other(&at::<Incidents>(&case, ""))),
        // What is wrong with answers is listed over them.
        Err(Error::Invalid(_)) => Ok(see_other(&at::<Incidents>(&of.case, "check"))),
        Err(other) => Err(other),
    }
}
