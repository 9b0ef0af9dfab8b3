//! Trends for programs: the numbers of the page.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op, Param, Takes};
use platform::texts::Text;
use platform::web::Answer;
use platform::{Error, Result};
use rules::incident::Category;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{self, Figure, Period, category_says};
use super::pages::{self, PARTIES, name};

/// The routes.
pub(super) fn routes() -> Api {
    let day = |name| Param::new(name, Takes::Text(10));
    let filters = [
        day("first"),
        day("last"),
        Param::new("party", Takes::Id),
        Param::new("tier", Takes::Number(1, 20)),
        Param::code("category", Category::ALL.iter().map(|category| category.code())),
    ];
    let op = Op::get("incidents.trends", "/api/v1/incident-trends", Area::Cases).queries(filters);
    Api::new().add(op.answers::<IncidentTrends>(), trends)
}

/// Trends over the incidents that the actor sees.
#[derive(Serialize, ToSchema)]
struct IncidentTrends {
    /// The first day of the period.
    #[schema(format = Date)]
    first: String,
    /// The last day.
    #[schema(format = Date)]
    last: String,
    /// The first day of the period before, which ends where this one begins.
    #[schema(format = Date)]
    before_from: String,
    /// All together.
    all: TrendFigures,
    /// Reports of the period that turned out to be no incident; they count nowhere else.
    turned_out_none: i64,
    /// Month by month, or year by year where the period is long.
    over: Vec<TrendColumn>,
    /// By category, most first; an incident of several counts for each.
    categories: Vec<TrendLine>,
    /// By supplier: the ten with most.
    suppliers: Vec<TrendLine>,
    /// By tier.
    tiers: Vec<TrendLine>,
    /// By the time from discovery to report: `hour`, `four_hours`, `day`, `three_days`, `week`, `month`, `longer`, `unknown`.
    discovery_to_report: Vec<TrendLine>,
    /// By the time from the event to the report, in the same bands.
    event_to_report: Vec<TrendLine>,
    /// Causes that recur at these suppliers, most first.
    recurring: Vec<RecurringCause>,
    /// What others recorded, by category, in the years that the period touches.
    recorded_categories: Vec<TrendLine>,
    /// The same by supplier.
    recorded_suppliers: Vec<TrendLine>,
}

/// A month or year.
#[derive(Serialize, ToSchema)]
struct TrendColumn {
    /// `2026-03`, or `2026`.
    of: String,
    /// How many incidents were reported in it.
    number: i64,
}

/// How many incidents.
#[derive(Serialize, ToSchema)]
struct TrendFigures {
    /// In the period.
    number: i64,
    /// In the one before.
    before: i64,
    /// Of those in the period: by a cause in the system.
    systemic: i64,
    /// Of those in the period: by a matter of awareness.
    awareness: i64,
}

/// How many incidents share something.
#[derive(Serialize, ToSchema)]
struct TrendLine {
    /// Its code, number or id.
    of: String,
    /// What that is called.
    name: String,
    /// How many.
    #[serde(flatten)]
    figures: TrendFigures,
}

/// Incidents of a supplier that share a category and where their cause lies.
#[derive(Serialize, ToSchema)]
struct RecurringCause {
    /// The supplier's id.
    supplier: uuid::Uuid,
    /// Its name.
    name: String,
    /// The category.
    category: String,
    /// `systemic` or `awareness`; none where nobody said.
    cause: Option<String>,
    /// How many.
    number: i64,
}

impl From<&Figure> for TrendFigures {
    fn from(of: &Figure) -> Self {
        Self { number: of.now, before: of.before, systemic: of.systemic, awareness: of.awareness }
    }
}

fn line(of: impl ToString, name: String, figure: &Figure) -> TrendLine {
    TrendLine { of: of.to_string(), name, figures: figure.into() }
}

fn day(call: &Call, name: &'static str, otherwise: Date) -> Result<Date> {
    let Some(text) = call.query(name) else { return Ok(otherwise) };
    text.parse().map_err(|_| Error::field(format!("?{name}"), Text::new("register-date-wrong")))
}

async fn trends(call: Call) -> Answer {
    let usual = Period::months_to(call.cx.core().clock.today(), 12);
    let period = Period::new(day(&call, "first", usual.first)?, day(&call, "last", usual.last)?)?;
    let tier = call.query("tier").and_then(|tier| tier.parse().ok());
    let category = call.query("category").and_then(Category::from_code);
    let asked = pages::asked(period, call.query_id("party"), tier, category);
    let all = model::of(&call.cx, asked, PARTIES).await?;
    let names = pages::names(&call.cx, &all).await?;
    let categories = |of: &[(String, Figure)]| of.iter().map(|(code, of)| line(code, category_says(code), of)).collect();
    let suppliers = |of: &[(uuid::Uuid, Figure)]| of.iter().map(|(id, of)| line(id, name(&names, *id), of)).collect();
    let bands = |of: &[(&'static str, Figure)]| of.iter().map(|(code, of)| line(code, pages::band_says(code), of)).collect();
    let found = IncidentTrends {
        first: all.asked.first.to_string(),
        last: all.asked.last.to_string(),
        before_from: all.asked.before.to_string(),
        all: (&all.all).into(),
        turned_out_none: all.none,
        over: all.over.iter().map(|(of, number)| TrendColumn { of: of.clone(), number: *number }).collect(),
        categories: categories(&all.categories),
        suppliers: suppliers(&all.parties),
        tiers: all.tiers.iter().map(|(tier, of)| line(tier, platform::t!("map-tier", tier = tier), of)).collect(),
        discovery_to_report: bands(&all.discovery),
        event_to_report: bands(&all.event),
        recurring: all
            .recurring
            .iter()
            .map(|of| RecurringCause {
                supplier: of.party,
                name: name(&names, of.party),
                category: of.category.clone(),
                cause: Some(of.cause.clone()).filter(|cause| !cause.is_empty()),
                number: of.number,
            })
            .collect(),
        recorded_categories: categories(&all.recorded.0),
        recorded_suppliers: suppliers(&all.recorded.1),
    };
    call.found(&found, None)
}
