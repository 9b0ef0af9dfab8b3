//! British bank accounts: a sort code and an account number.
//!
//! Only the form is looked at: six digits as a sort code is written, eight digits of an account, a word that names one of them or the two
//! side by side. Sort codes that begin with 00 are given to no bank. Which account numbers a sort code can have is said by a table of
//! weights for a check digit; its licence does not let us ship it, so a number with a typing error is found like any other. For what is
//! done here, keeping such numbers from being passed on, that is the better mistake.

use std::ops::Range;

use super::labels::Label;
use super::text::{Gap, Groups};
use super::{Confidence, Kind, Search};

/// How far from a number the word may end that says what it is, in bytes.
const BESIDE: usize = 32;

/// How far a sort code and an account number may stand from each other, in bytes, where words name them.
const APART: usize = 64;

/// What has been seen of bank accounts: both in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Seen {
    sorts: Vec<Part>,
    accounts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    span: Range<usize>,
    labelled: bool,
    /// It is written as only a sort code is, `12-34-56`; or it is eight digits in one.
    strict: bool,
}

/// Keeps what may be a sort code or an account number.
pub(super) fn see(search: &mut Search<'_>, groups: &Groups) {
    let text = search.text;
    let first = groups.first();
    let gaps = [Gap::Blank, Gap::Dash];
    let at = first.start;
    if matches!(first.len(), 2 | 6) && text.bytes[at..at + 2] != *b"00" {
        let parted = groups.begin(&[2, 2, 2], &gaps);
        let span = parted.clone().or_else(|| groups.begin(&[6], &gaps));
        if let Some(span) = span.filter(|span| !text.word_at(span.end)) {
            let dashed = parted.is_some() && groups.all()[1].gap == Some(Gap::Dash);
            let labelled = search.labels.near(Label::Sort, at, BESIDE);
            search.bank.sorts.push(Part { span, labelled, strict: dashed });
        }
    }
    let parted = groups.begin(&[4, 4], &gaps).filter(|_| groups.all().len() == 2);
    if parted.is_none() && !(7..=10).contains(&first.len()) {
        return;
    }
    let labelled = search.labels.near(Label::Account, at, BESIDE);
    let strict = first.len() == 8;
    // Some banks write seven or ten, some people four and four; without a word that is anything.
    let span = Some(parted.unwrap_or(first.start..first.end)).filter(|_| labelled || strict);
    if let Some(span) = span.filter(|span| !text.word_at(span.end)) {
        search.bank.accounts.push(Part { span, labelled, strict });
    }
}

/// Brings together what belongs together, at the end of the text.
pub(super) fn pair(search: &mut Search<'_>) {
    let Seen { sorts, accounts } = std::mem::take(&mut search.bank);
    let mut from = 0;
    for account in accounts {
        while sorts.get(from).is_some_and(|sort| sort.span.end + APART < account.span.start) {
            from += 1;
        }
        let near = sorts[from..].iter().take_while(|sort| sort.span.start <= account.span.end + APART);
        let best = near.filter_map(|sort| fit(search, sort, &account).map(|fit| (fit, sort))).max_by_key(|(fit, _)| *fit);
        if let Some(((confidence, _), sort)) = best {
            let span = sort.span.start.min(account.span.start)..sort.span.end.max(account.span.end);
            search.add(Kind::UkBankAccount, span, confidence);
        } else if account.labelled && account.strict {
            search.add(Kind::UkBankAccount, account.span, Confidence::Medium);
        }
    }
}

/// How well a sort code and an account number go together, with how close they are; none if they do not.
fn fit(search: &Search<'_>, sort: &Part, account: &Part) -> Option<(Confidence, std::cmp::Reverse<usize>)> {
    let (first, second) = if sort.span.start < account.span.start { (sort, account) } else { (account, sort) };
    if first.span.end > second.span.start {
        return None;
    }
    let between = first.span.end..second.span.start;
    let apart = between.len();
    let beside = apart <= 3 && !search.text.bytes[between.clone()].iter().any(u8::is_ascii_alphanumeric);
    let in_line = !search.text.bytes[between].windows(2).any(|two| two == b"\n\n");
    let confidence = match (sort.labelled, account.labelled) {
        (sorts, accounts) if !(account.strict || sorts && accounts) => return None,
        (true, true) if apart <= APART && in_line => Confidence::High,
        (true, false) | (false, true) if beside => Confidence::High,
        (true, false) | (false, true) if apart <= APART && in_line && sort.strict => Confidence::Medium,
        (false, false) if beside && sort.strict => Confidence::Medium,
        // Fourteen digits in two groups; the account after the sort code, as everybody writes it.
        (false, false) if beside && apart == 1 && sort.span.start < account.span.start => Confidence::Low,
        _ => return None,
    };
    Some((confidence, std::cmp::Reverse(apart)))
}
