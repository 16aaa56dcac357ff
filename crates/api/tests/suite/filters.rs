//! Every filter and sorting that the reference names (conventions.md §8–9), and searches, on every list there is.

use billing::listing::Field;
use serde_json::{Value, json};
use testkit::{Client, Reply, each_server, on_server, server::config};

const CUSTOMER: &str = "AccountStatus:Good,PoorStanding,Collection Arbalance:0|1.5 CreatedTimestamp:2018-01-01|2019-01-01 \
    CurrentMrr:0|1 CurrentNetMrr:|1 CustomerReference.Reference1:a CustomerReference.Reference2:[empty] \
    CustomerReference.Reference3:*a* ModifiedTimestamp:2018-01-01| MonthlyRecurringRevenue:0 NetMRR:0.00|9 ParentId:7 \
    Status:Draft,Active,Cancelled,Hold,Suspended";

/// What comes to [`CUSTOMER`] where the original filters by more of a customer.
const CUSTOMER_PLUS: &str = "CompanyName:a CurrencyId:1,24 FirstName:a MiddleName:a LastName:a NetSuiteId:a QuickBooksId:7 \
    Reference:a SalesforceId:a";

const INVOICES: &str = "createdTimestamp:2018-01-01|2019-01-01 effectiveTimestamp:|2019-01-01 postedTimestamp:2018-01-01| \
    openingArBalance:1|2 closingArBalance:|2 invoiceNumber:1,2 netsuiteId:a poNumber:a* quickBooksId:7 SalesforceID:a \
    totalInstallments:1|3";

const INVOICE_SUMMARIES: &str = "companyName:a currency:usd customerId:7 dueDate:2018-01-01| effectiveTimestamp:|2019-01-01 \
    modifiedTimestamp:2018-01-01| postedTimestamp:2018-01-01| firstName:a middleName:a lastName:a invoiceAmount:1|2 \
    invoiceNumber:1,2 invoiceStatus:Due,Overdue,Paid,WrittenOff,Void,Disputed,Pending outstandingBalance:|2 quickBooksId:a \
    reference:a sumOfCharges:1| totalCreditNotes:0 totalPayments:0|1 unsettled:true writeoffs:0";

const PURCHASES: &str = "Amount:1|2 TaxableAmount:1|2 Quantity:1| TargetOrderQuantity:|2 CancellationTimestamp:2018-01-01| \
    CreatedTimestamp:2018-01-01| EffectiveTimestamp:2018-01-01| ModifiedTimestamp:2018-01-01| \
    PurchaseTimestamp:2018-01-01| CustomerId:7 Name:a Description:a SalesforceId:a \
    PricingModelType:Standard,Tiered,Stairstep,Volume,Formula EarningInterval:Monthly,Yearly EarningNumberOfInterval:1|12 \
    EarningTimingInterval:Daily,Monthly,Yearly,Interval,DoesNotEarn,EarnImmediately \
    EarningTimingType:StartOfInterval,EndOfInterval,DoesNotEarn IsEarnedImmediately:true IsTrackingItems:false \
    Status:Draft,Purchased,Reversed,Cancelled Product.Code:a Product.Name:a Product.Description:a";

const ACTIVITIES: &str = "amount:1|2 createdTimestamp:2018-01-01| effectiveTimestamp:2018-01-01| \
    modifiedTimestamp:2018-01-01| GatewayName:a parentCustomerId:7 customerId:7 \
    PaymentActivityStatus:Failed,Successful,Unknown PaymentMethodType:Check,DirectDeposit,CreditCard,Cash,ACH,Paypal \
    PaymentSource:Manual,Automatic PaymentType:Validate,Collect,Refund";

const PLAN_PRODUCTS: &str = "code:a name:a description:a productId:7 status:Active,Retired quantity:1|2 maxQuantity:1| \
    chargeAtSubscriptionActivation:true generateZeroDollarCharge:true isFixed:true isIncludedByDefault:false \
    isOptional:true isRecurring:true isTrackingItems:true createdTimestamp:2018-01-01| modifiedTimestamp:2018-01-01|";

