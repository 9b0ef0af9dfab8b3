//! The case engine: a process under way, whatever it is about. A feature brings its [`Kind`] (stages and steps as tables), its policies and
//! its own facts; here live what every case has: reference, stage, rounds of submissions, decisions, thread, tasks, links, queues.
//!
//! Nothing here opens a transaction: a feature's `act` does, asks for its permit, takes the step ([`Kind::take`]) and stores the outcome
//! ([`store::update`], guarded by the version).

pub mod api;
pub mod lifecycle;
pub mod people;
pub mod queue;
pub mod rounds;
pub mod rows;
pub mod store;
pub mod tasks;
pub mod thread;
pub mod words;

pub use lifecycle::{Kind, SUPPLIER, StageDef, StepDef, Taking, waits_for_says};
pub use store::Case;
pub use words::Words;

#[cfg(test)]
mod tests;
