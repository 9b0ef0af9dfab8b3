//! An assessment in words (OFF-10), read once for the page and the paper.

use std::sync::Arc;

use papers::Block;
use platform::cases::{people, rounds};
use platform::{Cx, Error, Result, t, texts};
use rules::form::FrozenDocument;
use rules::pack::{Level, Pack, RiskMethod};
use rules::risk::{Judgement, Point};

use super::act::{self, concluded, controls_of, method, path};
use super::model::{METHOD, PROPOSAL, Proposal};
use super::store::Assessment;
use crate::casework::answering::documents;
use crate::casework::rating_name;

/// An assessment with what its pack says of it.
pub(super) struct Assessed {
    /// The assessment.
    pub(super) row: Assessment,
    /// The title of its path, and the paragraphs that it comes from.
    pub(super) path: (String, Vec<String>),
    /// The factors that the path asks for, in the pack's order.
    pub(super) factors: Vec<Told>,
    /// Who recorded it.
    pub(super) by: Option<String>,
    pack: Arc<Pack>,
}

/// A factor in words.
pub(super) struct Told {
    /// Its id.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    /// What was judged; none yet.
    pub(super) judged: Option<Judged>,
}

/// What was judged of a factor.
pub(super) struct Judged {
    /// Likelihood, impact and rating before controls.
    pub(super) before: String,
    /// The same with controls.
    pub(super) after: String,
    /// The controls that make the difference.
    pub(super) controls: String,
    /// Why.
    pub(super) why: String,
}

impl Assessed {
    /// `row`, an assessment of `of`.
    ///
    /// # Errors
    /// When the pack no longer has its path; when the database fails.
    pub(super) async fn read(cx: &Cx, of: &Proposal, row: Assessment) -> Result<Self> {
        let pack = act::pack_of(cx, &of.case)?;
        // The factors of a path follow from the path alone: they are told even when the answers were destroyed.
        let answers = documents::<super::Proposals>(cx, &of.case).await?.last().map(|(_, document)| document.answers()).unwrap_or_default();
        let risk = method(&pack, &answers)?;
        let taken = path(&risk, &row.path)?;
        let rated = |at: Point| {
            let rating = risk.rating(at).map_or_else(String::new, |(_, id)| rating_name(&PROPOSAL, id));
            format!("{}: {rating}", point(risk.method(), at))
        };
        let told = |factor: &rules::pack::Factor| Told {
            id: factor.id.clone(),
            title: factor.title.clone(),
            judged: row.judged.get(&factor.id).map(|judged| Judged {
                before: rated(judged.judgement.inherent),
                after: rated(judged.judgement.residual),
                controls: controls(&pack, &judged.judgement),
                why: judged.why.clone(),
            }),
        };
        let by = match row.by {
            Some(by) => people::names(cx, [by]).await?.remove(&by),
            None => None,
        };
        Ok(Self {
            path: (taken.title.clone(), taken.source.clone()),
            factors: risk.factors(taken).into_iter().map(told).collect(),
            by,
            row,
            pack: Arc::clone(&pack),
        })
    }

    /// The method that it follows.
    ///
    /// # Errors
    /// When the pack has none.
    pub(super) fn method(&self) -> Result<&RiskMethod> {
        self.pack.risk_methods.iter().find(|one| one.id == METHOD).ok_or_else(|| Error::internal("the pack has no risk method"))
    }

    /// The worst ratings before and with controls, in words; none until it is recorded.
    pub(super) fn rated(&self) -> Option<(String, String)> {
        let (before, after) = self.row.inherent.as_ref().zip(self.row.residual.as_ref())?;
        Some((rating_name(&PROPOSAL, before), rating_name(&PROPOSAL, after)))
    }

