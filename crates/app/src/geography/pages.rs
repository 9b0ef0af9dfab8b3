//! The map and what it shows in tables. Both sides use it: a supplier sees its own and what is below it.

pub(super) mod concentration;
pub(super) mod country;
mod sheet;

use std::collections::BTreeMap;

use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::sheets;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Column, FilterGroup, FilterLink, Input, Link, Pager, Row, Table, Tone};
use platform::web::{Answer, Fields, Visit, assets};
use platform::{Cx, Result, t, texts};
use rules::country::Country;
use rules::decision::Outcome as _;
use rules::transfer::{self, Outcome};
use uuid::Uuid;

use super::drawing::{self, Spot};
use super::model::Here;
use super::store::{self, Ask, Model};
use crate::{contract, party};

pub(crate) use sheet::LIST;

/// Countries on one page of the table.
const PAGE: usize = 25;
/// Suppliers in the table of suppliers, and contracts that are offered as filters.
const SUPPLIERS: u64 = 10;
const CONTRACTS: u64 = 6;

/// What the address asks for, as it was typed.
pub(super) struct Asked {
    /// What is counted.
    pub(super) ask: Ask,
    /// The country as typed.
    typed: String,
    /// What is wrong with that.
    errors: FieldErrors,
    /// Which page of the table.
    page: usize,
}

impl Asked {
    /// What an address asks for. What it cannot mean is left aside, but for a country, of which it is said why not.
    pub(super) fn read(address: &str) -> Result<Self> {
        let fields = Fields::of_address(address)?;
        let (typed, mut errors) = (fields.get("country").trim().to_owned(), FieldErrors::default());
        let country = match Country::resolve(&typed) {
            _ if typed.is_empty() => None,
            Ok(country) => Some(country.code().to_owned()),
            Err(unknown) => {
                errors.add("country", refused(&unknown));
                None
            }
        };
        let tier = fields.get("tier").parse().ok().filter(|tier| (1..=contract::model::DEEPEST).contains(tier));
        let id = |name: &str| fields.get(name).parse::<Uuid>().ok();
        let ask = Ask { country, party: id("party"), contract: id("contract"), tier, these: None };
        let page = fields.get("page").parse().unwrap_or(1).clamp(1, 10);
        Ok(Self { ask, typed, errors, page })
    }
}

/// Why a text is no country, as a message.
pub(super) fn refused(unknown: &rules::country::UnknownCountry) -> Text {
    unknown.args().iter().fold(Text::new(unknown.message_id()), |text, (name, value)| text.with(name, value))
}

