//! Outgoing mail: a job for each message, so that what is rolled back is never sent. The Message-ID is the job's id: a message that goes
//! out twice after a crash is recognised as one.

use std::time::{Duration, UNIX_EPOCH};

use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, ReplyTo};
use lettre::message::{Mailbox, Mailboxes};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::config::Settings;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::jobs::{Job, Working};
use crate::texts::Text;
use crate::{files, keys};

/// The kind of the job that sends a message.
pub const JOB: &str = "mail.send";

/// How long the mail server may take over one message.
const PATIENCE: Duration = Duration::from_mins(1);

/// A message, as its job carries it. Address, subject and text, which may hold a link that lets somebody in, are sealed there and wiped once
/// it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Letter {
    to: String,
    subject: String,
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    marking: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Answered>,
}

/// What a message answers that a machine sends to somebody who wrote one: ids in angle brackets, as that message gives them (RFC 5322).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The id of the message that is answered.
    pub in_reply_to: Option<String>,
    /// The ids of its conversation.
    pub references: Option<String>,
    /// Where somebody writes who answers in turn, where that is not whom it comes from.
    pub reply_to: Option<String>,
}

/// The job that sends a plain message to one address.
pub fn message(to: &str, subject: &str, text: &str) -> Job {
    job(to, subject, text, None)
}

/// The job that sends a message with a protective marking, which stands in the subject and at the head of the text.
pub fn marked_message(to: &str, subject: &str, text: &str, marking: &str) -> Job {
    job(to, subject, text, Some(marking.to_owned()))
}

/// Subject and text with a protective marking, a line of words, before the one and over the other.
pub fn marked(marking: Option<&str>, subject: &str, text: &str) -> (String, String) {
    match marking {
        None => (subject.to_owned(), text.to_owned()),
        Some(marking) => (format!("[{marking}] {subject}"), format!("{marking}\n\n{text}")),
    }
}

fn job(to: &str, subject: &str, text: &str, marking: Option<String>) -> Job {
    letter(Letter { to: to.to_owned(), subject: subject.to_owned(), text: text.to_owned(), marking, answers: None })
}

/// The job that answers a message by a machine (RFC 3834): it says so, and its envelope names nobody, so that what cannot be delivered comes back
/// to no one and no loop begins.
pub fn answer(to: &str, subject: &str, text: &str, marking: Option<&str>, answers: Answered) -> Job {
    let (to, subject, text) = (to.to_owned(), subject.to_owned(), text.to_owned());
    letter(Letter { to, subject, text, marking: marking.map(str::to_owned), answers: Some(answers) })
}

fn letter(letter: Letter) -> Job {
    // Strings always become JSON.
    Job::new(JOB, serde_json::to_value(letter).unwrap_or(Value::Null)).sealed(&["to", "subject", "text", "answers"])
}

/// Does a [`JOB`].
pub fn send<'a>(cx: &'a Cx, id: Uuid, payload: &'a Value) -> Working<'a> {
    Box::pin(async move {
        let letter: Letter = serde_json::from_value(payload.clone()).map_err(|_| Error::bad_request("mail-malformed"))?;
        let settings = &cx.core().settings;
        let message = compose(settings, &letter, id, cx.now())?;
        if settings.mail.smtp.is_empty() {
            let (folder, bytes) = (settings.mail_folder(), message.formatted());
            return tokio::task::spawn_blocking(move || {
                keys::make_folder(&folder)?;
                files::write_whole(&folder.join(format!("{id}.eml")), &bytes)
            })
            .await
            .map_err(Error::internal)?;
        }
        let transport = transport(&settings.mail.smtp)?;
        match tokio::time::timeout(PATIENCE, transport.send(message)).await {
            Ok(Ok(_)) => {
                metrics::counter!("vouchsafe_mail_sent_total").increment(1);
                Ok(())
            }
            Ok(Err(error)) => Err(why(&error)),
            Err(_) => Err(Error::internal("the mail server took too long")),
        }
    })
}

