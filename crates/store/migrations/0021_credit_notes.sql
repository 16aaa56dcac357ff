-- Which taxes the tax of a reversal belongs to, so that credit notes tell it by rate.
CREATE TABLE reversal_tax (
    account_id BIGINT NOT NULL,
    reversal_id BIGINT NOT NULL,
    charge_tax_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (account_id, reversal_id, charge_tax_id),
    FOREIGN KEY (account_id, reversal_id) REFERENCES reversal (account_id, id),
    FOREIGN KEY (account_id, charge_tax_id) REFERENCES charge_tax (account_id, id)
);

-- Until now a charge was taken back once at most, by a cancellation: its tax goes to the first of its taxes as far as they
-- reach, which is exact whenever all of it or only one tax was taken back.
INSERT INTO reversal_tax (account_id, reversal_id, charge_tax_id, amount)
    SELECT account_id, reversal_id, charge_tax_id, CASE WHEN still < amount THEN still ELSE amount END
    FROM (
        SELECT r.account_id, r.id AS reversal_id, x.id AS charge_tax_id, x.amount,
            r.tax + x.amount - SUM(x.amount) OVER (PARTITION BY r.account_id, r.id ORDER BY x.id) AS still
        FROM reversal r JOIN charge_tax x ON x.account_id = r.account_id AND x.charge_id = r.charge_id
        WHERE r.tax > 0
    ) part
    WHERE still > 0;

CREATE INDEX reversal_credit_note ON reversal (account_id, credit_note_id);
CREATE INDEX reversal_charge ON reversal (account_id, charge_id);
