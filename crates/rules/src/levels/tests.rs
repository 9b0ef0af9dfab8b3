//! Levels and their votes, case by case.

use serde_json::json;

use super::{Facts, Level, Vote, complete, lacking, lesser, needed, next};
use crate::form::Answers;
use crate::pack::{Adequacy, Pack, PackSource};

fn pack() -> Pack {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/offshoring");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let forms = [("forms/proposal.yaml".to_owned(), read("forms/proposal.yaml"))];
    let files = [("pack.yaml".to_owned(), read("pack.yaml"))].into_iter().chain(forms).collect();
    Pack::load(&PackSource { files }).unwrap()
}

fn ids(residual: &str, adequacy: Option<Adequacy>, named: &str) -> Vec<String> {
    let pack = pack();
    let answers = Answers::from_json(json!({ "work_title": "Night desk" })).unwrap();
    let facts = Facts { inherent: "high", residual, adequacy };
    needed(&pack, pack.form("proposal").unwrap(), &answers, facts, named).into_iter().map(|level| level.id.clone()).collect()
}

fn level(id: &str, role: &str, quorum: u32) -> Level {
    Level { id: id.to_owned(), roles: vec![role.to_owned()], quorum }
}

#[test]
fn off_11_the_pack_says_which_levels_decide() {
    assert_eq!(ids("low", None, "management"), ["management"]);
    assert_eq!(ids("medium", Some(Adequacy::Full), "management"), ["management"]);
    assert_eq!(ids("high", None, "management"), ["management", "second_decision"]);
    assert_eq!(ids("very_high", None, "management"), ["management", "second_decision"]);
    assert_eq!(ids("low", Some(Adequacy::None), "management"), ["management", "second_decision"]);
    assert_eq!(ids("low", Some(Adequacy::Partial), "management"), ["management"]);
}

#[test]
fn a_person_counts_once_and_at_one_level() {
    let levels = [level("first", "management", 1), level("second", "management", 2)];
    let vote = |level: &'static str, by: &'static str| Vote { level, by, acts_for: None };
    assert_eq!(next(&levels, &[], "management").unwrap().id, "first");
    assert_eq!(next(&levels, &[], "legal"), None);
    let one = [vote("first", "a")];
    assert_eq!(next(&levels, &one, "management").unwrap().id, "second");
    let twice = [vote("first", "a"), vote("second", "a"), vote("second", "b")];
    assert_eq!((lacking(&levels[0], &twice), lacking(&levels[1], &twice)), (0, 1));
    assert!(!complete(&levels, &twice));
    let same = [vote("first", "a"), vote("second", "b"), vote("second", "b")];
    assert!(!complete(&levels, &same), "the same person twice is one");
    let all = [vote("first", "a"), vote("second", "b"), vote("second", "c")];
    assert!(complete(&levels, &all));
    assert_eq!(next(&levels, &all, "management"), None);
}

#[test]
fn whoever_stands_for_somebody_counts_as_both() {
    let levels = [level("first", "management", 1), level("second", "management", 1)];
    let vote = |level: &'static str, by: &'static str| Vote { level, by, acts_for: None };
    let instead = |level: &'static str, by: &'static str, of: &'static str| Vote { level, by, acts_for: Some(of) };
    for (votes, done, why) in [
        (vec![instead("first", "b", "a"), vote("second", "c")], true, "somebody else decided as well"),
        (vec![instead("first", "b", "a"), vote("second", "a")], false, "whom one stood for has decided"),
        (vec![instead("first", "b", "a"), vote("second", "b")], false, "whoever stood for another has decided"),
        (vec![instead("first", "b", "a"), instead("second", "b", "c")], false, "one person stands for two"),
        (vec![instead("first", "b", "a"), instead("second", "c", "a")], false, "two stand for one"),
        (vec![vote("first", "a"), instead("second", "b", "a")], false, "they decided themselves before"),
        (vec![instead("first", "b", "a"), instead("second", "d", "c")], true, "four people"),
    ] {
        assert_eq!(complete(&levels, &votes), done, "{why}");
    }
}

#[test]
fn the_least_adequate_country_counts() {
    assert_eq!(lesser(Adequacy::Full, Adequacy::None), Adequacy::None);
    assert_eq!(lesser(Adequacy::Partial, Adequacy::Full), Adequacy::Partial);
    assert_eq!(lesser(Adequacy::None, Adequacy::Partial), Adequacy::None);
}
