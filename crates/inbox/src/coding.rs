//! From what is in the message to what was meant: base64, quoted-printable, and sets of characters.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::guarded;

/// How a part is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Coding {
    /// Not at all.
    #[default]
    Plain,
    Base64,
    Quoted,
    /// In a way that is not known.
    Unknown,
}

impl Coding {
    /// What a line says.
    pub fn of(said: Option<&str>) -> Self {
        let said = said.unwrap_or_default().to_ascii_lowercase();
        match said.split([';', '(', ' ']).next().unwrap_or_default().trim_matches('"') {
            "" | "7bit" | "8bit" | "binary" => Self::Plain,
            "base64" => Self::Base64,
            "quoted-printable" => Self::Quoted,
            _ => Self::Unknown,
        }
    }

    /// How large these bytes are, decoded; up to two bytes less. Takes no memory.
    pub fn size(self, bytes: &[u8]) -> usize {
        match self {
            Self::Plain | Self::Unknown => bytes.len(),
            Self::Base64 => bytes.iter().filter(|byte| is_base64(**byte)).count() / 4 * 3,
            Self::Quoted => {
                let mut size = 0;
                unquote(bytes, |_| size += 1);
                size
            }
        }
    }

    /// These bytes decoded, and whether they were as they should be. What is broken is read as far as it can be.
    pub fn decode(self, bytes: &[u8]) -> (Vec<u8>, bool) {
        match self {
            Self::Plain => (bytes.to_vec(), true),
            Self::Unknown => (bytes.to_vec(), false),
            Self::Quoted => {
                let mut out = Vec::with_capacity(bytes.len());
                let whole = unquote(bytes, |byte| out.push(byte));
                out.shrink_to_fit();
                (out, whole)
            }
            Self::Base64 => match guarded(|| mail_parser::decoders::base64::base64_decode(bytes)).flatten() {
                Some(out) => (out, true),
                None => {
                    let known: Vec<u8> = bytes.iter().copied().filter(|byte| is_base64(*byte) || *byte == b'=').collect();
                    (guarded(|| mail_parser::decoders::base64::base64_decode(&known)).flatten().unwrap_or_default(), false)
                }
            },
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// Gives what quoted-printable means, byte by byte, and says whether all of it was as it should be. Libraries end at the first fault, or
/// leave out what is none of ASCII; here what is no code stands as it is.
fn unquote(bytes: &[u8], mut give: impl FnMut(u8)) -> bool {
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    let mut whole = true;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (line, end) = match line.strip_suffix(b"\n") {
            Some(line) => line.strip_suffix(b"\r").map_or((line, b"\n".as_slice()), |line| (line, b"\r\n")),
            None => (line, b"".as_slice()),
        };
        // Blanks at the end of a line were put there on the way.
        let line = line.trim_ascii_end();
        let (line, goes_on) = line.strip_suffix(b"=").map_or((line, false), |line| (line, true));
        let mut at = 0;
        while at < line.len() {
            match (line[at], hex(line.get(at + 1)), hex(line.get(at + 2))) {
                (b'=', Some(high), Some(low)) => {
                    give(high << 4 | low);
                    at += 3;
                    continue;
                }
                (b'=', ..) => whole = false,
                _ => {}
            }
            give(line[at]);
            at += 1;
        }
        if !goes_on {
            end.iter().copied().for_each(&mut give);
        }
    }
    whole
}

/// The text of these bytes, and whether their set of characters is known. Never fails: what is no character is U+FFFD.
///
/// Labels are wrong often: text that says to be Latin and is valid UTF-8 beyond ASCII is UTF-8, since other text hardly ever is by chance;
/// text that says to be UTF-8 and has not one character of it is Windows-1252.
pub(crate) fn text(bytes: &[u8], charset: Option<&str>) -> (String, bool) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let label = charset.unwrap_or("utf-8").trim_matches(['"', '\'', ' ']);
    let encoding = Encoding::for_label_no_replacement(label.as_bytes());
    // In these, bytes of ASCII mean something else.
    let shifts = encoding.is_none_or(|it| !it.is_ascii_compatible());
    if let (false, Ok(text)) = (shifts, std::str::from_utf8(bytes)) {
        return (text.to_owned(), true);
    }
    match encoding {
        Some(encoding) if encoding == UTF_8 => (utf8(bytes), true),
        Some(encoding) => (encoding.decode_with_bom_removal(bytes).0.into_owned(), true),
        None => {
            let decoder = mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes());
            let text = decoder.and_then(|decode| guarded(|| decode(bytes)));
            // What it cannot decode it gives as one sign.
            match text.filter(|text| text != "\u{FFFD}" || bytes.len() < 2) {
                Some(text) => (text, true),
                // Most are ASCII with something more.
                None => (utf8(bytes), label.is_empty()),
            }
        }
    }
}

/// What should be UTF-8.
fn utf8(bytes: &[u8]) -> String {
    let any = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if any { String::from_utf8_lossy(bytes).into_owned() } else { WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned() }
}
