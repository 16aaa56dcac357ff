//! What customers had been charged for before they were billed here: earned day by day, reported, taken back.

use app::{
    Error,
    opening_deferrals::{create, find, list, reverse},
    products,
    revenue::{self, By},
};
use billing::{
    id::{CustomerId, OpeningDeferralId, ProductId},
    listing::Page,
    opening_deferral::{
        OpeningDeferral, OpeningDeferralOrder,
        ReverseDeferralOption::{self, Full, Unearned},
    },
    refusal::Refusal,
};
use calendar::{Date, add_days, days_of};
use db::values;
use ledger::LedgerAccount::{DeferredRevenue, EarnedRevenue, OpeningBalance};
use money::Amount;
use testkit::Dice;

use crate::{
    shop::{Shop, each_shop},
    trade::{amount, cents, date},
};

/// What is earned from one day through another; shops open on 15 January.
pub(crate) fn deferral(customer: CustomerId, text: &str, from: Option<&str>, through: &str) -> OpeningDeferralOrder {
    OpeningDeferralOrder {
        customer,
        amount: amount(text),
        product: None,
        starts_on: from.map(date),
        ends_on: date(through),
        reference: None,
        description: None,
    }
}

impl Shop {
    pub(crate) async fn defer(&self, order: OpeningDeferralOrder) -> Result<OpeningDeferral, Error> {
        self.act(move |tx, session| create::run(tx, session, &order)).await
    }

    pub(crate) async fn deferral(&self, id: OpeningDeferralId) -> OpeningDeferral {
        self.act(move |tx, session| find::run(tx, session, id)).await.unwrap()
    }

    pub(crate) async fn reverse_deferral(
        &self,
        id: OpeningDeferralId,
        option: ReverseDeferralOption,
    ) -> Result<OpeningDeferral, Error> {
        self.act(move |tx, session| reverse::run(tx, session, id, option)).await
    }

    /// What an account of the chart holds: deferred, earned, and what was there before.
    async fn books(&self) -> [String; 3] {
        let mut found = Vec::new();
        for account in [DeferredRevenue, EarnedRevenue, OpeningBalance] {
            found.push(self.credit_of(None, account).await.to_string());
        }
        found.try_into().unwrap()
    }

    /// Deferred and earned at the end of a day, by product or customer.
    async fn revenue(&self, on: Date, by: By) -> Vec<(Option<i64>, String, String)> {
        let rows = self.act(move |tx, session| revenue::as_of(tx, session, on, by)).await.unwrap();
        let id = |row: &revenue::Row| row.product.map(|id| id.0).or(row.customer.map(|id| id.0));
        rows.iter().map(|row| (id(row), row.deferred.to_string(), row.earned.to_string())).collect()
    }
}

#[tokio::test]
async fn each_day_earns_its_part_and_is_reported_whenever_the_rounds_run() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("OLD", "1").await);
        let order = OpeningDeferralOrder {
            product: Some(product),
            reference: Some("Contract 7".to_owned()),
            description: Some("Support".to_owned()),
            ..deferral(customer, "31", None, "2024-02-14")
        };
        let opened = shop.defer(order).await.unwrap();
        assert_eq!((opened.earned, opened.next_due_on), (amount("1"), Some(date("2024-01-16"))));
        assert_eq!(opened.reference.as_deref().zip(opened.description.as_deref()), Some(("Contract 7", "Support")));
        shop.defer(deferral(customer, "0.02", Some("2024-01-20"), "2024-01-22")).await.unwrap();
        assert_eq!(shop.books().await, ["30.02", "1", "-31.02"]);
        let found = shop.act(move |tx, session| app::customers::find::run(tx, session, customer)).await.unwrap();
        assert_eq!(found.balance, Amount::ZERO, "nobody owes anything by it");
        let page = Page::default();
        let activities =
            shop.act(move |tx, session| app::ar_activities::list_of_customer(tx, session, customer, &page)).await;
        assert_eq!(activities.unwrap().rows, []);

        shop.clock.advance_days(6);
        let told = [(Some(product.0), "24".to_owned(), "7".to_owned()), (None, "0.01".to_owned(), "0.01".to_owned())];
        let by_product = |rows: &[(Option<i64>, String, String)]| {
            let mut rows = rows.to_vec();
            rows.sort_by_key(|(id, ..)| std::cmp::Reverse(*id));
            rows
        };
        let by_customer = [(Some(customer.0), "24.01".to_owned(), "7.01".to_owned())];
        for _ in 0..2 {
            assert_eq!(by_product(&shop.revenue(shop.today(), By::Product).await), told);
            assert_eq!(shop.revenue(shop.today(), By::Customer).await, by_customer);
            shop.earn().await;
        }
        assert_eq!(shop.books().await, ["24.01", "7.01", "-31.02"]);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());

        shop.clock.advance_days(40);
        shop.earn().await;
        shop.earn().await;
        assert_eq!(shop.books().await, ["0", "31.02", "-31.02"]);
        let all = shop.act(move |tx, session| list::run(tx, session, customer)).await.unwrap();
        assert!(all.iter().all(|one| one.earned == one.amount && one.next_due_on.is_none()), "{all:?}");
        assert_eq!(shop.revenue(date("2024-01-21"), By::Customer).await, by_customer);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
        assert!(shop.act(move |tx, session| products::delete::run(tx, session, product)).await.is_err());
    })
    .await;
}

