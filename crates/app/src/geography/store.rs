//! The tables of what is held of countries and of the countries that proposals name, and what is in each country. Nobody else touches the
//! tables.

use std::collections::{BTreeMap, BTreeSet};

use platform::authz::Actor;
use platform::cases::queue::seen_of;
use platform::cases::store::{self as cases, Case};
use platform::cx::Tx;
use platform::{Cx, Result};
use rules::concentration::{Resting, Whole};
use rules::country::Country;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, QueryOrder as _, QuerySelect as _};

use super::model::Here;
use crate::arrangement::store::{self as arrangements, Column as Work, Wanted};
use crate::contract::store as contracts;
pub use crate::country::store::{Column, Entity, Model, all, of, save};
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::offshoring::store as proposals;
use crate::party::store::Among;
use crate::{site, subprocessor};

/// More values than any column by which work is counted has.
const ALL: u64 = 1_000_000;

/// Which country a proposal names.
mod named {
    use sea_orm::entity::prelude::*;

    /// One country of one proposal, as last handed in.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "case_country")]
    pub struct Model {
        /// The proposal.
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// ISO 3166-1 alpha-2.
        #[sea_orm(primary_key, auto_increment = false)]
        pub country: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Keeps which countries a proposal names, in place of those that it named before.
pub(super) async fn keep_named(tx: &Tx, case: Uuid, countries: &BTreeSet<Country>) -> Result<()> {
    let row = |country: &Country| named::ActiveModel { case: ActiveValue::Set(case), country: ActiveValue::Set(country.code().to_owned()) };
    named::Entity::delete_many().filter(named::Column::Case.eq(case)).exec(tx.db()).await?;
    tx.later(countries.iter().map(row))
}

/// The stages of proposals at which nothing is open, without the one that is approved.
fn ended() -> Vec<&'static str> {
    PROPOSAL.stages.iter().filter(|stage| stage.closed && stage.id != "approved").map(|stage| stage.id).collect()
}

/// Proposals that name a country, as far as `actor` sees them: those that are open, or those that were approved. The latest `most`, and how many
/// there are.
///
/// # Errors
/// When the database fails.
pub async fn proposals_of(cx: &Cx, country: &str, approved: bool, most: u64) -> Result<(Vec<Proposal>, u64)> {
    let but: Vec<&str> = if approved {
        PROPOSAL.stages.iter().filter(|stage| stage.id != "approved").map(|stage| stage.id).collect()
    } else {
        ended().into_iter().chain(["approved"]).collect()
    };
    let seen = seen_of(&PROPOSAL, proposals::visible(&cx.actor), &but, (named::Entity, named::Column::Case));
    let found = named::Entity::find().filter(named::Column::Country.eq(country)).filter(seen);
    let ids: Vec<Uuid> = found
        .clone()
        .select_only()
        .column(named::Column::Case)
        .order_by_desc(named::Column::Case)
        .limit(most)
        .into_tuple()
        .all(cx.db())
        .await?;
    let number = if (ids.len() as u64) < most { ids.len() as u64 } else { found.count(cx.db()).await? };
    let mut rows: Vec<Case> = cases::all(cx.db(), &PROPOSAL, ids).await?;
    rows.sort_by_key(|case| std::cmp::Reverse(case.id));
    let all = proposals::load_all(cx.db(), rows).await?;
    Ok((all.into_iter().filter(|of| cx.may("proposal.view", of)).collect(), number))
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// In this country.
    pub country: Option<String>,
    /// Of this party.
    pub party: Option<Uuid>,
    /// Of the parties in this contract's chain; work abroad under it.
    pub contract: Option<Uuid>,
    /// Of the parties that stand at this tier; work abroad at it.
    pub tier: Option<i32>,
    /// Of these parties.
    pub these: Option<Vec<Uuid>>,
}

impl Ask {
    fn among(&self, actor: &Actor) -> Among {
        let narrow = self.contract.is_some() || self.tier.is_some();
        let within = narrow.then(|| crate::contract::chain::parties_at(actor, self.contract, self.tier));
        Among { country: self.country.clone(), party: self.party, within, these: self.these.clone() }
    }

