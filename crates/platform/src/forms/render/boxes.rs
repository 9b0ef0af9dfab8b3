//! The boxes of one question, by its type.

use std::collections::BTreeMap;

use maud::{Markup, html};
use rules::form::{Part, PartKind, Question, QuestionType, UPLOADED};

use super::{COUNTRIES, Sheet};
use crate::files::kind;
use crate::forms::{Pick, uploads};
use crate::ui::{self, Check, Choice, Field, Input, InputKind, Words};

/// More options than this become a list to search in.
const RADIOS: usize = 12;

/// One question about to be drawn.
pub(super) struct Boxes<'a> {
    pub(super) t: Words<'a>,
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) question: &'a Question,
    /// What stands in its boxes, by field name.
    pub(super) values: &'a BTreeMap<String, Vec<String>>,
    /// It is answered already, by a sealed answer that is kept unless another is given.
    pub(super) kept: bool,
}

/// Whether it must be answered before submission: a group also when it asks for entries.
pub(super) fn demanded(question: &Question) -> bool {
    question.required || question.min_items.is_some_and(|least| least > 0)
}

/// The hint, with its limits and what the reader must know about how the answer is stored.
pub(super) fn hint(question: &Question) -> Option<String> {
    let mut parts: Vec<String> = question.hint.iter().cloned().collect();
    parts.extend(limits(question));
    if question.sensitive {
        parts.push(crate::t!("answering-sensitive"));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The limits of an answer that people count themselves, in words.
pub(in crate::forms) fn limits(question: &Question) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(question.max_words.map(|most| crate::t!("answering-limit-words", most = most)));
    if matches!(question.kind, QuestionType::Choices | QuestionType::Countries) {
        found.extend(question.min_items.map(|least| crate::t!("answering-limit-least", least = least)));
        found.extend(question.max_items.map(|most| crate::t!("answering-limit-choices", most = most)));
    }
    if !question.formats.is_empty() {
        found.push(crate::t!("answering-limit-formats", formats = question.formats.join(", ")));
    }
    found.extend(question.max_mib.map(|mib| crate::t!("answering-limit-mib", mib = mib)));
    found
}

impl Boxes<'_> {
    fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.values.get(name).map(|values| values.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    pub(super) fn draw(&self, name: &str) -> Markup {
        use QuestionType as T;
        let question = self.question;
        let (mut hint, error) = (hint(question), self.sheet.error(name));
        if self.kept {
            let kept = crate::t!("answering-sealed-kept");
            hint = Some(hint.map_or_else(|| kept.clone(), |hint| format!("{hint} {kept}")));
        }
        let field = Field {
            name,
            label: &question.label,
            hint: hint.as_deref(),
            error: error.as_deref(),
            optional: !demanded(question),
            ..Field::default()
        };
        match question.kind {
            T::LongText => ui::textarea(self.t, &field, self.value(name), rows(question), Some(question.text_limit())),
            T::Text | T::System => self.line(&field, Input::default()),
            T::Number => {
                let kind = if question.integer { InputKind::Number } else { InputKind::Decimal };
                self.line(&field, Input { kind, width: Some(10), ..Input::default() })
            }
            T::Date => self.date(&field),
            T::YesNo => self.yes_no(&field),
            T::Choice => self.choice(&field),
            T::Choices => {
                let options: Vec<Choice> = self.options();
                ui::checkboxes(self.t, &field, &options, &self.all(name))
            }
            T::Country => self.country(&field),
            T::Countries => self.countries(&field),
            T::Party => self.pick(&field, &self.sheet.choices.parties),
            T::Site => self.pick(&field, &self.sheet.choices.sites),
            T::File => self.file(&field),
            T::Money | T::Period | T::Moment | T::Address | T::Contact => {
                ui::parts(self.t, &field, html! { @for part in question.parts() { (self.part(name, part)) } })
            }
            T::Group => html! {},
        }
    }

    fn line(&self, field: &Field, input: Input) -> Markup {
        ui::input(self.t, field, &Input { value: self.value(field.name), ..input })
    }

    fn date(&self, field: &Field) -> Markup {
        ui::date_input(self.t, field, self.day(field.name))
    }

    /// What stands in the three boxes of a day.
    fn day(&self, name: &str) -> [&str; 3] {
        ["day", "month", "year"].map(|part| self.value(&format!("{name}.{part}")))
    }

    fn yes_no(&self, field: &Field) -> Markup {
        let words = ["yes", "no", "unknown"].map(|word| (word, (self.t)(&format!("answering-{word}"))));
        let count = if self.question.allow_unknown { 3 } else { 2 };
        let options: Vec<Choice> = words.iter().take(count).map(|(value, label)| Choice::new(value, label)).collect();
        ui::radios(self.t, field, &options, Some(self.value(field.name)), true)
    }

    fn options(&self) -> Vec<Choice<'_>> {
        let options = self.question.options.iter();
        options.map(|option| Choice { value: &option.id, label: &option.label, hint: option.hint.as_deref() }).collect()
    }

    fn choice(&self, field: &Field) -> Markup {
        let (options, chosen) = (self.options(), Some(self.value(field.name)));
        if options.len() > RADIOS {
            ui::select(self.t, field, &options, chosen, true)
        } else {
            ui::radios(self.t, field, &options, chosen, false)
        }
    }

    /// A box that finds countries as one types. Names and codes are read alike, so it works without the script and without the list.
    fn country(&self, field: &Field) -> Markup {
        let shown = country_name(self.value(field.name));
        ui::input(self.t, field, &Input { value: &shown, list: Some(COUNTRIES), autocomplete: Some("off"), ..Input::default() })
    }

    /// A box for each country and two more.
    fn countries(&self, field: &Field) -> Markup {
        let given = self.all(field.name);
        let count = (given.len() + 2).max(3);
        let id = ui::id_of(field.name);
        ui::parts(
            self.t,
            field,
            html! {
                p .govuk-hint { (crate::t!("answering-countries")) }
                div data-boxes=(crate::t!("answering-country")) {
                    @for n in 1..=count {
                        @let shown = country_name(given.get(n - 1).copied().unwrap_or_default());
                        div .govuk-form-group data-box {
                            input .govuk-input .govuk-input--error[field.error.is_some()] id={ (id) "-" (n) } name=(field.name) type="text"
                                value=(shown) list=(COUNTRIES) data-search autocomplete="off"
                                aria-label=(crate::t!("answering-country-number", number = n));
                        }
                    }
                }
            },
        )
    }

    /// A party or site. One that may no longer be named stays chosen, so that nothing is lost unseen; checking refuses it.
    fn pick(&self, field: &Field, picks: &[Pick]) -> Markup {
        let chosen = self.value(field.name);
        let gone = (self.t)("answering-not-listed");
        let mut options: Vec<Choice> = picks.iter().map(|pick| Choice::new(&pick.id, &pick.label)).collect();
        if !chosen.is_empty() && picks.iter().all(|pick| pick.id != chosen) {
            options.push(Choice::new(chosen, &gone));
        }
        ui::select(self.t, field, &options, Some(chosen), options.len() > RADIOS)
    }

    /// The file that was given, which is kept unless it is unticked; a box for another; and, for a paper that cannot be uploaded, a note.
    fn file(&self, field: &Field) -> Markup {
        let (given, upload) = (format!("{}.{UPLOADED}", field.name), uploads::field(field.name));
        let id = self.value(&given);
        let standing = self.sheet.choices.upload(id);
        let name = standing.map_or_else(|| (self.t)("answering-file-gone"), |file| file.name.clone());
        let size = standing.map(|file| file.size.as_str());
        let wrong = [self.sheet.error(&given), self.sheet.error(&upload)];
        let label = (self.t)(if id.is_empty() { "answering-file-upload" } else { "answering-file-another" });
        let hint = crate::t!("file-choose-hint", mib = self.sheet.choices.file_mib);
        let notes: Vec<&Part> = self.question.parts().iter().filter(|part| part.kind != PartKind::Upload).collect();
        let noted = notes.iter().any(|part| {
            let name = format!("{}.{}", field.name, part.name);
            self.sheet.error(&name).is_some() || self.values.keys().any(|typed| typed.starts_with(&name))
        });
        let boxes = html! { @for part in notes { (self.part(field.name, part)) } };
        if self.sheet.without_files() {
            return ui::parts(
                self.t,
                field,
                html! {
                    @if !id.is_empty() {
                        p .govuk-body { (name) @if let Some(size) = size { " (" (size) ")" } }
                        (ui::hidden(&given, id))
                    }
                    p .govuk-hint { (crate::t!("answering-file-by-asker")) }
                    @if noted { (boxes) } @else { (ui::details(&(self.t)("answering-file-instead"), boxes)) }
                },
            );
        }
        ui::parts(
            self.t,
            field,
            html! {
                @if !id.is_empty() {
                    (ui::single_checkbox(
                        self.t,
                        &Field { name: &given, label: &name, hint: size, error: wrong[0].as_deref(), optional: false, ..Field::default() },
                        &Check { value: id, checked: true, small: true },
                    ))
                }
                (ui::file_input(self.t, &Field::new(&upload, &label).hint(Some(&hint)).error(wrong[1].as_deref()), Some(&kind::accept()), false))
                @if noted { (boxes) } @else { (ui::details(&(self.t)("answering-file-instead"), boxes)) }
            },
        )
    }

    fn part(&self, name: &str, part: &Part) -> Markup {
        let name = format!("{name}.{}", part.name);
        let label = (self.t)(&format!("answering-{}-{}", kind_name(self.question.kind), part.name));
        let hint = format!("answering-{}-{}-hint", kind_name(self.question.kind), part.name);
        let hint = crate::texts::has(&hint).then(|| (self.t)(&hint));
        let error = self.sheet.error(&name);
        let field = Field {
            name: &name,
            label: &label,
            hint: hint.as_deref(),
            error: error.as_deref(),
            optional: !part.required,
            ..Field::default()
        };
        let own = self.value(&name);
        match part.kind {
            PartKind::Lines(limit) => ui::textarea(self.t, &field, own, 3, (limit > 400).then_some(limit)),
            PartKind::Line(limit) => self.line(&field, Input { width: (limit <= 20).then_some(10), ..Input::default() }),
            PartKind::Upload => html! {},
            PartKind::Email => self.line(&field, Input { kind: InputKind::Email, ..Input::default() }),
            PartKind::Telephone => self.line(&field, Input { kind: InputKind::Tel, width: Some(20), ..Input::default() }),
            // Its boxes stand under the legend of the whole, beside the time's.
            PartKind::Date if self.question.kind == QuestionType::Moment => ui::day_boxes(self.t, &field, self.day(&name)),
            PartKind::Date => self.date(&field),
            PartKind::Time => self.line(&field, Input { kind: InputKind::Code, width: Some(10), ..Input::default() }),
            PartKind::Country => self.country(&field),
            PartKind::Amount => self.line(&field, Input { kind: InputKind::Decimal, width: Some(10), ..Input::default() }),
            PartKind::Currency => {
                let value = if own.is_empty() { &self.sheet.choices.currency } else { own };
                ui::input(self.t, &field, &Input { kind: InputKind::Code, value, width: Some(5), ..Input::default() })
            }
        }
    }
}

/// How the texts of a type's parts begin, after `answering-`.
pub(in crate::forms) fn kind_name(kind: QuestionType) -> &'static str {
    match kind {
        QuestionType::Money => "money",
        QuestionType::Period => "period",
        QuestionType::Moment => "moment",
        QuestionType::Address => "address",
        QuestionType::Contact => "contact",
        _ => "file",
    }
}

fn rows(question: &Question) -> u8 {
    if question.text_limit() > 1500 { 6 } else { 4 }
}

/// What stands in a box for a country: its name, or what was typed.
fn country_name(value: &str) -> String {
    rules::country::Country::from_code(value).map_or_else(|_| value.to_owned(), |country| country.name().to_owned())
}
