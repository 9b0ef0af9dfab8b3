//! Every form, sent what no page of ours sends: a clear answer each time, and never a fault of ours.

use axum::body::Body;
use axum::http::{Request, header};
use testkit::{Browser, Page, both_engines};

use super::crawl::{self, Town, gets, posts};
use crate::migrations::migrations;

/// Every name under which a handler reads a field, so that each reads something odd.
const NAMES: [&str; 46] = [
    "reason",
    "email",
    "password",
    "controls",
    "add",
    "remove",
    "party",
    "next",
    "code",
    "stage",
    "side",
    "role",
    "read_only",
    "place",
    "offer",
    "name",
    "internal",
    "factors",
    "declaration",
    "choice",
    "widen",
    "why",
    "to",
    "title",
    "then",
    "summary",
    "reply",
    "present",
    "other",
    "note",
    "membership",
    "late",
    "job",
    "detail",
    "contract",
    "conditions",
    "body",
    "notes",
    "country",
    "company_number",
    "asked",
    "q.site_name",
    "q.sites.0.site_people",
    "q.points.0.text",
    "q.points.99999999999999999999.text",
    "inherent.likelihood",
];

/// Parts of dates.
const DATES: [&str; 4] = ["ends_on", "from", "to", "due"];

fn encoded(fields: &[(String, String)]) -> Vec<u8> {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    body.finish().into_bytes()
}

/// Every field with the same value, and a version.
fn all(csrf: &str, version: Option<&str>, value: &str) -> Vec<u8> {
    let mut fields = vec![("csrf".to_owned(), csrf.to_owned())];
    fields.extend(version.map(|v| ("version".to_owned(), v.to_owned())));
    fields.extend(NAMES.iter().map(|name| ((*name).to_owned(), value.to_owned())));
    for date in DATES {
        fields.extend(["day", "month", "year"].map(|part| (format!("{date}.{part}"), value.to_owned())));
    }
    encoded(&fields)
}

/// The fields of a route's form that take long texts.
fn texts(path: &str) -> &'static [&'static str] {
    match path.rsplit('/').next().unwrap_or_default() {
        "sites" => &["q.site_name"],
        "thread" => &["body"],
        "tasks" => &["title", "detail"],
        "risk" => &["summary"],
        "approve" => &["conditions", "reason"],
        "return" => &["reason", "q.points.0.text"],
        "add" | "change" => &["name", "notes"],
        "invite" => &["name"],
        _ if path.contains("/tasks/") => &["note"],
        _ if path.contains("/risk/") => &["why"],
        _ => &["reason"],
    }
}

/// What is sent, by name. `version` is the one that the record has, `long` a text of 1 MB.
fn bodies(path: &str, csrf: &str, version: &str, long: &str) -> Vec<(&'static str, Vec<u8>)> {
    let token = encoded(&[("csrf".to_owned(), csrf.to_owned())]);
    let with = |rest: &[u8]| [&token[..], b"&version=1&", rest].concat();
    let mut one = vec![("csrf".to_owned(), csrf.to_owned()), ("version".to_owned(), version.to_owned())];
    one.extend(texts(path).iter().map(|name| ((*name).to_owned(), long.to_owned())));
    let many: Vec<_> = (0..3000).map(|n| (format!("q.points.{n}.text"), "x".to_owned())).collect();
    let fields: Vec<_> = (0..3000).map(|n| (format!("field{n}"), "x".to_owned())).collect();
    vec![
        ("nothing but the token", token.clone()),
        ("a version that is no number", all(csrf, Some("one"), "x")),
        ("a version too great", all(csrf, Some("99999999999999999999"), "x")),
        ("no version", all(csrf, None, "x")),
        ("wrong types", all(csrf, Some(version), "none of these ’ \u{202e}\u{1f6a2}")),
        ("numbers", all(csrf, Some(version), "-99999999999999999999")),
        ("long", all(csrf, Some(version), &"long ".repeat(2000))),
        ("1 MB of text", encoded(&one)),
        ("bytes that are no text", with(b"reason=%ff%fe&body=%c3%28&title=\xff")),
        ("NUL", with(b"reason=a%00b&body=%00&q.site_name=%00")),
        ("3,000 points", with(&encoded(&many))),
        ("3,000 fields", with(&encoded(&fields))),
        ("the token twice", with(&token)),
        ("half an escape", with(b"reason=%&body=%4&%zz=1")),
    ]
}

