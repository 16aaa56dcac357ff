//! The books, as they are stored, beside the gateway's own list.

use std::sync::Arc;

use app::gateways::add;
use billing::id::AccountId;
use calendar::Clock;
use db::{Db, Row, Tx, values};
use gateway::test::TestGateway;
use tokio::runtime::Handle;

use super::line::Line;
use crate::process::wait_for;

/// The books of the only account of a database.
pub(super) struct Books {
    pub(super) db: Db,
    pub(super) runtime: Handle,
}

/// One attempt with what it brought.
#[derive(Debug)]
struct Attempt {
    key: String,
    status: String,
    /// Of the payment that it brought, in millionths.
    paid: Option<i64>,
    /// Of the refund.
    refunded: Option<i64>,
}

impl Books {
    /// As an operator does.
    pub(super) fn add_gateway(&self, account: i64, line: &Line) {
        let gateways = testkit::gateways::gateways(&Arc::new(TestGateway::in_memory()));
        let (order, now) = (line.order(), Clock::system().now());
        let add = move |tx: &mut Tx<'_>| add::run(tx, &gateways, AccountId(account), &order, now);
        self.runtime.block_on(self.db.write(add)).unwrap();
    }

    /// Attempts that have not ended.
    pub(super) fn open_count(&self) -> i64 {
        let count = |tx: &mut Tx<'_>| tx.scalar("SELECT COUNT(*) FROM collection WHERE state <> 'Ended'", &[]);
        self.runtime.block_on(self.db.read::<i64, db::Error>(count)).unwrap()
    }

    /// Everything is found out, by the workers of the server.
    pub(super) fn wait_until_nothing_is_open(&self) {
        wait_for("the end of every payment", || (self.open_count() == 0).then_some(()));
    }

    /// Every charge is a payment and every refund a refund, of the same amounts; and nothing else is.
    pub(super) fn assert_agree(&self, line: &Line) {
        let attempts = self.attempts();
        for attempt in &attempts {
            let has_moved = attempt.paid.is_some() || attempt.refunded.is_some();
            assert_eq!(attempt.status == "Successful", has_moved, "{attempt:?}");
        }
        let of = |amount: fn(&Attempt) -> Option<i64>| -> Vec<(String, i64)> {
            attempts.iter().filter_map(|attempt| Some((attempt.key.clone(), amount(attempt)? / 10_000))).collect()
        };
        assert_eq!(of(|attempt| attempt.paid), line.charged(), "payments and what the gateway charged");
        assert_eq!(of(|attempt| attempt.refunded), line.refunded(), "refunds and what the gateway gave back");
    }

    /// Every attempt, by its key.
    fn attempts(&self) -> Vec<Attempt> {
        let sql = "SELECT l.gateway_key, v.status, p.amount, r.amount FROM collection l
            JOIN payment_activity v ON v.account_id = l.account_id AND v.id = l.activity_id
            LEFT JOIN payment p ON p.account_id = l.account_id AND p.activity_id = l.activity_id
            LEFT JOIN refund r ON r.account_id = l.account_id AND r.activity_id = l.activity_id";
        let attempt = |row: &Row<'_>| {
            Ok(Attempt { key: row.get(0)?, status: row.get(1)?, paid: row.get(2)?, refunded: row.get(3)? })
        };
        let read = move |tx: &mut Tx<'_>| tx.query(sql, &values![], attempt);
        let mut attempts = self.runtime.block_on(self.db.read::<Vec<Attempt>, db::Error>(read)).unwrap();
        attempts.sort_by(|one, other| one.key.cmp(&other.key));
        attempts
    }
}
