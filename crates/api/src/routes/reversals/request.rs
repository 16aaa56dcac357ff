//! What callers send to take charges back.

use app::reversal::{charge, invoice};
use billing::{
    id::{ChargeId, InvoiceId},
    named::Named as _,
    payment::REFERENCE_LENGTH_MAX,
    problem::{Problem, Problems},
    reversal::{Choice, Extent, ReverseChargeOption as Of},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    name::Name,
    routes::parse::{money, required, text},
    wire::{query::Query, scalar::Decimal},
};

/// A charge to take back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ReverseChargeRequest {
    /// The charge. Required.
    charge_id: Option<i64>,
    /// How much of it. Required.
    reverse_charge_option: Option<Name<Of>>,
    /// Required with `Amount` and `NetAmount`, and refused with the others.
    reverse_charge_amount: Option<Decimal>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// The same as in the query.
    preview: Option<bool>,
}

/// An invoice to take back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ReverseInvoiceRequest {
    /// The invoice. Required, here or in the query.
    invoice_id: Option<i64>,
    /// `Full` or `Unearned`. Required, here or in the query.
    reverse_charge_option: Option<Name<Of>>,
    /// Another spelling of `reverseChargeOption`.
    reverse_charge_options: Option<Name<Of>>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// The same as in the query.
    preview: Option<bool>,
}

/// Charges of an invoice to take back.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ReverseSpecificChargesRequest {
    /// The invoice. Required.
    invoice_id: Option<i64>,
    /// Charges of it, none twice. Required, and at least one.
    charge_ids: Option<Vec<i64>>,
    /// `Full` or `Unearned`. Required.
    reverse_charge_option: Option<Name<Of>>,
    /// Another spelling of `reverseChargeOption`.
    reverse_charge_options: Option<Name<Of>>,
    /// A note.
    #[schemars(length(max = 500))]
    reference: Option<String>,
    /// The same as in the query.
    preview: Option<bool>,
}

impl ReverseChargeRequest {
    /// Whether it is a preview, and the order; or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<(bool, charge::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        let charge = required(&mut problems, "ChargeId", self.charge_id);
        let option = required(&mut problems, "ReverseChargeOption", self.reverse_charge_option);
        let extent = option.and_then(|Name(option)| extent(&mut problems, option, self.reverse_charge_amount));
        let reference = text(&mut problems, "Reference", self.reference, REFERENCE_LENGTH_MAX);
        problems.into_result()?;
        let (charge, extent) = (ChargeId(charge.unwrap_or_default()), extent.unwrap_or(Extent::Nothing));
        Ok((self.preview.unwrap_or_default(), charge::Order { charge, extent, reference }))
    }
}

fn extent(problems: &mut Problems, option: Of, amount: Option<Decimal>) -> Option<Extent> {
    match option {
        Of::Amount => money(problems, "ReverseChargeAmount", amount).map(Extent::Amount),
        Of::NetAmount => money(problems, "ReverseChargeAmount", amount).map(Extent::NetAmount),
        Of::Full | Of::Unearned if amount.is_some() => {
            problems.push("ReverseChargeAmount", "ReverseChargeAmount is only valid with Amount and NetAmount.");
            None
        }
        Of::Full => Some(Extent::Full),
        Of::Unearned => Some(Extent::Unearned),
    }
}

impl ReverseInvoiceRequest {
    /// Whether it is a preview, and the order, of which the query may say what the body does not; or everything that is wrong
    /// with it.
    pub(super) fn parse(self, query: &Query) -> Result<(bool, invoice::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        let mut asked = |name: &str| {
            let named =
                query.one_of(name, Of::NAMES).map_err(|problem| problems.push("ReverseChargeOption", problem.message));
            named.ok().flatten().and_then(Of::from_name).map(Name)
        };
        let options = [
            self.reverse_charge_option.or_else(|| asked("reverseChargeOption")),
            self.reverse_charge_options.or_else(|| asked("reverseChargeOptions")),
        ];
        let invoice = self.invoice_id.map_or_else(|| query.integer("invoiceId"), |id| Ok(Some(id)));
        let invoice = invoice.map_err(|problem| problems.push("InvoiceId", problem.message)).unwrap_or_default();
        let reference =
            self.reference.or_else(|| query.text("reference").filter(|text| !text.is_empty()).map(str::to_owned));
        let order = order(problems, invoice, Some(Choice::All), options, reference)?;
        Ok((self.preview.unwrap_or_default(), order))
    }
}

impl ReverseSpecificChargesRequest {
    /// Whether it is a preview, and the order; or everything that is wrong with it.
    pub(super) fn parse(self) -> Result<(bool, invoice::Order), Vec<Problem>> {
        let mut problems = Problems::new();
        let charges = required(&mut problems, "ChargeIds", self.charge_ids.filter(|ids| !ids.is_empty()));
        let choice = charges.map(|ids| Choice::These(ids.into_iter().map(ChargeId).collect()));
        let options = [self.reverse_charge_option, self.reverse_charge_options];
        let order = order(problems, self.invoice_id, choice, options, self.reference)?;
        Ok((self.preview.unwrap_or_default(), order))
    }
}

/// What both calls about an invoice ask for. There is no member for an amount, so that nothing can be meant by the options
/// that need one.
fn order(
    mut problems: Problems,
    invoice: Option<i64>,
    choice: Option<Choice>,
    [option, other_spelling]: [Option<Name<Of>>; 2],
    reference: Option<String>,
) -> Result<invoice::Order, Vec<Problem>> {
    let invoice = required(&mut problems, "InvoiceId", invoice);
    let field = "ReverseChargeOption";
    if option.is_some() && other_spelling.is_some() && option != other_spelling {
        problems.push(field, "reverseChargeOption and reverseChargeOptions are not the same.");
    }
    let extent = match required(&mut problems, field, option.or(other_spelling)) {
        Some(Name(Of::Full)) => Extent::Full,
        Some(Name(Of::Unearned)) => Extent::Unearned,
        Some(Name(option @ (Of::Amount | Of::NetAmount))) => {
            problems.push(field, format!("{option} is not valid for several charges; reverse them one by one."));
            Extent::Nothing
        }
        None => Extent::Nothing,
    };
    let reference = text(&mut problems, "Reference", reference, REFERENCE_LENGTH_MAX);
    problems.into_result()?;
    let invoice = InvoiceId(invoice.unwrap_or_default());
    Ok(invoice::Order { invoice, choice: choice.unwrap_or(Choice::All), extent, reference })
}
