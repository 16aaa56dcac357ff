//! Customers that are created and changed by files (bulk-jobs.md §7.1, §7.2).

use app::{addresses, customers};
use billing::{
    address::AddressPreference,
    bulk::BulkJobType,
    customer::{BillingSetting, Customer, CustomerStatus, EmailPreferences, EmailType, Title},
    id::CustomerId,
    named::Named,
};
use money::Currency;

use super::details;
use crate::shop::{Shop, each_shop};

impl Shop {
    async fn customer_of(&self, id: CustomerId) -> Customer {
        self.act(move |tx, session| customers::find::run(tx, session, id)).await.unwrap()
    }

    async fn addressed(&self, id: CustomerId) -> AddressPreference {
        self.act(move |tx, session| addresses::find_preference::run(tx, session, id)).await.unwrap()
    }

    async fn setting(&self, id: CustomerId) -> BillingSetting {
        self.act(move |tx, session| customers::find_setting::run(tx, session, id)).await.unwrap()
    }

    async fn mail(&self, id: CustomerId) -> EmailPreferences {
        self.act(move |tx, session| customers::find_email_preferences::run(tx, session, id)).await.unwrap()
    }
}

/// A row with something in every group of columns.
const WHOLE: &str = "Reference=A-1|Currency=cad|CompanyName=Acme|FirstName=Ada|Title=dr|PrimaryEmail=ada@acme.example|\
                     Reference2=two|SalesTrackingCode1=NORTH|Campaign=spring|Terms=Net30|TaxExempt=Yes|\
                     StandingPoNumber=PO-7|ContactName=Ada|BillingAddress.Line1=1 Main St|BillingAddress.Country=CA|\
                     BillingAddress.State=on|ShippingAddress.City=Berlin|ShippingAddress.Country=Germany";

