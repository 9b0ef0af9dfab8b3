//! Papers about a proposal.

use platform::cases::rounds;
use platform::{Cx, Error, Result, t, texts};

use crate::casework::papers::{Papers, Says, document_blocks};
use crate::offshoring::assessed::Assessed;
use crate::offshoring::letter::Letter;
use crate::offshoring::model::Proposal;
use crate::offshoring::{Proposals, schedule, store};
use crate::paper::model::Kind;
use crate::party;

/// The entries that a letter bears witness to.
const DECISIONS: [&str; 5] =
    ["proposal.approve", "proposal.decline", "proposal.not_offshoring", "proposal.approve_urgently", "proposal.ratify"];

impl Papers for Proposals {
    const PAPER: &'static str = "proposal.paper";
    const PAPERS: &'static [Kind] = &[Kind::Letter, Kind::Proposal, Kind::Assessment, Kind::Schedule];

    async fn says(cx: &Cx, of: &Proposal, kind: Kind) -> Result<Says> {
        match kind {
            Kind::Letter => letter(cx, of).await,
            Kind::Proposal => proposal(cx, of).await,
            Kind::Assessment => assessment(cx, of).await,
            Kind::Schedule => conditions(cx, of).await,
            _ => Err(Error::NotFound),
        }
    }
}

async fn letter(cx: &Cx, of: &Proposal) -> Result<Says> {
    let letter = Letter::read(cx, of).await?;
    let blocks = letter.blocks(&cx.core().settings.authority.name);
    Ok(Says { title: letter.subject, blocks, witness: DECISIONS.to_vec() })
}

async fn proposal(cx: &Cx, of: &Proposal) -> Result<Says> {
    let (last, document) = rounds::last(cx, cx.db(), &of.case).await?;
    let mut blocks = document_blocks(&document, &last.digest);
    if let Some(mark) = entered_words(cx, of).await? {
        blocks.insert(0, papers::Block::Paragraph(mark));
    }
    let title = t!("proposal-paper-title", title = &of.case.title, round = last.round);
    Ok(Says { title, blocks, witness: vec!["proposal.submit"] })
}

/// The assessment as it was last recorded, with the recommendation once there is one.
async fn assessment(cx: &Cx, of: &Proposal) -> Result<Says> {
    // Asked before anything of it is read: it is the authority's own.
    cx.permit("proposal.read_risk", of)?;
    let row = store::assessments(cx, cx.db(), &of.case).await?.pop().ok_or(Error::NotFound)?;
    if row.done_at.is_none() {
        return Err(Error::conflict("proposal-assessment-open"));
    }
    let title = t!("proposal-assessment-title", title = &of.case.title, round = row.round);
    let blocks = Assessed::read(cx, of, row).await?.blocks(cx, of).await?;
    Ok(Says { title, blocks, witness: vec!["proposal.assess", "proposal.recommend"] })
}

async fn conditions(cx: &Cx, of: &Proposal) -> Result<Says> {
    let blocks = schedule::blocks(cx, of).await?;
    let title = t!("proposal-schedule-title", title = &of.case.title);
    Ok(Says { title, blocks, witness: vec!["proposal.approve", "proposal.approve_urgently"] })
}

/// That a proposal was entered on behalf of its party, for a paper that both sides read: it names the authority, not which of its people.
pub(in crate::offshoring) async fn entered_words(cx: &Cx, of: &Proposal) -> Result<Option<String>> {
    let Some(entered) = store::entered(cx, cx.db(), &of.case).await? else { return Ok(None) };
    let names = party::store::names(cx.db(), [of.case.party]).await?;
    let party = names.get(&of.case.party).map_or("", String::as_str);
    let by = &cx.core().settings.authority.name;
    let day = entered.came_on.parse().map_or_else(|_| entered.came_on.clone(), platform::clock::day_text);
    let way = texts::t(&format!("proposal-behalf-way-{}", entered.way));
    let mark = t!("proposal-behalf-mark", party = party, by = by);
    Ok(Some(format!("{mark}. {}.", t!("proposal-behalf-came-how", way = way, date = day))))
}
