//! What was done to a sweep or an answer, from the ledger.

use std::collections::BTreeMap;

use maud::{Markup, html};
use platform::book::{self, Line};
use platform::cases::people;
use platform::texts::{self, Text};
use platform::{Cx, Result, clock, t, ui};
use uuid::Uuid;

/// Entries shown.
const MOST: u64 = 200;

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sweep) struct Done {
    pub(in crate::sweep) at: i64,
    pub(in crate::sweep) action: String,
    pub(in crate::sweep) title: String,
    pub(in crate::sweep) by: String,
    /// What was said.
    pub(in crate::sweep) said: Option<String>,
}

/// What was done, newest first, as far as its reader may know: a supplier reads of the authority that it did something, not who there.
pub(in crate::sweep) async fn read(cx: &Cx, kind: &str, id: Uuid) -> Result<Vec<Done>> {
    let mut lines = book::timeline(cx, kind, &id.to_string(), MOST).await?;
    // Who was refused what is the ledger's to tell.
    lines.retain(|line| line.action.split('.').next() == Some(kind));
    let account = |line: &Line| (line.actor_kind == "account").then(|| line.actor_id.parse::<Uuid>().ok()).flatten();
    let all: Vec<Uuid> = lines.iter().flat_map(|line| [account(line), line.acts_for()]).flatten().collect();
    let names: BTreeMap<Uuid, String> = people::names(cx, platform::identity::shown(cx, all).await?).await?;
    let done = |line: &Line| {
        let mut text = Text::new(format!("timeline-{}", line.action.replace(['.', '_'], "-")));
        for (name, value) in &line.about {
            let value = if name == "answer" { texts::t(&format!("sweep-answer-{}", value.replace('_', "-"))) } else { value.clone() };
            text = text.with(name, value);
        }
        let by = match line.actor_kind.as_str() {
            "account" => account(line).and_then(|id| people::who(&names, id, line.acts_for())).unwrap_or_else(|| t!("timeline-somebody")),
            kind => texts::t(&format!("timeline-by-{kind}")),
        };
        let said = line.body.as_ref().and_then(|body| body.get("said").or_else(|| body.get("reason"))?.as_str()).map(str::to_owned);
        Done { at: line.at, action: line.action.clone(), title: text.say(), by, said }
    };
    Ok(lines.iter().rev().map(done).collect())
}

/// The same, drawn under a heading; nothing where nothing was done.
pub(super) async fn drawn(cx: &Cx, kind: &str, id: Uuid) -> Result<Markup> {
    let done = read(cx, kind, id).await?;
    let drawn: Vec<(String, String, Option<Markup>)> = done
        .iter()
        .map(|one| {
            let said = one.said.as_deref().map(crate::casework::pages::paragraphs);
            (cx.core().clock.moment_text(one.at), clock::timestamp(one.at).to_string(), said)
        })
        .collect();
    let moments: Vec<ui::Moment> = done
        .iter()
        .zip(&drawn)
        .map(|(one, (when, iso, body))| ui::Moment { title: &one.title, by: &one.by, when, iso, body: body.clone() })
        .collect();
    Ok(html! { @if !moments.is_empty() { h2 .govuk-heading-m { (t!("case-tab-history")) } (ui::timeline(&moments)) } })
}
