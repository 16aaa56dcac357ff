//! Invoices: totals against the rows that they are made of, and the numbers.

use billing::{
    account::Account,
    id::{AccountId, InvoiceId},
    named::Named as _,
    term::Term,
};
use calendar::{Instant, Zone, add_days};
use db::{Error, Tx};
use money::Amount;
use store::verify::{InvoiceRow, StoredInvoice, StoredNames};

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// An invoice under way, with the sums of what belongs to it.
#[derive(Default)]
struct Open {
    /// `None` when there is only what belongs to it.
    invoice: Option<StoredInvoice>,
    /// `None` when its name is unknown.
    term: Option<Term>,
    /// When its charges took effect: the first and the last of them.
    charged_at: Option<[Instant; 2]>,
    /// Its instalments: when they fall due, and how many days after the invoice.
    due_at: Vec<(Instant, i64)>,
    /// Table of the first row that belongs to it.
    belongings: Option<&'static str>,
    charges: Sum,
    discounts: Sum,
    taxes: Sum,
    schedules: Sum,
    schedules_outstanding: Sum,
    allocations: Sum,
    credits: Sum,
    write_offs: Sum,
    credit_notes: Sum,
}

/// Compares every invoice with what belongs to it, and goes through the numbers (receivables.md §15).
pub(super) fn check(tx: &mut Tx<'_>, account: &Account, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_invoice_row(tx, account.id, |id, row| {
        group.of(id.0, |id, open| open.finish(id, &account.zone, findings)).add(id, row, findings);
    })?;
    group.end(|id, open| open.finish(id, &account.zone, findings));
    check_numbers(tx, account.id, findings)
}

impl Open {
    fn add(&mut self, id: InvoiceId, row: InvoiceRow<'_>, findings: &mut Findings) {
        let table = match row {
            InvoiceRow::Invoice(invoice, StoredNames { term, currency, customer_currency }) => {
                let place = place("invoice", id.0, "currency");
                findings.compare(Rule::InvoiceCurrency, place, customer_currency, currency);
                (self.invoice, self.term) = (Some(invoice), Term::from_name(term));
                return;
            }
            InvoiceRow::Charge(amount, at) => {
                self.add_charge(amount, at);
                "charge"
            }
            InvoiceRow::Opening(amount, at) => {
                self.add_charge(amount, at);
                "opening_balance"
            }
            InvoiceRow::Credit(amount) => {
                self.credits.add(amount);
                "credit_allocation"
            }
            InvoiceRow::Schedule { amount, outstanding, due_at, days_due_after_term } => {
                self.schedules.add(amount);
                self.schedules_outstanding.add(outstanding);
                self.due_at.push((due_at, days_due_after_term));
                "payment_schedule"
            }
            InvoiceRow::Allocation(amount) => {
                self.allocations.add(amount);
                "payment_allocation"
            }
            InvoiceRow::Deposit(amount) => {
                self.allocations.add(amount);
                "deposit_allocation"
            }
            InvoiceRow::WriteOff(amount) => {
                self.write_offs.add(amount);
                "write_off"
            }
            InvoiceRow::CreditNote(amount) => {
                self.credit_notes.add(amount);
                "credit_note"
            }
            InvoiceRow::Tax(amount) => {
                self.taxes.add(amount);
                "charge_tax"
            }
            InvoiceRow::Discount(amount) => {
                self.discounts.add(amount);
                "charge_discount"
            }
        };
        self.belongings.get_or_insert(table);
    }

    /// Something that the invoice asks for since `at`.
    fn add_charge(&mut self, amount: Amount, at: Instant) {
        self.charges.add(amount);
        let [first, last] = self.charged_at.unwrap_or([at; 2]);
        self.charged_at = Some([first.min(at), last.max(at)]);
    }

