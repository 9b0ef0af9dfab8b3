//! Generates answers to the test form: mostly right, partly missing, sometimes wrong.

use std::ops::Range;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Map, Value, json};

fn text(w: u32) -> BoxedStrategy<Value> {
    prop_oneof![
        6 => "[a-zA-Zé][a-zA-Z é,.]{0,10}[a-zé]".prop_map(Value::from),
        w => "[a-z]{15,70}".prop_map(Value::from),
        w => Just(json!("two\nlines")),
        w => select(vec![json!(7), json!(true), json!(["a"]), json!("bell\u{7}")]),
    ]
    .boxed()
}

fn yes_no(w: u32) -> BoxedStrategy<Value> {
    prop_oneof![8 => any::<bool>().prop_map(Value::from), 2 => Just(json!("unknown")), w => Just(json!("yes"))].boxed()
}

fn date(w: u32) -> BoxedStrategy<Value> {
    day(w, 2020..2040)
}

fn day(w: u32, years: Range<i16>) -> BoxedStrategy<Value> {
    let real = (years, 1_i8..13, 1_i8..29).prop_map(|(y, m, d)| json!(format!("{y}-{m:02}-{d:02}")));
    prop_oneof![8 => real, w => select(vec![json!("2026-02-30"), json!("soon"), json!(20_260_101)])].boxed()
}

fn moment(w: u32, years: Range<i16>) -> BoxedStrategy<Value> {
    let real = (0_u8..24, 0_u8..60).prop_map(|(hour, minute)| json!(format!("{hour:02}:{minute:02}")));
    let wrong = select(vec![json!("25:00"), json!("24:00"), json!("9:05"), json!("14:30:00"), json!("14:60"), json!("soon"), json!(1430)]);
    let time = prop_oneof![8 => real, w => wrong];
    let time = prop_oneof![3 => time.prop_map(Some), 2 => Just(None)];
    let date = prop_oneof![20 => day(w, years).prop_map(Some), w => Just(None)];
    let parts = (date, time).prop_map(|(date, time)| {
        let given = [("date", date), ("time", time)].into_iter().filter_map(|(part, value)| Some((part.to_owned(), value?)));
        Value::Object(given.collect())
    });
    prop_oneof![20 => parts, w => select(vec![json!("2026-03-02T14:30"), json!({"date": "2026-03-02", "zone": "UTC"})])].boxed()
}

fn country(w: u32) -> BoxedStrategy<Value> {
    // Codes of the right form that no register knows cannot be told by a schema, so none is made here.
    prop_oneof![8 => select(vec!["IN", "GB", "NO"]).prop_map(Value::from), w => select(vec![json!("india"), json!(3)])].boxed()
}

fn several(w: u32, ids: &'static [&'static str]) -> BoxedStrategy<Value> {
    prop_oneof![1 => subsequence(ids, 0..=ids.len()).prop_map(Value::from), w => vec(select(vec!["IN", "access", "else"]), 0..4).prop_map(Value::from)].boxed()
}

