//! What is collected of a customer without anybody asking: what falls due, again on certain days when that failed, and
//! funds that run low (customers.md §3.1; receivables.md §14).

use calendar::{Date, add_days};
use money::{Amount, NumberError};

use crate::{
    collection_setting::CollectionSetting,
    customer::{AutoCollectSettingType, BillingSetting, CustomerStatus},
    id::{CustomerId, InvoiceId},
    payment::Allocation,
    payment_activity::ActivityStatus,
};

/// What automatic collection takes of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Everything that is owed, as soon as something is due.
    pub takes_all: bool,
    /// On which days after a first failed attempt it is tried again, ascending.
    pub retry_days: Vec<i64>,
    /// Less than the first in advance is brought back to the second.
    pub recharge: Option<(Amount, Amount)>,
}

/// An overdue instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The instalment.
    pub schedule: i64,
    /// Its invoice.
    pub invoice: InvoiceId,
    /// What is due of the invoice, on all of its instalments.
    pub due: Amount,
}

/// What a customer owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debts {
    /// What is overdue, the earliest first.
    pub due: Vec<Due>,
    /// What every invoice owes that owes something, oldest first.
    pub open: Vec<Allocation>,
    /// Money that is not allocated, less what is owed.
    pub in_advance: Amount,
}

/// What was tried for a subject: an instalment, or the customer whose funds are topped up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// Its id.
    pub subject: i64,
    /// How often.
    pub attempt_count: i64,
    /// Since when.
    pub first_on: Date,
    /// When it is tried again; nothing when it is not.
    pub next_on: Option<Date>,
    /// What became of the last attempt.
    pub last: ActivityStatus,
}

/// What is to be collected now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The instalment, or the customer whose funds are topped up.
    pub subject: i64,
    /// How much.
    pub amount: Amount,
    /// Which invoices get it; the rest is available funds.
    pub invoices: Vec<Allocation>,
    /// Which attempt for the subject it is; the first is 1.
    pub number: i64,
    /// When the first was.
    pub first_on: Date,
    /// When there will be another if this one fails.
    pub next_on: Option<Date>,
}

impl Rules {
    /// The rules of a customer: its own where it has some, otherwise the account's; `None` where nothing is collected. What
    /// is owed is collected of customers on hold and of suspended ones too (customers.md §1.3).
    pub fn of(status: CustomerStatus, own: &BillingSetting, account: &CollectionSetting) -> Option<Self> {
        match status {
            CustomerStatus::Active | CustomerStatus::Hold | CustomerStatus::Suspended => {}
            CustomerStatus::Draft | CustomerStatus::Cancelled => return None,
        }
        if !own.auto_collect.unwrap_or(account.auto_collect) {
            return None;
        }
        let kind = own.auto_collect_setting_type.unwrap_or(account.auto_collect_setting_type);
        let recharge = own.recharge_threshold_amount.zip(own.recharge_target_amount);
        let retries = if own.dunning_exempt == Some(true) { &[][..] } else { &account.dunning_days };
        Some(Self {
            takes_all: kind == AutoCollectSettingType::OutstandingBalance,
            retry_days: retries.to_vec(),
            recharge: recharge.filter(|_| kind == AutoCollectSettingType::Threshold),
        })
    }

    /// What is to be collected today, one bill at a time; nothing while nobody knows what became of an attempt. An instalment
    /// that was collected is not collected again, also when the money was given back.
    pub fn next(
        &self,
        customer: CustomerId,
        debts: &Debts,
        tried: &[Tried],
        today: Date,
    ) -> Result<Option<Attempt>, NumberError> {
        if tried.iter().any(|tried| tried.last == ActivityStatus::Unknown) {
            return Ok(None);
        }
        for due in &debts.due {
            let before = tried.iter().find(|tried| tried.subject == due.schedule);
            if before.is_some_and(|tried| tried.last == ActivityStatus::Successful) {
                continue;
            }
            if let Some((number, first_on)) = turn(before, today) {
                let invoices = self.invoices(debts, due);
                let amount = Amount::sum(invoices.iter().map(|part| part.amount))?;
                return Ok(Some(self.attempt(due.schedule, amount, invoices, number, first_on, today)));
            }
        }
        let Some((threshold, target)) = self.recharge else { return Ok(None) };
        if !debts.due.is_empty() || debts.in_advance >= threshold || target <= debts.in_advance {
            return Ok(None);
        }
        let before = tried.iter().find(|tried| tried.subject == customer.0);
        // The funds have run low again since the last time that they were topped up.
        let before = before.filter(|tried| tried.last == ActivityStatus::Failed);
        let Some((number, first_on)) = turn(before, today) else { return Ok(None) };
        let amount = target.checked_sub(debts.in_advance)?;
        Ok(Some(self.attempt(customer.0, amount, Vec::new(), number, first_on, today)))
    }

    /// The due invoice comes first; of the others everything, if everything is taken.
    fn invoices(&self, debts: &Debts, due: &Due) -> Vec<Allocation> {
        if !self.takes_all {
            return vec![Allocation { invoice: due.invoice, amount: due.due }];
        }
        let (mut own, others): (Vec<_>, Vec<_>) = debts.open.iter().partition(|open| open.invoice == due.invoice);
        own.extend(others);
        own
    }

    /// The next attempt is on the first of the retry days that is still to come: those that were missed are not caught up.
    fn attempt(
        &self,
        subject: i64,
        amount: Amount,
        invoices: Vec<Allocation>,
        number: i64,
        first_on: Date,
        today: Date,
    ) -> Attempt {
        let next_on = self.retry_days.iter().map(|days| add_days(first_on, *days)).find(|on| *on > today);
        Attempt { subject, amount, invoices, number, first_on, next_on }
    }
}

/// Which attempt it would be today, and when the first was; nothing when it is not its day.
fn turn(before: Option<&Tried>, today: Date) -> Option<(i64, Date)> {
    match before {
        None => Some((1, today)),
        Some(tried) if tried.next_on.is_some_and(|next_on| next_on <= today) => {
            Some((tried.attempt_count + 1, tried.first_on))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests;
