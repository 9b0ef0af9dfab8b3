//! What tests of several modules share: data of others where it is at hand, and messages in words.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use fluent_templates::fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::langid;

use crate::decision::Args;

/// A folder or file of the shared data; `None`, saying so, where it is not on this machine.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("VOUCHSAFE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join(path);
    if !root.exists() {
        eprintln!("skipped: {path} is not in the shared data");
        return None;
    }
    Some(root)
}

/// The messages of a file of the catalogue.
pub(crate) fn bundle(catalogue: &str) -> FluentBundle<FluentResource> {
    let resource = FluentResource::try_new(catalogue.to_owned()).expect("the catalogue is Fluent");
    let mut bundle = FluentBundle::new(vec![langid!("en")]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).expect("no message is there twice");
    bundle
}

/// The message in words; fails where it is missing or lacks an argument.
pub(crate) fn say(bundle: &FluentBundle<FluentResource>, id: &str, args: &Args) -> String {
    let message = bundle.get_message(id).and_then(|message| message.value()).unwrap_or_else(|| panic!("no message {id}"));
    let mut values = FluentArgs::new();
    for (name, value) in args {
        values.set(name.as_str(), value.as_str());
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(message, Some(&values), &mut errors).into_owned();
    assert!(errors.is_empty(), "{id}: {errors:?}");
    text
}

/// Plain and short: whole sentences, none too long, no code among them.
pub(crate) fn plain(text: &str) {
    assert!(text.ends_with('.') && !text.contains("  ") && !text.contains("not-known") && !text.contains('_'), "{text}");
    for sentence in text.split(['.', ':']) {
        assert!(sentence.split_whitespace().count() <= 20, "too long: {sentence}");
    }
}

/// The ids of a file's messages that begin so.
pub(crate) fn ids<'a>(catalogue: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    catalogue.lines().filter(|line| line.starts_with(prefix)).filter_map(|line| Some(line.split_once(" = ")?.0)).collect()
}