/// What lies before the day of the import was earned elsewhere, and nothing is posted for it.
#[tokio::test]
async fn days_that_have_passed_are_not_earned_again() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let past = shop.defer(deferral(customer, "10", Some("2023-06-01"), "2024-01-24")).await.unwrap();
        assert_eq!((past.starts_on, past.earned), (date("2024-01-15"), amount("1")));
        let last = shop.defer(deferral(customer, "7", Some("2023-06-01"), "2024-01-15")).await.unwrap();
        assert_eq!((last.earned, last.next_due_on), (amount("7"), None));
        let future = shop.defer(deferral(customer, "10", Some("2024-03-01"), "2024-03-02")).await.unwrap();
        assert_eq!((future.earned, future.next_due_on), (Amount::ZERO, Some(date("2024-03-01"))));
        assert_eq!(shop.revenue(date("2024-01-14"), By::Account).await, []);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());

        let refused = async |order| match shop.defer(order).await {
            Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| problem.message).collect(),
            other => vec![format!("{other:?}")],
        };
        let over = deferral(customer, "1", Some("2024-01-17"), "2024-01-14");
        let told = [
            "EndDate must not be in the past: what ended before today is earned.",
            "StartDate must not be after EndDate.",
        ];
        assert_eq!(refused(over).await, told);
        assert_eq!(refused(deferral(customer, "1", None, "2124-02-16")).await, ["EndDate must be within a century."]);
        assert_eq!(refused(deferral(customer, "0.001", None, "2024-02-16")).await.len(), 1);
        let unknown =
            OpeningDeferralOrder { product: Some(ProductId(7)), ..deferral(customer, "1", None, "2024-02-16") };
        assert!(matches!(shop.defer(unknown).await, Err(Error::NotFound { entity: "Product", .. })));
        let draft = shop.draft_customer().await;
        let draft = shop.defer(deferral(draft, "1", None, "2024-02-16")).await;
        assert!(matches!(draft, Err(Error::Refused(Refusal::CustomerCannotHaveOpeningBalance(_)))), "{draft:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_is_not_earned_any_more() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let mut opened = Vec::new();
        for _ in 0..3 {
            opened.push(shop.defer(deferral(customer, "31", None, "2024-02-14")).await.unwrap().id);
        }
        shop.clock.advance_days(4);
        // No round has run since: what is due is earned first.
        let unearned = shop.reverse_deferral(opened[0], Unearned).await.unwrap();
        assert_eq!((unearned.earned, unearned.reversed.unwrap().amount), (amount("5"), amount("26")));
        let full = shop.reverse_deferral(opened[1], Full).await.unwrap();
        assert_eq!((full.earned, full.reversed.unwrap().amount), (Amount::ZERO, amount("31")));
        for option in [Unearned, Full] {
            let again = shop.reverse_deferral(opened[0], option).await;
            assert!(matches!(again, Err(Error::Refused(Refusal::NothingLeftOfDeferral(..)))), "{again:?}");
        }
        assert_eq!(shop.deferral(opened[1]).await, full);
        shop.earn().await;
        assert_eq!(shop.books().await, ["26", "10", "-36"]);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());

        shop.clock.advance_days(50);
        shop.earn().await;
        assert_eq!(shop.books().await, ["0", "36", "-36"]);
        let earned = shop.reverse_deferral(opened[2], Unearned).await;
        assert!(matches!(earned, Err(Error::Refused(Refusal::NothingLeftOfDeferral(_, "unearned")))), "{earned:?}");
        shop.reverse_deferral(opened[2], Full).await.unwrap();
        assert_eq!(shop.books().await, ["0", "5", "-5"]);
        let days = [("2024-01-18", "81", "12"), ("2024-01-19", "26", "10"), ("2024-03-09", "0", "5")];
        for (day, deferred, earned) in days {
            assert_eq!(shop.revenue(date(day), By::Account).await, [(None, deferred.to_owned(), earned.to_owned())]);
        }
        let sql = "SELECT event_type FROM event WHERE account_id = $1 AND subject_id = $2 ORDER BY id";
        let id = opened[0].0;
        let events: Vec<String> = shop
            .act(move |tx, session| Ok(tx.query(sql, &values![session.account.id.0, id], |row| row.get(0))?))
            .await
            .unwrap();
        assert_eq!(events, ["OpeningDeferralCreated", "OpeningDeferralReversed"]);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

