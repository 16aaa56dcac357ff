//! The same mistake has the same name on both databases.

use db::{Conflict, Db, Error, values};
use testkit::each_database;

use crate::{MIGRATIONS, insert_item};

async fn run(db: &Db, sql: &'static str) -> Error {
    let outcome = db.write(move |tx| {
        insert_item(tx, 1)?;
        tx.execute("INSERT INTO label (account_id, code) VALUES (1, 'Straße')", &[])?;
        tx.execute(sql, &[])
    });
    outcome.await.expect_err(sql)
}

fn conflict(table: &str, columns: &[&str]) -> Error {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Error::Conflict(Conflict { table: table.to_owned(), columns })
}

#[tokio::test]
async fn conflicts_name_the_table_and_the_columns_of_the_key() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        let primary = run(db, "INSERT INTO item (account_id, id, name) VALUES (1, 1, 'other')").await;
        assert_eq!(primary, conflict("item", &["account_id", "id"]));
        let unique = run(db, "INSERT INTO item (account_id, id, name) VALUES (1, 2, 'item 1')").await;
        assert_eq!(unique, conflict("item", &["account_id", "name"]));
        let single = run(db, "INSERT INTO kind (id) VALUES (1), (1)").await;
        assert_eq!(single, conflict("kind", &["id"]));
        let expression = run(db, "INSERT INTO label (account_id, code) VALUES (1, 'STRAßE')").await;
        assert_eq!(expression, conflict("label", &["account_id", "lower(code)"]));
    })
    .await;
}

#[tokio::test]
async fn other_constraints_are_told_apart() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        let empty = run(db, "INSERT INTO item (account_id, id, name) VALUES (1, 2, NULL)").await;
        assert_eq!(empty, Error::NotNull { table: "item".to_owned(), column: "name".to_owned() });
        let negative = run(db, "INSERT INTO item (account_id, id, name, amount) VALUES (1, 2, 'b', -1)").await;
        assert!(matches!(negative, Error::Check(_)), "{negative:?}");
        let orphan = run(db, "INSERT INTO item (account_id, id, name, parent_id) VALUES (1, 2, 'b', 9)").await;
        assert!(matches!(orphan, Error::Missing(_)), "{orphan:?}");
        let unreadable = run(db, "INSERT INTO nowhere").await;
        assert!(matches!(unreadable, Error::Other(_)), "{unreadable:?}");
    })
    .await;
}

#[tokio::test]
async fn a_conflict_of_a_returning_insert_is_found_too() {
    each_database(MIGRATIONS, async |database| {
        let insert = "INSERT INTO kind (id, number) VALUES ($1, 5) ON CONFLICT DO NOTHING RETURNING number";
        let twice = database.db.write(move |tx| {
            let first: Option<i64> = tx.query_opt(insert, &values![1_i64], |row| row.get(0))?;
            let second: Option<i64> = tx.query_opt(insert, &values![1_i64], |row| row.get(0))?;
            Ok::<_, Error>((first, second))
        });
        assert_eq!(twice.await, Ok((Some(5), None)));

        let orphan = "INSERT INTO item (account_id, id, name, parent_id) VALUES (1, 2, 'b', 9) RETURNING id";
        let missing = database.db.write(move |tx| tx.query_opt(orphan, &[], |row| row.get::<i64>(0))).await;
        assert!(matches!(missing, Err(Error::Missing(_))), "{missing:?}");
    })
    .await;
}

#[tokio::test]
async fn values_that_do_not_fit_the_statement_are_refused() {
    each_database(MIGRATIONS, async |database| {
        let nul = database.db.write(|tx| tx.insert("label", &["account_id", "code"], [values![1_i64, "a\0b"]]));
        assert!(matches!(nul.await, Err(Error::Value(_))));
        let nul = database.db.read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM label WHERE code = $1", &values!["\0"]));
        assert!(matches!(nul.await, Err(Error::Value(_))));
        let short = database.db.write(|tx| tx.insert("label", &["account_id", "code"], [values![1_i64]]));
        assert!(matches!(short.await, Err(Error::Value(_))));
        let many = database.db.read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM label", &values![1_i64]));
        assert!(matches!(many.await, Err(Error::Other(_))));
        let none = database.db.read(|tx| tx.query_one("SELECT code FROM label", &[], |row| row.get::<String>(0)));
        assert_eq!(none.await, Err(Error::NoRow));
    })
    .await;
}
