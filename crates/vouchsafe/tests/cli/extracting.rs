//! `vouchsafe extract`, and how the service starts it: a process that is bounded, has nothing of the service, and is ended (SEC-25).

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use platform::apart::{Apart, Ended};

use super::command;

/// The program under a name of its own, by which it is found among all processes.
fn named(folder: &tempfile::TempDir, name: &str, program: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::os::unix::fs::symlink(program, &path).unwrap();
    path
}

/// The processes that run under this name.
fn running(name: &str) -> Vec<PathBuf> {
    let all = fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name)).collect()
}

/// Waits until it is so.
fn until<T>(what: &str, mut so: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = so() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "{what}");
        std::thread::yield_now();
    }
}

/// A PDF whose page tree has forty levels, each of which has the next one twice: there is no end to looking for its pages.
fn endless() -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    objects.extend((3..43).map(|next| format!("<< /Type /Pages /Kids [{next} 0 R {next} 0 R] /Count 2 >>")));
    objects.push("<< /Type /Pages /Kids [] /Count 0 >>".to_owned());
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

#[test]
fn sec_25_the_text_of_a_file_is_one_document() {
    let read = |input: &[u8]| {
        let mut child = command(&["extract"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // It may answer before it has read all.
        let _ = child.stdin.take().unwrap().write_all(input);
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success());
        serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap()
    };
    let text = read(b"NINO AB123456C");
    assert_eq!(text["read"]["text"], "NINO AB123456C");
    assert_eq!(text["read"]["parts"][0]["kind"], "text");
    assert_eq!(read(b"\x89PNG\r\n\x1a\n")["refused"]["code"], "picture");
    assert_eq!(read(&vec![b'a'; 40 << 20])["refused"], serde_json::json!({ "code": "too-large", "mib": 32 }));
    // Ordinary work fits into the least memory that may be set.
    let letter = format!("From: a@b.example\nTo: c@d.example\n\n{}", "words and words\n".repeat(1 << 19));
    let mut child = command(&["extract", "--mib", "512"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(letter.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success() && out.stdout.starts_with(br#"{"read""#));
}

/// The bounds are the system's: whatever a library does, it is ended. They are read where the system says them.
#[test]
fn sec_25_it_bounds_itself_before_it_reads() {
    let mut child = command(&["extract", "--seconds", "7", "--mib", "600"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let limits = PathBuf::from(format!("/proc/{}/limits", child.id()));
    let wanted = [
        ("Max cpu time", "7", "8"),
        ("Max address space", "629145600", "629145600"),
        ("Max core file size", "0", "0"),
        ("Max open files", "3", "3"),
    ];
    until("its bounds", || {
        let said = fs::read_to_string(&limits).ok()?;
        let so = |(name, soft, hard): &(&str, &str, &str)| {
            let line = said.lines().find_map(|line| line.strip_prefix(name));
            line.is_some_and(|line| line.split_whitespace().take(2).eq([*soft, *hard]))
        };
        wanted.iter().all(so).then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A hostile PDF keeps the program busy without end: it is ended in time, it had nothing of ours, and nothing of it stays.
#[tokio::test(flavor = "multi_thread")]
async fn sec_25_what_never_ends_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let apart = Apart::by(named(&folder, "reads-endless", env!("CARGO_BIN_EXE_vouchsafe")), "extract");
    let reading = tokio::spawn({
        let apart = apart.clone();
        async move { apart.run(endless(), 5, 1024).await.unwrap() }
    });
    let process = tokio::task::spawn_blocking(|| until("a process that reads", || running("reads-endless").pop())).await.unwrap();
    // Once it is the program, and not yet a copy of this one.
    let variables = until("its variables", || fs::read(process.join("environ")).ok());
    assert!(variables.is_empty(), "{}", String::from_utf8_lossy(&variables));
    assert_eq!(fs::read_link(process.join("cwd")).unwrap(), Path::new("/"));
    assert_eq!(reading.await.unwrap(), Err(Ended::Slow { seconds: 5 }));
    assert_eq!(running("reads-endless"), Vec::<PathBuf>::new(), "nothing of it stays");
    // The next one is read as ever.
    let next = apart.run(b"NINO AB123456C".to_vec(), 30, 1024).await.unwrap().unwrap();
    assert!(next.starts_with(br#"{"read""#));
}

/// What hangs up, says nothing or cannot be started is told apart: the file's fault, or the service's.
#[tokio::test]
async fn sec_25_what_fails_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let fails = Apart::by(named(&folder, "reads-nothing", "/bin/false"), "extract");
    // More than a pipe holds: it hangs up while we still write.
    assert_eq!(fails.run(vec![b'a'; 8 << 20], 30, 1024).await.unwrap(), Err(Ended::Failed));
    let none = Apart::by(folder.path().join("nothing-here"), "extract");
    assert!(none.run(Vec::new(), 5, 1024).await.is_err());
}
