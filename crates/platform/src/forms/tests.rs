//! Forms on pages and in the database, on both engines.
