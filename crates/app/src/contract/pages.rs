//! The screens of the register of contracts: list, record with its chain and packs, and the forms that change them.

mod choose;
pub(super) mod places;

use axum::extract::Path;
use maud::{Markup, html};
use platform::api::Area;
use platform::authz::Side;
use platform::cases::people;
use platform::error::FieldErrors;
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Link, Tab};
use platform::web::{Access, Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::act;
use super::chain::seen_places;
use super::model::{CONTRACTS, Details};
use super::store::{self, Contract};
use super::{facts, facts_pages};
use crate::{pack, party};

pub use choose::{choose, choose_for, place_name, place_names};

/// The list of contracts, for taking out.
pub(crate) const LIST: List = List {
    code: "contracts",
    title: "contract-list-title",
    path: "/contracts",
    export: "/contracts/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || CONTRACTS.columns(),
    read: |cx, address| Box::pin(CONTRACTS.sheet::<store::Entity, _>(cx, address, store::visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<store::Model>) -> Result<Vec<(Uuid, Value)>> {
    let managers = people::names(cx, rows.iter().filter_map(|row| row.manager)).await?;
    let contracts = store::with_parties(cx.db(), rows).await?;
    let shown = contracts.iter().filter(|contract| cx.may("contract.view", *contract));
    shown
        .map(|contract| {
            let mut record = record_of(&contract.row)?;
            record["manager"] = contract.row.manager.and_then(|manager| managers.get(&manager).cloned()).into();
            for hidden in kept(cx, contract) {
                record[*hidden] = Value::Null;
            }
            Ok((contract.row.id, record))
        })
        .collect()
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&CONTRACTS, &visit.path);
    let found = find::<store::Entity>(cx.db(), &CONTRACTS, &ask, store::visible(&cx.actor)).await?;
    let contracts = store::with_parties(cx.db(), found.rows.clone()).await?;
    let shown = contracts.iter().filter(|c| cx.may("contract.view", *c));
    let rows = shown.map(|c| Ok(CONTRACTS.row(c.row.id, &record_of(&c.row)?, None))).collect::<Result<_>>()?;
    let add = t!("contract-add");
    let may_add = cx.may("contract.add", &Contract::new(Uuid::nil(), &Details::titled(Uuid::nil(), ""), 0));
    let drawn = Drawn {
        register: &CONTRACTS,
        ask: &ask,
        add: may_add.then(|| Link::new(&add, "/contracts/add")),
        more: &[],
        named: &|_, _| None,
        foot: sheets::button(&visit, &LIST),
    };
    let import = html! {
        @if may_add { p .govuk-body { a .govuk-link href="/contracts/import" { (t!("contract-import")) } } }
    };
    Ok(visit.page(&CONTRACTS.says("list-title")).active("/contracts").wide().body(&html! { (drawn.draw(&found, rows)) (import) }))
}

pub(super) fn record_of(row: &store::Model) -> Result<Value> {
    Ok(serde_json::to_value(row.details())?)
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    show(&visit, id, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// What was typed into a form of the record and what is wrong with it.
#[derive(Clone, Copy)]
struct Typed<'a> {
    fields: &'a Fields,
    errors: &'a FieldErrors,
}

/// The record; after a refused form, with what to mend.
async fn show(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    let contract = store::get(cx.db(), id).await?;
    cx.permit("contract.view", &contract)?;
    let places = seen_places(cx.db(), &cx.actor, id, false).await?;
    let names = party::store::names(cx.db(), places.iter().map(|p| p.row.party)).await?;
    let titles = [t!("register-facts"), t!("contract-chain"), t!("contract-packs"), t!("file-tab"), t!("register-timeline")];
    let mut tabs = vec![
        Tab { id: "facts", title: &titles[0], content: facts(cx, &contract).await? },
        Tab { id: "chain", title: &titles[1], content: places::chain(visit, &contract, &places, &names, typed).await? },
        Tab { id: "packs", title: &titles[2], content: packs(visit, &contract, typed).await? },
    ];
    if cx.may("contract.terms", &contract) {
        let files = platform::files::panel(visit, "contract", &id.to_string(), None).await?;
        tabs.push(Tab { id: "files", title: &titles[3], content: files });
    }
    if cx.actor.is_authority() {
        tabs.push(Tab { id: "history", title: &titles[4], content: history(cx, &CONTRACTS, id).await? });
    }
    let page =
        visit.page(&contract.row.title).active("/contracts").crumb(&CONTRACTS.says("list-title"), "/contracts").wide().errors(typed.errors);
    Ok(page.body(&html! {
        (CONTRACTS.head(id, &contract.row.title, cx.may("contract.change", &contract)))
        p .govuk-body { a .govuk-link href={ "/obligations?contract=" (id) } { (t!("contract-obligations")) } }
        p .govuk-body { a .govuk-link href={ "/arrangements?contract=" (id) } { (t!("contract-arrangements")) } " · " a .govuk-link href={ "/arrangements/report?contract=" (id) } { (t!("contract-report-work")) } " · " a .govuk-link href={ "/map?contract=" (id) } { (t!("contract-map")) } }
        p .govuk-body { a .govuk-link href={ "/plans?contract=" (id) } { (t!("contract-plans")) } " · " a .govuk-link href={ "/plan-changes?contract=" (id) } { (t!("contract-plan-changes")) } " · " a .govuk-link href={ "/incidents?contract=" (id) } { (t!("contract-incidents")) } " · " a .govuk-link href={ "/rulings?contract=" (id) } { (t!("contract-rulings")) } " · " a .govuk-link href={ "/authority-data?contract=" (id) } { (t!("nav-authority-data")) } " · " a .govuk-link href={ "/data-protection?contract=" (id) } { (t!("nav-data-protection")) } " · " a .govuk-link href={ "/measures?contract=" (id) } { (t!("nav-measures")) } }
        (ui::tabs(&|id| texts::t(id), &tabs))
    }))
}

async fn facts(cx: &Cx, contract: &Contract) -> Result<Markup> {
    let mut record = record_of(&contract.row)?;
    if let Some(manager) = contract.row.manager {
        record["manager"] = people::names(cx, [manager]).await?.remove(&manager).into();
    }
    Ok(CONTRACTS.facts(&record, kept(cx, contract)))
}

/// Value and description are between the authority and the lead contractor.
pub(super) fn kept(cx: &Cx, contract: &Contract) -> &'static [&'static str] {
    if cx.may("contract.terms", contract) { &[] } else { &["value_minor", "description"] }
}

/// The packs in force with their standing, and the form that puts one on.
async fn packs(visit: &Visit, contract: &Contract, typed: Typed<'_>) -> Result<Markup> {
    let cx = &visit.cx;
    let known = pack::packs(cx.core());
    let on = store::packs_on(cx.db(), contract.row.id).await?;
    let known_facts = facts::known(cx.db(), contract.row.id).await?;
    let form = if cx.may("contract.put_pack", contract) {
        pack_form(visit, contract.row.id, typed)?
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

fn pack_form(visit: &Visit, id: Uuid, typed: Typed<'_>) -> Result<Markup> {
    let words: ui::Words = &|id| texts::t(id);
    let known = pack::packs(visit.core());
    let all: Vec<(String, String)> = known
        .editions()
        .filter(|p| matches!(known.use_of(p), pack::Use::Current | pack::Use::Earlier))
        .map(|p| (format!("{} {}", p.pack, p.edition), t!("contract-pack-choice", title = &p.title, edition = &p.edition)))
        .collect();
    let choices: Vec<Choice> = all.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let (once, action) = (visit.once()?, format!("/contracts/{id}/packs"));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), ..ui::Form::default() };
    let labels = [t!("contract-pack-which"), t!("contract-pack-why"), t!("contract-pack-why-hint")];
    let say = |name: &str| typed.errors.get(name).map(Text::say);
    let (pack_error, reason_error) = (say("pack"), say("reason"));
    Ok(ui::details(
        &t!("contract-pack-add"),
        ui::form(
            words,
            &form,
            html! {
                (ui::select(words, &Field::new("pack", &labels[0]).error(pack_error.as_deref()), &choices, typed.fields.some("pack"), false))
                (ui::textarea(words, &Field::new("reason", &labels[1]).hint(Some(&labels[2])).error(reason_error.as_deref()), typed.fields.get("reason"), 3, Some(2000)))
                (ui::button(&t!("contract-pack-save"), ButtonKind::Secondary))
            },
        ),
    ))
}

/// After a change to a contract: back to it, or the record again with what to mend.
async fn back(posted: &Posted, id: Uuid, tab: &str, done: Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&format!("/contracts/{id}#{tab}"))),
        Err(Error::Invalid(errors)) => show(&posted.visit, id, Typed { fields: &posted.fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

pub(super) async fn put_pack(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let (pack, edition) = posted.fields.get("pack").split_once(' ').unwrap_or_default();
    let done = act::put_pack(&posted.visit.cx, id, pack, edition, posted.fields.some("reason")).await;
    back(&posted, id, "packs", done).await
}

/// Who may be picked as contract manager.
pub(super) async fn picks(cx: &Cx) -> Result<Picks> {
    let managers = people::holders(cx, cx.db(), &["contract_manager"], None).await?;
    Ok(Picks::from([("manager", managers.into_iter().map(|p| (p.account.to_string(), p.name)).collect())]))
}

async fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str, base: Value) -> Result<Editing<'a>> {
    let picks = picks(&visit.cx).await?;
    Ok(Editing { register: &CONTRACTS, visit, title, action, picks, base })
}

/// A contract that the actor's authority lets, about which nothing is known yet.
pub(super) fn blank(cx: &Cx) -> Result<Details> {
    let authority = cx.actor.account().filter(|a| a.side == Side::Authority).map(|a| a.party).ok_or(Error::NotFound)?;
    Ok(Details::titled(authority, ""))
}

pub(super) async fn add_form(visit: Visit) -> Answer {
    let blank = blank(&visit.cx)?;
    visit.cx.permit("contract.add", &Contract::new(visit.cx.id()?, &blank, 0))?;
    editing(&visit, &t!("contract-add"), "/contracts/add", serde_json::to_value(&blank)?).await?.begun(&Value::Null)
}

pub(super) async fn add(posted: Posted) -> Answer {
    let visit = &posted.visit;
    let base = serde_json::to_value(blank(&visit.cx)?)?;
    let write = async |details: Details| act::add(&visit.cx, &details).await;
    editing(visit, &t!("contract-add"), "/contracts/add", base).await?.add(&posted.fields, write).await
}

/// The most contracts that are offered to pick from.
const MOST_PICKED: u64 = 500;

/// The contracts that the actor sees, for picking one in the field `contract`: by title, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn picks_of_contracts(cx: &Cx) -> Result<Picks> {
    let on = store::seen(cx.db(), &cx.actor, None, MOST_PICKED).await?;
    Ok(Picks::from([("contract", on.into_iter().map(|on| (on.row.id.to_string(), on.row.title)).collect())]))
}

/// The record as it stands, for whoever may change it, with the title and address of its form.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String)> {
    let contract = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("contract.change", &contract)?;
    let title = t!("contract-change", title = &contract.row.title);
    Ok(((record_of(&contract.row)?, contract.row.version), title, format!("/contracts/{id}/change")))
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action) = changing(&visit, id).await?;
    editing(&visit, &title, &action, Value::Null).await?.filled(&standing)
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let ((record, _), title, action) = changing(visit, id).await?;
    let base = json!({ "authority": record["authority"], "ocid": record["ocid"], "currency": record["currency"] });
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action, base).await?.change(&posted.fields, write, now).await
}
