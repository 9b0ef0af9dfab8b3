//! The table of what was recorded about duties, and the duties of a contract put together.

use std::collections::BTreeMap;

use platform::authz::Actor;
use platform::{Cx, Error, Result};
use rules::pack::{Role, obligations_for};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, DatabaseTransaction};

use super::model::{Duty, Recorded};
use crate::contract::chain::{self, Place};
use crate::contract::store::{self as contracts, Contract};
use crate::pack;

/// What was recorded about one duty.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "obligation_record")]
pub struct Model {
    /// The place that owes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: Uuid,
    /// The pack.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pack: String,
    /// The obligation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub obligation: String,
    /// The contract.
    pub contract: Uuid,
    /// `met` or `not_applicable`.
    pub state: String,
    /// When last met, ISO.
    pub met_on: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// The last day that the evidence covers, ISO.
    pub covers_to: Option<String>,
    /// Why it does not apply.
    pub reason: Option<String>,
    /// Who recorded it.
    pub set_by: String,
    /// When.
    pub set_at: i64,
    /// Guards against lost updates.
    pub version: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The duties of the places of `contract` that `actor` may view, place by place, pack by pack.
///
/// # Errors
/// When the database fails.
pub async fn duties(cx: &Cx, actor: &Actor, contract: &Contract) -> Result<Vec<(Place, Vec<Duty>)>> {
    let places = chain::seen_places(cx.db(), actor, contract.row.id, false).await?;
    let on = contracts::packs_on(cx.db(), contract.row.id).await?;
    let records: BTreeMap<(Uuid, String, String), Model> = Entity::find()
        .filter(Column::Contract.eq(contract.row.id))
        .all(cx.db())
        .await?
        .into_iter()
        .map(|row| ((row.place, row.pack.clone(), row.obligation.clone()), row))
        .collect();
    let mut out = Vec::with_capacity(places.len());
    for place in places {
        let mut owed = Vec::new();
        for row in &on {
            let Some(found) = pack::packs(cx.core()).get(&row.pack, &row.edition) else { continue };
            for obligation in obligations_for(found, u32::try_from(place.row.tier).unwrap_or(1), Role::Supplier) {
                let record = records.get(&(place.row.id, row.pack.clone(), obligation.id.clone()));
                owed.push(Duty {
                    pack: found.clone(),
                    id: obligation.id.clone(),
                    place: place.row.id,
                    party: place.row.party,
                    contract: contract.row.id,
                    manager: contract.row.manager,
                    seen_by: place.seen_by.clone(),
                    term: (parse(contract.row.starts_on.as_ref()), parse(contract.row.ends_on.as_ref())),
                    since: parse(Some(&place.row.since)),
                    recorded: record.map(recorded).unwrap_or_default(),
                });
            }
        }
        out.push((place, owed));
    }
    Ok(out)
}

/// One duty.
///
/// # Errors
/// [`Error::NotFound`] when the place does not owe it.
pub async fn get(cx: &Cx, place: Uuid, pack: &str, obligation: &str) -> Result<Duty> {
    let at = chain::place(cx.db(), place).await?;
    let contract = contracts::get(cx.db(), at.row.contract).await?;
    // The operator sees every place; whether the actor may see this one, the permit says.
    let all = duties(cx, &Actor::Operator, &contract).await?;
    all.into_iter()
        .filter(|(p, _)| p.row.id == place)
        .flat_map(|(_, owed)| owed)
        .find(|d| d.pack.pack == pack && d.id == obligation)
        .ok_or(Error::NotFound)
}

fn parse(text: Option<&String>) -> Option<jiff::civil::Date> {
    text.and_then(|t| t.parse().ok())
}

fn recorded(row: &Model) -> Recorded {
    Recorded {
        aside: if row.state == "not_applicable" { row.reason.clone().or_else(|| Some(String::new())) } else { None },
        met_on: parse(row.met_on.as_ref()),
        evidence: row.evidence.clone(),
        covers_to: parse(row.covers_to.as_ref()),
        set_by: Some(row.set_by.clone()),
        version: row.version,
    }
}

/// Saves what was recorded, over version `version` of it; 0 when nothing was.
pub(super) async fn save(tx: &DatabaseTransaction, row: Model, version: i32) -> Result<()> {
    let mut new: ActiveModel = row.into();
    new = new.reset_all();
    new.version = ActiveValue::Set(version + 1);
    if version == 0 {
        let keep = OnConflict::columns([Column::Place, Column::Pack, Column::Obligation]).do_nothing().to_owned();
        let done = Entity::insert(new).on_conflict(keep).exec_without_returning(tx).await?;
        return if done == 1 { Ok(()) } else { Err(stale()) };
    }
    let key = (new.place.clone(), new.pack.clone(), new.obligation.clone());
    let (ActiveValue::Set(place), ActiveValue::Set(pack), ActiveValue::Set(obligation)) = key else {
        return Err(Error::internal("a record of a duty without its key"));
    };
    let done = Entity::update_many()
        .set(new)
        .filter(Column::Place.eq(place))
        .filter(Column::Pack.eq(pack))
        .filter(Column::Obligation.eq(obligation))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(stale()) }
}

fn stale() -> Error {
    Error::Stale(platform::texts::Text::new("obligation-stale"))
}
