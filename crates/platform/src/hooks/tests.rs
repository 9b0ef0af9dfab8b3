//! Signatures against published cases, and where messages may go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::IpAddr;

use serde_json::Value;

use super::reach::{address, is_public, look_up};
use super::signing::{Received, Secret};
use crate::error::Error;

#[test]
fn the_published_cases_hold() {
    let Some(folder) = testkit::shared_data() else { return testkit::skipped("the shared data is not at hand") };
    let text = std::fs::read_to_string(folder.join("webhooks/standard_webhooks_cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut good = 0;
    for case in &cases {
        let header = |name: &str| case["headers"].get(name).and_then(Value::as_str);
        let Ok(secret) = Secret::read(case["secret"].as_str().unwrap()) else {
            assert_eq!(case["valid"], false, "{}", case["name"]);
            continue;
        };
        let now = case["now"].as_i64().unwrap();
        let body = case["body"].as_str().unwrap().as_bytes();
        let message = Received { id: header("webhook-id"), at: header("webhook-timestamp"), signature: header("webhook-signature"), body };
        assert_eq!(secret.vouches(&message, now), case["valid"].as_bool().unwrap(), "{}", case["name"]);
        if case["valid"] == true {
            good += 1;
            let own = secret.sign(message.id.unwrap(), message.at.unwrap().parse().unwrap(), body).unwrap();
            assert!(message.signature.unwrap().split(' ').any(|given| given == own), "{}", case["name"]);
        }
    }
    assert!(cases.len() >= 10 && good >= 2, "{} cases, {good} good", cases.len());
}

#[test]
fn a_secret_is_fresh_and_never_printed() {
    let (one, other) = (Secret::fresh().unwrap(), Secret::fresh().unwrap());
    assert!(one.text().starts_with("whsec_") && one.text() != other.text());
    assert_eq!(format!("{one:?}"), "Secret(…)");
    let sent = one.sign("m", 1_700_000_000, b"{}").unwrap();
    let of = |signature| Received { id: Some("m"), at: Some("1700000000"), signature: Some(signature), body: b"{}" };
    assert!(one.vouches(&of(&sent), 1_700_000_100));
    assert!(!other.vouches(&of(&sent), 1_700_000_100));
    assert!(!one.vouches(&of(&sent), 1_700_000_301), "too old");
}

#[test]
fn which_addresses_are_public() {
    let public = ["8.8.8.8", "93.184.216.34", "100.63.255.255", "172.32.0.1", "2606:4700::1", "2a00:1450::1", "::ffff:8.8.8.8"];
    let private = [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2001:db8::1",
        "2002:7f00:1::",
        "2001::1",
        "64:ff9b::7f00:1",
    ];
    for (list, expected) in [(&public[..], true), (&private[..], false)] {
        for text in list {
            assert_eq!(is_public(text.parse::<IpAddr>().unwrap()), expected, "{text}");
        }
    }
}

#[tokio::test]
async fn addresses_are_judged_when_written_and_when_used() {
    for (text, fault) in [
        ("nonsense", "webhook-url-wrong"),
        ("http://tickets.example/hook", "webhook-url-https"),
        ("ftp://tickets.example/", "webhook-url-https"),
        ("https://user:secret@tickets.example/", "webhook-url-password"),
        ("https://127.0.0.1/hook", "webhook-url-private"),
        ("https://[::1]/hook", "webhook-url-private"),
        // The same address, as other notations write it.
        ("https://2130706433/hook", "webhook-url-private"),
        ("https://0x7f.1/hook", "webhook-url-private"),
    ] {
        let Err(Error::Invalid(errors)) = address(text, false, "url") else { panic!("{text} is taken") };
        assert_eq!(errors.get("url").unwrap().id, fault, "{text}");
    }
    assert!(address(&format!("https://tickets.example/{}", "x".repeat(600)), false, "url").is_err());
    assert!(address("https://tickets.example/hook?a=b", false, "url").is_ok());
    assert!(address("http://127.0.0.1:8080/hook", true, "url").is_ok());
    // A name that has come to mean this machine.
    let local = "https://localhost/hook".parse().unwrap();
    assert_eq!(look_up(&local, false).await, Err("private"));
    assert!(look_up(&local, true).await.is_ok());
    assert_eq!(look_up(&"https://nowhere.invalid/".parse().unwrap(), false).await, Err("unknown-host"));
}
