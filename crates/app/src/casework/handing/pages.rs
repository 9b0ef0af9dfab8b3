//! The pages: what a form is about, checking the answers, the declaration, the confirmation, and the return with its points.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use platform::authz::Side;
use platform::cases::{Case, rounds};
use platform::error::FieldErrors;
use platform::forms::drafts;
use platform::forms::{review, submit as freezing};
use platform::ui::{self, ButtonKind, Check, Choice, Field, Repeat};
use platform::web::{Access, Answer, Fields, Posted, Routes, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use rules::form::Form;
use uuid::Uuid;

use super::{Handed, point};
use crate::casework::pages::{allowed, marked, page, seen, viewed};
use crate::casework::typed::{Typed, form};
use crate::casework::{at, says};
use crate::contract;
use crate::contract::chain::place_row;

/// The most points of one return.
const MOST: usize = 60;

/// The routes of these pages.
pub fn routes<P: Handed>() -> Routes {
    let under = |page: &str| format!("{}/{{id}}/{page}", P::PAGES);
    Routes::new()
        .get(under("check"), Access::SignedIn, check::<P>)
        .post(under("submit"), Access::SignedIn, submit::<P>)
        .get(under("sent"), Access::SignedIn, sent::<P>)
        .get(under("return"), Access::SignedIn, returning::<P>)
        .post(under("return"), Access::SignedIn, send_back::<P>)
}

/// What a form is about, before it is begun: what it is, what to have at hand, how long it takes, who reads it, what happens after.
pub fn about(form: &Form) -> Markup {
    html! {
        h1 .govuk-heading-l { (form.title) }
        @for part in form.intro.split("\n\n").filter(|p| !p.trim().is_empty()) { p .govuk-body { (part) } }
        h2 .govuk-heading-m { (t!("handing-have-ready")) }
        ul .govuk-list .govuk-list--bullet { @for item in &form.have_ready { li { (item) } } }
        h2 .govuk-heading-m { (t!("handing-how-long")) }
        p .govuk-body { (t!("handing-minutes", minutes = form.minutes)) }
        h2 .govuk-heading-m { (t!("handing-who-reads")) }
        p .govuk-body { (form.read_by) }
        h2 .govuk-heading-m { (t!("handing-what-after")) }
        p .govuk-body { (form.after) }
    }
}

/// Whether the actor's party has a place for which it may begin something.
///
/// # Errors
/// When the database fails.
pub async fn may_begin(cx: &Cx) -> Result<bool> {
    let actor = cx.actor.signed_in()?;
    Ok(actor.side == Side::Supplier && !contract::store::places_of(cx.db(), actor.party).await?.is_empty())
}

/// The places for which the actor's party may begin something: its own and those below, with their names.
///
/// # Errors
/// When the database fails.
pub async fn offered(cx: &Cx) -> Result<Vec<(Uuid, String)>> {
    let db = cx.db();
    let own = cx.actor.signed_in()?.party;
    if cx.actor.is_authority() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for standing in contract::store::places_of(db, own).await? {
        for place in contract::chain::seen_rows(db, &cx.actor, standing.contract, false).await? {
            if !found.iter().any(|known: &place_row::Model| known.id == place.id) {
                found.push(place);
            }
        }
    }
    let names = contract::pages::place_names(cx, &found).await?;
    let mut all: Vec<_> = found.iter().map(|place| place.id).zip(names).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(all)
}

/// The points of the return that is to be answered.
///
/// # Errors
/// When the database fails.
pub async fn points<P: Handed>(visit: &Visit, of: &P::Thing) -> Result<Markup> {
    let (cx, case) = (&visit.cx, P::case(of));
    let all = rounds::points(cx, cx.db(), case).await?;
    let last = all.iter().map(|p| p.round).max().unwrap_or(0);
    let pack = P::pack(cx, case)?;
    let form = P::form(&pack)?;
    let decided = rounds::decisions(cx, cx.db(), case).await?;
    let reason = decided.into_iter().rev().find(|d| d.choice == "returned" && d.round == last).and_then(|d| d.reason);
    let answering = cx.may(P::DRAFT, of);
    Ok(html! {
        h2 .govuk-heading-m { (t!("handing-points-title")) }
        @if let Some(reason) = reason { p .govuk-body { (reason) } }
        ol .govuk-list .govuk-list--number {
            @for point in all.iter().filter(|p| p.round == last) {
                li {
                    @if let Some(question) = point.question.as_deref().and_then(|q| form.question(q)) {
                        strong {
                            @match (&point.section, answering) {
                                (Some(section), true) => a .govuk-link href=(at::<P>(case, &format!("answers/{section}"))) { (question.label) },
                                _ => (question.label),
                            }
                        }
                        ": "
                    }
                    (point.text)
                }
            }
        }
    })
}

/// Over a section: that its answers were carried forward, and the points to mend in it.
///
/// # Errors
/// When the database fails.
pub async fn points_here<P: Handed>(visit: &Visit, case: &Case, form: &Form, section: &str, carried: bool) -> Result<Markup> {
    let all = rounds::points(&visit.cx, visit.cx.db(), case).await?;
    let points: Vec<_> = all.into_iter().filter(|p| p.round + 1 == case.round && p.section.as_deref() == Some(section)).collect();
    Ok(html! {
        @if carried { (ui::inset(html! { (says(P::KIND, "carried-here")) })) }
        @if !points.is_empty() {
            (ui::inset(html! {
                p .govuk-body { strong { (t!("handing-points-here")) } }
                ul .govuk-list .govuk-list--bullet {
                    @for point in &points {
                        li { @if let Some(q) = point.question.as_deref().and_then(|q| form.question(q)) { (q.label) ": " } (point.text) }
                    }
                }
            }))
        }
    })
}

async fn check<P: Handed>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = allowed::<P>(&visit, &id, P::DRAFT).await?;
    checking::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn checking<P: Handed>(visit: &Visit, of: &P::Thing, typed: Typed<'_>) -> Answer {
    let (cx, case) = (&visit.cx, P::case(of));
    let pack = P::pack(cx, case)?;
    let questions = P::form(&pack)?;
    let kept = drafts::load(cx, case.id, case.round).await?;
    let choices = P::choices(cx, case).await?;
    let href = |section: &str| at::<P>(case, &format!("answers/{section}"));
    let faults = freezing::freeze(questions, &kept.answers, &pack.pack, &pack.edition, &choices).err();
    let unconfirmed = review::unconfirmed(questions, &kept);
    let may = cx.core().authz.check(&cx.actor, P::SUBMIT, of);
    let ((label, about), error) = (P::declaration(visit, of), typed.error("declaration"));
    let declaration = ui::single_checkbox(
        &|id| texts::t(id),
        &Field::new("declaration", &label).error(error.as_deref()),
        &Check { value: "yes", checked: typed.fields.has("declaration"), small: false },
    );
    let inner = html! {
        (P::before_declaring(visit, of).await?)
        @if case.submitted_at.is_some() { (typed.area("reply", "handing-reply", 6)) }
        h2 .govuk-heading-m { (t!("handing-declaration-title")) }
        p .govuk-body { (about) }
        (declaration)
        (ui::button(&P::KIND.step_name("submit"), ButtonKind::Primary))
    };
    let body = html! {
        @if let Some(faults) = &faults { (faults.summary(&href)) }
        h1 .govuk-heading-l { (t!("answering-check")) }
        (marked::<P>(visit, case))
        @if case.stage == "returned" { (points::<P>(visit, of).await?) }
        (review::check(questions, &kept.answers, &choices, &href))
        @if !unconfirmed.is_empty() {
            (ui::inset(html! {
                p .govuk-body { (says(P::KIND, "carried-first")) }
                ul .govuk-list .govuk-list--bullet { @for title in &unconfirmed { li { (title) } } }
            }))
        }
        @match (&may, &faults) {
            (Err(Error::Refused(refusal)), _) => (ui::inset(html! { (refusal.text()) })),
            (Err(_), _) => {},
            (Ok(()), None) if !unconfirmed.is_empty() => {},
            (Ok(()), Some(_)) => p .govuk-body { (t!("handing-check-first")) },
            (Ok(()), None) => (form(visit, &at::<P>(case, "submit"), Some(case.version), inner)?),
        }
    };
    Ok(page::<P>(visit, of, &t!("answering-check")).errors(typed.errors).body(&body))
}

async fn submit<P: Handed>(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = seen::<P>(visit, &id).await?;
    let declared = post.fields.get("declaration") == "yes";
    let cx = visit.leading_to(&at::<P>(P::case(&of), "sent"));
    match P::submit(&cx, of, post.fields.version()?, declared, post.fields.some("reply")).await {
        Ok(case) => Ok(see_other(&at::<P>(&case, "sent"))),
        Err(Error::Invalid(errors)) => {
            // Errors of answers are listed by section over the answers themselves.
            let mut own = FieldErrors::default();
            for (name, text) in errors.iter().filter(|(name, _)| ["declaration", "reply"].contains(name)) {
                own.add(name, text.clone());
            }
            let mut response = checking::<P>(visit, &viewed::<P>(visit, &id).await?, Typed { fields: &post.fields, errors: &own }).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response.into_response())
        }
        Err(other) => Err(other),
    }
}

