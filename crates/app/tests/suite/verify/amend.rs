//! A tax that is put by hand on an invoice that was posted without it, and a reversal of the charge.

use app::{Error, Tx, reversal};
use billing::{
    account::Session,
    customer::LockedCustomer,
    id::{ChargeId, CustomerId, InvoiceId, TaxRateId},
    reversal::Extent,
    tax::TaxLine,
};
use db::values;
use ledger::{ChainHash, Transaction};
use money::{Amount, Currency, Percentage};
use store::ledger::{About, Entry};

use crate::shop::Shop;

/// Adds a tax of 0.50 to the invoice's only charge, and takes 1 of the charge back.
pub(super) async fn tax_and_reverse(shop: &Shop, customer: CustomerId, invoice: InvoiceId) {
    let amended = shop.act(move |tx, session| {
        let sql = "SELECT id FROM charge WHERE account_id = $1 AND invoice_id = $2";
        let charge = ChargeId(tx.scalar(sql, &values![session.account.id.0, invoice.0])?);
        tax(tx, session, customer, invoice, charge)?;
        let order = reversal::charge::Order { charge, extent: Extent::Amount(Amount::ONE), reference: None };
        reversal::charge::run(tx, session, &order).map(|_| ())
    });
    amended.await.unwrap();
}

fn tax(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    invoice: InvoiceId,
    charge: ChargeId,
) -> Result<(), Error> {
    let amount = Amount::parse("0.5").unwrap();
    let (account, ids) = (session.account.id.0, tx.next_ids(2)?);
    let percentage = Percentage::parse("12.5").unwrap();
    let line =
        TaxLine { rate: TaxRateId(ids.start + 1), name: "Tax".to_owned(), registration_code: None, percentage, amount };
    let transaction = Transaction::tax(session.now, Currency::USD, amount)?.on(store::terms::of_tax(&line));
    post(tx, session, customer, charge, ids.start, transaction)?;
    tx.execute(
        "INSERT INTO tax_rate (account_id, id, name, percentage, country_id, status, created_at, modified_at)
         SELECT id, $2, 'Tax', 12500000, 124, 'Active', created_at, created_at FROM account WHERE id = $1",
        &values![account, ids.start + 1],
    )?;
    tx.execute(
        "INSERT INTO charge_tax (account_id, id, invoice_id, charge_id, tax_rate_id, name, percentage, amount)
         VALUES ($1, $2, $3, $4, $5, 'Tax', 12500000, $6)",
        &values![account, ids.start, invoice.0, charge.0, ids.start + 1, amount.millionths()],
    )?;
    tx.execute(
        "UPDATE invoice SET tax = tax + $3, outstanding = outstanding + $3, closing_balance = closing_balance + $3
         WHERE account_id = $1 AND id = $2",
        &values![account, invoice.0, amount.millionths()],
    )?;
    tx.execute(
        "UPDATE payment_schedule SET amount = amount + $3, outstanding = outstanding + $3
         WHERE account_id = $1 AND invoice_id = $2",
        &values![account, invoice.0, amount.millionths()],
    )?;
    Ok(())
}

/// Appends a transaction to the customer's chain.
fn post(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    charge: ChargeId,
    id: i64,
    transaction: Transaction,
) -> Result<(), Error> {
    let account = session.account.id;
    let locked = store::customer::lock(tx, account, customer)?.expect("the customer of the story");
    let balance = locked.balance.checked_add(transaction.receivable_change()?)?;
    let sequence = locked.ledger_sequence + 1;
    let hash = ChainHash::next(locked.ledger_hash, account.0, customer.0, sequence, id, &transaction);
    let entry = Entry { id, customer, sequence, about: Some(About::Charge(charge)), transaction, hash };
    store::ledger::insert(tx, account, &[entry], session.now)?;
    let posted = LockedCustomer { balance, ledger_sequence: sequence, ledger_hash: hash, ..locked };
    Ok(store::customer::set_ledgers(tx, account, [&posted])?)
}
