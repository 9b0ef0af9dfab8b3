//! The check page: describe each activity, read the answer with its reasons. The form is a GET, so an answer can be bookmarked and sent on.

use axum::extract::RawQuery;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, Choice, Field, Repeat, Tone};
use platform::web::{Answer, Fields, Visit};
use platform::{Error, Result, t};
use rules::country::{Country, Home};
use rules::decision::{Explained, Outcome as _};
use rules::offshoring::{Activity, Decision, Facts, Kind, Outcome, Staff, decide};

const MOST: usize = 20;

/// One activity as typed.
#[derive(Default, Clone)]
struct Typed {
    kind: String,
    country: String,
    information: String,
    foreign: String,
    brought: String,
    resident: String,
    access: String,
}

impl Typed {
    fn read(fields: &Fields, n: usize) -> Self {
        let get = |name: &str| fields.get(&format!("q.activities.{n}.{name}")).to_owned();
        Self {
            kind: get("kind"),
            country: get("country"),
            information: get("information"),
            foreign: get("foreign"),
            brought: get("brought"),
            resident: get("resident"),
            access: get("access"),
        }
    }

    fn activity(&self, n: usize, errors: &mut FieldErrors) -> Option<Activity> {
        let path = |name: &str| format!("q.activities.{n}.{name}");
        let Some(kind) = Kind::from_code(&self.kind) else {
            errors.add(path("kind"), Text::new("check-kind-missing"));
            return None;
        };
        let country = match self.country.as_str() {
            "" => None,
            code => {
                if let Ok(country) = Country::resolve(code) {
                    Some(country)
                } else {
                    errors.add(path("country"), Text::new("check-country-unknown"));
                    None
                }
            }
        };
        let staff = (kind == Kind::LandedStaff).then(|| Staff {
            foreign_nationals: known(&self.foreign),
            brought_to_home: known(&self.brought),
            resident_at_home_already: known(&self.resident),
            access_to_information: known(&self.access),
        });
        Some(Activity { kind, country, authority_information: known(&self.information), personal_data: None, staff })
    }
}

fn known(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The page, with the answer when something was asked.
pub(super) async fn check(visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::read(query.unwrap_or_default().as_bytes())?;
    let (typed, asked) = read(&fields);
    let mut errors = FieldErrors::default();
    let decision = if asked { decided(&visit, &typed, &mut errors)? } else { None };
    let page = visit.page(&t!("check-title")).active("/check").errors(&errors);
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (t!("check-title")) }
        @if let Some(decision) = &decision { (answer(&typed, decision)) } @else { (ui::lead(&t!("check-lead"))) }
        (form(&typed, &errors))
    }))
}

/// The activities as typed after adding or removing one, and whether the answer was asked for.
fn read(fields: &Fields) -> (Vec<Typed>, bool) {
    let mut typed: Vec<Typed> =
        (1..=MOST).filter(|n| fields.has(&format!("q.activities.{n}.kind_asked"))).map(|n| Typed::read(fields, n)).collect();
    if let Some(n) = fields.some("remove").and_then(|v| v.strip_prefix("activities.")).and_then(|n| n.parse::<usize>().ok()) {
        if n >= 1 && n <= typed.len() {
            typed.remove(n - 1);
        }
    } else if fields.has("add") && typed.len() < MOST {
        typed.push(Typed::default());
    }
    let asked = !typed.is_empty() && !fields.has("add") && !fields.has("remove");
    if typed.is_empty() {
        typed.push(Typed::default());
    }
    (typed, asked)
}

fn decided(visit: &Visit, typed: &[Typed], errors: &mut FieldErrors) -> Result<Option<Decision>> {
    let codes: Vec<&str> = visit.core().settings.authority.home.iter().map(String::as_str).collect();
    let home = Home::from_codes(&codes).map_err(|_| Error::internal("authority.home names an unknown country"))?;
    let activities: Vec<Activity> = typed.iter().enumerate().filter_map(|(at, typed)| typed.activity(at + 1, errors)).collect();
    Ok(errors.is_empty().then(|| decide(&Facts { home, activities })))
}

fn tone(outcome: Outcome) -> Tone {
    match outcome.code() {
        "offshoring" => Tone::Orange,
        "not_offshoring" => Tone::Green,
        _ => Tone::Yellow,
    }
}

fn outcome_tag(outcome: Outcome) -> Markup {
    ui::tag(&t!(&format!("check-outcome-{}", outcome.code().replace('_', "-"))), tone(outcome))
}

