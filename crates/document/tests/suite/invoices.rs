//! Invoices: figures, days, discounts, taxes, instalments, tracked items.

use billing::{
    customer::InvoiceDisplay,
    id::{DraftInvoiceId, OpeningBalanceId},
    invoice::Invoice,
    opening_balance::OpeningBalance,
    profile::AccountProfile,
    tracking::{Display, Placement, Tracking},
};
use document::{
    Document, html,
    invoice::{Sender, Stage, TRACKED_ITEMS, View, document},
    pdf,
};

use crate::{
    make::{account, amount, charge, invoice, item, percent_off, profile, tax},
    reader,
};

pub(crate) fn sample() -> Invoice {
    let mut hosting = charge(1, "Managed hosting", "12", "99.5", "1194.00");
    hosting.description = Some("Dedicated cluster, Toronto region".to_owned());
    hosting.discounts = vec![percent_off("10", "119.40")];
    let support = charge(2, "Priority support", "1", "250", "250.00");
    let taxes = vec![
        tax(1, 1, "GST", "5", "53.73"),
        tax(2, 1, "GST", "5", "12.50"),
        tax(1, 2, "QST", "9.975", "107.19"),
        tax(2, 2, "QST", "9.975", "24.94"),
    ];
    let mut invoice = invoice(vec![hosting, support, charge(3, "Nothing", "1", "0", "0")], taxes);
    invoice.totals.payments = amount("500");
    invoice.schedules[0].outstanding = invoice.totals.outstanding().unwrap();
    invoice.notes = Some("Delivered in October.".to_owned());
    invoice
}

fn made(invoice: &Invoice, stage: Stage, tracking: Option<&Tracking>) -> Document {
    seen(invoice, stage, View { tracking, ..View::default() })
}

fn seen(invoice: &Invoice, stage: Stage, view: View<'_>) -> Document {
    document(Sender { account: &account(), profile: &profile() }, invoice, stage, view).unwrap()
}

#[test]
fn html_as_it_is_sent() {
    let mut page = html(&made(&sample(), Stage::Posted, None));
    let style = page.find("<style>").unwrap()..page.find("</style>").unwrap();
    page.replace_range(style, "");
    let logo = page.find("data:image/png;base64,").unwrap() + 22;
    let end = logo + page[logo..].find('"').unwrap();
    page.replace_range(logo..end, "…");
    insta::assert_snapshot!(page);
}

#[test]
fn a_pdf_says_what_the_invoice_says() {
    let pdf = pdf(&made(&sample(), Stage::Posted, None)).unwrap();
    let Some(text) = reader::text(&pdf) else { return };
    let lines = reader::lines(&text);
    for line in [
        "Managed hosting 12 99.50 1,194.00 -119.40 1,074.60",
        "Priority support 1 250.00 250.00 250.00",
        "Sum 1,444.00 -119.40 1,324.60",
        "Subtotal 1,444.00",
        "Discounts -119.40",
        "GST 5% (R100 998 877) 66.23",
        "QST 9.975% (R200 998 877) 132.13",
        "Total CAD 1,522.96",
        "Payments -500.00",
        "Balance due CAD 1,022.96",
        "Northwind Traders Ltd. · Invoice 1042 Page 1 of 1",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}: {text}");
    }
}

