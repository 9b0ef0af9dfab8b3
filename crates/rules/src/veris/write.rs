//! Writes VERIS 1.4.

use serde_json::{Map, Value, json};

use super::record::{Actor, By, Counted, Discovered, Kind, Record, Span, When, Who, YEARS};
use super::standard::{DISCOVERERS, FORMAT, OURS, plain};
use super::take::{Object, Taking};
use super::{exact, lists};

/// The edition that is written.
const EDITION: &str = "1.4.1";

/// Industries by the beginning of their NAICS code, as VERIS takes them; `00` is none that is known.
const INDUSTRIES: [&str; 25] = [
    "00", "11", "21", "22", "23", "31", "32", "33", "42", "44", "45", "48", "49", "51", "52", "53", "54", "55", "56", "61", "62", "71",
    "72", "81", "92",
];

/// An incident as VERIS 1.4, valid by its schema whatever the record says, and read back by [`super::Reading`] as the same record.
///
/// VERIS wants a year of every incident: `reported` is the one that stands where the record knows none, the year of the report. Words that VERIS does
/// not know stand as `Other` or `Unknown`. What it cannot hold exactly, our reference and our categories stand in `plus.vouchsafe`, which other readers
/// leave alone. Nothing there vouches for itself: a reference in a file proves nothing to whoever reads it.
#[must_use]
pub fn write(record: &Record, reported: i16) -> Value {
    let mut document = standard(record, reported);
    let read = plain(&document, &mut Taking::default());
    let exact = exact::differing(&read, record);
    if !exact.is_empty()
        && let Some(Value::Object(ours)) = document.get_mut("plus").and_then(|plus| plus.get_mut(OURS))
    {
        ours.insert("exact".to_owned(), Value::Object(exact));
    }
    Value::Object(document)
}

/// An object of these fields, without those that are none.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Object {
    fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn standard(record: &Record, reported: i16) -> Object {
    object([
        ("schema_version", Some(EDITION.into())),
        ("incident_id", Some(record.id.clone().into())),
        ("source_id", record.source.clone().map(Value::from)),
        ("security_incident", Some(word("certainty", record.certainty.as_deref(), "Suspected"))),
        ("summary", Some(record.summary.clone().unwrap_or_default().into())),
        ("notes", record.notes.clone().filter(|notes| !notes.is_empty()).map(Value::from)),
        ("reference", record.published.clone().map(Value::from)),
        ("victim", victim(record)),
        ("timeline", Some(timeline(record, reported))),
        ("discovery_method", Some(discovery(&record.discovered))),
        ("actor", Some(actors(&record.actors))),
        ("action", Some(actions(record))),
        ("asset", Some(assets(record))),
        ("attribute", attributes(record)),
        ("plus", Some(plus(record))),
    ])
}

/// What VERIS 1.4 calls a word, or what stands for one that it does not know.
fn word(list: &str, said: Option<&str>, otherwise: &str) -> Value {
    said.and_then(|said| lists::word(list, said)).unwrap_or(otherwise).into()
}

/// Words of a list, each once; none where there are none.
fn words(list: &str, said: &[String]) -> Option<Value> {
    let mut found: Vec<&str> = Vec::with_capacity(said.len());
    for said in said {
        let word = lists::word(list, said).unwrap_or("Other");
        if !found.contains(&word) {
            found.push(word);
        }
    }
    (!found.is_empty()).then(|| found.into())
}

/// Words of a list where VERIS wants at least one.
fn some(list: &str, said: &[String]) -> Option<Value> {
    Some(words(list, said).unwrap_or_else(|| json!(["Unknown"])))
}

/// Names, each once; none where there are none.
fn names(said: &[String]) -> Option<Value> {
    let mut found: Vec<&str> = Vec::with_capacity(said.len());
    for said in said {
        if !found.contains(&said.as_str()) {
            found.push(said);
        }
    }
    (!found.is_empty()).then(|| found.into())
}

