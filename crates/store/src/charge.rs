//! The lines of posted invoices, with the tiers and discounts that made their amounts.

use billing::{
    discount::Discount,
    earning::EarningSettings,
    id::{AccountId, ChargeId, InvoiceId, ProductId, PurchaseId},
    invoice::{Charge, ChargeDiscount, Invoice, Reversed},
    named::Named,
    priced::Tier,
};
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at, name_opt, text_opt, units_opt};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "invoice_id",
    "purchase_id",
    "product_id",
    "name",
    "description",
    "quantity",
    "unit_price",
    "amount",
    "gl_code",
    "effective_at",
    "earning_interval",
    "earning_number_of_intervals",
    "earning_timing_interval",
    "earning_timing_type",
    "taxable_amount",
    "range_quantity",
];

/// Stores the charges of a new invoice.
pub fn insert(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice) -> Result<(), Error> {
    let rows = invoice.charges.iter().map(|charge| {
        values![
            account.0,
            charge.id.0,
            invoice.id.0,
            charge.purchase.0,
            charge.product.0,
            charge.name.as_str(),
            text_opt(charge.description.as_ref()),
            charge.quantity.millionths(),
            charge.unit_price.millionths(),
            charge.amount.millionths(),
            text_opt(charge.gl_code.as_ref()),
            at(charge.effective_at),
            name_opt(charge.earning.interval),
            charge.earning.number_of_intervals,
            name_opt(charge.earning.timing_interval),
            name_opt(charge.earning.timing_type),
            charge.taxable_amount.millionths(),
            units_opt(charge.range_quantity)
        ]
    });
    tx.insert("charge", COLUMNS, rows)?;
    insert_tiers(tx, account, invoice)?;
    insert_discounts(tx, account, invoice)
}

fn insert_tiers(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice) -> Result<(), Error> {
    let rows = invoice.charges.iter().flat_map(|charge| {
        (0i64..).zip(&charge.tiers).map(|(number, tier)| {
            let amounts = [tier.quantity.millionths(), tier.unit_price.millionths(), tier.amount.millionths()];
            values![account.0, charge.id.0, number, amounts[0], amounts[1], amounts[2]]
        })
    });
    let columns = &["account_id", "charge_id", "tier_number", "quantity", "unit_price", "amount"];
    tx.insert("charge_tier", columns, rows)
}

fn insert_discounts(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice) -> Result<(), Error> {
    let rows = invoice.charges.iter().flat_map(|charge| {
        charge.discounts.iter().map(|discount| {
            values![
                account.0,
                discount.id,
                charge.id.0,
                discount.configured.discount_type.name(),
                discount.configured.amount.millionths(),
                discount.amount.millionths()
            ]
        })
    });
    let columns = &["account_id", "id", "charge_id", "discount_type", "configured_amount", "amount"];
    tx.insert("charge_discount", columns, rows)
}

const SELECT: &str = "SELECT id, purchase_id, product_id, name, description, quantity, unit_price, amount, gl_code,
        effective_at, earning_interval, earning_number_of_intervals, earning_timing_interval, earning_timing_type,
        taxable_amount, range_quantity, reversed, reversed_discount, reversed_tax
    FROM charge";

/// The charges of an invoice, in order.
pub(crate) fn list(tx: &mut Tx<'_>, account: AccountId, invoice: InvoiceId) -> Result<Vec<Charge>, Error> {
    let sql = format!("{SELECT} WHERE account_id = $1 AND invoice_id = $2 ORDER BY id");
    let mut charges = tx.query(&sql, &values![account.0, invoice.0], charge)?;
    fill(tx, account, &mut charges)?;
    Ok(charges)
}

/// The charge of a purchase and its invoice, if it was charged.
pub fn find_of_purchase(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
) -> Result<Option<(InvoiceId, Charge)>, Error> {
    let sql = format!("{SELECT} WHERE account_id = $1 AND purchase_id = $2");
    let Some(charge) = tx.query_opt(&sql, &values![account.0, purchase.0], charge)? else { return Ok(None) };
    let mut charges = [charge];
    fill(tx, account, &mut charges)?;
    let [charge] = charges;
    let invoice =
        tx.scalar("SELECT invoice_id FROM charge WHERE account_id = $1 AND id = $2", &values![account.0, charge.id.0])?;
    Ok(Some((InvoiceId(invoice), charge)))
}

/// Reads tiers where there can be any, and discounts where they are missing from the taxable amount or might be.
fn fill(tx: &mut Tx<'_>, account: AccountId, charges: &mut [Charge]) -> Result<(), Error> {
    for charge in charges {
        let parameters = values![account.0, charge.id.0];
        if charge.range_quantity.is_some() {
            charge.tiers = tx.query(
                "SELECT quantity, unit_price, amount FROM charge_tier WHERE account_id = $1 AND charge_id = $2
                 ORDER BY tier_number",
                &parameters,
                |row| {
                    let mut columns = Columns::of(row);
                    Ok(Tier { quantity: columns.quantity()?, unit_price: columns.price()?, amount: columns.amount()? })
                },
            )?;
        }
        charge.discounts = tx.query(
            "SELECT id, discount_type, configured_amount, amount FROM charge_discount
             WHERE account_id = $1 AND charge_id = $2 ORDER BY id",
            &parameters,
            |row| {
                let mut columns = Columns::of(row);
                Ok(ChargeDiscount {
                    id: columns.next()?,
                    configured: Discount { discount_type: columns.named()?, amount: columns.price()? },
                    amount: columns.amount()?,
                })
            },
        )?;
    }
    Ok(())
}

fn charge(row: &Row<'_>) -> Result<Charge, Error> {
    let mut columns = Columns::of(row);
    Ok(Charge {
        id: ChargeId(columns.next()?),
        purchase: PurchaseId(columns.next()?),
        product: ProductId(columns.next()?),
        name: columns.next()?,
        description: columns.next()?,
        quantity: columns.quantity()?,
        unit_price: columns.price()?,
        amount: columns.amount()?,
        gl_code: columns.next()?,
        effective_at: columns.instant()?,
        earning: EarningSettings {
            interval: columns.named_opt()?,
            number_of_intervals: columns.next()?,
            timing_interval: columns.named_opt()?,
            timing_type: columns.named_opt()?,
        },
        taxable_amount: columns.amount()?,
        range_quantity: columns.quantity_opt()?,
        tiers: Vec::new(),
        discounts: Vec::new(),
        reversed: Reversed { amount: columns.amount()?, discount: columns.amount()?, tax: columns.amount()? },
    })
}