/// What the reference names for a list, a clause each; nothing where it is silent.
fn documented(path: &str) -> Vec<String> {
    let clauses = |texts: &[&str]| texts.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    let of_customer = |texts: &[&str], customer: &[&str]| {
        let customer = customer.iter().flat_map(|text| text.split_whitespace());
        let mut all: Vec<String> = clauses(texts);
        all.extend(customer.map(|clause| format!("Customer.{clause}")));
        all
    };
    match path {
        "/v1/Customers" => clauses(&[
            CUSTOMER,
            CUSTOMER_PLUS,
            "id:1,2 CustomerAcquisition.AdContent:a CustomerAcquisition.Campaign:a CustomerAcquisition.LandingPage:a \
             CustomerAcquisition.Medium:a CustomerAcquisition.Source:a NetsuiteEntityType:1,2 \
             NetSuiteSynchStatusId:Enabled,Disabled PrimaryEmail:a*@b.example PrimaryPhone:555* \
             QuickBooksLatchTypeId:CreateNew,LatchExisting,DoNothing QuickBooksSyncToken:7 \
             SalesforceAccountType:Company,Person SalesforceSynchStatus:Enabled SecondaryEmail:a SecondaryPhone:5 Suffix:Jr \
             Title:Mr,Mrs,Ms,Miss,Dr \
             CustomerReference.SalesTrackingCode1.Code:a CustomerReference.SalesTrackingCode1.Name:a \
             CustomerReference.SalesTrackingCode2.Code:a CustomerReference.SalesTrackingCode2.Name:a \
             CustomerReference.SalesTrackingCode3.Code:a CustomerReference.SalesTrackingCode3.Name:a \
             CustomerReference.SalesTrackingCode4.Code:a CustomerReference.SalesTrackingCode4.Name:a \
             CustomerReference.SalesTrackingCode5.Code:a CustomerReference.SalesTrackingCode5.Name:a",
        ]),
        "/v1/Invoices" => of_customer(&[INVOICES, "customerId:7"], &[CUSTOMER]),
        "/v1/Customers/{customerId}/Invoices" => clauses(&[INVOICES]),
        "/v1/InvoiceSummaries" => of_customer(&[INVOICE_SUMMARIES], &[CUSTOMER]),
        "/v1/Customers/{customerId}/InvoiceSummaries" => of_customer(
            &[INVOICE_SUMMARIES, "avalaraId:7"],
            &["CustomerReference.Reference1:a CustomerReference.Reference2:a CustomerReference.Reference3:a"],
        ),
        "/v1/CreditNotes" => clauses(&["invoiceId:7 Number:01-CR-0* Invoice.CustomerId:7 Invoice.InvoiceNumber:1,2 \
             Invoice.PostedTimestamp:2018-01-01| Invoice.QuickBooksId:7"]),
        "/v1/PaymentActivities/GetByAccountID" => of_customer(&[ACTIVITIES], &[CUSTOMER]),
        "/v1/Customers/{id}/PaymentActivities" | "/v1/Customers/{id}/ChildPaymentActivities" => clauses(&[ACTIVITIES]),
        "/v1/Customers/{customerId}/Purchases" => clauses(&[PURCHASES]),
        "/v1/Purchases/GetByProductId" => of_customer(&[PURCHASES], &[CUSTOMER, CUSTOMER_PLUS]),
        "/v1/PurchaseSummary" => clauses(&["customerID:7 purchaseId:7,8 invoiceNumber:1|2 firstName:a lastName:a \
             reference:a productCode:a name:a description:a createdDate:2018-01-01| cancellationDate:2018-01-01| \
             invoicedDate:|2018-01-01 datePaid:| purchaseStatus:Draft purchaseOnPaidInvoices:true currency:usd"]),
        "/v1/Products" => {
            clauses(&["code:a name:a description:a productType:PhysicalGood,RecurringService,OneTimecharge \
             status:Active,Retired availableForPurchase:true deletable:true isTrackingItems:true taxExempt:true \
             quantity:1|2 avalaraItemCode:a avalaraTaxCode:a glCode.Code:a glCode.Name:a netsuiteItemId:a salesforceId:a \
             createdTimestamp:2018-01-01| modifiedTimestamp:2018-01-01|"])
        }
        "/v1/ProductSummary" => clauses(&["availableForPurchase:true code:a name:a description:a \
             createdTimestamp:2018-01-01| productType:OneTimeCharge quantity:1|2 status:Active taxExempt:false"]),
        "/v1/Plans/{id}/PlanProducts" | "/v1/Products/{id}/PlanProducts" => clauses(&[PLAN_PRODUCTS]),
        "/v1/Plans" => clauses(&["code:a name:a reference:a status:Active autoApplyChanges:true"]),
        "/v1/Discounts" => {
            clauses(&["amount:1|2 code:a name:a description:a discountType:Amount,Percentage,AmountPerUnit \
             remainingUsage:1|2 remainingUsagesUntilStart:1 status:Active,Retired"])
        }
        "/v1/ProductItems" => of_customer(
            &["customerId:7 productId:7 reference:a name:a description:a status:Active,Deleted \
               createdTimestamp:2018-01-01| modifiedTimestamp:2018-01-01| Product.Code:a Product.Name:a \
               Product.Description:a Purchase.Name:a Purchase.Description:a Purchase.PurchaseTimestamp:2018-01-01| \
               Purchase.Status:Draft"],
            &[CUSTOMER, CUSTOMER_PLUS],
        ),
        _ => Vec::new(),
    }
}

