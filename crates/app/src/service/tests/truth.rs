//! The printed truth table: what each role may do to each kind of thing in its typical states, asked of the policies themselves.

mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use platform::Error;
use platform::authz::{AccountActor, Actor, Authz, Side};
use uuid::Uuid;

use crate::party::model::AUTHORITY_ROLES;
use samples::{Block, ME, MINE, blocks};

/// Groups of actions: policies name them, nobody does them.
const GROUPS: [&str; 5] = ["view", "own", "deputy", "proposal.decide", "breach.rule"];

/// The columns: heads short enough for a table, and the actor. All accounts are the same account in different memberships, so that a block
/// can say "by whoever assessed it" of every role at once.
fn columns(read_only: bool) -> Vec<(String, Actor)> {
    let account = |role: &str| {
        let side = if AUTHORITY_ROLES.contains(&role) { Side::Authority } else { Side::Supplier };
        let party = if side == Side::Authority { samples::AUTHORITY } else { MINE };
        let actor = AccountActor {
            account: ME,
            name: role.to_owned(),
            membership: Uuid::from_u128(90),
            party,
            party_name: String::new(),
            side,
            role: role.to_owned(),
            session: Uuid::from_u128(91),
            fresh: false,
            read_only,
            acts_for: None,
        };
        (role.replace('_', " "), Actor::Account(Box::new(actor)))
    };
    let roles = AUTHORITY_ROLES.into_iter().chain(["supplier_lead", "supplier_member"]);
    let mut all: Vec<_> = roles.map(account).collect();
    all.push(("anonymous".to_owned(), Actor::Anonymous));
    all.push(("operator".to_owned(), Actor::Operator));
    all
}

/// The kind that an action is done to.
fn kind_of(action: &str) -> &str {
    match action.split('.').next().unwrap() {
        // Changes of a chain are changes of its contract.
        "chain" => "contract",
        // A restore that names a checkpoint bears the name that verifiers know.
        "restore" => "system",
        kind => kind,
    }
}

/// The actions of each kind, as the schema has them.
fn actions(authz: &Authz) -> BTreeMap<String, Vec<&'static str>> {
    let mut by_kind: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for action in authz.actions() {
        if !GROUPS.contains(&action.as_str()) {
            by_kind.entry(kind_of(&action).to_owned()).or_default().push(action.leak());
        }
    }
    by_kind
}

