//! Papers about a proposal.

use platform::cases::rounds;
use platform::{Cx, Error, Result, book, t, texts};
use uuid::Uuid;

use crate::offshoring::assessed::Assessed;
use crate::offshoring::letter::{Letter, document_blocks};
use crate::offshoring::model::{PROPOSAL, Proposal};
use crate::offshoring::{schedule, store};
use crate::paper::act::make;
use crate::paper::model::{Draft, Kind};
use crate::party;

/// The entries that a letter bears witness to.
const DECISIONS: [&str; 5] =
    ["proposal.approve", "proposal.decline", "proposal.not_offshoring", "proposal.approve_urgently", "proposal.ratify"];

/// Makes a paper of this kind about a proposal; its id. The same again gives the same paper.
///
/// # Errors
/// [`Error::NotFound`] when there is nothing to tell of yet; or a refusal.
pub async fn make_paper(cx: &Cx, of: &Proposal, kind: Kind) -> Result<Uuid> {
    let draft = match kind {
        Kind::Letter => letter(cx, of).await?,
        Kind::Proposal => proposal(cx, of).await?,
        Kind::Assessment => assessment(cx, of).await?,
        Kind::Schedule => conditions(cx, of).await?,
        Kind::Obligations | Kind::Report | Kind::Acknowledgement => return Err(Error::NotFound),
    };
    make(cx, "proposal.paper", of, draft).await
}

async fn letter(cx: &Cx, of: &Proposal) -> Result<Draft> {
    let letter = Letter::read(cx, of).await?;
    let blocks = letter.blocks(&cx.core().settings.authority.name);
    draft(cx, of, Kind::Letter, letter.subject, blocks, &DECISIONS).await
}

async fn proposal(cx: &Cx, of: &Proposal) -> Result<Draft> {
    let (last, document) = rounds::last(cx, cx.db(), &of.case).await?;
    let mut blocks = document_blocks(&document, &last.digest);
    if let Some(mark) = entered_words(cx, of).await? {
        blocks.insert(0, papers::Block::Paragraph(mark));
    }
    let title = t!("proposal-paper-title", title = &of.case.title, round = last.round);
    draft(cx, of, Kind::Proposal, title, blocks, &["proposal.submit"]).await
}

/// The assessment as it was last recorded, with the recommendation once there is one.
async fn assessment(cx: &Cx, of: &Proposal) -> Result<Draft> {
    // Asked before anything of it is read: it is the authority's own.
    cx.permit("proposal.read_risk", of)?;
    let row = store::assessments(cx, cx.db(), &of.case).await?.pop().ok_or(Error::NotFound)?;
    if row.done_at.is_none() {
        return Err(Error::conflict("proposal-assessment-open"));
    }
    let title = t!("proposal-assessment-title", title = &of.case.title, round = row.round);
    let blocks = Assessed::read(cx, of, row).await?.blocks(cx, of).await?;
    draft(cx, of, Kind::Assessment, title, blocks, &["proposal.assess", "proposal.recommend"]).await
}

async fn conditions(cx: &Cx, of: &Proposal) -> Result<Draft> {
    let blocks = schedule::blocks(cx, of).await?;
    let title = t!("proposal-schedule-title", title = &of.case.title);
    draft(cx, of, Kind::Schedule, title, blocks, &["proposal.approve", "proposal.approve_urgently"]).await
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

async fn draft(cx: &Cx, of: &Proposal, kind: Kind, title: String, blocks: Vec<papers::Block>, witness: &[&str]) -> Result<Draft> {
    let case = &of.case;
    let index = book::last_index(cx.db(), PROPOSAL.id, &case.id.to_string(), witness).await?.ok_or(Error::NotFound)?;
    Ok(Draft {
        kind,
        title,
        reference: case.reference.clone().unwrap_or_default(),
        edition: format!("{} {}", case.pack, case.edition),
        marking: None,
        ledger_index: index,
        blocks,
    })
}
