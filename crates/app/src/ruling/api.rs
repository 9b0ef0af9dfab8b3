//! Rulings for programs: what the case engine gives to every kind, and beside it asking, what was ruled, and taking a ruling back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::api::{Api, Area, Call, Op};
use platform::authz::Actor;
use platform::cases::api::{self as kit, CaseFile, Cases, Reasoned, stands, viewed};
use platform::cases::lifecycle::StepDef;
use platform::cases::queue::Visible;
use platform::cases::{Case, Kind as Lifecycle};
use platform::clock::timestamp;
use platform::error::FieldErrors;
use platform::web::Answer;
use platform::{Cx, Error, Result, t};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use super::asks::AskedDemand;
use super::model::{Given, Giving, RULING, Rule, Ruling, Rulings, Says, Stands};
use super::{pages, store};
use crate::casework;

impl Cases for Rulings {
    const KIND: &'static Lifecycle = &RULING;
    const PATH: &'static str = "/api/v1/rulings";
    const ID: &'static str = "rulings";
    const VIEW: &'static str = "ruling.view";
    const NOTES: &'static str = "ruling.read_notes";
    const RATING: &'static str = "ruling.read_notes";
    const LEVELS: &'static [&'static str] = &["ask", "rule", "decline", "withdraw", "revoke"];
    type Thing = Ruling;

    fn visible(actor: &Actor) -> Visible {
        store::visible(actor)
    }

    async fn load<D: ConnectionTrait>(db: &D, cases: Vec<Case>) -> Result<Vec<Ruling>> {
        store::load_all(db, cases).await
    }

    fn case(of: &Ruling) -> &Case {
        &of.case
    }

    /// How each ruling stands today.
    async fn marks(cx: &Cx, cases: &[Case]) -> Result<BTreeMap<Uuid, String>> {
        let ids: Vec<Uuid> = cases.iter().filter(|case| case.stage == "ruled").map(|case| case.id).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = store::standing(cx.db(), ids, cx.core().clock.today()).await?;
        let says = |stands: Stands, from, until| match stands {
            Stands::Holds | Stands::Coming => pages::days(from, until),
            over => t!(&format!("ruling-stands-{}", over.code())),
        };
        Ok(found.into_iter().map(|(id, (stands, from, until))| (id, says(stands, from, until))).collect())
    }

    fn takes(step: &StepDef, op: Op) -> Op {
        if step.id == "rule" { op.takes::<RulingGiven>() } else { op.takes::<Reasoned>() }
    }

    async fn take(call: &Call, step: &'static StepDef, id: Uuid, version: i32) -> Result<()> {
        let cx = &call.cx;
        match step.id {
            "rule" => act::rule(cx, id, version, &call.body::<RulingGiven>()?.giving()?).await,
            "decline" => act::decline(cx, id, version, &call.body::<Reasoned>()?.reason).await,
            "withdraw" => act::withdraw(cx, id, version, &call.body::<Reasoned>()?.reason).await,
            other => Err(Error::internal(format!("the step {other} has no act"))),
        }
    }
}

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    let at = |what: &str| format!("/api/v1/rulings/{{id}}/{what}");
    kit::api::<Rulings>()
        .and(casework::api::routes::<Rulings>())
        .add(Op::post("rulings.ask", "/api/v1/places/{place}/rulings", area).takes::<AskingRule>().answers::<CaseFile>().makes(), ask)
        .add(Op::get("rulings.about", at("about"), area).answers::<RulingAbout>(), about)
        .add(
            Op::post("rulings.revoke", at("revoke"), area).versioned().confirmed().authority().takes::<Revoking>().answers::<CaseFile>(),
            revoke,
        )
}

/// A question about a rule.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskingRule {
    /// The pack of the rule, which is on the contract.
    #[schema(min_length = 1, max_length = 100)]
    pack: String,
    /// The obligation's id in the pack.
    #[schema(min_length = 1, max_length = 100)]
    obligation: String,
    /// What you want to know.
    #[schema(min_length = 1, max_length = 8000)]
    question: String,
}

async fn ask(call: Call) -> Answer {
    let with: AskingRule = call.body()?;
    let rule = Rule { pack: with.pack, obligation: with.obligation };
    let id = act::ask(&call.cx, call.id("place")?, Some(&rule), &with.question).await?;
    stands::<Rulings>(&call, id).await
}

