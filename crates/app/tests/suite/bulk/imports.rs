//! What the records of imports do, and why they do not (bulk-jobs.md §7).

use app::{
    Tx,
    bulk::types::{self, Column},
    customers, opening_balances, purchases,
};
use billing::{
    account::Session,
    bulk::{
        BulkJobType, BulkRecord,
        BulkRecordStatus::{self, FailedProcessing, FailedValidation, Processed},
        SubmittedJobType,
    },
    customer::{Contact, CustomerFields, CustomerStatus},
    id::{CustomerId, InvoiceId, OpeningBalanceId, PaymentId, ProductItemId, PurchaseId},
    named::Named,
    payment::{PaymentMethod, PaymentSource},
    purchase::PurchaseStatus,
};
use db::values;

use super::{amount, details};
use crate::{
    payment_methods::store as store_card,
    shop::{Shop, each_shop},
};

impl Shop {
    /// Has rows imported, and answers what became of them.
    pub(super) async fn import(&self, job_type: BulkJobType, rows: &[String]) -> Vec<BulkRecord> {
        let id = self.submit(SubmittedJobType::BulkPayment, rows.to_vec()).await.unwrap().id;
        let sql = "UPDATE bulk_job SET job_type = $1 WHERE id = $2";
        let name = job_type.to_string();
        self.act(move |tx, _| Ok(tx.execute(sql, &values![&name, id.0])?)).await.unwrap();
        let worker = self.worker();
        self.settled(id).await;
        self.process(id).await.unwrap();
        let (_, records) = self.settled(id).await;
        worker.stop().await;
        records
    }

    /// The one thing that a row of an import created.
    pub(super) async fn import_one(&self, job_type: BulkJobType, row: String) -> Option<i64> {
        let records = self.import(job_type, &[row]).await;
        assert_eq!((records[0].status, &records[0].details), (Processed, &None));
        records[0].created_id
    }

    /// A draft customer who is known by names.
    pub(super) async fn named(&self, reference: &str, company: &str, email: &str) -> CustomerId {
        let text = |text: &str| Some(text.to_owned());
        let contact = Contact {
            reference: text(reference),
            company_name: text(company),
            primary_email: text(email),
            ..Contact::default()
        };
        let fields = CustomerFields { contact, ..CustomerFields::default() };
        let order = customers::create::Order { fields, ..customers::create::Order::default() };
        self.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id
    }

    async fn status(&self, customer: CustomerId) -> CustomerStatus {
        self.act(move |tx, session| customers::find::run(tx, session, customer)).await.unwrap().status
    }
}

pub(super) fn rows<const N: usize>(rows: [&str; N]) -> Vec<String> {
    rows.map(str::to_owned).to_vec()
}

pub(super) fn statuses(records: &[BulkRecord]) -> Vec<BulkRecordStatus> {
    records.iter().map(|record| record.status).collect()
}

