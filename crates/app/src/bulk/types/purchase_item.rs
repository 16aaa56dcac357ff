//! `CreatePurchaseProductItem`: tracked items for draft purchases (bulk-jobs.md §7.14).

use billing::{
    account::Session,
    id::{CustomerId, PurchaseId},
    problem::Problem,
    purchase::ItemOrder,
};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    purchase_activation::buyer,
    row::{Row, whole},
};
use crate::{Error, product_items::create};

pub(super) struct PurchaseItem;

impl RecordType for PurchaseItem {
    /// The original starts such a job from one purchase; here every row names its own.
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("PurchaseId", "Id of a draft purchase of a tracked product."),
            Column::required("Reference", "At most 255 characters; unique among the product's items."),
            Column::optional("Name", "At most 100 characters."),
            Column::optional("Description", "At most 255 characters."),
        ],
        is_bare: false,
    };

    type Order = create::Order;

    fn parse(parser: RecordParser, text: &str) -> Result<create::Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let purchase = row.get(problems, "PurchaseId", whole).map(PurchaseId);
            let reference = row.text(problems, "Reference", 255);
            let name = row.text(problems, "Name", 100);
            let description = row.text(problems, "Description", 255);
            Some(create::Order { purchase: purchase?, item: ItemOrder { reference: reference?, name, description } })
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &create::Order) -> Result<Vec<CustomerId>, Error> {
        buyer(tx, session, order.purchase)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &create::Order) -> Result<Applied, Error> {
        let tracked = create::run(tx, session, order)?;
        Ok(Applied { created_id: Some(tracked.item.id.0), amount: None })
    }
}
