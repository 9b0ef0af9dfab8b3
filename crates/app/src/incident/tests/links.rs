//! Reporting links.

use axum::http::StatusCode;
use platform::Error;
use platform::authz::Actor;
use platform::cases::rounds;
use rules::form::FrozenDocument;
use testkit::{Browser, Page, both_engines};
use uuid::Uuid;

use super::pages::{TYPED, post};
use super::{about, case, entries, first, report, reported};
use crate::casework::answering::documents;
use crate::incident::act::{self, Report};
use crate::incident::model::{Channel, Incidents};
use crate::incident::store::{self, links};
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{Person, World, refused_by};

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

/// Reports by a link in a browser in which nobody is signed in, with data about people: the browser, and the address of the reference.
async fn sent_by_link(world: &World, lead: &Person, words: &str) -> (Browser, String) {
    let (_, token) = act::make_link(&lead.cx, world.lead.1).await.unwrap();
    let here = format!("/reporting/{token}");
    let mut anybody = world.app.browser();
    let form = anybody.get(&here).await;
    let typed: Vec<(&str, &str)> = std::iter::once(("q.what_happened", words)).chain(TYPED[1..9].iter().copied()).collect();
    let sent = post(&mut anybody, &form, &here, &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    (anybody, sent.location())
}

const WORDS: &str = "We sent the booking of sam.bell@customers.example to another customer.";
const MASK: (&str, &str) = ("choice", "mask");
const DECLARE: (&str, &str) = ("choice", "declare");
const REWRITE: (&str, &str) = ("choice", "rewrite");
const PATH: (&str, &str) = ("path", "what_happened");

/// What the rounds of a report say that happened, as it may be shown; whether the address stands in the last one.
async fn says(world: &World, id: Uuid) -> (Vec<String>, bool) {
    let cx = world.app.operator();
    let of = case(world, id).await;
    let shown = documents::<Incidents>(&cx, &of).await.unwrap();
    let last = rounds::last(&cx, cx.db(), &of).await.unwrap().1;
    let said = |document: &FrozenDocument| document.sections[0].answers[0].value.as_str().unwrap_or_default().to_owned();
    (shown.iter().map(|(_, document)| said(document)).collect(), said(&last).contains("sam.bell"))
}

both_engines!(migrations, /// SEC-25: whoever reported by a link is shown what was found and masks it with one button, without an account.
async fn sec_25_masked_by_whoever_holds_the_link(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (mut anybody, at) = sent_by_link(&world, &lead, WORDS).await;
    let id: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let page = anybody.get(&at).await;
    assert!(page.text().contains("INC-2026-000001") && page.text().contains("It is withheld."), "{}", page.text());
    assert!(!page.body.contains("sam.bell"));
    let screening = format!("{at}/screening");
    let page = anybody.get(&screening).await;
    assert!(page.body.contains("<mark>sam.bell@customers.example"), "shown in place: {}", page.body);
    assert_eq!(page.headers.get("referrer-policy").unwrap(), "no-referrer");
    let done = post(&mut anybody, &page, &screening, &[MASK, PATH]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, screening.clone()), "{}", done.text());
    let twin = post(&mut anybody, &page, &screening, &[MASK, PATH]).await;
    assert_eq!((twin.status, twin.location()), (StatusCode::SEE_OTHER, screening.clone()), "a second click: {}", twin.text());
    assert!(anybody.get(&screening).await.text().contains("Nothing in what you sent looks like data about people"));
    let (shown, there) = says(&world, id).await;
    assert!(shown.len() == 2 && shown.iter().all(|said| said.starts_with("We sent the booking of █")) && !there, "{shown:?}");
    let all = entries(&world, id).await;
    assert!(all.iter().any(|(action, told)| action == "incident.mask" && told.get("side").is_some_and(|side| side == "supplier")), "{all:?}");
});

