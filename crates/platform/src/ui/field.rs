//! Questions of a form: label, hint, error and the boxes themselves.

use maud::{Markup, html};

use super::{Words, id_of};

/// What every question has, whatever its boxes are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Field<'a> {
    /// Field name in the posted form, such as `q.description`.
    pub name: &'a str,
    /// The question.
    pub label: &'a str,
    /// Help under the question.
    pub hint: Option<&'a str>,
    /// What is wrong and what to do.
    pub error: Option<&'a str>,
    /// The question is the heading of the page: it is drawn large, inside an `h1`.
    pub heading: bool,
    /// The question may be left empty and says so after its label. Questions are required unless
    /// they say otherwise.
    pub optional: bool,
    /// What it goes by on its page, where several forms there have a field of this name: its error is noted under that.
    pub known_as: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// A required question without hint or error.
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self { name, label, ..Self::default() }
    }

    /// With help under the question.
    #[must_use]
    pub fn hint(mut self, hint: Option<&'a str>) -> Self {
        self.hint = hint;
        self
    }

    /// With what is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// As the heading of the page.
    #[must_use]
    pub fn heading(mut self) -> Self {
        self.heading = true;
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// One of several of this name on its page, which goes by another.
    #[must_use]
    pub fn known_as(mut self, name: &'a str) -> Self {
        self.known_as = Some(name);
        self
    }

    fn id(&self) -> String {
        id_of(self.known_as.unwrap_or(self.name))
    }

    /// Ids of hint, error and `more`, for `aria-describedby`.
    fn described(&self, more: Option<&str>) -> Option<String> {
        let id = self.id();
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{id}-hint"));
        }
        if self.error.is_some() {
            ids.push(format!("{id}-error"));
        }
        ids.extend(more.map(str::to_owned));
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// The kind of a one-line box, which sets keyboard, autofill and spelling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Plain text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Tel,
    /// A web address.
    Url,
    /// A whole number.
    Number,
    /// A number with a decimal part.
    Decimal,
    /// A reference, code or one-time code: no spelling, no capitals.
    Code,
    /// A search box.
    Search,
}

impl InputKind {
    const fn type_(self) -> &'static str {
        match self {
            Self::Text | Self::Number | Self::Decimal | Self::Code => "text",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Url => "url",
            Self::Search => "search",
        }
    }

    const fn mode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("numeric"),
            Self::Decimal => Some("decimal"),
            _ => None,
        }
    }

    const fn spelling(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::Search => None,
            _ => Some("false"),
        }
    }
}

/// A one-line box.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// What it is for.
    pub kind: InputKind,
    /// What it holds now.
    pub value: &'a str,
    /// Width in characters: 2, 3, 4, 5, 10, 20 or 30; others fill the column.
    pub width: Option<u8>,
    /// `autocomplete` purpose, such as `email` or `one-time-code`.
    pub autocomplete: Option<&'a str>,
    /// Text before the box, such as a currency sign.
    pub prefix: Option<&'a str>,
    /// Text after the box, such as a unit.
    pub suffix: Option<&'a str>,
    /// Id of a [`datalist`] whose entries are offered as one types; other texts are taken too.
    pub list: Option<&'a str>,
}

/// The hint under a label; `id` is the id of the field it belongs to.
pub fn hint(id: &str, text: &str) -> Markup {
    html! { div .govuk-hint id={ (id) "-hint" } { (text) } }
}

/// The error over a field; `id` is the id of the field it belongs to.
pub fn error_message(t: Words, id: &str, text: &str) -> Markup {
    html! {
        p .govuk-error-message id={ (id) "-error" } {
            span .govuk-visually-hidden { (t("ui-error-prefix")) " " } (text)
        }
    }
}

fn label(t: Words, field: &Field) -> Markup {
    let id = field.id();
    let text = html! {
        (field.label) @if field.optional { " " span .vs-optional { (t("ui-optional")) } }
    };
    html! {
        @if field.heading {
            h1 .govuk-label-wrapper { label .govuk-label .govuk-label--l for=(id) { (text) } }
        } @else {
            label .govuk-label .govuk-label--s for=(id) { (text) }
        }
    }
}

