//! Fresh databases for tests, of both kinds: what holds on one must hold on the other.

use std::env;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Write as _;
use std::panic::resume_unwind;
use std::sync::Once;
use std::thread;

use db::{Db, Error, Migration, Options};
use tempfile::TempDir;

use crate::numbers;

/// Names the `PostgreSQL` server for tests, such as `postgres://postgres@127.0.0.1:5432/postgres`.
pub const SERVER_VARIABLE: &str = "BILLFOLD_TEST_POSTGRES";

/// An empty, migrated database that is removed when it is dropped. A test fails that has left the number of a card or bank
/// account there ([`numbers`]).
pub struct TestDatabase {
    /// The database.
    pub db: Db,
    /// Its URL, for a second process or a second [`Db`].
    pub url: String,
    place: Place,
}

enum Place {
    File { directory: TempDir },
    Schema { server: String, name: String },
}

/// Runs a test on a fresh `SQLite` file and, when [`SERVER_VARIABLE`] names a server, on a fresh part of it.
///
/// ```ignore
/// each_database(MIGRATIONS, async |database| { database.db.write(…).await.unwrap(); }).await;
/// ```
pub async fn each_database(migrations: &'static [Migration], test: impl AsyncFn(&TestDatabase)) {
    test(&TestDatabase::sqlite(migrations).await).await;
    on_postgres(migrations, test).await;
}

/// Runs a test on `PostgreSQL` only, or not at all when there is no server.
pub async fn on_postgres(migrations: &'static [Migration], test: impl AsyncFn(&TestDatabase)) {
    if let Some(database) = TestDatabase::postgres(migrations).await {
        test(&database).await;
    }
}

impl TestDatabase {
    /// A new file in a directory of its own.
    pub async fn sqlite(migrations: &'static [Migration]) -> TestDatabase {
        let directory = TempDir::new().expect("a temporary directory");
        let url = format!("sqlite:{}", directory.path().join("test.db").display());
        TestDatabase::open(url, Place::File { directory }, migrations).await
    }

    /// A new schema on the test server; none when no server is named.
    ///
    /// A schema is as separate as a database for all that a test does, and is made within a transaction in a few
    /// milliseconds, where a database takes a copy of the template.
    pub async fn postgres(migrations: &'static [Migration]) -> Option<TestDatabase> {
        Some(TestDatabase::on(server()?, migrations).await)
    }

    /// A new schema on a server of one's own.
    pub async fn on(server: String, migrations: &'static [Migration]) -> TestDatabase {
        let name = format!("test_{:016x}", RandomState::new().build_hasher().finish());
        command(&server, format!("CREATE SCHEMA {name}")).await.expect("a new schema on the test server");
        let separator = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{separator}options=-csearch_path%3D{name}");
        TestDatabase::open(url, Place::Schema { server, name }, migrations).await
    }

    async fn open(url: String, place: Place, migrations: &'static [Migration]) -> TestDatabase {
        let db = Db::open(&url, &Options::default()).await.expect("a new database opens");
        db.migrate(migrations).await.expect("the migrations apply to an empty database");
        TestDatabase { db, url, place }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // After a failure the tables are worth a look, and the server is thrown away anyway.
        if thread::panicking() {
            return;
        }
        let (server, name) = match &self.place {
            Place::File { directory } => return numbers::assert_none_in_files(directory.path()),
            Place::Schema { server, name } => (server, name),
        };
        let url = self.url.clone();
        let (db, server, drop_schema) = (self.db.clone(), server.clone(), format!("DROP SCHEMA {name} CASCADE"));
        let removal = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                db.close().await;
                let again = Db::open(&url, &Options { pool_size: 1, ..Options::default() }).await;
                let again = again.expect("the schema of a finished test can be read");
                numbers::assert_none_in_schema(&again).await;
                again.close().await;
                command(&server, drop_schema).await.expect("the schema of a finished test can be dropped");
            });
        });
        if let Err(panic) = removal.join() {
            resume_unwind(panic);
        }
    }
}

async fn command(server: &str, sql: String) -> Result<(), Error> {
    let db = Db::open(server, &Options { pool_size: 1, ..Options::default() }).await?;
    let done = db.write(move |tx| tx.execute(&sql, &[])).await;
    db.close().await;
    done.map(|_| ())
}

fn server() -> Option<String> {
    static NOTICE: Once = Once::new();
    #[expect(clippy::disallowed_methods, reason = "tests have no command line of their own")]
    let server = env::var(SERVER_VARIABLE).ok().filter(|url| !url.is_empty());
    if server.is_none() {
        // Straight to the terminal: the test harness hides what a passing test prints.
        NOTICE.call_once(|| {
            let _ =
                writeln!(std::io::stderr(), "{SERVER_VARIABLE} is not set: SQLite only; `cargo xtask test` runs both");
        });
    }
    server
}
