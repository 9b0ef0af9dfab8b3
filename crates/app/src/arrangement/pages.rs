//! The screens of the register of arrangements. Both sides use them.

pub(super) mod reporting;

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::api::Area;
use platform::error::{Blocker, FieldErrors};
use platform::register::{Ask, Drawn, Editing, Picks, Standing, find, history};
use platform::sheets::{self, List};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Field, Link, Tab, Tone};
use platform::web::{Access, Answer, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::decision::Reason;
use serde_json::{Value, json, to_value};
use uuid::Uuid;

use super::cover::{self, Cover, says};
use super::model::{ARRANGEMENTS, Details, Held};
use super::store::{self, Arrangement, Model};
use super::{act, store::visible};
use crate::account::pages::notices::missed;
use crate::offshoring::stale;
use crate::{contract, offshoring, party, plan_change, site};

/// The list of arrangements, for taking out.
pub(crate) const LIST: List = List {
    code: "arrangements",
    title: "arrangement-list-title",
    path: "/arrangements",
    export: "/arrangements/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns: || ARRANGEMENTS.columns(),
    read: |cx, address| Box::pin(ARRANGEMENTS.sheet::<store::Entity, _>(cx, address, visible(&cx.actor), |rows| records(cx, rows))),
};

/// Those of these rows that the actor may view, as records.
async fn records(cx: &Cx, rows: Vec<Model>) -> Result<Vec<(Uuid, Value)>> {
    let names = Names::of(cx, &rows, []).await?;
    let all = store::with_sight(cx.db(), rows).await?;
    all.iter().filter(|of| cx.may("arrangement.view", *of)).map(|of| Ok((of.row.id, names.record(&of.row)?))).collect()
}

/// What the ids within arrangements are called.
struct Names {
    sites: BTreeMap<Uuid, String>,
    parties: BTreeMap<Uuid, String>,
    contracts: BTreeMap<Uuid, String>,
    approvals: BTreeMap<Uuid, String>,
}

impl Names {
    /// Of these rows, and of `more` ids of any kind.
    async fn of(cx: &Cx, rows: &[Model], more: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        let (db, more) = (cx.db(), more.into_iter().collect::<Vec<_>>());
        Ok(Self {
            sites: site::store::names(db, &cx.actor, rows.iter().filter_map(|row| row.site)).await?,
            parties: party::store::seen_names(db, &cx.actor, rows.iter().map(|row| row.party).chain(more.iter().copied())).await?,
            contracts: contract::store::titles(db, rows.iter().map(|row| row.contract).chain(more.iter().copied())).await?,
            approvals: offshoring::store::references(db, rows.iter().filter_map(|row| row.approval).chain(more)).await?,
        })
    }

    fn any(&self, field: &str, id: Uuid) -> Option<String> {
        let of = match field {
            "party" => &self.parties,
            "contract" => &self.contracts,
            "site" => &self.sites,
            _ => &self.approvals,
        };
        of.get(&id).cloned()
    }

    /// The record with names in place of ids.
    fn record(&self, row: &Model) -> Result<Value> {
        let mut record = record_of(row)?;
        for (field, id) in [("party", Some(row.party)), ("contract", Some(row.contract)), ("approval", row.approval), ("site", row.site)] {
            record[field] = id.and_then(|id| self.any(field, id)).into();
        }
        Ok(record)
    }
}

/// The record as it is stored.
pub(super) fn record_of(row: &Model) -> Result<Value> {
    let mut record = to_value(row.details()?)?;
    for (name, value) in [
        ("party", json!(row.party)),
        ("contract", json!(row.contract)),
        ("tier", json!(row.tier)),
        ("state", json!(row.state)),
        ("cover", json!(row.cover)),
        ("review", json!(row.review)),
        ("review_due", json!(row.review_due)),
        ("approval", json!(row.approval)),
        ("started_on", json!(row.started_on)),
        ("ended_on", json!(row.ended_on)),
    ] {
        record[name] = value;
    }
    Ok(record)
}

pub(super) async fn list(visit: Visit) -> Answer {
    let cx = &visit.cx;
    let ask = Ask::read(&ARRANGEMENTS, &visit.path);
    let found = find::<store::Entity>(cx.db(), &ARRANGEMENTS, &ask, visible(&cx.actor)).await?;
    let rows = store::with_sight(cx.db(), found.rows.clone()).await?;
    let rows: Vec<Model> = rows.into_iter().filter(|of| cx.may("arrangement.view", of)).map(|of| of.row).collect();
    let fields = ["party", "contract", "approval"];
    // What is filtered by has a name only for those who see something of it: an id in the address gives nothing away.
    let told = cx.actor.is_authority() || !rows.is_empty();
    let filtered = fields.iter().filter(|_| told).filter_map(|f| ask.filter(f)?.parse().ok());
    let picked = fields.iter().flat_map(|field| found.picks(field)).chain(filtered);
    let names = Names::of(cx, &rows, picked.collect::<Vec<_>>()).await?;
    let drawn = rows.iter().map(|row| Ok(ARRANGEMENTS.row(row.id, &names.record(row)?, None))).collect::<Result<_>>()?;
    let name_of = |field: &str, id: &str| names.any(field, id.parse().ok()?);
    let report = t!("arrangement-report");
    let list = Drawn {
        register: &ARRANGEMENTS,
        ask: &ask,
        add: reporting::may(cx).then(|| Link::new(&report, "/arrangements/report")),
        more: &[],
        named: &name_of,
        foot: sheets::button(&visit, &LIST),
    };
    Ok(visit.page(&ARRANGEMENTS.says("list-title")).active("/arrangements").wide().body(&list.draw(&found, drawn)))
}

pub(super) async fn record(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let of = store::get(visit.cx.db(), id).await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

/// What was typed into the form that ends it, and what is wrong with that.
#[derive(Clone, Copy)]
struct Typed<'a> {
    fields: &'a Fields,
    errors: &'a FieldErrors,
}

async fn draw(visit: &Visit, of: &Arrangement, typed: Typed<'_>) -> Answer {
    let cx = &visit.cx;
    cx.permit("arrangement.view", of)?;
    let row = &of.row;
    let today = cx.core().clock.today();
    let names = Names::of(cx, std::slice::from_ref(row), []).await?;
    let cover = if row.state == "ended" { None } else { Some(cover::of(cx, cx.db(), row, today).await?) };
    let stale = match &cover {
        Some(cover) => stale::told(cx, cx.db(), &cover.stale).await?,
        None => Vec::new(),
    };
    let held_up = plan_change::act::holds_up(cx.db(), row.approval.filter(|_| row.state == "planned")).await?;
    let mut record = names.record(row)?;
    if row.site.is_none() {
        record["site"] = site_name(cx, row).await?.into();
    }
    let facts = ARRANGEMENTS.facts(&record, &[]);
    let (facts_title, history_title) = (t!("register-facts"), t!("register-timeline"));
    let mut tabs = vec![Tab { id: "facts", title: &facts_title, content: facts }];
    if tells_history(cx, of) {
        tabs.push(Tab { id: "history", title: &history_title, content: history(cx, &ARRANGEMENTS, row.id).await? });
    }
    let open = row.state != "ended";
    let page = visit.page(&row.name).active("/arrangements").crumb(&ARRANGEMENTS.says("list-title"), "/arrangements").wide();
    let page = if typed.errors.is_empty() { page } else { page.errors(typed.errors).status(StatusCode::UNPROCESSABLE_ENTITY) };
    Ok(page.body(&html! {
        (ARRANGEMENTS.head(row.id, &row.name, open && cx.may("arrangement.change", of)))
        @if let Some(cover) = &cover { (standing(visit, of, (cover, &stale, &held_up), today, &names)?) }
        (missed(visit, "arrangement", row.id).await?)
        (ui::tabs(&|id| texts::t(id), &tabs))
        @if open && cx.may("arrangement.end", of) { (ui::details(&t!("arrangement-end"), ending(visit, of, typed)?)) }
    }))
}

/// How it stands, and the one thing to do next.
fn standing(
    visit: &Visit,
    of: &Arrangement,
    (cover, stale, held_up): (&Cover, &[stale::Told], &[Blocker]),
    today: jiff::civil::Date,
    names: &Names,
) -> Result<Markup> {
    let (row, cx) = (&of.row, &visit.cx);
    let started = row.state == "started";
    let code = cover.code(today);
    let not_yet = !started && cover.gaps.iter().all(|gap| gap.rule == "not_yet");
    let (tone, says_it) = match (code, started) {
        ("uncovered", false) if not_yet => (Tone::Yellow, "arrangement-not-yet"),
        ("uncovered", true) => (Tone::Red, "arrangement-uncovered-started"),
        ("uncovered", false) => (Tone::Orange, "arrangement-uncovered-planned"),
        ("stale", true) => (Tone::Orange, "arrangement-stale-started"),
        ("stale", false) => (Tone::Orange, "arrangement-stale-planned"),
        ("urgent", _) if cover.urgent.as_ref().is_some_and(|urgent| urgent.ratified.is_some()) => {
            (Tone::Yellow, "arrangement-urgent-ratified")
        }
        ("urgent", _) => (Tone::Yellow, "arrangement-urgent-to-ratify"),
        ("ending", _) => (Tone::Yellow, "arrangement-ending"),
        (_, true) => (Tone::Green, "arrangement-covered-started"),
        (_, false) => (Tone::Green, "arrangement-covered-planned"),
    };
    let last = cover.days.map_or_else(String::new, |(_, to)| platform::clock::day_text(to));
    let first = cover.days.map_or_else(String::new, |(from, _)| platform::clock::day_text(from));
    // How an urgent approval stands is told also where it covers no more.
    let urgent = cover.urgent.as_ref();
    let until = urgent.map_or_else(String::new, |urgent| platform::clock::day_text(urgent.until));
    let early = row.started_on.as_deref().zip(cover.since).is_some_and(|(on, since)| on < since.to_string().as_str());
    let reference = cover.approval.and_then(|id| names.any("approval", id)).or_else(|| cover.approval.map(|_| t!("arrangement-approval")));
    Ok(html! {
        p .govuk-body {
            (ui::tag(&ARRANGEMENTS.code_says("state", &row.state), Tone::Blue)) " "
            (ui::tag(&ARRANGEMENTS.code_says("cover", code), tone))
            @if let Some(urgent) = urgent { " " (ui::tag(&offshoring::store::urgent_says(urgent, today), offshoring::pages::urgent_tone(urgent, today))) }
            @if cover.review_code(today) == "overdue" { " " (ui::tag(&ARRANGEMENTS.code_says("review", "overdue"), Tone::Red)) }
        }
        (ui::inset(html! {
            (t!(says_it, day = &last, from = &first, until = &until))
            @if early { " " (t!("arrangement-started-early")) }
            @if let (Some(id), Some(reference)) = (cover.approval, &reference) {
                " " a .govuk-link href={ "/proposals/" (id) } { (t!("arrangement-see-approval", reference = reference)) }
            }
        }))
        @if let (Some(due), Some(id)) = (cover.review, cover.approval) {
            p .govuk-body {
                (t!(if due < today { "arrangement-review-missed" } else { "arrangement-review-next" }, day = platform::clock::day_text(due))) " "
                a .govuk-link href={ "/proposals/" (id) "/tasks" } { (t!("arrangement-review-see")) }
            }
        }
        @if !stale.is_empty() {
            h2 .govuk-heading-m { (t!("arrangement-stale-why")) }
            ul .govuk-list .govuk-list--bullet { @for told in stale { li { (told.text) } } }
        }
        @if !cover.gaps.is_empty() {
            h2 .govuk-heading-m { (t!("arrangement-gaps")) }
            (gaps(&cover.gaps))
            @if !not_yet { p .govuk-body { (t!(if started { "arrangement-gaps-started" } else { "arrangement-gaps-planned" })) } }
            @if started { p .govuk-body { (breaches(visit, row)) } }
            @if !not_yet && !cx.actor.is_authority() {
                (ui::link_button(Link::new(&t!("arrangement-propose"), "/proposals/new"), ButtonKind::Secondary))
            }
        } @else if !started && stale.is_empty() && !held_up.is_empty() {
            h2 .govuk-heading-m { (t!("arrangement-held-up")) }
            ul .govuk-list .govuk-list--bullet { @for bar in held_up { li { (bar.text.say()) } } }
        } @else if !started && stale.is_empty() && cx.may("arrangement.start", of) {
            (form(visit, of, "start", html! { (ui::button(&t!("arrangement-start"), ButtonKind::Primary)) })?)
        }
    })
}

/// Where what failed about work under way is seen to: the breaches of its contract, and a new one about this work.
fn breaches(visit: &Visit, row: &Model) -> Markup {
    let opens = matches!(visit.cx.actor.role(), Some("contract_manager" | "security"));
    html! {
        a .govuk-link href={ "/breaches?contract=" (row.contract) } { (t!("arrangement-breaches")) }
        @if opens { " " a .govuk-link href={ "/breaches/new/" (row.place) "?arrangement=" (row.id) } { (t!("arrangement-open-breach")) } }
    }
}

fn gaps(all: &[Reason]) -> Markup {
    html! { ul .govuk-list .govuk-list--bullet { @for gap in all { li { (says(gap)) } } } }
}

/// What the approval that brought it along calls its site, which is not in the register.
async fn site_name(cx: &Cx, row: &Model) -> Result<Option<String>> {
    let (Some(origin), Some(at)) = (row.origin, row.at.and_then(|at| usize::try_from(at).ok())) else { return Ok(None) };
    let case = platform::cases::store::get(cx.db(), &offshoring::model::PROPOSAL, origin).await?;
    let scope = offshoring::store::approval(cx, cx.db(), &case).await?.and_then(|approval| approval.scope);
    Ok(scope.and_then(|scope| scope.sites.get(at).map(|site| site.name.clone())))
}

/// Who did what is for the authority and for the chain down to the party itself.
pub(super) fn tells_history(cx: &Cx, of: &Arrangement) -> bool {
    cx.actor.is_authority() || cx.actor.account().is_some_and(|a| a.party == of.row.party || Some(a.party) == of.lead)
}

fn form(visit: &Visit, of: &Arrangement, what: &str, inner: Markup) -> Result<Markup> {
    let (version, once, action) = (of.row.version.to_string(), visit.once()?, format!("/arrangements/{}/{what}", of.row.id));
    let frame = ui::Form { action: &action, csrf: &visit.csrf, version: Some(&version), once: Some(&once), ..ui::Form::default() };
    Ok(ui::form(&|id| texts::t(id), &frame, inner))
}

fn ending(visit: &Visit, of: &Arrangement, typed: Typed<'_>) -> Result<Markup> {
    let (label, hint) = (t!("arrangement-end-on"), t!("arrangement-end-on-hint"));
    let error = typed.errors.get("on").map(Text::say);
    let field = Field::new("on", &label).hint(Some(&hint)).error(error.as_deref());
    let parts = ["day", "month", "year"].map(|part| typed.fields.get(&format!("on.{part}")).to_owned());
    let inner = html! {
        p .govuk-body { (t!("arrangement-end-about")) }
        (ui::date_input(&|id| texts::t(id), &field, [&parts[0], &parts[1], &parts[2]]))
        (ui::button(&t!("arrangement-end"), ButtonKind::Secondary))
    };
    form(visit, of, "end", inner)
}

pub(super) async fn start(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    act::start(&posted.visit.cx, id, posted.fields.version()?).await?;
    Ok(see_other(&format!("/arrangements/{id}")))
}

pub(super) async fn end(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let (visit, fields) = (&posted.visit, &posted.fields);
    let on = match fields.date("on") {
        Ok(Some(on)) => act::end(&visit.cx, id, fields.version()?, on).await,
        Ok(None) => Err(Error::field("on", Text::new("arrangement-end-missing"))),
        Err(text) => Err(Error::field("on", text)),
    };
    match on {
        Ok(()) => Ok(see_other(&format!("/arrangements/{id}"))),
        Err(Error::Invalid(errors)) => {
            let of = store::get(visit.cx.db(), id).await?;
            draw(visit, &of, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}

/// An arrangement that the actor might report at a place.
pub(super) async fn blank(cx: &Cx, place: &contract::chain::place_row::Model) -> Result<Arrangement> {
    let above = contract::store::at_or_above(cx.db(), place.id).await?;
    let today = cx.core().clock.today();
    let details = Details {
        name: String::new(),
        kind: String::new(),
        country: String::new(),
        site: None,
        people: 0,
        data: None,
        held: Held::default(),
        from: today,
        to: today,
    };
    Ok(Arrangement::new(cx.id()?, place, above, &details, 0))
}

/// The sites of its party that an arrangement may be at.
pub(super) async fn picks(cx: &Cx, party: Uuid, now: Option<Uuid>) -> Result<Picks> {
    let mut sites: Vec<(Uuid, String)> =
        site::store::in_use(cx.db(), &cx.actor, [party]).await?.into_iter().map(|row| (row.id, row.name)).collect();
    // Where it is done now stays among them, closed or not.
    if now.is_some_and(|now| sites.iter().all(|(id, _)| *id != now)) {
        sites.extend(site::store::names(cx.db(), &cx.actor, now).await?);
    }
    Ok(Picks::from([("site", sites.into_iter().map(|(id, name)| (id.to_string(), name)).collect())]))
}

/// The record as it stands, for whoever may change it, with the title and address of its form, and its party.
async fn changing(visit: &Visit, id: Uuid) -> Result<(Standing, String, String, Whose)> {
    let of = store::get(visit.cx.db(), id).await?;
    visit.cx.permit("arrangement.view", &of)?;
    visit.cx.permit("arrangement.change", &of)?;
    let title = t!("arrangement-change", name = &of.row.name);
    Ok(((to_value(of.row.details()?)?, of.row.version), title, format!("/arrangements/{id}/change"), (of.row.party, of.row.site)))
}

/// A party, and the site that is chosen now.
type Whose = (Uuid, Option<Uuid>);

async fn editing<'a>(visit: &'a Visit, title: &'a str, action: &'a str, (party, site): Whose) -> Result<Editing<'a>> {
    Ok(Editing { register: &ARRANGEMENTS, visit, title, action, picks: picks(&visit.cx, party, site).await?, base: json!({}) })
}

pub(super) async fn change_form(visit: Visit, Path(id): Path<Uuid>) -> Answer {
    let (standing, title, action, whose) = changing(&visit, id).await?;
    editing(&visit, &title, &action, whose).await?.filled(&standing)
}

pub(super) async fn change(Path(id): Path<Uuid>, posted: Posted) -> Answer {
    let visit = &posted.visit;
    let (_, title, action, whose) = changing(visit, id).await?;
    let write = async |details: Details, version| act::change(&visit.cx, id, version, &details).await;
    let now = async || Ok(changing(visit, id).await?.0);
    editing(visit, &title, &action, whose).await?.change(&posted.fields, write, now).await
}
