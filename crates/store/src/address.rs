//! How customers are addressed, and how they were when an invoice was posted.

use std::collections::HashMap;

use billing::{
    address::{Address, AddressFields, AddressPreference, AddressType, PreferenceFields},
    id::{AccountId, AddressId, CustomerId, InvoiceId},
    named::Named,
    tax::Region,
};
use db::{Error, Row, Tx, Value, values};

use crate::{
    many::each_of,
    row::{Columns, text_opt},
};

/// Stores how a customer is addressed, apart from the addresses, in place of what was stored.
pub fn set_preference(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    fields: &PreferenceFields,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO customer_address_preference (account_id, customer_id, contact_name, shipping_instructions,
             uses_billing_as_shipping)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, customer_id) DO UPDATE SET contact_name = excluded.contact_name,
             shipping_instructions = excluded.shipping_instructions,
             uses_billing_as_shipping = excluded.uses_billing_as_shipping",
        &preference_values(account, customer.0, fields),
    )?;
    Ok(())
}

/// Stores a new address of a locked customer, who has none of its type.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, address: &Address) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO customer_address_preference (account_id, customer_id, uses_billing_as_shipping)
         VALUES ($1, $2, FALSE) ON CONFLICT DO NOTHING",
        &values![account.0, address.customer.0],
    )?;
    tx.insert("address", COLUMNS, [address_values(account, address.customer.0, address)])
}

/// Replaces what callers write of an address.
pub fn update(tx: &mut Tx<'_>, account: AccountId, address: &Address) -> Result<(), Error> {
    tx.execute(
        "UPDATE address SET address_type = $4, company_name = $5, line1 = $6, line2 = $7, country_id = $8, state_id = $9,
             city = $10, postal_zip = $11, is_valid = $12
         WHERE account_id = $1 AND customer_id = $2 AND id = $3",
        &address_values(account, address.customer.0, address),
    )?;
    Ok(())
}

/// One address.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: AddressId) -> Result<Option<Address>, Error> {
    tx.query_opt(
        "SELECT customer_id, id, address_type, company_name, line1, line2, country_id, state_id, city, postal_zip,
             is_valid
         FROM address WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0],
        |row| {
            let mut columns = Columns::of(row);
            let customer = CustomerId(columns.next()?);
            let id = AddressId(columns.next()?);
            address(&mut columns, customer, id)
        },
    )
}

/// How a customer is addressed; `None` while nothing of it is kept.
pub fn find_preference(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
) -> Result<Option<AddressPreference>, Error> {
    let rows = tx.query(
        "SELECT p.contact_name, p.shipping_instructions, p.uses_billing_as_shipping, p.customer_id, a.id,
             a.address_type, a.company_name, a.line1, a.line2, a.country_id, a.state_id, a.city, a.postal_zip,
             a.is_valid
         FROM customer_address_preference p
         LEFT JOIN address a ON a.account_id = p.account_id AND a.customer_id = p.customer_id
         WHERE p.account_id = $1 AND p.customer_id = $2",
        &values![account.0, customer.0],
        |row: &Row<'_>| joined(&mut Columns::of(row)),
    )?;
    Ok(preference(rows))
}

/// Stores how the customer was addressed when an invoice was posted.
pub(crate) fn insert_of_invoice(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoice: InvoiceId,
    preference: &AddressPreference,
) -> Result<(), Error> {
    let row = preference_values(account, invoice.0, &preference.fields);
    tx.insert(
        "invoice_address_preference",
        &["account_id", "invoice_id", "contact_name", "shipping_instructions", "uses_billing_as_shipping"],
        [row],
    )?;
    let addresses = preference.billing.iter().chain(&preference.shipping);
    let rows = addresses.map(|address| address_values(account, invoice.0, address));
    tx.insert("invoice_address", INVOICE_COLUMNS, rows)
}

