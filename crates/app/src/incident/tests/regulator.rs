//! The regulator (SEC-27): the data controller decides and records, its clock runs by the hour, and a supplier finds nothing of it.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::cases::queue::Filter;
use platform::clock::{DAY, HOUR, Millis};
use platform::{Cx, Error};
use rules::regulator::Risk;
use rules::truth::Truth;
use serde_json::json;
use testkit::both_engines;
use uuid::Uuid;

use super::pages::{TYPED, post};
use super::reporting::answer;
use super::{INCIDENT, case, first, report, reported, told};
use crate::casework::{Process as _, history};
use crate::incident::act::{self, Sending};
use crate::incident::model::{Incidents, Verdict};
use crate::incident::regulator::{Decision, Filled, Kept, People, Said, Waits, named};
use crate::incident::store;
use crate::incident::teller::Teller;
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{Person, World, refused_by};

/// A word that nobody but those who may read of the regulator ever reads.
const WORD: &str = "Quillfeather";

pub(super) async fn kept(world: &World, id: Uuid) -> Kept {
    store::regulator::get(world.app.core.db.reader(), id).await.unwrap()
}

pub(super) async fn version(world: &World, id: Uuid) -> i32 {
    kept(world, id).await.version
}

pub(super) fn to_notify() -> Decision {
    Decision {
        notify: true,
        personal: Truth::True,
        risk: Some(Risk::High),
        reason: format!("{WORD}: bookings with names are out."),
        people: Some(People::WillBe),
        people_by: Some(Teller::Authority),
        instruction: String::new(),
        task: None,
        people_reason: String::new(),
        people_how: format!("{WORD} writes to each."),
        people_on: Some(date(2026, 3, 20)),
    }
}

fn not_to() -> Decision {
    Decision {
        notify: false,
        risk: Some(Risk::Unlikely),
        people: Some(People::Not),
        people_how: String::new(),
        people_on: None,
        reason: format!("{WORD}: the disk was encrypted."),
        ..to_notify()
    }
}

pub(super) fn sending(at: Millis) -> Sending {
    Sending {
        at,
        by: format!("{WORD} Reed"),
        reference: "IC-1234".to_owned(),
        late: String::new(),
        filled: Filled {
            incident_type: "Loss/theft of device containing personal data".to_owned(),
            category: "Non Cyber".to_owned(),
            data: vec!["Basic personal identifiers".to_owned()],
            subjects: vec!["Customers or prospective customers".to_owned()],
            sector: "Central Government".to_owned(),
            size: "10 to 99".to_owned(),
        },
        what: format!("{WORD}: a laptop was left on a ferry."),
        next: Some(date(2026, 3, 20)),
    }
}

pub(super) fn wrong(result: platform::Result<()>) -> Vec<String> {
    match result {
        Err(Error::Invalid(errors)) => errors.iter().map(|(field, _)| field.to_owned()).collect(),
        other => panic!("{other:?}"),
    }
}

