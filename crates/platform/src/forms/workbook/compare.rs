//! Holds a workbook that came back against the answers that stand: what would change, and what is wrong, by sheet and cell.

use std::collections::{BTreeMap, BTreeSet};

use rules::form::{Answers, Form, Question, QuestionType, Section};
use serde_json::Value;

use super::open::{Book, Sheet};
use super::slots::{Slot, slots};
use super::{CONTROL, FIRST_ENTRY, Origin, answers_sheet, cell_name, group_sheets};
use crate::error::{Error, Result};
use crate::forms::{Choices, names};
use crate::t;
use crate::texts::Text;

/// Something wrong in a workbook. Nothing of it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The sheet.
    pub sheet: String,
    /// The cell, such as `G12`; empty for the sheet as a whole.
    pub cell: String,
    /// The question, as far as it is known.
    pub question: Option<String>,
    /// What to do.
    pub text: Text,
}

/// An answer that would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// The section.
    pub section: String,
    /// The answer's place: `sites.2.address.town`; entries count from 0.
    pub path: String,
    /// The question in words.
    pub label: String,
    /// What stands; empty where nothing does.
    pub before: Vec<String>,
    /// What the workbook says.
    pub after: Vec<String>,
    /// The answer is sealed.
    pub sensitive: bool,
    /// Somebody answered this on the page since the workbook was taken out.
    pub meanwhile: bool,
    /// The question is not asked as the other answers are; what is said is kept in case it will be.
    pub not_asked: bool,
}

/// A cell that was emptied. The answer stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emptied {
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// The question in words.
    pub label: String,
}

/// What a workbook would do.
#[derive(Debug, Default)]
pub struct Brought {
    /// What is wrong, in the order of sheets and cells.
    pub problems: Vec<Problem>,
    /// What would change, in the form's order.
    pub changes: Vec<Change>,
    /// What was emptied, and stays as it is.
    pub emptied: Vec<Emptied>,
    /// The fields to post, section by section in the form's order; what is wrong is not among them.
    pub fields: Vec<(String, Vec<(String, String)>)>,
}

/// A cell that somebody filled in.
struct Filled<'f> {
    section: &'f Section,
    question: &'f Question,
    /// The group around it, and the number of the entry from 0; new entries count on from those that stand.
    entry: Option<(&'f Question, usize)>,
    slot: Slot<'f>,
    sheet: String,
    cell: String,
    strings: Vec<String>,
    path: String,
    before: Vec<String>,
    meanwhile: bool,
}

/// Fields to post, and for each group which entry each row of the post is.
type Posted = (Vec<(String, String)>, BTreeMap<String, Vec<usize>>);

impl Filled<'_> {
    fn sensitive(&self) -> bool {
        self.question.sensitive || self.entry.is_some_and(|(group, _)| group.sensitive)
    }

    fn label(&self) -> String {
        match self.entry {
            Some((group, n)) => {
                let item = group.item.as_deref().unwrap_or(&group.label);
                t!("answering-entry", item = item, number = n + 1, question = self.slot.label())
            }
            None => self.slot.label(),
        }
    }
}

/// Compares a workbook with the answers that stand.
///
/// # Errors
/// [`Error::Invalid`] at `file` when it is of another form, edition or case.
pub fn compare(origin: &Origin, form: &Form, book: &Book, standing: &Answers, choices: &Choices) -> Result<Brought> {
    let said = of_this_form(origin, form, book)?;
    let mut reader = Reader { form, book, standing, choices, said, found: Brought::default(), filled: Vec::new() };
    reader.questions();
    for (group, name) in group_sheets(form) {
        reader.group(group, &name);
    }
    Ok(reader.judged())
}

