//! A whole case as files, each side's as that side may read it: an overview to read, and the same for programs; every round handed in; the
//! thread, the decisions, what was done; the papers; every version of every file.

use maud::{DOCTYPE, Markup, html};
use platform::authz::Side;
use platform::cases::api::Cases as _;
use platform::cases::thread::{Message, Reads};
use platform::cases::{people, rounds, tasks, thread};
use platform::clock::timestamp;
use platform::forms::review;
use platform::{Cx, Error, Result, t, texts};
use rules::form::{FrozenAnswer, FrozenDocument};
use serde_json::{Value, json};

use super::Proposals;
use super::model::{PROPOSAL, Proposal};
use super::{letter, store};
use crate::casework::history::{self, Done};
use crate::{contract, paper, party};
use uploads::Upload;

pub(super) mod uploads;

/// Most entries that an archive tells of.
const MOST: u64 = 10_000;

/// A file of the archive.
pub(super) struct Part {
    /// Its name in the archive.
    pub(super) name: String,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
}

/// A case as files, but for those that were uploaded: these are sent as they are read.
pub(super) struct Parts {
    /// The files.
    pub(super) files: Vec<Part>,
    /// The entries that its history tells of.
    pub(super) entries: Vec<i64>,
}

impl Parts {
    /// The case as the actor may read it; the overview tells of `uploads`.
    ///
    /// # Errors
    /// When the database fails or something does not open.
    pub(super) async fn read(cx: &Cx, of: &Proposal, uploads: &[Upload]) -> Result<Self> {
        let opened = cx.may("proposal.reveal", of);
        let done = history::read::<Proposals>(cx, of, MOST).await?;
        let mut files = Vec::new();
        let mut answered = Vec::new();
        for submission in rounds::submissions(cx, cx.db(), &of.case).await? {
            let Some(bytes) = &submission.document else { continue };
            let document = FrozenDocument::from_bytes(bytes)?;
            let (document, bytes) =
                if opened { (unsealed(document), bytes.clone()) } else { (document.clone(), closed(document).to_bytes()) };
            let folder = format!("round-{}", submission.round);
            files.push(Part { name: format!("{folder}/answers.json"), bytes });
            let title = t!("proposal-paper-title", title = &of.case.title, round = submission.round);
            files.push(Part { name: format!("{folder}/answers.html"), bytes: page(&title, &answers(&document, &submission.digest)) });
            answered.push(submission);
        }
        let about = About::read(cx, of, opened).await?;
        files.push(Part { name: "case.html".to_owned(), bytes: page(&about.title, &about.markup(cx, &done, &answered, uploads)) });
        let json = about.json(cx, &done, &answered, uploads);
        files.push(Part { name: "case.json".to_owned(), bytes: serde_json::to_vec_pretty(&json)? });
        files.extend(papers(cx, of).await?);
        Ok(Self { files, entries: done.iter().map(|done| done.index).collect() })
    }
}

/// The papers about the case.
async fn papers(cx: &Cx, of: &Proposal) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for listed in paper::store::about(cx, of).await?.iter().rev() {
        let (row, bytes) = match paper::store::open(cx, of, listed.id).await {
            // Its key was destroyed: what it said is gone for ever, which the entries tell.
            Err(Error::Conflict(_)) => continue,
            opened => opened?,
        };
        parts.push(Part { name: format!("papers/{}-{}.pdf", parts.len() + 1, row.kind.replace('_', "-")), bytes });
    }
    Ok(parts)
}

/// A document whose sealed answers are left out.
fn closed(mut document: FrozenDocument) -> FrozenDocument {
    each(&mut document, &mut |answer, sealed| {
        if sealed {
            answer.value = Value::Null;
            answer.shown.clear();
            answer.entries.clear();
        }
    });
    document
}

/// A document that draws its sealed answers in the open.
fn unsealed(mut document: FrozenDocument) -> FrozenDocument {
    each(&mut document, &mut |answer, _| answer.sensitive = false);
    document
}

/// Goes through all answers; the second argument says whether the answer, or the group that it is in, is sealed.
fn each(document: &mut FrozenDocument, change: &mut impl FnMut(&mut FrozenAnswer, bool)) {
    for answer in document.sections.iter_mut().flat_map(|section| &mut section.answers) {
        let sealed = answer.sensitive;
        for inner in answer.entries.iter_mut().flatten() {
            let inner_sealed = sealed || inner.sensitive;
            change(inner, inner_sealed);
        }
        change(answer, sealed);
    }
}

