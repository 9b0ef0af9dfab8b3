//! Reads what is used of a release, and says what keeps it out.

use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

use super::model::{Award, Contract, Counts, LONGEST, Money, Organisation, Period, Reason, Release};
use super::money;
use crate::country::Country;
use crate::message::Message;

/// What a release may tell of, by the standard's closed list.
const TAGS: [&str; 16] = [
    "planning",
    "planningUpdate",
    "tender",
    "tenderAmendment",
    "tenderUpdate",
    "tenderCancellation",
    "award",
    "awardUpdate",
    "awardCancellation",
    "contract",
    "contractUpdate",
    "contractAmendment",
    "implementation",
    "implementationUpdate",
    "contractTermination",
    "compiled",
];

/// Most reasons given for one release.
const MOST_REASONS: usize = 20;

type Object = Map<String, Value>;

/// Counts what the release names, taken or not: whatever has another shape counts nothing.
pub(super) fn counts(release: &Value) -> Counts {
    let list = |key: &str| release.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let supplies = |party: &Value| party.get("roles").and_then(Value::as_array).is_some_and(|r| r.iter().any(|role| role == "supplier"));
    let parties = list("parties");
    let awards = list("awards");
    // An organisation is its id here; one without an id is itself.
    let mut suppliers: Vec<&Value> = Vec::new();
    let mut count = 0;
    let named = awards.iter().filter_map(|award| award.get("suppliers").and_then(Value::as_array)).flatten();
    for supplier in parties.iter().filter(|party| supplies(party)).chain(named) {
        let key = match supplier.get("id") {
            None | Some(Value::Null) => supplier,
            Some(id) => id,
        };
        if !suppliers.contains(&key) {
            suppliers.push(key);
            count += 1;
        }
    }
    Counts { parties: parties.len(), suppliers: count, awards: awards.len() }
}

/// Whether the object has anything of a release.
pub(super) fn resembles_release(object: &Object) -> bool {
    ["ocid", "id", "tag", "date", "initiationType", "parties", "buyer", "planning", "tender", "awards", "contracts"]
        .iter()
        .any(|key| object.contains_key(*key))
}

/// The release, unless a reason keeps it out; and the reasons.
pub(super) fn release(object: &Object) -> (Option<Release>, Vec<Reason>) {
    let mut reader = Reader::default();
    let release = reader.release(object);
    let mut reasons = reader.reasons;
    let kept_out = reasons.iter().any(|reason| reason.quarantines);
    if reasons.len() > MOST_REASONS {
        let more = reasons.len() - MOST_REASONS;
        // What keeps it out comes first; the sort keeps the order otherwise.
        reasons.sort_by_key(|reason| !reason.quarantines);
        reasons.truncate(MOST_REASONS);
        reasons.push(Reason { message: Message::new("ocds-more").with("count", more), quarantines: kept_out });
    }
    (release.filter(|_| !kept_out), reasons)
}

