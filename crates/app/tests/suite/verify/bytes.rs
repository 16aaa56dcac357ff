//! One flipped bit of the file at a time: whatever of the books reads differently afterwards is found.

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::{Error, verify};
use billing::id::AccountId;
use db::{Db, Options, Tx, values};
use testkit::TestDatabase;

use super::{
    tampering::{EXCEPTIONS, LEDGER_COLUMNS},
    tell_story,
};
use crate::shop::{KEY, Shop};

/// How many bits are flipped, spread evenly over the rows of the books.
const FLIP_COUNT: usize = 400;

#[tokio::test]
async fn a_flipped_bit_of_the_books_is_found() {
    let database = TestDatabase::sqlite(store::MIGRATIONS).await;
    let shop = Shop::open_with(&database, KEY).await;
    tell_story(&shop).await;
    let (account, places) = (shop.account, cells(&shop).await);
    shop.app.db().clone().close().await;
    let file = PathBuf::from(database.url.trim_start_matches("sqlite:"));
    // Whoever closes the file last puts the newest commits into it, unless it may only read.
    while file.with_extension("db-wal").exists() {
        Db::open(&database.url, &Options::default()).await.unwrap().close().await;
    }
    let (whole, flipped) = (fs::read(&file).unwrap(), file.with_file_name("flipped.db"));
    let (before, found) = seen(&flipped, &whole, account).await;
    assert!(before.is_some() && !found, "nothing is wrong with the copy");

    let places = bytes(&whole, &places);
    assert!(places.len() > FLIP_COUNT, "the books have {} bytes", places.len());
    let (mut changed_count, mut missed) = (0, Vec::new());
    for (number, place) in places.iter().step_by(places.len() / FLIP_COUNT).enumerate() {
        let mut copy = whole.clone();
        copy[*place] ^= 1 << (number % 8);
        let (after, found) = seen(&flipped, &copy, account).await;
        if after != before {
            changed_count += 1;
            if !found {
                missed.push(format!(
                    "bit {} of byte {place}: {:?}",
                    number % 8,
                    difference(before.as_deref(), after.as_deref())
                ));
            }
        }
    }
    assert!(changed_count > FLIP_COUNT / 4, "only {changed_count} bits were of the books");
    assert!(missed.is_empty(), "{} of {changed_count} were missed:\n{}", missed.len(), missed.join("\n"));
}

/// A leaf of the file: where it begins, and how long it is.
type Leaf = (i64, i64);

/// The leaves that hold rows of the books.
async fn cells(shop: &Shop) -> Vec<Leaf> {
    let read = |tx: &mut Tx<'_>, table: &str| {
        let sql = "SELECT pgoffset, pgsize FROM dbstat WHERE name = $1 AND pagetype = 'leaf'";
        tx.query(sql, &values![table], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    let leaves = shop.act(move |tx, _| {
        let leaves = LEDGER_COLUMNS.iter().map(|(table, _)| read(tx, table));
        Ok(leaves.collect::<Result<Vec<_>, _>>()?.concat())
    });
    leaves.await.unwrap()
}

/// The bytes of the leaves that are in use: rows lie at the end of a leaf, from where its head says.
fn bytes(file: &[u8], leaves: &[Leaf]) -> Vec<usize> {
    let of = |(offset, size): &Leaf| {
        let offset = usize::try_from(*offset).unwrap();
        let first = usize::from(u16::from_be_bytes([file[offset + 5], file[offset + 6]]));
        offset + first..offset + usize::try_from(*size).unwrap()
    };
    leaves.iter().flat_map(of).collect()
}

/// What the books of a copy say, if they can be read, and whether anything is found to be wrong with them.
async fn seen(path: &Path, content: &[u8], account: AccountId) -> (Option<Vec<String>>, bool) {
    for rest in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(path.with_extension(rest));
    }
    fs::write(path, content).unwrap();
    let options = Options { pool_size: 1, ..Options::default() };
    let Ok(db) = Db::open(&format!("sqlite:{}", path.display()), &options).await else { return (None, true) };
    let books = db.read(move |tx| read(tx, account)).await.ok();
    let damage = db.read(verify::damage).await;
    let report = db.read(move |tx| verify::run(tx, account)).await;
    db.close().await;
    (books, !matches!(damage, Ok(None)) || !report.is_ok_and(|report| report.is_clean()))
}

/// Rows of the tables of the books that are in none: what a draft would cost, a charge of nothing, which posts nothing, and an
/// attempt that moved nothing.
const ROWS: &[(&str, &str)] =
    &[("purchase", "status <> 'Draft'"), ("charge", "amount <> 0"), ("payment_activity", "status = 'Successful'")];

/// Columns of which the rest does not tell everything: of a time of payment that there is one, of a price per unit what it
/// comes to, of a code its letters, and that a deposit was not spent too early.
const COARSE: &[(&str, &str, &str)] = &[
    ("invoice", "paid_at", "paid_at IS NULL"),
    ("charge_tier", "unit_price", "''"),
    ("customer", "currency", "upper(currency)"),
    ("spent_allocation", "created_at", "''"),
];

/// Everything that the columns of the books hold, row by row, from the rows themselves and not from an index.
fn read(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>, Error> {
    let mut rows = Vec::new();
    for (table, some) in LEDGER_COLUMNS {
        let stored =
            tx.query("SELECT name FROM pragma_table_info($1)", &values![*table], |row| row.get::<String>(0))?;
        let excused = EXCEPTIONS.iter().filter(|(of, ..)| of == table).flat_map(|(_, columns, _)| *columns);
        let excused: Vec<&str> = excused.copied().chain(["account_id"]).collect();
        let of_the_books =
            |name: &&String| some.is_none_or(|some| some.contains(&name.as_str())) && !excused.contains(&name.as_str());
        let told = |name: &String| {
            let coarse = COARSE.iter().find(|(of, column, _)| of == table && column == name);
            coarse.map_or_else(|| format!("quote(+{name})"), |(.., sql)| format!("({sql})"))
        };
        let columns: Vec<String> = stored.iter().filter(of_the_books).map(told).collect();
        let columns = columns.join(" || ', ' || ");
        let rows_of = ROWS.iter().find(|(of, _)| of == table).map_or("TRUE", |(_, sql)| sql);
        let sql = format!(
            "SELECT '{table}: ' || {columns} FROM {table} NOT INDEXED WHERE +account_id = $1 AND {rows_of} ORDER BY 1"
        );
        rows.extend(tx.query(&sql, &values![account.0], |row| row.get::<String>(0))?);
    }
    Ok(rows)
}

/// The rows that only one of the two has.
fn difference(before: Option<&[String]>, after: Option<&[String]>) -> Vec<String> {
    let [before, after] = [before, after].map(Option::unwrap_or_default);
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        these.iter().filter(|row| !others.contains(row)).cloned().collect()
    };
    [only(before, after), only(after, before)].concat()
}
