//! A lead with a sub-contractor below it, and another supplier: enough to see who sees what of a register.

use platform::Cx;
use platform::authz::Side;
use testkit::Browser;
use uuid::Uuid;

use super::TestApp;

/// The service with these parties.
pub(crate) struct Tiers {
    pub(crate) app: TestApp,
    pub(crate) authority: Uuid,
    pub(crate) lead: Uuid,
    /// At tier 2, below the lead.
    pub(crate) sub: Uuid,
    /// Of no chain.
    pub(crate) other: Uuid,
}

impl Tiers {
    pub(crate) async fn new(db: testkit::TestDb) -> Self {
        let app = TestApp::new(db);
        let authority = app.party(Side::Authority, "Department of Crossings").await;
        let lead = app.party(Side::Supplier, "Halyard Systems").await;
        let sub = app.party(Side::Supplier, "Bowline Support").await;
        let other = app.party(Side::Supplier, "Capstan Group").await;
        let contract = app.contract(authority, "Ferry bookings").await;
        let top = app.place(contract, lead, None).await;
        app.place(contract, sub, Some(top)).await;
        Self { app, authority, lead, sub, other }
    }

    /// Somebody in this role of this party, signed in.
    pub(crate) async fn browser(&self, role: &str, party: Uuid) -> Browser {
        let mut browser = self.app.browser();
        self.app.sign_in_as(&mut browser, role, party).await;
        browser
    }
}

/// Who keeps what the sub-contractor has in a register: its lead adds and changes, its members add; nobody of another party's does; at the
/// authority, three roles do both. `add` and `change` do it under a name, and say whether they were let.
pub(crate) async fn keeps(tiers: &Tiers, add: impl AsyncFn(&Cx, &str) -> bool, change: impl AsyncFn(&Cx, &str) -> bool) {
    let cases = [
        ("supplier_lead", tiers.sub, true, true),
        ("supplier_member", tiers.sub, true, false),
        ("supplier_lead", tiers.lead, false, false),
        ("administrator", tiers.authority, true, true),
        ("security", tiers.authority, true, true),
        ("contract_manager", tiers.authority, true, true),
        ("management", tiers.authority, false, false),
        ("internal_audit", tiers.authority, false, false),
    ];
    for (role, party, adds, changes) in cases {
        let cx = tiers.app.acting(role, party);
        assert_eq!(add(&cx, &format!("Of {role}")).await, adds, "{role} adds");
        assert_eq!(change(&cx, &format!("Renamed by {role}")).await, changes, "{role} changes");
    }
}
