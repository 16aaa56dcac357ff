//! Invoices with their charges, and what settles them.

use std::collections::HashMap;

use billing::{
    address::{Address, AddressFields, AddressPreference, AddressType, PreferenceFields},
    charge_tax::ChargeTax,
    credit_note::{CreditNote, Reversal, ReversedTax},
    customer::Contact,
    discount::{Discount, DiscountType},
    earning::EarningSettings,
    id::{
        AddressId, ChargeId, CreditNoteId, CustomerId, InvoiceId, PaymentActivityId, PaymentId, ProductId, PurchaseId,
        ReversalId, TaxRateId, WriteOffId,
    },
    invoice::{Charge, ChargeDiscount, Invoice, PaymentSchedule, Reversed, Totals},
    listing::Page,
    named::Named,
    payment::{Allocation, InvoiceAllocation, Payment, PaymentMethod, PaymentSource},
    priced::Tier,
    tax::{Region, TaxLine, TaxRate},
    term::Term,
};
use db::{Error, Tx, values};
use money::{Amount, Currency, Percentage};
use store::{
    charge, credit_note,
    invoice::{self, Debt, Taken},
    payment, tax,
    write_off::{self, WriteOff},
};

use crate::world::{
    ELSEWHERE, HERE, add_customer, add_product, add_purchase, amount, assert_list, day, each_store, later, now, price,
    quantity, some,
};

/// What [`add_invoice`] sold.
pub(crate) const CHARGE: ChargeId = ChargeId(50);
pub(crate) const PRODUCT: ProductId = ProductId(11);
pub(crate) const CUSTOMER: CustomerId = CustomerId(10);
pub(crate) const PURCHASE: PurchaseId = PurchaseId(20);
pub(crate) const INVOICE: InvoiceId = InvoiceId(40);

pub(crate) fn charge_of_story() -> Charge {
    let tier = |units: &str, each: &str, total: &str| Tier {
        quantity: quantity(units),
        unit_price: price(each),
        amount: amount(total),
    };
    Charge {
        id: CHARGE,
        purchase: PURCHASE,
        product: PRODUCT,
        name: "Charge".to_owned(),
        description: some("Text"),
        quantity: quantity("3"),
        unit_price: price("4.666667"),
        amount: amount("14"),
        gl_code: some("4000"),
        effective_at: now(),
        earning: EarningSettings::IMMEDIATELY,
        taxable_amount: amount("13"),
        range_quantity: Some(quantity("3")),
        tiers: vec![tier("2", "5", "10"), tier("1", "4", "4")],
        discounts: vec![ChargeDiscount {
            id: 51,
            configured: Discount { discount_type: DiscountType::Amount, amount: price("1") },
            amount: amount("1"),
        }],
        reversed: Reversed::default(),
    }
}

fn invoice_of_story() -> Invoice {
    let address = Address {
        id: AddressId(60),
        customer: CUSTOMER,
        address_type: AddressType::Billing,
        fields: AddressFields {
            company_name: None,
            line1: some("1"),
            line2: None,
            region: Region { country: 124, state: None },
            city: some("Ottawa"),
            postal_zip: None,
            is_valid: true,
        },
    };
    let line = TaxLine {
        rate: TaxRateId(70),
        name: "HST".to_owned(),
        registration_code: some("R"),
        percentage: Percentage::parse("10").unwrap(),
        amount: amount("1.3"),
    };
    Invoice {
        id: INVOICE,
        number: 1,
        customer: CUSTOMER,
        contact: Contact { first_name: some("Ada"), ..Contact::default() },
        currency: Currency::USD,
        term: Term::NET_0,
        default_term: Term::from_name("Net30").unwrap(),
        posted_at: now(),
        modified_at: now(),
        paid_at: None,
        totals: Totals { subtotal: amount("14"), discount: amount("1"), tax: amount("1.3"), ..Totals::default() },
        opening_balance: amount("2"),
        closing_balance: amount("16.3"),
        po_number: some("PO"),
        notes: some("Notes"),
        reference_date: Some(day("2024-01-02")),
        is_hidden_on_portal: true,
        schedules: vec![PaymentSchedule {
            id: 41,
            due_at: later(),
            amount: amount("14.3"),
            outstanding: amount("14.3"),
            days_due_after_term: 0,
        }],
        charges: vec![charge_of_story()],
        owed_before: None,
        taxes: vec![ChargeTax { id: 52, charge: CHARGE, line }],
        revisions: Vec::new(),
        addresses: Some(AddressPreference {
            fields: PreferenceFields { contact_name: some("Ada"), ..PreferenceFields::default() },
            billing: Some(address),
            shipping: None,
        }),
    }
}

