//! No column of the books is forgotten by the changes.

use db::{Backend, values};

use super::tampering::{EXCEPTIONS, LEDGER_COLUMNS, tamperings};
use crate::shop::{Shop, each_shop};

/// The schema is asked, so that a new column is either found out when it is changed or excused here.
#[tokio::test]
async fn every_column_of_the_books_is_changed_or_excused() {
    each_shop(async |shop| {
        let changed: Vec<(&str, &str)> =
            tamperings().flat_map(|(sql, _)| sql.split(';')).flat_map(changed_columns).collect();
        for (table, some) in LEDGER_COLUMNS {
            let stored = columns(shop, table).await;
            let excused: Vec<&str> = EXCEPTIONS
                .iter()
                .filter(|(of, ..)| of == table)
                .flat_map(|(_, columns, _)| *columns)
                .copied()
                .collect();
            for column in some.iter().copied().flatten().chain(&excused) {
                assert!(stored.iter().any(|stored| stored == column), "{table} has no {column}");
            }
            // The account is no content: every question is asked within one.
            let of_the_books =
                |column: &&String| *column != "account_id" && some.is_none_or(|some| some.contains(&column.as_str()));
            for column in stored.iter().filter(of_the_books) {
                let (is_changed, is_excused) =
                    (changed.contains(&(*table, column.as_str())), excused.contains(&column.as_str()));
                assert!(is_changed != is_excused, "{table}.{column}: changed {is_changed}, excused {is_excused}");
            }
        }
    })
    .await;
}

/// The columns that an `UPDATE` assigns, with its table.
fn changed_columns(statement: &'static str) -> Vec<(&'static str, &'static str)> {
    let Some((table, rest)) = statement.trim().strip_prefix("UPDATE ").and_then(|rest| rest.split_once(" SET ")) else {
        return Vec::new();
    };
    let mut depth = 0;
    // Conditions of the statement itself are not in parentheses, and neither are the commas between assignments.
    let mut is_outside = |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    let parts = rest.split(|character| is_outside(character) && character == ',');
    parts.filter_map(|part| Some((table, part.split_once('=')?.0.trim()))).collect()
}

/// The columns of a table as the database has them.
async fn columns(shop: &Shop, table: &'static str) -> Vec<String> {
    let sql = match shop.app.db().backend() {
        Backend::Sqlite => "SELECT name FROM pragma_table_info($1)",
        Backend::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let read = shop.act(move |tx, _| Ok(tx.query(sql, &values![table], |row| row.get(0))?));
    let columns: Vec<String> = read.await.unwrap();
    assert!(!columns.is_empty(), "there is no table {table}");
    columns
}
