//! Invoices: totals against the rows that they are made of, and the numbers.

use billing::id::AccountId;
use db::{Error, Tx};
use store::verify::{InvoiceRow, StoredTotals};

use super::{
    Rule,
    findings::{Findings, Sum, place},
    group::Group,
};

/// An invoice under way, with the sums of what belongs to it.
#[derive(Default)]
struct Open {
    /// `None` when there is only what belongs to it.
    invoice: Option<StoredTotals>,
    /// Table of the first row that belongs to it.
    belongings: Option<&'static str>,
    charges: Sum,
    discounts: Sum,
    taxes: Sum,
    schedules: Sum,
    schedules_outstanding: Sum,
    allocations: Sum,
    write_offs: Sum,
    credit_notes: Sum,
}

/// Compares every invoice with what belongs to it, and goes through the numbers (receivables.md §15).
pub(super) fn check(tx: &mut Tx<'_>, account: AccountId, findings: &mut Findings) -> Result<(), Error> {
    let mut group = Group::<Open>::new();
    store::verify::each_invoice_row(tx, account, |id, row| {
        group.of(id.0, |id, open| open.finish(id, findings)).add(row);
    })?;
    group.end(|id, open| open.finish(id, findings));
    check_numbers(tx, account, findings)
}

impl Open {
    fn add(&mut self, row: InvoiceRow) {
        let table = match row {
            InvoiceRow::Invoice(invoice) => {
                self.invoice = Some(invoice);
                return;
            }
            InvoiceRow::Charge(amount) => {
                self.charges.add(amount);
                "charge"
            }
            InvoiceRow::Schedule { amount, outstanding } => {
                self.schedules.add(amount);
                self.schedules_outstanding.add(outstanding);
                "payment_schedule"
            }
            InvoiceRow::Allocation(amount) => {
                self.allocations.add(amount);
                "payment_allocation"
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

    fn finish(self, id: i64, findings: &mut Findings) {
        let Some(invoice) = self.invoice else {
            let place = place(self.belongings.unwrap_or("invoice"), id, "invoice_id");
            return findings.disagrees(Rule::InvoiceOwner, place, "an invoice", id);
        };
        findings.agrees(Rule::InvoiceOwner);
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
        // What was given up or taken back may have ended an invoice that nobody paid.
        let is_open = !invoice.outstanding.is_zero();
        let is_ended_otherwise = totals.write_offs.is_positive() || totals.credit_notes.is_positive();
        let expected = !is_open && (invoice.is_paid || !is_ended_otherwise);
        findings.compare(Rule::InvoicePaid, place("paid_at"), time(expected), time(invoice.is_paid));
        findings.compare(Rule::ScheduleAmount, place("subtotal"), self.schedules, amount);
        findings.compare(Rule::ScheduleOutstanding, place("outstanding"), self.schedules_outstanding, outstanding);
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
