//! What the tests of revenue share: services that earn over time, taxed customers, what the ledger says, and amounts by chance.

use app::{Tx, addresses, earning, invoices, payments, purchases::bulk_create, tax_rates, verify};
use billing::{
    account::Session,
    address::{AddressFields, AddressType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{CustomerId, InvoiceId, PaymentId, ProductId, PurchaseId},
    invoice::Invoice,
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    product::{ProductFields, ProductType},
    purchase::PurchaseOrder,
    tax::Region,
    tax_rate::{TaxRateFields, TaxRateStatus},
};
use calendar::{Date, Instant};
use db::{Millis, values};
use ledger::LedgerAccount;
use money::{Amount, Percentage};
use store::verify::ChainRow;
use testkit::Dice;

use crate::shop::{Shop, priced};

/// Where the taxed customers live.
pub(crate) const REGION: Region = Region { country: 124, state: None };

/// So many intervals, cut and earned like this.
pub(crate) fn over(
    count: i64,
    interval: EarningInterval,
    cut: EarningTimingInterval,
    falls: EarningTimingType,
) -> EarningSettings {
    EarningSettings {
        interval: Some(interval),
        number_of_intervals: Some(count),
        timing_interval: Some(cut),
        timing_type: Some(falls),
    }
}

/// A year in months, each earned at its end.
pub(crate) fn a_year_in_arrears() -> EarningSettings {
    over(12, EarningInterval::Monthly, EarningTimingInterval::Monthly, EarningTimingType::EndOfInterval)
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

impl Shop {
    /// Creates a service at a dollar a unit, which may earn over time.
    pub(crate) async fn service(&self, code: &str) -> ProductId {
        let fields = ProductFields { product_type: ProductType::OneTimeCharge, ..priced(code, "1") };
        self.act(move |tx, session| app::products::create::run(tx, session, &fields)).await.unwrap().id
    }

    /// Creates a service whose units are items, each with a reference of its own.
    pub(crate) async fn tracked_service(&self, code: &str, price: &str) -> ProductId {
        let product_type = ProductType::OneTimeCharge;
        let fields = ProductFields { is_tracking_items: true, product_type, ..priced(code, price) };
        self.act(move |tx, session| app::products::create::run(tx, session, &fields)).await.unwrap().id
    }

    /// Taxes the customers of [`Self::taxed_customer`] by so many percent.
    pub(crate) async fn tax(&self, percentage: &str) {
        let fields = TaxRateFields {
            name: "HST".to_owned(),
            registration_code: None,
            percentage: Percentage::parse(percentage).unwrap(),
            region: REGION,
            valid_from: None,
            valid_to: None,
            status: TaxRateStatus::Active,
        };
        self.act(move |tx, session| tax_rates::create::run(tx, session, &fields)).await.unwrap();
    }

    /// Creates an active customer with an address.
    pub(crate) async fn taxed_customer(&self) -> CustomerId {
        let customer = self.customer().await;
        self.settle(customer).await;
        customer
    }

    /// Gives a customer an address where it is taxed.
    pub(crate) async fn settle(&self, customer: CustomerId) {
        let fields = AddressFields {
            company_name: None,
            line1: None,
            line2: None,
            region: REGION,
            city: None,
            postal_zip: None,
            is_valid: false,
        };
        let order = addresses::create::Order { customer, address_type: AddressType::Billing, fields };
        self.act(move |tx, session| addresses::create::run(tx, session, &order)).await.unwrap();
    }

    /// Sells on an invoice of its own.
    pub(crate) async fn sell(&self, customer: CustomerId, order: PurchaseOrder) -> (PurchaseId, InvoiceId) {
        let order = bulk_create::Order { customer, auto_purchase: true, purchases: vec![order], collect: None };
        let purchase =
            self.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap().purchases[0].id;
        let sql = "SELECT invoice_id FROM charge WHERE account_id = $1 AND purchase_id = $2";
        let invoice = self.act(move |tx, session| Ok(tx.scalar(sql, &values![session.account.id.0, purchase.0])?));
        (purchase, InvoiceId(invoice.await.unwrap()))
    }

    /// Pays so much of one invoice.
    pub(crate) async fn pay(&self, customer: CustomerId, invoice: InvoiceId, amount: Amount) -> PaymentId {
        let order = PaymentOrder {
            customer,
            source: PaymentSource::Manual,
            amount,
            method: PaymentMethod::Check,
            reference: None,
            allocations: vec![Allocation { invoice, amount }],
            auto_allocate: None,
            effective_at: None,
            reference_date: None,
        };
        self.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap().id
    }

    /// The invoice as it stands.
    pub(crate) async fn invoice_of(&self, id: InvoiceId) -> Invoice {
        self.act(move |tx, session| invoices::find::run(tx, session, id)).await.unwrap()
    }

    /// The day of the shop, which is in UTC.
    pub(crate) fn today(&self) -> Date {
        self.app.now().utc_date()
    }

    /// Goes through the daily round once, as its worker does.
    pub(crate) async fn earn(&self) {
        let mut after = Some(CustomerId(0));
        while let Some(last) = after {
            after = self.act(move |tx, session| earning::run::step(tx, session, last)).await.unwrap();
        }
    }

    /// When and how much was posted of a kind for a purchase, in order.
    pub(crate) async fn posted(&self, purchase: PurchaseId, kind: &'static str) -> Vec<(Date, Amount)> {
        let sql = "SELECT t.effective_at, l.amount FROM charge c
             JOIN ledger_transaction t ON t.account_id = c.account_id AND t.charge_id = c.id
             JOIN ledger_line l ON l.account_id = t.account_id AND l.transaction_id = t.id
             WHERE c.account_id = $1 AND c.purchase_id = $2 AND t.kind = $3 ORDER BY t.sequence";
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            let rows = tx.query(sql, &values![session.account.id.0, purchase.0, kind], |row| {
                let Millis(at) = row.get(0)?;
                Ok((Instant::from_millis(at).utc_date(), Amount::from_millionths(row.get(1)?)))
            });
            Ok(rows?)
        };
        self.act(read).await.unwrap()
    }

    /// What an account of the chart holds for a customer, or for all of them: credits less debits.
    pub(crate) async fn credit_of(&self, customer: Option<CustomerId>, of: LedgerAccount) -> Amount {
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            let mut balance = Amount::ZERO;
            store::verify::each_chain_row(tx, session.account.id, |row| {
                let ChainRow::Line(head, _, Some(line)) = row else { return };
                if customer.is_some_and(|customer| customer != head.customer) {
                    return;
                }
                if line.credit == of.name() {
                    balance = balance.checked_add(line.amount).expect("small amounts");
                } else if line.debit == of.name() {
                    balance = balance.checked_sub(line.amount).expect("small amounts");
                }
            })?;
            Ok(balance)
        };
        self.act(read).await.unwrap()
    }

    /// Everything of the account that is stored twice and does not agree.
    pub(crate) async fn disagreements(&self) -> Vec<String> {
        let report = self.act(|tx, session| verify::run(tx, session.account.id)).await.unwrap();
        report.disagreements().map(|(rule, found)| format!("{}: {found:?}", rule.name())).collect()
    }
}

/// An amount from one cent up to so many.
pub(crate) fn cents(dice: &mut Dice, up_to: u64) -> Amount {
    let cents = i64::try_from(dice.below(up_to) + 1).expect("few cents");
    Amount::from_millionths(cents * 10_000)
}