both_engines!(migrations, /// SEC-27: the 72 hours run from the report, the data controller hears of it at once, and when the authority became aware is put right
/// with a reason.
async fn sec_27_the_clock_runs_from_the_report(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    let now = kept(&world, of.id).await;
    let at = of.submitted_at.unwrap();
    assert_eq!((now.aware, now.deadline(), now.waits("reported")), (at, at + 72 * HOUR, Some((Waits::Decision, at + 72 * HOUR))));
    let mail = world.mail().await.remove(&controller.email).unwrap_or_default().join(" | ");
    assert!(mail.contains("INC-2026-000001: the clock for the regulator runs"), "{mail}");
    // On the page of what waits, on the list, on the overview, and on the page itself.
    let mut browser = controller.browser(&world);
    let page = format!("/incidents/{}/regulator", of.id);
    for (path, words) in [
        ("/".to_owned(), "INC-2026-000001: Regulator to be decided on: 72 hours left"),
        ("/incidents".to_owned(), "Regulator to be decided on: 72 hours left"),
        (format!("/incidents/{}", of.id), "Regulator to be decided on: 72 hours left"),
        (page.clone(), "The time ends on 5 March 2026"),
    ] {
        let text = browser.get(&path).await.text();
        assert!(text.contains(words), "{path}: {text}");
    }
    // Somebody at the authority knew two hours before.
    let aware = async |at: Millis, why: &str| act::put_aware(&controller.cx, of.id, version(&world, of.id).await, at, why).await;
    assert_eq!(wrong(aware(at - 2 * HOUR, " ").await), ["reason"]);
    assert_eq!(wrong(aware(at + HOUR, "It will.").await), ["at"]);
    assert_eq!(wrong(aware(at - 12 * 366 * DAY, "Mistyped.").await), ["at"]);
    assert_eq!(wrong(aware(at, "The same.").await), ["at"]);
    aware(at - 2 * HOUR, "The harbour master telephoned.").await.unwrap();
    assert_eq!(kept(&world, of.id).await.deadline(), at + 70 * HOUR);
    let text = browser.get(&page).await.text();
    assert!(text.contains("70 hours left") && text.contains("The harbour master telephoned."), "{text}");
    // A page from before writes over nothing.
    assert!(matches!(act::put_aware(&controller.cx, of.id, 0, at - HOUR, "Otherwise.").await, Err(Error::Stale(_))));
});

both_engines!(migrations, /// SEC-27: where the report rules data about people out no clock runs; an addition that names it starts it; that it was no incident stops it
/// only where nothing speaks for such data.
async fn sec_27_which_reports_have_a_clock(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (controller, security) = (world.official("data_controller").await, world.official("security").await);
    let mut answers = first();
    answers["involved"] = json!(["device"]);
    answers["data_held"] = json!("no");
    answers["loss"] = json!(["availability"]);
    let empty = act::report(&lead.cx, &report(world.lead.1, answers)).await.unwrap();
    assert_eq!((kept(&world, empty.id).await.concerns, kept(&world, empty.id).await.waits("reported")), (Truth::False, None));
    let heard = async || world.mail().await.remove(&controller.email).unwrap_or_default().len();
    assert_eq!(heard().await, 0);
    let text = controller.browser(&world).get(&format!("/incidents/{}/regulator", empty.id)).await.text();
    assert!(text.contains("no data about people is concerned"), "{text}");
    answer(&lead, empty.id, "report", first()).await;
    act::add(&lead.cx, empty.id, case(&world, empty.id).await.version).await.unwrap();
    assert_eq!(kept(&world, empty.id).await.waits("reported").unwrap().0, Waits::Decision);
    assert_eq!(heard().await, 1);
    // No incident: of a device of which nobody knows what it held, the clock stops; of data about people it goes on.
    let mut unknown = first();
    unknown["involved"] = json!(["device"]);
    let unknown = act::report(&lead.cx, &report(world.lead.1, unknown)).await.unwrap();
    let due = async |id: Uuid| {
        let waiting = store::regulator::due_until(lead.cx.db(), store::regulator::Of::Regulator, None, Millis::MAX, 50).await.unwrap();
        waiting.into_iter().find(|(case, ..)| *case == id)
    };
    for (id, goes_on) in [(unknown.id, false), (empty.id, true)] {
        assert!(due(id).await.is_some());
        let version = async || case(&world, id).await.version;
        act::take_up(&security.cx, id, version().await).await.unwrap();
        act::triage(&security.cx, id, version().await, &rules::incident::Facts { asset_involved: Some(false), ..Default::default() }, None).await.unwrap();
        act::decide(&security.cx, id, version().await, Verdict::NotIncident, "It was found.").await.unwrap();
        assert_eq!(due(id).await.is_some(), goes_on);
    }
});

