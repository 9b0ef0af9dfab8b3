//! Stages and steps as tables. One [`Kind`] draws the line on the page, offers the buttons, guards the change and writes its diagram into
//! the docs, so none of them can say something else.

use std::fmt::Write as _;

use crate::clock::{DAY, Millis};
use crate::error::{Blocker, Error, FieldErrors, Result};
use crate::texts::{self, Text};
use crate::ui::Tone;

use super::store::Case;

/// A kind of case: its stages in the order of the line, and the steps between them.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The code, in snake case: also the kind of the resource that policies know.
    pub id: &'static str,
    /// What its references begin with: `OFF`.
    pub prefix: &'static str,
    /// The stages; the first is where every case begins.
    pub stages: &'static [StageDef],
    /// The steps.
    pub steps: &'static [StepDef],
}

/// A stage: where a case stands.
#[derive(Debug, Clone, Copy)]
pub struct StageDef {
    /// The code. Its name is the message `stage-<kind>-<id>`, what happens next `stage-<kind>-<id>-next`.
    pub id: &'static str,
    /// Who must act: role codes, or [`SUPPLIER`] for the side that submitted. Nobody once it is closed.
    pub waits_for: &'static [&'static str],
    /// Whether the case ends here.
    pub closed: bool,
    /// Its colour.
    pub tone: Tone,
    /// Whether the line of stages shows it even when the case is elsewhere.
    pub on_line: bool,
    /// Days within which it should be left; ours, not a policy's.
    pub days: Option<i64>,
}

/// A step: what moves a case.
#[derive(Debug, Clone, Copy)]
pub struct StepDef {
    /// The code. Its name is the message `step-<kind>-<id>`.
    pub id: &'static str,
    /// The action that policies know: `proposal.submit`.
    pub action: &'static str,
    /// The stages that it leaves.
    pub from: &'static [&'static str],
    /// The stage that it leads to.
    pub to: &'static str,
    /// Other stages to which it leads where the feature finds so.
    pub or: &'static [&'static str],
    /// Whether the actor must say why.
    pub needs_reason: bool,
    /// Whether it asks for a fresh sign-in; the policy refuses without one.
    pub fresh: bool,
}

/// In [`StageDef::waits_for`]: the supplier's side.
pub const SUPPLIER: &str = "supplier";

/// For whom something waits, by name: a role code, or [`SUPPLIER`].
pub fn waits_for_says(who: &str) -> String {
    texts::t(&format!("waits-for-{}", dashed(who)))
}

/// What a step is taken with.
#[derive(Debug, Clone, Default)]
pub struct Taking {
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// What the feature found to prevent it.
    pub blockers: Vec<Blocker>,
    /// A due date that the actor set instead of the stage's own.
    pub due: Option<Millis>,
    /// One of the step's other stages, where the feature found that it leads there.
    pub to: Option<&'static str>,
}

impl Taking {
    /// For this reason.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..Self::default() }
    }

    /// Unless one of these prevents it.
    #[must_use]
    pub fn unless(mut self, blockers: Vec<Blocker>) -> Self {
        self.blockers = blockers;
        self
    }
}

