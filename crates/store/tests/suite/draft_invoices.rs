//! Draft invoices, and invoices as they are amended.

use billing::{
    discount::{Discount, DiscountType},
    draft_invoice::{
        DraftCharge, DraftDiscount, DraftInvoice, DraftInvoiceStatus, DraftInvoiceSummary, DraftTerms, DraftTier,
        Instalment,
    },
    earning::EarningSettings,
    id::{ChargeId, DraftInvoiceId, PurchaseId},
    invoice::Revision,
    listing::Page,
    named::Named,
    priced::Tier,
    purchase::PurchaseStatus,
    term::Term,
};
use db::{Error, Tx};
use store::{draft_invoice, invoice, purchase};

use crate::{
    sales::{CUSTOMER, INVOICE, PRODUCT, PURCHASE, add_invoice},
    world::{
        ELSEWHERE, HERE, add_customer, add_product, add_purchase, amount, assert_list, day, each_store, later, now,
        price, quantity, some,
    },
};

pub(crate) const DRAFT: DraftInvoiceId = DraftInvoiceId(100);

fn draft_of_story() -> DraftInvoice {
    let tier = Tier { quantity: quantity("3"), unit_price: price("4"), amount: amount("12") };
    let charge = DraftCharge {
        id: ChargeId(101),
        purchase: PURCHASE,
        product: PRODUCT,
        name: "Charge".to_owned(),
        description: some("Text"),
        quantity: quantity("3"),
        unit_price: price("4"),
        amount: amount("12"),
        gl_code: some("4000"),
        is_tax_exempt: true,
        range_quantity: Some(quantity("3")),
        earning: EarningSettings::IMMEDIATELY,
        created_at: now(),
        tiers: vec![DraftTier { tier, label: some("first") }],
        discounts: vec![DraftDiscount {
            id: 102,
            configured: Discount { discount_type: DiscountType::Amount, amount: price("2") },
            amount: amount("2"),
            description: some("for you"),
        }],
    };
    DraftInvoice {
        id: DRAFT,
        customer: CUSTOMER,
        status: DraftInvoiceStatus::Ready,
        reserved_by: None,
        terms: DraftTerms {
            term: Term::from_name("Net45"),
            po_number: some("PO"),
            notes: some("Notes"),
            reference_date: Some(day("2024-01-02")),
        },
        created_at: now(),
        modified_at: now(),
        charges: vec![charge],
        instalments: vec![Instalment { id: 103, amount: amount("10"), days_due_after_term: 5 }],
    }
}

pub(crate) fn add_draft(tx: &mut Tx<'_>) -> Result<DraftInvoice, Error> {
    let (customer, product) = (add_customer(tx, CUSTOMER.0)?, add_product(tx, PRODUCT.0)?);
    add_purchase(tx, PURCHASE.0, customer, product)?;
    let draft = draft_of_story();
    draft_invoice::insert(tx, HERE, &draft)?;
    Ok(draft)
}

