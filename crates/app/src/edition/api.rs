//! Editions for programs: checked, held against each other, installed, put in use, taken out of use; contracts moved.

use std::collections::BTreeMap;

use platform::api::{Api, Area, Call, Listed, Op, Param, Takes};
use platform::web::Answer;
use platform::{Error, Result};
use rules::pack::{Became, Difference, Pack, PackFault, PackSource};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Candidate, Touched};
use super::pages::moving;
use super::{act, store};
use crate::contract::act as contracts;
use crate::pack::{self, intake, packs, resource};

/// The routes.
pub(super) fn routes() -> Api {
    let area = Area::Registers;
    let one = |what: &str| format!("/api/v1/packs/{{pack}}/{{edition}}/{what}");
    let names: &[&str] = &["pack", "edition"];
    Api::new()
        .add(Op::post("packs.check", "/api/v1/packs/check", area).reads().authority().takes::<PackFiles>().answers::<PackPreview>(), check)
        .add(Op::post("packs.install", "/api/v1/packs", area).authority().takes::<Installing>().answers::<PackEdition>().makes(), install)
        .add(
            Op::get("packs.difference", one("difference"), area)
                .codes(names)
                .queries([Param::new("from", Takes::Text(40))])
                .answers::<PackDifference>(),
            difference,
        )
        .add(Op::post("packs.use", one("use"), area).codes(names).authority().takes::<Putting>().answers::<PackEdition>(), put_in_use)
        .add(
            Op::post("packs.withdraw", one("withdraw"), area).codes(names).authority().takes::<Putting>().answers::<PackEdition>(),
            withdraw,
        )
        .add(Op::get("packs.movable", one("contracts"), area).codes(names).authority().all_of::<MovableContract>(), movable)
        .add(
            Op::post("packs.move", one("contracts"), area).codes(names).authority().takes::<MovingContracts>().answers::<PackEdition>(),
            move_contracts,
        )
}

/// The files of a pack.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PackFiles {
    /// Texts by name: `pack.yaml`, `forms/proposal.yaml`.
    files: BTreeMap<String, String>,
}

/// A pack to be installed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Installing {
    /// Texts by name: `pack.yaml`, `forms/proposal.yaml`.
    files: BTreeMap<String, String>,
    /// Whether it may leave out questions that cases hold answers to.
    #[serde(default)]
    dropping: bool,
}

/// A fault of a pack.
#[derive(Serialize, ToSchema)]
struct PackFaultFound {
    /// The file.
    file: String,
    /// The line.
    line: u32,
    /// Where in the file.
    path: String,
    /// What is wrong.
    problem: String,
    /// What to do.
    advice: String,
}

impl From<PackFault> for PackFaultFound {
    fn from(fault: PackFault) -> Self {
        let PackFault { file, line, path, problem, advice } = fault;
        Self { file, line, path, problem, advice }
    }
}

/// What an edition would be here.
#[derive(Serialize, ToSchema)]
struct PackPreview {
    /// What is wrong with it; nothing else is said then.
    faults: Vec<PackFaultFound>,
    /// The pack.
    pack: Option<String>,
    /// Its edition.
    edition: Option<String>,
    /// The digest of its files.
    digest: Option<String>,
    /// Whether it can be installed: no edition of this name is there.
    installable: bool,
    /// The edition that it is held against: the one in use.
    from: Option<String>,
    /// What differs.
    changes: Vec<PackChange>,
    /// Contracts that name the pack, by edition.
    #[schema(value_type = Object)]
    contracts: BTreeMap<String, u64>,
    /// Cases under way, which keep their edition, by edition.
    #[schema(value_type = Object)]
    cases: BTreeMap<String, u64>,
    /// The questions that are no longer asked.
    dropped: Vec<DroppedQuestion>,
}

/// A question that is no longer asked.
#[derive(Serialize, ToSchema)]
struct DroppedQuestion {
    /// The form.
    form: String,
    /// The question.
    question: String,
    /// What it asks.
    label: String,
    /// How many cases hold an answer, which stays with them.
    answers: u64,
}

/// What differs between two editions.
#[derive(Serialize, ToSchema)]
struct PackDifference {
    /// The pack.
    pack: String,
    /// The edition that it is held against.
    from: String,
    /// The edition.
    to: String,
    /// What differs.
    changes: Vec<PackChange>,
}

/// An entry that differs.
#[derive(Serialize, ToSchema)]
struct PackChange {
    /// The list that it stands in.
    area: String,
    /// The form that it belongs to, if to one.
    form: Option<String>,
    /// Its id; empty where there is only one.
    id: String,
    /// What people read for it.
    title: String,
    /// `added`, `removed` or `changed`.
    became: String,
    /// What of it differs.
    parts: Vec<PackPart>,
}

/// A part that differs.
#[derive(Serialize, ToSchema)]
struct PackPart {
    /// Which.
    part: String,
    /// As it was; null where it was not there.
    old: Value,
    /// As it is; null where it is not there.
    new: Value,
}

fn changes(difference: &Difference) -> Vec<PackChange> {
    let became = |became: Became| match became {
        Became::Added => "added",
        Became::Removed => "removed",
        Became::Changed => "changed",
    };
    let told = difference.changes.iter().map(|change| PackChange {
        area: change.area.clone(),
        form: change.form.clone(),
        id: change.id.clone(),
        title: change.title.clone(),
        became: became(change.became).to_owned(),
        parts: change
            .parts
            .iter()
            .map(|part| PackPart {
                part: part.part.clone(),
                old: part.old.clone().unwrap_or_default(),
                new: part.new.clone().unwrap_or_default(),
            })
            .collect(),
    });
    told.collect()
}

