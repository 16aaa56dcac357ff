//! Customers, their hierarchy, settings and addresses.

use std::collections::BTreeSet;

use billing::{
    address::{Address, AddressFields, AddressPreference, AddressType, PreferenceFields},
    customer::{
        AccountStatus, Acquisition, AutoCollectSettingType, BillingSetting, Contact, CustomerFields, CustomerStatus,
        EmailPreferences, EmailType, Identity, Integrations, LockedCustomer, Note, Position, QuickBooksLatchType,
        Relative, SalesforceAccountType, ServiceStartOption, SynchStatus, Title, TrackingCode,
    },
    id::{AddressId, ApiKeyId, CustomerId, CustomerNoteId},
    named::Named,
    tax::Region,
    term::Term,
};
use ledger::ChainHash;
use money::Currency;
use store::{account, address, customer, customer_note, purchase, tax};

use crate::world::{
    ELSEWHERE, HERE, add_customer, add_product, add_purchase, amount, assert_list, each_store, later, now, some,
};

fn contact() -> Contact {
    Contact {
        first_name: some("Ada"),
        middle_name: some("King"),
        last_name: some("Lovelace"),
        company_name: some("Engines"),
        suffix: some("PhD"),
        title: Some(Title::ALL[0]),
        primary_email: some("a@example.com"),
        primary_phone: some("1"),
        secondary_email: some("b@example.com"),
        secondary_phone: some("2"),
        reference: some("R"),
    }
}

fn fields(parent: Option<CustomerId>) -> CustomerFields {
    CustomerFields {
        contact: contact(),
        references: [some("1"), some("2"), some("3")],
        tracking_codes: std::array::from_fn(|index| {
            (index != 3)
                .then(|| TrackingCode { code: format!("code {index}"), name: (index > 0).then(|| "Name".to_owned()) })
        }),
        acquisition: Acquisition {
            ad_content: some("ad"),
            campaign: some("campaign"),
            keyword: some("keyword"),
            landing_page: some("page"),
            medium: some("medium"),
            source: some("source"),
        },
        integrations: Integrations {
            salesforce_id: some("sf"),
            salesforce_account_type: Some(SalesforceAccountType::ALL[0]),
            salesforce_synch_status: SynchStatus::ALL[0],
            netsuite_id: some("ns"),
            netsuite_synch_status: SynchStatus::ALL[0],
            netsuite_customer_type: some("type"),
            quickbooks_latch_type: Some(QuickBooksLatchType::ALL[0]),
            quickbooks_id: Some(1),
            quickbooks_sync_token: Some(2),
            hubspot_id: Some(3),
            hubspot_company_id: Some(4),
            geotab_id: some("geotab"),
            digital_river_id: some("river"),
        },
        portal_user_name: some("ada"),
        parent,
    }
}

