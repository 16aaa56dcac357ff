//! `PurchaseActivationImport`: draft purchases are charged, each on an invoice of its own (bulk-jobs.md §7.13).

use billing::{
    account::Session,
    id::{CustomerId, PurchaseId},
    problem::Problem,
};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, invoiced,
    row::{Row, whole},
};
use crate::{
    Error,
    purchases::{finalize, find},
};

pub(super) struct PurchaseActivation;

impl RecordType for PurchaseActivation {
    const LAYOUT: Layout =
        Layout { columns: &[Column::required("PurchaseId", "Id of a draft purchase.")], is_bare: false };

    type Order = PurchaseId;

    fn parse(parser: RecordParser, text: &str) -> Result<PurchaseId, Vec<Problem>> {
        let columns = Self::LAYOUT.columns;
        Row::parse(parser, text, columns, |row, problems| row.get(problems, "PurchaseId", whole).map(PurchaseId))
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &PurchaseId) -> Result<Vec<CustomerId>, Error> {
        buyer(tx, session, *order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &PurchaseId) -> Result<Applied, Error> {
        let customer = find::run(tx, session, *order)?.customer;
        let order = finalize::Order { customer, purchases: vec![*order], collect: None };
        let billed = finalize::run(tx, session, &order)?;
        invoiced(tx, session, billed)
    }
}

/// Who bought, to be locked; nobody if there is no such purchase.
pub(super) fn buyer(tx: &mut Tx<'_>, session: &Session, purchase: PurchaseId) -> Result<Vec<CustomerId>, Error> {
    let purchase = store::purchase::find(tx, session.account.id, purchase)?;
    Ok(purchase.map(|purchase| purchase.customer).into_iter().collect())
}
