//! The shell of every page: head, header, navigation, content, footer.

use maud::{DOCTYPE, Markup, html};

use super::{Assets, FieldError, Link, Notice, Words, error_summary, form::hidden, icon, notice};

/// A place in the main navigation.
#[derive(Debug, Clone, Copy)]
pub struct NavItem<'a> {
    /// Text and address.
    pub link: Link<'a>,
    /// How much waits there, as drawn; nothing when nothing waits.
    pub count: Option<&'a str>,
}

/// Places of the main navigation that belong together: one alone is a link of its own, several open as a menu.
#[derive(Debug, Clone, Copy)]
pub struct NavGroup<'a> {
    /// What the menu is called.
    pub title: &'a str,
    /// The places.
    pub items: &'a [NavItem<'a>],
}

/// Who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The party and role that the person acts for now.
    pub acting_for: &'a str,
    /// Places of the account: profile, sessions, other memberships.
    pub links: &'a [Link<'a>],
    /// Where signing out is posted to.
    pub sign_out: &'a str,
}

/// The state of the service itself, such as a demonstration.
#[derive(Debug, Clone, Copy)]
pub struct Phase<'a> {
    /// In a word.
    pub tag: &'a str,
    /// In a sentence.
    pub text: &'a str,
}

/// How wide the content runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// Two thirds of the page: forms and texts.
    #[default]
    Reading,
    /// The page: cases and details.
    Page,
    /// Wider than the page: long lists and comparisons.
    Wide,
}

/// All that the shell needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Language of the page, such as `en` or `cy`.
    pub lang: &'a str,
    /// Title of the page without the service's name.
    pub title: &'a str,
    /// Name of the service.
    pub service: &'a str,
    /// Name of the authority whose service it is.
    pub authority: &'a str,
    /// Main navigation for the reader's role; empty when signed out.
    pub nav: &'a [NavGroup<'a>],
    /// Address of the navigation item that the page belongs to; empty for none.
    pub active: &'a str,
    /// Who is signed in.
    pub account: Option<Account<'a>>,
    /// Where signing in begins, when signed out.
    pub sign_in: Option<Link<'a>>,
    /// The state of the service.
    pub phase: Option<Phase<'a>>,
    /// Where the back link leads; not together with breadcrumbs.
    pub back: Option<Link<'a>>,
    /// The way here, first to last, without this page.
    pub breadcrumbs: &'a [Link<'a>],
    /// Banners over the content.
    pub notices: &'a [Notice<'a>],
    /// What is wrong with the posted form, linked to its fields.
    pub errors: &'a [FieldError],
    /// How wide the content runs.
    pub width: Width,
    /// Names of the built files.
    pub assets: &'a Assets,
    /// Token against forged requests.
    pub csrf: &'a str,
    /// Help for this page.
    pub help: &'a str,
    /// The accessibility statement.
    pub accessibility: &'a str,
    /// The privacy page.
    pub privacy: &'a str,
    /// Who to contact at the authority: a page or a `mailto:`.
    pub contact: &'a str,
    /// Version of the program.
    pub version: &'a str,
}

impl<'a> Page<'a> {
    /// A page with the service's own names and everything else empty.
    pub fn new(title: &'a str, service: &'a str, authority: &'a str, assets: &'a Assets) -> Self {
        Self {
            lang: "en",
            title,
            service,
            authority,
            nav: &[],
            active: "",
            account: None,
            sign_in: None,
            phase: None,
            back: None,
            breadcrumbs: &[],
            notices: &[],
            errors: &[],
            width: Width::Reading,
            assets,
            csrf: "",
            help: "/help",
            accessibility: "/accessibility",
            privacy: "/privacy",
            contact: "/contact",
            version: "",
        }
    }
}

/// The whole document around `content`, which brings its own `h1`.
pub fn page(t: Words, of: &Page, content: Markup) -> Markup {
    let title = format!("{} – {}", of.title, of.service);
    html! {
        (DOCTYPE)
        html .govuk-template lang=(of.lang) {
            head {
                meta charset="utf-8";
                title { @if !of.errors.is_empty() { (t("ui-error-prefix")) " " } (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="icon" href=(of.assets.icon) type="image/svg+xml";
                link rel="stylesheet" href=(of.assets.style);
                script src=(of.assets.script) type="module" {}
            }
            body .govuk-template__body data-words=(script_words(t)) {
                a .govuk-skip-link href="#main-content" { (t("ui-skip")) }
                (header(t, of))
                div class=(container(of.width)) {
                    (way(t, of))
                    main #main-content .govuk-main-wrapper .vs-main tabindex="-1" {
                        @for (n, one) in of.notices.iter().enumerate() { (notice(t, one, n + 1)) }
                        div .vs-reading[of.width == Width::Reading] {
                            (error_summary(t, of.errors))
                            (content)
                        }
                    }
                }
                (footer(t, of))
            }
        }
    }
}

const fn container(width: Width) -> &'static str {
    match width {
        Width::Reading | Width::Page => "govuk-width-container",
        Width::Wide => "govuk-width-container vs-wide",
    }
}

