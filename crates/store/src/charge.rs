//! The lines of posted invoices, with the tiers and discounts that made their amounts.

use std::collections::HashMap;

use billing::{
    id::{AccountId, ChargeId, InvoiceId, ProductId, PurchaseId},
    invoice::{Charge, ChargeDiscount, Invoice, Reversed},
    named::Named,
};
use db::{Error, Tx, values};

use crate::{
    many::each_of,
    row::{Columns, at, name_opt, text_opt, units_opt},
};

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
pub(crate) fn insert(tx: &mut Tx<'_>, account: AccountId, invoice: &Invoice) -> Result<(), Error> {
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

const SELECT: &str = "SELECT invoice_id, id, purchase_id, product_id, name, description, quantity, unit_price, amount,
        gl_code, effective_at, earning_interval, earning_number_of_intervals, earning_timing_interval,
        earning_timing_type, taxable_amount, range_quantity, reversed, reversed_discount, reversed_tax
    FROM charge";

/// The charges of invoices, in order.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    account: AccountId,
    invoices: &[i64],
) -> Result<HashMap<InvoiceId, Vec<Charge>>, Error> {
    let sql = format!("{SELECT} WHERE account_id = $1 AND invoice_id IN ({{owners}}) ORDER BY id");
    let mut charges = Vec::new();
    each_of(tx, account, invoices, &sql, |invoice, columns| {
        charges.push((InvoiceId(invoice), charge(columns)?));
        Ok(())
    })?;
    fill(tx, account, &mut charges)?;
    let mut of_invoices: HashMap<_, Vec<_>> = HashMap::new();
    for (invoice, charge) in charges {
        of_invoices.entry(invoice).or_default().push(charge);
    }
    Ok(of_invoices)
}

/// The invoice that a charge is on.
pub fn find_invoice(tx: &mut Tx<'_>, account: AccountId, id: ChargeId) -> Result<Option<InvoiceId>, Error> {
    tx.query_opt("SELECT invoice_id FROM charge WHERE account_id = $1 AND id = $2", &values![account.0, id.0], |row| {
        row.get(0).map(InvoiceId)
    })
}

/// The charge of a purchase and its invoice, if it was charged.
pub fn find_of_purchase(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
) -> Result<Option<(InvoiceId, Charge)>, Error> {
    let sql = format!("{SELECT} WHERE account_id = $1 AND purchase_id = $2");
    let found = tx.query_opt(&sql, &values![account.0, purchase.0], |row| {
        let mut columns = Columns::of(row);
        Ok((InvoiceId(columns.next()?), charge(&mut columns)?))
    })?;
    let mut found = Vec::from_iter(found);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// Reads tiers where there can be any, and discounts where they are missing from the taxable amount or might be.
fn fill(tx: &mut Tx<'_>, account: AccountId, charges: &mut [(InvoiceId, Charge)]) -> Result<(), Error> {
    let ids: Vec<_> = charges.iter().map(|(_, charge)| charge.id.0).collect();
    let in_ranges = charges.iter().filter(|(_, charge)| charge.range_quantity.is_some());
    let in_ranges: Vec<_> = in_ranges.map(|(_, charge)| charge.id.0).collect();
    let mut by_id: HashMap<_, _> = charges.iter_mut().map(|(_, charge)| (charge.id.0, charge)).collect();
    let tiers = "SELECT charge_id, quantity, unit_price, amount FROM charge_tier
         WHERE account_id = $1 AND charge_id IN ({owners}) ORDER BY charge_id, tier_number";
    each_of(tx, account, &in_ranges, tiers, |id, columns| {
        let tier = columns.tier()?;
        by_id.entry(id).and_modify(|charge| charge.tiers.push(tier));
        Ok(())
    })?;
    let discounts = "SELECT charge_id, id, discount_type, configured_amount, amount FROM charge_discount
         WHERE account_id = $1 AND charge_id IN ({owners}) ORDER BY id";
    each_of(tx, account, &ids, discounts, |id, columns| {
        let discount =
            ChargeDiscount { id: columns.next()?, configured: columns.discount()?, amount: columns.amount()? };
        by_id.entry(id).and_modify(|charge| charge.discounts.push(discount));
        Ok(())
    })
}

/// A charge, from the columns of [`SELECT`] after the invoice.
fn charge(columns: &mut Columns<'_, '_>) -> Result<Charge, Error> {
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
        earning: columns.earning()?,
        taxable_amount: columns.amount()?,
        range_quantity: columns.quantity_opt()?,
        tiers: Vec::new(),
        discounts: Vec::new(),
        reversed: Reversed { amount: columns.amount()?, discount: columns.amount()?, tax: columns.amount()? },
    })
}
