//! An incident of ours as VERIS tells it (SEC-24): what was reported and decided of it, without what is withheld.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Time;
use platform::cases::Case;
use platform::clock::{Clock, HOUR, Millis};
use platform::{Cx, Result};
use rules::form::{Answers, FrozenDocument};
use rules::incident::{Facts as Tested, Loss};
use rules::veris::{By, Confidentiality, Counted, Discovered, Kind, Record, Span, When as Date, tell, write};
use serde_json::Value;

use super::judged;
use super::model::{Incident, Incidents, Verdict, When};
use super::regulator::{chosen, entries, facts};
use super::store::{self, About};
use crate::casework::answering;

/// A document of VERIS that is given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Given {
    /// The document of what bears this reference.
    ///
    /// # Errors
    /// Never, for values of ours.
    pub fn of(reference: &str, document: &Value) -> Result<Self> {
        let mut bytes = serde_json::to_vec_pretty(document)?;
        bytes.push(b'\n');
        Ok(Self { name: format!("{reference}.veris.json"), bytes })
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub fn digest(&self) -> String {
        hex::encode(platform::random::digest(&self.bytes))
    }
}

impl IntoResponse for Given {
    /// To be saved.
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "application/json".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)),
        ];
        (headers, self.bytes).into_response()
    }
}

/// The incident as a document of VERIS 1.4.
///
/// # Errors
/// When the database fails or something does not open.
pub async fn document(cx: &Cx, of: &Incident) -> Result<Value> {
    let reported = cx.core().clock.date_of(of.case.submitted_at.unwrap_or(of.case.made_at)).year();
    Ok(write(&record(cx, of).await?, reported))
}

/// What VERIS can hold of an incident. What is withheld of the report is masked here too, and what is sealed is left out.
///
/// # Errors
/// When the database fails or something does not open.
pub async fn record(cx: &Cx, of: &Incident) -> Result<Record> {
    let about = store::about(cx, cx.db(), &of.case).await?;
    let last = answering::documents::<Incidents>(cx, &of.case).await?.pop();
    let answers = last.map(|(_, document)| in_the_open(document)).unwrap_or_default();
    let authority = &cx.core().settings.authority;
    let mut record = told(&cx.core().clock, &of.case, &about, &answers);
    record.source = Some(authority.name.clone());
    record.victim = Some(authority.name.clone());
    record.countries = authority.home.clone();
    Ok(record)
}

/// The answers that are not sealed.
fn in_the_open(mut document: FrozenDocument) -> Answers {
    for section in &mut document.sections {
        section.answers.retain(|answer| !answer.sensitive);
        for entry in section.answers.iter_mut().flat_map(|answer| &mut answer.entries) {
            entry.retain(|answer| !answer.sensitive);
        }
    }
    document.answers()
}

fn told(clock: &Clock, case: &Case, about: &About, answers: &Answers) -> Record {
    let reference = case.reference.clone().unwrap_or_else(|| case.id.to_string());
    let tested = about.found.as_ref().and_then(|found| found.facts.clone()).unwrap_or_else(|| judged::facts(answers));
    let decided = about.found.as_ref().filter(|found| found.verdict.is_some());
    let verdict = decided.and_then(|found| found.verdict);
    let mut record = Record {
        id: reference.clone(),
        reference: Some(reference),
        certainty: Some(certainty(verdict).to_owned()),
        summary: answers.get("what_happened").and_then(Value::as_str).map(str::to_owned),
        happened: about.happened.map(date),
        discovered: vec![discovered(answers)],
        discovery_lag: about.happened.zip(about.discovered).and_then(|(from, to)| lag(clock, from, to)),
        notified: notified(answers).map(date),
        assets: assets(answers),
        // It was a supplier's to look after.
        management: vec!["External".to_owned()],
        confidentiality: data(answers),
        ..Record::default()
    };
    tell(&mut record, &facts(answers, decided.map(|found| found.categories.clone()).unwrap_or_default()));
    if verdict.is_none() {
        record.categories = None;
    }
    exposed(&mut record, &tested);
    record
}

fn certainty(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Incident) => "Confirmed",
        Some(Verdict::NotIncident) => "False positive",
        None => "Suspected",
    }
}

/// That others may know of it, where that was said and tells of no category that nobody decided on: with an attack it would be an access.
fn exposed(record: &mut Record, tested: &Tested) {
    let attacked = record.actions.iter().any(|action| matches!(action.kind, Kind::Hacking | Kind::Social));
    let lost = tested.loss.as_ref().is_some_and(|loss| loss.contains(&Loss::Confidentiality));
    if !attacked && (tested.exposed == Some(true) || lost) {
        record.confidentiality.get_or_insert_default().disclosure.get_or_insert_with(|| "Potentially".to_owned());
    }
}

fn date(when: When) -> Date {
    Date {
        year: Some(i64::from(when.date.year())),
        month: Some(i64::from(when.date.month())),
        day: Some(i64::from(when.date.day())),
        time: when.time.map(time),
    }
}

