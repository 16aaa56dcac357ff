//! `PurchaseImport`: purchases to make, and to finalize at once if asked for (bulk-jobs.md §7.13).

use billing::{
    account::Session,
    id::{CustomerId, ProductId},
    pricing::{PriceRange, PricingModel},
    problem::Problem,
    purchase::PurchaseOrder,
};
use db::Tx;
use money::{Price, Quantity};

use super::{
    Applied, Column, Layout, RecordParser, RecordType,
    row::{Read, Row, any, flag, whole},
};
use crate::{Error, products, purchases::bulk_create};

pub(super) struct Purchase;

/// A purchase whose product is known by its code only.
pub(super) struct Order {
    customer: CustomerId,
    product_code: String,
    name: Option<String>,
    description: Option<String>,
    quantity: Option<Quantity>,
    price: Option<Price>,
    is_finalized: bool,
}

/// Longest name and description of a purchase, in characters.
const TEXT_LENGTH_MAX: usize = 2000;

impl RecordType for Purchase {
    const LAYOUT: Layout = Layout {
        columns: &[
            Column::required("StaxBillId", "Id of the customer who buys."),
            Column::required("ProductCode", "Code of a product that is sold on its own."),
            Column::optional("PurchaseName", "At most 2000 characters; the product's when empty."),
            Column::optional("PurchaseDescription", "At most 2000 characters; the product's when empty."),
            Column::optional("PurchaseQuantity", "Units; 0 when empty, and 0 for tracked products."),
            Column::optional(
                "PurchasePrice",
                "Price of a unit in the customer's currency; the catalogue's when empty.",
            ),
            Column::optional("AutoFinalizePurchase", "Yes: charge it at once. No when empty: it stays a draft."),
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;

    type Order = Order;

    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let customer = row.get(problems, "StaxBillId", whole).map(CustomerId);
            let product_code = row.get(problems, "ProductCode", any);
            let name = row.text(problems, "PurchaseName", TEXT_LENGTH_MAX);
            let description = row.text(problems, "PurchaseDescription", TEXT_LENGTH_MAX);
            let quantity =
                row.get(problems, "PurchaseQuantity", |text| not_negative(text).map(Quantity::from_millionths));
            let price = row.get(problems, "PurchasePrice", |text| not_negative(text).map(Price::from_millionths));
            let is_finalized = row.get(problems, "AutoFinalizePurchase", flag).unwrap_or_default();
            let (customer, product_code) = (customer?, product_code?);
            Some(Order { customer, product_code, name, description, quantity, price, is_finalized })
        })
    }

    fn customers(_: &mut Tx<'_>, _: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        Ok(vec![order.customer])
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let code = &order.product_code;
        let product = store::product::find_by_code(tx, session.account.id, code)?;
        let product = product.ok_or_else(|| Error::Absent(format!("There is no product with code {code}.")))?;
        let name = match &order.name {
            Some(name) => name.clone(),
            None => products::find::run(tx, session, product)?.fields.name,
        };
        let order = bulk_create::Order {
            customer: order.customer,
            auto_purchase: order.is_finalized,
            purchases: vec![purchase(order, product, name)],
            collect: None,
        };
        let created = bulk_create::run(tx, session, &order)?;
        let purchase = created.purchases.first().ok_or_else(|| Error::defect("a purchase was not made"))?;
        let amount = order.auto_purchase.then_some(purchase.terms.amount);
        Ok(Applied { created_id: Some(purchase.id.0), amount })
    }
}

fn purchase(order: &Order, product: ProductId, name: String) -> PurchaseOrder {
    let all_units = |amount| PriceRange { min: Quantity::ZERO, max: None, amount };
    PurchaseOrder {
        product,
        name,
        description: order.description.clone(),
        quantity: order.quantity,
        target_order_quantity: None,
        override_ranges: order.price.map(|price| vec![all_units(price)]),
        pricing_model: order.price.map(|_| PricingModel::Standard),
        custom_fields: Vec::new(),
        discounts: Vec::new(),
        items: Vec::new(),
        coupon_codes: Vec::new(),
        earning: None,
        netsuite_location_id: None,
        netsuite_class_id: None,
        pricing_formula_type: None,
    }
}

/// A number of units or a price, in millionths.
fn not_negative(text: &str) -> Read<i64> {
    let number = Quantity::parse(text).ok().filter(|number| !number.is_negative());
    let number = number.ok_or("must be a positive number and cannot exceed six decimal places.")?;
    Ok(number.millionths())
}