async fn check(call: Call) -> Answer {
    let sent: PackFiles = call.body()?;
    call.cx.permit("pack.install", &platform::authz::Resource::new("pack", "new"))?;
    let source = PackSource { files: sent.files };
    intake::check(&source)?;
    if let Err(faults) = Pack::load(&source) {
        let faults = faults.into_iter().map(PackFaultFound::from).collect();
        let nothing = PackPreview {
            faults,
            pack: None,
            edition: None,
            digest: None,
            installable: false,
            from: None,
            changes: Vec::new(),
            contracts: BTreeMap::new(),
            cases: BTreeMap::new(),
            dropped: Vec::new(),
        };
        return call.found(&nothing, None);
    }
    let found = Candidate::read(&packs(call.cx.core()), source)?;
    let Touched { contracts, cases, dropped } = store::touched(&call.cx, &found.pack.pack, &found.difference).await?;
    let dropped =
        dropped.into_iter().map(|gone| DroppedQuestion { form: gone.form, question: gone.id, label: gone.label, answers: gone.answers });
    let told = PackPreview {
        faults: Vec::new(),
        installable: found.is_new().is_ok(),
        pack: Some(found.pack.pack.clone()),
        edition: Some(found.pack.edition.clone()),
        from: found.against.as_ref().map(|old| old.edition.clone()),
        changes: changes(&found.difference),
        digest: Some(found.digest),
        contracts,
        cases,
        dropped: dropped.collect(),
    };
    call.found(&told, None)
}

/// How an edition stands here.
#[derive(Serialize, ToSchema)]
struct PackEdition {
    /// The pack.
    pack: String,
    /// Its edition.
    edition: String,
    /// `waiting`, `current`, `earlier` or `withdrawn`.
    usage: String,
    /// `built-in`, `folder` or `installed`.
    origin: String,
    /// The digest of its files.
    digest: String,
}

fn told(call: &Call, id: &str, edition: &str) -> Result<PackEdition> {
    let known = packs(call.cx.core());
    let of = known.get(id, edition).ok_or(Error::NotFound)?;
    Ok(PackEdition {
        pack: id.to_owned(),
        edition: edition.to_owned(),
        usage: known.use_of(of).code().to_owned(),
        origin: known.origin(id, edition).map_or("", pack::Origin::code).to_owned(),
        digest: known.digest(id, edition).unwrap_or_default().to_owned(),
    })
}

async fn install(call: Call) -> Answer {
    let sent: Installing = call.body()?;
    let of = act::install(&call.cx, PackSource { files: sent.files }, sent.dropping).await?;
    call.made(&format!("/api/v1/packs/{}/{}", of.pack, of.edition), &told(&call, &of.pack, &of.edition)?, None)
}

async fn difference(call: Call) -> Answer {
    let known = packs(call.cx.core());
    let new = known.get(call.code("pack"), call.code("edition")).cloned().ok_or(Error::NotFound)?;
    call.cx.permit("pack.view", &resource(&new))?;
    let old = match call.query("from") {
        Some(from) => known.get(&new.pack, from).cloned().ok_or(Error::NotFound)?,
        None => known.in_use(&new.pack).cloned().unwrap_or_else(|| new.clone()),
    };
    let changes = changes(&Difference::between(&old, &new));
    call.found(&PackDifference { pack: new.pack.clone(), from: old.edition.clone(), to: new.edition.clone(), changes }, None)
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PackPutting)]
struct Putting {
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

async fn put_in_use(call: Call) -> Answer {
    let sent: Putting = call.body()?;
    act::put_in_use(&call.cx, call.code("pack"), call.code("edition"), &sent.reason).await?;
    call.found(&told(&call, call.code("pack"), call.code("edition"))?, None)
}

async fn withdraw(call: Call) -> Answer {
    let sent: Putting = call.body()?;
    act::withdraw(&call.cx, call.code("pack"), call.code("edition"), &sent.reason).await?;
    call.found(&told(&call, call.code("pack"), call.code("edition"))?, None)
}

/// A contract that can be moved to an edition.
#[derive(Serialize, ToSchema)]
struct MovableContract {
    /// Its id.
    contract: Uuid,
    /// Its title.
    title: String,
    /// The edition that it is on.
    edition: String,
    /// Duties that would come, each with the number of places where.
    #[schema(value_type = Object)]
    comes: BTreeMap<String, usize>,
    /// Duties that would go.
    #[schema(value_type = Object)]
    goes: BTreeMap<String, usize>,
}

async fn movable(call: Call) -> Answer {
    let to = packs(call.cx.core()).get(call.code("pack"), call.code("edition")).cloned().ok_or(Error::NotFound)?;
    call.cx.permit("pack.move_contracts", &resource(&to))?;
    let (found, _) = moving::movable(&call.cx, &to).await?;
    let items = found.into_iter().map(|one| MovableContract {
        contract: one.row.id,
        title: one.row.title,
        edition: one.edition,
        comes: one.comes,
        goes: one.goes,
    });
    call.listed(&Listed { items: items.collect(), after: None })
}

/// Contracts to be moved: all of them, or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MovingContracts {
    /// Which.
    #[schema(min_items = 1, max_items = 50)]
    contracts: Vec<Uuid>,
    /// Why; asked for where the policy is a draft or withdrawn.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

async fn move_contracts(call: Call) -> Answer {
    let sent: MovingContracts = call.body()?;
    let (pack, edition) = (call.code("pack"), call.code("edition"));
    contracts::move_packs(&call.cx, &sent.contracts, pack, edition, sent.reason.as_deref()).await?;
    call.found(&told(&call, pack, edition)?, None)
}