#[tokio::test]
async fn customers_are_named_by_what_is_theirs_alone() {
    each_shop(async |shop| {
        let ada = shop.named("A-1", "Acme", "ada@acme.example").await;
        let bob = shop.named("B-1", "Acme", "bob@acme.example").await;
        let eve = shop.named("E-1", "Eve's", "shared@acme.example").await;
        let kind = BulkJobType::CustomerActivationImport;
        let records = shop
            .import(
                kind,
                &[
                    "CompanyName=Acme".to_owned(),
                    "CompanyName=ACME|PrimaryEmail=Bob@acme.example".to_owned(),
                    format!("StaxBillId={ada}|Reference=a-1"),
                    format!("StaxBillId={eve}|Reference=A-1"),
                    "Reference=nobody".to_owned(),
                    "ActivateAllDraftPurchases=maybe".to_owned(),
                    "ActivateAllDraftPurchases=No".to_owned(),
                ],
            )
            .await;
        let contrary = format!("There is no customer with StaxBillId {eve}, Reference A-1.");
        assert_eq!(
            details(&records),
            [
                Some("More than one customer has CompanyName Acme."),
                None,
                None,
                Some(contrary.as_str()),
                Some("There is no customer with Reference nobody."),
                Some("The field ActivateAllDraftPurchases must be Yes or No."),
                Some("One of StaxBillId, Reference, CompanyName and PrimaryEmail is required."),
            ]
        );
        for (customer, status) in
            [(ada, CustomerStatus::Active), (bob, CustomerStatus::Active), (eve, CustomerStatus::Draft)]
        {
            assert_eq!(shop.status(customer).await, status);
        }
        let again = shop.import(kind, &[format!("StaxBillId={ada}")]).await;
        assert_eq!(statuses(&again), [FailedValidation], "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn activation_charges_what_waits_if_it_is_asked_to() {
    each_shop(async |shop| {
        let (customer, product) = (shop.draft_customer().await, shop.product("P", "10").await);
        let purchase = shop.purchase(customer, product, "3").await;
        let row = format!("StaxBillId={customer}|ActivateAllDraftPurchases=Yes");
        let invoice = shop.import_one(BulkJobType::CustomerActivationImport, row).await.map(InvoiceId).unwrap();
        assert_eq!(shop.invoice_of(invoice).await.customer, customer);
        assert_eq!(shop.balance(customer).await, amount("30"));
        let found = shop.act(move |tx, session| purchases::find::run(tx, session, purchase)).await.unwrap();
        assert_eq!(found.status, PurchaseStatus::Purchased);
    })
    .await;
}

#[tokio::test]
async fn draft_customers_are_deleted_unless_money_of_theirs_moved() {
    each_shop(async |shop| {
        let gone = shop.named("A-1", "Acme", "ada@acme.example").await;
        let active = shop.customer().await;
        let records = shop
            .import(
                BulkJobType::CustomerDraftCancelImport,
                &["Reference=A-1".to_owned(), format!("StaxBillId={active}"), "Reference=A-1".to_owned()],
            )
            .await;
        assert_eq!(statuses(&records), [Processed, FailedValidation, FailedProcessing], "{records:?}");
        assert_eq!(records[2].details.as_deref(), Some("There is no customer with Reference A-1."));
        let found = shop.act(move |tx, session| Ok(store::customer::exists(tx, session.account.id, gone)?)).await;
        assert!(!found.unwrap());
        assert_eq!(shop.status(active).await, CustomerStatus::Active);
    })
    .await;
}

#[tokio::test]
async fn payments_go_to_the_invoice_that_they_name() {
    each_shop(async |shop| {
        let (customer, product) = (shop.customer().await, shop.product("P", "10").await);
        let invoices = shop.invoices(customer, product, 2).await;
        let records = shop
            .import(
                BulkJobType::PaymentImport,
                &[
                    format!("StaxBillID={customer}|Amount=4.50|Reference=chk 88|InvoiceId={}", invoices[1]),
                    format!(
                        "staxbillid={customer}|AMOUNT=8|PaymentMethod=cash|InvoiceId={}|InvoiceAmount=1|\
                         AutoAllocateOrder=OldestToNewest|EffectiveTimestamp=2024-01-14T08:00:00Z|ReferenceDate=2024-01-13",
                        invoices[1]
                    ),
                    format!("StaxBillID={customer}|Amount=0|InvoiceAmount=1|Colour=red"),
                    "StaxBillID=7|Amount=1".to_owned(),
                    format!("StaxBillID={customer}|Amount=1|PaymentMethod=CreditCard"),
                ],
            )
            .await;
        let wrong = "There is no column Colour., The field Amount must be a positive number and cannot exceed two \
                     decimal places., InvoiceAmount is only valid with InvoiceId.";
        assert_eq!(details(&records)[..4], [None, None, Some(wrong), Some("Customer with id 7 not found.")]);
        assert_eq!(records[4].status, FailedValidation);
        let read = |id: i64| {
            move |tx: &mut Tx<'_>, session: &Session| app::payments::find::run(tx, session, PaymentId(id))
        };
        let check = shop.act(read(records[0].created_id.unwrap())).await.unwrap();
        assert_eq!((check.method, check.source), (PaymentMethod::Check, PaymentSource::Import));
        assert_eq!(check.reference.as_deref(), Some("chk 88"));
        assert_eq!((check.allocations[0].invoice, check.allocations[0].amount), (invoices[1], amount("4.5")));
        let cash = shop.act(read(records[1].created_id.unwrap())).await.unwrap();
        let given: Vec<_> = cash.allocations.iter().map(|part| (part.invoice, part.amount)).collect();
        assert_eq!((cash.method, given), (PaymentMethod::Cash, vec![(invoices[0], amount("7")), (invoices[1], amount("1"))]));
        assert_eq!(shop.balance(customer).await, amount("7.5"));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn opening_balances_are_owed_or_on_deposit_or_both() {
    each_shop(async |shop| {
        let customer = shop.customer().await;
        let records = shop
            .import(
                BulkJobType::OpeningBalanceImport,
                &[
                    format!(
                        "StaxBillId={customer}|AmountOwing=100|AmountOnDeposit=0.00|Terms=net30|PoNumber=PO-7|InvoiceNote=old|\
                         OpeningBalanceOwingChargeDisplayName=From before|OpeningBalanceReference=R"
                    ),
                    format!("StaxBillId={customer}|AmountOnDeposit=25.50|AmountOwing=10"),
                    format!("StaxBillId={customer}|AmountOnDeposit=1|Terms=Net30"),
                    format!("StaxBillId={customer}|AmountOnDeposit=0"),
                ],
            )
            .await;
        assert_eq!(
            details(&records),
            [
                None,
                None,
                Some("Terms is only valid with AmountOwing."),
                Some("AmountOwing or AmountOnDeposit is required."),
            ]
        );
        let id = OpeningBalanceId(records[0].created_id.unwrap());
        let owed = shop.act(move |tx, session| opening_balances::find::run(tx, session, id)).await.unwrap();
        assert_eq!((owed.amount, owed.name.as_deref(), owed.reference.as_deref()), (amount("100"), Some("From before"), Some("R")));
        let invoice = shop.invoice_of(owed.invoice.unwrap()).await;
        assert_eq!((invoice.term.name(), invoice.po_number.as_deref()), ("Net30", Some("PO-7")));
        assert_eq!(shop.balance(customer).await, amount("84.5"));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn purchases_are_made_and_charged_by_files() {
    each_shop(async |shop| {
        let (customer, _) = (shop.customer().await, shop.product("P", "10").await);
        shop.tracked_service("T", "10").await;
        let records = shop
            .import(
                BulkJobType::PurchaseImport,
                &[
                    format!("StaxBillId={customer}|ProductCode=P|PurchaseQuantity=2|PurchaseName=Boxes"),
                    format!("StaxBillId={customer}|ProductCode=P|PurchaseQuantity=2|PurchasePrice=7.5|AutoFinalizePurchase=Yes"),
                    format!("StaxBillId={customer}|ProductCode=T|PurchaseQuantity=0"),
                    format!("StaxBillId={customer}|ProductCode=T|PurchaseQuantity=1"),
                    format!("StaxBillId={customer}|ProductCode=none|PurchaseQuantity=-1"),
                    format!("StaxBillId={customer}|ProductCode=none"),
                ],
            )
            .await;
        assert_eq!(
            details(&records),
            [
                None,
                None,
                None,
                Some("Quantity is not valid when tracking items."),
                Some("The field PurchaseQuantity must be a positive number and cannot exceed six decimal places."),
                Some("There is no product with code none."),
            ]
        );
        assert_eq!(shop.balance(customer).await, amount("15"), "one is charged, at its own price");
        let purchase = |index: usize| PurchaseId(records[index].created_id.unwrap());
        let moved: Vec<_> = records.iter().map(|record| record.amount).collect();
        assert_eq!(moved, [None, Some(amount("15")), None, None, None, None], "a draft moves no money");
        let draft = purchase(0);
        let found = shop.act(move |tx, session| purchases::find::run(tx, session, draft)).await.unwrap();
        assert_eq!((found.status, found.terms.name.as_str()), (PurchaseStatus::Draft, "Boxes"));

        let items = shop
            .import(
                BulkJobType::CreatePurchaseProductItem,
                &[
                    format!("PurchaseId={}|Reference=SN-1|Name=First", purchase(2)),
                    format!("PurchaseId={}|Reference=SN-1", purchase(2)),
                    format!("PurchaseId={}|Reference=SN-2", purchase(0)),
                    "PurchaseId=7|Reference=SN-3".to_owned(),
                ],
            )
            .await;
        assert_eq!(statuses(&items), [Processed, FailedProcessing, FailedValidation, FailedValidation], "{items:?}");
        let item = ProductItemId(items[0].created_id.unwrap());
        let item = shop.act(move |tx, session| app::product_items::find::run(tx, session, item)).await.unwrap();
        assert_eq!((item.purchase, item.item.order.name.as_deref()), (purchase(2), Some("First")));

        let rows = [0, 2, 1].map(|index| format!("PurchaseId={}", purchase(index)));
        let charged = shop.import(BulkJobType::PurchaseActivationImport, &rows).await;
        assert_eq!(statuses(&charged), [Processed, Processed, FailedValidation], "{charged:?}");
        let invoice = shop.invoice_of(InvoiceId(charged[0].created_id.unwrap())).await;
        assert_eq!(invoice.totals.amount(), Ok(amount("20")));
        assert_eq!(shop.balance(customer).await, amount("45"));
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn payment_methods_are_deleted_and_the_default_goes_last() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let customer = shop.customer().await;
        let (first, second) = (store_card(shop, customer).await, store_card(shop, customer).await);
        let kind = BulkJobType::DeletePaymentMethods;
        let rows = [first, second, first].map(|id| format!("PaymentMethodId={id}"));
        let records = shop.import(kind, &rows[..2]).await;
        assert_eq!(statuses(&records), [FailedValidation, Processed], "{records:?}");
        let records = shop.import(kind, &rows[1..]).await;
        assert_eq!(statuses(&records), [FailedValidation, Processed], "{records:?}");
        let left = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(store::payment_method::list(tx, session.account.id, &[customer])?.len())
        };
        assert_eq!(shop.act(left).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn types_that_are_only_names_process_nothing() {
    each_shop(async |shop| {
        let records = shop.import(BulkJobType::SubscriptionImport, &rows(["PlanCode=P"])).await;
        assert_eq!(details(&records), [Some("Records of type SubscriptionImport cannot be processed.")]);
        assert_eq!(types::layout(BulkJobType::SubscriptionImport), None);
    })
    .await;
}

#[test]
fn the_documentation_has_every_column_of_every_type() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/bulk-imports.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, told) = text.split_once("## Columns").unwrap();
    for job_type in BulkJobType::ALL {
        let told = told.lines().find_map(|line| line.strip_prefix(&format!("| `{job_type}` | "))?.strip_suffix(" |"));
        let name = |column: &Column| {
            let name = format!("`{}`", column.name);
            if column.is_required { format!("**{name}**") } else { name }
        };
        let layout = types::layout(*job_type);
        let columns = layout.map(|layout| layout.columns.iter().map(name).collect::<Vec<_>>().join(", "));
        assert_eq!(told, columns.as_deref(), "{job_type}");
    }
}
