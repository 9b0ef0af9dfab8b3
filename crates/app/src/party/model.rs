//! What a party is, and which roles its people have.

/// The roles at the authority, by code, in the order shown.
pub const AUTHORITY_ROLES: [&str; 10] = [
    "administrator",
    "security",
    "contract_manager",
    "assessor",
    "procurement_lead",
    "owner",
    "management",
    "legal",
    "data_controller",
    "internal_audit",
];

/// The roles at a supplier, sub-contractor or bidder; the party's place in the chain limits them.
pub const SUPPLIER_ROLES: [&str; 2] = ["supplier_lead", "supplier_member"];
