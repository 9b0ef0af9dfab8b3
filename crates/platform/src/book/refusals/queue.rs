//! Refusals on their way into the ledger, beside the answers: a page that is hidden is refused, one that does not exist is not, and the time
//! that writing takes must not tell a visitor which of the two it was.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};

use super::record_refusal;
use crate::cx::Cx;
use crate::error::{Error, Refusal};

/// Refusals that may wait to be written. Beyond them, whoever is refused waits.
const ROOM: usize = 1024;
/// How long to wait before the database is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// The refusals that wait to be recorded, in their order. Writing begins by itself with the first and ends with the last.
pub struct Refusals {
    room: Arc<Semaphore>,
    waiting: Mutex<Waiting>,
    /// Told when nothing waits any more.
    settled: Notify,
}

#[derive(Default)]
struct Waiting {
    list: VecDeque<Waiter>,
    /// Whether somebody writes.
    busy: bool,
}

struct Waiter {
    cx: Cx,
    refusal: Refusal,
    written: oneshot::Sender<()>,
    /// Given back once it is written.
    room: OwnedSemaphorePermit,
}

impl Default for Refusals {
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

impl Refusals {
    /// With room for so many.
    pub fn with_room(room: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(room)), waiting: Mutex::default(), settled: Notify::new() }
    }

    /// Takes a refusal in, to be recorded soon; waits while there is no room. What is returned ends once it is recorded.
    pub async fn take(&self, cx: Cx, refusal: Refusal) -> oneshot::Receiver<()> {
        let (written, done) = oneshot::channel();
        // It is never closed: without room the refusal would be lost.
        let Ok(room) = self.room.clone().acquire_owned().await else { return done };
        let mut waiting = self.lock();
        waiting.list.push_back(Waiter { cx: cx.clone(), refusal, written, room });
        if !std::mem::replace(&mut waiting.busy, true) {
            tokio::spawn(write(cx));
        }
        done
    }

    /// Ends when all that was taken in is recorded.
    pub async fn settle(&self) {
        loop {
            let told = self.settled.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            if !self.lock().busy {
                return;
            }
            told.await;
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.lock().list.len()
    }

    fn next(&self) -> Option<Waiter> {
        let mut waiting = self.lock();
        let next = waiting.list.pop_front();
        if next.is_none() {
            waiting.busy = false;
            self.settled.notify_waiters();
        }
        next
    }

    /// Nothing under this lock can leave the list half changed.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until none waits. A database that is out of reach is waited for.
async fn write(cx: Cx) {
    let queue = &cx.core().refusals;
    while let Some(waiter) = queue.next() {
        let Waiter { cx, refusal, written, room } = waiter;
        // A task of its own: a fault in one must not end the writing of all.
        let one = tokio::spawn(async move {
            while let Err(fault) = record_refusal(&cx, &refusal).await {
                tracing::error!(%fault, request = %cx.request, "a refusal could not be recorded");
                if !matches!(fault, Error::Unavailable) {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
        if let Err(fault) = one.await {
            tracing::error!(%fault, "a refusal could not be recorded");
        }
        drop(room);
        // Whoever asked may have gone.
        let _ = written.send(());
    }
}