both_engines!(migrations, /// SEC-27: the data controller alone decides, with a reason and what it rests on; a new decision follows the old one, which stays.
async fn sec_27_the_data_controller_alone_decides(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    for role in ["legal", "security", "internal_audit", "contract_manager", "management", "administrator", "assessor", "owner", "procurement_lead"] {
        let other = world.official(role).await;
        refused_by(act::decide_regulator(&other.cx, of.id, 0, not_to()).await, "nothing-permits");
        refused_by(act::put_aware(&other.cx, of.id, 0, 1, "So.").await, "nothing-permits");
        refused_by(act::record_sent(&other.cx, of.id, 0, sending(0)).await, "nothing-permits");
        let reads = ["legal", "security", "internal_audit"].contains(&role);
        let mut browser = other.browser(&world);
        let page = browser.get(&format!("/incidents/{}/regulator", of.id)).await;
        assert_eq!(page.status, if reads { StatusCode::OK } else { StatusCode::NOT_FOUND }, "{role}");
        let asked = browser.get(&format!("/incidents/{}/regulator/decide", of.id)).await;
        assert_eq!(asked.status, if reads { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND }, "{role}");
        assert_eq!(browser.get(&format!("/incidents/{}", of.id)).await.body.contains("/regulator"), reads, "{role}");
    }
    let decide = async |with: Decision| act::decide_regulator(&controller.cx, of.id, version(&world, of.id).await, with).await;
    assert_eq!(wrong(decide(Decision { reason: " ".to_owned(), ..not_to() }).await), ["reason"]);
    assert_eq!(wrong(decide(Decision { risk: None, people: None, ..not_to() }).await), ["risk", "people"]);
    assert_eq!(wrong(decide(Decision { risk: Some(Risk::High), ..not_to() }).await), ["people_reason"], "article 34: the risk is high");
    assert_eq!(wrong(decide(Decision { people_how: String::new(), people_on: None, ..to_notify() }).await), ["people_how", "people_on"]);
    assert_eq!(wrong(decide(Decision { people: Some(People::Told), ..to_notify() }).await), ["people_on"], "told on a day to come");
    assert_eq!(wrong(decide(Decision { people_on: Some(date(2026, 2, 1)), ..to_notify() }).await), ["people_on"], "will be told on a day gone by");
    assert_eq!(wrong(decide(Decision { reason: "x".repeat(8_001), ..not_to() }).await), ["reason"]);
    decide(not_to()).await.unwrap();
    assert_eq!((kept(&world, of.id).await.notify, kept(&world, of.id).await.waits("reported")), (Some(false), None));
    assert!(matches!(act::record_sent(&controller.cx, of.id, version(&world, of.id).await, sending(of.submitted_at.unwrap())).await, Err(Error::Conflict(_))));
    decide(to_notify()).await.unwrap();
    let rounds = store::regulator::rounds(&controller.cx, controller.cx.db(), &of).await.unwrap();
    let said: Vec<bool> = rounds.iter().filter_map(|round| if let Some(Said::Decision(one)) = &round.said { Some(one.notify) } else { None }).collect();
    assert_eq!((said, rounds.iter().map(|round| round.no).collect::<Vec<_>>()), (vec![false, true], vec![1, 2]));
    assert!(rounds.iter().all(|round| round.by == controller.account));
    // Each step has its entry, filed beside the case and not under it.
    let lines = platform::book::timeline(&controller.cx, "regulator", &of.id.to_string(), 50).await.unwrap();
    let choices: Vec<_> = lines.iter().filter(|line| line.action != "refused").map(|line| (line.action.as_str(), line.about.get("choice").map(String::as_str))).collect();
    assert_eq!(choices, [("regulator.decide", Some("not")), ("regulator.decide", Some("notify"))]);
    // About nobody's data nobody is told.
    decide(Decision { personal: Truth::False, ..to_notify() }).await.unwrap();
    let rounds = store::regulator::rounds(&controller.cx, controller.cx.db(), &of).await.unwrap();
    let Some(Said::Decision(last)) = &rounds[2].said else { panic!("{rounds:?}") };
    assert_eq!((last.risk, last.people, last.people_on), (None, None, None));
});

