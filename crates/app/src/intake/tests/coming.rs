//! Messages as they come in: which become reports, which wait, and who is answered.

use platform::authz::{Actor, Side};
use platform::cases::queue::{self, Filter};
use platform::files;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use testkit::{PostOffice, both_engines};

use super::{all, known, letter, received, with_line};
use crate::casework::answering::documents;
use crate::casework::papers::make as make_paper;
use crate::incident::Incidents;
use crate::incident::model::{Channel, INCIDENT};
use crate::incident::store as incidents;
use crate::intake::act::{self, Outcome};
use crate::intake::model::Why;
use crate::migrations::migrations;
use crate::offshoring::tests::sealing::found;
use crate::offshoring::tests::world::{Person, World};
use crate::paper::model::Kind;

const TRUSTED: &str = "mx.authority.example";

async fn cases(world: &World) -> Vec<platform::cases::Case> {
    let filter = Filter { most: 100, ..Filter::default() };
    queue::list(world.app.core.db.reader(), &INCIDENT, incidents::visible(&Actor::Operator), &filter, None).await.unwrap().0
}

/// What was mailed, head and all.
async fn mailed(world: &World) -> Vec<String> {
    world.app.work().await;
    let Ok(list) = std::fs::read_dir(world.app.core.settings.mail_folder()) else { return Vec::new() };
    list.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
}

/// The answers by a machine that were mailed.
async fn answered(world: &World) -> Vec<String> {
    mailed(world).await.into_iter().filter(|text| text.contains("auto-replied")).collect()
}

async fn world(db: testkit::TestDb) -> World {
    World::with(db, |settings| {
        settings.receive.trusted = vec![TRUSTED.to_owned()];
        settings.receive.addresses = vec!["incidents@authority.example".to_owned()];
    })
    .await
}

async fn member(world: &World) -> Person {
    world.person("supplier_member", world.lead.0).await
}

both_engines!(migrations, /// SEC-24: what somebody of a supplier writes by e-mail is a report with a reference, once however often it comes, in the frozen form, as
/// of when it came in; the sender is answered with the reference, and nothing of what was written is repeated.
async fn sec_24_a_message_is_a_report_once(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let bytes = letter(&member.email, "1@halyard.example", "A laptop is gone", "It was left on the night ferry.");
    assert_eq!(received(&cx, &bytes).await, Outcome::Reported("INC-2026-000001".to_owned()));
    // A server that is not sure brings it again, with other ends of lines and another line of its own.
    let crlf = String::from_utf8(with_line(&bytes, "X-Spam-Score: 0")).unwrap().replace('\n', "\r\n").into_bytes();
    for again in [bytes.clone(), crlf] {
        assert_eq!(received(&cx, &again).await, Outcome::Known);
    }
    let of = cases(&world).await;
    assert_eq!((of.len(), all(&world.app).await.len()), (1, 1));
    let about = incidents::about(&cx, cx.db(), &of[0]).await.unwrap();
    assert_eq!((about.channel, about.reporter, of[0].submitted_by), (Channel::Mail, Some(world.lead.0), Some(member.account)));
    assert_eq!(of[0].place, Some(world.lead.1));
    let document = documents::<Incidents>(&cx, &of[0]).await.unwrap().pop().unwrap().1;
    assert_eq!(document.answers().get("what_happened").unwrap(), "A laptop is gone\n\nIt was left on the night ferry.");
    assert!(document.answers().get("discovered").is_none(), "all else stays open");
    assert!(member.cx.may("incident.draft", &incidents::get(cx.db(), of[0].id).await.unwrap()), "the sender's people complete it");
    let mails = answered(&world).await;
    assert_eq!(mails.len(), 1, "{mails:#?}");
    for part in ["INC-2026-000001", "In-Reply-To: <1@halyard.example>", "References: <1@halyard.example>", "In confidence", "Reply-To: incidents@authority.example", &member.email] {
        assert!(mails[0].contains(part), "{part}: {}", mails[0]);
    }
    assert!(!mails[0].contains("laptop") && !mails[0].contains("night ferry"), "{}", mails[0]);
    // The message as it came is there, sealed; its words stand nowhere in the open.
    assert_eq!(files::whole(&cx, all(&world.app).await[0].original).await.unwrap(), bytes);
    assert_eq!(found(&world, "night ferry").await, Vec::<String>::new());
    let lines = platform::book::timeline(&cx, "mail", &all(&world.app).await[0].id.to_string(), 10).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["mail.receive"]);
});

