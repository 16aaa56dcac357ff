//! Statements say what the ledger says: at every instant, in every grouping, and of what invoices owe.

use app::{ar_activities, statements::generate};
use billing::{
    ar_activity::ArActivity,
    id::CustomerId,
    listing::Page,
    statement::{ACTIVITY_COUNT_MAX, Period, Statement, StatementOrder},
};
use calendar::Instant;
use db::values;
use money::Amount;

use crate::{
    shop::{Shop, each_shop, opening},
    verify::tell_story,
};

/// What the database has of a customer without regard to statements.
const STANDING: &str = "SELECT c.balance,
        (SELECT CAST(COALESCE(SUM(i.outstanding), 0) AS BIGINT) FROM invoice i
            WHERE i.account_id = c.account_id AND i.customer_id = c.id),
        (SELECT CAST(COALESCE(SUM(f.unallocated), 0) AS BIGINT) FROM (
            SELECT account_id, customer_id, unallocated FROM payment
            UNION ALL SELECT account_id, customer_id, unallocated FROM credit
            UNION ALL SELECT account_id, customer_id, unallocated FROM opening_balance WHERE invoice_id IS NULL
        ) AS f WHERE f.account_id = c.account_id AND f.customer_id = c.id)
    FROM customer c WHERE c.account_id = $1 AND c.id = $2";

const TRANSACTION: &[&str] =
    &["account_id", "id", "customer_id", "sequence", "kind", "currency", "effective_at", "created_at", "hash"];

/// Debits less credits.
fn change<'a>(activities: impl IntoIterator<Item = &'a ArActivity>) -> Amount {
    let changes = activities.into_iter().map(|activity| activity.debit.checked_sub(activity.credit).unwrap());
    Amount::sum(changes).unwrap()
}

impl Shop {
    /// A customer's statement.
    pub(crate) async fn statement(&self, customer: CustomerId, from: Instant, until: Instant) -> Statement {
        let period = Period::new(from, until).unwrap();
        let order = StatementOrder { customer, period, display: None };
        self.act(move |tx, session| generate::run(tx, session, &order)).await.unwrap().statement
    }

    /// States that the statements between these instants are what the ledger says, and that one of everything ends where
    /// invoices, payments and credits stand.
    pub(crate) async fn assert_statements(&self, customer: CustomerId, cuts: &[Instant], told: &str) {
        let list =
            self.act(move |tx, session| ar_activities::list_of_customer(tx, session, customer, &Page::default()));
        let mut all = list.await.unwrap().rows;
        all.sort_by_key(|activity| activity.effective_at);
        let held = |until| change(all.iter().filter(|activity| activity.effective_at < until));
        for pair in cuts.windows(2) {
            let (from, until) = (pair[0], pair[1]);
            let statement = self.statement(customer, from, until).await;
            assert_eq!((statement.opening, statement.closing()), (held(from), held(until)), "{from} {until} {told}");
            let within = all.iter().filter(|activity| activity.effective_at >= from && activity.effective_at < until);
            let listed = statement.entries.iter().map(|entry| &entry.activity);
            assert!(listed.eq(within), "{from} {until} {told}");
            assert_sums(&statement, told);
        }
        let whole = self.statement(customer, opening(), self.app.now().plus_millis(1)).await;
        let account = self.account;
        let standing = self.act(move |tx, _| {
            let parameters = values![account.0, customer.0];
            Ok(tx.query_one(STANDING, &parameters, |row| Ok([row.get::<i64>(0)?, row.get(1)?, row.get(2)?]))?)
        });
        let said = [whole.closing(), whole.aging.total().unwrap(), whole.unapplied().unwrap()];
        assert_eq!(said.map(Amount::millionths), standing.await.unwrap(), "{told}");
    }
}

/// However the transactions are put together, they lead from the opening to the closing balance.
fn assert_sums(statement: &Statement, told: &str) {
    let change = statement.closing().checked_sub(statement.opening).unwrap();
    assert_eq!(statement.debits().unwrap().checked_sub(statement.credits().unwrap()), Ok(change), "{told}");
    let groups = statement.groups().unwrap();
    assert_eq!(Amount::sum(groups.iter().map(|group| group.total)), Ok(change), "{told}");
    assert_eq!(groups.iter().map(|group| group.entries.len()).sum::<usize>(), statement.entries.len(), "{told}");
    assert!(groups.iter().all(|group| group.purchase.is_some() == group.name.is_some()), "{told}");
    let acts = statement.acts().unwrap();
    assert_eq!(Amount::sum(acts.iter().map(|act| act.change)), Ok(change), "{told}");
    assert_eq!(acts.last().map_or(statement.opening, |act| act.balance), statement.closing(), "{told}");
    let owed = statement.aging.total().unwrap();
    assert!(!owed.is_negative() && !statement.unapplied().unwrap().is_negative(), "{told}");
}

#[tokio::test]
async fn statements_of_any_days_lead_from_one_balance_to_the_next() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let account = shop.account;
        let buyer = "SELECT id FROM customer WHERE account_id = $1 AND ledger_sequence > 0";
        let buyer = shop.act(move |tx, _| Ok(CustomerId(tx.scalar(buyer, &values![account.0])?))).await.unwrap();
        let cuts: Vec<_> = (0..75).map(|days| opening().plus_days(days)).collect();
        shop.assert_statements(buyer, &cuts, "day by day").await;
        let coarse = [opening(), opening().plus_days(1).plus_millis(1), opening().plus_days(400)];
        shop.assert_statements(buyer, &coarse, "at once").await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_without_end_is_refused() {
    each_shop(async |shop| {
        let (customer, account) = (shop.customer().await, shop.account);
        shop.act(move |tx, session| {
            let count = i64::try_from(ACTIVITY_COUNT_MAX).unwrap();
            let at = db::Millis(session.now.millis());
            let rows = (0..=count).map(|number| {
                values![account.0, 1_000_000 + number, customer.0, 1_000 + number, "Payment", "USD", at, at, "none"]
            });
            Ok(tx.insert("ledger_transaction", TRANSACTION, rows)?)
        })
        .await
        .unwrap();
        let period = Period::new(opening(), opening().plus_days(1)).unwrap();
        let order = StatementOrder { customer, period, display: None };
        let refused = shop.act(move |tx, session| generate::run(tx, session, &order)).await.unwrap_err().to_string();
        assert!(refused.contains("at most 10000 transactions"), "{refused}");
    })
    .await;
}
