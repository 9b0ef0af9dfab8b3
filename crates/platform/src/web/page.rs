//! Pages: the shell around a feature's content, filled in from the visit.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::Visit;
use crate::authz::Actor;
use crate::error::FieldErrors;
use crate::identity::role_at;
use crate::ui::{self, Link, NavItem, Width};
use crate::{t, texts};

/// Entries of the main navigation that belong together, for a role: one alone is a link, several open as a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavGroup {
    /// The message id of the menu's name.
    pub text: &'static str,
    /// What it leads to.
    pub entries: Vec<NavEntry>,
}

/// One entry of the main navigation, for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavEntry {
    /// The message id of its text.
    pub text: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

/// A page being put together.
pub struct PageBuilder<'a> {
    visit: &'a Visit,
    title: String,
    active: &'static str,
    back: Option<(String, String)>,
    crumbs: Vec<(String, String)>,
    errors: Vec<ui::FieldError>,
    width: Width,
    help: &'static str,
    status: StatusCode,
}

impl Visit {
    /// A page with this title.
    pub fn page(&self, title: &str) -> PageBuilder<'_> {
        PageBuilder {
            visit: self,
            title: title.to_owned(),
            active: "",
            back: None,
            crumbs: Vec::new(),
            errors: Vec::new(),
            width: Width::Reading,
            help: "/help",
            status: StatusCode::OK,
        }
    }
}

impl PageBuilder<'_> {
    /// Belongs to the navigation entry with this address.
    #[must_use]
    pub fn active(mut self, href: &'static str) -> Self {
        self.active = href;
        self
    }

    /// With a back link.
    #[must_use]
    pub fn back(mut self, text: &str, href: &str) -> Self {
        self.back = Some((text.to_owned(), href.to_owned()));
        self
    }

    /// With one more breadcrumb.
    #[must_use]
    pub fn crumb(mut self, text: &str, href: &str) -> Self {
        self.crumbs.push((text.to_owned(), href.to_owned()));
        self
    }

    /// With an error summary; the answer's status is 422.
    #[must_use]
    pub fn errors(mut self, errors: &FieldErrors) -> Self {
        self.errors = errors.iter().map(|(path, text)| ui::FieldError::new(path, text.say())).collect();
        if !self.errors.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// Over the whole width, for lists and cases.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.width = Width::Page;
        self
    }

    /// With its own page of help.
    #[must_use]
    pub fn help(mut self, href: &'static str) -> Self {
        self.help = href;
        self
    }

    /// With another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The answer with this content.
    pub fn body(self, content: &Markup) -> Response {
        let visit = self.visit;
        let core = visit.core();
        let groups: Vec<(String, Vec<(String, &str)>)> = (core.nav)(&visit.cx.actor)
            .into_iter()
            .map(|group| (texts::t(group.text), group.entries.iter().map(|entry| (texts::t(entry.text), entry.href)).collect()))
            .collect();
        let items: Vec<Vec<NavItem>> = groups
            .iter()
            .map(|(_, entries)| entries.iter().map(|(text, href)| NavItem { link: Link::new(text, href), count: None }).collect())
            .collect();
        let nav: Vec<ui::NavGroup> = groups.iter().zip(&items).map(|((title, _), items)| ui::NavGroup { title, items }).collect();
        let (sign_in, account_text, sessions_text) = (t!("nav-sign-in"), t!("nav-account"), t!("nav-switch"));
        let account_links = [Link::new(&account_text, "/account"), Link::new(&sessions_text, "/account/memberships")];
        let acting = match &visit.cx.actor {
            Actor::Account(a) => role_at(&a.role, &a.party_name, a.acts_for.as_ref().map(|other| other.name.as_str())),
            _ => String::new(),
        };
        let crumbs: Vec<Link> = self.crumbs.iter().map(|(text, href)| Link::new(text, href)).collect();
        let service = t!("service-name");
        let contact = format!("mailto:{}", core.settings.authority.contact);
        let mut page = ui::Page::new(&self.title, &service, &core.settings.authority.name, super::assets());
        page.nav = &nav;
        page.active = self.active;
        page.account = visit.cx.actor.account().map(|a| ui::Account {
            name: &a.name,
            acting_for: &acting,
            links: &account_links,
            sign_out: "/sign-out",
        });
        page.sign_in = if page.account.is_none() { Some(Link::new(&sign_in, "/sign-in")) } else { None };
        page.back = self.back.as_ref().map(|(text, href)| Link::new(text, href));
        page.breadcrumbs = &crumbs;
        page.errors = &self.errors;
        page.width = self.width;
        page.csrf = &visit.csrf;
        page.help = self.help;
        page.contact = &contact;
        page.version = env!("CARGO_PKG_VERSION");
        // On every page: a telephone folds away who one is.
        let instead = visit.cx.actor.account().and_then(|a| a.acts_for.as_ref());
        let content = html! {
            @if let Some(other) = instead {
                p .govuk-body .vs-instead { (t!("nav-instead", name = &other.name)) " " a .govuk-link href="/account/memberships" { (t!("nav-switch")) } }
            }
            (content)
        };
        let html = ui::page(&|id| texts::t(id), &page, content);
        (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html.into_string()).into_response()
    }
}