both_engines!(migrations, /// SEC-24: what is not clear waits for a person, nothing is lost, and none is answered whom nobody knows, nor what a machine sent.
async fn sec_24_what_is_not_clear_waits(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let ended = world.app.party(Side::Supplier, "Fairlead Crews").await;
    let nowhere = world.person("supplier_lead", ended).await;
    let several = world.person("supplier_lead", world.sub.0).await;
    let elsewhere = world.app.contract(world.authority, "Lanterns").await;
    world.app.place(elsewhere, world.sub.0, None).await;
    let official = world.official("legal").await;
    let of = |from: &str, id: &str| letter(from, &format!("{id}@halyard.example"), "A laptop is gone", "It was left on the night ferry.");
    let own = |id: &str, line: &str| with_line(&of(&member.email, id), line);
    let without = String::from_utf8(of(&member.email, "no-from")).unwrap().replace(&format!("From: {}\n", member.email), "").into_bytes();
    let null = String::from_utf8(of(&member.email, "null")).unwrap().replacen(&format!("<{}>", member.email), "<>", 1).into_bytes();
    let all_of = [
        (of("stranger@elsewhere.example", "1"), Why::Unknown),
        (of(&official.email, "2"), Why::Unknown),
        (own("3", &format!("Authentication-Results: {TRUSTED}; dmarc=fail header.from=people.example")), Why::Forged),
        (own("4", "Precedence: bulk"), Why::Automatic),
        (own("5", "List-Id: <crews.halyard.example>"), Why::Automatic),
        (own("6", "Auto-Submitted: auto-replied"), Why::Automatic),
        (null, Why::Automatic),
        (without, Why::Author),
        (of("incidents@authority.example", "7"), Why::Ourselves),
        (of(&nowhere.email, "8"), Why::NoPlace),
        (of(&several.email, "9"), Why::Several),
    ];
    for (bytes, why) in &all_of {
        assert_eq!(received(&cx, bytes).await, Outcome::Waiting(*why), "{}", String::from_utf8_lossy(bytes));
        assert_eq!(received(&cx, bytes).await, Outcome::Known);
    }
    assert_eq!((cases(&world).await.len(), all(&world.app).await.len()), (0, all_of.len()));
    let mut to: Vec<String> = answered(&world).await;
    to.sort();
    assert_eq!(to.len(), 2, "{to:#?}");
    assert!(to.iter().all(|text| !text.contains("INC-") && (text.contains(&nowhere.email) || text.contains(&several.email))), "{to:#?}");
    // Somebody else than a server that we trust may say what they like.
    let lies = own("10", "Authentication-Results: mx.elsewhere.example; dmarc=fail header.from=people.example");
    assert_eq!(received(&cx, &lies).await, Outcome::Reported("INC-2026-000001".to_owned()));
    // The same id with other words waits, and the sender was told of the first.
    let other = letter(&member.email, "10@halyard.example", "Another matter", "A door was open.");
    assert_eq!(received(&cx, &other).await, Outcome::Waiting(Why::SameId));
    assert_eq!(received(&cx, &other).await, Outcome::Known);
    // What answers ours is about that incident: it opens no other.
    let row = all(&world.app).await.into_iter().find(|row| row.answer.is_some()).unwrap();
    let reply = with_line(&of(&member.email, "11"), &format!("In-Reply-To: <{}@127.0.0.1>", row.answer.unwrap()));
    assert_eq!(received(&cx, &reply).await, Outcome::Waiting(Why::Answer));
    let named = letter(&member.email, "12@halyard.example", "Re: [In confidence] INC-2026-000001: found", "It is here again.");
    assert_eq!(received(&cx, &named).await, Outcome::Waiting(Why::Answer));
    assert_eq!(known(&world.app, "12@halyard.example").await.about, row.case);
});

