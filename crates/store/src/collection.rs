//! Attempts to move money through a gateway, from the intent to the end.

mod parts;

use billing::{
    collection::{Collection, CollectionState, End, Moved, Plan, Via},
    id::{AccountId, CustomerId, GatewayId, PaymentActivityId, PaymentId, PaymentMethodId},
    named::Named,
    payment_activity::{ActivityStatus, ActivityType},
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at, at_opt, day_opt, name_opt, text_opt};

pub use self::parts::set_invoices;

/// What an attempt shows beside its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What is charged, such as `Visa ending in 1111`.
    pub label: Option<String>,
    /// The gateway's name.
    pub gateway: String,
}

/// Stores an attempt that is about to be made, of which nobody knows how it ends, and reserves what it is for.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    collection: &Collection,
    shown: &Shown,
    now: Instant,
) -> Result<(), Error> {
    let Collection { activity, customer, via, plan, .. } = collection;
    let activity_type = if plan.refunds.is_some() { ActivityType::Refund } else { ActivityType::Collect };
    tx.execute(
        "INSERT INTO payment_activity (account_id, id, customer_id, activity_type, status, source, method, amount,
             currency, effective_at, created_at, method_label, gateway_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &values![
            account.0,
            activity.0,
            customer.0,
            activity_type.name(),
            ActivityStatus::Unknown.name(),
            collection.source.name(),
            collection.method.name(),
            collection.amount.millionths(),
            collection.currency.code(),
            at(plan.effective_at.unwrap_or(now)),
            at(now),
            text_opt(shown.label.as_ref()),
            shown.gateway.as_str()
        ],
    )?;
    tx.execute(
        "INSERT INTO collection (account_id, activity_id, customer_id, state, gateway_id, gateway_key, payment_method_id,
             becomes_default, is_new_method, attempt_number, purpose, auto_allocate, activates_customer, uses_funds_first,
             tolerates_failure, refunded_payment_id, reference, reference_date, effective_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        &values![
            account.0,
            activity.0,
            customer.0,
            collection.state.name(),
            via.gateway.0,
            collection.key.as_str(),
            via.stored.map(|method| method.0),
            via.becomes_default,
            via.is_new,
            collection.attempt,
            plan.purpose.name(),
            name_opt(plan.auto_allocate),
            plan.activates_customer,
            plan.uses_funds_first,
            plan.tolerates_failure,
            plan.refunds.map(|payment| payment.0),
            text_opt(plan.reference.as_ref()),
            day_opt(plan.reference_date),
            at_opt(plan.effective_at)
        ],
    )?;
    parts::insert(tx, account, collection)?;
    if plan.reserves() { parts::reserve(tx, account, *activity, plan) } else { Ok(()) }
}

/// Notes that the gateway gave no clear answer, and its words.
pub fn set_unclear(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId, text: &str) -> Result<(), Error> {
    tx.execute(
        "UPDATE collection SET state = $3 WHERE account_id = $1 AND activity_id = $2 AND state <> 'Ended'",
        &values![account.0, id.0, CollectionState::Unclear.name()],
    )?;
    tx.execute(
        "UPDATE payment_activity SET gateway_text = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, text],
    )?;
    Ok(())
}

/// Ends an attempt: its status, the gateway's words, and what was reserved is free. What money that moved brought about is
/// stored before.
pub fn end(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId, end: &End, now: Instant) -> Result<(), Error> {
    let (status, moved, stranded, text) = match end {
        End::Moved(moved) => (ActivityStatus::Successful, Some(moved), None, None),
        End::Stranded(moved, text) => (ActivityStatus::Successful, Some(moved), Some(text), None),
        End::Failed(text) => (ActivityStatus::Failed, None, None, Some(text)),
    };
    tx.execute(
        "UPDATE collection SET state = $3, transaction_name = $4, authorization_code = $5, stranded_text = $6
         WHERE account_id = $1 AND activity_id = $2",
        &values![
            account.0,
            id.0,
            CollectionState::Ended.name(),
            text_opt(moved.map(|moved| &moved.transaction)),
            text_opt(moved.and_then(|moved| moved.authorization.as_ref())),
            text_opt(stranded)
        ],
    )?;
    tx.execute(
        "UPDATE payment_activity SET status = $3, gateway_text = $4, ended_at = $5 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, status.name(), text_opt(text), at(now)],
    )?;
    Ok(())
}

/// Frees what an attempt has reserved.
pub fn release(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId) -> Result<(), Error> {
    parts::release(tx, account, id)
}

/// One attempt.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId) -> Result<Option<Collection>, Error> {
    let sql = format!("SELECT {SELECT} WHERE l.account_id = $1 AND l.activity_id = $2");
    let Some(mut found) = tx.query_opt(&sql, &values![account.0, id.0], collection)? else { return Ok(None) };
    parts::fill(tx, account, &mut found)?;
    Ok(Some(found))
}

