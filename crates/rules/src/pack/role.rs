//! Who may owe a duty, or decide.

use serde::{Deserialize, Serialize};

/// Who may owe a duty, or decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the roles of the glossary")]
pub enum Role {
    Supplier,
    LeadSupplier,
    Bidder,
    Administrator,
    Security,
    ContractManager,
    Assessor,
    ProcurementLead,
    Owner,
    Management,
    Legal,
    DataController,
    InternalAudit,
}

impl Role {
    /// Its code, as packs write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Supplier => "supplier",
            Self::LeadSupplier => "lead_supplier",
            Self::Bidder => "bidder",
            Self::Administrator => "administrator",
            Self::Security => "security",
            Self::ContractManager => "contract_manager",
            Self::Assessor => "assessor",
            Self::ProcurementLead => "procurement_lead",
            Self::Owner => "owner",
            Self::Management => "management",
            Self::Legal => "legal",
            Self::DataController => "data_controller",
            Self::InternalAudit => "internal_audit",
        }
    }

    /// Whether a supplier owes what falls on it, by its place in a chain.
    pub fn by_place(self) -> bool {
        matches!(self, Self::Supplier | Self::LeadSupplier)
    }
}
