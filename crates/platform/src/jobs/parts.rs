//! The parts of a job's payload that its row holds sealed.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::row;
use crate::core::Core;
use crate::error::{Error, Result};
use crate::seal::{self, Key, Place};

/// The subject whose key seals them.
pub(super) const SUBJECT: &str = "service:jobs";
/// The field of the payload that holds them.
const FIELD: &str = "sealed";

fn place(id: &str) -> Place<'_> {
    Place { table: "job", id, field: FIELD }
}

/// `payload` with these parts of it sealed, bound to the job.
pub(super) fn seal(key: &Key, id: Uuid, payload: Value, parts: &[&str]) -> Result<Value> {
    let Value::Object(mut open) = payload else { return Ok(payload) };
    let hidden: Map<String, Value> = parts.iter().filter_map(|name| open.shift_remove_entry(*name)).collect();
    if !hidden.is_empty() {
        let sealed = key.seal(&place(&id.to_string()), &serde_json::to_vec(&hidden)?)?;
        open.insert(FIELD.to_owned(), hex::encode(sealed).into());
    }
    Ok(open.into())
}

/// The key that seals parts of jobs, if any were sealed.
pub(super) async fn key(core: &Core) -> Result<Option<Key>> {
    seal::find_subject_key(core.db.reader(), &core.master, SUBJECT).await
}

/// The whole payload, as its worker gets it.
pub(super) fn open(key: Option<&Key>, job: &row::Model) -> Result<Value> {
    let mut payload: Value = serde_json::from_str(&job.payload)?;
    let Some(Value::String(sealed)) = payload.as_object_mut().and_then(|open| open.shift_remove(FIELD)) else { return Ok(payload) };
    let key = key.ok_or_else(|| Error::internal("the key of sealed jobs is gone"))?;
    let plain = key.open(&place(&job.id.to_string()), &hex::decode(sealed).map_err(Error::internal)?)?;
    let hidden: Map<String, Value> = serde_json::from_slice(&plain)?;
    if let Some(open) = payload.as_object_mut() {
        open.extend(hidden);
    }
    Ok(payload)
}

/// The payload as stored, without its sealed parts.
pub(super) fn wipe(stored: &str) -> Result<String> {
    let mut payload: Value = serde_json::from_str(stored)?;
    if let Some(open) = payload.as_object_mut() {
        open.shift_remove(FIELD);
    }
    Ok(payload.to_string())
}
