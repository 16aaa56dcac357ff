//! The journal as other programs read it.

use app::{
    customers,
    ledger::export::{self, ExportError, Format},
    purchases::bulk_create,
};
use billing::id::AccountId;
use money::{Amount, Currency};

use crate::{
    shop::{Shop, each_shop, priced, purchase_of},
    verify::tell_story,
};

/// The journal as text.
async fn exported(shop: &Shop, format: Format) -> String {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("journal");
    shop.export(format, &file).await;
    std::fs::read_to_string(file).unwrap()
}

#[tokio::test]
async fn beancount_accepts_the_journal_of_a_story_and_holds_what_we_hold() {
    each_shop(async |shop| {
        assert_eq!(shop.objections().await, Vec::<String>::new(), "of an empty shop");
        tell_story(shop).await;
        assert_eq!(shop.objections().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn beancount_notices_a_balance_that_its_transactions_do_not_make() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let sql = "UPDATE customer SET balance = balance + 10000 WHERE ledger_sequence > 0";
        shop.act(move |tx, _| Ok(tx.execute(sql, &[])?)).await.unwrap();
        let told: Vec<String> =
            shop.objections().await.into_iter().filter(|objection| objection.starts_with("bean-check")).collect();
        if testkit::Beancount::find().is_some() {
            assert!(told.len() == 1 && told[0].contains("Balance failed for 'Assets:AccountsReceivable:"), "{told:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn names_and_currencies_are_as_strange_as_they_may_be() {
    each_shop(async |shop| {
        let strange = "a \"b\" \\ c;\n2024-01-01 close Assets:Cash\t* | ^x #y {é} 漢字";
        let created = shop.act(move |tx, session| {
            let mut fields = priced("STRANGE", "7");
            fields.cycle.as_mut().expect("a cycle").ranges[0].prices[0].0 = Currency::JPY;
            app::products::create::run(tx, session, &fields)
        });
        let product = created.await.unwrap().id;
        let order = customers::create::Order { currency: Some(Currency::JPY), ..customers::create::Order::default() };
        let customer = shop.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id;
        shop.activate(customer).await;
        let purchase = billing::purchase::PurchaseOrder { name: strange.to_owned(), ..purchase_of(product, "3") };
        let order = bulk_create::Order { customer, auto_purchase: true, purchases: vec![purchase], collect: None };
        shop.act(move |tx, session| bulk_create::run(tx, session, &order)).await.unwrap();
        assert_eq!(shop.objections().await, Vec::<String>::new());
        let journal = exported(shop, Format::Beancount).await;
        assert!(journal.contains("  Income:EarnedRevenue -21 JPY\n"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn csv_has_a_row_a_line_whose_debits_are_the_trial_balance() {
    each_shop(async |shop| {
        tell_story(shop).await;
        let csv = exported(shop, Format::Csv).await;
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = lines.next().unwrap();
        let place = |name| head.iter().position(|column| *column == name).unwrap();
        let (debit, credit, amount) = (place("debit"), place("credit"), place("amount"));
        let mut holdings = crate::audit::Holdings::new();
        let mut row_count = 0;
        for line in lines {
            row_count += 1;
            let moved = Amount::parse(line[amount]).unwrap();
            for (account, change) in [(line[debit], moved), (line[credit], moved.negated())] {
                let sum = holdings.entry((account.to_owned(), "USD".to_owned())).or_default();
                *sum = sum.checked_add(change).unwrap();
            }
        }
        holdings.retain(|_, held| !held.is_zero());
        assert_eq!(holdings, shop.holdings().await);
        let account = shop.account;
        let stored = shop.act(move |tx, _| Ok(store::verify::count_lines(tx, account)?)).await.unwrap();
        assert_eq!(row_count, stored);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_account_has_no_journal() {
    each_shop(async |shop| {
        let written = shop.app.db().read(|tx| export::run(tx, AccountId(1), Format::Csv, &mut Vec::new())).await;
        let error: ExportError = written.unwrap_err();
        assert_eq!(error.to_string(), "Account with id 1 not found.");
    })
    .await;
}
