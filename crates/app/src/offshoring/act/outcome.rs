//! What the judgements of an assessment amount to, by the risk method of its pack (OFF-10): no write.

use platform::error::FieldErrors;
use platform::{Error, Result};
use rules::form::Answers;
use rules::pack::{Pack, RiskPath};
use rules::risk::{Assessment, Judgement, Risk};

use crate::offshoring::model::METHOD;
use crate::offshoring::store::Assessment as Assessed;

/// The risk method of a pack over these answers.
pub(in crate::offshoring) fn method<'a>(pack: &'a Pack, answers: &'a Answers) -> Result<Risk<'a>> {
    Risk::new(pack, METHOD, answers).ok_or_else(|| Error::internal("the pack has no risk method"))
}

/// The path of an assessment.
pub(in crate::offshoring) fn path<'a>(risk: &Risk<'a>, id: &str) -> Result<&'a RiskPath> {
    risk.method().paths.iter().find(|p| p.id == id).ok_or_else(|| Error::internal(format!("the risk method has no path {id}")))
}

/// What the judgements so far amount to; what is lacking otherwise.
pub(in crate::offshoring) fn concluded(pack: &Pack, answers: &Answers, row: &Assessed) -> Result<Result<Assessment, FieldErrors>> {
    let risk = method(pack, answers)?;
    let path = path(&risk, &row.path)?;
    // Judgements of factors that the path does not ask for are left aside; they come back when it is widened.
    let wanted: Vec<Judgement> = risk.factors(path).iter().filter_map(|f| row.judged.get(&f.id)).map(|j| j.judgement.clone()).collect();
    Ok(risk.assess(path, &wanted).map_err(|faults| {
        let mut errors = FieldErrors::default();
        for fault in faults.iter() {
            errors.add(fault.path.clone(), crate::offshoring::text(&fault.message));
        }
        errors
    }))
}
