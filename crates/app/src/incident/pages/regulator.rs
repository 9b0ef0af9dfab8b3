//! The regulator (SEC-27): how an incident stands before it, for those at the authority who may read that, and what its data controller alone does. To
//! everybody else these pages do not exist.

mod asked;
mod informed;

use axum::extract::Path;
use maud::{Markup, html};
use platform::cases::{people, store as cases};
use platform::clock::{Millis, day_text};
use platform::files;
use platform::ui::{self, ButtonKind, Fact, Link, Tone};
use platform::web::{Answer, Visit};
use platform::{Result, t, texts};
use rules::regulator::duty;
use rules::truth::Truth;

use super::kit;
use crate::casework::at;
use crate::incident::attached;
use crate::incident::known::Known;
use crate::incident::model::{INCIDENT, Incident, Incidents, MERGED};
use crate::incident::people::informed;
use crate::incident::regulator::{
    Decision, Filled, KIND, Kept, Named, Record, Round, SENT, Said, Sent, Waits, left, named, took, waits_says,
};
use crate::incident::store::regulator as store;
use crate::incident::teller::{Informed, Teller};

pub(super) use asked::{ask_aware, ask_decide, ask_send, aware, decide, send};
pub(super) use informed::{ask_people, tell_people};

/// So many that wait are named on the page of what waits.
const MOST: u64 = 20;

/// The incident, if the visitor may do `action` to what becomes of it before the regulator; to all others nothing is there.
async fn permitted(visit: &Visit, id: &str, action: &'static str) -> Result<Incident> {
    let of = kit::viewed::<Incidents>(visit, id).await?;
    visit.cx.core().authz.check(&visit.cx.actor, action, &Record::of(&of.case))?;
    Ok(of)
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = permitted(&visit, &id, "regulator.view").await?;
    let (cx, case) = (&visit.cx, &of.case);
    let kept = store::get(cx.db(), case.id).await?;
    let rounds = store::rounds(cx, cx.db(), case).await?;
    let known = Known::read(cx, case).await?;
    let names = people::names(cx, rounds.iter().map(|round| round.by)).await?;
    let record = Record::of(case);
    let decides = cx.may("regulator.decide", &record);
    let content = html! {
        h2 .govuk-heading-m { (t!("regulator-title")) }
        (alarm(&kept, &named(&known.answers)))
        (stands(&visit, &of, &kept))
        @if let Some(until) = kept.people { (ui::inset(html! { strong { (waits_says(Waits::People, until, cx.now())) } })) }
        @if decides { (buttons(&of, &kept)) }
        (facts(&visit, &of, &kept, informed(&rounds), decides))
        (ui::details(&t!("regulator-law"), html! {
            p .govuk-body { (t!("regulator-law-aware")) }
            p .govuk-body { (t!("regulator-law-time")) }
            p .govuk-body { (t!("regulator-law-parts")) }
            p .govuk-body { (t!("regulator-law-people")) }
            p .govuk-body { (t!("regulator-law-record")) }
        }))
        h2 .govuk-heading-m { (t!("regulator-rounds")) }
        @if rounds.is_empty() { (ui::empty_state(&t!("regulator-rounds-none"), &t!("regulator-rounds-none-text"), None)) }
        @for round in rounds.iter().rev() {
            (one(&visit, round, names.get(&round.by).map_or("", String::as_str)))
            @if round.kind == SENT { (files::brief(&visit, KIND, &case.id.to_string(), &attached::field(round.no)).await?) }
        }
    };
    let body = kit::frame::<Incidents>(&visit, &of, "regulator", content).await?;
    Ok(kit::page::<Incidents>(&visit, &of, &t!("regulator-title")).body(&body))
}

/// The alarm on the overview, for those who may read of the regulator; nothing where there is none.
pub(super) async fn alarm_of(visit: &Visit, of: &Incident, answers: Option<&rules::form::Answers>) -> Result<Markup> {
    let cx = &visit.cx;
    if !cx.may("regulator.view", &Record::of(&of.case)) {
        return Ok(html! {});
    }
    let kept = store::get(cx.db(), of.case.id).await?;
    let more = html! { p .govuk-body { a .govuk-link href=(at::<Incidents>(&of.case, "regulator")) { (t!("regulator-see")) } } };
    let waits = kept.waits(&of.case.stage);
    Ok(html! {
        (alarm(&kept, &answers.map(named).unwrap_or_default()))
        @if let Some(until) = kept.people { (ui::inset(html! { strong { (waits_says(Waits::People, until, cx.now())) } @if waits.is_none() { " " (more) } })) }
        @if let Some((waits, until)) = waits { (ui::inset(html! { strong { (waits_says(waits, until, cx.now())) } " " (more) })) }
        @else if kept.alarm.is_some() { (more) }
    })
}

