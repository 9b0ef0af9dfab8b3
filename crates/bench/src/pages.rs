//! Pages and what they cost at several sizes of the database.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::program::Served;
use crate::stats::{Figures, ms};
use crate::table::table;
use crate::visitor::{Visitor, encoded, hidden, linked};

/// The name of suppliers that are added; names of parties need not differ.
const NEW: &str = "Bench Works";

/// What was measured at one size.
pub struct Measured {
    size: usize,
    /// By the name of what was asked for.
    rows: Vec<(&'static str, Figures)>,
    first_answer: Duration,
    idle: f64,
    loaded: f64,
}

/// The folder of a database of this size.
pub fn folder(data: &Path, size: usize) -> PathBuf {
    data.join(format!("records-{size}"))
}

/// Measures every kind of page at one size.
pub async fn measure(program: &Path, data: &Path, size: usize, requests: usize) -> Result<Measured> {
    let folder = folder(data, size);
    // Filled by a first start, so that the second one tells what starting costs. What a new database has to do by itself, above all its
    // notices, is done before, so that neither pages nor memory are measured beside it.
    let filling = Served::start(program, &folder, &["--records", &size.to_string()])?;
    filling.settled(Duration::from_mins(15)).await?;
    filling.stop()?;
    let served = Served::start(program, &folder, &[])?;
    let first_answer = served.first_answer;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = served.memory()?;
    let link = |name: &str| served.links.get(name).cloned().with_context(|| format!("{name} is nobody in the story"));
    let mut manager = Visitor::sign_in(&served.at, &link("Mina Okafor")?).await?;
    let mut lead = Visitor::sign_in(&served.at, &link("Ash Marlow")?).await?;

    let parties = linked(&manager.get("/parties?q=osprey").await?.text, "/parties");
    let cases = linked(&manager.get("/proposals").await?.text, "/proposals");
    let (party, case) = (parties.first().context("no party")?, cases.first().context("no case")?);
    let name = heading(&manager.get(&format!("/parties/{party}")).await?.text).context("a supplier without a name")?;
    let reference = reference(&manager.get(&format!("/proposals/{case}")).await?.text).context("a proposal without a reference")?;
    let (name, reference) = (encoded(&name), encoded(&reference));
    let mut rows = Vec::new();
    // The first requests fill caches; they are not counted.
    let pages = [
        ("empty route", "/healthz".to_owned()),
        ("list of suppliers, 50", "/parties?side=supplier".to_owned()),
        ("list of contracts, 50", "/contracts".to_owned()),
        ("list of proposals, 50", "/proposals".to_owned()),
        ("one supplier", format!("/parties/{party}")),
        ("one proposal", format!("/proposals/{case}")),
        ("search for one supplier", format!("/parties?q={name}")),
        ("search for one proposal", format!("/proposals?q={reference}")),
        ("suppliers of a common name", "/parties?q=amble".to_owned()),
        ("proposals of common words", "/proposals?q=night+desk+heron".to_owned()),
        ("home of a contract manager", "/".to_owned()),
        ("map of all places", "/map".to_owned()),
        ("concentration", "/map/concentration".to_owned()),
    ];
    for (name, path) in &pages {
        rows.push((*name, got(&served, &mut manager, path, requests).await?));
    }
    rows.push(("home of a supplier", got(&served, &mut lead, "/", requests).await?));
    let place = place(&lead.get("/proposals/new").await?.text).context("no place to propose for")?;
    rows.push(("new supplier", posted(&served, &mut manager, "/parties/add", &[("name", NEW)], requests).await?));
    rows.push(("new proposal", posted(&served, &mut lead, "/proposals/new", &[("place", &place)], requests).await?));
    rows.extend(called(&served, (&mut manager, &mut lead), (party, case), (&name, &reference), &place, requests).await?);
    let loaded = served.memory()?;
    served.stop()?;
    Ok(Measured { size, rows, first_answer, idle, loaded })
}

/// The same through the API, each person by a program with a token.
async fn called(
    served: &Served,
    (manager, lead): (&mut Visitor, &mut Visitor),
    (party, case): (&str, &str),
    (name, reference): (&str, &str),
    place: &str,
    requests: usize,
) -> Result<Vec<(&'static str, Figures)>> {
    let (mut manager, mut lead) = (manager.program().await?, lead.program().await?);
    let paths = [
        ("API: list of suppliers, 50", "/api/v1/parties?side=supplier&limit=50".to_owned()),
        ("API: list of contracts, 50", "/api/v1/contracts?limit=50".to_owned()),
        ("API: list of proposals, 50", "/api/v1/proposals?limit=50".to_owned()),
        ("API: one supplier", format!("/api/v1/parties/{party}")),
        ("API: one proposal", format!("/api/v1/proposals/{case}")),
        ("API: search for one supplier", format!("/api/v1/parties?q={name}")),
        ("API: search for one proposal", format!("/api/v1/proposals?q={reference}")),
        ("API: suppliers of a common name", "/api/v1/parties?q=amble&limit=50".to_owned()),
        ("API: proposals of common words", "/api/v1/proposals?q=night+desk+heron".to_owned()),
    ];
    let mut rows = Vec::new();
    for (name, path) in &paths {
        rows.push((*name, got(served, &mut manager, path, requests).await?));
    }
    rows.push(("API: new supplier", sent(served, &mut manager, "/api/v1/parties", &json!({ "name": NEW }), requests).await?));
    rows.push(("API: new proposal", sent(served, &mut lead, "/api/v1/proposals", &json!({ "place": place }), requests).await?));
    Ok(rows)
}

async fn sent(served: &Served, program: &mut Visitor, path: &str, body: &Value, requests: usize) -> Result<Figures> {
    let before = served.cpu()?;
    let mut times = Vec::with_capacity(requests);
    for _ in 0..requests {
        let answer = program.post_json(path, body).await?;
        if answer.status != 201 {
            bail!("{path} answers {}: {}", answer.status, answer.text.chars().take(300).collect::<String>());
        }
        times.push(answer.took);
    }
    Ok(Figures::of(times, served.cpu()?.saturating_sub(before)))
}

/// Gets a page again and again, as long as [`Pace`] says.
pub async fn got(served: &Served, visitor: &mut Visitor, path: &str, requests: usize) -> Result<Figures> {
    let pace = Pace::of(Duration::from_secs(5), 2);
    for done in 0..20 {
        if pace.over(done) {
            break;
        }
        visitor.get(path).await?;
    }
    let before = served.cpu()?;
    let mut times = Vec::with_capacity(requests);
    let pace = Pace::of(Duration::from_secs(20), 20);
    while times.len() < requests && !pace.over(times.len()) {
        let answer = visitor.get(path).await?;
        if answer.status != 200 {
            bail!("{path} answers {}", answer.status);
        }
        times.push(answer.took);
    }
    Ok(Figures::of(times, served.cpu()?.saturating_sub(before)))
}

/// How long a page is asked for: a slow one fewer times, so that a whole run ends.
struct Pace {
    began: Instant,
    /// Once this is over, no further request follows.
    at_most: Duration,
    /// These are made however long they take.
    at_least: usize,
}

impl Pace {
    fn of(at_most: Duration, at_least: usize) -> Self {
        Self { began: Instant::now(), at_most, at_least }
    }

