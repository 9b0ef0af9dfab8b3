//! Papers about an incident: what was reported, and the acknowledgement that it has arrived. Both sides have them, so neither says more than both
//! may read: what is withheld stays masked, and what is essential stays sealed.

use papers::Block;
use platform::cases::rounds;
use platform::{Cx, Error, Result, t};

use crate::casework::answering;
use crate::casework::papers::{Papers, Says, document_blocks, whose};
use crate::incident::model::{Incident, Incidents, REPORTS, When};
use crate::incident::screened::{self, passages};
use crate::incident::{judged, store};
use crate::paper::model::Kind;
use crate::{pack, party};

/// The entries of what is changed about what was sent.
const CHANGED: [&str; 3] = ["incident.add", "incident.mask", "incident.declare"];

impl Papers for Incidents {
    const PAPER: &'static str = "incident.paper";
    const PAPERS: &'static [Kind] = &[Kind::Report, Kind::Acknowledgement];

    async fn says(cx: &Cx, of: &Incident, kind: Kind) -> Result<Says> {
        match kind {
            Kind::Report => report(cx, of).await,
            Kind::Acknowledgement => acknowledgement(cx, of).await,
            _ => Err(Error::NotFound),
        }
    }
}

/// Whose it is and under which contract, when it was noticed and when it was reported.
async fn about(cx: &Cx, of: &Incident) -> Result<Vec<(String, String)>> {
    let case = &of.case;
    let about = store::about(cx, cx.db(), case).await?;
    let when = |when: Option<When>| when.map_or_else(|| t!("incident-not-known"), When::says);
    let mut facts = whose(cx, case).await?;
    facts.push((t!("incident-happened"), when(about.happened)));
    facts.push((t!("incident-discovered"), when(about.discovered)));
    facts.extend(case.submitted_at.map(|at| (t!("incident-reported"), cx.core().clock.moment_text(at))));
    facts.push((t!("incident-channel"), about.channel.says()));
    Ok(facts)
}

async fn report(cx: &Cx, of: &Incident) -> Result<Says> {
    let case = &of.case;
    let (last, raw) = rounds::last(cx, cx.db(), case).await?;
    let shown = answering::documents::<Incidents>(cx, case).await?.pop().ok_or_else(|| Error::conflict("error-subject-destroyed"))?.1;
    let mut facts = about(cx, of).await?;
    facts.push((t!("incident-paper-round"), t!("answering-round", round = last.round)));
    facts.push((t!("incident-paper-sent"), cx.core().clock.moment_text(last.at)));
    let mut blocks = vec![Block::Facts(facts)];
    if !passages(&raw).is_empty() {
        blocks.push(Block::Paragraph(t!("incident-paper-withheld")));
    }
    blocks.extend(document_blocks(&screened::answered(shown), &last.digest));
    Ok(Says { title: t!("incident-paper-report", title = &case.title), blocks, witness: [&REPORTS[..], &CHANGED].concat() })
}

/// That the report has arrived, what happens next and by when, and that the supplier notifies no regulator for the authority (SEC-24, SEC-27).
async fn acknowledgement(cx: &Cx, of: &Incident) -> Result<Says> {
    let case = &of.case;
    let (pack, clock) = (pack::of_case(cx, case)?, &cx.core().clock);
    let first = rounds::submissions(cx, cx.db(), case).await?.into_iter().next().and_then(|one| one.document);
    let first = first.ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
    let answers = rules::form::FrozenDocument::from_bytes(&first)?.answers();
    let severity = judged::before_triage(&pack, &answers);
    let reported = case.submitted_at.ok_or(Error::NotFound)?;
    let by = |stage: &str| judged::due(&pack, severity, stage, reported).map(|at| clock.moment_text(at));
    let next = [
        by("reported").map(|when| t!("incident-paper-next-read", when = when)),
        by("triage").map(|when| t!("incident-paper-next-update", when = when)),
        Some(t!("incident-paper-next-complete")),
        Some(t!("incident-paper-next-limit")),
    ];
    let authority = &cx.core().settings.authority.name;
    let names = party::store::names(cx.db(), [case.party]).await?;
    let heading = |text: String| Block::Heading { level: 1, text };
    let reference = case.reference.clone().unwrap_or_default();
    let blocks = vec![
        Block::Address(names.into_values().collect()),
        Block::Paragraph(t!("incident-paper-arrived", reference = &reference, when = clock.moment_text(reported))),
        Block::Facts(about(cx, of).await?),
        heading(t!("incident-sent-next")),
        Block::List(next.into_iter().flatten().collect()),
        heading(t!("incident-regulator")),
        Block::Paragraph(t!("incident-regulator-why")),
        Block::Paragraph(t!("incident-regulator-own")),
        Block::Signature { closing: t!("incident-paper-closing"), name: authority.clone(), lines: Vec::new() },
    ];
    Ok(Says { title: t!("incident-paper-acknowledgement", reference = reference), blocks, witness: REPORTS.to_vec() })
}
