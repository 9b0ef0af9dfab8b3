//! The closed lists of VERIS, restated in `lists.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::country::Country;

/// The list of countries: it is ISO's, and not restated.
pub(super) const COUNTRY: &str = "country";

/// One list: its words, and what earlier words are called since.
#[derive(Default)]
struct List {
    words: Vec<&'static str>,
    earlier: Vec<(&'static str, &'static str)>,
}

static LISTS: LazyLock<HashMap<&'static str, List>> = LazyLock::new(|| {
    let mut lists: HashMap<&str, List> = HashMap::new();
    for line in include_str!("lists.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, words)) = line.split_once(": ") else { continue };
        let list = lists.entry(name).or_default();
        match words.split_once(" > ") {
            Some(earlier) => list.earlier.push(earlier),
            None => list.words = words.split(" | ").collect(),
        }
    }
    lists
});

/// What VERIS 1.4 calls a word of the list `name`: the word, whatever the case of its letters, or what a word of 1.3 is called since. None where it is
/// no word of either.
pub(super) fn word(name: &str, said: &str) -> Option<&'static str> {
    if name == COUNTRY {
        return country(said);
    }
    let list = LISTS.get(name)?;
    let exact = list.words.iter().copied().find(|word| *word == said);
    exact.or_else(|| list.words.iter().copied().find(|word| word.eq_ignore_ascii_case(said))).or_else(|| {
        let earlier = list.earlier.iter().find(|(old, _)| old.eq_ignore_ascii_case(said));
        earlier.map(|(_, new)| *new)
    })
}

/// All words of a list, in our order; none of a list that there is not, or of that of countries.
#[cfg(test)]
pub(super) fn words(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map_or(&[], |list| list.words.as_slice())
}

/// The lists' names.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    LISTS.keys().copied()
}

/// A country by its two letters, in capitals as they are, or one of the two words for none.
fn country(said: &str) -> Option<&'static str> {
    match said {
        "Unknown" => Some("Unknown"),
        "Other" => Some("Other"),
        code => Country::from_code(code).ok().map(Country::code),
    }
}
