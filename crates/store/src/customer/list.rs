//! Lists of customers (customers.md §2.4).

use billing::{
    customer::{
        AccountStatus, Customer, CustomerStatus, QuickBooksLatchType, SalesforceAccountType, SynchStatus, Title,
    },
    id::AccountId,
    listing::{Kind, Page, Slice},
    named::Named,
};
use db::{Error, Tx, values};

use super::read::{SELECT, customer};
use crate::listing::{Column, NO_NUMBER, Source, column, joined, list as list_page, searched};

/// Recurring revenue comes from subscriptions, and there are none.
const NOTHING: &str = "CAST(0 AS BIGINT)";

/// The number of the currency, as [`money::Currency::number`] has it.
pub(crate) const CURRENCY_ID: &str = "CAST(CASE c.currency WHEN 'AUD' THEN 1 WHEN 'BRL' THEN 2 WHEN 'GBP' THEN 3 WHEN 'CAD' THEN 4 WHEN 'COP' THEN 5 WHEN 'DKK' THEN 6 \
    WHEN 'EUR' THEN 7 WHEN 'HKD' THEN 8 WHEN 'INR' THEN 9 WHEN 'ILS' THEN 10 WHEN 'JPY' THEN 11 WHEN 'MYR' THEN 12 \
    WHEN 'MXN' THEN 13 WHEN 'NZD' THEN 14 WHEN 'NOK' THEN 15 WHEN 'CNY' THEN 16 WHEN 'RUB' THEN 17 \
    WHEN 'SGD' THEN 18 WHEN 'ZAR' THEN 19 WHEN 'KRW' THEN 20 WHEN 'SEK' THEN 21 WHEN 'CHF' THEN 22 \
    WHEN 'TRY' THEN 23 WHEN 'USD' THEN 24 END AS BIGINT)";

/// What a list of something that a customer has can be filtered and sorted by; the customer is `c` in it.
pub(crate) const OF_CUSTOMER: &[Column] = &[
    column("Customer.AccountStatus", Kind::Enum(AccountStatus::NAMES), "c.account_status"),
    column("Customer.Arbalance", Kind::Decimal, "c.balance"),
    searched("Customer.CompanyName", Kind::Text, "c.company_name"),
    column("Customer.CreatedTimestamp", Kind::Instant, "c.created_at"),
    column("Customer.CurrencyId", Kind::Integer, CURRENCY_ID),
    column("Customer.CurrentMrr", Kind::Decimal, NOTHING),
    column("Customer.CurrentNetMrr", Kind::Decimal, NOTHING),
    column("Customer.CustomerReference.Reference1", Kind::Text, "c.reference1"),
    column("Customer.CustomerReference.Reference2", Kind::Text, "c.reference2"),
    column("Customer.CustomerReference.Reference3", Kind::Text, "c.reference3"),
    searched("Customer.FirstName", Kind::Text, "c.first_name"),
    searched("Customer.LastName", Kind::Text, "c.last_name"),
    column("Customer.MiddleName", Kind::Text, "c.middle_name"),
    column("Customer.ModifiedTimestamp", Kind::Instant, "c.modified_at"),
    column("Customer.MonthlyRecurringRevenue", Kind::Decimal, NOTHING),
    column("Customer.NetMRR", Kind::Decimal, NOTHING),
    column("Customer.NetSuiteId", Kind::Text, "c.netsuite_id"),
    column("Customer.ParentId", Kind::Integer, "c.parent_id"),
    column("Customer.QuickBooksId", Kind::Integer, "c.quickbooks_id"),
    searched("Customer.Reference", Kind::Text, "c.reference"),
    column("Customer.SalesforceId", Kind::Text, "c.salesforce_id"),
    column("Customer.Status", Kind::Enum(CustomerStatus::NAMES), "c.status"),
];

