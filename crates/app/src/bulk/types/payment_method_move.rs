//! `MovePaymentMethods`: stored payment methods are given to other customers, as when two customers turn out to be one.

use billing::{
    account::Session,
    customer::Identity,
    id::{CustomerId, PaymentMethodId},
    problem::Problem,
};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, identity,
    row::{Row, flag, whole},
};
use crate::{Error, payment_methods::give};

pub(super) struct PaymentMethodMove;

pub(super) struct Order {
    method: PaymentMethodId,
    to: Identity,
    becomes_default: bool,
}

const METHOD: Column =
    Column::required("PaymentMethodId", "Id of a payment method; the other columns say who gets it.");
const DEFAULT: Column = Column::optional(
    "MakeDefault",
    "Yes: it becomes the default of who gets it. No when empty, unless that customer has none.",
);

impl RecordType for PaymentMethodMove {
    /// The original's columns are not documented.
    const LAYOUT: Layout = Layout {
        columns: &[
            METHOD,
            identity::STAX_BILL_ID,
            identity::REFERENCE,
            identity::COMPANY_NAME,
            identity::PRIMARY_EMAIL,
            DEFAULT,
        ],
        is_bare: false,
    };

    type Order = Order;

    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let method = row.get(problems, METHOD.name, whole).map(PaymentMethodId);
            let becomes_default = row.get(problems, DEFAULT.name, flag).unwrap_or_default();
            let to = identity::read(row, problems);
            Some(Order { method: method?, to: to?, becomes_default })
        })
    }

    /// Who has it, and who gets it.
    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        let method = store::payment_method::find(tx, session.account.id, order.method)?;
        let mut customers = identity::customers(tx, session, &order.to)?;
        customers.extend(method.map(|method| method.customer));
        Ok(customers)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let to = identity::find(tx, session, &order.to)?;
        let order = give::Order { method: order.method, to, becomes_default: order.becomes_default };
        give::run(tx, session, &order)?;
        Ok(Applied::NOTHING)
    }
}
