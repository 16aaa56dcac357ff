//! Something that a client asks for: how it is drawn, and how it is done.

use app::{
    App, Error, Tx, credits, debits, invoices, payments,
    purchases::{bulk_create, cancel},
    refunds,
    reversal::{charge, invoice},
};
use billing::{
    account::Session,
    credit::{CreditOrder, DebitOrder},
    discount::DiscountType,
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{AccountId, ChargeId, CreditId, CustomerId, InvoiceId, PaymentId, ProductId, PurchaseId},
    payment::{AllocateOrder, Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseOrder,
    refund::{RefundMethod, RefundOrder},
    reversal::{Choice, Extent},
    write_off,
};
use db::values;
use money::{Amount, Quantity};

use super::model::Kind;
use crate::{coupons::of, shop::purchase_of, trade::over};

/// What there is to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    /// A dollar a unit, earned as each sale says.
    Service,
    /// 37 cents a unit, earned at once.
    Good,
}

/// When a sale is earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earning {
    AtOnce,
    Never,
    /// Over so many months, in parts.
    Over {
        months: i64,
        cut: Cut,
        is_at_end: bool,
    },
}

/// How the time over which is earned is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Days,
    Months,
    Whole,
}

/// What a discount takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    PerMille(i64),
    Cents(i64),
}

/// How much of what an invoice owes is given up, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenUp {
    Whole,
    Exactly(i64),
    Part(i64),
}

/// How much of a charge is taken back, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    Unearned,
    Full,
    /// Before discounts and taxes.
    Gross(i64),
    /// After them, or as near as can be.
    Net(i64),
}

/// A purchase of hundredths of a unit.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) product: Product,
    pub(super) hundredths: i64,
    pub(super) taken: Option<Taken>,
    pub(super) asked_earning: Earning,
}

/// Something that moves money; amounts are in cents. What is reversed are the charges of the purchases that are named, or
/// of all on the invoice.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Sell { customer: CustomerId, sales: Vec<Sale> },
    Give { customer: CustomerId, kind: Kind, amount: i64, to: Vec<(InvoiceId, i64)>, rest: Option<AllocateOrder> },
    TakeBack { customer: CustomerId, kind: Kind, source: i64, amount: i64, from: Vec<(InvoiceId, i64)> },
    WriteOff { customer: CustomerId, invoice: InvoiceId, given_up: GivenUp },
    Cancel { customer: CustomerId, order: cancel::Order },
    Reverse { customer: CustomerId, invoice: InvoiceId, purchases: Option<Vec<PurchaseId>>, back: Back },
}

/// The ids of what an operation made; zero where it makes none.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) invoice: i64,
    pub(super) purchases: Vec<PurchaseId>,
    pub(super) fund: i64,
}

impl Product {
    pub(super) fn cents(self) -> i64 {
        match self {
            Self::Service => 100,
            Self::Good => 37,
        }
    }
}

impl Sale {
    /// When it is earned: a good always at once.
    pub(super) fn earning(&self) -> Earning {
        match self.product {
            Product::Service => self.asked_earning,
            Product::Good => Earning::AtOnce,
        }
    }
}

impl Operation {
    pub(super) fn customer(&self) -> CustomerId {
        match self {
            Self::Sell { customer, .. }
            | Self::Give { customer, .. }
            | Self::TakeBack { customer, .. }
            | Self::WriteOff { customer, .. }
            | Self::Cancel { customer, .. }
            | Self::Reverse { customer, .. } => *customer,
        }
    }

    /// Does it in a transaction of its own.
    pub(super) fn act(&self, tx: &mut Tx<'_>, session: &Session, products: [ProductId; 2]) -> Result<Made, Error> {
        let none = Made::default();
        match self {
            Self::Sell { customer, sales } => {
                let purchases = sales.iter().map(|sale| purchase(sale, products)).collect();
                let order = bulk_create::Order { customer: *customer, auto_purchase: true, purchases, collect: None };
                let created = bulk_create::run(tx, session, &order)?;
                let purchases: Vec<_> = created.purchases.iter().map(|purchase| purchase.id).collect();
                let invoice = of_charge(tx, session, "invoice_id", purchases[0])?;
                Ok(Made { invoice, purchases, ..none })
            }
            Self::Give { customer, kind: Kind::Payment, amount, to, rest } => {
                let order = PaymentOrder {
                    customer: *customer,
                    source: PaymentSource::Manual,
                    amount: money(*amount),
                    method: PaymentMethod::Cash,
                    reference: None,
                    allocations: allocations(to),
                    auto_allocate: *rest,
                    effective_at: None,
                    reference_date: None,
                };
                Ok(Made { fund: payments::create::run(tx, session, &order)?.id.0, ..none })
            }
            Self::Give { customer, kind: Kind::Credit, amount, to, .. } => {
                let (customer, amount, allocations) = (*customer, money(*amount), allocations(to));
                let order = CreditOrder { customer, amount, reference: None, allocations, effective_at: None };
                Ok(Made { fund: credits::create::run(tx, session, &order)?.id.0, ..none })
            }
            Self::TakeBack { kind: Kind::Payment, source, amount, from, .. } => {
                let order = RefundOrder {
                    payment: PaymentId(*source),
                    amount: money(*amount),
                    reference: None,
                    allocations: allocations(from),
                    method: RefundMethod::PaymentMethod,
                };
                refunds::create::run(tx, session, &order).map(|_| none)
            }
            Self::TakeBack { kind: Kind::Credit, source, amount, from, .. } => {
                let (credit, amount, allocations) = (CreditId(*source), money(*amount), allocations(from));
                let order = DebitOrder { credit, amount, reference: None, allocations, effective_at: None };
                debits::create::run(tx, session, &order).map(|_| none)
            }
            Self::WriteOff { invoice, given_up, .. } => {
                let extent = match *given_up {
                    GivenUp::Whole => write_off::Extent::Whole,
                    GivenUp::Exactly(cents) => write_off::Extent::Exactly(money(cents)),
                    GivenUp::Part(cents) => write_off::Extent::Part(money(cents)),
                };
                let order = invoices::write_off::Order { invoice: *invoice, extent, reference: None };
                invoices::write_off::run(tx, session, &order).map(|_| none)
            }
            Self::Cancel { order, .. } => cancel::run(tx, session, order).map(|()| none),
            Self::Reverse { invoice, purchases, back, .. } => {
                reverse(tx, session, *invoice, purchases.as_deref(), *back).map(|()| none)
            }
        }
    }

