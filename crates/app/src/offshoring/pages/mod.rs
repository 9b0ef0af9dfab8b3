//! The screens of proposals.

mod answered;
mod archive;
mod behalf;
mod case;
mod decide;
mod draft;
mod letter;
mod levels;
mod risk;
mod standing;
mod start;
mod steps;
mod urgent;

use maud::Markup;
use platform::Result;
use platform::cases::Case;
use platform::web::{Access, PageBuilder, Routes, Visit};

pub(super) use case::answers;
pub(crate) use urgent::{urgent_tone, waiting as urgent_waiting};

use super::model::Proposals;
use super::model::{PROPOSAL, Proposal};
use crate::casework;
use crate::casework::answering::documents;
use crate::casework::pages as kit;
use crate::casework::typed::{Typed, form, id_of, read_date};

/// The routes of proposals.
pub(super) fn routes() -> Routes {
    let routes = Routes::new()
        .get("/proposals", Access::SignedIn, casework::lists::page::<Proposals>)
        .get("/proposals/new", Access::SignedIn, start::new)
        .post("/proposals/new", Access::SignedIn, start::begin)
        .get("/proposals/behalf", Access::Authority, behalf::choose)
        .get("/proposals/behalf/{place}", Access::Authority, behalf::ask)
        .post("/proposals/behalf/{place}", Access::Authority, behalf::begin)
        .get("/proposals/{id}/behalf", Access::SignedIn, behalf::saying)
        .post("/proposals/{id}/behalf", Access::SignedIn, behalf::say)
        .get("/proposals/{id}", Access::SignedIn, case::overview)
        .get("/proposals/{id}/classification", Access::SignedIn, case::classification)
        .get("/proposals/{id}/letter", Access::SignedIn, letter::letter);
    routes
        .and(kit::routes::<Proposals>())
        .and(casework::answering::routes::<Proposals>())
        .and(casework::handing::routes::<Proposals>())
        .and(casework::workbook::routes::<Proposals>())
        .and(casework::passing::routes::<Proposals>())
        .and(casework::papers::routes::<Proposals>())
        .post("/proposals/{id}/archive", Access::SignedIn, archive::take)
        .get("/proposals/{id}/risk", Access::SignedIn, risk::overview)
        .post("/proposals/{id}/risk", Access::SignedIn, risk::record)
        .get("/proposals/{id}/risk/{factor}", Access::SignedIn, risk::factor)
        .post("/proposals/{id}/risk/{factor}", Access::SignedIn, risk::judge)
        .get("/proposals/{id}/decide", Access::SignedIn, decide::question)
        .get("/proposals/{id}/approve", Access::SignedIn, decide::approving)
        .post("/proposals/{id}/approve", Access::SignedIn, decide::approve)
        .get("/proposals/{id}/decline", Access::SignedIn, decide::declining)
        .post("/proposals/{id}/decline", Access::SignedIn, decide::decline)
        .get("/proposals/{id}/step/{step}", Access::SignedIn, steps::ask)
        .post("/proposals/{id}/step/{step}", Access::SignedIn, steps::take)
        .get("/proposals/{id}/approval/{turn}", Access::SignedIn, standing::ask)
        .post("/proposals/{id}/approval/{turn}", Access::SignedIn, standing::take)
        .get("/proposals/{id}/urgent", Access::SignedIn, urgent::giving)
        .post("/proposals/{id}/urgent", Access::SignedIn, urgent::give)
        .get("/proposals/{id}/ratify", Access::SignedIn, urgent::ratifying)
        .post("/proposals/{id}/ratify", Access::SignedIn, urgent::ratify)
        .get("/proposals/{id}/refuse-urgent", Access::SignedIn, urgent::refusing)
        .post("/proposals/{id}/refuse-urgent", Access::SignedIn, urgent::refuse)
}

/// The proposal, if the visitor may view it. A draft goes by the name that its own answers give it.
async fn viewed(visit: &Visit, id: &str) -> Result<Proposal> {
    kit::viewed::<Proposals>(visit, id).await
}

/// The proposal, if the visitor may do `action` to it now.
async fn allowed(visit: &Visit, id: &str, action: &'static str) -> Result<Proposal> {
    kit::allowed::<Proposals>(visit, id, action).await
}

fn at(case: &Case, page: &str) -> String {
    casework::at::<Proposals>(case, page)
}

/// A page about a proposal.
fn page<'a>(visit: &'a Visit, of: &Proposal, title: &str) -> PageBuilder<'a> {
    kit::page::<Proposals>(visit, of, title)
}

/// `content` under the head of a proposal; `tab` is the page being read.
async fn frame(visit: &Visit, of: &Proposal, tab: &str, content: Markup) -> Result<Markup> {
    kit::frame::<Proposals>(visit, of, tab, content).await
}

fn rating_name(code: &str) -> String {
    casework::rating_name(&PROPOSAL, code)
}
