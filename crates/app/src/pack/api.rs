//! Packs for programs: standing, duties with their sources and controls, and forms as JSON Schema.

use std::sync::Arc;

use platform::api::{Api, Area, Call, Listed, Op};
use platform::web::Answer;
use platform::{Error, Result, texts};
use rules::message::Message;
use rules::pack::Pack;
use serde::Serialize;
use serde_json::{Value, to_value};
use utoipa::ToSchema;

use super::pages::{owed_by, when};
use super::{packs, resource};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    Api::new()
        .add(Op::get("packs.list", "/api/v1/packs", area).all_of::<PackSummary>(), list)
        .add(Op::get("packs.one", "/api/v1/packs/{pack}/{edition}", area).codes(&["pack", "edition"]).answers::<PackRecord>(), one)
        .add(
            Op::get("packs.form", "/api/v1/packs/{pack}/{edition}/forms/{form}", area)
                .codes(&["pack", "edition", "form"])
                .answers_schema("FormJsonSchema", || platform::api::object([], false)),
            form,
        )
}

/// An edition of a pack, in short.
#[derive(Serialize, ToSchema)]
struct PackSummary {
    /// The pack.
    pack: String,
    /// Its edition.
    edition: String,
    /// Its title.
    title: String,
    /// How it stands here: `waiting`, `current`, `earlier` or `withdrawn`.
    usage: String,
    /// How the policy stands: `draft`, `in_force`, `withdrawn` or `superseded`.
    status: String,
    /// The edition's day.
    #[schema(format = Date)]
    date: String,
    /// How many duties it sets.
    duties: usize,
}

/// An edition of a pack.
#[derive(Serialize, ToSchema)]
struct PackRecord {
    /// The pack.
    pack: String,
    /// Its edition.
    edition: String,
    /// Its title.
    title: String,
    /// What it is about.
    summary: String,
    /// `draft`, `in_force`, `withdrawn` or `superseded`.
    status: String,
    /// How the policy stands, in words.
    standing: String,
    /// The edition's day.
    #[schema(format = Date)]
    date: String,
    /// Its duties.
    duties: Vec<PackDuty>,
    /// What to do in special cases.
    guidance: Vec<PackGuidance>,
    /// Its forms, by id.
    forms: Vec<String>,
}

/// A duty that a pack sets.
#[derive(Serialize, ToSchema)]
struct PackDuty {
    /// Its id.
    obligation: String,
    /// Its title.
    title: String,
    /// What is to be done.
    text: String,
    /// Who owes it, in words.
    owed_by: String,
    /// When, in words.
    when: String,
    /// What shows that it is met.
    evidence: String,
    /// The paragraphs that it comes from.
    source: Vec<String>,
    /// Controls that it serves.
    controls: Vec<String>,
    /// Whether it is owed further down the chain too.
    flows_down: bool,
    /// Whether what it speaks of stays blocked until a ruling on the contract allows it.
    blocked_until_ruling: bool,
}

/// What to do in a special case.
#[derive(Serialize, ToSchema)]
struct PackGuidance {
    /// Its id.
    id: String,
    /// The case.
    title: String,
    /// What to do, in short.
    text: String,
    /// Where more of it stands; null if nowhere.
    link: Option<String>,
    /// The duties that it helps to meet.
    duties: Vec<String>,
    /// The sections of forms that it goes with, each as `form.section`.
    sections: Vec<String>,
}

fn status(pack: &Pack) -> Result<String> {
    Ok(to_value(pack.standing().status)?.as_str().unwrap_or_default().to_owned())
}

async fn list(call: Call) -> Answer {
    let known = packs(call.cx.core());
    let seen = known.editions().filter(|pack| call.cx.may("pack.view", &resource(pack)));
    let items = seen.map(|pack| {
        Ok(PackSummary {
            pack: pack.pack.clone(),
            edition: pack.edition.clone(),
            title: pack.title.clone(),
            usage: known.use_of(pack).code().to_owned(),
            status: status(pack)?,
            date: pack.date.to_string(),
            duties: pack.obligations.len(),
        })
    });
    call.listed(&Listed { items: items.collect::<Result<Vec<_>>>()?, after: None })
}

fn viewed(call: &Call) -> Result<Arc<Pack>> {
    let pack = packs(call.cx.core()).get(call.code("pack"), call.code("edition")).cloned().ok_or(Error::NotFound)?;
    call.cx.permit("pack.view", &resource(&pack))?;
    Ok(pack)
}

async fn one(call: Call) -> Answer {
    let pack = viewed(&call)?;
    let said = |message: &Message| texts::say(message.id, &message.args);
    let duties = pack.obligations.iter().map(|o| PackDuty {
        obligation: o.id.clone(),
        title: o.title.clone(),
        text: o.text.clone(),
        owed_by: owed_by(o),
        when: when(&pack, o),
        evidence: o.evidence.clone(),
        source: o.source.clone(),
        controls: o.controls.iter().map(|c| format!("{} {}", c.standard, c.id)).collect(),
        flows_down: o.flows_down,
        blocked_until_ruling: o.blocked_until_ruling,
    });
    let guidance = pack.guidance.iter().cloned().map(|one| PackGuidance {
        id: one.id,
        title: one.title,
        text: one.text,
        link: one.link,
        duties: one.duties,
        sections: one.sections,
    });
    let found = PackRecord {
        pack: pack.pack.clone(),
        edition: pack.edition.clone(),
        title: pack.title.clone(),
        summary: pack.summary.clone(),
        status: status(&pack)?,
        standing: said(&pack.standing().status_says),
        date: pack.date.to_string(),
        duties: duties.collect(),
        guidance: guidance.collect(),
        forms: pack.forms.keys().cloned().collect(),
    };
    call.found(&found, None)
}

async fn form(call: Call) -> Answer {
    let pack = viewed(&call)?;
    let schema: Value = pack.form(call.code("form")).ok_or(Error::NotFound)?.json_schema();
    call.found(&schema, None)
}
