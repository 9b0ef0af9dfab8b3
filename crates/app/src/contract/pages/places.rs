//! The chain on a contract's page, and the forms that add a place to it, move one and end one.

use std::collections::BTreeMap;

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Words};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use uuid::Uuid;

use super::{Typed, back};
use crate::contract::act::{self, Joining};
use crate::contract::chain::{self, Place, seen_places};
use crate::contract::store::{self, Contract};
use crate::party;

type Names = BTreeMap<Uuid, String>;

/// The chain as a nested list, and the form that adds a place.
pub(super) async fn chain(visit: &Visit, contract: &Contract, places: &[Place], names: &Names, typed: Typed<'_>) -> Result<Markup> {
    let cx = &visit.cx;
    let tops: Vec<&Place> = places.iter().filter(|p| p.row.above.is_none_or(|above| places.iter().all(|o| o.row.id != above))).collect();
    let branches = Branches { places, names, may_move: cx.may("chain.change", contract), may_end: cx.may("chain.end", contract) };
    let form = if cx.may("chain.add", contract) {
        joining_form(visit, contract.row.id, places, names, typed).await?
    } else {
        html! {}
    };
    Ok(html! {
        @if tops.is_empty() { (ui::empty_state(&t!("contract-chain-empty"), &t!("contract-chain-empty-text"), None)) }
        @else { (branches.draw(&tops)) }
        (form)
    })
}

struct Branches<'a> {
    places: &'a [Place],
    names: &'a Names,
    may_move: bool,
    may_end: bool,
}

impl Branches<'_> {
    fn draw(&self, level: &[&Place]) -> Markup {
        html! {
            ul .govuk-list .govuk-list--bullet {
                @for place in level {
                    @let below: Vec<&Place> = self.places.iter().filter(|p| p.row.above == Some(place.row.id)).collect();
                    li {
                        strong { (name(self.names, place)) }
                        " " (ui::tag(&t!("contract-tier", tier = place.row.tier), ui::Tone::Grey))
                        @if place.row.bids { " " (ui::tag(&t!("contract-bids"), ui::Tone::Purple)) }
                        @if let Some(text) = &place.row.role_text { " " (text) }
                        " " span .govuk-hint { (t!("contract-since", date = day(&place.row.since))) }
                        @let bidder = place.row.bids && place.row.above.is_none();
                        @if self.may_move && !bidder { " " (self.link(place, "move", &t!("contract-place-move"))) }
                        @if self.may_end && !bidder { " " (self.link(place, "end", &t!("contract-place-end"))) }
                        @if !below.is_empty() { (self.draw(&below)) }
                    }
                }
            }
        }
    }

    fn link(&self, place: &Place, what: &str, text: &str) -> Markup {
        html! {
            a .govuk-link href=(at(place, what)) { (text) span .govuk-visually-hidden { " " (name(self.names, place)) } }
        }
    }
}

fn name<'a>(names: &'a Names, place: &Place) -> &'a str {
    names.get(&place.row.party).map_or("", String::as_str)
}

fn at(place: &Place, what: &str) -> String {
    format!("/contracts/{}/places/{}/{what}", place.row.contract, place.row.id)
}

fn day(iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), platform::clock::day_text)
}

/// Places to choose the one above from: id and words.
fn choices(places: &[Place], names: &Names) -> Vec<(String, String)> {
    let words = |p: &Place| t!("contract-place-choice", party = name(names, p), tier = p.row.tier);
    places.iter().map(|p| (p.row.id.to_string(), words(p))).collect()
}

/// For whom it works, and what it does: what adding and moving ask alike.
fn boxes(choices: &[(String, String)], above: &str, role: &str, errors: &FieldErrors) -> Markup {
    let words: Words = &|id| texts::t(id);
    let choices: Vec<Choice> = choices.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let say = |name: &str| errors.get(name).map(Text::say);
    let (above_error, role_error) = (say("above"), say("role_text"));
    let labels = [t!("contract-place-above"), t!("contract-place-above-hint"), t!("contract-place-role")];
    let field = Field::new("above", &labels[0]).hint(Some(&labels[1])).error(above_error.as_deref());
    html! {
        (ui::select(words, &field, &choices, Some(above), false))
        (ui::input(words, &Field::new("role_text", &labels[2]).error(role_error.as_deref()).optional(true), &ui::Input { value: role, ..ui::Input::default() }))
    }
}

