//! The systems of the demonstration's suppliers, and the routes by which information travels.

use platform::Result;

use super::story::{BOWLINE, CAPSTAN, HALYARD, Teller};
use crate::holding::act as holdings;
use crate::holding::model::{System, Systems, TransferRoute, TransferRoutes};

impl Teller {
    /// The suppliers' systems and the routes by which information travels, each added by its lead.
    pub(super) async fn holdings(&self) -> Result<()> {
        let platform = System {
            name: "Booking platform".to_owned(),
            kind: "cloud_service".to_owned(),
            country: "GB".to_owned(),
            where_kept: Some("Two regions of a cloud service, in London and in Cardiff; supported from the Pune office.".to_owned()),
            holds: "Bookings of passengers for two years, with their contact details.".to_owned(),
            run_by: None,
            users: Some("Forty agents, by single sign-on with a second factor; four administrators.".to_owned()),
            protection: "Encrypted at rest and on the way, with keys in a module of Halyard's own; logs kept apart for a year.".to_owned(),
            assurance: Some("Penetration test of 3 February 2026; certificate of information security to 30 June 2027.".to_owned()),
            state: "in_use".to_owned(),
        };
        let tickets = System {
            name: "Night desk tickets".to_owned(),
            kind: "application".to_owned(),
            country: "IN".to_owned(),
            holds: "Questions of passengers, with their booking numbers.".to_owned(),
            protection: "Encrypted at rest; reached from the desk alone.".to_owned(),
            state: "in_use".to_owned(),
            ..System::default()
        };
        let telemetry = System {
            name: "Telemetry server".to_owned(),
            kind: "hosting".to_owned(),
            country: "GB".to_owned(),
            where_kept: Some("Harbour yard, Amble".to_owned()),
            holds: "Positions and faults of lights and buoys.".to_owned(),
            protection: "Reached from the watch room alone, and patched in the first week of each month.".to_owned(),
            state: "in_use".to_owned(),
            ..System::default()
        };
        for (who, party, system) in
            [("Ash Marlow", HALYARD, platform), ("Nadia Rowe", BOWLINE, tickets), ("Carys Pike", CAPSTAN, telemetry)]
        {
            holdings::add::<Systems>(self.as_of(who)?, self.party(party)?, &system).await?;
        }
        let fares = TransferRoute {
            name: "Fares to the authority".to_owned(),
            kind: "file_transfer".to_owned(),
            direction: "to_authority".to_owned(),
            from_end: "Halyard Systems, booking platform".to_owned(),
            to_end: "Department of Crossings, ledger of fares".to_owned(),
            country: "GB".to_owned(),
            carries: "Fares of each day, without names.".to_owned(),
            volume: Some("Once a night, about 4 MB".to_owned()),
            encryption: "TLS 1.3; the files are signed by Halyard.".to_owned(),
            controls: Some("The authority confirms each file by seven in the morning; what is missing is sent again.".to_owned()),
            state: "in_use".to_owned(),
        };
        holdings::add::<TransferRoutes>(self.as_of("Ash Marlow")?, self.party(HALYARD)?, &fares).await?;
        Ok(())
    }
}
