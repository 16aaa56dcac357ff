//! `OpeningDeferredRevenueBalance`: what customers had been charged for before they were billed here, and is not yet earned.

use billing::{
    account::Session,
    customer::Identity,
    id::CustomerId,
    opening_deferral::{DESCRIPTION_LENGTH_MAX, OpeningDeferralOrder},
    payment::REFERENCE_LENGTH_MAX,
    problem::Problem,
};
use calendar::Date;
use db::Tx;
use money::Amount;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, identity,
    row::{Row, any, date, money},
};
use crate::{Error, opening_deferrals::create};

pub(super) struct OpeningDeferral;

pub(super) struct Order {
    customer: Identity,
    amount: Amount,
    product_code: Option<String>,
    starts_on: Option<Date>,
    ends_on: Date,
    reference: Option<String>,
    description: Option<String>,
}

const AMOUNT: Column =
    Column::required("Amount", "What is not yet earned on the day of the import; at most two decimals.");
const ENDS_ON: Column = Column::required("EndDate", "The last day on which it is earned.");
const STARTS_ON: Column = Column::optional(
    "StartDate",
    "The first day on which it is earned; today when empty, or when it has passed: what lies before is earned elsewhere.",
);
const PRODUCT: Column = Column::optional("ProductCode", "Code of the product under which revenue is reported.");
const REFERENCE: Column = Column::optional("OpeningBalanceReference", "Shown with it; at most 500 characters.");
const DESCRIPTION: Column = Column::optional("Description", "What it was charged for; at most 2000 characters.");

impl RecordType for OpeningDeferral {
    /// The original's columns are not documented.
    const LAYOUT: Layout = Layout {
        columns: &[
            identity::STAX_BILL_ID,
            identity::REFERENCE,
            identity::COMPANY_NAME,
            identity::PRIMARY_EMAIL,
            AMOUNT,
            STARTS_ON,
            ENDS_ON,
            PRODUCT,
            REFERENCE,
            DESCRIPTION,
        ],
        is_bare: false,
    };

    const IS_BY_CUSTOMER: bool = true;

    type Order = Order;

    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let amount = row.get(problems, AMOUNT.name, money);
            let starts_on = row.get(problems, STARTS_ON.name, date);
            let ends_on = row.get(problems, ENDS_ON.name, date);
            let product_code = row.get(problems, PRODUCT.name, any);
            let reference = row.text(problems, REFERENCE.name, REFERENCE_LENGTH_MAX);
            let description = row.text(problems, DESCRIPTION.name, DESCRIPTION_LENGTH_MAX);
            let customer = identity::read(row, problems)?;
            let (amount, ends_on) = (amount?, ends_on?);
            Some(Order { customer, amount, product_code, starts_on, ends_on, reference, description })
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        identity::customers(tx, session, &order.customer)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let customer = identity::find(tx, session, &order.customer)?;
        let product = order.product_code.as_ref().map(|code| {
            let found = store::product::find_by_code(tx, session.account.id, code)?;
            found.ok_or_else(|| Error::Absent(format!("There is no product with code {code}.")))
        });
        let order = OpeningDeferralOrder {
            customer,
            amount: order.amount,
            product: product.transpose()?,
            starts_on: order.starts_on,
            ends_on: order.ends_on,
            reference: order.reference.clone(),
            description: order.description.clone(),
        };
        let opened = create::run(tx, session, &order)?;
        Ok(Applied { created_id: Some(opened.id.0), amount: Some(opened.amount) })
    }
}
