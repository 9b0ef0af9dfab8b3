//! A virus scanner that speaks as `clamd` does over a socket and finds what a test tells it to.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A scanner on a port of this machine.
pub struct Scanner {
    /// Where it listens, as the setting `files.clamd` names it.
    pub at: String,
    knows: Arc<Mutex<Vec<String>>>,
}

impl Scanner {
    /// One that knows nothing harmful yet.
    pub fn new() -> Self {
        Self::open(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// The same where it listened before, or is to: an address as [`Scanner::at`].
    pub fn open_at(at: &str) -> Self {
        Self::open(TcpListener::bind(at).unwrap())
    }

    fn open(listener: TcpListener) -> Self {
        let (at, knows) = (listener.local_addr().unwrap().to_string(), Arc::<Mutex<Vec<String>>>::default());
        let known = knows.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let known = known.clone();
                std::thread::spawn(move || drop(look(stream, &known)));
            }
        });
        Self { at, knows }
    }

    /// From now on it finds `text` wherever it stands.
    pub fn learns(&self, text: &str) {
        self.knows.lock().unwrap().push(text.to_owned());
    }
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

/// One command: `zPING`, or `zINSTREAM` with portions that each begin with their length, the last of which is empty.
fn look(mut stream: TcpStream, known: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut command = Vec::new();
    while command.last() != Some(&0) {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        command.extend(byte);
    }
    if command == b"zPING\0" {
        return stream.write_all(b"PONG\0");
    }
    let mut seen = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let mut part = vec![0; u32::from_be_bytes(length) as usize];
        if part.is_empty() {
            break;
        }
        stream.read_exact(&mut part)?;
        seen.extend(part);
    }
    let harmful = known.lock().unwrap().iter().any(|text| seen.windows(text.len()).any(|part| part == text.as_bytes()));
    stream.write_all(if harmful { b"stream: Test.Harmful FOUND\0" } else { b"stream: OK\0" })
}
