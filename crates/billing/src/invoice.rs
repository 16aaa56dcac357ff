//! Posted invoices: what they hold, what they owe, and how one is made from purchases.

mod amend;

use calendar::{Date, Instant, Zone};
use money::{Amount, Currency, NumberError, Price, Quantity};

pub use self::amend::InvoiceChange;
use crate::{
    address::AddressPreference,
    charge_tax::ChargeTax,
    customer::Contact,
    discount::Discount,
    earning::EarningSettings,
    id::{ChargeId, CustomerId, InvoiceId, ProductId, PurchaseId},
    named::named,
    opening_balance::OpeningBalance,
    priced::Tier,
    term::Term,
};

named! {
    /// Where an invoice stands; never stored, always computed (receivables.md §2.2).
    pub enum InvoiceStatus {
        /// Owes, and is not due yet.
        Due => "Due",
        /// Owes, and was due.
        Overdue => "Overdue",
        /// Owes nothing.
        Paid => "Paid",
        /// Owes nothing because its balance was given up.
        WrittenOff => "WrittenOff",
        /// Owes nothing because every charge was reversed.
        Void => "Void",
        /// In dispute.
        Disputed => "Disputed",
        /// A payment on it is not settled.
        Pending => "Pending",
    }
}

/// What has been taken from what an invoice asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Σ charges before discounts.
    pub subtotal: Amount,
    /// Σ discounts.
    pub discount: Amount,
    /// Σ taxes.
    pub tax: Amount,
    /// Paid so far, less what was refunded.
    pub payments: Amount,
    /// Credited so far, less what was debited.
    pub credits: Amount,
    /// Reversed so far.
    pub credit_notes: Amount,
    /// Written off.
    pub write_offs: Amount,
}

impl Totals {
    /// What was invoiced: subtotal − discount + tax (receivables.md §15).
    pub fn amount(&self) -> Result<Amount, NumberError> {
        self.subtotal.checked_sub(self.discount)?.checked_add(self.tax)
    }

    /// What is still owed.
    pub fn outstanding(&self) -> Result<Amount, NumberError> {
        let taken = Amount::sum([self.payments, self.credits, self.credit_notes, self.write_offs])?;
        self.amount()?.checked_sub(taken)
    }
}

/// One line of a posted invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its id, which is also its ledger transaction's.
    pub id: ChargeId,
    /// The purchase it charges.
    pub purchase: PurchaseId,
    /// The product sold.
    pub product: ProductId,
    /// Printed on the invoice.
    pub name: String,
    /// Printed on the invoice.
    pub description: Option<String>,
    /// Units.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Price,
    /// Price of all, before discounts.
    pub amount: Amount,
    /// General-ledger label, as it was when the charge was posted.
    pub gl_code: Option<String>,
    /// When it was posted.
    pub effective_at: Instant,
    /// How it earns, fixed at posting.
    pub earning: EarningSettings,
    /// The part open to tax: net of discounts, nothing when the product is exempt.
    pub taxable_amount: Amount,
    /// The quantity that chose the prices, when the pricing is not standard.
    pub range_quantity: Option<Quantity>,
    /// Where the amount of a tiered charge comes from.
    pub tiers: Vec<Tier>,
    /// What discounts take from it.
    pub discounts: Vec<ChargeDiscount>,
    /// What was taken back of it.
    pub reversed: Reversed,
}

/// A discount as it was posted with a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeDiscount {
    /// Its id, which is also its ledger transaction's.
    pub id: i64,
    /// What the caller entered.
    pub configured: Discount,
    /// What it took.
    pub amount: Amount,
}

/// What was taken back of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reversed {
    /// Gross.
    pub amount: Amount,
    /// Discounts on that.
    pub discount: Amount,
    /// Taxes on that.
    pub tax: Amount,
}

impl Charge {
    /// Whether anything of it is left to be reversed.
    pub fn is_reversible(&self) -> bool {
        self.reversed.amount < self.amount
    }

