//! What a customer has available goes to the invoice that is named, the oldest first, and no money moves.

use app::{Error, Tx, aging, credits, funds, opening_balances, payments, purchases::cancel};
use billing::{
    account::Session,
    credit::CreditOrder,
    id::{CustomerId, InvoiceId},
    opening_balance::OpeningBalanceOrder,
    payment::{PaymentMethod, PaymentOrder, PaymentSource},
    reversal::CancellationOption,
};
use calendar::add_days;
use db::values;
use money::Amount;

use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::amount,
};

impl Shop {
    /// Puts so much in a customer's available funds.
    pub(crate) async fn bring(&self, customer: CustomerId, text: &str) {
        let order = PaymentOrder {
            customer,
            source: PaymentSource::Manual,
            amount: amount(text),
            method: PaymentMethod::Check,
            reference: None,
            allocations: Vec::new(),
            auto_allocate: None,
            effective_at: None,
            reference_date: None,
        };
        self.act(move |tx, session| payments::create::run(tx, session, &order)).await.unwrap();
    }

    async fn grant(&self, customer: CustomerId, text: &str) {
        let order = CreditOrder {
            customer,
            amount: amount(text),
            auto_allocate: None,
            reference: None,
            allocations: Vec::new(),
            effective_at: None,
        };
        self.act(move |tx, session| credits::create::run(tx, session, &order)).await.unwrap();
    }

    async fn deposit(&self, customer: CustomerId, text: &str) {
        let order = OpeningBalanceOrder { customer, amount: amount(text), reference: None, owing: None };
        self.act(move |tx, session| opening_balances::create::run(tx, session, &order)).await.unwrap();
    }

    /// Gives an invoice what is available.
    pub(crate) async fn spend(&self, invoice: InvoiceId) -> Result<Amount, Error> {
        self.act(move |tx, session| funds::spend(tx, session, invoice)).await
    }

    /// The invoices of which was told that they got what was available, in order.
    async fn allocations_told(&self) -> Vec<InvoiceId> {
        let sql = "SELECT subject_id FROM event WHERE account_id = $1 AND event_type = 'FundsAllocated' ORDER BY id";
        let read = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(tx.query(sql, &values![session.account.id.0], |row| row.get(0).map(InvoiceId))?)
        };
        self.act(read).await.unwrap()
    }

    async fn owed_at_the_end_of(&self, days_ago: i64) -> Amount {
        let ask = move |tx: &mut Tx<'_>, session: &Session| {
            let today = session.account.zone.date_of(session.now);
            let rows = aging::as_of(tx, session, add_days(today, -days_ago))?;
            Ok(rows.first().map(|row| row.aging.total()).transpose()?.unwrap_or_default())
        };
        self.act(ask).await.unwrap()
    }
}

#[tokio::test]
async fn the_oldest_goes_first_whatever_it_is_and_the_rest_stays() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "1").await);
        shop.deposit(customer, "5").await;
        shop.clock.advance_days(1);
        shop.grant(customer, "3").await;
        shop.clock.advance_days(1);
        shop.bring(customer, "20").await;
        let invoice = shop.invoice(customer, product, "10").await;
        assert_eq!(shop.spend(invoice).await.unwrap(), amount("10"));
        let paid = shop.invoice_of(invoice).await;
        assert_eq!((paid.totals.payments, paid.totals.credits), (amount("7"), amount("3")));
        assert!(paid.paid_at.is_some());
        assert!(paid.schedules.iter().all(|schedule| schedule.outstanding.is_zero()));
        assert_eq!(shop.spend(invoice).await.unwrap(), Amount::ZERO, "it owes nothing any more");
        let large = shop.invoice(customer, product, "100").await;
        assert_eq!(shop.spend(large).await.unwrap(), amount("18"), "what was left of the payment");
        assert_eq!(shop.spend(large).await.unwrap(), Amount::ZERO, "nothing is available any more");
        assert_eq!(shop.allocations_told().await, [invoice, large], "where something was given");
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
        let unknown = shop.spend(InvoiceId(1)).await;
        assert!(matches!(unknown, Err(Error::NotFound { entity: "Invoice", id: 1 })), "{unknown:?}");
    })
    .await;
}

#[tokio::test]
async fn other_customers_have_nothing_to_give() {
    each_shop(async |shop| {
        let (rich, poor) = (shop.customer().await, shop.customer().await);
        let product = shop.product("P", "1").await;
        shop.bring(rich, "50").await;
        let invoice = shop.invoice(poor, product, "10").await;
        assert_eq!(shop.spend(invoice).await.unwrap(), Amount::ZERO);
    })
    .await;
}

#[tokio::test]
async fn what_a_reversal_freed_is_given_again_and_past_days_stay_as_they_were() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "1").await);
        shop.deposit(customer, "4").await;
        let (_, invoice) = shop.sell(customer, purchase_of(product, "10")).await;
        shop.clock.advance_days(1);
        shop.bring(customer, "6").await;
        shop.clock.advance_days(1);
        assert_eq!(shop.spend(invoice).await.unwrap(), amount("10"));
        assert_eq!(shop.owed_at_the_end_of(0).await, Amount::ZERO);
        assert_eq!(shop.owed_at_the_end_of(1).await, amount("10"), "the money was there, but not given yet");
        let purchase = shop.invoice_of(invoice).await.charges[0].purchase;
        let order = cancel::Order { purchase, option: CancellationOption::Full };
        shop.act(move |tx, session| cancel::run(tx, session, &order)).await.unwrap();
        let next = shop.invoice(customer, product, "30").await;
        assert_eq!(shop.spend(next).await.unwrap(), amount("10"), "both were freed");
        assert_eq!(shop.owed_at_the_end_of(2).await, amount("10"), "nothing about the past has changed");
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}