/// An invoice of one charge with two tiers, a discount and a tax, over 14.30.
pub(crate) fn add_invoice(tx: &mut Tx<'_>) -> Result<Invoice, Error> {
    let (customer, product) = (add_customer(tx, CUSTOMER.0)?, add_product(tx, PRODUCT.0)?);
    add_purchase(tx, PURCHASE.0, customer, product)?;
    let invoice = invoice_of_story();
    let rate = TaxRate {
        id: TaxRateId(70),
        name: "HST".to_owned(),
        registration_code: None,
        percentage: Percentage::parse("10").unwrap(),
        region: Region { country: 124, state: None },
        valid_from: None,
        valid_to: None,
        is_active: true,
    };
    tax::insert_rate(tx, HERE, &rate, now())?;
    invoice::insert(tx, HERE, &invoice)?;
    Ok(invoice)
}

#[tokio::test]
async fn an_invoice_is_read_as_it_was_posted() {
    each_store(|tx| {
        let stored = add_invoice(tx)?;
        assert_eq!(invoice::find(tx, HERE, INVOICE)?.as_ref(), Some(&stored));
        assert_eq!(invoice::find(tx, ELSEWHERE, INVOICE)?, None);
        assert_eq!(invoice::find_customer(tx, HERE, INVOICE)?, Some(CUSTOMER));
        assert_eq!(invoice::find_customer(tx, ELSEWHERE, INVOICE)?, None);
        let asked = [INVOICE, InvoiceId(99)];
        assert_eq!(invoice::find_customers(tx, HERE, &asked)?, HashMap::from([(INVOICE, CUSTOMER)]));
        assert_eq!(invoice::find_customers(tx, ELSEWHERE, &asked)?, HashMap::new());
        assert_eq!(invoice::schedules(tx, HERE, INVOICE)?, stored.schedules);
        assert_eq!(invoice::schedules(tx, ELSEWHERE, INVOICE)?, []);
        assert_eq!(tax::list(tx, HERE, INVOICE)?, stored.taxes);
        assert_eq!(tax::list(tx, ELSEWHERE, INVOICE)?, []);
        assert_eq!(charge::find_of_purchase(tx, HERE, PURCHASE)?, Some((INVOICE, charge_of_story())));
        assert_eq!(charge::find_of_purchase(tx, ELSEWHERE, PURCHASE)?, None);
        let id_of = |one: &Invoice| one.id.0;
        assert_list(invoice::LIST_COLUMNS, &[INVOICE.0], id_of, |page| invoice::list(tx, HERE, page))?;
        assert_list(invoice::LIST_COLUMNS, &[INVOICE.0], id_of, |page| {
            invoice::list_of_customer(tx, HERE, CUSTOMER, page)
        })?;
        let page = Page::default();
        assert_eq!(invoice::list_of_customer(tx, HERE, CUSTOMER, &page)?.rows, [stored]);
        assert_eq!(invoice::list(tx, ELSEWHERE, &page)?.rows, []);
        assert_eq!(invoice::list_of_customer(tx, ELSEWHERE, CUSTOMER, &page)?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_invoice_is_open_until_it_is_settled() {
    each_store(|tx| {
        add_invoice(tx)?;
        let open = invoice::find_open(tx, HERE, CUSTOMER, INVOICE)?.unwrap();
        assert_eq!((open.outstanding, open.posted_at), (amount("14.3"), now()));
        assert_eq!(invoice::list_open(tx, HERE, CUSTOMER)?, [open]);
        assert_eq!(invoice::find_open(tx, ELSEWHERE, CUSTOMER, INVOICE)?, None);
        assert_eq!(invoice::find_open(tx, HERE, CustomerId(99), INVOICE)?, None, "another customer's");
        let asked = [INVOICE, InvoiceId(99)];
        let of = |tx: &mut db::Tx<'_>, account, customer| invoice::find_each_open(tx, account, customer, &asked);
        assert_eq!(of(tx, HERE, CUSTOMER)?, HashMap::from([(INVOICE, open)]));
        assert_eq!(of(tx, ELSEWHERE, CUSTOMER)?, HashMap::new());
        assert_eq!(of(tx, HERE, CustomerId(99))?, HashMap::new(), "another customer's");
        assert_eq!(invoice::list_open(tx, ELSEWHERE, CUSTOMER)?, []);
        let none = Taken::default();
        invoice::change(tx, ELSEWHERE, INVOICE, Taken { payments: amount("1"), ..none }, later())?;
        let debts = invoice::find_debts(tx, HERE, &[INVOICE, InvoiceId(99)])?;
        assert_eq!(debts.keys().copied().collect::<Vec<_>>(), [INVOICE]);
        assert_eq!(debts[&INVOICE].schedules, invoice::schedules(tx, HERE, INVOICE)?);
        assert_eq!(invoice::find_debts(tx, ELSEWHERE, &[INVOICE])?, HashMap::new());
        let less = Debt { outstanding: amount("13.3"), write_offs: amount("1"), schedules: Vec::new() };
        let elsewhere = tx.savepoint(|tx| invoice::set_written_off(tx, ELSEWHERE, [(INVOICE, &less)], later()));
        assert_eq!(elsewhere, Err(db::Error::NoRow));
        invoice::set_written_off(tx, HERE, [(INVOICE, &less)], later())?;
        invoice::change(tx, HERE, INVOICE, Taken { credit_notes: amount("2"), ..none }, later())?;
        assert_eq!(invoice::find(tx, HERE, INVOICE)?.unwrap().paid_at, None);
        invoice::change(tx, HERE, INVOICE, Taken { payments: amount("11.3"), ..none }, later())?;
        let elsewhere = [(INVOICE, 41, amount("9"))];
        let elsewhere = tx.savepoint(|tx| invoice::set_outstanding_of_schedules(tx, ELSEWHERE, elsewhere));
        assert_eq!(elsewhere, Err(db::Error::NoRow));
        invoice::set_outstanding_of_schedules(tx, HERE, [(INVOICE, 41, Amount::ZERO)])?;
        let settled = invoice::find(tx, HERE, INVOICE)?.unwrap();
        let Totals { payments, write_offs, credit_notes, .. } = settled.totals;
        assert_eq!([payments, write_offs, credit_notes], ["11.3", "1", "2"].map(amount));
        assert_eq!((settled.paid_at, settled.modified_at), (Some(later()), later()));
        assert_eq!(settled.schedules[0].outstanding, Amount::ZERO);
        assert_eq!(invoice::list_open(tx, HERE, CUSTOMER)?, []);
        for account in [HERE, ELSEWHERE] {
            invoice::set_paid_at(tx, account, INVOICE, if account == HERE { now() } else { later() })?;
            assert_eq!(invoice::find(tx, HERE, INVOICE)?.unwrap().paid_at, Some(now()));
        }
        Ok(())
    })
    .await;
}

/// A payment of 20, of which the invoice has 14.30.
pub(crate) fn add_payment(tx: &mut Tx<'_>) -> Result<Payment, Error> {
    let part = amount("14.3");
    let stored = Payment {
        id: PaymentId(80),
        activity: PaymentActivityId(81),
        customer: CUSTOMER,
        source: PaymentSource::Manual,
        method: PaymentMethod::Check,
        amount: amount("20"),
        currency: Currency::USD,
        reference: some("R"),
        reference_date: Some(day("2024-01-14")),
        effective_at: now(),
        unallocated: amount("5.7"),
        refundable: amount("20"),
        allocations: vec![],
        refunds: vec![],
    };
    payment::insert(tx, HERE, &stored, &[Allocation { invoice: INVOICE, amount: part }], now())?;
    invoice::change(tx, HERE, INVOICE, Taken { payments: part, ..Taken::default() }, now())?;
    let allocation = InvoiceAllocation {
        invoice: INVOICE,
        number: 1,
        amount: part,
        outstanding: Amount::ZERO,
        total: part,
        po_number: some("PO"),
        notes: some("Notes"),
    };
    Ok(Payment { allocations: vec![allocation], ..stored })
}

#[tokio::test]
async fn a_payment_is_shown_with_where_it_went() {
    each_store(|tx| {
        add_invoice(tx)?;
        let stored = add_payment(tx)?;
        assert_eq!(payment::find(tx, HERE, stored.id)?.as_ref(), Some(&stored));
        assert_eq!(payment::find(tx, ELSEWHERE, stored.id)?, None);
        Ok(())
    })
    .await;
}

/// A credit note over 2 of the charge.
pub(crate) fn credit_note_of_story() -> CreditNote {
    let taxes = vec![ReversedTax { tax: 52, amount: amount("0.1") }];
    let reversal = Reversal {
        id: ReversalId(90),
        charge: CHARGE,
        amount: amount("2"),
        discount: amount("0.5"),
        tax: amount("0.1"),
        taxes,
    };
    CreditNote {
        id: CreditNoteId(91),
        customer: CUSTOMER,
        invoice: INVOICE,
        number: "01-CR-01".to_owned(),
        amount: amount("1.6"),
        reference: some("R"),
        created_at: now(),
        reversals: vec![reversal],
    }
}

pub(crate) fn add_credit_note(tx: &mut Tx<'_>) -> Result<(), Error> {
    credit_note::insert(tx, HERE, &credit_note_of_story())
}

#[tokio::test]
async fn credit_notes_and_write_offs_are_kept_with_their_invoice() {
    each_store(|tx| {
        add_invoice(tx)?;
        add_credit_note(tx)?;
        assert_eq!((credit_note::count(tx, HERE, INVOICE)?, credit_note::count(tx, ELSEWHERE, INVOICE)?), (1, 0));
        let note = credit_note_of_story();
        assert_eq!(credit_note::find(tx, HERE, note.id)?.as_ref(), Some(&note));
        assert_eq!(credit_note::find(tx, ELSEWHERE, note.id)?, None);
        let listed = credit_note::list(tx, HERE, &Page::default())?;
        assert_eq!((listed.rows, listed.total), (vec![CreditNote { reversals: vec![], ..note }], 1));
        let id_of = |one: &CreditNote| one.id.0;
        assert_list(credit_note::LIST_COLUMNS, &[91], id_of, |page| credit_note::list(tx, HERE, page))?;
        assert_eq!(credit_note::list(tx, ELSEWHERE, &Page::default())?.rows, []);
        assert_eq!(credit_note::reversed_taxes(tx, HERE, INVOICE)?, HashMap::from([(52, amount("0.1"))]));
        assert_eq!(credit_note::reversed_taxes(tx, ELSEWHERE, INVOICE)?, HashMap::new());
        assert_eq!(charge::find_invoice(tx, HERE, CHARGE)?, Some(INVOICE));
        assert_eq!(charge::find_invoice(tx, ELSEWHERE, CHARGE)?, None);
        let head = invoice::find(tx, HERE, INVOICE)?.unwrap();
        let heads = invoice::list_heads(tx, HERE, &[INVOICE.0, 1])?;
        assert_eq!((heads.len(), heads[&INVOICE].number, heads[&INVOICE].totals), (1, head.number, head.totals));
        assert_eq!(invoice::list_heads(tx, ELSEWHERE, &[INVOICE.0])?, HashMap::new());
        let (_, charge) = charge::find_of_purchase(tx, HERE, PURCHASE)?.unwrap();
        let taken = Reversed { amount: amount("2"), discount: amount("0.5"), tax: amount("0.1") };
        assert_eq!(charge, Charge { reversed: taken, ..charge_of_story() });
        let given_up = WriteOff {
            id: WriteOffId(95),
            customer: CUSTOMER,
            invoice: INVOICE,
            amount: amount("3"),
            reference: some("R"),
        };
        write_off::insert(tx, HERE, &[given_up], now())?;
        let sql = "SELECT amount FROM write_off WHERE account_id = $1 AND customer_id = $2 AND invoice_id = $3
                   AND reference = 'R' AND id = 95";
        let stored: i64 = tx.scalar(sql, &values![HERE.0, CUSTOMER.0, INVOICE.0])?;
        assert_eq!(Amount::from_millionths(stored), amount("3"));
        Ok(())
    })
    .await;
}
