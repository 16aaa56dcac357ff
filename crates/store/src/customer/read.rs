//! Customers as they are read.

use billing::{
    customer::{Acquisition, Customer, CustomerFields, Integrations, TrackingCode},
    id::{AccountId, CustomerId},
};
use db::{Error, Row, Tx, values};

use crate::{invoice::contact, row::Columns};

/// Whether money of `customer c` was moved or was tried to be, or a gateway knows the customer.
macro_rules! has_transactions {
    () => {
        "(c.ledger_sequence > 0
            OR EXISTS (SELECT 1 FROM payment_activity a WHERE a.account_id = c.account_id AND a.customer_id = c.id)
            OR EXISTS (SELECT 1 FROM payment_method m WHERE m.account_id = c.account_id AND m.customer_id = c.id))"
    };
}

/// The expressions that [`customer`] reads, over `customer c`. The currency may still change while the customer is a draft of
/// which nothing is in that currency: no money, no purchase, no family.
pub(super) const SELECT: &str = concat!(
    "c.id, c.status, c.account_status, c.currency,
    c.status = 'Draft' AND c.parent_id IS NULL AND NOT ",
    has_transactions!(),
    " AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.account_id = c.account_id AND p.customer_id = c.id), c.balance,
    EXISTS (SELECT 1 FROM customer k WHERE k.account_id = c.account_id AND k.parent_id = c.id), c.created_at,
    c.modified_at, c.activated_at, c.first_name, c.middle_name, c.last_name, c.company_name, c.suffix, c.title,
    c.primary_email, c.primary_phone, c.secondary_email, c.secondary_phone, c.reference, c.reference1, c.reference2,
    c.reference3, c.tracking_code1, c.tracking_name1, c.tracking_code2, c.tracking_name2, c.tracking_code3,
    c.tracking_name3, c.tracking_code4, c.tracking_name4, c.tracking_code5, c.tracking_name5, c.ad_content, c.campaign,
    c.keyword, c.landing_page, c.medium, c.source, c.salesforce_id, c.salesforce_account_type, c.salesforce_synch_status,
    c.netsuite_id, c.netsuite_synch_status, c.netsuite_customer_type, c.quickbooks_latch_type, c.quickbooks_id,
    c.quickbooks_sync_token, c.hubspot_id, c.hubspot_company_id, c.geotab_id, c.digital_river_id, c.portal_user_name,
    c.parent_id"
);

/// One customer.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<Option<Customer>, Error> {
    let sql = format!("SELECT {SELECT} FROM customer c WHERE c.account_id = $1 AND c.id = $2");
    tx.query_opt(&sql, &values![account.0, id.0], customer)
}

/// Whether money of the customer was moved or was tried to be, or a gateway knows it by a payment method.
pub fn has_transactions(tx: &mut Tx<'_>, account: AccountId, id: CustomerId) -> Result<bool, Error> {
    let sql = concat!("SELECT ", has_transactions!(), " FROM customer c WHERE c.account_id = $1 AND c.id = $2");
    tx.scalar(sql, &values![account.0, id.0])
}

/// The customer that has this name in the self-service portal.
pub fn find_by_portal_user_name(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<Option<CustomerId>, Error> {
    tx.query_opt(
        "SELECT id FROM customer WHERE account_id = $1 AND portal_user_name = $2",
        &values![account.0, name],
        |row| row.get(0).map(CustomerId),
    )
}

/// A customer, from the columns of [`SELECT`].
pub(super) fn customer(row: &Row<'_>) -> Result<Customer, Error> {
    let mut columns = Columns::of(row);
    Ok(Customer {
        id: CustomerId(columns.next()?),
        status: columns.named()?,
        account_status: columns.named()?,
        currency: columns.currency()?,
        can_change_currency: columns.next()?,
        balance: columns.amount()?,
        is_parent: columns.next()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
        activated_at: columns.instant_opt()?,
        fields: fields(&mut columns)?,
    })
}

fn fields(columns: &mut Columns<'_, '_>) -> Result<CustomerFields, Error> {
    Ok(CustomerFields {
        contact: contact(columns)?,
        references: [columns.next()?, columns.next()?, columns.next()?],
        tracking_codes: [
            tracking_code(columns)?,
            tracking_code(columns)?,
            tracking_code(columns)?,
            tracking_code(columns)?,
            tracking_code(columns)?,
        ],
        acquisition: Acquisition {
            ad_content: columns.next()?,
            campaign: columns.next()?,
            keyword: columns.next()?,
            landing_page: columns.next()?,
            medium: columns.next()?,
            source: columns.next()?,
        },
        integrations: Integrations {
            salesforce_id: columns.next()?,
            salesforce_account_type: columns.named_opt()?,
            salesforce_synch_status: columns.named()?,
            netsuite_id: columns.next()?,
            netsuite_synch_status: columns.named()?,
            netsuite_customer_type: columns.next()?,
            quickbooks_latch_type: columns.named_opt()?,
            quickbooks_id: columns.next()?,
            quickbooks_sync_token: columns.next()?,
            hubspot_id: columns.next()?,
            hubspot_company_id: columns.next()?,
            geotab_id: columns.next()?,
            digital_river_id: columns.next()?,
        },
        portal_user_name: columns.next()?,
        parent: columns.next::<Option<i64>>()?.map(CustomerId),
    })
}

fn tracking_code(columns: &mut Columns<'_, '_>) -> Result<Option<TrackingCode>, Error> {
    let (code, name): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
    Ok(code.map(|code| TrackingCode { code, name }))
}
