//! The page of a country: what is there, who works there, what was approved and what is open, what the authority holds of it.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use maud::{Markup, html};
use platform::clock::day_text;
use platform::register::{Editing, Picks, Standing as Stands, history};
use platform::ui::{self, ButtonKind, Fact, Link, Row, Tab, Table, Tile, Tone};
use platform::web::{Answer, Posted, Visit};
use platform::{Cx, Error, Result, t, texts};
use rules::country::{Country, UnknownCountry};
use rules::cover::Standing;
use rules::decision::{Outcome as _, Reason};
use rules::transfer::{self, Decision, Outcome};
use serde_json::{json, to_value};
use uuid::Uuid;

use super::{figures, refused};
use crate::geography::act;
use crate::geography::model::{COUNTRIES, Details, Here, transfer as transfer_to};
use crate::geography::store::{self, Ask, Model};
use crate::offshoring::model::{PROPOSAL, Proposal, standing_says};
use crate::offshoring::pages::urgent_tone;
use crate::offshoring::store as proposals;
use crate::party;

/// Rows of each table.
const MOST: u64 = 20;

/// What is known of a country and what is in it, as far as the actor may know.
pub(in crate::geography) struct Known {
    pub(in crate::geography) country: Country,
    pub(in crate::geography) here: Here,
    /// What is recorded, or a blank where nothing is.
    pub(in crate::geography) row: Model,
    /// Whether the actor may read what is recorded.
    pub(in crate::geography) told: bool,
    pub(in crate::geography) open: (Vec<Proposal>, u64),
    pub(in crate::geography) approved: (Vec<Proposal>, u64),
    pub(in crate::geography) based: (Vec<party::store::Model>, u64),
    pub(in crate::geography) owned: (Vec<party::store::Model>, u64),
}

impl Known {
    /// Of this country.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a supplier that has nothing there.
    pub(in crate::geography) async fn of(cx: &Cx, country: Country) -> Result<Self> {
        let code = country.code();
        let row = store::of(cx.db(), code).await?;
        let row = if let Some(row) = row { row } else { Model::new(cx.id()?, country, 0) };
        cx.permit("country.view", &row)?;
        let here = store::together(cx, &Ask { country: Some(code.to_owned()), ..Ask::default() }).await?;
        let known = Self {
            country,
            here,
            told: cx.may("country.facts", &row),
            row,
            open: store::proposals_of(cx, code, false, MOST).await?,
            approved: store::proposals_of(cx, code, true, MOST).await?,
            based: party::store::based_in(cx.db(), &cx.actor, code, MOST).await?,
            owned: party::store::owned_from(cx.db(), &cx.actor, code, MOST).await?,
        };
        let nothing = known.here.things() == 0 && [known.open.1, known.approved.1, known.based.1, known.owned.1] == [0; 4];
        if nothing && !cx.actor.is_authority() { Err(Error::NotFound) } else { Ok(known) }
    }

    /// What transfers there take. Whoever may not read what is recorded reads what the law says.
    pub(in crate::geography) fn decision(&self, cx: &Cx) -> Result<Decision> {
        let details = if self.told { self.row.details() } else { Details::default() };
        Ok(transfer_to(&details, &cx.core().home()?, self.country, &self.here))
    }

    /// What is lacking for them, for whoever may know.
    pub(in crate::geography) fn lacking(&self, cx: &Cx, outcome: Outcome) -> Vec<Reason> {
        if self.told { transfer::lacking(outcome, self.row.details().held(), cx.core().clock.today()) } else { Vec::new() }
    }
}

/// A reason in words: days as people write them, a condition by its own text.
pub(in crate::geography) fn says(reason: &Reason) -> String {
    let mut args = reason.args.clone();
    for (name, value) in &mut args {
        match name.as_str() {
            "until" | "on" => *value = value.parse::<Date>().map_or_else(|_| value.clone(), day_text),
            "condition" => *value = texts::t(value),
            _ => {}
        }
    }
    texts::say(&reason.message_id(Outcome::DECISION), &args)
}

/// The country in an address: its code. Another way to write it, and a code that was withdrawn, are told apart from what is none.
enum Named {
    Is(Country),
    Elsewhere(Country),
    Not(UnknownCountry),
}

