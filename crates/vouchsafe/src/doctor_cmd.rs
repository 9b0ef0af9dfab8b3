//! `vouchsafe doctor`.
use crate::{Common, Stop};
/// What `doctor` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {}
/// Checks.
pub(crate) fn run(_common: &Common, _args: &DoctorArgs) -> Result<u8, Stop> {
    Ok(0)
}
