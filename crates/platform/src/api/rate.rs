//! How often a token and an address may ask: so many times a minute, evenly given back. Counted by each node for itself, by our clock.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use governor::clock::Clock as _;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::clock::{Clock, MINUTE};
use crate::config::Settings;
use crate::error::{Error, Result};

/// Keys kept before those that are at rest are forgotten, once a minute at most.
const MANY: usize = 10_000;

#[derive(Clone)]
struct Ours(Clock);

impl governor::clock::Clock for Ours {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now()).unwrap_or(0))
    }
}

/// A limit, for many keys.
pub struct Limit {
    name: &'static str,
    clock: Ours,
    limiter: RateLimiter<String, HashMapStateStore<String>, Ours, StateInformationMiddleware>,
    /// When keys are next forgotten.
    due: AtomicI64,
}

/// What is left to whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    name: &'static str,
    most: u32,
    rest: u32,
}

impl Limit {
    /// So many requests a minute for each key.
    pub fn new(name: &'static str, a_minute: u64, clock: &Clock) -> Self {
        let most = u32::try_from(a_minute).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        let clock = Ours(clock.clone());
        let limiter = RateLimiter::hashmap_with_clock(Quota::per_minute(most), clock.clone());
        Self { name, clock, limiter: limiter.with_middleware(), due: AtomicI64::new(0) }
    }

    /// Forgets, now and then, the keys that have their whole limit again.
    fn forget(&self) {
        let (now, due) = (self.clock.0.now(), self.due.load(Ordering::Relaxed));
        if now >= due
            && self.limiter.len() > MANY
            && self.due.compare_exchange(due, now + MINUTE, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
    }

    /// Counts a request of this key.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub fn take(&self, key: &str) -> Result<Left> {
        self.forget();
        match self.limiter.check_key(&key.to_owned()) {
            Ok(state) => Ok(Left { name: self.name, most: state.quota().burst_size().get(), rest: state.remaining_burst_capacity() }),
            Err(early) => Err(Error::TooMany(early.wait_time_from(self.clock.now()).as_secs().saturating_add(1))),
        }
    }
}

/// The limits of one service.
pub(super) struct Rates {
    token: Limit,
    address: Limit,
}

impl Rates {
    pub(super) fn new(settings: &Settings, clock: &Clock) -> Self {
        Self {
            token: Limit::new("token", settings.api.token_minute, clock),
            address: Limit::new("address", settings.api.address_minute, clock),
        }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub(super) fn address(&self, address: &str) -> Result<Left> {
        self.address.take(address)
    }

    /// Counts a request by a token.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub(super) fn token(&self, id: &str) -> Result<Left> {
        self.token.take(id)
    }
}

impl Left {
    /// Says it in the headers of an answer.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let Self { name, most, rest } = self;
        let back = (u64::from(most - rest.min(most)) * 60).div_ceil(u64::from(most.max(1)));
        for (header, text) in
            [("ratelimit-policy", format!("\"{name}\";q={most};w=60")), ("ratelimit", format!("\"{name}\";r={rest};t={back}"))]
        {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(header, value);
            }
        }
    }
}
