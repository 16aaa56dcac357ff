//! What the records of a job can be: one file a type, each of which reads a record, checks it and applies it.

mod address;
mod customer;
mod customer_activation;
mod customer_draft_cancel;
mod customer_edit;
mod identity;
mod opening_balance;
mod opening_deferral;
mod parent;
mod payment;
mod payment_import;
mod payment_method_delete;
mod payment_method_move;
mod purchase;
mod purchase_activation;
mod purchase_item;
mod row;
mod sheet;
mod write_off;

use std::collections::{BTreeSet, HashMap};

use billing::{
    account::Session,
    bulk::{BulkJob, BulkJobType, BulkRecord},
    id::CustomerId,
    named::Named,
    problem::Problem,
};
use db::Tx;
use money::{Amount, Currency};

use super::record::{Cells, RecordParser};
use crate::{
    Error,
    engine::rolled_back,
    payments::collect::Asked,
    purchases::finalize::{self, Billed},
};

/// A column of the CSV file of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// As the template spells it; read in any case.
    pub name: &'static str,
    /// A file without the column is refused.
    pub is_required: bool,
    /// What belongs into it, in a few words.
    pub about: &'static str,
}

impl Column {
    /// A column that every file has.
    const fn required(name: &'static str, about: &'static str) -> Self {
        Self { name, is_required: true, about }
    }

    /// A column that a file may leave out.
    const fn optional(name: &'static str, about: &'static str) -> Self {
        Self { name, is_required: false, about }
    }
}

/// The shape of a type's records in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The columns in the order of the template.
    pub columns: &'static [Column],
    /// A record is the bare value of the only column, and no object.
    pub is_bare: bool,
}

impl Layout {
    /// A CSV file without records.
    pub fn csv(self) -> String {
        let names: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        names.join(",") + "\r\n"
    }
}

/// The types that can be submitted.
pub fn submittable() -> impl Iterator<Item = BulkJobType> {
    BulkJobType::ALL.iter().copied().filter(|job_type| kind(*job_type).is_some())
}

/// The shape of the records of a type; `None` for one that is only a name here.
pub fn layout(job_type: BulkJobType) -> Option<Layout> {
    kind(job_type).map(Kind::layout)
}

/// Whether only the records of one customer keep their order.
pub(super) fn is_by_customer(job_type: BulkJobType) -> bool {
    kind(job_type).is_some_and(Kind::is_by_customer)
}

/// Whether records of the type may ask a payment gateway.
pub(super) fn collects(job_type: BulkJobType) -> bool {
    kind(job_type).is_some_and(Kind::collects)
}

/// The payment that a record asks for; nothing when it asks for something else, or cannot be read.
pub(super) fn asked(job_type: BulkJobType, parser: RecordParser, text: &str) -> Option<Asked> {
    kind(job_type)?.asked(parser, text)
}

/// What applying a record did.
pub(super) struct Applied {
    /// What it created.
    pub(super) created_id: Option<i64>,
    /// How much it moved, in the customer's currency.
    pub(super) amount: Option<Amount>,
}

impl Applied {
    /// Nothing was created, and no money moved.
    pub(super) const NOTHING: Self = Self { created_id: None, amount: None };
}

/// What is told of a record that was invoiced: the invoice, and its total.
fn invoiced(tx: &mut Tx<'_>, session: &Session, billed: Billed) -> Result<Applied, Error> {
    let id = match billed {
        Billed::Posted(invoice) => invoice.0,
        Billed::Waits(draft) => draft.0,
    };
    Ok(Applied { created_id: Some(id), amount: Some(finalize::shown(tx, session, billed)?.total) })
}

/// What came of a record, and whose it is.
pub(super) struct Judged<T> {
    /// The customer whom it is about; absent where that is nobody, not known, or more than one.
    pub(super) customer: Option<CustomerId>,
    /// What this customer is billed in.
    pub(super) currency: Option<Currency>,
    pub(super) result: Result<T, Error>,
}

/// What came of the records of a chunk, in their order. An error of the database is none of a record and stands outside.
type Results<T> = Result<Vec<Judged<T>>, Error>;

/// A type of record. Only [`parse`](Self::parse), [`customers`](Self::customers) and [`apply`](Self::apply) are a must: a
/// type whose records are worth taking together does so in [`check_all`](Self::check_all) and
/// [`apply_all`](Self::apply_all).
trait RecordType: Sync {
    /// Its columns and the form of its records.
    const LAYOUT: Layout;

