//! `vouchsafe demo`: a service with a fictional authority, its suppliers, and a story under way.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::{Common, Stop, logs, open, say, serve};

/// What `demo` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  vouchsafe demo
  vouchsafe demo --data another-demo --listen 127.0.0.1:9000
  vouchsafe demo --data large-demo --records 100000

People, organisations and addresses in it are invented. Mail is written to the folder `mail` in the data folder. Never put real data into it.")]
pub(crate) struct DemoArgs {
    /// Address and port. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// Enter about so many invented records besides the story, to see how the service bears them: three suppliers, three contracts and
    /// three sites for each proposal. Done once, into a folder that was not filled before.
    #[arg(long, value_name = "N", default_value_t = 0)]
    records: usize,

    /// Enter so many complete drafts of one supplier besides, ready to be handed in.
    #[arg(long, value_name = "N", default_value_t = 0)]
    drafts: usize,
}

/// Serves the demonstration.
pub(crate) fn run(common: &Common, args: &DemoArgs) -> Result<u8, Stop> {
    let common = Common { data: Some(common.data.clone().unwrap_or_else(|| PathBuf::from("demo-data"))), ..common.clone() };
    let mut settings = open::settings(&common)?;
    let listen = chosen(args.listen)?;
    settings.listen = listen.to_string();
    settings.public_url = format!("http://{listen}");
    logs::start(&settings);
    open::runtime()?.block_on(async move {
        settings.authority.name = app::demo::AUTHORITY.to_owned();
        settings.authority.contact = app::demo::CONTACT.to_owned();
        let core = open::demonstration(settings, app::demo::Mix::of(args.records, args.drafts)).await?;
        announce(&core).await?;
        serve::serve(core).await?;
        Ok(0)
    })
}

/// The address with its port: the links are printed before the service listens, so a free port is found first.
fn chosen(listen: SocketAddr) -> Result<SocketAddr, Stop> {
    if listen.port() != 0 {
        return Ok(listen);
    }
    Ok(std::net::TcpListener::bind(listen)?.local_addr()?)
}

/// Prints a sign-in link for everybody in the story.
async fn announce(core: &std::sync::Arc<platform::Core>) -> Result<(), Stop> {
    let base = core.settings.public_url.trim_end_matches('/');
    say(format!("A demonstration of Vouchsafe is served on {base}. Everything in it is invented. Sign in as:"))?;
    let mut party = "";
    for link in app::demo::links(core).await? {
        if link.person.party != party {
            party = link.person.party;
            say(format!("\n  {party}"))?;
        }
        let role = platform::texts::t(&format!("role-{}", link.person.role.replace('_', "-")));
        say(format!("    {:<16} {role:<22} {base}{}", link.person.name, link.path))?;
    }
    say("\nStop it with Ctrl+C. To begin again, delete its folder.")?;
    Ok(())
}
