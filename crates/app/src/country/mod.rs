//! What the authority holds of countries: adequacy, what carries transfers, law. It is recorded and shown by `geography`; what decides on work
//! abroad reads it here.

pub mod model;
pub mod store;
