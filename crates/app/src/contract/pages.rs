//! The screens of the register of contracts: list, record with its chain and packs, and the forms that change them.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::people;
use platform::error::FieldErrors;
use platform::register::{Ask, Drawn, Entered, Picks, find, history};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Fact, Field, Link, Row, Tab};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act::{self, Joining};
use super::chain::{Place, seen_places};
use super::model::{CONTRACTS, Details};
use super::store::{self, Contract};
use super::{facts, facts_pages};
use crate::{pack, party};

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&CONTRACTS, &visit.path);
    let found = find::<store::Entity>(cx.db(), &CONTRACTS, &ask, store::visible(&cx.actor)).await?;
    let contracts = store::with_parties(cx.db(), found.rows.clone()).await?;
    let rows = contracts.iter().filter(|c| cx.may("contract.view", *c)).map(|c| row(&c.row)).collect::<Result<_>>()?;
    let add = t!("contract-add");
    let may_add = cx.may("contract.add", &Contract::new(Uuid::nil(), &Details::titled(Uuid::nil(), ""), 0));
    let drawn =
        Drawn { register: &CONTRACTS, ask: &ask, add: may_add.then(|| Link::new(&add, "/contracts/add")), more: &[], named: &|_, _| None };
    let import = html! {
        @if may_add { p .govuk-body { a .govuk-link href="/contracts/import" { (t!("contract-import")) } } }
    };
    Ok(visit.page(&CONTRACTS.says("list-title")).active("/contracts").wide().body(&html! { (drawn.draw(&found, rows)) (import) }))
}

fn row(row: &store::Model) -> Result<Row> {
    let record = record_of(row)?;
    let cells = CONTRACTS.fields.iter().filter(|f| f.in_list).map(|f| match f.name {
        "title" => html! { a .govuk-link href={ "/contracts/" (row.id) } { (row.title) } },
        _ => f.draw(&record),
    });
    Ok(Row::new(cells.collect()))
}

fn record_of(row: &store::Model) -> Result<Value> {
    Ok(serde_json::to_value(row.details())?)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    show(&visit, id, &FieldErrors::default()).await
}

/// The record; after a refused form, with what to mend.
async fn show(visit: &Visit, id: Uuid, errors: &FieldErrors) -> Answer {
    let cx = &visit.cx;
    let contract = store::get(cx.db(), id).await?;
    cx.permit("contract.view", &contract)?;
    let places = seen_places(cx.db(), &cx.actor, id, false).await?;
    let names = party::store::names(cx.db(), places.iter().map(|p| p.row.party)).await?;
    let titles = [t!("register-facts"), t!("contract-chain"), t!("contract-packs"), t!("register-timeline")];
    let mut tabs = vec![
        Tab { id: "facts", title: &titles[0], content: facts(cx, &contract).await? },
        Tab { id: "chain", title: &titles[1], content: chain(visit, &contract, &places, &names, errors).await? },
        Tab { id: "packs", title: &titles[2], content: packs(visit, &contract, errors).await? },
    ];
    if cx.actor.is_authority() {
        tabs.push(Tab { id: "history", title: &titles[3], content: history(cx, &CONTRACTS, id).await? });
    }
    let change = t!("register-change");
    let page =
        visit.page(&contract.row.title).active("/contracts").crumb(&CONTRACTS.says("list-title"), "/contracts").wide().errors(errors);
    Ok(page.body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (contract.row.title) }
            @if cx.may("contract.change", &contract) {
                (ui::link_button(Link::new(&change, &format!("/contracts/{id}/change")), ButtonKind::Secondary))
            }
        }
        p .govuk-body { a .govuk-link href={ "/obligations?contract=" (id) } { (t!("contract-obligations")) } }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

async fn facts(cx: &Cx, contract: &Contract) -> Result<Markup> {
    let mut record = record_of(&contract.row)?;
    if let Some(manager) = contract.row.manager {
        record["manager"] = people::names(cx.db(), [manager]).await?.remove(&manager).into();
    }
    // Value and description are between the authority and the lead contractor.
    let hidden: &[&str] = if cx.may("contract.terms", contract) { &[] } else { &["value_minor", "description"] };
    let facts = CONTRACTS.facts(&record, hidden);
    let facts: Vec<Fact> = facts.iter().map(|(key, value)| Fact::new(key, value.clone())).collect();
    Ok(ui::summary_list(&facts, true))
}

