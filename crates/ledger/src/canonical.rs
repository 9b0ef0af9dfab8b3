//! Reading what has one way of being written, in place: a cursor over the bytes of a line.

/// The 32 bytes that `text` names.
pub(crate) fn digest(text: &[u8]) -> Option<[u8; 32]> {
    // The decoder takes a prefix and capitals too; there is one way of writing a digest.
    if text.len() != 64 || text.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    const_hex::decode_to_array(text).ok()
}

/// A place in the bytes of one line.
pub(crate) struct Cursor<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// These very bytes.
    pub(crate) fn literal(&mut self, expected: &[u8]) -> Option<()> {
        if self.rest().starts_with(expected) {
            self.at += expected.len();
            return Some(());
        }
        None
    }

    /// A whole number without sign or leading zeros.
    pub(crate) fn number(&mut self) -> Option<u64> {
        let rest = self.rest();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || (digits > 1 && rest.first() == Some(&b'0')) {
            return None;
        }
        let mut value = 0_u64;
        for digit in rest.iter().take(digits) {
            value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        }
        self.at += digits;
        Some(value)
    }

    /// A digest and its closing quote; the opening one has been read.
    pub(crate) fn digest(&mut self) -> Option<[u8; 32]> {
        let found = digest(self.rest().get(..64)?)?;
        self.at += 64;
        self.literal(b"\"")?;
        Some(found)
    }

    /// A text of valid UTF-8 and its closing quote, unescaped; the opening one has been read. Escaped is what must be, in the
    /// shortest way (RFC 8259 §7): quote, backslash, and control characters, those with a letter of their own by it.
    pub(crate) fn escaped(&mut self) -> Option<Vec<u8>> {
        let rest = self.rest();
        // Nothing gets longer by being unescaped.
        let mut text = Vec::with_capacity(rest.len());
        let mut read = 0;
        loop {
            let plain = rest.get(read..)?;
            let length = plain.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
            text.extend_from_slice(plain.get(..length)?);
            read += length;
            let (byte, width) = match rest.get(read..)? {
                [b'"', ..] => break,
                [b'\\', escape, digits @ ..] => match escape {
                    b'"' | b'\\' => (*escape, 2),
                    b'b' => (0x08, 2),
                    b't' => (b'\t', 2),
                    b'n' => (b'\n', 2),
                    b'f' => (0x0c, 2),
                    b'r' => (b'\r', 2),
                    b'u' => (control(digits.get(..4)?)?, 6),
                    _ => return None,
                },
                _ => return None,
            };
            text.push(byte);
            read += width;
        }
        std::str::from_utf8(&text).ok()?;
        self.at += read + 1;
        Some(text)
    }

    /// That everything was read.
    pub(crate) fn end(&self) -> Option<()> {
        (self.at == self.bytes.len()).then_some(())
    }
}

/// The control character without an escape of its own letter that four digits name.
fn control(digits: &[u8]) -> Option<u8> {
    let &[b'0', b'0', high @ (b'0' | b'1'), low @ (b'0'..=b'9' | b'a'..=b'f')] = digits else {
        return None;
    };
    let byte = (high - b'0') << 4 | if low.is_ascii_digit() { low - b'0' } else { low - b'a' + 10 };
    (!matches!(byte, 0x08 | b'\t' | b'\n' | 0x0c | b'\r')).then_some(byte)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::Cursor;

    /// The text that a JSON string names, where it is the one way of writing it.
    fn escaped(json: &[u8]) -> Option<String> {
        let mut cursor = Cursor::new(json);
        cursor.literal(b"\"")?;
        let text = cursor.escaped()?;
        cursor.end()?;
        String::from_utf8(text).ok()
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_is_written(text in "[\\x00-\\x7fé\u{2028}\u{10ffff}]{0,40}") {
            let json = serde_json::to_vec(&text).unwrap();
            prop_assert_eq!(escaped(&json), Some(text));
        }

        #[test]
        fn nothing_else_is_read(json in r#""([ -~]|\\[ -~]|\\u00[01][0-9a-fA-F]|\\u[0-9a-f]{4}|[\x00-\x1fé]){0,6}"?"#) {
            let read: Option<String> = serde_json::from_str(&json).ok();
            let again = read.filter(|text| serde_json::to_string(text).is_ok_and(|again| again == json));
            prop_assert_eq!(escaped(json.as_bytes()), again);
        }
    }

    #[test]
    fn a_text_is_valid_utf_8() {
        assert_eq!(escaped(b"\"\xff\""), None);
        assert_eq!(escaped("\"é\"".as_bytes()).unwrap(), "é");
    }

    #[test]
    fn a_digest_is_written_in_one_way() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(hex::encode(super::digest(good.as_bytes()).unwrap()), good);
        for bad in [
            String::new(),
            good.to_uppercase(),
            format!("0x{good}"),
            format!("0x{}", &good[2..]),
            good[1..].to_owned(),
            format!("{good}0"),
            format!(" {}", &good[1..]),
            good.replacen('0', "g", 1),
            format!("{}é", &good[2..]),
        ] {
            assert_eq!(super::digest(bad.as_bytes()), None, "{bad}");
        }
    }
}
