//! What can only happen on a server: races, and connections that break.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use db::{Db, Error, Options, Tx, values};
use testkit::on_postgres;

use crate::{Gate, MIGRATIONS, Refusal, a_moment, insert_item, stored_ids};

const LOCK: &str = "SELECT id FROM item WHERE account_id = 1 AND id = $1";

async fn with_two_items(db: &Db) {
    let inserted = db.write(|tx| insert_item(tx, 1).and_then(|()| insert_item(tx, 2)));
    inserted.await.expect("two new items");
}

fn lock(tx: &mut Tx<'_>, id: i64) -> Result<Option<i64>, Error> {
    tx.lock(LOCK, &values![id], |row| row.get(0))
}

/// Adds to both items, in the given order; a hidden deadlock is one that the unit tries to ignore.
async fn add_to_both(db: &Db, order: [i64; 2], attempts: &AtomicUsize, is_hidden: bool) -> Result<(), Refusal> {
    let (gate, opener) = Gate::closed();
    let tries = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&tries);
    let unit = db.write(move |tx| {
        let add = "UPDATE item SET amount = amount + 1 WHERE account_id = 1 AND id = $1";
        lock(tx, order[0])?;
        if counter.fetch_add(1, Ordering::SeqCst) == 0 {
            gate.pass();
        }
        let both = tx.savepoint(|tx| {
            lock(tx, order[1])?;
            tx.execute(add, &values![order[0]])?;
            tx.execute(add, &values![order[1]])
        });
        match both {
            Err(_) if is_hidden => Ok(()),
            Err(error) => Err(Refusal::from(error)),
            Ok(_) => Ok(()),
        }
    });
    let story = async {
        a_moment().await;
        opener.send(()).expect("the unit waits");
    };
    let (outcome, ()) = tokio::join!(unit, story);
    attempts.fetch_add(tries.load(Ordering::SeqCst), Ordering::SeqCst);
    outcome
}

