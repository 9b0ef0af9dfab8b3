//! What approvals rest on, append-only: the first row with the approval, one more each time that it is confirmed anew. Part of this feature's
//! store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use platform::cases::Words;
use platform::cases::store::{self as cases, Case, CaseColumn};
use platform::clock::Millis;
use platform::cx::{Cx, Tx};
use platform::{Error, Result};
use rules::form::FrozenDocument;
use rules::stale::{Basis, CEASED, Held, Link, Owner};
use rules::transfer::{self, Adequacy};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait as _};

use super::approvals::approval;
use crate::offshoring::model::{PROPOSAL, Standing};
use crate::{contract, country, party};

/// The kind of link from a proposal to the one whose answers were carried forward into it.
pub const CARRIED: &str = "carried_from";

/// What an approval rests on, as stored.
mod row {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "approval_basis")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case: Uuid,
        /// JSON of ids, codes and digests ([`rules::stale::Basis`]).
        pub basis: String,
        /// Why it was confirmed, sealed; none of the first.
        pub reason: Option<Vec<u8>>,
        pub by: Uuid,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What an approval rests on now; none of one from before that was kept.
///
/// # Errors
/// When the database fails.
pub async fn basis_of<C: ConnectionTrait>(db: &C, case: Uuid) -> Result<Option<Basis>> {
    let found = row::Entity::find().filter(row::Column::Case.eq(case));
    let row = found.order_by_desc(row::Column::At).order_by_desc(row::Column::Id).one(db).await?;
    row.map(|row| serde_json::from_str(&row.basis).map_err(Error::from)).transpose()
}

/// Keeps what an approval rests on, with the reason where it is confirmed anew.
///
/// # Errors
/// When the database fails, or the case's key was destroyed.
pub async fn add_basis(cx: &Cx, tx: &Tx, case: &Case, by: Uuid, basis: &Basis, reason: Option<&str>) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, platform::random::id(tx.now())?);
    let row = row::ActiveModel {
        id: ActiveValue::Set(id),
        case: ActiveValue::Set(case.id),
        basis: ActiveValue::Set(serde_json::to_string(basis)?),
        reason: ActiveValue::Set(words.seal_some("approval_basis", &id.to_string(), "reason", reason)?),
        by: ActiveValue::Set(by),
        at: ActiveValue::Set(tx.now()),
    };
    row::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// What the approval of a case would rest on now: work at this place of the chain, in these countries.
///
/// # Errors
/// When the database fails or a document does not open.
pub async fn present<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case, place: &str, countries: BTreeSet<String>) -> Result<Basis> {
    let home = cx.core().home()?;
    let recorded = country::store::all(db).await?;
    let digest = |text: &Option<String>| text.as_deref().map(digest);
    let held = |code: String| {
        let details = recorded.get(&code).map(country::store::Model::details).unwrap_or_default();
        let stated = details.adequacy.as_deref().and_then(Adequacy::from_code);
        let takes = rules::country::Country::from_code(&code)
            .map(|country| rules::decision::Outcome::code(transfer::decide(&home, country, Some(true), stated).outcome).to_owned());
        let held = Held {
            transfer: takes.unwrap_or_else(|_| CEASED.to_owned()),
            mechanism: details.mechanism.clone(),
            condition: digest(&details.condition),
            onward: digest(&details.onward),
            law: digest(&details.law),
        };
        (code, held)
    };
    let standing = match case.contract {
        Some(contract) => contract::store::standing(db, contract).await?,
        None => Vec::new(),
    };
    let chain = line(&standing, place);
    let parties: BTreeSet<Uuid> = chain.values().filter_map(|link| link.party.parse().ok()).collect();
    let owners = party::store::owners(db, parties).await?;
    let owners = owners.into_iter().map(|(id, (name, country))| (id.to_string(), Owner { name: digest(&name), country }));
    Ok(Basis {
        place: place.to_owned(),
        answers: answers(cx, db, case).await?,
        countries: countries.into_iter().map(held).collect(),
        chain,
        owners: owners.collect(),
    })
}

/// The places at, above and below one.
fn line(standing: &[contract::chain::place_row::Model], place: &str) -> BTreeMap<String, Link> {
    let by_id: BTreeMap<Uuid, &contract::chain::place_row::Model> = standing.iter().map(|row| (row.id, row)).collect();
    // Where the place itself ended, nothing of it stands: what was there left.
    let Some(own) = place.parse::<Uuid>().ok().and_then(|id| by_id.get(&id)) else { return BTreeMap::new() };
    let within = |row: &contract::chain::place_row::Model, of: Uuid| {
        let mut at = Some(row.id);
        // A chain is no longer than its rows.
        for _ in 0..=standing.len() {
            match at {
                Some(id) if id == of => return true,
                Some(id) => at = by_id.get(&id).and_then(|row| row.above),
                None => return false,
            }
        }
        false
    };
    let link = |row: &contract::chain::place_row::Model| Link {
        party: row.party.to_string(),
        tier: u32::try_from(row.tier).unwrap_or(0),
        above: row.above.map(|id| id.to_string()),
    };
    let near = standing.iter().filter(|row| within(row, own.id) || within(own, row.id));
    near.map(|row| (row.id.to_string(), link(row))).collect()
}

