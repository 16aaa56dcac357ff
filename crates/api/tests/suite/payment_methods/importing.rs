//! Cards that Stripe stores already are taken over by their names there.

use serde_json::{Value, json};
use testkit::{StripeLine, each_server, gateways::stored_at_stripe};
use tokio::task::spawn_blocking;

use super::{all, shop};

const IMPORT: &str = "/v1/paymentMethodImport/Stripe";

fn import(customer: i64, owner: &str, card: &str) -> Value {
    json!({ "customerId": customer, "stripeCustomerId": owner, "stripeCardId": card })
}

#[tokio::test]
async fn a_card_at_stripe_is_taken_over_and_charged() {
    let Some(line) = StripeLine::find() else { return };
    let url = line.url();
    let (owner, card) = spawn_blocking(move || stored_at_stripe(url)).await.unwrap();
    each_server(async |server| {
        let account = server.account().await;
        server.add_stripe(&account, line.url()).await;
        let shop = server.client(&account.key);
        let customer = shop.create_customer().await;
        let taken = shop.post(IMPORT, import(customer, &owner, &card)).await.ok();
        assert_eq!((&taken["maskedCardNumber"], &taken["isDefault"]), (&json!("************4242"), &json!(true)));
        assert_eq!((&taken["externalCustomerId"], &taken["externalCardId"]), (&json!(owner), &json!(card)));
        let payment = json!({ "customerId": customer, "source": "Manual", "amount": 12.5, "paymentMethod": "CreditCard",
                              "useDefaultPaymentMethod": true });
        // What the server on the other database charged has the ids of this one.
        let before: Vec<_> = line.charged("billfold-").into_iter().map(|moved| moved.key).collect();
        let activity = shop.post("/v1/Payments", payment).await.ok()["paymentActivityId"].clone();
        let of_activity =
            line.charged("billfold-").into_iter().filter(|moved| moved.key.contains(&activity.to_string()));
        let charged = of_activity.filter(|moved| !before.contains(&moved.key));
        assert_eq!(charged.map(|moved| moved.units).collect::<Vec<_>>(), [1250]);

        let text = format!("No such source: '{card}'");
        shop.post(IMPORT, import(customer, "cus_other", &card)).await.assert_refused(400, &text);
        // In the stand-in's own words.
        assert_eq!(shop.post(IMPORT, import(customer, &owner, "pm_other")).await.status, 400);
        assert_eq!(all(&shop, customer).await.len(), 1);
        server.assert_clean(&account).await;
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_is_not_stripe_has_no_cards_of_it() {
    each_server(async |server| {
        let (_, shop) = shop(server).await;
        let customer = shop.create_customer().await;
        let refused = shop.post(IMPORT, import(customer, "cus_1", "card_1")).await;
        refused.assert_refused(400, "No such source: 'card_1'");
        assert_eq!(all(&shop, customer).await, []);
    })
    .await;
}
