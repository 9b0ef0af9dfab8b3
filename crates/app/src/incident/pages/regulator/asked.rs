//! What the data controller is asked: when the authority became aware, whether the regulator is notified, what was sent.

use axum::extract::Path;
use jiff::civil::Time;
use maud::{Markup, html};
use platform::clock::{Clock, Millis, timestamp};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Input};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::regulator::{DataType, IncidentCategory, IncidentType, Risk, Sector, SizeBand, SubjectType};
use rules::truth::Truth;

use super::{alarm, permitted, stands};
use crate::casework::at;
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, hint, optional_date};
use crate::incident::act::{self, Sending};
use crate::incident::known::Known;
use crate::incident::model::{Incident, Incidents};
use crate::incident::regulator::{Decision, Filled, Kept, People, Round, decision, filled, lacks_reason, last_sent, named};
use crate::incident::store::regulator as store;
use crate::incident::teller::Teller;

/// What a page of these knows.
pub(super) struct Asking<'a> {
    visit: &'a Visit,
    pub(super) of: Incident,
    pub(super) kept: Kept,
    pub(super) rounds: Vec<Round>,
    /// The version that the form goes by: the one that was posted, so that nothing is written over unseen.
    pub(super) version: i32,
}

impl<'a> Asking<'a> {
    pub(super) async fn read(visit: &'a Visit, id: &str, action: &'static str) -> Result<Self> {
        let of = permitted(visit, id, action).await?;
        let kept = store::get(visit.cx.db(), of.case.id).await?;
        let rounds = store::rounds(&visit.cx, visit.cx.db(), &of.case).await?;
        let version = kept.version;
        Ok(Self { visit, of, kept, rounds, version })
    }

    fn clock(&self) -> &Clock {
        &self.visit.core().clock
    }

    /// The page: its questions under what waits, with the way back.
    pub(super) fn page(&self, title: &str, errors: &FieldErrors, over: &Markup, inner: Markup, page: &str) -> Answer {
        let back = at::<Incidents>(&self.of.case, "regulator");
        let body = html! {
            h1 .govuk-heading-l { (title) }
            (stands(self.visit, &self.of, &self.kept))
            (over)
            (form(self.visit, &at::<Incidents>(&self.of.case, page), Some(self.version), inner)?)
            p .govuk-body { a .govuk-link href=(back) { (t!("regulator-back")) } }
        };
        Ok(kit::page::<Incidents>(self.visit, &self.of, title).errors(errors).body(&body))
    }
}

pub(super) fn none() -> (Fields, FieldErrors) {
    (Fields::default(), FieldErrors::default())
}

/// A day with a time of day, in boxes; `standing` until something is typed.
fn moment(typed: Typed<'_>, name: &str, label: &'static str, standing: Option<Millis>, clock: &Clock) -> Markup {
    let zoned = standing.map(|at| timestamp(at).to_zoned(clock.zone().clone()));
    let blank = ["date.day", "date.month", "date.year", "time"].iter().all(|part| typed.fields.get(&format!("{name}.{part}")).is_empty());
    let parts = ["day", "month", "year"].map(|part| typed.fields.get(&format!("{name}.date.{part}")).to_owned());
    let (parts, time) = match zoned.filter(|_| blank) {
        Some(at) => ([at.day().to_string(), at.month().to_string(), at.year().to_string()], at.strftime("%H:%M").to_string()),
        None => (parts, typed.fields.get(&format!("{name}.time")).to_owned()),
    };
    let (text, hint, error) = (texts::t(label), hint(label), typed.error(name));
    let (date_name, time_name) = (format!("{name}.date"), format!("{name}.time"));
    let (date_label, time_label) = (t!("answering-moment-date"), t!("answering-moment-time"));
    let time_hint = t!("regulator-time-hint");
    let whole = Field::new(name, &text).hint(hint.as_deref()).error(error.as_deref());
    ui::parts(
        &|id| texts::t(id),
        &whole,
        html! {
            (ui::day_boxes(&|id| texts::t(id), &Field::new(&date_name, &date_label), [&parts[0], &parts[1], &parts[2]]))
            (ui::input(&|id| texts::t(id), &Field::new(&time_name, &time_label).hint(Some(&time_hint)), &Input { kind: ui::InputKind::Code, value: &time, width: Some(10), ..Input::default() }))
        },
    )
}

