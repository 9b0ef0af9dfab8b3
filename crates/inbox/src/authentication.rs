//! What mail servers that we trust found out about the sender: `Authentication-Results` (RFC 8601).

use crate::head::Head;

/// What a check said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Verdict {
    /// It failed.
    Fail,
    /// It was not made, could not be made, or says nothing of the author.
    #[default]
    None,
    /// It passed.
    Pass,
}

impl Verdict {
    /// Its code: `pass`, `fail` or `none`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::None => "none",
            Self::Pass => "pass",
        }
    }

    /// What a result says, in small letters.
    fn of(result: &str) -> Self {
        match result {
            "pass" => Self::Pass,
            // `hardfail` is what some servers still write.
            "fail" | "softfail" | "hardfail" | "policy" => Self::Fail,
            _ => Self::None,
        }
    }
}

/// One check, and of which domain it speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// What it said.
    pub verdict: Verdict,
    /// The domain that signed, or that sent, in small letters. It may be another than the author's, and then a pass says nothing of the author.
    pub domain: Option<String>,
}

/// What servers that we trust say. All is [`Verdict::None`] where none of them speaks, or where the From line does not name one author.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authentication {
    /// Whether a signature is good (DKIM); of several, one for the author's domain before others.
    pub dkim: Said,
    /// Whether the sending computer may send for the domain of the envelope (SPF).
    pub spf: Said,
    /// Whether one of both is so for the author's domain, as its owner asks (DMARC).
    pub dmarc: Said,
    /// Whether the author is who the From line says; see [`Self::author`].
    author: Verdict,
}

impl Authentication {
    /// Whether the message comes from the domain in its From line: DMARC's word; else a good signature of that domain, or a good sender of
    /// it. It says nothing of the person before the `@`: their own mail server vouches for that, or does not.
    pub fn author(&self) -> Verdict {
        self.author
    }
}

/// What one line says of each check, if anything.
type Line = [Option<Said>; 3];
const METHODS: [&str; 3] = ["dkim", "spf", "dmarc"];

/// What servers in `trusted` say of a message whose author has this domain.
pub(crate) fn read(head: &Head<'_>, author: Option<&str>, trusted: &[String]) -> Authentication {
    let Some(author) = author else { return Authentication::default() };
    let lines = head.all("authentication-results").filter_map(|field| line(&field.decoded(), author, trusted));
    // Whoever could slip in a line in the name of a server that we trust can only make it worse where the server itself speaks.
    let mut all = lines.fold(Line::default(), |all, line| {
        let mut both = all.into_iter().zip(line).map(|pair| match pair {
            (Some(one), Some(other)) => Some(if other.verdict < one.verdict { other } else { one }),
            (one, other) => one.or(other),
        });
        std::array::from_fn(|_| both.next().flatten())
    });
    let [dkim, spf, dmarc] = std::array::from_fn(|at| all[at].take().unwrap_or_default());
    let vouches = |said: &Said| said.verdict == Verdict::Pass && said.domain.as_deref().is_some_and(|domain| covers(domain, author));
    let by_domain = if vouches(&dkim) || vouches(&spf) { Verdict::Pass } else { Verdict::None };
    let author = if dmarc.verdict == Verdict::None { by_domain } else { dmarc.verdict };
    Authentication { dkim, spf, dmarc, author }
}

/// Whether who has `domain` may speak for `author`: it is the same, or above it.
fn covers(domain: &str, author: &str) -> bool {
    author == domain || author.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.') && domain.contains('.'))
}

/// What a line says, if it is one of a server that we trust.
fn line(said: &str, author: &str, trusted: &[String]) -> Option<Line> {
    let pieces = pieces(said);
    let (server, checks) = pieces.split_first()?;
    let server = server.first()?.trim_end_matches('.');
    if !trusted.iter().any(|name| name.trim().trim_end_matches('.').eq_ignore_ascii_case(server)) {
        return None;
    }
    let mut line = Line::default();
    for check in checks {
        let Some((method, result)) = check.first().and_then(|first| first.split_once('=')) else { continue };
        let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
        let Some(at) = METHODS.iter().position(|known| *known == method) else { continue };
        let domain = domain(&method, &check[1..]);
        let mut verdict = Verdict::of(&result.to_ascii_lowercase());
        // A policy of another domain is none of the author's.
        if method == "dmarc" && verdict == Verdict::Pass && domain.as_deref().is_some_and(|domain| !covers(domain, author)) {
            verdict = Verdict::None;
        }
        let rank = |said: &Said| (said.verdict == Verdict::Pass && said.domain.as_deref().is_some_and(|d| covers(d, author)), said.verdict);
        let said = Said { verdict, domain };
        // A message may bear several signatures, of which one is enough. What else a line says twice cannot be believed.
        match &mut line[at] {
            Some(before) if method == "dkim" => {
                if rank(&said) > rank(before) {
                    *before = said;
                }
            }
            Some(before) if before.verdict <= said.verdict => {}
            place => *place = Some(said),
        }
    }
    Some(line)
}

/// Of which domain a check speaks.
fn domain(method: &str, words: &[String]) -> Option<String> {
    let names: &[&str] = match method {
        "dkim" => &["header.d", "header.i"],
        "spf" => &["smtp.mailfrom", "smtp.helo"],
        _ => &["header.from"],
    };
    let said = |name: &&str| {
        words.iter().find_map(|word| word.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
    };
    let value = names.iter().find_map(said)?;
    let domain = value.rsplit('@').next().unwrap_or_default().trim_end_matches(['.', '>']).to_lowercase();
    (!domain.is_empty()).then_some(domain)
}

/// The words of a line, piece by piece as `;` parts them, without comments; a quoted string is part of a word, and its quotes are not.
fn pieces(said: &str) -> Vec<Vec<String>> {
    let mut pieces = vec![Vec::new()];
    let mut word = String::new();
    let (mut comment, mut quoted) = (0_usize, false);
    let mut letters = said.chars();
    // A sign after which blanks do not end a word: `method = result`.
    let end = |pieces: &mut Vec<Vec<String>>, word: &mut String| {
        if let (false, Some(piece)) = (word.is_empty(), pieces.last_mut()) {
            let joins = word.starts_with('=') || piece.last().is_some_and(|last: &String| last.ends_with('='));
            match piece.last_mut().filter(|_| joins) {
                Some(last) => last.push_str(word),
                None => piece.push(word.clone()),
            }
            word.clear();
        }
    };
    while let Some(c) = letters.next() {
        match c {
            '\\' if quoted || comment > 0 => {
                let next = letters.next();
                if quoted {
                    word.extend(next);
                }
            }
            '"' if comment == 0 => quoted = !quoted,
            _ if quoted => word.push(c),
            '(' => {
                comment += 1;
                end(&mut pieces, &mut word);
            }
            ')' if comment > 0 => comment -= 1,
            _ if comment > 0 => {}
            ';' => {
                end(&mut pieces, &mut word);
                pieces.push(Vec::new());
            }
            c if c.is_whitespace() => end(&mut pieces, &mut word),
            c => word.push(c),
        }
    }
    end(&mut pieces, &mut word);
    pieces
}
