//! The API through the router: every answer is held against the document that describes it.

mod after_incidents;
mod attached;
mod bids;
mod breaches;
mod cases;
mod coverage;
mod document;
mod incident_records;
mod incidents;
mod intake;
mod isolation;
mod kit;
mod limits;
mod map;
mod packs;
mod passing;
mod plans;
mod program;
mod registers;
mod sample;
mod tokens;
mod urgent;
mod watching;
