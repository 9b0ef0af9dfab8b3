//! Sections answered by link: passed on, answered without an account, handed back, passed on further, taken, asked for again.

use axum::http::StatusCode;
use platform::book;
use platform::forms::drafts;
use testkit::{PostOffice, both_engines};
use uuid::Uuid;

use super::world::{Person, World, answers};
use crate::casework::passing::act::{self as passing, NewLink};
use crate::migrations::migrations;
use crate::offshoring::Proposals;
use crate::offshoring::act;

/// Whom sections are passed to.
pub(super) const ROBIN: &str = "robin@helpers.example";

/// Sections for somebody with this address.
pub(super) fn asking(email: &str, sections: &[&str]) -> NewLink {
    NewLink {
        name: "Robin Vale".to_owned(),
        email: email.to_owned(),
        sections: sections.iter().map(|id| (*id).to_owned()).collect(),
        ..NewLink::default()
    }
}

/// Passes sections to Robin: the link's id and its path.
pub(super) async fn passed(world: &World, by: &Person, id: Uuid, sections: &[&str]) -> (Uuid, String) {
    let link = passing::pass::<Proposals>(&by.cx, id, &asking(ROBIN, sections)).await.unwrap();
    (link, path(world, ROBIN).await)
}

/// The path of the link last mailed to somebody.
pub(super) async fn path(world: &World, email: &str) -> String {
    let text = world.app.mailed(email).await.pop().unwrap_or_else(|| panic!("nothing was mailed to {email}"));
    found(&text)
}

