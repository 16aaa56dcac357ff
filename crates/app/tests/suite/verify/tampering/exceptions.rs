//! Which columns the books are made of, and the few of them that nothing else can contradict.

/// Tables of the books; of some only these columns, of others all.
pub(in crate::verify) const LEDGER_COLUMNS: &[(&str, Option<&[&str]>)] = &[
    ("ledger_transaction", None),
    ("ledger_line", None),
    ("checkpoint", None),
    ("checkpoint_head", None),
    ("customer", Some(&["currency", "balance", "ledger_sequence", "ledger_hash"])),
    ("invoice", None),
    ("charge", None),
    ("charge_tier", None),
    ("charge_discount", None),
    ("charge_tax", None),
    ("credit_note", None),
    ("reversal", None),
    ("earning_schedule", None),
    ("payment", None),
    ("payment_activity", None),
    ("payment_allocation", None),
    ("payment_schedule", None),
    ("write_off", None),
    ("number_series", None),
    (
        "purchase",
        Some(&[
            "customer_id",
            "product_id",
            "status",
            "quantity",
            "amount",
            "taxable_amount",
            "pricing_model",
            "is_tracking_items",
        ]),
    ),
    ("product_item", Some(&["purchase_id", "status"])),
];

/// Columns of the books that may be anything, and why.
pub(in crate::verify) const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    ("ledger_transaction", &["created_at"], "the time of writing; what counts is the effective time, which is hashed"),
    ("invoice", &["modified_at"], "the time of the last change, whatever it was"),
    (
        "invoice",
        &[
            "po_number",
            "notes",
            "first_name",
            "middle_name",
            "last_name",
            "company_name",
            "suffix",
            "title",
            "primary_email",
            "primary_phone",
            "secondary_email",
            "secondary_phone",
            "reference",
        ],
        "text for people, as the customer was then",
    ),
    ("payment_schedule", &["id"], "tells the instalments of an invoice apart and means nothing else"),
    ("credit_note", &["credit_note_number", "reference"], "text for people"),
    ("payment", &["reference", "reference_date"], "what the payer's paper says"),
    ("payment_activity", &["refund_id"], "empty until refunds are recorded"),
    ("payment_allocation", &["allocated"], "what was given at first, before anything was taken out of it"),
    ("write_off", &["reference"], "text for people"),
];
