//! Credits and the debits that took them back.

use billing::{
    allocation::Source,
    credit::{Credit, Debit},
    id::{AccountId, CreditId, CustomerId, DebitId},
    payment::Allocation,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::{
    allocation::{self, Owner},
    row::{Columns, at, text_opt},
};

/// Stores a credit and its allocations.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    credit: &Credit,
    allocations: &[Allocation],
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO credit (account_id, id, customer_id, amount, currency, reference, effective_at, unallocated,
             reversable, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &values![
            account.0,
            credit.id.0,
            credit.customer.0,
            credit.amount.millionths(),
            credit.currency.code(),
            text_opt(credit.reference.as_ref()),
            at(credit.effective_at),
            credit.unallocated.millionths(),
            credit.reversable.millionths(),
            at(now)
        ],
    )?;
    allocation::insert(tx, account, Source::Credit(credit.id), allocations, credit.effective_at)
}

/// Stores a debit and its allocations, and takes it from the credit: `unallocated` from the part that no invoice has.
pub fn insert_debit(
    tx: &mut Tx<'_>,
    account: AccountId,
    debit: &Debit,
    allocations: &[Allocation],
    unallocated: money::Amount,
    now: Instant,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO debit (account_id, id, customer_id, credit_id, amount, currency, reference, effective_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            account.0,
            debit.id.0,
            debit.customer.0,
            debit.credit.0,
            debit.amount.millionths(),
            debit.currency.code(),
            text_opt(debit.reference.as_ref()),
            at(debit.effective_at),
            at(now)
        ],
    )?;
    allocation::insert_debited(tx, account, debit.id, allocations)?;
    for part in allocations {
        allocation::take(tx, account, Source::Credit(debit.credit), part.invoice, part.amount)?;
    }
    tx.execute(
        "UPDATE credit SET reversable = reversable - $3, unallocated = unallocated - $4
         WHERE account_id = $1 AND id = $2",
        &values![account.0, debit.credit.0, debit.amount.millionths(), unallocated.millionths()],
    )?;
    Ok(())
}

/// One credit with its debits, and with what its invoices owe now.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CreditId) -> Result<Option<Credit>, Error> {
    let found = tx.query_opt(
        "SELECT id, customer_id, amount, currency, reference, effective_at, unallocated, reversable
         FROM credit WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Credit {
                id: CreditId(columns.next()?),
                customer: CustomerId(columns.next()?),
                amount: columns.amount()?,
                currency: columns.currency()?,
                reference: columns.next()?,
                effective_at: columns.instant()?,
                unallocated: columns.amount()?,
                reversable: columns.amount()?,
                allocations: Vec::new(),
                debits: Vec::new(),
            })
        },
    )?;
    let Some(mut credit) = found else { return Ok(None) };
    credit.allocations = allocation::list(tx, account, Owner::Credit, &[id.0])?.remove(&id.0).unwrap_or_default();
    let sql = format!("SELECT {DEBIT} FROM debit WHERE account_id = $1 AND credit_id = $2 ORDER BY id");
    credit.debits = tx.query(&sql, &values![account.0, id.0], debit)?;
    fill(tx, account, &mut credit.debits)?;
    Ok(Some(credit))
}

/// One debit, with what its invoices owe now.
pub fn find_debit(tx: &mut Tx<'_>, account: AccountId, id: DebitId) -> Result<Option<Debit>, Error> {
    let sql = format!("SELECT {DEBIT} FROM debit WHERE account_id = $1 AND id = $2");
    let mut found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], debit)?);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

fn fill(tx: &mut Tx<'_>, account: AccountId, debits: &mut [Debit]) -> Result<(), Error> {
    let ids: Vec<_> = debits.iter().map(|debit| debit.id.0).collect();
    let mut allocations = allocation::list(tx, account, Owner::Debit, &ids)?;
    for debit in debits {
        debit.allocations = allocations.remove(&debit.id.0).unwrap_or_default();
    }
    Ok(())
}

const DEBIT: &str = "id, credit_id, customer_id, amount, currency, reference, effective_at";

fn debit(row: &Row<'_>) -> Result<Debit, Error> {
    let mut columns = Columns::of(row);
    Ok(Debit {
        id: DebitId(columns.next()?),
        credit: CreditId(columns.next()?),
        customer: CustomerId(columns.next()?),
        amount: columns.amount()?,
        currency: columns.currency()?,
        reference: columns.next()?,
        effective_at: columns.instant()?,
        allocations: Vec::new(),
    })
}
