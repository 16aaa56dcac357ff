//! Something that a client asks for: how it is drawn, and how it is done.

use app::{
    App, Error, Tx, invoices, payments,
    purchases::{bulk_create, cancel},
};
use billing::{
    account::Session,
    discount::DiscountType,
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{CustomerId, InvoiceId, ProductId},
    payment::{AllocateOrder, Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseOrder,
};
use db::values;
use money::{Amount, Quantity};

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

/// A purchase of hundredths of a unit.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) product: Product,
    pub(super) hundredths: i64,
    pub(super) taken: Option<Taken>,
    pub(super) asked_earning: Earning,
}

/// Something that moves money; amounts are in cents.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Sell { customer: CustomerId, sales: Vec<Sale> },
    Pay { customer: CustomerId, amount: i64, to: Vec<(InvoiceId, i64)>, rest: Option<AllocateOrder> },
    WriteOff { customer: CustomerId, invoice: InvoiceId, amount: Option<i64> },
    Cancel { customer: CustomerId, order: cancel::Order },
}

/// The ids of what an operation made; zero where it makes none.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) invoice: i64,
    pub(super) purchases: Vec<billing::id::PurchaseId>,
    pub(super) payment: i64,
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
            | Self::Pay { customer, .. }
            | Self::WriteOff { customer, .. }
            | Self::Cancel { customer, .. } => *customer,
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
                let sql = "SELECT invoice_id FROM charge WHERE account_id = $1 AND purchase_id = $2";
                let invoice = tx.scalar(sql, &values![session.account.id.0, purchases[0].0])?;
                Ok(Made { invoice, purchases, ..none })
            }
            Self::Pay { customer, amount, to, rest } => {
                let allocation = |(invoice, amount): &_| Allocation { invoice: *invoice, amount: money(*amount) };
                let order = PaymentOrder {
                    customer: *customer,
                    source: PaymentSource::Manual,
                    amount: money(*amount),
                    method: PaymentMethod::Cash,
                    reference: None,
                    allocations: to.iter().map(allocation).collect(),
                    auto_allocate: *rest,
                    effective_at: None,
                    reference_date: None,
                };
                let payment = payments::create::run(tx, session, &order)?;
                Ok(Made { payment: payment.id.0, ..none })
            }
            Self::WriteOff { invoice, amount, .. } => {
                let amount = amount.map(money);
                let order = invoices::write_off::Order { invoice: *invoice, amount, reference: None };
                invoices::write_off::run(tx, session, &order).map(|_| none)
            }
            Self::Cancel { order, .. } => cancel::run(tx, session, order).map(|()| none),
        }
    }

    /// Does it; nothing when a rule says no.
    pub(super) async fn run(self, app: App, account: billing::id::AccountId, products: [ProductId; 2]) -> Option<Made> {
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

fn money(cents: i64) -> Amount {
    Amount::from_millionths(cents * 10_000)
}
