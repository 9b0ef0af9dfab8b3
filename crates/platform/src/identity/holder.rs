//! Who holds an account: a name and an e-mail address, sealed with the account's key and found by the blind index. An account's row holds
//! neither in the open, so whoever shows or writes to somebody opens them here, many at once with one query for the keys.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait};
use unicode_normalization::UnicodeNormalization as _;

use super::{account, subject};
use crate::clock::Millis;
use crate::cx::Cx;
use crate::error::Result;
use crate::seal::blind::{self, Field, Index};
use crate::seal::{self, Key, Place};
use crate::{Core, t};

/// The kind of thing that an account is, in its key's subject and in the index.
const ACCOUNT: &str = "account";
const NAME: Field = Field { kind: ACCOUNT, field: "name" };
const EMAIL: Field = Field { kind: ACCOUNT, field: "email" };

/// So many accounts are asked for at once.
const PART: usize = 500;

/// Who holds an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The name; of somebody who was removed, that they were.
    pub name: String,
    /// The e-mail address; none of somebody who was removed.
    pub email: Option<String>,
}

impl Holder {
    /// The e-mail address for a page: nothing for somebody who was removed.
    pub fn address(&self) -> &str {
        self.email.as_deref().unwrap_or_default()
    }

    fn removed() -> Self {
        Self { name: t!("holder-removed"), email: None }
    }
}

/// An e-mail address as it is kept and looked for: without blanks around it, in lower case, its letters composed.
pub fn address(typed: &str) -> String {
    typed.trim().to_lowercase().nfc().collect()
}

fn place(id: &str, at: Field) -> Place<'_> {
    Place { table: at.kind, id, field: at.field }
}

/// Opens name and address with the account's key.
pub(super) fn open(key: &Key, row: &account::Model) -> Result<Holder> {
    let id = row.id.to_string();
    let text = |at, sealed| Ok::<_, crate::Error>(String::from_utf8_lossy(&key.open(&place(&id, at), sealed)?).into_owned());
    Ok(Holder { name: text(NAME, &row.sealed_name)?, email: Some(text(EMAIL, &row.sealed_email)?) })
}

/// Who holds this account.
///
/// # Errors
/// When its name or address was changed behind the service's back, or belongs to another account.
pub async fn of<C: ConnectionTrait>(core: &Core, db: &C, row: &account::Model) -> Result<Holder> {
    match seal::find_subject_key(db, &core.master, &subject(row.id)).await? {
        Some(key) => open(&key, row),
        None => Ok(Holder::removed()),
    }
}

/// Who holds these accounts, by id.
///
/// # Errors
/// As [`of`].
pub async fn all<C: ConnectionTrait>(core: &Core, db: &C, rows: &[account::Model]) -> Result<BTreeMap<Uuid, Holder>> {
    let mut found = BTreeMap::new();
    for part in rows.chunks(PART) {
        let keys = seal::find_subject_keys(db, &core.master, part.iter().map(|row| subject(row.id))).await?;
        for row in part {
            let holder = keys.get(&subject(row.id)).map_or_else(|| Ok(Holder::removed()), |key| open(key, row))?;
            found.insert(row.id, holder);
        }
    }
    Ok(found)
}

/// The names of the holders of these accounts, by id; of those removed, that they were.
///
/// # Errors
/// As [`of`].
pub async fn names<C: ConnectionTrait>(core: &Core, db: &C, ids: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, String>> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for part in ids.chunks(PART) {
        let rows = account::Entity::find().filter(account::Column::Id.is_in(part.iter().copied())).all(db).await?;
        found.extend(all(core, db, &rows).await?.into_iter().map(|(id, holder)| (id, holder.name)));
    }
    Ok(found)
}

