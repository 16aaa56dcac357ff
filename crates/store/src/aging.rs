//! What invoices asked for and what was taken from it by an instant, from dated facts alone: what is recorded later changes
//! nothing about the past.

use std::collections::HashMap;

use billing::{
    id::{AccountId, CustomerId, InvoiceId},
    invoice::PaymentSchedule,
};
use calendar::Instant;
use db::{Error, Tx, Value, values};
use money::{Amount, Currency};

use crate::row::{Columns, at, sum_of};

/// One invoice as it was posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedInvoice {
    /// Its id.
    pub id: InvoiceId,
    /// Who owes.
    pub customer: CustomerId,
    /// In which currency.
    pub currency: Currency,
    /// Its instalments, of which nothing is settled yet.
    pub schedules: Vec<PaymentSchedule>,
}

/// Whose invoices, and which facts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Of everybody; what was recorded by then.
    Recorded,
    /// Of one customer; what counts by then, whenever it was recorded, as the customer's statement has it.
    Effective(CustomerId),
}

impl Asked {
    /// The condition on the invoices.
    fn scope(self) -> String {
        match self {
            Self::Recorded => MAY_OWE.to_owned(),
            Self::Effective(_) => format!("{MAY_OWE} AND i.customer_id = $3"),
        }
    }

    fn parameters(self, account: AccountId, until: Instant) -> Vec<Value<'static>> {
        let mut parameters = values![account.0, at(until)].to_vec();
        match self {
            Self::Recorded => {}
            Self::Effective(customer) => parameters.push(Value::from(customer.0)),
        }
        parameters
    }
}

/// The invoices posted before `$2` that may have owed something then. One that owes nothing and did not change since owed
/// nothing then, so that old accounts are not read as a whole.
const MAY_OWE: &str = "i.account_id = $1 AND i.posted_at < $2 AND (i.outstanding > 0 OR i.modified_at >= $2)";

/// The invoices posted before `until` that may have owed something then, by customer.
pub fn posted(tx: &mut Tx<'_>, account: AccountId, asked: Asked, until: Instant) -> Result<Vec<PostedInvoice>, Error> {
    let sql = format!(
        "SELECT i.id, i.customer_id, i.currency, s.id, s.due_at, s.amount, s.days_due_after_term
         FROM invoice i JOIN payment_schedule s ON s.account_id = i.account_id AND s.invoice_id = i.id
         WHERE {} ORDER BY i.customer_id, i.id, s.id",
        asked.scope()
    );
    let mut invoices: Vec<PostedInvoice> = Vec::new();
    tx.each(&sql, &asked.parameters(account, until), |row| {
        let mut columns = Columns::of(row);
        let id = InvoiceId(columns.next()?);
        let (customer, currency) = (CustomerId(columns.next()?), columns.currency()?);
        let (schedule, due_at, amount) = (columns.next()?, columns.instant()?, columns.amount()?);
        let days_due_after_term = columns.next()?;
        let schedule = PaymentSchedule { id: schedule, due_at, amount, outstanding: amount, days_due_after_term };
        match invoices.last_mut().filter(|last| last.id == id) {
            Some(last) => last.schedules.push(schedule),
            None => invoices.push(PostedInvoice { id, customer, currency, schedules: vec![schedule] }),
        }
        Ok::<_, Error>(())
    })?;
    Ok(invoices)
}

/// What payments, credits, credit notes and write-offs had taken from each of those invoices by then, less what was given
/// back; invoices of which nothing was taken are left out.
pub fn taken(
    tx: &mut Tx<'_>,
    account: AccountId,
    asked: Asked,
    until: Instant,
) -> Result<HashMap<InvoiceId, Amount>, Error> {
    let sql = format!(
        "SELECT fact.invoice_id, {}
         FROM ({}) AS fact JOIN invoice i ON i.account_id = fact.account_id AND i.id = fact.invoice_id
         WHERE {} GROUP BY fact.invoice_id",
        sum_of("fact.amount"),
        facts(asked),
        asked.scope()
    );
    let rows = tx.query(&sql, &asked.parameters(account, until), |row| {
        let mut columns = Columns::of(row);
        Ok((InvoiceId(columns.next()?), columns.sum()?))
    })?;
    Ok(rows.into_iter().collect())
}

/// Everything that took from an invoice before `$2`, or gave back to it, below zero. Credit notes and write-offs count when
/// they are recorded; money and goodwill may count before. What payments and credits gave later than when they were recorded
/// is in their allocations too, and counts from then only; deposits give nothing at first.
fn facts(asked: Asked) -> String {
    let counts_at = match asked {
        Asked::Recorded => "created_at",
        Asked::Effective(_) => "effective_at",
    };
    format!(
        "SELECT a.account_id, a.invoice_id, a.allocated AS amount FROM payment_allocation a
            JOIN payment p ON p.account_id = a.account_id AND p.id = a.payment_id
            WHERE a.account_id = $1 AND p.{counts_at} < $2
        UNION ALL SELECT a.account_id, a.invoice_id, a.allocated FROM credit_allocation a
            JOIN credit c ON c.account_id = a.account_id AND c.id = a.credit_id
            WHERE a.account_id = $1 AND c.{counts_at} < $2
        UNION ALL SELECT s.account_id, s.invoice_id, -s.amount FROM spent_allocation s
            JOIN payment p ON p.account_id = s.account_id AND p.id = s.payment_id
            WHERE s.account_id = $1 AND p.{counts_at} < $2
        UNION ALL SELECT s.account_id, s.invoice_id, -s.amount FROM spent_allocation s
            JOIN credit c ON c.account_id = s.account_id AND c.id = s.credit_id
            WHERE s.account_id = $1 AND c.{counts_at} < $2
        UNION ALL SELECT account_id, invoice_id, amount FROM spent_allocation WHERE account_id = $1 AND created_at < $2
        UNION ALL SELECT account_id, invoice_id, amount FROM credit_note WHERE account_id = $1 AND created_at < $2
        UNION ALL SELECT account_id, invoice_id, amount FROM write_off WHERE account_id = $1 AND effective_at < $2
        UNION ALL SELECT account_id, invoice_id, -amount FROM freed_allocation
            WHERE account_id = $1 AND created_at < $2
        UNION ALL SELECT a.account_id, a.invoice_id, -a.amount FROM refund_allocation a
            JOIN refund r ON r.account_id = a.account_id AND r.id = a.refund_id
            WHERE a.account_id = $1 AND r.{counts_at} < $2
        UNION ALL SELECT a.account_id, a.invoice_id, -a.amount FROM debit_allocation a
            JOIN debit d ON d.account_id = a.account_id AND d.id = a.debit_id
            WHERE a.account_id = $1 AND d.{counts_at} < $2"
    )
}