async fn post(browser: &mut Browser, path: &str, body: Vec<u8>) -> Page {
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    browser.send(request, path).await
}

both_engines!(migrations, /// OWN-3: whatever is sent to a form by those who may use it, the answer is clear and never a fault of ours.
async fn no_form_breaks_over_what_it_is_sent(db) {
    let town = Town::new(db).await;
    let world = &town.world;
    let (mut bad, mut sent) = (Vec::new(), 0);
    let long = "Ahoy".repeat(1 << 18);
    for info in posts() {
        for path in town.paths(&info) {
            for who in ["lead", "manager", "administrator", "assessor", "management"] {
                // Somebody new each time: some of these forms end the session.
                let person = match who {
                    "lead" => world.person("supplier_lead", world.lead.0).await,
                    "manager" => world.official("contract_manager").await,
                    role => world.official(role).await,
                };
                let mut browser = person.browser(world);
                let csrf = crawl::csrf(&mut browser).await;
                let version = world.version(town.proposal).await.to_string();
                // Who may not do it whatever they send is told so; that is tested elsewhere.
                let probe = post(&mut browser, &path, all(&csrf, Some(&version), "x")).await;
                if [403, 404].contains(&probe.status.as_u16()) {
                    continue;
                }
                for (what, body) in bodies(&path, &csrf, &version, &long) {
                    let page = post(&mut browser, &path, body).await;
                    sent += 1;
                    let said = page.status.is_redirection() || page.body.contains("<h1") || page.body.contains("\"detail\"");
                    let said = said || page.headers.contains_key(header::CONTENT_DISPOSITION);
                    if page.status.is_server_error() || !said {
                        bad.push(format!("{who}, {what}, {path}: {} {}", page.status, page.text().chars().take(200).collect::<String>()));
                    }
                    let no_text = ["bytes that are no text", "NUL"].contains(&what);
                    if no_text && !page.status.is_client_error() && !page.location().starts_with("/sign-in") {
                        bad.push(format!("{who}, {what}, {path}: taken with {}", page.status));
                    }
                }
                // One who may is enough.
                break;
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(sent > 300, "{sent} forms");
});

/// Bodies that are no form of ours, with what they say that they are. `big` is larger than any form may be.
fn odd_bodies(csrf: &str, big: &[u8]) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let part = |head: &str, body: &str| format!("--mark\r\n{head}\r\n\r\n{body}\r\n--mark--\r\n").into_bytes();
    let token = format!("--mark\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n");
    let file = |name: &[u8], body: &[u8]| {
        let head = [b"--mark\r\nContent-Disposition: form-data; name=\"files\"; filename=\"".as_slice(), name, b"\"\r\n\r\n"].concat();
        [token.as_bytes(), &head, body].concat()
    };
    let form = "application/x-www-form-urlencoded";
    let parts = "multipart/form-data; boundary=mark";
    vec![
        ("nothing", form, Vec::new()),
        ("more than a form may hold", form, [format!("csrf={csrf}&reason=").as_bytes(), big].concat()),
        ("JSON where a form is due", "application/json", b"{\"csrf\":[[[[".to_vec()),
        ("a form without a kind", "", format!("csrf={csrf}").into_bytes()),
        ("a picture", "image/png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("parts without a boundary", "multipart/form-data", part("Content-Disposition: form-data; name=\"csrf\"", csrf)),
        ("parts without an end", parts, file(b"a.json", b"{\"rel")),
        ("a part without a head", parts, b"--mark\r\n\r\nx\r\n--mark--".to_vec()),
        ("a part without a name", parts, part("Content-Disposition: form-data", "x")),
        ("bytes for a file's name", parts, file(b"\xff\xfe", b"{}\r\n--mark--\r\n")),
        ("a way out for a file's name", parts, file(b"../../etc/passwd", b"{}\r\n--mark--\r\n")),
        ("a long name for a file", parts, file(&[b'n'; 9000], b"{}\r\n--mark--\r\n")),
        ("a file that is no text", parts, file(b"a", b"\xff\x00\xfe\r\n--mark--\r\n")),
    ]
}

both_engines!(migrations, /// OWN-3: whatever is sent to a route as a body, and of whatever kind, the answer is clear, and nothing is half-written.
async fn no_route_breaks_over_an_odd_body(db) {
    let town = Town::new(db).await;
    let (world, app) = (&town.world, &town.world.app);
    let big = vec![b'x'; 9 << 20];
    let mut bad = Vec::new();
    for person in [&town.lead, &town.manager] {
        let mut browser = person.browser(world);
        let csrf = crawl::csrf(&mut browser).await;
        app.core.refusals.settle().await;
        let before = app.db.everything().await;
        for path in posts().iter().filter(|info| !info.path.starts_with("/sign-")).flat_map(|info| town.paths(info)) {
            for (what, kind, body) in odd_bodies(&csrf, &big) {
                let request = Request::post(&path).header(header::ACCEPT, "text/html").header(header::CONTENT_TYPE, kind);
                let page = browser.send(request.body(Body::from(body)).unwrap(), &path).await;
                // Files that cannot be taken in are read all the same, and kept out with the reason.
                let taken = path == "/contracts/import" && page.status.is_redirection();
                let said = page.body.contains("<h1") || page.body.contains("\"detail\"");
                if !taken && (!page.status.is_client_error() || !said) {
                    bad.push(format!("{what}, {path}: {} {}", page.status, page.text().chars().take(200).collect::<String>()));
                }
            }
        }
        app.core.refusals.settle().await;
        let after = app.db.everything().await;
        let differ: Vec<_> = before.iter().filter(|(table, rows)| after.get(*table) != Some(rows)).map(|(table, _)| table.as_str()).collect();
        let expected = ["refusal_", "ledger_", "import_", "session", "job", "once", "subject_key"];
        assert!(differ.iter().all(|table| expected.iter().any(|e| table.starts_with(e))), "{differ:?}");
    }
    assert!(bad.is_empty(), "{bad:#?}");
});

both_engines!(migrations, /// OWN-3: whatever stands in an address or a cookie, every page answers clearly.
async fn no_page_breaks_over_an_odd_address(db) {
    let town = Town::new(db).await;
    let long = format!("?q={}", "x".repeat(50_000));
    let odd = [
        "?q=%ff", "?q=%00", "?q=%", "?page=-1", "?page=99999999999999999999", "?before=x", "?after=%F0%9F%9A%A2", "?sort=nowhere&order=up",
        "?stage=none&party=none&contract=none", "?country=ZZ&status=%27%3B--", "?q=%25%5F%5C%27%22%3C%3E", "?next=//elsewhere.example",
        "?a%5B%5D=1&a%5B%5D=2", "?&&&=&=", "?q=a&q=b", &long,
    ];
    let mut bad = Vec::new();
    for (person, cookie) in [(&town.lead, None), (&town.manager, None), (&town.manager, Some("~=,\"")), (&town.manager, Some("x"))] {
        let mut browser = person.browser(&town.world);
        if let Some(cookie) = cookie {
            browser.set_cookie("vouchsafe", cookie);
            browser.set_cookie("vouchsafe-visitor", &cookie.repeat(200));
        }
        for path in gets().iter().flat_map(|info| town.paths(info)) {
            for query in odd {
                let page = crawl::open(&mut browser, &format!("{path}{query}")).await;
                let said = page.status.is_redirection() || page.body.contains("<h1") || page.body.contains("\"detail\"");
                let said = said || page.headers.contains_key(header::CONTENT_DISPOSITION);
                if page.status.is_server_error() || !said {
                    bad.push(format!("{path}{}: {}", query.chars().take(40).collect::<String>(), page.status));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
});
