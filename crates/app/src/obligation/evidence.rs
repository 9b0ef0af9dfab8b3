//! Files that show that a duty is met.

use platform::Error;
use platform::authz::Guarded as _;
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Subject};

use super::store;

/// Duties have files.
pub const FILES: Kind = Kind { kind: "obligation", view: "obligation.view", find };

fn find<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        let mut parts = id.splitn(3, '.');
        let (Some(place), Some(pack), Some(duty), None) = (parts.next(), parts.next(), parts.next(), field) else {
            return Err(Error::NotFound);
        };
        let duty = store::get(cx, place.parse().map_err(|_| Error::NotFound)?, pack, duty).await?;
        let title = duty.obligation().map_or_else(String::new, |o| o.title.clone());
        Ok(Subject {
            thing: duty.resource(),
            add: "obligation.meet",
            note: None,
            internal: false,
            // A duty has no draft: what is added is handed in.
            settled: true,
            title,
            href: format!("/obligations/{}/{}/{}", duty.place, duty.pack.pack, duty.id),
        })
    })
}
