//! Attempts to move money, with what they brought about.

use std::collections::HashMap;

use billing::{
    id::{AccountId, CustomerId, PaymentActivityId},
    listing::{Kind, Page, Slice},
    named::Named,
    payment::{PaymentMethod, PaymentSource},
    payment_activity::{ActivityStatus, ActivityType, Outcome, PaymentActivity},
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use money::{Amount, Currency};

use crate::{
    customer::OF_CUSTOMER,
    listing::{Column, Source, column, joined, list as list_page},
    payment, refund,
    row::{Columns, at},
};

const SELECT: &str =
    "v.id, v.customer_id, c.parent_id, v.activity_type, v.status, v.source, v.method, v.amount, v.currency,
    v.effective_at, v.created_at, v.method_label, v.gateway_name, v.gateway_text, v.payment_id, v.refund_id";

const FROM: &str = "payment_activity v JOIN customer c ON c.account_id = v.account_id AND c.id = v.customer_id";

/// The ways that a filter may name (receivables.md §6); nothing is paid by Paypal here.
const METHODS: &[&str] = &["Check", "DirectDeposit", "CreditCard", "Cash", "ACH", "Paypal"];

/// Names that the attempts of a customer can be filtered and sorted by (receivables.md §6).
pub const COLUMNS: &[Column] = &[
    column("id", Kind::Id, "v.id"),
    column("amount", Kind::Decimal, "v.amount"),
    column("createdTimestamp", Kind::Instant, "v.created_at"),
    column("effectiveTimestamp", Kind::Instant, "v.effective_at"),
    // An attempt changes once, when its end is known.
    column("modifiedTimestamp", Kind::Instant, "COALESCE(v.ended_at, v.created_at)"),
    column("GatewayName", Kind::Text, "v.gateway_name"),
    column("parentCustomerId", Kind::Integer, "c.parent_id"),
    column("customerId", Kind::Integer, "v.customer_id"),
    column("PaymentActivityStatus", Kind::Enum(ActivityStatus::NAMES), "v.status"),
    column("PaymentMethodType", Kind::Enum(METHODS), "v.method"),
    column("PaymentSource", Kind::Enum(PaymentSource::NAMES), "v.source"),
    column("PaymentType", Kind::Enum(ActivityType::NAMES), "v.activity_type"),
    // What the members of an answer are called.
    column("status", Kind::Enum(ActivityStatus::NAMES), "v.status"),
    column("source", Kind::Enum(PaymentSource::NAMES), "v.source"),
    column("transactionType", Kind::Enum(ActivityType::NAMES), "v.activity_type"),
];

/// The same for the attempts of the account, and what can be asked of their customers.
pub const ACCOUNT_COLUMNS: &[Column] = &joined::<{ COLUMNS.len() + OF_CUSTOMER.len() }>(&[COLUMNS, OF_CUSTOMER]);

/// An attempt to find out whether a card or bank account is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// Its id.
    pub id: PaymentActivityId,
    /// Whose card or bank account it is.
    pub customer: CustomerId,
    /// How it ended.
    pub status: ActivityStatus,
    /// Where it came from.
    pub source: PaymentSource,
    /// A card or a bank account.
    pub method: PaymentMethod,
    /// What was tried to be taken: nothing.
    pub amount: Amount,
    /// The customer's currency.
    pub currency: Currency,
}

/// Stores an attempt to find out whether a card or bank account is good.
pub fn insert_validation(
    tx: &mut Tx<'_>,
    account: AccountId,
    validation: &Validation,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO payment_activity (account_id, id, customer_id, activity_type, status, source, method, amount,
             currency, effective_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        &values![
            account.0,
            validation.id.0,
            validation.customer.0,
            ActivityType::Validate.name(),
            validation.status.name(),
            validation.source.name(),
            validation.method.name(),
            validation.amount.millionths(),
            validation.currency.code(),
            at(now)
        ],
    )?;
    Ok(())
}

/// One attempt.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PaymentActivityId) -> Result<Option<PaymentActivity>, Error> {
    let sql = format!("SELECT {SELECT} FROM {FROM} WHERE v.account_id = $1 AND v.id = $2");
    let found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], stored)?);
    Ok(filled(tx, account, found)?.pop())
}

/// A page of the account's attempts.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<PaymentActivity>, Error> {
    let source =
        Source { select: SELECT, from: FROM, scope: "v.account_id = $1", id: "v.id", columns: ACCOUNT_COLUMNS };
    slice(tx, account, &source, &values![account.0], page)
}

/// A page of a customer's attempts.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<PaymentActivity>, Error> {
    let scope = "v.account_id = $1 AND v.customer_id = $2";
    let source = Source { select: SELECT, from: FROM, scope, id: "v.id", columns: COLUMNS };
    slice(tx, account, &source, &values![account.0, customer.0], page)
}

/// A page of the attempts of a customer's children.
pub fn list_of_children(
    tx: &mut Tx<'_>,
    account: AccountId,
    parent: CustomerId,
    page: &Page,
) -> Result<Slice<PaymentActivity>, Error> {
    let scope = "v.account_id = $1 AND c.parent_id = $2";
    let source = Source { select: SELECT, from: FROM, scope, id: "v.id", columns: COLUMNS };
    slice(tx, account, &source, &values![account.0, parent.0], page)
}

fn slice(
    tx: &mut Tx<'_>,
    account: AccountId,
    source: &Source,
    scope: &[db::Value<'_>],
    page: &Page,
) -> Result<Slice<PaymentActivity>, Error> {
    let Slice { rows, matching, total } = list_page(tx, source, scope, page, stored)?;
    Ok(Slice { rows: filled(tx, account, rows)?, matching, total })
}

/// An attempt, and the ids of the payment and of the refund that it brought about.
type Stored = (PaymentActivity, Option<i64>, Option<i64>);

fn stored(row: &Row<'_>) -> Result<Stored, Error> {
    let mut columns = Columns::of(row);
    let activity = PaymentActivity {
        id: PaymentActivityId(columns.next()?),
        customer: CustomerId(columns.next()?),
        parent: columns.next::<Option<i64>>()?.map(CustomerId),
        activity_type: columns.named()?,
        status: columns.named()?,
        source: columns.named()?,
        method: columns.named()?,
        amount: columns.amount()?,
        currency: columns.currency()?,
        effective_at: columns.instant()?,
        created_at: columns.instant()?,
        method_label: columns.next()?,
        gateway_name: columns.next()?,
        gateway_text: columns.next()?,
        outcome: None,
    };
    Ok((activity, columns.next()?, columns.next()?))
}

/// Reads what they brought about.
fn filled(tx: &mut Tx<'_>, account: AccountId, stored: Vec<Stored>) -> Result<Vec<PaymentActivity>, Error> {
    let payments: Vec<_> = stored.iter().filter_map(|(_, payment, _)| *payment).collect();
    let refunds: Vec<_> = stored.iter().filter_map(|(.., refund)| *refund).collect();
    let payments = payment::list(tx, account, &payments)?;
    let refunds = refund::list(tx, account, &refunds)?;
    let mut outcomes: HashMap<_, _> =
        payments.into_iter().map(|payment| (payment.activity, Outcome::Payment(payment))).collect();
    outcomes.extend(refunds.into_iter().map(|refund| (refund.activity, Outcome::Refund(refund))));
    let with = |(activity, ..): Stored| {
        let outcome = outcomes.remove(&activity.id);
        PaymentActivity { outcome, ..activity }
    };
    Ok(stored.into_iter().map(with).collect())
}