    /// Does it; nothing when a rule says no.
    pub(super) async fn run(self, app: App, account: AccountId, products: [ProductId; 2]) -> Option<Made> {
        let (now, told) = (app.now(), format!("{self:?}"));
        let unit = move |tx: &mut Tx<'_>| {
            let session = App::own_session(tx, account, now)?;
            self.act(tx, &session, products)
        };
        match app.db().write(unit).await {
            Ok(made) => Some(made),
            Err(Error::Refused(_) | Error::Invalid(_) | Error::NotFound { .. }) => None,
            Err(error) => panic!("{told}: {error:?}"),
        }
    }
}

/// Takes a single charge back by the call that is made for it.
fn reverse(
    tx: &mut Tx<'_>,
    session: &Session,
    invoice: InvoiceId,
    purchases: Option<&[PurchaseId]>,
    back: Back,
) -> Result<(), Error> {
    let extent = match back {
        Back::Unearned => Extent::Unearned,
        Back::Full => Extent::Full,
        Back::Gross(cents) => Extent::Amount(money(cents)),
        Back::Net(cents) => Extent::NetAmount(money(cents)),
    };
    let mut charge = |purchase: &PurchaseId| of_charge(tx, session, "id", *purchase).map(ChargeId);
    let charges = purchases.map(|purchases| purchases.iter().map(&mut charge).collect::<Result<Vec<_>, _>>());
    match charges.transpose()?.as_deref() {
        Some([charge]) => {
            let order = charge::Order { charge: *charge, extent, reference: None };
            charge::run(tx, session, &order).map(|_| ())
        }
        charges => {
            let choice = charges.map_or(Choice::All, |charges| Choice::These(charges.to_vec()));
            let order = invoice::Order { invoice, choice, extent, reference: None };
            invoice::run(tx, session, &order).map(|_| ())
        }
    }
}

/// A column of a purchase's charge.
fn of_charge(tx: &mut Tx<'_>, session: &Session, column: &str, purchase: PurchaseId) -> Result<i64, Error> {
    let sql = format!("SELECT {column} FROM charge WHERE account_id = $1 AND purchase_id = $2");
    Ok(tx.scalar(&sql, &values![session.account.id.0, purchase.0])?)
}

fn purchase(sale: &Sale, [service, good]: [ProductId; 2]) -> PurchaseOrder {
    let product = match sale.product {
        Product::Service => service,
        Product::Good => good,
    };
    let discount = sale.taken.map(|taken| match taken {
        Taken::PerMille(part) => of(DiscountType::Percentage, &format!("{}.{}", part / 10, part % 10)),
        Taken::Cents(cents) => of(DiscountType::Amount, &money(cents).to_string()),
    });
    PurchaseOrder {
        quantity: Some(Quantity::from_millionths(sale.hundredths * 10_000)),
        discounts: discount.into_iter().collect(),
        earning: Some(settings(sale.earning())),
        ..purchase_of(product, "0")
    }
}

fn settings(earning: Earning) -> EarningSettings {
    match earning {
        Earning::AtOnce => EarningSettings::IMMEDIATELY,
        Earning::Never => {
            EarningSettings { timing_interval: Some(EarningTimingInterval::DoesNotEarn), ..EarningSettings::default() }
        }
        Earning::Over { months, cut, is_at_end } => {
            let cut = match cut {
                Cut::Days => EarningTimingInterval::Daily,
                Cut::Months => EarningTimingInterval::Monthly,
                Cut::Whole => EarningTimingInterval::Interval,
            };
            let falls = if is_at_end { EarningTimingType::EndOfInterval } else { EarningTimingType::StartOfInterval };
            over(months, EarningInterval::Monthly, cut, falls)
        }
    }
}

fn allocations(parts: &[(InvoiceId, i64)]) -> Vec<Allocation> {
    parts.iter().map(|(invoice, part)| Allocation { invoice: *invoice, amount: money(*part) }).collect()
}

fn money(cents: i64) -> Amount {
    Amount::from_millionths(cents * 10_000)
}
