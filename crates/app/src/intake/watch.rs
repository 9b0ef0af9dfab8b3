//! The folder into which a mail server lays messages, looked at while the service runs. A message is moved on only once it is kept; whatever fails
//! leaves it where it is, and it is looked at again.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use inbox::maildir::{Maildir, Taken};
use platform::authz::Actor;
use platform::{Core, Cx, Error, Result};
use tokio::runtime::Handle;

use super::act::{self, Outcome};

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// How many messages are taken in a turn.
const TOGETHER: usize = 100;
/// The job as which the service takes messages in, as the ledger names it.
const JOB: &str = "mail.receive";

/// A folder that is watched.
#[derive(Debug)]
pub struct Watch {
    path: PathBuf,
    /// What lies there and is no e-mail, or too large: named once, and passed by from then on.
    left: BTreeSet<OsString>,
    /// Whether it was said that the folder is not there.
    gone: bool,
}

impl Watch {
    /// Watches the folder of the settings; none where they name none.
    pub fn of(core: &Core) -> Option<Self> {
        let path = core.settings.receive.maildir.clone();
        (!path.as_os_str().is_empty()).then(|| Self { path, left: BTreeSet::new(), gone: false })
    }

    /// Takes in what lies there; how many messages were kept.
    ///
    /// # Errors
    /// When one could not be kept: it stays, and so does what lies after it.
    pub async fn turn(&mut self, core: &Arc<Core>) -> Result<usize> {
        let (path, most) = (self.path.clone(), TOGETHER + self.left.len());
        let found = blocking(move || {
            let folder = Maildir::open(&path)?;
            let names = folder.new_messages(most)?;
            Ok::<_, inbox::maildir::Error>((folder, names))
        })
        .await?;
        let (folder, names) = match found {
            Ok(found) => found,
            Err(error) => {
                // Once, and again when it went away again.
                if !std::mem::replace(&mut self.gone, true) {
                    tracing::error!(%error, "no e-mail is taken in from the folder; the service goes on, and looks again every few seconds");
                }
                return Ok(0);
            }
        };
        if std::mem::take(&mut self.gone) {
            tracing::info!("the folder of e-mail is there again");
        }
        self.left.retain(|name| names.contains(name));
        let mut kept = 0;
        for name in names {
            if self.left.contains(&name) {
                continue;
            }
            kept += usize::from(self.take(core, &folder, &name).await?);
        }
        Ok(kept)
    }

    /// Takes one message in; whether it was kept.
    async fn take(&mut self, core: &Arc<Core>, folder: &Maildir, name: &OsStr) -> Result<bool> {
        (core.refresh)(core).await?;
        let (core, folder, of) = (core.clone(), folder.clone(), name.to_owned());
        let most = inbox::Limits::default().bytes as u64;
        let taken = blocking(move || {
            let handle = Handle::current();
            folder.take(&of, most, |bytes| {
                let kept = handle.block_on(async {
                    let cx = Cx::new(&core, Actor::Job(JOB))?;
                    act::receive(&cx, bytes.to_vec()).await
                });
                match kept {
                    Ok(Ok(outcome)) => Ok(outcome),
                    Ok(Err(none)) => Err(Stays::NoMail(none)),
                    Err(error) => Err(Stays::NotKept(error)),
                }
            })
        })
        .await?;
        let shown = name.to_string_lossy();
        match taken {
            Ok(Taken::Yes { given, left }) => {
                if let Some(error) = left {
                    tracing::warn!(%error, message = %shown, "an e-mail was kept and could not be moved on: it is known when it comes again");
                }
                note(&given);
                Ok(given != Outcome::Known)
            }
            Ok(Taken::Gone) => Ok(false),
            Ok(Taken::No(Stays::NotKept(error))) => Err(error),
            Ok(Taken::No(Stays::NoMail(why))) => Ok(self.leave(name, &why.to_string())),
            Ok(Taken::TooLarge { bytes }) => Ok(self.leave(name, &format!("it has {bytes} bytes, more than an e-mail may have"))),
            Ok(Taken::NoFile) => Ok(self.leave(name, "it is no file")),
            Err(error) => Ok(self.leave(name, &error.to_string())),
        }
    }

    /// Leaves what lies there as it is.
    fn leave(&mut self, name: &OsStr, why: &str) -> bool {
        tracing::error!(message = %name.to_string_lossy(), why, "this is left in the folder of e-mail: look at it, and take it out");
        self.left.insert(name.to_owned());
        false
    }
}

/// Why a message stays in the folder.
enum Stays {
    NoMail(inbox::Error),
    NotKept(Error),
}

fn note(outcome: &Outcome) {
    let code = match outcome {
        Outcome::Reported(_) => "reported",
        Outcome::Waiting(_) => "waiting",
        Outcome::Known => "known",
    };
    tracing::info!(outcome = code, "an e-mail was taken in");
}

/// Reading folders and large messages holds up nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// Watches the folder of the settings until `stop` turns true; nothing where they name none. A message under way is finished first.
pub async fn run(core: Arc<Core>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let Some(mut watch) = Watch::of(&core) else { return };
    let mut failing = false;
    while !*stop.borrow() {
        match watch.turn(&core).await {
            Ok(_) => failing = false,
            Err(error) => {
                // Said once, until something was kept again: the database may be away for an hour.
                if !std::mem::replace(&mut failing, true) {
                    tracing::error!(%error, "an e-mail could not be kept: it stays in its folder, and is tried again every few seconds");
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}