/// The attempt of a customer that has not ended.
pub fn find_open(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Option<Collection>, Error> {
    let id = tx.query_opt(
        "SELECT activity_id FROM collection WHERE account_id = $1 AND customer_id = $2 AND state <> 'Ended'",
        &values![account.0, customer.0],
        |row| row.get(0).map(PaymentActivityId),
    )?;
    id.map_or(Ok(None), |id| find(tx, account, id))
}

/// The attempt with a payment method that has not ended, whosoever it is. Those that have not ended are found by their
/// customers, and are few.
pub fn find_open_with(
    tx: &mut Tx<'_>,
    account: AccountId,
    method: PaymentMethodId,
) -> Result<Option<PaymentActivityId>, Error> {
    tx.query_opt(
        "SELECT MIN(activity_id) FROM collection
         WHERE account_id = $1 AND customer_id > 0 AND state <> 'Ended' AND payment_method_id = $2
         HAVING COUNT(*) > 0",
        &values![account.0, method.0],
        |row| row.get(0).map(PaymentActivityId),
    )
}

/// The attempt that has not ended, of the customer whose charge or refund has this key at the gateway: that one, or another of
/// which nothing is known. Another one that is on its way to the gateway is left alone: a question would put an end to it.
pub fn find_open_beside(tx: &mut Tx<'_>, account: AccountId, key: &str) -> Result<Option<PaymentActivityId>, Error> {
    tx.query_opt(
        "SELECT o.activity_id FROM collection l
         JOIN collection o ON o.account_id = l.account_id AND o.customer_id = l.customer_id AND o.state <> 'Ended'
         WHERE l.account_id = $1 AND l.gateway_key = $2 AND (o.state = 'Unclear' OR o.activity_id = l.activity_id)",
        &values![account.0, key],
        |row| row.get(0).map(PaymentActivityId),
    )
}

/// The attempt that brought a payment; none for money that was only recorded.
pub fn find_of_payment(tx: &mut Tx<'_>, account: AccountId, payment: PaymentId) -> Result<Option<Collection>, Error> {
    let id = tx.query_opt(
        "SELECT l.activity_id FROM payment p
         JOIN collection l ON l.account_id = p.account_id AND l.activity_id = p.activity_id
         WHERE p.account_id = $1 AND p.id = $2",
        &values![account.0, payment.0],
        |row| row.get(0).map(PaymentActivityId),
    )?;
    id.map_or(Ok(None), |id| find(tx, account, id))
}

/// The attempt that took money through a gateway, by the gateway's name of it.
pub fn find_of_transaction(
    tx: &mut Tx<'_>,
    account: AccountId,
    gateway: GatewayId,
    transaction: &str,
) -> Result<Option<PaymentActivityId>, Error> {
    tx.query_opt(
        "SELECT MAX(activity_id) FROM collection
         WHERE account_id = $1 AND transaction_name = $2 AND gateway_id = $3 AND refunded_payment_id IS NULL
         HAVING COUNT(*) > 0",
        &values![account.0, transaction, gateway.0],
        |row| row.get(0).map(PaymentActivityId),
    )
}

/// The gateway's names of what was last taken through it, the latest first.
pub fn list_last_transactions(
    tx: &mut Tx<'_>,
    account: AccountId,
    gateway: GatewayId,
    count_max: i64,
) -> Result<Vec<String>, Error> {
    tx.query(
        "SELECT transaction_name FROM collection
         WHERE account_id = $1 AND gateway_id = $2 AND transaction_name IS NOT NULL AND refunded_payment_id IS NULL
         ORDER BY activity_id DESC LIMIT $3",
        &values![account.0, gateway.0, count_max],
        |row| row.get(0),
    )
}

/// How many attempts of an account have not ended.
pub fn count_open(tx: &mut Tx<'_>, account: AccountId) -> Result<i64, Error> {
    tx.scalar("SELECT COUNT(*) FROM collection WHERE account_id = $1 AND state <> 'Ended'", &values![account.0])
}

const SELECT: &str = "l.activity_id, l.customer_id, l.state, l.gateway_key, l.gateway_id, l.payment_method_id,
        l.becomes_default, l.is_new_method, v.source, v.method, v.amount, v.currency, l.attempt_number, l.purpose,
        l.auto_allocate, l.activates_customer, l.uses_funds_first, l.tolerates_failure, l.refunded_payment_id, l.reference,
        l.reference_date, l.effective_at, v.status, l.transaction_name, l.authorization_code, l.stranded_text,
        v.gateway_text
    FROM collection l JOIN payment_activity v ON v.account_id = l.account_id AND v.id = l.activity_id";

fn collection(row: &Row<'_>) -> Result<Collection, Error> {
    let mut columns = Columns::of(row);
    Ok(Collection {
        activity: PaymentActivityId(columns.next()?),
        customer: CustomerId(columns.next()?),
        state: columns.named()?,
        key: columns.next()?,
        via: Via {
            gateway: GatewayId(columns.next()?),
            stored: columns.next::<Option<i64>>()?.map(PaymentMethodId),
            becomes_default: columns.next()?,
            is_new: columns.next()?,
        },
        source: columns.named()?,
        method: columns.named()?,
        amount: columns.amount()?,
        currency: columns.currency()?,
        attempt: columns.next()?,
        plan: plan(&mut columns)?,
        end: end_of(&mut columns)?,
    })
}

fn plan(columns: &mut Columns<'_, '_>) -> Result<Plan, Error> {
    Ok(Plan {
        purpose: columns.named()?,
        auto_allocate: columns.named_opt()?,
        activates_customer: columns.next()?,
        uses_funds_first: columns.next()?,
        tolerates_failure: columns.next()?,
        refunds: columns.next::<Option<i64>>()?.map(PaymentId),
        reference: columns.next()?,
        reference_date: columns.date_opt()?,
        effective_at: columns.instant_opt()?,
        allocations: Vec::new(),
        purchases: Vec::new(),
        drafts: Vec::new(),
    })
}

fn end_of(columns: &mut Columns<'_, '_>) -> Result<Option<End>, Error> {
    let status: ActivityStatus = columns.named()?;
    let (transaction, authorization): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let (stranded, text): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    let moved = Moved { transaction: transaction.unwrap_or_default(), authorization };
    Ok(match (status, stranded) {
        (ActivityStatus::Unknown, _) => None,
        (ActivityStatus::Failed, _) => Some(End::Failed(text.unwrap_or_default())),
        (ActivityStatus::Successful, None) => Some(End::Moved(moved)),
        (ActivityStatus::Successful, Some(stranded)) => Some(End::Stranded(moved, stranded)),
    })
}
