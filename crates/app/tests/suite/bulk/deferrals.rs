//! `OpeningDeferredRevenueBalance`: what rows record, what is wrong with them, and that a dry run tells what the run does.

use billing::{
    bulk::{
        BulkJobType, BulkMode, BulkOptions,
        BulkRecordStatus::{FailedValidation, Processed},
    },
    id::OpeningDeferralId,
    opening_deferral::ReverseDeferralOption::Full,
};

use super::{
    amount, details,
    imports::statuses,
    modes::{dry, order},
};
use crate::{
    shop::{Shop, each_shop},
    trade::date,
};

const KIND: BulkJobType = BulkJobType::OpeningDeferredRevenueBalance;

async fn row_count(shop: &Shop) -> i64 {
    shop.app.db().read(|tx| tx.scalar::<i64>("SELECT COUNT(*) FROM opening_deferral", &[])).await.unwrap()
}

#[tokio::test]
async fn rows_say_what_is_left_and_until_when_it_is_earned() {
    each_shop(async |shop| {
        let customer = shop.named("A-1", "Acme", "ada@acme.example").await;
        shop.activate(customer).await;
        let product = shop.product("OLD", "1").await;
        let rows = [
            format!("StaxBillId={customer}|Amount=300|EndDate=2024-02-13|StartDate=2023-02-14|ProductCode=OLD"),
            "Reference=a-1|Amount=12.34|StartDate=2024-03-01|EndDate=2024-03-31|OpeningBalanceReference=C-7|Description=Support"
                .to_owned(),
        ];
        let records = shop.import(KIND, &rows).await;
        assert_eq!((statuses(&records), details(&records)), (vec![Processed; 2], vec![None; 2]));
        let amounts: Vec<_> = records.iter().map(|record| record.amount).collect();
        assert_eq!(amounts, [Some(amount("300")), Some(amount("12.34"))]);
        let [first, second] = [0, 1].map(|index: usize| OpeningDeferralId(records[index].created_id.unwrap()));
        let found = shop.deferral(first).await;
        assert_eq!((found.customer, found.product, found.earned), (customer, Some(product), amount("10")));
        let found = shop.deferral(second).await;
        assert_eq!((found.starts_on, found.ends_on), (date("2024-03-01"), date("2024-03-31")));
        assert_eq!((found.reference.as_deref(), found.description.as_deref()), (Some("C-7"), Some("Support")));
        assert_eq!(shop.balance(customer).await, amount("0"));
        shop.reverse_deferral(first, Full).await.unwrap();
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_row_is_told() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let draft = shop.draft_customer().await;
        let rows = [
            "Amount=1,5|EndDate=soon|StartDate=2024-02-30".to_owned(),
            format!("StaxBillId={customer}"),
            format!("StaxBillId={customer}|Amount=0|EndDate=2024-03-31"),
            format!("StaxBillId={customer}|Amount=1|EndDate=2024-03-31|ProductCode=none"),
            format!("StaxBillId={customer}|Amount=1|EndDate=2024-01-14"),
            format!("StaxBillId={draft}|Amount=1|EndDate=2024-03-31"),
            "Reference=nobody|Amount=1|EndDate=2024-03-31".to_owned(),
        ];
        let records = shop.import(KIND, &rows).await;
        assert_eq!(statuses(&records), [FailedValidation; 7]);
        let told = details(&records);
        let first = told[0].unwrap();
        for complaint in ["Amount must be a number", "EndDate must be a date", "StartDate must be a date"] {
            assert!(first.contains(complaint), "{first}");
        }
        assert_eq!(
            told[1..],
            [
                Some("The Amount field is required., The EndDate field is required."),
                Some("The field Amount must be a positive number and cannot exceed two decimal places."),
                Some("There is no product with code none."),
                Some("EndDate must not be in the past: what ended before today is earned."),
                Some("Customer is in status Draft; opening balances can be recorded for Active customers only."),
                Some("There is no customer with Reference nobody."),
            ]
        );
        assert_eq!(row_count(shop).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_records_nothing_and_tells_what_the_run_does() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let rows: Vec<_> = (1..=3)
            .map(|number| format!("StaxBillId={customer}|Amount={number}.01|EndDate=2024-0{number}-20"))
            .collect();
        let mut told = Vec::new();
        for options in [dry(BulkMode::Continue), BulkOptions::default()] {
            let mut order = order(options);
            (order.header.job_type, order.allows_repeat) = (KIND, true);
            let id = shop.upload(order, &rows).await.unwrap();
            let worker = shop.worker();
            shop.settled(id).await;
            worker.stop().await;
            let (_, records) = shop.processed(id).await;
            told.push(records.iter().map(|record| (record.status, record.amount)).collect::<Vec<_>>());
            assert_eq!(row_count(shop).await, if options.is_dry_run { 0 } else { 3 });
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0][2], (Processed, Some(amount("3.01"))));
        shop.assert_verified().await;
    })
    .await;
}