/// The chain as a nested list, and the form that adds a place.
async fn chain(
    visit: &Visit,
    contract: &Contract,
    places: &[Place],
    names: &BTreeMap<Uuid, String>,
    errors: &FieldErrors,
) -> Result<Markup> {
    let cx = &visit.cx;
    let ids: Vec<Uuid> = places.iter().map(|p| p.row.id).collect();
    let tops: Vec<&Place> = places.iter().filter(|p| p.row.above.is_none_or(|above| !ids.contains(&above))).collect();
    let may_end = cx.may("chain.end", contract);
    let once = visit.once()?;
    let branches = Branches { places, names, csrf: &visit.csrf, once: &once, may_end };
    let form = if cx.may("chain.add", contract) {
        joining_form(visit, contract.row.id, places, names, errors).await?
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
    names: &'a BTreeMap<Uuid, String>,
    csrf: &'a str,
    once: &'a str,
    may_end: bool,
}

impl Branches<'_> {
    fn draw(&self, level: &[&Place]) -> Markup {
        html! {
            ul .govuk-list .govuk-list--bullet {
                @for place in level {
                    @let below: Vec<&Place> = self.places.iter().filter(|p| p.row.above == Some(place.row.id)).collect();
                    li {
                        strong { (self.names.get(&place.row.party).map_or("", String::as_str)) }
                        " " (ui::tag(&t!("contract-tier", tier = place.row.tier), ui::Tone::Grey))
                        @if let Some(text) = &place.row.role_text { " " (text) }
                        " " span .govuk-hint { (t!("contract-since", date = day(&place.row.since))) }
                        @if self.may_end && below.is_empty() { (self.end_form(place)) }
                        @if !below.is_empty() { (self.draw(&below)) }
                    }
                }
            }
        }
    }

    fn end_form(&self, place: &Place) -> Markup {
        let action = format!("/contracts/{}/places/{}/end", place.row.contract, place.row.id);
        let version = place.row.version.to_string();
        let form = ui::Form { action: &action, csrf: self.csrf, once: Some(self.once), version: Some(&version), ..ui::Form::default() };
        let who = self.names.get(&place.row.party).map_or("", String::as_str);
        ui::form(
            &|id| texts::t(id),
            &form,
            html! {
                button .govuk-button .govuk-button--secondary type="submit" {
                    (t!("contract-place-end")) span .govuk-visually-hidden { " " (who) }
                }
            },
        )
    }
}

fn day(iso: &str) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), platform::clock::day_text)
}

async fn joining_form(visit: &Visit, id: Uuid, places: &[Place], names: &BTreeMap<Uuid, String>, errors: &FieldErrors) -> Result<Markup> {
    let suppliers = party::store::suppliers(visit.cx.db()).await?;
    let words: ui::Words = &|id| texts::t(id);
    let parties: Vec<(String, String)> = suppliers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let parties: Vec<Choice> = parties.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let above: Vec<(String, String)> =
        places.iter().map(|p| (p.row.id.to_string(), names.get(&p.row.party).cloned().unwrap_or_default())).collect();
    let above: Vec<Choice> = above.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (once, action) = (visit.once()?, format!("/contracts/{id}/places"));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let labels = [t!("contract-place-party"), t!("contract-place-above"), t!("contract-place-above-hint"), t!("contract-place-role")];
    let say = |name: &str| errors.get(name).map(Text::say);
    let (party_error, above_error, role_error) = (say("party"), say("above"), say("role_text"));
    Ok(html! {
        (ui::details(&t!("contract-place-add"), ui::form(words, &form, html! {
            (ui::select(words, &Field::new("party", &labels[0]).error(party_error.as_deref()), &parties, None, true))
            (ui::select(words, &Field::new("above", &labels[1]).hint(Some(&labels[2])).error(above_error.as_deref()), &above, None, false))
            (ui::input(words, &Field::new("role_text", &labels[3]).error(role_error.as_deref()), &ui::Input::default()))
            (ui::button(&t!("contract-place-save"), ButtonKind::Secondary))
        })))
    })
}

