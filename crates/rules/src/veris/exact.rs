//! What VERIS cannot hold exactly, kept beside it, so that what we write comes back as it was.
//!
//! For each field of a [`Record`] that reads otherwise from VERIS than it is, both are kept: `{"read": …, "is": …}`. On reading, `is` counts only as
//! long as VERIS still reads as `read`: where somebody changed the file, what they wrote counts.

use serde_json::{Map, Value, json};

use super::record::Record;
use super::take::{Object, Taking};
use crate::message::Message;

/// The fields that read otherwise than they are.
pub(super) fn differing(read: &Record, is: &Record) -> Object {
    let (read, is) = (fields(read), fields(is));
    let pairs = is.into_iter().map(|(key, is)| {
        let read = read.get(&key).cloned().unwrap_or_default();
        (key, read, is)
    });
    pairs.filter(|(_, read, is)| read != is).map(|(key, read, is)| (key, json!({ "read": read, "is": is }))).collect()
}

/// A record as it is, from one as it reads.
pub(super) fn restore(read: Record, exact: &Object, take: &mut Taking) -> Record {
    const AT: &str = "$.plus.vouchsafe.exact";
    let mut fields = fields(&read);
    for (key, both) in exact {
        let (Some(as_read), Some(is)) = (both.get("read"), both.get("is")) else { continue };
        if let Some(field) = fields.get_mut(key)
            && *field == *as_read
        {
            take.fits(is, &format!("{AT}.{key}"));
            *field = is.clone();
        }
    }
    match serde_json::from_value::<Record>(Value::Object(fields)) {
        Ok(record) if !record.id.trim().is_empty() => record,
        _ => {
            take.fault(Message::new("veris-not-ours").with("path", AT));
            read
        }
    }
}

fn fields(of: &Record) -> Object {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
