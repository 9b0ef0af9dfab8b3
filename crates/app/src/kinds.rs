//! The kinds of case, listed once: what goes over all of them asks here.

/// Does the same for every kind of case, in the order in which they are shown: `of_every_kind!(P => all.push(served::<P>()))`.
macro_rules! of_every_kind {
    ($kind:ident => $does:expr) => {
        $crate::kinds::of_every_kind!(@ $kind => $does; [
            $crate::offshoring::Proposals,
            $crate::plan::Plans,
            $crate::plan_change::Changes,
            $crate::incident::Incidents,
            $crate::bid::Bids,
            $crate::breach::Breaches,
            $crate::ruling::Rulings,
        ])
    };
    (@ $kind:ident => $does:expr; [$($of:ty),+ $(,)?]) => {
        $({
            type $kind = $of;
            $does;
        })+
    };
}

pub(crate) use of_every_kind;
