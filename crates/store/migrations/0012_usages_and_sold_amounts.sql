-- What remaining_usages was set to last, before purchases counted it down: whoever sends back a number that was read in
-- between does not give usages back. NULL where remaining_usages is.
ALTER TABLE coupon_code ADD COLUMN usages_set BIGINT;
UPDATE coupon_code SET usages_set = remaining_usages + (SELECT COUNT(*) FROM coupon_use u
    WHERE u.account_id = coupon_code.account_id AND u.coupon_id = coupon_code.coupon_id AND u.coupon_code = coupon_code.code);

-- What was sold costs what was charged, also where the product was exempted from tax, or no longer, after the draft was made.
UPDATE purchase SET
    amount = (SELECT c.amount FROM charge c WHERE c.account_id = purchase.account_id AND c.purchase_id = purchase.id)
        - (SELECT COALESCE(SUM(d.amount), 0) FROM charge c
            JOIN charge_discount d ON d.account_id = c.account_id AND d.charge_id = c.id
            WHERE c.account_id = purchase.account_id AND c.purchase_id = purchase.id),
    taxable_amount =
        (SELECT c.taxable_amount FROM charge c WHERE c.account_id = purchase.account_id AND c.purchase_id = purchase.id)
    WHERE EXISTS (SELECT 1 FROM charge c WHERE c.account_id = purchase.account_id AND c.purchase_id = purchase.id);
