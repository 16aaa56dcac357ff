//! When invoices fall due: terms of drafts, customers and accounts, instalments, and terms that are changed afterwards.

use app::{
    draft_invoices::schedule,
    invoices::{amend, write_off},
};
use billing::{
    draft_invoice::DraftChange,
    id::{DraftInvoiceId, InvoiceId},
    invoice::{Invoice, InvoiceChange, InvoiceStatus},
    named::Named,
    purchase::Change,
    term::Term,
    write_off::Extent,
};
use money::Amount;

use super::told;
use crate::{
    shop::{Shop, each_shop, purchase_of},
    trade::amount,
};

fn term(name: &str) -> Term {
    Term::from_name(name).unwrap()
}

fn due(invoice: &Invoice) -> Vec<(String, String)> {
    let parts = invoice.schedules.iter();
    parts.map(|part| (part.due_at.utc_date().to_string(), part.amount.to_string())).collect()
}

impl Shop {
    async fn schedule(&self, draft: DraftInvoiceId, parts: &[(&str, i64)]) -> Result<(), app::Error> {
        let parts = parts.iter().map(|(part, days)| (amount(part), *days)).collect();
        let order = schedule::Order { draft, parts };
        self.act(move |tx, session| schedule::run(tx, session, &order)).await.map(|_| ())
    }

    async fn forgive(&self, invoice: InvoiceId, extent: Extent) -> Invoice {
        let order = write_off::Order { invoice, extent, reference: None };
        self.act(move |tx, session| write_off::run(tx, session, &order)).await.unwrap();
        self.invoice_of(invoice).await
    }

    async fn amend(&self, invoice: InvoiceId, change: InvoiceChange) -> Invoice {
        let order = amend::Order { invoice, change };
        self.act(move |tx, session| amend::run(tx, session, &order)).await.unwrap()
    }
}

#[tokio::test]
async fn instalments_add_up_and_fall_due_one_after_the_other() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (draft, _) = shop.wait(customer, vec![purchase_of(product, "9")]).await;
        let differ = |sum: &str| {
            format!("The sum of the payment schedules ({sum}) must equal the total of the draft invoice (90).")
        };
        assert_eq!(told(shop.schedule(draft, &[("30", 0), ("59.99", 30)]).await), differ("89.99"));
        assert_eq!(told(shop.schedule(draft, &[("90.01", 0)]).await), differ("90.01"));
        shop.schedule(draft, &[("90", 1)]).await.unwrap();
        shop.schedule(draft, &[("30", 0), ("60", 30)]).await.unwrap();
        let change = DraftChange { term: Change::Set(term("Net10")), ..DraftChange::default() };
        let found = shop.change(draft, change).await.unwrap();
        let expected =
            [("2024-01-25", "30"), ("2024-02-24", "60")].map(|(day, part)| (day.to_owned(), part.to_owned()));
        assert_eq!(due(&found.invoice), expected);

        let invoice = shop.post(draft, None).await.unwrap();
        let posted = shop.invoice_of(invoice).await;
        assert_eq!(due(&posted), expected);
        assert_eq!((posted.term, posted.default_term), (term("Net10"), Term::NET_0));
        shop.pay(customer, invoice, amount("40")).await;
        let paid = shop.invoice_of(invoice).await;
        let statuses = |invoice: &Invoice| -> Vec<_> {
            let now = shop.app.now();
            invoice.schedules.iter().map(|part| invoice.schedule_status(part, now)).collect()
        };
        assert_eq!(statuses(&paid), [InvoiceStatus::Paid, InvoiceStatus::Due]);
        shop.clock.advance_days(41);
        assert_eq!(statuses(&paid), [InvoiceStatus::Paid, InvoiceStatus::Overdue]);
        // What is given up of the second instalment says nothing of the first.
        let given_up = shop.forgive(invoice, Extent::Part(amount("10"))).await;
        assert_eq!(statuses(&given_up), [InvoiceStatus::Paid, InvoiceStatus::Overdue]);
        let given_up = shop.forgive(invoice, Extent::Whole).await;
        assert_eq!(statuses(&given_up), [InvoiceStatus::WrittenOff; 2]);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn instalments_share_a_total_that_became_another_one() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let (draft, _) = shop.wait(customer, vec![purchase_of(product, "9"), purchase_of(product, "1")]).await;
        shop.schedule(draft, &[("33.33", 0), ("33.33", 30), ("33.34", 60)]).await.unwrap();
        let charges = shop.draft(draft).await.draft.charges;
        let part = shop.post(draft, Some(vec![charges[1].id])).await.unwrap();
        let parts = due(&shop.invoice_of(part).await);
        assert_eq!(parts.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>(), ["3.33", "3.33", "3.34"]);
        let rest = shop.draft(draft).await.invoice;
        let sum = Amount::sum(rest.schedules.iter().map(|part| part.amount)).unwrap();
        assert_eq!((rest.schedules.len(), sum), (3, amount("90")));
        shop.act(move |tx, session| schedule::clear(tx, session, draft)).await.unwrap();
        assert_eq!(shop.draft(draft).await.invoice.schedules.len(), 1);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn terms_and_texts_of_a_posted_invoice_change_and_earlier_texts_are_kept() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoice = shop.invoice(customer, product, "1").await;
        let amended =
            shop.amend(invoice, InvoiceChange { term: Change::Set(term("Net30")), ..InvoiceChange::default() });
        let amended = amended.await;
        assert_eq!(due(&amended), [("2024-02-14".to_owned(), "10".to_owned())]);
        assert_eq!((amended.term, amended.default_term, amended.revisions.len()), (term("Net30"), Term::NET_0, 0));
        for text in ["one", "two", "two"] {
            let change = InvoiceChange { notes: Change::Set(text.to_owned()), ..InvoiceChange::default() };
            shop.amend(invoice, change).await;
        }
        let change = InvoiceChange {
            term: Change::Clear,
            is_hidden_on_portal: Some(true),
            po_number: Change::Set("PO".to_owned()),
            notes: Change::Clear,
        };
        let amended = shop.amend(invoice, change).await;
        assert_eq!(shop.invoice_of(invoice).await, amended);
        assert_eq!((amended.term, amended.is_hidden_on_portal), (Term::NET_0, true));
        let kept: Vec<_> =
            amended.revisions.iter().map(|one| (one.po_number.as_deref(), one.notes.as_deref())).collect();
        assert_eq!(kept, [(None, None), (None, Some("one")), (None, Some("two"))]);
        assert_eq!(amended.totals, shop.invoice_of(invoice).await.totals);
        assert_eq!(shop.disagreements().await, Vec::<String>::new());
    })
    .await;
}
