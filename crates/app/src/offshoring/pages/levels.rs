//! The levels that decide on a proposal: who decided, who may, what is missing.

use maud::{Markup, html};
use platform::cases::{people, rounds};
use platform::ui::{self, Tone};
use platform::web::Visit;
use platform::{Result, t, texts};

use crate::offshoring::able::{able, named};
use crate::offshoring::model::Proposal;
use crate::offshoring::store;

/// The most names of people who may decide that are shown at one level.
const MOST: usize = 12;

/// The levels of the present round, for those who read what the authority keeps to itself. Nothing before the case came to be decided.
pub(super) async fn panel(visit: &Visit, of: &Proposal) -> Result<Markup> {
    let cx = &visit.cx;
    if !cx.may("proposal.read_notes", of) {
        return Ok(html! {});
    }
    let deciding = store::deciding_of(cx.db(), &of.case).await?;
    if deciding.levels.is_empty() {
        return Ok(html! {});
    }
    let decisions = rounds::decisions(cx, cx.db(), &of.case).await?;
    let names = people::names(cx, deciding.people().collect::<Vec<_>>()).await?;
    let open = of.case.stage == "deciding";
    let mut drawn = Vec::new();
    for level in &deciding.levels {
        let left = deciding.ask(None, |_, votes| rules::levels::lacking(&level.rule, votes));
        let may = if open && left > 0 { may(visit, of, &level.rule.roles).await? } else { Vec::new() };
        let roles: Vec<String> = level.rule.roles.iter().map(|role| texts::t(&format!("role-{}", role.replace('_', "-")))).collect();
        drawn.push(html! {
            section .vs-activity {
                h3 .govuk-heading-s {
                    (level.title) " "
                    @if left == 0 { (ui::tag(&t!("proposal-level-done"), Tone::Green)) }
                    @else if open { (ui::tag(&t!("proposal-level-lacks", count = left), Tone::Yellow)) }
                    @else { (ui::tag(&t!("proposal-level-undecided"), Tone::Grey)) }
                }
                p .govuk-body { (t!("proposal-level-roles", roles = roles.join(&t!("case-or")), quorum = level.rule.quorum)) }
                ul .govuk-list .govuk-list--bullet {
                    @for vote in deciding.votes.iter().filter(|vote| vote.level == level.rule.id) {
                        li {
                            (t!("proposal-level-approved", name = people::who(&names, vote.actor, vote.acts_for).unwrap_or_default(), date = visit.core().clock.moment_text(vote.at)))
                            @if let Some(reason) = decisions.iter().find(|d| d.id == vote.id).and_then(|d| d.reason.as_deref()) { " " (reason) }
                        }
                    }
                }
                @if open && left > 0 {
                    p .govuk-body {
                        @if may.is_empty() { (t!("proposal-level-nobody")) } @else { (t!("proposal-level-may", names = may.join(", "))) }
                    }
                }
            }
        });
    }
    Ok(html! {
        h2 .govuk-heading-m { (t!("proposal-levels")) }
        p .govuk-body { (t!("proposal-levels-about")) }
        @for level in &drawn { (level) }
    })
}

/// The people who may still approve at a level with these roles, themselves or in somebody's place: whom the policies let.
async fn may(visit: &Visit, of: &Proposal, roles: &[String]) -> Result<Vec<String>> {
    let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    named(&visit.cx, &able(&visit.cx, of, &roles, "proposal.approve", MOST).await?).await
}
