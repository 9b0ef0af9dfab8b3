//! Checks what is sent against the very schema that the document shows for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::document::sent;
use super::op::Op;
use crate::error::{Error, FieldErrors, Result};
use crate::texts::{self, Text};

/// Faults told at once.
const MOST: usize = 100;

/// The schemas of what is sent, each compiled when it is first asked for.
#[derive(Default)]
pub(super) struct Checks {
    compiled: Mutex<BTreeMap<String, Arc<Validator>>>,
}

impl Checks {
    fn validator(&self, op: &Op, name: &str) -> Result<Arc<Validator>> {
        let compiled = || self.compiled.lock().map_err(|_| Error::internal("the schemas fell apart"));
        if let Some(found) = compiled()?.get(name).cloned() {
            return Ok(found);
        }
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).should_validate_formats(true).offline();
        let built = Arc::new(options.build(&sent(op, name)).map_err(|e| Error::internal(format!("the schema {name}: {e}")))?);
        // Not held meanwhile: compiling takes a while, and what it calls is others'.
        compiled()?.insert(name.to_owned(), built.clone());
        Ok(built)
    }

    /// That `value` is what the schema `name` of `op` describes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault and its path.
    pub(super) fn check(&self, op: &Op, name: &str, value: &Value) -> Result<()> {
        let validator = self.validator(op, name)?;
        let mut errors = FieldErrors::default();
        for error in validator.iter_errors(value).take(MOST) {
            let (path, text) = fault(&error);
            errors.add(path, text);
        }
        errors.or(())
    }
}

/// Where it is, and what to do. Nothing of what was sent is repeated.
fn fault(error: &ValidationError<'_>) -> (String, Text) {
    let at = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (pointer(&format!("{at}/{name}")), Text::new("error-schema-required"))
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map_or("", String::as_str);
            (pointer(&format!("{at}/{name}")), Text::new("error-schema-additional-properties"))
        }
        _ => {
            let id = format!("error-schema-{}", dashed(error.kind().keyword()));
            (pointer(at), if texts::has(&id) { Text::new(id) } else { Text::new("error-schema") })
        }
    }
}

/// `/sites/0/name` as forms name it: `sites.0.name`; the whole as `$`.
fn pointer(at: &str) -> String {
    let path = at.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
    if path.is_empty() { "$".to_owned() } else { path }
}

fn dashed(keyword: &str) -> String {
    let mut out = String::new();
    for letter in keyword.chars() {
        if letter.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
