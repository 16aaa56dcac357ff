//! What callers send about payments (receivables.md §5.1).

use app::payments::collect::{Asked, Order};
use billing::{
    collect::{CollectFrom, Keeps},
    id::{CustomerId, PaymentMethodId},
    payment::{AllocateOrder, PaymentMethod, PaymentOrder, PaymentSource, REFERENCE_LENGTH_MAX},
    problem::{Problem, Problems},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::{
        allocations::{AllocationRequest, allocations},
        collect::provided,
        instrument::{BankAccountRequest, CardRequest},
        parse::{money, required, text},
    },
    wire::{
        scalar::{Day, Decimal, Timestamp},
        shape::Raw,
    },
};

/// A payment to record.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::routes) struct PaymentRequest {
    /// Who pays. Required.
    customer_id: Option<i64>,
    /// Where the payment comes from. Required.
    source: Option<Name<PaymentSource>>,
    /// How much; positive, at most two decimals. Required.
    amount: Option<Decimal>,
    /// How it is paid. Required. `CreditCard` and `ACH` are charged now, through the payment gateway.
    payment_method: Option<Name<PaymentMethod>>,
    /// A stored payment method; only with `CreditCard` and `ACH`.
    payment_method_id: Option<i64>,
    /// Charge the default payment method; only with `CreditCard` and `ACH`.
    use_default_payment_method: Option<bool>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// The caller's own split over invoices.
    #[schemars(length(max = 1_000))]
    payment_allocations: Option<Vec<AllocationRequest>>,
    /// Give what is left to outstanding invoices.
    auto_allocate: Option<bool>,
    /// In which order; the oldest first when absent.
    auto_allocate_order: Option<Name<AllocateOrder>>,
    /// When the money was received; now when absent.
    effective_timestamp: Option<Timestamp>,
    /// A date that the caller remembers the payment by, as it is written: a time and an offset do not move it.
    reference_date: Option<Day>,
    /// A one-off card; only with `CreditCard`.
    credit_card: Option<CardRequest>,
    /// A one-off bank account; only with `ACH`.
    ach_card: Option<BankAccountRequest>,
    /// The money is not settled yet; not supported yet, `true` is refused.
    pending_settlement: Option<bool>,
    /// Purchases to make together with the payment; not supported yet and refused.
    bulk_purchase: Option<Raw>,
    /// Has no effect: there is no NetSuite connection.
    send_to_netsuite: Option<bool>,
    /// Has no effect: there is no QuickBooks connection.
    send_to_quickbooks_online: Option<bool>,
}

/// What a payment of this method can be collected from, of which nothing was given.
fn one_of(method: PaymentMethod) -> String {
    let provided = if method == PaymentMethod::Ach { "achCard" } else { "creditCard" };
    format!("One of paymentMethodId, useDefaultPaymentMethod and {provided} is required for {method}.")
}

impl PaymentRequest {
    /// The order, or everything that is wrong with it.
    pub(in crate::routes) fn parse_any(mut self) -> Result<Asked, Vec<Problem>> {
        let mut problems = Problems::new();
        let from = self.take_from(&mut problems);
        let payment = match self.parse() {
            Ok(payment) => payment,
            Err(more) => return Err(problems.into_found().into_iter().chain(more).collect()),
        };
        problems.into_result()?;
        Ok(match from {
            Some(from) => Asked::Collected(Order { payment, from }),
            None => Asked::Recorded(payment),
        })
    }

    /// The order of a record of a bulk job, which is stored: nothing is charged but what is on file.
    pub(in crate::routes) fn parse_record(self) -> Result<Asked, Vec<Problem>> {
        let asked = self.parse_any()?;
        match &asked {
            Asked::Collected(Order { from: CollectFrom::Provided { .. }, .. }) => {
                Err(vec![Problem::new("PaymentMethodId", "A bulk job charges payment methods on file only.")])
            }
            Asked::Collected(_) | Asked::Recorded(_) => Ok(asked),
        }
    }

    /// With what to collect, which is exactly one thing; nothing for money that was received.
    fn take_from(&mut self, problems: &mut Problems) -> Option<CollectFrom> {
        let Name(method) = self.payment_method?;
        if method.is_recorded_only() {
            return None;
        }
        let stored = self
            .payment_method_id
            .take()
            .map(|id| CollectFrom::Stored { method: PaymentMethodId(id), becomes_default: false });
        let default = self.use_default_payment_method.take().filter(|is_used| *is_used).map(|_| CollectFrom::Default);
        let provided = provided(problems, self.credit_card.take(), self.ach_card.take());
        let Ok(provided) = provided else { return None };
        let provided = provided
            .map(|instrument| CollectFrom::Provided { instrument: Box::new(instrument), keeps: Keeps::Nothing });
        let mut given = [stored, default, provided].into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(from), None) => return Some(from),
            (None, _) => problems.push("PaymentMethodId", one_of(method)),
            (Some(_), Some(_)) => {
                let text = "Only one of paymentMethodId, useDefaultPaymentMethod, creditCard and achCard is valid.";
                problems.push("PaymentMethodId", text);
            }
        }
        None
    }

    /// The payment without what it is collected from, or everything that is wrong with it.
    fn parse(self) -> Result<PaymentOrder, Vec<Problem>> {
        let mut problems = Problems::new();
        self.refuse(&mut problems);
        let customer = required(&mut problems, "CustomerId", self.customer_id);
        let source = required(&mut problems, "Source", self.source);
        let amount = money(&mut problems, "Amount", self.amount);
        let method = required(&mut problems, "PaymentMethod", self.payment_method);
        let reference = text(&mut problems, "Reference", self.reference, REFERENCE_LENGTH_MAX);
        let allocations = allocations(&mut problems, "PaymentAllocations", self.payment_allocations);
        let order = self.auto_allocate_order.map_or(AllocateOrder::OldestToNewest, |Name(order)| order);
        problems.into_result()?;
        // Nothing is missing here: whatever was, is a problem above.
        Ok(PaymentOrder {
            customer: CustomerId(customer.unwrap_or_default()),
            source: source.map_or(PaymentSource::Manual, |Name(source)| source),
            amount: amount.unwrap_or_default(),
            method: method.map_or(PaymentMethod::Cash, |Name(method)| method),
            reference,
            allocations,
            auto_allocate: (self.auto_allocate == Some(true)).then_some(order),
            effective_at: self.effective_timestamp.map(|Timestamp(at)| at),
            reference_date: self.reference_date.map(|Day(date)| date),
        })
    }

    /// Members that would change what is done, and cannot yet or do not fit the method.
    fn refuse(&self, problems: &mut Problems) {
        let is_recorded_only = self.payment_method.is_some_and(|Name(method)| method.is_recorded_only());
        let for_gateways = [
            ("PaymentMethodId", self.payment_method_id.is_some()),
            ("UseDefaultPaymentMethod", self.use_default_payment_method == Some(true)),
            ("CreditCard", self.credit_card.is_some()),
            ("AchCard", self.ach_card.is_some()),
        ];
        for (field, is_given) in for_gateways {
            if is_recorded_only && is_given {
                problems.push(field, format!("{field} is only valid with the payment methods CreditCard and ACH."));
            }
        }
        if self.pending_settlement == Some(true) {
            problems.push("PendingSettlement", "Pending settlements are not supported yet.");
        }
        if self.bulk_purchase.is_some() {
            problems.push("BulkPurchase", "Purchases together with a payment are not supported yet.");
        }
    }
}
