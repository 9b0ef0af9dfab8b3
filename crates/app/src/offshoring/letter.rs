//! What the letter about a decision says, read once for the page and the paper.

use jiff::civil::Date;
use papers::Block;
use platform::cases::rounds;
use platform::{Cx, Error, Result, t, texts};
use rules::country::Country;
use serde_json::Value;

use super::act;
use super::model::{METHOD, PROPOSAL, Proposal, Standing, Urgent};
use super::scope::Scope;
use super::{stale, store};
use crate::{contract, party};

/// The stages that a letter tells of; each is also the choice that led there.
pub const DECIDED: [&str; 3] = ["approved", "declined", "not_offshoring"];

/// A letter, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The lead contractor that it goes to.
    pub to: String,
    /// When it was decided, in milliseconds.
    pub at: i64,
    /// The case's reference.
    pub reference: String,
    /// Its heading.
    pub subject: String,
    /// Which work of which party, under which contract.
    pub about: String,
    /// What was decided, and what that means.
    pub decision: (String, String),
    /// Why.
    pub reasons: Option<String>,
    /// The assessed risks that it rests on: title and text. Only where it was declined.
    pub risks: Vec<(String, String)>,
    /// What was approved.
    pub approved: Option<Approved>,
    /// The words at its end.
    pub sign: String,
}

/// What an approval says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// What it covers: label and value.
    pub scope: Vec<(String, String)>,
    /// Its conditions.
    pub conditions: Vec<String>,
    /// The controls that it demands: title and text.
    pub controls: Vec<(String, String)>,
    /// The digest of the scope.
    pub digest: String,
}

impl Letter {
    /// Whether there is something to tell of today: a decision, or an urgent approval that covers work.
    pub fn tells(of: &Proposal, today: Date) -> bool {
        let stage = of.case.stage.as_str();
        let urgent = || of.urgent_now().is_some_and(|urgent| urgent.stands(today).runs());
        DECIDED.contains(&stage) || (PROPOSAL.stage(stage).is_ok_and(|stage| !stage.closed) && urgent())
    }

    /// The letter about what was decided on a proposal.
    ///
    /// # Errors
    /// [`Error::NotFound`] before it was decided.
    pub async fn read(cx: &Cx, of: &Proposal) -> Result<Self> {
        let case = &of.case;
        // Until it is decided, the letter tells of an urgent approval, for as long as nothing ended that. Why it was given stays with the authority.
        let urgent = of.urgent_now().filter(|_| !DECIDED.contains(&case.stage.as_str()));
        if !Self::tells(of, cx.core().clock.today()) {
            return Err(Error::NotFound);
        }
        let decisions = rounds::decisions(cx, cx.db(), case).await?;
        let decision = decisions.into_iter().rev().find(|d| DECIDED.contains(&d.choice.as_str()) && urgent.is_none());
        let (at, said, about) = match (urgent, decision) {
            (Some(urgent), _) => (urgent.at, None, None),
            (None, Some(decision)) => (decision.at, decision.reason, decision.about),
            (None, None) => return Err(Error::NotFound),
        };
        let names = party::store::names(cx.db(), [case.party].into_iter().chain(of.standing.lead)).await?;
        let titles = contract::store::titles(cx.db(), case.contract).await?;
        let name = |id| names.get(&id).cloned().unwrap_or_default();
        let contract = case.contract.and_then(|id| titles.get(&id).cloned()).unwrap_or_default();
        Ok(Self {
            to: of.standing.lead.map(name).unwrap_or_default(),
            at,
            reference: case.reference.clone().unwrap_or_default(),
            subject: t!("proposal-letter-subject", title = &case.title),
            about: t!("proposal-letter-about", contract = contract, party = name(case.party)),
            decision: match urgent {
                Some(urgent) => urgently(urgent, held(cx, of).await?),
                None => (PROPOSAL.stage_name(&case.stage), PROPOSAL.stage_next(&case.stage)),
            },
            reasons: said,
            risks: if case.stage == "declined" { risks(cx, of, about.as_deref())? } else { Vec::new() },
            approved: if case.stage == "approved" || urgent.is_some() { Some(approved(cx, of, urgent).await?) } else { None },
            sign: t!("proposal-letter-sign", authority = &cx.core().settings.authority.name),
        })
    }

    /// As the blocks of a paper.
    pub fn blocks(&self, authority: &str) -> Vec<Block> {
        let heading = |id: &str| Block::Heading { level: 1, text: texts::t(id) };
        let points = |all: &[(String, String)]| Block::List(all.iter().map(|(title, text)| format!("{title}: {text}")).collect());
        let mut blocks = vec![
            Block::Address(vec![self.to.clone()]),
            Block::Paragraph(self.about.clone()),
            Block::Paragraph(format!("{}. {}", self.decision.0, self.decision.1)),
        ];
        if let Some(reasons) = &self.reasons {
            blocks.extend([heading("proposal-letter-reasons"), Block::Paragraph(reasons.clone())]);
        }
        if !self.risks.is_empty() {
            blocks.extend([heading("proposal-letter-risks"), points(&self.risks)]);
        }
        if let Some(approved) = &self.approved {
            blocks.extend([heading("proposal-scope"), Block::Facts(approved.scope.clone())]);
            if !approved.conditions.is_empty() {
                blocks.extend([heading("proposal-letter-conditions"), Block::List(approved.conditions.clone())]);
            }
            if !approved.controls.is_empty() {
                blocks.extend([heading("proposal-demanded"), points(&approved.controls)]);
            }
            blocks.push(Block::Paragraph(t!("proposal-letter-digest", digest = &approved.digest)));
        }
        blocks.push(Block::Signature { closing: self.sign.clone(), name: authority.to_owned(), lines: Vec::new() });
        blocks
    }
}