    /// Records of different customers have nothing to do with each other, so that only those of one keep their order. It is not
    /// so where one makes what another needs, or takes what only one can have.
    const IS_BY_CUSTOMER: bool = false;

    /// Records may ask a payment gateway; [`asked`](Self::asked) tells for what.
    const COLLECTS: bool = false;

    /// What a record asks for, each value within its own limits.
    type Order;

    /// The payment that a record asks for, of a type that collects.
    fn asked(_: Self::Order) -> Option<Asked> {
        None
    }

    /// Reads a record, and finds everything that is wrong with its values.
    fn parse(parser: RecordParser, text: &str) -> Result<Self::Order, Vec<Problem>>;

    /// Whom the record is about, stored or not: who is, is locked before any record of the chunk is looked at.
    fn customers(tx: &mut Tx<'_>, session: &Session, order: &Self::Order) -> Result<Vec<CustomerId>, Error>;

    /// Whose record it is, of its [`customers`](Self::customers).
    fn owner(customers: &[CustomerId]) -> Option<CustomerId> {
        let first = customers.first().copied()?;
        customers.iter().all(|customer| *customer == first).then_some(first)
    }

    /// Does what the record asks for. Whoever is not refused has all of the effect, others have none: they are undone.
    fn apply(tx: &mut Tx<'_>, session: &Session, order: &Self::Order) -> Result<Applied, Error>;

    /// Does so as a part of this job: for what no two of its records may do.
    fn apply_in(tx: &mut Tx<'_>, session: &Session, _: &BulkJob, order: &Self::Order) -> Result<Applied, Error> {
        Self::apply(tx, session, order)
    }

    /// Whether the record could be applied now, and how much it would move as far as that is known.
    fn check(tx: &mut Tx<'_>, session: &Session, order: &Self::Order) -> Result<Option<Amount>, Error> {
        rolled_back(tx, |tx| Self::apply(tx, session, order).map(|applied| applied.amount))
    }

    /// Whether each record could be applied now, without the others.
    fn check_all(tx: &mut Tx<'_>, session: &Session, orders: &[Self::Order]) -> Results<Option<Amount>> {
        let owners = lock_customers::<Self>(tx, session, orders)?;
        one_by_one(orders, owners, |order| Self::check(tx, session, order))
    }

    /// Applies the records, one after the other.
    fn apply_all(tx: &mut Tx<'_>, session: &Session, job: &BulkJob, orders: &[Self::Order]) -> Results<Applied> {
        let owners = lock_customers::<Self>(tx, session, orders)?;
        one_by_one(orders, owners, |order| tx.savepoint(|tx| Self::apply_in(tx, session, job, order)))
    }
}

/// The customer whom a record is about, and the currency.
type Owner = Option<(CustomerId, Currency)>;

/// The result of each order, unless the database fails.
fn one_by_one<O, T>(orders: &[O], owners: Vec<Owner>, mut run: impl FnMut(&O) -> Result<T, Error>) -> Results<T> {
    let mut results = Vec::with_capacity(orders.len());
    for (order, owner) in orders.iter().zip(owners) {
        let (customer, currency) = owner.unzip();
        match run(order) {
            Err(error @ Error::Database(_)) => return Err(error),
            result => results.push(Judged { customer, currency, result }),
        }
    }
    Ok(results)
}

/// Locks the customers of all records in the order of their ids: the records of a chunk come in any order, and two who lock
/// the same customers in different orders wait for each other. Whose each record is, if that is somebody who is stored.
fn lock_customers<T: RecordType + ?Sized>(
    tx: &mut Tx<'_>,
    session: &Session,
    orders: &[T::Order],
) -> Result<Vec<Owner>, Error> {
    let (mut all, mut owners) = (BTreeSet::new(), Vec::with_capacity(orders.len()));
    for order in orders {
        let customers = T::customers(tx, session, order)?;
        owners.push(T::owner(&customers));
        all.extend(customers);
    }
    let locked = store::customer::lock_many(tx, session.account.id, &all)?;
    let stored: HashMap<_, _> = locked.iter().map(|customer| (customer.id, customer.currency)).collect();
    Ok(owners.into_iter().map(|owner| Some((owner?, *stored.get(&owner?)?))).collect())
}

/// A type of record, whatever its orders are.
pub(super) trait Kind: Sync {
    fn layout(&self) -> Layout;
    /// [`RecordType::IS_BY_CUSTOMER`]
    fn is_by_customer(&self) -> bool;
    /// [`RecordType::COLLECTS`]
    fn collects(&self) -> bool;
    fn asked(&self, parser: RecordParser, text: &str) -> Option<Asked>;
    fn check_all(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        parser: RecordParser,
        records: &[&BulkRecord],
    ) -> Results<Option<Amount>>;
    fn apply_all(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        parser: RecordParser,
        job: &BulkJob,
        records: &[&BulkRecord],
    ) -> Results<Applied>;
}

impl<T: RecordType> Kind for T {
    fn layout(&self) -> Layout {
        T::LAYOUT
    }

    fn is_by_customer(&self) -> bool {
        T::IS_BY_CUSTOMER
    }

    fn collects(&self) -> bool {
        T::COLLECTS
    }

    fn asked(&self, parser: RecordParser, text: &str) -> Option<Asked> {
        T::asked(T::parse(parser, text).ok()?)
    }

    fn check_all(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        parser: RecordParser,
        records: &[&BulkRecord],
    ) -> Results<Option<Amount>> {
        each_read::<T, _>(parser, records, |orders| T::check_all(tx, session, orders))
    }

    fn apply_all(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        parser: RecordParser,
        job: &BulkJob,
        records: &[&BulkRecord],
    ) -> Results<Applied> {
        each_read::<T, _>(parser, records, |orders| T::apply_all(tx, session, job, orders))
    }
}

/// Does something with all records that can be read; the others have what is wrong with them for a result.
fn each_read<T: RecordType, R>(
    parser: RecordParser,
    records: &[&BulkRecord],
    run: impl FnOnce(&[T::Order]) -> Results<R>,
) -> Results<R> {
    let (mut orders, mut refused) = (Vec::with_capacity(records.len()), Vec::with_capacity(records.len()));
    for record in records {
        match T::parse(parser, &record.data) {
            Ok(order) => {
                orders.push(order);
                refused.push(None);
            }
            Err(problems) => refused.push(Some(problems)),
        }
    }
    let mut results = run(&orders)?.into_iter();
    let of_nobody = |error| Judged { customer: None, currency: None, result: Err(error) };
    let mut next =
        || results.next().unwrap_or_else(|| of_nobody(Error::defect("a record of a bulk job has no result")));
    let all = refused.into_iter().map(|refused| match refused {
        Some(problems) => of_nobody(Error::Invalid(problems)),
        None => next(),
    });
    Ok(all.collect())
}

/// What reads, checks and applies the records of a type; nothing for types that are only names here.
pub(super) fn kind(job_type: BulkJobType) -> Option<&'static dyn Kind> {
    Some(match job_type {
        BulkJobType::BulkWriteOff => &write_off::WriteOff,
        BulkJobType::BulkPayment => &payment::Payment,
        BulkJobType::CustomerImport => &customer::Customer::<false>,
        BulkJobType::CustomerImportBasic => &customer::Customer::<true>,
        BulkJobType::CustomerImportEdit => &customer_edit::CustomerEdit,
        BulkJobType::CustomerActivationImport => &customer_activation::CustomerActivation,
        BulkJobType::CustomerDraftCancelImport => &customer_draft_cancel::CustomerDraftCancel,
        BulkJobType::DeletePaymentMethods => &payment_method_delete::PaymentMethodDelete,
        BulkJobType::MovePaymentMethods => &payment_method_move::PaymentMethodMove,
        BulkJobType::PaymentImport => &payment_import::PaymentImport,
        BulkJobType::OpeningBalanceImport => &opening_balance::OpeningBalance,
        BulkJobType::OpeningDeferredRevenueBalance => &opening_deferral::OpeningDeferral,
        BulkJobType::PurchaseImport => &purchase::Purchase,
        BulkJobType::PurchaseActivationImport => &purchase_activation::PurchaseActivation,
        BulkJobType::CreatePurchaseProductItem => &purchase_item::PurchaseItem,
        BulkJobType::SubscriptionImport
        | BulkJobType::QuickBooksLatch
        | BulkJobType::QuickBooksUnlatch
        | BulkJobType::SubscriptionActivationImport
        | BulkJobType::UpdateSubscriptionImport
        | BulkJobType::SubscriptionProductQuantities
        | BulkJobType::SalesforceCatalogSync
        | BulkJobType::CreateSubscriptionImport
        | BulkJobType::PushToThirdPartyVaultImport
        | BulkJobType::CancelSubscriptionImport
        | BulkJobType::GeotabSubscriptionCreateImport => return None,
    })
}
