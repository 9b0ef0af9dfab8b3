//! Reading a proposal: what happens next, the answers, the classification, what changed between rounds, what was done.

use axum::extract::Path;
use maud::{Markup, html};
use platform::ui::{self, Tone};
use platform::web::{Answer, Visit};
use platform::{Cx, Result, t, texts};
use rules::decision::Outcome as _;
use rules::form::Answers;
use rules::offshoring::{Decision, Outcome};

use super::{archive, at, behalf, documents, frame, kit, levels, page, standing, urgent, viewed};
use crate::authority_data;
use crate::casework::{Process as _, answering, handing, papers};
use crate::offshoring::Proposals;
use crate::offshoring::act;
use crate::offshoring::classify::{Done, classify};
use crate::offshoring::letter::Letter;
use crate::offshoring::model::{PROPOSAL, Proposal, Standing};
use crate::offshoring::{stale, store};
use crate::paper::model::Kind;

pub(super) async fn overview(visit: Visit, Path(id): Path<String>) -> Answer {
    drawn(&visit, &id, None).await
}

/// The overview, with the sealed answer `shown` open.
pub(super) async fn drawn(visit: &Visit, id: &str, shown: Option<&str>) -> Answer {
    let of = viewed(visit, id).await?;
    let rounds = documents::<Proposals>(&visit.cx, &of.case).await?;
    let mut steps = Proposals::actions(visit, &of);
    let approval = store::standing_of(visit.cx.db(), of.case.id).await?;
    let stale =
        approval.is_some_and(|stands| stands != Standing::Revoked) && !stale::of(&visit.cx, visit.cx.db(), &of.case).await?.is_empty();
    // An urgent approval is none of the levels: it says itself how it stands, and the case goes its way beside it.
    let urgently = of.urgent.as_ref().filter(|_| of.case.stage != "approved");
    let over = urgently.is_some_and(|urgent| !urgent.stands(visit.core().clock.today()).runs());
    steps.extend(urgent::ways(visit, &of).await?);
    steps.extend(approval.filter(|_| !over).map(|stands| standing::turns(visit, &of, stands, stale)).unwrap_or_default());
    let ordinary = approval.filter(|_| urgently.is_none());
    let stage = PROPOSAL.stage(&of.case.stage)?;
    let content = html! {
        (behalf::notice(visit, &of).await?)
        (urgent::panel(visit, &of).await?)
        @if let Some(stands) = approval.filter(|_| !over) { (standing::notice(visit, &of, stands).await?) }
        @if ordinary.is_some_and(|stands| stands != Standing::Revoked) { (standing::reviews(visit, &of).await?) }
        @if stale && !over { (standing::why(visit, &of).await?) }
        @if urgently.is_some() || (!stale && approval.is_none_or(|stands| stands == Standing::InForce)) {
            (kit::next::<Proposals>(&of.case))
        }
        @if Letter::tells(&of, visit.core().clock.today()) {
            p .govuk-body { a .govuk-link href=(at(&of.case, "letter")) { (t!("proposal-read-letter")) } }
        }
        @if stage.id == "approved" || (urgently.is_some() && !over) {
            p .govuk-body { a .govuk-link href={ "/arrangements?approval=" (of.case.id) } { (t!("proposal-see-work")) } }
        }
        @if of.case.stage == "returned" { (handing::points::<Proposals>(visit, &of).await?) }
        (kit::ways(&steps))
        (kit::choices::<Proposals>(visit, &of)?)
        (levels::panel(visit, &of).await?)
        @match rounds.last() {
            Some(_) => {
                (answering::last::<Proposals>(visit, &of, &rounds, shown)?)
                (papers::list::<Proposals>(visit, &of, &[Kind::Proposal]).await?)
                (archive::button(visit, &of)?)
            },
            None if of.submitted() => p .govuk-body { (platform::cases::words::destroyed()) },
            None => p .govuk-body { (t!("proposal-not-submitted")) },
        }
    };
    Ok(page(visit, &of, &t!("case-tab-overview")).body(&frame(visit, &of, "", content).await?))
}

/// The answers to classify: those handed in, none once they were destroyed; else, for those who may draft, those that the draft is asked for.
pub(in crate::offshoring) async fn answers(cx: &Cx, of: &Proposal) -> Result<Option<Answers>> {
    if of.submitted() {
        return Ok(documents::<Proposals>(cx, &of.case).await?.last().map(|(_, document)| document.answers()));
    }
    let kept = platform::forms::drafts::load(cx, of.case.id, of.case.round).await?.answers;
    let pack = act::pack_of(cx, &of.case)?;
    Ok(Some(act::form_of(&pack)?.asked(&kept)))
}

