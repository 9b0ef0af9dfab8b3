//! The typical states of each kind of thing, for the printed truth table: a function a kind. Things are seen from the actors of the
//! columns: all are the account [`ME`]; suppliers act for the party [`MINE`], the others for [`AUTHORITY`].

mod incidents;
mod planning;
mod rulings;
mod sweeps;

use platform::authz::{Resource, Side};
use uuid::Uuid;

use crate::account::model::{account_thing, membership_thing, system};
use crate::bid::model::BID;
use crate::breach::model::BREACH;
use crate::offshoring::model::PROPOSAL;

/// The account that acts in every column.
pub(super) const ME: Uuid = Uuid::from_u128(1);
/// The party of the supplier columns.
pub(super) const MINE: Uuid = Uuid::from_u128(2);
/// The party of the other columns.
pub(super) const AUTHORITY: Uuid = Uuid::from_u128(3);
/// A party above the suppliers' one in a chain.
const ABOVE: Uuid = Uuid::from_u128(4);
/// A party that has nothing to do with it.
const OTHER: Uuid = Uuid::from_u128(5);
/// An account that has nothing to do with it.
const SOMEONE: Uuid = Uuid::from_u128(6);
/// The thing itself.
const THING: Uuid = Uuid::from_u128(7);

/// One state of a kind.
pub(super) struct Block {
    pub(super) title: String,
    pub(super) thing: Resource,
    /// Whether the accounts of the columns may only read.
    pub(super) read_only: bool,
}

fn block(title: &str, thing: Resource) -> Block {
    Block { title: title.to_owned(), thing, read_only: false }
}

fn reading(title: &str, thing: Resource) -> Block {
    Block { title: format!("{title}, by accounts that may only read"), thing, read_only: true }
}