/// The moment that was typed; an error is noted when there is none.
fn read_moment(fields: &Fields, name: &str, clock: &Clock, errors: &mut FieldErrors) -> Millis {
    let date = fields.date(&format!("{name}.date")).ok().flatten();
    let time: Option<Time> = fields.get(&format!("{name}.time")).trim().split_once([':', '.']).and_then(|(hour, minute)| {
        let minute = Some(minute).filter(|minute| minute.len() == 2)?;
        Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
    });
    let at = date.zip(time).and_then(|(date, time)| clock.instant(date.to_datetime(time)));
    if at.is_none() {
        errors.add(name, Text::new("regulator-moment-wrong"));
    }
    at.unwrap_or(0)
}

fn named_choices<'c>(prefix: &str, codes: impl IntoIterator<Item = &'c str>) -> Vec<(String, String)> {
    codes.into_iter().map(|code| (code.to_owned(), texts::t(&format!("{prefix}-{}", code.replace('_', "-"))))).collect()
}

// When the authority became aware.

pub(in crate::incident::pages) async fn ask_aware(visit: Visit, Path(id): Path<String>) -> Answer {
    let asking = Asking::read(&visit, &id, "regulator.aware").await?;
    let (fields, errors) = none();
    draw_aware(&asking, Typed { fields: &fields, errors: &errors })
}

fn draw_aware(asking: &Asking<'_>, typed: Typed<'_>) -> Answer {
    let inner = html! {
        (moment(typed, "at", "regulator-aware-ask", Some(asking.kept.aware), asking.clock()))
        (typed.area("reason", "regulator-aware-reason", 4))
        (ui::button(&t!("regulator-save"), ButtonKind::Primary))
    };
    let over = html! { p .govuk-body { (t!("regulator-law-aware")) } };
    asking.page(&t!("regulator-put-aware"), typed.errors, &over, inner, "regulator/aware")
}

pub(in crate::incident::pages) async fn aware(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut asking = Asking::read(visit, &id, "regulator.aware").await?;
    asking.version = fields.version()?;
    let mut errors = FieldErrors::default();
    let moment = read_moment(fields, "at", asking.clock(), &mut errors);
    let done = match errors.or(moment) {
        Ok(moment) => act::put_aware(&visit.cx, asking.of.case.id, asking.version, moment, fields.get("reason")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&asking.of.case, "regulator"))),
        Err(Error::Invalid(errors)) => draw_aware(&asking, Typed { fields, errors: &errors }),
        Err(other) => Err(other),
    }
}

// Whether the regulator is notified.

pub(in crate::incident::pages) async fn ask_decide(visit: Visit, Path(id): Path<String>) -> Answer {
    let asking = Asking::read(&visit, &id, "regulator.decide").await?;
    let (fields, errors) = none();
    draw_decide(&asking, Typed { fields: &fields, errors: &errors }).await
}

