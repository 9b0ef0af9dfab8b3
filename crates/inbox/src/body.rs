//! From parts to what a person reads: the text, and what is attached.

use crate::head::Head;
use crate::kind::Report;
use crate::parts::{self, Part};
use crate::{Attachment, Limits, Reason, TextFrom, Unread, coding, words};

/// How many bytes of a message one byte of text may take: `=3D`, and `=` at the end of each line.
const ENCODED: usize = 4;
/// What text begins with that PGP encrypted.
const PGP: &str = "-----BEGIN PGP MESSAGE-----";

/// What a message holds.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub text: String,
    pub text_from: TextFrom,
    pub other_text: Option<String>,
    pub attachments: Vec<Attachment>,
    pub report: Option<Report>,
}

/// What a message with this head holds.
pub(crate) fn read(bytes: &[u8], head: &Head<'_>, limits: &Limits, unread: &mut Vec<Unread>) -> Body {
    let (mut body, spans) = parted(bytes, head, limits, unread);
    if body.text.is_empty()
        && let Some(at) = body.attachments.iter().position(is_letter)
    {
        let letter = &body.attachments[at];
        let (text, reasons) = within(letter, limits);
        unread.extend(reasons.into_iter().map(|why| Unread {
            part: Some(letter.part.clone()),
            name: Some(letter.name.clone()),
            media_type: Some(letter.media_type.clone()),
            size: letter.size(),
            span: spans[at].clone(),
            why,
        }));
        if !text.is_empty() {
            body.text = text;
            body.text_from = TextFrom::Attached;
        }
    }
    body
}

/// Whether a letter is attached.
fn is_letter(attachment: &Attachment) -> bool {
    matches!(attachment.media_type.as_str(), "message/rfc822" | "message/global")
}

/// The text of a letter that is attached; where it has none either, that of the one attached to it, and so on. One is kept at a time.
fn within(letter: &Attachment, limits: &Limits) -> (String, Vec<Reason>) {
    let mut reasons = Vec::new();
    let mut inner: Option<Vec<u8>> = None;
    for _ in 0..limits.depth {
        let bytes = inner.as_deref().unwrap_or(&letter.bytes);
        let head = Head::of(bytes, 0, limits.head, |_| false);
        if head.fields.is_empty() {
            return (String::new(), reasons);
        }
        let mut unread = Vec::new();
        let body = parted(bytes, &head, limits, &mut unread).0;
        for why in unread.into_iter().map(|unread| unread.why) {
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
        let next = body.attachments.into_iter().find(is_letter);
        match next {
            Some(next) if body.text.is_empty() => inner = Some(next.bytes),
            _ => return (body.text, reasons),
        }
    }
    reasons.push(Reason::TooDeep { most: limits.depth });
    (String::new(), reasons)
}

/// What a message holds, without what letters within it do, and where each attachment lies.
fn parted(bytes: &[u8], head: &Head<'_>, limits: &Limits, unread: &mut Vec<Unread>) -> (Body, Vec<std::ops::Range<usize>>) {
    let parts = parts::all(bytes, head, limits, unread);
    let mut reader = Reader {
        bytes,
        limits,
        parts: &parts,
        unread,
        shown: Text::default(),
        other: Text::default(),
        differs: false,
        html: false,
        attachments: Vec::new(),
        spans: Vec::new(),
        attached: 0,
    };
    reader.part(0, Goes::Both);
    let Reader { shown, other, differs, html, attachments, spans, .. } = reader;
    let text_from = match (shown.text.is_empty(), html) {
        (true, _) => TextFrom::Nothing,
        (false, true) => TextFrom::Html,
        (false, false) => TextFrom::Plain,
    };
    let other_text = Some(other.text).filter(|other| differs && !other.is_empty() && !words::say_the_same(other, &shown.text));
    (Body { text: shown.text, text_from, other_text, attachments, report: report(&parts) }, spans)
}

/// What the message reports, if it is a report.
fn report(parts: &[Part]) -> Option<Report> {
    let top = parts.first().filter(|top| top.media.is("multipart", "report"))?;
    let delivery = |place: &usize| matches!(parts[*place].media.sub.as_str(), "delivery-status" | "global-delivery-status");
    let says = top.media.holds.as_deref() == Some("delivery-status");
    Some(if says || top.children.iter().any(delivery) { Report::Delivery } else { Report::Other })
}

/// Text as it grows.
#[derive(Debug, Default)]
struct Text {
    text: String,
}

impl Text {
    /// Adds a piece, after an empty line; says whether all of it has room.
    fn add(&mut self, piece: &str, most: usize) -> bool {
        let piece = piece.trim_end().trim_start_matches('\n');
        if piece.is_empty() {
            return true;
        }
        let between = if self.text.is_empty() { "" } else { "\n\n" };
        let Some(left) = most.checked_sub(self.text.len() + between.len()) else { return false };
        let fits = words::cut(piece, left);
        self.text.push_str(between);
        self.text.push_str(fits);
        fits.len() == piece.len()
    }
}

/// Where the text of a part goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// Into the text, and into what the HTML says.
    Both,
    /// Into the text.
    Shown,
    /// Into what the HTML says.
    Other,
    /// Nowhere: it stands elsewhere in another form. What comes with it is attached.
    Nowhere,
    /// To the files.
    File,
}

