//! Every form, sent what no page of ours sends: a clear answer each time, and never a fault of ours.

use axum::body::Body;
use axum::http::{Request, header};
use testkit::{Browser, Page, both_engines};

use super::crawl::{self, Town, posts};
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