pub(super) async fn classification(visit: Visit, Path(id): Path<String>) -> Answer {
    let of = viewed(&visit, &id).await?;
    let answers = answers(&visit.cx, &of).await?;
    let pack = act::pack_of(&visit.cx, &of.case)?;
    let standing = pack.standing();
    let home = &visit.core().settings.authority.home;
    // What was decided about the contract's information, beside what the answers say of reaching it.
    let reached = match &answers {
        Some(answers) => classify(answers, home)?.is_some_and(|(done, _)| reaches(&done)),
        None => true,
    };
    let decided = match of.case.contract {
        Some(contract) => Some((
            authority_data::pages::panel(&visit.cx, contract).await?,
            authority_data::store::any(visit.cx.db(), &visit.cx.actor, contract).await?,
        )),
        None => None,
    };
    let content = html! {
        h2 .govuk-heading-m { (t!("proposal-is-it-offshoring")) }
        @match answers.map(|answers| classify(&answers, home)).transpose()? {
            None => p .govuk-body { (platform::cases::words::destroyed()) },
            Some(None) => p .govuk-body { (t!("proposal-no-activity")) },
            Some(Some((done, decision))) => (explained(&done, &decision)),
        }
        @if let Some((panel, any)) = &decided {
            h2 .govuk-heading-m { (t!("authority-data-panel")) }
            @if *any && !reached { (ui::inset(html! { (t!("authority-data-panel-contradicts")) })) }
            (panel)
        }
        p .govuk-hint { (crate::offshoring::words(&standing.edition)) " " (crate::offshoring::words(&standing.status_says)) }
    };
    Ok(page(&visit, &of, &t!("proposal-tab-classification")).body(&frame(&visit, &of, "classification", content).await?))
}

/// Whether some of the work reaches the authority's information, systems or services, or may.
fn reaches(done: &[Done]) -> bool {
    done.iter().any(|one| match one.activity.staff {
        None => one.activity.authority_information != Some(false),
        Some(staff) => staff.access_to_information != Some(false),
    })
}

/// The decision with its reasons, their sources and the facts that are missing (OWN-1).
pub(super) fn explained(done: &[Done], decision: &Decision) -> Markup {
    html! {
        p .govuk-body { (outcome(decision.outcome)) " " (t!(outcome_says(decision.outcome))) }
        @for (done, answer) in done.iter().zip(&decision.activities) {
            section .vs-activity {
                h3 .govuk-heading-s { (activity_name(done)) " " (outcome(answer.outcome)) }
                ul .govuk-list { @for fact in facts(done) { li { (fact) } } }
                (kit::reasons(answer, &t!("proposal-missing")))
            }
        }
    }
}

fn outcome_says(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Offshoring => "proposal-outcome-offshoring",
        Outcome::NotOffshoring => "proposal-outcome-not-offshoring",
        Outcome::Undetermined => "proposal-outcome-undetermined",
    }
}

/// The facts that the answers give for an activity: what the rules read of it.
fn facts(done: &Done) -> Vec<String> {
    let said = |value: Option<bool>| match value {
        Some(true) => t!("answering-yes"),
        Some(false) => t!("answering-no"),
        None => t!("answering-unknown"),
    };
    let mut all = Vec::new();
    if !done.sites.is_empty() {
        all.push(t!("proposal-fact-sites", sites = done.sites.join("; ")));
    }
    match done.activity.staff {
        None => all.push(t!("proposal-fact-reach", answer = said(done.activity.authority_information))),
        Some(staff) => all.extend([
            t!("proposal-fact-foreign", answer = said(staff.foreign_nationals)),
            t!("proposal-fact-resident", answer = said(staff.resident_at_home_already)),
            t!("proposal-fact-access", answer = said(staff.access_to_information)),
        ]),
    }
    all
}

fn activity_name(done: &Done) -> String {
    let activity = &done.activity;
    let kind = texts::t(&format!("proposal-activity-{}", activity.kind.code().replace('_', "-")));
    match activity.country {
        Some(country) => t!("proposal-activity-in", kind = kind, country = country.name_in_sentence()),
        None => kind,
    }
}

fn outcome(outcome: Outcome) -> Markup {
    let tone = match outcome {
        Outcome::Offshoring => Tone::Orange,
        Outcome::NotOffshoring => Tone::Green,
        Outcome::Undetermined => Tone::Yellow,
    };
    ui::tag(&texts::t(&outcome.message_id().replace("rule-offshoring-outcome", "proposal-tag")), tone)
}
