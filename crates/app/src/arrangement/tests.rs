//! The register of arrangements, through acts, pages and programs.

mod pages;
mod standing;
mod twin;
mod watching;

use jiff::civil::{Date, date};
use platform::Error;
use testkit::both_engines;
use uuid::Uuid;

use super::model::Details;
use super::store::{self, Arrangement};
use super::{act, cover};
use crate::migrations::migrations;
use crate::offshoring::act::{self as proposals, Approving};
use crate::offshoring::tests::world::{Person, World};
use crate::site::model::Details as Site;

/// Five people in India look at records from the spring of 2026 to that of 2027.
pub(crate) fn work(name: &str) -> Details {
    Details {
        name: name.to_owned(),
        kind: "access".to_owned(),
        country: "IN".to_owned(),
        site: None,
        people: 5,
        data: None,
        held: super::model::Held::default(),
        from: date(2026, 2, 1),
        to: date(2027, 5, 31),
    }
}

/// The lead's proposal, approved from June 2026 to May 2027; the lead, and the arrangement that came of it.
async fn approved(world: &World) -> (Person, Uuid, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _, _) = world.at_decision(&lead).await;
    approve(world, id, date(2027, 5, 31)).await;
    let all = everything(world).await;
    assert_eq!(all.len(), 1);
    (lead, id, all[0].row.id)
}

async fn approve(world: &World, id: Uuid, to: Date) {
    let with = Approving {
        reason: "The risk left is low.".to_owned(),
        conditions: String::new(),
        more_controls: Vec::new(),
        from: date(2026, 6, 1),
        to,
    };
    let boss = world.official("management").await;
    proposals::approve(&boss.cx, id, world.version(id).await, &with).await.unwrap();
}

pub(crate) async fn everything(world: &World) -> Vec<Arrangement> {
    use sea_orm::EntityTrait as _;
    let db = world.app.core.db.reader();
    store::with_sight(db, store::Entity::find().all(db).await.unwrap()).await.unwrap()
}

async fn one(world: &World, id: Uuid) -> Arrangement {
    store::get(world.app.core.db.reader(), id).await.unwrap()
}

async fn gaps(world: &World, id: Uuid) -> Vec<&'static str> {
    let (cx, of) = (world.app.operator(), one(world, id).await);
    cover::of(&cx, cx.db(), &of.row, world.app.core.clock.today()).await.unwrap().gaps.iter().map(|gap| gap.rule).collect()
}

/// The codes of what stands in the way.
fn blocked(result: platform::Result<()>) -> usize {
    match result {
        Err(Error::Blocked(blockers)) => {
            assert!(blockers.iter().all(|b| b.code == "not-covered"), "{blockers:?}");
            blockers.len()
        }
        other => panic!("{other:?}"),
    }
}

