//! The lifecycle of an offshoring proposal (OFF-7 to OFF-12), and what of it policies may read.

use jiff::civil::Date;
use platform::authz::{Guarded, Resource};
use platform::cases::{Case, Kind, SUPPLIER, StageDef, StepDef};
use platform::clock::Millis;
use platform::texts;
use platform::ui::Tone;
pub use rules::cover::Standing;
use rules::urgent::{self, End, Given, Stands};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::casework::Sight;

/// The stages and steps of a proposal.
pub const PROPOSAL: Kind = Kind { id: "proposal", prefix: "OFF", stages: &STAGES, steps: &STEPS };

/// The form in the pack.
pub const FORM: &str = "proposal";
/// The roles of people on the supplier's side.
pub const SUPPLIER_ROLES: [&str; 2] = crate::party::model::SUPPLIER_ROLES;
/// The question of the form that names a proposal, and its section.
pub const TITLE: &str = "work_title";
/// See [`TITLE`].
pub const TITLE_SECTION: &str = "work";
/// The risk method in the pack.
pub const METHOD: &str = "offshore_risk";

const STAGES: [StageDef; 11] = [
    StageDef { id: "draft", waits_for: &[SUPPLIER], closed: false, tone: Tone::Grey, on_line: true, days: None },
    StageDef { id: "bidding", waits_for: &["procurement_lead"], closed: false, tone: Tone::Purple, on_line: false, days: None },
    StageDef { id: "checking", waits_for: &["contract_manager"], closed: false, tone: Tone::Blue, on_line: true, days: Some(7) },
    StageDef { id: "returned", waits_for: &[SUPPLIER], closed: false, tone: Tone::Orange, on_line: false, days: Some(28) },
    StageDef { id: "assessing", waits_for: &["assessor"], closed: false, tone: Tone::Blue, on_line: true, days: Some(21) },
    StageDef { id: "recommending", waits_for: &["security", "assessor"], closed: false, tone: Tone::Blue, on_line: true, days: Some(7) },
    StageDef { id: "deciding", waits_for: &["management"], closed: false, tone: Tone::Teal, on_line: true, days: Some(14) },
    StageDef { id: "approved", waits_for: &[], closed: true, tone: Tone::Green, on_line: true, days: None },
    StageDef { id: "declined", waits_for: &[], closed: true, tone: Tone::Red, on_line: false, days: None },
    StageDef { id: "withdrawn", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
    StageDef { id: "not_offshoring", waits_for: &[], closed: true, tone: Tone::Grey, on_line: false, days: None },
];

// In the order of the buttons: what moves the case on comes first.
const STEPS: [StepDef; 13] = [
    StepDef {
        id: "submit",
        action: "proposal.submit",
        from: &["draft", "returned"],
        to: "checking",
        or: &["bidding"],
        needs_reason: false,
        fresh: false,
    },
    StepDef {
        id: "hand_over",
        action: "proposal.hand_over",
        from: &["bidding"],
        to: "checking",
        or: &[],
        needs_reason: false,
        fresh: false,
    },
    StepDef { id: "pass_on", action: "proposal.pass_on", from: &["checking"], to: "assessing", or: &[], needs_reason: false, fresh: false },
    StepDef {
        id: "assess",
        action: "proposal.assess",
        from: &["assessing"],
        to: "recommending",
        or: &[],
        needs_reason: false,
        fresh: false,
    },
    StepDef {
        id: "recommend",
        action: "proposal.recommend",
        from: &["recommending"],
        to: "deciding",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "approve", action: "proposal.approve", from: &["deciding"], to: "approved", or: &[], needs_reason: true, fresh: true },
    StepDef {
        id: "send_back",
        action: "proposal.send_back",
        from: &["deciding"],
        to: "returned",
        or: &[],
        needs_reason: true,
        fresh: true,
    },
    StepDef { id: "decline", action: "proposal.decline", from: &["deciding"], to: "declined", or: &[], needs_reason: true, fresh: true },
    StepDef {
        id: "return",
        action: "proposal.return",
        from: &["bidding", "checking", "assessing"],
        to: "returned",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef {
        id: "reassess",
        action: "proposal.reassess",
        from: &["recommending"],
        to: "assessing",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef {
        id: "not_offshoring",
        action: "proposal.not_offshoring",
        from: &["checking"],
        to: "not_offshoring",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
    StepDef { id: "discard", action: "proposal.discard", from: &["draft"], to: "withdrawn", or: &[], needs_reason: false, fresh: false },
    StepDef {
        id: "withdraw",
        action: "proposal.withdraw",
        from: &["bidding", "checking", "returned", "assessing", "recommending", "deciding"],
        to: "withdrawn",
        or: &[],
        needs_reason: true,
        fresh: false,
    },
];

/// How an approval stands, in words.
pub fn standing_says(standing: Standing) -> String {
    texts::t(&format!("proposal-approval-{}", standing.code().replace('_', "-")))
}

/// What can be done to an approval that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Suspend it.
    Suspend,
    /// Put it in force again.
    Resume,
    /// Take it back.
    Revoke,
    /// Confirm it anew, on what is so now: of a stale one.
    Confirm,
    /// Ask the supplier for a new proposal: of a stale one.
    Renew,
}

impl Turn {
    /// Every one, in the order of the buttons.
    pub const ALL: [Self; 5] = [Self::Confirm, Self::Renew, Self::Resume, Self::Suspend, Self::Revoke];

    /// The code, for addresses and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
            Self::Confirm => "confirm",
            Self::Renew => "renew",
        }
    }

    /// The one with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turn| turn.code() == code)
    }

    /// The action.
    pub fn action(self) -> &'static str {
        match self {
            Self::Suspend => "proposal.suspend",
            Self::Resume => "proposal.resume",
            Self::Revoke => "proposal.revoke",
            Self::Confirm => "proposal.confirm",
            Self::Renew => "proposal.renew",
        }
    }

    /// The message that tells both sides.
    pub fn told(self) -> &'static str {
        match self {
            Self::Suspend => "suspended",
            Self::Resume => "resumed",
            Self::Revoke => "revoked",
            Self::Confirm => "confirmed",
            Self::Renew => "renew",
        }
    }

    /// How the approval must stand.
    pub fn from(self) -> &'static [Standing] {
        match self {
            Self::Suspend => &[Standing::InForce],
            Self::Resume => &[Standing::Suspended],
            Self::Revoke | Self::Confirm | Self::Renew => &[Standing::InForce, Standing::Suspended],
        }
    }

    /// How it stands then; none where that stays.
    pub fn to(self) -> Option<Standing> {
        match self {
            Self::Suspend => Some(Standing::Suspended),
            Self::Resume => Some(Standing::InForce),
            Self::Revoke => Some(Standing::Revoked),
            Self::Confirm | Self::Renew => None,
        }
    }

    /// Whether it is for an approval that is stale.
    pub fn of_stale(self) -> bool {
        matches!(self, Self::Confirm | Self::Renew)
    }
}

