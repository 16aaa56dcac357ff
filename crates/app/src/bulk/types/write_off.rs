//! `BulkWriteOff`: all that an invoice owes is given up (bulk-jobs.md §6.1).

use billing::{
    account::Session,
    bulk::BulkJob,
    id::{CustomerId, InvoiceId},
    problem::Problem,
    write_off::Extent,
};
use db::Tx;
use money::{Amount, Currency};

use super::{Applied, Column, Judged, Layout, RecordParser, RecordType, Results};
use crate::{Error, invoices::write_off};

pub(super) struct WriteOff;

impl RecordType for WriteOff {
    const LAYOUT: Layout =
        Layout { columns: &[Column::required("InvoiceId", "Id of the invoice to write off.")], is_bare: true };

    const IS_BY_CUSTOMER: bool = true;

    type Order = write_off::Order;

    fn parse(_: RecordParser, text: &str) -> Result<Self::Order, Vec<Problem>> {
        let id = text.trim().parse();
        let id = id.map_err(|_| vec![Problem::new("Data", format!("'{text}' is not an invoice id."))])?;
        Ok(write_off::Order { invoice: InvoiceId(id), extent: Extent::Whole, reference: None })
    }

    /// Nobody: a chunk of write-offs locks its customers itself.
    fn customers(_: &mut Tx<'_>, _: &Session, _: &Self::Order) -> Result<Vec<CustomerId>, Error> {
        Ok(Vec::new())
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Self::Order) -> Result<Applied, Error> {
        let mut results = run(tx, session, std::slice::from_ref(order))?;
        results.pop().map_or_else(|| Err(Error::defect("a write-off has no result")), |judged| judged.result)
    }

    fn check_all(tx: &mut Tx<'_>, session: &Session, orders: &[Self::Order]) -> Results<Option<Amount>> {
        let invoices: Vec<_> = orders.iter().map(|order| order.invoice).collect();
        let checked = write_off::check_all(tx, session, &invoices)?;
        Ok(checked.into_iter().map(|(owner, result)| judged(owner, result.map(Some))).collect())
    }

    fn apply_all(tx: &mut Tx<'_>, session: &Session, _: &BulkJob, orders: &[Self::Order]) -> Results<Applied> {
        run(tx, session, orders)
    }
}

/// A write-off creates nothing that could be asked for by its id.
fn run(tx: &mut Tx<'_>, session: &Session, orders: &[write_off::Order]) -> Results<Applied> {
    let results = write_off::run_all(tx, session, orders)?;
    let applied = |made: store::write_off::WriteOff| Applied { created_id: None, amount: Some(made.amount) };
    Ok(results.into_iter().map(|(owner, result)| judged(owner, result.map(applied))).collect())
}

fn judged<T>(owner: Option<(CustomerId, Currency)>, result: Result<T, Error>) -> Judged<T> {
    let (customer, currency) = owner.unzip();
    Judged { customer, currency, result }
}