/// That somebody on the supplier's side told a regulator (SEC-X2).
fn alarm(kept: &Kept, named: &[Named]) -> Markup {
    let says = |one: &Named| {
        let when = one.at.map_or_else(|| t!("incident-not-known"), crate::incident::model::When::says);
        if one.reference.is_empty() {
            t!("regulator-alarm-one", name = &one.name, when = when)
        } else {
            t!("regulator-alarm-one-reference", name = &one.name, when = when, reference = &one.reference)
        }
    };
    html! {
        @if kept.alarm.is_some() {
            (ui::warning_text(&|id| texts::t(id), &t!("regulator-alarm")))
            @if named.is_empty() { p .govuk-body { (t!("regulator-alarm-gone")) } }
            @else { ul .govuk-list .govuk-list--bullet { @for one in named { li { (says(one)) } } } }
        }
    }
}

/// What waits, in words that tell how long there is still.
fn stands(visit: &Visit, of: &Incident, kept: &Kept) -> Markup {
    let now = visit.cx.now();
    let clock = &visit.core().clock;
    let Some((waits, until)) = kept.waits(&of.case.stage) else {
        let id = match (kept.notify, kept.concerns) {
            (Some(true), _) => "regulator-rests-sent",
            (Some(false), _) => "regulator-rests-not",
            (None, _) if of.case.stage == MERGED => "regulator-rests-merged",
            (None, Truth::False) => "regulator-rests-nobody",
            (None, _) => "regulator-rests-no-incident",
        };
        return ui::inset(html! { (texts::t(id)) });
    };
    let tone = if until < now {
        Tone::Red
    } else if until - now <= 24 * platform::clock::HOUR {
        Tone::Orange
    } else {
        Tone::Yellow
    };
    let text = texts::t(&format!("regulator-waits-{}", waits.code().replace('_', "-")));
    // Only of the clock that the law sets is there more to say once it is over.
    let id = match (until < now, waits) {
        (false, _) => "regulator-until",
        (true, Waits::NextPart) => "regulator-until-part-over",
        (true, _) => "regulator-until-over",
    };
    ui::inset(html! {
        p .govuk-body { (ui::tag(&left(until, now), tone)) " " strong { (text) } }
        p .govuk-body { (texts::Text::new(id).with("until", clock.moment_text(until)).say()) }
    })
}

fn buttons(of: &Incident, kept: &Kept) -> Markup {
    let (decide, send, aware) = (t!("regulator-decide"), t!("regulator-send"), t!("regulator-put-aware"));
    let again = if kept.notify.is_some() { t!("regulator-decide-again") } else { decide };
    let [to_decide, to_send, to_aware] =
        ["regulator/decide", "regulator/send", "regulator/aware"].map(|page| at::<Incidents>(&of.case, page));
    let sends = kept.notify == Some(true);
    let (people, to_people) = (t!("regulator-people-record"), at::<Incidents>(&of.case, "regulator/people"));
    html! {
        (ui::button_group(html! {
            @if sends { (ui::link_button(Link::new(&send, &to_send), ButtonKind::Primary)) }
            (ui::link_button(Link::new(&again, &to_decide), if sends { ButtonKind::Secondary } else { ButtonKind::Primary }))
            @if kept.people.is_some() { (ui::link_button(Link::new(&people, &to_people), ButtonKind::Secondary)) }
            (ui::link_button(Link::new(&aware, &to_aware), ButtonKind::Secondary))
        }))
    }
}

fn facts(visit: &Visit, of: &Incident, kept: &Kept, told: Option<&Informed>, decides: bool) -> Markup {
    let clock = &visit.core().clock;
    let moment = |at: Millis| clock.moment_text(at);
    let default = of.case.submitted_at == Some(kept.aware);
    let aware = if default { t!("regulator-aware-report", when = moment(kept.aware)) } else { moment(kept.aware) };
    let mut rows = vec![
        (t!("regulator-concerns"), truth(kept.concerns)),
        (t!("regulator-aware"), aware),
        (t!("regulator-deadline"), moment(kept.deadline())),
        (t!("regulator-decided"), kept.notify.map_or_else(|| t!("regulator-open"), choice)),
    ];
    rows.extend(kept.first.map(|at| (t!("regulator-first"), moment(at))));
    rows.extend(kept.first.and_then(|at| Some((at, took(kept.aware, at)?))).map(|(at, band)| {
        let late = at > kept.deadline();
        (t!("regulator-took"), if late { t!("regulator-took-late", band = band.label()) } else { band.label().to_owned() })
    }));
    rows.extend(kept.next.map(|at| (t!("regulator-next"), clock.day_text(at))));
    rows.extend(kept.people.map(|at| (t!("regulator-people"), t!("regulator-people-until", day = clock.day_text(at)))));
    rows.extend(told.map(|told| (t!("regulator-people"), t!("regulator-people-done", day = day_text(told.on)))));
    let rows: Vec<Fact> = rows.iter().map(|(key, value)| Fact::text(key, value)).collect();
    html! {
        (ui::summary_list(&rows, true))
        @if !decides { p .govuk-hint { (t!("regulator-only")) } }
    }
}

fn truth(of: Truth) -> String {
    match of {
        Truth::True => t!("answering-yes"),
        Truth::False => t!("answering-no"),
        Truth::Unknown => t!("incident-not-known"),
    }
}

fn choice(notify: bool) -> String {
    if notify { t!("regulator-choice-notify") } else { t!("regulator-choice-not") }
}

