//! Values come back as they were sent, and mean the same in SQL.

use db::{Day, Error, Millis, values};
use testkit::each_database;

use crate::{ITEM, MIGRATIONS};

type Kind = (Option<i64>, Option<String>, Option<bool>, Option<Millis>, Option<Day>);

const KIND: &[&str] = &["id", "number", "label", "is_on", "happened_at", "due_on"];

#[tokio::test]
async fn every_type_survives_the_journey() {
    let kinds: Vec<Kind> = vec![
        (None, None, None, None, None),
        (Some(0), Some(String::new()), Some(false), Some(Millis(0)), Some(Day(0))),
        (Some(i64::MAX), Some("ü \u{1F4B6} '$1' \"".to_owned()), Some(true), Some(Millis(-1)), Some(Day(-1))),
        (Some(i64::MIN), Some("a\nb".to_owned()), Some(true), Some(Millis(1_785_499_200_123)), Some(Day(20_665))),
        (Some(-1), Some("x".repeat(100_000)), None, Some(Millis(253_402_300_799_999)), Some(Day(2_932_896))),
    ];
    each_database(MIGRATIONS, async |database| {
        let sent = kinds.clone();
        let received = database.db.write(move |tx| {
            let rows = (0_i64..).zip(&sent);
            let rows = rows.map(|(id, kind)| values![id, kind.0, &kind.1, kind.2, kind.3, kind.4]);
            tx.insert("kind", KIND, rows)?;
            tx.query("SELECT number, label, is_on, happened_at, due_on FROM kind ORDER BY id", &[], |row| {
                Ok::<Kind, Error>((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
        });
        assert_eq!(received.await, Ok(kinds.clone()));
    })
    .await;
}

#[tokio::test]
async fn parameters_compare_with_columns() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            let row = values![1_i64, 5_i64, "five", true, Millis(1_000), Day(100)];
            tx.execute(
                "INSERT INTO kind (due_on, happened_at, is_on, label, number, id) VALUES ($6, $5, $4, $3, $2, $1)",
                &row,
            )?;
            let question = "SELECT COUNT(*) FROM kind
                WHERE number <= $1 AND number >= $1 AND label = $2 AND is_on = $3 AND is_on
                    AND happened_at < $4 AND due_on > $5 AND due_on + 1 = $6 AND $7 - due_on = 20";
            tx.scalar::<i64>(question, &values![5_i64, "five", true, Millis(1_001), Day(99), Day(101), Day(120)])
        });
        assert_eq!(outcome.await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn sums_are_exact_whole_numbers() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            let number = 9_007_199_254_740_993_i64;
            tx.insert(
                "kind",
                &["id", "number"],
                [values![1_i64, number], values![2_i64, number], values![3_i64, -1_i64]],
            )?;
            let sum = "SELECT SUM(number), COUNT(*), MAX(number) FROM kind HAVING SUM(number) > $1";
            tx.query_one(sum, &values![number], |row| {
                Ok::<_, Error>((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
            })
        });
        assert_eq!(outcome.await, Ok((18_014_398_509_481_985, 3, 9_007_199_254_740_993)));
    })
    .await;
}

#[tokio::test]
async fn letters_have_case_beyond_ascii_and_patterns_mind_it() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            tx.insert("item", ITEM, [values![1_i64, 1_i64, "ÄRGER Straße İ"], values![1_i64, 2_i64, "ärger"]])?;
            let lowered: String = tx.scalar("SELECT LOWER(name) FROM item WHERE id = 1", &[])?;
            let raised: String = tx.scalar("SELECT UPPER(name) FROM item WHERE id = 1", &[])?;
            let like = "SELECT id FROM item WHERE name LIKE $1 ORDER BY id";
            let exact: Vec<i64> = tx.query(like, &values!["är%"], |row| row.get(0))?;
            let like = "SELECT id FROM item WHERE LOWER(name) LIKE $1 ORDER BY id";
            let folded: Vec<i64> = tx.query(like, &values!["är%"], |row| row.get(0))?;
            Ok::<_, Error>((lowered, raised, exact, folded))
        });
        let (lowered, raised) = ("ärger straße i".to_owned(), "ÄRGER STRAßE İ".to_owned());
        assert_eq!(outcome.await, Ok((lowered, raised, vec![2], vec![1, 2])));
    })
    .await;
}

#[tokio::test]
async fn a_column_of_another_type_is_an_error_that_names_it() {
    each_database(MIGRATIONS, async |database| {
        let wrong = database.db.read(|tx| tx.query("SELECT 1, 'a'", &[], |row| row.get::<i64>(1))).await;
        let Err(Error::Value(text)) = wrong else { panic!("{wrong:?}") };
        assert_eq!(text, "column 1: expected BIGINT, found TEXT");
        let text = database
            .db
            .read(|tx| tx.query_one("SELECT $1", &values!["borrowed"], |row| Ok::<_, Error>(row.text(0)?.len())));
        assert_eq!(text.await, Ok(8));
    })
    .await;
}
