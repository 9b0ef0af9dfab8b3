//! Figures of many requests.

use std::time::Duration;

/// What requests of one kind took.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Half of them took no longer.
    pub p50: Duration,
    /// 99 of 100 took no longer.
    pub p99: Duration,
    /// Processor time of the server for each.
    pub cpu: Duration,
}

impl Figures {
    /// From every time measured, and the server's processor time for all of them.
    pub fn of(mut times: Vec<Duration>, cpu: Duration) -> Self {
        times.sort_unstable();
        let count = u32::try_from(times.len().max(1)).unwrap_or(u32::MAX);
        let at = |share: f64| {
            let index = (share * times.len() as f64).ceil();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
            let index = (index as usize).clamp(1, times.len().max(1)) - 1;
            times.get(index).copied().unwrap_or_default()
        };
        Self { p50: at(0.50), p99: at(0.99), cpu: cpu / count }
    }
}

/// Milliseconds, as tables show them.
pub fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}