fn victim(record: &Record) -> Option<Value> {
    let others = (!record.further_victims.is_empty()).then(|| json!({ "victim_id": record.further_victims }));
    let nothing = record.victim.is_none() && others.is_none() && record.countries.is_empty() && record.industry.is_none();
    if nothing && record.size.is_none() {
        return None;
    }
    let industry = record.industry.as_deref().filter(|code| is_industry(code)).unwrap_or("00");
    let fields = object([
        ("victim_id", record.victim.clone().map(Value::from)),
        ("country", some(lists::COUNTRY, &record.countries)),
        ("industry", Some(industry.into())),
        ("employee_count", Some(word("size", record.size.as_deref(), "Unknown"))),
        ("government", Some(json!(["Unknown"]))),
        ("secondary", others),
    ]);
    Some(Value::Object(fields))
}

fn is_industry(code: &str) -> bool {
    let begins = INDUSTRIES.iter().find_map(|begin| code.strip_prefix(begin));
    begins.is_some_and(|rest| code.len() <= 6 && rest.strip_prefix('-').unwrap_or(rest).bytes().all(|byte| byte.is_ascii_digit()))
}

fn timeline(record: &Record, reported: i16) -> Value {
    let happened = record.happened.clone().unwrap_or_default();
    let year = happened.year.filter(|year| YEARS.contains(year));
    let incident = object([
        ("year", Some(year.unwrap_or_else(|| i64::from(reported).clamp(*YEARS.start(), *YEARS.end())).into())),
        ("month", happened.month.filter(|month| (1..=12).contains(month)).map(Value::from)),
        ("day", happened.day.filter(|day| (1..=31).contains(day)).map(Value::from)),
        ("time", happened.time.filter(|time| is_time(time)).map(Value::from)),
    ]);
    Value::Object(object([("incident", Some(Value::Object(incident))), ("discovery", record.discovery_lag.as_ref().map(span))]))
}

/// Whether a text is a time of day as VERIS writes it: `09:30:00 PM`.
fn is_time(text: &str) -> bool {
    let digits = |from: usize, most: u8| text.get(from..from + 2).and_then(|two| two.parse::<u8>().ok()).is_some_and(|found| found <= most);
    let marks: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let hour = digits(0, 12) && !text.starts_with("00");
    hour && digits(3, 59) && digits(6, 59) && (marks == "00:00:00 AM" || marks == "00:00:00 PM")
}

fn span(of: &Span) -> Value {
    Value::Object(object([("unit", Some(word("unit", Some(&of.unit), "Unknown"))), ("value", of.value.clone().map(Value::Number))]))
}

fn discovery(of: &[Discovered]) -> Value {
    let mut found = Map::new();
    for (key, _, by, list) in DISCOVERERS {
        let how: Vec<String> = of.iter().filter(|one| one.by == by).flat_map(|one| one.how.clone()).collect();
        if of.iter().any(|one| one.by == by) {
            found.insert(key.to_owned(), json!({ "variety": some(list, &how) }));
        }
    }
    let by_others = of.iter().any(|one| one.by == By::Other);
    if by_others {
        found.insert("other".to_owned(), true.into());
    }
    if found.is_empty() || of.iter().any(|one| one.by == By::Unknown) {
        found.insert("unknown".to_owned(), true.into());
    }
    Value::Object(found)
}

fn actors(of: &[Actor]) -> Value {
    let mut found = Map::new();
    for (who, key) in [(Who::External, "external"), (Who::Internal, "internal"), (Who::Partner, "partner")] {
        let these: Vec<&Actor> = of.iter().filter(|actor| actor.who.contains(&who)).collect();
        if these.is_empty() {
            continue;
        }
        let list = format!("actor.{key}");
        // Of several kinds in one, what is said of which is not known: a word is taken for those that may be called so.
        let fits = |actor: &Actor, said: &str| actor.who.len() == 1 || lists::word(&list, said).is_some();
        let all = |of: fn(&Actor) -> &[String]| -> Vec<String> { these.iter().flat_map(|actor| of(actor).to_vec()).collect() };
        let varieties: Vec<String> =
            these.iter().flat_map(|actor| actor.varieties.iter().filter(|said| fits(actor, said)).cloned()).collect();
        let motives = some("motive", &all(|actor| &actor.motives));
        let named: Vec<&Actor> = these.iter().copied().filter(|actor| actor.who.len() == 1 || who == Who::Partner).collect();
        let called = names(&named.iter().flat_map(|actor| actor.names.clone()).collect::<Vec<_>>());
        let from: Vec<String> = named.iter().flat_map(|actor| actor.countries.clone()).collect();
        let fields = match who {
            Who::Partner => object([("motive", motives), ("country", some(lists::COUNTRY, &from)), ("name", called)]),
            Who::Internal => object([("variety", some(&list, &varieties)), ("motive", motives)]),
            _ => object([
                ("variety", some(&list, &varieties)),
                ("motive", motives),
                ("country", words(lists::COUNTRY, &from)),
                ("name", called),
            ]),
        };
        found.insert(key.to_owned(), Value::Object(fields));
    }
    if found.is_empty() || of.iter().any(|actor| actor.who.contains(&Who::Unknown)) {
        found.insert("unknown".to_owned(), json!({}));
    }
    Value::Object(found)
}