/// Who had a hand in a case, for the separation of duties: accounts, whatever membership they acted with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hands {
    /// Who handed in a round.
    pub submitted: Vec<Uuid>,
    /// Who judged or recorded an assessment.
    pub assessed: Vec<Uuid>,
    /// Who recommended.
    pub recommended: Vec<Uuid>,
    /// Who gave or ratified an urgent approval.
    pub urgent: Vec<Uuid>,
}

/// An urgent approval, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: Uuid,
    /// Who gave it.
    pub by: Uuid,
    /// In whose place, if not as themselves.
    pub given_for: Option<Uuid>,
    /// When.
    pub at: Millis,
    /// First day.
    pub from: Date,
    /// Last day, once it is ratified.
    pub until: Date,
    /// The last day on which it may be ratified.
    pub ratify_by: Date,
    /// The roles that may, by code.
    pub ratifiers: Vec<String>,
    /// Who ratified it, and when.
    pub ratified: Option<(Uuid, Millis)>,
    /// In whose place, if not as themselves.
    pub ratified_for: Option<Uuid>,
    /// What ended it, and when.
    pub ended: Option<(End, Millis)>,
}

impl Urgent {
    /// As the rule reads it.
    pub fn given(&self) -> Given {
        Given { until: self.until, ratify_by: self.ratify_by, ratified: self.ratified.is_some(), end: self.ended.map(|(end, _)| end) }
    }

    /// How it stands on a day.
    pub fn stands(&self, today: Date) -> Stands {
        urgent::stands(self.given(), today)
    }

    /// The last day that it covers as it stands.
    pub fn last_day(&self) -> Date {
        urgent::last_day(self.given())
    }
}

/// A level that decides on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What the rule reads of it.
    pub rule: rules::levels::Level,
    /// Its heading.
    pub title: String,
}

/// Who approved at which level, without the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// The decision's id.
    pub id: Uuid,
    /// The level.
    pub level: String,
    /// The account.
    pub actor: Uuid,
    /// In whose place, if not as itself.
    pub acts_for: Option<Uuid>,
    /// When.
    pub at: Millis,
}

/// Somebody who approves: an account, and in whose place, if not as itself.
pub type Voter = (Uuid, Option<Uuid>);

/// On which terms somebody approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// First day.
    pub from: jiff::civil::Date,
    /// Last day.
    pub to: jiff::civil::Date,
    /// Conditions, one a line.
    pub conditions: String,
    /// Ids of controls beyond those that the assessment demands.
    pub controls: Vec<String>,
}

/// The levels and the approvals of one round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deciding {
    /// The levels, in the pack's order; none before the case came to be decided, and of one that came there before levels were kept.
    pub levels: Vec<Level>,
    /// The approvals, first to last.
    pub votes: Vec<Vote>,
}