fn hint_and_error(t: Words, field: &Field) -> Markup {
    let id = field.id();
    html! {
        @if let Some(text) = field.hint { (hint(&id, text)) }
        @if let Some(text) = field.error { (error_message(t, &id, text)) }
    }
}

fn group(field: &Field, extra: &str, inner: Markup) -> Markup {
    html! {
        div .govuk-form-group .govuk-form-group--error[field.error.is_some()] class=(extra) { (inner) }
    }
}

/// Several boxes under one legend.
fn boxes(t: Words, field: &Field, inner: Markup) -> Markup {
    let text = html! {
        (field.label) @if field.optional { " " span .vs-optional { (t("ui-optional")) } }
    };
    group(
        field,
        "",
        html! {
            fieldset .govuk-fieldset aria-describedby=[field.described(None)] {
                @if field.heading {
                    legend .govuk-fieldset__legend .govuk-fieldset__legend--l {
                        h1 .govuk-fieldset__heading { (text) }
                    }
                } @else {
                    legend .govuk-fieldset__legend .govuk-fieldset__legend--s { (text) }
                }
                (hint_and_error(t, field))
                (inner)
            }
        },
    )
}

/// A one-line text box.
pub fn input(t: Words, field: &Field, input: &Input) -> Markup {
    let width = input.width.map(|w| format!("govuk-input--width-{w}"));
    let tag = html! {
        input class={ "govuk-input" @if let Some(w) = &width { " " (w) } @if field.error.is_some() { " govuk-input--error" } }
            id=(field.id()) name=(field.name) type=(input.kind.type_()) value=(input.value)
            inputmode=[input.kind.mode()] spellcheck=[input.kind.spelling()]
            autocapitalize=[(input.kind == InputKind::Code).then_some("none")]
            autocomplete=[input.autocomplete] list=[input.list] data-search[input.list.is_some()]
            aria-describedby=[field.described(None)];
    };
    group(
        field,
        "",
        html! {
            (label(t, field))
            (hint_and_error(t, field))
            @if input.prefix.is_some() || input.suffix.is_some() {
                div .govuk-input__wrapper {
                    @if let Some(text) = input.prefix { div .govuk-input__prefix aria-hidden="true" { (text) } }
                    (tag)
                    @if let Some(text) = input.suffix { div .govuk-input__suffix aria-hidden="true" { (text) } }
                }
            } @else { (tag) }
        },
    )
}

/// What boxes with this [`Input::list`] offer: a text, and a short code that stands for it.
pub fn datalist(id: &str, entries: impl Iterator<Item = &'static str>) -> Markup {
    html! {
        datalist #(id) { @for text in entries { option { (text) } } }
    }
}

/// Several questions that make up one answer, under its legend. The parts' own labels are drawn small.
pub fn parts(t: Words, field: &Field, inner: Markup) -> Markup {
    boxes(t, field, html! { div id=(field.id()) .vs-parts { (inner) } })
}

/// A password box with a button that shows what was typed. `autocomplete` is `current-password`
/// or `new-password`.
pub fn password(t: Words, field: &Field, autocomplete: &str) -> Markup {
    let id = field.id();
    html! {
        div .govuk-form-group .govuk-form-group--error[field.error.is_some()] .govuk-password-input data-module="govuk-password-input" {
            (label(t, field))
            (hint_and_error(t, field))
            div .govuk-input__wrapper .govuk-password-input__wrapper {
                input class={ "govuk-input govuk-password-input__input govuk-js-password-input-input" @if field.error.is_some() { " govuk-input--error" } }
                    id=(id) name=(field.name) type="password" spellcheck="false" autocapitalize="none"
                    autocomplete=(autocomplete) aria-describedby=[field.described(None)];
                button .govuk-button .govuk-button--secondary .govuk-password-input__toggle .govuk-js-password-input-toggle
                    type="button" aria-controls=(id) aria-label=(t("ui-js-password-show-label")) hidden { (t("ui-js-password-show")) }
            }
        }
    }
}

