//! `BulkPayment`: the body of a payment call (bulk-jobs.md §6.2).

use billing::{account::Session, id::CustomerId, payment::PaymentOrder, problem::Problem};
use db::Tx;

use super::{Applied, Column, Layout, RecordParser, RecordType};
use crate::{Error, payments::create};

pub(super) struct Payment;

impl RecordType for Payment {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("customerId", "Id of the customer who pays."),
            Column::required("source", "Manual, Automatic, SelfServicePortal or Import."),
            Column::required("paymentMethod", "Check, Cash or DirectDeposit."),
            Column::required("amount", "Positive, at most two decimals."),
            Column::optional("reference", "At most 500 characters."),
            Column::optional("referenceDate", "A date that the payment is remembered by: 2024-01-31."),
            Column::optional("effectiveTimestamp", "When the money was received; now when empty."),
            Column::optional("autoAllocate", "true: give the money to outstanding invoices."),
            Column::optional("autoAllocateOrder", "OldestToNewest (also when empty) or NewestToOldest."),
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;

    type Order = PaymentOrder;

    fn parse(parser: RecordParser, text: &str) -> Result<PaymentOrder, Vec<Problem>> {
        (parser.payment)(text)
    }

    fn customers(_: &mut Tx<'_>, _: &Session, order: &PaymentOrder) -> Result<Vec<CustomerId>, Error> {
        Ok(vec![order.customer])
    }

    fn check(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<(), Error> {
        create::check(tx, session, order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &PaymentOrder) -> Result<Applied, Error> {
        let payment = create::run(tx, session, order)?;
        Ok(Applied { created_id: Some(payment.id.0), amount: Some(payment.amount) })
    }
}