fn named(text: &str) -> Named {
    match (Country::from_code(text), Country::resolve(text)) {
        (Ok(country), _) => Named::Is(country),
        (_, Ok(country)) => Named::Elsewhere(country),
        (_, Err(unknown)) => Named::Not(unknown),
    }
}

pub(in crate::geography) async fn page(visit: Visit, Path(text): Path<String>) -> Answer {
    match named(&text) {
        Named::Is(country) => draw(&visit, country).await,
        Named::Elsewhere(country) => Ok(platform::web::see_other(&format!("/map/{}", country.code()))),
        Named::Not(unknown) => Ok(no_country(&visit, &unknown)),
    }
}

/// Says why there is no such country, with the places to look at instead.
fn no_country(visit: &Visit, unknown: &UnknownCountry) -> axum::response::Response {
    let title = t!("country-none");
    let instead = match unknown {
        UnknownCountry::Withdrawn { successors, .. } => successors.clone(),
        UnknownCountry::Ambiguous { candidates, .. } => candidates.clone(),
        _ => Vec::new(),
    };
    visit.page(&title).active("/map").crumb(&t!("map-title"), "/map").status(StatusCode::NOT_FOUND).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (refused(unknown).say()) }
        @if !instead.is_empty() {
            ul .govuk-list .govuk-list--bullet {
                @for country in &instead { li { a .govuk-link href={ "/map/" (country.code()) } { (country.name()) } } }
            }
        }
        p .govuk-body { a .govuk-link href="/map" { (t!("map-all")) } }
    })
}

async fn draw(visit: &Visit, country: Country) -> Answer {
    let cx = &visit.cx;
    let known = Known::of(cx, country).await?;
    let decision = known.decision(cx)?;
    let lacking = known.lacking(cx, decision.outcome);
    let may_change = decision.outcome != Outcome::Home && cx.may("country.state", &known.row);
    let (there, decided, held, past) =
        (t!("country-tab-there"), t!("country-tab-decided"), t!("country-tab-held"), t!("register-timeline"));
    let mut tabs = vec![
        Tab { id: "there", title: &there, content: who(cx, &known).await? },
        Tab { id: "decided", title: &decided, content: cases(cx, &known).await? },
    ];
    if known.told && decision.outcome != Outcome::Home {
        tabs.push(Tab { id: "held", title: &held, content: facts(&known)? });
        if known.row.version > 0 {
            tabs.push(Tab { id: "history", title: &past, content: history(cx, &COUNTRIES, known.row.id).await? });
        }
    }
    let (change, href) = (t!("country-change-go"), format!("/map/{}/change", country.code()));
    let kind = if lacking.is_empty() { ButtonKind::Secondary } else { ButtonKind::Primary };
    Ok(visit.page(country.name()).active("/map").crumb(&t!("map-title"), "/map").wide().body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (country.name()) }
            @if may_change { (ui::link_button(Link::new(&change, &href), kind)) }
        }
        (standing(&decision, &lacking, known.told))
        (tiles(&known))
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

/// What transfers take, why, and what is lacking.
fn standing(decision: &Decision, lacking: &[Reason], told: bool) -> Markup {
    let tone = match decision.outcome {
        Outcome::Home | Outcome::NotPersonal => Tone::Grey,
        Outcome::Adequate => Tone::Green,
        Outcome::Conditional | Outcome::Undetermined => Tone::Yellow,
        Outcome::Safeguards if lacking.is_empty() => Tone::Blue,
        Outcome::Safeguards => Tone::Orange,
    };
    html! {
        p .govuk-body { (t!("country-transfers")) " " (ui::tag(&super::in_a_word(decision.outcome, told && lacking.is_empty()), tone)) }
        (ui::inset(html! {
            @for reason in &decision.because { p .govuk-body { (says(reason)) } }
            @for missing in &decision.missing { p .govuk-body { (texts::t(&missing.message_id(Outcome::DECISION))) } }
            @if !lacking.is_empty() {
                p .govuk-body { strong { (t!("country-lacking")) } }
                ul .govuk-list .govuk-list--bullet { @for reason in lacking { li { (says(reason)) } } }
            }
        }))
    }
}