/// A model that knows nothing of parts: by the end of a day, the share of the days that have passed, rounded half up.
fn earned_by(day: Date, deferral: &OpeningDeferral) -> i64 {
    let day_of = |date: Date| i64::from(days_of(date));
    let days = day_of(deferral.ends_on) - day_of(deferral.starts_on) + 1;
    let passed = (day_of(day) - day_of(deferral.starts_on) + 1).clamp(0, days);
    let cents = deferral.amount.millionths() / 10_000;
    (2 * passed * cents + days) / (2 * days)
}

#[tokio::test]
async fn whatever_is_deferred_is_earned_as_the_days_pass() {
    each_shop(async |shop| {
        let mut dice = Dice::new(20_240_115);
        let customers = [shop.customer().await, shop.customer().await];
        let product = shop.product("OLD", "1").await;
        let (mut open, mut kept, mut closed) = (Vec::new(), 0, Vec::new());
        for _ in 0..12 {
            let customer = customers[usize::try_from(dice.below(2)).unwrap()];
            let starts_on = add_days(shop.today(), i64::try_from(dice.below(9)).unwrap() - 4);
            let ends_on = add_days(shop.today(), 4 + i64::try_from(dice.below(60)).unwrap());
            let order = OpeningDeferralOrder {
                amount: cents(&mut dice, 100_000),
                product: (dice.below(2) == 0).then_some(product),
                starts_on: Some(starts_on),
                ends_on,
                ..deferral(customer, "1", None, "2024-12-31")
            };
            open.push(shop.defer(order).await.unwrap());
            if dice.below(4) == 0 {
                let one = open.swap_remove(usize::try_from(dice.below(open.len() as u64)).unwrap());
                if earned_by(shop.today(), &one) * 10_000 < one.amount.millionths() {
                    kept += earned_by(shop.today(), &one);
                    closed.push(shop.reverse_deferral(one.id, Unearned).await.unwrap());
                } else {
                    open.push(one);
                }
            }
            shop.clock.advance_days(i64::try_from(dice.below(6)).unwrap());
            if dice.below(2) == 0 {
                shop.earn().await;
            }
            let expected = kept + open.iter().map(|one| earned_by(shop.today(), one)).sum::<i64>();
            let deferred = open.iter().map(|one| one.amount.millionths() / 10_000).sum::<i64>()
                - open.iter().map(|one| earned_by(shop.today(), one)).sum::<i64>();
            let in_cents = |cents: i64| Amount::from_millionths(cents * 10_000).to_string();
            let told = shop.revenue(shop.today(), By::Account).await;
            assert_eq!(told, [(None, in_cents(deferred), in_cents(expected))]);
            assert_eq!(shop.disagreements().await, Vec::<String>::new());
        }
        assert!(!closed.is_empty(), "the dice took something back");
    })
    .await;
}
