//! A sale from the catalogue to the books, told over the API with the clock in hand.

use serde_json::{Value, json};
use testkit::{Client, TestAccount, TestServer, each_server};

/// A merchant and everything that is looked at after each step.
struct Story<'s> {
    server: &'s TestServer,
    account: TestAccount,
    shop: Client,
    customer: i64,
    ledger: Vec<String>,
}

impl<'s> Story<'s> {
    /// A merchant with a customer who pays 30 days after posting.
    async fn begin(server: &'s TestServer) -> Self {
        let account = server.account().await;
        let shop = server.client(&account.key);
        let customer = shop.create_customer().await;
        Self { server, account, shop, customer, ledger: Vec::new() }
    }

    /// States the lines that the last step added to the ledger, and what the customer owes after it.
    async fn assert_books(&mut self, lines: &[&str], balance: &str) {
        self.ledger.extend(lines.iter().map(|line| (*line).to_owned()));
        assert_eq!(self.server.ledger(&self.account).await, self.ledger);
        let owing = format!("/v1/customers?query=id:{};arbalance:{balance}|{balance}", self.customer);
        assert_eq!(self.shop.get(&owing).await.header("x-count"), Some("1"), "the customer does not owe {balance}");
        self.server.assert_clean(&self.account).await;
    }

    /// States what the newest invoices say: number, status, outstanding, paid, written off.
    async fn assert_invoices(&self, expected: &[[&str; 5]]) {
        let path = format!("/v1/customers/{}/invoices?sortExpression=invoiceNumber&sortOrder=Ascending", self.customer);
        let rows = self.shop.get(&path).await.ok();
        let rows: Vec<[String; 5]> = rows.as_array().unwrap().iter().map(state).collect();
        assert_eq!(rows, expected);
    }

    async fn sell(&self, product: i64, quantity: i64) -> i64 {
        let purchase = self.shop.create_purchase(self.customer, product, quantity).await;
        let finalize = json!({ "customerId": self.customer, "purchaseIds": [purchase] });
        self.shop.post("/v1/purchases/Purchase", finalize).await.ok();
        let sold = self.shop.get(&format!("/v1/purchases/{purchase}")).await.ok();
        assert_eq!(sold["status"], "Purchased");
        purchase
    }
}

fn state(invoice: &Value) -> [String; 5] {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    [
        text(&invoice["invoiceNumber"]),
        text(&invoice["paymentSchedules"][0]["status"]),
        text(&invoice["outstandingBalance"]),
        text(&invoice["totalPayments"]),
        text(&invoice["totalWriteoffs"]),
    ]
}

#[tokio::test]
async fn an_invoice_falls_due_is_paid_in_part_and_given_up() {
    each_server(async |server| {
        let mut story = Story::begin(server).await;
        let product = story.shop.create_product("CHAIR", "12.50").await;
        let draft = story.shop.create_purchase(story.customer, product, 9).await;
        story.assert_books(&[], "0").await;
        story.assert_invoices(&[]).await;

        // A draft costs nothing and goes without a trace.
        assert_eq!(story.shop.delete(&format!("/v1/purchases/{draft}")).await.status, 204);
        story.sell(product, 2).await;
        let posted = [
            "2024-01-15T10:00:00 Charge: AccountsReceivable / DeferredRevenue 25",
            "2024-01-15T10:00:00 Earning: DeferredRevenue / EarnedRevenue 25",
        ];
        story.assert_books(&posted, "25").await;
        story.assert_invoices(&[["1", "Due", "25.0", "0.0", "0.0"]]).await;

        // Net30: the last instant before the day of the terms is early enough, the first of it is late.
        server.clock.set(calendar::Instant::parse("2024-02-13T23:59:59.999").unwrap());
        story.assert_invoices(&[["1", "Due", "25.0", "0.0", "0.0"]]).await;
        server.clock.advance_millis(1);
        story.assert_invoices(&[["1", "Overdue", "25.0", "0.0", "0.0"]]).await;

        story.sell(product, 1).await;
        let posted = [
            "2024-02-14T00:00:00 Charge: AccountsReceivable / DeferredRevenue 12.5",
            "2024-02-14T00:00:00 Earning: DeferredRevenue / EarnedRevenue 12.5",
        ];
        story.assert_books(&posted, "37.5").await;

        // The oldest invoice is paid first, what is left goes to the next.
        server.clock.advance_days(1);
        let payment = json!({ "customerId": story.customer, "source": "Manual", "paymentMethod": "Check", "amount": 30.10,
                              "autoAllocate": true, "reference": "chk 88" });
        let payment = story.shop.post("/v1/payments", payment).await.ok();
        assert_eq!(payment["unallocatedAmount"], json!(0.0));
        assert_eq!(payment["invoiceAllocations"][1]["amount"], json!(5.1));
        story.assert_books(&["2024-02-15T00:00:00 Payment: Cash / AccountsReceivable 30.1"], "7.4").await;
        story
            .assert_invoices(&[["1", "Paid", "0.0", "25.0", "0.0"], ["2", "Due", "7.4", "5.1", "0.0"]])
            .await;

        server.clock.advance_days(40);
        story
            .assert_invoices(&[["1", "Paid", "0.0", "25.0", "0.0"], ["2", "Overdue", "7.4", "5.1", "0.0"]])
            .await;
        let second = story.shop.get("/v1/invoices?query=invoiceNumber:2").await.ok()[0]["id"].take();
        let partly = story.shop.post("/v1/invoices/writeoff", json!({ "invoiceId": second, "amount": 7 })).await;
        partly.assert_refused(400, "The amount must equal the outstanding balance of 7.4.");
        story.shop.post("/v1/invoices/writeoff", json!({ "invoiceId": second, "amount": 7.40 })).await.ok();
        story.assert_books(&["2024-03-26T00:00:00 WriteOff: BadDebt / AccountsReceivable 7.4"], "0").await;
        story
            .assert_invoices(&[["1", "Paid", "0.0", "25.0", "0.0"], ["2", "WrittenOff", "0.0", "5.1", "7.4"]])
            .await;

        // Money beyond what is owed waits for the next invoice.
        let early = json!({ "customerId": story.customer, "source": "Manual", "paymentMethod": "Cash", "amount": 3 });
        let early = story.shop.post("/v1/payments", early).await.ok();
        assert_eq!((&early["unallocatedAmount"], &early["invoiceAllocations"]), (&json!(3.0), &json!([])));
        story.assert_books(&["2024-03-26T00:00:00 Payment: Cash / AccountsReceivable 3"], "-3").await;
    })
    .await;
}