/// The digest of what is answered about the work now, but for its dates: by the last proposal handed in that was carried forward from this one, else by
/// this one.
async fn answers<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<String> {
    let links = cases::links(db, case.id).await?;
    let later: Vec<Uuid> = links.into_iter().filter(|link| link.b == case.id && link.kind == CARRIED).map(|link| link.a).collect();
    let mut last = None;
    if !later.is_empty() {
        // What was withdrawn or turned out to be none says nothing of the work any more.
        let found = cases::CaseEntity::find().filter(CaseColumn::Id.is_in(later)).filter(CaseColumn::SubmittedAt.is_not_null());
        let found = found.filter(CaseColumn::Stage.is_not_in(["withdrawn", "not_offshoring"]));
        last = found.order_by_desc(CaseColumn::SubmittedAt).order_by_desc(CaseColumn::Id).one(db).await?;
    }
    let submissions = platform::cases::rounds::submissions(cx, db, last.as_ref().unwrap_or(case)).await?;
    let Some(bytes) = submissions.last().and_then(|last| last.document.as_ref()) else { return Ok(String::new()) };
    undated(bytes)
}

/// Leaves of each file what it holds, not which upload it was.
fn forget_uploads(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(all) => {
            if all.contains_key("sha256") {
                all.retain(|name, _| name == "sha256");
            }
            all.values_mut().for_each(forget_uploads);
        }
        serde_json::Value::Array(all) => all.iter_mut().for_each(forget_uploads),
        _ => {}
    }
}

/// The digest of the answers of a document but for their dates.
///
/// # Errors
/// When it is no document of ours.
pub fn undated(document: &[u8]) -> Result<String> {
    let mut all = serde_json::to_value(FrozenDocument::from_bytes(document)?.answers())?;
    // A renewal says that the work goes on; the same file attached again has another id.
    if let Some(all) = all.as_object_mut() {
        all.retain(|question, _| !["dates", "certainty", "started_on"].contains(&question.as_str()));
    }
    forget_uploads(&mut all);
    Ok(digest(&serde_json::to_string(&all)?))
}

fn digest(text: &str) -> String {
    hex::encode(platform::random::digest(text.as_bytes()))
}

/// The cases whose approval still runs, in force or suspended, urgent ones too: under one contract, or all.
///
/// # Errors
/// When the database fails.
pub async fn running<C: ConnectionTrait>(db: &C, contract: Option<Uuid>, today: Date) -> Result<Vec<Case>> {
    let running = approval::Entity::find()
        .select_only()
        .column(approval::Column::Case)
        .filter(approval::Column::Standing.ne(Standing::Revoked.code()))
        .filter(approval::Column::To.gte(today.to_string()))
        .into_query();
    let found = cases::CaseEntity::find().filter(CaseColumn::Kind.eq(PROPOSAL.id));
    let found = found
        .filter(CaseColumn::Id.in_subquery(running))
        .filter(Condition::all().add_option(contract.map(|id| CaseColumn::Contract.eq(id))));
    Ok(found.order_by_asc(CaseColumn::Contract).order_by_asc(CaseColumn::Id).all(db).await?)
}

/// Since when the approvals of these cases are stale; those that are not are left out.
///
/// # Errors
/// When the database fails.
pub async fn stale_since<C: ConnectionTrait>(db: &C, cases: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, Millis>> {
    let found = approval::Entity::find().select_only().columns([approval::Column::Case, approval::Column::StaleAt]);
    let found = found.filter(approval::Column::Case.is_in(cases)).filter(approval::Column::StaleAt.is_not_null());
    Ok(found.into_tuple::<(Uuid, Millis)>().all(db).await?.into_iter().collect())
}

/// Keeps since when the approval of a case is stale.
///
/// # Errors
/// When the database fails.
pub async fn set_stale(tx: &Tx, case: Uuid, since: Option<Millis>) -> Result<()> {
    let change = approval::Entity::update_many().col_expr(approval::Column::StaleAt, Expr::value(since));
    change.filter(approval::Column::Case.eq(case)).exec(tx.db()).await?;
    Ok(())
}