/// The assessed risks for which it was declined.
fn risks(cx: &Cx, of: &Proposal, about: Option<&str>) -> Result<Vec<(String, String)>> {
    let pack = act::pack_of(cx, &of.case)?;
    let about: Value = serde_json::from_str(about.unwrap_or("{}"))?;
    let ids: Vec<&str> = about["factors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let factors = pack.risk_methods.iter().filter(|m| m.id == METHOD).flat_map(|m| &m.factors);
    Ok(factors.filter(|f| ids.contains(&f.id.as_str())).map(|f| (f.title.clone(), f.text.clone())).collect())
}

/// What holds up work under an urgent approval that still has days, if anything does: the id of the message that says so.
///
/// # Errors
/// When the database fails.
pub(super) async fn held(cx: &Cx, of: &Proposal) -> Result<Option<&'static str>> {
    if store::standing_of(cx.db(), of.case.id).await? == Some(Standing::Suspended) {
        return Ok(Some("proposal-urgent-suspended-next"));
    }
    Ok((!stale::of(cx, cx.db(), &of.case).await?.is_empty()).then_some("proposal-urgent-stale-next"))
}

/// What an urgent approval is, and what that means: the same however often its letter is made, unless something holds it up.
pub(super) fn urgently(of: &Urgent, held: Option<&str>) -> (String, String) {
    let (day, until) = (platform::clock::day_text(of.ratify_by), platform::clock::day_text(of.until));
    let (what, next) = match of.ratified {
        Some(_) => (t!("proposal-urgent-letter-ratified"), t!("proposal-urgent-letter-ratified-next", until = until)),
        None => (t!("proposal-urgent-letter"), t!("proposal-urgent-letter-next", day = day, until = until)),
    };
    (what, held.map_or(next, texts::t))
}

async fn approved(cx: &Cx, of: &Proposal, urgent: Option<&Urgent>) -> Result<Approved> {
    let row = store::approval(cx, cx.db(), &of.case).await?.ok_or(Error::NotFound)?;
    let pack = act::pack_of(cx, &of.case)?;
    let days = match urgent {
        Some(urgent) => Some((urgent.from, urgent.until)),
        None => row.from.parse().ok().zip(row.to.parse().ok()),
    };
    let controls = pack.control_sets.iter().flat_map(|s| &s.controls).filter(|c| row.controls.contains(&c.id));
    // How often, not when next: a letter says the same however often it is made.
    let every = row.review.every.as_deref().and_then(|text| text.parse().ok()).map(crate::pack::pages::interval_text);
    let every = every.map(|interval| (t!("proposal-scope-review"), t!("proposal-review-every", interval = interval)));
    Ok(Approved {
        scope: match &row.scope {
            Some(scope) => scope_facts(cx, scope, days).await?.into_iter().chain(every).collect(),
            None => vec![(t!("proposal-scope"), platform::cases::words::destroyed())],
        },
        conditions: row.conditions.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        controls: controls.map(|c| (c.title.clone(), c.text.clone())).collect(),
        digest: row.scope_digest.clone(),
    })
}

/// What an approval covers, in words.
///
/// # Errors
/// When the database fails.
pub async fn scope_facts(cx: &Cx, scope: &Scope, days: Option<(Date, Date)>) -> Result<Vec<(String, String)>> {
    let names = party::store::names(cx.db(), scope.party).await?;
    let country = |code: &String| Country::from_code(code).map_or_else(|_| code.clone(), |c| c.name().to_owned());
    let kind = |code: &String| texts::t(&format!("proposal-activity-{}", code.replace('_', "-")));
    let activities: Vec<String> = scope.activities.iter().map(kind).collect();
    let sites: Vec<String> = scope
        .sites
        .iter()
        .map(|site| {
            let done: Vec<String> = site
                .activities
                .iter()
                .map(|code| if site.reaching_nothing.contains(code) { t!("proposal-scope-nothing", kind = kind(code)) } else { kind(code) })
                .collect();
            t!("proposal-scope-site", name = &site.name, country = country(&site.country), done = done.join(", "))
        })
        .collect();
    let mut facts = vec![
        (t!("proposal-scope-party"), scope.party.and_then(|id| names.get(&id).cloned()).unwrap_or_default()),
        (t!("proposal-scope-activities"), activities.join("; ")),
        (t!("proposal-scope-countries"), scope.countries.iter().map(country).collect::<Vec<_>>().join(", ")),
        (t!("proposal-scope-sites"), sites.join("; ")),
        (t!("proposal-scope-data"), scope.data.join("; ")),
        (t!("proposal-scope-people"), scope.people.map(|n| n.to_string()).unwrap_or_default()),
    ];
    if let Some((from, to)) = days {
        let day = platform::clock::day_text;
        facts.push((t!("proposal-scope-days"), t!("proposal-from-to", from = day(from), to = day(to))));
    }
    facts.retain(|(_, value)| !value.is_empty());
    Ok(facts)
}