/// A ruling to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RulingGiven {
    /// The first day on which it holds.
    from: Date,
    /// The last one; none where it holds until further notice.
    until: Option<Date>,
    /// What holds from now on; none where it leaves that as it is.
    asks: Option<AskedDemand>,
    /// Whether it allows what is blocked until a ruling allows it; none where it does not speak of that.
    allows: Option<bool>,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
    /// The cases of the earlier rulings on the same rule whose place it takes.
    #[serde(default)]
    #[schema(max_items = 100)]
    replaces: Vec<Uuid>,
}

impl RulingGiven {
    fn giving(self) -> Result<Giving> {
        let mut errors = FieldErrors::default();
        let asks = self.asks.and_then(|asks| asks.read(&mut errors));
        errors.or(())?;
        let says = Says { asks, allows: self.allows, reason: self.reason };
        Ok(Giving { from: self.from, until: self.until, says, replaces: self.replaces })
    }
}

/// Taking a ruling back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revoking {
    /// The first day on which it holds no more.
    on: Date,
    /// Why.
    #[schema(min_length = 1, max_length = 8000)]
    reason: String,
}

async fn revoke(call: Call) -> Answer {
    let id = viewed::<Rulings>(&call).await?.case.id;
    let with: Revoking = call.body()?;
    let done = act::revoke(&call.cx, id, call.version()?, with.on, &with.reason).await;
    kit::moved::<Rulings>(&call, id, done).await
}

/// What a question is about, and what was ruled.
#[derive(Serialize, ToSchema)]
struct RulingAbout {
    /// The pack of the rule.
    pack: String,
    /// The obligation's id in the pack.
    obligation: String,
    /// The contract on which a ruling binds.
    contract: Uuid,
    /// What was asked.
    question: String,
    /// The ruling; none before it was given.
    ruling: Option<RulingSays>,
}

/// A ruling that was given, as everybody reads it whom it binds.
#[derive(Serialize, ToSchema)]
pub struct RulingSays {
    /// Its case.
    case: Uuid,
    /// Its reference.
    reference: String,
    /// When it was given.
    #[schema(format = DateTime)]
    given_at: String,
    /// How it stands today: `coming`, `holds`, `ended`, `revoked` or `superseded`.
    stands: String,
    /// The first day on which it holds.
    #[schema(format = Date)]
    from: String,
    /// The last one; none where it holds until further notice.
    #[schema(format = Date)]
    until: Option<String>,
    /// What holds; none where it leaves that as it is.
    asks: Option<AskedDemand>,
    /// Whether it allows what is blocked; none where it does not speak of that.
    allows: Option<bool>,
    /// Why; none once it was destroyed.
    reason: Option<String>,
    /// The first day on which it holds no more, because it was taken back or a later one took its place.
    #[schema(format = Date)]
    over_on: Option<String>,
    /// The later ruling.
    over_by: Option<Uuid>,
    /// Why it was taken back, or why the later one was given.
    over_reason: Option<String>,
}

impl RulingSays {
    /// A ruling as it stands on `today`.
    pub fn of(given: &Given, today: Date) -> Self {
        let says = given.says.as_ref();
        Self {
            case: given.case,
            reference: given.reference.clone(),
            given_at: timestamp(given.at).to_string(),
            stands: given.stands(today).code().to_owned(),
            from: given.from.to_string(),
            until: given.until.map(|day| day.to_string()),
            asks: says.and_then(|says| says.asks.as_ref()).map(AskedDemand::of),
            allows: says.and_then(|says| says.allows),
            reason: says.map(|says| says.reason.clone()),
            over_on: given.over.as_ref().map(|over| over.on.to_string()),
            over_by: given.over.as_ref().and_then(|over| over.by),
            over_reason: given.over.as_ref().map(|over| over.reason.clone()),
        }
    }
}

async fn about(call: Call) -> Answer {
    let of = viewed::<Rulings>(&call).await?;
    let about = store::about(&call.cx, call.cx.db(), &of.case).await?;
    let found = RulingAbout {
        pack: about.rule.pack,
        obligation: about.rule.obligation,
        contract: about.contract,
        question: about.question,
        ruling: about.given.as_ref().map(|given| RulingSays::of(given, call.cx.core().clock.today())),
    };
    call.found(&found, None)
}
