//! A mail server for tests: real SMTP over a loopback port of its own, on threads that end with the test's process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mailin::response::{self, Action, Response};
use mailin::{Handler, SessionBuilder};

/// A server that keeps what it is sent. Recipients whose address begins with `nobody` are refused for good, those with `later` for now.
#[derive(Clone)]
pub struct PostOffice {
    port: u16,
    kept: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    /// Opens on a free port.
    pub fn open() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn on(listener: TcpListener) -> Self {
        let port = listener.local_addr().unwrap().port();
        let office = Self { port, kept: Arc::default() };
        let kept = office.kept.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || drop(converse(stream, kept)));
            }
        });
        office
    }

    /// Opens on this port, which nobody listens on: one that was down is up.
    pub fn open_at(port: u16) -> Self {
        Self::on(TcpListener::bind(("127.0.0.1", port)).unwrap())
    }

    /// Its address, as the setting `mail.smtp` takes it.
    pub fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The messages accepted, in order, each with headers and body.
    pub fn messages(&self) -> Vec<String> {
        self.kept.lock().unwrap().clone()
    }
}

struct Counter {
    kept: Arc<Mutex<Vec<String>>>,
    message: Vec<u8>,
}

impl Handler for Counter {
    fn rcpt(&mut self, to: &str) -> Response {
        if to.starts_with("nobody") {
            response::NO_MAILBOX
        } else if to.starts_with("later") {
            response::INTERNAL_ERROR
        } else {
            response::OK
        }
    }

    fn data(&mut self, part: &[u8]) -> std::io::Result<()> {
        self.message.extend_from_slice(part);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = String::from_utf8(std::mem::take(&mut self.message)).unwrap();
        self.kept.lock().unwrap().push(message);
        response::OK
    }
}

fn converse(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut session = SessionBuilder::new("post.example").build(stream.peer_addr()?.ip(), Counter { kept, message: Vec::new() });
    session.greeting().write_to(&mut out)?;
    out.flush()?;
    let mut input = BufReader::new(stream);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        // The session knows no sender who is nobody, as machines write that want nothing back.
        if line.to_ascii_uppercase().starts_with(b"MAIL FROM:<>") {
            line.splice(..b"MAIL FROM:<>".len(), *b"MAIL FROM:<nobody@post.example>");
        }
        let answer = session.process(&line);
        line.clear();
        match answer.action {
            Action::NoReply => continue,
            Action::Close => return answer.write_to(&mut out),
            Action::Reply | Action::UpgradeTls => answer.write_to(&mut out)?,
        }
        out.flush()?;
    }
    Ok(())
}