async fn joining_form(visit: &Visit, id: Uuid, places: &[Place], names: &Names, typed: Typed<'_>) -> Result<Markup> {
    let suppliers = party::store::suppliers(visit.cx.db()).await?;
    let words: Words = &|id| texts::t(id);
    let parties: Vec<(String, String)> = suppliers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let parties: Vec<Choice> = parties.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (once, action) = (visit.once()?, format!("/contracts/{id}/places"));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let (label, error) = (t!("contract-place-party"), typed.errors.get("party").map(Text::say));
    Ok(ui::details(
        &t!("contract-place-add"),
        ui::form(
            words,
            &form,
            html! {
                (ui::select(words, &Field::new("party", &label).error(error.as_deref()), &parties, typed.fields.some("party"), true))
                (boxes(&choices(places, names), typed.fields.get("above"), typed.fields.get("role_text"), typed.errors))
                (ui::button(&t!("contract-place-save"), ButtonKind::Secondary))
            },
        ),
    ))
}

/// The place named as the one above, if any.
fn above(fields: &Fields) -> Result<Option<Uuid>> {
    let missing = |_| Error::field("above", Text::new("contract-chain-above-missing"));
    fields.some("above").map(|id| id.parse().map_err(missing)).transpose()
}

pub(in crate::contract) async fn add(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let role_text = posted.fields.some("role_text").map(str::to_owned);
    let done = match (posted.fields.get("party").parse(), above(&posted.fields)) {
        (Ok(party), Ok(above)) => {
            let joining = Joining { party, above, role_text, since: None };
            act::add_place(&posted.visit.cx, id, &joining).await.map(|_| ())
        }
        (_, Err(error)) => Err(error),
        _ => Err(Error::field("party", Text::new("contract-chain-party-missing"))),
    };
    back(&posted, id, "chain", done).await
}

/// A standing place about to change, among the others of its chain.
struct Changing {
    contract: Contract,
    place: Place,
    /// All standing places but itself and those below.
    others: Vec<Place>,
    /// Those below it.
    below: Vec<Place>,
    names: Names,
}

impl Changing {
    async fn read(visit: &Visit, action: &'static str, id: Uuid, place: Uuid) -> Result<Self> {
        let cx = &visit.cx;
        let contract = store::get(cx.db(), id).await?;
        cx.permit(action, &contract)?;
        let place = chain::place(cx.db(), place).await?;
        if place.row.contract != id {
            return Err(Error::NotFound);
        }
        if place.row.until.is_some() {
            return Err(Error::conflict("contract-chain-place-ended"));
        }
        let all = seen_places(cx.db(), &cx.actor, id, false).await?;
        let names = party::store::names(cx.db(), all.iter().map(|p| p.row.party)).await?;
        // Tier by tier, so that whoever stands above comes first.
        let (mut below, mut others): (Vec<Place>, Vec<Place>) = (Vec::new(), Vec::new());
        for other in all.into_iter().filter(|p| p.row.id != place.row.id) {
            let under = other.row.above.is_some_and(|up| up == place.row.id || below.iter().any(|b| b.row.id == up));
            if under { below.push(other) } else { others.push(other) }
        }
        Ok(Self { contract, place, others, below, names })
    }