both_engines!(migrations, /// OFF-6, OFF-6b, OFF-9a: an approval brings along the work that it covers; it starts within the approval's days, once, by whom may.
async fn off_6_work_starts_only_while_an_approval_covers_it(db) {
    let world = World::new(db).await;
    let (lead, proposal, id) = approved(&world).await;
    let of = one(&world, id).await;
    assert_eq!((of.row.kind.as_str(), of.row.country.as_str(), of.row.people, of.row.tier.as_str()), ("access", "IN", 5, "1"));
    assert_eq!((of.row.state.as_str(), of.row.cover.as_str()), ("planned", "uncovered"));
    assert_eq!((of.row.approval, of.row.origin, of.row.at), (Some(proposal), Some(proposal), Some(0)));
    assert_eq!(of.row.name, "Night support for ferry bookings: Access to information, India");
    // Too early.
    assert_eq!(blocked(act::start(&lead.cx, id, of.row.version).await), 1);
    assert_eq!(gaps(&world, id).await, ["not_yet"]);
    world.until(date(2026, 6, 1));
    // Not by those who may not: a member, the sub-contractor, somebody else, who only reads.
    for (role, party) in [("supplier_member", world.lead.0), ("supplier_lead", world.sub.0), ("supplier_lead", world.other.0)] {
        let cx = world.person(role, party).await.cx;
        assert!(matches!(act::start(&cx, id, of.row.version).await, Err(Error::Refused(_))), "{role}");
    }
    let audit = world.official("internal_audit").await;
    assert!(matches!(act::start(&audit.cx, id, of.row.version).await, Err(Error::Refused(_))));
    act::start(&lead.cx, id, of.row.version).await.unwrap();
    let of = one(&world, id).await;
    assert_eq!((of.row.state.as_str(), of.row.cover.as_str(), of.row.started_on.as_deref()), ("started", "covered", Some("2026-06-01")));
    assert!(matches!(act::start(&lead.cx, id, of.row.version).await, Err(Error::Conflict(_))), "twice");
    assert!(matches!(act::start(&lead.cx, id, 1).await, Err(Error::Stale(_))), "an old page");
    // It ends on a day that has come, and nothing is changed then.
    world.until(date(2026, 7, 1));
    for wrong in [date(2026, 7, 2), date(2026, 5, 31)] {
        assert!(matches!(act::end(&lead.cx, id, of.row.version, wrong).await, Err(Error::Invalid(_))), "{wrong}");
    }
    act::end(&lead.cx, id, of.row.version, date(2026, 6, 30)).await.unwrap();
    let of = one(&world, id).await;
    assert_eq!((of.row.state.as_str(), of.row.cover.as_str(), of.row.ended_on.as_deref()), ("ended", "over", Some("2026-06-30")));
    assert!(matches!(act::change(&lead.cx, id, of.row.version, &work("Other")).await, Err(Error::Conflict(_))));
});

both_engines!(migrations, /// OFF-6: what goes beyond an approval cannot start, whichever way; who starts is told all of it.
async fn off_6_what_goes_beyond_an_approval_does_not_start(db) {
    let world = World::new(db).await;
    let (lead, _, id) = approved(&world).await;
    world.until(date(2026, 6, 2));
    let office = Site { people: 5, ..Site::of("Delhi office", "office", "IN", "4 Ring Road, Delhi") };
    let delhi = crate::site::act::add(&lead.cx, world.lead.0, &office).await.unwrap();
    let base = one(&world, id).await.row.details().unwrap();
    let cases: [(&[&str], Details); 7] = [
        (&["country"], Details { country: "PT".to_owned(), ..base.clone() }),
        (&["kind_at_site"], Details { kind: "support".to_owned(), ..base.clone() }),
        (&["site"], Details { site: Some(delhi), ..base.clone() }),
        (&["people"], Details { people: 6, ..base.clone() }),
        (&["data"], Details { data: Some("Timetables\nCrew lists".to_owned()), ..base.clone() }),
        (&["days"], Details { to: date(2027, 6, 1), ..base.clone() }),
        (&["people", "days"], Details { people: 50, to: date(2028, 6, 1), ..base.clone() }),
    ];
    for (expected, details) in cases {
        let version = one(&world, id).await.row.version;
        act::change(&lead.cx, id, version, &details).await.unwrap();
        let of = one(&world, id).await;
        assert_eq!(gaps(&world, id).await, expected, "{details:?}");
        assert_eq!(of.row.cover, "uncovered");
        assert_eq!(blocked(act::start(&lead.cx, id, of.row.version).await), expected.len());
        // As it was: that was within the scope, at the site that its approval names.
        act::change(&lead.cx, id, of.row.version, &base).await.unwrap();
        assert_eq!(gaps(&world, id).await, [""; 0], "{details:?}");
    }
});

