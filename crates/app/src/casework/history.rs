//! What was done on a case, as its reader may know it: for the page, the API and the archive.

use std::collections::BTreeMap;

use platform::book::{self, Line};
use platform::cases::{SUPPLIER, people};
use platform::{Cx, Result, t, texts};
use uuid::Uuid;

use super::Process;

/// What of a kind's history a supplier reads: the steps, never what the authority writes to itself.
#[derive(Debug, Clone, Copy)]
pub struct Shared {
    /// The actions of the authority's side, and those of either.
    pub actions: &'static [&'static str],
    /// The actions that the supplier's side does: who did it is no secret to it.
    pub theirs: &'static [&'static str],
    /// Those of all these whose reason the supplier reads too.
    pub reasoned: &'static [&'static str],
}

impl Shared {
    /// Whether a supplier reads that this was done.
    fn reads(&self, action: &str) -> bool {
        self.actions.contains(&action) || self.theirs.contains(&action)
    }
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its entry in the ledger.
    pub index: i64,
    /// When.
    pub at: i64,
    /// What, by code.
    pub action: String,
    /// What, in words.
    pub title: String,
    /// By whom, as far as the reader may know: a supplier reads which side acted, not which of the authority's people.
    pub by: Option<String>,
    /// What was said with it.
    pub said: Vec<String>,
}

impl Done {
    /// By whom, in words.
    pub fn who(&self) -> String {
        self.by.clone().unwrap_or_else(|| t!("case-somebody"))
    }
}

/// Entries of a history on a page.
pub const SHOWN: u64 = 500;

/// What was done on a case, oldest first, at most `limit` entries from the end.
///
/// # Errors
/// When the database fails.
pub async fn read<P: Process>(cx: &Cx, of: &P::Thing, limit: u64) -> Result<Vec<Done>> {
    let (all, id) = (cx.may(P::NOTES, of), P::case(of).id.to_string());
    let mut lines = book::timeline(cx, P::KIND.id, &id, limit).await?;
    let own = cx.actor.account().map(|by| by.party.to_string());
    lines.retain(|line| match P::OWN_NOTE {
        // That a supplier wrote a note of its own is for that supplier.
        Some(note) if line.action == note => !all && line.about.get("party") == own.as_ref(),
        _ => all || P::SHARED.reads(&line.action) || among_themselves::<P>(line),
    });
    // Which of its files the reader may know of, their own policy says.
    lines.extend(platform::files::entries(cx, P::KIND.id, &id, limit).await?);
    lines.sort_by_key(|line| line.index);
    let named: Vec<Uuid> = lines.iter().flat_map(|line| [line.actor_id.parse().ok(), line.acts_for()]).flatten().collect();
    let names = people::names(cx, named).await?;
    // Whom the supplier's people asked is theirs to know.
    let links = if all { BTreeMap::new() } else { platform::forms::passing::names(cx, P::case(of)).await? };
    let done = lines.iter().map(|line| {
        let id = line.actor_id.parse().ok();
        let nobody = || if line.actor_kind == "link" { t!("passing-somebody") } else { t!("case-the-service") };
        let name = id.and_then(|id| people::who(&names, id, line.acts_for()).or_else(|| links.get(&id).cloned())).unwrap_or_else(nobody);
        let theirs = P::SHARED.theirs.contains(&line.action.as_str()) || line.about.get("side").is_some_and(|side| side == "supplier");
        let inside = id.is_some() && id == P::entered_by(of);
        let by = (all || ((theirs || among_themselves::<P>(line)) && !inside)).then_some(name);
        let title = texts::t(&format!("moment-{}", line.action.replace(['.', '_'], "-")));
        Done { index: line.index, at: line.at, action: line.action.clone(), title, by, said: said::<P>(line, all) }
    });
    Ok(done.collect())
}

/// Whether a line tells of the supplier's people passing to each other what waits for them.
fn among_themselves<P: Process>(line: &Line) -> bool {
    let passed = [P::ACTS.take_on, P::ACTS.put_back, P::ACTS.pass_to].contains(&line.action.as_str());
    let stage = line.about.get("stage").and_then(|stage| P::KIND.stage(stage).ok());
    passed && stage.is_some_and(|stage| stage.waits_for.contains(&SUPPLIER))
}

fn said<P: Process>(line: &Line, all: bool) -> Vec<String> {
    if !all && !P::SHARED.reasoned.contains(&line.action.as_str()) {
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