/// The address of the map so asked.
fn href(ask: &Ask, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("country", ask.country.clone()),
        ("party", ask.party.map(|id| id.to_string())),
        ("contract", ask.contract.map(|id| id.to_string())),
        ("tier", ask.tier.map(|tier| tier.to_string())),
        ("page", (page > 1).then(|| page.to_string())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    let query = query.finish();
    if query.is_empty() { "/map".to_owned() } else { format!("/map?{query}") }
}

pub(super) async fn map(visit: Visit) -> Answer {
    let (cx, asked) = (&visit.cx, Asked::read(&visit.path)?);
    let ask = &asked.ask;
    let here = store::by_country(cx, ask).await?;
    let (spots, rows) = (spots(&here), sorted(here));
    let empty = rows.is_empty();
    let narrow = *ask != Ask::default();
    let title = t!("map-title");
    let known = if cx.actor.is_authority() { store::all(cx.db()).await? } else { BTreeMap::new() };
    let names = Names::of(cx, ask).await?;
    let filters = filters(cx, ask, &names).await?;
    let page = visit.page(&title).active("/map").wide().errors(&asked.errors);
    Ok(page.body(&html! {
        div .vs-list-head {
            h1 .govuk-heading-l { (title) }
            @if cx.actor.is_authority() {
                (ui::link_button(Link::new(&t!("concentration-link"), "/map/concentration"), ButtonKind::Secondary))
            }
        }
        (find(&asked))
        (filters)
        @if empty {
            @if narrow { (ui::empty_state(&t!("map-empty-narrow"), &t!("map-empty-narrow-text"), Some(Link::new(&t!("map-all"), "/map")))) }
            @else { (ui::empty_state(&t!("map-empty"), &t!("map-empty-text"), None)) }
        } @else {
            (drawing::draw(&assets().world, &drawing::marks(spots)))
            (countries(cx, ask, asked.page, &rows, &known)?)
            (tiers(cx, ask).await?)
            (suppliers(cx, ask).await?)
        }
        (sheets::button(&visit, &LIST))
    }))
}

/// The box to find a country by its name or code.
fn find(asked: &Asked) -> Markup {
    let (label, hint) = (t!("map-find"), t!("map-find-hint"));
    let error = asked.errors.get("country").map(Text::say);
    let field = ui::Field::new("country", &label).hint(Some(&hint)).error(error.as_deref());
    let kept = [
        ("party", asked.ask.party.map(|id| id.to_string())),
        ("contract", asked.ask.contract.map(|id| id.to_string())),
        ("tier", asked.ask.tier.map(|tier| tier.to_string())),
    ];
    html! {
        form .vs-map-find action="/map" method="get" {
            (ui::input(&|id| texts::t(id), &field, &Input { value: &asked.typed, ..Input::default() }))
            @for (name, value) in &kept { @if let Some(value) = value { (ui::hidden(name, value)) } }
            (ui::button(&t!("map-find-go"), ButtonKind::Secondary))
        }
    }
}

/// What is in each country that is on the map.
fn spots(here: &BTreeMap<Option<String>, Here>) -> Vec<Spot> {
    let spot = |(code, here): (&Option<String>, &Here)| {
        let country = Country::from_code(code.as_deref()?).ok()?;
        Some(Spot { country, number: u64::try_from(here.things()).unwrap_or(0), alarm: here.work.uncovered > 0 })
    };
    here.iter().filter_map(spot).collect()
}

/// Countries with most first; what is in no country that anybody knows comes last.
fn sorted(here: BTreeMap<Option<String>, Here>) -> Vec<(Option<String>, Here)> {
    let mut rows: Vec<_> = here.into_iter().filter(|(_, here)| here.things() > 0).collect();
    rows.sort_by_key(|(code, here)| (code.is_none(), std::cmp::Reverse(here.things()), code.clone()));
    rows
}

/// What ids that are filtered by are called, for those who see something of them.
struct Names {
    party: Option<String>,
    contracts: Vec<(Uuid, String, i64)>,
}

impl Names {
    async fn of(cx: &Cx, ask: &Ask) -> Result<Self> {
        let party = party::store::seen_names(cx.db(), &cx.actor, ask.party).await?.into_values().next();
        let without = Ask { contract: None, ..ask.clone() };
        let mut found = store::contracts_with_work(cx, &without, CONTRACTS).await?;
        if let Some(only) = ask.contract.filter(|only| found.iter().all(|(id, _)| id != only)) {
            found.extend(store::contracts_with_work(cx, &Ask { contract: Some(only), ..without }, 1).await?);
        }
        let titles = contract::store::titles(cx.db(), found.iter().map(|(id, _)| *id)).await?;
        Ok(Self { party, contracts: found.into_iter().filter_map(|(id, works)| Some((id, titles.get(&id)?.clone(), works))).collect() })
    }
}

/// A filter: its text, its address, how many things it would leave, whether it is on.
type Offered = (String, String, Option<String>, bool);

async fn filters(cx: &Cx, ask: &Ask, names: &Names) -> Result<Markup> {
    let tiers = contract::chain::tiers(cx.db(), &cx.actor, ask.contract).await?;
    let off = |on: bool, ask: &Ask, with: Ask| if on { href(ask, 1) } else { href(&with, 1) };
    let mut groups: Vec<(String, Vec<Offered>)> = Vec::new();
    if tiers.len() > 1 || ask.tier.is_some() {
        let without = Ask { tier: None, ..ask.clone() };
        let link = |tier: &i32| {
            let on = ask.tier == Some(*tier);
            (t!("map-tier", tier = tier), off(on, &without, Ask { tier: Some(*tier), ..without.clone() }), None, on)
        };
        groups.push((t!("map-by-tier"), tiers.iter().map(link).collect()));
    }
    if names.contracts.len() > 1 || ask.contract.is_some() {
        let without = Ask { contract: None, ..ask.clone() };
        let link = |(id, title, works): &(Uuid, String, i64)| {
            let on = ask.contract == Some(*id);
            let with = Ask { contract: Some(*id), ..without.clone() };
            (title.clone(), off(on, &without, with), Some(works.to_string()), on)
        };
        let mut links: Vec<_> = names.contracts.iter().map(link).collect();
        if ask.contract.is_some() && links.iter().all(|link| !link.3) {
            links.push((t!("map-this-contract"), href(&without, 1), None, true));
        }
        groups.push((t!("map-by-contract"), links));
    }
    if ask.party.is_some() {
        let name = names.party.clone().unwrap_or_else(|| t!("map-this-supplier"));
        groups.push((t!("map-by-supplier"), vec![(name, href(&Ask { party: None, ..ask.clone() }, 1), None, true)]));
    }
    if let Some(code) = &ask.country {
        groups.push((t!("map-by-country"), vec![(named(code), href(&Ask { country: None, ..ask.clone() }, 1), None, true)]));
    }
    let links: Vec<Vec<FilterLink>> = groups
        .iter()
        .map(|(_, links)| {
            links
                .iter()
                .map(|(text, href, count, on)| FilterLink { link: Link::new(text, href), count: count.as_deref(), on: *on })
                .collect()
        })
        .collect();
    let drawn: Vec<FilterGroup> = groups.iter().zip(&links).map(|((title, _), links)| FilterGroup { title, links }).collect();
    Ok(html! { @if !drawn.is_empty() { (ui::filters(&|id| texts::t(id), &drawn)) } })
}

/// A country's name by its code.
pub(super) fn named(code: &str) -> String {
    Country::from_code(code).map_or_else(|_| code.to_owned(), |country| country.name().to_owned())
}

/// What is drawn in the columns that all tables of the map share.
pub(super) fn cells(here: &Here) -> Vec<Markup> {
    let people = |n: i64| html! { @if n > 0 { " " span .govuk-hint .vs-inline { (t!("map-people", number = n)) } } };
    vec![
        html! { (here.sites) (people(here.site_people)) },
        html! {
            (here.work.works) (people(here.work.people))
            @if here.work.uncovered > 0 { " " (ui::tag(&t!("map-uncovered", number = here.work.uncovered), Tone::Red)) }
        },
        data(here),
        html! { (here.used) },
    ]
}

/// How work abroad holds data.
fn data(here: &Here) -> Markup {
    let parts = [
        ("map-data-permanent", here.work.permanent),
        ("map-data-temporary", here.work.temporary),
        ("map-data-transient", here.work.transient),
        ("map-data-unsaid", here.work.unsaid),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(_, n)| *n > 0).map(|(id, n)| texts::say(id, &[("number".to_owned(), n.to_string())].into())).collect();
    html! {
        @if here.work.works == 0 { span .vs-absent { (t!("map-data-none")) } }
        @else if said.is_empty() { (t!("map-data-nowhere")) }
        @else { ul .vs-plain { @for part in &said { li { (part) } } } }
    }
}

/// What the columns are called.
pub(super) fn heads() -> [String; 4] {
    [t!("map-head-sites"), t!("map-head-work"), t!("map-head-data"), t!("map-head-used")]
}

/// What transfers to a country take, in a word, with what is lacking for them.
pub(super) fn transfers(cx: &Cx, country: Country, here: &Here, held: Option<&Model>) -> Result<(String, Tone, usize)> {
    let details = held.map(Model::details).unwrap_or_default();
    let decision = super::model::transfer(&details, &cx.core().home()?, country, here);
    let lacking = transfer::lacking(decision.outcome, details.held(), cx.core().clock.today()).len();
    let tone = match decision.outcome {
        Outcome::Home | Outcome::NotPersonal => Tone::Grey,
        Outcome::Adequate => Tone::Green,
        Outcome::Conditional | Outcome::Safeguards if lacking == 0 => Tone::Blue,
        Outcome::Conditional => Tone::Yellow,
        Outcome::Safeguards => Tone::Orange,
        Outcome::Undetermined => Tone::Yellow,
    };
    Ok((in_a_word(decision.outcome, lacking == 0), tone, lacking))
}

/// What transfers take, in a word; that a safeguard is in place where `carried` says that nothing is lacking.
pub(super) fn in_a_word(outcome: Outcome, carried: bool) -> String {
    if carried && outcome == Outcome::Safeguards { t!("map-carried") } else { texts::t(&outcome.message_id()) }
}

/// The same as on the map, country by country.
fn countries(cx: &Cx, ask: &Ask, page: usize, rows: &[(Option<String>, Here)], known: &BTreeMap<String, Model>) -> Result<Markup> {
    let shown = rows.iter().skip((page - 1) * PAGE).take(PAGE);
    let authority = cx.actor.is_authority();
    let lines: Vec<Row> = shown
        .map(|(code, here)| {
            let country = code.as_deref().and_then(|code| Country::from_code(code).ok());
            let mut line = vec![html! {
                @if let Some(country) = country { a .govuk-link href={ "/map/" (country.code()) } { (country.name()) } }
                @else { a .govuk-link href="/subprocessors?needs=ask_country" { (t!("map-nowhere")) } }
            }];
            line.extend(cells(here));
            if authority {
                line.push(match country {
                    None => html! { span .vs-absent { (t!("register-absent")) } },
                    Some(country) => {
                        let (says, tone, lacking) = transfers(cx, country, here, known.get(country.code()))?;
                        html! { (ui::tag(&says, tone)) @if lacking > 0 { " " span .govuk-hint .vs-inline { (t!("map-lacking", number = lacking)) } } }
                    }
                });
            }
            Ok(Row { cells: line, tone: (here.work.uncovered > 0).then_some(Tone::Red) })
        })
        .collect::<Result<_>>()?;
    let (name, heads, transfers) = (t!("map-head-country"), heads(), t!("map-head-transfers"));
    let mut columns = vec![Column::new(&name)];
    columns.extend(heads.iter().map(|head| Column::new(head)));
    if authority {
        columns.push(Column::new(&transfers));
    }
    let caption = t!("map-countries");
    let next = (rows.len() > page * PAGE).then(|| href(ask, page + 1));
    let previous = (page > 1).then(|| href(ask, page - 1));
    Ok(html! {
        h2 .govuk-heading-m #countries { (caption) }
        (ui::table(&Table { caption: &caption, columns: &columns, stack: true, ..Table::default() }, &lines))
        (ui::pager(&|id| texts::t(id), &Pager { first: None, previous: previous.as_deref(), next: next.as_deref() }))
    })
}

/// A table of figures under a heading.
pub(super) fn figures(title: &str, first: &str, lines: Vec<(Markup, Here)>) -> Markup {
    let heads = heads();
    let mut columns = vec![Column::new(first)];
    columns.extend(heads.iter().map(|head| Column::new(head)));
    let rows: Vec<Row> = lines
        .into_iter()
        .map(|(name, here)| Row {
            cells: std::iter::once(name).chain(cells(&here)).collect(),
            tone: (here.work.uncovered > 0).then_some(Tone::Red),
        })
        .collect();
    html! {
        h2 .govuk-heading-m { (title) }
        (ui::table(&Table { caption: title, columns: &columns, stack: true, ..Table::default() }, &rows))
    }
}

async fn tiers(cx: &Cx, ask: &Ask) -> Result<Markup> {
    let found = store::by_tier(cx, ask).await?;
    let line = |(tier, here): &(i32, Here)| {
        (html! { a .govuk-link href=(href(&Ask { tier: Some(*tier), ..ask.clone() }, 1)) { (t!("map-tier", tier = tier)) } }, *here)
    };
    Ok(html! { @if !found.is_empty() { (figures(&t!("map-tiers"), &t!("map-head-tier"), found.iter().map(line).collect())) } })
}

async fn suppliers(cx: &Cx, ask: &Ask) -> Result<Markup> {
    let found = store::by_party(cx, ask, SUPPLIERS).await?;
    let names = party::store::seen_names(cx.db(), &cx.actor, found.iter().map(|(id, _)| *id)).await?;
    let full = found.len() as u64 == SUPPLIERS;
    let line = |(id, here): (Uuid, Here)| {
        let name = names.get(&id)?;
        Some((html! { a .govuk-link href=(href(&Ask { party: Some(id), ..ask.clone() }, 1)) { (name) } }, here))
    };
    let lines: Vec<(Markup, Here)> = found.into_iter().filter_map(line).collect();
    Ok(html! {
        @if !lines.is_empty() {
            (figures(&t!("map-suppliers"), &t!("map-head-supplier"), lines))
            @if full { p .govuk-body { (t!("map-suppliers-first", number = SUPPLIERS)) } }
        }
    })
}
