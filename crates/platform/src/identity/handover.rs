//! Handing over the work of someone who leaves: each feature names what an account owns in it, and how to pass that on.

use std::future::Future;
use std::pin::Pin;

use uuid::Uuid;

use crate::cx::{Cx, Entry, Tx};
use crate::error::Result;

/// One thing that an account has on its desk: an open task, a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// Its kind.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its reference or title, for people.
    pub title: String,
    /// Its page; none when whoever hands over may not open it.
    pub href: Option<String>,
}

/// The future that lists what is owned.
pub type Owning<'a> = Pin<Box<dyn Future<Output = Result<Vec<Owned>>> + Send + 'a>>;
/// The future that passes it on; it returns the entries of its changes.
pub type Reassigning<'a> = Pin<Box<dyn Future<Output = Result<Vec<Entry>>> + Send + 'a>>;

/// One feature's part in a handover.
#[derive(Clone, Copy)]
pub struct Owner {
    /// The kind of thing it keeps.
    pub kind: &'static str,
    /// What of that kind the account has open.
    pub owned: for<'a> fn(&'a Cx, Uuid) -> Owning<'a>,
    /// Passes these, by id, from the first account to the second within the transaction. It refuses a successor who may not have them.
    pub reassign: for<'a> fn(&'a Cx, &'a mut Tx, Uuid, Uuid, &'a [Uuid]) -> Reassigning<'a>,
}