fn lists() -> impl Iterator<Item = api::Operation> {
    api::operations().into_iter().filter(|operation| !operation.fields.is_empty())
}

#[test]
fn every_list_tells_what_it_is_filtered_by() {
    for list in lists() {
        let told = list.query.iter().find(|parameter| parameter.name == "query").unwrap();
        let told = told.description.to_ascii_lowercase();
        let documented = documented(list.path).into_iter();
        let documented = documented.filter_map(|clause| Some(clause.split_once(':')?.0.to_ascii_lowercase()));
        let taken = list.fields.iter().map(|field| field.name.to_ascii_lowercase());
        for name in documented.chain(taken) {
            assert!(told.contains(&format!("`{name}` (")), "{} does not tell of {name}", list.path);
        }
    }
}

#[tokio::test]
async fn every_list_takes_every_documented_filter_and_sorting_and_searches() {
    each_server(async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        shop.create_invoice(customer, product, 1).await;
        let plan = json!({ "code": "PLAN", "name": "Plan", "status": "Active",
                           "planFrequencies": [{ "interval": "Monthly", "numberOfIntervals": 1 }] });
        let plan = shop.post("/v1/plans", plan).await.id();
        for operation in lists().filter(|operation| !operation.path.contains("{subscriptionId}")) {
            let path = operation.path;
            let id = match path.split('/').nth(2) {
                Some("Products") => product,
                Some("Customers") => customer,
                _ => plan,
            };
            let place = path.replace("{customerId}", &customer.to_string()).replace("{planId}", &plan.to_string());
            let of_call = if path.ends_with("GetByProductId") { format!("id={product}&") } else { String::new() };
            let place = format!("{}?{of_call}", place.replace("{id}", &id.to_string()));
            for clause in documented(path) {
                shop.get(&format!("{place}query={clause}").replace('|', "%7C")).await.ok();
            }
            for Field { name, .. } in &operation.fields {
                shop.get(&format!("{place}query={name}:[empty]&sortExpression={name}&sortOrder=Ascending")).await.ok();
                let down = shop.get(&format!("{place}sortExpression={name}&sortOrder=Descending")).await;
                assert_eq!(down.header("x-sortorder"), Some("Descending"), "{path} {name}");
                down.ok();
            }
            let names: Vec<_> = operation.fields.iter().map(|field| field.name).collect();
            let text = format!("This list knows no parameter 'noSuchName'. It is filtered by {}.", names.join(", "));
            shop.get(&format!("{place}noSuchName=7&_=1700000000")).await.assert_error(400, "Api Error", &text);
            for words in ["no such words", "987654321"] {
                let found = shop.get(&format!("{place}quickSearch={}", words.replace(' ', "%20"))).await;
                assert_eq!(found.ok(), json!([]), "{path}");
                assert_eq!(found.header("x-count"), Some("0"), "{path}");
            }
        }
    })
    .await;
}

