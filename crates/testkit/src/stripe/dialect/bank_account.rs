//! Bank accounts in the USA, which localstripe has not: it takes them for European ones, which are as slow. A payment is
//! `processing` for half a second, and then succeeds or comes back.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::stripe::form::Form;

/// The number of an account from which no payment succeeds, and how localstripe knows one.
const RETURNED: (&str, &str) = ("000222222227", "DE62370400440532013001");

/// The number of an account that its owner has not verified.
const UNVERIFIED: &str = "000999999991";

/// The number of an account whose payments succeed, and are disputed by its bank and lost at once.
const DISPUTED: &str = "000999999994";

/// What localstripe does not remember of them.
#[derive(Debug, Default)]
pub(super) struct BankAccounts {
    /// The intents that are paid from one.
    intents: HashSet<String>,
    unverified: HashSet<String>,
    /// Methods whose bank takes money back, and the intents that are paid with them.
    disputed: HashSet<String>,
}

impl BankAccounts {
    /// The body of a request for an account like the one that `form` asks for.
    pub(super) fn stand_in(form: &Form) -> String {
        let (account, routing) = numbers(form);
        let (returned, iban) = RETURNED;
        let own = format!("US00{routing}{account}");
        let key = form.get(&format!("metadata[{}]", super::KEY)).unwrap_or_default();
        let iban = if account == returned { iban } else { &own };
        format!("type=sepa_debit&sepa_debit%5Biban%5D={iban}&metadata%5B{}%5D={key}", super::KEY)
    }

    /// Makes the answer one about the account that was asked for.
    pub(super) fn show(&mut self, object: &mut Value, form: &Form) {
        let (account, routing) = numbers(form);
        let last_four = account.get(account.len().saturating_sub(4)..);
        object["type"] = json!("us_bank_account");
        object["us_bank_account"] = json!({
            "last4": last_four,
            "routing_number": routing,
            "account_type": form.get("us_bank_account[account_type]"),
        });
        let id = object["id"].as_str().map(str::to_owned);
        match account {
            UNVERIFIED => self.unverified.extend(id),
            DISPUTED => self.disputed.extend(id),
            _ => {}
        }
    }

    /// The answer to a set-up, which localstripe cannot do.
    pub(super) fn set_up(&self, form: &Form) -> Value {
        let method = form.get("payment_method").unwrap_or_default();
        let status = if self.unverified.contains(method) { "requires_action" } else { "succeeded" };
        json!({"object": "setup_intent", "id": "seti_1", "status": status})
    }

    /// The disputes of an intent, which localstripe has not.
    pub(super) fn disputes(&self, intent: &str) -> Value {
        let lost = json!({ "object": "dispute", "id": "du_1", "payment_intent": intent, "status": "lost",
                           "reason": "insufficient_funds" });
        let data = if self.disputed.contains(intent) { vec![lost] } else { Vec::new() };
        json!({ "object": "list", "data": data, "has_more": false })
    }

    /// Notes what an intent is paid with, and says it in an answer about one.
    pub(super) fn mark(&mut self, object: &mut Value, form: &Form) {
        let Some(id) = object["id"].as_str().map(str::to_owned) else { return };
        if form.get("payment_method_types[0]") == Some("us_bank_account") {
            self.intents.insert(id.clone());
        }
        if form.get("payment_method").is_some_and(|method| self.disputed.contains(method)) {
            self.disputed.insert(id.clone());
        }
        let kind = if self.intents.contains(&id) { "us_bank_account" } else { "card" };
        object["payment_method_types"] = json!([kind]);
    }
}

fn numbers(form: &Form) -> (&str, &str) {
    let number = |name| form.get(name).unwrap_or_default();
    (number("us_bank_account[account_number]"), number("us_bank_account[routing_number]"))
}
