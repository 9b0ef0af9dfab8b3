//! What may still turn out: the answers that facts which are not known yet can lead to.
//!
//! Where facts act on each other in ways that a [`crate::truth::Statement`] does not keep exact, a decision looks at every way to complete them. That
//! is right as long as there are few facts, each with few values that could make a difference.

#[cfg(test)]
mod tests;

/// What all ways to complete the facts lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Possible<A> {
    /// The answer on which all of them agree; `None` where they differ.
    pub(crate) agreed: Option<A>,
    /// The facts of which one alone can change the answer, by their place; none where all agree.
    pub(crate) open: Vec<usize>,
}

/// Looks at every way to complete the facts. `values` says of each how many values it may still have, at least one: one if it is known. `answer` is given
/// one value of each fact, as a number below that.
pub(crate) fn possible<A: PartialEq>(values: &[usize], answer: impl Fn(&[usize]) -> A) -> Possible<A> {
    // How far apart two ways stand that differ in one fact alone, and by one.
    let mut total = 1;
    let steps: Vec<usize> = values
        .iter()
        .map(|of| {
            let step = total;
            total *= of;
            step
        })
        .collect();
    let value = |way: usize, fact: usize| way / steps[fact] % values[fact];
    let mut answers: Vec<A> = (0..total).map(|way| answer(&(0..values.len()).map(|fact| value(way, fact)).collect::<Vec<_>>())).collect();
    // Against the first value of the fact: if any two differ, one of them differs from that.
    let matters = |fact: &usize| (0..total).any(|way| answers[way] != answers[way - value(way, *fact) * steps[*fact]]);
    let open: Vec<usize> = (0..values.len()).filter(matters).collect();
    // Where no fact alone changes the answer, nothing does: any two ways are joined by changes of one fact at a time.
    let agreed = if open.is_empty() { answers.pop() } else { None };
    Possible { agreed, open }
}