both_engines!(migrations, /// SEC-27: what was sent is recorded as the first notification and further parts; a late one needs its reason, by the clock over a weekend.
async fn sec_27_what_was_sent_is_recorded(db) {
    let world = World::new(db).await;
    world.until(date(2026, 3, 6));
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let at = of.submitted_at.unwrap();
    // From Friday noon to Monday afternoon.
    world.app.advance(73 * HOUR);
    let controller = world.official("data_controller").await;
    act::decide_regulator(&controller.cx, of.id, 0, to_notify()).await.unwrap();
    assert_eq!(kept(&world, of.id).await.waits("reported"), Some((Waits::Sending, at + 72 * HOUR)));
    let send = async |with: Sending| act::record_sent(&controller.cx, of.id, version(&world, of.id).await, with).await;
    let now = at + 73 * HOUR;
    assert_eq!(wrong(send(sending(now)).await), ["late"]);
    assert_eq!(wrong(send(sending(now + DAY)).await), ["late", "at"]);
    assert_eq!(wrong(send(Sending { at: at - HOUR, ..sending(now) }).await), ["at"]);
    let blank = Sending { by: String::new(), what: String::new(), filled: Filled::default(), ..sending(at + HOUR) };
    assert_eq!(wrong(send(blank).await), ["by", "what", "incident_type", "category", "data", "subjects", "sector", "size"]);
    let early = Sending { next: Some(date(2026, 3, 1)), ..sending(at + HOUR) };
    assert_eq!(wrong(send(early).await), ["next"]);
    send(Sending { late: format!("{WORD} was at sea."), ..sending(now) }).await.unwrap();
    let after = kept(&world, of.id).await;
    assert_eq!((after.first, after.waits("reported").unwrap().0), (Some(now), Waits::NextPart));
    // What went out cannot be decided away; nor did the authority become aware after it.
    assert_eq!(wrong(act::decide_regulator(&controller.cx, of.id, after.version, not_to()).await), ["notify"]);
    assert_eq!(wrong(act::put_aware(&controller.cx, of.id, after.version, now + 1, "Later.").await), ["at"]);
    world.app.advance(DAY);
    let controller = world.official("data_controller").await;
    let further = Sending { next: None, reference: "IC-1234-2".to_owned(), ..sending(now + DAY) };
    act::record_sent(&controller.cx, of.id, after.version, further).await.unwrap();
    assert_eq!(kept(&world, of.id).await.waits("reported"), None);
    let rounds = store::regulator::rounds(&controller.cx, controller.cx.db(), &of).await.unwrap();
    let sent: Vec<_> = rounds.iter().filter_map(|round| if let Some(Said::Sent(one)) = &round.said { Some(one) } else { None }).collect();
    assert_eq!(sent.iter().map(|one| (one.first, one.took.as_deref())).collect::<Vec<_>>(), [(true, Some("72 hours to 1 week")), (false, None)]);
    let text = controller.browser(&world).get(&format!("/incidents/{}/regulator", of.id)).await.text();
    for words in ["72 hours to 1 week, which is late", "Quillfeather was at sea.", "IC-1234-2", "Further part sent", "Nothing more is due", "2026"] {
        assert!(text.contains(words), "{words}: {text}");
    }
});

both_engines!(migrations, /// SEC-27: the data controller is reminded by the hour: a day before, six hours before, and once it is over; also where nobody worked in
/// between, and each once.
async fn sec_27_reminded_by_the_hour(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    platform::jobs::plan(&world.app.core).await.unwrap();
    let heard = async |part: &str| {
        world.mail().await.get(&controller.email).into_iter().flatten().filter(|subject| subject.contains("decide on the regulator") && subject.contains(part)).count()
    };
    for (hours, all) in [(47, 0), (2, 1), (3, 1), (14, 2), (1, 2), (6, 3), (48, 3)] {
        world.app.advance(hours * HOUR);
        world.app.work().await;
        assert_eq!(heard("").await, all, "{hours}");
    }
    assert_eq!((heard("hours left").await, heard("over by").await), (2, 1));
    // What is decided is reminded of no more.
    let late = world.official("data_controller").await;
    act::decide_regulator(&late.cx, of.id, 0, not_to()).await.unwrap();
    world.app.advance(100 * HOUR);
    world.app.work().await;
    assert_eq!(heard("").await, 3);
});

