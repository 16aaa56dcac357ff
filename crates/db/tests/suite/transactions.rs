//! Savepoints, snapshots and streams.

use std::panic::{AssertUnwindSafe, catch_unwind};

use db::{Error, values};
use testkit::each_database;

use crate::{Gate, ITEM, MIGRATIONS, Refusal, a_moment, insert_item, item_ids, stored_ids};

#[tokio::test]
async fn savepoints_nest_and_undo_only_their_part() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            insert_item(tx, 1)?;
            let failed = tx.savepoint(|tx| {
                insert_item(tx, 2)?;
                tx.savepoint(|tx| insert_item(tx, 3))?;
                tx.savepoint(|tx| insert_item(tx, 2)).unwrap_err();
                insert_item(tx, 4)?;
                Err::<(), _>(Refusal::Business("undo 2, 3 and 4"))
            });
            assert_eq!(failed, Err(Refusal::Business("undo 2, 3 and 4")));
            tx.savepoint(|tx| {
                insert_item(tx, 5)?;
                let conflict = tx.savepoint(|tx| insert_item(tx, 1));
                assert!(matches!(conflict, Err(Error::Conflict(_))));
                insert_item(tx, 6)
            })?;
            Ok::<_, Refusal>(())
        });
        assert_eq!(outcome.await, Ok(()));
        assert_eq!(stored_ids(&database.db).await, [1, 5, 6]);
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_that_ignores_a_failed_statement_is_undone() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            insert_item(tx, 1)?;
            let careless = tx.savepoint(|tx| {
                insert_item(tx, 2)?;
                let _ = insert_item(tx, 1);
                Ok::<_, Error>(())
            });
            assert_eq!(careless, Err(Error::Aborted));
            insert_item(tx, 3)
        });
        assert_eq!(outcome.await, Ok(()));
        assert_eq!(stored_ids(&database.db).await, [1, 3]);
    })
    .await;
}

#[tokio::test]
async fn a_savepoint_that_panics_is_undone_before_the_panic_goes_on() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            insert_item(tx, 1)?;
            let caught = catch_unwind(AssertUnwindSafe(|| {
                tx.savepoint(|tx| {
                    insert_item(tx, 2)?;
                    tx.savepoint(|tx| -> Result<(), Error> {
                        insert_item(tx, 3)?;
                        insert_item(tx, 3).unwrap_err();
                        panic!("within")
                    })
                })
            }));
            assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"within"));
            insert_item(tx, 4)
        });
        assert_eq!(outcome.await, Ok(()));
        assert_eq!(stored_ids(&database.db).await, [1, 4]);
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_neither_the_uncommitted_nor_what_came_after_it_began() {
    each_database(MIGRATIONS, async |database| {
        let db = &database.db;
        let (unit_gate, let_unit_end) = Gate::closed();
        let (question_gate, let_question_end) = Gate::closed();
        let unit = db.write(move |tx| {
            insert_item(tx, 1)?;
            unit_gate.pass();
            Ok::<_, Error>(())
        });
        let question = db.read(move |tx| {
            let before = item_ids(tx)?;
            question_gate.pass();
            Ok::<_, Error>((before, item_ids(tx)?))
        });
        let story = async {
            a_moment().await;
            assert_eq!(stored_ids(db).await, [] as [i64; 0], "not committed yet");
            let_unit_end.send(()).unwrap();
            while stored_ids(db).await.is_empty() {
                a_moment().await;
            }
            let_question_end.send(()).unwrap();
        };
        let (unit, question, ()) = tokio::join!(unit, question, story);
        assert_eq!(unit, Ok(()));
        assert_eq!(question, Ok((vec![], vec![])), "one snapshot for the whole question");
    })
    .await;
}

