//! `MovePaymentMethods`: who gets a method, who may use it then, and what is refused.

use std::sync::Arc;

use app::{
    Tx, customers, gateways,
    payment_methods::{Reservation, admit, delete, hold, reserve},
};
use billing::{
    account::Session,
    bulk::{
        BulkJobType, BulkMode, BulkOptions,
        BulkRecordStatus::{FailedValidation, Processed},
    },
    customer::CustomerFields,
    gateway::GatewayKind,
    id::{CustomerId, PaymentMethodId},
    instrument::Holder,
    payment::PaymentSource,
    payment_method::{Sharing, SharingOverride},
};
use gateway::Gateway as _;
use money::Currency;

use super::{
    details,
    imports::statuses,
    modes::{dry, order},
};
use crate::{
    payment_methods::{card, store as store_card},
    shop::{Shop, each_shop},
};

const KIND: BulkJobType = BulkJobType::MovePaymentMethods;

impl Shop {
    async fn child_of(&self, parent: CustomerId) -> CustomerId {
        let fields = CustomerFields { parent: Some(parent), ..CustomerFields::default() };
        let order = customers::create::Order { fields, ..customers::create::Order::default() };
        self.act(move |tx, session| customers::create::run(tx, session, &order)).await.unwrap().id
    }

    /// What a customer is collected from when nobody says otherwise, whether or not it may use it.
    async fn default_of(&self, customer: CustomerId) -> Option<PaymentMethodId> {
        let find = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(store::payment_method::find_default(tx, session.account.id, customer)?)
        };
        self.act(find).await.unwrap()
    }

    async fn owner_of(&self, method: PaymentMethodId) -> CustomerId {
        let find = move |tx: &mut Tx<'_>, session: &Session| {
            Ok(store::payment_method::find(tx, session.account.id, method)?.unwrap().customer)
        };
        self.act(find).await.unwrap()
    }

    /// A card that is shared with nobody but these.
    async fn card_for(&self, owner: CustomerId, others: Vec<CustomerId>) -> PaymentMethodId {
        let overrides = others.into_iter().map(|customer| SharingOverride { id: 0, customer, is_shared: true });
        let sharing = Sharing { is_shared: false, overrides: overrides.collect() };
        let reserved = self.act(move |tx: &mut Tx<'_>, session: &Session| {
            let row = gateways::for_currency(tx, session.account.id, Currency::USD)?;
            let (source, sharing) = (PaymentSource::Manual, sharing.clone());
            reserve(tx, session, &row, Reservation { customer: owner, source, sharing, original: None })
        });
        let reserved = reserved.await.unwrap();
        let vaulted = self.gateway.store(&reserved.gateway_key, &card()).unwrap();
        let (id, gateways) = (reserved.id, Arc::clone(self.app.gateways()));
        let keep = self.act(move |tx: &mut Tx<'_>, session: &Session| {
            assert!(hold(tx, &gateways, session.account.id, id, &vaulted, &Holder::default(), None)?);
            admit(tx, session, id, false)
        });
        keep.await.unwrap().id
    }
}

fn to(method: PaymentMethodId, customer: CustomerId) -> String {
    format!("PaymentMethodId={method}|StaxBillId={customer}")
}

#[tokio::test]
async fn methods_are_given_to_whoever_is_named() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let (from, bare) = (shop.customer().await, shop.draft_customer().await);
        let equipped = shop.named("E-1", "Equipped", "e@acme.example").await;
        let own = store_card(shop, equipped).await;
        let [first, second, third] =
            [store_card(shop, from).await, store_card(shop, from).await, store_card(shop, from).await];
        let rows = [
            to(first, bare),
            format!("PaymentMethodId={second}|Reference=e-1"),
            format!("PaymentMethodId={third}|CompanyName=EQUIPPED|MakeDefault=Yes"),
        ];
        let records = shop.import(KIND, &rows[..2]).await;
        assert_eq!((statuses(&records), details(&records)), (vec![Processed; 2], vec![None; 2]));
        assert!(records.iter().all(|record| record.created_id.is_none() && record.amount.is_none()));
        assert_eq!(shop.default_of(from).await, None, "the next one does not take its place");
        assert_eq!(shop.default_of(bare).await, Some(first), "the first one of a customer is its default");
        assert_eq!(shop.default_of(equipped).await, Some(own));
        let records = shop.import(KIND, &rows[2..]).await;
        assert_eq!(statuses(&records), [Processed]);
        assert_eq!(shop.default_of(equipped).await, Some(third));
        for (method, customer) in [(first, bare), (second, equipped), (third, equipped)] {
            assert_eq!(shop.owner_of(method).await, customer);
        }
        shop.assert_verified().await;
    })
    .await;
}

