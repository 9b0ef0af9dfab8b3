//! The view policy and its SQL twin agree over random worlds.

use platform::authz::{AccountActor, Actor, Guarded as _, Side};
use platform::cases::queue::{self, Filter};
use platform::cases::store as cases;
use sea_orm::EntityTrait as _;
use testkit::both_engines;
use uuid::Uuid;

use super::world::World;
use crate::migrations::migrations;
use crate::offshoring::model::PROPOSAL;
use crate::offshoring::{act, store};
use crate::testing::actor;

/// A small generator of its own, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

both_engines!(migrations, /// OWN-3: what a list finds is what the policy lets each actor view, in chains of random shape.
async fn twin_equals_policy(db) {
    let world = World::new(db).await;
    let mut dice = Dice(2026);
    let mut parties = vec![world.lead.0, world.sub.0, world.other.0];
    let mut places: Vec<(Uuid, Uuid)> = vec![world.lead, world.sub];
    for n in 0..8 {
        let party = world.app.party(Side::Supplier, &format!("Party {n}")).await;
        let above = places[dice.roll(places.len())].1;
        places.push((party, world.app.place(world.contract, party, Some(above)).await));
        parties.push(party);
    }
    places.push(world.other);
    for _ in 0..20 {
        let (party, place) = places[dice.roll(places.len())];
        let by = platform::Cx::new(&world.app.core, actor("supplier_lead", party)).unwrap();
        let id = act::begin(&by, place).await.unwrap();
        if dice.roll(2) == 0 {
            // Handed in, as far as visibility goes.
            let case = world.case(id).await;
            world.mark_submitted(case).await;
        }
    }
    // Some are entered on behalf of their parties, by one of two contract managers.
    let managers = [actor("contract_manager", world.authority), actor("contract_manager", world.authority)];
    for n in 0..6 {
        let by = platform::Cx::new(&world.app.core, managers[n % 2].clone()).unwrap();
        let came = act::Entering { way: store::Way::Paper, came_on: jiff::civil::date(2026, 3, 1), reason: "By post.".to_owned() };
        let id = act::begin_on_behalf(&by, places[dice.roll(places.len())].1, &came).await.unwrap();
        if dice.roll(3) == 0 {
            let case = world.case(id).await;
            world.mark_submitted(case).await;
        }
    }
    let mut actors: Vec<Actor> = vec![Actor::Anonymous, Actor::Operator, Actor::Job("schedule")];
    actors.extend(parties.iter().flat_map(|p| [actor("supplier_lead", *p), actor("supplier_member", *p)]));
    actors.extend(crate::party::model::AUTHORITY_ROLES.iter().map(|role| actor(role, world.authority)));
    actors.extend(managers);
    let db = world.app.core.db.reader();
    let all = cases::CaseEntity::find().all(db).await.unwrap();
    // Several stand at one place: read together they are what each is by itself.
    for (case, of) in all.iter().zip(store::load_all(db, all.clone()).await.unwrap()) {
        let alone = store::load(db, case.clone()).await.unwrap();
        assert_eq!((of.case.id, of.resource()), (case.id, alone.resource()));
    }
    for actor in actors {
        let (found, _) = queue::list(db, &PROPOSAL, store::visible(&actor), &Filter::default(), None).await.unwrap();
        let mut found: Vec<Uuid> = found.into_iter().map(|c| c.id).collect();
        let mut allowed = Vec::new();
        for case in &all {
            let of = store::load(db, case.clone()).await.unwrap();
            // Asked together, actions are answered as they are one by one.
            let actions = || PROPOSAL.steps.iter().map(|step| step.action);
            let authz = &world.app.core.authz;
            let one_by_one: Vec<&str> = actions().filter(|action| authz.may(&actor, action, &of)).collect();
            assert_eq!(authz.which(&actor, actions(), &of), one_by_one);
            if authz.check(&actor, "proposal.view", &of).is_ok() {
                allowed.push(case.id);
            }
        }
        found.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(found, allowed, "{:?}", actor.account().map(|a: &AccountActor| (&a.role, a.party)));
    }
});