#[tokio::test]
async fn a_customer_is_stored_whole_changed_and_activated() {
    each_store(|tx| {
        let parent = add_customer(tx, 10)?;
        let id = CustomerId(11);
        customer::insert(tx, HERE, id, Currency::EUR, &fields(Some(parent)), now())?;
        let created = customer::find(tx, HERE, id)?.unwrap();
        assert_eq!(created.fields, fields(Some(parent)));
        assert_eq!((created.status, created.account_status), (CustomerStatus::Draft, AccountStatus::Good));
        assert_eq!((created.currency, created.created_at, created.modified_at), (Currency::EUR, now(), now()));
        assert_eq!((created.is_parent, created.activated_at), (false, None));
        assert!(!created.can_change_currency && customer::find(tx, HERE, parent)?.unwrap().can_change_currency);
        customer::set_currency(tx, ELSEWHERE, parent, Currency::EUR)?;
        assert_eq!(customer::find(tx, HERE, parent)?.unwrap().currency, Currency::USD);
        customer::set_currency(tx, HERE, parent, Currency::EUR)?;
        assert_eq!(customer::find(tx, HERE, parent)?.unwrap().currency, Currency::EUR);
        assert!(customer::find(tx, HERE, parent)?.unwrap().is_parent);
        assert_eq!(customer::find(tx, ELSEWHERE, id)?, None);
        assert_eq!((customer::exists(tx, HERE, id)?, customer::exists(tx, ELSEWHERE, id)?), (true, false));
        assert_eq!(customer::find_by_portal_user_name(tx, HERE, "ada")?, Some(id));
        assert_eq!(customer::find_by_portal_user_name(tx, ELSEWHERE, "ada")?, None);

        customer::set_status(tx, ELSEWHERE, id, CustomerStatus::Active, later())?;
        customer::set_account_status(tx, ELSEWHERE, id, AccountStatus::Collection)?;
        assert_eq!(customer::find(tx, HERE, id)?.unwrap(), created);
        customer::set_status(tx, HERE, id, CustomerStatus::Active, later())?;
        customer::set_account_status(tx, HERE, id, AccountStatus::Collection)?;
        customer::update(tx, HERE, id, &CustomerFields::default(), later())?;
        let updated = customer::find(tx, HERE, id)?.unwrap();
        assert_eq!((updated.fields, updated.account_status), (CustomerFields::default(), AccountStatus::Collection));
        assert_eq!((updated.status, updated.activated_at), (CustomerStatus::Active, Some(later())));
        for status in [CustomerStatus::Hold, CustomerStatus::Active] {
            customer::set_status(tx, HERE, id, status, later().plus_days(1))?;
            let moved = customer::find(tx, HERE, id)?.unwrap();
            assert_eq!((moved.status, moved.activated_at), (status, Some(later())));
        }
        assert_list(
            customer::LIST_COLUMNS,
            &[10, 11],
            |one: &billing::customer::Customer| one.id.0,
            |page| customer::list(tx, HERE, page),
        )?;
        assert_eq!(customer::list(tx, ELSEWHERE, &billing::listing::Page::default())?.rows, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_goes_with_everything_that_is_said_of_it() {
    each_store(|tx| {
        let (gone, other) = (add_customer(tx, 10)?, add_customer(tx, 11)?);
        let product = add_product(tx, 12)?;
        let purchase = add_purchase(tx, 13, gone, product)?;
        for customer in [gone, other] {
            customer::insert_setting(tx, HERE, customer, &BillingSetting::default())?;
            address::set_preference(tx, HERE, customer, &PreferenceFields::default())?;
        }
        let fields = AddressFields {
            company_name: None,
            line1: None,
            line2: None,
            region: Region { country: 124, state: None },
            city: None,
            postal_zip: None,
            is_valid: true,
        };
        let address = Address { id: AddressId(20), customer: gone, address_type: AddressType::Billing, fields };
        address::insert(tx, HERE, &address)?;
        customer_note::insert(tx, HERE, &note(30, gone), None)?;
        customer::set_email_preferences(tx, HERE, gone, &EmailPreferences::from([(EmailType::Refund, true)]))?;
        assert_eq!(purchase::list_ids(tx, HERE, gone)?, [purchase]);
        assert_eq!((purchase::list_ids(tx, HERE, other)?, purchase::list_ids(tx, ELSEWHERE, gone)?), (vec![], vec![]));
        purchase::delete(tx, HERE, purchase)?;
        customer::delete(tx, ELSEWHERE, gone)?;
        assert!(customer::exists(tx, HERE, gone)?);
        customer::delete(tx, HERE, gone)?;
        assert_eq!((customer::exists(tx, HERE, gone)?, customer::exists(tx, HERE, other)?), (false, true));
        assert_eq!((customer::find_setting(tx, HERE, gone)?, address::find(tx, HERE, address.id)?), (None, None));
        assert!(customer::find_setting(tx, HERE, other)?.is_some());
        assert!(!customer::has_transactions(tx, HERE, other)?);
        let locked = customer::lock(tx, HERE, other)?.unwrap();
        customer::set_ledgers(tx, HERE, [&LockedCustomer { ledger_sequence: 1, ..locked }])?;
        assert!(customer::has_transactions(tx, HERE, other)?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_locked_customer_has_its_books_and_its_family() {
    each_store(|tx| {
        let (parent, child) = (add_customer(tx, 10)?, CustomerId(11));
        customer::insert(tx, HERE, child, Currency::USD, &fields(Some(parent)), now())?;
        let hash = ChainHash::parse_hex(&"ab".repeat(32)).unwrap();
        let locked = customer::lock(tx, HERE, child)?.unwrap();
        assert_eq!(locked.ledger_sequence, 0);
        let posted = LockedCustomer { balance: amount("7"), ledger_sequence: 3, ledger_hash: hash, ..locked };
        let elsewhere = tx.savepoint(|tx| customer::set_ledgers(tx, ELSEWHERE, [&posted]));
        assert_eq!(elsewhere, Err(db::Error::NoRow));
        customer::set_ledgers(tx, HERE, [&posted])?;
        assert_eq!(customer::lock(tx, HERE, child)?, Some(posted.clone()));
        assert_eq!(customer::lock(tx, ELSEWHERE, child)?, None);
        let parents = customer::lock(tx, HERE, parent)?.unwrap();
        let asked = BTreeSet::from([parent, child, CustomerId(99)]);
        assert_eq!(customer::lock_many(tx, HERE, &asked)?, [parents, posted]);
        assert_eq!(customer::lock_many(tx, ELSEWHERE, &asked)?, []);
        let relative =
            Relative { id: child, status: CustomerStatus::Draft, currency: Currency::USD, parent: Some(parent) };
        assert_eq!(customer::find_relative(tx, HERE, child)?, Some(relative));
        assert_eq!(customer::find_relative(tx, ELSEWHERE, child)?, None);
        assert_eq!((customer::levels_below(tx, HERE, parent)?, customer::levels_below(tx, HERE, child)?), (1, 0));
        assert_eq!(customer::levels_below(tx, ELSEWHERE, parent)?, 0);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn settings_say_how_a_customer_is_billed_and_taxed() {
    each_store(|tx| {
        let (plain, special) = (add_customer(tx, 10)?, CustomerId(11));
        customer::insert(tx, HERE, special, Currency::USD, &fields(None), now())?;
        let setting = BillingSetting {
            term: Term::from_name("Net30"),
            auto_collect: Some(true),
            auto_collect_setting_type: Some(AutoCollectSettingType::Threshold),
            dunning_exempt: Some(true),
            recharge_type: some("recharge"),
            recharge_threshold_amount: Some(amount("1")),
            recharge_target_amount: Some(amount("2")),
            status_on_threshold: Some(true),
            auto_post_draft_invoice: Some(false),
            customer_grace_period: Some(3),
            grace_period_extension: Some(4),
            standing_po_number: some("PO"),
            acquisition_cost: Some(amount("5")),
            show_zero_dollar_charges: Some(true),
            tax_exempt: Some(true),
            tax_exempt_code: some("code"),
            use_customer_billing_address: Some(true),
            avalara_usage_type: some("usage"),
            vat_identification_number: some("vat"),
            customer_service_start_option: Some(ServiceStartOption::ChargeForCurrentFullPeriod),
            roll_up_taxes: Some(true),
            roll_up_discounts: Some(true),
        };
        customer::insert_setting(tx, HERE, special, &setting)?;
        assert_eq!(customer::find_setting(tx, HERE, special)?.as_ref(), Some(&setting));
        assert_eq!(customer::find_setting(tx, ELSEWHERE, special)?, None);
        assert_eq!(customer::find_setting(tx, HERE, plain)?, None);
        let billing = customer::billing(tx, HERE, special)?;
        assert_eq!((billing.contact, billing.term), (contact(), Term::from_name("Net30")));
        assert_eq!((billing.auto_post, billing.po_number), (Some(false), some("PO")));
        let billing = customer::billing(tx, HERE, plain)?;
        assert_eq!((billing.term, billing.auto_post, billing.po_number), (None, None, None));
        let liability = tax::liability(tx, HERE, special)?;
        assert!(liability.is_exempt && liability.is_taxed_where_billed);
        assert_eq!(tax::liability(tx, HERE, plain)?, tax::Liability::default());
        assert_eq!(tax::liability(tx, ELSEWHERE, special)?, tax::Liability::default());
        customer::set_setting(tx, HERE, special, &BillingSetting::default())?;
        customer::set_setting(tx, HERE, plain, &setting)?;
        assert_eq!(customer::find_setting(tx, HERE, special)?, Some(BillingSetting::default()));
        assert_eq!(customer::find_setting(tx, HERE, plain)?, Some(setting));
        let terms = customer::terms_of(tx, HERE, &[plain, special, CustomerId(99)])?;
        assert_eq!(terms.into_iter().collect::<Vec<_>>(), [(plain, Term::from_name("Net30").unwrap())]);
        assert!(customer::terms_of(tx, ELSEWHERE, &[plain])?.is_empty());
        assert_eq!(customer::position(tx, HERE, plain)?, Position::default());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_has_an_address_of_each_type() {
    each_store(|tx| {
        let customer = add_customer(tx, 10)?;
        let fields = |line: &str, is_valid| AddressFields {
            company_name: some("Engines"),
            line1: some(line),
            line2: some("2"),
            region: Region { country: 124, state: Some(9) },
            city: some("Ottawa"),
            postal_zip: some("K1A"),
            is_valid,
        };
        let of = |id, address_type, fields| Address { id: AddressId(id), customer, address_type, fields };
        let billing = of(20, AddressType::Billing, fields("1", true));
        let shipping = of(21, AddressType::Shipping, fields("3", false));
        assert_eq!(address::find_preference(tx, HERE, customer)?, None);
        address::insert(tx, HERE, &billing)?;
        address::insert(tx, HERE, &shipping)?;
        let moved = of(21, AddressType::Shipping, fields("4", true));
        address::update(tx, ELSEWHERE, &moved)?;
        assert_eq!(address::find(tx, HERE, shipping.id)?, Some(shipping));
        address::update(tx, HERE, &moved)?;
        assert_eq!(address::find(tx, HERE, moved.id)?.as_ref(), Some(&moved));
        assert_eq!(address::find(tx, ELSEWHERE, moved.id)?, None);
        let preference = PreferenceFields {
            contact_name: some("Ada"),
            shipping_instructions: some("Ring"),
            uses_billing_as_shipping: true,
        };
        address::set_preference(tx, HERE, customer, &PreferenceFields::default())?;
        address::set_preference(tx, HERE, customer, &preference)?;
        let whole = AddressPreference { fields: preference, billing: Some(billing), shipping: Some(moved) };
        assert_eq!(address::find_preference(tx, HERE, customer)?, Some(whole));
        assert_eq!(address::find_preference(tx, ELSEWHERE, customer)?, None);
        Ok(())
    })
    .await;
}

fn note(id: i64, customer: CustomerId) -> Note {
    Note {
        id: CustomerNoteId(id),
        customer,
        text: "Rang".to_owned(),
        source_application: some("Desk"),
        is_editable: true,
        author: None,
        created_at: now(),
        modified_at: now(),
    }
}

#[tokio::test]
async fn notes_are_kept_with_who_wrote_them() {
    each_store(|tx| {
        let (customer, other) = (add_customer(tx, 10)?, add_customer(tx, 11)?);
        account::insert_key(tx, HERE, ApiKeyId(20), "Support", "hash", now())?;
        let (mine, systems) = (note(30, customer), Note { source_application: None, ..note(31, customer) });
        customer_note::insert(tx, HERE, &mine, Some(ApiKeyId(20)))?;
        customer_note::insert(tx, HERE, &Note { is_editable: false, ..systems.clone() }, None)?;
        customer_note::insert(tx, HERE, &note(32, other), None)?;
        let mine = Note { author: some("Support"), ..mine };
        assert_eq!(customer_note::find(tx, HERE, mine.id)?.as_ref(), Some(&mine));
        assert_eq!(customer_note::find(tx, HERE, systems.id)?, Some(Note { is_editable: false, ..systems }));
        assert_eq!(customer_note::find(tx, ELSEWHERE, mine.id)?, None);
        assert_list(
            customer_note::COLUMNS,
            &[30, 31],
            |note: &Note| note.id.0,
            |page| customer_note::list(tx, HERE, customer, page),
        )?;
        customer_note::update(tx, ELSEWHERE, mine.id, "Stolen", later())?;
        customer_note::delete(tx, ELSEWHERE, mine.id)?;
        assert_eq!(customer_note::find(tx, HERE, mine.id)?.as_ref(), Some(&mine));
        customer_note::update(tx, HERE, mine.id, "Wrote", later())?;
        let changed = Note { text: "Wrote".to_owned(), modified_at: later(), ..mine.clone() };
        assert_eq!(customer_note::find(tx, HERE, mine.id)?, Some(changed));
        customer_note::delete(tx, HERE, mine.id)?;
        assert_eq!(customer_note::find(tx, HERE, mine.id)?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_wants_some_mail() {
    each_store(|tx| {
        let customer = add_customer(tx, 10)?;
        let wanted = EmailPreferences::from([(EmailType::InvoicePost, false), (EmailType::Refund, true)]);
        assert_eq!(customer::email_preferences(tx, HERE, customer)?, EmailPreferences::new());
        customer::set_email_preferences(tx, HERE, customer, &wanted)?;
        assert_eq!(customer::email_preferences(tx, HERE, customer)?, wanted);
        assert_eq!(customer::email_preferences(tx, ELSEWHERE, customer)?, EmailPreferences::new());
        let fewer = EmailPreferences::from([(EmailType::Refund, false)]);
        customer::set_email_preferences(tx, HERE, customer, &fewer)?;
        assert_eq!(customer::email_preferences(tx, HERE, customer)?, fewer);
        customer::set_email_preferences(tx, HERE, customer, &EmailPreferences::new())?;
        assert_eq!(customer::email_preferences(tx, HERE, customer)?, EmailPreferences::new());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_customer_is_who_has_everything_that_is_known_of_it() {
    each_store(|tx| {
        let (plain, known) = (add_customer(tx, 10)?, CustomerId(11));
        customer::insert(tx, HERE, known, Currency::USD, &fields(Some(plain)), now())?;
        let company = Identity { company_name: some("ENGINES"), ..Identity::default() };
        assert_eq!(customer::identify(tx, HERE, &company)?, [known]);
        assert_eq!(customer::identify(tx, ELSEWHERE, &company)?, []);
        let both = Identity { id: Some(known), primary_email: some("A@example.com"), ..company.clone() };
        assert_eq!(customer::identify(tx, HERE, &both)?, [known]);
        assert_eq!(customer::identify(tx, HERE, &Identity { id: Some(plain), ..both })?, []);
        for (account, since, expected) in
            [(HERE, now(), true), (HERE, now().plus_millis(1), false), (ELSEWHERE, now(), false)]
        {
            assert_eq!(customer::has_new_reference(tx, account, "r", since)?, expected);
        }
        Ok(())
    })
    .await;
}
