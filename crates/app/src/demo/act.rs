//! Many records at once, for whoever wants to see how the service bears them: suppliers, contracts, sites and proposals, entered by the acts
//! that pages call, some hundreds in one transaction, each with its permit and its entry. They are invented as they are made.

use std::sync::Arc;

use jiff::civil::Date;
use platform::authz::{Actor, Side};
use platform::cx::{Entry, Permit, Tx};
use platform::forms::drafts;
use platform::identity::holder;
use platform::{Core, Cx, Error, Result};
use rules::form::Answers;
use uuid::Uuid;

use super::{acting, answers, names, story};
use crate::account::act as account;
use crate::contract::act as contracts;
use crate::contract::model::Details as Contract;
use crate::offshoring::act as proposals;
use crate::party::act as parties;
use crate::party::model::Details as Party;
use crate::site::act as sites;
use crate::site::model::Details as Site;

/// Records in one transaction.
const BATCH: usize = 250;
/// Proposals of one supplier.
const EACH: usize = 2_000;

/// How many of each kind make up a number of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// Suppliers.
    pub suppliers: usize,
    /// Contracts, each with one supplier.
    pub contracts: usize,
    /// Sites.
    pub sites: usize,
    /// Proposals that were handed in.
    pub proposals: usize,
    /// Complete drafts of the story's first supplier, ready to be handed in; besides the records.
    pub drafts: usize,
}

impl Mix {
    /// Three suppliers, three contracts and three sites for each proposal; so many drafts besides.
    pub fn of(records: usize, drafts: usize) -> Self {
        let third = records * 3 / 10;
        Self { suppliers: third, contracts: third, sites: third, proposals: records.saturating_sub(3 * third), drafts }
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.suppliers + self.contracts + self.sites + self.proposals + self.drafts
    }
}

/// Enters so many records into a demonstration whose story is told. `progress` is told after each transaction how many were entered.
///
/// # Errors
/// [`Error::NotFound`] outside the demonstration; when the database fails.
pub async fn enter(core: &Arc<Core>, mix: Mix, progress: &(dyn Fn(usize) + Sync)) -> Result<()> {
    let operator = Cx::new(core, Actor::Operator)?;
    let mut done = Done { count: 0, progress };
    let suppliers = many_suppliers(&operator, mix.suppliers, &mut done).await?;
    let placed = many_contracts(core, &suppliers, mix.contracts, &mut done).await?;
    many_sites(&operator, &suppliers, mix.sites, &mut done).await?;
    many_proposals(core, &placed, mix.proposals, &mut done).await?;
    many_drafts(core, mix.drafts, &mut done).await
}

struct Done<'a> {
    count: usize,
    progress: &'a (dyn Fn(usize) + Sync),
}

impl Done<'_> {
    fn more(&mut self, count: usize) {
        self.count += count;
        (self.progress)(self.count);
    }
}

/// A transaction that holds many acts of one actor.
struct Batch {
    tx: Tx,
    first: Option<Permit>,
    entries: Vec<Entry>,
}

impl Batch {
    async fn begin(cx: &Cx) -> Result<Self> {
        let mut tx = cx.begin().await?;
        tx.quietly();
        Ok(Self { tx, first: None, entries: Vec::new() })
    }

    /// Takes what an act wants committed.
    fn take<T>(&mut self, (made, permit, entry): (T, Permit, Entry)) -> T {
        self.first.get_or_insert(permit);
        self.entries.push(entry);
        made
    }

    /// A complete draft; its id and version.
    async fn draft(&mut self, cx: &Cx, place: Uuid, party: Uuid, title: &str) -> Result<(Uuid, i32)> {
        let begun = proposals::begin_in(cx, &self.tx, place).await?;
        let case = self.take(begun);
        let pack = proposals::pack_of(cx, &case)?;
        let given = Answers::from_json(answers::night_desk(party, title)).ok_or_else(|| Error::internal("the answers are no answers"))?;
        drafts::keep_whole(cx, &self.tx, case.id, proposals::form_of(&pack)?, &given).await?;
        Ok((case.id, case.version))
    }

    async fn commit(self, cx: &Cx) -> Result<()> {
        match self.first {
            Some(permit) => cx.commit(self.tx, permit, self.entries).await,
            None => Ok(()),
        }
    }
}

async fn many_suppliers(cx: &Cx, count: usize, done: &mut Done<'_>) -> Result<Vec<Uuid>> {
    let mut ids = Vec::with_capacity(count);
    while ids.len() < count {
        let mut batch = Batch::begin(cx).await?;
        let size = BATCH.min(count - ids.len());
        for _ in 0..size {
            let at = ids.len();
            let details = Party {
                country: Some(names::country(at).to_owned()),
                company_number: Some(format!("{:08}", 20_000_000 + at)),
                ..Party::named(&names::company(at))
            };
            let added = parties::add_in(cx, &batch.tx, Side::Supplier, &details).await?;
            ids.push(batch.take(added));
        }
        batch.commit(cx).await?;
        done.more(size);
    }
    Ok(ids)
}

