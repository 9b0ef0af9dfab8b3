//! Which of two demands is stricter.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn limit(value: u64, unit: &str, direction: Direction) -> Demand {
    Demand::Limit { value, unit: unit.to_owned(), direction }
}

/// SEC-1: periods and numbers are compared by their size, in one unit and to one side.
#[test]
fn sec_1_periods_and_numbers_are_compared() {
    use Compared::{Laxer, Never, Same, Stricter};
    use Direction::{AtLeast, AtMost};
    for (one, other, expected) in [
        (limit(24, "hours", AtMost), limit(1, "days", AtMost), Same),
        (limit(60, "minutes", AtMost), limit(1, "hours", AtMost), Same),
        (limit(2, "weeks", AtMost), limit(13, "days", AtMost), Laxer),
        (limit(23, "hours", AtMost), limit(1, "days", AtMost), Stricter),
        (limit(2, "years", AtLeast), limit(25, "months", AtLeast), Laxer),
        (limit(3, "years", AtLeast), limit(24, "months", AtLeast), Stricter),
        (limit(256, "bits", AtLeast), limit(128, "bits", AtLeast), Stricter),
        (limit(256, "bits", AtLeast), limit(256, "bits", AtLeast), Same),
        (limit(256, "bits", AtLeast), limit(256, "bits", AtMost), Never),
        (limit(30, "days", AtMost), limit(1, "months", AtMost), Never),
        (limit(5, "days", AtMost), limit(5, "working_days", AtMost), Never),
        (limit(0, "hours", AtMost), limit(0, "days", AtMost), Same),
        (limit(u64::MAX, "weeks", AtMost), limit(u64::MAX, "minutes", AtMost), Laxer),
        (limit(1, "hours", AtMost), text("1 hours"), Never),
        (text("Burn it"), text("Shred it"), Never),
        (text("Burn  it\n"), text("Burn it"), Same),
        (text("Burn it"), text("burn it"), Never),
    ] {
        assert_eq!(one.compared(&other), expected, "{one:?} {other:?}");
    }
}

pub(super) fn demands() -> impl Strategy<Value = Demand> {
    let units = ["minutes", "hours", "days", "weeks", "months", "years", "bits"];
    let limits =
        (0_u64..100, select(units.to_vec()), select(Direction::ALL)).prop_map(|(value, unit, direction)| limit(value, unit, direction));
    prop_oneof![3 => limits, 1 => "[ab]{1,2}".prop_map(|words| text(&words))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // An order, of which some have no place: each is as strict as itself, the other way round is the opposite, and strictness is handed on.
    #[test]
    fn strictness_is_an_order(one in demands(), other in demands(), third in demands()) {
        prop_assert_eq!(one.compared(&one), Compared::Same);
        let back = match one.compared(&other) {
            Compared::Stricter => Compared::Laxer,
            Compared::Laxer => Compared::Stricter,
            same => same,
        };
        prop_assert_eq!(other.compared(&one), back);
        let at_least = |one: &Demand, other: &Demand| matches!(one.compared(other), Compared::Same | Compared::Stricter);
        if at_least(&one, &other) && at_least(&other, &third) {
            prop_assert!(at_least(&one, &third));
        }
    }
}
