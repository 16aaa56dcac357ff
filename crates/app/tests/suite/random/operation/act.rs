//! How what a client asks for is done: by the commands that answer the calls, in a transaction of its own or, when a gateway is
//! asked, in two.

mod buy;

use app::{
    App, Error, Tx, credits, debits, funds,
    invoices::{amend, post_ready, write_off as give_up},
    opening_balances, opening_deferrals, payments,
    purchases::{
        bulk_create, cancel,
        finalize::{self, Billed},
    },
    refunds,
    reversal::{charge, invoice},
};
use billing::{
    account::Session,
    credit::{CreditOrder, DebitOrder},
    discount::{Discount, DiscountType},
    earning::{EarningInterval, EarningSettings, EarningTimingInterval, EarningTimingType},
    id::{AccountId, ChargeId, CreditId, CustomerId, InvoiceId, OpeningDeferralId, PaymentId, ProductId, PurchaseId},
    opening_balance::{OpeningBalanceOrder, Owing},
    opening_deferral::{OpeningDeferralOrder, ReverseDeferralOption},
    payment::{Allocation, PaymentMethod, PaymentOrder, PaymentSource},
    purchase::PurchaseOrder,
    refund::{RefundMethod, RefundOrder},
    reversal::{Choice, Extent},
    write_off,
};
use calendar::add_days;
use db::values;
use money::{Amount, Quantity};

use super::{Back, Card, Cut, Earning, GivenUp, Made, Operation, Product, Sale, Taken};
use crate::{coupons::of, random::model::Kind, shop::purchase_of, trade::over};

impl Operation {
    /// Does it, or tells which rule says no.
    pub(in crate::random) async fn run(
        self,
        app: App,
        account: AccountId,
        products: [ProductId; 2],
    ) -> Result<Made, String> {
        let (now, told) = (app.now(), format!("{self:?}"));
        if let Self::Buy { customer, sales, card } = &self {
            let purchases = sales.iter().map(|sale| purchase(sale, products)).collect();
            return buy::run(&app, *customer, purchases, *card)
                .await
                .unwrap_or_else(|error| panic!("{told}: {error:?}"));
        }
        let unit = move |tx: &mut Tx<'_>| {
            let session = App::own_session(tx, account, now)?;
            self.act(tx, &session, products)
        };
        match app.db().write(unit).await {
            Ok(made) => Ok(made),
            Err(error) if is_no(&error) => Err(format!("{error:?}")),
            Err(error) => panic!("{told}: {error:?}"),
        }
    }

    fn act(&self, tx: &mut Tx<'_>, session: &Session, products: [ProductId; 2]) -> Result<Made, Error> {
        let none = Made::default();
        match self {
            Self::Sell { customer, sales, waits } => {
                let purchases = sales.iter().map(|sale| purchase(sale, products)).collect();
                sell(tx, session, *customer, purchases, *waits)
            }
            Self::Buy { .. } => unreachable!("it is done in two transactions"),
            Self::Spend { invoice, .. } => funds::spend(tx, session, *invoice).map(|_| none),
            Self::OfDraft { draft, act, .. } => act.run(tx, session, *draft),
            Self::PostReady { customer } => {
                let order = post_ready::Order { customer: *customer, collect: None };
                Ok(Made { invoices: post_ready::run(tx, session, &order)?, ..none })
            }
            Self::Amend { invoice, amended, .. } => {
                let order = amend::Order { invoice: *invoice, change: amended.change() };
                amend::run(tx, session, &order).map(|_| none)
            }
            Self::Open { customer, amount, is_owed } => {
                let owing = Owing { term: None, po_number: None, name: None, description: None, note: None };
                let owing = is_owed.then_some(owing);
                let (customer, amount) = (*customer, money(*amount));
                let order = OpeningBalanceOrder { customer, amount, reference: None, owing };
                let opening = opening_balances::create::run(tx, session, &order)?;
                Ok(Made { fund: opening.id.0, invoices: opening.invoice.into_iter().collect(), ..none })
            }
            Self::Defer { customer, amount, starts_in, ends_in } => {
                let order = deferral(session, *customer, money(*amount), [*starts_in, *ends_in]);
                Ok(Made { fund: opening_deferrals::create::run(tx, session, &order)?.id.0, ..none })
            }
            Self::TakeDeferralBack { deferral, is_full, .. } => {
                let option = if *is_full { ReverseDeferralOption::Full } else { ReverseDeferralOption::Unearned };
                opening_deferrals::reverse::run(tx, session, OpeningDeferralId(*deferral), option).map(|_| none)
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
            Self::Give { customer, kind: Kind::Credit, amount, to, rest } => {
                let (customer, amount, allocations) = (*customer, money(*amount), allocations(to));
                let order = CreditOrder {
                    customer,
                    amount,
                    reference: None,
                    allocations,
                    effective_at: None,
                    auto_allocate: *rest,
                };
                Ok(Made { fund: credits::create::run(tx, session, &order)?.id.0, ..none })
            }
            Self::TakeBack { kind: Kind::Payment, source, amount, from, .. } => {
                let order = RefundOrder {
                    payment: PaymentId(*source),
                    amount: money(*amount),
                    reference: None,
                    allocations: allocations(from),
                    method: RefundMethod::Cash,
                    effective_at: None,
                };
                refunds::create::run(tx, session, &order).map(|_| none)
            }
            Self::TakeBack { kind: Kind::Credit, source, amount, from, .. } => {
                let (credit, amount, allocations) = (CreditId(*source), money(*amount), allocations(from));
                let order = DebitOrder { credit, amount, reference: None, allocations, effective_at: None };
                debits::create::run(tx, session, &order).map(|_| none)
            }
            Self::Give { kind: Kind::Deposit, .. } | Self::TakeBack { kind: Kind::Deposit, .. } => {
                unreachable!("nobody asks for it")
            }
            Self::WriteOff { invoice, given_up, .. } => {
                let extent = match *given_up {
                    GivenUp::Whole => write_off::Extent::Whole,
                    GivenUp::Exactly(cents) => write_off::Extent::Exactly(money(cents)),
                    GivenUp::Part(cents) => write_off::Extent::Part(money(cents)),
                };
                let order = give_up::Order { invoice: *invoice, extent, reference: None };
                give_up::run(tx, session, &order).map(|_| none)
            }
            Self::Cancel { order, .. } => cancel::run(tx, session, order).map(|()| none),
            Self::Reverse { invoice, purchases, back, .. } => {
                reverse(tx, session, *invoice, purchases.as_deref(), *back).map(|()| none)
            }
        }
    }
}