fn header(t: Words, of: &Page) -> Markup {
    html! {
        header .vs-header {
            div .vs-header__bar {
                div class={ (container(of.width)) " vs-header__inner" } {
                    a .vs-header__home href="/" {
                        (icon::mark())
                        span .vs-header__names {
                            span .vs-header__service { (of.service) }
                            span .vs-header__authority { (of.authority) }
                        }
                    }
                    @if let Some(account) = &of.account { (account_menu(t, account, of.csrf)) }
                    @else if let Some(link) = of.sign_in { a .vs-header__link href=(link.href) { (link.text) } }
                }
            }
            @if !of.nav.is_empty() { (navigation(t, of)) }
            @if let Some(phase) = &of.phase {
                div class=(container(of.width)) { (phase_banner(phase)) }
            }
        }
    }
}

fn account_menu(t: Words, account: &Account, csrf: &str) -> Markup {
    html! {
        details .vs-account data-menu {
            summary {
                span .govuk-visually-hidden { (t("ui-account")) " " }
                span .vs-account__name { (account.name) }
            }
            div .vs-account__menu {
                p .vs-account__for { (account.acting_for) }
                ul {
                    @for link in account.links { li { a href=(link.href) { (link.text) } } }
                    li {
                        form action=(account.sign_out) method="post" {
                            (hidden("csrf", csrf))
                            button type="submit" { (t("ui-sign-out")) }
                        }
                    }
                }
            }
        }
    }
}

fn navigation(t: Words, of: &Page) -> Markup {
    html! {
        div .govuk-service-navigation .vs-nav data-module="govuk-service-navigation" {
            div class=(container(of.width)) {
                div .govuk-service-navigation__container {
                    nav .govuk-service-navigation__wrapper aria-label=(t("ui-menu")) {
                        button .govuk-service-navigation__toggle .govuk-js-service-navigation-toggle type="button" aria-controls="navigation" hidden { (t("ui-menu")) }
                        ul #navigation .govuk-service-navigation__list {
                            @for group in of.nav {
                                @let here = group.items.iter().any(|item| item.link.href == of.active);
                                li .govuk-service-navigation__item .govuk-service-navigation__item--active[here] { (nav_group(group, of.active)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn nav_group(group: &NavGroup, active: &str) -> Markup {
    if let [item] = group.items {
        return nav_link(item, active);
    }
    html! {
        details .vs-nav__group data-menu {
            summary .govuk-service-navigation__link { (group.title) }
            ul .vs-nav__menu { @for item in group.items { li { (nav_link(item, active)) } } }
        }
    }
}

fn nav_link(item: &NavItem, active: &str) -> Markup {
    html! {
        a .govuk-service-navigation__link href=(item.link.href) aria-current=[(item.link.href == active).then_some("true")] {
            (item.link.text)
            @if let Some(count) = item.count { " " span .vs-count { (count) } }
        }
    }
}

fn phase_banner(phase: &Phase) -> Markup {
    html! {
        div .govuk-phase-banner {
            p .govuk-phase-banner__content {
                strong .govuk-tag .govuk-phase-banner__content__tag { (phase.tag) }
                span .govuk-phase-banner__text { (phase.text) }
            }
        }
    }
}

fn way(t: Words, of: &Page) -> Markup {
    html! {
        @if let Some(back) = of.back {
            nav aria-label=(t("ui-breadcrumbs")) { a .govuk-back-link href=(back.href) { (back.text) } }
        } @else if !of.breadcrumbs.is_empty() {
            nav .govuk-breadcrumbs .govuk-breadcrumbs--collapse-on-mobile aria-label=(t("ui-breadcrumbs")) {
                ol .govuk-breadcrumbs__list {
                    @for link in of.breadcrumbs {
                        li .govuk-breadcrumbs__list-item { a .govuk-breadcrumbs__link href=(link.href) { (link.text) } }
                    }
                }
            }
        }
    }
}

fn footer(t: Words, of: &Page) -> Markup {
    let links = [
        (of.help, "ui-footer-help"),
        (of.accessibility, "ui-footer-accessibility"),
        (of.privacy, "ui-footer-privacy"),
        (of.contact, "ui-footer-contact"),
    ];
    html! {
        footer .vs-footer {
            div class=(container(of.width)) {
                ul .vs-footer__links {
                    @for (href, word) in links { li { a href=(href) { (t(word)) } } }
                }
                p .vs-footer__meta {
                    (of.authority)
                    @if !of.version.is_empty() { " · " (of.service) " " (of.version) }
                }
            }
        }
    }
}

/// Ids of the words that the script says, without their `ui-js-`.
const SCRIPT_WORDS: &[&str] = &[
    "saving",
    "saved",
    "save-failed",
    "save-conflict",
    "save-signed-out",
    "save-refused",
    "entry-added",
    "entry-removed",
    "count-under-one",
    "count-under-other",
    "count-at-limit",
    "count-over-one",
    "count-over-other",
    "password-show",
    "password-hide",
    "password-show-label",
    "password-hide-label",
    "password-shown",
    "password-hidden",
    "box",
    "search-none",
    "search-results",
    "search-hint",
];

/// The script's words as one JSON object, in an attribute because inline scripts are forbidden.
fn script_words(t: Words) -> String {
    let words: serde_json::Map<String, serde_json::Value> =
        SCRIPT_WORDS.iter().map(|word| ((*word).to_owned(), t(&format!("ui-js-{word}")).into())).collect();
    serde_json::Value::Object(words).to_string()
}
