//! Which document governs a duty, why, and what was ruled on it; and the form that records what contract or plan ask.

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::people;
use platform::error::FieldErrors;
use platform::ui::{self, ButtonKind, Column, Link, Row, Table, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::governing::{Ask, Demand, Outcome, Source};
use uuid::Uuid;

use super::address;
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form as frame};
use crate::contract::chain;
use crate::obligation::act;
use crate::obligation::governing::{self, Governs, rule_of};
use crate::obligation::store::{self, Duty};
use crate::obligation::terms::{Document, Term, Way};
use crate::ruling::asks;
use crate::ruling::model::Stands;
use crate::ruling::{self, pages as rulings};

/// What governs a duty, for everybody who may view it.
///
/// # Errors
/// When the database fails.
pub(super) async fn section(visit: &Visit, duty: &Duty) -> Result<Markup> {
    let cx = &visit.cx;
    let governs = governing::of(cx, cx.db(), duty).await?;
    let outcome = governs.decision.explained.outcome;
    let says = texts::t(&rules::decision::Outcome::message_id(outcome));
    let ask = asking(visit, duty).await?;
    let invited = governs.decision.ruling_invited;
    let said = says_of(cx, &governs).await?;
    Ok(html! {
        h2 #governing .govuk-heading-m { (t!("obligation-governing")) }
        p .govuk-body { (ui::tag(&t!(&format!("obligation-governing-{}", outcome.code().replace('_', "-"))), tone(outcome))) " " (says) }
        @if outcome == Outcome::Undetermined { p .govuk-body { (t!("obligation-governing-meanwhile")) } }
        (said)
        (documents(visit, duty, &governs).await?)
        (ui::details(&t!("obligation-governing-why"), kit::reasons(&governs.decision.explained, &t!("obligation-governing-missing"))))
        @if let Some(href) = &ask {
            @if invited {
                p .govuk-body { (t!("obligation-ruling-invited")) }
                (ui::link_button(Link::new(&t!("obligation-ask-ruling"), href), ButtonKind::Secondary))
            } @else { p .govuk-body { a .govuk-link href=(href) { (t!("obligation-ask-what")) } } }
        }
    })
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Governed | Outcome::Ruled => Tone::Green,
        Outcome::StricterApplies => Tone::Orange,
        Outcome::Conflict | Outcome::Blocked => Tone::Red,
        Outcome::NothingAsked => Tone::Grey,
        Outcome::Undetermined => Tone::Yellow,
    }
}

/// Where the visitor asks what this rule means, filled in; none for those who may not.
async fn asking(visit: &Visit, duty: &Duty) -> Result<Option<String>> {
    let (cx, rule) = (&visit.cx, rule_of(duty).code());
    let Some(place) = duty.row.place else {
        let may = cx.actor.is_authority() && cx.may("ruling.ask", &ruling::act::anywhere(cx)?);
        return Ok(may.then(|| format!("/rulings/new?contract={}&rule={rule}", duty.row.contract)));
    };
    let at = chain::place(cx.db(), place).await?.row;
    let of = ruling::act::blank(cx, &at).await?;
    Ok(cx.may("ruling.ask", &of).then(|| format!("/rulings/new/{place}?rule={rule}")))
}

/// The rulings on it: those that hold or will, and the earlier ones to be opened.
async fn says_of(cx: &platform::Cx, governs: &Governs) -> Result<Markup> {
    let today = cx.core().clock.today();
    let (mut now, mut earlier) = (Vec::new(), Vec::new());
    for given in governs.rulings.iter().rev() {
        let of = ruling::store::get(cx.db(), given.case).await?;
        let drawn = rulings::shown(cx, given, cx.may("ruling.view", &of)).await?;
        if matches!(given.stands(today), Stands::Holds | Stands::Coming) { now.push(drawn) } else { earlier.push(drawn) }
    }
    Ok(html! {
        @if !now.is_empty() {
            h3 .govuk-heading-s { (t!("obligation-rulings")) }
            @for one in &now { (one) }
        }
        @if !earlier.is_empty() { (ui::details(&t!("obligation-rulings-earlier"), html! { @for one in &earlier { (one) } })) }
    })
}

