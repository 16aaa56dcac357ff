//! `DeletePaymentMethods`: stored payment methods are deleted, and their gateways forget them (customers.md §4.7).

use billing::{
    account::Session,
    id::{CustomerId, PaymentMethodId},
    problem::Problem,
};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    row::{Row, whole},
};
use crate::{Error, payment_methods::delete};

pub(super) struct PaymentMethodDelete;

impl RecordType for PaymentMethodDelete {
    /// The original's columns are not documented.
    const LAYOUT: Layout = Layout {
        columns: &[Column::required("PaymentMethodId", "Id of a payment method; a default only when it is the last.")],
        is_bare: false,
    };

    type Order = PaymentMethodId;

    fn parse(parser: RecordParser, text: &str) -> Result<PaymentMethodId, Vec<Problem>> {
        let columns = Self::LAYOUT.columns;
        Row::parse(parser, text, columns, |row, problems| {
            row.get(problems, "PaymentMethodId", whole).map(PaymentMethodId)
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &PaymentMethodId) -> Result<Vec<CustomerId>, Error> {
        let method = store::payment_method::find(tx, session.account.id, *order)?;
        Ok(method.map(|method| method.customer).into_iter().collect())
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &PaymentMethodId) -> Result<Applied, Error> {
        delete::run(tx, session, *order, None)?;
        Ok(Applied::NOTHING)
    }
}
