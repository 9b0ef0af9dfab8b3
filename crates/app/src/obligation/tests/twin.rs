//! The view policy and its SQL twin agree over random worlds, and the table holds what would be computed anew.

use std::collections::BTreeSet;

use platform::authz::{Actor, Side};
use platform::cx::Entry;
use platform::{Cx, Error};
use sea_orm::EntityTrait as _;
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use crate::contract::act::{self as contracts, Joining};
use crate::contract::model::Details;
use crate::contract::{chain, facts};
use crate::migrations::migrations;
use crate::obligation::model::Happened;
use crate::obligation::{act, keeping, store};
use crate::testing::{TestApp, actor};

/// A small generator of its own, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

struct Random {
    app: TestApp,
    authority: Uuid,
    parties: Vec<Uuid>,
    contracts: Vec<Uuid>,
    dice: Dice,
}

impl Random {
    async fn new(db: testkit::TestDb, seed: u64) -> Self {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Department of Crossings").await;
        let mut made = Self { app, authority, parties: Vec::new(), contracts: Vec::new(), dice: Dice(seed) };
        for n in 0..5 {
            made.parties.push(made.app.party(Side::Supplier, &format!("Party {n}")).await);
        }
        for n in 0..3 {
            made.contracts.push(made.app.contract(authority, &format!("Contract {n}")).await);
        }
        made
    }

    /// Something that changes duties, or is refused for what stands already.
    async fn step(&mut self) {
        let cx = self.app.operator();
        let contract = self.contracts[self.dice.roll(self.contracts.len())];
        let places = chain::standing(cx.db(), contract).await.unwrap();
        let place = (!places.is_empty()).then(|| places[self.dice.roll(places.len())].clone());
        let packs = ["provider_security", "outsourcing", "offshoring"];
        let pack = packs[self.dice.roll(3)];
        let done = match self.dice.roll(10) {
            0..=2 => {
                let party = self.parties[self.dice.roll(self.parties.len())];
                let above = place.filter(|_| self.dice.roll(3) > 0).map(|p| p.id);
                contracts::add_place(&cx, contract, &Joining { party, above, ..Joining::default() }).await.map(drop)
            }
            3 => match place.filter(|_| self.dice.roll(3) == 0) {
                Some(place) => contracts::end_place(&cx, place.id, place.version, None).await,
                None => Ok(()),
            },
            4 => contracts::put_pack(&cx, contract, pack, "2026.1", Some("agreed")).await,
            5 => {
                let version = facts::known(cx.db(), contract).await.unwrap().get(pack).map_or(0, |k| k.version);
                let fact = if pack == "outsourcing" { "agency_staff" } else { "personal_data" };
                let value = [json!(true), json!(false), json!("unknown")][self.dice.roll(3)].clone();
                contracts::state_facts(&cx, contract, pack, version, &[(fact.to_owned(), value)].into()).await
            }
            6 => {
                let on = crate::contract::store::get(cx.db(), contract).await.unwrap().row;
                let day = |n: usize| format!("2025-0{}-10", n + 1).parse().ok();
                let state = ["planned", "active", "ended"][self.dice.roll(3)].to_owned();
                let details = Details { starts_on: day(self.dice.roll(3)), signed_on: day(self.dice.roll(2)), state, ..on.details() };
                contracts::change(&cx, contract, on.version, &details).await
            }
            7 | 8 => self.happen(&cx, contract, place.map(|p| p.id)).await,
            _ => self.record(&cx).await,
        };
        assert!(matches!(done, Ok(()) | Err(Error::Invalid(_) | Error::Conflict(_) | Error::NotFound)), "{done:?}");
    }

    /// Something of a proposal that duties count from, told by an entry to which no duty answers by itself.
    async fn happen(&mut self, cx: &Cx, contract: Uuid, place: Option<Uuid>) -> platform::Result<()> {
        let events = ["offshore_proposal", "proposal_checked", "proposal_assessed", "decision", "offshore_start"];
        let mut what = Vec::new();
        for _ in 0..=self.dice.roll(2) {
            let day = format!("2026-01-1{}", self.dice.roll(4)).parse().unwrap();
            what.push(Happened { event: events[self.dice.roll(5)].to_owned(), place, day, reference: None });
        }
        let party = crate::party::store::get(cx.db(), self.parties[0]).await?;
        let tx = cx.begin().await?;
        act::happened(cx, &tx, contract, &what).await?;
        let permit = cx.permit("party.change", &party)?;
        cx.commit(tx, permit, [Entry::on("party.change", &party)]).await
    }