fn object(w: u32, parts: Vec<(&'static str, u32, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    parts
        .into_iter()
        .map(|(key, weight, value)| {
            prop_oneof![weight * (20 - 19 * w) => value.prop_map(Some), if weight > 4 { w } else { 1 } => Just(None)]
                .prop_map(move |value| (key, value))
        })
        .collect::<Vec<_>>()
        .prop_map(|pairs| {
            let map: Map<String, Value> = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
            Value::Object(map)
        })
        .boxed()
}

fn email(w: u32) -> BoxedStrategy<Value> {
    prop_oneof![8 => "[a-z]{1,8}@[a-z]{1,8}\\.example".prop_map(Value::from), w => "[a-z@.]{1,9}".prop_map(Value::from)].boxed()
}

fn telephone(w: u32) -> BoxedStrategy<Value> {
    prop_oneof![8 => "\\+[0-9]{2} [0-9]{4,10}".prop_map(Value::from), w => "[0-9x]{1,6}".prop_map(Value::from)].boxed()
}

fn site(w: u32) -> BoxedStrategy<Value> {
    let address = object(w, vec![("lines", 9, text(w)), ("town", 9, text(w)), ("postcode", 2, text(w)), ("country", 9, country(w))]);
    object(
        w,
        vec![
            ("site_name", 9, text(w)),
            ("address", 9, address),
            ("is_home", 2, prop_oneof![9 => Just(json!(false)), w => Just(json!(true))].boxed()),
            ("home_workers", 3, any::<bool>().prop_map(Value::from).boxed()),
            ("home_managed", 5, text(w)),
            ("site_level", 5, text(w)),
        ],
    )
}

/// Answers to the whole form, half of them with nothing wrong in themselves.
pub(super) fn all() -> BoxedStrategy<Value> {
    prop_oneof![whole_form(0), whole_form(1)].boxed()
}

/// `w` weighs what is wrong or missing: 0 or 1.
fn whole_form(w: u32) -> BoxedStrategy<Value> {
    let period = (date(w), date(w)).prop_map(|(a, b)| {
        // A schema cannot compare days.
        let (from, to) = if a.as_str() <= b.as_str() { (a, b) } else { (b, a) };
        json!({"from": from, "to": to})
    });
    let amount = prop_oneof![8 => (0_i64..1_000_000).prop_map(Value::from), w => select(vec![json!(-1), json!("12"), json!(1.5)])];
    object(
        w,
        vec![
            ("description", 20, text(w)),
            ("title", 3, text(w)),
            (
                "staff",
                5,
                prop_oneof![8 => (1_i64..30).prop_map(Value::from), w => select(vec![json!(0), json!(2.5), json!(501), json!(3.0)])]
                    .boxed(),
            ),
            ("share", 2, prop_oneof![1 => (0.0..1.0_f64).prop_map(Value::from), w => select(vec![json!("half"), json!(1.01)])].boxed()),
            ("personal", 20, yes_no(w)),
            ("personal_why", 9, text(w)),
            ("kinds", 5, several(w, &["hosting", "access", "support"])),
            ("level", 5, prop_oneof![4 => select(vec![json!("low"), json!("high")]), w => Just(json!("none"))].boxed()),
            (
                "cost",
                5,
                object(
                    w,
                    vec![
                        ("amount", 20, amount.boxed()),
                        (
                            "currency",
                            20,
                            prop_oneof![4 => select(vec![json!("GBP"), json!("KWD"), json!("JPY")]), w => Just(json!("gbp"))].boxed(),
                        ),
                    ],
                ),
            ),
            ("cost_note", 9, text(w)),
            ("start", 9, date(w)),
            ("window", 3, period.boxed()),
            // A schema cannot compare moments: one is always noticed after it happened.
            ("happened", 3, moment(w, 2020..2040)),
            ("noticed", 3, moment(w, 2041..2060)),
            ("noticed_by", 9, text(w)),
            (
                "owner",
                3,
                object(
                    w,
                    vec![
                        ("name", 9, text(w)),
                        ("role", 9, text(w)),
                        ("email", 9, email(w)),
                        ("telephone", 9, telephone(w)),
                        ("address", 3, text(w)),
                    ],
                ),
            ),
            (
                "diagram",
                3,
                object(
                    w,
                    vec![
                        ("file", 3, prop_oneof![4 => Just(json!("f1")), w => Just(json!(7))].boxed()),
                        ("note", 9, text(w)),
                        ("reference", 3, text(w)),
                        ("date", 9, date(w)),
                    ],
                ),
            ),
            ("country", 20, country(w)),
            ("others", 3, several(w, &["IN", "GB", "NO"])),
            ("sites", 20, prop_oneof![4 => vec(site(w), 1..4), w => vec(site(w), 0..5)].prop_map(Value::from).boxed()),
            ("home_policy", 9, text(w)),
        ],
    )
}

/// Any JSON at all under the form's ids and others.
pub(super) fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    let keys = select(vec!["sites", "address", "cost", "amount", "kinds", "level", "start", "country", "site_name", "date", "time", "x"]);
    let value = leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((keys.clone(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    });
    vec(
        (
            select(vec![
                "sites", "cost", "kinds", "level", "start", "window", "happened", "noticed", "owner", "country", "others", "staff",
                "personal", "y",
            ]),
            value,
        ),
        0..8,
    )
    .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    .boxed()
}
