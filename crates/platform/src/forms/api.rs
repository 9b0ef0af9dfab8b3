//! Answers for programs: the form as JSON Schema, the draft section by section, each with its own version, and what was handed in. Answers
//! go the way that posted ones go, so that both are kept alike.

use rules::form::{Answers, FieldErrors as Faults, Form, FrozenAnswer, FrozenDocument, Mode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json, to_value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::drafts::{self, Drafts, Outcome, Posting};
use super::{documents, names};
use crate::api::{Api, Area, Call, Listed, Op};
use crate::cases::api::{Asks, ReturnPoint, points, viewed};
use crate::clock::timestamp;
use crate::error::{Clash, Error, FieldErrors, Result};
use crate::texts::Text;
use crate::web::{Answer, Fields};

/// The routes of a kind of case whose form is answered.
pub fn routes<C: Asks>() -> Api {
    let (area, one) = (Area::Cases, format!("{}/{{id}}", C::PATH));
    let id = |what: &str| format!("{}.{what}", C::ID);
    Api::new()
        .add(Op::get(id("schema"), format!("{one}/schema"), area).answers::<FormSchema>(), schema::<C>)
        .add(Op::get(id("answers"), format!("{one}/answers"), area).all_of::<AnsweredSection>(), answers::<C>)
        .add(
            Op::get(id("section"), format!("{one}/answers/{{section}}"), area).codes(&["section"]).answers::<AnsweredSection>(),
            section::<C>,
        )
        .add(
            Op::put(id("answer"), format!("{one}/answers/{{section}}"), area)
                .codes(&["section"])
                .takes::<Answering>()
                .answers::<AnsweredSection>(),
            answer::<C>,
        )
        .add(Op::get(id("submissions"), format!("{one}/submissions"), area).all_of::<HandedIn>(), submissions::<C>)
        .add(Op::get(id("points"), format!("{one}/points"), area).all_of::<ReturnPoint>(), points::<C>)
}

/// A form as JSON Schema 2020-12: what its answers look like when they are handed in.
#[derive(Serialize, ToSchema)]
struct FormSchema {
    /// The pack.
    pack: String,
    /// Its edition.
    edition: String,
    /// The form.
    form: String,
    /// Its sections, each with the questions that are answered in it.
    sections: Vec<FormSection>,
    /// The schema of all answers.
    #[schema(value_type = Object)]
    schema: Value,
}

/// A section of a form.
#[derive(Serialize, ToSchema)]
struct FormSection {
    /// Its id.
    id: String,
    /// Its heading.
    title: String,
    /// The ids of its questions.
    questions: Vec<String>,
}

async fn schema<C: Asks>(call: Call) -> Answer {
    let thing = viewed::<C>(&call).await?;
    let pack = C::pack(&call.cx, C::case(&thing))?;
    let form = C::form(&pack)?;
    let sections = form.sections.iter().map(|s| FormSection {
        id: s.id.clone(),
        title: s.title.clone(),
        questions: s.questions.iter().map(|q| q.id.clone()).collect(),
    });
    let found = FormSchema {
        pack: pack.pack.clone(),
        edition: pack.edition.clone(),
        form: form.form.clone(),
        sections: sections.collect(),
        schema: form.json_schema(),
    };
    call.found(&found, None)
}

/// A section of a draft.
#[derive(Serialize, ToSchema)]
struct AnsweredSection {
    /// Its id.
    section: String,
    /// Its heading.
    title: String,
    /// For the next save; 0 while nobody has saved it.
    version: i32,
    /// `not_needed`, `empty`, `partly`, `done` or `wrong`.
    status: String,
    /// When it was last saved in this round.
    #[schema(format = DateTime)]
    saved_at: Option<String>,
    /// Whether its answers were carried forward from another case and wait to be confirmed by being saved.
    carried: bool,
    /// Its answers, by question.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
}

fn one(form: &Form, kept: &Drafts, status: &BTreeMap<String, String>, id: &str) -> Option<AnsweredSection> {
    let section = form.section(id)?;
    let answers = section.questions.iter().filter_map(|q| Some((q.id.clone(), kept.answers.get(&q.id)?.clone())));
    Some(AnsweredSection {
        section: section.id.clone(),
        title: section.title.clone(),
        version: kept.version(id),
        status: status.get(id).cloned().unwrap_or_default(),
        saved_at: kept.stamp(id).map(|s| timestamp(s.at).to_string()),
        carried: kept.carried.contains(id),
        answers: answers.collect(),
    })
}

async fn sections<C: Asks>(call: &Call, thing: &C::Thing) -> Result<Vec<AnsweredSection>> {
    let (cx, case) = (&call.cx, C::case(thing));
    let pack = C::pack(cx, case)?;
    let form = C::form(&pack)?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = C::choices(cx, case).await?;
    let code = |status| to_value(status).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let status: BTreeMap<String, String> =
        form.progress(&kept.answers, &choices).into_iter().map(|p| (p.section, code(p.status))).collect();
    Ok(form.sections.iter().filter_map(|s| one(form, &kept, &status, &s.id)).collect())
}

async fn drafting<C: Asks>(call: &Call) -> Result<C::Thing> {
    let thing = viewed::<C>(call).await?;
    call.cx.permit(C::DRAFT, &thing)?;
    Ok(thing)
}

async fn answers<C: Asks>(call: Call) -> Answer {
    let thing = drafting::<C>(&call).await?;
    call.listed(&Listed { items: sections::<C>(&call, &thing).await?, after: None })
}

async fn section_of<C: Asks>(call: &Call, thing: &C::Thing) -> Result<AnsweredSection> {
    sections::<C>(call, thing).await?.into_iter().find(|s| s.section == call.code("section")).ok_or(Error::NotFound)
}

async fn section<C: Asks>(call: Call) -> Answer {
    let found = section_of::<C>(&call, &drafting::<C>(&call).await?).await?;
    call.found(&found, Some(found.version))
}

/// The answers of a section, in the place of those that stand. What is left out is not answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Answering {
    /// By question, as the form's schema says.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
}