/// What the control sheet says the cells said, once it is sure that the workbook is of this case's form.
fn of_this_form(origin: &Origin, form: &Form, book: &Book) -> Result<BTreeMap<String, String>> {
    let control = book.sheets.get(CONTROL).ok_or_else(|| Error::field("file", Text::new("workbook-not-ours")))?;
    let named = |name: &str| {
        let row = (0..12).find(|row| control.text(*row, 0).as_deref() == Some(name))?;
        control.text(row, 1)
    };
    let wrong = |id: &'static str| Error::field("file", Text::new(id).with("called", named("called").unwrap_or_default()));
    if named("form").as_deref() != Some(form.form.as_str()) || named("pack").as_deref() != Some(origin.pack.as_str()) {
        return Err(wrong("workbook-other-form"));
    }
    if named("edition").as_deref() != Some(origin.edition.as_str()) {
        let (theirs, ours) = (named("edition").unwrap_or_default(), &origin.edition);
        return Err(Error::field("file", Text::new("workbook-other-edition").with("theirs", theirs).with("ours", ours)));
    }
    if named("case") != Some(origin.case.to_string()) {
        return Err(wrong("workbook-other-case"));
    }
    let rows = (0..=control.last_row()).filter(|row| control.text(*row, 0).as_deref() == Some("said"));
    Ok(rows.filter_map(|row| Some((control.text(row, 1)?, control.text(row, 2).unwrap_or_default()))).collect())
}

struct Reader<'f> {
    form: &'f Form,
    book: &'f Book,
    standing: &'f Answers,
    choices: &'f Choices,
    said: BTreeMap<String, String>,
    found: Brought,
    filled: Vec<Filled<'f>>,
}

impl<'f> Reader<'f> {
    fn problem(&mut self, sheet: &str, at: Option<(u32, u32)>, question: Option<String>, text: Text) {
        let cell = at.map_or_else(String::new, |(row, column)| cell_name(row, column));
        self.found.problems.push(Problem { sheet: sheet.to_owned(), cell, question, text });
    }