    fn page(
        &self,
        visit: &Visit,
        title: &str,
        about: &str,
        action: &str,
        errors: &FieldErrors,
        (inner, button): (Markup, Markup),
    ) -> Answer {
        let (once, version) = (visit.once()?, self.place.row.version.to_string());
        let form = ui::Form { action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
        let contract = format!("/contracts/{}", self.contract.row.id);
        let page = visit.page(title).active("/contracts").crumb(&self.contract.row.title, &contract).errors(errors);
        Ok(page.body(&html! {
            h1 .govuk-heading-l { (title) }
            @if !self.below.is_empty() {
                p .govuk-body { (about) }
                ul .govuk-list .govuk-list--bullet { @for place in &self.below { li { (name(&self.names, place)) } } }
            }
            (ui::form(&|id| texts::t(id), &form, html! {
                (inner)
                (ui::button_group(html! {
                    (button)
                    a .govuk-link href={ (contract) "#chain" } { (t!("register-cancel")) }
                }))
            }))
        }))
    }

    fn moving(&self, visit: &Visit, above: &str, role: &str, errors: &FieldErrors) -> Answer {
        let title = t!("contract-place-move-title", party = name(&self.names, &self.place));
        let inner = html! {
            (boxes(&choices(&self.others, &self.names), above, role, errors))
        };
        let inner = (inner, ui::button(&t!("contract-place-move-save"), ButtonKind::Primary));
        self.page(visit, &title, &t!("contract-place-moves-with"), &at(&self.place, "move"), errors, inner)
    }

    fn ending(&self, visit: &Visit, until: [&str; 3], errors: &FieldErrors) -> Answer {
        let title = t!("contract-place-end-title", party = name(&self.names, &self.place));
        let (label, hint, error) = (t!("contract-place-until"), t!("contract-place-until-hint"), errors.get("until").map(Text::say));
        let field = Field::new("until", &label).hint(Some(&hint)).error(error.as_deref());
        let inner = html! {
            p .govuk-body { (t!("contract-place-end-about")) }
            (ui::date_input(&|id| texts::t(id), &field, until))
        };
        let inner = (inner, ui::button(&t!("contract-place-end-save"), ButtonKind::Warning));
        self.page(visit, &title, &t!("contract-place-ends-with"), &at(&self.place, "end"), errors, inner)
    }
}

pub(in crate::contract) async fn move_form(visit: Visit, Path((id, place)): Path<(Uuid, Uuid)>) -> Answer {
    let of = Changing::read(&visit, "chain.change", id, place).await?;
    let above = of.place.row.above.map(|id| id.to_string()).unwrap_or_default();
    of.moving(&visit, &above, of.place.row.role_text.as_deref().unwrap_or_default(), &FieldErrors::default())
}

pub(in crate::contract) async fn move_place(Path((id, place)): Path<(Uuid, Uuid)>, posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let of = Changing::read(visit, "chain.change", id, place).await?;
    let done = match above(fields) {
        Ok(above) => act::move_place(&visit.cx, place, fields.version()?, above, fields.some("role_text")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}#chain"))),
        Err(Error::Invalid(errors)) => {
            // A party that would stand twice is a fault of where it is moved to.
            let mut shown = FieldErrors::default();
            for (field, text) in errors.iter() {
                shown.add(if field == "party" { "above" } else { field }, text.clone());
            }
            of.moving(visit, fields.get("above"), fields.get("role_text"), &shown)
        }
        Err(other) => Err(other),
    }
}

pub(in crate::contract) async fn end_form(visit: Visit, Path((id, place)): Path<(Uuid, Uuid)>) -> Answer {
    Changing::read(&visit, "chain.end", id, place).await?.ending(&visit, [""; 3], &FieldErrors::default())
}

pub(in crate::contract) async fn end(Path((id, place)): Path<(Uuid, Uuid)>, posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let of = Changing::read(visit, "chain.end", id, place).await?;
    let done = match fields.date("until") {
        Ok(until) => act::end_place(&visit.cx, place, fields.version()?, until).await,
        Err(text) => Err(Error::field("until", text)),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}#chain"))),
        Err(Error::Invalid(errors)) => {
            of.ending(visit, [fields.get("until.day"), fields.get("until.month"), fields.get("until.year")], &errors)
        }
        Err(other) => Err(other),
    }
}