async fn answer<C: Asks>(call: Call) -> Answer {
    let cx = &call.cx;
    let thing = viewed::<C>(&call).await?;
    let permit = cx.permit(C::DRAFT, &thing)?;
    let case = C::case(&thing);
    let pack = C::pack(cx, case)?;
    let form = C::form(&pack)?;
    let section = form.section(call.code("section")).ok_or(Error::NotFound)?;
    let choices = C::choices(cx, case).await?;
    let sent = call.body::<Answering>()?.answers;
    let mut errors = FieldErrors::default();
    for id in sent.keys().filter(|id| section.questions.iter().all(|q| q.id != **id)) {
        errors.add(format!("answers.{id}"), Text::new("error-schema-additional-properties"));
    }
    errors.or(())?;
    let mut all = drafts::load(cx, case.id, case.round).await?.answers;
    for question in &section.questions {
        all.set(question.id.clone(), sent.get(&question.id).cloned().unwrap_or_default());
    }
    // What is missing waits until it is handed in; what is wrong is told at once, and nothing of it is kept.
    pathed(&form.check_section(&section.id, &all, Mode::Draft, &choices)).or(())?;
    let fields = posted(form, &section.id, &all, call.version()?);
    let posting = Posting { form, section: &section.id, fields: &fields, choices: &choices };
    match drafts::save(cx, &permit, case.id, case.round, &posting).await? {
        Outcome::Saved(saved) if !saved.errors.is_empty() => Err(Error::Invalid(saved.errors)),
        Outcome::Saved(_) => {
            let found = section_of::<C>(&call, &thing).await?;
            call.made(&format!("{}/{}/answers/{}", C::PATH, case.id, section.id), &found, Some(found.version))
        }
        Outcome::Clash(_) => {
            let now = to_value(section_of::<C>(&call, &thing).await?)?;
            Err(Error::Clash(Box::new(Clash { text: Text::new("answering-stale"), now, sent: call.sent().clone() })))
        }
    }
}

/// The answers of a section as a page would post them.
pub fn posted(form: &Form, section: &str, answers: &Answers, version: i32) -> Fields {
    let mut fields = vec![("version".to_owned(), version.to_string())];
    for question in form.section(section).iter().flat_map(|s| &s.questions) {
        fields.push(("asked".to_owned(), question.id.clone()));
        if let Some(answer) = answers.get(&question.id) {
            fields.extend(question.fields(&format!("q.{}", question.id), answer));
        }
    }
    Fields::new(fields)
}

/// What is wrong, by the paths of the JSON.
fn pathed(faults: &Faults) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for fault in faults.iter() {
        errors.add(format!("answers.{}", fault.path), names::text(&fault.message));
    }
    errors
}

/// A round that was handed in.
#[derive(Serialize, ToSchema)]
struct HandedIn {
    /// The round.
    round: i32,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// SHA-256 of the document.
    digest: String,
    /// The document, with the wording shown; none once it was destroyed. Sealed answers are left out, and marked so.
    #[schema(value_type = Option<Object>)]
    document: Option<Value>,
}

async fn submissions<C: Asks>(call: Call) -> Answer {
    let thing = viewed::<C>(&call).await?;
    let mut items = Vec::new();
    let (cx, case) = (&call.cx, C::case(&thing));
    for (row, document) in documents::shown::<C>(cx, case).await? {
        let document = document.as_ref().map(masked).transpose()?;
        items.push(HandedIn { round: row.round, at: timestamp(row.at).to_string(), digest: row.digest, document });
    }
    call.listed(&Listed { items, after: None })
}

/// A document whose sealed answers are left out.
///
/// # Errors
/// Never, for documents of ours.
pub fn masked(document: &FrozenDocument) -> Result<Value> {
    let sections = document.sections.iter().map(|s| {
        let answers: Vec<Value> = s.answers.iter().map(|a| mask(a, false)).collect::<Result<_>>()?;
        Ok(json!({ "id": s.id, "title": s.title, "answers": answers }))
    });
    Ok(json!({ "pack": document.pack, "edition": document.edition, "sections": sections.collect::<Result<Vec<Value>>>()? }))
}

fn mask(answer: &FrozenAnswer, within: bool) -> Result<Value> {
    let sealed = answer.sensitive || within;
    let entries = answer.entries.iter().map(|e| e.iter().map(|inner| mask(inner, sealed)).collect::<Result<Vec<Value>>>());
    let entries = entries.collect::<Result<Vec<_>>>()?;
    let mut out = to_value(FrozenAnswer { entries: Vec::new(), ..answer.clone() })?;
    if sealed && !answer.value.is_null() {
        out["value"] = Value::Null;
        out["shown"] = json!([]);
        out["sealed"] = json!(true);
    }
    if !entries.is_empty() {
        out["entries"] = json!(entries);
    }
    Ok(out)
}
