//! Customers as they are created, replaced, moved between statuses and deleted.

use billing::{
    customer::{AccountStatus, CustomerFields, CustomerStatus, TrackingCode},
    id::{AccountId, CustomerId},
    named::Named,
};
use calendar::Instant;
use db::{Error, Tx, Value, values};
use ledger::ChainHash;
use money::Currency;

use crate::row::{at, name_opt, text_opt};

/// The key, what an update replaces (from `first_name` to `modified_at`), then what only creation writes.
const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "first_name",
    "middle_name",
    "last_name",
    "company_name",
    "suffix",
    "title",
    "primary_email",
    "primary_phone",
    "secondary_email",
    "secondary_phone",
    "reference",
    "reference1",
    "reference2",
    "reference3",
    "tracking_code1",
    "tracking_name1",
    "tracking_code2",
    "tracking_name2",
    "tracking_code3",
    "tracking_name3",
    "tracking_code4",
    "tracking_name4",
    "tracking_code5",
    "tracking_name5",
    "ad_content",
    "campaign",
    "keyword",
    "landing_page",
    "medium",
    "source",
    "salesforce_id",
    "salesforce_account_type",
    "salesforce_synch_status",
    "netsuite_id",
    "netsuite_synch_status",
    "netsuite_customer_type",
    "quickbooks_latch_type",
    "quickbooks_id",
    "quickbooks_sync_token",
    "hubspot_id",
    "hubspot_company_id",
    "geotab_id",
    "digital_river_id",
    "portal_user_name",
    "parent_id",
    "modified_at",
    "status",
    "account_status",
    "currency",
    "balance",
    "ledger_sequence",
    "ledger_hash",
    "created_at",
];

/// How many columns form the key.
const KEY: usize = 2;
/// How many columns only creation writes.
const FIXED: usize = 7;

/// Stores a new customer: a draft that owes nothing and whose chain is empty.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CustomerId,
    currency: Currency,
    fields: &CustomerFields,
    now: Instant,
) -> Result<(), Error> {
    let mut row = written(account, id, fields, now);
    let (status, account_status) = (CustomerStatus::Draft.name(), AccountStatus::Good.name());
    row.extend(values![status, account_status, currency.code(), 0, 0, ChainHash::GENESIS.hex(), at(now)]);
    tx.insert("customer", COLUMNS, [row])
}

/// Replaces what callers write of a customer.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CustomerId,
    fields: &CustomerFields,
    now: Instant,
) -> Result<(), Error> {
    let replaced = &COLUMNS[KEY..COLUMNS.len() - FIXED];
    let assignments = replaced.iter().zip(KEY + 1..).map(|(column, number)| format!("{column} = ${number}"));
    let sql =
        format!("UPDATE customer SET {} WHERE account_id = $1 AND id = $2", assignments.collect::<Vec<_>>().join(", "));
    tx.execute(&sql, &written(account, id, fields, now))?;
    Ok(())
}

/// The values of the columns up to `modified_at`.
fn written(account: AccountId, id: CustomerId, fields: &CustomerFields, now: Instant) -> Vec<Value<'_>> {
    let CustomerFields { contact, references: [reference1, reference2, reference3], .. } = fields;
    let mut row: Vec<Value<'_>> = values![
        account.0,
        id.0,
        text_opt(contact.first_name.as_ref()),
        text_opt(contact.middle_name.as_ref()),
        text_opt(contact.last_name.as_ref()),
        text_opt(contact.company_name.as_ref()),
        text_opt(contact.suffix.as_ref()),
        name_opt(contact.title),
        text_opt(contact.primary_email.as_ref()),
        text_opt(contact.primary_phone.as_ref()),
        text_opt(contact.secondary_email.as_ref()),
        text_opt(contact.secondary_phone.as_ref()),
        text_opt(contact.reference.as_ref()),
        text_opt(reference1.as_ref()),
        text_opt(reference2.as_ref()),
        text_opt(reference3.as_ref())
    ]
    .into();
    row.extend(fields.tracking_codes.iter().flat_map(|code| tracking_code(code.as_ref())));
    row.extend(known_elsewhere(fields));
    row.extend(values![text_opt(fields.portal_user_name.as_ref()), fields.parent.map(|parent| parent.0), at(now)]);
    row
}

/// A tracking code, and what it stands for.
fn tracking_code(code: Option<&TrackingCode>) -> [Value<'_>; 2] {
    match code {
        Some(TrackingCode { code, name }) => [code.as_str().into(), text_opt(name.as_ref())],
        None => [text_opt(None), text_opt(None)],
    }
}

/// Where the customer came from, and what other systems know it by.
fn known_elsewhere(fields: &CustomerFields) -> [Value<'_>; 19] {
    let (acquisition, integrations) = (&fields.acquisition, &fields.integrations);
    values![
        text_opt(acquisition.ad_content.as_ref()),
        text_opt(acquisition.campaign.as_ref()),
        text_opt(acquisition.keyword.as_ref()),
        text_opt(acquisition.landing_page.as_ref()),
        text_opt(acquisition.medium.as_ref()),
        text_opt(acquisition.source.as_ref()),
        text_opt(integrations.salesforce_id.as_ref()),
        name_opt(integrations.salesforce_account_type),
        integrations.salesforce_synch_status.name(),
        text_opt(integrations.netsuite_id.as_ref()),
        integrations.netsuite_synch_status.name(),
        text_opt(integrations.netsuite_customer_type.as_ref()),
        name_opt(integrations.quickbooks_latch_type),
        integrations.quickbooks_id,
        integrations.quickbooks_sync_token,
        integrations.hubspot_id,
        integrations.hubspot_company_id,
        text_opt(integrations.geotab_id.as_ref()),
        text_opt(integrations.digital_river_id.as_ref())
    ]
}

/// Gives a locked customer of which nothing is in its currency another one.
pub fn set_currency(tx: &mut Tx<'_>, account: AccountId, id: CustomerId, currency: Currency) -> Result<(), Error> {
    tx.execute(
        "UPDATE customer SET currency = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, currency.code()],
    )?;
    Ok(())
}

/// Gives a locked customer another service status, and remembers when it first became active. Nothing else writes it.
pub fn set_status(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CustomerId,
    status: CustomerStatus,
    now: Instant,
) -> Result<(), Error> {
    let becomes_active = status == CustomerStatus::Active;
    tx.execute(
        "UPDATE customer SET status = $3, modified_at = $4,
             activated_at = CASE WHEN $5 AND activated_at IS NULL THEN $4 ELSE activated_at END
         WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, status.name(), at(now), becomes_active],
    )?;
    Ok(())
}

/// Gives a locked customer another accounting status. Nothing else writes it.
pub fn set_account_status(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CustomerId,
    status: AccountStatus,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE customer SET account_status = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, status.name()],
    )?;
    Ok(())
}

/// Deletes a locked customer without purchases, transactions and payment methods, and everything that is said of it.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<(), Error> {
    let key = values![account.0, id.0];
    tx.execute("DELETE FROM address WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM customer_address_preference WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM customer_billing_setting WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM customer_email_preference WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM customer_note WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM default_payment_method WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM payment_method_sharing WHERE account_id = $1 AND customer_id = $2", &key)?;
    tx.execute("DELETE FROM customer WHERE account_id = $1 AND id = $2", &key)?;
    Ok(())
}
