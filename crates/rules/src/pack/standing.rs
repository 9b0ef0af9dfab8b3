//! A pack's standing, and who owes its duties.

use serde::Serialize;

use super::model::{Obligation, Pack, SourceStatus};
use super::role::Role;
use crate::message::Message;

/// What a reader must know wherever a pack's rules are applied (OUT-0, OFF-0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The policy's standing with its publisher.
    pub status: SourceStatus,
    /// The same in a sentence.
    pub status_says: Message,
    /// What took its place, as far as known.
    pub successor: Option<Message>,
    /// That nobody here has read what took its place.
    pub unseen: Option<Message>,
    /// Our edition, its day, its note, its author and manager.
    pub edition: Message,
    /// The pack's own words on it.
    pub note: Option<String>,
}

impl Pack {
    /// The number of a threshold, if the pack has it; what is beyond the point is left off.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn threshold(&self, id: &str) -> Option<u64> {
        self.thresholds.iter().find(|threshold| threshold.id == id).map(|threshold| threshold.value.max(0.0) as u64)
    }

    /// The pack's standing, as messages of the catalogue.
    pub fn standing(&self) -> Standing {
        let source = &self.source;
        let about = |id| Message::new(id).with("policy", &source.title);
        let withdrawn = source.withdrawn_on.and_then(super::MaybeDate::known);
        let status_says = match (source.status, withdrawn) {
            (SourceStatus::Draft, _) => about("packs-standing-draft"),
            (SourceStatus::InForce, _) => about("packs-standing-in-force"),
            (SourceStatus::Withdrawn, Some(date)) => about("packs-standing-withdrawn-on").with("date", date),
            (SourceStatus::Withdrawn, None) => about("packs-standing-withdrawn"),
            (SourceStatus::Superseded, Some(date)) => about("packs-standing-superseded-on").with("date", date),
            (SourceStatus::Superseded, None) => about("packs-standing-superseded"),
        };
        let successor = source.superseded_by.as_ref().map(|next| match (next.known_title(), next.date.known()) {
            (Some(title), Some(date)) => Message::new("packs-successor-dated").with("title", title).with("date", date),
            (Some(title), None) => Message::new("packs-successor").with("title", title),
            (None, Some(date)) => Message::new("packs-successor-untitled").with("date", date),
            (None, None) => Message::new("packs-successor-unknown"),
        });
        let unseen = source.superseded_by.as_ref().filter(|next| !next.text_seen).map(|_| Message::new("packs-successor-unseen"));
        let edition = Message::new("packs-edition")
            .with("pack", &self.title)
            .with("edition", &self.edition)
            .with("date", self.date)
            .with("author", &self.author)
            .with("manager", &self.manager)
            .with("note", &self.change_note);
        Standing { status: source.status, status_says, successor, unseen, edition, note: source.note.clone() }
    }

    /// Whether putting the pack on a new contract needs a recorded reason: it is a draft, or withdrawn, be it for a successor.
    pub fn needs_reason_for_new_contract(&self) -> bool {
        match self.source.status {
            SourceStatus::Draft | SourceStatus::Withdrawn => true,
            SourceStatus::Superseded => self.source.withdrawn_on.is_some(),
            SourceStatus::InForce => false,
        }
    }

    /// A form by id.
    pub fn form(&self, id: &str) -> Option<&crate::form::Form> {
        self.forms.get(id)
    }
}

/// The duties of a party at a tier (from 1) of a contract's chain, or of a role on the authority's side.
///
/// A supplier's duty falls on tier 1, and on every tier below if it flows down (SEC-2, SEC-4, SEC-6a); a lead supplier's on
/// tier 1 alone. `supplier` and `lead_supplier` ask for the same: the tier decides. Conditions over contract facts are left to the caller.
pub fn obligations_for(pack: &Pack, tier: u32, role: Role) -> Vec<&Obligation> {
    let owes = |duty: &&Obligation| match role {
        Role::Supplier | Role::LeadSupplier => match duty.owed_by {
            Role::Supplier => tier == 1 || (tier > 1 && duty.flows_down),
            Role::LeadSupplier => tier == 1,
            _ => false,
        },
        other => duty.owed_by == other,
    };
    pack.obligations.iter().filter(owes).collect()
}
