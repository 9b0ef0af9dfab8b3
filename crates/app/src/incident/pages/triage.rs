//! Triage: what is taken to be known, what the tests make of it, and the decision, which the authority takes with a reason (SEC-10, SEC-X1).

use axum::extract::Path;
use maud::{Markup, html};
use platform::error::FieldErrors;
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Choice, Field, Link, Tone};
use platform::web::{Answer, Fields, Posted, Visit, see_other};
use platform::{Error, Result, t, texts};
use rules::decision::Outcome as _;
use rules::incident::{Action, AssetKind, Attempt, Facts, Loss, Outcome, Whereabouts, decide as judge};
use uuid::Uuid;

use super::{form, kit, resting};
use crate::casework::at;
use crate::casework::typed::Typed;
use crate::incident::known::Known;
use crate::incident::model::{INCIDENT, Incident, Incidents, Verdict};
use crate::incident::{act, judged};
use crate::pack;

pub(super) async fn ask(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.read_notes").await?;
    page(&visit, &of, None, &FieldErrors::default()).await
}

/// The page with what was chosen just now, if anything was, and what is wrong with it.
async fn page(visit: &Visit, of: &Incident, chosen: Option<&Fields>, errors: &FieldErrors) -> Answer {
    let known = Known::read(&visit.cx, &of.case).await?;
    let may = of.case.stage == "triage" && visit.cx.may("incident.triage", of);
    let decides = of.case.stage == "triage" && visit.cx.may("incident.decide", of);
    let rests = resting::Rests::read(&visit.cx, &of.case).await?;
    let chosen = chosen.cloned().unwrap_or_else(|| said(&known.facts, rests.on()));
    let typed = Typed { fields: &chosen, errors };
    let content = html! {
        h2 .govuk-heading-m { (t!("incident-tab-triage")) }
        @if of.case.stage == "reported" { (ui::inset(html! { (t!("incident-triage-first")) })) }
        (advice(visit, of, &known)?)
        (rests.says()?)
        @if decides && known.triaged { (ui::link_button(Link::new(&t!("incident-decide"), &at::<Incidents>(&of.case, "decide")), ButtonKind::Primary)) }
        @if may {
            h2 .govuk-heading-m { (t!("incident-facts")) }
            p .govuk-body { (if known.triaged { t!("incident-facts-kept") } else { t!("incident-facts-report") }) }
            (form(visit, &at::<Incidents>(&of.case, "triage"), Some(of.case.version), html! {
                (one(typed, "asset_involved", ["yes", "no"]))
                (rests.beside(visit, of, typed).await?)
                (questions(typed))
                (ui::button(&t!("incident-put-tests"), if known.triaged { ButtonKind::Secondary } else { ButtonKind::Primary }))
            })?)
        }
    };
    let title = t!("incident-tab-triage");
    Ok(kit::page::<Incidents>(visit, of, &title).errors(errors).body(&kit::frame::<Incidents>(visit, of, "triage", content).await?))
}

/// What the tests make of what is known, with reasons and sources, what is missing, and how severe it is at least.
fn advice(visit: &Visit, of: &Incident, known: &Known) -> Result<Markup> {
    let decision = judge(&known.facts);
    let outcome = decision.explained.outcome;
    let categories: Vec<String> = decision.categories.iter().map(|category| texts::t(&category.message_id())).collect();
    let pack = pack::of_case(&visit.cx, &of.case)?;
    let severity = judged::severity(&pack, &known.answers, &known.facts);
    Ok(html! {
        p .govuk-body { (ui::tag(&texts::t(&outcome.message_id()), tone(outcome))) " " (t!("incident-advice")) }
        (kit::reasons(&decision.explained, &t!("incident-missing")))
        @if !categories.is_empty() { p .govuk-body { strong { (t!("incident-categories")) ": " } (categories.join(", ")) } }
        @if let Some(item) = decision.item { p .govuk-body { strong { (t!("incident-item")) ": " } (texts::t(&item.message_id())) } }
        @if decision.must_report && outcome != Outcome::Incident { (ui::inset(html! { (t!("incident-must-report")) })) }
        h3 .govuk-heading-s { (t!("incident-severity", severity = texts::t(&severity.outcome.message_id()))) }
        (kit::reasons(&severity, &t!("incident-missing")))
    })
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Incident => Tone::Red,
        Outcome::NotIncident => Tone::Green,
        Outcome::Undetermined => Tone::Yellow,
    }
}