/// How the customers were addressed when these invoices were posted, as far as anything of it was kept then.
pub(crate) fn list_of_invoices(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[i64],
) -> Result<HashMap<InvoiceId, AddressPreference>, Error> {
    let mut rows: HashMap<_, Vec<_>> = HashMap::new();
    let sql = "SELECT p.invoice_id, p.contact_name, p.shipping_instructions, p.uses_billing_as_shipping, i.customer_id,
             a.id, a.address_type, a.company_name, a.line1, a.line2, a.country_id, a.state_id, a.city, a.postal_zip,
             a.is_valid
         FROM invoice_address_preference p
         JOIN invoice i ON i.account_id = p.account_id AND i.id = p.invoice_id
         LEFT JOIN invoice_address a ON a.account_id = p.account_id AND a.invoice_id = p.invoice_id
         WHERE p.account_id = $1 AND p.invoice_id IN ({owners})";
    each_of(tx, account, invoices, sql, |invoice, columns| {
        rows.entry(InvoiceId(invoice)).or_default().push(joined(columns)?);
        Ok(())
    })?;
    Ok(rows.into_iter().filter_map(|(invoice, rows)| Some((invoice, preference(rows)?))).collect())
}

fn preference_values(account: AccountId, owner: i64, fields: &PreferenceFields) -> [Value<'_>; 5] {
    values![
        account.0,
        owner,
        text_opt(fields.contact_name.as_ref()),
        text_opt(fields.shipping_instructions.as_ref()),
        fields.uses_billing_as_shipping
    ]
}

/// The columns of [`address_values`], where `owner` names whose the address is.
const fn address_columns(owner: &'static str) -> [&'static str; 12] {
    [
        "account_id",
        owner,
        "id",
        "address_type",
        "company_name",
        "line1",
        "line2",
        "country_id",
        "state_id",
        "city",
        "postal_zip",
        "is_valid",
    ]
}

const COLUMNS: &[&str] = &address_columns("customer_id");
const INVOICE_COLUMNS: &[&str] = &address_columns("invoice_id");

fn address_values(account: AccountId, owner: i64, address: &Address) -> [Value<'_>; 12] {
    let fields = &address.fields;
    values![
        account.0,
        owner,
        address.id.0,
        address.address_type.name(),
        text_opt(fields.company_name.as_ref()),
        text_opt(fields.line1.as_ref()),
        text_opt(fields.line2.as_ref()),
        fields.region.country,
        fields.region.state,
        text_opt(fields.city.as_ref()),
        text_opt(fields.postal_zip.as_ref()),
        fields.is_valid
    ]
}

/// A preference with one of its addresses, or with none.
fn joined(columns: &mut Columns<'_, '_>) -> Result<(PreferenceFields, Option<Address>), Error> {
    let fields = PreferenceFields {
        contact_name: columns.next()?,
        shipping_instructions: columns.next()?,
        uses_billing_as_shipping: columns.next()?,
    };
    let customer = CustomerId(columns.next()?);
    let id: Option<i64> = columns.next()?;
    let address = id.map(|id| address(columns, customer, AddressId(id))).transpose()?;
    Ok((fields, address))
}

fn preference(rows: Vec<(PreferenceFields, Option<Address>)>) -> Option<AddressPreference> {
    rows.into_iter().fold(None, |found, (fields, address)| {
        let preference = found.unwrap_or(AddressPreference { fields, ..AddressPreference::default() });
        Some(match address {
            Some(address) => preference.with(address),
            None => preference,
        })
    })
}

/// An address, from the columns `address_type` to `is_valid`.
fn address(columns: &mut Columns<'_, '_>, customer: CustomerId, id: AddressId) -> Result<Address, Error> {
    let address_type: AddressType = columns.named()?;
    let (company_name, line1, line2) = (columns.next()?, columns.next()?, columns.next()?);
    let region = Region { country: columns.next()?, state: columns.next()? };
    let (city, postal_zip, is_valid) = (columns.next()?, columns.next()?, columns.next()?);
    let fields = AddressFields { company_name, line1, line2, region, city, postal_zip, is_valid };
    Ok(Address { id, customer, address_type, fields })
}