/// In which form a part says what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Html,
}

struct Reader<'r, 'u> {
    bytes: &'r [u8],
    limits: &'u Limits,
    parts: &'r [Part],
    unread: &'u mut Vec<Unread>,
    shown: Text,
    other: Text,
    /// Whether HTML came beside plain text.
    differs: bool,
    /// Whether HTML went into the text.
    html: bool,
    attachments: Vec<Attachment>,
    spans: Vec<std::ops::Range<usize>>,
    /// How large these are together.
    attached: usize,
}

impl<'r> Reader<'r, '_> {
    /// Reads a part and those within it: as deep as [`Limits::depth`], so the stack holds it.
    fn part(&mut self, place: usize, into: Goes) {
        let part = &self.parts[place];
        let media = &part.media;
        if part.too_deep {
            self.note(place, Reason::TooDeep { most: self.limits.depth });
        } else if !part.children.is_empty() {
            match media.sub.as_str() {
                "alternative" if into != Goes::File => self.alternative(part, into),
                "encrypted" => {
                    self.note(place, Reason::Encrypted);
                    part.children.iter().for_each(|child| self.part(*child, Goes::File));
                }
                _ => part.children.iter().for_each(|child| self.part(*child, into)),
            }
        } else if media.is_multipart() {
            // Without a boundary, or one that never comes: whatever stands there is read as it stands.
            if !self.raw(part).trim_ascii().is_empty() {
                self.note(place, Reason::Damaged);
                self.text(place, if into == Goes::File { Goes::Both } else { into });
            }
        } else if into != Goes::File && self.form_of(place).is_some() {
            self.text(place, into);
        } else {
            self.file(place);
        }
    }

    fn raw(&self, part: &Part) -> &'r [u8] {
        &self.bytes[part.body.clone()]
    }

    /// Notes that a part could not be read, or not whole.
    fn note(&mut self, place: usize, why: Reason) {
        let part = &self.parts[place];
        let media = &part.media;
        let size = media.coding.size(self.raw(part));
        let number = Some(part.number.clone()).filter(|number| !number.is_empty());
        self.unread.push(Unread {
            part: number,
            name: media.name.clone(),
            media_type: Some(media.full()),
            size,
            span: part.body.clone(),
            why,
        });
    }

    /// In which form a part is text of the message; none where it is a file.
    fn form_of(&self, place: usize) -> Option<Form> {
        let part = &self.parts[place];
        let media = &part.media;
        if let Some(first) = part.children.iter().find_map(|child| self.form_of(*child)) {
            return Some(first);
        }
        // Some programs show files of text within the letter, by their names. A letter that is only text may have a name.
        let apart = media.attached || (media.name.is_some() && place != 0);
        match media.sub.as_str() {
            "plain" if media.kind == "text" && !apart => Some(Form::Plain),
            "html" if media.kind == "text" && !apart => Some(Form::Html),
            _ => None,
        }
    }

    /// Reads what says the same in several forms.
    fn alternative(&mut self, part: &Part, into: Goes) {
        let forms: Vec<(usize, Option<Form>)> = part.children.iter().map(|child| (*child, self.form_of(*child))).collect();
        let of = |form: Form| move |it: &&(usize, Option<Form>)| it.1 == Some(form);
        let plain = forms.iter().find(of(Form::Plain)).map(|it| it.0);
        // The last one is the best that its writer could do.
        let html = forms.iter().rev().find(of(Form::Html)).map(|it| it.0);
        let before = self.shown.text.len();
        for (place, form) in &forms {
            let into = match into {
                _ if Some(*place) == plain && html.is_some() => match into {
                    Goes::Both => Goes::Shown,
                    Goes::Other => Goes::Nowhere,
                    into => into,
                },
                // Later, when it is known what the plain text says.
                _ if Some(*place) == html && plain.is_some() => continue,
                _ if Some(*place) == plain || Some(*place) == html => into,
                // A third form is somewhere to be seen.
                Goes::Both if form.is_some() => Goes::Other,
                _ if form.is_some() => Goes::Nowhere,
                into => into,
            };
            self.differs |= into == Goes::Other;
            self.part(*place, into);
        }
        if let (Some(_), Some(html)) = (plain, html) {
            // Programs that write HTML alone leave the plain text empty.
            let said = self.shown.text.len() > before;
            let into = match into {
                Goes::Both if said => Goes::Other,
                Goes::Shown if said => Goes::Nowhere,
                into => into,
            };
            self.differs |= into == Goes::Other;
            self.part(html, into);
        }
    }

    /// Reads a part as text.
    fn text(&mut self, place: usize, into: Goes) {
        if into == Goes::Nowhere {
            return;
        }
        let part = &self.parts[place];
        let media = &part.media;
        let most = self.limits.text;
        let raw = self.raw(part);
        let mut whole = raw.len() <= most.saturating_mul(ENCODED);
        let (bytes, sound) = media.coding.decode(&raw[..raw.len().min(most.saturating_mul(ENCODED))]);
        whole &= bytes.len() <= most;
        let (text, known) = coding::text(&bytes[..bytes.len().min(most)], media.charset.as_deref());
        let text = if media.sub == "html" {
            let words = words::of_html(&text);
            if words.is_empty() && !text.trim().is_empty() {
                self.note(place, Reason::NoWords);
            }
            words
        } else {
            let text = words::plain(&text);
            if media.flowed { words::unflowed(&text, media.delsp) } else { text }
        };
        if text.lines().any(|line| line.trim_start().starts_with(PGP)) {
            self.note(place, Reason::Encrypted);
        }
        if matches!(into, Goes::Both | Goes::Shown) {
            whole &= self.shown.add(&text, most);
            self.html |= media.sub == "html" && !text.is_empty();
        }
        if matches!(into, Goes::Both | Goes::Other) {
            whole &= self.other.add(&text, most);
        }
        for (fails, why) in [(!sound, Reason::Damaged), (!known, Reason::Charset), (!whole, Reason::TooMuchText { most })] {
            if fails {
                self.note(place, why);
            }
        }
    }

    /// Takes a part as a file.
    fn file(&mut self, place: usize) {
        let part = &self.parts[place];
        let media = &part.media;
        let (raw, limits) = (self.raw(part), self.limits);
        if media.is("message", "external-body") {
            return self.note(place, Reason::Elsewhere);
        }
        // Before anything is kept of it.
        let size = media.coding.size(raw);
        let too_much = if self.attachments.len() >= limits.attachments {
            Some(Reason::TooManyAttachments { most: limits.attachments })
        } else if size > limits.attachment {
            Some(Reason::TooLarge { most: limits.attachment })
        } else if self.attached + size > limits.attached {
            Some(Reason::AllTooLarge { most: limits.attached })
        } else {
            None
        };
        if let Some(why) = too_much {
            return self.note(place, why);
        }
        let (bytes, sound) = media.coding.decode(raw);
        self.attached += bytes.len();
        let locked = match (media.full().as_str(), media.holds.as_deref()) {
            ("application/ms-tnef" | "application/vnd.ms-tnef", _) => Some(Reason::Winmail),
            ("application/pkcs7-mime" | "application/x-pkcs7-mime", Some("certs-only")) => None,
            ("application/pkcs7-mime" | "application/x-pkcs7-mime", Some("signed-data" | "compressed-data")) => Some(Reason::Signed),
            ("application/pkcs7-mime" | "application/x-pkcs7-mime", _) => Some(Reason::Encrypted),
            ("message/partial", _) => Some(Reason::Piece),
            _ if media.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat")) => Some(Reason::Winmail),
            _ if bytes.trim_ascii_start().starts_with(PGP.as_bytes()) => Some(Reason::Encrypted),
            _ => None,
        };
        if let Some(why) = locked {
            self.note(place, why);
        }
        if !sound {
            self.note(place, Reason::Damaged);
        }
        self.spans.push(part.body.clone());
        self.attachments.push(Attachment {
            name: media.name.clone().unwrap_or_else(|| unnamed(part)),
            media_type: media.full(),
            bytes,
            part: if part.number.is_empty() { "1".to_owned() } else { part.number.clone() },
            damaged: !sound,
        });
    }
}

/// A name for a file that has none.
fn unnamed(part: &Part) -> String {
    let ending = match part.media.full().as_str() {
        "message/rfc822" | "message/global" => ".eml",
        "text/plain" | "message/delivery-status" => ".txt",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "application/pdf" => ".pdf",
        _ => "",
    };
    let number = if part.number.is_empty() { "1" } else { part.number.as_str() };
    format!("part-{number}{ending}")
}
