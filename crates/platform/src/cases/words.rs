//! What people write in a case, sealed with the case's key: messages, points, reasons, tasks. Table, row and field are part of what is
//! authenticated. Once the key is destroyed the rows stay, and pages say that the words are gone.

use sea_orm::ConnectionTrait;

use super::store::Case;
use crate::cx::{Cx, Tx};
use crate::error::{Error, Result};
use crate::seal::{self, Key, Place};
use crate::texts;

/// The subject whose key seals all that is written in a case.
pub fn subject(case: &Case) -> String {
    format!("{}:{}", case.kind, case.id)
}

/// The words of one case: seals and opens them.
pub struct Words(Option<Key>);

impl Words {
    /// For writing: the case's key, made on first use.
    ///
    /// # Errors
    /// [`Error::Conflict`] once the key was destroyed; when the database fails.
    pub async fn writing(cx: &Cx, tx: &Tx, case: &Case) -> Result<Self> {
        Ok(Self(Some(tx.key(cx, &subject(case)).await?)))
    }

    /// For reading.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reading<C: ConnectionTrait>(cx: &Cx, db: &C, case: &Case) -> Result<Self> {
        Ok(Self(seal::find_subject_key(db, &cx.core().master, &subject(case)).await?))
    }

    /// Seals a text for its place.
    ///
    /// # Errors
    /// [`Error::Conflict`] once the key was destroyed.
    pub fn seal(&self, table: &str, id: &str, field: &str, text: &str) -> Result<Vec<u8>> {
        let key = self.0.as_ref().ok_or_else(|| Error::conflict("error-subject-destroyed"))?;
        key.seal(&Place { table, id, field }, text.as_bytes())
    }

    /// Seals a text that may be lacking.
    ///
    /// # Errors
    /// As [`Words::seal`].
    pub fn seal_some(&self, table: &str, id: &str, field: &str, text: Option<&str>) -> Result<Option<Vec<u8>>> {
        text.map(|text| self.seal(table, id, field, text)).transpose()
    }

    /// Opens a text; none once the key was destroyed.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was changed or moved behind our back.
    pub fn open(&self, table: &str, id: &str, field: &str, sealed: &[u8]) -> Result<Option<String>> {
        let Some(key) = &self.0 else { return Ok(None) };
        let plain = key.open(&Place { table, id, field }, sealed)?;
        String::from_utf8(plain.to_vec()).map(Some).map_err(|_| Error::internal(format!("{table}/{id}/{field} holds no text")))
    }

    /// A text as pages show it: in place of a destroyed one it says so.
    ///
    /// # Errors
    /// As [`Words::open`].
    pub fn read(&self, table: &str, id: &str, field: &str, sealed: &[u8]) -> Result<String> {
        Ok(self.open(table, id, field, sealed)?.unwrap_or_else(destroyed))
    }

    /// As [`Words::read`], of a text that may be lacking.
    ///
    /// # Errors
    /// As [`Words::open`].
    pub fn read_some(&self, table: &str, id: &str, field: &str, sealed: Option<&[u8]>) -> Result<Option<String>> {
        sealed.map(|sealed| self.read(table, id, field, sealed)).transpose()
    }
}

/// What stands in place of words whose key was destroyed.
pub fn destroyed() -> String {
    texts::t("case-words-destroyed")
}