both_engines!(migrations, /// SEC-24: whoever floods us is stopped, or a loop between machines that nobody noticed; what comes is kept, and a day later reports are taken again.
async fn sec_24_a_flood_waits(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let of = |n: usize| letter(&member.email, &format!("{n}@halyard.example"), "A laptop is gone", "It was left on the night ferry.");
    for n in 0..50 {
        assert!(matches!(received(&cx, &of(n)).await, Outcome::Reported(_)), "{n}");
    }
    assert_eq!(received(&cx, &of(50)).await, Outcome::Waiting(Why::Many));
    assert_eq!(answered(&world).await.len(), 50, "the last is answered no more");
    world.app.advance(platform::clock::DAY + 1);
    assert!(matches!(received(&cx, &of(51)).await, Outcome::Reported(_)));
});

both_engines!(migrations, /// SEC-25: what came by e-mail is masked for all who read it, the queue and its titles too, until somebody decides; whoever reported completes it.
async fn sec_25_what_came_by_mail_is_masked(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let text = "The booking of sam.bell@customers.example went to kim.hart@customers.example.";
    received(&cx, &letter(&member.email, "1@halyard.example", "Booking of sam.bell@customers.example", text)).await;
    received(&cx, &letter("stranger@elsewhere.example", "2@halyard.example", "Booking of sam.bell@customers.example", text)).await;
    let case = cases(&world).await.remove(0);
    let security = world.official("security").await;
    let mut pages = Vec::new();
    let mut browser = security.browser(&world);
    for path in ["/incidents/mail?state=all".to_owned(), "/".to_owned(), format!("/incidents/{}", case.id), format!("/incidents/{}/history", case.id)] {
        pages.push(browser.get(&path).await.body);
    }
    for row in all(&world.app).await {
        pages.push(browser.get(&format!("/incidents/mail/{}", row.id)).await.body);
    }
    pages.push(member.browser(&world).get(&format!("/incidents/{}", case.id)).await.body);
    for page in &pages {
        assert!(!page.contains("sam.bell") && !page.contains("kim.hart"), "{page}");
    }
    assert!(pages[4].contains("█"), "{}", pages[4]);
    let screening = member.browser(&world).get(&format!("/incidents/{}/screening", case.id)).await;
    assert!(screening.text().contains("sam.bell"), "whoever completes it decides: {}", screening.text());
    assert!(mailed(&world).await.iter().all(|text| !text.contains("sam.bell")));
});

both_engines!(migrations, /// SEC-25, OWN-4: what is attached becomes files of the incident, scanned and told by content as others are, open to few and each look an
/// entry until it was looked through; what is not taken stays in the message, and is named with its reason.
async fn sec_25_what_is_attached_is_withheld(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let part = |name: &str, body: &str| {
        format!("--x\nContent-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{body}\n")
    };
    let body = format!(
        "--x\nContent-Type: text/plain\n\nSee what is attached.\n{}{}{}--x--\n",
        part("log.txt", "A line of the log"),
        part("../../run.exe", "MZ is how programs begin"),
        part("page.html", "<html><script>alert(1)</script></html>"),
    );
    let text = String::from_utf8(letter(&member.email, "1@halyard.example", "Files", &body)).unwrap();
    let bytes = text.replace("Content-Type: text/plain; charset=utf-8\n\n--x", "Content-Type: multipart/mixed; boundary=x\n\n--x").into_bytes();
    assert!(matches!(received(&cx, &bytes).await, Outcome::Reported(_)));
    let case = cases(&world).await.remove(0).id;
    let count = files::Entity::find().count(cx.db()).await.unwrap();
    assert_eq!(count, 2, "the log, and the message itself");
    let security = world.official("security").await;
    let mut browser = security.browser(&world);
    let page = browser.get(&format!("/incidents/{case}/files")).await;
    assert!(page.text().contains("log.txt"), "{}", page.text());
    let file = page.body.split("/files/").map(|rest| rest.split('"').next().unwrap()).find(|id| id.len() == 36).unwrap().to_owned();
    let manager = world.official("contract_manager").await;
    let list = manager.browser(&world).get(&format!("/incidents/{case}/files")).await;
    assert!(!list.text().contains("log.txt"), "nobody has looked at it yet: {}", list.text());
    let list = member.browser(&world).get(&format!("/incidents/{case}/files")).await;
    assert!(list.text().contains("log.txt"), "whoever sent it knows of it: {}", list.text());
    assert_eq!(browser.get(&format!("/files/{file}/bytes")).await.status, 404, "it is asked for by a form");
    let shown = browser.get(&format!("/files/{file}")).await;
    let (to, fields) = shown.fill(&format!("/files/{file}/reveal"), &[]);
    assert_eq!(browser.post_raw(&to, &fields).await.body, "A line of the log");
    let looked = platform::book::timeline(&cx, "file", &file, 10).await.unwrap();
    assert!(looked.iter().any(|line| line.action == "file.reveal"));
    world.app.work().await;
    assert_eq!(manager.browser(&world).get(&format!("/files/{file}/bytes")).await.body, "A line of the log", "nothing was found in it");
    let mail = all(&world.app).await.remove(0);
    let page = browser.get(&format!("/incidents/mail/{}", mail.id)).await.text();
    assert!(page.contains("run.exe") && page.contains("page.html") && page.matches("in the message alone").count() == 2, "{page}");
});