/// The text without blanks around it and without characters that cannot be shown or stored; `None` when nothing is left.
fn clean(text: &str) -> Option<String> {
    let text: String = text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect();
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[derive(Default)]
struct Reader {
    reasons: Vec<Reason>,
}

impl Reader {
    fn fault(&mut self, message: Message) {
        self.reasons.push(Reason { message, quarantines: true });
    }

    fn warn(&mut self, message: Message) {
        self.reasons.push(Reason { message, quarantines: false });
    }

    fn missing(&mut self, path: &str) {
        self.fault(Message::new("ocds-missing").with("path", path));
    }

    fn wrong(&mut self, path: &str, expected: &'static str) {
        self.fault(Message::new("ocds-wrong-type").with("path", path).with("expected", expected));
    }

    /// A text that may be absent. Longer ones than `longest` characters are a fault.
    fn text(&mut self, of: &Object, key: &str, at: &str, longest: usize) -> Option<String> {
        match of.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => {
                let text = clean(text)?;
                if text.chars().count() > longest {
                    self.fault(Message::new("ocds-too-long").with("path", join(at, key)).with("max", longest));
                }
                Some(text)
            }
            Some(_) => {
                self.wrong(&join(at, key), "text");
                None
            }
        }
    }

    /// A name, title or code.
    fn name(&mut self, of: &Object, key: &str, at: &str) -> Option<String> {
        self.text(of, key, at, LONGEST)
    }

    /// An id within the release: a text or a whole number.
    fn local_id(&mut self, of: &Object, key: &str, at: &str) -> Option<String> {
        match of.get(key) {
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Some(number.to_string()),
            Some(Value::Number(_)) => {
                self.wrong(&join(at, key), "id");
                None
            }
            _ => self.name(of, key, at),
        }
    }

    fn object<'a>(&mut self, of: &'a Object, key: &str, at: &str) -> Option<&'a Object> {
        match of.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(object),
            Some(_) => {
                self.wrong(&join(at, key), "object");
                None
            }
        }
    }

    /// The objects of a list that may be absent, each with its path.
    fn objects<'a>(&mut self, of: &'a Object, key: &str, at: &str) -> Vec<(String, &'a Object)> {
        let entries = match of.get(key) {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(entries)) => entries.as_slice(),
            Some(_) => {
                self.wrong(&join(at, key), "list");
                &[][..]
            }
        };
        let mut objects = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let path = format!("{}[{index}]", join(at, key));
            match entry {
                Value::Object(object) => objects.push((path, object)),
                _ => self.wrong(&path, "object"),
            }
        }
        objects
    }

    fn texts(&mut self, of: &Object, key: &str, at: &str) -> Vec<String> {
        let entries = match of.get(key) {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(entries)) => entries.as_slice(),
            Some(_) => {
                self.wrong(&join(at, key), "list");
                &[][..]
            }
        };
        let mut texts = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            match entry {
                Value::String(text) => texts.extend(clean(text)),
                _ => self.wrong(&format!("{}[{index}]", join(at, key)), "text"),
            }
        }
        texts
    }

    fn release(&mut self, object: &Object) -> Option<Release> {
        let ocid = self.name(object, "ocid", "$");
        if ocid.is_none() && !self.blames("$.ocid") {
            self.missing("$.ocid");
        }
        let at_ms = self.instant(object);
        let tags = self.tags(object);
        self.initiation(object);
        let id = self.name(object, "id", "$");
        let id_blamed = self.blames("$.id");
        let parties = self.parties(object);
        let buyer = self.object(object, "buyer", "$").map(|buyer| self.organisation(buyer, "$.buyer"));
        let buyer = buyer.map(|buyer| described(&buyer, &parties));
        let tender = self.object(object, "tender", "$");
        let awards = self.awards(object, &parties);
        let contracts = self.contracts(object);
        let (title, description, period, value) = match tender {
            None => (None, None, None, None),
            Some(tender) => {
                if self.local_id(tender, "id", "$.tender").is_none() && !self.blames("$.tender.id") {
                    self.missing("$.tender.id");
                }
                (
                    self.name(tender, "title", "$.tender"),
                    self.text(tender, "description", "$.tender", usize::MAX),
                    self.period(tender, "contractPeriod", "$.tender"),
                    self.money(tender, "$.tender"),
                )
            }
        };
        let (Some(ocid), Some(at_ms)) = (ocid, at_ms) else {
            if id.is_none() && !id_blamed {
                self.missing("$.id");
            }
            return None;
        };
        let id = match id {
            Some(id) => id,
            None if id_blamed => return None,
            None => {
                let id = derived_id(&ocid, at_ms, &tags);
                self.warn(Message::new("ocds-derived-id").with("id", &id));
                id
            }
        };
        Some(Release { ocid, id, at_ms, tags, title, description, period, value, buyer, parties, awards, contracts })
    }

    /// Whether a fault names this path.
    fn blames(&self, path: &str) -> bool {
        self.reasons.iter().any(|reason| reason.quarantines && reason.message.args.get("path").is_some_and(|p| p == path))
    }

    fn instant(&mut self, object: &Object) -> Option<i64> {
        let text = self.name(object, "date", "$");
        if let Some(text) = &text {
            let read = instant(text);
            if read.is_none() {
                self.fault(Message::new("ocds-bad-date").with("path", "$.date"));
            }
            return read;
        }
        if !self.blames("$.date") {
            self.missing("$.date");
        }
        None
    }

    fn tags(&mut self, object: &Object) -> Vec<String> {
        let tags = self.texts(object, "tag", "$");
        if tags.is_empty() && !self.reasons.iter().any(|r| r.message.args.get("path").is_some_and(|p| p.starts_with("$.tag"))) {
            self.missing("$.tag");
        }
        for tag in &tags {
            if !TAGS.contains(&tag.as_str()) {
                let shown: String = tag.chars().take(60).collect();
                self.fault(Message::new("ocds-unknown-tag").with("tag", shown));
            }
        }
        tags
    }

    fn initiation(&mut self, object: &Object) {
        match self.name(object, "initiationType", "$").as_deref() {
            Some("tender") => {}
            Some(_) => self.fault(Message::new("ocds-initiation")),
            None if self.blames("$.initiationType") => {}
            None => self.missing("$.initiationType"),
        }
    }

    fn parties(&mut self, object: &Object) -> Vec<Organisation> {
        let entries = self.objects(object, "parties", "$");
        entries.into_iter().map(|(path, party)| self.organisation(party, &path)).collect()
    }

    fn organisation(&mut self, of: &Object, at: &str) -> Organisation {
        let identifier = self.object(of, "identifier", at);
        let inside = join(at, "identifier");
        let (scheme, number, legal) = match identifier {
            None => (None, None, None),
            Some(identifier) => (
                self.name(identifier, "scheme", &inside),
                self.local_id(identifier, "id", &inside),
                self.name(identifier, "legalName", &inside),
            ),
        };
        let address = self.object(of, "address", at);
        let inside = join(at, "address");
        let (address, stated) = address.map_or((None, None), |address| self.address(address, &inside));
        Organisation {
            local_id: self.local_id(of, "id", at),
            name: self.name(of, "name", at).or(legal),
            scheme,
            number,
            roles: self.texts(of, "roles", at),
            country: stated.as_deref().and_then(|stated| Country::resolve(stated).ok()),
            country_stated: stated,
            address,
        }
    }

    fn address(&mut self, address: &Object, at: &str) -> (Option<String>, Option<String>) {
        let mut lines: Vec<String> = Vec::new();
        for key in ["streetAddress", "locality", "region", "postalCode"] {
            lines.extend(self.text(address, key, at, 4 * LONGEST));
        }
        let stated = self.name(address, "countryName", at);
        lines.extend(stated.clone());
        lines.dedup();
        (Some(lines.join("\n")).filter(|text| !text.is_empty()), stated)
    }

    fn awards(&mut self, object: &Object, parties: &[Organisation]) -> Vec<Award> {
        let mut awards = Vec::new();
        for (at, award) in self.objects(object, "awards", "$") {
            let id = self.local_id(award, "id", &at);
            if id.is_none() && !self.blames(&join(&at, "id")) {
                self.missing(&join(&at, "id"));
            }
            let suppliers = self.objects(award, "suppliers", &at);
            awards.push(Award {
                id: id.unwrap_or_default(),
                title: self.name(award, "title", &at),
                description: self.text(award, "description", &at, usize::MAX),
                status: self.name(award, "status", &at),
                value: self.money(award, &at),
                period: self.period(award, "contractPeriod", &at),
                suppliers: suppliers.into_iter().map(|(at, supplier)| described(&self.organisation(supplier, &at), parties)).collect(),
            });
        }
        awards
    }

    fn contracts(&mut self, object: &Object) -> Vec<Contract> {
        let mut contracts = Vec::new();
        for (at, contract) in self.objects(object, "contracts", "$") {
            let id = self.local_id(contract, "id", &at);
            let award = self.local_id(contract, "awardID", &at);
            for (key, value) in [("id", &id), ("awardID", &award)] {
                if value.is_none() && !self.blames(&join(&at, key)) {
                    self.missing(&join(&at, key));
                }
            }
            contracts.push(Contract {
                id: id.unwrap_or_default(),
                award: award.unwrap_or_default(),
                title: self.name(contract, "title", &at),
                description: self.text(contract, "description", &at, usize::MAX),
                status: self.name(contract, "status", &at),
                value: self.money(contract, &at),
                period: self.period(contract, "period", &at),
            });
        }
        contracts
    }

    fn money(&mut self, of: &Object, at: &str) -> Option<Money> {
        let value = self.object(of, "value", at)?;
        let at = join(at, "value");
        let currency = self.name(value, "currency", &at);
        let amount = match value.get("amount") {
            None | Some(Value::Null) => return None,
            Some(Value::Number(amount)) => amount,
            Some(_) => {
                self.wrong(&join(&at, "amount"), "number");
                return None;
            }
        };
        let code = currency.filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()));
        let money = code.and_then(|currency| Some(Money { minor: money::minor(amount, &currency)?, currency }));
        if money.is_none() {
            self.warn(Message::new("ocds-value-unread").with("path", &at));
        }
        money
    }

    fn period(&mut self, of: &Object, key: &str, at: &str) -> Option<Period> {
        let period = self.object(of, key, at)?;
        let at = join(at, key);
        let mut day = |key: &str| {
            let text = self.name(period, key, &at)?;
            let day = text.get(..10).and_then(|day| day.parse::<civil::Date>().ok());
            if day.is_none() {
                self.warn(Message::new("ocds-date-unread").with("path", join(&at, key)));
            }
            day.map(|day| day.to_string())
        };
        let period = Period { starts_on: day("startDate"), ends_on: day("endDate") };
        (period != Period::default()).then_some(period)
    }
}

fn join(at: &str, key: &str) -> String {
    format!("{at}.{key}")
}

/// The party that a reference means, with the reference's own words where the party has none.
fn described(reference: &Organisation, parties: &[Organisation]) -> Organisation {
    let party = parties.iter().find(|party| party.local_id.is_some() && party.local_id == reference.local_id);
    let Some(party) = party else { return reference.clone() };
    let mut party = party.clone();
    party.name = party.name.or_else(|| reference.name.clone());
    party
}

/// An instant with its offset; without one it is taken as UTC.
fn instant(text: &str) -> Option<i64> {
    let parsed = text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    parsed.map(Timestamp::as_millisecond)
}

/// An id for a release that has none: the same for the same process, instant and tags, however they are written.
fn derived_id(ocid: &str, at_ms: i64, tags: &[String]) -> String {
    let at = Timestamp::from_millisecond(at_ms).map_or_else(|_| at_ms.to_string(), |at| at.to_string());
    let mut tags: Vec<&str> = tags.iter().map(String::as_str).collect();
    tags.sort_unstable();
    tags.dedup();
    format!("{ocid}/{at}/{}", tags.join("+"))
}