fn tiles(known: &Known) -> Markup {
    let (here, code) = (&known.here, known.country.code());
    let href = |path: &str| format!("/{path}?country={code}");
    let lists = [href("sites"), href("arrangements"), href("subprocessors")];
    let figures = [here.sites.to_string(), here.work.works.to_string(), here.used.to_string(), known.open.1.to_string()];
    let texts = [t!("map-head-sites"), t!("map-head-work"), t!("map-head-used"), t!("country-open")];
    let people = |n: i64| (n > 0).then(|| t!("map-people", number = n));
    let uncovered = (here.work.uncovered > 0).then(|| t!("map-uncovered", number = here.work.uncovered));
    let notes = [people(here.site_people), uncovered.or_else(|| people(here.work.people)), None, None];
    let tones = [Tone::Grey, if here.work.uncovered > 0 { Tone::Red } else { Tone::Grey }, Tone::Grey, Tone::Grey];
    let all: Vec<Tile> = (0..4)
        .map(|n| Tile {
            figure: &figures[n],
            text: &texts[n],
            note: notes[n].as_deref(),
            href: lists.get(n).map(String::as_str),
            tone: tones[n],
        })
        .collect();
    ui::tiles(&all)
}

/// Who works there, by supplier and tier; who is based there; whose owner is.
async fn who(cx: &Cx, known: &Known) -> Result<Markup> {
    let ask = Ask { country: Some(known.country.code().to_owned()), ..Ask::default() };
    let found = store::by_party(cx, &ask, MOST).await?;
    let names = party::store::seen_names(cx.db(), &cx.actor, found.iter().map(|(id, _)| *id)).await?;
    let full = found.len() as u64 == MOST;
    let line = |(id, here): (Uuid, Here)| {
        Some((html! { a .govuk-link href=(super::href(&Ask { party: Some(id), ..ask.clone() }, 1)) { (names.get(&id)?) } }, here))
    };
    let lines: Vec<(Markup, Here)> = found.into_iter().filter_map(line).collect();
    let tiers: Vec<(Markup, Here)> =
        store::by_tier(cx, &ask).await?.into_iter().map(|(tier, here)| (html! { (t!("map-tier", tier = tier)) }, here)).collect();
    Ok(html! {
        @if lines.is_empty() { (ui::empty_state(&t!("country-nobody"), &t!("country-nobody-text"), None)) }
        @else {
            (figures(&t!("country-who"), &t!("map-head-supplier"), lines))
            @if full { p .govuk-body { (t!("map-suppliers-first", number = MOST)) } }
            @if !tiers.is_empty() { (figures(&t!("country-tiers"), &t!("map-head-tier"), tiers)) }
        }
        (parties(&t!("country-owned"), &t!("country-owned-none"), &known.owned))
        (parties(&t!("country-based"), &t!("country-based-none"), &known.based))
    })
}

/// Suppliers by name, with who owns them.
fn parties(title: &str, none: &str, (rows, number): &(Vec<party::store::Model>, u64)) -> Markup {
    let owner = |row: &party::store::Model| {
        let country = row.owner_country.as_deref().map(super::named);
        match (row.owner.clone(), country) {
            (Some(owner), Some(country)) => Some(t!("country-owner-in", owner = owner, country = country)),
            (owner, country) => owner.or(country),
        }
    };
    let more = number.saturating_sub(rows.len() as u64);
    html! {
        h3 .govuk-heading-s { (title) }
        @if rows.is_empty() { p .govuk-body { (none) } }
        @else {
            ul .govuk-list .govuk-list--bullet {
                @for row in rows {
                    li {
                        a .govuk-link href={ "/parties/" (row.id) } { (row.name) }
                        @if let Some(owner) = owner(row) { " " span .govuk-hint .vs-inline { (t!("country-owner", owner = owner)) } }
                    }
                }
            }
        }
        @if more > 0 { p .govuk-body { (t!("country-more", number = more)) } }
    }
}

