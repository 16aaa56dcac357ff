-- A reversal of a part of a charge spreads what is left over the parts to come: when that was done last, and what was
-- earned by then.
ALTER TABLE earning_schedule ADD COLUMN recalculated_on DATE;
ALTER TABLE earning_schedule ADD COLUMN earned_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE earning_schedule ADD COLUMN earned_discount_before BIGINT NOT NULL DEFAULT 0;

-- Rounds go from customer to customer, and from what has been due longest.
DROP INDEX earning_schedule_due;
CREATE INDEX earning_schedule_due ON earning_schedule (account_id, customer_id, next_due_on, charge_id)
    WHERE next_due_on IS NOT NULL;

-- Purchases that were split share one use of a coupon: each names the first of them, which names itself. NULL is a use of
-- its own.
ALTER TABLE purchase_coupon ADD COLUMN shares_use_of BIGINT;