/// The facts, and the kept answer on which one of them rests, as they would be chosen on the page.
fn said(facts: &Facts, relies_on: Option<Uuid>) -> Fields {
    let yes_no = |fact: Option<bool>| fact.map(|known| if known { "yes" } else { "no" });
    let one = [
        ("asset_involved", yes_no(facts.asset_involved)),
        ("asset_kind", facts.asset_kind.map(AssetKind::code)),
        ("attempt", facts.attempt.map(Attempt::code)),
        ("whereabouts", facts.whereabouts.map(Whereabouts::code)),
        ("backup_usable", yes_no(facts.backup_usable)),
        ("process_breakdown", yes_no(facts.process_breakdown)),
        ("exposed", yes_no(facts.exposed)),
        ("systemic", yes_no(facts.systemic)),
    ];
    let actions = facts.actions.as_ref().map(|all| all.iter().map(|one| one.code()).collect::<Vec<_>>());
    let loss = facts.loss.as_ref().map(|all| all.iter().map(|one| one.code()).collect::<Vec<_>>());
    let several = [("actions", actions), ("loss", loss)].map(|(name, all)| match all {
        None => (name, vec![NOT_KNOWN]),
        Some(none) if none.is_empty() => (name, vec![NONE]),
        Some(all) => (name, all),
    });
    let one = one.into_iter().map(|(name, code)| (name.to_owned(), code.unwrap_or(NOT_KNOWN).to_owned()));
    let several = several.into_iter().flat_map(|(name, all)| all.into_iter().map(move |code| (name.to_owned(), code.to_owned())));
    let rests = relies_on.map(|id| (resting::FIELD.to_owned(), id.to_string()));
    Fields::new(one.chain(several).chain(rests).collect::<Vec<_>>())
}

/// Each further fact with its answers, *not known* among them.
fn questions(typed: Typed<'_>) -> Markup {
    let (yes, no) = ("yes", "no");
    html! {
        (one(typed, "asset_kind", AssetKind::ALL.iter().map(|kind| kind.code())))
        (one(typed, "attempt", Attempt::ALL.iter().map(|attempt| attempt.code())))
        (several(typed, "actions", Action::ALL.iter().map(|action| action.code())))
        (several(typed, "loss", Loss::ALL.iter().map(|loss| loss.code())))
        (one(typed, "whereabouts", Whereabouts::ALL.iter().map(|place| place.code())))
        (one(typed, "backup_usable", [yes, no]))
        (one(typed, "process_breakdown", [yes, no]))
        (one(typed, "exposed", [yes, no]))
        (one(typed, "systemic", [yes, no]))
    }
}

const NOT_KNOWN: &str = "not_known";
const NONE: &str = "none_of_these";

fn label(fact: &str, code: &str) -> String {
    match code {
        "yes" if fact != "systemic" => t!("answering-yes"),
        "no" if fact != "systemic" => t!("answering-no"),
        NOT_KNOWN => t!("incident-not-known"),
        NONE => t!("incident-none-of-these"),
        code => texts::t(&format!("incident-fact-{}-{}", dashed(fact), dashed(code))),
    }
}

fn dashed(code: &str) -> String {
    code.replace('_', "-")
}

fn one<'a>(typed: Typed<'_>, fact: &'static str, codes: impl IntoIterator<Item = &'a str>) -> Markup {
    let words: Vec<(&str, String)> = codes.into_iter().chain([NOT_KNOWN]).map(|code| (code, label(fact, code))).collect();
    let choices: Vec<Choice> = words.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let ask = texts::t(&format!("incident-fact-{}", dashed(fact)));
    ui::radios(&|id| texts::t(id), &Field::new(fact, &ask), &choices, typed.fields.some(fact), words.len() <= 3)
}

fn several<'a>(typed: Typed<'_>, fact: &'static str, codes: impl Iterator<Item = &'a str>) -> Markup {
    let words: Vec<(&str, String)> = codes.chain([NONE, NOT_KNOWN]).map(|code| (code, label(fact, code))).collect();
    let choices: Vec<Choice> = words.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let (ask, error) = (texts::t(&format!("incident-fact-{}", dashed(fact))), typed.error(fact));
    ui::checkboxes(&|id| texts::t(id), &Field::new(fact, &ask).error(error.as_deref()), &choices, &typed.fields.all(fact))
}