/// What was approved there, and what is open.
async fn cases(cx: &Cx, known: &Known) -> Result<Markup> {
    let standings = proposals::standings(cx.db(), known.approved.0.iter().map(|of| of.case.id)).await?;
    let stale = proposals::stale_since(cx.db(), known.approved.0.iter().map(|of| of.case.id)).await?;
    let approved = |of: &Proposal| match standings.get(&of.case.id) {
        Some(Standing::InForce) if stale.contains_key(&of.case.id) => ui::tag(&t!("proposal-stale"), Tone::Orange),
        Some(standing) => {
            let tone = match standing {
                Standing::InForce => Tone::Green,
                Standing::Suspended => Tone::Orange,
                Standing::Revoked => Tone::Red,
            };
            ui::tag(&standing_says(*standing), tone)
        }
        None => html! { span .vs-absent { (t!("register-absent")) } },
    };
    let today = cx.core().clock.today();
    // An urgent approval covers work already, though its proposal is open.
    let stage = |of: &Proposal| {
        html! {
            @match PROPOSAL.stage(&of.case.stage) {
                Ok(stage) => (ui::tag(&PROPOSAL.stage_name(stage.id), stage.tone)),
                Err(_) => (of.case.stage),
            }
            @if let Some(urgent) = of.urgent_now() { " " (ui::tag(&proposals::urgent_says(urgent, today), urgent_tone(urgent, today))) }
        }
    };
    Ok(html! {
        (proposals_table(&t!("country-open"), &t!("country-open-none"), &known.open, &stage))
        (proposals_table(&t!("country-approved"), &t!("country-approved-none"), &known.approved, &approved))
    })
}

fn proposals_table(title: &str, none: &str, (rows, number): &(Vec<Proposal>, u64), state: &dyn Fn(&Proposal) -> Markup) -> Markup {
    let heads = [t!("country-head-reference"), t!("country-head-title"), t!("country-head-state")];
    let columns: Vec<ui::Column> = heads.iter().map(|head| ui::Column::new(head)).collect();
    let line = |of: &Proposal| {
        let reference = of.case.reference.clone().unwrap_or_else(|| t!("country-no-reference"));
        let link = ui::reference(Link::new(&reference, &format!("/proposals/{}", of.case.id)));
        Row::new(vec![link, html! { (of.case.title) }, state(of)])
    };
    let lines: Vec<Row> = rows.iter().map(line).collect();
    let more = number.saturating_sub(rows.len() as u64);
    html! {
        h3 .govuk-heading-s { (title) }
        @if lines.is_empty() { p .govuk-body { (none) } }
        @else { (ui::table(&Table { caption: title, columns: &columns, stack: true, ..Table::default() }, &lines)) }
        @if more > 0 { p .govuk-body { (t!("country-more", number = more)) } }
    }
}

/// What the authority holds of it.
fn facts(known: &Known) -> Result<Markup> {
    let record = to_value(known.row.details())?;
    let drawn: Vec<(String, Markup)> = COUNTRIES.fields.iter().map(|field| (field.says(), field.draw(&record))).collect();
    let facts: Vec<Fact> = drawn.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(html! {
        @if known.row.version == 0 { p .govuk-body { (t!("country-nothing-held")) } }
        (ui::summary_list(&facts, true))
    })
}

/// The record as it stands, for whoever may change it.
async fn changing(visit: &Visit, text: &str) -> Result<(Country, Stands)> {
    let country = Country::from_code(text).map_err(|_| Error::NotFound)?;
    let row = store::of(visit.cx.db(), country.code()).await?;
    let row = if let Some(row) = row { row } else { Model::new(visit.cx.id()?, country, 0) };
    visit.cx.permit("country.state", &row)?;
    if visit.cx.core().home()?.contains(country) {
        return Err(Error::conflict("country-home"));
    }
    Ok((country, (to_value(row.details())?, row.version)))
}

fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str) -> Editing<'a> {
    Editing { register: &COUNTRIES, visit, title, action, picks: Picks::new(), base: json!({}) }
}

pub(in crate::geography) async fn change_form(visit: Visit, Path(text): Path<String>) -> Answer {
    let (country, standing) = changing(&visit, &text).await?;
    let (title, action) = (t!("country-change", country = country.name_in_sentence()), format!("/map/{}/change", country.code()));
    editing(&visit, &title, &action).filled(&standing)
}

pub(in crate::geography) async fn change(Path(text): Path<String>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (country, _) = changing(visit, &text).await?;
    let (title, action) = (t!("country-change", country = country.name_in_sentence()), format!("/map/{}/change", country.code()));
    let write = async |details: Details, version| act::state(&visit.cx, country, version, &details).await;
    let now = async || Ok(changing(visit, &text).await?.1);
    editing(visit, &title, &action).change(&posted.fields, write, now).await
}
