//! Large files through the running program: how much memory they take, and what is left of those that broke off.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Serving, command, data, run};

/// Bytes of the large file.
const LARGE: usize = 200 * 1024 * 1024;
/// More memory than this, in KiB, on top of what the program had before, is not a stream any more.
const MOST_KIB: u64 = 48 * 1024;
const PASSWORD: &str = "copper lantern drifts sideways";

/// Somebody signed in, one request at a time.
struct Visitor {
    at: String,
    cookies: BTreeMap<String, String>,
}

/// An answer: its head, and its body as it came.
struct Told {
    head: String,
    body: Vec<u8>,
}

impl Told {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.to_lowercase().starts_with(&format!("{name}:")).then(|| line.split_once(':').unwrap().1.trim()))
    }
}

impl Visitor {
    fn begin(&self, method: &str, path: &str, kind: &str, length: usize) -> TcpStream {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut stream = TcpStream::connect(&self.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: text/html\r\nCookie: {}\r\nContent-Length: {length}\r\n\
             Content-Type: {kind}\r\n\r\n",
            self.at,
            cookies.join("; ")
        )
        .unwrap();
        stream
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Told {
        let mut stream = self.begin(method, path, "application/x-www-form-urlencoded", body.len());
        stream.write_all(body.as_bytes()).unwrap();
        let told = heard(stream);
        for set in told.head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        told
    }

    fn get(&mut self, path: &str) -> String {
        self.ask("GET", path, "").text()
    }

    /// Sends a file to `path`: `size` bytes that begin with `start`, as they are made. Announces `announced` bytes of body in all, and hangs
    /// up after `sent` of them.
    fn upload(&mut self, path: &str, start: &[u8], size: usize, lie: impl FnOnce(usize) -> (usize, usize)) -> Option<Told> {
        let page = self.get(path);
        let mut front = Vec::new();
        for name in ["csrf", "once"] {
            let value = field(&page, name);
            front.extend(format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        front.extend(b"--mark\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/large.bin\"\r\n\r\n");
        front.extend(start);
        let back = b"\r\n--mark--\r\n";
        let whole = front.len() + (size - start.len()) + back.len();
        let (announced, sent) = lie(whole);
        let mut stream = self.begin("POST", path, "multipart/form-data; boundary=mark", announced);
        let filler = filler();
        let mut left = sent;
        let mut parts = vec![front];
        let mut rest = size - start.len();
        while left > 0 {
            let part = match parts.pop() {
                Some(part) => part,
                None if rest > 0 => {
                    let part = filler[..rest.min(filler.len())].to_vec();
                    rest -= part.len();
                    part
                }
                None => back.to_vec(),
            };
            let part = &part[..part.len().min(left)];
            if stream.write_all(part).is_err() {
                return None;
            }
            left -= part.len();
        }
        if sent < announced {
            let _ = stream.shutdown(Shutdown::Both);
            return None;
        }
        Some(heard(stream))
    }
}

/// What follows the beginning of a file, again and again.
fn filler() -> Vec<u8> {
    (0..64 * 1024_u32).map(|n| u8::try_from(n % 251).unwrap() | 0x80).collect()
}

fn heard(mut stream: TcpStream) -> Told {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
    let body = answer.split_off(end + 4);
    Told { head: String::from_utf8_lossy(&answer).into_owned(), body }
}

/// The value of the field `name` on a page.
fn field(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}: {page}"));
    page[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// A figure of the process that the system keeps, in KiB.
fn kib(child: &Child, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What lies in the file store, half-written things included.
fn stored(data: &Path) -> Vec<String> {
    let shards = std::fs::read_dir(data.join("files")).unwrap().map(|shard| shard.unwrap().path()).filter(|path| path.is_dir());
    shards.flat_map(|shard| std::fs::read_dir(shard).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap())).collect()
}

/// A program that takes files of 250 MiB, and an administrator signed in to it; the page of the authority's own files.
fn begun(folder: &tempfile::TempDir) -> (Serving, Visitor, String) {
    let (_, text) = data(folder);
    let (code, out, err) = run(&["init", "--data", &text, "--email", "ada@authority.example", "--name", "Ada Penhallow"]);
    assert_eq!(code, 0, "{err}");
    let link = out.split_whitespace().find_map(|word| word.find("/sign-in/link/").map(|at| word[at..].to_owned())).unwrap();
    let mut child = command(&["serve", "--data", &text, "--listen", "127.0.0.1:0"])
        .env("VOUCHSAFE_LIMITS_FILE_MIB", "250")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let serving = Serving { child, at: line.trim().rsplit("http://").next().unwrap().to_owned() };
    let mut ada = Visitor { at: serving.at.clone(), cookies: BTreeMap::new() };
    let csrf = field(&ada.get(&link), "csrf");
    let told = ada.ask("POST", &link, &format!("csrf={csrf}&password={}", PASSWORD.replace(' ', "+")));
    assert!(told.head.starts_with("HTTP/1.1 303"), "{}", told.head);
    let parties = ada.get("/parties");
    let id =
        parties.split("/parties/").map(|rest| rest.split(['"', '?', '/']).next().unwrap()).find(|id| id.len() == 36).unwrap().to_owned();
    (serving, ada, format!("/files/of/party/{id}"))
}

/// OWN-4: 200 MiB go in and come out again as a stream: what the process takes on top of what it had stays small. What comes out is what
/// went in, and on disk it is sealed.
#[test]
fn a_large_file_is_never_held_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (serving, mut ada, page) = begun(&folder);
    let start = b"%PDF-1.7\nThe certificate.\n";
    // Once in small, so that whatever is set up on first use is there.
    let told = ada.upload(&page, start, 100_000, |whole| (whole, whole)).unwrap();
    assert!(told.head.starts_with("HTTP/1.1 303"), "{} {}", told.head, told.text());
    let before = kib(&serving.child, "VmHWM");
    let began = Instant::now();
    let told = ada.upload(&page, start, LARGE, |whole| (whole, whole)).unwrap();
    assert!(told.head.starts_with("HTTP/1.1 303"), "{} {}", told.head, told.text());
    let (up, after_up) = (began.elapsed(), kib(&serving.child, "VmHWM"));

    let list = ada.get(&page);
    assert!(list.contains("209.7 MB") && list.contains("large.bin") && !list.contains("../"), "{list}");
    let link =
        list.split("href=\"/files/").map(|rest| rest.split('"').next().unwrap()).filter(|id| id.len() == 36).last().unwrap().to_owned();
    let (mut stream, began) = (ada.begin("GET", &format!("/files/{link}/bytes"), "text/plain", 0), Instant::now());
    // Slowly at first, as somebody far away would read.
    let twice = filler().repeat(2);
    let (mut buffer, mut head, mut read) = (vec![0; 32 * 1024], Vec::new(), 0);
    loop {
        let count = stream.read(&mut buffer).unwrap();
        if count == 0 {
            break;
        }
        let mut bytes = &buffer[..count];
        if read == 0 {
            head.extend_from_slice(bytes);
            let Some(end) = head.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
            assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
            let skip = bytes.len() - (head.len() - end - 4);
            bytes = &bytes[skip..];
        }
        if read < 8 * 1024 * 1024 {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Beyond the beginning the same portion comes again and again.
        let own = start.len().saturating_sub(read).min(bytes.len());
        assert!(bytes[..own] == start[read.min(start.len())..][..own]);
        read += own;
        let at = (read - start.len().min(read)) % (twice.len() / 2);
        assert!(bytes[own..] == twice[at..][..bytes.len() - own], "what comes out is not what went in, after {read} bytes");
        read += bytes.len() - own;
    }
    assert_eq!(read, LARGE);
    let after = kib(&serving.child, "VmHWM");
    println!(
        "memory: {before} KiB before, {after_up} KiB after 200 MiB up ({up:?}), {after} KiB after 200 MiB down ({:?})",
        began.elapsed()
    );
    // The kernel counts what is resident now and then: what did not grow may seem to have shrunk.
    let more = after.saturating_sub(before);
    assert!(more < MOST_KIB, "{more} KiB more for 200 MiB");
    assert_eq!(stored(&folder.path().join("data")).len(), 2);
    assert_eq!(serving.stop(), Some(0));
}

/// A token for programs of whoever is signed in.
fn token(ada: &mut Visitor) -> String {
    let page = ada.get("/account/tokens/new");
    let (csrf, once) = (field(&page, "csrf"), field(&page, "once"));
    let told = ada.ask("POST", "/account/tokens/new", &format!("csrf={csrf}&once={once}&name=Program&scopes=cases:write&days=30"));
    let text = told.text();
    let at = text.find("vouchsafe_").unwrap_or_else(|| panic!("no token: {} {text}", told.head));
    text[at..].split('<').next().unwrap().trim().to_owned()
}

/// OWN-4: what a program sends is a stream as well, kept or refused: its bytes are never whole in memory, nor is what it is answered kept back by them.
#[test]
fn a_programs_large_file_is_never_held_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (serving, mut ada, page) = begun(&folder);
    let token = token(&mut ada);
    let send = |size: usize| {
        let mut stream = TcpStream::connect(&serving.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        write!(
            stream,
            "POST /api/v1{page}?name=large.pdf HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/octet-stream\r\nContent-Length: {size}\r\n\r\n%PDF-1.7\n",
            serving.at
        )
        .unwrap();
        let (filler, mut left) = (filler(), size - 9);
        while left > 0 {
            let part = &filler[..left.min(filler.len())];
            stream.write_all(part).unwrap();
            left -= part.len();
        }
        heard(stream)
    };
    let told = send(100_000);
    assert!(told.head.starts_with("HTTP/1.1 201"), "{} {}", told.head, told.text());
    let before = kib(&serving.child, "VmHWM");
    let told = send(LARGE);
    assert!(told.head.starts_with("HTTP/1.1 201") && told.text().contains(&format!("\"size\":{LARGE}")), "{} {}", told.head, told.text());
    // A little over the limit of 250 MiB: read to its end, so that the program hears why, and not kept.
    let told = send(251 * 1024 * 1024);
    assert!(told.head.starts_with("HTTP/1.1 422") && told.text().contains("larger than 250 MB"), "{} {}", told.head, told.text());
    let after = kib(&serving.child, "VmHWM");
    println!("memory: {before} KiB before, {after} KiB after 200 MiB kept and 251 MiB refused");
    // The kernel counts what is resident now and then: what did not grow may seem to have shrunk.
    let more = after.saturating_sub(before);
    assert!(more < MOST_KIB, "{more} KiB more for 200 MiB");
    assert_eq!(stored(&folder.path().join("data")).iter().filter(|name| !name.contains('#')).count(), 2);
    assert_eq!(serving.stop(), Some(0));
}

/// OWN-4: an upload that is cut off, or whose length is not what was announced, leaves nothing behind and hinders nobody.
#[test]
fn what_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (serving, mut ada, page) = begun(&folder);
    let (start, size) = (b"%PDF-1.7\nThe certificate.\n", 20 * 1024 * 1024);
    // Hung up early, in the middle and just before the end.
    for sent in [400, 5 * 1024 * 1024, size, size + 300] {
        ada.upload(&page, start, size, |whole| (whole, sent.min(whole - 3)));
    }
    // Less announced than there is: the end is missing.
    let told = ada.upload(&page, start, size, |whole| (whole - 100, whole - 100)).unwrap();
    assert!(told.head.starts_with("HTTP/1.1 400"), "{}", told.head);
    assert!(told.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{}", told.head);
    // Far more announced than is taken: refused before any of it is read.
    let mut stream = ada.begin("POST", &page, "multipart/form-data; boundary=mark", 100 * 1024 * 1024 * 1024);
    stream.write_all(b"--mark\r\n").unwrap();
    let told = heard(stream);
    assert!(told.head.starts_with("HTTP/1.1 413"), "{}", told.head);
    let until = Instant::now() + Duration::from_secs(20);
    while !stored(&folder.path().join("data")).is_empty() {
        assert!(Instant::now() < until, "half of a file lies there: {:?}", stored(&folder.path().join("data")));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!ada.get(&page).contains("large.bin"));
    // The next one goes in as if nothing had been.
    let told = ada.upload(&page, start, size, |whole| (whole, whole)).unwrap();
    assert!(told.head.starts_with("HTTP/1.1 303"), "{} {}", told.head, told.text());
    assert_eq!(stored(&folder.path().join("data")).len(), 1);
    assert_eq!(serving.stop(), Some(0));
}

/// OWN-4: a file whose key was wrapped before the master key was changed opens afterwards, in the same process, and so does one from after.
#[test]
fn files_open_after_the_master_key_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (serving, mut ada, page) = begun(&folder);
    let send = |ada: &mut Visitor, start: &[u8]| {
        let told = ada.upload(&page, start, 150_000, |whole| (whole, whole)).unwrap();
        assert!(told.head.starts_with("HTTP/1.1 303"), "{} {}", told.head, told.text());
    };
    send(&mut ada, b"%PDF-1.7\nBefore.\n");
    let (code, _, err) = run(&["keys", "rotate", "--data", &folder.path().join("data").display().to_string()]);
    assert_eq!(code, 0, "{err}");
    send(&mut ada, b"%PDF-1.7\nAfter.\n");
    let list = ada.get(&page);
    let links = list.split("href=\"/files/").map(|rest| rest.split('"').next().unwrap()).filter(|id| id.len() == 36);
    let mut read: Vec<String> = links.map(|id| reads(&mut ada, id)).collect();
    read.sort();
    assert_eq!(read, ["After.", "Before."]);
    assert_eq!(serving.stop(), Some(0));
}

/// The second line of a file of 150,000 bytes.
fn reads(ada: &mut Visitor, id: &str) -> String {
    let told = ada.ask("GET", &format!("/files/{id}/bytes"), "");
    assert!(told.head.starts_with("HTTP/1.1 200") && told.body.len() == 150_000, "{}", told.head);
    told.text().lines().nth(1).unwrap().to_owned()
}
