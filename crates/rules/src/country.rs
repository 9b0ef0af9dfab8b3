//! Countries: the codes of ISO 3166-1 and Kosovo's XK, the names people write for them, and the home (OFF-3).
//!
//! A name resolves only where it can mean one place. What is unknown, withdrawn or fits several places is refused with a reason, never guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[cfg(test)]
mod tests;

/// Longest part of a refused input that an error repeats, in characters.
const ECHO_LIMIT: usize = 60;

/// A place with a code of its own: ISO 3166-1 alpha-2, or XK. Other user-assigned codes do not exist here. Ordered by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static str);

/// A place on the globe, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// North of the equator; negative south of it.
    pub north: f64,
    /// East of Greenwich; negative west of it.
    pub east: f64,
}

/// Why a text is no country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCountry {
    /// Nothing was written.
    #[error("no country is named: write an ISO 3166-1 code or a country's name")]
    Empty,
    /// No code and no name that is known.
    #[error("\"{input}\" is neither an ISO 3166-1 code nor the name of a country")]
    Unknown {
        /// What was written, cut to a length that fits a message.
        input: String,
    },
    /// A code that ISO 3166-1 leaves to its users. Only XK (Kosovo) is taken.
    #[error("\"{input}\" is a user-assigned code: of these only XK (Kosovo) is taken")]
    UserAssigned {
        /// What was written.
        input: String,
    },
    /// The name fits several places.
    #[error("\"{input}\" fits more than one place: write {}", one_of(candidates))]
    Ambiguous {
        /// What was written.
        input: String,
        /// The places it fits.
        candidates: Vec<Country>,
    },
    /// The code or name was withdrawn from ISO 3166-1.
    #[error("\"{input}\" ({name}) was withdrawn from ISO 3166-1: write the place as it is today, such as {}", one_of(successors))]
    Withdrawn {
        /// What was written.
        input: String,
        /// The withdrawn name.
        name: &'static str,
        /// The places that took over.
        successors: Vec<Country>,
    },
}

impl UnknownCountry {
    /// The message's id in the catalogue.
    pub fn message_id(&self) -> &'static str {
        match self {
            Self::Empty => "rule-country-empty",
            Self::Unknown { .. } => "rule-country-unknown",
            Self::UserAssigned { .. } => "rule-country-user-assigned",
            Self::Ambiguous { .. } => "rule-country-ambiguous",
            Self::Withdrawn { .. } => "rule-country-withdrawn",
        }
    }

    /// The message's arguments: `input`, and `places` or `name` where the message has them.
    pub fn args(&self) -> BTreeMap<String, String> {
        let mut args = BTreeMap::new();
        let mut put = |name: &str, value: &str| args.insert(name.to_owned(), value.to_owned());
        match self {
            Self::Empty => {}
            Self::Unknown { input } | Self::UserAssigned { input } => {
                put("input", input);
            }
            Self::Ambiguous { input, candidates } => {
                put("input", input);
                put("places", &one_of(candidates));
            }
            Self::Withdrawn { input, name, successors } => {
                put("input", input);
                put("name", name);
                put("places", &one_of(successors));
            }
        }
        args
    }
}