impl Kind {
    /// The stage with this code.
    ///
    /// # Errors
    /// [`Error::Internal`] when the table has none.
    pub fn stage(&self, id: &str) -> Result<&'static StageDef> {
        self.stages.iter().find(|s| s.id == id).ok_or_else(|| Error::internal(format!("{} has no stage {id}", self.id)))
    }

    /// The step with this code.
    ///
    /// # Errors
    /// [`Error::Internal`] when the table has none.
    pub fn step(&self, id: &str) -> Result<&'static StepDef> {
        self.steps.iter().find(|s| s.id == id).ok_or_else(|| Error::internal(format!("{} has no step {id}", self.id)))
    }

    /// The stage where a case begins.
    ///
    /// # Errors
    /// [`Error::Internal`] when the table is empty.
    pub fn first(&self) -> Result<&'static StageDef> {
        self.stages.first().ok_or_else(|| Error::internal(format!("{} has no stages", self.id)))
    }

    /// The steps that leave `stage`, in the order of the table.
    pub fn steps(&self, stage: &str) -> impl Iterator<Item = &'static StepDef> + use<'_> {
        let stage = stage.to_owned();
        self.steps.iter().filter(move |step| step.from.contains(&stage.as_str()))
    }

    /// Where `step` leads from `stage`; none when it does not leave it.
    pub fn next(&self, stage: &str, step: &str) -> Option<&'static StageDef> {
        let step = self.steps(stage).find(|s| s.id == step)?;
        self.stages.iter().find(|s| s.id == step.to)
    }

    /// The codes of the stages that wait for `who`: a role code or [`SUPPLIER`].
    pub fn waiting_for(&self, who: &str) -> Vec<&'static str> {
        self.stages.iter().filter(|s| s.waits_for.contains(&who)).map(|s| s.id).collect()
    }

    /// The codes of the stages that are not closed.
    pub fn open_stages(&self) -> Vec<&'static str> {
        self.stages.iter().filter(|s| !s.closed).map(|s| s.id).collect()
    }

    /// The case after `step`, at the instant `now`; its version is still the one that guards the update.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the step does not leave the case's stage, [`Error::Invalid`] when the reason is lacking,
    /// [`Error::Blocked`] with every blocker.
    pub fn take(&self, case: &Case, step: &'static str, with: &Taking, now: Millis) -> Result<Case> {
        let def = self.step(step)?;
        if !def.from.contains(&case.stage.as_str()) {
            return Err(Error::Conflict(
                Text::new("case-step-not-now").with("step", self.step_name(step)).with("stage", self.stage_name(&case.stage)),
            ));
        }
        if def.needs_reason && with.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            let mut errors = FieldErrors::default();
            errors.add("reason", Text::new("case-reason-missing"));
            return Err(Error::Invalid(errors));
        }
        if !with.blockers.is_empty() {
            return Err(Error::Blocked(with.blockers.clone()));
        }
        let to = with.to.unwrap_or(def.to);
        if to != def.to && !def.or.contains(&to) {
            return Err(Error::internal(format!("the step {step} does not lead to {to}")));
        }
        let to = self.stage(to)?;
        Ok(Case {
            stage: to.id.to_owned(),
            moved_at: now,
            due: if to.closed { None } else { with.due.or_else(|| to.days.map(|days| now + days * DAY)) },
            closed_at: to.closed.then_some(now),
            owner: None,
            ..case.clone()
        })
    }

    /// The name of a stage.
    pub fn stage_name(&self, id: &str) -> String {
        texts::t(&format!("stage-{}-{}", dashed(self.id), dashed(id)))
    }

    /// What happens next at a stage, in a sentence for both sides.
    pub fn stage_next(&self, id: &str) -> String {
        texts::t(&format!("stage-{}-{}-next", dashed(self.id), dashed(id)))
    }

    /// The name of a step, as its button says it.
    pub fn step_name(&self, id: &str) -> String {
        texts::t(&format!("step-{}-{}", dashed(self.id), dashed(id)))
    }

    /// The stages to draw for a case at `stage`, and the number of its own.
    pub fn line(&self, stage: &str) -> (Vec<&'static StageDef>, usize) {
        let shown: Vec<_> = self.stages.iter().filter(|s| s.on_line || s.id == stage).collect();
        let at = shown.iter().position(|s| s.id == stage).unwrap_or(0);
        (shown, at)
    }

    /// The whole table as a text for the docs: every stage, who has it, and where each step leads.
    pub fn diagram(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "## {} ({}-YYYY-NNNNNN)\n\n```text", self.id, self.prefix);
        for stage in self.stages {
            let who = if stage.closed { "closed".to_owned() } else { format!("waits for {}", stage.waits_for.join(", ")) };
            let _ = writeln!(out, "{} [{who}]", stage.id);
            for step in self.steps(stage.id) {
                let mut marks = Vec::new();
                if step.needs_reason {
                    marks.push("reason");
                }
                if step.fresh {
                    marks.push("fresh sign-in");
                }
                let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
                let to = std::iter::once(&step.to).chain(step.or).copied().collect::<Vec<_>>().join(" or ");
                let _ = writeln!(out, "  +-- {:<16} -> {to}{marks}", step.id);
            }
        }
        out.push_str("```\n");
        out
    }

    /// What is wrong with the table, in sentences; empty when it is sound. A test of each feature asks.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let known = |id: &str| self.stages.iter().any(|s| s.id == id);
        for (n, stage) in self.stages.iter().enumerate() {
            if self.stages[..n].iter().any(|s| s.id == stage.id) {
                faults.push(format!("the stage {} stands twice", stage.id));
            }
            if stage.closed != stage.waits_for.is_empty() {
                faults.push(format!("{} must wait for somebody exactly while it is open", stage.id));
            }
            if !stage.closed && self.steps(stage.id).count() == 0 {
                faults.push(format!("{} must have steps while it is open", stage.id));
            }
            // What is over is taken up again for a reason alone.
            if stage.closed && self.steps(stage.id).any(|step| !step.needs_reason) {
                faults.push(format!("{} is over, and a step leaves it without a reason", stage.id));
            }
            if n > 0 && !self.steps.iter().any(|s| s.to == stage.id || s.or.contains(&stage.id)) {
                faults.push(format!("nothing leads to {}", stage.id));
            }
        }
        for (n, step) in self.steps.iter().enumerate() {
            if self.steps[..n].iter().any(|s| s.id == step.id) {
                faults.push(format!("the step {} stands twice", step.id));
            }
            for stage in step.from.iter().chain([&step.to]).chain(step.or) {
                if !known(stage) {
                    faults.push(format!("the step {} names no stage: {stage}", step.id));
                }
            }
            if !step.action.starts_with(&format!("{}.", self.id)) {
                faults.push(format!("the step {} has another kind's action: {}", step.id, step.action));
            }
        }
        let texts = self
            .stages
            .iter()
            .flat_map(|s| {
                [format!("stage-{}-{}", dashed(self.id), dashed(s.id)), format!("stage-{}-{}-next", dashed(self.id), dashed(s.id))]
            })
            .chain(self.steps.iter().map(|s| format!("step-{}-{}", dashed(self.id), dashed(s.id))))
            .chain(self.stages.iter().flat_map(|s| s.waits_for.iter().map(|w| format!("waits-for-{}", dashed(w)))));
        faults.extend(texts.filter(|id| !texts::has(id)).map(|id| format!("the catalogue lacks {id}")));
        faults
    }
}

fn dashed(id: &str) -> String {
    id.replace('_', "-")
}
