//! `CustomerImportEdit`: customers to change. An empty cell changes nothing, the word `clear` empties a field
//! (bulk-jobs.md §7.2).

use billing::{
    account::Session,
    address::{AddressPreference, PreferenceOrder},
    customer::{Customer, Identity},
    id::CustomerId,
    problem::{Problem, Problems},
    purchase::Change,
};
use db::Tx;

use super::{
    Applied, Column, Layout, RecordParser, RecordType, address, identity, parent,
    row::{Row, any, whole},
    sheet::{
        BILLING, CONTACT, EMAILS, PARENT, TRACKING, has_any, joined, width, write_addresses, write_emails,
        write_fields, write_setting,
    },
};
use crate::{
    Error,
    addresses::{find_preference, set_preference},
    customers::{find, find_email_preferences, find_setting, set_email_preferences, set_setting, update},
};

pub(super) struct CustomerEdit;

/// Who is changed, and the cells that say how: they are read over the customer as it stands then.
pub(super) struct Order {
    customer: Identity,
    row: Row,
}

const WHO: &[Column] = &[
    Column::optional("StaxBillId", "Id of the customer. Without it, Reference says who is changed."),
    Column::optional("Reference", "Your own id of the customer: a new one beside StaxBillId, else whom to change."),
];

/// What becomes of the customer itself.
const FIELDS: &[&[Column]] = &[CONTACT, &[PARENT], TRACKING];
const ALL: &[&[Column]] = &[WHO, CONTACT, &[PARENT], TRACKING, BILLING, address::COLUMNS, &EMAILS];

impl RecordType for CustomerEdit {
    const LAYOUT: Layout = Layout { columns: &joined::<{ width(ALL) }>(ALL), is_bare: false };

    type Order = Order;

    fn parse(parser: RecordParser, text: &str) -> Result<Order, Vec<Problem>> {
        Row::parse(parser, text, Self::LAYOUT.columns, |row, problems| {
            let id = row.get(problems, "StaxBillId", whole).map(CustomerId);
            let reference = if id.is_some() { None } else { row.text(problems, "Reference", 255) };
            let customer = Identity { id, reference, ..Identity::default() };
            if customer.is_empty() && problems.is_empty() {
                problems.push("", "StaxBillId or Reference is required.");
            }
            let is_renamed = id.is_some() && row.has("Reference");
            if !is_renamed && !ALL[1..].iter().any(|group| has_any(row, group)) {
                problems.push("", "The record changes nothing.");
            }
            Some(Order { customer, row: row.clone() })
        })
    }

    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Vec<CustomerId>, Error> {
        let mut customers = identity::customers(tx, session, &order.customer)?;
        if let Some(name) = new_parent(&order.row) {
            customers.extend(parent::family(tx, session, &name)?);
        }
        Ok(customers)
    }

    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Order) -> Result<Applied, Error> {
        let customer = identity::find(tx, session, &order.customer)?;
        let row = &order.row;
        let mut problems = Problems::new();
        let customer = find::run(tx, session, customer)?;
        let id = customer.id;
        let fields = write(tx, session, order, customer, &mut problems)?;
        let mut setting = find_setting::run(tx, session, id)?;
        write_setting(row, &mut problems, &mut setting);
        let mut preference = as_order(find_preference::run(tx, session, id)?);
        write_addresses(row, &mut problems, &mut preference);
        let mut preferences = find_email_preferences::run(tx, session, id)?;
        write_emails(row, &mut problems, &mut preferences);
        problems.into_result().map_err(Error::Invalid)?;
        if let Some(fields) = fields {
            update::run(tx, session, &fields)?;
        }
        if has_any(row, BILLING) {
            set_setting::run(tx, session, &set_setting::Order { customer: id, setting })?;
        }
        if has_any(row, address::COLUMNS) {
            set_preference::run(tx, session, &set_preference::Order { customer: id, preference })?;
        }
        if has_any(row, &EMAILS) {
            set_email_preferences::run(tx, session, &set_email_preferences::Order { customer: id, preferences })?;
        }
        Ok(Applied::NOTHING)
    }
}

/// The name of the parent that a row gives, if it gives one.
fn new_parent(row: &Row) -> Option<String> {
    match row.change(&mut Problems::new(), PARENT.name, any) {
        Change::Set(name) => Some(name),
        Change::Keep | Change::Clear => None,
    }
}

/// The customer as the row has it; nothing when the row says nothing of it.
fn write(
    tx: &mut Tx<'_>,
    session: &Session,
    Order { customer: named, row }: &Order,
    customer: Customer,
    problems: &mut Problems,
) -> Result<Option<update::Order>, Error> {
    let is_renamed = named.id.is_some() && row.has("Reference");
    let mut fields = customer.fields;
    if is_renamed {
        row.change(problems, "Reference", any).apply(&mut fields.contact.reference);
    }
    write_fields(row, problems, &mut fields);
    match row.change(problems, PARENT.name, any) {
        Change::Keep => {}
        Change::Clear => fields.parent = None,
        Change::Set(name) => fields.parent = Some(parent::find(tx, session, &name)?),
    }
    let (id, status) = (customer.id, customer.status);
    let is_changed = is_renamed || FIELDS.iter().any(|group| has_any(row, group));
    Ok(is_changed.then_some(update::Order { id, status, account_status: None, currency: None, fields }))
}

fn as_order(AddressPreference { fields, billing, shipping }: AddressPreference) -> PreferenceOrder {
    let (billing, shipping) = (billing.map(|address| address.fields), shipping.map(|address| address.fields));
    PreferenceOrder { fields, billing, shipping }
}
