//! The risk method of a pack: which path is judged, what the judgements amount to, and what that asks of an approval (OFF-10).

use serde::{Deserialize, Serialize};

use crate::{
    form::{Answers, FieldErrors, Form},
    message::Message,
    pack::{ControlSet, Factor, Interval, Pack, PathFactors, RiskMethod, RiskPath},
    reason::Reason,
    truth::Truth,
};

/// A factor with its ratings before and after controls, each as its place from 0 and its id.
type Rated<'a> = (&'a Factor, (usize, &'a str), (usize, &'a str));

/// A risk method over one set of answers.
#[derive(Clone, Copy, Debug)]
pub struct Risk<'a> {
    pack: &'a Pack,
    method: &'a RiskMethod,
    form: &'a Form,
    answers: &'a Answers,
}

/// Which path is judged, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathChoice<'a> {
    /// The path.
    pub path: &'a RiskPath,
    /// Whether its condition holds, or is taken as holding because it is not known.
    pub certain: bool,
    /// Why, for the record.
    pub reason: Reason,
}

/// A likelihood and an impact, each a level of its scale from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Level of likelihood.
    pub likelihood: u32,
    /// Level of impact.
    pub impact: u32,
}

/// What an assessor says of one factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// The factor's id.
    pub factor: String,
    /// Before controls.
    pub inherent: Point,
    /// With the controls in place.
    pub residual: Point,
    /// Ids of the pack's controls that make the difference.
    #[serde(default)]
    pub controls: Vec<String>,
    /// Other controls, in the assessor's words.
    #[serde(default)]
    pub other_controls: Vec<String>,
}

/// One factor's ratings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactorRating {
    /// The factor's id.
    pub factor: String,
    /// Rating id before controls.
    pub inherent: String,
    /// Rating id with controls.
    pub residual: String,
}

/// What the judgements amount to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The path's id.
    pub path: String,
    /// Factor by factor, in the method's order.
    pub factors: Vec<FactorRating>,
    /// The highest rating before controls.
    pub inherent: String,
    /// The highest rating with controls.
    pub residual: String,
    /// How long an approval may run before it is reviewed.
    pub review: Interval,
    /// The decision level's id.
    pub level: String,
    /// Ids of the control sets that the approval demands.
    pub control_sets: Vec<String>,
    /// Why, factor by factor for those that set the residual rating, then set by set.
    pub because: Vec<Reason>,
}

impl<'a> Risk<'a> {
    /// The method of a pack by id; nothing if the pack lacks it or its form.
    pub fn new(pack: &'a Pack, method: &str, answers: &'a Answers) -> Option<Self> {
        let method = pack.risk_methods.iter().find(|known| known.id == method)?;
        let form = if let Some(form) = &method.form {
            pack.forms.get(form)?
        } else {
            let asks = |form: &&Form| method.factors.iter().flat_map(|factor| &factor.asks).any(|id| form.question(id).is_some());
            pack.forms.values().find(asks).or_else(|| pack.forms.values().next())?
        };
        Some(Self { pack, method, form, answers })
    }

