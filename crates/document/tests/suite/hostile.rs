//! Names as strangers write them: markup, right-to-left writing, pictures, no end.

use billing::invoice::Invoice;
use document::{
    Document, html,
    invoice::{Sender, Stage, View, document},
    pdf,
};

use crate::{
    invoices::keep,
    make::{account, charge, invoice, profile},
    reader,
};

fn made(invoice: &Invoice) -> Document {
    document(Sender { account: &account(), profile: &profile() }, invoice, Stage::Posted, View::default()).unwrap()
}

fn named(names: &[&str]) -> Invoice {
    let charges = (1..).zip(names).map(|(id, name)| charge(id, name, "1", "10", "10.00"));
    invoice(charges.collect(), Vec::new())
}

#[test]
fn markup_is_text() {
    let name = "<script>alert('x')</script> & \"quotes\" </td><img src=x onerror=alert(1)>";
    let mut invoice = named(&[name]);
    invoice.contact.company_name = Some(name.to_owned());
    invoice.notes = Some(name.to_owned());
    invoice.po_number = Some("\"><svg onload=alert(1)>".to_owned());
    let page = html(&made(&invoice));
    for forbidden in ["<script", "<img src=x", "<svg", "onerror=alert(1)>"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quotes&quot;";
    assert_eq!(page.matches(escaped).count(), 3);
    let Some(text) = reader::text(&pdf(&made(&invoice)).unwrap()) else { return };
    assert!(text.contains("<script>alert('x')</script>"), "{text}");
}

#[test]
fn every_writing_is_set() {
    let names = [
        "שירות אחסון מנוהל (12 חודשים) – Premium",
        "خدمة الاستضافة المدارة 2026",
        "日本語の請求書サービス",
        "관리형 호스팅 서비스",
        "Ελληνικά, русский, Türkçe, Tiếng Việt, naïve façade Ω",
        "Emoji 😀 and 🚀 and 👩‍👩‍👧 and ﷽",
        "Zalgo: z\u{348}\u{324}\u{32D}\u{356}\u{349}\u{311}a\u{333}\u{36B}lg\u{314}\u{32B}o\u{320}\u{354}",
        "\u{202E}reversed\u{202C} \u{0}control\u{7}",
    ];
    let file = pdf(&made(&named(&names))).unwrap();
    keep(&file, "writings");
    let Some(text) = reader::text(&file) else { return };
    for part in ["日本語の請求書サービス", "관리형", "Ελληνικά, русский, Türkçe", "reversed control", "Premium"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn names_without_end_are_wrapped_and_broken_over_pages() {
    let word = "x".repeat(4_000);
    let words = "many words ".repeat(360);
    let mut invoice = named(&[&word, &words, "after"]);
    invoice.charges[0].description = Some("y ".repeat(40_000));
    invoice.contact.company_name = Some("z".repeat(255));
    invoice.contact.first_name = Some("名".repeat(400));
    let file = pdf(&made(&invoice)).unwrap();
    keep(&file, "endless");
    let Some(text) = reader::text(&file) else { return };
    assert_eq!(text.matches('x').count() - text.matches("example").count(), 4_000);
    assert_eq!(text.matches("many").count(), 360);
    assert!(text.matches('y').count() >= 2_000);
    assert!(text.contains("after"));
}

#[test]
fn large_figures_stay_on_their_line() {
    let largest = "9223372036854.77";
    let mut invoice = named(&["Everything"]);
    invoice.charges[0].amount = crate::make::amount(largest);
    invoice.totals.subtotal = crate::make::amount(largest);
    let file = pdf(&made(&invoice)).unwrap();
    let Some(text) = reader::text(&file) else { return };
    assert!(text.matches("9,223,372,036,854.77").count() >= 4, "{text}");
}
