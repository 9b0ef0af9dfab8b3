//! Finds the faults of meaning in a form: ids used twice, keys that do not suit a type, dangling and circular conditions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::report::Report;
use crate::{
    condition::{Condition, NOT_KNOWN, date},
    form::{Form, Question, QuestionType, Refuse, Section},
};

/// How long a protective marking may be, in characters: it stands in the subjects of messages.
const MARKING_LENGTH: usize = 80;

/// A question with where it stands.
#[derive(Clone, Copy)]
struct Asked<'a> {
    section: &'a Section,
    group: Option<&'a Question>,
    question: &'a Question,
}

pub(super) fn find(report: &mut Report<'_>, name: &str, form: &Form) {
    report.id("form", &form.form);
    if form.form != name {
        report.fault(
            "form",
            format!("The form `{}` lies in the file `{name}.yaml`", form.form),
            "Give the file the form's id as its name.",
        );
    }
    let unfit = |text: &String| text.trim().is_empty() || text.chars().count() > MARKING_LENGTH || text.contains(char::is_control);
    if form.marking.as_ref().is_some_and(unfit) {
        report.fault("marking", "The marking is not a line of words", format!("Write a line of at most {MARKING_LENGTH} characters."));
    }
    if form.source.is_empty() {
        report.source("", &form.source);
    } else {
        report.source_ids("", &form.source);
    }
    report.ids("sections", form.sections.iter().map(|section| section.id.as_str()));
    if form.sections.is_empty() {
        report.fault("sections", "The form has no sections", "Add one.");
    }
    let mut seen = BTreeMap::new();
    for (index, section) in form.sections.iter().enumerate() {
        let path = format!("sections.{index}");
        report.source_ids(&path, &section.source);
        if section.questions.is_empty() {
            report.fault(&path, format!("The section `{}` asks nothing", section.id), "Add a question, or take the section out.");
        }
        for (at, question) in section.questions.iter().enumerate() {
            let path = format!("{path}.questions.{at}");
            check(report, &path, section, None, question, &mut seen);
            for (at, inner) in question.questions.iter().enumerate() {
                check(report, &format!("{path}.questions.{at}"), section, Some(question), inner, &mut seen);
            }
        }
    }
    for (s, section) in form.sections.iter().enumerate() {
        named_beside(report, &format!("sections.{s}"), &section.questions);
        for (q, question) in section.questions.iter().enumerate() {
            named_beside(report, &format!("sections.{s}.questions.{q}"), &question.questions);
        }
    }
    conditions(report, form, &seen);
}

/// What `at_least` names stands beside it and is of the same type.
fn named_beside(report: &mut Report<'_>, path: &str, questions: &[Question]) {
    for (at, question) in questions.iter().enumerate() {
        let Some(other) = &question.at_least else { continue };
        if !questions.iter().any(|q| q.id == *other && q.id != question.id && q.kind == question.kind) {
            let problem = format!("There is no question `{other}` of this type beside it");
            report.fault(&format!("{path}.questions.{at}.at_least"), problem, "Name a question of the same section or group and type.");
        }
    }
}

fn check<'a>(
    report: &mut Report<'_>,
    path: &str,
    section: &'a Section,
    group: Option<&'a Question>,
    question: &'a Question,
    seen: &mut BTreeMap<&'a str, Asked<'a>>,
) {
    report.id(&format!("{path}.id"), &question.id);
    report.source_ids(path, &question.source);
    if seen.insert(&question.id, Asked { section, group, question }).is_some() {
        let problem = format!("The question id `{}` is used twice", question.id);
        report.fault(&format!("{path}.id"), problem, "Give each question of the form an id of its own, in groups too.");
    }
    if group.is_some() && question.must.is_some() {
        report.fault(&format!("{path}.must"), "`must` stands inside a group", "Put it at the group, or at a question of the section.");
    }
    if group.is_some() && question.kind == QuestionType::Group {
        report.fault(path, "A group stands inside a group", "Put its questions into the outer group, or the group beside it.");
    }
    shape(report, path, question);
    bounds(report, path, question);
}

