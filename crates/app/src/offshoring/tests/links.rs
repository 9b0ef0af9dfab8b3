//! What a link must not do: guessed, stolen, ended, turned to other sections or cases, used over and over, read for what is sealed.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use platform::authz::Actor;
use platform::cx::Entry;
use platform::forms::{drafts, passing as rows};
use serde_json::json;
use testkit::both_engines;

use super::passing::{ROBIN, asking, passed, path, stranger, version};
use super::sealing::found;
use super::world::{World, answers};
use crate::casework::passing::act as passing;
use crate::casework::passing::{Stands, through};
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::store;

/// Sections of the form that are passed to nobody here, by something that stands on their pages.
const ELSEWHERE: [&str; 6] = ["Night support", "Timetables", "Pune", "Guarded, badges", "Ash Marlow", "Courts are slow"];

both_engines!(migrations, /// OWN-3: a guessed link is like any page that is not there, and whoever tries many is slowed down, and nobody else is.
async fn own_3_a_guessed_link_is_nothing_and_slows_down(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (_, link) = passed(&world, &lead, id, &["ending"]).await;
    let mut thief = world.app.browser().at("198.51.100.9");
    let nothing = thief.get("/nothing-here").await;
    let guess = |n: u8| format!("/asked/proposals/{}", char::from(b'a' + n).to_string().repeat(43));
    for n in 0..5 {
        let page = thief.get(&guess(n)).await;
        assert_eq!((page.status, page.text()), (StatusCode::NOT_FOUND, nothing.text()), "like any other");
    }
    let slow = thief.get(&guess(6)).await;
    assert!(slow.status == StatusCode::TOO_MANY_REQUESTS && slow.headers.contains_key("retry-after"), "{}", slow.text());
    // A form sent to a guessed link fares no better.
    let (_, fields) = thief.get(&format!("{link}/done")).await.fill("/done", &[]);
    let posted = thief.post_raw(&format!("{}/done", guess(7)), &fields).await;
    assert!(posted.status.is_client_error(), "{}", posted.status);
    // Whoever has a link is kept from nothing by somebody else's tries, even from the same address.
    assert_eq!(thief.get(&link).await.status, StatusCode::OK);
    assert_eq!(stranger(&world).get(&guess(8)).await.status, StatusCode::NOT_FOUND);
});

