//! What the map shows, as a file: a row for each country, supplier and tier.

use platform::api::Area;
use platform::sheets::{Cell, Column, Kind, List, Page};
use platform::web::{Access, Fields};
use platform::{Cx, Error, Result};

use super::{Asked, named};
use crate::geography::store::{self, Line};
use crate::party;

/// The map, for taking out.
pub(crate) const LIST: List = List {
    code: "map",
    title: "map-title",
    path: "/map",
    export: "/map/export",
    access: Access::SignedIn,
    area: Area::Registers,
    columns,
    read: |cx, address| Box::pin(sheet(cx, address)),
};

/// Rows of one page.
const PAGE: usize = 500;

fn columns() -> Vec<Column> {
    let of = Column::of;
    vec![
        of("country", "map-head-country", Kind::Text),
        of("supplier", "map-head-supplier", Kind::Text),
        of("tier", "map-head-tier", Kind::Text),
        of("sites", "map-head-sites", Kind::Number),
        of("people_at_sites", "map-sheet-site-people", Kind::Number),
        of("works", "map-head-work", Kind::Number),
        of("people_in_work", "map-sheet-work-people", Kind::Number),
        of("uncovered", "map-sheet-uncovered", Kind::Number),
        of("held_permanent", "map-sheet-permanent", Kind::Number),
        of("held_temporary", "map-sheet-temporary", Kind::Number),
        of("held_transient", "map-sheet-transient", Kind::Number),
        of("held_unsaid", "map-sheet-unsaid", Kind::Number),
        of("subprocessors", "map-head-used", Kind::Number),
    ]
}

async fn sheet(cx: &Cx, address: &str) -> Result<Page> {
    let asked = Asked::read(address)?;
    if !asked.errors.is_empty() {
        return Err(Error::Invalid(asked.errors));
    }
    let lines = store::lines(cx, &asked.ask).await?;
    let fields = Fields::of_address(address)?;
    let part: usize = fields.get("from").parse().unwrap_or(0);
    let begin = part * PAGE;
    let shown: Vec<&Line> = lines.iter().skip(begin).take(PAGE).collect();
    let names = party::store::seen_names(cx.db(), &cx.actor, shown.iter().filter_map(|((_, party, _), _)| *party)).await?;
    let row = |((country, party, tier), here): &Line| {
        let mut cells = vec![
            country.as_ref().map_or(Cell::Blank, |code| Cell::Code(code.clone(), named(code))),
            Cell::text(party.and_then(|id| names.get(&id).cloned())),
            Cell::text(tier.clone()),
        ];
        let work = &here.work;
        let numbers = [here.sites, here.site_people, work.works, work.people, work.uncovered];
        let held = [work.permanent, work.temporary, work.transient, work.unsaid, here.used];
        cells.extend(numbers.into_iter().chain(held).map(Cell::Number));
        cells
    };
    let next = (lines.len() > begin + PAGE).then(|| next(&fields, part));
    Ok(Page { rows: shown.into_iter().map(row).collect(), next })
}

/// The address of the part after this one, counted from 0.
fn next(fields: &Fields, part: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.pairs().iter().filter(|(name, _)| name != "from"));
    query.append_pair("from", &(part + 1).to_string());
    format!("/map?{}", query.finish())
}