fn found(text: &str) -> String {
    let at = text.find("/asked/").unwrap_or_else(|| panic!("no link in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

/// The version of a link.
pub(super) async fn version(by: &Person, id: Uuid, link: Uuid) -> i32 {
    let all = platform::forms::passing::of_case(by.cx.db(), id).await.unwrap();
    all.into_iter().find(|row| row.id == link).unwrap().version
}

/// A person without an account, at an address of their own.
pub(super) fn stranger(world: &World) -> testkit::Browser {
    world.app.browser().at("192.0.2.7")
}

async fn lead_with_draft(world: &World) -> (Person, Uuid) {
    let lead = world.person("supplier_lead", world.lead.0).await;
    let id = world.draft(&lead, world.lead.1, answers(world.lead.0)).await;
    (lead, id)
}

both_engines!(migrations, /// OFF-8: a section goes by a mail with a link to somebody without an account, who answers it and hands it back; whoever asked is told, sees each state, and takes it.
async fn off_8_a_section_is_answered_by_link(db) {
    let office = PostOffice::open();
    let world = World::with(db, |settings| settings.mail.smtp = office.address()).await;
    let (lead, id) = lead_with_draft(&world).await;
    let mut desk = lead.browser(&world);
    let list = format!("/proposals/{id}/passed");
    let page = desk.get(&list).await;
    assert!(page.text().contains("Nothing is passed on"), "{}", page.text());
    let wrong = desk.submit(&page, "/passed", &[("name", ""), ("email", "nowhere"), ("until.day", "1"), ("until.month", "3"), ("until.year", "2026")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for says in ["Enter a name", "Choose at least one section", "Choose today or a later day"] {
        assert!(wrong.text().contains(says), "{says}: {}", wrong.text());
    }
    let fields = [("name", "Robin  Vale"), ("email", "Robin@helpers.example"), ("sections", "ending"), ("remark", "Ask the night desk.")];
    let page = desk.submit(&page, "/passed", &fields).await;
    assert!(page.text().contains("Being sent") && page.text().contains("Being answered"), "{}", page.text());
    world.app.work().await;
    let sent = office.messages().into_iter().find(|message| message.contains(ROBIN)).unwrap().replace("=\r\n", "");
    let link = found(&sent);
    assert!(sent.contains("Ending the work") && sent.contains("Halyard Systems") && sent.contains("Pat supplier lead"), "{sent}");
    assert!(!sent.contains("night desk") && !sent.contains("ferry"), "what people wrote travels in no mail: {sent}");
    assert!(desk.get(&list).await.text().contains("Delivered to the mail server on 2 March 2026"));
    assert_eq!(link.rsplit('/').next().unwrap().len(), 43, "256 random bits");

    let mut robin = stranger(&world);
    let start = robin.get(&link).await;
    assert_eq!(start.status, StatusCode::OK);
    assert_eq!(start.headers.get("referrer-policy").unwrap(), "no-referrer");
    assert_eq!(start.headers.get("cache-control").unwrap(), "no-store");
    for says in ["Hello Robin Vale", "Pat supplier lead at Halyard Systems", "16 March 2026", "Ask the night desk.", "Ending the work"] {
        assert!(start.text().contains(says), "{says}: {}", start.text());
    }
    assert!(!start.body.contains("Night support") && !start.body.contains("Ferry bookings") && !start.body.contains("Sites"), "{}", start.body);
    let section = robin.get(&start.link("Ending the work")).await;
    assert!(section.text().contains("How would the work come back home"), "{}", section.text());
    assert!(section.body.contains("Cover knowledge kept at home"), "its hints");
    assert!(section.body.contains("The day team can take the work back within a week."), "what stands there so far");
    let back = robin.submit(&section, "/ending", &[("q.exit_plan", "The desk in Leeds takes over by Friday.")]).await;
    assert_eq!(back.path, link, "{}", back.text());
    let kept = drafts::load(&lead.cx, id, 1).await.unwrap();
    assert_eq!(kept.answers.get("exit_plan").unwrap(), "The desk in Leeds takes over by Friday.");
    let text = desk.get(&list).await.text();
    assert!(text.contains("Opened on 2 March 2026") && text.contains("First answer on 2 March 2026"), "{text}");

    let done = robin.get(&back.link("I am done")).await;
    assert!(done.text().contains("You answered everything"), "{}", done.text());
    let thanks = robin.submit(&done, "/done", &[]).await;
    assert!(thanks.status == StatusCode::OK && thanks.text().contains("Your answers went to Pat supplier lead"), "{}", thanks.text());
    world.app.work().await;
    world.app.work().await;
    let told = office.messages().into_iter().find(|message| message.contains(&lead.email) && message.contains("handed back"));
    assert!(told.is_some(), "{:?}", office.messages());
    let page = desk.get(&list).await;
    assert!(page.text().contains("Handed back on"), "{}", page.text());
    let one = desk.get(&page.link("Robin Vale")).await;
    assert!(one.text().contains("Read the answers"), "{}", one.text());
    let one = desk.submit(&one, &one.path.clone(), &[("do", "take")]).await;
    assert!(one.text().contains("Taken on"), "{}", one.text());

    let lines = book::timeline(&lead.cx, "proposal", &id.to_string(), 100).await.unwrap();
    let by_link: Vec<&str> = lines.iter().filter(|line| line.actor_kind == "link").map(|line| line.action.as_str()).collect();
    assert_eq!(by_link, ["proposal.answer_section", "proposal.hand_back_section"], "each names the link");
    let history = desk.get(&format!("/proposals/{id}/history")).await.text();
    assert!(history.contains("Section answered by link") && history.contains("Robin Vale"), "{history}");
});

both_engines!(migrations, /// OFF-8: what is wrong is said at its field and kept as typed; a save while one types answers as the ordinary form does.
async fn off_8_mistakes_are_seen_at_the_field(db) {
    let world = World::new(db).await;
    let (lead, id) = lead_with_draft(&world).await;
    let (_, link) = passed(&world, &lead, id, &["business", "contact"]).await;
    let mut robin = stranger(&world);
    let start = robin.get(&link).await;
    assert!(start.text().contains("2 sections for you to answer"), "{}", start.text());
    let page = robin.get(&format!("{link}/business")).await;
    let wrong = robin.submit(&page, "/business", &[("q.staff_total", "many")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.select(".govuk-error-message").len() == 1 && wrong.body.contains("value=\"many\""), "{}", wrong.text());
    let (to, fields) = wrong.fill("/business", &[("q.staff_total", "7")]);
    let body = serde_urlencoded::to_string(fields.iter().filter(|(name, _)| name != "once").collect::<Vec<_>>()).unwrap();
    let request = axum::http::Request::post(&to)
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(body))
        .unwrap();
    let saved = robin.send(request, &to).await;
    assert!(saved.status == StatusCode::OK && saved.body.contains("saved_at"), "{}", saved.body);
    assert_eq!(drafts::load(&lead.cx, id, 1).await.unwrap().answers.get("staff_total").unwrap(), 7);
    // What is missing is said before handing back, with a way to its box.
    let page = robin.get(&format!("{link}/business")).await;
    robin.submit(&page, "/business", &[("q.business_description", "")]).await;
    let done = robin.get(&format!("{link}/done")).await;
    assert!(done.text().contains("These still need something"), "{}", done.text());
    assert!(done.links().iter().any(|href| href.contains("/business#q-business_description")), "{:?}", done.links());
});

both_engines!(migrations, /// OFF-8: whoever was asked passes on no more than was passed to them, never beyond their day; calling theirs back ends what stands below.
async fn off_8_whoever_was_asked_passes_it_on(db) {
    let world = World::new(db).await;
    let (lead, id) = lead_with_draft(&world).await;
    let (link, at) = passed(&world, &lead, id, &["ending", "business"]).await;
    let mut robin = stranger(&world);
    let page = robin.get(&format!("{at}/pass-on")).await;
    assert!(!page.body.contains("value=\"sites\""), "only what was passed to them is offered");
    let fields = [("name", "Kim Dale"), ("email", "kim@helpers.example"), ("sections", "ending")];
    let late = [("until.day", "17"), ("until.month", "3"), ("until.year", "2026")];
    let wrong = robin.submit(&page, "/pass-on", &[fields.as_slice(), late.as_slice()].concat()).await;
    assert!(wrong.text().contains("Choose 16 March 2026 or an earlier day"), "{}", wrong.text());
    let wrong = robin.submit(&page, "/pass-on", &[("name", "Kim Dale"), ("email", "kim@helpers.example"), ("sections", "sites")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Choose at least one section"), "{}", wrong.text());
    world.app.advance(1_000);
    let start = robin.submit(&page, "/pass-on", &fields).await;
    assert!(start.text().contains("Kim Dale Being answered"), "{}", start.text());
    // The same form once more, as by a double click: one link, and the page that says so.
    let (to, again) = page.fill("/pass-on", &fields);
    let twin = robin.post_raw(&to, &again).await;
    assert_eq!((twin.status, twin.location()), (StatusCode::SEE_OTHER, to));
    assert_eq!(platform::forms::passing::of_case(lead.cx.db(), id).await.unwrap().len(), 2);
    let below = path(&world, "kim@helpers.example").await;
    let mut kim = world.app.browser().at("192.0.2.8");
    let page = kim.get(&below).await;
    assert!(page.text().contains("Robin Vale at Halyard Systems asks you"), "{}", page.text());
    assert_eq!(kim.get(&format!("{below}/business")).await.status, StatusCode::NOT_FOUND);
    let section = kim.get(&format!("{below}/ending")).await;
    kim.submit(&section, "/ending", &[("q.exit_plan", "Kim takes it back.")]).await;
    let done = kim.get(&format!("{below}/done")).await;
    kim.submit(&done, "/done", &[]).await;
    let mail = world.app.mailed(ROBIN).await.pop().unwrap();
    assert!(mail.contains("Kim Dale answered the questions that you passed on"), "{mail}");
    // Whoever asked at the top sees both, and that one stands below the other.
    let list = lead.browser(&world).get(&format!("/proposals/{id}/passed")).await.text();
    assert!(list.contains("Kim Dale") && list.contains("asked by Robin Vale"), "{list}");
    passing::revoke::<Proposals>(&lead.cx, id, link, version(&lead, id, link).await).await.unwrap();
    for (browser, address) in [(&mut robin, &at), (&mut kim, &below)] {
        let page = browser.get(address).await;
        assert!(page.status == StatusCode::GONE && page.text().contains("This link was called back"), "{}", page.text());
    }
    let lines = book::timeline(&lead.cx, "proposal", &id.to_string(), 100).await.unwrap();
    let delegated = lines.iter().find(|line| line.action == "proposal.delegate_section").unwrap();
    assert_eq!((delegated.actor_kind.as_str(), delegated.actor_id.clone()), ("link", link.to_string()));
    assert_eq!(lines.iter().find(|line| line.action == "proposal.revoke_section").unwrap().about["below"], "1");
});

both_engines!(migrations, /// OFF-8: what was handed back is asked for again with a remark, by a new link; one that expired is given another day; one sent again replaces the former.
async fn off_8_asked_again_extended_and_sent_again(db) {
    let world = World::new(db).await;
    let (lead, id) = lead_with_draft(&world).await;
    let (link, first) = passed(&world, &lead, id, &["ending"]).await;
    let mut robin = stranger(&world);
    let done = robin.get(&format!("{first}/done")).await;
    robin.submit(&done, "/done", &[]).await;
    assert_eq!(robin.get(&first).await.status, StatusCode::GONE);
    world.app.advance(1_000);
    let blank = passing::ask_again::<Proposals>(&lead.cx, id, link, version(&lead, id, link).await, None, " ").await;
    assert!(matches!(blank, Err(platform::Error::Invalid(_))), "{blank:?}");
    passing::ask_again::<Proposals>(&lead.cx, id, link, version(&lead, id, link).await, None, "Say by which day.").await.unwrap();
    let second = path(&world, ROBIN).await;
    assert_ne!(first, second);
    assert_eq!(robin.get(&first).await.status, StatusCode::NOT_FOUND, "the former link is nothing any more");
    assert!(robin.get(&second).await.text().contains("Say by which day."));
    // Its day passes, and is given anew.
    world.app.advance(15 * platform::clock::DAY);
    let page = robin.get(&second).await;
    assert!(page.status == StatusCode::GONE && page.text().contains("This link has expired"), "{}", page.text());
    let lead = world.person("supplier_lead", world.lead.0).await;
    let at = version(&lead, id, link).await;
    let early = passing::resend::<Proposals>(&lead.cx, id, link, at).await;
    assert!(matches!(early, Err(platform::Error::Conflict(_))), "{early:?}");
    let past = passing::extend::<Proposals>(&lead.cx, id, link, at, jiff::civil::date(2026, 3, 16)).await;
    assert!(matches!(past, Err(platform::Error::Invalid(_))), "{past:?}");
    let far = passing::extend::<Proposals>(&lead.cx, id, link, at, jiff::civil::date(2026, 12, 1)).await;
    assert!(matches!(far, Err(platform::Error::Invalid(_))), "{far:?}");
    passing::extend::<Proposals>(&lead.cx, id, link, at, jiff::civil::date(2026, 4, 1)).await.unwrap();
    assert_eq!(robin.get(&second).await.status, StatusCode::OK);
    let stale = passing::resend::<Proposals>(&lead.cx, id, link, at).await;
    assert!(matches!(stale, Err(platform::Error::Stale(_))), "{stale:?}");
    passing::resend::<Proposals>(&lead.cx, id, link, at + 1).await.unwrap();
    let third = path(&world, ROBIN).await;
    assert_eq!((robin.get(&second).await.status, robin.get(&third).await.status), (StatusCode::NOT_FOUND, StatusCode::OK));
});

both_engines!(migrations, /// OFF-8: a mail that cannot be delivered is told where the link stands; sections are passed on from a returned proposal too, and by a sub-contractor's people for their own.
async fn off_8_failed_mail_and_returned_rounds(db) {
    let office = PostOffice::open();
    let world = World::with(db, |settings| settings.mail.smtp = office.address()).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let manager = world.official("contract_manager").await;
    let id = world.submitted(&lead).await;
    let refused = passing::pass::<Proposals>(&lead.cx, id, &asking(ROBIN, &["ending"])).await;
    assert!(matches!(refused, Err(platform::Error::Refused(_))), "nobody answers what was submitted: {refused:?}");
    let hidden = passing::pass::<Proposals>(&manager.cx, id, &asking(ROBIN, &["ending"])).await;
    assert!(matches!(hidden, Err(platform::Error::Refused(_))), "{hidden:?}");
    world.app.advance(1_000);
    let pack = act::pack_of(&manager.cx, &world.case(id).await).unwrap();
    let point = act::point(act::form_of(&pack).unwrap(), Some("exit_plan"), "How long does it take?");
    act::send_back(&manager.cx, id, world.version(id).await, "More on the end.", &[point]).await.unwrap();
    passing::pass::<Proposals>(&lead.cx, id, &asking("nobody@helpers.example", &["ending"])).await.unwrap();
    world.app.work().await;
    let text = lead.browser(&world).get(&format!("/proposals/{id}/passed")).await.text();
    assert!(text.contains("Failed It could not be delivered"), "{text}");
    // The check page says that somebody still answers.
    let check = lead.browser(&world).get(&format!("/proposals/{id}/check")).await.text();
    assert!(check.contains("One person still answers a section"), "{check}");
    let sub = world.person("supplier_member", world.sub.0).await;
    let draft = world.draft(&sub, world.sub.1, answers(world.sub.0)).await;
    passing::pass::<Proposals>(&sub.cx, draft, &asking(ROBIN, &["ending"])).await.unwrap();
    let other = world.person("supplier_lead", world.other.0).await;
    let stranger = passing::pass::<Proposals>(&other.cx, draft, &asking(ROBIN, &["ending"])).await;
    assert!(matches!(stranger, Err(platform::Error::Refused(refusal)) if refusal.hidden));
});
