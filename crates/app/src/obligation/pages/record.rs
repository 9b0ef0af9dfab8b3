//! One duty: why it applies, who set it, how it stands, what shows it; and the forms for those who may record something about it.

use axum::extract::Path;
use axum::http::StatusCode;
use maud::{Markup, html};
use platform::authz::Guarded as _;
use platform::cases::people;
use platform::error::FieldErrors;
use platform::register::{Entered, Picks, Register};
use platform::texts::Text;
use platform::ui::{self, ButtonKind, Fact};
use platform::web::{Answer, Posted, Visit, see_other};
use platform::{Cx, Error, Result, t, texts};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::act::{self, Evidence};
use super::super::model::{ASIDE, EVIDENCE};
use super::super::store::{self, Duty};
use super::super::words::{self, Names, due_text, role_or_party, why};
use super::{address, status_tag};
use crate::{contract, pack};

type Which = Path<(Uuid, String, String)>;

/// What was typed into the forms, and what is wrong with it.
#[derive(Default)]
struct Typed {
    entered: Entered,
    errors: FieldErrors,
}

pub(in crate::obligation) async fn show(visit: Visit, Path((at, pack, duty)): Which) -> Answer {
    let duty = store::get(&visit.cx, at, &pack, &duty).await?;
    draw(&visit, &duty, &Typed::default()).await
}

async fn draw(visit: &Visit, duty: &Duty, typed: &Typed) -> Answer {
    let cx = &visit.cx;
    cx.permit("obligation.view", duty)?;
    let obligation = duty.obligation().ok_or(Error::NotFound)?;
    let facts = facts(cx, duty).await?;
    let facts: Vec<Fact> = facts.iter().map(|(label, value)| Fact::new(label, value.clone())).collect();
    let title = t!("obligation-list-title");
    let page = visit.page(&obligation.title).active("/obligations").crumb(&title, "/obligations").errors(&typed.errors);
    let may = |action| duty.row.owed && cx.may(action, duty);
    let files = platform::files::panel(visit, "obligation", &duty.resource().id, None).await?;
    Ok(page.body(&html! {
        h1 .govuk-heading-l { (obligation.title) }
        p .govuk-body-l { (obligation.text) }
        (ui::summary_list(&facts, cx.actor.is_authority()))
        (pack::pages::guidance(duty.pack.guidance_of_duty(&obligation.id)))
        (super::governing::section(visit, duty).await?)
        @if may("obligation.meet") {
            h2 .govuk-heading-m { (t!("obligation-meet")) }
            (form(visit, duty, &EVIDENCE, "met", typed, "obligation-meet-save", ButtonKind::Primary)?)
        }
        h2 .govuk-heading-m { (t!("obligation-files")) }
        (files)
        @if may("obligation.set_aside") {
            @if duty.row.state == "not_applicable" { (again_form(visit, duty)?) }
            @else {
                (ui::details(&t!("obligation-aside"), form(visit, duty, &ASIDE, "aside", typed, "obligation-aside-save", ButtonKind::Secondary)?))
            }
        }
    }))
}

async fn facts(cx: &Cx, duty: &Duty) -> Result<Vec<(String, Markup)>> {
    let row = &duty.row;
    let obligation = duty.obligation().ok_or(Error::NotFound)?;
    let names = Names::of(cx, std::iter::once(row)).await?;
    let controls: Vec<_> = obligation.controls.iter().map(|c| format!("{} {}", c.standard, c.id)).collect();
    let day = |text: &Option<String>| text.as_ref().and_then(|t| t.parse().ok()).map(platform::clock::day_text);
    let covers = match (day(&row.covers_from).or_else(|| day(&row.met_on)), day(&row.covers_to)) {
        (Some(from), Some(to)) => Some(t!("obligation-covers", from = from, to = to)),
        _ => None,
    };
    let seen = day(&row.shown_on).map(|date| words::seen(&date, row.shown_by.as_deref()));
    let by = names.recorded_by(cx, row).zip(row.set_at);
    let by = by.map(|(by, at)| t!("obligation-by-on", by = by, date = cx.core().clock.day_text(at)));
    let text = |text: String| html! { span .vs-lines { (text) } };
    let mut facts: Vec<(&str, Markup)> = vec![
        ("owed", html! { (role_or_party(duty, &names)) }),
        ("contract", html! { a .govuk-link href={ "/contracts/" (row.contract) } { (duty.title) } }),
        ("status", status_tag(duty.status(cx.core().clock.today()))),
        ("due", text(due_text(duty))),
        ("when", text(pack::pages::when(&duty.pack, obligation))),
        ("why", text(why(duty))),
        ("asks", text(obligation.evidence.clone())),
        ("governs", set_by(cx, duty).await?),
        ("source", text(obligation.source.join(", "))),
        ("controls", text(if controls.is_empty() { t!("obligation-no-controls") } else { controls.join(", ") })),
    ];
    let recorded = [
        ("met-on", day(&row.met_on)),
        ("evidence", row.evidence.clone()),
        ("found-at", row.found_at.clone()),
        ("covers", covers),
        ("seen", seen),
        ("aside", row.reason.clone()),
        ("by", by),
    ];
    facts.extend(recorded.into_iter().filter_map(|(label, value)| Some((label, text(value?)))));
    Ok(facts.into_iter().map(|(label, value)| (t!(&format!("obligation-fact-{label}")), value)).collect())
}

