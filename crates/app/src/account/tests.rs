//! Accounts: acceptance tests over the real pages, on both engines.
