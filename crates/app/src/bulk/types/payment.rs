//! `BulkPayment`: the body of a payment call (bulk-jobs.md §6.2). What is to be collected is seen to between the transactions
//! of its lane, and is checked here only.

use billing::{account::Session, id::CustomerId, problem::Problem};
use db::Tx;
use money::Amount;

use super::{Applied, Column, Layout, RecordParser, RecordType};
use crate::{
    Error,
    payments::{
        collect::{self, Asked},
        create,
    },
};

pub(super) struct Payment;

impl RecordType for Payment {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("customerId", "Id of the customer who pays."),
            Column::required("source", "Manual, Automatic, SelfServicePortal or Import."),
            Column::required(
                "paymentMethod",
                "Check, Cash or DirectDeposit; CreditCard or ACH charges a method on file.",
            ),
            Column::required("amount", "Positive, at most two decimals."),
            Column::optional("paymentMethodId", "The method on file to charge."),
            Column::optional("useDefaultPaymentMethod", "true: charge the customer's default method."),
            Column::optional("reference", "At most 500 characters."),
            Column::optional("referenceDate", "A date that the payment is remembered by: 2024-01-31."),
            Column::optional(
                "effectiveTimestamp",
                "When the money was received, such as 2024-01-31T09:30:00Z; now when empty.",
            ),
            Column::optional("autoAllocate", "true: give the money to outstanding invoices."),
            Column::optional("autoAllocateOrder", "OldestToNewest (also when empty) or NewestToOldest."),
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;
    const COLLECTS: bool = true;

    type Order = Asked;

    fn parse(parser: RecordParser, text: &str) -> Result<Asked, Vec<Problem>> {
        (parser.payment)(text)
    }

    fn customers(_: &mut Tx<'_>, _: &Session, order: &Asked) -> Result<Vec<CustomerId>, Error> {
        Ok(vec![order.payment().customer])
    }

    fn asked(order: Asked) -> Option<Asked> {
        Some(order)
    }

    fn check(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Option<Amount>, Error> {
        check(tx, session, order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Applied, Error> {
        received(tx, session, order)
    }
}

/// Whether the payment could be made now, and what it would move.
pub(super) fn check(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Option<Amount>, Error> {
    match order {
        Asked::Recorded(payment) => create::check(tx, session, payment),
        Asked::Collected(order) => collect::check(tx, session, order),
    }?;
    Ok(Some(order.payment().amount))
}

/// Records money that was received.
pub(super) fn received(tx: &mut Tx<'_>, session: &Session, order: &Asked) -> Result<Applied, Error> {
    let Asked::Recorded(payment) = order else {
        return Err(Error::defect("a record that collects is applied without its attempt"));
    };
    let payment = create::run(tx, session, payment)?;
    Ok(Applied { created_id: Some(payment.id.0), amount: Some(payment.amount) })
}
