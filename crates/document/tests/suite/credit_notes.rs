//! Credit notes: what went back of charges, discounts and taxes.

use billing::{
    credit_note::{CreditNote, Reversal, ReversedTax},
    id::{ChargeId, CreditNoteId, CustomerId, InvoiceId, ReversalId},
};
use document::{Document, credit_note::document, html, invoice::Sender, pdf};
use money::Amount;

use crate::{
    invoices::{keep, sample},
    make::{account, amount, evening, profile},
    reader,
};

fn reversal(charge: i64, [gross, discount, tax]: [&str; 3], taxes: &[(i64, &str)]) -> Reversal {
    let tax_of = |(id, text): &(i64, &str)| ReversedTax { tax: *id, amount: amount(text) };
    Reversal {
        id: ReversalId(800 + charge),
        charge: ChargeId(charge),
        amount: amount(gross),
        discount: amount(discount),
        tax: amount(tax),
        taxes: taxes.iter().map(tax_of).collect(),
    }
}

fn note(reversals: Vec<Reversal>) -> CreditNote {
    CreditNote {
        id: CreditNoteId(31),
        customer: CustomerId(4_411),
        invoice: InvoiceId(700_101),
        number: "1042-CR-01".to_owned(),
        amount: Amount::sum(reversals.iter().map(|reversal| reversal.net().unwrap())).unwrap(),
        reference: Some("Returned <2 units>".to_owned()),
        created_at: evening().plus_days(3),
        reversals,
    }
}

fn made(note: &CreditNote) -> Document {
    document(Sender { account: &account(), profile: &profile() }, note, &sample()).unwrap()
}

#[test]
fn a_credit_note_says_what_went_back_and_of_which_taxes() {
    let hosting = reversal(1, ["199", "19.90", "26.82"], &[(11, "8.96"), (12, "17.86")]);
    let support = reversal(2, ["250", "0", "37.44"], &[(21, "12.50"), (22, "24.94")]);
    let document = made(&note(vec![hosting, support]));
    assert_eq!(document.title, "Credit note 1042-CR-01");
    assert_eq!(document.headline.as_ref().unwrap().value, "CAD 493.36");
    let page = html(&document);
    for part in ["5 Nov 2026", "1042-CR-01", "Returned &lt;2 units&gt;", "2 Nov 2026", "Dedicated cluster"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Balance due"), "what the invoice owes changes, and the credit note does not");
    assert!(!page.contains("with your payment"), "nothing is to be paid");
    let pdf = pdf(&document).unwrap();
    keep(&pdf, "credit-note");
    let Some(text) = reader::text(&pdf) else { return };
    let lines = reader::lines(&text);
    for line in [
        "Managed hosting 199.00 -19.90 179.10",
        "Priority support 250.00 250.00",
        "Subtotal 449.00",
        "Discounts -19.90",
        "GST 5% (R100 998 877) 21.46",
        "QST 9.975% (R200 998 877) 42.80",
        "Total credited CAD 493.36",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}: {text}");
    }
}

#[test]
fn without_discounts_there_is_no_column_for_them() {
    let page = html(&made(&note(vec![reversal(2, ["10", "0", "0"], &[])])));
    assert!(page.contains("Total credited CAD") && !page.contains("Discount"), "{page}");
}
