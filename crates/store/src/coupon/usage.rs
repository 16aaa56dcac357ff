//! How often coupons are used. A usage is taken when a purchase is charged, and never given back.

use std::collections::BTreeMap;

use billing::id::{AccountId, CouponCodeId, CouponId, CustomerId, PurchaseId};
use calendar::Instant;
use db::{Error, Row, Tx, values};

use crate::row::{Columns, at};

/// A coupon on a purchase, as far as its use is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The coupon.
    pub coupon: CouponId,
    /// The code by which it was applied.
    pub code: String,
    /// It must be usable still; otherwise somebody decided that it holds in any case.
    pub is_checked: bool,
    /// The first of the purchases that were split, which use the coupon once together; `None` is a use of its own.
    pub shares_use_of: Option<PurchaseId>,
}

/// The coupons on a purchase.
pub fn find_usages(tx: &mut Tx<'_>, account: AccountId, purchase: PurchaseId) -> Result<Vec<Usage>, Error> {
    tx.query(
        "SELECT coupon_id, coupon_code, is_checked, shares_use_of FROM purchase_coupon
         WHERE account_id = $1 AND purchase_id = $2 ORDER BY coupon_id",
        &values![account.0, purchase.0],
        |row| {
            let mut columns = Columns::of(row);
            let coupon = CouponId(columns.next()?);
            let (code, is_checked) = (columns.next()?, columns.next()?);
            let shares_use_of = columns.next::<Option<i64>>()?.map(PurchaseId);
            Ok(Usage { coupon, code, is_checked, shares_use_of })
        },
    )
}

/// Whether each customer may use a coupon once, which stays so until the transaction ends. Whoever asks about several does so
/// in the order of their ids.
pub fn share_one_time_use(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<bool, Error> {
    let sql = "SELECT is_one_time_use FROM coupon WHERE account_id = $1 AND id = $2";
    tx.share(sql, &values![account.0, id.0], |row| row.get(0))?.ok_or(Error::NoRow)
}

/// To how many the usages of a coupon's codes were last set, of those that have a limit.
pub fn find_usages_set(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CouponId,
) -> Result<BTreeMap<CouponCodeId, i64>, Error> {
    let sql = "SELECT id, usages_set FROM coupon_code
        WHERE account_id = $1 AND coupon_id = $2 AND usages_set IS NOT NULL";
    let found = tx.query(sql, &values![account.0, id.0], |row| Ok((CouponCodeId(row.get(0)?), row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Takes one usage of a code; `false` when none is left or the coupon no longer has the code. Counting down and looking
/// are one statement, so that two cannot take the last one; codes without a limit are not locked at all.
pub fn take_usage(tx: &mut Tx<'_>, account: AccountId, usage: &Usage) -> Result<bool, Error> {
    let code = values![account.0, usage.coupon.0, usage.code.as_str()];
    let taken = tx.execute(
        "UPDATE coupon_code SET remaining_usages = remaining_usages - 1
         WHERE account_id = $1 AND coupon_id = $2 AND code = $3 AND remaining_usages > 0",
        &code,
    )?;
    if taken > 0 {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM coupon_code
        WHERE account_id = $1 AND coupon_id = $2 AND code = $3 AND remaining_usages IS NULL";
    Ok(tx.query_opt(sql, &code, |_: &Row<'_>| Ok(()))?.is_some())
}

/// Remembers that a purchase used a coupon.
pub fn insert_use(
    tx: &mut Tx<'_>,
    account: AccountId,
    usage: &Usage,
    customer: CustomerId,
    purchase: PurchaseId,
    now: Instant,
) -> Result<(), Error> {
    let columns = &["account_id", "coupon_id", "purchase_id", "customer_id", "coupon_code", "used_at"];
    let row = values![account.0, usage.coupon.0, purchase.0, customer.0, usage.code.as_str(), at(now)];
    tx.insert("coupon_use", columns, [row])
}

/// Whether one of the purchases that were split, of which `first` was the first, has used a coupon.
pub fn is_use_taken(
    tx: &mut Tx<'_>,
    account: AccountId,
    coupon: CouponId,
    customer: CustomerId,
    first: PurchaseId,
) -> Result<bool, Error> {
    let found = tx.query_opt(
        "SELECT 1 FROM coupon_use u
         JOIN purchase_coupon p
             ON p.account_id = u.account_id AND p.purchase_id = u.purchase_id AND p.coupon_id = u.coupon_id
         WHERE u.account_id = $1 AND u.coupon_id = $2 AND u.customer_id = $3 AND p.shares_use_of = $4 LIMIT 1",
        &values![account.0, coupon.0, customer.0, first.0],
        |_: &Row<'_>| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Whether a customer has used a coupon.
pub fn is_used_by(tx: &mut Tx<'_>, account: AccountId, coupon: CouponId, customer: CustomerId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM coupon_use WHERE account_id = $1 AND coupon_id = $2 AND customer_id = $3 LIMIT 1";
    let found = tx.query_opt(sql, &values![account.0, coupon.0, customer.0], |_: &Row<'_>| Ok(()))?;
    Ok(found.is_some())
}

/// Whether a coupon is, or was, on any purchase.
pub fn is_applied(tx: &mut Tx<'_>, account: AccountId, coupon: CouponId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "SELECT 1 FROM purchase_coupon WHERE account_id = $1 AND coupon_id = $2
         UNION ALL
         SELECT 1 FROM coupon_use WHERE account_id = $1 AND coupon_id = $2
         LIMIT 1",
        &values![account.0, coupon.0],
        |_: &Row<'_>| Ok(()),
    )?;
    Ok(found.is_some())
}
