//! What a part says to be: `Content-Type`, `Content-Disposition` and `Content-Transfer-Encoding` (RFC 2045, 2183, 2231).

use mail_parser::ContentType;
use mail_parser::parsers::MessageStream;

use crate::coding::Coding;
use crate::head::Field;
use crate::{guarded, words};

/// How much of one of these lines is read, in bytes: a long name in another script takes nine a letter.
const LINE: usize = 4 << 10;
/// The longest boundary, in bytes. RFC 2046 allows 70.
const BOUNDARY: usize = 250;

/// What a part says to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Media {
    /// The first half of its type, in small letters.
    pub kind: String,
    /// The second.
    pub sub: String,
    pub charset: Option<String>,
    /// Between which lines its parts lie, where it is `multipart`.
    pub boundary: Option<Vec<u8>>,
    /// Its name, made safe.
    pub name: Option<String>,
    /// Whether it asks to be kept apart from the text.
    pub attached: bool,
    /// Whether its lines are to be joined (RFC 3676), and whether without a blank.
    pub flowed: bool,
    pub delsp: bool,
    /// What S/MIME or a report holds, in small letters.
    pub holds: Option<String>,
    pub coding: Coding,
}

impl Media {
    /// What these lines say. `digest`: whether the part lies in a `multipart/digest`, where letters need not say that they are.
    pub fn of(fields: &[Field<'_>], digest: bool) -> Self {
        let line = |name: &str| fields.iter().find(|field| field.is(name)).map(Field::decoded);
        let mut media = Self { coding: Coding::of(line("content-transfer-encoding").as_deref()), ..Self::default() };
        let disposition = line("content-disposition").and_then(|said| parameters(&said));
        let said = line("content-type").and_then(|said| parameters(&said));
        media.attached = disposition.as_ref().is_some_and(ContentType::is_attachment);
        let named = disposition.as_ref().and_then(|it| it.attribute("filename"));
        media.name = named.or_else(|| said.as_ref().and_then(|it| it.attribute("name"))).and_then(words::file_name);
        let halves = said.as_ref().map(|it| (it.ctype().to_ascii_lowercase(), it.subtype().unwrap_or_default().to_ascii_lowercase()));
        (media.kind, media.sub) = match halves {
            Some((kind, sub)) if is_token(&kind) && is_token(&sub) => (kind, sub),
            // What cannot be understood is text (RFC 2045, section 5.2), unless it is a file.
            Some((kind, _)) if kind != "text" && (media.attached || media.name.is_some()) => ("application".into(), "octet-stream".into()),
            None if digest => ("message".into(), "rfc822".into()),
            _ => ("text".into(), "plain".into()),
        };
        if let Some(said) = said {
            let of = |name: &str| said.attribute(name).map(|value| value.trim().to_ascii_lowercase());
            media.charset = of("charset");
            media.flowed = of("format").as_deref() == Some("flowed");
            media.delsp = of("delsp").as_deref() == Some("yes");
            media.holds = of("smime-type").or_else(|| of("report-type"));
            let boundary = said.attribute("boundary").map(|boundary| boundary.trim_end().as_bytes().to_vec());
            media.boundary = boundary.filter(|it| media.kind == "multipart" && !it.is_empty() && it.len() <= BOUNDARY);
        }
        media
    }

    /// Whether it is of this type.
    pub fn is(&self, kind: &str, sub: &str) -> bool {
        self.kind == kind && self.sub == sub
    }

    pub fn is_multipart(&self) -> bool {
        self.kind == "multipart"
    }

    /// Its type, such as `text/plain`.
    pub fn full(&self) -> String {
        format!("{}/{}", self.kind, self.sub)
    }
}

/// A type or another word, with its parameters.
fn parameters(said: &str) -> Option<ContentType<'static>> {
    let line = format!("{}\n", words::cut(said, LINE));
    guarded(|| MessageStream::new(line.as_bytes()).parse_content_type().into_owned())?.into_content_type()
}

/// Whether it is half of a type: at most 100 letters, digits and few signs.
fn is_token(half: &str) -> bool {
    !half.is_empty() && half.len() <= 100 && half.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}
