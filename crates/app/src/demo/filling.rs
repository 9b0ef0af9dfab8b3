//! Answering forms, as the pages do.

use platform::cases::api::Asks;
use platform::cases::store as cases;
use platform::forms::api::posted;
use platform::forms::drafts::{self, Outcome, Posting};
use platform::{Cx, Error, Result};
use rules::form::Answers;
use serde_json::Value;
use uuid::Uuid;

/// Saves these answers to a case, section by section; those of the other sections stay as they are.
///
/// # Errors
/// When the form has no such answers, or refuses one: whoever wrote them down is wrong.
pub(crate) async fn fill<P: Asks>(cx: &Cx, id: Uuid, answers: Value) -> Result<()> {
    let case = cases::get(cx.db(), P::KIND, id).await?;
    let of = P::load(cx.db(), vec![case.clone()]).await?.pop().ok_or(Error::NotFound)?;
    let pack = P::pack(cx, &case)?;
    let form = P::form(&pack)?;
    let choices = P::choices(cx, &case).await?;
    let answers = Answers::from_json(answers).ok_or_else(|| Error::internal("the answers are no answers"))?;
    let standing = drafts::load(cx, id, case.round).await?;
    let permit = cx.permit(P::DRAFT, &of)?;
    for section in form.sections.iter().filter(|section| section.questions.iter().any(|q| answers.get(&q.id).is_some())) {
        let fields = posted(form, &section.id, &answers, standing.version(&section.id));
        let posting = Posting { form, section: &section.id, fields: &fields, choices: &choices };
        match drafts::save(cx, &permit, id, case.round, &posting).await? {
            Outcome::Saved(saved) if saved.errors.is_empty() => {}
            Outcome::Saved(saved) => return Err(Error::internal(format!("the answers to {}: {:?}", section.id, saved.errors))),
            Outcome::Clash(_) => return Err(Error::internal(format!("{} changed meanwhile", section.id))),
        }
    }
    Ok(())
}