async fn draw_decide(asking: &Asking<'_>, typed: Typed<'_>) -> Answer {
    let known = Known::read(&asking.visit.cx, &asking.of.case).await?;
    let before = decision(&asking.rounds);
    let personal = before.map_or(asking.kept.concerns, |before| before.personal);
    let standing = match personal {
        Truth::True => Some("yes"),
        Truth::False => Some("no"),
        Truth::Unknown => before.map(|_| "unknown"),
    };
    // What was decided before is filled in, but for the reason: each decision has one of its own.
    let fields = match before {
        Some(before) if typed.fields.pairs().is_empty() => {
            let day = before
                .people_on
                .map_or_else(Default::default, |day| [day.day().to_string(), day.month().to_string(), day.year().to_string()]);
            let [date, month, year] = day;
            Fields::new(vec![
                ("people_reason".to_owned(), before.people_reason.clone()),
                ("people_how".to_owned(), before.people_how.clone()),
                ("instruction".to_owned(), before.instruction.clone()),
                ("people_on.day".to_owned(), date),
                ("people_on.month".to_owned(), month),
                ("people_on.year".to_owned(), year),
            ])
        }
        _ => typed.fields.clone(),
    };
    let typed = Typed { fields: &fields, errors: typed.errors };
    let notify = before.map(|before| if before.notify { "notify" } else { "not" });
    let risks = named_choices("regulator-risk", Risk::ALL.map(Risk::code));
    let people = named_choices("regulator-people", People::ALL.map(People::code));
    let tellers: Vec<(String, String)> = Teller::ALL.map(|teller| (teller.code().to_owned(), teller.says())).into();
    let personals = vec![
        ("yes".to_owned(), t!("answering-yes")),
        ("no".to_owned(), t!("answering-no")),
        ("unknown".to_owned(), t!("incident-not-known")),
    ];
    let choices = named_choices("regulator-choice", ["notify", "not"]);
    let inner = html! {
        (typed.radios("personal", "regulator-personal-ask", &personals, standing))
        (typed.radios("risk", "regulator-risk-ask", &risks, before.and_then(|before| before.risk).map(Risk::code)))
        (typed.radios("notify", "regulator-notify-ask", &choices, notify))
        (typed.area("reason", "regulator-reason-ask", 5))
        h2 .govuk-heading-m { (t!("regulator-people")) }
        p .govuk-body { (t!("regulator-law-people")) }
        (typed.radios("people", "regulator-people-ask", &people, before.and_then(|before| before.people).map(People::code)))
        (typed.optional_area("people_reason", "regulator-people-reason-ask", 3))
        (typed.optional_area("people_how", "regulator-people-how-ask", 3))
        (typed.date("people_on", "regulator-people-on-ask", None, true))
        (typed.radios("people_by", "regulator-people-by-ask", &tellers, before.and_then(|before| before.people_by).map(Teller::code)))
        (typed.optional_area("instruction", "regulator-people-instruction-ask", 5))
        (ui::button(&t!("regulator-decide"), ButtonKind::Primary))
    };
    let over = html! {
        (alarm(&asking.kept, &named(&known.answers)))
        p .govuk-body { (t!("regulator-decide-about")) }
        ul .govuk-list .govuk-list--bullet {
            @for duty in rules::regulator::Duty::ALL.iter().filter(|duty| duty.notifies().is_some()) { li { (texts::t(&duty.message_id())) } }
        }
    };
    asking.page(&t!("regulator-decide"), typed.errors, &over, inner, "regulator/decide")
}

/// What was typed as a decision.
fn read_decision(fields: &Fields) -> Result<Decision> {
    let mut errors = FieldErrors::default();
    let personal = match fields.get("personal") {
        "yes" => Truth::True,
        "no" => Truth::False,
        "unknown" => Truth::Unknown,
        _ => {
            errors.add("personal", Text::new("regulator-personal-missing"));
            Truth::Unknown
        }
    };
    let notify = match fields.get("notify") {
        "notify" => true,
        "not" => false,
        _ => {
            errors.add("notify", Text::new("regulator-notify-missing"));
            false
        }
    };
    let people_on = optional_date(fields, "people_on", &mut errors);
    errors.or(Decision {
        notify,
        personal,
        risk: Risk::from_code(fields.get("risk")),
        reason: fields.get("reason").to_owned(),
        people: People::from_code(fields.get("people")),
        people_by: Teller::from_code(fields.get("people_by")),
        instruction: fields.get("instruction").to_owned(),
        task: None,
        people_reason: fields.get("people_reason").to_owned(),
        people_how: fields.get("people_how").to_owned(),
        people_on,
    })
}

pub(in crate::incident::pages) async fn decide(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut asking = Asking::read(visit, &id, "regulator.decide").await?;
    asking.version = fields.version()?;
    let done = match read_decision(fields) {
        Ok(with) => act::decide_regulator(&visit.cx, asking.of.case.id, asking.version, with).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&asking.of.case, "regulator"))),
        Err(Error::Invalid(errors)) => draw_decide(&asking, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}

// What was sent.

pub(in crate::incident::pages) async fn ask_send(visit: Visit, Path(id): Path<String>) -> Answer {
    let asking = Asking::read(&visit, &id, "regulator.send").await?;
    if asking.kept.notify != Some(true) {
        return Err(Error::conflict("regulator-decide-first"));
    }
    let (fields, errors) = none();
    draw_send(&asking, Typed { fields: &fields, errors: &errors }).await
}

/// One of the regulator's lists.
fn listed(typed: Typed<'_>, name: &'static str, label: &'static str, labels: &[&'static str], standing: &str) -> Markup {
    let choices: Vec<Choice> = labels.iter().map(|label| Choice::new(label, label)).collect();
    let (text, error) = (texts::t(label), typed.error(name));
    let chosen = typed.fields.some(name).or(Some(standing).filter(|standing| !standing.is_empty() && typed.fields.pairs().is_empty()));
    ui::select(&|id| texts::t(id), &Field::new(name, &text).error(error.as_deref()), &choices, chosen, false)
}

