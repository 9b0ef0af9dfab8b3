//! The frame of a form: the form itself, buttons, error summary, conditions and repeating groups.

use maud::{Markup, html};

use super::{Link, Words, icon, id_of};

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Field name as in [`super::Field::name`].
    pub name: String,
    /// What is wrong and what to do, as one sentence.
    pub message: String,
}

impl FieldError {
    /// From the field's name and the message.
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }

    /// The message for `name`, if it has one.
    pub fn of<'a>(errors: &'a [Self], name: &str) -> Option<&'a str> {
        errors.iter().find(|e| e.name == name).map(|e| e.message.as_str())
    }
}

/// All that is wrong on the page, each linked to its field. Nothing when nothing is wrong.
/// The shell draws it over the page's content from [`super::Page::errors`].
pub fn error_summary(t: Words, errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div .govuk-error-summary data-errors tabindex="-1" {
                div role="alert" {
                    h2 .govuk-error-summary__title { (t("ui-error-title")) }
                    div .govuk-error-summary__body {
                        ul .govuk-list .govuk-error-summary__list {
                            @for error in errors {
                                li { a href={ "#" (id_of(&error.name)) } { (error.message) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How much weight a button has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of the page.
    #[default]
    Primary,
    /// Anything else.
    Secondary,
    /// Something that cannot be taken back.
    Warning,
    /// Looks like a link.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "govuk-button",
            Self::Secondary => "govuk-button govuk-button--secondary",
            Self::Warning => "govuk-button govuk-button--warning",
            Self::Quiet => "vs-button-quiet",
        }
    }
}

/// A button that sends its form. A second press while the first is under way is ignored.
pub fn button(text: &str, kind: ButtonKind) -> Markup {
    html! { button class=(kind.class()) type="submit" { (text) } }
}

/// A button whose name and value are posted, where a form has several. `context` is read out after
/// the text ("Remove", then "site 2").
pub fn named_button(text: &str, kind: ButtonKind, name: &str, value: &str, context: Option<&str>) -> Markup {
    html! {
        button class=(kind.class()) type="submit" name=(name) value=(value) {
            (text) @if let Some(context) = context { span .govuk-visually-hidden { " " (context) } }
        }
    }
}

/// A link that looks like a button, for going somewhere without changing anything.
pub fn link_button(link: Link, kind: ButtonKind) -> Markup {
    html! {
        a class=(kind.class()) href=(link.href) role="button" draggable="false" data-module="govuk-button" { (link.text) }
    }
}

/// The large button of a start page, as a link.
pub fn start_button(link: Link) -> Markup {
    html! {
        a .govuk-button .govuk-button--start href=(link.href) role="button" draggable="false" data-module="govuk-button" {
            (link.text) (icon::start_arrow())
        }
    }
}

/// Buttons and links side by side.
pub fn button_group(items: Markup) -> Markup {
    html! { div .govuk-button-group { (items) } }
}

/// A value that is posted and not shown.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A form that posts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Form<'a> {
    /// Where it posts to.
    pub action: &'a str,
    /// Token against forged requests, posted as `csrf`.
    pub csrf: &'a str,
    /// Version of the thing being edited, posted as `version`.
    pub version: Option<&'a str>,
    /// Key that makes a retried post harmless, posted as `once`.
    pub once: Option<&'a str>,
    /// It carries files.
    pub files: bool,
    /// The script saves it while one types.
    pub autosave: bool,
    /// Answers on other pages that conditions on this page look at: a JSON object by question id.
    pub answers: Option<&'a str>,
}

/// A form with its hidden fields. The browser's own validation is off: the server's messages say
/// what to do.
pub fn form(t: Words, form: &Form, inner: Markup) -> Markup {
    html! {
        form action=(form.action) method="post" novalidate
            enctype=[form.files.then_some("multipart/form-data")]
            data-autosave[form.autosave] data-answers=[form.answers] {
            (hidden("csrf", form.csrf))
            @if let Some(version) = form.version { (hidden("version", version)) }
            @if let Some(once) = form.once { (hidden("once", once)) }
            (inner)
            @if form.autosave { p .vs-saved role="status" data-saved { (t("ui-autosave-off")) } }
        }
    }
}

/// Fields that belong together under one legend.
pub fn fieldset(legend: &str, hint: Option<&str>, inner: Markup) -> Markup {
    html! {
        fieldset .govuk-fieldset .vs-fieldset {
            legend .govuk-fieldset__legend .govuk-fieldset__legend--m { (legend) }
            @if let Some(hint) = hint { p .govuk-hint { (hint) } }
            (inner)
        }
    }
}

/// Wraps one question. `id` is the question's id in its form definition; `when` its condition tree
/// as JSON; `entry` the group entry it stands in, as `<group>.<n>`. Without the script the question
/// is always shown; with it, a condition that is false or not known hides it.
pub fn question(id: &str, when: Option<&str>, entry: Option<&str>, inner: Markup) -> Markup {
    html! {
        div .vs-question data-question=(id) data-when=[when] data-entry=[entry] { (inner) }
    }
}

/// A repeating group of questions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Repeat<'a> {
    /// The group's question id; its fields are named `q.<group>.<n>.<id>`, `n` from 1.
    pub group: &'a str,
    /// The question that asks for the entries.
    pub label: &'a str,
    /// Help under it.
    pub hint: Option<&'a str>,
    /// What is wrong with the list as a whole.
    pub error: Option<&'a str>,
    /// What one entry is called, such as "Site".
    pub item: &'a str,
    /// Text of the button that adds one, such as "Add another site".
    pub add: &'a str,
    /// Fewest entries.
    pub min: usize,
    /// Most entries.
    pub max: usize,
}

/// Draws `entries`, each with a heading and a button that removes it, and a button that adds one.
/// `blank` draws an empty entry for the entry number that it is given; the script copies it.
/// Without the script the buttons post `add=<group>` or `remove=<group>.<n>`; the server answers
/// with the page again. Numbers may have gaps where the script is old: the server keeps their order.
pub fn repeat(t: Words, of: &Repeat, entries: &[Markup], blank: &dyn Fn(&str) -> Markup) -> Markup {
    let id = id_of(&format!("q.{}", of.group));
    let one = |n: &str, inner: &Markup, removable: bool| {
        html! {
            fieldset .govuk-fieldset .vs-entry data-entry={ (of.group) "." (n) } {
                legend .govuk-fieldset__legend .govuk-fieldset__legend--s tabindex="-1" { (of.item) " " span data-number { (n) } }
                (inner)
                // Hidden, not left out: the script shows it when there are entries enough.
                button .govuk-button .govuk-button--secondary type="submit" name="remove" value={ (of.group) "." (n) } hidden[!removable] {
                    (t("ui-remove")) span .govuk-visually-hidden { " " (of.item) " " (n) }
                }
            }
        }
    };
    html! {
        vs-repeat data-group=(of.group) data-item=(of.item) data-min=(of.min) data-max=(of.max) {
            div .govuk-form-group .govuk-form-group--error[of.error.is_some()] {
                div #(id) .vs-repeat role="group" aria-labelledby={ (id) "-label" } tabindex="-1" {
                    h2 .govuk-heading-m id={ (id) "-label" } { (of.label) }
                    @if let Some(hint) = of.hint { (super::hint(&id, hint)) }
                    @if let Some(error) = of.error { (super::error_message(t, &id, error)) }
                    div data-entries {
                        @for (n, entry) in entries.iter().enumerate() {
                            (one(&(n + 1).to_string(), entry, entries.len() > of.min))
                        }
                    }
                    template { (one("__n__", &blank("__n__"), true)) }
                    button .govuk-button .govuk-button--secondary type="submit" name="add" value=(of.group) hidden[entries.len() >= of.max] { (of.add) }
                    p .govuk-visually-hidden role="status" data-said {}
                }
            }
        }
    }
}
