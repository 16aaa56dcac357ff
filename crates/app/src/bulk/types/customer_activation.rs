//! `CustomerActivationImport`: draft customers become active (bulk-jobs.md §7.3).

use billing::{account::Session, customer::Identity, id::CustomerId, problem::Problem};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, identity, invoiced,
    row::{Row, flag},
};
use crate::{Error, customers::activate};

pub(super) struct CustomerActivation;

pub(super) struct Order {
    customer: Identity,
    finalizes_purchases: bool,
}

const PURCHASES: Column = Column::optional(
    "ActivateAllDraftPurchases",
    "Yes: its draft purchases are finalized on one invoice. No when empty.",
);

impl RecordType for CustomerActivation {
    const LAYOUT: Layout = Layout {
        columns: &[
            identity::STAX_BILL_ID,
            identity::REFERENCE,
            identity::COMPANY_NAME,
            identity::PRIMARY_EMAIL,
            PURCHASES,
        ],
        is_bare: false,
    };

    type Order = Order;

    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let finalizes_purchases = row.get(problems, PURCHASES.name, flag).unwrap_or_default();
            Some(Order { customer: identity::read(row, problems)?, finalizes_purchases })
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        identity::customers(tx, session, &order.customer)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let customer = identity::find(tx, session, &order.customer)?;
        let finalizes_purchases = order.finalizes_purchases;
        let order = activate::Order { customer, finalizes_purchases, disables_auto_post: false, collect: None };
        match activate::run(tx, session, &order)?.billed {
            Some(billed) => invoiced(tx, session, billed),
            None => Ok(Applied::NOTHING),
        }
    }
}