/// All blocks, in the order in which a kind's are printed.
pub(super) fn blocks() -> Vec<Block> {
    [
        systems(),
        accounts(),
        memberships(),
        delegations(),
        parties(),
        contracts(),
        places(),
        of_parties("site"),
        of_parties("information_system"),
        of_parties("transfer_route"),
        obligations(),
        statements(),
        rulings::authority_data(),
        rulings::terms_of("measure"),
        rulings::terms_of("data_protection"),
        any("webhook"),
        imports(),
        packs(),
        proposals(),
        arrangements(),
        breaches(),
        rulings::rulings(),
        incidents::incidents(),
        planning::plans(),
        planning::plan_changes(),
        incidents::regulators(),
        incidents::weaknesses(),
        any("incident_record"),
        any("incident_import"),
        incidents::mails(),
        sweeps::sweeps(),
        sweeps::answers(),
        bids(),
        subprocessors(),
        any("country"),
        files(),
        lists(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn systems() -> Vec<Block> {
    vec![block("the service", system()), reading("the service", system())]
}

fn lists() -> Vec<Block> {
    let all = crate::service::lists();
    let of = |list: &&'static platform::sheets::List| (list.code, platform::authz::Guarded::resource(*list));
    let blocks = all.iter().map(of).map(|(code, thing)| block(&format!("the list of {code}"), thing));
    blocks.chain(all.iter().map(of).map(|(code, thing)| reading(&format!("the list of {code}"), thing))).collect()
}

fn accounts() -> Vec<Block> {
    let (own, others) = (account_thing(ME, &[MINE, AUTHORITY]), account_thing(SOMEONE, &[OTHER]));
    vec![
        block("one's own account", own.clone()),
        block("another account of a supplier's party, one's own for the suppliers", account_thing(SOMEONE, &[MINE])),
        block("an account of another party", others.clone()),
        reading("one's own account", own),
        reading("another account of the supplier's party", account_thing(SOMEONE, &[MINE])),
        reading("an account of another party", others),
    ]
}

fn memberships() -> Vec<Block> {
    let of = |account, party, side| {
        membership_thing(THING, account, party, side, if side == Side::Authority { "owner" } else { "supplier_lead" })
    };
    vec![
        block("one's own, in a supplier's party", of(ME, MINE, Side::Supplier)),
        block("one's own, in the authority", of(ME, AUTHORITY, Side::Authority)),
        block("someone else's in the supplier's own party", of(SOMEONE, MINE, Side::Supplier)),
        block("someone else's in another supplier's party", of(SOMEONE, OTHER, Side::Supplier)),
        block("someone else's in the authority", of(SOMEONE, AUTHORITY, Side::Authority)),
        reading("someone else's in the supplier's own party", of(SOMEONE, MINE, Side::Supplier)),
    ]
}

fn delegations() -> Vec<Block> {
    let of = |by, to| crate::delegation::model::Delegation { id: THING, by, to, role: "management".to_owned() };
    let thing = |by, to| platform::authz::Guarded::resource(&of(by, to));
    vec![
        block("one's own role, given to somebody", thing(ME, SOMEONE)),
        block("somebody's role, given to oneself", thing(SOMEONE, ME)),
        block("one's own role, given to oneself", thing(ME, ME)),
        block("somebody's role, given to another", thing(SOMEONE, OTHER)),
        reading("somebody's role, given to another", thing(SOMEONE, OTHER)),
    ]
}

fn parties() -> Vec<Block> {
    let of = |side: &str, id: Uuid, seen_by: &[Uuid]| Resource::new("party", id).with("id", id).with("side", side).set("seen_by", seen_by);
    vec![
        block("the supplier's own", of("supplier", MINE, &[MINE])),
        block("below the supplier's own in a chain", of("supplier", THING, &[THING, MINE])),
        block("above the supplier's own in a chain", of("supplier", ABOVE, &[ABOVE])),
        block("another supplier", of("supplier", OTHER, &[OTHER])),
        block("the authority", of("authority", AUTHORITY, &[AUTHORITY])),
        block("being brought in by an import, not shown yet", of("hidden", THING, &[THING, MINE])),
        reading("the supplier's own", of("supplier", MINE, &[MINE])),
    ]
}

fn contracts() -> Vec<Block> {
    let of = |state: &str, manager: Uuid, parties: &[Uuid], leads: &[Uuid]| {
        Resource::new("contract", THING).with("state", state).with("manager", manager).set("parties", parties).set("leads", leads)
    };
    let mut all = Vec::new();
    for state in ["planned", "active", "ended"] {
        all.push(block(&format!("{state}, the supplier at tier 1, the manager someone else"), of(state, SOMEONE, &[MINE], &[MINE])));
        all.push(block(&format!("{state}, the supplier at tier 1, managed by oneself"), of(state, ME, &[MINE], &[MINE])));
    }
    all.push(block("active, the supplier a sub-contractor in its chain", of("active", SOMEONE, &[ABOVE, MINE], &[ABOVE])));
    all.push(block("active, another supplier's", of("active", SOMEONE, &[OTHER], &[OTHER])));
    let unmanaged = Resource::new("contract", THING).with("state", "active").set("parties", [MINE]).set("leads", [MINE]);
    all.push(block("active, the supplier at tier 1, without a manager", unmanaged));
    all.push(block("being brought in by an import, not shown yet", of("hidden", ME, &[MINE], &[MINE])));
    all.push(reading("active, the supplier at tier 1, managed by oneself", of("active", ME, &[MINE], &[MINE])));
    all
}

fn places() -> Vec<Block> {
    let of =
        |party: Uuid, seen_by: &[Uuid]| Resource::new("place", THING).with("contract", THING).with("party", party).set("seen_by", seen_by);
    vec![
        block("the supplier's own", of(MINE, &[MINE])),
        block("below the supplier's own", of(OTHER, &[OTHER, MINE])),
        block("above the supplier's own, or beside it", of(ABOVE, &[ABOVE])),
        reading("the supplier's own", of(MINE, &[MINE])),
    ]
}

/// What belongs to a party and is seen by those above it.
fn of_parties(kind: &'static str) -> Vec<Block> {
    let of = |party: Uuid, seen_by: &[Uuid]| Resource::new(kind, THING).with("party", party).set("seen_by", seen_by);
    vec![
        block("the supplier's own", of(MINE, &[MINE, ABOVE])),
        block("of a party below the supplier", of(OTHER, &[OTHER, MINE])),
        block("of a party above the supplier, or beside it", of(ABOVE, &[ABOVE])),
        reading("the supplier's own", of(MINE, &[MINE])),
    ]
}

fn subprocessors() -> Vec<Block> {
    let of = |party: Option<Uuid>, seen_by: &[Uuid]| Resource::new("subprocessor", THING).maybe("party", party).set("seen_by", seen_by);
    vec![
        block("used by the supplier", of(Some(MINE), &[MINE, ABOVE])),
        block("used by a party below the supplier", of(Some(OTHER), &[OTHER, MINE])),
        block("used by a party above the supplier, or beside it", of(Some(ABOVE), &[ABOVE])),
        block("used by nobody that is known", of(None, &[])),
        reading("used by the supplier", of(Some(MINE), &[MINE])),
    ]
}

/// Of a kind of which policies ask nothing.
fn any(kind: &'static str) -> Vec<Block> {
    let one = || Resource::new(kind, THING);
    vec![block("any", one()), reading("any", one())]
}

fn arrangements() -> Vec<Block> {
    let of = |lead: Uuid, party: Uuid, above: &[Uuid]| {
        Resource::new("arrangement", THING).with("party", party).with("state", "planned").with("lead", lead).set("above", above)
    };
    vec![
        block("of the supplier, which is the lead", of(MINE, MINE, &[MINE])),
        block("of a party below the supplier, which is the lead", of(MINE, OTHER, &[OTHER, MINE])),
        block("of the supplier, below another lead", of(ABOVE, MINE, &[MINE, ABOVE])),
        block("of a party above the supplier, or beside it", of(ABOVE, ABOVE, &[ABOVE])),
        reading("of the supplier, which is the lead", of(MINE, MINE, &[MINE])),
    ]
}

fn breaches() -> Vec<Block> {
    let of = |stage: &str, lead: Uuid, above: &[Uuid], handled: &[Uuid]| {
        Resource::new("breach", THING)
            .with("stage", stage)
            .set("waits_for", BREACH.stage(stage).unwrap().waits_for)
            .with("lead", lead)
            .set("above", above)
            .set("handled_by", handled)
    };
    vec![
        block("being established, the supplier is the lead", of("establishing", MINE, &[OTHER, MINE], &[])),
        block("being established, of a party above the supplier, or beside it", of("establishing", ABOVE, &[ABOVE], &[])),
        block("for the supplier to answer, which is the lead", of("answering", MINE, &[MINE], &[])),
        block("for the supplier to answer, below another lead", of("answering", ABOVE, &[MINE, ABOVE], &[])),
        block("before management", of("deciding", MINE, &[MINE], &[SOMEONE])),
        block("before management, by whoever opened, established or put it there", of("deciding", MINE, &[MINE], &[ME])),
        block("being acted on, taken on by the same account", of("acting", MINE, &[MINE], &[SOMEONE]).with("owner", ME)),
        block("closed", of("closed", MINE, &[MINE], &[SOMEONE])),
        reading("being established, the supplier is the lead", of("establishing", MINE, &[MINE], &[])),
    ]
}

fn bids() -> Vec<Block> {
    let of = |stage: &str, party: Uuid| {
        Resource::new("bid", THING)
            .with("stage", stage)
            .set("waits_for", BID.stage(stage).unwrap().waits_for)
            .with("party", party)
            .with("submitted", stage != "preparing")
    };
    vec![
        block("being prepared, the supplier's", of("preparing", MINE)),
        block("being prepared, another bidder's", of("preparing", OTHER)),
        block("being read, the supplier's", of("reading", MINE)),
        block("being read, another bidder's", of("reading", OTHER)),
        block("more asked for, the supplier's", of("answering", MINE)),
        block("complete, the supplier's, taken on by the same account", of("complete", MINE).with("owner", ME)),
        block("not chosen, the supplier's", of("not_chosen", MINE)),
        reading("being read, the supplier's", of("reading", MINE)),
    ]
}

fn statements() -> Vec<Block> {
    let of = |seen_by: &[Uuid]| Resource::new("statement", THING).set("seen_by", seen_by);
    vec![
        block("of the supplier's own place", of(&[MINE, ABOVE])),
        block("of a place below the supplier's", of(&[OTHER, MINE])),
        block("of a place above the supplier's, or beside it", of(&[ABOVE])),
        block("of the authority's roles", of(&[])),
        reading("of the supplier's own place", of(&[MINE])),
    ]
}

fn obligations() -> Vec<Block> {
    let with = |party: Uuid, role: &str, seen_by: &[Uuid], manager: Uuid| {
        Resource::new("obligation", THING).with("party", party).with("role", role).with("manager", manager).set("seen_by", seen_by)
    };
    let of = |party: Uuid, seen_by: &[Uuid], manager: Uuid| with(party, "supplier", seen_by, manager);
    let roles = [
        "administrator",
        "security",
        "contract_manager",
        "assessor",
        "procurement_lead",
        "owner",
        "management",
        "legal",
        "data_controller",
        "internal_audit",
    ];
    let mut all: Vec<_> = roles
        .map(|role| {
            block(&format!("of the role {}, the manager someone else", role.replace('_', " ")), with(AUTHORITY, role, &[], SOMEONE))
        })
        .into();
    all.push(block("of the role contract manager, managed by oneself", with(AUTHORITY, "contract_manager", &[], ME)));
    all.extend([
        block("the supplier's own, the manager someone else", of(MINE, &[MINE], SOMEONE)),
        block("the supplier's own, managed by oneself", of(MINE, &[MINE], ME)),
        block("of a party below the supplier", of(OTHER, &[OTHER, MINE], SOMEONE)),
        block("of a party above the supplier, or beside it", of(ABOVE, &[ABOVE], SOMEONE)),
        reading("the supplier's own, managed by oneself", of(MINE, &[MINE], ME)),
    ]);
    all
}

fn imports() -> Vec<Block> {
    let of = |state: &str| Resource::new("import_run", THING).with("state", state);
    let mut all: Vec<_> = ["staged", "applying", "applied", "undone"].map(|state| block(state, of(state))).into();
    all.push(reading("staged", of("staged")));
    all
}

fn packs() -> Vec<Block> {
    let pack = || Resource::new("pack", "offshoring.2020");
    vec![block("any", pack()), reading("any", pack())]
}

fn files() -> Vec<Block> {
    let of = |party: Uuid, side: &str, fixed: bool, internal: bool| {
        let file = Resource::new("file", THING).with("internal", internal).with("fixed", fixed).with("side", side).with("party", party);
        let file = file.with("sensitive", false).with("reveals", false).with("account", OTHER);
        let file = file.with("settles", false).with("held", false).with("withdrawn", false);
        move |seen: bool, adds: bool| file.clone().with("seen", seen).with("adds", adds)
    };
    let sensitive = |reveals: bool| of(MINE, "supplier", true, false)(true, true).with("sensitive", true).with("reveals", reveals);
    let held =
        |party: Uuid, side: &str, settles: bool| of(party, side, true, false)(true, true).with("held", true).with("settles", settles);
    let (own, draft) = (of(MINE, "supplier", true, false), of(MINE, "supplier", false, false));
    let (below, theirs) = (of(OTHER, "supplier", true, false), of(AUTHORITY, "authority", true, false));
    let internal = of(AUTHORITY, "authority", true, true);
    vec![
        block("the supplier's own, handed in, of a thing that the actor keeps", own(true, true)),
        block("the supplier's own, handed in, of a thing that the actor may only view", own(true, false)),
        block("the supplier's own, of a draft that the actor keeps", draft(true, true)),
        block("another supplier's, handed in, of a thing that the actor keeps", below(true, true)),
        block("the authority's, of a thing that the actor keeps", theirs(true, true)),
        block("the authority's, internal, of a thing that the actor keeps", internal(true, true)),
        block("the supplier's own, sensitive, for whoever may open such answers", sensitive(true)),
        block("the supplier's own, sensitive, for whoever may not", sensitive(false)),
        block("of a thing that the actor may not view", own(false, true)),
        block("the supplier's own, withheld, for whoever decides", held(MINE, "supplier", true)),
        block("the supplier's own, withheld, for whoever does not", held(MINE, "supplier", false)),
        block("another supplier's, withheld, for whoever decides about their own", held(OTHER, "supplier", true)),
        block(
            "another supplier's, withheld, for whoever decides and may open such answers",
            held(OTHER, "supplier", true).with("reveals", true),
        ),
        block("the authority's, withheld, for whoever decides", held(AUTHORITY, "authority", true)),
        block("the supplier's own, withdrawn", held(MINE, "supplier", true).with("withdrawn", true)),
        reading("the supplier's own, of a draft that the actor keeps", draft(true, true)),
        reading("the authority's, of a thing that the actor keeps", theirs(true, true)),
    ]
}

/// A proposal as policies see it.
struct Sample {
    stage: &'static str,
    submitted: bool,
    lead: Uuid,
    above: Vec<Uuid>,
    /// Who submitted, assessed, recommended.
    hands: [Uuid; 3],
    /// Who has it.
    owner: Option<Uuid>,
    /// The roles of the level that lacks somebody.
    lacking: &'static [&'static str],
    /// Who approved at another level, and who manages the contract.
    beside: [Uuid; 2],
    /// Who gave its urgent approval, if one runs.
    urgent: Option<Uuid>,
}

impl Sample {
    /// Of a party at tier 1, the suppliers' own, with nobody of the columns having a hand in it.
    fn at(stage: &'static str) -> Self {
        Self {
            stage,
            submitted: stage != "draft",
            lead: MINE,
            above: vec![MINE],
            hands: [SOMEONE; 3],
            owner: None,
            lacking: &["management"],
            beside: [SOMEONE; 2],
            urgent: None,
        }
    }

    fn thing(self) -> Resource {
        let [submitted, assessed, recommended] = self.hands;
        let [decided, manages] = self.beside;
        let waits_for = PROPOSAL.stage(self.stage).map_or(&[][..], |stage| stage.waits_for);
        Resource::new("proposal", THING)
            .with("id", THING)
            .with("stage", self.stage)
            .with("submitted", self.submitted)
            .with("made_by", SOMEONE)
            .maybe("owner", self.owner)
            .set("waits_for", if self.stage == "deciding" { self.lacking } else { waits_for })
            .set("deciders", ["management"].iter().chain(self.lacking))
            .set("lacking", self.lacking)
            .set("decided_by", [decided])
            .with("managed_by", manages)
            .with("lead", self.lead)
            .set("above", &self.above)
            .set("submitted_by", [submitted])
            .set("assessed_by", [assessed])
            .set("recommended_by", [recommended])
            .maybe("urgent_by", self.urgent)
            .set("urgent_roles", if self.submitted { &["management"][..] } else { &[] })
            .set("urgent_ratifiers", if self.urgent.is_some() { &["management", "data_controller"][..] } else { &[] })
            .set("urgent_hands", self.urgent)
    }
}

fn proposals() -> Vec<Block> {
    let mut all: Vec<_> =
        PROPOSAL.stages.iter().map(|s| block(&format!("{}, the supplier's own at tier 1", s.id), Sample::at(s.id).thing())).collect();
    for stage in ["draft", "returned", "checking"] {
        let sub = Sample { lead: ABOVE, above: vec![MINE, ABOVE], ..Sample::at(stage) };
        all.push(block(&format!("{stage}, the supplier's own as a sub-contractor"), sub.thing()));
        let below = Sample { above: vec![OTHER, MINE], ..Sample::at(stage) };
        all.push(block(&format!("{stage}, a sub-contractor's below the supplier at tier 1"), below.thing()));
        let other = Sample { lead: OTHER, above: vec![OTHER], ..Sample::at(stage) };
        all.push(block(&format!("{stage}, of another party"), other.thing()));
    }
    // What only the pages behind links say of a proposal opens nothing to anybody else.
    all.push(block(
        "draft, come to by a link that works, the supplier's own at tier 1",
        Sample::at("draft").thing().with("open_link", THING),
    ));
    let entered = |stage, by: Uuid| Sample::at(stage).thing().with("entered_by", by);
    for stage in ["draft", "returned", "checking", "assessing", "deciding"] {
        all.push(block(&format!("{stage}, entered on behalf of the supplier by oneself"), entered(stage, ME)));
    }
    for stage in ["draft", "checking"] {
        all.push(block(&format!("{stage}, entered on behalf of the supplier by somebody else"), entered(stage, SOMEONE)));
    }
    let discarded = Sample { submitted: false, ..Sample::at("withdrawn") };
    all.push(block("withdrawn as a draft, the supplier's own", discarded.thing()));
    for stage in ["assessing", "recommending", "deciding"] {
        for (n, who) in ["submitted it", "assessed it", "recommended on it"].into_iter().enumerate() {
            let mut hands = [SOMEONE; 3];
            hands[n] = ME;
            all.push(block(&format!("{stage}, by whoever had a hand in it: {who}"), Sample { hands, ..Sample::at(stage) }.thing()));
        }
    }
    let second = &["management", "data_controller"];
    all.push(block("deciding, at a second level", Sample { lacking: second, ..Sample::at("deciding") }.thing()));
    all.push(block(
        "deciding, at a second level, approved by oneself at the first",
        Sample { lacking: second, beside: [ME, SOMEONE], ..Sample::at("deciding") }.thing(),
    ));
    for stage in ["deciding", "approved"] {
        all.push(block(
            &format!("{stage}, by whoever had a hand in it: manages the contract"),
            Sample { beside: [SOMEONE, ME], ..Sample::at(stage) }.thing(),
        ));
    }
    for stage in ["returned", "checking", "assessing", "deciding"] {
        for (by, account) in [("somebody else", SOMEONE), ("oneself", ME)] {
            let sample = Sample { urgent: Some(account), ..Sample::at(stage) };
            all.push(block(&format!("{stage}, with an urgent approval given by {by}"), sample.thing()));
        }
    }
    for (n, who) in ["submitted it", "assessed it", "recommended on it"].into_iter().enumerate() {
        let mut hands = [SOMEONE; 3];
        hands[n] = ME;
        let sample = Sample { hands, urgent: Some(SOMEONE), ..Sample::at("deciding") };
        all.push(block(&format!("deciding, with an urgent approval, by whoever had a hand in it: {who}"), sample.thing()));
    }
    let managed = Sample { beside: [SOMEONE, ME], urgent: Some(SOMEONE), ..Sample::at("checking") };
    all.push(block("checking, with an urgent approval, by whoever had a hand in it: manages the contract", managed.thing()));
    for stage in ["returned", "checking", "deciding"] {
        all.push(block(&format!("{stage}, taken on by oneself"), Sample { owner: Some(ME), ..Sample::at(stage) }.thing()));
        all.push(block(&format!("{stage}, taken on by somebody else"), Sample { owner: Some(SOMEONE), ..Sample::at(stage) }.thing()));
    }
    all.push(reading("draft, the supplier's own at tier 1", Sample::at("draft").thing()));
    all.push(reading("deciding, the supplier's own at tier 1", Sample::at("deciding").thing()));
    all
}
