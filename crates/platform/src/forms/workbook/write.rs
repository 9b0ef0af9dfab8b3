//! Writes a form with its answers as a workbook.

use rules::form::{Answers, Form, Part, Question, QuestionType};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format as Style, FormatAlign, Formula, ProtectionOptions,
    Workbook, Worksheet, XlsxError,
};
use serde_json::Value;

use super::slots::{Holds, Shown, Slot, slots};
use super::{CONTROL, FIRST_ENTRY, FORMAT, LISTS, Origin, answers_sheet, group_sheets};
use crate::error::{Error, Result};
use crate::forms::render::boxes::limits;
use crate::forms::{Choices, when};
use crate::t;

/// Rows for new entries on a group's sheet, at most.
const MORE_ENTRIES: u32 = 200;

/// Writes the workbook of a case's form.
///
/// # Errors
/// Never, for forms that a pack may hold.
pub fn write(origin: &Origin, form: &Form, answers: &Answers, choices: &Choices) -> Result<Vec<u8>> {
    Writer::new(origin, form, answers, choices).all().map_err(Error::internal)
}

struct Writer<'a> {
    origin: &'a Origin,
    form: &'a Form,
    answers: &'a Answers,
    choices: &'a Choices,
    book: Workbook,
    styles: Styles,
    /// Columns of the sheet of lists, each once.
    lists: Vec<Vec<String>>,
    /// What stands in the cells, by path.
    said: Vec<(String, String)>,
}

struct Styles {
    head: Style,
    plain: Style,
    soft: Style,
    open: Style,
    open_day: Style,
    open_text: Style,
}

impl Styles {
    fn new() -> Self {
        let wrapped = Style::new().set_text_wrap().set_align(FormatAlign::Top);
        let open = wrapped.clone().set_unlocked().set_background_color("FFF9E5").set_border(rust_xlsxwriter::FormatBorder::Thin);
        let open = open.set_border_color("B1B4B6");
        Self {
            head: wrapped.clone().set_bold().set_background_color("E8EDF2"),
            plain: wrapped.clone(),
            soft: wrapped.set_font_color("505A5F"),
            open_day: open.clone().set_num_format("yyyy-mm-dd"),
            // Else a spreadsheet makes a day of "1-2" and a number of "007".
            open_text: open.clone().set_num_format("@"),
            open,
        }
    }
}

