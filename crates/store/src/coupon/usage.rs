//! How often coupons are used. A usage is taken when a purchase is charged, and never given back.

use std::collections::BTreeMap;

use billing::{
    coupon::uses::Usage,
    id::{AccountId, CouponCodeId, CouponId, CustomerId, PurchaseId},
};
use calendar::Instant;
use db::{Error, Tx, values};

use crate::{many::each_of, presence, row::at};

/// The coupons on purchases, by coupon, code and purchase.
pub fn find_usages(tx: &mut Tx<'_>, account: AccountId, purchases: &[PurchaseId]) -> Result<Vec<Usage>, Error> {
    let ids: Vec<_> = purchases.iter().map(|purchase| purchase.0).collect();
    let sql = "SELECT purchase_id, coupon_id, coupon_code, is_checked, shares_use_of FROM purchase_coupon
         WHERE account_id = $1 AND purchase_id IN ({owners})";
    let mut usages = Vec::new();
    each_of(tx, account, &ids, sql, |purchase, columns| {
        let (purchase, coupon) = (PurchaseId(purchase), CouponId(columns.next()?));
        let (code, is_checked) = (columns.next()?, columns.next()?);
        let shares_use_of = columns.next::<Option<i64>>()?.map(PurchaseId);
        usages.push(Usage { purchase, coupon, code, is_checked, shares_use_of });
        Ok(())
    })?;
    usages.sort_by(|one: &Usage, other| {
        (one.coupon, &one.code, one.purchase).cmp(&(other.coupon, &other.code, other.purchase))
    });
    Ok(usages)
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

/// Takes so many usages of a code; `false`, and none, when fewer are left or the coupon no longer has the code. Counting
/// down and looking are one statement, so that two cannot take the last one; codes without a limit are not locked at all.
pub fn take_usages(
    tx: &mut Tx<'_>,
    account: AccountId,
    coupon: CouponId,
    code: &str,
    count: i64,
) -> Result<bool, Error> {
    let taken = tx.execute(
        "UPDATE coupon_code SET remaining_usages = remaining_usages - $4
         WHERE account_id = $1 AND coupon_id = $2 AND code = $3 AND remaining_usages >= $4",
        &values![account.0, coupon.0, code, count],
    )?;
    if taken > 0 {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM coupon_code
        WHERE account_id = $1 AND coupon_id = $2 AND code = $3 AND remaining_usages IS NULL";
    presence::is_any(tx, sql, &values![account.0, coupon.0, code])
}

/// Takes so many usages of a code, or as many as are left.
pub fn take_usages_left(
    tx: &mut Tx<'_>,
    account: AccountId,
    coupon: CouponId,
    code: &str,
    count: i64,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE coupon_code SET
             remaining_usages = CASE WHEN remaining_usages > $4 THEN remaining_usages - $4 ELSE 0 END
         WHERE account_id = $1 AND coupon_id = $2 AND code = $3 AND remaining_usages > 0",
        &values![account.0, coupon.0, code, count],
    )?;
    Ok(())
}

/// Remembers that purchases of a customer used their coupons.
pub fn insert_uses(
    tx: &mut Tx<'_>,
    account: AccountId,
    usages: &[Usage],
    customer: CustomerId,
    now: Instant,
) -> Result<(), Error> {
    let columns = &["account_id", "coupon_id", "purchase_id", "customer_id", "coupon_code", "used_at"];
    let rows = usages.iter().map(|Usage { coupon, purchase, code, .. }| {
        values![account.0, coupon.0, purchase.0, customer.0, code.as_str(), at(now)]
    });
    tx.insert("coupon_use", columns, rows)
}

/// Whether one of the purchases that were split, of which `first` was the first, has used a coupon.
pub fn is_use_taken(
    tx: &mut Tx<'_>,
    account: AccountId,
    coupon: CouponId,
    customer: CustomerId,
    first: PurchaseId,
) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM coupon_use u
         JOIN purchase_coupon p
             ON p.account_id = u.account_id AND p.purchase_id = u.purchase_id AND p.coupon_id = u.coupon_id
         WHERE u.account_id = $1 AND u.coupon_id = $2 AND u.customer_id = $3 AND p.shares_use_of = $4 LIMIT 1";
    presence::is_any(tx, sql, &values![account.0, coupon.0, customer.0, first.0])
}

/// Whether a customer has used a coupon.
pub fn is_used_by(tx: &mut Tx<'_>, account: AccountId, coupon: CouponId, customer: CustomerId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM coupon_use WHERE account_id = $1 AND coupon_id = $2 AND customer_id = $3 LIMIT 1";
    presence::is_any(tx, sql, &values![account.0, coupon.0, customer.0])
}

/// Whether a coupon is, or was, on any purchase.
pub fn is_applied(tx: &mut Tx<'_>, account: AccountId, coupon: CouponId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM purchase_coupon WHERE account_id = $1 AND coupon_id = $2
         UNION ALL
         SELECT 1 FROM coupon_use WHERE account_id = $1 AND coupon_id = $2
         LIMIT 1";
    presence::is_any(tx, sql, &values![account.0, coupon.0])
}
