//! Money received: what is asked for, and which invoices it goes to.

use std::collections::{HashMap, HashSet};

use calendar::{Date, Instant};
use money::{Amount, Currency};

use crate::{
    id::{CustomerId, InvoiceId, PaymentActivityId, PaymentId},
    named::named,
    refund::Refund,
    refusal::Refusal,
};

/// How many invoices a call may name to give to, or to take back from (our choice: a call is one transaction).
pub const ALLOCATION_COUNT_MAX: usize = 1_000;

/// Longest reference of a movement of money, in characters (receivables.md §1).
pub const REFERENCE_LENGTH_MAX: usize = 500;

named! {
    /// Where a payment comes from.
    pub enum PaymentSource {
        /// Entered by a person.
        Manual => "Manual",
        /// Collected by the system.
        Automatic => "Automatic",
        /// Made by the customer.
        SelfServicePortal => "SelfServicePortal",
        /// Imported.
        Import => "Import",
    }
}

named! {
    /// How money is paid.
    pub enum PaymentMethod {
        /// A card, through a gateway.
        CreditCard => "CreditCard",
        /// Cash; only recorded.
        Cash => "Cash",
        /// A check; only recorded.
        Check => "Check",
        /// A transfer; only recorded.
        DirectDeposit => "DirectDeposit",
        /// A bank account, through a gateway.
        Ach => "ACH",
    }
}

named! {
    /// Which outstanding invoices are paid first.
    pub enum AllocateOrder {
        /// The oldest first.
        OldestToNewest => "OldestToNewest",
        /// The newest first.
        NewestToOldest => "NewestToOldest",
    }
}

impl PaymentMethod {
    /// The money is received already; nothing is asked of a gateway.
    pub fn is_recorded_only(self) -> bool {
        match self {
            Self::Cash | Self::Check | Self::DirectDeposit => true,
            Self::CreditCard | Self::Ach => false,
        }
    }
}

/// So much of a payment to one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much of the payment it takes; positive.
    pub amount: Amount,
}

/// A payment as the caller asks for it, each field within its own limits (receivables.md §5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// Who pays.
    pub customer: CustomerId,
    /// Where it comes from.
    pub source: PaymentSource,
    /// How much; positive, at most two decimals.
    pub amount: Amount,
    /// How it is paid.
    pub method: PaymentMethod,
    /// At most 500 characters.
    pub reference: Option<String>,
    /// The caller's own split.
    pub allocations: Vec<Allocation>,
    /// Give what is left to outstanding invoices, in this order.
    pub auto_allocate: Option<AllocateOrder>,
    /// When the money was received; now when absent.
    pub effective_at: Option<Instant>,
    /// A date that the caller remembers the payment by.
    pub reference_date: Option<Date>,
}

/// An invoice of the paying customer that owes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInvoice {
    /// The invoice.
    pub id: InvoiceId,
    /// What it owes.
    pub outstanding: Amount,
    /// When it was posted.
    pub posted_at: Instant,
}

/// Which invoices a payment goes to, and what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// At most one an invoice, all positive.
    pub allocations: Vec<Allocation>,
    /// Available funds of the customer.
    pub unallocated: Amount,
}

impl PaymentOrder {
    /// Splits the amount: the caller's allocations first, then, if asked for, outstanding invoices in order.
    pub fn split(&self, open: &[OpenInvoice]) -> Result<Split, Refusal> {
        split(self.amount, &self.allocations, self.auto_allocate, open)
    }
}

/// Splits an amount: the allocations that were asked for first, then, if wanted, outstanding invoices in order. `open` holds
/// every invoice that is named and, for automatic allocation, all that owe. No allocation exceeds its invoice's balance
/// and their sum does not exceed the amount.
pub fn split(
    amount: Amount,
    wanted: &[Allocation],
    auto_allocate: Option<AllocateOrder>,
    open: &[OpenInvoice],
) -> Result<Split, Refusal> {
    let mut left = amount;
    let mut allocations: Vec<Allocation> = Vec::new();
    let owed: HashMap<_, _> = open.iter().map(|invoice| (invoice.id, invoice.outstanding)).collect();
    let mut named = HashSet::with_capacity(wanted.len());
    let asked = Amount::sum(wanted.iter().map(|allocation| allocation.amount))?;
    if asked > amount {
        return Err(Refusal::AllocationsExceedAmount(asked, amount));
    }
    for allocation in wanted {
        if !named.insert(allocation.invoice) {
            return Err(Refusal::InvoiceAllocatedTwice(allocation.invoice));
        }
        let outstanding = owed.get(&allocation.invoice).copied().unwrap_or(Amount::ZERO);
        if allocation.amount > outstanding {
            return Err(Refusal::OverAllocated { invoice: allocation.invoice, outstanding, amount: allocation.amount });
        }
        left = left.checked_sub(allocation.amount)?;
        allocations.push(*allocation);
    }
    if let Some(order) = auto_allocate {
        left = allocate_rest(left, order, open, &mut allocations)?;
    }
    Ok(Split { allocations, unallocated: left })
}

