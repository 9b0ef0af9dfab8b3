//! Reporting links.

use axum::http::StatusCode;
use platform::Error;
use platform::authz::Actor;
use testkit::both_engines;

use super::pages::{TYPED, post};
use super::{about, case, entries, first, report, reported};
use crate::incident::act::{self, Report};
use crate::incident::model::Channel;
use crate::incident::store::{self, links};
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{World, refused_by};

both_engines!(migrations, /// SEC-24: whoever holds the contract's link reports without an account and reads the reference; nothing else opens, and what came by
/// it is completed by those who have accounts.
async fn sec_24_reported_by_a_link(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let path = format!("/incidents/links/{}", world.lead.1);
    let mut browser = lead.browser(&world);
    let page = browser.get(&path).await;
    let made = post(&mut browser, &page, &path, &[]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let address = made.body.split("/reporting/").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(found(&world, &address).await, Vec::<String>::new(), "the token is stored nowhere");
    assert!(!browser.get(&path).await.body.contains(&address), "and shown once");
    // Nobody is signed in.
    let here = format!("/reporting/{address}");
    let mut anybody = world.app.browser();
    let form = anybody.get(&here).await;
    assert!(form.text().contains("Ferry bookings"), "{}", form.text());
    assert_eq!(form.headers.get("referrer-policy").unwrap(), "no-referrer");
    let again = post(&mut anybody, &form, &here, &TYPED[..1]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("left on the night ferry"), "{}", again.text());
    let sent = post(&mut anybody, &again, &here, &TYPED[..9]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(found(&world, &address).await, Vec::<String>::new(), "nor is it once somebody has reported by it");
    let twin = post(&mut anybody, &again, &here, &TYPED[..9]).await;
    assert_eq!((twin.status, twin.location()), (StatusCode::SEE_OTHER, sent.location()), "a second click shows the same reference");
    let page = anybody.get(&sent.location()).await;
    assert!(page.text().contains("INC-2026-000001"), "{}", page.text());
    let id = sent.location().rsplit('/').next().unwrap().parse().unwrap();
    let known = about(&world, id).await;
    assert_eq!((known.channel, known.reporter, known.via.is_some()), (Channel::Link, Some(world.lead.0), true));
    assert!(entries(&world, id).await.iter().any(|(action, _)| action == "incident.report_by_link"));
    // The link opens nothing else, and tells nothing of what came otherwise.
    let signed_out = anybody.get(&format!("/incidents/{id}")).await;
    assert!(!signed_out.text().contains("INC-2026"), "{}", signed_out.text());
    let other = reported(&lead.cx, world.lead.1).await.id;
    assert_eq!(anybody.get(&format!("{here}/{other}")).await.status, StatusCode::NOT_FOUND);
    assert!(lead.cx.may("incident.draft", &store::get(lead.cx.db(), id).await.unwrap()));
    // Called back, it is a page that is not there.
    let page = browser.get(&path).await;
    let (to, fields) = page.fill(&format!("{path}/end"), &[]);
    assert_eq!(browser.post_raw(&to, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(anybody.get(&here).await.status, StatusCode::NOT_FOUND);
    assert_eq!(case(&world, id).await.stage, "reported", "what came by it stays");
});

both_engines!(migrations, /// SEC-24: who makes and ends links; a link called back while its page was open reports nothing; too many links, and a flood of
/// reports by one, are stopped.
async fn sec_24_links_are_kept_in_hand(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let member = world.person("supplier_member", world.lead.0).await;
    let sub = world.person("supplier_lead", world.sub.0).await;
    refused_by(act::make_link(&member.cx, world.lead.1).await, "nothing-permits");
    refused_by(act::make_link(&sub.cx, world.lead.1).await, "nothing-permits");
    let (below, _) = act::make_link(&lead.cx, world.sub.1).await.unwrap();
    assert!(matches!(act::end_link(&lead.cx, world.lead.1, below).await, Err(Error::NotFound)), "it is another place's");
    act::end_link(&sub.cx, world.sub.1, below).await.unwrap();
    assert!(matches!(act::end_link(&sub.cx, world.sub.1, below).await, Err(Error::NotFound)), "called back before");
    let (id, _) = act::make_link(&lead.cx, world.lead.1).await.unwrap();
    for _ in 1..5 {
        act::make_link(&lead.cx, world.lead.1).await.unwrap();
    }
    assert!(matches!(act::make_link(&lead.cx, world.lead.1).await, Err(Error::Conflict(_))));
    let link = links::get(lead.cx.db(), id).await.unwrap();
    let holder = platform::Cx::new(&world.app.core, link.actor()).unwrap();
    let new = Report { channel: Channel::Link, ..report(world.lead.1, first()) };
    act::report_by(&holder, &link, &new).await.unwrap();
    // A link reports at its own place alone.
    let elsewhere = Report { channel: Channel::Link, ..report(world.other.1, first()) };
    assert!(matches!(act::report_by(&holder, &link, &elsewhere).await, Err(Error::NotFound)));
    for _ in 1..50 {
        act::report_by(&holder, &link, &new).await.unwrap();
    }
    assert!(matches!(act::report_by(&holder, &link, &new).await, Err(Error::Conflict(_))));
    // A day later it takes reports again, however many came by it in all.
    world.app.advance(platform::clock::DAY + 1);
    act::report_by(&holder, &link, &new).await.unwrap();
    let lead = world.person("supplier_lead", world.lead.0).await;
    act::end_link(&lead.cx, world.lead.1, id).await.unwrap();
    refused_by(act::report_by(&holder, &link, &new).await, "nothing-permits");
    assert!(matches!(holder.actor, Actor::Link { .. }));
});

both_engines!(migrations, /// SEC-24: after a restore no link works: it may have been called back since the backup was made.
async fn sec_24_a_restore_calls_links_back(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (id, _) = act::make_link(&lead.cx, world.lead.1).await.unwrap();
    let (cx, system) = (world.app.operator(), crate::account::model::system());
    let tx = cx.begin().await.unwrap();
    let permit = cx.permit("system.restore", &system).unwrap();
    cx.commit(tx, permit, [platform::cx::Entry::on("system.restore", &system)]).await.unwrap();
    assert!(links::get(cx.db(), id).await.unwrap().revoked_at.is_some());
    assert!(links::of_place(cx.db(), world.lead.1).await.unwrap().is_empty());
});