/// A box of several lines. With `max`, the characters left are counted while typing; the server
/// checks again.
pub fn textarea(t: Words, field: &Field, value: &str, rows: u8, max: Option<u32>) -> Markup {
    let id = field.id();
    let info = format!("{id}-info");
    let inner = html! {
        (label(t, field))
        (hint_and_error(t, field))
        // The newline keeps a first empty line of the value: HTML drops one after the tag.
        textarea class={ "govuk-textarea" @if max.is_some() { " govuk-js-character-count" } @if field.error.is_some() { " govuk-textarea--error" } }
            id=(id) name=(field.name) rows=(rows) aria-describedby=[field.described(max.map(|_| info.as_str()))] { "\n" (value) }
        @if let Some(max) = max {
            div #(info) .govuk-hint .govuk-character-count__message {
                (t("ui-characters-up-to").replace("[count]", &max.to_string()))
            }
        }
    };
    html! {
        @if let Some(max) = max {
            div .govuk-form-group .govuk-form-group--error[field.error.is_some()] .govuk-character-count
                data-module="govuk-character-count" data-maxlength=(max) data-threshold="50" { (inner) }
        } @else { (group(field, "", inner)) }
    }
}

/// One thing to choose.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// What is posted.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
    /// Help under it.
    pub hint: Option<&'a str>,
}

impl<'a> Choice<'a> {
    /// A choice without help.
    pub const fn new(value: &'a str, label: &'a str) -> Self {
        Self { value, label, hint: None }
    }
}

/// Which of the two round-or-square lists is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Radio,
    Checkbox,
}

fn options(field: &Field, choices: &[Choice], chosen: &dyn Fn(&str) -> bool, kind: Kind) -> Markup {
    let (block, type_) = match kind {
        Kind::Radio => ("govuk-radios", "radio"),
        Kind::Checkbox => ("govuk-checkboxes", "checkbox"),
    };
    let base = field.id();
    html! {
        @for (n, choice) in choices.iter().enumerate() {
            @let id = if n == 0 { base.clone() } else { format!("{base}-{}", n + 1) };
            div class={ (block) "__item" } {
                input class={ (block) "__input" } id=(id) name=(field.name) type=(type_) value=(choice.value)
                    checked[chosen(choice.value)] aria-describedby=[choice.hint.map(|_| format!("{id}-item-hint"))];
                label class={ "govuk-label " (block) "__label" } for=(id) { (choice.label) }
                @if let Some(hint) = choice.hint {
                    div class={ "govuk-hint " (block) "__hint" } id={ (id) "-item-hint" } { (hint) }
                }
            }
        }
    }
}

/// One of several, seen at once. `inline` sets short answers (yes, no) side by side.
pub fn radios(t: Words, field: &Field, choices: &[Choice], chosen: Option<&str>, inline: bool) -> Markup {
    let list = options(field, choices, &|v| chosen == Some(v), Kind::Radio);
    boxes(t, field, html! { div .govuk-radios .govuk-radios--inline[inline] data-radios { (list) } })
}

/// Any of several. The name is posted once for every ticked box.
pub fn checkboxes(t: Words, field: &Field, choices: &[Choice], chosen: &[&str]) -> Markup {
    let list = options(field, choices, &|v| chosen.contains(&v), Kind::Checkbox);
    boxes(t, field, html! { div .govuk-checkboxes { (list) } })
}

/// A single box to tick, such as a declaration.
#[derive(Debug, Clone, Copy, Default)]
pub struct Check<'a> {
    /// What is posted when ticked.
    pub value: &'a str,
    /// It is ticked now.
    pub checked: bool,
    /// Drawn small, for lists and filters.
    pub small: bool,
}

/// One box with its own label and no legend; the label of `field` stands beside the box.
pub fn single_checkbox(t: Words, field: &Field, check: &Check) -> Markup {
    let id = field.id();
    group(
        field,
        "",
        html! {
            (hint_and_error(t, field))
            div .govuk-checkboxes .govuk-checkboxes--small[check.small] {
                div .govuk-checkboxes__item {
                    input #(id) .govuk-checkboxes__input name=(field.name) type="checkbox" value=(check.value)
                        checked[check.checked] aria-describedby=[field.described(None)];
                    label .govuk-label .govuk-checkboxes__label for=(id) { (field.label) }
                }
            }
        },
    )
}

