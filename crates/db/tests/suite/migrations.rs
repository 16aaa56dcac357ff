//! The schema changes once, in order, and never behind the program's back.

use db::{Db, Error, Migration, Options, values};
use testkit::each_database;

const FIRST: Migration = Migration { name: "0001_a", sql: "CREATE TABLE a (id BIGINT); INSERT INTO a VALUES (1);" };
const SECOND: Migration =
    Migration { name: "0002_b", sql: "ALTER TABLE a ADD COLUMN b TEXT; CREATE TABLE b (id BIGINT)" };
const BOTH: &[Migration] = &[FIRST, SECOND];

#[tokio::test]
async fn what_is_pending_is_applied_once() {
    each_database(&[], async |database| {
        let db = &database.db;
        assert_eq!(db.pending(BOTH).await, Ok(vec!["0001_a", "0002_b"]));
        assert_eq!(db.migrate(&[FIRST]).await, Ok(vec!["0001_a"]));
        // A statement that was prepared before the table changed.
        let star = |tx: &mut db::Tx<'_>| tx.query("SELECT * FROM a", &[], |row| row.get::<i64>(0));
        assert_eq!(db.read(star).await, Ok(vec![1]));
        assert_eq!(db.pending(BOTH).await, Ok(vec!["0002_b"]));
        assert_eq!(db.migrate(BOTH).await, Ok(vec!["0002_b"]));
        assert_eq!(db.migrate(BOTH).await, Ok(vec![]));
        assert_eq!(db.pending(BOTH).await, Ok(vec![]));
        assert_eq!(db.read(star).await, Ok(vec![1]));
    })
    .await;
}

#[tokio::test]
async fn a_changed_or_unknown_migration_is_refused() {
    const CHANGED: &[Migration] = &[Migration { name: "0001_a", sql: "CREATE TABLE a (id TEXT)" }];
    const SAME: &[Migration] =
        &[Migration { name: "0001_a", sql: "CREATE TABLE a (id BIGINT);\r INSERT INTO a VALUES (1);" }, SECOND];
    each_database(BOTH, async |database| {
        let changed = database.db.migrate(CHANGED).await;
        assert!(matches!(&changed, Err(Error::Migration(text)) if text.contains("0001_a has changed")), "{changed:?}");
        let older = database.db.pending(&[FIRST]).await;
        assert!(matches!(&older, Err(Error::Migration(text)) if text.contains("older")), "{older:?}");
        assert_eq!(database.db.pending(SAME).await, Ok(vec![]), "line ends do not count");
    })
    .await;
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing_behind() {
    const BROKEN: &[Migration] =
        &[FIRST, Migration { name: "0002_x", sql: "CREATE TABLE x (id BIGINT); INSERT INTO nowhere VALUES (1)" }];
    each_database(&[], async |database| {
        let broken = database.db.migrate(BROKEN).await;
        assert!(matches!(&broken, Err(Error::Migration(text)) if text.contains("0002_x")), "{broken:?}");
        assert_eq!(database.db.pending(BROKEN).await, Ok(vec!["0002_x"]));
        let absent = database.db.read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM x", &[])).await;
        assert!(absent.is_err(), "its first statement was rolled back");
    })
    .await;
}

#[tokio::test]
async fn programs_that_start_together_apply_each_migration_once() {
    each_database(&[], async |database| {
        let options = Options::default();
        let (one, two) = (Db::open(&database.url, &options).await, Db::open(&database.url, &options).await);
        let (one, two) = (one.unwrap(), two.unwrap());
        let outcomes = tokio::join!(one.migrate(BOTH), two.migrate(BOTH), database.db.migrate(BOTH));
        let applied = [outcomes.0.unwrap(), outcomes.1.unwrap(), outcomes.2.unwrap()].concat();
        assert_eq!(applied.len(), 2, "{applied:?}");
        let rows = one.read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM a WHERE id = $1", &values![1_i64])).await;
        assert_eq!(rows, Ok(1));
        one.close().await;
        two.close().await;
    })
    .await;
}