/// The packs in force with their standing, and the form that puts one on.
async fn packs(visit: &Visit, contract: &Contract, errors: &FieldErrors) -> Result<Markup> {
    let cx = &visit.cx;
    let known = pack::packs(cx.core());
    let on = store::packs_on(cx.db(), contract.row.id).await?;
    let known_facts = facts::known(cx.db(), contract.row.id).await?;
    let form = if cx.may("contract.put_pack", contract) {
        pack_form(visit, contract.row.id, errors)?
    } else {
        html! {}
    };
    Ok(html! {
        @if on.is_empty() { (ui::empty_state(&t!("contract-packs-empty"), &t!("contract-packs-empty-text"), None)) }
        @for row in &on {
            @if let Some(pack) = known.get(&row.pack, &row.edition) {
                h3 .govuk-heading-s { a .govuk-link href={ "/packs/" (row.pack) "/" (row.edition) } { (pack.title) } " " (pack::pages::tag(pack)) }
                (pack::pages::standing(pack))
                (facts_pages::read(pack, known_facts.get(&row.pack).unwrap_or(&facts::Known::default())))
            } @else {
                h3 .govuk-heading-s { (row.pack) " " (row.edition) }
                p .govuk-body { (t!("contract-pack-missing")) }
            }
            p .govuk-body {
                (t!("contract-pack-put", date = cx.core().clock.day_text(row.put_at)))
                @if let Some(reason) = &row.reason { " " (t!("contract-pack-reason", reason = reason)) }
            }
        }
        @if cx.may("contract.state_facts", contract) && !on.is_empty() {
            p .govuk-body { a .govuk-link href={ "/contracts/" (contract.row.id) "/facts" } { (t!("contract-facts-change")) } }
        }
        (form)
    })
}

fn pack_form(visit: &Visit, id: Uuid, errors: &FieldErrors) -> Result<Markup> {
    let words: ui::Words = &|id| texts::t(id);
    let all: Vec<(String, String)> = pack::packs(visit.core())
        .editions()
        .map(|p| (format!("{} {}", p.pack, p.edition), t!("contract-pack-choice", title = &p.title, edition = &p.edition)))
        .collect();
    let choices: Vec<Choice> = all.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (once, action) = (visit.once()?, format!("/contracts/{id}/packs"));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let labels = [t!("contract-pack-which"), t!("contract-pack-why"), t!("contract-pack-why-hint")];
    let say = |name: &str| errors.get(name).map(Text::say);
    let (pack_error, reason_error) = (say("pack"), say("reason"));
    Ok(ui::details(
        &t!("contract-pack-add"),
        ui::form(
            words,
            &form,
            html! {
                (ui::select(words, &Field::new("pack", &labels[0]).error(pack_error.as_deref()), &choices, None, false))
                (ui::textarea(words, &Field::new("reason", &labels[1]).hint(Some(&labels[2])).error(reason_error.as_deref()), "", 3, Some(2000)))
                (ui::button(&t!("contract-pack-save"), ButtonKind::Secondary))
            },
        ),
    ))
}

/// After a change to a contract: back to it, or the record again with what to mend.
async fn back(visit: &Visit, id: Uuid, tab: &str, done: Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}#{tab}"))),
        Err(Error::Invalid(errors)) => show(visit, id, &errors).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn put_pack(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let (pack, edition) = posted.fields.get("pack").split_once(' ').unwrap_or_default();
    let done = act::put_pack(&posted.visit.cx, id, pack, edition, posted.fields.some("reason")).await;
    back(&posted.visit, id, "packs", done).await
}

pub(super) async fn add_place(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let read = |name: &str| posted.fields.some(name).map(str::parse::<Uuid>).transpose();
    let done = match (read("party"), read("above")) {
        (Ok(Some(party)), Ok(above)) => {
            let joining = Joining { party, above, role_text: posted.fields.some("role_text").map(str::to_owned), since: None };
            act::add_place(&posted.visit.cx, id, &joining).await.map(|_| ())
        }
        (_, Err(_)) => Err(Error::field("above", Text::new("contract-chain-above-missing"))),
        _ => Err(Error::field("party", Text::new("contract-chain-party-missing"))),
    };
    back(&posted.visit, id, "chain", done).await
}

