//! All that a database holds, to be compared: what is refused must leave it as it was.

use db::{Backend, Db, Error, Tx};

/// Where ids come from, which are given out whether or not a command is refused, and what the schema is.
const OWN_TABLES: [&str; 2] = ["id_block", "migration"];

/// Tables and columns, a row each, by name.
const SQLITE_COLUMNS: &str = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str =
    "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
     WHERE table_schema = current_schema() ORDER BY 1, ordinal_position";

/// Every row of every table, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents(Vec<String>);

impl Contents {
    /// Reads everything.
    pub async fn read(db: &Db) -> Self {
        let backend = db.backend();
        let rows = db.read(move |tx| rows(tx, backend)).await.expect("every table can be read");
        assert!(rows.len() > 1, "a database with rows");
        Self(rows)
    }

    /// Fails the test when anything is here that is not there, or the other way round, and shows only that.
    #[track_caller]
    pub fn assert_same(&self, before: &Self, told: &str) {
        if self != before {
            let beyond = |one: &Self, other: &Self| -> Vec<String> {
                one.0.iter().filter(|row| other.0.binary_search(row).is_err()).cloned().collect()
            };
            let (gone, new) = (beyond(before, self), beyond(self, before));
            panic!("{told}: there was {gone:#?} and is {new:#?}");
        }
    }
}

fn rows(tx: &mut Tx<'_>, backend: Backend) -> Result<Vec<String>, Error> {
    let columns = match backend {
        Backend::Sqlite => SQLITE_COLUMNS,
        Backend::Postgres => POSTGRES_COLUMNS,
    };
    let columns: Vec<(String, String)> = tx.query(columns, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut all = Vec::new();
    for of_table in columns.chunk_by(|one, next| one.0 == next.0) {
        let table = &of_table[0].0;
        if OWN_TABLES.contains(&table.as_str()) {
            continue;
        }
        let columns: Vec<_> = of_table.iter().map(|(_, column)| shown(column, backend)).collect();
        let sql = format!("SELECT {} FROM {table}", columns.join(" || ', ' || "));
        all.extend(tx.query(&sql, &[], |row| Ok(format!("{table}: {}", row.get::<String>(0)?)))?);
    }
    all.sort();
    Ok(all)
}

/// A column as a text that is never NULL.
fn shown(column: &str, backend: Backend) -> String {
    match backend {
        Backend::Sqlite => format!(r#"'{column}=' || quote("{column}")"#),
        Backend::Postgres => format!(r#"'{column}=' || COALESCE(CAST("{column}" AS TEXT), 'NULL')"#),
    }
}
