//! Files that show that a duty is met.

use platform::Error;
use platform::cx::{Cx, Tx};
use platform::files::{Finding, Kind, Subject};

use super::store;

/// Duties have files.
pub const FILES: Kind = Kind { kind: "obligation", view: "obligation.view", find, fields: None };

fn find<'a>(cx: &'a Cx, _tx: Option<&'a Tx>, id: &'a str, field: Option<&'a str>) -> Finding<'a> {
    Box::pin(async move {
        let mut parts = id.splitn(3, '.');
        let (Some(at), Some(pack), Some(duty), None) = (parts.next(), parts.next(), parts.next(), field) else {
            return Err(Error::NotFound);
        };
        let duty = store::get(cx, at.parse().map_err(|_| Error::NotFound)?, pack, duty).await?;
        let title = duty.obligation().map_or_else(String::new, |o| o.title.clone());
        let href = format!("/obligations/{}/{}/{}", duty.row.at, duty.row.pack, duty.row.obligation);
        let subject = Subject::settled(&duty, "obligation.meet", None, title, href);
        // What is owed no more takes nothing more.
        Ok(Subject { add: subject.add.filter(|_| duty.row.owed), ..subject })
    })
}
