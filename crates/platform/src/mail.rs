//! Outgoing mail: a message is a job, written in the same transaction as what it tells of.

use serde_json::json;

use crate::jobs::Job;

/// The kind of job that sends a message.
pub const JOB: &str = "mail.send";

/// A message to be sent once the transaction is committed, and only then.
pub fn message(to: &str, subject: &str, text: &str) -> Job {
    Job::new(JOB, json!({ "to": to, "subject": subject, "text": text }))
}