/// The reference, large enough to read out, and what happens next and by when.
async fn sent<P: Handed>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    let case = P::case(&of);
    let reference = case.reference.clone().ok_or(Error::NotFound)?;
    let title = says(P::KIND, "sent");
    let body = html! {
        (ui::panel(&title, &t!("handing-sent-reference"), &reference))
        p .govuk-body { (t!("handing-sent-mail")) }
        (marked::<P>(&visit, case))
        h2 .govuk-heading-m { (t!("handing-what-after")) }
        p .govuk-body { (P::KIND.stage_next(&case.stage)) }
        @if let Some(due) = case.due { p .govuk-body { (t!("handing-sent-due", date = visit.core().clock.day_text(due))) } }
        p .govuk-body { strong { (says(P::KIND, "sent-warning")) } }
        p .govuk-body { a .govuk-link href=(at::<P>(case, "")) { (says(P::KIND, "follow")) } }
    };
    Ok(visit.page(&title).active(P::PAGES).body(&body))
}

async fn returning<P: Handed>(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed::<P>(&visit, &id).await?;
    let of = allowed::<P>(&visit, &id, P::returning(&of)).await?;
    return_page::<P>(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }, &[Typing::default()])
}

/// A point as typed.
#[derive(Debug, Clone, Default)]
struct Typing {
    question: String,
    text: String,
}