both_engines!(migrations, /// SEC-X2: a regulator named among the notifications raises an alarm for security and the data controller, once; nobody else reads it.
async fn sec_x2_a_regulator_that_was_told_raises_an_alarm(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let (controller, security) = (world.official("data_controller").await, world.official("security").await);
    let manager = world.official("contract_manager").await;
    let of = reported(&lead.cx, world.lead.1).await;
    act::take_up(&security.cx, of.id, case(&world, of.id).await.version).await.unwrap();
    let more = |who: &str| {
        let at = json!({ "date": "2026-03-02", "time": "08:30" });
        json!({
            "done_so_far": "We searched the ferry.", "planned": "We search again.", "notified": true,
            "notifications": [{ "notified_who": who, "notified_name": "Office for Data", "notified_at": at, "notified_reference": "R-77" }],
        })
    };
    let heard = async |who: &Person| world.mail().await.get(&who.email).into_iter().flatten().filter(|subject| subject.contains("a regulator was told")).count();
    for (who, alarms) in [("police", 0), ("regulator", 1), ("police", 1), ("regulator", 1)] {
        world.app.advance(60_000);
        answer(&lead, of.id, "response", more(who)).await;
        act::add(&lead.cx, of.id, case(&world, of.id).await.version).await.unwrap();
        assert_eq!((heard(&controller).await, heard(&security).await, heard(&manager).await), (alarms, alarms, 0), "{who}");
    }
    let answers = rules::form::Answers::from_json(more("regulator")).unwrap();
    assert_eq!(named(&answers).len(), 1);
    for (who, reads) in [(&controller, true), (&security, true), (&manager, false), (&lead, false)] {
        let text = who.browser(&world).get(&format!("/incidents/{}", of.id)).await.text();
        assert_eq!(text.contains("it told a regulator") && text.contains("Office for Data, 2 March 2026, 08:30, reference R-77"), reads, "{text}");
    }
    let lines = platform::book::timeline(&controller.cx, "regulator", &of.id.to_string(), 50).await.unwrap();
    assert_eq!(lines.iter().filter(|line| line.action == "regulator.alarm").count(), 1);
    // Whoever enters what was told by telephone raises it too.
    let mut first = first();
    first["notifications"] = more("regulator")["notifications"].clone();
    first["notified"] = json!(true);
    let mut telephoned = told(world.lead.1);
    telephoned.answers = rules::form::Answers::from_json(first).unwrap();
    let telephoned = act::report(&security.cx, &telephoned).await.unwrap();
    assert!(kept(&world, telephoned.id).await.alarm.is_some());
});

/// Everything that the supplier's side can read of a case and around it, by page.
async fn read_by_supplier(world: &World, who: &Person, id: Uuid) -> Vec<(String, String)> {
    let mut browser = who.browser(world);
    let mut all = Vec::new();
    for page in
        ["", "/weaknesses", "/history", "/thread", "/tasks", "/files", "/answers", "/check", "/changes", "/sent", "/screening", "/who"]
    {
        let path = format!("/incidents/{id}{page}");
        let found = browser.get(&path).await;
        all.push((path, found.body));
    }
    for path in ["/", "/incidents", "/incidents?q=INC-2026", "/account/notices"] {
        all.push((path.to_owned(), browser.get(path).await.body));
    }
    all
}

