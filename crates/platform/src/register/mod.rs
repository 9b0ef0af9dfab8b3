//! The register engine: one `SeaORM` entity and a `const FIELDS` table give list, search, facts, forms and their checks. A feature says in
//! its table what a record holds; its own `store` says who sees which rows, its own `act` writes them.
//!
//! ```text
//! pub const PARTIES: Register = Register { kind: "party", path: "/parties", search: "name_key", fields: FIELDS };
//! const FIELDS: &[Field] = &[
//!     Field::new("name", "party-field-name", Kind::Text).list().sort("name_key").form().required(),
//!     Field::new("class", "party-field-class", Kind::Choice(&CLASSES)).list().filter().form(),
//! ];
//! list:  let ask = Ask::read(&PARTIES, &visit.path);  let found = find::<Entity>(db, &PARTIES, &ask, visible(actor)).await?;
//! form:  let form = Editing { register: &PARTIES, visit, title, action, picks, base };    form.add(&fields, |details| act::add(cx, details)).await
//! api:   impl Records for Parties { … }    Routes::new().api(register::api::<Parties>())
//! ```

mod api;
mod ask;
mod field;
mod form;
mod history;
mod list;
mod pages;
mod rows;
mod sheet;
mod tally;

#[cfg(test)]
mod tests;

pub use api::{Enters, Records, api, kept, sent_schema, shape, shown};
pub use ask::Ask;
pub use field::{Field, Kind, Register};
pub use form::{Entered, Picks};
pub use history::{Moment, history, moments};
pub use list::{Drawn, Found, find};
pub use pages::{Editing, Standing};
pub use rows::{differences, enter, enter_all, lock, nothing, overwrite, remove, save};
pub use tally::{Count, count};