/// What each document asks, where that stands, and which applies.
async fn documents(visit: &Visit, duty: &Duty, governs: &Governs) -> Result<Markup> {
    let cx = &visit.cx;
    let may = duty.row.owed && cx.may("obligation.state_term", duty);
    let by: Vec<Uuid> = [&governs.contract, &governs.plan].iter().filter_map(|term| term.set.as_ref()?.0.parse().ok()).collect();
    let names = if cx.actor.is_authority() { people::names(cx, by).await? } else { std::collections::BTreeMap::new() };
    let recorded = |term: &Term| {
        let (by, at) = term.set.as_ref()?;
        let name =
            by.parse().ok().and_then(|id: Uuid| names.get(&id).cloned()).unwrap_or_else(|| cx.core().settings.authority.name.clone());
        Some(t!("obligation-by-on", by = name, date = cx.core().clock.day_text(*at)))
    };
    let record = |document: Document, term: &Term| {
        let text = if term.version == 0 { "obligation-term-record" } else { "obligation-term-change" };
        let name = texts::t(&source(document).message_id());
        html! {
            @if may && governs.kept_at(duty, document).is_some() {
                br; a .govuk-link href={ (address(duty)) "/terms/" (document.code()) } { (t!(text)) span .govuk-visually-hidden { ": " (name) } }
            }
        }
    };
    let stands = |term: &Term| {
        html! {
            @if let Some(clause) = &term.clause { (clause) br; }
            @if let Some(recorded) = recorded(term) { span .govuk-hint { (recorded) } }
        }
    };
    let plan = match &governs.in_force {
        None => html! { (t!("obligation-term-plan-none")) },
        Some(plan) => html! {
            (plan.reference.clone().unwrap_or_default()) br;
            @if governs.plan_is_earlier() { (t!("obligation-term-plan-earlier")) br; }
            (stands(&governs.plan))
        },
    };
    let edition = t!("obligation-set-by", pack = &duty.pack.title, edition = &duty.row.edition);
    let rows = [
        (Source::Contract, asked(&governs.facts.contract), stands(&governs.contract), record(Document::Contract, &governs.contract)),
        (Source::Plan, asked(&governs.facts.plan), plan, record(Document::Plan, &governs.plan)),
        (Source::Pack, asked(&governs.facts.pack), html! { (edition) }, html! {}),
    ];
    let heads = ["obligation-term-document", "obligation-term-asks", "obligation-term-where"].map(texts::t);
    let columns = heads.each_ref().map(|head| Column::new(head));
    let applies = |of: Source| governs.decision.applies.contains(&of);
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(of, asks, stands, link)| {
            let name = texts::t(&of.message_id());
            let tag = html! { @if applies(of) { br; (ui::tag(&t!(if governs.decision.governs == Some(of) { "obligation-term-governs" } else { "obligation-term-applies" }), Tone::Green)) } };
            Row::new(vec![html! { (name) (tag) }, html! { span .vs-lines { (asks) } }, html! { (stands) (link) }])
        })
        .collect();
    Ok(ui::table(&Table { caption: &t!("obligation-term-caption"), caption_shown: false, columns: &columns, stack: true }, &rows))
}

/// What a document asks, in words.
fn asked(ask: &Ask) -> String {
    match (ask.applies, &ask.asks) {
        (Some(false), _) => t!("obligation-term-nothing"),
        (Some(true), Some(demand)) => demand_says(demand),
        (None, Some(demand)) => t!("obligation-term-maybe", says = demand_says(demand)),
        _ => t!("obligation-term-unknown"),
    }
}

fn demand_says(demand: &Demand) -> String {
    asks::says(demand)
}

fn source(document: Document) -> Source {
    match document {
        Document::Contract => Source::Contract,
        Document::Plan => Source::Plan,
    }
}

type Which = Path<(Uuid, String, String, String)>;