    async fn record(&mut self, cx: &Cx) -> platform::Result<()> {
        let all = store::Entity::find().all(cx.db()).await.unwrap();
        if all.is_empty() {
            return Ok(());
        }
        let row = &all[self.dice.roll(all.len())];
        let duty = store::get(cx, row.at, &row.pack, &row.obligation).await.unwrap();
        if self.dice.roll(2) == 0 {
            return act::set_aside(cx, &duty, row.version, "Not here").await;
        }
        let shown = act::Evidence {
            met_on: "2026-02-01".parse().unwrap(),
            evidence: "Seen".to_owned(),
            found_at: None,
            covers_from: None,
            covers_to: (self.dice.roll(2) == 0).then(|| "2026-02-20".parse().unwrap()),
        };
        act::meet(cx, &duty, row.version, &shown).await
    }
}

type Which = (Uuid, String, String);

fn which(duty: &store::Model) -> Which {
    (duty.at, duty.pack.clone(), duty.obligation.clone())
}

/// Everything that an actor's list shows, page by page.
async fn listed(cx: &Cx) -> Vec<Which> {
    let (mut all, mut ask) = (Vec::new(), store::Ask::default());
    loop {
        let (found, next) = store::page(cx, &ask).await.unwrap();
        all.extend(found.iter().map(|duty| which(&duty.row)));
        match next {
            Some(next) => ask.after = Some(next),
            None => return all,
        }
    }
}

both_engines!(migrations, /// SEC-4, OWN-3: what a list finds is what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let mut world = Random::new(db, 41).await;
    for _ in 0..40 {
        world.step().await;
    }
    let mut actors: Vec<Actor> = vec![Actor::Anonymous, Actor::Operator, Actor::Job("schedule")];
    actors.extend(world.parties.iter().flat_map(|p| [actor("supplier_lead", *p), actor("supplier_member", *p)]));
    actors.extend(crate::party::model::AUTHORITY_ROLES.iter().map(|role| actor(role, world.authority)));
    let operator = world.app.operator();
    let rows = store::Entity::find().all(operator.db()).await.unwrap();
    assert!(rows.iter().any(|r| r.owed) && rows.iter().any(|r| !r.owed), "a world without past duties shows little");
    for actor in actors {
        let cx = Cx::new(&world.app.core, actor.clone()).unwrap();
        let mut allowed = BTreeSet::new();
        for row in rows.iter().filter(|row| row.owed) {
            let duty = store::get(&operator, row.at, &row.pack, &row.obligation).await.unwrap();
            if world.app.core.authz.check(&actor, "obligation.view", &duty).is_ok() {
                allowed.insert(which(row));
            }
        }
        let found = listed(&cx).await;
        assert_eq!(found.len(), allowed.len(), "{actor:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), allowed, "{actor:?}");
    }
});

both_engines!(migrations, /// SEC-2, SEC-4: however chain, packs, contract, facts and evidence change, the table holds what computing it from nothing gives.
async fn the_table_never_drifts(db) {
    let mut world = Random::new(db, 7).await;
    for _ in 0..60 {
        world.step().await;
    }
    let cx = world.app.operator();
    let mut before = store::Entity::find().all(cx.db()).await.unwrap();
    let tx = cx.begin().await.unwrap();
    for contract in &world.contracts {
        keeping::refresh(&cx, &tx, *contract).await.unwrap();
    }
    let mut after = store::Entity::find().all(tx.db()).await.unwrap();
    before.sort_by_key(which);
    after.sort_by_key(which);
    assert_eq!(before, after);
    // Each status of a row is the one by which the list finds it.
    let today = world.app.core.clock.today();
    for status in crate::obligation::model::Status::LISTED {
        let ask = store::Ask { status: Some(status), ..store::Ask::default() };
        let counted = store::counted(&cx, &ask).await.unwrap();
        let mut says = 0;
        for row in before.iter().filter(|row| row.owed) {
            says += u64::from(store::get(&cx, row.at, &row.pack, &row.obligation).await.unwrap().status(today) == status);
        }
        assert_eq!(counted, platform::register::Count::told(says, 1_000), "{status:?}");
    }
});