    /// What all discounts take together.
    pub fn discount(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.discounts.iter().map(|discount| discount.amount))
    }

    /// What the charge costs less its discounts, before tax.
    pub fn net(&self) -> Result<Amount, NumberError> {
        self.amount.checked_sub(self.discount()?)
    }
}

/// One instalment; every invoice has at least one (receivables.md §4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSchedule {
    /// Its id.
    pub id: i64,
    /// The first instant of the day on which it falls due, in the account's time zone.
    pub due_at: Instant,
    /// What falls due.
    pub amount: Amount,
    /// What of it is still owed.
    pub outstanding: Amount,
    /// Days after the invoice's own terms.
    pub days_due_after_term: i64,
}

/// A posted invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// The number printed on it: sequential without gaps in the account.
    pub number: i64,
    /// Who owes.
    pub customer: CustomerId,
    /// The customer's names and contacts at posting.
    pub contact: Contact,
    /// The customer's currency.
    pub currency: Currency,
    /// Terms in force.
    pub term: Term,
    /// Terms without an override: the customer's, or the account's.
    pub default_term: Term,
    /// When it was posted.
    pub posted_at: Instant,
    /// Last change.
    pub modified_at: Instant,
    /// When a payment left nothing to owe, or posting did.
    pub paid_at: Option<Instant>,
    /// The amounts.
    pub totals: Totals,
    /// The customer's balance before posting.
    pub opening_balance: Amount,
    /// The customer's balance after posting.
    pub closing_balance: Amount,
    /// The customer's purchase-order number.
    pub po_number: Option<String>,
    /// Printed on it.
    pub notes: Option<String>,
    /// A date that the merchant knows it by.
    pub reference_date: Option<Date>,
    /// Not shown in the self-service portal.
    pub is_hidden_on_portal: bool,
    /// When it falls due, in parts.
    pub schedules: Vec<PaymentSchedule>,
    /// Its lines; empty in lists.
    pub charges: Vec<Charge>,
    /// What the customer owed before, which then is all that it asks for; empty in lists, as the lines are.
    pub owed_before: Option<OpeningBalance>,
    /// The taxes of its lines.
    pub taxes: Vec<ChargeTax>,
    /// How the customer was addressed at posting.
    pub addresses: Option<AddressPreference>,
    /// What it said before it was amended, oldest first.
    pub revisions: Vec<Revision>,
}

/// What an invoice said until it was amended (receivables.md §2.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: i64,
    /// The purchase-order number until then.
    pub po_number: Option<String>,
    /// The notes until then.
    pub notes: Option<String>,
    /// When it was amended.
    pub at: Instant,
}

impl Invoice {
    /// When the first of the instalments that owe something falls due, or fell; the last one once nothing is owed.
    pub fn due_at(&self) -> Option<Instant> {
        let owing = self.schedules.iter().filter(|schedule| !schedule.outstanding.is_zero());
        let first = owing.map(|schedule| schedule.due_at).min();
        first.or_else(|| self.schedules.iter().map(|schedule| schedule.due_at).max())
    }

    /// Where the invoice stands: it is overdue as soon as one of its instalments is. Lists ask the database the same, to
    /// filter and sort by it.
    pub fn status(&self, now: Instant) -> InvoiceStatus {
        self.status_of(self.totals.outstanding() != Ok(Amount::ZERO), self.due_at(), now)
    }

    /// Where one of the invoice's instalments stands. One that owes nothing stands where its invoice does once that owes
    /// nothing either, and is paid while others still owe.
    pub fn schedule_status(&self, schedule: &PaymentSchedule, now: Instant) -> InvoiceStatus {
        if schedule.outstanding.is_zero() {
            let is_settled = self.totals.outstanding() == Ok(Amount::ZERO);
            return if is_settled { self.status(now) } else { InvoiceStatus::Paid };
        }
        self.status_of(true, Some(schedule.due_at), now)
    }

    /// Whether credit notes took all of it back.
    pub fn is_void(&self) -> bool {
        let Totals { credit_notes, .. } = self.totals;
        credit_notes.is_positive() && self.totals.amount() == Ok(credit_notes)
    }

