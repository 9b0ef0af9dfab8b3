//! What an arrangement is. No I/O.

use jiff::civil::Date;
use platform::error::{FieldErrors, Result};
use platform::register::{Field, Kind as Holds, Register};
use platform::texts::Text;
use rules::country::{Country, Home};
use rules::form::reads_as_home;
use rules::offshoring::Kind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kinds of work, by code.
pub const KINDS: [&str; Kind::ALL.len()] = {
    let mut codes = [""; Kind::ALL.len()];
    let mut at = 0;
    while at < codes.len() {
        codes[at] = Kind::ALL[at].code();
        at += 1;
    }
    codes
};

/// The states of an arrangement, by code.
pub const STATES: [&str; 3] = ["planned", "started", "ended"];

/// How an arrangement stands to its approval, by code: `ending` is covered for a short while only, `urgent` by an urgent approval, `stale` goes on but
/// may not start anew, `over` is no more since the work ended.
pub const COVERS: [&str; 6] = ["covered", "ending", "urgent", "stale", "uncovered", "over"];

/// What is known of how data is held, by code; none while nobody said.
pub const YES_NO: [&str; 2] = ["yes", "no"];

/// How the review of its approval stands, by code.
pub const REVIEWS: [&str; 3] = ["none", "due", "overdue"];

/// The tiers that there are, as codes.
pub const TIERS: [&str; 20] =
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"];

/// The most people that an arrangement is taken to have.
const MOST_PEOPLE: usize = 1_000_000;

/// The register of arrangements.
pub const ARRANGEMENTS: Register = Register {
    kind: "arrangement",
    path: "/arrangements",
    search: "name_key",
    fields: &[
        Field::new("name", "arrangement-field-name", Holds::Text).list().sort("name_key").form().required().most(200),
        Field::new("contract", "arrangement-field-contract", Holds::Pick).list().filter(),
        Field::new("party", "arrangement-field-party", Holds::Pick).list().filter(),
        Field::new("tier", "arrangement-field-tier", Holds::Choice(&TIERS)).list().filter(),
        Field::new("kind", "arrangement-field-kind", Holds::Choice(&KINDS)).list().filter().form().required(),
        Field::new("country", "arrangement-field-country", Holds::Country).list().filter().sort("country").form().required(),
        Field::new("site", "arrangement-field-site", Holds::Pick).form(),
        Field::new("people", "arrangement-field-people", Holds::Number).sort("people").form().required().most(MOST_PEOPLE),
        Field::new("data", "arrangement-field-data", Holds::LongText).form().most(4000),
        Field::new("personal", "arrangement-field-personal", Holds::Choice(&YES_NO)).form(),
        Field::new("held_permanent", "arrangement-field-held-permanent", Holds::Choice(&YES_NO)).form(),
        Field::new("held_temporary", "arrangement-field-held-temporary", Holds::Choice(&YES_NO)).form(),
        Field::new("held_transient", "arrangement-field-held-transient", Holds::Choice(&YES_NO)).form(),
        Field::new("from", "arrangement-field-from", Holds::Date).form().required(),
        Field::new("to", "arrangement-field-to", Holds::Date).form().required(),
        Field::new("state", "arrangement-field-state", Holds::Choice(&STATES)).list().filter(),
        Field::new("cover", "arrangement-field-cover", Holds::Choice(&COVERS)).list().filter(),
        Field::new("review", "arrangement-field-review", Holds::Choice(&REVIEWS)).list().filter(),
        Field::new("review_due", "arrangement-field-review-due", Holds::Date),
        Field::new("approval", "arrangement-field-approval", Holds::Pick).filter(),
        Field::new("started_on", "arrangement-field-started-on", Holds::Date),
        Field::new("ended_on", "arrangement-field-ended-on", Holds::Date),
    ],
};

/// What people enter about an arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The site where it is done.
    pub site: Option<Uuid>,
    /// How many people do it.
    pub people: u32,
    /// The information, systems and services that it reaches, one a line; none for those that its approval names.
    pub data: Option<String>,
    /// How data is held there.
    #[serde(flatten)]
    pub held: Held,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// How data is held where work is done: each one of [`YES_NO`], none while nobody said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whether personal data is in it.
    #[serde(default)]
    pub personal: Option<String>,
    /// At rest, until someone deletes it.
    #[serde(default)]
    pub held_permanent: Option<String>,
    /// At rest for a task, then removed.
    #[serde(default)]
    pub held_temporary: Option<String>,
    /// In transit: in memory, a queue or a cache, or on its way.
    #[serde(default)]
    pub held_transient: Option<String>,
}

impl Held {
    /// What an approved proposal says of one of its places. It says how data is stored, not where: what is stored nowhere is not stored here,
    /// and what is stored somewhere is stored here only where `here` says that nowhere else comes into question.
    pub fn of(personal: Option<bool>, stored: Option<&[String]>, here: bool) -> Self {
        let word = |yes: bool| YES_NO[usize::from(!yes)].to_owned();
        let of = |code: &str| {
            let somewhere = stored?.iter().any(|one| one == code);
            (here || !somewhere).then(|| word(somewhere))
        };
        Self {
            personal: personal.map(word),
            held_permanent: of("permanent"),
            held_temporary: of("temporary"),
            held_transient: of("transient"),
        }
    }

    fn all(&self) -> [(&'static str, Option<&String>); 4] {
        [
            ("personal", self.personal.as_ref()),
            ("held_permanent", self.held_permanent.as_ref()),
            ("held_temporary", self.held_temporary.as_ref()),
            ("held_transient", self.held_transient.as_ref()),
        ]
    }
}

impl Details {
    /// Checks every field. Work at home is no arrangement, unless people are brought in for it; `home` says where that is.
    ///
    /// # Errors
    /// [`platform::Error::Invalid`] with every field that needs mending.
    pub fn check(&self, home: &Home) -> Result<()> {
        let mut errors = FieldErrors::default();
        let says = |field: &str| ARRANGEMENTS.field(field).map(Field::says).unwrap_or_default();
        if self.name.trim().is_empty() {
            errors.add("name", Text::new("register-missing").with("label", says("name")));
        }
        for (field, value) in [("name", Some(&self.name)), ("data", self.data.as_ref())] {
            let most = ARRANGEMENTS.field(field).map_or(0, |f| f.most);
            if value.is_some_and(|value| value.chars().count() > most) {
                errors.add(field, Text::new("error-too-long").with("max", most));
            }
        }
        if reads_as_home(&self.name) {
            errors.add("name", Text::new("forms-home-address").with("label", says("name")));
        }
        let kind = Kind::from_code(&self.kind);
        if kind.is_none() {
            errors.add("kind", Text::new("register-choose-one"));
        }
        match Country::from_code(&self.country) {
            Err(_) => errors.add("country", Text::new("register-country-unknown")),
            Ok(country) if home.contains(country) != (kind == Some(Kind::LandedStaff)) && kind.is_some() => {
                let id = if home.contains(country) { "arrangement-at-home" } else { "arrangement-landed-abroad" };
                errors.add("country", Text::new(id).with("home", home.name_in_sentence()));
            }
            Ok(_) => {}
        }
        for (field, said) in self.held.all() {
            if said.is_some_and(|said| !YES_NO.contains(&said.as_str())) {
                errors.add(field, Text::new("register-choose-one"));
            }
        }
        if self.to < self.from {
            errors.add("to", Text::new("arrangement-days-order"));
        }
        errors.or(())
    }

    /// What it reaches, name by name.
    pub fn reaches(&self) -> Vec<String> {
        self.data.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}
