//! How rows are found: by their keys, whatever other index has the columns that are asked for.

use db::{Db, Migration, Options, values};
use testkit::{TestDatabase, on_postgres};

use crate::a_moment;

const THINGS: &[Migration] = &[Migration {
    name: "0001_things",
    sql: "CREATE TABLE thing (account_id BIGINT NOT NULL, id BIGINT NOT NULL, owner_id BIGINT NOT NULL,
              PRIMARY KEY (account_id, id));
          CREATE INDEX thing_owner ON thing (account_id, owner_id, id);",
}];

/// A question about more ids than the planner thinks an account has rows, when nobody tells it otherwise.
const QUESTION: &str = "EXPLAIN QUERY PLAN SELECT id, owner_id FROM thing
    WHERE account_id = 1 AND id IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)";

#[tokio::test]
async fn rows_are_found_by_their_keys() {
    let database = TestDatabase::sqlite(THINGS).await;
    assert_eq!(plan(&database.db).await, ["SEARCH thing USING INDEX sqlite_autoindex_thing_1 (account_id=? AND id=?)"]);
}

#[tokio::test]
async fn a_database_that_knows_nothing_of_its_data_is_told() {
    let database = TestDatabase::sqlite(THINGS).await;
    database.db.write(|tx| tx.execute("DROP TABLE sqlite_stat1", &[])).await.unwrap();
    database.db.clone().close().await;
    let db = Db::open(&database.url, &Options::default()).await.unwrap();
    assert!(plan(&db).await[0].ends_with("(account_id=?)"));
    db.migrate(THINGS).await.unwrap();
    db.close().await;
    let db = Db::open(&database.url, &Options::default()).await.unwrap();
    assert!(plan(&db).await[0].ends_with("(account_id=? AND id=?)"));
    db.close().await;
}

#[tokio::test]
async fn a_server_hears_of_rows_that_were_just_written() {
    on_postgres(THINGS, async |database| {
        let insert = "INSERT INTO thing SELECT 1, id, id FROM generate_series($1::bigint, $2) id";
        database.db.write(move |tx| tx.execute(insert, &values![1, 5_000])).await.unwrap();
        let question = format!("EXPLAIN {}", QUESTION.trim_start_matches("EXPLAIN QUERY PLAN "));
        let plan = async || -> Vec<String> {
            let question: &'static str = question.clone().leak();
            database.db.read(move |tx| tx.query(question, &[], |row| row.get(0))).await.expect("a plan")
        };
        let known = "SELECT pg_stat_get_last_analyze_time('thing'::regclass) IS NOT NULL";
        for _ in 0..100 {
            if database.db.read(move |tx| tx.scalar::<bool>(known, &[])).await.unwrap() {
                break;
            }
            a_moment().await;
        }
        let found = plan().await.join("\n");
        assert!(found.contains("thing_pkey") && found.contains("id = ANY"), "{found}");
    })
    .await;
}

async fn plan(db: &Db) -> Vec<String> {
    db.read(|tx| tx.query(QUESTION, &[], |row| row.get(3))).await.expect("a plan")
}
