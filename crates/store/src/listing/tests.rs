//! Filters, order and counts over real rows, on every database that is at hand.

use calendar::Instant;
use db::{Db, Migration, values};
use testkit::each_database;

use billing::listing::Sort;

use super::*;

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_animal",
    sql: "CREATE TABLE animal (account_id BIGINT NOT NULL, id BIGINT NOT NULL, name TEXT, kind TEXT NOT NULL,
              weight BIGINT, seen_at TIMESTAMPTZ, tame BOOLEAN NOT NULL, PRIMARY KEY (account_id, id))",
}];

const SOURCE: Source = Source {
    select: "a.id",
    from: "animal a",
    scope: "a.account_id = $1 AND a.id <> $2",
    id: "a.id",
    columns: &[
        column("id", Kind::Id, "a.id"),
        column("name", Kind::Text, "a.name"),
        column("kind", Kind::Enum(&["Bird", "Cat"]), "a.kind"),
        column("weight", Kind::Decimal, "a.weight"),
        column("seenAt", Kind::Instant, "a.seen_at"),
        column("tame", Kind::Boolean, "a.tame"),
    ],
};

const DAY: i64 = 86_400_000;

async fn fill(db: &Db) {
    db.write(|tx| {
        let columns = &["account_id", "id", "name", "kind", "weight", "seen_at", "tame"];
        let seen = |day: i64| Millis(day * DAY);
        tx.insert(
            "animal",
            columns,
            [
                values![1, 1, "Ärmel", "Cat", 4_000_000, seen(1), true],
                values![1, 2, "bird_100%", "Bird", 1_000_000, seen(2), false],
                values![1, 3, "BIRDx1000", "Bird", None::<i64>, None::<Millis>, false],
                values![1, 4, None::<String>, "Cat", 4_000_000, seen(3), true],
                values![1, 5, "", "Cat", 2_500_000, seen(4), true],
                values![1, 6, r"back\slash*", "Cat", 9_000_000, seen(5), true],
                values![1, 99, "outside the scope", "Cat", 1, seen(1), true],
                values![2, 1, "another account", "Cat", 1, seen(1), true],
            ],
        )
    })
    .await
    .unwrap();
}

/// The ids on a page, the number that match and the number in scope.
async fn ask(db: &Db, page: Page) -> (Vec<i64>, i64, i64) {
    let question = move |tx: &mut Tx<'_>| list(tx, &SOURCE, &values![1, 99], &page, |row| row.get::<i64>(0));
    let slice: Slice<i64> = db.read(question).await.unwrap();
    (slice.rows, slice.matching, slice.total)
}

async fn matching(db: &Db, field: &'static str, condition: Condition) -> Vec<i64> {
    let page = Page { conditions: vec![Clause { field, condition }], ..Page::default() };
    let (rows, matching, total) = ask(db, page).await;
    assert_eq!((rows.len(), total), (usize::try_from(matching).unwrap(), 6));
    rows
}

fn text(text: &str) -> Operand {
    Operand::Text(text.to_owned())
}

fn pattern(pieces: &[&str]) -> Condition {
    Condition::Like(pieces.iter().map(|&piece| piece.to_owned()).collect())
}

fn between(from: Option<Operand>, to: Option<Operand>) -> Condition {
    Condition::Range { from, to }
}

