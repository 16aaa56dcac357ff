//! Rates of tax, and the taxes that were posted by them.

use std::collections::HashMap;

use billing::{
    charge_tax::ChargeTax,
    id::{AccountId, ChargeId, CustomerId, InvoiceId, TaxRateId},
    listing::{Kind, Page, Slice},
    named::Named,
    tax::{Region, TaxLine, TaxRate},
    tax_rate::TaxRateStatus,
};
use calendar::Instant;
use db::{Error, Row, Tx, Value, values};
use money::Percentage;

use crate::{
    listing::{Column, Source, column, list as list_page, searched},
    many::each_of,
    row::{Columns, at, day_opt, text_opt},
};

/// Stores a new rate.
pub fn insert_rate(tx: &mut Tx<'_>, account: AccountId, rate: &TaxRate, now: Instant) -> Result<(), Error> {
    let mut row = Vec::from(rate_values(account, rate, now));
    row.push(at(now));
    tx.insert(
        "tax_rate",
        &[
            "account_id",
            "id",
            "name",
            "registration_code",
            "percentage",
            "country_id",
            "state_id",
            "valid_from",
            "valid_to",
            "status",
            "modified_at",
            "created_at",
        ],
        [row],
    )
}

/// Replaces what callers write of a rate; `false` when there is none. Taxes that were posted keep theirs.
pub fn update_rate(tx: &mut Tx<'_>, account: AccountId, rate: &TaxRate, now: Instant) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE tax_rate SET name = $3, registration_code = $4, percentage = $5, country_id = $6, state_id = $7,
             valid_from = $8, valid_to = $9, status = $10, modified_at = $11
         WHERE account_id = $1 AND id = $2",
        &rate_values(account, rate, now),
    )?;
    Ok(changed > 0)
}

/// Ends a rate; `false` when there is none.
pub fn retire_rate(tx: &mut Tx<'_>, account: AccountId, id: TaxRateId, now: Instant) -> Result<bool, Error> {
    let changed = tx.execute(
        "UPDATE tax_rate SET status = 'Retired', modified_at = $3 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, at(now)],
    )?;
    Ok(changed > 0)
}

fn rate_values(account: AccountId, rate: &TaxRate, now: Instant) -> [Value<'_>; 11] {
    values![
        account.0,
        rate.id.0,
        rate.name.as_str(),
        text_opt(rate.registration_code.as_ref()),
        rate.percentage.millionths(),
        rate.region.country,
        rate.region.state,
        day_opt(rate.valid_from),
        day_opt(rate.valid_to),
        rate.status().name(),
        at(now)
    ]
}

const SELECT: &str = "t.id, t.name, t.registration_code, t.percentage, t.country_id, t.state_id, t.valid_from,
    t.valid_to, t.status";

/// One rate.
pub fn find_rate(tx: &mut Tx<'_>, account: AccountId, id: TaxRateId) -> Result<Option<TaxRate>, Error> {
    let sql = format!("SELECT {SELECT} FROM tax_rate t WHERE t.account_id = $1 AND t.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], rate)
}

/// The rates that are charged in a country or in a state of it, on whatever day.
pub fn list_active_rates(tx: &mut Tx<'_>, account: AccountId, country: i64) -> Result<Vec<TaxRate>, Error> {
    let sql = format!(
        "SELECT {SELECT} FROM tax_rate t
         WHERE t.account_id = $1 AND t.country_id = $2 AND t.status = 'Active' ORDER BY t.id"
    );
    tx.query(&sql, &values![account.0, country], rate)
}

/// Names that rates can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "t.id"),
    searched("name", Kind::Text, "t.name"),
    searched("registrationCode", Kind::Text, "t.registration_code"),
    column("percentage", Kind::Decimal, "t.percentage"),
    column("countryId", Kind::Integer, "t.country_id"),
    column("stateId", Kind::Integer, "t.state_id"),
    column("status", Kind::Enum(TaxRateStatus::NAMES), "t.status"),
    column("createdTimestamp", Kind::Instant, "t.created_at"),
    column("modifiedTimestamp", Kind::Instant, "t.modified_at"),
];

/// A page of rates.
pub fn list_rates(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<TaxRate>, Error> {
    let source =
        Source { select: SELECT, from: "tax_rate t", scope: "t.account_id = $1", id: "t.id", columns: LIST_COLUMNS };
    list_page(tx, &source, &values![account.0], page, rate)
}

fn rate(row: &Row<'_>) -> Result<TaxRate, Error> {
    let mut columns = Columns::of(row);
    Ok(TaxRate {
        id: TaxRateId(columns.next()?),
        name: columns.next()?,
        registration_code: columns.next()?,
        percentage: columns.next().map(Percentage::from_millionths)?,
        region: Region { country: columns.next()?, state: columns.next()? },
        valid_from: columns.date_opt()?,
        valid_to: columns.date_opt()?,
        is_active: columns.named::<TaxRateStatus>()? == TaxRateStatus::Active,
    })
}

/// What of a customer's billing settings decides its taxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Liability {
    /// Pays no tax.
    pub is_exempt: bool,
    /// Is taxed where it is billed, even if goods go elsewhere.
    pub is_taxed_where_billed: bool,
}

/// What of a customer's billing settings decides its taxes; without settings nothing is special.
pub fn liability(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<Liability, Error> {
    let found = tx.query_opt(
        "SELECT COALESCE(tax_exempt, FALSE), COALESCE(use_customer_billing_address, FALSE)
         FROM customer_billing_setting WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Liability { is_exempt: columns.next()?, is_taxed_where_billed: columns.next()? })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Stores the taxes of an invoice; their charges are stored already.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoice: InvoiceId,
    taxes: &[ChargeTax],
) -> Result<(), Error> {
    let rows = taxes.iter().map(|ChargeTax { id, charge, line }| {
        values![
            account.0,
            *id,
            invoice.0,
            charge.0,
            line.rate.0,
            line.name.as_str(),
            text_opt(line.registration_code.as_ref()),
            line.percentage.millionths(),
            line.amount.millionths()
        ]
    });
    tx.insert("charge_tax", CHARGE_TAX_COLUMNS, rows)
}

const CHARGE_TAX_COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "invoice_id",
    "charge_id",
    "tax_rate_id",
    "name",
    "registration_code",
    "percentage",
    "amount",
];

/// The taxes of an invoice, in the order of their posting.
pub fn list(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<Vec<ChargeTax>, Error> {
    Ok(list_of(tx, account, &[invoice.0])?.remove(&invoice).unwrap_or_default())
}

/// The taxes of invoices, each in the order of their posting.
pub(crate) fn list_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[i64],
) -> Result<HashMap<InvoiceId, Vec<ChargeTax>>, Error> {
    let mut taxes: HashMap<_, Vec<_>> = HashMap::new();
    let sql =
        "SELECT invoice_id, id, charge_id, tax_rate_id, name, registration_code, percentage, amount FROM charge_tax
         WHERE account_id = $1 AND invoice_id IN ({owners}) ORDER BY id";
    each_of(tx, account, invoices, sql, |invoice, columns| {
        let (id, charge) = (columns.next()?, ChargeId(columns.next()?));
        let line = TaxLine {
            rate: TaxRateId(columns.next()?),
            name: columns.next()?,
            registration_code: columns.next()?,
            percentage: columns.next().map(Percentage::from_millionths)?,
            amount: columns.amount()?,
        };
        taxes.entry(InvoiceId(invoice)).or_default().push(ChargeTax { id, charge, line });
        Ok(())
    })?;
    Ok(taxes)
}
