//! How much rests on one country, supplier or sub-contractor, over all chains: bars with their numbers.

use maud::{Markup, html};
use platform::ui::{self, Column, Link, Row, Table, Tone};
use platform::web::{Answer, Visit};
use platform::{Cx, Result, t};
use rules::concentration::{Share, Whole, shares};

use super::named;
use crate::geography::drawing::bar;
use crate::geography::store::{self, Rests};
use crate::{pack, party};

/// Things shown of each kind.
pub(in crate::geography) const MOST: usize = 10;

/// Things of one kind, largest first.
pub(in crate::geography) struct Shown {
    /// Id or code, what it is called, its share.
    pub(in crate::geography) shares: Vec<(String, Share<String>)>,
    /// How many more there are.
    pub(in crate::geography) more: usize,
}

/// All that is shown.
pub(in crate::geography) struct Concentration {
    pub(in crate::geography) whole: Whole,
    /// From how many per cent on a share is large, where the pack says.
    pub(in crate::geography) mark: Option<u64>,
    pub(in crate::geography) countries: Shown,
    pub(in crate::geography) suppliers: Shown,
    pub(in crate::geography) sub_contractors: Shown,
}

/// How much rests on what, for whoever may know.
pub(in crate::geography) async fn of(cx: &Cx) -> Result<Concentration> {
    let thing = store::Model::new(cx.id()?, rules::country::Country::all().next().ok_or(platform::Error::NotFound)?, 0);
    cx.permit("country.weigh", &thing)?;
    let Rests { whole, countries, leads, subs } = store::rests(cx.db()).await?;
    let mark = pack::packs(cx.core()).in_use("offshoring").and_then(|pack| pack.threshold("concentration_share"));
    let first = |all: Vec<Share<String>>| {
        let more = all.len().saturating_sub(MOST);
        (all.into_iter().take(MOST).collect::<Vec<_>>(), more)
    };
    let by_id = |all: Vec<rules::concentration::Resting<uuid::Uuid>>| {
        all.into_iter()
            .map(|one| rules::concentration::Resting {
                on: one.on.to_string(),
                contracts: one.contracts,
                works: one.works,
                people: one.people,
            })
            .collect()
    };
    let (countries, more) = first(shares(countries, whole, mark));
    let countries = Shown { shares: countries.into_iter().map(|share| (named(&share.of.on), share)).collect(), more };
    let (leads, more_leads) = first(shares(by_id(leads), whole, mark));
    let (subs, more_subs) = first(shares(by_id(subs), whole, mark));
    let ids = leads.iter().chain(&subs).filter_map(|share| share.of.on.parse().ok());
    let names = party::store::seen_names(cx.db(), &cx.actor, ids).await?;
    let called = |all: Vec<Share<String>>| -> Vec<(String, Share<String>)> {
        let name = |share: Share<String>| Some((names.get(&share.of.on.parse().ok()?)?.clone(), share));
        all.into_iter().filter_map(name).collect()
    };
    Ok(Concentration {
        whole,
        mark,
        countries,
        suppliers: Shown { shares: called(leads), more: more_leads },
        sub_contractors: Shown { shares: called(subs), more: more_subs },
    })
}

pub(in crate::geography) async fn page(visit: Visit) -> Answer {
    let all = of(&visit.cx).await?;
    let title = t!("concentration-title");
    let page = visit.page(&title).active("/map").crumb(&t!("map-title"), "/map").wide();
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("concentration-lead")))
        p .govuk-body {
            (t!("concentration-whole", contracts = all.whole.contracts, works = all.whole.works, people = all.whole.people))
            @if let Some(mark) = all.mark { " " (t!("concentration-mark", mark = mark)) }
        }
        @if all.whole.contracts == 0 && all.whole.works == 0 {
            (ui::empty_state(&t!("concentration-empty"), &t!("concentration-empty-text"), Some(Link::new(&t!("concentration-contracts"), "/contracts"))))
        } @else {
            (group(&all, &all.countries, "concentration-countries", "map-head-country", &|code| format!("/map/{code}")))
            (group(&all, &all.suppliers, "concentration-suppliers", "map-head-supplier", &|id| format!("/map?party={id}")))
            (group(&all, &all.sub_contractors, "concentration-below", "concentration-head-sub", &|id| format!("/map?party={id}")))
        }
    }))
}

fn group(all: &Concentration, shown: &Shown, title: &str, first: &str, href: &dyn Fn(&str) -> String) -> Markup {
    let (title, first) = (platform::texts::t(title), platform::texts::t(first));
    let heads = [t!("concentration-head-contracts"), t!("map-head-work"), t!("concentration-head-people")];
    let mut columns = vec![Column::new(&first)];
    columns.extend(heads.iter().map(|head| Column::new(head)));
    let cell = |number: u64, whole: u64, share: Option<u64>| {
        let Some(share) = share else { return html! { span .vs-absent { (t!("map-none")) } } };
        let large = all.mark.is_some_and(|mark| share > 0 && share >= mark * 10);
        html! {
            span .vs-nowrap { (t!("concentration-of", number = number, whole = whole, share = per_cent(share))) }
            (bar(share, large))
        }
    };
    let row = |(name, share): &(String, Share<String>)| Row {
        cells: vec![
            html! { a .govuk-link href=(href(&share.of.on)) { (name) } @if share.large { " " (ui::tag(&t!("concentration-large"), Tone::Orange)) } },
            cell(share.of.contracts, all.whole.contracts, share.contracts),
            cell(share.of.works, all.whole.works, share.works),
            cell(share.of.people, all.whole.people, share.people),
        ],
        tone: share.large.then_some(Tone::Orange),
    };
    let rows: Vec<Row> = shown.shares.iter().map(row).collect();
    html! {
        h2 .govuk-heading-m { (title) }
        @if rows.is_empty() { p .govuk-body { (t!("concentration-nothing")) } }
        @else { (ui::table(&Table { caption: &title, columns: &columns, stack: true, ..Table::default() }, &rows)) }
        @if shown.more > 0 { p .govuk-body { (t!("concentration-more", number = shown.more)) } }
    }
}

/// Tenths of a per cent as people write them: 66.7, 40.
fn per_cent(tenths: u64) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}
