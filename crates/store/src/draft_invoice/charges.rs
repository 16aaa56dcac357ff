//! The lines of draft invoices, with their tiers and discounts.

use std::collections::HashMap;

use billing::{
    draft_invoice::{DraftCharge, DraftDiscount, DraftInvoice, DraftTier},
    id::{AccountId, ChargeId, DraftInvoiceId, ProductId, PurchaseId},
    named::Named,
};
use db::{Error, Row, Tx, values};

use crate::{
    many::each_of,
    row::{Columns, at, name_opt, text_opt, units_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "draft_invoice_id",
    "purchase_id",
    "product_id",
    "name",
    "description",
    "quantity",
    "unit_price",
    "amount",
    "gl_code",
    "is_tax_exempt",
    "range_quantity",
    "earning_interval",
    "earning_number_of_intervals",
    "earning_timing_interval",
    "earning_timing_type",
    "created_at",
];

/// Stores the charges of a draft that has none stored.
pub(super) fn insert(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    let rows = draft.charges.iter().map(|charge| {
        values![
            account.0,
            charge.id.0,
            draft.id.0,
            charge.purchase.0,
            charge.product.0,
            charge.name.as_str(),
            text_opt(charge.description.as_ref()),
            charge.quantity.millionths(),
            charge.unit_price.millionths(),
            charge.amount.millionths(),
            text_opt(charge.gl_code.as_ref()),
            charge.is_tax_exempt,
            units_opt(charge.range_quantity),
            name_opt(charge.earning.interval),
            charge.earning.number_of_intervals,
            name_opt(charge.earning.timing_interval),
            name_opt(charge.earning.timing_type),
            at(charge.created_at)
        ]
    });
    tx.insert("draft_charge", COLUMNS, rows)?;
    insert_tiers(tx, account, draft)?;
    insert_discounts(tx, account, draft)
}

fn insert_tiers(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    let rows = draft.charges.iter().flat_map(|charge| {
        (0i64..).zip(&charge.tiers).map(|(number, DraftTier { tier, label })| {
            let amounts = [tier.quantity.millionths(), tier.unit_price.millionths(), tier.amount.millionths()];
            values![account.0, charge.id.0, number, text_opt(label.as_ref()), amounts[0], amounts[1], amounts[2]]
        })
    });
    let columns = &["account_id", "charge_id", "tier_number", "label", "quantity", "unit_price", "amount"];
    tx.insert("draft_charge_tier", columns, rows)
}

fn insert_discounts(tx: &mut Tx<'_>, account: AccountId, draft: &DraftInvoice) -> Result<(), Error> {
    let rows = draft.charges.iter().flat_map(|charge| {
        charge.discounts.iter().map(|discount| {
            values![
                account.0,
                discount.id,
                charge.id.0,
                discount.configured.discount_type.name(),
                discount.configured.amount.millionths(),
                discount.amount.millionths(),
                text_opt(discount.description.as_ref())
            ]
        })
    });
    let columns = &["account_id", "id", "charge_id", "discount_type", "configured_amount", "amount", "description"];
    tx.insert("draft_discount", columns, rows)
}

/// Deletes the charges of a draft.
pub(super) fn delete(tx: &mut Tx<'_>, account: AccountId, draft: DraftInvoiceId) -> Result<(), Error> {
    for table in ["draft_charge_tier", "draft_discount"] {
        let sql = format!(
            "DELETE FROM {table} WHERE account_id = $1 AND charge_id IN (
                 SELECT c.id FROM draft_charge c WHERE c.account_id = $1 AND c.draft_invoice_id = $2)"
        );
        tx.execute(&sql, &values![account.0, draft.0])?;
    }
    tx.execute(
        "DELETE FROM draft_charge WHERE account_id = $1 AND draft_invoice_id = $2",
        &values![account.0, draft.0],
    )?;
    Ok(())
}

/// The charges of a draft, in order.
pub(super) fn list(tx: &mut Tx<'_>, account: AccountId, draft: DraftInvoiceId) -> Result<Vec<DraftCharge>, Error> {
    let mut charges = tx.query(
        "SELECT id, purchase_id, product_id, name, description, quantity, unit_price, amount, gl_code, is_tax_exempt,
             range_quantity, earning_interval, earning_number_of_intervals, earning_timing_interval, earning_timing_type,
             created_at
         FROM draft_charge WHERE account_id = $1 AND draft_invoice_id = $2 ORDER BY id",
        &values![account.0, draft.0],
        charge,
    )?;
    fill(tx, account, &mut charges)?;
    Ok(charges)
}

fn charge(row: &Row<'_>) -> Result<DraftCharge, Error> {
    let mut columns = Columns::of(row);
    Ok(DraftCharge {
        id: ChargeId(columns.next()?),
        purchase: PurchaseId(columns.next()?),
        product: ProductId(columns.next()?),
        name: columns.next()?,
        description: columns.next()?,
        quantity: columns.quantity()?,
        unit_price: columns.price()?,
        amount: columns.amount()?,
        gl_code: columns.next()?,
        is_tax_exempt: columns.next()?,
        range_quantity: columns.quantity_opt()?,
        earning: columns.earning()?,
        created_at: columns.instant()?,
        tiers: Vec::new(),
        discounts: Vec::new(),
    })
}

/// Reads tiers and discounts.
fn fill(tx: &mut Tx<'_>, account: AccountId, charges: &mut [DraftCharge]) -> Result<(), Error> {
    let ids: Vec<_> = charges.iter().map(|charge| charge.id.0).collect();
    let mut by_id: HashMap<_, _> = charges.iter_mut().map(|charge| (charge.id.0, charge)).collect();
    let tiers = "SELECT charge_id, label, quantity, unit_price, amount FROM draft_charge_tier
         WHERE account_id = $1 AND charge_id IN ({owners}) ORDER BY charge_id, tier_number";
    each_of(tx, account, &ids, tiers, |id, columns| {
        let label = columns.next()?;
        let tier = columns.tier()?;
        by_id.entry(id).and_modify(|charge| charge.tiers.push(DraftTier { tier, label }));
        Ok(())
    })?;
    let discounts = "SELECT charge_id, id, discount_type, configured_amount, amount, description FROM draft_discount
         WHERE account_id = $1 AND charge_id IN ({owners}) ORDER BY id";
    each_of(tx, account, &ids, discounts, |id, columns| {
        let discount = DraftDiscount {
            id: columns.next()?,
            configured: columns.discount()?,
            amount: columns.amount()?,
            description: columns.next()?,
        };
        by_id.entry(id).and_modify(|charge| charge.discounts.push(discount));
        Ok(())
    })
}
