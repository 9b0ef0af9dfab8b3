//! What was done on a proposal, as its reader may know it: for the page and the archive.

use platform::book::{self, Line};
use platform::cases::{SUPPLIER, people};
use platform::{Cx, Result, t, texts};

use super::model::{PROPOSAL, Proposal};

/// What a supplier reads of the history: the steps, never what the authority writes to itself.
const SHARED: [&str; 16] = [
    "proposal.begin",
    "proposal.submit",
    "proposal.pass_on",
    "proposal.return",
    "proposal.send_back",
    "proposal.not_offshoring",
    "proposal.assess",
    "proposal.recommend",
    "proposal.approve",
    "proposal.decline",
    "proposal.suspend",
    "proposal.resume",
    "proposal.revoke",
    "proposal.withdraw",
    "proposal.discard",
    "proposal.message",
];
/// Those of them whose reason the supplier reads too.
const REASONED: [&str; 10] = [
    "proposal.submit",
    "proposal.return",
    "proposal.send_back",
    "proposal.not_offshoring",
    "proposal.approve",
    "proposal.decline",
    "proposal.suspend",
    "proposal.resume",
    "proposal.revoke",
    "proposal.withdraw",
];
/// What the supplier's side does.
const THEIRS: [&str; 4] = ["proposal.begin", "proposal.submit", "proposal.withdraw", "proposal.discard"];

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    /// Its entry in the ledger.
    pub(super) index: i64,
    /// When.
    pub(super) at: i64,
    /// What, by code.
    pub(super) action: String,
    /// What, in words.
    pub(super) title: String,
    /// By whom, as far as the reader may know: a supplier reads which side acted, not which of the authority's people.
    pub(super) by: Option<String>,
    /// What was said with it.
    pub(super) said: Vec<String>,
}

impl Done {
    /// By whom, in words.
    pub(super) fn who(&self) -> String {
        self.by.clone().unwrap_or_else(|| t!("proposal-somebody"))
    }
}

/// Entries of a history on a page.
pub(super) const SHOWN: u64 = 500;

/// What was done on a proposal, oldest first, at most `limit` entries from the end.
pub(super) async fn read(cx: &Cx, of: &Proposal, limit: u64) -> Result<Vec<Done>> {
    let all = cx.may("proposal.read_notes", of);
    let mut lines = book::timeline(cx, PROPOSAL.id, &of.case.id.to_string(), limit).await?;
    lines.retain(|line| all || SHARED.contains(&line.action.as_str()) || among_themselves(line));
    // Which of its files the reader may know of, their own policy says.
    lines.extend(platform::files::entries(cx, PROPOSAL.id, &of.case.id.to_string(), limit).await?);
    lines.sort_by_key(|line| line.index);
    let names = people::names(cx, lines.iter().filter_map(|line| line.actor_id.parse().ok())).await?;
    let done = lines.iter().map(|line| {
        let name = line.actor_id.parse().ok().and_then(|id| names.get(&id)).cloned().unwrap_or_else(|| t!("proposal-the-service"));
        let theirs = THEIRS.contains(&line.action.as_str()) || line.about.get("side").is_some_and(|side| side == "supplier");
        let by = (all || theirs || among_themselves(line)).then_some(name);
        let title = texts::t(&format!("moment-{}", line.action.replace(['.', '_'], "-")));
        Done { index: line.index, at: line.at, action: line.action.clone(), title, by, said: said(line, all) }
    });
    Ok(done.collect())
}

/// Whether a line tells of the supplier's people passing to each other what waits for them.
fn among_themselves(line: &Line) -> bool {
    let passed = ["proposal.take_on", "proposal.put_back", "proposal.pass_to"].contains(&line.action.as_str());
    let stage = line.about.get("stage").and_then(|stage| PROPOSAL.stage(stage).ok());
    passed && stage.is_some_and(|stage| stage.waits_for.contains(&SUPPLIER))
}

fn said(line: &Line, all: bool) -> Vec<String> {
    if !all && !REASONED.contains(&line.action.as_str()) {
        return Vec::new();
    }
    if line.destroyed {
        return vec![platform::cases::words::destroyed()];
    }
    let Some(body) = &line.body else { return Vec::new() };
    let fields: &[&str] =
        if all { &["reason", "summary", "remark", "reply", "path_reason", "why", "title", "note"] } else { &["reason", "reply"] };
    fields.iter().filter_map(|f| body.get(f)?.as_str()).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}
