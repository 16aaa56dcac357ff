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
use crate::listing::{Column, Source, column, list as list_page};

/// Recurring revenue comes from subscriptions, and there are none.
pub(crate) const NOTHING: &str = "CAST(0 AS BIGINT)";
/// Sales tracking codes, of which no customer has any.
const NO_TEXT: &str = "CAST(NULL AS TEXT)";
/// The number of a NetSuite entity type: its names are not documented, so no customer has one.
const NO_NUMBER: &str = "CAST(NULL AS BIGINT)";

/// The number of the currency, as [`money::Currency::number`] has it.
pub(crate) const CURRENCY_ID: &str = "CAST(CASE c.currency WHEN 'AUD' THEN 1 WHEN 'BRL' THEN 2 WHEN 'GBP' THEN 3 WHEN 'CAD' THEN 4 WHEN 'COP' THEN 5 WHEN 'DKK' THEN 6 \
    WHEN 'EUR' THEN 7 WHEN 'HKD' THEN 8 WHEN 'INR' THEN 9 WHEN 'ILS' THEN 10 WHEN 'JPY' THEN 11 WHEN 'MYR' THEN 12 \
    WHEN 'MXN' THEN 13 WHEN 'NZD' THEN 14 WHEN 'NOK' THEN 15 WHEN 'CNY' THEN 16 WHEN 'RUB' THEN 17 \
    WHEN 'SGD' THEN 18 WHEN 'ZAR' THEN 19 WHEN 'KRW' THEN 20 WHEN 'SEK' THEN 21 WHEN 'CHF' THEN 22 \
    WHEN 'TRY' THEN 23 WHEN 'USD' THEN 24 END AS BIGINT)";

/// Names that customers can be filtered and sorted by.
pub const LIST_COLUMNS: &[Column] = &[
    column("id", Kind::Id, "c.id"),
    column("AccountStatus", Kind::Enum(AccountStatus::NAMES), "c.account_status"),
    column("Arbalance", Kind::Decimal, "c.balance"),
    column("CompanyName", Kind::Text, "c.company_name"),
    column("CreatedTimestamp", Kind::Instant, "c.created_at"),
    column("CurrencyId", Kind::Integer, CURRENCY_ID),
    column("CurrentMrr", Kind::Decimal, NOTHING),
    column("CurrentNetMrr", Kind::Decimal, NOTHING),
    column("CustomerAcquisition.AdContent", Kind::Text, "c.ad_content"),
    column("CustomerAcquisition.Campaign", Kind::Text, "c.campaign"),
    column("CustomerAcquisition.Keyword", Kind::Text, "c.keyword"),
    column("CustomerAcquisition.LandingPage", Kind::Text, "c.landing_page"),
    column("CustomerAcquisition.Medium", Kind::Text, "c.medium"),
    column("CustomerAcquisition.Source", Kind::Text, "c.source"),
    column("CustomerReference.Reference1", Kind::Text, "c.reference1"),
    column("CustomerReference.Reference2", Kind::Text, "c.reference2"),
    column("CustomerReference.Reference3", Kind::Text, "c.reference3"),
    column("CustomerReference.SalesTrackingCode1.Code", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode1.Name", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode2.Code", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode2.Name", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode3.Code", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode3.Name", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode4.Code", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode4.Name", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode5.Code", Kind::Text, NO_TEXT),
    column("CustomerReference.SalesTrackingCode5.Name", Kind::Text, NO_TEXT),
    column("FirstName", Kind::Text, "c.first_name"),
    column("LastName", Kind::Text, "c.last_name"),
    column("MiddleName", Kind::Text, "c.middle_name"),
    column("ModifiedTimestamp", Kind::Instant, "c.modified_at"),
    column("MonthlyRecurringRevenue", Kind::Decimal, NOTHING),
    column("NetMRR", Kind::Decimal, NOTHING),
    column("NetsuiteEntityType", Kind::Integer, NO_NUMBER),
    column("NetSuiteId", Kind::Text, "c.netsuite_id"),
    column("NetSuiteSynchStatusId", Kind::Enum(SynchStatus::NAMES), "c.netsuite_synch_status"),
    column("ParentId", Kind::Integer, "c.parent_id"),
    column("PrimaryEmail", Kind::Text, "c.primary_email"),
    column("PrimaryPhone", Kind::Text, "c.primary_phone"),
    column("QuickBooksId", Kind::Integer, "c.quickbooks_id"),
    column("QuickBooksLatchTypeId", Kind::Enum(QuickBooksLatchType::NAMES), "c.quickbooks_latch_type"),
    column("QuickBooksSyncToken", Kind::Integer, "c.quickbooks_sync_token"),
    column("Reference", Kind::Text, "c.reference"),
    column("SalesforceAccountType", Kind::Enum(SalesforceAccountType::NAMES), "c.salesforce_account_type"),
    column("SalesforceId", Kind::Text, "c.salesforce_id"),
    column("SalesforceSynchStatus", Kind::Enum(SynchStatus::NAMES), "c.salesforce_synch_status"),
    column("SecondaryEmail", Kind::Text, "c.secondary_email"),
    column("SecondaryPhone", Kind::Text, "c.secondary_phone"),
    column("Status", Kind::Enum(CustomerStatus::NAMES), "c.status"),
    column("Suffix", Kind::Text, "c.suffix"),
    column("Title", Kind::Enum(Title::NAMES), "c.title"),
];

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