#[tokio::test]
async fn a_method_that_could_not_be_used_stays_where_it_is() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let (from, other) = (shop.customer().await, shop.customer().await);
        let (method, deleted) = (store_card(shop, from).await, store_card(shop, other).await);
        shop.act(move |tx, session| delete::run(tx, session, deleted, None)).await.unwrap();
        let gone = shop.customer().await;
        shop.act(move |tx, session| customers::cancel::run(tx, session, gone)).await.unwrap();
        let euro = customers::create::Order { currency: Some(Currency::EUR), ..customers::create::Order::default() };
        let euro = shop.act(move |tx, session| customers::create::run(tx, session, &euro)).await.unwrap().id;
        let rows = [
            to(method, from),
            to(deleted, from),
            "PaymentMethodId=7|StaxBillId=8".to_owned(),
            to(method, CustomerId(7)),
            format!("PaymentMethodId={method}|Reference=nobody"),
            to(method, gone),
            format!("PaymentMethodId={method}|MakeDefault=maybe"),
            format!("PaymentMethodId={method}"),
            "StaxBillId=7".to_owned(),
        ];
        let records = shop.import(KIND, &rows).await;
        assert_eq!(statuses(&records), [FailedValidation; 9]);
        let told = [
            format!("Payment method with id {method} belongs to customer {from} already."),
            format!("Payment method with id {deleted} not found."),
            "There is no customer with StaxBillId 8.".to_owned(),
            "There is no customer with StaxBillId 7.".to_owned(),
            "There is no customer with Reference nobody.".to_owned(),
            "Customer is in status Cancelled and cannot be changed until it is uncancelled.".to_owned(),
            "The field MakeDefault must be Yes or No.".to_owned(),
            "One of StaxBillId, Reference, CompanyName and PrimaryEmail is required.".to_owned(),
            "The PaymentMethodId field is required.".to_owned(),
        ];
        assert_eq!(details(&records), told.each_ref().map(|text| Some(text.as_str())));

        // One gateway charges every currency, until euros have their own.
        let back = [to(method, euro), to(method, from)];
        assert_eq!(statuses(&shop.import(KIND, &back[..1]).await), [Processed]);
        assert_eq!(statuses(&shop.import(KIND, &back[1..]).await), [Processed]);
        let gateways = Arc::clone(shop.app.gateways());
        let own = move |tx: &mut Tx<'_>, session: &Session| {
            let order = gateways::add::Order {
                kind: GatewayKind::Test,
                currency: Some(Currency::EUR),
                secret: None,
                webhook_secret: None,
                base_url: None,
            };
            let here = gateways::for_currency(tx, session.account.id, Currency::USD)?.id;
            gateways::add::run(tx, &gateways, session.account.id, &order, session.now)?;
            Ok(here)
        };
        let here = shop.act(own).await.unwrap();
        let records = shop.import(KIND, &back[..1]).await;
        let elsewhere = format!(
            "Payment method with id {method} is stored at payment gateway {here}, and customers billed in EUR are charged by \
             another one."
        );
        assert_eq!(details(&records), [Some(elsewhere.as_str())]);
        let remove = move |tx: &mut Tx<'_>, session: &Session| {
            gateways::remove::run(tx, session.account.id, here, true, session.now)
        };
        shop.act(remove).await.unwrap();
        let records = shop.import(KIND, &[to(method, other)]).await;
        let unusable = format!("Payment gateway {here} cannot be used as it is configured.");
        assert_eq!(details(&records), [Some(unusable.as_str())]);
        assert_eq!((shop.owner_of(method).await, shop.default_of(from).await), (from, Some(method)));
    })
    .await;
}

#[tokio::test]
async fn whoever_may_use_a_method_still_keeps_it_as_a_default() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let parent = shop.customer().await;
        let (child, sibling) = (shop.child_of(parent).await, shop.child_of(parent).await);
        let method = store_card(shop, child).await;
        assert_eq!(statuses(&shop.import(KIND, &[to(method, parent)]).await), [Processed]);
        assert_eq!(shop.default_of(parent).await, Some(method));
        assert_eq!(shop.default_of(child).await, Some(method), "its parent shares it");
        let grandchild = shop.child_of(parent).await;
        assert_eq!(shop.default_of(grandchild).await, Some(method));
        let stranger = shop.customer().await;
        assert_eq!(statuses(&shop.import(KIND, &[to(method, stranger)]).await), [Processed]);
        for customer in [parent, child, grandchild] {
            assert_eq!(shop.default_of(customer).await, None, "{customer}");
        }

        // Who was named by the former owner is named no more, unless it is below the new one, too.
        shop.activate(child).await;
        let low = shop.child_of(child).await;
        let named = shop.card_for(child, vec![low]).await;
        for (owner, expected) in [(parent, vec![low]), (sibling, vec![])] {
            assert_eq!(statuses(&shop.import(KIND, &[to(named, owner)]).await), [Processed]);
            let find = move |tx: &mut Tx<'_>, session: &Session| {
                Ok(store::payment_method::find(tx, session.account.id, named)?.unwrap().sharing)
            };
            let sharing = shop.act(find).await.unwrap();
            let overrides: Vec<_> = sharing.overrides.iter().map(|own| own.customer).collect();
            assert_eq!((sharing.is_shared, overrides), (false, expected));
        }
        let again = shop.card_for(child, vec![]).await;
        assert_eq!(statuses(&shop.import(KIND, &[to(again, parent)]).await), [Processed]);
        assert_eq!(shop.default_of(child).await, None, "it is shared with nobody");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_moves_nothing_and_tells_what_the_run_does() {
    each_shop(async |shop| {
        shop.add_gateway().await;
        let (from, to_whom) = (shop.customer().await, shop.customer().await);
        let method = store_card(shop, from).await;
        // The second record finds that the first has been there.
        let rows = [to(method, to_whom), to(method, to_whom)];
        let mut told = Vec::new();
        for options in [dry(BulkMode::Continue), BulkOptions::default()] {
            let mut order = order(options);
            order.header.job_type = KIND;
            order.allows_repeat = true;
            let id = shop.upload(order, &rows).await.unwrap();
            let worker = shop.worker();
            shop.settled(id).await;
            worker.stop().await;
            let (_, records) = shop.processed(id).await;
            told.push((
                statuses(&records),
                details(&records).into_iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>(),
            ));
            assert_eq!(shop.owner_of(method).await, if options.is_dry_run { from } else { to_whom });
        }
        assert_eq!(told[0], told[1]);
        assert!(told[0].1[1].as_ref().is_some_and(|text| text.ends_with("already.")), "{told:?}");
    })
    .await;
}
