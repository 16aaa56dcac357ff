//! `CustomerImport` and `CustomerImportBasic`: customers to create, as drafts (bulk-jobs.md §7.1).

use billing::{
    account::Session,
    address::PreferenceOrder,
    bulk::BulkJob,
    customer::{BillingSetting, CustomerFields},
    id::CustomerId,
    problem::{Problem, Problems},
};
use db::Tx;
use money::Currency;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, address, parent,
    row::{Read, Row, any},
    sheet::{BILLING, CONTACT, PARENT, TRACKING, has_any, joined, width, write_addresses, write_fields, write_setting},
};
use crate::{Error, customers::create};

/// With all columns, or with those that say who the customer is.
pub(super) struct Customer<const IS_BASIC: bool>;

/// A customer whose parent is known by name only.
pub(super) struct Order {
    customer: create::Order,
    parent: Option<String>,
}

const WHO: &[Column] = &[
    Column::optional("Reference", "Your own id of the customer; at most 255 characters."),
    Column::optional("Currency", "ISO code; the account's currency when empty."),
];

const BASIC: &[&[Column]] = &[WHO, CONTACT];
const FULL: &[&[Column]] = &[WHO, CONTACT, &[PARENT], TRACKING, BILLING, address::COLUMNS];

impl<const IS_BASIC: bool> RecordType for Customer<IS_BASIC> {
    const LAYOUT: Layout = Layout {
        columns: if IS_BASIC { &joined::<{ width(BASIC) }>(BASIC) } else { &joined::<{ width(FULL) }>(FULL) },
        is_bare: false,
    };

    type Order = Order;

    /// Nothing is a must, but a row that says nothing is one of those that spreadsheets leave at the end.
    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            if row.is_empty() {
                problems.push("", "The row is empty.");
            }
            let currency = row.get(problems, "Currency", currency);
            let fields = fields(row, problems);
            let (mut setting, mut preference) = (BillingSetting::default(), PreferenceOrder::default());
            write_setting(row, problems, &mut setting);
            write_addresses(row, problems, &mut preference);
            let customer = create::Order {
                currency,
                fields,
                billing_setting: has_any(row, BILLING).then_some(setting),
                address_preference: has_any(row, address::COLUMNS).then_some(preference),
            };
            Some(Order { customer, parent: row.get(problems, PARENT.name, any) })
        })
    }

    /// A new customer is nobody yet, but its parent is, and everybody above.
    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        match &order.parent {
            Some(name) => parent::family(tx, session, name),
            None => Ok(Vec::new()),
        }
    }

    /// A parent is not the one who is created.
    fn owner(_: &[CustomerId]) -> Option<CustomerId> {
        None
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let mut customer = order.customer.clone();
        if let Some(name) = &order.parent {
            customer.fields.parent = Some(parent::find(tx, session, name)?);
        }
        let created = create::run(tx, session, &customer)?;
        Ok(Applied { created_id: Some(created.id.0), amount: None })
    }

    /// References need not be unique, but what later files name a customer by should name one.
    fn apply_in(tx: &mut Tx<'_>, session: &Session, job: &BulkJob, order: &Order) -> Result<Applied, Error> {
        if let (Some(reference), Some(since)) = (&order.customer.fields.contact.reference, job.processing_at)
            && store::customer::has_new_reference(tx, session.account.id, reference, since)?
        {
            let text = format!(
                "A customer with the Reference {reference} was created since this job began: an earlier row may have it, too."
            );
            return Err(Error::invalid("Reference", text));
        }
        Self::apply(tx, session, order)
    }
}

fn fields(row: &Row, problems: &mut Problems) -> CustomerFields {
    let mut fields = CustomerFields::default();
    fields.contact.reference = row.get(problems, "Reference", any);
    write_fields(row, problems, &mut fields);
    fields
}

fn currency(code: &str) -> Read<Currency> {
    let codes = || Currency::ALL.map(Currency::code).join(", ");
    Currency::parse(code).ok_or_else(|| format!("must be one of {}.", codes()))
}