/// Which keys suit which types.
fn shape(report: &mut Report<'_>, path: &str, question: &Question) {
    use QuestionType as T;
    let kind = question.kind;
    let is = |kinds: &[T]| kinds.contains(&kind);
    let choice = is(&[T::Choice, T::Choices]);
    let group = kind == T::Group;
    let several = is(&[T::Choices, T::Countries]);
    let measured = is(&[T::Number, T::Money, T::Date, T::Moment]);
    let misplaced = [
        ("options", !question.options.is_empty() && !choice),
        ("max_length", question.max_length.is_some() && !is(&[T::Text, T::LongText, T::System])),
        ("integer", question.integer && kind != T::Number),
        ("allow_unknown", question.allow_unknown && kind != T::YesNo),
        ("min", question.min.is_some() && !measured),
        ("max", question.max.is_some() && !measured),
        ("item", question.item.is_some() && !group),
        ("min_items", question.min_items.is_some() && !group && !several),
        ("max_items", question.max_items.is_some() && !group && !several),
        ("max_words", question.max_words.is_some() && !is(&[T::Text, T::LongText])),
        ("formats", !question.formats.is_empty() && kind != T::File),
        ("max_mib", question.max_mib.is_some() && kind != T::File),
        ("at_least", question.at_least.is_some() && !measured),
        ("questions", !question.questions.is_empty() && !group),
        ("country", question.country.is_some() && kind != T::Site),
    ];
    for (key, _) in misplaced.into_iter().filter(|(_, wrong)| *wrong) {
        report.fault(
            &format!("{path}.{key}"),
            format!("`{key}` does not go with this type of question"),
            "Take it out, or correct the type.",
        );
    }
    if choice && question.options.is_empty() {
        report.fault(path, format!("The choice `{}` has no options", question.id), "Add `options`.");
    }
    report.ids(&format!("{path}.options"), question.options.iter().map(|option| option.id.as_str()));
    if group && question.questions.is_empty() {
        report.fault(path, format!("The group `{}` asks nothing", question.id), "Add `questions`.");
    }
    if question.refuse == Some(Refuse::HomeAddress) && !is(&[T::Address, T::Text, T::LongText, T::YesNo]) {
        report.fault(
            &format!("{path}.refuse"),
            "No home address can be told in this type",
            "Use it on an address, a text, or a yes-or-no question.",
        );
    }
    for (key, zero) in [("max_words", question.max_words == Some(0)), ("max_mib", question.max_mib == Some(0))] {
        if zero {
            report.fault(&format!("{path}.{key}"), "No answer fits", "Make it 1 or more.");
        }
    }
    for (index, ending) in question.formats.iter().enumerate() {
        if ending.is_empty() || !ending.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            let at = format!("{path}.formats.{index}");
            report.fault(
                &at,
                format!("`{ending}` is not the ending of a file's name"),
                "Write it in small letters without a dot: pdf, odt.",
            );
        }
    }
    if question.max_length == Some(0) {
        report.fault(&format!("{path}.max_length"), "No answer fits", "Make it 1 or more.");
    }
    if question.min_items.unwrap_or(0) > question.item_limit() || question.item_limit() == 0 {
        report.fault(
            path,
            format!("The group `{}` allows no number of entries", question.id),
            "Make `max_items` at least `min_items`, and 1 or more.",
        );
    }
}

fn bounds(report: &mut Report<'_>, path: &str, question: &Question) {
    for (key, bound) in [("min", &question.min), ("max", &question.max)] {
        let Some(bound) = bound else { continue };
        let fits = match question.kind {
            QuestionType::Date | QuestionType::Moment => date(bound).is_some(),
            QuestionType::Money => bound.is_i64(),
            _ => bound.is_number(),
        };
        if !fits {
            report.fault(
                &format!("{path}.{key}"),
                "The bound does not fit the type",
                "Use a number, whole minor units of money, or a date like 2026-11-22.",
            );
        }
    }
    let crossed = match (&question.min, &question.max) {
        (Some(min), Some(max)) => match (min.as_f64(), max.as_f64()) {
            (Some(min), Some(max)) => min > max,
            _ => date(min).zip(date(max)).is_some_and(|(min, max)| min > max),
        },
        _ => false,
    };
    if crossed {
        report.fault(&format!("{path}.min"), "The least is greater than the greatest", "Swap or correct `min` and `max`.");
    }
}

/// Whether a value can be an answer to a question at all.
pub(super) fn fits(report: &mut Report<'_>, path: &str, question: &Question, value: Option<&Value>) {
    use QuestionType as T;
    let Some(value) = value else { return };
    let compare = path.ends_with(".compare");
    let good = match question.kind {
        T::YesNo => !compare && (value.is_boolean() || (question.allow_unknown && value == NOT_KNOWN)),
        T::Choice | T::Choices => !compare && question.options.iter().any(|option| value == option.id.as_str()),
        T::Number | T::Money => value.is_number(),
        T::Date => date(value).is_some(),
        T::Country | T::Countries | T::Text | T::LongText | T::System | T::Party | T::Site => !compare && value.is_string(),
        T::Period | T::Moment | T::Address | T::Contact | T::File | T::Group => false,
    };
    if !good {
        let shown = value.to_string().chars().take(60).collect::<String>();
        let problem = format!("`{}` never has the value {shown}", question.id);
        report.fault(
            path,
            problem,
            "Use one of its options, true or false, a number or a date, as its type asks; `compare` takes numbers, money and dates.",
        );
    }
}