    fn finish(self, id: i64, zone: &Zone, findings: &mut Findings) {
        let Some(invoice) = self.invoice else {
            let place = place(self.belongings.unwrap_or("invoice"), id, "invoice_id");
            return findings.disagrees(Rule::InvoiceOwner, place, "an invoice", id);
        };
        findings.agrees(Rule::InvoiceOwner);
        self.compare_dates(id, &invoice, zone, findings);
        let place = |column| place("invoice", id, column);
        let totals = invoice.totals;
        let amount = Sum::from(totals.subtotal).minus(&[totals.discount]).plus(&[totals.tax]);
        let settled = [totals.payments, totals.credits, totals.credit_notes, totals.write_offs];
        let outstanding = Sum::from(invoice.outstanding);
        let parts = [
            (Rule::InvoiceSubtotal, "subtotal", self.charges, totals.subtotal),
            (Rule::InvoiceDiscount, "discount", self.discounts, totals.discount),
            (Rule::InvoiceTax, "tax", self.taxes, totals.tax),
            (Rule::InvoicePayments, "payments", self.allocations, totals.payments),
            (Rule::InvoiceCredits, "credits", self.credits, totals.credits),
            (Rule::InvoiceCreditNotes, "credit_notes", self.credit_notes, totals.credit_notes),
            (Rule::InvoiceWriteOffs, "write_offs", self.write_offs, totals.write_offs),
        ];
        for (rule, column, expected, found) in parts {
            findings.compare(rule, place(column), expected, found.into());
        }
        let owed = amount.minus(&settled);
        if owed == outstanding && outstanding.is_negative() {
            findings.disagrees(Rule::InvoiceOutstanding, place("outstanding"), "0 or more", outstanding);
        } else {
            findings.compare(Rule::InvoiceOutstanding, place("outstanding"), owed, outstanding);
        }
        let closing_balance = amount.plus(&[invoice.opening_balance]);
        let place_of_closing = place("closing_balance");
        findings.compare(
            Rule::InvoiceClosingBalance,
            place_of_closing,
            closing_balance,
            invoice.closing_balance.into(),
        );
        let time = |is_paid| if is_paid { "a time" } else { "none" };
        let is_open = !invoice.outstanding.is_zero();
        let is_void = totals.credit_notes.is_positive() && amount == Sum::from(totals.credit_notes);
        // What was given up in part may have been paid otherwise, or not.
        let expected = !is_open && if totals.write_offs.is_positive() { invoice.is_paid } else { !is_void };
        findings.compare(Rule::InvoicePaid, place("paid_at"), time(expected), time(invoice.is_paid));
        findings.compare(Rule::ScheduleAmount, place("subtotal"), self.schedules, amount);
        findings.compare(Rule::ScheduleOutstanding, place("outstanding"), self.schedules_outstanding, outstanding);
    }
}

impl Open {
    fn compare_dates(&self, id: i64, invoice: &StoredInvoice, zone: &Zone, findings: &mut Findings) {
        let posted_at = invoice.posted_at;
        for charged_at in self.charged_at.into_iter().flatten() {
            findings.compare(Rule::InvoiceDates, place("invoice", id, "posted_at"), charged_at, posted_at);
        }
        let Some(term) = self.term else {
            return findings.disagrees(Rule::InvoiceDates, place("invoice", id, "term"), "a known term", "another");
        };
        let due_on = term.due_on(zone.date_of(posted_at));
        for (due_at, days) in &self.due_at {
            let expected = zone.start_of(add_days(due_on, *days));
            findings.compare(Rule::InvoiceDates, place("payment_schedule", id, "due_at"), expected, *due_at);
        }
    }
}

fn check_numbers(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut next = 1;
    store::verify::each_invoice_number(tx, account, |id, number| {
        findings.compare(Rule::InvoiceNumber, place("invoice", id.0, "invoice_number"), next, number);
        next = number.saturating_add(1);
    })?;
    let stored = store::verify::next_invoice_number(tx, account)?.unwrap_or_default();
    findings.compare(Rule::InvoiceNumber, place("number_series", account.0, "next"), next, stored);
    Ok(())
}
