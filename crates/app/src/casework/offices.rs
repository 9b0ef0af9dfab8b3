//! How offices are reached: what has the form of data about people and is about none of them (SEC-25).

use platform::config::Settings;
use platform::error::FieldErrors;
use rules::regulator::DOMAIN;
use rules::screen::{Finding, Kind};

use super::writing::refuse_but;

/// Where the authority and its regulator have their addresses.
#[derive(Debug, Clone)]
pub(crate) struct Offices(Vec<String>);

impl Offices {
    /// Those of these settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let own = settings.receive.addresses.iter().chain([&settings.mail.from]);
        let domains = own.filter_map(|address| address.rsplit_once('@')).map(|(_, domain)| domain.trim_end_matches('>').trim().to_owned());
        Self(domains.chain([DOMAIN.to_owned()]).collect())
    }

    /// As [`refuse_but`]: what reaches an office may stand there.
    pub(crate) fn refuse(&self, errors: &mut FieldErrors, (field, text): (&str, &str), says: &'static str) {
        refuse_but(errors, (field, text), says, |finding| self.have(finding, text));
    }

    /// Whether what was found in a text is an address of theirs, or a number that no person has.
    fn have(&self, finding: &Finding, text: &str) -> bool {
        let said = &text[finding.span()];
        match finding.kind {
            Kind::Email => said.rsplit_once('@').is_some_and(|(_, domain)| self.0.iter().any(|own| domain.eq_ignore_ascii_case(own))),
            Kind::Phone => is_of_an_office(said),
            _ => false,
        }
    }
}

/// Whether a British telephone number is of a kind that is given to organisations alone: 03, and the free 0800 and 0808.
fn is_of_an_office(said: &str) -> bool {
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let international = said.trim_start_matches('(').starts_with('+') || digits.starts_with("00");
    let rest = if international {
        let Some(rest) = digits.trim_start_matches('0').strip_prefix("44") else { return false };
        rest.strip_prefix('0').unwrap_or(rest)
    } else {
        let Some(rest) = digits.strip_prefix('0') else { return false };
        rest
    };
    rest.starts_with('3') && rest.len() == 10 || ["800", "808"].iter().any(|begins| rest.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use rules::screen::screen;

    use super::*;

    /// SEC-25: what reaches an office passes, what reaches somebody does not.
    #[test]
    fn sec_25_offices_are_nobody() {
        let mut settings = Settings::default();
        settings.mail.from = "Vouchsafe <vouchsafe@authority.example>".to_owned();
        settings.receive.addresses = vec!["incidents@reports.example".to_owned()];
        let offices = Offices::of(&settings);
        let cases = [
            ("Write to privacy@authority.example", true),
            ("Write to Incidents@REPORTS.example", true),
            ("Sent to casework@ico.org.uk", true),
            ("Ask sam.bell@customers.example", false),
            ("Ask sam.bell@notauthority.example", false),
            ("Telephone 0303 123 1113", true),
            ("Telephone +44 303 123 1113", true),
            ("Telephone 0808 157 0192", true),
            ("Telephone 020 7946 0000", false),
            ("Telephone +44 20 7946 0000", false),
            ("Telephone +33 3 20 12 34 56", false),
            ("Telephone 03 20 12 34 56", false),
            ("Telephone 03 9123 4567", false),
            ("Her number is AB123456C", false),
        ];
        for (text, passes) in cases {
            let found = screen(text);
            assert!(!found.is_empty(), "{text}");
            assert_eq!(found.iter().all(|finding| offices.have(finding, text)), passes, "{text}: {found:?}");
        }
    }
}
