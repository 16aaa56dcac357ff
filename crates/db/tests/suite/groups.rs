//! Units that share a commit do not share their fate, except when the commit itself fails.

use db::{Backend, Db, Error, Tx, values};
use testkit::{TestDatabase, each_database};
use tokio::task::JoinSet;

use crate::{Gate, MIGRATIONS, Refusal, a_moment, insert_item, stored_ids};

/// Runs units `1..=count` at the same time: on `SQLite` in one group, which a unit before them lets gather.
async fn together(
    db: &Db,
    count: i64,
    unit: fn(&mut Tx<'_>, i64) -> Result<i64, Refusal>,
) -> Vec<(i64, Result<i64, Refusal>)> {
    let (gate, opener) = Gate::closed();
    let mut tasks = JoinSet::new();
    let first = db.clone();
    tasks.spawn(async move {
        let held_up = first.write(move |_| {
            gate.pass();
            Ok::<_, Refusal>(0)
        });
        (0, held_up.await)
    });
    a_moment().await;
    for number in 1..=count {
        let db = db.clone();
        tasks.spawn(async move { (number, db.write(move |tx| unit(tx, number)).await) });
    }
    a_moment().await;
    opener.send(()).expect("the first unit waits");
    let mut outcomes = tasks.join_all().await;
    outcomes.retain(|(number, _)| *number > 0);
    outcomes.sort_by_key(|(number, _)| *number);
    outcomes
}

#[tokio::test]
async fn whoever_runs_sees_that_others_wait() {
    let database = TestDatabase::sqlite(MIGRATIONS).await;
    let (gate, opener) = Gate::closed();
    let (db, mut tasks) = (database.db.clone(), JoinSet::new());
    tasks.spawn(async move {
        let look = move |tx: &mut Tx<'_>| {
            let before = tx.is_awaited()?;
            gate.pass();
            Ok::<_, Error>([before, tx.is_awaited()?])
        };
        db.write(look).await
    });
    a_moment().await;
    for number in 1..=3 {
        let db = database.db.clone();
        tasks.spawn(async move { db.write(move |tx| insert_item(tx, number)).await.map(|()| [false; 2]) });
    }
    a_moment().await;
    opener.send(()).expect("the first unit waits");
    let seen: Vec<_> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
    assert_eq!(seen.iter().filter(|seen| **seen == [false, true]).count(), 1, "{seen:?}");
    assert!(database.db.write(|tx| tx.is_awaited().map(|is_awaited| !is_awaited)).await.unwrap());
}

