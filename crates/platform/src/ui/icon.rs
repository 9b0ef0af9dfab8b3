//! The few drawings that the pages use, as inline SVG hidden from screen readers.

use maud::{Markup, html};

/// The mark beside the service's name: a shield whose tick is the V of Vouchsafe.
pub(super) fn mark() -> Markup {
    html! {
        svg .vs-mark xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 32" width="28" height="32" aria-hidden="true" focusable="false" {
            path fill="currentColor" d="M14 0 28 4.6v11.2c0 7.6-5.6 13.2-14 16.2C5.6 29 0 23.4 0 15.8V4.6z" {}
            path .vs-mark__tick fill="none" stroke-width="3.4" stroke-linecap="square" stroke-linejoin="miter" d="m8 12.5 5.4 8.5L20.5 9" {}
        }
    }
}

/// An arrow that follows the text of the button that starts something.
pub(super) fn start_arrow() -> Markup {
    html! {
        svg .govuk-button__start-icon xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false" {
            path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z" {}
        }
    }
}

/// An arrow back (`prev`) or onwards, as GOV.UK's pagination draws it.
pub(super) fn page_arrow(prev: bool) -> Markup {
    let (class, path) = if prev {
        ("govuk-pagination__icon govuk-pagination__icon--prev", "m6.6 0-6.7 6.7 6.7 6.4 1.4-1.4-4.2-4h12.9v-2H1.7L6 1.4z")
    } else {
        ("govuk-pagination__icon govuk-pagination__icon--next", "M8.1 0 6.7 1.4 11 5.7H-2v2h12.9l-4.2 4 1.4 1.4 6.7-6.4z")
    };
    html! {
        svg class=(class) xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13" {
            path d=(path) {}
        }
    }
}
