//! Opening a sweep: the question and of whom, then who that is, with a way to leave some out, then it goes out.

use std::collections::BTreeSet;

use axum::extract::RawQuery;
use jiff::ToSpan as _;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field};
use platform::web::{Answer as Page, Fields, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t};
use rules::country::Country;
use uuid::Uuid;

use super::{WORDS, page, reference};
use crate::casework::offices::Offices;
use crate::casework::typed::{Typed, form, read_date};
use crate::contract;
use crate::contract::model::DEEPEST;
use crate::party::store as parties;
use crate::sweep::model::{Among, LIST, New, any, at};
use crate::sweep::{act, store};

/// Contracts that are offered.
const CONTRACTS: u64 = 200;
/// Parties that are listed with a box to leave each out.
const LISTED: usize = 200;
/// Days to answer, unless said otherwise.
const DAYS: i64 = 7;

pub(super) async fn ask(visit: Visit, RawQuery(query): RawQuery) -> Page {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    draw(&visit, Typed { fields: &fields, errors: &FieldErrors::default() }).await
}

fn incident(fields: &Fields) -> Option<Uuid> {
    fields.some("incident").and_then(|id| id.parse().ok())
}

async fn draw(visit: &Visit, typed: Typed<'_>) -> Page {
    let cx = &visit.cx;
    cx.permit("sweep.open", &any())?;
    let because = match incident(typed.fields) {
        Some(id) => {
            act::known(cx, id).await?;
            Some((id, reference(cx, id).await?))
        }
        None => None,
    };
    let due = cx.core().clock.today().saturating_add(DAYS.days());
    let inner = html! {
        @if let Some((id, _)) = &because { (ui::hidden("incident", &id.to_string())) }
        (typed.line("title", "sweep-ask-title"))
        (typed.area("question", "sweep-ask-question", 6))
        (typed.date("due", "sweep-ask-due", Some(due), false))
        h2 .govuk-heading-m { (t!("sweep-ask-whom")) }
        p .govuk-body { (t!("sweep-ask-whom-text")) }
        (contracts(cx, typed).await?)
        (countries(typed))
        (typed.optional_line("tier", "sweep-ask-tier"))
        (ui::named_button(&t!("sweep-ask-preview"), ButtonKind::Primary, "go", "preview", None))
    };
    let title = t!("sweep-new");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        (ui::lead(&t!("sweep-new-lead")))
        @if let Some((id, reference)) = &because {
            p .govuk-body { (t!("sweep-new-because", reference = reference)) " " a .govuk-link href={ "/incidents/" (id) } { (t!("sweep-incident-see")) } }
        }
        (form(visit, "/sweeps/new", None, inner)?)
    };
    Ok(page(visit, &title).crumb(&t!("sweep-list"), LIST).errors(typed.errors).body(&body))
}

async fn contracts(cx: &Cx, typed: Typed<'_>) -> Result<Markup> {
    let all = contract::store::seen(cx.db(), &cx.actor, None, CONTRACTS).await?;
    let known: Vec<(String, String)> = all.into_iter().map(|on| (on.row.id.to_string(), on.row.title)).collect();
    let choices: Vec<Choice> = known.iter().map(|(id, title)| Choice::new(id, title)).collect();
    let (label, error) = (t!("sweep-ask-contract"), typed.error("contract"));
    let field = Field::new("contract", &label).error(error.as_deref()).optional(true);
    Ok(ui::select(WORDS, &field, &choices, typed.fields.some("contract"), true))
}

fn countries(typed: Typed<'_>) -> Markup {
    let choices: Vec<Choice> = Country::all().map(|country| Choice::new(country.code(), country.name())).collect();
    let (label, hint, error) = (t!("sweep-ask-country"), t!("sweep-ask-country-hint"), typed.error("country"));
    let field = Field::new("country", &label).hint(Some(&hint)).error(error.as_deref()).optional(true);
    ui::select(WORDS, &field, &choices, typed.fields.some("country"), true)
}