/// The columns of the account `id` that hold who it belongs to, its words put into the index, within the caller's transaction.
///
/// # Errors
/// When the account's key was destroyed; when the database fails.
pub async fn columns<C: ConnectionTrait>(
    core: &Core,
    db: &C,
    id: Uuid,
    name: &str,
    email: &str,
    now: Millis,
) -> Result<account::ActiveModel> {
    let (name, email) = (name.trim(), address(email));
    let index = Index::make(db, &core.master, now).await?;
    let key = seal::subject_key_for(db, &core.master, &subject(id), now).await?;
    blind::put(db, &index, NAME, id, &blind::kept(name)).await?;
    blind::put(db, &index, EMAIL, id, &blind::kept(&email)).await?;
    let text = id.to_string();
    Ok(account::ActiveModel {
        email_index: ActiveValue::Set(Some(index.whole(EMAIL, &email))),
        sealed_email: ActiveValue::Set(key.seal(&place(&text, EMAIL), email.as_bytes())?),
        sealed_name: ActiveValue::Set(key.seal(&place(&text, NAME), name.as_bytes())?),
        ..Default::default()
    })
}

/// The digest under which an account with this e-mail address is found. It is made whether there is such an account or not.
///
/// # Errors
/// When no master key at hand opens the index's key.
pub async fn mark(cx: &Cx, email: &str) -> Result<Vec<u8>> {
    let index = match Index::find(cx.db(), &cx.core().master).await? {
        Some(index) => index,
        // Nobody has an account yet.
        None => {
            let house = cx.housekeep().await?;
            let index = Index::make(house.db(), &cx.core().master, house.now()).await?;
            house.done().await?;
            index
        }
    };
    Ok(index.whole(EMAIL, &address(email)))
}

/// The account whose mark this is.
///
/// # Errors
/// When the database fails.
pub async fn marked<C: ConnectionTrait>(db: &C, mark: &[u8]) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::EmailIndex.eq(mark.to_vec())).one(db).await?)
}

/// The account with this e-mail address.
///
/// # Errors
/// When no master key at hand opens the index's key.
pub async fn find<C: ConnectionTrait>(core: &Core, db: &C, email: &str) -> Result<Option<account::Model>> {
    let Some(index) = Index::find(db, &core.master).await? else { return Ok(None) };
    marked(db, &index.whole(EMAIL, &address(email))).await
}

/// The accounts whose holders are found by what is typed: every word of it must be a whole word of the name or of the e-mail address, or be
/// the whole address. What holds no word finds nobody.
///
/// # Errors
/// When no master key at hand opens the index's key.
pub async fn matching<C: ConnectionTrait>(core: &Core, db: &C, typed: &str) -> Result<Condition> {
    let nobody = || Condition::all().add(account::Column::Id.is_in(Vec::<Uuid>::new()));
    let Some(index) = Index::find(db, &core.master).await? else { return Ok(nobody()) };
    let mut terms: Vec<&str> = typed.split_whitespace().collect();
    terms.sort_unstable();
    terms.dedup();
    let conditions: Vec<Condition> = terms.into_iter().filter_map(|term| term_condition(&index, term)).collect();
    if conditions.is_empty() {
        return Ok(nobody());
    }
    Ok(conditions.into_iter().fold(Condition::all(), Condition::add))
}

fn term_condition(index: &Index, term: &str) -> Option<Condition> {
    let is_address = term.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty());
    if is_address {
        return Some(Condition::all().add(account::Column::EmailIndex.eq(index.whole(EMAIL, &address(term)))));
    }
    let [first, second] = blind::readings(term);
    let readings = if first == second { vec![first] } else { vec![first, second] };
    let mut any = Vec::new();
    for words in readings.iter().filter(|words| !words.is_empty()) {
        for at in [NAME, EMAIL] {
            let held = words.iter().map(|word| account::Column::Id.in_subquery(blind::holding(index, at, word)));
            any.push(held.fold(Condition::all(), Condition::add));
        }
    }
    (!any.is_empty()).then(|| any.into_iter().fold(Condition::any(), Condition::add))
}

/// Takes the digest of who held an account away when the key of that subject was destroyed: nobody signs in to it any more.
pub(crate) async fn forget<C: ConnectionTrait>(db: &C, kind: &str, id: Uuid) -> Result<()> {
    if kind != ACCOUNT {
        return Ok(());
    }
    account::Entity::update_many()
        .col_expr(account::Column::EmailIndex, Expr::value(Option::<Vec<u8>>::None))
        .filter(account::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
