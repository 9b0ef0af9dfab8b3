//! The map for programs: what is in each country, what is held of one, and how much rests on what.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::web::Answer;
use platform::{Error, Result, texts};
use rules::concentration::Share;
use rules::country::Country;
use rules::decision::Outcome as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Details, Here};
use super::pages::concentration::{self, Shown};
use super::pages::country::{Known, says};
use super::store::{self, Ask};
use super::{act, pages};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    let filters = || {
        [
            Param::new("country", Takes::Country),
            Param::new("party", Takes::Id),
            Param::new("contract", Takes::Id),
            Param::new("tier", Takes::Number(1, 20)),
        ]
    };
    Api::new()
        .add(Op::get("map.countries", "/api/v1/map", area).queries(filters()).all_of::<CountryFigures>(), countries)
        .add(Op::get("map.concentration", "/api/v1/map/concentration", area).authority().answers::<ConcentrationFigures>(), concentrated)
        .add(Op::get("map.country", "/api/v1/map/{country}", area).codes(&["country"]).answers::<CountryRecord>(), one)
        .add(
            Op::put("map.state", "/api/v1/map/{country}", area)
                .codes(&["country"])
                .authority()
                .takes::<CountryHeld>()
                .answers::<CountryRecord>(),
            state,
        )
}

/// What is in a country.
#[derive(Serialize, ToSchema)]
struct CountryFigures {
    /// ISO 3166-1 alpha-2; none for sub-processors of which nobody knows the country.
    country: Option<String>,
    /// Its name.
    name: Option<String>,
    /// What there is.
    #[serde(flatten)]
    figures: MapFigures,
}

/// Figures of the map.
#[derive(Serialize, ToSchema)]
struct MapFigures {
    /// Sites in use.
    sites: i64,
    /// People who work at them.
    people_at_sites: i64,
    /// Work abroad that has not ended.
    works: i64,
    /// People who do it.
    people_in_work: i64,
    /// Of the work: under way though no approval covers it.
    uncovered: i64,
    /// Of the work: holds data at rest for good.
    held_permanent: i64,
    /// Of the work: holds data at rest for a time.
    held_temporary: i64,
    /// Of the work: holds data in transit.
    held_transient: i64,
    /// Of the work: how it holds data was not all said.
    held_unsaid: i64,
    /// Sub-processors in use.
    subprocessors: i64,
}

impl From<&Here> for MapFigures {
    fn from(here: &Here) -> Self {
        let work = &here.work;
        Self {
            sites: here.sites,
            people_at_sites: here.site_people,
            works: work.works,
            people_in_work: work.people,
            uncovered: work.uncovered,
            held_permanent: work.permanent,
            held_temporary: work.temporary,
            held_transient: work.transient,
            held_unsaid: work.unsaid,
            subprocessors: here.used,
        }
    }
}

async fn countries(call: Call) -> Answer {
    let ask = Ask {
        country: call.query("country").map(str::to_owned),
        party: call.query_id("party"),
        contract: call.query_id("contract"),
        tier: call.query("tier").and_then(|tier| tier.parse().ok()),
        these: None,
    };
    if let Some(code) = &ask.country {
        Country::from_code(code).map_err(|unknown| Error::field("?country", pages::refused(&unknown)))?;
    }
    let found = store::by_country(&call.cx, &ask).await?;
    let item = |(code, here): (&Option<String>, &Here)| CountryFigures {
        name: code.as_deref().map(pages::named),
        country: code.clone(),
        figures: here.into(),
    };
    let items: Vec<CountryFigures> = found.iter().filter(|(_, here)| here.things() > 0).map(item).collect();
    call.listed(&Listed { items, after: None })
}

/// How well a country protects personal data.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CountryAdequacy {
    /// Adequately.
    Full,
    /// On a condition, or for some.
    Partial,
    /// Not adequately.
    None,
}

/// What carries transfers of personal data.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TransferMechanism {
    /// An international data transfer agreement.
    Agreement,
    /// Standard clauses, with the addendum that home asks for.
    Clauses,
    /// Binding corporate rules.
    BindingRules,
    /// Another safeguard that the law names.
    Other,
    /// An exception for the case at hand.
    Exception,
}