#[tokio::test]
async fn conditions_choose_rows() {
    each_database(MIGRATIONS, async |database| {
        fill(&database.db).await;
        let day = |day: i64| Some(Operand::Instant(Instant::from_millis(day * DAY)));
        let weight = |whole: i64| Some(Operand::Millionths(whole * 1_000_000));
        let three = [1, 2, 6].map(Operand::Integer).to_vec();
        for (field, condition, expected) in [
            ("name", Condition::Equals(text("äRMEL")), &[1][..]),
            ("name", Condition::Equals(text("%")), &[]),
            ("name", Condition::Equals(text("x' OR 'a' = 'a")), &[]),
            ("name", Condition::Empty, &[4, 5]),
            ("name", pattern(&["BIRD", ""]), &[2, 3]),
            ("name", pattern(&["bird_", ""]), &[2]),
            ("name", pattern(&["", "100%", ""]), &[2]),
            ("name", pattern(&["", "1", "0", ""]), &[2, 3]),
            ("name", pattern(&["", r"K\S", ""]), &[6]),
            ("name", pattern(&["", ""]), &[1, 2, 3, 5, 6]),
            ("kind", Condition::Equals(text("Bird")), &[2, 3]),
            ("kind", Condition::In(vec![text("Bird"), text("Cat")]), &[1, 2, 3, 4, 5, 6]),
            ("id", Condition::In(three), &[1, 2, 6]),
            ("id", Condition::In(vec![]), &[]),
            ("weight", between(weight(1), weight(4)), &[1, 2, 4, 5]),
            ("weight", between(weight(4), None), &[1, 4, 6]),
            ("weight", Condition::Empty, &[3]),
            ("seenAt", between(day(2), day(4)), &[2, 4]),
            ("seenAt", between(None, day(2)), &[1]),
            ("seenAt", Condition::Equals(Operand::Instant(Instant::from_millis(DAY))), &[1]),
            ("tame", Condition::Equals(Operand::Boolean(false)), &[2, 3]),
        ] {
            assert_eq!(matching(&database.db, field, condition.clone()).await, expected, "{field} {condition:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn all_conditions_must_hold() {
    each_database(MIGRATIONS, async |database| {
        fill(&database.db).await;
        let conditions = vec![
            Clause { field: "name", condition: pattern(&["bird", ""]) },
            Clause { field: "weight", condition: Condition::Empty },
        ];
        assert_eq!(ask(&database.db, Page { conditions, ..Page::default() }).await, (vec![3], 1, 6));
    })
    .await;
}

#[tokio::test]
async fn order_puts_nulls_first_ignores_case_and_breaks_ties_by_id() {
    each_database(MIGRATIONS, async |database| {
        fill(&database.db).await;
        for (field, direction, expected) in [
            (ID, Direction::Ascending, [1, 2, 3, 4, 5, 6]),
            (ID, Direction::Descending, [6, 5, 4, 3, 2, 1]),
            ("weight", Direction::Ascending, [3, 2, 5, 1, 4, 6]),
            ("weight", Direction::Descending, [6, 1, 4, 5, 2, 3]),
            ("seenAt", Direction::Ascending, [3, 1, 2, 4, 5, 6]),
            ("tame", Direction::Ascending, [2, 3, 1, 4, 5, 6]),
        ] {
            let page = Page { sort: Sort { field, direction }, ..Page::default() };
            assert_eq!(ask(&database.db, page).await.0, expected, "{field} {direction:?}");
        }
        let by_name = Page { sort: Sort { field: "name", direction: Direction::Ascending }, ..Page::default() };
        let names = ask(&database.db, by_name).await.0;
        assert_eq!(
            names,
            [4, 5, 6, 2, 3, 1],
            "null, empty, then characters by number, wherever a locale has an umlaut"
        );
    })
    .await;
}

#[tokio::test]
async fn pages_and_counts() {
    each_database(MIGRATIONS, async |database| {
        fill(&database.db).await;
        let cats = || vec![Clause { field: "kind", condition: Condition::Equals(text("Cat")) }];
        for (conditions, number, size, expected) in [
            (vec![], 0, 4, (vec![1, 2, 3, 4], 6, 6)),
            (vec![], 1, 4, (vec![5, 6], 6, 6)),
            (vec![], 2, 4, (vec![], 6, 6)),
            (vec![], 1, 3, (vec![4, 5, 6], 6, 6)),
            (vec![], i64::MAX, 1_000, (vec![], 6, 6)),
            (cats(), 0, 2, (vec![1, 4], 4, 6)),
            (cats(), 1, 3, (vec![6], 4, 6)),
            (cats(), 0, 4, (vec![1, 4, 5, 6], 4, 6)),
        ] {
            let page = Page { conditions, number, size, ..Page::default() };
            assert_eq!(ask(&database.db, page).await, expected, "page {number} of {size}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_field_that_is_no_column_is_refused() {
    each_database(MIGRATIONS, async |database| {
        fill(&database.db).await;
        let page = Page { sort: Sort { field: "owner", direction: Direction::Ascending }, ..Page::default() };
        let question = move |tx: &mut Tx<'_>| list(tx, &SOURCE, &values![1, 99], &page, |row| row.get::<i64>(0));
        assert!(matches!(database.db.read(question).await, Err(Error::Value(_))));
    })
    .await;
}

#[tokio::test]
async fn what_is_looked_up_by_its_own_name_is_found_by_an_index() {
    let database = testkit::TestDatabase::sqlite(crate::MIGRATIONS).await;
    for (table, column, index) in [
        ("customer", "reference", "customer_reference"),
        ("product", "code", "product_code"),
        ("product_item", "reference", "product_item_reference_folded"),
    ] {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT t.id FROM {table} t WHERE t.account_id = $1 AND LOWER(t.{column}) = LOWER($2)
             ORDER BY t.id ASC LIMIT $3 OFFSET $4"
        );
        let plan =
            database.db.read(move |tx| tx.query(&sql, &values![1, "C-17", 1_000, 0], |row| row.get::<String>(3)));
        assert_eq!(plan.await.unwrap(), [format!("SEARCH t USING COVERING INDEX {index} (account_id=? AND <expr>=?)")]);
    }
}