#[tokio::test]
async fn a_question_can_neither_write_nor_lock() {
    each_database(MIGRATIONS, async |database| {
        let write = database.db.read(|tx| insert_item(tx, 1)).await;
        assert!(write.is_err(), "{write:?}");
        let lock = database.db.read(|tx| tx.lock("SELECT id FROM item", &[], |row| row.get::<i64>(0))).await;
        assert!(lock.is_err(), "{lock:?}");
        let share = database.db.read(|tx| tx.share("SELECT id FROM item", &[], |row| row.get::<i64>(0))).await;
        assert!(share.is_err(), "{share:?}");
        assert_eq!(stored_ids(&database.db).await, [] as [i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn rows_are_streamed_until_the_visitor_has_seen_enough() {
    each_database(MIGRATIONS, async |database| {
        let rows = (1..=3_000_i64).map(|id| values![1_i64, id, format!("item {id}")]);
        let rows: Vec<_> = rows.collect();
        database.db.write(move |tx| tx.insert("item", ITEM, &rows)).await.unwrap();
        assert_eq!(stored_ids(&database.db).await.len(), 3_000);

        let seen = database.db.read(|tx| {
            let mut seen = Vec::new();
            let stopped = tx.each("SELECT id FROM item ORDER BY id", &[], |row| {
                seen.push(row.get::<i64>(0)?);
                if seen.len() == 1_500 { Err(Refusal::Business("enough")) } else { Ok(()) }
            });
            assert_eq!(stopped, Err(Refusal::Business("enough")));
            // The transaction goes on after a visit that ended early.
            let rest: i64 = tx.scalar("SELECT COUNT(*) FROM item WHERE id > $1", &values![seen[seen.len() - 1]])?;
            Ok::<_, Refusal>((seen.len(), rest))
        });
        assert_eq!(seen.await, Ok((1_500, 1_500)));
    })
    .await;
}

#[tokio::test]
async fn locked_rows_are_read_and_counted_like_others() {
    each_database(MIGRATIONS, async |database| {
        let outcome = database.db.write(|tx| {
            insert_item(tx, 1)?;
            insert_item(tx, 2)?;
            let by_id = "SELECT name FROM item WHERE account_id = 1 AND id = $1";
            let one: Option<String> = tx.lock(by_id, &values![1_i64], |row| row.get(0))?;
            let none: Option<String> = tx.lock(by_id, &values![9_i64], |row| row.get(0))?;
            let shared: Option<String> = tx.share(by_id, &values![1_i64], |row| row.get(0))?;
            assert_eq!(shared, one);
            let by_account = "SELECT id FROM item WHERE account_id = 1 ORDER BY id";
            let all: Vec<i64> = tx.lock_all(by_account, &[], |row| row.get(0))?;
            let all_shared: Vec<i64> = tx.share_all(by_account, &[], |row| row.get(0))?;
            assert_eq!((&all, &all_shared), (&vec![1, 2], &vec![1, 2]));
            let claimed: Option<i64> = tx.claim("SELECT id FROM item ORDER BY id LIMIT 1", &[], |row| row.get(0))?;
            let changed = tx.execute("UPDATE item SET amount = 5", &[])?;
            Ok::<_, Error>((one, none, claimed, changed))
        });
        let one = Some("item 1".to_owned());
        assert_eq!(outcome.await, Ok((one, None, Some(1), 2)));
    })
    .await;
}

#[tokio::test]
async fn many_rows_are_changed_by_their_keys_and_none_may_be_missing() {
    each_database(MIGRATIONS, async |database| {
        let set = |tx: &mut db::Tx<'_>, rows: &[(i64, &'static str, i64)]| {
            let rows = rows.iter().map(|(id, name, amount)| values![1_i64, *id, *name, *amount]);
            tx.update("item", &["account_id", "id"], &["name", "amount"], rows)
        };
        let changed = database.db.write(move |tx| {
            (1..=3).try_for_each(|id| insert_item(tx, id))?;
            set(tx, &[])?;
            set(tx, &[(3, "three", 30), (1, "one", 10)])?;
            let missing = tx.savepoint(|tx| set(tx, &[(2, "two", 20), (4, "four", 40)]));
            assert_eq!(missing, Err(Error::NoRow));
            let negative = tx.savepoint(|tx| set(tx, &[(2, "two", 20), (3, "three", -1)]));
            assert!(matches!(negative, Err(Error::Check(_))), "{negative:?}");
            let sql = "SELECT name, amount FROM item WHERE account_id = $1 ORDER BY id";
            tx.query(sql, &values![1_i64], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))
        });
        let changed: Vec<(String, i64)> = changed.await.unwrap();
        let expected = [("one", 10), ("item 2", 0), ("three", 30)].map(|(name, amount)| (name.to_owned(), amount));
        assert_eq!(changed, expected);
    })
    .await;
}
