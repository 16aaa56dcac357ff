//! Files of what is sold, owed and paid, and of payment methods.

use serde_json::{Value, json};
use testkit::each_server;

use super::{balance, created, import, row};

#[tokio::test]
async fn invoices_are_written_off_and_paid() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "10").await);
        let mut invoices = Vec::new();
        for quantity in 1..=3 {
            invoices.push(shop.create_invoice(customer, product, quantity).await);
        }
        let results = import(&shop, "BulkWriteOff", &[row([("InvoiceId", &invoices[0])])]).await;
        assert_eq!((&results[0]["createdId"], &results[0]["amountMoved"]), (&Value::Null, &json!(10.0)));
        let invoice = shop.get(&format!("/v1/invoices/{}", invoices[0])).await.ok();
        assert_eq!((&invoice["totalWriteoffs"], &invoice["outstandingBalance"]), (&json!(10.0), &json!(0.0)));

        let payment = row([
            ("customerId", &customer),
            ("source", &"Import"),
            ("paymentMethod", &"Check"),
            ("amount", &"4.50"),
            ("reference", &"check 7"),
            ("autoAllocate", &"true"),
        ]);
        let results = import(&shop, "BulkPayment", &[payment]).await;
        assert_eq!(results[0]["amountMoved"], 4.5);
        let payment = created(&shop, "payments", &results[0]).await;
        assert_eq!((&payment["amount"], &payment["reference"]), (&json!(4.5), &json!("check 7")));
        assert_eq!(payment["invoiceAllocations"][0]["invoiceId"], invoices[1]);

        let payment = row([
            ("StaxBillID", &customer),
            ("Amount", &"30"),
            ("Reference", &"wire"),
            ("InvoiceId", &invoices[2]),
            ("InvoiceAmount", &"25"),
        ]);
        let results = import(&shop, "PaymentImport", &[payment]).await;
        let payment = created(&shop, "payments", &results[0]).await;
        assert_eq!((&payment["amount"], &payment["unallocatedAmount"]), (&json!(30.0), &json!(5.0)));
        assert_eq!(payment["invoiceAllocations"][0]["invoiceId"], invoices[2]);
        let owed: Vec<Value> = {
            let read = shop.get(&format!("/v1/customers/{customer}/invoices?sortExpression=id")).await.ok();
            read.as_array().unwrap().iter().map(|invoice| invoice["outstandingBalance"].clone()).collect()
        };
        assert_eq!(owed, [json!(0.0), json!(15.5), json!(5.0)]);
        assert_eq!(balance(&shop, customer).await, 15.5);
    })
    .await;
}

#[tokio::test]
async fn opening_balances_are_owed_and_on_deposit() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let opening = row([
            ("StaxBillId", &customer),
            ("AmountOwing", &"100"),
            ("AmountOnDeposit", &"25.50"),
            ("Terms", &"Net30"),
            ("OpeningBalanceOwingChargeDisplayName", &"From before"),
            ("OpeningBalanceReference", &"R-1"),
        ]);
        let results = import(&shop, "OpeningBalanceImport", &[opening]).await;
        let opening = created(&shop, "openingBalances", &results[0]).await;
        let told = ["amountOwing", "chargeName", "reference"].map(|name| opening[name].clone());
        assert_eq!(told, [json!(100.0), json!("From before"), json!("R-1")]);
        let invoice = shop.get(&format!("/v1/invoices/{}", opening["invoiceId"])).await.ok();
        assert_eq!((&invoice["invoiceAmount"], &invoice["terms"]), (&json!(100.0), &json!("Net30")));
        assert_eq!(balance(&shop, customer).await, 74.5);
    })
    .await;
}