both_engines!(migrations, /// SEC-25: whoever reported by a link writes it again without the data, or declares it essential; what is wrong is told at its field.
async fn sec_25_rewritten_or_essential_by_link(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (mut anybody, at) = sent_by_link(&world, &lead, WORDS).await;
    let id: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let screening = format!("{at}/screening");
    let page = anybody.get(&screening).await;
    let unsaid = post(&mut anybody, &page, &screening, &[DECLARE, PATH]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.body.contains("href=\"#reason-what_happened\"") && unsaid.text().contains("Say why the authority needs it"), "{}", unsaid.text());
    for (text, says) in [(WORDS, "This is what you sent"), (" ", "Write it again, or choose another way")] {
        let refused = post(&mut anybody, &unsaid, &screening, &[REWRITE, PATH, ("text-what_happened", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(refused.body.contains(says), "{text}: {}", refused.body);
    }
    // Written again with somebody else's address it is found again.
    let other = "We sent a booking to kim.bell@customers.example.";
    let sent = post(&mut anybody, &unsaid, &screening, &[REWRITE, PATH, ("text-what_happened", other)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = anybody.get(&screening).await;
    assert!(page.body.contains("<mark>kim.bell@customers.example") && !page.body.contains("sam.bell"));
    let declared = post(&mut anybody, &page, &screening, &[DECLARE, PATH, ("reason-what_happened", "They must be warned.")]).await;
    assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.text());
    assert!(anybody.get(&screening).await.text().contains("Declared essential: They must be warned."));
    let security = world.official("security").await;
    let page = security.browser(&world).get(&format!("/incidents/{id}")).await;
    assert!(!page.body.contains("kim.bell") && page.body.contains("value=\"what_happened\""), "sealed, and shown on asking: {}", page.text());
    // And written again without any.
    let (mut anybody, at) = sent_by_link(&world, &lead, WORDS).await;
    let id: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let screening = format!("{at}/screening");
    let page = anybody.get(&screening).await;
    post(&mut anybody, &page, &screening, &[REWRITE, PATH, ("text-what_happened", "A booking went to another customer.")]).await;
    let (shown, _) = says(&world, id).await;
    assert_eq!(shown.last().unwrap(), "A booking went to another customer.");
    assert!(anybody.get(&at).await.text().contains("Your reference"));
});

both_engines!(migrations, /// SEC-25: an hour later, once somebody has added to it, once the link is called back, and by another link of the same place, nothing of
/// a report opens but its reference.
async fn sec_25_a_link_decides_about_its_own_for_an_hour(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let closed = async |browser: &mut Browser, at: &str, page: &Page| {
        let screening = format!("{at}/screening");
        let shown = browser.get(&screening).await;
        let (_, fields) = page.fill(&page.path, &[MASK, PATH]);
        let done = browser.post_raw(&screening, &fields).await;
        (shown.status, done.status, shown.body.contains("sam.bell"))
    };
    let never = |status| (StatusCode::NOT_FOUND, status, false);
    // Another link's.
    let (mut first, one) = sent_by_link(&world, &lead, WORDS).await;
    let (mut second, two) = sent_by_link(&world, &lead, WORDS).await;
    let page = second.get(&format!("{two}/screening")).await;
    let crossed = format!("{}/{}", two.rsplit_once('/').unwrap().0, one.rsplit('/').next().unwrap());
    assert_eq!(closed(&mut second, &crossed, &page).await, never(StatusCode::NOT_FOUND));
    // Added to by somebody with an account: what they sent is not the link's.
    let id: Uuid = two.rsplit('/').next().unwrap().parse().unwrap();
    act::mask(&lead.cx, id, case(&world, id).await.version, &["what_happened".to_owned()]).await.unwrap();
    assert_eq!(closed(&mut second, &two, &page).await, never(StatusCode::NOT_FOUND));
    // An hour later.
    let page = first.get(&format!("{one}/screening")).await;
    assert_eq!(page.status, StatusCode::OK);
    world.app.advance(platform::clock::HOUR);
    assert_eq!(closed(&mut first, &one, &page).await, never(StatusCode::NOT_FOUND));
    assert!(first.get(&one).await.text().contains("INC-2026-000001"));
    // Called back.
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (mut third, at) = sent_by_link(&world, &lead, WORDS).await;
    let page = third.get(&format!("{at}/screening")).await;
    for link in links::of_place(lead.cx.db(), world.lead.1).await.unwrap() {
        act::end_link(&lead.cx, world.lead.1, link.id).await.unwrap();
    }
    assert_eq!(closed(&mut third, &at, &page).await, never(StatusCode::NOT_FOUND));
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
