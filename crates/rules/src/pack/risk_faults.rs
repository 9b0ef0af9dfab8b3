//! Finds the faults of meaning in a risk method: scales, matrix, factors, paths, outcomes.

use super::{
    model::{Named, Pack},
    report::Report,
    risk_model::{PathFactors, RiskMethod},
};
use crate::form::Form;

impl Report<'_> {
    pub(super) fn risk_method(&mut self, pack: &Pack, index: usize, method: &RiskMethod) {
        let path = format!("risk_methods.{index}");
        self.source(&path, &method.source);
        let forms: Vec<&Form> = match &method.form {
            Some(name) => {
                self.known(&format!("{path}.form"), "form", name, pack.forms.keys().map(String::as_str), "forms/");
                pack.forms.get(name).into_iter().collect()
            }
            None => pack.forms.values().collect(),
        };
        self.scales(&path, method);
        self.ids(&format!("{path}.factors"), method.factors.iter().map(|factor| factor.id.as_str()));
        for (at, factor) in method.factors.iter().enumerate() {
            let path = format!("{path}.factors.{at}");
            self.source(&path, &factor.source);
            for (ask, id) in factor.asks.iter().enumerate().filter(|(_, id)| forms.iter().all(|form| form.question(id).is_none())) {
                self.fault(
                    &format!("{path}.asks.{ask}"),
                    format!("There is no question `{id}`"),
                    "Correct the id, or add the question to the form.",
                );
            }
        }
        self.paths(&path, method, forms);
        for (at, rating) in method.ratings.iter().enumerate() {
            let count = method.outcomes.iter().filter(|outcome| outcome.rating == rating.id).count();
            if count != 1 {
                let path = format!("{path}.ratings.{at}");
                self.fault(&path, format!("The rating `{}` has {count} outcomes", rating.id), "Give each rating one entry in `outcomes`.");
            }
        }
        for (at, outcome) in method.outcomes.iter().enumerate() {
            let path = format!("{path}.outcomes.{at}");
            self.known(&format!("{path}.rating"), "rating", &outcome.rating, ids(&method.ratings), "ratings");
            let levels = pack.decision_levels.iter().map(|level| level.id.as_str());
            self.known(&format!("{path}.level"), "decision level", &outcome.level, levels, "decision_levels");
            for (set, id) in outcome.controls.iter().enumerate() {
                let sets = pack.control_sets.iter().map(|set| set.id.as_str());
                self.known(&format!("{path}.controls.{set}"), "control set", id, sets, "control_sets");
            }
        }
    }

    fn scales(&mut self, path: &str, method: &RiskMethod) {
        for (name, scale) in [("likelihood", &method.likelihood), ("impact", &method.impact)] {
            let ascending = scale.iter().enumerate().all(|(index, level)| level.level as usize == index + 1);
            if scale.is_empty() || !ascending {
                self.fault(&format!("{path}.{name}"), "The levels do not ascend from 1", "Number them 1, 2, 3 and so on.");
            }
        }
        self.ids(&format!("{path}.ratings"), ids(&method.ratings));
        if method.matrix.len() != method.likelihood.len() {
            let problem = format!("The matrix has {} rows for {} levels of likelihood", method.matrix.len(), method.likelihood.len());
            self.fault(&format!("{path}.matrix"), problem, "Give it one row a likelihood level.");
        }
        let rank = |id: &str| method.ratings.iter().position(|rating| rating.id == id);
        for (row, cells) in method.matrix.iter().enumerate() {
            let path = format!("{path}.matrix.{row}");
            if cells.len() != method.impact.len() {
                let problem = format!("The row has {} ratings for {} levels of impact", cells.len(), method.impact.len());
                self.fault(&path, problem, "Give it one rating an impact level.");
            }
            for (column, id) in cells.iter().enumerate() {
                let path = format!("{path}.{column}");
                self.known(&path, "rating", id, ids(&method.ratings), "ratings");
                let left = column.checked_sub(1).and_then(|left| cells.get(left));
                let above = row.checked_sub(1).and_then(|above| method.matrix.get(above)?.get(column));
                if [left, above].into_iter().flatten().any(|lesser| rank(lesser) > rank(id)) {
                    self.fault(
                        &path,
                        format!("The rating falls to `{id}` where the risk rises"),
                        "Let ratings rise with likelihood and impact.",
                    );
                }
            }
        }
    }

    fn paths(&mut self, path: &str, method: &RiskMethod, forms: Vec<&Form>) {
        self.ids(&format!("{path}.paths"), method.paths.iter().map(|way| way.id.as_str()));
        if method.paths.is_empty() {
            self.fault(&format!("{path}.paths"), "The method has no path", "Add one without a condition.");
        }
        for (at, way) in method.paths.iter().enumerate() {
            let path = format!("{path}.paths.{at}");
            let last = at + 1 == method.paths.len();
            self.source(&path, &way.source);
            match &way.when {
                Some(_) if last => {
                    self.fault(&format!("{path}.when"), "The last path has a condition", "Leave it out, so that one path always holds.");
                }
                Some(when) => self.answers_condition(&format!("{path}.when"), when, forms.clone()),
                None if last => {}
                None => self.fault(&path, "Only the last path may have no condition", "Add `when`, or put the path last."),
            }
            if let PathFactors::Some(factors) = &way.factors {
                if factors.is_empty() {
                    self.fault(&format!("{path}.factors"), "The path judges nothing", "Name at least one factor.");
                }
                for (factor, id) in factors.iter().enumerate() {
                    let known = method.factors.iter().map(|factor| factor.id.as_str());
                    self.known(&format!("{path}.factors.{factor}"), "factor", id, known, "factors");
                }
            }
        }
    }
}

fn ids(list: &[Named]) -> impl Iterator<Item = &str> {
    list.iter().map(|named| named.id.as_str())
}