/// Gives `left` to the open invoices in order and returns what remains.
fn allocate_rest(
    mut left: Amount,
    order: AllocateOrder,
    open: &[OpenInvoice],
    allocations: &mut Vec<Allocation>,
) -> Result<Amount, Refusal> {
    let mut open: Vec<_> = open.iter().collect();
    open.sort_by_key(|invoice| (invoice.posted_at, invoice.id));
    if order == AllocateOrder::NewestToOldest {
        open.reverse();
    }
    let named: HashMap<_, _> = allocations.iter().enumerate().map(|(place, part)| (part.invoice, place)).collect();
    for invoice in open {
        let given = named.get(&invoice.id).copied();
        let taken = given.map_or(Amount::ZERO, |position| allocations[position].amount);
        let part = left.min(invoice.outstanding.checked_sub(taken)?);
        if !part.is_positive() {
            continue;
        }
        match given {
            Some(position) => allocations[position].amount = taken.checked_add(part)?,
            None => allocations.push(Allocation { invoice: invoice.id, amount: part }),
        }
        left = left.checked_sub(part)?;
    }
    Ok(left)
}

/// A payment on one invoice, with what that invoice looks like now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceAllocation {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: i64,
    /// How much of the payment it took.
    pub amount: Amount,
    /// What it owes now.
    pub outstanding: Amount,
    /// What was invoiced.
    pub total: Amount,
    /// Its purchase-order number.
    pub po_number: Option<String>,
    /// Its notes.
    pub notes: Option<String>,
}

/// A payment as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id, which is also its ledger transaction's.
    pub id: PaymentId,
    /// The attempt that brought it.
    pub activity: PaymentActivityId,
    /// Who paid.
    pub customer: CustomerId,
    /// Where it came from.
    pub source: PaymentSource,
    /// How it was paid.
    pub method: PaymentMethod,
    /// How much.
    pub amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// As the caller gave it.
    pub reference: Option<String>,
    /// As the caller gave it.
    pub reference_date: Option<Date>,
    /// When the money was received.
    pub effective_at: Instant,
    /// Neither refunded nor allocated.
    pub unallocated: Amount,
    /// Not yet refunded.
    pub refundable: Amount,
    /// Where it went.
    pub allocations: Vec<InvoiceAllocation>,
    /// What was given back.
    pub refunds: Vec<Refund>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn order(total: &str, allocations: &[(i64, &str)], auto: Option<AllocateOrder>) -> PaymentOrder {
        PaymentOrder {
            customer: CustomerId(1),
            source: PaymentSource::Manual,
            amount: amount(total),
            method: PaymentMethod::Cash,
            reference: None,
            allocations: allocations
                .iter()
                .map(|(id, text)| Allocation { invoice: InvoiceId(*id), amount: amount(text) })
                .collect(),
            auto_allocate: auto,
            effective_at: None,
            reference_date: None,
        }
    }

    fn open(invoices: &[(i64, &str)]) -> Vec<OpenInvoice> {
        let open = invoices.iter().enumerate().map(|(position, (id, outstanding))| OpenInvoice {
            id: InvoiceId(*id),
            outstanding: amount(outstanding),
            posted_at: Instant::from_millis(i64::try_from(position).unwrap()),
        });
        open.collect()
    }

    fn given(split: &Split) -> Vec<(i64, String)> {
        split.allocations.iter().map(|allocation| (allocation.invoice.0, allocation.amount.to_string())).collect()
    }

    #[test]
    fn own_split_first_then_the_oldest() {
        let invoices = open(&[(1, "10"), (2, "20"), (3, "30")]);
        let split = order("35", &[(2, "5")], Some(AllocateOrder::OldestToNewest)).split(&invoices).unwrap();
        assert_eq!(given(&split), [(2, "20".to_owned()), (1, "10".to_owned()), (3, "5".to_owned())]);
        assert_eq!(split.unallocated, Amount::ZERO);
        let split = order("35", &[], Some(AllocateOrder::NewestToOldest)).split(&invoices).unwrap();
        assert_eq!(given(&split), [(3, "30".to_owned()), (2, "5".to_owned())]);
    }

    #[test]
    fn what_nobody_takes_is_available() {
        let invoices = open(&[(1, "10")]);
        assert_eq!(order("35", &[], None).split(&invoices).unwrap().unallocated, amount("35"));
        let split = order("35", &[], Some(AllocateOrder::OldestToNewest)).split(&invoices).unwrap();
        assert_eq!(split.unallocated, amount("25"));
    }

    #[test]
    fn never_more_than_owed_or_paid() {
        let invoices = open(&[(1, "10")]);
        let refused = |order: PaymentOrder| order.split(&invoices).unwrap_err();
        assert!(matches!(refused(order("35", &[(1, "10.01")], None)), Refusal::OverAllocated { .. }));
        assert!(matches!(refused(order("35", &[(9, "1")], None)), Refusal::OverAllocated { .. }));
        assert!(matches!(refused(order("5", &[(1, "6")], None)), Refusal::AllocationsExceedAmount(..)));
        assert!(matches!(refused(order("5", &[(1, "1"), (1, "1")], None)), Refusal::InvoiceAllocatedTwice(_)));
    }
}