both_engines!(migrations, /// OFF-9b, OFF-6b: work under way is reported by either side, with or without an approval; the report says what is wrong with it.
async fn off_9b_work_under_way_is_reported(db) {
    let world = World::new(db).await;
    let member = world.person("supplier_member", world.sub.0).await;
    let id = act::report(&member.cx, world.sub.1, &work("Night calls from Goa")).await.unwrap();
    let of = one(&world, id).await;
    assert_eq!((of.row.state.as_str(), of.row.cover.as_str(), of.row.tier.as_str()), ("started", "uncovered", "2"));
    assert_eq!((of.row.started_on.as_deref(), of.lead), (Some("2026-02-01"), Some(world.lead.0)));
    assert_eq!(gaps(&world, id).await, ["no_approval"]);
    let manager = world.official("contract_manager").await;
    act::report(&manager.cx, world.lead.1, &work("Found on a visit")).await.unwrap();
    // Those above and the contract's manager hear of it, not what it is.
    let mail = world.mail().await;
    assert!(mail[&manager.email].iter().any(|subject| subject == "Work abroad was reported under Ferry bookings"), "{mail:?}");
    // Nobody reports for a place that they do not see, nor who only reads.
    for cx in [world.person("supplier_lead", world.other.0).await.cx, world.official("internal_audit").await.cx] {
        assert!(matches!(act::report(&cx, world.lead.1, &work("Not mine")).await, Err(Error::Refused(_))));
    }
    let theirs = Site { people: 5, ..Site::of("Lagos office", "office", "NG", "1 Marina, Lagos") };
    let theirs = crate::site::act::add(&world.app.operator(), world.other.0, &theirs).await.unwrap();
    let own = Site { people: 5, ..Site::of("Lagos store", "office", "NG", "2 Marina, Lagos") };
    let own = crate::site::act::add(&world.app.operator(), world.lead.0, &own).await.unwrap();
    let base = work("Night calls");
    let landed = "landed_staff".to_owned();
    let wrong: [(&str, Details); 11] = [
        ("name", Details { name: " ".to_owned(), ..base.clone() }),
        ("name", Details { name: "x".repeat(201), ..base.clone() }),
        ("name", Details { name: "Home address: 12 Elm Close".to_owned(), ..base.clone() }),
        ("kind", Details { kind: "sailing".to_owned(), ..base.clone() }),
        ("country", Details { country: "AN".to_owned(), ..base.clone() }),
        ("country", Details { country: "GB".to_owned(), ..base.clone() }),
        ("country", Details { kind: landed.clone(), ..base.clone() }),
        ("to", Details { to: date(2026, 1, 31), ..base.clone() }),
        ("from", Details { from: date(2026, 3, 3), ..base.clone() }),
        ("site", Details { site: Some(theirs), country: "NG".to_owned(), ..base.clone() }),
        ("site", Details { site: Some(own), ..base.clone() }),
    ];
    for (field, details) in wrong {
        match act::report(&manager.cx, world.lead.1, &details).await {
            Err(Error::Invalid(errors)) => assert!(errors.get(field).is_some(), "{field}: {errors:?}"),
            other => panic!("{field}: {other:?}"),
        }
    }
    assert!(matches!(act::report(&manager.cx, Uuid::nil(), &base).await, Err(Error::NotFound)));
    act::report(&manager.cx, world.lead.1, &Details { kind: landed, country: "GB".to_owned(), ..base.clone() }).await.unwrap();
    act::report(&manager.cx, world.lead.1, &Details { site: Some(own), country: "NG".to_owned(), ..base }).await.unwrap();
});

