//! What moved the balances of customers, with the rows that the transactions post.

use std::collections::BTreeMap;

use billing::{
    ar_activity::{ActivityAllocation, ArActivity, END_DATE, START_DATE},
    id::{AccountId, CustomerId, InvoiceId, PaymentActivityId, PurchaseId},
    listing::{Kind, Page, Slice},
    statement::Period,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};
use ledger::TransactionKind;
use money::{Amount, Price, Quantity};

use crate::{
    listing::{Column, Source, column, list as list_page},
    many::each_of,
    row::{Columns, at, sum_of, unknown},
};

const SELECT: &str =
    "t.id, t.customer_id, t.effective_at, t.kind, t.currency, COALESCE(x.name, c.name), c.description, p.code,
    COALESCE(m.activity_id, f.activity_id),
    COALESCE(m.reference, f.reference, k.reference, b.reference, w.reference, o.reference, n.reference),
    CASE WHEN t.kind = 'Charge' THEN c.quantity END, CASE WHEN t.kind = 'Charge' THEN c.unit_price END,
    (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM ledger_line l WHERE l.account_id = t.account_id
        AND l.transaction_id = t.id AND l.debit = 'AccountsReceivable'),
    (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) FROM ledger_line l WHERE l.account_id = t.account_id
        AND l.transaction_id = t.id AND l.credit = 'AccountsReceivable'),
    c.gl_code, CASE WHEN t.kind <> 'Charge' THEN COALESCE(f.payment_id, b.credit_id, c.id) END,
    c.purchase_id, n.credit_note_number";

/// The row that each transaction posts. The kind comes first: others look nothing up.
const FROM: &str = "ledger_transaction t
    LEFT JOIN charge c ON c.account_id = t.account_id AND c.id = t.charge_id
    LEFT JOIN product p ON p.account_id = c.account_id AND p.id = c.product_id
    LEFT JOIN charge_tax x ON t.kind = 'Tax' AND x.account_id = t.account_id AND x.id = t.id
    LEFT JOIN payment m ON t.kind = 'Payment' AND m.account_id = t.account_id AND m.id = t.id
    LEFT JOIN refund f ON t.kind = 'Refund' AND f.account_id = t.account_id AND f.id = t.id
    LEFT JOIN credit k ON t.kind = 'Credit' AND k.account_id = t.account_id AND k.id = t.id
    LEFT JOIN debit b ON t.kind = 'Debit' AND b.account_id = t.account_id AND b.id = t.id
    LEFT JOIN write_off w ON t.kind = 'WriteOff' AND w.account_id = t.account_id AND w.id = t.id
    LEFT JOIN opening_balance o ON t.kind = 'OpeningBalance' AND o.account_id = t.account_id AND o.id = t.id
    LEFT JOIN reversal r ON t.kind = 'ReverseCharge' AND r.account_id = t.account_id AND r.id = t.id
    LEFT JOIN credit_note n ON n.account_id = r.account_id AND n.id = r.credit_note_id";

/// Which transactions touch what a customer owes; earning does not, and neither does what was deferred before.
macro_rules! moves {
    () => {
        "t.kind NOT IN ('Earning', 'DiscountEarning', 'OpeningDeferral', 'ReverseOpeningDeferral')"
    };
}

/// Names that activities can be filtered and sorted by.
pub const COLUMNS: &[Column] = &[
    column("id", Kind::Id, "t.id"),
    column(START_DATE, Kind::Instant, "t.effective_at"),
    column(END_DATE, Kind::Instant, "t.effective_at"),
    column("effectiveTimestamp", Kind::Instant, "t.effective_at"),
    column("transactionType", Kind::Enum(KINDS), "t.kind"),
    column("customerId", Kind::Integer, "t.customer_id"),
];

/// Their kinds.
const KINDS: &[&str] = &[
    TransactionKind::Charge.name(),
    TransactionKind::Discount.name(),
    TransactionKind::Tax.name(),
    TransactionKind::Payment.name(),
    TransactionKind::Refund.name(),
    TransactionKind::Credit.name(),
    TransactionKind::Debit.name(),
    TransactionKind::WriteOff.name(),
    TransactionKind::ReverseCharge.name(),
    TransactionKind::ReverseDiscount.name(),
    TransactionKind::ReverseTax.name(),
    TransactionKind::OpeningBalance.name(),
];

/// A page of the account's activities.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<ArActivity>, Error> {
    let scope = concat!("t.account_id = $1 AND ", moves!());
    let source = Source { select: SELECT, from: FROM, scope, id: "t.id", columns: COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0], page, activity)?;
    fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// A page of a customer's activities, in the order of its chain unless another is asked for.
