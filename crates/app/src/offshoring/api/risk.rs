//! The assessment: read, judged factor by factor, its path widened.

use platform::api::{Api, Area, Call, Op};
use platform::cases::api::{Reasoned, viewed};
use platform::clock::timestamp;
use platform::web::Answer;
use platform::{Cx, Error, Result};
use rules::risk::{Judgement, Point};
use serde::{Deserialize, Serialize};
use serde_json::to_value;
use utoipa::ToSchema;

use super::{Proposals, at};
use crate::casework::answering::documents;
use crate::offshoring::model::Proposal;
use crate::offshoring::{act, store};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Cases;
    Api::new()
        .add(Op::get("proposals.risk", at("risk"), area).answers::<RiskSheet>(), risk)
        .add(Op::put("proposals.judge", at("risk/{factor}"), area).codes(&["factor"]).takes::<Judging>().answers::<RiskSheet>(), judge)
        .add(Op::post("proposals.widen", at("widen"), area).versioned().takes::<Reasoned>().answers::<RiskSheet>(), widen)
}

/// An assessment.
#[derive(Serialize, ToSchema)]
struct RiskSheet {
    /// For the next judgement.
    version: i32,
    /// The round.
    round: i32,
    /// The path, by code.
    path: String,
    /// Why that one.
    path_reason: String,
    /// The factors that the path asks for.
    factors: Vec<FactorSheet>,
    /// The worst rating before controls, once recorded.
    inherent: Option<String>,
    /// The worst rating with controls, once recorded.
    residual: Option<String>,
    /// When it was recorded.
    #[schema(format = DateTime)]
    done_at: Option<String>,
}

/// A factor, and what was judged.
#[derive(Serialize, ToSchema)]
struct FactorSheet {
    /// Its id.
    factor: String,
    /// Its title.
    title: String,
    /// What is asked.
    text: String,
    /// Before controls.
    inherent: Option<LevelPair>,
    /// With controls.
    residual: Option<LevelPair>,
    /// The pack's controls that make the difference.
    controls: Vec<String>,
    /// Other controls.
    other_controls: Vec<String>,
    /// Why.
    why: Option<String>,
}

/// A likelihood and an impact.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LevelPair {
    /// The level of likelihood, from 1.
    #[schema(minimum = 1, maximum = 10)]
    likelihood: u32,
    /// The level of impact, from 1.
    #[schema(minimum = 1, maximum = 10)]
    impact: u32,
}

impl LevelPair {
    fn of(point: Point) -> Self {
        Self { likelihood: point.likelihood, impact: point.impact }
    }

    fn point(&self) -> Point {
        Point { likelihood: self.likelihood, impact: self.impact }
    }
}

async fn sheet(cx: &Cx, of: &Proposal) -> Result<RiskSheet> {
    let row = store::assessments(cx, cx.db(), &of.case).await?.pop().ok_or(Error::NotFound)?;
    let pack = act::pack_of(cx, &of.case)?;
    let answers = documents::<Proposals>(cx, &of.case).await?.last().map(|(_, document)| document.answers()).unwrap_or_default();
    let method = act::method(&pack, &answers)?;
    let factors = method.factors(act::path(&method, &row.path)?).into_iter().map(|factor| {
        let judged = row.judged.get(&factor.id);
        let said = judged.map(|j| &j.judgement);
        FactorSheet {
            factor: factor.id.clone(),
            title: factor.title.clone(),
            text: factor.text.clone(),
            inherent: said.map(|j| LevelPair::of(j.inherent)),
            residual: said.map(|j| LevelPair::of(j.residual)),
            controls: said.map(|j| j.controls.clone()).unwrap_or_default(),
            other_controls: said.map(|j| j.other_controls.clone()).unwrap_or_default(),
            why: judged.map(|j| j.why.clone()),
        }
    });
    Ok(RiskSheet {
        version: row.version,
        round: row.round,
        factors: factors.collect(),
        path: row.path,
        path_reason: row.path_reason,
        inherent: row.inherent,
        residual: row.residual,
        done_at: row.done_at.map(|at| timestamp(at).to_string()),
    })
}

async fn risk(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.read_risk", &of)?;
    let found = sheet(&call.cx, &of).await?;
    call.found(&found, Some(found.version))
}

/// What is judged of a factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judging {
    /// Before controls.
    inherent: LevelPair,
    /// With controls.
    residual: LevelPair,
    /// The pack's controls that make the difference.
    #[serde(default)]
    controls: Vec<String>,
    /// Other controls.
    #[serde(default)]
    other_controls: Vec<String>,
    /// Why.
    #[schema(min_length = 1, max_length = 4000)]
    why: String,
}

async fn judge(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    call.cx.permit("proposal.judge", &of)?;
    let with: Judging = call.body()?;
    let judgement = Judgement {
        factor: call.code("factor").to_owned(),
        inherent: with.inherent.point(),
        residual: with.residual.point(),
        controls: with.controls,
        other_controls: with.other_controls,
    };
    let done = act::judge(&call.cx, of.case.id, call.version()?, judgement, &with.why).await;
    assessed(&call, &of, done).await
}

async fn assessed(call: &Call, of: &Proposal, done: Result<()>) -> Answer {
    call.fresh(done, || async { Ok(to_value(sheet(&call.cx, of).await?)?) }).await?;
    let found = sheet(&call.cx, of).await?;
    call.made(&format!("/api/v1/proposals/{}/risk", of.case.id), &found, Some(found.version))
}

async fn widen(call: Call) -> Answer {
    let of = viewed::<Proposals>(&call).await?;
    let done = act::widen(&call.cx, of.case.id, call.version()?, &call.body::<Reasoned>()?.reason).await;
    assessed(&call, &of, done).await
}
