//! The books of one customer, kept a second time: whole cents, days counted from 1970, and the rules of the reference as
//! they are said there. Nothing of the crates below is used but the names of what they keep.

pub(super) mod charge;
mod days;
mod invoice;
pub(super) mod view;

use app::purchases::cancel;
use billing::{
    id::{CustomerId, InvoiceId, PurchaseId},
    payment::AllocateOrder,
    reversal::CancellationOption,
};
use ledger::LedgerAccount::{AccountsReceivable, BadDebt, Cash};

use self::{charge::Charge, invoice::Invoice, view::Chart};
use super::operation::{Made, Operation, Sale};

/// A rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

/// A customer as it must be.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) id: CustomerId,
    is_taxed: bool,
    pub(super) invoices: Vec<Invoice>,
    pub(super) payments: Vec<Payment>,
    /// In the order in which they were made; what is freed first stands last.
    allocations: Vec<Allocation>,
    pub(super) chart: Chart,
}

/// Money received.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub(super) id: i64,
    pub(super) amount: i64,
    pub(super) unallocated: i64,
}

/// What a payment gave to an invoice and was not taken back.
#[derive(Debug, Clone)]
struct Allocation {
    payment: i64,
    invoice: InvoiceId,
    amount: i64,
}

impl Customer {
    pub(super) fn new(id: CustomerId, is_taxed: bool) -> Self {
        let chart = Chart::default();
        Self { id, is_taxed, invoices: Vec::new(), payments: Vec::new(), allocations: Vec::new(), chart }
    }

    /// What becomes of the customer by an operation on a day; `made` has the ids that it was given.
    pub(super) fn after(&self, operation: &Operation, made: &Made, today: i64) -> Result<Self, Refused> {
        let mut next = self.clone();
        match operation {
            Operation::Sell { sales, .. } => next.sell(sales, made, today),
            Operation::Pay { amount, to, rest, .. } => next.pay(*amount, to, *rest, made)?,
            Operation::WriteOff { invoice, amount, .. } => next.write_off(*invoice, *amount)?,
            Operation::Cancel { order: cancel::Order { purchase, option }, .. } => {
                next.cancel(*purchase, *option, today)?;
            }
        }
        Ok(next)
    }

    /// Earns what has fallen due.
    pub(super) fn earn(&mut self, today: i64) {
        for charge in self.invoices.iter_mut().flat_map(|invoice| &mut invoice.charges) {
            charge.earn(today, &mut self.chart);
        }
    }

    /// What the customer owes, less what it has to its credit.
    pub(super) fn balance(&self) -> i64 {
        let owed: i64 = self.invoices.iter().map(Invoice::outstanding).sum();
        let funds: i64 = self.payments.iter().map(|payment| payment.unallocated).sum();
        owed - funds
    }

    fn sell(&mut self, sales: &[Sale], made: &Made, today: i64) {
        let charges = sales
            .iter()
            .zip(&made.purchases)
            .map(|(sale, purchase)| Charge::post(*purchase, sale, self.is_taxed, today, &mut self.chart));
        let charges = charges.collect();
        self.invoices.push(Invoice::of(InvoiceId(made.invoice), charges));
    }

    fn pay(
        &mut self,
        amount: i64,
        to: &[(InvoiceId, i64)],
        rest: Option<AllocateOrder>,
        made: &Made,
    ) -> Result<(), Refused> {
        let mut left = amount;
        for (id, part) in to {
            let invoice = self.invoices.iter_mut().find(|invoice| invoice.id == *id).ok_or(Refused)?;
            if *part > left || *part > invoice.outstanding() {
                return Err(Refused);
            }
            (invoice.payments, left) = (invoice.payments + part, left - part);
            self.allocations.push(Allocation { payment: made.payment, invoice: *id, amount: *part });
        }
        if let Some(order) = rest {
            self.give(&mut left, order, made.payment);
        }
        self.chart.post(Cash, AccountsReceivable, amount);
        self.payments.push(Payment { id: made.payment, amount, unallocated: left });
        Ok(())
    }

    /// Gives what is left to the invoices that owe, by age.
    fn give(&mut self, left: &mut i64, order: AllocateOrder, payment: i64) {
        let mut owing: Vec<&mut Invoice> = self.invoices.iter_mut().collect();
        if order == AllocateOrder::NewestToOldest {
            owing.reverse();
        }
        for invoice in owing {
            let part = invoice.outstanding().min(*left);
            if part == 0 {
                continue;
            }
            (invoice.payments, *left) = (invoice.payments + part, *left - part);
            let earlier = |given: &&mut Allocation| given.payment == payment && given.invoice == invoice.id;
            match self.allocations.iter_mut().find(earlier) {
                Some(given) => given.amount += part,
                None => self.allocations.push(Allocation { payment, invoice: invoice.id, amount: part }),
            }
        }
    }

    fn write_off(&mut self, id: InvoiceId, amount: Option<i64>) -> Result<(), Refused> {
        let invoice = self.invoices.iter_mut().find(|invoice| invoice.id == id).ok_or(Refused)?;
        let owed = invoice.outstanding();
        if owed == 0 || amount.is_some_and(|amount| amount != owed) {
            return Err(Refused);
        }
        invoice.write_offs += owed;
        self.chart.post(BadDebt, AccountsReceivable, owed);
        Ok(())
    }

    fn cancel(&mut self, purchase: PurchaseId, option: CancellationOption, today: i64) -> Result<(), Refused> {
        let sold = |invoice: &Invoice| {
            invoice.charges.iter().position(|charge| charge.purchase == purchase && !charge.is_cancelled)
        };
        let found = self.invoices.iter().enumerate().find_map(|(place, invoice)| Some((place, sold(invoice)?)));
        let (place, charge) = found.ok_or(Refused)?;
        let charge = &mut self.invoices[place].charges[charge];
        charge.is_cancelled = true;
        charge.earn(today, &mut self.chart);
        let taken = match option {
            CancellationOption::None => charge.earn_all(&mut self.chart),
            CancellationOption::Unearned => charge.take_back(charge.deferred(), &mut self.chart),
            CancellationOption::Full => charge.take_back(charge.left(), &mut self.chart),
        };
        self.credit(place, taken)
    }

    /// Takes a credit note from an invoice; what was paid beyond the rest comes back, the latest first.
    fn credit(&mut self, place: usize, amount: i64) -> Result<(), Refused> {
        let invoice = &mut self.invoices[place];
        let mut surplus = (amount - invoice.outstanding()).max(0);
        invoice.credit_notes += amount;
        for given in self.allocations.iter_mut().rev().filter(|given| given.invoice == invoice.id) {
            let part = given.amount.min(surplus);
            (given.amount, invoice.payments, surplus) = (given.amount - part, invoice.payments - part, surplus - part);
            let payment = self.payments.iter_mut().find(|payment| payment.id == given.payment);
            payment.expect("who gave has paid").unallocated += part;
        }
        // What is left was written off, and cannot be taken back as well.
        if surplus > 0 { Err(Refused) } else { Ok(()) }
    }
}
