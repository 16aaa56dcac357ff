//! Notes about customers, and which mail they want.

use app::{
    Error,
    customer_notes::{create, delete, list, update},
    customers::{cancel, find_email_preferences, set_email_preferences},
};
use billing::{
    customer::{EmailPreferences, EmailType, Note},
    id::{CustomerId, CustomerNoteId},
    listing::{Clause, Condition, Operand, Page},
};
use db::values;

use crate::shop::{Shop, each_shop, opening};

async fn write(shop: &Shop, customer: CustomerId, text: &str, is_editable: bool) -> Result<Note, Error> {
    let order = create::Order { customer, text: text.to_owned(), source_application: None, is_editable };
    shop.act(move |tx, session| create::run(tx, session, &order)).await
}

async fn rewrite(shop: &Shop, id: CustomerNoteId, customer: Option<CustomerId>) -> Result<Note, Error> {
    let order = update::Order { id, customer, text: "Rang again".to_owned() };
    shop.act(move |tx, session| update::run(tx, session, &order)).await
}

async fn delete(shop: &Shop, id: CustomerNoteId) -> Result<(), Error> {
    shop.act(move |tx, session| delete::run(tx, session, id)).await
}

async fn list(shop: &Shop, customer: CustomerId, page: Page) -> Vec<Note> {
    shop.act(move |tx, session| list::run(tx, session, customer, &page)).await.unwrap().rows
}

#[tokio::test]
async fn a_note_is_written_changed_listed_and_deleted() {
    each_shop(async |shop| {
        let (customer, other) = (shop.customer().await, shop.customer().await);
        shop.act(move |tx, session| cancel::run(tx, session, customer)).await.unwrap();
        let note = write(shop, customer, "Rang", true).await.unwrap();
        shop.clock.advance_days(1);
        let changed = rewrite(shop, note.id, Some(customer)).await.unwrap();
        let expected = Note { text: "Rang again".to_owned(), modified_at: opening().plus_days(1), ..note };
        assert_eq!(changed, expected);
        let second = write(shop, customer, "Wrote", true).await.unwrap();
        assert_eq!(list(shop, customer, Page::default()).await, [changed.clone(), second.clone()]);
        assert_eq!(list(shop, other, Page::default()).await, []);
        let condition = Condition::Equals(Operand::Text("wrote".to_owned()));
        let page = Page { conditions: vec![Clause { field: "note", condition }], ..Page::default() };
        assert_eq!(list(shop, customer, page).await, [second]);

        let refused = rewrite(shop, changed.id, Some(other)).await;
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems[0].field == "CustomerId"));
        delete(shop, changed.id).await.unwrap();
        let text = format!("Customer note with id {} not found.", changed.id);
        assert_eq!(delete(shop, changed.id).await.unwrap_err().to_string(), text);
        assert_eq!(rewrite(shop, changed.id, None).await.unwrap_err().to_string(), text);
        let account = shop.account;
        let told = shop.act(move |tx, _| {
            let sql = "SELECT event_type FROM event WHERE account_id = $1 AND subject_id = $2 ORDER BY id";
            Ok(tx.query(sql, &values![account.0, changed.id.0], |row| row.get::<String>(0))?)
        });
        assert_eq!(told.await.unwrap(), ["CustomerNoteCreated", "CustomerNoteUpdated", "CustomerNoteDeleted"]);
        let unknown = write(shop, CustomerId(5), "Rang", true).await;
        assert_eq!(unknown.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}

#[tokio::test]
async fn a_note_that_was_written_to_stay_stays() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let note = write(shop, customer, "Signed", false).await.unwrap();
        let refused = format!("Customer note with id {} is not editable.", note.id);
        assert_eq!(rewrite(shop, note.id, None).await.unwrap_err().to_string(), refused);
        assert_eq!(delete(shop, note.id).await.unwrap_err().to_string(), refused);
        assert_eq!(list(shop, customer, Page::default()).await, [note]);
    })
    .await;
}

#[tokio::test]
async fn preferences_are_replaced_until_the_customer_is_cancelled() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let set = async |preferences: EmailPreferences| {
            let order = set_email_preferences::Order { customer, preferences };
            shop.act(move |tx, session| set_email_preferences::run(tx, session, &order)).await
        };
        let read =
            async || shop.act(move |tx, session| find_email_preferences::run(tx, session, customer)).await.unwrap();
        let both = EmailPreferences::from([(EmailType::InvoicePost, false), (EmailType::Refund, true)]);
        assert_eq!(set(both.clone()).await.unwrap(), both);
        assert_eq!(read().await, both);
        let one = EmailPreferences::from([(EmailType::InvoicePost, true)]);
        set(one.clone()).await.unwrap();
        assert_eq!(read().await, one);
        shop.act(move |tx, session| cancel::run(tx, session, customer)).await.unwrap();
        let refused = set(both).await.unwrap_err().to_string();
        assert_eq!(refused, "Customer is in status Cancelled and cannot be changed until it is uncancelled.");
        assert_eq!(read().await, one);
        let unknown = shop.act(|tx, session| find_email_preferences::run(tx, session, CustomerId(5))).await;
        assert_eq!(unknown.unwrap_err().to_string(), "Customer with id 5 not found.");
    })
    .await;
}