both_engines!(migrations, /// OWN-3: a link opens its sections and nothing else, whatever is written into the address; and no policy lets its holder do more.
async fn own_3_a_link_opens_nothing_else(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let other = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (link, at) = passed(&world, &lead, id, &["ending"]).await;
    let mut robin = stranger(&world);
    let own = robin.get(&format!("{at}/ending")).await;
    for section in ["work", "sites", "contact", "connections", "nothing", "%2e%2e", &other.to_string()] {
        let page = robin.get(&format!("{at}/{section}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{section}");
        assert!(ELSEWHERE.iter().all(|secret| !page.body.contains(secret)), "{section}: {}", page.body);
        let (_, mut fields) = own.fill("/ending", &[]);
        fields.extend([("asked".to_owned(), "work_title".to_owned()), ("q.work_title".to_owned(), "Stolen".to_owned())]);
        fields.retain(|(name, _)| name != "once");
        assert_eq!(robin.post_raw(&format!("{at}/{section}"), &fields).await.status, StatusCode::NOT_FOUND, "{section}");
    }
    // A question of another section in the post of one's own changes nothing.
    let (to, mut fields) = own.fill("/ending", &[]);
    fields.extend([("asked".to_owned(), "work_title".to_owned()), ("q.work_title".to_owned(), "Stolen".to_owned())]);
    robin.post_raw(&to, &fields).await;
    let kept = drafts::load(&lead.cx, id, 1).await.unwrap();
    assert_eq!(kept.answers.get("work_title").unwrap(), "Night support for ferry bookings");
    for page in [format!("/proposals/{id}"), format!("/proposals/{id}/answers/ending"), format!("/api/v1/proposals/{id}")] {
        let answer = robin.get(&page).await;
        assert!(answer.text().contains("Sign in") || answer.status == StatusCode::UNAUTHORIZED, "{page}: {}", answer.text());
    }
    // Every action on every proposal, asked of the policies themselves.
    let row = rows::of_case(lead.cx.db(), id).await.unwrap().remove(0);
    let holder = row.actor();
    assert_eq!(holder.reference(), ("link", link.to_string()));
    let (mine, theirs) = (store::load(lead.cx.db(), world.case(id).await).await.unwrap(), store::load(lead.cx.db(), world.case(other).await).await.unwrap());
    let authz = &world.app.core.authz;
    let may = |actor: &Actor, on: &platform::authz::Resource| -> BTreeSet<String> {
        let actions = authz.actions().into_iter().filter(|action| action.starts_with("proposal.") && action != "proposal.decide");
        actions.filter(|action| authz.may(actor, Box::leak(action.clone().into_boxed_str()), on)).collect()
    };
    let four = ["proposal.answer_section", "proposal.delegate_section", "proposal.hand_back_section", "proposal.view"].map(str::to_owned);
    assert_eq!(may(&holder, &through::<Proposals>(&mine, &row, Stands::Open)), BTreeSet::from(four));
    use platform::authz::Guarded as _;
    for (what, on) in [
        ("as any page sees it", mine.resource()),
        ("once it ended", through::<Proposals>(&mine, &row, Stands::Revoked)),
        ("another case", through::<Proposals>(&theirs, &row, Stands::Open)),
    ] {
        assert_eq!(may(&holder, &on), BTreeSet::new(), "{what}");
    }
    let another = Actor::Link { id: uuid::Uuid::from_u128(1), scope: rows::SCOPE, on: id };
    assert_eq!(may(&another, &through::<Proposals>(&mine, &row, Stands::Open)), BTreeSet::new(), "another link to the same case");
});

both_engines!(migrations, /// OFF-8, OWN-3: a link that ended says what happened and whom to ask, by status 410, and names nobody; what is sent to it changes nothing.
async fn off_8_a_link_that_ended_says_so(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    for (n, (how, says)) in [
        ("revoked", "This link was called back"),
        ("expired", "This link has expired"),
        ("handed back", "You handed your answers back"),
        ("taken", "Your answers were taken"),
        ("submitted", "These questions are answered no more"),
    ]
    .into_iter()
    .enumerate()
    {
        world.app.advance(1_000);
        // Sessions end when the clock moves far.
        let fresh = world.person("supplier_lead", world.lead.0).await;
        let lead = if n < 2 { &lead } else { &fresh };
        let id = world.draft(lead, world.lead.1, answers(world.lead.0)).await;
        let (link, at) = passed(&world, lead, id, &["ending"]).await;
        let mut robin = stranger(&world);
        let section = robin.get(&format!("{at}/ending")).await;
        let done = robin.get(&format!("{at}/done")).await;
        match how {
            "revoked" => passing::revoke::<Proposals>(&lead.cx, id, link, version(lead, id, link).await).await.unwrap(),
            "expired" => world.app.advance(15 * platform::clock::DAY),
            "submitted" => drop(act::submit(&lead.cx, id, world.version(id).await, true, None).await.unwrap()),
            _ => drop(robin.submit(&done, "/done", &[]).await),
        }
        if how == "taken" {
            passing::take::<Proposals>(&lead.cx, id, link, version(lead, id, link).await).await.unwrap();
        }
        // Stolen or kept: whoever opens it now.
        for page in ["", "/ending", "/done", "/pass-on"] {
            let shown = robin.get(&format!("{at}{page}")).await;
            assert_eq!(shown.status, StatusCode::GONE, "{how} {page}");
            assert!(shown.text().contains(says) && shown.text().contains("ask whoever sent you the link"), "{how}: {}", shown.text());
            for secret in ["Pat", "Halyard", "Ferry", "Ending", "Robin"] {
                assert!(!shown.body.contains(secret), "{how} {page} tells of {secret}");
            }
        }
        let before = drafts::load(&lead.cx, id, 1).await.unwrap();
        let (to, fields) = section.fill("/ending", &[("q.exit_plan", "Too late.")]);
        assert_eq!(robin.post_raw(&to, &fields).await.status, StatusCode::GONE, "{how}");
        let (to, mut fields) = done.fill("/done", &[]);
        fields.retain(|(name, _)| name != "once");
        assert_eq!(robin.post_raw(&to, &fields).await.status, StatusCode::GONE, "{how}");
        assert_eq!(drafts::load(&lead.cx, id, 1).await.unwrap().answers, before.answers, "{how}");
    }
});

both_engines!(migrations, /// OFF-8: two at once: the slower sees both and chooses, and nothing is lost; sealed answers of the other stay closed.
async fn off_8_two_at_once_lose_nothing(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (_, at) = passed(&world, &lead, id, &["connections"]).await;
    let mut robin = stranger(&world);
    let page = robin.get(&format!("{at}/connections")).await;
    let mut theirs = answers(world.lead.0);
    theirs["systems_interact"] = json!("Through the new gateway.");
    theirs["networks"] = json!("A secret backbone.");
    world.answer(&lead.cx, id, theirs).await;
    let clash = robin.submit(&page, "/connections", &[("q.systems_interact", "By the old desk."), ("q.networks", "A line of my own.")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT);
    let text = clash.text();
    assert!(text.contains("By the old desk.") && text.contains("Through the new gateway."), "{text}");
    assert!(text.contains("A line of my own.") && !clash.body.contains("secret backbone") && !clash.body.contains("private line"), "{text}");
    assert!(text.contains("Sealed"), "{text}");
    let chosen = [("keep.systems_interact", "mine"), ("keep.networks", "theirs")];
    let saved = robin.submit(&clash, "/connections", &chosen).await;
    assert_eq!(saved.path, at, "{}", saved.text());
    let kept = drafts::load(&lead.cx, id, 1).await.unwrap();
    assert_eq!(kept.answers.get("systems_interact").unwrap(), "By the old desk.");
    assert_eq!(kept.answers.get("networks").unwrap(), "A secret backbone.");
    assert_eq!(kept.answers.get("connectivity").unwrap(), "A tunnel to the gateway at home.", "what nobody touched stays");
    // The slower may be the lead as well, who reads whose answers these are.
    let mut desk = lead.browser(&world);
    let page = desk.get(&format!("/proposals/{id}/answers/connections")).await;
    let own = robin.get(&format!("{at}/connections")).await;
    robin.submit(&own, "/connections", &[("q.systems_interact", "By both.")]).await;
    let (to, fields) = page.fill("/connections", &[("q.systems_interact", "By neither.")]);
    let clash = desk.post_raw(&to, &fields).await;
    assert!(clash.status == StatusCode::CONFLICT && clash.text().contains("Robin Vale"), "{}", clash.text());
});

both_engines!(migrations, /// OWN-4: sealed answers that stand already are closed to whoever holds a link, survive a save untouched, and are replaced only by what is typed.
async fn own_4_sealed_answers_stay_closed_to_a_link(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut given = answers(world.lead.0);
    let mut second = given["sites"][0].clone();
    (second["site_name"], second["site_protection"]) = (json!("Goa office"), json!("A moat and two dogs."));
    given["sites"] = json!([given["sites"][0], second]);
    let id = world.draft(&lead, world.lead.1, given).await;
    let (_, at) = passed(&world, &lead, id, &["sites", "contact", "connections"]).await;
    let mut robin = stranger(&world);
    let secrets = ["Guarded, badges", "moat", "Ash Marlow", "ash@halyard", "private line", "A tunnel to the gateway"];
    for section in ["sites", "contact", "connections"] {
        let page = robin.get(&format!("{at}/{section}")).await;
        assert!(secrets.iter().all(|secret| !page.body.contains(secret)), "{section}: {}", page.body);
        assert!(page.text().contains("This is answered already, and sealed."), "{section}");
        assert!(!page.body.contains("type=\"file\""), "files are added by whoever asked");
        let saved = robin.submit(&page, &format!("/{section}"), &[]).await;
        assert_eq!(saved.status, StatusCode::OK, "{section}: {}", saved.text());
    }
    let value = async |question: &str| drafts::load(&lead.cx, id, 1).await.unwrap().answers.get(question).unwrap().clone();
    assert_eq!(value("networks").await, "The office network and a private line.");
    assert_eq!(value("governing_contact").await["name"], "Ash Marlow");
    // The first of two entries is taken away: the other keeps its own.
    let page = robin.get(&format!("{at}/sites")).await;
    robin.submit(&page, "/sites", &[("remove", "sites.1")]).await;
    let sites = value("sites").await;
    assert_eq!((sites.as_array().unwrap().len(), &sites[0]["site_name"], &sites[0]["site_protection"]), (1, &json!("Goa office"), &json!("A moat and two dogs.")));
    // Typed anew, with a mistake: whoever typed it sees it again, and it takes the place of what stood.
    let page = robin.get(&format!("{at}/contact")).await;
    let wrong = robin.submit(&page, "/contact", &[("q.governing_contact.name", "Lee Fen"), ("q.governing_contact.email", "no address")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Lee Fen") && !wrong.body.contains("Ash Marlow"), "{}", wrong.text());
    assert_eq!(value("governing_contact").await["name"], "Lee Fen");
    // What the page carries along opens for nobody else: another link, another question, something made up.
    let page = robin.get(&format!("{at}/connections")).await;
    let (to, fields) = page.fill("/connections", &[]);
    let mark = fields.iter().find(|(name, value)| name == "q.networks" && value.starts_with("sealed:")).unwrap().1.clone();
    for (question, forged) in [("q.connectivity", mark.as_str()), ("q.networks", "sealed:AAAA"), ("q.networks", "sealed:!")] {
        let mut fields = fields.clone();
        fields.retain(|(name, value)| name != "once" && !(name == question && value.starts_with("sealed:")));
        fields.push((question.to_owned(), forged.to_owned()));
        assert_eq!(robin.post_raw(&to, &fields).await.status, StatusCode::BAD_REQUEST, "{question} {forged}");
    }
});

both_engines!(migrations, /// OFF-8: conditions that look at other sections are settled before the page is sent; what was answered there does not travel along.
async fn off_8_conditions_tell_nothing_of_other_sections(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (_, at) = passed(&world, &lead, id, &["sites", "countries", "business", "ending"]).await;
    let (mut desk, mut robin) = (lead.browser(&world), stranger(&world));
    let ordinary = desk.get(&format!("/proposals/{id}/answers/sites")).await;
    assert!(ordinary.body.contains("data-answers=\"{&quot;"), "the ordinary page carries what its conditions look at");
    for section in ["sites", "countries", "business"] {
        let page = robin.get(&format!("{at}/{section}")).await;
        assert!(page.body.contains("data-answers=\"{}\""), "{section}");
        for elsewhere in ["Night support", "reaches_", "Timetables", "Ferry bookings", "already_started"] {
            assert!(!page.body.contains(elsewhere), "{section} tells of {elsewhere}");
        }
        let theirs = desk.get(&format!("/proposals/{id}/answers/{section}")).await;
        assert_eq!(
            page.select("[data-question] legend, [data-question] label").len() > 3,
            theirs.select("[data-question] legend, [data-question] label").len() > 3,
            "{section} asks the same"
        );
    }
});

both_engines!(migrations, /// OWN-4: names and addresses of those who are asked, and what is said to them, stand nowhere in the open, nor does a link; once the case's key is destroyed they are gone.
async fn own_4_who_is_asked_is_nowhere_in_the_open(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let mut new = asking(ROBIN, &["ending"]);
    new.remark = Some("Quicksilver: mind the gap.".to_owned());
    passing::pass::<Proposals>(&lead.cx, id, &new).await.unwrap();
    let waiting = found(&world, "/asked/proposals/").await;
    assert_eq!(waiting, Vec::<String>::new(), "not even while the mail waits");
    let at = path(&world, ROBIN).await;
    let token = at.rsplit('/').next().unwrap().to_owned();
    let mut robin = stranger(&world);
    let section = robin.get(&format!("{at}/ending")).await;
    robin.submit(&section, "/ending", &[("q.exit_plan", "Quicksilver within a week.")]).await;
    let page = robin.get(&format!("{at}/pass-on")).await;
    robin.submit(&page, "/pass-on", &[("name", "Kim Dale"), ("email", "kim@helpers.example"), ("sections", "ending")]).await;
    world.app.work().await;
    for text in ["Robin", "Vale", "robin@", "helpers.example", "Kim Dale", "Quicksilver", &token] {
        assert_eq!(found(&world, text).await, Vec::<String>::new(), "{text}");
    }
    let operator = world.app.operator();
    let tx = operator.begin().await.unwrap();
    assert!(operator.destroy_key(&tx, &format!("proposal:{id}")).await.unwrap());
    let permit = operator.permit("proposal.discard", &store::load(operator.db(), world.case(id).await).await.unwrap()).unwrap();
    operator.commit(tx, permit, [Entry::new("proposal.discard", "proposal", id)]).await.unwrap();
    let list = lead.browser(&world).get(&format!("/proposals/{id}/passed")).await;
    assert!(list.status == StatusCode::OK && !list.body.contains("Robin"), "{}", list.text());
});

both_engines!(migrations, /// OWN-3: a link that is used over and over is slowed down; others are not.
async fn own_3_a_link_is_slowed_down(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    let (_, at) = passed(&world, &lead, id, &["ending"]).await;
    world.app.advance(1_000);
    passing::pass::<Proposals>(&lead.cx, id, &asking("kim@helpers.example", &["ending"])).await.unwrap();
    let other = path(&world, "kim@helpers.example").await;
    let mut robin = stranger(&world);
    let most = usize::try_from(platform::core::LINK_MINUTE).unwrap();
    for n in 0..most {
        assert_eq!(robin.get(&format!("{at}/done")).await.status, StatusCode::OK, "{n}");
    }
    assert_eq!(robin.get(&at).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(robin.get(&other).await.status, StatusCode::OK);
    world.app.advance(60_000);
    assert_eq!(robin.get(&at).await.status, StatusCode::OK);
});

both_engines!(migrations, /// OFF-8: a link below one that was handed back says so truly, is not made to work by itself, and nobody mails it; a save by a version that never was still leaves its entry.
async fn off_8_a_link_below_one_that_ended_waits_for_it(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, json!({ "work_title": "Watch" })).await;
    let (first, at) = passed(&world, &lead, id, &["ending"]).await;
    let mut robin = stranger(&world);
    // A version that is not the section's, where it was not saved in this round.
    let page = robin.get(&format!("{at}/ending")).await;
    let (to, mut fields) = page.fill("/ending", &[("q.exit_plan", "Back within a week.")]);
    fields.iter_mut().filter(|(name, _)| name == "version").for_each(|(_, value)| "1".clone_into(value));
    robin.post_raw(&to, &fields).await;
    let kept = drafts::load(&lead.cx, id, 1).await.unwrap();
    assert_eq!(kept.answers.get("exit_plan").unwrap(), "Back within a week.");
    let lines = platform::book::timeline(&lead.cx, "proposal", &id.to_string(), 100).await.unwrap();
    assert!(lines.iter().any(|line| line.action == "proposal.answer_section" && line.actor_id == first.to_string()), "{lines:?}");

    let page = robin.get(&format!("{at}/pass-on")).await;
    robin.submit(&page, "/pass-on", &[("name", "Kim Dale"), ("email", "kim@helpers.example"), ("sections", "ending")]).await;
    let below = path(&world, "kim@helpers.example").await;
    let done = robin.get(&format!("{at}/done")).await;
    robin.submit(&done, "/done", &[]).await;
    let mut kim = world.app.browser().at("192.0.2.8");
    let told = kim.get(&below).await;
    assert_eq!(told.status, StatusCode::GONE);
    assert!(told.text().contains("Whoever passed these questions on to you handed them back"), "{}", told.text());
    let all = rows::of_case(lead.cx.db(), id).await.unwrap();
    let kims = all.iter().find(|row| row.above == Some(first)).unwrap();
    let again = passing::resend::<Proposals>(&lead.cx, id, kims.id, kims.version).await;
    let extended = passing::extend::<Proposals>(&lead.cx, id, kims.id, kims.version, jiff::civil::date(2026, 3, 20)).await;
    for refused in [again, extended] {
        assert!(matches!(&refused, Err(platform::Error::Conflict(text)) if text.say().contains("Ask again there")), "{refused:?}");
    }
    let page = lead.browser(&world).get(&format!("/proposals/{id}/passed/{}", kims.id)).await;
    assert!(page.text().contains("stands below another that works no more") && !page.text().contains("Send it again"), "{}", page.text());
    assert!(world.app.mailed("kim@helpers.example").await.len() == 1);
    // No address goes out under somebody's name.
    let named = crate::casework::passing::act::NewLink { name: "See http://bad.example".to_owned(), ..asking("kim@helpers.example", &["ending"]) };
    let wrong = passing::pass::<Proposals>(&lead.cx, id, &named).await;
    assert!(matches!(&wrong, Err(platform::Error::Invalid(errors)) if errors.get("name").is_some()), "{wrong:?}");
});