    /// A sheet by name; its absence is a problem, and so are cells that are joined where answers stand.
    fn sheet(&mut self, name: &str, first_row: u32) -> Option<&'f Sheet> {
        let Some(sheet) = self.book.sheets.get(name) else {
            self.problem(name, None, None, Text::new("workbook-sheet-missing").with("sheet", name));
            return None;
        };
        for ((top, left), (bottom, right)) in &sheet.merged {
            if *bottom >= first_row {
                let range = format!("{}:{}", cell_name(*top, *left), cell_name(*bottom, *right));
                self.problem(name, Some((*top, *left)), None, Text::new("workbook-merged").with("range", range));
            }
        }
        Some(sheet)
    }

    fn joined(sheet: &Sheet, at: (u32, u32)) -> bool {
        sheet.merged.iter().any(|((top, left), (bottom, right))| (*top..=*bottom).contains(&at.0) && (*left..=*right).contains(&at.1))
    }

    fn places(&self) -> BTreeMap<String, (&'f Section, &'f Question, Slot<'f>)> {
        let mut places = BTreeMap::new();
        for section in &self.form.sections {
            for question in &section.questions {
                places.extend(slots(question).into_iter().map(|slot| (slot.key(), (section, question, slot))));
            }
        }
        places
    }

    /// The sheet of questions.
    fn questions(&mut self) {
        let name = answers_sheet();
        let Some(sheet) = self.sheet(&name, 1) else { return };
        let column = |head: &str| (0..100).find(|at| sheet.text(0, *at).is_some_and(|text| text == crate::texts::t(head)));
        let (Some(id_at), Some(answer_at)) = (column("workbook-id"), column("workbook-answer")) else {
            let text = Text::new("workbook-heads-missing").with("id", t!("workbook-id")).with("answer", t!("workbook-answer"));
            return self.problem(&name, Some((0, 0)), None, text);
        };
        let places = self.places();
        let mut seen = BTreeSet::new();
        for row in 1..=sheet.last_row() {
            let filled = sheet.cells.contains_key(&(row, answer_at));
            match sheet.text(row, id_at) {
                None if filled => self.problem(&name, Some((row, id_at)), None, Text::new("workbook-no-id")),
                None => {}
                Some(id) => match places.get(&id) {
                    _ if !filled && !places.contains_key(&id) => {}
                    None => {
                        let shown: String = id.chars().take(60).collect();
                        self.problem(&name, Some((row, id_at)), None, Text::new("workbook-unknown-id").with("id", shown));
                    }
                    Some((_, question, _)) if !seen.insert(id.clone()) => {
                        let text = Text::new("workbook-id-twice").with("id", &id);
                        self.problem(&name, Some((row, id_at)), Some(question.label.clone()), text);
                    }
                    Some((section, question, slot)) => {
                        let answer = self.standing.get(&question.id);
                        self.cell(sheet, &name, (row, answer_at), (section, question, *slot), None, answer);
                    }
                },
            }
        }
    }

    /// The sheet of a group.
    fn group(&mut self, group: &'f Question, name: &str) {
        let Some(section) = self.form.sections.iter().find(|s| s.questions.iter().any(|q| q.id == group.id)) else { return };
        let Some(sheet) = self.sheet(name, FIRST_ENTRY) else { return };
        let asked: BTreeMap<String, (&Question, Slot<'_>)> =
            group.questions.iter().flat_map(|q| slots(q).into_iter().map(move |slot| (slot.key(), (q, slot)))).collect();
        let mut columns = Vec::new();
        for at in 1..1_000 {
            let Some(id) = sheet.text(0, at) else { continue };
            let found = asked.get(&id);
            if found.is_some() && columns.iter().any(|(_, (_, slot)): &(u32, (&Question, Slot<'_>))| slot.key() == id) {
                self.problem(name, Some((0, at)), None, Text::new("workbook-id-twice").with("id", &id));
            } else if let Some(found) = found {
                columns.push((at, *found));
            } else if sheet.cells.keys().any(|(row, column)| *row >= FIRST_ENTRY && *column == at) {
                let shown: String = id.chars().take(60).collect();
                self.problem(name, Some((0, at)), None, Text::new("workbook-unknown-id").with("id", shown));
            }
        }
        for ((row, at), _) in sheet.cells.range((FIRST_ENTRY, 1)..) {
            if *at > 0 && sheet.text(0, *at).is_none() {
                self.problem(name, Some((*row, *at)), None, Text::new("workbook-no-id"));
            }
        }
        let entries = self.standing.get(&group.id).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let then = self.said.get(&format!("{}#", group.id)).and_then(|n| n.parse::<usize>().ok());
        let (mut new, mut seen, before) = (entries.len(), BTreeSet::new(), self.filled.len());
        for row in FIRST_ENTRY..=sheet.last_row() {
            if columns.iter().all(|(at, _)| !sheet.cells.contains_key(&(row, *at))) {
                continue;
            }
            let n = match sheet.text(row, 0) {
                None if sheet.cells.contains_key(&(row, 0)) => {
                    self.problem(name, Some((row, 0)), None, Text::new("workbook-entry-number"));
                    continue;
                }
                None => {
                    new += 1;
                    new - 1
                }
                Some(number) => match number.parse::<usize>().ok().filter(|n| (1..=then.unwrap_or(0)).contains(n)) {
                    Some(n) if seen.insert(n) => n - 1,
                    _ => {
                        self.problem(name, Some((row, 0)), None, Text::new("workbook-entry-number"));
                        continue;
                    }
                },
            };
            for (at, (question, slot)) in &columns {
                let answer = entries.get(n).and_then(|entry| entry.get(&question.id));
                self.cell(sheet, name, (row, *at), (section, question, *slot), Some((group, n)), answer);
            }
        }
        // Entries have no id: where one was added or taken out on the page, nobody can say which one a row means.
        if self.filled.len() > before && then != Some(entries.len()) {
            for filled in self.filled.split_off(before) {
                let text = Text::new("workbook-entries-moved");
                let question = Some(filled.label());
                self.found.problems.push(Problem { sheet: filled.sheet, cell: filled.cell, question, text });
            }
        }
    }

    /// One cell that may hold an answer.
    fn cell(
        &mut self,
        sheet: &Sheet,
        name: &str,
        at: (u32, u32),
        (section, question, slot): (&'f Section, &'f Question, Slot<'f>),
        entry: Option<(&'f Question, usize)>,
        answer: Option<&Value>,
    ) {
        let path = entry.map_or_else(|| slot.key(), |(group, n)| format!("{}.{n}.{}", group.id, slot.key()));
        let said = self.said.get(&path).cloned();
        let mut filled = Filled {
            section,
            question,
            entry,
            slot,
            sheet: name.to_owned(),
            cell: cell_name(at.0, at.1),
            strings: Vec::new(),
            path,
            before: slot.canonical(answer),
            meanwhile: false,
        };
        let label = filled.label();
        let Some(cell) = sheet.cells.get(&at) else {
            if said.is_some() && !filled.before.is_empty() && !Self::joined(sheet, at) {
                self.found.emptied.push(Emptied { sheet: filled.sheet, cell: filled.cell, label });
            }
            return;
        };
        if cell.formula {
            return self.problem(name, Some(at), Some(label), Text::new("workbook-formula"));
        }
        if Self::joined(sheet, at) {
            // Told of once, for all the cells that are joined.
            return;
        }
        let Some(given) = &cell.given else { return };
        match slot.read(given, self.choices) {
            Err(text) => self.problem(name, Some(at), Some(label), text),
            Ok(strings) if strings.is_empty() || Some(strings.join("\n")) == said || strings == filled.before => {}
            Ok(strings) => {
                // What is sealed was never told to the workbook.
                filled.meanwhile = !filled.sensitive() && filled.before.join("\n") != said.unwrap_or_default();
                filled.strings = strings;
                self.filled.push(filled);
            }
        }
    }

    /// Checks what was filled in as a post of the page is checked, without regard to what is asked at present; what is wrong is left out.
    fn judged(mut self) -> Brought {
        let form = self.form.unconditional();
        let mut bad: BTreeSet<usize> = BTreeSet::new();
        let mut wrong: Vec<(usize, Text)> = Vec::new();
        for section in &self.form.sections {
            let mine: Vec<usize> = (0..self.filled.len()).filter(|at| self.filled[*at].section.id == section.id).collect();
            loop {
                let left: Vec<usize> = mine.iter().copied().filter(|at| !bad.contains(at)).collect();
                if left.is_empty() {
                    break;
                }
                let (fields, rows) = self.fields(section, &left);
                let (_, faults) = form.from_fields(&section.id, &fields, self.standing, self.choices);
                let mut again = false;
                let lonely = left.iter().filter(|at| self.lonely_currency(**at, &left)).map(|at| (*at, None));
                let told = faults.iter().flat_map(|fault| {
                    let path = unfolded(&fault.path, &rows);
                    let hit: Vec<usize> = left.iter().copied().filter(|at| self.meets(*at, &path)).collect();
                    hit.into_iter().map(move |at| (at, Some(names::text(&fault.message))))
                });
                let mut once: BTreeSet<String> = BTreeSet::new();
                for (at, text) in lonely.chain(told).collect::<Vec<_>>() {
                    again |= bad.insert(at);
                    let text = text.unwrap_or_else(|| Text::new("forms-enter-amount").with("label", &self.filled[at].question.label));
                    if once.insert(format!("{at} {text:?}")) {
                        wrong.push((at, text));
                    }
                }
                if !again {
                    self.found.fields.push((section.id.clone(), fields));
                    break;
                }
            }
        }
        for (at, text) in wrong {
            let filled = &self.filled[at];
            let problem = Problem { sheet: filled.sheet.clone(), cell: filled.cell.clone(), question: Some(filled.label()), text };
            self.found.problems.push(problem);
        }
        self.changes(&bad);
        self.found
    }

    /// A currency without an amount says nothing, and would be lost without a word.
    fn lonely_currency(&self, at: usize, left: &[usize]) -> bool {
        let filled = &self.filled[at];
        if filled.question.kind != QuestionType::Money || filled.slot.part.is_none_or(|part| part.name != "currency") {
            return false;
        }
        let amount = filled.path.replace(".currency", ".amount");
        filled.before.is_empty() && left.iter().all(|other| self.filled[*other].path != amount)
    }

    /// Whether a fault at `path` is about a filled cell: about it, a part of it, or the whole that it is part of.
    fn meets(&self, at: usize, path: &str) -> bool {
        let own = &self.filled[at].path;
        let within = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if !within(own, path) && !within(path, own) {
            return false;
        }
        // A fault of a whole group is about what was added to it.
        match self.filled[at].entry {
            Some((group, n)) if path == group.id => n >= self.standing.get(&group.id).and_then(Value::as_array).map_or(0, Vec::len),
            _ => true,
        }
    }

    /// The fields that post these cells over what stands, and for each group which entry each row of the post is.
    fn fields(&self, section: &Section, left: &[usize]) -> Posted {
        let (mut fields, mut rows) = (Vec::new(), BTreeMap::new());
        for question in &section.questions {
            let mine: Vec<&Filled<'_>> = left
                .iter()
                .map(|at| &self.filled[*at])
                .filter(|f| f.entry.map_or_else(|| f.question.id == question.id, |(group, _)| group.id == question.id))
                .collect();
            if mine.is_empty() {
                continue;
            }
            if question.kind != QuestionType::Group {
                fields.extend(laid_over(question, &format!("q.{}", question.id), self.standing.get(&question.id), &mine));
                continue;
            }
            let entries = self.standing.get(&question.id).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let numbers: BTreeSet<usize> = (0..entries.len()).chain(mine.iter().filter_map(|f| f.entry.map(|(_, n)| n))).collect();
            let mut kept = Vec::new();
            for n in numbers {
                let before = fields.len();
                for inner in &question.questions {
                    let over: Vec<&Filled<'_>> =
                        mine.iter().copied().filter(|f| f.question.id == inner.id && f.entry.is_some_and(|(_, m)| m == n)).collect();
                    // Entries count from 1 in the names of fields.
                    let name = format!("q.{}.{}.{}", question.id, n + 1, inner.id);
                    fields.extend(laid_over(inner, &name, entries.get(n).and_then(|entry| entry.get(&inner.id)), &over));
                }
                if fields.len() > before {
                    kept.push(n);
                }
            }
            rows.insert(question.id.clone(), kept);
        }
        (fields, rows)
    }

    fn changes(&mut self, bad: &BTreeSet<usize>) {
        let mut after = self.standing.clone();
        for (section, fields) in &self.found.fields {
            let (patch, _) = self.form.from_fields(section, fields, &after, self.choices);
            after.apply(&patch);
        }
        let seen = self.form.visible(&after);
        let order: BTreeMap<&str, usize> = self.form.sections.iter().enumerate().map(|(n, s)| (s.id.as_str(), n)).collect();
        let mut changes: Vec<(usize, Change)> = Vec::new();
        for (at, filled) in self.filled.iter().enumerate().filter(|(at, _)| !bad.contains(at)) {
            let _ = at;
            let path = filled.entry.map_or_else(|| filled.question.id.clone(), |(g, n)| format!("{}.{n}.{}", g.id, filled.question.id));
            let change = Change {
                sheet: filled.sheet.clone(),
                cell: filled.cell.clone(),
                section: filled.section.id.clone(),
                path: filled.path.clone(),
                label: filled.label(),
                before: filled.slot.words(&filled.before, self.choices),
                after: filled.slot.words(&filled.strings, self.choices),
                sensitive: filled.sensitive(),
                meanwhile: filled.meanwhile,
                not_asked: seen.question(&path).is_false(),
            };
            changes.push((order.get(filled.section.id.as_str()).copied().unwrap_or(usize::MAX), change));
        }
        changes.sort_by_key(|(section, _)| *section);
        self.found.changes = changes.into_iter().map(|(_, change)| change).collect();
    }
}

/// The fields of an answer with these cells laid over it.
fn laid_over(question: &Question, name: &str, standing: Option<&Value>, over: &[&Filled<'_>]) -> Vec<(String, String)> {
    let mut fields = standing.map(|answer| question.fields(name, answer)).unwrap_or_default();
    for filled in over {
        let own = filled.slot.part.map_or_else(|| name.to_owned(), |part| format!("{name}.{}", part.name));
        let below = format!("{own}.");
        fields.retain(|(field, _)| *field != own && !field.starts_with(&below));
        fields.extend(filled.strings.iter().map(|text| (own.clone(), text.clone())));
    }
    fields
}

/// A path of the post as the path of the answers that stand: entries without anything in them are not in a post.
fn unfolded(path: &str, rows: &BTreeMap<String, Vec<usize>>) -> String {
    let mut parts = path.splitn(3, '.');
    let (first, second, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let known = rows.get(first).zip(second.and_then(|n| n.parse::<usize>().ok())).and_then(|(rows, n)| rows.get(n));
    match (known, rest) {
        (Some(n), Some(rest)) => format!("{first}.{n}.{rest}"),
        (Some(n), None) => format!("{first}.{n}"),
        _ => path.to_owned(),
    }
}
