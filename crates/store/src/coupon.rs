//! Coupons with their codes, discounts, windows and plans.

mod parts;
mod usage;

use billing::{
    coupon::{Coupon, CouponFields, CouponStatus},
    id::{AccountId, CouponId},
    listing::{Kind, Page, Slice},
    named::Named,
};
use calendar::Instant;
use db::{Error, Row, Tx, values};

pub use self::usage::{
    find_usages, find_usages_set, insert_uses, is_applied, is_use_taken, is_used_by, share_one_time_use, take_usages,
    take_usages_left,
};
use crate::{
    listing::{Column, Source, column, column_of_any, list as list_page, searched},
    presence,
    row::{Columns, at, text_opt},
};

const COLUMNS: &[&str] = &[
    "account_id",
    "id",
    "name",
    "description",
    "is_retired",
    "applies_to_all_plans",
    "is_one_time_use",
    "created_at",
    "modified_at",
];

/// Stores a new coupon.
pub fn insert(
    tx: &mut Tx<'_>,
    account: AccountId,
    id: CouponId,
    fields: &CouponFields,
    now: Instant,
) -> Result<(), Error> {
    let row = values![
        account.0,
        id.0,
        fields.name.as_str(),
        text_opt(fields.description.as_ref()),
        fields.is_retired,
        fields.applies_to_all_plans,
        fields.is_one_time_use,
        at(now),
        at(now)
    ];
    tx.insert("coupon", COLUMNS, [row])?;
    parts::insert(tx, account, id, fields)
}

/// Replaces what callers write of a stored coupon. Codes and windows that have an id keep it.
pub fn update(
    tx: &mut Tx<'_>,
    account: AccountId,
    stored: &Coupon,
    fields: &CouponFields,
    now: Instant,
) -> Result<(), Error> {
    let id = stored.id;
    tx.execute(
        "UPDATE coupon SET name = $3, description = $4, is_retired = $5, applies_to_all_plans = $6,
             is_one_time_use = $7, modified_at = $8
         WHERE account_id = $1 AND id = $2",
        &values![
            account.0,
            id.0,
            fields.name.as_str(),
            text_opt(fields.description.as_ref()),
            fields.is_retired,
            fields.applies_to_all_plans,
            fields.is_one_time_use,
            at(now)
        ],
    )?;
    parts::update_codes(tx, account, &stored.fields.codes, fields)?;
    parts::delete(tx, account, id)?;
    parts::insert(tx, account, id, fields)
}

/// Deletes a coupon that was never applied.
pub fn delete(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<(), Error> {
    parts::delete(tx, account, id)?;
    tx.execute("DELETE FROM coupon_code WHERE account_id = $1 AND coupon_id = $2", &values![account.0, id.0])?;
    tx.execute("DELETE FROM coupon WHERE account_id = $1 AND id = $2", &values![account.0, id.0])?;
    Ok(())
}

/// Locks a coupon against changes by others until the transaction ends; `false` when there is none.
pub fn lock(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<bool, Error> {
    presence::lock(tx, "SELECT id FROM coupon WHERE account_id = $1 AND id = $2", account, id.0)
}

const SELECT: &str = "c.id, c.name, c.description, c.is_retired, c.applies_to_all_plans, c.is_one_time_use";

/// One coupon.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<Option<Coupon>, Error> {
    let sql = format!("SELECT {SELECT} FROM coupon c WHERE c.account_id = $1 AND c.id = $2");
    let mut found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], coupon)?);
    parts::fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// Like [`find`], and the coupon stays as it is until the transaction ends, apart from the usages that others take. Whoever