    fn wanted(&self) -> Wanted {
        let tier = self.tier.map(|tier| tier.to_string());
        Wanted { country: self.country.clone(), party: self.party, contract: self.contract, tier, these: self.these.clone() }
    }
}

/// What is in each country, as far as the actor sees it; what is in no country that anybody knows, under none.
///
/// # Errors
/// When the database fails.
pub async fn by_country(cx: &Cx, ask: &Ask) -> Result<BTreeMap<Option<String>, Here>> {
    let (db, actor, among) = (cx.db(), &cx.actor, ask.among(&cx.actor));
    let mut all: BTreeMap<Option<String>, Here> = BTreeMap::new();
    for (country, sites, people) in site::store::counted(db, actor, &among).await? {
        all.entry(Some(country)).or_default().add(&Here { sites, site_people: people, ..Here::default() });
    }
    for (country, work) in arrangements::counted::<String>(db, actor, &ask.wanted(), Work::Country, ALL).await? {
        all.entry(Some(country)).or_default().add(&Here { work, ..Here::default() });
    }
    for (country, used) in subprocessor::store::counted(db, actor, &among).await? {
        all.entry(country).or_default().add(&Here { used, ..Here::default() });
    }
    Ok(all)
}

/// All of it together.
///
/// # Errors
/// When the database fails.
pub async fn together(cx: &Cx, ask: &Ask) -> Result<Here> {
    let mut all = Here::default();
    by_country(cx, ask).await?.values().for_each(|here| all.add(here));
    Ok(all)
}

/// What there is of each supplier, as far as the actor sees it: of the `most` with most sites, work or sub-processors, that with most first.
///
/// # Errors
/// When the database fails.
pub async fn by_party(cx: &Cx, ask: &Ask, most: u64) -> Result<Vec<(Uuid, Here)>> {
    let (db, actor) = (cx.db(), &cx.actor);
    let among = ask.among(actor);
    let sites = site::store::counted_by_party(db, actor, &among, most).await?;
    let works = arrangements::counted::<Uuid>(db, actor, &ask.wanted(), Work::Party, most).await?;
    let used = subprocessor::store::counted_by_party(db, actor, &among, most).await?;
    let top: BTreeSet<Uuid> = sites
        .iter()
        .map(|(party, ..)| *party)
        .chain(works.iter().map(|(party, _)| *party))
        .chain(used.iter().filter_map(|(party, _)| *party))
        .collect();
    // A party may be among the first by its sites and not by its work: of those that are, all is counted.
    let exact = Ask { these: Some(top.into_iter().collect()), ..ask.clone() };
    let among = exact.among(actor);
    let mut all: BTreeMap<Uuid, Here> = BTreeMap::new();
    for (party, sites, people) in site::store::counted_by_party(db, actor, &among, ALL).await? {
        all.entry(party).or_default().add(&Here { sites, site_people: people, ..Here::default() });
    }
    for (party, work) in arrangements::counted::<Uuid>(db, actor, &exact.wanted(), Work::Party, ALL).await? {
        all.entry(party).or_default().add(&Here { work, ..Here::default() });
    }
    for (party, used) in subprocessor::store::counted_by_party(db, actor, &among, ALL).await? {
        if let Some(party) = party {
            all.entry(party).or_default().add(&Here { used, ..Here::default() });
        }
    }
    let mut all: Vec<(Uuid, Here)> = all.into_iter().collect();
    all.sort_by_key(|(party, here)| (std::cmp::Reverse(here.things()), *party));
    all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(all)
}

/// What there is at each tier at which the actor sees somebody stand. A party that stands at two tiers counts at both.
///
/// # Errors
/// When the database fails.
pub async fn by_tier(cx: &Cx, ask: &Ask) -> Result<Vec<(i32, Here)>> {
    let tiers = match ask.tier {
        Some(tier) => vec![tier],
        None => crate::contract::chain::tiers(cx.db(), &cx.actor, ask.contract).await?,
    };
    let mut all = Vec::new();
    for tier in tiers {
        let here = together(cx, &Ask { tier: Some(tier), ..ask.clone() }).await?;
        if here.things() > 0 {
            all.push((tier, here));
        }
    }
    Ok(all)
}

/// A line of the list that is taken out: what one party has in one country at one tier. What has no tier is its sites and sub-processors: they
/// belong to the party, wherever it stands.
pub type Line = (Whose, Here);

/// Country, party and tier.
pub type Whose = (Option<String>, Option<Uuid>, Option<String>);

/// What each party has in each country, as far as the actor sees it.
///
/// # Errors
/// When the database fails.
pub async fn lines(cx: &Cx, ask: &Ask) -> Result<Vec<Line>> {
    let (db, actor, among) = (cx.db(), &cx.actor, ask.among(&cx.actor));
    let mut all: BTreeMap<Whose, Here> = BTreeMap::new();
    for (country, party, sites, people) in site::store::counted_by_both(db, actor, &among).await? {
        all.entry((Some(country), Some(party), None)).or_default().add(&Here { sites, site_people: people, ..Here::default() });
    }
    for ((country, party, tier), work) in arrangements::counted_by_all(db, actor, &ask.wanted()).await? {
        all.entry((Some(country), Some(party), Some(tier))).or_default().add(&Here { work, ..Here::default() });
    }
    for (country, party, used) in subprocessor::store::counted_by_both(db, actor, &among).await? {
        all.entry((country, party, None)).or_default().add(&Here { used, ..Here::default() });
    }
    Ok(all.into_iter().collect())
}

/// The contracts under which the actor sees most work abroad, with how much.
///
/// # Errors
/// When the database fails.
pub async fn contracts_with_work(cx: &Cx, ask: &Ask, most: u64) -> Result<Vec<(Uuid, i64)>> {
    let found = arrangements::counted::<Uuid>(cx.db(), &cx.actor, &ask.wanted(), Work::Contract, most).await?;
    Ok(found.into_iter().map(|(contract, work)| (contract, work.works)).collect())
}

/// How much rests on what, over the chains of all contracts that are planned or active.
#[derive(Debug, Default)]
pub struct Rests {
    /// All that there is.
    pub whole: Whole,
    /// On each country, by code.
    pub countries: Vec<Resting<String>>,
    /// On each supplier, with whoever stands below it.
    pub leads: Vec<Resting<Uuid>>,
    /// On each sub-contractor, with whoever stands below it, whichever contracts' chains it stands in.
    pub subs: Vec<Resting<Uuid>>,
}

/// How much rests on what. The whole of it, whoever asks: only the authority may.
///
/// # Errors
/// When the database fails.
pub async fn rests(db: &impl ConnectionTrait) -> Result<Rests> {
    let of = |n: i64| u64::try_from(n).unwrap_or(0);
    let countries: Vec<Resting<String>> = arrangements::resting_on_countries(db, contracts::open())
        .await?
        .into_iter()
        .map(|(on, contracts, works, people)| Resting { on, contracts: of(contracts), works: of(works), people: of(people) })
        .collect();
    let whole = Whole {
        contracts: of(crate::contract::chain::contracts_with_chain(db, contracts::open()).await?),
        works: countries.iter().map(|one| one.works).sum(),
        people: countries.iter().map(|one| one.people).sum(),
    };
    Ok(Rests { whole, countries, leads: parties(db, true).await?, subs: parties(db, false).await? })
}

async fn parties(db: &impl ConnectionTrait, leads: bool) -> Result<Vec<Resting<Uuid>>> {
    let of = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut all: BTreeMap<Uuid, Resting<Uuid>> = BTreeMap::new();
    let blank = |on| Resting { on, contracts: 0, works: 0, people: 0 };
    for (party, number) in crate::contract::chain::contracts_of_parties(db, leads, contracts::open()).await? {
        all.entry(party).or_insert_with(|| blank(party)).contracts = of(number);
    }
    let pairs = crate::contract::chain::resting(leads);
    for (party, works, people) in arrangements::resting_on_parties(db, contracts::open(), pairs).await? {
        let one = all.entry(party).or_insert_with(|| blank(party));
        (one.works, one.people) = (of(works), of(people));
    }
    Ok(all.into_values().collect())
}