/// A rule's no.
fn is_no(error: &Error) -> bool {
    matches!(error, Error::Refused(_) | Error::Invalid(_) | Error::NotFound { .. } | Error::Absent(_))
}

/// Earned from so many days from today through so many.
fn deferral(session: &Session, customer: CustomerId, amount: Amount, days: [i64; 2]) -> OpeningDeferralOrder {
    let [starts_on, ends_on] = days.map(|days| add_days(session.account.zone.date_of(session.now), days));
    OpeningDeferralOrder {
        customer,
        amount,
        product: None,
        starts_on: Some(starts_on),
        ends_on,
        reference: None,
        description: None,
    }
}

/// Sells on one invoice, which is posted or waits.
fn sell(
    tx: &mut Tx<'_>,
    session: &Session,
    customer: CustomerId,
    purchases: Vec<PurchaseOrder>,
    waits: bool,
) -> Result<Made, Error> {
    let order = bulk_create::Order { customer, auto_purchase: !waits, purchases, collect: None };
    let created = bulk_create::run(tx, session, &order)?;
    let purchases: Vec<_> = created.purchases.iter().map(|purchase| purchase.id).collect();
    if !waits {
        let sql = "SELECT invoice_id FROM charge WHERE account_id = $1 AND purchase_id = $2";
        let invoice = InvoiceId(tx.scalar(sql, &values![session.account.id.0, purchases[0].0])?);
        return Ok(Made { invoices: vec![invoice], purchases, ..Made::default() });
    }
    let order = finalize::Order { customer, purchases: purchases.clone(), collect: None };
    match finalize::run_without_posting(tx, session, &order)? {
        Billed::Waits(draft) => Ok(Made { draft: draft.0, purchases, ..Made::default() }),
        Billed::Posted(invoice) => panic!("{invoice} was to wait"),
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
    let sql = "SELECT id FROM charge WHERE account_id = $1 AND purchase_id = $2";
    let mut charge = |purchase: &PurchaseId| -> Result<ChargeId, Error> {
        Ok(ChargeId(tx.scalar(sql, &values![session.account.id.0, purchase.0])?))
    };
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

fn purchase(sale: &Sale, [service, good]: [ProductId; 2]) -> PurchaseOrder {
    let product = match sale.product {
        Product::Service => service,
        Product::Good => good,
    };
    PurchaseOrder {
        quantity: Some(Quantity::from_millionths(sale.hundredths * 10_000)),
        discounts: sale.taken.map(discount).into_iter().collect(),
        earning: Some(settings(sale.earning())),
        ..purchase_of(product, "0")
    }
}

pub(super) fn discount(taken: Taken) -> Discount {
    match taken {
        Taken::PerMille(part) => of(DiscountType::Percentage, &format!("{}.{}", part / 10, part % 10)),
        Taken::Cents(cents) => of(DiscountType::Amount, &money(cents).to_string()),
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

pub(super) fn money(cents: i64) -> Amount {
    Amount::from_millionths(cents * 10_000)
}
