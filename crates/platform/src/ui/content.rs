//! What a page says: tags, summaries, panels, notices, tabs.

use maud::{Markup, html};

use super::{Link, Tone, Words, id_of};

/// A status in one or two words.
pub fn tag(text: &str, tone: Tone) -> Markup {
    html! { strong class={ "govuk-tag govuk-tag--" (tone.name()) } { (text) } }
}

/// A link whose text stays on one line: a reference, a date.
pub fn reference(link: Link) -> Markup {
    html! { a .govuk-link .vs-nowrap href=(link.href) { (link.text) } }
}

/// An opening paragraph, larger than the rest.
pub fn lead(text: &str) -> Markup {
    html! { p .govuk-body-l { (text) } }
}

/// Text set apart by a line at its side.
pub fn inset(inner: Markup) -> Markup {
    html! { div .govuk-inset-text { (inner) } }
}

/// More to read, folded away under `summary`.
pub fn details(summary: &str, inner: Markup) -> Markup {
    details_shown(summary, false, inner)
}

/// As [`details`], open from the start if `shown`: because something in it needs mending.
pub fn details_shown(summary: &str, shown: bool, inner: Markup) -> Markup {
    html! {
        details .govuk-details open[shown] {
            summary .govuk-details__summary { span .govuk-details__summary-text { (summary) } }
            div .govuk-details__text { (inner) }
        }
    }
}

/// A warning of consequences.
pub fn warning_text(t: Words, text: &str) -> Markup {
    html! {
        div .govuk-warning-text {
            span .govuk-warning-text__icon aria-hidden="true" { "!" }
            strong .govuk-warning-text__text {
                span .govuk-visually-hidden { (t("ui-warning")) " " } (text)
            }
        }
    }
}

/// Confirms that something arrived. `label` and `reference` are set large enough to read out.
pub fn panel(title: &str, label: &str, reference: &str) -> Markup {
    html! {
        div .govuk-panel .govuk-panel--confirmation {
            h1 .govuk-panel__title { (title) }
            div .govuk-panel__body { (label) br; strong .vs-reference { (reference) } }
        }
    }
}

/// Something the reader must know about the page or about what just happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Notice<'a> {
    /// `Green` reports success and is read out at once; others are important information.
    pub tone: Tone,
    /// What happened, in a sentence.
    pub text: &'a str,
    /// What to do next, as a link.
    pub link: Option<Link<'a>>,
}

/// A banner under the header. `n` makes its ids unique on the page.
pub fn notice(t: Words, notice: &Notice, n: usize) -> Markup {
    let id = format!("notice-{n}");
    let success = notice.tone == Tone::Green;
    html! {
        div .govuk-notification-banner .govuk-notification-banner--success[success]
            role=(if success { "alert" } else { "region" }) aria-labelledby=(id) {
            div .govuk-notification-banner__header {
                h2 #(id) .govuk-notification-banner__title { (t(if success { "ui-notice-success" } else { "ui-notice-important" })) }
            }
            div .govuk-notification-banner__content {
                p .govuk-notification-banner__heading {
                    (notice.text)
                    @if let Some(link) = notice.link { " " a .govuk-notification-banner__link href=(link.href) { (link.text) } }
                }
            }
        }
    }
}

/// An action at the end of a row or of a card's title. `context` is read out after the text
/// ("Change", then "country").
#[derive(Debug, Clone, Copy)]
pub struct RowAction<'a> {
    /// Text and address.
    pub link: Link<'a>,
    /// What it acts on.
    pub context: &'a str,
}

fn action(action: &RowAction) -> Markup {
    html! {
        a .govuk-link href=(action.link.href) {
            (action.link.text) span .govuk-visually-hidden { " " (action.context) }
        }
    }
}

/// One key and its value.
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    /// What it is.
    pub key: &'a str,
    /// Its value; draw an absent one in words, never as an empty cell.
    pub value: Markup,
    /// What can be done with it.
    pub action: Option<RowAction<'a>>,
}