    /// As the blocks of a paper: how it was chosen, what was judged, what follows, what was recommended.
    ///
    /// # Errors
    /// When the answers that it rests on do not open.
    pub(super) async fn blocks(&self, cx: &Cx, of: &Proposal) -> Result<Vec<Block>> {
        let heading = |id: &str| Block::Heading { level: 1, text: texts::t(id) };
        let all = rounds::decisions(cx, cx.db(), &of.case).await?;
        let last = |level: &str| all.iter().rev().find(|one| one.level == level && one.round == self.row.round);
        let mut facts = vec![
            (t!("proposal-assessment-path"), format!("{} ({})", self.path.0, self.path.1.join(", "))),
            (t!("proposal-assessment-path-why"), self.row.path_reason.clone()),
        ];
        if let Some((before, after)) = self.rated() {
            facts.extend([(t!("proposal-before"), before), (t!("proposal-after"), after)]);
        }
        facts.extend(self.row.done_at.map(|at| (t!("proposal-assessment-on"), cx.core().clock.day_text(at))));
        facts.extend(self.by.clone().map(|by| (t!("proposal-assessment-by"), by)));
        let mut blocks = vec![heading("proposal-assessment-how"), Block::Facts(facts)];
        if let Some(summary) = last("assess").and_then(|one| one.reason.clone()).filter(|text| !text.is_empty()) {
            blocks.extend([heading("proposal-assessment-summary"), Block::Paragraph(summary)]);
        }
        blocks.extend([heading("proposal-factors"), self.table()]);
        let demanded = self.demanded(cx, of).await?;
        if !demanded.is_empty() {
            blocks.extend([heading("proposal-assessment-demands"), Block::List(demanded)]);
        }
        if let Some(recommended) = last("recommend") {
            let choice = texts::t(&format!("proposal-recommend-{}", recommended.choice));
            blocks.extend([heading("stage-proposal-recommending"), Block::Paragraph(choice)]);
            blocks.extend(recommended.reason.clone().map(Block::Paragraph));
        }
        Ok(blocks)
    }

    fn table(&self) -> Block {
        let row = |told: &Told| {
            let not = || t!("proposal-not-judged");
            match &told.judged {
                None => vec![told.title.clone(), not(), not(), not(), not()],
                Some(j) => vec![told.title.clone(), j.before.clone(), j.after.clone(), j.controls.clone(), j.why.clone()],
            }
        };
        Block::Table {
            caption: String::new(),
            head: ["proposal-factor", "proposal-before", "proposal-after", "proposal-controls", "proposal-why"].map(texts::t).to_vec(),
            rows: self.factors.iter().map(row).collect(),
        }
    }

    /// The controls that an approval on this assessment has to demand, and how often it is to be reviewed.
    async fn demanded(&self, cx: &Cx, of: &Proposal) -> Result<Vec<String>> {
        let all = rounds::submissions(cx, cx.db(), &of.case).await?;
        let document = all.iter().find(|one| one.round == self.row.round).and_then(|one| one.document.as_ref());
        let Some(document) = document else { return Ok(Vec::new()) };
        let Ok(outcome) = concluded(&self.pack, &FrozenDocument::from_bytes(document)?.answers(), &self.row)? else {
            return Ok(Vec::new());
        };
        let ids = controls_of(&self.pack, &outcome.control_sets);
        let known = self.pack.control_sets.iter().flat_map(|set| &set.controls).filter(|control| ids.contains(&control.id));
        let mut points: Vec<String> = known.map(|control| format!("{}: {}", control.title, control.text)).collect();
        points.push(t!("proposal-review-every", interval = crate::pack::pages::interval_text(outcome.review)));
        Ok(points)
    }
}

/// A point of the scales in words.
fn point(method: &RiskMethod, at: Point) -> String {
    let title = |scale: &[Level], level: u32| scale.iter().find(|l| l.level == level).map_or_else(String::new, |l| l.title.clone());
    t!("proposal-point", likelihood = title(&method.likelihood, at.likelihood), impact = title(&method.impact, at.impact))
}

fn controls(pack: &Pack, of: &Judgement) -> String {
    let all = pack.control_sets.iter().flat_map(|s| &s.controls);
    let named = all.filter(|c| of.controls.contains(&c.id)).map(|c| c.title.clone());
    named.chain(of.other_controls.iter().cloned()).collect::<Vec<_>>().join("; ")
}
