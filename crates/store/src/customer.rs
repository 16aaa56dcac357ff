//! Customers as commands lock and change them; how they are written and read as a whole is in the modules below.

mod email;
mod hierarchy;
mod identify;
mod list;
mod position;
mod read;
mod setting;
mod write;

use std::collections::BTreeSet;

use billing::{
    customer::{Contact, LockedCustomer},
    id::{AccountId, CustomerId},
    term::Term,
};
use db::{Error, Row, Tx, values};
use money::Amount;

pub(crate) use self::list::{CURRENCY_ID, OF_CUSTOMER};
pub use self::{
    email::{email_preferences, set_email_preferences},
    hierarchy::{find_relative, levels_below},
    identify::{has_new_reference, identify},
    list::{LIST_COLUMNS, list},
    position::{position, terms_of},
    read::{find, find_by_portal_user_name, has_transactions},
    setting::{find_setting, insert_setting, set_setting},
    write::{delete, insert, set_account_status, set_currency, set_status, update},
};
use crate::{
    invoice::contact,
    many::{MANY, about},
    presence,
    row::Columns,
    standing::THRESHOLD,
};

/// What a lock reads; the threshold is looked up in the customer's billing settings.
fn lock_sql(condition: &str) -> String {
    format!(
        "SELECT id, status, currency, account_status, {THRESHOLD}, balance, ledger_sequence, ledger_hash FROM customer
         WHERE account_id = $1 AND {condition}"
    )
}

/// Locks a customer until the transaction ends: what a command does first, before it reads anything of theirs.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Option<LockedCustomer>, Error> {
    tx.lock(&lock_sql("id = $2"), &values![account.0, id.0], locked)
}

/// Locks several customers until the transaction ends, in the order of their ids, so that two who do so never wait for each
/// other. Ids without a customer are passed over.
pub fn lock_many(
    tx: &mut Tx<'_>,
    account: AccountId,
    ids: &BTreeSet<CustomerId>,
) -> Result<Vec<LockedCustomer>, Error> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let sql = lock_sql("id IN ({owners}) ORDER BY id");
    let mut customers = Vec::with_capacity(ids.len());
    for part in ids.chunks(MANY) {
        let (sql, parameters) = about(account, part, &sql);
        customers.extend(tx.lock_all(&sql, &parameters, locked)?);
    }
    Ok(customers)
}

fn locked(row: &Row<'_>) -> Result<LockedCustomer, Error> {
    let mut columns = Columns::of(row);
    Ok(LockedCustomer {
        id: CustomerId(columns.next()?),
        status: columns.named()?,
        currency: columns.currency()?,
        account_status: columns.named()?,
        standing_threshold: columns.next::<Option<i64>>()?.map(Amount::from_millionths),
        balance: columns.amount()?,
        ledger_sequence: columns.next()?,
        ledger_hash: columns.chain_hash()?,
    })
}

/// Whether there is such a customer.
pub fn exists(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM customer WHERE account_id = $1 AND id = $2";
    presence::is_any(tx, sql, &values![account.0, id.0])
}

/// Stores what postings changed of locked customers: the balance and the end of the chain.
pub fn set_ledgers<'c>(
    tx: &mut Tx<'_>,
    account: AccountId,
    customers: impl IntoIterator<Item = &'c LockedCustomer>,
) -> Result<(), Error> {
    let rows = customers.into_iter().map(|customer| {
        values![
            account.0,
            customer.id.0,
            customer.balance.millionths(),
            customer.ledger_sequence,
            customer.ledger_hash.hex()
        ]
    });
    tx.update("customer", &["account_id", "id"], &["balance", "ledger_sequence", "ledger_hash"], rows)
}

/// What posting an invoice needs of a customer beyond the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billing {
    /// Names and contacts, to be remembered by the invoice.
    pub contact: Contact,
    /// Terms of its own.
    pub term: Option<Term>,
    /// Whether invoices are posted without being asked for, if the customer differs from the account.
    pub auto_post: Option<bool>,
    /// Its standing purchase-order number.
    pub po_number: Option<String>,
}

/// How a customer is billed.
pub fn billing(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Billing, Error> {
    tx.query_one(
        "SELECT s.term, s.auto_post_draft_invoice, s.standing_po_number, c.first_name, c.middle_name, c.last_name,
             c.company_name, c.suffix, c.title, c.primary_email, c.primary_phone, c.secondary_email, c.secondary_phone,
             c.reference
         FROM customer c
         LEFT JOIN customer_billing_setting s ON s.account_id = c.account_id AND s.customer_id = c.id
         WHERE c.account_id = $1 AND c.id = $2",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Billing {
                term: columns.named_opt()?,
                auto_post: columns.next()?,
                po_number: columns.next()?,
                contact: contact(&mut columns)?,
            })
        },
    )
}