pub fn list_of_customer(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    page: &Page,
) -> Result<Slice<ArActivity>, Error> {
    let scope = concat!("t.account_id = $1 AND t.customer_id = $2 AND ", moves!());
    let source = Source { select: SELECT, from: FROM, scope, id: "t.sequence", columns: COLUMNS };
    let mut slice = list_page(tx, &source, &values![account.0, customer.0], page, activity)?;
    fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

/// A customer's activities that count from one instant until another, in the order in which they count; so many at most.
pub fn list_between(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    period: Period,
    count_max: usize,
) -> Result<Vec<ArActivity>, Error> {
    let sql = format!(
        "SELECT {SELECT} FROM {FROM}
         WHERE t.account_id = $1 AND t.customer_id = $2 AND {}
             AND t.effective_at >= $3 AND t.effective_at < $4
         ORDER BY t.effective_at, t.sequence LIMIT $5",
        moves!()
    );
    let limit = i64::try_from(count_max).unwrap_or(i64::MAX);
    let parameters = values![account.0, customer.0, at(period.from()), at(period.until()), limit];
    let mut activities = tx.query(&sql, &parameters, activity)?;
    fill(tx, account, &mut activities)?;
    Ok(activities)
}

/// What a customer owed at an instant, by everything that counts before it.
pub fn balance_before(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    until: Instant,
) -> Result<Amount, Error> {
    let sql = format!(
        "SELECT {} FROM (
             SELECT CAST(0 AS BIGINT) AS change
             UNION ALL
             SELECT CASE WHEN l.debit = 'AccountsReceivable' THEN l.amount ELSE -l.amount END
             FROM ledger_transaction t
             JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
             WHERE t.account_id = $1 AND t.customer_id = $2 AND t.effective_at < $3
                 AND (l.debit = 'AccountsReceivable' OR l.credit = 'AccountsReceivable')
         ) AS side",
        sum_of("change")
    );
    tx.query_one(&sql, &values![account.0, customer.0, at(until)], |row| Columns::of(row).sum())
}

fn activity(row: &Row<'_>) -> Result<ArActivity, Error> {
    let mut columns = Columns::of(row);
    Ok(ArActivity {
        id: columns.next()?,
        customer: CustomerId(columns.next()?),
        effective_at: columns.instant()?,
        kind: {
            let name: String = columns.next()?;
            TransactionKind::parse(&name).ok_or_else(|| unknown(&name))?
        },
        currency: columns.currency()?,
        name: columns.next()?,
        description: columns.next()?,
        product_code: columns.next()?,
        payment_activity: columns.next::<Option<i64>>()?.map(PaymentActivityId),
        reference: columns.next()?,
        quantity: columns.next::<Option<i64>>()?.map(Quantity::from_millionths),
        unit_price: columns.next::<Option<i64>>()?.map(Price::from_millionths),
        debit: columns.amount()?,
        credit: columns.amount()?,
        gl_code: columns.next()?,
        associated_id: columns.next()?,
        purchase: columns.next::<Option<i64>>()?.map(PurchaseId),
        credit_note: columns.next()?,
        invoices: Vec::new(),
    })
}

/// Which invoices transactions belong to. What is about a charge is wholly its invoice's.
const INVOICES: &str = "SELECT part.id, i.id, i.invoice_number, part.amount FROM (
        SELECT account_id, payment_id AS id, invoice_id, amount FROM payment_allocation
            WHERE account_id = $1 AND payment_id IN ({owners})
        UNION ALL SELECT account_id, credit_id, invoice_id, amount FROM credit_allocation
            WHERE account_id = $1 AND credit_id IN ({owners})
        UNION ALL SELECT account_id, opening_balance_id, invoice_id, amount FROM deposit_allocation
            WHERE account_id = $1 AND opening_balance_id IN ({owners})
        UNION ALL SELECT account_id, refund_id, invoice_id, amount FROM refund_allocation
            WHERE account_id = $1 AND refund_id IN ({owners})
        UNION ALL SELECT account_id, debit_id, invoice_id, amount FROM debit_allocation
            WHERE account_id = $1 AND debit_id IN ({owners})
        UNION ALL SELECT account_id, id, invoice_id, amount FROM write_off
            WHERE account_id = $1 AND id IN ({owners})
        UNION ALL SELECT account_id, id, invoice_id, amount FROM opening_balance
            WHERE account_id = $1 AND id IN ({owners}) AND invoice_id IS NOT NULL
        UNION ALL SELECT t.account_id, t.id, c.invoice_id,
                (SELECT CAST(SUM(l.amount) AS BIGINT) FROM ledger_line l
                    WHERE l.account_id = t.account_id AND l.transaction_id = t.id)
            FROM ledger_transaction t JOIN charge c ON c.account_id = t.account_id AND c.id = t.charge_id
            WHERE t.account_id = $1 AND t.id IN ({owners})
    ) AS part JOIN invoice i ON i.account_id = part.account_id AND i.id = part.invoice_id
    WHERE part.amount > 0 ORDER BY part.id, i.id";

fn fill(tx: &mut Tx<'_>, account: AccountId, activities: &mut [ArActivity]) -> Result<(), Error> {
    let ids: Vec<i64> = activities.iter().map(|activity| activity.id).collect();
    let mut found: BTreeMap<i64, Vec<ActivityAllocation>> = BTreeMap::new();
    each_of(tx, account, &ids, INVOICES, |id, columns| {
        let invoice = InvoiceId(columns.next()?);
        let allocation = ActivityAllocation { invoice, number: columns.next()?, amount: columns.amount()? };
        found.entry(id).or_default().push(allocation);
        Ok(())
    })?;
    for activity in activities {
        activity.invoices = found.remove(&activity.id).unwrap_or_default();
    }
    Ok(())
}