fn actions(record: &Record) -> Value {
    let mut found = Map::new();
    for kind in Kind::ALL {
        let mut these = record.actions.iter().filter(|action| action.kind == kind).peekable();
        if these.peek().is_none() {
            continue;
        }
        let (mut varieties, mut vectors, mut targets) = (Vec::new(), Vec::new(), Vec::new());
        for action in these {
            varieties.extend(action.varieties.iter().cloned());
            vectors.extend(action.vectors.iter().cloned());
            targets.extend(action.targets.iter().cloned());
        }
        let list = |what: &str| format!("{}.{what}", kind.code());
        let fields = match kind {
            Kind::Unknown => Map::new(),
            Kind::Environmental => object([("variety", some(&list("variety"), &varieties))]),
            _ => object([
                ("variety", some(&list("variety"), &varieties)),
                ("vector", some(&list("vector"), &vectors)),
                ("target", (kind == Kind::Social).then(|| some("social.target", &targets)).flatten()),
            ]),
        };
        found.insert(kind.code().to_owned(), Value::Object(fields));
    }
    if found.is_empty() {
        found.insert(Kind::Unknown.code().to_owned(), json!({}));
    }
    Value::Object(found)
}

/// Things of a list with how many, each once.
fn counted(list: &str, of: &[Counted]) -> Option<Value> {
    let mut found: Vec<Value> = Vec::with_capacity(of.len());
    for one in of {
        let fields = object([("variety", Some(word(list, Some(&one.variety), "Other"))), ("amount", one.amount.map(Value::from))]);
        let value = Value::Object(fields);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (!found.is_empty()).then(|| found.into())
}

fn assets(record: &Record) -> Value {
    let fields = object([
        ("assets", Some(counted("asset", &record.assets).unwrap_or_else(|| json!([{ "variety": "Unknown" }])))),
        ("cloud", some("cloud", &record.cloud)),
        ("hosting", words("hosting", &record.hosting)),
        ("management", words("management", &record.management)),
        ("ownership", words("ownership", &record.ownership)),
    ]);
    Value::Object(fields)
}

fn attributes(record: &Record) -> Option<Value> {
    let confidentiality = record.confidentiality.as_ref().map(|of| {
        let fields = object([
            ("data_disclosure", Some(word("disclosure", of.disclosure.as_deref(), "Unknown"))),
            ("data", counted("data", &of.data)),
            ("data_total", of.total.map(Value::from)),
            ("data_victim", words("subject", &of.subjects)),
            ("state", words("state", &of.states)),
        ]);
        Value::Object(fields)
    });
    let of = |list: &str, said: &[String]| words(list, said).map(|words| json!({ "variety": words }));
    let fields = object([
        ("confidentiality", confidentiality),
        ("integrity", of("integrity", &record.integrity)),
        ("availability", of("availability", &record.availability)),
    ]);
    (!fields.is_empty()).then(|| Value::Object(fields))
}

fn plus(record: &Record) -> Value {
    let categories = record.categories.as_ref().map(|all| all.iter().map(|category| Value::from(category.code())).collect());
    let ours =
        object([("format", Some(FORMAT.into())), ("reference", record.reference.clone().map(Value::from)), ("categories", categories)]);
    let notified = record.notified.as_ref().map(|when| json!({ "notification": as_written(when) }));
    Value::Object(object([("timeline", notified), (OURS, Some(Value::Object(ours)))]))
}

fn as_written(when: &When) -> Value {
    let number = |number: Option<i64>| number.filter(|number| *number >= 0).map(Value::from);
    let fields = object([
        ("year", number(when.year)),
        ("month", number(when.month)),
        ("day", number(when.day)),
        ("time", when.time.clone().map(Value::from)),
    ]);
    Value::Object(fields)
}
