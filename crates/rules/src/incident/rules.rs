//! The asset test and the three limbs as statements over facts, of which each may be not known.

use super::{Action, Attempt, Facts, Limb, Loss, Whereabouts};
use crate::truth::Statement;

/// A fact that the tests ask for, in the order of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    AssetInvolved,
    Attempt,
    Loss,
    ProcessBreakdown,
    Exposed,
    Whereabouts,
    BackupUsable,
    Actions,
}

impl Fact {
    pub(super) const ALL: [Self; 8] = [
        Self::AssetInvolved,
        Self::Attempt,
        Self::Loss,
        Self::ProcessBreakdown,
        Self::Exposed,
        Self::Whereabouts,
        Self::BackupUsable,
        Self::Actions,
    ];

    /// Its path from the facts.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::AssetInvolved => "asset_involved",
            Self::Attempt => "attempt",
            Self::Loss => "loss",
            Self::ProcessBreakdown => "process_breakdown",
            Self::Exposed => "exposed",
            Self::Whereabouts => "whereabouts",
            Self::BackupUsable => "backup_usable",
            Self::Actions => "actions",
        }
    }
}

/// The tests. No fact stands in two of them, nor twice in one but for `loss`, whose kinds vary independently: so all of this is exact.
#[derive(Debug, Clone)]
pub(super) struct Tests {
    /// Something of the authority's was involved.
    pub(super) asset: Statement<Fact>,
    attempt: Statement<Fact>,
    loss: Statement<Fact>,
    breakdown: Statement<Fact>,
}

impl Tests {
    pub(super) fn of(facts: &Facts) -> Self {
        let lost = |kind: Loss| Statement::of(Fact::Loss, facts.loss.as_ref().map(|loss| loss.contains(&kind)));
        let restored = Statement::of(Fact::BackupUsable, facts.backup_usable);
        // An item is lost unless it is known to be inside a secure facility; where nobody can say, there is no trail, and it is lost (SEC-X1f).
        let inside = facts.whereabouts.map(|place| place == Whereabouts::InSecureFacility);
        let item = Statement::of(Fact::Actions, facts.happened(Action::Lost)).and(!Statement::of(Fact::Whereabouts, inside));
        Self {
            asset: Statement::of(Fact::AssetInvolved, facts.asset_involved),
            attempt: Statement::of(Fact::Attempt, facts.attempt.map(|attempt| attempt != Attempt::None)),
            loss: lost(Loss::Confidentiality).or(lost(Loss::Integrity)).or(lost(Loss::Availability).and(!restored)).or(item),
            breakdown: Statement::of(Fact::ProcessBreakdown, facts.process_breakdown).and(Statement::of(Fact::Exposed, facts.exposed)),
        }
    }

    pub(super) fn limb(&self, limb: Limb) -> &Statement<Fact> {
        match limb {
            Limb::Attempt => &self.attempt,
            Limb::Loss => &self.loss,
            Limb::ProcessBreakdown => &self.breakdown,
        }
    }

    /// One limb is enough, and the asset test must hold as well.
    pub(super) fn incident(&self) -> Statement<Fact> {
        self.asset.clone().and(self.attempt.clone().or(self.loss.clone()).or(self.breakdown.clone()))
    }
}
