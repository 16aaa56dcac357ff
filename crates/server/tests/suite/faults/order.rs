//! What clients ask for: payments, purchases that are paid at once, and refunds, each of an amount that no other has.

use serde_json::{Value, json};
use testkit::Dice;

use super::{client::Answer, line::Line};
use crate::process::Caller;

/// Pays, everywhere.
const VISA: &str = "4242424242424242";
/// Is refused, everywhere.
const DECLINED: &str = "4000000000000002";
/// What else the cards of the test gateway do: pay and lose the answer; time out; pay slowly; refuse when charged.
const OF_THE_TEST_GATEWAY: &[&str] = &["4000000000000226", "4000000000000259", "4000000000000077", "4000000000000341"];

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A payment.
    Pay,
    /// A purchase that is undone when the payment fails.
    BuyOrNothing,
    /// A purchase that is made whatever becomes of the payment.
    Buy,
    /// A payment given back.
    Refund,
}

/// A request, with everything that is to be known of it.
#[derive(Debug)]
pub(super) struct Order {
    kind: Kind,
    card: &'static str,
    pub(super) path: &'static str,
    pub(super) body: Value,
    /// Its `Idempotency-Key`.
    pub(super) key: String,
    /// How much; no other charge or refund has this amount.
    pub(super) cents: i64,
    /// Answered 200 also when no money came.
    pub(super) tolerates_failure: bool,
    /// So many clients say the same at once.
    pub(super) client_count: usize,
}

impl Order {
    pub(super) fn is_refund(&self) -> bool {
        self.kind == Kind::Refund
    }

    pub(super) fn describe(&self) -> String {
        let Self { kind, card, cents, client_count, .. } = self;
        format!("{client_count} × {kind:?} {cents} cents by {card}")
    }
}

/// Hands out amounts and customers.
pub(super) struct Desk {
    product: i64,
    cents: i64,
    last_customer: Option<i64>,
}

impl Desk {
    pub(super) fn new(product: i64) -> Self {
        Self { product, cents: 100, last_customer: None }
    }

    /// An order of a new customer, or of the one before, whose orders then wait for each other.
    pub(super) fn draw(&mut self, dice: &mut Dice, caller: &Caller, line: &Line) -> Order {
        let customer = self.last_customer.filter(|_| dice.one_in(4)).unwrap_or_else(|| caller.create_customer());
        self.last_customer = Some(customer);
        let kind = dice.pick(&[Kind::Pay, Kind::BuyOrNothing, Kind::BuyOrNothing, Kind::Buy, Kind::Refund]);
        let card = match line {
            _ if kind == Kind::Refund || !dice.one_in(3) => VISA,
            Line::Stripe(_) => DECLINED,
            Line::Test(_) if dice.one_in(3) => DECLINED,
            Line::Test(_) => dice.pick(OF_THE_TEST_GATEWAY),
        };
        self.cents += 1;
        let cents = self.cents;
        let (path, body) = match kind {
            Kind::Pay => ("/v1/payments", payment(customer, card, cents)),
            Kind::BuyOrNothing | Kind::Buy => {
                let keeps = dice.pick(&["Once", "AndSave", "AndMakeDefault"]);
                let collect = json!({
                    "paymentMethod": format!("UseProvidedPaymentMethod{keeps}"),
                    "creditCard": card_of(card), "rollbackOnFailedPayment": kind == Kind::BuyOrNothing
                });
                let purchases = json!([{ "productId": self.product, "name": "cents", "quantity": cents }]);
                let body = json!({
                    "customerId": customer, "autoPurchase": true, "purchases": purchases,
                    "invoiceCollectOptions": collect
                });
                ("/v1/purchases/bulkCreate", body)
            }
            Kind::Refund => {
                // In quiet times: what is given back must have been paid.
                let paid = caller.post("/v1/payments", &payment(customer, VISA, cents));
                let amount = decimal(cents);
                ("/v1/refunds", json!({ "originalPaymentId": paid["id"], "amount": amount, "method": "PaymentMethod" }))
            }
        };
        Order {
            kind,
            card,
            path,
            body,
            key: format!("order-{cents}"),
            cents,
            tolerates_failure: kind == Kind::Buy,
            client_count: if dice.one_in(2) { 2 } else { 1 },
        }
    }
}

fn payment(customer: i64, card: &str, cents: i64) -> Value {
    json!({
        "customerId": customer, "source": "Manual", "paymentMethod": "CreditCard", "amount": decimal(cents),
        "creditCard": card_of(card)
    })
}

fn card_of(number: &str) -> Value {
    json!({
        "cardNumber": number, "cvv": "123", "expirationMonth": 12, "expirationYear": 49,
        "firstName": "Ada", "lastName": "Lovelace"
    })
}

fn decimal(cents: i64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    serde_json::from_str(&text).expect("a number")
}

impl Answer {
    /// Whether it is for good: no server error, and not put off because another payment of the customer is not finished.
    pub(super) fn is_final(&self) -> bool {
        self.status < 500 && !self.body.contains("is not finished")
    }
}
