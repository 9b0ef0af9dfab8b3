//! A service with one case without a lifecycle: anyone may answer the forms.

use std::sync::Arc;

use axum::extract::{Path, Query, RawQuery};
use axum::response::{IntoResponse as _, Response};
use maud::html;
use platform::authz::{Authz, PolicyFile, Resource};
use platform::clock::Clock;
use platform::config::Settings;
use platform::forms::drafts::{self, Outcome, Posting};
use platform::forms::{Choices, Pick, Sheet, Upload, review, submit};
use platform::seal::Key;
use platform::web::{Access, Posted, Routes, Visit, see_other};
use platform::{Core, Cx, Error, Result};
use rules::form::Form;
use rules::pack::{Pack, PackSource};
use testkit::TestDb;
use uuid::Uuid;

pub(crate) const CASE: Uuid = Uuid::from_u128(7);

/// The offshoring proposal, as the product ships it.
pub(crate) fn proposal() -> Form {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/offshoring");
    let files = ["pack.yaml", "forms/proposal.yaml"];
    let source = PackSource { files: files.map(|name| (name.to_owned(), std::fs::read_to_string(folder.join(name)).unwrap())).into() };
    Pack::load(&source).unwrap().forms["proposal"].clone()
}

/// A form with every type of question.
pub(crate) fn every() -> Form {
    serde_json::from_str(include_str!("every.json")).unwrap()
}

pub(crate) fn form(name: &str) -> Form {
    if name == "every" { every() } else { proposal() }
}

pub(crate) fn choices() -> Choices {
    Choices {
        parties: vec![Pick::new("p1", "Halyard Systems"), Pick::new("p2", "Brightwater Support")],
        sites: vec![Pick::new("s1", "Pune, building 4")],
        files: vec![Upload {
            id: "f1".to_owned(),
            name: "Plan of the networks.pdf".to_owned(),
            sha256: "ab12".to_owned(),
            bytes: 1 << 20,
            size: "PDF document, 1.4 MB".to_owned(),
            replaced: vec!["f0".to_owned()],
        }],
        file_mib: 50,
        currency: "GBP".to_owned(),
    }
}

pub(crate) fn sheet() -> Resource {
    Resource::new("sheet", CASE)
}

pub(crate) struct App {
    pub(crate) core: Arc<Core>,
    pub(crate) router: axum::Router,
    _db: TestDb,
}

impl App {
    pub(crate) fn new(db: TestDb) -> Self {
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        let common = PolicyFile {
            name: "common",
            schema: include_str!("../../../../authz/common.cedarschema"),
            policies: include_str!("../../../../authz/common.cedar"),
        };
        let own = PolicyFile {
            name: "sheet",
            schema: include_str!("sheet.cedarschema"),
            policies: r#"@id("anyone") permit (principal, action, resource is Sheet);"#,
        };
        let settings = Settings { data: db.folder().to_owned(), ..Settings::default() };
        let clock = Clock::by_hand("2026-03-02T09:00:00Z".parse().unwrap(), zone);
        let core = Arc::new(Core {
            links: platform::api::Limit::new("link", 60, &clock),
            product: Arc::new(()),
            refresh: |_| Box::pin(async { Ok(()) }),
            owners: Vec::new(),
            apart: platform::apart::Apart::within(<[u8]>::to_vec),
            demo: false,
            db: db.db.clone(),
            clock,
            authz: Authz::load(&[common, own]).and_then(|authz| authz.validate().map(|()| authz)).unwrap(),
            master: Key::fresh().unwrap().into(),
            ledger_key: ledger::SigningKey::generate("test.example/ledger", &[7; 32]).unwrap(),
            files: platform::files::Desk::open(&settings, Vec::new()).unwrap(),
            settings,
            reactions: Vec::new(),
            refusals: platform::book::Refusals::default(),
            edge: platform::book::Edge::default(),
            answers: platform::cx::Answers::default(),
            jobs: platform::jobs::Registry::default(),
            directory: |_, _| Box::pin(async { Ok(None) }),
            nav: |_| Vec::new(),
            wake: Arc::default(),
        });
        let router = platform::web::router(&core, routes());
        Self { core, router, _db: db }
    }

    pub(crate) fn cx(&self) -> Cx {
        Cx::new(&self.core, platform::authz::Actor::Anonymous).unwrap()
    }
}