#[tokio::test]
async fn a_row_creates_a_draft_with_all_that_it_says() {
    each_shop(async |shop| {
        let id = shop.import_one(BulkJobType::CustomerImport, WHOLE.to_owned()).await.map(CustomerId).unwrap();
        let customer = shop.customer_of(id).await;
        assert_eq!((customer.status, customer.currency), (CustomerStatus::Draft, Currency::CAD));
        let contact = &customer.fields.contact;
        assert_eq!((contact.reference.as_deref(), contact.title), (Some("A-1"), Some(Title::Dr)));
        assert_eq!(customer.fields.references[1].as_deref(), Some("two"));
        assert_eq!(customer.fields.tracking_codes[0].as_ref().map(|code| code.code.as_str()), Some("NORTH"));
        assert_eq!(customer.fields.acquisition.campaign.as_deref(), Some("spring"));
        let setting = shop.setting(id).await;
        assert_eq!((setting.term.map(Named::name), setting.tax_exempt), (Some("Net30"), Some(true)));
        let addressed = shop.addressed(id).await;
        assert_eq!(addressed.fields.contact_name.as_deref(), Some("Ada"));
        let billing = addressed.billing.unwrap().fields;
        assert_eq!(
            (billing.line1.as_deref(), billing.region.country, billing.region.state),
            (Some("1 Main St"), 124, Some(9))
        );
        assert_eq!(addressed.shipping.unwrap().fields.region.country, 276);
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_new_customer_is_told() {
    each_shop(async |shop| {
        let row = "Currency=XXX|PrimaryEmail=nobody|Terms=soon|CustomerGracePeriod=-1|BillingAddress.Line1=1 Main St|\
                   ShippingAddress.Country=CA|ShippingAddress.State=BY|SecondaryPhone=123";
        let records = shop.import(BulkJobType::CustomerImport, &[row.to_owned()]).await;
        let told = records[0].details.clone().unwrap();
        for complaint in [
            "The field Currency must be one of AUD, ",
            "Please enter valid email addresses",
            "The field Terms must be one of Net0, ",
            "The field CustomerGracePeriod must be between 0 and 3650.",
            "The Country field is required.",
            "The field ShippingAddress.State must be the code of a state of Canada, such as ",
        ] {
            assert!(told.contains(complaint), "{complaint} in {told}");
        }
        let basic = ["FirstName=Ada|Terms=Net30".to_owned(), "FirstName=Ada".to_owned()];
        let records = shop.import(BulkJobType::CustomerImportBasic, &basic).await;
        assert_eq!(details(&records), [Some("There is no column Terms."), None]);
    })
    .await;
}

#[tokio::test]
async fn no_two_rows_of_a_file_have_the_same_reference() {
    each_shop(async |shop| {
        shop.named("B-1", "Earlier", "earlier@acme.example").await;
        shop.clock.advance_millis(1);
        let rows = ["A-1", "a-1", "B-1", "C-1", "A-1"].map(|reference| format!("Reference={reference}|FirstName=Ada"));
        let mut rows = rows.to_vec();
        rows.extend(["Currency=CAD".to_owned(), "Currency=CAD".to_owned()]);
        let records = shop.import(BulkJobType::CustomerImport, &rows).await;
        let twice = |reference| {
            format!(
                "A customer with the Reference {reference} was created since this job began: an earlier row may have it, too."
            )
        };
        let expected = [None, Some(twice("a-1")), None, None, Some(twice("A-1")), None, None];
        assert_eq!(details(&records), expected.each_ref().map(Option::as_deref), "names are no must");
    })
    .await;
}

#[tokio::test]
async fn parents_are_named_by_id_or_reference() {
    each_shop(async |shop| {
        let parent = shop.named("HEAD", "Head", "head@acme.example").await;
        let rows = ["Parent=head|FirstName=A".to_owned(), format!("Parent={parent}"), "Parent=7".to_owned()];
        let refused = shop.import(BulkJobType::CustomerImport, &rows).await;
        let none = "There is no customer 7 to be the parent.";
        assert_eq!(refused[2].details.as_deref(), Some(none));
        assert_eq!(refused[0].details, refused[1].details, "a draft is no parent");
        assert!(refused[0].details.is_some());

        shop.activate(parent).await;
        let records = shop.import(BulkJobType::CustomerImport, &rows).await;
        assert_eq!(details(&records), [None, None, Some(none)]);
        for record in &records[..2] {
            let child = shop.customer_of(CustomerId(record.created_id.unwrap())).await;
            assert_eq!(child.fields.parent, Some(parent));
        }
        let child = CustomerId(records[0].created_id.unwrap());
        let number = parent.to_string();
        shop.named(&number, "Other", "other@acme.example").await;
        let records = shop.import(BulkJobType::CustomerImport, &rows[1..2]).await;
        let several = format!("More than one customer could be the parent {parent}.");
        assert_eq!(details(&records), [Some(several.as_str())]);

        let rows = [format!("StaxBillId={child}|Parent=clear")];
        assert_eq!(details(&shop.import(BulkJobType::CustomerImportEdit, &rows).await), [None]);
        assert_eq!(shop.customer_of(child).await.fields.parent, None);
    })
    .await;
}

#[tokio::test]
async fn an_edit_changes_what_it_says_and_nothing_else() {
    each_shop(async |shop| {
        let id = shop.import_one(BulkJobType::CustomerImport, WHOLE.to_owned()).await.map(CustomerId).unwrap();
        let before = shop.customer_of(id).await;
        let row = format!(
            "StaxBillId={id}|Reference=A-2|FirstName=Grace|Title=CLEAR|SalesTrackingCode1=clear|TaxExempt=clear|\
             Terms=Net15|BillingAddress.City=Ottawa|ShippingAddress.Country=US|Email.InvoicePost=Off"
        );
        shop.import_one(BulkJobType::CustomerImportEdit, row).await;
        let mut expected = before.fields.clone();
        expected.contact.reference = Some("A-2".to_owned());
        expected.contact.first_name = Some("Grace".to_owned());
        expected.contact.title = None;
        expected.tracking_codes[0] = None;
        assert_eq!(shop.customer_of(id).await.fields, expected);
        let setting = shop.setting(id).await;
        assert_eq!((setting.term.map(Named::name), setting.tax_exempt), (Some("Net15"), None));
        assert_eq!(setting.standing_po_number.as_deref(), Some("PO-7"));
        let addressed = shop.addressed(id).await;
        let billing = addressed.billing.unwrap().fields;
        assert_eq!(
            (billing.line1.as_deref(), billing.city.as_deref(), billing.region.state),
            (Some("1 Main St"), Some("Ottawa"), Some(9))
        );
        let shipping = addressed.shipping.unwrap().fields;
        assert_eq!((shipping.city.as_deref(), shipping.region.country), (Some("Berlin"), 840));
        assert_eq!(shop.mail(id).await, EmailPreferences::from([(EmailType::InvoicePost, false)]));

        shop.import_one(BulkJobType::CustomerImportEdit, "Reference=A-2|Email.InvoicePost=clear".to_owned()).await;
        assert_eq!(shop.mail(id).await, EmailPreferences::new());
        assert_eq!(shop.customer_of(id).await.fields, expected);
    })
    .await;
}

#[tokio::test]
async fn an_edit_says_who_and_what() {
    each_shop(async |shop| {
        let id = shop.named("A-1", "Acme", "ada@acme.example").await;
        shop.named("B-1", "Twins", "bob@acme.example").await;
        shop.named("B-1", "Twins", "eve@acme.example").await;
        let rows = [
            "FirstName=Ada".to_owned(),
            "Reference=A-1".to_owned(),
            format!("StaxBillId={id}"),
            "Reference=B-1|FirstName=Ada".to_owned(),
            format!("StaxBillId={id}|PrimaryEmail=nobody|BillingAddress.City=Ottawa"),
            "Reference=A-1|FirstName=Ada".to_owned(),
        ];
        let records = shop.import(BulkJobType::CustomerImportEdit, &rows).await;
        assert_eq!(
            details(&records),
            [
                Some("StaxBillId or Reference is required."),
                Some("The record changes nothing."),
                Some("The record changes nothing."),
                Some("More than one customer has Reference B-1."),
                Some("Please enter valid email addresses, The Country field is required."),
                None,
            ]
        );
        let contact = shop.customer_of(id).await.fields.contact;
        assert_eq!(
            (contact.first_name.as_deref(), contact.primary_email.as_deref()),
            (Some("Ada"), Some("ada@acme.example"))
        );
    })
    .await;
}

#[tokio::test]
async fn an_edit_sees_what_the_row_before_it_did() {
    each_shop(async |shop| {
        let id = shop.named("A-1", "Acme", "ada@acme.example").await;
        let rows = [format!("StaxBillId={id}|Reference=A-9"), "Reference=A-1|FirstName=Ada".to_owned()];
        let records = shop.import(BulkJobType::CustomerImportEdit, &rows).await;
        assert_eq!(details(&records), [None, Some("There is no customer with Reference A-1.")]);
        assert_eq!(shop.customer_of(id).await.fields.contact.first_name, None);
    })
    .await;
}