/// What was chosen, as facts.
fn read(fields: &Fields) -> Result<Facts> {
    let mut errors = FieldErrors::default();
    let truth = |name: &str| match fields.get(name) {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let mut set = |name: &'static str| -> Option<Vec<String>> {
        let all = fields.all(name);
        let alone = [NONE, NOT_KNOWN].iter().any(|code| all.contains(code));
        if alone && all.len() > 1 {
            errors.add(name, Text::new("incident-fact-alone"));
        }
        if all.is_empty() || all.contains(&NOT_KNOWN) {
            None
        } else {
            Some(all.into_iter().filter(|code| *code != NONE).map(str::to_owned).collect())
        }
    };
    let (loss, actions) = (set("loss"), set("actions"));
    errors.or(Facts {
        asset_involved: truth("asset_involved"),
        asset_kind: AssetKind::from_code(fields.get("asset_kind")),
        attempt: Attempt::from_code(fields.get("attempt")),
        loss: loss.map(|all| all.iter().filter_map(|code| Loss::from_code(code)).collect()),
        process_breakdown: truth("process_breakdown"),
        exposed: truth("exposed"),
        whereabouts: Whereabouts::from_code(fields.get("whereabouts")),
        backup_usable: truth("backup_usable"),
        actions: actions.map(|all| all.iter().filter_map(|code| Action::from_code(code)).collect()),
        systemic: truth("systemic"),
    })
}

pub(super) async fn save(Path(id): Path<String>, post: Posted) -> Answer {
    let of = kit::viewed::<Incidents>(&post.visit, &id).await?;
    let version = post.fields.version()?;
    let done = match read(&post.fields).and_then(|facts| Ok((facts, resting::read(&post.fields)?))) {
        Ok((facts, relies_on)) => act::triage(&post.visit.cx, of.case.id, version, &facts, relies_on).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, "triage"))),
        Err(Error::Invalid(errors)) => {
            let of = kit::allowed::<Incidents>(&post.visit, &id, "incident.triage").await?;
            page(&post.visit, &of, Some(&post.fields), &errors).await
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn deciding(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = kit::allowed::<Incidents>(&visit, &id, "incident.decide").await?;
    draw(&visit, &of, Typed { fields: &Fields::default(), errors: &FieldErrors::default() }).await
}

async fn draw(visit: &Visit, of: &Incident, typed: Typed<'_>) -> Answer {
    let known = Known::read(&visit.cx, &of.case).await?;
    if of.case.stage != "triage" {
        let text = Text::new("case-step-not-now").with("step", t!("incident-decide"));
        return Err(Error::Conflict(text.with("stage", INCIDENT.stage_name(&of.case.stage))));
    }
    if !known.triaged {
        return Ok(see_other(&at::<Incidents>(&of.case, "triage")));
    }
    let words = [Verdict::Incident, Verdict::NotIncident].map(|v| (v.code(), texts::t(&format!("incident-verdict-{}", dashed(v.code())))));
    let choices: Vec<Choice> = words.iter().map(|(code, text)| Choice::new(code, text)).collect();
    let advised = judge(&known.facts).explained.outcome;
    let chosen = typed
        .fields
        .some("verdict")
        .or_else(|| [Verdict::Incident, Verdict::NotIncident].into_iter().find(|v| v.is_advised(advised)).map(Verdict::code));
    let (ask, error) = (t!("incident-verdict-ask"), typed.error("verdict"));
    let title = t!("incident-decide");
    let inner = html! {
        (ui::radios(&|id| texts::t(id), &Field::new("verdict", &ask).error(error.as_deref()), &choices, chosen, false))
        (typed.area("reason", "incident-verdict-reason", 5))
        (ui::button(&title, ButtonKind::Primary))
    };
    let body = html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (t!("incident-decide-about")) }
        (advice(visit, of, &known)?)
        (resting::Rests::read(&visit.cx, &of.case).await?.says()?)
        (form(visit, &at::<Incidents>(&of.case, "decide"), Some(of.case.version), inner)?)
    };
    Ok(kit::page::<Incidents>(visit, of, &title).errors(typed.errors).body(&body))
}

pub(super) async fn decide(Path(id): Path<String>, post: Posted) -> Answer {
    let (visit, fields) = (&post.visit, &post.fields);
    let of = kit::viewed::<Incidents>(visit, &id).await?;
    let done = match Verdict::from_code(fields.get("verdict")) {
        Some(verdict) => act::decide(&visit.cx, of.case.id, fields.version()?, verdict, fields.get("reason")).await,
        None => Err(Error::field("verdict", Text::new("incident-verdict-missing"))),
    };
    match done {
        Ok(()) => Ok(see_other(&at::<Incidents>(&of.case, ""))),
        Err(Error::Invalid(errors)) => {
            let of = kit::allowed::<Incidents>(visit, &id, "incident.decide").await?;
            draw(visit, &of, Typed { fields, errors: &errors }).await
        }
        Err(other) => Err(other),
    }
}