fn column(at: usize) -> Result<u16, XlsxError> {
    u16::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

fn row(at: usize) -> Result<u32, XlsxError> {
    u32::try_from(at).map_err(|_| XlsxError::RowColumnLimitError)
}

impl<'a> Writer<'a> {
    fn new(origin: &'a Origin, form: &'a Form, answers: &'a Answers, choices: &'a Choices) -> Self {
        let (book, styles) = (Workbook::new(), Styles::new());
        Self { origin, form, answers, choices, book, styles, lists: Vec::new(), said: Vec::new() }
    }

    fn all(mut self) -> Result<Vec<u8>, XlsxError> {
        self.book.add_worksheet().set_name(t!("workbook-sheet-start"))?;
        self.start()?;
        let questions = self.questions()?;
        self.book.push_worksheet(questions);
        for (group, name) in group_sheets(self.form) {
            let sheet = self.group(group, &name)?;
            self.book.push_worksheet(sheet);
        }
        let mut lists = Worksheet::new();
        lists.set_name(LISTS)?.set_hidden(true);
        for (at, list) in self.lists.iter().enumerate() {
            for (line, text) in list.iter().enumerate() {
                lists.write_string(row(line)?, column(at)?, cut(text))?;
            }
        }
        self.book.push_worksheet(lists);
        let mut control = Worksheet::new();
        control.set_name(CONTROL)?.set_very_hidden(true);
        let origin = self.origin;
        let head = [
            (FORMAT, String::new()),
            ("pack", origin.pack.clone()),
            ("edition", origin.edition.clone()),
            ("form", self.form.form.clone()),
            ("case", origin.case.to_string()),
            ("called", origin.called.clone()),
        ];
        for (line, (name, value)) in head.iter().enumerate() {
            control.write_string(row(line)?, 0, *name)?.write_string(row(line)?, 1, cut(value))?;
        }
        for (line, (path, text)) in self.said.iter().enumerate() {
            let line = row(line + head.len())?;
            control.write_string(line, 0, "said")?.write_string(line, 1, path)?.write_string(line, 2, cut(text))?;
        }
        self.book.push_worksheet(control);
        self.book.save_to_buffer()
    }

    /// The first sheet: what this is and how to fill it in.
    fn start(&mut self) -> Result<(), XlsxError> {
        let (head, plain) = (self.styles.head.clone(), self.styles.plain.clone());
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_column_width(0, 100)?;
        let lines = [
            (self.form.title.clone(), true),
            (t!("workbook-start-of", case = &self.origin.called), false),
            (t!("workbook-start-fill"), false),
            (t!("workbook-start-groups"), false),
            (t!("workbook-start-empty"), false),
            (t!("workbook-start-formulas"), false),
            (t!("workbook-start-sealed"), false),
            (t!("workbook-start-files"), false),
            (t!("workbook-start-back"), false),
        ];
        for (line, (text, heading)) in lines.iter().enumerate() {
            sheet.write_string_with_format(row(line)?, 0, cut(text), if *heading { &head } else { &plain })?;
        }
        Ok(())
    }

    fn protect(sheet: &mut Worksheet) {
        sheet.protect_with_options(&ProtectionOptions {
            format_cells: true,
            format_columns: true,
            format_rows: true,
            use_autofilter: true,
            ..ProtectionOptions::default()
        });
    }

    /// The sheet of questions.
    fn questions(&mut self) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(answers_sheet())?.set_freeze_panes(1, 0)?;
        let heads = [
            ("workbook-section", 22),
            ("workbook-id", 24),
            ("workbook-question", 50),
            ("workbook-help", 40),
            ("workbook-kind", 24),
            ("workbook-allowed", 30),
            ("workbook-answer", 60),
            ("workbook-note", 30),
        ];
        for (at, (text, width)) in heads.iter().enumerate() {
            sheet.write_string_with_format(0, column(at)?, crate::texts::t(text), &self.styles.head)?;
            sheet.set_column_width(column(at)?, *width)?;
        }
        let groups: std::collections::BTreeMap<&str, String> =
            group_sheets(self.form).into_iter().map(|(group, name)| (group.id.as_str(), name)).collect();
        let mut line = 1_u32;
        for section in &self.form.sections {
            for question in &section.questions {
                if let Some(name) = groups.get(question.id.as_str()) {
                    let texts = [&section.title, &question.id, &question.label];
                    for (at, text) in texts.iter().enumerate() {
                        sheet.write_string_with_format(line, column(at)?, cut(text), &self.styles.plain)?;
                    }
                    sheet.write_string_with_format(line, 3, cut(&self.help(question, None)), &self.styles.soft)?;
                    sheet.write_string_with_format(line, 7, t!("workbook-see-sheet", sheet = name), &self.styles.soft)?;
                    line += 1;
                }
                for slot in slots(question) {
                    let texts = [section.title.clone(), slot.key(), slot.label(), self.help(question, slot.part)];
                    for (at, text) in texts.iter().enumerate() {
                        let style = if at == 3 { &self.styles.soft } else { &self.styles.plain };
                        sheet.write_string_with_format(line, column(at)?, cut(text), style)?;
                    }
                    sheet.write_string_with_format(line, 4, kind(slot), &self.styles.soft)?;
                    sheet.write_string_with_format(line, 5, cut(&allowed(slot, self.choices)), &self.styles.soft)?;
                    let note = self.answer(&mut sheet, (line, 6), slot, self.answers.get(&question.id), slot.key(), question.sensitive)?;
                    if let Some(note) = note {
                        sheet.write_string_with_format(line, 7, note, &self.styles.soft)?;
                    }
                    self.validate(&mut sheet, (line, 6), line, slot)?;
                    line += 1;
                }
            }
        }
        Self::protect(&mut sheet);
        Ok(sheet)
    }

    /// The sheet of a group: a row an entry.
    fn group(&mut self, group: &Question, name: &str) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_freeze_panes(FIRST_ENTRY, 1)?;
        sheet.set_column_width(0, 12)?;
        let item = group.item.as_deref().unwrap_or(&group.label);
        sheet.write_string_with_format(0, 0, t!("workbook-entry"), &self.styles.head)?;
        sheet.write_string_with_format(1, 0, cut(item), &self.styles.head)?;
        sheet.write_string_with_format(2, 0, t!("workbook-entry-help"), &self.styles.soft)?;
        let entries = self.answers.get(&group.id).and_then(Value::as_array).cloned().unwrap_or_default();
        let given = row(entries.len())?;
        let last = FIRST_ENTRY + given + group.item_limit().saturating_sub(given).min(MORE_ENTRIES);
        for (n, _) in entries.iter().enumerate() {
            sheet.write_number_with_format(FIRST_ENTRY + row(n)?, 0, row(n)? + 1, &self.styles.plain)?;
        }
        self.said.push((format!("{}#", group.id), entries.len().to_string()));
        let all: Vec<(&Question, Slot<'_>)> =
            group.questions.iter().flat_map(|q| slots(q).into_iter().map(move |slot| (q, slot))).collect();
        for (at, (question, slot)) in all.iter().enumerate() {
            let at = column(at + 1)?;
            sheet.set_column_width(at, 30)?;
            sheet.write_string_with_format(0, at, slot.key(), &self.styles.head)?;
            sheet.write_string_with_format(1, at, cut(&slot.label()), &self.styles.head)?;
            let help = [self.help(question, slot.part), kind(*slot), allowed(*slot, self.choices)];
            let help: Vec<String> = help.into_iter().filter(|text| !text.is_empty()).collect();
            sheet.write_string_with_format(2, at, cut(&help.join("\n")), &self.styles.soft)?;
            let sealed = group.sensitive || question.sensitive;
            for line in FIRST_ENTRY..last {
                let n = (line - FIRST_ENTRY) as usize;
                let answer = entries.get(n).and_then(|entry| entry.get(&question.id));
                let path = format!("{}.{n}.{}", group.id, slot.key());
                self.answer(&mut sheet, (line, at), *slot, answer, path, sealed)?;
            }
            if last > FIRST_ENTRY {
                self.validate(&mut sheet, (FIRST_ENTRY, at), last - 1, *slot)?;
            }
        }
        Self::protect(&mut sheet);
        Ok(sheet)
    }

    /// What helps answering: the hint, and when it is asked.
    fn help(&self, question: &Question, part: Option<&Part>) -> String {
        let mut parts: Vec<String> = question.hint.iter().cloned().collect();
        parts.extend(question.when.as_ref().map(|condition| t!("answering-when", condition = when::words(self.form, condition))));
        parts.extend(limits(question));
        if question.required && part.is_none_or(|part| part.required) {
            parts.push(t!("workbook-required"));
        }
        parts.join("\n")
    }

    /// Writes a cell that may be filled in; what to say beside it.
    fn answer(
        &mut self,
        sheet: &mut Worksheet,
        (line, at): (u32, u16),
        slot: Slot<'_>,
        answer: Option<&Value>,
        path: String,
        sealed: bool,
    ) -> Result<Option<String>, XlsxError> {
        let style = match slot.holds() {
            Holds::Date => &self.styles.open_day,
            Holds::Text(_) | Holds::Lines(_) | Holds::Time => &self.styles.open_text,
            _ => &self.styles.open,
        };
        let canonical = slot.canonical(answer);
        if sealed && !canonical.is_empty() {
            sheet.write_blank(line, at, style)?;
            return Ok(Some(t!("workbook-sealed")));
        }
        let mut note = None;
        match slot.shown(&canonical, self.choices) {
            Shown::Blank => drop(sheet.write_blank(line, at, style)?),
            Shown::Text(text) => drop(sheet.write_string_with_format(line, at, text, style)?),
            Shown::Number(number) => drop(sheet.write_number_with_format(line, at, number, style)?),
            Shown::Day(day) => {
                let part = |n: i8| u8::try_from(n).unwrap_or(1);
                let day = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), part(day.month()), part(day.day()))?;
                sheet.write_datetime_with_format(line, at, &day, style)?;
            }
            Shown::TooLong => {
                sheet.write_blank(line, at, style)?;
                note = Some(t!("workbook-too-long-for-cell"));
            }
        }
        if !canonical.is_empty() && note.is_none() {
            self.said.push((path, canonical.join("\n")));
        }
        if slot.question.kind == QuestionType::File && answer.is_some_and(|a| a.get(rules::form::UPLOADED).is_some()) {
            note = Some(t!("workbook-file-stays"));
        }
        Ok(note)
    }

    /// What the spreadsheet itself checks as one types. We check all of it again.
    fn validate(&mut self, sheet: &mut Worksheet, (first, at): (u32, u16), last: u32, slot: Slot<'_>) -> Result<(), XlsxError> {
        let question = slot.question;
        let bound = |value: &Option<Value>| value.as_ref().and_then(Value::as_f64);
        let rule = match slot.holds() {
            Holds::One => {
                let labels: Vec<String> = slot.offered(self.choices).into_iter().map(|(_, label)| label).collect();
                if labels.is_empty() {
                    return Ok(());
                }
                let list = self.lists.iter().position(|list| *list == labels).unwrap_or_else(|| {
                    self.lists.push(labels.clone());
                    self.lists.len() - 1
                });
                let name = super::cell_name(0, row(list)?);
                let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
                let range = format!("={LISTS}!${letters}$1:${letters}${}", labels.len());
                DataValidation::new().allow_list_formula(Formula::new(range))
            }
            Holds::Number => {
                let (min, max) = (bound(&question.min).unwrap_or(-1e15), bound(&question.max).unwrap_or(1e15));
                DataValidation::new().allow_decimal_number(DataValidationRule::Between(min, max))
            }
            Holds::Amount => DataValidation::new().allow_decimal_number(DataValidationRule::Between(-1e15, 1e15)),
            Holds::Date => {
                let from = ExcelDateTime::from_ymd(1900, 1, 1)?;
                DataValidation::new().allow_date(DataValidationRule::GreaterThanOrEqualTo(from))
            }
            Holds::Text(most) | Holds::Lines(most) => {
                let most = most.min(u32::try_from(super::CELL).unwrap_or(u32::MAX));
                DataValidation::new().allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
            }
            Holds::Several | Holds::Time => return Ok(()),
        };
        // A country may be typed as people write it, which we know and the list does not.
        let style = if slot.holds() == Holds::One { DataValidationErrorStyle::Warning } else { DataValidationErrorStyle::Stop };
        sheet.add_data_validation(first, at, last, at, &rule.set_error_style(style))?;
        Ok(())
    }
}

