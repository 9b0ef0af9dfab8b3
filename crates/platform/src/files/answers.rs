//! Files that were given as answers of a form.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait};
use uuid::Uuid;

use super::attach::{name, sealed_for};
use super::rows::{self, Column, Model};
use crate::cx::Cx;
use crate::error::Result;
use crate::forms::Upload;
use crate::{seal, t};

/// The files that were uploaded for answers of a thing (kind and id): of each the newest version, with those that it replaced.
///
/// # Errors
/// When the database fails or a name does not open.
pub async fn answers<C: ConnectionTrait>(cx: &Cx, db: &C, kind: &str, thing: Uuid) -> Result<Vec<Upload>> {
    let thing = thing.to_string();
    let all = rows::every(db, kind, &thing, None, Condition::all().add(Column::Field.starts_with("q."))).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let key = seal::find_subject_key(db, &cx.core().master, &sealed_for(kind, &thing)).await?;
    let mut files: BTreeMap<Uuid, Vec<Model>> = BTreeMap::new();
    for row in all {
        files.entry(row.chain).or_default().push(row);
    }
    let mut uploads = Vec::new();
    for versions in files.into_values() {
        let Some((newest, replaced)) = versions.split_first() else { continue };
        uploads.push(Upload {
            id: newest.id.to_string(),
            name: name(key.as_ref(), newest)?.unwrap_or_else(|| t!("file-name-destroyed")),
            sha256: newest.sha256.clone(),
            bytes: u64::try_from(newest.size).unwrap_or_default(),
            size: super::pages::size(newest),
            replaced: replaced.iter().map(|row| row.id.to_string()).collect(),
        });
    }
    Ok(uploads)
}