/// The whole answer, then each activity's with its reasons and their sources.
fn answer(typed: &[Typed], decision: &Decision) -> Markup {
    html! {
        section .vs-answer aria-labelledby="answer" {
            h2 #answer .govuk-heading-m { (t!("check-answer")) " " (outcome_tag(decision.outcome)) }
            p .govuk-body { (t!(&format!("rule-offshoring-outcome-{}", decision.outcome.code().replace('_', "-")))) }
            @for (at, (typed, explained)) in typed.iter().zip(&decision.activities).enumerate() { (reasons(at + 1, typed, explained)) }
            @if decision.outcome.code() == "offshoring" { p .govuk-body { (t!("check-next-offshoring")) } }
        }
    }
}

fn reasons(n: usize, typed: &Typed, explained: &Explained<Outcome>) -> Markup {
    html! {
        h3 .govuk-heading-s { (t!("check-activity", n = n)) ": " (t!(&kind_label(&typed.kind))) " " (outcome_tag(explained.outcome)) }
        ul .govuk-list .govuk-list--bullet {
            @for reason in &explained.because {
                li { (super::words(&reason.message_id("offshoring"), &reason.args)) " " span .govuk-hint { (t!("check-source", ids = reason.source.join(", "))) } }
            }
            @for missing in &explained.missing { li { (t!(&missing.message_id("offshoring"))) } }
        }
    }
}

fn kind_label(code: &str) -> String {
    format!("check-kind-{}", code.replace('_', "-"))
}

fn form(typed: &[Typed], errors: &FieldErrors) -> Markup {
    let words: ui::Words = &|id| platform::texts::t(id);
    let (label, hint, item, add) = (t!("check-activities"), t!("check-activities-hint"), t!("check-item"), t!("check-add"));
    let group = Repeat { group: "activities", label: &label, hint: Some(&hint), error: None, item: &item, add: &add, min: 1, max: MOST };
    let entries: Vec<Markup> = typed.iter().enumerate().map(|(at, typed)| entry(&(at + 1).to_string(), typed, errors)).collect();
    html! {
        form action="/check" method="get" novalidate {
            (ui::repeat(words, &group, &entries, &|n| entry(n, &Typed::default(), &FieldErrors::default())))
            (ui::button(&t!("check-ask"), ui::ButtonKind::Primary))
        }
    }
}

/// One activity's questions. Staff are asked about only for people who are brought in.
fn entry(n: &str, typed: &Typed, errors: &FieldErrors) -> Markup {
    let words: ui::Words = &|id| platform::texts::t(id);
    let name = |id: &str| format!("q.activities.{n}.{id}");
    let error = |id: &str| errors.get(&name(id)).map(Text::say);
    let place = format!("activities.{n}");
    let (kind_name, country_name) = (name("kind"), name("country"));
    let (kind_text, country_text, country_hint) = (t!("check-kind"), t!("check-country"), t!("check-country-hint"));
    let (kind_error, country_error) = (error("kind"), error("country"));
    let kinds: Vec<(String, String, String)> =
        Kind::ALL.iter().map(|k| (k.code().to_owned(), t!(&kind_label(k.code())), t!(&format!("{}-hint", kind_label(k.code()))))).collect();
    let choices: Vec<Choice> = kinds.iter().map(|(v, label, hint)| Choice { value: v, label, hint: Some(hint) }).collect();
    let countries: Vec<(String, String)> = Country::all().map(|c| (c.code().to_owned(), c.name().to_owned())).collect();
    let countries: Vec<Choice> = countries.iter().map(|(code, name)| Choice::new(code, name)).collect();
    let yes_no = |id: &str, value: &str, when: Option<&str>| {
        let (field, text) = (name(id), t!(&format!("check-{id}")));
        let (yes, no, unknown) = (t!("check-yes"), t!("check-no"), t!("check-not-known"));
        let three = [Choice::new("yes", &yes), Choice::new("no", &no), Choice::new("", &unknown)];
        ui::question(id, when, Some(&place), ui::radios(words, &Field::new(&field, &text), &three, Some(value), true))
    };
    let landed = r#"{"equals":{"question":"kind","value":"landed_staff"}}"#;
    let elsewhere = r#"{"not":{"equals":{"question":"kind","value":"landed_staff"}}}"#;
    html! {
        (ui::hidden(&name("kind_asked"), "1"))
        (ui::question("kind", None, Some(&place), ui::radios(words, &Field::new(&kind_name, &kind_text).error(kind_error.as_deref()), &choices, Some(&typed.kind), false)))
        (ui::question("country", Some(elsewhere), Some(&place),
            ui::select(words, &Field::new(&country_name, &country_text).hint(Some(&country_hint)).error(country_error.as_deref()), &countries, Some(&typed.country), true)))
        (yes_no("information", &typed.information, Some(elsewhere)))
        (yes_no("foreign", &typed.foreign, Some(landed)))
        (yes_no("brought", &typed.brought, Some(landed)))
        (yes_no("resident", &typed.resident, Some(landed)))
        (yes_no("access", &typed.access, Some(landed)))
    }
}
