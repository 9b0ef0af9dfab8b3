//! Messages that lie in a folder, read back.

use std::path::Path;

use base64::Engine as _;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text, decoded.
    pub text: String,
}

/// The messages in `folder`, in the order of their jobs.
pub fn letters(folder: &Path) -> Vec<Letter> {
    let Ok(list) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = list.map(|entry| entry.unwrap().path()).collect();
    // One that is being written has another name until it is whole.
    files.retain(|file| file.extension().is_some_and(|end| end == "eml"));
    files.sort();
    files.iter().map(|file| read(&std::fs::read_to_string(file).unwrap())).collect()
}

fn read(message: &str) -> Letter {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    // A long header goes on in the next line.
    let head = head.replace("\r\n ", " ");
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
    let text = match header("Content-Transfer-Encoding:") {
        "quoted-printable" => quoted(body),
        "base64" => base64::engine::general_purpose::STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap(),
        _ => body.as_bytes().to_vec(),
    };
    Letter { to: header("To:").to_owned(), subject: header("Subject:").to_owned(), text: String::from_utf8(text).unwrap() }
}

/// What a quoted-printable text says.
fn quoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        out.push(u8::from_str_radix(&part[..2], 16).unwrap());
        out.extend_from_slice(&part.as_bytes()[2..]);
    }
    out
}