    fn over(&self, done: usize) -> bool {
        done >= self.at_least && self.began.elapsed() > self.at_most
    }
}

/// Fills in a form again and again; only the posting is timed.
async fn posted(served: &Served, visitor: &mut Visitor, path: &str, given: &[(&str, &str)], requests: usize) -> Result<Figures> {
    let mut times = Vec::with_capacity(requests);
    let mut cpu = Duration::ZERO;
    let mut forms = Vec::with_capacity(requests);
    for _ in 0..requests {
        let mut fields = hidden(&visitor.get(path).await?.text);
        fields.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        forms.push(fields);
    }
    let before = served.cpu()?;
    for fields in &forms {
        let answer = visitor.post(path, fields).await?;
        if answer.status != 303 {
            bail!("{path} answers {} to a form: {}", answer.status, answer.text.chars().take(300).collect::<String>());
        }
        times.push(answer.took);
    }
    cpu += served.cpu()?.saturating_sub(before);
    Ok(Figures::of(times, cpu))
}

/// The heading of a page, as text.
fn heading(page: &str) -> Option<String> {
    let text = page.split("<h1").nth(1)?.split_once('>')?.1.split('<').next()?;
    Some(text.trim().to_owned())
}

/// The first reference of a proposal on a page.
fn reference(page: &str) -> Option<String> {
    let rest = &page[page.find("OFF-2")?..];
    Some(rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next()?.to_owned())
}

/// The first place that a form offers.
pub fn place(page: &str) -> Option<String> {
    let tag = page.split("<input ").find(|tag| tag.contains("name=\"place\""))?;
    Some(tag.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}

/// The tables: pages, then starting and memory.
pub fn tables(all: &[Measured]) -> String {
    let mut rows = Vec::new();
    let first = all.first();
    for (index, name) in first.map(|m| m.rows.iter().map(|(name, _)| *name).collect::<Vec<_>>()).unwrap_or_default().into_iter().enumerate()
    {
        for measured in all {
            let empty = &measured.rows[0].1;
            let of = &measured.rows[index].1;
            let flat = first.map_or(1.0, |f| of.p50.as_secs_f64() / f.rows[index].1.p50.as_secs_f64().max(1e-9));
            rows.push(vec![
                name.to_owned(),
                measured.size.to_string(),
                ms(of.p50),
                ms(of.p99),
                ms(of.cpu),
                format!("{:.1}", of.p50.as_secs_f64() / empty.p50.as_secs_f64().max(1e-9)),
                format!("{flat:.2}"),
            ]);
        }
    }
    let mut text = table(
        "Pages",
        "Milliseconds, one visitor at a time; a page that is slow is visited for twenty seconds, and twenty times at least. A search for one finds the same few at every size; a common name is had by one in sixteen, so that it fills a page at every size; common words of proposals by one in some hundreds, so that they find the more the larger the database. *To empty* is the median against that of an empty route of the same server; *to smallest* the median against that of the smallest database.",
        &["what", "records", "p50", "p99", "processor", "to empty", "to smallest"],
        &rows,
    );
    let rows: Vec<Vec<String>> =
        all.iter().map(|m| vec![m.size.to_string(), ms(m.first_answer), format!("{:.0}", m.idle), format!("{:.0}", m.loaded)]).collect();
    text.push_str(&table(
        "Starting, and memory",
        "From starting the process to its first answer, in milliseconds; resident memory in MiB, three seconds after the start and after all pages above.",
        &["records", "first answer", "idle", "after load"],
        &rows,
    ));
    text
}