/// What only the list of customers itself can be filtered and sorted by.
const OWN: &[Column] = &[
    searched("id", Kind::Id, "c.id"),
    column("CustomerAcquisition.AdContent", Kind::Text, "c.ad_content"),
    column("CustomerAcquisition.Campaign", Kind::Text, "c.campaign"),
    column("CustomerAcquisition.Keyword", Kind::Text, "c.keyword"),
    column("CustomerAcquisition.LandingPage", Kind::Text, "c.landing_page"),
    column("CustomerAcquisition.Medium", Kind::Text, "c.medium"),
    column("CustomerAcquisition.Source", Kind::Text, "c.source"),
    column("CustomerReference.SalesTrackingCode1.Code", Kind::Text, "c.tracking_code1"),
    column("CustomerReference.SalesTrackingCode1.Name", Kind::Text, "c.tracking_name1"),
    column("CustomerReference.SalesTrackingCode2.Code", Kind::Text, "c.tracking_code2"),
    column("CustomerReference.SalesTrackingCode2.Name", Kind::Text, "c.tracking_name2"),
    column("CustomerReference.SalesTrackingCode3.Code", Kind::Text, "c.tracking_code3"),
    column("CustomerReference.SalesTrackingCode3.Name", Kind::Text, "c.tracking_name3"),
    column("CustomerReference.SalesTrackingCode4.Code", Kind::Text, "c.tracking_code4"),
    column("CustomerReference.SalesTrackingCode4.Name", Kind::Text, "c.tracking_name4"),
    column("CustomerReference.SalesTrackingCode5.Code", Kind::Text, "c.tracking_code5"),
    column("CustomerReference.SalesTrackingCode5.Name", Kind::Text, "c.tracking_name5"),
    // The names of the types are not documented, so no customer has the number of one.
    column("NetsuiteEntityType", Kind::Integer, NO_NUMBER),
    column("NetSuiteSynchStatusId", Kind::Enum(SynchStatus::NAMES), "c.netsuite_synch_status"),
    searched("PrimaryEmail", Kind::Text, "c.primary_email"),
    searched("PrimaryPhone", Kind::Text, "c.primary_phone"),
    column("QuickBooksLatchTypeId", Kind::Enum(QuickBooksLatchType::NAMES), "c.quickbooks_latch_type"),
    column("QuickBooksSyncToken", Kind::Integer, "c.quickbooks_sync_token"),
    column("SalesforceAccountType", Kind::Enum(SalesforceAccountType::NAMES), "c.salesforce_account_type"),
    column("SalesforceSynchStatus", Kind::Enum(SynchStatus::NAMES), "c.salesforce_synch_status"),
    column("SecondaryEmail", Kind::Text, "c.secondary_email"),
    column("SecondaryPhone", Kind::Text, "c.secondary_phone"),
    column("Suffix", Kind::Text, "c.suffix"),
    column("Title", Kind::Enum(Title::NAMES), "c.title"),
];

/// Names that customers can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &joined::<{ OWN.len() + OF_CUSTOMER.len() }>(&[OWN, &of_itself()]);

/// [`OF_CUSTOMER`] under the names that it has where the customer is the row: without `Customer.`.
const fn of_itself() -> [Column; OF_CUSTOMER.len()] {
    let mut columns = joined(&[OF_CUSTOMER]);
    let mut index = 0;
    while index < columns.len() {
        columns[index].field.name = columns[index].field.name.split_at("Customer.".len()).1;
        index += 1;
    }
    columns
}

/// A page of the account's customers.
pub fn list(tx: &mut Tx<'_>, account: AccountId, page: &Page) -> Result<Slice<Customer>, Error> {
    let source =
        Source { select: SELECT, from: "customer c", scope: "c.account_id = $1", id: "c.id", columns: LIST_COLUMNS };
    list_page(tx, &source, &values![account.0], page, customer)
}

#[cfg(test)]
mod tests {
    use money::Currency;

    use super::*;

    #[test]
    fn every_currency_has_its_number() {
        let cases: Vec<_> = Currency::ALL
            .iter()
            .map(|currency| format!("WHEN '{}' THEN {}", currency.code(), currency.number()))
            .collect();
        assert_eq!(CURRENCY_ID, format!("CAST(CASE c.currency {} END AS BIGINT)", cases.join(" ")));
    }
}