#[tokio::test]
async fn revenue_that_is_not_yet_earned_is_taken_over() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let product = shop.create_product("P", "10").await;
        let deferral = row([
            ("StaxBillId", &customer),
            ("Amount", &"31"),
            ("StartDate", &"2023-02-15"),
            ("EndDate", &"2024-02-14"),
            ("ProductCode", &"P"),
            ("OpeningBalanceReference", &"R-1"),
        ]);
        let results = import(&shop, "OpeningDeferredRevenueBalance", &[deferral]).await;
        let deferral = created(&shop, "openingDeferrals", &results[0]).await;
        let told = ["deferred", "startDate", "endDate", "reference"].map(|name| deferral[name].clone());
        assert_eq!(told, [json!(30.0), json!("2024-01-15"), json!("2024-02-14"), json!("R-1")]);
        let revenue = shop.get("/v1/revenue?by=product").await.ok()[0].clone();
        let told = ["productId", "deferred", "earned"].map(|name| revenue[name].clone());
        assert_eq!(told, [json!(product), json!(30.0), json!(1.0)]);
        assert_eq!(balance(&shop, customer).await, 0.0);
        let reversal = json!({ "id": deferral["id"], "reverseOption": "Full" });
        let reversed = shop.post("/v1/openingDeferrals/reverse", reversal).await.ok();
        assert_eq!((&reversed["reversed"], &reversed["deferred"]), (&json!(31.0), &json!(0.0)));
        assert_eq!(shop.get("/v1/revenue").await.ok(), json!([]));
    })
    .await;
}

#[tokio::test]
async fn purchases_are_made_given_items_and_charged() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        shop.create_product("P", "10").await;
        shop.create_tracked_product("T", "20").await;
        let rows = [
            row([
                ("StaxBillId", &customer),
                ("ProductCode", &"P"),
                ("PurchaseName", &"Boxes"),
                ("PurchaseQuantity", &2),
                ("PurchasePrice", &"7.50"),
                ("AutoFinalizePurchase", &"Yes"),
            ]),
            row([("StaxBillId", &customer), ("ProductCode", &"T"), ("PurchaseQuantity", &0)]),
        ];
        let results = import(&shop, "PurchaseImport", &rows).await;
        let boxes = created(&shop, "purchases", &results[0]).await;
        let told = ["name", "quantity", "amount", "status"].map(|name| boxes[name].clone());
        assert_eq!(told, [json!("Boxes"), json!(2.0), json!(15.0), json!("Purchased")]);
        assert_eq!(balance(&shop, customer).await, 15.0);
        let tracked = created(&shop, "purchases", &results[1]).await;
        assert_eq!((&tracked["status"], &tracked["quantity"]), (&json!("Draft"), &json!(0.0)));

        let item = row([("PurchaseId", &tracked["id"]), ("Reference", &"SN-1"), ("Name", &"First")]);
        let items = import(&shop, "CreatePurchaseProductItem", &[item]).await;
        let item = created(&shop, "purchaseProductItems", &items[0]).await;
        assert_eq!((&item["reference"], &item["name"]), (&json!("SN-1"), &json!("First")));
        assert_eq!(item["purchaseId"], tracked["id"]);

        let charged = import(&shop, "PurchaseActivationImport", &[row([("PurchaseId", &tracked["id"])])]).await;
        let invoice = created(&shop, "invoices", &charged[0]).await;
        assert_eq!((&invoice["customerId"], &invoice["invoiceAmount"]), (&json!(customer), &json!(20.0)));
        assert_eq!(created(&shop, "purchases", &results[1]).await["status"], "Purchased");
        assert_eq!(balance(&shop, customer).await, 35.0);
    })
    .await;
}

#[tokio::test]
async fn payment_methods_are_moved_and_deleted() {
    each_server(async |server| {
        let shop = server.shop_with_gateway().await;
        let (customer, other) = (shop.create_customer().await, shop.create_customer().await);
        let card = json!({ "customerId": customer, "cardNumber": "4242424242424242", "expirationMonth": 2,
                           "expirationYear": 30, "firstName": "Ada", "lastName": "Lovelace", "source": "Manual" });
        let method = shop.post("/v1/paymentMethods/creditCard", card).await.id();
        let held = async |customer: i64| {
            let held = shop.get(&format!("/v1/customers/{customer}/paymentMethods/all")).await.ok();
            held.as_array().unwrap().iter().map(|method| method["id"].clone()).collect::<Vec<_>>()
        };
        let moved = row([("PaymentMethodId", &method), ("StaxBillId", &other), ("MakeDefault", &"Yes")]);
        import(&shop, "MovePaymentMethods", &[moved]).await;
        assert_eq!((held(customer).await, held(other).await), (Vec::new(), vec![json!(method)]));
        import(&shop, "DeletePaymentMethods", &[row([("PaymentMethodId", &method)])]).await;
        assert!(held(other).await.is_empty());
    })
    .await;
}
