//! `vouchsafe ledger …`.
use crate::{Common, Stop};
/// What can be done.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum LedgerCommand {}
/// Does it.
pub(crate) fn run(_common: &Common, command: &LedgerCommand) -> Result<u8, Stop> {
    match *command {}
}