/// The kind of answer in words, with its limit.
fn kind(slot: Slot<'_>) -> String {
    match slot.holds() {
        Holds::Text(most) => t!("workbook-kind-text", most = most),
        Holds::Lines(most) => t!("workbook-kind-lines", most = most),
        Holds::Number if slot.question.integer => t!("workbook-kind-whole-number"),
        Holds::Number => t!("workbook-kind-number"),
        Holds::Amount => t!("workbook-kind-amount"),
        Holds::Date => t!("workbook-kind-date"),
        Holds::Time => t!("workbook-kind-time"),
        Holds::One => t!("workbook-kind-one"),
        Holds::Several => t!("workbook-kind-several"),
    }
}

/// What may be chosen, a line each; bounds of numbers and days.
fn allowed(slot: Slot<'_>, choices: &Choices) -> String {
    let question = slot.question;
    if matches!(slot.holds(), Holds::One | Holds::Several) {
        let offered = slot.offered(choices);
        if offered.len() > 60 {
            return t!("workbook-allowed-many", count = offered.len());
        }
        return offered.into_iter().map(|(_, label)| label).collect::<Vec<_>>().join("\n");
    }
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let bounds = match slot.holds() {
        Holds::Number | Holds::Date if slot.part.is_none() || question.kind == QuestionType::Moment => {
            (question.min.as_ref().map(plain), question.max.as_ref().map(plain))
        }
        _ => (None, None),
    };
    match bounds {
        (Some(min), Some(max)) => t!("workbook-between", min = min, max = max),
        (Some(min), None) => t!("workbook-least", min = min),
        (None, Some(max)) => t!("workbook-most", max = max),
        (None, None) => String::new(),
    }
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> String {
    text.chars().take(super::CELL / 2).collect()
}
