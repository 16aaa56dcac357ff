//! `CustomerDraftCancelImport`: draft customers are deleted; those with transactions are kept (bulk-jobs.md §7.4).

use billing::{account::Session, customer::Identity, id::CustomerId, problem::Problem};
use db::Tx;

use super::{Applied, Layout, RecordParser, RecordType, identity, row::Row};
use crate::{Error, customers::delete};

pub(super) struct CustomerDraftCancel;

impl RecordType for CustomerDraftCancel {
    const LAYOUT: Layout = Layout {
        columns: &[identity::STAX_BILL_ID, identity::REFERENCE, identity::COMPANY_NAME, identity::PRIMARY_EMAIL],
        is_bare: false,
    };

    type Order = Identity;

    fn parse(parser: RecordParser, text: &str) -> Result<Identity, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, identity::read)
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Identity) -> Result<Vec<CustomerId>, Error> {
        identity::customers(tx, session, order)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Identity) -> Result<Applied, Error> {
        let customer = identity::find(tx, session, order)?;
        delete::run(tx, session, customer)?;
        Ok(Applied::NOTHING)
    }
}
