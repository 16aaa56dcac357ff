//! Discounts and coupons of drafts, one at a time. Each function leaves the purchase's own row to [`super::update`].

use billing::{
    discount::Discount,
    id::{AccountId, CouponId, PurchaseDiscountId, PurchaseId},
    named::Named,
    purchase::AppliedCoupon,
};
use db::{Error, Tx, Value, values};

use crate::row::Columns;

/// Columns of [`discount_row`].
pub(super) const DISCOUNT_COLUMNS: &[&str] =
    &["account_id", "id", "purchase_id", "discount_type", "amount", "coupon_id"];

/// Columns of [`coupon_row`].
pub(super) const COUPON_COLUMNS: &[&str] =
    &["account_id", "id", "purchase_id", "coupon_code", "coupon_id", "is_checked", "shares_use_of"];

/// A discount on a purchase, and the coupon that brought it.
pub(super) fn discount_row(
    account: AccountId,
    id: Option<i64>,
    purchase: PurchaseId,
    discount: &Discount,
    coupon: Option<CouponId>,
) -> [Value<'static>; 6] {
    let coupon = coupon.map(|coupon| coupon.0);
    values![account.0, id, purchase.0, discount.discount_type.name(), discount.amount.millionths(), coupon]
}

/// A coupon on a purchase.
pub(super) fn coupon_row(
    account: AccountId,
    id: Option<i64>,
    purchase: PurchaseId,
    applied: &AppliedCoupon,
) -> [Value<'_>; 7] {
    let shares_use_of = applied.shares_use_of.map(|first| first.0);
    values![account.0, id, purchase.0, applied.code.as_str(), applied.coupon.0, applied.is_checked, shares_use_of]
}

/// Puts a discount that was entered on a purchase.
pub fn insert_discount(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PurchaseDiscountId,
    purchase: PurchaseId,
    discount: &Discount,
) -> Result<(), Error> {
    tx.insert("purchase_discount", DISCOUNT_COLUMNS, [discount_row(account, Some(id.0), purchase, discount, None)])
}

/// Replaces what a discount takes.
pub fn update_discount(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: PurchaseDiscountId,
    discount: &Discount,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE purchase_discount SET discount_type = $3, amount = $4 WHERE account_id = $1 AND id = $2",
        &values![account.0, id.0, discount.discount_type.name(), discount.amount.millionths()],
    )?;
    Ok(())
}

/// Takes a discount off its purchase.
pub fn delete_discount(tx: &mut Tx<'_>, account: AccountId, id: PurchaseDiscountId) -> Result<(), Error> {
    tx.execute("DELETE FROM purchase_discount WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// The purchase that a discount is on.
pub fn find_discount(tx: &mut Tx<'_>, account: AccountId, id: PurchaseDiscountId) -> Result<Option<PurchaseId>, Error> {
    let sql = "SELECT purchase_id FROM purchase_discount WHERE account_id = $1 AND id = $2";
    tx.query_opt(sql, &values![account.0, id.0], |row| row.get(0).map(PurchaseId))
}

/// Puts a coupon and the discounts that it brings on a purchase; the coupon's place on it has the id `id`.
pub fn insert_coupon(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: i64,
    purchase: PurchaseId,
    applied: &AppliedCoupon,
) -> Result<(), Error> {
    tx.insert("purchase_coupon", COUPON_COLUMNS, [coupon_row(account, Some(id), purchase, applied)])?;
    let ids = tx.next_ids(i64::try_from(applied.discounts.len()).unwrap_or(i64::MAX))?;
    let discounts = applied.discounts.iter().zip(ids);
    let discounts =
        discounts.map(|(discount, id)| discount_row(account, Some(id), purchase, discount, Some(applied.coupon)));
    tx.insert("purchase_discount", DISCOUNT_COLUMNS, discounts)
}

/// The coupons on a purchase with what is left of the discounts that they brought.
pub fn find_coupons(tx: &mut Tx<'_>, account: AccountId, purchase: PurchaseId) -> Result<Vec<AppliedCoupon>, Error> {
    let mut found = tx.query(
        "SELECT coupon_id, coupon_code, is_checked, shares_use_of FROM purchase_coupon
         WHERE account_id = $1 AND purchase_id = $2 ORDER BY id",
        &values![account.0, purchase.0],
        |row| {
            let mut columns = Columns::of(row);
            Ok(AppliedCoupon {
                coupon: CouponId(columns.next()?),
                code: columns.next()?,
                is_checked: columns.next()?,
                shares_use_of: columns.next::<Option<i64>>()?.map(PurchaseId),
                discounts: Vec::new(),
            })
        },
    )?;
    for applied in &mut found {
        applied.discounts = tx.query(
            "SELECT discount_type, amount FROM purchase_discount
             WHERE account_id = $1 AND purchase_id = $2 AND coupon_id = $3 ORDER BY id",
            &values![account.0, purchase.0, applied.coupon.0],
            |row| {
                let mut columns = Columns::of(row);
                columns.discount()
            },
        )?;
    }
    Ok(found)
}

/// Makes a purchase that is about to be split share its use of each coupon with what is split off it.
pub fn share_coupon_uses(tx: &mut Tx<'_>, account: AccountId, purchase: PurchaseId) -> Result<(), Error> {
    tx.execute(
        "UPDATE purchase_coupon SET shares_use_of = purchase_id
         WHERE account_id = $1 AND purchase_id = $2 AND shares_use_of IS NULL",
        &values![account.0, purchase.0],
    )?;
    Ok(())
}

/// The coupon that is on a purchase by this code.
pub fn find_coupon(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
    code: &str,
) -> Result<Option<CouponId>, Error> {
    let sql = "SELECT coupon_id FROM purchase_coupon WHERE account_id = $1 AND purchase_id = $2 AND coupon_code = $3";
    tx.query_opt(sql, &values![account.0, purchase.0, code], |row| row.get(0).map(CouponId))
}

/// Takes a coupon off a purchase; the discounts that it brought stay, and are the purchase's own from now on.
pub fn delete_coupon(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
    coupon: CouponId,
    code: &str,
) -> Result<(), Error> {
    let sql = "DELETE FROM purchase_coupon WHERE account_id = $1 AND purchase_id = $2 AND coupon_code = $3";
    tx.execute(sql, &values![account.0, purchase.0, code])?;
    let sql = "UPDATE purchase_discount SET coupon_id = NULL
               WHERE account_id = $1 AND purchase_id = $2 AND coupon_id = $3";
    tx.execute(sql, &values![account.0, purchase.0, coupon.0])?;
    Ok(())
}

/// Takes the discounts that a coupon brought off a purchase.
pub fn delete_discounts_of(
    tx: &mut Tx<'_>,
    account: AccountId,
    purchase: PurchaseId,
    coupon: CouponId,
) -> Result<(), Error> {
    let sql = "DELETE FROM purchase_discount WHERE account_id = $1 AND purchase_id = $2 AND coupon_id = $3";
    tx.execute(sql, &values![account.0, purchase.0, coupon.0])?;
    Ok(())
}