#[tokio::test]
async fn a_deadlock_repeats_one_unit_as_a_whole_even_when_it_hides_the_error() {
    for is_hidden in [false, true] {
        on_postgres(MIGRATIONS, async |database| {
            let db = &database.db;
            with_two_items(db).await;
            let attempts = AtomicUsize::new(0);
            let outcomes = tokio::join!(
                add_to_both(db, [1, 2], &attempts, is_hidden),
                add_to_both(db, [2, 1], &attempts, is_hidden)
            );
            assert_eq!(outcomes, (Ok(()), Ok(())));
            assert!(attempts.load(Ordering::SeqCst) >= 3, "one of them was repeated");
            let amounts = db.read(|tx| tx.query("SELECT amount FROM item ORDER BY id", &[], |row| row.get::<i64>(0)));
            assert_eq!(amounts.await, Ok(vec![2, 2]), "each had its whole effect once");
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_holds_a_row_sees_that_another_waits_for_it() {
    on_postgres(MIGRATIONS, async |database| {
        let db = &database.db;
        with_two_items(db).await;
        let (gate, opener) = Gate::closed();
        let holder = db.write(move |tx| {
            lock(tx, 1)?;
            let before = tx.is_awaited()?;
            gate.pass();
            Ok::<_, Error>([before, tx.is_awaited()?])
        });
        // One waits for the row; one that works on another row has nothing to do with it.
        let next = async {
            a_moment().await;
            db.write(|tx| lock(tx, 1)).await
        };
        let story = async {
            a_moment().await;
            a_moment().await;
            let other = db.write(|tx| lock(tx, 2).and_then(|_| tx.is_awaited())).await;
            opener.send(()).expect("the unit waits");
            other
        };
        let (held, waiting, other) = tokio::join!(holder, next, story);
        assert_eq!((held, waiting, other), (Ok([false, true]), Ok(Some(1)), Ok(false)));
    })
    .await;
}

#[tokio::test]
async fn a_unit_whose_connection_is_killed_is_repeated() {
    on_postgres(MIGRATIONS, async |database| {
        let (gate, opener) = Gate::closed();
        let (sender, victims) = std::sync::mpsc::channel();
        let attempts = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&attempts);
        let unit = database.db.write(move |tx| {
            insert_item(tx, 1)?;
            if counter.fetch_add(1, Ordering::SeqCst) == 0 {
                sender.send(tx.scalar::<i64>("SELECT pg_backend_pid()", &[])?).unwrap();
                gate.pass();
            }
            insert_item(tx, 2)
        });
        let story = async {
            a_moment().await;
            let victim = victims.try_recv().unwrap();
            let kill = "SELECT pg_terminate_backend($1)";
            let killed = database.db.write(move |tx| tx.scalar::<bool>(kill, &values![victim])).await;
            assert_eq!(killed, Ok(true));
            opener.send(()).unwrap();
        };
        let (outcome, ()) = tokio::join!(unit, story);
        assert_eq!(outcome, Ok(()));
        assert_eq!(attempts.load(Ordering::SeqCst), 2);
        assert_eq!(stored_ids(&database.db).await, [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_unit_whose_connection_is_killed_during_its_commit_is_not_repeated() {
    on_postgres(MIGRATIONS, async |database| {
        for sql in [
            "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'",
            "CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION linger()",
        ] {
            database.db.write(move |tx| tx.execute(sql, &[])).await.unwrap();
        }
        let (sender, victims) = std::sync::mpsc::channel();
        let attempts = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&attempts);
        let unit = database.db.write(move |tx| {
            counter.fetch_add(1, Ordering::SeqCst);
            insert_item(tx, 1)?;
            sender.send(tx.scalar::<i64>("SELECT pg_backend_pid()", &[])?).unwrap();
            Ok::<_, Error>(())
        });
        let story = async {
            a_moment().await;
            let victim = victims.try_recv().unwrap();
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND query = 'COMMIT'";
            while database.db.write(move |tx| tx.query_opt(kill, &values![victim], |row| row.get(0))).await != Ok(Some(true)) {
                a_moment().await;
            }
        };
        let (outcome, ()) = tokio::join!(unit, story);
        assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
        assert_eq!(attempts.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn connections_that_died_while_idle_are_replaced() {
    on_postgres(MIGRATIONS, async |database| {
        let db = Db::open(&format!("{}&application_name=doomed", database.url), &Options::default()).await.unwrap();
        for id in 1..=20 {
            db.write(move |tx| insert_item(tx, id)).await.unwrap();
        }
        db.write(|tx| tx.next_ids(1)).await.unwrap();
        let kill = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'doomed' AND pid <> pg_backend_pid()";
        assert!(database.db.write(|tx| tx.scalar::<i64>(kill, &[])).await.unwrap() >= 2);
        for id in 21..=60 {
            let ids = db.write(move |tx| {
                insert_item(tx, id)?;
                tx.next_ids(600)
            });
            assert_eq!(ids.await.map(|ids| ids.end - ids.start), Ok(600));
        }
        assert_eq!(stored_ids(&db).await.len(), 60);
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn rows_claimed_by_one_are_passed_over_by_the_next() {
    on_postgres(MIGRATIONS, async |database| {
        let db = &database.db;
        with_two_items(db).await;
        let claim = "SELECT id FROM item ORDER BY id LIMIT 1";
        let (gate, opener) = Gate::closed();
        let first = db.write(move |tx| {
            let claimed = tx.claim(claim, &[], |row| row.get::<i64>(0))?;
            gate.pass();
            Ok::<_, Error>(claimed)
        });
        let second = async {
            a_moment().await;
            let claimed = db.write(move |tx| tx.claim(claim, &[], |row| row.get::<i64>(0))).await;
            opener.send(()).unwrap();
            claimed
        };
        assert_eq!(tokio::join!(first, second), (Ok(Some(1)), Ok(Some(2))));
    })
    .await;
}

/// Every connection for writing waits for the same row: questions are still answered, and nobody waits for ever.
#[tokio::test]
async fn units_that_wait_for_a_lock_hold_up_no_questions_and_end_as_busy() {
    on_postgres(MIGRATIONS, async |database| {
        with_two_items(&database.db).await;
        let options = Options { pool_size: 6, lock_wait_max: std::time::Duration::from_millis(1_500) };
        let db = Db::open(&database.url, &options).await.unwrap();
        let (gate, opener) = Gate::closed();
        let holder = database.db.write(move |tx| {
            lock(tx, 1)?;
            gate.pass();
            Ok::<_, Error>(())
        });
        let story = async {
            a_moment().await;
            let mut waiting = tokio::task::JoinSet::new();
            for _ in 0..12 {
                let db = db.clone();
                waiting.spawn(async move { db.write(|tx| lock(tx, 1)).await });
            }
            a_moment().await;
            assert_eq!(stored_ids(&db).await, [1, 2]);
            assert!(waiting.try_join_next().is_none(), "the question was answered while all of them waited");
            let first = waiting.join_next().await.unwrap().unwrap();
            assert!(matches!(first, Err(Error::Busy(_))), "{first:?}");
            opener.send(()).unwrap();
            waiting.join_all().await
        };
        let (held, others) = tokio::join!(holder, story);
        assert_eq!(held, Ok(()));
        assert!(others.contains(&Ok(Some(1))), "who waits when the lock is free gets it");
        db.close().await;
    })
    .await;
}

/// More units of one key than there are connections wait for a row: those of others are done at once, and all of them in
/// the end.
#[tokio::test]
async fn units_of_one_key_that_wait_for_a_lock_hold_up_no_others() {
    on_postgres(MIGRATIONS, async |database| {
        with_two_items(&database.db).await;
        let options = Options { pool_size: 6, lock_wait_max: std::time::Duration::from_secs(30) };
        let db = Db::open(&database.url, &options).await.unwrap();
        let (gate, opener) = Gate::closed();
        let holder = database.db.write(move |tx| {
            lock(tx, 1)?;
            gate.pass();
            Ok::<_, Error>(())
        });
        let story = async {
            a_moment().await;
            let mut waiting = tokio::task::JoinSet::new();
            for _ in 0..12 {
                let db = db.clone();
                waiting.spawn(async move { db.write_for(7, |tx| lock(tx, 1)).await });
            }
            a_moment().await;
            for key in 8..12 {
                assert_eq!(db.write_for(key, |tx| lock(tx, 2)).await, Ok(Some(2)));
            }
            assert_eq!(db.write(|tx| lock(tx, 2)).await, Ok(Some(2)));
            assert!(waiting.try_join_next().is_none(), "others were served while all of them waited");
            opener.send(()).unwrap();
            waiting.join_all().await
        };
        let (held, others) = tokio::join!(holder, story);
        assert_eq!((held, others), (Ok(()), vec![Ok(Some(1)); 12]));
        db.close().await;
    })
    .await;
}

#[tokio::test]
async fn shared_rows_are_shared_and_changed_only_afterwards() {
    on_postgres(MIGRATIONS, async |database| {
        let db = &database.db;
        with_two_items(db).await;
        let (gate, opener) = Gate::closed();
        let first = db.write(move |tx| {
            tx.share(LOCK, &values![1_i64], |row| row.get::<i64>(0))?;
            gate.pass();
            tx.scalar::<i64>("SELECT amount FROM item WHERE id = 1", &[])
        });
        let change = async {
            a_moment().await;
            let shared = db.write(|tx| tx.share(LOCK, &values![1_i64], |row| row.get::<i64>(0))).await;
            assert_eq!(shared, Ok(Some(1)), "two may share a row");
            let changed = db.write(|tx| {
                lock(tx, 1)?;
                tx.execute("UPDATE item SET amount = 7 WHERE id = 1", &[])
            });
            let opening = async {
                a_moment().await;
                opener.send(()).unwrap();
            };
            tokio::join!(changed, opening).0
        };
        assert_eq!(tokio::join!(first, change), (Ok(0), Ok(1)), "what is shared stays as it is");
    })
    .await;
}

#[tokio::test]
async fn a_lock_makes_the_next_unit_wait_and_see_what_was_decided() {
    on_postgres(MIGRATIONS, async |database| {
        let db = &database.db;
        with_two_items(db).await;
        let add_one = |tx: &mut Tx<'_>| {
            lock(tx, 1)?;
            let amount: i64 = tx.scalar("SELECT amount FROM item WHERE id = 1", &[])?;
            tx.execute("UPDATE item SET amount = $1 WHERE id = 1", &values![amount + 1])
        };
        let mut units = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let db = db.clone();
            units.spawn(async move { db.write(add_one).await });
        }
        assert!(units.join_all().await.iter().all(Result::is_ok));
        let total = db.read(|tx| tx.scalar::<i64>("SELECT amount FROM item WHERE id = 1", &[])).await;
        assert_eq!(total, Ok(40), "no update was lost");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let outcome = Db::open("postgres://nobody@127.0.0.1:1/none", &Options::default()).await.map(|_| ());
    assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcome:?}");
}