/// The ids on a page.
#[track_caller]
fn ids(reply: &Reply) -> Vec<i64> {
    reply.ok().as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

async fn named(shop: &Client, fields: Value) -> i64 {
    shop.post("/v1/customers", fields).await.id()
}

#[tokio::test]
async fn a_quick_search_looks_in_names_references_and_numbers() {
    each_server(async |server| {
        let shop = server.shop().await;
        let ada = named(&shop, json!({ "firstName": "Ada", "reference": "C-17" })).await;
        let north =
            named(&shop, json!({ "companyName": "Nordwind 100% GmbH", "primaryEmail": "ada@north.example" })).await;
        let both = shop.get("/v1/customers?quickSearch=ADA").await;
        assert_eq!(ids(&both), [ada, north]);
        assert_eq!((both.header("x-count"), both.header("x-maxcount")), (Some("2"), Some("2")));
        for (words, expected) in [
            ("c-1".to_owned(), vec![ada]),
            ("%20nordWIND%20".to_owned(), vec![north]),
            ("100%25".to_owned(), vec![north]),
            ("1_0".to_owned(), vec![]),
            (ada.to_string(), vec![ada]),
            (String::new(), vec![ada, north]),
            ("ada&query=companyName:n*".to_owned(), vec![north]),
            ("ada&pageSize=1&pageNumber=1".to_owned(), vec![north]),
        ] {
            assert_eq!(ids(&shop.get(&format!("/v1/customers?quickSearch={words}")).await), expected, "{words}");
        }
        let one = shop.get("/v1/customers?quickSearch=gmbh").await;
        assert_eq!((one.header("x-count"), one.header("x-maxcount")), (Some("1"), Some("2")));
    })
    .await;
}

#[tokio::test]
async fn purchases_are_found_by_how_they_earn_whatever_says_so() {
    each_server(async |server| {
        let shop = server.shop().await;
        let customer = shop.create_customer().await;
        let mut service = testkit::fixtures::product("S", "12");
        service["productType"] = json!("OneTimeCharge");
        let earning = json!({ "earningInterval": "Yearly", "earningNumberOfIntervals": 1,
                              "earningTimingInterval": "Daily", "earningTimingType": "StartOfInterval" });
        for (name, value) in earning.as_object().unwrap() {
            service["orderToCashCycle"][name] = value.clone();
        }
        let goods = shop.create_product("G", "1").await;
        let service_id = shop.post("/v1/products", service.clone()).await.id();
        let of_goods = shop.create_purchase(customer, goods, 1).await;
        let of_product = shop.create_purchase(customer, service_id, 1).await;
        let overridden = json!({ "customerId": customer, "productId": service_id, "name": "x", "quantity": 1,
                                 "earningSettings": { "earningTimingInterval": "EarnImmediately" } });
        let overridden = shop.post("/v1/purchases", overridden).await.id();
        let charged = shop.create_purchase(customer, service_id, 1).await;
        shop.post("/v1/purchases/purchase", json!({ "customerId": customer, "purchaseIds": [charged] })).await.ok();
        let list =
            async |clauses: &str| ids(&shop.get(&format!("/v1/customers/{customer}/purchases?query={clauses}")).await);

        assert_eq!(list("IsEarnedImmediately:true").await, [of_goods, overridden]);
        assert_eq!(list("IsEarnedImmediately:false").await, [of_product, charged]);
        assert_eq!(list("EarningInterval:Yearly;EarningNumberOfInterval:1").await, [of_product, charged]);
        assert_eq!(list("EarningTimingType:StartOfInterval").await, [of_product, charged]);
        assert!(list("PricingModelType:Formula").await.is_empty());

        // What is charged earns as it was charged, whatever becomes of the product.
        service["id"] = json!(service_id);
        service["orderToCashCycle"]["earningTimingInterval"] = json!("Monthly");
        shop.put("/v1/products", service).await.ok();
        assert_eq!(list("EarningTimingInterval:Daily").await, [charged]);
        assert_eq!(list("EarningTimingInterval:Monthly").await, [of_product]);
    })
    .await;
}

#[tokio::test]
async fn invoices_are_found_by_their_instalments() {
    on_server(config(), async |server| {
        let shop = server.shop().await;
        let (customer, product) = (shop.create_customer().await, shop.create_product("P", "1").await);
        let invoice = shop.create_invoice(customer, product, 1).await;
        assert_eq!(ids(&shop.get("/v1/invoices?query=totalInstallments:1").await), [invoice]);
        assert!(ids(&shop.get("/v1/invoices?query=totalInstallments:2%7C").await).is_empty());
        assert_eq!(ids(&shop.get("/v1/invoices?query=netsuiteId:[empty];quickBooksId:[empty]").await), [invoice]);
        assert_eq!(ids(&shop.get("/v1/invoices?query=Customer.NetMRR:0").await), [invoice]);
        assert_eq!(ids(&shop.get("/v1/invoices?quickSearch=lovelace").await), [invoice]);
    })
    .await;
}
