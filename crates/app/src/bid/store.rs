//! The table of what bids say, and who sees which.

use platform::authz::{Actor, Side};
use platform::cases::queue::Visible;
use platform::cases::store::{self as cases, CaseColumn};
use platform::cases::{Case, Words};
use platform::cx::{Cx, Tx};
use platform::error::Blocker;
use platform::{Error, Result};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, Condition, ConnectionTrait, QueryOrder as _};

use super::model::{BID, Bid, Plans, lacking};
use crate::offshoring::{self, model::PROPOSAL};

/// What a bid says, as stored.
mod bid {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bid")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub case: Uuid,
        /// `yes` or `no`; none while that is not said.
        pub abroad: Option<String>,
        /// Sealed.
        pub statement: Option<Vec<u8>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLE: &str = "bid";

/// The bids that an actor may view: the SQL twin of the view policies in `authz/bid.cedar`.
pub fn visible(actor: &Actor) -> Visible {
    match actor {
        Actor::Account(a) if a.side == Side::Supplier => Visible::most(Condition::all().add(CaseColumn::Party.eq(a.party))),
        Actor::Operator | Actor::Job(_) | Actor::Account(_) => Visible::most(Condition::all()),
        Actor::Anonymous | Actor::Link { .. } => Visible::most(platform::register::nothing()),
    }
}

/// The bid with this id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Bid> {
    Ok(Bid::of(cases::get(db, &BID, id).await?))
}

/// The bids for a contract that are not closed, those first that were begun first.
///
/// # Errors
/// When the database fails.
pub async fn open_for<C: ConnectionTrait>(db: &C, contract: Uuid) -> Result<Vec<Case>> {
    let found = cases::CaseEntity::find()
        .filter(CaseColumn::Kind.eq(BID.id))
        .filter(CaseColumn::Contract.eq(contract))
        .filter(CaseColumn::ClosedAt.is_null());
    Ok(found.order_by_asc(CaseColumn::Id).all(db).await?)
}

/// What a bid says of work abroad.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn plans<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Plans> {
    let row = bid::Entity::find_by_id(case.id).one(db).await?.ok_or_else(|| Error::internal("a bid says nothing"))?;
    let words = Words::reading(cx, db, case).await?;
    Ok(Plans {
        abroad: row.abroad.map(|said| said == "yes"),
        statement: words.read_some(TABLE, &case.id.to_string(), "statement", row.statement.as_deref())?,
    })
}

/// The kind of link from a bid to a questionnaire that came with it.
pub(super) const CAME_WITH: &str = "came_with";

/// The questionnaires that came with a bid, or that its bidder is writing while it is open.
///
/// # Errors
/// When the database fails.
pub async fn questionnaires<C: ConnectionTrait>(db: &C, case: &Case) -> Result<Vec<Case>> {
    if case.closed_at.is_some() {
        let links = cases::links(db, case.id).await?;
        let came = links.into_iter().filter(|link| link.a == case.id && link.kind == CAME_WITH).map(|link| link.b);
        return cases::all(db, &PROPOSAL, came).await;
    }
    match case.place {
        Some(place) => offshoring::store::at_or_below(db, place).await,
        None => Ok(Vec::new()),
    }
}

/// A bid as its reader reads it.
#[derive(Debug)]
pub struct Read {
    /// What it says of work abroad.
    pub plans: Plans,
    /// The questionnaires with it that the reader may view.
    pub came: Vec<Case>,
    /// What it lacks by these; none once it is closed.
    pub lacking: Option<Vec<Blocker>>,
}

/// What a bid says and what came with it, as the actor reads it.
///
/// # Errors
/// When the database fails or its words do not open.
pub async fn read(cx: &Cx, case: &Case) -> Result<Read> {
    let plans = plans(cx, cx.db(), case).await?;
    let all = offshoring::store::load_all(cx.db(), questionnaires(cx.db(), case).await?).await?;
    let came: Vec<Case> = all.into_iter().filter(|of| cx.may("proposal.view", of)).map(|of| of.case).collect();
    let lacking = case.closed_at.is_none().then(|| lacking(&plans, came.iter().map(|one| one.stage.as_str())));
    Ok(Read { plans, came, lacking })
}

/// Stores a new bid, which says nothing yet.
pub(super) async fn insert(tx: &Tx, case: &Case) -> Result<()> {
    let row = bid::ActiveModel { case: ActiveValue::Set(case.id), abroad: ActiveValue::Set(None), statement: ActiveValue::Set(None) };
    bid::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Writes what it says now. The case's version guards it.
pub(super) async fn state(cx: &Cx, tx: &Tx, case: &Case, plans: &Plans) -> Result<()> {
    let (words, id) = (Words::writing(cx, tx, case).await?, case.id.to_string());
    let abroad = plans.abroad.map(|abroad| if abroad { "yes" } else { "no" });
    bid::Entity::update_many()
        .col_expr(bid::Column::Abroad, Expr::value(abroad))
        .col_expr(bid::Column::Statement, Expr::value(words.seal_some(TABLE, &id, "statement", plans.statement.as_deref())?))
        .filter(bid::Column::Case.eq(case.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
