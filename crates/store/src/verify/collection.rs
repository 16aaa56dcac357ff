//! Attempts to move money through a gateway, beside what they brought.

use billing::id::AccountId;
use db::{Error, Tx, values};
use money::Amount;

use super::each;

/// An attempt as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredCollection<'r> {
    /// The payment activity.
    pub id: i64,
    /// Its status.
    pub status: &'r str,
    /// How much was to move.
    pub amount: Amount,
    /// Where its collection stands; none when there is none.
    pub state: Option<&'r str>,
    /// Whether the gateway's name of the charge or refund is kept.
    pub has_transaction: bool,
    /// The amount of the payment or the refund that it brought; none when there is neither.
    pub brought: Option<Amount>,
}

/// Visits every attempt of an account to take or give back money through a gateway, in order of id.
pub fn each_collection(
    tx: &mut Tx<'_>,
    account: AccountId,
    mut visit: impl FnMut(StoredCollection<'_>),
) -> Result<(), Error> {
    let sql = "SELECT v.id, v.status, v.amount, COALESCE(l.state, ''),
             CASE WHEN l.transaction_name IS NULL THEN 0 ELSE 1 END, COALESCE(p.amount, r.amount)
         FROM payment_activity v
         LEFT JOIN collection l ON l.account_id = v.account_id AND l.activity_id = v.id
         LEFT JOIN payment p ON p.account_id = v.account_id AND p.id = v.payment_id
         LEFT JOIN refund r ON r.account_id = v.account_id AND r.id = v.refund_id
         WHERE v.account_id = $1 AND (l.activity_id IS NOT NULL
             OR v.activity_type IN ('Collect', 'Refund') AND (v.gateway_name IS NOT NULL OR v.status = 'Unknown'))
         ORDER BY v.id";
    each(tx, sql, &values![account.0], |row| {
        let state = row.text(3)?;
        visit(StoredCollection {
            id: row.get(0)?,
            status: row.text(1)?,
            amount: row.get(2).map(Amount::from_millionths)?,
            state: (!state.is_empty()).then_some(state),
            has_transaction: row.get::<i64>(4)? == 1,
            brought: row.get::<Option<i64>>(5)?.map(Amount::from_millionths),
        });
        Ok(())
    })
}
