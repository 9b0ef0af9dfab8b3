//! Pure parts: addresses to go on to, e-mail addresses, which role suits which side, what policies are asked about.

use platform::authz::{Resource, Side};
use uuid::Uuid;

use crate::party::model::{AUTHORITY_ROLES, SUPPLIER_ROLES};

/// Longest name or e-mail address.
pub const LONGEST: usize = 200;

/// Where to go on to after signing in: `next` when it is a path of this service, else the start page. Nobody is sent elsewhere.
pub fn next(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 2000
        && !next.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        && !next.starts_with("/sign-");
    if safe { next } else { "/" }
}

/// Whether this can be an e-mail address: one `@`, something before it, a domain with a dot after it.
pub fn is_email(email: &str) -> bool {
    let Some((name, domain)) = email.split_once('@') else { return false };
    let dotted = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    !name.is_empty()
        && dotted
        && !domain.contains('@')
        && email.chars().count() <= LONGEST
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
}

/// The roles that people of a side have.
pub fn roles(side: Side) -> &'static [&'static str] {
    match side {
        Side::Authority => &AUTHORITY_ROLES,
        Side::Supplier => &SUPPLIER_ROLES,
    }
}

/// The message id of a role's name.
pub fn role_text(role: &str) -> String {
    format!("role-{}", role.replace('_', "-"))
}

/// An account as policies see it.
pub fn account_thing(id: Uuid, parties: &[Uuid]) -> Resource {
    Resource::new("account", id).with("id", id).set("parties", parties)
}

/// A membership as policies see it.
pub fn membership_thing(id: Uuid, account: Uuid, party: Uuid, side: Side, role: &str) -> Resource {
    Resource::new("membership", id)
        .with("id", id)
        .with("account", account)
        .with("party", party)
        .with("side", side.code())
        .with("role", role)
}

/// The service as policies see it.
pub fn system() -> Resource {
    Resource::new("system", "system")
}
