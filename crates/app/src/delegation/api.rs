//! Delegations for programs.

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::web::Answer;
use platform::{Cx, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::Asking;
use super::store::Held;
use super::{act, store};

const AT: &str = "/api/v1/delegations";

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Administration;
    Api::new()
        .add(Op::get("delegations.list", AT, area).authority().lists_of::<DelegationGiven>(), list)
        .add(Op::get("delegations.one", "/api/v1/delegations/{id}", area).authority().answers::<DelegationGiven>(), one)
        .add(Op::post("delegations.make", AT, area).authority().takes::<NewDelegation>().answers::<DelegationGiven>().makes(), make)
        .add(Op::post("delegations.end", "/api/v1/delegations/{id}/end", area).authority().versioned().answers::<DelegationGiven>(), end)
}

/// That somebody decides in another's place for some days.
#[derive(Serialize, ToSchema)]
struct DelegationGiven {
    /// Its id: that of the membership which it made.
    id: Uuid,
    /// For the next change.
    version: i32,
    /// The account of who is away.
    by: Uuid,
    /// The account of who decides in their place.
    to: Uuid,
    /// The membership of who is away.
    stands_for: Option<Uuid>,
    /// The role, by code.
    role: String,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day.
    #[schema(format = Date)]
    until: String,
    /// Why; none once it was destroyed.
    reason: Option<String>,
    /// `planned`, `runs`, `over` or `ended`.
    state: String,
}

/// Who is to decide in one's own place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDelegation {
    /// The membership of one's own whose role it is.
    membership: Uuid,
    /// The account of who decides.
    to: Uuid,
    /// First day.
    from: Date,
    /// Last day, at most a year later.
    until: Date,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

async fn told(cx: &Cx, of: Held) -> Result<DelegationGiven> {
    Ok(DelegationGiven {
        reason: store::reason(cx, cx.db(), &of).await?,
        state: of.state(&cx.core().clock).code().to_owned(),
        id: of.thing.id,
        version: of.membership.version,
        by: of.thing.by,
        to: of.thing.to,
        stands_for: of.membership.stands_for,
        role: of.thing.role,
        from: of.days.0.to_string(),
        until: of.days.1.to_string(),
    })
}

async fn list(call: Call) -> Answer {
    let most = call.limit();
    let mut all = store::list(&call.cx, None, call.after(|text| text.parse().ok())?, most + 1).await?;
    let more = all.len() as u64 > most;
    all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let after = all.last().filter(|_| more).map(|last| last.thing.id.to_string());
    let mut items = Vec::new();
    for held in all {
        items.push(told(&call.cx, held).await?);
    }
    call.listed(&Listed { items, after })
}

async fn one(call: Call) -> Answer {
    let of = act::seen(&call.cx, call.cx.db(), call.id("id")?).await?;
    let version = of.membership.version;
    call.found(&told(&call.cx, of).await?, Some(version))
}

async fn make(call: Call) -> Answer {
    let with: NewDelegation = call.body()?;
    let asked = Asking { membership: with.membership, to: with.to, from: with.from, until: with.until, reason: with.reason };
    let id = act::make(&call.cx, &asked).await?;
    let of = store::get(&call.cx, call.cx.db(), id).await?;
    let version = of.membership.version;
    call.made(&format!("{AT}/{id}"), &told(&call.cx, of).await?, Some(version))
}

async fn end(call: Call) -> Answer {
    let id = call.id("id")?;
    act::end(&call.cx, id, call.version()?).await?;
    let of = store::get(&call.cx, call.cx.db(), id).await?;
    let version = of.membership.version;
    call.found(&told(&call.cx, of).await?, Some(version))
}
