//! Who is named in a head: author, sender, and to whom the mail server would return the message.

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use crate::head::Head;
use crate::{Reason, Unread, guarded, words};

/// The longest address, in bytes (RFC 5321: 64 before the `@`, 255 after it).
const ADDRESS: usize = 320;
/// The longest name, in bytes.
const NAME: usize = 200;

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name that stands before the address: whatever its writer wrote, in one line of at most 200 bytes.
    pub name: Option<String>,
    /// The address, its domain in small letters: one `@` at least, no blanks, no controls, at most 320 bytes.
    pub address: String,
}

impl Mailbox {
    /// The domain of the address, in small letters.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// To whom the mail server would return the message, as its last line `Return-Path` says, or the line of a mailbox before it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Envelope {
    /// It does not say.
    #[default]
    Unknown,
    /// To nobody, `<>`: what a machine sends to say that something failed. It must not be answered (RFC 5321, section 4.5.5).
    Nobody,
    /// To this address.
    Address(String),
}

/// What the From line says.
#[derive(Debug)]
pub(crate) struct Author {
    pub mailbox: Option<Mailbox>,
    pub is_one: bool,
}

impl Author {
    /// The author's domain, where there is one author.
    pub(crate) fn domain(&self) -> Option<&str> {
        self.mailbox.as_ref().filter(|_| self.is_one).map(Mailbox::domain)
    }
}

/// Whom the From line names.
pub(crate) fn author(head: &Head<'_>, unread: &mut Vec<Unread>) -> Author {
    let mut lines = head.all("from");
    let Some(field) = lines.next() else { return Author { mailbox: None, is_one: false } };
    let all = mailboxes(&field.decoded());
    let is_one = all.len() == 1 && all[0].is_some() && lines.next().is_none();
    let mailbox = all.into_iter().flatten().next();
    if mailbox.is_none() {
        unread.push(Unread::of(field.span.clone(), Reason::Author));
    }
    Author { mailbox, is_one }
}

/// The first mailbox in a line.
pub(crate) fn mailbox(value: &str) -> Option<Mailbox> {
    mailboxes(value).into_iter().flatten().next()
}

/// All that a line names, each with its address if that is one.
fn mailboxes(value: &str) -> Vec<Option<Mailbox>> {
    let line = format!("{value}\n");
    let all = guarded(|| match MessageStream::new(line.as_bytes()).parse_address() {
        HeaderValue::Address(all) => all
            .iter()
            .map(|one| {
                let address = address(one.address()?)?;
                let name = one.name().map(|name| words::line(name, NAME)).filter(|name| !name.is_empty());
                Some(Mailbox { name, address })
            })
            .collect(),
        _ => Vec::new(),
    });
    all.unwrap_or_default()
}

/// An address that can be one, its domain in small letters.
fn address(said: &str) -> Option<String> {
    let said = said.trim();
    let (local, domain) = said.rsplit_once('@')?;
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !words::hides(c) && !matches!(c, '<' | '>' | ',' | ';');
    let in_domain = |c: char| plain(c) && !matches!(c, '"' | '(' | ')' | '\\' | '@');
    let fits =
        !local.is_empty() && !domain.is_empty() && said.len() <= ADDRESS && local.chars().all(plain) && domain.chars().all(in_domain);
    fits.then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// To whom the message would be returned.
pub(crate) fn envelope(head: &Head<'_>) -> Envelope {
    if let Some(field) = head.first("return-path") {
        let said = field.decoded();
        let inner = said.split_once('<').map_or(said.as_str(), |(_, rest)| rest.split('>').next().unwrap_or_default()).trim();
        return if inner.is_empty() { Envelope::Nobody } else { address(inner).map_or(Envelope::Unknown, Envelope::Address) };
    }
    let Some(line) = head.mailbox else { return Envelope::Unknown };
    let line = String::from_utf8_lossy(line);
    match line.split(' ').nth(1).unwrap_or_default() {
        // How mailboxes write that there is nobody.
        "MAILER-DAEMON" | "<>" => Envelope::Nobody,
        said => address(said).map_or(Envelope::Unknown, Envelope::Address),
    }
}

/// Whether both are the same address, whatever the case, with or without a tag as in `desk+tag@authority.example`.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let plain = |address: &str| {
        let address = address.trim().to_lowercase();
        match address.rsplit_once('@') {
            Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or_default()),
            None => address,
        }
    };
    plain(one) == plain(other)
}
