//! Purchases that are made if a card pays for them, at the test gateway.

use std::sync::{Arc, Mutex};

use app::{
    Answer, App, Error, Tx, accounts,
    purchases::{
        bulk_create::{self, Created},
        finalize::Billed,
    },
};
use billing::{account::Session, collection::Collection, id::CustomerId, purchase::PurchaseOrder};
use db::values;

use super::{Card, Made, is_no};
use crate::{
    collections::{DECLINED, VISA, first, once},
    shop::KEY,
};

/// Buys, or tells why not: the card or a rule says no.
pub(super) async fn run(
    app: &App,
    customer: CustomerId,
    purchases: Vec<PurchaseOrder>,
    card: Card,
) -> Result<Result<Made, String>, Error> {
    let caller = app.authenticate(vec![accounts::key::hash(KEY)]).await?;
    let number = match card {
        Card::Pays => VISA,
        Card::IsRefused => DECLINED,
    };
    let order = bulk_create::Order { customer, auto_purchase: true, purchases, collect: Some(first(once(number))) };
    let begin = move |tx: &mut Tx<'_>, session: &Session| {
        bulk_create::begin(tx, session, &order, false)?.try_map(|created| Ok(made(&created)))
    };
    let end = |tx: &mut Tx<'_>, session: &Session, collection: &Collection| {
        let made = made(&bulk_create::end(tx, session, collection)?);
        let sql = "SELECT id FROM payment WHERE account_id = $1 AND activity_id = $2";
        Ok(Made { fund: tx.scalar(sql, &values![session.account.id.0, collection.activity.0])?, ..made })
    };
    let bought = Arc::new(Mutex::new(Err(String::new())));
    let own = Arc::clone(&bought);
    let render = move |_: &Session, ended: Result<Made, Vec<String>>| {
        *own.lock().unwrap() = ended.map_err(|complaints| complaints.join(" "));
        Ok(Answer::new(200, String::new()))
    };
    match app.collect(&caller, None, begin, end, render).await {
        Ok(_) => Ok(bought.lock().unwrap().clone()),
        Err(error) if is_no(&error) => Ok(Err(format!("{error:?}"))),
        Err(error) => Err(error),
    }
}

fn made(created: &Created) -> Made {
    let invoice = created.billed.and_then(Billed::posted).expect("it is posted at once");
    let purchases = created.purchases.iter().map(|purchase| purchase.id).collect();
    Made { invoices: vec![invoice], purchases, ..Made::default() }
}