#[test]
fn equal_invoices_give_equal_files() {
    let write = || pdf(&made(&sample(), Stage::Posted, None)).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn a_draft_has_no_number_and_owes_nothing() {
    let document = made(&sample(), Stage::Draft { id: DraftInvoiceId(77), is_cancelled: false }, None);
    assert_eq!(document.title, "Draft invoice 77");
    keep(&pdf(&document).unwrap(), "draft");
    let page = html(&document);
    assert!(page.contains("Draft invoice") && !page.contains("1042") && !page.contains("Balance due"), "{page}");
    assert_eq!(document.headline.unwrap().value, "CAD 1,522.96");
}

#[test]
fn charges_of_a_purchase_stand_below_its_name() {
    let mut invoice = sample();
    invoice.charges[2].amount = amount("1");
    invoice.charges[2].purchase = invoice.charges[0].purchase;
    let page = html(&seen(&invoice, Stage::Posted, View { groups_charges: true, ..View::default() }));
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    let group = place("<th colspan=\"6\" dir=\"auto\">Managed hosting</th>");
    let [first, second] = ["Dedicated cluster", "Nothing"].map(place);
    let other = place("<tr><td><div dir=\"auto\">Priority support</div>");
    assert!(group < first && first < second && second < other);
    for name in ["Managed hosting", "Priority support"] {
        assert_eq!(page.matches(name).count(), 1, "a group tells the name, or its only line does");
    }
}

#[test]
fn what_is_void_or_cancelled_says_so() {
    let mut void = sample();
    void.totals.payments = amount("0");
    void.totals.credit_notes = void.totals.amount().unwrap();
    void.schedules[0].outstanding = amount("0");
    let draft = |is_cancelled| Stage::Draft { id: DraftInvoiceId(77), is_cancelled };
    for (name, invoice, stage, mark) in [
        ("void", &void, Stage::Posted, Some("Void")),
        ("cancelled", &sample(), draft(true), Some("Cancelled")),
        ("waiting", &sample(), draft(false), None),
        ("owed", &sample(), Stage::Posted, None),
    ] {
        let document = made(invoice, stage, None);
        assert_eq!(document.mark, mark, "{name}");
        let pdf = pdf(&document).unwrap();
        keep(&pdf, name);
        let page = html(&document);
        let told = mark.map(|mark| format!("</h1><p class=\"mark\" dir=\"auto\">{mark}</p></div>"));
        assert_eq!(told.map(|told| page.contains(&told)), mark.map(|_| true), "{page}");
        assert_eq!(page.contains("class=\"mark\""), mark.is_some(), "{page}");
        let Some(text) = reader::text(&pdf) else { continue };
        for word in ["Void", "Cancelled"] {
            assert_eq!(text.contains(word), mark == Some(word), "{name}: {text}");
        }
    }
}

#[test]
fn taxes_and_discounts_are_rolled_up_and_charges_of_nothing_shown_where_the_customer_wants_it() {
    let as_wanted = |display| html(&seen(&sample(), Stage::Posted, View { display, ..View::default() }));
    let usual = as_wanted(InvoiceDisplay::default());
    let parts = ["GST 5%", "QST 9.975%", "Discount 10%", "<div dir=\"auto\">Nothing</div>", ">Taxes<", ">Discounts<"];
    let has = |page: &str| parts.map(|part| page.contains(part));
    assert_eq!(has(&usual), [true, true, true, false, false, true], "{usual}");
    let taxes = as_wanted(InvoiceDisplay { rolls_up_taxes: true, ..InvoiceDisplay::default() });
    assert_eq!(has(&taxes), [false, false, true, false, true, true], "{taxes}");
    assert!(
        taxes.contains("198.36") && taxes.contains("1,522.96"),
        "the sum of the taxes, and the same total: {taxes}"
    );
    let discounts = as_wanted(InvoiceDisplay { rolls_up_discounts: true, ..InvoiceDisplay::default() });
    assert_eq!(has(&discounts), [true, true, false, false, false, true], "{discounts}");
    assert_eq!(discounts.matches("119.40").count(), 1, "on its line of the totals only: {discounts}");
    let zeros = as_wanted(InvoiceDisplay { shows_zero_charges: true, ..InvoiceDisplay::default() });
    assert_eq!(has(&zeros), [true, true, true, true, false, true], "{zeros}");
}

#[test]
fn what_was_owed_before_is_the_line_of_its_invoice() {
    let mut invoice = invoice(Vec::new(), Vec::new());
    invoice.totals.subtotal = amount("80");
    invoice.owed_before = Some(OpeningBalance {
        id: OpeningBalanceId(5),
        customer: invoice.customer,
        invoice: Some(invoice.id),
        amount: amount("80"),
        currency: invoice.currency,
        name: Some("Balance of 2025".to_owned()),
        description: Some("As agreed".to_owned()),
        reference: Some("Ledger 7/2025".to_owned()),
        effective_at: invoice.posted_at,
        unallocated: amount("0"),
    });
    let page = html(&made(&invoice, Stage::Posted, None));
    assert!(page.contains("Balance of 2025") && page.contains("As agreed") && !page.contains("No charges."), "{page}");
    assert!(page.contains("Ledger 7/2025"), "{page}");
}

#[test]
fn an_account_without_a_profile_sends_under_its_own_name() {
    let sender = Sender { account: &account(), profile: &AccountProfile::default() };
    let document = document(sender, &sample(), Stage::Posted, View::default()).unwrap();
    assert_eq!((document.letterhead.name.as_str(), document.letterhead.lines.len()), ("Northwind", 0));
    assert!(pdf(&document).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn instalments_are_listed_by_day() {
    let mut invoice = sample();
    let mut later = invoice.schedules[0].clone();
    later.due_at = later.due_at.plus_days(30);
    (later.id, later.amount, later.outstanding) = (2, amount("522.96"), amount("522.96"));
    invoice.schedules[0].amount = amount("1000");
    invoice.schedules[0].outstanding = amount("500");
    invoice.schedules.insert(0, later);
    let page = html(&made(&invoice, Stage::Posted, None));
    let first = page.find("2 Dec 2026</div></td><td class=\"figure\"><div dir=\"auto\">1,000.00").unwrap();
    assert!(page[first..].contains("1 Jan 2027"), "{page}");
    assert!(page.contains("Balance due 2 Dec 2026"));
}

#[test]
fn tracked_items_stand_where_they_are_asked_for() {
    let items = vec![item(1, 1, "SN-1"), item(2, 1, "SN-2"), item(3, 2, "SN-3")];
    let apart = Tracking { display: TRACKED_ITEMS, items: items.clone() };
    let page = html(&made(&sample(), Stage::Posted, Some(&apart)));
    let heading = page.find("Tracked items").unwrap();
    assert!(page.find("SN-1").unwrap() > heading && page[heading..].contains("2 Nov 2026"));
    let display = Display { placement: Placement::Inline, description: false, created_on: false, ..TRACKED_ITEMS };
    let page = html(&made(&sample(), Stage::Posted, Some(&Tracking { display, items })));
    assert!(page.contains("<small dir=\"auto\">• SN-2 · Unit 2</small>") && !page.contains("Tracked items"));
}

#[test]
fn an_invoice_without_charges_is_a_document() {
    let document = made(&invoice(Vec::new(), Vec::new()), Stage::Posted, None);
    assert!(html(&document).contains("No charges."));
    let Some(text) = reader::text(&pdf(&document).unwrap()) else { return };
    assert!(text.contains("No charges.") && text.contains("CAD 0.00"), "{text}");
}

/// Three hundred lines with discounts, two taxes and tracked items: every line and every figure is there, under a head on
/// every page.
#[test]
fn a_long_invoice_is_complete_on_every_page() {
    let invoice = long(300);
    let items = (1..=60).map(|id| item(id, (id - 1) % 3 + 1, &format!("SN-{id:05}"))).collect();
    let tracking = Tracking { display: TRACKED_ITEMS, items };
    let pdf = pdf(&made(&invoice, Stage::Posted, Some(&tracking))).unwrap();
    keep(&pdf, "invoice-300");
    let Some(text) = reader::text(&pdf) else { return };
    let pages: Vec<_> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {number} of {}", pages.len())), "{page}");
        assert!(page.contains("Description"), "the head is repeated: {page}");
    }
    for charge in &invoice.charges {
        assert!(text.contains(&charge.name), "{}", charge.name);
    }
    let totals = &invoice.totals;
    let net = totals.subtotal.checked_sub(totals.discount).unwrap();
    for figure in [totals.subtotal, totals.discount.negated(), net, totals.amount().unwrap()] {
        assert!(text.contains(&document::figures::amount(figure, invoice.currency)), "{figure}");
    }
    assert!(text.contains("SN-00001") && text.contains("SN-00060"));
    let last = pages.last().unwrap();
    assert!(last.contains("Item 003 of the catalogue (continued)"), "a group is named on every page: {last}");
}

/// An invoice of so many lines, some of which have more to say than others.
fn long(count: i64) -> Invoice {
    let cents = |cents: i64| amount(&format!("{}.{:02}", cents / 100, cents % 100));
    // Thousandths of an amount in cents, half up.
    let part = |cents: i64, thousandths: i64| (cents * thousandths + 500) / 1_000;
    let mut taxes = Vec::new();
    let charges = (1..=count).map(|id| {
        let quantity = id % 17 + 1;
        let mut net = quantity * 1_925;
        let mut charge = charge(id, &format!("Item {id:03} of the catalogue"), &quantity.to_string(), "19.25", "0");
        charge.amount = cents(net);
        if id % 4 == 0 {
            let week = id % 52 + 1;
            charge.description =
                Some(format!("Serviced in week {week}; parts and labour as agreed in the framework contract."));
        }
        if id % 5 == 0 {
            let off = part(net, 75);
            charge.discounts = vec![percent_off("7.5", &cents(off).to_string())];
            net -= off;
        }
        let tax_of =
            |rate, name, percent, thousandths| tax(id, rate, name, percent, &cents(part(net, thousandths)).to_string());
        taxes.extend([tax_of(1, "GST", "5", 50), tax_of(2, "PST", "8", 80)]);
        charge
    });
    let charges = charges.collect();
    invoice(charges, taxes)
}

/// Ten thousand lines take a bounded time and a file of a few megabytes.
#[test]
fn ten_thousand_lines_are_bounded() {
    let before = std::time::Instant::now();
    let document = made(&long(10_000), Stage::Posted, None);
    let pdf = pdf(&document).unwrap();
    let page = html(&document);
    assert!(pdf.len() < 8 << 20, "{} bytes", pdf.len());
    assert!(page.len() < 16 << 20, "{} bytes", page.len());
    assert!(before.elapsed().as_secs() < 120, "{:?}", before.elapsed());
    assert_eq!(document.title, "Invoice 1042");
}

/// Leaves a file where an engineer can look at it, below the folder of built things.
pub(crate) fn keep(pdf: &[u8], name: &str) {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join(format!("{name}.pdf")), pdf).unwrap();
}
