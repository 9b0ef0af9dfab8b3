//! Whose a sender is, and which incident a message may be about.

use inbox::Message;
use platform::authz::Side;
use platform::cases::store as cases;
use platform::identity::{holder, membership};
use platform::{Cx, Result};
use uuid::Uuid;

use super::model::references;
use super::store;
use crate::contract;
use crate::contract::chain::place_row;
use crate::incident::model::INCIDENT;

/// A sender whose address is that of an account of a supplier's.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    /// The account.
    pub account: Uuid,
    /// Its party; of several, the one that stands at the only place, else the first.
    pub party: Uuid,
    /// Where its parties stand.
    pub places: Vec<place_row::Model>,
}

/// Whose the sender is; none of whom nobody knows, whose account does not stand, or who belongs to no supplier.
pub(super) async fn sender(cx: &Cx, message: &Message) -> Result<Option<Sender>> {
    let Some(from) = message.from.as_ref().filter(|_| message.from_is_one) else { return Ok(None) };
    let (core, db) = (cx.core(), cx.db());
    let account = holder::find(core, db, &from.address).await?.filter(|account| account.stands(&core.clock));
    let Some(account) = account else { return Ok(None) };
    let (mut parties, mut places) = (Vec::new(), Vec::new());
    for member in membership::own(db, account.id, cx.now()).await? {
        let face = (core.directory)(db, member.party).await?;
        if face.is_some_and(|face| face.side == Side::Supplier) && !parties.contains(&member.party) {
            parties.push(member.party);
            places.extend(contract::store::places_of(db, member.party).await?);
        }
    }
    let contracts = contract::store::some(db, places.iter().map(|place| place.contract)).await?;
    places.retain(|place| contracts.get(&place.contract).is_some_and(|on| on.state != "ended"));
    let party = if let [only] = places.as_slice() { Some(only.party) } else { parties.first().copied() };
    Ok(party.map(|party| Sender { account: account.id, party, places }))
}

/// The incident that a message seems to be about: it answers what we wrote of one, or names its reference in the subject. Whoever wrote it may be
/// wrong or lie, so nothing but a hint comes of it.
pub(super) async fn about(cx: &Cx, message: &Message) -> Result<Option<Uuid>> {
    let ids: Vec<Uuid> = message
        .in_reply_to
        .iter()
        .chain(&message.references)
        .filter_map(|id| id.split_once('@').and_then(|(local, _)| local.parse().ok()))
        .collect();
    if let Some(case) = store::answered(cx.db(), &ids).await? {
        return Ok(Some(case));
    }
    for reference in references(&message.subject) {
        if let Some(case) = cases::referenced(cx.db(), &INCIDENT, &reference).await? {
            return Ok(Some(case.id));
        }
    }
    Ok(None)
}
