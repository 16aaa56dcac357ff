//! Statements: an invoice is a line, balances run, and what is owed adds up.

use billing::{
    aging::Aging,
    ar_activity::{ActivityAllocation, ArActivity},
    id::{CustomerId, InvoiceId, PurchaseId},
    statement::{Period, Statement, entries},
    tracking::{Display, Placement, Tracking},
};
use calendar::Instant;
use document::{
    Document, html,
    invoice::{Sender, TRACKED_ITEMS},
    pdf,
    statement::{Recipient, document},
};
use ledger::TransactionKind::{
    self, Charge, Credit, Debit, Discount, OpeningBalance, Payment, Refund, ReverseCharge, ReverseTax, Tax, WriteOff,
};
use money::{Amount, Currency};

use crate::{
    invoices::{keep, sample},
    make::{account, amount, evening, item, profile},
    reader,
};

/// A transaction on a day; on an invoice, if it is about one.
fn activity(day: i64, kind: TransactionKind, change: &str, number: Option<i64>) -> ArActivity {
    let change = amount(change);
    let (debit, credit) = if change.is_negative() { (Amount::ZERO, change.negated()) } else { (change, Amount::ZERO) };
    let purchase = number.filter(|_| kind == Charge).map(PurchaseId);
    let invoices = number.map(|number| ActivityAllocation { invoice: InvoiceId(number), number, amount: debit });
    ArActivity {
        id: day,
        customer: CustomerId(4_411),
        effective_at: evening().plus_days(day),
        kind,
        currency: Currency::CAD,
        name: purchase.map(|purchase| format!("Purchase <{purchase}>")),
        description: None,
        product_code: None,
        payment_activity: None,
        reference: None,
        quantity: None,
        unit_price: None,
        debit,
        credit,
        gl_code: None,
        associated_id: None,
        purchase,
        credit_note: None,
        invoices: Vec::from_iter(invoices),
    }
}

/// Everything that can happen, in the month after 1 November.
fn story() -> Vec<ArActivity> {
    let mut first_charge = activity(2, Charge, "1194", Some(1_042));
    first_charge.purchase = Some(PurchaseId(7));
    let payment = ArActivity { reference: Some("wire <91>".to_owned()), ..activity(9, Payment, "-1300", None) };
    let taken_back = |number: &str, change: &str| ArActivity {
        credit_note: Some(number.to_owned()),
        reference: Some("returned".to_owned()),
        ..activity(12, ReverseCharge, change, Some(1_042))
    };
    vec![
        activity(1, OpeningBalance, "80", Some(1_041)),
        first_charge,
        activity(2, Discount, "-119.4", Some(1_042)),
        activity(2, Charge, "250", Some(1_042)),
        activity(2, Tax, "198.36", Some(1_042)),
        activity(2, Charge, "10", Some(1_043)),
        payment,
        taken_back("1042-CR-01", "-99.5"),
        activity(12, ReverseTax, "-14.9", Some(1_042)),
        taken_back("1042-CR-02", "-9.5"),
        activity(14, Refund, "50", None),
        activity(15, Credit, "-25", None),
        activity(16, Debit, "5", None),
        activity(20, WriteOff, "-10", Some(1_043)),
    ]
}

fn statement(activities: Vec<ArActivity>) -> Statement {
    let at = |text| Instant::parse(text).unwrap();
    // Whole days in Toronto; the clocks change in between.
    let period = Period::new(at("2026-11-01T04:00:00"), at("2026-12-01T05:00:00")).unwrap();
    let opening = amount("12.5");
    Statement {
        customer: CustomerId(4_411),
        currency: Currency::CAD,
        period,
        opening,
        entries: entries(opening, activities).unwrap(),
        aging: Aging { current: amount("100"), days_1_to_30: amount("150"), ..Aging::default() },
        aged_on: "2026-11-30".parse().unwrap(),
    }
}

fn made(statement: &Statement, tracking: Option<&Tracking>) -> Document {
    let (invoice, now) = (sample(), Instant::parse("2026-12-02T12:00:00").unwrap());
    let recipient = Recipient { contact: &invoice.contact, addresses: invoice.addresses.as_ref() };
    document(Sender { account: &account(), profile: &profile() }, recipient, statement, tracking, now).unwrap()
}