/// The points as typed, in the order of their numbers.
fn typing(fields: &Fields) -> Vec<(usize, Typing)> {
    let mut numbers: Vec<usize> =
        fields.pairs().iter().filter_map(|(name, _)| name.strip_prefix("q.points.")?.split('.').next()?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .take(MOST)
        .map(|n| {
            let get = |part: &str| fields.get(&format!("q.points.{n}.{part}")).to_owned();
            (n, Typing { question: get("question"), text: get("text") })
        })
        .collect()
}

fn return_page<P: Handed>(visit: &Visit, of: &P::Thing, typed: Typed<'_>, points: &[Typing]) -> Answer {
    let case = P::case(of);
    let pack = P::pack(&visit.cx, case)?;
    let choices: Vec<(String, String)> = asked(P::form(&pack)?);
    let choices: Vec<Choice> = choices.iter().map(|(id, label)| Choice::new(id, label)).collect();
    let (which, what) = (t!("handing-point-question"), t!("handing-point-text"));
    let one = |n: &str, point: &Typing| {
        let (question, text) = (format!("q.points.{n}.question"), format!("q.points.{n}.text"));
        html! {
            (ui::select(&|id| texts::t(id), &Field::new(&question, &which).optional(true), &choices, Some(&point.question), true))
            (ui::textarea(&|id| texts::t(id), &Field::new(&text, &what), &point.text, 3, None))
        }
    };
    let entries: Vec<Markup> = points.iter().enumerate().map(|(n, point)| one(&(n + 1).to_string(), point)).collect();
    let blank = |n: &str| one(n, &Typing::default());
    let words = ["handing-points-ask", "handing-points-hint", "handing-point-item", "handing-point-add"].map(texts::t);
    let error = typed.error("points");
    let repeat = Repeat {
        group: "points",
        label: &words[0],
        hint: Some(&words[1]),
        error: error.as_deref(),
        item: &words[2],
        add: &words[3],
        min: 1,
        max: MOST,
    };
    let name = P::KIND.step_name("return");
    let inner = html! {
        (typed.area("reason", "handing-return-reason", 4))
        (ui::repeat(&|id| texts::t(id), &repeat, &entries, &blank))
        (ui::button(&name, ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (name) }
        p .govuk-body { (t!("handing-return-about")) }
        (form(visit, &at::<P>(case, "return"), Some(case.version), inner)?)
    };
    Ok(page::<P>(visit, of, &name).errors(typed.errors).body(&body))
}

/// Every question that a point may name: id, and its section and wording.
fn asked(form: &Form) -> Vec<(String, String)> {
    let all = form
        .sections
        .iter()
        .flat_map(|section| section.questions.iter().flat_map(move |q| std::iter::once(q).chain(&q.questions).map(move |q| (section, q))));
    all.map(|(section, q)| (q.id.clone(), t!("handing-point-of", section = &section.title, question = &q.label))).collect()
}

async fn send_back<P: Handed>(Path(id): Path<String>, post: Posted) -> Answer {
    let visit = &post.visit;
    let of = viewed::<P>(visit, &id).await?;
    let fields = &post.fields;
    let typing = typing(fields);
    let removed = fields.some("remove").and_then(|r| r.strip_prefix("points.")?.parse::<usize>().ok());
    if fields.has("add") || removed.is_some() {
        let mut rows: Vec<Typing> = typing.into_iter().filter(|(n, _)| Some(*n) != removed).map(|(_, p)| p).collect();
        if fields.has("add") || rows.is_empty() {
            rows.push(Typing::default());
        }
        let of = allowed::<P>(visit, &id, P::returning(&of)).await?;
        return return_page::<P>(visit, &of, Typed { fields, errors: &FieldErrors::default() }, &rows);
    }
    let case = P::case(&of);
    let pack = P::pack(&visit.cx, case)?;
    let questions = P::form(&pack)?;
    let asked: Vec<_> = typing
        .iter()
        .filter(|(_, p)| !p.text.is_empty())
        .map(|(_, p)| point(questions, Some(p.question.as_str()).filter(|q| !q.is_empty()), &p.text))
        .collect();
    match P::send_back(&visit.cx, case.id, fields.version()?, fields.get("reason"), &asked).await {
        Ok(()) => Ok(see_other(&at::<P>(case, ""))),
        Err(Error::Invalid(errors)) => {
            let rows: Vec<Typing> = typing.into_iter().map(|(_, p)| p).collect();
            return_page::<P>(visit, &of, Typed { fields, errors: &errors }, &rows)
        }
        Err(other) => Err(other),
    }
}