fn answers(document: &FrozenDocument, digest: &str) -> Markup {
    html! {
        @for (title, rows) in review::texts(document) {
            h2 { (title) }
            (facts(&rows))
        }
        p { (t!("answering-digest", digest = digest)) }
    }
}

fn facts(rows: &[(String, String)]) -> Markup {
    html! { dl { @for (key, value) in rows { dt { (key) } dd { (value) } } } }
}

/// A page that stands by itself: no script, nothing fetched.
fn page(title: &str, body: &Markup) -> Vec<u8> {
    let style = "body{font:16px/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}dt{font-weight:bold;margin-top:.5rem}\
                 dd{margin:0 0 .5rem;white-space:pre-line}li{margin:.5rem 0}p{white-space:pre-line}";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1"; title { (title) } style { (style) } }
            body { main { h1 { (title) } (body) } }
        }
    };
    page.into_string().into_bytes()
}

/// What the overview tells.
struct About {
    title: String,
    facts: Vec<(&'static str, String, String)>,
    decisions: Vec<(rounds::Decided, String)>,
    points: Vec<rounds::Point>,
    messages: Vec<(Message, String)>,
    tasks: Vec<tasks::Task>,
    letter: Option<letter::Letter>,
}

impl About {
    async fn read(cx: &Cx, of: &Proposal, opened: bool) -> Result<Self> {
        let case = &of.case;
        let clock = &cx.core().clock;
        let all = cx.may("proposal.read_notes", of);
        let names = party::store::names(cx.db(), [case.party]).await?;
        let contracts = contract::store::titles(cx.db(), case.contract).await?;
        let mut facts = vec![
            ("reference", t!("case-reference"), case.reference.clone().unwrap_or_default()),
            ("supplier", t!("case-supplier"), names.get(&case.party).cloned().unwrap_or_default()),
            ("contract", t!("case-contract"), case.contract.and_then(|id| contracts.get(&id).cloned()).unwrap_or_default()),
            ("stage", t!("case-stage"), PROPOSAL.stage_name(&case.stage)),
            ("pack", t!("list-pack"), format!("{} {}", case.pack, case.edition)),
            ("submitted", t!("list-submitted"), case.submitted_at.map(|at| clock.moment_text(at)).unwrap_or_default()),
            ("closed", t!("list-closed"), case.closed_at.map(|at| clock.moment_text(at)).unwrap_or_default()),
            ("sealed", t!("archive-sealed"), if opened { t!("archive-sealed-opened") } else { t!("archive-sealed-left-out") }),
        ];
        if let Some(rating) = case.rating.as_ref().filter(|_| cx.may("proposal.read_risk", of)) {
            facts.push(("rating", t!("list-rating"), texts::t(&format!("proposal-rating-{}", rating.replace('_', "-")))));
        }
        if let Some(mark) = store::marks(cx, std::slice::from_ref(case)).await?.remove(&case.id) {
            facts.push(("mark", t!("case-mark"), mark));
        }
        facts.retain(|(_, _, value)| !value.is_empty());
        let mut decisions = rounds::decisions(cx, cx.db(), case).await?;
        // The supplier reads what was decided in the end, as its letter says.
        decisions.retain(|decision| all || letter::DECIDED.contains(&decision.choice.as_str()));
        let messages = thread::read(cx, cx.db(), case, Reads::of(cx, all), Proposals::SCREENED).await?;
        let who = messages.iter().map(|m| m.account).chain(decisions.iter().flat_map(rounds::Decided::people));
        let who = people::names(cx, who.collect::<Vec<_>>()).await?;
        let named = |id| who.get(&id).cloned().unwrap_or_else(|| t!("case-somebody"));
        let side = if all { Side::Authority } else { Side::Supplier };
        Ok(Self {
            title: format!("{} {}", case.reference.clone().unwrap_or_default(), case.title).trim().to_owned(),
            facts,
            decisions: decisions
                .into_iter()
                .map(|decision| {
                    let by = people::who(&who, decision.actor, decision.acts_for).filter(|_| all).unwrap_or_else(|| t!("case-somebody"));
                    (decision, by)
                })
                .collect(),
            points: rounds::points(cx, cx.db(), case).await?,
            messages: messages.into_iter().map(|message| (message.clone(), named(message.account))).collect(),
            tasks: tasks::list(cx, cx.db(), case, side).await?,
            letter: if letter::Letter::tells(of, cx.core().clock.today()) { Some(letter::Letter::read(cx, of).await?) } else { None },
        })
    }