/// One of many. An empty first option is offered, so that nothing is chosen by accident. With
/// `search`, the script turns it into a box that finds options as one types (for countries).
pub fn select(t: Words, field: &Field, choices: &[Choice], chosen: Option<&str>, search: bool) -> Markup {
    group(
        field,
        "",
        html! {
            (label(t, field))
            (hint_and_error(t, field))
            select class={ "govuk-select" @if field.error.is_some() { " govuk-select--error" } }
                id=(field.id()) name=(field.name) aria-describedby=[field.described(None)] data-search[search] {
                option value="" selected[chosen.is_none_or(str::is_empty)] { (t("ui-select-none")) }
                @for choice in choices {
                    option value=(choice.value) selected[chosen == Some(choice.value)] { (choice.label) }
                }
            }
        },
    )
}

/// Day, month and year in three boxes named `<name>.day`, `.month`, `.year`; `value` in that order,
/// as typed.
pub fn date_input(t: Words, field: &Field, value: [&str; 3]) -> Markup {
    boxes(t, field, day(t, field, value, None))
}

/// The same boxes without a legend, for [`parts`] that have one for them and for what belongs to them, such as a time. What is wrong with the
/// day stands at them; its label and hint are not drawn.
pub fn day_boxes(t: Words, field: &Field, value: [&str; 3]) -> Markup {
    let field = Field { hint: None, ..*field };
    let described = field.described(None);
    group(&field, "", html! { (hint_and_error(t, &field)) (day(t, &field, value, described.as_deref())) })
}

fn day(t: Words, field: &Field, value: [&str; 3], described: Option<&str>) -> Markup {
    let parts = [("day", "ui-day", 2), ("month", "ui-month", 2), ("year", "ui-year", 4)];
    let base = field.id();
    html! {
        div #(base) .govuk-date-input {
            @for ((part, word, width), value) in parts.into_iter().zip(value) {
                @let id = format!("{base}-{part}");
                div .govuk-date-input__item {
                    div .govuk-form-group {
                        label .govuk-label .govuk-date-input__label for=(id) { (t(word)) }
                        input class={ "govuk-input govuk-date-input__input govuk-input--width-" (width) @if field.error.is_some() { " govuk-input--error" } }
                            id=(id) name={ (field.name) "." (part) } type="text" inputmode="numeric" value=(value) aria-describedby=[described];
                    }
                }
            }
        }
    }
}

/// A postal address as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct AddressParts<'a> {
    /// First line.
    pub line1: &'a str,
    /// Second line, may be empty.
    pub line2: &'a str,
    /// Town or city.
    pub town: &'a str,
    /// Postcode or ZIP, may be empty.
    pub postcode: &'a str,
}

/// An address in boxes named `<name>.line1`, `.line2`, `.town`, `.postcode`; `country` is drawn
/// after them, usually a [`select`] named `<name>.country`.
pub fn address(t: Words, field: &Field, value: &AddressParts, country: Option<Markup>) -> Markup {
    let parts = [
        ("line1", "ui-address-line1", value.line1, "address-line1", None, false),
        ("line2", "ui-address-line2", value.line2, "address-line2", None, true),
        ("town", "ui-address-town", value.town, "address-level2", Some(20), false),
        ("postcode", "ui-address-postcode", value.postcode, "postal-code", Some(10), true),
    ];
    boxes(
        t,
        field,
        html! {
            div id=(field.id()) .vs-parts {
                @for (part, word, value, purpose, width, optional) in parts {
                    @let name = format!("{}.{part}", field.name);
                    (input(t, &Field::new(&name, &t(word)).optional(optional),
                        &Input { value, width, autocomplete: Some(purpose), ..Input::default() }))
                }
                @if let Some(country) = country { (country) }
            }
        },
    )
}

/// A file from the reader's machine. `accept` lists the allowed endings, such as `.pdf,.csv`.
pub fn file_input(t: Words, field: &Field, accept: Option<&str>, multiple: bool) -> Markup {
    group(
        field,
        "",
        html! {
            (label(t, field))
            (hint_and_error(t, field))
            input class={ "govuk-file-upload" @if field.error.is_some() { " govuk-file-upload--error" } }
                id=(field.id()) name=(field.name) type="file" accept=[accept] multiple[multiple]
                aria-describedby=[field.described(None)];
        },
    )
}
