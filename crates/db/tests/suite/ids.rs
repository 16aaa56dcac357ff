//! Ids are given out once, whoever asks and whatever becomes of the unit.

use std::collections::HashSet;
use std::ops::Range;

use db::{Db, Error, Options};
use testkit::each_database;
use tokio::task::JoinSet;

use crate::{MIGRATIONS, Refusal};

#[tokio::test]
async fn two_programs_on_one_database_never_share_an_id() {
    each_database(MIGRATIONS, async |database| {
        let other = Db::open(&database.url, &Options::default()).await.unwrap();
        let mut tasks = JoinSet::new();
        for number in 0..200_i64 {
            let db = if number % 2 == 0 { database.db.clone() } else { other.clone() };
            tasks.spawn(async move {
                db.write(move |tx| tx.next_ids(if number % 10 == 0 { 1_500 } else { 1 + number % 7 })).await
            });
        }
        let mut seen = HashSet::new();
        for range in tasks.join_all().await {
            for id in range.unwrap() {
                assert!(id >= 100_001);
                assert!(seen.insert(id), "{id} was given out twice");
            }
        }
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn ids_of_a_refused_unit_and_of_a_closed_program_are_not_given_out_again() {
    each_database(MIGRATIONS, async |database| {
        let mut highest = 0;
        for round in 0..6 {
            let db = Db::open(&database.url, &Options::default()).await.unwrap();
            let (sender, given) = std::sync::mpsc::channel::<Range<i64>>();
            let outcome = db.write(move |tx| {
                sender.send(tx.next_ids(700)?).unwrap();
                if round % 2 == 0 { Err(Refusal::Business("no")) } else { Ok(()) }
            });
            assert_eq!(outcome.await.is_ok(), round % 2 == 1);
            let given = given.try_recv().unwrap();
            assert!(given.start > highest, "{given:?} after {highest}");
            assert_eq!(given.end - given.start, 700);
            highest = given.end - 1;
            db.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn questions_have_no_ids() {
    each_database(MIGRATIONS, async |database| {
        let asked = database.db.read(|tx| tx.next_ids(1)).await;
        assert!(matches!(asked, Err(Error::Other(_))), "{asked:?}");
    })
    .await;
}
