//! The parts of a job's payload that its row holds sealed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::row;
use crate::core::Core;
use crate::error::{Error, Result};
use crate::seal::{self, Key, Place};

/// The subject whose key seals them, unless the job names another.
pub(super) const SUBJECT: &str = "service:jobs";
/// The field of the payload that holds them.
const FIELD: &str = "sealed";
/// The field that names the subject, where it is another.
const FOR: &str = "sealed_for";

fn place(id: &str) -> Place<'_> {
    Place { table: "job", id, field: FIELD }
}

/// `payload` with these parts of it sealed with the key of `subject`, bound to the job.
pub(super) fn seal(key: &Key, subject: &str, id: Uuid, payload: Value, parts: &[&str]) -> Result<Value> {
    let Value::Object(mut open) = payload else { return Ok(payload) };
    let hidden: Map<String, Value> = parts.iter().filter_map(|name| open.shift_remove_entry(*name)).collect();
    if !hidden.is_empty() {
        let sealed = key.seal(&place(&id.to_string()), &serde_json::to_vec(&hidden)?)?;
        open.insert(FIELD.to_owned(), hex::encode(sealed).into());
        if subject != SUBJECT {
            open.insert(FOR.to_owned(), subject.into());
        }
    }
    Ok(open.into())
}

/// The whole payloads of these jobs, as workers get them, in their order; none where what was sealed is gone with its subject.
pub(super) async fn open(core: &Core, jobs: &[row::Model]) -> Result<Vec<Option<Value>>> {
    let stored = jobs.iter().map(|job| serde_json::from_str(&job.payload)).collect::<Result<Vec<Value>, _>>()?;
    let sealed = stored.iter().filter(|payload| payload.get(FIELD).is_some());
    let subjects: BTreeSet<String> = sealed.map(|payload| subject(payload).to_owned()).collect();
    let keys = seal::find_subject_keys(core.db.reader(), &core.master, subjects).await?;
    jobs.iter().zip(stored).map(|(job, payload)| open_one(&keys, job, payload)).collect()
}

fn subject(payload: &Value) -> &str {
    payload.get(FOR).and_then(Value::as_str).unwrap_or(SUBJECT)
}

fn open_one(keys: &BTreeMap<String, Key>, job: &row::Model, mut payload: Value) -> Result<Option<Value>> {
    let subject = subject(&payload).to_owned();
    let Some(Value::String(sealed)) = payload.as_object_mut().and_then(|open| open.shift_remove(FIELD)) else { return Ok(Some(payload)) };
    let Some(key) = keys.get(&subject) else {
        return if subject == SUBJECT { Err(Error::internal("the key of sealed jobs is gone")) } else { Ok(None) };
    };
    let plain = key.open(&place(&job.id.to_string()), &hex::decode(sealed).map_err(Error::internal)?)?;
    let hidden: Map<String, Value> = serde_json::from_slice(&plain)?;
    if let Some(open) = payload.as_object_mut() {
        open.shift_remove(FOR);
        open.extend(hidden);
    }
    Ok(Some(payload))
}

/// The payload as stored, without its sealed parts.
pub(super) fn wipe(stored: &str) -> Result<String> {
    let mut payload: Value = serde_json::from_str(stored)?;
    if let Some(open) = payload.as_object_mut() {
        open.shift_remove(FIELD);
        open.shift_remove(FOR);
    }
    Ok(payload.to_string())
}
