//! Lifecycles by table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use uuid::Uuid;

use super::lifecycle::{Kind, SUPPLIER, StageDef, StepDef, Taking};
use super::store::Case;
use crate::error::{Blocker, Error};
use crate::ui::Tone;

const fn stage(id: &'static str, waits_for: &'static [&'static str], days: Option<i64>) -> StageDef {
    StageDef { id, waits_for, closed: waits_for.is_empty(), tone: Tone::Blue, on_line: true, days }
}

const KIND: Kind = Kind {
    id: "trial",
    prefix: "TRY",
    stages: &[stage("draft", &[SUPPLIER], None), stage("checking", &["contract_manager"], Some(5)), stage("done", &[], None)],
    steps: &[
        StepDef { id: "submit", action: "trial.submit", from: &["draft"], to: "checking", or: &[], needs_reason: false, fresh: false },
        StepDef { id: "finish", action: "trial.finish", from: &["checking"], to: "done", or: &[], needs_reason: true, fresh: true },
    ],
};

fn case(stage: &str) -> Case {
    Case {
        id: Uuid::nil(),
        kind: "trial".to_owned(),
        reference: None,
        year: None,
        number: None,
        stage: stage.to_owned(),
        title: "A trial".to_owned(),
        search_key: String::new(),
        party: Uuid::nil(),
        contract: None,
        place: None,
        owner: Some(Uuid::nil()),
        rating: None,
        due: None,
        round: 1,
        pack: "p".to_owned(),
        edition: "1".to_owned(),
        form: "f".to_owned(),
        version: 3,
        made_at: 0,
        made_by: Uuid::nil(),
        moved_at: 0,
        submitted_at: None,
        submitted_by: None,
        closed_at: None,
    }
}

#[test]
fn a_step_moves_the_case_and_sets_its_due_date() {
    let after = KIND.take(&case("draft"), "submit", &Taking::default(), 1_000).unwrap();
    assert_eq!((after.stage.as_str(), after.moved_at, after.due), ("checking", 1_000, Some(1_000 + 5 * crate::clock::DAY)));
    assert_eq!((after.owner, after.closed_at, after.version), (None, None, 3), "nobody has taken it on yet; the old version guards");
    let ended = KIND.take(&after, "finish", &Taking::because("All is well"), 2_000).unwrap();
    assert_eq!((ended.stage.as_str(), ended.due, ended.closed_at), ("done", None, Some(2_000)));
}

#[test]
fn a_step_is_refused_at_another_stage_without_its_reason_and_when_blocked() {
    assert!(matches!(KIND.take(&case("done"), "submit", &Taking::default(), 0), Err(Error::Conflict(_))));
    assert!(matches!(KIND.take(&case("checking"), "finish", &Taking::because("  "), 0), Err(Error::Invalid(_))));
    let blocked = Taking::because("x").unless(vec![Blocker::new("one"), Blocker::new("two")]);
    let Err(Error::Blocked(all)) = KIND.take(&case("checking"), "finish", &blocked, 0) else { panic!("not blocked") };
    assert_eq!(all.len(), 2, "every blocker is named, not only the first");
}

#[test]
fn the_table_answers_queues_and_lines() {
    assert_eq!(KIND.waiting_for("contract_manager"), ["checking"]);
    assert_eq!(KIND.waiting_for(SUPPLIER), ["draft"]);
    assert_eq!(KIND.open_stages(), ["draft", "checking"]);
    assert_eq!(KIND.next("draft", "submit").unwrap().id, "checking");
    assert!(KIND.next("done", "submit").is_none());
    let (line, here) = KIND.line("checking");
    assert_eq!((line.len(), here), (3, 1));
}

#[test]
fn faults_of_a_table_are_found() {
    const BROKEN: Kind = Kind {
        stages: &[stage("draft", &[SUPPLIER], None), stage("lost", &["assessor"], None)],
        steps: &[StepDef { id: "go", action: "other.go", from: &["draft"], to: "nowhere", or: &[], needs_reason: false, fresh: false }],
        ..KIND
    };
    let faults = BROKEN.faults().join("\n");
    for part in ["nothing leads to lost", "names no stage: nowhere", "another kind's action", "lost must have steps", "catalogue lacks"] {
        assert!(faults.contains(part), "{part}: {faults}");
    }
}