/// What is recorded of a country, as a whole: what is left out is not recorded any more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountryHeld {
    /// How well it protects personal data; left out, the list of the law counts.
    adequacy: Option<CountryAdequacy>,
    /// On which condition, or for whom.
    #[schema(max_length = 2000)]
    condition: Option<String>,
    /// What carries transfers.
    mechanism: Option<TransferMechanism>,
    /// The assessment of their risk.
    #[schema(max_length = 4000)]
    assessment: Option<String>,
    /// When that was made.
    assessed_on: Option<Date>,
    /// When it is to be looked at again.
    review_on: Option<Date>,
    /// What is said of passing data on from there.
    #[schema(max_length = 4000)]
    onward: Option<String>,
    /// What its law means for the information.
    #[schema(max_length = 8000)]
    law: Option<String>,
}

impl CountryHeld {
    fn details(self) -> Details {
        let text = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Details {
            adequacy: self.adequacy.map(|adequacy| match adequacy {
                CountryAdequacy::Full => "full".to_owned(),
                CountryAdequacy::Partial => "partial".to_owned(),
                CountryAdequacy::None => "none".to_owned(),
            }),
            condition: text(self.condition),
            mechanism: self.mechanism.map(|mechanism| match mechanism {
                TransferMechanism::Agreement => "agreement".to_owned(),
                TransferMechanism::Clauses => "clauses".to_owned(),
                TransferMechanism::BindingRules => "binding_rules".to_owned(),
                TransferMechanism::Other => "other".to_owned(),
                TransferMechanism::Exception => "exception".to_owned(),
            }),
            assessment: text(self.assessment),
            assessed_on: self.assessed_on,
            review_on: self.review_on,
            onward: text(self.onward),
            law: text(self.law),
        }
    }
}

/// A country: what is in it and what is held of it.
#[derive(Serialize, ToSchema)]
struct CountryRecord {
    /// ISO 3166-1 alpha-2.
    country: String,
    /// Its name.
    name: String,
    /// What transfers of personal data take: `home`, `not_personal`, `adequate`, `conditional`, `safeguards` or `undetermined`.
    transfers: String,
    /// Why, in words.
    because: Vec<String>,
    /// What is lacking for them, in words; for the authority.
    lacking: Vec<String>,
    /// What there is.
    figures: MapFigures,
    /// What is recorded of it; for the authority.
    held: Option<CountryHeldRecord>,
    /// Open proposals that name it, the latest twenty.
    open: Vec<Uuid>,
    /// How many there are.
    open_in_all: u64,
    /// Those of these open ones whose urgent approval covers work already.
    urgent: Vec<Uuid>,
    /// Approved proposals that name it, the latest twenty.
    approved: Vec<Uuid>,
    /// How many there are.
    approved_in_all: u64,
    /// Suppliers elsewhere whose owner is there, the first twenty by name.
    owned: Vec<Uuid>,
    /// Suppliers that are there, the first twenty by name.
    based: Vec<Uuid>,
    /// The version of what is recorded; 0 where nothing is.
    version: i32,
}

/// What is recorded of a country.
#[derive(Serialize, ToSchema)]
struct CountryHeldRecord {
    /// How well it protects personal data: `full`, `partial` or `none`.
    adequacy: Option<String>,
    /// On which condition, or for whom.
    condition: Option<String>,
    /// What carries transfers: `agreement`, `clauses`, `binding_rules`, `other` or `exception`.
    mechanism: Option<String>,
    /// The assessment of their risk.
    assessment: Option<String>,
    /// When that was made.
    #[schema(format = Date)]
    assessed_on: Option<String>,
    /// When it is to be looked at again.
    #[schema(format = Date)]
    review_on: Option<String>,
    /// What is said of passing data on from there.
    onward: Option<String>,
    /// What its law means for the information.
    law: Option<String>,
}

impl From<Details> for CountryHeldRecord {
    fn from(of: Details) -> Self {
        Self {
            adequacy: of.adequacy,
            condition: of.condition,
            mechanism: of.mechanism,
            assessment: of.assessment,
            assessed_on: of.assessed_on.map(|day| day.to_string()),
            review_on: of.review_on.map(|day| day.to_string()),
            onward: of.onward,
            law: of.law,
        }
    }
}

