//! What the contract and the agreed plan ask of a duty, as people recorded it (SEC-1). Part of this feature's store.

use platform::cases::Case;
use platform::cases::store::{CaseColumn, CaseEntity};
use platform::{Error, Result};
use rules::governing::Demand;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, DatabaseTransaction, QueryOrder as _};

use crate::contract::chain;
use crate::obligation::store::Duty;

/// What a document asks of a duty.
mod term {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "duty_term")]
    pub struct Model {
        /// The contract, of what it asks of its whole chain; of what a plan asks, the place whose plan it is.
        #[sea_orm(primary_key, auto_increment = false)]
        pub at: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub obligation: String,
        /// `contract` or `plan`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub document: String,
        pub contract: Uuid,
        /// `unknown`, `nothing`, `same` or `asks`.
        pub way: String,
        /// What it asks, as JSON, where it asks something of its own.
        pub asks: Option<String>,
        /// Where it stands in the document.
        pub clause: Option<String>,
        /// The version of the plan in which it was read.
        pub plan: Option<Uuid>,
        pub set_by: String,
        pub set_at: i64,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The longest name of a clause, in characters.
pub const CLAUSE: usize = 200;

/// The kind of case that a plan is. Plans come later in the order of features; what a duty needs of one is that it was agreed, and where.
pub(super) const PLAN: &str = "plan";

/// A document beside the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The contract.
    Contract,
    /// The agreed plan.
    Plan,
}

impl Document {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Contract, Self::Plan];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Plan => "plan",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document| document.code() == code)
    }
}

/// What a document says of a duty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Way {
    /// Nobody recorded what, or it was taken back.
    #[default]
    Unknown,
    /// It asks nothing of its own here.
    Nothing,
    /// It asks the same as the pack.
    Same,
    /// It asks this.
    Asks(Demand),
}

impl Way {
    /// Its code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Nothing => "nothing",
            Self::Same => "same",
            Self::Asks(_) => "asks",
        }
    }
}

/// What is recorded of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// What it says.
    pub way: Way,
    /// Where it stands in the document.
    pub clause: Option<String>,
    /// The version of the plan in which it was read.
    pub plan: Option<Uuid>,
    /// Who recorded it, and when; none while nobody has.
    pub set: Option<(String, i64)>,
    /// Guards against lost updates; 0 while nothing was recorded.
    pub version: i32,
}

/// What is recorded of a document that stands at `at`.
///
/// # Errors
/// When the database fails.
pub async fn get(db: &impl ConnectionTrait, at: Uuid, duty: &Duty, document: Document) -> Result<Term> {
    let id = (at, duty.row.pack.clone(), duty.row.obligation.clone(), document.code().to_owned());
    let Some(row) = term::Entity::find_by_id(id).one(db).await? else { return Ok(Term::default()) };
    let way = match (row.way.as_str(), row.asks.as_deref()) {
        ("nothing", _) => Way::Nothing,
        ("same", _) => Way::Same,
        ("asks", Some(asks)) => Way::Asks(serde_json::from_str(asks)?),
        _ => Way::Unknown,
    };
    Ok(Term { way, clause: row.clause, plan: row.plan, set: Some((row.set_by, row.set_at)), version: row.version })
}

/// Saves what a document says over version `term.version` of it.
pub(super) async fn save(tx: &DatabaseTransaction, at: Uuid, duty: &Duty, document: Document, term: &Term) -> Result<()> {
    use term::Column as C;

    let asks = if let Way::Asks(demand) = &term.way { Some(serde_json::to_string(demand)?) } else { None };
    let (set_by, set_at) = term.set.clone().unwrap_or_default();
    let row = term::ActiveModel {
        at: ActiveValue::Set(at),
        pack: ActiveValue::Set(duty.row.pack.clone()),
        obligation: ActiveValue::Set(duty.row.obligation.clone()),
        document: ActiveValue::Set(document.code().to_owned()),
        contract: ActiveValue::Set(duty.row.contract),
        way: ActiveValue::Set(term.way.code().to_owned()),
        asks: ActiveValue::Set(asks),
        clause: ActiveValue::Set(term.clause.clone()),
        plan: ActiveValue::Set(term.plan),
        set_by: ActiveValue::Set(set_by),
        set_at: ActiveValue::Set(set_at),
        version: ActiveValue::Set(term.version + 1),
    };
    let done = if term.version == 0 {
        let keep = OnConflict::columns([C::At, C::Pack, C::Obligation, C::Document]).do_nothing().to_owned();
        term::Entity::insert(row).on_conflict(keep).exec_without_returning(tx).await?
    } else {
        let here = term::Entity::update_many().set(row).filter(C::At.eq(at)).filter(C::Pack.eq(&duty.row.pack));
        let here = here.filter(C::Obligation.eq(&duty.row.obligation)).filter(C::Document.eq(document.code()));
        here.filter(C::Version.eq(term.version)).exec(tx).await?.rows_affected
    };
    if done == 1 { Ok(()) } else { Err(stale()) }
}

pub(super) fn stale() -> Error {
    Error::Stale(platform::texts::Text::new("obligation-term-stale"))
}

/// The version of the plan by which a place works: its own, else that of the nearest place above it which has one.
///
/// # Errors
/// When the database fails.
pub async fn plan_at(db: &impl ConnectionTrait, place: Uuid) -> Result<Option<Case>> {
    let mut here = Some(place);
    while let Some(at) = here {
        let agreed =
            CaseEntity::find().filter(CaseColumn::Kind.eq(PLAN)).filter(CaseColumn::Place.eq(at)).filter(CaseColumn::Stage.eq("agreed"));
        // A later version supersedes those before it as it is agreed.
        let latest = agreed.order_by_desc(CaseColumn::ClosedAt).order_by_desc(CaseColumn::Id).one(db).await?;
        if latest.is_some() {
            return Ok(latest);
        }
        here = chain::place(db, at).await?.row.above;
    }
    Ok(None)
}