/// What was posted.
fn read(fields: &Fields) -> Result<New> {
    let mut errors = FieldErrors::default();
    let due = read_date(fields, "due", &mut errors);
    let tier = match fields.some("tier").map(str::parse::<i32>) {
        None => None,
        Some(Ok(tier)) if (1..=DEEPEST).contains(&tier) => Some(tier),
        Some(_) => {
            errors.add("tier", Text::new("sweep-tier-wrong").with("most", DEEPEST));
            None
        }
    };
    let id = |name: &str| fields.some(name).and_then(|id| id.parse().ok());
    let without: BTreeSet<Uuid> = fields.all("without").into_iter().filter_map(|id| id.parse().ok()).collect();
    let new = New {
        title: fields.get("title").to_owned(),
        question: fields.get("question").to_owned(),
        due: due.unwrap_or_default(),
        incident: incident(fields),
        among: Among { contract: id("contract"), country: fields.some("country").map(str::to_owned), tier, without },
    };
    errors.or(new)
}

pub(super) async fn open(post: Posted) -> Page {
    let (visit, fields) = (&post.visit, &post.fields);
    let again = async |errors: &FieldErrors| draw(visit, Typed { fields, errors }).await;
    let offices = Offices::of(&visit.core().settings);
    let new = match read(fields).and_then(|new| new.check(visit.core().clock.today(), &offices).map(|()| new)) {
        Ok(new) => new,
        Err(Error::Invalid(errors)) => return again(&errors).await,
        Err(other) => return Err(other),
    };
    match fields.get("go") {
        "send" => match act::open(&visit.cx, &new).await {
            Ok(id) => Ok(see_other(&at(id))),
            Err(Error::Invalid(errors)) => again(&errors).await,
            Err(other) => Err(other),
        },
        "preview" => preview(visit, fields, new).await,
        _ => again(&FieldErrors::default()).await,
    }
}

/// Who is asked, and a way to leave some out: of an incident that led to it, those who know already.
async fn preview(visit: &Visit, fields: &Fields, new: New) -> Page {
    let cx = &visit.cx;
    let known = match new.incident {
        Some(incident) => act::known(cx, incident).await?,
        None => BTreeSet::new(),
    };
    let all = act::asked(cx, &New { among: Among { without: BTreeSet::new(), ..new.among.clone() }, ..new.clone() }).await?;
    if all.is_empty() {
        let mut errors = FieldErrors::default();
        errors.add("contract", Text::new("sweep-nobody"));
        return draw(visit, Typed { fields, errors: &errors }).await;
    }
    let people = store::with_people(cx.db(), cx.now(), all.iter().map(|party| party.id)).await?;
    let nobody = all.iter().filter(|party| !people.contains(&party.id)).count();
    let kept = ["title", "question", "due.day", "due.month", "due.year", "contract", "country", "tier", "incident"];
    let listed: Vec<(String, String)> =
        all.iter().take(LISTED).map(|party| (party.id.to_string(), says(party, people.contains(&party.id)))).collect();
    let choices: Vec<Choice> = listed.iter().map(|(id, says)| Choice::new(id, says)).collect();
    let out: Vec<String> = known.iter().map(Uuid::to_string).collect();
    let out: Vec<&str> = out.iter().map(String::as_str).collect();
    let (label, hint) = (t!("sweep-without"), t!("sweep-without-hint"));
    let field = Field::new("without", &label).hint(Some(&hint)).optional(true);
    let inner = html! {
        @for name in kept { (ui::hidden(name, fields.raw(name))) }
        (ui::checkboxes(WORDS, &field, &choices, &out))
        @if all.len() > LISTED { p .govuk-body { (t!("sweep-preview-more", count = all.len() - LISTED)) } }
        div .govuk-button-group {
            (ui::named_button(&t!("sweep-send"), ButtonKind::Primary, "go", "send", None))
            (ui::named_button(&t!("sweep-back"), ButtonKind::Secondary, "go", "back", None))
        }
    };
    let title = t!("sweep-preview");
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("sweep-preview-text", count = all.len(), day = platform::clock::day_text(new.due))) }
        @if nobody > 0 { (ui::inset(html! { (t!("sweep-preview-nobody", count = nobody)) })) }
        h2 .govuk-heading-m { (new.title) }
        (crate::casework::pages::paragraphs(&new.question))
        p .govuk-hint { (t!("sweep-preview-reads")) }
        (form(visit, "/sweeps/new", None, inner)?)
    };
    Ok(page(visit, &title).crumb(&t!("sweep-list"), LIST).body(&body))
}

fn says(party: &parties::Model, people: bool) -> String {
    if people { party.name.clone() } else { t!("sweep-party-nobody", party = &party.name) }
}