/// One round, in words.
fn one(visit: &Visit, round: &Round, by: &str) -> Markup {
    let title = match &round.said {
        Some(Said::Sent(sent)) if sent.first => t!("regulator-round-first"),
        Some(Said::Sent(_)) => t!("regulator-round-further"),
        _ => texts::t(&format!("regulator-round-{}", round.kind)),
    };
    let rows = match &round.said {
        None => vec![(t!("regulator-said"), platform::cases::words::destroyed())],
        Some(Said::Aware(aware)) => {
            vec![(t!("regulator-aware"), visit.core().clock.moment_text(aware.at)), (t!("regulator-reason"), aware.reason.clone())]
        }
        Some(Said::Decision(decision)) => decision_rows(decision),
        Some(Said::Sent(sent)) => sent_rows(visit, sent),
        Some(Said::People(told)) => {
            vec![(t!("regulator-people-on"), day_text(told.on)), (t!("regulator-people-how-done"), told.how.clone())]
        }
    };
    let rows: Vec<Fact> = rows.iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| Fact::new(key, lines(value))).collect();
    let when = visit.core().clock.moment_text(round.at);
    html! {
        h3 .govuk-heading-s { (round.no) ". " (title) }
        p .govuk-hint { (t!("regulator-round-by", name = by, when = when)) }
        (ui::summary_list(&rows, true))
    }
}

/// What somebody wrote: its paragraphs, where it has several.
fn lines(text: &str) -> Markup {
    if text.contains("\n\n") {
        kit::paragraphs(text)
    } else {
        html! { (text) }
    }
}

fn decision_rows(decision: &Decision) -> Vec<(String, String)> {
    let risk = decision.risk.map_or_else(String::new, |risk| texts::t(&format!("regulator-risk-{}", risk.code())));
    let people =
        decision.people.map_or_else(String::new, |people| texts::t(&format!("regulator-people-{}", people.code().replace('_', "-"))));
    let owed = duty(decision.personal, decision.risk);
    let departs = owed.notifies().is_some_and(|notifies| notifies != decision.notify);
    let law = texts::t(&owed.message_id());
    vec![
        (t!("regulator-decided"), choice(decision.notify)),
        (t!("regulator-reason"), decision.reason.clone()),
        (t!("regulator-personal"), truth(decision.personal)),
        (t!("regulator-risk"), risk),
        (t!("regulator-owed"), if departs { t!("regulator-departs", law = law) } else { law }),
        (t!("regulator-people"), people),
        (t!("regulator-people-reason"), decision.people_reason.clone()),
        (t!("regulator-people-by"), decision.people_by.map_or_else(String::new, Teller::says)),
        (t!("regulator-people-how"), decision.people_how.clone()),
        (t!("regulator-people-instruction"), decision.instruction.clone()),
        (t!("regulator-people-on"), decision.people_on.map_or_else(String::new, day_text)),
    ]
}

fn sent_rows(visit: &Visit, sent: &Sent) -> Vec<(String, String)> {
    let Filled { incident_type, category, data, subjects, sector, size } = &sent.filled;
    vec![
        (t!("regulator-sent-at"), visit.core().clock.moment_text(sent.at)),
        (t!("regulator-by"), sent.by.clone()),
        (t!("regulator-reference"), sent.reference.clone()),
        (t!("regulator-took"), sent.took.clone().unwrap_or_default()),
        (t!("regulator-late"), sent.late.clone()),
        (t!("regulator-what"), sent.what.clone()),
        (t!("regulator-type"), incident_type.clone()),
        (t!("regulator-category"), category.clone()),
        (t!("regulator-data"), data.join("; ")),
        (t!("regulator-subjects"), subjects.join("; ")),
        (t!("regulator-sector"), sector.clone()),
        (t!("regulator-size"), size.clone()),
        (t!("regulator-next"), sent.next.map_or_else(|| t!("regulator-next-none"), day_text)),
    ]
}

/// What waits for the data controller, for the page of what waits: text and address.
///
/// # Errors
/// When the database fails.
pub(crate) async fn waiting(visit: &Visit) -> Result<Vec<(String, String)>> {
    let cx = &visit.cx;
    if !cx.may("regulator.decide", &Record::any()) {
        return Ok(Vec::new());
    }
    let mut open = Vec::new();
    for of in store::Of::ALL {
        open.extend(store::due_until(cx.db(), of, None, Millis::MAX, MOST).await?);
    }
    open.sort_by_key(|(case, _, until)| (*until, *case));
    let all = cases::all(cx.db(), &INCIDENT, open.iter().map(|(case, ..)| *case)).await?;
    let line = |(case, waits, until): &(uuid::Uuid, Waits, Millis)| {
        let case = all.iter().find(|one| one.id == *case)?;
        let reference = case.reference.clone().unwrap_or_else(|| t!("case-no-reference"));
        Some((
            t!("home-regulator-one", reference = reference, what = waits_says(*waits, *until, cx.now())),
            at::<Incidents>(case, "regulator"),
        ))
    };
    Ok(open.iter().filter_map(line).collect())
}