fn one_of(countries: &[Country]) -> String {
    let names: Vec<&str> = countries.iter().map(|country| country.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

impl Country {
    /// The country with this two-letter code in capitals, such as `GB`. For what people write, see [`Country::resolve`].
    ///
    /// # Errors
    /// Any other text, withdrawn codes included.
    pub fn from_code(code: &str) -> Result<Self, UnknownCountry> {
        LISTS.rows.get_key_value(code).map(|(code, _)| Self(code)).ok_or_else(|| explain(code))
    }

    /// The country that a person means by a code of two or three letters in either case, or by a name. Case, accents, punctuation, and the
    /// order around a comma or brackets do not matter.
    ///
    /// # Errors
    /// What is empty, unknown, withdrawn, or fits more than one place.
    pub fn resolve(text: &str) -> Result<Self, UnknownCountry> {
        let text: String = text.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')).collect();
        let text = text.trim();
        if let Some(code) = as_code(text) {
            if let Some((code, _)) = LISTS.rows.get_key_value(code.as_str()) {
                return Ok(Self(code));
            }
            if let Some(country) = LISTS.alpha3.get(code.as_str()) {
                return Ok(*country);
            }
        }
        keys(text).iter().find_map(|key| LISTS.names.get(key)).copied().ok_or_else(|| explain(text))
    }

    /// The two-letter code.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The three-letter code.
    pub fn alpha3(self) -> &'static str {
        LISTS.rows.get(self.0).map_or(self.0, |row| row.alpha3)
    }

    /// The English name, as in a list: "Netherlands".
    pub fn name(self) -> &'static str {
        let name = self.name_in_sentence();
        name.strip_prefix("the ").unwrap_or(name)
    }

    /// The English name, as inside a sentence: "the Netherlands".
    pub fn name_in_sentence(self) -> &'static str {
        LISTS.rows.get(self.0).map_or(self.0, |row| row.name)
    }

    /// Where it is drawn on a map: the middle of its largest part, in degrees.
    pub fn position(self) -> Position {
        LISTS.positions.get(self.0).copied().unwrap_or(Position { north: 0.0, east: 0.0 })
    }

    /// Every country, in the order of the codes.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        LISTS.rows.keys().map(|code| Self(code))
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The English name.
impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// Takes whatever [`Country::resolve`] takes.
impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::resolve(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The home country, or the territories that count as home (OFF-3). Never empty. A setting: no country is home by nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(BTreeSet<Country>);

/// Why a list of places is no home.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHome {
    /// The list is empty.
    #[error("name at least one country or territory as home")]
    Empty,
    /// The entry at this index, counted from 0, is no country.
    #[error("entry {index}: {reason}")]
    Entry {
        /// Index in the list, from 0.
        index: usize,
        /// What is wrong with it.
        reason: UnknownCountry,
    },
}

impl Home {
    /// Home from codes or names.
    ///
    /// # Errors
    /// An empty list, or the first entry that [`Country::resolve`] refuses.
    pub fn from_codes(codes: &[impl AsRef<str>]) -> Result<Self, BadHome> {
        let mut places = BTreeSet::new();
        for (index, code) in codes.iter().enumerate() {
            places.insert(Country::resolve(code.as_ref()).map_err(|reason| BadHome::Entry { index, reason })?);
        }
        if places.is_empty() { Err(BadHome::Empty) } else { Ok(Self(places)) }
    }

    /// Whether the country is part of home.
    pub fn contains(&self, country: Country) -> bool {
        self.0.contains(&country)
    }

    /// The countries and territories, in the order of the codes.
    pub fn places(&self) -> impl Iterator<Item = Country> + '_ {
        self.0.iter().copied()
    }

    /// The names inside a sentence: "the United Kingdom and Gibraltar".
    pub fn name_in_sentence(&self) -> String {
        let names: Vec<&str> = self.places().map(Country::name_in_sentence).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        }
    }
}

impl From<Country> for Home {
    fn from(country: Country) -> Self {
        Self(BTreeSet::from([country]))
    }
}

struct Row {
    alpha3: &'static str,
    name: &'static str,
}

/// A name or code that is refused, and the places to offer instead.
struct Refused {
    /// The withdrawn name; `None` where the name is current and fits several places.
    withdrawn: Option<&'static str>,
    instead: Vec<Country>,
}