both_engines!(migrations, /// SEC-25: what somebody attached whom nobody knows is decided about at the authority, by whoever made it a report or by security.
async fn sec_25_what_a_stranger_attached_is_decided_here(db) {
    let world = World::new(db).await;
    let cx = world.app.operator();
    let security = world.official("security").await;
    let body = "--x\nContent-Type: text/plain\n\nSee what is attached.\n--x\nContent-Type: text/csv; name=\"list.csv\"\n        Content-Disposition: attachment; filename=\"list.csv\"\n\nName,NINO\nSomebody,AB123456C\n--x--\n";
    let text = String::from_utf8(letter("stranger@elsewhere.example", "1@halyard.example", "A list", body)).unwrap();
    let bytes = text.replace("Content-Type: text/plain; charset=utf-8\n\n--x", "Content-Type: multipart/mixed; boundary=x\n\n--x").into_bytes();
    assert!(matches!(received(&cx, &bytes).await, Outcome::Waiting(_)));
    let mail = all(&world.app).await.remove(0);
    let manager = world.official("contract_manager").await;
    let (case, _) = act::report(&manager.cx, mail.id, mail.version, world.lead.1).await.unwrap();
    world.app.work().await;
    let lead = world.person("supplier_lead", world.lead.0).await;
    let mut browser = lead.browser(&world);
    assert!(!browser.get(&format!("/incidents/{case}/files")).await.text().contains("list.csv"));
    let path = format!("/incidents/{case}/screening/files");
    let assessor = world.official("assessor").await;
    assert!(!assessor.browser(&world).get(&path).await.text().contains("list.csv"));
    for who in [&manager, &security] {
        let page = who.browser(&world).get(&path).await;
        assert!(page.text().contains("line 2") && page.text().contains("What is to become of this file?"), "{}", page.text());
        assert!(!page.body.contains("AB123456C"));
    }
    let file = platform::files::held::of_thing(&manager.cx, INCIDENT.id, &case.to_string()).await.unwrap().remove(0).row().id;
    let choice = crate::incident::act::Choice::Release;
    crate::incident::act::settle_file(&manager.cx, case, file, platform::files::Held::Found, choice, "A made-up number.").await.unwrap();
    assert!(browser.get(&format!("/incidents/{case}/files")).await.text().contains("list.csv"));
});