fn routes() -> Routes {
    Routes::new()
        .get("/{form}/{section}", Access::Public, show)
        .post("/{form}/{section}", Access::Public, save)
        .get("/{form}", Access::Public, overview)
        .post("/{form}", Access::Public, hand_in)
}

type At = Path<(String, String)>;
type Asked = Query<std::collections::BTreeMap<String, String>>;

/// Each form is a round of its own, so that one case serves both.
fn round(form: &str) -> i32 {
    if form == "every" { 1 } else { 2 }
}

async fn show(Path((name, section)): At, Query(asked): Asked, visit: Visit) -> Result<Response> {
    let (form, choices) = (form(&name), choices());
    let title = form.section(&section).ok_or(Error::NotFound)?.title.clone();
    let drafts = drafts::load(&visit.cx, CASE, round(&name)).await?;
    let sheet = Sheet::new(&form, &drafts.answers, &choices).entries(asked.get("entries").map(String::as_str));
    let drawn = sheet.form(&visit, &section, &format!("/{name}/{section}"), drafts.version(&section), None)?;
    Ok(visit.page(&title).body(&html! { h1 .govuk-heading-l { (title) } (drawn) (sheet.lists()) }))
}

async fn save(Path((name, section)): At, Posted { visit, fields }: Posted) -> Result<Response> {
    let (form, choices) = (form(&name), choices());
    let title = form.section(&section).ok_or(Error::NotFound)?.title.clone();
    let path = format!("/{name}/{section}");
    let permit = visit.cx.permit("sheet.draft", &sheet())?;
    let posting = Posting { form: &form, section: &section, fields: &fields, choices: &choices };
    match drafts::save(&visit.cx, &permit, CASE, round(&name), &posting).await? {
        Outcome::Saved(saved) if visit.json => Ok(saved.json()),
        Outcome::Saved(saved) => {
            if let Some(next) = saved.at_entry(&path) {
                return Ok(see_other(&next));
            }
            if saved.errors.is_empty() {
                return Ok(see_other(&format!("/{name}")));
            }
            let sheet = Sheet::new(&form, &saved.answers, &choices).errors(&saved.errors);
            let drawn = sheet.form(&visit, &section, &path, saved.version, None)?;
            let body = html! { h1 .govuk-heading-l { (title) } (drawn) (sheet.lists()) };
            Ok(visit.page(&title).errors(&saved.errors).body(&body))
        }
        Outcome::Clash(clash) if visit.json => Err(clash.error()),
        Outcome::Clash(clash) => {
            let drawn = clash.page(&visit, &form, &section, &choices, &path, None)?;
            Ok(visit.page(&title).status(axum::http::StatusCode::CONFLICT).body(&drawn))
        }
    }
}

async fn overview(Path(name): Path<String>, RawQuery(query): RawQuery, visit: Visit) -> Result<Response> {
    let (form, choices) = (form(&name), choices());
    let drafts = drafts::load(&visit.cx, CASE, round(&name)).await?;
    let href = |section: &str| format!("/{name}/{section}");
    let document = form.freeze(&drafts.answers, "test", "1", &choices);
    let body = html! {
        h1 .govuk-heading-l { (form.title) }
        (review::tasks(&form, &drafts, &choices, &href))
        @if query.as_deref() == Some("read") { (review::read(&document)) } @else { (review::check(&form, &drafts.answers, &choices, &href)) }
        form method="post" action={ "/" (name) } { input type="hidden" name="csrf" value=(visit.csrf); button { "Submit" } }
    };
    Ok(visit.page(&form.title).body(&body))
}

async fn hand_in(Path(name): Path<String>, Posted { visit, .. }: Posted) -> Result<Response> {
    let (form, choices) = (form(&name), choices());
    let drafts = drafts::load(&visit.cx, CASE, round(&name)).await?;
    match submit::freeze(&form, &drafts.answers, "test", "1", &choices) {
        Ok(frozen) => Ok(frozen.digest.into_response()),
        Err(faults) => {
            let body = html! { (faults.summary(&|section| format!("/{name}/{section}"))) h1 { (form.title) } };
            Ok(visit.page(&form.title).status(axum::http::StatusCode::UNPROCESSABLE_ENTITY).body(&body))
        }
    }
}
