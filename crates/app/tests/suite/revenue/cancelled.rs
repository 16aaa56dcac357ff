//! Purchases that are cancelled while they earn (purchases.md §3.11).

use app::{Error, payments, purchases::cancel};
use billing::{
    earning::{EarningInterval::Monthly, EarningTimingInterval as Cut, EarningTimingType as Falls},
    id::{CustomerId, InvoiceId, PurchaseId},
    purchase::PurchaseOrder,
    refusal::Refusal,
    reversal::CancellationOption::{self, Full, None as Nothing, Unearned},
};
use db::values;
use ledger::LedgerAccount::{AccountsReceivable, DeferredRevenue, EarnedRevenue, TaxPayable};
use money::Amount;

use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::{a_year_in_arrears, amount, date, over},
};

/// What 120 dollars over twelve months, and 13 percent of tax, come to when they are cancelled after three months.
struct Outcome {
    option: CancellationOption,
    credited: &'static str,
    earned: &'static str,
    tax: &'static str,
}

const OUTCOMES: [Outcome; 3] = [
    Outcome { option: Nothing, credited: "0", earned: "120", tax: "15.60" },
    Outcome { option: Unearned, credited: "101.70", earned: "30", tax: "3.90" },
    Outcome { option: Full, credited: "135.60", earned: "0", tax: "0" },
];

async fn cancel(shop: &Shop, purchase: PurchaseId, option: CancellationOption) -> Result<(), Error> {
    let order = cancel::Order { purchase, option };
    shop.act(move |tx, session| cancel::run(tx, session, &order)).await
}

/// Number and amount of every credit note on an invoice.
async fn credit_notes(shop: &Shop, invoice: InvoiceId) -> Vec<(String, Amount)> {
    let sql =
        "SELECT credit_note_number, amount FROM credit_note WHERE account_id = $1 AND invoice_id = $2 ORDER BY id";
    let read = shop.act(move |tx, session| {
        let note = |row: &db::Row<'_>| Ok((row.get(0)?, Amount::from_millionths(row.get(1)?)));
        Ok(tx.query(sql, &values![session.account.id.0, invoice.0], note)?)
    });
    read.await.unwrap()
}

