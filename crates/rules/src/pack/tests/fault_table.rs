//! Each fault with its file and line.

use super::{Pack, changed};

/// The line, from 1, on which a text of a file first stands.
fn line_of(text: &str, part: &str) -> u32 {
    u32::try_from(text[..text.find(part).unwrap()].matches('\n').count() + 1).unwrap()
}

/// Each row: file, what is replaced by what, where the fault must be reported, and words of the problem.
const FAULTS: &[(&str, &str, &str, &str, &str)] = &[
    ("pack.yaml", "edition:", "editon:", "editon", "unknown field `editon`"),
    ("pack.yaml", "title: Tell the", "titel: Tell the", "titel: Tell", "unknown field `titel`"),
    ("pack.yaml", "date: 2026-11-22", "date: 2026-02-30", "date: 2026-02-30", ""),
    ("pack.yaml", "status: withdrawn", "status: retired", "status: retired", "unknown variant `retired`"),
    ("pack.yaml", "status: withdrawn", "status: in_force", "withdrawn_on", "only goes with"),
    ("pack.yaml", "{before: offshore_start}", "{befor: offshore_start}", "{befor: ", "unknown field `befor`"),
    ("pack.yaml", "{before: offshore_start}", "{before: nothing}", "{before: nothing}", "no event `nothing`"),
    (
        "pack.yaml",
        "when: {before: offshore_start}\n",
        "when: {before: offshore_start}\n    shown_by: nothing\n",
        "shown_by: nothing",
        "no event `nothing`",
    ),
    ("pack.yaml", "{before: offshore_start}", "{within: P1D}", "{within: P1D}", "`when` must be one of"),
    ("pack.yaml", "every: P1Y", "every: PT5H", "every: PT5H", "not a period"),
    ("pack.yaml", "every: P1Y", "every: P0D", "every: P0D", "not a period"),
    ("pack.yaml", "question: personal_data", "question: stranger", "question: stranger", "no contract fact"),
    ("pack.yaml", "personal_data, value: true", "personal_data, value: 3", "personal_data, value: 3", "does not fit"),
    ("pack.yaml", "id: keep_register", "id: inform_before", "id: inform_before, title", "used twice"),
    ("pack.yaml", "id: keep_register", "id: Keep-Register", "id: Keep-Register", "not an id"),
    ("pack.yaml", "source: [OFF-9b]", "source: []", "id: inform_before", "source is missing"),
    ("pack.yaml", "source: [OFF-9b]", "source: [paragraph 9]", "paragraph 9", "not a paragraph's id"),
    ("pack.yaml", "unit: people", "unit: persons", "unit: persons", "not a unit"),
    ("pack.yaml", "https://help", "javascript:help", "javascript:help", "not an address that can be linked to"),
    ("pack.yaml", "https://help", "http://help", "http://help", "not an address that can be linked to"),
    ("pack.yaml", "https://help", "https://name:word@help", "name:word", "not an address that can be linked to"),
    ("pack.yaml", "duties: [review]", "duties: [keep_nothing]", "keep_nothing", "no obligation `keep_nothing`"),
    ("pack.yaml", "sections: [proposal.what]", "sections: [proposal.nowhere]", "proposal.nowhere", "no section `proposal.nowhere`"),
    ("pack.yaml", "form: proposal", "form: proposals", "form: proposals", "no form"),
    ("pack.yaml", "{level: 2, title: Likely}", "{level: 3, title: Likely}", "{level: 3", "do not ascend"),
    ("pack.yaml", "- [low, medium]", "- [low]", "- [low]", "1 ratings for 2"),
    ("pack.yaml", "- [low, medium]", "- [low, worst]", "- [low, worst]", "no rating `worst`"),
    ("pack.yaml", "- [low, medium]", "- [high, medium]", "- [high, medium]", "rating falls"),
    ("pack.yaml", "      - [medium, high]\n", "", "matrix:", "1 rows for 2"),
    ("pack.yaml", "asks: [staff]", "asks: [crew]", "asks: [crew]", "no question `crew`"),
    (
        "pack.yaml",
        "question: personal, value: true}}, reason",
        "question: person, value: true}}, reason",
        "question: person,",
        "no question `person`",
    ),
    ("pack.yaml", "factors: [people]", "factors: [crowd]", "factors: [crowd]", "no factor `crowd`"),
    ("pack.yaml", "reason: Nothing", "when: {answered: staff}, reason: Nothing", "{id: short", "last path has a condition"),
    ("pack.yaml", "when: {compare: {question: staff, op: lt, value: 5}}, ", "", "{id: few", "Only the last path"),
    ("pack.yaml", "rating: low,", "rating: medium,", "id: low, title: Low", "0 outcomes"),
    ("pack.yaml", "level: board,", "level: ministry,", "level: ministry", "no decision level"),
    ("pack.yaml", "controls: [basic, privacy]", "controls: [basic, secrecy]", "secrecy", "no control set"),
    ("pack.yaml", "id: transfer,", "id: checks,", "id: checks, title: Cover", "used twice"),
    ("pack.yaml", "quorum: 2", "quorum: 0", "quorum: 0", "Nobody decides"),
    ("pack.yaml", "roles: [owner]", "roles: []", "roles: []", "Nobody may decide"),
    ("pack.yaml", "roles: [owner]", "roles: [supplier]", "roles: [supplier]", "no role of the authority"),
    ("pack.yaml", "quorum: 2", "quorum: 2, when: {equals: {question: crew, value: 1}}", "question: crew", "no question `crew`"),
    ("pack.yaml", "quorum: 2", "quorum: 2, when: {equals: {question: assessed_residual, value: dire}}", "value: dire", "no value of"),
    ("pack.yaml", "quorum: 2", "quorum: 2, when: {equals: {question: personal_adequacy, value: half}}", "value: half", "no value of"),
    ("pack.yaml", "{roles: [management], days: 28", "{roles: [], days: 28", "urgent_approval:", "Nobody may give"),
    ("pack.yaml", "{roles: [management], days: 28", "{roles: [chief], days: 28", "roles: [chief]", "unknown variant `chief`"),
    ("pack.yaml", "{roles: [management], days: 28", "{roles: [bidder], days: 28", "roles: [bidder]", "no role of the authority"),
    ("pack.yaml", "days: 28", "days: 0", "urgent_approval:", "a day to a year"),
    ("pack.yaml", "days: 28", "days: 400", "urgent_approval:", "a day to a year"),
    ("pack.yaml", "{roles: [owner], days: 5}", "{roles: [], days: 5}", "urgent_approval:", "Nobody may ratify"),
    ("pack.yaml", "{roles: [owner], days: 5}", "{roles: [supplier], days: 5}", "roles: [supplier]", "no role of the authority"),
    ("pack.yaml", "{roles: [owner], days: 5}", "{roles: [owner], days: 0}", "urgent_approval:", "in no days"),
    ("pack.yaml", "{roles: [owner], days: 5}", "{roles: [owner], days: 29}", "urgent_approval:", "after it has ended"),
    ("pack.yaml", "refusals: 2, source: [OWN]", "refusals: 0, source: [OWN]", "urgent_approval:", "ever be given"),
    ("pack.yaml", "refusals: 2, source: [OWN]", "refusals: 2, source: []", "urgent_approval:", "source is missing"),
    ("pack.yaml", "refusals: 2, source: [OWN]", "refusal: 2, source: [OWN]", "urgent_approval:", "unknown field `refusal`"),
    ("pack.yaml", "form: incident", "form: incidents", "form: incidents", "no form `incidents`"),
    ("pack.yaml", "form: incident\n", "form: incident\n  sevirity: {}\n", "sevirity", "unknown field `sevirity`"),
    ("pack.yaml", "incidents:\n  form: incident\n", "incidents:\n", "  source: [OWN]\ncountries", "missing field `form`"),
    ("pack.yaml", "{moderate: 10, high: 100, ", "{moderate: 0, high: 100, ", "people: {", "do not rise"),
    ("pack.yaml", "{moderate: 10, high: 100, ", "{moderate: 10, high: 10, ", "people: {", "do not rise"),
    ("pack.yaml", "critical: 1000}", "critical: 99}", "people: {", "do not rise"),
    ("pack.yaml", "critical: 1000}", "critical: 1000, dire: 1}", "people: {", "unknown field `dire`"),
    ("pack.yaml", "critical: 1000}", "critical: -5}", "people: {", ""),
    ("pack.yaml", "loss: {integrity: high}", "loss: {integrety: high}", "integrety", "unknown kind of loss"),
    ("pack.yaml", "loss: {integrity: high}", "loss: {integrity: dire}", "loss: {", "unknown severity"),
    ("pack.yaml", "loss: {integrity: high}", "losses: {integrity: high}", "losses:", "unknown field `losses`"),
    ("pack.yaml", "high: {acknowledge: PT2H", "high: {acknowledge: PT9H", "high: {acknowledge", "slower for `high` than for `moderate`"),
    ("pack.yaml", "close: P14D", "close: P31D", "critical: {ack", "slower for `critical` than for `high`"),
    (
        "pack.yaml",
        "moderate: {acknowledge: PT8H, first_update: P2D",
        "moderate: {acknowledge: PT8H, first_update: PT7H",
        "moderate: {ack",
        "over before `acknowledge`",
    ),
    ("pack.yaml", "close: P14D", "close: PT3H", "critical: {ack", "over before `first_update`"),
    ("pack.yaml", "acknowledge: PT1H", "acknowledge: P1M", "critical: {ack", "not a time"),
    ("pack.yaml", "acknowledge: PT1H", "answer: PT1H", "critical: {", "unknown field `answer`"),
    ("pack.yaml", "P14D}\n  source: [OWN]", "P14D}\n  source: []", "incidents:", "source is missing"),
    ("forms/incident.yaml", "marking: In confidence", "marking: \" \"", "marking:", "not a line of words"),
    ("forms/incident.yaml", "id: report", "id: now", "id: now", "is not `report`"),
    ("forms/incident.yaml", "{id: reach_me, type: text", "{id: reach, type: text", "id: report", "no question `reach_me`"),
    (
        "forms/incident.yaml",
        "{id: happened, type: moment, label: When?}",
        "{id: happened, type: text, label: When?}",
        "id: happened",
        "another type",
    ),
    (
        "forms/incident.yaml",
        "      - {id: reach_me, type: text, label: How are you reached?}\n  - id: facts\n    title: Later\n    questions:\n",
        "  - id: facts\n    title: Later\n    questions:\n      - {id: reach_me, type: text, label: How are you reached?}\n",
        "id: reach_me",
        "not asked at once",
    ),
    ("forms/incident.yaml", "id: backup_usable", "id: backup", "sections:", "fact `backup_usable`"),
    (
        "forms/incident.yaml",
        "id: people, type: number, label: People?, integer: true",
        "id: people, type: text, label: People?",
        "id: people",
        "another type",
    ),
    ("forms/incident.yaml", "label: Encrypted?, allow_unknown: true", "label: Encrypted?", "id: encrypted", "not known"),
    ("forms/incident.yaml", ", {id: not_known, label: Not yet}", "", "id: whereabouts", "not known"),
    ("forms/incident.yaml", "{id: stolen, label: Stolen}", "{id: theft, label: Stolen}", "id: theft", "no code of the fact `actions`"),
    ("forms/incident.yaml", "{id: failed, label: In vain}", "{id: vain, label: In vain}", "id: vain", "no code of the fact `attempt`"),
    ("pack.yaml", "country: IN", "country: India", "country: India", "not a country code"),
    ("pack.yaml", "title: Sample\n", "title: [\n", "title: [", ""),
    ("forms/proposal.yaml", "form: proposal", "form: other", "form: other", "lies in the file"),
    ("forms/proposal.yaml", "id: staff", "id: personal", "id: personal, type: number", "used twice"),
    ("forms/proposal.yaml", "type: number", "type: figure", "type: figure", "unknown variant `figure`"),
    ("forms/proposal.yaml", "integer: true", "allow_unknown: true", "allow_unknown: true}\n      - {id: kinds", "does not go with"),
    (
        "forms/proposal.yaml",
        "- {id: kinds,",
        "- {id: seen, type: moment, label: When?, at_least: staff}\n      - {id: kinds,",
        "at_least: staff",
        "no question `staff` of this type",
    ),
    (
        "forms/proposal.yaml",
        "- {id: kinds,",
        "- {id: seen, type: moment, label: When?, max: 14:30}\n      - {id: kinds,",
        "max: 14:30",
        "does not fit",
    ),
    (
        "forms/proposal.yaml",
        "- {id: kinds,",
        "- {id: seen, type: moment, label: When?, must: {condition: {compare: {question: seen, op: gt, value: 2026-01-01}}, says: Later.}}\n      - {id: kinds,",
        "value: 2026-01-01",
        "`seen` never has the value",
    ),
    ("forms/proposal.yaml", "value: hosting", "value: hosted", "value: hosted", "never has the value"),
    ("forms/proposal.yaml", "includes: {question: kinds", "equals: {question: kinds", "equals: {", "several answers"),
    (
        "forms/proposal.yaml",
        "{question: kinds, value: hosting}",
        "{question: site_name, value: x}",
        "{question: site_name, value: x}",
        "depends on its own answer",
    ),
    ("forms/proposal.yaml", "answered: site_name", "answered: site_staff", "answered: site_staff", "depends on its own answer"),
    ("forms/proposal.yaml", "answered: site_name", "answered: nothing", "answered: nothing", "no question `nothing`"),
    (
        "forms/proposal.yaml",
        "label: Staff, when: {answered: site_name}",
        "label: Staff, country: site_name",
        "country: site_name",
        "does not go with",
    ),
    (
        "forms/proposal.yaml",
        "type: number, label: Staff, when: {answered: site_name}",
        "type: site, label: Staff, country: site_name",
        "country: site_name",
        "No question `site_name` asks for a country",
    ),
    (
        "forms/proposal.yaml",
        "- {id: site_name, type: text",
        "- {id: site_name, type: group",
        "- {id: site_name",
        "group stands inside a group",
    ),
];

#[test]
fn each_fault_names_its_file_and_line() {
    for (file, from, to, at, problem) in FAULTS {
        let source = changed(file, from, to);
        let faults = Pack::load(&source).expect_err(to);
        let line = line_of(&source.files[*file], at);
        let found = faults.iter().any(|fault| fault.file == *file && fault.line == line && fault.problem.contains(problem));
        assert!(found, "{to}: expected {file}:{line} {problem}, got {faults:#?}");
        assert!(faults.iter().all(|fault| !fault.advice.is_empty() && fault.line > 0), "{faults:#?}");
    }
}

#[test]
fn every_fault_of_meaning_is_reported_at_once() {
    let mut source = changed("pack.yaml", "unit: people", "unit: persons");
    let text = source.files.get_mut("pack.yaml").unwrap();
    *text = text.replace("quorum: 2", "quorum: 0").replace("asks: [staff]", "asks: [crew]");
    assert_eq!(Pack::load(&source).unwrap_err().len(), 3);
}
