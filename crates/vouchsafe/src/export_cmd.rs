//! `vouchsafe export`: a list as a file, or a whole case as one archive.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::incident_record::whole;
use app::offshoring;
use futures_util::StreamExt as _;
use platform::authz::Actor;
use platform::sheets::{self, Format, List};
use platform::{Core, Cx};
use uuid::Uuid;

use crate::{Common, Stop, logs, open, say};

/// What `export` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  vouchsafe export sites --filter country=IN --filter state=in_use --out sites.csv --data /srv/vouchsafe
  vouchsafe export proposals --filter stage=deciding --format xlsx --out deciding.xlsx
  vouchsafe export ledger --filter action=refused --format json
  vouchsafe export incidents --format veris --out incidents.jsonl
  vouchsafe export case OFF-2026-000001 --out OFF-2026-000001.zip

Lists: parties, contracts, sites, obligations, proposals, incidents, incident-records, accounts, ledger and others. A filter is what stands in the address of the list's page after
the question mark: `q` for the search, `sort`, and the names of fields. Incidents and incident records become VERIS 1.4 too, one on each line,
without what is withheld of them.
A case comes as one archive with the proofs of what was done on it, all of it, sealed answers opened: ledger-verify checks it.

That something was taken out is an entry in the ledger.")]
pub(crate) struct ExportArgs {
    /// The list, or `case`.
    #[arg(value_name = "LIST")]
    list: String,
    /// With `case`: its reference.
    #[arg(value_name = "REFERENCE")]
    reference: Option<String>,
    /// A search or filter, as NAME=VALUE; several narrow further.
    #[arg(long, value_name = "NAME=VALUE")]
    filter: Vec<String>,
    /// The kind of file: csv, xlsx or json; of incidents veris, too.
    #[arg(long, default_value = "csv", value_name = "FORMAT")]
    format: String,
    /// The file to write, over no other; else standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Takes it out.
pub(crate) fn run(common: &Common, args: &ExportArgs) -> Result<u8, Stop> {
    match (args.list.as_str(), &args.reference, &args.out) {
        ("case", Some(reference), Some(file)) => return case(common, reference, file),
        ("case", ..) => return Err(Stop::BadInput("name the case's reference, and the file with --out".to_owned())),
        (_, Some(other), _) => return Err(Stop::BadInput(format!("only `case` takes a reference, such as {other:?}"))),
        _ => {}
    }
    let lists = app::service::lists();
    let list = lists.iter().find(|list| list.code == args.list).ok_or_else(|| {
        let known: Vec<&str> = lists.iter().map(|list| list.code).collect();
        Stop::BadInput(format!("there is no list {:?}; there are {}", args.list, known.join(", ")))
    })?;
    let kind = Kind::of(list, &args.format)?;
    let query = query(&args.filter)?;
    if args.out.is_none() && kind == Kind::Sheet(Format::Xlsx) && io::stdout().is_terminal() {
        return Err(Stop::BadInput("a workbook is nothing to read on a terminal: name a file with --out".to_owned()));
    }
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let core = open::existing(settings).await?;
        let done = match &args.out {
            Some(file) => into_file(&core, list, &query, kind, file).await,
            None => to_stdout(&core, list, &query, kind).await,
        };
        core.db.clone().close().await?;
        done.map(|()| 0)
    })
}

/// What a list becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A sheet of its columns.
    Sheet(Format),
    /// A document of VERIS for each of its incidents.
    Veris,
}

impl Kind {
    fn of(list: &List, code: &str) -> Result<Self, Stop> {
        if code == whole::FORMAT {
            let list = whole::list(list.code).map(|_| Self::Veris);
            return list.ok_or_else(|| Stop::BadInput("only incidents and incident-records become VERIS".to_owned()));
        }
        let format = Format::from_code(code).map(Self::Sheet);
        format.ok_or_else(|| Stop::BadInput(format!("{code:?} is no kind of file; choose csv, xlsx or json")))
    }

    fn code(self) -> &'static str {
        match self {
            Self::Sheet(format) => format.code(),
            Self::Veris => whole::FORMAT,
        }
    }

    async fn write<W: io::Write + Send>(self, cx: &Cx, list: &List, query: &str, out: W) -> platform::Result<(W, u64)> {
        match self {
            Self::Sheet(format) => sheets::write(cx, list, query, format, out).await,
            Self::Veris => whole::take(cx, list, query, out).await,
        }
    }
}

