//! Whether the people whom an incident concerns are told: who tells them, and how it was done. The decision is the data controller's and stands in the
//! record of what becomes of the incident before the regulator ([`super::regulator`]), of which a supplier finds nothing; a supplier that is to tell them
//! reads a task. Pure.

use super::regulator::{Decision, People, Round, Said};
use super::teller::{Informed, Teller};

/// The longest words on what a supplier is to do, in characters: they are those of a task.
pub const LONGEST_INSTRUCTION: usize = 4_000;

/// That they were told, if that was recorded since it was last decided that they will be.
pub fn informed(rounds: &[Round]) -> Option<&Informed> {
    let mut since = rounds.iter().rev().take_while(|round| !matches!(round.said, Some(Said::Decision(_))));
    since.find_map(|round| match &round.said {
        Some(Said::People(informed)) => Some(informed),
        _ => None,
    })
}

/// Whether a decision lets a supplier tell them.
pub fn asks_supplier(with: &Decision) -> bool {
    with.people == Some(People::WillBe) && with.people_by == Some(Teller::Supplier)
}

/// Whether a decision asks a supplier for the same as the one before it, so that its task stays as it is.
pub fn asks_the_same(before: &Decision, with: &Decision) -> bool {
    asks_supplier(before) && asks_supplier(with) && (&before.instruction, before.people_on) == (&with.instruction, with.people_on)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rules::truth::Truth;
    use uuid::Uuid;

    use super::*;

    fn decision(people: Option<People>, by: Option<Teller>, instruction: &str) -> Decision {
        Decision {
            notify: false,
            personal: Truth::True,
            risk: None,
            reason: String::new(),
            people,
            people_by: by,
            instruction: instruction.to_owned(),
            task: None,
            people_reason: String::new(),
            people_how: String::new(),
            people_on: Some(date(2026, 3, 20)),
        }
    }

    fn round(no: i32, said: Said) -> Round {
        Round { no, at: 0, by: Uuid::nil(), kind: said.code().to_owned(), said: Some(said) }
    }

    #[test]
    fn what_was_recorded_counts_for_the_decision_before_it_alone() {
        let will = || Said::Decision(decision(Some(People::WillBe), Some(Teller::Authority), ""));
        let told = || Said::People(Informed { on: date(2026, 3, 10), how: "By letter.".to_owned() });
        let aware = || Said::Aware(crate::incident::regulator::Aware { at: 0, reason: String::new() });
        let cases: [(Vec<Said>, bool); 6] = [
            (vec![], false),
            (vec![will()], false),
            (vec![will(), told()], true),
            (vec![will(), told(), aware()], true),
            (vec![will(), told(), will()], false),
            (vec![will(), told(), will(), told()], true),
        ];
        for (n, (said, known)) in cases.into_iter().enumerate() {
            let rounds: Vec<Round> = said.into_iter().zip(1..).map(|(said, no)| round(no, said)).collect();
            assert_eq!(informed(&rounds).is_some(), known, "{n}");
        }
    }

    #[test]
    fn a_task_stays_only_where_the_same_is_asked() {
        let asked = |text| decision(Some(People::WillBe), Some(Teller::Supplier), text);
        let cases = [
            (asked("Write."), asked("Write."), true),
            (asked("Write."), asked("Telephone."), false),
            (asked("Write."), Decision { people_on: Some(date(2026, 3, 21)), ..asked("Write.") }, false),
            (asked("Write."), decision(Some(People::WillBe), Some(Teller::Authority), "Write."), false),
            (asked("Write."), decision(Some(People::Told), Some(Teller::Supplier), "Write."), false),
            (asked("Write."), decision(Some(People::Not), None, ""), false),
            (decision(Some(People::Not), None, ""), asked("Write."), false),
        ];
        for (n, (before, with, same)) in cases.into_iter().enumerate() {
            assert_eq!(asks_the_same(&before, &with), same, "{n}");
        }
    }
}
