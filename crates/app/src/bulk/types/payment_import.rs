//! `PaymentImport`: money that was received, such as checks and transfers (bulk-jobs.md §7.10).

use billing::{
    account::Session,
    id::{CustomerId, InvoiceId},
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource, REFERENCE_LENGTH_MAX},
    problem::{Problem, Problems},
};
use db::Tx;
use money::Amount;

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    payment::Payment,
    row::{Row, date, instant, money, named, whole},
};
use crate::Error;

pub(super) struct PaymentImport;

impl RecordType for PaymentImport {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("StaxBillID", "Id of the customer who paid."),
            Column::required("Amount", "Positive, at most two decimals."),
            Column::optional("Reference", "At most 500 characters."),
            Column::optional("PaymentMethod", "Check (also when empty), Cash or DirectDeposit."),
            Column::optional("EffectiveTimestamp", "When the money was received; now when empty."),
            Column::optional("ReferenceDate", "A date that the payment is remembered by: 2024-01-31."),
            Column::optional("InvoiceId", "Id of an invoice of the customer that the money is for."),
            Column::optional("InvoiceAmount", "How much of it that invoice takes; all when empty."),
            Column::optional("AutoAllocateOrder", "OldestToNewest or NewestToOldest: the rest goes to open invoices."),
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;

    type Order = PaymentOrder;

    fn parse(parser: RecordParser, text: &str) -> Result<PaymentOrder, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let customer = row.get(problems, "StaxBillID", whole).map(CustomerId);
            let amount = row.get(problems, "Amount", money);
            let reference = row.text(problems, "Reference", REFERENCE_LENGTH_MAX);
            let method = row.get(problems, "PaymentMethod", named).unwrap_or(PaymentMethod::Check);
            let effective_at = row.get(problems, "EffectiveTimestamp", instant);
            let reference_date = row.get(problems, "ReferenceDate", date);
            let allocations = allocations(row, problems, amount);
            let auto_allocate = row.get(problems, "AutoAllocateOrder", named);
            Some(PaymentOrder {
                customer: customer?,
                source: PaymentSource::Import,
                amount: amount?,
                method,
                reference,
                allocations,
                auto_allocate,
                effective_at,
                reference_date,
            })
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<Vec<CustomerId>, Error> {
        Payment::customers(tx, session, order)
    }

    fn check(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<(), Error> {
        Payment::check(tx, session, order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<Applied, Error> {
        Payment::apply(tx, session, order)
    }
}

/// The one invoice that a row names.
fn allocations(row: &Row, problems: &mut Problems, amount: Option<Amount>) -> Vec<Allocation> {
    let invoice = row.get(problems, "InvoiceId", whole).map(InvoiceId);
    let part = row.get(problems, "InvoiceAmount", money);
    if row.has("InvoiceAmount") && !row.has("InvoiceId") {
        problems.push("InvoiceAmount", "InvoiceAmount is only valid with InvoiceId.");
    }
    let allocation = invoice.zip(part.or(amount)).map(|(invoice, amount)| Allocation { invoice, amount });
    allocation.into_iter().collect()
}