/// Which pack sets the duty, how that stands, and who put it on the contract when. A supplier reads the authority's name for its people's.
async fn set_by(cx: &Cx, duty: &Duty) -> Result<Markup> {
    let on = contract::store::packs_on(cx.db(), duty.row.contract).await?.into_iter().find(|p| p.pack == duty.row.pack);
    let put = match on {
        None => t!("obligation-pack-off"),
        Some(on) => {
            let person = match on.put_by.parse::<Uuid>().ok().filter(|_| cx.actor.is_authority()) {
                Some(id) => people::names(cx, [id]).await?.remove(&id),
                None => None,
            };
            let by = person.unwrap_or_else(|| cx.core().settings.authority.name.clone());
            t!("obligation-pack-put", by = by, date = cx.core().clock.day_text(on.put_at))
        }
    };
    Ok(html! {
        a .govuk-link href={ "/packs/" (duty.pack.pack) "/" (duty.pack.edition) } {
            (t!("obligation-set-by", pack = &duty.pack.title, edition = &duty.row.edition))
        }
        " " (pack::pages::tag(&duty.pack))
        div .govuk-hint { (put) }
    })
}

fn form(visit: &Visit, duty: &Duty, of: &Register, to: &str, typed: &Typed, button: &str, kind: ButtonKind) -> Result<Markup> {
    let (once, version, action) = (visit.once()?, duty.row.version.to_string(), format!("{}/{to}", address(duty)));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
    let boxes = of.boxes(&typed.entered, &typed.errors, &Picks::new(), "");
    Ok(ui::form(&|id| texts::t(id), &form, html! { (boxes) (ui::button(&texts::t(button), kind)) }))
}

fn again_form(visit: &Visit, duty: &Duty) -> Result<Markup> {
    let (once, version, action) = (visit.once()?, duty.row.version.to_string(), format!("{}/again", address(duty)));
    let form = ui::Form { action: &action, csrf: &visit.csrf, once: Some(&once), version: Some(&version), ..ui::Form::default() };
    Ok(ui::form(&|id| texts::t(id), &form, ui::button(&t!("obligation-again"), ButtonKind::Secondary)))
}

pub(in crate::obligation) async fn meet(Path((at, pack, duty)): Which, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let duty = store::get(&visit.cx, at, &pack, &duty).await?;
    // What the actor may not see it does not learn about, faults of its form included.
    visit.cx.permit("obligation.meet", &duty)?;
    let entered = Entered::posted(&fields);
    let read = EVIDENCE.read::<Evidence>(&entered, &json!({}), &Picks::new(), "");
    let version = fields.version()?;
    let (done, shown) = match read {
        Ok(shown) => (act::meet(&visit.cx, &duty, version, &shown).await, Some(shown)),
        Err(error) => (Err(error), None),
    };
    let record = serde_json::to_value(shown)?;
    answer(&visit, &duty, &EVIDENCE, "met", Typed { entered, errors: FieldErrors::default() }, &record, done).await
}

pub(in crate::obligation) async fn set_aside(Path((at, pack, duty)): Which, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let duty = store::get(&visit.cx, at, &pack, &duty).await?;
    visit.cx.permit("obligation.set_aside", &duty)?;
    let entered = Entered::posted(&fields);
    let done = act::set_aside(&visit.cx, &duty, fields.version()?, fields.get("reason")).await;
    let record = json!({ "reason": fields.get("reason") });
    answer(&visit, &duty, &ASIDE, "aside", Typed { entered, errors: FieldErrors::default() }, &record, done).await
}

pub(in crate::obligation) async fn take_up(Path((at, pack, duty)): Which, posted: Posted) -> Answer {
    let (visit, fields) = (posted.visit, posted.fields);
    let duty = store::get(&visit.cx, at, &pack, &duty).await?;
    visit.cx.permit("obligation.take_up", &duty)?;
    act::take_up(&visit.cx, &duty, fields.version()?).await?;
    Ok(see_other(&address(&duty)))
}

async fn answer(visit: &Visit, duty: &Duty, of: &Register, to: &str, typed: Typed, record: &Value, done: Result<()>) -> Answer {
    match done {
        Ok(()) => Ok(see_other(&address(duty))),
        Err(Error::Invalid(errors)) => draw(visit, duty, &Typed { errors, ..typed }).await,
        Err(Error::Stale(text)) => clash(visit, duty, of, to, &typed, record, &text).await,
        Err(other) => Err(other),
    }
}

/// Both versions, and the form again with what was typed, over what stands now.
async fn clash(visit: &Visit, duty: &Duty, of: &Register, to: &str, typed: &Typed, record: &Value, text: &Text) -> Answer {
    let now = store::get(&visit.cx, duty.row.at, &duty.row.pack, &duty.row.obligation).await?;
    let row = &now.row;
    let stands = json!({
        "met_on": row.met_on, "evidence": row.evidence, "found_at": row.found_at, "covers_from": row.covers_from, "covers_to": row.covers_to,
        "reason": row.reason,
    });
    let facts = facts(&visit.cx, &now).await?;
    let facts: Vec<Fact> = facts.iter().map(|(label, value)| Fact::new(label, value.clone())).collect();
    let title = t!("register-clash-title");
    let page = visit.page(&title).active("/obligations").crumb(&t!("obligation-list-title"), "/obligations").wide();
    Ok(page.status(StatusCode::CONFLICT).body(&html! {
        h1 .govuk-heading-l { (title) }
        p .govuk-body { (text.say()) }
        (of.clash(&stands, record, &Picks::new()))
        p .govuk-body { (t!("register-clash-again")) }
        (form(visit, &now, of, to, typed, "register-save-over", ButtonKind::Primary)?)
        (ui::details(&t!("obligation-now"), ui::summary_list(&facts, true)))
    }))
}
