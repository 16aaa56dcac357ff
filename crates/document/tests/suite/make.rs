//! Values that documents are made of.

use billing::{
    account::Account,
    address::{Address, AddressFields, AddressPreference, AddressType, PreferenceFields},
    charge_tax::ChargeTax,
    customer::Contact,
    discount::{Discount, DiscountType},
    earning::EarningSettings,
    id::{AccountId, AddressId, ChargeId, CustomerId, InvoiceId, ProductId, ProductItemId, PurchaseId, TaxRateId},
    invoice::{Charge, ChargeDiscount, Invoice, PaymentSchedule, Reversed, Totals},
    named::Named,
    profile::{AccountProfile, Logo},
    purchase::{ItemOrder, ProductItem, ProductItemStatus, TrackedItem},
    tax::{Region, TaxLine},
    term::Term,
};
use calendar::{Instant, Zone};
use money::{Amount, Currency, Percentage, Price, Quantity};

/// 2026-11-02, late in the evening in Toronto and already the next day in UTC.
pub(crate) fn evening() -> Instant {
    Instant::parse("2026-11-03T02:30:00").unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(crate) fn account() -> Account {
    Account {
        id: AccountId(1),
        name: "Northwind".to_owned(),
        currency: Currency::USD,
        zone: Zone::parse("America/Toronto").unwrap(),
        term: Term::from_name("Net30").unwrap(),
        may_write_off: true,
        may_reuse_references: false,
        drafts_invoices: false,
    }
}

pub(crate) fn profile() -> AccountProfile {
    AccountProfile {
        name: Some("Northwind Traders Ltd.".to_owned()),
        address: Some(address("100 King Street West", "Toronto", "M5X 1A9")),
        email: Some("billing@northwind.example".to_owned()),
        phone: Some("+1 416 555 0100".to_owned()),
        website: Some("northwind.example".to_owned()),
        signature: Some("Thank you for your business.\nPlease quote the invoice number with your payment.".to_owned()),
        logo: Some(Logo::parse(include_bytes!("logo.png").to_vec()).unwrap()),
    }
}

pub(crate) fn address(line1: &str, city: &str, postal_zip: &str) -> AddressFields {
    AddressFields {
        company_name: None,
        line1: Some(line1.to_owned()),
        line2: None,
        region: Region { country: 124, state: Some(9) },
        city: Some(city.to_owned()),
        postal_zip: Some(postal_zip.to_owned()),
        is_valid: true,
    }
}

fn stored(id: i64, address_type: AddressType, fields: AddressFields) -> Address {
    Address { id: AddressId(id), customer: CustomerId(4411), address_type, fields }
}

/// An invoice of these charges, due in thirty days, with its totals.
pub(crate) fn invoice(charges: Vec<Charge>, taxes: Vec<ChargeTax>) -> Invoice {
    let discounts = charges.iter().map(|charge| charge.discount().unwrap());
    let totals = Totals {
        subtotal: Amount::sum(charges.iter().map(|charge| charge.amount)).unwrap(),
        discount: Amount::sum(discounts).unwrap(),
        tax: billing::charge_tax::total(&taxes).unwrap(),
        payments: Amount::ZERO,
        credits: Amount::ZERO,
        credit_notes: Amount::ZERO,
        write_offs: Amount::ZERO,
    };
    let owed = totals.amount().unwrap();
    let schedule = PaymentSchedule {
        id: 1,
        due_at: Instant::parse("2026-12-02T05:00:00").unwrap(),
        amount: owed,
        outstanding: owed,
        days_due_after_term: 0,
    };
    Invoice {
        owed_before: None,
        id: InvoiceId(700_101),
        number: 1_042,
        customer: CustomerId(4_411),
        contact: Contact {
            first_name: Some("Ada".to_owned()),
            last_name: Some("Lovelace".to_owned()),
            company_name: Some("Analytical Engines Inc.".to_owned()),
            primary_email: Some("ada@engines.example".to_owned()),
            reference: Some("AE-17".to_owned()),
            ..Contact::default()
        },
        currency: Currency::CAD,
        term: Term::from_name("Net30").unwrap(),
        default_term: Term::from_name("Net30").unwrap(),
        posted_at: evening(),
        modified_at: evening(),
        paid_at: None,
        totals,
        opening_balance: Amount::ZERO,
        closing_balance: owed,
        po_number: Some("PO-2026-118".to_owned()),
        notes: None,
        reference_date: None,
        is_hidden_on_portal: false,
        schedules: vec![schedule],
        charges,
        taxes,
        revisions: Vec::new(),
        addresses: Some(AddressPreference {
            fields: PreferenceFields::default(),
            billing: Some(stored(1, AddressType::Billing, address("12 St James Square", "Ottawa", "K1A 0A9"))),
            shipping: Some(stored(2, AddressType::Shipping, address("1 Dock Road", "Hamilton", "L8L 1A1"))),
        }),
    }
}

/// A charge of so many units at a price.
pub(crate) fn charge(id: i64, name: &str, quantity: &str, price: &str, gross: &str) -> Charge {
    Charge {
        id: ChargeId(id),
        purchase: PurchaseId(id),
        product: ProductId(1),
        name: name.to_owned(),
        description: None,
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: Price::parse(price).unwrap(),
        amount: amount(gross),
        gl_code: None,
        effective_at: evening(),
        earning: EarningSettings::IMMEDIATELY,
        taxable_amount: amount(gross),
        range_quantity: None,
        tiers: Vec::new(),
        discounts: Vec::new(),
        reversed: Reversed::default(),
    }
}

/// A discount in percent that takes this amount.
pub(crate) fn percent_off(percent: &str, taken: &str) -> ChargeDiscount {
    let configured = Discount::new(DiscountType::Percentage, Price::parse(percent).unwrap()).unwrap();
    ChargeDiscount { id: 1, configured, amount: amount(taken) }
}

pub(crate) fn tax(charge: i64, rate: i64, name: &str, percent: &str, tax: &str) -> ChargeTax {
    ChargeTax {
        id: charge * 10 + rate,
        charge: ChargeId(charge),
        line: TaxLine {
            rate: TaxRateId(rate),
            name: name.to_owned(),
            registration_code: Some(format!("R{rate}00 998 877")),
            percentage: Percentage::parse(percent).unwrap(),
            amount: amount(tax),
        },
    }
}

pub(crate) fn item(id: i64, purchase: i64, reference: &str) -> TrackedItem {
    TrackedItem {
        item: ProductItem {
            id: ProductItemId(id),
            order: ItemOrder {
                reference: reference.to_owned(),
                name: Some(format!("Unit {id}")),
                description: Some("Delivered and tested".to_owned()),
            },
            status: ProductItemStatus::Active,
            created_at: evening(),
            modified_at: evening(),
        },
        purchase: PurchaseId(purchase),
        customer: CustomerId(4_411),
        product: ProductId(1),
    }
}
