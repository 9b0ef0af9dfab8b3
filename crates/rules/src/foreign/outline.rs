//! Headings within headings, as sections one after the other: each heading that asks something is a section of its own.

use crate::condition::Condition;
use crate::form::{Question, Section};

use super::text::{Names, joined, plain};

/// A heading with what stands below it.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The id that it has there, if it has one.
    pub(super) id: Option<String>,
    pub(super) title: String,
    /// What is said below the heading.
    pub(super) help: Vec<String>,
    /// When it is shown.
    pub(super) when: Option<Condition>,
    pub(super) questions: Vec<Question>,
    pub(super) below: Vec<Outline>,
}

/// Several conditions as one.
pub(super) fn both(a: Option<Condition>, b: Option<Condition>) -> Option<Condition> {
    match (a, b) {
        (Some(Condition::All(mut all)), Some(Condition::All(more))) => {
            all.extend(more);
            Some(Condition::All(all))
        }
        (Some(Condition::All(mut all)), Some(one)) => {
            all.push(one);
            Some(Condition::All(all))
        }
        (Some(a), Some(b)) => Some(Condition::All(vec![a, b])),
        (a, b) => a.or(b),
    }
}

impl Outline {
    /// The sections, in order. What headings without questions say goes on to the section after.
    pub(super) fn sections(self, names: &mut Names) -> Vec<Section> {
        let (mut found, mut said) = (Vec::new(), Vec::new());
        let (help, when) = (self.help.clone(), self.when.clone());
        said.extend(help);
        let root = Self { help: Vec::new(), ..self };
        if root.questions.is_empty() {
            for below in root.below {
                below.lay(None, when.as_ref(), names, &mut said, &mut found);
            }
        } else {
            root.lay(None, None, names, &mut said, &mut found);
        }
        // What is said last belongs to what stood before it.
        if let Some(last) = found.last_mut().filter(|_| !said.is_empty()) {
            last.help = joined([last.help.take(), Some(said.join("\n\n"))]);
        }
        found
    }

    /// Whether anything is asked under it.
    fn asks(&self) -> bool {
        !self.questions.is_empty() || self.below.iter().any(Self::asks)
    }

    fn lay(self, above: Option<&str>, around: Option<&Condition>, names: &mut Names, said: &mut Vec<String>, found: &mut Vec<Section>) {
        let when = both(around.cloned(), self.when.clone());
        let title = plain(&self.title).replace('\n', " ");
        let whole = above.map_or_else(|| title.clone(), |above| format!("{above}: {title}"));
        // A heading under which nothing is asked heads no section: it is said.
        if !self.asks() && !title.is_empty() && !self.help.first().is_some_and(|help| help.starts_with(&title)) {
            said.push(title.clone());
        }
        said.extend(self.help);
        if !self.questions.is_empty() {
            let help = std::mem::take(said);
            found.push(Section {
                id: names.give(self.id.as_deref().unwrap_or(&title)),
                title: if title.is_empty() { "Questions".to_owned() } else { whole.clone() },
                help: joined([Some(help.join("\n\n"))]),
                when: when.clone(),
                source: Vec::new(),
                questions: self.questions,
            });
        }
        let whole = Some(whole).filter(|text| !text.is_empty());
        for below in self.below {
            below.lay(whole.as_deref(), when.as_ref(), names, said, found);
        }
    }
}