/// The time of day as VERIS has it: `10:40:00 PM`.
fn time(time: Time) -> String {
    let (hour, half) = match time.hour() {
        0 => (12, "AM"),
        hour @ 1..=11 => (hour, "AM"),
        12 => (12, "PM"),
        hour => (hour - 12, "PM"),
    };
    format!("{hour:02}:{:02}:{:02} {half}", time.minute(), time.second())
}

/// How long it stayed unnoticed: in hours where both times are known, else in days.
fn lag(clock: &Clock, from: When, to: When) -> Option<Span> {
    let (unit, value) = match (from.time, to.time) {
        (Some(_), Some(_)) => ("Hours", (at(clock, to)? - at(clock, from)?) / HOUR),
        _ => ("Days", i64::from((to.date - from.date).get_days())),
    };
    (value >= 0).then(|| Span { unit: unit.to_owned(), value: Some(value.into()) })
}

fn at(clock: &Clock, when: When) -> Option<Millis> {
    clock.instant(when.date.to_datetime(when.time?))
}

/// How it was noticed. Whoever works for the authority is a partner, in the words of VERIS.
fn discovered(answers: &Answers) -> Discovered {
    let (by, how) = match answers.get("found_by").and_then(Value::as_str) {
        Some("malware_procedure") => (By::Partner, Some("Antivirus")),
        Some("fault_procedure") => (By::Partner, Some("Monitoring service")),
        Some("audit") => (By::Partner, Some("Audit")),
        Some("staff" | "sub_contractor") => (By::Partner, Some("Other")),
        Some("authority") => (By::Internal, Some("Unknown")),
        Some("person_concerned") => (By::External, Some("Customer")),
        Some("outsider") => (By::External, Some("Other")),
        _ => (By::Unknown, None),
    };
    Discovered { by, how: how.map(str::to_owned).into_iter().collect() }
}

/// When a regulator or the people concerned were first told.
fn notified(answers: &Answers) -> Option<When> {
    let told = entries(answers, "notifications")
        .filter(|entry| matches!(entry["notified_who"].as_str(), Some("regulator" | "people_concerned")))
        .filter_map(|entry| When::of(entry.get("notified_at")));
    told.min()
}

/// What it was done to, each once.
fn assets(answers: &Answers) -> Vec<Counted> {
    let involved = chosen(answers, "involved").filter_map(|kind| match kind {
        "system" => Some("S - Unknown"),
        "device" => Some("U - Unknown"),
        "paper" => Some("M - Documents"),
        _ => None,
    });
    let media = entries(answers, "data").filter_map(|entry| match entry["data_medium"].as_str()? {
        "system" => Some("S - Unknown"),
        "message" => Some("S - Mail"),
        "device" => Some("U - Unknown"),
        "removable" => Some("M - Unknown"),
        "paper" => Some("M - Documents"),
        _ => None,
    });
    let mut all: Vec<Counted> = Vec::new();
    for variety in involved.chain(media) {
        if !all.iter().any(|known| known.variety == variety) {
            all.push(Counted { variety: variety.to_owned(), amount: None });
        }
    }
    all
}

/// What the answers say of data; none where they say nothing.
fn data(answers: &Answers) -> Option<Confidentiality> {
    let kinds = entries(answers, "data").filter_map(|entry| {
        let variety = kind_of_data(entry["data_type"].as_str()?);
        Some(Counted { variety: variety.to_owned(), amount: entry["data_records"].as_u64() })
    });
    let mut subjects: Vec<String> = Vec::new();
    for subject in chosen(answers, "subjects").map(subject) {
        if !subjects.iter().any(|known| known == subject) {
            subjects.push(subject.to_owned());
        }
    }
    let states = match answers.get("encrypted").and_then(Value::as_bool) {
        Some(true) => vec!["Stored encrypted".to_owned()],
        Some(false) => vec!["Stored unencrypted".to_owned()],
        None => Vec::new(),
    };
    let data = Confidentiality {
        disclosure: None,
        data: kinds.collect(),
        total: answers.get("records").and_then(Value::as_u64),
        subjects,
        states,
    };
    (data != Confidentiality::default()).then_some(data)
}

/// What VERIS calls a kind of data; its words are fewer than the regulator's.
fn kind_of_data(code: &str) -> &'static str {
    match code {
        "basic_personal_identifiers" | "official_documents" | "location" => "Personal",
        "identification" => "Credentials",
        "economic_and_financial" => "Bank",
        "health" => "Medical",
        "not_personal" => "Internal",
        "unknown" => "Unknown",
        _ => "Sensitive Personal",
    }
}

fn subject(code: &str) -> &'static str {
    match code {
        "customers" => "Customer",
        "employees" => "Employee",
        "patients" => "Patient",
        "students" => "Student",
        "unknown" => "Unknown",
        _ => "Other",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time as at;

    use super::*;

    #[test]
    fn times_are_those_of_veris() {
        for (time_of_day, says) in [
            (at(0, 15, 0, 0), "12:15:00 AM"),
            (at(9, 5, 0, 0), "09:05:00 AM"),
            (at(12, 0, 0, 0), "12:00:00 PM"),
            (at(22, 40, 0, 0), "10:40:00 PM"),
        ] {
            assert_eq!(time(time_of_day), says);
        }
    }
}