/// The duty, the document, and what is recorded of it, for whoever may record that.
async fn allowed(visit: &Visit, Path((at, pack, duty, document)): Which) -> Result<(Duty, Document, Governs)> {
    let document = Document::from_code(&document).ok_or(Error::NotFound)?;
    let duty = store::get(&visit.cx, at, &pack, &duty).await?;
    visit.cx.permit("obligation.view", &duty)?;
    visit.cx.permit("obligation.state_term", &duty)?;
    let governs = governing::of(&visit.cx, visit.cx.db(), &duty).await?;
    if governs.kept_at(&duty, document).is_none() {
        return Err(Error::conflict("obligation-term-no-plan"));
    }
    Ok((duty, document, governs))
}

pub(in crate::obligation) async fn form(visit: Visit, which: Which) -> Answer {
    let (duty, document, governs) = allowed(&visit, which).await?;
    let fields = filled(governs.term(document));
    draw(&visit, &duty, document, &governs, Typed { fields: &fields, errors: &FieldErrors::default() })
}

/// What is recorded, as it would have been typed.
fn filled(term: &Term) -> Fields {
    let mut pairs = match &term.way {
        Way::Asks(demand) => asks::typed(demand),
        Way::Unknown if term.version == 0 => Vec::new(),
        way => vec![(asks::WAY.to_owned(), way.code().to_owned())],
    };
    pairs.extend(term.clause.clone().map(|clause| ("clause".to_owned(), clause)));
    Fields::new(pairs)
}

fn draw(visit: &Visit, duty: &Duty, document: Document, governs: &Governs, typed: Typed<'_>) -> Answer {
    let obligation = duty.obligation().ok_or(Error::NotFound)?;
    let title = t!(&format!("obligation-term-title-{}", document.code()));
    let ways: Vec<(String, String)> =
        ["same", "nothing", "limit", "words", "unknown"].map(|way| (way.to_owned(), t!(&format!("obligation-term-way-{way}")))).into();
    let inner = html! {
        (asks::boxes(typed, "obligation-term-ask", &ways))
        (typed.optional_line("clause", "obligation-term-clause"))
        (ui::button(&t!("obligation-term-save"), ButtonKind::Primary))
    };
    let about = match (document, &governs.in_force) {
        (Document::Plan, Some(plan)) => t!("obligation-term-about-plan", reference = plan.reference.clone().unwrap_or_default()),
        _ => t!("obligation-term-about-contract", contract = &duty.title),
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (about) }
        h2 .govuk-heading-m { (obligation.title) }
        p .govuk-body { (obligation.text) }
        p .govuk-body { (t!("obligation-term-pack-asks", asks = asked(&governs.facts.pack))) }
        (frame(visit, &format!("{}/terms/{}", address(duty), document.code()), Some(governs.term(document).version), inner)?)
    };
    let page = visit
        .page(&title)
        .active("/obligations")
        .crumb(&t!("obligation-list-title"), "/obligations")
        .crumb(&obligation.title, &address(duty));
    Ok(page.errors(typed.errors).body(&body))
}

/// What was typed.
fn read(fields: &Fields) -> Result<Way> {
    let mut errors = FieldErrors::default();
    let demand = asks::read(fields, &mut errors);
    errors.or(())?;
    match (fields.get(asks::WAY), demand) {
        (_, Some(demand)) => Ok(Way::Asks(demand)),
        ("same", _) => Ok(Way::Same),
        ("nothing", _) => Ok(Way::Nothing),
        ("unknown", _) => Ok(Way::Unknown),
        _ => Err(Error::field(asks::WAY, platform::texts::Text::new("obligation-term-missing"))),
    }
}

pub(in crate::obligation) async fn state(which: Which, posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let (duty, document, governs) = allowed(visit, which).await?;
    let done = match read(fields) {
        Ok(way) => act::state_term(&visit.cx, &duty, document, fields.version()?, way, fields.some("clause")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{}#governing", address(&duty)))),
        Err(Error::Invalid(errors)) => draw(visit, &duty, document, &governs, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}