    fn markup(&self, cx: &Cx, done: &[Done], rounds: &[rounds::Submission], uploads: &[Upload]) -> Markup {
        let when = |at| cx.core().clock.moment_text(at);
        let rows: Vec<(String, String)> = self.facts.iter().map(|(_, key, value)| (key.clone(), value.clone())).collect();
        html! {
            (facts(&rows))
            h2 { (t!("answering-answers")) }
            ul { @for round in rounds {
                li { a href={ "round-" (round.round) "/answers.html" } { (t!("answering-round", round = round.round)) } ", " (when(round.at)) }
            } }
            @if let Some(letter) = &self.letter {
                h2 { (letter.subject) }
                p { (letter.decision.0) ". " (letter.decision.1) }
                @if let Some(approved) = &letter.approved {
                    (facts(&approved.scope))
                    ul { @for line in &approved.conditions { li { (line) } } }
                }
            }
            h2 { (t!("archive-decisions")) }
            ul { @for (decision, by) in &self.decisions {
                li { (when(decision.at)) ", " (by) ": " (decision.choice) @if let Some(reason) = &decision.reason { p { (reason) } } }
            } }
            h2 { (t!("archive-points")) }
            ul { @for point in &self.points { li { (t!("answering-round", round = point.round)) ": " (point.text) } } }
            h2 { (t!("case-tab-thread")) }
            ul { @for (message, by) in &self.messages {
                li { (when(message.at)) ", " (by) @if message.internal { " (" (t!("case-internal")) ")" } p { (message.body) } }
            } }
            h2 { (t!("case-tab-tasks")) }
            ul { @for task in &self.tasks {
                li {
                    (task.title)
                    " (" (crate::casework::pages::stands(task).0) @if let Some(at) = task.checked_at.or(task.done_at) { ", " (when(at)) } ")"
                    @for text in task.detail.iter().chain(&task.note).chain(&task.lacks) { p { (text) } }
                }
            } }
            h2 { (t!("case-tab-files")) }
            (uploads::markup(cx, uploads))
            h2 { (t!("case-tab-history")) }
            ol { @for one in done { li { (when(one.at)) ", " (one.who()) ": " (one.title) @for text in &one.said { p { (text) } } } } }
            p { (t!("archive-proofs")) }
        }
    }

    fn json(&self, cx: &Cx, done: &[Done], rounds: &[rounds::Submission], uploads: &[Upload]) -> Value {
        let iso = |at: i64| timestamp(at).to_string();
        let facts: serde_json::Map<String, Value> =
            self.facts.iter().map(|(name, _, value)| ((*name).to_owned(), value.as_str().into())).collect();
        json!({
            "title": self.title,
            "made_at": iso(cx.now()),
            "facts": facts,
            "rounds": rounds.iter().map(|r| json!({ "round": r.round, "at": iso(r.at), "digest": r.digest, "edition": r.edition })).collect::<Vec<_>>(),
            "decisions": self.decisions.iter().map(|(d, by)| json!({
                "round": d.round, "level": d.level, "choice": d.choice, "reason": d.reason, "at": iso(d.at), "by": by,
            })).collect::<Vec<_>>(),
            "points": self.points.iter().map(|p| json!({
                "round": p.round, "section": p.section, "question": p.question, "text": p.text,
            })).collect::<Vec<_>>(),
            "messages": self.messages.iter().map(|(m, by)| json!({
                "at": iso(m.at), "by": by, "internal": m.internal, "body": m.body,
            })).collect::<Vec<_>>(),
            "tasks": self.tasks.iter().map(|task| json!({
                "title": task.title, "detail": task.detail, "side": task.side, "due": task.due, "done_at": task.done_at.map(iso), "note": task.note,
                "kind": task.kind.code(), "source": task.source, "checks": task.checks, "checked_at": task.checked_at.map(iso), "lacks": task.lacks,
                "dropped_at": task.dropped_at.map(iso),
            })).collect::<Vec<_>>(),
            "files": uploads::json(uploads),
            "history": done.iter().map(|one| json!({
                "entry": one.index, "at": iso(one.at), "action": one.action, "title": one.title, "by": one.who(), "said": one.said,
            })).collect::<Vec<_>>(),
        })
    }
}

/// The case with this reference.
///
/// # Errors
/// [`platform::Error::NotFound`] when there is none.
pub async fn called(cx: &Cx, reference: &str) -> Result<Proposal> {
    let case = store::by_reference(cx.db(), reference).await?;
    store::load(cx.db(), case).await
}
