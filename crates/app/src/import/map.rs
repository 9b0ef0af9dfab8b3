//! From what is published to what the registers keep. No I/O.

use platform::db::dialect;
use rules::ocds::{Agreement, Organisation, State};
use uuid::Uuid;

use crate::{contract, party};

/// The text cut to `most` characters, the cut shown.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The register's details of a contract let by `authority`.
pub(super) fn contract(agreement: &Agreement, authority: Uuid) -> contract::model::Details {
    let day = |text: Option<&String>| text.and_then(|text| text.parse::<jiff::civil::Date>().ok());
    let starts_on = day(agreement.period.as_ref().and_then(|p| p.starts_on.as_ref()));
    let ends_on = day(agreement.period.as_ref().and_then(|p| p.ends_on.as_ref()));
    let value = agreement.value.as_ref().filter(|value| value.minor >= 0);
    contract::model::Details {
        title: cut(&agreement.title, 300),
        ocid: Some(agreement.ocid.clone()).filter(|ocid| ocid.chars().count() <= 100),
        description: agreement.description.as_deref().map(|text| cut(text, 8000)),
        starts_on,
        ends_on: ends_on.filter(|last| starts_on.is_none_or(|first| first <= *last)),
        value_minor: value.map(|value| value.minor),
        currency: value.map(|value| value.currency.clone()),
        state: match agreement.state {
            State::Planned => "planned",
            State::Active => "active",
            State::Ended | State::Void => "ended",
        }
        .to_owned(),
        ..contract::model::Details::titled(authority, "")
    }
}

/// The register's details of a supplier, and the name under which it is known to the source; none where nothing names it.
pub(super) fn supplier(of: &Organisation) -> Option<(String, party::model::Details)> {
    let name = of.name.as_deref().or(of.number.as_deref()).or(of.local_id.as_deref())?;
    let country = of.country.map(|country| country.code().to_owned());
    let number = of.identifier().map(|(scheme, number)| company_number(scheme, number));
    let key = match &number {
        Some(number) => format!("number\n{number}"),
        None => format!("name\n{}\n{}", dialect::fold(name), country.as_deref().unwrap_or_default()),
    };
    let details = party::model::Details {
        country,
        company_number: number.filter(|number| number.chars().count() <= 40),
        address: of.address.as_deref().map(|text| cut(text, 500)),
        ..party::model::Details::named(&cut(name, 200))
    };
    Some((key, details))
}

/// A number as the register of parties keeps it: that of Companies House as it stands there, others after the name of their register.
fn company_number(scheme: &str, number: &str) -> String {
    let plain: String = number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if scheme != "GB-COH" {
        return format!("{scheme} {plain}");
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) { format!("{plain:0>8}") } else { plain }
}

/// The party among `alike` that `details` mean: the one with the same number; without a number on one of the two sides, the only one of
/// the same name and country. Two different numbers are never one party.
pub(super) fn same(details: &party::model::Details, alike: &[party::store::Model]) -> Option<Uuid> {
    let numbered = alike.iter().find(|row| row.company_number.is_some() && row.company_number == details.company_number);
    if let Some(row) = numbered {
        return Some(row.id);
    }
    let name = dialect::fold(&details.name);
    let mut named = alike.iter().filter(|row| {
        row.name_key == name && row.country == details.country && (row.company_number.is_none() || details.company_number.is_none())
    });
    match (named.next(), named.next()) {
        (Some(row), None) => Some(row.id),
        _ => None,
    }
}

/// What to keep of a contract that people may have changed since: their changes stand, the rest follows the source. Field by field,
/// `was` is what the source said last, `is` what stands, `says` what it says now.
pub(super) fn merged(
    was: &serde_json::Value,
    is: &contract::model::Details,
    says: &contract::model::Details,
) -> serde_json::Result<contract::model::Details> {
    let mut out = serde_json::to_value(is)?;
    let says = serde_json::to_value(says)?;
    if let (Some(out), Some(says)) = (out.as_object_mut(), says.as_object()) {
        for (field, value) in says {
            // The Open Contracting id may have been given to another contract of the process.
            if field != "ocid" && field != "authority" && out.get(field) == was.get(field) {
                out.insert(field.clone(), value.clone());
            }
        }
    }
    serde_json::from_value(out)
}