impl<'a> Fact<'a> {
    /// A fact whose value is plain text.
    pub fn text(key: &'a str, value: &str) -> Self {
        Self { key, value: html! { (value) }, action: None }
    }

    /// A fact whose value is markup.
    pub fn new(key: &'a str, value: Markup) -> Self {
        Self { key, value, action: None }
    }

    /// With an action at the end of its row.
    #[must_use]
    pub fn action(mut self, link: Link<'a>, context: &'a str) -> Self {
        self.action = Some(RowAction { link, context });
        self
    }
}

/// Keys and values in rows. `compact` sets them closer, for the authority's pages.
pub fn summary_list(facts: &[Fact], compact: bool) -> Markup {
    let any = facts.iter().any(|f| f.action.is_some());
    html! {
        dl .govuk-summary-list .vs-compact[compact] {
            @for fact in facts {
                div .govuk-summary-list__row .govuk-summary-list__row--no-actions[any && fact.action.is_none()] {
                    dt .govuk-summary-list__key { (fact.key) }
                    dd .govuk-summary-list__value { (fact.value) }
                    @if let Some(a) = &fact.action { dd .govuk-summary-list__actions { (action(a)) } }
                }
            }
        }
    }
}

/// A summary list in a card with a title and, where given, an action for the whole of it.
pub fn summary_card(title: &str, whole: Option<RowAction>, facts: &[Fact]) -> Markup {
    html! {
        div .govuk-summary-card {
            div .govuk-summary-card__title-wrapper {
                h2 .govuk-summary-card__title { (title) }
                @if let Some(a) = &whole { div .govuk-summary-card__actions { (action(a)) } }
            }
            div .govuk-summary-card__content { (summary_list(facts, false)) }
        }
    }
}

/// One tab of a page and its content.
#[derive(Debug, Clone)]
pub struct Tab<'a> {
    /// Name of the tab; also its id, so that `#risk` opens it.
    pub id: &'a str,
    /// Title on the tab and over its content.
    pub title: &'a str,
    /// What it holds.
    pub content: Markup,
}

/// Several contents of one page, one seen at a time. Without the script: a list of links, then
/// all contents one under the other. Prefer [`sub_navigation`] where each content is a page.
pub fn tabs(t: Words, tabs: &[Tab]) -> Markup {
    html! {
        div .govuk-tabs data-module="govuk-tabs" {
            h2 .govuk-tabs__title { (t("ui-contents")) }
            ul .govuk-tabs__list {
                @for (n, tab) in tabs.iter().enumerate() {
                    li .govuk-tabs__list-item .govuk-tabs__list-item--selected[n == 0] {
                        a .govuk-tabs__tab href={ "#" (id_of(tab.id)) } { (tab.title) }
                    }
                }
            }
            @for (n, tab) in tabs.iter().enumerate() {
                div #(id_of(tab.id)) .govuk-tabs__panel .govuk-tabs__panel--hidden[n > 0] {
                    h2 .govuk-heading-m { (tab.title) }
                    (tab.content)
                }
            }
        }
    }
}

/// Pages of one thing (facts, risk, tasks, …) as a row of links; `active` is the address of the
/// page being read. A count stands after the text where given.
pub fn sub_navigation(label: &str, links: &[(Link, Option<&str>)], active: &str) -> Markup {
    html! {
        nav .moj-sub-navigation aria-label=(label) {
            ul .moj-sub-navigation__list {
                @for (link, count) in links {
                    li .moj-sub-navigation__item {
                        a .moj-sub-navigation__link href=(link.href) aria-current=[(link.href == active).then_some("page")] {
                            (link.text) @if let Some(count) = count { " " span .vs-count { (count) } }
                        }
                    }
                }
            }
        }
    }
}

/// Nothing here: says why, and offers the likely next thing.
pub fn empty_state(title: &str, text: &str, next: Option<Link>) -> Markup {
    html! {
        div .vs-empty {
            p .vs-empty__title { (title) }
            p .govuk-body { (text) }
            @if let Some(next) = next { p .govuk-body { a .govuk-link href=(next.href) { (next.text) } } }
        }
    }
}
