//! Statements: what moved a customer's balance in a period, and what the balance was before and after it
//! (receivables.md §12). They follow from the ledger and have no effect on it.

mod acts;

use std::collections::{HashMap, HashSet};

use calendar::{Date, Instant};
use money::{Amount, Currency, NumberError};

pub use self::acts::{Act, ActKind};
use crate::{
    aging::Aging,
    ar_activity::ArActivity,
    id::{CustomerId, PurchaseId},
    tracking::Display,
};

/// The most transactions on a statement; of more than these a shorter period tells.
pub const ACTIVITY_COUNT_MAX: usize = 10_000;

/// A time with a beginning and a later end, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: Instant,
    until: Instant,
}

impl Period {
    /// The time from an instant until a later one.
    pub fn new(from: Instant, until: Instant) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// Its first instant.
    pub fn from(self) -> Instant {
        self.from
    }

    /// The first instant after it.
    pub fn until(self) -> Instant {
        self.until
    }

    /// Its last instant.
    pub fn last(self) -> Instant {
        self.until.plus_millis(-1)
    }
}

/// A statement as the caller asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementOrder {
    /// Whose balance.
    pub customer: CustomerId,
    /// What counts in this time is on it.
    pub period: Period,
    /// How the tracked items of what was sold are shown; `None` leaves them out.
    pub display: Option<Display>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose balance.
    pub customer: CustomerId,
    /// The customer's currency.
    pub currency: Currency,
    /// What counts in this time is on it.
    pub period: Period,
    /// What the customer owed before; below zero, what it had to its credit.
    pub opening: Amount,
    /// What moved the balance, in the order in which it counts.
    pub entries: Vec<Entry>,
    /// What invoices owed at the end, by age.
    pub aging: Aging,
    /// The day of that.
    pub aged_on: Date,
}

/// A transaction and the balance after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub activity: ArActivity,
    /// What the customer owed then.
    pub balance: Amount,
}

/// The transactions of a period that are about one purchase, or about none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'s> {
    /// The purchase; `None` for money and goodwill, which belong to none.
    pub purchase: Option<PurchaseId>,
    /// The name under which it was charged.
    pub name: Option<&'s str>,
    /// Its transactions, in order.
    pub entries: Vec<&'s Entry>,
    /// Debits less credits.
    pub total: Amount,
}

/// Transactions with the balance after each.
pub fn entries(opening: Amount, activities: Vec<ArActivity>) -> Result<Vec<Entry>, NumberError> {
    let mut balance = opening;
    let entry = |activity: ArActivity| {
        balance = balance.checked_add(activity.debit)?.checked_sub(activity.credit)?;
        Ok(Entry { activity, balance })
    };
    activities.into_iter().map(entry).collect()
}

impl Statement {
    /// What the customer owed at the end; below zero, what it had to its credit.
    pub fn closing(&self) -> Amount {
        self.entries.last().map_or(self.opening, |entry| entry.balance)
    }

    /// All that was added to the balance.
    pub fn debits(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.entries.iter().map(|entry| entry.activity.debit))
    }

    /// All that was taken from it.
    pub fn credits(&self) -> Result<Amount, NumberError> {
        Amount::sum(self.entries.iter().map(|entry| entry.activity.credit))
    }

    /// What payments and credits had at the end that no invoice took: open invoices less this are the closing balance.
    pub fn unapplied(&self) -> Result<Amount, NumberError> {
        self.aging.total()?.checked_sub(self.closing())
    }

    /// The purchases charged in the period under their names, each once.
    pub fn charged(&self) -> Vec<(PurchaseId, &str)> {
        let mut seen = HashSet::new();
        let activities = self.entries.iter().map(|entry| &entry.activity);
        let named = activities.filter_map(|one| Some((one.sold()?, one.name.as_deref().unwrap_or_default())));
        named.filter(|(purchase, _)| seen.insert(*purchase)).collect()
    }

    /// The entries by purchase, in the order in which these first appear, and at the end those that are about none.
    pub fn groups(&self) -> Result<Vec<Group<'_>>, NumberError> {
        let mut places: HashMap<PurchaseId, usize> = HashMap::new();
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut rest = Group::empty();
        for entry in &self.entries {
            let group = match entry.activity.purchase {
                None => &mut rest,
                Some(purchase) => {
                    let place = *places.entry(purchase).or_insert_with(|| {
                        groups.push(Group { purchase: Some(purchase), ..Group::empty() });
                        groups.len() - 1
                    });
                    &mut groups[place]
                }
            };
            group.add(entry)?;
        }
        groups.extend((!rest.entries.is_empty()).then_some(rest));
        Ok(groups)
    }
}

impl<'s> Group<'s> {
    fn empty() -> Self {
        Self { purchase: None, name: None, entries: Vec::new(), total: Amount::ZERO }
    }

    fn add(&mut self, entry: &'s Entry) -> Result<(), NumberError> {
        let activity = &entry.activity;
        // Whatever is about a charge comes after it or is its reversal, and both say what was charged.
        if self.purchase.is_some() && self.name.is_none() {
            self.name = activity.name.as_deref();
        }
        self.total = self.total.checked_add(activity.debit)?.checked_sub(activity.credit)?;
        self.entries.push(entry);
        Ok(())
    }
}