pub(super) async fn end_place(Path((id, place)): Path<(Uuid, Uuid)>, posted: Posted) -> Answer {
    let done = act::end_place(&posted.visit.cx, place, posted.fields.version()?, None).await;
    back(&posted.visit, id, "chain", done).await
}

async fn picks(cx: &Cx) -> Result<Picks> {
    let managers = people::holders(cx.db(), &["contract_manager"], None).await?;
    Ok(Picks::from([("manager", managers.into_iter().map(|p| (p.account.to_string(), p.name)).collect())]))
}

async fn draw(visit: &Visit, title: &str, action: &str, version: Option<i32>, entered: &Entered, errors: &FieldErrors) -> Answer {
    let currency = &visit.core().settings.authority.currency;
    let boxes = CONTRACTS.boxes(entered, errors, &picks(&visit.cx).await?, currency);
    let form = CONTRACTS.form(visit, action, version, boxes, &t!("register-save"))?;
    let page = visit.page(title).active("/contracts").crumb(&CONTRACTS.says("list-title"), "/contracts").errors(errors);
    Ok(page.body(&html! { h1 .govuk-heading-l { (title) } (form) }))
}

/// The authority of the actor, which lets the contract.
fn own_authority(cx: &Cx) -> Result<Uuid> {
    cx.actor.account().filter(|a| a.side == Side::Authority).map(|a| a.party).ok_or(Error::NotFound)
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    let empty = Details::titled(own_authority(&visit.cx)?, "");
    visit.cx.permit("contract.add", &Contract::new(visit.cx.id()?, &empty, 0))?;
    draw(&visit, &t!("contract-add"), "/contracts/add", None, &Entered::default(), &FieldErrors::default()).await
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = posted.visit;
    let entered = Entered::posted(&posted.fields);
    let base = serde_json::to_value(Details::titled(own_authority(&visit.cx)?, ""))?;
    let currency = visit.core().settings.authority.currency.clone();
    let done = match CONTRACTS.read::<Details>(&entered, &base, &currency) {
        Ok(details) => act::add(&visit.cx, &details).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(see_other(&format!("/contracts/{id}"))),
        Err(Error::Invalid(errors)) => draw(&visit, &t!("contract-add"), "/contracts/add", None, &entered, &errors).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let contract = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("contract.change", &contract)?;
    let entered = Entered::record(&CONTRACTS, &record_of(&contract.row)?);
    let title = t!("contract-change", title = &contract.row.title);
    draw(&visit, &title, &format!("/contracts/{id}/change"), Some(contract.row.version), &entered, &FieldErrors::default()).await
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = posted.visit;
    let entered = Entered::posted(&posted.fields);
    let contract = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("contract.change", &contract)?;
    let version = posted.fields.version()?;
    let (title, action) = (t!("contract-change", title = &contract.row.title), format!("/contracts/{id}/change"));
    let currency = visit.core().settings.authority.currency.clone();
    let base = json!({ "authority": contract.row.authority, "ocid": contract.row.ocid, "currency": contract.row.currency });
    let details = match CONTRACTS.read::<Details>(&entered, &base, &currency) {
        Ok(details) => details,
        Err(Error::Invalid(errors)) => return draw(&visit, &title, &action, Some(version), &entered, &errors).await,
        Err(other) => return Err(other),
    };
    match act::change(&visit.cx, id, version, &details).await {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}"))),
        Err(Error::Invalid(errors)) => draw(&visit, &title, &action, Some(version), &entered, &errors).await,
        Err(Error::Stale(text)) => {
            let now = store::get(visit.cx.db(), id).await?;
            let clash = CONTRACTS.clash(&record_of(&now.row)?, &serde_json::to_value(&details)?);
            let boxes = CONTRACTS.boxes(&entered, &FieldErrors::default(), &picks(&visit.cx).await?, &currency);
            let form = CONTRACTS.form(&visit, &action, Some(now.row.version), boxes, &t!("register-save-over"))?;
            let page = visit.page(&t!("register-clash-title")).active("/contracts").wide().status(StatusCode::CONFLICT);
            Ok(page.body(&html! {
                h1 .govuk-heading-l { (t!("register-clash-title")) }
                p .govuk-body { (text.say()) }
                (clash)
                p .govuk-body { (t!("register-clash-again")) }
                (form)
            }))
        }
        Err(other) => Err(other),
    }
}