#[derive(Default)]
struct Lists {
    rows: BTreeMap<&'static str, Row>,
    alpha3: HashMap<&'static str, Country>,
    names: HashMap<String, Country>,
    positions: HashMap<&'static str, Position>,
    /// By folded name, and by code in capitals.
    refused: HashMap<String, Refused>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists::default();
    for line in lines(include_str!("country/table.txt")) {
        let (Some(code), Some(alpha3), Some(names)) = (line.get(..2), line.get(3..6), line.get(7..)) else {
            continue;
        };
        for (index, name) in names.split("; ").enumerate() {
            if index == 0 {
                lists.rows.insert(code, Row { alpha3, name });
            }
            lists.names.insert(fold(name), Country(code));
        }
        lists.alpha3.insert(alpha3, Country(code));
    }
    for line in lines(include_str!("country/positions.txt")) {
        let mut parts = line.split(' ');
        let (code, _number) = (parts.next(), parts.next());
        let mut degrees = || parts.next().and_then(|text| text.parse().ok());
        if let (Some(code), Some(north), Some(east)) = (code, degrees(), degrees()) {
            lists.positions.insert(code, Position { north, east });
        }
    }
    for line in lines(include_str!("country/refused.txt")) {
        let Some((what, instead)) = line.split_once(" > ") else {
            continue;
        };
        let instead: Vec<Country> = instead.split(' ').filter_map(|code| Country::at(&lists, code)).collect();
        let mut parts = what.splitn(4, ' ');
        let (codes, names, withdrawn) = match (what.strip_prefix("? "), parts.nth(1), parts.next(), parts.next()) {
            (Some(names), ..) => ([""; 2], names, None),
            (None, Some(alpha2), Some(alpha3), Some(names)) => ([alpha2, alpha3], names, names.split("; ").next()),
            _ => continue,
        };
        let codes = codes.into_iter().filter(|code| as_code(code).is_some()).map(str::to_owned);
        for key in codes.chain(names.split("; ").map(fold)) {
            // The first line wins: CS stood for two countries, one after the other.
            lists.refused.entry(key).or_insert_with(|| Refused { withdrawn, instead: instead.clone() });
        }
    }
    lists
});

impl Country {
    fn at(lists: &Lists, code: &str) -> Option<Self> {
        lists.rows.get_key_value(code).map(|(code, _)| Self(code))
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The text in capitals where it has the shape of a code.
fn as_code(text: &str) -> Option<String> {
    (matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

/// The reason for which a text that is no country is refused.
fn explain(text: &str) -> UnknownCountry {
    if text.is_empty() {
        return UnknownCountry::Empty;
    }
    let input: String = text.chars().take(ECHO_LIMIT).collect();
    let code = as_code(text);
    for key in code.clone().into_iter().chain(keys(text)) {
        let Some(refused) = LISTS.refused.get(&key) else {
            continue;
        };
        let instead = refused.instead.clone();
        return match refused.withdrawn {
            Some(name) => UnknownCountry::Withdrawn { input, name, successors: instead },
            None => UnknownCountry::Ambiguous { input, candidates: instead },
        };
    }
    if code.is_some_and(|code| user_assigned(&code)) { UnknownCountry::UserAssigned { input } } else { UnknownCountry::Unknown { input } }
}

/// Whether ISO 3166-1 leaves the code to its users: AA, QM to QZ, XA to XZ, ZZ; AAA to AAZ, QMA to QZZ, XAA to XZZ, ZZA to ZZZ.
fn user_assigned(code: &str) -> bool {
    matches!(code.as_bytes(), [b'A', b'A', ..] | [b'Z', b'Z', ..] | [b'X', ..] | [b'Q', b'M'..=b'Z', ..])
}

/// The keys under which a text may be listed: as written, and turned round at its first comma or bracket ("Korea, Republic of").
fn keys(text: &str) -> Vec<String> {
    // A name longer than any in the table is not worth folding.
    if text.len() > 400 {
        return Vec::new();
    }
    let mut keys = vec![fold(text)];
    if let Some((head, rest)) = text.split_once([',', '(', '[']) {
        keys.push(fold(&format!("{rest} {head}")));
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// A name as it is compared: without accents, case, punctuation, spaces, "the", "and" and "of", and with the usual short forms written out.
fn fold(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ø' => plain.push('o'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ß' => plain.push_str("ss"),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            'þ' => plain.push_str("th"),
            c if c.is_alphanumeric() => plain.push(c),
            c if is_combining_mark(c) => {}
            _ => plain.push(' '),
        }
    }
    let mut key = String::with_capacity(plain.len());
    for word in plain.split(' ') {
        key.push_str(match word {
            "the" | "and" | "of" => "",
            "st" => "saint",
            "rep" => "republic",
            "dem" => "democratic",
            word => word,
        });
    }
    key
}
