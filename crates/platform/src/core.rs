//! The service as a whole: everything that lives as long as the process.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use rules::country::Home;
use tokio::sync::Notify;

use crate::authz::Authz;
use crate::book::{Edge, LedgerKey, Refusals};
use crate::clock::Clock;
use crate::cx::Reaction;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::jobs::Registry;
use crate::seal::Keyring;

/// The future of a [`Refresh`].
pub type Refreshing<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// How the product takes over what other nodes on the same database may have changed of what it keeps in memory: asked at the beginning of
/// each request by somebody and of each job, so it must be cheap while nothing has.
pub type Refresh = for<'a> fn(&'a Core) -> Refreshing<'a>;

/// What every request and job shares.
pub struct Core {
    /// The open database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The policies.
    pub authz: Authz,
    /// The master keys, which wrap every subject's key.
    pub master: Keyring,
    /// The key that signs the ledger's checkpoints.
    pub ledger_key: LedgerKey,
    /// The settings.
    pub settings: crate::config::Settings,
    /// What follows from which entry.
    pub reactions: Vec<Reaction>,
    /// The kinds of job and their schedules.
    pub jobs: Registry,
    /// Refusals on their way into the ledger.
    pub refusals: Refusals,
    /// Where the ledger ends, as this process left it.
    pub edge: Edge,
    /// Where answered forms led, on its way into the database.
    pub answers: crate::cx::Answers,
    /// How to ask the product about a party.
    pub directory: crate::identity::Directory,
    /// What of an account's work can be handed over when its holder leaves.
    pub owners: Vec<crate::identity::Owner>,
    /// The file store, and what files can be attached to.
    pub files: crate::files::Desk,
    /// How what strangers sent is read: in a process that can be ended.
    pub apart: crate::apart::Apart,
    /// Whether this is the demonstration, whose sign-in links work again and again. No setting turns it on.
    pub demo: bool,
    /// The main navigation for an actor.
    pub nav: fn(&crate::authz::Actor) -> Vec<crate::web::NavGroup>,
    /// What the product keeps for as long as the process lives and the platform knows nothing of, such as its policy packs.
    pub product: Arc<dyn Any + Send + Sync>,
    /// How often the holder of a link may ask.
    pub links: crate::api::Limit,
    /// Brings that up to date.
    pub refresh: Refresh,
    /// Wakes the job runner when a commit may have left work.
    pub wake: Arc<Notify>,
}

/// Requests a minute by one link: more than anybody types.
pub const LINK_MINUTE: u64 = 120;

impl Core {
    /// The home country or territories.
    ///
    /// # Errors
    /// When the settings name none; the start refuses that before.
    pub fn home(&self) -> Result<Home> {
        Home::from_codes(&self.settings.authority.home).map_err(|e| Error::internal(format!("{e:?}")))
    }
}