/// The country in the path, by its code.
fn country(call: &Call) -> Result<Country> {
    Country::from_code(call.code("country")).map_err(|_| Error::NotFound)
}

async fn record(call: &Call) -> Result<CountryRecord> {
    let (cx, country) = (&call.cx, country(call)?);
    let known = Known::of(cx, country).await?;
    let decision = known.decision(cx)?;
    let missing = decision.missing.iter().map(|missing| texts::t(&missing.message_id("transfer")));
    Ok(CountryRecord {
        country: country.code().to_owned(),
        name: country.name().to_owned(),
        transfers: decision.outcome.code().to_owned(),
        because: decision.because.iter().map(says).chain(missing).collect(),
        lacking: known.lacking(cx, decision.outcome).iter().map(says).collect(),
        figures: (&known.here).into(),
        held: (known.told && known.row.version > 0).then(|| known.row.details().into()),
        open: known.open.0.iter().map(|of| of.case.id).collect(),
        open_in_all: known.open.1,
        urgent: known
            .open
            .0
            .iter()
            .filter(|of| of.urgent_now().is_some_and(|urgent| urgent.stands(cx.core().clock.today()).runs()))
            .map(|of| of.case.id)
            .collect(),
        approved: known.approved.0.iter().map(|of| of.case.id).collect(),
        approved_in_all: known.approved.1,
        owned: known.owned.0.iter().map(|row| row.id).collect(),
        based: known.based.0.iter().map(|row| row.id).collect(),
        version: if known.told { known.row.version } else { 0 },
    })
}

async fn one(call: Call) -> Answer {
    let record = record(&call).await?;
    call.found(&record, Some(record.version))
}

async fn state(call: Call) -> Answer {
    let held: CountryHeld = call.body()?;
    let done = act::state(&call.cx, country(&call)?, call.version()?, &held.details()).await;
    let now = async || -> Result<Value> { Ok(to_value(record(&call).await?)?) };
    call.fresh(done, now).await?;
    one(call).await
}

/// How much rests on one country, supplier or sub-contractor.
#[derive(Serialize, ToSchema)]
struct ConcentrationFigures {
    /// Contracts that are planned or active and have a chain.
    contracts: u64,
    /// Work abroad under them that has not ended.
    works: u64,
    /// People who do it.
    people: u64,
    /// From how many per cent on a share is large, where the pack says.
    large_from: Option<u64>,
    /// Countries, the ten on which most rests.
    countries: Vec<ShareFigures>,
    /// Suppliers, likewise.
    suppliers: Vec<ShareFigures>,
    /// Sub-contractors, likewise.
    sub_contractors: Vec<ShareFigures>,
}

/// What rests on one thing. Shares are tenths of a per cent.
#[derive(Serialize, ToSchema)]
struct ShareFigures {
    /// The country's code, or the party's id.
    on: String,
    /// Its name.
    name: String,
    /// Contracts.
    contracts: u64,
    /// Their share.
    contracts_share: Option<u64>,
    /// Work abroad.
    works: u64,
    /// Its share.
    works_share: Option<u64>,
    /// People in it.
    people: u64,
    /// Their share.
    people_share: Option<u64>,
    /// Whether one of these shares is large.
    large: bool,
}

async fn concentrated(call: Call) -> Answer {
    let all = concentration::of(&call.cx).await?;
    let figure = |(name, share): &(String, Share<String>)| ShareFigures {
        on: share.of.on.clone(),
        name: name.clone(),
        contracts: share.of.contracts,
        contracts_share: share.contracts,
        works: share.of.works,
        works_share: share.works,
        people: share.of.people,
        people_share: share.people,
        large: share.large,
    };
    let figures = |shown: &Shown| shown.shares.iter().map(figure).collect();
    let found = ConcentrationFigures {
        contracts: all.whole.contracts,
        works: all.whole.works,
        people: all.whole.people,
        large_from: all.mark,
        countries: figures(&all.countries),
        suppliers: figures(&all.suppliers),
        sub_contractors: figures(&all.sub_contractors),
    };
    call.found(&found, None)
}
