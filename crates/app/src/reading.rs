//! The text of files that people send, read in a process that can be ended (SEC-25): what is handed to it, what it answers, and why a file was not read,
//! in words.

use extract::{Error as Refused, Extracted, Limits, extract};
use platform::apart::Ended;
use platform::texts::{self, Text};
use platform::{Core, Result};
use serde::{Deserialize, Serialize};

/// The command of the program that reads the text of one file on its standard input.
pub const COMMAND: &str = "extract";

/// Why a file was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Why {
    /// It took longer than it may.
    Slow {
        /// How long it may take, in seconds.
        seconds: u64,
    },
    /// Whatever read it needed too much memory, or fell over it.
    Failed,
    /// What reads files refused it.
    #[serde(untagged)]
    Refused(Refused),
}

/// What the process answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Read(Extracted),
    Refused(Refused),
}

/// Reads the text of the file with these bytes; the JSON document that tells of it: `{"read": {"text", "parts", "marks", "unread"}}`, or
/// `{"refused": {"code", …}}`. This is what happens in the process apart.
pub fn answer(bytes: &[u8]) -> Vec<u8> {
    let answer = match extract(bytes, &Limits::default()) {
        Ok(read) => Answer::Read(read),
        Err(why) => Answer::Refused(why),
    };
    // Whoever reads nothing takes it for a failure.
    serde_json::to_vec(&answer).unwrap_or_default()
}

/// As many bytes as a file may have to be read.
pub fn most() -> usize {
    Limits::default().bytes
}

/// Why a file larger than [`most`] is not read.
pub fn too_large() -> Why {
    Why::Refused(Refused::TooLarge { mib: most() >> 20 })
}

/// The text of the file with these bytes, read apart.
///
/// # Errors
/// Within, why it was not read. [`platform::Error::Internal`] when nothing can be started to read it.
pub async fn read(core: &Core, bytes: Vec<u8>) -> Result<std::result::Result<Extracted, Why>> {
    let files = &core.settings.files;
    let answered = match core.apart.run(bytes, files.read_seconds, files.read_mib).await? {
        Ok(answered) => answered,
        Err(Ended::Slow { seconds }) => return Ok(Err(Why::Slow { seconds })),
        Err(Ended::Failed) => return Ok(Err(Why::Failed)),
    };
    // It may be tens of megabytes, and others are served meanwhile.
    let read = tokio::task::spawn_blocking(move || serde_json::from_slice::<Answer>(&answered).map(sound));
    Ok(match read.await {
        Ok(Ok(read)) => read,
        _ => Err(Why::Failed),
    })
}

/// An answer whose places lie within its text: what comes from beside something hostile is not trusted.
fn sound(answer: Answer) -> std::result::Result<Extracted, Why> {
    let read = match answer {
        Answer::Read(read) => read,
        Answer::Refused(why) => return Err(Why::Refused(why)),
    };
    let length = read.text.len();
    let ordered = read.marks.is_sorted_by_key(|mark| mark.at);
    let within = read.parts.iter().all(|part| part.span.start <= part.span.end && part.span.end <= length);
    if ordered && within { Ok(read) } else { Err(Why::Failed) }
}

/// Why a file was not read, with what to do about it.
pub fn says(why: Why) -> Text {
    match why {
        Why::Slow { seconds } => Text::new("extract-slow").with("seconds", seconds),
        Why::Failed => Text::new("extract-failed"),
        Why::Refused(refused) => {
            let text = Text::new(format!("extract-{}", refused.code()));
            match refused {
                Refused::TooLarge { mib } | Refused::TooMuchText { mib } => text.with("mib", mib),
                Refused::TooManyParts { most } | Refused::TooManyPages { most } => text.with("most", most),
                Refused::NoText { pages } => text.with("count", pages),
                Refused::Broken { kind } => text.with("kind", texts::t(&format!("extract-kind-{}", kind.code()))),
                _ => text,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use extract::FileKind;
    use platform::apart::Apart;

    use super::*;

    /// Every reason has its words, and comes back from JSON as it was: it is kept so.
    #[test]
    fn sec_25_every_reason_has_its_words() {
        let refused = [
            Refused::TooLarge { mib: 32 },
            Refused::TooMuchText { mib: 16 },
            Refused::Unpacks,
            Refused::TooManyParts { most: 2_000 },
            Refused::TooDeep,
            Refused::TooManyPages { most: 2_000 },
            Refused::TooIntricate,
            Refused::Locked,
            Refused::OldOffice,
            Refused::Picture,
            Refused::NoText { pages: 2 },
            Refused::Archive,
            Refused::Unknown,
        ];
        let broken = FileKind::ALL.map(|kind| Refused::Broken { kind });
        let all = refused.into_iter().chain(broken).map(Why::Refused).chain([Why::Slow { seconds: 30 }, Why::Failed]);
        let mut said = std::collections::BTreeSet::new();
        for why in all {
            let text = says(why);
            let words = text.say();
            assert!(!words.contains("extract-") && !words.contains('{'), "{words}");
            assert!(said.insert(words.clone()), "two reasons say the same: {words}");
            let kept = serde_json::to_string(&why).unwrap();
            assert_eq!(serde_json::from_str::<Why>(&kept).unwrap(), why, "{kept}");
        }
    }

    /// What a process apart says is not trusted: places outside the text, and what is no answer at all, count as a failure.
    #[tokio::test]
    async fn sec_25_an_answer_that_lies_is_a_failure() {
        let apart = Apart::within(answer);
        let good = apart.run(b"NINO".to_vec(), 5, 512).await.unwrap().unwrap();
        assert!(matches!(serde_json::from_slice(&good).map(sound), Ok(Ok(read)) if read.text == "NINO"));
        for lie in [
            r#"{"read":{"text":"x","parts":[{"name":null,"kind":"text","span":{"start":0,"end":9}}],"marks":[],"unread":[]}}"#,
            r#"{"read":{"text":"x","parts":[{"name":null,"kind":"text","span":{"start":1,"end":0}}],"marks":[],"unread":[]}}"#,
            r#"{"read":{"text":"x","parts":[],"marks":[{"at":1,"place":"beside"},{"at":0,"place":"beside"}],"unread":[]}}"#,
        ] {
            assert!(matches!(serde_json::from_str(lie).map(sound), Ok(Err(Why::Failed))), "{lie}");
        }
        assert!(serde_json::from_slice::<Answer>(b"").is_err());
    }
}