/// needs several asks in the order of their ids.
pub fn share(tx: &mut Tx<'_>, account: AccountId, id: CouponId) -> Result<Option<Coupon>, Error> {
    let sql = format!("SELECT {SELECT} FROM coupon c WHERE c.account_id = $1 AND c.id = $2");
    let mut found = Vec::from_iter(tx.share(&sql, &values![account.0, id.0], coupon)?);
    parts::fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The coupon that is asked for by this code.
pub fn find_by_code(tx: &mut Tx<'_>, account: AccountId, code: &str) -> Result<Option<CouponId>, Error> {
    let sql = "SELECT coupon_id FROM coupon_code WHERE account_id = $1 AND code = $2";
    tx.query_opt(sql, &values![account.0, code], |row| row.get(0).map(CouponId))
}

/// What `billing::coupon::CouponFields::status` says, at `$2`.
const STATUS: &str = "(CASE
    WHEN c.is_retired THEN 'Retired'
    WHEN NOT EXISTS (SELECT 1 FROM coupon_code k WHERE k.account_id = c.account_id AND k.coupon_id = c.id)
        OR NOT (EXISTS (SELECT 1 FROM coupon_discount d WHERE d.account_id = c.account_id AND d.coupon_id = c.id)
            OR EXISTS (SELECT 1 FROM coupon_eligibility e JOIN coupon_eligibility_discount d
                    ON d.account_id = e.account_id AND d.eligibility_id = e.id
                WHERE e.account_id = c.account_id AND e.coupon_id = c.id)) THEN 'Draft'
    WHEN EXISTS (SELECT 1 FROM coupon_eligibility e WHERE e.account_id = c.account_id AND e.coupon_id = c.id)
        AND NOT EXISTS (SELECT 1 FROM coupon_eligibility e WHERE e.account_id = c.account_id AND e.coupon_id = c.id
            AND (e.starts_at IS NULL OR e.starts_at <= $2) AND (e.ends_at IS NULL OR e.ends_at >= $2))
        THEN 'Ineligible'
    ELSE 'Active' END)";

/// The first start of the windows; no window, or one without a start, has none.
const START: &str = "(SELECT CASE WHEN COUNT(*) = COUNT(e.starts_at) THEN MIN(e.starts_at) END
    FROM coupon_eligibility e WHERE e.account_id = c.account_id AND e.coupon_id = c.id)";

/// The last end of the windows; no window, or one without an end, has none.
const END: &str = "(SELECT CASE WHEN COUNT(*) = COUNT(e.ends_at) THEN MAX(e.ends_at) END
    FROM coupon_eligibility e WHERE e.account_id = c.account_id AND e.coupon_id = c.id)";

/// Names that coupons can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    searched("id", Kind::Id, "c.id"),
    column("applyToAllPlans", Kind::Boolean, "c.applies_to_all_plans"),
    column_of_any(
        "code",
        Kind::Text,
        "k.code",
        "coupon_code k WHERE k.account_id = c.account_id AND k.coupon_id = c.id",
    ),
    column("description", Kind::Text, "c.description"),
    column("eligibilityEndDate", Kind::Instant, END),
    column("eligibilityStartDate", Kind::Instant, START),
    searched("name", Kind::Text, "c.name"),
    column("oneTimeUse", Kind::Boolean, "c.is_one_time_use"),
    column("status", Kind::Enum(CouponStatus::NAMES), STATUS),
];

/// A page of coupons, by what they are at `now`.
pub fn list(tx: &mut Tx<'_>, account: AccountId, now: Instant, page: &Page) -> Result<Slice<Coupon>, Error> {
    let source = Source {
        select: SELECT,
        from: "coupon c",
        // The time is named here because a statement must name every parameter, also when nobody asks for the status.
        scope: "c.account_id = $1 AND CAST($2 AS TIMESTAMPTZ) IS NOT NULL",
        id: "c.id",
        columns: LIST_COLUMNS,
    };
    let mut slice = list_page(tx, &source, &values![account.0, at(now)], page, coupon)?;
    parts::fill(tx, account, &mut slice.rows)?;
    Ok(slice)
}

fn coupon(row: &Row<'_>) -> Result<Coupon, Error> {
    let mut columns = Columns::of(row);
    let id = CouponId(columns.next()?);
    let fields = CouponFields {
        name: columns.next()?,
        description: columns.next()?,
        is_retired: columns.next()?,
        applies_to_all_plans: columns.next()?,
        is_one_time_use: columns.next()?,
        codes: Vec::new(),
        discounts: Vec::new(),
        eligibilities: Vec::new(),
        plans: Vec::new(),
    };
    Ok(Coupon { id, fields })
}
