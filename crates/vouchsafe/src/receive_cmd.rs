//! `vouchsafe receive`: one e-mail on standard input, as a mail server's pipe delivers it. Its exit codes are those that mail servers know
//! (`sysexits.h`): whatever is not the message's own fault asks the server to keep it and to try again.

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use app::intake::{self, Outcome};
use platform::Cx;
use platform::authz::Actor;

use crate::{Common, Stop, logs, open, say};

/// Kept.
const KEPT: u8 = 0;
/// What came is no e-mail: the server gives it back to whoever sent it.
const NO_MAIL: u8 = 65;
/// It is larger than an e-mail may be: the server gives it back too.
const TOO_LARGE: u8 = 69;
/// It could not be kept now: the server keeps it, and tries again.
const LATER: u8 = 75;

/// What `receive` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example, of a mail server's pipe:
  vouchsafe --config /etc/vouchsafe.toml receive < message.eml

Reads one message (RFC 5322) on standard input, keeps it sealed, and makes it a report where sender and place are clear; else it waits for a person
under Incidents, E-mail. The same message once more changes nothing. The sender is answered by the running service, where a machine may answer.
Works on a service that was set up before; nothing is made.
Exit codes, for mail servers: 0 it is kept; 65 it is no e-mail; 69 it is larger than 64 MiB; 75 it could not be kept now, so try again: the database,
the folder of files or the settings are not there.")]
pub(crate) struct ReceiveArgs {}

/// Takes a message in. Whatever goes wrong here, no message is given back for it.
pub(crate) fn run(common: &Common) -> u8 {
    let done = catch_unwind(AssertUnwindSafe(|| receive(common)));
    match done {
        Ok(Ok(code)) => code,
        Ok(Err(stop)) => later(&stop.to_string()),
        Err(_) => later("something went wrong that should not; the message is not kept"),
    }
}

fn later(why: &str) -> u8 {
    complain(&format!("{why}. Try again later"));
    LATER
}

/// On standard error, which the mail server logs or sends back; where it is closed, the exit code still tells.
fn complain(line: &str) {
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("vouchsafe: {line}\n"));
}

fn receive(common: &Common) -> Result<u8, Stop> {
    let most = inbox::Limits::default().bytes as u64;
    let mut bytes = Vec::new();
    std::io::stdin().take(most + 1).read_to_end(&mut bytes)?;
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let core = open::as_new(settings).await?;
        let cx = Cx::new(&core, Actor::Operator)?;
        let outcome = intake::receive(&cx, bytes).await;
        core.db.clone().close().await?;
        match outcome? {
            Ok(Outcome::Reported(reference)) => say(format!("reported as {reference}"))?,
            Ok(Outcome::Waiting(why)) => say(format!("kept; it waits for a person: {}", why.code()))?,
            Ok(Outcome::Known) => say("kept before")?,
            Err(none @ inbox::Error::TooLarge { .. }) => {
                complain(&none.to_string());
                return Ok(TOO_LARGE);
            }
            Err(none) => {
                complain(&none.to_string());
                return Ok(NO_MAIL);
            }
        }
        Ok(KEPT)
    })
}
