//! The pages that all registers share: the form of a new record, the form of a change, and both versions when someone was quicker. A
//! feature says what differs: what may be picked, which values the form does not ask, which act writes.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::field::Register;
use super::form::{Entered, Picks};
use crate::error::{Error, FieldErrors, Result};
use crate::t;
use crate::ui::{self, ButtonKind, Link};
use crate::web::{Answer, Fields, PageBuilder, Visit, see_other};

/// A register's form, for one visit.
pub struct Editing<'a> {
    /// The register.
    pub register: &'a Register,
    /// The visit.
    pub visit: &'a Visit,
    /// Heading.
    pub title: &'a str,
    /// Where the form stands and is posted to: `<path>/add` or `<path>/<id>/change`.
    pub action: &'a str,
    /// What may be picked; a field of this kind that is not here is not asked.
    pub picks: Picks,
    /// The values of what the form does not ask.
    pub base: Value,
}

/// A record as it stands: its values and its version.
pub type Standing = (Value, i32);

impl Editing<'_> {
    /// The form of a new record, with what `begun` says of it already.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn begun(&self, begun: &Value) -> Answer {
        self.draw(None, &Entered::record(self.register, begun), &FieldErrors::default())
    }

    /// The form filled in with a record.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn filled(&self, (record, version): &Standing) -> Answer {
        self.draw(Some(*version), &Entered::record(self.register, record), &FieldErrors::default())
    }

    /// Enters what was posted through `write`, which answers with the new record's id; then its page, or the form with what to mend.
    ///
    /// # Errors
    /// What `write` says, but for faults of fields.
    pub async fn add<T, W>(&self, fields: &Fields, write: impl FnOnce(T) -> W) -> Answer
    where
        T: DeserializeOwned,
        W: Future<Output = Result<Uuid>>,
    {
        let entered = Entered::posted(fields);
        let done = match self.read(&entered) {
            Ok(details) => write(details).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(id) => Ok(see_other(&format!("{}/{id}", self.register.path))),
            Err(Error::Invalid(errors)) => self.draw(None, &entered, &errors),
            Err(other) => Err(other),
        }
    }

    /// Changes a record to what was posted through `write`, which gets the version that the form was filled in against; then its page, or
    /// the form with what to mend, or both versions when someone was quicker: `now` reads the other one.
    ///
    /// # Errors
    /// What `write` says, but for faults of fields and staleness.
    pub async fn change<T, W, N>(&self, fields: &Fields, write: impl FnOnce(T, i32) -> W, now: impl FnOnce() -> N) -> Answer
    where
        T: DeserializeOwned + Serialize,
        W: Future<Output = Result<()>>,
        N: Future<Output = Result<Standing>>,
    {
        let entered = Entered::posted(fields);
        let version = fields.version()?;
        let details: T = match self.read(&entered) {
            Ok(details) => details,
            Err(Error::Invalid(errors)) => return self.draw(Some(version), &entered, &errors),
            Err(other) => return Err(other),
        };
        let typed = serde_json::to_value(&details)?;
        match write(details, version).await {
            Ok(()) => Ok(see_other(self.action.trim_end_matches("/change"))),
            Err(Error::Invalid(errors)) => self.draw(Some(version), &entered, &errors),
            Err(Error::Stale(text)) => self.clash(&text.say(), &now().await?, &typed, &entered),
            Err(other) => Err(other),
        }
    }

    fn currency(&self) -> &str {
        &self.visit.core().settings.authority.currency
    }

    fn read<T: DeserializeOwned>(&self, entered: &Entered) -> Result<T> {
        self.register.read(entered, &self.base, &self.picks, self.currency())
    }

    fn form(&self, version: Option<i32>, entered: &Entered, errors: &FieldErrors, button: &str) -> Result<Markup> {
        let boxes = self.register.boxes(entered, errors, &self.picks, self.currency());
        self.register.form(self.visit, self.action, version, boxes, button)
    }

    fn page(&self, title: &str) -> PageBuilder<'_> {
        self.visit.page(title).active(self.register.path).crumb(&self.register.says("list-title"), self.register.path)
    }

    fn draw(&self, version: Option<i32>, entered: &Entered, errors: &FieldErrors) -> Answer {
        let form = self.form(version, entered, errors, &t!("register-save"))?;
        Ok(self.page(self.title).errors(errors).body(&html! { h1 .govuk-heading-l { (self.title) } (form) }))
    }

    fn clash(&self, says: &str, (now, version): &Standing, typed: &Value, entered: &Entered) -> Answer {
        let form = self.form(Some(*version), entered, &FieldErrors::default(), &t!("register-save-over"))?;
        let title = t!("register-clash-title");
        let page = self.page(&title).wide().status(StatusCode::CONFLICT);
        Ok(page.body(&html! {
            h1 .govuk-heading-l { (title) }
            p .govuk-body { (says) }
            (self.register.clash(now, typed, &self.picks))
            p .govuk-body { (t!("register-clash-again")) }
            (form)
        }))
    }
}

impl Register {
    /// The head of a record's page: its name, and the way to change it for those who may.
    pub fn head(&self, id: Uuid, name: &str, may_change: bool) -> Markup {
        let (change, href) = (t!("register-change"), format!("{}/{id}/change", self.path));
        html! {
            div .vs-list-head {
                h1 .govuk-heading-l { (name) }
                @if may_change { (ui::link_button(Link::new(&change, &href), ButtonKind::Secondary)) }
            }
        }
    }
}