both_engines!(migrations, /// SEC-24: hostile mail is kept, byte by byte, whatever it holds; only what is no e-mail at all is not, and says why.
async fn sec_24_hostile_mail_is_kept(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let head = |id: usize, kind: &str| format!("From: {}\nSubject: Hostile\nMessage-ID: <{id}@halyard.example>\nContent-Type: {kind}\n\n", member.email);
    let nested: String = (0..300).map(|n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1)).collect();
    let many: String = (0..3_000).map(|_| "--m\nContent-Type: text/plain\n\nx\n").collect();
    let zeros = "A".repeat(76) + "\n";
    let large = zeros.repeat((27 << 20) * 4 / 3 / 77);
    let bombs: Vec<Vec<u8>> = vec![
        (head(1, "multipart/mixed; boundary=b0") + &nested).into_bytes(),
        (head(2, "multipart/mixed; boundary=m") + &many).into_bytes(),
        [head(3, "text/plain; charset=klingon").into_bytes(), vec![0xff, 0xfe, 0x00, 0x80, 0x0d, 0x1b]].concat(),
        (head(4, "application/zip; name=a.zip") + "not base64 at all").into_bytes(),
        format!("{}--l\nContent-Type: text/plain\n\nSee.\n--l\nContent-Type: application/octet-stream; name=big.bin\nContent-Transfer-Encoding: base64\n\n{large}--l--\n", head(5, "multipart/mixed; boundary=l")).into_bytes(),
        head(6, "text/html; charset=utf-16").into_bytes(),
        head(7, "text/plain").replace("Subject", "Date: Tue, 1 Jan 2041 00:00:00 +0000\nSubject").into_bytes(),
    ];
    for (n, bytes) in bombs.iter().enumerate() {
        // Those of the same instant have no order.
        world.app.advance(1);
        let outcome = received(&cx, bytes).await;
        assert!(matches!(outcome, Outcome::Reported(_)), "{n}: {outcome:?}");
        let kept = all(&world.app).await.remove(0);
        assert!(files::whole(&cx, kept.original).await.unwrap() == *bytes, "{n}");
    }
    let of = cases(&world).await;
    assert_eq!(of.len(), bombs.len());
    let now = world.app.core.clock.now();
    assert!(of.iter().all(|case| case.submitted_at.is_some_and(|at| at <= now)), "a clock of others counts nowhere");
    let security = world.official("security").await;
    let mut browser = security.browser(&world);
    for row in all(&world.app).await {
        assert_eq!(browser.get(&format!("/incidents/mail/{}", row.id)).await.status, 200);
    }
    for (bytes, why) in [(&b""[..], "empty"), (b"  \n\n", "empty"), (b"This is no e-mail.\n", "no-message")] {
        assert_eq!(act::receive(&cx, bytes.to_vec()).await.unwrap().unwrap_err().code(), why);
    }
});

both_engines!(migrations, /// SEC-24: while the mail server is down the report stands and its answer waits; once it is up, the sender is answered, once.
async fn sec_24_answered_once_the_mail_server_is_up(db) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let world = World::with(db, |settings| settings.mail.smtp = format!("smtp://127.0.0.1:{port}")).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let bytes = letter(&member.email, "1@halyard.example", "A laptop is gone", "It was left on the night ferry.");
    assert!(matches!(received(&cx, &bytes).await, Outcome::Reported(_)));
    for _ in 0..3 {
        world.app.work().await;
        world.app.advance(20 * 60_000);
    }
    let office = PostOffice::open_at(port);
    for _ in 0..3 {
        world.app.work().await;
        world.app.advance(20 * 60_000);
    }
    let answers: Vec<String> = office.messages().into_iter().filter(|text| text.contains("auto-replied")).collect();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert!(answers[0].contains("INC-2026-000001"));
});

both_engines!(migrations, /// SEC-24, SEC-X2: a report that came by e-mail has its report and its acknowledgement as papers, as any other.
async fn sec_x2_a_report_by_mail_has_its_papers(db) {
    let world = world(db).await;
    let (member, cx) = (member(&world).await, world.app.operator());
    let bytes = letter(&member.email, "1@halyard.example", "A laptop is gone", "It was left on the night ferry.");
    assert_eq!(received(&cx, &bytes).await, Outcome::Reported("INC-2026-000001".to_owned()));
    let manager = world.official("contract_manager").await;
    let of = incidents::get(manager.cx.db(), cases(&world).await[0].id).await.unwrap();
    for kind in [Kind::Report, Kind::Acknowledgement] {
        make_paper::<Incidents>(&manager.cx, &of, kind).await.unwrap();
    }
});
