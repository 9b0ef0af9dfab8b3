//! The screens: headings and paragraphs from the catalogue.

use maud::html;
use platform::web::{Answer, Visit};
use platform::{t, texts};

/// A page of headings, each with its paragraphs as one message, apart by `|`.
fn page(visit: &Visit, title: &'static str, parts: &[(&'static str, &'static str)]) -> Answer {
    let (title, contact) = (texts::t(title), &visit.core().settings.authority.contact);
    Ok(visit.page(&title).body(&html! {
        h1 .govuk-heading-l { (title) }
        @for (heading, text) in parts {
            h2 .govuk-heading-m { (texts::t(heading)) }
            @for part in texts::t(text).split('|') { p .govuk-body { (part.trim()) } }
        }
        h2 .govuk-heading-m { (t!("about-ask")) }
        p .govuk-body { (t!("about-ask-text", authority = &visit.core().settings.authority.name)) }
        p .govuk-body { a .govuk-link href={ "mailto:" (contact) } { (contact) } }
    }))
}

/// GET /help.
pub(super) async fn help(visit: Visit) -> Answer {
    let parts = [
        ("about-help-what", "about-help-what-text"),
        ("about-help-propose", "about-help-propose-text"),
        ("about-help-save", "about-help-save-text"),
        ("about-help-decide", "about-help-decide-text"),
        ("about-help-refused", "about-help-refused-text"),
    ];
    page(&visit, "about-help", &parts)
}

/// GET /accessibility.
pub(super) async fn accessibility(visit: Visit) -> Answer {
    let parts = [("about-access-how", "about-access-how-text"), ("about-access-tested", "about-access-tested-text")];
    page(&visit, "about-access", &parts)
}

/// GET /privacy.
pub(super) async fn privacy(visit: Visit) -> Answer {
    let parts = [
        ("about-privacy-kept", "about-privacy-kept-text"),
        ("about-privacy-who", "about-privacy-who-text"),
        ("about-privacy-cookies", "about-privacy-cookies-text"),
    ];
    page(&visit, "about-privacy", &parts)
}