#[tokio::test]
async fn a_failing_unit_takes_nothing_but_itself() {
    each_database(MIGRATIONS, async |database| {
        let outcomes = together(&database.db, 50, |tx, number| {
            insert_item(tx, number)?;
            match number % 5 {
                0 => return Err(Refusal::Business("no")),
                1 => panic!("unit {number}"),
                2 => tx.execute("INSERT INTO item (account_id, id, name) VALUES (1, $1, 'twice')", &values![number])?,
                3 => tx.execute("UPDATE item SET parent_id = -1 WHERE id = $1", &values![number])?,
                _ => 0,
            };
            Ok(number)
        })
        .await;

        for (number, outcome) in outcomes {
            match (number % 5, outcome) {
                (0, Err(Refusal::Business("no")))
                | (2, Err(Refusal::Database(Error::Conflict(_))))
                | (3, Err(Refusal::Database(Error::Missing(_)))) => {}
                (1, Err(Refusal::Database(Error::Panicked(text)))) => assert_eq!(text, format!("unit {number}")),
                (4, outcome) => assert_eq!(outcome, Ok(number)),
                (_, outcome) => panic!("unit {number} ended with {outcome:?}"),
            }
        }
        let kept: Vec<i64> = (1..=50).filter(|number| number % 5 == 4).collect();
        assert_eq!(stored_ids(&database.db).await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_fails_deep_within_savepoints_leaves_nothing() {
    each_database(MIGRATIONS, async |database| {
        let outcomes = together(&database.db, 12, |tx, number| {
            insert_item(tx, number)?;
            tx.savepoint(|tx| {
                insert_item(tx, 100 + number)?;
                tx.savepoint(|tx| {
                    insert_item(tx, 200 + number)?;
                    match number % 4 {
                        0 => panic!("unit {number}"),
                        _ if number == 1 => Err(Refusal::Database(Error::Retryable("a race".to_owned()))),
                        _ => Ok(()),
                    }
                })?;
                assert!(number % 4 != 3, "unit {number}");
                Ok::<_, Refusal>(())
            })?;
            Ok(number)
        })
        .await;

        for (number, outcome) in outcomes {
            match (number, outcome) {
                (1, Err(Refusal::Database(Error::Retryable(_)))) => {}
                (3 | 4 | 7 | 8 | 11 | 12, Err(Refusal::Database(Error::Panicked(text)))) => {
                    assert_eq!(text, format!("unit {number}"));
                }
                (_, outcome) => assert_eq!(outcome, Ok(number)),
            }
        }
        let kept = [2, 5, 6, 9, 10].into_iter();
        let mut kept: Vec<i64> = kept.flat_map(|number| [number, 100 + number, 200 + number]).collect();
        kept.sort_unstable();
        assert_eq!(stored_ids(&database.db).await, kept);
    })
    .await;
}

#[tokio::test]
async fn a_constraint_that_fails_at_the_commit_fails_only_its_unit() {
    each_database(MIGRATIONS, async |database| {
        let outcomes = together(&database.db, 10, |tx, number| {
            insert_item(tx, number)?;
            let target = if number == 7 { 700 } else { number };
            let promise = "INSERT INTO promise (id, account_id, item_id) VALUES ($1, 1, $2)";
            tx.execute(promise, &values![number, target])?;
            Ok(number)
        })
        .await;

        for (number, outcome) in outcomes {
            match number {
                7 => assert!(matches!(outcome, Err(Refusal::Database(Error::Missing(_)))), "{outcome:?}"),
                _ => assert_eq!(outcome, Ok(number)),
            }
        }
        assert_eq!(stored_ids(&database.db).await, [1, 2, 3, 4, 5, 6, 8, 9, 10]);
    })
    .await;
}

/// Ending the transaction from within stands for the failures after which `SQLite` does so by itself.
#[tokio::test]
async fn a_lost_transaction_is_an_error_for_all_of_its_group() {
    let database = TestDatabase::sqlite(MIGRATIONS).await;
    let outcomes = together(&database.db, 10, |tx, number| {
        let id = tx.next_id()?;
        insert_item(tx, id)?;
        if number == 10 {
            tx.execute("ROLLBACK", &[])?;
        }
        Ok(number)
    })
    .await;

    assert_eq!(outcomes.len(), 10, "everybody is answered");
    for (number, outcome) in outcomes {
        assert!(matches!(outcome, Err(Refusal::Database(Error::Unavailable(_)))), "unit {number}: {outcome:?}");
    }
    assert_eq!(stored_ids(&database.db).await, [] as [i64; 0]);

    let id = database.db.write(|tx| {
        let id = tx.next_id()?;
        insert_item(tx, id).map(|()| id)
    });
    assert_eq!(id.await, Ok(100_001), "the database goes on, and the ids of the lost group were never seen");
}

#[tokio::test]
async fn a_unit_that_ignores_a_failed_statement_has_no_effect() {
    each_database(MIGRATIONS, async |database| {
        let careless = database.db.write(|tx| {
            insert_item(tx, 1)?;
            let _ = insert_item(tx, 1);
            assert_eq!(insert_item(tx, 2), Err(Error::Aborted), "nothing runs after a failure");
            Ok::<_, Error>(())
        });
        assert_eq!(careless.await, Err(Error::Aborted));
        assert_eq!(stored_ids(&database.db).await, [] as [i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn closing_finishes_what_waits_and_refuses_the_rest() {
    each_database(MIGRATIONS, async |database| {
        let (gate, opener) = Gate::closed();
        let (first, second, clone) = (database.db.clone(), database.db.clone(), database.db.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let held_up = first.write(move |tx| {
                gate.pass();
                insert_item(tx, 1)
            });
            held_up.await
        });
        a_moment().await;
        tasks.spawn(async move { second.write(|tx| insert_item(tx, 2)).await });
        a_moment().await;
        let opening = async {
            a_moment().await;
            opener.send(()).unwrap();
        };
        tokio::join!(clone.close(), opening);
        assert_eq!(tasks.join_all().await, [Ok(()), Ok(())]);

        let late = database.db.write(|tx| insert_item(tx, 3)).await;
        assert!(matches!(late, Err(Error::Unavailable(_))), "{late:?}");
        let reopened = Db::open(&database.url, &db::Options::default()).await.unwrap();
        assert_eq!(stored_ids(&reopened).await, [1, 2]);
        reopened.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_backend_is_known_and_other_urls_are_refused() {
    each_database(MIGRATIONS, async |database| {
        let wanted = if database.url.starts_with("sqlite:") { Backend::Sqlite } else { Backend::Postgres };
        assert_eq!(database.db.backend(), wanted);
    })
    .await;
    for url in ["billfold.db", "mysql://localhost/x", "sqlite:", "sqlite::memory:", "postgres://[", ""] {
        let outcome = Db::open(url, &db::Options::default()).await.map(|_| ());
        assert!(matches!(outcome, Err(Error::Url(_))), "{url}: {outcome:?}");
    }
}
