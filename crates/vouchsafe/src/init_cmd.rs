//! `vouchsafe init`: a new service, and a one-time link for its first administrator.

use crate::{Common, Stop, logs, open, say};

/// What `init` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  vouchsafe init --data /srv/vouchsafe --email ada@authority.example --name 'Ada Penhallow'

Makes database, master key and ledger key in an empty folder, and prints a link with which the first administrator chooses a password. The
link works once. Then move copies of both keys to a safe place: without the master key, nothing sealed can ever be read again.")]
pub(crate) struct InitArgs {
    /// The first administrator's e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The first administrator's name.
    #[arg(long, value_name = "NAME")]
    name: String,
}

/// Sets up.
pub(crate) fn run(common: &Common, args: &InitArgs) -> Result<u8, Stop> {
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let (core, first) = open::service(settings).await?;
        if first {
            say(format!("Made: {}", core.settings.master_key_file().display()))?;
            say(format!("Made: {}", core.settings.ledger_key_file().display()))?;
            say("Copy both keys to a safe place, apart from the database. `vouchsafe doctor` checks the rest.")?;
        }
        let cx = platform::Cx::new(&core, platform::authz::Actor::Operator)?;
        let link = app::account::act::first_administrator(&cx, &args.email, &args.name).await?;
        say("Open this link once to choose a password:")?;
        say(link)?;
        core.db.clone().close().await?;
        Ok(0)
    })
}
