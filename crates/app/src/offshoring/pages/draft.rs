//! Handing in: the declaration, and what is still out with somebody.

use maud::{Markup, html};
use platform::cases::Case;
use platform::cases::rounds::NewPoint;
use platform::ui;
use platform::web::Visit;
use platform::{Cx, Result, t};
use uuid::Uuid;

use super::behalf;
use crate::casework::handing::Handed;
use crate::casework::passing::{self as asking};
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::model::Proposal;

impl Handed for Proposals {
    const SUBMIT: &'static str = "proposal.submit";

    fn returning(of: &Proposal) -> &'static str {
        if of.case.stage == "deciding" { "proposal.send_back" } else { "proposal.return" }
    }

    fn declaration(visit: &Visit, of: &Proposal) -> (String, String) {
        behalf::declaration(visit, of)
    }

    async fn before_declaring(visit: &Visit, of: &Proposal) -> Result<Markup> {
        let waiting = asking::waiting::<Self>(&visit.cx, of).await?;
        Ok(html! {
            @if waiting > 0 { (ui::inset(html! { (t!("passing-still-open", count = waiting)) " " a .govuk-link href=(asking::list_path::<Self>(of)) { (t!("passing-see")) } })) }
        })
    }

    async fn submit(cx: &Cx, of: Proposal, version: i32, declared: bool, reply: Option<&str>) -> Result<Case> {
        act::submit_read(cx, of, version, declared, reply).await
    }

    async fn send_back(cx: &Cx, id: Uuid, version: i32, reason: &str, points: &[NewPoint]) -> Result<()> {
        act::send_back(cx, id, version, reason, points).await
    }
}
