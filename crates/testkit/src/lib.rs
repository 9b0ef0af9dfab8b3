//! For tests only: a fresh database on either engine for each test, and a browser without a screen that drives the router as a person
//! without JavaScript would.
//!
//! PostgreSQL is used when `TEST_DATABASE_URL` names a server on which databases may be made (`make test` starts one); otherwise its half
//! of the tests says that it is left out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests stop at the first surprise")]

mod browser;
mod cluster;
mod database;
mod gate;
mod letter;
pub mod offshoring;
mod post;
mod scanner;
pub mod workbook;

pub use browser::{Browser, Page};
pub use cluster::Cluster;
pub use database::{Migrations, TestDb};
pub use gate::Gate;
pub use letter::{Letter, letters};
pub use post::PostOffice;
pub use scanner::Scanner;

/// Defines a test that runs on SQLite and again on PostgreSQL. The body gets a [`TestDb`].
///
/// ```text
/// both_engines!(app::migrations, async fn contracts_are_found(db) { … });
/// ```
#[macro_export]
macro_rules! both_engines {
    ($migrations:path, $(#[$meta:meta])* async fn $name:ident($db:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn run($db: $crate::TestDb) $body

            $(#[$meta])*
            #[tokio::test]
            async fn sqlite() {
                run($crate::TestDb::sqlite($migrations).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                match $crate::TestDb::postgres($migrations).await {
                    Some(db) => run(db).await,
                    None => $crate::skipped("PostgreSQL: TEST_DATABASE_URL is not set"),
                }
            }
        }
    };
}

/// Says that a test was left out, and why.
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// The folder with the shared real data, or `None` (said on standard error) when it is not at hand.
pub fn shared_data() -> Option<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("VOUCHSAFE_SHARED").map_or_else(|| root.join("../shared/data"), Into::into);
    if folder.is_dir() {
        Some(folder)
    } else {
        skipped("the shared data is not at hand");
        None
    }
}