fn compose(settings: &Settings, letter: &Letter, id: Uuid, now: crate::clock::Millis) -> Result<Message> {
    let malformed = || Error::bad_request("mail-malformed");
    let to: Mailbox = letter.to.parse().map_err(|_| malformed())?;
    let from: Mailbox = settings.mail.from.parse().map_err(Error::internal)?;
    let host = url::Url::parse(&settings.public_url).ok().and_then(|u| u.host_str().map(str::to_owned));
    let host = host.unwrap_or_else(|| "localhost".to_owned());
    // A subject is one line, whatever someone's title holds.
    let line = |text: &str| text.split(|c: char| c.is_control()).map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
    let subject = line(&letter.subject);
    let (subject, text) = marked(letter.marking.as_deref().map(line).as_deref(), &subject, &letter.text);
    let builder = match &letter.answers {
        Some(_) => Message::builder().envelope(Envelope::new(None, vec![to.email.clone()]).map_err(|_| malformed())?),
        None => Message::builder(),
    };
    let mut message = builder
        .from(from)
        .to(to)
        .subject(subject)
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(now).unwrap_or(0)))
        .message_id(Some(format!("<{id}@{host}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|_| malformed())?;
    // Nobody's absence notice should answer a machine (RFC 3834).
    let submitted = if letter.answers.is_some() { "auto-replied" } else { "auto-generated" };
    message.headers_mut().insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), submitted.to_owned()));
    if let Some(to) = letter.answers.as_ref().and_then(|answers| answers.reply_to.as_deref()) {
        message.headers_mut().set(ReplyTo::from(Mailboxes::from(to.parse::<Mailbox>().map_err(|_| malformed())?)));
    }
    for (name, ids) in letter.answers.iter().flat_map(|a| [("In-Reply-To", &a.in_reply_to), ("References", &a.references)]) {
        if let Some(ids) = ids.as_deref().map(message_ids).filter(|ids| !ids.is_empty()) {
            // A line for each: none is longer than an id.
            let (plain, folded) = (ids.join(" "), ids.join("\r\n "));
            message.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), plain, folded));
        }
    }
    Ok(message)
}

/// The ids in a line of such, each in its brackets; what is none is left out, so that nothing can begin another line.
fn message_ids(line: &str) -> Vec<&str> {
    let inner =
        |id: &str| !id.is_empty() && id.len() <= 900 && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>');
    line.split(' ').filter(|id| id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).is_some_and(inner)).collect()
}

/// What the server said, as a class and its code: its words may repeat the address, and errors are logged.
fn why(error: &lettre::transport::smtp::Error) -> Error {
    match error.status() {
        // 530 to 538 speak of our own sign-in there, which an administrator can mend.
        Some(code) if error.is_permanent() && !matches!(u16::from(code), 530..=538) => {
            Error::BadRequest(Text::new("mail-refused").with("code", u16::from(code)))
        }
        Some(code) => Error::internal(format!("the mail server answers {code}")),
        None if error.is_tls() => Error::internal("the mail server's TLS cannot be trusted or is missing"),
        None if error.is_timeout() => Error::internal("the mail server took too long"),
        None => Error::internal("the mail server cannot be reached"),
    }
}

/// The connection that `address` names. TLS is required unless the server is this very machine or the address says `tls=none`.
///
/// # Errors
/// [`Error::Internal`] when it is not an address of a mail server; it is not shown, for it may hold a password.
pub fn transport(address: &str) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    Ok(builder(address)?.build())
}

/// As [`transport`], outside of a runtime: for checking an address.
pub(crate) fn builder(address: &str) -> Result<AsyncSmtpTransportBuilder> {
    let wrong = || Error::internal("mail.smtp is not the address of a mail server");
    let url = url::Url::parse(address).map_err(|_| wrong())?;
    let host = url.host_str().filter(|h| !h.is_empty()).ok_or_else(wrong)?;
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let wish = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let mut plain = url.clone();
    plain.set_query(None);
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(plain.as_str()).map_err(|_| wrong())?;
    let parameters = || TlsParameters::new(host.to_owned()).map_err(|_| wrong());
    let builder = match (url.scheme(), wish.as_deref()) {
        ("smtps", None | Some("required")) | ("smtp", Some("none")) => builder,
        ("smtp", None) if here => builder,
        ("smtp", None | Some("required")) => {
            let builder = builder.tls(Tls::Required(parameters()?));
            if url.port().is_none() { builder.port(587) } else { builder }
        }
        _ => return Err(wrong()),
    };
    Ok(builder.timeout(Some(Duration::from_secs(20))))
}

#[cfg(test)]
mod tests;
