//! What the letter about a breach says, read once for the page, the paper and programs.

use papers::Block;
use platform::cases::rounds;
use platform::{Cx, Error, Result, t, texts};

use super::model::{BREACH, Breach, finding_says};
use super::store;
use crate::{contract, party};

/// The choices that a letter tells of.
const DECIDED: [&str; 2] = ["decided", "dismissed"];

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
    /// Whose work, under which contract.
    pub about: String,
    /// What was found, with the days that it rests on.
    pub finding: String,
    /// What was decided.
    pub decision: String,
    /// What follows, one by one; empty where it was dismissed.
    pub actions: Vec<String>,
    /// Why.
    pub reasons: Option<String>,
    /// The words at its end.
    pub sign: String,
}

impl Letter {
    /// The letter about what was decided on a breach.
    ///
    /// # Errors
    /// [`Error::NotFound`] before it was decided.
    pub async fn read(cx: &Cx, of: &Breach) -> Result<Self> {
        let case = &of.case;
        let decisions = rounds::decisions(cx, cx.db(), case).await?;
        let decision = decisions.into_iter().rev().find(|d| DECIDED.contains(&d.choice.as_str())).ok_or(Error::NotFound)?;
        let about = store::about(cx, cx.db(), case).await?;
        let names = party::store::names(cx.db(), [case.party].into_iter().chain(of.standing.lead)).await?;
        let titles = contract::store::titles(cx.db(), case.contract).await?;
        let name = |id| names.get(&id).cloned().unwrap_or_default();
        let contract = case.contract.and_then(|id| titles.get(&id).cloned()).unwrap_or_default();
        let day = platform::clock::day_text;
        let told = match about.facts.informed {
            Some(informed) => t!("breach-letter-informed", informed = day(informed)),
            None => t!("breach-letter-never-informed"),
        };
        let dismissed = decision.choice == "dismissed";
        Ok(Self {
            to: of.standing.lead.map(name).unwrap_or_default(),
            at: decision.at,
            reference: case.reference.clone().unwrap_or_default(),
            subject: t!("breach-letter-subject", title = &case.title),
            about: t!("breach-letter-about", contract = contract, party = name(case.party)),
            finding: t!("breach-letter-finding", finding = finding_says(&about.facts.finding), began = day(about.facts.began), told = told),
            decision: if dismissed { BREACH.stage_next("dismissed") } else { t!("breach-letter-decided") },
            actions: if dismissed { Vec::new() } else { about.actions.iter().map(|action| action.says()).collect() },
            reasons: decision.reason,
            sign: t!("proposal-letter-sign", authority = &cx.core().settings.authority.name),
        })
    }

    /// As the blocks of a paper.
    pub fn blocks(&self, authority: &str) -> Vec<Block> {
        let heading = |id: &str| Block::Heading { level: 1, text: texts::t(id) };
        let mut blocks = vec![
            Block::Address(vec![self.to.clone()]),
            Block::Paragraph(self.about.clone()),
            heading("breach-found"),
            Block::Paragraph(self.finding.clone()),
            heading("breach-decided"),
            Block::Paragraph(self.decision.clone()),
        ];
        if !self.actions.is_empty() {
            blocks.push(Block::List(self.actions.clone()));
        }
        if let Some(reasons) = &self.reasons {
            blocks.extend([heading("proposal-letter-reasons"), Block::Paragraph(reasons.clone())]);
        }
        blocks.push(Block::Signature { closing: self.sign.clone(), name: authority.to_owned(), lines: Vec::new() });
        blocks
    }
}