type Conditions<'a> = Vec<(String, &'a Condition, Option<&'a str>)>;

/// Every condition of a form with its path and the group around it.
fn all(form: &Form) -> Conditions<'_> {
    let mut found = Vec::new();
    for (s, section) in form.sections.iter().enumerate() {
        if let Some(when) = &section.when {
            found.push((format!("sections.{s}.when"), when, None));
        }
        for (q, question) in section.questions.iter().enumerate() {
            let path = format!("sections.{s}.questions.{q}");
            if let Some(when) = &question.when {
                found.push((format!("{path}.when"), when, None));
            }
            for (i, inner) in question.questions.iter().enumerate() {
                if let Some(when) = &inner.when {
                    found.push((format!("{path}.questions.{i}.when"), when, Some(question.id.as_str())));
                }
            }
        }
    }
    found
}

/// What must hold reads answers as conditions do, its own too.
fn musts(form: &Form) -> Conditions<'_> {
    let mut found = Vec::new();
    for (s, section) in form.sections.iter().enumerate() {
        for (q, question) in section.questions.iter().enumerate() {
            if let Some(must) = &question.must {
                found.push((format!("sections.{s}.questions.{q}.must.condition"), &must.condition, None));
            }
        }
    }
    found
}

fn conditions(report: &mut Report<'_>, form: &Form, seen: &BTreeMap<&str, Asked<'_>>) {
    for (path, when, inside) in all(form).into_iter().chain(musts(form)) {
        report.leaves(&path, when, &mut |report, path, id, value| {
            let Some(asked) = seen.get(id) else {
                return report.fault(path, format!("There is no question `{id}`"), "Correct the id, or add the question to the form.");
            };
            let outside = asked.group.is_some_and(|group| inside != Some(group.id.as_str()));
            let several = matches!(asked.question.kind, QuestionType::Choices | QuestionType::Countries);
            if path.ends_with(".equals") && (outside || several) {
                report.fault(path, format!("`{id}` may have several answers"), "Use `includes`.");
            }
            fits(report, path, asked.question, value);
        });
    }
    for (index, section) in form.sections.iter().enumerate() {
        for (at, question) in section.questions.iter().enumerate() {
            let path = format!("sections.{index}.questions.{at}");
            circular(report, &path, question, seen);
            beside(report, &path, question, &section.questions);
            for (at, inner) in question.questions.iter().enumerate() {
                let path = format!("{path}.questions.{at}");
                circular(report, &path, inner, seen);
                beside(report, &path, inner, &question.questions);
            }
        }
    }
}

/// Reports a site whose country is not asked beside it.
fn beside(report: &mut Report<'_>, path: &str, question: &Question, others: &[Question]) {
    let Some(id) = &question.country else { return };
    if !others.iter().any(|other| other.id == *id && other.kind == QuestionType::Country) {
        let problem = format!("No question `{id}` asks for a country beside `{}`", question.id);
        report.fault(&format!("{path}.country"), problem, "Name a question of type country in the same section or group.");
    }
}

/// Reports a question whose being asked depends on its own answer.
fn circular(report: &mut Report<'_>, path: &str, question: &Question, seen: &BTreeMap<&str, Asked<'_>>) {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = needs(&question.id, seen);
    while let Some(id) = open.pop() {
        if id == question.id {
            let problem = format!("Whether `{id}` is asked depends on its own answer");
            let advice = "Break the circle of conditions, those of sections and groups included.";
            return report.fault(&nearest_condition(path, id, seen), problem, advice);
        }
        if reached.insert(id) {
            open.extend(needs(id, seen));
        }
    }
}

/// The path of the condition nearest to a question: its own, its group's, or its section's.
fn nearest_condition(path: &str, id: &str, seen: &BTreeMap<&str, Asked<'_>>) -> String {
    let steps = |count: usize| path.split('.').take(count).chain(["when"]).collect::<Vec<_>>().join(".");
    match seen.get(id) {
        Some(asked) if asked.question.when.is_some() => format!("{path}.when"),
        Some(asked) if asked.group.is_some_and(|group| group.when.is_some()) => steps(4),
        _ => steps(2),
    }
}

/// The questions whose answers decide whether this one is asked.
fn needs<'a>(id: &str, seen: &BTreeMap<&'a str, Asked<'a>>) -> Vec<&'a str> {
    let Some(asked) = seen.get(id) else {
        return Vec::new();
    };
    let group = asked.group.and_then(|group| group.when.as_ref());
    let conditions = [asked.section.when.as_ref(), group, asked.question.when.as_ref()];
    conditions.into_iter().flatten().flat_map(Condition::questions).collect()
}