/// A supplier, and its place in a contract's chain.
type Placed = (Uuid, Uuid);

async fn many_contracts(core: &Arc<Core>, suppliers: &[Uuid], count: usize, done: &mut Done<'_>) -> Result<Vec<Placed>> {
    let manager = story_person(core, "contract_manager").await?;
    let actor = manager.actor.signed_in()?;
    let mut placed = Vec::with_capacity(count);
    while placed.len() < count && !suppliers.is_empty() {
        let mut batch = Batch::begin(&manager).await?;
        let size = BATCH.min(count - placed.len());
        for _ in 0..size {
            let at = placed.len();
            let details = Contract {
                reference: Some(format!("CR-{:07}", at + 1)),
                starts_on: Some(Date::constant(2026, 4, 1)),
                ends_on: Some(Date::constant(2029, 3, 31)),
                value_minor: Some(1_000_000 + i64::try_from(at).unwrap_or(0) * 700),
                currency: Some("GBP".to_owned()),
                state: "active".to_owned(),
                manager: Some(actor.account),
                ..Contract::titled(actor.party, &names::work(at))
            };
            let added = contracts::add_in(&manager, &batch.tx, &details).await?;
            let contract = batch.take(added);
            let supplier = suppliers[at % suppliers.len()];
            let joining = contracts::Joining { party: supplier, above: None, role_text: None, since: details.starts_on };
            let joined = contracts::add_place_in(&manager, &batch.tx, contract, &joining).await?;
            placed.push((supplier, batch.take(joined)));
        }
        batch.commit(&manager).await?;
        done.more(size);
    }
    Ok(placed)
}

async fn many_sites(cx: &Cx, suppliers: &[Uuid], count: usize, done: &mut Done<'_>) -> Result<()> {
    let mut at = 0;
    while at < count && !suppliers.is_empty() {
        let mut batch = Batch::begin(cx).await?;
        let size = BATCH.min(count - at);
        for at in at..at + size {
            let kinds = ["office", "data_centre", "contact_centre", "archive"];
            let details = Site {
                people: u32::try_from(at % 300).unwrap_or(1),
                ..Site::of(&names::site(at), kinds[at % kinds.len()], names::country(at), &format!("{} Quay Street", at % 200 + 1))
            };
            let added = sites::add_in(cx, &batch.tx, suppliers[at % suppliers.len()], &details).await?;
            batch.take(added);
        }
        batch.commit(cx).await?;
        at += size;
        done.more(size);
    }
    Ok(())
}

async fn many_proposals(core: &Arc<Core>, placed: &[Placed], count: usize, done: &mut Done<'_>) -> Result<()> {
    for (nth, (party, place)) in placed.iter().enumerate() {
        let first = nth * EACH;
        if first >= count {
            break;
        }
        let lead = lead_of(core, *party, nth).await?;
        let mut at = first;
        while at < count.min(first + EACH) {
            let mut batch = Batch::begin(&lead).await?;
            let size = BATCH.min(count.min(first + EACH) - at);
            for at in at..at + size {
                let (id, version) = batch.draft(&lead, *place, *party, &names::work(at)).await?;
                let ahead = proposals::Ahead::of(&lead, batch.tx.db(), id).await?;
                let handed_in = proposals::submit_in(&lead, &mut batch.tx, (id, version), true, None, &ahead).await?;
                batch.take(handed_in);
            }
            batch.commit(&lead).await?;
            at += size;
            done.more(size);
        }
    }
    Ok(())
}

async fn many_drafts(core: &Arc<Core>, count: usize, done: &mut Done<'_>) -> Result<()> {
    let lead = story_person(core, "supplier_lead").await?;
    let party = lead.actor.signed_in()?.party;
    let place = crate::contract::store::places_of(lead.db(), party).await?.into_iter().next().ok_or(Error::NotFound)?;
    let mut at = 0;
    while at < count {
        let mut batch = Batch::begin(&lead).await?;
        let size = BATCH.min(count - at);
        for at in at..at + size {
            batch.draft(&lead, place.id, party, &names::work(at)).await?;
        }
        batch.commit(&lead).await?;
        at += size;
        done.more(size);
    }
    Ok(())
}

/// Somebody who leads a supplier that was entered here.
async fn lead_of(core: &Arc<Core>, party: Uuid, nth: usize) -> Result<Cx> {
    let operator = Cx::new(core, Actor::Operator)?;
    let invite = account::Invite {
        email: format!("lead{nth}@many.example"),
        name: format!("Lead {nth}"),
        party,
        role: "supplier_lead".to_owned(),
        read_only: false,
        ends_on: None,
    };
    acting(core, account::demo_account(&operator, &invite).await?).await
}

/// The first of the story's people with this role.
async fn story_person(core: &Arc<Core>, role: &str) -> Result<Cx> {
    let email = story::CAST.iter().find(|person| person.role == role).map_or("", |person| person.email);
    let row = holder::find(core, core.db.reader(), email).await?.ok_or(Error::NotFound)?;
    acting(core, row.id).await
}
