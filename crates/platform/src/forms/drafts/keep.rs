//! What of a post is kept.

use super::{Answers, FieldErrors, Mode, Patch, Posting, Question, Value, names};
use rules::form::{PartKind, QuestionType};

/// A post as read.
pub(super) struct Read {
    /// All answers of the case with what was typed.
    pub(super) typed: Answers,
    /// The same, texts far too long cut off: still too long, so that nobody takes them for whole.
    pub(super) kept: Answers,
    pub(super) errors: FieldErrors,
    /// Nothing was cut or turned away.
    pub(super) whole: bool,
}

/// Reads the post over the answers that stand.
pub(super) fn read(posting: &Posting<'_>, standing: &Answers) -> Read {
    let pairs = translated(posting.fields.pairs());
    let (mut patch, faults) = posting.form.from_fields(posting.section, &pairs, standing, posting.choices);
    let unknown = faults.iter().any(|fault| fault.message.id == "forms-unknown-question");
    let mut again = None;
    for (name, kept) in &pairs {
        // Of two versions, theirs was chosen: what stands is left.
        if let Some(question) = name.strip_prefix("keep.").filter(|_| kept == "theirs") {
            patch.0.remove(question);
            again = Some(());
        }
    }
    let mut typed = standing.clone();
    typed.apply(&patch);
    let errors = match again {
        None => names::errors(&faults),
        Some(()) => names::errors(&posting.form.check_section(posting.section, &typed, Mode::Draft, posting.choices)),
    };
    let mut cut = false;
    let questions = posting.form.section(posting.section).map_or(&[][..], |section| &section.questions);
    let short: Patch = Patch(
        patch
            .0
            .into_iter()
            .map(|(id, mut value)| {
                if let Some(question) = questions.iter().find(|question| question.id == id) {
                    shorten(question, &mut value, &mut cut);
                }
                (id, value)
            })
            .collect(),
    );
    let mut kept = standing.clone();
    kept.apply(&short);
    Read { typed, kept, errors, whole: !cut && !unknown }
}

/// Cuts texts to twice their limit.
fn shorten(question: &Question, value: &mut Value, cut: &mut bool) {
    match value {
        Value::Array(items) if question.kind == QuestionType::Group => {
            for entry in items {
                for inner in &question.questions {
                    if let Some(value) = entry.get_mut(&inner.id) {
                        shorten(inner, value, cut);
                    }
                }
            }
        }
        Value::Object(map) => {
            for part in question.parts() {
                let limit = match part.kind {
                    PartKind::Line(limit) | PartKind::Lines(limit) => limit,
                    _ => 254,
                };
                if let Some(Value::String(text)) = map.get_mut(part.name) {
                    cut_to(text, limit, cut);
                }
            }
        }
        Value::String(text) => cut_to(text, question.text_limit(), cut),
        _ => {}
    }
}

fn cut_to(text: &mut String, limit: u32, cut: &mut bool) {
    if let Some((at, _)) = text.char_indices().nth(limit as usize * 2) {
        text.truncate(at);
        *cut = true;
    }
}

/// The buttons of repeating groups (`remove=sites.2`) in the names that `rules::form` reads. "Add" changes no answer: it is only
/// about what is drawn next.
fn translated(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| match name.as_str() {
            "remove" => (format!("q.{value}.remove"), "1".to_owned()),
            _ => (name.clone(), value.clone()),
        })
        .collect()
}

/// How many entries the group whose button was pressed shall have on the next page.
pub(super) fn entries(posting: &Posting<'_>) -> Option<(String, usize)> {
    let fields = posting.fields;
    let pressed = fields.some("add").or_else(|| fields.some("remove")?.split('.').next())?;
    let section = posting.form.section(posting.section)?;
    let group = section.questions.iter().find(|q| q.id == pressed && q.kind == QuestionType::Group)?;
    let start = format!("q.{pressed}.");
    let numbers: std::collections::BTreeSet<&str> =
        fields.pairs().iter().filter_map(|(name, _)| name.strip_prefix(&start)?.split('.').next()).collect();
    let count = if fields.has("add") { numbers.len() + 1 } else { numbers.len().saturating_sub(1) };
    Some((group.id.clone(), count.min(group.item_limit() as usize)))
}