/// One answer. Accounts are asked as having signed in long ago.
fn cell(authz: &Authz, actor: &Actor, action: &'static str, block: &Block) -> &'static str {
    match authz.check(actor, action, &block.thing) {
        Ok(()) => "✔",
        Err(Error::SignInAgain) => "fresh",
        Err(Error::Refused(_)) => "✘",
        Err(other) => panic!("{action} on “{}” cannot be decided: {other:?}", block.title),
    }
}

type Rows = Vec<(&'static str, Vec<&'static str>)>;

fn rows(authz: &Authz, actions: &[&'static str], block: &Block) -> Rows {
    let columns = columns(block.read_only);
    actions.iter().map(|action| (*action, columns.iter().map(|(_, actor)| cell(authz, actor, action, block)).collect())).collect()
}

/// The whole page. Blocks of a kind with the same answers are printed once, under all their titles.
fn page(authz: &Authz) -> String {
    let mut out = String::from(
        "# Who may do what\n\nWritten by the test `the_truth_table_is_up_to_date` from the policies in `authz/`; run it with `UPDATE_DOCS=1` to \
         write it anew.\n\n✔ may · ✘ may not · fresh: may after signing in again just now. What someone may not view does not exist for them, \
         whatever else they ask. Whether a step fits the stage is not decided here but by the lifecycle.\n",
    );
    let heads: Vec<String> = columns(false).into_iter().map(|(head, _)| head).collect();
    let all = blocks();
    for (kind, actions) in actions(authz) {
        let _ = write!(out, "\n## {kind}\n");
        let mut printed: Vec<(Vec<&str>, Rows)> = Vec::new();
        for block in all.iter().filter(|b| b.thing.kind == kind) {
            let rows = rows(authz, &actions, block);
            match printed.iter_mut().find(|(_, known)| *known == rows) {
                Some((titles, _)) => titles.push(&block.title),
                None => printed.push((vec![&block.title], rows)),
            }
        }
        for (titles, rows) in printed {
            let _ =
                write!(out, "\n### {}\n\n| action | {} |\n|---|{}\n", titles.join(" · "), heads.join(" | "), ":-:|".repeat(heads.len()));
            for (action, cells) in rows {
                let _ = writeln!(out, "| `{action}` | {} |", cells.join(" | "));
            }
        }
    }
    out
}

/// OWN-3: the printed table is what the policies say.
#[test]
fn the_truth_table_is_up_to_date() {
    let page = page(&crate::service::authz().unwrap());
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/permissions.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap_or_default() == page,
        "docs/generated/permissions.md is out of date: run the tests with UPDATE_DOCS=1, read what changed, and commit it"
    );
}

/// Every action of the schema stands in the table: its kind has blocks, and no block is of a kind without actions.
#[test]
fn every_action_has_a_block() {
    let authz = crate::service::authz().unwrap();
    let shown: BTreeSet<String> = blocks().iter().map(|b| b.thing.kind.to_owned()).collect();
    let known = actions(&authz);
    let missing: Vec<_> = known.iter().filter(|(kind, _)| !shown.contains(*kind)).collect();
    assert!(missing.is_empty(), "give these kinds samples in truth/samples.rs: {missing:?}");
    let kinds: BTreeSet<String> = known.keys().cloned().collect();
    assert_eq!(shown, kinds);
    for group in GROUPS {
        assert!(authz.actions().iter().any(|a| a == group), "{group} is no group any more");
    }
}

/// Every block's title is its own, so that a reader can tell them apart.
#[test]
fn titles_are_told_apart() {
    let mut seen = BTreeSet::new();
    for block in blocks() {
        assert!(seen.insert((block.thing.kind, block.title.clone())), "{}: {}", block.thing.kind, block.title);
    }
}

/// What an account does to its own login.
const OWN: [&str; 9] = [
    "account.sign_in",
    "account.prove",
    "account.set_password",
    "account.set_second_factor",
    "account.drop_second_factor",
    "account.new_recovery_codes",
    "account.make_token",
    "account.end_token",
    "account.set_notices",
];

/// What only reads.
const READS: &[&str] = &[
    "system.ledger",
    "system.jobs",
    "system.accounts",
    "contract.terms",
    "proposal.read_notes",
    "proposal.read_risk",
    "proposal.reveal",
    "file.reveal",
    "list.export",
    "proposal.archive",
    "breach.read_notes",
    "breach.reveal",
    "incident.read_notes",
    "incident.reveal",
    "plan.read_notes",
    "plan.reveal",
    "plan_change.read_notes",
    "plan_change.reveal",
    "incident.take_out",
    "incident_record.take_out",
    "mail.reveal",
    "bid.read",
    "bid.read_notes",
    "bid.reveal",
    "country.facts",
    "country.weigh",
    "pack.move_contracts",
];

fn reads(action: &str) -> bool {
    action.ends_with(".view") || READS.contains(&action)
}

/// OWN-3: an account that may only read does nothing else in any role, and internal audit writes nothing; both read what their role reads.
#[test]
fn readers_only_read() {
    let authz = crate::service::authz().unwrap();
    let all = actions(&authz);
    let mut bad = Vec::new();
    for block in blocks() {
        for read_only in [true, false] {
            let could = columns(false);
            for (n, (head, actor)) in columns(read_only).into_iter().enumerate() {
                let asked = actor.account().is_some() && if read_only { block.read_only } else { head == "internal audit" };
                if !asked {
                    continue;
                }
                for action in &all[block.thing.kind] {
                    let may = cell(&authz, &actor, action, &block) != "✘";
                    if may && !reads(action) && !OWN.contains(action) {
                        bad.push(format!("{head} may {action} on {} “{}”", block.thing.kind, block.title));
                    }
                    if read_only && reads(action) && may != (cell(&authz, &could[n].1, action, &block) != "✘") {
                        bad.push(format!("{head}, reading only, may not {action} on {} “{}”", block.thing.kind, block.title));
                    }
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// What somebody does in another's place.
const DEPUTY: &[&str] = &[
    "proposal.approve",
    "proposal.approve_urgently",
    "proposal.ratify",
    "proposal.refuse_urgent",
    "proposal.consent",
    "proposal.decline",
    "proposal.send_back",
    "proposal.suspend",
    "proposal.resume",
    "proposal.revoke",
    "proposal.confirm",
    "proposal.renew",
    "proposal.paper",
    "breach.decide",
    "breach.dismiss",
    "breach.send_back",
    "breach.paper",
    "regulator.aware",
    "regulator.decide",
    "regulator.send",
    "regulator.people",
    "delegation.end",
];

/// OFF-11: whoever stands for somebody decides and reads, and never does more than whom they stand for.
#[test]
fn deputies_decide_and_no_more() {
    let authz = crate::service::authz().unwrap();
    let all = actions(&authz);
    let (mut bad, mut done) = (Vec::new(), BTreeSet::new());
    for block in blocks().iter().filter(|block| !block.read_only) {
        for (head, actor) in columns(false).into_iter().filter(|(_, actor)| actor.is_authority()) {
            let mut deputy = actor.account().cloned().unwrap();
            deputy.acts_for = Some(platform::authz::ActsFor { account: Uuid::from_u128(99), name: "Somebody".to_owned() });
            let deputy = Actor::Account(Box::new(deputy));
            for action in &all[block.thing.kind] {
                if cell(&authz, &deputy, action, block) == "✘" {
                    continue;
                }
                done.insert(*action);
                let own = OWN.contains(action) && *action != "account.make_token";
                if !reads(action) && !own && !DEPUTY.contains(action) {
                    bad.push(format!("a deputy of {head} may {action} on {} “{}”", block.thing.kind, block.title));
                }
                if cell(&authz, &actor, action, block) == "✘" {
                    bad.push(format!("a deputy of {head} may more: {action} on {} “{}”", block.thing.kind, block.title));
                }
            }
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
    let never: Vec<_> = DEPUTY.iter().filter(|action| !done.contains(*action)).collect();
    assert!(never.is_empty(), "no deputy ever does {never:?}");
}

/// OFF-12, OWN-3: the lead contractor alone submits for its sub-contractors, nobody decides on what they had a hand in, a decision always
/// asks for a fresh sign-in, and a stranger sees nothing.
#[test]
fn what_must_never_be() {
    let authz = crate::service::authz().unwrap();
    let all = actions(&authz);
    for block in blocks().iter().filter(|b| b.thing.kind == "proposal") {
        for (head, actor) in columns(block.read_only) {
            if actor.account().is_none() {
                continue;
            }
            for action in ["proposal.approve", "proposal.decline", "proposal.send_back"] {
                let answer = cell(&authz, &actor, action, block);
                assert_ne!(answer, "✔", "{head} {action} {}", block.title);
                let decides = head == "management" || (head == "data controller" && block.title.contains("second level"));
                assert!(answer == "✘" || (decides && !block.title.contains("hand in it")), "{head} {action} {}", block.title);
                // Nobody counts at two levels, whatever role they act in.
                let twice = action == "proposal.approve" && block.title.contains("by oneself at the first");
                assert!(!twice || answer == "✘", "{head} {action} {}", block.title);
            }
            // An urgent approval is a decision too: by those whom the pack names, never by whoever had a hand in it, and ratified by somebody else.
            for action in ["proposal.approve_urgently", "proposal.ratify", "proposal.refuse_urgent"] {
                let answer = cell(&authz, &actor, action, block);
                assert_ne!(answer, "✔", "{head} {action} {}", block.title);
                let names = head == "management" || (head == "data controller" && action != "proposal.approve_urgently");
                assert!(answer == "✘" || (names && !block.title.contains("hand in it")), "{head} {action} {}", block.title);
                let own = action != "proposal.approve_urgently" && block.title.contains("urgent approval given by oneself");
                assert!(!own || answer == "✘", "{head} {action} {}", block.title);
            }
            if head.starts_with("supplier") && !block.read_only && block.title.contains("as a sub-contractor") {
                assert_eq!(cell(&authz, &actor, "proposal.submit", block), "✘", "{head} {}", block.title);
            }
            if block.title == "draft, a sub-contractor's below the supplier at tier 1" {
                let submits = cell(&authz, &actor, "proposal.submit", block) == "✔";
                assert_eq!(submits, head == "supplier lead", "{head} {}", block.title);
            }
            if head.starts_with("supplier") && block.title.contains("another party") {
                assert_eq!(cell(&authz, &actor, "proposal.view", block), "✘", "{head} {}", block.title);
            }
        }
    }
    for block in blocks().iter().filter(|b| b.thing.kind == "bid") {
        for (head, actor) in columns(block.read_only).into_iter().filter(|(_, actor)| actor.account().is_some()) {
            let chooses = cell(&authz, &actor, "bid.choose", block);
            assert!(chooses == "✘" || (chooses == "fresh" && head == "procurement lead"), "{head} {}", block.title);
            if head.starts_with("supplier") && block.title.contains("another") {
                for action in &all["bid"] {
                    assert_eq!(cell(&authz, &actor, action, block), "✘", "{head} {action} {}", block.title);
                }
            }
            if !head.starts_with("supplier") && block.title.starts_with("being prepared") {
                assert_eq!(cell(&authz, &actor, "bid.read", block), "✘", "{head} {}", block.title);
            }
        }
    }
    for block in blocks().iter().filter(|b| b.thing.kind == "breach") {
        for (head, actor) in columns(block.read_only).into_iter().filter(|(_, actor)| actor.account().is_some()) {
            for action in ["breach.decide", "breach.dismiss"] {
                let answer = cell(&authz, &actor, action, block);
                assert!(
                    answer == "✘" || (answer == "fresh" && head == "management" && !block.title.contains("or put it there")),
                    "{head} {action} {}",
                    block.title
                );
            }
            if head.starts_with("supplier") {
                for action in
                    ["breach.open", "breach.establish", "breach.ask", "breach.propose", "breach.close", "breach.note", "breach.read_notes"]
                {
                    assert_eq!(cell(&authz, &actor, action, block), "✘", "{head} {action} {}", block.title);
                }
            }
        }
    }
}
