//! `PaymentImport`: money that was received, such as checks and transfers (bulk-jobs.md §7.10), or that is charged to a card or
//! bank account on file.

use billing::{
    account::Session,
    collect::CollectFrom,
    id::{CustomerId, InvoiceId, PaymentMethodId},
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource, REFERENCE_LENGTH_MAX},
    problem::{Problem, Problems},
};
use db::Tx;
use money::Amount;

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    payment::{self, received},
    row::{Row, date, flag, instant, money, named, whole},
};
use crate::{
    Error,
    payments::collect::{Asked, Order},
};

pub(super) struct PaymentImport;

impl RecordType for PaymentImport {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("StaxBillID", "Id of the customer who paid."),
            Column::required("Amount", "Positive, at most two decimals."),
            Column::optional("Reference", "At most 500 characters."),
            Column::optional(
                "PaymentMethod",
                "Check (also when empty), Cash or DirectDeposit; CreditCard or ACH charges a method on file.",
            ),
            Column::optional("PaymentMethodId", "Id of the method on file to charge."),
            Column::optional("UseDefaultPaymentMethod", "Yes: charge the customer's default method."),
            Column::optional(
                "EffectiveTimestamp",
                "When the money was received, such as 2024-01-31T09:30:00Z; now when empty.",
            ),
            Column::optional("ReferenceDate", "A date that the payment is remembered by: 2024-01-31."),
            Column::optional("InvoiceId", "Id of an invoice of the customer that the money is for."),
            Column::optional("InvoiceAmount", "How much of it that invoice takes; all when empty."),
            Column::optional("AutoAllocateOrder", "OldestToNewest or NewestToOldest: the rest goes to open invoices."),
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;
    const COLLECTS: bool = true;

    type Order = Asked;

    fn parse(parser: RecordParser, text: &str) -> Result<Asked, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let customer = row.get(problems, "StaxBillID", whole).map(CustomerId);
            let amount = row.get(problems, "Amount", money);
            let reference = row.text(problems, "Reference", REFERENCE_LENGTH_MAX);
            let given = row.get(problems, "PaymentMethod", named);
            let method = given.or((!row.has("PaymentMethod")).then_some(PaymentMethod::Check));
            let effective_at = row.get(problems, "EffectiveTimestamp", instant);
            let reference_date = row.get(problems, "ReferenceDate", date);
            let allocations = allocations(row, problems, amount);
            let auto_allocate = row.get(problems, "AutoAllocateOrder", named);
            let from = method.and_then(|method| from(row, problems, method));
            let payment = PaymentOrder {
                customer: customer?,
                source: PaymentSource::Import,
                amount: amount?,
                method: method?,
                reference,
                allocations,
                auto_allocate,
                effective_at,
                reference_date,
            };
            Some(match from {
                Some(from) => Asked::Collected(Order { payment, from }),
                None => Asked::Recorded(payment),
            })
        })
    }

    fn customers(_: &mut Tx<'_>, _: &Session, order: &Asked) -> Result<Vec<CustomerId>, Error> {
        Ok(vec![order.payment().customer])
    }

    fn asked(order: Asked) -> Option<Asked> {
        Some(order)
    }

    fn check(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Option<Amount>, Error> {
        payment::check(tx, session, order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Applied, Error> {
        received(tx, session, order)
    }
}

/// What a row charges; nothing for money that was received.
fn from(row: &Row, problems: &mut Problems, method: PaymentMethod) -> Option<CollectFrom> {
    let stored = row.get(problems, "PaymentMethodId", whole).map(PaymentMethodId);
    let is_default = row.get(problems, "UseDefaultPaymentMethod", flag).unwrap_or(false);
    let names_one = row.has("PaymentMethodId");
    let wrong = match (method.is_recorded_only(), names_one, is_default) {
        (true, false, false) => return None,
        (false, true, false) => {
            return stored.map(|method| CollectFrom::Stored { method, becomes_default: false });
        }
        (false, false, true) => return Some(CollectFrom::Default),
        (true, ..) => "PaymentMethodId and UseDefaultPaymentMethod are only valid with CreditCard and ACH.".to_owned(),
        (false, true, true) => "Only one of PaymentMethodId and UseDefaultPaymentMethod is valid.".to_owned(),
        (false, false, false) => {
            format!("One of PaymentMethodId and UseDefaultPaymentMethod is required for {method}.")
        }
    };
    problems.push("PaymentMethodId", wrong);
    None
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
