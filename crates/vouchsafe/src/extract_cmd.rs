//! `vouchsafe extract`: the text of one file on standard input as one JSON document on standard output. The service starts this by itself, as a process that
//! can be ended, for every file that strangers send (SEC-25); by hand it shows what is read of a file.

use std::io::{Read as _, Write as _};

use rustix::process::{Resource, Rlimit, setrlimit};

/// The document was written.
const DONE: u8 = 0;
/// Input or output failed, or the bounds cannot be set.
const STOPPED: u8 = 1;

const HELP: &str = r#"Prints {"read": {"text", "parts", "marks", "unread"}}, or {"refused": {"code", …}} with the reason why the file is not read.
Sets bounds to itself before it reads anything: time of the processor, memory, no files but those that are open, no core dump. What passes them
is ended by the system.
Exit codes: 0 the document was written; 1 input or output failed, or the bounds cannot be set."#;

/// The bounds of reading one file.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct ExtractArgs {
    /// How much time of the processor it may take, in seconds.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// How much memory it may use, in MiB.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(512..=65_536))]
    mib: u64,
}

/// Reads the file; returns the exit code.
pub(crate) fn run(args: &ExtractArgs) -> u8 {
    let read = bounds(args).and_then(|()| {
        let mut bytes = Vec::new();
        // One more than is read, so that a larger file is known for it.
        std::io::stdin().lock().take(app::reading::most() as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let done = read.and_then(|bytes| {
        let mut out = std::io::stdout().lock();
        out.write_all(&app::reading::answer(&bytes))?;
        out.flush()
    });
    match done {
        Ok(()) => DONE,
        Err(error) => {
            // Where standard error is closed as well, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "vouchsafe: {error}");
            STOPPED
        }
    }
}

/// Bounds this very process. Threads are needed to read, and no file is but those that are open.
fn bounds(args: &ExtractArgs) -> std::io::Result<()> {
    let exactly = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, exactly(0))?;
    setrlimit(Resource::Nofile, exactly(3))?;
    // At the first the system says so, at the second it ends the process.
    setrlimit(Resource::Cpu, Rlimit { current: Some(args.seconds), maximum: Some(args.seconds + 1) })?;
    setrlimit(Resource::As, exactly(args.mib << 20))?;
    Ok(())
}