/// Several of one of them.
fn listed_all(typed: Typed<'_>, name: &'static str, label: &'static str, labels: &[&'static str], standing: &[String]) -> Markup {
    let choices: Vec<Choice> = labels.iter().map(|label| Choice::new(label, label)).collect();
    let (text, error) = (texts::t(label), typed.error(name));
    let chosen: Vec<&str> =
        if typed.fields.pairs().is_empty() { standing.iter().map(String::as_str).collect() } else { typed.fields.all(name) };
    ui::checkboxes(&|id| texts::t(id), &Field::new(name, &text).error(error.as_deref()), &choices, &chosen)
}

async fn draw_send(asking: &Asking<'_>, typed: Typed<'_>) -> Answer {
    let (cx, now) = (&asking.visit.cx, asking.visit.cx.now());
    let known = Known::read(cx, &asking.of.case).await?;
    let categories: Vec<_> = rules::incident::decide(&known.facts).categories.into_iter().collect();
    let standing = filled(&known.answers, &categories, last_sent(&asking.rounds));
    let first = asking.kept.first.is_none();
    let title = if first { t!("regulator-send-first") } else { t!("regulator-send-further") };
    let late = lacks_reason(&asking.kept, &asking.rounds, now);
    let name = platform::cases::people::names(cx, cx.actor.account().map(|by| by.account)).await?.into_values().next().unwrap_or_default();
    let fields = if typed.fields.pairs().is_empty() { Fields::new(vec![("by".to_owned(), name)]) } else { typed.fields.clone() };
    let boxes = Typed { fields: &fields, errors: typed.errors };
    let inner = html! {
        (moment(typed, "at", "regulator-sent-at-ask", Some(now), asking.clock()))
        (boxes.line("by", "regulator-by-ask"))
        (typed.optional_line("reference", "regulator-reference-ask"))
        @if late { (typed.area("late", "regulator-late-ask", 4)) } @else { (typed.optional_area("late", "regulator-late-ask", 2)) }
        (typed.area("what", "regulator-what-ask", 6))
        h2 .govuk-heading-m { (t!("regulator-lists")) }
        p .govuk-body { (t!("regulator-lists-about")) }
        (listed(typed, "incident_type", "regulator-type", &IncidentType::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.incident_type))
        (listed(typed, "category", "regulator-category", &IncidentCategory::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.category))
        (listed_all(typed, "data", "regulator-data", &DataType::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.data))
        (listed_all(typed, "subjects", "regulator-subjects", &SubjectType::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.subjects))
        (listed(typed, "size", "regulator-size", &SizeBand::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.size))
        (listed(typed, "sector", "regulator-sector", &Sector::ALL.iter().map(|one| one.label()).collect::<Vec<_>>(), &standing.sector))
        (typed.date("next", "regulator-next-ask", None, true))
        (ui::button(&t!("regulator-send"), ButtonKind::Primary))
    };
    let over = html! { p .govuk-body { (t!("regulator-send-about")) } };
    asking.page(&title, typed.errors, &over, inner, "regulator/send")
}

fn read_sending(fields: &Fields, clock: &Clock) -> Result<Sending> {
    let mut errors = FieldErrors::default();
    let at = read_moment(fields, "at", clock, &mut errors);
    let next = optional_date(fields, "next", &mut errors);
    let text = |name: &str| fields.get(name).to_owned();
    let all = |name: &str| fields.all(name).into_iter().map(str::to_owned).collect();
    errors.or(Sending {
        at,
        by: text("by"),
        reference: text("reference"),
        late: text("late"),
        filled: Filled {
            incident_type: text("incident_type"),
            category: text("category"),
            data: all("data"),
            subjects: all("subjects"),
            sector: text("sector"),
            size: text("size"),
        },
        what: text("what"),
        next,
    })
}

pub(in crate::incident::pages) async fn send(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let mut asking = Asking::read(visit, &id, "regulator.send").await?;
    asking.version = fields.version()?;
    let done = match read_sending(fields, asking.clock()) {
        Ok(with) => act::record_sent(&visit.cx, asking.of.case.id, asking.version, with).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&asking.of.case, "regulator"))),
        Err(Error::Invalid(errors)) => draw_send(&asking, Typed { fields, errors: &errors }).await,
        Err(other) => Err(other),
    }
}