both_engines!(migrations, /// OFF-6: not known is not covered: work at no named site is not, though some of its kind is approved in the country; nor is work that was approved as reaching nothing.
async fn off_6_what_nobody_knows_is_not_covered(db) {
    let world = World::new(db).await;
    let (lead, _, _) = approved(&world).await;
    world.until(date(2026, 6, 2));
    let id = act::report(&lead.cx, world.lead.1, &Details { from: date(2026, 6, 1), ..work("Calls from somewhere") }).await.unwrap();
    assert_eq!(gaps(&world, id).await, ["site_unknown"]);
    // Approved as reaching nothing, at one site, of hosting; access at the other.
    let mut answers = crate::offshoring::tests::world::answers(world.lead.0);
    let mut shop = answers["sites"][0].clone();
    (shop["site_name"], shop["site_country"], shop["site_activities"]) = ("Print shop".into(), "TR".into(), serde_json::json!(["hosting"]));
    shop["site_apart"] = serde_json::json!(["hosting"]);
    answers["sites"].as_array_mut().unwrap().push(shop);
    answers["reach"] = "differs".into();
    answers["kinds"] = serde_json::json!(["access", "hosting"]);
    let answers = rules::form::Answers::from_json(answers).unwrap();
    let scope = crate::offshoring::scope::Scope::of(&answers, "d1", Some(1));
    assert_eq!(scope.sites[1].reaching_nothing, ["hosting"]);
    let covered = cover::approved(&scope, (date(2026, 6, 1), date(2027, 5, 31)), rules::cover::Standing::InForce);
    assert!(covered.places[1].kinds.is_empty() && covered.places[0].kinds.len() == 1);
});

both_engines!(migrations, /// OFF-12: a lead that proposes for a sub-contractor's work brings the arrangement along at the sub-contractor's own place.
async fn off_12_the_party_that_works_has_the_arrangement(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _, _) = world.at_decision_of(&lead, crate::offshoring::tests::world::answers(world.sub.0)).await;
    approve(&world, id, date(2027, 5, 31)).await;
    let of = everything(&world).await.remove(0);
    assert_eq!((of.row.party, of.row.place, of.row.tier.as_str()), (world.sub.0, world.sub.1, "2"));
    assert_eq!(gaps(&world, of.row.id).await, ["not_yet"]);
    world.until(date(2026, 6, 1));
    act::start(&lead.cx, of.row.id, of.row.version).await.unwrap();
});

both_engines!(migrations, /// OFF-9a, OFF-9b, OFF-12: what an approval covers is started by whom may, not reported by others; what began before its approval is reported and says so.
async fn off_9a_a_report_starts_nothing_that_is_covered(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut answers = crate::offshoring::tests::world::answers(world.lead.0);
    let pune = Site { people: 5, ..Site::of("Pune office", "office", "IN", "4 Station Road, Pune") };
    let pune = crate::site::act::add(&lead.cx, world.lead.0, &pune).await.unwrap();
    answers["sites"][0]["site_registered"] = pune.to_string().into();
    let (id, _, _) = world.at_decision_of(&lead, answers).await;
    approve(&world, id, date(2027, 5, 31)).await;
    world.until(date(2026, 6, 10));
    let member = world.person("supplier_member", world.lead.0).await;
    let covered = Details { site: Some(pune), from: date(2026, 6, 5), ..work("Calls since June") };
    assert!(matches!(act::report(&member.cx, world.lead.1, &covered).await, Err(Error::Conflict(_))));
    let early = Details { from: date(2026, 5, 20), name: "Calls since May".to_owned(), ..covered };
    let id = act::report(&member.cx, world.lead.1, &early).await.unwrap();
    assert_eq!((gaps(&world, id).await, one(&world, id).await.row.cover.as_str()), (vec![], "covered"));
    let mut browser = world.person("supplier_lead", world.lead.0).await.browser(&world);
    let page = browser.get(&format!("/arrangements/{id}")).await.text();
    assert!(page.contains("This work started before its approval began."), "{page}");
    // A site that closed meanwhile is still named, and stays chosen.
    let version = crate::site::store::get(lead.cx.db(), pune).await.unwrap().row.version;
    let closed = crate::site::store::get(lead.cx.db(), pune).await.unwrap().row.details();
    crate::site::act::change(&lead.cx, pune, version, &Site { state: "closed".to_owned(), ..closed }).await.unwrap();
    let path = format!("/arrangements/{id}/change");
    let form = browser.get(&path).await;
    let page = browser.submit(&form, &path, &[("people", "4")]).await;
    assert!(page.text().contains("Pune office"), "{}", page.text());
    assert_eq!(one(&world, id).await.row.site, Some(pune));
});
