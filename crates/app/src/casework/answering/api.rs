//! What was answered on a case, for programs: what changed between rounds, a sealed answer that is asked for. Answering itself is
//! [`platform::forms::api`].

use platform::Error;
use platform::api::{Api, Area, Call, Listed, Op};
use platform::cases::api::viewed;
use platform::web::Answer;
use rules::form::FrozenDocument;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Answered, documents};
use crate::casework::act;

/// The routes.
pub fn routes<P: Answered>() -> Api {
    let area = Area::Cases;
    let id = |what: &str| format!("{}.{what}", P::ID);
    let at = |what: &str| format!("{}/{{id}}/{what}", P::PATH);
    platform::forms::api::routes::<P>()
        .add(Op::get(id("changes"), at("changes"), area).all_of::<Change>(), changes::<P>)
        .add(Op::post(id("reveal"), at("reveal"), area).takes::<Revealing>().answers::<Revealed>(), reveal::<P>)
}

/// What differs between the last two rounds at one question.
#[derive(Serialize, ToSchema)]
struct Change {
    /// Where.
    path: String,
    /// The question.
    label: String,
    /// Whether both answers are sealed, and so not told.
    sealed: bool,
    /// The answer before.
    #[schema(value_type = Option<Value>)]
    old: Option<Value>,
    /// The answer after.
    #[schema(value_type = Option<Value>)]
    new: Option<Value>,
}

async fn changes<P: Answered>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let rounds = documents::<P>(&call.cx, P::case(&of)).await?;
    let [.., (_, old), (_, new)] = rounds.as_slice() else { return Err(Error::NotFound) };
    let sealed: Vec<String> = [old, new].into_iter().flat_map(sealed_ids).collect();
    let items = FrozenDocument::diff(old, new).into_iter().map(|c| {
        let hidden = c.path.split('.').any(|part| sealed.iter().any(|id| id == part));
        let told = |value: Option<Value>| if hidden { None } else { value };
        Change { path: c.path, label: c.label, sealed: hidden, old: told(c.old), new: told(c.new) }
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// The ids of the questions whose answers are sealed.
fn sealed_ids(document: &FrozenDocument) -> Vec<String> {
    let answers = document.sections.iter().flat_map(|s| &s.answers);
    answers.flat_map(|a| std::iter::once(a).chain(a.entries.iter().flatten())).filter(|a| a.sensitive).map(|a| a.id.clone()).collect()
}

/// Which sealed answer is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revealing {
    /// Its path: `contact`, `sites.0.protection`.
    #[schema(max_length = 200)]
    answer: String,
}

/// A sealed answer that was asked for. Asking left an entry.
#[derive(Serialize, ToSchema)]
struct Revealed {
    /// Its path.
    answer: String,
    /// The question.
    label: String,
    /// What was answered.
    #[schema(value_type = Value)]
    value: Value,
}

async fn reveal<P: Answered>(call: Call) -> Answer {
    let of = viewed::<P>(&call).await?;
    let path = call.body::<Revealing>()?.answer;
    act::reveal::<P>(&call.cx, P::case(&of).id, &path).await?;
    let rounds = documents::<P>(&call.cx, P::case(&of)).await?;
    let (_, document) = rounds.last().ok_or(Error::NotFound)?;
    let answer = platform::forms::reveal::find(document, &path).ok_or(Error::NotFound)?;
    let found = Revealed { answer: path, label: answer.label.clone(), value: answer.value.clone() };
    call.found(&found, None)
}