/// A whole case as one archive.
fn case(common: &Common, reference: &str, file: &Path) -> Result<u8, Stop> {
    if file.exists() {
        return Err(Stop::BadInput(format!("{} is there already; name another file", file.display())));
    }
    let settings = open::settings(common)?;
    logs::start(&settings);
    open::runtime()?.block_on(async {
        let core = open::existing(settings).await?;
        let cx = Cx::new(&core, Actor::Operator)?;
        let done = match offshoring::called(&cx, reference).await {
            Ok(of) => archive(&cx, of.case.id, file).await,
            Err(platform::Error::NotFound) => Err(Stop::BadInput(format!("there is no case {reference}"))),
            Err(other) => Err(other.into()),
        };
        core.db.clone().close().await?;
        done?;
        say(format!("Wrote {}. Check it elsewhere: ledger-verify {} --key KEY", file.display(), file.display()))?;
        Ok(0)
    })
}

/// Writes beside the file as the archive is made, and gives it its name.
async fn archive(cx: &Cx, case: Uuid, file: &Path) -> Result<(), Stop> {
    let beside = Beside::open(file)?;
    beside
        .keep(async |mut open: File| {
            let mut bytes = offshoring::act::archive(cx, case).await?.bytes;
            while let Some(part) = bytes.next().await {
                open.write_all(&part?)?;
            }
            Ok(open.sync_all()?)
        })
        .await
}

/// A file that gets its name once it is whole.
struct Beside<'a> {
    open: File,
    part: PathBuf,
    file: &'a Path,
}

impl<'a> Beside<'a> {
    fn open(file: &'a Path) -> Result<Self, Stop> {
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
        Ok(Self { open: open.map_err(|e| cannot(file, &e))?, part, file })
    }

    /// Fills it; what was not filled to its end goes away.
    async fn keep<T>(self, fill: impl AsyncFnOnce(File) -> Result<T, Stop>) -> Result<T, Stop> {
        match fill(self.open).await {
            Ok(done) => {
                fs::rename(&self.part, self.file).map_err(|e| cannot(self.file, &e))?;
                Ok(done)
            }
            Err(stop) => {
                let _ = fs::remove_file(&self.part);
                Err(stop)
            }
        }
    }
}

fn cannot(file: &Path, error: &io::Error) -> Stop {
    Stop::BadInput(format!("{}: {error}", file.display()))
}

fn query(filters: &[String]) -> Result<String, Stop> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for filter in filters {
        let (name, value) = filter
            .split_once('=')
            .ok_or_else(|| Stop::BadInput(format!("{filter:?} is no filter; write NAME=VALUE, such as q=harbour")))?;
        query.append_pair(name, value);
    }
    Ok(query.finish())
}

/// Writes beside the file, notes it, and gives it its name: nothing is handed out that the ledger does not tell of.
async fn into_file(core: &Arc<Core>, list: &List, query: &str, kind: Kind, file: &Path) -> Result<(), Stop> {
    if file.exists() {
        return Err(Stop::BadInput(format!("{} is there already; name another file", file.display())));
    }
    let rows = Beside::open(file)?.keep(async |open| fill(core, list, query, kind, open).await).await?;
    say(format!("Wrote {rows} rows into {}.", file.display()))
}

async fn fill(core: &Arc<Core>, list: &List, query: &str, kind: Kind, open: File) -> Result<u64, Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    let (out, rows) = kind.write(&cx, list, query, BufWriter::new(open)).await?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    sheets::note(&cx, list, query, kind.code(), rows).await?;
    Ok(rows)
}

async fn to_stdout(core: &Arc<Core>, list: &List, query: &str, kind: Kind) -> Result<(), Stop> {
    let cx = Cx::new(core, Actor::Operator)?;
    if kind == Kind::Veris {
        // Written twice, the first time to nowhere: an incident is given out only once it is recorded that it is.
        let (_, rows) = kind.write(&cx, list, query, io::sink()).await?;
        sheets::note(&cx, list, query, kind.code(), rows).await?;
        let (mut out, _) = kind.write(&cx, list, query, BufWriter::new(io::stdout())).await?;
        return Ok(out.flush()?);
    }
    let (mut out, rows) = kind.write(&cx, list, query, BufWriter::new(io::stdout())).await?;
    out.flush()?;
    Ok(sheets::note(&cx, list, query, kind.code(), rows).await?)
}
