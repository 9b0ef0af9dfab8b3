//! The screens of duties: the list for both sides, and one duty with the forms that record evidence.

pub(crate) mod list;
pub(super) mod record;

use std::collections::BTreeMap;

use maud::Markup;
use platform::cases::people;
use platform::ui::{self, Tone};
use platform::{Cx, Result, t, texts};
use rules::pack::{Role, When};
use uuid::Uuid;

use super::model::Status;
use super::store::{Duty, Model};
use crate::contract::facts;
use crate::{pack, party};

fn address(duty: &Duty) -> String {
    format!("/obligations/{}/{}/{}", duty.row.at, duty.row.pack, duty.row.obligation)
}

fn status_says(status: Status) -> String {
    t!(&format!("obligation-status-{}", status.code()))
}

fn status_tag(status: Status) -> Markup {
    let tone = match status {
        Status::Open => Tone::Blue,
        Status::Met => Tone::Green,
        Status::Soon => Tone::Yellow,
        Status::Overdue => Tone::Red,
        Status::NotApplicable | Status::Past => Tone::Grey,
    };
    ui::tag(&status_says(status), tone)
}

/// When it is due: the day, or in plain words what it waits for.
fn due_text(duty: &Duty) -> String {
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
fn seen(date: &str, reference: Option<&str>) -> String {
    match reference {
        Some(reference) => t!("obligation-evidence-seen-as", date = date, reference = reference),
        None => t!("obligation-evidence-seen", date = date),
    }
}

/// Why it applies: on whom it falls, and what its condition says.
fn why(duty: &Duty) -> String {
    let Some(obligation) = duty.obligation() else { return String::new() };
    let falls = match obligation.owed_by {
        Role::Supplier if obligation.flows_down => t!("obligation-why-chain"),
        Role::Supplier | Role::LeadSupplier => t!("obligation-why-lead"),
        _ => t!("obligation-why-role", role = pack::pages::owed_by(obligation)),
    };
    format!("{falls} {}", condition(duty)).trim().to_owned()
}

/// What the condition of a duty says, where it has one.
fn condition(duty: &Duty) -> String {
    let Some(condition) = duty.obligation().and_then(|o| o.condition.as_ref()) else { return String::new() };
    let says = facts::in_words(&duty.pack, condition);
    if duty.row.certain { t!("obligation-why-because", condition = says) } else { t!("obligation-why-unknown", condition = says) }
}

/// Names of those who recorded something, as far as the reader may know them.
struct Names {
    people: BTreeMap<Uuid, String>,
    parties: BTreeMap<Uuid, String>,
}

impl Names {
    async fn of(cx: &Cx, rows: impl Iterator<Item = &Model> + Clone) -> Result<Self> {
        let people = people::names(cx.db(), rows.clone().filter_map(|row| row.set_by.as_ref()?.parse().ok())).await?;
        let parties = party::store::names(cx.db(), rows.flat_map(|row| row.set_party.into_iter().chain([row.party]))).await?;
        Ok(Self { people, parties })
    }

    fn party(&self, id: Uuid) -> &str {
        self.parties.get(&id).map_or("", String::as_str)
    }

    /// Whoever recorded a row last. The authority reads the person's name and party; a supplier the names of its own people, and of others
    /// the party alone.
    fn recorded_by(&self, cx: &Cx, row: &Model) -> Option<String> {
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
