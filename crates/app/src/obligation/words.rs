//! Duties in words, for pages and papers.

use std::collections::BTreeMap;

use platform::cases::people;
use platform::{Cx, Result, t, texts};
use rules::pack::{Role, When};
use uuid::Uuid;

use super::model::{BY_PLACE, Status};
use super::store::{Duty, Model};
use crate::contract::facts;
use crate::{pack, party};

/// How it stands.
pub(super) fn status_says(status: Status) -> String {
    t!(&format!("obligation-status-{}", status.code()))
}

/// When it is due: the day, or in plain words what it waits for.
pub(super) fn due_text(duty: &Duty) -> String {
    let Some(obligation) = duty.obligation() else { return t!("obligation-due-none") };
    match (duty.due_on(), &obligation.when) {
        _ if !duty.row.owed => t!("obligation-due-past"),
        _ if duty.row.state == "not_applicable" => t!("obligation-due-none"),
        (Some(day), _) => platform::clock::day_text(day),
        (None, When::Every { .. }) if duty.ended => t!("obligation-due-ended"),
        (None, When::Before(_) | When::On(_) | When::Within { .. }) if duty.row.met => t!("obligation-due-none"),
        _ => pack::pages::waits(&duty.pack, obligation),
    }
}

/// That this service itself saw what shows it, and under which reference.
pub(super) fn seen(date: &str, reference: Option<&str>) -> String {
    match reference {
        Some(reference) => t!("obligation-evidence-seen-as", date = date, reference = reference),
        None => t!("obligation-evidence-seen", date = date),
    }
}

/// Why it applies: on whom it falls, and what its condition says.
pub(super) fn why(duty: &Duty) -> String {
    let Some(obligation) = duty.obligation() else { return String::new() };
    let falls = match obligation.owed_by {
        Role::Supplier if obligation.flows_down => t!("obligation-why-chain"),
        Role::Supplier | Role::LeadSupplier => t!("obligation-why-lead"),
        _ => t!("obligation-why-role", role = pack::pages::owed_by(obligation)),
    };
    format!("{falls} {}", condition(duty)).trim().to_owned()
}

/// What the condition of a duty says, where it has one.
pub(super) fn condition(duty: &Duty) -> String {
    let Some(condition) = duty.obligation().and_then(|o| o.condition.as_ref()) else { return String::new() };
    let says = facts::in_words(&duty.pack, condition);
    if duty.row.certain { t!("obligation-why-because", condition = says) } else { t!("obligation-why-unknown", condition = says) }
}

/// Names of those who recorded something, as far as the reader may know them.
pub(super) struct Names {
    people: BTreeMap<Uuid, String>,
    parties: BTreeMap<Uuid, String>,
}

impl Names {
    pub(super) async fn of(cx: &Cx, rows: impl Iterator<Item = &Model> + Clone) -> Result<Self> {
        let people = people::names(cx, rows.clone().filter_map(|row| row.set_by.as_ref()?.parse().ok())).await?;
        let parties = party::store::names(cx.db(), rows.flat_map(|row| row.set_party.into_iter().chain([row.party]))).await?;
        Ok(Self { people, parties })
    }

    pub(super) fn party(&self, id: Uuid) -> &str {
        self.parties.get(&id).map_or("", String::as_str)
    }

    /// Whoever recorded a row last. The authority reads the person's name and party; a supplier the names of its own people, and of others
    /// the party alone.
    pub(super) fn recorded_by(&self, cx: &Cx, row: &Model) -> Option<String> {
        let by = row.set_by.as_ref()?;
        let Ok(person) = by.parse::<Uuid>() else { return Some(texts::t(&format!("timeline-by-{by}"))) };
        let party = row.set_party.map(|id| self.party(id)).unwrap_or_default();
        let own = cx.actor.account().map(|a| a.party);
        let name = self.people.get(&person).cloned().unwrap_or_else(|| t!("timeline-somebody"));
        Some(match row.set_party == own {
            true => name,
            false if cx.actor.is_authority() => t!("obligation-by-of", name = name, party = party),
            false => party.to_owned(),
        })
    }
}

/// Who owes it, in words: the party, or the authority's role.
pub(super) fn role_or_party(duty: &Duty, names: &Names) -> String {
    if duty.row.role == BY_PLACE { names.party(duty.row.party).to_owned() } else { pack::pages::role(&duty.row.role) }
}

/// What shows that a duty is met.
pub(super) enum Shown {
    /// Somebody's evidence, with the day and who recorded it.
    Recorded { text: String, by: String },
    /// What this service saw.
    Seen(String),
    /// Nothing; it is set aside, and why.
    Aside(String),
    /// Nothing.
    Nothing,
}

/// What shows that it is met, as the reader may know it.
pub(super) fn shown(cx: &Cx, duty: &Duty, names: &Names) -> Shown {
    let row = &duty.row;
    let day = |text: &Option<String>| text.as_ref().and_then(|t| t.parse().ok()).map(platform::clock::day_text);
    if let (Some(met), Some(by)) = (day(&row.met_on), names.recorded_by(cx, row)) {
        let text = row.evidence.clone().unwrap_or_default();
        return Shown::Recorded { text, by: t!("obligation-evidence-by", date = met, by = by) };
    }
    match day(&row.shown_on) {
        Some(day) => Shown::Seen(seen(&day, row.shown_by.as_deref())),
        None if row.state == "not_applicable" => Shown::Aside(row.reason.clone().unwrap_or_default()),
        None => Shown::Nothing,
    }
}