impl Deciding {
    /// The levels as the rule reads them.
    pub fn rules(&self) -> Vec<rules::levels::Level> {
        if self.levels.is_empty() {
            // As it was before packs could say more.
            return vec![rules::levels::Level { id: "management".to_owned(), roles: vec!["management".to_owned()], quorum: 1 }];
        }
        self.levels.iter().map(|level| level.rule.clone()).collect()
    }

    /// Everybody who had a hand in the approvals: who approved, and in whose place.
    pub fn people(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.votes.iter().flat_map(|vote| [Some(vote.actor), vote.acts_for]).flatten()
    }

    /// Asks the rule about these levels and approvals, and one more: the level, and who.
    pub fn ask<T>(
        &self,
        more: Option<(&str, Voter)>,
        question: impl FnOnce(&[rules::levels::Level], &[rules::levels::Vote<'_>]) -> T,
    ) -> T {
        let all = self.votes.iter().map(|vote| (vote.level.as_str(), (vote.actor, vote.acts_for))).chain(more);
        let all: Vec<(&str, String, Option<String>)> =
            all.map(|(level, (by, of))| (level, by.to_string(), of.map(|of| of.to_string()))).collect();
        let votes: Vec<rules::levels::Vote<'_>> =
            all.iter().map(|(level, by, of)| rules::levels::Vote { level, by, acts_for: of.as_deref() }).collect();
        question(&self.rules(), &votes)
    }

    /// The roles that may decide at any level.
    pub fn deciders(&self) -> Vec<String> {
        let mut all: Vec<String> = self.rules().into_iter().flat_map(|level| level.roles).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The roles that may decide at a level which lacks some.
    pub fn lacking(&self) -> Vec<String> {
        let open = |levels: &[rules::levels::Level], votes: &[rules::levels::Vote<'_>]| -> Vec<String> {
            levels.iter().filter(|level| rules::levels::lacking(level, votes) > 0).flat_map(|level| level.roles.clone()).collect()
        };
        let mut all = self.ask(None, open);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Proposals as a kind of case: what the traits of the engine and of `casework` are told for.
pub struct Proposals;

/// A proposal with what policies read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What every case has.
    pub case: Case,
    /// Where its party stands.
    pub standing: Sight,
    /// Who had a hand in it.
    pub hands: Hands,
    /// The account at the authority that entered it on behalf of its party.
    pub entered_by: Option<Uuid>,
    /// Which levels decide on it, and who approved at them so far.
    pub deciding: Deciding,
    /// The account that manages its contract, once it comes to be decided.
    pub manager: Option<Uuid>,
    /// Its last urgent approval, if one was given.
    pub urgent: Option<Urgent>,
    /// The roles that its pack lets give one: filled in where somebody asks for one, since nothing else reads packs for it.
    pub urgent_roles: Vec<String>,
}

impl Proposal {
    /// Whether it was handed in at least once; before, it is its supplier's own affair.
    pub fn submitted(&self) -> bool {
        self.case.submitted_at.is_some()
    }

    /// For whom it waits: while it is decided, for the roles of the levels that lack somebody.
    pub fn awaited(&self) -> Vec<String> {
        if self.case.stage == "deciding" {
            return self.deciding.lacking();
        }
        let stage = PROPOSAL.stage(&self.case.stage).map_or(&[][..], |stage| stage.waits_for);
        stage.iter().map(|who| (*who).to_owned()).collect()
    }

    /// Its urgent approval, unless something ended that.
    pub fn urgent_now(&self) -> Option<&Urgent> {
        self.urgent.as_ref().filter(|urgent| urgent.ended.is_none())
    }
}

impl Guarded for Proposal {
    fn resource(&self) -> Resource {
        let lacking = self.deciding.lacking();
        Resource::new(PROPOSAL.id, self.case.id)
            .with("id", self.case.id)
            .with("stage", self.case.stage.clone())
            .with("submitted", self.submitted())
            .with("made_by", self.case.made_by)
            .maybe("owner", self.case.owner)
            .maybe("entered_by", self.entered_by)
            .set("waits_for", self.awaited())
            .set("deciders", self.deciding.deciders())
            .set("lacking", lacking)
            .set("decided_by", self.deciding.people())
            .maybe("managed_by", self.manager)
            .maybe("lead", self.standing.lead)
            .set("above", &self.standing.above)
            .set("submitted_by", &self.hands.submitted)
            .set("assessed_by", &self.hands.assessed)
            .set("recommended_by", &self.hands.recommended)
            .maybe("urgent_by", self.urgent_now().map(|urgent| urgent.by))
            .maybe("urgent_for", self.urgent_now().and_then(|urgent| urgent.given_for))
            .set("urgent_roles", self.urgent_roles.clone())
            .set("urgent_ratifiers", self.urgent_now().map(|urgent| urgent.ratifiers.clone()).unwrap_or_default())
            .set("urgent_hands", &self.hands.urgent)
    }
}