#[tokio::test]
async fn a_year_cancelled_after_three_months() {
    each_shop(async |shop| {
        let service = shop.service("SERVICE").await;
        shop.tax("13").await;
        let mut sold = Vec::new();
        // Unpaid, paid in part, paid in full; the round has not run when they are cancelled.
        for outcome in &OUTCOMES {
            for paid in ["0", "100", "135.60"].map(amount) {
                let customer = shop.taxed_customer().await;
                let order = PurchaseOrder { earning: Some(a_year_in_arrears()), ..purchase_of(service, "120") };
                let (purchase, invoice) = shop.sell(customer, order).await;
                sold.push((outcome, paid, customer, purchase, invoice));
            }
        }
        shop.clock.advance_days(91);
        assert_eq!(shop.today(), date("2024-04-15"));
        for (outcome, paid, customer, purchase, invoice) in sold {
            let payment = match paid {
                Amount::ZERO => None,
                _ => Some(shop.pay(customer, invoice, paid).await),
            };
            cancel(shop, purchase, outcome.option).await.unwrap();
            assert_outcome(shop, outcome, paid, customer, invoice).await;
            if let Some(id) = payment {
                let payment = shop.act(move |tx, session| payments::find::run(tx, session, id)).await.unwrap();
                let kept = shop.invoice_of(invoice).await.totals.payments;
                assert_eq!(payment.unallocated, paid.checked_sub(kept).unwrap(), "{}", outcome.option);
            }
            for again in [Nothing, Unearned, Full] {
                let refused = cancel(shop, purchase, again).await;
                assert!(matches!(refused, Err(Error::Refused(Refusal::PurchaseNotPurchased))), "{refused:?}");
            }
            assert_outcome(shop, outcome, paid, customer, invoice).await;
        }
        let before = shop.credit_of(None, EarnedRevenue).await;
        shop.clock.advance_days(400);
        shop.earn().await;
        assert_eq!(shop.credit_of(None, EarnedRevenue).await, before, "nothing follows a cancellation");
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

async fn assert_outcome(shop: &Shop, outcome: &Outcome, paid: Amount, customer: CustomerId, invoice: InvoiceId) {
    let option = outcome.option;
    let [credited, earned, tax, whole] = [outcome.credited, outcome.earned, outcome.tax, "135.60"].map(amount);
    let found = shop.invoice_of(invoice).await;
    let notes = match option {
        Nothing => vec![],
        Unearned | Full => vec![(format!("{:02}-CR-01", found.number), credited)],
    };
    assert_eq!(credit_notes(shop, invoice).await, notes, "{option}");
    let owed = whole.checked_sub(credited).unwrap();
    assert_eq!(found.totals.amount(), Ok(whole));
    assert_eq!((found.totals.credit_notes, found.totals.payments), (credited, paid.min(owed)), "{option} of {paid}");
    let outstanding = owed.checked_sub(paid.min(owed)).unwrap();
    assert_eq!(found.totals.outstanding(), Ok(outstanding), "{option} of {paid}");
    assert_eq!(found.schedules[0].outstanding, outstanding, "{option} of {paid}");
    for (account, expected) in [
        (AccountsReceivable, paid.checked_sub(owed).unwrap()),
        (DeferredRevenue, Amount::ZERO),
        (EarnedRevenue, earned),
        (TaxPayable, tax),
    ] {
        assert_eq!(shop.credit_of(Some(customer), account).await, expected, "{account} after {option} of {paid}");
    }
}

#[tokio::test]
async fn a_deposit_is_earned_only_when_it_is_cancelled_for_nothing() {
    each_shop(async |shop| {
        let (customer, service) = (shop.customer().await, shop.service("DEPOSIT").await);
        let deposit = over(1, Monthly, Cut::DoesNotEarn, Falls::DoesNotEarn);
        let mut sold = Vec::new();
        for option in [Nothing, Unearned, Full] {
            let order = PurchaseOrder { earning: Some(deposit), ..purchase_of(service, "50") };
            let (purchase, invoice) = shop.sell(customer, order).await;
            sold.push((option, purchase, invoice));
        }
        shop.clock.advance_days(100);
        shop.earn().await;
        assert_eq!(shop.credit_of(None, EarnedRevenue).await, Amount::ZERO);
        assert_eq!(shop.credit_of(None, DeferredRevenue).await, amount("150"));
        for (option, purchase, invoice) in sold {
            cancel(shop, purchase, option).await.unwrap();
            let (earnings, credited) = match option {
                Nothing => (vec![(shop.today(), amount("50"))], Amount::ZERO),
                Unearned | Full => (vec![], amount("50")),
            };
            assert_eq!(shop.posted(purchase, "Earning").await, earnings, "{option}");
            assert_eq!(shop.invoice_of(invoice).await.totals.credit_notes, credited, "{option}");
        }
        assert_eq!(shop.credit_of(None, DeferredRevenue).await, Amount::ZERO);
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_was_earned_at_once_is_taken_back_by_full_alone() {
    each_shop(async |shop| {
        let (customer, good) = (shop.customer().await, shop.product("GOOD", "8").await);
        for (option, earned) in [(Nothing, "8"), (Unearned, "16"), (Full, "16")] {
            let (purchase, _) = shop.sell(customer, purchase_of(good, "1")).await;
            cancel(shop, purchase, option).await.unwrap();
            assert_eq!(shop.credit_of(None, EarnedRevenue).await, amount(earned), "{option}");
        }
        assert_eq!(shop.credit_of(None, AccountsReceivable).await, amount("-16"));
        assert_eq!(shop.disagreements().await, [""; 0]);
    })
    .await;
}
