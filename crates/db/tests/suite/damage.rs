//! What the database itself finds broken.

use std::fs;

use db::{Db, Error, Options, Tx};
use testkit::{TestDatabase, each_database};

use crate::{MIGRATIONS, insert_item};

#[tokio::test]
async fn nothing_is_broken_of_itself() {
    each_database(MIGRATIONS, async |database| {
        database.db.write(|tx| insert_item(tx, 1)).await.unwrap();
        assert_eq!(database.db.read(found).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn an_index_that_parts_from_its_table_is_told() {
    let database = TestDatabase::sqlite(MIGRATIONS).await;
    let write = |tx: &mut Tx<'_>| insert_item(tx, 1).and_then(|()| leaf(tx));
    let (offset, size) = database.db.write(write).await.unwrap();
    database.db.clone().close().await;

    // The only entry lies at the end of the leaf. Small numbers lie in its head: the last byte but one is the 1 of the id.
    let file = database.url.trim_start_matches("sqlite:");
    let mut content = fs::read(file).unwrap();
    content[offset + size - 2] ^= 1;
    fs::write(file, content).unwrap();
    let db = Db::open(&database.url, &Options::default()).await.unwrap();
    let told = db.read(found).await.unwrap().unwrap();
    assert!(told.contains("index"), "{told}");
    db.close().await;
}

#[tokio::test]
async fn a_database_that_is_closed_is_one_file() {
    for _ in 0..20 {
        let database = TestDatabase::sqlite(MIGRATIONS).await;
        database.db.write(|tx| insert_item(tx, 1)).await.unwrap();
        database.db.clone().close().await;
        let file = database.url.trim_start_matches("sqlite:");
        assert!(!fs::exists(format!("{file}-wal")).unwrap(), "the log is left beside {file}");
    }
}

/// Where the index of the primary key begins in the file, and how long it is.
fn leaf(tx: &mut Tx<'_>) -> Result<(usize, usize), Error> {
    let sql = "SELECT pgoffset, pgsize FROM dbstat WHERE name = 'sqlite_autoindex_item_1'";
    let number = |number: i64| usize::try_from(number).map_err(|error| Error::Other(error.to_string()));
    let (offset, size) = tx.query_one(sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((number(offset)?, number(size)?))
}

fn found(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    tx.damage()
}