#[tokio::test]
async fn a_draft_is_read_as_it_was_stored() {
    each_store(|tx| {
        let draft = add_draft(tx)?;
        assert_eq!(draft_invoice::find(tx, HERE, DRAFT)?.as_ref(), Some(&draft));
        assert_eq!(draft_invoice::find(tx, ELSEWHERE, DRAFT)?, None);
        assert_eq!(draft_invoice::find_customer(tx, HERE, DRAFT)?, Some(CUSTOMER));
        assert_eq!(draft_invoice::find_customer(tx, ELSEWHERE, DRAFT)?, None);
        assert_eq!(draft_invoice::find_of_purchase(tx, HERE, PURCHASE)?, Some(DRAFT));
        assert_eq!(draft_invoice::find_of_purchase(tx, HERE, PurchaseId(9))?, None);
        assert_eq!(draft_invoice::find_of_purchase(tx, ELSEWHERE, PURCHASE)?, None);
        assert_eq!(draft_invoice::list_ready(tx, HERE, CUSTOMER)?, [DRAFT]);
        assert_eq!(draft_invoice::list_ready(tx, ELSEWHERE, CUSTOMER)?, []);
        let columns = draft_invoice::LIST_COLUMNS;
        assert_list(
            columns,
            &[DRAFT.0],
            |one: &DraftInvoiceSummary| one.id.0,
            |page| draft_invoice::list(tx, HERE, page),
        )?;
        assert_list(
            columns,
            &[DRAFT.0],
            |one: &DraftInvoiceSummary| one.id.0,
            |page| draft_invoice::list_of_customer(tx, HERE, CUSTOMER, page),
        )?;
        let page = Page::default();
        assert_eq!(draft_invoice::list(tx, HERE, &page)?.rows[0].pending, amount("10"));
        assert_eq!(draft_invoice::list(tx, ELSEWHERE, &page)?.rows, []);
        assert_eq!(draft_invoice::list_of_customer(tx, ELSEWHERE, CUSTOMER, &page)?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_replaced_and_ends() {
    each_store(|tx| {
        let mut draft = add_draft(tx)?;
        draft.terms = DraftTerms::default();
        draft.modified_at = later();
        draft.status = DraftInvoiceStatus::Cancelled;
        draft.charges[0].tiers.clear();
        draft.charges[0].discounts.clear();
        draft.instalments.clear();
        draft_invoice::update(tx, HERE, &draft)?;
        assert_eq!(draft_invoice::find(tx, HERE, DRAFT)?.as_ref(), Some(&draft));
        assert_eq!(draft_invoice::list_ready(tx, HERE, CUSTOMER)?, [], "cancelled");
        draft.charges.clear();
        draft.status = DraftInvoiceStatus::Ready;
        draft_invoice::update(tx, HERE, &draft)?;
        assert_eq!(draft_invoice::list_ready(tx, HERE, CUSTOMER)?, [], "nothing to post");
        draft.status = DraftInvoiceStatus::Posted;
        draft_invoice::update(tx, HERE, &draft)?;
        assert_eq!(draft_invoice::list(tx, HERE, &Page::default())?.rows, []);
        assert_eq!(draft_invoice::list_of_customer(tx, HERE, CUSTOMER, &Page::default())?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_purchase_sells_what_its_waiting_charge_has_become() {
    each_store(|tx| {
        let draft = add_draft(tx)?;
        purchase::mark_purchased(tx, HERE, PURCHASE, amount("5"), amount("4"), now())?;
        purchase::set_sold(tx, ELSEWHERE, &draft.charges[0], later())?;
        assert_eq!(purchase::find(tx, HERE, PURCHASE)?.unwrap().terms.quantity, quantity("2"));
        purchase::set_sold(tx, HERE, &draft.charges[0], later())?;
        let sold = purchase::find(tx, HERE, PURCHASE)?.unwrap();
        assert_eq!((sold.status, sold.modified_at), (PurchaseStatus::Purchased, later()));
        let terms = sold.terms;
        assert_eq!((terms.quantity, terms.amount, terms.taxable_amount), (quantity("3"), amount("10"), amount("0")));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invoice_is_amended_and_keeps_what_it_said() {
    each_store(|tx| {
        let mut stored = add_invoice(tx)?;
        stored.default_term = stored.term;
        stored.term = Term::from_name("Net60").unwrap();
        stored.schedules[0].due_at = now();
        stored.po_number = None;
        stored.notes = some("Other");
        stored.is_hidden_on_portal = false;
        stored.modified_at = later();
        invoice::amend(tx, ELSEWHERE, &stored, &[])?;
        assert_ne!(invoice::find(tx, HERE, INVOICE)?.as_ref(), Some(&stored));
        stored.revisions = vec![Revision { id: 110, po_number: some("PO"), notes: some("Notes"), at: later() }];
        invoice::amend(tx, HERE, &stored, &stored.revisions)?;
        invoice::amend(tx, HERE, &stored, &[])?;
        assert_eq!(invoice::find(tx, HERE, INVOICE)?.as_ref(), Some(&stored));
        Ok(())
    })
    .await;
}
