//! Any bytes are a message within its limits, or refused in words; reading them twice gives the same.
#![no_main]

use inbox::{Limits, Settings, acknowledgement, may_acknowledge, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { text: 4 << 10, parts: 50, attachments: 5, attachment: 8 << 10, attached: 16 << 10, ..Limits::default() };
    let settings = Settings { limits, trusted: vec!["mx.authority.example".to_owned()], own: vec!["desk@authority.example".to_owned()] };
    let once = read(bytes, &settings);
    assert_eq!(once, read(bytes, &settings));
    match once {
        Ok(message) => {
            assert!(message.text.len() <= limits.text && message.attachments.len() <= limits.attachments);
            assert!(message.attachments.iter().all(|file| !file.name.is_empty() && !file.name.contains(['/', '\\', '\0', '\n'])));
            assert!(message.unread.iter().all(|unread| bytes.get(unread.span.clone()).is_some()));
            assert!(!may_acknowledge(&message, false));
            let answer = acknowledgement(&message);
            let lines = [Some(answer.subject), answer.in_reply_to, answer.references];
            assert!(lines.into_iter().flatten().all(|line| !line.contains(char::is_control)));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