#[test]
fn a_statement_is_told_in_the_lines_that_a_customer_knows() {
    let document = made(&statement(story()), None);
    assert_eq!(document.title, "Statement 4411 to 30 Nov 2026");
    assert_eq!(document.headline.as_ref().unwrap().value, "CAD 221.56");
    let pdf = pdf(&document).unwrap();
    keep(&pdf, "statement");
    let Some(text) = reader::text(&pdf) else { return };
    let lines = reader::lines(&text);
    for line in [
        "Opening balance 12.50",
        "3 Nov 2026 Earlier balance, invoice 1041 80.00 92.50",
        "4 Nov 2026 Invoice 1042 1,522.96 1,615.46",
        "4 Nov 2026 Invoice 1043 10.00 1,625.46",
        "11 Nov 2026 Payment 1,300.00 325.46",
        "wire <91>",
        "14 Nov 2026 Credit note 1042-CR-01 114.40 211.06",
        "14 Nov 2026 Credit note 1042-CR-02 9.50 201.56",
        "16 Nov 2026 Refund 50.00 251.56",
        "17 Nov 2026 Credit 25.00 226.56",
        "18 Nov 2026 Credit taken back 5.00 231.56",
        "22 Nov 2026 Written off invoice 1043 10.00 221.56",
        "Closing balance 1,667.96 1,458.90 221.56",
        "100.00 150.00 0.00 0.00 0.00 250.00",
        "Open invoices 250.00",
        "Not applied to invoices -28.44",
        "Closing balance CAD 221.56",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}: {text}");
    }
    let page = html(&document);
    for fact in ["From</dt><dd dir=\"auto\">1 Nov 2026", "To</dt><dd dir=\"auto\">30 Nov 2026", "wire &lt;91&gt;"] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
    assert!(!page.contains("Purchase"), "charges are not listed");
    assert!(page.contains("Billed to") && !page.contains("Shipped to"));
}

#[test]
fn a_balance_in_favour_of_the_customer_is_called_so() {
    let statement = statement(vec![activity(2, Payment, "-300", None)]);
    let document = made(&statement, None);
    let headline = document.headline.as_ref().unwrap();
    assert_eq!((headline.label.as_str(), headline.value.as_str()), ("Credit balance", "CAD 287.50"));
    let pdf = pdf(&document).unwrap();
    keep(&pdf, "statement-credit");
    let page = html(&document);
    assert!(page.contains("Credit balance CAD</th><td dir=\"auto\">287.50"), "{page}");
}

#[test]
fn a_statement_before_the_end_of_its_period_names_the_same_days_everywhere() {
    let mut statement = statement(story());
    statement.aged_on = "2026-11-20".parse().unwrap();
    let document = made(&statement, None);
    assert_eq!(document.title, "Statement 4411 to 30 Nov 2026");
    let page = html(&document);
    assert!(page.contains("To</dt><dd dir=\"auto\">30 Nov 2026"), "{page}");
    assert!(page.contains("Open invoices by days overdue on 20 Nov 2026"), "{page}");
}

#[test]
fn a_period_that_is_not_of_whole_days_tells_its_times() {
    let mut statement = statement(Vec::new());
    statement.period = Period::new(statement.period.from(), statement.period.until().plus_millis(60_000)).unwrap();
    let page = html(&made(&statement, None));
    assert!(page.contains("1 Nov 2026 04:00 UTC") && page.contains("1 Dec 2026 05:01 UTC"), "{page}");
}

#[test]
fn tracked_items_stand_where_they_are_asked_for() {
    let items = vec![item(1, 1_042, "SN-1"), item(2, 7, "SN-2"), item(3, 8, "SN-3")];
    let apart = Tracking { display: TRACKED_ITEMS, items: items.clone() };
    let page = html(&made(&statement(story()), Some(&apart)));
    let place = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place(&page, "Tracked items") < place(&page, "Purchase &lt;1042&gt;"));
    assert!(page.contains("SN-2") && !page.contains("SN-3"), "sold at another time: {page}");
    let display =
        Display { placement: Placement::Inline, name: false, description: false, created_on: false, ..TRACKED_ITEMS };
    let page = html(&made(&statement(story()), Some(&Tracking { display, items })));
    assert!(
        place(&page, "Invoice 1042<") < place(&page, "• SN-1")
            && place(&page, "• SN-2") < place(&page, "Invoice 1043<")
    );
    assert!(!page.contains("Tracked items"));
}

#[test]
fn a_long_statement_is_complete_on_every_page() {
    let activities = (0..400).map(|number| ArActivity {
        effective_at: evening().plus_millis(number * 3_600_000),
        ..activity(0, Charge, "1", Some(number + 1))
    });
    let pdf = pdf(&made(&statement(activities.collect()), None)).unwrap();
    keep(&pdf, "statement-400");
    let Some(text) = reader::text(&pdf) else { return };
    let lines = reader::lines(&text);
    for number in 1..=400 {
        assert!(lines.iter().any(|line| line.contains(&format!("Invoice {number} 1.00 "))), "{number}: {text}");
    }
}