both_engines!(migrations, /// SEC-27: a supplier finds no page, no action, no trace: not on pages, in history, lists, files of lists, search, notices or the case's
/// version, and what was said lies sealed.
async fn sec_27_a_supplier_finds_nothing(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let controller = world.official("data_controller").await;
    let of = reported(&lead.cx, world.lead.1).await;
    world.mail().await;
    let before = (case(&world, of.id).await, read_by_supplier(&world, &lead, of.id).await);
    let done = async |cx: &Cx| history::read::<Incidents>(cx, &store::get(cx.db(), of.id).await.unwrap(), 500).await.unwrap();
    let history = done(&lead.cx).await;
    act::decide_regulator(&controller.cx, of.id, 0, not_to()).await.unwrap();
    act::put_aware(&controller.cx, of.id, 1, of.submitted_at.unwrap() - HOUR, &format!("{WORD} knew.")).await.unwrap();
    act::decide_regulator(&controller.cx, of.id, 2, to_notify()).await.unwrap();
    act::record_sent(&controller.cx, of.id, 3, sending(of.submitted_at.unwrap())).await.unwrap();
    let file = crate::testing::attach_at(&controller.cx, "regulator", of.id, Some("sent.4"), &format!("{WORD}.pdf"), false).await.unwrap();
    assert_eq!(case(&world, of.id).await, before.0, "the case itself stays as it is");
    assert_eq!(done(&lead.cx).await, history);
    for ((path, was), (_, is)) in before.1.iter().zip(read_by_supplier(&world, &lead, of.id).await) {
        assert!(!is.contains(WORD) && !is.contains("/regulator") && !is.contains("Regulator to be") && !is.contains("IC-1234"), "{path}: {is}");
        // But for what is new with each page: tokens against forged requests and twins.
        let plain = |body: &str| body.split("name=\"once\"").map(|part| part.split_once('>').map_or(part, |(_, rest)| rest).len()).sum::<usize>();
        assert_eq!(plain(was), plain(&is), "{path} is the same as before");
    }
    let mut browser = lead.browser(&world);
    for page in ["regulator", "regulator/aware", "regulator/decide", "regulator/send", "regulator/people"] {
        assert_eq!(browser.get(&format!("/incidents/{}/{page}", of.id)).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    for page in [format!("of/regulator/{}", of.id), format!("of/regulator/{}?field=sent.4", of.id), format!("{file}"), format!("{file}/bytes")] {
        assert_eq!(browser.get(&format!("/files/{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    // Posting finds nothing either, with a form of one's own.
    let thread = browser.get(&format!("/incidents/{}/thread", of.id)).await;
    let (_, mut fields) = thread.fill("/thread", &[]);
    fields.push(("version".to_owned(), "0".to_owned()));
    for page in ["aware", "decide", "send", "people"] {
        assert_eq!(browser.post_raw(&format!("/incidents/{}/regulator/{page}", of.id), &fields).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    for refused in [act::decide_regulator(&lead.cx, of.id, 4, not_to()).await, act::put_aware(&lead.cx, of.id, 4, 1, "So.").await, act::record_sent(&lead.cx, of.id, 4, sending(0)).await] {
        assert!(matches!(&refused, Err(Error::Refused(refusal)) if refusal.hidden), "{refused:?}");
    }
    // Lists that are taken out have no mark, and mail tells nothing.
    let sheet = (Incidents::LIST.read)(&lead.cx, "/incidents").await.unwrap();
    assert!(!format!("{:?}", sheet.rows).contains("egulator"), "{:?}", sheet.rows);
    let ours = (Incidents::LIST.read)(&controller.cx, "/incidents").await.unwrap();
    assert!(format!("{:?}", ours.rows).contains("Next part to the regulator"), "{:?}", ours.rows);
    for (to, subjects) in world.mail().await {
        assert!(to == controller.email || !subjects.join(" | ").contains("regulator"), "{to}: {subjects:?}");
    }
    let words = Filter { words: WORD.to_lowercase(), ..Filter::default() };
    let called = platform::cases::queue::list(lead.cx.db(), &INCIDENT, store::visible(&lead.cx.actor), &words, None).await.unwrap();
    assert!(called.0.is_empty());
    // Others at the authority do not read it in the history either.
    let manager = world.official("contract_manager").await;
    assert!(!format!("{:?}", done(&manager.cx).await).contains(WORD));
    assert_eq!(found(&world, WORD).await, Vec::<String>::new(), "what was said lies sealed");
});

both_engines!(migrations, /// SEC-27: the data controller does all of it on pages: what is wrong is said and what was typed stays, the regulator's lists are filled in
/// from the report, and the decision's departure from the law is named.
async fn sec_27_decided_and_recorded_on_pages(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let controller = world.official("data_controller").await;
    let mut browser = controller.browser(&world);
    let at = format!("/incidents/{}/regulator", of.id);
    assert_eq!(browser.get(&format!("{at}/send")).await.status, StatusCode::CONFLICT);
    let form = browser.get(&format!("{at}/decide")).await;
    let (_, standing) = form.fill(&format!("{at}/decide"), &[]);
    assert!(standing.contains(&("personal".to_owned(), "yes".to_owned())), "as the report says: {standing:?}");
    let typed = [("personal", "yes"), ("risk", "likely"), ("notify", "not"), ("people", "not")];
    let again = post(&mut browser, &form, &format!("{at}/decide"), &typed).await;
    assert!(again.text().contains("Say why, and on what it rests") && again.body.contains("govuk-error-summary"), "{}", again.text());
    let mut whole = typed.to_vec();
    whole.push(("reason", "The disk was encrypted.\n\nNobody can read it."));
    let done = post(&mut browser, &again, &format!("{at}/decide"), &whole).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = browser.get(&at).await;
    for words in ["Do not notify the regulator", "The decision departs from this", "Nobody can read it.", "Pat data controller", "Decide again"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let form = browser.get(&format!("{at}/decide")).await;
    let mut notify = whole.clone();
    notify[2] = ("notify", "notify");
    let done = post(&mut browser, &form, &format!("{at}/decide"), &notify).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let form = browser.get(&format!("{at}/send")).await;
    let (_, filled) = form.fill(&format!("{at}/send"), &[]);
    let value = |name: &str| filled.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    assert_eq!((value("by"), value("at.date.day"), value("size"), value("incident_type")), ("Pat data controller", "2", "Unknown", "Not Provided"));
    let sent = [("what", "A laptop was left on a ferry."), ("sector", "Central Government"), ("at.time", "25:00")];
    let again = post(&mut browser, &form, &format!("{at}/send"), &sent).await;
    assert!(again.text().contains("Give a day, and a time such as 14:30") && again.body.contains("A laptop was left on a ferry."), "{}", again.text());
    let time = world.app.core.clock.moment_text(of.submitted_at.unwrap());
    let time = time.split(" at ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let done = post(&mut browser, &again, &format!("{at}/send"), &[("at.time", time.as_str()), ("what", "A laptop."), ("sector", "Central Government")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "the minute in which the report arrived is in time: {}", done.text());
    assert!(browser.get(&at).await.text().contains("First notification sent"));
    let form = browser.get(&format!("{at}/aware")).await;
    let done = post(&mut browser, &form, &format!("{at}/aware"), &[("at.time", "06:00"), ("reason", "The harbour telephoned.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(browser.get(&at).await.text().contains("2 March 2026 at 06:00"));
});

both_engines!(migrations, /// SEC-27: while reporting, whoever reports reads that they do not notify, and why; by a link too, and with the reference.
async fn sec_27_told_not_to_notify_while_reporting(db) {
    let world = World::new(db).await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let of = reported(&lead.cx, world.lead.1).await;
    let (_, token) = act::make_link(&lead.cx, world.lead.1).await.unwrap();
    let mut browser = lead.browser(&world);
    let mut nobody = world.app.browser();
    let here = format!("/reporting/{token}");
    let form = nobody.get(&here).await;
    let by_link = post(&mut nobody, &form, &here, &TYPED[..9]).await.location();
    let words = ["Do not notify the regulator for the authority", "The authority decides about its own data", "A duty that a law puts on you yourself stands", "In confidence when completed"];
    for page in [
        browser.get(&format!("/incidents/new/{}", world.lead.1)).await,
        browser.get(&format!("/incidents/{}/sent", of.id)).await,
        form,
    ] {
        assert!(words.iter().all(|words| page.text().contains(words)), "{}: {}", page.path, page.text());
    }
    let sent = nobody.get(&by_link).await.text();
    assert!(words[..3].iter().all(|words| sent.contains(words)), "{sent}");
    // The authority, which enters what was told, is not told off.
    let security = world.official("security").await;
    assert!(!security.browser(&world).get(&format!("/incidents/new/{}", world.lead.1)).await.text().contains(words[0]));
});