    /// The method itself.
    pub fn method(&self) -> &'a RiskMethod {
        self.method
    }

    /// Chooses the path: the first whose condition holds. If an earlier one judges more and its condition is not known, that
    /// one, for caution. Nothing only for a method without paths, which no loaded pack has.
    pub fn choose_path(&self) -> Option<PathChoice<'a>> {
        let mut unknown: Option<&'a RiskPath> = None;
        for path in &self.method.paths {
            let truth = path.when.as_ref().map_or(Truth::True, |when| self.form.truth(when, self.answers));
            match truth {
                Truth::False => {}
                Truth::Unknown => {
                    if unknown.is_none_or(|other| self.breadth(path) > self.breadth(other)) {
                        unknown = Some(path);
                    }
                }
                Truth::True => {
                    let cautious = unknown.filter(|other| self.breadth(other) > self.breadth(path));
                    return Some(cautious.map_or_else(|| chosen(path), |path| self.cautious(path)));
                }
            }
        }
        unknown.map(|path| self.cautious(path))
    }

    fn cautious(&self, path: &'a RiskPath) -> PathChoice<'a> {
        let questions = path.when.iter().flat_map(crate::condition::Condition::questions);
        let missing = questions.filter(|id| self.form.unanswered(id, self.answers)).map(str::to_owned).collect();
        let message = Message::new("risk-path-caution").with("path", &path.title).with("reason", &path.reason);
        PathChoice { path, certain: false, reason: Reason { message, source: path.source.clone(), missing } }
    }

    fn breadth(&self, path: &RiskPath) -> usize {
        match &path.factors {
            PathFactors::All => self.method.factors.len(),
            PathFactors::Some(ids) => ids.len(),
        }
    }

    /// The factors that a path judges, in the method's order.
    pub fn factors(&self, path: &RiskPath) -> Vec<&'a Factor> {
        let judged = |factor: &&Factor| match &path.factors {
            PathFactors::All => true,
            PathFactors::Some(ids) => ids.contains(&factor.id),
        };
        self.method.factors.iter().filter(judged).collect()
    }

    /// The rating at a point of the matrix, as its place from 0 and its id; nothing off the scales.
    pub fn rating(&self, point: Point) -> Option<(usize, &'a str)> {
        let row = usize::try_from(point.likelihood.checked_sub(1)?).ok()?;
        let column = usize::try_from(point.impact.checked_sub(1)?).ok()?;
        let id = self.method.matrix.get(row)?.get(column)?;
        self.method.ratings.iter().position(|rating| rating.id == *id).map(|rank| (rank, id.as_str()))
    }

    /// Judges a path.
    ///
    /// # Errors
    /// By path (`sensitivity.residual`): a factor of the path not judged, judged twice or not of the path; a level off the scale; a residual
    /// likelihood or impact above the inherent one; an unknown control; a risk said to fall without naming a control.
    pub fn assess(&self, path: &RiskPath, judgements: &[Judgement]) -> Result<Assessment, FieldErrors> {
        let factors = self.factors(path);
        let mut errors = FieldErrors::default();
        for (index, judgement) in judgements.iter().enumerate() {
            let id = &judgement.factor;
            match factors.iter().find(|factor| factor.id == *id) {
                None => errors.push("factor", Message::new("risk-not-of-path").with("factor", short(id))),
                Some(factor) if judgements[..index].iter().any(|other| other.factor == *id) => {
                    errors.push(id, Message::new("risk-judged-twice").with("factor", &factor.title));
                }
                Some(factor) => self.check(factor, judgement, &mut errors),
            }
        }
        let mut rated = Vec::new();
        for factor in factors {
            let found = judgements.iter().find(|judgement| judgement.factor == factor.id);
            let Some(judgement) = found else {
                errors.push_missing(&factor.id, Message::new("risk-not-judged").with("factor", &factor.title));
                continue;
            };
            if let (Some(inherent), Some(residual)) = (self.rating(judgement.inherent), self.rating(judgement.residual)) {
                rated.push((factor, inherent, residual));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        self.conclude(path, &rated).ok_or_else(|| {
            let mut errors = FieldErrors::default();
            errors.push("", Message::new("risk-no-outcome"));
            errors
        })
    }

    fn check(&self, factor: &Factor, judgement: &Judgement, errors: &mut FieldErrors) {
        let says = |id| Message::new(id).with("factor", &factor.title);
        let (before, after) = (judgement.inherent, judgement.residual);
        let mut on_scale = true;
        for (name, point) in [("inherent", before), ("residual", after)] {
            if self.rating(point).is_none() {
                on_scale = false;
                errors.push(&format!("{}.{name}", factor.id), says("risk-off-scale"));
            }
        }
        if on_scale && (after.likelihood > before.likelihood || after.impact > before.impact) {
            errors.push(&format!("{}.residual", factor.id), says("risk-residual-above"));
        }
        let known = |id: &String| self.pack.control_sets.iter().flat_map(|set| &set.controls).any(|control| control.id == *id);
        for id in judgement.controls.iter().filter(|id| !known(id)) {
            errors.push(&format!("{}.controls", factor.id), says("risk-unknown-control").with("control", short(id)));
        }
        let named = !judgement.controls.is_empty() || judgement.other_controls.iter().any(|words| !words.trim().is_empty());
        if on_scale && before != after && !named {
            errors.push_missing(&format!("{}.controls", factor.id), says("risk-no-control"));
        }
    }

    fn conclude(&self, path: &RiskPath, rated: &[Rated<'_>]) -> Option<Assessment> {
        let inherent = rated.iter().map(|(_, inherent, _)| *inherent).max_by_key(|(rank, _)| *rank)?;
        let residual = rated.iter().map(|(_, _, residual)| *residual).max_by_key(|(rank, _)| *rank)?;
        let outcome = self.method.outcomes.iter().find(|outcome| outcome.rating == residual.1)?;
        let title = self.method.ratings.get(residual.0).map_or("", |rating| rating.title.as_str());
        let mut because: Vec<Reason> = rated
            .iter()
            .filter(|(_, _, (rank, _))| *rank == residual.0)
            .map(|(factor, _, _)| Reason {
                message: Message::new("risk-highest").with("factor", &factor.title).with("rating", title),
                source: factor.source.clone(),
                missing: Vec::new(),
            })
            .collect();
        let mut control_sets = Vec::new();
        for set in self.pack.control_sets.iter().filter(|set| outcome.controls.contains(&set.id)) {
            let Some(reason) = self.demand(set, title) else {
                continue;
            };
            because.push(reason);
            control_sets.push(set.id.clone());
        }
        let factors = rated.iter().map(|(factor, inherent, residual)| FactorRating {
            factor: factor.id.clone(),
            inherent: inherent.1.to_owned(),
            residual: residual.1.to_owned(),
        });
        Some(Assessment {
            path: path.id.clone(),
            factors: factors.collect(),
            inherent: inherent.1.to_owned(),
            residual: residual.1.to_owned(),
            review: outcome.review,
            level: outcome.level.clone(),
            control_sets,
            because,
        })
    }

    /// Why a set is demanded; nothing if its condition is known not to hold.
    fn demand(&self, set: &ControlSet, rating: &str) -> Option<Reason> {
        let truth = set.when.as_ref().map_or(Truth::True, |when| self.form.truth(when, self.answers));
        let id = match truth {
            Truth::False => return None,
            Truth::Unknown => "risk-set-caution",
            Truth::True => "risk-set",
        };
        let questions = set.when.iter().flat_map(crate::condition::Condition::questions);
        let missing = questions.filter(|id| truth.is_unknown() && self.form.unanswered(id, self.answers)).map(str::to_owned).collect();
        let mut source: Vec<String> = set.controls.iter().flat_map(|control| control.source.clone()).collect();
        source.sort();
        source.dedup();
        Some(Reason { message: Message::new(id).with("set", &set.title).with("rating", rating), source, missing })
    }
}

fn chosen(path: &RiskPath) -> PathChoice<'_> {
    let message = Message::new("risk-path").with("path", &path.title).with("reason", &path.reason);
    PathChoice { path, certain: true, reason: Reason { message, source: path.source.clone(), missing: Vec::new() } }
}

fn short(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests;
