//! The register engine: one SeaORM entity and a `const FIELDS` table give list, search, facts, forms and their checks. A feature says in
//! its table what a record holds; its own `store` says who sees which rows, its own `act` writes them.

mod rows;

pub use rows::{differences, nothing, save};
