//! Conditions of VSAQ: names joined by `&&`, `||`, `!` and brackets; `^name` asks whether an item is shown.

/// A condition as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Name(String),
    Shown(String),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
}

/// The deepest brackets.
const DEEPEST: usize = 40;

/// Reads a condition.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Expression, String> {
    let mut reader = Reader { rest: text, depth: 0 };
    let found = reader.any()?;
    reader.blanks();
    if reader.rest.is_empty() { Ok(found) } else { Err(format!("`{}` is left over", reader.rest.chars().take(40).collect::<String>())) }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.takes("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.one()?];
        while self.takes("&&") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let found = if self.takes("!") {
            Expression::Not(Box::new(self.one()?))
        } else if self.takes("(") {
            let inner = self.any()?;
            if !self.takes(")") {
                return Err("a bracket is not closed".to_owned());
            }
            inner
        } else {
            let shown = self.takes("^");
            let name: String = self.rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.')).collect();
            if name.is_empty() {
                return Err(format!("a name is missing before `{}`", self.rest.chars().take(40).collect::<String>()));
            }
            self.rest = self.rest.get(name.len()..).unwrap_or_default();
            if shown { Expression::Shown(name) } else { Expression::Name(name) }
        };
        self.depth -= 1;
        Ok(found)
    }
}
