//! How much rests on one country, supplier or sub-contractor (OFF-6b): shares of a whole, largest first, and which of them are large.
//!
//! A contract rests on everyone in its chain, so shares of one kind may come to more than the whole together.

#[cfg(test)]
mod tests;

/// What rests on one thing: a country or a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting<T> {
    /// The thing.
    pub on: T,
    /// Contracts.
    pub contracts: u64,
    /// Pieces of work abroad.
    pub works: u64,
    /// People in that work.
    pub people: u64,
}

/// All that there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whole {
    /// Contracts.
    pub contracts: u64,
    /// Pieces of work abroad.
    pub works: u64,
    /// People in that work.
    pub people: u64,
}

/// What rests on one thing, beside the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share<T> {
    /// What rests on it.
    pub of: Resting<T>,
    /// Contracts, in tenths of a per cent of all; none where there are none.
    pub contracts: Option<u64>,
    /// Work abroad, in tenths of a per cent of all.
    pub works: Option<u64>,
    /// People, in tenths of a per cent of all.
    pub people: Option<u64>,
    /// Whether one of these is at or above the mark.
    pub large: bool,
}

impl<T> Share<T> {
    /// The largest of the three shares, in tenths of a per cent.
    pub fn largest(&self) -> u64 {
        [self.contracts, self.works, self.people].into_iter().flatten().max().unwrap_or(0)
    }
}

/// The shares of `whole` that rest on each thing, largest first: by contracts, then work, then people, then the thing itself. From `mark` per
/// cent on a share is large; without a mark none is.
pub fn shares<T: Ord>(all: Vec<Resting<T>>, whole: Whole, mark: Option<u64>) -> Vec<Share<T>> {
    let mut shares: Vec<Share<T>> = all
        .into_iter()
        .map(|of| {
            let mut share = Share {
                contracts: tenths(of.contracts, whole.contracts),
                works: tenths(of.works, whole.works),
                people: tenths(of.people, whole.people),
                large: false,
                of,
            };
            share.large = mark.is_some_and(|mark| share.largest() >= mark.saturating_mul(10)) && share.largest() > 0;
            share
        })
        .collect();
    shares.sort_by(|a, b| {
        let size = |share: &Share<T>| (share.of.contracts, share.of.works, share.of.people);
        size(b).cmp(&size(a)).then_with(|| a.of.on.cmp(&b.of.on))
    });
    shares
}

/// `part` of `whole` in tenths of a per cent, to the nearest; none of nothing.
fn tenths(part: u64, whole: u64) -> Option<u64> {
    (whole > 0).then(|| {
        let exact = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
        u64::try_from(exact).unwrap_or(u64::MAX)
    })
}
