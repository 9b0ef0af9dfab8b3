//! Answering forms in tests, as the pages would.

use platform::Cx;
use platform::cases::api::Asks;
use platform::cases::store as cases;
use platform::forms::api::posted;
use platform::forms::drafts::{self, Posting};
use rules::form::Answers;
use serde_json::Value;
use uuid::Uuid;

/// Saves these answers to a case, section by section; those of the other sections stay as they are.
pub(crate) async fn answer_case<P: Asks>(cx: &Cx, id: Uuid, answers: Value) {
    let case = cases::get(cx.db(), P::KIND, id).await.unwrap();
    let of = P::load(cx.db(), vec![case.clone()]).await.unwrap().pop().unwrap();
    let pack = P::pack(cx, &case).unwrap();
    let form = P::form(&pack).unwrap();
    let choices = P::choices(cx, &case).await.unwrap();
    let answers = Answers::from_json(answers).unwrap();
    let standing = drafts::load(cx, id, case.round).await.unwrap();
    let permit = cx.permit(P::DRAFT, &of).unwrap();
    for section in form.sections.iter().filter(|section| section.questions.iter().any(|q| answers.get(&q.id).is_some())) {
        let fields = posted(form, &section.id, &answers, standing.version(&section.id));
        let posting = Posting { form, section: &section.id, fields: &fields, choices: &choices };
        let saved = drafts::save(cx, &permit, id, case.round, &posting).await.unwrap();
        let drafts::Outcome::Saved(saved) = saved else { panic!("{} clashed", section.id) };
        assert!(saved.errors.is_empty(), "{}: {:?}", section.id, saved.errors);
    }
}