    /// The status by precedence: Void, WrittenOff, Paid, Overdue, Due (receivables.md §2.2). What is due on a day is
    /// overdue from that day's first instant. Nothing is disputed, and no payment waits for its settlement.
    fn status_of(&self, owes: bool, due_at: Option<Instant>, now: Instant) -> InvoiceStatus {
        if !owes {
            if self.is_void() {
                InvoiceStatus::Void
            } else if self.totals.write_offs.is_positive() {
                InvoiceStatus::WrittenOff
            } else {
                InvoiceStatus::Paid
            }
        } else if due_at.is_some_and(|due_at| due_at <= now) {
            InvoiceStatus::Overdue
        } else {
            InvoiceStatus::Due
        }
    }
}

/// The first instant of the day on which an invoice posted at `posted_at` falls due, in the account's time zone.
pub fn due_at(term: Term, posted_at: Instant, zone: &Zone) -> Instant {
    zone.start_of(term.due_on(zone.date_of(posted_at)))
}

/// Takes `taken` from what the instalments of an invoice owe, earliest due first. Returns the instalments that change,
/// with their new outstanding amounts (receivables.md §4.4).
pub fn settle(schedules: &[PaymentSchedule], taken: Amount) -> Result<Vec<(i64, Amount)>, NumberError> {
    let mut left = taken;
    let mut changes = Vec::new();
    for schedule in in_order(schedules) {
        let part = left.min(schedule.outstanding);
        if part.is_positive() {
            changes.push((schedule.id, schedule.outstanding.checked_sub(part)?));
            left = left.checked_sub(part)?;
        }
    }
    Ok(changes)
}

/// Gives `returned` back to the instalments of an invoice, what was settled last first: the opposite of [`settle`].
pub fn reopen(schedules: &[PaymentSchedule], returned: Amount) -> Result<Vec<(i64, Amount)>, NumberError> {
    let mut left = returned;
    let mut changes = Vec::new();
    for schedule in in_order(schedules).into_iter().rev() {
        let part = left.min(schedule.amount.checked_sub(schedule.outstanding)?);
        if part.is_positive() {
            changes.push((schedule.id, schedule.outstanding.checked_add(part)?));
            left = left.checked_sub(part)?;
        }
    }
    Ok(changes)
}

fn in_order(schedules: &[PaymentSchedule]) -> Vec<&PaymentSchedule> {
    let mut order: Vec<_> = schedules.iter().collect();
    order.sort_by_key(|schedule| (schedule.due_at, schedule.id));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instalments(outstanding: [i64; 3]) -> Vec<PaymentSchedule> {
        // The ids do not follow the days.
        let parts = [(3, 1, outstanding[0]), (1, 2, outstanding[1]), (2, 3, outstanding[2])];
        let part = |(id, day, outstanding)| PaymentSchedule {
            id,
            due_at: Instant::from_millis(day),
            amount: Amount::from_millionths(10),
            outstanding: Amount::from_millionths(outstanding),
            days_due_after_term: 0,
        };
        parts.map(part).into()
    }

    fn changes(changed: Result<Vec<(i64, Amount)>, NumberError>) -> Vec<(i64, i64)> {
        changed.unwrap().into_iter().map(|(id, amount)| (id, amount.millionths())).collect()
    }

    #[test]
    fn what_was_settled_last_is_reopened_first() {
        let of = Amount::from_millionths;
        assert_eq!(changes(settle(&instalments([10, 10, 10]), of(14))), [(3, 0), (1, 6)]);
        assert_eq!(changes(reopen(&instalments([0, 6, 10]), of(9))), [(1, 10), (3, 5)]);
        assert_eq!(changes(settle(&instalments([5, 10, 10]), of(25))), [(3, 0), (1, 0), (2, 0)]);
        assert_eq!(changes(reopen(&instalments([0, 0, 0]), of(30))), [(2, 10), (1, 10), (3, 10)]);
        assert_eq!(changes(reopen(&instalments([0, 0, 0]), of(0))), []);
    }
}
